"""Bring results, levels and labels together into the one `Report` that every format renders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sensscan.language import Text
from sensscan.model import (
    UNKNOWN_LEVEL,
    ColumnOutcome,
    ColumnRef,
    ColumnResult,
    Grade,
    LevelView,
    Report,
    ReportColumn,
    ReportTable,
    RunSummary,
    SampleMethod,
    SkippedColumn,
    SkippedObject,
    TableRef,
    TableResult,
    Tag,
)

_NOT_READ = Grade(UNKNOWN_LEVEL, "")


@dataclass(frozen=True, slots=True)
class Labels:
    """What the store adds to the findings of a run."""

    tags: Mapping[ColumnRef, Tag] = field(default_factory=dict)
    examined_in: Mapping[ColumnRef, str] = field(default_factory=dict)
    excepted: Mapping[ColumnRef, str] = field(default_factory=dict)
    changes: Mapping[ColumnRef, tuple[str, str]] = field(default_factory=dict)
    """Column -> (change, previous) against the state stored before the run."""
    planned: Mapping[ColumnRef, Text] = field(default_factory=dict)
    """Column -> why it was examined or kept."""


def outcome_type(outcome: ColumnOutcome) -> str:
    """Return the type id of an outcome; "unknown" for a column that was not read."""
    return outcome.classification.type_id if isinstance(outcome, ColumnResult) else "unknown"


def _column(
    outcome: ColumnOutcome, result: TableResult, grades: Mapping[ColumnRef, Grade], labels: Labels, type_labels: Mapping[str, Text]
) -> ReportColumn:
    ref = outcome.column.ref
    tag = labels.tags.get(ref)
    type_id = outcome_type(outcome)
    change, previous = labels.changes.get(ref, ("", ""))
    return ReportColumn(
        column=outcome.column,
        table_kind=result.table.kind,
        outcome=outcome,
        grade=grades.get(ref, _NOT_READ),
        type_label=type_labels.get(type_id) or Text(type_id, type_id),
        status=tag.status if tag is not None else None,
        owner=tag.owner if tag is not None else {},
        examined_in=labels.examined_in.get(ref, ""),
        conflict=tag.conflict if tag is not None else "",
        excepted=labels.excepted.get(ref, ""),
        change=change,
        previous=previous,
        planned=labels.planned.get(ref),
    )


def skipped_column(outcome: SkippedColumn) -> SkippedObject:
    """Return the entry of a column that was not read for the list of all that was not read."""
    ref = outcome.column.ref
    return SkippedObject(ref.schema, ref.table, ref.column, outcome.reason, ref.source)


def _method(outcomes: Iterable[ColumnOutcome]) -> SampleMethod:
    return next((outcome.coverage.method for outcome in outcomes if isinstance(outcome, ColumnResult)), "none")


def assemble(
    run: RunSummary,
    results: Sequence[TableResult],
    *,
    column_grades: Mapping[ColumnRef, Grade],
    table_grades: Mapping[TableRef, Grade],
    levels: tuple[LevelView, ...],
    type_labels: Mapping[str, Text],
    labels: Labels,
    skipped: Sequence[SkippedObject] = (),
) -> Report:
    """Return the report of a run; columns in the order of source, schema, table and position."""
    ordered = sorted(results, key=lambda result: result.table.ref)
    columns: list[ReportColumn] = []
    tables: list[ReportTable] = []
    left_out: list[SkippedObject] = list(skipped)
    for result in ordered:
        outcomes = sorted(result.outcomes, key=lambda outcome: outcome.column.position)
        lines = [_column(outcome, result, column_grades, labels, type_labels) for outcome in outcomes]
        columns += lines
        verdicts = [outcome.classification.verdict for outcome in outcomes if isinstance(outcome, ColumnResult)]
        tables.append(
            ReportTable(
                table=result.table,
                grade=table_grades.get(result.table.ref, _NOT_READ),
                columns=len(outcomes),
                sensitive=sum(verdict in ("is", "contains") for verdict in verdicts) - sum(line.rejected for line in lines),
                unknown=len(outcomes) - len(verdicts) + verdicts.count("unknown"),
                method=_method(outcomes),
                rows_read=result.rows_read,
            )
        )
        left_out += [skipped_column(outcome) for outcome in outcomes if isinstance(outcome, SkippedColumn)]
        left_out += [replace(item, source=result.table.ref.source) for item in result.failed]
    return Report(run, tuple(columns), tuple(tables), tuple(left_out), levels, dict(type_labels))
