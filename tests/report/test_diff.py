"""Comparing two runs."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from sensscan.errors import UsageError
from sensscan.model import ColumnRef, Report
from sensscan.report import RenderOptions, compare, render_diff, write_diff
from tests.report.fixtures import BANK, SOURCE, Spec, bank_report, hostile_report, make_report

ADDED = Spec("customer", "wechat", "mobile_phone", confidence=0.87)


def later(*, name: str = "20261122-0200-aa01") -> Report:
    """The bank a day later: mobile became e-mail, sex is gone, wechat is new, cert_no was rejected by a person."""
    changes = {"mobile": {"type_id": "email"}, "cert_no": {"status": "rejected"}}
    specs = [replace(spec, **changes.get(spec.name, {})) for spec in BANK if spec.name != "sex"]  # type: ignore[arg-type]
    report = make_report([*specs, ADDED])
    return replace(report, run=replace(report.run, id=name))


def test_a_report_equals_itself() -> None:
    found = compare(bank_report(), bank_report())
    assert found.equal and found.counts == {"new": 0, "changed": 0, "gone": 0}
    assert "same of the same columns" in render_diff(found, "console", options=RenderOptions(width=80))


def test_new_gone_and_changed_labels() -> None:
    found = compare(bank_report(), later())
    by_name = {change.ref.column: change for change in found.changes}
    assert set(by_name) == {"mobile", "cert_no", "sex", "wechat"}
    assert by_name["mobile"].fields == ("type",) and by_name["cert_no"].fields == ("status",)
    assert by_name["wechat"].kind == "new" and by_name["sex"].kind == "gone"
    assert found.changes[0].ref.column == "cert_no"  # the most sensitive first


def test_confidence_alone_is_no_difference() -> None:
    wobbled = make_report([replace(spec, confidence=spec.confidence * 0.99) for spec in BANK])
    assert compare(bank_report(), wobbled).equal


def test_columns_that_one_run_was_not_asked_for_are_neither_new_nor_gone() -> None:
    found = compare(bank_report(), later(), appeared={ColumnRef(SOURCE, "core_bank", "customer", "wechat")})
    assert {change.ref.column for change in found.changes} == {"mobile", "cert_no", "wechat"}
    assert found.not_compared == 1
    assert "not compared: 1" in render_diff(found, "console", options=RenderOptions(width=80))


def test_json_and_csv_say_the_same() -> None:
    found = compare(bank_report(), later())
    whole = json.loads(render_diff(found, "json"))
    rows = list(csv.DictReader(io.StringIO(render_diff(found, "csv", language="zh"), newline="")))
    assert whole["equal"] is False and whole["counts"] == {"new": 1, "changed": 2, "gone": 1}
    assert [(c["column"], c["change"]) for c in whole["changes"]] == [(r["column"], r["change"]) for r in rows]
    mobile = next(row for row in rows if row["column"] == "mobile")
    assert (mobile["before.label"], mobile["after.label"], mobile["fields"]) == ("手机号", "电子邮箱", "type")


def test_console_shows_before_and_after_in_the_wanted_language() -> None:
    shown = render_diff(compare(bank_report(), later()), "console", language="zh", options=RenderOptions(width=80))
    assert "手机号 · 中风险 · >99% -> 电子邮箱 · 中风险 · >99%" in shown
    assert "新增 1、变更 2、消失 1" in shown


def test_other_policies_are_pointed_out() -> None:
    other = bank_report()
    other = replace(other, run=replace(other.run, policy="jrt0197@1"))
    assert "different policies" in render_diff(compare(bank_report(), other), "console", options=RenderOptions(width=80))


def test_hostile_names_in_every_format(tmp_path: Path) -> None:
    found = compare(make_report([]), hostile_report())
    for row in csv.reader(io.StringIO(render_diff(found, "csv"), newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)
    json.loads(render_diff(found, "json"))
    assert "\x1b[2J" not in render_diff(found, "console", options=RenderOptions(width=80))
    write_diff(found, tmp_path / "diff.html", language="zh")
    assert (tmp_path / "diff.html").stat().st_mode & 0o777 == 0o600


def test_a_format_that_cannot_be_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        write_diff(compare(bank_report(), later()), tmp_path / "diff.xlsx")
