"""How good labels are, in numbers: precision, recall, F1, false positives, curves, calibration, intervals. Pure functions of cases."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from sensscan.model import ColumnRef, Verdict

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NONE = "none"
THRESHOLDS = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99)
"""Below 0.5 no verdict is given, so the curves start there."""
BINS = 10
REPEATS = 1000
_LEAST_SURE = 1e-4
"""Confidences have four decimals: for the log loss 0 and 1 stand for half a step from them."""
_ENOUGH_DATABASES = 8
"""From so many databases on, these are what is drawn for the interval; below it is tables."""


@dataclass(frozen=True, slots=True)
class Case:
    """One labelled column with what was said of it."""

    ref: ColumnRef
    database: str
    """Name of the database in the labels, for drawing and grouping."""
    accepted: tuple[str, ...]
    """Best first."""
    said: str
    """A type id, or "none" when no type was given (verdicts none and unknown)."""
    verdict: Verdict
    confidence: float
    unread: bool = False

    @property
    def right(self) -> bool:
        """Whether what was said is accepted."""
        return self.said in self.accepted

    @property
    def truth(self) -> str:
        """The type that counts as the right one: what was said if accepted, else the best of the accepted."""
        return self.said if self.right else self.accepted[0]


@dataclass(frozen=True, slots=True)
class TypeMeasure:
    """One type's share of right and wrong."""

    type_id: str
    labelled: int
    said: int
    right: int

    @property
    def precision(self) -> float | None:
        """Right / said; None when it was never said."""
        return self.right / self.said if self.said else None

    @property
    def recall(self) -> float | None:
        """Right / labelled; None when there is none."""
        return self.right / self.labelled if self.labelled else None

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 0 when nothing was right."""
        return 2 * self.right / (self.said + self.labelled) if self.said + self.labelled else 0.0


@dataclass(frozen=True, slots=True)
class Measures:
    """The quality of a set of labelled columns."""

    columns: int
    types: tuple[TypeMeasure, ...]
    """Types that are labelled or were said, without "none"."""
    macro_f1: float
    """Mean F1 of the types with a label."""
    micro: TypeMeasure
    """All types together."""
    negatives: int
    """Columns whose best label is none."""
    false_positives: int
    """Those of them that were called something that is not accepted."""

    @property
    def false_positive_rate(self) -> float:
        """False positives / negatives."""
        return self.false_positives / self.negatives if self.negatives else 0.0


def measure(cases: Sequence[Case]) -> Measures:
    """Count."""
    labelled: Counter[str] = Counter()
    said: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for case in cases:
        labelled[case.truth] += 1
        said[case.said] += 1
        right[case.said] += case.right
    types = tuple(
        TypeMeasure(type_id, labelled[type_id], said[type_id], right[type_id])
        for type_id in sorted((labelled.keys() | said.keys()) - {NONE})
    )
    with_label = [one.f1 for one in types if one.labelled]
    total = TypeMeasure("", sum(t.labelled for t in types), sum(t.said for t in types), sum(t.right for t in types))
    negatives = [case for case in cases if case.accepted[0] == NONE]
    return Measures(
        columns=len(cases),
        types=types,
        macro_f1=math.fsum(with_label) / len(with_label) if with_label else 0.0,
        micro=total,
        negatives=len(negatives),
        false_positives=sum(not case.right for case in negatives),
    )


def confusions(cases: Sequence[Case]) -> dict[tuple[str, str], int]:
    """Return (right type, said type) -> columns, the diagonal included."""
    return dict(sorted(Counter((case.truth, case.said) for case in cases).items()))


def at_threshold(cases: Sequence[Case], threshold: float) -> list[Case]:
    """Return the cases as if labels below `threshold` were not given."""
    return [replace(case, said=NONE) if case.said != NONE and case.confidence < threshold else case for case in cases]


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The quality when only labels of at least this confidence count."""

    threshold: float
    precision: float | None
    recall: float | None
    micro_f1: float
    macro_f1: float
    false_positive_rate: float
    said: int


def curve(cases: Sequence[Case], thresholds: Sequence[float] = THRESHOLDS) -> tuple[CurvePoint, ...]:
    """Return one point per threshold."""
    points = []
    for threshold in thresholds:
        found = measure(at_threshold(cases, threshold))
        micro = found.micro
        points.append(CurvePoint(threshold, micro.precision, micro.recall, micro.f1, found.macro_f1, found.false_positive_rate, micro.said))
    return tuple(points)


