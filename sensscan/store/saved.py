"""Reports of earlier runs, rebuilt from results by validity.

A saved report holds what is only true of the run (grades, statuses, what changed); outcomes are read from `results` as they were
valid then. Equal nights give equal parts, and equal parts are stored once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from sensscan.errors import UsageError
from sensscan.language import Text
from sensscan.model import (
    Column,
    ColumnOutcome,
    ColumnRef,
    ColumnResult,
    Grade,
    Report,
    ReportColumn,
    ReportTable,
    RunSummary,
    TableKind,
    TableRef,
    TagStatus,
)
from sensscan.store import schema
from sensscan.store.codec import (
    Json,
    decode_grade,
    decode_level,
    decode_skipped,
    decode_table,
    encode_grade,
    encode_level,
    encode_skipped,
    encode_table,
    from_json,
    outcome_of,
    pack,
    to_json,
    unpack,
)
from sensscan.store.database import Database, time_back, time_text
from sensscan.store.known import id_ranges, run_seq
from sensscan.store.labels import find_columns
from sensscan.store.runs import find_run

_AT_ONCE = 1000
_MISSING = (None,) * 10
_THIS_RUN = ""
"""Stands for the run's own id, so that two nights with nothing new are equal."""


class _Pool:
    """Numbers for values that repeat."""

    def __init__(self) -> None:
        self.values: list[Json] = []
        self._seen: dict[str, int] = {}

    def number(self, key: str, value: Json) -> int:
        if key not in self._seen:
            self._seen[key] = len(self.values)
            self.values.append(value)
        return self._seen[key]


def _store_blob(connection: Connection, value: Json) -> str:
    key, data = pack(value)
    if connection.execute(sa.select(schema.blobs.c.key).where(schema.blobs.c.key == key)).first() is None:
        connection.execute(sa.insert(schema.blobs).values(key=key, data=data))
    return key


def _load_blob(connection: Connection, key: str) -> Json:
    return unpack(connection.execute(sa.select(schema.blobs.c.data).where(schema.blobs.c.key == key)).scalar_one())


def _summary(run: RunSummary) -> Json:
    form = asdict(run)
    form["started_at"], form["finished_at"] = time_text(run.started_at), time_text(run.finished_at)
    form["timings"] = {name: round(seconds, 4) for name, seconds in run.timings.items()}
    return form


def _summary_back(form: Json) -> RunSummary:
    known = {field.name for field in fields(RunSummary)}
    values: dict[str, Any] = {name: value for name, value in form.items() if name in known}
    values["started_at"], values["finished_at"] = time_back(form["started_at"]), time_back(form["finished_at"])
    values["sources"] = tuple(form["sources"])
    return RunSummary(**values)


def save_report(database: Database, report: Report, known: Mapping[ColumnRef, int]) -> None:
    """Keep what `load_report` needs. All columns must have been saved by `save_results` of this or an earlier run.

    `known`: ids of columns that this program has just saved, so that they need not be looked up.
    """
    with database.write() as connection:
        seq = run_seq(connection, report.run.id)
        ids = known
        if any(column.column.ref not in known for column in report.columns):
            ids = _ids_of(connection, sorted({column.column.ref.source for column in report.columns}))
        columns_key = _store_blob(connection, _columns_form(report, ids))
        tables_key = _store_blob(connection, _tables_form(report))
        connection.execute(
            sa.update(schema.runs)
            .where(schema.runs.c.seq == seq)
            .values(summary=to_json(_summary(report.run)), report=columns_key, tables=tables_key)
        )


def _ids_of(connection: Connection, sources: Sequence[str]) -> dict[ColumnRef, int]:
    ids: dict[ColumnRef, int] = {}
    for number, place in find_columns(connection, sources=sources, with_gone=True).items():
        if place.ref not in ids or not place.gone:
            ids[place.ref] = number
    return ids


