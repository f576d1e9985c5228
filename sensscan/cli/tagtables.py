"""Labels and their history as people read them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sensscan.language import Language, Text
from sensscan.model import ColumnRef, ColumnResult, Evidence, Tag
from sensscan.naming import dotted, written
from sensscan.report.options import RenderOptions
from sensscan.report.safe import inert, show
from sensscan.report.words import KINDS, STATUSES, W, word
from sensscan.store import Event, StoredResult
from sensscan.store.codec import decode_ref, from_json

if TYPE_CHECKING:
    from rich.console import Console

TAG_FIELDS = (
    "source", "schema", "table", "column", "type", "level", "status", "category", "owner", "permission",
    "ticket", "reviewer", "note", "set_by", "set_at", "run", "conflict", "rejected", "levels", "version",
)  # fmt: skip
EVENT_FIELDS = (
    "seq", "at", "actor_kind", "actor", "ref", "fingerprint", "field", "old", "new", "cause", "note",
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
_FIELDS: Mapping[str, Text] = {
    "type": Text("type", "类型"),
    "category": Text("category", "类别"),
    "status": Text("status", "状态"),
    "owner": Text("owner", "责任方"),
    "permission": Text("permitted use", "使用许可"),
    "note": Text("note", "备注"),
    "ticket": Text("ticket", "工单"),
    "reviewer": Text("reviewer", "复核人"),
    "rejected": Text("rejected finding", "被驳回的发现"),
    "conflict": Text("differing finding", "不一致的发现"),
    "renamed": Text("name", "名称"),
    "present": Text("present", "存在"),
    "exception": Text("exception", "例外"),
    "notice": Text("notice", "通知"),
}


def _console() -> Console:
    """Return a console that writes into memory, as reports use it."""
    from sensscan.cli.report import colored
    from sensscan.report.console import make_console

    return make_console(RenderOptions(color=colored()))


def tag_object(tag: Tag) -> dict[str, Any]:
    """Return a label as JSON shows it."""
    return {
        "source": tag.ref.source,
        "schema": tag.ref.schema,
        "table": tag.ref.table,
        "column": tag.ref.column,
        "type": tag.type_id,
        "level": tag.level,
        "status": tag.status,
        "category": tag.category,
        "owner": dict(tag.owner),
        "permission": dict(tag.permission),
        "ticket": tag.ticket,
        "reviewer": tag.reviewer,
        "note": tag.note,
        "set_by": tag.set_by,
        "set_at": None if tag.set_at is None else tag.set_at.isoformat(),
        "run": tag.run_id,
        "conflict": tag.conflict,
        "rejected": tag.rejected,
        "levels": dict(sorted(tag.levels.items())),
        "version": tag.version,
    }


def tags_json(tags: Iterable[Tag]) -> str:
    """Return labels as a JSON list."""
    return json.dumps([tag_object(tag) for tag in tags], ensure_ascii=False, indent=2)


def tags_csv(tags: Iterable[Tag]) -> str:
    """Return labels as CSV, formula cells made harmless."""
    return _csv(TAG_FIELDS, map(tag_object, tags))


def _csv(fields: Sequence[str], objects: Iterable[Mapping[str, Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(fields)
    for entry in objects:
        writer.writerow([inert(_cell(entry[name])) for name in fields])
    return out.getvalue()


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case dict():
            return json.dumps(value, ensure_ascii=False) if value else ""
        case _:
            return str(value)


def _written(out: Console) -> str:
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


def label_word(type_id: str, labels: Mapping[str, Text], language: Language) -> str:
    """Return a type as people read it: its label, and its id where the label does not hold it."""
    label = labels.get(type_id)
    return type_id if label is None else f"{label.pick(language)} ({type_id})"


def tags_text(tags: Sequence[Tag], labels: Mapping[str, Text], language: Language) -> str:
    """Return labels as a table per source."""
    from rich.text import Text as Line

    from sensscan.report.console import plain_table

    out = _console()
    for source in dict.fromkeys(tag.ref.source for tag in tags):
        own = [tag for tag in tags if tag.ref.source == source]
        out.print(Line(show(source), style="bold"))
        table = plain_table()
        rows = [
            (
                show(written(tag.ref)),
                label_word(tag.type_id, labels, language),
                show(tag.level),
                word(STATUSES, tag.status, language),
                show(" / ".join(tag.owner.values())),
                "\n".join(_remarks(tag, labels, language)),
            )
            for tag in own
        ]
        # On a narrow screen a column without content would cost names their place.
        names = ("column", "type", "level", "status", "owner", "note")
        shown = [at for at in range(len(names)) if at < 4 or any(row[at] for row in rows)]
        for at in shown:
            table.add_column(W[names[at]].pick(language), overflow="fold", ratio={0: 5, 1: 4, 5: 4}.get(at))
        for row in rows:
            table.add_row(*(Line(row[at]) for at in shown))
        out.print(table)
    return _written(out)


def _remarks(tag: Tag, labels: Mapping[str, Text], language: Language) -> list[str]:
    lines = []
    if tag.conflict:
        found = label_word(tag.conflict, labels, language)
        lines.append(Text(f"scan finds {found}", f"扫描结果为{found}").pick(language))
    if tag.rejected:
        found = label_word(tag.rejected, labels, language)
        lines.append(Text(f"not {found}", f"不是{found}").pick(language))
    if tag.ticket:
        lines.append(show(tag.ticket))
    if tag.note:
        lines.append(show(tag.note))
    return lines


def tag_text(tag: Tag, result: StoredResult | None, labels: Mapping[str, Text], language: Language) -> str:
    """Return everything about one column: label, owner, permission, and the scorecard behind it."""
    from rich.text import Text as Line

    out = _console()
    out.print(Line(show(f"{tag.ref.source}  {written(tag.ref)}"), style="bold"))
    rows = [
        (W["type"], label_word(tag.type_id, labels, language)),
        (W["level"], "  ".join(f"{name}: {level}" for name, level in sorted(tag.levels.items())) or tag.level),
        (W["status"], word(STATUSES, tag.status, language)),
        (W["category"], tag.category),
        (W["owner"], "  ".join(f"{key}={value}" for key, value in sorted(tag.owner.items()))),
        (_FIELDS["permission"], "  ".join(f"{key}={value}" for key, value in sorted(tag.permission.items()))),
        (_FIELDS["ticket"], tag.ticket),
        (_FIELDS["reviewer"], tag.reviewer),
        (W["note"], "\n".join(_remarks(tag, labels, language))),
        (Text("Set by", "设定者"), " ".join(filter(None, (tag.set_by, tag.set_at.isoformat(timespec="seconds") if tag.set_at else "")))),
    ]
    for name, value in rows:
        if value:
            out.print(Line(f"  {name.pick(language)}: {show(value)}"))
    _scorecard(result, labels, language, out=out)
    return _written(out)


def _scorecard(result: StoredResult | None, labels: Mapping[str, Text], language: Language, *, out: Console) -> None:
    """Print the finding with its evidence, the lines of which add up to the score."""
    from rich.text import Text as Line

    from sensscan.report.console import plain_table

    if result is None:
        out.print(Line(Text("  No finding is stored.", "  没有已存的检测结果。").pick(language)))
        return
    outcome = result.outcome
    if not isinstance(outcome, ColumnResult):
        out.print(Line("  " + Text("Not read: ", "未读取：").pick(language) + outcome.reason.text.pick(language)))
        return
    found, coverage = outcome.classification, outcome.coverage
    out.print(
        Line(
            Text(
                f"  Finding: {label_word(found.type_id, labels, language)}, confidence {found.confidence:.2f}; "
                f"{coverage.rows} rows read, {coverage.non_null} not null, {coverage.distinct} distinct",
                f"  检测结果：{label_word(found.type_id, labels, language)}，把握度 {found.confidence:.2f}；"
                f"读取 {coverage.rows} 行，非空 {coverage.non_null}，不同值 {coverage.distinct}",
            ).pick(language)
        )
    )
    lines = [line for line in found.evidence if line.type_id == found.type_id] or list(found.evidence)
    table = plain_table()
    table.add_column(W["weight"].pick(language), justify="right")
    table.add_column(Text("Evidence", "依据").pick(language))
    table.add_column(W["reason"].pick(language), overflow="fold")
    for line in lines:
        table.add_row(f"{line.weight:+.2f}", word(KINDS, line.kind, language), Line(show(_evidence_text(line, language))))
    if lines:
        out.print(table)


def _evidence_text(line: Evidence, language: Language) -> str:
    examples = f"  {' '.join(line.examples)}" if line.examples else ""
    return line.reason.pick(language) + examples


# History ----------------------------------------------------------------------------------------------------------------


def event_object(event: Event) -> dict[str, Any]:
    """Return an event as JSON shows it; every sealed field is in it."""
    return {name: getattr(event, name) for name in EVENT_FIELDS}


def history_csv(events: Iterable[Event]) -> str:
    """Return events as CSV, formula cells made harmless."""
    return _csv(EVENT_FIELDS, map(event_object, events))


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


def _shown(field: str, text: str | None, language: Language) -> str:
    """Return an old or new value; states of a label in the reader's words."""
    value = _value(text, language)
    return word(STATUSES, value, language) if field == "status" and value in STATUSES else value


