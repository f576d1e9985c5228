"""Machine-readable zone of passports (ICAO Doc 9303 part 4, TD3): check digits of the second line.

Weights 7 3 1 repeated over the values 0-9, A = 10 .. Z = 35, < = 0; the sum modulo 10.

>>> is_mrz_line("L898902C36UTO7408122F1204159ZE184226B<<<<<10")
True
"""

from __future__ import annotations

import re

from sensscan.numbers.validator import per_value

_LINE = re.compile(r"[A-Z0-9<]{44}")


def mrz_check(field: str) -> int:
    """Return the check digit of one field.

    >>> mrz_check("L898902C3")
    6
    """
    return sum((0 if char == "<" else int(char, 36)) * (7, 3, 1)[place % 3] for place, char in enumerate(field)) % 10


def is_mrz_line(value: str) -> bool:
    """Return whether `value` is the second line of a passport: number, birth and expiry date and the whole agree with their digits."""
    if not _LINE.fullmatch(value):
        return False
    fields = ((value[:9], value[9]), (value[13:19], value[19]), (value[21:27], value[27]))
    whole = value[:10] + value[13:20] + value[21:43]
    return all(str(mrz_check(field)) == check for field, check in (*fields, (whole, value[43])))


MRZ_LINE = per_value(is_mrz_line)
