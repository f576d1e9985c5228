"""The shape prefilter: which cards can match a value at all.

Asking every pattern of every value is the slow way. A value's outline (length, character classes) excludes nearly all cards, and is
remembered.
The filter may only err towards asking: it never excludes a card whose full test would pass (held by a test from raw values).
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from sensscan.detect.shapes import ANYTHING, OTHER, SEPARATORS, SPACE, Bounds, bounds_of
from sensscan.registry import Matcher

_LONG = 48
"""From this length on, outlines keep a length step only: every sentence would else be one of its own."""
_STEP = 64
_RAISED = {"a": "A", "g": "G"}


class _Bits(dict[str, int]):
    """Class letter -> bit; sets of classes are whole numbers, so that comparing them costs next to nothing."""

    def __missing__(self, letter: str) -> int:
        bit = self[letter] = 1 << len(self)
        return bit


@dataclass(frozen=True, slots=True)
class _Limits:
    """Bounds with class sets as bits."""

    shortest: int
    longest: int
    allowed: int
    required: tuple[int, ...]
    deletable: int
    upper: bool
    by_spaces: bool
    first: int


@dataclass(frozen=True, slots=True)
class _Outline:
    """What the shapes of many values have in common, as far as bounds ask for it."""

    longest: int
    """Length before anything is dropped."""
    least_spaces: int
    """Length with outer white space dropped, and with separators dropped."""
    least_separators: int
    classes: int
    raised: int
    """Classes with lower-case letters as upper-case ones."""
    first: int
    """Bit of the first character; 0 when it is not known."""
    first_raised: int
    other: bool
    """Characters that Unicode normalisation may turn into anything."""


def _possible(limits: _Limits, outline: _Outline, other: int) -> bool:
    classes = outline.raised if limits.upper else outline.classes
    rest = classes & ~limits.deletable
    if outline.other:
        return not rest & ~limits.allowed & ~other
    least = outline.least_spaces if limits.by_spaces else outline.least_separators
    if rest & ~limits.allowed or outline.longest < limits.shortest or least > limits.longest:
        return False
    start = outline.first_raised if limits.upper else outline.first
    if limits.first and start and not start & (limits.first | limits.deletable):
        return False
    return all(classes & group for group in limits.required)


class Prefilter:
    """Shape -> type ids that can match, remembered over all columns of a process."""

    _REMEMBERED = 100_000

    def __init__(self, matchers: Mapping[str, Matcher]) -> None:
        self._bits = _Bits()
        self._other = self._bits[OTHER]
        self._limits: list[tuple[str, tuple[_Limits, ...]]] = []
        always = set()
        for type_id, matcher in matchers.items():
            bounds = bounds_of(matcher.card)
            if ANYTHING in bounds:
                always.add(type_id)
            else:
                self._limits.append((type_id, tuple(map(self._limits_of, bounds))))
        self._always = frozenset(always)
        self._by_shape: dict[str, frozenset[str]] = {}
        self._by_outline: dict[_Outline, frozenset[str]] = {}

    def _mask(self, classes: frozenset[str]) -> int:
        return functools.reduce(lambda mask, letter: mask | self._bits[letter], classes, 0)

    def _limits_of(self, bounds: Bounds) -> _Limits:
        return _Limits(
            bounds.shortest,
            bounds.longest,
            self._mask(bounds.allowed),
            tuple(map(self._mask, bounds.required)),
            self._mask(bounds.deletable),
            bounds.upper,
            bounds.deletable == SPACE,
            self._mask(bounds.first),
        )

    def candidates(self, shape: str) -> frozenset[str]:
        """Return the types that a value of this shape can have."""
        found = self._by_shape.get(shape)
        if found is None:
            if len(self._by_shape) >= self._REMEMBERED:
                self._by_shape.clear()
            found = self._by_shape[shape] = self._by(self._outline(shape))
        return found

    def _by(self, outline: _Outline) -> frozenset[str]:
        found = self._by_outline.get(outline)
        if found is None:
            other = self._other
            fitting = (type_id for type_id, limits in self._limits if any(_possible(one, outline, other) for one in limits))
            found = self._by_outline[outline] = self._always.union(fitting)
        return found

    def _outline(self, shape: str) -> _Outline:
        classes = frozenset(shape)
        length = len(shape)
        spaces = shape.count(" ")
        separators = sum(map(shape.count, classes & SEPARATORS))
        longest, least, least_separators = length, length - spaces, length - separators
        if length >= _LONG:
            longest = length // _STEP * _STEP + _STEP - 1
            least = 1 if spaces else max(_LONG, length // _STEP * _STEP)
            least_separators = 1 if separators else least
        raised = frozenset(_RAISED.get(letter, letter) for letter in classes)
        start = shape[:1]
        return _Outline(
            longest,
            least,
            least_separators,
            self._mask(classes),
            self._mask(raised),
            self._bits[start] if start else 0,
            self._bits[_RAISED.get(start, start)] if start else 0,
            OTHER in classes,
        )
