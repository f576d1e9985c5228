"""The workbook, read with openpyxl and LibreOffice."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from sensscan.errors import UsageError
from sensscan.language import Language
from sensscan.model import Report
from sensscan.report import render, write_report
from tests.report.fixtures import EXAMPLES, SOURCE, bank_report, hostile_report, make_report

openpyxl: Any = pytest.importorskip("openpyxl")


def workbook(report: Report, language: Language = "en") -> Any:
    data = render(report, "xlsx", language=language)
    assert isinstance(data, bytes)
    return openpyxl.load_workbook(io.BytesIO(data))


def test_the_five_sheets_in_both_languages() -> None:
    assert workbook(bank_report()).sheetnames == ["Overview", "Findings", "Tables", "Not read", "Dictionary"]
    assert workbook(bank_report(), "zh").sheetnames == ["概览", "发现", "表", "未读取", "字典"]


def test_headers_are_frozen_and_filtered() -> None:
    for sheet in workbook(bank_report()).worksheets[1:]:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions


def test_findings_hold_what_an_auditor_asks_for() -> None:
    sheet = workbook(bank_report(), "zh")["发现"]
    header = [cell.value for cell in sheet[1]]
    rows = [dict(zip(header, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=2)]
    assert len(rows) == 14
    first = rows[0]
    assert (first["级别"], first["表"], first["列"], first["类型"]) == ("高风险", "customer", "cert_no", "居民身份证")
    assert first["示例（已脱敏）"] == " ".join(EXAMPLES["id_card"])
    assert "+6.25 256 个不同值中有 251 个通过格式和校验。" in first["证据"]
    assert first["部门"] == "零售金融部" and first["行数"] == 1000


def test_levels_have_their_colour() -> None:
    report = bank_report()
    cell = workbook(report)["Findings"]["A2"]
    assert cell.value == "High risk" and cell.font.color.rgb == "FFC62828"


def test_not_read_and_undecided_are_listed_with_their_reason() -> None:
    rows = [[cell.value for cell in row] for row in workbook(bank_report())["Not read"].iter_rows(min_row=2)]
    assert ["Not read", SOURCE, "hr", "salary_2025", "amount", "no permission", "The account may not SELECT from this table."] in rows
    assert ["Not read", SOURCE, "archive", "*", "*", "no permission", "The account may not list this schema."] in rows
    assert ["Undecided", SOURCE, "crm", "service_log", "remark", "ambiguous", "Two types are about equally likely."] in rows


def test_hostile_cells_are_text_and_stay_text() -> None:
    book = workbook(hostile_report())
    texts = [cell for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert {cell.data_type for cell in texts} == {"s"}
    formulas = [cell for cell in texts if cell.value[:1] in "=+-@"]
    assert any(cell.value.startswith("=cmd|") for cell in formulas)
    assert all(cell.quotePrefix for cell in formulas)
    assert not any(ord(ch) < 32 and ch != "\n" for cell in texts for ch in cell.value)


def test_the_dictionary_explains_types_and_levels() -> None:
    rows = [[cell.value for cell in row] for row in workbook(bank_report())["Dictionary"].iter_rows(min_row=2)]
    assert ["Level", "high", "高风险", "High risk", 3, 3, "High risk"] in rows
    assert ["Type", "id_card", "居民身份证", "Resident identity card", None, 1, None] in rows


def test_no_clock_in_the_file() -> None:
    data = render(bank_report(), "xlsx")
    assert isinstance(data, bytes)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.read("docProps/core.xml").count(b"2026-11-21T20:59:41Z") == 2
        assert archive.testzip() is None


def test_without_openpyxl_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(UsageError) as caught:
        write_report(bank_report(), tmp_path / "report.xlsx")
    assert 'pip install "sensscan[excel]"' in caught.value.message("en") and "openpyxl" in caught.value.message("zh")
    assert list(tmp_path.iterdir()) == []


def test_an_empty_report_opens() -> None:
    assert workbook(make_report([]))["Findings"].max_row == 1


@pytest.mark.soak
@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_libreoffice_reads_it_and_computes_nothing(tmp_path: Path, suffix: str) -> None:
    source = tmp_path / f"report.{suffix}"
    write_report(hostile_report(), source)
    # Sheet 2 of a workbook holds the findings; -1 as the last token would write all sheets.
    token = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false," + ("2" if suffix == "xlsx" else "0")
    out = tmp_path / "out"
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(["soffice", profile, "--headless", "--convert-to", token, "--outdir", str(out), str(source)], check=True, timeout=180)
    written = next(out.iterdir()).read_text(encoding="utf-8")
    rows = list(csv.reader(io.StringIO(written)))
    assert any("cmd|' /C calc'!A0" in cell for row in rows for cell in row)
    assert not any(cell.startswith(("#NAME", "#REF", "Err:")) for row in rows for cell in row)
