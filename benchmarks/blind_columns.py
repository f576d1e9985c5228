"""Blind columns: tables t001, t002 ... with columns c01, c02 ..., so that only the values speak.

    python -m benchmarks.blind_columns --out DIR [--rows 5,20,50,200,1000,10000] [--seed N]

One SQLite file per number of rows (blind_5.db ...) and one labels.csv. Every type that values can tell is there in several forms and
with 5 % dirt, types that need a name accept `none`, and over 400 columns are hard negatives. With few rows (below 20) a soft type accepts
`unknown` and `none`, and `none` accepts `unknown`.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from benchmarks import number_cells as numbers
from benchmarks import people_cells as people
from benchmarks.database import Factory, LabelledColumn, LabelledTable, dirty, each, seeded, styles, words, write_all
from benchmarks.hard_columns import HARD_NEGATIVES, HARD_POSITIVES
from benchmarks.negatives import FAMILIES

ROWS = (5, 20, 50, 200, 1000, 10_000)
DIRT = 0.05
PER_TABLE = 20
FEW = 20
HAN_NAME = people.fake("name", "zh_CN")
WESTERN_NAME = people.fake("name", "en_US", "de_DE")

# label, cells, columns, strict: told by form and check even from few rows
POSITIVES: tuple[tuple[str, Factory, int, bool], ...] = (
    ("person_name", HAN_NAME, 5, False), ("person_name", WESTERN_NAME, 3, False), ("person_name|none", people.fake("last_name", "en_US", "de_DE"), 1, False),
    ("person_name|none", people.fake("first_name", "en_US", "de_DE"), 1, False),
    ("id_card", each(numbers.id_card), 4, True), ("id_card", each(numbers.id_card_lower), 1, True), ("id_card", people.fake("ssn", "zh_CN"), 1, True),
    ("id_card", each(numbers.id_card_15), 1, False), ("mobile_phone", each(people.mobile), 4, False), ("mobile_phone", people.fake("phone_number", "zh_CN"), 1, False),
    ("mobile_phone", each(people.mobile_spaced), 1, True), ("mobile_phone", each(people.mobile_country), 1, True),
    ("mobile_phone|landline_phone", each(people.national_phone), 2, True), ("landline_phone", each(people.landline), 3, True),
    ("landline_phone", each(people.landline_brackets), 1, True), ("landline_phone", each(people.service_phone), 1, False),
    ("email", each(people.email), 3, True), ("email", people.fake("company_email", "zh_CN", "de_DE"), 1, True),
    ("address", each(people.full_address), 3, True), ("address", each(people.fragment), 2, False), ("address", each(people.village_address), 1, True),
    ("address", people.fake("address", "en_US"), 2, False), ("address", people.fake("street_address", "en_US", "de_DE"), 2, False),
    ("gender|none", words("男", "女"), 2, False), ("gender|none", words("Male", "Female"), 1, False), ("none|gender", words("1", "2"), 1, False),
    ("ethnicity", each(people.ethnic), 3, False), ("ethnicity|none", each(people.ethnic_short), 1, False),
    ("passport|none", each(numbers.passport), 3, False), ("hk_macau_permit|none|passport", each(numbers.permit), 2, False),
    ("military_officer_id", each(numbers.military), 2, True),
    *(("date", each(numbers.dated(form)), 1, True) for form in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y-%m-%dT%H:%M:%SZ", "%Y年%m月%d日", "%d/%m/%Y")),
    ("date|none", each(numbers.dated("%Y%m%d")), 2, False), ("date|none", each(numbers.dated("%Y%m%d%H%M%S")), 1, False), ("date", each(numbers.date_long), 1, False),
    ("bank_card", each(numbers.bank_card), 4, True), ("bank_card", each(numbers.visa), 2, True), ("bank_card", each(numbers.spaced), 1, True),
    ("province", each(people.place(0)), 2, False), ("province", each(people.place(0, short=True)), 1, False), ("city", each(people.place(1)), 2, False),
    ("city", each(people.place(1, short=True)), 1, False), ("city|none", people.fake("city", "de_DE"), 1, False),
    ("ipv4", each(numbers.ipv4), 3, True), ("ipv4", each(numbers.ipv4_private), 2, True), ("ipv6", each(numbers.ipv6), 2, True), ("ipv6", each(numbers.ipv6_local), 1, True),
    ("mac_address", each(numbers.mac(":")), 2, True), ("mac_address", each(numbers.mac("-")), 1, True), ("mac_address", each(numbers.mac(".")), 1, True),
    ("mac_address|none", each(numbers.mac("")), 1, False), ("jdbc_url", each(numbers.jdbc), 3, True), ("license_plate", each(numbers.plate), 3, True),
    ("license_plate", each(numbers.plate_dot), 1, True), ("vin", each(numbers.vin), 3, True), ("uscc", each(numbers.uscc), 4, True),
    ("org_code", each(numbers.org_code), 3, True), ("org_code|none", each(numbers.org_code_bare), 1, False), ("business_license", each(numbers.business_license), 3, True),
    ("tax_registration", each(numbers.tax_registration), 2, False), ("image", each(numbers.jpeg), 2, True), ("image|url", each(numbers.picture), 2, False),
    ("none|tw_permit", each(lambda r: people.digits(r, 8)), 1, False), ("hk_id", each(numbers.hk_id), 2, True), ("tw_id", each(numbers.tw_id), 2, False),
    ("foreigner_permanent_id", each(numbers.foreigner), 2, True), ("us_ssn", each(numbers.ssn), 2, False), ("imei", each(numbers.imei), 3, True),
    ("imsi", each(numbers.imsi), 2, False), ("iccid", each(numbers.iccid), 2, True), ("iban", each(numbers.iban), 2, True), ("iban", people.fake("iban", "de_DE", "en_US"), 1, True),
    ("swift_bic|none", each(numbers.swift), 2, False), ("jwt", each(numbers.jwt), 2, True), ("private_key", each(numbers.private_key), 2, True),
    ("password_hash", styles(numbers.bcrypt, numbers.pbkdf2, numbers.argon2), 4, True), ("secret_key", each(numbers.secret), 2, True),
    ("company_name", each(people.company), 3, False), ("company_name|none", each(people.western_company), 1, False), ("url", each(numbers.url), 3, True),
    ("coordinates", each(people.coordinates), 2, True), ("coordinates", each(people.coordinates_point), 1, True), ("wechat_id", each(numbers.wxid), 1, True),
    ("birth_date|date", each(numbers.birth_iso), 2, True), ("marital_status|none", words("未婚", "已婚", "离异", "丧偶"), 2, False),
    ("education|none", words("小学", "初中", "高中", "大专", "本科", "硕士", "博士"), 2, False), ("religion|none", words("佛教", "道教", "伊斯兰教", "基督教", "天主教", "无"), 1, False),
    ("blood_type|none", words("A型", "B型", "O型", "AB型"), 2, False), ("health|none", each(people.icd), 1, False), ("health|none", each(people.diagnosis), 1, False),
    ("none|qq", each(lambda r: str(r.randint(10**5, 10**10))), 1, False), ("none|username", each(people.login), 2, False), ("none|password", each(people.weak_password), 1, False),
    ("none|cvv", each(lambda r: people.digits(r, 3)), 1, False), ("none|card_expiry", each(lambda r: f"{r.randint(1, 12):02d}/{r.randint(24, 32)}"), 1, False),
    ("none|bank_account", each(lambda r: "1" + people.digits(r, 16)), 1, False), ("none|device_id", each(numbers.serial), 1, False),
)  # fmt: skip


def accepted(label: str, rows: int, *, strict: bool) -> str:
    """Return the label with what few rows excuse.

    >>> accepted("person_name", 5, strict=False), accepted("none", 5, strict=False), accepted("uscc", 5, strict=True)
    ('person_name|none|unknown', 'none|unknown', 'uscc')
    """
    if rows >= FEW or strict:
        return label
    parts = [*label.split("|"), "none", "unknown"]
    return "|".join(dict.fromkeys(parts))


def blind_database(rows: int, seed: int) -> tuple[LabelledTable, ...]:
    """Return all tables for one number of rows, the columns in an order of the seed's."""
    wanted = [(label, cells, strict) for label, cells, times, strict in POSITIVES + HARD_POSITIVES for _ in range(times)]
    wanted += [(label, cells, False) for label, cells, times in FAMILIES + HARD_NEGATIVES for _ in range(times)]
    columns: list[tuple[str, Sequence[object]]] = []
    for index, (label, cells, strict) in enumerate(wanted):
        r = seeded(seed, rows, index)
        made = cells(r, rows)
        columns.append((accepted(label, rows, strict=strict), dirty(r, made, DIRT if r.random() < 0.8 else 0.0)))
    seeded(seed, rows, "order").shuffle(columns)
    tables = []
    for start in range(0, len(columns), PER_TABLE):
        part = columns[start : start + PER_TABLE]
        named = tuple(LabelledColumn(f"c{place:02d}", label, cells) for place, (label, cells) in enumerate(part, 1))
        tables.append(LabelledTable(f"t{start // PER_TABLE + 1:03d}", named))
    return tuple(tables)


def main() -> None:
    """Write the databases."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.blind_columns", description="Write labelled databases without telling names."
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rows", default=",".join(map(str, ROWS)))
    parser.add_argument("--seed", type=int, default=7001)
    options = parser.parse_args()
    sizes = [int(size) for size in options.rows.split(",")]
    write_all(options.out, {f"blind_{size}": blind_database(size, options.seed) for size in sizes})


if __name__ == "__main__":
    main()
