"""A million row changes pass through the watcher in bounded memory, and the last of them is still found."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.modes.watching import FAST, watching
from tests.servers import Database, Server

ROWS = 1_000_000
MEGABYTES = 64


def resident() -> float:
    """Return this process's resident memory in MB, and let its peak begin here."""
    Path("/proc/self/clear_refs").write_text("5")
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


def peak() -> float:
    """Return the most memory that this process held since `resident`, in MB."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024 / 1e6


def generate(database: Database, first: int, count: int) -> str:
    if database.server.dialect == "postgresql":
        return f"insert into big select g, 'row' from generate_series({first}, {first + count - 1}) g"
    return f"insert into big select seq, 'row' from seq_{first}_to_{first + count - 1}"


def million(database: Database, kind: str, schema: str) -> None:
    database.execute("create table big (id int primary key, v varchar(40))", "create table late (id int primary key)")
    with watching(database.watch_url, kind, schemas=(schema,), timing=FAST) as running:
        assert running.wait_for(lambda: running.recorder.baselines >= 1, 30)
        before = resident()
        began = time.monotonic()
        database.execute(generate(database, 1, ROWS // 2))
        connection = database.connect()
        with connection.cursor() as cursor:
            for number in range(500):
                cursor.execute(generate(database, ROWS // 2 + number * 1000 + 1, 1000))
        connection.close()
        written = time.monotonic() - began
        database.execute("insert into late values (1)")
        assert running.sees("big", "late", seconds=120), running.recorder.lines
        behind = time.monotonic() - began - written
        most = peak()
        grown = most - before
        print(f"{kind}: {ROWS} rows written in {written:.1f} s, seen {behind:.1f} s later, memory at most {most:.0f} MB, +{grown:.1f}")
        assert grown < MEGABYTES
        assert len(running.watcher.dirty.entries) <= 2


@pytest.mark.soak
def test_a_million_row_changes_postgresql(postgres_server: Server) -> None:
    database = postgres_server.make_database("million")
    try:
        million(database, "slot", "public")
    finally:
        database.execute("select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = 'sensscan_test'")


@pytest.mark.soak
def test_a_million_row_changes_mariadb(mariadb_server: Server) -> None:
    million(mariadb_server.make_database("million"), "binlog", "million")
