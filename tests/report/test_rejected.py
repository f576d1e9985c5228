"""A finding that a person rejected counts nowhere as a finding, and is listed as rejected everywhere."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import openpyxl
import pytest

from sensscan.model import Report
from sensscan.report import render
from sensscan.report.view import summarise
from sensscan.report.words import STATES, state_of
from tests.report.fixtures import BANK, Spec, bank_report, make_report

NAME = "vehicle.plate_no"


def sheets(report: Report) -> Iterator[Any]:
    data = render(report, "xlsx", language="en")
    assert isinstance(data, bytes)
    yield from openpyxl.load_workbook(io.BytesIO(data)).worksheets


def test_it_is_no_finding_in_any_count() -> None:
    summary = summarise(bank_report())
    accepted = summarise(make_report([replace(spec, status=None) for spec in BANK]))
    assert [column.column.ref.column for column in summary.rejected] == ["plate_no"]
    assert len(summary.findings) == len(accepted.findings) - 1
    assert (summary.states["rejected"], summary.states["finding"]) == (1, len(summary.findings))
    assert "rejected" not in accepted.states
    assert "license_plate" not in dict(summary.types)
    assert summary.hidden == accepted.hidden


@pytest.mark.parametrize("form", ["console", "markdown"])
def test_text_lists_it_apart(form: Any) -> None:
    text = str(render(bank_report(), form, language="en")).replace("\\_", "_")
    findings, _, rest = text.partition(f"{STATES['rejected'].en} (1)")
    assert NAME in rest.partition("Not read (4)")[0]
    assert NAME not in findings.partition("Findings (14)")[2]
    assert f"{STATES['rejected'].zh} (1)" in str(render(bank_report(), form, language="zh"))
    assert STATES["rejected"].en not in str(render(make_report([Spec("t", "c", "email")]), form, language="en"))


def test_the_workbook_lists_it_with_what_is_no_finding() -> None:
    overview, findings, _, others, _ = sheets(bank_report())
    assert ("Rejected by a person", 1) in [(row[0].value, row[1].value) for row in overview.iter_rows(min_row=2)]
    assert "plate_no" not in [row[4].value for row in findings.iter_rows(min_row=2)]
    [line] = [[cell.value for cell in row] for row in others.iter_rows(min_row=2) if row[4].value == "plate_no"]
    assert (line[0], line[5], line[6]) == ("Rejected by a person", "Licence plate", "rejected")


def test_machine_forms_keep_finding_and_status() -> None:
    text = str(render(bank_report(), "csv"))
    [line] = [line for line in text.splitlines() if "plate_no" in line]
    assert "license_plate" in line and "rejected" in line


def test_type_none_set_by_hand_is_a_rejection_too_and_a_wrong_type_is_not() -> None:
    report = make_report([Spec("t", "a", "email", status="manual"), Spec("t", "b", "email", status="manual")])
    first, second = report.columns
    first = replace(first, grade=replace(first.grade, category="none", because=("R3", "tag")))
    second = replace(second, grade=replace(second.grade, category="personal.identity", because=("R1", "tag")))
    assert [state_of(column) for column in (first, second)] == ["rejected", "finding"]
