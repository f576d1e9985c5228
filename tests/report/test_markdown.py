"""Markdown: readable tables, no markup from names."""

from __future__ import annotations

import re

from sensscan.report import render
from sensscan.report.safe import markdown
from tests.report.fixtures import bank_report, hostile_report


def test_sections_and_rows() -> None:
    text = str(render(bank_report(), "markdown"))
    assert "## Findings (14)" in text and "## Not read (4)" in text and "## Undecided (2)" in text
    assert "| High risk | core\\_bank.customer.cert\\_no | Resident identity card |" in text
    assert "## 发现 (14)" in str(render(bank_report(), "markdown", language="zh"))


def test_names_make_no_markup() -> None:
    text = str(render(hostile_report(), "markdown"))
    assert "<script" not in text and "<img" not in text and "](javascript" not in text
    for line in text.splitlines():
        if line.startswith("| ") and "risk" in line:
            assert len(re.findall(r"(?<!\\)\|", line)) in (3, 6, 8)


def test_names_make_no_links() -> None:
    assert markdown("http://evil.example www.evil.example a@b.example") == "http\\://evil.example www\\.evil.example a\\@b.example"
