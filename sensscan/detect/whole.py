"""Ask the cards about whole values: a probe of 32, then all checked values of the cards that answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sensscan.detect.profile import Prepared
from sensscan.detect.shapes import Prefilter, shapes_of
from sensscan.model import Family, TypeTest
from sensscan.registry import Matcher, Registry
from sensscan.text import mask

PROBE = 32
_VOCABULARY_CAP = 3
"""A distinct value of a vocabulary counts at most so often: one default a million times is one answer."""
_EXAMPLES = 3
_FEW_DISTINCT = 5
"""Below this many distinct values no example is shown: a mask of one of four values would tell which it is."""


class Normalised:
    """The values of one column under each normaliser, made when first asked for."""

    def __init__(self, values: Sequence[str]) -> None:
        self.values = values
        self._made: dict[str, list[str]] = {}

    def by(self, matcher: Matcher) -> list[str]:
        """Return the values as this matcher wants them."""
        name = matcher.card.normaliser
        made = self._made.get(name)
        if made is None:
            made = self._made[name] = matcher.normalise(self.values)
        return made


def suitable(matchers: Mapping[str, Matcher], storage: Family, declared: Family) -> frozenset[str]:
    """Return the types that a column of this database type can hold."""
    wanted = {storage} if declared in (Family.ANY, Family.OTHER) else {storage, declared}
    return frozenset(type_id for type_id, matcher in matchers.items() if matcher.card.families & wanted or matcher.card.native & wanted)


def candidates(prefilter: Prefilter, values: Sequence[str], allowed: frozenset[str]) -> dict[str, list[str]]:
    """Return type -> the values whose shape lets it through, for the allowed types."""
    by_shape: dict[str, list[str]] = {}
    for value, shape in zip(values, shapes_of(values), strict=True):
        by_shape.setdefault(shape, []).append(value)
    found: dict[str, list[str]] = {}
    for shape, shaped in by_shape.items():
        for type_id in prefilter.candidates(shape) & allowed:
            found.setdefault(type_id, []).extend(shaped)
    return found


def test_column(
    prepared: Prepared, declared: Family, registry: Registry, prefilter: Prefilter, named: Iterable[str]
) -> tuple[TypeTest, ...]:
    """Return one test per type that is suggested by the name or that a value of the probe passes."""
    if not prepared.values:
        return ()
    allowed = suitable(registry.matchers, prepared.profile.storage, declared)
    probe = prepared.values[:PROBE]
    suggested = allowed & frozenset(named)
    asked = candidates(prefilter, probe, allowed)
    everything = Normalised(prepared.values)
    tests = []
    for type_id in sorted(asked.keys() | suggested):
        matcher = registry.matchers[type_id]
        if len(prepared.values) > len(probe) and type_id not in suggested:
            answers = matcher.test(matcher.normalise(asked[type_id]), named=False)
            if not _worth_asking(matcher, sum(answers.passed), sum(answers.structural), len(probe)):
                continue
        test = _test_all(matcher, everything.by(matcher), prepared, registry, named=type_id in suggested)
        if test.passed or (test.structural and matcher.card.structures) or test.masked_passed or type_id in suggested:
            tests.append(test)
    return tuple(tests)


def _worth_asking(matcher: Matcher, passed: int, structural: int, probed: int) -> bool:
    """Return whether a probe leaves a type in: a good share, or some hits of a form that chance does not make."""
    card = matcher.card
    if card.structures and card.structure_look_alike < 0.1 and structural >= 0.3 * probed:
        return True
    return passed >= 0.3 * probed or (passed >= 2 and card.chance <= 0.01)


def _test_all(matcher: Matcher, normalised: Sequence[str], prepared: Prepared, registry: Registry, *, named: bool) -> TypeTest:
    answers = matcher.test(normalised, named=named)
    counts = prepared.counts
    coded = [code and not yes for code, yes in zip(answers.coded, answers.passed, strict=True)]
    type_id = matcher.card.id
    passing = {value: None for value, yes in zip(normalised, answers.passed, strict=True) if yes}
    weight, reason = 0.0, None
    for group in registry.group_detectors.get(type_id, ()):
        if passing:
            weight, reason = group.weigh(list(passing))
    form = matcher.masked_pattern
    masked_passed = sum(form(value.strip()) is not None for value in prepared.masked) if form is not None else 0
    capped = [min(count, _VOCABULARY_CAP) for count in counts]
    examples: tuple[str, ...] = ()
    if len(passing) >= _FEW_DISTINCT and matcher.card.counting == "identifier":
        examples = tuple(mask(value, matcher.card.mask) for value in list(passing)[:_EXAMPLES])
    return TypeTest(
        type_id=type_id,
        tested=len(normalised),
        passed=sum(answers.passed),
        structural=sum(answers.structural),
        coded=sum(coded),
        rows_tested=sum(counts),
        rows_passed=sum(count for count, yes in zip(counts, answers.passed, strict=True) if yes),
        rows_coded=sum(count for count, yes in zip(counts, coded, strict=True) if yes),
        capped_tested=float(sum(capped)),
        capped_passed=float(sum(count for count, yes in zip(capped, answers.passed, strict=True) if yes)),
        group_weight=weight,
        group_reason=reason,
        examples=examples,
        masked_passed=masked_passed,
    )
