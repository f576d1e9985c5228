"""What users of the data were told when class or level of a column changed (GB/T 39477-2020): events about events.

A notice says whom, by which channel and how far it is (queued, sent, confirmed). The log is never changed: each step is an
event of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from sensscan.errors import UsageError
from sensscan.language import Text
from sensscan.model import ColumnRef
from sensscan.store import schema
from sensscan.store.chain import Draft, append, iterate, lock_head, to_event
from sensscan.store.codec import from_json, to_json
from sensscan.store.database import Database
from sensscan.store.known import id_ranges
from sensscan.store.labels import find_columns
from sensscan.store.views import Event

NoticeState = Literal["queued", "sent", "confirmed"]
STATES: tuple[NoticeState, ...] = get_args(NoticeState)
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Move:
    """The newest change of type or level of a column, and who was told of it."""

    ref: ColumnRef
    event: Event
    first: bool
    """The column got its first label; nothing that users knew before has changed."""
    notices: tuple[Event, ...]

    @property
    def told(self) -> bool:
        """Whether a notice of it went out."""
        return any(from_json(notice.new or "{}").get("state") in ("sent", "confirmed") for notice in self.notices)


def _moves(event: Event) -> bool:
    return event.field == "type" or event.field.startswith("level:")


def moves(database: Database, *, sources: Sequence[str] | None, patterns: Sequence[str]) -> list[Move]:
    """Return the newest change of type or level of each column that has a label, in the order of names."""
    newest: dict[int, Event] = {}
    notices: dict[int, list[Event]] = {}
    with database.read() as connection:
        places = find_columns(connection, sources=sources, patterns=patterns, labelled=True)
        for which in id_ranges(schema.events.c.column_id, places):
            for event in map(to_event, iterate(connection, which)):
                number = event.column_id
                if number is None or number not in places:
                    continue
                if _moves(event):
                    newest[number] = _later(newest.get(number), event)
                elif event.field == "notice":
                    notices.setdefault(number, []).append(event)
    return [
        Move(places[number].ref, event, event.old is None, tuple(one for one in notices.get(number, ()) if (one.about or 0) >= event.seq))
        for number, event in sorted(newest.items(), key=lambda item: places[item[0]].ref)
    ]


def _later(before: Event | None, event: Event) -> Event:
    """Return the event that a notice is about: of one moment the change of type, which the level follows.

    The first level under one more policy changes nothing that users of the data knew.
    """
    same_moment = before is not None and (before.at, before.actor) == (event.at, event.actor)
    return before if before is not None and (same_moment or event.old is None) else event


def check_notice(said: Mapping[str, object]) -> None:
    """Raise UsageError for words that no notice may hold."""
    recipients = said.get("to")
    if not isinstance(recipients, list) or not recipients or not all(isinstance(name, str) and name.strip() for name in recipients):
        raise UsageError(Text("A notice needs a recipient.", "通知必须写明接收方。"), Text("Give --to NAME.", "请给出 --to 名称。"))
    if said.get("state") not in STATES:
        raise UsageError(
            Text(f"Unknown state of a notice: {said.get('state')}.", f"未知的通知状态：{said.get('state')}。"),
            Text(f"Known: {', '.join(STATES)}.", f"可用：{'、'.join(STATES)}。"),
        )
    if any(len(str(word)) > _LONGEST for word in (*recipients, said.get("channel", ""))):
        raise UsageError(Text(f"Too long: at most {_LONGEST} characters.", f"内容过长：最多 {_LONGEST} 个字符。"))


def add_notices(
    database: Database, about: Sequence[int], *, to: Sequence[str], channel: str, state: NoticeState, note: str, actor: str
) -> int:
    """Note that `to` were told of the events `about`, all or none; return how many notices there are now more.

    Raises UsageError for an unknown event, and for one that is no change of a column's type or level.
    """
    said = {"to": [name.strip() for name in to], "channel": channel.strip(), "state": state}
    check_notice(said)
    database.key  # noqa: B018  # before the transaction: making a new store's key writes to the store
    with database.write() as connection:
        lock_head(connection)
        drafts = []
        wanted = set(about)
        events = {
            event.seq: event for which in id_ranges(schema.events.c.seq, wanted) for event in map(to_event, iterate(connection, which))
        }
        for seq in sorted(wanted):
            event = events.get(seq)
            if event is None or event.column_id is None or not _moves(event):
                raise UsageError(
                    Text(f"Event {seq} is no change of type or level.", f"第 {seq} 条事件不是类型或级别的变更。"),
                    Text("See `sensscan tags notice list`.", "见 `sensscan tags notice list`。"),
                )
            drafts.append(
                Draft(
                    "person", actor, event.column_id, event.ref, event.fingerprint, "notice", None, to_json(said), "manual", note,
                    event.run_id, "", seq,
                )
            )  # fmt: skip
        append(database, connection, drafts)
    return len(drafts)
