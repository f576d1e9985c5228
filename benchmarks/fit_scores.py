"""How good weights are on held-out databases: the product's own decision, counted, with intervals over databases."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Literal

from benchmarks.fit_data import Known, Setting, Unit
from sensscan.classify import Classifier
from sensscan.classify.scorecard import Weights
from sensscan.model import Classification, ColumnResult, Coverage
from sensscan.modes.evaluate import judged
from sensscan.modes.labels import Label
from sensscan.modes.measures import NONE, Calibration, Case, Measures, calibration, measure
from sensscan.registry import Registry

REPEATS = 500
_LEAST = 1e-4
"""Chances are clipped here for the log loss: confidences have four decimals."""
SETTINGS: tuple[Setting, ...] = ("named", "comments", "blind")


@dataclass(frozen=True)
class UnitScores:
    """One database in one setting, judged."""

    unit: Unit
    cases: tuple[Case, ...]
    losses: tuple[float, ...]
    """-ln of the chance given to what is accepted, per column: "none" and every type compete."""


Scores = Sequence[UnitScores]
Range = tuple[float, float]
Value = Literal["macro_f1", "false_positives", "ece", "log_loss"]
MOST_ECE = 0.05
"""The largest expected calibration error that is accepted."""


def held_out_scores(units: Sequence[Unit], registry: Registry, by_fold: Mapping[str, Weights]) -> list[UnitScores]:
    """Judge every unit with the weights of its fold."""
    classifiers: dict[str, Classifier] = {}
    found = []
    for unit in units:
        classifier = classifiers.setdefault(unit.fold, Classifier(registry, by_fold[unit.fold]))
        cases: list[Case] = []
        losses: list[float] = []
        for table, columns in unit.tables:
            seen = classifier.in_context(table, [known.evidence for known in columns])
            for known, evidence in zip(columns, seen, strict=True):
                if known.accepted:
                    standing = classifier.standing(evidence)
                    cases.append(_case(known, unit, classifier.decide(evidence, standing)))
                    losses.append(_loss(known, standing.chances))
        found.append(UnitScores(unit, tuple(cases), tuple(losses)))
    return found


def _case(known: Known, unit: Unit, decided: Classification) -> Case:
    column = known.evidence.column
    outcome = ColumnResult(column, decided, Coverage("all", 0, 0, 0, 0, True, None, None))  # coverage is not looked at
    return judged(outcome, Label(column.ref.table, column.ref.column, known.accepted, 0, unit.database), unit.fold)


def _loss(known: Known, chances: Mapping[str, float]) -> float:
    accepted = (NONE, *known.accepted) if known.inside else known.accepted
    return -math.log(min(1.0, max(_LEAST, math.fsum(chances.get(kind, 0.0) for kind in accepted))))


def of_setting(scores: Scores, setting: Setting | None, origin: str = "") -> list[UnitScores]:
    """Return the units of one setting, or all; of one origin, or all."""
    return [one for one in scores if setting in (None, one.unit.setting) and origin in ("", one.unit.origin)]


def measures(scores: Scores) -> Measures:
    """Count all columns."""
    return measure([case for one in scores for case in one.cases])


def reliability(scores: Scores, *, whole: bool = False) -> Calibration:
    """Compare confidence and truth on the columns called sensitive; with `whole` only on verdicts *is*."""
    return calibration([case for one in scores for case in one.cases if not whole or case.verdict == "is"])


def log_loss(scores: Scores) -> float:
    """Return the mean loss, each fold counting the same."""
    by_fold: dict[str, list[float]] = {}
    for one in scores:
        by_fold.setdefault(one.unit.fold, []).extend(one.losses)
    return math.fsum(math.fsum(found) / len(found) for found in by_fold.values()) / len(by_fold) if by_fold else 0.0


def _draws(folds: Sequence[str], repeats: int) -> list[list[str]]:
    r = Random(1)
    return [r.choices(folds, k=len(folds)) for _ in range(repeats)]


def interval(scores: Scores, value: Value, repeats: int = REPEATS) -> Range:
    """Return the 95 % percentile interval of a value when folds are drawn again and again."""
    by_fold: dict[str, list[UnitScores]] = {}
    for one in scores:
        by_fold.setdefault(one.unit.fold, []).append(one)
    draws = _draws(sorted(by_fold), repeats)
    match value:
        case "log_loss":
            losses = {fold: log_loss(found) for fold, found in by_fold.items()}
            return percentiles([math.fsum(losses[fold] for fold in drawn) / len(drawn) for drawn in draws])
        case "ece":
            called = {fold: [case for one in found for case in one.cases if case.said != NONE] for fold, found in by_fold.items()}
            return percentiles([calibration([case for fold in drawn for case in called[fold]]).ece for drawn in draws])
        case _:
            counts = {fold: _Counts.of([case for one in found for case in one.cases]) for fold, found in by_fold.items()}
            summed = [sum((counts[fold] for fold in drawn), _Counts()) for drawn in draws]
            return percentiles([one.macro_f1 if value == "macro_f1" else one.false_positive_rate for one in summed])


@dataclass(frozen=True)
class _Counts:
    """What macro-F1 and the false positives of one fold, or of several together, are made of."""

    labelled: Counter[str] = field(default_factory=Counter)
    said: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    negatives: int = 0
    false_positives: int = 0

    @classmethod
    def of(cls, cases: Sequence[Case]) -> _Counts:
        found = measure(cases)
        return cls(
            Counter({one.type_id: one.labelled for one in found.types}),
            Counter({one.type_id: one.said for one in found.types}),
            Counter({one.type_id: one.right for one in found.types}),
            found.negatives,
            found.false_positives,
        )

    def __add__(self, other: _Counts) -> _Counts:
        return _Counts(
            self.labelled + other.labelled, self.said + other.said, self.right + other.right,
            self.negatives + other.negatives, self.false_positives + other.false_positives,
        )  # fmt: skip

    @property
    def macro_f1(self) -> float:
        """Mean F1 of the types with a label, as `measure` has it."""
        found = [2 * self.right[kind] / (self.said[kind] + count) for kind, count in self.labelled.items() if count]
        return math.fsum(found) / len(found) if found else 0.0

    @property
    def false_positive_rate(self) -> float:
        """False positives / negatives."""
        return self.false_positives / self.negatives if self.negatives else 0.0


def percentiles(values: Sequence[float]) -> Range:
    """Return the 2.5th and 97.5th percentile.

    >>> percentiles([float(value) for value in range(1001)])
    (25.0, 975.0)
    """
    ranked = sorted(values)
    last = len(ranked) - 1
    return ranked[round(0.025 * last)], ranked[round(0.975 * last)]


def loss_difference(first: Scores, second: Scores) -> tuple[float, Range]:
    """Return the second's log loss less the first's, and its interval over databases; below 0 the second is better."""
    folds = sorted({one.unit.fold for one in first})
    gaps = {
        fold: log_loss([one for one in second if one.unit.fold == fold]) - log_loss([one for one in first if one.unit.fold == fold])
        for fold in folds
    }
    drawn = [math.fsum(gaps[fold] for fold in chosen) / len(chosen) for chosen in _draws(folds, REPEATS)]
    return math.fsum(gaps.values()) / len(gaps), percentiles(drawn)


def objections(first: Scores, second: Scores) -> list[str]:
    """Return what speaks against the second; empty when it is clearly better.

    Its log loss must be lower over the whole interval, and in no setting may macro-F1 or false positives fall behind, neither on the
    evaluation databases nor on all.
    """
    found = []
    if loss_difference(first, second)[1][1] >= 0:
        found.append("log loss not surely lower")
    for origin in ("", "evaluation"):
        for setting in SETTINGS:
            before, after = of_setting(first, setting, origin), of_setting(second, setting, origin)
            if not before:
                continue
            old, new = measures(before), measures(after)
            place = f"{origin or 'all'} databases, {setting}"
            if new.macro_f1 < old.macro_f1 - 1e-9:
                found.append(f"{place}: macro-F1")
            if new.false_positives > old.false_positives:
                found.append(f"{place}: false positives")
    if reliability(second).ece > max(MOST_ECE, reliability(first).ece):
        found.append("ECE")
    return found


def better(first: Scores, second: Scores) -> bool:
    """Whether nothing speaks against the second."""
    return not objections(first, second)


def summary(scores: Scores) -> str:
    """Return the figures as lines for a terminal."""
    lines = [f"  {'':24}{'columns':>8}{'macro-F1':>10}{'FP':>10}{'log loss':>10}{'ECE':>8}{'called':>8}"]
    for origin in ("samples", "generated", "evaluation", ""):
        for setting in (*SETTINGS, None):
            part = of_setting(scores, setting, origin)
            if not part or (origin and setting is None):
                continue
            found, sure = measures(part), reliability(part)
            name = f"{origin or 'all'} {setting or 'together'}"
            lines.append(
                f"  {name:24}{found.columns:>8}{found.macro_f1:>10.4f}"
                f"{f'{found.false_positives}/{found.negatives}':>10}{log_loss(part):>10.4f}{sure.ece:>8.4f}{sure.columns:>8}"
            )
    return "\n".join(lines)
