"""The history of labels as an auditor reads it, and the changes that users of the data are to be told of."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sensscan.cli.tagtables import FIELD_WORDS, csv_text, memory_console, written_text
from sensscan.language import Language, Text
from sensscan.naming import dotted, written
from sensscan.report.safe import show
from sensscan.report.words import METHODS, STATUSES, VERDICTS, word
from sensscan.store import Event
from sensscan.store.codec import decode_ref, from_json

if TYPE_CHECKING:
    from rich.console import Console

    from sensscan.cli.tagging import Names
    from sensscan.store.notices import Move

EVENT_FIELDS = (
    "seq", "at", "actor_kind", "actor", "column_id", "ref", "fingerprint", "field", "old", "new", "cause", "note",
    "run_id", "basis", "about", "algorithm", "prev_hash", "hash",
)  # fmt: skip

_CAUSES: Mapping[str, Text] = {
    "first_scan": Text("first scan", "首次扫描"),
    "data": Text("data changed", "数据变化"),
    "structure": Text("structure changed", "结构变化"),
    "volume": Text("volume passed a limit", "数据量越过界限"),
    "detector": Text("detector changed", "检测规则变化"),
    "policy": Text("policy", "分级策略"),
    "manual": Text("decision", "人工决定"),
    "expiry": Text("expired", "到期"),
    "import": Text("imported", "导入"),
    "undo": Text("taken back", "撤销"),
}
NOTICE_STATES: Mapping[str, Text] = {
    "queued": Text("queued", "待发送"),
    "sent": Text("sent", "已发送"),
    "confirmed": Text("confirmed by the recipient", "接收方已确认"),
}


def event_object(event: Event) -> dict[str, Any]:
    """Return an event as JSON shows it; every sealed field is in it."""
    return {name: getattr(event, name) for name in EVENT_FIELDS}


def history_csv(events: Iterable[Event]) -> str:
    """Return events as CSV, formula cells made harmless."""
    return csv_text(EVENT_FIELDS, map(event_object, events))


def history_jsonl(events: Iterable[Event]) -> str:
    """Return events as JSON lines."""
    return "".join(json.dumps(event_object(event), ensure_ascii=False) + "\n" for event in events)


def _value(text: str | None, language: Language) -> str:
    if text is None:
        return Text("(nothing)", "（无）").pick(language)
    value = from_json(text)
    match value:
        case str():
            return value
        case bool():
            return (Text("yes", "是") if value else Text("no", "否")).pick(language)
        case list():
            return dotted(*map(str, value[1:]))
        case dict():
            return ", ".join(f"{key}={word}" for key, word in value.items())
        case _:
            return str(value)


def _shown(field: str, text: str | None, names: Names) -> str:
    """Return an old or new value in the reader's words."""
    value = _value(text, names.language)
    if text is None:
        return value
    match field:
        case "status":
            return word(STATUSES, value, names.language)
        case "type" | "rejected" | "conflict":
            return names.type(value)
        case "category":
            return names.category(value)
        case _ if field.startswith("level:"):
            return names.level(field.removeprefix("level:"), value)
        case _:
            return value


def _field(name: str, language: Language) -> str:
    if name.startswith("level:"):
        policy = name.removeprefix("level:")
        return Text(f"level ({policy})", f"级别（{policy}）").pick(language)
    return word(FIELD_WORDS, name, language) if name in FIELD_WORDS else name


_BASIS = {
    "confidence": Text("confidence", "把握度"), "verdict": Text("verdict", "判定"), "detector": Text("detector", "检测器"),
    "tested": Text("tested", "检验"), "passed": Text("passed", "通过"), "rows": Text("rows", "行数"),
    "distinct": Text("distinct", "不同值"), "method": Text("method", "取样方式"), "row_estimate": Text("rows of the table", "全表约"),
    "rule": Text("rule version", "规则版本"), "policy": Text("policy", "策略"), "certainty": Text("certainty", "可信程度"),
    "clause": Text("clause", "条款"),
}  # fmt: skip
"""What events name as the ground of a label."""


def _basis(text: str, language: Language) -> str:
    from sensscan.grade import CERTAINTY_LABELS

    if not text:
        return ""
    said = from_json(text)
    because = said.pop("because", None)
    for inner in ("fixed", "was_fixed"):
        said.pop(inner, None)
    known = {"verdict": VERDICTS, "method": METHODS, "certainty": CERTAINTY_LABELS}
    parts = [
        f"{word(_BASIS, key, language)} {word(known[key], value, language) if key in known else value}"
        for key, value in said.items()
        if value not in (None, "")
    ]
    if because:
        parts.append(Text("rules ", "规则 ").pick(language) + " ".join(because))
    return Text(", ", "，").pick(language).join(parts)


