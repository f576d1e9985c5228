"""What lies beside the event log compared with it: labels, names, exceptions, runs, findings and saved reports.

Labels, names and exceptions are copies of the log for quick reading, so each difference is an alteration. Findings and reports are not in
the log: their own hashes tell careless changes, and the label that rests on a finding tells more.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterator
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from sensscan.language import Text
from sensscan.model import ColumnRef
from sensscan.store import schema
from sensscan.store.codec import encode_ref, from_json, outcome_hash, to_json
from sensscan.store.views import Event

Found = tuple[int, Text]
"""Seq of the event that says otherwise (0: none does), and what is wrong."""
LABEL_FIELDS = ("type", "category", "status", "owner", "permission", "note", "ticket", "reviewer", "rejected", "conflict")
_PAGE = 2000
_BREAK = "it was altered outside the log."
_BREAK_ZH = "在日志之外被改动。"


class _Said(NamedTuple):
    """What the newest event of one field says."""

    seq: int
    value: str | None
    fixed: int = 0


class _Seal(NamedTuple):
    """Who spoke last about a column, and by which event."""

    seq: int
    actor: str


class LogState:
    """The last state of everything that the log speaks of, gathered event by event."""

    def __init__(self) -> None:
        self.fields: dict[tuple[int, str], _Said] = {}
        self.newest: dict[int, int] = {}
        """Column id -> seq of its newest event about the label: the label's version."""
        self.deciders: dict[int, _Seal] = {}
        self.scanned: set[int] = set()
        self.names: dict[int, _Said] = {}
        self.present: dict[int, _Said] = {}
        self.exceptions: dict[str, tuple[int, Event]] = {}
        """Exception id -> its newest event's seq, and the event that added it."""
        self.removed: set[str] = set()
        self.undone: set[int] = set()
        self.runs: dict[str, int] = {}
        """Run id -> the first event of it."""

    def take(self, event: Event) -> None:
        """Remember what one event says."""
        if event.run_id:
            self.runs.setdefault(event.run_id, event.seq)
        if event.column_id is None:
            self._exception(event)
            return
        number = event.column_id
        self.names[number] = _Said(event.seq, event.ref)
        if event.field == "present":
            self.present[number] = _Said(event.seq, event.new)
        elif event.field in LABEL_FIELDS or event.field.startswith("level:"):
            self._label(number, event)

    def _label(self, number: int, event: Event) -> None:
        self.newest[number] = event.seq
        scan = event.actor_kind == "scan"
        status = self.fields.get((number, "status"))
        if not scan or status is None or status.value in (None, '"found"'):
            self.deciders[number] = _Seal(event.seq, event.actor)
        if scan:
            self.scanned.add(number)
        (self.undone.add if event.cause == "undo" else self.undone.discard)(number)
        fixed = 0
        if not scan and event.field.startswith("level:") and event.basis:
            fixed = int(from_json(event.basis).get("was_fixed" if event.cause == "undo" else "fixed", 0))
        self.fields[number, event.field] = _Said(event.seq, event.new, fixed)

    def _exception(self, event: Event) -> None:
        kind, _, name = event.ref.partition(":")
        if kind == "exception" and event.field == "exception":
            added = event if event.new is not None else self.exceptions.get(name, (0, event))[1]
            self.exceptions[name] = (event.seq, added)
            if event.new is None:
                self.removed.add(name)


def differences(connection: Connection, log: LogState) -> Found | None:
    """Return the first thing that is not as the log says; None when all agree."""
    checks: tuple[Callable[[Connection, LogState], Iterator[Found]], ...] = (_labels, _names, _exceptions, _runs, _findings, _reports)
    return next((found for check in checks for found in check(connection, log)), None)


def _labels(connection: Connection, log: LogState) -> Iterator[Found]:
    """Yield labels that are not what their events say."""
    stored: dict[tuple[int, str], tuple[str | None, int]] = {}
    rows = connection.execute(sa.select(schema.tags).order_by(schema.tags.c.column_id)).all()
    for row in rows:
        for name in LABEL_FIELDS:
            value = getattr(row, "type_id" if name == "type" else name)
            if name in ("owner", "permission"):
                stored[row.column_id, name] = (None if value == "{}" else value, 0)
            else:
                stored[row.column_id, name] = (to_json(value) if value else None, 0)
    for row in connection.execute(sa.select(schema.tag_levels)).all():
        stored[row.column_id, f"level:{row.policy}"] = (to_json(row.level), row.fixed)
    for key in sorted({*stored, *log.fields}):
        said = log.fields.get(key, _Said(0, None))
        value, fixed = stored.get(key, (None, 0))
        if value != said.value or (value is not None and fixed != said.fixed):
            yield _label_differs(key[0], said.seq, key[1])
    for row in rows:
        decider = log.deciders.get(row.column_id, _Seal(0, ""))
        if row.set_by != decider.actor:
            yield _label_differs(row.column_id, decider.seq, "set_by")
        if row.version != log.newest.get(row.column_id, 0):
            yield _label_differs(row.column_id, log.newest.get(row.column_id, 0), "version")


def _label_differs(column_id: int, seq: int, name: str) -> Found:
    where = Text(f"event {seq}", f"第 {seq} 条事件") if seq else Text("the log, which knows no such change", "日志（其中没有该变更）")
    return seq, Text(
        f"The label of column {column_id} differs from {where.en} in {name}: {_BREAK}",
        f"列 {column_id} 的标签（{name}）与{where.zh}不符：标签{_BREAK_ZH}",
    )


