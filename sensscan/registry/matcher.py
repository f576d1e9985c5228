"""A card made ready to test values: normalise -> pattern or words -> validator -> Python detector."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sensscan.errors import ConfigError
from sensscan.language import Text
from sensscan.plugin import Card, ValueDetector
from sensscan.registry.cards import card_error, hashed_word
from sensscan.registry.speed import LONGEST_CELL, MOST_SECONDS, slowest
from sensscan.text import normalise_many, to_python_pattern

Test = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Answers:
    """One answer per tested value."""

    passed: list[bool]
    structural: list[bool]
    """Right structure, whatever the check says; equals `passed` where the card knows no looser form."""
    coded: list[bool]
    """Codes of a vocabulary (1 = male): they count only beside a telling name."""

    def then(self, others: Answers) -> Answers:
        """Return these answers followed by others."""
        return Answers(self.passed + others.passed, self.structural + others.structural, self.coded + others.coded)


def pattern_error(card: Card, pattern: str, reason: str) -> ConfigError:
    """Return the error for a pattern that RE2 refuses."""
    return ConfigError(
        Text(
            f"Card {card.origin}: values.pattern: not RE2 syntax ({reason}): {pattern[:60]}",
            f"规则卡 {card.origin}：values.pattern：不是 RE2 语法（{reason}）：{pattern[:60]}",
        )
    )


def compile_re2(card: Card, pattern: str) -> Any:
    """Compile with RE2: linear time whatever the pattern; raises ConfigError with RE2's reason."""
    import re2

    options = re2.Options()
    options.log_errors = False
    options.max_mem = 64 << 20
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0] if error.args else "unknown"
        raise pattern_error(card, pattern, reason.decode() if isinstance(reason, bytes) else str(reason)) from None


def _any_of(patterns: Sequence[str]) -> str:
    """Return one pattern for "any of these"; flags at the start of one do not reach the others."""
    return "|".join(re.sub(r"^\(\?([a-z]+)\)(.*)$", r"(?\1:\2)", text, flags=re.DOTALL) for text in patterns)


_MATRIX_FROM = 48
"""From this many values on a byte matrix is faster than one call per value."""


def _valid_text(test: Test, value: str) -> Any:
    """Ask RE2, which wants valid UTF-8: broken texts of a database hold lone surrogates."""
    try:
        return test(value)
    except UnicodeEncodeError:
        return test(value.encode("utf-8", "replace").decode("utf-8"))


