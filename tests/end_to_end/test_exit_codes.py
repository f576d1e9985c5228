"""How a scan ends: the exit codes of the contract, and what decides them."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from pathlib import Path
from unittest import mock

import pytest

from tests.end_to_end.running import Home, make_home
from tests.servers import PASSWORD, Database


@pytest.fixture
def mail_file(tmp_path: Path) -> Path:
    """A database whose only finding has the level "low"."""
    path = tmp_path / "mail.db"
    with sqlite3.connect(path) as connection:
        connection.execute("create table t (id integer primary key, mail text)")
        connection.executemany("insert into t (mail) values (?)", [(f"anna{n}@example.org",) for n in range(50)])
    return path


def test_findings_by_id_and_rank(home: Home, mail_file: Path) -> None:
    for limit, code in (("low", 1), ("1", 1), ("none", 1), ("medium", 0), ("3", 0)):
        done = home.scan(mail_file, "--fail-on", limit)
        assert done.code == code, limit
        assert (done.report["run"]["fail_on"], done.report["run"]["fail_on_reached"]) == (limit, code == 1)
    wrong = home.run("scan", mail_file, "--fail-on", "extreme", "-o", "never.json")
    assert wrong.code == 2
    assert "extreme" in wrong.line() and "medium" in wrong.line()
    assert not (home.folder / "never.json").exists()


def test_new_findings_are_those_the_store_did_not_know(home: Home, mail_file: Path) -> None:
    assert home.scan(mail_file, "--fail-on-new", "low").code == 1
    assert home.scan(mail_file, "--fail-on-new", "low").code == 0
    with sqlite3.connect(mail_file) as connection:
        connection.execute("alter table t add column second_mail text")
        connection.execute("update t set second_mail = mail")
    assert home.scan(mail_file, "--fail-on-new", "low").code == 1
    assert home.scan(mail_file, "--fail-on-new", "low").code == 0


def test_a_decision_takes_a_finding_out_of_the_limit(home: Home, mail_file: Path) -> None:
    assert home.scan(mail_file, "--fail-on", "low").code == 1
    done = home.run("tags", "reject", "t.mail", "--note", "made up")
    assert done.code == 0, done.err
    again = home.scan(mail_file, "--fail-on", "low")
    assert again.code == 0
    assert again.columns["t.mail"]["status"] == "rejected"
    assert [(table["sensitive"], table["level"]["id"]) for table in again.report["tables"]] == [(0, "none")]
    text = home.run("report").out
    assert "Rejected by a person (1)" in text
    assert "No sensitive column was found" in text
    # Setting the type to none says the same; taking both back brings the finding back.
    assert home.run("tags", "set", "t.mail", "--type", "none").code == 0
    assert home.scan(mail_file, "--fail-on", "low").code == 0
    assert "Rejected by a person (1)" in home.run("report").out
    for _ in range(2):
        assert home.run("tags", "undo", "t.mail").code == 0
    assert home.scan(mail_file, "--fail-on", "low").code == 1


def test_incomplete_and_findings_before_incomplete(home: Home, people_postgres: Database) -> None:
    people_postgres.execute("grant select on note to bare", "grant select (id, email) on person to bare")
    part = home.scan(people_postgres.bare_url)
    assert part.code == 3
    assert part.report["run"]["outcome"] == "incomplete"
    assert part.columns["person.email"]["type"] == "email"
    card = part.columns["person.id_card"]
    assert (card["verdict"], card["reason"]["code"]) == ("unknown", "permission")
    skipped = {(item["table"], item["column"]): item["reason"]["code"] for item in part.report["skipped"]}
    assert skipped[("person", "id_card")] == "permission"
    assert ("person", "email") not in skipped
    both = home.scan(people_postgres.bare_url, "--fail-on", "low")
    assert (both.code, both.report["run"]["outcome"], both.report["run"]["fail_on_reached"]) == (1, "incomplete", True)
    assert home.scan(people_postgres.bare_url, "--table", "empty_table").code == 4


def test_budgets_end_as_incomplete(home: Home, people_file: Path) -> None:
    (home.folder / "sensscan.toml").write_text(f'[sources.small]\nurl = "sqlite:///{people_file}"\nrun_rows = 50\n', encoding="utf-8")
    done = home.scan("small")
    assert done.code == 3
    assert len(done.columns) == 16
    assert {column["source"] for column in done.report["columns"]} == {"small"}
    reasons = {name: column["reason"]["code"] for name, column in done.columns.items() if column["reason"]}
    assert reasons["person.id_card"] == "budget"
    assert done.columns["note.remark"]["verdict"] == "contains"
    # What was not reached keeps no verdict in the store, and the next run reads it.
    (home.folder / "sensscan.toml").write_text(f'[sources.small]\nurl = "sqlite:///{people_file}"\n', encoding="utf-8")
    after = home.scan("small", "--mode", "incremental")
    assert after.code == 0
    assert after.columns["person.id_card"]["type"] == "id_card"
    assert after.report["run"]["columns_kept"] >= 3


def test_nothing_could_be_read(home: Home, tmp_path: Path, mail_file: Path) -> None:
    missing = tmp_path / "missing.db"
    assert home.run("scan", missing).code == 4
    both = home.scan(missing, mail_file)
    assert both.code == 3
    assert both.columns["t.mail"]["type"] == "email"
    assert str(missing) in both.report["skipped"][0]["reason"]["text"]["en"]


def test_wrong_use(home: Home, mail_file: Path) -> None:
    (home.folder / "targets.txt").write_text("t.mial\n", encoding="utf-8")
    for words, said in (
        (["scan"], "SOURCE"),
        (["scan", mail_file, "--sampel", "5"], "--sample"),
        (["scan", mail_file, "--format", "pdf"], "json"),
        (["scan", mail_file, "-o", "report.pdf"], ".xlsx"),
        (["scan", mail_file, "-o", "no/such/folder/r.json"], "folder"),
        (["scan", mail_file, "--policy", "jrt1097"], "jrt0197"),
        (["scan", mail_file, "--until", "25:00"], "HH:MM"),
        (["scan", mail_file, "--targets", "targets.txt"], "t.mail"),
        (["scan", mail_file, "--workers", "9"], "max_connections"),
        (["scan", mail_file, "--sample", "0"], "--sample: it must be a whole number of at least 1"),
        (["scan", mail_file, mail_file], "twice"),
        (["scan", "no_such_name"], "sqlite:///"),
        (["sacn", mail_file], "scan"),
    ):
        done = home.run(*words)
        assert done.code == 2, words
        assert said in done.line(), words
    chinese = home.run("scan", mail_file, "--format", "pdf", "--lang", "zh")
    assert (chinese.code, chinese.line()) == (2, "sensscan: --format 的值不对：请从 console、json、csv、markdown 中选择。")
    (home.folder / "cards").mkdir()
    (home.folder / "cards" / "badge.toml").write_text('id = "badge"\n[values]\npattern = "(["\n', encoding="utf-8")
    broken = home.run("scan", mail_file, "--detectors", "cards")
    assert broken.code == 2
    assert "badge.toml" in broken.line()


@pytest.fixture
def shop_file(tmp_path: Path) -> Path:
    """Three tables, one with a name that needs quotes, and a view."""
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as connection:
        for table in ("customer", "orders", '"Order Items.2"'):
            connection.execute(f"create table {table} (id integer primary key, mail text)")
            connection.executemany(f"insert into {table} (mail) values (?)", [(f"anna{n}@example.org",) for n in range(50)])
        connection.execute("create view customer_mail as select mail from customer")
    return path


def test_filters_that_leave_nothing_are_wrong_use(home: Home, shop_file: Path) -> None:
    for words, said in (
        (["--table", "custmer"], "--table custmer fits nothing. Did you mean customer?"),
        (["--table", "main.custmer"], "Did you mean main.customer?"),
        (["--schema", "crm"], "--schema crm fits nothing."),
        (["--column", "orders.mial"], "Did you mean orders.mail?"),
        (["--table", "customer_mail"], "--views"),
        (["--table", "orders", "--exclude", "orders"], "leave nothing"),
        (["--table", "a..b.c.d"], "--table a..b.c.d fits nothing."),
    ):
        for more in ([], ["--quiet"], ["--dry-run"], ["--mode", "incremental"]):
            done = home.run("scan", shop_file, *words, *more)
            assert (done.code, done.out) == (2, ""), (words, more)
            assert said in done.line()
    chinese = home.run("scan", shop_file, "--table", "custmer", "--lang", "zh")
    assert chinese.line().endswith("--table custmer 没有匹配的对象。是否想用 customer？")
    # A refused run is nothing to resume, and the next one is the first.
    assert home.run("scan", shop_file, "--resume", "--quiet").code == 0


def test_one_name_of_several_that_fits_nothing_makes_a_run_incomplete(home: Home, shop_file: Path) -> None:
    done = home.scan(shop_file, "--table", "customer", "--table", "custmer")
    assert done.code == 3
    assert {column["table"] for column in done.report["columns"]} == {"customer"}
    assert done.report["run"]["outcome"] == "incomplete"
    (skipped,) = done.report["skipped"]
    assert (skipped["source"], skipped["table"], skipped["reason"]["code"]) == (f"sqlite:{shop_file}", "custmer", "failed")
    dry = home.run("scan", shop_file, "--table", "customer", "--table", "custmer", "--dry-run")
    assert dry.code == 3
    assert "skip  --table custmer fits nothing. Did you mean customer?" in dry.out
    # Whoever names objects for one manual scan is asked to correct the name first.
    manual = home.run("scan", shop_file, "--table", "customer", "--table", "custmer", "--mode", "manual")
    assert (manual.code, manual.out) == (2, "")
    assert home.scan(shop_file, "--table", "customer", "--exclude", "nothing_here").code == 0
    assert home.scan(shop_file, "--table", "customer_mail", "--views").code == 0


def test_a_name_needs_to_fit_in_one_of_several_sources(home: Home, shop_file: Path, mail_file: Path) -> None:
    assert home.scan(shop_file, mail_file, "--table", "customer").code == 0
    (home.folder / "targets.txt").write_text('t.mail\n"Order Items.2".mail\n', encoding="utf-8")
    both = home.scan(shop_file, mail_file, "--targets", "targets.txt")
    assert both.code == 0
    assert set(both.columns) == {"t.mail", "Order Items.2.mail"}
    assert home.run("scan", shop_file, mail_file, "--table", "custmer").code == 2
    gone = home.folder / "gone.db"
    lost = home.scan(shop_file, gone, "--table", "custmer", "--table", "customer")
    assert lost.code == 3
    assert [item["source"] for item in lost.report["skipped"]] == [f"sqlite:{gone}"]


def test_a_table_that_was_dropped_is_gone_before_it_is_misspelt(home: Home, shop_file: Path) -> None:
    assert home.scan(shop_file, "--table", "orders").code == 0
    with sqlite3.connect(shop_file) as connection:
        connection.execute("drop table orders")
    assert home.scan(shop_file, "--table", "orders", "--mode", "incremental").code == 0
    assert home.run("scan", shop_file, "--table", "orders", "--mode", "incremental").code == 2


def test_modes_that_do_not_go_with_what_is_named(home: Home, shop_file: Path) -> None:
    (home.folder / "targets.txt").write_text("orders\n", encoding="utf-8")
    full = home.run("scan", shop_file, "--mode", "full", "--targets", "targets.txt")
    assert (full.code, "--targets" in full.line()) == (2, True)
    bare = home.run("scan", shop_file, "--mode", "manual")
    assert (bare.code, "nothing is named" in bare.line()) == (2, True)


def test_check_and_watch_say_which_configured_name_fits_nothing(home: Home, shop_file: Path) -> None:
    def configured(tables: str) -> None:
        lines = f'[sources.shop]\nurl = "sqlite:///{shop_file}"\n{tables}\n'
        (home.folder / "sensscan.toml").write_text(lines, encoding="utf-8")

    configured('tables = ["custmer"]')
    for command in ("check", "watch"):
        done = home.run(command, "shop")
        assert done.code == 2, done.err
        assert "Did you mean customer?" in done.line()
    configured('tables = ["customer", "custmer"]')
    done = home.run("check", "shop")
    assert done.code == 3
    assert "custmer: --table custmer fits nothing." in done.out


def test_tags_refuse_a_pattern_that_means_no_column(home: Home, shop_file: Path) -> None:
    assert home.scan(shop_file).code == 0
    for words in (["list", "custmer"], ["show", "orders.mial"], ["history", "crm.*"], ["export", "x.csv", "--only", "custmer"]):
        done = home.run("tags", *words)
        assert done.code == 2, words
        assert "No column in the store fits" in done.line()
    half = home.run("tags", "confirm", "orders.mail", "orders.mial")
    assert (half.code, "orders.mial" in half.line()) == (2, True)
    assert json.loads(home.run("tags", "list", "orders.mail", "--format", "json").out)[0]["status"] == "found"
    misspelt = home.run("tags", "list", "--type", "emial")
    assert (misspelt.code, "email" in misspelt.line()) == (2, True)
    assert home.run("tags", "list", "--status", "rejected").code == 0


def test_names_of_reports_can_be_handed_to_commands(home: Home, shop_file: Path) -> None:
    shown = home.run("scan", shop_file, "--table", "order items*")
    assert 'main."Order Items.2"' in shown.out
    for words in (
        ["explain", shop_file],
        ["tags", "show"],
        ["scan", shop_file, "--column"],
        ["scan", shop_file, "--exclude", "customer", "--table"],
    ):
        name = 'main."Order Items.2"' + ("" if words[-1] == "--table" else ".mail")
        assert home.run(*words, name).code == 0, words


def test_a_fault_of_ours_ends_with_70_and_a_crash_file_without_values(home: Home, mail_file: Path) -> None:
    with mock.patch("sensscan.modes.run.finish", side_effect=RuntimeError("anna1@example.org")):
        done = home.run("scan", mail_file)
    assert done.code == 70
    assert "anna1" not in done.line()
    (crash,) = (home.folder / "data").glob("crash-*.txt")
    text = crash.read_text(encoding="utf-8")
    assert "RuntimeError" in text and "run.py" in text and "anna1" not in text
    assert str(crash) in done.err
    # The lock and the unfinished run are no obstacle afterwards.
    assert home.run("scan", mail_file, "--resume").code == 0
    again = home.run("scan", mail_file, "--resume")
    assert (again.code, "no unfinished run" in again.err) == (0, True)


def test_a_fault_in_one_table_costs_that_table(home: Home, people_file: Path) -> None:
    from sensscan.detect import Detector

    whole = Detector.table

    def broken(self, sample):  # type: ignore[no-untyped-def]  # stands in for any fault
        if sample.table.ref.table == "note":
            raise KeyError(sample.columns[1].cells[0])
        return whole(self, sample)

    with mock.patch.object(Detector, "table", broken):
        done = home.scan(people_file)
    assert done.code == 3
    assert done.columns["person.id_card"]["type"] == "id_card"
    reason = done.columns["note.remark"]["reason"]
    assert reason["code"] == "failed" and "KeyError" in reason["text"]["en"] and "客户" not in done.out


def test_identity(home: Home, people_mariadb: Database, people_file: Path, tmp_path: Path) -> None:
    server = people_mariadb.server
    one = home.scan(people_mariadb.url, "--table", "note")
    all_databases = home.scan(server.url, "--schema", "people", "--table", "note", "--mode", "incremental")
    for done in (one, all_databases):
        assert done.code == 0, done.err
        assert {(column["source"], column["schema"]) for column in done.report["columns"]} == {(server.identity, "people")}
    # The labels are shared: the second scan found everything known.
    assert all_databases.report["run"]["columns_kept"] == 3
    with contextlib.chdir(people_file.parent):
        relative = os.path.relpath(people_file, home.folder)
    sources = {
        home.scan(word, "--table", "note").report["run"]["sources"][0] for word in (relative, f"sqlite:///{people_file}", people_file)
    }
    assert sources == {f"sqlite:{people_file}"}
    (home.folder / "sensscan.toml").write_text(f'[sources.crm]\nurl = "{people_mariadb.url}"\ntables = ["note"]\n', encoding="utf-8")
    named = home.scan("crm")
    assert named.report["run"]["sources"] == ["crm"]
    text = named.out + one.out
    for file in home.files():
        if file.name != "sensscan.toml":
            assert PASSWORD.encode() not in file.read_bytes(), file
    assert PASSWORD not in text


def test_password_from_the_environment(tmp_path: Path, people_postgres: Database) -> None:
    bare = people_postgres.url.replace(f":{PASSWORD}", "")
    assert make_home(tmp_path / "a").run("scan", bare, "--quiet").code == 4
    assert make_home(tmp_path / "b", SENSSCAN_PASSWORD=PASSWORD).run("scan", bare, "--quiet").code == 0
