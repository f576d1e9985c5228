"""Telephone numbers written without any separator."""

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
