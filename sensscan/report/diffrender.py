"""A difference of two runs on the console, as JSON, CSV and HTML."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from sensscan.errors import UsageError
from sensscan.language import Language, Text
from sensscan.model import RunSummary
from sensscan.report.csvform import BOM, cell
from sensscan.report.diff import Label, ReportDiff
from sensscan.report.jsonform import encodable
from sensscan.report.options import DEFAULTS, RenderOptions, format_of
from sensscan.report.safe import show
from sensscan.report.shape import level_object, number, text_object, timestamp
from sensscan.report.view import percent, ref_name, short_sources
from sensscan.report.words import CHANGES, STATES, STATUSES, VERDICTS, W, word

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text as Line

DiffFormat = Literal["console", "json", "csv", "html"]
DIFF_FORMATS: tuple[DiffFormat, ...] = get_args(DiffFormat)
STYLES = {"new": "green", "changed": "yellow", "gone": "red"}

EQUAL = Text("Both runs say the same of the same columns.", "两次扫描对相同的列结论一致。")
NOTHING_SHARED = Text("No column was looked at in both runs: nothing could be compared.", "没有两次扫描都检查过的列，无从比较。")
POLICIES = Text(
    "The runs were graded by different policies; compare levels with care.",
    "两次扫描采用的分级策略不同，比较级别时请注意。",
)


def render_diff(diff: ReportDiff, fmt: DiffFormat, *, language: Language = "en", options: RenderOptions = DEFAULTS) -> str:
    """Return `diff` in `fmt`; the same difference gives the same text."""
    match fmt:
        case "console":
            return _console(diff, language, options)
        case "json":
            return encodable(json.dumps(diff_object(diff), ensure_ascii=False, indent=1) + "\n")
        case "csv":
            return (BOM if options.bom else "") + _csv(diff, language)
        case "html":
            from sensscan.report.html import diff_page

            return diff_page(diff, language)


def write_diff(diff: ReportDiff, path: Path, *, language: Language = "en", options: RenderOptions = DEFAULTS) -> None:
    """Write `diff` to `path` in the format of its suffix (.json, .csv or .html), mode 0600. Raises UsageError for another suffix."""
    from sensscan.report.files import write_private

    fmt = format_of(path)
    if fmt not in ("json", "csv", "html"):
        raise UsageError(
            Text(f'"{path}": a comparison cannot be written in this format.', f"“{path}”：比较结果不支持该格式。"),
            Text("Use .json, .csv or .html.", "请使用 .json、.csv 或 .html。"),
        )
    write_private(path, render_diff(diff, fmt, language=language, options=options))


def diff_object(diff: ReportDiff) -> dict[str, Any]:
    """Return the difference as JSON objects (docs/report-format.md)."""
    return {
        "schema_version": 1,
        "equal": diff.equal,
        "before": {**_run(diff.before), "columns": diff.columns_before},
        "after": {**_run(diff.after), "columns": diff.columns_after},
        "counts": dict(diff.counts),
        "not_compared": diff.not_compared,
        "changes": [
            {
                "source": change.ref.source,
                "schema": change.ref.schema,
                "table": change.ref.table,
                "column": change.ref.column,
                "change": change.kind,
                "fields": list(change.fields),
                "before": _label(change.before),
                "after": _label(change.after),
            }
            for change in diff.changes
        ],
    }


def _run(run: RunSummary) -> dict[str, Any]:
    return {"run": run.id, "finished_at": timestamp(run.finished_at), "policy": run.policy, "mode": run.mode, "outcome": run.outcome}


def _label(label: Label | None) -> dict[str, Any] | None:
    if label is None:
        return None
    return {
        "verdict": label.verdict,
        "type": label.type_id,
        "label": text_object(label.name),
        "level": level_object(label.level),
        "confidence": number(label.confidence),
        "contains": list(label.contains),
        "status": label.status,
    }


def _csv(diff: ReportDiff, language: Language) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    parts = ("verdict", "type", "label", "level", "confidence", "contains", "status")
    writer.writerow(
        ["source", "schema", "table", "column", "change", "fields", *(f"before.{p}" for p in parts), *(f"after.{p}" for p in parts)]
    )
    for change in diff.changes:
        ref = change.ref
        row: list[object] = [ref.source, ref.schema, ref.table, ref.column, change.kind, " ".join(change.fields)]
        writer.writerow([cell(value) for value in (*row, *_cells(change.before, language), *_cells(change.after, language))])
    return out.getvalue()


def _cells(label: Label | None, language: Language) -> list[object]:
    if label is None:
        return [None] * 7
    return [
        label.verdict, label.type_id, label.name.pick(language), label.level.id, number(label.confidence), " ".join(label.contains),
        label.status,
    ]  # fmt: skip


def describe(label: Label, language: Language) -> str:
    """Return type, level, confidence and status of one side in one line."""
    if label.verdict in ("is", "contains"):
        kind = show(label.name.pick(language))
        if label.verdict == "contains":
            kind = f"{VERDICTS['contains'].pick(language)}{W['colon'].pick(language)}{kind}"
        parts = [kind, show(label.level.label.pick(language)), percent(label.confidence)]
    else:
        parts = [STATES["clear" if label.verdict == "none" else "undecided"].pick(language), show(label.level.label.pick(language))]
    if label.status in ("confirmed", "rejected", "manual"):
        parts.append(word(STATUSES, label.status, language))
    return " · ".join(parts)


def _console(diff: ReportDiff, language: Language, options: RenderOptions) -> str:
    from sensscan.report.console import make_console

    console = make_console(options)
    for part in _parts(diff, language, options):
        console.print(part)
    out = console.file
    assert isinstance(out, io.StringIO)
    return out.getvalue()


def _parts(diff: ReportDiff, language: Language, options: RenderOptions) -> Iterator[RenderableType]:
    from rich.table import Table
    from rich.text import Text as Line

    from sensscan.report.console import level_styles

    for name, run in (("old", diff.before), ("new", diff.after)):
        yield Line(f"{W[name].pick(language)}{W['colon'].pick(language)}{show(run.id)}  {timestamp(run.finished_at)}")
    if diff.before.policy != diff.after.policy:
        yield Line(f"{POLICIES.pick(language)} ({show(diff.before.policy)}, {show(diff.after.policy)})", style="yellow")
    if diff.not_compared:
        yield Line(not_compared(diff).pick(language), style="yellow")
    if diff.equal:
        yield Line(EQUAL.pick(language), style="green") if diff.overlap else Line(NOTHING_SHARED.pick(language), style="bold yellow")
        return
    counts = W["comma"].pick(language).join(f"{word(CHANGES, kind, language)} {count:,}" for kind, count in diff.counts.items())
    yield Line(counts, style="bold")
    yield ""
    levels = {label.level.id: label.level for change in diff.changes for label in (change.before, change.after) if label is not None}
    styles = level_styles(sorted((level for level in levels.values() if level.rank is not None), key=lambda level: level.rank or 0))
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    shown = diff.changes[: options.limit] if options.limit else diff.changes
    for change in shown:
        mark = Line(word(CHANGES, change.kind, language), style=STYLES[change.kind])
        table.add_row(mark, Line(ref_name(change.ref, short_sources(diff.sources)), style="bold"))
        sides = [_side(label, styles, language) for label in (change.before, change.after) if label is not None]
        table.add_row("", Line(" -> ").join(sides))
    yield table
    if len(diff.changes) > len(shown):
        more = len(diff.changes) - len(shown)
        yield Line(Text(f"{more:,} more: write a file with -o diff.html", f"其余 {more:,} 项：请用 -o diff.html 写入文件").pick(language))


def not_compared(diff: ReportDiff) -> Text:
    """Return the sentence on columns that only one run looked at."""
    count = f"{diff.not_compared:,}"
    return Text(f"Columns that only one run looked at, not compared: {count}", f"仅一次扫描检查过、未作比较的列：{count}")


def _side(label: Label, styles: Mapping[str, str], language: Language) -> Line:
    from rich.text import Text as Line

    text = Line(describe(label, language))
    text.highlight_words([show(label.level.label.pick(language))], styles.get(label.level.id, "dim"))
    return text
