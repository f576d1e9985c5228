"""Reads the Markdown pages of the project: headings, code blocks, links, commands to try."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
IN_STEP = {
    ROOT / "README.zh-CN.md": ROOT / "README.md",
    **{page: ROOT / "docs" / page.name for page in sorted((ROOT / "docs" / "zh").glob("*.md"))},
}
"""Chinese page -> English page with the same headings and commands."""

_FENCE = re.compile(r"^```(\w*)\s*$")
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_EXIT_CODE = re.compile(r"#\s*exit code (\d+)\s*$")


def all_pages() -> list[Path]:
    """Return every Markdown page that is part of the project."""
    folders = ("docs", "detectors", "sample_dbs", "benchmarks", "tests")
    return sorted([*ROOT.glob("*.md"), *(page for folder in folders for page in (ROOT / folder).rglob("*.md"))])


@dataclass(frozen=True, slots=True)
class Block:
    """One code block; `language` is "" for indented ones."""

    language: str
    lines: tuple[str, ...]
    line: int

    def bones(self) -> tuple[str, ...]:
        """Return what a translation must keep: commands without remarks and language; of other blocks the code without remarks."""
        kept = [line for line in self.lines if line.startswith("$ ")] if self.language == "console" else list(self.lines)
        bare = (re.split(r"\s{3,}|\s#|^#|\s--\s|^--\s", line.strip().replace(" --lang zh", ""))[0].strip() for line in kept)
        return tuple(line for line in bare if line)


@dataclass(frozen=True, slots=True)
class Call:
    """One command of a page with the output that the page shows below it."""

    words: tuple[str, ...]
    exit_code: int
    shown: tuple[str, ...]
    line: int


def blocks(text: str) -> list[Block]:
    """Return the fenced and the indented code blocks of a page."""
    found: list[Block] = []
    open_block: tuple[str, list[str], int] | None = None
    indented: list[str] = []
    before = ""
    for number, line in enumerate([*text.splitlines(), ""], 1):
        fence = _FENCE.match(line)
        if open_block is not None:
            if fence is not None:
                found.append(Block(open_block[0], tuple(open_block[1]), open_block[2]))
                open_block = None
            else:
                open_block[1].append(line)
        elif fence is not None:
            open_block = (fence[1], [], number)
        elif line.startswith("    ") and (indented or not before.strip()):
            indented.append(line.strip())
        elif indented:
            found.append(Block("", tuple(indented), number - len(indented)))
            indented = []
        before = line
    assert open_block is None, f"code block of line {open_block[2]} is not closed"
    return found


def prose(text: str) -> str:
    """Return a page without its fenced code."""
    return re.sub(r"^```.*?^```\s*$", "", text, flags=re.DOTALL | re.MULTILINE)


def headings(text: str) -> list[tuple[int, str]]:
    """Return (level, text) of every heading."""
    return [(len(marks), title.strip()) for marks, title in re.findall(r"^(#{1,6}) (.+)$", prose(text), flags=re.MULTILINE)]


def anchors(text: str) -> set[str]:
    """Return the names under which a page's headings can be linked to."""
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for _, title in headings(text)}


def links(text: str) -> list[str]:
    """Return the targets of all links of a page."""
    return _LINK.findall(prose(text))


def calls(text: str) -> Iterator[Call]:
    """Yield the `$ sensscan` lines of a page's console blocks, in order."""
    for block in blocks(text):
        if block.language != "console":
            continue
        starts = [place for place, line in enumerate(block.lines) if line.startswith("$ ")]
        for start, end in zip(starts, [*starts[1:], len(block.lines)], strict=True):
            line = block.lines[start].removeprefix("$ ")
            code = _EXIT_CODE.search(line)
            words = tuple(shlex.split(line, comments=True))
            yield Call(words, int(code[1]) if code else 0, block.lines[start + 1 : end], block.line + start + 1)


def squeezed(text: str) -> list[str]:
    """Return the lines with single spaces between words and without table rules, for comparisons across widths."""
    return [" ".join(re.sub(r"[─│┃━]+", " ", line).split()) for line in text.splitlines()]


def unseen(call: Call, output: str) -> list[str]:
    """Return the lines that a page shows and the program did not print, in order; "..." stands for anything."""
    printed = squeezed(output)
    place = 0
    missing = []
    for line in squeezed("\n".join(call.shown)):
        if not line or line == "...":
            continue
        wanted = re.compile(".*".join(map(re.escape, line.split("..."))))
        at = next((number for number in range(place, len(printed)) if wanted.fullmatch(printed[number])), None)
        if at is None:
            missing.append(line)
        else:
            place = at + 1
    return missing
