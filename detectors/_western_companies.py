"""Names of organisations written with an alphabet: legal forms, kinds of organisations, trades, partners."""

from __future__ import annotations

import re
from functools import cache

from . import _lists

_APART = str.maketrans({",": " ", "(": " ", ")": " ", "«": " ", "»": " ", '"': " ", "“": " ", "”": " ", "„": " "})
_SONS = re.compile(
    r"(?:& |\b(?:and|und|et|y|e|en|och|og) )"
    r"(?:sons?|söhne|sohn|co|cie|fils|hijos?|cía|filhos?|figli|zonen|zoon|zn|söner|sønner|daughters|töchter)\b"
)
_PARTNERS = re.compile(r"[A-ZÀ-Þ][\w'’-]+(?:, [A-ZÀ-Þ][\w'’-]+)+,? (?:and|&|und|et|y|e|en|и) [A-ZÀ-ÞА-Я][\w'’-]+")
"""Surnames in a row: Miller, Stone and Baker."""
_CUTS = re.compile(r"[\s,.()&/«»\"]+")
_CODE = re.compile(r"[^\s(,]*[0-9@_][^\s(,]*")
"""One word with a figure, an at sign or an underscore: codes, digests and mail addresses need no closer look."""
_PARTS_OF_FORM = 4
"""A legal form has at most so many parts: Sp. z o.o., S.A. de C.V."""
_SHORT = 3
"""Legal forms of so few letters are words or names as well, unless they stand in capitals (Azra Sas is a person)."""


def score(value: str) -> float:
    """Score a value without Han characters."""
    if _CODE.fullmatch(value) is not None:
        return 0.02
    text = value.casefold()
    if not (text[0].isalnum() or text[0] in "«“") or len(text.split()) > 10 or text.count(",") > 3:
        return 0.02
    if _has_form(value):
        return 0.95
    if value[0].isupper() and _SONS.search(text, 3):
        return 0.75
    words = text.split()
    # Proper names are capitalised; phrases of trade words (innovative systems) are not.
    proper = sum(word[:1].isupper() for word in value.split()) * 2 > sum(len(word) > 2 for word in words)
    if not proper or any(c.isdigit() for c in text):
        return 0.05
    parts = _CUTS.split(text)
    if len(words) > 1 and not _lists.words("company", "sure").isdisjoint(parts):
        return 0.75
    if len(words) > 1 and (not _lists.words("company", "trade").isdisjoint(parts) or any(map(_compound, parts))):
        return 0.6
    if len(words) == 1 and (_compound(text) or any(part in _lists.words("company", "trade") for part in text.split("-")[1:])):
        return 0.55
    return 0.55 if _PARTNERS.fullmatch(value) or _two_surnames(text) else 0.05


def _has_form(value: str) -> bool:
    """Tell whether a legal form stands at the end or, as in some languages, in front."""
    tokens = value.translate(_APART).split()
    joined = ""
    for token in reversed(tokens[-_PARTS_OF_FORM:]):
        joined = token + joined
        if len(joined) + 2 <= len(value) and _is_form(joined):
            return True
    first = tokens[0].casefold().rstrip(".")
    return len(tokens) > 1 and tokens[1][:1].isupper() and len(tokens[1]) > 1 and first in _lists.words("company", "front")


def _is_form(written: str) -> bool:
    """Tell whether the last words of a value, without spaces, are a legal form in the way it is written."""
    plain = written.replace(".", "")
    if plain.casefold() not in _lists.words("company", "legal"):
        return False
    if "." in written[:-1] or "/" in written or plain.isupper():
        return True
    if plain.islower():
        return plain in _lists.words("company", "small")
    return len(plain) > _SHORT or not plain.istitle() or plain in _lists.words("company", "title")


def _two_surnames(text: str) -> bool:
    """Tell whether the value is two surnames with & between (Konings & Texier)."""
    first, sign, last = text.partition(" & ")
    known = _lists.name_tokens()
    return bool(sign) and known.get(first) == "l" and known.get(last) == "l"


@cache
def _endings() -> tuple[str, ...]:
    return tuple(sorted(_lists.words("company", "endings")))


def _compound(word: str) -> bool:
    """Tell whether the word ends in a trade and has four letters or more before it (Frankenversand)."""
    return len(word) > 8 and word.endswith(_endings())
