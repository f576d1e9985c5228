"""The rule fingerprint: which types' rules changed since a table was last examined, and whom that concerns.

The fingerprint of a run is one line of text, kept with every table's mark: `GENERAL;id=hash,id=hash`. The general part stands for
everything that concerns all columns (engine, settings of the look itself); the rest is one short hash per type.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sensscan.model import Column, Family
from sensscan.store.codec import RULE_DIGITS, decode_rules, encode_rules

if TYPE_CHECKING:
    from sensscan.plugin import Card
    from sensscan.registry import Registry

_WRITTEN_AS_TEXT = frozenset({Family.ANY, Family.OTHER, Family.ARRAY, Family.JSON, Family.ENUM})
"""Declared types that say nothing of the values' form: every rule concerns them."""


@dataclass(frozen=True, slots=True)
class RuleScope:
    """One type's rule: its fingerprint and the columns that it can concern."""

    fingerprint: str
    families: frozenset[Family] = frozenset(Family)
    shortest: Callable[[], int] = lambda: 0
    """Returns the length in characters of the shortest value that can pass; a column declared shorter cannot hold one.
    Asked only when the rule changed: most nights no rule does, and the patterns need not be measured."""


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules of a run."""

    types: Mapping[str, RuleScope] = field(default_factory=dict)
    general: str = ""

    def encode(self) -> str:
        """Return the line that is stored with a table's mark."""
        return encode_rules(self.general, {type_id: scope.fingerprint for type_id, scope in self.types.items()})


@dataclass(frozen=True, slots=True)
class RuleChanges:
    """What differs between the rules of an earlier examination and those of now."""

    everything: bool = False
    changed: tuple[str, ...] = ()
    """New and changed types."""
    removed: tuple[str, ...] = ()


def rule_changes(stored: str, rules: Rules) -> RuleChanges:
    """Compare a stored line with the rules of this run; an empty or foreign line means that everything changed."""
    if not stored:
        return RuleChanges(everything=True)
    general, before = decode_rules(stored)
    if general != rules.general:
        return RuleChanges(everything=True)
    changed = tuple(sorted(type_id for type_id, scope in rules.types.items() if before.get(type_id) != scope.fingerprint[:RULE_DIGITS]))
    return RuleChanges(changed=changed, removed=tuple(sorted(set(before) - set(rules.types))))


def concerns(scope: RuleScope, column: Column) -> bool:
    """Whether a type's rule can have anything to say about a column, judged by its declared type and length only."""
    family = column.family
    if family not in scope.families and family not in _WRITTEN_AS_TEXT:
        return False
    longest = max(map(len, column.enum_values)) if family is Family.ENUM and column.enum_values else column.length
    return longest is None or family is not Family.TEXT or longest >= scope.shortest()


def rules_of(registry: Registry, general: str = "") -> Rules:
    """Describe the rules of a registry. `general` names what else changes verdicts (NLP engine, program's weights)."""
    fingerprints = registry.fingerprints
    return Rules(
        {
            type_id: RuleScope(fingerprints[type_id], card.families | card.native, functools.partial(_shortest, registry, card))
            for type_id, card in registry.cards.items()
        },
        general,
    )


def _shortest(registry: Registry, card: Card) -> int:
    """Return the length of the shortest value that passes, 0 where a shorter one could still have a verdict."""
    by_name = bool(card.names) or card.id in registry.column_detectors or card.needs_name
    if by_name or card.contains:  # a telling name can carry a verdict by itself, and masked or cut values can be shorter than whole ones
        return 0
    from sensscan.detect.shapes import bounds_of

    return min((bounds.shortest for bounds in bounds_of(card)), default=0)