def _notice(event: Event, language: Language) -> str:
    """Return whom a notice told, how, and how far it is."""
    said = from_json(event.new or "{}")
    to = said.get("to", [])
    names = ", ".join(to) if isinstance(to, list) else str(to)
    return ", ".join(filter(None, (names, said.get("channel", ""), word(NOTICE_STATES, said.get("state", ""), language))))


def _what(event: Event, names: Names) -> str:
    language = names.language
    colon = Text(": ", "：").pick(language)
    if event.field == "notice":
        return f"{_field(event.field, language)}{colon}{_notice(event, language)}"
    old, new = (_shown(event.field, value, names) for value in (event.old, event.new))
    return f"{_field(event.field, language)}{colon}{old} -> {new}"


def history_text(events: Sequence[Event], names: Names) -> str:
    """Return the events of each column in order: who, when, old, new, why, basis, notified whom."""
    from rich.text import Text as Line

    out = memory_console()
    groups: dict[int | str, list[Event]] = {}
    notices: dict[int, list[Event]] = {}
    for event in events:
        groups.setdefault(event.ref if event.column_id is None else event.column_id, []).append(event)
        if event.field == "notice" and event.about is not None:
            notices.setdefault(event.about, []).append(event)
    for own in groups.values():
        ref = decode_ref(own[-1].ref)
        out.print(Line(show(own[-1].ref if ref is None else f"{ref.source}  {written(ref)}"), style="bold"))
        for event in own:
            _print_event(out, event, notices.get(event.seq, ()), names)
    return written_text(out)


def _print_event(out: Console, event: Event, notices: Sequence[Event], names: Names) -> None:
    from rich.padding import Padding
    from rich.text import Text as Line

    language = names.language
    colon, comma = Text(": ", "：").pick(language), Text(", ", "，").pick(language)
    out.print(Line(f"  {event.at[:19].replace('T', ' ')} UTC  #{event.seq}  {show(event.actor)}"))
    why = word(_CAUSES, event.cause, language) if event.cause in _CAUSES else event.cause
    reason = f"{why}{colon}{event.note}" if event.note else why
    about = Text(f", about #{event.about}", f"，针对 #{event.about}").pick(language) if event.about is not None else ""
    lines = [_what(event, names), Text("why: ", "原因：").pick(language) + reason + about]
    run = Text(f"run {event.run_id}", f"扫描 {event.run_id}").pick(language) if event.run_id else ""
    said = comma.join(filter(None, (run, _basis(event.basis, language))))
    lines += [Text("basis: ", "依据：").pick(language) + said] if said else []
    for line in (*lines, *(_told(notice, language) for notice in notices)):
        out.print(Padding(Line(show(line)), (0, 0, 0, 6), expand=False))


def _told(notice: Event, language: Language) -> str:
    return f"{Text('told: ', '已告知：').pick(language)}{_notice(notice, language)} ({notice.at[:10]}, #{notice.seq})"


# Notices ----------------------------------------------------------------------------------------------------------------


def _notice_object(notice: Event) -> dict[str, Any]:
    return {"seq": notice.seq, "at": notice.at, "by": notice.actor, "note": notice.note, **from_json(notice.new or "{}")}


def moves_json(moves: Iterable[Move]) -> list[dict[str, Any]]:
    """Return changes with their notices as JSON shows them."""
    return [
        {
            "source": move.ref.source,
            "schema": move.ref.schema,
            "table": move.ref.table,
            "column": move.ref.column,
            "event": event_object(move.event),
            "first": move.first,
            "told": move.told,
            "notices": [
                {"seq": one.seq, "at": one.at, "by": one.actor, "note": one.note, **from_json(one.new or "{}")} for one in move.notices
            ],
        }
        for move in moves
    ]


def moves_text(moves: Iterable[Move], names: Names) -> str:
    """Return changes with their notices, a column after the other."""
    from rich.text import Text as Line

    out, language = memory_console(), names.language
    for move in moves:
        event = move.event
        out.print(Line(show(f"{move.ref.source}  {written(move.ref)}"), style="bold"))
        out.print(Line(f"  {event.at[:19].replace('T', ' ')} UTC  #{event.seq}  {show(_what(event, names))}"))
        for notice in move.notices:
            out.print(Line(f"      {show(_told(notice, language))}"))
        if not move.notices:
            out.print(Line("      " + Text("nobody was told", "尚未告知任何人").pick(language)))
    return written_text(out)
