"""Addresses written with the Latin, Cyrillic or Greek alphabet: house number and street word, in the order of each language."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, reduce
from itertools import accumulate, pairwise
from operator import or_

from . import _lists
from ._latin_names import fold_text

_AFTER, _RARELY, _BEFORE, _BEFORE_COMMA, _ENDING, _UNIT = (1 << bit for bit in range(6))
_HOUSE, _UNLIKELY, _LABEL, _MEASURE, _CALENDAR, _SMALL = (1 << bit for bit in range(6, 12))
_DIRECTION, _NUMBER, _POST, _BREAK = (1 << bit for bit in range(12, 16))
"""What a token may be, as bits: by the lists of `[street]` in `data/name_words.toml`, the last three by its form."""
_LISTS = {
    "after": _AFTER, "rarely_after": _RARELY, "before": _BEFORE, "before_comma": _BEFORE_COMMA, "ending_word": _ENDING, "unit": _UNIT,
    "house": _HOUSE, "unlikely": _UNLIKELY, "label": _LABEL, "measure": _MEASURE, "calendar": _CALENDAR, "small": _SMALL,
    "direction": _DIRECTION,
}  # fmt: skip
_STREET = _AFTER | _RARELY | _BEFORE | _BEFORE_COMMA | _ENDING
_LINE_END = "\x1e"
"""Joins values for one pass over all of them: a control character that folding and cutting leave alone."""

_SIGNS = re.compile(r"https?:|[@{}<>=;_|\\?!]")
_CUTS = (
    ("\n", " , "), (" - ", " , "), (",", " , "), ("/ ", " "), (".", " "), ("#", " "), ("(", " "), (")", " "), (":", " "), ('"', " "),
)  # fmt: skip
_SENTENCE = re.compile(r"\b[a-zà-öø-ÿа-яё]{4,}(?:[ ,]+[a-zà-öø-ÿа-яё]{4,}){2}")
"""Three small words in a row: a sentence, if the value has capitals at all."""
_HOUSE_NUMBER = re.compile(r"\d{1,5}[a-zа-г]?(?:[-/]\d{0,5}[a-zа-г]?)*(?:bis|ter)?")
_APART = re.compile("['-]")
_MEASURED = re.compile(r"\d+([a-z]{1,4})")
_POST_FORM = re.compile(r"(?:[a-z]{1,3}-)?(?:\d{4,6}|\d{5}-\d{3,4}|\d{2}-\d{3}|\d{3}-\d{4})|\d{4}[a-z]{2}")

_BOX = re.compile(
    r"\b(?:p ?o ?box|post ?fach|boite postale|apartado(?: postal)?|casilla|c ?p ?box|gpo box|private bag|psc|apo|fpo)"
    r" (?:, )?(?:no )?\w{0,3} ?\d{1,6}\b"
)
_STATE_ZIP = re.compile(r",.*\b[a-z]{2} (?:, )?\d{5}(?:-\d{4})?$")
_POST_CODE = re.compile(r" (?:[a-z]{1,2}\d[a-z\d]? \d[a-z]{2}|[a-z]\d[a-z] ?\d[a-z]\d)$")
_FRONT = re.compile(
    r"(?:no )?\d{1,5}[a-z]?(?:[-/]\d{0,5}[a-z]?)*(?: ,)? [^\W\d_][^,]{2,40} ,"
    r"|[^\W\d_][^,]{1,40}?(?: ,)? \d{1,5}[a-z]?(?:[-/]\d{0,5}[a-z]?)*(?: [^,]{1,12})? ,"
)
"""A first part with a house number at one end."""
_POST_TOWN = re.compile(
    r", (?:[^\W\d_]{1,3}[- ]{1,2})?(?:\d{4,6}(?:-\d{3,4})?|\d{8}|\d{2}-\d{3}|\d{3}[ -]\d{2,4}|\d{4} ?[a-z]{2})(?: ,)? [^\W\d_]{2}"
    r"|, [^\W\d_][^,]*[- ](?:\d{4,6}|\d{5}-\d{3,4}|\d{3} \d{2,3})(?: ,|$)"
)
"""A later part with a post code beside a place."""
_NUMBERED = re.compile(
    r"(?:av )?(?:cll?|cra?|kra?|carrera|calle|tr|tv|transversal|dg|diagonal|av|avenida|ac|ak)"
    r" \d{1,3}\w{0,2} [\w ]{0,12}?\d{1,3}\w{0,2}-\d{1,3}\b"
)
"""A crossing and the metres from it, as in Colombia: Carrera 7 # 71-21."""
_LOT = re.compile(r"b(?:lk|lock)? ?\d{1,3} l(?:ot)? ?\d{1,3}\b|h ?no ?\d{1,4}[a-z]?(?:[-/]\d{1,4})* ,")
"""Block and lot (Philippines), house number (India)."""
_PREPOSITION = re.compile(
    r"(?:am|im|zum|zur|beim|(?:an|in|auf|unter|hinter|vor|bei|uber) (?:der|dem|den)|(?:aan|op|achter|onder|over) (?:de|het|den))"
    r" (?!jahr|uhr)[^\W\d_][^,\d]{1,30} \d{1,3}[a-z]?(?:[-/]\d{1,3})?(?: ,|$)"
)
"""Streets that are called by where they are: Am Anger 5, An der Alster 3."""
_FIRST_WORD = re.compile(r"([^\W\d_][^\W_'’]+(?:ring|hof|markt|grand|pad|tie|lei|[sc]ka|ov[ao])) \d{1,4}(?:[-/]\d{1,4})? ?[a-z]?(?: ,|$)")
"""Endings that other words have too: only as the first word, right before the number and a comma or the end (Björkgränd 5)."""
_NEARLY = re.compile(r"[^\W\d_][\w'’-]*(?: +[^\W\d_][\w'’-]*){0,2} +\d{1,5}$|\d{1,5}(?: ,)? +[^\W\d_][\w'’ -]{2,40}$")
_POST_SIZE = 5
"""Five digits behind a street word are a post code or nothing of an address."""
_FAR = 5
"""How many words may stand between a house number and its street word."""


