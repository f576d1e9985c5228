"""The event log: append-only, each line sealed together with the one before (HMAC chain).

    hash = HMAC(key, JSON list of [hash before, seq, all fields])

Without the key nobody can change, remove, insert or reorder a line unnoticed; a cut-off tail is noticed by a head (count and
hash) kept outside the store. One row (`chain`) holds the end and is locked by each writer, so that lines never fork.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from sensscan.language import Text
from sensscan.store import schema
from sensscan.store.audit import LogState, differences
from sensscan.store.codec import to_json
from sensscan.store.database import GENESIS, Database, now_text
from sensscan.store.keys import Algorithm, Sealer, StoreKey
from sensscan.store.views import ActorKind, Event, Head, Verification

_PAGE = 5000


class Draft(NamedTuple):
    """An event before it gets its place in the log. The fields are those of `views.Event`."""

    actor_kind: ActorKind
    actor: str
    column_id: int | None
    ref: str
    fingerprint: str
    field: str
    old: str | None
    new: str | None
    cause: str
    note: str = ""
    run_id: str = ""
    basis: str = ""
    about: int | None = None


def lock_head(connection: Connection) -> tuple[Head, str]:
    """Lock the log's end until the transaction ends; return it and the time of the last event."""
    row = connection.execute(sa.select(schema.chain).where(schema.chain.c.id == 1).with_for_update()).one()
    return Head(row.length, row.head), row.at


def read_head(connection: Connection) -> Head:
    """Return the log's end without locking it."""
    row = connection.execute(sa.select(schema.chain.c.length, schema.chain.c.head)).one()
    return Head(row.length, row.head)


def append(database: Database, connection: Connection, drafts: Sequence[Draft]) -> Head:
    """Add events to the log and return its new end. The caller's transaction must have locked the head."""
    head, last_at = lock_head(connection)
    if not drafts:
        return head
    sealer = database.sealer()
    seal, algorithm, before, seq = sealer.seal, sealer.algorithm, head.hash, head.count
    at = max(now_text(), last_at)
    rows: list[tuple[object, ...]] = []
    for draft in drafts:
        seq += 1
        digest = seal(to_json([before, seq, at, *draft, algorithm]).encode())
        rows.append((seq, at, *draft, algorithm, before, digest))
        before = digest
    database.insert(connection, schema.events, rows)
    connection.execute(sa.update(schema.chain).where(schema.chain.c.id == 1).values(length=seq, head=before, at=at))
    return Head(seq, before)


def _fields(row: tuple[object, ...]) -> list[object]:
    """Return what is sealed, from a row in the order of the table's columns."""
    *fields, prev_hash, _digest = row
    return [prev_hash, *fields]


def iterate(connection: Connection, *conditions: sa.ColumnElement[bool]) -> Iterator[tuple[object, ...]]:
    """Yield the log's rows in order, a page at a time."""
    last = -(2**31) + 1
    while True:
        page = connection.execute(
            sa.select(schema.events).where(schema.events.c.seq > last, *conditions).order_by(schema.events.c.seq).limit(_PAGE)
        ).all()
        yield from map(tuple, page)
        if len(page) < _PAGE:
            return
        last = page[-1].seq


def to_event(row: tuple[object, ...]) -> Event:
    """Return a row as an event."""
    return Event(*row)  # type: ignore[arg-type]  # the columns' types are those of the class


def _at(seq: int, en: str, zh: str) -> tuple[int, Text]:
    return seq, Text(f"Event {seq}: {en}", f"第 {seq} 条事件：{zh}")


def _missing(first: int, last: int) -> tuple[int, Text]:
    return first, Text(f"Events {first} to {last} are missing.", f"缺少第 {first} 至 {last} 条事件。")


class _Walk:
    """Follows the chain line by line and stops at the first that does not hold."""

    def __init__(self, key: StoreKey, anchors: Mapping[int, Mapping[str, Text]]) -> None:
        self.key = key
        self.anchors = anchors
        """Seq -> hash that was noted for it -> where."""
        self.sealers: dict[Algorithm, Sealer] = {}
        self.state = LogState()
        self.hash = GENESIS
        self.seq = 0
        self.at = ""

    def step(self, row: tuple[object, ...]) -> tuple[int, Text] | None:
        """Take one line; return what is wrong with it."""
        event = to_event(row)
        due = self.seq + 1
        if event.seq != due:
            if event.seq < due:
                return _at(event.seq, "it does not belong here (inserted).", "不应存在（被插入）。")
            return _missing(due, event.seq - 1)
        if event.prev_hash != self.hash:
            return _at(
                due, "it does not continue the line before (altered, inserted or reordered).", "与前一条不衔接（被改动、插入或调换顺序）。"
            )
        algorithm: Algorithm = "sm3" if event.algorithm == "sm3" else "sha256"
        sealer = self.sealers.get(algorithm) or self.sealers.setdefault(algorithm, self.key.sealer(algorithm))
        if sealer.seal(to_json(_fields(row)).encode()) != event.hash:
            return _at(
                due,
                "its seal does not fit its content (altered, or sealed with another key).",
                "封印与内容不符（被改动，或用其他密钥重算）。",
            )
        if event.at < self.at:
            return _at(due, "it is earlier than the line before.", "时间早于前一条。")
        for noted, place in self.anchors.get(due, {}).items():
            if noted != event.hash:
                return _at(due, f"its hash is not the one noted {place.en}.", f"哈希与{place.zh}记录的不同。")
        self.seq, self.hash, self.at = due, event.hash, event.at
        self.state.take(event)
        return None


def _anchors(connection: Connection, head: Head | None) -> dict[int, dict[str, Text]]:
    """Return the ends of the log that were noted: by finished runs, and elsewhere."""
    r = schema.runs.c
    anchors: dict[int, dict[str, Text]] = {}
    for name, count, noted in connection.execute(sa.select(r.id, r.events_count, r.events_head).where(r.events_count > 0)).all():
        if noted:
            anchors.setdefault(count, {})[noted] = Text(f"by run {name}", f"扫描 {name} ")
    if head is not None and head.count > 0:
        anchors.setdefault(head.count, {})[head.hash] = Text("elsewhere (--head)", "另处（--head）")
    return anchors


def verify(connection: Connection, key: StoreKey, head: Head | None = None) -> Verification:
    """Check the whole log, and what lies beside it (see `audit`).

    Finds each altered, removed, inserted or reordered line and says where, and labels, names and exceptions that are not what the
    log says. A cut-off tail is found by `head`, by the end noted in the store, and by the heads that finished runs noted; whoever can
    write the store can change the latter two, so only a head kept elsewhere anchors the log, and only as far as it reaches.
    """
    anchors = _anchors(connection, head)
    walk = _Walk(key, anchors)
    found: tuple[int, Text] | None = None
    for row in iterate(connection):
        found = walk.step(row)
        if found is not None:
            break
    if found is None:
        noted_end = read_head(connection)
        due = max([*anchors, noted_end.count, 0])
        if due > walk.seq:
            found = _missing(walk.seq + 1, due)
        elif noted_end.count != walk.seq:
            found = _at(noted_end.count + 1, "it lies behind the noted end of the log (inserted).", "位于日志记录的末尾之后（被插入）。")
        elif noted_end.hash != walk.hash:
            found = _at(walk.seq, "it is not the noted end of the log.", "与日志记录的末尾不符。")
    if found is None:
        found = differences(connection, walk.state)
    anchored_to = None if head is None else min(head.count, walk.seq)
    if found is None:
        return Verification(walk.seq, walk.hash, anchored_to)
    return Verification(walk.seq, walk.hash, anchored_to, found[0], found[1])
