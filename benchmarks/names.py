"""Measures names and addresses: recall, false positives per kind of value, columns, speed; built-in models and HanLP.

    python -m benchmarks.names --data FOLDER [--hanlp-jar JAR] [--seed N]

FOLDER is that of `make_name_data.py`. Dictionary words are judged by a model whose weights come from the other half of the
dictionary and which knows no list of look-alikes ("held out"). HanLP has that very dictionary inside, so its figures on
dictionary words flatter it.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import make_name_data as made
from benchmarks import name_samples as samples
from sensscan.registry import load_registry

if TYPE_CHECKING:
    from types import ModuleType

    from sensscan.registry import Matcher

Scorer = Callable[[Sequence[str]], Sequence[float]]
THRESHOLD = 0.5
COLUMN = 20
"""Values per column."""
COLUMNS = 400


@dataclass(frozen=True)
class Engine:
    """One way to score values."""

    name: str
    person: Scorer
    held_out: Scorer
    """For dictionary words: as `person`, but without knowledge of the word."""
    address: Scorer
    bare_person: Scorer
    """Without the normaliser, which all detectors of a column share."""


def share(scorer: Scorer, values: Sequence[str]) -> float:
    """Return the share of values that pass."""
    scores = scorer(values)
    return sum(s >= THRESHOLD for s in scores) / len(values)


def speed(scorer: Scorer, values: Sequence[str], *, seconds: float = 1.0) -> float:
    """Return values per second of CPU time, best of the runs within `seconds`."""
    scorer(values)
    best, end = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.process_time()
        scorer(values)
        best = min(best, time.process_time() - start)
    return len(values) / best


def auc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Return the probability that a positive column has more than a negative one (ties count half)."""
    wins = sum((p > n) + 0.5 * (p == n) for p in positive for n in negative)
    return wins / (len(positive) * len(negative))


def columns(scorer: Scorer, draw: Callable[[], list[str]]) -> list[float]:
    """Return the passing share (plus a thousandth of the mean score, against ties) of many columns."""
    result = []
    for _ in range(COLUMNS):
        scores = scorer(draw())
        result.append(sum(s >= THRESHOLD for s in scores) / len(scores) + sum(scores) / len(scores) / 1000)
    return result


def _raw(matcher: Matcher, *, normalise: bool = True) -> Scorer:
    """Return the card's detector behind its normaliser, or alone."""
    detector = matcher.detector
    assert detector is not None

    def scorer(values: Sequence[str]) -> Sequence[float]:
        return detector.score(matcher.normalise(values))

    return scorer if normalise else detector.score


def builtin(data: Path) -> Engine:
    """Return the built-in models, with a half-trained one for held-out words."""
    from importlib import import_module

    han = import_module("sensscan.detectors._han_names")
    registry = load_registry()
    names = made.name_counts(data)
    known = [w for w in made.background_words(data) if not made.held_out(w)]
    foreign = [w for w in made.foreign_words(data) if not made.held_out(w)]
    weights = made.han_weights(names, known, foreign)
    model = han.build([(char, *map(str, row)) for char, row in weights.items()], [])

    def held_out(values: Sequence[str]) -> Sequence[float]:
        scores: list[float] = han.short_scores(values, model)
        return scores

    person = registry.matchers["person_name"]
    return Engine("built-in", _raw(person), held_out, _raw(registry.matchers["address"]), _raw(person, normalise=False))


def latin() -> ModuleType:
    """Return the module of Western names."""
    from importlib import import_module

    return import_module("sensscan.detectors._latin_names")


