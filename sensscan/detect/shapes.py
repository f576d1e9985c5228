"""Shapes of values, and the bounds that a card's patterns set to them: length and character classes.

The bounds are derived from the parsed patterns, never written by hand. `prefilter` compares shapes with bounds.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sensscan.plugin import Card
from sensscan.text import to_python_pattern

HAN, OTHER = "C", "X"
_SEPARATOR = "\x00"
UNLIMITED = 1 << 30


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
    """What a value must look like, after normalisation, for one pattern of a card to match."""

    shortest: int
    longest: int
    allowed: frozenset[str]
    required: tuple[frozenset[str], ...]
    """Groups of classes; of each at least one character must be there."""
    deletable: frozenset[str]
    upper: bool
    first: frozenset[str] = frozenset()
    """Classes of the first character; empty when any will do."""


ANYTHING = Bounds(0, UNLIMITED, frozenset(), (), frozenset(), upper=False)
"""For cards whose Python detector alone decides."""

# Every normaliser drops outer white space; all but `plain` may drop separators inside. Wider than the truth is safe.
SPACE = frozenset(" ")
SEPARATORS = frozenset(" -.()/'·,_+*<>[]:;\"")


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


_LARGE = 6
"""Groups of more classes than this exclude next to nothing and are not kept."""


@dataclass(frozen=True, slots=True)
class _Part:
    """What was derived from a part of a pattern."""

    allowed: frozenset[str] = frozenset()
    required: tuple[frozenset[str], ...] = ()
    first: frozenset[str] = frozenset()
    optional: bool = True
    """It can match nothing, so that what follows may come first."""

    def then(self, other: _Part) -> _Part:
        """Return this part followed by another."""
        first = self.first | other.first if self.optional else self.first
        return _Part(self.allowed | other.allowed, self.required + other.required, first, self.optional and other.optional)


def _either(parts: Sequence[_Part]) -> _Part:
    """Return the union of alternatives: a group is required when each alternative requires one, and then any of these will do."""
    required = [*parts[0].required]
    for other in parts[1:]:
        required = [min((group | more for more in other.required), key=len) for group in required] if other.required else []
    return _Part(
        frozenset[str]().union(*(part.allowed for part in parts)),
        tuple(group for group in required if len(group) <= _LARGE),
        frozenset[str]().union(*(part.first for part in parts)),
        any(part.optional for part in parts),
    )


def _one_of(classes: frozenset[str]) -> _Part:
    return _Part(classes, (classes,) if len(classes) <= _LARGE else (), classes, optional=False)


def _element(op: Any, argument: Any, *, ignore_case: bool) -> _Part:
    match str(op):
        case "LITERAL":
            return _one_of(frozenset(_classes_of(argument, ignore_case=ignore_case)))
        case "IN":
            return _one_of(_set_classes(argument, ignore_case=ignore_case))
        case "BRANCH":
            return _either([_walk(branch, ignore_case=ignore_case) for branch in argument[1]])
        case "SUBPATTERN":
            flags_added, flags_removed = argument[1], argument[2]
            inner = (ignore_case or bool(flags_added & re.IGNORECASE)) and not flags_removed & re.IGNORECASE
            return _walk(argument[3], ignore_case=inner)
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            part = _walk(argument[2], ignore_case=ignore_case)
            return part if argument[0] > 0 else _Part(part.allowed, (), part.first, optional=True)
        case "AT":
            return _Part()
        case _:
            return _Part(_ALL, (), _ALL, optional=False)


def _walk(parsed: Any, *, ignore_case: bool) -> _Part:
    """Derive allowed, required and first classes of a parsed pattern."""
    whole = _Part()
    for op, argument in parsed:
        whole = whole.then(_element(op, argument, ignore_case=ignore_case))
    return whole


def _alternatives(parsed: Any) -> list[Any]:
    """Return the alternatives of a pattern that is one choice, else the pattern."""
    while len(parsed) == 1 and str(parsed[0][0]) == "SUBPATTERN" and not parsed[0][1][1] and not parsed[0][1][2]:
        parsed = parsed[0][1][3]
    if len(parsed) == 1 and str(parsed[0][0]) == "BRANCH":
        return [part for branch in parsed[0][1][1] for part in _alternatives(branch)]
    return [parsed]


def _pattern_bounds(pattern: str, card: Card) -> list[Bounds]:
    # The one place that reads Python's own parser: bounds by hand would drift from the patterns.
    parser: Any = re._parser  # type: ignore[attr-defined]
    try:
        whole = parser.parse(to_python_pattern(pattern))
    except (re.error, RecursionError):
        # RE2 knows forms that Python does not (such as classes by script): such a card sees every value.
        return [ANYTHING]
    ignore_case = bool(whole.state.flags & re.IGNORECASE)
    found = []
    for parsed in _alternatives(whole):
        shortest, longest = parsed.getwidth()
        part = _walk(parsed, ignore_case=ignore_case)
        found.append(
            Bounds(
                shortest=shortest,
                longest=UNLIMITED if card.search else min(longest, UNLIMITED),
                allowed=_ALL if card.search else part.allowed,
                required=tuple(group for group in dict.fromkeys(part.required) if len(group) <= _LARGE),
                deletable=_deletable(card),
                upper=_upper(card),
                first=frozenset() if card.search or part.optional or len(part.first) > 2 * _LARGE else part.first,
            )
        )
    return found


def _deletable(card: Card) -> frozenset[str]:
    return SPACE if card.normaliser == "plain" else SEPARATORS


def _upper(card: Card) -> bool:
    return card.normaliser in ("upper", "dots")


def _word_bounds(card: Card) -> list[Bounds]:
    """Return one bound per length of the card's words; codes count only beside a telling name, which asks without a look at shapes."""
    by_length: dict[int, list[str]] = {}
    for word in card.words:
        by_length.setdefault(len(word), []).append(word)
    found = []
    for length, words in by_length.items():
        # The few different characters of many words.
        letters = frozenset[str]().union(*words)
        written = "".join(form for letter in letters for form in {letter, letter.upper(), letter.title()})
        classes = frozenset(written.translate(_classes()))
        # Case folding can make one letter two (the German sharp s).
        slack = length if OTHER in classes else 0
        found.append(Bounds(length - slack // 2, length + slack, classes, (), _deletable(card), upper=False))
    return found


def bounds_of(card: Card) -> tuple[Bounds, ...]:
    """Derive the bounds of a card from its patterns and words; a value must keep one of them."""
    found = [bounds for pattern in (*card.patterns, *card.structures) for bounds in _pattern_bounds(pattern, card)]
    found += _word_bounds(card)
    # Without a pattern or words the card's detector sees every value: structures do not bound what it may pass.
    if card.hashed_words or not (card.patterns or card.words):
        return (ANYTHING,)
    return tuple(found)
