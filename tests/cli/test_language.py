"""A Chinese reader meets no English sentence: in no help text, and in none of the main outputs."""

from __future__ import annotations

import csv
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from random import Random

import click
import pytest

from sensscan.cli import _make_root
from sensscan.cli.base import Option, TwoLanguageHelp, run
from sensscan.cli.policywords import clause_text
from sensscan.grade import list_policies, load_policy
from sensscan.registry import load_registry
from tests.cli.made import id_card, mobile

_SENTENCE = re.compile(r"(?<![\w./:=-])[A-Za-z][a-z']+(?: [a-z][a-z']+){2,}")
"""Three plain words in a row: names, options, type ids and URLs never make that."""
_CLICK = re.compile(r"\[default: |\[required\]|\[OPTIONS\]|COMMAND \[ARGS\]|\bRANGE\b|Usage:|Options:|Commands:|Examples:")


def english(text: str) -> list[str]:
    """Return what is English in a text; lines that are commands to be copied do not count."""
    copied = ("sensscan ", "用法：sensscan ")
    lines = [re.sub(r"`[^`]*`", "", line) for line in text.splitlines() if not line.strip().startswith(copied) or "[OPTIONS]" in line]
    return [found for line in lines for found in _SENTENCE.findall(line) + _CLICK.findall(line)]


