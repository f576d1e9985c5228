"""Reads the word lists in `data/`, once per process and only when a value asks for them."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "data"


@cache
def lines(name: str) -> tuple[str, ...]:
    """Return the lines of a word list, without its notice."""
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
    return {row[0]: row[1] for row in rows("divisions.csv")}


@cache
def traditional() -> Mapping[str, str]:
    """Return traditional character -> simplified character."""
    return {row[0]: row[1] for row in rows("traditional.csv")}


@cache
def _word_lists() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((FOLDER / "name_words.toml").read_text(encoding="utf-8"))


@cache
def words(part: str, key: str) -> frozenset[str]:
    """Return one list of `name_words.toml`."""
    return frozenset(_word_lists()[part][key].split())


def pinyin_syllables() -> list[str]:
    """Return every syllable of Hanyu Pinyin, longest first."""
    table = _word_lists()["pinyin"]
    made = {("" if initial == "_" else initial) + final for initial, finals in table.items() for final in finals.split()}
    return sorted(made, key=lambda syllable: (-len(syllable), syllable))


@cache
def city_phrases() -> frozenset[str]:
    """Return the names of world cities that consist of several words."""
    return frozenset(name for name in lines("world_cities.txt") if " " in name)
