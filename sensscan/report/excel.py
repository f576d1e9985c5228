"""The Excel workbook: overview, findings, tables, what was not read, and a dictionary of types and levels.

Names go in as text cells with Excel's own "quote prefix", so that `=cmd|...` stays text even after somebody edits the cell.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sensscan.errors import UsageError
from sensscan.language import Language, Text
from sensscan.model import ColumnResult, LevelView, Report, ReportColumn
from sensscan.report.options import DEFAULTS, RenderOptions
from sensscan.report.safe import looks_like_formula, safe_color, show
from sensscan.report.shape import timestamp
from sensscan.report.view import (
    Summary,
    classification_of,
    confidence_of,
    duration,
    hidden_note,
    labels_of,
    notes_of,
    reason_of,
    summarise,
    type_name,
    type_of,
)
from sensscan.report.words import METHODS, MODES, OUTCOMES, OWNER_KEYS, REASONS, STATES, STATUSES, TABLE_KINDS, VERDICTS, W, word

if TYPE_CHECKING:
    from openpyxl import Workbook

CELL_LIMIT = 32_767
"""Characters in a cell (Excel's own limit)."""
ROW_LIMIT = 1_048_576
"""Rows in a sheet (Excel's own limit)."""
FIXED_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a ZIP entry can have."""

Cell = str | int | float | tuple[str, ...] | LevelView | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet before it is written."""

    title: str
    header: Sequence[str]
    widths: Sequence[int]
    rows: Iterable[Sequence[Cell]]
    percent: frozenset[int] = frozenset()
    """Places (from 0) of shares."""
    filtered: bool = True


def to_xlsx(report: Report, language: Language, options: RenderOptions = DEFAULTS) -> bytes:
    """Return the workbook. Raises UsageError when openpyxl is not installed."""
    try:
        from openpyxl import Workbook
    except ImportError:
        raise UsageError(
            Text("Excel files need the package openpyxl, which is not installed.", "输出 Excel 文件需要 openpyxl，但未安装。"),
            Text('Install it with: pip install "sensscan[excel]"', '请执行：pip install "sensscan[excel]"'),
        ) from None
    summary = summarise(report, options.min_confidence)
    book = Workbook(write_only=True)
    for sheet in (
        _overview(report, summary, language),
        _findings(report, summary, language),
        _tables(report, language),
        _not_read(report, summary, language),
        _dictionary(report, summary, language),
    ):
        _write(book, sheet, language)
    book.properties.creator = "sensscan"
    book.properties.title = W["title"].pick(language)
    raw = io.BytesIO()
    book.save(raw)
    return _without_clock(raw.getvalue(), report.run.finished_at)


def _overview(report: Report, summary: Summary, language: Language) -> Sheet:
    run = report.run
    rows: list[Sequence[Cell]] = [
        (W["source"].pick(language), ", ".join(run.sources)),
        (W["run"].pick(language), run.id),
        (W["mode"].pick(language), word(MODES, run.mode, language)),
        (W["outcome"].pick(language), word(OUTCOMES, run.outcome, language)),
        (W["policy"].pick(language), run.policy),
        (W["started"].pick(language), timestamp(run.started_at)),
        (W["finished"].pick(language), timestamp(run.finished_at)),
        (W["duration"].pick(language), duration(max((run.finished_at - run.started_at).total_seconds(), 0.0), language)),
        (W["tables"].pick(language), run.tables),
        (W["examined"].pick(language), run.columns_examined),
        (W["kept"].pick(language), run.columns_kept),
        (W["rows_read"].pick(language), run.rows_read),
        (W["values_examined"].pick(language), run.values_examined),
        (W["events"].pick(language), f"{run.events_count} {run.events_head}"),
        (W["version"].pick(language), run.version),
        (None, None),
        *((STATES[state].pick(language), count) for state, count in summary.states.items()),
        (None, None),
        *((level, count) for level, count in summary.levels),
    ]
    note = hidden_note(summary, language)
    if note:
        rows += [(None, None), (note, None)]
    return Sheet(W["overview"].pick(language), (W["name"].pick(language), W["value"].pick(language)), (34, 60), rows, filtered=False)


def _findings(report: Report, summary: Summary, language: Language) -> Sheet:
    labels = labels_of(report)
    names = (
        "level", "source", "schema", "table", "column", "type", "confidence", "verdict", "note", "status", "category", "because",
        "data_type", "comment", "rows", "non_null", "distinct", "method", "miss_below", "examples", "evidence",
        "department", "steward", "system",
    )  # fmt: skip
    widths = (12, 26, 16, 22, 22, 24, 11, 10, 30, 12, 20, 14, 18, 26, 10, 10, 10, 20, 12, 30, 60, 16, 16, 16)
    header = [(OWNER_KEYS[name] if name in OWNER_KEYS else W[name]).pick(language) for name in names]
    rows = (_finding(column, labels, language, first=summary.first) for column in summary.findings)
    return Sheet(W["findings"].pick(language), header, widths, rows, percent=frozenset({6, 18}))


def _finding(entry: ReportColumn, labels: dict[str, Text], language: Language, *, first: bool) -> Sequence[Cell]:
    found, ref = classification_of(entry), entry.column.ref
    assert found is not None and isinstance(entry.outcome, ColumnResult)
    coverage = entry.outcome.coverage
    own = [line for line in found.evidence if line.type_id == found.type_id]
    return (
        entry.grade.level, ref.source, ref.schema, ref.table, ref.column, type_name(type_of(entry), labels, language), confidence_of(entry),
        _verdict(entry, language), W["comma"].pick(language).join(notes_of(entry, labels, language, first=first)),
        word(STATUSES, entry.status, language) if entry.status else "", entry.grade.category, " ".join(entry.grade.because),
        entry.column.data_type, entry.column.comment, coverage.rows, coverage.non_null, coverage.distinct,
        word(METHODS, coverage.method, language), coverage.miss_below, " ".join(example for line in own for example in line.examples),
        tuple(f"{line.weight:+.2f} {line.reason.pick(language)}" for line in own),
        *(entry.owner.get(key, "") for key in OWNER_KEYS),
    )  # fmt: skip


def _verdict(entry: ReportColumn, language: Language) -> str:
    found = classification_of(entry)
    return word(VERDICTS, found.verdict, language) if found else ""


def _tables(report: Report, language: Language) -> Sheet:
    names = (
        "level", "source", "schema", "table", "kind", "sensitive", "unknown", "columns", "rows_read", "row_estimate", "method", "category",
        "because", "comment",
    )  # fmt: skip
    rows = (
        (
            t.grade.level, t.table.ref.source, t.table.ref.schema, t.table.ref.table, word(TABLE_KINDS, t.table.kind, language),
            t.sensitive, t.unknown, t.columns, t.rows_read, t.table.row_estimate, word(METHODS, t.method, language), t.grade.category,
            " ".join(t.grade.because), t.table.comment,
        )
        for t in report.tables
    )  # fmt: skip
    widths = (12, 26, 16, 24, 14, 11, 11, 11, 12, 18, 22, 20, 14, 30)
    return Sheet(W["tables"].pick(language), [W[name].pick(language) for name in names], widths, rows)


def _not_read(report: Report, summary: Summary, language: Language) -> Sheet:
    """Write what was not read, what could not be judged, and what a person rejected: all that is no finding and not clear."""
    unread = STATES["unread"].pick(language)
    rows: list[Sequence[Cell]] = [
        (
            unread,
            s.source,
            s.schema or "*",
            s.table or "*",
            s.column or "*",
            word(REASONS, s.reason.code, language),
            s.reason.text.pick(language),
        )
        for s in report.skipped
    ]
    for column in summary.undecided:
        reason, ref = reason_of(column), column.column.ref
        code, text = (word(REASONS, reason.code, language), reason.text.pick(language)) if reason else ("", "")
        rows.append((STATES["undecided"].pick(language), ref.source, ref.schema, ref.table, ref.column, code, text))
    labels, rejected = labels_of(report), STATES["rejected"].pick(language)
    for column in summary.rejected:
        ref, notes = column.column.ref, W["comma"].pick(language).join(notes_of(column, labels, language, first=summary.first))
        rows.append((rejected, ref.source, ref.schema, ref.table, ref.column, type_name(type_of(column), labels, language), notes))
    names = ("verdict", "source", "schema", "table", "column", "kind", "reason")
    return Sheet(W["not_read"].pick(language), [W[name].pick(language) for name in names], (14, 26, 18, 26, 26, 18, 70), rows)


def _dictionary(report: Report, summary: Summary, language: Language) -> Sheet:
    labels = labels_of(report)
    counts = dict(summary.types)
    kind_level, kind_type = W["level"].pick(language), W["type"].pick(language)
    rows: list[Sequence[Cell]] = [
        (kind_level, level.id, level.label.zh, level.label.en, level.rank, number, level) for level, number in summary.levels
    ]
    rows += [(kind_type, name, labels[name].zh, labels[name].en, None, counts.get(name, 0), None) for name in sorted(labels)]
    kind, key, rank, count, color = (W[name].pick(language) for name in ("kind", "id", "rank", "columns", "color"))
    header = (kind, key, "中文", "English", rank, count, color)
    return Sheet(W["dictionary"].pick(language), header, (12, 26, 26, 34, 12, 10, 14), rows)


def _write(book: Workbook, sheet: Sheet, language: Language) -> None:
    """Write one sheet with a frozen header, an automatic filter, and level cells in their colour."""
    from openpyxl.utils import get_column_letter

    page: Any = book.create_sheet(sheet.title)  # the write-only sheet's attributes are not in the stubs
    for number, width in enumerate(sheet.widths, 1):
        page.column_dimensions[get_column_letter(number)].width = width
    page.freeze_panes = "A2"
    cells = _Cells(page, language)
    page.append([cells.header(text) for text in sheet.header])
    last = 1
    for row in sheet.rows:
        if last >= ROW_LIMIT:
            break
        page.append([cells.percent(value) if place in sheet.percent else cells.cell(value) for place, value in enumerate(row)])
        last += 1
    if sheet.filtered:
        page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.header))}{last}"


