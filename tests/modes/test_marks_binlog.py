"""Rung 2 on a real MariaDB: what the binary log says of tables that the marks alone cannot vouch for."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from sensscan.catalog import enumerate_source
from sensscan.config import Filters, ReadLimits
from sensscan.model import TableRef
from sensscan.modes import marks_binlog
from sensscan.modes.binlog import Place
from sensscan.modes.marks import Changed, Mark, Same, read_marks
from sensscan.modes.marks_binlog import LogAnswers, ask_log
from sensscan.source import Session, StatementLog, open_source, parse_source
from tests.servers import Database, Server

TABLES = [
    "create table t (id int primary key, v varchar(40))",
    "insert into t select seq, 'x' from seq_1_to_50",
    "create table calm (id int primary key)",
    "insert into calm values (1)",
    "create table aria (id int primary key) engine=aria",
    "create table empty (id int primary key)",
    "create table parent (id int primary key)",
    "create table child (id int, foreign key (id) references parent(id) on delete cascade)",
    "insert into parent values (1), (2)",
    "insert into child values (1), (2)",
    "create view v as select v from t",
    "create view quiet as select id from calm",
    "create view above as select w.v from v as w join t on t.v = w.v",
    "create table swap_a (id int primary key)",
    "create table swap_b (id int primary key)",
]
EVERY = {"t", "calm", "aria", "empty", "parent", "child", "v", "quiet", "above", "swap_a", "swap_b"}


@dataclass(frozen=True)
class Stored:
    """A stored mark as the store returns it."""

    data_mark: str


@pytest.fixture(scope="module")
def database(mariadb_server: Server) -> Database:
    made = mariadb_server.make_database("rung2")
    made.execute(*TABLES)
    return made


@contextmanager
def opened(url: str, log: Path | None = None) -> Iterator[Session]:
    with open_source(parse_source(url), ReadLimits(), log=StatementLog(log) if log is not None else None) as session:
        yield session


def marks_of(session: Session) -> dict[TableRef, Mark]:
    tables = enumerate_source(session, "s", Filters(views=True)).tables
    return read_marks(session, [table.ref for table in tables])


def remembered(marks: dict[TableRef, Mark]) -> dict[TableRef, Stored]:
    return {ref: Stored(mark.encode()) for ref, mark in marks.items()}


def answers(database: Database, *statements: str, url: str = "") -> LogAnswers:
    """Mark, change, mark again, and ask the log."""
    with opened(url or database.watch_url) as session:
        before = remembered(marks_of(session))
        database.execute(*statements)
        return ask_log(session, before, marks_of(session))


def changed(found: LogAnswers) -> set[str]:
    return {ref.table for ref, one in found.comparisons.items() if isinstance(one, Changed)}


@pytest.mark.parametrize(
    ("statements", "touched"),
    [
        (["insert into t values (1000, 'n')"], {"t", "v", "above"}),
        (["update t set v = 'y' where id = 1"], {"t", "v", "above"}),
        (["truncate empty"], {"empty"}),
        (["insert into aria values (1)"], {"aria"}),
        (["delete from parent where id = 1"], {"parent", "child"}),
        (["rename table swap_a to swap_c, swap_b to swap_a, swap_c to swap_b"], {"swap_a", "swap_b"}),
        (["drop table empty", "create table empty (id int primary key)"], {"empty"}),
        (["create or replace view quiet as select id + 1 as id from calm"], {"quiet"}),
        (["create database if not exists rung2_other", "create table if not exists rung2_other.t (id int)"], set()),
        (["set session binlog_format = statement", "update t set v = 'z' where id = 2"], EVERY),
        (["flush logs", "insert into calm values (5)"], {"calm", "quiet"}),
        (["insert into calm values (7)", "begin", "insert into t values (-5, 'undone')", "rollback"], {"calm", "quiet"}),
    ],
)  # fmt: skip
def test_the_log_names_what_was_touched_and_nothing_else(database: Database, statements: list[str], touched: set[str]) -> None:
    found = answers(database, *statements)
    assert found.note is None
    assert changed(found) == touched
    assert {ref.table for ref in found.untouched} == EVERY - touched
    assert all(isinstance(found.comparisons.get(ref, Same(marks_binlog._UNTOUCHED)), Same) for ref in found.untouched)


def test_a_transaction_prepared_before_and_committed_after(database: Database) -> None:
    prepared = database.connect()
    with prepared.cursor() as cursor:
        for statement in ("xa start 'one'", "insert into calm values (100)", "xa end 'one'", "xa prepare 'one'"):
            cursor.execute(statement)
    prepared.close()
    found = answers(database, "xa commit 'one'")
    assert changed(found) == EVERY, "its tables were named before the mark: everything is unknown"


def test_a_prepared_transaction_within_the_log_names_its_tables(database: Database) -> None:
    found = answers(database, "xa start 'two'", "insert into calm values (101)", "xa end 'two'", "xa prepare 'two'", "xa commit 'two'")
    assert changed(found) == {"calm", "quiet"}


def test_what_was_written_before_the_mark_is_not_touched(database: Database) -> None:
    """Tables keep marks of different age: each counts from its own place in the log."""
    with opened(database.watch_url) as session:
        first = remembered(marks_of(session))
        database.execute("insert into calm values (200)")
        second = remembered(marks_of(session))
        database.execute("insert into parent values (200)")
        mixed = {ref: (second if ref.table == "calm" else first)[ref] for ref in first}
        found = ask_log(session, mixed, marks_of(session))
    assert changed(found) == {"parent", "child", "quiet"}


def test_nothing_written_asks_nothing(database: Database) -> None:
    assert answers(database) == LogAnswers()


def test_without_rights_the_other_rungs_decide_and_the_grant_is_told(database: Database) -> None:
    with opened(database.url) as session:
        before = remembered(marks_of(session))
        database.execute("insert into aria values (300)")
        now = marks_of(session)
        found = ask_log(session, before, now)
    assert not found.comparisons
    assert not found.untouched
    assert found.note is not None
    assert "GRANT REPLICATION SLAVE, BINLOG MONITOR ON *.* TO 'scanner'@" in found.note.en


def test_half_the_rights_are_no_rights(database: Database) -> None:
    database.execute("grant binlog monitor on *.* to scanner@'%'")
    try:
        found = answers(database, "insert into aria values (301)", url=database.url)
    finally:
        database.execute("revoke binlog monitor on *.* from scanner@'%'")
    assert not found.comparisons
    assert found.note is not None
    assert "GRANT REPLICATION SLAVE" in found.note.en


def test_a_log_that_is_too_long_is_not_read(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marks_binlog, "MOST_BYTES", 100)
    found = answers(database, "insert into aria values (302)")
    assert not found.comparisons
    assert found.note is not None
    assert "too long" in found.note.en


def purge(database: Database) -> None:
    """Have the server drop its older logs, which it does only when no reader and no recovery needs them any more."""
    until = time.monotonic() + 30
    with closing(database.connect()) as connection, connection.cursor() as cursor:
        while True:
            cursor.execute("flush logs")
            cursor.execute("purge binary logs before now() + interval 1 day")
            if cursor.execute("show binary logs") == 1:
                return
            assert time.monotonic() < until, "the server kept its logs"
            time.sleep(0.2)


def test_a_purged_log_is_not_trusted(database: Database) -> None:
    with opened(database.watch_url) as session:
        before = remembered(marks_of(session))
        database.execute("insert into aria values (303)")
        purge(database)
        found = ask_log(session, before, marks_of(session))
    assert not found.untouched
    assert found.note is not None


def test_a_log_begun_anew_is_not_trusted(database: Database) -> None:
    found = answers(database, "insert into aria values (304)", "reset master")
    assert found == LogAnswers()


def test_reading_the_log_is_told_to_the_dba(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "statements.log"
    with opened(database.watch_url, path) as session:
        before = remembered(marks_of(session))
        database.execute("insert into t values (5000, '11010519491231002X')")
        ask_log(session, before, marks_of(session))
    text = path.read_text()
    assert "COM_BINLOG_DUMP from binlog." in text
    assert "11010519491231002X" not in text


def test_places_are_in_the_order_of_the_log() -> None:
    texts = ["b.000009:5", "b.000009:100", "b.999999:4", "b.1000000:4"]
    places = [Place.of(text) for text in texts]
    assert None not in places
    assert places == sorted(place for place in reversed(places) if place)
    assert Place.of("") is None
    assert Place.of("nonsense") is None
