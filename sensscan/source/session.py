"""A read-only session with one source: statements, short transactions, the statement log, one reconnect."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from sensscan.config import ReadLimits
from sensscan.errors import SensscanError
from sensscan.source.connect import Opened, open_driver, sqlite_stamp
from sensscan.source.decode import repair_latin1
from sensscan.source.errors import is_lost
from sensscan.source.log import StatementLog
from sensscan.source.url import Dialect, SourceUrl

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.engine.interfaces import Dialect as AlchemyDialect

T = TypeVar("T")
Row = tuple[Any, ...]

_COMMENT = "/* sensscan */ "
"""Marks our statements in the server's own logs and process lists."""


@dataclass(slots=True)
class Session:
    """One connection that cannot write. Made by `open_source`; not for use by several threads."""

    url: SourceUrl
    limits: ReadLimits
    log: StatementLog | None = None
    rows_fetched: int = 0
    """Rows that all statements of this session returned."""
    _opened: Opened | None = field(default=None, repr=False)
    _alchemy: AlchemyDialect | None = field(default=None, repr=False)
    _connection: Connection | None = field(default=None, repr=False)
    _in_transaction: bool = False

    @property
    def dialect(self) -> Dialect:
        """sqlite, postgresql or mysql (also for MariaDB)."""
        return self.url.dialect

    @property
    def server(self) -> str:
        """Vendor and version, such as "MariaDB 10.11.6"."""
        return self._driver.server

    @property
    def vendor(self) -> str:
        """First word of `server`: SQLite, PostgreSQL, MariaDB, MySQL or what the server calls itself."""
        return self._driver.server.partition(" ")[0]

    @property
    def features(self) -> frozenset[str]:
        """What was found out about the server when connecting: `sql_ascii`, `immutable`, `search_path`."""
        return self._driver.features

    @property
    def raw(self) -> Any:
        """The driver's own connection."""
        return self._driver.raw

    @property
    def _driver(self) -> Opened:
        if self._opened is None:
            self._opened = open_driver(self.url, self.limits)
        return self._opened

    @property
    def alchemy(self) -> AlchemyDialect:
        """SQLAlchemy's dialect, for quoting; it never connects."""
        if self._alchemy is None:
            self._alchemy = _alchemy_dialect(self.dialect)
        return self._alchemy

    @property
    def connection(self) -> Connection:
        """The same connection as SQLAlchemy's; parameters are hidden in its errors. Made on first use."""
        if self._connection is None:
            from sqlalchemy import create_engine
            from sqlalchemy.pool import StaticPool

            names = {"sqlite": "sqlite://", "postgresql": "postgresql+psycopg2://", "mysql": "mysql+pymysql://"}
            engine = create_engine(names[self.dialect], creator=lambda: self.raw, poolclass=StaticPool, hide_parameters=True)
            self._connection = engine.connect()
        return self._connection

    def quote(self, name: str) -> str:
        """Return an identifier quoted for a statement of `execute`; always quoted, whatever it holds."""
        preparer = self.alchemy.identifier_preparer
        return preparer.quote_identifier(name)

    def quote_table(self, schema: str, table: str) -> str:
        """Return `schema.table`, both quoted."""
        return f"{self.quote(schema)}.{self.quote(table)}"

    @property
    def placeholder(self) -> str:
        """The driver's mark for a parameter."""
        return "?" if self.dialect == "sqlite" else "%s"

    def execute(self, statement: str, parameters: Sequence[object] = ()) -> list[Row]:
        """Run one statement and return all its rows as plain tuples.

        Percent signs are doubled in the statement, as `quote` does. Outside of `transaction` the statement is a
        transaction of its own. Raises the driver's error: wrap calls in `translate`.
        """
        started = time.perf_counter()
        rows: list[Row] = []
        cursor = self.raw.cursor()
        try:
            self._run(cursor, statement, parameters)
            if cursor.description is not None:
                rows = cursor.fetchall()
        finally:
            cursor.close()
            self._after(statement, len(rows), started)
        if not isinstance(rows, list):
            rows = list(rows)
        return self._repair(rows) if "sql_ascii" in self.features else rows

    def stream(self, statement: str, parameters: Sequence[object] = (), batch: int = 500) -> Iterator[list[Row]]:
        """Run one statement and yield its rows in batches, held by the server until they are asked for."""
        started = time.perf_counter()
        count = 0
        cursor = self._server_side_cursor(batch)
        try:
            self._run(cursor, statement, parameters)
            while rows := cursor.fetchmany(batch):
                count += len(rows)
                if not isinstance(rows, list):
                    rows = list(rows)
                yield self._repair(rows) if "sql_ascii" in self.features else rows
        finally:
            cursor.close()
            self._after(statement, count, started)

    def _server_side_cursor(self, batch: int) -> Any:
        if self.dialect == "postgresql":
            cursor = self.raw.cursor(name="sensscan_rows")
            cursor.itersize = batch
            return cursor
        if self.dialect == "mysql":
            from pymysql.cursors import SSCursor

            return self.raw.cursor(SSCursor)
        return self.raw.cursor()

    def _run(self, cursor: Any, statement: str, parameters: Sequence[object]) -> None:
        statement = _COMMENT + statement
        if self.dialect == "sqlite":
            self._driver.start_clock(self.limits.statement_seconds)
            cursor.execute(statement, tuple(parameters))
            return
        if "sql_ascii" in self.features:
            statement = statement.encode("utf-8").decode("latin-1")
            parameters = [value.encode("utf-8").decode("latin-1") if isinstance(value, str) else value for value in parameters]
        if parameters:
            cursor.execute(statement, tuple(parameters))
        else:
            # Without parameters neither driver halves the doubled percent signs.
            cursor.execute(statement.replace("%%", "%"))

    def _after(self, statement: str, rows: int, started: float) -> None:
        self.rows_fetched += rows
        if not self._in_transaction and self.dialect == "postgresql" and not self.raw.closed:
            self.raw.rollback()
        if self.log is not None:
            self.log.write(self.url.identity, statement.replace("%%", "%"), rows, time.perf_counter() - started)

    @staticmethod
    def _repair(rows: list[Row]) -> list[Row]:
        return [tuple(repair_latin1(cell) if isinstance(cell, str) else cell for cell in row) for row in rows]

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One short read-only transaction; always ended by ROLLBACK. Never hold it while detecting."""
        raw = self.raw
        if self.dialect == "mysql":
            self._command("START TRANSACTION READ ONLY")
        elif self.dialect == "sqlite":
            self._command("BEGIN")
        self._in_transaction = True
        try:
            yield
        finally:
            self._in_transaction = False
            with suppress(Exception):  # the connection is gone; the error that matters is already on its way
                if self.dialect != "sqlite":
                    raw.rollback()
                elif raw.in_transaction:
                    raw.execute("ROLLBACK")

    def _command(self, statement: str) -> None:
        started = time.perf_counter()
        cursor = self.raw.cursor()
        try:
            cursor.execute(_COMMENT + statement)
        finally:
            cursor.close()
        if self.log is not None:
            self.log.write(self.url.identity, statement, 0, time.perf_counter() - started)

    def reading(self, work: Callable[[], T]) -> T:
        """Do `work` in one transaction; do it once more on a new connection if the first one was lost.

        An SQLite file that was opened as immutable (no journal beside it) and was written to meanwhile is read again too.
        """
        try:
            with self.transaction():
                result = work()
        except Exception as error:
            if isinstance(error, SensscanError) or not (is_lost(error) or self._changed_on_disk()):
                raise
        else:
            if not self._changed_on_disk():
                return result
        self.reconnect()
        with self.transaction():
            return work()

    def _changed_on_disk(self) -> bool:
        opened = self._driver
        return "immutable" in opened.features and sqlite_stamp(self.url.path) != opened.stamp

    def reconnect(self) -> None:
        """Open a new connection in place of this one. Raises NothingReadError when that fails."""
        self.close()
        self._opened = open_driver(self.url, self.limits, careful=True)

    def close(self) -> None:
        """Close the connection; safe to call twice."""
        opened, self._opened = self._opened, None
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):
                connection.close()
        if opened is not None:
            with suppress(Exception):  # closing a lost connection fails, and that is no news
                opened.raw.close()


def _alchemy_dialect(name: Dialect) -> AlchemyDialect:
    if name == "postgresql":
        from sqlalchemy.dialects.postgresql.psycopg2 import PGDialect_psycopg2

        return PGDialect_psycopg2()  # type: ignore[no-untyped-call]  # SQLAlchemy left it untyped
    if name == "mysql":
        from sqlalchemy.dialects.mysql.pymysql import MySQLDialect_pymysql

        return MySQLDialect_pymysql()
    from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

    return SQLiteDialect_pysqlite()


@contextmanager
def open_source(url: SourceUrl, limits: ReadLimits, *, log: StatementLog | None = None) -> Iterator[Session]:
    """Connect to a source in read-only mode and close it at the end.

    Raises NothingReadError (unreachable, refused, not a database ...) or UsageError (driver missing).
    """
    session = Session(url, limits, log, _opened=open_driver(url, limits))
    try:
        yield session
    finally:
        session.close()