@cache
def _words() -> Mapping[str, int]:
    """Return folded word -> what it may be."""
    found = {",": _BREAK, "s/n": _NUMBER}
    for key, kind in _LISTS.items():
        for word in _folded(key):
            found[word] = found.get(word, 0) | kind
    return found


class _Kinds(dict[str, int]):
    """Token -> what it may be, for the values of one call: tokens of no list are told by their form, once each.

    Not kept between calls: tokens are parts of clear values.
    """

    def __missing__(self, token: str) -> int:
        """Keep and return what the token's form says."""
        kind = _words().get(token)
        if kind is None:
            kind = 0 if token.isalpha() else _form(token)
        self[token] = kind
        return kind


@cache
def _endings() -> tuple[str, ...]:
    return tuple(sorted(_folded("ending")))


def _folded(key: str) -> set[str]:
    return set(fold_text(" ".join(_lists.words("street", key))).split())


def scores(values: Sequence[str]) -> list[float]:
    """Score values without Han characters."""
    texts = _LINE_END.join(values)
    kinds = _Kinds()
    parts = _cut(texts).split(_LINE_END)
    if len(parts) != len(values):
        parts = [_cut(value) for value in values]
    result = [_score(part.split(), kinds) for part in parts]
    for index in _texts(texts, values):
        result[index] = min(result[index], 0.05)
    return result


def _texts(joined: str, values: Sequence[str]) -> Iterator[int]:
    """Yield the places of values that hold signs of markup or code, or small words in a row beside capitals."""
    spots = [found.start() for found in _SIGNS.finditer(joined)]
    runs = [found.start() for found in _SENTENCE.finditer(joined)]
    if not spots and not runs:
        return
    ends = list(accumulate(len(value) + 1 for value in values))
    yield from (bisect_right(ends, spot) for spot in spots)
    yield from (index for index in (bisect_right(ends, run) for run in runs) if not values[index].islower())


def _cut(text: str) -> str:
    """Fold the text and put spaces around what separates words."""
    folded = fold_text(text)
    for old, new in _CUTS:
        if old in folded:
            folded = folded.replace(old, new)
    return folded


