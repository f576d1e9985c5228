"""What the account may do, and the least grants that a scan needs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress

from sensscan.source.session import Session

_WRITING = re.compile(r"\b(ALL PRIVILEGES|INSERT|UPDATE|DELETE|DROP|ALTER|CREATE|SUPER|FILE)\b")


def account(session: Session) -> str:
    """Return the account as the server knows it, ready for a GRANT statement; "" for SQLite."""
    if session.dialect == "sqlite":
        return ""
    if session.dialect == "postgresql":
        return session.quote(str(session.execute("SELECT current_user")[0][0])).replace("%%", "%")
    user, _, host = str(session.execute("SELECT CURRENT_USER()")[0][0]).rpartition("@")
    return f"'{_escape(user)}'@'{_escape(host)}'"


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "''")


def may_write(session: Session) -> bool:
    """True when the account could write, were the session not read-only; a scan needs no such right."""
    if session.dialect == "sqlite":
        return False
    if session.dialect == "postgresql":
        rows = session.execute(
            """SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
               WHERE c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
               AND pg_catalog.has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE'))
               OR (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user)"""
        )
        return bool(rows[0][0])
    with suppress(Exception):  # relatives without SHOW GRANTS
        # Only the words before ON count; the rest can hold a password's hash and is not looked at.
        return any(_WRITING.search(str(row[0]).partition(" ON ")[0]) for row in session.execute("SHOW GRANTS"))
    return False


def least_grants(session: Session, schemas: Iterable[str]) -> tuple[str, ...]:
    """Return the statements that give the account exactly what a scan of these schemas needs."""
    if session.dialect == "sqlite":
        return ()
    who = account(session)
    quoted = [session.quote(schema).replace("%%", "%") for schema in schemas]
    if session.dialect == "mysql":
        # _ and % are wildcards in the database name of a grant.
        names = [name.replace("_", "\\_").replace("%", "\\%") for name in quoted]
        return tuple(f"GRANT SELECT ON {name}.* TO {who};" for name in names)
    database = session.quote(session.url.database).replace("%%", "%")
    statements = [f"GRANT CONNECT ON DATABASE {database} TO {who};"]
    for name in quoted:
        statements += [f"GRANT USAGE ON SCHEMA {name} TO {who};", f"GRANT SELECT ON ALL TABLES IN SCHEMA {name} TO {who};"]
    return tuple(statements)
