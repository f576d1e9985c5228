"""Manual mode: the objects that a user names, by globs or in a file, down to a single column."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sensscan.errors import UsageError, file_trouble
from sensscan.language import Text
from sensscan.model import Catalogue, Column, Table
from sensscan.naming import Part, dotted, means, parse_name


@dataclass(frozen=True, slots=True)
class Target:
    """One named object: TABLE, SCHEMA.TABLE, TABLE.COLUMN or SCHEMA.TABLE.COLUMN."""

    parts: tuple[Part, ...]
    text: str
    where: str = ""
    """File and line, for messages."""

    def matches(self, table: Table, column: Column) -> bool:
        """Whether the column is meant. Two names are tried as schema and table, then as table and column."""
        return means(self.parts, table.ref.schema, table.ref.table, column.ref.column)


def parse_target(text: str, where: str = "") -> Target:
    """Read `[SCHEMA.]TABLE[.COLUMN]`; names with dots or glob characters are quoted as in SQL. Raises UsageError."""
    return Target(parse_name(text, where), text.strip(), where)


def read_targets(path: Path) -> tuple[Target, ...]:
    """Read a --targets file: one target per line, UTF-8, `#` starts a comment line. Raises UsageError with file and line."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        reason = file_trouble(error)
        raise UsageError(Text(f"Targets file {path}: {reason.en}.", f"目标文件 {path} 无法读取：{reason.zh}。")) from None
    except UnicodeDecodeError:
        raise UsageError(Text(f"Targets file {path} is not UTF-8 text.", f"目标文件 {path} 不是 UTF-8 文本。")) from None
    found = tuple(
        parse_target(line, f"{path}:{number}")
        for number, line in enumerate(lines, start=1)
        if line.strip() and not line.lstrip().startswith("#")
    )
    if not found:
        raise UsageError(Text(f"Targets file {path} names nothing.", f"目标文件 {path} 没有写任何目标。"))
    return found


def unmatched(targets: Sequence[Target], catalogues: Iterable[Catalogue]) -> tuple[Target, ...]:
    """Return the targets that fit nothing in any of the catalogues, so that a misspelt name is never silently skipped."""
    left = list(targets)
    for catalogue in catalogues:
        left = [
            target for target in left if not any(target.matches(table, column) for table in catalogue.tables for column in table.columns)
        ]
    return tuple(left)


def check_matched(targets: Sequence[Target], catalogues: Sequence[Catalogue]) -> None:
    """Raise UsageError naming every target that fits nothing."""
    missing = unmatched(targets, catalogues)
    if missing:
        names = ", ".join(f"{target.where + ': ' if target.where else ''}{target.text}" for target in missing)
        near = _near(missing[0], catalogues)
        raise UsageError(
            Text(f"No table or column fits: {names}.", f"没有匹配的表或列：{names}。"),
            Text(f"Did you mean {near}?", f"是否想用 {near}？")
            if near
            else Text("Names are those of the database; --dry-run lists them.", "请使用数据库中的名称；--dry-run 可列出它们。"),
        )


def _near(target: Target, catalogues: Sequence[Catalogue]) -> str:
    """Return the name of the catalogue that is most like a misspelt one, written with as many parts; "" if none is."""
    depth = len(target.parts)
    names: set[str] = set()
    for table in (table for catalogue in catalogues for table in catalogue.tables):
        whole = (table.ref.schema, table.ref.table)
        names |= {dotted(*whole[-depth:])} if depth < 3 else set()
        names |= {dotted(*(*whole, column.ref.column)[-depth:]) for column in table.columns} if depth > 1 else set()
    wanted = ".".join(part.text for part in target.parts)
    return next(iter(difflib.get_close_matches(wanted, names, n=1, cutoff=0.7)), "")
