"""Tables of made-up cells, judged in memory: what a test of verdicts needs and nothing else."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from sensscan.classify import Classifier
from sensscan.detect import Detector
from sensscan.model import Classification, Column, ColumnRef, ColumnSample, Family, Table, TableRef, TableSample
from sensscan.registry import load_registry


@dataclass(frozen=True)
class Made:
    """One column of a made-up table."""

    cells: Sequence[object]
    family: Family = Family.TEXT
    comment: str = ""
    data_type: str = "varchar(100)"
    enum_values: tuple[str, ...] = field(default=())


@functools.cache
def bench() -> tuple[Detector, Classifier]:
    """Return the built-in cards, loaded once."""
    registry = load_registry()
    return Detector(registry), Classifier(registry)


def sample_of(columns: Mapping[str, Made | Sequence[object]], *, table: str = "t01", comment: str = "") -> TableSample:
    """Return a completely read table."""
    made = {name: one if isinstance(one, Made) else Made(one) for name, one in columns.items()}
    described = [
        Column(ColumnRef("sqlite:/t.db", "main", table, name), one.data_type, one.family, place, one.comment, enum_values=one.enum_values)
        for place, (name, one) in enumerate(made.items(), 1)
    ]
    whole = Table(TableRef("sqlite:/t.db", "main", table), "table", tuple(described), comment=comment)
    cells = [ColumnSample(column, tuple(one.cells)) for column, one in zip(described, made.values(), strict=True)]
    return TableSample(whole, tuple(cells), len(cells[0].cells), "all", complete=True)


def judge(columns: Mapping[str, Made | Sequence[object]], *, table: str = "t01", comment: str = "") -> dict[str, Classification]:
    """Return the verdict on each column of a table."""
    detector, classifier = bench()
    sample = sample_of(columns, table=table, comment=comment)
    return {one.column.ref.column: one.classification for one in classifier.table(sample, detector.table(sample))}


def judge_one(cells: Sequence[object], *, name: str = "c01", family: Family = Family.TEXT, comment: str = "") -> Classification:
    """Return the verdict on a column that stands alone."""
    return judge({name: Made(cells, family, comment)})[name]


def cells_of(make: object, count: int = 200, seed: int = 7) -> list[object]:
    """Return `count` cells of a generator that takes a Random."""
    random = Random(seed)
    assert callable(make)
    return [make(random) for _ in range(count)]
