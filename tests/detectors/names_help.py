"""Shared by the tests of names and addresses: detectors come from the registry, as in a scan."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from sensscan.registry import Registry


def scores(registry: Registry, type_id: str, values: Sequence[str]) -> list[float]:
    """Return the detector's scores after the card's normaliser."""
    matcher = registry.matchers[type_id]
    if matcher.detector is None:
        pytest.fail(f"{type_id} has no detector")
    return list(matcher.detector.score(matcher.normalise(values)))


def passing(registry: Registry, type_id: str, values: Sequence[str]) -> list[str]:
    """Return the values that pass card and detector."""
    matcher = registry.matchers[type_id]
    answers = matcher.test(matcher.normalise(values))
    return [value for value, passed in zip(values, answers.passed, strict=True) if passed]