def _names(connection: Connection, log: LogState) -> Iterator[Found]:
    """Yield labelled columns that bear another name than in the log, or are there or gone against it."""
    t, c, s = schema.tables.c, schema.columns.c, schema.sources.c
    query = (
        sa.select(c.id, s.name, t.schema_name, t.table_name, c.column_name, c.gone_run)
        .join(schema.tables, t.id == c.table_id)
        .join(schema.sources, s.id == t.source_id)
        .order_by(c.id)
    )
    # A column whose only decision was taken back has no label: what happens to it is not told.
    names = {number: said for number, said in log.names.items() if log.fields.get((number, "status"), _Said(0, None)).value is not None}
    known = set()
    for number, source, schema_name, table, column, gone in connection.execute(query).all():
        known.add(number)
        said = names.get(number)
        if said is None:
            continue
        name = encode_ref(ColumnRef(source, schema_name, table, column))
        # A column that has gone takes part in its table's new name untold.
        same = name == said.value if gone is None else column == from_json(said.value or "[0]")[-1]
        if not same:
            yield _named_otherwise(number, said.seq)
        present = log.present.get(number, _Said(said.seq, "true"))
        if (present.value == "false") == (gone is None) and (gone is None or number in log.scanned):
            yield (
                present.seq,
                Text(
                    f"Column {number} is {'there' if gone is None else 'gone'}, but not by event {present.seq}: {_BREAK}",
                    f"列 {number} 的存在状态与第 {present.seq} 条事件不符：{_BREAK_ZH}",
                ),
            )
    yield from (_named_otherwise(number, names[number].seq) for number in sorted(names.keys() - known))


def _named_otherwise(number: int, seq: int) -> Found:
    return seq, Text(
        f"Column {number} bears another name than in event {seq}: {_BREAK}", f"列 {number} 的名称与第 {seq} 条事件不符：{_BREAK_ZH}"
    )


def _exceptions(connection: Connection, log: LogState) -> Iterator[Found]:
    """Yield exceptions that the log does not know so: they hide findings."""
    stored = {row.id: row for row in connection.execute(sa.select(schema.exceptions)).all()}
    for name in sorted({*stored, *log.exceptions}):
        row, (seq, added) = stored.get(name), log.exceptions.get(name, (0, None))
        if row is not None and added is not None:
            said = {
                "column": row.column_glob,
                "source": row.source,
                "type": row.type_glob,
                "fingerprint": row.fingerprint,
                "expires": row.expires,
            }
            held = (to_json(said), row.reason, row.author, row.removed_at is not None)
            if held == (added.new, added.note, added.actor, name in log.removed):
                continue
        yield seq, Text(f"Exception {name} is not as in the log: {_BREAK}", f"例外 {name} 与日志不符：{_BREAK_ZH}")


def _runs(connection: Connection, log: LogState) -> Iterator[Found]:
    """Yield runs that events name and the store does not hold."""
    known = set(connection.execute(sa.select(schema.runs.c.id)).scalars())
    for name, seq in log.runs.items():
        if name not in known:
            yield seq, Text(f"Run {name} of event {seq} is missing: it was removed.", f"第 {seq} 条事件的扫描 {name} 缺失：已被删除。")


def _findings(connection: Connection, log: LogState) -> Iterator[Found]:
    """Yield stored findings that do not fit their hash, or a label that no person decided."""
    r, number, first = schema.results.c, 0, 0
    fields = (r.column_id, r.valid_from, r.valid_to, r.verdict, r.type_id, r.content_hash, r.payload)
    while True:
        later = sa.or_(r.column_id > number, sa.and_(r.column_id == number, r.valid_from > first))
        page = connection.execute(sa.select(*fields).where(later).order_by(r.column_id, r.valid_from).limit(_PAGE)).all()
        for number, _, until, verdict, type_id, digest, payload in page:
            said, status = log.fields.get((number, "type")), log.fields.get((number, "status"))
            follows = status is not None and status.value == '"found"' and number not in log.undone and verdict != "unknown"
            if outcome_hash(payload) != digest or (until is None and follows and said is not None and to_json(type_id) != said.value):
                seq = 0 if said is None else said.seq
                yield seq, Text(f"The finding of column {number} was altered.", f"列 {number} 的检测结果被改动。")
        if len(page) < _PAGE:
            return
        first = page[-1].valid_from


def _reports(connection: Connection, log: LogState) -> Iterator[Found]:
    """Yield saved reports whose parts are missing or do not fit their hash."""
    sound: dict[str, bool] = {}
    rows = connection.execute(sa.select(schema.runs.c.id, schema.runs.c.report, schema.runs.c.tables).order_by(schema.runs.c.seq)).all()
    for name, *keys in rows:
        for key in filter(None, keys):
            if key not in sound:
                data = connection.execute(sa.select(schema.blobs.c.data).where(schema.blobs.c.key == key)).scalar()
                sound[key] = data is not None and _blob_key(data) == key
            if not sound[key]:
                yield log.runs.get(name, 0), Text(f"The report of run {name} was altered.", f"扫描 {name} 的报告被改动。")


def _blob_key(data: bytes) -> str:
    try:
        return hashlib.sha256(zlib.decompress(data)).hexdigest()
    except zlib.error:
        return ""