def _score(tokens: list[str], known: _Kinds) -> float:
    if len(tokens) < 2:
        return 0.0
    kinds = list(map(known.__getitem__, tokens))
    union = reduce(or_, kinds)
    if not union & (_NUMBER | _POST):
        return _without_number(tokens, kinds)
    if union & (_UNLIKELY | _LABEL | _MEASURE) and _speaks_against(kinds) and not _POST_CODE.search(" ".join(tokens)):
        return 0.05
    return _by_street(tokens, kinds, union) or _by_frame(" ".join(tokens), kinds, union)


def _form(token: str) -> int:
    """Return what a token of no list is: house number, post code, or a word (0)."""
    if token.isdecimal():
        size = len(token)
        return _NUMBER if size < 4 else _NUMBER | _POST if size < 6 else _POST if size in {6, 8} else 0
    if not token[0].isdecimal():
        return _POST if token[-1].isdecimal() and _POST_FORM.fullmatch(token) else 0
    kind = (_NUMBER if _HOUSE_NUMBER.fullmatch(token) else 0) | (_POST if _POST_FORM.fullmatch(token) else 0)
    if kind:
        return kind
    measured = _MEASURED.fullmatch(token)
    return _UNLIKELY if measured is not None and _words().get(measured[1], 0) & _MEASURE else 0


def _speaks_against(kinds: list[int]) -> bool:
    """Tell whether a word is there that no address holds, or a unit of measure behind a number, a label before one."""
    for place, kind in enumerate(kinds):
        if kind & _UNLIKELY:
            return True
        if (
            kind & _MEASURE
            and place
            and kinds[place - 1] & _NUMBER
            and not kinds[place - 1] & _POST
            and not kind & (_UNIT | _STREET | _DIRECTION)
        ):
            return True
        if kind & _LABEL and place + 1 < len(kinds) and kinds[place + 1] & _NUMBER and not kind & _STREET:
            return True
    return False


def _by_street(tokens: list[str], kinds: list[int], union: int) -> float:
    """Score by street words and the house numbers beside them."""
    best = 0.0
    last = len(kinds) - 1
    for place, kind in enumerate(kinds):
        if not kind:
            continue
        if kind & _NUMBER:
            if place and not (kind & _POST and len(tokens[place]) == _POST_SIZE) and _behind_ending(tokens, kinds, place):
                return 0.9
        elif (
            kind & (_AFTER | _RARELY)
            and place > 1
            and _number_before(kinds, place)
            and (not kind & _RARELY or _ends(kinds, place) or (union & _POST and kind & _AFTER))
        ):
            if kind & _AFTER:
                return 0.92
            # 24 Red Point may be goods: further parts, a large number or a person's name make it a street.
            if union & (_BREAK | _UNIT | _POST) or _is_name(tokens[place - 1]):
                return 0.72
            best = 0.4
        if kind & (_BEFORE | _BEFORE_COMMA) and _starts(tokens, kinds, place) and _number_around(kinds, place, union):
            return 0.9
        if place == last or not kinds[place + 1] & _NUMBER:
            continue
        if kind & _HOUSE and union & (_BEFORE | _ENDING):
            return 0.88
        if kind & _UNIT and union & _BREAK and (union & _STREET or any(one & _NUMBER for one in kinds[place + 2 :])):
            best = 0.6
    return best


def _is_name(token: str) -> bool:
    """Tell whether the token is a first name or a surname and no ordinary word."""
    known = _lists.name_tokens()
    return token not in _lists.words("street", "describing") and any("w" not in known.get(part, "w") for part in _APART.split(token))


def _number_before(kinds: list[int], place: int) -> bool:
    """Tell whether a house number opens the part of the street word, with one to five words between (123 Main St)."""
    for back in range(place - 1, max(-1, place - 2 - _FAR), -1):
        kind = kinds[back]
        if kind & _NUMBER:
            return place - back > 1 and (back == 0 or bool(kinds[back - 1] & (_BREAK | _UNIT | _HOUSE | _NUMBER)))
        if kind & _SMALL:
            return False
        if kind & _BREAK and not (back and kinds[back - 1] & _NUMBER):
            return False
    return False


