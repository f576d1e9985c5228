"""Chinese person names by their characters.

A name is a surname and one or two given-name characters. Each character has a log-odds weight per place (surname, only,
first, second given-name character): how much likelier it stands there in a name than in an ordinary word. The sum is
compared with a bound per length; words that are known to look like names lose `KNOWN_WORD`. The weights are counts (see
`data/README-names.md`), nothing is trained on a scanned database.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from . import _lists

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

FIRST = 0x3400
SIZE = 0xA000 - FIRST
"""The Han block with extension A; rarer characters count as never seen."""

BOUND_TWO = 0.6
BOUND_THREE = 0.6
BOUND_FOUR = 1.0
BOUND_BARE = 4.3
"""Log-odds at which a value passes: about 3 % of unknown dictionary words reach it, 1 % for given names without a surname."""
KNOWN_WORD = 5.0
SPREAD = 1.5
BARE_BEST = 0.6
FAMILIAR = 3.0
"""Added to a given name called with 小 or 阿 (小明, 阿强)."""
NOT_LAST = 6.0
"""Lost by three characters that end like a street, a place or an office (张江路)."""
LAST = "路街巷道镇乡村屯县市省州区局厅署院厂店馆所部科处室站组队桥港湾寺庙庄镇楼厦"
FOREIGN_BOUND = 1.6
"""Mean log-odds per character of a transcribed name without a dot (迈克尔)."""

TITLE_BEST = 0.4
"""A surname with a title (王先生, 张经理) names a person, but weakly: the column's share decides."""


@dataclass(frozen=True, slots=True)
class Tables:
    """Weights as arrays over the Han block, and sorted keys of words and compound surnames."""

    weights: NDArray[np.float32]
    """Shape (8, SIZE): surname2, only, surname3, first, second, bare_first, bare_second, foreign."""
    simplified: NDArray[np.uint64]
    """Code points, traditional ones replaced."""
    words: NDArray[np.uint64]
    compounds: NDArray[np.uint64]
    titles: NDArray[np.uint64]
    peoples: NDArray[np.uint64]
    """Two-character parts of the names of minorities."""


def _key(word: str) -> int:
    code = 0
    for char in word:
        code = code << 16 | ord(char)
    return code


def _sorted_keys(words: Iterable[str]) -> NDArray[np.uint64]:
    import numpy as np

    return np.array(sorted({_key(w) for w in words}), dtype=np.uint64)


@cache
def tables() -> Tables:
    """Load the weights (about 20 ms, once per process)."""
    import numpy as np

    rows = _lists.rows("han_name_weights.csv")
    unseen = tuple(int(x) / 100 for x in rows[0][1:])
    weights = np.empty((len(unseen), SIZE), dtype=np.float32)
    weights[:] = np.array(unseen, dtype=np.float32)[:, None]
    inside = [row for row in rows[1:] if FIRST <= ord(row[0]) < FIRST + SIZE]
    places = np.array([ord(row[0]) - FIRST for row in inside])
    weights[:, places] = np.array([row[1:] for row in inside], dtype=np.float32).T / 100
    simplified = np.arange(FIRST, FIRST + SIZE, dtype=np.uint64)
    for old, new in _lists.traditional().items():
        if FIRST <= ord(old) < FIRST + SIZE and FIRST <= ord(new) < FIRST + SIZE:
            simplified[ord(old) - FIRST] = ord(new)
            weights[:, ord(old) - FIRST] = np.maximum(weights[:, ord(old) - FIRST], weights[:, ord(new) - FIRST])
    words = _sorted_keys(_lists.lines("han_words.txt"))
    compounds = _sorted_keys(s for s, _ in _lists.rows("han_surnames.csv") if len(s) == 2)
    return Tables(
        weights,
        simplified,
        words,
        compounds,
        _sorted_keys(_lists.words("person", "han_titles")),
        _sorted_keys(p for p in _lists.words("person", "peoples") if len(p) == 2),
    )


def _member(keys: NDArray[np.uint64], sorted_keys: NDArray[np.uint64]) -> NDArray[np.bool_]:
    import numpy as np

    at = np.searchsorted(sorted_keys, keys)
    at[at == len(sorted_keys)] = 0
    found: NDArray[np.bool_] = sorted_keys[at] == keys
    return found


def short_scores(values: Sequence[str]) -> NDArray[np.float32]:
    """Return one score per value for values of 2 to 4 Han characters; -1 for any other value."""
    import numpy as np

    t = tables()
    codes = np.array(values, dtype="U5").view(np.uint32).reshape(len(values), 5).astype(np.int64)
    length = (codes != 0).sum(axis=1)
    place = codes - FIRST
    han = ((place >= 0) & (place < SIZE)).sum(axis=1)
    result = np.full(len(values), -1.0, dtype=np.float32)
    place = np.clip(place, 0, SIZE - 1)
    for count, scorer in ((2, _two), (3, _three), (4, _four)):
        chosen = np.flatnonzero((length == count) & (han == count))
        if len(chosen):
            result[chosen] = scorer(t, place[chosen, :count])
    return result