def hanlp(jar: Path) -> Engine:
    """Return HanLP alone, without the built-in models behind it."""
    from sensscan.detect.nlp import HanlpEngine

    engine = HanlpEngine({"HANLP_JAR_PATH": str(jar)})
    engine.start()
    return Engine("HanLP", engine.person_scores, engine.person_scores, engine.address_scores, engine.person_scores)


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print one Markdown table."""
    print(f"\n### {title}\n")
    print("| " + " | ".join(head) + " |")
    print("| " + " | ".join("---" for _ in head) + " |")
    for row in rows:
        print("| " + " | ".join(row) + " |")


def percent(part: float) -> str:
    """Write a share."""
    return f"{100 * part:.1f} %"


def value_tables(engines: Sequence[Engine], data: Path, draw: random.Random) -> None:
    """Print recall and false positives per kind of value."""
    head = ["values", "number", *(e.name for e in engines)]

    def cell(e: Engine, scorer: Callable[[Engine], Scorer], values: list[str]) -> str:
        return percent(share(scorer(e), values)) if e.name == "built-in" or any(c > "\u3400" for v in values for c in v) else "-"

    def rows(kinds: dict[str, list[str]], scorer: Callable[[Engine], Scorer]) -> list[list[str]]:
        return [[kind, str(len(v)), *(cell(e, scorer, v) for e in engines)] for kind, v in kinds.items()]

    words = samples.held_out_words(data)
    table("Person names: recall", head, rows(samples.people(data, draw), lambda e: e.person))
    table("Not persons, held-out dictionary words: false positives", head, rows(words, lambda e: e.held_out))
    table("Not persons, other: false positives", head, rows(samples.not_people(draw), lambda e: e.person))
    table("Addresses: recall", head, rows(samples.addresses(data, draw), lambda e: e.address))
    table("Not addresses: false positives", head, rows(samples.not_addresses(data, draw), lambda e: e.address))


def language_table(draw: random.Random) -> None:
    """Print how many names of a language pass when the lists lack that language."""
    ordinary, module = made.ordinary_english(), latin()

    def lacking(tokens: dict[str, str]) -> Scorer:
        return lambda values: [module.score(value, tokens) for value in values]

    left_out = {k: (v, made.kinds_of(made.name_tokens({k}), ordinary)) for k, v in samples.language_people(draw).items()}
    table(
        "Western names of a language that the lists lack (built-in)",
        ["language", "number", "passing"],
        [[k, str(len(v)), percent(share(lacking(tokens), v))] for k, (v, tokens) in left_out.items()],
    )


def column_table(engines: Sequence[Engine], data: Path, draw: random.Random) -> None:
    """Print how well columns of names, whole and half, stand out from columns of words."""
    people, others = samples.people(data, draw), samples.not_people(draw)
    words = samples.held_out_words(data)["all, 2 to 4 characters"]
    english = [v for kind, values in others.items() if kind.startswith("Latin") for v in values]
    chinese, western = people["Chinese, by population"], people["Western, first and last"]

    def mix(good: list[str], bad: list[str], part: float) -> Callable[[], list[str]]:
        count = round(COLUMN * part)
        return lambda: draw.sample(good, count) + draw.sample(bad, COLUMN - count)

    def row(kind: str, good: list[str], bad: list[str], part: float, pick: Callable[[Engine], Scorer]) -> list[str]:
        able = [e for e in engines if e.name == "built-in" or good is chinese]
        areas = [auc(columns(pick(e), mix(good, bad, part)), columns(pick(e), mix(good, bad, 0.0))) for e in able]
        return [kind, *(f"{area:.4f}" for area in areas), *["-"] * (len(engines) - len(able))]

    table(
        f"Columns of {COLUMN} values against columns of words: area under the curve of the passing share",
        ["columns", *(e.name for e in engines)],
        [
            row("Chinese names", chinese, words, 1.0, lambda e: e.held_out),
            row("half Chinese names, half words", chinese, words, 0.5, lambda e: e.held_out),
            row("Western names against Latin texts", western, english, 1.0, lambda e: e.person),
            row("half Western names", western, english, 0.5, lambda e: e.person),
        ],
    )


def speed_table(engines: Sequence[Engine], data: Path, draw: random.Random) -> None:
    """Print values per second."""
    people, places = samples.people(data, draw), samples.addresses(data, draw)
    rates: list[tuple[str, Callable[[Engine], Scorer], list[str]]] = [
        ("Chinese names", lambda e: e.bare_person, people["Chinese, by population"]),
        ("Chinese addresses", lambda e: e.address, places["Chinese, full"]),
        ("Western names", lambda e: e.bare_person, people["Western, first and last"]),
        ("Western addresses", lambda e: e.address, samples.western_addresses(draw)),
    ]
    rows = []
    for kind, pick, values in rates:
        able = [e for e in engines if e.name == "built-in" or not kind.startswith("Western")]
        rows.append([kind, *(f"{speed(pick(e), values[:2000]):,.0f}" for e in able), *["-"] * (len(engines) - len(able))])
    table("Values per second on one core", ["values", *(e.name for e in engines)], rows)


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--hanlp-jar", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    engines = [builtin(options.data)] + ([hanlp(options.hanlp_jar)] if options.hanlp_jar else [])
    value_tables(engines, options.data, draw)
    language_table(draw)
    column_table(engines, options.data, draw)
    speed_table(engines, options.data, draw)


if __name__ == "__main__":
    main()
