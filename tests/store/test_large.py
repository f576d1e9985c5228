"""What a store of a large institution costs: a hundred thousand columns, a year of nights. Long, so only in `make soak`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.store import MB, YEAR_MB, command, environment, repeated, scanned_samples, store_run, year
from sensscan.model import Report
from sensscan.store import open_store

REGRADE_SECONDS = 5


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The report of a scan of the sample databases."""
    return scanned_samples(tmp_path_factory.mktemp("samples"))


@pytest.mark.soak
def test_a_run_of_100_000_columns_is_graded_again_in_5_seconds(template: Report, tmp_path: Path) -> None:
    environ = environment(tmp_path)
    with open_store(None, environ=environ) as store:
        store_run(store, template, repeated(template, 100_000), "large", datetime.now(UTC))
    words = ("policies", "regrade", "--policy", "jrt0197")
    assert min(command(environ, *words).processor for _ in range(3)) <= REGRADE_SECONDS


@pytest.mark.soak
def test_365_unchanged_nights_of_10_000_columns_add_at_most_50_mb(template: Report, tmp_path: Path) -> None:
    grown = year(tmp_path, columns=10_000, nights=365, template=template)
    assert grown.last - grown.first <= YEAR_MB * MB
    assert grown.events == 0


def test_the_measured_run_is_a_whole_one(template: Report, tmp_path: Path) -> None:
    """What the two tests above measure, small: every column is stored, shown and graded, and unchanged nights add no event."""
    results = repeated(template, 500)
    with open_store(None, environ=environment(tmp_path / "one")) as store:
        store_run(store, template, results, "small", datetime.now(UTC))
        report = store.load_report("small")
        assert [column.outcome for column in report.columns] == [outcome for result in results for outcome in result.outcomes]
        assert len(report.columns) == 500
        assert {column.grade.level.id for column in report.columns} >= {"none", "low", "medium", "high"}
    grown = year(tmp_path / "two", columns=500, nights=3, template=template)
    assert grown.events == 0
    assert grown.last - grown.first < 20_000 * 3
