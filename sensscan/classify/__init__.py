"""Step 4, decide: from the evidence on a column to its verdict. A pure function of evidence, cards and weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sensscan.classify.contained import contained_in, lines_of
from sensscan.classify.context import Judged, context_lines
from sensscan.classify.scorecard import NAMED, TypeScore, Weights, encrypted, hashed, load_weights, score_none, score_type, softmax
from sensscan.evidence import ColumnEvidence
from sensscan.language import Text
from sensscan.model import Also, Alternative, Classification, ColumnResult, Coverage, Evidence, Family, Flag, Reason, Table, TableSample
from sensscan.registry import NameEvidence, Registry

__all__ = ["Classifier", "Standing", "load_weights"]

_DECIDES = 0.5
_SHOWN = 0.02
"""Alternatives below this confidence are not shown."""
_LINES_OF = 4
"""Scorecards shown beside the winner's."""


@dataclass(frozen=True, slots=True)
class Standing:
    """All scorecards of one column side by side."""

    look: NameEvidence
    scores: Mapping[str, TypeScore]
    second: frozenset[str]
    """Types that are only a second label here; they do not compete."""
    chances: Mapping[str, float]
    """Softmax over "none" and the competing types."""


class Classifier:
    """Judges columns with the cards of one registry."""

    def __init__(self, registry: Registry, weights: Weights | None = None) -> None:
        self.registry = registry
        self.weights = weights or load_weights()
        families = {family for card in registry.cards.values() for family in card.native}
        self._natives = {family: frozenset(card.id for card in registry.cards.values() if family in card.native) for family in families}

    def table(self, sample: TableSample, evidence: Sequence[ColumnEvidence]) -> tuple[ColumnResult, ...]:
        """Return the verdict on every column of a table."""
        alone = self._alone(evidence)
        lines = context_lines(sample.table, alone, self.weights)
        return tuple(
            ColumnResult(
                one.evidence.column,
                self.column(replace(one.evidence, context=lines[place])) if place in lines else one.found,
                coverage_of(one.evidence, sample),
            )
            for place, one in enumerate(alone)
        )

    def in_context(self, table: Table, evidence: Sequence[ColumnEvidence]) -> tuple[ColumnEvidence, ...]:
        """Return the evidence with what the other columns and the name of the table add to each; `column` then judges as `table` does."""
        alone = self._alone(evidence)
        lines = context_lines(table, alone, self.weights)
        return tuple(replace(one.evidence, context=lines.get(place, ())) for place, one in enumerate(alone))

    def _alone(self, evidence: Sequence[ColumnEvidence]) -> tuple[Judged, ...]:
        """Judge every column by itself."""
        alone = [replace(one, context=()) if one.context else one for one in evidence]
        standings = [self.standing(one) for one in alone]
        return tuple(Judged(one, standing.scores, self.decide(one, standing)) for one, standing in zip(alone, standings, strict=True))

    def scores(self, evidence: ColumnEvidence, look: NameEvidence) -> dict[str, TypeScore]:
        """Return the scorecards of the types that anything speaks for."""
        profile = evidence.profile
        wanted = {test.type_id for test in evidence.tests} | {type_id for type_id, hit in look.types.items() if hit.strength > 0}
        agreed = {said.type_id for said in evidence.agreements}
        wanted |= agreed
        natives = self._natives.get(evidence.column.family, frozenset()) | self._natives.get(profile.storage, frozenset())
        # Of types that share a declared type (both kinds of IP addresses) the values choose.
        passing = {test.type_id: test.passed for test in evidence.tests if test.passed and test.type_id in natives}
        wanted |= natives
        if len(natives) > 1 and passing:
            wanted -= natives - {max(sorted(passing), key=passing.__getitem__)}
        made: dict[str, TypeScore] = {}
        for type_id in sorted(wanted & self.registry.cards.keys()):
            card = self.registry.cards[type_id]
            metadata = sum(detector.score(evidence.column) for detector in self.registry.column_detectors.get(type_id, ()))
            hit = look.types.get(type_id)
            if card.needs_name and metadata <= 0 and (hit is None or hit.strength <= 0):
                test = next((test for test in evidence.tests if test.type_id == type_id), None)
                if (test is None or test.group_weight <= 0) and type_id not in agreed:
                    continue
            made[type_id] = score_type(card, evidence, look, self.weights, metadata)
        return made

    def standing(self, evidence: ColumnEvidence) -> Standing:
        """Return every scorecard of one column and the chances that they give."""
        look = self.registry.names.look(evidence.column.ref.column, evidence.column.comment)
        scores = self.scores(evidence, look)
        second = _second_labels(scores)
        competing = {type_id: score.total for type_id, score in scores.items() if type_id not in second}
        chances = softmax({"none": 0.0, **_without_general(competing, scores)}, self.weights.temperature)
        return Standing(look, scores, second, chances)

    def column(self, evidence: ColumnEvidence) -> Classification:
        """Return the verdict on one column."""
        return self.decide(evidence, self.standing(evidence))

    def decide(self, evidence: ColumnEvidence, standing: Standing) -> Classification:
        """Return the verdict that the scorecards give."""
        profile = evidence.profile
        look, scores, second, chances = standing.look, standing.scores, standing.second, standing.chances
        best = max(chances, key=lambda type_id: (chances[type_id], type_id))
        lines = _lines(best, chances, scores, look)
        flags = _flags(evidence)
        alternatives = tuple(
            Alternative(type_id, round(chance, 4))
            for type_id, chance in sorted(chances.items(), key=lambda item: -item[1])
            if type_id not in (best, "none") and chance >= _SHOWN
        )
        if profile.checked == 0:
            return _nothing_to_judge(evidence, look, lines)
        also = _also(best, second, scores, look)
        contains = contained_in(evidence, scores, best)
        if best != "none" and chances[best] >= _DECIDES and (_too_uniform(scores[best], evidence) or _unconfirmed(scores[best], evidence)):
            reason = Reason(
                "too_few", Text("The name says so, but too few different values confirm it.", "列名如此，但不同的值太少，无法确认。")
            )
            doubted = (Alternative(best, round(chances[best], 4)), *alternatives)
            return Classification("unknown", "unknown", round(chances[best], 4), (), (), doubted, flags, lines, reason)
        if best != "none" and chances[best] >= _DECIDES:
            return Classification(
                "is", best, round(chances[best], 4), (), also, alternatives, _with_type_flags(flags, scores[best], evidence), lines
            )
        if contains:
            top = max(contains, key=lambda hit: (hit.confidence, hit.rows, hit.type_id))
            found: tuple[Flag, ...] = (*flags, "free_text") if any(hit.path is None for hit in contains) and profile.prose else flags
            return Classification(
                "contains", top.type_id, top.confidence, contains, also, alternatives, found, (*lines, *lines_of(contains))
            )
        if best == "none" and profile.nulls + profile.blanks + profile.placeholders >= profile.rows:
            # Only what the declared type allows was asked, and that is never enough for "none".
            return _nothing_to_judge(evidence, look, lines)
        if best == "none":
            doubt = _too_little(evidence, look)
            if doubt is None:
                return Classification("none", "none", round(chances["none"], 4), (), (), alternatives, flags, lines)
            return Classification("unknown", "unknown", round(chances["none"], 4), (), (), alternatives, flags, lines, doubt)
        reason = Reason("ambiguous", Text("Several types are about equally likely.", "几种类型的可能性相近。"))
        return Classification(
            "unknown",
            "unknown",
            round(chances[best], 4),
            (),
            (),
            (Alternative(best, round(chances[best], 4)), *alternatives),
            flags,
            lines,
            reason,
        )


