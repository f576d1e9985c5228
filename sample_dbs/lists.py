"""Reference lists for the generators, read once from the data files of the package."""

from __future__ import annotations

import csv
import functools
from pathlib import Path

HERE = Path(__file__).resolve().parent
# The same relative places serve the checkout and an installed package.
FOLDERS = (
    HERE / "data",
    HERE.parent / "sensscan" / "numbers" / "data",
    HERE.parent / "numbers" / "data",
    HERE.parent / "detectors" / "data",
)


@functools.cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Return the lines of one CSV file. Raises FileNotFoundError when no folder has it."""
    for folder in FOLDERS:
        path = folder / name
        if path.is_file():
            with path.open(encoding="utf-8", newline="") as lines:
                return tuple(csv.DictReader(lines))
    raise FileNotFoundError(f"{name} is in none of {', '.join(str(f) for f in FOLDERS)}")


@functools.cache
def counties() -> tuple[tuple[str, str, str, str], ...]:
    """Return (code, province, city, county) of today's counties; the city is "" below a municipality."""
    names = {row["code"]: row["name"] for row in rows("gb2260_codes.csv") if row["current"] == "1"}
    found = []
    for row in rows("gb2260_codes.csv"):
        code = row["code"]
        if row["level"] != "county" or row["current"] != "1" or row["kind"] != "gb2260":
            continue
        city = names.get(code[:4] + "00", "")
        generic = city in {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}
        found.append((code, names[code[:2] + "0000"], "" if generic else city, row["name"]))
    return tuple(found)


@functools.cache
def former_counties() -> tuple[str, ...]:
    """Return county codes that were withdrawn: people keep them in their numbers."""
    wanted = (r for r in rows("gb2260_codes.csv") if r["level"] == "county" and r["current"] == "0" and r["kind"] == "gb2260")
    return tuple(row["code"] for row in wanted)


@functools.cache
def bins() -> tuple[tuple[str, int, str], ...]:
    """Return (BIN, length, type) of card ranges that at least two lists agree on."""
    lines = (r for r in rows("bank_bins.csv") if int(r["sources"]) >= 2 and len(r["bin"]) >= 6 and r["bin"].startswith("62"))
    return tuple((row["bin"], int(row["length"]), row["card_type"]) for row in lines)


@functools.cache
def surnames() -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Return surnames and their share of the population in per cent."""
    known = [(row["surname"], float(row["percent"])) for row in rows("surnames.csv") if row["percent"]]
    return tuple(name for name, _ in known), tuple(share for _, share in known)


@functools.cache
def compound_surnames() -> tuple[str, ...]:
    """Return two-character surnames such as 欧阳."""
    return tuple(row["surname"] for row in rows("surnames.csv") if row["kind"] == "compound")


@functools.cache
def mobile_prefixes() -> tuple[str, ...]:
    """Return prefixes of 11-digit mobile numbers of the public and the resale networks."""
    return tuple(r["prefix"] for r in rows("mobile_prefixes.csv") if r["kind"] in {"public", "virtual"} and r["total_digits"] == "11")


@functools.cache
def area_codes() -> tuple[tuple[str, int], ...]:
    """Return (area code, digits of the local number), the large cities as often as the other towns together."""
    known = [(row["area_code"], int(row["local_digits"][-1])) for row in rows("area_codes.csv") if row["status"] == "current"]
    return tuple(known)


@functools.cache
def cities() -> tuple[tuple[str, str], ...]:
    """Return (name, name without its suffix) of today's prefecture-level cities and municipalities."""
    lines = (r for r in rows("gb2260_codes.csv") if r["level"] in {"prefecture", "province"} and r["current"] == "1")
    names = (row["name"] for row in lines if row["kind"] == "gb2260" and row["name"].endswith("市"))
    return tuple((name, name.removesuffix("市")) for name in names)
