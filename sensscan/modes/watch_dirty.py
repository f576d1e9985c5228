"""The dirty set: which tables were touched since they were scanned last. Pure; times are handed in.

Every touch gives its table a new generation. A scan settles a table only up to the generation that it started from, so a change that comes
while the table is being read keeps it dirty. The set is bounded: a schema with too many entries collapses into one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sensscan.language import Text
from sensscan.model import TableRef

RETRY_SECONDS = 60.0
RETRY_LONGEST = 600.0


@dataclass(slots=True)
class Entry:
    """One touched table; `first` and `last` touch in seconds of a monotonic clock."""

    generation: int
    first: float
    last: float
    why: Text
    not_before: float = 0.0
    """After a failed scan: when to try again."""
    failures: int = 0


@dataclass(slots=True)
class DirtySet:
    """Touched tables of one source. An empty table name stands for a whole schema, an empty schema for the whole source."""

    limit: int = 10_000
    entries: dict[TableRef, Entry] = field(default_factory=dict)
    generation: int = 0

    def restore(self, saved: Mapping[TableRef, int], why: Text) -> None:
        """Take over what an earlier process left; due at once."""
        self.generation = max([self.generation, *saved.values()])
        for ref, generation in saved.items():
            self.entries[ref] = Entry(generation, float("-inf"), float("-inf"), why)

    def touch(self, tables: Mapping[TableRef, Text], now: float) -> None:
        """Note that tables changed at `now`."""
        if not tables:
            return
        self.generation += 1
        for ref, why in tables.items():
            holder = self._covering(ref)
            entry = self.entries.get(holder)
            if entry is None:
                self.entries[ref] = Entry(self.generation, now, now, why)
            else:
                entry.generation, entry.last, entry.why = self.generation, now, why
        if len(self.entries) > self.limit:
            self._collapse(now)

    def _covering(self, ref: TableRef) -> TableRef:
        for wider in (TableRef(ref.source, "", ""), TableRef(ref.source, ref.schema, "")):
            if wider in self.entries:
                return wider
        return ref

    def _collapse(self, now: float) -> None:
        """Replace the fullest schema by one entry, until the set is small again."""
        while len(self.entries) > self.limit:
            counts: dict[tuple[str, str], int] = {}
            for ref in self.entries:
                counts[ref.source, ref.schema] = counts.get((ref.source, ref.schema), 0) + 1
            (source, schema), most = max(counts.items(), key=lambda pair: pair[1])
            wide = TableRef(source, schema if most > 1 else "", "")
            inside = [ref for ref in self.entries if ref.source == source and wide.schema in ("", ref.schema)]
            first = min(self.entries.pop(ref).first for ref in inside)
            self.entries[wide] = Entry(self.generation, first, now, Text("many tables were touched", "大量表被改动"))

    def due(self, now: float, quiet: float, longest: float) -> dict[TableRef, Entry]:
        """Return the tables that have been quiet for `quiet` seconds, or dirty for `longest`."""
        return {
            ref: Entry(entry.generation, entry.first, entry.last, entry.why)
            for ref, entry in self.entries.items()
            if now >= entry.not_before and (now - entry.last >= quiet or now - entry.first >= longest)
        }

    def settle(self, scanned: Mapping[TableRef, Entry], now: float) -> None:
        """Remove what was scanned, unless it was touched again meanwhile (then its waiting begins anew)."""
        for ref, taken in scanned.items():
            entry = self.entries.get(ref)
            if entry is None:
                continue
            if entry.generation <= taken.generation:
                del self.entries[ref]
            else:
                entry.first, entry.failures, entry.not_before = now, 0, 0.0

    def postpone(self, failed: Iterable[TableRef], now: float) -> None:
        """Keep tables whose scan failed, to be tried again after 1, 2, 4 ... at most 10 minutes."""
        for ref in failed:
            entry = self.entries.get(ref)
            if entry is not None:
                entry.not_before = now + min(RETRY_SECONDS * 2**entry.failures, RETRY_LONGEST)
                entry.failures += 1

    def saved(self) -> dict[TableRef, int]:
        """Return what the store keeps: table -> generation."""
        return {ref: entry.generation for ref, entry in self.entries.items()}


def expand(refs: Iterable[TableRef], tables: Iterable[TableRef]) -> list[TableRef]:
    """Replace whole schemas and sources by their tables; a named table stays, even if it is not listed (it may be dropped)."""
    named = set(refs)
    wide = {(ref.source, ref.schema) for ref in named if not ref.table}
    listed = [ref for ref in tables if (ref.source, ref.schema) in wide or (ref.source, "") in wide]
    return sorted({*(ref for ref in named if ref.table), *listed})
