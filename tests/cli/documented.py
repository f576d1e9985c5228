"""Find the commands that a page shows, and run them as a user would."""

from __future__ import annotations

import io
import re
import shlex
from pathlib import Path

import pytest

from sensscan.cli import _make_root
from sensscan.cli.base import run

DOCS = Path(__file__).parents[2] / "docs"


def commands(page: str) -> list[str]:
    """Return the lines of a page's code blocks that call sensscan."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return [line.strip() for line in re.findall(r"^    (sensscan .*)$", text, re.MULTILINE)]


def call(line: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """Run one line in this process; `< FILE` is read as standard input."""
    words = shlex.split(line, comments=True)
    if "<" in words:
        place = words.index("<")
        monkeypatch.setattr("sys.stdin", io.StringIO(Path(words[place + 1]).read_text(encoding="utf-8")))
        words = words[:place]
    return run(_make_root(), words[1:])