def _too_uniform(score: TypeScore, evidence: ColumnEvidence) -> bool:
    """Return whether a type that only its name tells has fewer different values than its card wants (logins are one per person)."""
    return score.card.needs_name and evidence.profile.distinct < score.card.min_distinct


def _unconfirmed(score: TypeScore, evidence: ColumnEvidence) -> bool:
    """Return whether a name stands alone: the values were asked, and none of them agrees in any way."""
    test = score.test
    if test is None or hashed(evidence.profile) or encrypted(evidence.profile) or any(line.kind == "db_type" for line in score.lines):
        return False
    agree = test.passed or test.structural or test.coded or test.masked_passed
    return not agree and not any(said.type_id == score.card.id for said in evidence.agreements)


def _without_general(competing: Mapping[str, float], scores: Mapping[str, TypeScore]) -> dict[str, float]:
    """Leave out a general type where a more specific one that refines it scores at least as well."""
    dropped = {
        general
        for type_id, score in competing.items()
        for general in scores[type_id].card.refines
        if general in competing and competing[general] <= score + 0.5
    }
    return {type_id: score for type_id, score in competing.items() if type_id not in dropped}


def _second_labels(scores: Mapping[str, TypeScore]) -> frozenset[str]:
    """Return the types that are only a second label here: their card names a type whose values pass (driver_license holds id_card)."""
    found = set()
    for type_id, score in scores.items():
        for first in score.card.also_with:
            test = scores[first].test if first in scores else None
            if test is not None and test.tested and test.passed >= 0.7 * test.tested and scores[first].total > -3.0:
                found.add(type_id)
    return frozenset(found)


