"""The report on a terminal: tables that fit its width, Chinese in line, colours by level."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from sensscan.language import Language, Text
from sensscan.model import ColumnOutcome, ColumnRef, ColumnResult, LevelView, Report, ReportColumn, TableRef
from sensscan.naming import quoted
from sensscan.report.options import DEFAULTS, RenderOptions
from sensscan.report.safe import show
from sensscan.report.shape import timestamp
from sensscan.report.view import (
    Summary,
    classification_of,
    column_name,
    confidence_of,
    duration,
    grouped_skipped,
    hidden_note,
    labels_of,
    notes_of,
    percent,
    reason_of,
    short_sources,
    summarise,
    table_name,
    type_name,
    type_of,
)
from sensscan.report.words import CHANGES, KINDS, METHODS, MODES, OUTCOMES, REASONS, STATES, W, word

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table
    from rich.text import Text as Line

LISTED_SKIPPED = 30
"""Objects that were not read are listed up to this many; the rest is counted."""


def to_console(report: Report, language: Language, options: RenderOptions = DEFAULTS) -> str:
    """Return the report as terminal text."""
    console = make_console(options)
    for part in console_parts(report, language, options):
        console.print(part)
    out = console.file
    assert isinstance(out, io.StringIO)
    return out.getvalue()


def make_console(options: RenderOptions) -> Console:
    """Return a console that writes into memory, as wide as `options` or the terminal say."""
    import shutil

    from rich.console import Console

    width = options.width or shutil.get_terminal_size((80, 24)).columns
    return Console(
        file=io.StringIO(),
        width=max(width, 40),
        force_terminal=options.color,
        color_system="truecolor" if options.color else None,
        no_color=not options.color,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
    )


def console_parts(report: Report, language: Language, options: RenderOptions = DEFAULTS) -> Iterator[RenderableType]:
    """Yield the parts of the report, ready for `Console.print`."""
    from rich.text import Text as Line

    summary = summarise(report, options.min_confidence)
    yield _head(report, language)
    yield ""
    yield from _findings(report, summary, language, options)
    yield ""
    yield _counts(report, summary, language)
    if summary.first:
        yield Line(W["first_run"].pick(language), style="dim")
    elif summary.changes:
        yield _since_last(summary, language)
    if summary.undecided:
        yield Line(f"\n{W['undecided'].pick(language)} ({len(summary.undecided):,})", style="bold")
        yield _undecided(report, summary, language, options)
    if summary.rejected:
        yield Line(f"\n{STATES['rejected'].pick(language)} ({len(summary.rejected):,})", style="bold")
        yield _rejected(report, summary, language, options)
    yield ""
    yield from _not_read(report, language)


def _head(report: Report, language: Language) -> RenderableType:
    from rich.table import Table
    from rich.text import Text as Line

    run = report.run
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    outcome = Line(word(OUTCOMES, run.outcome, language), style="" if run.outcome == "complete" else "bold red")
    spent = max((run.finished_at - run.started_at).total_seconds(), 0.0)
    what = Line.assemble(f"{word(MODES, run.mode, language)} · ", outcome, f" · {duration(spent, language)} · {timestamp(run.finished_at)}")
    read = Text(
        f"{run.tables:,} tables, {run.columns_examined:,} columns examined, {run.columns_kept:,} kept, {run.rows_read:,} rows",
        f"{run.tables:,} 张表，检查 {run.columns_examined:,} 列，沿用 {run.columns_kept:,} 列，读取 {run.rows_read:,} 行",
    )
    grid.add_row(W["source"].pick(language), Line("\n".join(show(source) for source in run.sources)))
    grid.add_row(W["run"].pick(language), Line.assemble(show(run.id), "  ", what))
    grid.add_row(W["policy"].pick(language), Line(show(run.policy)))
    grid.add_row(W["coverage"].pick(language), Line(read.pick(language)))
    grid.add_row(W["events"].pick(language), Line(f"{run.events_count:,}  {show(run.events_head)}"))
    return grid


PALETTES = {
    2: ("green", "bold red"),
    3: ("green", "yellow", "bold red"),
    4: ("green", "cyan", "yellow", "bold red"),
    5: ("green", "cyan", "yellow", "magenta", "bold red"),
}
"""Styles for the levels of a policy, least first. The terminal's own palette: a policy's colours are chosen for white paper and would be
unreadable on a dark screen."""


def level_styles(levels: Sequence[LevelView]) -> Mapping[str, str]:
    """Return level id -> style; more than five levels share the style of the middle ones."""
    count = min(max(len(levels), 2), 5)
    palette = PALETTES[count]
    last = max(len(levels) - 1, 1)
    return {level.id: palette[round(place * (count - 1) / last)] for place, level in enumerate(levels)}


def level_text(level: LevelView, styles: Mapping[str, str], language: Language) -> Line:
    """Return the level's name in its style."""
    from rich.text import Text as Line

    return Line(show(level.label.pick(language)), style=styles.get(level.id, "dim"))


