"""What a validator is: one question about a value, asked one at a time or of many at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Verdicts: TypeAlias = "NDArray[np.bool_] | list[bool]"
"""One truth value per value, in the order of the values."""


@dataclass(frozen=True, slots=True)
class Validator:
    """A test of values that already matched a card's pattern; both ways give the same answer."""

    check: Callable[[str], bool]
    check_many: Callable[[Sequence[str]], Verdicts]
    vectorised: bool = True
    """`check_many` is faster than one check after the other."""


def one_by_one(check: Callable[[str], bool], values: Sequence[str]) -> list[bool]:
    """Return `check` of each value.

    >>> one_by_one(str.isdigit, ["1", "a"])
    [True, False]
    """
    return [check(value) for value in values]


def per_value(check: Callable[[str], bool]) -> Validator:
    """Make a validator of a test that has no faster form for many values."""
    return Validator(check, partial(one_by_one, check), vectorised=False)
