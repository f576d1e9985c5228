"""Forms that are taken for each other, one by one: a column on each side of every pair, by its name and without one."""

from __future__ import annotations

import zlib
from random import Random

import pytest

from sample_dbs import keys, machines, moments, money, papers, people, places
from tests.classify import lookalikes as like
from tests.classify.confusable import MORE
from tests.classify.lookalikes import Side, each, words
from tests.classify.looks import Made, judge

SIDES: dict[str, tuple[Side, ...]] = {
    "11 digits": (
        Side("mobile", "mobile_phone", "mobile_phone", each(places.mobile)),
        Side("order_no", "none", "none", like.counter(13_800_000_000, 900)), Side("serial", "none", "none", like.number(11, "1390")),
        Side("trade_no", "none", "none", like.number(11)), Side("create_ts", "none|date", "none", like.number(11, "17")),
    ),
    "13 to 20 digits and cards": (
        Side("card_no", "bank_card", "bank_card", each(money.bank_card)), Side("pan", "bank_card", "bank_card", each(money.foreign_card)),
        Side("id", "none", "none", like.snowflake), Side("ms", "none|date", "none|date", each(moments.epoch_ms)),
        Side("order_no", "none", "none", like.number(16)), Side("batch", "none", "none", like.number(19, "2024")),
        Side("flow_no", "none", "none", like.number(16, "62")), Side("id_card", "id_card", "id_card", each(papers.id_card)),
        Side("iccid", "iccid", "iccid", each(machines.iccid)), Side("biz_no", "none", "none", like.stamped("%Y%m%d%H%M%S0001")),
        Side("request_no", "none", "none", like.number(18)), Side("trace_no", "none", "none", like.number(20)),
    ),
    "15 digits": (
        Side("reg_no", "business_license", "business_license", each(papers.business_license)),
        Side("id_no", "id_card", "id_card", each(papers.id_card_legacy)), Side("imei", "imei", "imei", each(machines.imei)),
        Side("card_no", "bank_card", "bank_card", like.luhn("37", 15)), Side("imsi", "imsi", "imsi", each(machines.imsi)),
        Side("nsrsbh", "tax_registration", "tax_registration|none", each(papers.tax_registration)), Side("seq", "none", "none", like.number(15)),
    ),
    "9 characters": (
        Side("zzjgdm", "org_code", "org_code|none", each(papers.org_code_plain)), Side("org_code_cert", "org_code", "org_code", each(papers.org_code)),
        Side("passport", "passport", "passport|none", each(papers.passport)),
        Side("gatxz", "hk_macau_permit", "hk_macau_permit|none", each(papers.hk_macau_permit)),
        Side("ssn", "us_ssn", "us_ssn", each(papers.us_ssn)), Side("sbkh", "social_security_no", "none|social_security_no", each(papers.social_security_card)),
        Side("part_no", "none", "none", each(lambda r: r.choice("BFJQRX") + like.digits(r, 8))), Side("ref_no", "none", "none", like.number(9)),
    ),
    "18 characters": (
        Side("credit_code", "uscc", "uscc", each(papers.uscc)), Side("cert_no", "id_card", "id_card", each(papers.id_card)),
        Side("green_card", "foreigner_permanent_id", "foreigner_permanent_id", each(papers.foreigner_permanent_id)),
        Side("jszh", "id_card|driver_license", "id_card", each(papers.id_card)), Side("shbzh", "id_card|social_security_no", "id_card", each(papers.id_card)),
        Side("nsrsbh", "uscc|tax_registration", "uscc", each(papers.uscc)), Side("lot", "none", "none", like.stamped("%Y%m%d00%H%M%S%d")),
    ),
    "8 digits": (
        Side("sign_date", "date", "date", like.stamped("%Y%m%d")), Side("tbz", "tw_permit", "none|tw_permit", each(papers.tw_permit)),
        Side("bgdh", "landline_phone", "none|landline_phone", each(lambda r: str(r.randint(2, 8)) + like.digits(r, 7)), "办公电话"),
        Side("invoice_no", "none", "none", like.number(8)), Side("qq", "qq", "none|qq", like.number(8)),
    ),
    "6 digits": (
        Side("postcode", "postcode", "none|postcode", each(places.postcode)), Side("sms_code", "none", "none", like.number(6)),
        Side("area_code", "none|city|province", "none|city|province", each(places.division_code)), Side("month", "none|date", "none|date", like.stamped("%Y%m")),
        Side("stock_code", "none", "none", each(lambda r: r.choice(("600", "002", "300")) + like.digits(r, 3))),
    ),
    "dots": (
        Side("ip", "ipv4", "ipv4", each(machines.ipv4)), Side("version", "none", "none", each(like.version)),
        Side("fw", "none", "none", each(lambda r: f"{r.randint(1, 3)}.0.{r.randint(0, 40)}.{r.randint(1000, 9000)}")),
        Side("chapter", "none", "none", each(lambda r: f"{r.randint(1, 12)}.{r.randint(1, 9)}.{r.randint(1, 9)}.{r.randint(1, 9)}")),
        Side("oid", "none", "none", each(lambda r: f"1.3.6.1.4.1.{r.randint(1, 9000)}.{r.randint(1, 40)}")),
        Side("price", "none", "none", each(lambda r: f"{r.uniform(5, 900):.2f}")),
    ),
    "plates and codes": (
        Side("plate", "license_plate", "license_plate", each(papers.license_plate)), Side("sku", "none", "none", each(lambda r: like.letters(r, 2) + like.digits(r, 5))),
        Side("room", "none", "none", each(lambda r: f"{r.choice('ABCD')}{r.randint(1, 20):02d}{r.randint(100, 999)}")),
        Side("doc_no", "none", "none", each(like.document)), Side("case_no", "none", "none", each(like.court_case)),
        Side("jgzh", "military_officer_id", "military_officer_id", each(papers.military_officer_id), "军官证号"),
        Side("deed_no", "none", "none", each(lambda r: f"津房权证南字第{like.digits(r, 6)}号")), Side("vin", "vin", "vin", each(papers.vin)),
        Side("hk_id", "hk_id", "hk_id", each(papers.hk_id)), Side("tw_id", "tw_id", "tw_id", each(papers.tw_id)),
        Side("coupon", "none", "none", each(lambda r: like.letters(r, 4) + like.digits(r, 4))),
    ),
    "hex": (
        Side("mac", "mac_address", "mac_address", each(machines.mac_address)),
        Side("mac_bare", "mac_address", "mac_address|none", each(lambda r: machines.mac_address(r).replace(":", "").replace("-", "")), "MAC地址"),
        Side("hash_12", "none", "none", each(lambda r: like.hexes(r, 12))), Side("md5", "none|password_hash", "none", each(keys.md5)),
        Side("passwd", "password_hash", "none|password_hash", each(keys.sha256)), Side("bcrypt_pw", "password_hash", "password_hash", each(keys.bcrypt)),
        Side("api_secret", "secret_key", "secret_key|none", each(keys.secret_key)), Side("uuid", "none", "none", each(machines.uuid)),
        Side("fingerprint", "none", "none", each(lambda r: ":".join(like.hexes(r, 2) for _ in range(16)))), Side("ipv6", "ipv6", "ipv6", each(machines.ipv6)),
        Side("clock", "none|date", "none|date", like.stamped("%H:%M:%S")), Side("commit", "none", "none", each(lambda r: like.hexes(r, 40))),
    ),
    "persons and words": (
        Side("xingming", "person_name", "person_name", each(people.han_name)), Side("dept", "none", "none", like.DEPARTMENTS), Side("dish", "none", "none", like.DISHES),
        Side("species", "none", "none", like.SPECIES), Side("brand", "none", "none", like.BRANDS), Side("book_title", "none", "none", like.TITLES),
        Side("nickname", "none|username", "none|username", like.NICKNAMES), Side("role_name", "none", "none", like.ROLES), Side("mood", "none", "none", like.MOODS),
        Side("city", "city", "city", each(places.city_short)), Side("county", "none|city", "none|city", each(places.county)), Side("province", "province", "province", each(places.province)),
        Side("company", "company_name", "company_name", each(places.company)), Side("address", "address", "address", each(places.address)),
        Side("headline", "none", "none", like.NEWS), Side("road", "address|none", "address|none", each(places.road)), Side("ethnic", "ethnicity", "ethnicity", each(people.ethnicity)),
        Side("surname_char", "none|person_name", "none|person_name", words("王 李 张 赵 孙 周 吴 郑")), Side("colour", "none", "none", words("红 黄 白 黑 蓝 青 金")),
        Side("country", "none", "none", words("中国 蒙古 朝鲜 约旦 不丹 智利 文莱 马里 安道尔 古巴")), Side("western", "person_name", "person_name", each(people.western_name), "联系人"),
    ),
    "enumerations": (
        Side("is_valid", "none", "none", words("0 1")), Side("flag", "none", "none|gender", words("Y N")), Side("opened", "none", "none", words("是 否")),
        Side("sex", "gender", "gender", words("男 女")), Side("xb", "gender", "none|gender", words("M F")), Side("size", "none", "none", words("M F L S XL")),
        Side("sex_code", "gender", "none", words("1 2")), Side("status", "none", "none", words("1 2")), Side("grade", "none", "none", words("A B C D")),
        Side("blood_type", "blood_type", "none|blood_type", words("A B O AB")), Side("enabled", "none", "none", words("true false")), Side("marital", "marital_status", "marital_status", words("已婚 未婚 离异 丧偶")),
        Side("education", "education", "education", words("本科 硕士 大专 高中 博士")), Side("stage", "none", "none", words("10 20 30 40 90")), Side("level", "none", "none", words("高 中 低")),
    ),
    "numbers": (
        Side("year", "none|date", "none|date", each(lambda r: str(r.randint(1990, 2025)))), Side("age", "age", "none", each(lambda r: str(people.age(r)))),
        Side("qty", "none", "none", each(lambda r: str(r.randint(1, 99)))), Side("amount", "none", "none", each(lambda r: f"{r.lognormvariate(6, 1):.2f}")),
        Side("salary", "salary", "none", each(lambda r: f"{r.randint(30, 500) * 100}.00")), Side("score", "none", "none", each(lambda r: str(r.randint(0, 150)))),
        Side("cvv", "cvv", "none", each(money.cvv)), Side("floor_no", "none", "none", each(lambda r: f"{r.randint(1, 30)}{r.randint(0, 9):02d}")),
        Side("rate", "none", "none", each(lambda r: f"{r.random():.6f}")), Side("weight", "none", "none", each(lambda r: f"{r.uniform(40, 120):.1f}")),
    ),
    "links and logins": (
        Side("dsn", "jdbc_url", "jdbc_url", each(machines.jdbc_url), "数据库连接"), Side("homepage", "url", "url", each(machines.url)), Side("avatar", "image|url", "image|url", each(machines.picture_url)),
        Side("email", "email", "email", each(people.email)), Side("ssh", "none", "none", each(lambda r: f"deploy@node{like.digits(r, 2)}")),
        Side("package", "none", "none", each(lambda r: f"{r.choice(('lodash', 'axios', 'vue', 'react'))}@{r.randint(1, 9)}.{r.randint(0, 20)}.{r.randint(0, 9)}")),
        Side("path", "none", "none", each(lambda r: f"/data/{r.choice(('img', 'doc', 'log'))}/{day_folder(r)}/{like.hexes(r, 8)}.{r.choice(('log', 'txt', 'dat'))}")),
        Side("login_name", "username", "none|username", each(people.username)), Side("wechat", "wechat_id", "none|username|wechat_id", each(people.wechat_id)),
        Side("git_url", "secret_key|url", "secret_key|url", each(lambda r: f"https://ci:{like.hexes(r, 12)}@git.example.com/t/{like.hexes(r, 4)}.git")),
        Side("jwt", "jwt", "jwt", each(keys.jwt)), Side("dotted", "none", "none", each(lambda r: f"com.acme.{r.choice(('a', 'b'))}.{r.choice(('Job', 'Task', 'Bean'))}{r.randint(1, 90)}")),
    ),
}  # fmt: skip


