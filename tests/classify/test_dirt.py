"""Columns as they are: gaps, fillers, masks, digests, cipher text, test data, odd widths, noise and broken encodings."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from random import Random

import pytest

from sample_dbs import keys, machines, moments, money, papers, people, places
from sensscan.model import Classification, Family
from tests.classify.lookalikes import digits, hexes
from tests.classify.looks import Made, cells_of, judge, judge_one

Make = Callable[[Random], object]

TYPES: dict[str, Make] = {
    "id_card": papers.id_card, "mobile_phone": places.mobile, "bank_card": money.bank_card, "email": people.email, "person_name": people.han_name,
    "address": places.address, "uscc": papers.uscc, "license_plate": papers.license_plate, "ipv4": machines.ipv4, "mac_address": machines.mac_address,
    "ethnicity": people.ethnicity, "province": places.province, "company_name": places.company, "date": moments.iso_day, "vin": papers.vin,
    "landline_phone": places.landline, "gender": people.gender, "url": machines.url, "imei": machines.imei, "hk_id": papers.hk_id,
}  # fmt: skip
FILLERS = [
    "-",
    "无",
    "N/A",
    "",
    "  ",
    "\u3000",
    "null",
    "NULL",
    "未知",
    "0",
    "1900-01-01",
    "13800138000",
    "11111111111",
    "00000000",
    "暂无",
    "/",
    "--",
    "?",
    "none",
]
WIDE = {ord(character): ord(character) + 0xFEE0 for character in map(chr, range(33, 127))}


@pytest.mark.parametrize("type_id", TYPES)
@pytest.mark.parametrize("share", [0.3, 0.7])
def test_gaps_and_fillers_are_no_evidence(type_id: str, share: float) -> None:
    random = Random(1)
    cells = [random.choice([None, *FILLERS]) if random.random() < share else cell for cell in cells_of(TYPES[type_id], 300)]
    assert judge_one(cells).type_id == type_id


@pytest.mark.parametrize("filler", [None, *FILLERS])
@pytest.mark.parametrize("name", ["id_card", "mobile", "c01"])
def test_a_column_of_fillers_only_has_no_verdict(filler: object, name: str) -> None:
    found = judge_one([filler] * 100, name=name)
    if filler == "0":
        # A column of zeros is a number like any other; it is none of these types at least.
        assert found.verdict in ("none", "unknown")
        return
    assert (found.verdict, found.reason and found.reason.code) == (
        "unknown",
        "empty" if filler is None or not str(filler).strip() else "placeholders",
    )


def test_one_default_for_a_million_rows_counts_once() -> None:
    cells = ["13800138000"] * 500 + [None] * 400 + list(map(str, range(100)))
    assert judge_one(cells).type_id == "none"


@pytest.mark.parametrize("type_id", TYPES)
def test_full_width_and_spaces(type_id: str) -> None:
    random = Random(2)
    ways: list[Callable[[str], str]] = [
        str,
        lambda t: t.translate(WIDE),
        " {}".format,
        "{}\u3000".format,
        "\u200b{}\ufeff".format,
        "\t{}\r\n".format,
    ]
    cells = [random.choice(ways)(str(cell)) for cell in cells_of(TYPES[type_id])]
    assert judge_one(cells).type_id == type_id


@pytest.mark.parametrize(
    ("type_id", "noise"),
    [
        ("mobile_phone", "手机:{}"), ("mobile_phone", "tel {} "), ("mobile_phone", "{}(本人)"), ("mobile_phone", "'{}"), ("mobile_phone", "{}；"),
        ("id_card", "身份证：{}"), ("id_card", "ID={}"), ("id_card", "“{}”"), ("id_card", "{}（已核验）"), ("bank_card", "卡号{}"), ("bank_card", "[{}]"),
        ("email", "mailto:{}"), ("email", "<{}>"), ("email", "邮箱：{}。"), ("ipv4", "from {} port 22"), ("uscc", "信用代码 {}"), ("license_plate", "车牌：{}"),
    ],
)  # fmt: skip
def test_noise_before_and_after(type_id: str, noise: str) -> None:
    found = judge_one([noise.format(cell) for cell in cells_of(TYPES[type_id])])
    assert found.verdict in ("is", "contains")
    assert type_id in {found.type_id, *(one.type_id for one in found.contains)}


@pytest.mark.parametrize("type_id", ["id_card", "mobile_phone", "bank_card", "email", "person_name", "uscc", "date"])
def test_a_tenth_of_wrong_values(type_id: str) -> None:
    random = Random(3)
    wrong = ["test", "abc", "admin", "123", "x@", "待核实", "同上", "见附件", "#REF!", "12345678901234567890"]
    cells = [random.choice(wrong) if random.random() < 0.1 else cell for cell in cells_of(TYPES[type_id], 300)]
    assert judge_one(cells).type_id == type_id


# --- masks ---------------------------------------------------------------------------------------------------------


def _middle(text: str, head: int, tail: int, star: str = "*", count: int = 0) -> str:
    return text[:head] + star * (count or len(text) - head - tail) + text[len(text) - tail :]


MASKED: list[tuple[str, str, Make]] = [
    ("mobile_phone", "138****1234", lambda r: _middle(places.mobile(r), 3, 4)),
    ("mobile_phone", "138xxxx1234", lambda r: _middle(places.mobile(r), 3, 4, "x")),
    ("mobile_phone", "138●●●●1234", lambda r: _middle(places.mobile(r), 3, 4, "●")),
    ("mobile_phone", "138 **** 1234", lambda r: _middle(places.mobile(r), 3, 4, " **** ", 1)),
    ("mobile_phone", "138＊＊＊＊1234", lambda r: _middle(places.mobile(r), 3, 4, "＊")),
    ("mobile_phone", "138-****-1234", lambda r: _middle(places.mobile(r), 3, 4, "-****-", 1)),
    ("mobile_phone", "138########", lambda r: _middle(places.mobile(r), 3, 0, "#")),
    ("mobile_phone", "138•••••234", lambda r: _middle(places.mobile(r), 3, 3, "•")),
    ("id_card", "110105********002X", lambda r: _middle(papers.id_card(r), 6, 4)),
    ("id_card", "1101**********002X", lambda r: _middle(papers.id_card(r), 4, 4)),
    ("id_card", "110***********002X", lambda r: _middle(papers.id_card(r), 3, 4)),
    ("id_card", "1****************X", lambda r: _middle(papers.id_card(r), 1, 1)),
    ("id_card", "110105xxxxxxxx002X", lambda r: _middle(papers.id_card(r), 6, 4, "x")),
    ("id_card", "11010519491231****", lambda r: _middle(papers.id_card(r), 14, 0)),
    ("bank_card", "622202*********0123", lambda r: _middle(money.bank_card(r), 6, 4)),
    ("bank_card", "6222 **** **** 0123", lambda r: _middle(money.bank_card(r), 4, 4, " **** **** ", 1)),
    ("bank_card", "622202XXXXXX0123", lambda r: _middle(money.bank_card(r), 6, 4, "X", 6)),
    ("bank_card", "**** **** **** 0123", lambda r: "**** **** **** " + digits(r, 4)),
    ("person_name", "张*", lambda r: _middle(people.han_name(r), 1, 0)),
    ("person_name", "*三", lambda r: _middle(people.han_name(r), 0, 1)),
    ("person_name", "张某某", lambda r: _middle(people.han_name(r), 1, 0, "某")),
    ("person_name", "张**", lambda r: _middle(people.han_name(r), 1, 0, "**", 1)),
    ("person_name", "欧*娜", lambda r: _middle(people.surname(r) + "小" + r.choice("明红刚丽强"), 1, 1)),
    ("email", "z***@example.com", lambda r: _middle(people.email(r).split("@")[0], 1, 0, "*", 3) + "@example.com"),
    ("email", "zh****n@qq.com", lambda r: _middle(people.email(r).split("@")[0], 2, 1, "*", 4) + "@" + r.choice(("qq.com", "163.com"))),
    ("uscc", "9111************4X", lambda r: "9" + r.choice("123") + _middle(papers.uscc(r), 4, 2)[2:]),
    ("license_plate", "京A***45", lambda r: _middle(papers.license_plate(r), 2, 2)),
    ("landline_phone", "010-****1234", lambda r: f"{r.choice(('010', '021', '0755', '0571'))}-****{digits(r, 4)}"),
    ("address", "浙江省杭州市****", lambda r: places.address(r)[:6] + "******"),
    ("passport", "E****5678", lambda r: _middle(papers.passport(r), 1, 4)),
]  # fmt: skip


@pytest.mark.parametrize(("type_id", "style", "make"), [pytest.param(*case, id=f"{case[0]} {case[1]}") for case in MASKED])
def test_masked_without_a_name(type_id: str, style: str, make: Make) -> None:
    found = judge_one(cells_of(make))
    assert (found.verdict, found.type_id, "masked" in found.flags) == ("is", type_id, True), (style, found.alternatives)


def test_stars_that_are_no_masks() -> None:
    for text in ("★★★★☆", "5*8", "a**b", "/api/**", "com.acme.**.*", "* * * * *"):
        assert judge_one([text] * 30 + [f"{text} "] * 5).type_id in ("none", "unknown")


# --- digests and cipher text -----------------------------------------------------------------------------------------


def _digest(name: str) -> Callable[[str], str]:
    return lambda text: hashlib.new(name, text.encode()).hexdigest()


def _cipher(text: str) -> str:
    return base64.b64encode(hashlib.sha512(text.encode()).digest()[:48]).decode()


def _sealed(text: str) -> str:
    return "ENC(" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + ")"


def _hex_cipher(text: str) -> str:
    return hashlib.sha512(text.encode()).hexdigest()[:96].upper()


@pytest.mark.parametrize(
    ("name", "type_id", "make"),
    [("id_card", "id_card", papers.id_card), ("手机号", "mobile_phone", places.mobile), ("bank_card_no", "bank_card", money.bank_card), ("real_name", "person_name", people.han_name), ("email", "email", people.email), ("id_card_md5", "id_card", papers.id_card), ("mobile_hash", "mobile_phone", places.mobile), ("phone_enc", "mobile_phone", places.mobile), ("encrypted_id_card", "id_card", papers.id_card), ("身份证号密文", "id_card", papers.id_card), ("home_address", "address", places.address)],
)  # fmt: skip
@pytest.mark.parametrize(
    "how",
    [_digest("md5"), _digest("sha1"), _digest("sha256"), _cipher, _sealed, _hex_cipher],
    ids=["md5", "sha1", "sha256", "base64", "ENC()", "hex"],
)
def test_hashed_and_encrypted_with_a_telling_name(name: str, type_id: str, make: Make, how: Callable[[str], str]) -> None:
    found = judge_one([how(str(cell)) for cell in cells_of(make)], name=name)
    assert (found.verdict, found.type_id) == ("is", type_id), found.alternatives
    assert {"hashed", "encrypted"} & set(found.flags)


@pytest.mark.parametrize(
    "how", [_digest("md5"), _digest("sha256"), _cipher, _sealed, _hex_cipher], ids=["md5", "sha256", "base64", "ENC()", "hex"]
)
def test_hashed_and_encrypted_without_a_name(how: Callable[[str], str]) -> None:
    found = judge_one([how(str(cell)) for cell in cells_of(places.mobile)])
    assert found.verdict in ("none", "unknown")
    assert {"hashed", "encrypted"} & set(found.flags)


@pytest.mark.parametrize("name", ["file_md5", "checksum", "etag", "commit_id", "trace_id", "signature"])
def test_digests_of_things_are_not_sensitive(name: str) -> None:
    assert judge_one([hexes(Random(place), 32) for place in range(200)], name=name).type_id in ("none", "unknown")


def test_passwords_keep_their_own_types() -> None:
    assert judge_one(cells_of(keys.md5), name="password").type_id == "password_hash"
    assert judge_one(cells_of(keys.bcrypt), name="passwd").type_id == "password_hash"


# --- test data, mixtures, encodings --------------------------------------------------------------------------------


def test_test_data_is_flagged() -> None:
    found = judge_one(["test", "张三", "李四", "王五", "测试", "demo"] * 20, name="real_name")
    assert "test_data" in found.flags


def test_names_of_several_scripts() -> None:
    cells = [*cells_of(people.han_name, 80), *cells_of(people.western_name, 40), *cells_of(people.pinyin_name, 40)]
    assert judge_one(cells).type_id == "person_name"


def test_a_column_that_is_half_names_contains_names() -> None:
    cells = [*cells_of(people.han_name, 100), *cells_of(lambda r: f"设备{digits(r, 5)}", 100)]
    found = judge_one(cells)
    assert (found.verdict, found.type_id) == ("contains", "person_name")


def test_a_dozen_possible_names_in_a_short_list_say_nothing() -> None:
    cells = [*cells_of(people.han_name, 12) * 5, *(["出库", "入库", "盘点", "调拨", "退货", "报损", "上架", "下架"] * 10)]
    assert judge_one(cells).verdict != "contains"


def _broken(text: str, real: str, taken: str) -> str:
    return text.encode(real).decode(taken, "replace")


@pytest.mark.parametrize("type_id", ["person_name", "address", "company_name", "province", "ethnicity"])
@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_bytes_of_another_encoding(type_id: str, encoding: str) -> None:
    cells = [str(cell).encode(encoding) for cell in cells_of(TYPES[type_id])]
    assert judge_one(cells, family=Family.BINARY).type_id == type_id


@pytest.mark.parametrize("type_id", ["person_name", "address", "company_name", "province", "ethnicity"])
@pytest.mark.parametrize(("real", "taken"), [("utf-8", "latin-1"), ("gbk", "latin-1")])
def test_text_decoded_in_the_wrong_way_is_read_in_the_right_one(type_id: str, real: str, taken: str) -> None:
    cells = [_broken(str(cell), real, taken) for cell in cells_of(TYPES[type_id])]
    assert judge_one(cells).type_id == type_id


def test_western_names_are_not_repaired() -> None:
    assert (
        judge_one(
            ["José García", "Müller Jürgen", "Zoë Kravitz", "Søren Aabye", "Björn Borg", "Renée Fleming", "André Rieu"] * 6,
            name="customer_name",
        ).type_id
        == "person_name"
    )


def test_broken_text_does_not_break_the_scan() -> None:
    cells = [_broken(str(cell), "gbk", "utf-8") for cell in cells_of(people.han_name)]
    surrogates = [str(cell).encode("gbk").decode("utf-8", "surrogateescape") for cell in cells_of(people.han_name)]
    found: dict[str, Classification] = judge(
        {"c01": cells, "c02": surrogates, "c03": Made(["a\x00b"] * 200), "c04": cells_of(places.mobile)}
    )
    assert found["c04"].type_id == "mobile_phone"
    assert {found[name].verdict for name in ("c01", "c02", "c03")} <= {"none", "unknown"}
