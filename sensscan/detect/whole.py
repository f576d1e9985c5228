"""Ask the cards about whole values: a probe of 32, then all checked values of the cards that answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import compress

from sensscan.allowed import excepted_for
from sensscan.detect.prefilter import Prefilter
from sensscan.detect.profile import Prepared
from sensscan.detect.shapes import shapes_of
from sensscan.evidence import TypeTest
from sensscan.model import Family
from sensscan.registry import Answers, Matcher, Registry
from sensscan.text import mask

PROBE = 32
"""Distinct values asked first. Testing ends with them when all pass or none has even the form: the weight of evidence has reached its
bound, and 224 more values would cost time and change no verdict. `--exact` goes on."""
ENOUGH = 64
"""Distinct values after which testing ends where each costs a call of Python code."""
_VOCABULARY_CAP = 3
"""A distinct value of a vocabulary counts at most so often: one default a million times is one answer."""
_GROUP = 96
"""Values that a group detector sees: spreads show in a hundred."""
_FIRST_LOOK = 6
_FORMED_LOOK = 8
_GOOD_SHARE = 0.3
_SPEAKS_ON_FEW = 0.01
"""Chance rate up to which a few hits mean that a column mixes kinds."""
_EXAMPLES = 3
_FEW_DISTINCT = 5
"""Below this many distinct values no example is shown: a mask of one of four values would tell which it is."""


class Normalised:
    """The values of one column under each normaliser, made when first asked for."""

    def __init__(self, values: Sequence[str]) -> None:
        self.values = values
        self._made: dict[str, list[str]] = {}
        self._joined: dict[str, str] = {}

    def by(self, matcher: Matcher) -> list[str]:
        """Return the values as this matcher wants them."""
        name = matcher.card.normaliser
        made = self._made.get(name)
        if made is None:
            made = self._made[name] = matcher.normalise(self.values)
        return made

    def joined(self, matcher: Matcher) -> str:
        """Return the values in one text, one per line, as this matcher wants them."""
        name = matcher.card.normaliser
        joined = self._joined.get(name)
        if joined is None:
            joined = self._joined[name] = "\n".join(self.by(matcher))
        return joined

    def at(self, matcher: Matcher, places: Sequence[int]) -> list[str]:
        """Return the values at some places as this matcher wants them."""
        made = self.by(matcher)
        return made[places.start : places.stop] if isinstance(places, range) else [made[place] for place in places]


def suitable(registry: Registry, storage: Family, declared: Family) -> frozenset[str]:
    """Return the types that a column of this database type can hold and whose values can say anything without a name.

    A type that only its name tells is not looked for in columns of other names, unless its values can speak together (birth dates).
    """
    wanted = {storage} if declared in (Family.ANY, Family.OTHER) else {storage, declared}
    return frozenset(
        type_id
        for type_id, matcher in registry.matchers.items()
        if (matcher.card.families & wanted or matcher.card.native & wanted)
        and (not matcher.card.needs_name or type_id in registry.group_detectors)
    )


def candidates(prefilter: Prefilter, values: Sequence[str]) -> Mapping[str, Sequence[int]]:
    """Return type -> the places of the values whose shape lets it through."""
    shapes = shapes_of(values)
    if len(set(shapes)) == 1:
        # Numbers of one kind: what holds for one holds for all.
        return dict.fromkeys(prefilter.candidates(shapes[0]), range(len(shapes)))
    found: dict[str, list[int]] = {}
    for place, shape in enumerate(shapes):
        for type_id in prefilter.candidates(shape):
            if type_id in found:
                found[type_id].append(place)
            else:
                found[type_id] = [place]
    return found


def without(prepared: Prepared, excepted: frozenset[str]) -> Prepared:
    """Return the values that count; the profile goes on to describe all of them."""
    kept = [value not in excepted for value in prepared.values]
    values, counts = tuple(compress(prepared.values, kept)), tuple(compress(prepared.counts, kept))
    return replace(prepared, values=values, counts=counts, masked=tuple(value for value in prepared.masked if value not in excepted))


def test_column(
    prepared: Prepared,
    allowed: frozenset[str],
    registry: Registry,
    prefilter: Prefilter,
    named: Iterable[str],
    *,
    excepted: dict[str, tuple[str, ...]] | None = None,
) -> tuple[TypeTest, ...]:
    """Return one test per type that is suggested by the name or that a value of the probe passes.

    `excepted` are single values that do not count, each with the globs of the types they do not count for.
    """
    if not prepared.values:
        return ()
    wanted = frozenset(type_id for type_id in named if type_id in registry.matchers)
    stages = _stages(prepared.values)
    probe = stages[0]
    asked = candidates(prefilter.among(allowed), probe.values)
    tests = []
    masked = _masked_forms(prepared, allowed, registry)
    for type_id in sorted(asked.keys() | wanted | masked):
        matcher = registry.matchers[type_id]
        if not (type_id in wanted or type_id in masked or len(stages) == 1) and not _worth_asking(matcher, probe, asked[type_id]):
            continue
        counting, some = prepared, stages
        if excepted and (gone := excepted_for(type_id, excepted)):
            counting = without(prepared, gone)
            some = _stages(counting.values)
        tested, answers = _ask(matcher, some, named=type_id in wanted, exact=prepared.exact)
        test = _summed_up(matcher, tested, answers, counting, registry)
        if test.passed or (test.structural and matcher.card.structures) or test.masked_passed or type_id in wanted:
            tests.append(test)
    return tuple(tests)


def _stages(values: Sequence[str]) -> tuple[Normalised, ...]:
    """Cut the values into the probe, those up to `ENOUGH`, and the rest; later parts only where there are values for them."""
    parts = (values[:PROBE], values[PROBE:ENOUGH], values[ENOUGH:])
    return (Normalised(parts[0]), *(Normalised(part) for part in parts[1:] if part))


_MASKED_SHARE = 0.6


def _masked_forms(prepared: Prepared, allowed: frozenset[str], registry: Registry) -> frozenset[str]:
    """Return the types whose masked form most values have, where most values are masked."""
    if not prepared.masked or len(prepared.masked) < _MASKED_SHARE * len(prepared.values):
        return frozenset()
    probe = [value.strip() for value in prepared.masked[:PROBE]]
    found = set()
    for type_id in allowed:
        form = registry.matchers[type_id].masked_pattern
        if form is not None and sum(form(value) is not None for value in probe) >= _MASKED_SHARE * len(probe):
            found.add(type_id)
    return frozenset(found)


def _worth_asking(matcher: Matcher, probe: Normalised, places: Sequence[int]) -> bool:
    """Return whether the probe leaves a type in: a good share passes, or some do of a form that chance does not make.

    `places` are those of the probe's values whose shape lets the type through.
    """
    gate = matcher.gate
    if gate is not None and gate(probe.joined(matcher)) is None:
        return False
    card, probed = matcher.card, len(probe.values)
    if card.chance > _SPEAKS_ON_FEW and len(places) < _GOOD_SHARE * probed:
        # Such a type counts as the whole column or not at all.
        return False
    shaped = probe.at(matcher, places)
    if card.chance > _SPEAKS_ON_FEW and len(shaped) > _FIRST_LOOK and True not in matcher.test(shaped[:_FIRST_LOOK], named=False).passed:
        return False
    if card.validator and card.structure_look_alike >= 0.1 and len(shaped) > _FORMED_LOOK:
        # A part of a column counts only where half of the well-formed values pass the check: eight failures in a row say no.
        first = matcher.test(shaped[:_FORMED_LOOK], named=False)
        if True not in first.passed and sum(first.structural) >= _FORMED_LOOK - 2:
            return False
    answers = matcher.test(shaped, named=False)
    passed = sum(answers.passed)
    if card.structures and card.structure_look_alike < 0.1 and sum(answers.structural) >= _GOOD_SHARE * probed:
        return True
    return passed >= _GOOD_SHARE * probed or (passed >= 2 and card.chance <= _SPEAKS_ON_FEW)


def _ask(matcher: Matcher, stages: Sequence[Normalised], *, named: bool, exact: bool) -> tuple[list[str], Answers]:
    """Return the tested values and the answers: the first ones, and further ones as long as these leave something open."""
    tested: list[str] = []
    answers = Answers([], [], [])
    for stage in stages:
        if tested and not exact and _settled(matcher, answers):
            break
        values = stage.by(matcher)
        tested = tested + values
        answers = answers.then(matcher.test(values, named=named))
    return tested, answers


def _settled(matcher: Matcher, answers: Answers) -> bool:
    """Return whether further values would change nothing, or cost more than they tell."""
    if False not in answers.passed or not (True in answers.structural or True in answers.coded):
        return True
    return matcher.slow and len(answers.passed) >= ENOUGH


def _summed_up(matcher: Matcher, normalised: Sequence[str], answers: Answers, prepared: Prepared, registry: Registry) -> TypeTest:
    counts = prepared.counts[: len(normalised)]
    passed = answers.passed
    type_id = matcher.card.id
    passing = list(dict.fromkeys(compress(normalised, passed)))
    weight, reason = 0.0, None
    for group in registry.group_detectors.get(type_id, ()):
        if passing:
            weight, reason = group.weigh(passing[:_GROUP])
    form = matcher.masked_pattern if prepared.masked else None
    masked_passed = sum(form(value.strip()) is not None for value in prepared.masked) if form is not None else 0
    examples: tuple[str, ...] = ()
    if len(passing) >= _FEW_DISTINCT and matcher.card.counting == "identifier":
        examples = tuple(mask(value, matcher.card.mask) for value in passing[:_EXAMPLES])
    coded = [code and not yes for code, yes in zip(answers.coded, passed, strict=True)] if True in answers.coded else []
    capped = [min(count, _VOCABULARY_CAP) for count in counts] if matcher.card.counting == "vocabulary" else []
    return TypeTest(
        type_id=type_id,
        tested=len(normalised),
        passed=sum(passed),
        structural=sum(answers.structural),
        coded=sum(coded),
        rows_tested=sum(counts),
        rows_passed=sum(compress(counts, passed)),
        rows_coded=sum(compress(counts, coded)),
        capped_tested=float(sum(capped)),
        capped_passed=float(sum(compress(capped, passed))),
        group_weight=weight,
        group_reason=reason,
        examples=examples,
        masked_passed=masked_passed,
        credentials=sum(holds(value) is not None for value in passing) if (holds := matcher.credential_pattern) is not None else 0,
    )
