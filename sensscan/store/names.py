"""Columns as people write them: [SCHEMA.]TABLE.COLUMN, TABLE, globs, quoted as in SQL where needed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from sensscan.errors import UsageError
from sensscan.language import Text
from sensscan.model import ColumnRef

_PART = re.compile(r'"((?:[^"]|"")*)"|`((?:[^`]|``)*)`|([^."`]+)')


class Part(NamedTuple):
    """One name or glob; a quoted one is taken exactly."""

    text: str
    exact: bool

    def matches(self, name: str) -> bool:
        """Whether the name fits; globs and plain names ignore case."""
        return name == self.text if self.exact else fnmatchcase(name.lower(), self.text.lower())


def parse_pattern(text: str) -> tuple[Part, ...]:
    """Split a pattern into one to three parts. Raises UsageError.

    >>> [part.text for part in parse_pattern('crm."Kunden.alt".name')]
    ['crm', 'Kunden.alt', 'name']
    """
    parts: list[Part] = []
    position = 0
    while True:
        found = _PART.match(text, position)
        if found is None:
            break
        double, back, plain = found.groups()
        if plain is not None:
            parts.append(Part(plain, False))
        elif double is not None:
            parts.append(Part(double.replace('""', '"'), True))
        else:
            parts.append(Part(back.replace("``", "`"), True))
        position = found.end()
        if text[position : position + 1] != ".":
            break
        position += 1
    if position != len(text) or not 1 <= len(parts) <= 3:
        raise UsageError(
            Text(f"Not a column, table or glob: {text}", f"不是列、表或通配模式：{text}"),
            Text(
                'Form: [SCHEMA.]TABLE.COLUMN, TABLE or a glob such as "crm.*.phone".',
                "格式：[SCHEMA.]表.列、表，或通配模式，如 “crm.*.phone”。",
            ),
        )
    return tuple(parts)


def matches(ref: ColumnRef, parts: Sequence[Part]) -> bool:
    """Whether a column is meant: one part names a table; two a table and column, or a schema and table."""
    match parts:
        case [table]:
            return table.matches(ref.table)
        case [first, second]:
            return (first.matches(ref.table) and second.matches(ref.column)) or (first.matches(ref.schema) and second.matches(ref.table))
        case [schema, table, column]:
            return schema.matches(ref.schema) and table.matches(ref.table) and column.matches(ref.column)
        case _:
            return False


def written(ref: ColumnRef) -> str:
    """Return a column as people write it, quoted where needed."""
    return ".".join(_quoted(name) for name in (ref.schema, ref.table, ref.column) if name)


def _quoted(name: str) -> str:
    if name and not re.search(r'[."`*?\[\]\s]', name):
        return name
    return '"' + name.replace('"', '""') + '"'
