"""Review by spreadsheet: what was edited is taken over, all of it or nothing, and conflicts are named line by line."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensscan.errors import UsageError
from sensscan.language import Text
from sensscan.store import ImportResult, LabelChange, Store
from sensscan.store.sheets import HEADER, import_sheet, plain_cell, read_sheet, safe_cell, to_csv, to_xlsx
from tests.store.making import SOURCE, ref, scan, table

TYPES = ("mobile_phone", "id_card", "email", "none")


def _check_level(policy: str, level: str) -> Text | None:
    return None if level in ("none", "low", "medium", "high") else Text(f"unknown level: {policy} {level}", "未知级别")


def _import(store: Store, path: Path, *, dry_run: bool = False) -> ImportResult:
    return import_sheet(
        store,
        path,
        actor="li",
        types=TYPES,
        check_level=_check_level,
        complete=lambda _tag, change: change,
        policy="default",
        dry_run=dry_run,
    )


@pytest.fixture
def filled(store: Store) -> Store:
    """A store with three labels."""
    scan(store, "a", [table("customer", {"mobile": "mobile_phone", "mail": "email", "=cmd": "id_card"})])
    return store


def _write(store: Store, path: Path) -> None:
    tags = list(store.tags(SOURCE).values())
    path.write_bytes(to_csv(tags, "default") if path.suffix == ".csv" else to_xlsx(tags, "default", "zh"))


def _edit(path: Path, edits: dict[tuple[int, str], str]) -> None:
    """Change cells by line and column name, as a spreadsheet would."""
    if path.suffix == ".csv":
        rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))
        for (line, name), text in edits.items():
            rows[line - 1][rows[0].index(name)] = text
        out = io.StringIO()
        csv.writer(out).writerows(rows)
        path.write_text(out.getvalue(), "utf-8-sig")
        return
    import openpyxl

    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    header = [cell.value for cell in sheet[1]]
    for (line, name), text in edits.items():
        sheet.cell(line, header.index(name) + 1).value = text
    book.save(path)


@pytest.mark.parametrize("name", ["labels.csv", "labels.xlsx"])
def test_an_edited_sheet_is_taken_over(filled: Store, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    _write(filled, path)
    assert _import(filled, path) == ImportResult(3, 0)
    _edit(
        path,
        {
            (2, "status"): "confirmed",
            (2, "department"): "客服部",
            (3, "type"): "mobile_phone",
            (4, "status"): "rejected",
            (4, "note"): "=1+1",
        },
    )
    assert _import(filled, path, dry_run=True).changed == 3
    assert filled.tags(SOURCE)[ref("customer", "mobile")].status == "found"
    assert _import(filled, path) == ImportResult(3, 3)
    tags = filled.tags(SOURCE)
    assert tags[ref("customer", "mobile")].status == "confirmed"
    assert dict(tags[ref("customer", "mobile")].owner) == {"department": "客服部"}
    assert (tags[ref("customer", "mail")].type_id, tags[ref("customer", "mail")].status) == ("mobile_phone", "manual")
    assert (tags[ref("customer", "=cmd")].status, tags[ref("customer", "=cmd")].note) == ("rejected", "=1+1")
    assert {event.cause for event in filled.history() if event.actor == "li"} == {"import"}


def test_conflicts_are_named_by_line_and_nothing_is_half_applied(filled: Store, tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    _write(filled, path)
    _edit(path, {(2, "status"): "confirmed", (3, "status"): "confirmed", (4, "type"): "shoe_size"})
    filled.decide({ref("customer", "mail"): LabelChange(status="rejected")}, actor="wang")
    head = filled.head()
    problems = _import(filled, path).problems
    assert [(problem.line, problem.text.en.split(";")[0]) for problem in problems] == [
        (3, "the label was changed meanwhile (by wang)"),
        (4, "unknown type: shoe_size."),
    ]
    assert filled.head() == head


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("status", "ok", "unknown status"),
        ("level", "5", "unknown level"),
        ("share", "perhaps", "Unknown word for share"),
        ("column", "nope", "no such column"),
        ("column", "mail", "the same column as line 3"),
        ("ticket", "x" * 300, "Too long"),
    ],
)
def test_wrong_cells_are_named(filled: Store, tmp_path: Path, name: str, text: str, said: str) -> None:
    path = tmp_path / "labels.csv"
    _write(filled, path)
    line = 4 if name == "column" else 2
    _edit(path, {(line, name): text})
    problems = _import(filled, path).problems
    assert [problem.line for problem in problems] == [line]
    assert said in problems[0].text.en


def test_a_decision_is_not_taken_back_by_a_sheet(filled: Store, tmp_path: Path) -> None:
    filled.decide({ref("customer", "mobile"): LabelChange(status="confirmed")}, actor="wang")
    path = tmp_path / "labels.csv"
    _write(filled, path)
    _edit(path, {(2, "status"): "found"})
    assert "tags undo" in _import(filled, path).problems[0].text.en


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_sheets_saved_by_other_programs_are_read(filled: Store, tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "labels.csv"
    _write(filled, path)
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))
    rows[1][rows[0].index("steward")] = "王敏"
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))
    assert _import(filled, path).changed == 1
    assert dict(filled.tags(SOURCE)[ref("customer", "mobile")].owner) == {"steward": "王敏"}


def test_what_is_no_sheet_is_refused(filled: Store, tmp_path: Path) -> None:
    for name, data in (("a.csv", b"a,b\n1,2\n"), ("b.csv", b""), ("c.xlsx", b"no workbook"), ("d.csv", b"\xff\xfe\xff")):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(UsageError):
            _import(filled, tmp_path / name)


def test_no_cell_of_a_sheet_is_a_formula(filled: Store, tmp_path: Path) -> None:
    import openpyxl

    _write(filled, tmp_path / "labels.xlsx")
    _write(filled, tmp_path / "labels.csv")
    cells = [cell for row in openpyxl.load_workbook(tmp_path / "labels.xlsx").worksheets[0].iter_rows() for cell in row]
    assert not any(cell.data_type == "f" for cell in cells)
    rows = list(csv.reader(io.StringIO((tmp_path / "labels.csv").read_text("utf-8-sig"))))
    assert rows[3][HEADER.index("column")] == "'=cmd"
    assert [line.cells["column"] for line in read_sheet(tmp_path / "labels.csv")] == ["mobile", "mail", "=cmd"]


@given(st.text())
def test_every_text_survives_being_made_safe(text: str) -> None:
    assert plain_cell(safe_cell(text)) == text
    assert not safe_cell(text).startswith(("=", "+", "-", "@", "\t", "\r"))
