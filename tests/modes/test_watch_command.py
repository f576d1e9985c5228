"""`sensscan watch` as a service: finds, stops on SIGTERM, survives a restart and a crash of the server, and being killed."""

from __future__ import annotations

import os
import queue
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers import Database, Server, run_mariadb, run_postgres

ROOT = Path(__file__).resolve().parents[2]
ID_CARDS = [
    "11010519491231002X", "440524188001010014", "110101199003070054", "110101199003070070", "110101199003070097",
    "11010119900307011X", "110101199003070134", "110101199003070150", "110101199003070177", "110101199003070193",
]  # fmt: skip


@dataclass
class Service:
    """The running command and its lines."""

    process: subprocess.Popen[str]
    lines: queue.Queue[str]
    seen: list[str]

    def wait_for(self, word: str, seconds: float) -> str | None:
        """Return the first new line that holds the word."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                line = self.lines.get(timeout=0.1)
            except queue.Empty:
                continue
            self.seen.append(line)
            if word in line:
                return line
        return None


def places(home: Path) -> dict[str, str]:
    """Store and key in folders of their own."""
    return {"SENSSCAN_DATA_DIR": str(home / "data"), "SENSSCAN_CONFIG_DIR": str(home / "config")}


@contextmanager
def service(url: str, home: Path, *options: str) -> Iterator[Service]:
    environ = {**os.environ, **places(home), "SENSSCAN_LANG": "en", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "sensscan", "watch", url, "--quiet-time", "2", "--poll", "1", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environ, cwd=ROOT)
    lines: queue.Queue[str] = queue.Queue()
    output = process.stdout
    assert output is not None

    def pump() -> None:
        for line in output:
            lines.put(line.rstrip("\n"))

    threading.Thread(target=pump, daemon=True).start()
    try:
        yield Service(process, lines, [])
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def cards(table: str, first: int = 100) -> str:
    rows = ", ".join(f"({first + number}, '{card}')" for number, card in enumerate(ID_CARDS * 3))
    return f"insert into {table} values {rows}"


def prepare(database: Database) -> None:
    database.execute(
        "create table orders (id int primary key, v varchar(60))",
        "insert into orders values (1, 'red'), (2, 'blue'), (3, 'green'), (4, 'shipped'), (5, 'open')",
        "create table other (id int primary key, v varchar(60))",
    )


def finds_new_cards(running: Service, insert: object, place: str) -> None:
    assert callable(insert)
    insert()
    began = time.monotonic()
    line = running.wait_for(f"found  {place}", 20)
    assert line is not None, running.seen
    assert "ID" in line or "id" in line
    assert time.monotonic() - began < 10
    assert not any(card in one for card in ID_CARDS for one in running.seen), "a clear value was printed"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def stop(running: Service) -> None:
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(timeout=20) == 130
    assert running.wait_for("stopped", 2)


def test_postgresql_cards_in_a_harmless_column_are_found(postgres_server: Server, home: Path) -> None:
    database = postgres_server.make_database("watch_command")
    prepare(database)
    try:
        with service(database.watch_url, home) as running:
            assert running.wait_for("columns examined", 40), running.seen
            finds_new_cards(running, lambda: database.execute(cards("orders")), "public.orders.v")
            stop(running)
        database.execute(cards("other"))
        with service(database.watch_url, home) as running:  # takes up where it ended
            assert running.wait_for("found  public.other.v", 20), running.seen
            stop(running)
    finally:
        database.execute("select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = 'sensscan'")


def test_mariadb_cards_in_a_harmless_column_are_found(mariadb_server: Server, home: Path) -> None:
    database = mariadb_server.make_database("watch_command")
    prepare(database)
    with service(database.watch_url, home, "--schema", "watch_command") as running:
        assert running.wait_for("columns examined", 40), running.seen
        finds_new_cards(running, lambda: database.execute(cards("orders")), "watch_command.orders.v")
        stop(running)
    database.execute(cards("other"))
    with service(database.watch_url, home, "--schema", "watch_command") as running:
        assert running.wait_for("found  watch_command.other.v", 20), running.seen
        stop(running)


@pytest.mark.parametrize(
    ("url", "code"), [("postgresql://u:p@127.0.0.1:9/x", 4), ("mysql://u:p@127.0.0.1:9/", 4), ("oracle://x/y", 2), ("nosuch", 2)]
)
def test_what_cannot_be_watched_ends_at_once(url: str, code: int, home: Path) -> None:
    with service(url, home) as running:
        assert running.process.wait(timeout=20) == code
        line = running.wait_for("sensscan: ", 5)
        assert line is not None
        assert ":p@" not in line


def test_sqlite_cards_in_a_harmless_column_are_found(tmp_path: Path, home: Path) -> None:
    path = tmp_path / "a.db"
    with sqlite3.connect(path) as writer:
        writer.execute("create table orders (id integer primary key, v text)")
        writer.execute("insert into orders values (1, 'red'), (2, 'blue'), (3, 'green'), (4, 'shipped'), (5, 'open')")
    with service(f"sqlite:///{path}", home) as running:
        assert running.wait_for("columns examined", 40), running.seen

        def insert() -> None:
            writer.execute(cards("orders"))
            writer.commit()

        finds_new_cards(running, insert, "main.orders.v")
        stop(running)
    writer.close()


@pytest.mark.parametrize(
    "kind", [pytest.param(signal.SIGTERM, marks=pytest.mark.soak, id="restart"), pytest.param(signal.SIGKILL, id="crash")]
)
@pytest.mark.parametrize("dialect", ["postgresql", "mysql"])
def test_the_server_may_go_and_come_back(dialect: str, kind: signal.Signals, home: Path) -> None:
    with run_postgres() if dialect == "postgresql" else run_mariadb() as server:
        database = server.make_database("comes_back")
        prepare(database)
        schema = "public" if dialect == "postgresql" else "comes_back"
        with service(database.watch_url, home, "--schema", schema) as running:
            assert running.wait_for("columns examined", 40), running.seen
            server.process.send_signal(signal.SIGINT if dialect == "postgresql" and kind is signal.SIGTERM else kind)
            server.process.wait(timeout=30)
            assert running.wait_for("tried again", 40), running.seen
            restart(server)
            if dialect == "mysql":  # the test server's init file makes its accounts anew at every start
                database.execute("grant select, show view on comes_back.* to watcher@'%'")
            database.execute(cards("orders"))
            assert running.wait_for(f"found  {schema}.orders.v", 40), running.seen
            stop(running)


def restart(server: Server) -> None:
    """Start the same server program again on the same data and port."""
    server.process = subprocess.Popen(
        server.process.args, cwd=server.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            server.connect("admin", "").close()
        except Exception:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server did not come back")


def kills(database: Database, home: Path, schema: str, count: int) -> None:
    """Kill the watcher at odd moments while tables are filled; at the end every table must have been found."""
    names = [f"k{number}" for number in range(count)]
    for name in names:
        database.execute(f"create table {name} (id int primary key, v varchar(60))")
    with service(database.watch_url, home, "--schema", schema) as running:
        assert running.wait_for("columns examined", 40), running.seen
        stop(running)
    for number, name in enumerate(names):
        with service(database.watch_url, home, "--schema", schema) as running:
            time.sleep(0.3 + 0.37 * (number % 8))
            database.execute(cards(name))
            time.sleep(0.25 * (number % 11))
            running.process.kill()
            running.process.wait()
    with service(database.watch_url, home, "--schema", schema) as running:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and not set(names) <= labelled(home, names):
            running.wait_for("columns examined", 2)
        stop(running)
    assert set(names) <= labelled(home, names), (sorted(set(names) - labelled(home, names)), running.seen)


def labelled(home: Path, names: list[str]) -> set[str]:
    """Return the tables whose column v is labelled as ID cards in the store."""
    from sensscan.store import open_store

    with open_store(None, environ={**os.environ, **places(home)}) as store:
        return {ref.table for ref, tag in store.tags().items() if ref.column == "v" and tag.type_id == "id_card" and ref.table in names}


@pytest.mark.parametrize("count", [2, pytest.param(20, marks=pytest.mark.soak)])
def test_a_killed_watcher_misses_no_table_postgresql(postgres_server: Server, home: Path, count: int) -> None:
    database = postgres_server.make_database("killed")
    try:
        kills(database, home, "public", count)
    finally:
        database.execute("select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = 'sensscan'")


@pytest.mark.parametrize("count", [2, pytest.param(20, marks=pytest.mark.soak)])
def test_a_killed_watcher_misses_no_table_mariadb(mariadb_server: Server, home: Path, count: int) -> None:
    kills(mariadb_server.make_database("killed"), home, "killed", count)
