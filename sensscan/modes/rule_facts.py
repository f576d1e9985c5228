"""What can be measured about one rule: its shape, its cost, its chance rate, its look-alikes, its overlaps with other types.

All measures are made on invented values: random ones, and the sample databases that come with the program. No database is read.
"""

from __future__ import annotations

import importlib
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from random import Random
from typing import Any

from sensscan.detect.prefilter import Prefilter
from sensscan.detect.shapes import ANYTHING, bounds_of, shapes_of
from sensscan.errors import ConfigError
from sensscan.plugin import Card
from sensscan.registry import Matcher, Registry
from sensscan.registry.matcher import compile_re2
from sensscan.text import cell_text, is_placeholder

ALIKE = 0.8
"""From this share of passing values on a column looks like the type."""
_ROWS = 200
"""Rows per table of the sample databases that are looked at."""
_TRIES = 20_000
"""Random values for the chance rate: 1 in 1,000 is then known to about a fifth."""
_TIMED = 2_000


@dataclass(frozen=True, slots=True)
class Shape:
    """What a value must look like for the rule to be asked at all; derived from its patterns and words."""

    anything: bool
    """The rule sees every value: it has no pattern and no words, or only code can say."""
    shortest: int = 0
    longest: int | None = None
    """None: without limit."""
    characters: tuple[str, ...] = ()
    """Names of classes: digits, lower, upper, han, other, and punctuation as it is."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What the rule costs."""

    instructions: int
    """Size of the compiled RE2 programs; matching is linear in the value's length whatever the pattern."""
    microseconds: float
    """Whole test of one value that it is asked about, on this machine."""
    asked: float
    """Share of the sample databases' values whose shape lets it be asked."""


@dataclass(frozen=True, slots=True)
class Chance:
    """How many random values of the examples' shapes pass."""

    tried: int
    passed: int

    @property
    def share(self) -> float | None:
        """Passed / tried; None when there was nothing to try."""
        return self.passed / self.tried if self.tried else None


@dataclass(frozen=True, slots=True)
class AlikeColumn:
    """A sample column of another type whose values pass."""

    place: str
    """database.table.column"""
    type_id: str
    share: float


@dataclass(frozen=True, slots=True)
class LookAlike:
    """Other columns of the sample databases that look like the type."""

    columns: int
    """Columns of other types."""
    alike: tuple[AlikeColumn, ...]

    @property
    def share(self) -> float:
        """Columns that look like the type / columns of other types."""
        return len(self.alike) / self.columns if self.columns else 0.0


@dataclass(frozen=True, slots=True)
class Overlap:
    """What a rule has in common with another type."""

    type_id: str
    examples: int
    """Examples of the other card that pass here."""
    words: tuple[str, ...]
    """Column words that both claim."""
    columns: int
    """Sample columns of the other type that look like this one."""
    related: bool
    """The cards name each other (refines, also_with): the overlap is meant."""


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """Everything measured about one rule."""

    card: Card
    shape: Shape
    cost: Cost
    chance: Chance
    look_alike: LookAlike
    overlaps: tuple[Overlap, ...]


@dataclass(frozen=True, slots=True)
class SampleColumn:
    """One column of a sample database: invented values and the types that it may be."""

    place: str
    types: frozenset[str]
    """The type, and what else is accepted; "none" for nothing sensitive."""
    type_id: str
    values: tuple[str, ...]


@cache
def sample_columns() -> tuple[SampleColumn, ...]:
    """Return the columns of the sample databases, as many rows as measuring needs."""
    build: Any = _module("build")
    table_rows: Any = _module("table").table_rows
    found = []
    for name in build.NAMES:
        made: dict[str, list[dict[str, object]]] = {}
        for table in build.sample(name).tables:
            made[table.name] = table_rows(name, replace(table, rows=min(table.rows, _ROWS)), made)
            for column in table.columns:
                cells = (cell_text(row[column.name]) for row in made[table.name])
                values = dict.fromkeys(text for text in cells if text and not text.isspace() and not is_placeholder(text))
                types = frozenset((column.type, *column.alternatives))
                found.append(SampleColumn(f"{name}.{table.name}.{column.name}", types, column.type, tuple(values)))
    return tuple(found)


def _module(name: str) -> Any:
    """Return a module of the sample databases: installed, or beside the package in a checkout."""
    try:
        return importlib.import_module(f"sensscan.sample_dbs.{name}")
    except ModuleNotFoundError:
        return importlib.import_module(f"sample_dbs.{name}")


_CLASS_NAMES = {"0": "digits", "a": "lower", "g": "lower", "A": "upper", "G": "upper", "C": "han", "X": "other"}


def shape_of(card: Card) -> Shape:
    """Return the shape that the prefilter derived from a card."""
    bounds = bounds_of(card)
    if ANYTHING in bounds:
        return Shape(anything=True)
    letters = frozenset[str]().union(*(one.allowed for one in bounds))
    longest = max(one.longest for one in bounds)
    return Shape(
        anything=False,
        shortest=min(one.shortest for one in bounds),
        longest=None if longest >= 1 << 30 else longest,
        characters=tuple(sorted({_CLASS_NAMES.get(letter, letter) for letter in letters}, key=lambda name: (len(name) == 1, name))),
    )


