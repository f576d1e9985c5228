"""The store's tables (SQLAlchemy Core). Migrations build them on servers; a test holds the two equal.

Kept portable on purpose: ids are given by the program under the chain's lock, times are ISO text, names are found by a hash
(servers compare text by their own collations, and MariaDB cannot index long text).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text
from sqlalchemy.schema import SchemaItem

REVISION = "0001"
"""The newest migration; a store with another revision is migrated on opening, or refused when it is newer."""

metadata = MetaData()
_OPTIONS: dict[str, Any] = {"mysql_charset": "utf8mb4", "mysql_collate": "utf8mb4_bin", "mysql_engine": "InnoDB"}


def _table(name: str, *parts: SchemaItem) -> Table:
    return Table(name, metadata, *parts, **_OPTIONS)


def _id(name: str) -> Column[int]:
    return Column(name, Integer, primary_key=True, autoincrement=False)


meta = _table("meta", Column("name", String(64), primary_key=True), Column("value", Text, nullable=False))

# One row: the end of the event log. Its row lock makes writers of a team store queue up.
chain = _table(
    "chain",
    _id("id"),
    Column("length", Integer, nullable=False),
    Column("head", String(64), nullable=False),
    Column("at", String(32), nullable=False),
)

sources = _table("sources", _id("id"), Column("key", String(64), nullable=False, unique=True), Column("name", Text, nullable=False))

runs = _table(
    "runs",
    _id("seq"),
    Column("id", String(64), nullable=False, unique=True),
    Column("mode", String(16), nullable=False),
    Column("outcome", String(16)),
    Column("started_at", String(32), nullable=False),
    Column("finished_at", String(32)),
    Column("version", String(32), nullable=False),
    Column("policy", Text, nullable=False),
    Column("options_fingerprint", String(64), nullable=False),
    Column("options", Text, nullable=False),
    Column("examined", Text, nullable=False),
    Column("events_count", Integer, nullable=False),
    Column("events_head", String(64), nullable=False),
    Column("summary", Text),
    Column("report", String(64)),
    Column("tables", String(64)),
)

run_sources = _table(
    "run_sources",
    Column("run_seq", Integer, ForeignKey("runs.seq"), primary_key=True, autoincrement=False),
    Column("source_id", Integer, ForeignKey("sources.id"), primary_key=True, autoincrement=False),
)

# Parts of saved reports by content hash: equal nights share one row.
blobs = _table("blobs", Column("key", String(64), primary_key=True), Column("data", LargeBinary, nullable=False))

tables = _table(
    "tables",
    _id("id"),
    Column("source_id", Integer, ForeignKey("sources.id"), nullable=False),
    Column("schema_name", Text, nullable=False),
    Column("table_name", Text, nullable=False),
    Column("key", String(64), nullable=False, unique=True),
    Column("fingerprint", String(64), nullable=False),
    Column("gone_run", Integer),
    Index("tables_by_source", "source_id"),
)

columns = _table(
    "columns",
    _id("id"),
    Column("table_id", Integer, ForeignKey("tables.id"), nullable=False),
    Column("column_name", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("data_type", Text, nullable=False),
    Column("fingerprint", String(16), nullable=False),
    Column("first_run", Integer, nullable=False),
    Column("gone_run", Integer),
    Index("columns_by_table", "table_id"),
)

# By validity: a row holds from run `valid_from` until before run `valid_to`; NULL is current.
results = _table(
    "results",
    Column("column_id", Integer, ForeignKey("columns.id"), primary_key=True, autoincrement=False),
    Column("valid_from", Integer, primary_key=True, autoincrement=False),
    Column("valid_to", Integer),
    Column("content_hash", String(32), nullable=False),
    Column("verdict", String(8), nullable=False),
    Column("type_id", String(64), nullable=False),
    Column("confidence", Float(53), nullable=False),
    Column("payload", Text, nullable=False),
)

tags = _table(
    "tags",
    Column("column_id", Integer, ForeignKey("columns.id"), primary_key=True, autoincrement=False),
    Column("type_id", String(64), nullable=False),
    Column("category", String(128), nullable=False),
    Column("status", String(16), nullable=False),
    Column("owner", Text, nullable=False),
    Column("permission", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("ticket", String(255), nullable=False),
    Column("reviewer", String(255), nullable=False),
    Column("rejected", String(64), nullable=False),
    Column("conflict", String(255), nullable=False),
    Column("set_by", String(255), nullable=False),
    Column("set_at", String(32), nullable=False),
    Column("run_id", String(64), nullable=False),
    Column("rule", String(64), nullable=False),
    Column("version", Integer, nullable=False),  # seq of the newest event about this tag: the spreadsheet's proof of freshness
)

tag_levels = _table(
    "tag_levels",
    Column("column_id", Integer, ForeignKey("columns.id"), primary_key=True, autoincrement=False),
    Column("policy", String(64), primary_key=True),
    Column("level", String(64), nullable=False),
    Column("fixed", Integer, nullable=False),  # 1: a person set it; no scan changes it
    Column("version", String(128), nullable=False),
)

events = _table(
    "events",
    _id("seq"),
    Column("at", String(32), nullable=False),
    Column("actor_kind", String(16), nullable=False),
    Column("actor", String(255), nullable=False),
    Column("column_id", Integer),
    Column("ref", Text, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("field", String(128), nullable=False),
    Column("old", Text),
    Column("new", Text),
    Column("cause", String(32), nullable=False),
    Column("note", Text, nullable=False),
    Column("run_id", String(64), nullable=False),
    Column("basis", Text, nullable=False),
    Column("about", Integer),
    Column("algorithm", String(8), nullable=False),
    Column("prev_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("events_by_column", "column_id"),
)

locks = _table(
    "locks",
    Column("key", String(64), primary_key=True),
    Column("source", Text, nullable=False),
    Column("run_id", String(64), nullable=False),
    Column("host", String(255), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("process", String(255), nullable=False),
    Column("since", String(32), nullable=False),
    Column("expires", Float(53), nullable=False),
)

checkpoints = _table(
    "checkpoints",
    Column("run_seq", Integer, ForeignKey("runs.seq"), primary_key=True, autoincrement=False),
    Column("key", String(64), primary_key=True),
    Column("payload", Text, nullable=False),
)

marks = _table(
    "marks",
    Column("key", String(64), primary_key=True),
    Column("source_id", Integer, ForeignKey("sources.id"), nullable=False),
    Column("schema_name", Text, nullable=False),
    Column("table_name", Text, nullable=False),
    Column("structure_hash", String(128), nullable=False),
    Column("data_mark", Text, nullable=False),
    Column("rule_fingerprint", Text, nullable=False),
    Column("scanned_at", String(32), nullable=False),
    Column("run_id", String(64), nullable=False),
    Index("marks_by_source", "source_id"),
)

watches = _table(
    "watches",
    Column("key", String(64), primary_key=True),
    Column("source", Text, nullable=False),
    Column("position", Text, nullable=False),
    Column("dirty", Text, nullable=False),
    Column("updated_at", String(32), nullable=False),
)

exceptions = _table(
    "exceptions",
    Column("id", String(16), primary_key=True),
    Column("source", Text, nullable=False),
    Column("column_glob", Text, nullable=False),
    Column("type_glob", String(128), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("reason", Text, nullable=False),
    Column("author", String(255), nullable=False),
    Column("created_at", String(32), nullable=False),
    Column("expires", String(10)),
    Column("removed_at", String(32)),
    Column("removed_by", String(255)),
)

# What a reviewer passed over, with the finding seen: asked again last, or when the finding changes.
reviews = _table(
    "reviews",
    Column("reviewer", String(128), primary_key=True),
    Column("column_id", Integer, ForeignKey("columns.id"), primary_key=True, autoincrement=False),
    Column("content_hash", String(32), nullable=False),
)

COPY_ORDER: tuple[Table, ...] = tuple(metadata.sorted_tables)
"""Parents before children, for backup and restore."""
