"""Change marks per table, and where a watcher stands."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from sensscan.model import TableRef
from sensscan.store import schema
from sensscan.store.chain import lock_head
from sensscan.store.codec import from_json, to_json
from sensscan.store.database import Database, now_text, time_back, time_text
from sensscan.store.known import chunks, ensure_sources, table_key, text_key
from sensscan.store.views import StoredMark, WatchState


def get_marks(database: Database, source: str) -> dict[TableRef, StoredMark]:
    """Return the marks of a source's tables."""
    m = schema.marks.c
    fields = (m.schema_name, m.table_name, m.structure_hash, m.data_mark, m.rule_fingerprint, m.scanned_at)
    with database.read() as connection:
        rows = connection.execute(
            sa.select(*fields).join(schema.sources, schema.sources.c.id == m.source_id).where(schema.sources.c.key == text_key(source))
        ).all()
    return {TableRef(source, row[0], row[1]): StoredMark(row[2], row[3], row[4], time_back(row[5])) for row in rows}


def put_marks(database: Database, run_id: str, marks: Mapping[TableRef, StoredMark]) -> None:
    """Write the marks of tables that a run finished."""
    if not marks:
        return
    with database.write() as connection:
        lock_head(connection)
        sources = ensure_sources(connection, (ref.source for ref in marks))
        rows = []
        for ref, mark in marks.items():
            seen = time_text(mark.scanned_at)
            rows.append(
                (
                    table_key(ref),
                    sources[ref.source],
                    ref.schema,
                    ref.table,
                    mark.structure_hash,
                    mark.data_mark,
                    mark.rule_fingerprint,
                    seen,
                    run_id,
                )
            )
        keys: list[object] = [row[0] for row in rows]
        for part in chunks(keys):
            connection.execute(sa.delete(schema.marks).where(schema.marks.c.key.in_(part)))
        database.insert(connection, schema.marks, rows)


def watch_state(database: Database, source: str) -> WatchState | None:
    """Return where the watcher of a source stands; None when it never ran."""
    with database.read() as connection:
        row = connection.execute(sa.select(schema.watches).where(schema.watches.c.key == text_key(source))).first()
    if row is None:
        return None
    dirty = {TableRef(source, schema_name, table): generation for schema_name, table, generation in from_json(row.dirty)}
    return WatchState(row.position, dirty)


def save_watch_state(database: Database, source: str, state: WatchState) -> None:
    """Write position and touched tables in one transaction: neither is ever newer than the other."""
    dirty = to_json([[ref.schema, ref.table, generation] for ref, generation in sorted(state.dirty.items())])
    key = text_key(source)
    with database.write() as connection:
        connection.execute(sa.delete(schema.watches).where(schema.watches.c.key == key))
        database.insert(connection, schema.watches, [(key, source, state.position, dirty, now_text())])
