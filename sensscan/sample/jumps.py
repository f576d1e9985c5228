"""Sampling by jumps along a key: a hundred places spread over the table, a few rows at each."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from random import Random
from typing import Any

from sensscan.model import Family, Table
from sensscan.sample.keyspace import KeySpace, key_space, spread
from sensscan.source import Session

Row = tuple[Any, ...]
Place = tuple[object, ...]
"""Where a jump lands: a value of the leading key column, or one of each of the first two."""

_ROUNDS = 8
"""Rounds of probes that look for the places where keys are; one statement each."""
_DENSE = 0.2
"""Keys that fill this share of their range need no probes."""


def jump_count(wanted: int) -> int:
    """Return the number of jumps for a sample of `wanted` rows.

    >>> jump_count(1000), jump_count(100), jump_count(10_000)
    (100, 100, 250)
    """
    return max(100, min(250, wanted // 10))


def sample_by_jumps(session: Session, table: Table, key: Sequence[str], select: str, *, wanted: int, seed: int) -> list[Row] | None:
    """Return about `wanted` different rows from all over the table, None when its key cannot be jumped along.

    `key` are the key's columns, quoted, and `select` the select list. The first column leads; the parameters (key values,
    which can be ID numbers) go to the server as parameters only and are never logged.
    """
    name = session.quote_table(table.ref.schema, table.ref.table)
    lead = key[0]
    families = {session.quote(column.ref.column): column.family for column in table.columns}
    lead_is_number = families.get(lead) in (Family.DECIMAL, Family.FLOAT)
    first, last = session.execute(
        f"SELECT (SELECT {lead} FROM {name} WHERE {lead} IS NOT NULL ORDER BY {lead} LIMIT 1),"  # noqa: S608  # all names are quoted
        f" (SELECT {lead} FROM {name} WHERE {lead} IS NOT NULL ORDER BY {lead} DESC LIMIT 1)"
    )[0]
    if lead_is_number and isinstance(first, str) and isinstance(last, str):
        first, last = Decimal(first), Decimal(last)
    space = key_space(first, last)
    if space is None or first is None:
        return None
    random = Random(seed)
    count = jump_count(wanted)
    width = space.high - space.low + 1
    if isinstance(first, int) and table.row_estimate and table.row_estimate >= width * _DENSE:
        leads = [space.to_key(point) for point in spread(space.low, space.high, count, random)]
    else:
        leads = _find_places(session, name, lead, space, count=count, random=random)
    places: list[Place] = [(value,) for value in leads]
    if len(key) > 1 and len(leads) < count // 4:
        places = _second_places(session, name, key, leads, count=count, random=random)
    return _read_windows(session, name, key, select, places=places, wanted=wanted)


def _read_windows(session: Session, name: str, key: Sequence[str], select: str, *, places: Sequence[Place], wanted: int) -> list[Row]:
    """Read some rows from each place on, in one query; the server itself drops rows that two windows share."""
    mark = session.placeholder
    order = {"mysql": "STRAIGHT_JOIN", "sqlite": "CROSS JOIN", "postgresql": "JOIN"}[session.dialect]
    aliases = [f"sensscan_k{number}" for number in range(len(key))]
    aliased = ", ".join(f"{column} AS {alias}" for column, alias in zip(key, aliases, strict=True))
    match = " AND ".join(f"sensscan_t.{column} = sensscan_j.{alias}" for column, alias in zip(key, aliases, strict=True))
    start = f"{key[0]} >= {mark}" if len(places[0]) == 1 else f"{key[0]} = {mark} AND {key[1]} >= {mark}"
    parameters = [value for place in places for value in place]
    each = -(-wanted // len(places))
    rows: list[Row] = []
    for stretch in (1, 4):
        window = f"SELECT {aliased} FROM {name} WHERE {start} ORDER BY {', '.join(key)} LIMIT {each * stretch}"  # noqa: S608  # names are quoted
        windows = " UNION ".join([f"SELECT * FROM ({window}) AS sensscan_p"] * len(places))  # noqa: S608
        statement = f"SELECT {select} FROM ({windows}) AS sensscan_j {order} {name} AS sensscan_t ON {match}"  # noqa: S608
        rows = session.execute(statement, parameters)
        if len(rows) >= wanted // 2:
            break
    return rows


def _second_places(session: Session, name: str, key: Sequence[str], leads: Sequence[object], *, count: int, random: Random) -> list[Place]:
    """Spread the places along the second key column where the first has few values (tenant, year)."""
    lead, second = key[0], key[1]
    mark = session.placeholder
    end = f"(SELECT {second} FROM {name} WHERE {lead} = {mark} ORDER BY {second} {{}} LIMIT 1)"  # noqa: S608  # names are quoted
    pair = f"{end.format('ASC')}, {end.format('DESC')}"
    ends = session.execute("SELECT " + ", ".join([pair] * len(leads)), [value for value in leads for _ in range(2)])[0]
    places: list[Place] = []
    for number, value in enumerate(leads):
        first, last = ends[2 * number], ends[2 * number + 1]
        space = None if first is None else key_space(first, last)
        if space is None:
            places.append((value, first))
        else:
            places += [(value, space.to_key(point)) for point in spread(space.low, space.high, max(1, count // len(leads)), random)]
    return [place for place in places if place[1] is not None]


def _note(found: dict[int, object], space: KeySpace, key: object) -> int | None:
    """Remember a key that a probe landed on and return its point; None behind the last key."""
    at = None if key is None else space.from_key(key)
    if at is not None:
        found.setdefault(at, key)
    return at


def _find_places(session: Session, name: str, lead: str, space: KeySpace, *, count: int, random: Random) -> list[object]:
    """Return up to `count` existing keys from all over the key range, the first one among them.

    Each round asks for the next key at points spread over the stretches that may hold further keys. A point that lands on
    a later key shows that nothing is in between; so gaps of any size are left behind after a few rounds.
    """
    probe = f"(SELECT {lead} FROM {name} WHERE {lead} >= {session.placeholder} ORDER BY {lead} LIMIT 1)"  # noqa: S608  # names are quoted
    found: dict[int, object] = {space.low: space.to_key(space.low)}
    stretches = [(space.low + 1, space.high)]
    for _ in range(_ROUNDS):
        share = max(1, count // len(stretches))
        asked = [(stretch, spread(*stretch, share, random)) for stretch in stretches[: 2 * count]]
        points = [point for _, chosen in asked for point in chosen]
        landed = session.execute("SELECT " + ", ".join([probe] * len(points)), [space.to_key(point) for point in points])[0]
        landings = iter(landed)
        stretches = []
        for (low, high), chosen in asked:
            # Before the first point anything can be; behind a point, nothing up to the key where it landed.
            start = low
            for point in chosen:
                if start < point:
                    stretches.append((start, point - 1))
                at = _note(found, space, next(landings))
                start = max(start, point + 1, high + 1 if at is None else at + 1)
            if start <= high:
                stretches.append((start, high))
        if len(found) >= count or not stretches:
            break
        random.shuffle(stretches)
    keys = [found[at] for at in sorted(found)]
    if len(keys) <= count:
        return keys
    step = len(keys) / count
    return [keys[int(place * step)] for place in range(count)]
