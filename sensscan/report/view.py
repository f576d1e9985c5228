"""What the formats for people share: which findings are shown, in which order, and the counts of the summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sensscan.language import Language, Text
from sensscan.model import (
    UNKNOWN_LEVEL,
    Classification,
    ColumnRef,
    ColumnResult,
    LevelView,
    Reason,
    Report,
    ReportColumn,
    SkippedObject,
    TableRef,
)
from sensscan.naming import dotted, quoted
from sensscan.report.safe import show
from sensscan.report.words import CHANGES, FLAGS, STATUSES, State, W, state_of, word


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts over all columns of a report, and the findings in reading order: highest level first, then by confidence and name."""

    findings: tuple[ReportColumn, ...]
    hidden: int
    """Findings below the wanted confidence or under an exception."""
    states: Mapping[State, int]
    """Columns by state; hidden findings are counted nowhere else than in `hidden`, and "rejected" is there when there are any."""
    levels: tuple[tuple[LevelView, int], ...]
    """Every level of the policy, most sensitive first, "unknown" last; all columns counted."""
    types: tuple[tuple[str, int], ...]
    """Types of the findings, most frequent first."""
    changes: Mapping[str, int]
    """Columns by change; empty on a first run, where everything is new."""
    first: bool
    """Every finding is new: there was no earlier run to compare with."""
    undecided: tuple[ReportColumn, ...]
    rejected: tuple[ReportColumn, ...]
    """What a person rejected: listed with its status, counted as no finding."""
    unread: tuple[ReportColumn, ...]


def summarise(report: Report, min_confidence: float | None = None) -> Summary:
    """Return the summary of `report`; findings below `min_confidence` are counted as hidden."""
    groups: dict[State, list[ReportColumn]] = {"finding": [], "undecided": [], "unread": [], "rejected": [], "clear": []}
    levels: Counter[str] = Counter()
    views = {level.id: level for level in report.levels}
    for column in report.columns:
        groups[state_of(column)].append(column)
        levels[column.grade.level.id] += 1
        views.setdefault(column.grade.level.id, column.grade.level)
    shown = [c for c in groups["finding"] if is_shown(c, min_confidence)]
    types = Counter(type_of(column) for column in shown)
    changes = Counter(column.change for column in report.columns if column.change)
    first = len(groups["finding"]) > 0 and changes.keys() == {"new"} and all(column.change for column in groups["finding"])
    ordered = sorted(views.values(), key=lambda level: (-1 if level.rank is None else level.rank, level.id), reverse=True)
    return Summary(
        findings=tuple(sorted(shown, key=reading_order)),
        hidden=len(groups["finding"]) - len(shown),
        states={state: len(members) for state, members in (groups | {"finding": shown}).items() if members or state != "rejected"},
        levels=tuple((level, levels[level.id]) for level in ordered if level.id != UNKNOWN_LEVEL.id or levels[level.id]),
        types=tuple(sorted(types.items(), key=lambda item: (-item[1], item[0]))),
        changes={} if first else dict(changes),
        first=first,
        undecided=tuple(sorted(groups["undecided"], key=lambda c: c.column.ref)),
        rejected=tuple(sorted(groups["rejected"], key=lambda c: c.column.ref)),
        unread=tuple(sorted(groups["unread"], key=lambda c: c.column.ref)),
    )


def is_shown(column: ReportColumn, min_confidence: float | None) -> bool:
    """Return whether a finding is shown to people: sure enough, and not under an exception."""
    return not column.excepted and (min_confidence is None or confidence_of(column) >= min_confidence)


def reading_order(column: ReportColumn) -> tuple[int, float, str, str, str, str]:
    """Return the key that sorts the most sensitive and surest first."""
    ref, rank = column.column.ref, column.grade.level.rank
    return (-rank if rank is not None else 1, -confidence_of(column), ref.source, ref.schema, ref.table, ref.column)


def classification_of(column: ReportColumn) -> Classification | None:
    """Return the verdict with its evidence; None for a column that was not read."""
    return column.outcome.classification if isinstance(column.outcome, ColumnResult) else None


def type_of(column: ReportColumn) -> str:
    """Return the type id, "none" or "unknown"."""
    found = classification_of(column)
    return found.type_id if found else "unknown"


def confidence_of(column: ReportColumn) -> float:
    """Return the confidence, 0 for a column that was not read."""
    found = classification_of(column)
    return found.confidence if found else 0.0


def percent(share: float) -> str:
    """Return a probability for a person; never "100%", because nothing here is certain.

    >>> percent(0.9997), percent(0.97)
    ('>99%', '97%')
    """
    return ">99%" if share > 0.99 else f"{share:.0%}"


def reason_of(column: ReportColumn) -> Reason | None:
    """Return why there is no verdict."""
    return column.outcome.classification.reason if isinstance(column.outcome, ColumnResult) else column.outcome.reason


def object_name(schema: str, table: str = "", column: str = "") -> str:
    """Return the dotted name for a person, quoted so that commands understand it; "*" stands for everything below."""
    return show(dotted(schema, table, column)) or "*"


