"""The scorecard: what is added up for each type, line by line, in natural-log units."""

from __future__ import annotations

import functools
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from importlib import resources

from sensscan.classify.likelihood import Likelihoods, likelihoods
from sensscan.evidence import ColumnEvidence, ColumnProfile, TypeTest
from sensscan.language import Text
from sensscan.model import Evidence, Family
from sensscan.plugin import Card
from sensscan.registry import NameEvidence

_SOME_PASS = 0.05
"""Beside a telling name the form alone counts once some values pass in full: open vocabularies (firms) are never known whole."""
_UNSEEN = 1e-9
NAMED = 0.8
"""From this strength on a name is telling."""


@dataclass(frozen=True, slots=True)
class Weights:
    """The shared weights of weights.toml."""

    prior: float
    name: float
    comment: float
    agree: float
    against: float
    other_word: float
    elsewhere: float
    native: float
    structural: float
    no_pass: float
    masked: float
    hashed: float
    sibling: float
    siblings: float
    people_table: float
    things_table: float
    pair: float
    agreement: float
    position: float
    temperature: float
    values: float = 1.0
    """Factor on what the values say: below 1 when columns are more alike than the likelihoods suppose."""
    context: float = 1.0
    """Factor on what the values say together (spreads, check of a group)."""
    intercepts: Mapping[str, float] = field(default_factory=dict)
    """Type id -> added to the prior; types without one have 0."""


@functools.cache
def load_weights() -> Weights:
    """Return the fitted weights that are shipped."""
    return Weights(**tomllib.loads(resources.files("sensscan.classify").joinpath("weights.toml").read_text(encoding="utf-8")))


SEALED_CATEGORIES = (
    "personal.identity", "personal.contact", "personal.attribute", "personal.finance", "personal.biometric_health", "personal.location",
    "organization",
)  # fmt: skip
"""Categories of what is kept as a digest or encrypted; secrets and devices have such forms of their own."""


def hashed(profile: ColumnProfile) -> bool:
    """Return whether nearly all values look like digests."""
    return profile.digests >= 0.9 * profile.checked > 0


def encrypted(profile: ColumnProfile) -> bool:
    """Return whether most values look like cipher text."""
    return profile.cipher >= 0.8 * profile.checked > 0


@dataclass(frozen=True, slots=True)
class TypeScore:
    """One type's scorecard for one column."""

    card: Card
    lines: tuple[Evidence, ...]
    likelihoods: Likelihoods | None = None
    test: TypeTest | None = None
    strength: float = 0.0
    """What the name says, -1 to 1."""

    @property
    def total(self) -> float:
        """The lines add up to the score."""
        return math.fsum(line.weight for line in self.lines)


def score_none(look: NameEvidence) -> tuple[Evidence, ...]:
    """Return the lines of "none": the zero that all types are compared with."""
    reason = Text("starting point of every column", "每列的起点")
    return (Evidence("none", "prior", "prior", 0.0, reason),)


def counted(test: TypeTest, card: Card, *, named: bool) -> tuple[float, float]:
    """Return (passed, tested): distinct values for identifiers, capped counts for vocabularies; codes count beside a telling name."""
    if card.counting == "vocabulary":
        if named and test.coded:
            extra = test.capped_tested * test.rows_coded / test.rows_tested if test.rows_tested else 0.0
            return min(test.capped_tested, test.capped_passed + extra), test.capped_tested
        # Dirt makes many different values of few rows, a default makes one value of many: so both shares, and never above that of the rows.
        rows = test.rows_passed / test.rows_tested if test.rows_tested else 0.0
        values = test.capped_passed / test.capped_tested if test.capped_tested else 0.0
        return min(rows, (rows + values) / 2) * test.capped_tested, test.capped_tested
    return float(test.passed + (test.coded if named else 0)), float(test.tested)


def effective_look_alike(card: Card, distinct: float) -> float:
    """Return the look-alike share for this many distinct passing values: one or two values prove less than fifty."""
    needed = 2.0 if card.chance <= 0.002 else 5.0
    share = max(card.look_alike, 1e-6)
    weakened: float = share ** min(1.0, max(distinct, 0.5) / needed)
    return max(share, weakened)


