"""One door to all formats."""

from __future__ import annotations

from pathlib import Path

from sensscan.language import Language
from sensscan.model import Report
from sensscan.report.options import DEFAULTS, Format, RenderOptions, format_of


def render(report: Report, fmt: Format, *, language: Language = "en", options: RenderOptions = DEFAULTS) -> str | bytes:
    """Return `report` in `fmt`: bytes for xlsx, text for all others.

    The same report, language and options give the same bytes. Raises UsageError when xlsx is asked for and openpyxl is missing.
    """
    match fmt:
        case "console":
            from sensscan.report.console import to_console

            return to_console(report, language, options)
        case "json":
            from sensscan.report.jsonform import to_json

            return to_json(report)
        case "jsonl":
            from sensscan.report.jsonform import to_json_lines

            return to_json_lines(report)
        case "csv":
            from sensscan.report.csvform import to_csv

            return to_csv(report, language, bom=options.bom)
        case "markdown":
            from sensscan.report.markdown import to_markdown

            return to_markdown(report, language, options)
        case "html":
            from sensscan.report.html import to_html

            return to_html(report, language, options)
        case "xlsx":
            from sensscan.report.excel import to_xlsx

            return to_xlsx(report, language, options)


def write_report(report: Report, path: Path, *, language: Language = "en", options: RenderOptions = DEFAULTS) -> None:
    """Write `report` to `path` in the format of its suffix, mode 0600, aside and renamed.

    Raises UsageError when the suffix is unknown, the folder cannot be written, or openpyxl is missing for .xlsx.
    """
    from sensscan.report.files import write_private

    write_private(path, render(report, format_of(path), language=language, options=options))
