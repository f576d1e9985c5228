"""The newest report of some sources, as the ground of a run that finds nothing to examine.

Such a run needs no verdict and no level anew: what it reports is what the run before it reported. Here is what tells whether that
holds as far as the store knows, and the parts to be carried over, read in one pass.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import sqlalchemy as sa

from sensscan.model import Column, ColumnOutcome, ColumnRef, ColumnResult, Grade, SkippedColumn, TableRef
from sensscan.store import schema
from sensscan.store.chain import read_head
from sensscan.store.codec import decode_grade, decode_outcome, decode_ref
from sensscan.store.database import Database, time_text
from sensscan.store.known import text_key
from sensscan.store.runs import list_runs
from sensscan.store.saved import Line, load_parts
from sensscan.store.views import StoredRun

_EVENTS_AT_ONCE = 2000
_NOWHERE = ColumnRef("", "", "", "")


class CarriedColumn(NamedTuple):
    """One column of an earlier report, and its current result."""

    line: Line
    payload: str


@dataclass(frozen=True, slots=True)
class CarriedTable:
    """One table of an earlier report."""

    grade: Grade
    row_estimate: int | None
    columns: dict[str, CarriedColumn] = field(default_factory=dict)
    """By name."""


class Carried:
    """An earlier report, its outcomes not decoded yet."""

    def __init__(self, tables: Mapping[TableRef, CarriedTable]) -> None:
        self.tables = tables
        self._decoded: dict[str, ColumnOutcome] = {}

    def outcome(self, payload: str, column: Column) -> ColumnOutcome:
        """Return a column's outcome, described as the catalogue describes the column now.

        Tables made alike have columns that say the same word for word: equal texts are decoded once.
        """
        found = self._decoded.get(payload)
        if found is None:
            found = self._decoded[payload] = decode_outcome(payload, _NOWHERE)
        if isinstance(found, ColumnResult):
            return ColumnResult(column, found.classification, found.coverage)
        return SkippedColumn(column, found.reason)


def newest_run(database: Database, run_id: str, sources: Sequence[str]) -> StoredRun | None:
    """Return the newest run before `run_id` that looked at any of these sources; None if it was not of exactly these."""
    newest: StoredRun | None = None
    for source in sources:
        before = next((run for run in list_runs(database, source=source, limit=2) if run.id != run_id), None)
        if before is None or (newest is not None and before.id != newest.id):
            return None
        newest = before
    return newest if newest is not None and set(newest.sources) == set(sources) else None


def touched_since(database: Database, run: StoredRun) -> bool:
    """Return whether anybody but the run itself wrote an event since it began that its report may not show.

    Decisions about other sources do not count; those about policies and exceptions, which name no column, do.
    """
    e, began, sources = schema.events.c, time_text(run.started_at), set(run.sources)
    with database.read() as connection:
        last = read_head(connection).count
        while last > 0:
            query = sa.select(e.at, e.run_id, e.ref).where(e.seq <= last, e.seq > last - _EVENTS_AT_ONCE).order_by(e.seq.desc())
            for at, run_id, ref in connection.execute(query).all():
                if at < began:
                    return False
                about = decode_ref(ref) if run_id != run.id else None
                if run_id != run.id and (about is None or about.source in sources):
                    return True
            last -= _EVENTS_AT_ONCE
    return False


def carried(database: Database, run: StoredRun) -> Carried:
    """Return the report of a run together with the results that are current now."""
    with database.read() as connection:
        lines, forms = load_parts(connection, run.id)
        t, c, s, r = schema.tables.c, schema.columns.c, schema.sources.c, schema.results.c
        ours = sa.select(s.id).where(s.key.in_([text_key(source) for source in run.sources]))
        names = connection.execute(
            sa.select(t.id, s.name, t.schema_name, t.table_name).join(schema.sources, s.id == t.source_id).where(s.id.in_(ours))
        ).all()
        rows = connection.execute(
            sa.select(c.id, c.table_id, c.column_name, r.payload)
            .join(schema.tables, t.id == c.table_id)
            .join(schema.results, sa.and_(r.column_id == c.id, r.valid_to.is_(None)))
            .where(t.source_id.in_(ours), c.gone_run.is_(None))
        ).all()
    by_id = {line.id: line for line in lines if line.change != "gone"}
    found = {TableRef(*form[:3]): CarriedTable(decode_grade(grade), form[6]) for form, grade, *_ in forms}
    tables = {number: found.get(TableRef(*name)) for number, *name in names}
    for number, table_id, column, payload in rows:
        line, table = by_id.get(number), tables[table_id]
        if line is not None and table is not None:
            table.columns[column] = CarriedColumn(line, payload)
    return Carried(found)
