"""Reads the word lists in `data/`, once per process and only when a value asks for them."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "data"


@cache
def lines(name: str) -> tuple[str, ...]:
    """Return the lines of a file with one column, without its header."""
    return tuple((FOLDER / name).read_text(encoding="utf-8").splitlines()[1:])


@cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a CSV file, without its header."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return tuple(tuple(row) for row in csv.reader(file))[1:]


@cache
def name_tokens() -> Mapping[str, str]:
    """Return token -> kinds: f first name, l surname, w also an ordinary word, c also a large city."""
    return {token: kinds for kinds, tokens in rows("name_tokens.csv") for token in tokens.split(" ")}


@cache
def divisions() -> Mapping[str, str]:
    """Return division name -> level: p province, c city, d district or county; full and short, present and former."""
    return {name: level for name, level in rows("divisions.csv")}


@cache
def traditional() -> Mapping[str, str]:
    """Return traditional character -> simplified character."""
    return {old: new for old, new in rows("traditional.csv")}
