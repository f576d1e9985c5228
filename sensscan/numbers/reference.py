"""Reference lists that validators ask: division codes, card prefixes, number ranges, countries.

The files are in the `data` folder beside this module (sources and licences in NOTICE). Each is read once,
when it is first asked for.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def rows(name: str) -> Iterator[dict[str, str]]:
    """Yield the lines of the data file `name` as mappings from column to text."""
    with (files("sensscan.numbers") / "data" / name).open(encoding="utf-8") as lines:
        yield from csv.DictReader(lines)


@cache
def divisions() -> frozenset[str]:
    """Six-digit division codes of all known years that can stand in a resident number (GB/T 2260)."""
    return frozenset(row["code"] for row in rows("gb2260_codes.csv") if row["kind"] != "stats_zone")


@cache
def prefectures() -> frozenset[str]:
    """First four digits of all division codes: new counties are founded below known prefectures."""
    return frozenset(code[:4] for code in divisions())


@cache
def provinces() -> frozenset[str]:
    """First two digits of all division codes."""
    return frozenset(code[:2] for code in divisions())


def _flags(codes: frozenset[str]) -> NDArray[np.bool_]:
    import numpy as np

    flags = np.zeros(10 ** len(next(iter(codes))), dtype=np.bool_)
    flags[[int(code) for code in codes]] = True
    return flags


@cache
def division_flags() -> NDArray[np.bool_]:
    """`divisions` as a table from number to truth."""
    return _flags(divisions())


@cache
def prefecture_flags() -> NDArray[np.bool_]:
    """`prefectures` as a table from number to truth."""
    return _flags(prefectures())


@cache
def province_flags() -> NDArray[np.bool_]:
    """`provinces` as a table from number to truth."""
    return _flags(provinces())


@cache
def bins() -> frozenset[tuple[str, int]]:
    """Bank card prefixes of six digits or more with their card length; named by two public lists at least.

    Shorter prefixes are old passbook forms, which say too little without the column's name.
    """
    return frozenset((row["bin"], int(row["length"])) for row in rows("bank_bins.csv") if len(row["bin"]) >= 6 and int(row["sources"]) >= 2)


@cache
def bin_sizes() -> tuple[int, ...]:
    """Lengths of the prefixes in `bins`, longest first."""
    return tuple(sorted({len(prefix) for prefix, _ in bins()}, reverse=True))


@cache
def mobile_prefixes() -> frozenset[tuple[str, int]]:
    """Assigned mobile prefixes with the total number of digits (MIIT numbering plan)."""
    return frozenset((row["prefix"], int(row["total_digits"])) for row in rows("mobile_prefixes.csv"))


@cache
def mobile_flags(digits: int) -> NDArray[np.bool_]:
    """Table over the first five digits of mobile numbers of `digits` digits: assigned or not."""
    import numpy as np

    flags = np.zeros(100_000, dtype=np.bool_)
    for prefix, total in mobile_prefixes():
        if total == digits:
            span = 10 ** (5 - len(prefix))
            flags[int(prefix) * span : (int(prefix) + 1) * span] = True
    return flags


@cache
def area_codes() -> dict[str, tuple[int, ...]]:
    """Area codes (with their leading 0) and the lengths of a local number there (two where it changed)."""
    return {row["area_code"]: tuple(map(int, row["local_digits"].split("/"))) for row in rows("area_codes.csv")}


@cache
def iban_formats() -> dict[str, tuple[int, str]]:
    """Country code to total length and BBAN structure (IBAN registry)."""
    return {row["country"]: (int(row["length"]), row["bban_structure"]) for row in rows("iban_formats.csv")}


@cache
def countries(column: str) -> frozenset[str]:
    """ISO 3166-1 codes; `column` is alpha2, alpha3 or numeric."""
    return frozenset(row[column] for row in rows("iso3166_countries.csv"))
