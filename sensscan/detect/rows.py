"""What columns of one table say together, row by row: births and sexes inside ID numbers, ages, halves of a position."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

from sensscan.detect.profile import texts_of
from sensscan.evidence import Agreement, ColumnEvidence
from sensscan.model import Family, TableSample

_ROWS = 128
"""Rows compared: agreement shows in a few dozen."""
_FIRST = 12
"""Rows compared before all of them are."""
_ENOUGH = 8
_DATES_AGREE = 0.8
_SEXES_AGREE = 0.97
_AGES_AGREE = 0.9
_MOST_CODES = 6
_OLDEST = 130

_FULL_ID = re.compile(r"[1-8][0-9]{5}((?:18|19|20)[0-9]{6})[0-9]{2}([0-9])[0-9Xx]")
_OLD_ID = re.compile(r"[1-8][0-9]{5}([0-9]{6})[0-9]{2}([0-9])")
_DATE = re.compile(r"((?:18|19|20)[0-9]{2})[-/.年]?([0-9]{1,2})[-/.月]?([0-9]{1,2})(?:日|[T ]00:00.*)?")
_DECIMALS = re.compile(r"-?([0-9]{1,3})\.([0-9]*[1-9])0*")

_Texts = Sequence[str | None]


def agreements(sample: TableSample, evidence: Sequence[ColumnEvidence]) -> Mapping[int, tuple[Agreement, ...]]:
    """Return place of a column -> what other columns of the same rows say of it; only places with something to say."""
    found: dict[int, list[Agreement]] = {}
    for place, one in enumerate(evidence):
        if _passes(one, "id_card"):
            persons = [_person(text) for text in _texts(sample, place)]
            for other, agreement in _with_persons(sample, evidence, place, persons):
                found.setdefault(other, []).append(agreement)
    for place, agreement in _positions(sample, evidence):
        found.setdefault(place, []).append(agreement)
    return {place: tuple(dict.fromkeys(said)) for place, said in found.items()}


def _texts(sample: TableSample, place: int, rows: int = _ROWS) -> _Texts:
    return texts_of(sample.columns[place].cells[:rows])


def _passes(one: ColumnEvidence, type_id: str) -> bool:
    """Return whether most values have the type's structure: made-up ID numbers hold births too."""
    return any(test.type_id == type_id and test.tested and max(test.structural, test.passed) >= 0.6 * test.tested for test in one.tests)


def _person(text: str | None) -> tuple[str, bool] | None:
    """Return birth date (YYYYMMDD) and whether male, from an ID number; None when it is none."""
    if text is None:
        return None
    text = text.strip()
    full = _FULL_ID.fullmatch(text)
    if full:
        return full[1], int(full[2]) % 2 == 1
    old = _OLD_ID.fullmatch(text)
    return (f"19{old[1]}", int(old[2]) % 2 == 1) if old else None


def _with_persons(
    sample: TableSample, evidence: Sequence[ColumnEvidence], ids: int, persons: Sequence[tuple[str, bool] | None]
) -> list[tuple[int, Agreement]]:
    name = evidence[ids].column.ref.column
    if len({person for person in persons if person}) < _ENOUGH:
        return []
    found = []
    for place, one in enumerate(evidence):
        if place == ids or not one.profile.checked or not _comparable(_texts(sample, place, _FIRST), one):
            continue
        pairs = [(text.strip(), person) for text, person in zip(_texts(sample, place), persons, strict=True) if text and person]
        if len(pairs) < _ENOUGH:
            continue
        for type_id, agreeing in (("birth_date", _births(pairs)), ("gender", _sexes(pairs, one)), ("age", _ages(pairs, one))):
            if agreeing:
                found.append((place, Agreement(type_id, name, agreeing, len(pairs))))
    return found


def _comparable(first: _Texts, one: ColumnEvidence) -> bool:
    """Return whether a column can be a birth date, a sex or an age at all, by its first rows."""
    if one.profile.distinct <= _MOST_CODES or one.profile.rows < 2 * _FIRST:
        return True
    filled = [text.strip() for text in first if text]
    return sum(_DATE.fullmatch(text) is not None or (len(text) <= 3 and text.isdigit()) for text in filled) >= 0.5 * max(1, len(filled))


_Pairs = Sequence[tuple[str, tuple[str, bool]]]


def _births(pairs: _Pairs) -> int:
    """Return how many texts are the birth date of their row; 0 unless most are."""
    if _same_births(pairs[:_FIRST]) < _DATES_AGREE / 2 * min(_FIRST, len(pairs)):
        return 0
    agreeing = _same_births(pairs)
    return agreeing if agreeing >= _DATES_AGREE * len(pairs) else 0


def _same_births(pairs: _Pairs) -> int:
    agreeing = 0
    for text, (birth, _) in pairs:
        parts = _DATE.fullmatch(text)
        agreeing += parts is not None and f"{parts[1]}{int(parts[2]):02d}{int(parts[3]):02d}" == birth
    return agreeing


