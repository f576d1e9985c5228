"""Values for tests of commands; nothing in them is anybody's."""

from __future__ import annotations

from random import Random

_NETWORKS = (*range(130, 140), *range(150, 154), *range(155, 160), 177, 178, *range(180, 190), 198, 199)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def mobile(r: Random) -> str:
    """A mobile number of the mainland (YD/T form: 11 digits, a prefix in use)."""
    return str(r.choice(_NETWORKS)) + f"{r.randrange(10**8):08d}"


def id_card(r: Random) -> str:
    """A resident identity number (GB 11643-1999) with a right check character."""
    body = f"110105{r.randint(1950, 2004)}{r.randint(1, 12):02d}{r.randint(1, 28):02d}{r.randrange(1000):03d}"
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]
