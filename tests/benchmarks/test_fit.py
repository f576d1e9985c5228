"""Fitting of the weights: known weights come back, temperature and shrinkage do what they say, the file stays readable."""

from __future__ import annotations

import math
import tomllib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.blind_columns import blind_database
from benchmarks.database import write_all
from benchmarks.fit_data import LINEAR, Known, Unit, problem, read_folder
from benchmarks.fit_model import choose, models, start_of, weights_of
from benchmarks.fit_scores import better, held_out_scores, interval, log_loss, measures, objections, reliability
from benchmarks.fit_weights import WEIGHTS_FILE, rewritten
from benchmarks.logit import Choices, chances, fit, fit_temperature, losses
from sensscan.classify import Classifier
from sensscan.classify.scorecard import Weights, load_weights, softmax
from sensscan.registry import Registry, load_registry


def drawn(truth: np.ndarray, columns: int, seed: int, temperature: float = 1.0) -> Choices:
    """Columns whose answers were drawn with known weights."""
    r = np.random.default_rng(seed)
    features: list[np.ndarray] = []
    accepted: list[bool] = []
    starts: list[int] = []
    for _ in range(columns):
        count = int(r.integers(2, 6))
        rows = r.normal(size=(count, len(truth)))
        rows[0] = 0.0
        scores = rows @ truth / temperature
        shares = np.exp(scores - scores.max())
        starts.append(len(features))
        features.extend(rows)
        chosen = int(r.choice(count, p=shares / shares.sum()))
        accepted += [place == chosen for place in range(count)]
    return Choices(np.array(features), np.zeros(len(features)), np.array(accepted), np.array(starts), np.ones(columns))


@settings(max_examples=6, deadline=None)
@given(st.lists(st.floats(-3, 3), min_size=1, max_size=4), st.integers(0, 1000))
def test_known_weights_come_back(truth: list[float], seed: int) -> None:
    wanted = np.array(truth)
    found = fit(drawn(wanted, 1500, seed), np.zeros(len(truth)), np.full(len(truth), 100.0))
    assert np.abs(found - wanted).max() < 0.6


def test_no_other_weights_are_likelier() -> None:
    choices = drawn(np.array([2.0, -1.0]), 500, 3)
    found = fit(choices, np.zeros(2), np.full(2, 1e6))
    least = losses(choices, choices.scores(found)).sum()
    for step in ([0.01, 0], [-0.01, 0], [0, 0.01], [0, -0.01]):
        assert losses(choices, choices.scores(found + np.array(step))).sum() > least


def test_shrinkage_keeps_what_data_do_not_tell() -> None:
    choices = drawn(np.array([2.0, -1.0]), 300, 4)
    start = np.array([5.0, 5.0])
    assert np.abs(fit(choices, start, np.full(2, 1e-3)) - start).max() < 0.01
    held = fit(choices, start, np.array([0.0, 10.0]))
    assert held[0] == 5.0
    assert held[1] != 5.0


def test_any_accepted_answer_counts() -> None:
    """A label a|b is the sum of both chances; a column that accepts all its candidates changes nothing."""
    choices = Choices(np.array([[0.0], [1.0], [1.0]]), np.zeros(3), np.array([False, True, True]), np.array([0]), np.ones(1))
    assert losses(choices, np.zeros(3))[0] == pytest.approx(math.log(3 / 2))
    everything = replace(choices, accepted=np.array([True, True, True]))
    assert fit(everything, np.array([1.5]), np.ones(1))[0] == 1.5


def test_chances_are_those_of_the_scorecard() -> None:
    scores = {"none": 0.0, "email": 2.0, "url": -1.0}
    choices = Choices(np.zeros((3, 1)), np.zeros(3), np.array([True, False, False]), np.array([0]), np.ones(1))
    for temperature in (0.5, 1.0, 3.0):
        made = chances(choices, np.array(list(scores.values())) / temperature)
        assert made == pytest.approx(list(softmax(scores, temperature).values()))


def test_a_higher_temperature_is_less_sure() -> None:
    cold, warm = (softmax({"none": 0.0, "email": 4.0}, temperature)["email"] for temperature in (1.0, 2.0))
    assert 0.5 < warm < cold


@settings(max_examples=5, deadline=None)
@given(st.floats(0.5, 4.0), st.integers(0, 1000))
def test_the_temperature_comes_back(temperature: float, seed: int) -> None:
    truth = np.array([2.0, -3.0])
    choices = drawn(truth, 2500, seed, temperature)
    assert fit_temperature(choices, choices.scores(truth)) == pytest.approx(temperature, rel=0.2)


# The scorecard's own columns


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


@pytest.fixture(scope="module")
def units(registry: Registry, tmp_path_factory: pytest.TempPathFactory) -> list[Unit]:
    """Two databases of some generated tables."""
    folder = tmp_path_factory.mktemp("units")
    write_all(folder, {f"blind_{seed}": blind_database(20, seed)[:6] for seed in (1, 2)})
    return list(read_folder(folder, "samples", registry))


