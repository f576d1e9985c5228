"""What a watcher remembers of a catalogue between its scans, so that each of them lists only the tables that were touched."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace

from sensscan.catalog import enumerate_source
from sensscan.config import Filters
from sensscan.model import Catalogue, TableRef
from sensscan.source import Session

LONGEST_SECONDS = 3600.0
"""Row estimates of tables that nobody touches grow old: after so long everything is listed anew."""


@dataclass(slots=True)
class Listing:
    """The catalogues of the sources that one process scans again and again."""

    clock: Callable[[], float] = time.monotonic
    _known: dict[str, tuple[float, Catalogue]] = field(default_factory=dict)

    def catalogue(
        self, session: Session, identity: str, filters: Filters, touched: Collection[TableRef]
    ) -> tuple[Catalogue, frozenset[TableRef] | None]:
        """Return the whole catalogue, and which of its tables were listed now; None for all. Raises ReadError."""
        before = self._known.get(identity)
        if not touched or before is None or self.clock() - before[0] >= LONGEST_SECONDS:
            whole = enumerate_source(session, identity, filters)
            self._known[identity] = (self.clock(), whole)
            return whole, None
        at, remembered = before
        named = frozenset(ref for ref in touched if ref.source == identity)
        whole = _merged(remembered, enumerate_source(session, identity, filters, only=named), named)
        self._known[identity] = (at, whole)
        return whole, named


def _merged(remembered: Catalogue, part: Catalogue, touched: frozenset[TableRef]) -> Catalogue:
    """Put the touched tables in the place of their earlier selves; those that are not there any more fall out."""
    tables = [*(table for table in remembered.tables if table.ref not in touched), *part.tables]
    names = {(ref.schema, ref.table) for ref in touched}
    skipped = [*(one for one in remembered.skipped if (one.schema, one.table) not in names), *part.skipped]
    return replace(part, tables=tuple(sorted(tables, key=lambda table: table.ref)), skipped=tuple(skipped))
