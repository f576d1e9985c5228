"""`sensscan demo`: everything in one folder, found again by the other commands."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from sample_dbs.build import build, expected_path
from sensscan import errors
from sensscan.cli import _make_root, demo
from sensscan.cli.base import run


@pytest.fixture
def one_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let the demo build the smallest database only, and keep keys away from the user's folders."""
    module = SimpleNamespace(NAMES=("government",), build=build, expected_path=expected_path)
    monkeypatch.setattr(demo, "builders", lambda: module)
    monkeypatch.setenv("SENSSCAN_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("SENSSCAN_DATA_DIR", str(tmp_path / "data"))


def call(*words: str) -> int:
    return run(_make_root(), ["demo", *words])


@pytest.mark.usefixtures("one_database")
def test_databases_store_and_reports_in_one_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "demo"
    assert call("--output", str(folder), "--lang", "zh") == errors.EXIT_DONE
    assert {path.name for path in folder.iterdir()} >= {
        "government.db",
        "government_expected.csv",
        "demo-store.db",
        "report.html",
        "report.json",
        "report.csv",
    }
    assert not (tmp_path / "data").exists() or not list((tmp_path / "data").glob("*.db"))
    said = capsys.readouterr().out
    assert "报告：" in said
    assert str(folder / "report.html") in said

    found = {(c["table"], c["column"]): c["type"] for c in json.loads((folder / "report.json").read_text(encoding="utf-8"))["columns"]}
    with (folder / "government_expected.csv").open(encoding="utf-8", newline="") as file:
        wanted = {(line["table"], line["column"]): [line["type"], *line["alternatives"].split("|")] for line in csv.DictReader(file)}
    assert set(found) == set(wanted)
    wrong = [key for key, types in wanted.items() if found[key] not in types]
    assert len(wrong) <= 0.05 * len(wanted), wrong

    assert call("--output", str(folder)) == errors.EXIT_DONE, "the command's own folder may be filled again"


@pytest.mark.usefixtures("one_database")
def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.txt").write_text("keep", encoding="utf-8")
    assert call("--output", str(tmp_path), "--lang", "en") == errors.EXIT_USAGE
    assert "--output" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_builders_are_found() -> None:
    assert demo.builders().NAMES == ("bank", "antifraud", "government", "shop")
