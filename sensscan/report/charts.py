"""Numbers for the bars of the HTML report: widths in per cent, so that the template only draws."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sensscan.language import Text
from sensscan.model import LevelView, ReportColumn
from sensscan.report.safe import show
from sensscan.report.view import schema_name

LISTED = 10
"""Schemas that get a bar of their own."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart."""

    key: str
    label: Text
    count: int
    width: float
    """Per cent of the longest bar, at least a visible sliver."""
    level: int
    """Number of the level that colours it; -1 for none."""


@dataclass(frozen=True, slots=True)
class Part:
    """One coloured part of a stacked bar."""

    level: int
    count: int
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class StackedBar:
    """One schema with its findings by level."""

    key: str
    count: int
    parts: tuple[Part, ...]


def bars(items: Sequence[tuple[str, Text, int, int]]) -> list[Bar]:
    """Return bars for (key, label, count, level number), in the given order."""
    longest = max((count for _, _, count, _ in items), default=0)
    return [
        Bar(show(key), Text(show(label.en), show(label.zh)), count, _width(count, longest), level) for key, label, count, level in items
    ]


def by_schema(findings: Iterable[ReportColumn], levels: Sequence[LevelView], short: Mapping[str, str]) -> list[StackedBar]:
    """Return the schemas with most findings, each as a bar in parts by level, most sensitive first; `short` as in `view.short_sources`."""
    place = {level.id: number for number, level in enumerate(levels)}
    counts: dict[str, Counter[int]] = {}
    for column in findings:
        name = schema_name(column.column.ref, short)
        counts.setdefault(name, Counter())[place[column.grade.level.id]] += 1
    ranked = sorted(counts.items(), key=lambda item: (-item[1].total(), item[0]))[:LISTED]
    longest = max((by_level.total() for _, by_level in ranked), default=0)
    return [StackedBar(name, by_level.total(), _parts(by_level, longest)) for name, by_level in ranked]


def _parts(by_level: Counter[int], longest: int) -> tuple[Part, ...]:
    parts, start = [], 0.0
    for level, count in sorted(by_level.items()):
        width = round(100 * count / longest, 2)
        parts.append(Part(level, count, round(start, 2), width))
        start += width
    return tuple(parts)


def _width(count: int, longest: int) -> float:
    return round(max(100 * count / longest, 0.6), 2) if count and longest else 0.0
