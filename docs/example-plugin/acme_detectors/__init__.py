"""Detectors of the Acme group: two cards, and Python for the one that needs it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sensscan.plugin import Bundle, Detector


def _made() -> Iterable[Detector]:
    from acme_detectors.policy_no import PolicyNumberDetector

    return [PolicyNumberDetector()]


def detectors() -> Bundle:
    """Return the bundle; sensscan calls this by the entry point of pyproject.toml."""
    return Bundle("acme", Path(__file__).resolve().parent, _made)
