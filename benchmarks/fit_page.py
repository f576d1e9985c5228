"""The page on calibration, and the table of weights that the terminal shows too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields

from benchmarks.fit_data import Problem, Unit
from benchmarks.fit_model import Model
from benchmarks.fit_scores import (
    MOST_ECE,
    SETTINGS,
    Scores,
    interval,
    log_loss,
    loss_difference,
    measures,
    objections,
    of_setting,
    reliability,
)
from sensscan.classify.scorecard import Weights

_TEXT = """# Calibration

What the weights of the scorecard are fitted on, whether fitted ones are better than those before, and whether 90 % means nine in ten.
This page is written by a program; to write it anew:

```
python -m benchmarks.fit_weights --evaluation DIR --rows {rows} --each {each:g} --page docs/calibration.md
```

DIR is a folder with databases NAME.db and labels.csv (db, schema, table, column, type). The figures below are with a folder of open-source
applications' tables that is not part of the project; without `--evaluation` the rows called *evaluation* are missing. How a scorecard is added
up: [how a column is judged](how-a-column-is-judged.md).

## Fitted on

| set | databases | labelled columns |
| --- | ---: | ---: |
{sources}

{left_out} columns say nothing about the weights: they have no values, or no type that they are labelled with is suggested by anything.

- Conditional logit: a column chooses between *none* and the types that compete for it, with the softmax of their scores. A label `a|b` is
  the sum of both chances. Where a type is inside the values (free text, JSON), the scorecard of whole values is to say *none*.
- Shrunken towards the weights before: normal priors of standard deviation 1 (natural-log units), 0.25 for the factors `values` and
  `context`, 0.5 for an intercept of one type, which is drawn to 0. `structural` and `no_pass` are bounds and not fitted.
- `prior` is not fitted. Labelled sets hold far more sensitive columns than databases do (King and Zeng 2001); the prior says how common a type
  is where sensscan is used, and so many confidences on these sets are lower than the share that is right.
- Every database counts as {each:g} columns, all settings together: columns of one database are alike, and a big one must not decide.
- Two other settings were looked at before these were chosen. With databases counting as 100 columns the weights move further; no way passed
  the test below either. With `prior` fitted too it rose to about -2.5, and false positives rose with it.
- *Held out*: each database is judged with weights fitted without it. What one program generated (blind columns of all sizes, the
  confusions) is held out together; so are the same tables under names that say nothing. Of the temperature too only others' columns are
  used. No weight belongs to a table, a column or a value.
- The weights as shipped were set by hand while the evaluation databases were looked at, and so were the cards' words and look-alike shares,
  which all ways share. For those weights *held out* says only that no program fitted them, and the comparison is in their favour. Expect
  databases that nobody looked at to be judged somewhat worse than these.

## Held out

*FP*: columns whose best label is none and that were called something that is not accepted. *Log loss*: mean of -ln of the chance given to what is
accepted, each database counting the same. Intervals: 95 %, by drawing databases 500 times (percentile bootstrap). *Together* counts a column once per setting.

{models}

Difference of the log loss to the weights before, per database, with its interval (below 0 is better):

{differences}

**Chosen: {chosen}.** Another way replaces the weights before only if the whole interval of the log loss is below 0, and macro-F1 and false
positives are no worse in any setting, on all databases and on the evaluation databases. {verdict}

## Weights

{weights}

Intercepts of the last way (those below 0.05 are left out of the file): {intercepts}.

## Reliability of the columns called sensitive

With the weights that were chosen, held out: all columns with the verdict *is* or *contains*, in bins of equal counts, least sure first.

| columns | confidence from | to | mean | right |
| ---: | ---: | ---: | ---: | ---: |
{bins}

| columns called sensitive | number | ECE | interval | log loss |
| --- | ---: | ---: | ---: | ---: |
{sure}

The same with each way, held out (ECE / mean log loss of the columns called sensitive):

| columns called sensitive | {ways} |
| --- |{rules}
{by_way}

The fitted temperature is {temperature:.2f}. A temperature changes hardly any verdict, only how sure it sounds. It is adopted under the rule
above only; while it is 1, a score is the natural logarithm of odds as it stands, which `sensscan explain` relies on.

