"""What the store costs: a large run graded again, and how much a year of unchanged nights adds.

    python -m benchmarks.store [--columns 100000] [--policy jrt0197] [--nights 365] [--night-columns 10000] [--repeat 3] [--only regrade|nights]

The columns are those of the sample databases with their findings as a scan stored them, repeated under other schema names until there are enough.
Regrading is the whole command, start of the program included: wall and processor seconds of the best of the repeats. A night is what a
full scan stores: the same outcomes with other row estimates, report included; the store is a SQLite file.
"""

from __future__ import annotations

import argparse
import gc
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from sample_dbs.build import NAMES, build
from sensscan.grade import grade, load_policy, results_of
from sensscan.model import Catalogue, Column, ColumnRef, ColumnResult, Report, ReportColumn, TableRef, TableResult
from sensscan.store import Store, open_store

SOURCE = "mysql://warehouse:3306"
MB = 1_000_000
YEAR_MB = 50
"""At most this much may 365 unchanged nights over 10,000 columns add."""


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of a store in `folder` with its key elsewhere."""
    return {**os.environ, "SENSSCAN_DATA_DIR": str(folder / "data"), "SENSSCAN_CONFIG_DIR": str(folder / "config"), "NO_COLOR": "1"}


def scanned_samples(folder: Path) -> Report:
    """Return the report of a real scan of the sample databases."""
    environ, urls = environment(folder / "samples"), []
    for name in NAMES:
        urls.append(f"sqlite:///{folder / name}.db")
        build(name, urls[-1])
    subprocess.run([sys.executable, "-m", "sensscan", "scan", *urls, "--quiet"], env=environ, check=True)
    with open_store(None, environ=environ) as store:
        return store.load_report("latest")


def _named(ref: ColumnRef, schema: str) -> ColumnRef:
    return ColumnRef(SOURCE, schema, ref.table, ref.column)


def _moved(column: Column, schema: str) -> Column:
    target = None if column.references is None else _named(column.references, schema)
    return replace(column, ref=_named(column.ref, schema), references=target)


def repeated(report: Report, columns: int) -> list[TableResult]:
    """Return the tables of a report again and again, each time in other schemas, until there are so many columns."""
    found: list[TableResult] = []
    made = 0
    for turn in count():
        for result in results_of(report):
            schema = f"{Path(result.table.ref.source).stem}_{turn:04d}"
            outcomes = tuple(replace(outcome, column=_moved(outcome.column, schema)) for outcome in result.outcomes)[: columns - made]
            table = replace(
                result.table, ref=TableRef(SOURCE, schema, result.table.ref.table), columns=tuple(outcome.column for outcome in outcomes)
            )
            found.append(TableResult(table, outcomes, result.rows_read))
            made += len(outcomes)
            if made >= columns:
                return found
    raise AssertionError("count() does not end")


def store_run(store: Store, template: Report, results: Sequence[TableResult], run_id: str, when: datetime) -> None:
    """Store a run as a full scan of the whole source does, its report included."""
    policy = load_policy("default", {})
    graded = grade(results, policy, today=when.date())
    catalogue = Catalogue(SOURCE, "mysql", "", tuple(result.table for result in results))
    store.start_run(run_id, mode="full", sources=[SOURCE], started_at=when, version="0.1", policy=policy.signature)
    with store.lock([SOURCE], run_id):
        store.save_results(run_id, results, graded.columns, catalogues=[catalogue])
    head = store.finish_run(run_id, outcome="complete", finished_at=when + timedelta(minutes=5))
    labels = template.type_labels
    lines = tuple(
        ReportColumn(outcome.column, "table", outcome, graded.columns[outcome.column.ref], labels[_type(outcome)], examined_in=run_id)
        for result in results
        for outcome in result.outcomes
    )
    entries = {entry.table.ref.table: entry for entry in template.tables}
    tables = tuple(
        replace(entries[result.table.ref.table], table=result.table, grade=graded.tables[result.table.ref]) for result in results
    )
    run = replace(
        template.run,
        id=run_id, started_at=when, finished_at=when + timedelta(minutes=5), sources=(SOURCE,), tables=len(results),
        columns_examined=len(lines), events_count=head.count, events_head=head.hash,
    )  # fmt: skip
    store.save_report(Report(run, lines, tables, (), policy.levels, labels))


def _type(outcome: object) -> str:
    return outcome.classification.type_id if isinstance(outcome, ColumnResult) else "unknown"


@dataclass(frozen=True, slots=True)
class Took:
    """Wall and processor seconds of one command."""

    wall: float
    processor: float


def command(environ: Mapping[str, str], *words: str) -> Took:
    """Run one command as users do. Raises CalledProcessError."""
    before, clock = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-m", "sensscan", *words], env=dict(environ), check=True, stdout=subprocess.DEVNULL)
    wall, after = time.perf_counter() - clock, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Took(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def regrading(folder: Path, columns: int, policy: str, repeat: int) -> Iterator[str]:
    """Yield one line per way of showing a regraded run."""
    environ = environment(folder / "large")
    template = scanned_samples(folder)
    with open_store(None, environ=environ) as store:
        store_run(store, template, repeated(template, columns), "large", datetime.now(UTC))
    ways = {"console": (), "--quiet": ("--quiet",), "-o x.json": ("--quiet", "-o", str(folder / "x.json")), "--save": ("--quiet", "--save")}
    yield f"{'policies regrade':20}{'columns':>10}{'wall s':>10}{'cpu s':>10}"
    for name, words in ways.items():
        times = [command(environ, "policies", "regrade", "large" if name != "--save" else "latest", "--policy", policy, *words)
                 for _ in range(1 if name == "--save" else repeat)]  # fmt: skip
        yield f"{name:20}{columns:>10,}{min(took.wall for took in times):>10.2f}{min(took.processor for took in times):>10.2f}"


@dataclass(frozen=True, slots=True)
class Growth:
    """Sizes of a store in bytes after its first run and after the last."""

    first: int
    last: int
    events: int
    """Events of the nights after the first: nothing changed, so there must be none."""


def year(folder: Path, *, columns: int, nights: int, template: Report) -> Growth:
    """Store a first run and `nights` unchanged ones; return how the store grew."""
    environ = environment(folder / "year")
    results = repeated(template, columns)
    began = datetime(2026, 1, 1, 2, tzinfo=UTC)

    def sizes() -> int:
        with open_store(None, environ=environ) as store:
            store.prune(before=began - timedelta(days=1))
        # Closed: what waited in the write-ahead log is in the file.
        return sum(path.stat().st_size for path in (folder / "year" / "data").iterdir())

    with open_store(None, environ=environ) as store:
        store_run(store, template, results, "night-0", began)
        head = store.head()
    first = sizes()
    with open_store(None, environ=environ) as store:
        for night in range(1, nights + 1):
            store_run(
                store, template, [_new_estimates(result, night) for result in results], f"night-{night}", began + timedelta(days=night)
            )
        events = store.head().count - head.count
    return Growth(first, sizes(), events)


def _new_estimates(result: TableResult, night: int) -> TableResult:
    """Return a table as the server describes it in another night: its number of rows is guessed anew, nothing else."""
    outcomes = tuple(
        replace(outcome, coverage=replace(outcome.coverage, row_estimate=outcome.coverage.row_estimate + night))
        if isinstance(outcome, ColumnResult) and outcome.coverage.row_estimate is not None
        else outcome
        for outcome in result.outcomes
    )
    return replace(result, table=replace(result.table, row_estimate=(result.table.row_estimate or 0) + night), outcomes=outcomes)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--columns", type=int, default=100_000)
    parser.add_argument("--policy", default="jrt0197")
    parser.add_argument("--nights", type=int, default=365)
    parser.add_argument("--night-columns", type=int, default=10_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--only", choices=("regrade", "nights"))
    options = parser.parse_args()
    gc.set_threshold(100_000, 50, 100)  # as the program does
    if options.only != "nights":
        with tempfile.TemporaryDirectory() as name:
            for line in regrading(Path(name), options.columns, options.policy, options.repeat):
                print(line, flush=True)
    if options.only != "regrade":
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            grown = year(folder, columns=options.night_columns, nights=options.nights, template=scanned_samples(folder))
        print(
            f"{options.nights} unchanged nights of {options.night_columns:,} columns: {grown.first / MB:.2f} MB -> {grown.last / MB:.2f} MB, "
            f"{grown.events} events"
        )


if __name__ == "__main__":
    main()
