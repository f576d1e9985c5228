"""What each detector says of single values: normalised form, form, check, and why it does not pass. Nothing is read or stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sensscan.detect.prefilter import Prefilter
from sensscan.detect.shapes import ANYTHING, Bounds, bounds_of, shapes_of
from sensscan.language import Text
from sensscan.registry import Matcher, Registry
from sensscan.registry.cards import hashed_word


@dataclass(frozen=True, slots=True)
class Answer:
    """One detector's answer to one value."""

    type_id: str
    normalised: str = field(repr=False)
    form: bool
    """A pattern or a word of the vocabulary fits."""
    check: bool | None
    """The check digit or other check agrees; None when the type has none or the form does not fit."""
    score: float | None
    """What a Python detector says, 0 to 1; None as for `check`."""
    passes: bool
    named_only: bool
    """Counts only in a column whose name tells the type."""
    structure: bool
    """The looser structure fits: a made-up number of this kind."""
    reason: Text
    """Why not, or under which condition; empty for a plain pass."""


@dataclass(frozen=True, slots=True)
class Answers:
    """All answers to one value, passing ones first."""

    value: str = field(repr=False)
    answers: tuple[Answer, ...]
    asked: int
    """Detectors asked."""
    ruled_out: int
    """Detectors left out because the value's length and characters cannot be theirs."""


def answers(registry: Registry, values: Sequence[str], *, types: Sequence[str] = (), everything: bool = False) -> tuple[Answers, ...]:
    """Ask detectors about values: those whose shape can match, `types` only, or all. Raises UsageError for an unknown type."""
    for type_id in types:
        registry.card(type_id)
    prefilter = Prefilter(registry.matchers)
    found = []
    for value, shape in zip(values, shapes_of(values), strict=True):
        possible = prefilter.candidates(shape)
        asked = list(types) or [
            type_id for type_id, matcher in registry.matchers.items() if everything or type_id in possible or _coded(matcher, value)
        ]
        made = sorted((answer(registry.matchers[type_id], value) for type_id in asked), key=_order)
        found.append(Answers(value, tuple(made), len(asked), len(registry.matchers) - len(asked)))
    return tuple(found)


def _coded(matcher: Matcher, value: str) -> bool:
    """Return whether the value is a code or a form that needs a telling name: the shape says nothing about these."""
    if not matcher.card.code_words and not matcher.card.named_patterns:
        return False
    return matcher.test(matcher.normalise([value]), named=True).coded[0]


def _order(one: Answer) -> tuple[bool, bool, bool, bool, str]:
    return (not one.passes, one.named_only, not one.form, not one.structure, one.type_id)


def answer(matcher: Matcher, value: str) -> Answer:
    """Ask one detector about one raw value."""
    card = matcher.card
    normalised = matcher.normalise([value])[0]
    told = matcher.test([normalised], named=True)
    passes, coded, structure = told.passed[0], told.coded[0], told.structural[0]
    form = passes or _has_form(matcher, normalised)
    check = _check(matcher, normalised) if form else None
    score = _score(matcher, normalised) if form and check is not False else None
    named_only = (coded and not passes) or (passes and card.needs_name)
    return Answer(
        type_id=card.id,
        normalised=normalised,
        form=form,
        check=check,
        score=score,
        passes=passes or coded,
        named_only=named_only,
        structure=structure and not passes,
        reason=_reason(matcher, normalised, form=form, check=check, score=score, passes=passes, coded=coded, structure=structure),
    )


def _has_form(matcher: Matcher, value: str) -> bool:
    card = matcher.card
    if card.words and value.casefold() in card.words:
        return True
    if card.hashed_words and hashed_word(value) in card.hashed_words:
        return True
    if matcher.pattern is not None:
        return matcher.pattern(value) is not None
    # No words and no pattern: only code or a database type can tell.
    return not card.words and not card.hashed_words and matcher.detector is not None


def _check(matcher: Matcher, value: str) -> bool | None:
    if not matcher.card.validator:
        return None
    from sensscan.numbers import VALIDATORS

    return bool(VALIDATORS[matcher.card.validator].check(value))


def _score(matcher: Matcher, value: str) -> float | None:
    return None if matcher.detector is None else float(matcher.detector.score([value])[0])


def _reason(
    matcher: Matcher, value: str, *, form: bool, check: bool | None, score: float | None, passes: bool, coded: bool, structure: bool
) -> Text:
    card = matcher.card
    if passes:
        if card.needs_name:
            return Text("needs a telling column name", "仅在列名有提示时计入")
        return Text("", "")
    if coded:
        return Text("a code: needs a telling column name", "代码值：仅在列名有提示时计入")
    if not form:
        why = _no_form(matcher, value)
    elif check is False:
        why = Text(f"the check {card.validator} fails", f"校验 {card.validator} 未通过")
    elif score is not None:
        why = Text(f"score {score:.2f} is below {card.threshold:.2f}", f"得分 {score:.2f} 低于 {card.threshold:.2f}")
    else:
        why = Text("does not pass", "未通过")
    if structure and not passes and card.structures:
        return Text(f"{why.en}; the structure is right", f"{why.zh}；结构相符")
    return why


def _no_form(matcher: Matcher, value: str) -> Text:
    """Say what is wrong with the form: length, characters, or only the pattern as a whole."""
    card = matcher.card
    if not card.patterns and not card.words and not card.hashed_words:
        return Text("told by the column's name or database type alone", "仅凭列名或数据库类型判断")
    if not value:
        return Text("nothing is left after normalising", "规范化后为空")
    if not card.patterns:
        return Text("not in the vocabulary", "不在词表中")
    return _misfit(bounds_of(card), value) or Text("the pattern does not fit", "格式不符")


def _misfit(bounds: Sequence[Bounds], value: str) -> Text | None:
    """Say what no form of the card can have; None when only the pattern as a whole does not fit."""
    if ANYTHING in bounds:
        return None
    count = len(value)
    shortest, longest = min(one.shortest for one in bounds), max(one.longest for one in bounds)
    if count < shortest:
        return Text(f"{count} characters, at least {shortest} needed", f"{count} 个字符，至少需要 {shortest} 个")
    if count > longest:
        return Text(f"{count} characters, at most {longest} fit", f"{count} 个字符，最多 {longest} 个")
    allowed = frozenset[str]().union(*(one.allowed for one in bounds))
    if not frozenset(shapes_of([value])[0]) <= allowed:
        return Text("characters that the form does not have", "含有该格式没有的字符")
    return None
