"""The methods of sampling, and which one a table gets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sensscan.config import ReadLimits
from sensscan.errors import ReadError
from sensscan.language import Text
from sensscan.model import Column, Family, SampleMethod, Table
from sensscan.naming import dotted
from sensscan.sample.cells import Cell, convert_columns, read_as
from sensscan.sample.choice import choice_columns, choose_rows
from sensscan.sample.jumps import sample_by_jumps
from sensscan.source import Session, error_code
from sensscan.source.decode import decode_text

Row = tuple[Any, ...]

_OVERSAMPLE = 1.25
"""A block sample varies with the number of blocks drawn; this much more is asked for and cut here."""
_FIRST_BLOCKS = 24
"""Blocks of a first sample when nobody knows how many rows a block holds."""
_LEAST_BLOCKS = 64
"""Rows of one block were written together; a sample from fewer places would say little about the table."""
_MOST_TRIES = 4


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was read: one tuple of cells per column."""

    columns: list[tuple[object, ...]]
    rows: int
    method: SampleMethod
    complete: bool


@dataclass(frozen=True, slots=True)
class Query:
    """One table's query in the making."""

    session: Session
    table: Table
    cells: list[Cell]
    limits: ReadLimits
    keys: tuple[str, ...]
    """Columns for the choice of rows, quoted; read behind the others when a method may bring too many rows."""

    @property
    def name(self) -> str:
        """Schema and table, quoted."""
        return self.session.quote_table(self.table.ref.schema, self.table.ref.table)

    @property
    def select(self) -> str:
        """The select list."""
        return ", ".join(cell.expression for cell in self.cells)

    def rows(self, statement: str, most_rows: int | None) -> list[Row]:
        """Run a statement within the byte budget; watch the bytes only where `most_rows` could exceed it."""
        weight = sum(cell.most_bytes for cell in self.cells)
        if most_rows is not None and weight * most_rows <= self.limits.table_bytes:
            return self.session.execute(statement)
        return self._counted(statement)

    def _counted(self, statement: str) -> list[Row]:
        rows: list[Row] = []
        total = 0
        for batch in self.session.stream(statement):
            total += sum(len(cell) if isinstance(cell, str | bytes) else 16 for row in batch for cell in row)
            if total > self.limits.table_bytes:
                size = self.limits.table_bytes // (1024 * 1024)
                raise ReadError(
                    Text(
                        f"{dotted(self.table.ref.schema, self.table.ref.table)} was left out: its sample is larger than {size} MB.",
                        f"{dotted(self.table.ref.schema, self.table.ref.table)} 已跳过：样本超过 {size} MB。",
                    ),
                    Text("Lower --sample or raise table_bytes in the configuration.", "请减小 --sample，或在配置中调大 table_bytes。"),
                    "budget",
                )
            rows += batch
        return rows

    def fetched(self, rows: Sequence[Row], method: SampleMethod, *, complete: bool = False) -> Fetched:
        """Return all these rows as columns."""
        return Fetched(convert_columns(self.cells, rows), len(rows), method, complete)

    def chosen(self, rows: list[Row], method: SampleMethod) -> Fetched:
        """Return as many of these rows as were wanted, always the same ones; the keys stand behind the cells."""
        places = range(len(self.cells), len(self.cells) + len(self.keys))
        return self.fetched(choose_rows(rows, places, self.limits.sample_rows, self.limits.seed), method)


def needs_care(error: Exception) -> bool:
    """True for failures that the careful way of reading avoids: undecodable text, cells above the quick limit."""
    return isinstance(error, UnicodeDecodeError) or error_code(error) == "SQLITE_TOOBIG" or str(error).startswith("Could not decode")


def make_query(session: Session, table: Table, columns: Sequence[Column], limits: ReadLimits, *, careful: bool) -> Query:
    """Return what is needed to read one table; reads nothing."""
    keys = tuple(session.quote(name) for name in choice_columns(table) if table.readable_columns is None or name in table.readable_columns)
    return Query(session, table, [read_as(session, column, limits, careful=careful) for column in columns], limits, keys)


def read_rows(session: Session, table: Table, columns: Sequence[Column], limits: ReadLimits, *, careful: bool) -> Fetched:
    """Read rows of one table in the transaction that is open. Raises drivers' errors and ReadError (budget)."""
    query = make_query(session, table, columns, limits, careful=careful)
    with _cell_guard(session, limits, careful=careful):
        return _read(query)


@contextmanager
def _cell_guard(session: Session, limits: ReadLimits, *, careful: bool) -> Iterator[None]:
    """SQLite: refuse cells above the limit instead of asking each cell for its length, which would cost a third more time."""
    if session.dialect != "sqlite":
        yield
        return
    import sqlite3

    raw = session.raw
    before = raw.getlimit(sqlite3.SQLITE_LIMIT_LENGTH)
    factory = raw.text_factory
    if careful:
        raw.text_factory = decode_text
    else:
        raw.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, limits.cell_characters)
    try:
        yield
    finally:
        raw.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, before)
        raw.text_factory = factory


