"""Reports of earlier runs, rebuilt from results by validity, and the differences between two runs.

A saved report holds what is only true of the run (grades, statuses, what changed); outcomes are read from `results` as they were
valid then. Equal nights give equal parts, and equal parts are stored once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, fields, replace
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from sensscan.errors import UsageError
from sensscan.language import Text
from sensscan.model import (
    ColumnOutcome,
    ColumnRef,
    ColumnResult,
    Grade,
    Report,
    ReportColumn,
    ReportTable,
    RunSummary,
    TableRef,
    TagStatus,
)
from sensscan.store import schema
from sensscan.store.codec import (
    Json,
    decode_grade,
    decode_level,
    decode_outcome,
    decode_skipped,
    decode_table,
    encode_grade,
    encode_level,
    encode_skipped,
    encode_table,
    from_json,
    pack,
    to_json,
    unpack,
)
from sensscan.store.database import Database, time_back, time_text
from sensscan.store.known import chunks, run_seq
from sensscan.store.labels import Place, find_columns
from sensscan.store.runs import find_run, stored_run
from sensscan.store.views import ColumnChange, RunDiff

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
    reasons = form.get("reasons", [None])
    for row in form["columns"]:
        full: list[Any] = [*row, *[None] * (10 - len(row))]
        number, grade, examined, status, owner = full[:5]
        conflict, excepted, change, previous = (word or "" for word in full[5:9])
        planned = Text(*reasons[full[9]]) if full[9] else None
        yield Line(number, grades[grade], runs[examined], status, form["owners"][owner or 0], conflict, excepted, change, previous, planned)


def _pruned(run_id: str) -> UsageError:
    return UsageError(
        Text(
            f"The report of run {run_id} is not in the store: the run did not end, or it was pruned.",
            f"标签库中没有扫描 {run_id} 的报告：扫描未结束，或已被清理。",
        ),
        Text("See `sensscan report --list`.", "见 `sensscan report --list`。"),
    )


def load_parts(connection: Connection, run_id: str) -> tuple[list[Line], Json]:
    """Return the columns and the forms of the tables of a saved report, outcomes left where they are. Raises UsageError."""
    row = find_run(connection, run_id)
    if row.report is None or row.tables is None:
        raise _pruned(row.id)
    return list(_lines(_load_blob(connection, row.report), row.id)), _load_blob(connection, row.tables)


def load_report(database: Database, name: str) -> Report:
    """Return the report of a run as it was saved. Raises UsageError."""
    with database.read() as connection:
        row = find_run(connection, name)
        if row.report is None or row.summary is None or row.tables is None:
            raise _pruned(row.id)
        form, table_forms = _load_blob(connection, row.report), _load_blob(connection, row.tables)
        lines = list(_lines(form, row.id))
        places = _places(connection, [line.id for line in lines])
        payloads = _payloads(connection, row.seq, [line.id for line in lines])
    outcomes: dict[int, ColumnOutcome] = {}
    by_table: dict[TableRef, list[ColumnOutcome]] = {}
    for line in lines:
        if line.id in payloads:
            ref = places[line.id].ref
            outcome = outcomes[line.id] = decode_outcome(payloads[line.id], ref)
            if line.change != "gone":
                by_table.setdefault(ref.table_ref, []).append(outcome)
    tables = [_report_table(entry, by_table) for entry in table_forms]
    kinds = {table.table.ref: table.table for table in tables}
    columns = []
    for line in lines:
        if line.id in outcomes:
            outcome = outcomes[line.id]
            table = kinds.get(places[line.id].ref.table_ref)
            columns.append(
                _report_column(line, outcome, table.kind if table else "table", table.row_estimate if table else None, form["labels"])
            )
    labels = {type_id: Text(*label) for type_id, label in form["labels"].items()}
    skipped = tuple(decode_skipped(entry) for entry in form["skipped"])
    levels = tuple(decode_level(level) for level in form["levels"])
    return Report(_summary_back(from_json(row.summary)), tuple(columns), tuple(tables), skipped, levels, labels)


def _report_table(entry: Json, outcomes: Mapping[TableRef, Sequence[ColumnOutcome]]) -> ReportTable:
    form, grade, columns, sensitive, unknown, method, rows_read = entry
    ref = TableRef(*form[:3])
    own = tuple(sorted((outcome.column for outcome in outcomes.get(ref, ())), key=lambda column: column.position))
    return ReportTable(decode_table(form, own), decode_grade(grade), columns, sensitive, unknown, method, rows_read)


def _report_column(
    line: Line, outcome: ColumnOutcome, kind: Any, estimate: int | None, labels: Mapping[str, Sequence[str]]
) -> ReportColumn:
    type_id = "unknown"
    if isinstance(outcome, ColumnResult):
        type_id = outcome.classification.type_id
        if outcome.coverage.row_estimate is not None and estimate is not None:
            # The estimate is kept per table: it moves from night to night without anything having changed.
            outcome = replace(outcome, coverage=replace(outcome.coverage, row_estimate=estimate))
    label = Text(*labels.get(type_id, (type_id, type_id)))
    return ReportColumn(
        outcome.column,
        kind,
        outcome,
        line.grade,
        label,
        line.status,
        line.owner,
        line.examined_in,
        line.conflict,
        line.excepted,
        line.change,
        line.previous,
        line.planned,
    )


def _places(connection: Connection, ids: Sequence[int]) -> dict[int, Place]:
    t, c, s = schema.tables.c, schema.columns.c, schema.sources.c
    query = (
        sa.select(c.id, s.name, t.schema_name, t.table_name, c.column_name, c.fingerprint, c.gone_run)
        .join(schema.tables, t.id == c.table_id)
        .join(schema.sources, s.id == t.source_id)
    )
    return {
        row[0]: Place(row[0], ColumnRef(row[1], row[2], row[3], row[4]), row[5], row[6] is not None)
        for part in chunks(ids)
        for row in connection.execute(query.where(c.id.in_(part)))
    }


def _payloads(connection: Connection, seq: int, ids: Sequence[int]) -> dict[int, str]:
    """Return the outcomes valid in a run; of columns that it found gone, the last ones."""
    r = schema.results.c
    found: dict[int, str] = {}
    for part in chunks(ids):
        query = sa.select(r.column_id, r.payload).where(
            r.column_id.in_(part), r.valid_from <= seq, sa.or_(r.valid_to.is_(None), r.valid_to >= seq)
        )
        found.update((number, payload) for number, payload in connection.execute(query.order_by(r.column_id, r.valid_from)))
    return found


def diff(database: Database, name_a: str, name_b: str) -> RunDiff:
    """Return what changed from one run to another. Raises UsageError for unknown and pruned runs."""
    with database.read() as connection:
        row_a, row_b = find_run(connection, name_a), find_run(connection, name_b)
        for row in (row_a, row_b):
            if row.report is None:
                raise _pruned(row.id)
        side_a, side_b = _side(connection, row_a), _side(connection, row_b)
        ids = list({*side_a, *side_b})
        places = _places(connection, ids)
        lifetimes = _lifetimes(connection, ids)
        run_a, run_b = stored_run(connection, row_a), stored_run(connection, row_b)
    changes: list[ColumnChange] = []
    not_compared = 0
    for number in sorted(ids, key=lambda one: places[one].ref):
        a, b = side_a.get(number), side_b.get(number)
        first, gone = lifetimes[number]
        ref = places[number].ref
        if a is not None and b is not None:
            if a != b:
                changes.append(ColumnChange("changed", ref, a[0], b[0], a[1], b[1], a[2], b[2]))
        elif b is not None and (first > run_a.seq or (run_a.seq > run_b.seq and gone is not None and gone <= run_a.seq)):
            changes.append(ColumnChange("new", ref, None, b[0], None, b[1], None, b[2]))
        elif a is not None and ((gone is not None and gone <= run_b.seq) or first > run_b.seq):
            changes.append(ColumnChange("gone", ref, a[0], None, a[1], None, a[2], None))
        else:
            not_compared += 1
    return RunDiff(run_a, run_b, tuple(changes), len(side_a.keys() & side_b.keys()), not_compared)


def _side(connection: Connection, row: sa.Row[tuple[object, ...]]) -> dict[int, tuple[str, str, str | None]]:
    """Return type, level and status of each column of a run's report."""
    lines = [line for line in _lines(_load_blob(connection, row.report), row.id) if line.change != "gone"]
    r = schema.results.c
    types: dict[int, str] = {}
    for part in chunks([line.id for line in lines]):
        query = sa.select(r.column_id, r.type_id).where(
            r.column_id.in_(part), r.valid_from <= row.seq, sa.or_(r.valid_to.is_(None), r.valid_to > row.seq)
        )
        types.update((number, type_id) for number, type_id in connection.execute(query))
    return {line.id: (types.get(line.id, "unknown"), line.grade.level.id, line.status) for line in lines}


def _lifetimes(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[int, int | None]]:
    c = schema.columns.c
    return {
        number: (first, gone)
        for part in chunks(ids)
        for number, first, gone in connection.execute(sa.select(c.id, c.first_run, c.gone_run).where(c.id.in_(part)))
    }
