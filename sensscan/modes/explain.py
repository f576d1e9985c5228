"""Explain the verdict on one column: read its table, show every scorecard, try what would change the verdict. Nothing is stored."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sensscan.catalog import enumerate_source
from sensscan.classify import Standing
from sensscan.errors import ReadError, UsageError
from sensscan.evidence import ColumnEvidence
from sensscan.language import Text
from sensscan.link import link
from sensscan.model import (
    Catalogue,
    Classification,
    Column,
    ColumnOutcome,
    ColumnRef,
    ColumnResult,
    Coverage,
    Evidence,
    Table,
    TableResult,
    TableSample,
    Tag,
)
from sensscan.modes.request import RequestedSource
from sensscan.modes.whatif import LineEffect, Margin, Outcome, Share, candidate, line_effects, margin, share_at_turn
from sensscan.naming import Part, dotted, parse_name, written
from sensscan.pipeline import Bench, in_doubt
from sensscan.registry import DetectorFailure, Registry
from sensscan.sample import sample_table
from sensscan.source import open_source
from sensscan.store import Store, StoredResult

_CARDS = 4
_SHOWN = 0.0005


@dataclass(frozen=True, slots=True)
class TypeCard:
    """One type's scorecard; the lines add up to the score."""

    type_id: str
    lines: tuple[Evidence, ...]
    score: float
    chance: float | None
    """Confidence; None for a type that does not compete: a second label, or a general type beside a more specific one."""


@dataclass(frozen=True, slots=True)
class Variant:
    """The verdict if something about the column were different."""

    key: str
    what: Text
    outcome: Outcome
    changes: bool


@dataclass(frozen=True)
class Explanation:
    """Everything about one verdict."""

    column: Column
    classification: Classification
    """With what other tables add, when a store was given."""
    coverage: Coverage
    evidence: ColumnEvidence
    cards: tuple[TypeCard, ...]
    """The winner first, then by confidence."""
    none_chance: float
    others: float
    """Confidence of the types that have no scorecard here, together."""
    temperature: float
    candidate: str | None
    """The likeliest type besides none."""
    margin: Margin | None
    variants: tuple[Variant, ...]
    share: Share | None
    effects: tuple[LineEffect, ...]
    """For each line of the candidate's scorecard: the verdict without it."""
    linked: bool
    """Other tables were looked at, from the store."""
    tag: Tag | None = None
    """The stored label."""
    cut_off: tuple[DetectorFailure, ...] = ()
    """Detectors that did not answer for this column: nobody knows what they would have said."""

    @property
    def now(self) -> Outcome:
        """The verdict by this column alone."""
        return Outcome.of(self.classification.unlinked or self.classification)


def explain(source: RequestedSource, registry: Registry, column_text: str, store: Store | None = None) -> Explanation:
    """Read the table of one column and explain the column's verdict.

    `column_text` is [SCHEMA.]TABLE.COLUMN, quoted as in SQL where needed. With a store, foreign keys and equal names of other tables
    count as in a scan. Raises UsageError when it names no or several columns, NothingReadError and ReadError.
    """
    limits = source.config.limits
    with open_source(source.url, limits) as session:
        catalogue = enumerate_source(session, source.identity, replace(source.config.filters, views=True))
        table, column = find_column(catalogue, column_text)
        bench = Bench.of(session, registry, limits)
        sample = sample_table(session, table, table.columns, limits)
    for skipped in sample.skipped:
        if skipped.column == column.ref.column:
            raise ReadError(skipped.reason.text, None, skipped.reason.code)
    evidence = _evidence(bench, sample, column)
    # Taken before anything else is asked: what is tried below asks the same detectors again.
    cut_off = tuple(one for one in registry.guards.take() if one.column == column.ref) if registry.guards is not None else ()
    standing = bench.classifier.standing(evidence)
    classifier = bench.classifier
    coverage = next(result.coverage for result in classifier.table(sample, (evidence,)))
    found = in_doubt(classifier.column(evidence), cut_off[0] if cut_off else None)
    now = Outcome.of(found)
    linked, tag = (found, None) if store is None else _from_store(store, catalogue, ColumnResult(column, found, coverage))
    cards = _cards(standing, now)
    best = candidate(standing)
    return Explanation(
        column=column,
        classification=linked,
        coverage=coverage,
        evidence=evidence,
        cards=cards,
        none_chance=standing.chances["none"],
        others=max(0.0, 1 - standing.chances["none"] - sum(card.chance or 0.0 for card in cards)),
        temperature=classifier.weights.temperature,
        candidate=best,
        margin=margin(standing),
        variants=tuple(_variants(bench, sample, column, now)),
        share=share_at_turn(classifier, evidence, best) if best is not None else None,
        effects=line_effects(standing, best, classifier.weights.temperature) if best is not None else (),
        linked=store is not None,
        tag=tag,
        cut_off=cut_off,
    )


def _evidence(bench: Bench, sample: TableSample, column: Column) -> ColumnEvidence:
    around = bench.classifier.in_context(sample.table, bench.detector.table(sample))
    return next(one for one in around if one.column.ref.column == column.ref.column)


