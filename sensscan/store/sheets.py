"""Labels as a spreadsheet for reviewers: written, edited in Excel or LibreOffice, read back.

Reading back is all or nothing. Each line carries the version of its label: a label that has changed since the sheet was written
is reported, not overwritten.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sensscan.errors import UsageError
from sensscan.language import Language, Text
from sensscan.model import ColumnRef, Tag, TagStatus
from sensscan.store.labels import OWNER_KEYS, PERMISSION_KEYS, check_change
from sensscan.store.views import ImportResult, LabelChange, Problem

if TYPE_CHECKING:
    from sensscan.store.core import Store

IDENTITY = ("source", "schema", "table", "column")
EDITABLE = ("type", "level", "status", *OWNER_KEYS, *PERMISSION_KEYS, "ticket", "reviewer", "note")
HEADER = (*IDENTITY, *EDITABLE, "policy", "finding", "set_by", "set_at", "version")
"""Columns of the sheet. Only the middle part is read back; `version` proves that the line is fresh."""

STATUSES: tuple[TagStatus, ...] = ("found", "confirmed", "rejected", "manual")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _acts(text: str) -> bool:
    """Whether a spreadsheet would take the text, without leading apostrophes, for a formula."""
    return text.lstrip("'").startswith(_FORMULA)


def safe_cell(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula; `plain_cell` takes the mark off again.

    >>> plain_cell(safe_cell("'=1")) == "'=1"
    True
    """
    return "'" + text if _acts(text) else text


def plain_cell(text: str) -> str:
    """Undo `safe_cell`."""
    return text[1:] if text.startswith("'") and _acts(text) else text


def sheet_row(tag: Tag, policy: str) -> dict[str, str]:
    """Return one label as cells by name."""
    cells = {name: getattr(tag.ref, name) for name in IDENTITY}
    cells |= {
        "type": tag.type_id,
        "level": tag.level,
        "status": tag.status,
        "ticket": tag.ticket,
        "reviewer": tag.reviewer,
        "note": tag.note,
    }
    cells |= {key: tag.owner.get(key, "") for key in OWNER_KEYS}
    cells |= {key: tag.permission.get(key, "") for key in PERMISSION_KEYS}
    set_at = "" if tag.set_at is None else tag.set_at.isoformat(timespec="seconds")
    return cells | {
        "policy": policy,
        "finding": tag.conflict or tag.rejected,
        "set_by": tag.set_by,
        "set_at": set_at,
        "version": str(tag.version),
    }


def to_csv(tags: Sequence[Tag], policy: str) -> bytes:
    """Return the sheet as CSV: UTF-8 with BOM, because Excel takes it for the local encoding without one."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADER)
    for tag in tags:
        cells = sheet_row(tag, policy)
        writer.writerow([safe_cell(cells[name]) for name in HEADER])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _openpyxl() -> Any:
    try:
        import openpyxl
    except ImportError as error:
        raise UsageError(
            Text("Excel files need the package openpyxl.", "读写 Excel 文件需要 openpyxl。"),
            Text("Install sensscan[excel], or use .csv.", "请安装 sensscan[excel]，或改用 .csv。"),
        ) from error
    return openpyxl


def to_xlsx(tags: Sequence[Tag], policy: str, language: Language) -> bytes:
    """Return the sheet as an Excel file with drop-down lists; cells are text."""
    openpyxl = _openpyxl()
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = Text("Labels", "标签").pick(language)
    sheet.append(list(HEADER))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for tag in tags:
        cells = sheet_row(tag, policy)
        sheet.append([safe_cell(cells[name]) for name in HEADER])
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.data_type, cell.number_format = "s", "@"
    sheet.freeze_panes = "E2"
    choices = DataValidation(type="list", formula1=f'"{",".join(STATUSES)}"', allow_blank=True)
    letter = get_column_letter(HEADER.index("status") + 1)
    sheet.add_data_validation(choices)
    choices.add(f"{letter}2:{letter}{max(2, len(tags) + 1)}")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UsageError(
        Text("The file is neither UTF-8 nor GB 18030 text.", "文件既不是 UTF-8 也不是 GB 18030 文本。"),
        Text("Save it as CSV UTF-8.", "请另存为 CSV UTF-8。"),
    )


def _csv_lines(data: bytes) -> Iterator[list[str]]:
    text = _decoded(data)
    first = text.splitlines()[0] if text else ""
    delimiter = max(",;\t", key=first.count)  # spreadsheets write the local list separator
    yield from csv.reader(io.StringIO(text), delimiter=delimiter)


def _xlsx_lines(data: bytes) -> Iterator[list[str]]:
    try:
        book = _openpyxl().load_workbook(io.BytesIO(data), read_only=True)  # a typed formula is read as its text
    except UsageError:
        raise
    except Exception as error:  # openpyxl raises zipfile's, xml's and its own errors
        raise UsageError(Text("The file is not an Excel workbook.", "文件不是 Excel 工作簿。")) from error
    for row in book.worksheets[0].iter_rows(values_only=True):
        yield [_cell_text(cell) for cell in row]


def _cell_text(cell: object) -> str:
    match cell:
        case None:
            return ""
        case datetime():
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
        case float() if cell.is_integer():
            return str(int(cell))
        case _:
            return str(cell)


def _one_line_end(text: str) -> str:
    """Return a cell as it is compared: spreadsheets change line ends and drop outer blanks."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One line of a sheet: its number (the header is 1) and its cells by name."""

    number: int
    cells: Mapping[str, str]