def _columns_form(report: Report, ids: Mapping[ColumnRef, int]) -> Json:
    grades, owners, runs = _Pool(), _Pool(), _Pool()
    runs.number(_THIS_RUN, _THIS_RUN)
    owners.number("{}", {})
    reasons = _Pool()
    reasons.number("", None)
    by_identity: dict[int, int] = {}
    rows = []
    for column in report.columns:
        number = ids.get(column.column.ref)
        if number is None:
            continue  # never saved: an object that was listed and not read
        grade = by_identity.get(id(column.grade))
        if grade is None:
            form = encode_grade(column.grade)
            grade = by_identity[id(column.grade)] = grades.number(to_json(form), form)
        examined = _THIS_RUN if column.examined_in == report.run.id else column.examined_in
        owner = owners.number(to_json(dict(column.owner)), dict(column.owner)) if column.owner else 0
        row = [
            number,
            grade,
            runs.number(examined, examined),
            column.status,
            owner,
            column.conflict,
            column.excepted,
            column.change,
            column.previous,
            reasons.number(to_json([*column.planned]), [*column.planned]) if column.planned is not None else 0,
        ]
        while row[-1] in ("", None, 0) and len(row) > 3:
            row.pop()
        rows.append(row)
    return {
        "levels": [encode_level(level) for level in report.levels],
        "labels": {type_id: [*label] for type_id, label in sorted(report.type_labels.items())},
        "skipped": [encode_skipped(skipped) for skipped in report.skipped],
        "grades": grades.values,
        "owners": owners.values,
        "runs": runs.values,
        "reasons": reasons.values,
        "columns": rows,
    }


def _tables_form(report: Report) -> Json:
    return [
        [encode_table(table.table), encode_grade(table.grade), table.columns, table.sensitive, table.unknown, table.method, table.rows_read]
        for table in report.tables
    ]


class Line(NamedTuple):
    """One column of a saved report, before its outcome is read."""

    id: int
    grade: Grade
    examined_in: str
    status: TagStatus | None
    owner: Mapping[str, str]
    conflict: str
    excepted: str
    change: str
    previous: str
    planned: Text | None


def _lines(form: Json, run_id: str) -> Iterator[Line]:
    grades = [decode_grade(grade) for grade in form["grades"]]
    runs = [name or run_id for name in form["runs"]]
    reasons = [None if reason is None else Text(*reason) for reason in form.get("reasons", [None])]
    owners = form["owners"]
    for row in form["columns"]:
        # Rows end with their last word: see _columns_form.
        full: list[Any] = [*row, *_MISSING[len(row) :]]
        number, grade, examined, status, owner, conflict, excepted, change, previous, planned = full
        yield Line(
            number,
            grades[grade],
            runs[examined],
            status,
            owners[owner or 0],
            conflict or "",
            excepted or "",
            change or "",
            previous or "",
            reasons[planned or 0],
        )


def _pruned(run_id: str) -> UsageError:
    return UsageError(
        Text(
            f"The report of run {run_id} is not in the store: the run did not end, or it was pruned.",
            f"标签库中没有扫描 {run_id} 的报告：扫描未结束，或已被清理。",
        ),
        Text("See `sensscan report --list`.", "见 `sensscan report --list`。"),
    )


def load_lines(connection: Connection, row: sa.Row[tuple[object, ...]]) -> list[Line]:
    """Return the columns of a run's saved report. Raises UsageError when it has none."""
    if row.report is None or row.tables is None:
        raise _pruned(row.id)
    return list(_lines(_load_blob(connection, row.report), row.id))


def load_parts(connection: Connection, run_id: str) -> tuple[list[Line], Json]:
    """Return the columns and the forms of the tables of a saved report, outcomes left where they are. Raises UsageError."""
    row = find_run(connection, run_id)
    return load_lines(connection, row), _load_blob(connection, row.tables)


