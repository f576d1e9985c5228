"""`sensscan evaluate` as a user calls it."""

from __future__ import annotations

import html
import json
import re
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random

import pytest

from sample_dbs.build import build, expected_path
from tests.cli.conftest import Said
from tests.cli.documented import call, commands
from tests.cli.made import mobile

pytestmark = pytest.mark.usefixtures("own_folders")


@pytest.fixture
def evaluate(say: Callable[..., Said]) -> Callable[..., Said]:
    return partial(say, "evaluate")


def database(path: Path) -> Path:
    """A table with a phone, a column of the same values under a name of something else, and one that is nothing."""
    r = Random(1)
    with sqlite3.connect(path) as connection:
        connection.execute("create table customer (id integer primary key, mobile text, colour text, Ext text)")
        connection.executemany(
            "insert into customer values (?, ?, ?, ?)", [(n, mobile(r), r.choice(("red", "green")), mobile(r)) for n in range(60)]
        )
    return path


def labels(path: Path, *rows: str, head: str = "table,column,type") -> Path:
    path.write_text("\n".join((head, *rows)) + "\n", encoding="utf-8")
    return path


RIGHT = ("customer,id,none", "customer,mobile,mobile_phone", "customer,colour,none", "customer,ext,mobile_phone|landline_phone")


def test_figures_of_a_small_database(tmp_path: Path, evaluate: Callable[..., Said]) -> None:
    code, out, _ = evaluate(database(tmp_path / "a.db"), "--labels", labels(tmp_path / "l.csv", *RIGHT), "--format", "json")
    found = json.loads(out)
    assert code == 0
    assert found["total"]["columns"] == 4
    assert found["total"]["macro_f1"] == 1.0
    assert found["total"]["false_positives"] == 0
    assert found["total"]["types"] == [
        {"type": "mobile_phone", "labelled": 2, "said": 2, "right": 2, "precision": 1.0, "recall": 1.0, "f1": 1.0}
    ]
    assert found["unlabelled"] == 0 and found["missing"] == [] and found["wrong"] == []


def test_wrong_columns_come_with_the_scorecards_of_both_types(tmp_path: Path, evaluate: Callable[..., Said]) -> None:
    wrong = labels(tmp_path / "l.csv", "customer,id,none", "customer,mobile,email", "customer,colour,none", "customer,Ext,none")
    code, out, _ = evaluate(database(tmp_path / "a.db"), "--labels", wrong, "--lang", "en")
    assert code == 0, "figures never change the exit code"
    assert "customer.mobile" in out and "right: email   said: mobile_phone" in out
    assert "email: nothing spoke for it" in out
    assert "word in the name: mobile" in out
    found = json.loads(evaluate(tmp_path / "a.db", "--labels", wrong, "--format", "json")[1])
    assert found["total"]["false_positives"] == 1 and found["total"]["negatives"] == 3
    assert {(cell["right"], cell["said"]) for cell in found["confusions"] if cell["right"] != cell["said"]} == {
        ("email", "mobile_phone"),
        ("none", "mobile_phone"),
    }


def test_nothing_is_stored_and_no_value_is_shown(tmp_path: Path, evaluate: Callable[..., Said]) -> None:
    source = database(tmp_path / "a.db")
    with sqlite3.connect(source) as connection:
        values = [value for (value,) in connection.execute("select mobile from customer")]
    page = tmp_path / "out.html"
    wrong = labels(tmp_path / "l.csv", "customer,mobile,email")
    shown = evaluate(source, "--labels", wrong, "-o", page)[1] + evaluate(source, "--labels", wrong, "--format", "json")[1]
    shown += page.read_text(encoding="utf-8")
    assert not any(value in shown for value in values)
    assert not (tmp_path / "data").exists()
    assert page.stat().st_mode & 0o777 == 0o600


def test_console_fits_80_columns_and_chinese_lines_up(tmp_path: Path, evaluate: Callable[..., Said]) -> None:
    from rich.cells import cell_len

    build("government", f"sqlite:///{tmp_path}/government.db")
    for language in ("en", "zh"):
        _, out, _ = evaluate(tmp_path / "government.db", "--labels", expected_path("government"), "--lang", language)
        assert max(cell_len(line.rstrip()) for line in out.splitlines()) <= 80
        table = out.split("By type" if language == "en" else "按类型")[1].split("\n\n")[0].splitlines()
        rows = [line for line in table if re.match(r"[a-z_0-9]+ .*\d\.\d\d\s*$", line)]
        assert len(rows) > 20
        assert len({cell_len(line.rstrip()) for line in rows}) == 1


def test_page_is_self_contained(tmp_path: Path, evaluate: Callable[..., Said]) -> None:
    wrong = labels(tmp_path / "l.csv", "customer,mobile,email", "customer,colour,none")
    evaluate(database(tmp_path / "<b>.db"), "--labels", wrong, "-o", tmp_path / "out.html", "--lang", "zh")
    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in html.unescape(page) and "<script" not in page and "http" not in page.replace("http-equiv", "")
    assert "<b>.db" not in page and "&lt;b&gt;" in page
    assert page.count("<polyline") == 4 and 'lang="zh-CN"' in page


