"""What the globs let through."""

from __future__ import annotations

import pytest

from sensscan.catalog import Selection
from sensscan.catalog.families import declared_length, mysql_family, postgres_family, sqlite_family
from sensscan.config import Filters
from sensscan.model import Family


@pytest.mark.parametrize(
    ("filters", "names", "allowed"),
    [
        (Filters(), ("hr", "staff", "phone"), True),
        (Filters(schemas=("HR*",)), ("hr", "staff", "phone"), True),
        (Filters(schemas=("crm", "hr")), ("hr", "staff", "phone"), True),
        (Filters(schemas=("crm",)), ("hr", "staff", "phone"), False),
        (Filters(tables=("st*",)), ("hr", "staff", "phone"), True),
        (Filters(tables=("hr.st*",)), ("HR", "Staff", "phone"), True),
        (Filters(tables=("crm.st*",)), ("hr", "staff", "phone"), False),
        (Filters(columns=("*phone*",)), ("hr", "staff", "mobile_phone"), True),
        (Filters(columns=("staff.phone",)), ("hr", "staff", "phone"), True),
        (Filters(columns=("hr.staff.phone",)), ("hr", "staff", "phone"), True),
        (Filters(columns=("hr.staff.phone",)), ("hr", "staff", "name"), False),
        (Filters(excludes=("hr",)), ("hr", "staff", "phone"), False),
        (Filters(excludes=("hr.log_*",)), ("hr", "log_2024", "phone"), False),
        (Filters(excludes=("hr.log_*",)), ("hr", "staff", "phone"), True),
        (Filters(excludes=("*.*.phone",)), ("hr", "staff", "phone"), False),
        (Filters(excludes=("hr.staff.phone",)), ("hr", "staff", "name"), True),
        (Filters(tables=("客户*",)), ("hr", "客户信息", "手机"), True),
        (Filters(tables=("a.b",)), ("hr", "a.b", "c"), True),
        (Filters(tables=('hr."a.b"',)), ("hr", "a.b", "c"), True),
        (Filters(tables=('"Staff"',)), ("hr", "staff", "phone"), False),
        (Filters(columns=('"Order Items".`e-mail`',)), ("hr", "Order Items", "e-mail"), True),
        (Filters(excludes=('hr."a.b"',)), ("hr", "a.b", "c"), False),
    ],
)
def test_selection(filters: Filters, names: tuple[str, str, str], allowed: bool) -> None:
    selection = Selection(filters)
    assert (selection.schema(names[0]) and selection.table(*names[:2]) and selection.column(*names)) is allowed


def test_sqlite_excludes_may_leave_out_main() -> None:
    selection = Selection(Filters(excludes=("log_*", "staff.phone")), one_schema=True)
    assert not selection.table("main", "log_1")
    assert not selection.column("main", "staff", "phone")
    assert selection.column("main", "staff", "name")


@pytest.mark.parametrize(
    ("declared", "family"),
    [
        ("INTEGER", Family.INTEGER), ("UNSIGNED BIG INT", Family.INTEGER), ("int8", Family.INTEGER), ("VARCHAR(20)", Family.TEXT),
        ("NVARCHAR(100)", Family.TEXT), ("clob", Family.TEXT), ("STRING", Family.TEXT), ("", Family.ANY), ("BLOB", Family.BINARY),
        ("REAL", Family.FLOAT), ("double precision", Family.FLOAT), ("DECIMAL(10,5)", Family.DECIMAL), ("NUMERIC", Family.DECIMAL),
        ("DATE", Family.DATE), ("DATETIME", Family.DATETIME), ("timestamp with time zone", Family.DATETIME), ("BOOLEAN", Family.BOOLEAN),
        ("JSON", Family.JSON), ("UUID", Family.UUID), ("POINT", Family.GEOMETRY), ("something", Family.ANY), ("time", Family.TIME),
    ],
)  # fmt: skip
def test_sqlite_families(declared: str, family: Family) -> None:
    assert sqlite_family(declared) is family


def test_other_families() -> None:
    assert postgres_family("citext", "b", "S") is Family.TEXT
    assert postgres_family("tstzrange", "r", "R") is Family.OTHER
    assert mysql_family("tinyint", "tinyint(1) unsigned") is Family.BOOLEAN
    assert mysql_family("tinyint", "tinyint(4)") is Family.INTEGER
    assert mysql_family("year", "year(4)") is Family.INTEGER
    assert declared_length("varchar ( 20 )") == 20