def _read(query: Query) -> Fetched:
    table, limits = query.table, query.limits
    wanted = limits.sample_rows
    if table.kind == "view" and query.session.dialect == "postgresql":
        # Functions inside a view may count on the account's own search path.
        query.session.execute("SET LOCAL search_path TO DEFAULT")
    if limits.all_rows:
        return query.fetched(query.rows(f"SELECT {query.select} FROM {query.name}", None), "all", complete=True)  # noqa: S608  # names are quoted
    if table.kind in ("view", "virtual"):
        rows = query.rows(f"SELECT {query.select} FROM {query.name} LIMIT {wanted + 1}", wanted + 1)  # noqa: S608
        complete = len(rows) <= wanted
        return query.fetched(rows[:wanted], "all" if complete else "view_head" if table.kind == "view" else "head", complete=complete)
    if table.row_estimate is None or table.row_estimate <= limits.all_below:
        unknown = table.row_estimate is None and query.session.dialect == "postgresql" and table.kind != "partitioned"
        if not unknown or _blocks(query)[0] * 8 <= limits.all_below:
            guard = max(limits.all_below, 1)
            rows = query.rows(f"SELECT {query.select} FROM {query.name} LIMIT {guard + 1}", guard + 1)  # noqa: S608
            if len(rows) <= guard:
                return query.fetched(rows, "all", complete=True)
            # The estimate was wrong: what came are head rows; sample again.
    if query.session.vendor == "PostgreSQL":  # its relatives do not all know TABLESAMPLE
        return _by_tablesample(query)
    return _by_jumps(query)


def _blocks(query: Query) -> tuple[int, float]:
    """Return a PostgreSQL table's blocks now and its rows per block (0 when unknown); a parent has the sum of its leaves.

    Sets the session's random seed on the way.
    """
    statement = """
        WITH RECURSIVE leaves AS (
            SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = %s AND c.relname = %s
            UNION ALL SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN leaves l ON i.inhparent = l.oid)
        SELECT coalesce(sum(pg_catalog.pg_relation_size(c.oid) / pg_catalog.current_setting('block_size')::int8), 0)::int8,
               coalesce(sum(c.reltuples) FILTER (WHERE c.reltuples > 0), 0)::float8, coalesce(sum(c.relpages), 0)::int8,
               pg_catalog.setseed(%s)::text
        FROM leaves l JOIN pg_catalog.pg_class c ON c.oid = l.oid WHERE c.relkind IN ('r', 'm')"""
    ref, seed = query.table.ref, query.limits.seed % 10007 / 10007
    blocks, rows, known, _ = query.session.execute(statement, [ref.schema, ref.table, seed])[0]
    return int(blocks), (rows / known if known else 0.0)


def _by_tablesample(query: Query) -> Fetched:
    """Draw whole blocks by TABLESAMPLE SYSTEM; never with LIMIT behind it, which would take the first blocks only.

    Where blocks hold many rows, more blocks are drawn and the server thins their rows out, so that the sample comes from
    many places.
    """
    wanted, seed = query.limits.sample_rows, query.limits.seed
    blocks, density = _blocks(query)
    select = ", ".join([query.select, *query.keys])
    need = max(float(_LEAST_BLOCKS), wanted * _OVERSAMPLE / density + 1) if density else float(_FIRST_BLOCKS)
    rows: list[Row] = []
    for _ in range(_MOST_TRIES):
        percent = min(100.0, 100.0 * need / max(1, blocks))
        kept = min(1.0, wanted * _OVERSAMPLE / (density * need)) if density else 1.0
        thin = f" WHERE pg_catalog.random() < {kept:.6f}" if kept < 0.9 else ""
        statement = f"SELECT {select} FROM {query.name} TABLESAMPLE SYSTEM ({percent:.6f}) REPEATABLE ({seed}){thin}"  # noqa: S608
        # A block of 8 KB holds at most 291 rows; usually the density is known.
        rows = query.rows(statement, int(need * 2 * (density * kept or 291)) + 1)
        if len(rows) >= wanted * 0.6 or percent >= 100:
            break
        drawn = max(1.0, blocks * percent / 100)
        density = len(rows) / drawn / kept
        need = min(need * 20, wanted * _OVERSAMPLE / density) if rows else need * 20
    return query.chosen(rows, "tablesample")


def _by_jumps(query: Query) -> Fetched:
    wanted, seed = query.limits.sample_rows, query.limits.seed
    for key in keys_of(query):
        columns = [*(cell.expression for cell in query.cells), *query.keys]
        # The joined list of keys has names of its own, so the columns need no table name in front.
        try:
            rows = sample_by_jumps(query.session, query.table, key, ", ".join(columns), wanted=wanted, seed=seed)
        except Exception as error:
            if query.session.dialect == "sqlite" and "no such column: " in str(error):  # a table WITHOUT ROWID
                continue
            raise
        if rows:
            return query.chosen(rows, "key_jumps")
    rows = query.rows(f"SELECT {query.select} FROM {query.name} LIMIT {wanted}", wanted)  # noqa: S608  # names are quoted
    return query.fetched(rows, "head", complete=len(rows) < wanted)


def keys_of(query: Query) -> Iterator[tuple[str, ...]]:
    """Yield the keys to jump along, best first: SQLite's rowid, the primary key, a unique column without NULLs."""
    table = query.table
    names = {column.ref.column.casefold() for column in table.columns}
    readable = table.readable_columns
    if query.session.dialect == "sqlite" and table.kind == "table":
        # Never quoted: SQLite takes a quoted name that is no column for a string.
        alias = next((name for name in ("_rowid_", "rowid", "oid") if name not in names), None)
        if alias is not None:
            yield (alias,)
    if table.primary_key and (readable is None or set(table.primary_key) <= set(readable)):
        yield tuple(query.session.quote(name) for name in table.primary_key)
    for column in table.columns:
        usable = (
            column.is_key
            and not column.nullable
            and table.primary_key != (column.ref.column,)
            and column.ref.column not in table.primary_key
        )
        if usable and column.family is not Family.BINARY and (readable is None or column.ref.column in readable):
            yield (query.session.quote(column.ref.column),)
