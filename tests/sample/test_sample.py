"""Samples from real servers: what comes, from where, and what never comes."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from sensscan.catalog import enumerate_source
from sensscan.config import Filters, ReadLimits
from sensscan.errors import ReadError
from sensscan.model import TableSample
from sensscan.sample import sample_table
from sensscan.sample.read import read_rows
from sensscan.source import StatementLog, open_source, parse_source
from tests.catalog.test_enumerate import BMP, ODD
from tests.servers import Database, Server

Fill = Callable[[str, Sequence[tuple[Any, ...]]], None]


class Place:
    """A database of any kind that a test fills and samples."""

    def __init__(self, kind: str, url: str, execute: Callable[..., None], fill: Fill) -> None:
        self.kind, self.url, self.execute, self.fill = kind, url, execute, fill

    def sample(self, table: str, limits: ReadLimits = ReadLimits(), url: str = "", log: StatementLog | None = None) -> TableSample:  # noqa: B008  # frozen
        with open_source(parse_source(url or self.url), limits, log=log) as session:
            found = enumerate_source(session, "src", Filters(views=True))
            wanted = next(item for item in found.tables if item.ref.table == table)
            return sample_table(session, wanted, wanted.columns, limits)


def cells(sample: TableSample, column: str) -> tuple[object, ...]:
    return next(item.cells for item in sample.columns if item.column.ref.column == column)


def _server_place(kind: str, database: Database) -> Place:
    def fill(table: str, rows: Sequence[tuple[Any, ...]]) -> None:
        connection = database.connect()
        marks = ", ".join(["%s"] * len(rows[0]))
        with connection.cursor() as cursor:
            if kind == "postgresql":
                from psycopg2.extras import execute_values

                execute_values(cursor, f"insert into {table} values %s", rows, page_size=5000)
            else:
                cursor.executemany(f"insert into {table} values ({marks})", rows)
        connection.close()

    return Place(kind, database.url, database.execute, fill)


@pytest.fixture(params=["sqlite", "postgresql", "mysql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if request.param == "sqlite":
        path = tmp_path / "s.db"

        def run(*statements: str) -> None:
            connection = sqlite3.connect(path)
            connection.executescript(";".join(statements))
            connection.close()

        def fill(table: str, rows: Sequence[tuple[Any, ...]]) -> None:
            connection = sqlite3.connect(path)
            connection.executemany(f"insert into {table} values ({', '.join('?' * len(rows[0]))})", rows)
            connection.commit()
            connection.close()

        yield Place("sqlite", str(path), run, fill)
        return
    server: Server = request.getfixturevalue("postgres_server" if request.param == "postgresql" else "mariadb_server")
    yield _server_place(request.param, server.make_database("sample_tests"))
    server.drop_database("sample_tests")


@pytest.fixture
def postgres(postgres_server: Server) -> Place:
    return _server_place("postgresql", postgres_server.make_database("sample_tests"))


@pytest.fixture
def mariadb(mariadb_server: Server) -> Place:
    return _server_place("mysql", mariadb_server.make_database("sample_tests"))


def test_small_tables_come_whole(place: Place) -> None:
    place.execute("create table t (id int primary key, a varchar(20))")
    place.fill("t", [(number, f"v{number}" if number % 2 else None) for number in range(1500)])
    sample = place.sample("t")
    assert (sample.method, sample.complete, sample.rows) == ("all", True, 1500)
    assert sorted(zip(cells(sample, "id"), cells(sample, "a"), strict=True)) == [(n, f"v{n}" if n % 2 else None) for n in range(1500)]


def test_empty_tables(place: Place) -> None:
    place.execute("create table t (id int primary key, a varchar(20))")
    sample = place.sample("t")
    assert (sample.rows, sample.complete, [column.cells for column in sample.columns]) == (0, True, [(), ()])


@pytest.mark.parametrize("analysed", [True, False])
def test_samples_are_not_the_head(place: Place, analysed: bool) -> None:
    """A column that is NULL in the first rows and filled later is seen filled."""
    place.execute("create table t (id int primary key, late varchar(20), pad varchar(100))")
    place.fill("t", [(number, None if number < 5000 else f"v{number}", "x" * 90) for number in range(20_000)])
    if analysed:
        place.execute({"mysql": "analyze table t"}.get(place.kind, "analyze"))
    sample = place.sample("t")
    assert sample.method == ("tablesample" if place.kind == "postgresql" else "key_jumps")
    assert not sample.complete
    assert 900 <= sample.rows <= 1000
    assert 0.6 < sum(cell is not None for cell in cells(sample, "late")) / sample.rows < 0.9
    assert len(set(cells(sample, "id"))) == sample.rows
    tenths = {int(str(cell)) // 2000 for cell in cells(sample, "id")}
    assert len(tenths) >= 9


def test_the_same_seed_reads_the_same_rows(place: Place) -> None:
    place.execute("create table t (id int primary key, a varchar(20))")
    place.fill("t", [(number, f"v{number}") for number in range(10_000)])
    first = cells(place.sample("t"), "id")
    assert cells(place.sample("t"), "id") == first
    assert cells(place.sample("t", ReadLimits(seed=7)), "id") != first


@pytest.mark.parametrize("shape", ["outlier", "uuid", "text", "composite", "dates"])
def test_keys_of_every_shape_are_jumped_along(place: Place, shape: str) -> None:
    count = 12_000
    keys: list[tuple[Any, ...]]
    if shape == "outlier":
        place.execute("create table t (k bigint primary key, i int)")
        keys = [(1 if i == 0 else 1_690_000_000_000_000_000 + i * 977, i) for i in range(count)]
    elif shape == "uuid":
        place.execute("create table t (k char(36) primary key, i int)")
        keys = [(str(uuid.UUID(int=i * (2**128 // count))), i) for i in range(count)]
    elif shape == "text":
        place.execute("create table t (k varchar(30) primary key, i int)")
        keys = [(f"CUST-{i // 4000}-{i:08d}", i) for i in range(count)]
    elif shape == "dates":
        place.execute("create table t (d date, n int, i int, primary key (d, n))")
        keys = [(f"20{i // 1200:02d}-03-{i % 1200 // 50 + 1:02d}", i, i) for i in range(count)]
    else:
        place.execute("create table t (tenant int, k int, i int, primary key (tenant, k))")
        keys = [(i // 6000, i, i) for i in range(count)]
    if place.kind == "sqlite":  # otherwise SQLite jumps along the rowid
        place.execute("alter table t rename to old")
        schema = {"composite": "tenant int, k int, i int, primary key (tenant, k)", "dates": "d date, n int, i int, primary key (d, n)"}
        place.execute(f"create table t ({schema.get(shape, 'k primary key, i int')}) without rowid")
    place.fill("t", keys)
    place.execute({"mysql": "analyze table t"}.get(place.kind, "analyze"))
    sample = place.sample("t")
    assert sample.method in ("key_jumps", "tablesample")
    assert 500 <= sample.rows <= 1000
    numbers = cells(sample, "i")
    assert len(set(numbers)) == sample.rows
    assert len({int(str(number)) * 10 // count for number in numbers}) >= 8


def test_tables_without_a_key(place: Place) -> None:
    place.execute("create table t (a varchar(20), b int)")
    place.fill("t", [(f"v{number}", number) for number in range(10_000)])
    place.execute({"mysql": "analyze table t"}.get(place.kind, "analyze"))
    sample = place.sample("t")
    assert sample.method == {"sqlite": "key_jumps", "postgresql": "tablesample", "mysql": "head"}[place.kind]
    assert 900 <= sample.rows <= 1000


def test_a_wrong_estimate_is_noticed(place: Place) -> None:
    place.execute("create table t (id int primary key, a varchar(20))")
    place.fill("t", [(number, "x") for number in range(100)])
    place.execute({"mysql": "analyze table t"}.get(place.kind, "analyze"))
    if place.kind == "mysql":
        place.execute("set global innodb_stats_auto_recalc = off")
    place.fill("t", [(number, "x") for number in range(100, 9000)])
    sample = place.sample("t")
    assert not sample.complete
    assert 900 <= sample.rows <= 1000
    if place.kind == "mysql":
        place.execute("set global innodb_stats_auto_recalc = on")


def test_all_rows(place: Place) -> None:
    place.execute("create table t (id int primary key, a varchar(20))")
    place.fill("t", [(number, f"v{number}") for number in range(5000)])
    sample = place.sample("t", ReadLimits(all_rows=True))
    assert (sample.rows, sample.method, sample.complete) == (5000, "all", True)


def test_the_byte_budget(place: Place) -> None:
    place.execute("create table t (id int primary key, a text)")
    place.fill("t", [(number, "x" * 3000) for number in range(1500)])
    with pytest.raises(ReadError) as caught:
        place.sample("t", ReadLimits(table_bytes=1024 * 1024))
    assert caught.value.code == "budget"
    assert place.sample("t", ReadLimits(table_bytes=32 * 1024 * 1024)).rows == 1500


def test_long_cells_are_cut_by_the_server(place: Place) -> None:
    blob = "bytea" if place.kind == "postgresql" else "longblob"
    text = "longtext" if place.kind == "mysql" else "text"
    place.execute(f"create table t (id int primary key, a {text}, b {blob}, c {'json' if place.kind != 'sqlite' else 'text'})")
    place.fill("t", [(1, "好" * 3_000_000, b"\x89PNG" + bytes(9_000_000), '{"a": "' + "y" * 10_000 + '"}'), (2, "short", b"\x01", "{}")])
    sample = place.sample("t")
    first, second = sorted(cells(sample, "a"), key=lambda cell: -len(str(cell)))
    assert (first, second) == ("好" * 4096, "short")
    blobs = cells(sample, "b")
    assert all(isinstance(cell, bytes) for cell in blobs)
    assert sorted(len(cell) for cell in blobs if isinstance(cell, bytes)) == [1, 64]
    assert max(len(str(cell)) for cell in cells(sample, "c")) <= 4096


def test_odd_identifiers(place: Place) -> None:
    names = BMP if place.kind == "mysql" else ODD
    mark = "`" if place.kind == "mysql" else '"'
    for name in names:
        quoted = mark + name.replace(mark, mark * 2) + mark
        place.execute(
            f"create table {quoted} ({quoted} int primary key, {mark}v%{mark} varchar(9))", f"insert into {quoted} values (1, 'x')"
        )
    for name in names:
        sample = place.sample(name)
        assert cells(sample, name) == (1,)
        assert cells(sample, "v%") == ("x",)


def test_odd_identifiers_in_large_tables(place: Place) -> None:
    """Percent signs and quotes go through the statements with parameters too."""
    mark = "`" if place.kind == "mysql" else '"'
    table, key = (mark + name.replace(mark, mark * 2) + mark for name in ('t%s `"', 'k:%d `"'))
    place.execute("create table plain (k varchar(20) primary key, v int)")
    place.fill("plain", [(f"K{number:05d}", number) for number in range(5000)])
    rename = "alter table plain rename column k to" if place.kind != "mysql" else "alter table plain change k"
    place.execute(f"{rename} {key}{' varchar(20)' if place.kind == 'mysql' else ''}", f"alter table plain rename to {table}")
    sample = place.sample('t%s `"')
    assert sample.method in ("key_jumps", "tablesample")
    assert sample.rows >= 900
    assert str(cells(sample, 'k:%d `"')[0]).startswith("K")


def test_views(place: Place) -> None:
    place.execute(
        "create table t (id int primary key, a varchar(20))",
        "create view v as select id, a from t",
        "create view bad as select 1 / (id - id) as q, a from t",
    )
    place.fill("t", [(number, f"v{number}") for number in range(5000)])
    sample = place.sample("v")
    assert (sample.method, sample.rows, sample.complete) == ("view_head", 1000, False)
    if place.kind == "postgresql":
        with pytest.raises(ReadError) as caught:
            place.sample("bad")
        assert caught.value.code == "failed"
        assert "22012" in caught.value.text.en


def test_errors_name_the_table_and_no_value(place: Place) -> None:
    place.execute("create table t (id int primary key, secret varchar(20))", "insert into t values (1, 'secret-value')")
    with open_source(parse_source(place.url), ReadLimits()) as session:
        found = enumerate_source(session, "src", Filters()).tables[0]
        place.execute("drop table t")
        with pytest.raises(ReadError) as caught:
            sample_table(session, found, found.columns, ReadLimits())
    assert caught.value.code == "failed"
    assert f"{found.ref.schema}.t could not be read: it no longer exists" in caught.value.message("en")
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    assert "secret" not in caught.value.message("en")


def test_statements_in_the_log(place: Place, tmp_path: Path) -> None:
    place.execute("create table t (id varchar(30) primary key, a varchar(20))")
    place.fill("t", [(f"11010119900307{number:04d}", "x") for number in range(5000)])
    log = StatementLog(tmp_path / "log")
    place.sample("t", log=log)
    text = log.path.read_text()
    assert "11010119900307" not in text
    assert "count(*)" not in text.lower().split("from information_schema")[0] or place.kind != "mysql"
    assert "order by random" not in text.lower()
    # One query fetches the rows of all columns; the others look for key values or block counts.
    assert sum(" 1000 rows" in line or " 999 rows" in line or "TABLESAMPLE" in line for line in text.splitlines()) <= 2


def test_the_careful_way_reads_the_same(place: Place) -> None:
    """The way that tables with undecodable text or huge cells are read."""
    text = "longtext" if place.kind == "mysql" else "text"
    place.execute(f"create table t (id int primary key, a {text}, b varchar(20), n int)")
    place.fill("t", [(number, f"客户{number}", None, number * 2) for number in range(100)])
    with open_source(parse_source(place.url), ReadLimits()) as session:
        found = enumerate_source(session, "src", Filters()).tables[0]
        quick = session.reading(lambda: read_rows(session, found, found.columns, ReadLimits(), careful=False))
        careful = session.reading(lambda: read_rows(session, found, found.columns, ReadLimits(), careful=True))
    assert quick == careful
    assert careful.columns[1][5] == "客户5"


# One server


def test_postgres_odd_values(postgres: Place) -> None:
    postgres.execute(
        "create type mood as enum ('sad', 'ok')",
        """create table t (id int, d date, ts timestamptz, n numeric, f float8, m money, j jsonb,
           a text[], ip inet, mac macaddr, u uuid, tm time,
           mo mood, p point, r int4range, iv interval, b bytea, ok boolean, c char(5), bits bit(3), big int8)""",
        """insert into t values (1, 'infinity', '-infinity', 'NaN', 'Infinity', 12.5, '{"phone": "13800138000"}', '{13800138000,x}',
           '10.0.0.1', '08:00:2b:01:02:03', '11111111-1111-1111-1111-111111111111', '12:30', 'ok', '(121.4,31.2)', '[1,5)', '1 year',
           '\\xff00', true, 'ab', b'101', 9007199254740993)""",
        "insert into t (id, d, ts, n, f) values (2, '0044-03-15 BC', '0001-01-01 BC', 123456789012345678901234567890.5, 1.5)",
    )
    sample = postgres.sample("t")
    assert cells(sample, "d") == ("infinity", "0044-03-15 BC")
    assert cells(sample, "ts")[0] == "-infinity"
    assert cells(sample, "n") == ("NaN", "123456789012345678901234567890.5")
    assert cells(sample, "j")[0] == '{"phone": "13800138000"}'
    assert cells(sample, "a")[0] == '["13800138000","x"]'
    assert cells(sample, "ip")[0] == "10.0.0.1"
    assert cells(sample, "mac")[0] == "08:00:2b:01:02:03"
    assert cells(sample, "u")[0] == "11111111-1111-1111-1111-111111111111"
    assert cells(sample, "mo")[0] == "ok"
    assert cells(sample, "p")[0] == "(121.4,31.2)"
    assert cells(sample, "b")[0] == b"\xff\x00"
    assert cells(sample, "big")[0] == 9007199254740993
    assert cells(sample, "ok")[0] is True


def test_postgres_column_grants(postgres: Place, postgres_server: Server) -> None:
    postgres.execute(
        "create table t (id int, open text, closed text)",
        "insert into t values (1, 'a', 'b')",
        "grant select (id, open) on t to bare",
        "create table u (a int)",
    )
    url = postgres_server.url_for("bare", "sample_tests")
    sample = postgres.sample("t", url=url)
    assert [column.column.ref.column for column in sample.columns] == ["id", "open"]
    assert [(item.column, item.reason.code) for item in sample.skipped] == [("closed", "permission")]
    with pytest.raises(ReadError) as caught:
        postgres.sample("u", url=url)
    assert caught.value.code == "permission"
    postgres.fill("t", [(number, "a", "b") for number in range(2, 5000)])
    postgres.execute("analyze t")
    assert postgres.sample("t", url=url).method == "tablesample"


def test_postgres_users_cannot_slip_in_functions(postgres: Place) -> None:
    postgres.execute(
        "create table t (a text)",
        "insert into t values ('x')",
        "create function public.left(text, int) returns text language sql as $$ select 'stolen' $$",
        "create function public.left(varchar, int) returns text language sql as $$ select 'stolen' $$",
    )
    assert cells(postgres.sample("t"), "a") == ("x",)


def test_postgres_views_see_their_own_search_path(postgres: Place) -> None:
    postgres.execute(
        "create table t (a text)",
        "insert into t values ('x')",
        "create function public.first_a() returns text language plpgsql stable as $$ begin return (select a from t limit 1); end $$",
        "create view v as select public.first_a() as a",
    )
    assert cells(postgres.sample("v"), "a") == ("x",)


def test_postgres_sql_ascii(postgres_server: Server) -> None:
    database = postgres_server.make_database("ascii_tests", "encoding 'SQL_ASCII' template template0")
    connection = database.connect()
    connection.set_client_encoding("LATIN1")
    with connection.cursor() as cursor:
        cursor.execute('create table "客户" (id int, "姓名" text)'.encode().decode("latin-1"))
        for number, raw in enumerate(["张三".encode(), "李四".encode("gbk"), "Müller".encode("latin-1"), b"\xff\xfe"]):
            cursor.execute('insert into "客户" values (%s, %s)'.encode().decode("latin-1"), (number, raw.decode("latin-1")))
    connection.close()
    sample = _server_place("postgresql", database).sample("客户")
    assert cells(sample, "姓名")[:3] == ("张三", "李四", "Müller")
    assert isinstance(cells(sample, "姓名")[3], str)


def test_postgres_partitions_and_materialised_views(postgres: Place) -> None:
    postgres.execute(
        "create table t (id int, a text) partition by range (id)",
        "create table t1 partition of t for values from (0) to (10000)",
        "create table t2 partition of t for values from (10000) to (20000)",
        "insert into t select g, 'x' || g from generate_series(0, 19999) g",
        "create materialized view mv as select * from t",
        "analyze",
    )
    for name in ("t", "mv"):
        sample = postgres.sample(name)
        assert (sample.method, sample.rows) == ("tablesample", 1000)
        assert {int(str(cell)) // 10_000 for cell in cells(sample, "id")} == {0, 1}


def test_mariadb_odd_values(mariadb: Place) -> None:
    mariadb.execute(
        """create table t (id int, d date, dt datetime, ts timestamp null, tm time, n decimal(30,5), b8 bit(8), y year, e enum('男','女'),
           s set('a','b'),
           g point, j json, u uuid, ip inet6, big bigint unsigned, bin binary(4), ok tinyint(1), l varchar(30) character set latin1,
           k varchar(30) character set gbk)""",
        """insert into t values (1, '0000-00-00', '2024-00-00 00:00:00', null, '-838:59:59', 1.5, b'101', 1999, '男', 'a,b',
           point(121.4, 31.2),
           '{"a": 1}', '11111111-1111-1111-1111-111111111111', '::1', 18446744073709551615, 'ab', 1, 'Müller', '张三')""",
        "insert into t (id, l) values (2, x'e5bca0e4b889')",
        "insert into t (id, l) values (3, x'd5c5c8fd')",
    )
    sample = mariadb.sample("t")
    row = {column.column.ref.column: column.cells[0] for column in sample.columns}
    assert row["d"] == "0000-00-00"
    assert row["dt"] == "2024-00-00 00:00:00"
    assert row["tm"] == "-838:59:59"
    assert row["n"] == "1.50000"
    assert row["b8"] == 5
    assert row["y"] == 1999
    assert (row["e"], row["s"]) == ("男", "a,b")
    assert row["g"] == "POINT(121.4 31.2)"
    assert row["j"] == '{"a": 1}'
    assert row["u"] == "11111111-1111-1111-1111-111111111111"
    assert row["ip"] == "::1"
    assert row["big"] == 18446744073709551615
    assert row["bin"] == b"ab\x00\x00"
    assert row["k"] == "张三"
    assert cells(sample, "l") == ("Müller", "张三", "张三")


def test_mariadb_column_grants(mariadb: Place, mariadb_server: Server) -> None:
    mariadb.execute(
        "create table t (id int primary key, closed varchar(9), open varchar(9))",
        "grant select (open), update (closed) on sample_tests.t to bare@'%'",
    )
    mariadb.fill("t", [(number, "a", "b") for number in range(5000)])
    sample = mariadb.sample("t", url=mariadb_server.url_for("bare", "sample_tests"))
    assert [column.column.ref.column for column in sample.columns] == ["open"]
    assert [item.column for item in sample.skipped] == ["closed"]
    assert sample.method == "head"


def test_mariadb_broken_view(mariadb: Place) -> None:
    mariadb.execute("create table t (a int)", "create view v as select a from t")
    with open_source(parse_source(mariadb.url), ReadLimits()) as session:
        found = enumerate_source(session, "src", Filters(views=True))
        view = next(item for item in found.tables if item.ref.table == "v")
        mariadb.execute("drop table t")
        with pytest.raises(ReadError, match="view is broken"):
            sample_table(session, view, view.columns, ReadLimits())


def _sqlite(path: Path, *statements: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    return connection


def _sample_file(path: Path, table: str = "t") -> TableSample:
    with open_source(parse_source(str(path)), ReadLimits()) as session:
        found = next(item for item in enumerate_source(session, "src", Filters()).tables if item.ref.table == table)
        return sample_table(session, found, found.columns, ReadLimits())


def test_sqlite_mixed_storage_and_encodings(tmp_path: Path) -> None:
    connection = _sqlite(tmp_path / "m.db", "create table t (id integer, a, b text, c blob)")
    connection.execute("insert into t values (1, 5, 'x', x'00')")
    connection.execute("insert into t values (2, 1.5, cast(x'd5c5c8fd' as text), 'text in blob')")
    connection.execute("insert into t values ('three', 'y', cast(x'e5bca0ff' as text), 7)")
    connection.commit()
    connection.close()
    sample = _sample_file(tmp_path / "m.db")
    assert cells(sample, "id") == (1, 2, "three")
    assert cells(sample, "a") == (5, 1.5, "y")
    assert cells(sample, "b")[:2] == ("x", "张三")
    assert isinstance(cells(sample, "b")[2], str)
    assert cells(sample, "c") == (b"\x00", "text in blob", 7)


def test_sqlite_columns_named_like_the_rowid(tmp_path: Path) -> None:
    connection = _sqlite(
        tmp_path / "r.db", "create table t (rowid text, _rowid_ text, v int)", "create table all_taken (rowid, _rowid_, oid, v)"
    )
    for table, width in (("t", 3), ("all_taken", 4)):
        rows = [(*[f"x{number}"] * (width - 1), number) for number in range(5000)]
        connection.executemany(f"insert into {table} values ({', '.join('?' * width)})", rows)
    connection.commit()
    connection.close()
    assert _sample_file(tmp_path / "r.db").method == "key_jumps"
    assert _sample_file(tmp_path / "r.db", "all_taken").method == "head"


def test_sqlite_full_text_table(tmp_path: Path) -> None:
    connection = _sqlite(tmp_path / "f.db", "create virtual table t using fts5(title, body)", "insert into t values ('a', 'b')")
    connection.commit()
    connection.close()
    assert cells(_sample_file(tmp_path / "f.db"), "body") == ("b",)


def test_memory_stays_small_for_huge_cells(mariadb: Place, postgres: Place) -> None:
    import tracemalloc

    for place, text in ((mariadb, "longtext"), (postgres, "text")):
        place.execute(f"create table t (id int primary key, a {text})", "insert into t values (1, repeat('x', 100000000))")
        tracemalloc.start()
        sample = place.sample("t")
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert len(str(cells(sample, "a")[0])) == 4096
        assert peak < 20_000_000
