"""Runs that end early: Ctrl-C, SIGTERM, a time of day, kill -9; going on where they were; several workers."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from sample_dbs.values import example
from tests.end_to_end.running import Done, Home, make_home
from tests.servers import Database

TABLES = 24
KINDS = ("id_card", "mobile_phone", "email", "person_name", "bank_card")


@pytest.fixture(scope="module")
def many_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tables enough to be interrupted between."""
    path = tmp_path_factory.mktemp("many") / "many.db"
    draw = random.Random(7)
    with sqlite3.connect(path) as connection:
        for number in range(TABLES):
            connection.execute(f"create table t{number:02} (id integer primary key, {', '.join(f'c{n} text' for n in range(len(KINDS)))})")
            rows = [tuple(str(example(kind, draw)) for kind in KINDS) for _ in range(40)]
            connection.executemany(f"insert into t{number:02} (c0, c1, c2, c3, c4) values (?, ?, ?, ?, ?)", rows)
    return path


def essence(report: dict[str, Any]) -> list[tuple[object, ...]]:
    """What must not depend on how a run came to its end."""
    fields = ("schema", "table", "column", "verdict", "type", "confidence", "level", "contains", "evidence", "coverage", "reason")
    return [tuple(repr(column[name]) for name in fields) for column in report["columns"]]


@pytest.fixture(scope="module")
def undisturbed(many_tables: Path, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[object, ...]]:
    """What a run finds that nobody interrupts."""
    return essence(make_home(tmp_path_factory.mktemp("undisturbed")).scan(many_tables).report)


def read_so_far(home: Home) -> int:
    """Tables in the statement log."""
    log = home.folder / "log.txt"
    return log.read_text(encoding="utf-8").count("LIMIT 2001") if log.exists() else 0


def interrupt(home: Home, number: signal.Signals, *words: str | Path, after: int = 2) -> Done:
    """Start a scan and send a signal when some tables are read."""
    process = home.start("scan", *words, "--log-file", "log.txt", "--format", "json")
    deadline = time.monotonic() + 30
    while read_so_far(home) < after and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    return Done(process.returncode, out, err)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_in_order_and_the_run_can_go_on(
    home: Home, many_tables: Path, undisturbed: list[tuple[object, ...]], number: signal.Signals
) -> None:
    done = interrupt(home, number, many_tables, "--pause", "100")
    assert done.code == 130
    assert done.line() == "Interrupted; continue with --resume and the same options."
    report = done.report
    assert report["run"]["outcome"] == "interrupted"
    assert len(report["columns"]) == TABLES * (len(KINDS) + 1)
    left = [column for column in report["columns"] if column["reason"] and column["reason"]["code"] == "budget"]
    assert 0 < len(left) < len(report["columns"])
    before = read_so_far(home)
    refused = home.run("scan", many_tables, "--resume", "--sample", "500")
    assert refused.code == 2
    assert "sample_rows" in refused.line()
    rest = home.scan(many_tables, "--resume", "--log-file", "log.txt")
    assert (rest.code, rest.report["run"]["outcome"], rest.report["run"]["id"]) == (0, "complete", report["run"]["id"])
    assert essence(rest.report) == undisturbed
    assert read_so_far(home) == TABLES, "no table is read twice"
    assert before < TABLES
    # Nothing is left to resume: a new run begins.
    assert home.scan(many_tables, "--resume").report["run"]["id"] != report["run"]["id"]


def test_a_signal_before_the_first_table(home: Home, many_tables: Path) -> None:
    with mock.patch("sensscan.pipeline.load_registry", side_effect=lambda *_, **__: os.kill(os.getpid(), signal.SIGTERM)):
        done = home.run("scan", many_tables)
    assert (done.code, done.line()) == (130, "sensscan: Interrupted.")


def test_a_time_of_day_that_has_come_ends_a_run(home: Home, many_tables: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sensscan.cli.scanning._until", lambda text: datetime.now().astimezone() + timedelta(seconds=0.7))
    done = home.scan(many_tables, "--until", "06:00", "--pause", "100")
    assert (done.code, done.report["run"]["outcome"]) == (130, "interrupted")


@pytest.mark.parametrize("count", [2, pytest.param(20, marks=pytest.mark.soak)])
def test_killed_at_any_moment_and_resumed(home: Home, many_tables: Path, undisturbed: list[tuple[object, ...]], count: int) -> None:
    draw = random.Random(11)
    for _ in range(count):
        process = home.start("scan", many_tables, "--pause", "60", "--quiet", "--resume")
        time.sleep(draw.uniform(0.7, 2.0))
        process.kill()
        process.communicate()
    done = home.scan(many_tables, "--resume")
    assert done.code == 0, done.err
    assert essence(done.report) == undisturbed
    assert home.run("store", "verify").code == 0


def test_two_scans_of_one_source_exclude_each_other(home: Home, many_tables: Path) -> None:
    first = home.start("scan", many_tables, "--pause", "150", "--log-file", "log.txt", "--format", "json")
    deadline = time.monotonic() + 30
    while read_so_far(home) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    for words in ((), ("--resume",)):
        second = home.run("scan", many_tables, *words)
        assert second.code == 2
        assert "is being scanned already" in second.line() and str(first.pid) in second.line()
    first.send_signal(signal.SIGTERM)
    out, err = first.communicate(timeout=30)
    stopped = Done(first.returncode, out, err)
    assert stopped.code == 130
    # The scan that stood back left nothing behind: the interrupted run is still the one to go on with.
    assert home.scan(many_tables, "--resume").report["run"]["id"] == stopped.report["run"]["id"]


def test_workers_find_the_same(people_postgres: Database, tmp_path: Path) -> None:
    one, two = (make_home(tmp_path / name).scan(people_postgres.url, "--workers", name) for name in ("1", "2"))
    assert (one.code, two.code) == (0, 0)
    assert essence(one.report) == essence(two.report)


def test_workers_do_not_outlive_a_killed_scan(home: Home, many_tables: Path) -> None:
    process = home.start("scan", many_tables, "--workers", "2", "--pause", "300", "--log-file", "log.txt", "--quiet")
    deadline = time.monotonic() + 30
    while read_so_far(home) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    workers = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=False).stdout.split()
    assert len(workers) >= 2
    process.kill()
    process.communicate()
    while any(Path(f"/proc/{worker}").exists() for worker in workers) and time.monotonic() < deadline:
        time.sleep(0.05)
    stats = [Path(f"/proc/{worker}/stat") for worker in workers]
    assert not [stat for stat in stats if stat.exists() and " Z " not in stat.read_text(encoding="ascii")]


def test_a_worker_that_dies_costs_no_run(home: Home, many_tables: Path, undisturbed: list[tuple[object, ...]]) -> None:
    process = home.start("scan", many_tables, "--workers", "2", "--pause", "40", "--log-file", "log.txt", "--format", "json")
    deadline = time.monotonic() + 30
    while read_so_far(home) < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    children = subprocess.run(
        ["pgrep", "-P", str(process.pid), "-f", "spawn_main"], capture_output=True, text=True, check=False
    ).stdout.split()
    os.kill(int(children[0]), signal.SIGKILL)
    out, err = process.communicate(timeout=60)
    done = Done(process.returncode, out, err)
    assert (done.code, done.err) == (0, "")
    assert essence(done.report) == undisturbed