def _sexes(pairs: _Pairs, one: ColumnEvidence) -> int:
    """Return how many codes go with the sex of their row; 0 unless nearly all do, and both sexes are there."""
    if one.profile.distinct > _MOST_CODES or len(pairs) < 2 * _ENOUGH:
        return 0
    if len({(text, male) for text, (_, male) in pairs[:_FIRST]}) > len({text for text, _ in pairs[:_FIRST]}) + 1:
        # Two codes that both go with both sexes among the first rows.
        return 0
    by_code: dict[str, Counter[bool]] = {}
    for text, (_, male) in pairs:
        by_code.setdefault(text, Counter())[male] += 1
    sides = {counts.most_common(1)[0][0] for counts in by_code.values() if counts.total() >= 4}
    agreeing = sum(max(counts.values()) for counts in by_code.values() if counts.total() >= 4)
    return agreeing if len(sides) == 2 and agreeing >= _SEXES_AGREE * len(pairs) else 0


def _ages(pairs: _Pairs, one: ColumnEvidence) -> int:
    """Return how many numbers are the age of their row at one time; 0 unless most are."""
    if one.profile.distinct < 5 or _same_time(pairs[:_FIRST])[1] < _AGES_AGREE / 2 * min(_FIRST, len(pairs)):
        return 0
    year, agreeing = _same_time(pairs)
    in_time = 1980 <= year <= date.today().year + 1
    return agreeing if in_time and agreeing >= _AGES_AGREE * len(pairs) else 0


def _same_time(pairs: _Pairs) -> tuple[int, int]:
    """Return the year in which most numbers are the ages of their rows, and how many are."""
    years = Counter(
        int(text) + int(birth[:4])
        for text, (birth, _) in pairs
        if len(text) <= 3 and text.isascii() and text.isdigit() and int(text) <= _OLDEST
    )
    # Before the birthday of the year an age is one less.
    starts = {start for year in years for start in (year - 1, year)}
    return max(((start, years[start] + years[start + 1]) for start in starts), key=lambda found: found[1], default=(0, 0))


# --- positions ------------------------------------------------------------------------------------------------------

_NUMERIC = (Family.FLOAT, Family.DECIMAL, Family.TEXT)
_FINE = 0.6
"""Share of values with that many decimals. Prices, rates and shares are stored with fewer."""
_METRE = 5
_LONGEST_DEGREES = 24


def _positions(sample: TableSample, evidence: Sequence[ColumnEvidence]) -> list[tuple[int, Agreement]]:
    """Return the columns that stand side by side and hold latitude and longitude, in either order."""
    fine = [_fine(sample, place, one) for place, one in enumerate(evidence)]
    found = []
    for left, right in pairwise(range(len(evidence))):
        if not (fine[left] and fine[right]):
            continue
        first, second = _degrees(sample, left), _degrees(sample, right)
        rows = [(a, b) for a, b in zip(first, second, strict=True) if a is not None and b is not None] if first and second else []
        if len(rows) < 5:
            continue
        agreeing = max(_in_places(rows), _in_places([(b, a) for a, b in rows]))
        if agreeing >= 0.95 * len(rows):
            for place, other in ((left, right), (right, left)):
                found.append((place, Agreement("coordinates", evidence[other].column.ref.column, agreeing, len(rows))))
    return found


def _fine(sample: TableSample, place: int, one: ColumnEvidence) -> bool:
    """Return whether the first values of a column could be degrees, told to the metre."""
    if one.profile.storage not in _NUMERIC or one.profile.distinct < 5 or one.profile.mean_length > _LONGEST_DEGREES:
        return False
    matches = [_DECIMALS.fullmatch(text.strip()) for text in _texts(sample, place, _FIRST) if text]
    return sum(match is not None and len(match[2]) >= _METRE for match in matches) >= _FINE / 2 * max(1, len(matches))


def _degrees(sample: TableSample, place: int) -> list[float | None]:
    """Return the numbers of a column, None per row without one; empty when too few are as fine as positions are."""
    texts = _texts(sample, place)
    matches = [_DECIMALS.fullmatch(text.strip()) if text else None for text in texts]
    filled = sum(bool(text and text.strip()) for text in texts)
    if sum(len(match[2]) >= _METRE for match in matches if match) < _FINE * filled:
        return []
    return [float(text) if match and text else None for match, text in zip(matches, texts, strict=True)]


def _in_places(rows: Sequence[tuple[float, float]]) -> int:
    """Return how many rows are a place: in China, or anywhere when the longitudes need more than a right angle."""
    china = sum(3.0 <= latitude <= 54.0 and 73.0 <= longitude <= 136.0 for latitude, longitude in rows)
    if china >= 0.95 * len(rows):
        return china
    inside = sum(abs(latitude) <= 90.0 and abs(longitude) <= 180.0 for latitude, longitude in rows)
    beyond = sum(abs(longitude) > 90.0 for _, longitude in rows)
    signs = sum(longitude < 0 for _, longitude in rows)
    return inside if beyond >= 0.9 * len(rows) or (signs and beyond >= 0.1 * len(rows)) else 0
