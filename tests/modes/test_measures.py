"""The figures of an evaluation, against worked examples."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensscan.model import ColumnRef
from sensscan.modes.measures import NONE, Case, calibration, confusions, curve, interval, measure


def case(said: str, *accepted: str, confidence: float = 0.9, table: str = "t", number: int = 0, database: str = "d") -> Case:
    ref = ColumnRef("s", "main", table, f"c{number}")
    return Case(ref, database, accepted, said, "none" if said == NONE else "is", confidence)


EXAMPLE = [
    case("email", "email"),
    case("email", "email"),
    case(NONE, "email"),
    case("email", NONE),
    case("city", "province", "city"),
    case(NONE, "city", NONE),
    case(NONE, NONE),
]


def test_a_worked_example() -> None:
    found = measure(EXAMPLE)
    city, email = found.types
    assert (email.type_id, email.labelled, email.said, email.right) == ("email", 3, 3, 2)
    assert email.precision == email.recall == email.f1 == pytest.approx(2 / 3)
    assert (city.labelled, city.said, city.right, city.f1) == (1, 1, 1, 1.0)
    assert found.macro_f1 == pytest.approx((2 / 3 + 1) / 2)
    assert found.micro.f1 == pytest.approx(2 * 3 / (4 + 4))
    assert (found.negatives, found.false_positives, found.false_positive_rate) == (2, 1, 0.5)
    assert confusions(EXAMPLE)["email", NONE] == 1


def test_a_type_that_nobody_labelled_does_not_enter_the_mean() -> None:
    found = measure([case("email", "email"), case("city", NONE)])
    assert found.macro_f1 == 1.0
    assert next(one for one in found.types if one.type_id == "city").recall is None
    assert found.micro.f1 < 1


def test_nothing_sensitive_at_all() -> None:
    found = measure([case(NONE, NONE)])
    assert (found.types, found.macro_f1, found.micro.f1, found.false_positive_rate) == ((), 0.0, 0.0, 0.0)
    assert calibration([case(NONE, NONE)]).columns == 0


def test_the_curve_trades_recall_for_precision() -> None:
    cases = [case("email", NONE, confidence=0.6), case("email", "email", confidence=0.95), case("email", "email", confidence=0.7)]
    first, last = curve(cases, (0.5, 0.9))
    assert first.precision == pytest.approx(2 / 3) and first.recall == 1.0
    assert (last.precision, last.recall, last.false_positive_rate) == (1.0, 0.5, 0.0)


def test_calibration_of_a_perfect_and_of_a_boasting_scanner() -> None:
    honest = [case("email", "email" if number < 8 else NONE, confidence=0.8, number=number) for number in range(10)]
    assert calibration(honest).ece == pytest.approx(0.0)
    assert calibration(honest).log_loss == pytest.approx(-(0.8 * math.log(0.8) + 0.2 * math.log(0.2)))
    boasting = [case("email", NONE, confidence=1.0, number=number) for number in range(10)]
    assert calibration(boasting).ece == pytest.approx(1.0)
    assert calibration(boasting).log_loss == pytest.approx(-math.log(5e-5))


def test_bins_hold_equally_many_columns() -> None:
    cases = [case("email", "email", confidence=0.5 + number / 1000, number=number) for number in range(95)]
    bins = calibration(cases).bins
    assert len(bins) == 9 and {one.columns for one in bins} <= {10, 11}
    assert [one.lowest for one in bins] == sorted(one.lowest for one in bins)


def test_the_interval_draws_whole_tables_and_holds_the_point() -> None:
    cases = [case("email", "email" if table % 4 else NONE, table=f"t{table}", number=n) for table in range(20) for n in range(3)]
    found, point = interval(cases), measure(cases)
    assert found is not None
    assert (found.unit, found.units) == ("table", 20)
    assert found.micro_f1[0] <= point.micro.f1 <= found.micro_f1[1]
    assert found.micro_f1[0] < found.micro_f1[1]
    assert found == interval(cases), "the same cases give the same interval"
    assert interval(cases[:3]) is None, "one table has no spread"


def test_from_eight_databases_on_databases_are_drawn() -> None:
    cases = [case("email", "email", database=f"d{number}", table=f"t{number}") for number in range(8)]
    found = interval(cases)
    assert found is not None and (found.unit, found.macro_f1) == ("database", (1.0, 1.0))


TYPES = st.sampled_from([NONE, "email", "city", "id_card"])


@given(st.lists(st.builds(case, TYPES, TYPES, confidence=st.floats(0.5, 1), table=st.sampled_from("abc")), max_size=30))
def test_figures_stay_within_their_bounds(cases: list[Case]) -> None:
    found = measure(cases)
    assert 0 <= found.macro_f1 <= 1 and 0 <= found.micro.f1 <= 1 and 0 <= found.false_positive_rate <= 1
    assert sum(confusions(cases).values()) == len(cases)
    assert 0 <= calibration(cases).ece <= 1
    for point in curve(cases):
        assert point.said <= found.micro.said
