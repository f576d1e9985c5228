"""The built-in cards keep their own word: patterns on RE2, examples, categories, no word for two types alike."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from sensscan.model import Family
from sensscan.plugin import Card
from sensscan.registry import Registry, check_card, load_registry

REGISTRY = load_registry()

CATEGORIES = {
    "personal.identity": "person_name username",
    "personal.identity.document": "id_card foreigner_permanent_id passport hk_macau_permit tw_permit military_officer_id hk_id tw_id "
    "us_ssn driver_license social_security_no",
    "personal.contact": "mobile_phone landline_phone email address qq wechat_id",
    "personal.attribute": "gender birth_date age ethnicity religion marital_status education",
    "personal.biometric_health": "health blood_type",
    "personal.finance": "bank_card bank_account iban card_expiry cvv salary",
    "personal.location": "coordinates",
    "personal.device_network": "imei imsi iccid device_id mac_address ipv4 ipv6",
    "personal.credential": "password password_hash jwt",
    "vehicle": "license_plate vin",
    "media": "image",
    "organization": "company_name uscc org_code business_license tax_registration swift_bic",
    "system.credential": "secret_key private_key",
    "system.network": "jdbc_url url",
    "geography": "province city postcode",
    "time": "date",
}


@pytest.fixture(scope="module")
def registry() -> Registry:
    return REGISTRY


def test_each_type_stands_in_its_category(registry: Registry) -> None:
    wanted = {type_id: category for category, types in CATEGORIES.items() for type_id in types.split()}
    assert dict(registry.categories) == wanted


@pytest.mark.parametrize("type_id", REGISTRY.cards)
def test_card_keeps_its_word(registry: Registry, type_id: str) -> None:
    check_card(registry.matchers[type_id])


@pytest.mark.parametrize("card", REGISTRY.cards.values(), ids=lambda card: card.id)
def test_card_is_complete(card: Card) -> None:
    assert card.label.zh and card.label.en and card.form.zh and card.form.en
    assert re.search(r"[一-鿿]|[A-Z]{3}", card.label.zh)
    assert card.names and card.match
    assert not set(card.names) & set(card.weak_names), "a word is either specific or weak"
    assert not (card.needs_name and card.look_alike < 0.3), "a type told by its name alone must not be told by values"


def test_number_types_can_stand_in_number_columns(registry: Registry) -> None:
    for type_id in ("id_card", "mobile_phone", "bank_card", "age", "salary", "postcode", "qq", "imei", "cvv", "bank_account"):
        assert Family.INTEGER in registry.cards[type_id].families
    for type_id in ("id_card", "bank_card", "mobile_phone"):
        assert Family.FLOAT in registry.cards[type_id].families


def test_declared_types_settle_what_they_can(registry: Registry) -> None:
    assert {Family.DATE, Family.DATETIME} <= registry.cards["date"].native
    assert Family.INET in registry.cards["ipv4"].native & registry.cards["ipv6"].native
    assert Family.MACADDR in registry.cards["mac_address"].native
    assert Family.GEOMETRY in registry.cards["coordinates"].native


def test_every_card_file_is_loaded(registry: Registry) -> None:
    folder = Path(registry.cards["id_card"].origin).parent
    assert {file.stem for file in folder.glob("*.toml")} == set(registry.cards)


HOSTILE = [
    "a@" + "b" * 4000 + "!",
    "a." * 2000 + "@",
    "1" * 4000 + "!",
    "1-" * 2000 + "!",
    "1 " * 2000 + "!",
    "1.1." * 1000 + "!",
    "汉" * 4000 + "!",
    "http://" + "a/" * 2000 + "\n",
    "http://" + "a" * 4000 + " ",
    "::" * 2000 + "!",
    "a-" * 2000 + " !",
    "A1" * 2000 + "\x00",
    "password=" + "x" * 4000 + "\n",
    "{" * 4000,
    "病" * 4000 + "\x00",
    "eyJ" + "a" * 2000 + "." * 2000,
    "-----BEGIN " * 400,
]


@pytest.mark.parametrize("type_id", REGISTRY.cards)
def test_hostile_text_takes_no_time(registry: Registry, type_id: str) -> None:
    """Built-in patterns run on a backtracking engine, so each has to be linear on what could make it slow."""
    matcher = registry.matchers[type_id]
    values = matcher.normalise(HOSTILE)
    started = time.thread_time()
    matcher.test(values)
    assert time.thread_time() - started < 0.5
