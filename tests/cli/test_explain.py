"""`sensscan explain` as a user calls it."""

from __future__ import annotations

import json
import math
import re
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random

import pytest

from sample_dbs.build import build
from sensscan.cli import _make_root
from sensscan.cli.base import run
from sensscan.errors import EXIT_DONE, EXIT_INCOMPLETE
from tests.cli.conftest import Said
from tests.cli.documented import call, commands
from tests.cli.made import id_card, mobile
from tests.registry.making import write_card, write_detector

pytestmark = pytest.mark.usefixtures("own_folders")


@pytest.fixture
def explain(say: Callable[..., Said]) -> Callable[..., Said]:
    return partial(say, "explain")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    r = Random(2)
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute('create table "Cust.omer" (id integer primary key, id_card text, c05 text, note text, age text)')
        rows = [
            (n, id_card(r), mobile(r) if n % 2 else "x" * (n % 7), f"已联系张先生，电话{mobile(r)}，请尽快处理。", str(n % 70))
            for n in range(100)
        ]
        connection.executemany('insert into "Cust.omer" values (?, ?, ?, ?, ?)', rows)
        connection.execute("create table twin (Name text, name2 text)")
        connection.execute("create table TWINS (a text)")
        connection.execute("create table empty (mobile text)")
    return tmp_path / "a.db"


def test_the_lines_add_up_and_softmax_gives_the_confidence(source: Path, explain: Callable[..., Said]) -> None:
    found = json.loads(explain(source, '"Cust.omer".id_card', "--format", "json")[1])
    assert (found["verdict"], found["type"]) == ("is", "id_card")
    first = found["scorecards"][0]
    assert first["type"] == "id_card"
    assert math.fsum(line["weight"] for line in first["lines"]) == pytest.approx(first["score"], abs=0.01)
    competing = [card["score"] for card in found["scorecards"] if card["confidence"] is not None]
    total = 1 + math.fsum(math.exp(score / found["confidence_of"]["temperature"]) for score in competing)
    assert math.exp(first["score"]) / total == pytest.approx(found["confidence"], abs=0.02)


def test_what_would_change_the_verdict(source: Path, explain: Callable[..., Said]) -> None:
    found = json.loads(explain(source, '"Cust.omer".id_card', "--format", "json")[1])
    changes = found["changes"]
    assert [one["key"] for one in changes["variants"]] == ["without_name"], "no comment, so nothing to leave out"
    assert changes["variants"][0]["type"] == "id_card" and not changes["variants"][0]["changes"]
    share = changes["share"]
    assert share["type"] == "id_card" and share["passing"] == share["tested"]
    assert 0 < share["turns_at"] < share["passing"] and share["then"]["verdict"] != "is"
    assert (changes["margin"]["first"], changes["margin"]["second"]) == ("id_card", "none")


def test_a_name_that_alone_decides_is_called_decisive(source: Path, explain: Callable[..., Said]) -> None:
    found = json.loads(explain(source, '"Cust.omer".age', "--format", "json")[1])
    assert found["type"] == "age"
    assert found["changes"]["variants"][0]["changes"], "numbers below 70 are nothing without their name"
    assert "name" in {one["line"]["kind"] for one in found["changes"]["lines"] if one["decisive"]}
    out = explain(source, '"Cust.omer".age', "--lang", "en")[1]
    assert "without this line: column name" in out and "changes: nothing found" in out


def test_a_name_that_says_nothing_is_not_taken_away(source: Path, explain: Callable[..., Said]) -> None:
    found = json.loads(explain(source, '"Cust.omer".c05', "--format", "json")[1])
    assert found["changes"]["variants"] == []


def test_contained_types_are_listed(source: Path, explain: Callable[..., Said]) -> None:
    code, out, _ = explain(source, '"Cust.omer".note', "--lang", "zh")
    assert code == 0 and "包含 手机号" in out and "值内发现" in out


def test_no_clear_value_and_80_columns(source: Path, explain: Callable[..., Said]) -> None:
    from rich.cells import cell_len

    with sqlite3.connect(source) as connection:
        rows = connection.execute('select id_card, c05, note from "Cust.omer"').fetchall()
    values = {part for row in rows for value in row for part in re.findall("[0-9X]{9,}", value)}
    assert len(values) > 200
    for column, language in (("id_card", "en"), ("c05", "zh"), ("note", "en")):
        _, out, _ = explain(source, f'"Cust.omer".{column}', "--lang", language)
        assert max(cell_len(line.rstrip()) for line in out.splitlines()) <= 80
        out += explain(source, f'"Cust.omer".{column}', "--format", "json")[1]
        assert not any(value in out for value in values)


def test_an_empty_column_is_undecided_with_its_reason(source: Path, explain: Callable[..., Said]) -> None:
    found = json.loads(explain(source, "empty.mobile", "--format", "json")[1])
    assert (found["verdict"], found["reason"]["code"]) == ("unknown", "empty")
    assert "No values." in explain(source, "empty.mobile", "--lang", "en")[1]


