"""The JSON report as plain objects: every field of docs/report-format.md, from `model.Report` alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sensscan.language import Text
from sensscan.model import (
    ColumnRef,
    ColumnResult,
    Coverage,
    Evidence,
    LevelView,
    Reason,
    Report,
    ReportColumn,
    ReportTable,
    RunSummary,
    SkippedObject,
)
from sensscan.report.safe import safe_color

SCHEMA_VERSION = 1
NO_COVERAGE = Coverage(method="none", rows=0, non_null=0, distinct=0, placeholders=0, complete=False, row_estimate=None, miss_below=None)

JsonObject = dict[str, Any]  # values are JSON: the shape is held by schema.json, not by the type checker


def report_parts(report: Report) -> Iterator[tuple[str, object]]:
    """Yield the fields of the whole report; lists are iterators, so that no more than one object exists at a time.

    Languages stand side by side: the file is the same for every reader.
    """
    yield "schema_version", SCHEMA_VERSION
    yield "run", run_object(report.run)
    yield "levels", ({**level_object(level), "color": safe_color(level.color)} for level in report.levels)
    yield "columns", (column_object(column) for column in report.columns)
    yield "tables", (table_object(table) for table in report.tables)
    yield "skipped", (skipped_object(item) for item in report.skipped)


def run_object(run: RunSummary) -> JsonObject:
    """Return the `run` object."""
    return {
        "id": run.id,
        "mode": run.mode,
        "outcome": run.outcome,
        "started_at": timestamp(run.started_at),
        "finished_at": timestamp(run.finished_at),
        "version": run.version,
        "policy": run.policy,
        "sources": list(run.sources),
        "tables": run.tables,
        "columns_examined": run.columns_examined,
        "columns_kept": run.columns_kept,
        "rows_read": run.rows_read,
        "values_examined": run.values_examined,
        "events": {"count": run.events_count, "head": run.events_head},
        "timings": {step: round(seconds, 6) for step, seconds in run.timings.items()},
        "seed": run.seed,
        "exceptions_hidden": run.exceptions_hidden,
        "fail_on": run.fail_on,
        "fail_on_reached": run.fail_on_reached,
    }


def column_object(entry: ReportColumn) -> JsonObject:
    """Return one object of `columns`; a column that was not read has verdict "unknown" and its reason."""
    column, outcome, grade = entry.column, entry.outcome, entry.grade
    read = outcome.classification if isinstance(outcome, ColumnResult) else None
    coverage = outcome.coverage if isinstance(outcome, ColumnResult) else NO_COVERAGE
    reason = outcome.classification.reason if isinstance(outcome, ColumnResult) else outcome.reason
    return {
        "source": column.ref.source,
        "schema": column.ref.schema,
        "table": column.ref.table,
        "table_type": entry.table_kind,
        "column": column.ref.column,
        "data_type": column.data_type,
        "verdict": read.verdict if read else "unknown",
        "type": read.type_id if read else "unknown",
        "label": text_object(entry.type_label),
        "confidence": number(read.confidence) if read else 0.0,
        "level": level_object(grade.level),
        "because": list(grade.because),
        "marks": list(grade.marks),
        "category": grade.category,
        "flags": list(read.flags) if read else [],
        "also": [{"type": a.type_id, "confidence": number(a.confidence), "why": text_object(a.why)} for a in read.also] if read else [],
        "contains": [
            {
                "type": c.type_id,
                "rows": c.rows,
                "share": number(c.share),
                "path": c.path,
                "distinct": c.distinct,
                "confidence": number(c.confidence),
            }
            for c in read.contains
        ]
        if read
        else [],
        "alternatives": [{"type": a.type_id, "confidence": number(a.confidence)} for a in read.alternatives] if read else [],
        "evidence": [evidence_object(line) for line in read.evidence] if read else [],
        "coverage": coverage_object(coverage),
        "status": entry.status,
        "owner": dict(sorted(entry.owner.items())),
        "examined_in": entry.examined_in,
        "reason": reason_object(reason) if reason else None,
        "read": read is not None,
        "comment": column.comment,
        "position": column.position,
        "nullable": column.nullable,
        "is_key": column.is_key,
        "references": reference(column.references),
        "conflict": entry.conflict,
        "excepted": entry.excepted,
        "change": entry.change,
        "previous": entry.previous,
        "planned": text_object(entry.planned) if entry.planned is not None else None,
    }


def evidence_object(line: Evidence) -> JsonObject:
    """Return one line of a scorecard; the weights of one type add up to its score."""
    return {
        "type": line.type_id,
        "kind": line.kind,
        "detector": line.detector,
        "weight": number(line.weight),
        "passed": line.passed,
        "structural": line.structural,
        "tested": line.tested,
        "reason": text_object(line.reason),
        "examples": list(line.examples),
    }


def coverage_object(coverage: Coverage) -> JsonObject:
    """Return what the verdict rests on."""
    return {
        "method": coverage.method,
        "rows": coverage.rows,
        "non_null": coverage.non_null,
        "distinct": coverage.distinct,
        "placeholders": coverage.placeholders,
        "complete": coverage.complete,
        "row_estimate": coverage.row_estimate,
        "miss_below": None if coverage.miss_below is None else number(coverage.miss_below),
    }


def table_object(entry: ReportTable) -> JsonObject:
    """Return one object of `tables`."""
    table, ref = entry.table, entry.table.ref
    return {
        "source": ref.source,
        "schema": ref.schema,
        "table": ref.table,
        "table_type": table.kind,
        "comment": table.comment,
        "level": level_object(entry.grade.level),
        "because": list(entry.grade.because),
        "marks": list(entry.grade.marks),
        "category": entry.grade.category,
        "columns": entry.columns,
        "sensitive": entry.sensitive,
        "unknown": entry.unknown,
        "method": entry.method,
        "rows_read": entry.rows_read,
        "row_estimate": table.row_estimate,
    }


def skipped_object(item: SkippedObject) -> JsonObject:
    """Return one object of `skipped`; an empty name means "all below"."""
    return {
        "source": item.source,
        "schema": item.schema,
        "table": item.table,
        "column": item.column,
        "reason": reason_object(item.reason),
    }


def level_object(level: LevelView) -> JsonObject:
    """Return a level; its rank is null for "unknown", which is never the least."""
    return {"id": level.id, "rank": level.rank, "label": text_object(level.label)}


def reason_object(reason: Reason) -> JsonObject:
    """Return code and text of a reason."""
    return {"code": reason.code, "text": text_object(reason.text)}


def text_object(text: Text) -> dict[str, str]:
    """Return both languages."""
    return {"zh": text.zh, "en": text.en}


def reference(ref: ColumnRef | None) -> JsonObject | None:
    """Return where a foreign key points to."""
    return None if ref is None else {"schema": ref.schema, "table": ref.table, "column": ref.column}


def timestamp(moment: datetime) -> str:
    """Return `moment` in UTC, RFC 3339, in seconds; a moment without a zone is taken for UTC."""
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def number(value: float) -> float:
    """Return `value` with four decimals, without a negative zero: enough to explain, stable to compare."""
    return round(float(value), 4) + 0.0
