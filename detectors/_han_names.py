"""Chinese person names by their characters.

A name is a surname and one or two given-name characters. Each character has a log-odds weight per place (surname, only,
first, second given-name character): how much likelier it stands there in a name than in an ordinary word. The sum is
compared with a bound per length; words that are known to look like names lose `KNOWN_WORD`. The weights are counts (see
`data/README-names.md`), nothing is trained on a scanned database.

Plain dictionaries on purpose: columns come in batches of some hundred distinct values, where arrays cost more than they save.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from math import exp

from . import _lists

BOUND = 0.6
"""Log-odds at which surname and given name pass: 3 to 4 % of unknown dictionary words reach it."""
BOUND_FOUR = 1.0
BOUND_BARE = 4.3
"""Log-odds at which a given name without a surname passes: 1 % of unknown words of two characters reach it."""
KNOWN_WORD = 5.0
SPREAD = 1.5
BARE_BEST = 0.6
FAMILIAR = 3.0
"""Added to a given name called with 小 or 阿 (小明, 阿强)."""
NOT_LAST = 6.0
"""Lost by three characters that end like a street, a place or an office (张江路)."""
LAST = frozenset("路街巷道镇乡村屯县市省州区局厅署院厂店馆所部科处室站组队桥港湾寺庙庄楼厦")
FOREIGN_BOUND = 1.6
"""Mean log-odds per character of a transcribed name without a dot (迈克尔)."""
TITLE_BEST = 0.4
"""A surname with a title (王先生, 张经理) names a person, but weakly: the column's share decides."""

Weights = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Model:
    """Weights per character and place, and the words that speak for themselves."""

    surname2: Weights
    only: Weights
    surname3: Weights
    first: Weights
    second: Weights
    bare_first: Weights
    bare_second: Weights
    foreign: Weights
    words: frozenset[str]
    """Words that look like names, simplified and traditional."""
    compounds: frozenset[str]
    titles: frozenset[str]
    title_ends: frozenset[str]
    peoples: frozenset[str]
    """Two-character parts of the names of minorities."""


class _Weights(dict[str, float]):
    """Weights that fall back to those of a character never seen, if it is Han at all."""

    def __init__(self, unseen: float) -> None:
        super().__init__()
        self.unseen = unseen

    def __missing__(self, char: str) -> float:
        if is_han(char):
            return self.unseen
        raise KeyError(char)


def is_han(char: str) -> bool:
    """Tell whether one character is Han, extensions included."""
    return "\u3400" <= char <= "\u4dbf" or "\u4e00" <= char <= "\u9fff" or "\U00020000" <= char <= "\U000323af"


@cache
def shipped() -> Model:
    """Return the model made from the shipped lists (about 20 ms, once per process)."""
    return build(_lists.rows("han_name_weights.csv"), _lists.lines("han_words.txt"))


def build(rows: Sequence[Sequence[str]], known_words: Iterable[str]) -> Model:
    """Return the model for rows of (character, weights in hundredths ...), the first row being for characters never seen."""
    places = [_Weights(int(text) / 100) for text in rows[0][1:]]
    for char, *texts in rows[1:]:
        for weights, text in zip(places, texts, strict=True):
            weights[char] = int(text) / 100
    traditional = _lists.traditional()
    for old, new in traditional.items():
        for weights in places:
            if new in weights:
                weights[old] = max(weights.get(old, -99.0), weights[new])
    for char in LAST:
        places[4][char] = places[4].get(char, 0.0) - NOT_LAST
    titles = _lists.words("person", "han_titles")
    surname2, only, surname3, first, second, bare_first, bare_second, foreign = places
    return Model(
        surname2, only, surname3, first, second, bare_first, bare_second, foreign,
        words=_with_traditional(known_words),
        compounds=frozenset(name for name, _ in _lists.rows("han_surnames.csv") if len(name) == 2),
        titles=titles,
        title_ends=frozenset(title[-1] for title in titles),
        peoples=frozenset(part for part in _lists.words("person", "peoples") if len(part) == 2),
    )  # fmt: skip


