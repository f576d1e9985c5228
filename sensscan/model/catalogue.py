"""What a database is made of: schemas, tables, columns, their names and why one was not read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from sensscan.language import Text

ReasonCode = Literal[
    "empty", "placeholders", "too_few", "ambiguous", "encrypted",
    "permission", "timeout", "lost", "failed", "budget", "excluded", "unsupported",
]  # fmt: skip
"""Why there is no verdict. The first five leave exit code 0; permission to budget mean incomplete (3)."""

INCOMPLETE_CODES: frozenset[str] = frozenset({"permission", "timeout", "lost", "failed", "budget"})


class Family(StrEnum):
    """What a declared database type can hold, the same words for every server."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    FLOAT = "float"
    DATE = "date"
    DATETIME = "datetime"
    TIME = "time"
    BOOLEAN = "boolean"
    BINARY = "binary"
    JSON = "json"
    UUID = "uuid"
    INET = "inet"
    MACADDR = "macaddr"
    GEOMETRY = "geometry"
    ARRAY = "array"
    ENUM = "enum"
    ANY = "any"
    """No usable declaration (SQLite columns without affinity): the values' own types decide."""
    OTHER = "other"


@dataclass(frozen=True, slots=True, order=True)
class TableRef:
    """A table's identity: tags, marks, locks and history hang on it."""

    source: str
    schema: str
    table: str


@dataclass(frozen=True, slots=True, order=True)
class ColumnRef:
    """A column's identity. `source` is the name from the configuration, else the server without user, password and parameters."""

    source: str
    schema: str
    table: str
    column: str

    @property
    def table_ref(self) -> TableRef:
        """The table that the column belongs to."""
        return TableRef(self.source, self.schema, self.table)


TableKind = Literal["table", "view", "materialized_view", "partitioned", "foreign", "virtual"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column as the catalogue describes it."""

    ref: ColumnRef
    data_type: str
    """The server's own spelling, such as "varchar(20)"."""
    family: Family
    position: int
    """From 1, in the order of the table."""
    comment: str = ""
    nullable: bool = True
    is_key: bool = False
    """Part of the primary key or of a unique index on this column alone."""
    length: int | None = None
    """Declared length in characters, or precision of a number; None when not declared."""
    references: ColumnRef | None = None
    """The column that a foreign key of this column points to."""
    enum_values: tuple[str, ...] = ()
    """Allowed values of ENUM and SET types and domains, from the catalogue."""
    charset: str = ""
    """Character set of a text column where the server has one per column (MySQL, MariaDB)."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table, view or partition parent with its columns."""

    ref: TableRef
    kind: TableKind
    columns: tuple[Column, ...]
    comment: str = ""
    primary_key: tuple[str, ...] = ()
    row_estimate: int | None = None
    """The server's own estimate; None when it has none (PostgreSQL's reltuples -1, views)."""
    structure_hash: str = ""
    """sha256 over names, types, comments, keys: changes when the structure does, not when data do."""
    readable_columns: tuple[str, ...] | None = None
    """With column grants: the columns that may be selected. None means all."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something has no verdict, was skipped or left out."""

    code: ReasonCode
    text: Text


@dataclass(frozen=True, slots=True)
class SkippedObject:
    """A schema, table or column that was not read; empty names mean "all below"."""

    schema: str
    table: str
    column: str
    reason: Reason
    source: str = ""
    """Where it is: set in every report, "" for what concerns several sources and while a step works on one."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that the filters let through, and what could not be enumerated."""

    source: str
    dialect: str
    """SQLAlchemy's name: sqlite, postgresql, mysql (also for MariaDB)."""
    server_version: str
    tables: tuple[Table, ...]
    skipped: tuple[SkippedObject, ...] = ()
