"""Everything that a real server, file or table does to a scanner: one clear line, the right exit code, the rest scanned."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random

import pytest

from sample_dbs.values import example
from sensscan.source import connect
from tests.end_to_end.running import Done, Home
from tests.servers import PASSWORD, Database, Server

MAILS = [f"anna{number}@example.org" for number in range(30)]
ODD_NAMES = [
    "select",
    "two words",
    'a"quote',
    "a`tick",
    "客户表",
    "emoji😀",
    "per%cent",
    "semi;colon",
    "dot.dot",
    "x" * 60,
    "back\\slash",
    "it's",
]


def fill_mails(connection: sqlite3.Connection, table: str = "good") -> None:
    """A table that must be found whatever happens to the others."""
    connection.execute(f"create table {table} (id integer primary key, mail text)")
    connection.executemany(f"insert into {table} (mail) values (?)", [(mail,) for mail in MAILS])


def good_is_found(done: Done, code: int) -> None:
    """The other tables are scanned all the same."""
    assert done.code == code, (done.code, done.err)
    assert done.columns["good.mail"]["type"] == "email"
    assert "Traceback" not in done.err


def reason(done: Done, column: str) -> tuple[str, str]:
    """Code and English text of why a column has no verdict."""
    found = done.columns[column]["reason"]
    assert found["text"]["zh"] and found["text"]["zh"] != found["text"]["en"]
    return found["code"], found["text"]["en"]


# Sources that cannot be opened at all


def test_sources_that_cannot_be_opened(home: Home, tmp_path: Path, postgres_server: Server, mariadb_server: Server) -> None:
    text = tmp_path / "notes.db"
    text.write_bytes(b"this is no database, but a text of some length" * 200)
    cipher = tmp_path / "cipher.db"
    cipher.write_bytes(Random(1).randbytes(8192))
    cases: list[tuple[str | Path, int, str, str]] = [
        ("oracle://u:geheim@h/x", 2, "oracle", "支持"),
        ("mysql://u:ge@heim@h/x", 2, "%40", "%40"),
        (tmp_path / "missing.db", 4, "does not exist", "不存在"),
        (tmp_path, 4, "folder", "目录"),
        (text, 4, "not an SQLite database", "不是 SQLite"),
        (cipher, 4, "encrypted", "加密"),
        ("postgresql://u:geheim@127.0.0.1:1/x", 4, "nothing listens", "没有服务"),
        ("mysql://u:geheim@127.0.0.1:1/x", 4, "nothing listens", "没有服务"),
        ("mysql://u:geheim@no-such-host.invalid/x", 4, "host name is unknown", "主机名"),
        (postgres_server.url.replace(PASSWORD, "geheim"), 4, "user or password was refused", "用户名或密码"),
        (mariadb_server.url.replace(PASSWORD, "geheim"), 4, "user or password was refused", "用户名或密码"),
        (postgres_server.url_for("scanner", "no_such_db"), 4, "database does not exist", "数据库不存在"),
        (mariadb_server.url_for("admin", "no_such_db"), 4, "database does not exist", "数据库不存在"),
    ]
    for source, code, english, chinese in cases:
        for language, said in (("en", english), ("zh", chinese)):
            done = home.run("scan", source, "--lang", language)
            assert (done.code, done.out) == (code, ""), (source, done)
            assert said in done.line(), source
            assert "geheim" not in done.err and PASSWORD not in done.err


def test_missing_driver(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pymysql", None)
    done = home.run("scan", "mysql://u:p@127.0.0.1/x")
    assert done.code == 2
    assert "pip install pymysql" in done.line()


def test_unreadable_and_locked_files(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "locked.db"
    with closing(sqlite3.connect(path)) as connection:
        fill_mails(connection)
        connection.commit()
        connection.isolation_level = None
        connection.execute("begin exclusive")
        connection.execute("insert into good (mail) values ('x')")
        for language, said in (("en", "locked by another program"), ("zh", "锁定")):
            done = home.run("scan", path, "--lang", language)
            assert done.code == 4
            assert said in done.line()
        connection.execute("rollback")
    assert home.run("scan", path, "--quiet").code == 0


def test_hot_journal(home: Home, tmp_path: Path) -> None:
    live, left = tmp_path / "live.db", tmp_path / "left.db"
    with closing(sqlite3.connect(live, isolation_level=None)) as connection:
        fill_mails(connection)
        connection.execute("pragma cache_size=1")
        connection.execute("begin")
        connection.executemany("insert into good (mail) values (?)", [("y" * 900,) for _ in range(500)])
        for suffix in ("", "-journal"):
            Path(f"{left}{suffix}").write_bytes(Path(f"{live}{suffix}").read_bytes())
        connection.execute("rollback")
    before = {path: path.read_bytes() for path in tmp_path.glob("left*")}
    done = home.run("scan", left)
    assert done.code == 4
    assert "journal" in done.line()
    assert {path: path.read_bytes() for path in tmp_path.glob("left*")} == before


def test_a_wal_database_that_is_in_use(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "wal.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma journal_mode=wal")
        fill_mails(connection)
        connection.commit()
        good_is_found(home.scan(path), 0)


# Empty things


def test_empty_databases(home: Home, tmp_path: Path, postgres_server: Server, mariadb_server: Server) -> None:
    nothing = tmp_path / "nothing.db"
    nothing.touch()
    sources: list[str | Path] = [nothing, postgres_server.make_database("nothing").url, mariadb_server.make_database("nothing").url]
    for source in sources:
        done = home.scan(source)
        assert (done.code, done.report["columns"], done.report["run"]["outcome"]) == (0, [], "complete"), done.err
        assert home.run("scan", source, "-o", "empty.html", "-o", "empty.xlsx", "-o", "empty.csv").code == 0


def test_a_postgres_table_without_columns(home: Home, postgres_server: Server) -> None:
    database = postgres_server.make_database("columnless")
    database.execute("create table no_columns ()", "create table good (mail text)", f"insert into good select unnest(array{MAILS})")
    good_is_found(home.scan(database.url), 0)


# Tables that fail


def test_broken_tables_of_a_file(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "broken.db"
    with closing(sqlite3.connect(path)) as connection:
        fill_mails(connection)
        connection.execute("create view bad_view as select no_such_column from good")
        connection.execute("create view slow_view as with recursive c(x) as (select 1 union all select x + 1 from c) select x as n from c")
        connection.execute("create view fine_view as select mail as m from good")
        connection.execute("create table dates (a date, n numeric, d double)")
        connection.execute("insert into dates values ('0000-00-00', 9e999, -9e999), (x'ff00', 'NaN', 1e308)")
        connection.execute("create table bytes (raw text)")
        connection.executemany("insert into bytes values (cast(? as text))", [(mail.encode() + b"\xff",) for mail in MAILS])
        connection.execute("create table gbk (real_name text)")
        names = [str(example("person_name", Random(number))).encode("gb18030") for number in range(40)]
        connection.executemany("insert into gbk values (cast(? as text))", [(name,) for name in names])
        connection.execute("create table huge (a text, b blob, mail text)")
        connection.execute("insert into huge values (null, zeroblob(100000000), 'anna@example.org')")
        connection.commit()
    good_is_found(home.scan(path), 0)
    started = time.monotonic()
    (home.folder / "sensscan.toml").write_text(f'[sources.views]\nurl = "sqlite:///{path}"\nstatement_seconds = 1\n', encoding="utf-8")
    done = home.scan("views", "--views")
    assert time.monotonic() - started < 15
    good_is_found(done, 3)
    assert done.columns["fine_view.m"]["type"] == "email"
    assert done.columns["fine_view.m"]["table_type"] == "view"
    assert any(item["table"] == "bad_view" for item in done.report["skipped"])
    assert done.columns["gbk.real_name"]["type"] == "person_name"
    assert done.columns["huge.mail"]["verdict"] != "none"
    assert done.columns["dates.n"]["verdict"] in ("none", "unknown")


def test_a_table_dropped_while_scanning(home: Home, postgres_server: Server, mariadb_server: Server) -> None:
    for server in (postgres_server, mariadb_server):
        database = server.make_database("dropping")
        database.execute("create table gone (mail varchar(50))", "insert into gone values ('a@example.org')")
        database.execute("create table good (mail varchar(50))", *(f"insert into good values ('{mail}')" for mail in MAILS))
        with dropping(database):
            done = home.scan(database.url)
        good_is_found(done, 3)
        assert reason(done, "gone.mail")[0] == "failed"
        assert "no longer exists" in reason(done, "gone.mail")[1]


@contextmanager
def dropping(database: Database) -> Iterator[None]:
    """Drop the table `gone` when the catalogue has been read."""
    from unittest import mock

    from sensscan.modes.marks import read_marks as whole

    def first_drop(*words: object) -> object:
        database.execute("drop table gone")
        return whole(*words)  # type: ignore[arg-type]  # passed on as they came

    with mock.patch("sensscan.modes.compared.read_marks", first_drop):
        yield


def test_failing_views_on_servers(home: Home, postgres_server: Server, mariadb_server: Server) -> None:
    for server in (postgres_server, mariadb_server):
        database = server.make_database("views")
        database.execute("create table good (mail varchar(50))", *(f"insert into good values ('{mail}')" for mail in MAILS))
        database.execute("create table base (a int)", "insert into base values (1)")
        if server is postgres_server:
            database.execute("create view failing as select 1 / (a - 1) as n, 'x'::text as t from base")
            database.execute("create view fine as select mail as m from good")
        else:
            database.execute(
                "create view failing as select a from base", "create view fine as select mail as m from good", "drop table base"
            )
        done = home.scan(database.url, "--views")
        good_is_found(done, 3)
        assert done.columns["fine.m"]["type"] == "email"
        codes = {item["reason"]["code"] for item in done.report["skipped"] if item["table"] == "failing"}
        # MariaDB does not tell a broken view from one whose tables the account may not read.
        assert codes == {"failed" if server is postgres_server else "permission"}
        assert home.scan(database.url).code == 0, "without --views nothing fails"


def test_rights(home: Home, mariadb_server: Server) -> None:
    database = mariadb_server.make_database("rights")
    database.execute("create table good (id int, mail varchar(50), salary int)", "create table closed (id int)")
    database.execute(*(f"insert into good values (1, '{mail}', 5)" for mail in MAILS))
    database.execute("grant select (id, mail) on rights.good to bare@'%'")
    done = home.scan(database.bare_url)
    names = set(done.columns)
    database.execute("revoke select (id, mail) on rights.good from bare@'%'")
    assert done.columns["good.mail"]["type"] == "email"
    # MariaDB shows an account only the columns that it may use: nothing to complain about.
    assert (done.code, names) == (0, {"good.id", "good.mail"})


def test_a_locked_table(home: Home, postgres_server: Server) -> None:
    database = postgres_server.make_database("locking")
    database.execute("create table good (mail text)", f"insert into good select unnest(array{MAILS})", "create table held (mail text)")
    connection = database.connect()
    connection.autocommit = False
    with connection.cursor() as cursor:
        cursor.execute("lock table held in access exclusive mode")
        done = home.scan(database.url)
    connection.close()
    good_is_found(done, 3)
    assert reason(done, "held.mail")[0] == "timeout"


# Odd cells and names


def test_odd_names(home: Home, tmp_path: Path, postgres_server: Server, mariadb_server: Server) -> None:
    path = tmp_path / "odd.db"
    sqlite3.connect(path).close()
    postgres, mariadb = postgres_server.make_database("odd_names"), mariadb_server.make_database("odd_names")
    values = ", ".join(f"('{mail}')" for mail in MAILS)
    for source, quote in ((path, '"'), (postgres, '"'), (mariadb, "`")):
        # MariaDB stores neither supplementary characters nor more than 64 characters in names.
        names = [name for name in ODD_NAMES if source is not mariadb or "😀" not in name]
        statements = []
        for name in names:
            quoted = quote + name.replace(quote, quote * 2) + quote
            column = quote + f"{name} mail".replace(quote, quote * 2)[:62] + quote
            statements += [f"create table {quoted} ({column} varchar(60))", f"insert into {quoted} values {values}"]
        if isinstance(source, Path):
            with closing(sqlite3.connect(source)) as connection:
                connection.executescript(";".join(statements))
        else:
            source.execute(*statements)
        word = source if isinstance(source, Path) else source.url
        done = home.scan(word, "-o", "odd.html", "-o", "odd.csv", "-o", "odd.md", "-o", "odd.xlsx")
        assert done.code == 0, done.err or [column["reason"] for column in done.report["columns"]]
        assert {column["table"] for column in done.report["columns"]} == set(names)
        assert {column["type"] for column in done.report["columns"]} == {"email"}
        assert home.run("scan", word, "--verbose").code == 0


def test_odd_cells_on_servers(home: Home, postgres_server: Server, mariadb_server: Server) -> None:
    postgres = postgres_server.make_database("odd_cells")
    postgres.execute(
        "create table good (mail text)",
        f"insert into good select unnest(array{MAILS})",
        "create table odd (d date, t timestamptz, n numeric, f float8, i interval, x text)",
        "insert into odd values ('infinity', '-infinity', 'NaN', 'Infinity', '-178000000 years', null)",
        "insert into odd values ('4713-01-01 BC', 'epoch', 1e100, '-0', '0', '')",
        "create table huge (a text, mail text)",
        "insert into huge select repeat('x', 100000000), 'anna@example.org'",
        *(f"insert into huge values ('y', '{mail}')" for mail in MAILS),
    )
    done = home.scan(postgres.url)
    good_is_found(done, 0)
    assert done.columns["huge.mail"]["type"] == "email"
    ascii_database = postgres_server.make_database("bytes", "encoding 'SQL_ASCII' locale 'C' template template0")
    connection = ascii_database.connect()
    connection.set_client_encoding("LATIN1")
    with connection.cursor() as cursor:
        cursor.execute("create table good (mail text, real_name text)")
        for number, mail in enumerate(MAILS):
            name = str(example("person_name", Random(number))).encode("gb18030" if number % 2 else "utf-8").decode("latin-1")
            cursor.execute("insert into good values (%s, %s)", (mail, name))
    connection.close()
    done = home.scan(ascii_database.url)
    good_is_found(done, 0)
    assert done.columns["good.real_name"]["type"] == "person_name"
    mariadb = mariadb_server.make_database("odd_cells")
    mariadb.execute(
        "create table good (mail varchar(50))",
        *(f"insert into good values ('{mail}')" for mail in MAILS),
        "create table odd (d date, t datetime, y year, b bit(3), s set('a','b'), g geometry, j json)",
        "insert into odd values ('0000-00-00', '2020-00-00 00:00:00', 0, b'101', 'a,b', point(1, 2), '{}')",
        "create table old (real_name varchar(50) character set gbk)",
        *(f"insert into old values ('{example('person_name', Random(number))}')" for number in range(30)),
    )
    done = home.scan(mariadb.url)
    good_is_found(done, 0)
    assert done.columns["old.real_name"]["type"] == "person_name"


def test_no_primary_key_and_unknown_estimates(home: Home, postgres_server: Server, mariadb_server: Server) -> None:
    for server in (postgres_server, mariadb_server):
        database = server.make_database("no_key")
        database.execute("create table good (n int, mail varchar(50))")
        mails = ", ".join(f"({number}, 'anna{number}@example.org')" for number in range(3000))
        database.execute(f"insert into good values {mails}")
        done = home.scan(database.url)
        good_is_found(done, 0)
        coverage = done.columns["good.mail"]["coverage"]
        assert 500 <= coverage["rows"] <= 3000
        assert coverage["complete"] is (coverage["method"] == "all")


def test_lost_connections(home: Home, postgres_server: Server) -> None:
    """A session that the administrator ends is opened again, once."""
    database = postgres_server.make_database("lost")
    tables = [f"t{number}" for number in range(6)]
    database.execute("create table good (mail text)", f"insert into good select unnest(array{MAILS})")
    database.execute(*(f"create table {table} (mail text)" for table in tables))
    database.execute(*(f"insert into {table} select unnest(array{MAILS})" for table in tables))
    stop = threading.Event()

    def end_sessions() -> None:
        time.sleep(0.2)
        while not stop.wait(0.1):
            database.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'scanner' and datname = 'lost'")
            return

    thread = threading.Thread(target=end_sessions)
    thread.start()
    done = home.scan(database.url, "--pause", "120")
    stop.set()
    thread.join()
    assert done.code in (0, 3, 4), done.err
    if done.code == 0:
        assert {column["type"] for column in done.report["columns"]} == {"email"}


def test_a_connector_without_answer_is_named(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    monkeypatch.setattr(connect, "_CONNECT_SECONDS", 1)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        started = time.monotonic()
        done = home.run("scan", f"postgresql://u:geheim@127.0.0.1:{port}/x?connect_timeout=2")
        assert time.monotonic() - started < 12
    assert done.code == 4
    assert "did not answer in time" in done.line()
    assert os.environ.get("SENSSCAN_PASSWORD") is None
