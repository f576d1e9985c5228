"""Show: a `model.Report` as console text, JSON, JSON lines, CSV, HTML, Excel and Markdown.

Nothing here reads a database or a store. Names of tables and columns, comments and owners come from the scanned database
and are hostile input to every format; values appear as the masked examples that the evidence carries.
"""

from sensscan.report.options import FORMATS, Format, RenderOptions, format_of
from sensscan.report.progress import ConsoleProgress
from sensscan.report.render import render, write_report

__all__ = ["FORMATS", "ConsoleProgress", "Format", "RenderOptions", "format_of", "render", "write_report"]
