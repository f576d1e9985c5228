"""Fits the weights of the scorecard, and says whether the fitted ones are better on databases that they were not fitted on.

    python -m benchmarks.fit_weights [--evaluation DIR]... [--rows 50,200] [--each 25] [--cache FILE] [--page docs/calibration.md] [--write]

Conditional logit over "none" and the competing types, shrunken towards the weights that are shipped; each database counts the same. Every
figure under "held out" is of columns judged with weights from other databases. `--write` changes sensscan/classify/weights.toml if, and only
as far as, the held-out databases speak for it.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import fields
from pathlib import Path

from benchmarks.fit_data import EACH, all_units, problem
from benchmarks.fit_model import choose, models, start_of
from benchmarks.fit_page import page, weight_table
from benchmarks.fit_scores import held_out_scores, summary
from benchmarks.logit import losses
from sensscan.classify.scorecard import Weights, load_weights
from sensscan.registry import load_registry

WEIGHTS_FILE = Path(__file__).resolve().parents[1] / "sensscan" / "classify" / "weights.toml"


def main() -> None:
    """Fit, compare, print; write if asked to."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fit_weights", description="Fit and check the weights of the scorecard.")
    parser.add_argument("--evaluation", type=Path, action="append", default=[], metavar="DIR", help="folder with NAME.db and labels.csv")
    parser.add_argument("--rows", default="50,200", help="rows of the generated blind columns")
    parser.add_argument("--each", type=float, default=EACH, help="as how many columns a database counts; more means less shrinkage")
    parser.add_argument("--cache", type=Path, help="keep what was read in this file")
    parser.add_argument("--page", type=Path, help="write the page on calibration")
    parser.add_argument("--write", action="store_true", help="write weights.toml if the held-out databases speak for it")
    options = parser.parse_args()
    started = time.monotonic()
    registry = load_registry()
    base = load_weights()
    units = all_units(registry, [int(count) for count in options.rows.split(",")], options.evaluation, options.cache)
    print(
        f"{sum(unit.labelled for unit in units)} labelled columns of {len({unit.fold for unit in units})} folds, {time.monotonic() - started:.0f} s"
    )
    found = problem(units, registry, base, options.each)
    print(
        f"{len(found.choices.starts)} to fit on, {found.left_out} say nothing; mean loss {losses(found.choices, found.choices.scores(start_of(found.names, base))).mean():.4f}"
    )
    made = models(found, units, base)
    scores = {model.name: held_out_scores(units, registry, model.by_fold) for model in made}
    for model in made:
        print(f"\n{model.name}\n{summary(scores[model.name])}")
    chosen = choose(made, scores)
    print(f"\n{weight_table(made)}\n\nchosen: {chosen.name}   ({time.monotonic() - started:.0f} s)")
    if options.page is not None:
        options.page.write_text(page(units, found, made, scores, chosen, rows=options.rows, each=options.each), encoding="utf-8")
    if options.write and chosen is not made[0]:
        WEIGHTS_FILE.write_text(rewritten(WEIGHTS_FILE.read_text(encoding="utf-8"), chosen.weights), encoding="utf-8")
        print(f"written: {WEIGHTS_FILE}")


def rewritten(text: str, weights: Weights) -> str:
    """Return the text of weights.toml with other numbers; comments and the order of lines stay.

    Weights that have a default are added where they differ from it.
    """
    shared, _, _ = text.partition("\n[intercepts]")
    lines = []
    written = {"intercepts"}
    for line in shared.rstrip("\n").split("\n"):
        name, equals, rest = line.partition("=")
        if not equals or not hasattr(weights, name.strip()):
            lines.append(line)
            continue
        before, mark, comment = rest.partition("#")
        number = f" {getattr(weights, name.strip())}"
        lines.append(name + equals + (number.ljust(len(before)) + mark + comment if mark else number))
        written.add(name.strip())
    new = [field for field in fields(weights) if field.name not in written and getattr(weights, field.name) != field.default]
    lines += [f"{field.name} = {getattr(weights, field.name)}" for field in new]
    if weights.intercepts:
        lines += ["", "[intercepts]", "# Added to the prior of one type; fitted and shrunken to 0."]
        lines += [f"{name} = {value}" for name, value in sorted(weights.intercepts.items())]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
