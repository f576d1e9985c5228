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

_Held = tuple[tuple[str, ...], tuple[str, ...]]
"""What a column holds, and its flags."""
_NOTHING: _Held = ((), ())

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
        missing = sum(map(own.keys().isdisjoint, rule.items))
        if missing == len(rule.items) or (missing and (rule.scope != "fk" or table not in self.neighbours)):
            return set()
        return participants(rule, own, self.near(table) if rule.scope == "fk" and table in self.neighbours else {})

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
    held = _types(results, threshold)
    scene = _scene(results, held)
    columns = _plain_grades(results, policy, threshold, held)
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


def _types(results: Sequence[TableResult], threshold: float) -> list[_Held]:
    """Return types and flags of every column in the order of the run; nothing where no type is at or above the threshold."""
    held: list[_Held] = []
    for result in results:
        for outcome in result.outcomes:
            types = counted_types(outcome.classification, threshold) if isinstance(outcome, ColumnResult) else ()
            held.append((types, outcome.classification.flags) if types and isinstance(outcome, ColumnResult) else _NOTHING)
    return held


def _scene(results: Sequence[TableResult], held: Sequence[_Held]) -> _Scene:
    own: dict[TableRef, Pool] = {}
    near: dict[TableRef, set[TableRef]] = defaultdict(set)
    columns: list[ColumnRef] = []
    for result in results:
        here = result.table.ref
        candidates: list[Candidate] = []
        for outcome in result.outcomes:
            types, flags = held[len(columns)]
            candidates.extend(candidate(len(columns), type_id, flags) for type_id in types)
            columns.append(outcome.column.ref)
            target = outcome.column.references
            if target is not None and target.source == here.source and target.table_ref != here:
                near[here].add(target.table_ref)
                near[target.table_ref].add(here)
        own[here] = pool(candidates)
    known = {table: tuple(sorted(other for other in others if other in own)) for table, others in near.items()}
    return _Scene(own, known, columns)


def _plain_grades(results: Sequence[TableResult], policy: Policy, threshold: float, held: Sequence[_Held]) -> dict[ColumnRef, Grade]:
    """Return cell and K of every column; columns of the same type share one Grade."""
    outcomes = [outcome for result in results for outcome in result.outcomes]
    copies = clear_copies((outcome.column.ref, *found) for outcome, found in zip(outcomes, held, strict=True) if found is not _NOTHING)
    shared: dict[tuple[object, ...], Grade] = {}
    columns: dict[ColumnRef, Grade] = {}
    for outcome, (types, flags) in zip(outcomes, held, strict=True):
        ref = outcome.column.ref
        verdict = outcome.classification.verdict if isinstance(outcome, ColumnResult) else "unread"
        key = (verdict, types) if not flags else (verdict, types, flags, ref)
        found = shared.get(key)
        if found is None:
            found = shared[key] = grade_column(outcome, policy, min_confidence=threshold, copies=copies)
        columns[ref] = found
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