class Matcher:
    """Tests values against one card. Compiles on first use, so that loading all cards stays fast."""

    def __init__(self, card: Card, detector: ValueDetector | None = None, *, trusted: bool = True) -> None:
        """`trusted` cards (built in, linear by our tests) run on Python's faster `re`, all others on RE2."""
        self.card = card
        self.detector = detector
        self.trusted = trusted

    @functools.cached_property
    def slow(self) -> bool:
        """Whether each value costs a call of Python code (a detector, a check that is not vectorised)."""
        from sensscan.numbers import VALIDATORS

        if self.detector is not None:
            return True
        return self.card.validator in VALIDATORS and not VALIDATORS[self.card.validator].vectorised

    def _compile(self, patterns: Sequence[str], *, inside: bool = False) -> Test | None:
        """Return one test for "any of these patterns"; None when there are none."""
        if not patterns:
            return None
        one = _any_of(patterns)
        compiled = re.compile(to_python_pattern(one)) if self.trusted else compile_re2(self.card, one)
        test: Test = compiled.search if self.card.search or inside else compiled.fullmatch
        return test if self.trusted else functools.partial(_valid_text, test)

    @functools.cached_property
    def pattern(self) -> Test | None:
        """The test for the card's patterns."""
        return self._compile(self.card.patterns)

    @functools.cached_property
    def structure(self) -> Test | None:
        """The test for the looser structures."""
        return self._compile(self.card.structures)

    @functools.cached_property
    def gate(self) -> Test | None:
        """The search for any line with the form or the looser structure, in many values joined by line ends.

        Nothing found means that no value has them; something found means nothing yet, since values can hold line ends. None for cards
        whose form is more than their patterns.
        """
        card = self.card
        if not self.trusted or not card.patterns or card.words or card.hashed_words or card.search:
            return None
        body = to_python_pattern(_any_of((*card.patterns, *card.structures))).removeprefix("(?a)")
        if r"\Z" in body:
            # What wants the very end of the text would be found in the last line only.
            return None
        test: Test = re.compile(f"^(?:{body})$", re.ASCII | re.MULTILINE).search
        return test

    @functools.cached_property
    def named_pattern(self) -> Test | None:
        """The test for forms that need a telling name."""
        return self._compile(self.card.named_patterns)

    @functools.cached_property
    def masked_pattern(self) -> Test | None:
        """The test for masked values."""
        return self._compile(self.card.masked_patterns)

    @functools.cached_property
    def credential_pattern(self) -> Test | None:
        """The search for passwords and tokens inside a value."""
        return self._compile(self.card.credential_patterns, inside=True)

    def normalise(self, values: Sequence[str]) -> list[str]:
        """Return the values as this card wants to see them."""
        return normalise_many(self.card.normaliser, values)

    def _formed(self, values: Sequence[str]) -> list[bool]:
        """Return which values have the form: a word of the vocabulary or a pattern's match."""
        card, test = self.card, self.pattern
        if not card.words and not card.hashed_words:
            if test is None:
                return [self.detector is not None] * len(values)
            return [found is not None for found in map(test, values)]
        formed = [value.casefold() in card.words for value in values] if card.words else [False] * len(values)
        if card.hashed_words:
            formed = [yes or hashed_word(value) in card.hashed_words for yes, value in zip(formed, values, strict=True)]
        if test is not None:
            formed = [yes or test(value) is not None for yes, value in zip(formed, values, strict=True)]
        return formed

    def test(self, values: Sequence[str], *, named: bool = True) -> Answers:
        """Test normalised values; codes and forms that need a telling name are asked for only if `named`."""
        formed = self._formed(values)
        passed = self._validated(values, formed)
        structure = self.structure
        if structure is not None:
            structural = [yes or structure(value) is not None for yes, value in zip(passed, values, strict=True)]
        else:
            structural = formed if self.card.validator or self.detector is not None else passed
        return Answers(passed, structural, self._coded(values) if named else [False] * len(values))

    def _coded(self, values: Sequence[str]) -> list[bool]:
        """Return which values are codes, or forms that count only beside a telling name."""
        codes, test = self.card.code_words, self.named_pattern
        coded = [value.casefold() in codes for value in values] if codes else [False] * len(values)
        if test is not None:
            formed = [test(value) is not None for value in values]
            coded = [code or named for code, named in zip(coded, self._validated(values, formed), strict=True)]
        return coded

    def _validated(self, values: Sequence[str], formed: list[bool]) -> list[bool]:
        """Return which of the well-formed values also pass validator and detector."""
        if True not in formed:
            return formed
        passed = list(formed)
        for judge in (self._check_digits, self._score):
            places = [place for place, yes in enumerate(passed) if yes]
            answers = judge([values[place] for place in places])
            if answers is not None:
                for place, yes in zip(places, answers, strict=True):
                    passed[place] = yes
        return passed

    def _check_digits(self, values: list[str]) -> list[bool] | None:
        if not self.card.validator:
            return None
        from sensscan.numbers import VALIDATORS

        validator = VALIDATORS[self.card.validator]
        if len(values) < _MATRIX_FROM:
            return list(map(validator.check, values))
        return [bool(yes) for yes in validator.check_many(values)]

    def _score(self, values: list[str]) -> list[bool] | None:
        if self.detector is None:
            return None
        scores = self.detector.score(values)
        if len(scores) != len(values):
            raise ConfigError(
                Text(
                    f"Detector {self.card.id}: returned {len(scores)} scores for {len(values)} values.",
                    f"检测器 {self.card.id}：对 {len(values)} 个值返回了 {len(scores)} 个分数。",
                )
            )
        threshold = self.card.threshold
        return [score >= threshold for score in scores]

    def passes(self, value: str) -> bool:
        """Test one raw value, codes included."""
        answers = self.test(self.normalise([value]))
        return answers.passed[0] or answers.coded[0]


def check_card(matcher: Matcher) -> None:
    """Hold a card to its own word: patterns compile under RE2, the validator exists, the examples are right.

    Raises ConfigError. User cards are checked on every load; the built-in ones once, in the tests.
    """
    card = matcher.card
    path = Path(card.origin)
    for pattern in (*card.patterns, *card.structures, *card.named_patterns, *card.masked_patterns, *card.credential_patterns):
        compiled = compile_re2(card, pattern)
        seconds = 0.0 if matcher.trusted else slowest(pattern, compiled, card.match)
        if seconds > MOST_SECONDS:
            raise card_error(
                path,
                "values.pattern",
                f"too slow ({seconds * 1000:.0f} ms for one value of {LONGEST_CELL} characters; use smaller repetitions): {pattern[:60]}",
                f"太慢（一个 {LONGEST_CELL} 字符的值需 {seconds * 1000:.0f} 毫秒；请减小重复次数）：{pattern[:60]}",
            )
    if card.hashed_words and not os.environ.get("SENSSCAN_WORDS_KEY"):
        raise card_error(
            path, "values.hashed_words", "the environment variable SENSSCAN_WORDS_KEY is not set", "未设置环境变量 SENSSCAN_WORDS_KEY"
        )
    if card.validator:
        from sensscan.numbers import VALIDATORS

        if card.validator not in VALIDATORS:
            known = ", ".join(sorted(VALIDATORS))
            raise card_error(
                path, "values.validator", f"unknown: {card.validator}; known: {known}", f"未知：{card.validator}；可用：{known}"
            )
    if not card.patterns and not card.words and not card.hashed_words and not card.native and matcher.detector is None and not card.names:
        raise card_error(path, "values", "needs a pattern, words, a detector or column names", "需要 pattern、words、检测器或列名")
    for wanted, key, examples in ((True, "match", card.match), (False, "no_match", card.no_match)):
        for example in examples:
            if matcher.passes(example) is not wanted:
                en = "does not pass" if wanted else "passes"
                raise card_error(path, f"examples.{key}", f"{example!r} {en}", f"{example!r} {'未通过' if wanted else '却通过了'}")
