"""Every test value of every type: what is well-formed passes its card, what is not does not.

The file gives for each type `valid`, `invalid` and `edge` values; an edge says what is expected of it. Masked, damaged and contained
values are decided over a column, so a card only has to say what it can: that the whole value is none of its own.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sensscan.registry import Registry, load_registry
from sensscan.text import cell_text, is_placeholder, to_python_pattern

VECTORS: dict[str, dict[str, list[dict[str, str]]]] = json.loads(
    (Path(__file__).parent.parent / "data" / "vectors.json").read_text(encoding="utf-8")
)

# Ill-formed as a value of the type in China, yet accepted beside a telling name: forms of other countries, a local number without its
# area code, a site without its scheme. The values alone never pass.
NAMED_ONLY = {
    ("passport", "ZZ1234567"),
    ("imei", "8621448249867591"),
    ("url", "example.com"),
    ("url", "www.example.com"),
    ("landline_phone", "5201314"),
    ("postcode", "1000"),
    ("postcode", "10000"),
    ("postcode", "SW1A 1AA"),
    ("postcode", "94105"),
    ("postcode", "980001"),
    ("postcode", "990001"),
    ("postcode", "900001"),
    ("postcode", "480001"),
    ("postcode", "２０２４"),
}


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


def entries(kind: str) -> Iterator[Any]:
    for type_id, groups in VECTORS.items():
        if type_id not in ("_meta", "none"):
            for number, entry in enumerate(groups[kind]):
                yield pytest.param(type_id, entry, id=f"{type_id}-{number}")


def text_of(entry: dict[str, str]) -> str:
    if "value_base64" in entry:
        return cell_text(base64.b64decode(entry["value_base64"])) or ""
    return entry["value"]


@pytest.mark.parametrize(("type_id", "entry"), entries("valid"))
def test_valid_values_pass(registry: Registry, type_id: str, entry: dict[str, str]) -> None:
    assert registry.matchers[type_id].passes(text_of(entry)), entry


@pytest.mark.parametrize(("type_id", "entry"), entries("invalid"))
def test_invalid_values_do_not_pass(registry: Registry, type_id: str, entry: dict[str, str]) -> None:
    matcher = registry.matchers[type_id]
    answers = matcher.test(matcher.normalise([text_of(entry)]))
    assert answers.passed == [False], entry
    if (type_id, entry.get("value")) not in NAMED_ONLY:
        assert answers.coded == [False], entry


@pytest.mark.parametrize(("type_id", "entry"), entries("edge"))
def test_edge_values_are_as_expected(registry: Registry, type_id: str, entry: dict[str, str]) -> None:
    matcher = registry.matchers[type_id]
    value, expected = text_of(entry), entry["expect"]
    match expected.split(":"):
        case ["pass"]:
            assert matcher.passes(value)
        case ["fail" | "contains" | "damaged"]:
            assert not matcher.passes(value)
        case ["masked"]:
            assert not matcher.test(matcher.normalise([value])).passed[0]
            masks = [re.compile(to_python_pattern(pattern)) for pattern in matcher.card.masked_patterns]
            assert not masks or any(mask.fullmatch(value.strip()) for mask in masks)
        case ["placeholder"]:
            assert is_placeholder(value)
        case ["other", other]:
            assert registry.matchers[other].passes(value)
            passed = matcher.test(matcher.normalise([value])).passed[0]
            assert not passed or matcher.card.needs_name
        case ["weak" | "ambiguous"]:
            # Form right, decided by name and column share: a strict card need not take it, but no other rule may break on it.
            matcher.passes(value)
        case _:
            pytest.fail(f"unknown expectation {expected}")


def test_each_type_of_the_vectors_has_a_card(registry: Registry) -> None:
    assert set(VECTORS) - {"_meta", "none"} <= set(registry.cards)


def test_values_of_no_type_pass_no_card_without_a_name(registry: Registry) -> None:
    for entry in VECTORS["none"]["valid"]:
        strict = [m for m in registry.matchers.values() if not m.card.needs_name and m.card.look_alike <= 0.01]
        passing = [m.card.id for m in strict if m.test(m.normalise([entry["value"]])).passed[0]]
        assert passing == [], entry
