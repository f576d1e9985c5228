"""`sensscan policies` as a user calls it."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from sensscan.cli import _make_root
from sensscan.cli.base import run
from sensscan.store import open_store
from tests.grade.scene import column, ref, tables
from tests.grade.test_regrading import NOW, report_of

PAGE = Path(__file__).parents[1] / "data" / "grading_table.md"


@pytest.fixture(autouse=True)
def _own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENSSCAN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("SENSSCAN_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("COLUMNS", "200")


def policies(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = run(_make_root(), ["policies", *words])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_list(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = policies(capsys, "list", "--lang", "zh")
    assert code == 0
    assert "金融数据安全分级" in out
    _, out, _ = policies(capsys, "list", "--format", "json")
    assert [one["policy"] for one in json.loads(out)][:2] == ["base", "default"]


def test_show(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = policies(capsys, "show", "default", "--lang", "en")
    assert code == 0
    assert "1,000,000 rows or more" in out
    _, out, _ = policies(capsys, "show", "jrt0171", "--format", "json")
    data = json.loads(out)
    assert data["types"]["cvv"] == {"category": "personal.finance", "level": "C3", "certainty": "recalled", "clause": "4.2 C3"}
    assert data["levels"][3]["protect"]["share"] == "forbidden"


def test_check_says_what_is_wrong_and_where(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "bank.toml"
    path.write_text('policy = "bank"\nextends = "default"\n[types]\nage = { level = "hgih" }\n')
    code, out, err = policies(capsys, "check", str(path), "--lang", "en")
    assert (code, out) == (2, "")
    assert f"{path}:4: types.age.level: unknown level 'hgih'; did you mean 'high'?" in err
    path.write_text('policy = "bank"\nextends = "default"\n[[overrides]]\nid = "O1"\nat_least = "low"\nuntil = 2020-01-01\n')
    code, out, err = policies(capsys, "check", str(path), "--lang", "en")
    assert code == 0
    assert "is in order" in out
    assert "O1" in err


def test_compare_two_policies(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = policies(capsys, "compare", "base", "default", "--lang", "en")
    assert code == 0
    assert "passport" in out
    assert "id_card" not in out
    code, _, err = policies(capsys, "compare", "base", "--lang", "en")
    assert code == 2
    assert "--page" in err


def test_compare_with_a_page(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, _ = policies(capsys, "compare", "--page", str(PAGE), "--lang", "en")
    assert code == 0
    assert "All 693 cells agree" in out
    page = tmp_path / "page.md"
    page.write_text(PAGE.read_text(encoding="utf-8").replace("| qq | low | low |", "| qq | low | high |"), encoding="utf-8")
    code, out, _ = policies(capsys, "compare", "--page", str(page), "--format", "json")
    assert code == 1
    assert [(one["policy"], one["type_id"], one["page"]) for one in json.loads(out)] == [("default", "qq", "high judgement")]


def store_a_run(run_id: str = "r1") -> None:
    results = tables(column("t.card", "bank_card"), column("t.cvv", "cvv"), column("t.co", "company_name"))
    report = report_of(results)
    grades = {one.column.ref: one.grade for one in report.columns}
    with open_store(None, environ=os.environ) as store:
        store.start_run(run_id, mode="full", sources=["s"], started_at=NOW, version="0.1", policy="default")
        store.save_results(run_id, results, grades)
        head = store.finish_run(run_id, outcome="complete", finished_at=NOW + timedelta(seconds=1))
        store.save_report(replace(report, run=replace(report.run, id=run_id, events_count=head.count, events_head=head.hash)))


def test_regrade_shows_and_stores_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    store_a_run()
    code, out, err = policies(capsys, "regrade", "--policy", "jrt0171", "--format", "json")
    assert (code, err) == (0, "")
    data = json.loads(out)
    assert data["run"]["policy"] == "jrt0171"
    assert [one["level"]["id"] for one in data["columns"]] == ["C3", "C3", "out"]
    with open_store(None, environ=os.environ) as store:
        assert [one.id for one in store.runs()] == ["r1"]


def test_regrade_saves_a_run_of_its_own(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    store_a_run()
    code, _, err = policies(capsys, "regrade", "r1", "--policy", "jrt0171", "--save", "--quiet", "-o", str(tmp_path / "x.json"))
    assert (code, err) == (0, "")
    with open_store(None, environ=os.environ) as store:
        newest = store.runs()[0]
        assert newest.policy.startswith("jrt0171@1:")
        assert store.tags(["s"], policy="jrt0171")[ref("t.card")].level == "C3"
        assert store.tags(["s"], policy="default")[ref("t.card")].level == "high"
        causes = {(event.field, event.cause) for event in store.history() if event.field == "level:jrt0171"}
        assert causes == {("level:jrt0171", "policy")}
        assert store.verify().broken_at is None
        assert store.load_report(newest.id).run.policy == "jrt0171"
    assert json.loads((tmp_path / "x.json").read_text(encoding="utf-8"))["run"]["id"] == newest.id


def test_only_the_newest_run_may_change_labels(capsys: pytest.CaptureFixture[str]) -> None:
    store_a_run("r1")
    store_a_run("r2")
    code, _, err = policies(capsys, "regrade", "r1", "--policy", "jrt0171", "--save", "--lang", "en")
    assert code == 2
    assert "is not the newest" in err


def test_regrade_by_an_unknown_policy(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = policies(capsys, "regrade", "--policy", "jrt", "--lang", "zh")
    assert code == 2
    assert "没有名为 'jrt' 的策略" in err
