"""A stored run under another policy."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sensscan.grade import grade, load_policy, regrade, results_of
from sensscan.language import Text
from sensscan.model import ColumnResult, Report, ReportColumn, ReportTable, RunSummary, SkippedColumn, TableResult, Tag
from tests.grade.scene import TODAY, column, ref, skipped, tables

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def report_of(results: list[TableResult], policy: str = "default") -> Report:
    """The report that a scan with `policy` stores."""
    graded = grade(results, load_policy(policy, {}), today=TODAY)
    columns = tuple(
        ReportColumn(o.column, "table", o, graded.columns[o.column.ref], Text("x", "x")) for result in results for o in result.outcomes
    )
    entries = tuple(
        ReportTable(result.table, graded.tables[result.table.ref], len(result.outcomes), 0, 0, "head", 100) for result in results
    )
    run = RunSummary(
        "r1", "full", "complete", NOW, NOW, "0.1", policy, ("s",), len(results), len(columns), 0, 100, 100, 0, "", {}, fail_on="high",
        fail_on_reached=True,
    )  # fmt: skip
    return Report(run, columns, entries, (), load_policy(policy, {}).levels)


def test_a_stored_run_has_the_levels_of_another_policy() -> None:
    results = tables(column("t.card", "bank_card"), column("t.cvv", "cvv"), column("t.co", "company_name"), skipped("u.x"))
    found = regrade(report_of(results), load_policy("jrt0171", {}), today=TODAY)
    assert [one.grade.level.id for one in found.report.columns] == ["C3", "C3", "out", "unknown"]
    assert [one.grade.level.id for one in found.report.tables] == ["C3", "unknown"]
    assert [level.id for level in found.report.levels] == ["out", "C1", "C2", "C3"]
    assert (found.report.run.policy, found.report.run.fail_on, found.report.run.fail_on_reached) == ("jrt0171", "", False)
    assert found.moved == {("high", "C3"): 2, ("none", "out"): 1, ("unknown", "unknown"): 1}


def test_the_same_policy_gives_the_same_report_again() -> None:
    results = tables(column("t.name", "person_name"), column("t.id", "id_card"), column("u.t_id", "none", to="t.id"), rows=200_000)
    report = report_of(results)
    again = regrade(report, load_policy("default", {}), today=TODAY).report
    assert (again.columns, again.tables, again.levels) == (report.columns, report.tables, report.levels)
    assert [one.outcomes for one in results_of(report)] == [one.outcomes for one in results]


def test_decisions_of_persons_are_heard() -> None:
    report = report_of(tables(column("t.id", "id_card")))
    tags = {ref("t.id"): Tag(ref("t.id"), "none", "none", "rejected", rejected="id_card")}
    found = regrade(report, load_policy("jrt0197", {}), today=TODAY, tags=tags).report
    assert found.columns[0].grade.level.id == "1"
    assert found.columns[0].outcome == report.columns[0].outcome


@pytest.mark.soak
def test_100_000_columns_are_graded_again_in_5_seconds() -> None:
    types = ("none", "none", "none", "id_card", "email", "none", "city", "none", "date", "none")
    outcomes: list[ColumnResult | SkippedColumn] = []
    for table in range(5000):
        outcomes += [
            column(f"t{table}.c{place}", types[(table + place) % 10], to=f"t{table // 2}.c0" if place == 1 else "") for place in range(20)
        ]
    results = tables(*outcomes, rows=150_000)
    report = report_of(results)
    policy = load_policy("default", {})
    begin = time.process_time()
    found = regrade(report, policy, today=TODAY)
    assert time.process_time() - begin < 5
    assert len(found.report.columns) == 100_000


def test_labels_of_now_are_shown_beside_the_new_levels() -> None:
    report = report_of(tables(column("t.id", "id_card"), column("t.mail", "email"), column("t.no", "none")))
    earlier = replace(report.columns[1], status="confirmed", owner={"steward": "li"}, conflict="qq")
    report = replace(report, columns=(report.columns[0], earlier, report.columns[2]))
    tags = {ref("t.id"): Tag(ref("t.id"), "none", "none", "rejected", owner={"steward": "wang"}, rejected="id_card")}
    found = regrade(report, load_policy("jrt0197", {}), today=TODAY, tags=tags).report.columns
    assert [(one.status, dict(one.owner), one.conflict) for one in found] == [
        ("rejected", {"steward": "wang"}, ""),
        ("found", {}, ""),
        (None, {}, ""),
    ]
    unasked = regrade(report, load_policy("jrt0197", {}), today=TODAY).report.columns
    assert [one.status for one in unasked] == [None, "confirmed", None]
