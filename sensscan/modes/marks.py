"""Change marks: what a server says about a table's data without reading them.

A mark is read before the table is sampled and stored when the table is finished; a change in between is then noticed one run later and
never lost. Comparing two marks gives `Same`, `Changed` or `Unknown`; unknown means rescan. What each server really does, and what each kind
of mark can miss, is in docs/modes.md.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sensscan.language import Text
from sensscan.model import TableRef

if TYPE_CHECKING:
    from sensscan.source import Session

Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Same:
    """The data are as they were; `by` says what vouches for it."""

    by: Text


@dataclass(frozen=True, slots=True)
class Changed:
    """The data changed; `what` says what moved."""

    what: Text


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing trustworthy can be said; `why` says so to the user. Unknown means rescan."""

    why: Text


Comparison = Same | Changed | Unknown


@dataclass(frozen=True, slots=True)
class Mark:
    """One reading of one table's mark. `values` are counters, identifiers and times of the server, never data."""

    dialect: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def encode(self) -> str:
        """Return the mark as text for the store."""
        return json.dumps({"d": self.dialect, **self.values}, separators=(",", ":"), ensure_ascii=False)

    def text(self, key: str) -> str:
        """Return a value as text, "" when it was not readable."""
        value = self.values.get(key)
        return "" if value is None else str(value)

    def number(self, key: str) -> int | None:
        """Return a counter, None when it was not readable."""
        value = self.values.get(key)
        return int(value) if isinstance(value, int | float) else None


@functools.lru_cache(maxsize=16)  # on SQLite all tables of a file have one mark
def decode(text: str) -> Mark | None:
    """Return the stored mark, None for an empty, damaged or foreign text (then the table is read again)."""
    try:
        values = json.loads(text)
        dialect = values.pop("d")
    except (ValueError, KeyError, AttributeError, TypeError):
        return None
    return Mark(str(dialect), values)


def compare(stored: Mark | None, current: Mark | None) -> Comparison:
    """Compare the stored mark of a table with one read now."""
    if stored is None:
        return Unknown(Text("there is no earlier change mark", "没有更早的变更标记"))
    if current is None:
        return Unknown(Text("the server gives no change mark for it", "服务器没有给出它的变更标记"))
    if stored.dialect != current.dialect:
        return Unknown(Text("the change marks are of different kinds", "两次变更标记的类型不同"))
    match current.dialect:
        case "postgresql":
            from sensscan.modes import marks_postgresql

            return marks_postgresql.compare(stored, current)
        case "mysql":
            from sensscan.modes import marks_mysql

            return marks_mysql.compare(stored, current)
        case "sqlite":
            from sensscan.modes import marks_sqlite

            return marks_sqlite.compare(stored, current)
        case _:
            return Unknown(Text("this server has no change marks", "该数据库没有可用的变更标记"))


def read_marks(
    session: Session, tables: Collection[TableRef], earlier: Callable[[], Mapping[TableRef, Mark]] = dict
) -> dict[TableRef, Mark]:
    """Read the marks of the given tables of one source, in a handful of statements for all of them.

    `earlier` returns marks of before, where a server that logged nothing since can be spared the work (MariaDB). Call this before the
    first table is sampled. Tables that the server says nothing about are left out (compared, that is unknown).
    """
    if not tables:
        return {}
    match session.dialect:
        case "postgresql":
            from sensscan.modes import marks_postgresql

            return marks_postgresql.read(session, tables)
        case "mysql":
            from sensscan.modes import marks_mysql

            return marks_mysql.read(session, tables, earlier())
        case "sqlite":
            from sensscan.modes import marks_sqlite

            return marks_sqlite.read(session, tables)
        case _:
            return {}


def server_mark(session: Session) -> str:
    """Return a text that stays the same while nothing is committed on the whole server; "" where there is none."""
    match session.dialect:
        case "postgresql":
            from sensscan.modes import marks_postgresql

            return marks_postgresql.server_mark(session)
        case "mysql":
            from sensscan.modes import marks_mysql

            return marks_mysql.server_mark(session)
        case "sqlite":
            from sensscan.modes import marks_sqlite

            return marks_sqlite.server_mark(session)
        case _:
            return ""
