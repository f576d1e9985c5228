"""Keeping the store: information, pruning, backup and restore."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from sensscan.errors import UsageError
from sensscan.language import Text
from sensscan.store import schema
from sensscan.store.chain import lock_head, read_head
from sensscan.store.database import Database, open_database, time_text
from sensscan.store.known import chunks
from sensscan.store.upgrade import revision_of
from sensscan.store.views import Pruned, StoreInfo

_COUNTED = ("runs", "tables", "columns", "results", "tags", "events", "exceptions", "checkpoints")
_COPY_ROWS = 2000


def info(database: Database) -> StoreInfo:
    """Return facts and sizes of the store."""
    with database.read() as connection:
        facts = database.meta(connection)
        counts = {name: _count(connection, schema.metadata.tables[name]) for name in _COUNTED}
        revision = revision_of(connection) or "-"
        head = read_head(connection)
        size = _size(database, connection)
    key = database.raw_key()
    return StoreInfo(
        database.place,
        database.dialect,
        revision,
        facts.get("store_id", ""),
        facts.get("created_at", ""),
        size,
        "" if key is None else key.place,
        facts.get("algorithm", "sha256"),
        head,
        counts,
    )


def _count(connection: Connection, table: sa.Table) -> int:
    return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def _size(database: Database, connection: Connection) -> int | None:
    match database.dialect:
        case "sqlite":
            names = [Path(str(database.file) + suffix) for suffix in ("", "-wal")]
            return sum(path.stat().st_size for path in names if path.exists())
        case "postgresql":
            names_sql = sa.text("SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relname = ANY(:names) AND relkind = 'r'")
            return int(connection.execute(names_sql, {"names": list(schema.metadata.tables)}).scalar_one() or 0)
        case _:
            query = sa.text("SELECT sum(data_length + index_length) FROM information_schema.tables WHERE table_schema = database()")
            return int(connection.execute(query).scalar_one() or 0)


def prune(database: Database, *, before: datetime) -> Pruned:
    """Remove reports and superseded results of runs that began before `before`.

    Kept: everything current, the event log, the summaries of runs, and each result that is the evidence of a label: the one in
    force when a label's type was set or changed.
    """
    with database.write() as connection:
        lock_head(connection)
        r, c = schema.runs.c, schema.results.c
        limit = connection.execute(sa.select(sa.func.max(r.seq)).where(r.started_at < time_text(before))).scalar_one()
        if limit is None:
            return Pruned(0, 0, 0, 0)
        newest = connection.execute(sa.select(sa.func.max(r.seq)).where(r.report.is_not(None))).scalar_one()
        old_runs = [
            seq for seq in connection.execute(sa.select(r.seq).where(r.seq <= limit, r.report.is_not(None))).scalars() if seq != newest
        ]
        evidence = _evidence(connection)
        superseded = connection.execute(
            sa.select(c.column_id, c.valid_from, c.valid_to).where(c.valid_to.is_not(None), c.valid_to <= limit)
        ).all()
        gone = [row for row in superseded if not any(row.valid_from <= seq < row.valid_to for seq in evidence.get(row.column_id, ()))]
        which = sa.and_(c.column_id == sa.bindparam("b_id"), c.valid_from == sa.bindparam("b_from"))
        database.update(
            connection, sa.delete(schema.results).where(which), [{"b_id": row.column_id, "b_from": row.valid_from} for row in gone]
        )
        for part in chunks(old_runs):
            connection.execute(sa.update(schema.runs).where(r.seq.in_(part)).values(report=None, tables=None))
        connection.execute(
            sa.delete(schema.checkpoints).where(
                schema.checkpoints.c.run_seq.in_(sa.select(r.seq).where(r.seq <= limit, r.outcome.is_not(None)))
            )
        )
        reports = _drop_unused_blobs(connection)
    if database.local:
        with database.engine.connect() as raw:
            driver = raw.connection.driver_connection
            assert driver is not None
            driver.execute("VACUUM")
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Pruned(len(old_runs), len(gone), reports, len(superseded) - len(gone))


def _evidence(connection: Connection) -> dict[int, list[int]]:
    """Return, per column, the runs on whose results its label rests or rested."""
    e, r = schema.events.c, schema.runs.c
    rows = connection.execute(
        sa.select(e.column_id, r.seq)
        .join(schema.runs, r.id == e.run_id)
        .where(e.field == "type", e.column_id.is_not(None))
        .select_from(schema.events)
    )
    found: dict[int, list[int]] = {}
    for column_id, seq in rows:
        found.setdefault(column_id, []).append(seq)
    # A person decided on what was in force then: the newest run that had begun.
    decided = connection.execute(sa.select(e.column_id, e.at).where(e.field == "status", e.actor_kind != "scan", e.column_id.is_not(None)))
    starts = [(started, seq) for started, seq in connection.execute(sa.select(r.started_at, r.seq).order_by(r.seq))]
    for column_id, at in decided:
        before = [seq for started, seq in starts if started <= at]
        if before:
            found.setdefault(column_id, []).append(before[-1])
    return found


def _drop_unused_blobs(connection: Connection) -> int:
    used: set[str] = set()
    for report, tables in connection.execute(
        sa.select(schema.runs.c.report, schema.runs.c.tables).where(schema.runs.c.report.is_not(None))
    ):
        used |= {report, tables}
    unused = [key for key in connection.execute(sa.select(schema.blobs.c.key)).scalars() if key not in used]
    for part in chunks(unused):
        connection.execute(sa.delete(schema.blobs).where(schema.blobs.c.key.in_(part)))
    return len(unused)


def _copy(source: Connection, target_database: Database, target: Connection) -> int:
    rows = 0
    for table in schema.COPY_ORDER:
        if table in (schema.locks, schema.checkpoints):
            continue  # they belong to processes that run now
        reader = source.execution_options(yield_per=_COPY_ROWS).execute(sa.select(table))
        for page in reader.partitions():
            target_database.insert(target, table, [tuple(row) for row in page])
            rows += len(page)
    return rows


def backup(database: Database, path: Path) -> int:
    """Copy the store into a new SQLite store at `path` (mode 0600) and return its rows.

    Every store, also one on a server, has this one form of backup; `restore` takes it back to any of them. The key is not in it.
    Raises UsageError when the file exists.
    """
    if path.exists():
        raise UsageError(Text(f"{path} exists already.", f"{path} 已存在。"), Text("Name a new file.", "请另指文件名。"))
    aside = path.with_name(path.name + ".part")
    aside.unlink(missing_ok=True)
    copy = open_database(str(aside.absolute()), {**database.environ})
    try:
        with database.read() as source, copy.write() as target:
            _empty(target)
            rows = _copy(source, copy, target)
        with copy.engine.connect() as raw:
            driver = raw.connection.driver_connection
            assert driver is not None
            driver.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
    finally:
        copy.close()
    os.replace(aside, path)  # noqa: PTH105  # the atomic one by name
    return rows


def _empty(connection: Connection) -> None:
    for table in reversed(schema.COPY_ORDER):
        connection.execute(sa.delete(table))


def restore(database: Database, path: Path, *, environ: Mapping[str, str]) -> int:
    """Take a backup back into this store, which must hold no run and no event. Raises UsageError."""
    if not path.is_file():
        raise UsageError(Text(f"No such file: {path}", f"没有这个文件：{path}"))
    with database.read() as connection:
        used = _count(connection, schema.runs) + _count(connection, schema.events)
    if used:
        raise UsageError(
            Text(f"The store {database.place} is not empty.", f"标签库 {database.place} 不是空的。"),
            Text("Restore into a new store (--store).", "请恢复到新的标签库（--store）。"),
        )
    copy = open_database(str(path.absolute()), environ)
    try:
        with copy.read() as source, database.write() as target:
            _empty(target)
            return _copy(source, database, target)
    finally:
        copy.close()
