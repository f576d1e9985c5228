"""Addresses written with the Latin or Cyrillic alphabet: house number and street word, in the order of each language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from . import _lists
from ._latin_names import fold

_TOKENS = re.compile(r"\b\d+(?:[-/]\d+)*[a-z]?\b|\b[^\W\d_]+\b|[,\n]")
_BOX = re.compile(
    r"\b(?:p\.? ?o\.? ?box|post ?fach|boite postale|apartado(?: postal)?|casilla|c\.?p\.? box|gpo box|private bag|psc|apo|fpo)"
    r"[ ,](?:no\.? ?)?\w{0,3} ?\d{1,6}\b"
)
_STATE_ZIP = re.compile(r",.*\b[a-z]{2}[ ,]+\d{5}(?:-\d{4})?$")
_POST_CODE = re.compile(r"[ ,](?:[a-z]{1,2}\d[a-z\d]? \d[a-z]{2}|[a-z]\d[a-z] ?\d[a-z]\d)$")
_UNLIKELY = re.compile(
    r"https?:|@|[{}<>=;_]|\b(?:gb|mb|ghz|inch|mm|cm|kg|ml|oz|pcs|pack|bottles?|boxes|version|v\d|model|win(?:dows)?|chapter|section|article"
    r"|order|invoice|error|line|step|level|task|rows?|items?|days?|hours?|minutes?|users?)\b"
)
_NEARLY = re.compile(r"[^\W\d_][\w.'’-]*(?: +[^\W\d_][\w.'’-]*){0,2} +\d{1,5}$|\d{1,5},? [^\W\d_][\w.'’ -]{2,40}$")
_BREAKS = frozenset({",", "\n"})
_THINGS = ("ipad", "keypad", "notepad", "mousepad", "touchpad", "launchpad", "bowtie", "necktie")
_DIGIT = re.compile(r"\d")

_JOINED = re.compile(r"-(?:ring|hof|markt|ufer|damm|park|steig|tor|wall) +\d{1,4}\b")
"""Street words that make an address only behind a hyphen: Karl-Marx-Ring 5, but not Key Ring 5."""
_FIRST_WORD = re.compile(
    r"(?!.*(?:ering|[su]pring|string|uring|oring|aring|ouring) )[^\W\d_]{3,}(?:ring|hof|markt|grand|pad|tie) \d{1,4} ?[a-z]?(?:,|$)"
)
"""Endings that English words have too: only as the first word, right before the number and a comma or the end (Björkgränd 5)."""
_FAR = 5
"""How many words may stand between a house number and its street word."""


_WOVEN = re.compile(r"[0-9][a-z]+[0-9]+[a-z]+[0-9]")
"""Letters and digits in turn without a gap: a code or a digest."""


@dataclass(frozen=True, slots=True)
class Streets:
    """Street words by their place; see `[street]` in `data/name_words.toml`."""

    after: frozenset[str]
    rarely_after: frozenset[str]
    before: frozenset[str]
    ending: frozenset[str]
    endings: tuple[str, ...]
    unit: frozenset[str]


@cache
def streets() -> Streets:
    """Return the street words."""
    after, rarely, before, ending, unit = (
        _lists.words("street", key) for key in ("after", "rarely_after", "before", "ending_word", "unit")
    )
    return Streets(after, rarely, before, ending, tuple(e for e in _lists.words("street", "ending") if len(e) >= 3), unit)


def score(value: str) -> float:
    """Score a value without Han characters."""
    if _DIGIT.search(value) is None:
        return _without_number(value)
    text = fold(value)
    if _UNLIKELY.search(text):
        return 0.05
    if _WOVEN.search(text):
        return 0.0
    tokens = _TOKENS.findall(text)
    if len(tokens) > 2 and not any(letter in " ,./" for letter in text):
        # Letters and digits that alternate without a gap are a code or a digest.
        return 0.0
    if len(tokens) < 2:
        return 0.0
    known = streets()
    best = 0.0
    for place, token in enumerate(tokens):
        if token[0].isdigit() or token in _BREAKS:
            continue
        if token in known.after and _number_before(tokens, place):
            return 0.92
        if token in known.before and _starts(tokens, place) and _number_around(tokens, place):
            return 0.9
        if ((token in known.ending and place) or (len(token) > 5 and token.endswith(known.endings))) and _number_next(tokens, place):
            return 0.9
        if token in known.rarely_after and place >= 2 and tokens[0][0].isdigit() and _ends(tokens, place, known):
            best = 0.7
        elif token in known.unit and place + 1 < len(tokens) and "," in tokens and best < 0.6:
            best = 0.6
    return best or _by_frame(text)


def _by_frame(text: str) -> float:
    """Score by what stands around the street: box numbers, post codes."""
    if _BOX.search(text) or _JOINED.search(text):
        return 0.88
    if _STATE_ZIP.search(text) or _POST_CODE.search(text):
        return 0.75
    if _FIRST_WORD.match(text) and not text.startswith(_THINGS):
        return 0.55
    return 0.35 if _NEARLY.match(text) else 0.05


def _without_number(value: str) -> float:
    words = fold(value).replace(".", " ").split()
    if not 2 <= len(words) <= 5:
        return 0.0
    known = streets()
    if words[-1] in known.after or (words[0] in known.before and len(words[0]) > 2):
        return 0.3
    return 0.0


def _number_before(tokens: list[str], place: int) -> bool:
    """Tell whether a house number stands before the street word, with at least one word between (123 Main St)."""
    for back in range(place - 2, max(-1, place - 2 - _FAR), -1):
        token = tokens[back]
        if token[0].isdigit():
            return len(token) <= 11
    return False


def _starts(tokens: list[str], place: int) -> bool:
    """Tell whether the street begins here: the value's start, or behind a comma, a number or its letter (12 bis rue)."""
    before = tokens[place - 1] if place else ","
    return before in _BREAKS or before[0].isdigit() or len(before) <= 3


def _number_around(tokens: list[str], place: int) -> bool:
    """Tell whether a number stands right before the street word (12 rue) or after its name (Calle Mayor, 3)."""
    last = len(tokens) - 1
    if place < last and any(tokens[p][0].isdigit() and len(tokens[p]) <= 6 for p in range(max(0, place - 2), place)):
        return True
    words = 0
    for token in tokens[place + 1 : place + 3 + _FAR]:
        if token[0].isdigit():
            return words > 0 and len(token) <= 8
        words += token not in _BREAKS
    return False


def _number_next(tokens: list[str], place: int) -> bool:
    """Tell whether a house number follows the street word (Hauptstraße 12, sokak no 5)."""
    for token in tokens[place + 1 : place + 3]:
        if token[0].isdigit():
            return len(token) <= 9
        if token not in {"no", "nr", "n", ","}:
            return False
    return False


def _ends(tokens: list[str], place: int, known: Streets) -> bool:
    """Tell whether the street ends here: the value's end, a comma or a unit."""
    after = tokens[place + 1] if place + 1 < len(tokens) else ","
    return after in _BREAKS or after in known.unit or after[0].isdigit()
