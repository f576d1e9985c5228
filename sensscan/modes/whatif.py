"""What would change a verdict: the same scorecards with a line less, a share more, another name. Pure functions of evidence."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sensscan.classify import Classifier, Standing
from sensscan.classify.scorecard import softmax
from sensscan.evidence import ColumnEvidence, TypeTest
from sensscan.model import Classification, Evidence, Verdict

NONE = "none"
_DECIDES = 0.5
_STEPS = 256
"""Shares that are tried between no value and all values."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verdict in short."""

    verdict: Verdict
    type_id: str
    confidence: float

    @classmethod
    def of(cls, found: Classification) -> Outcome:
        """Return the short form."""
        return cls(found.verdict, found.type_id, found.confidence)

    def same(self, other: Outcome) -> bool:
        """Whether verdict and type agree; confidence may differ."""
        return (self.verdict, self.type_id) == (other.verdict, other.type_id)


@dataclass(frozen=True, slots=True)
class LineEffect:
    """The verdict without one line of the scorecard."""

    line: Evidence
    without: Outcome
    decisive: bool
    """Without it the verdict is another."""


@dataclass(frozen=True, slots=True)
class Share:
    """At how many passing values of one type the verdict turns."""

    type_id: str
    passing: int
    """Now."""
    tested: int
    turns_at: int | None
    """The nearest number of passing values with another verdict; None when no number changes it."""
    then: Outcome | None
    """The verdict there."""

    @property
    def wanted(self) -> float | None:
        """Share of passing values at the turn."""
        return None if self.turns_at is None else self.turns_at / self.tested


@dataclass(frozen=True, slots=True)
class Margin:
    """How far the winner is before the next one."""

    first: str
    second: str
    units: float
    """Difference of the scores, natural-log units."""

    @property
    def odds(self) -> float:
        """How many times likelier the first one is."""
        return math.exp(min(self.units, 700.0))


def candidate(standing: Standing) -> str | None:
    """Return the likeliest type besides none; None when nothing speaks for any."""
    types = [type_id for type_id in standing.chances if type_id != NONE]
    return max(types, key=lambda type_id: (standing.chances[type_id], type_id), default=None)


def margin(standing: Standing) -> Margin | None:
    """Return the distance between the two likeliest, none among them."""
    ranked = sorted(standing.chances, key=lambda type_id: (-standing.chances[type_id], type_id))
    if len(ranked) < 2:
        return None
    first, second = ranked[:2]
    return Margin(first, second, _score(standing, first) - _score(standing, second))


def _score(standing: Standing, type_id: str) -> float:
    return 0.0 if type_id == NONE else standing.scores[type_id].total


def without_line(standing: Standing, line: Evidence, temperature: float) -> Outcome:
    """Return what the scorecards say without one line: *is*, *none*, or unknown when nothing reaches a half."""
    scores = {type_id: _score(standing, type_id) for type_id in standing.chances}
    scores[line.type_id] -= line.weight
    return decided(softmax(scores, temperature))


def decided(chances: Mapping[str, float]) -> Outcome:
    """Return the verdict that chances alone give."""
    best = max(chances, key=lambda type_id: (chances[type_id], type_id))
    if chances[best] < _DECIDES:
        return Outcome("unknown", "unknown", round(chances[best], 4))
    return Outcome("none" if best == NONE else "is", best, round(chances[best], 4))


def line_effects(standing: Standing, type_id: str, temperature: float) -> tuple[LineEffect, ...]:
    """Return, for each line of one type's scorecard, the verdict without it. The prior is no evidence and is left out."""
    if type_id not in standing.chances:
        return ()
    now = decided(standing.chances)
    effects = []
    for line in standing.scores[type_id].lines:
        if line.kind != "prior" and line.weight:
            outcome = without_line(standing, line, temperature)
            effects.append(LineEffect(line, outcome, decisive=not outcome.same(now)))
    return tuple(effects)


def share_at_turn(classifier: Classifier, evidence: ColumnEvidence, type_id: str) -> Share | None:
    """Return at how many passing values the verdict changes, fewer for the type that won, more for one that did not.

    None for a type whose values were not tested. What the values say together (their spread) is held as it is.
    """
    test = next((test for test in evidence.tests if test.type_id == type_id), None)
    if test is None or not test.tested:
        return None
    coded = test.coded > test.passed
    passing = test.coded if coded else test.passed
    now = Outcome.of(classifier.column(evidence))
    won = now.type_id == type_id and now.verdict == "is"
    for count in _counts(passing, 0 if won else test.tested, test.tested):
        changed = replace(test, **_with_passing(test, count, coded=coded))  # type: ignore[arg-type]  # counts of TypeTest by name
        tests = tuple(changed if one.type_id == type_id else one for one in evidence.tests)
        then = Outcome.of(classifier.column(replace(evidence, tests=tests)))
        if not then.same(now):
            return Share(type_id, passing, test.tested, count, then)
    return Share(type_id, passing, test.tested, None, None)


def _counts(start: int, stop: int, tested: int) -> Sequence[int]:
    step = max(1, math.ceil(tested / _STEPS))
    if stop < start:
        return [*range(start - step, stop, -step), stop] if start else ()
    return [*range(start + step, stop, step), stop] if stop > start else ()


def _with_passing(test: TypeTest, count: int, *, coded: bool) -> dict[str, int | float]:
    """Return the fields of a test in which `count` values pass; rows and capped counts move in proportion."""
    share = count / test.tested
    if coded:
        return {"coded": count, "rows_coded": round(test.rows_tested * share)}
    before = test.passed

    def moved(part: float, whole: float) -> float:
        if count <= before:
            return part * count / before if before else 0.0
        return part + (whole - part) * (count - before) / (test.tested - before)

    return {
        "passed": count,
        "structural": max(count, test.structural - max(0, before - count)),
        "coded": min(test.coded, test.tested - count),
        "rows_passed": round(moved(test.rows_passed, test.rows_tested)),
        "capped_passed": moved(test.capped_passed, test.capped_tested),
    }
