"""Person names written with an alphabet: Western names, pinyin, and other scripts with spaces.

A value is cut into tokens; each is looked up in the first names and surnames of some sixty countries. What is also an
ordinary word or a large city says less.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from . import _lists

_SHAPE = re.compile(r"[^\W\d_][^\W\d_.'’`-]*(?:[ .'’`,-]{1,2}[^\W\d_]+)*\.?")
_DEGREE = re.compile(r",? (?:B|M|Ph|Dr|D)\.[A-Z][A-Za-z]{0,4}\.?(?: .*)?$|(?<=Sig)\.(?=ra )")
_SPLIT = re.compile(r"[\s.]+")
_LETTERS: dict[int, str] = str.maketrans(
    {"ł": "l", "ø": "o", "ı": "i", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ə": "e", "’": "'", "`": "'"}
)


def fold(token: str) -> str:
    """Return the token without case and without accents on Latin letters (José -> jose)."""
    folded = token.casefold()
    if folded.isascii():
        return folded
    decomposed = unicodedata.normalize("NFKD", folded.translate(_LETTERS))
    if not decomposed[:1].isascii():
        return unicodedata.normalize("NFC", decomposed)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


_MARKS = re.compile("[\u0300-\u036f]+")


def fold_text(text: str) -> str:
    """Return a text, perhaps many values with a sign between them, without case and accents, at a fraction of the price of folding each.

    Accents go from all alphabets here (й is и): compare only with words that were folded in the same way.
    """
    folded = text.casefold()
    if folded.isascii():
        return folded
    for letter, plain in _LETTERS.items():
        if chr(letter) in folded:
            folded = folded.replace(chr(letter), plain)
    return _MARKS.sub("", unicodedata.normalize("NFKD", folded))


_PATRONYMICS = ("ович", "евич", "ьич", "овна", "евна", "ична", "ovich", "evich", "ovna", "evna")


@cache
def _pinyin() -> re.Pattern[str]:
    one = "(?:" + "|".join(_lists.pinyin_syllables()) + ")"
    return re.compile(f"{one}(?:['-]?{one})?")


@cache
def _joined_pinyin() -> re.Pattern[str]:
    """Surname and given name without a space (ZHANGSAN)."""
    surnames = "|".join(sorted((s for s in _lists.words("person", "pinyin_surnames") if len(s) >= 4), key=len, reverse=True))
    return re.compile(f"(?:{surnames}){_pinyin().pattern}")


def _kinds(token: str, lists: Mapping[str, str]) -> str:
    """Return the kinds of a folded token; of a double name those of its parts, u for unknown."""
    found = lists.get(token)
    if found is not None:
        return found
    if "-" in token or "'" in token:
        parts = [lists.get(p, "") for p in re.split("[-']", token) if len(p) > 1]
        joined = "".join(parts)
        if joined:
            return joined.replace("w", "").replace("c", "")
        return "u"
    return "u"


def score(value: str, tokens_known: Mapping[str, str] | None = None) -> float:
    """Return how much a value of letters, spaces, points, hyphens and one comma looks like a person's name.

    `tokens_known` replaces the shipped list of first names and surnames.
    """
    lists = _lists.name_tokens() if tokens_known is None else tokens_known
    if _plain(value, lists):
        return 0.95
    if len(value) > 60 or _SHAPE.fullmatch(value) is None:
        return 0.0
    swapped = "," in value
    if value.count(",") > 1:
        return 0.0
    if "." in value:
        value = _DEGREE.sub("", value)
    tokens = [t for t in _SPLIT.split(value.replace(",", " ")) if t]
    folded = [fold(t.strip("'’`-")) for t in tokens]
    bonus = 0.1 if folded[0] in _lists.words("person", "titles") and len(folded) > 1 else 0.0
    if bonus:
        tokens, folded = tokens[1:], folded[1:]
    while len(folded) > 1 and folded[-1] in _lists.words("person", "suffixes"):
        tokens, folded, bonus = tokens[:-1], folded[:-1], 0.1
    if len(folded) > 6 or not folded[0] or _names_street(folded):
        return 0.0
    cased = sum(1 for t in tokens if t[:1].isupper() or not t[:1].islower())
    if len(folded) == 1:
        return min(0.9, _one(tokens[0], folded[0], lists) + (0.3 if bonus else 0.0))
    result = _several(folded, lists, swapped=swapped)
    if result >= 0.5 and not bonus and value.casefold() in _lists.city_phrases():
        return 0.4
    particles = sum(1 for f in folded if f in _lists.words("person", "particles"))
    if cased + particles < len(tokens):
        result *= 0.75
    return min(0.98, result + (bonus if result > 0.3 else 0.0))


@cache
def _special() -> frozenset[str]:
    """Words that mean something other than a name, or stand beside names."""
    return frozenset[str]().union(*(_lists.words("person", key) for key in ("titles", "suffixes", "particles", "not_person")))


@cache
def _street_words() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Return the street words that no person's name begins with, ends with, or has behind a hyphen (Anna-Blum-Platz)."""
    known = _lists.name_tokens()

    def folded(*keys: str) -> set[str]:
        return {word for key in keys for word in fold_text(" ".join(_lists.words("street", key))).split() if len(word) > 2}

    first = {word for word in folded("before") if "f" not in known.get(word, "")}
    last = {word for word in folded("after", "rarely_after") if word not in known}
    hyphened = {word for word in (ending.lstrip("-") for ending in folded("ending_word", "ending")) if "l" not in known.get(word, "")}
    return frozenset(first), frozenset(last), frozenset(hyphened)


