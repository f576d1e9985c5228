"""The label and store commands as a user runs them."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pexpect
import pytest

from sensscan.cli.base import run
from sensscan.cli.store import command as store_command
from sensscan.cli.tags import command as tags_command
from sensscan.store import LabelChange, open_store
from tests.store.making import SOURCE, ref, scan, table

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def filled(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The environment of a store with three labels."""
    for name, value in {**environ, "SENSSCAN_USER": "wang", "COLUMNS": "200", "SENSSCAN_LANG": "en"}.items():
        monkeypatch.setenv(name, value)
    with open_store(None) as store:
        scan(store, "run-1", [table("customer", {"id": "none", "mobile": "mobile_phone", "mail": "email", "card": "id_card"})])
    return environ


@pytest.fixture
def sensscan(filled: dict[str, str], capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command; return exit code, stdout and stderr."""
    root = click.Group("sensscan", commands={"tags": tags_command, "store": store_command})

    def call(*words: str) -> tuple[int, str, str]:
        code = run(root, list(words))
        out = capsys.readouterr()
        return code, out.out, out.err

    return call


def test_labels_are_listed_and_filtered(sensscan: Run) -> None:
    code, out, _ = sensscan("tags", "list")
    assert code == 0
    assert "crm.customer.mobile" in out
    assert "crm.customer.id" not in out
    assert [entry["column"] for entry in json.loads(sensscan("tags", "list", "--level", "high", "--format", "json")[1])] == ["card"]
    rows = list(csv.DictReader(io.StringIO(sensscan("tags", "list", "customer.m*", "--format", "csv")[1])))
    assert [(row["column"], row["type"], row["status"]) for row in rows] == [
        ("mobile", "mobile_phone", "found"),
        ("mail", "email", "found"),
    ]
    assert "没有符合条件的标签" in sensscan("tags", "list", "--status", "manual", "--lang", "zh")[1]


def test_a_decision_is_written_and_told(sensscan: Run) -> None:
    assert sensscan("tags", "confirm", "customer.mobile", "--note", "checked", "--ticket", "SEC-1") == (0, "Changed 1 of 1 labels.\n", "")
    assert sensscan("tags", "confirm", "customer.mobile")[1] == "Changed 0 of 1 labels.\n"
    words = ("assign", "crm.customer.*", "--department", "客服部", "--steward", "王敏", "--yes")
    assert sensscan("tags", *words)[1] == "Changed 4 of 4 labels.\n"
    code, out, _ = sensscan("tags", "show", "customer.mobile")
    assert code == 0
    for said in ("confirmed", "checked", "SEC-1", "Owner: department 客服部, steward 王敏", "250 of 256 pass", "138****1234"):
        assert said in out


def test_setting_a_type_by_hand_brings_its_category_and_level(sensscan: Run) -> None:
    assert sensscan("tags", "set", "customer.id", "--type", "id_card", "--permit", "share=approved")[0] == 0
    [entry] = json.loads(sensscan("tags", "show", "customer.id", "--format", "json")[1])
    assert (entry["type"], entry["level"], entry["category"], entry["status"]) == (
        "id_card",
        "high",
        "personal.identity.document",
        "manual",
    )
    assert entry["permission"] == {"share": "approved"}
    assert sensscan("tags", "set", "customer.id", "--level", "low")[0] == 0
    [entry] = json.loads(sensscan("tags", "show", "customer.id", "--format", "json")[1])
    assert entry["levels"] == {"default": "low"}


def test_rejecting_gives_the_level_of_none_and_undo_takes_it_back(sensscan: Run) -> None:
    sensscan("tags", "reject", "customer.card", "--note", "order number")
    [entry] = json.loads(sensscan("tags", "show", "customer.card", "--format", "json")[1])
    assert (entry["type"], entry["level"], entry["status"], entry["rejected"]) == ("none", "none", "rejected", "id_card")
    assert sensscan("tags", "undo", "customer.card")[1] == "Took back 1 of 1.\n"
    [entry] = json.loads(sensscan("tags", "show", "customer.card", "--format", "json")[1])
    assert (entry["type"], entry["level"], entry["status"], entry["note"]) == ("id_card", "high", "found", "")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("confirm", "nothing.here"), "No column in the store fits"),
        (("set", "customer.id", "--type", "mobile_phon"), "Did you mean mobile_phone?"),
        (("set", "customer.id", "--level", "7"), "no level"),
        (("set", "customer.id", "--permit", "share=never"), "Unknown word for share"),
        (("set", "customer.id", "--permit", "share"), "KEY=WORD"),
        (("set", "customer.id"), "Nothing to set"),
        (("assign", "customer.id"), "Nobody is named"),
        (("export", "x.txt"), ".csv or .xlsx"),
        (("review",), "needs a terminal"),
    ],
)
def test_wrong_use_is_one_line_and_exit_code_2(sensscan: Run, words: tuple[str, ...], said: str) -> None:
    code, out, err = sensscan("tags", *words)
    assert code == 2
    assert out == ""
    assert said in err
    assert len(err.splitlines()) == 1


def test_history_reads_like_a_file_and_exports(sensscan: Run, tmp_path: Path) -> None:
    sensscan("tags", "confirm", "customer.mobile", "--note", "asked the team")
    out = sensscan("tags", "history", "customer.mobile")[1]
    assert "type: (nothing) -> Mobile number (mobile_phone)" in out
    assert "level (default): (nothing) -> Medium risk (medium)" in out
    assert "why: first scan" in out
    assert "run run-1, confidence 0.98" in out
    assert "status: found -> confirmed" in out
    assert "why: decision: asked the team" in out
    chinese = sensscan("tags", "history", "customer.mobile", "--lang", "zh")[1]
    for said in (
        "类型：（无） -> 手机号 (mobile_phone)",
        "级别（default）：（无） -> 中风险 (medium)",
        "类别：（无） -> 联系方式 (personal.contact)",
    ):
        assert said in chinese
    assert "可信程度 凭一般知识填写" in chinese and "判定 是" in chinese
    file = tmp_path / "events.jsonl"
    sensscan("tags", "history", "-o", str(file))
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [line["seq"] for line in lines] == list(range(1, len(lines) + 1))
    assert file.stat().st_mode & 0o777 == 0o600
    rows = list(csv.DictReader(io.StringIO(sensscan("tags", "history", "--format", "csv")[1])))
    assert [row["hash"] for row in rows] == [line["hash"] for line in lines]


def test_a_sheet_goes_out_and_comes_back(sensscan: Run, tmp_path: Path) -> None:
    file = tmp_path / "labels.csv"
    assert sensscan("tags", "export", str(file))[1].startswith("3 labels written")
    text = file.read_text("utf-8-sig")
    file.write_text(text.replace("found", "confirmed", 1).replace("email", "shoe", 1), "utf-8-sig")
    code, _, err = sensscan("tags", "import", str(file))
    assert code == 2
    assert "labels.csv, line 3: unknown type: shoe." in err
    assert "nothing was taken over" in err
    file.write_text(text.replace("found", "confirmed", 1), "utf-8-sig")
    assert sensscan("tags", "import", str(file), "--dry-run")[1] == "1 of 3 labels would change.\n"
    assert sensscan("tags", "import", str(file))[1] == "Changed 1 of 3 labels.\n"


def test_exceptions_are_added_listed_and_removed(sensscan: Run) -> None:
    code, out, _ = sensscan("tags", "except", "add", "--column", "customer.mail", "--reason", "public", "--until", "2020-01-01")
    assert code == 0
    [entry] = json.loads(sensscan("tags", "except", "list", "--format", "json")[1])
    assert (entry["state"], entry["author"], entry["id"] in out) == ("ended", "wang", True)
    assert "已到期" in sensscan("tags", "except", "list", "--lang", "zh")[1]
    assert sensscan("tags", "except", "remove", entry["id"])[0] == 0
    assert sensscan("tags", "except", "list")[1] == "There are no exceptions.\n"
    assert "Not a date" in sensscan("tags", "except", "add", "--column", "a", "--reason", "x", "--until", "soon")[2]


def test_verify_says_whether_the_log_holds(sensscan: Run, environ: dict[str, str]) -> None:
    import sqlite3

    code, out, _ = sensscan("store", "verify")
    assert code == 0
    assert out.startswith("Consistent, end not anchored.")
    head = out.split()[-1]
    assert sensscan("store", "verify", "--head", head)[1].startswith("Consistent, end anchored.")
    sensscan("tags", "confirm", "customer.mobile")
    assert "Consistent, anchored to event 12; 1 later events are not." in sensscan("store", "verify", "--head", head)[1]
    assert "已核对至第 12 条事件，其后 1 条未核对" in sensscan("store", "verify", "--head", head, "--lang", "zh")[1]
    found = json.loads(sensscan("store", "verify", "--head", head, "--format", "json")[1])
    assert (found["ok"], found["anchored"], found["anchored_to"], found["count"]) == (True, False, 12, 13)
    assert sensscan("store", "verify", "--head", "x")[0] == 2
    connection = sqlite3.connect(Path(environ["SENSSCAN_DATA_DIR"]) / "store.db", isolation_level=None)
    connection.execute("UPDATE events SET actor = 'nobody' WHERE seq = 3")
    code, out, _ = sensscan("store", "verify")
    assert code == 1
    assert out.startswith("Broken: Event 3:")
    assert json.loads(sensscan("store", "verify", "--format", "json")[1])["problem"]["at"] == 3


def test_info_prune_backup_restore_and_upgrade(sensscan: Run, tmp_path: Path) -> None:
    facts = json.loads(sensscan("store", "info", "--format", "json")[1])
    assert facts["counts"]["tags"] == 3
    assert "Key:" in sensscan("store", "info")[1]
    assert "Removed: reports of 0 runs" in sensscan("store", "prune", "--older-than", "30")[1]
    assert sensscan("store", "prune")[0] == 2
    file, new = str(tmp_path / "b.db"), str(tmp_path / "new" / "s.db")
    assert sensscan("store", "backup", file)[0] == 0
    assert sensscan("store", "restore", file, "--store", new)[0] == 0
    assert sensscan("store", "verify", "--store", new, "--head", f"{facts['events']['count']}:{facts['events']['head']}")[0] == 0
    assert sensscan("store", "upgrade")[1] == "Store version: 0001 -> 0001\n"
    assert sensscan("store", "upgrade", "--to", "base")[0] == 2
    assert sensscan("store", "upgrade", "--hash", "sm3")[0] == 0


MANY = "sensscan: 3 of 3 columns would change by one pattern. Add --yes, or name the columns.\n"


@pytest.mark.parametrize("pattern", ["*", "customer", "crm.customer", "crm.customer.*"])
def test_a_pattern_that_changes_several_columns_needs_yes_without_a_terminal(sensscan: Run, pattern: str) -> None:
    assert sensscan("tags", "confirm", pattern) == (2, "", MANY)
    assert "共 3 列，其中 3 列将因一个模式而改动。" in sensscan("tags", "reject", pattern, "--lang", "zh")[2]
    assert json.loads(sensscan("tags", "list", "--status", "confirmed", "--format", "json")[1]) == []
    assert sensscan("tags", "confirm", pattern, "--yes") == (0, "Changed 3 of 3 labels.\n", "")
    assert sensscan("tags", "confirm", pattern) == (0, "Changed 0 of 3 labels.\n", "")
    assert sensscan("tags", "undo", pattern) == (2, "", MANY)
    assert sensscan("tags", "undo", pattern, "--yes") == (0, "Took back 3 of 3.\n", "")


def test_columns_that_are_named_do_not_ask(sensscan: Run) -> None:
    assert sensscan("tags", "confirm", "customer.mail", "crm.customer.card")[1] == "Changed 2 of 2 labels.\n"
    assert sensscan("tags", "reject", "customer.mob*")[1] == "Changed 1 of 1 labels.\n"
    # What is confirmed already does not change: one column is left.
    sensscan("tags", "undo", "customer.mobile")
    assert sensscan("tags", "confirm", "*")[1] == "Changed 1 of 3 labels.\n"


def test_notices_say_who_was_told_of_a_change(sensscan: Run) -> None:
    assert "No change of type or level is open." in sensscan("tags", "notice", "list")[1]
    sensscan("tags", "set", "customer.mobile", "--type", "id_card", "--note", "they are ID cards")
    out = sensscan("tags", "notice", "list", "--open")[1]
    assert "crm.customer.mobile" in out and "(mobile_phone) -> Resident ID number (id_card)" in out and "nobody was told" in out
    assert sensscan("tags", "notice", "add", "customer.mobile", "--to", "营销部", "--to", "risk", "--channel", "mail")[1] == (
        "Notices recorded: 1.\n"
    )
    assert "No change" in sensscan("tags", "notice", "list", "--open")[1]
    [move] = json.loads(sensscan("tags", "notice", "list", "--format", "json")[1])
    assert (move["column"], move["told"], move["first"]) == ("mobile", True, False)
    assert (move["notices"][0]["to"], move["notices"][0]["state"], move["notices"][0]["by"]) == (["营销部", "risk"], "sent", "wang")
    seq = str(move["event"]["seq"])
    assert sensscan("tags", "notice", "add", "--about", seq, "--to", "营销部", "--state", "confirmed")[0] == 0
    history = sensscan("tags", "history", "customer.mobile")[1]
    assert "told: 营销部, risk, mail, sent" in history
    assert "notice: 营销部, confirmed by the recipient" in history
    assert f"about #{seq}" in history
    assert "已告知：营销部，接收方已确认" in sensscan("tags", "notice", "list", "--lang", "zh")[1].replace(", ", "，")
    assert sensscan("store", "verify")[0] == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "customer.mobile"), "Missing: --to NAME"),
        (("add", "--to", "x"), "Name columns, or events"),
        (("add", "customer.mobile", "--about", "1", "--to", "x"), "Name columns, or events"),
        (("add", "--about", "999", "--to", "x"), "Event 999 is no change"),
        (("add", "customer.id", "--to", "x"), "No labelled column"),
        (("add", "customer", "--to", "x"), "3 of 3 columns would change"),
        (("add", "customer.mobile", "--to", "x" * 501), "Too long"),
    ],
)
def test_a_notice_that_cannot_be_recorded_is_one_line_and_exit_code_2(sensscan: Run, words: tuple[str, ...], said: str) -> None:
    code, out, err = sensscan("tags", "notice", *words)
    assert (code, out) == (2, "")
    assert said in err and len(err.splitlines()) == 1


def test_history_keeps_events_that_are_about_no_column_apart(sensscan: Run) -> None:
    ids = [sensscan("tags", "except", "add", "--column", f"log.{name}", "--reason", name)[1].split()[1] for name in "ab"]
    lines = sensscan("tags", "history")[1].splitlines()
    assert [line for line in lines if line.startswith("exception:")] == [f"exception:{number}" for number in ids]


def test_the_exported_history_can_be_verified_with_the_key_alone(sensscan: Run, environ: dict[str, str]) -> None:
    """Every sealed field is in the export: an auditor who has the key needs no store."""
    import hashlib
    import hmac

    sensscan("tags", "confirm", "customer.mobile", "--note", "asked, 问过")
    secret = bytes.fromhex((Path(environ["SENSSCAN_CONFIG_DIR"]) / "store.key").read_text().strip())
    key = hmac.digest(secret, b"sensscan events", "sha256")
    lines = [json.loads(line) for line in sensscan("tags", "history", "--format", "jsonl")[1].splitlines()]
    before = "0" * 64
    order = ("seq", "at", "actor_kind", "actor", "column_id", "ref", "fingerprint", "field", "old", "new", "cause", "note", "run_id", "basis",
             "about", "algorithm")  # fmt: skip
    for line in lines:
        message = json.dumps([before, *(line[name] for name in order)], ensure_ascii=False, separators=(",", ":")).encode()
        assert hmac.new(key, message, hashlib.sha256).hexdigest() == line["hash"]
        assert line["prev_hash"] == before
        before = line["hash"]


# In a real terminal -----------------------------------------------------------------------------------------------------


def _review(environ: dict[str, str], *words: str) -> pexpect.spawn[str]:
    return _terminal(environ, "tags", "review", *words)


def _terminal(environ: dict[str, str], *words: str) -> pexpect.spawn[str]:
    root = Path(__file__).parents[2]
    settings = {
        **os.environ,
        **environ,
        "PYTHONPATH": str(root),
        "SENSSCAN_USER": "li",
        "SENSSCAN_LANG": "en",
        "TERM": "xterm",
        "NO_COLOR": "1",
    }
    return pexpect.spawn(
        sys.executable,
        ["-m", "sensscan", *words],
        cwd=root,
        env=settings,
        timeout=30,
        encoding="utf-8",
        dimensions=(40, 160),
    )


def test_a_review_goes_through_findings_with_one_key_each_and_can_be_resumed(filled: dict[str, str]) -> None:
    screen = _review(filled)
    screen.expect(r"\[1/3\].*crm\.customer\.mobile.*250 of 256 pass.*\[c\] confirm")
    screen.send("c")
    screen.expect(r"Confirmed\..*\[2/3\].*crm\.customer\.mail")
    screen.send("r")
    screen.expect(r"Rejected\..*\[3/3\].*crm\.customer\.card")
    screen.send("u")
    screen.expect(r"Taken back\..*\[2/3\].*crm\.customer\.mail")
    screen.send("n")
    screen.expect("Note")
    screen.sendline("newsletter 邮箱")
    screen.expect("Noted")
    screen.send("s")
    screen.expect(r"Skipped\..*\[3/3\].*crm\.customer\.card")
    screen.send("q")
    screen.expect(r"Decided: 1\. Left: 1\.")
    screen.expect(pexpect.EOF)
    screen.close()
    assert screen.exitstatus == 0

    screen = _review(filled)
    screen.expect(r"\[1/2\].*crm\.customer\.card")
    screen.send("t")
    screen.expect("Type id")
    screen.sendline("id_crd")
    screen.expect("Unknown type: id_crd")
    screen.send("t")
    screen.expect("Type id")
    screen.sendline("bank_card")
    screen.expect(r"Type set: bank_card\..*\[2/2\].*crm\.customer\.mail.*newsletter 邮箱")
    screen.sendcontrol("c")
    screen.expect(r"Decided: 1\. Left: 1\.")
    screen.expect(pexpect.EOF)
    screen.close()
    with open_store(None, environ=filled) as store:
        tags = store.tags(SOURCE)
        assert (tags[ref("customer", "mobile")].status, tags[ref("customer", "mobile")].reviewer) == ("confirmed", "li")
        assert (tags[ref("customer", "mail")].status, tags[ref("customer", "mail")].note) == ("found", "newsletter 邮箱")
        assert (tags[ref("customer", "card")].type_id, tags[ref("customer", "card")].status) == ("bank_card", "manual")
        assert store.verify().ok


def test_a_review_with_nothing_open_says_so(filled: dict[str, str]) -> None:
    with open_store(None, environ=filled) as store:
        store.decide({name: LabelChange(status="confirmed") for name in store.tags(SOURCE)}, actor="wang")
    screen = _review(filled, "--lang", "zh")
    screen.expect("没有待复核的发现")
    screen.expect(pexpect.EOF)


@pytest.mark.parametrize(
    ("answer", "said", "status"),
    [("y", "Changed 3 of 3", "confirmed"), ("n", "Nothing was changed", "found"), ("", "Nothing was changed", "found")],
)
def test_a_pattern_that_changes_several_columns_asks_on_a_terminal(filled: dict[str, str], answer: str, said: str, status: str) -> None:
    screen = _terminal(filled, "tags", "confirm", "crm.*")
    screen.expect(r"3 of 3 columns would change\. Change them\? \[y/N\] ")
    screen.sendline(answer)
    screen.expect(said)
    screen.expect(pexpect.EOF)
    screen.close()
    assert screen.exitstatus == 0
    with open_store(None, environ=filled) as store:
        assert {tag.status for tag in store.tags(SOURCE).values()} == {status}


def test_the_question_is_asked_in_chinese_and_ends_by_control_c_or_d(filled: dict[str, str]) -> None:
    screen = _terminal(filled, "tags", "reject", "customer", "--lang", "zh")
    screen.expect("共 3 列，将改动 3 列。是否改动？")
    screen.sendcontrol("c")
    screen.expect("已中断")
    screen.expect(pexpect.EOF)
    screen.close()
    assert screen.exitstatus == 130
    screen = _terminal(filled, "tags", "reject", "customer", "--lang", "zh")
    screen.expect("是否改动？")
    screen.sendeof()
    screen.expect("未作任何修改")
    screen.expect(pexpect.EOF)
    screen.close()
    assert screen.exitstatus == 0
    with open_store(None, environ=filled) as store:
        assert {tag.status for tag in store.tags(SOURCE).values()} == {"found"}
