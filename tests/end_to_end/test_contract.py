"""What other programs rely on: the fields of the JSON report, what goes to which stream and file, what hides what."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import stat
from pathlib import Path

import jsonschema
import pytest

from sensscan.report.jsonform import json_schema
from tests.end_to_end.people import KINDS
from tests.end_to_end.running import Done, Home, make_home

RUN: dict[str, type | tuple[type, ...]] = {
    "id": str, "mode": str, "outcome": str, "started_at": str, "finished_at": str, "version": str, "policy": str, "sources": list,
    "tables": int, "columns_examined": int, "columns_kept": int, "rows_read": int, "values_examined": int, "events": dict, "timings": dict,
}  # fmt: skip
COLUMN: dict[str, type | tuple[type, ...]] = {
    "source": str, "schema": str, "table": str, "table_type": str, "column": str, "data_type": str, "verdict": str, "type": str,
    "label": dict, "confidence": float, "level": dict, "because": list, "marks": list, "category": str, "flags": list, "also": list,
    "contains": list, "alternatives": list, "evidence": list, "coverage": dict, "status": (str, type(None)), "owner": dict,
    "examined_in": str, "reason": (dict, type(None)),
}  # fmt: skip
COVERAGE = {"method", "rows", "non_null", "distinct", "placeholders", "complete", "row_estimate", "miss_below"}


@pytest.fixture(scope="module")
def scanned(people_file: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Done]:
    """One scan with every kind of file output."""
    user = make_home(tmp_path_factory.mktemp("contract") / "home")
    outputs = [word for suffix in ("json", "csv", "html", "xlsx", "md", "jsonl") for word in ("-o", f"report.{suffix}")]
    return user, user.scan(people_file, *outputs)


def test_every_field_of_the_json_report(scanned: tuple[Home, Done], people_file: Path) -> None:
    done = scanned[1]
    assert (done.code, done.err) == (0, "")
    report = done.report
    jsonschema.Draft202012Validator(json_schema()).validate(report)
    assert report["schema_version"] == 1
    for fields, found in ((RUN, [report["run"]]), (COLUMN, report["columns"])):
        for item in found:
            for name, kind in fields.items():
                assert isinstance(item[name], kind), (name, item[name])
    assert set(report["run"]["events"]) == {"count", "head"}
    assert set(report["run"]["timings"]) >= {"enumerate", "fetch", "detect", "classify", "store"}
    assert report["run"]["sources"] == [f"sqlite:{people_file}"]
    for column in report["columns"]:
        assert set(column["coverage"]) >= COVERAGE
        assert set(column["level"]) >= {"id", "rank", "label"}
        assert set(column["label"]) == {"zh", "en"}
        assert column["examined_in"] == report["run"]["id"]
        for line in column["evidence"]:
            assert {"kind", "detector", "weight", "passed", "tested", "reason", "examples"} <= set(line)
    assert {skip["reason"]["code"] for skip in report["skipped"]} == set()


def test_verdicts_of_the_small_database(scanned: tuple[Home, Done]) -> None:
    columns = scanned[1].columns
    for column, kind in KINDS.items():
        assert (columns[f"person.{column}"]["verdict"], columns[f"person.{column}"]["type"]) == ("is", kind)
    for column in ("person.id", "person.amount", "person.status", "note.note_id"):
        assert (columns[column]["verdict"], columns[column]["type"], columns[column]["level"]["rank"]) == ("none", "none", 0)
    for column, code in (("person.filler", "placeholders"), ("person.reserve", "empty"), ("empty_table.id_card", "empty")):
        assert (columns[column]["verdict"], columns[column]["type"]) == ("unknown", "unknown")
        assert columns[column]["reason"]["code"] == code
        assert columns[column]["level"]["rank"] is None
    ext = columns["note.ext"]
    assert ext["verdict"] == "contains"
    assert {(one["type"], one["path"]) for one in ext["contains"]} >= {("mobile_phone", "$.buyer.phone"), ("email", "$.buyer.mail")}
    assert all(one["share"] == 1.0 for one in ext["contains"] if one["path"] == "$.buyer.phone")


def test_every_column_exactly_once(scanned: tuple[Home, Done], people_file: Path) -> None:
    names = [(column["table"], column["column"]) for column in scanned[1].report["columns"]]
    with sqlite3.connect(people_file) as connection:
        query = "select m.name, p.name from sqlite_master m, pragma_table_info(m.name) p where m.type = 'table'"
        assert sorted(names) == sorted(connection.execute(query))


def test_output_files(scanned: tuple[Home, Done]) -> None:
    user, done = scanned
    files = {path.suffix: path for path in user.folder.glob("report.*")}
    assert set(files) == {".json", ".csv", ".html", ".xlsx", ".md", ".jsonl"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files.values()} == {0o600}
    assert files[".json"].read_text(encoding="utf-8") == done.out
    rows = list(csv.DictReader(io.StringIO(files[".csv"].read_text(encoding="utf-8-sig"))))
    assert [(row["table"], row["column"], row["type"]) for row in rows] == [
        (column["table"], column["column"], column["type"]) for column in done.report["columns"]
    ]
    lines = [json.loads(line) for line in files[".jsonl"].read_text(encoding="utf-8").splitlines()]
    assert sum(line["record"] == "column" for line in lines) == len(done.report["columns"])
    assert {stat.S_IMODE(path.stat().st_mode) for path in (user.folder / "data").iterdir()} == {0o600}
    assert not list(user.folder.glob(".*.part"))


def test_streams(home: Home, people_file: Path) -> None:
    console = home.run("scan", people_file)
    assert console.code == 0
    assert "Resident ID number" in console.out
    assert console.err == ""
    assert home.run("scan", people_file, "--quiet") == Done(0, "", "")
    for form in ("json", "csv"):
        quiet = home.run("scan", people_file, "--quiet", "--format", form)
        assert (quiet.code, quiet.err) == (0, "")
        assert "id_card" in quiet.out
    assert home.run("scan", people_file, "--quiet", "--format", "markdown").out == ""
    assert "# " in home.run("scan", people_file, "--format", "markdown").out
    chinese = home.run("scan", people_file, "--lang", "zh")
    assert "居民身份证号" in chinese.out or "身份证" in chinese.out


def test_min_confidence_hides_from_display_and_fail_on_only(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "unsure.db"
    with sqlite3.connect(path) as connection:
        connection.execute("create table t (age integer, note text)")
        connection.executemany("insert into t values (?, ?)", [(18 + n * 7 % 60, "x") for n in range(200)])
    found = home.scan(path).columns["t.age"]
    assert found["verdict"] == "is"
    limit = str(found["confidence"] + (1 - found["confidence"]) / 2)
    level = found["level"]["id"]
    assert level != "none"
    other = make_home(tmp_path / "other")
    hidden = other.run("scan", path, "--min-confidence", limit, "--fail-on", level, "-o", "all.json")
    assert hidden.code == 0
    assert found["label"]["en"] not in hidden.out
    stored = json.loads((other.folder / "all.json").read_text(encoding="utf-8"))["columns"][0]
    assert {key: stored[key] for key in ("type", "level", "confidence")} == {key: found[key] for key in ("type", "level", "confidence")}
    tags = other.run("tags", "list", "--format", "json")
    assert tags.code == 0, tags.err
    assert f'"{found["type"]}"' in tags.out
    assert other.run("scan", path, "--fail-on", level).code == 1


def test_dry_run_reads_no_data(home: Home, people_file: Path) -> None:
    done = home.run("scan", people_file, "--dry-run", "--log-file", "statements.log")
    assert done.code == 0
    assert '"person"' in done.out and "nothing was read" in done.out
    log = (home.folder / "statements.log").read_text(encoding="utf-8")
    assert log.strip()
    assert not any(f'"{column}"' in log for column in (*KINDS, "remark", "ext"))
    shown = [line.split(": ", 1)[1] for line in done.out.splitlines() if line.startswith("read")]
    assert home.run("scan", people_file, "--quiet", "--log-file", "statements.log").code == 0
    log = (home.folder / "statements.log").read_text(encoding="utf-8")
    assert shown and all(statement in log for statement in shown)


def test_diff_and_verify(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "two.db"
    with sqlite3.connect(path) as connection:
        connection.execute("create table t (mail text)")
        connection.executemany("insert into t values (?)", [(f"anna{n}@example.org",) for n in range(50)])
    first = home.scan(path).report["run"]["id"]
    second = home.scan(path).report["run"]["id"]
    assert home.run("diff", first, second).code == 0
    with sqlite3.connect(path) as connection:
        connection.execute("alter table t add column mobile text")
        connection.execute("update t set mobile = 13800000000 + rowid * 1237")
    third = home.scan(path).report["run"]["id"]
    assert home.run("diff", first, third).code == 1
    assert home.run("store", "verify").code == 0
    with sqlite3.connect(home.folder / "data" / "store.db") as connection:
        (table,) = next(connection.execute("select name from sqlite_master where name like '%event%' and type = 'table'"))
        connection.execute(f"delete from {table} where rowid = (select min(rowid) + 1 from {table})")
    assert home.run("store", "verify").code == 1
