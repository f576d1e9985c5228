"""How long a night without changes takes: the whole command, on SQLite, PostgreSQL and MariaDB.

    python -m benchmarks.incremental [--tables 5000] [--only sqlite,postgresql,mysql] [--repeat 3]

Every table has four columns and its own rows. Prints, per server, the seconds of the first (full) scan, of `scan --mode incremental` over the
unchanged tables (best of the repeats; wall and processor time of the whole process, start included), and the ratio of the two.
"""

from __future__ import annotations

import argparse
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

SERVERS = ("sqlite", "postgresql", "mysql")
_ROWS = 5
_SETTLE_SECONDS = 3.0
"""MariaDB's times of change have seconds; a table changed just now is read once more."""


@dataclass(frozen=True, slots=True)
class Took:
    """Wall and processor seconds of one process."""

    wall: float
    processor: float


def statements(tables: int) -> Iterator[str]:
    """Yield what makes the tables: four columns, a few rows of each table's own."""
    r = Random(5)
    for number in range(tables):
        yield f"create table t{number} (id int primary key, name varchar(40), phone varchar(20), note varchar(100))"
        rows = ", ".join(
            f"({row}, 'n{r.randint(1, 10**6)}', '13{r.randint(10**8, 10**9 - 1)}', 'note {r.randint(1, 10**9)}')" for row in range(_ROWS)
        )
        yield f"insert into t{number} values {rows}"


def command(url: str, mode: str, folder: Path, *more: str) -> Took:
    """Run one scan as users do and return what it took. Raises CalledProcessError."""
    environ = {**os.environ, "SENSSCAN_DATA_DIR": str(folder / "data"), "SENSSCAN_CONFIG_DIR": str(folder / "config")}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed package keeps its bytecode
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    clock = time.perf_counter()
    words = [sys.executable, "-m", "sensscan", "scan", url, "--mode", mode, *more]
    subprocess.run(words, env=environ, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    wall = time.perf_counter() - clock
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Took(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


@contextmanager
def database(kind: str, tables: int, folder: Path) -> Iterator[str]:
    """Make the tables on one server and yield the scanner's URL."""
    if kind == "sqlite":
        path = folder / "many.db"
        with sqlite3.connect(path, isolation_level=None) as writer:
            writer.execute("begin")
            for statement in statements(tables):
                writer.execute(statement)
            writer.execute("commit")
        writer.close()
        yield f"sqlite:///{path}"
        return
    from tests.servers import run_mariadb, run_postgres

    with run_postgres() if kind == "postgresql" else run_mariadb() as server:
        made = server.make_database("many")
        made.execute(*statements(tables))
        if kind == "postgresql":
            made.execute("analyze")
        time.sleep(_SETTLE_SECONDS)
        yield made.url


def measure(kind: str, tables: int, repeat: int) -> str:
    """Return one line: the times of one server."""
    with tempfile.TemporaryDirectory() as name, database(kind, tables, Path(name)) as url:
        folder = Path(name)
        full = command(url, "full", folder)
        # The first night after may still doubt a mark that was as young as the tables.
        command(url, "incremental", folder)
        nights = [command(url, "incremental", folder) for _ in range(repeat)]
        wall, processor = min(night.wall for night in nights), min(night.processor for night in nights)
        written = command(url, "incremental", folder, "-o", str(folder / "report.json"), "--quiet")
    return (
        f"{kind:12}{tables:>8}{full.wall:>10.2f}{full.processor:>10.2f}{wall:>10.2f}{processor:>10.2f}{processor / full.processor:>8.3f}"
        f"{written.processor:>12.2f}"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tables", type=int, default=5000)
    parser.add_argument("--only", default=",".join(SERVERS))
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    print(f"{'':12}{'tables':>8}{'full s':>10}{'cpu s':>10}{'again s':>10}{'cpu s':>10}{'ratio':>8}{'+JSON cpu s':>12}", flush=True)
    for kind in options.only.split(","):
        print(measure(kind, options.tables, options.repeat), flush=True)


if __name__ == "__main__":
    main()
