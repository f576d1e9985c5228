"""The Markdown report: for a merge request, a wiki or a ticket."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sensscan.language import Language, Text
from sensscan.model import Report
from sensscan.report.options import DEFAULTS, RenderOptions
from sensscan.report.safe import markdown as esc
from sensscan.report.shape import timestamp
from sensscan.report.view import (
    Summary,
    column_name,
    confidence_of,
    hidden_note,
    labels_of,
    notes_of,
    percent,
    reason_of,
    short_sources,
    skipped_place,
    summarise,
    table_name,
    type_name,
    type_of,
)
from sensscan.report.words import METHODS, MODES, OUTCOMES, REASONS, STATES, W, word


def to_markdown(report: Report, language: Language, options: RenderOptions = DEFAULTS) -> str:
    """Return the report as GitHub-flavoured Markdown; names are escaped, so that none becomes markup or a link."""
    summary = summarise(report, options.min_confidence)
    lines: list[str] = [f"# {W['title'].pick(language)}", ""]
    for part in (_head, _levels, _findings, _not_read, _undecided, _rejected, _tables):
        lines += part(report, summary, language)
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _head(report: Report, summary: Summary, language: Language) -> Iterator[str]:
    run = report.run
    pairs = [
        ("source", ", ".join(run.sources)),
        ("run", run.id),
        ("mode", word(MODES, run.mode, language)),
        ("outcome", word(OUTCOMES, run.outcome, language)),
        ("policy", run.policy),
        ("started", timestamp(run.started_at)),
        ("finished", timestamp(run.finished_at)),
        ("tables", f"{run.tables:,}"),
        ("columns", f"{len(report.columns):,}"),
        ("rows_read", f"{run.rows_read:,}"),
        ("events", f"{run.events_count:,} {run.events_head}"),
    ]
    yield from _table(("", ""), [(W[key].pick(language), value) for key, value in pairs], language)
    yield ""
    counts = [f"{STATES[state].pick(language)} **{count:,}**" for state, count in summary.states.items()]
    yield " · ".join(counts)


def _levels(report: Report, summary: Summary, language: Language) -> Iterator[str]:
    del report
    yield f"## {W['by_level'].pick(language)}"
    yield ""
    yield from _table(("level", "columns"), [(level.label.pick(language), f"{count:,}") for level, count in summary.levels], language)


def _findings(report: Report, summary: Summary, language: Language) -> Iterator[str]:
    labels = labels_of(report)
    yield f"## {W['findings'].pick(language)} ({len(summary.findings):,})"
    yield ""
    rows = [
        (
            c.grade.level.label.pick(language),
            column_name(c, short=short_sources(report.run.sources)),
            type_name(type_of(c), labels, language),
            percent(confidence_of(c)),
            W["comma"].pick(language).join(notes_of(c, labels, language, first=summary.first)),
        )
        for c in summary.findings
    ]
    if rows:
        yield from _table(("level", "column", "type", "confidence", "note"), rows, language)
    else:
        yield W["no_findings"].pick(language)
    note = hidden_note(summary, language)
    if note:
        yield from ("", note)


def _not_read(report: Report, summary: Summary, language: Language) -> Iterator[str]:
    del summary
    yield f"## {W['not_read'].pick(language)} ({len(report.skipped):,})"
    yield ""
    if not report.skipped:
        yield W["all_read" if report.run.tables else "no_tables"].pick(language)
        return
    yield Text("Nothing in this report speaks about these objects.", "本报告不对以下对象作任何结论。").pick(language)
    yield ""
    rows = [
        (skipped_place(s, short_sources(report.run.sources)), word(REASONS, s.reason.code, language), s.reason.text.pick(language))
        for s in report.skipped
    ]
    yield from _table(("where", "kind", "reason"), rows, language)


def _undecided(report: Report, summary: Summary, language: Language) -> Iterator[str]:
    if not summary.undecided:
        return
    yield f"## {W['undecided'].pick(language)} ({len(summary.undecided):,})"
    yield ""
    rows = []
    for column in summary.undecided:
        reason = reason_of(column)
        code, text = (word(REASONS, reason.code, language), reason.text.pick(language)) if reason else ("", "")
        rows.append((column_name(column, short=short_sources(report.run.sources)), code, text))
    yield from _table(("column", "kind", "reason"), rows, language)


def _rejected(report: Report, summary: Summary, language: Language) -> Iterator[str]:
    if not summary.rejected:
        return
    yield f"## {STATES['rejected'].pick(language)} ({len(summary.rejected):,})"
    yield ""
    labels, short = labels_of(report), short_sources(report.run.sources)
    rows = [
        (
            column_name(column, short=short),
            type_name(type_of(column), labels, language),
            W["comma"].pick(language).join(notes_of(column, labels, language, first=summary.first)),
        )
        for column in summary.rejected
    ]
    yield from _table(("column", "type", "note"), rows, language)


def _tables(report: Report, summary: Summary, language: Language) -> Iterator[str]:
    del summary
    yield f"## {W['tables'].pick(language)} ({len(report.tables):,})"
    yield ""
    rows = [
        (
            t.grade.level.label.pick(language),
            table_name(t.table.ref, short_sources(report.run.sources)),
            f"{t.sensitive:,}",
            f"{t.unknown:,}",
            f"{t.columns:,}",
            f"{t.rows_read:,}",
            word(METHODS, t.method, language),
        )
        for t in report.tables
    ]
    yield from _table(("level", "table", "sensitive", "unknown", "columns", "rows_read", "method"), rows, language)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]], language: Language) -> Iterator[str]:
    yield "| " + " | ".join(W[key].pick(language) if key else " " for key in header) + " |"
    yield "|" + " --- |" * len(header)
    for row in rows:
        yield "| " + " | ".join(esc(value) for value in row) + " |"
