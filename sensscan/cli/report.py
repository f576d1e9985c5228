"""`sensscan report`: show a stored run again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sensscan.cli.base import Context, argument, option, pass_context
from sensscan.cli.base import command as declare
from sensscan.cli.options import BOM, STORE, VERBOSE, form_beside_files, min_confidence, outputs
from sensscan.language import Language, Text

if TYPE_CHECKING:
    from sensscan.store import StoredRun

_FORMATS = ("console", "json", "jsonl", "csv", "html", "markdown")


@declare(
    Text(
        'Show a stored run again, in any format. RUN is an id, the beginning of one, "latest" (default), "previous" or "latest~N". '
        "Nothing is scanned.",
        "以任意格式重新输出已存的扫描结果，不重新扫描。RUN 是编号或其开头，也可为 latest（默认）、previous 或 latest~N。",
    ),
    examples=(
        "sensscan report",
        "sensscan report previous --verbose",
        "sensscan report 20260131 -o bank.html -o bank.xlsx --lang zh",
        "sensscan report --list",
    ),
)
@argument("run", default="latest", metavar="[RUN]")
@option("--list", "listed", is_flag=True, help=Text("List the stored runs, newest first.", "列出已存的扫描，最新的在前。"))
@form_beside_files(*_FORMATS)
@outputs(
    Text(
        "Write a report; its form by suffix: .json .csv .html .xlsx .md .jsonl. May be repeated.",
        "写出报告，格式由后缀决定：.json .csv .html .xlsx .md .jsonl。可重复。",
    )
)
@min_confidence(Text("Hide findings below this confidence (not in json, jsonl, csv).", "隐藏低于此把握度的发现（json、jsonl、csv 除外）。"))
@BOM
@VERBOSE
@STORE
@pass_context
def command(context: Context, /, **options: Any) -> int:
    """Load the run, render it to stdout or files, return 0."""
    from sensscan.report import RenderOptions, format_of, render, write_report
    from sensscan.store import open_store

    for path in options["outputs"]:
        format_of(path)  # a wrong suffix is said before anything is written
    with open_store(options["store_url"]) as store:
        if options["listed"]:
            click.echo(run_list(store.runs(), context.language), nl=False)
            return 0
        report = store.load_report(options["run"])
    chosen = RenderOptions(
        verbose=options["verbose"],
        min_confidence=options["min_confidence"],
        bom=options["bom"],
        color=colored(),
        limit=0 if options["verbose"] else 200,
    )
    for path in options["outputs"]:
        write_report(report, path, language=context.language, options=chosen)
        context.say(Text(f"Written: {path}", f"已写入：{path}"), error=True)
    if options["form"] or not options["outputs"]:
        click.echo(render(report, options["form"] or "console", language=context.language, options=chosen), nl=False)
    return 0


def colored() -> bool:
    """Return whether stdout is a terminal that wants colours (https://no-color.org)."""
    import os
    import sys

    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def run_list(runs: list[StoredRun], language: Language) -> str:
    """Return the stored runs: a line each, its sources below it, so that the id stays whole on a narrow screen."""
    import io

    from rich.cells import cell_len
    from rich.text import Text as Line

    from sensscan.report.console import make_console
    from sensscan.report.options import RenderOptions
    from sensscan.report.safe import show
    from sensscan.report.shape import timestamp
    from sensscan.report.words import MODES, OUTCOMES, W, word

    if not runs:
        return Text("The store holds no run yet.", "标签库中还没有扫描。").pick(language) + "\n"
    console = make_console(RenderOptions(color=colored()))
    heads = [W[name].pick(language) for name in ("run", "started", "mode", "outcome")]
    rows = []
    for run in runs:
        outcome = word(OUTCOMES, run.outcome, language) if run.outcome else Text("not finished", "未结束").pick(language)
        if run.outcome and not run.has_report:
            outcome += Text(" (no report)", "（无报告）").pick(language)
        rows.append([show(run.id), timestamp(run.started_at).replace("T", " ")[:16], word(MODES, run.mode, language), outcome])
    widths = [max(map(cell_len, cells)) for cells in zip(heads, *rows, strict=True)]

    def aligned(cells: list[str]) -> str:
        return "  ".join(cell + " " * (width - cell_len(cell)) for cell, width in zip(cells, widths, strict=True)).rstrip()

    console.print(Line(aligned(heads), style="bold"))
    for run, cells in zip(runs, rows, strict=True):
        console.print(Line(aligned(cells)))
        for source in run.sources:
            console.print(Line(f"  {show(source)}", style="dim"), soft_wrap=True)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()
