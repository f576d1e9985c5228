"""The catalogue of real servers."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sensscan.catalog import enumerate_source
from sensscan.config import Filters, ReadLimits
from sensscan.model import Catalogue, Column, Family, Table
from sensscan.source import StatementLog, open_source, parse_source
from tests.servers import Database, Server

ODD = [
    "a b",
    "q'uote",
    'dou"ble',
    "back`tick",
    "per%cent",
    "%s",
    "co:lon",
    "select",
    "客户表",
    "表😀",
    "x" * 63,
    "semi;colon",
    "dot.ted",
    "UPPER",
]

BMP = [name for name in ODD if "😀" not in name]
"""MySQL and MariaDB have no identifiers outside of the Basic Multilingual Plane."""


def catalogue(url: str, filters: Filters = Filters(), log: StatementLog | None = None) -> Catalogue:  # noqa: B008  # frozen
    with open_source(parse_source(url), ReadLimits(), log=log) as session:
        return enumerate_source(session, "src", filters)


def table(found: Catalogue, name: str) -> Table:
    return next(table for table in found.tables if table.ref.table == name)


def column(found: Table, name: str) -> Column:
    return next(column for column in found.columns if column.ref.column == name)


@pytest.fixture(scope="module")
def postgres(postgres_server: Server) -> Iterator[Database]:
    database = postgres_server.make_database("catalog_tests")
    database.execute(
        "create schema hr",
        "create type mood as enum ('sad', 'ok', 'it''s')",
        "create domain phone_number as varchar(20) check (value ~ '^[0-9]+$')",
        "create domain inner_mood as mood",
        "create type pair as (a int, b text)",
        """create table hr.staff (id bigserial primary key, name varchar(50) not null, phone phone_number, m mood, im inner_mood, ms mood[],
           tags text[], j json, jb jsonb, ip inet, net cidr, mac macaddr, salary money, n numeric(12,2), u uuid unique, b bytea, p point,
           c char(18), t text, d date, ts timestamptz, tm time, f real, ok boolean, bits bit(3), pr pair, r int4range, x xml, nm name)""",
        "comment on table hr.staff is '员工'",
        "comment on column hr.staff.phone is '手机号码'",
        "create table public.orders (a int, b int, staff bigint references hr.staff (id), primary key (b, a))",
        "create table public.dropped (a int, b int, c text)",
        "alter table public.dropped drop column b",
        "create view public.v as select name, phone from hr.staff",
        "create materialized view public.mv as select name from hr.staff",
        "create table public.parts (id int, d date) partition by range (d)",
        "create table public.parts_1 partition of public.parts for values from ('2020-01-01') to ('2021-01-01')",
        "create table public.parts_2 partition of public.parts for values from ('2021-01-01') to ('2022-01-01') partition by range (d)",
        "create table public.parts_2a partition of public.parts_2 for values from ('2021-01-01') to ('2021-06-01')",
        "insert into public.parts select g, '2020-02-01' from generate_series(1, 300) g",
        "insert into public.parts select g, '2021-02-01' from generate_series(1, 200) g",
        "create extension if not exists file_fdw",
        "create server files foreign data wrapper file_fdw",
        "create foreign table public.foreign_one (a text) server files options (filename '/dev/null')",
        "create temporary table temporary_one (a int)",
        "analyze",
    )
    database.execute(
        *(f'create table public."{name.replace(chr(34), chr(34) * 2)}" ("{name.replace(chr(34), chr(34) * 2)}" int)' for name in ODD)
    )
    yield database
    postgres_server.drop_database("catalog_tests")


def test_postgres_tables(postgres: Database) -> None:
    found = catalogue(postgres.url)
    kinds = {f"{table.ref.schema}.{table.ref.table}": table.kind for table in found.tables if table.ref.table not in ODD}
    assert kinds == {
        "hr.staff": "table",
        "public.orders": "table",
        "public.dropped": "table",
        "public.mv": "materialized_view",
        "public.parts": "partitioned",
    }
    assert [(item.table, item.reason.code) for item in found.skipped] == [("foreign_one", "unsupported")]
    assert {table.ref.table for table in found.tables} >= set(ODD)
    assert found.server_version.startswith("PostgreSQL")
    assert table(found, "parts").row_estimate == 500
    assert table(found, "staff").row_estimate is None
    assert "v" in {table.ref.table for table in catalogue(postgres.url, Filters(views=True)).tables}


def test_postgres_columns(postgres: Database) -> None:
    staff = table(catalogue(postgres.url), "staff")
    assert staff.comment == "员工"
    assert staff.primary_key == ("id",)
    assert staff.readable_columns is None
    families = {column.ref.column: column.family for column in staff.columns}
    assert families == {
        "id": Family.INTEGER, "name": Family.TEXT, "phone": Family.TEXT, "m": Family.ENUM, "im": Family.ENUM, "ms": Family.ARRAY,
        "tags": Family.ARRAY, "j": Family.JSON, "jb": Family.JSON, "ip": Family.INET, "net": Family.INET, "mac": Family.MACADDR,
        "salary": Family.DECIMAL, "n": Family.DECIMAL, "u": Family.UUID, "b": Family.BINARY, "p": Family.GEOMETRY, "c": Family.TEXT,
        "t": Family.TEXT, "d": Family.DATE, "ts": Family.DATETIME, "tm": Family.TIME, "f": Family.FLOAT, "ok": Family.BOOLEAN,
        "bits": Family.OTHER, "pr": Family.OTHER, "r": Family.OTHER, "x": Family.TEXT, "nm": Family.TEXT,
    }  # fmt: skip
    assert column(staff, "phone").comment == "手机号码"
    assert column(staff, "phone").data_type == "public.phone_number"
    assert column(staff, "phone").length == 20
    assert column(staff, "name").data_type == "character varying(50)"
    assert column(staff, "name").length == 50
    assert not column(staff, "name").nullable
    assert column(staff, "n").length == 12
    assert column(staff, "m").enum_values == column(staff, "im").enum_values == ("sad", "ok", "it's")
    assert column(staff, "u").is_key
    assert column(staff, "id").is_key
    assert not column(staff, "name").is_key


def test_postgres_keys_and_dropped_columns(postgres: Database) -> None:
    found = catalogue(postgres.url)
    orders = table(found, "orders")
    assert orders.primary_key == ("b", "a")
    assert column(orders, "staff").references == column(table(found, "staff"), "id").ref
    assert [column.ref.column for column in table(found, "dropped").columns] == ["a", "c"]
    only = catalogue(postgres.url, Filters(schemas=("public",)))
    reference = column(table(only, "orders"), "staff").references
    assert reference is not None
    assert (reference.schema, reference.table, reference.column) == ("hr", "staff", "id")


def test_postgres_grants(postgres: Database) -> None:
    postgres.execute(
        "grant usage on schema hr to bare", "grant select (id, name) on hr.staff to bare", "grant select on public.orders to bare"
    )
    found = catalogue(postgres.bare_url)
    assert table(found, "staff").readable_columns == ("id", "name")
    assert table(found, "orders").readable_columns is None
    assert table(found, "dropped").readable_columns == ()
    assert len(table(found, "staff").columns) == 29
    postgres.execute("revoke usage on schema hr from bare")
    assert table(catalogue(postgres.bare_url), "staff").readable_columns == ()


@pytest.fixture(scope="module")
def mariadb(mariadb_server: Server) -> Iterator[Database]:
    database = mariadb_server.make_database("catalog_tests")
    mariadb_server.make_database("catalog_other").execute("create table elsewhere (a int)")
    database.execute(
        """create table staff (id bigint unsigned primary key auto_increment, name varchar(50) not null comment '姓名', flag tinyint(1),
           small tinyint(4), e enum('男','女','it''s'), s set('a','b'), j json, n decimal(12,2), y year, b blob, vb varbinary(16),
           g geometry,
           p point, bit1 bit(1), bit8 bit(8), t longtext, l varchar(30) character set latin1, d date, dt datetime, ts timestamp, tm time,
           f float, dbl double, u uuid unique, ip inet6) comment '员工'""",
        "create table orders (a int, b int, staff bigint unsigned, primary key (b, a), foreign key (staff) references staff (id))",
        "create view v as select name from staff",
        "create table parts (id int, y int) partition by range (y)"
        " (partition p1 values less than (2000), partition p2 values less than (3000))",
        "insert into parts select seq, 1990 from seq_1_to_300",
        "create sequence seqs",
        "create table broken_base (a int)",
        "create view broken as select a from broken_base",
        "drop table broken_base",
        "analyze table parts",
    )
    database.execute(*(f"create table `{name.replace('`', '``')}` (`{name.replace('`', '``')}` int)" for name in BMP))
    yield database
    mariadb_server.drop_database("catalog_tests")
    mariadb_server.drop_database("catalog_other")


def test_mariadb_tables(mariadb: Database) -> None:
    found = catalogue(mariadb.url)
    kinds = {table.ref.table: table.kind for table in found.tables if table.ref.table not in ODD}
    assert kinds == {"staff": "table", "orders": "table", "parts": "partitioned"}
    assert {table.ref.table for table in found.tables} >= set(BMP)
    assert {table.ref.schema for table in found.tables} == {"catalog_tests"}
    assert 200 <= (table(found, "parts").row_estimate or 0) <= 400
    views = catalogue(mariadb.url, Filters(views=True))
    assert table(views, "v").kind == "view"
    assert table(views, "v").row_estimate is None


def test_mariadb_columns(mariadb: Database) -> None:
    found = catalogue(mariadb.url)
    staff = table(found, "staff")
    assert staff.comment == "员工"
    assert staff.primary_key == ("id",)
    assert {column.ref.column: column.family for column in staff.columns} == {
        "id": Family.INTEGER, "name": Family.TEXT, "flag": Family.BOOLEAN, "small": Family.INTEGER, "e": Family.ENUM, "s": Family.ENUM,
        "j": Family.JSON, "n": Family.DECIMAL, "y": Family.INTEGER, "b": Family.BINARY, "vb": Family.BINARY, "g": Family.GEOMETRY,
        "p": Family.GEOMETRY, "bit1": Family.BOOLEAN, "bit8": Family.OTHER, "t": Family.TEXT, "l": Family.TEXT, "d": Family.DATE,
        "dt": Family.DATETIME, "ts": Family.DATETIME, "tm": Family.TIME, "f": Family.FLOAT, "dbl": Family.FLOAT, "u": Family.UUID,
        "ip": Family.INET,
    }  # fmt: skip
    assert column(staff, "name").comment == "姓名"
    assert column(staff, "name").length == 50
    assert not column(staff, "name").nullable
    assert column(staff, "id").data_type == "bigint(20) unsigned"
    assert column(staff, "e").enum_values == ("男", "女", "it's")
    assert column(staff, "s").enum_values == ("a", "b")
    assert column(staff, "l").charset == "latin1"
    assert column(staff, "u").is_key
    orders = table(found, "orders")
    assert orders.primary_key == ("b", "a")
    assert column(orders, "staff").references == column(staff, "id").ref
    assert column(staff, "t").position == 16


def test_mariadb_without_a_database_means_all(mariadb: Database) -> None:
    found = catalogue(mariadb.server.url)
    assert {"catalog_tests", "catalog_other"} <= {table.ref.schema for table in found.tables}
    assert not {"mysql", "information_schema", "sys"} & {table.ref.schema for table in found.tables}
    other = catalogue(mariadb.server.url, Filters(schemas=("*other",)))
    assert [table.ref.table for table in other.tables] == ["elsewhere"]


def test_mariadb_column_grants(mariadb: Database) -> None:
    mariadb.execute("grant select (id, name), update (flag) on catalog_tests.staff to bare@'%'")
    found = catalogue(mariadb.bare_url)
    assert [table.ref.table for table in found.tables] == ["staff"]
    assert table(found, "staff").readable_columns == ("id", "name")


@pytest.fixture(scope="module")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("catalog") / "c.db"
    connection = sqlite3.connect(path)
    connection.executescript(
        """create table staff (id integer primary key, name varchar(50) not null, phone text unique, note, price decimal(10,2),
                               upper_name text generated always as (upper(name)) virtual);
        create table orders (a int, b int, staff int references staff, other int references STAFF(phone), primary key (b, a)) without rowid;
        create view v as select name from staff;
        create view broken as select missing from nowhere;
        create virtual table docs using fts5(title, body);
        create table sparse (id integer primary key);
        insert into staff (name) values ('x');
        insert into sparse values (1), (5000);
        """
    )
    connection.executescript(
        ";".join(f'create table "{name.replace(chr(34), chr(34) * 2)}" ("{name.replace(chr(34), chr(34) * 2)}" int)' for name in ODD)
    )
    connection.close()
    return path


def test_sqlite(sqlite_file: Path) -> None:
    found = catalogue(str(sqlite_file), Filters(views=True))
    kinds = {table.ref.table: table.kind for table in found.tables if table.ref.table not in ODD}
    assert kinds == {"staff": "table", "orders": "table", "v": "view", "docs": "virtual", "sparse": "table"}
    assert {table.ref.table for table in found.tables} >= set(ODD)
    assert [(item.table, item.reason.code) for item in found.skipped] == [("broken", "failed")]
    staff, orders = table(found, "staff"), table(found, "orders")
    assert [column.ref.column for column in staff.columns] == ["id", "name", "phone", "note", "price", "upper_name"]
    assert column(staff, "phone").is_key
    assert column(staff, "note").family is Family.ANY
    assert not column(staff, "name").nullable
    assert orders.primary_key == ("b", "a")
    assert column(orders, "staff").references == column(staff, "id").ref
    assert column(orders, "other").references == column(staff, "phone").ref
    assert staff.row_estimate == 1
    assert table(found, "sparse").row_estimate == 5000
    assert [column.ref.column for column in table(found, "docs").columns] == ["title", "body"]


def test_sqlite_filters(sqlite_file: Path) -> None:
    found = catalogue(str(sqlite_file), Filters(columns=("phone", "orders.a"), excludes=("main.orders",)))
    assert [(table.ref.table, len(table.columns)) for table in found.tables] == [("staff", 1)]
    whole = table(catalogue(str(sqlite_file)), "staff")
    assert found.tables[0].structure_hash == whole.structure_hash


def test_an_empty_database_has_no_tables(tmp_path: Path) -> None:
    (tmp_path / "e.db").touch()
    assert catalogue(str(tmp_path / "e.db")).tables == ()


def test_a_table_of_a_missing_module_spoils_nothing(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "m.db")
    connection.execute("create table good (a text)")
    connection.execute("pragma writable_schema=on")
    connection.execute(
        "insert into sqlite_master values ('table', 'strange', 'strange', 0, 'CREATE VIRTUAL TABLE strange USING no_such_module(a)')"
    )
    connection.commit()
    connection.close()
    found = catalogue(str(tmp_path / "m.db"))
    assert [table.ref.table for table in found.tables] == ["good"]
    assert [(item.table, item.reason.code) for item in found.skipped] == [("strange", "failed")]


@pytest.mark.parametrize(
    "change",
    [
        "alter table t add column c int",
        "comment on column t.a is 'x'",
        "alter table t rename column a to z",
        "alter table t alter a type bigint",
    ],
)
def test_the_structure_hash_moves_with_structure_only(postgres_server: Server, change: str) -> None:
    database = postgres_server.make_database("hash_tests")
    database.execute("create table t (a int, b text)")
    before = table(catalogue(database.url), "t").structure_hash
    database.execute("insert into t select g, 'x' from generate_series(1, 100) g", "analyze t")
    assert table(catalogue(database.url), "t").structure_hash == before
    database.execute(change)
    assert table(catalogue(database.url), "t").structure_hash != before


def test_the_number_of_statements_does_not_grow(postgres: Database, mariadb: Database, tmp_path: Path) -> None:
    for number, (database, filters) in enumerate(
        [(postgres, Filters()), (postgres, Filters(tables=("staff",))), (mariadb, Filters()), (mariadb, Filters(tables=("staff",)))]
    ):
        log = StatementLog(tmp_path / f"{number}.log")
        catalogue(database.url, filters, log)
        assert len(log.path.read_text().splitlines()) <= 8


@pytest.mark.parametrize("kind", ["postgres_server", "mariadb_server"])
def test_a_locked_table_does_not_stop_the_catalogue(kind: str, request: pytest.FixtureRequest) -> None:
    server: Server = request.getfixturevalue(kind)
    database = server.make_database("locked_tests")
    database.execute("create table t (a int primary key)", "create table u (a int)")
    blocker, reader, waiting = database.connect(), database.connect(), database.connect()
    if server.dialect == "postgresql":
        blocker.cursor().execute("begin; lock table t in access exclusive mode")
        threads = []
    else:
        # An ALTER TABLE that waits for a reader: new readers wait behind it.
        with reader.cursor() as cursor:
            cursor.execute("begin")
            cursor.execute("select * from t")
        blocker.cursor().execute("lock tables u write")
        threads = [threading.Thread(target=waiting.cursor().execute, args=("alter table t add column b int",))]
    for thread in threads:
        thread.start()
        time.sleep(0.3)
    try:
        found = catalogue(database.url)
        assert {table.ref.table for table in found.tables} == {"t", "u"}
    finally:
        for connection in (blocker, reader):
            connection.close()
        for thread in threads:
            thread.join()
        waiting.close()
        server.drop_database("locked_tests")
