"""Dotted names as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensscan.errors import UsageError
from sensscan.naming import Part, dotted, means, parse_name


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("customer", [Part("customer")]),
        (' crm."Order Items".`a.b` ', [Part("crm"), Part("Order Items", quoted=True), Part("a.b", quoted=True)]),
        ("[Customer].note", [Part("Customer", quoted=True), Part("note")]),
        ("[ab]*.note", [Part("[ab]*"), Part("note")]),
        ('"a""b"', [Part('a"b', quoted=True)]),
    ],
)
def test_parts(text: str, parts: list[Part]) -> None:
    assert list(parse_name(text)) == parts


@pytest.mark.parametrize("text", ["", "a..b", "a.b.c.d", '"open', '"a"b', ".a", "a."])
def test_what_names_nothing_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"list\.txt:3"):
        parse_name(text, "list.txt:3")


NAMES = st.text(min_size=1, max_size=20)


@given(NAMES, NAMES, NAMES)
def test_written_names_mean_their_column(schema: str, table: str, column: str) -> None:
    assert means(parse_name(dotted(schema, table, column)), schema, table, column)


def test_case_counts_in_quotes_only() -> None:
    assert means(parse_name("CRM.customer.*"), "crm", "Customer", "note")
    assert not means(parse_name('crm."customer".note'), "crm", "Customer", "note")