def commands(command: click.Command, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command with the words that call it."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from commands(found, *path, name)


EVERY = list(commands(_make_root()))


@pytest.mark.parametrize(("path", "command"), EVERY, ids=[" ".join(path) or "sensscan" for path, _ in EVERY])
def test_help(path: tuple[str, ...], command: click.Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert isinstance(command, TwoLanguageHelp)
    texts = [command.help_text, *(one.help_text for one in command.params if isinstance(one, Option))]
    assert all(text.en and text.zh for text in texts)
    assert all(isinstance(one, Option | click.Argument) for one in command.params), "an option without help in two languages"
    if not isinstance(command, click.Group):
        assert command.examples
    for example in command.examples:
        assert example.split("sensscan ", 1)[-1].split()[: len(path)] == list(path), example
    assert run(_make_root(), [*path, "--help", "--lang", "zh"]) == 0
    shown = capsys.readouterr().out
    assert not english(shown), english(shown)
    assert re.search(r"[\u4e00-\u9fff]", shown)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a database, its labels and two stored scans; commands run in it."""
    folder, r = tmp_path_factory.mktemp("zh"), Random("language")
    with sqlite3.connect(folder / "shop.db") as writer:
        writer.execute("create table customer (id integer primary key, mobile text, cert_no text, memo text, blank text, avatar blob)")
        rows = [(mobile(r), id_card(r), r.choice(("发货", f"联系 {mobile(r)}")), None, bytes(r.randbytes(40))) for _ in range(120)]
        writer.executemany("insert into customer (mobile, cert_no, memo, blank, avatar) values (?, ?, ?, ?, ?)", rows)
        writer.execute("create table empty (a int, b text)")
    writer.close()
    with (folder / "labels.csv").open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        lines.writerow(["db", "schema", "table", "column", "type"])
        lines.writerow(["shop", "main", "customer", "mobile", "mobile_phone"])
        lines.writerow(["shop", "main", "customer", "cert_no", "email"])
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("SENSSCAN_DATA_DIR", str(folder / "data"))
        patch.setenv("SENSSCAN_CONFIG_DIR", str(folder / "config"))
        patch.setenv("COLUMNS", "160")
        assert run(_make_root(), ["scan", "shop.db", "--quiet"]) == 0
        assert run(_make_root(), ["scan", "shop.db", "--quiet", "--policy", "jrt0197"]) == 0
        yield folder


OUTPUTS: tuple[tuple[str, tuple[int, ...]], ...] = (
    ("scan shop.db", (0,)),
    ("scan shop.db --verbose --policy jrt0197", (0,)),
    ("scan shop.db --mode incremental", (0,)),
    ("scan shop.db --dry-run", (0,)),
    ("check shop.db", (0,)),
    ("report", (0,)),
    ("report previous --verbose", (0,)),
    ("diff", (0, 1)),
    ("tags list", (0,)),
    ("tags history customer.mobile", (0,)),
    ("explain shop.db customer.mobile", (0,)),
    ("explain shop.db customer.memo", (0,)),
    ("explain shop.db customer.blank", (0,)),
    ("test 13800138000 a@b.cn", (0,)),
    ("evaluate shop.db --labels labels.csv", (0,)),
    ("rules list", (0,)),
    ("rules show mobile_phone", (0,)),
    ("rules show tw_permit", (0,)),
    ("rules stats", (0,)),
    ("policies list", (0,)),
    ("policies show default", (0,)),
    ("policies show jrt0171", (0,)),
    ("policies show gbt43697", (0,)),
    ("policies show hipaa", (0,)),
    ("policies compare default jrt0197", (0,)),
    ("store info", (0,)),
    ("store verify", (0,)),
    ("nlp status", (0, 1, 2)),
    ("schedule show", (0, 2)),
)


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(("line", "codes"), OUTPUTS, ids=[line for line, _ in OUTPUTS])
def test_output(line: str, codes: tuple[int, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(_make_root(), [*line.split(), "--lang", "zh"]) in codes
    shown = capsys.readouterr()
    for text in (shown.out, shown.err):
        assert not english(text), english(text)
    assert re.search(r"[\u4e00-\u9fff]", shown.out + shown.err)


WRONG = (
    "scann", "scan", "scan --seedd 3", "scan --sample", "scan a.db --sample x", "scan a.db --mode fulll", "scan nowhere.db", "scan x://y",
    "scan shop.db --policy jrt0198", "scan shop.db --fail-on hihg", "scan shop.db --views=1", "scan shop.db -o x.doc",
    "tags", "tags lis", "tags import nowhere.csv", "tags set customer.mobile --type mobil_phone --note x", "tags confirm nothing.at_all",
    "explain", "explain shop.db customer.mobil", "test", "test x --type mobil_phone", "report 1999", "diff a b c", "rules show mobil_phone",
    "policies show jrt0198", "store verify --head x", "evaluate shop.db", "check", "watch nowhere",
)  # fmt: skip


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("line", WRONG)
def test_errors(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(_make_root(), [*line.split(), "--lang", "zh"])
    assert code in (2, 3, 4), code
    said = capsys.readouterr().err
    assert not english(said), said
    assert re.search(r"[\u4e00-\u9fff]", said), said


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(
    ("line", "near"),
    [
        ("scna shop.db", "scan"),
        ("tags confrim x", "confirm"),
        ("scan shop.db --min-confidnce 0.5", "--min-confidence"),
        ("scan shop.db --mode incremetal", "incremental"),
        ("scan shop.db --policy jrt0198", "jrt0197"),
        ("scan shop.db --table custmer", "customer"),
        ("explain shop.db customer.mobil", "mobile"),
        ("rules show mobil_phone", "mobile_phone"),
        ("test x --type mobil_phone", "mobile_phone"),
        ("tags set customer.mobile --type mobil_phone --note x", "mobile_phone"),
        ("scan shop.db --fail-on hihg", "high"),
    ],
)
def test_what_is_misspelt_is_named(line: str, near: str, capsys: pytest.CaptureFixture[str]) -> None:
    run(_make_root(), line.split())
    assert near in capsys.readouterr().err


def test_every_standard_and_every_clause_is_said_in_chinese() -> None:
    registry = load_registry()
    policies = [load_policy(one.id, registry.categories) for one in list_policies()]
    said = [card.standard.zh for card in registry.cards.values()] + [policy.document.zh for policy in policies]
    said += [clause_text(cell.clause, "zh") for policy in policies for cell in policy.cells.values()]
    words = {word for text in said for word in re.findall(r"(?<![A-Za-z])[a-z]{3,}", text)}
    # Names of forms and of ourselves, cited as they are: geo URI, crypt(5), sensscan.
    assert words <= {"geo", "crypt", "argon", "data", "default", "sensscan", "bis"}, words
