"""What each server's marks say after each kind of change: real servers, one operation at a time."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sensscan.catalog import enumerate_source
from sensscan.config import Filters, ReadLimits
from sensscan.model import TableRef
from sensscan.modes.marks import Changed, Comparison, Mark, Same, Unknown, compare, decode, read_marks
from sensscan.source import StatementLog, open_source, parse_source
from tests.servers import Database, Server

Marks = dict[TableRef, Mark]


def marks_of(url: str, *tables: tuple[str, str]) -> Marks:
    source = parse_source(url)
    with open_source(source, ReadLimits()) as session:
        return read_marks(session, [TableRef(source.identity, schema, table) for schema, table in tables])


def after(url: str, table: tuple[str, str], change: Callable[[], object]) -> Comparison:
    """Read, change, read again; what the comparison says. Through the store's text, as a real run does."""
    before = {ref.table: decode(mark.encode()) for ref, mark in marks_of(url, table).items()}
    change()
    now = {ref.table: mark for ref, mark in marks_of(url, table).items()}
    return compare(before.get(table[1]), now.get(table[1]))


# PostgreSQL


@pytest.fixture(scope="module")
def pg(postgres_server: Server) -> Iterator[Database]:
    database = postgres_server.make_database("marks")
    database.execute(
        "create table t (id int primary key, v text)",
        "insert into t select g, 'x' from generate_series(1, 100) g",
        "create table calm (id int primary key)",
        "insert into calm values (1)",
        "create table p (id int, v text) partition by range (id)",
        "create table p1 partition of p for values from (0) to (10)",
        "create table p2 partition of p for values from (10) to (20)",
        "create view v as select v from t",
        "create function f() returns setof t language sql as 'select * from t'",
        "create view vf as select * from f()",
        "create materialized view m as select * from t",
        "create table swap (id int primary key, v text)",
    )
    yield database


@pytest.mark.parametrize(
    ("table", "statements", "kind"),
    [
        ("t", ["insert into t values (1000, 'new')"], Changed),
        ("t", ["update t set v = 'y' where id = 1"], Changed),
        ("t", ["delete from t where id = 2"], Changed),
        ("t", ["insert into t select g, 'bulk' from generate_series(2000, 5000) g"], Changed),
        ("t", ["truncate t"], Changed),
        ("swap", ["insert into swap values (1, 'x')", "alter table swap alter v type varchar(40)"], Changed),
        ("calm", ["vacuum full calm"], Changed),  # rewritten without a change: an unneeded look
        ("t", ["begin; insert into t values (-1, 'undone'); rollback"], Changed),  # counted though undone
        ("calm", ["insert into t values (1001, 'other table')"], Same),
        ("calm", ["analyze calm"], Same),
        ("calm", ["comment on column calm.id is 'x'"], Same),  # seen by the structure hash, not by the data mark
        ("calm", ["alter table calm add column late text default 'k'"], Same),  # no row is rewritten: only the new column is new
        ("p", ["insert into p values (5, 'a')"], Changed),
        ("p", ["truncate p2"], Changed),
        ("v", ["insert into t values (1002, 'seen through the view')"], Changed),
        ("v", ["insert into p values (6, 'not of the view')"], Same),
        ("vf", ["insert into t values (1003, 'x')"], Unknown),
        ("m", ["insert into t values (1004, 'x')"], Same),
        ("m", ["refresh materialized view m"], Changed),
        ("swap", ["alter table swap rename to old; create table swap (id int primary key, v text)"], Changed),
    ],
)  # fmt: skip
def test_postgresql_after(pg: Database, table: str, statements: list[str], kind: type[Comparison]) -> None:
    result = after(pg.url, ("public", table), lambda: pg.execute(*statements))
    assert isinstance(result, kind), result


def test_postgresql_nothing_written_is_told_by_the_snapshot(pg: Database) -> None:
    result = after(pg.url, ("public", "vf"), lambda: None)
    assert isinstance(result, Same)
    assert "no transaction" in result.by.en


def test_postgresql_counter_reset_is_unknown(pg: Database) -> None:
    result = after(pg.url, ("public", "t"), lambda: pg.execute("select pg_stat_reset()", "insert into t values (-5, 'x')"))
    assert isinstance(result, Unknown)


def test_postgresql_dropped_table_has_no_mark(pg: Database) -> None:
    pg.execute("create table doomed (a int)")
    result = after(pg.url, ("public", "doomed"), lambda: pg.execute("drop table doomed"))
    assert isinstance(result, Unknown)


# MariaDB


@pytest.fixture(scope="module")
def maria(mariadb_server: Server) -> Iterator[Database]:
    database = mariadb_server.make_database("marks")
    database.execute(
        "create table t (id int primary key, v varchar(40))",
        "insert into t select seq, 'x' from seq_1_to_100",
        "create table calm (id int primary key)",
        "insert into calm values (1)",
        "create table isam (id int) engine=myisam",
        "create table aria (id int) engine=aria",
        "insert into isam values (1)",
        "insert into aria values (1)",
        "create table parent (id int primary key)",
        "create table child (id int, foreign key (id) references parent(id) on delete cascade)",
        "insert into parent values (1), (2)",
        "insert into child values (1), (2)",
        "create view v as select v from t",
    )
    time.sleep(3.1)
    yield database


