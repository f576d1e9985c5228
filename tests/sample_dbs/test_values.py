"""Generated values against the shipped cards: two implementations of every check character must agree."""

from __future__ import annotations

from datetime import date
from functools import cache
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sample_dbs import checks
from sample_dbs.values import GENERATORS, Generator
from sensscan.numbers import VALIDATORS
from sensscan.registry import Registry, load_registry
from sensscan.text import cell_text

WEAK = {"western_given", "western_family"}  # one name alone is no sure sign
CASES = [(type_id, make) for type_id, makers in GENERATORS.items() for make in makers if make.__name__ not in WEAK]


@cache
def registry() -> Registry:
    return load_registry()


def test_every_type_has_a_generator() -> None:
    assert set(GENERATORS) == set(registry().cards)


@pytest.mark.parametrize(("type_id", "make"), CASES, ids=[f"{t}-{m.__name__}" for t, m in CASES])
def test_values_pass_their_card(type_id: str, make: Generator) -> None:
    r = Random(11)
    cells = [make(r) for _ in range(150)]
    values = [text for cell in cells if not isinstance(cell, bytes) and (text := cell_text(cell)) is not None]
    if not values:
        pytest.skip("binary cells are told by the column's type")
    matcher = registry().matchers[type_id]
    answers = matcher.test(matcher.normalise(values), named=True)
    passed = sum(a or b for a, b in zip(answers.passed, answers.coded, strict=True))
    assert passed >= 0.95 * len(values)


def only_right_digit(validator: str, body: str, check: str, alphabet: str) -> None:
    """The validator takes `check` at the end of `body` and nothing else of the alphabet."""
    accepted = [char for char in alphabet if VALIDATORS[validator].check(body + char)]
    assert accepted in ([check], []), (body, check, accepted)


DIGITS = "0123456789"


@given(st.text(DIGITS, min_size=14, max_size=14))
def test_luhn(body: str) -> None:
    only_right_digit("luhn", body, checks.luhn(body), DIGITS)


@given(st.text(DIGITS, min_size=3, max_size=3), st.dates(date(1930, 1, 1), date(2020, 1, 1)))
def test_id_card(serial: str, birth: date) -> None:
    body = f"110105{birth:%Y%m%d}{serial}"
    assert VALIDATORS["id_card"].check(body + checks.mod11_2(body))
    only_right_digit("id_card", body, checks.mod11_2(body), DIGITS + "X")


@given(st.text(checks.BASE36, min_size=8, max_size=8))
def test_org_code(body: str) -> None:
    only_right_digit("org_code", body, checks.org_code(body), DIGITS + "X")


# Repeated digits are refused as placeholders.
@given(st.text(DIGITS, min_size=8, max_size=8).filter(lambda text: len(set(text)) > 2))
def test_credit_code(inner: str) -> None:
    body = "91110108" + inner + checks.org_code(inner)
    if "X" not in body:
        assert VALIDATORS["credit_code"].check(body + checks.uscc(body))
    only_right_digit("credit_code", body, checks.uscc(body), checks.USCC_ALPHABET)


@given(st.text(DIGITS, min_size=8, max_size=8))
def test_business_licence(sequence: str) -> None:
    body = "110108" + sequence
    only_right_digit("business_licence", body, checks.mod11_10(body), DIGITS)


@given(st.text(DIGITS, min_size=18, max_size=18))
def test_iban(account: str) -> None:
    assert VALIDATORS["iban"].check("DE" + checks.iban("DE", account) + account)
