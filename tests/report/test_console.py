"""What a person sees on a terminal."""

from __future__ import annotations

import io
import re

import pytest
from rich.cells import cell_len
from rich.console import Console

from sensscan.language import Language
from sensscan.model import Report, TableRef
from sensscan.report import ConsoleProgress, RenderOptions, render
from tests.report.fixtures import EXAMPLES, SOURCE, Spec, bank_report, hostile_report, large_report, make_report

LANGUAGES: tuple[Language, Language] = ("en", "zh")


def text(report: Report, language: Language = "en", **options: object) -> str:
    shown = render(report, "console", language=language, options=RenderOptions(**{"width": 80, **options}))  # type: ignore[arg-type]
    assert isinstance(shown, str)
    return shown


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [60, 80, 120, 200])
@pytest.mark.parametrize("verbose", [False, True])
def test_no_line_is_wider_than_the_terminal(language: Language, width: int, verbose: bool) -> None:
    for report in (bank_report(), hostile_report()):
        for line in text(report, language, width=width, verbose=verbose).splitlines():
            assert cell_len(line) <= width


def test_chinese_columns_line_up() -> None:
    lines = [line for line in text(bank_report(), "zh").splitlines() if line.startswith("  ") and "风险" in line and "%" in line]
    assert len(lines) == 14
    ends = {cell_len(line[: line.index("%") + 1]) for line in lines}
    assert len(ends) == 1


@pytest.mark.parametrize("verbose", [False, True])
def test_no_half_translated_screen(verbose: bool) -> None:
    english = text(bank_report(), "en", verbose=verbose)
    for example in (example for examples in EXAMPLES.values() for example in examples):
        english = english.replace(example, "")
    assert not re.search(r"[\u4e00-\u9fff]", english)
    chinese = text(bank_report(), "zh", verbose=verbose)
    for word in ("Level", "Findings", "Not read", "risk", "Undecided", "confirmed", "rows", "Reason"):
        assert word not in chinese


def test_summary_by_level_and_type_and_what_was_not_read() -> None:
    shown = text(bank_report())
    assert re.search(r"High risk\s+3", shown) and re.search(r"Mobile phone\s+2", shown)
    assert "Not read (4): this report says nothing about these" in shown
    assert "No answer within 30 s." in shown and "no permission" in shown
    assert "Everything that was asked for has been read." in text(make_report([Spec("t", "c", "none")]))
    assert "There was no table to look at" in text(make_report([]))


def test_verbose_shows_each_line_of_evidence_with_its_weight() -> None:
    shown = text(bank_report(), verbose=True)
    assert "+6.25" in shown and "-4.10" in shown and "110***********001X" in shown
    assert "251 of 256 distinct values pass pattern and check." in shown
    assert "+6.25" not in text(bank_report())


def test_levels_are_coloured_only_when_asked_for() -> None:
    assert "\x1b[" not in text(bank_report())
    colored = text(bank_report(), color=True)
    assert "\x1b[1;31mHigh risk" in colored and "\x1b[33mMedium risk" in colored and "\x1b[36mLow risk" in colored


def test_names_send_nothing_to_the_terminal() -> None:
    shown = text(hostile_report(), verbose=True)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", shown)
    assert "\\x1b[2J" in shown and "[red]markup[/red]" in shown


def test_a_long_list_is_cut_and_says_so() -> None:
    shown = text(large_report(4000), limit=50)
    assert "more: write a file with -o report.html" in shown
    assert "more: write a file" not in text(large_report(4000), limit=0)


def test_low_confidence_and_excepted_findings_are_counted_not_shown() -> None:
    shown = text(bank_report(), min_confidence=0.9)
    assert "legal_person" not in shown and "test_phone" not in shown
    assert "under an exception): 2" in shown


def test_on_a_first_run_new_is_not_repeated_in_every_row() -> None:
    report = make_report([Spec("t", "phone", "mobile_phone", change="new"), Spec("t", "mail", "email", change="new")])
    shown = text(report)
    assert "nothing to compare with" in shown and " new" not in shown
    assert "new" in text(make_report([Spec("t", "phone", "mobile_phone", change="new"), Spec("t", "mail", "email")]))


TABLE = TableRef(SOURCE, "core", "客户\x1b[2J")


def run_progress(*, terminal: bool, quiet: bool, language: Language = "en") -> str:
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=100, color_system=None)
    with ConsoleProgress(language=language, quiet=quiet, console=console) as progress:
        progress.begin(3)
        progress.table_started(TABLE)
        progress.table_done(TABLE, 1000)
        if progress.active:
            progress._progress.refresh()  # type: ignore[union-attr]
    return out.getvalue()


def test_progress_shows_tables_rows_rate_and_table() -> None:
    shown = run_progress(terminal=True, quiet=False)
    assert "1/3" in shown and "1,000 rows" in shown and "/s" in shown and "core.客户" in shown and "\\x1b[2J" in shown
    assert "张表" in run_progress(terminal=True, quiet=False, language="zh")


@pytest.mark.parametrize(("terminal", "quiet"), [(False, False), (True, True), (False, True)])
def test_progress_is_silent(terminal: bool, quiet: bool) -> None:
    assert run_progress(terminal=terminal, quiet=quiet) == ""


def test_progress_without_tables_or_end_is_harmless() -> None:
    progress = ConsoleProgress()
    progress.table_done(TABLE, 5)
    progress.close()
    progress.begin(0)
    assert not progress.active
