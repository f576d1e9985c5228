"""Sessions cannot write, end in time, log without values, and say clearly what went wrong."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from sensscan.config import ReadLimits
from sensscan.errors import NothingReadError, ReadError, SensscanError
from sensscan.language import Text
from sensscan.source import Session, StatementLog, open_source, parse_source, translate
from tests.servers import PASSWORD, Database, Server

WHAT = Text("table t", "表 t")


@pytest.fixture(params=["postgres_server", "mariadb_server"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    server: Server = request.getfixturevalue(request.param)
    made = server.make_database("session_tests")
    made.execute("create table t (a int, b varchar(50))", "insert into t values (1, 'secret-value')")
    yield made
    server.drop_database("session_tests")


def _table(session: Session) -> str:
    return session.quote_table("public" if session.dialect == "postgresql" else session.url.database, "t")


def _failure(work: object) -> ReadError:
    with pytest.raises(Exception) as caught:  # drivers have no common class
        work()  # type: ignore[operator]
    error = translate(caught.value, WHAT)
    assert isinstance(error, ReadError)
    assert "secret-value" not in error.message("en") + error.message("zh")
    return error


@pytest.mark.parametrize(
    "statement", ["insert into {} values (2, 'x')", "update {} set a = 3", "delete from {}", "drop table {}", "truncate {}"]
)
def test_even_an_administrator_cannot_write(database: Database, statement: str) -> None:
    with open_source(parse_source(database.admin_url), ReadLimits()) as session:
        name = _table(session)

        def write() -> None:
            with session.transaction():
                session.execute(statement.format(name))

        error = _failure(write)
        assert "read-only" in error.text.en
        assert session.execute(f"select a, b from {name}") == [(1, "secret-value")]


def test_statements_end_at_the_time_limit(database: Database) -> None:
    sleep = (
        "select pg_catalog.pg_sleep(20)" if database.server.dialect == "postgresql" else "select sleep(20) from information_schema.tables"
    )
    with open_source(parse_source(database.url), ReadLimits(statement_seconds=1)) as session:
        assert _failure(lambda: session.execute(sleep)).code == "timeout"
        assert session.execute("select 1") == [(1,)]


def test_locked_tables_are_not_waited_for(database: Database) -> None:
    blocker = database.connect()
    with blocker.cursor() as cursor:
        if database.server.dialect == "postgresql":
            cursor.execute("begin")
            cursor.execute("lock table t in access exclusive mode")
        else:
            cursor.execute("lock tables t write")
    try:
        with open_source(parse_source(database.url), ReadLimits(lock_seconds=1)) as session:
            name = _table(session)
            error = _failure(lambda: session.execute(f"select * from {name}"))
            assert error.code == "timeout"
            assert "locked" in error.text.en
    finally:
        blocker.close()


def test_dropped_tables_and_columns(database: Database) -> None:
    with open_source(parse_source(database.url), ReadLimits()) as session:
        name = _table(session)
        gone = session.quote_table("public" if session.dialect == "postgresql" else session.url.database, "gone")
        assert "no longer exists" in _failure(lambda: session.execute(f"select * from {gone}")).text.en
        assert "column" in _failure(lambda: session.execute(f"select nothing from {name}")).text.en


def test_permission_denied(database: Database) -> None:
    if database.server.dialect == "mysql":
        database.execute("create table u (a int)", f"grant select on {database.name}.u to bare@'%'")
    with open_source(parse_source(database.bare_url), ReadLimits()) as session:
        name = _table(session)
        error = _failure(lambda: session.execute(f"select * from {name}"))
        assert error.code == "permission"
        assert "42501" in error.text.en or "1142" in error.text.en


def test_work_is_repeated_once_after_a_lost_connection(database: Database) -> None:
    with open_source(parse_source(database.url), ReadLimits()) as session:
        name = _table(session)
        calls = []

        def work() -> list[tuple[object, ...]]:
            calls.append(1)
            if len(calls) == 1:
                number = session.execute("select pg_backend_pid()" if session.dialect == "postgresql" else "select connection_id()")[0][0]
                end = f"select pg_terminate_backend({number})" if session.dialect == "postgresql" else f"kill {number}"
                database.execute(end)
            return session.execute(f"select a from {name}")

        assert session.reading(work) == [(1,)]
        assert len(calls) == 2


def test_the_log_has_statements_but_no_parameters(database: Database, tmp_path: Path) -> None:
    log = StatementLog(tmp_path / "statements.log")
    with open_source(parse_source(database.url), ReadLimits(), log=log) as session:
        session.execute(f"select a from {_table(session)} where b = %s", ["secret-value"])
    lines = log.path.read_text().splitlines()
    assert "1 rows" in lines[-1]
    assert " ms" in lines[-1]
    assert "secret-value" not in lines[-1]
    assert PASSWORD not in log.path.read_text()
    assert log.path.stat().st_mode & 0o777 == 0o600


def test_sqlalchemy_hides_parameters(database: Database) -> None:
    from sqlalchemy import text

    with open_source(parse_source(database.url), ReadLimits()) as session, pytest.raises(Exception) as caught:
        session.connection.execute(text("select * from nowhere where a = :a"), {"a": "secret-value"})
    assert "parameters hidden" in str(caught.value)
    # The driver's own part still shows the statement with its values: only our translation may be shown.
    assert "secret-value" not in translate(caught.value, WHAT).message("en")


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (lambda url: url.replace(PASSWORD, "wrong"), "password"),
        (lambda url: url.replace("scanner", "nobody"), "password"),
        (lambda url: url.replace("127.0.0.1", "no-such-host.invalid"), "host name"),
        (lambda url: url.replace("session_tests", "no_such_database"), "database"),
    ],
)
def test_failed_connections_are_explained(database: Database, change: object, part: str) -> None:
    url = parse_source(change(database.url))  # type: ignore[operator]
    with pytest.raises(NothingReadError) as caught, open_source(url, ReadLimits()):
        pass
    message = caught.value.message("en")
    assert part in message
    assert url.identity in message
    assert PASSWORD not in message
    assert "wrong" not in message
    assert "\n" not in message
    assert caught.value.hint is not None
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("scheme", ["mysql", "postgresql"])
def test_nothing_listens(scheme: str) -> None:
    with pytest.raises(NothingReadError, match="nothing listens"), open_source(parse_source(f"{scheme}://u:p@127.0.0.1:1/d"), ReadLimits()):
        pass


# SQLite


def _open(path: Path, limits: ReadLimits | None = None) -> list[tuple[object, ...]]:
    with open_source(parse_source(f"sqlite:///{path}"), limits or ReadLimits()) as session:
        return session.execute("select * from main.t")


def _refused(path: Path) -> str:
    with pytest.raises(SensscanError) as caught:
        try:
            _open(path)
        except sqlite3.Error as error:
            raise translate(error, WHAT) from None
    assert caught.value.hint is not None
    assert "\n" not in caught.value.message("zh")
    return caught.value.message("en")


def _make(path: Path, *statements: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    connection.execute("create table t (a int)")
    connection.execute("insert into t values (1)")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    return connection


def test_bad_files(tmp_path: Path) -> None:
    assert "does not exist" in _refused(tmp_path / "missing.db")
    assert "folder" in _refused(tmp_path)
    (tmp_path / "text.db").write_text("name,phone\n" * 500)
    assert "not an SQLite database, or it is encrypted" in _refused(tmp_path / "text.db")
    (tmp_path / "encrypted.db").write_bytes(bytes(range(256)) * 64)
    assert "encrypted" in _refused(tmp_path / "encrypted.db")
    _make(tmp_path / "cut.db", *[f"create table t{number} (a text)" for number in range(50)]).close()
    whole = (tmp_path / "cut.db").read_bytes()
    (tmp_path / "cut.db").write_bytes(whole[:1024])
    assert "cut.db" in _refused(tmp_path / "cut.db") or "damaged" in _refused(tmp_path / "cut.db")


def test_an_empty_file_is_an_empty_database(tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    with open_source(parse_source(str(tmp_path / "empty.db")), ReadLimits()) as session:
        assert session.execute("select count(*) from sqlite_master") == [(0,)]


def test_sqlite_cannot_be_written(tmp_path: Path) -> None:
    _make(tmp_path / "a.db").close()
    before = (tmp_path / "a.db").read_bytes()
    with open_source(parse_source(str(tmp_path / "a.db")), ReadLimits()) as session:
        for statement in ("insert into main.t values (2)", "drop table main.t", "create table main.x (a)", "attach 'other.db' as o"):
            with pytest.raises(sqlite3.Error):
                session.execute(statement)
                session.execute("create table o.x (a)")
    assert (tmp_path / "a.db").read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["a.db"]


def test_a_wal_database_is_read_without_making_files(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "w.db")
    connection.execute("pragma journal_mode=wal")
    connection.close()
    _make(tmp_path / "w.db").close()
    assert [file.name for file in tmp_path.iterdir()] == ["w.db"]
    assert _open(tmp_path / "w.db") == [(1,)]
    assert [file.name for file in tmp_path.iterdir()] == ["w.db"]


def test_a_wal_database_in_use_is_read_with_its_newest_rows(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "w.db")
    connection.execute("pragma journal_mode=wal")
    writer = _make(tmp_path / "w.db")
    assert _open(tmp_path / "w.db") == [(1,)]
    writer.execute("insert into t values (2)")
    writer.commit()
    assert _open(tmp_path / "w.db") == [(1,), (2,)]
    writer.close()
    connection.close()


def test_a_wal_database_written_while_read_is_read_again(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "w.db")
    connection.execute("pragma journal_mode=wal")
    connection.close()
    _make(tmp_path / "w.db").close()
    writer = sqlite3.connect(tmp_path / "w.db")
    with open_source(parse_source(str(tmp_path / "w.db")), ReadLimits()) as session:
        assert "immutable" in session.features
        seen: list[int] = []

        def work() -> list[tuple[object, ...]]:
            if not seen:
                writer.execute("insert into t values (2)")
                writer.commit()
            seen.append(1)
            return session.execute("select * from main.t")

        assert session.reading(work) == [(1,), (2,)]
    writer.close()


def test_a_hot_journal_is_reported_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "hot.db"
    connection = _make(path)
    connection.execute("pragma cache_size=1")
    connection.execute("begin")
    connection.executemany("insert into t values (?)", [(number,) for number in range(20_000)])
    copy = tmp_path / "copy.db"
    journal = (tmp_path / "hot.db-journal").read_bytes()
    copy.write_bytes(path.read_bytes())
    # A header with a page count makes the journal hot, as after a crash.
    (tmp_path / "copy.db-journal").write_bytes(journal[:8] + (1).to_bytes(4, "big") + journal[12:])
    connection.rollback()
    connection.close()
    before = copy.read_bytes()
    assert "journal to roll back" in _refused(copy)
    assert copy.read_bytes() == before


def test_a_locked_database(tmp_path: Path) -> None:
    writer = _make(tmp_path / "l.db")
    writer.execute("begin exclusive")
    assert "locked by another program" in _refused(tmp_path / "l.db")
    writer.rollback()
    writer.close()


def test_sqlite_statements_end_at_the_time_limit(tmp_path: Path) -> None:
    _make(tmp_path / "s.db").close()
    with open_source(parse_source(str(tmp_path / "s.db")), ReadLimits(statement_seconds=1)) as session:
        endless = "with recursive c(x) as (select 1 union all select x + 1 from c) select count(*) from c"
        assert _failure(lambda: session.execute(endless)).code == "timeout"
        assert session.execute("select 1") == [(1,)]


def test_odd_file_names(tmp_path: Path) -> None:
    path = tmp_path / "客户 #1?50%.db"
    _make(path).close()
    with open_source(parse_source(str(path)), ReadLimits()) as session:
        assert session.execute("select * from main.t") == [(1,)]
