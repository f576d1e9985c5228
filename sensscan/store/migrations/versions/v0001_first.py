"""The first version of the store: labels, events, runs, results by validity, locks, marks, exceptions."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_OPTIONS: dict[str, Any] = {"mysql_charset": "utf8mb4", "mysql_collate": "utf8mb4_bin", "mysql_engine": "InnoDB"}
_LONG = sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb")
_BLOB = sa.LargeBinary().with_variant(mysql.LONGBLOB(), "mysql", "mariadb")


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "blobs",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("data", _BLOB, nullable=False),
        **_OPTIONS,
    )
    op.create_table(
        "chain",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(64), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        **_OPTIONS,
    )
    op.create_table(
        "events",
        sa.Column("seq", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("actor_kind", sa.String(16), nullable=False),
        sa.Column("actor", sa.String(255), nullable=False),
        sa.Column("column_id", sa.Integer(), nullable=True),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("field", sa.String(128), nullable=False),
        sa.Column("old", _LONG, nullable=True),
        sa.Column("new", _LONG, nullable=True),
        sa.Column("cause", sa.String(32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("run_id", sa.String(64), nullable=False),
        sa.Column("basis", _LONG, nullable=False),
        sa.Column("about", sa.Integer(), nullable=True),
        sa.Column("algorithm", sa.String(8), nullable=False),
        sa.Column("prev_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        **_OPTIONS,
    )
    op.create_index("events_by_column", "events", ["column_id"])
    op.create_table(
        "exceptions",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("column_glob", _LONG, nullable=False),
        sa.Column("type_glob", sa.String(128), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author", sa.String(255), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("expires", sa.String(10), nullable=True),
        sa.Column("removed_at", sa.String(32), nullable=True),
        sa.Column("removed_by", sa.String(255), nullable=True),
        **_OPTIONS,
    )
    op.create_table(
        "locks",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("run_id", sa.String(64), nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("process", sa.String(255), nullable=False),
        sa.Column("since", sa.String(32), nullable=False),
        sa.Column("expires", sa.Float(53), nullable=False),
        **_OPTIONS,
    )
    op.create_table(
        "meta",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("value", sa.Text(), nullable=False),
        **_OPTIONS,
    )
    op.create_table(
        "runs",
        sa.Column("seq", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("id", sa.String(64), nullable=False, unique=True),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=True),
        sa.Column("started_at", sa.String(32), nullable=False),
        sa.Column("finished_at", sa.String(32), nullable=True),
        sa.Column("version", sa.String(32), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("options_fingerprint", sa.String(64), nullable=False),
        sa.Column("options", _LONG, nullable=False),
        sa.Column("examined", _LONG, nullable=False),
        sa.Column("events_count", sa.Integer(), nullable=False),
        sa.Column("events_head", sa.String(64), nullable=False),
        sa.Column("summary", _LONG, nullable=True),
        sa.Column("report", sa.String(64), nullable=True),
        sa.Column("tables", sa.String(64), nullable=True),
        **_OPTIONS,
    )
    op.create_table(
        "sources",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("key", sa.String(64), nullable=False, unique=True),
        sa.Column("name", sa.Text(), nullable=False),
        **_OPTIONS,
    )
    op.create_table(
        "watches",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("dirty", _LONG, nullable=False),
        sa.Column("updated_at", sa.String(32), nullable=False),
        **_OPTIONS,
    )
    op.create_table(
        "checkpoints",
        sa.Column("run_seq", sa.Integer(), sa.ForeignKey("runs.seq"), primary_key=True, autoincrement=False),
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("payload", _LONG, nullable=False),
        **_OPTIONS,
    )
    op.create_table(
        "marks",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("source_id", sa.Integer(), sa.ForeignKey("sources.id"), nullable=False),
        sa.Column("schema_name", sa.Text(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("structure_hash", sa.String(128), nullable=False),
        sa.Column("data_mark", sa.Text(), nullable=False),
        sa.Column("rule_fingerprint", sa.Text(), nullable=False),
        sa.Column("scanned_at", sa.String(32), nullable=False),
        sa.Column("run_id", sa.String(64), nullable=False),
        **_OPTIONS,
    )
    op.create_index("marks_by_source", "marks", ["source_id"])
    op.create_table(
        "run_sources",
        sa.Column("run_seq", sa.Integer(), sa.ForeignKey("runs.seq"), primary_key=True, autoincrement=False),
        sa.Column("source_id", sa.Integer(), sa.ForeignKey("sources.id"), primary_key=True, autoincrement=False),
        **_OPTIONS,
    )
    op.create_table(
        "tables",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("source_id", sa.Integer(), sa.ForeignKey("sources.id"), nullable=False),
        sa.Column("schema_name", sa.Text(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("key", sa.String(64), nullable=False, unique=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("gone_run", sa.Integer(), nullable=True),
        **_OPTIONS,
    )
    op.create_index("tables_by_source", "tables", ["source_id"])
    op.create_table(
        "columns",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("table_id", sa.Integer(), sa.ForeignKey("tables.id"), nullable=False),
        sa.Column("column_name", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("data_type", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.String(16), nullable=False),
        sa.Column("first_run", sa.Integer(), nullable=False),
        sa.Column("gone_run", sa.Integer(), nullable=True),
        **_OPTIONS,
    )
    op.create_index("columns_by_table", "columns", ["table_id"])
    op.create_table(
        "results",
        sa.Column("column_id", sa.Integer(), sa.ForeignKey("columns.id"), primary_key=True, autoincrement=False),
        sa.Column("valid_from", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("valid_to", sa.Integer(), nullable=True),
        sa.Column("content_hash", sa.String(32), nullable=False),
        sa.Column("verdict", sa.String(8), nullable=False),
        sa.Column("type_id", sa.String(64), nullable=False),
        sa.Column("confidence", sa.Float(53), nullable=False),
        sa.Column("payload", _LONG, nullable=False),
        **_OPTIONS,
    )
    op.create_table(
        "reviews",
        sa.Column("reviewer", sa.String(128), primary_key=True),
        sa.Column("column_id", sa.Integer(), sa.ForeignKey("columns.id"), primary_key=True, autoincrement=False),
        sa.Column("content_hash", sa.String(32), nullable=False),
        **_OPTIONS,
    )
    op.create_table(
        "tag_levels",
        sa.Column("column_id", sa.Integer(), sa.ForeignKey("columns.id"), primary_key=True, autoincrement=False),
        sa.Column("policy", sa.String(64), primary_key=True),
        sa.Column("level", sa.String(64), nullable=False),
        sa.Column("fixed", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(128), nullable=False),
        **_OPTIONS,
    )
    op.create_table(
        "tags",
        sa.Column("column_id", sa.Integer(), sa.ForeignKey("columns.id"), primary_key=True, autoincrement=False),
        sa.Column("type_id", sa.String(64), nullable=False),
        sa.Column("category", sa.String(128), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("permission", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("ticket", sa.String(255), nullable=False),
        sa.Column("reviewer", sa.String(255), nullable=False),
        sa.Column("rejected", sa.String(64), nullable=False),
        sa.Column("conflict", sa.String(255), nullable=False),
        sa.Column("set_by", sa.String(255), nullable=False),
        sa.Column("set_at", sa.String(32), nullable=False),
        sa.Column("run_id", sa.String(64), nullable=False),
        sa.Column("rule", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        **_OPTIONS,
    )


def downgrade() -> None:
    """Remove every table, children first."""
    for name in (
        "tags",
        "tag_levels",
        "reviews",
        "results",
        "columns",
        "tables",
        "run_sources",
        "marks",
        "checkpoints",
        "watches",
        "sources",
        "runs",
        "meta",
        "locks",
        "exceptions",
        "events",
        "chain",
        "blobs",
    ):
        op.drop_table(name)
