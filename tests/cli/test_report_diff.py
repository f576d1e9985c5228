"""`sensscan report` and `sensscan diff` over a real store."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from sensscan.cli import _make_root
from sensscan.cli.base import run
from sensscan.model import Catalogue, Report, TableResult
from sensscan.store import open_store
from tests.report.fixtures import BANK, SOURCE, Spec, bank_report, make_report


def keep(report: Report) -> None:
    """Store a report as a scan does."""
    results = [
        TableResult(table.table, tuple(c.outcome for c in report.columns if c.column.ref.table_ref == table.table.ref))
        for table in report.tables
    ]
    grades = {column.column.ref: column.grade for column in report.columns}
    head = report.run
    catalogue = Catalogue(SOURCE, "mysql", "8.0", tuple(table.table for table in report.tables))
    with open_store(None) as store:
        store.start_run(head.id, mode=head.mode, sources=[SOURCE], started_at=head.started_at, version="0.1", policy="default@3")
        store.save_results(head.id, results, grades, catalogues=[catalogue])
        end = store.finish_run(head.id, outcome=head.outcome, finished_at=head.finished_at)
        store.save_report(replace(report, run=replace(head, events_count=end.count, events_head=end.hash)))


def named(report: Report, name: str, days: int) -> Report:
    run_then = replace(
        report.run, id=name, started_at=report.run.started_at + timedelta(days), finished_at=report.run.finished_at + timedelta(days)
    )
    columns = tuple(replace(column, examined_in=name) for column in report.columns)
    return replace(report, run=run_then, columns=columns)


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SENSSCAN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("SENSSCAN_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("SENSSCAN_LANG", "en")
    monkeypatch.setenv("COLUMNS", "100")
    yield


@pytest.fixture
def two_runs() -> None:
    keep(named(bank_report(), "20261121-a", 0))
    later = [replace(spec, type_id="email", status=None) if spec.name == "mobile" else spec for spec in BANK if spec.name != "sex"]
    keep(named(make_report([*later, Spec("customer", "wechat", "mobile_phone", confidence=0.87)]), "20261122-b", 1))


def call(*words: str) -> int:
    return run(_make_root(), list(words))


@pytest.mark.usefixtures("two_runs")
def test_report_shows_the_latest_run_unless_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("report") == 0
    assert "20261122-b" in capsys.readouterr().out
    assert call("report", "20261121") == 0
    shown = capsys.readouterr().out
    assert "20261121-a" in shown and "cert_no" in shown
    assert call("report", "previous", "--lang", "zh", "--verbose") == 0
    assert "居民身份证" in (chinese := capsys.readouterr().out) and "+6.25" in chinese


@pytest.mark.usefixtures("two_runs")
def test_several_files_at_once_are_the_same_every_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = ["a.json", "a.csv", "a.html", "a.xlsx", "a.md", "a.jsonl"]
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        outputs = [word for name in names for word in ("-o", str(tmp_path / folder / name))]
        assert call("report", *outputs, "--lang", "zh") == 0
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.count("已写入") == 12
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
        assert (tmp_path / "one" / name).stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("two_runs")
@pytest.mark.parametrize(
    ("form", "begins"), [("json", "{"), ("csv", '"source"'), ("markdown", "# "), ("html", "<!DOCTYPE"), ("jsonl", "{")]
)
def test_format_is_the_form_of_stdout(form: str, begins: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("report", "--format", form) == 0
    assert capsys.readouterr().out.lstrip().startswith(begins)


@pytest.mark.usefixtures("two_runs")
def test_list_of_runs(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("report", "--list") == 0
    shown = capsys.readouterr().out
    assert shown.index("20261122-b") < shown.index("20261121-a")


def test_an_empty_store_and_an_unknown_run_say_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("report", "--list") == 0
    assert "no run yet" in capsys.readouterr().out
    assert call("report") == 2
    assert call("report", "nonesuch") == 2
    assert call("report", "-o", "report.docx") == 2
    assert "does not name a report format" in capsys.readouterr().err


@pytest.mark.usefixtures("two_runs")
def test_diff_answers_with_its_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("diff", "latest", "latest") == 0
    assert "same of the same columns" in capsys.readouterr().out
    assert call("diff") == 1
    shown = capsys.readouterr().out
    assert "new 1, changed 1, gone 1" in shown and "wechat" in shown
    assert call("diff", "20261121", "20261122", "--format", "json") == 1
    assert {c["column"] for c in json.loads(capsys.readouterr().out)["changes"]} == {"wechat", "mobile", "sex"}
    assert call("diff", "--quiet", "-o", str(tmp_path / "d.html"), "-o", str(tmp_path / "d.csv"), "-o", str(tmp_path / "d.json")) == 1
    assert len(list(tmp_path.glob("d.*"))) == 3


@pytest.mark.usefixtures("two_runs")
def test_diff_without_arguments_compares_runs_of_the_same_sources(capsys: pytest.CaptureFixture[str]) -> None:
    other = named(make_report([Spec("t", "mail", "email")]), "20261123-c", 2)
    with open_store(None) as store:
        store.start_run("20261123-c", mode="full", sources=["other"], started_at=other.run.started_at, version="0.1", policy="default@3")
        store.finish_run("20261123-c", outcome="complete", finished_at=other.run.finished_at)
        store.save_report(other)
    assert call("diff") == 2
    assert "20261123-c is the only one of other" in capsys.readouterr().err
    keep(named(bank_report(), "20261124-d", 3))
    assert call("diff", "--format", "json") == 1
    assert json.loads(capsys.readouterr().out)["before"]["run"] == "20261122-b"
