"""A shadow run of a new or changed rule: what would be labelled, gained and lost, against what persons decided. Nothing is stored.

Each table is read once and judged twice, with and without the rule, so that both see the same rows and the database is asked no more than
by one scan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Literal

from sensscan.catalog import enumerate_source
from sensscan.errors import ConfigError, ReadError, SensscanError
from sensscan.evidence import ColumnEvidence
from sensscan.language import Text
from sensscan.model import (
    Classification,
    ColumnRef,
    ColumnResult,
    ColumnSample,
    Reason,
    SkippedColumn,
    SkippedObject,
    Table,
    TableResult,
    Tag,
)
from sensscan.modes.named import fit_of, refuse_missing
from sensscan.modes.request import RequestedSource
from sensscan.modes.running import Progress, Silent
from sensscan.pipeline import Bench, conclude, unread
from sensscan.registry import Registry, card_from_toml
from sensscan.report.assemble import skipped_column
from sensscan.sample import sample_table
from sensscan.source import open_source
from sensscan.text import cell_text, is_placeholder

Change = Literal["same", "gained", "lost", "other"]
"""gained: the type is said only with the rule; lost: only without; other: the verdict changes and is of another type both times."""
Decision = Literal["", "agrees", "contradicts", "missed"]
"""Against a person's decision: the rule says what was decided; says its type where another was decided; does not say what was decided."""


@dataclass(frozen=True, slots=True)
class ShadowColumn:
    """One column, judged without and with the rule."""

    ref: ColumnRef
    before: Classification
    after: Classification
    labelled: bool
    """The type is said with the rule."""
    change: Change
    decision: Decision = ""


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A column that the rule does not label although something speaks for it."""

    ref: ColumnRef
    passed: int
    tested: int
    """Distinct values that the rule was asked about; 0 when none of the first few passed."""
    named: bool
    """Name or comment holds one of the card's words."""
    confidence: float
    after: Classification


@dataclass(frozen=True, slots=True)
class Backtest:
    """What a shadow run found."""

    source: str
    type_id: str
    label: Text
    replaces: bool
    """The type exists already: the card is a changed rule, not a new one."""
    seed: int
    tables: int
    columns: int
    """Columns that were read and judged."""
    shown: tuple[ShadowColumn, ...]
    """Columns that the rule labels, labelled before, or changes."""
    decided: int
    """Columns about which a person decided, among those read."""
    skipped: tuple[SkippedObject, ...]
    """What could not be read, and columns at which a detector was cut off."""
    near: tuple[NearMiss, ...] = ()
    """The likeliest columns that the rule does not label, at most `_NEAR`."""

    def of(self, change: Change) -> tuple[ShadowColumn, ...]:
        """Return the columns of one change."""
        return tuple(column for column in self.shown if column.change == change)

    @property
    def labelled(self) -> tuple[ShadowColumn, ...]:
        """The columns that would bear the type's label."""
        return tuple(column for column in self.shown if column.labelled)

    def decisions(self, decision: Decision) -> tuple[ShadowColumn, ...]:
        """Return the columns that stand so to a person's decision."""
        return tuple(column for column in self.shown if column.decision == decision)


_NEAR = 10
_TESTED = 256
"""Values per column that a rule which was not asked is tried on, as many as detection takes."""
_NEAR_SHARE = 0.05
"""From this share of passing values on a column is worth a look."""


@dataclass(frozen=True)
class _Pair:
    """Two benches over one session, and what was said for the rule at each column."""

    without: Bench
    having: Bench
    type_id: str
    signs: dict[ColumnRef, NearMiss]


def says(found: Classification, type_id: str) -> bool:
    """Return whether a verdict gives the type: as the whole column, as a second label, or inside its values."""
    if found.verdict not in ("is", "contains"):
        return False
    return type_id in (found.type_id, *(one.type_id for one in found.contains), *(one.type_id for one in found.also))


def backtest(
    source: RequestedSource,
    card: Path,
    *,
    tags: Mapping[ColumnRef, Tag] | None = None,
    progress: Progress | None = None,
) -> Backtest:
    """Judge a source without and with the rule in `card`.

    Without a rule of the same id there, "without" is the plain configuration. Raises ConfigError for a broken card or a type that the
    source's configuration disables, NothingReadError when the source cannot be opened.
    """
    type_id = card_from_toml(card).id
    base = source.rules.load()
    rules = replace(source.rules, cards=(card,), enabled=(*source.rules.enabled, type_id) if source.rules.enabled else ())
    changed = rules.load()
    if type_id not in changed.cards:
        raise ConfigError(Text(f"Type {type_id} is disabled for this source.", f"该来源停用了类型 {type_id}。"))
    signs: dict[ColumnRef, NearMiss] = {}
    without, having, tables = _judged_twice(source, (base, changed), type_id, signs, progress or Silent())
    columns = _columns(without, having, type_id, tags or {})
    judged = {column.ref for column in columns}
    return Backtest(
        source=source.identity,
        type_id=type_id,
        label=changed.labels[type_id],
        replaces=type_id in base.cards,
        seed=source.config.limits.seed,
        tables=tables,
        columns=len(columns),
        shown=tuple(column for column in columns if column.labelled or column.change != "same" or column.decision),
        decided=sum(_is_decided(tag) for ref, tag in (tags or {}).items() if ref in judged),
        skipped=_skipped(having),
        near=_near(signs, columns),
    )


