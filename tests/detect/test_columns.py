"""From cells to evidence: what is counted, which rows are checked."""

from collections.abc import Sequence

from sensscan.detect import Detector, row_order
from sensscan.model import Column, ColumnRef, ColumnSample, Family, Table, TableRef, TableSample
from sensscan.registry import load_registry

REGISTRY = load_registry()
REF = TableRef("test", "main", "t")


def column(name: str, cells: Sequence[object], family: Family = Family.TEXT, position: int = 1) -> ColumnSample:
    return ColumnSample(Column(ColumnRef("test", "main", "t", name), "varchar", family, position), tuple(cells))


def table(*columns: ColumnSample, key: tuple[str, ...] = ()) -> TableSample:
    rows = len(columns[0].cells)
    return TableSample(Table(REF, "table", tuple(one.column for one in columns), primary_key=key), columns, rows, "all", complete=True)


def test_nulls_blanks_and_placeholders_are_counted_apart() -> None:
    cells = [None, "", "  ", "-", "N/A", "a@example.com", "b@example.com"]
    profile = Detector(REGISTRY).table(table(column("c01", cells)))[0].profile
    assert (profile.nulls, profile.blanks, profile.placeholders, profile.checked) == (1, 2, 2, 2)


def test_few_distinct_values_are_all_checked_with_the_counts_of_all_rows() -> None:
    evidence = Detector(REGISTRY).table(table(column("c01", ["男", "女"] * 2000)))[0]
    test = next(test for test in evidence.tests if test.type_id == "gender")
    assert (test.passed, test.rows_passed) == (2, 4000)


def test_the_same_data_give_the_same_rows_in_whatever_order_they_come() -> None:
    ids = [f"{number:05}" for number in range(3000)]
    forward, backward = table(column("id", [*ids]), key=("id",)), table(column("id", [*reversed(ids)]), key=("id",))
    chosen = {ids[row] for row in row_order(forward, 0)[:256]}
    assert chosen == {[*reversed(ids)][row] for row in row_order(backward, 0)[:256]}
    assert chosen != {ids[row] for row in row_order(forward, 1)[:256]}


def test_exact_mode_tests_every_value() -> None:
    from sensscan.detect import DetectOptions

    cells: list[object] = [f"user{number}@example.com" for number in range(1000)]
    evidence = Detector(REGISTRY, DetectOptions(exact=True)).table(table(column("c01", cells)))[0]
    assert next(test for test in evidence.tests if test.type_id == "email").tested == 1000


def test_unhashable_cells_do_not_end_the_scan() -> None:
    evidence = Detector(REGISTRY).table(table(column("c01", [{"phone": "13967137258"}, ["a"], None], Family.JSON)))[0]
    assert evidence.profile.rows == 3


def test_examples_are_masked_and_never_of_vocabularies() -> None:
    cells: list[object] = [f"1396713{number:04}" for number in range(7000, 7200)]
    test = next(t for t in Detector(REGISTRY).table(table(column("phone", cells)))[0].tests if t.type_id == "mobile_phone")
    assert test.examples
    assert not set(test.examples) & set(cells)
    genders = Detector(REGISTRY).table(table(column("c01", ["男", "女"] * 50)))[0]
    assert all(not test.examples for test in genders.tests if test.type_id == "gender")
