"""Taking a decision back: by new events, because the log is never changed."""

from __future__ import annotations

from collections.abc import Mapping

from sensscan.model import ColumnRef
from sensscan.store import schema
from sensscan.store.chain import iterate, to_event
from sensscan.store.codec import from_json, to_json
from sensscan.store.database import Database
from sensscan.store.known import LevelRow, TagRow, load_levels
from sensscan.store.labels import EVENT_FIELD, MAP_FIELDS, Decider, Place, load_tag_rows, places_of
from sensscan.store.views import Event


def undo(database: Database, ref: ColumnRef, *, actor: str) -> list[Event]:
    """Take the newest decision about a column back, by new events; return the events taken back (none when there is nothing)."""
    database.key  # noqa: B018  # see decide
    with database.write() as connection:
        decider = Decider(database, connection, actor, "person", "undo")
        place = places_of(connection, [ref])[ref]
        events = [to_event(row) for row in iterate(connection, schema.events.c.column_id == place.id)]
        undone = {event.about for event in events if event.cause == "undo"}
        decided = (event for event in events if event.cause in ("manual", "import") and event.field != "notice")
        made = [event for event in decided if event.seq not in undone]
        last = [event for event in made if event.at == made[-1].at and event.actor == made[-1].actor]
        if not last:
            return []
        row = load_tag_rows(connection, [place.id]).get(place.id) or TagRow(place.id, "none", "none", "found")
        levels = load_levels(connection, [place.id]).get(place.id, {})
        vanished = False
        for event in reversed(last):
            row, gone = _taken_back(decider, place, row, levels, event)
            vanished = vanished or gone
        if vanished:
            decider.removed.append(place.id)
        else:
            decider.put(row)
        decider.write()
    return last


def _taken_back(decider: Decider, place: Place, row: TagRow, levels: Mapping[str, LevelRow], event: Event) -> tuple[TagRow, bool]:
    if event.field.startswith("level:"):
        policy = event.field.removeprefix("level:")
        now = levels.get(policy)
        decider.note(place, event.field, None if now is None else to_json(now.level), event.old, basis=event.basis, about=event.seq)
        if event.old is None:
            decider.level_losses.append((place.id, policy))
        else:
            was_fixed = int(from_json(event.basis).get("was_fixed", 0)) if event.basis else 0
            decider.put_level(LevelRow(place.id, policy, from_json(event.old), was_fixed))
        return row, False
    name = next((key for key, word in EVENT_FIELD.items() if word == event.field), event.field)
    if name in MAP_FIELDS:
        old = getattr(row, name)
        decider.note(place, event.field, None if old == "{}" else old, event.old, about=event.seq)
        return row._replace(**{name: event.old or "{}"}), False  # type: ignore[arg-type]  # name is one of the text fields
    old = getattr(row, name)
    decider.note(place, event.field, to_json(old) if old else None, event.old, about=event.seq)
    back = "" if event.old is None else from_json(event.old)
    return row._replace(**{name: back}), name == "status" and event.old is None  # type: ignore[arg-type]  # as above
