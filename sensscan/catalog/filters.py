"""Which schemas, tables and columns the user's globs let through."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sensscan.config import Filters
from sensscan.errors import UsageError
from sensscan.naming import Part, parse_name


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(fnmatch.translate(pattern.casefold()))


@lru_cache(maxsize=4096)
def _parts(pattern: str) -> tuple[Part, ...]:
    try:
        return parse_name(pattern)
    except UsageError:
        return tuple(map(Part, pattern.split(".")))  # fits nothing, which is said where the names are checked


def _fits(part: Part, name: str) -> bool:
    return name == part.text if part.quoted else bool(_compiled(part.text).match(name.casefold()))


def _matches(pattern: str, names: Sequence[str]) -> bool:
    """Match a dotted glob against as many names, part by part; names that hold dots themselves are tried as a whole."""
    parts = _parts(pattern)
    if len(parts) == len(names) and all(map(_fits, parts, names)):
        return True
    return any("." in name for name in names) and bool(_compiled(pattern).match(".".join(names).casefold()))


@dataclass(frozen=True, slots=True)
class Selection:
    """The filters of one scan, ready to be asked. Case does not count, except for names quoted as in SQL."""

    filters: Filters
    one_schema: bool = False
    """SQLite: the only schema is `main`, so excludes may leave it out."""
    only: frozenset[tuple[str, str]] | None = None
    """Of what the filters let through, these tables (schema, name) alone; None for all."""

    def schema(self, name: str) -> bool:
        """True when objects of this schema may be looked at."""
        if self.only is not None and all(name != schema for schema, _ in self.only):
            return False
        wanted = self.filters.schemas
        return (not wanted or any(_matches(glob, (name,)) for glob in wanted)) and not self._excluded((name,))

    def table(self, schema: str, table: str) -> bool:
        """True when this table may be looked at (its schema is allowed)."""
        if self.only is not None and (schema, table) not in self.only:
            return False
        wanted = self.filters.tables
        if wanted and not any(_matches(glob, (table,)) or _matches(glob, (schema, table)) for glob in wanted):
            return False
        return not self._excluded((schema, table))

    def column(self, schema: str, table: str, column: str) -> bool:
        """True when this column may be looked at (its table is allowed)."""
        wanted = self.filters.columns
        if wanted and not any(
            _matches(glob, (column,)) or _matches(glob, (table, column)) or _matches(glob, (schema, table, column)) for glob in wanted
        ):
            return False
        return not self._excluded((schema, table, column))

    @property
    def every_column(self) -> bool:
        """True when no filter can leave out single columns."""
        return not self.filters.columns and not self.filters.excludes

    def _excluded(self, names: tuple[str, ...]) -> bool:
        excludes = self.filters.excludes
        if not excludes:
            return False
        if any(_matches(glob, names) for glob in excludes):
            return True
        return self.one_schema and len(names) > 1 and any(_matches(glob, names[1:]) for glob in excludes)

    def schemas(self, names: Iterable[str]) -> list[str]:
        """Return the schemas that are allowed, in order."""
        return [name for name in names if self.schema(name)]
