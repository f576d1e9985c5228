"""A small database with known clear values, the same on every server."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from random import Random

import sqlalchemy as sa

from sample_dbs.build import engine_for
from sample_dbs.values import example

ROWS = 60
KINDS = {
    "real_name": "person_name",
    "id_card": "id_card",
    "mobile": "mobile_phone",
    "card_no": "bank_card",
    "email": "email",
    "home_address": "address",
}
"""Column -> type of the table `person`."""


@dataclass(frozen=True)
class People:
    """The rows of every table, and every value that must never leave a scan."""

    person: list[dict[str, object]]
    note: list[dict[str, object]]
    secrets: frozenset[str]


@cache
def people() -> People:
    """Make the rows; the same at every call."""
    random = Random(20260131)
    secrets: set[str] = set()

    def secret(kind: str) -> str:
        value = str(example(kind, random))
        secrets.add(value)
        return value

    person, note = [], []
    for number in range(1, ROWS + 1):
        row: dict[str, object] = {column: secret(kind) for column, kind in KINDS.items()}
        row |= {
            "id": number,
            "amount": Decimal(number) / 4,
            "status": "active" if number % 3 else "closed",
            "filler": "N/A",
            "reserve": None,
        }
        person.append(row)
        phone, mail, name = secret("mobile_phone"), secret("email"), secret("person_name")
        note.append(
            {
                "note_id": number,
                "remark": f"客户来电咨询，联系人：{name}，手机 {phone}，请尽快回访处理。",
                "ext": json.dumps({"order": number, "buyer": {"phone": phone, "mail": mail}}, ensure_ascii=False),
            }
        )
    return People(person, note, frozenset(secrets))


def metadata() -> sa.MetaData:
    """Describe the tables."""
    found = sa.MetaData()
    sa.Table(
        "person",
        found,
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        *(sa.Column(column, sa.String(200)) for column in KINDS),
        sa.Column("amount", sa.Numeric(12, 2)),
        sa.Column("status", sa.String(10)),
        sa.Column("filler", sa.String(10)),
        sa.Column("reserve", sa.String(10)),
        mysql_charset="utf8mb4",
    )
    sa.Table(
        "note",
        found,
        sa.Column("note_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("remark", sa.Text),
        sa.Column("ext", sa.Text),
        mysql_charset="utf8mb4",
    )
    sa.Table(
        "empty_table", found, sa.Column("id", sa.Integer, primary_key=True), sa.Column("id_card", sa.String(18)), mysql_charset="utf8mb4"
    )
    return found


def fill(url: str) -> None:
    """Create and fill the tables."""
    rows, tables = people(), metadata()
    engine = engine_for(url)
    with engine.begin() as connection:
        tables.create_all(connection)
        connection.execute(tables.tables["person"].insert(), rows.person)
        connection.execute(tables.tables["note"].insert(), rows.note)
    engine.dispose()