def read_sheet(path: Path) -> list[SheetLine]:
    """Read a .csv or .xlsx sheet. Raises UsageError when it is none, or lacks columns."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(Text(f"{path} cannot be read (errno {error.errno}).", f"{path} 无法读取（errno {error.errno}）。")) from error
    rows = list(_xlsx_lines(data) if path.suffix.lower() == ".xlsx" else _csv_lines(data))
    header = [name.strip().lower() for name in rows[0]] if rows else []
    missing = [name for name in (*IDENTITY, "version") if name not in header]
    if missing:
        raise UsageError(
            Text(f"{path.name} lacks the columns {', '.join(missing)}.", f"{path.name} 缺少列：{'、'.join(missing)}。"),
            Text("Edit a sheet written by `sensscan tags export`.", "请编辑由 `sensscan tags export` 写出的表。"),
        )
    lines = []
    for number, row in enumerate(rows[1:], start=2):
        if any(cell.strip() for cell in row):
            cells = dict(zip(header, row, strict=False))
            lines.append(SheetLine(number, {name: plain_cell(_one_line_end(cells.get(name, ""))) for name in HEADER if name in cells}))
    return lines


Check = Callable[[str, str], Text | None]
"""Takes policy and level; says what is wrong with them."""


class _Reader:
    """Compares lines with the labels of now and collects changes and problems."""

    def __init__(
        self, tags: Mapping[ColumnRef, Tag], columns: Collection[ColumnRef], types: Collection[str], check_level: Check, policy: str
    ) -> None:
        self.tags, self.columns, self.types, self.check_level, self.policy = tags, columns, types, check_level, policy
        self.changes: dict[ColumnRef, LabelChange] = {}
        self.versions: dict[ColumnRef, int] = {}
        self.lines: dict[ColumnRef, int] = {}
        self.problems: list[Problem] = []

    def take(self, line: SheetLine) -> None:
        """Read one line."""
        ref = ColumnRef(*(line.cells[name] for name in IDENTITY))
        if ref not in self.columns:
            self._problem(line, Text("no such column in the store.", "标签库中没有该列。"))
        elif ref in self.lines:
            self._problem(line, Text(f"the same column as line {self.lines[ref]}.", f"与第 {self.lines[ref]} 行是同一列。"))
        else:
            self.lines[ref] = line.number
            self._compare(line, ref)

    def _problem(self, line: SheetLine, text: Text) -> None:
        self.problems.append(Problem(line.number, text))

    def _compare(self, line: SheetLine, ref: ColumnRef) -> None:
        tag = self.tags.get(ref) or Tag(ref, "none", "unknown", "found")
        now = sheet_row(tag, self.policy)
        wanted = {name: line.cells[name] for name in EDITABLE if name in line.cells and line.cells[name] != _one_line_end(now[name])}
        if not wanted:
            return
        version = line.cells.get("version", "")
        if version != str(tag.version):
            since = tag.set_by or "?"
            self._problem(
                line,
                Text(f"the label was changed meanwhile (by {since}); export it again.", f"该标签在导出后已被修改（{since}），请重新导出。"),
            )
            return
        problem = self._wrong(wanted, tag, line.cells.get("policy") or self.policy)
        if problem is not None:
            self._problem(line, problem)
            return
        change = _change(wanted, tag, line.cells.get("policy") or self.policy)
        try:
            check_change(change)
        except UsageError as error:
            self._problem(line, error.text)
            return
        self.changes[ref] = change
        self.versions[ref] = tag.version

    def _wrong(self, wanted: Mapping[str, str], tag: Tag, policy: str) -> Text | None:
        status = wanted.get("status")
        if status is not None and status not in STATUSES:
            return Text(f"unknown status: {status}.", f"未知状态：{status}。")
        if status == "found" and tag.status != "found":
            return Text("a decision is taken back by `tags undo`, not by status found.", "撤销决定请用 `tags undo`，不能改回 found。")
        type_id = wanted.get("type")
        if type_id is not None and type_id not in self.types:
            return Text(f"unknown type: {type_id}.", f"未知类型：{type_id}。")
        if type_id not in (None, "none") and status == "rejected":
            return Text("a rejected finding has no type: leave type as it is.", "驳回时请勿同时修改类型。")
        level = wanted.get("level")
        return None if level is None else self.check_level(policy, level)


def _change(wanted: Mapping[str, str], tag: Tag, policy: str) -> LabelChange:
    status: Any = wanted.get("status")
    if status is None and tag.status == "found" and ("type" in wanted or "level" in wanted):
        status = "manual"
    if status is None and tag.status == "rejected" and wanted.get("type", "none") != "none":
        status = "manual"
    owner = {key: wanted[key] for key in OWNER_KEYS if key in wanted}
    permission = {key: wanted[key] for key in PERMISSION_KEYS if key in wanted}
    return LabelChange(
        type_id=wanted.get("type"),
        level=wanted.get("level"),
        policy=policy if "level" in wanted else "",
        status=status,
        owner=owner or None,
        permission=permission or None,
        ticket=wanted.get("ticket"),
        reviewer=wanted.get("reviewer"),
        note=wanted.get("note"),
    )


def import_sheet(
    store: Store,
    path: Path,
    *,
    actor: str,
    types: Collection[str],
    check_level: Check,
    complete: Callable[[Tag, LabelChange], LabelChange],
    policy: str,
    dry_run: bool = False,
) -> ImportResult:
    """Take over an edited sheet, or none of it; problems are named line by line.

    types: ids that a label may have; check_level: see `Check`; complete: adds what follows from a new type (category, levels of
    the policies). Raises UsageError when the file is not a sheet.
    """
    lines = read_sheet(path)
    sources = list({line.cells["source"] for line in lines})
    tags = store.tags(sources, policy=policy)
    reader = _Reader(tags, set(store.columns(sources=sources)), types, check_level, policy)
    for line in lines:
        reader.take(line)
    if reader.problems or dry_run or not reader.changes:
        return ImportResult(len(lines), 0 if reader.problems else len(reader.changes), tuple(reader.problems))
    changes = {ref: complete(tags.get(ref) or Tag(ref, "none", "unknown", "found"), change) for ref, change in reader.changes.items()}
    changed, stale = store.decide_if_unchanged(changes, reader.versions, actor=actor)
    late = Text("the label was changed while importing; export it again.", "导入期间该标签被修改，请重新导出。")
    return ImportResult(len(lines), changed, tuple(Problem(reader.lines[ref], late) for ref in stale))