def _field(name: str, language: Language) -> str:
    if name.startswith("level:"):
        policy = name.removeprefix("level:")
        return Text(f"level ({policy})", f"级别（{policy}）").pick(language)
    return word(_FIELDS, name, language) if name in _FIELDS else name


_BASIS = {
    "confidence": Text("confidence", "把握度"), "verdict": Text("verdict", "判定"), "detector": Text("detector", "检测器"),
    "tested": Text("tested", "检验"), "passed": Text("passed", "通过"), "rows": Text("rows", "行数"),
    "distinct": Text("distinct", "不同值"), "method": Text("method", "取样方式"), "row_estimate": Text("rows of the table", "全表约"),
    "rule": Text("rule version", "规则版本"), "policy": Text("policy", "策略"), "certainty": Text("certainty", "可信程度"),
    "clause": Text("clause", "条款"),
}  # fmt: skip
"""What events name as the ground of a label."""


def _basis(text: str, language: Language) -> str:
    if not text:
        return ""
    said = from_json(text)
    because = said.pop("because", None)
    for inner in ("fixed", "was_fixed"):
        said.pop(inner, None)
    parts = [f"{word(_BASIS, key, language)} {value}" for key, value in said.items() if value not in (None, "")]
    if because:
        parts.append(Text("rules ", "规则 ").pick(language) + " ".join(because))
    return Text(", ", "，").pick(language).join(parts)


