"""Small results to grade: a column is one line of a test."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sensscan.grade import GradedRun, Policy, grade, load_policy
from sensscan.language import Text
from sensscan.model import (
    Classification,
    Column,
    ColumnOutcome,
    ColumnRef,
    ColumnResult,
    Contained,
    Coverage,
    Family,
    Flag,
    Reason,
    SkippedColumn,
    Table,
    TableRef,
    TableResult,
)

TODAY = date(2026, 11, 21)
PERMISSION = Reason("permission", Text("Not readable.", "不可读。"))


def ref(path: str, source: str = "s") -> ColumnRef:
    """schema.table.column, or table.column in schema "main"."""
    *schema, table, column = path.split(".")
    return ColumnRef(source, schema[0] if schema else "main", table, column)


def column(
    path: str,
    type_id: str,
    *flags: Flag,
    confidence: float = 0.99,
    contains: tuple[str, ...] = (),
    to: str = "",
    source: str = "s",
    position: int = 1,
) -> ColumnResult:
    """A column of a type; `contains` makes it a mixture, `to` a foreign key."""
    catalogued = Column(ref(path, source), "text", Family.TEXT, position, references=ref(to, source) if to else None)
    held = tuple(Contained(one, 5, 5, 0.5, None, confidence) for one in contains)
    verdict = "contains" if held else "unknown" if type_id == "unknown" else "none" if type_id == "none" else "is"
    found = Classification(verdict, type_id, confidence, held, flags=flags)  # type: ignore[arg-type]  # the words are those of Verdict
    return ColumnResult(catalogued, found, Coverage("head", 100, 100, 100, 0, complete=False, row_estimate=None, miss_below=0.03))


def skipped(path: str) -> SkippedColumn:
    return SkippedColumn(Column(ref(path), "text", Family.TEXT, 9), PERMISSION)


def tables(*outcomes: ColumnOutcome, rows: int | None = 10) -> list[TableResult]:
    """One result per table that the columns name."""
    groups: dict[TableRef, list[ColumnOutcome]] = {}
    for outcome in outcomes:
        groups.setdefault(outcome.column.ref.table_ref, []).append(outcome)
    return [
        TableResult(Table(name, "table", tuple(o.column for o in found), row_estimate=rows), tuple(found)) for name, found in groups.items()
    ]


def run(policy: str | Policy, *outcomes: ColumnOutcome, rows: int | None = 10, min_confidence: float | None = None) -> GradedRun:
    loaded = load_policy(policy, {}) if isinstance(policy, str) else policy
    return grade(tables(*outcomes, rows=rows), loaded, min_confidence=min_confidence, today=TODAY)


def level(graded: GradedRun, path: str) -> str:
    return graded.columns[ref(path)].level.id


def table_level(graded: GradedRun, table: str = "t") -> str:
    return graded.tables[TableRef("s", "main", table)].level.id


def table_because(graded: GradedRun, table: str = "t") -> tuple[str, ...]:
    return graded.tables[TableRef("s", "main", table)].because


def table_marks(graded: GradedRun, table: str = "t") -> tuple[str, ...]:
    return graded.tables[TableRef("s", "main", table)].marks


def own(tmp_path: Path, text: str, parent: str = "default") -> Policy:
    path = tmp_path / "own.toml"
    path.write_text(f'policy = "own"\nextends = "{parent}"\n{text}', encoding="utf-8")
    return load_policy(str(path), {})