def short_sources(sources: Sequence[str]) -> Mapping[str, str]:
    """Return a short name for each source of a report, the identity itself where short ones would be equal; "" for a single source.

    >>> dict(short_sources(["sqlite:/srv/bank.db", "mysql://db1:3306"]))
    {'sqlite:/srv/bank.db': 'bank.db', 'mysql://db1:3306': 'db1:3306'}
    """
    if len(sources) < 2:
        return dict.fromkeys(sources, "")
    short = {source: source.rsplit("/", 1)[-1] if source.startswith("sqlite:") else source.split("://", 1)[-1] for source in sources}
    times = Counter(short.values())
    return {source: show(name if name and times[name] == 1 else source) for source, name in short.items()}


def schema_name(ref: TableRef | ColumnRef, short: Mapping[str, str]) -> str:
    """Return the schema for a person, with its source's short name before it when the report has several (`short_sources`)."""
    return " ".join(filter(None, (short.get(ref.source, show(ref.source)), show(quoted(ref.schema)))))


def ref_name(ref: ColumnRef, short: Mapping[str, str]) -> str:
    """Return `schema.table.column`, with the source's short name before it when the report has several."""
    return f"{schema_name(ref, short)}.{show(dotted(ref.table, ref.column))}"


def column_name(column: ReportColumn, *, short: Mapping[str, str]) -> str:
    """Return the name of a report's column, see `ref_name`."""
    return ref_name(column.column.ref, short)


def table_name(ref: TableRef, short: Mapping[str, str]) -> str:
    """Return `schema.table`, with the source's short name before it when the report has several."""
    return f"{schema_name(ref, short)}.{show(quoted(ref.table))}"


def type_name(type_id: str, labels: Mapping[str, Text], language: Language) -> str:
    """Return a type's label, or its id when this version has no label for it."""
    text = labels.get(type_id)
    return show(text.pick(language)) if text else show(type_id)


def labels_of(report: Report) -> dict[str, Text]:
    """Return the labels of all types that the report names."""
    labels = {type_of(column): column.type_label for column in report.columns}
    labels.update(report.type_labels)
    return labels


def notes_of(column: ReportColumn, labels: Mapping[str, Text], language: Language, *, first: bool = False) -> list[str]:
    """Return the short remarks behind a finding: contained and second types, flags, a person's status, change, conflict.

    On a `first` run "new" says nothing and is left out.
    """
    found = classification_of(column)
    notes: list[str] = []
    if found is not None:
        if found.verdict == "contains" and found.contains:
            notes.append(_contains_note(found, labels, language))
        notes += [f"{W['also'].pick(language)} {type_name(also.type_id, labels, language)}" for also in found.also]
        notes += [word(FLAGS, flag, language) for flag in found.flags]
    if column.status in ("confirmed", "rejected", "manual"):
        notes.append(word(STATUSES, column.status, language))
    if column.change and not first:
        notes.append(word(CHANGES, column.change, language))
    if column.conflict:
        notes.append(W["conflicting"].pick(language))
    return notes


def _contains_note(found: Classification, labels: Mapping[str, Text], language: Language) -> str:
    names = list(dict.fromkeys(type_name(c.type_id, labels, language) for c in found.contains))
    return f"{W['contains'].pick(language)}{W['colon'].pick(language)}{W['comma'].pick(language).join(names)}"


@dataclass(frozen=True, slots=True, order=True)
class SkippedGroup:
    """What was not read of one table for one reason; names and text are ready to be shown."""

    place: str
    code: str
    text: Text
    columns: int
    """How many columns; 0 means everything below."""


def skipped_place(item: SkippedObject, short: Mapping[str, str], *, column: bool = True) -> str:
    """Return where something was not read, with the source's short name before it when the report has several.

    A source of which nothing could be read stands for itself.
    """
    name = dotted(item.schema, item.table, item.column if column else "")
    if not name and item.source:
        return show(item.source)
    return " ".join(filter(None, (short.get(item.source, show(item.source)), show(name) or "*")))


def grouped_skipped(report: Report) -> list[SkippedGroup]:
    """Return what was not read, the columns of one table with one reason together."""
    short = short_sources(report.run.sources)
    groups: dict[tuple[str, str, Text], int] = {}
    for item in report.skipped:
        text = Text(show(item.reason.text.en), show(item.reason.text.zh))
        alone = bool(item.column) and not item.table  # a glob that fits nothing is no column of any table
        key = (skipped_place(item, short, column=alone), item.reason.code, text)
        groups[key] = groups.get(key, 0) + (1 if item.column and not alone else 0)
    return sorted(SkippedGroup(*key, count) for key, count in groups.items())


def hidden_note(summary: Summary, language: Language) -> str:
    """Return the sentence on findings that are not shown, "" when all are."""
    if not summary.hidden:
        return ""
    text = Text(
        f"Findings not shown (below the wanted confidence, or under an exception): {summary.hidden:,}",
        f"未显示的发现（低于要求的把握度，或属于例外）：{summary.hidden:,}",
    )
    return text.pick(language)


def duration(seconds: float, language: Language) -> str:
    """Return a span of time for a person."""
    if seconds < 60:
        return f"{seconds:.1f} {'秒' if language == 'zh' else 's'}"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if language == "zh":
        return (f"{hours} 小时 " if hours else "") + f"{minutes} 分 {rest} 秒"
    return (f"{hours} h " if hours else "") + f"{minutes} min {rest} s"
