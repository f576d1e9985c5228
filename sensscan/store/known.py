"""What the store knows of tables, columns, current results and tags: rows loaded for one batch of work."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from sensscan.model import Column, ColumnRef, TableRef
from sensscan.store import schema
from sensscan.store.codec import from_json, to_json
from sensscan.store.database import Database

_CHUNK = 500
"""Most values of one IN list."""
_RANGE = 10_000
"""Most ids of one range: bounds what a query returns."""


def text_key(*parts: str) -> str:
    """Return the key under which a name of any length and alphabet is found."""
    return hashlib.sha256(to_json(parts).encode()).hexdigest()


def table_key(ref: TableRef) -> str:
    """Return the key of a table."""
    return text_key(ref.source, ref.schema, ref.table)


def column_fingerprint(column: Column) -> str:
    """Return the hash of a column's structure: what it is declared as, not its name."""
    text = f"{column.data_type}\0{column.position}\0{column.nullable}\0{column.is_key}\0{column.comment}"
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


class TagRow(NamedTuple):
    """A row of `tags`, in the order of its columns."""

    column_id: int
    type_id: str
    category: str
    status: str
    owner: str = "{}"
    permission: str = "{}"
    note: str = ""
    ticket: str = ""
    reviewer: str = ""
    rejected: str = ""
    conflict: str = ""
    set_by: str = ""
    set_at: str = ""
    run_id: str = ""
    rule: str = ""
    version: int = 0

    @property
    def decided(self) -> bool:
        """Whether a person has spoken: no scan changes such a tag."""
        return self.status != "found"


class LevelRow(NamedTuple):
    """A row of `tag_levels`."""

    column_id: int
    policy: str
    level: str
    fixed: int = 0
    version: str = ""


class KnownTable(NamedTuple):
    """A row of `tables` that matters here."""

    id: int
    ref: TableRef
    fingerprint: str
    gone: bool


class KnownColumn(NamedTuple):
    """A column with its current result and tag."""

    id: int
    ref: ColumnRef
    position: int
    data_type: str
    fingerprint: str
    gone_run: int | None
    valid_from: int | None
    content_hash: str
    verdict: str
    type_id: str
    tag: TagRow | None


_COLUMN_FIELDS = (
    schema.columns.c.id,
    schema.columns.c.table_id,
    schema.columns.c.column_name,
    schema.columns.c.position,
    schema.columns.c.data_type,
    schema.columns.c.fingerprint,
    schema.columns.c.gone_run,
    schema.results.c.valid_from,
    schema.results.c.content_hash,
    schema.results.c.verdict,
    schema.results.c.type_id,
)
_WITH_TAGS = schema.columns.outerjoin(
    schema.results, sa.and_(schema.results.c.column_id == schema.columns.c.id, schema.results.c.valid_to.is_(None))
).outerjoin(schema.tags, schema.tags.c.column_id == schema.columns.c.id)


def source_ids(connection: Connection, names: Iterable[str]) -> dict[str, int]:
    """Return the ids of those sources that the store knows."""
    keys = [text_key(name) for name in names]
    rows = connection.execute(sa.select(schema.sources.c.name, schema.sources.c.id).where(schema.sources.c.key.in_(keys)))
    return {name: number for name, number in rows}  # noqa: C416  # rows are not pairs for dict()


def ensure_sources(connection: Connection, names: Iterable[str]) -> dict[str, int]:
    """Return the ids of sources, giving new ones an id. The chain must be locked."""
    wanted = list(dict.fromkeys(names))
    known = source_ids(connection, wanted)
    for name in wanted:
        if name not in known:
            known[name] = next_id(connection, schema.sources.c.id)
            connection.execute(sa.insert(schema.sources).values(id=known[name], key=text_key(name), name=name))
    return known


def next_id(connection: Connection, column: sa.Column[int]) -> int:
    """Return the next free id of a table. The chain must be locked."""
    return int(connection.execute(sa.select(sa.func.coalesce(sa.func.max(column), 0))).scalar_one()) + 1


def run_seq(connection: Connection, run_id: str) -> int:
    """Return the number of a run."""
    return int(connection.execute(sa.select(schema.runs.c.seq).where(schema.runs.c.id == run_id)).scalar_one())


def load_tables(connection: Connection, refs: Iterable[TableRef]) -> dict[TableRef, KnownTable]:
    """Return those of the tables that the store knows."""
    by_key = {table_key(ref): ref for ref in refs}
    found: dict[TableRef, KnownTable] = {}
    c = schema.tables.c
    for keys in chunks(list(by_key)):
        for row in connection.execute(sa.select(c.id, c.key, c.fingerprint, c.gone_run).where(c.key.in_(keys))):
            ref = by_key[row.key]
            found[ref] = KnownTable(row.id, ref, row.fingerprint, row.gone_run is not None)
    return found