def test_labels_by_database_and_a_folder_of_files(tmp_path: Path, evaluate: Callable[..., Said]) -> None:
    for name in ("a", "b", "unlabelled"):
        database(tmp_path / f"{name}.db")
    rows = ["a,main,customer,mobile,mobile_phone", "b,main,customer,mobile,email", "b,main,customer,gone,none", "elsewhere,main,t,c,none"]
    file = labels(tmp_path / "l.csv", *rows, head="db,schema,table,column,type")
    found = json.loads(evaluate(tmp_path, "--labels", file, "--format", "json")[1])
    assert [(one["database"], one["micro_f1"]) for one in found["databases"]] == [("a", 1.0), ("b", 0.0)]
    assert [source.rsplit("/", 1)[1] for source in found["sources"]] == ["a.db", "b.db"]
    assert [(one["column"], one["line"]) for one in found["missing"]] == [("gone", 4)], (
        "labels of databases that were not given are no mistake"
    )
    assert "gone" in evaluate(tmp_path, "--labels", file, "--lang", "en")[1]


def test_comments_speak(tmp_path: Path, evaluate: Callable[..., Said]) -> None:
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute("create table t (f1 text)")
        connection.executemany("insert into t values (?)", [(str(n),) for n in range(18, 60)])
    file, said = labels(tmp_path / "l.csv", "t,f1,age"), tmp_path / "c.csv"
    said.write_text("db,table,column,comment\na,t,f1,年龄\n", encoding="utf-8-sig")
    assert json.loads(evaluate("a.db", "--labels", file, "--format", "json")[1])["columns"][0]["said"] == "none"
    assert json.loads(evaluate("a.db", "--labels", file, "--comments", said, "--format", "json")[1])["columns"][0]["said"] == "age"


def test_undecided_counts_as_no_label(tmp_path: Path, evaluate: Callable[..., Said]) -> None:
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute("create table t (c1 text, c2 text)")
        connection.execute("insert into t values ('x', 'y')")
    file = labels(tmp_path / "l.csv", "t,c1,none", "t,c2,email|unknown")
    found = json.loads(evaluate("a.db", "--labels", file, "--format", "json")[1])
    assert [(one["verdict"], one["said"], one["right"]) for one in found["columns"]] == [("unknown", "none", True)] * 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("table,column\nt,c\n", "no column type"),
        ("table,column,type\ncustomer,mobile,\n", "l.csv:2: table, column or type is empty"),
        ("table,column,type\nt,c,none\nt,c,email\n", "l.csv:3: same column as line 2"),
        ("table,column,type\nt,c\n", "l.csv:2: not as many fields"),
        ("db,table,column,type\nx,customer,mobile,none\n", "labels the databases x; the sources are a"),
        ("table,column,type\nnot_here,mobile,none\n", "No label of"),
    ],
)
def test_broken_labels_are_named_with_their_line(tmp_path: Path, evaluate: Callable[..., Said], content: str, said: str) -> None:
    (tmp_path / "l.csv").write_text(content, encoding="utf-8")
    code, out, err = evaluate(database(tmp_path / "a.db"), "--labels", "l.csv", "--lang", "en")
    assert (code, out) == (2, "")
    assert said in err and len(err.splitlines()) == 1


def test_a_type_that_does_not_exist_is_missed_and_said(tmp_path: Path, evaluate: Callable[..., Said]) -> None:
    file = labels(tmp_path / "l.csv", "customer,colour,color_name")
    code, out, err = evaluate(database(tmp_path / "a.db"), "--labels", file, "--lang", "en", "--worst", "0")
    assert code == 0 and "no such type here: color_name" in err
    assert re.search(r"color_name +1 +0 +0 ", out)


def test_a_form_that_does_not_exist_is_refused_before_reading(tmp_path: Path, evaluate: Callable[..., Said]) -> None:
    code, _, err = evaluate("nowhere.db", "--labels", labels(tmp_path / "l.csv", *RIGHT), "-o", "out.pdf", "--lang", "en")
    assert code == 2 and "out.pdf" in err


def test_a_source_that_cannot_be_opened(tmp_path: Path, evaluate: Callable[..., Said]) -> None:
    assert evaluate("sqlite:///nowhere.db", "--labels", labels(tmp_path / "l.csv", *RIGHT))[0] == 4


def test_the_commands_of_the_page_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    demo = tmp_path / "sensscan-demo"
    demo.mkdir()
    build("government", f"sqlite:///{demo}/government.db")
    expected = expected_path("government").read_text(encoding="utf-8")
    (demo / "government_expected.csv").write_text(expected, encoding="utf-8")
    (demo / "labels.csv").write_text(expected, encoding="utf-8")
    lines = commands("evaluate.md")
    assert len(lines) >= 3
    for line in lines:
        assert call(line, monkeypatch) == 0, line
    assert (tmp_path / "quality.html").is_file() and (tmp_path / "quality.json").is_file()