def load_report(database: Database, name: str) -> Report:
    """Return the report of a run as it was saved. Raises UsageError."""
    with database.read() as connection:
        row = find_run(connection, name)
        if row.report is None or row.summary is None or row.tables is None:
            raise _pruned(row.id)
        form, table_forms = _load_blob(connection, row.report), _load_blob(connection, row.tables)
        lines = list(_lines(form, row.id))
        numbers = [line.id for line in lines]
        refs, payloads = load_refs(connection, numbers), _payloads(connection, row.seq, numbers)
    tables = {TableRef(*entry[0][:3]): entry[0] for entry in table_forms}
    labels = {type_id: Text(*label) for type_id, label in form["labels"].items()}
    columns: list[ReportColumn] = []
    own: dict[TableRef, list[Column]] = {}
    for line, outcome_form in zip([line for line in lines if line.id in payloads], _parsed(payloads, numbers), strict=True):
        ref = refs[line.id]
        here = ref.table_ref
        table = tables.get(here)
        kind: TableKind = "table" if table is None else table[3]
        estimate = None if table is None else table[6]
        # The estimate is kept per table: it moves from night to night without anything having changed.
        outcome = outcome_of(outcome_form, ref, row_estimate=estimate)
        if table is not None and line.change != "gone":
            own.setdefault(here, []).append(outcome.column)
        columns.append(_report_column(line, outcome, kind, labels))
    skipped = tuple(decode_skipped(entry) for entry in form["skipped"])
    levels = tuple(decode_level(level) for level in form["levels"])
    report_tables = tuple(_report_table(entry, own) for entry in table_forms)
    return Report(_summary_back(from_json(row.summary)), tuple(columns), report_tables, skipped, levels, labels)


def _parsed(payloads: Mapping[int, str], numbers: Sequence[int]) -> Iterator[Json]:
    """Yield the stored outcomes in order, read as JSON a thousand at a time: a call for each costs as much as the reading."""
    texts = [payloads[number] for number in numbers if number in payloads]
    for start in range(0, len(texts), _AT_ONCE):
        yield from from_json(f"[{','.join(texts[start : start + _AT_ONCE])}]")


def _report_table(entry: Json, own: Mapping[TableRef, Sequence[Column]]) -> ReportTable:
    form, grade, columns, sensitive, unknown, method, rows_read = entry
    ordered = tuple(sorted(own.get(TableRef(*form[:3]), ()), key=lambda column: column.position))
    return ReportTable(decode_table(form, ordered), decode_grade(grade), columns, sensitive, unknown, method, rows_read)


def _report_column(line: Line, outcome: ColumnOutcome, kind: TableKind, labels: Mapping[str, Text]) -> ReportColumn:
    type_id = outcome.classification.type_id if isinstance(outcome, ColumnResult) else "unknown"
    return ReportColumn(
        outcome.column,
        kind,
        outcome,
        line.grade,
        labels.get(type_id) or Text(type_id, type_id),
        line.status,
        line.owner,
        line.examined_in,
        line.conflict,
        line.excepted,
        line.change,
        line.previous,
        line.planned,
    )


def load_refs(connection: Connection, ids: Sequence[int]) -> dict[int, ColumnRef]:
    """Return the names of columns, those that have gone included."""
    t, c, s = schema.tables.c, schema.columns.c, schema.sources.c
    query = (
        sa.select(c.id, s.name, t.schema_name, t.table_name, c.column_name)
        .join(schema.tables, t.id == c.table_id)
        .join(schema.sources, s.id == t.source_id)
    )
    return {
        number: ColumnRef(source, schema_name, table, column)
        for which in id_ranges(c.id, ids)
        for number, source, schema_name, table, column in connection.execute(query.where(which)).all()
    }


def _payloads(connection: Connection, seq: int, ids: Sequence[int]) -> dict[int, str]:
    """Return the outcomes valid in a run; of columns that it found gone, the last ones."""
    r = schema.results.c
    found: dict[int, str] = {}
    for which in id_ranges(r.column_id, ids):
        query = sa.select(r.column_id, r.payload).where(which, r.valid_from <= seq, sa.or_(r.valid_to.is_(None), r.valid_to >= seq))
        found.update(connection.execute(query.order_by(r.column_id, r.valid_from)).all())
    return found
