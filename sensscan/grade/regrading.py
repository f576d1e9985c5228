"""A stored run under another policy: the same findings, other levels. No database of the user is opened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any

from sensscan.grade.grading import GradedRun, grade
from sensscan.grade.policy import Policy
from sensscan.model import ColumnOutcome, ColumnRef, Grade, Report, ReportColumn, ReportTable, TableRef, TableResult, Tag


@dataclass(frozen=True, slots=True)
class Regraded:
    """A run under another policy."""

    report: Report
    graded: GradedRun
    results: tuple[TableResult, ...]
    moved: Mapping[tuple[str, str], int]
    """How many columns went from one level to another, (old, new) -> columns; equal ids included."""


def results_of(report: Report) -> tuple[TableResult, ...]:
    """Return the table results that a report was made of."""
    outcomes: dict[TableRef, list[ColumnOutcome]] = {entry.table.ref: [] for entry in report.tables}
    for table, columns in groupby(report.columns, key=lambda column: _names(column.column.ref)):
        outcomes.setdefault(TableRef(*table), []).extend(column.outcome for column in columns)
    return tuple(TableResult(entry.table, tuple(outcomes[entry.table.ref]), entry.rows_read) for entry in report.tables)


def regrade(
    report: Report,
    policy: Policy,
    *,
    min_confidence: float | None = None,
    today: date,
    tags: Mapping[ColumnRef, Tag] | None = None,
) -> Regraded:
    """Return a stored run with the levels of `policy`; types, evidence and coverage stay as they were found.

    `tags`: what persons have said by now (`Store.tags` with `spoken_of`); status and owner of each column follow it. None leaves
    them as they were. The result of an earlier `--fail-on` belongs to the policy of the run, so it is not carried over.
    """
    results = results_of(report)
    graded = grade(results, policy, min_confidence=min_confidence, today=today, tags=tags)
    grades = graded.columns
    columns = tuple(_graded(column, grades[column.column.ref], tags) for column in report.columns)
    tables = _tables(report, columns, graded)
    run = replace(report.run, policy=policy.id, fail_on="", fail_on_reached=False)
    new = replace(report, run=run, columns=columns, tables=tables, levels=policy.levels)
    return Regraded(new, graded, results, _moved(zip(report.columns, columns, strict=True)))


def _tables(report: Report, columns: Sequence[ReportColumn], graded: GradedRun) -> tuple[ReportTable, ...]:
    """Return the tables with their new levels, and without what persons have rejected since or taken back."""
    fewer: dict[TableRef, int] = {}
    for before, now in zip(report.columns, columns, strict=True):
        if before.rejected != now.rejected:
            ref = now.column.ref.table_ref
            fewer[ref] = fewer.get(ref, 0) + (1 if now.rejected else -1)
    return tuple(
        replace(entry, grade=graded.tables[entry.table.ref], sensitive=entry.sensitive - fewer.get(entry.table.ref, 0))
        for entry in report.tables
    )


_names = attrgetter("source", "schema", "table")
_FIELDS = [field.name for field in fields(ReportColumn)]
_BEFORE = attrgetter(*_FIELDS[: _FIELDS.index("grade")])
_AFTER = attrgetter(*_FIELDS[_FIELDS.index("grade") + 1 :])


def _graded(column: ReportColumn, grade: Grade, tags: Mapping[ColumnRef, Tag] | None) -> ReportColumn:
    """Return a column with another grade, and with status, owner and conflict of its label of now."""
    values: list[Any] = [*_BEFORE(column), grade, *_AFTER(column)]
    found = ReportColumn(*values)  # `replace` of 100,000 columns takes a second longer
    tag = tags.get(column.column.ref) if tags else None
    if tag is not None:
        return replace(found, status=tag.status, owner=tag.owner, conflict=tag.conflict)
    if tags is not None and (column.status not in (None, "found") or column.owner or column.conflict):
        return replace(found, status="found", owner={}, conflict="")
    return found


def _moved(pairs: Iterable[tuple[ReportColumn, ReportColumn]]) -> dict[tuple[str, str], int]:
    counts: dict[tuple[str, str], int] = {}
    for old, new in pairs:
        key = (old.grade.level.id, new.grade.level.id)
        counts[key] = counts.get(key, 0) + 1
    return counts
