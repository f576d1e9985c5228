"""Luhn check digit (ISO/IEC 7812-1 annex B): bank cards, IMEI, ICCID.

From the right, every second digit is doubled (9 subtracted above 9); the sum is a multiple of 10.
It finds every single wrong digit and every swap of neighbours except 09 and 90; one random number in ten passes.

>>> is_luhn("79927398713"), is_luhn("79927398710")
(True, False)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sensscan.numbers.matrix import ZERO, all_digits

if TYPE_CHECKING:
    from sensscan.numbers.matrix import Bytes, Truth

_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_VALUES = bytes.maketrans(b"0123456789", bytes(range(10)))
_TWICE = bytes.maketrans(bytes(range(10)), bytes(_DOUBLED))


def is_luhn(digits: str) -> bool:
    """Return whether `digits` (ASCII digits, at least two) end in the right check digit."""
    if len(digits) < 2 or not (digits.isascii() and digits.isdigit()):
        return False
    # As bytes: slices and sums of these run without a step of Python per digit.
    places = digits.encode("ascii").translate(_VALUES)
    return (sum(places[::-2]) + sum(places[-2::-2].translate(_TWICE))) % 10 == 0


def luhn_rows(matrix: Bytes) -> Truth:
    """Return `is_luhn` of each row."""
    import numpy as np

    if matrix.shape[1] < 2:
        return np.zeros(len(matrix), dtype=np.bool_)
    # One row per place, last place first: sums over long rows are fast, over short ones slow. 171 is the most for 19 places.
    digits = np.ascontiguousarray(matrix.T[::-1]) - np.uint8(ZERO)
    doubled = np.array(_DOUBLED + (0,) * 246, dtype=np.uint8).take(digits[1::2])
    total = digits[::2].sum(axis=0, dtype=np.uint8) + doubled.sum(axis=0, dtype=np.uint8)
    truth: Truth = (total % 10 == 0) & all_digits(matrix)
    return truth
