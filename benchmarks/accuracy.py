"""Writes docs/accuracy.md: what the generated sets are, and how right the labels on them are, type by type.

python -m benchmarks.accuracy --out docs/accuracy.md
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from benchmarks.quality import ROWS, Scored, generated
from sensscan import __version__
from sensscan.modes.measures import Measures, TypeMeasure
from sensscan.registry import Registry, load_registry

COMMAND = "python -m benchmarks.accuracy --out docs/accuracy.md"
_MOST_ROWS = 10_000
"""A size that only this page measures: it takes longer than all others together."""
_BY_ROWS = "blind columns, "
NAMED, BLIND = "named columns", "blind columns, 1000 rows"

_TEXT = """# Accuracy

How right the labels are, type by type. This page is written by a program; to write it anew:

    {command}

Version {version}, rules {fingerprint}.

## What was measured

All sets on this page are **generated** by the programs in `benchmarks/`, from a fixed seed. They are good for two things: comparing two
versions of the rules, and seeing which kinds of columns can be told apart at all. They are **not** a promise about your databases:

- The rules were developed with these sets in view, and whoever wrote the generators knew what the detectors look for. Real columns have
  forms that nobody thought of. Expect lower figures on databases that neither has seen.
- The values are invented: check digits, division codes and number ranges are right, the mix of forms is a guess.
- How common each type is does not follow any real database. Rare types weigh as much as common ones in the macro average.
- Labels with alternatives (`city|none`) accept either, where a person could not tell from the values either.

To measure on your own databases, label some columns and run `sensscan evaluate`; see [evaluate.md](evaluate.md).

| set | what is in it |
| --- | --- |
| named columns | {schemas} schemas of made-up applications (shop, hospital, bank, school ...) with the names, abbreviations and pinyin that developers use |
| with comments | the same with the comments that MySQL would have |
| blind columns | every type that values can tell, in several forms and with 5 % dirt, beside hundreds of columns that are nothing; tables t001, columns c01 |
| confusions | forms that are easily mistaken for each other (15-digit numbers, dotted numbers, short words), with names and without |

With fewer than 20 rows the blind set accepts *no label* for types that are told by vocabulary or form alone: 5 rows are not enough to know.

## Sets

F1 is the harmonic mean of precision and recall; *macro* is the mean over types, *micro* counts every column once. A false positive is a column
that is nothing and was called something.

| set | columns | macro-F1 | micro-F1 | false positives |
| --- | ---: | ---: | ---: | ---: |
{sets}

The number of rows is that of each table. Tables of 10,000 rows are sampled as in any scan: 1,000 rows of them are read.

## By rows

Blind columns again, by what a wrong answer is: *missed* is a sensitive column of which nothing was said (*none* or *unknown*), *other type* one that
was given a type that is not accepted.

| rows | sensitive columns | right | missed, *unknown* | missed, *none* | other type |
| ---: | ---: | ---: | ---: | ---: | ---: |
{rows}

Calibration, on the columns called sensitive in all sets together: expected calibration error {ece:.3f}, log loss {loss:.3f} over {called} columns.

## Types

*n* is the number of labelled columns. A dash: the set has no column of the type, or it was never said.

| type | n | precision | recall | F1 | n, blind | precision | recall | F1 |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
{types}

Left: {named}. Right: {blind}. Types that need a telling name (password, CVV, age ...) are labelled `none|type` in the blind set: both
answers are right there.

## Never said, never labelled

{absent}
"""


def page(sets: Sequence[Scored], registry: Registry, schemas: int) -> str:
    """Return the page for evaluated sets, among them `NAMED` and `BLIND`."""
    from sensscan.modes.measures import calibration

    by_name = {one.name: one.found.total for one in sets}
    named, blind = by_name[NAMED], by_name[BLIND]
    called = calibration([case for one in sets for case in one.found.cases])
    seen = {one.type_id for measures in (named, blind) for one in measures.types}
    absent = sorted(set(registry.cards) - seen)
    return _TEXT.format(
        command=COMMAND,
        version=__version__,
        fingerprint=registry.fingerprint,
        schemas=schemas,
        sets="\n".join(_set_line(one) for one in sets),
        rows="\n".join(_rows_line(one) for one in sets if one.name.startswith(_BY_ROWS)),
        ece=called.ece,
        loss=called.log_loss,
        called=f"{called.columns:,}",
        types="\n".join(_type_line(type_id, named, blind) for type_id in sorted(seen)),
        named=NAMED,
        blind=BLIND,
        absent=("No column of these types is in either set: " + ", ".join(f"`{type_id}`" for type_id in absent) + ".")
        if absent
        else "Every type is in one of the two sets.",
    )


def _set_line(one: Scored) -> str:
    total = one.found.total
    return (
        f"| {one.name} | {total.columns:,} | {total.macro_f1:.3f} | {total.micro.f1:.3f} "
        f"| {total.false_positives} of {total.negatives:,} ({total.false_positive_rate:.1%}) |"
    )


def _rows_line(one: Scored) -> str:
    """Return how the sensitive columns of a set fared."""
    sensitive = [case for case in one.found.cases if "none" not in case.accepted]
    right = sum(case.right for case in sensitive)
    missed = [case.verdict for case in sensitive if not case.right and case.said in ("none", "unknown")]
    silent = sum(verdict == "unknown" for verdict in missed)
    rows = int(one.name.removeprefix(_BY_ROWS).split()[0])
    return f"| {rows:,} | {len(sensitive)} | {right} | {silent} | {len(missed) - silent} | {len(sensitive) - right - len(missed)} |"


def _type_line(type_id: str, *sides: Measures) -> str:
    cells = [f"`{type_id}`"]
    for side in sides:
        found = next((one for one in side.types if one.type_id == type_id), TypeMeasure(type_id, 0, 0, 0))
        cells += [str(found.labelled) if found.labelled else "–", _share(found.precision), _share(found.recall)]
        cells.append(f"{found.f1:.2f}" if found.labelled or found.said else "–")
    return "| " + " | ".join(cells) + " |"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def main() -> None:
    """Measure and write."""
    from benchmarks.named_columns import SCHEMAS

    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description="Write the page on accuracy.")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    registry = load_registry()
    sets = []
    for one in generated(registry, (*ROWS, _MOST_ROWS)):
        print(one.line(), flush=True)
        sets.append(one)
    options.out.write_text(page(sets, registry, len(list(SCHEMAS.glob("*.txt")))), encoding="utf-8")


if __name__ == "__main__":
    main()
