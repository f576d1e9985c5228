"""All generators by type id: every value they give is valid in form and check character, and invented.

Each takes a `random.Random` and returns one cell; the same seed gives the same values.

>>> from random import Random
>>> example("id_card", Random(1)) == example("id_card", Random(1))
True
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from . import keys, machines, moments, money, papers, people, places

Generator = Callable[[Random], object]

GENERATORS: Mapping[str, tuple[Generator, ...]] = {
    "person_name": (people.han_name, people.pinyin_name, people.western_name, people.western_given, people.western_family),
    "id_card": (papers.id_card, papers.id_card_legacy),
    "mobile_phone": (places.mobile, places.mobile_dirty, places.international_phone),
    "landline_phone": (places.landline,),
    "email": (people.email,),
    "address": (places.address, places.detail, places.road, places.work_address, places.western_address),
    "gender": (people.gender, people.gender_code),
    "ethnicity": (people.ethnicity, people.ethnicity_code),
    "passport": (papers.passport,),
    "hk_macau_permit": (papers.hk_macau_permit,),
    "military_officer_id": (papers.military_officer_id,),
    "date": (
        moments.iso, moments.iso_day, moments.compact, moments.compact_second, moments.slashes, moments.dots, moments.chinese,
        moments.english, moments.zulu, moments.epoch_ms, moments.day, moments.moment,
    ),
    "bank_card": (money.bank_card, money.bank_card_grouped, money.foreign_card),
    "province": (places.province, places.province_full),
    "city": (places.city, places.city_short),
    "ipv4": (machines.ipv4,),
    "ipv6": (machines.ipv6,),
    "mac_address": (machines.mac_address,),
    "jdbc_url": (machines.jdbc_url,),
    "license_plate": (papers.license_plate,),
    "vin": (papers.vin,),
    "uscc": (papers.uscc,),
    "org_code": (papers.org_code, papers.org_code_plain),
    "business_license": (papers.business_license,),
    "tax_registration": (papers.tax_registration,),
    "image": (machines.png, machines.png_base64, machines.picture_url),
    "tw_permit": (papers.tw_permit,),
    "hk_id": (papers.hk_id,),
    "tw_id": (papers.tw_id,),
    "foreigner_permanent_id": (papers.foreigner_permanent_id,),
    "us_ssn": (papers.us_ssn,),
    "imei": (machines.imei,),
    "imsi": (machines.imsi,),
    "iccid": (machines.iccid,),
    "iban": (money.iban,),
    "swift_bic": (money.swift_bic,),
    "jwt": (keys.jwt,),
    "private_key": (keys.private_key,),
    "password_hash": (keys.bcrypt, keys.md5, keys.sha256),
    "secret_key": (keys.secret_key,),
    "company_name": (places.company, places.office),
    "url": (machines.url,),
    "coordinates": (places.coordinates,),
    "qq": (people.qq,),
    "wechat_id": (people.wechat_id,),
    "birth_date": (papers.born,),
    "age": (people.age,),
    "marital_status": (people.marital_status, people.marital_code),
    "education": (people.education, people.education_code),
    "religion": (people.religion,),
    "blood_type": (people.blood_type,),
    "salary": (people.salary,),
    "postcode": (places.postcode,),
    "driver_license": (papers.driver_license_archive, papers.id_card),
    "social_security_no": (papers.social_security_card, papers.id_card),
    "password": (people.password,),
    "cvv": (money.cvv,),
    "card_expiry": (money.card_expiry,),
    "bank_account": (money.bank_account,),
    "username": (people.username,),
    "device_id": (machines.device_hash, machines.serial_number, machines.idfa),
    "health": (people.health,),
}  # fmt: skip


def example(type_id: str, r: Random) -> object:
    """Return one value of a type, in any of its forms."""
    return r.choice(GENERATORS[type_id])(r)