ECE: mean distance between confidence and the share of right ones, over the bins. The target is 0.05 or less on all columns called
sensitive; {above}. Intervals of the ECE lie rather high: drawn databases bring noise of their own, and the ECE counts it. Where it is larger, confidence is
{direction}.
"""


def weight_table(made: Sequence[Model]) -> str:
    """Return one line per shared weight, one column per model."""
    names = [field.name for field in fields(Weights) if field.name != "intercepts"]
    lines = ["| weight | " + " | ".join(model.name for model in made) + " |", "| --- |" + " ---: |" * len(made)]
    lines += [f"| `{name}` | " + " | ".join(f"{getattr(model.weights, name):.2f}" for model in made) + " |" for name in names]
    return "\n".join(lines)


def page(
    units: Sequence[Unit], found: Problem, made: Sequence[Model], scores: Mapping[str, Scores], chosen: Model, *, rows: str, each: float
) -> str:
    """Return the page."""
    before, kept = scores[made[0].name], scores[chosen.name]
    sure = reliability(kept)
    intercepts = made[-1].weights.intercepts
    return _TEXT.format(
        rows=rows,
        each=each,
        left_out=found.left_out,
        sources="\n".join(_source_line(origin, units) for origin in ("samples", "generated", "evaluation")),
        models="\n\n".join(f"### {model.name.capitalize()}\n\n{_setting_table(scores[model.name])}" for model in made),
        differences=_difference_table(before, made[1:], scores),
        chosen=chosen.name,
        verdict=_verdict(chosen, made),
        weights=weight_table(made),
        intercepts=", ".join(f"`{name}` {value:+.2f}" for name, value in sorted(intercepts.items())) or "none",
        bins="\n".join(
            f"| {one.columns} | {one.lowest:.3f} | {one.highest:.3f} | {one.confidence:.3f} | {one.right:.3f} |" for one in sure.bins
        ),
        sure="\n".join(_sure_lines(kept)),
        ways=" | ".join(model.name for model in made),
        rules=" ---: |" * len(made),
        by_way="\n".join(_way_lines(made, scores)),
        temperature=made[1].weights.temperature,
        above=_above(kept),
        direction="too low rather than too high: more labels are right than it says" if _too_low(kept) else "too high in part of the bins",
    )


def _source_line(origin: str, units: Sequence[Unit]) -> str:
    of_it = [unit for unit in units if unit.origin == origin]
    what = {
        "samples": "sample databases, without and with comments",
        "generated": "generated: blind columns of every type, every confusion, named schemas",
        "evaluation": "evaluation databases: named, with comments, blind",
    }[origin]
    return f"| {what} | {len({unit.database for unit in of_it})} | {sum(unit.labelled for unit in of_it):,} |"


def _verdict(chosen: Model, made: Sequence[Model]) -> str:
    if chosen is made[0]:
        return "No fitted way is, so the weights stay as they are."
    return "This one is."


def _setting_table(scores: Scores) -> str:
    lines = ["| columns | number | macro-F1 | interval | FP | interval | log loss |", "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for origin in ("", "evaluation"):
        for setting in (*SETTINGS, None):
            part = of_setting(scores, setting, origin)
            if not part:
                continue
            found = measures(part)
            low, high = interval(part, "macro_f1")
            least, most = interval(part, "false_positives")
            name = f"{origin or 'all databases'}, {setting or 'together'}"
            # One database has no interval.
            several = len({one.unit.fold for one in part}) > 1
            lines.append(
                f"| {name} | {found.columns:,} | {found.macro_f1:.3f} | {f'{low:.3f} to {high:.3f}' if several else '–'} "
                f"| {found.false_positives} of {found.negatives:,} | {f'{least:.2%} to {most:.2%}' if several else '–'} | {log_loss(part):.4f} |"
            )
    return "\n".join(lines)


def _difference_table(before: Scores, made: Sequence[Model], scores: Mapping[str, Scores]) -> str:
    lines = ["| way | difference | interval | what speaks against it |", "| --- | ---: | ---: | --- |"]
    for model in made:
        gap, (low, high) = loss_difference(before, scores[model.name])
        lines.append(
            f"| {model.name} | {gap:+.4f} | {low:+.4f} to {high:+.4f} | {'; '.join(objections(before, scores[model.name])) or 'nothing'} |"
        )
    return "\n".join(lines)


def _sure_lines(scores: Scores) -> list[str]:
    lines = []
    for origin in ("", "evaluation"):
        for setting in (None, *SETTINGS):
            part = of_setting(scores, setting, origin)
            if part:
                found = reliability(part)
                low, high = interval(part, "ece")
                several = len({one.unit.fold for one in part}) > 1
                name = f"{origin or 'all databases'}, {setting or 'together'}"
                lines.append(
                    f"| {name} | {found.columns:,} | {found.ece:.3f} | {f'{low:.3f} to {high:.3f}' if several else '–'} | {found.log_loss:.3f} |"
                )
    return lines


def _way_lines(made: Sequence[Model], scores: Mapping[str, Scores]) -> list[str]:
    """Return one line per kind of databases and setting, one column per way."""
    lines = []
    for origin in ("", "evaluation"):
        for setting in (None, *SETTINGS):
            parts = [of_setting(scores[model.name], setting, origin) for model in made]
            if parts[0]:
                cells = (f"{found.ece:.3f} / {found.log_loss:.3f}" for found in map(reliability, parts))
                lines.append(f"| {origin or 'all databases'}, {setting or 'together'} | " + " | ".join(cells) + " |")
    return lines


def _above(scores: Scores) -> str:
    """Say which settings alone are above the target."""
    found = [
        f"{origin or 'all databases'}, {setting}"
        for origin in ("", "evaluation")
        for setting in SETTINGS
        if (part := of_setting(scores, setting, origin)) and reliability(part).ece > MOST_ECE
    ]
    return f"taken alone, these are above it: {'; '.join(found)}" if found else "every setting alone keeps it too"


def _too_low(scores: Scores) -> bool:
    bins = reliability(scores).bins
    return all(one.right >= one.confidence - 0.05 for one in bins)
