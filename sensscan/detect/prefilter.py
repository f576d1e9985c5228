"""The shape prefilter: which cards can match a value at all.

Asking every pattern of every value is the slow way. A value's outline (length, character classes) excludes nearly all cards, and is
remembered.
The filter may only err towards asking: it never excludes a card whose full test would pass (held by a test from raw values).
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sensscan.detect.shapes import ANYTHING, OTHER, SEPARATORS, SPACE, Bounds, bounds_of
from sensscan.registry import Matcher

_REMEMBERED_TO = 48
"""Longer shapes are not remembered: every sentence has one of its own."""
_RAISED = {"a": "A", "g": "G"}


class _Bits(dict[str, int]):
    """Class letter -> bit; sets of classes are whole numbers, so that comparing them costs next to nothing."""

    def __missing__(self, letter: str) -> int:
        bit = self[letter] = 1 << len(self)
        return bit

    def of(self, letters: Iterable[str]) -> int:
        """Return a set of classes as one number."""
        return functools.reduce(lambda mask, letter: mask | self[letter], letters, 0)


@dataclass(frozen=True, slots=True)
class _Limits:
    """The bounds of one type with class sets as bits."""

    type_id: str
    shortest: int
    longest: int
    allowed: int
    required: tuple[int, ...]
    deletable: int
    upper: bool
    by_spaces: bool
    """Only white space may be dropped, not other separators."""
    first: int


@dataclass(frozen=True, slots=True)
class _Fitting:
    """The types that values of certain classes can have."""

    sure: frozenset[str]
    """Whatever their length."""
    by_length: tuple[_Limits, ...]
    separators: tuple[str, ...]
    """The separators among the classes."""


class Prefilter:
    """Shape -> type ids that can match, remembered over all columns of a process."""

    _REMEMBERED = 100_000

    def __init__(self, matchers: Mapping[str, Matcher]) -> None:
        self._bits = _Bits()
        self._limits: tuple[_Limits, ...] = ()
        self._always = frozenset[str]()
        self._forget()
        for type_id, matcher in matchers.items():
            bounds = bounds_of(matcher.card)
            if ANYTHING in bounds:
                self._always |= {type_id}
            else:
                self._limits += tuple(self._limits_of(type_id, one) for one in bounds)

    def _forget(self) -> None:
        self._restricted: dict[frozenset[str], Prefilter] = {}
        self._by_shape: dict[str, frozenset[str]] = {}
        self._by_classes: dict[tuple[frozenset[str], str], _Fitting] = {}

    def among(self, type_ids: frozenset[str]) -> Prefilter:
        """Return the filter of some of the types only; the same one for the same types."""
        found = self._restricted.get(type_ids)
        if found is None:
            found = self._restricted[type_ids] = copy.copy(self)
            found._forget()
            found._always = self._always & type_ids
            found._limits = tuple(limits for limits in self._limits if limits.type_id in type_ids)
        return found

    def _limits_of(self, type_id: str, bounds: Bounds) -> _Limits:
        bits = self._bits.of
        return _Limits(
            type_id,
            bounds.shortest,
            bounds.longest,
            bits(bounds.allowed),
            tuple(map(bits, bounds.required)),
            bits(bounds.deletable),
            bounds.upper,
            bounds.deletable == SPACE,
            bits(bounds.first),
        )

    def candidates(self, shape: str) -> frozenset[str]:
        """Return the types that a value of this shape can have."""
        found = self._by_shape.get(shape)
        if found is None:
            found = self._look(shape)
            if len(shape) <= _REMEMBERED_TO:
                if len(self._by_shape) >= self._REMEMBERED:
                    self._by_shape.clear()
                self._by_shape[shape] = found
        return found

    def _look(self, shape: str) -> frozenset[str]:
        # Shapes are many and sets of classes are few: what these exclude is remembered, and only lengths are left to compare.
        classes = (frozenset(shape), shape[:1])
        fitting = self._by_classes.get(classes)
        if fitting is None:
            if len(self._by_classes) >= self._REMEMBERED:
                self._by_classes.clear()
            fitting = self._by_classes[classes] = self._fitting(*classes)
        length = len(shape)
        without_gaps = length - sum(map(shape.count, fitting.separators)) if fitting.separators else length
        least = (without_gaps, length - shape.count(" "))
        possible = [one.type_id for one in fitting.by_length if one.shortest <= length and least[one.by_spaces] <= one.longest]
        return fitting.sure.union(possible)

    def _fitting(self, letters: frozenset[str], start: str) -> _Fitting:
        plain, raised = self._bits.of(letters), self._bits.of(_RAISED.get(letter, letter) for letter in letters)
        first, first_raised = self._bits.of(start), self._bits.of(map(_RAISED.get, start, start))
        other = self._bits[OTHER] if OTHER in letters else 0
        sure, by_length = set(self._always), []
        for limits in self._limits:
            classes = raised if limits.upper else plain
            if classes & ~limits.deletable & ~limits.allowed & ~other:
                continue
            if other:
                # Unicode normalisation may turn these characters into anything, and make several of one.
                sure.add(limits.type_id)
                continue
            begins = first_raised if limits.upper else first
            if limits.first and begins and not begins & (limits.first | limits.deletable):
                continue
            if all(classes & group for group in limits.required):
                by_length.append(limits)
        return _Fitting(frozenset(sure), tuple(by_length), tuple(letters & SEPARATORS))
