"""Levels of columns, tables, schemas and sources under one policy.

The order is fixed, so that every run gives the same: cell, first K, C on columns, overrides on columns, highest column, all
`at_least` of C and V, `raise`, overrides on tables and above. A pure function of stored results: no database is read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from heapq import nsmallest
from typing import TypeVar

from sensscan.grade.columns import UNKNOWN_CATEGORY, clear_copies, counted_types, grade_column
from sensscan.grade.decisions import apply_decisions, apply_levels, with_decisions
from sensscan.grade.matching import Candidate, Pool, candidate, joined, participants, pool
from sensscan.grade.overriding import Overrides, apply, overrides_on
from sensscan.grade.policy import Policy, RaisingRule
from sensscan.language import Text
from sensscan.model import UNKNOWN_LEVEL, ColumnRef, ColumnResult, Grade, TableRef, TableResult, Tag

_K = TypeVar("_K")
_V = TypeVar("_V")

ROWS_UNKNOWN = "rows_unknown"
"""Mark of a table that a V rule would look at, if its number of rows were known."""

MAX_NAMED_COLUMNS = 20
"""At most this many columns are named as the reason of a table's, schema's or source's level."""


@dataclass(frozen=True, slots=True)
class GradedRun:
    """The levels of everything in a run. Databases are sources, or on MySQL and MariaDB schemas."""

    columns: Mapping[ColumnRef, Grade]
    tables: Mapping[TableRef, Grade]
    schemas: Mapping[tuple[str, str], Grade]
    """By (source, schema)."""
    sources: Mapping[str, Grade]
    notes: tuple[Text, ...] = ()
    """What a person must hear about the policy, such as expired overrides."""


@dataclass(frozen=True, slots=True)
class TableRows:
    """How many rows a table has, and whether they were counted or estimated."""

    rows: int | None
    counted: bool


@dataclass(slots=True)
class _Raise:
    """What the rules on columns add to one column."""

    rules: dict[str, RaisingRule] = field(default_factory=dict)
    places: set[int] = field(default_factory=set)
    """Of the columns that are named as the reason."""


class _Scene:
    """Who holds what in a run, and who is a neighbour of whom."""

    def __init__(self, own: Mapping[TableRef, Pool], neighbours: Mapping[TableRef, Sequence[TableRef]], refs: Sequence[ColumnRef]) -> None:
        self.own = own
        self.refs = refs
        """All columns of the run; a column's place is its index."""
        self.neighbours = neighbours
        self._near: dict[TableRef, Pool] = {}

    def first(self, places: Iterable[int]) -> tuple[ColumnRef, ...]:
        """Return the columns that are named as a reason: the first ones in the order of the run."""
        return tuple(self.refs[place] for place in nsmallest(MAX_NAMED_COLUMNS, places))

    def near(self, table: TableRef) -> Pool:
        """Return what the foreign-key neighbours of a table hold."""
        if table not in self._near:
            self._near[table] = joined(self.own[other] for other in self.neighbours.get(table, ()))
        return self._near[table]

    def in_table(self, rule: RaisingRule, table: TableRef) -> set[int]:
        """Return the columns that make a rule of scope table or fk true."""
        own = self.own[table]
        if not own or not any(own.keys() & item for item in rule.items):
            return set()
        if rule.scope == "fk" and table in self.neighbours:
            return participants(rule, own, self.near(table))
        return participants(rule, own, {})

    def by_schema(self) -> dict[tuple[str, str], Pool]:
        """Return what every schema holds."""
        groups = _grouped(((ref.source, ref.schema), found) for ref, found in self.own.items())
        return {key: joined(pools) for key, pools in groups.items()}


def table_rows(result: TableResult) -> TableRows:
    """Return the rows of a table: counted when it was read whole, else the catalogue's estimate."""
    for outcome in result.outcomes:
        if isinstance(outcome, ColumnResult) and outcome.coverage.complete:
            return TableRows(outcome.coverage.rows, counted=True)
    return TableRows(result.table.row_estimate, counted=False)


