"""What reading costs: our sample of a table against the driver's own fetch of the same rows, and 100,000 columns enumerated.

    python -m benchmarks.fetch [--rows 1000] [--repeat 15]

Prints, per server, the best time of a bare cursor (same statement text, same driver settings as a user would have), the best
time of `sample_table`, their ratio, and the seconds that the catalogue of 5,000 tables with 20 columns takes.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sensscan.catalog import enumerate_source
from sensscan.config import Filters, ReadLimits
from sensscan.sample import sample_table
from sensscan.source import open_source, parse_source
from tests.servers import Database, Server, run_mariadb, run_postgres

_COLUMNS = (
    "id int primary key",
    "name varchar(50)",
    "phone varchar(20)",
    "mail varchar(60)",
    "id_card char(18)",
    "address varchar(200)",
    "note text",
    "amount decimal(12,2)",
    "created timestamp",
    "born date",
    *(f"v{number} varchar(40)" for number in range(10)),
)


def table_rows(count: int) -> list[tuple[Any, ...]]:
    """Return rows of a plausible customer table; nothing in them is anybody's."""
    return [
        (
            number,
            f"张{number % 97}",
            f"138{number:08d}",
            f"user{number}@example.com",
            f"11010119900307{number % 10000:04d}",
            f"北京市朝阳区建国路{number % 900}号院{number % 30}号楼",
            "客户来电咨询" * (number % 5),
            f"{number % 10_000}.{number % 100:02d}",
            f"2024-03-{number % 28 + 1:02d} 10:00:00",
            f"19{number % 90 + 10}-03-07",
            *(f"value {column} {number}" for column in range(10)),
        )
        for number in range(count)
    ]


def _best(work: Callable[[], object], repeat: int) -> float:
    times = []
    for _ in range(repeat):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def compare(label: str, url: str, connection: Any, repeat: int) -> None:
    """Print the ratio for the table `t` of an open database."""
    cursor = connection.cursor()

    def bare() -> object:
        cursor.execute("select * from t")
        return cursor.fetchall()

    limits = ReadLimits()
    with open_source(parse_source(url), limits) as session:
        found = next(table for table in enumerate_source(session, "x", Filters()).tables if table.ref.table == "t")

        def ours() -> object:
            return sample_table(session, found, found.columns, limits)

        sample = sample_table(session, found, found.columns, limits)
        # In turns, so that a disturbance hits both.
        pairs = [(_best(bare, 3), _best(ours, 3)) for _ in range(repeat)]
    raw, read = min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)
    print(f"{label:12} rows {sample.rows}  bare {raw * 1000:7.2f} ms  ours {read * 1000:7.2f} ms  ratio {read / raw:.3f}")


def enumerate_many(label: str, url: str, repeat: int = 3) -> None:
    """Print the time of enumerating a database."""
    with open_source(parse_source(url), ReadLimits()) as session:
        columns = sum(len(table.columns) for table in enumerate_source(session, "x", Filters()).tables)
        seconds = _best(lambda: enumerate_source(session, "x", Filters()), repeat)
    print(f"{label:12} {columns} columns enumerated in {seconds:.2f} s")


def _many_tables() -> list[str]:
    columns = ", ".join(f"c{number} varchar({number + 10})" for number in range(19))
    return [f"create table t{number} (id int primary key, {columns})" for number in range(5000)]


@contextmanager
def _server_database(server: Server, name: str) -> Iterator[Database]:
    database = server.make_database(name)
    yield database
    server.drop_database(name)


def _server(label: str, server: Server, rows: list[tuple[Any, ...]], repeat: int) -> None:
    with _server_database(server, "bench_fetch") as database:
        database.execute(f"create table t ({', '.join(_COLUMNS)})")
        connection = database.connect()
        with connection.cursor() as cursor:
            cursor.executemany(f"insert into t values ({', '.join(['%s'] * len(_COLUMNS))})", rows)
        database.execute("analyze" if label == "PostgreSQL" else "analyze table t")
        compare(label, database.url, connection, repeat)
        connection.close()
    with _server_database(server, "bench_catalog") as database:
        connection = database.connect()
        with connection.cursor() as cursor:
            for statement in _many_tables():
                cursor.execute(statement)
        connection.close()
        enumerate_many(label, database.url)


def main() -> None:
    """Run all three."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--repeat", type=int, default=15)
    options = parser.parse_args()
    rows = table_rows(options.rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fetch.db"
        connection = sqlite3.connect(path)
        connection.execute(f"create table t ({', '.join(_COLUMNS)})")
        connection.executemany(f"insert into t values ({', '.join('?' * len(_COLUMNS))})", rows)
        connection.commit()
        compare("SQLite", str(path), connection, options.repeat)
        connection.close()
        many = sqlite3.connect(Path(folder) / "many.db")
        many.executescript("begin;" + ";".join(_many_tables()) + ";commit;")
        many.close()
        enumerate_many("SQLite", str(Path(folder) / "many.db"))
    with run_postgres() as server:
        _server("PostgreSQL", server, rows, options.repeat)
    with run_mariadb() as server:
        _server("MariaDB", server, rows, options.repeat)


if __name__ == "__main__":
    main()