def _cards(standing: Standing, now: Outcome) -> tuple[TypeCard, ...]:
    made = [TypeCard(type_id, score.lines, score.total, standing.chances.get(type_id)) for type_id, score in standing.scores.items()]
    ranked = sorted(made, key=lambda card: (card.type_id != now.type_id, -(card.chance or 0.0), -card.score, card.type_id))
    worth = [card for card in ranked if (card.chance or 0.0) >= _SHOWN or card.type_id in standing.second]
    return tuple(worth[:_CARDS] or ranked[:1])


def _variants(bench: Bench, sample: TableSample, column: Column, now: Outcome) -> Iterable[Variant]:
    """Yield the verdict on the same values under another name or without a comment."""
    look = bench.classifier.registry.names.look(column.ref.column)
    nameless = _unused_name(sample)
    wanted = []
    if look.types or look.other or look.informative:
        wanted.append(("without_name", Text("without the name", "去掉列名"), nameless, column.comment))
    if column.comment:
        wanted.append(("without_comment", Text("without the comment", "去掉注释"), column.ref.column, ""))
    if len(wanted) > 1:
        wanted.append(("without_name_and_comment", Text("without name and comment", "去掉列名和注释"), nameless, ""))
    for key, what, name, comment in wanted:
        other = replace(column, ref=replace(column.ref, column=name), comment=comment)
        outcome = Outcome.of(bench.classifier.column(_evidence(bench, _renamed(sample, column, other), other)))
        yield Variant(key, what, outcome, not outcome.same(now))


def _unused_name(sample: TableSample) -> str:
    taken = {one.column.ref.column.casefold() for one in sample.columns}
    return next(name for number in range(1, len(taken) + 2) if (name := f"c{number:02d}") not in taken)


def _renamed(sample: TableSample, column: Column, other: Column) -> TableSample:
    """Return the sample with one column under another name; rows are chosen by the same key."""
    key = tuple(other.ref.column if name == column.ref.column else name for name in sample.table.primary_key)
    columns = tuple(replace(one, column=other) if one.column.ref == column.ref else one for one in sample.columns)
    return replace(sample, table=replace(sample.table, primary_key=key), columns=columns)


def _from_store(store: Store, catalogue: Catalogue, result: ColumnResult) -> tuple[Classification, Tag | None]:
    """Return the verdict linked with the stored results of the other columns, and the stored label."""
    ref = result.column.ref
    stored = store.load_results(ref.source)
    tables = []
    for table in catalogue.tables:
        outcomes = tuple(_outcome(column, result, stored) for column in table.columns if column.ref in stored or column.ref == ref)
        if outcomes:
            tables.append(TableResult(table, outcomes))
    linked = [outcome for one in link(tables) for outcome in one.outcomes if outcome.column.ref == ref]
    found = next((outcome.classification for outcome in linked if isinstance(outcome, ColumnResult)), result.classification)
    return found, store.tags(ref.source, tables=[ref.table_ref]).get(ref)


def _outcome(column: Column, result: ColumnResult, stored: Mapping[ColumnRef, StoredResult]) -> ColumnOutcome:
    return result if column.ref == result.column.ref else replace(stored[column.ref].outcome, column=column)


def find_column(catalogue: Catalogue, text: str) -> tuple[Table, Column]:
    """Return the one column that [SCHEMA.]TABLE.COLUMN names; unquoted names ignore case where that leaves one column only.

    Raises UsageError when it names none or several.
    """
    parts = parse_name(text)
    if len(parts) < 2:
        raise UsageError(Text(f"{text!r} names no column.", f"{text!r} 没有指明列。"), Text("Write TABLE.COLUMN.", "请写成 表.列。"))
    everything = [(table, column) for table in catalogue.tables for column in table.columns]
    for same in (_exactly, _ignoring_case):
        found = [(table, column) for table, column in everything if _fits(parts, column.ref, same)]
        if len(found) == 1:
            return found[0]
        if found:
            places = ", ".join(written(column.ref) for _, column in found[:5])
            raise UsageError(
                Text(f"{text} names several columns: {places}.", f"{text} 对应多个列：{places}。"),
                Text("Write SCHEMA.TABLE.COLUMN, quoted as in SQL.", "请写成 模式.表.列，必要时像 SQL 那样加引号。"),
            )
    raise _no_such_column(text, len(parts), [column.ref for _, column in everything])


def _exactly(part: Part, name: str) -> bool:
    return part.text == name


def _ignoring_case(part: Part, name: str) -> bool:
    return part.text == name if part.quoted else part.text.casefold() == name.casefold()


def _fits(parts: Sequence[Part], ref: ColumnRef, same: Callable[[Part, str], bool]) -> bool:
    names = (ref.schema, ref.table, ref.column)
    return all(same(part, name) for part, name in zip(parts, names[-len(parts) :], strict=True))


def _no_such_column(text: str, parts: int, known: Sequence[ColumnRef]) -> UsageError:
    names = {dotted(*(ref.schema, ref.table, ref.column)[-parts:]) for ref in known}
    near = difflib.get_close_matches(text, sorted(names), n=3)
    hint = (
        Text(f"Did you mean {', '.join(near)}?", f"是否指 {'、'.join(near)}？")
        if near
        else Text("Write [SCHEMA.]TABLE.COLUMN.", "请写成 [模式.]表.列。")
    )
    return UsageError(Text(f"No column {text} in this source.", f"该来源中没有列 {text}。"), hint)
