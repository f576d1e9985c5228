"""More sides of confusable pairs, by the length of the value and by type: each form beside those that it is taken for."""

from __future__ import annotations

import base64
from random import Random

from sample_dbs import checks, keys, machines, moments, money, papers, people, places
from tests.classify import lookalikes as like
from tests.classify.lookalikes import Side, each, words


def tax_of_17(r: Random) -> str:
    """An old personal ID number and two digits."""
    return papers.id_card_legacy(r) + like.digits(r, 2)


def bank_branch(r: Random) -> str:
    """A CNAPS number: kind of bank, place, branch."""
    return r.choice(("102", "103", "104", "105", "308")) + r.choice(("100", "290", "584", "331")) + like.digits(r, 6)


def file_base64(head: bytes) -> like.Cells:
    """Files that begin with `head`, as Base64."""
    return each(lambda r: base64.b64encode(head + r.randbytes(90)).decode())


def certificate(r: Random) -> str:
    """A certificate or a public key in PEM: nothing secret."""
    kind = r.choice(("CERTIFICATE", "PUBLIC KEY"))
    return f"-----BEGIN {kind}-----\nMII{keys.text(r, keys.ALNUM, 60)}\n{keys.text(r, keys.ALNUM, 64)}\n-----END {kind}-----"


MORE: dict[str, tuple[Side, ...]] = {
    "10 characters": (
        Side("hotline", "landline_phone", "landline_phone|none", each(lambda r: "400" + like.digits(r, 7)), "服务电话"), Side("login_ts", "none|date", "none|date", like.number(10, "17")),
        Side("qqhm", "qq", "none|qq", like.number(10, "2")), Side("tbzh", "tw_permit", "none|tw_permit", like.number(10, "0")),
        Side("tw_national_id", "tw_id", "tw_id", each(papers.tw_id)), Side("part_code", "none", "none", each(lambda r: r.choice("GKPX") + like.digits(r, 9))),
    ),
    "12 characters": (
        Side("record_minute", "date|none", "date|none", like.stamped("%Y%m%d%H%M")), Side("jszdabh", "driver_license", "none|driver_license", each(papers.driver_license_archive), "驾驶证档案编号"),
        Side("cnaps", "none", "none", each(bank_branch), "联行号"), Side("waybill", "none", "none", like.number(12)), Side("node_id", "none", "none", each(lambda r: like.hexes(r, 12))),
    ),
    "13 and 14 digits": (
        Side("create_time", "date", "date|none", like.stamped("%Y%m%d%H%M%S")), Side("card_no", "bank_card", "bank_card", like.luhn("36", 14), "卡号"), Side("batch_no", "none", "none", like.number(14)),
        Side("update_ms", "none|date", "none|date", each(moments.epoch_ms)), Side("iot_phone", "mobile_phone", "none|mobile_phone", like.number(13, "10648"), "物联网手机号"), Side("barcode", "none", "none", each(lambda r: checks.ean13("69" + like.digits(r, 10)))),
    ),
    "16 and 17 characters": (
        Side("credit_card", "bank_card", "bank_card", like.luhn("622588", 16)), Side("imei_sv", "imei", "none|imei", each(lambda r: "86" + like.digits(r, 14)), "IMEISV"), Side("pay_no", "none", "none", like.number(16)),
        Side("swdjzh", "tax_registration", "none|tax_registration", each(tax_of_17), "税务登记证号"), Side("frame_no", "vin", "vin", each(papers.vin), "车架号"),
        Side("digest_17", "none", "none", each(lambda r: like.hexes(r, 17))), Side("request_17", "none", "none", like.number(17)),
    ),
    "19 and 20 digits": (
        Side("sim_no", "iccid", "iccid", each(machines.iccid), "SIM卡号"), Side("jjkh", "bank_card", "bank_card", like.luhn("622202", 19), "借记卡号"), Side("tax_20", "tax_registration", "none|tax_registration", each(lambda r: papers.id_card(r)[:17] + like.digits(r, 3)), "税务登记号"),
        Side("pk", "none", "none", like.snowflake), Side("not_issued", "none", "none", like.luhn("1013", 19)),
    ),
    "letters and digits": (
        Side("hzhm", "passport", "none|passport", each(papers.passport), "护照号码"), Side("old_passport", "passport", "none|passport", each(lambda r: r.choice(("14", "15")) + like.digits(r, 7)), "护照号"), Side("ext_no", "none", "none", like.number(9, "15")),
        Side("hxz", "hk_macau_permit", "none|hk_macau_permit|passport", each(lambda r: r.choice("HM") + like.digits(r, 8)), "回乡证号"), Side("sku_no", "none", "none", each(lambda r: r.choice("BFJ") + like.digits(r, 8))),
        Side("plain_hk", "hk_id", "hk_id|none", each(lambda r: papers.hk_id(r).replace("(", "").replace(")", "")), "香港身份证号"), Side("coupon_no", "none", "none", each(lambda r: like.letters(r, 1) + like.digits(r, 7))),
        Side("prc_old_card", "foreigner_permanent_id", "foreigner_permanent_id|none", each(papers.foreigner_permanent_id), "外国人永久居留证"), Side("po_no", "none", "none", each(lambda r: "ORD" + like.digits(r, 12))),
        Side("itin", "us_ssn|none", "us_ssn|none", each(lambda r: f"9{like.digits(r, 2)}-{r.randint(70, 88)}-{like.digits(r, 4)}"), "纳税人识别号码"), Side("code_9", "none", "none", each(lambda r: f"{like.digits(r, 4)}-{like.digits(r, 4)}-{like.digits(r, 1)}")),
    ),
    "banks": (
        Side("swift", "swift_bic", "swift_bic|none", each(money.swift_bic)), Side("terminal_word", "none", "none", words("DATABASE CUSTOMER MICROSFT TERMINAL KEYBOARD SOFTWARE OVERVIEW")),
        Side("iban", "iban", "iban", each(money.iban)), Side("license_key", "none|secret_key", "none|secret_key", each(lambda r: like.letters(r, 2) + "".join(r.choice("ABCDEFGHJK0123456789") for _ in range(20)))),
        Side("dgzh", "bank_account", "none|bank_account", each(money.bank_account), "对公账号"), Side("contract_seq", "none", "none", like.number(12)), Side("card_expiry", "card_expiry", "none|card_expiry|date", each(money.card_expiry), "卡有效期"),
        Side("contract_end", "date", "date", each(moments.iso_day), "合同到期日"),
    ),
    "dates and years": (
        Side("birthday", "birth_date", "birth_date|date", each(lambda r: papers.born(r).isoformat())), Side("order_day", "date", "date", each(moments.iso_day)),
        Side("csrq6", "birth_date|none|date", "none|birth_date|date|postcode", each(lambda r: f"{papers.born(r):%y%m%d}"), "出生日期"), Side("otp", "none", "none|postcode", like.number(6)),
    ),
    "pictures and files": (
        Side("id_front", "image", "image", each(machines.png_base64), "身份证正面"), Side("pdf_file", "none|unknown", "none|unknown", file_base64(b"%PDF-1.7\n")), Side("zip_file", "none|unknown", "none|unknown", file_base64(b"PK\x03\x04")), Side("wave", "none|unknown", "none|unknown", file_base64(b"RIFF\x24\x00\x00\x00WAVEfmt ")),
        Side("hex_picture", "image", "image", each(lambda r: "89504e470d0a1a0a" + like.hexes(r, 60))), Side("hex_blob", "none", "none", each(lambda r: "5d00a1b2" + like.hexes(r, 64))),
    ),
    "secrets": (
        Side("rsa_key", "private_key", "private_key", each(keys.private_key)), Side("cert_pem", "none", "none", each(certificate)), Side("access_token", "jwt", "jwt", each(keys.jwt)), Side("bean_path", "none", "none", each(lambda r: f"eu.{r.choice(('app', 'core'))}.{like.letters(r, 6)}.{like.letters(r, 9)}")),
        Side("passwd", "password", "none|password", each(people.password)), Side("file_sha", "none", "none", each(keys.sha256)), Side("uuid32", "none", "none", each(lambda r: machines.uuid(r).replace("-", ""))), Side("blob64", "none", "none", each(lambda r: base64.b64encode(r.randbytes(18)).decode())),
    ),
    "links": (
        Side("mysql_link", "url|jdbc_url|none", "url|jdbc_url|none", each(lambda r: f"mysql://db{like.digits(r, 2)}.example.com:3306/app"), "连接地址"), Side("property_key", "none", "none", each(lambda r: f"jdbc.{r.choice(('pool', 'driver', 'url'))}.{like.letters(r, 4).lower()}")),
        Side("webhook", "secret_key|url", "secret_key|url", each(lambda r: "https://oapi.example.com/robot/send?access_token=" + like.hexes(r, 64)), "机器人地址"), Side("site", "url", "url", each(machines.url)), Side("scp_target", "none", "none", each(lambda r: f"root@srv{like.digits(r, 2)}:/var/log/{like.letters(r, 3).lower()}")),
        Side("handle", "none|unknown|username", "none|username|wechat_id", each(lambda r: "@" + people.username(r))), Side("openid", "wechat_id", "none|wechat_id", each(lambda r: "o" + keys.text(r, keys.ALNUM, 27)), "微信openid"), Side("user_account", "username", "none|username", each(people.username), "登录账号"),
    ),
    "hex and colons": (
        Side("eui", "mac_address|none|ipv6", "mac_address|none|ipv6", each(lambda r: ":".join(like.hexes(r, 2) for _ in range(8))), "设备EUI"), Side("class_name", "none", "none", words("std::vector a::b net::http::Client core::fmt App::Model c::d")),
        Side("client_ip6", "ipv6", "ipv6", each(machines.ipv6)), Side("start_clock", "none|date", "none|date", like.stamped("%H:%M:%S")),
    ),
    "places and numbers": (
        Side("gps", "coordinates", "coordinates", each(places.coordinates)), Side("price_pair", "none", "none|coordinates", each(lambda r: f"{r.uniform(1, 99):.2f},{r.uniform(1, 99):.2f}")), Side("box_size", "none", "none", each(lambda r: f"{r.randint(10, 90)}x{r.randint(10, 90)}x{r.randint(10, 90)}")),
        Side("lng", "coordinates", "coordinates|none", each(places.longitude)), Side("ratio", "none", "none", each(lambda r: f"{r.uniform(1, 9):.6f}")), Side("office_tel", "landline_phone", "landline_phone", each(places.landline)), Side("total", "none", "none", each(lambda r: f"{r.randint(200, 90000) * 1000}.00")),
    ),
    "Han words": (
        Side("masked_xm", "person_name|none", "person_name|none", each(lambda r: people.han_name(r)[0] + "**"), "姓名"), Side("religion", "religion", "religion|none", each(people.religion)), Side("minzu", "ethnicity", "ethnicity", each(people.ethnicity)),
        Side("jilin_city", "city", "city|none|province", words("吉林市 长春市 延边州 四平市 通化市 白山市")), Side("sheng", "province", "province", words("吉林 海南 广东 四川 北京 上海")), Side("road_only", "address|none", "address|none", words("北京东路 南京路 成都道 天津街 汉口路 广州大道")),
        Side("bank_of_city", "company_name", "company_name", each(lambda r: f"{places.city_short(r)}{r.choice(('银行', '证券', '机床', '水务'))}股份有限公司")), Side("school", "none|company_name", "none|company_name", words("第一中学 实验小学 南京大学 师范学院 育才中学"), "毕业院校"), Side("xueli", "education", "education", each(people.education)),
        Side("bumen", "none", "none", like.DEPARTMENTS, "部门"), Side("product", "none", "none", words("东北大米 高山绿茶 黄金梨 云南小粒咖啡 马蹄糕 金丝皇菊"), "商品名称"), Side("news", "none", "none", like.NEWS), Side("gj", "none", "none", words("中国 美国 蒙古 朝鲜 约旦 智利"), "国籍"),
        Side("zhenduan", "health", "health|none", each(people.health), "诊断"), Side("insurance", "none", "none", words("重疾险 意外险 年金险 医疗险 车损险"), "险种"),
    ),
    "codes of people and things": (
        Side("hyzkdm", "marital_status", "none|marital_status", words("10 20 30 40"), "婚姻状况代码"), Side("biz_kind", "none", "none|marital_status|education", words("10 20 30 40"), "业务类型"), Side("mzdm", "ethnicity", "none|ethnicity", each(people.ethnicity_code), "民族代码"), Side("xldm", "education", "none|education", each(people.education_code), "学历代码"),
        Side("abo", "blood_type", "blood_type|none", words("A型 B型 O型 AB型")), Side("credit_grade", "none", "none|blood_type", words("AA A B C")), Side("board_sn", "device_id", "none|device_id", each(machines.serial_number), "主板序列号"), Side("goods_sn", "none", "none|device_id", each(machines.serial_number), "商品编号"),
        Side("unit_price", "none", "none", each(lambda r: f"{r.randint(30, 500) * 10}.00"), "单价"), Side("gz", "salary", "none|salary", each(people.salary), "工资"), Side("people_count", "none", "none|age", each(lambda r: str(r.randint(18, 70))), "人数"),
    ),
}  # fmt: skip
