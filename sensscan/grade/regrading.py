"""A stored run under another policy: the same findings, other levels. No database of the user is opened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sensscan.grade.grading import GradedRun, grade
from sensscan.grade.policy import Policy
from sensscan.model import ColumnOutcome, ColumnRef, Report, ReportColumn, TableRef, TableResult, Tag


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
    for column in report.columns:
        outcomes.setdefault(column.column.ref.table_ref, []).append(column.outcome)
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

    The result of an earlier `--fail-on` belongs to the policy of the run, so it is not carried over.
    """
    results = results_of(report)
    graded = grade(results, policy, min_confidence=min_confidence, today=today, tags=tags)
    columns = tuple(replace(column, grade=graded.columns[column.column.ref]) for column in report.columns)
    tables = tuple(replace(entry, grade=graded.tables[entry.table.ref]) for entry in report.tables)
    run = replace(report.run, policy=policy.id, fail_on="", fail_on_reached=False)
    new = replace(report, run=run, columns=columns, tables=tables, levels=policy.levels)
    return Regraded(new, graded, results, _moved(zip(report.columns, columns, strict=True)))


def _moved(pairs: Iterable[tuple[ReportColumn, ReportColumn]]) -> dict[tuple[str, str], int]:
    counts: dict[tuple[str, str], int] = {}
    for old, new in pairs:
        key = (old.grade.level.id, new.grade.level.id)
        counts[key] = counts.get(key, 0) + 1
    return counts
