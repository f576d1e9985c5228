"""Labels and their history as people read them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sensscan.language import Language, Text
from sensscan.model import ColumnResult, Evidence, Tag
from sensscan.naming import written
from sensscan.report.options import RenderOptions
from sensscan.report.safe import inert, show
from sensscan.report.words import KINDS, OWNER_KEYS, STATUSES, W, word
from sensscan.store import StoredResult

if TYPE_CHECKING:
    from rich.console import Console

    from sensscan.cli.tagging import Names

TAG_FIELDS = (
    "source", "schema", "table", "column", "type", "level", "status", "category", "owner", "permission",
    "ticket", "reviewer", "note", "set_by", "set_at", "run", "conflict", "rejected", "levels", "version",
)  # fmt: skip
FIELD_WORDS: Mapping[str, Text] = {
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
    "policy": Text("policy", "策略"),
    "rule": Text("rule", "规则"),
}


def memory_console() -> Console:
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
    return csv_text(TAG_FIELDS, map(tag_object, tags))


def csv_text(fields: Sequence[str], objects: Iterable[Mapping[str, Any]]) -> str:
    """Return objects as CSV, formula cells made harmless."""
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


def written_text(out: Console) -> str:
    """Return what was printed on a `memory_console`."""
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


def _level(tag: Tag, names: Names) -> str:
    """Return the level that is shown first, in the words of the policy that it belongs to."""
    policy = next((name for name, level in sorted(tag.levels.items()) if level == tag.level), "")
    return names.level(policy, tag.level)


def tags_text(tags: Sequence[Tag], names: Names) -> str:
    """Return labels as a table per source."""
    language = names.language
    from rich.text import Text as Line

    from sensscan.report.console import plain_table

    out = memory_console()
    for source in dict.fromkeys(tag.ref.source for tag in tags):
        own = [tag for tag in tags if tag.ref.source == source]
        out.print(Line(show(source), style="bold"))
        table = plain_table()
        rows = [
            (
                show(written(tag.ref)),
                names.type(tag.type_id),
                show(_level(tag, names)),
                word(STATUSES, tag.status, language),
                show(" / ".join(tag.owner.values())),
                "\n".join((*_findings(tag, names), *map(show, filter(None, (tag.ticket, tag.note))))),
            )
            for tag in own
        ]
        # On a narrow screen a column without content would cost names their place.
        heads = ("column", "type", "level", "status", "owner", "note")
        shown = [at for at in range(len(heads)) if at < 4 or any(row[at] for row in rows)]
        for at in shown:
            table.add_column(W[heads[at]].pick(language), overflow="fold", ratio={0: 5, 1: 4, 5: 4}.get(at))
        for row in rows:
            table.add_row(*(Line(row[at]) for at in shown))
        out.print(table)
    return written_text(out)


def _findings(tag: Tag, names: Names) -> list[str]:
    """Return what a scan finds against a decision, and what a person rejected."""
    lines = []
    if tag.conflict:
        found = names.type(tag.conflict)
        lines.append(Text(f"scan finds {found}", f"扫描结果为{found}").pick(names.language))
    if tag.rejected:
        found = names.type(tag.rejected)
        lines.append(Text(f"not {found}", f"不是{found}").pick(names.language))
    return lines


def tag_text(tag: Tag, result: StoredResult | None, names: Names) -> str:
    """Return everything about one column: label, owner, permission, and the scorecard behind it."""
    from rich.text import Text as Line

    out, language = memory_console(), names.language
    colon, comma = W["colon"].pick(language), W["comma"].pick(language)
    out.print(Line(show(f"{tag.ref.source}  {written(tag.ref)}"), style="bold"))
    levels = [f"{policy} {names.level(policy, level)}" for policy, level in sorted(tag.levels.items())]
    since = f"{tag.set_at:%Y-%m-%d %H:%M:%S} UTC" if tag.set_at else ""
    rows = [
        (W["type"], names.type(tag.type_id)),
        (W["level"], comma.join(levels) or tag.level),
        (W["status"], word(STATUSES, tag.status, language)),
        (FIELD_WORDS["conflict"], names.type(tag.conflict) if tag.conflict else ""),
        (FIELD_WORDS["rejected"], names.type(tag.rejected) if tag.rejected else ""),
        (W["category"], names.category(tag.category)),
        (W["owner"], comma.join(f"{word(OWNER_KEYS, key, language)} {value}" for key, value in sorted(tag.owner.items()))),
        (FIELD_WORDS["permission"], comma.join(f"{key}={value}" for key, value in sorted(tag.permission.items()))),
        (FIELD_WORDS["ticket"], tag.ticket),
        (FIELD_WORDS["reviewer"], tag.reviewer),
        (W["note"], tag.note),
        (Text("Set by", "设定者"), comma.join(filter(None, (tag.set_by, since)))),
    ]
    for name, value in rows:
        if value:
            title = name.pick(language)
            out.print(Line(f"  {title[:1].upper()}{title[1:]}{colon}{show(value)}"))
    _scorecard(result, names, out=out)
    return written_text(out)


def _scorecard(result: StoredResult | None, names: Names, *, out: Console) -> None:
    """Print the finding with its evidence, the lines of which add up to the score."""
    from rich.text import Text as Line

    from sensscan.report.console import plain_table

    language = names.language
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
                f"  Finding: {names.type(found.type_id)}, confidence {found.confidence:.2f}; "
                f"{coverage.rows} rows read, {coverage.non_null} not null, {coverage.distinct} distinct",
                f"  检测结果：{names.type(found.type_id)}，把握度 {found.confidence:.2f}；"
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
