"""Ways to set the weights, each with weights for every held-out fold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from benchmarks.fit_data import LINEAR, Problem, Unit, with_linear
from benchmarks.fit_scores import Scores, better
from benchmarks.logit import fit, fit_temperature
from sensscan.classify.scorecard import Weights

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SPREADS = {"prior": 0.0, "values": 0.25, "context": 0.25}
"""Standard deviations that differ. The labelled sets hold far more sensitive columns than databases do, so the prior cannot be learnt from them
(King and Zeng 2001): it stays. Factors are near 1."""
SPREAD = 1.0
"""Standard deviation by which any other weight may plausibly be off, natural-log units."""
TYPE_SPREAD = 0.5
"""The same for what one type has of its own."""
_NO_INTERCEPT = 0.05
"""Smaller ones are left out of the file."""


@dataclass(frozen=True)
class Model:
    """One way to set the weights, and what it gives on each held-out fold."""

    name: str
    weights: Weights
    """From all databases."""
    by_fold: Mapping[str, Weights]
    """From the databases that are not related to a fold."""


def start_of(names: Sequence[str], weights: Weights) -> Floats:
    """Return the weights as one vector, intercepts last."""
    import numpy as np

    linear = [float(getattr(weights, name)) for name in LINEAR]
    return np.array([*linear, *(weights.intercepts.get(name, 0.0) for name in names[len(LINEAR) :])])


def spread_of(names: Sequence[str], *, intercepts: bool) -> Floats:
    """Return the standard deviations that the weights are shrunken with; without intercepts theirs are 0, which fixes them."""
    import numpy as np

    linear = [SPREADS.get(name, SPREAD) for name in LINEAR]
    return np.array([*linear, *([TYPE_SPREAD if intercepts else 0.0] * (len(names) - len(LINEAR)))])


def weights_of(vector: Floats, names: Sequence[str], base: Weights, temperature: float) -> Weights:
    """Return a vector as weights, rounded as the file has them."""
    linear = {name: round(float(value), 2) for name, value in zip(LINEAR, vector, strict=False)}
    own = zip(names[len(LINEAR) :], vector[len(LINEAR) :], strict=True)
    intercepts = {name: round(float(value), 2) for name, value in own if abs(value) >= _NO_INTERCEPT}
    return with_linear(replace(base, intercepts=intercepts, temperature=round(temperature, 2)), linear)


def models(found: Problem, units: Sequence[Unit], base: Weights) -> list[Model]:
    """Return the weights as they are, with a fitted temperature, with fitted shared weights, and with intercepts too."""
    import numpy as np

    shipped = start_of(found.names, base)
    folds = list(dict.fromkeys(unit.fold for unit in units))
    same = dict.fromkeys(folds, shipped)
    made = [Model("as shipped", base, dict.fromkeys(folds, base)), _tempered("temperature only", shipped, same, found, units, base)]
    for name, intercepts in (("shared weights", False), ("shared weights and intercepts", True)):
        spread = spread_of(found.names, intercepts=intercepts)
        vectors = {}
        for fold in folds:
            kin = np.array([not any(unit.related(other) for other in units if other.fold == fold) for unit in units])
            vectors[fold] = fit(found.choices.part(kin[found.unit_of]), shipped, spread)
        made.append(_tempered(name, fit(found.choices, shipped, spread), vectors, found, units, base))
    return made


def _tempered(name: str, vector: Floats, vectors: Mapping[str, Floats], found: Problem, units: Sequence[Unit], base: Weights) -> Model:
    """Return a model with the temperature of its held-out predictions; a fold's own are not used for its temperature."""
    import numpy as np

    fold_of = np.array([units[place].fold for place in found.unit_of])
    scores = np.empty(len(found.choices.offset))
    row_fold = np.repeat(fold_of, found.choices.sizes)
    for fold, own in vectors.items():
        rows = row_fold == fold
        scores[rows] = found.choices.features[rows] @ own + found.choices.offset[rows]
    by_fold = {}
    for fold, own in vectors.items():
        others = fold_of != fold
        temperature = fit_temperature(found.choices.part(others), scores[row_fold != fold])
        by_fold[fold] = weights_of(own, found.names, base, temperature)
    return Model(name, weights_of(vector, found.names, base, fit_temperature(found.choices, scores)), by_fold)


def choose(made: Sequence[Model], scores: Mapping[str, Scores]) -> Model:
    """Return the model to ship: the first stays unless a later one is clearly better than what was chosen so far."""
    chosen = made[0]
    for model in made[1:]:
        if better(scores[chosen.name], scores[model.name]):
            chosen = model
    return chosen
