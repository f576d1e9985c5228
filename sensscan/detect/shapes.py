"""The shape prefilter: which cards can match a value at all, told by its length and character classes.

Asking every pattern of every value is the slow way. A value's shape excludes nearly all cards with one dictionary look-up; the bounds of a
card are derived from its parsed pattern, never written by hand. The filter may only err towards asking: it never excludes a card whose
full test would pass (held by a test from raw values).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sensscan.plugin import Card
from sensscan.registry import Matcher
from sensscan.text import to_python_pattern

HAN, OTHER = "C", "X"
_SEPARATOR = "\x00"
_LONG = 48
"""From this length on, shapes keep classes and a length step only: every sentence would else be a shape of its own."""

_UNLIMITED = 1 << 30


class _Classes(dict[int, str]):
    """Code point -> class letter; characters outside ASCII are decided on first sight."""

    def __missing__(self, code: int) -> str:
        han = 0x3400 <= code <= 0x4DBF or 0x4E00 <= code <= 0x9FFF or 0x20000 <= code <= 0x2FA1F
        letter = self[code] = HAN if han else OTHER
        return letter


@functools.cache
def _classes() -> _Classes:
    table = _Classes({code: chr(code) for code in range(128)})
    for first, last, letter in (("0", "9", "0"), ("a", "f", "a"), ("g", "z", "g"), ("A", "F", "A"), ("G", "Z", "G")):
        for code in range(ord(first), ord(last) + 1):
            table[code] = letter
    for code in (*range(32), 127):
        table[code] = " "
    table[0] = _SEPARATOR
    return table


def shapes_of(values: Sequence[str]) -> list[str]:
    """Return the shape of each value: one class letter per character."""
    if not values:
        return []
    joined = _SEPARATOR.join(values)
    shapes = joined.translate(_classes()).split(_SEPARATOR)
    if len(shapes) != len(values):
        # A value holds the separator itself (a NUL): take them one by one.
        return [value.translate(_classes()).replace(_SEPARATOR, " ") for value in values]
    return shapes


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a value must look like, after normalisation, for a card to be asked."""

    shortest: int
    longest: int
    allowed: frozenset[str]
    required: frozenset[str]
    """Classes of which at least one character must be there."""
    deletable: frozenset[str]
    upper: bool
    anything: bool = False


# Every normaliser drops outer white space; all but `plain` may drop separators inside. Wider than the truth is safe.
_SPACE = frozenset(" ")
_SEPARATORS = frozenset(" -.()/'·,_+*<>[]:;\"")


def _classes_of(code: int, *, ignore_case: bool) -> set[str]:
    character = chr(code)
    forms = {character, character.lower(), character.upper()} if ignore_case else {character}
    return {_classes()[ord(form)] for form in forms if len(form) == 1}


_ALL = frozenset(chr(code).translate(_classes()) for code in range(1, 128)) | {HAN, OTHER}


def _set_classes(items: Iterable[Any], *, ignore_case: bool) -> frozenset[str]:
    """Return the classes of a character set of the parsed pattern."""
    found: set[str] = set()
    for op, argument in items:
        match str(op):
            case "NEGATE" | "CATEGORY":
                return _ALL
            case "LITERAL":
                found |= _classes_of(argument, ignore_case=ignore_case)
            case "RANGE":
                low, high = argument
                for code in range(low, min(high, 127) + 1):
                    found |= _classes_of(code, ignore_case=ignore_case)
                if high > 127:
                    found |= {HAN, OTHER}
            case _:
                return _ALL
    return frozenset(found)


def _walk(parsed: Any, *, ignore_case: bool) -> tuple[frozenset[str], frozenset[str]]:
    """Return (allowed, required) classes of a parsed pattern."""
    allowed: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    for op, argument in parsed:
        match str(op):
            case "LITERAL":
                one = frozenset(_classes_of(argument, ignore_case=ignore_case))
                allowed |= one
                required |= one if len(one) == 1 else frozenset()
            case "IN":
                one = _set_classes(argument, ignore_case=ignore_case)
                allowed |= one
                required |= one if len(one) == 1 else frozenset()
            case "BRANCH":
                parts = [_walk(branch, ignore_case=ignore_case) for branch in argument[1]]
                allowed |= frozenset[str]().union(*(part[0] for part in parts))
                required |= frozenset[str].intersection(*(part[1] for part in parts))
            case "SUBPATTERN":
                flags_added, flags_removed = argument[1], argument[2]
                inner = (ignore_case or bool(flags_added & re.IGNORECASE)) and not flags_removed & re.IGNORECASE
                part = _walk(argument[3], ignore_case=inner)
                allowed |= part[0]
                required |= part[1]
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                part = _walk(argument[2], ignore_case=ignore_case)
                allowed |= part[0]
                required |= part[1] if argument[0] > 0 else frozenset()
            case "AT":
                pass
            case _:
                allowed = _ALL
    return allowed, required