def plain_table() -> Table:
    """Return an empty table in the style of all console tables."""
    from rich import box
    from rich.table import Table

    return Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1), header_style="bold", show_edge=False, expand=False)


def _findings(report: Report, summary: Summary, language: Language, options: RenderOptions) -> Iterator[RenderableType]:
    from rich.text import Text as Line

    if not summary.findings:
        yield Line(W["no_findings"].pick(language))
    else:
        shown = summary.findings[: options.limit] if options.limit else summary.findings
        labels = labels_of(report)
        yield Line(f"{W['findings'].pick(language)} ({len(summary.findings):,})", style="bold")
        if options.verbose:
            for column in shown:
                yield from _scorecard(column, report, labels, language, first=summary.first)
        else:
            yield from _finding_tables(shown, report, labels, language, first=summary.first)
        more = len(summary.findings) - len(shown)
        if more:
            text = Text(f"{more:,} more: write a file with -o report.html", f"其余 {more:,} 项：请用 -o report.html 写入文件")
            yield Line(text.pick(language), style="italic")
    note = hidden_note(summary, language)
    if note:
        yield Line(note, style="italic")


def _finding_tables(
    shown: tuple[ReportColumn, ...], report: Report, labels: dict[str, Text], language: Language, *, first: bool
) -> Iterator[RenderableType]:
    """Yield the findings table by table, so that long names need no room in every row; the worst table comes first."""
    from rich.padding import Padding
    from rich.text import Text as Line

    groups: dict[TableRef, list[ReportColumn]] = {}
    for column in shown:
        groups.setdefault(column.column.ref.table_ref, []).append(column)
    widths, styles = _finding_widths(shown, labels, language), level_styles(report.levels)
    for ref, members in groups.items():
        yield Line.assemble("\n", (table_name(ref, short_sources(report.run.sources)), "bold cyan"))
        table = plain_table()
        table.show_header = False
        for width in widths:
            table.add_column(overflow="fold", width=width)
        table.add_column(justify="right", no_wrap=True, width=4)
        table.add_column(overflow="fold", style="dim")
        for column in members:
            table.add_row(
                level_text(column.grade.level, styles, language),
                Line(show(quoted(column.column.ref.column))),
                Line(type_name(type_of(column), labels, language)),
                percent(confidence_of(column)),
                Line(W["comma"].pick(language).join(notes_of(column, labels, language, first=first))),
            )
        yield Padding(table, (0, 0, 0, 2))


def _finding_widths(shown: tuple[ReportColumn, ...], labels: dict[str, Text], language: Language) -> tuple[int, int, int]:
    """Return the widths of level, column and type, the same for all tables so that they line up."""
    from rich.cells import cell_len

    level = max(cell_len(show(c.grade.level.label.pick(language))) for c in shown)
    name = max(cell_len(show(quoted(c.column.ref.column))) for c in shown)
    kind = max(cell_len(type_name(type_of(c), labels, language)) for c in shown)
    return min(level, 14), min(name, 24), min(kind, 24)


def _scorecard(
    column: ReportColumn, report: Report, labels: dict[str, Text], language: Language, *, first: bool
) -> Iterator[RenderableType]:
    """Yield one finding with every line of evidence; the lines of its type add up to its score."""
    from rich.padding import Padding
    from rich.text import Text as Line

    found = classification_of(column)
    if found is None or not isinstance(column.outcome, ColumnResult):
        return
    yield Line.assemble(
        "\n",
        (column_name(column, short=short_sources(report.run.sources)), "bold"),
        "  ",
        (type_name(found.type_id, labels, language), ""),
        f" {percent(found.confidence)}  ",
        level_text(column.grade.level, level_styles(report.levels), language),
    )
    notes = notes_of(column, labels, language, first=first)
    if notes:
        yield Padding(Line(W["comma"].pick(language).join(notes), style="dim"), (0, 0, 0, 2))
    table = plain_table()
    table.show_header = False
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for line in found.evidence:
        reason = show(line.reason.pick(language))
        if line.type_id != found.type_id:
            reason = f"[{type_name(line.type_id, labels, language)}] {reason}"
        if line.examples:
            reason += "  " + " ".join(show(example) for example in line.examples)
        weight = Line(f"{line.weight:+.2f}", style="green" if line.weight > 0 else "red" if line.weight < 0 else "dim")
        table.add_row(weight, Line(word(KINDS, line.kind, language), style="dim"), Line(reason))
    yield Padding(table, (0, 0, 0, 2))
    coverage = column.outcome.coverage
    looked = Text(
        f"{METHODS[coverage.method].en}: {coverage.rows:,} rows, {coverage.non_null:,} not null, {coverage.distinct:,} distinct",
        f"{METHODS[coverage.method].zh}：{coverage.rows:,} 行，非空 {coverage.non_null:,}，不同值 {coverage.distinct:,}",
    )
    yield Padding(Line(looked.pick(language), style="dim"), (0, 0, 0, 2))


