"""Choice of rows, key spaces: pure functions."""

from __future__ import annotations

import random
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensscan.model import Table, TableRef
from sensscan.sample.choice import choose_rows
from sensscan.sample.jumps import jump_count
from sensscan.sample.keyspace import key_space, spread


def test_the_choice_is_the_same_for_the_same_data_in_any_order() -> None:
    rows = [(number, f"name {number}") for number in range(5000)]
    mixed = rows[:]
    random.Random(1).shuffle(mixed)
    first = choose_rows(rows, [0], 1000, seed=0)
    assert len(first) == 1000
    assert sorted(choose_rows(mixed, [0], 1000, seed=0)) == first
    assert choose_rows(rows, [0], 1000, seed=1) != first


def test_the_choice_is_a_fixed_one() -> None:
    rows = [(number, "a", None) for number in range(20)]
    assert choose_rows(rows, [0, 1, 2], 5, seed=7) == choose_rows(rows, [0, 1, 2], 5, seed=7)
    assert choose_rows(rows, [0], 50, seed=0) == rows


@given(st.integers(-(2**63), 2**63), st.integers(0, 2**63), st.integers(1, 300))
def test_spread_covers_the_range(low: int, width: int, count: int) -> None:
    points = spread(low, low + width, count, random.Random(0))
    assert points == sorted(set(points))
    assert low <= points[0]
    assert points[-1] <= low + width
    assert len(points) == min(count, width + 1)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (1, 10**18),
        ("CUST0001", "CUST9999"),
        (str(uuid.UUID(int=5)), str(uuid.UUID(int=2**128 - 1))),
        ("2020-01-01", "2024-12-31"),
        ("2020-01-01 00:00:00", "2024-12-31 23:59:59"),
        (b"\x00\x01", b"\xff\xff"),
        (0.5, 99.5),
        ("阿", "张"),
    ],
)
def test_points_become_keys_between_the_ends(first: object, last: object) -> None:
    space = key_space(first, last)
    assert space is not None
    keys = [space.to_key(point) for point in spread(space.low, space.high, 50, random.Random(3))]
    assert all(first <= key <= last for key in keys[1:-1])  # type: ignore[operator]
    places = [space.from_key(key) for key in keys]
    assert places == sorted(places)  # type: ignore[type-var]
    assert len(set(keys)) == len(keys)


def test_no_line_through_these() -> None:
    assert key_space(None, None) is None
    assert key_space(True, False) is None
    assert key_space("same", "same") is None


def test_jump_count() -> None:
    assert jump_count(10) == 100
    assert jump_count(100_000) == 250


def test_table_without_key_uses_its_first_columns() -> None:
    from sensscan.sample.choice import choice_columns

    assert choice_columns(Table(TableRef("s", "m", "t"), "table", ())) == ()
