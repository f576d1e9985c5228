"""The prefilter may only err towards asking: it never excludes a card whose full test would pass."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sensscan.detect.prefilter import Prefilter
from sensscan.detect.shapes import shapes_of
from sensscan.registry import Registry, load_registry
from sensscan.text import to_python_pattern

REGISTRY: Registry = load_registry()
PREFILTER = Prefilter(REGISTRY.matchers)
VECTORS = json.loads((Path(__file__).parents[1] / "data" / "vectors.json").read_text(encoding="utf-8"))
WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})


def passes(type_id: str, value: str) -> bool:
    """The full way, from the raw value, without the forms that only a telling name lets in."""
    matcher = REGISTRY.matchers[type_id]
    return matcher.test(matcher.normalise([value]), named=False).passed[0]


def assert_asked(type_id: str, value: str) -> None:
    if passes(type_id, value):
        assert type_id in PREFILTER.candidates(shapes_of([value])[0]), (type_id, value)


@pytest.mark.parametrize("type_id", sorted(VECTORS.keys() & REGISTRY.cards.keys()))
def test_no_vector_is_excluded_however_it_is_written(type_id: str) -> None:
    values = [entry["value"] for kind in ("valid", "invalid", "edge") for entry in VECTORS[type_id].get(kind, []) if "value" in entry]
    asked = 0
    for value in values:
        for form in (value, f"  {value}\t", value.lower(), value.upper(), value.translate(WIDE), value.replace("-", " ")):
            asked += passes(type_id, form)
            assert_asked(type_id, form)
    assert asked or REGISTRY.cards[type_id].needs_name or type_id in ("date", "qq", "wechat_id", "image")


@pytest.mark.parametrize("type_id", sorted(type_id for type_id, card in REGISTRY.cards.items() if card.patterns and not card.search))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(data=st.data())
def test_no_text_that_matches_a_pattern_is_excluded(type_id: str, data: st.DataObject) -> None:
    pattern = data.draw(st.sampled_from(REGISTRY.cards[type_id].patterns))
    value = data.draw(st.from_regex(re.compile(to_python_pattern(pattern)), fullmatch=True))
    assert_asked(type_id, value[:2000])


@given(st.text(max_size=60))
@settings(deadline=None)
def test_no_text_at_all_is_excluded(value: str) -> None:
    candidates = PREFILTER.candidates(shapes_of([value])[0])
    for type_id in REGISTRY.matchers.keys() - candidates:
        assert not passes(type_id, value), (type_id, value)


def test_the_filter_is_worth_its_name() -> None:
    """A bare number leaves few of all cards."""
    assert len(PREFILTER.candidates(shapes_of(["13967137258"])[0])) <= 22
    assert "email" not in PREFILTER.candidates(shapes_of(["13967137258"])[0])


def test_values_with_the_separator_inside_keep_their_places() -> None:
    assert shapes_of(["a\x00b", "12"]) == ["a a", "00"]
