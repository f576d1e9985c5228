"""Runs, their checkpoints, and the results by validity that every run can be shown from."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from sensscan.errors import UsageError
from sensscan.language import Text
from sensscan.model import ColumnRef, Outcome, ScanMode, TableRef, TableResult
from sensscan.store import schema
from sensscan.store.chain import lock_head, read_head
from sensscan.store.codec import decode_table_result, encode_table_result, from_json, to_json
from sensscan.store.database import Database, time_back, time_text
from sensscan.store.known import chunks, ensure_sources, in_ranges, next_id, run_seq, table_key, text_key
from sensscan.store.labels import find_columns
from sensscan.store.views import Head, StoredResult, StoredRun

CHECKPOINT_SECONDS = 1.0
"""At most this much finished work is lost when a run is killed."""
_CHECKPOINT_TABLES = 500
"""Tables held back at most, to bound memory."""


def start_run(
    database: Database,
    run_id: str,
    *,
    mode: ScanMode,
    sources: Sequence[str],
    options_fingerprint: str,
    options: Mapping[str, str],
    started_at: datetime,
    version: str,
    policy: str,
) -> int:
    """Note a run that begins; return its number."""
    database.key  # noqa: B018  # a missing key is said before the scan, not after it
    with database.write() as connection:
        lock_head(connection)
        seq = next_id(connection, schema.runs.c.seq)
        ids = ensure_sources(connection, sources)
        connection.execute(
            sa.insert(schema.runs).values(
                seq=seq,
                id=run_id,
                mode=mode,
                started_at=time_text(started_at),
                version=version,
                policy=policy,
                options_fingerprint=options_fingerprint,
                options=to_json(dict(options)),
                examined="",
                events_count=0,
                events_head="",
            )
        )
        database.insert(connection, schema.run_sources, [(seq, number) for number in ids.values()])
    return seq


def finish_run(database: Database, run_id: str, *, outcome: Outcome, finished_at: datetime) -> Head:
    """Note a run's end and the end of the log; an interrupted one keeps its checkpoints for `--resume`."""
    with database.write() as connection:
        head, _ = lock_head(connection)
        seq = run_seq(connection, run_id)
        connection.execute(
            sa.update(schema.runs)
            .where(schema.runs.c.seq == seq)
            .values(outcome=outcome, finished_at=time_text(finished_at), events_count=head.count, events_head=head.hash)
        )
        if outcome != "interrupted":
            connection.execute(sa.delete(schema.checkpoints).where(schema.checkpoints.c.run_seq == seq))
    return head


def _sources_of(connection: Connection) -> dict[int, tuple[str, ...]]:
    rows = connection.execute(
        sa.select(schema.run_sources.c.run_seq, schema.sources.c.name)
        .join(schema.sources, schema.sources.c.id == schema.run_sources.c.source_id)
        .order_by(schema.run_sources.c.run_seq, schema.sources.c.id)
    )
    found: dict[int, tuple[str, ...]] = {}
    for seq, name in rows:
        found[seq] = (*found.get(seq, ()), name)
    return found


def to_run(row: sa.Row[tuple[object, ...]], sources: tuple[str, ...]) -> StoredRun:
    """Return a row of `runs` as a run."""
    return StoredRun(
        row.id,
        row.seq,
        row.mode,
        sources,
        row.outcome,
        time_back(row.started_at),
        time_back(row.finished_at) if row.finished_at else None,
        row.version,
        row.policy,
        row.options_fingerprint,
        from_json(row.options),
        row.events_count,
        row.events_head,
        row.report is not None,
    )


def list_runs(database: Database, *, source: str | None = None, limit: int | None = None) -> list[StoredRun]:
    """Return runs, newest first."""
    with database.read() as connection:
        return _list_runs(connection, source=source, limit=limit)


def _list_runs(connection: Connection, *, source: str | None, limit: int | None) -> list[StoredRun]:
    sources = _sources_of(connection)
    query = sa.select(schema.runs).order_by(schema.runs.c.seq.desc())
    if source is not None:
        query = query.where(
            schema.runs.c.seq.in_(
                sa.select(schema.run_sources.c.run_seq)
                .join(schema.sources, schema.sources.c.id == schema.run_sources.c.source_id)
                .where(schema.sources.c.key == text_key(source))
            )
        )
    rows = connection.execute(query if limit is None else query.limit(limit))
    return [to_run(row, sources.get(row.seq, ())) for row in rows]


def find_run(connection: Connection, name: str) -> sa.Row[tuple[object, ...]]:
    """Return a run by id, by the beginning of its id, or by "latest", "previous", "latest~N". Raises UsageError."""
    query = sa.select(schema.runs)
    back = {"latest": 0, "": 0, "previous": 1}.get(name)
    if name.startswith("latest~") and name[7:].isdecimal():
        back = int(name[7:])
    if back is not None:
        finished = query.where(schema.runs.c.report.is_not(None)).order_by(schema.runs.c.seq.desc()).offset(back).limit(1)
        row = connection.execute(finished).first()
        if row is not None:
            return row
        raise UsageError(
            Text("The store holds no such run yet.", "标签库中还没有这样的扫描。"),
            Text("See `sensscan report --list`.", "见 `sensscan report --list`。"),
        )
    rows = connection.execute(query.where(schema.runs.c.id.startswith(name, autoescape=True)).limit(3)).all()
    exact = [row for row in rows if row.id == name] or rows
    if len(exact) == 1:
        return exact[0]
    if exact:
        raise UsageError(
            Text(f"Several runs begin with {name}.", f"有多次扫描的编号以 {name} 开头。"),
            Text("Give more of the id.", "请给出更长的编号。"),
        )
    raise UsageError(
        Text(f"No such run: {name}.", f"没有这次扫描：{name}。"), Text("See `sensscan report --list`.", "见 `sensscan report --list`。")
    )


