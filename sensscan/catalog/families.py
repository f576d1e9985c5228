"""From a declared database type to the family of values that it can hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from sensscan.model import Family

_POSTGRES: Mapping[str, Family] = {
    **dict.fromkeys(("int2", "int4", "int8", "oid", "xid", "xid8", "cid", "int1", "int16"), Family.INTEGER),
    **dict.fromkeys(("numeric", "money", "number"), Family.DECIMAL),
    **dict.fromkeys(("float4", "float8", "binary_double"), Family.FLOAT),
    "date": Family.DATE,
    **dict.fromkeys(("timestamp", "timestamptz", "smalldatetime", "datetime"), Family.DATETIME),
    **dict.fromkeys(("time", "timetz"), Family.TIME),
    "bool": Family.BOOLEAN,
    **dict.fromkeys(("bytea", "blob", "raw", "longblob"), Family.BINARY),
    **dict.fromkeys(("json", "jsonb"), Family.JSON),
    "uuid": Family.UUID,
    **dict.fromkeys(("inet", "cidr"), Family.INET),
    **dict.fromkeys(("macaddr", "macaddr8"), Family.MACADDR),
    **dict.fromkeys(
        ("point", "line", "lseg", "box", "path", "polygon", "circle", "geometry", "geography", "raster", "box2d", "box3d"), Family.GEOMETRY
    ),
    **dict.fromkeys(
        (
            "text", "varchar", "bpchar", "char", "name", "citext", "xml", "hstore", "tsvector",
            "nvarchar", "nvarchar2", "varchar2", "clob", "longtext",
        ),
        Family.TEXT,
    ),
}  # fmt: skip


@lru_cache(maxsize=4096)
def postgres_family(type_name: str, kind: str, category: str) -> Family:
    """Return the family for `pg_type`'s typname, typtype and typcategory; domains are resolved before.

    >>> postgres_family("int8", "b", "N"), postgres_family("_text", "b", "A"), postgres_family("mood", "e", "E")
    (<Family.INTEGER: 'integer'>, <Family.ARRAY: 'array'>, <Family.ENUM: 'enum'>)
    """
    if kind == "e":
        return Family.ENUM
    if category == "A":
        return Family.ARRAY
    return _POSTGRES.get(type_name, Family.OTHER)


_MYSQL: Mapping[str, Family] = {
    **dict.fromkeys(("tinyint", "smallint", "mediumint", "int", "integer", "bigint", "year"), Family.INTEGER),
    **dict.fromkeys(("decimal", "numeric", "dec", "fixed"), Family.DECIMAL),
    **dict.fromkeys(("float", "double", "real"), Family.FLOAT),
    "date": Family.DATE,
    **dict.fromkeys(("datetime", "timestamp"), Family.DATETIME),
    "time": Family.TIME,
    **dict.fromkeys(("char", "varchar", "tinytext", "text", "mediumtext", "longtext", "nchar", "nvarchar"), Family.TEXT),
    **dict.fromkeys(("binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob"), Family.BINARY),
    **dict.fromkeys(("enum", "set"), Family.ENUM),
    "json": Family.JSON,
    "uuid": Family.UUID,
    **dict.fromkeys(("inet4", "inet6"), Family.INET),
    **dict.fromkeys(
        (
            "geometry", "point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon",
            "geometrycollection", "geomcollection",
        ),
        Family.GEOMETRY,
    ),
}  # fmt: skip


@lru_cache(maxsize=4096)
def mysql_family(data_type: str, column_type: str) -> Family:
    """Return the family for information_schema's DATA_TYPE and COLUMN_TYPE.

    >>> mysql_family("tinyint", "tinyint(1)"), mysql_family("bit", "bit(1)"), mysql_family("bit", "bit(8)")
    (<Family.BOOLEAN: 'boolean'>, <Family.BOOLEAN: 'boolean'>, <Family.OTHER: 'other'>)
    """
    if column_type.startswith("tinyint(1)") or column_type == "bit(1)":
        return Family.BOOLEAN
    return _MYSQL.get(data_type.lower(), Family.OTHER)


_SQLITE_EXACT: Mapping[str, Family] = {
    "date": Family.DATE,
    "datetime": Family.DATETIME,
    "timestamp": Family.DATETIME,
    "timestamptz": Family.DATETIME,
    "time": Family.TIME,
    "bool": Family.BOOLEAN,
    "boolean": Family.BOOLEAN,
    "json": Family.JSON,
    "jsonb": Family.JSON,
    "uuid": Family.UUID,
    "guid": Family.UUID,
    "any": Family.ANY,
    "money": Family.DECIMAL,
    "decimal": Family.DECIMAL,
    "numeric": Family.DECIMAL,
    "number": Family.DECIMAL,
}


@lru_cache(maxsize=4096)
def sqlite_family(declared: str) -> Family:
    """Return the family for a declared type, after the rules of affinity (sqlite.org/datatype3.html, 3.1).

    Names that other databases know (DATE, BOOLEAN, DECIMAL, UUID) are taken at their word; the values decide in the end,
    because SQLite stores anything anywhere.

    >>> sqlite_family("VARCHAR(20)"), sqlite_family("UNSIGNED BIG INT"), sqlite_family(""), sqlite_family("DECIMAL(10,2)")
    (<Family.TEXT: 'text'>, <Family.INTEGER: 'integer'>, <Family.ANY: 'any'>, <Family.DECIMAL: 'decimal'>)
    """
    word = re.split(r"[\s(]", declared.strip().lower(), maxsplit=1)[0]
    if word in _SQLITE_EXACT:
        return _SQLITE_EXACT[word]
    upper = declared.upper()
    if not upper.strip():
        return Family.ANY
    if "INT" in upper and "POINT" not in upper:
        return Family.INTEGER
    if any(part in upper for part in ("CHAR", "CLOB", "TEXT", "STRING")):
        return Family.TEXT
    if "BLOB" in upper or "BINARY" in upper:
        return Family.BINARY
    if any(part in upper for part in ("REAL", "FLOA", "DOUB")):
        return Family.FLOAT
    if any(part in upper for part in ("GEOMETRY", "POINT", "POLYGON", "LINESTRING")):
        return Family.GEOMETRY
    return Family.ANY


@lru_cache(maxsize=4096)
def declared_length(declared: str) -> int | None:
    """Return the first number in parentheses of a type's spelling, None without one.

    >>> declared_length("varchar(20)"), declared_length("DECIMAL(10,2)"), declared_length("text")
    (20, 10, None)
    """
    found = re.search(r"\(\s*(\d{1,9})\s*[,)]", declared)
    return int(found[1]) if found else None
