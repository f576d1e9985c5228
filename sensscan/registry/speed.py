"""How slow a pattern can be: RE2 is linear in the value's length, but its factor is the size of the pattern.

Patterns with large repetitions inside others make RE2 fall back from its automaton to stepping through thousands of instructions per
character. Such a pattern is refused when its card is loaded, by trying it on long values made of its own characters.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from random import Random
from typing import Any

LONGEST_CELL = 4096
"""Characters of a cell that are looked at."""
MOST_SECONDS = 0.05
"""For one value of that length; ordinary patterns take a thousandth of it."""
_VALUES = 4


def slowest(pattern: str, compiled: Any, examples: Iterable[str]) -> float:
    """Return the seconds per value of the hardest kind of long values found.

    Of each kind several different values are tried, because RE2 remembers what it has seen, and the quickest of them counts, because a
    busy machine must not decide.
    """
    worst = 0.0
    for values in _hard_values(pattern, examples):
        worst = max(worst, min(_seconds(compiled, value) for value in values))
        if worst > MOST_SECONDS:
            break
    return worst


def _seconds(compiled: Any, value: str) -> float:
    started = time.perf_counter()
    compiled.fullmatch(value)
    return time.perf_counter() - started


def _hard_values(pattern: str, examples: Iterable[str]) -> Iterator[list[str]]:
    """Yield kinds of long values that a pattern finds hard: mixtures of its own characters, and of its examples."""
    random = Random(pattern)
    plain = re.sub(r"\{[0-9,]*\}|\\[a-zA-Z]|\[:[a-z]+:\]|[?:(]", " ", pattern)
    letters = sorted({letter for letter in plain if letter.isalnum() or "\u4e00" <= letter <= "\u9fff"})
    for pieces in (letters, [*letters, *"a0-中"], letters[:2], list(examples)[:5]):
        if pieces and all(pieces):
            count = LONGEST_CELL // min(map(len, pieces))
            yield ["".join(random.choices(pieces, k=count))[:LONGEST_CELL] for _ in range(_VALUES)]
