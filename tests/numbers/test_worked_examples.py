"""Worked examples of the standards, chance rates by counting, and what a check digit must find."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from sensscan.numbers import VALIDATORS
from sensscan.numbers.bank import is_bank_card
from sensscan.numbers.dates import is_birth_date, parse_date
from sensscan.numbers.id_card import is_id_card, mod11_2
from sensscan.numbers.luhn import is_luhn
from sensscan.numbers.mrz import is_mrz_line
from sensscan.numbers.organisations import credit_check, is_business_licence, org_check
from sensscan.numbers.phones import is_landline, is_mobile
from sensscan.numbers.regional import is_hk_id, is_tw_id


def test_check_characters_of_the_standards() -> None:
    assert mod11_2("11010519491231002") == "X"
    assert org_check("D2143569") == "X"
    assert credit_check("91350100M000100Y4") == "3"
    assert is_luhn("79927398713")
    assert is_business_licence("110108000000016")
    assert is_hk_id("A123456(3)")
    assert is_tw_id("A123456789")
    assert is_mrz_line("L898902C36UTO7408122F1204159ZE184226B<<<<<10")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id_card", "11010519491231002X"),
        ("credit_code", "91350100M000100Y43"),
        ("iban", "GB82WEST12345698765432"),
        ("vin", "1M8GDM9AXKP042788"),
    ],
)
def test_any_single_wrong_digit_is_found(name: str, value: str) -> None:
    check = VALIDATORS[name].check
    assert check(value)
    for place, char in enumerate(value):
        if char.isdigit():
            for other in "0123456789":
                if other != char:
                    assert not check(value[:place] + other + value[place + 1 :]), (place, other)


def test_chance_rates_are_as_the_cards_say() -> None:
    source = random.Random(1)
    numbers = [str(source.randrange(10**15, 10**16)) for _ in range(20_000)]
    assert 0.08 < sum(is_luhn(number) for number in numbers) / len(numbers) < 0.12
    assert sum(is_bank_card(number) for number in numbers) / len(numbers) < 0.04
    eighteen = [str(source.randrange(10**17, 10**18)) for _ in range(20_000)]
    assert not any(is_id_card(number) for number in eighteen)


def test_new_counties_count_and_unknown_prefectures_do_not() -> None:
    def with_check(body: str) -> str:
        return body + mod11_2(body)

    assert is_id_card(with_check("65320019900101123"))
    assert not is_id_card(with_check("11700019900101123"))


def test_nobody_is_born_tomorrow() -> None:
    tomorrow = date.today() + timedelta(days=1)
    body = f"110105{tomorrow:%Y%m%d}123"
    assert not is_id_card(body + mod11_2(body))
    assert not is_birth_date(tomorrow.isoformat())


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-01-15 10:20:30+08", date(2024, 1, 15)),
        ("2024-01-15 10:20:30.123456+08:00", date(2024, 1, 15)),
        ("Mon, 15 Jan 2024 10:20:30 GMT", date(2024, 1, 15)),
        ("Mon Jan 15 10:20:30 CST 2024", date(2024, 1, 15)),
        ("15th March 2024", date(2024, 3, 15)),
        ("1/15/2024 3:04 PM", date(2024, 1, 15)),
        ("2024年1月15日 10时20分30秒", date(2024, 1, 15)),
        ("民国元年10月10日", date(1912, 10, 10)),
        ("二〇二四年十二月三十一日", date(2024, 12, 31)),
        ("1705285230123", date(2024, 1, 15)),
        ("9999-12-31", date(9999, 12, 31)),
        ("二〇二四年十三月一日", None),
        ("2024-W54-1", None),
        ("2024-01-15 24:01:00", None),
        ("30/02/2024", None),
        ("1700000000.5", None),
        ("", None),
    ],
)
def test_dates_in_their_spellings(text: str, day: date | None) -> None:
    assert parse_date(text) == day


@pytest.mark.parametrize(
    "value", ["+44 20 7946 0958", "+81-3-1234-5678", "0044 20 7946 0958", "+1-202-555-0143x123", "213-555-0100", "213.555.0100"]
)
def test_numbers_of_other_countries_are_phones(value: str) -> None:
    assert is_mobile(value)


@pytest.mark.parametrize("value", ["192.168.100.200", "2024-01-15 10:20", "1.2.3.4", "2135550100", "12345678901", "+999 1234567"])
def test_what_is_no_phone(value: str) -> None:
    assert not is_mobile(value)


@pytest.mark.parametrize(
    "value", ["(5) 555-4729", "88.60.15.31", "+86 10 6373 4537".replace(" ", "-", 2).replace(" ", ""), "0571-87654321转8001"]
)
def test_fixed_lines(value: str) -> None:
    assert is_landline(value)
