"""What the shell is offered for a half-written command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.shell_completion import BashComplete, CompletionItem, FishComplete, ShellComplete, ZshComplete

from sensscan.cli import _make_root


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SENSSCAN_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("SENSSCAN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("SENSSCAN_LANG", "en")
    (tmp_path / "sensscan.toml").write_text(
        '[sources.bank-core]\nurl = "sqlite:///bank.db"\n[sources.bank-crm]\nurl = "sqlite:///crm.db"\n[sources.shop]\nurl = "sqlite:///s.db"\n',
        encoding="utf-8",
    )
    return tmp_path


def offered(*words: str) -> list[CompletionItem]:
    """Return what is offered for the last, incomplete word."""
    return ShellComplete(_make_root(), {}, "sensscan", "_SENSSCAN_COMPLETE").get_completions(list(words[:-1]), words[-1])


def values(*words: str) -> list[str]:
    return [str(item.value) for item in offered(*words)]


@pytest.mark.parametrize("command", ["scan", "check", "watch"])
def test_sources_come_from_the_configuration(command: str) -> None:
    assert values(command, "bank") == ["bank-core", "bank-crm"]


def test_where_no_source_fits_files_are_offered() -> None:
    assert [item.type for item in offered("scan", "./da")] == ["file"]


def test_a_broken_configuration_offers_files_and_no_traceback(folder: Path) -> None:
    (folder / "sensscan.toml").write_text("[source\n", encoding="utf-8")
    assert [item.type for item in offered("scan", "b")] == ["file"]


@pytest.mark.parametrize("words", [("scan", "--policy", "jrt"), ("policies", "show", "jrt"), ("policies", "regrade", "--policy", "jrt")])
def test_policies(words: tuple[str, ...]) -> None:
    assert values(*words) == ["jrt0197", "jrt0171"]


@pytest.mark.parametrize("words", [("tags", "list", "--type", "mobile"), ("rules", "show", "mobile"), ("test", "--type", "mobile")])
def test_types_with_their_names(words: tuple[str, ...]) -> None:
    found = {str(item.value): item.help for item in offered(*words)}
    assert "mobile_phone" in found
    assert found["mobile_phone"]


def test_names_are_in_the_language_of_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENSSCAN_LANG", "zh")
    assert {str(item.value): item.help for item in offered("tags", "list", "--type", "mobile")}["mobile_phone"] == "手机号"


def test_levels_are_those_of_the_chosen_policy() -> None:
    assert "high" in values("scan", "shop", "--fail-on", "")
    assert values("scan", "shop", "--policy", "jrt0197", "--fail-on", "") == ["1", "2", "3", "4", "5"]


def test_commands_options_and_choices_complete() -> None:
    assert values("sc") == ["scan", "schedule"]
    assert values("tags", "con") == ["confirm"]
    assert values("scan", "--fail") == ["--fail-on", "--fail-on-new"]
    assert values("scan", "--mode", "inc") == ["incremental"]
    assert values("diff", "") == ["latest", "previous"]


@pytest.mark.parametrize("shell", [BashComplete, ZshComplete, FishComplete])
def test_each_shell_gets_a_script_that_calls_us(shell: type[ShellComplete]) -> None:
    if shell is BashComplete:
        pytest.MonkeyPatch().setattr(BashComplete, "_check_version", staticmethod(lambda: None))
    script = shell(_make_root(), {}, "sensscan", "_SENSSCAN_COMPLETE").source()
    assert "_SENSSCAN_COMPLETE" in script
    assert "sensscan" in script
