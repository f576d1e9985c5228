"""The newest report of some sources, as the ground of a run that finds nothing to examine.

Such a run needs no verdict and no level anew: what it reports is what the run before it reported. Here is what tells whether that
holds as far as the store knows, and the parts to be carried over, read in one pass.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from sensscan.model import Column, ColumnOutcome, ColumnRef, ColumnResult, Grade, SkippedColumn, TableRef, TagStatus
from sensscan.store import schema
from sensscan.store.chain import read_head
from sensscan.store.codec import decode_grade, decode_outcome, decode_ref
from sensscan.store.database import Database, time_text
from sensscan.store.known import text_key
from sensscan.store.runs import list_runs
from sensscan.store.saved import load_parts
from sensscan.store.views import StoredRun

_EVENTS_AT_ONCE = 2000
_NOWHERE = ColumnRef("", "", "", "")


@dataclass(frozen=True, slots=True)
class CarriedColumn:
    """One column of an earlier report."""

    id: int
    grade: Grade
    status: TagStatus | None
    owner: Mapping[str, str]
    conflict: str
    examined_in: str
    payload: str = field(repr=False)


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

    def outcome(self, known: CarriedColumn, column: Column) -> ColumnOutcome:
        """Return a column's outcome, described as the catalogue describes the column now.

        Tables made alike have columns that say the same word for word: equal texts are decoded once.
        """
        found = self._decoded.get(known.payload)
        if found is None:
            found = self._decoded[known.payload] = decode_outcome(known.payload, _NOWHERE)
        match found:
            case ColumnResult(_, classification, coverage):
                return ColumnResult(column, classification, coverage)
            case SkippedColumn(_, reason):
                return SkippedColumn(column, reason)


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
        lines, tables = load_parts(connection, run.id)
        by_id = {line.id: line for line in lines if line.change != "gone"}
        found = {TableRef(*form[:3]): CarriedTable(decode_grade(grade), form[6]) for form, grade, *_ in tables}
        t, c, s, r = schema.tables.c, schema.columns.c, schema.sources.c, schema.results.c
        query = (
            sa.select(c.id, s.name, t.schema_name, t.table_name, c.column_name, r.payload)
            .select_from(schema.columns)
            .join(schema.tables, t.id == c.table_id)
            .join(schema.sources, s.id == t.source_id)
            .join(schema.results, sa.and_(r.column_id == c.id, r.valid_to.is_(None)))
            .where(s.key.in_([text_key(source) for source in run.sources]), c.gone_run.is_(None))
        )
        rows = connection.execute(query).all()
    for number, source, schema_name, table, column, payload in rows:
        line, place = by_id.get(number), found.get(TableRef(source, schema_name, table))
        if line is not None and place is not None:
            place.columns[column] = CarriedColumn(number, line.grade, line.status, line.owner, line.conflict, line.examined_in, payload)
    return Carried(found)
