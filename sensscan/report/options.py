"""What a caller may choose about a report, and the formats that there are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from sensscan.errors import UsageError
from sensscan.language import Text

Format = Literal["console", "json", "csv", "html", "xlsx", "markdown", "jsonl"]
FORMATS: tuple[Format, ...] = get_args(Format)

SUFFIXES: dict[str, Format] = {
    ".json": "json",
    ".csv": "csv",
    ".html": "html",
    ".htm": "html",
    ".xlsx": "xlsx",
    ".md": "markdown",
    ".markdown": "markdown",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """How a report is shown. Nothing here changes what is in the store.

    `min_confidence` hides findings from the formats that people read (console, HTML, Excel, Markdown), which say how many;
    JSON, JSON lines and CSV are always complete.
    """

    verbose: bool = False
    """Console: every evidence line with its weight."""
    min_confidence: float | None = None
    bom: bool = False
    """CSV: begin with a byte order mark, so that Excel takes the file for UTF-8."""
    width: int | None = None
    """Console: columns of the terminal; None asks the terminal (80 when there is none)."""
    color: bool = False
    """Console: ANSI colours."""
    limit: int = 200
    """Console: at most so many findings are listed, the rest is counted; 0 lists all."""


DEFAULTS = RenderOptions()


def format_of(path: Path) -> Format:
    """Return the format that the suffix of `path` asks for; UsageError when there is none."""
    suffix = path.suffix.lower()
    try:
        return SUFFIXES[suffix]
    except KeyError:
        known = " ".join(SUFFIXES)
        raise UsageError(
            Text(f'"{path}": the suffix does not name a report format.', f"“{path}”：无法从后缀判断报告格式。"),
            Text(f"Use one of {known}.", f"请使用以下后缀之一：{known}。"),
        ) from None