def _counts(report: Report, summary: Summary, language: Language) -> RenderableType:
    from rich.columns import Columns
    from rich.text import Text as Line

    labels = labels_of(report)
    levels, types, states = plain_table(), plain_table(), plain_table()
    levels.add_column(W["by_level"].pick(language), no_wrap=True)
    levels.add_column("", justify="right")
    for level, count in summary.levels:
        levels.add_row(level_text(level, level_styles(report.levels), language), f"{count:,}")
    types.add_column(W["by_type"].pick(language), overflow="fold")
    types.add_column("", justify="right")
    for type_id, count in summary.types[:12]:
        types.add_row(Line(type_name(type_id, labels, language)), f"{count:,}")
    if len(summary.types) > 12:
        rest = sum(count for _, count in summary.types[12:])
        types.add_row(Line(Text("others", "其他").pick(language), style="dim"), f"{rest:,}")
    states.add_column(W["columns"].pick(language), no_wrap=True)
    states.add_column("", justify="right")
    for state, count in summary.states.items():
        style = "bold red" if state == "unread" and count else ""
        states.add_row(Line(STATES[state].pick(language), style=style), Line(f"{count:,}", style=style))
    return Columns([part for part in (states, levels, types) if part.row_count], padding=(0, 4))


def _since_last(summary: Summary, language: Language) -> Line:
    from rich.text import Text as Line

    found = [f"{word(CHANGES, change, language)} {count:,}" for change, count in sorted(summary.changes.items())]
    return Line(f"{W['since_last'].pick(language)}{W['colon'].pick(language)}{W['comma'].pick(language).join(found)}")


def _undecided(report: Report, summary: Summary, language: Language, options: RenderOptions) -> RenderableType:
    from rich.text import Text as Line

    table = plain_table()
    table.add_column(W["column"].pick(language), overflow="fold")
    table.add_column(W["kind"].pick(language), no_wrap=True)
    table.add_column(W["reason"].pick(language), overflow="fold", style="dim")
    shown = summary.undecided if options.verbose else summary.undecided[:LISTED_SKIPPED]
    for column in shown:
        reason = reason_of(column)
        if reason is not None:
            name = column_name(column, short=short_sources(report.run.sources))
            table.add_row(Line(name), word(REASONS, reason.code, language), Line(show(reason.text.pick(language))))
    if len(summary.undecided) > len(shown):
        table.add_row(Line(f"… {len(summary.undecided) - len(shown):,}", style="italic"), "", "")
    return table


def _rejected(report: Report, summary: Summary, language: Language, options: RenderOptions) -> RenderableType:
    from rich.text import Text as Line

    labels, short = labels_of(report), short_sources(report.run.sources)
    table = plain_table()
    table.add_column(W["column"].pick(language), overflow="fold")
    table.add_column(W["type"].pick(language), overflow="fold")
    shown = summary.rejected if options.verbose else summary.rejected[:LISTED_SKIPPED]
    for column in shown:
        table.add_row(Line(column_name(column, short=short)), Line(type_name(type_of(column), labels, language)), style="dim")
    if len(summary.rejected) > len(shown):
        table.add_row(Line(f"… {len(summary.rejected) - len(shown):,}", style="italic"), "")
    return table


def _skipped_outcomes(report: Report) -> Iterator[ColumnOutcome]:
    """Yield the outcomes of the columns that `skipped` names."""
    skipped = {ColumnRef(item.source, item.schema, item.table, item.column) for item in report.skipped if item.column}
    for column in report.columns if skipped else ():
        if column.column.ref in skipped:
            yield column.outcome


def _not_read(report: Report, language: Language) -> Iterator[RenderableType]:
    from rich.text import Text as Line

    if not report.skipped:
        yield (
            Line(W["all_read"].pick(language), style="green") if report.run.tables else Line(W["no_tables"].pick(language), style="yellow")
        )
        return
    number = f"{len(report.skipped):,}"
    if any(isinstance(outcome, ColumnResult) for outcome in _skipped_outcomes(report)):
        # Columns that were read and whose detector was cut off stand here too.
        title = Text(f"Not read, or not judged in full ({number})", f"未读取，或未完整判断（{number}）")
    else:
        title = Text(f"Not read ({number}): this report says nothing about these", f"未读取（{number}）：本报告不对这些对象作任何结论")
    yield Line(title.pick(language), style="bold red")
    table = plain_table()
    table.add_column(W["where"].pick(language), overflow="fold")
    table.add_column(W["kind"].pick(language), no_wrap=True)
    table.add_column(W["reason"].pick(language), overflow="fold")
    groups = grouped_skipped(report)
    for group in groups[:LISTED_SKIPPED]:
        count = group.columns
        columns = Text(f" ({count:,} column{'s' if count > 1 else ''})", f"（{count:,} 列）").pick(language) if count else ""
        table.add_row(Line(group.place + columns), word(REASONS, group.code, language), Line(group.text.pick(language)))
    if len(groups) > LISTED_SKIPPED:
        table.add_row(Line(f"… {len(groups) - LISTED_SKIPPED:,}", style="italic"), "", "")
    yield table
