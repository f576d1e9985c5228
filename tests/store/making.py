"""Small made-up runs for the store's tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sensscan.language import Text
from sensscan.model import (
    Also,
    Alternative,
    Catalogue,
    Classification,
    Column,
    ColumnRef,
    ColumnResult,
    Contained,
    Coverage,
    Evidence,
    Family,
    Grade,
    LevelView,
    Reason,
    Report,
    ReportColumn,
    ReportTable,
    RunSummary,
    SkippedColumn,
    SkippedObject,
    Table,
    TableRef,
    TableResult,
)
from sensscan.store import Head, SaveSummary, Store

SOURCE = "mysql://db:3306"
LEVELS = {
    "none": LevelView("none", 0, Text("None", "无风险")),
    "low": LevelView("low", 1, Text("Low", "低风险")),
    "medium": LevelView("medium", 2, Text("Medium", "中风险"), "#ef6c00"),
    "high": LevelView("high", 3, Text("High", "高风险")),
    "unknown": LevelView("unknown", None, Text("Unknown", "未知")),
}
TYPES = {
    "mobile_phone": ("medium", "personal.contact"),
    "id_card": ("high", "personal.identity.document"),
    "email": ("low", "personal.contact"),
    "none": ("none", "none"),
    "unknown": ("unknown", "none"),
}
NOW = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)


def ref(table: str, column: str, *, schema: str = "crm", source: str = SOURCE) -> ColumnRef:
    """Return a column's identity."""
    return ColumnRef(source, schema, table, column)


def column(name: ColumnRef, position: int, data_type: str = "varchar(20)", comment: str = "") -> Column:
    """Return a text column."""
    return Column(name, data_type, Family.TEXT, position, comment)


def result(
    one: Column, type_id: str = "mobile_phone", *, confidence: float = 0.98, rows: int = 1000, estimate: int | None = 5000
) -> ColumnResult:
    """Return a finding with two lines of evidence."""
    verdict: Any = type_id if type_id in ("none", "unknown") else "is"
    evidence = (
        Evidence(type_id, "name", "column_name", 2.5, Text("the name says so", "列名如此")),
        Evidence(type_id, "values", "pattern", 3.25, Text("250 of 256 pass", "256 个中 250 个通过"), 250, 3, 256, ("138****1234",)),
    )
    reason = Reason("too_few", Text("too few values", "值太少")) if verdict == "unknown" else None
    found = Classification(
        verdict, type_id, confidence, alternatives=(Alternative("qq", 0.01),), evidence=evidence if verdict == "is" else (), reason=reason
    )
    return ColumnResult(one, found, Coverage("key_jumps", rows, rows - 2, rows // 2, 0, False, estimate, 0.0117))


def rich_result(one: Column) -> ColumnResult:
    """Return a finding that uses every field of the model."""
    found = Classification(
        "contains",
        "email",
        0.875,
        (Contained("email", 10, 9, 0.25, "$.customer.mail", 0.875), Contained("mobile_phone", 3, 3, 0.075, None, 0.75)),
        (Also("username", 0.5, Text("the name says so", "列名如此")),),
        (Alternative("url", 0.125),),
        ("free_text", "masked"),
        (Evidence("email", "contains", "tokens", 4.5, Text("10 rows", "10 行"), 10, None, 40, ("a***@x.cn",)),),
        unlinked=Classification("unknown", "unknown", 0.25, reason=Reason("ambiguous", Text("two types", "两种类型"))),
    )
    return ColumnResult(one, found, Coverage("tablesample", 40, 40, 40, 0, True, 40, None))


def skipped(one: Column) -> SkippedColumn:
    """Return a column that could not be read."""
    return SkippedColumn(one, Reason("permission", Text("no right to read", "没有读取权限")))


def table(name: str, types: Mapping[str, str], *, schema: str = "crm", source: str = SOURCE, **options: Any) -> TableResult:
    """Return a scanned table: column name -> type."""
    columns = [column(ref(name, one, schema=schema, source=source), number) for number, one in enumerate(types, start=1)]
    outcomes = tuple(result(one, types[one.ref.column], **options) for one in columns)
    structure = f"{[(c.ref.column, c.data_type) for c in columns]}"
    return TableResult(Table(TableRef(source, schema, name), "table", tuple(columns), "", (), 5000, structure[:64]), outcomes, 1000, 1000)


def grade_of(type_id: str, policy: str = "default") -> Grade:
    """Return the grade that the tests' policy gives."""
    level, category = TYPES.get(type_id, ("medium", "other"))
    return Grade(LEVELS[level], policy, category, ("R1",), certainty="recalled", clause="annex A")


def grades(results: Sequence[TableResult], policy: str = "default") -> dict[ColumnRef, Grade]:
    """Return the grade of every column."""
    return {
        outcome.column.ref: grade_of(outcome.classification.type_id if isinstance(outcome, ColumnResult) else "unknown", policy)
        for one in results
        for outcome in one.outcomes
    }


def catalogue(results: Sequence[TableResult], *, source: str = SOURCE, missing: tuple[SkippedObject, ...] = ()) -> Catalogue:
    """Return what an enumeration would have seen."""
    return Catalogue(source, "mysql", "test", tuple(one.table for one in results), missing)


def scan(
    store: Store,
    run_id: str,
    results: Sequence[TableResult],
    *,
    whole: bool = True,
    policy: str = "default@1:aa",
    rules: Mapping[str, str] | None = None,
) -> tuple[SaveSummary, Head]:
    """Store a run as a scan does; `whole` means that it enumerated the whole source."""
    sources = sorted({one.table.ref.source for one in results}) or [SOURCE]
    store.start_run(run_id, mode="full", sources=sources, started_at=datetime.now(UTC), version="0.1", policy=policy)
    with store.lock(sources, run_id):
        catalogues = (
            [catalogue([one for one in results if one.table.ref.source == source], source=source) for source in sources] if whole else []
        )
        name = policy.split("@", maxsplit=1)[0]
        summary = store.save_results(
            run_id, results, grades(results, name), rules=rules or {"mobile_phone": "r1", "id_card": "r1"}, catalogues=catalogues
        )
    head = store.finish_run(run_id, outcome="complete", finished_at=datetime.now(UTC))
    store.save_report(report(run_id, results, head, sources))
    return summary, head


def report(run_id: str, results: Sequence[TableResult], head: Head, sources: Sequence[str]) -> Report:
    """Return the report of a run."""
    levels = grades(results)
    columns = tuple(
        ReportColumn(
            outcome.column,
            "table",
            outcome,
            levels[outcome.column.ref],
            Text(*(2 * (outcome.classification.type_id,))) if isinstance(outcome, ColumnResult) else Text("unknown", "unknown"),
            "found" if isinstance(outcome, ColumnResult) and outcome.classification.type_id != "none" else None,
            {"department": "客服部"} if outcome.column.position == 1 else {},
            run_id,
        )
        for one in results
        for outcome in one.outcomes
    )
    tables = tuple(
        ReportTable(one.table, levels[one.outcomes[0].column.ref], len(one.outcomes), 1, 0, "key_jumps", one.rows_read) for one in results
    )
    summary = RunSummary(
        run_id,
        "full",
        "complete",
        NOW,
        NOW,
        "0.1",
        "default",
        tuple(sources),
        len(results),
        len(columns),
        0,
        1000,
        5000,
        head.count,
        head.hash,
        {"fetch": 0.5},
    )
    missing = (SkippedObject("hr", "", "", Reason("permission", Text("no right", "无权限"))),)
    return Report(summary, columns, tables, missing, tuple(level for level in LEVELS.values() if level.rank is not None))
