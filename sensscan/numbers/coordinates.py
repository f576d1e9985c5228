r"""Geographic positions: latitude and longitude as decimals, degrees, WKT, geo URI or JSON (ISO 6709, RFC 5870).

>>> is_position("39.904211,116.407395"), is_position("91.0001,116.4074"), is_position('39°54\'15"N 116°24\'26"E')
(True, False, True)
"""

from __future__ import annotations

import re

from sensscan.numbers.validator import per_value

_NUMBER = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?")


def is_position(value: str) -> bool:
    """Return whether the numbers of `value` can be a latitude and a longitude, in either order, or one of them.

    Chinese sources (GCJ-02) mostly write the longitude first.

    >>> is_position("116.407395"), is_position("139.9,216.4"), is_position("0,0")
    (True, False, False)
    """
    if "°" in value:
        degrees = [abs(float(text)) for text in re.findall(r"([0-9.]+)°", value)]
    else:
        degrees = [abs(float(text)) for text in _NUMBER.findall(value)]
    if len(degrees) == 1:
        return 0 < degrees[0] <= 180
    if len(degrees) != 2 or not any(degrees):
        return False
    return min(degrees) <= 90 and max(degrees) <= 180


POSITION = per_value(is_position)
