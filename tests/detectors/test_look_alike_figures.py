"""Figures that look like another kind: telephone numbers without separators, rooms written like dates."""

from __future__ import annotations

import pytest

from tests.classify.looks import judge_one


@pytest.mark.parametrize(
    ("name", "value"), [("phone_number", "2135550100"), ("tel", "01454587554"), ("telephone", "0512345678"), ("mobile", "9876554671")]
)
def test_bare_digits_of_other_countries_count_in_a_column_named_for_phones(name: str, value: str) -> None:
    column = [f"{value[:-3]}{number:03d}" for number in range(100, 900, 17)]
    assert judge_one(column, name=name).type_id in ("landline_phone", "mobile_phone")
    assert judge_one(column).verdict == "none"


@pytest.mark.parametrize("name", ["room", "hid", "c01"])
def test_numbers_of_rooms_hold_no_dates(name: str) -> None:
    rooms = [
        f"{house}-{entry}-{floor}{flat:02d}"
        for house in range(1, 20)
        for entry in (1, 2)
        for floor in (3, 7, 12, 19, 20)
        for flat in (1, 2)
    ]
    assert judge_one(rooms, name=name).verdict == "none"
