"""Schemas, tables and columns as people write and read them: [SCHEMA.]TABLE[.COLUMN], globs, quoted as in SQL where needed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from sensscan.errors import UsageError
from sensscan.language import Text
from sensscan.model import ColumnRef

_QUOTES = {'"': '"', "`": "`", "[": "]"}
_NEEDS_QUOTES = re.compile(r'[."`*?\[\]\s]|\A\Z')
_BRACKETS = re.compile(r"\[[^\]]*\](?=\.|\Z)")
"""A whole name in brackets is a quoted one, as SQL Server writes it; brackets elsewhere are a glob's."""


@dataclass(frozen=True, slots=True)
class Part:
    """One name of a dotted path; quoted names are taken literally, others are globs."""

    text: str
    quoted: bool = False

    def matches(self, name: str) -> bool:
        """Whether a name of the catalogue fits. Globs ignore case, quoted names do not."""
        return name == self.text if self.quoted else fnmatchcase(name.casefold(), self.text.casefold())


def parse_name(text: str, where: str = "") -> tuple[Part, ...]:
    """Split a dotted name or glob into one to three parts. Raises UsageError, naming `where` (file and line) it stands.

    >>> [part.text for part in parse_name('crm."Kunden.alt".name')]
    ['crm', 'Kunden.alt', 'name']
    """
    parts: list[Part] = []
    position, line = 0, text.strip()
    while True:
        closing = _closing(line, position)
        if closing:
            name, position = _unquoted(line, position + 1, closing, where)
            parts.append(Part(name, quoted=True))
        else:
            end = line.find(".", position)
            end = len(line) if end < 0 else end
            parts.append(Part(line[position:end].strip()))
            position = end
        if position == len(line):
            break
        if line[position] != ".":
            raise _broken(line, where)
        position += 1
    if len(parts) > 3 or not all(part.text or part.quoted for part in parts):
        raise _broken(line, where)
    return tuple(parts)


def _closing(line: str, position: int) -> str:
    """Return the sign that ends a quoted name beginning here; "" for a plain name."""
    opening = line[position : position + 1]
    if opening == "[" and not _BRACKETS.match(line, position):
        return ""
    return _QUOTES.get(opening, "")


def _unquoted(line: str, start: int, closing: str, where: str) -> tuple[str, int]:
    """Return a quoted name, doubled quotes made single, and the place behind it."""
    name, position = "", start
    while True:
        end = line.find(closing, position)
        if end < 0:
            raise _broken(line, where)
        name += line[position:end]
        if line[end + 1 : end + 2] != closing:
            return name, end + 1
        name += closing
        position = end + 2


def _broken(line: str, where: str) -> UsageError:
    place = f"{where}: " if where else ""
    return UsageError(
        Text(f"{place}Not a column, table or glob: {line}", f"{place}不是列、表或通配模式：{line}"),
        Text(
            "Form: [SCHEMA.]TABLE[.COLUMN], names that hold dots quoted as in SQL.",
            "格式：[SCHEMA.]TABLE[.COLUMN]，含点号的名称请像 SQL 那样加引号。",
        ),
    )


def means(parts: Sequence[Part], schema: str, table: str, column: str) -> bool:
    """Whether a column is meant: one part names a table; two a schema and table, or a table and column."""
    match parts:
        case [one]:
            return one.matches(table)
        case [first, second]:
            return (first.matches(schema) and second.matches(table)) or (first.matches(table) and second.matches(column))
        case [first, second, third]:
            return first.matches(schema) and second.matches(table) and third.matches(column)
    return False


def quoted(name: str) -> str:
    """Return a name as one writes it on the command line: in double quotes where it could be misread.

    >>> quoted("mobile"), quoted("客户"), quoted("Order Items"), quoted('a"b')
    ('mobile', '客户', '"Order Items"', '"a""b"')
    """
    if not _NEEDS_QUOTES.search(name):
        return name
    return '"' + name.replace('"', '""') + '"'


def dotted(*names: str) -> str:
    """Return names as one path that `parse_name` reads back; empty names are left out.

    >>> dotted("", "Order Items", "e-mail")
    '"Order Items".e-mail'
    """
    return ".".join(quoted(name) for name in names if name)


def written(ref: ColumnRef) -> str:
    """Return a column as people write it, quoted where needed."""
    return dotted(ref.schema, ref.table, ref.column)
