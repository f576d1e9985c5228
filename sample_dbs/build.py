"""Writes a sample database to SQLite, PostgreSQL, MariaDB or MySQL: one code path, comments where the server has them."""

from __future__ import annotations

import csv
import importlib
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, cast, get_args

import sqlalchemy as sa

from .table import Col, Sample, Tab, table_rows

Name = Literal["bank", "antifraud", "government", "shop"]
NAMES: tuple[Name, ...] = get_args(Name)
DRIVERS = {
    "sqlite": "sqlite",
    "mysql": "mysql+pymysql",
    "mariadb": "mysql+pymysql",
    "postgres": "postgresql+psycopg2",
    "postgresql": "postgresql+psycopg2",
}
EXPECTED_FIELDS = ("table", "column", "type", "verdict", "alternatives")


class TablesExistError(Exception):
    """The target already holds tables of these names; nothing was changed."""


def sample(name: Name) -> Sample:
    """Return the description of one sample database, without rows."""
    tables = cast(tuple[Tab, ...], importlib.import_module(f".{name}", __package__).TABLES)
    return Sample(name, tables)


def rows_of(described: Sample) -> dict[str, list[dict[str, object]]]:
    """Make the rows of all tables, in order; the same at every call."""
    made: dict[str, list[dict[str, object]]] = {}
    for table in described.tables:
        made[table.name] = table_rows(described.name, table, made)
    return made


def engine_for(url: str) -> sa.Engine:
    """Return an engine for a URL as `sensscan scan` takes it (`mysql://` means pymysql, `sqlite:/path` a file)."""
    if url.startswith("sqlite:/") and not url.startswith("sqlite:///"):
        url = "sqlite:///" + url.removeprefix("sqlite:")
    parsed = sa.make_url(url)
    driver = DRIVERS.get(parsed.drivername, parsed.drivername)
    if driver.startswith("mysql") and "charset" not in parsed.query:
        parsed = parsed.update_query_dict({"charset": "utf8mb4"})
    return sa.create_engine(parsed.set(drivername=driver), hide_parameters=True, poolclass=sa.NullPool)


def sql_column(column: Col) -> sa.Column[object]:
    """Return the column with type, key and comment."""
    links = [sa.ForeignKey(column.references)] if column.references else []
    return sa.Column(column.name, column.sql, *links, primary_key=column.key, autoincrement=False, comment=column.comment or None)


def metadata_of(described: Sample) -> sa.MetaData:
    """Return SQLAlchemy's description of all tables."""
    metadata = sa.MetaData()
    for table in described.tables:
        columns = [sql_column(column) for column in table.columns]
        sa.Table(table.name, metadata, *columns, comment=table.comment or None, mysql_charset="utf8mb4", mysql_engine="InnoDB")
    return metadata


def build(name: Name, url: str, *, replace: bool = False) -> None:
    """Create and fill the tables of one sample database.

    Raises TablesExistError when the target has tables of these names and `replace` is not asked for:
    somebody's real table may be called `customer`.
    """
    described = sample(name)
    metadata = metadata_of(described)
    engine = engine_for(url)
    try:
        with engine.begin() as connection:
            taken = sorted(set(sa.inspect(connection).get_table_names()) & set(metadata.tables))
            if taken and not replace:
                raise TablesExistError(f"{', '.join(taken)} exist already in the target; use an empty database, or replace them")
            metadata.drop_all(connection)
            metadata.create_all(connection)
            for table, lines in rows_of(described).items():
                fill(connection, metadata.tables[table], lines)
    finally:
        engine.dispose()


def fill(connection: sa.Connection, table: sa.Table, lines: Sequence[dict[str, object]]) -> None:
    """Insert in blocks that stay below every server's packet size."""
    for start in range(0, len(lines), 500):
        connection.execute(table.insert(), lines[start : start + 500])


def expected_csv(name: Name) -> str:
    """Return what a scan must find, one line per column: table, column, type, verdict, alternatives (a|b)."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(EXPECTED_FIELDS)
    for table in sample(name).tables:
        for column in table.columns:
            writer.writerow((table.name, column.name, column.type, column.expected, "|".join(column.alternatives)))
    return text.getvalue()


def expected_path(name: Name) -> Path:
    """Return the shipped CSV file of `expected_csv`; a test keeps both equal."""
    return Path(__file__).resolve().parent / "expected" / f"{name}.csv"
