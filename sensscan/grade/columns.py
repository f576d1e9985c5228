"""The level of one column: the cell of its type, then the K rules (R1, R2, R3, R6)."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass

from sensscan.grade.policy import BLOCKING_FLAGS, Policy
from sensscan.model import UNKNOWN_LEVEL, Classification, ColumnOutcome, ColumnRef, ColumnResult, Grade, SkippedColumn

UNKNOWN_CATEGORY = "unknown"
"""Category of a column without a verdict: it is not known to be harmless."""


@dataclass(frozen=True, slots=True)
class ClearCopies:
    """Where a type stands in the clear: what makes a mask elsewhere worthless."""

    tables: Container[tuple[str, str, str, str]] = frozenset()
    """(source, schema, table, type)"""
    schemas: Container[tuple[str, str, str]] = frozenset()
    """(source, schema, type)"""

    def beside(self, ref: ColumnRef, type_id: str, scope: str) -> bool:
        """Tell whether a clear column of the type is in the same table or schema."""
        if scope == "table":
            return (ref.source, ref.schema, ref.table, type_id) in self.tables
        return (ref.source, ref.schema, type_id) in self.schemas


NO_COPIES = ClearCopies()


def counted_types(found: Classification, threshold: float) -> tuple[str, ...]:
    """Return the types that give a level and count in rules: its type, or each contained type, from `threshold` on.

    The most certain comes first; a type contained at several paths is counted once.
    """
    if found.verdict == "is":
        return (found.type_id,) if found.confidence >= threshold and found.type_id != "none" else ()
    if found.verdict == "contains":
        enough = sorted((c for c in found.contains if c.confidence >= threshold), key=lambda c: (-c.confidence, c.type_id))
        return tuple(dict.fromkeys(c.type_id for c in enough))
    return ()


def clear_copies(columns: Iterable[tuple[ColumnRef, tuple[str, ...], tuple[str, ...]]]) -> ClearCopies:
    """Collect where types stand in the clear, from (column, its types, its flags)."""
    tables: set[tuple[str, str, str, str]] = set()
    schemas: set[tuple[str, str, str]] = set()
    for ref, types, flags in columns:
        if types and not BLOCKING_FLAGS.intersection(flags):
            tables.update((ref.source, ref.schema, ref.table, type_id) for type_id in types)
            schemas.update((ref.source, ref.schema, type_id) for type_id in types)
    return ClearCopies(tables, schemas)


def grade_column(outcome: ColumnOutcome, policy: Policy, *, min_confidence: float | None = None, copies: ClearCopies = NO_COPIES) -> Grade:
    """Return the grade of one column by itself: cell, then the first K rule that matches.

    Combinations, overrides and a person's decision need the other columns: see `sensscan.grade.grade`.
    """
    if isinstance(outcome, SkippedColumn):
        return unread(policy)
    return _examined(outcome, policy, policy.confidence if min_confidence is None else min_confidence, copies)


def unread(policy: Policy) -> Grade:
    """Return the grade of a column that was not read."""
    return Grade(UNKNOWN_LEVEL, policy.id, UNKNOWN_CATEGORY, ("R6",))


def _examined(result: ColumnResult, policy: Policy, threshold: float, copies: ClearCopies) -> Grade:
    found = result.classification
    if found.verdict == "unknown":
        return Grade(UNKNOWN_LEVEL, policy.id, UNKNOWN_CATEGORY, ("R3",))
    types = counted_types(found, threshold)
    if not types:
        return type_grade(policy, "none", "R3")
    rule = "R1" if found.verdict == "is" else "R2"
    grades = [_after_conditions(type_grade(policy, type_id, rule), type_id, result, policy, copies) for type_id in types]
    best = max(grades, key=lambda grade: grade.level.rank or 0)
    marks = tuple(dict.fromkeys(mark for grade in grades for mark in grade.marks))
    return best if marks == best.marks else _with_marks(best, marks)


def type_grade(policy: Policy, type_id: str, rule: str) -> Grade:
    """Return the grade that the cell of a type gives."""
    cell = policy.cell(type_id)
    return Grade(policy.level(cell.level), policy.id, cell.category, (rule,), certainty=cell.certainty, clause=cell.clause)


def _with_marks(grade: Grade, marks: tuple[str, ...]) -> Grade:
    return Grade(grade.level, grade.policy, grade.category, grade.because, marks, certainty=grade.certainty, clause=grade.clause)


def _after_conditions(grade: Grade, type_id: str, result: ColumnResult, policy: Policy, copies: ClearCopies) -> Grade:
    """Apply the first condition that matches, in the order of the file."""
    flags = result.classification.flags
    if not flags:
        return grade
    for rule in policy.conditions:
        if type_id not in rule.types or rule.flags.isdisjoint(flags):
            continue
        if rule.unless_clear and copies.beside(result.column.ref, type_id, rule.unless_clear):
            continue
        if rule.level is not None:
            level = policy.level(rule.level)
        else:
            rank = policy.ranks[grade.level.id]
            level = policy.levels[max(rank - rule.lower, min(rank, policy.ranks[rule.floor]))]
        marks = (rule.mark,) if rule.mark else ()
        return Grade(level, policy.id, grade.category, (*grade.because, rule.id), marks, certainty=rule.certainty, clause=rule.clause)
    return grade