def grade(
    results: Sequence[TableResult],
    policy: Policy,
    *,
    min_confidence: float | None = None,
    today: date,
    tags: Mapping[ColumnRef, Tag] | None = None,
    decided: Mapping[ColumnRef, str] | None = None,
) -> GradedRun:
    """Return the levels of all columns, tables, schemas and sources of `results`.

    `min_confidence` replaces the threshold of the policy; `today` decides which overrides have expired; `tags` are the current
    labels: a type that a person decided replaces the found one, a level that a person set under this policy is the last word.
    `decided` gives such levels alone.
    """
    results = sorted(results, key=lambda result: result.table.ref)  # the order in which workers ended must not show
    if tags:
        results = with_decisions(results, tags)
    threshold = policy.confidence if min_confidence is None else min_confidence
    overrides = overrides_on(policy, today)
    types = _types(results, threshold)
    scene = _scene(results, types)
    columns = _plain_grades(results, policy, threshold, types)
    _raise_columns(columns, results, scene, policy)
    if overrides.columns:
        for ref, found in columns.items():
            columns[ref] = apply(found, (ref.source, ref.schema, ref.table, ref.column), overrides.columns, policy)
    apply_decisions(columns, tags or {}, policy)
    apply_levels(columns, decided or {}, policy)
    tables = {result.table.ref: _table_grade(result, columns, scene, overrides, policy) for result in results}
    schemas = _schema_grades(tables, scene, overrides, policy)
    sources = {
        source: apply(_highest(below, policy), (source,), overrides.sources, policy)
        for source, below in _grouped((ref[0], found) for ref, found in schemas.items()).items()
    }
    return GradedRun(columns, tables, schemas, sources, overrides.notes)