def _pattern_bounds(pattern: str) -> tuple[int, int, frozenset[str], frozenset[str]]:
    # The one place that reads Python's own parser: bounds by hand would drift from the patterns.
    parser: Any = re._parser  # type: ignore[attr-defined]
    parsed = parser.parse(to_python_pattern(pattern))
    shortest, longest = parsed.getwidth()
    allowed, required = _walk(parsed, ignore_case=bool(parsed.state.flags & re.IGNORECASE))
    return shortest, min(longest, _UNLIMITED), allowed, required


def _word_bounds(words: frozenset[str]) -> tuple[int, int, frozenset[str], frozenset[str]]:
    lengths = [len(word) for word in words]
    joined = "".join(words)
    classes = frozenset((joined + joined.upper() + joined.title()).translate(_classes()))
    # Case folding can change a word's length (ß), so the bounds get room.
    return min(lengths) // 2, max(lengths) * 2, classes, frozenset()


def bounds_of(card: Card) -> Bounds:
    """Derive the bounds of a card from its patterns and words."""
    parts = [_pattern_bounds(pattern) for pattern in (*card.patterns, *card.structures, *card.named_patterns)]
    vocabulary = card.words | card.code_words
    if vocabulary:
        parts.append(_word_bounds(vocabulary))
    # Without a pattern or words the card's detector sees every value: structures and named forms do not bound what it may pass.
    anything = bool(card.hashed_words) or not (card.patterns or vocabulary)
    if anything:
        return Bounds(0, _UNLIMITED, _ALL, frozenset(), frozenset(), upper=False, anything=True)
    return Bounds(
        shortest=min(part[0] for part in parts),
        longest=_UNLIMITED if card.search else max(part[1] for part in parts),
        allowed=_ALL if card.search else frozenset[str]().union(*(part[2] for part in parts)),
        required=frozenset[str].intersection(*(part[3] for part in parts)),
        deletable=_SPACE if card.normaliser == "plain" else _SEPARATORS,
        upper=card.normaliser in ("upper", "dots"),
    )


_RAISED = str.maketrans({"a": "A", "g": "G"})


def possible(bounds: Bounds, shape: str) -> bool:
    """Return whether a value of this shape can pass, normalisation included."""
    if bounds.anything:
        return True
    raised = shape.translate(_RAISED) if bounds.upper else shape
    classes = frozenset(raised)
    rest = classes - bounds.deletable
    if OTHER in classes:
        # Unicode normalisation may turn such a character into anything, also into several.
        return rest - {OTHER} <= bounds.allowed
    droppable = sum(raised.count(letter) for letter in classes & bounds.deletable)
    return (
        len(shape) >= bounds.shortest and len(shape) - droppable <= bounds.longest and rest <= bounds.allowed and bounds.required <= classes
    )


class Prefilter:
    """Shape -> type ids that can match, remembered over all columns of a process."""

    _REMEMBERED = 50_000

    def __init__(self, matchers: Mapping[str, Matcher]) -> None:
        self._bounds = {type_id: bounds_of(matcher.card) for type_id, matcher in matchers.items()}
        self._memo: dict[str, frozenset[str]] = {}

    def candidates(self, shape: str) -> frozenset[str]:
        """Return the types that a value of this shape can have."""
        if len(shape) >= _LONG:
            # Rounded down to a step and padded with nothing: length only grows vague towards asking.
            return self._long_candidates(len(shape), frozenset(shape))
        found = self._memo.get(shape)
        if found is None:
            if len(self._memo) >= self._REMEMBERED:
                self._memo.clear()
            found = frozenset(type_id for type_id, bounds in self._bounds.items() if possible(bounds, shape))
            self._memo[shape] = found
        return found

    def _long_candidates(self, length: int, classes: frozenset[str]) -> frozenset[str]:
        key = f"{length // 64}:{''.join(sorted(classes))}"
        found = self._memo.get(key)
        if found is None:
            least, most = max(_LONG, length // 64 * 64), length // 64 * 64 + 63
            found = frozenset(
                type_id for type_id, bounds in self._bounds.items() if bounds.anything or self._long_possible(bounds, least, most, classes)
            )
            self._memo[key] = found
        return found

    @staticmethod
    def _long_possible(bounds: Bounds, least: int, most: int, classes: frozenset[str]) -> bool:
        raised = frozenset("".join(classes).translate(_RAISED)) if bounds.upper else classes
        rest = raised - bounds.deletable
        if OTHER in raised:
            return rest - {OTHER} <= bounds.allowed
        shortest_left = 1 if raised & bounds.deletable else least
        return most >= bounds.shortest and shortest_left <= bounds.longest and rest <= bounds.allowed and bounds.required <= raised
