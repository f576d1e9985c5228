"""Conditional logit: weights under which the accepted answers of many columns are likeliest, shrunken towards given ones.

Every column chooses one of its candidates; the chance of a candidate is the softmax of `features @ weights + offset` (McFadden 1974).
A column may accept several candidates: then the sum of their chances counts. Needs numpy only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Places = NDArray[np.int64]

_ROUNDS = 60
_HALVINGS = 20
_ENOUGH = 1e-7
_GOLDEN = 0.6180339887498949


@dataclass(frozen=True)
class Choices:
    """The candidates of all columns, one below the other."""

    features: Floats
    """Candidates x weights."""
    offset: Floats
    """What is not fitted, per candidate."""
    accepted: Flags
    """Per candidate. Every column accepts at least one."""
    starts: Places
    """Row of each column's first candidate; each column has one at least."""
    weight: Floats
    """How much each column counts."""

    def part(self, columns: Flags) -> Choices:
        """Return the choices of some columns."""
        import numpy as np

        rows = np.repeat(columns, self.sizes)
        starts = np.concatenate(([0], np.cumsum(self.sizes[columns])[:-1])).astype(np.int64)
        return Choices(self.features[rows], self.offset[rows], self.accepted[rows], starts, self.weight[columns])

    @property
    def sizes(self) -> Places:
        """Candidates per column."""
        import numpy as np

        return np.diff(np.append(self.starts, len(self.offset)))

    def scores(self, weights: Floats) -> Floats:
        """Return the score of each candidate."""
        return self.features @ weights + self.offset


def _log_sums(scores: Floats, starts: Places, sizes: Places) -> Floats:
    """Return ln of the sum of exp(scores) per column; -inf where all scores are."""
    import numpy as np

    high = np.maximum.reduceat(scores, starts)
    floor = np.where(np.isfinite(high), high, 0.0)
    with np.errstate(divide="ignore"):
        return floor + np.log(np.add.reduceat(np.exp(scores - np.repeat(floor, sizes)), starts))


def losses(choices: Choices, scores: Floats) -> Floats:
    """Return -ln of the chance of the accepted candidates, per column, natural-log units."""
    import numpy as np

    sizes = choices.sizes
    accepted = np.where(choices.accepted, scores, -np.inf)
    return _log_sums(scores, choices.starts, sizes) - _log_sums(accepted, choices.starts, sizes)


def chances(choices: Choices, scores: Floats) -> Floats:
    """Return the chance of each candidate among those of its column."""
    import numpy as np

    return np.exp(scores - np.repeat(_log_sums(scores, choices.starts, choices.sizes), choices.sizes))


def fit(choices: Choices, start: Floats, spread: Floats) -> Floats:
    """Return the weights with the least loss plus ((weight - start) / spread)^2 / 2 each (a normal prior around `start`).

    `spread` is the standard deviation of that prior, in the weights' own units; 0 leaves a weight as it is. Newton steps, halved until the
    loss falls; where columns accept several candidates the curvature of the full choice stands in, which is never too small.
    """
    import numpy as np

    free = spread > 0
    told = np.minimum.reduceat(choices.accepted, choices.starts) < np.maximum.reduceat(choices.accepted, choices.starts)
    if not free.all() or not told.all():
        # Columns whose candidates are all accepted say nothing about weights.
        offset = choices.offset + choices.features[:, ~free] @ start[~free]
        part = Choices(choices.features[:, free], offset, choices.accepted, choices.starts, choices.weight).part(told)
        found = start.copy()
        if told.any() and free.any():
            found[free] = fit(part, start[free], spread[free])
        return found

    def loss(weights: Floats) -> float:
        shrinkage = float((((weights - start) / spread) ** 2).sum() / 2)
        return float(choices.weight @ losses(choices, choices.scores(weights))) + shrinkage

    weights = start.copy()
    now = loss(weights)
    sizes = choices.sizes
    rows_weight = np.repeat(choices.weight, sizes)
    for _ in range(_ROUNDS):
        scores = choices.scores(weights)
        all_of = chances(choices, scores)
        right = chances(choices, np.where(choices.accepted, scores, -np.inf))
        slope = choices.features.T @ (rows_weight * (all_of - right)) + (weights - start) / spread**2
        weighted = choices.features * all_of[:, None]
        means = np.add.reduceat(weighted, choices.starts, axis=0)
        bend = (weighted * rows_weight[:, None]).T @ choices.features - (means * choices.weight[:, None]).T @ means
        step = np.linalg.solve(bend + np.diag(1 / spread**2), slope)
        size = 1.0
        for _ in range(_HALVINGS):
            tried = loss(weights - size * step)
            if tried < now:
                break
            size /= 2
        else:
            return weights
        weights = weights - size * step
        if now - tried < _ENOUGH * max(1.0, abs(now)):
            return weights
        now = tried
    return weights


def fit_temperature(choices: Choices, scores: Floats, low: float = 0.25, high: float = 8.0) -> float:
    """Return the divisor of the scores with the least loss; above 1 when confidences were too sure."""
    import math

    return math.exp(_least(lambda power: float(choices.weight @ losses(choices, scores / math.exp(power))), math.log(low), math.log(high)))


def _least(function: Callable[[float], float], low: float, high: float) -> float:
    """Golden-section search for the minimum of a function with one valley (Kiefer 1953)."""
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_left, at_right = function(left), function(right)
    while high - low > 1e-3:
        if at_left < at_right:
            high, right, at_right = right, left, at_left
            left = high - _GOLDEN * (high - low)
            at_left = function(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + _GOLDEN * (high - low)
            at_right = function(right)
    return (low + high) / 2
