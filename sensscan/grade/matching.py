"""Whether a C or V rule holds, and which columns take part: sets of (column, type), no levels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sensscan.grade.policy import BLOCKING_FLAGS, RaisingRule


@dataclass(frozen=True, slots=True)
class Candidate:
    """A column as one of the types that it holds at or above the threshold."""

    place: int
    """Which column, by its place in the run: sets of numbers are quick, sets of names are not."""
    type_id: str
    blocked: frozenset[str]
    """Flags that keep it from counting; a digest of a password is what the password_hash type means."""


Pool = Mapping[str, Sequence[Candidate]]
"""Candidates by type: a table's, its neighbours', a schema's."""

_NOTHING: frozenset[str] = frozenset()


def candidate(place: int, type_id: str, flags: Sequence[str]) -> Candidate:
    """Return the candidate for one type of a column."""
    blocked = BLOCKING_FLAGS.intersection(flags) if flags and type_id != "password_hash" else _NOTHING
    return Candidate(place, type_id, blocked)


def pool(candidates: Iterable[Candidate]) -> dict[str, list[Candidate]]:
    """Return candidates by type."""
    found: dict[str, list[Candidate]] = {}
    for one in candidates:
        found.setdefault(one.type_id, []).append(one)
    return found


def joined(pools: Iterable[Pool]) -> dict[str, list[Candidate]]:
    """Return several pools as one."""
    return pool(one for part in pools for group in part.values() for one in group)


def participants(rule: RaisingRule, own: Pool, others: Pool) -> set[int]:
    """Return the places of the columns that take part in the rule; empty when it does not hold.

    Every item needs another column, or another contained type of one column, and at least one item is in `own`.
    A column takes part when some choice of columns with it in makes the rule true.
    """
    mine = [_fitting(rule, item, own) for item in rule.items]
    if not any(mine):
        return set()
    theirs = [_fitting(rule, item, others) for item in rule.items] if others else [[] for _ in mine]
    if not all(a or b for a, b in zip(mine, theirs, strict=True)):
        return set()
    if rule.disjoint:
        return _all_but_strangers(mine, theirs)
    found: set[int] = set()
    for index in range(len(rule.items)):
        found.update(c.place for c in mine[index] if c.place not in found and _possible(index, c, mine, theirs, own_item=True))
        found.update(c.place for c in theirs[index] if c.place not in found and _possible(index, c, mine, theirs, own_item=False))
    return found


def _fitting(rule: RaisingRule, item: frozenset[str], candidates: Pool) -> list[Candidate]:
    return [one for type_id in candidates.keys() & item for one in candidates[type_id] if not one.blocked or one.blocked <= rule.flags]


def _all_but_strangers(mine: list[list[Candidate]], theirs: list[list[Candidate]]) -> set[int]:
    """Return the columns when no type belongs to two items: all of them, a neighbour's if another item is in the table itself."""
    found = {one.place for group in mine for one in group}
    for index, group in enumerate(theirs):
        if any(near for place, near in enumerate(mine) if place != index):
            found.update(one.place for one in group)
    return found


def _possible(index: int, chosen: Candidate, mine: list[list[Candidate]], theirs: list[list[Candidate]], *, own_item: bool) -> bool:
    """Tell whether the rule can be true with `chosen` for item `index`."""
    rest = [place for place in range(len(mine)) if place != index]
    if own_item:
        return _assign(rest, (chosen,), mine, theirs)
    for place in rest:
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
    near = [*mine[rest[0]][: len(mine) + 1], *theirs[rest[0]][: len(mine) + 1]]
    return any(one not in used and _assign(rest[1:], (*used, one), mine, theirs) for one in near)
