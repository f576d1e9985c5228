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
_TRIES = 3


def slowest(pattern: str, compiled: Any, examples: Iterable[str]) -> float:
    """Return the seconds of the slowest long value found, the best of three for each so that a busy machine does not decide."""
    worst = 0.0
    for value in _long_values(pattern, examples):
        best = min(_seconds(compiled, value) for _ in range(_TRIES))
        worst = max(worst, best)
        if worst > MOST_SECONDS:
            break
    return worst


def _seconds(compiled: Any, value: str) -> float:
    started = time.perf_counter()
    compiled.fullmatch(value)
    return time.perf_counter() - started


def _long_values(pattern: str, examples: Iterable[str]) -> Iterator[str]:
    """Yield long values that a pattern finds hard: mixtures of its own characters, and its examples over and over."""
    random = Random(pattern)
    plain = re.sub(r"\{[0-9,]*\}|\\[a-zA-Z]|\[:[a-z]+:\]|[?:(]", " ", pattern)
    letters = sorted({letter for letter in plain if letter.isalnum() or "\u4e00" <= letter <= "\u9fff"})
    for alphabet in (letters, [*letters, *"a0-中"], letters[:2], letters[:1]):
        if alphabet:
            yield "".join(random.choices(alphabet, k=LONGEST_CELL))
    for example in list(examples)[:3]:
        if example:
            yield (example * (LONGEST_CELL // len(example) + 1))[:LONGEST_CELL]