def _with_traditional(words: Iterable[str]) -> frozenset[str]:
    """Return the words and their forms in traditional characters."""
    forms: dict[str, list[str]] = {}
    for old, new in _lists.traditional().items():
        forms.setdefault(new, [new]).append(old)
    found: set[str] = set()
    for word in words:
        found.update(map("".join, product(*(forms.get(char, [char]) for char in word))))
    return frozenset(found)


def short_scores(values: Sequence[str], model: Model | None = None) -> list[float]:
    """Return one score per value for values of 2 to 4 Han characters; -1 for any other value. `model` replaces the shipped one."""
    m = shipped() if model is None else model
    surname, first, second, words, ends = m.surname3, m.first, m.second, m.words, m.title_ends
    scores: list[float] = []
    add = scores.append
    for value in values:
        size = len(value)
        try:
            if size == 3:
                # The common case stands in the loop: a call per value would double its price.
                full = surname[value[0]] + first[value[1]] + second[value[2]] - BOUND
                if full > 0.0 and value not in words and value[2] not in ends:
                    add(1.0 / (1.0 + exp(-full / SPREAD)))
                else:
                    add(_three(m, value, full))
            elif size == 2:
                add(_two(m, value))
            elif size == 4:
                add(_four(m, value))
            else:
                add(-1.0)
        except KeyError:
            # A character that is not Han.
            add(-1.0)
    return scores


def _sigmoid(log_odds: float) -> float:
    return 1.0 / (1.0 + exp(-log_odds / SPREAD)) if log_odds > -60.0 else 0.0


def _two(m: Model, value: str) -> float:
    surname, given = value[0], value[1]
    full = m.surname2[surname] + m.only[given] - BOUND
    known = value in m.words
    if full > 0.0 and not known:
        return 1.0 / (1.0 + exp(-full / SPREAD))
    bare = (min(m.only[given], 2.0) + FAMILIAR if surname in "小阿" else m.bare_first[surname] + m.bare_second[given]) - BOUND_BARE
    if known:
        full, bare = full - KNOWN_WORD, bare - KNOWN_WORD
    return max(_sigmoid(full), min(_sigmoid(bare), BARE_BEST))


def _three(m: Model, value: str, full: float) -> float:
    """Score of what is not plainly a name: titles, compound surnames, known words, foreign names."""
    if value[1:] in m.titles:
        return TITLE_BEST if m.surname2[value[0]] > 0.0 else 0.1
    if value[:2] in m.compounds:
        full = max(full, m.only[value[2]] + 2.5 - BOUND)
    known = value in m.words
    if known:
        full -= KNOWN_WORD
    score = _sigmoid(full)
    return score if known or score >= BARE_BEST else max(score, _foreign(m, value))


def _four(m: Model, value: str) -> float:
    head, tail = value[:2], value[2:]
    given = m.first[value[2]] + m.second[value[3]]
    compound = head in m.compounds
    if tail in m.titles:
        return TITLE_BEST if compound else 0.1
    if head in m.peoples and tail in m.peoples:
        return 0.9
    if compound:
        return _sigmoid(given + 4.0 - BOUND_FOUR)
    # Two single surnames before the given name (陈方安生): rare, so both must be common.
    both = min(m.surname3[value[0]] + m.surname3[value[1]] - 4.0, 3.0)
    return max(_sigmoid(given + both - BOUND_FOUR - 5.0), _foreign(m, value))


def _foreign(m: Model, value: str) -> float:
    """Score of a transcribed foreign name without a dot."""
    mean = sum(map(m.foreign.__getitem__, value)) / len(value)
    return min(_sigmoid((mean - FOREIGN_BOUND) * 4), BARE_BEST) if mean > 0.0 else 0.0


def foreign_mean(value: str) -> float:
    """Mean log-odds per character of standing in a transcribed foreign name rather than in a word."""
    weights = shipped().foreign
    return sum(weights[c] if is_han(c) else 0.0 for c in value) / len(value)
