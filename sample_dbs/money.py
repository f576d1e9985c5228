"""Bank cards, accounts, IBAN, BIC, amounts."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from . import checks, lists
from .papers import digits

IBAN_FORMS = {"DE": "18n", "FR": "23n", "GB": "4a14n", "NL": "4a10n", "ES": "20n", "AT": "16n", "CH": "17n"}
BANKS = ("ICBK", "BKCH", "PCBC", "ABOC", "COMM", "CMBC", "HSBC", "DEUT", "CITI", "BNPA", "CHAS", "BARC")
COUNTRIES = ("CN", "CN", "CN", "HK", "US", "DE", "GB", "FR", "SG", "JP")


def bank_card(r: Random) -> str:
    """UnionPay card with a known BIN, right length and Luhn digit."""
    start, length, _ = r.choice(lists.bins())
    body = start + digits(r, length - len(start) - 1)
    return body + checks.luhn(body)


def foreign_card(r: Random) -> str:
    """Visa, Mastercard, JCB, American Express or Diners."""
    start, length = r.choice((("4", 16), ("51", 16), ("55", 16), ("3528", 16), ("37", 15), ("36", 14)))
    body = start + digits(r, length - len(start) - 1)
    return body + checks.luhn(body)


def bank_card_grouped(r: Random) -> str:
    """As embossed: groups of four."""
    number = bank_card(r)
    return " ".join(number[i : i + 4] for i in range(0, len(number), 4))


def bank_account(r: Random) -> str:
    """Corporate or passbook account, 12 to 17 digits, no check digit."""
    return str(r.randint(1, 3)) + digits(r, r.choice((11, 14, 16)))


def iban(r: Random) -> str:
    """European account number."""
    country = r.choice(tuple(IBAN_FORMS))
    form = IBAN_FORMS[country]
    body = "".join(r.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=4)) + digits(r, int(form[2:-1])) if "a" in form else digits(r, int(form[:-1]))
    return country + checks.iban(country, body) + body


def swift_bic(r: Random) -> str:
    """Eight or eleven characters."""
    branch = r.choice(("", "", "XXX", "100", "300", "SHA"))
    return r.choice(BANKS) + r.choice(COUNTRIES) + r.choice(("BJ", "22", "33", "SH", "FF", "2X")) + branch


def card_expiry(r: Random) -> str:
    """MM/YY."""
    return f"{r.randint(1, 12):02d}/{r.randint(23, 33)}"


def cvv(r: Random) -> str:
    """Three digits."""
    return digits(r, 3)


def amount(r: Random) -> Decimal:
    """Yuan with cents, long-tailed."""
    return Decimal(f"{r.lognormvariate(5.5, 1.6):.2f}")