class _Cells:
    """Makes the cells of one sheet; typed as Any, because the stubs do not know a cell's style array.

    Each style is registered once and then copied: registering it per cell doubles the time of a large workbook.
    """

    def __init__(self, page: Any, language: Language) -> None:
        self._page = page
        self._language: Language = language
        self._styles: dict[str, Any] = {}

    def _style(self, key: str, **parts: Any) -> Any:
        from openpyxl.cell import WriteOnlyCell

        if key not in self._styles:
            pattern: Any = WriteOnlyCell(self._page, "")
            for name, part in parts.items():
                setattr(pattern, name, part)
            self._styles[key] = pattern._style
        return self._styles[key]

    def header(self, text: str) -> Any:
        """Return a header cell."""
        from openpyxl.styles import Alignment, Font, PatternFill

        fill, font = PatternFill("solid", fgColor="FF174A84"), Font(bold=True, color="FFFFFFFF")
        cell = self._text(text)
        cell._style = self._style("header", fill=fill, font=font, alignment=Alignment(vertical="center", wrap_text=True))
        return cell

    def percent(self, value: Cell) -> Any:
        """Return a number cell shown in per cent."""
        cell = self.cell(value)
        if cell is not None:
            cell._style = self._style("percent", number_format="0.0%")
        return cell

    def cell(self, value: Cell) -> Any:
        """Return the cell for `value`; a tuple of texts becomes lines."""
        from openpyxl.cell import WriteOnlyCell

        match value:
            case None | "":
                return None
            case LevelView():
                return self._level(value)
            case str():
                return self._text(show(value))
            case tuple():
                return self._text("\n".join(show(line) for line in value))
            case _:
                return WriteOnlyCell(self._page, value)

    def _level(self, level: LevelView) -> Any:
        from openpyxl.styles import Font

        color = "FF" + safe_color(level.color).lstrip("#").upper()
        cell = self._text(show(level.label.pick(self._language)))
        cell._style = self._style(color, font=Font(bold=True, color=color))
        return cell

    def _text(self, text: str) -> Any:
        from openpyxl.cell import WriteOnlyCell

        cell: Any = WriteOnlyCell(self._page, "")
        cell._value = text[:CELL_LIMIT]  # the public setter would take a leading "=" for a formula
        cell.data_type = "s"
        if looks_like_formula(text):
            cell._style = self._style("quoted", quotePrefix=True)
        return cell


def _without_clock(raw: bytes, moment: datetime) -> bytes:
    """Return the workbook with fixed times, so that the same report gives the same bytes.

    openpyxl puts the time of writing into docProps/core.xml and into every ZIP entry.
    """
    stamp = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            data = old.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", stamp.encode(), data)
            entry = zipfile.ZipInfo(name, FIXED_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            new.writestr(entry, data)
    return out.getvalue()