def _types(results: Sequence[TableResult], threshold: float) -> dict[ColumnRef, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return types and flags of the columns that have a type at or above the threshold."""
    found: dict[ColumnRef, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    for result in results:
        for outcome in result.outcomes:
            if isinstance(outcome, ColumnResult):
                types = counted_types(outcome.classification, threshold)
                if types:
                    found[outcome.column.ref] = (types, outcome.classification.flags)
    return found


def _scene(results: Sequence[TableResult], types: Mapping[ColumnRef, tuple[tuple[str, ...], tuple[str, ...]]]) -> _Scene:
    own: dict[TableRef, Pool] = {}
    near: dict[TableRef, set[TableRef]] = defaultdict(set)
    columns: list[ColumnRef] = []
    for result in results:
        here = result.table.ref
        held: list[Candidate] = []
        for outcome in result.outcomes:
            found, flags = types.get(outcome.column.ref, ((), ()))
            held.extend(candidate(len(columns), type_id, flags) for type_id in found)
            columns.append(outcome.column.ref)
        own[here] = pool(held)
        for outcome in result.outcomes:
            there = outcome.column.references.table_ref if outcome.column.references else here
            if there != here and there.source == here.source:
                near[here].add(there)
                near[there].add(here)
    known = {table: tuple(sorted(other for other in others if other in own)) for table, others in near.items()}
    return _Scene(own, known, columns)


def _plain_grades(
    results: Sequence[TableResult],
    policy: Policy,
    threshold: float,
    types: Mapping[ColumnRef, tuple[tuple[str, ...], tuple[str, ...]]],
) -> dict[ColumnRef, Grade]:
    """Return cell and K of every column; columns of the same type share one Grade."""
    copies = clear_copies((ref, found, flags) for ref, (found, flags) in types.items())
    shared: dict[tuple[object, ...], Grade] = {}
    columns: dict[ColumnRef, Grade] = {}
    for result in results:
        for outcome in result.outcomes:
            ref = outcome.column.ref
            verdict = outcome.classification.verdict if isinstance(outcome, ColumnResult) else "unread"
            found, flags = types.get(ref, ((), ()))
            key = (verdict, found) if not flags else (verdict, found, flags, ref)
            if key not in shared:
                shared[key] = grade_column(outcome, policy, min_confidence=threshold, copies=copies)
            columns[ref] = shared[key]
    return columns


def _raise_columns(columns: dict[ColumnRef, Grade], results: Sequence[TableResult], scene: _Scene, policy: Policy) -> None:
    """Apply the combinations with `on = "columns"`: first all `at_least`, then `raise`."""
    rules = [rule for rule in policy.combinations if rule.on_columns]
    raised: dict[int, _Raise] = defaultdict(_Raise)
    for rule in rules:
        for matched in _matches(rule, results, scene):
            named = nsmallest(MAX_NAMED_COLUMNS, matched)
            for place in matched:
                entry = raised[place]
                entry.rules[rule.id] = rule
                entry.places.update(named)
    for place, entry in raised.items():
        ref = scene.refs[place]
        columns[ref] = _raised(columns[ref], list(entry.rules.values()), policy, scene.first(entry.places))


def _matches(rule: RaisingRule, results: Sequence[TableResult], scene: _Scene) -> Iterable[set[int]]:
    """Yield the columns of every match of a rule: per table, or per schema."""
    if rule.scope == "schema":
        yield from (found for held in scene.by_schema().values() if (found := participants(rule, held, {})))
    else:
        yield from (found for result in results if (found := scene.in_table(rule, result.table.ref)))


def _raised(before: Grade, rules: Sequence[RaisingRule], policy: Policy, matched: tuple[ColumnRef, ...]) -> Grade:
    """Return a grade after rules that hold: the highest `at_least`, then `raise` within its two limits.

    A rule that changes nothing still gives its reason and mark.
    """
    rank = start = before.level.rank if before.level.rank is not None else 0
    rank = max(rank, *(policy.ranks[rule.at_least] for rule in rules if rule.at_least is not None), 0)
    steps = min(sum(rule.raises for rule in rules), policy.max_raise)
    if steps:
        rank = max(rank, min(rank + steps, policy.ranks[policy.raise_cap]))
    because = tuple(dict.fromkeys((*before.because, *(rule.id for rule in rules))))
    marks = tuple(dict.fromkeys((*before.marks, *(rule.mark for rule in rules if rule.mark))))
    named = matched if rank > start else tuple(dict.fromkeys((*before.columns, *matched)))[:MAX_NAMED_COLUMNS]
    return replace(before, level=policy.levels[rank], because=because, marks=marks, columns=named)


def _table_grade(result: TableResult, columns: Mapping[ColumnRef, Grade], scene: _Scene, overrides: Overrides, policy: Policy) -> Grade:
    ref = result.table.ref
    found = _of_columns([(outcome.column.ref, columns[outcome.column.ref]) for outcome in result.outcomes], policy)
    if scene.own[ref]:
        matched: set[int] = set()
        rules: list[RaisingRule] = []
        rows, rows_asked = table_rows(result).rows, False
        for rule in (*policy.combinations, *policy.volumes):
            if rule.scope == "schema" or rule.on_columns or (rule.rows is not None and rows is not None and rows < rule.rows):
                continue
            taking_part = scene.in_table(rule, ref)
            if taking_part and rule.rows is not None and rows is None:
                rows_asked = True
            elif taking_part:
                rules.append(rule)
                matched.update(taking_part)
        if rules:
            found = _raised(found, rules, policy, scene.first(matched))
        if rows_asked:
            found = replace(found, marks=(*found.marks, ROWS_UNKNOWN))
    return apply(found, (ref.source, ref.schema, ref.table), overrides.tables, policy)


def _of_columns(graded: Sequence[tuple[ColumnRef, Grade]], policy: Policy) -> Grade:
    """Return the highest of a table's columns (R4); unknown ones are counted, not compared (R5)."""
    known = [(ref, found) for ref, found in graded if found.level.rank is not None]
    unknown = sum(found.category == UNKNOWN_CATEGORY for _, found in graded)
    if not known:
        return Grade(UNKNOWN_LEVEL, policy.id, UNKNOWN_CATEGORY, ("R5",), unknown_columns=unknown)
    top = max(found.level.rank or 0 for _, found in known)
    highest = [(ref, found) for ref, found in known if found.level.rank == top]
    first = highest[0][1]
    rules = dict.fromkeys(rule for _, found in highest for rule in found.because if rule not in ("R1", "R2", "R3", "R6"))
    return Grade(
        first.level,
        policy.id,
        first.category,
        ("R4", *rules),
        columns=tuple(ref for ref, _ in highest[:MAX_NAMED_COLUMNS]) if top else (),
        unknown_columns=unknown,
        certainty=first.certainty,
        clause=first.clause,
    )


def _schema_grades(tables: Mapping[TableRef, Grade], scene: _Scene, overrides: Overrides, policy: Policy) -> dict[tuple[str, str], Grade]:
    rules = [rule for rule in policy.combinations if rule.scope == "schema" and not rule.on_columns]
    pools = scene.by_schema() if rules else {}
    schemas = {}
    for key, below in _grouped(((ref.source, ref.schema), found) for ref, found in tables.items()).items():
        found = _highest(below, policy)
        held = {rule.id: refs for rule in rules if (refs := participants(rule, pools.get(key, {}), {}))}
        if held:
            found = _raised(
                found, [rule for rule in rules if rule.id in held], policy, scene.first({ref for refs in held.values() for ref in refs})
            )
        schemas[key] = apply(found, key, overrides.schemas, policy)
    return schemas


def _highest(below: Sequence[Grade], policy: Policy) -> Grade:
    """Return the highest of the grades below, with the number of unknown columns of all of them."""
    unknown = sum(found.unknown_columns for found in below)
    known = [found for found in below if found.level.rank is not None]
    if not known:
        return Grade(UNKNOWN_LEVEL, policy.id, UNKNOWN_CATEGORY, ("R5",), unknown_columns=unknown)
    top = max(found.level.rank or 0 for found in known)
    highest = [found for found in known if found.level.rank == top]
    rules = dict.fromkeys(rule for found in highest for rule in found.because)
    named = dict.fromkeys(ref for found in highest[:MAX_NAMED_COLUMNS] for ref in found.columns)
    return replace(highest[0], because=tuple(rules), marks=(), columns=tuple(named)[:MAX_NAMED_COLUMNS], unknown_columns=unknown)


def _grouped(pairs: Iterable[tuple[_K, _V]]) -> dict[_K, list[_V]]:
    groups: dict[_K, list[_V]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups
