"""Plans: every column once, each with its reason."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from sensscan.catalog.structure import structure_hash
from sensscan.language import Text
from sensscan.model import Catalogue, Column, ColumnRef, Family, ScanPlan, Table, TableRef
from sensscan.modes.marks import Mark, Value
from sensscan.modes.plan import Current, KnownColumn, Stored, plan, summary
from sensscan.modes.rules import Rules, RuleScope, rule_changes
from sensscan.modes.targets import parse_target

NOW = datetime(2026, 3, 1, tzinfo=UTC)
TEXT, INTEGER, DATE = Family.TEXT, Family.INTEGER, Family.DATE
RULES = Rules({"mobile": RuleScope("aaa", frozenset({TEXT, INTEGER}), lambda: 11), "date": RuleScope("bbb", frozenset({DATE}))})


@dataclass(frozen=True)
class Saved:
    structure_hash: str
    data_mark: str
    rule_fingerprint: str
    scanned_at: datetime


def table(name: str, *columns: tuple[str, str, Family], comment: str = "") -> Table:
    ref = TableRef("s", "public", name)
    made = tuple(
        Column(ColumnRef("s", "public", name, column), data_type, family, number, comment, length=length_of(data_type))
        for number, (column, data_type, family) in enumerate(columns, start=1)
    )
    bare = Table(ref, "table", made)
    return replace(bare, structure_hash=structure_hash(bare))


def length_of(data_type: str) -> int | None:
    return int(data_type[8:-1]) if data_type.startswith("varchar(") else None


def catalogue(*tables: Table) -> Catalogue:
    return Catalogue("s", "postgresql", "PostgreSQL 15", tables)


def mark(oid: int = 1, ins: int = 0, snapshot: str = "1") -> Mark:
    values: dict[str, Value] = {
        "snapshot": snapshot,
        "epoch": "e",
        "database": 5,
        "oid": oid,
        "members": f"{oid}:7",
        "ins": ins,
        "upd": 0,
        "del": 0,
    }
    return Mark("postgresql", values)


T = table(
    "t", ("id", "integer", Family.INTEGER), ("v", "varchar(20)", Family.TEXT), ("s", "varchar(4)", Family.TEXT), ("d", "date", Family.DATE)
)


def stored(
    *tables: Table, rules: Rules = RULES, age: int = 1, marks: Mapping[str, Mark] | None = None, types: Mapping[str, str] | None = None
) -> Stored:
    loaded: list[frozenset[TableRef]] = []
    known = {
        column.ref: KnownColumn(
            column.data_type, column.comment, column.position, frozenset({(types or {}).get(column.ref.column, "none")})
        )
        for one in tables
        for column in one.columns
    }

    def load(refs: Collection[TableRef]) -> Mapping[ColumnRef, KnownColumn]:
        loaded.append(frozenset(refs))
        return {ref: column for ref, column in known.items() if ref.table_ref in refs}

    saved = {
        one.ref: Saved(one.structure_hash, (marks or {}).get(one.ref.table, mark()).encode(), rules.encode(), NOW - timedelta(days=age))
        for one in tables
    }
    return Stored(saved, load)


def current(marks: Mapping[TableRef, Mark], rules: Rules = RULES, **more: object) -> Current:
    return Current(NOW, marks, rules, **more)  # type: ignore[arg-type]


def reasons(made: ScanPlan) -> dict[str, str]:
    return {one.ref.column: one.reason.en for one in made.examine}


def same(made: ScanPlan) -> dict[str, str]:
    return {one.ref.column: one.reason.en for one in made.untouched}


def incremental(now: Table | None, before: Stored, marks: Mapping[TableRef, Mark] | None = None, **more: object) -> ScanPlan:
    tables = [now] if now is not None else []
    found = marks if marks is not None else {one.ref: mark() for one in tables}
    return plan(
        "incremental",
        catalogue(*tables),
        current=current(found, **more),  # type: ignore[arg-type]  # as above
        stored=before,
    )


def test_full_examines_everything() -> None:
    assert len(plan("full", catalogue(T), current=current({})).examine) == 4


def test_unchanged_table_is_kept_and_says_why() -> None:
    made = incremental(T, stored(T))
    assert not made.examine
    assert same(made)["v"] == "unchanged: no transaction wrote anything on the server since"


def test_changed_data_reads_the_whole_table() -> None:
    made = incremental(T, stored(T), {T.ref: mark(ins=3, snapshot="2")})
    assert set(reasons(made)) == {"id", "v", "s", "d"}
    assert reasons(made)["v"] == "data changed: 3 rows inserted"
    assert made.examine[0].reason.zh == "数据已变：插入 3 行"


def test_no_mark_means_rescan() -> None:
    assert reasons(incremental(T, stored(T), {}))["v"].startswith("change unknown:")


def test_new_table() -> None:
    assert reasons(incremental(T, Stored()))["v"] == "new table, or not finished before"


def test_too_long_ago_is_read_again() -> None:
    assert "forced every 30 days" in reasons(incremental(T, stored(T, age=30)))["v"]
    assert not incremental(T, stored(T, age=29)).examine


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda c: replace(c, data_type="varchar(40)"), "type changed: varchar(20) -> varchar(40)"),
        (lambda c: replace(c, comment="手机号"), "comment changed"),
        (lambda c: replace(c, ref=ColumnRef("s", "public", "t", "phone")), "renamed from v"),
    ],
)
def test_changed_column_alone_is_read(change: object, expected: str) -> None:
    columns = tuple(change(column) if column.ref.column == "v" else column for column in T.columns)  # type: ignore[operator]
    now = replace(T, columns=columns)
    now = replace(now, structure_hash=structure_hash(now))
    made = incremental(now, stored(T))
    assert list(reasons(made).values()) == [expected]
    assert len(made.untouched) == 3
    if "renamed" in expected:
        assert made.renamed == {ColumnRef("s", "public", "t", "phone"): ColumnRef("s", "public", "t", "v")}
        assert not made.gone


def test_new_and_dropped_columns() -> None:
    now = table("t", ("id", "integer", Family.INTEGER), ("v", "varchar(20)", Family.TEXT), ("new", "text", Family.TEXT))
    made = incremental(now, stored(T))
    assert reasons(made) == {"new": "new column"}
    assert {one.ref.column: one.reason.en for one in made.gone} == {"s": "column dropped", "d": "column dropped"}


def test_dropped_table_is_gone() -> None:
    made = incremental(None, stored(T))
    assert {one.reason.en for one in made.gone} == {"table dropped"}
    assert len(made.gone) == 4


def test_tables_outside_the_filters_are_not_gone() -> None:
    made = plan("incremental", catalogue(), current=current({}), stored=replace(stored(T), in_scope=lambda ref: False))
    assert not made.gone


def test_renamed_table_is_known_by_the_servers_identity() -> None:
    now = table("client", *[(c.ref.column, c.data_type, c.family) for c in T.columns])
    made = incremental(now, stored(T, marks={"t": mark(oid=9)}), {now.ref: mark(oid=9)})
    assert reasons(made)["v"] == "table renamed from t"
    assert made.renamed[ColumnRef("s", "public", "client", "v")] == ColumnRef("s", "public", "t", "v")
    assert not made.gone


def test_changed_rule_concerns_only_columns_that_can_hold_the_type() -> None:
    rules = Rules({**RULES.types, "mobile": replace(RULES.types["mobile"], fingerprint="ccc")})
    made = incremental(T, stored(T), rules=rules)
    assert reasons(made) == {"id": "rules changed: mobile", "v": "rules changed: mobile"}
    assert set(same(made)) == {"s", "d"}


def test_changed_rule_concerns_every_column_that_has_the_type() -> None:
    rules = Rules({**RULES.types, "mobile": replace(RULES.types["mobile"], fingerprint="ccc")})
    assert "d" in reasons(incremental(T, stored(T, types={"d": "mobile"}), rules=rules))


def test_removed_rule_concerns_columns_that_have_its_type() -> None:
    rules = Rules({"date": RULES.types["date"]})
    assert reasons(incremental(T, stored(T, types={"v": "mobile"}), rules=rules)) == {"v": "rules changed: mobile"}


def test_other_program_version_reads_everything() -> None:
    assert len(incremental(T, stored(T), rules=replace(RULES, general="2")).examine) == 4


def test_columns_are_loaded_only_for_tables_that_changed() -> None:
    asked: list[Collection[TableRef]] = []
    calm = table("calm", ("a", "text", Family.TEXT))
    before = stored(T, calm)

    def load(refs: Collection[TableRef]) -> Mapping[ColumnRef, KnownColumn]:
        asked.append(refs)
        return before.columns(refs)

    plan("incremental", catalogue(T, calm), current=current({T.ref: mark(), calm.ref: mark()}), stored=replace(before, columns=load))
    assert asked == []


def test_manual_reads_what_is_named() -> None:
    made = plan("manual", catalogue(T), current=current({}), targets=[parse_target("T.v")])
    assert reasons(made) == {"v": "named: T.v"}
    assert len(made.untouched) == 3


def test_watch_reads_touched_tables_only() -> None:
    calm = table("calm", ("a", "text", Family.TEXT))
    touched = {T.ref: Text("rows changed", "行数据变更")}
    made = plan("watch", catalogue(T, calm), current=current({}, touched=touched), stored=stored(T, calm))
    assert {one.ref.table for one in made.examine} == {"t"}
    assert reasons(made)["v"] == "rows changed"


def test_every_column_is_in_the_plan_once() -> None:
    made = incremental(T, stored(T), {T.ref: mark(ins=1, snapshot="2")})
    refs = [one.ref for one in (*made.examine, *made.untouched)]
    assert sorted(refs) == sorted(column.ref for column in T.columns)


def test_summary_is_short_and_in_both_languages() -> None:
    lines = list(summary(incremental(T, stored(T))))
    assert len(lines) == 1
    assert lines[0].en.startswith("keep  public.t: unchanged")
    assert lines[0].zh.startswith("保留  public.t")


def test_rule_line_survives_the_store() -> None:
    assert rule_changes(RULES.encode(), RULES).changed == ()
    assert not rule_changes(RULES.encode(), RULES).everything
    assert rule_changes("", RULES).everything