def load_source_tables(connection: Connection, source: str) -> dict[TableRef, KnownTable]:
    """Return all tables of a source that have not gone."""
    c = schema.tables.c
    rows = connection.execute(
        sa.select(c.id, c.schema_name, c.table_name, c.fingerprint)
        .join(schema.sources, schema.sources.c.id == c.source_id)
        .where(schema.sources.c.key == text_key(source), c.gone_run.is_(None))
    )
    found = {}
    for number, schema_name, name, fingerprint in rows:
        ref = TableRef(source, schema_name, name)
        found[ref] = KnownTable(number, ref, fingerprint, False)
    return found


def load_columns(connection: Connection, tables: Mapping[int, TableRef]) -> dict[ColumnRef, KnownColumn]:
    """Return the columns of tables with current result and tag; of two with one name the present or last one."""
    found: dict[ColumnRef, KnownColumn] = {}
    for ids in chunks(list(tables)):
        query = sa.select(*_COLUMN_FIELDS, *schema.tags.c).select_from(_WITH_TAGS).where(schema.columns.c.table_id.in_(ids))
        for row in connection.execute(query).all():
            number, table_id, name, position, data_type, fingerprint, gone, valid_from, content_hash, verdict, type_id, *tag = row
            table = tables[table_id]
            ref = ColumnRef(table.source, table.schema, table.table, name)
            before = found.get(ref)
            if before is not None and (before.gone_run is None or (gone is not None and gone < before.gone_run)):
                continue
            found[ref] = KnownColumn(
                number,
                ref,
                position,
                data_type,
                fingerprint,
                gone,
                valid_from,
                content_hash or "",
                verdict or "",
                type_id or "",
                None if tag[0] is None else TagRow._make(tag),
            )
    return found


def load_levels(connection: Connection, column_ids: Sequence[int] | None) -> dict[int, dict[str, LevelRow]]:
    """Return the levels per policy of columns; of all columns when `column_ids` is None."""
    found: dict[int, dict[str, LevelRow]] = {}
    query = sa.select(schema.tag_levels)
    parts = [query] if column_ids is None else [query.where(which) for which in id_ranges(schema.tag_levels.c.column_id, column_ids)]
    for part in parts:
        for row in connection.execute(part).all():
            found.setdefault(row[0], {})[row[1]] = LevelRow._make(row)
    return found


def replace_rows(database: Database, connection: Connection, table: sa.Table, rows: Sequence[TagRow], existing: Sequence[int]) -> None:
    """Write tag rows, first removing those of `existing` columns."""
    for ids in chunks(existing):
        connection.execute(sa.delete(table).where(table.c.column_id.in_(ids)))
    database.insert(connection, table, rows)


def chunks(items: Sequence[object]) -> Iterable[list[object]]:
    """Cut a list into parts that fit an IN list."""
    return (list(items[start : start + _CHUNK]) for start in range(0, len(items), _CHUNK))


def id_ranges(column: sa.Column[int], ids: Iterable[int]) -> Iterator[sa.ColumnElement[bool]]:
    """Yield conditions that together hold for all `ids`, and where ids lie close for few others: one query instead of many.

    Ids are given in order, so the columns of a source are mostly neighbours; the caller ignores rows that it did not ask for.
    """
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), _RANGE):
        part = wanted[start : start + _RANGE]
        if part[-1] - part[0] < 2 * len(part):
            yield column.between(part[0], part[-1])
        else:
            yield from (column.in_(some) for some in chunks(part))


def ranges(numbers: Iterable[int]) -> str:
    """Write numbers as ranges ("1-2000,2003"): a night that looked at everything takes a few characters.

    >>> ranges([3, 1, 2, 7])
    '1-3,7'
    """
    parts: list[str] = []
    start = last = None
    for number in sorted(set(numbers)):
        if last is not None and number == last + 1:
            last = number
            continue
        if start is not None:
            parts.append(str(start) if start == last else f"{start}-{last}")
        start = last = number
    if start is not None:
        parts.append(str(start) if start == last else f"{start}-{last}")
    return ",".join(parts)


def in_ranges(text: str) -> set[int]:
    """Read what `ranges` wrote."""
    numbers: set[int] = set()
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        numbers.update(range(int(first), int(last or first) + 1))
    return numbers


def json_map(text: str) -> dict[str, str]:
    """Read a stored map of words (owner, permission)."""
    if text == "{}":
        return {}
    value = from_json(text)
    return {str(key): str(word) for key, word in value.items()}
