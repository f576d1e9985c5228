"""Migrations: up on opening, up and down by `sensscan store upgrade`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from sensscan.errors import StoreError
from sensscan.language import Text
from sensscan.store import schema
from sensscan.store.database import Database, first_rows, own_words

_LOCK = 0x53454E53
"""Advisory lock number of migrations: "SENS"."""


def revision_of(connection: Connection) -> str | None:
    """Return the store's revision; None for an empty database."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    row = connection.execute(sa.text("SELECT version_num FROM alembic_version")).first()
    return None if row is None else str(row[0])


def known_revisions() -> list[str]:
    """Return all revisions of this program, oldest first."""
    from alembic.script import ScriptDirectory

    return [script.revision for script in reversed(list(ScriptDirectory.from_config(_config(None)).walk_revisions()))]


def bring_up_to_date(database: Database) -> None:
    """Create or migrate the store. Raises StoreError when it was written by a newer program."""
    with database.read() as connection:
        revision = _quick_revision(connection)
    if revision == schema.REVISION:
        return
    with _migration(database) as connection:
        revision = revision_of(connection)
        if revision == schema.REVISION:
            return
        if revision is None and database.local:
            # The same tables as the migrations give (tested), without the 200 ms that loading Alembic takes.
            if sa.inspect(connection).get_table_names():
                raise _foreign(database)
            schema.metadata.create_all(connection, checkfirst=False)
            connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
            connection.execute(sa.text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": schema.REVISION})
        else:
            _run(database, connection, schema.REVISION)
        if revision is None:
            first_rows(connection)


def _quick_revision(connection: Connection) -> str | None:
    try:
        with connection.begin_nested():
            return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one())
    except sa.exc.SQLAlchemyError:
        return None


def _foreign(database: Database) -> StoreError:
    return StoreError(
        Text(f"{database.place} is a database, but not a sensscan store.", f"{database.place} 是数据库，但不是 sensscan 标签库。"),
        Text("Name another file by --store.", "请用 --store 另指文件。"),
    )


def migrate(database: Database, target: str) -> tuple[str, str]:
    """Migrate to `target` ("head", a revision, or "base" for an empty database) and return the revisions before and after."""
    if target not in ("head", "base") and target not in known_revisions():
        raise StoreError(
            Text(f"Unknown version of the store: {target}.", f"未知的标签库版本：{target}。"),
            Text(f"Known: {', '.join(known_revisions())}.", f"已知版本：{'、'.join(known_revisions())}。"),
        )
    with _migration(database) as connection:
        before = revision_of(connection)
        _run(database, connection, target)
        after = revision_of(connection)
        if before is None and after is not None:
            first_rows(connection)
    return before or "-", after or "-"


@contextmanager
def _migration(database: Database) -> Iterator[Connection]:
    """One transaction under a lock: programs that open a new team store together must not both build it."""
    with database.write() as connection:
        match database.dialect:
            case "postgresql":
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(:n)"), {"n": _LOCK})
                yield connection
            case "mysql":
                with own_words(database.place), database.engine.connect() as guard:
                    guard.execute(sa.text("SELECT get_lock('sensscan_store', 60)"))
                    try:
                        yield connection
                    finally:
                        guard.execute(sa.text("SELECT release_lock('sensscan_store')"))
            case _:
                yield connection


def _config(connection: Connection | None) -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def _run(database: Database, connection: Connection, target: str) -> None:
    from alembic import command

    before = revision_of(connection)
    known = known_revisions()
    if before is not None and before not in known:
        raise StoreError(
            Text(
                f"The store {database.place} is newer than this program ({before}).",
                f"标签库 {database.place} 的版本（{before}）比本程序新。",
            ),
            Text("Install the newer sensscan.", "请安装较新的 sensscan。"),
        )
    goal = known[-1] if target == "head" else target
    down = goal == "base" or (before is not None and known.index(goal) < known.index(before))
    (command.downgrade if down else command.upgrade)(_config(connection), goal)
