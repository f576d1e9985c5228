"""What a reviewer has still to look at, and what was passed over: a review can be left and taken up again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from sensscan.model import ColumnRef, Tag
from sensscan.store import schema
from sensscan.store.database import Database
from sensscan.store.known import chunks
from sensscan.store.labels import places_of, read_tags
from sensscan.store.views import StoredResult


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """One label to look at, with the finding behind it (None when its evidence is gone)."""

    tag: Tag
    result: StoredResult | None
    passed_over: bool
    """Skipped in an earlier session, and nothing has changed since."""


def pending(
    database: Database, reviewer: str, *, sources: Sequence[str] | None, patterns: Sequence[str], policy: str | None
) -> list[ReviewItem]:
    """Return labels that nobody decided on, and decisions that a scan contradicts; those passed over come last."""
    tags = read_tags(database, sources=sources, patterns=patterns, policy=policy, with_gone=False)
    open_tags = {ref: tag for ref, tag in tags.items() if tag.conflict or (tag.status == "found" and tag.type_id != "none")}
    if not open_tags:
        return []
    r = schema.results.c
    items = []
    with database.read() as connection:
        places = places_of(connection, open_tags)
        ids = [place.id for place in places.values()]
        fields = (r.column_id, r.content_hash, r.verdict, r.type_id, r.confidence, r.payload)
        rows = {
            row[0]: row
            for part in chunks(ids)
            for row in connection.execute(sa.select(*fields).where(r.column_id.in_(part), r.valid_to.is_(None)))
        }
        seen = {  # noqa: C416  # rows are not pairs for dict()
            number: content_hash
            for number, content_hash in connection.execute(
                sa.select(schema.reviews.c.column_id, schema.reviews.c.content_hash).where(schema.reviews.c.reviewer == reviewer[:128])
            )
        }
    for ref, tag in open_tags.items():
        number = places[ref].id
        row = rows.get(number)
        passed_over = number in seen and seen[number] == ("" if row is None else row[1])
        if passed_over and tag.status != "found":
            continue  # the reviewer saw this very conflict and kept the decision
        result = None if row is None else StoredResult(ref, row[2], row[3], row[4], tag.run_id, row[5])
        items.append(ReviewItem(tag, result, passed_over))
    return sorted(items, key=lambda item: item.passed_over)


def pass_over(database: Database, reviewer: str, ref: ColumnRef, *, passed: bool) -> None:
    """Remember that a reviewer passed a finding over (or take that back)."""
    with database.write() as connection:
        number = places_of(connection, [ref])[ref].id
        v, r = schema.reviews.c, schema.results.c
        connection.execute(sa.delete(schema.reviews).where(v.reviewer == reviewer[:128], v.column_id == number))
        if passed:
            content_hash = connection.execute(sa.select(r.content_hash).where(r.column_id == number, r.valid_to.is_(None))).scalar()
            database.insert(connection, schema.reviews, [(reviewer[:128], number, content_hash or "")])
