"""`sensscan rules`: what an author sees."""

from __future__ import annotations

import json
import random
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from sensscan.cli import _make_root
from sensscan.cli.base import run
from sensscan.errors import EXIT_DONE, EXIT_INCOMPLETE, EXIT_USAGE
from sensscan.model import ColumnRef
from sensscan.store import LabelChange, open_store
from tests.registry.making import write_card, write_detector

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENSSCAN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("SENSSCAN_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("SENSSCAN_LANG", "en")
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def database(tmp_path: Path) -> str:
    chosen = random.Random(11)
    connection = sqlite3.connect(tmp_path / "hr.db")
    with connection:
        connection.execute("create table staff (id integer primary key, badge_no text, c1 text, phone text, note text)")
        for i in range(150):
            badges = [f"B{chosen.randrange(10**6):06d}" for _ in range(2)]
            connection.execute("insert into staff values (?, ?, ?, ?, ?)", (i, *badges, f"139{chosen.randrange(10**8):08d}", "ok"))
    connection.close()
    return str(tmp_path / "hr.db")


def rules(*words: str) -> int:
    return run(_make_root(), ["rules", *words])


def data(capsys: Capture, *words: str) -> Any:
    assert rules(*words, "--format", "json") == EXIT_DONE
    return json.loads(capsys.readouterr().out)


def test_list_names_every_type_with_its_origin(tmp_path: Path, capsys: Capture) -> None:
    path = write_card(tmp_path / "cards")
    listed = {one["type"]: one for one in data(capsys, "list", "--detectors", "cards")}
    assert len(listed) > 55
    assert listed["badge_no"]["origin"] == str(Path("cards") / path.name)
    assert listed["id_card"]["origin"] == "builtin"
    assert listed["jwt"]["told_by"] == ["pattern", "code"]
    assert rules("list", "--lang", "zh") == EXIT_DONE
    assert "居民身份证号" in capsys.readouterr().out


def test_show_measures_chance_cost_shape_and_overlaps(capsys: Capture) -> None:
    shown = data(capsys, "show", "bank_card")
    assert shown["shape"]["shortest"] == 13
    assert shown["cost"]["instructions"] > 10 and 0 < shown["cost"]["asked"] < 1 and shown["cost"]["microseconds"] > 0
    # Luhn alone passes one in ten; the issuer prefixes make it rarer.
    assert 0 < shown["chance"]["measured"] < 0.1
    assert shown["look_alike"]["columns"] > 300
    again = data(capsys, "show", "bank_card")
    assert again["chance"] == shown["chance"], "seeded"


def test_show_finds_overlaps_of_a_loose_card(tmp_path: Path, capsys: Capture) -> None:
    path = write_card(tmp_path, "till_no", values="pattern = '[0-9]{11}'", match='"13800138000"')
    text = path.read_text(encoding="utf-8").replace('names = ["till_no"]', 'names = ["till_no", "手机号"]')
    path.write_text(text, encoding="utf-8")
    shown = data(capsys, "show", str(path))
    assert shown["chance"]["measured"] == 1.0
    (phone,) = [one for one in shown["overlaps"] if one["type"] == "mobile_phone"]
    assert phone["columns"] > 0 and phone["words"] == ["手机号"] and not phone["related"]
    assert rules("show", str(path)) == EXIT_DONE
    out = capsys.readouterr().out
    assert "look again: values.chance" in out and "look again: values.look_alike" in out and "mobile_phone" in out


def test_show_of_an_unknown_type_suggests(capsys: Capture) -> None:
    assert rules("show", "id_crad") == EXIT_USAGE
    assert "id_card" in capsys.readouterr().err


def test_new_writes_a_card_that_loads_and_says_what_is_missing(tmp_path: Path, capsys: Capture) -> None:
    assert rules("new", "employee_no") == EXIT_DONE
    assert rules("check", "employee_no.toml") == EXIT_DONE
    assert "no example that passes" in capsys.readouterr().out
    assert rules("new", "employee_no") == EXIT_USAGE
    assert "exists already" in capsys.readouterr().err
    words = ("--dir", "rules", "--pattern", r"E\d{6}", "--name", "工号", "--example", "E102938", "--label-zh", "工号", "--code")
    assert rules("new", "staff_no", *words) == EXIT_DONE
    assert rules("check", "rules") == EXIT_USAGE
    assert "--allow-code" in capsys.readouterr().err
    assert rules("check", "rules", "--allow-code") == EXIT_DONE
    assert "ok, 1 examples right" in capsys.readouterr().out


@pytest.mark.parametrize("type_id", ["Employee", "a-b", "员工", "a b"])
def test_new_refuses_ids_that_no_card_may_have(type_id: str, capsys: Capture) -> None:
    assert rules("new", type_id) == EXIT_USAGE
    assert "only a-z" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--pattern", "("], "values.pattern: not RE2 syntax"),
        (["--pattern", "(?=a)b"], "values.pattern: not RE2 syntax"),
        (["--pattern", "E[0-9]+", "--example", "X1"], "examples.match: 'X1' does not pass"),
        (["--code", "--pattern", "E[0-9]+", "--example", "X1"], "examples.match: 'X1' does not pass"),
    ],
)
def test_new_writes_no_card_that_would_be_refused(tmp_path: Path, capsys: Capture, words: list[str], said: str) -> None:
    assert rules("new", "emp", "--dir", "cards", *words) == EXIT_USAGE
    complaint = capsys.readouterr().err
    assert complaint.startswith("sensscan: Not written.") and said in complaint
    assert not (tmp_path / "cards").exists()
    # Where code alone decides, the stub is there to be filled in.
    assert rules("new", "emp", "--dir", "cards", "--code", "--example", "X1") == EXIT_DONE
    assert rules("check", "cards", "--allow-code") == EXIT_DONE