@pytest.mark.parametrize("written", ["main.empty.mobile", "EMPTY.Mobile", '"empty"."mobile"', "[empty].[mobile]", "`empty`.`mobile`"])
def test_ways_to_write_a_column(source: Path, explain: Callable[..., Said], written: str) -> None:
    assert json.loads(explain(source, written, "--format", "json")[1])["column"]["column"] == "mobile"


def test_a_detector_that_was_cut_off_is_named(source: Path, tmp_path: Path, explain: Callable[..., Said]) -> None:
    write_card(tmp_path / "cards")
    write_detector(tmp_path / "cards", "if len(values) == 1: return [1.0]\n        raise ValueError(values[0])")
    with sqlite3.connect(source) as connection:
        connection.execute("create table staff (badge_no text, other text)")
        connection.executemany("insert into staff values (?, ?)", [(f"B{n:06d}", "word " * (n % 3)) for n in range(100)])
    code, out, _ = explain(source, "staff.badge_no", "--detectors", "cards", "--allow-code", "--format", "json")
    found = json.loads(out)
    assert code == EXIT_INCOMPLETE
    assert [(one["type"], "raised ValueError" in one["reason"]["en"]) for one in found["cut_off"]] == [("badge_no", True)]
    code, out, _ = explain(source, "staff.badge_no", "--detectors", "cards", "--allow-code", "--lang", "zh")
    assert (code, "被中止" in out, "B000001" in out) == (EXIT_INCOMPLETE, True, False)
    code, out, _ = explain(source, "staff.other", "--detectors", "cards", "--allow-code", "--format", "json")
    assert (code, json.loads(out)["cut_off"]) == (EXIT_DONE, [])


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("mobile", "names no column"),
        ("empty.mobil", "Did you mean empty.mobile?"),
        ('"EMPTY".mobile', "No column"),
        ("a.b.c.d", "Form: [SCHEMA.]TABLE[.COLUMN]"),
        ("empty.*", "No column"),
    ],
)
def test_a_column_that_is_not_there(source: Path, explain: Callable[..., Said], written: str, said: str) -> None:
    code, out, err = explain(source, written, "--lang", "en")
    assert (code, out) == (2, "") and said in err and len(err.splitlines()) == 1


def test_nothing_is_stored_without_a_store(source: Path, tmp_path: Path, explain: Callable[..., Said]) -> None:
    explain(source, "empty.mobile")
    assert not (tmp_path / "data").exists()


def test_with_a_store_foreign_keys_count_and_the_label_is_shown(tmp_path: Path, explain: Callable[..., Said]) -> None:
    r = Random(3)
    with sqlite3.connect(tmp_path / "b.db") as connection:
        connection.execute("create table person (id_card text primary key)")
        connection.execute("create table visit (id integer primary key, who text references person(id_card))")
        people = [id_card(r) for _ in range(50)]
        connection.executemany("insert into person values (?)", [(one,) for one in dict.fromkeys(people)])
        connection.executemany("insert into visit (who) values (?)", [(people[0],), (people[1],)])
    store = f"sqlite:///{tmp_path}/store.db"
    assert run(_make_root(), ["scan", str(tmp_path / "b.db"), "--store", store, "--quiet"]) == 0
    alone = json.loads(explain(tmp_path / "b.db", "visit.who", "--format", "json")[1])
    with_store = json.loads(explain(tmp_path / "b.db", "visit.who", "--store", store, "--format", "json")[1])
    assert alone["linked"] is False and with_store["linked"] is True
    assert with_store["type"] == "id_card" and with_store["confidence"] >= alone["confidence"]
    assert with_store["tag"]["status"] == "found" and with_store["tag"]["type"] == "id_card"
    assert "--store" in explain(tmp_path / "b.db", "visit.who", "--lang", "en")[1], "the way to more is shown"


def test_the_verdict_is_that_of_a_scan(source: Path, tmp_path: Path, explain: Callable[..., Said]) -> None:
    report = tmp_path / "r.json"
    assert run(_make_root(), ["scan", str(source), "--store", f"sqlite:///{tmp_path}/s.db", "--quiet", "-o", str(report)]) == 0
    columns = [
        one for one in json.loads(report.read_text(encoding="utf-8"))["columns"] if one["column"] in ("id_card", "c05", "note", "Name")
    ]
    assert len(columns) == 4
    for column in columns:
        quoted = ".".join(f'"{column[part]}"' for part in ("table", "column"))
        found = json.loads(explain(source, quoted, "--format", "json")[1])
        assert [found[key] for key in ("verdict", "type", "confidence")] == [column[key] for key in ("verdict", "type", "confidence")]


def test_the_commands_of_the_page_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    demo = tmp_path / "sensscan-demo"
    demo.mkdir()
    build("bank", f"sqlite:///{demo}/bank.db")
    (tmp_path / "values.txt").write_text("13912345678\n", encoding="utf-8")
    lines = commands("explain.md")
    assert len(lines) >= 8
    for line in lines:
        assert call(line, monkeypatch) == 0, line
