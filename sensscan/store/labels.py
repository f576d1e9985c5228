"""Labels and what people decide about them: every decision is a set of events, and a tag is the latest state of its events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from sensscan.errors import UsageError
from sensscan.language import Text
from sensscan.model import ColumnRef, TableRef, Tag
from sensscan.naming import means, parse_name, written
from sensscan.store import schema
from sensscan.store.chain import Draft, append, iterate, lock_head, read_head, to_event
from sensscan.store.codec import encode_ref, to_json
from sensscan.store.database import Database, now_text, time_back
from sensscan.store.known import LevelRow, TagRow, chunks, id_ranges, json_map, load_levels, replace_rows, table_key, text_key
from sensscan.store.views import ActorKind, Event, LabelChange

OWNER_KEYS = ("department", "steward", "system")
PERMISSION_WORDS: Mapping[str, tuple[str, ...]] = {
    "store": ("plain", "access_control", "encrypted", "forbidden"),
    "share": ("open", "registered", "approved", "forbidden"),
    "onward": ("yes", "approved", "no"),
    "export": ("free", "logged", "approved", "forbidden"),
    "display": ("clear", "partial", "full", "hidden"),
}
"""What a label may allow its users, weakest word first (GB/T 39477-2020)."""
PERMISSION_KEYS = (*PERMISSION_WORDS, "purpose", "until")
_PLAIN_FIELDS = ("type_id", "category", "status", "rejected", "note", "ticket", "reviewer")
MAP_FIELDS = ("owner", "permission")
EVENT_FIELD = {"type_id": "type"}


class Place(NamedTuple):
    """A column as the store knows it."""

    id: int
    ref: ColumnRef
    fingerprint: str
    gone: bool


def find_columns(
    connection: Connection,
    *,
    sources: Sequence[str] | None = None,
    patterns: Sequence[str] = (),
    with_gone: bool = False,
    tables: Sequence[TableRef] | None = None,
    labelled: bool = False,
    spoken_of: bool = False,
) -> dict[int, Place]:
    """Return the columns meant by any of the patterns (all when there are none), by id.

    `labelled`: only those with a tag; `spoken_of`: only those with a decision, an owner or a level by a person.
    """
    wanted = [parse_name(pattern) for pattern in patterns]
    t, c, s = schema.tables.c, schema.columns.c, schema.sources.c
    query = (
        sa.select(c.id, s.name, t.schema_name, t.table_name, c.column_name, c.fingerprint, c.gone_run)
        .select_from(schema.columns)
        .join(schema.tables, t.id == c.table_id)
        .join(schema.sources, s.id == t.source_id)
        .order_by(s.name, t.schema_name, t.table_name, c.position, c.id)
    )
    if sources is not None:
        query = query.where(s.key.in_([text_key(source) for source in sources]))
    if labelled or spoken_of:
        query = query.join(schema.tags, schema.tags.c.column_id == c.id)
    if spoken_of:
        fixed = sa.select(schema.tag_levels.c.column_id).where(schema.tag_levels.c.fixed == 1)
        query = query.where(sa.or_(schema.tags.c.status != "found", schema.tags.c.owner != "{}", c.id.in_(fixed)))
    if not with_gone:
        query = query.where(c.gone_run.is_(None))
    if tables is not None:
        if len(tables) > 500:
            tables = None  # too many for one IN list; the source alone narrows enough
        else:
            query = query.where(t.key.in_([table_key(table) for table in tables]))
    found = {}
    for number, source, schema_name, table, column, fingerprint, gone in connection.execute(query).all():
        ref = ColumnRef(source, schema_name, table, column)
        if not wanted or any(means(parts, schema_name, table, column) for parts in wanted):
            found[number] = Place(number, ref, fingerprint, gone is not None)
    return found


def load_tag_rows(connection: Connection, ids: Sequence[int] | None) -> dict[int, TagRow]:
    """Return the tags of columns; of all columns when `ids` is None."""
    query = sa.select(schema.tags)
    if ids is None:
        return {row[0]: TagRow._make(row) for row in connection.execute(query).all()}
    return {
        row[0]: TagRow._make(row)
        for which in id_ranges(schema.tags.c.column_id, ids)
        for row in connection.execute(query.where(which)).all()
    }


def _newest_policy(connection: Connection) -> str:
    row = connection.execute(sa.select(schema.runs.c.policy).order_by(schema.runs.c.seq.desc()).limit(1)).first()
    return "default" if row is None else str(row.policy).split("@")[0]


def read_tags(
    database: Database,
    *,
    sources: Sequence[str] | None,
    patterns: Sequence[str],
    policy: str | None,
    with_gone: bool,
    spoken_of: bool = False,
    tables: Sequence[TableRef] | None = None,
) -> dict[ColumnRef, Tag]:
    """See `Store.tags`."""
    with database.read() as connection:
        places = find_columns(
            connection, sources=sources, patterns=patterns, with_gone=with_gone, labelled=True, spoken_of=spoken_of, tables=tables
        )
        ids = list(places) if sources is not None or patterns or spoken_of or tables is not None else None
        rows, levels = load_tag_rows(connection, ids), load_levels(connection, ids)
        chosen = policy or _newest_policy(connection)
    tags: dict[ColumnRef, Tag] = {}
    for number, place in places.items():
        if not (place.ref in tags and place.gone):
            tags[place.ref] = _tag(rows[number], place.ref, levels.get(number, {}), chosen)
    return tags


def _tag(row: TagRow, ref: ColumnRef, levels: Mapping[str, LevelRow], policy: str) -> Tag:
    by_policy = {name: level.level for name, level in levels.items()}
    level = by_policy.get(policy) or (next(iter(by_policy.values())) if len(by_policy) == 1 else "unknown")
    return Tag(
        ref,
        row.type_id,
        level,
        row.status,  # type: ignore[arg-type]  # written from TagStatus only
        row.category,
        json_map(row.owner),
        json_map(row.permission),
        row.note,
        row.set_by,
        time_back(row.set_at) if row.set_at else None,
        row.run_id,
        row.conflict,
        row.ticket,
        row.reviewer,
        row.rejected,
        by_policy,
        frozenset(name for name, one in levels.items() if one.fixed),
        row.version,
    )


def check_change(change: LabelChange) -> None:
    """Raise UsageError for words that no label may hold."""
    for key, word in (change.owner or {}).items():
        if key not in OWNER_KEYS:
            raise UsageError(
                Text(f"Unknown owner key: {key}.", f"未知的归属项：{key}。"),
                Text(f"Known: {', '.join(OWNER_KEYS)}.", f"可用：{'、'.join(OWNER_KEYS)}。"),
            )
        if len(word) > 500:
            raise UsageError(Text(f"Too long: {key}.", f"内容过长：{key}。"))
    for key, word in (change.permission or {}).items():
        if key not in PERMISSION_KEYS:
            raise UsageError(
                Text(f"Unknown permission: {key}.", f"未知的使用许可项：{key}。"),
                Text(f"Known: {', '.join(PERMISSION_KEYS)}.", f"可用：{'、'.join(PERMISSION_KEYS)}。"),
            )
        words = PERMISSION_WORDS.get(key)
        if words is not None and word and word not in words:
            raise UsageError(
                Text(f"Unknown word for {key}: {word}.", f"{key} 的取值未知：{word}。"),
                Text(f"Known: {', '.join(words)}.", f"可用：{'、'.join(words)}。"),
            )
    if change.level is not None and not change.policy:
        raise UsageError(Text("A level needs its policy.", "设定级别时需指明策略。"))
    for name in ("ticket", "reviewer"):
        if len(getattr(change, name) or "") > 255:
            raise UsageError(Text(f"Too long: {name}.", f"内容过长：{name}。"))


def _merged(text: str, changes: Mapping[str, str] | None) -> str:
    if changes is None:
        return text
    merged = {**json_map(text), **changes}
    return to_json({key: word for key, word in sorted(merged.items()) if word})


def _after(row: TagRow | None, column_id: int, change: LabelChange) -> TagRow:
    """Return the tag as the person wants it."""
    base = row or TagRow(column_id, "none", "none", "found")
    status = change.status or base.status
    type_id = base.type_id if change.type_id is None else change.type_id
    category = base.category if change.category is None else change.category
    rejected = base.rejected
    if change.status == "rejected":
        rejected = base.type_id if base.type_id != "none" else rejected
        type_id, category = "none", "none"
    elif change.status is not None:
        rejected = ""
    return base._replace(
        type_id=type_id,
        category=category,
        status=status,
        rejected=rejected,
        owner=_merged(base.owner, change.owner),
        permission=_merged(base.permission, change.permission),
        note=base.note if change.note is None else change.note,
        ticket=base.ticket if change.ticket is None else change.ticket,
        reviewer=base.reviewer if change.reviewer is None else change.reviewer,
    )


class Decider:
    """Writes the decisions of one person in one transaction; not `writing`, it only tells what they would change."""

    def __init__(
        self, database: Database, connection: Connection, actor: str, kind: ActorKind, cause: str, *, writing: bool = True
    ) -> None:
        self.database, self.connection, self.actor, self.kind, self.cause = database, connection, actor, kind, cause
        self.head = lock_head(connection)[0] if writing else read_head(connection)
        self.at = now_text()
        self.drafts: list[Draft] = []
        self.rows: dict[int, TagRow] = {}
        self.removed: list[int] = []
        self.levels: list[LevelRow] = []
        self.level_losses: list[tuple[int, str]] = []

    def note(
        self, place: Place, name: str, old: str | None, new: str | None, *, reason: str = "", basis: str = "", about: int | None = None
    ) -> None:
        """Add one event; `old` and `new` are JSON."""
        self.drafts.append(
            Draft(
                self.kind,
                self.actor,
                place.id,
                encode_ref(place.ref),
                place.fingerprint,
                name,
                old,
                new,
                self.cause,
                reason,
                "",
                basis,
                about,
            )
        )

    def decide(self, place: Place, row: TagRow | None, levels: Mapping[str, LevelRow], change: LabelChange) -> bool:
        """Take over one decision; return whether it changed anything."""
        after = _after(row, place.id, change)
        reason = " ".join(filter(None, (change.ticket, change.note)))
        count = len(self.drafts)
        for name in _PLAIN_FIELDS:
            old, new = ("" if row is None else getattr(row, name)), getattr(after, name)
            if old != new:
                self.note(place, EVENT_FIELD.get(name, name), to_json(old) if old else None, to_json(new) if new else None, reason=reason)
        for name in MAP_FIELDS:
            old, new = ("{}" if row is None else getattr(row, name)), getattr(after, name)
            if old != new:
                self.note(place, name, None if old == "{}" else old, None if new == "{}" else new, reason=reason)
        for policy, level in change.derived_levels.items():
            if change.policy != policy and not (policy in levels and levels[policy].fixed):
                self._level(place, levels.get(policy), LevelRow(place.id, policy, level, 0), reason)
        if change.level is not None:
            self._level(place, levels.get(change.policy), LevelRow(place.id, change.policy, change.level, 1), reason)
        if len(self.drafts) == count:
            return False
        self.put(after)
        return True

    def _level(self, place: Place, old: LevelRow | None, new: LevelRow, reason: str) -> None:
        if old is not None and (old.level, old.fixed) == (new.level, new.fixed):
            return
        basis = to_json({"fixed": new.fixed, "was_fixed": 0 if old is None else old.fixed})
        self.note(place, f"level:{new.policy}", None if old is None else to_json(old.level), to_json(new.level), reason=reason, basis=basis)
        self.put_level(new)

    def put_level(self, row: LevelRow) -> None:
        """Write a level."""
        self.level_losses.append((row.column_id, row.policy))
        self.levels.append(row)

    def put(self, row: TagRow) -> None:
        """Write a tag."""
        self.rows[row.column_id] = row._replace(set_by=self.actor, set_at=self.at, version=self.head.count + len(self.drafts))

    def write(self) -> int:
        """Write everything; return the number of events."""
        c = schema.tag_levels.c
        self.database.update(
            self.connection,
            sa.delete(schema.tag_levels).where(c.column_id == sa.bindparam("b_id"), c.policy == sa.bindparam("b_policy")),
            [{"b_id": number, "b_policy": policy} for number, policy in self.level_losses],
        )
        self.database.insert(self.connection, schema.tag_levels, self.levels)
        replace_rows(self.database, self.connection, schema.tags, list(self.rows.values()), [*self.rows, *self.removed])
        append(self.database, self.connection, self.drafts)
        return len(self.drafts)


def decide(
    database: Database, changes: Mapping[ColumnRef, LabelChange], *, actor: str, kind: ActorKind, expected: Mapping[ColumnRef, int] | None
) -> tuple[int, list[ColumnRef]]:
    """Write decisions, all or none. Return how many columns changed, and those that differ from `expected` versions (then none)."""
    for change in changes.values():
        check_change(change)
    database.key  # noqa: B018  # before the transaction: making a new store's key writes to the store
    with database.write() as connection:
        decider = Decider(database, connection, actor, kind, "import" if kind == "import" else "manual")
        places = places_of(connection, changes)
        ids = [place.id for place in places.values()]
        rows, levels = load_tag_rows(connection, ids), load_levels(connection, ids)
        stale = [
            ref for ref, version in (expected or {}).items() if version != (rows[places[ref].id].version if places[ref].id in rows else 0)
        ]
        if stale:
            return 0, stale
        changed = sum(
            decider.decide(places[ref], rows.get(places[ref].id), levels.get(places[ref].id, {}), change) for ref, change in changes.items()
        )
        decider.write()
    return changed, []


def would_change(database: Database, changes: Mapping[ColumnRef, LabelChange]) -> list[ColumnRef]:
    """Return the columns that `decide` would change, and write nothing. Raises UsageError as it does."""
    for change in changes.values():
        check_change(change)
    with database.read() as connection:
        decider = Decider(database, connection, "", "person", "manual", writing=False)
        places = places_of(connection, changes)
        ids = [place.id for place in places.values()]
        rows, levels = load_tag_rows(connection, ids), load_levels(connection, ids)
        return [
            ref
            for ref, change in changes.items()
            if decider.decide(places[ref], rows.get(places[ref].id), levels.get(places[ref].id, {}), change)
        ]


def places_of(connection: Connection, refs: Iterable[ColumnRef]) -> dict[ColumnRef, Place]:
    """Return the places of columns. Raises UsageError for one that the store does not know."""
    wanted = list(refs)
    found: dict[ColumnRef, Place] = {}
    tables = list({ref.table_ref for ref in wanted})
    for place in find_columns(connection, sources=list({ref.source for ref in wanted}), with_gone=True, tables=tables).values():
        if place.ref not in found or found[place.ref].gone:
            found[place.ref] = place
    for ref in wanted:
        if ref not in found:
            raise UsageError(
                Text(
                    f"No such column in the store: {written(ref)}",
                    f"标签库中没有该列：{written(ref)}",
                ),
                Text("Scan it first.", "请先扫描。"),
            )
    return {ref: found[ref] for ref in wanted}


def events_of(connection: Connection, ids: Sequence[int] | None) -> Iterator[Event]:
    """Yield the events about columns in order; all events when `ids` is None."""
    if ids is None:
        yield from map(to_event, iterate(connection))
        return
    for part in chunks(ids):
        yield from map(to_event, iterate(connection, schema.events.c.column_id.in_(part)))


def notices(connection: Connection) -> Iterator[Event]:
    """Yield what data users were told, in order."""
    yield from map(to_event, iterate(connection, schema.events.c.field == "notice"))
