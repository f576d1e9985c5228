"""The columns of a report as compact JSON for the page's script: columns of numbers, and details that are unpacked when asked for.

100,000 objects with 25 keys each would take seconds to parse; arrays of small integers over pools of names take milliseconds. The details
(evidence, coverage) of 400 columns at a time are one deflated block, because most are never looked at.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sensscan.language import Text
from sensscan.model import ColumnResult, LevelView, Report, ReportColumn, ReportTable, TableRef
from sensscan.naming import quoted, written
from sensscan.report.safe import show
from sensscan.report.shape import NO_COVERAGE, number
from sensscan.report.view import confidence_of, is_shown, labels_of, reading_order, reason_of, schema_name, short_sources, type_of
from sensscan.report.words import CHANGES, STATES, STATUSES, state_of

BLOCK = 400
"""Columns per block of details."""

STATE_ORDER = tuple(STATES)
STATUS_ORDER = ("", *STATUSES)
CHANGE_ORDER = ("", *(key for key in CHANGES if key))


@dataclass
class Pool:
    """Gives each different entry a number, in order of appearance."""

    entries: list[Any] = field(default_factory=list)
    _numbers: dict[Any, int] = field(default_factory=dict)

    def add(self, entry: Any) -> int:
        """Return the number of `entry`."""
        found = self._numbers.get(entry)
        if found is None:
            found = self._numbers[entry] = len(self.entries)
            self.entries.append(entry)
        return found


def shown_columns(report: Report, min_confidence: float | None) -> list[ReportColumn]:
    """Return the columns that the page lists, in reading order: findings first, then undecided, not read, and the rest."""
    columns = [c for c in report.columns if state_of(c) != "finding" or is_shown(c, min_confidence)]
    return sorted(columns, key=lambda c: (STATE_ORDER.index(state_of(c)), reading_order(c)))


def page_data(report: Report, columns: Sequence[ReportColumn], levels: Sequence[LevelView], *, first: bool) -> dict[str, Any]:
    """Return the index over `columns` (see `shown_columns`) and all tables.

    `levels` fixes the numbers of the levels; on a `first` run no change is shown.
    """
    labels = labels_of(report)
    schemas, types, data_types, comments = Pool(), Pool(), Pool(), Pool()
    level_numbers = {level.id: place for place, level in enumerate(levels)}
    table_numbers: dict[TableRef, int] = {}
    tables: list[list[Any]] = []
    short = short_sources(report.run.sources)

    def schema(ref: TableRef) -> int:
        return schemas.add((show(ref.source), show(quoted(ref.schema)), schema_name(ref, short)))

    for entry in report.tables:
        ref = entry.table.ref
        table_numbers[ref] = len(tables)
        tables.append(_table_row(entry, schema(ref), level_numbers[entry.grade.level.id]))
    for column in columns:
        ref = column.column.ref.table_ref
        if ref not in table_numbers:  # a report may name columns of a table that has no line of its own
            table_numbers[ref] = len(tables)
            tables.append([schema(ref), show(quoted(ref.table)), level_numbers["unknown"], 0, 0, 0, 0, ""])
    comments.add("")
    index = {
        "name": [show(quoted(c.column.ref.column)) for c in columns],
        "table": [table_numbers[c.column.ref.table_ref] for c in columns],
        "type": [types.add(type_of(c)) for c in columns],
        "level": [level_numbers[c.grade.level.id] for c in columns],
        "state": [STATE_ORDER.index(state_of(c)) for c in columns],
        "sure": [round(confidence_of(c) * 10000) for c in columns],
        "status": [STATUS_ORDER.index(c.status or "") for c in columns],
        "change": [0 if first else CHANGE_ORDER.index(c.change) for c in columns],
        "dtype": [data_types.add(show(c.column.data_type)) for c in columns],
        "comment": [comments.add(show(c.column.comment)) for c in columns],
    }
    return {
        "index": index,
        "schemas": [list(entry) for entry in schemas.entries],
        "types": [[show(type_id), *_pair(labels.get(type_id, Text(type_id, type_id)))] for type_id in types.entries],
        "dtypes": data_types.entries,
        "comments": comments.entries,
        "tables": tables,
        "block": BLOCK,
    }


def _table_row(entry: ReportTable, schema: int, level: int) -> list[Any]:
    name, comment = show(quoted(entry.table.ref.table)), show(entry.table.comment)
    return [schema, name, level, entry.columns, entry.sensitive, entry.unknown, entry.rows_read, comment]


def detail_blocks(report: Report, columns: Sequence[ReportColumn]) -> list[str]:
    """Return the details of `columns`, in the order of `page_data`: base64 of deflated JSON, `BLOCK` columns each."""
    labels = labels_of(report)
    blocks = []
    for start in range(0, len(columns), BLOCK):
        texts = Pool()
        details = [_detail(column, texts, labels) for column in columns[start : start + BLOCK]]
        packed = json.dumps({"t": [list(t) for t in texts.entries], "c": details}, ensure_ascii=True, separators=(",", ":"))
        blocks.append(base64.b64encode(zlib.compress(packed.encode("ascii"), 6)).decode("ascii"))
    return blocks


def _detail(column: ReportColumn, texts: Pool, labels: dict[str, Text]) -> dict[str, Any]:
    """Return what the page shows of one column beside the index; empty parts are left out."""

    def add(text: Text) -> int:
        return texts.add(_pair(text))

    def name(type_id: str) -> int:
        return add(labels.get(type_id, Text(type_id, type_id)))

    outcome = column.outcome
    coverage = outcome.coverage if isinstance(outcome, ColumnResult) else NO_COVERAGE
    detail: dict[str, Any] = {
        "because": _all(column.grade.because),
        "marks": _all(column.grade.marks),
        "category": show(column.grade.category),
        "owner": [[show(key), show(value)] for key, value in sorted(column.owner.items())],
        "run": show(column.examined_in),
        "conflict": show(column.conflict),
        "excepted": show(column.excepted),
        "previous": show(column.previous),
        "position": column.column.position,
        "refs": "" if column.column.references is None else _dotted(column),
    }
    reason = reason_of(column)
    if reason is not None:
        detail["reason"] = [reason.code, add(reason.text)]
    if isinstance(outcome, ColumnResult):
        found = outcome.classification
        detail["verdict"] = found.verdict
        detail["flags"] = list(found.flags)
        detail["cover"] = [
            coverage.method, coverage.rows, coverage.non_null, coverage.distinct, coverage.placeholders,
            coverage.complete, coverage.row_estimate, coverage.miss_below,
        ]  # fmt: skip
        detail["also"] = [[name(a.type_id), number(a.confidence), add(a.why)] for a in found.also]
        detail["contains"] = [
            [name(c.type_id), c.rows, c.distinct, number(c.share), show(c.path or ""), number(c.confidence)] for c in found.contains
        ]
        detail["near"] = [[name(a.type_id), number(a.confidence)] for a in found.alternatives]
        detail["lines"] = [
            [
                name(e.type_id), e.kind, show(e.detector), number(e.weight), add(e.reason), e.passed, e.tested, _all(e.examples),
                int(e.type_id == found.type_id),
            ]
            for e in found.evidence
        ]  # fmt: skip
    return {key: value for key, value in detail.items() if value not in ("", [], None)}


def _dotted(column: ReportColumn) -> str:
    target = column.column.references
    assert target is not None
    return show(written(target))


def _all(values: Iterable[str]) -> list[str]:
    return [show(value) for value in values]


def _pair(text: Text) -> tuple[str, str]:
    return (show(text.en), show(text.zh))


def script_json(value: object) -> str:
    """Return JSON that is safe inside a script element: it holds no `<`, `>` or `&` and no line separator."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for bad, good in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029")):
        text = text.replace(bad, good)
    return text