def stored_run(connection: Connection, row: sa.Row[tuple[object, ...]]) -> StoredRun:
    """Return a row as a run with its sources."""
    names = connection.execute(
        sa.select(schema.sources.c.name)
        .join(schema.run_sources, schema.run_sources.c.source_id == schema.sources.c.id)
        .where(schema.run_sources.c.run_seq == row.seq)
        .order_by(schema.sources.c.id)
    )
    return to_run(row, tuple(names.scalars()))


def unfinished_run(database: Database, sources: Sequence[str], options_fingerprint: str | None) -> StoredRun | None:
    """Return the newest run of exactly these sources if it did not end; with a fingerprint only one with these options."""
    wanted = set(sources)
    for run in list_runs(database, source=sources[0] if sources else None):
        if set(run.sources) != wanted:
            continue
        if run.outcome not in (None, "interrupted"):
            return None
        if options_fingerprint is None or run.options_fingerprint == options_fingerprint:
            return run
    return None


class Checkpoints:
    """Finished tables of running runs, written at most a second late."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: dict[str, list[TableResult]] = {}
        self._since = time.monotonic()

    def add(self, run_id: str, result: TableResult) -> None:
        """Keep a finished table; writes when a second has passed since the last write."""
        if not self._waiting:
            self._since = time.monotonic()
        self._waiting.setdefault(run_id, []).append(result)
        if time.monotonic() - self._since >= CHECKPOINT_SECONDS or len(self._waiting[run_id]) >= _CHECKPOINT_TABLES:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        waiting, self._waiting = self._waiting, {}
        if not waiting:
            return
        with self._database.write() as connection:
            for run_id, results in waiting.items():
                seq = run_seq(connection, run_id)
                rows: dict[str, tuple[object, ...]] = {}
                for result in results:
                    key = table_key(result.table.ref)
                    rows[key] = (seq, key, encode_table_result(result))
                c = schema.checkpoints.c
                for keys in chunks(list(rows)):
                    connection.execute(sa.delete(schema.checkpoints).where(c.run_seq == seq, c.key.in_(keys)))
                self._database.insert(connection, schema.checkpoints, list(rows.values()))

    def drop(self, run_id: str) -> None:
        """Forget what waits of a run that has ended."""
        self._waiting.pop(run_id, None)


def load_checkpoints(database: Database, run_id: str) -> dict[TableRef, TableResult]:
    """Return the finished tables of a run that did not end."""
    with database.read() as connection:
        seq = run_seq(connection, run_id)
        rows = connection.execute(sa.select(schema.checkpoints.c.payload).where(schema.checkpoints.c.run_seq == seq))
        results = [decode_table_result(payload) for payload in rows.scalars()]
    return {result.table.ref: result for result in results}


def load_results(database: Database, source: str, tables: Sequence[TableRef] | None) -> dict[ColumnRef, StoredResult]:
    """Return the current results of a source's columns, each with the run that looked last."""
    found: dict[ColumnRef, StoredResult] = {}
    r = schema.results.c
    with database.read() as connection:
        places = find_columns(connection, sources=[source], tables=tables)
        looked = _last_looks(connection, source, set(places))
        fields = (r.column_id, r.verdict, r.type_id, r.confidence, r.payload)
        ids: list[object] = list(places)
        for part in chunks(ids):
            for number, verdict, type_id, confidence, payload in connection.execute(
                sa.select(*fields).where(r.column_id.in_(part), r.valid_to.is_(None))
            ).all():
                ref = places[number].ref
                found[ref] = StoredResult(ref, verdict, type_id, confidence, looked.get(number, ""), payload)
    return found


def _last_looks(connection: Connection, source: str, wanted: set[int]) -> dict[int, str]:
    """Return the newest run that examined each column."""
    looked: dict[int, str] = {}
    rows = connection.execute(
        sa.select(schema.runs.c.id, schema.runs.c.examined)
        .join(schema.run_sources, schema.run_sources.c.run_seq == schema.runs.c.seq)
        .join(schema.sources, schema.sources.c.id == schema.run_sources.c.source_id)
        .where(schema.sources.c.key == text_key(source), schema.runs.c.examined != "")
        .order_by(schema.runs.c.seq.desc())
    )
    texts: set[str] = set()
    for run_id, examined in rows:
        if examined in texts:
            continue  # most nights look at the same columns: all of them are known already
        texts.add(examined)
        for number in in_ranges(examined) & wanted:
            looked[number] = run_id
            wanted.discard(number)
        if not wanted:
            break
    rows.close()
    return looked


def current_head(database: Database) -> Head:
    """Return the end of the event log."""
    with database.read() as connection:
        return read_head(connection)
