"""Alembic's entry: runs the migrations on the connection that the store hands over."""

from __future__ import annotations

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, transactional_ddl=None, version_table="alembic_version", render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