def _name_lines(card: Card, look: NameEvidence, weights: Weights) -> tuple[list[Evidence], float]:
    hit = look.types.get(card.id)
    if hit is None:
        if look.other:
            reason = Text(f"the name says something else: {look.other}", f"列名指向别的内容：{look.other}")
            return [Evidence(card.id, "name", "name", weights.other_word, reason)], 0.0
        if look.informative:
            reason = Text("the name is telling and holds no word of this type", "列名有含义，但没有该类型的词")
            return [Evidence(card.id, "name", "name", weights.elsewhere, reason)], 0.0
        return [], 0.0
    if hit.strength < 0:
        reason = Text("a word in the name speaks against it", "列名中有与之相反的词")
        return [Evidence(card.id, "name", "name", weights.against, reason)], hit.strength
    weight = (weights.name if hit.where == "name" else weights.comment) * hit.strength
    if card.needs_name and hit.strength < NAMED:
        # Where values say nothing, a generic word must not decide alone.
        weight /= 2
    reason = Text(f"word in the {hit.where}: {hit.word}", f"{'列名' if hit.where == 'name' else '注释'}中的词：{hit.word}")
    lines = [Evidence(card.id, hit.where, "name", weight, reason)]
    if card.id in look.both:
        lines.append(Evidence(card.id, "comment", "name", weights.agree, Text("name and comment agree", "列名与注释一致")))
    return lines, hit.strength


def _value_line(card: Card, test: TypeTest, weight: float, reason: Text) -> Evidence:
    return Evidence(card.id, "values", card.id, weight, reason, test.passed, test.structural, test.tested, test.examples)


def _plain(chance: float) -> str:
    """Return a small number as people write it: two digits, no exponent.

    >>> _plain(0.00001), _plain(0.0312)
    ('0.00001', '0.031')
    """
    return format(Decimal(f"{chance:.2g}"), "f")


def _value_lines(card: Card, test: TypeTest, strength: float, weights: Weights) -> tuple[list[Evidence], Likelihoods]:
    named = strength > 0
    passed, tested = counted(test, card, named=named)
    look_alike = effective_look_alike(card, float(test.passed + test.coded))
    found = likelihoods(passed, tested, chance=card.chance, look_alike=look_alike, typical=card.typical)
    weight = found.weight
    share = f"{passed / tested:.0%}" if tested else "0%"
    reason = Text(
        f"{test.passed} of {test.tested} distinct values pass ({share}); chance {_plain(card.chance)}",
        f"{test.tested} 个不同值中 {test.passed} 个通过（{share}）；偶然通过率 {_plain(card.chance)}",
    )
    named = strength >= NAMED and test.passed >= _SOME_PASS * test.tested
    if test.structural > test.passed and (named or (strength >= NAMED and card.structures) or card.structure_look_alike < 0.1):
        # Made-up numbers keep the structure: with a telling name, or a structure that is strict by itself, that is evidence too.
        look_alike = weights.structural if strength >= NAMED else card.structure_look_alike
        loose = likelihoods(
            float(test.structural),
            float(test.tested),
            chance=min(0.5, card.chance * 10 + 0.02),
            look_alike=max(look_alike, card.look_alike),
        )
        if loose.weight > weight:
            weight = loose.weight
            reason = Text(
                f"{test.structural} of {test.tested} distinct values have the structure, {test.passed} pass the check too",
                f"{test.tested} 个不同值中 {test.structural} 个结构相符，{test.passed} 个通过校验",
            )
    if weight < weights.no_pass and strength >= NAMED and not card.native:
        weight = max(weight, weights.no_pass * 2)
    lines = [_value_line(card, test, weight * weights.values, reason)]
    if test.group_weight and test.group_reason is not None:
        lines.append(Evidence(card.id, "context", f"{card.id}.group", test.group_weight * weights.context, test.group_reason))
    return lines, found