def _alike_random(value: str, random: Random) -> str:
    """Return a random value with the lengths and character classes of another."""
    made = []
    for letter in value:
        if letter.isascii() and letter.isdigit():
            made.append(random.choice("0123456789"))
        elif letter.isascii() and letter.isalpha():
            made.append(random.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ" if letter.isupper() else "abcdefghijklmnopqrstuvwxyz"))
        elif "\u4e00" <= letter <= "\u9fff":
            made.append(chr(random.randrange(0x4E00, 0x9FA6)))
        else:
            made.append(letter)
    return "".join(made)


def chance_of(matcher: Matcher, *, tries: int = _TRIES, seed: int = 0) -> Chance:
    """Return how many random values of the shapes of the card's examples pass; seeded, so the same at every call."""
    examples = matcher.normalise(list(matcher.card.match))
    if not examples:
        return Chance(0, 0)
    random = Random(seed)
    values = [_alike_random(examples[number % len(examples)], random) for number in range(tries)]
    values = list(dict.fromkeys(values))
    return Chance(len(values), sum(matcher.test(values, named=False).passed))


def look_alike_of(matcher: Matcher, columns: Sequence[SampleColumn]) -> LookAlike:
    """Return the sample columns of other types whose values pass."""
    others = [column for column in columns if matcher.card.id not in column.types and column.values]
    alike = []
    for column in others:
        share = sum(matcher.test(matcher.normalise(column.values), named=False).passed) / len(column.values)
        if share >= ALIKE:
            alike.append(AlikeColumn(column.place, column.type_id, share))
    return LookAlike(len(others), tuple(alike))


def _seconds(matcher: Matcher, values: Sequence[str]) -> float:
    started = time.perf_counter()
    matcher.test(values)
    return time.perf_counter() - started


def cost_of(matcher: Matcher, columns: Sequence[SampleColumn]) -> Cost:
    """Return size and time of the rule's test."""
    card = matcher.card
    programs = [compile_re2(card, pattern) for pattern in (*card.patterns, *card.structures, *card.named_patterns)]
    values = list(dict.fromkeys(value for column in columns for value in column.values))
    prefilter = Prefilter({card.id: matcher})
    asked = [value for value, shape in zip(values, shapes_of(values), strict=True) if prefilter.candidates(shape)]
    timed = matcher.normalise([*card.match, *asked][:_TIMED])
    seconds = 0.0
    if timed:
        # The first time loads lists and compiles; of the others the best is the one that nothing disturbed.
        seconds = min(_seconds(matcher, timed) for _ in range(3)) / len(timed)
    return Cost(sum(program.programsize for program in programs), seconds * 1e6, len(asked) / len(values) if values else 0.0)


def _words(card: Card) -> Mapping[str, str]:
    return {word.casefold().replace("_", "").replace(" ", ""): word for word in card.names}


def overlaps_of(registry: Registry, type_id: str, alike: Iterable[AlikeColumn]) -> tuple[Overlap, ...]:
    """Return the types that share examples, column words or sample columns with one type; most of them first."""
    matcher = registry.matchers[type_id]
    card, words = matcher.card, _words(matcher.card)
    columns = Counter(column.type_id for column in alike)
    found = []
    for other in registry.cards.values():
        if other.id == type_id:
            continue
        examples = sum(matcher.test(matcher.normalise(other.match), named=False).passed) if other.match else 0
        shared = tuple(words[word] for word in sorted(words.keys() & _words(other).keys()))
        if examples or shared or columns[other.id]:
            related = other.id in (*card.refines, *card.also_with) or type_id in (*other.refines, *other.also_with)
            found.append(Overlap(other.id, examples, shared, columns[other.id], related))
    return tuple(sorted(found, key=lambda one: (-one.columns, -one.examples, -len(one.words), one.type_id)))


def facts_of(registry: Registry, type_id: str) -> RuleFacts:
    """Measure one rule. Raises UsageError for an unknown type, ConfigError when its detector fails on the values of the measures."""
    card = registry.card(type_id)
    matcher = registry.matchers[type_id]
    columns = sample_columns()
    alike = look_alike_of(matcher, columns)
    overlaps = overlaps_of(registry, type_id, alike.alike)
    made = RuleFacts(card, shape_of(card), cost_of(matcher, columns), chance_of(matcher), alike, overlaps)
    for failure in registry.guards.take() if registry.guards is not None else ():
        raise ConfigError(failure.reason)
    return made


def doubts(facts: RuleFacts) -> Iterator[tuple[str, str, str]]:
    """Yield (key, English, Chinese) for what a careful author would look at again; none of it stops a card from working."""
    card, chance = facts.card, facts.chance.share
    if not card.match:
        yield "examples.match", "no example that passes: nothing is checked on load", "没有应通过的示例：加载时无从检查"
    if not card.no_match:
        yield "examples.no_match", "no example that does not pass", "没有不应通过的示例"
    if chance is not None and chance > max(3 * card.chance, card.chance + 0.01):
        yield "values.chance", f"says {card.chance:g}, measured {chance:.2g}", f"声明 {card.chance:g}，实测 {chance:.2g}"
    if facts.look_alike.share > max(2 * card.look_alike, card.look_alike + 0.01):
        share = facts.look_alike.share
        yield "values.look_alike", f"says {card.look_alike:g}, measured {share:.2g}", f"声明 {card.look_alike:g}，实测 {share:.2g}"
    if not card.names:
        yield "columns.names", "no column words: names and comments cannot help", "没有列名词：列名和注释帮不上忙"
    if not card.patterns and not card.words and not card.hashed_words and not card.needs_name and facts.shape.anything and not card.native:
        yield "values", "the detector sees every value: a pattern would make scans faster", "检测器要看每个值：加上 pattern 会更快"
    for overlap in facts.overlaps:
        if overlap.words and not overlap.related:
            listed = ", ".join(overlap.words[:5])
            yield "columns.names", f"also words of {overlap.type_id}: {listed}", f"也是 {overlap.type_id} 的词：{listed}"