def _names_street(folded: list[str]) -> bool:
    """Tell whether the words name a street, many of which are called after persons."""
    first, last, hyphened = _street_words()
    if len(folded) > 1 and (folded[0] in first or folded[-1] in last):
        return True
    return folded[-1].count("-") > 0 and folded[-1].rpartition("-")[2] in hyphened


def _plain(value: str, lists: Mapping[str, str]) -> bool:
    """Tell whether the value is a known first name and a known surname, both nothing else: most Western names, at a tenth of the price."""
    first, space, last = value.partition(" ")
    if not space or not first[:1].isupper() or not last[:1].isupper():
        return False
    a, b = first.casefold(), last.casefold()
    kinds, others = lists.get(a), lists.get(b)
    if kinds is None or others is None or "f" not in kinds or "w" in kinds or "w" in others:
        return False
    special = _special()
    return a not in special and b not in special and a not in _street_words()[0] and value.casefold() not in _lists.city_phrases()


def _one(token: str, folded: str, lists: Mapping[str, str]) -> float:
    """Score of a single word: a given name or a surname in a column of its own."""
    kinds = _kinds(folded, lists)
    if kinds == "u":
        if token.isupper() and len(folded) >= 6 and _joined_pinyin().fullmatch(folded):
            return 0.55
        if token[:1].isupper() and token[1:].islower() and len(folded) >= 5 and _pinyin().fullmatch(folded) and folded[0] in "xqz":
            return 0.5
        return 0.15 if token[:1].isupper() and folded.isalpha() else 0.03
    if len(folded) < 3:
        # Codes of two letters are as common as names: states, languages, flags.
        return 0.5 if len(folded) == 2 and "f" in kinds and not token.isupper() else 0.2
    best = 0.68 if "f" in kinds else 0.6
    if "w" in kinds or folded in _lists.words("person", "not_person"):
        best -= 0.4
    elif "c" in kinds:
        best -= 0.2
    return best * (0.7 if token[:1].islower() and token[:1].isascii() else 1.0)


def _several(folded: list[str], lists: Mapping[str, str], *, swapped: bool) -> float:
    """Score of two to six words."""
    words = [f for f in folded if f not in _lists.words("person", "particles") or len(folded) == 2]
    full = [w for w in words if len(w) > 1]
    if not full:
        return 0.0
    pinyin = _pinyin_score(full) if 2 <= len(full) <= 3 else 0.0
    if pinyin > 0.8:
        return pinyin
    named = "f" in lists.get(full[0], "") and "w" not in lists.get(full[0], "") and full[0] not in _lists.words("person", "not_person")
    if any(
        w in _lists.words("person", "not_person") and not lists.get(w, "").startswith(("f", "l") if named else "f") for w in full
    ) or folded[0] in {
        "the",
        "san",
        "santa",
        "los",
        "las",
        "el",
        "la",
        "le",
    }:
        return 0.08
    first, last = (full[-1], full[0]) if swapped else (full[0], full[-1])
    a, b = _kinds(first, lists), _kinds(last, lists)
    weak = ("w" in a) + ("w" in b)
    initials = len(words) > len(full)
    if len(full) == 1:
        base = 0.7 if b != "u" and "w" not in b else 0.3
    elif "f" in a and b != "u":
        base = (0.95, 0.85 if "w" not in a else 0.6, 0.5)[weak]
    elif "f" in a or any(w.endswith(_PATRONYMICS) for w in full[1:]):
        base = 0.45 if weak else 0.78
    elif "l" in a and any("f" in lists.get(w, "") or w.endswith(_PATRONYMICS) for w in full[1:]):
        base = 0.85 if not weak else 0.6
    elif "l" in a and b != "u":
        base = (0.8, 0.6, 0.3)[weak]
    elif b != "u":
        base = 0.35 if weak else 0.62
    else:
        base = 0.2
    if initials and base > 0.3:
        base = min(0.95, base + 0.1)
    if swapped and base > 0.3:
        base = min(0.95, base + 0.05)
    return max(base, pinyin)


def _pinyin_score(words: list[str]) -> float:
    """Score of pinyin with spaces, surname first or last."""
    pattern = _pinyin()
    if not all(pattern.fullmatch(w) for w in words):
        return 0.0
    if words[0] in _lists.words("person", "pinyin_surnames"):
        return 0.88 if not all(w in _lists.words("person", "english_pinyin") for w in words) else 0.4
    return 0.75 if words[-1] in _lists.words("person", "pinyin_surnames") else 0.3