@dataclass(frozen=True, slots=True)
class Bin:
    """Columns of similar confidence."""

    columns: int
    lowest: float
    highest: float
    confidence: float
    """Mean."""
    right: float
    """Share."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Whether 90 % means nine in ten, on the columns called sensitive."""

    columns: int
    bins: tuple[Bin, ...]
    """Equal counts, least sure first."""
    ece: float
    """Expected calibration error: mean distance of confidence and share of right ones, over the bins."""
    log_loss: float
    """Mean -ln of the probability given to what turned out true, natural-log units."""


def calibration(cases: Sequence[Case], bins: int = BINS) -> Calibration:
    """Compare confidence and truth in equal-count bins; there are fewer bins when there are fewer than ten columns for each."""
    called = sorted((case for case in cases if case.said != NONE), key=lambda case: (case.confidence, case.ref))
    if not called:
        return Calibration(0, (), 0.0, 0.0)
    count = max(1, min(bins, len(called) // 10))
    edges = [round(place * len(called) / count) for place in range(count + 1)]
    made = []
    for start, stop in pairwise(edges):
        part = called[start:stop]
        sure = math.fsum(case.confidence for case in part) / len(part)
        made.append(Bin(len(part), part[0].confidence, part[-1].confidence, sure, sum(case.right for case in part) / len(part)))
    ece = math.fsum(one.columns * abs(one.confidence - one.right) for one in made) / len(called)
    loss = -math.fsum(math.log(_clipped(case.confidence if case.right else 1 - case.confidence)) for case in called) / len(called)
    return Calibration(len(called), tuple(made), ece, loss + 0.0)


def _clipped(chance: float) -> float:
    return min(max(chance, _LEAST_SURE / 2), 1 - _LEAST_SURE / 2)


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % percentile interval by bootstrap (Efron 1979): whole databases or tables are drawn, because columns of one are alike."""

    unit: str
    """"database" or "table"."""
    units: int
    macro_f1: tuple[float, float]
    micro_f1: tuple[float, float]
    false_positive_rate: tuple[float, float]


def interval(cases: Sequence[Case], *, repeats: int = REPEATS, seed: int = 0) -> Interval | None:
    """Return the interval of the three headline numbers; None with fewer than two tables."""
    import numpy as np

    by_database = defaultdict(list)
    by_table = defaultdict(list)
    for case in cases:
        by_database[case.database].append(case)
        by_table[case.ref.table_ref].append(case)
    whole = len(by_database) >= _ENOUGH_DATABASES
    units: list[list[Case]] = list(by_database.values()) if whole else list(by_table.values())
    if len(units) < 2:
        return None
    names = sorted({name for case in cases for name in (case.truth, case.said)} - {NONE})
    place = {name: number for number, name in enumerate(names)}
    counts = np.zeros((len(units), 3 * len(names) + 2))
    for row, unit in zip(counts, units, strict=True):
        for case in unit:
            _count(row, case, place)
    draws = np.random.default_rng(seed).multinomial(len(units), np.full(len(units), 1 / len(units)), size=repeats) @ counts
    labelled, said, right = (draws[:, part * len(names) : (part + 1) * len(names)] for part in range(3))
    both = labelled + said
    f1 = np.divide(2 * right, both, out=np.zeros_like(both), where=both > 0)
    drawn = labelled > 0
    macro = np.divide((f1 * drawn).sum(axis=1), np.maximum(1, drawn.sum(axis=1)))
    micro = 2 * right.sum(axis=1) / np.maximum(1, both.sum(axis=1))
    rate = draws[:, -1] / np.maximum(1, draws[:, -2])
    low_high = [tuple(float(edge) for edge in np.percentile(values, (2.5, 97.5))) for values in (macro, micro, rate)]
    return Interval("database" if whole else "table", len(units), *low_high)  # type: ignore[arg-type]  # each is a pair


def _count(row: NDArray[np.float64], case: Case, place: Mapping[str, int]) -> None:
    """Add a case to a row: labelled, said and right per type, negatives, false positives."""
    size = len(place)
    if case.truth != NONE:
        row[place[case.truth]] += 1
    if case.said != NONE:
        row[size + place[case.said]] += 1
        row[2 * size + place[case.said]] += case.right
    if case.accepted[0] == NONE:
        row[-2] += 1
        row[-1] += not case.right