def test_features_and_weights_make_the_scorecards_totals(registry: Registry, units: list[Unit]) -> None:
    weights = load_weights()
    found = problem(units, registry, weights)
    scores = found.choices.scores(start_of(found.names, weights))
    made = []
    for unit in units:
        for table, columns in unit.tables:
            seen = Classifier(registry, weights).in_context(table, [known.evidence for known in columns])
            for known, evidence in zip(columns, seen, strict=True):
                if known.accepted:
                    standing = Classifier(registry, weights).standing(evidence)
                    made.append([0.0, *(standing.scores[kind].total for kind in standing.chances if kind != "none")])
    if found.left_out == 0:
        assert scores == pytest.approx([total for column in made for total in column])
    assert len(found.choices.starts) + found.left_out == len(made)


def test_weights_survive_the_vector() -> None:
    base = load_weights()
    names = (*LINEAR, "email", "url")
    vector = start_of(names, replace(base, intercepts={"email": 0.4, "url": 0.01}))
    assert weights_of(vector, names, base, 1.25) == replace(base, intercepts={"email": 0.4}, temperature=1.25)


def test_an_intercept_and_the_factors_change_the_total(registry: Registry, units: list[Unit]) -> None:
    base = load_weights()
    raised = replace(base, intercepts={"email": 2.0})
    evidence = next(known.evidence for unit in units for _, columns in unit.tables for known in columns if known.accepted == ("email",))
    before, after = (Classifier(registry, weights).standing(evidence).scores["email"] for weights in (base, raised))
    assert after.total - before.total == pytest.approx(2.0)
    doubled = Classifier(registry, replace(base, values=2 * base.values)).standing(evidence).scores["email"]
    line = next(line for line in before.lines if line.kind == "values")
    assert doubled.total - before.total == pytest.approx(line.weight)


def test_no_fold_learns_from_itself_or_its_twin() -> None:
    def unit(database: str, setting: str, origin: str) -> Unit:
        return Unit(database, setting, origin, ())  # type: ignore[arg-type]  # the tests' words are those of the types

    named, comments, blind = unit("a", "named", "evaluation"), unit("a", "comments", "evaluation"), unit("blind", "blind", "evaluation")
    assert named.related(comments)
    assert named.related(blind)
    assert blind.related(comments)
    assert not named.related(unit("b", "named", "evaluation"))
    assert unit("blind_50", "blind", "generated").related(unit("blind_200", "blind", "generated"))
    assert not unit("blind_50", "blind", "generated").related(unit("hotel", "named", "generated"))


def test_ways_are_compared_on_what_they_were_not_fitted_on(registry: Registry, units: list[Unit]) -> None:
    base = load_weights()
    made = models(problem(units, registry, base), units, base)
    scores = {model.name: held_out_scores(units, registry, model.by_fold) for model in made}
    assert measures(scores["as shipped"]).columns == sum(unit.labelled for unit in units)
    assert not better(scores["as shipped"], scores["as shipped"])
    assert choose(made[:1], scores) is made[0]
    spoilt = replace(base, prior=base.prior + 14)
    worse = held_out_scores(units, registry, {unit.fold: spoilt for unit in units})
    assert log_loss(worse) > log_loss(scores["as shipped"])
    assert not better(scores["as shipped"], worse)
    assert better(worse, scores["as shipped"])
    assert "all databases, blind: macro-F1" in objections(scores["as shipped"], worse)
    assert 0 <= reliability(worse).ece <= 1


def test_intervals_hold_the_value(registry: Registry, units: list[Unit]) -> None:
    base = load_weights()
    scores = held_out_scores(units, registry, dict.fromkeys((unit.fold for unit in units), base))
    low, high = interval(scores, "macro_f1")
    # The types of one database alone can all be right.
    assert low <= high <= 1
    least, most = interval(scores, "false_positives")
    assert least <= measures(scores).false_positive_rate <= most
    low, high = interval(scores, "log_loss")
    assert low <= log_loss(scores) <= high


def test_a_type_inside_the_values_is_no_miss_of_the_scorecard(registry: Registry, units: list[Unit]) -> None:
    unit = units[0]
    table, columns = unit.tables[0]
    none = next(known for known in columns if known.accepted[:1] == ("none",))
    inside = Known(none.evidence, ("mobile_phone",), inside=True)
    one = replace(unit, tables=((table, (inside,)),))
    found = problem([one], registry, load_weights())
    assert found.choices.accepted[0]


# weights.toml


def test_the_file_keeps_its_remarks_and_reads_back() -> None:
    text = WEIGHTS_FILE.read_text(encoding="utf-8")
    base = load_weights()
    assert tomllib.loads(rewritten(text, base)) == tomllib.loads(text)
    changed = replace(base, prior=-3.25, values=0.9, intercepts={"email": 0.3, "address": -0.2})
    made = rewritten(text, changed)
    assert Weights(**tomllib.loads(made)) == changed
    assert [line.partition("#")[2] for line in text.splitlines() if "#" in line] == [
        line.partition("#")[2] for line in made.splitlines() if "#" in line and "Added to the prior" not in line
    ]
    assert Weights(**tomllib.loads(rewritten(made, base))) == base