def _near(signs: Mapping[ColumnRef, NearMiss], columns: Sequence[ShadowColumn]) -> tuple[NearMiss, ...]:
    """Return the signs of the columns that were not labelled, the likeliest first."""
    found = [replace(signs[column.ref], after=column.after) for column in columns if not column.labelled and column.ref in signs]
    ordered = sorted(found, key=lambda one: (-one.confidence, -one.passed / max(one.tested, 1), one.ref))
    return tuple(ordered[:_NEAR])


def _judged_twice(
    source: RequestedSource, rules: tuple[Registry, Registry], type_id: str, signs: dict[ColumnRef, NearMiss], progress: Progress
) -> tuple[Sequence[TableResult], Sequence[TableResult], int]:
    limits = source.config.limits
    without, having = [], []
    with open_source(source.url, limits) as session:
        catalogue = enumerate_source(session, source.identity, source.config.filters)
        refuse_missing([fit_of(session, source, catalogue)])
        base, changed = rules
        pair = _Pair(Bench.of(session, base, limits), Bench.of(session, changed, limits), type_id, signs)
        progress.begin(len(catalogue.tables))
        for table in catalogue.tables:
            progress.table_started(table.ref)
            first, second = _table(pair, table, source)
            progress.table_done(table.ref, first.rows_read)
            without.append(first)
            having.append(second)
    return conclude(without), conclude(having), len(catalogue.tables)


def _table(pair: _Pair, table: Table, source: RequestedSource) -> tuple[TableResult, TableResult]:
    try:
        sample = sample_table(pair.without.session, table, table.columns, source.config.limits)
    except SensscanError as error:
        code = error.code if isinstance(error, ReadError) else "lost"
        lost = unread(table, table.columns, Reason(code, error.text))  # type: ignore[arg-type]  # ReadError's codes are reason codes
        return lost, lost
    made = []
    for bench in (pair.without, pair.having):
        evidence = bench.detector.table(sample)
        results, failed = bench.judge(sample, evidence)
        made.append(TableResult(table, results, sample.rows, failed=failed))
    cells = {one.column.ref: one for one in sample.columns}
    found = (_sign(pair.having, one, result, pair.type_id, cells[one.column.ref]) for one, result in zip(evidence, results, strict=True))
    pair.signs.update({one.ref: one for one in found if one is not None})
    return made[0], made[1]


def _passing(bench: Bench, type_id: str, sample: ColumnSample) -> tuple[int, int]:
    """Return how many values pass, and of how many, where detection did not ask: a rule that needs its name is asked under it only."""
    matcher = bench.detector.registry.matchers[type_id]
    if not matcher.card.needs_name or matcher.detector is not None:
        return 0, 0
    texts = (cell_text(cell) for cell in sample.cells)
    values = list(islice(dict.fromkeys(text for text in texts if text and not is_placeholder(text)), _TESTED))
    return sum(matcher.test(matcher.normalise(values)).passed), len(values)


def _sign(bench: Bench, evidence: ColumnEvidence, result: ColumnResult, type_id: str, sample: ColumnSample) -> NearMiss | None:
    """Return what speaks for the rule at one column; None when nothing does."""
    test = next((one for one in evidence.tests if one.type_id == type_id), None)
    column = evidence.column
    hit = bench.classifier.registry.names.look(column.ref.column, column.comment).types.get(type_id)
    named = hit is not None and hit.strength > 0
    passed, tested = (test.passed, test.tested) if test is not None else _passing(bench, type_id, sample)
    if not named and passed < max(1, _NEAR_SHARE * tested):
        return None
    confidence = bench.classifier.standing(evidence).chances.get(type_id, 0.0)
    return NearMiss(column.ref, passed, tested, named, confidence, result.classification)


def _columns(
    without: Sequence[TableResult], having: Sequence[TableResult], type_id: str, tags: Mapping[ColumnRef, Tag]
) -> list[ShadowColumn]:
    before = {one.column.ref: one.classification for result in without for one in result.outcomes if isinstance(one, ColumnResult)}
    found = []
    for outcome in (one for result in having for one in result.outcomes):
        ref = outcome.column.ref
        if not isinstance(outcome, ColumnResult) or ref not in before:
            continue
        old, new = before[ref], outcome.classification
        labelled = says(new, type_id)
        found.append(ShadowColumn(ref, old, new, labelled, _change(old, new, type_id), _against(tags.get(ref), type_id, labelled=labelled)))
    return found


def _change(before: Classification, after: Classification, type_id: str) -> Change:
    match says(before, type_id), says(after, type_id):
        case False, True:
            return "gained"
        case True, False:
            return "lost"
        case _:
            return "same" if (before.verdict, before.type_id) == (after.verdict, after.type_id) else "other"


def _is_decided(tag: Tag) -> bool:
    return tag.status != "found"


def _against(tag: Tag | None, type_id: str, *, labelled: bool) -> Decision:
    if tag is None or not _is_decided(tag):
        return ""
    if tag.status == "rejected":
        return "contradicts" if labelled and tag.rejected in ("", type_id) else ""
    if tag.type_id == type_id:
        return "agrees" if labelled else "missed"
    return "contradicts" if labelled else ""


def _skipped(results: Sequence[TableResult]) -> tuple[SkippedObject, ...]:
    found: list[SkippedObject] = []
    for result in results:
        found += [skipped_column(outcome) for outcome in result.outcomes if isinstance(outcome, SkippedColumn)]
        found += result.failed
    return tuple(found)
