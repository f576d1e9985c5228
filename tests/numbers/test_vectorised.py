"""Many at once must answer as one at a time does, for anything that can stand in a cell."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensscan.numbers import VALIDATORS
from sensscan.numbers.matrix import by_length

VECTORS = json.loads((Path(__file__).parent.parent / "data" / "vectors.json").read_text(encoding="utf-8"))
KNOWN = sorted(
    {entry["value"] for groups in VECTORS.values() if "valid" in groups for kind in groups.values() for entry in kind if "value" in entry}
)
VECTORISED = ["bank_card", "business_licence", "credit_code", "date", "id_card", "imei", "mobile", "org_code", "vin"]

cells = st.one_of(
    st.sampled_from(KNOWN),
    st.text("0123456789", max_size=20),
    st.text("0123456789ABCXYZabcx-*.: /张１", max_size=22),
    st.text(max_size=8),
)


@pytest.mark.parametrize("name", VECTORISED)
@settings(max_examples=60, deadline=None)
@given(values=st.lists(cells, max_size=12))
def test_many_equal_one_by_one(name: str, values: list[str]) -> None:
    validator = VALIDATORS[name]
    assert [bool(yes) for yes in validator.check_many(values)] == [validator.check(value) for value in values]


@pytest.mark.parametrize("name", VECTORISED)
def test_damaged_valid_values_are_judged_alike(name: str) -> None:
    """Valid numbers with one changed character: the hard cases of every branch."""
    validator = VALIDATORS[name]
    source = random.Random(7)
    values = []
    for value in KNOWN:
        values.append(value)
        if value:
            place = source.randrange(len(value))
            values.append(value[:place] + source.choice("0123456789X") + value[place + 1 :])
    assert [bool(yes) for yes in validator.check_many(values)] == [validator.check(value) for value in values]


@given(st.lists(st.text(max_size=6), max_size=20))
def test_each_value_is_in_one_matrix(values: list[str]) -> None:
    seen = []
    for length, rows, matrix in by_length(values):
        assert matrix.shape == (len(rows), length)
        seen += rows.tolist()
    assert sorted(seen) == list(range(len(values)))


@pytest.mark.parametrize("name", sorted(VALIDATORS))
def test_no_validator_breaks_on_any_text(name: str) -> None:
    values = ["", " ", "张三", "²³", "٣٤٥", "a" * 300, "-", "1" * 400, "\ud800", "(+86)", "....", *KNOWN]
    answers = [bool(yes) for yes in VALIDATORS[name].check_many(values)]
    assert answers == [VALIDATORS[name].check(value) for value in values]
