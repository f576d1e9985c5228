"""How fast: columns per second, scans against a bare fetch of the same rows, memory, start. Ratios within one run."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from benchmarks import number_cells as num
from benchmarks import people_cells as people
from benchmarks.database import Factory, seeded
from benchmarks.negatives import SENTENCES
from sensscan.catalog import enumerate_source
from sensscan.config import Filters, ReadLimits
from sensscan.detect import row_order
from sensscan.detect.contains import search
from sensscan.detect.prefilter import Prefilter
from sensscan.model import Column, ColumnRef, ColumnSample, Family, Table, TableRef, TableSample
from sensscan.modes.config_model import Config
from sensscan.modes.request import ScanRequest
from sensscan.modes.run import scan
from sensscan.modes.sources import requested
from sensscan.pipeline import Bench, TableTask, scan_table
from sensscan.registry import Registry
from sensscan.report import render
from sensscan.source import open_source, parse_source

ROWS = 1000
TABLES = 100
_REPEAT = 7

Make = Callable[[Random, int], object]
_NAMES: Factory = people.fake("name", "zh_CN")

TYPICAL: tuple[tuple[str, str, Make], ...] = (
    ("id", "int", lambda _, n: n + 1),
    ("order_no", "varchar(32)", lambda r, n: f"20240307{n:06d}{r.randint(1000, 9999)}"),
    ("customer_name", "varchar(50)", lambda r, _: str(_NAMES(r, 1)[0])),
    ("mobile", "varchar(20)", lambda r, _: people.mobile(r)),
    ("email", "varchar(80)", lambda r, _: people.email(r)),
    ("cert_no", "varchar(20)", lambda r, _: num.id_card(r)),
    ("address", "varchar(200)", lambda r, _: people.full_address(r)),
    ("bank_card", "varchar(20)", lambda r, _: num.bank_card(r)),
    ("amount", "decimal(12,2)", lambda r, _: f"{r.randint(1, 10**6) / 100:.2f}"),
    ("quantity", "int", lambda r, _: r.randint(1, 20)),
    ("status", "int", lambda r, _: r.randint(0, 4)),
    ("gender", "varchar(4)", lambda r, _: r.choice("男女")),
    ("province", "varchar(20)", lambda r, _: people.place(0)(r)),
    ("remark", "varchar(400)", lambda r, _: r.choice(SENTENCES)),
    ("login_ip", "varchar(40)", lambda r, _: num.ipv4(r)),
    ("device", "varchar(64)", lambda r, _: f"{r.getrandbits(128):032x}"),
    ("product", "varchar(100)", lambda r, _: f"{r.choice('ABCDEF')}{r.randint(100, 999)} 型标准件"),
    ("create_time", "timestamp", lambda r, _: f"{num.moment(r):%Y-%m-%d %H:%M:%S}"),
    ("birthday", "date", lambda r, _: f"{people.birth(r):%Y-%m-%d}"),
    ("c20", "varchar(40)", lambda r, _: f"K{r.getrandbits(48):012X}"),
)
"""The columns of an ordinary application's table: name, declared type, cells. Nothing in them is anybody's."""


def rows_of(count: int = ROWS, seed: int = 7004) -> list[tuple[object, ...]]:
    """Return the rows of the typical table."""
    generators = [seeded(seed, name) for name, _, _ in TYPICAL]
    return [tuple(make(r, number) for r, (_, _, make) in zip(generators, TYPICAL, strict=True)) for number in range(count)]


def best(work: Callable[[], object], repeat: int = _REPEAT, clock: Callable[[], float] = time.perf_counter) -> float:
    """Return the shortest of several times, in seconds: what the machine can do when nothing disturbs it."""
    times = []
    for _ in range(repeat):
        started = clock()
        work()
        times.append(clock() - started)
    return min(times)


def column_speed(registry: Registry) -> float:
    """Print and return the microseconds of processor time that one column of 1,000 values costs, reading apart."""
    rows = rows_of()
    table = TableRef("bench", "main", "t")
    columns = tuple(
        Column(ColumnRef("bench", "main", "t", name), kind, _family(kind), place) for place, (name, kind, _) in enumerate(TYPICAL, start=1)
    )
    cells = list(zip(*rows, strict=True))
    sample = TableSample(
        Table(table, "table", columns, primary_key=("id",)),
        tuple(ColumnSample(column, values) for column, values in zip(columns, cells, strict=True)),
        rows=len(rows), method="all", complete=True,
    )  # fmt: skip
    results = {}
    for name, limits in (("256 values per column", ReadLimits()), ("every value (--exact)", ReadLimits(exact=True))):
        bench = Bench.of(None, registry, limits)  # type: ignore[arg-type]  # nothing is read
        # Processor time: nothing is waited for here, and other programs on the machine must not count.
        seconds = best(partial(_judge, bench, sample), clock=time.process_time)
        results[name] = seconds / len(columns) * 1e6
        print(f"  {name:40}{results[name]:9.0f} µs per column{len(rows) / results[name]:8.2f} million values/s")
    _dearest(sample, Bench.of(None, registry, ReadLimits()))  # type: ignore[arg-type]  # nothing is read
    return results["256 values per column"]


def _judge(bench: Bench, sample: TableSample) -> object:
    return bench.classifier.table(sample, bench.detector.table(sample))


def _dearest(sample: TableSample, bench: Bench, shown: int = 5) -> None:
    """Print the columns that cost most: where time can be won."""
    order = row_order(sample, 0)
    costs = [
        (best(partial(bench.detector.column, one, order), 3, time.process_time) * 1e6, one.column.ref.column) for one in sample.columns
    ]
    print("  dearest:", ", ".join(f"{name} {cost:.0f}" for cost, name in sorted(costs, reverse=True)[:shown]))


def _family(kind: str) -> Family:
    known = {"int": Family.INTEGER, "decimal(12,2)": Family.TEXT, "timestamp": Family.TEXT, "date": Family.TEXT}
    return known.get(kind, Family.TEXT)


def scan_ratio(label: str, url: str, connection: Any, registry: Registry) -> None:
    """Print what reading and judging one table costs against a bare fetch of its rows."""
    cursor = connection.cursor()

    def bare() -> object:
        cursor.execute("select * from t1")
        return cursor.fetchall()

    limits = ReadLimits()
    with open_source(parse_source(url), limits) as session:
        table = next(one for one in enumerate_source(session, "bench", Filters()).tables if one.ref.table == "t1")
        bench = Bench.of(session, registry, limits)
        task = TableTask(table, table.columns, limits)
        # In turns, so that a disturbance hits both.
        pairs = [(best(bare, 3), best(lambda: scan_table(bench, task), 3)) for _ in range(_REPEAT)]
    raw, ours = min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)
    print(f"  {label:12} one table: bare fetch {raw * 1000:7.2f} ms, fetch + classify {ours * 1000:7.2f} ms, ratio {ours / raw:5.2f}")


def whole_ratio(label: str, url: str, connection: Any, tables: int) -> None:
    """Print what a whole scan with store and JSON report costs against a bare fetch of the same rows."""
    cursor = connection.cursor()

    def bare() -> None:
        for number in range(1, tables + 1):
            cursor.execute(f"select * from t{number}")
            cursor.fetchall()

    def whole() -> None:
        with tempfile.TemporaryDirectory() as folder:
            store = f"sqlite:///{folder}/store.db"
            finished = scan(ScanRequest((requested(url, Config(), {}),), store_url=store))
            render(finished.report, "json", language="en")

    pairs = [(best(bare, 1), best(whole, 1)) for _ in range(3)]
    raw, ours = min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)
    print(f"  {label:12} {tables} tables: bare fetch {raw:7.2f} s, scan + store + report {ours:7.2f} s, ratio {ours / raw:5.2f}")


def servers(registry: Registry, tables: int) -> None:
    """Print the ratios for SQLite, PostgreSQL and MariaDB; a server that is not installed is named and left out."""
    from tests.servers import ServerMissingError, run_mariadb, run_postgres

    rows = rows_of()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        with sqlite_database(path, rows, tables) as connection:
            scan_ratio("SQLite", f"sqlite:///{path}", connection, registry)
            whole_ratio("SQLite", f"sqlite:///{path}", connection, tables)
        peak_memory(path)
    for label, run in (("PostgreSQL", run_postgres), ("MariaDB", run_mariadb)):
        try:
            with run() as server:
                database = server.make_database("bench_speed")
                database.execute(*_created(tables, "integer" if label == "PostgreSQL" else "int"))
                connection = server.connect("admin", "bench_speed")
                marks = ", ".join(["%s"] * len(TYPICAL))
                with connection.cursor() as cursor:
                    cursor.executemany(f"insert into t1 values ({marks})", rows)
                    for number in range(2, tables + 1):
                        cursor.execute(f"insert into t{number} select * from t1")
                connection.commit()
                database.execute(*(["analyze"] if label == "PostgreSQL" else [f"analyze table t{n}" for n in range(1, tables + 1)]))
                scan_ratio(label, database.url, connection, registry)
                whole_ratio(label, database.url, connection, tables)
                connection.close()
        except ServerMissingError as missing:
            print(f"  {label:12} not measured: {missing}")


def _created(tables: int, integer: str) -> list[str]:
    columns = ", ".join(f"{name} {integer if kind == 'int' else kind}{' primary key' if name == 'id' else ''}" for name, kind, _ in TYPICAL)
    return [f"create table t{number} ({columns})" for number in range(1, tables + 1)]


@contextmanager
def sqlite_database(path: Path, rows: list[tuple[object, ...]], tables: int) -> Iterator[sqlite3.Connection]:
    """Write the typical table several times."""
    connection = sqlite3.connect(path)
    for statement in _created(tables, "integer"):
        connection.execute(statement)
    connection.executemany(f"insert into t1 values ({', '.join('?' * len(TYPICAL))})", rows)
    for number in range(2, tables + 1):
        connection.execute(f"insert into t{number} select * from t1")
    connection.commit()
    yield connection
    connection.close()


def peak_memory(path: Path) -> None:
    """Print the peak memory of a scan in a process of its own, beside that of an empty one."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["-m", "sensscan", "scan", f"sqlite:///{path}", "--store", f"sqlite:///{folder}/store.db", "--quiet"]
        empty, ours = (_peak([sys.executable, *words]) for words in (["-c", "pass"], command))
    print(f"  peak memory  empty Python {empty:5.0f} MB, scan of that SQLite file {ours:5.0f} MB")


