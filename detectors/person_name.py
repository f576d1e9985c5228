"""Person names: Chinese by characters, others by the lists of first names and surnames."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from sensscan.plugin import ValueDetector

from . import _han_names, _latin_names, _lists

_DOTTED = re.compile("[\u3400-\u9fff]{1,10}(?:·[\u3400-\u9fff]{1,10}){1,3}")
_HAN = re.compile("[\u3400-\u9fff]+")
_HANGUL = re.compile("[\uac00-\ud7a3]{2,4}")
_KANA = re.compile("[\u4e00-\u9fff\u3041-\u30ff々]{2,8}")
_LETTER = re.compile(r"[^\W\d_]")


class PersonName(ValueDetector):
    """Scores how much a value is the name of a person; expects the normaliser *text*."""

    type_id = "person_name"

    def score(self, values: Sequence[str]) -> Sequence[float]:
        """Return 0 to 1 per value; 0.5 and above is a name, 0.35 to 0.5 a hint (王先生)."""
        scores = _han_names.short_scores(values)
        japanese = _lists.words("person", "japanese")
        for index, score in enumerate(scores):
            if score >= 0.5:
                continue
            if score < 0:
                scores[index] = other_score(values[index])
            elif len(values[index]) > 2 and values[index][:2] in japanese:
                scores[index] = max(score, _japanese(values[index]))
        return scores


@cache
def _japanese_surnames() -> tuple[frozenset[str], frozenset[str]]:
    kinds = _lists.name_tokens()
    han = [(t, k) for t, k in kinds.items() if _KANA.fullmatch(t)]
    return frozenset(t for t, k in han if "l" in k), frozenset(t for t, k in han if "f" in k)


@cache
def _single_surnames() -> frozenset[str]:
    return frozenset(
        s for s, percent in _lists.rows("han_surnames.csv") if len(s) == 1 and percent and float(percent) >= 0.05
    ) - _lists.words("person", "word_surnames")


def other_score(value: str) -> float:
    """Score of everything but 2 to 4 Han characters."""
    if not value or _LETTER.match(value) is None:
        return 0.0
    first = value[0]
    if first < "\u0250":
        return _latin_names.score(value)
    if _HAN.fullmatch(value):
        if len(value) == 1:
            return 0.55 if value in _single_surnames() else 0.05
        return max(_long_han(value), _japanese(value)) if len(value) <= 12 else 0.0
    if _DOTTED.fullmatch(value):
        return _dotted(value)
    if _HANGUL.fullmatch(value):
        return (
            0.7
            if first in _lists.words("person", "korean") and len(value) == 3
            else 0.4
            if first in _lists.words("person", "korean")
            else 0.1
        )
    if _KANA.fullmatch(value):
        return _japanese(value)
    return _latin_names.score(value)


def _dotted(value: str) -> float:
    """Score of a name with middle dots (买买提·吐尔逊): transcription characters speak for it, place names and words against."""
    parts = value.split("·")
    if any(p in _lists.divisions() for p in parts):
        return 0.1
    weights = _han_names.foreign_mean("".join(parts))
    if weights > 0.6:
        return 0.92
    known = sum(1 for p in parts if any(piece in p for piece in _lists.words("person", "peoples")))
    return 0.85 if known else 0.6 if weights > -0.2 else 0.3


def _long_han(value: str) -> float:
    """Score of 5 to 12 Han characters without a dot: parts of minority names, transcriptions."""
    rest = value
    for part in sorted(_lists.words("person", "peoples"), key=len, reverse=True):
        rest = rest.replace(part, "")
        if not rest:
            return 0.85
    if len(rest) * 3 <= len(value):
        return 0.6
    return 0.55 if _han_names.foreign_mean(value) > 2.2 and len(value) <= 8 else 0.05


def _japanese(value: str) -> float:
    if value[-1] in _han_names.LAST:
        return 0.02
    surnames, firsts = _japanese_surnames()
    if value[:2] in _lists.words("person", "japanese") and 3 <= len(value) <= 5:
        return 0.85 if value[2:] in firsts else 0.6
    for cut in (2, 1, 3):
        if value[:cut] in surnames and len(value) > cut:
            return 0.85 if value[cut:] in firsts else 0.55 if len(value) - cut <= 3 else 0.1
    return 0.55 if value in firsts else 0.5 if value in surnames and len(value) > 1 else 0.02
