"""How right the labels are: `sensscan evaluate` as a function, on an evaluation folder and on the generated sets."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.blind_columns import blind_database
from benchmarks.confusions import tables as confusion_tables
from benchmarks.database import LabelledTable, write_all
from benchmarks.named_columns import databases as named_databases
from sensscan.modes.config_model import Config
from sensscan.modes.evaluate import Evaluation, evaluate
from sensscan.modes.labels import read_comments, read_labels
from sensscan.modes.sources import requested
from sensscan.registry import Registry

ROWS = (5, 20, 50, 200, 1000)
EXCUSED_BELOW = 20
"""The confusable columns have no allowance for few rows, so they are measured from here on."""
BLIND_SEED, NAMED_SEED, CONFUSION_SEED = 7001, 7002, 7003
BLIND = "blind"
"""Databases of an evaluation folder whose names begin so are scored apart."""


@dataclass(frozen=True)
class Scored:
    """One set of labelled columns with its evaluation."""

    name: str
    found: Evaluation

    def line(self) -> str:
        """Return the line of a table."""
        total = self.found.total
        return (
            f"{self.name:44}{total.columns:>8}{total.macro_f1:>10.3f}{total.micro.f1:>10.3f}"
            f"{total.false_positives:>7} /{total.negatives:>5}{total.false_positive_rate:>8.2%}"
        )


HEAD = f"{'set':44}{'columns':>8}{'macro-F1':>10}{'micro-F1':>10}{'false pos. of none':>22}"


def score(name: str, folder: Path, databases: Sequence[str], registry: Registry, *, comments: bool = False) -> Scored:
    """Evaluate NAME.db of `databases` with the folder's labels.csv and, if wanted, its comments.csv."""
    sources = [requested(str(folder / f"{database}.db"), Config(), {}) for database in databases]
    said = read_comments(folder / "comments.csv") if comments else None
    return Scored(name, evaluate(sources, registry, read_labels(folder / "labels.csv"), said))


def evaluation_folder(folder: Path, registry: Registry) -> Iterable[Scored]:
    """Yield named, blind and, where there are comments, named with comments."""
    stems = sorted({row.db for row in read_labels(folder / "labels.csv").rows} & {path.stem for path in folder.glob("*.db")})
    named = [stem for stem in stems if not stem.startswith(BLIND)]
    blind = [stem for stem in stems if stem.startswith(BLIND)]
    if named:
        yield score("evaluation, named", folder, named, registry)
    if named and (folder / "comments.csv").is_file():
        yield score("evaluation, named, with comments", folder, named, registry, comments=True)
    if blind:
        yield score("evaluation, blind", folder, blind, registry)


def generated(registry: Registry, rows: Sequence[int] = ROWS) -> Iterable[Scored]:
    """Yield the generated sets, one after the other: blind by rows, confusable by rows, named without and with comments."""
    for count in rows:
        yield _written(f"blind columns, {count} rows", {"blind": blind_database(count, BLIND_SEED)}, registry)
    for count in (one for one in rows if one >= EXCUSED_BELOW):
        made = confusion_tables(count, CONFUSION_SEED)
        for name in made:
            yield _written(f"{name.replace('_', ' ')}, {count} rows", {name: made[name]}, registry)
    schemas = named_databases(NAMED_SEED)
    yield _written("named columns", schemas, registry)
    yield _written("named columns, with comments", schemas, registry, comments=True)


def _written(name: str, databases: Mapping[str, Sequence[LabelledTable]], registry: Registry, *, comments: bool = False) -> Scored:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_all(folder, dict(databases))
        return score(name, folder, list(databases), registry, comments=comments)
