"""Show: a `model.Report` as console text, JSON, JSON lines, CSV, HTML, Excel and Markdown.

Nothing here reads a database or a store. Names of tables and columns, comments and owners come from the scanned database
and are hostile input to every format; values appear as the masked examples that the evidence carries.
"""

from sensscan.report.diff import ReportDiff, compare
from sensscan.report.diffrender import DIFF_FORMATS, render_diff, write_diff
from sensscan.report.options import FORMATS, Format, RenderOptions, format_of
from sensscan.report.progress import ConsoleProgress
from sensscan.report.render import render, write_report

__all__ = [
    "DIFF_FORMATS", "FORMATS", "ConsoleProgress", "Format", "RenderOptions", "ReportDiff", "compare", "format_of", "render", "render_diff",
    "write_diff", "write_report",
]  # fmt: skip