def _peak(command: list[str]) -> float:
    """Return a process's largest resident size in MB; the kernel counts it, in kB on Linux."""
    code = "import resource,subprocess,sys;subprocess.run(sys.argv[1:],check=True);print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    said = subprocess.run([sys.executable, "-c", code, *command], check=True, capture_output=True, text=True).stdout
    return int(said.split()[-1]) / (1024 if sys.platform.startswith("linux") else 1024 * 1024)


def contains_speed(registry: Registry) -> None:
    """Print how many megabytes of notes and of JSON per second are searched for what they contain (one core)."""
    random = Random(7005)
    people_of = [(people.mobile(random), num.id_card(random), people.full_address(random)) for _ in range(1000)]
    notes = [
        f"客户{n}来电{phone}，证件{card}，地址{address}，已登记，{random.choice(SENTENCES)}"
        for n, (phone, card, address) in enumerate(people_of)
    ]
    documents = [
        f'{{"id": {n}, "customer": {{"phone": "{phone}", "id_card": "{card}"}}, "address": "{address}", "tags": ["a", "b"], "amount": 12.5}}'
        for n, (phone, card, address) in enumerate(people_of)
    ]
    prefilter = Prefilter(registry.matchers)
    for label, cells in (("notes", notes), ("JSON", documents)):
        megabytes = sum(len(cell.encode()) for cell in cells) / 1e6
        seconds = best(lambda cells=cells: search(cells, [1] * len(cells), registry, prefilter), clock=time.process_time)  # type: ignore[misc]  # the default binds the loop's value
        print(f"  contains, {label:<22} {megabytes / seconds:8.2f} MB/s")


def start_time() -> None:
    """Print how long `sensscan --help` takes, beside an empty Python."""

    def run(*words: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, *words], check=True, capture_output=True)

    empty, help_text = best(run("-c", "pass")), best(run("-m", "sensscan", "--help"))
    print(f"  start        empty Python {empty * 1000:5.0f} ms, sensscan --help {help_text * 1000:5.0f} ms, ratio {help_text / empty:5.2f}")


def everything(registry: Registry, tables: int) -> None:
    """Print all of it."""
    print(f"One column of {ROWS} values, all detectors, checks and names; reading apart ({len(TYPICAL)} typical columns)")
    column_speed(registry)
    contains_speed(registry)
    print(f"Against a bare fetch of the same rows: {ROWS} rows x {len(TYPICAL)} columns per table")
    servers(registry, tables)
    start_time()
