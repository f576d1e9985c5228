"""Measure a scan against known answers: read, judge, compare. Nothing is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from sensscan.classify import Classifier
from sensscan.errors import UsageError
from sensscan.evidence import ColumnEvidence
from sensscan.language import Text
from sensscan.model import Classification, Column, ColumnOutcome, ColumnResult, Evidence
from sensscan.modes.labels import Comments, Label, Labels
from sensscan.modes.looking import Looked, look_at
from sensscan.modes.measures import (
    NONE,
    Calibration,
    Case,
    CurvePoint,
    Interval,
    Measures,
    calibration,
    confusions,
    curve,
    interval,
    measure,
)
from sensscan.modes.request import RequestedSource
from sensscan.modes.running import Progress
from sensscan.registry import Registry


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The lines of one type for one column."""

    type_id: str
    lines: tuple[Evidence, ...]
    chance: float | None
    """Confidence; None for a type that did not compete."""

    @property
    def total(self) -> float:
        """What the lines add up to."""
        return sum(line.weight for line in self.lines)


@dataclass(frozen=True, slots=True)
class Wrong:
    """A column that was judged wrongly, with the scorecards of what was said and of what is right."""

    case: Case
    column: Column
    classification: Classification | None
    """None when the column could not be read."""
    scorecards: tuple[Scorecard, ...]


@dataclass(frozen=True)
class Evaluation:
    """Everything that the forms of output show."""

    sources: tuple[str, ...]
    labels: Path
    cases: tuple[Case, ...]
    total: Measures
    by_database: tuple[tuple[str, Measures], ...]
    """Empty for a single database."""
    confusions: dict[tuple[str, str], int]
    """(right, said) -> columns, the diagonal included."""
    curve: tuple[CurvePoint, ...]
    calibration: Calibration
    interval: Interval | None
    wrong: tuple[Wrong, ...]
    """All of them, the surest first."""
    unlabelled: int
    """Columns of the sources without a label: not scored."""
    missing: tuple[Label, ...]
    """Labels that fit no column of the sources' databases."""
    notes: tuple[Text, ...]

    @property
    def unread(self) -> int:
        """Labelled columns that could not be read; they count as not labelled by the scan."""
        return sum(case.unread for case in self.cases)


def evaluate(
    sources: Sequence[RequestedSource],
    registry: Registry,
    labels: Labels,
    comments: Comments | None = None,
    *,
    progress: Progress | None = None,
) -> Evaluation:
    """Read all sources and compare with the labels.

    Raises UsageError when no label fits any column, NothingReadError when a source cannot be opened.
    """
    classifier = Classifier(registry)
    scores = _Scores()
    for source in sources:
        names = database_names(source)
        looked = look_at(source, registry, comments=partial(comments.of, names) if comments is not None else None, progress=progress)
        scores.present |= names | {table.ref.schema for table in looked.catalogue.tables}
        _score(scores, looked, names, labels, classifier)
    cases = scores.cases
    if not cases:
        raise _nothing_fits(sources, labels)
    databases = sorted({case.database for case in cases})
    by_database = tuple((name, measure([case for case in cases if case.database == name])) for name in databases)
    return Evaluation(
        sources=tuple(source.identity for source in sources),
        labels=labels.path,
        cases=tuple(cases),
        total=measure(cases),
        by_database=by_database if len(databases) > 1 else (),
        confusions=confusions(cases),
        curve=curve(cases),
        calibration=calibration(cases),
        interval=interval(cases),
        wrong=tuple(sorted(scores.wrong, key=lambda one: (-one.case.confidence, one.case.ref))),
        unlabelled=scores.unlabelled,
        missing=tuple(row for row in labels.rows if row.line not in scores.used and (not row.db or row.db in scores.present)),
        notes=(*_notes(labels, registry), *scores.failed),
    )


@dataclass
class _Scores:
    """What the sources gave so far."""

    cases: list[Case] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    """Lines of the labels that fitted a column."""
    present: set[str] = field(default_factory=set)
    unlabelled: int = 0
    failed: dict[Text, None] = field(default_factory=dict)
    """Detectors that were cut off, each said once."""