def score_type(card: Card, evidence: ColumnEvidence, look: NameEvidence, weights: Weights, metadata: float) -> TypeScore:
    """Return the scorecard of one type for one column.

    `metadata` is the sum of the card's column detectors (-1 to 1 each).
    """
    prior = weights.prior + weights.intercepts.get(card.id, 0.0)
    lines = [Evidence(card.id, "prior", "prior", prior, Text("before anything is known", "尚无任何依据时"))]
    name_lines, strength = _name_lines(card, look, weights)
    lines += name_lines
    if metadata:
        lines.append(
            Evidence(card.id, "context", f"{card.id}.column", metadata * weights.name, Text("the column's metadata", "列的元数据"))
        )
    test = next((test for test in evidence.tests if test.type_id == card.id), None)
    found: Likelihoods | None = None
    sealed = _sealed_line(card, evidence, test, strength, weights)
    if evidence.column.family in card.native or evidence.profile.storage in card.native:
        reason = Text(f"database type {evidence.column.data_type}", f"数据库类型 {evidence.column.data_type}")
        lines.append(Evidence(card.id, "db_type", "db_type", weights.native, reason))
    elif sealed is not None:
        lines.append(sealed)
    elif test is not None:
        value_lines, found = _value_lines(card, test, strength, weights)
        share = evidence.profile.masked / evidence.profile.checked if evidence.profile.checked else 0.0
        if share >= 0.6:
            value_lines = _masked_lines(card, test, evidence, weights) or value_lines
        lines += value_lines
    elif evidence.profile.checked and not any(said.type_id == card.id for said in evidence.agreements):
        possible = evidence.column.family in card.families or evidence.profile.storage in card.families
        reason = Text("no value passes", "没有值通过") if possible else Text("the database type cannot hold it", "数据库类型不符")
        lines.append(
            Evidence(card.id, "values", card.id, weights.no_pass * (1.0 if possible else 2.0), reason, 0, 0, evidence.profile.checked)
        )
    lines += (line for line in evidence.context if line.type_id == card.id)
    return TypeScore(card, tuple(lines), found, test, strength)


def _sealed_line(card: Card, evidence: ColumnEvidence, test: TypeTest | None, strength: float, weights: Weights) -> Evidence | None:
    """Return the line of a column whose name tells a person's data and whose values are digests or cipher text; None for others."""
    if strength < NAMED or not card.category.startswith(SEALED_CATEGORIES) or (test is not None and test.passed):
        return None
    profile = evidence.profile
    if profile.checked and (hashed(profile) or encrypted(profile)):
        reason = Text(
            f"{profile.checked} distinct values are hashed or encrypted: only the name can tell",
            f"{profile.checked} 个不同值是散列或密文，只能依据列名判断",
        )
        return Evidence(card.id, "mask", card.id, weights.hashed, reason, None, None, profile.checked)
    return None


def _masked_lines(card: Card, test: TypeTest, evidence: ColumnEvidence, weights: Weights) -> list[Evidence]:
    """Return the line of a masked column whose visible parts have the type's form."""
    if test.masked_passed < 0.6 * evidence.profile.masked:
        return []
    reason = Text(
        f"{test.masked_passed} of {evidence.profile.checked} distinct values are masked in this type's form",
        f"{evidence.profile.checked} 个不同值中 {test.masked_passed} 个是该类型的脱敏形式",
    )
    return [Evidence(card.id, "mask", card.id, weights.masked, reason, test.masked_passed, None, evidence.profile.checked)]


def softmax(scores: Mapping[str, float], temperature: float) -> dict[str, float]:
    """Return probabilities for log scores.

    >>> softmax({"none": 0.0, "email": 0.0}, 1.0)
    {'none': 0.5, 'email': 0.5}
    """
    high = max(scores.values())
    raised = {key: math.exp(max(-700.0, (score - high) / temperature)) for key, score in scores.items()}
    total = math.fsum(raised.values())
    return {key: max(value / total, _UNSEEN) for key, value in raised.items()}


def holds_text(family: Family) -> bool:
    """Return whether values of this family can be masked, hashed or encrypted text."""
    return family in (Family.TEXT, Family.BINARY, Family.ANY, Family.OTHER, Family.ENUM)