def _lines(best: str, chances: Mapping[str, float], scores: Mapping[str, TypeScore], look: NameEvidence) -> tuple[Evidence, ...]:
    shown = sorted(
        (type_id for type_id in chances if type_id != "none" and chances[type_id] >= _SHOWN / 10), key=lambda type_id: -chances[type_id]
    )
    ranked = [best, *(type_id for type_id in shown if type_id != best)][:_LINES_OF]
    lines: list[Evidence] = []
    for type_id in ranked:
        lines += score_none(look) if type_id == "none" else scores[type_id].lines
    return tuple(lines)


def _flags(evidence: ColumnEvidence) -> tuple[Flag, ...]:
    profile = evidence.profile
    flags: list[Flag] = []
    if profile.checked:
        if profile.masked >= 0.6 * profile.checked:
            flags.append("masked")
        if hashed(profile):
            flags.append("hashed")
        elif encrypted(profile):
            flags.append("encrypted")
        if profile.checked >= 3 and profile.test_data >= 0.6 * profile.checked:
            flags.append("test_data")
    return tuple(flags)


def _with_type_flags(flags: tuple[Flag, ...], score: TypeScore, evidence: ColumnEvidence) -> tuple[Flag, ...]:
    found = list(flags)
    test = score.test
    passing = test is not None and test.tested and test.passed >= 0.5 * test.tested
    if passing:
        # Values that pass are neither hashed nor encrypted copies of the type, whatever their alphabet.
        found = [flag for flag in found if flag not in ("hashed", "encrypted")]
    if test is not None and test.credentials:
        found.append("credentials")
    if evidence.profile.damaged and score.card.id in ("id_card", "bank_card", "uscc", "iccid", "bank_account"):
        found.append("damaged")
    return tuple(found)


_HINTS = 0.4
"""From this strength on a name gives a second label."""


def _also(best: str, second: frozenset[str], scores: Mapping[str, TypeScore], look: NameEvidence) -> tuple[Also, ...]:
    """Return second labels: types of which the values' type is a case by the name, and more general types that the name says."""
    named = [
        Also(type_id, round(min(0.95, 0.5 + scores[type_id].strength / 2), 4), Text("the name says so", "列名如此"))
        for type_id in sorted(second)
        if scores[type_id].strength >= _HINTS and best in scores[type_id].card.also_with
    ]
    general = [
        Also(type_id, round(hit.strength * 0.9, 4), Text("the more general type, by the name", "更一般的类型，据列名"))
        for type_id in (scores[best].card.refines if best in scores else ())
        if (hit := look.types.get(type_id)) is not None and hit.strength >= _HINTS
    ]
    return (*named, *general)


def _nothing_to_judge(evidence: ColumnEvidence, look: NameEvidence, lines: tuple[Evidence, ...]) -> Classification:
    profile = evidence.profile
    if profile.placeholders:
        reason = Reason("placeholders", Text("Only placeholders and empty values.", "只有占位值和空值。"))
    else:
        reason = Reason("empty", Text("No values.", "没有值。"))
    named = tuple(
        Alternative(type_id, round(hit.strength * 0.5, 4)) for type_id, hit in sorted(look.types.items()) if hit.strength >= NAMED
    )
    return Classification("unknown", "unknown", 0.0, (), (), named, (), lines, reason)


def _too_little(evidence: ColumnEvidence, look: NameEvidence) -> Reason | None:
    """Return why "none" cannot be said, or None when it can."""
    profile = evidence.profile
    read = profile.rows - profile.nulls - profile.blanks - profile.placeholders
    if profile.storage in (Family.BOOLEAN,) or look.other:
        return None
    if read < 3:
        return Reason("too_few", Text(f"Only {read} values: too few to say no.", f"只有 {read} 个值，不足以排除。"))
    if profile.masked >= 0.6 * profile.checked and profile.checked >= 3:
        return Reason("encrypted", Text("Masked values of a kind that cannot be told.", "已脱敏，无法判断类型。"))
    if profile.cipher >= 0.9 * profile.checked and profile.mean_length >= 40 and profile.checked >= 5:
        return Reason("encrypted", Text("Values look like cipher text.", "值像密文。"))
    return None


def coverage_of(evidence: ColumnEvidence, sample: TableSample) -> Coverage:
    """Return what the verdict rests on."""
    profile = evidence.profile
    non_null = profile.rows - profile.nulls - profile.blanks
    read = max(0, non_null - profile.placeholders)
    tested = max([profile.checked, *(test.rows_tested for test in evidence.tests), evidence.searched_rows])
    miss_below = None if sample.complete and tested >= read else (round(3 / tested, 4) if tested else None)
    return Coverage(
        method=sample.method,
        rows=profile.rows,
        non_null=non_null,
        distinct=profile.distinct,
        placeholders=profile.placeholders,
        complete=sample.complete,
        row_estimate=sample.table.row_estimate,
        miss_below=miss_below,
    )