def _score(scores: _Scores, looked: Looked, names: set[str], labels: Labels, classifier: Classifier) -> None:
    for result in looked.results:
        scores.failed |= dict.fromkeys(item.reason.text for item in result.failed)
        for outcome in result.outcomes:
            label = labels.of(names, result.table, outcome.column)
            if label is None:
                scores.unlabelled += 1
                continue
            scores.used.add(label.line)
            case = judged(outcome, label, label.db or min(names))
            scores.cases.append(case)
            if not case.right:
                scores.wrong.append(_wrong(case, outcome, looked.evidence.get(outcome.column.ref), classifier))


def database_names(source: RequestedSource) -> set[str]:
    """Return what the labels may call a source: the stem of the SQLite file, the database's name, the name in the configuration."""
    url = source.url
    names = {Path(url.path).stem} if url.dialect == "sqlite" else {url.database}
    return {name for name in (*names, source.config.name) if name} or {source.identity}


def judged(outcome: ColumnOutcome, label: Label, database: str) -> Case:
    """Return one case. Of several contained types an accepted one counts; unread and undecided columns count as without label."""
    ref = outcome.column.ref
    if not isinstance(outcome, ColumnResult):
        return Case(ref, database, label.accepted, NONE, "unknown", 0.0, unread=True)
    found = outcome.classification
    said, confidence = found.type_id, found.confidence
    match found.verdict:
        case "unknown":
            said = NONE
        case "contains":
            hit = next((hit for hit in found.contains if hit.type_id in label.accepted), None)
            if hit is not None:
                said, confidence = hit.type_id, hit.confidence
        case _:
            pass
    return Case(ref, database, label.accepted, said, found.verdict, confidence)


def _wrong(case: Case, outcome: ColumnOutcome, evidence: ColumnEvidence | None, classifier: Classifier) -> Wrong:
    if evidence is None or not isinstance(outcome, ColumnResult):
        return Wrong(case, outcome.column, None, ())
    standing = classifier.standing(evidence)
    cards = tuple(
        Scorecard(type_id, standing.scores[type_id].lines if type_id in standing.scores else (), standing.chances.get(type_id))
        for type_id in dict.fromkeys((case.said, case.truth))
        if type_id != NONE
    )
    return Wrong(case, outcome.column, outcome.classification, cards)


def _nothing_fits(sources: Sequence[RequestedSource], labels: Labels) -> UsageError:
    named = sorted({row.db for row in labels.rows if row.db})
    have = sorted({name for source in sources for name in database_names(source)})
    if named and not set(named) & set(have):
        return UsageError(
            Text(
                f"{labels.path} labels the databases {', '.join(named[:10])}; the sources are {', '.join(have[:10])}.",
                f"{labels.path} 标注的数据库为 {'、'.join(named[:10])}；给出的来源为 {'、'.join(have[:10])}。",
            ),
            Text(
                "The column db holds the stem of the SQLite file or the database's name.", "db 列应为 SQLite 文件名（不含后缀）或数据库名。"
            ),
        )
    return UsageError(
        Text(f"No label of {labels.path} fits a column of the sources.", f"{labels.path} 中没有与来源的列对应的标注。"),
        Text("Table and column names are those of the database.", "表名和列名应与数据库一致。"),
    )


def _notes(labels: Labels, registry: Registry) -> tuple[Text, ...]:
    return tuple(
        Text(
            f"{labels.path}:{line}: no such type here: {type_id}; columns labelled so count as missed.",
            f"{labels.path}:{line}：没有这个类型：{type_id}；如此标注的列按漏报计。",
        )
        for type_id, line in labels.unknown_types(registry.cards)
    )


def pairs(found: Collection[tuple[tuple[str, str], int]]) -> list[tuple[str, str, int]]:
    """Return the wrong cells of a confusion matrix, most columns first."""
    ranked = Counter({pair: count for pair, count in found if pair[0] != pair[1]})
    return [(right, said, count) for (right, said), count in sorted(ranked.items(), key=lambda item: (-item[1], item[0]))]
