"""Vehicle identification number 车辆识别代号 (GB 16735-2019, ISO 3779, 49 CFR 565).

17 characters without I, O, Q; place 9 is a check: letters become digits, the weighted sum modulo 11, 10 is X.
European makers need not fill place 9, so their numbers fail here and count by their form only.

>>> is_vin("1M8GDM9AXKP042788"), is_vin("LSV8U76R7P1355122")
(True, False)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sensscan.numbers.matrix import ZERO, check_by_length, table, weighted_sum
from sensscan.numbers.validator import Validator

if TYPE_CHECKING:
    from sensscan.numbers.matrix import Bytes, Truth

_ALPHABET = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ"
_VALUES = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9)
_OF = dict(zip(_ALPHABET, _VALUES, strict=True))
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def is_vin(value: str) -> bool:
    """Return whether `value` (asterisks around it are delimiters) has a right check in place 9.

    No maker's code starts with 0.

    >>> is_vin("*LSV8U76R1P1355122*"), is_vin("00000000000000000")
    (True, False)
    """
    value = value.strip("*")
    if len(value) != 17 or value[0] == "0" or any(char not in _OF for char in value):
        return False
    return "0123456789X"[sum(_OF[char] * weight for char, weight in zip(value, _WEIGHTS, strict=True)) % 11] == value[8]


def _rows(matrix: Bytes) -> Truth:
    import numpy as np

    values = table(_ALPHABET, _VALUES, missing=-1).take(matrix)
    expected = np.frombuffer(b"0123456789X", dtype=np.uint8)[weighted_sum(values, _WEIGHTS) % 11]
    truth: Truth = (values >= 0).all(axis=1) & (expected == matrix[:, 8]) & (matrix[:, 0] != ZERO)
    return truth


def is_vin_many(values: Sequence[str]) -> Truth:
    """Return `is_vin` of each value."""
    return check_by_length({17: _rows}, [value.strip("*") for value in values])


VIN = Validator(is_vin, is_vin_many)