def history_text(events: Sequence[Event], names: Mapping[int, ColumnRef], language: Language) -> str:
    """Return the events of each column in order: who, when, old, new, why, basis, notified whom."""
    from rich.text import Text as Line

    out = _console()
    groups: dict[int | None, list[Event]] = {}
    for event in events:
        groups.setdefault(event.column_id, []).append(event)
    for number, own in groups.items():
        ref = names.get(number) if number is not None else None
        ref = ref or decode_ref(own[-1].ref)
        title = own[-1].ref if ref is None else f"{ref.source}  {written(ref)}"
        out.print(Line(show(title), style="bold"))
        for event in own:
            colon = Text(": ", "：").pick(language)
            old, new = (_shown(event.field, value, language) for value in (event.old, event.new))
            what = f"{_field(event.field, language)}{colon}{old} -> {new}"
            out.print(Line(f"  {event.at[:19].replace('T', ' ')}  #{event.seq}  {show(event.actor)}"))
            out.print(Line(f"      {show(what)}"))
            why = word(_CAUSES, event.cause, language) if event.cause in _CAUSES else event.cause
            reason = f"{why}{colon}{event.note}" if event.note else why
            about = Text(f", about #{event.about}", f"，针对 #{event.about}").pick(language) if event.about is not None else ""
            out.print(Line("      " + Text("why: ", "原因：").pick(language) + show(reason) + about))
            basis = _basis(event.basis, language)
            run = Text(f"run {event.run_id}", f"扫描 {event.run_id}").pick(language) if event.run_id else ""
            if basis or run:
                said = Text(", ", "，").pick(language).join(filter(None, (run, basis)))
                out.print(Line("      " + Text("basis: ", "依据：").pick(language) + show(said)))
    return _written(out)
