"""Step 3, look: from the cells of a table to evidence per column. No verdict is made here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from zlib import crc32

from sensscan.allowed import AllowedValues
from sensscan.detect import contains
from sensscan.detect.prefilter import Prefilter
from sensscan.detect.profile import Prepared, prepare, texts_of
from sensscan.detect.rows import agreements
from sensscan.detect.whole import suitable, test_column
from sensscan.evidence import ColumnEvidence, ColumnProfile, ContainedHits
from sensscan.model import ColumnSample, Family, TableSample
from sensscan.registry import Registry

CHECKED = 256
"""Rows per column whose values are tested, unless --exact."""

_SEARCHED_FAMILIES = (Family.TEXT, Family.JSON, Family.ARRAY)
_CONTAINERS = frozenset({"url", "jdbc_url", "username", "password", "device_id", "health"})
"""Types whose values can hold others (a query string), or whose form is so wide that prose fits it."""
_SEARCH_FROM = 14
"""Mean length from which values are searched inside; shorter ones are whole values or nothing."""


@dataclass(frozen=True, slots=True)
class DetectOptions:
    """How hard to look."""

    exact: bool = False
    seed: int = 0
    excepted: AllowedValues | None = None
    """Single values that somebody excepted."""


class Detector:
    """All cards of a registry, ready for columns; keeps the memo of shapes between them."""

    def __init__(self, registry: Registry, options: DetectOptions = DetectOptions()) -> None:
        self.registry = registry
        self.options = options
        self.prefilter = Prefilter(registry.matchers)
        self._suitable: dict[tuple[Family, Family], frozenset[str]] = {}

    def table(self, sample: TableSample) -> tuple[ColumnEvidence, ...]:
        """Return the evidence for every sampled column of a table."""
        order: Sequence[int] = range(sample.rows)
        if sample.rows > CHECKED and not self.options.exact:
            order = row_order(sample, self.options.seed)
        evidence = [self.column(column, order) for column in sample.columns]
        for place, said in agreements(sample, evidence).items():
            evidence[place] = replace(evidence[place], agreements=said)
        return tuple(evidence)

    def column(self, sample: ColumnSample, order: Sequence[int]) -> ColumnEvidence:
        """Return the evidence for one column."""
        column = sample.column
        guards = self.registry.guards
        if guards is not None:
            guards.begin(column.ref)
        checked_rows = len(sample.cells) if self.options.exact else CHECKED
        prepared = prepare(sample.cells, column.family, order, checked_rows)
        if not prepared.values and column.enum_values and column.family is Family.ENUM:
            prepared = _from_labels(column.enum_values, prepared.profile)
        look = self.registry.names.look(column.ref.column, column.comment)
        named = [type_id for type_id, hit in look.types.items() if hit.strength > 0]
        allowed = self._suitable.get((prepared.profile.storage, column.family))
        if allowed is None:
            allowed = self._suitable[prepared.profile.storage, column.family] = suitable(
                self.registry, prepared.profile.storage, column.family
            )
        excepted = self.options.excepted.among(prepared.values) if self.options.excepted is not None else None
        tests = test_column(prepared, allowed, self.registry, self.prefilter, named, excepted=excepted)
        settled = any(test.passed >= 0.8 * test.tested and test.type_id not in _CONTAINERS for test in tests)
        contained, searched, cut = self._search(sample, prepared, settled=settled)
        failed = guards.failed_types(column.ref) if guards is not None else ()
        return ColumnEvidence(column, prepared.profile, tests, contained, searched, cut, failed)

    def _search(self, sample: ColumnSample, prepared: Prepared, *, settled: bool) -> tuple[tuple[ContainedHits, ...], int, int]:
        profile = prepared.profile
        storage = profile.storage
        if storage not in _SEARCHED_FAMILIES or profile.mean_length < _SEARCH_FROM or profile.prose < 0.02 * profile.checked:
            return (), 0, 0
        if settled:
            # The values are of one kind as a whole: what is inside them is part of it.
            return (), 0, 0
        # Prose is searched in all sampled rows: a number in one comment of a hundred is the point of looking.
        counted: dict[str, int] = {}
        for text in texts_of(sample.cells):
            if text:
                counted[text] = counted.get(text, 0) + 1
        values, rows = list(counted), list(counted.values())
        hits = contains.search(values, rows, self.registry, self.prefilter, self.options.excepted)
        return hits, sum(rows), sum(len(value) >= contains.CELL_CHARACTERS for value in values)


def _from_labels(labels: Sequence[str], profile: ColumnProfile) -> Prepared:
    """Return what an ENUM allows as the values of a column that holds none; the profile still says that no row had one."""
    prepared = prepare(labels, Family.ENUM, range(len(labels)), len(labels))
    return replace(prepared, profile=replace(profile, checked=prepared.profile.checked, storage=Family.ENUM))


def row_order(sample: TableSample, seed: int) -> list[int]:
    """Return row numbers in a seeded order that depends on the data only, so that every server checks the same rows.

    The key of a row is its primary key, else its first three columns; crc32 because Python's `hash()` differs between processes.
    """
    by_name = {column.column.ref.column: column for column in sample.columns}
    keys = [by_name[name] for name in sample.table.primary_key if name in by_name] or list(sample.columns[:3])
    start = crc32(str(seed).encode())
    if len(keys) == 1:
        codes = [crc32(text.encode("utf-8", "replace"), start) for text in map(str, texts_of(keys[0].cells))]
    else:
        rows = zip(*(texts_of(column.cells) for column in keys), strict=True)
        codes = [crc32("\x1f".join(map(str, row)).encode("utf-8", "replace"), start) for row in rows]
    return sorted(range(len(codes)), key=codes.__getitem__)