def _sigmoid(log_odds: NDArray[np.float32], bound: float | NDArray[np.float32]) -> NDArray[np.float32]:
    import numpy as np

    score: NDArray[np.float32] = (1.0 / (1.0 + np.exp((bound - log_odds) / SPREAD))).astype(np.float32)
    return score


def _keys(t: Tables, place: NDArray[np.int64]) -> NDArray[np.uint64]:
    import numpy as np

    keys = np.zeros(len(place), dtype=np.uint64)
    for column in range(place.shape[1]):
        keys = (keys << np.uint64(16)) | t.simplified[place[:, column]]
    return keys


_FAMILIAR = (ord("小") - FIRST, ord("阿") - FIRST)
_LAST = tuple(ord(c) - FIRST for c in LAST)


def _two(t: Tables, place: NDArray[np.int64]) -> NDArray[np.float32]:
    import numpy as np

    w = t.weights
    known = np.where(_member(_keys(t, place), t.words), KNOWN_WORD, 0.0).astype(np.float32)
    full = _sigmoid(w[0, place[:, 0]] + w[1, place[:, 1]] - known, BOUND_TWO)
    called = np.isin(place[:, 0], _FAMILIAR)
    familiar = np.where(called, np.minimum(w[1, place[:, 1]], 2.0) + FAMILIAR, w[5, place[:, 0]] + w[6, place[:, 1]])
    bare = _sigmoid(familiar - known, BOUND_BARE)
    best: NDArray[np.float32] = np.maximum(full, np.minimum(bare, BARE_BEST))
    return best


def _foreign(t: Tables, place: NDArray[np.int64]) -> NDArray[np.float32]:
    """Score of a transcribed foreign name without a dot."""
    import numpy as np

    mean = t.weights[7, place].mean(axis=1)
    score: NDArray[np.float32] = np.minimum(_sigmoid((mean - FOREIGN_BOUND) * 4, 0.0), BARE_BEST)
    return score


def _three(t: Tables, place: NDArray[np.int64]) -> NDArray[np.float32]:
    import numpy as np

    w = t.weights
    known = _member(_keys(t, place), t.words)
    lost = (np.where(known, KNOWN_WORD, 0.0) + np.where(np.isin(place[:, 2], _LAST), NOT_LAST, 0.0)).astype(np.float32)
    single = w[2, place[:, 0]] + w[3, place[:, 1]] + w[4, place[:, 2]]
    compound = _member(_keys(t, place[:, :2]), t.compounds)
    double = np.where(compound, w[1, place[:, 2]] + 2.5, -99.0).astype(np.float32)
    best = np.maximum(_sigmoid(np.maximum(single, double) - lost, BOUND_THREE), np.where(known, 0.0, _foreign(t, place)))
    titled = _member(_keys(t, place[:, 1:]), t.titles)
    result: NDArray[np.float32] = np.where(titled, np.where(w[0, place[:, 0]] > 0, TITLE_BEST, 0.1), best).astype(np.float32)
    return result


def _four(t: Tables, place: NDArray[np.int64]) -> NDArray[np.float32]:
    import numpy as np

    w = t.weights
    head, tail = _keys(t, place[:, :2]), _keys(t, place[:, 2:])
    compound = _member(head, t.compounds)
    married = np.minimum(w[2, place[:, 0]] + w[2, place[:, 1]] - 4.0, 3.0)
    full = w[3, place[:, 2]] + w[4, place[:, 3]] + np.where(compound, 4.0, married).astype(np.float32)
    bound = np.where(compound, BOUND_FOUR, BOUND_FOUR + 5.0).astype(np.float32)
    best = np.maximum(_sigmoid(full, bound), _foreign(t, place))
    parts = _member(head, t.peoples).astype(np.int8) + _member(tail, t.peoples)
    best = np.where(parts == 2, 0.9, best)
    titled = _member(tail, t.titles)
    result: NDArray[np.float32] = np.where(titled, np.where(compound, TITLE_BEST, 0.1), best).astype(np.float32)
    return result


def foreign_mean(value: str) -> float:
    """Mean log-odds per character of standing in a transcribed foreign name rather than in a word."""
    weights = tables().weights[7]
    return sum(float(weights[ord(c) - FIRST]) if FIRST <= ord(c) < FIRST + SIZE else 0.0 for c in value) / len(value)
