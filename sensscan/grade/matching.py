"""Whether a C or V rule holds, and which columns take part: sets of (column, type), no levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sensscan.grade.policy import BLOCKING_FLAGS, RaisingRule
from sensscan.model import ColumnRef


@dataclass(frozen=True, slots=True)
class Candidate:
    """A column as one of the types that it holds at or above the threshold."""

    ref: ColumnRef
    type_id: str
    blocked: frozenset[str]
    """Flags that keep it from counting; a digest of a password is what the password_hash type means."""


def candidate(ref: ColumnRef, type_id: str, flags: Sequence[str]) -> Candidate:
    """Return the candidate for one type of a column."""
    blocked = BLOCKING_FLAGS.intersection(flags) if flags and type_id != "password_hash" else frozenset()
    return Candidate(ref, type_id, blocked)


def participants(rule: RaisingRule, own: Sequence[Candidate], others: Sequence[Candidate]) -> tuple[ColumnRef, ...]:
    """Return the columns that take part in the rule, in order; empty when it does not hold.

    Every item needs another column, or another contained type of one column, and at least one item is in `own`.
    A column takes part when some choice of columns with it in makes the rule true.
    """
    mine = [_fitting(rule, item, own) for item in rule.items]
    theirs = [_fitting(rule, item, others) for item in rule.items]
    if not any(mine) or not all(a or b for a, b in zip(mine, theirs, strict=True)):
        return ()
    found: set[ColumnRef] = set()
    for index in range(len(rule.items)):
        found.update(c.ref for c in mine[index] if c.ref not in found and _possible(rule, index, c, mine, theirs, mine_needed=False))
        found.update(c.ref for c in theirs[index] if c.ref not in found and _possible(rule, index, c, mine, theirs, mine_needed=True))
    return tuple(sorted(found))


def _fitting(rule: RaisingRule, item: frozenset[str], pool: Sequence[Candidate]) -> list[Candidate]:
    return [c for c in pool if c.type_id in item and c.blocked <= rule.flags]


def _possible(
    rule: RaisingRule, index: int, chosen: Candidate, mine: list[list[Candidate]], theirs: list[list[Candidate]], *, mine_needed: bool
) -> bool:
    """Tell whether the rule can be true with `chosen` for item `index`."""
    rest = [place for place in range(len(mine)) if place != index]
    if not mine_needed:
        return rule.disjoint or _assign(rest, (chosen,), mine, theirs)
    for place in rest:
        if rule.disjoint and mine[place]:
            return True
        without = [other for other in rest if other != place]
        if any(own != chosen and _assign(without, (chosen, own), mine, theirs) for own in mine[place][: len(mine) + 1]):
            return True
    return False


def _assign(rest: Sequence[int], used: tuple[Candidate, ...], mine: list[list[Candidate]], theirs: list[list[Candidate]]) -> bool:
    """Tell whether the items of `rest` can have candidates that are all different and none of `used`.

    As many candidates per item as there are items are enough to look at: with that many, one is always free.
    """
    if not rest:
        return True
    pool = [*mine[rest[0]][: len(mine) + 1], *theirs[rest[0]][: len(mine) + 1]]
    return any(c not in used and _assign(rest[1:], (*used, c), mine, theirs) for c in pool)