def _ends(kinds: list[int], place: int) -> bool:
    """Tell whether the street ends here: the value's end, a comma, a unit, a direction or a number."""
    return place + 1 == len(kinds) or bool(kinds[place + 1] & (_BREAK | _UNIT | _NUMBER | _POST | _DIRECTION))


def _starts(tokens: list[str], kinds: list[int], place: int) -> bool:
    """Tell whether the street begins here: at the start or soon behind it, behind a comma, a number or its letter (12 bis rue)."""
    if place == 0 or kinds[place - 1] & (_BREAK | _NUMBER | _POST):
        return True
    if place > 1 and kinds[place - 2] & _NUMBER:
        return len(tokens[place - 1]) <= 3
    return place < 3 and len(tokens[place]) > 1 and not kinds[place] & _BEFORE_COMMA


def _number_around(kinds: list[int], place: int, union: int) -> bool:
    """Tell whether a number stands right before the street word (12 rue) or after its name (Calle Mayor, 3)."""
    last = len(kinds) - 1
    if place < last and any(kinds[back] & _NUMBER for back in range(max(0, place - 2), place)):
        return True
    if kinds[place] & _BEFORE_COMMA and not union & _BREAK:
        return False
    words = 0
    for there in range(place + 1, min(last + 1, place + 5 + _FAR)):
        kind = kinds[there]
        if kind & _NUMBER and words:
            return True
        if kind & _HOUSE and there < last and kinds[there + 1] & _NUMBER:
            return True
        # A number right behind is part of the name, where another one follows: ul. 1 Maja 5.
        words += not kind & (_BREAK | _NUMBER)
    return bool(union & _POST and union & _BREAK and words and kinds[place + 1] & _BREAK == 0)


def _behind_ending(tokens: list[str], kinds: list[int], place: int) -> bool:
    """Tell whether the house number at `place` follows a street word (Hauptstraße 12, Taksim sokak no 5)."""
    back = place - 1
    while back >= 0 and kinds[back] & (_BREAK | _HOUSE) and place - back < 3:
        back -= 1
    if back < 0:
        return False
    if kinds[back] & _ENDING and back:
        return True
    token = tokens[back]
    return len(token) > 5 and token.endswith(_endings()) and token not in _lists.words("street", "not_ending")


def _by_frame(text: str, kinds: list[int], union: int) -> float:
    """Score by what stands around the street: box numbers, post codes, units."""
    if _BOX.search(text):
        return 0.88
    if union & _CALENDAR:
        return 0.05
    if union & _BREAK and _FRONT.match(text) and _POST_TOWN.search(text):
        return 0.8
    if _POST_CODE.search(text) or (union & _BREAK and _STATE_ZIP.search(text)):
        return 0.75
    if _NUMBERED.match(text) or _LOT.match(text):
        return 0.85
    if union & _UNIT and kinds[0] & _NUMBER and any(a & _UNIT and b & _NUMBER for a, b in pairwise(kinds[2:])):
        return 0.7
    if _PREPOSITION.match(text):
        return 0.65
    first = _FIRST_WORD.match(text)
    if first is not None and first[1] not in _lists.words("street", "not_ending"):
        return 0.55
    return 0.35 if _NEARLY.match(text) else 0.05


def _without_number(tokens: list[str], kinds: list[int]) -> float:
    """Score a value without any number: a street alone is a hint, a named house at a street an address (Mill Cottage, Church Rd)."""
    parts = 1 + sum(kind == _BREAK for kind in kinds)
    if parts == 1 and 2 <= len(tokens) <= 5:
        return 0.3 if kinds[-1] & _AFTER or (kinds[0] & _BEFORE and len(tokens[0]) > 2) else 0.0
    if parts in {2, 3} and len(tokens) <= 12 and not any(kind & (_SMALL | _UNLIKELY | _CALENDAR) for kind in kinds):
        ends = [kind for kind, after in pairwise([*kinds, _BREAK]) if after == _BREAK]
        if any(kind & _AFTER for kind in ends[1:]) and ends[0] & (_UNIT | _RARELY) and kinds[0] != _BREAK:
            return 0.55
    return 0.0