@pytest.mark.parametrize(
    ("table", "statements", "kinds"),
    [
        ("t", ["insert into t values (1000, 'new')"], (Changed,)),
        ("t", ["update t set v = 'y' where id = 1"], (Changed, Unknown)),
        ("t", ["delete from t where id = 2"], (Changed, Unknown)),
        ("calm", ["insert into t values (1001, 'other table')"], (Same,)),
        ("isam", ["insert into t values (1002, 'other table')"], (Same,)),
        ("isam", ["insert into isam values (2)"], (Changed,)),
        ("aria", ["insert into aria values (2)"], (Changed, Unknown)),
        ("aria", ["insert into t values (1003, 'other table')"], (Same, Unknown)),
        ("child", ["delete from parent where id = 1"], (Changed, Unknown)),
        ("v", ["insert into t values (1004, 'x')"], (Unknown, Changed)),
        ("calm", ["alter table calm force"], (Changed, Unknown)),
        ("t", ["truncate t"], (Changed, Unknown)),
    ],
)
def test_mariadb_after(maria: Database, table: str, statements: list[str], kinds: tuple[type[Comparison], ...]) -> None:
    result = after(maria.url, ("marks", table), lambda: maria.execute(*statements))
    assert isinstance(result, kinds), result


def test_mariadb_nothing_written_is_told_by_the_binary_log(maria: Database) -> None:
    for table in ("aria", "v", "t"):
        result = after(maria.url, ("marks", table), lambda: None)
        assert isinstance(result, Same)
        assert "binary log" in result.by.en


def test_mariadb_is_not_asked_about_every_table_when_nothing_was_logged(maria: Database, tmp_path: Path) -> None:
    log = tmp_path / "statements.log"
    with open_source(parse_source(maria.url), ReadLimits(), log=StatementLog(log)) as session:
        refs = [table.ref for table in enumerate_source(session, "s", Filters()).tables]
        before = read_marks(session, refs)
        asked = log.read_text().count("UPDATE_TIME")
        assert read_marks(session, refs, lambda: before) == before
        assert log.read_text().count("UPDATE_TIME") == asked
        maria.execute("insert into t values (4711, 'n')")
        assert read_marks(session, refs, lambda: before) != before


def test_mariadb_rollback_writes_nothing(maria: Database) -> None:
    def undone() -> None:
        connection = maria.connect()
        connection.begin()
        connection.cursor().execute("insert into t values (-1, 'undone')")
        connection.rollback()
        connection.close()

    assert isinstance(after(maria.url, ("marks", "t"), undone), Same)


def test_mariadb_transaction_open_while_marked_is_not_lost(maria: Database) -> None:
    """The writer commits after the mark was read: a look at the table then has not seen its rows."""
    # A start in the second of the table's last change is an exception that the docs state.
    time.sleep(1.1)
    connection = maria.connect()
    connection.begin()
    connection.cursor().execute("insert into t values (-77, 'late')")
    time.sleep(2.5)

    def commit() -> None:
        connection.commit()
        connection.close()

    assert not isinstance(after(maria.url, ("marks", "t"), commit), Same)


# SQLite


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.db"
    with sqlite3.connect(path) as connection:
        connection.executescript("create table t (v text); insert into t values ('x'); create table calm (v text);")
    connection.close()
    time.sleep(0.03)
    return path


def run(path: Path, *statements: str) -> Callable[[], None]:
    def change() -> None:
        connection = sqlite3.connect(path)
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.close()

    return change


@pytest.mark.parametrize(
    "statement",
    [
        "insert into t values ('y')", "update t set v = 'z'", "delete from t", "alter table t add column w", "create table n (a)",
        "drop table calm",
    ],
)  # fmt: skip
@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_sqlite_after(file: Path, statement: str, journal: str) -> None:
    run(file, f"pragma journal_mode={journal}")()
    assert isinstance(after(f"sqlite:///{file}", ("main", "t"), run(file, statement)), Changed)


def test_sqlite_reading_changes_nothing(file: Path) -> None:
    for journal in ("delete", "wal"):
        run(file, f"pragma journal_mode={journal}")()
        time.sleep(0.03)
        assert isinstance(after(f"sqlite:///{file}", ("main", "t"), lambda: marks_of(f"sqlite:///{file}", ("main", "t"))), Same)


def test_sqlite_commit_into_an_open_wal(file: Path) -> None:
    writer = sqlite3.connect(file)
    writer.execute("pragma journal_mode=wal")
    writer.execute("insert into t values ('1')")
    writer.commit()
    time.sleep(0.03)

    def more() -> None:
        writer.execute("insert into t values ('2')")
        writer.commit()

    assert isinstance(after(f"sqlite:///{file}", ("main", "t"), more), Changed)
    assert isinstance(after(f"sqlite:///{file}", ("main", "t"), lambda: writer.execute("pragma wal_checkpoint(truncate)")), Changed)
    writer.close()


def test_sqlite_in_memory_is_unknown() -> None:
    assert isinstance(compare(None, Mark("sqlite", {})), Unknown)


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"d":', "1"])
def test_damaged_marks_are_no_marks(text: str) -> None:
    assert decode(text) is None


def test_marks_of_different_servers_never_agree() -> None:
    assert isinstance(compare(Mark("postgresql", {}), Mark("mysql", {})), Unknown)


def test_marks_hold_no_values(pg: Database) -> None:
    pg.execute("create table secret (id text)", "insert into secret values ('11010519491231002X')")
    text = "".join(mark.encode() for mark in marks_of(pg.url, ("public", "secret")).values())
    assert text
    assert "11010519491231002X" not in text
