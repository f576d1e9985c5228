"""How much a share of passing values says: beta-binomial likelihoods of three hypotheses.

*is*: nearly all values pass, with a heavy tail for dirt. *some*: the column mixes kinds. *not*: the share is chance (over-dispersed,
because values of one column are alike), or the column is one of the few others that look exactly like the type.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

MOST_ALPHA = 18.0
SOME_ALPHA, SOME_BETA = 0.5, 2.0
NOT_STRENGTH = 20.0
LOG_MIXED = math.log(0.05)
"""Share of columns that mix kinds, among those with some passing values."""
_FLOOR = -700.0


def log_beta_binomial(passed: float, tested: float, alpha: float, beta: float) -> float:
    """Return ln P(passed of tested) under a beta-binomial; counts may be fractional (capped vocabularies).

    >>> round(math.exp(log_beta_binomial(1, 1, 18, 1)), 3)
    0.947
    """
    if tested <= 0:
        return 0.0
    choose = math.lgamma(tested + 1) - math.lgamma(passed + 1) - math.lgamma(tested - passed + 1)
    return (
        choose
        + math.lgamma(passed + alpha)
        + math.lgamma(tested - passed + beta)
        - math.lgamma(tested + alpha + beta)
        + math.lgamma(alpha + beta)
        - math.lgamma(alpha)
        - math.lgamma(beta)
    )


@dataclass(frozen=True, slots=True)
class Likelihoods:
    """ln likelihoods of the three hypotheses for one type and column."""

    is_type: float
    some: float
    not_type: float

    @property
    def weight(self) -> float:
        """Weight of evidence of *is* against *not* and *some*, natural-log units; at most ln(1/look_alike)."""
        return self.is_type - _log_sum(self.not_type, self.some + LOG_MIXED)

    @property
    def some_weight(self) -> float:
        """Weight of evidence of *some* against *not*."""
        return self.some - self.not_type


def _log_sum(first: float, second: float) -> float:
    high = max(first, second)
    return high + math.log(math.exp(first - high) + math.exp(second - high)) if high > _FLOOR else _FLOOR


def likelihoods(passed: float, tested: float, *, chance: float, look_alike: float, typical: float = 0.95) -> Likelihoods:
    """Return the three likelihoods for `passed` of `tested` values.

    `chance` is the share of random values that pass, `look_alike` the share of other columns whose values all look so, `typical` the
    share that passes in a real column: a model that knows four names in five must not take the fifth for dirt.
    """
    chance = min(max(chance, 1e-6), 0.98)
    look_alike = min(max(look_alike, 1e-6), 0.98)
    is_type = log_beta_binomial(passed, tested, min(MOST_ALPHA, typical / max(1e-6, 1 - typical)), 1.0)
    by_chance = log_beta_binomial(passed, tested, chance * NOT_STRENGTH, (1 - chance) * NOT_STRENGTH)
    not_type = _log_sum(math.log1p(-look_alike) + by_chance, math.log(look_alike) + is_type)
    share = passed / tested if tested else 0.0
    some = log_beta_binomial(passed, tested, SOME_ALPHA, SOME_BETA) if chance * 3 < share else _FLOOR
    return Likelihoods(is_type, some, not_type)