def day_folder(r: Random) -> str:
    """A day as a folder."""
    return like.moment(r).strftime("%Y/%m")


ALL = SIDES | MORE
CASES = [pytest.param(side, id=f"{group}: {side.name}") for group, sides in ALL.items() for side in sides]


def cells_of(side: Side) -> list[object]:
    """Return the cells of a side, the same in every run."""
    return side.cells(Random(zlib.crc32(side.name.encode())), 200)


@pytest.mark.parametrize("side", CASES)
def test_by_its_name(side: Side) -> None:
    found = judge({side.name: Made(cells_of(side), comment=side.comment)})[side.name]
    assert found.type_id in side.type_id.split("|"), found.alternatives


@pytest.mark.parametrize("side", CASES)
def test_without_a_name(side: Side) -> None:
    found = judge({"c01": cells_of(side)})["c01"]
    assert found.type_id in side.blind.split("|"), found.alternatives


@pytest.mark.parametrize("group", ALL)
def test_side_by_side(group: str) -> None:
    """In one table the columns do not turn each other into something else."""
    found = judge({side.name: Made(cells_of(side), comment=side.comment) for side in ALL[group]})
    wrong = {side.name: found[side.name].type_id for side in ALL[group] if found[side.name].type_id not in side.type_id.split("|")}
    assert wrong == {}