def test_check_names_file_key_and_reason(tmp_path: Path, capsys: Capture) -> None:
    path = write_card(tmp_path, values="pattern = 'B(?=1)'")
    assert rules("check", str(path)) == EXIT_USAGE
    error = capsys.readouterr().err
    assert "badge_no.toml" in error and "values.pattern" in error and "invalid perl operator" in error
    assert rules("check", "nowhere.toml") == EXIT_USAGE


def test_check_finds_a_detector_that_fails_on_other_values_than_its_examples(tmp_path: Path, capsys: Capture) -> None:
    write_card(tmp_path / "cards")
    write_detector(tmp_path / "cards", "return [1.0 if value == 'B102938' else int('x') for value in values]")
    assert rules("check", "cards", "--allow-code") == EXIT_USAGE
    assert "raised ValueError" in capsys.readouterr().err


def test_backtest_shows_gains_and_changes_nothing(tmp_path: Path, database: str, capsys: Capture) -> None:
    run(_make_root(), ["scan", database, "--quiet"])
    before = _labels(database)
    path = write_card(tmp_path)
    found = data(capsys, "backtest", str(path), database)
    assert (found["labelled"], found["gained"], found["lost"], found["replaces"]) == (2, 2, 0, False)
    gained = {one["column"]: (one["before"]["verdict"], one["after"]["type"]) for one in found["shown"]}
    assert gained == {"badge_no": ("none", "badge_no"), "c1": ("none", "badge_no")}
    assert _labels(database) == before
    assert rules("backtest", str(path), database) == EXIT_DONE
    out = capsys.readouterr().out
    assert "gained 2" in out and "No label was changed" in out and "B1" not in out


def test_backtest_of_a_changed_rule_against_what_persons_decided(tmp_path: Path, database: str, capsys: Capture) -> None:
    run(_make_root(), ["scan", database, "--quiet"])
    source = f"sqlite:{database}"
    with open_store() as store:
        store.decide({ColumnRef(source, "main", "staff", "phone"): LabelChange(status="confirmed")}, actor="li")
        store.decide({ColumnRef(source, "main", "staff", "c1"): LabelChange(status="manual", type_id="username")}, actor="li")
    # A mobile number that must begin 188 finds nothing here; badges called mobile numbers contradict a person.
    path = write_card(tmp_path, "mobile_phone", values="pattern = 'B[0-9]{6}|188[0-9]{8}'", match='"18800000000"')
    found = data(capsys, "backtest", str(path), database)
    assert found["replaces"] is True
    by_column = {one["column"]: one for one in found["shown"]}
    assert by_column["phone"]["change"] == "lost" and by_column["phone"]["decision"] == "missed"
    assert by_column["c1"]["change"] == "gained" and by_column["c1"]["decision"] == "contradicts"
    assert (found["decided"], found["missed"], found["contradicts"], found["agrees"]) == (2, 1, 1, 0)


