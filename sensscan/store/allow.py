"""Exceptions (allow lists): findings that somebody decided to hide, each with a reason, an author and an end.

They hide from reports and from `--fail-on`, never from the store. Reports count what they hide.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase

import sqlalchemy as sa

from sensscan.allowed import value_fingerprint
from sensscan.errors import UsageError
from sensscan.language import Text
from sensscan.model import ColumnRef
from sensscan.naming import means, parse_name
from sensscan.store import schema
from sensscan.store.chain import Draft, append, lock_head
from sensscan.store.codec import to_json
from sensscan.store.database import Database, new_id, now_text, time_back
from sensscan.store.views import AllowRule


@dataclass(frozen=True, slots=True)
class AllowList:
    """The rules of one moment, ready to be asked for each finding."""

    active: tuple[AllowRule, ...]
    expired: tuple[AllowRule, ...]
    """Ended ones: what they hid is shown again, and reports say so."""

    def hides(self, ref: ColumnRef, type_id: str) -> AllowRule | None:
        """Return the rule that hides a finding, or None. Rules about single values hide no column."""
        return self._first(self.active, ref, type_id)

    def returned(self, ref: ColumnRef, type_id: str) -> AllowRule | None:
        """Return the ended rule that hid a finding before, or None."""
        return self._first(self.expired, ref, type_id)

    def _first(self, rules: Iterable[AllowRule], ref: ColumnRef, type_id: str) -> AllowRule | None:
        for rule in rules:
            if rule.fingerprint or not fnmatchcase(type_id, rule.type_id) or not fnmatchcase(ref.source.lower(), rule.source.lower()):
                continue
            if rule.column == "*" or means(parse_name(rule.column), ref.schema, ref.table, ref.column):
                return rule
        return None


def _to_rule(row: sa.Row[tuple[object, ...]]) -> AllowRule:
    return AllowRule(
        row.id,
        row.column_glob,
        row.source,
        row.type_glob,
        row.fingerprint,
        row.reason,
        row.author,
        time_back(row.created_at),
        date.fromisoformat(row.expires) if row.expires else None,
        row.removed_at is not None,
    )


def list_rules(database: Database, *, with_removed: bool = False) -> list[AllowRule]:
    """Return the rules, oldest first."""
    query = sa.select(schema.exceptions).order_by(schema.exceptions.c.created_at, schema.exceptions.c.id)
    if not with_removed:
        query = query.where(schema.exceptions.c.removed_at.is_(None))
    with database.read() as connection:
        return [_to_rule(row) for row in connection.execute(query)]


def allow_list(database: Database, today: date) -> AllowList:
    """Return what is hidden today."""
    rules = list_rules(database)
    return AllowList(tuple(rule for rule in rules if not rule.expired(today)), tuple(rule for rule in rules if rule.expired(today)))


def _event(rule: AllowRule, actor: str, *, old: bool) -> Draft:
    said = to_json(
        {
            "column": rule.column,
            "source": rule.source,
            "type": rule.type_id,
            "fingerprint": rule.fingerprint,
            "expires": None if rule.expires is None else rule.expires.isoformat(),
        }
    )
    before, after = (said, None) if old else (None, said)
    return Draft("person", actor, None, f"exception:{rule.id}", "", "exception", before, after, "manual", rule.reason)


def add_rule(
    database: Database, *, column: str, source: str, type_id: str, value: str | None, reason: str, author: str, expires: date | None
) -> AllowRule:
    """Add an exception and note it in the log. The value itself is not kept. Raises UsageError without a reason."""
    if not reason.strip():
        raise UsageError(Text("An exception needs a reason.", "例外必须写明理由。"))
    if column == "*" and source == "*" and type_id == "*" and value is None:
        raise UsageError(
            Text("This exception would hide everything.", "该例外会隐藏所有发现。"),
            Text("Name a column, a type or a value.", "请指明列、类型或取值。"),
        )
    if column != "*":
        parse_name(column)
    fingerprint = "" if value is None else value_fingerprint(database.key.value_secret, value)
    created = now_text()
    rule = AllowRule(new_id(12), column, source, type_id, fingerprint, reason.strip(), author, time_back(created), expires)
    database.key  # noqa: B018  # before the transaction
    with database.write() as connection:
        lock_head(connection)
        ends = None if expires is None else expires.isoformat()
        row = (rule.id, source, column, type_id, fingerprint, rule.reason, author, created, ends, None, None)
        database.insert(connection, schema.exceptions, [row])
        append(database, connection, [_event(rule, author, old=False)])
    return rule


def remove_rule(database: Database, rule_id: str, *, actor: str) -> AllowRule:
    """End an exception now; it stays in the list of removed ones. Raises UsageError for an unknown id."""
    database.key  # noqa: B018  # before the transaction
    with database.write() as connection:
        lock_head(connection)
        c = schema.exceptions.c
        row = connection.execute(sa.select(schema.exceptions).where(c.id == rule_id, c.removed_at.is_(None))).first()
        if row is None:
            raise UsageError(
                Text(f"No such exception: {rule_id}.", f"没有这个例外：{rule_id}。"),
                Text("See `sensscan tags except list`.", "见 `sensscan tags except list`。"),
            )
        rule = _to_rule(row)
        connection.execute(sa.update(schema.exceptions).where(c.id == rule_id).values(removed_at=now_text(), removed_by=actor))
        append(database, connection, [_event(rule, actor, old=True)])
    return rule
