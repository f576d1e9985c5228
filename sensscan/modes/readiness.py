"""`check`: whether a source can be scanned, how much a scan would read, and the rights that it needs."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sensscan.catalog import enumerate_source
from sensscan.language import Text
from sensscan.model import SkippedObject, Table
from sensscan.modes.named import fit_of, refuse_nothing
from sensscan.modes.request import RequestedSource
from sensscan.sample import ExpectedRead, expected_read
from sensscan.source import open_source, translate
from sensscan.source.rights import least_grants, may_write

_DRIVERS = {"sqlite": "sqlite3", "postgresql": "psycopg2", "mysql": "pymysql"}
_SECONDS_PER_CELL = {"sqlite": 1e-6, "postgresql": 1.2e-6, "mysql": 3e-6}
"""Fetching and judging one cell, measured by benchmarks/fetch.py on a small machine, rounded up."""
_STATEMENTS_PER_TABLE = 4


@dataclass(frozen=True, slots=True)
class TableReadiness:
    """One table: whether it can be read and how."""

    table: Table
    read: ExpectedRead
    unreadable: int
    """Columns without the right to read them."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """What `check` found out about one source."""

    identity: str
    driver: str
    server: str
    tables: tuple[TableReadiness, ...]
    skipped: tuple[SkippedObject, ...]
    writable: bool
    """The account has rights to write that a scan does not need."""
    grants: tuple[str, ...]
    minutes: float
    """Expected length of a full scan with one worker."""

    @property
    def rows(self) -> int:
        """Rows that a full scan is expected to read."""
        return sum(table.read.rows for table in self.tables)

    @property
    def unreadable_tables(self) -> int:
        """Tables of which some column cannot be read."""
        return sum(table.unreadable > 0 for table in self.tables)


def check_source(source: RequestedSource) -> Readiness:
    """Connect, list, and tell; no cell is read. Raises NothingReadError, ReadError, and UsageError when the filters fit nothing."""
    limits = source.config.limits
    with open_source(source.url, limits) as session:
        catalogue = enumerate_source(session, source.identity, source.config.filters)
        fit = fit_of(session, source, catalogue)
        refuse_nothing([fit])
        try:
            started = time.perf_counter()
            session.execute("SELECT 1")
            round_trip = time.perf_counter() - started
            schemas = sorted({table.ref.schema for table in catalogue.tables}) or [source.url.database or "..."]
            grants, writable = least_grants(session, schemas), may_write(session)
        except Exception as error:
            raise translate(error, Text(f"The rights on {source.identity}", f"{source.identity} 的权限信息")) from None
        tables = []
        seconds = 0.0
        for table in catalogue.tables:
            read = expected_read(session, table, table.columns, limits)
            allowed = len(table.columns) if table.readable_columns is None else len(set(table.readable_columns))
            tables.append(TableReadiness(table, read, len(table.columns) - min(allowed, len(table.columns))))
            seconds += _STATEMENTS_PER_TABLE * round_trip + limits.pause_ms / 1000
            seconds += read.rows * len(table.columns) * _SECONDS_PER_CELL[session.dialect]
        return Readiness(
            identity=source.identity,
            driver=_DRIVERS[session.dialect],
            server=session.server,
            tables=tuple(tables),
            skipped=(*catalogue.skipped, *(missing.skipped(source.identity) for missing in fit.missing)),
            writable=writable,
            grants=grants,
            minutes=seconds / 60,
        )