def test_backtest_says_what_came_near(database: str, capsys: Capture) -> None:
    assert rules("new", "pass_no", "--pattern", "B[0-9]{6}", "--name", "badge_no") == EXIT_DONE
    path = Path("pass_no.toml")
    path.write_text(path.read_text(encoding="utf-8").replace("needs_name = false", "needs_name = true"), encoding="utf-8")
    capsys.readouterr()
    assert [one["column"] for one in data(capsys, "backtest", "pass_no.toml", database)["near"]] == ["c1"]
    assert rules("new", "long_no", "--pattern", "B[0-9]{7}", "--name", "badge_no", "--name", "phone") == EXIT_DONE
    capsys.readouterr()
    near = {one["column"]: one for one in data(capsys, "backtest", "long_no.toml", database)["near"]}
    assert near.keys() == {"badge_no", "phone"}
    assert (near["badge_no"]["passed"], near["badge_no"]["named"]) == (0, True)
    assert rules("backtest", "long_no.toml", database) == EXIT_DONE
    assert "Not labelled, but something speaks for it:" in capsys.readouterr().out
    assert rules("new", "no_such_form", "--pattern", "ZZ[0-9]{7}") == EXIT_DONE
    assert rules("backtest", "no_such_form.toml", database) == EXIT_DONE
    assert "No column name has a word of the card" in capsys.readouterr().out
    assert rules("backtest", "no_such_form.toml", database, "--table", "stafff") == EXIT_USAGE
    assert "Did you mean staff?" in capsys.readouterr().err


def test_backtest_says_where_a_detector_was_cut_off(tmp_path: Path, database: str, capsys: Capture) -> None:
    path = write_card(tmp_path / "cards")
    write_detector(tmp_path / "cards", "if len(values) == 1: return [1.0]\n        raise ValueError")
    assert rules("backtest", str(path), database) == EXIT_USAGE
    assert "--allow-code" in capsys.readouterr().err
    assert rules("backtest", str(path), database, "--allow-code") == EXIT_INCOMPLETE
    assert "Not judged: Type badge_no" in capsys.readouterr().out


def _labels(database: str) -> Any:
    with open_store() as store:
        return store.tags([f"sqlite:{database}"]), store.head()


def test_stats_count_hits_and_name_rules_that_never_fire(tmp_path: Path, database: str, capsys: Capture) -> None:
    assert rules("stats") == EXIT_DONE
    assert "No stored run" in capsys.readouterr().out
    write_card(tmp_path / "cards")
    for _ in range(2):
        run(_make_root(), ["scan", database, "--quiet", "--detectors", "cards"])
    found = {one["type"]: one for one in data(capsys, "stats", "--detectors", "cards")["rules"]}
    assert (found["badge_no"]["runs"], found["badge_no"]["latest"], found["badge_no"]["state"]) == (2, 2, "fires")
    assert found["iban"]["state"] == "never"
    run(_make_root(), ["scan", database, "--quiet"])
    found = {one["type"]: one for one in data(capsys, "stats", "--detectors", "cards")["rules"]}
    assert found["badge_no"]["state"] == "silent"
    assert rules("stats", "--lang", "zh") == EXIT_DONE
    assert "从未命中" in capsys.readouterr().out


def test_hash_makes_a_dictionary_without_clear_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    (tmp_path / "vip.txt").write_text("王某某\nACME-1\n", encoding="utf-8")
    assert rules("hash", "vip.txt") == EXIT_USAGE
    monkeypatch.setenv("SENSSCAN_WORDS_KEY", "k")
    capsys.readouterr()
    assert rules("hash", "vip.txt") == EXIT_DONE
    made = capsys.readouterr().out
    assert "王某某" not in made and "ACME" not in made
    (tmp_path / "vip.hashes").write_text(made, encoding="utf-8")
    path = write_card(tmp_path, "vip", values="hashed_words_files = ['vip.hashes']", match='"acme-1"')
    assert rules("check", str(path)) == EXIT_DONE
