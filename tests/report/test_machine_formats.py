"""JSON, JSON lines and CSV: complete, by the schema, the same for every reader."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from sensscan.language import Language
from sensscan.model import Report
from sensscan.report import FORMATS, RenderOptions, render
from sensscan.report.jsonform import json_schema
from tests.report.fixtures import bank_report, hostile_report, large_report, make_report

REPORTS: dict[str, Callable[[], Report]] = {
    "bank": bank_report,
    "hostile": hostile_report,
    "empty": lambda: make_report([]),
    "large": lambda: large_report(300),
}

CONTRACT = {
    "run": "id mode outcome started_at finished_at version policy sources tables columns_examined columns_kept rows_read values_examined"
    " events timings",
    "columns": "source schema table table_type column data_type verdict type label confidence level because marks category flags also"
    " contains alternatives evidence coverage status owner examined_in reason",
    "skipped": "schema table column reason",
}
COVERAGE = "method rows non_null distinct placeholders complete row_estimate miss_below"
EVIDENCE = "kind detector weight passed tested reason examples"


def load(report: Report) -> dict[str, Any]:
    text = render(report, "json")
    assert isinstance(text, str)
    loaded: dict[str, Any] = json.loads(text)
    return loaded


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_meets_the_shipped_schema(name: str) -> None:
    schema = json_schema()
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(load(REPORTS[name]()))


def test_the_schema_rejects_a_report_without_a_field() -> None:
    whole = load(bank_report())
    del whole["columns"][0]["coverage"]["miss_below"]
    assert not Draft202012Validator(json_schema()).is_valid(whole)


def test_contract_fields_are_there() -> None:
    whole = load(bank_report())
    assert whole["schema_version"] == 1
    assert set(CONTRACT["run"].split()) <= set(whole["run"])
    for name in ("columns", "skipped"):
        for item in whole[name]:
            assert set(CONTRACT[name].split()) <= set(item)
    payload = next(c for c in whole["columns"] if c["column"] == "payload")
    assert {"type", "rows", "share", "path"} <= set(payload["contains"][0])
    assert set(payload["coverage"]) >= set(COVERAGE.split())
    assert set(payload["evidence"][0]) >= set(EVIDENCE.split())


def test_every_column_once_and_the_unread_again_in_skipped() -> None:
    whole = load(bank_report())
    names = [(c["source"], c["schema"], c["table"], c["column"]) for c in whole["columns"]]
    assert len(names) == len(set(names)) == len(bank_report().columns)
    unread = {(c["schema"], c["table"], c["column"]) for c in whole["columns"] if not c["read"]}
    assert unread and unread <= {(s["schema"], s["table"], s["column"]) for s in whole["skipped"]}
    assert all(c["verdict"] == "unknown" and c["level"]["rank"] is None and c["reason"] for c in whole["columns"] if not c["read"])


def test_machine_formats_show_all_whatever_the_display_options_say() -> None:
    options = RenderOptions(min_confidence=0.999)
    for fmt in ("json", "jsonl", "csv"):
        assert render(bank_report(), fmt, options=options) == render(bank_report(), fmt)


def test_json_is_the_same_in_both_languages() -> None:
    assert render(bank_report(), "json", language="zh") == render(bank_report(), "json", language="en")


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize("make", [bank_report, hostile_report])
def test_the_same_report_gives_the_same_bytes(fmt: Any, make: Any) -> None:
    assert render(make(), fmt, language="zh") == render(make(), fmt, language="zh")


def test_json_lines_name_their_record() -> None:
    text = render(bank_report(), "jsonl")
    assert isinstance(text, str)
    records = [json.loads(line) for line in text.splitlines()]
    assert records[0]["record"] == "run" and records[0]["schema_version"] == 1
    assert [r["record"] for r in records].count("column") == len(bank_report().columns)
    assert {r["record"] for r in records} == {"run", "column", "table", "skipped"}


def read_csv(report: Report, language: Language = "en", *, bom: bool = False) -> list[dict[str, str]]:
    text = render(report, "csv", language=language, options=RenderOptions(bom=bom))
    assert isinstance(text, str)
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_csv_has_one_line_per_column_with_the_names_of_the_json() -> None:
    rows, columns = read_csv(bank_report()), load(bank_report())["columns"]
    assert len(rows) == len(columns)
    for row, column in zip(rows, columns, strict=True):
        for name in ("source", "schema", "table", "column", "verdict", "type", "data_type"):
            assert row[name] == column[name]
        assert row["level"] == column["level"]["id"]
        assert row["label"] == column["label"]["en"]
        assert float(row["confidence"]) == column["confidence"]
        assert row["coverage.rows"] == str(column["coverage"]["rows"])
        top_level = {name.split(".")[0] for name in row}
        assert set(column) <= top_level


def test_csv_speaks_the_wanted_language_and_marks_utf8_on_request() -> None:
    assert read_csv(bank_report(), "zh", bom=True)[2]["label"] == "居民身份证"
    assert str(render(bank_report(), "csv", options=RenderOptions(bom=True))).startswith("\ufeff")
    assert not str(render(bank_report(), "csv")).startswith("\ufeff")


def test_csv_cells_are_no_formulas() -> None:
    for row in read_csv(hostile_report()):
        for value in row.values():
            assert not value.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
            assert not any(ord(ch) < 32 for ch in value)


def test_an_empty_report_still_has_the_header() -> None:
    text = render(make_report([]), "csv")
    assert isinstance(text, str)
    assert text.count("\r\n") == 1
    assert text.split("\r\n")[0] == str(render(bank_report(), "csv")).split("\r\n")[0]


def test_names_that_are_not_utf8_do_not_break_json() -> None:
    column = load(hostile_report())["columns"][4]
    assert column["comment"] == "half \udc80 surrogate \ufffe"


def test_times_are_utc() -> None:
    report = bank_report()
    naive = replace(report, run=replace(report.run, started_at=report.run.started_at.replace(tzinfo=None)))
    assert load(naive)["run"]["started_at"] == load(report)["run"]["started_at"] == "2026-11-21T20:58:03Z"
