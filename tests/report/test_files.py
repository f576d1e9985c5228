"""Report files: private, whole or not there, in the format of their suffix."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from sensscan.errors import UsageError
from sensscan.report import format_of, write_report
from sensscan.report.files import write_private
from tests.report.fixtures import EXAMPLES, bank_report, hostile_report

SUFFIXES = (".json", ".csv", ".html", ".xlsx", ".md", ".jsonl")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_format_is_private_whatever_the_umask(tmp_path: Path, suffix: str) -> None:
    before = os.umask(0)
    try:
        write_report(bank_report(), tmp_path / f"report{suffix}")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / f"report{suffix}").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [f"report{suffix}"]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_hostile_names_break_no_format(tmp_path: Path, suffix: str) -> None:
    write_report(hostile_report(), tmp_path / f"report{suffix}", language="zh")
    assert (tmp_path / f"report{suffix}").stat().st_size > 1000


def test_an_older_file_is_replaced_and_becomes_private(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text("old")
    path.chmod(0o644)
    write_report(bank_report(), path)
    assert path.read_text().startswith('{"schema_version"') and stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_failed_write_leaves_the_old_file_and_no_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "report.json"
    path.write_text("old")

    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(UsageError, match="no space left"):
        write_private(path, "new")
    assert path.read_text() == "old" and len(list(tmp_path.iterdir())) == 1


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.json").write_text("old")
    (tmp_path / "link.json").symlink_to(tmp_path / "real.json")
    write_private(tmp_path / "link.json", "new")
    assert (tmp_path / "link.json").is_symlink() and (tmp_path / "real.json").read_text() == "new"


def test_missing_folder_and_unknown_suffix_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as missing:
        write_report(bank_report(), tmp_path / "none" / "report.json")
    assert "Cannot write" in missing.value.message("en") and "无法写入" in missing.value.message("zh")
    with pytest.raises(UsageError) as unknown:
        format_of(Path("report.docx"))
    assert ".xlsx" in unknown.value.message("en")
    with pytest.raises(UsageError):
        write_private(tmp_path, "a folder")


def test_suffix_decides_whatever_its_case() -> None:
    assert format_of(Path("A.JSON")) == "json" and format_of(Path("a.b.md")) == "markdown" and format_of(Path("x.HTM")) == "html"


@pytest.mark.parametrize("suffix", [".json", ".csv", ".md", ".jsonl"])
def test_examples_are_the_masked_ones(tmp_path: Path, suffix: str) -> None:
    write_report(bank_report(), tmp_path / f"report{suffix}")
    text = (tmp_path / f"report{suffix}").read_text(encoding="utf-8")
    if suffix in (".json", ".jsonl"):
        assert all(example in text for examples in EXAMPLES.values() for example in examples)
