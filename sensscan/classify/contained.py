"""What a column contains without being it: tokens inside values, and mixtures of whole values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sensscan.classify.scorecard import TypeScore
from sensscan.evidence import ColumnEvidence, ContainedHits
from sensscan.language import Text
from sensscan.model import Contained, Evidence

_MIXED_CHANCE = 0.05
"""Types that pass more often by chance are never told from a part of a column."""
_MIXED_GUESS, _MIXED_GUESSES = 0.01, 25
"""From this chance rate on so many different values must pass: lists of brands or dishes hold a dozen that could be names."""
_MIXED_SHARES = ((0.0005, 0.0), (0.002, 0.1), (0.01, 0.3), (1.0, 0.4))
"""(chance rate up to, least share of passing values): the easier a form is met by chance, the larger the part must be."""


def contained_in(evidence: ColumnEvidence, scores: Mapping[str, TypeScore], best: str) -> tuple[Contained, ...]:
    """Return the contained types, surest first."""
    profile = evidence.profile
    non_null = max(1, profile.rows - profile.nulls - profile.blanks)
    found = [_inside(hit, non_null) for hit in evidence.contained if _enough(hit, non_null)]
    found += [hit for type_id, score in scores.items() if type_id != best and (hit := _mixed_in(score, non_null)) is not None]
    return tuple(sorted(found, key=lambda hit: (-hit.confidence, -hit.rows, hit.type_id, hit.path or "")))


def _enough(hit: ContainedHits, non_null: int) -> bool:
    """Return whether hits can be believed: a form that chance does not make may speak on few, a guess needs company."""
    if hit.strict:
        return hit.distinct >= 2 or hit.rows / non_null >= 0.2
    return hit.distinct >= 4 and hit.rows / non_null >= 0.05


def _inside(hit: ContainedHits, non_null: int) -> Contained:
    certainty = 1 - (0.3 if hit.strict else 0.5) ** min(8, hit.distinct)
    share = round(min(1.0, hit.rows / non_null), 4)
    return Contained(hit.type_id, hit.rows, hit.distinct, share, hit.path, round(max(0.5, certainty), 4))


def _mixed_in(score: TypeScore, non_null: int) -> Contained | None:
    """Return the type as contained when part of the values are of it: more than chance makes, too few for the whole column."""
    card, test, found = score.card, score.test, score.likelihoods
    if test is None or found is None or card.chance > _MIXED_CHANCE or card.look_alike > 0.02 or card.needs_name or test.passed < 3:
        return None
    if card.chance > _MIXED_GUESS and test.passed < _MIXED_GUESSES:
        return None
    if found.some_weight <= 4.0 or found.some <= found.is_type or test.group_weight < -1:
        return None
    if card.validator and test.passed < 0.5 * test.structural:
        # Of the values with the form only few pass the check: that is what chance does to serial numbers.
        return None
    share = test.rows_passed / test.rows_tested
    chance = card.chance if card.validator else max(card.chance, 0.001)
    if share < next(least for most, least in _MIXED_SHARES if chance <= most):
        return None
    return Contained(card.id, round(share * non_null), test.passed, round(share, 4), None, 0.9)


def lines_of(contains: Sequence[Contained]) -> tuple[Evidence, ...]:
    """Return one evidence line per contained type; they explain and weigh nothing."""
    return tuple(
        Evidence(
            hit.type_id, "contains", hit.type_id, 0.0,
            Text(
                f"found inside values of {hit.rows} rows, {hit.distinct} distinct{' at ' + hit.path if hit.path else ''}",
                f"在 {hit.rows} 行的值中找到，{hit.distinct} 个不同{'，位于 ' + hit.path if hit.path else ''}",
            ),
            hit.distinct,
        )
        for hit in contains
    )  # fmt: skip
