"""Confusable forms side by side: a column on each side of every pair that a detector may mistake, with its name and without.

    python -m benchmarks.confusions --out DIR [--rows 300] [--seed N]

Two databases hold the same cells: `confusions_named` with telling names and comments, `confusions_blind` with c01, c02 ...; one labels.csv.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from benchmarks import named_cells as named
from benchmarks import negatives as neg
from benchmarks import number_cells as num
from benchmarks import people_cells as people
from benchmarks.database import Factory, LabelledColumn, LabelledTable, dirty, each, seeded, words, write_all
from benchmarks.people_cells import digits
from sample_dbs import checks


@dataclass(frozen=True, slots=True)
class Side:
    """One column of a group of confusable ones."""

    name: str
    label: str
    """Accepted with the name."""
    blind: str
    """Accepted without; "" means the same."""
    cells: Factory
    comment: str = ""


def luhn_number(start: str, length: int) -> Factory:
    """Numbers with a start, a length and a Luhn digit."""

    def make(r: Random) -> str:
        body = start + digits(r, length - len(start) - 1)
        return body + checks.luhn(body)

    return each(make)


def tax_15(r: Random) -> str:
    """Division and an organisation code of digits."""
    body = digits(r, 8)
    return r.choice(people.DIVISIONS) + body + checks.org_code(body)


def short(prefix: str, count: int) -> Factory:
    """A letter of the prefix and digits."""
    return each(lambda r: r.choice(prefix) + digits(r, count))


GROUPS: dict[str, tuple[Side, ...]] = {
    "digits_15": (
        Side("sfzh_old", "id_card", "", each(num.id_card_15), "身份证号(15位)"), Side("reg_no", "business_license", "", each(num.business_license), "工商注册号"),
        Side("nsrsbh", "tax_registration", "", each(tax_15), "纳税人识别号"),
        Side("imei", "imei", "", each(num.imei), "手机串号"), Side("amex_card_no", "bank_card", "", luhn_number("37", 15), "信用卡号"), Side("imsi", "imsi", "", each(num.imsi), "用户识别码"),
        Side("order_no", "none", "", neg.uniform_length(15), "订单编号"),
    ),
    "digits_16_17": (
        Side("credit_card", "bank_card", "", luhn_number("622588", 16), "信用卡号"), Side("imeisv", "imei", "none|imei", each(lambda r: "86" + digits(r, 14)), "IMEISV"),
        Side("pay_order_no", "none", "", neg.uniform_length(16), "支付订单号"), Side("merchant_seq", "none", "", each(lambda r: "62" + digits(r, 14)), "商户流水"), Side("vin", "vin", "", each(num.vin), "车架号"),
        Side("tax_no", "tax_registration", "none|tax_registration", each(lambda r: num.id_card_15(r) + digits(r, 2)), "税务登记证号"), Side("request_id", "none", "", neg.uniform_length(17), "请求编号"),
    ),
    "characters_18": (
        Side("credit_code", "uscc", "", each(num.uscc), "统一社会信用代码"), Side("id_card_no", "id_card", "", each(num.id_card), "身份证号码"), Side("yjzh", "foreigner_permanent_id", "", each(num.foreigner), "永居证号"),
        Side("card_no_18", "bank_card", "", luhn_number("622908", 18), "银行卡号"), Side("taxpayer_id", "uscc|tax_registration", "uscc", each(num.uscc), "纳税人识别号"),
        Side("driver_license_no", "id_card|driver_license", "id_card", each(num.id_card), "驾驶证号"), Side("ss_no", "id_card|social_security_no", "id_card", each(num.id_card), "社会保障号"),
        Side("biz_order_no", "none", "", neg.dated_order, "业务单号"), Side("random_18", "none", "", neg.uniform_length(18), "随机编号"),
    ),
    "digits_19_20": (
        Side("iccid", "iccid", "", each(num.iccid), "SIM卡号"), Side("debit_card", "bank_card", "", luhn_number("622202", 19), "借记卡号"), Side("tax_20", "tax_registration", "tax_registration|none", each(lambda r: num.id_card(r) + digits(r, 2)), "税务登记号"),
        Side("snowflake_id", "none", "", neg.snowflake(60), "主键"), Side("trace_20", "none", "", neg.uniform_length(20), "跟踪号"),
    ),
    "digits_13_14": (
        Side("create_time", "date", "date|none", each(num.dated("%Y%m%d%H%M%S")), "创建时间"), Side("diners_card", "bank_card", "bank_card", luhn_number("36", 14), "大来卡卡号"), Side("batch_id", "none", "", neg.uniform_length(14), "批次编号"),
        Side("update_ts", "none|date", "", named.NUMBERS["epochms"][1], "更新时间戳"), Side("iot_msisdn", "mobile_phone", "none|mobile_phone", each(lambda r: "10648" + digits(r, 8)), "物联网手机号"), Side("bar_code", "none", "", each(neg.ean), "条形码"),
    ),
    "length_12": (
        Side("record_minute", "date|none", "date|none", each(num.dated("%Y%m%d%H%M")), "记录时间"), Side("mac", "mac_address", "mac_address|none", each(num.mac("")), "MAC地址"), Side("dabh", "driver_license", "none|driver_license", named.NUMBERS["dabh"][1], "驾驶证档案编号"),
        Side("cnaps_code", "none", "", named.PLAIN["cnaps"][1], "联行号"), Side("waybill_no", "none", "", neg.uniform_length(12), "运单号"),
    ),
    "digits_10_11": (
        Side("mobile", "mobile_phone", "", each(people.mobile), "手机号"), Side("serial_no_11", "none", "", each(lambda r: f"1380{r.randint(0, 9)}{digits(r, 6)}"), "流水号"), Side("counter_11", "none", "", neg.of_length(11), "序列号"),
        Side("tw_id_no", "tw_id", "", each(num.tw_id), "台湾身份证"), Side("tbzh", "tw_permit", "none|tw_permit", each(lambda r: digits(r, 10)), "台胞证号"), Side("hotline", "landline_phone", "landline_phone|none", each(lambda r: "400" + digits(r, 7)), "客服电话"),
        Side("login_epoch", "none|date", "", named.NUMBERS["epoch"][1], "登录时间戳"), Side("qq_no", "qq", "none|qq", each(lambda r: str(r.randint(10**9, 4 * 10**9))), "QQ号"),
    ),
    "length_9": (
        Side("ssn", "us_ssn", "us_ssn", each(num.ssn)), Side("zzjgdm", "org_code", "org_code|none", each(num.org_code_bare), "组织机构代码"), Side("passport_no", "passport", "passport|none", short("E", 8), "护照号码"),
        Side("gatxzh", "hk_macau_permit", "hk_macau_permit|none|passport", short("CW", 8), "港澳通行证号"), Side("twtxz", "tw_permit", "tw_permit|none", short("TL", 8), "台湾通行证"), Side("sbkh", "social_security_no", "none|social_security_no", short("ABF", 8), "社保卡号"),
        Side("goods_code", "none", "", short("ABFJQ", 8), "商品编码"), Side("random_9", "none", "", neg.uniform_length(9), "编号"),
    ),
    "length_6_8_letters": (
        Side("hk_id", "hk_id", "", each(num.hk_id), "香港身份证"), Side("service_passport", "passport", "none|passport", short("DSP", 7), "护照号"), Side("swift_code", "swift_bic", "swift_bic|none", each(num.swift), "SWIFT代码"),
        Side("coupon_code", "none", "", named.PLAIN["code6"][1], "优惠码"), Side("word_8", "none", "", words("DATABASE", "CUSTOMER", "PASSWORD", "TERMINAL", "KEYBOARD", "SOFTWARE"), "标识"), Side("plate_no", "license_plate", "", each(num.plate), "车牌号"),
        Side("room_code", "none", "", each(lambda r: num.pick(r, "ABCDEFGH", 2) + digits(r, 5)), "房间代码"),
    ),
    "digits_8": (
        Side("sign_date", "date", "date|none", each(num.dated("%Y%m%d")), "签约日期"), Side("csrq", "birth_date|date", "birth_date|date|none", named.PEOPLE["bdatec"][1], "出生日期"), Side("tbz", "tw_permit", "none|tw_permit", each(lambda r: digits(r, 8)), "台胞证"),
        Side("bgdh", "landline_phone", "none|landline_phone", each(lambda r: str(r.randint(2, 8)) + digits(r, 7)), "办公电话"), Side("invoice_no", "none", "", each(lambda r: digits(r, 8)), "发票号码"), Side("qqh", "qq", "none|qq", each(lambda r: str(r.randint(10**7, 10**8 - 1))), "QQ号码"),
    ),
    "digits_6": (
        Side("city_code", "city|province|none", "none|city|province|postcode", each(lambda r: r.choice(people.DIVISIONS)[:4] + "00"), "城市代码"), Side("yzbm", "postcode", "none|postcode", named.PEOPLE["post"][1], "邮政编码"),
        Side("birth_yymmdd", "birth_date|date|none", "none|birth_date|date", each(lambda r: f"{people.birth(r):%y%m%d}"), "出生年月日"), Side("verify_code", "none", "none|postcode", each(lambda r: digits(r, 6)), "验证码"), Side("stock_code", "none", "", each(lambda r: r.choice(("600", "000", "300")) + digits(r, 3)), "股票代码"),
        Side("stat_month", "none|date", "none|date", each(num.dated("%Y%m")), "统计月份"),
    ),
    "small_numbers": (
        Side("age", "age", "none|age", each(lambda r: r.randint(18, 80)), "年龄"), Side("item_count", "none", "", each(lambda r: r.randint(18, 80)), "件数"), Side("gender_code", "gender", "none|gender", words("1", "2"), "性别代码"), Side("enable_flag", "none", "none|gender", words("1", "2"), "启用标志"),
        Side("hyzkdm", "marital_status", "none|marital_status", words("10", "20", "30", "40"), "婚姻状况代码"), Side("xldm", "education", "none|education", words("10", "20", "30", "40", "60", "70"), "学历代码"), Side("biz_type", "none", "none|education|marital_status", words("10", "20", "30", "40"), "业务类型"),
        Side("mzdm", "ethnicity", "none|ethnicity", named.PEOPLE["nationc"][1], "民族代码"), Side("monthly_income", "salary", "none|salary", each(lambda r: r.randint(30, 400) * 100), "月收入"), Side("unit_price", "none", "none|salary", each(lambda r: r.randint(30, 400) * 100), "单价"),
        Side("cvv2", "cvv", "none|cvv", each(lambda r: digits(r, 3)), "安全码"), Side("room_count", "none", "", each(lambda r: digits(r, 3)), "房间数"),
    ),
    "hex_and_colons": (
        Side("mac_addr", "mac_address", "", each(num.mac(":")), "MAC地址"), Side("eui64", "mac_address|none|ipv6", "mac_address|none|ipv6", each(lambda r: ":".join(num.pick(r, "0123456789abcdef", 2) for _ in range(8))), "设备EUI"), Side("client_ipv6", "ipv6", "", each(num.ipv6), "IPv6地址"),
        Side("open_time", "none|date", "none|date", each(lambda r: f"{r.randint(0, 23):02d}:{r.randint(0, 59):02d}:{r.randint(0, 59):02d}"), "开门时刻"), Side("class_path", "none", "", words("std::vector", "a::b", "net::http::Client", "core::fmt", "App::Model"), "类名"),
        Side("ssh_fingerprint", "none", "", each(lambda r: ":".join(num.pick(r, "0123456789abcdef", 2) for _ in range(16))), "主机指纹"),
        Side("login_pwd", "password_hash", "none|password_hash", each(num.md5), "登录密码"), Side("file_md5", "none", "none|password_hash", each(num.md5), "文件MD5"), Side("git_commit", "none", "none|password_hash", each(num.sha1), "提交号"),
        Side("picture_hex", "image", "image", each(lambda r: "89504e470d0a1a0a" + num.pick(r, "0123456789abcdef", 48)), "图片"), Side("clear_password", "password", "none|password", each(people.weak_password), "密码"),
    ),
    "links": (
        Side("jdbc_url", "jdbc_url", "", each(num.jdbc), "数据库连接串"), Side("robot_hook", "secret_key", "secret_key|url", each(lambda r: "https://oapi.dingtalk.com/robot/send?access_token=" + num.pick(r, "0123456789abcdef", 64)), "机器人地址"),
        Side("repo_url", "secret_key|url", "secret_key|url", each(lambda r: f"https://dev:{num.pick(r, num.ALNUM, 12)}@git.example.com/a/{num.pick(r, 'abcdef', 5)}.git"), "仓库地址"), Side("photo", "image|url", "image|url", each(num.picture), "照片"), Side("homepage", "url", "", each(num.url), "主页"),
        Side("mysql_url", "url|jdbc_url", "url|jdbc_url", each(lambda r: f"mysql://db{r.randint(1, 99)}.example.com:3306/app"), "连接地址"), Side("file_path", "none", "", neg.paths, "文件路径"), Side("email", "email", "", each(people.email), "邮箱"),
        Side("ssh_login", "none", "", each(lambda r: f"{r.choice(('root', 'deploy', 'app'))}@{r.choice(('web', 'db', 'node'))}{digits(r, 2)}"), "登录机"), Side("npm_package", "none", "", each(lambda r: f"{r.choice(neg.NOUNS)}@{r.randint(0, 9)}.{r.randint(0, 20)}.{r.randint(0, 9)}"), "依赖包"),
    ),
    "han_words": (
        Side("contact_name", "person_name", "", named.PEOPLE["name"][1], "联系人姓名"), Side("mood", "none", "", words("高兴", "马上", "方便", "平安", "常见", "安静", "严重", "白天", "温和", "钱包", "江山", "金色"), "词语"), Side("dept_name", "none", "", words(*neg.DEPARTMENTS), "部门名称"),
        Side("dish_name", "none", "", words(*neg.DISHES), "菜名"), Side("brand_name", "none", "", words(*neg.BRANDS), "品牌名称"), Side("species_name", "none", "", words(*neg.SPECIES), "物种名称"), Side("book_title", "none", "", words(*neg.TITLES), "书名"), Side("role_name", "none", "", words(*neg.ROLES), "角色名称"),
        Side("masked_name", "person_name|none", "person_name|none", named.PEOPLE["maskname"][1], "姓名"), Side("nation", "ethnicity", "", each(people.ethnic), "民族"), Side("surname", "none|person_name", "none|person_name", words(*"王李张白满高金苗水"), "姓"), Side("color", "none", "", words("白", "红", "土黄", "黑", "蓝", "青"), "颜色"),
        Side("country", "none", "", words(*neg.COUNTRIES), "国籍"), Side("province", "province", "", each(people.place(0, short=True)), "省份"), Side("city", "city", "", each(people.place(1, short=True)), "城市"), Side("company", "company_name", "", each(people.company), "公司名称"),
        Side("address", "address", "", each(people.full_address), "联系地址"), Side("news_title", "none", "", words("北京市召开工作会议", "江苏省发布新规定", "上海浦东新区推进改革", "广东省出台支持政策", "成都市举办展览会"), "新闻标题"),
        Side("blood_type", "blood_type", "blood_type|none", words("A", "B", "O", "AB"), "血型"), Side("grade_level", "none", "none|blood_type", words("A", "B", "C", "D"), "等级"), Side("sex", "gender", "gender|none", words("男", "女"), "性别"), Side("size", "none", "none|gender", words("M", "F", "L", "S"), "尺码"),
        Side("education", "education", "education|none", words("本科", "硕士", "大专", "高中", "博士"), "学历"), Side("school", "company_name|none", "company_name|none", words(*neg.SCHOOLS), "毕业院校"),
    ),
    "dots_and_documents": (
        Side("login_ip", "ipv4", "", each(num.ipv4), "登录IP"), Side("app_version", "none", "", each(lambda r: f"{r.randint(1, 9)}.{r.randint(0, 20)}.{r.randint(0, 9)}.{r.randint(0, 3)}"), "版本号"), Side("section_no", "none", "", each(lambda r: f"{r.randint(1, 9)}.{r.randint(1, 9)}.{r.randint(1, 6)}.{r.randint(1, 5)}"), "章节号"),
        Side("oid", "none", "", neg.dotted, "对象标识"), Side("officer_no", "military_officer_id", "", each(num.military), "军官证号"), Side("doc_no", "none", "", neg.document_numbers, "文号"), Side("case_no", "none", "", neg.court_numbers, "案号"),
        Side("title_no", "none", "", each(lambda r: f"京房权证海字第{digits(r, 6)}号"), "房产证号"), Side("location", "coordinates", "", each(people.coordinates), "经纬度"), Side("price_pair", "none", "none|coordinates", each(lambda r: f"{r.uniform(1, 99):.2f},{r.uniform(1, 99):.2f}"), "价格区间"),
        Side("card_valid_thru", "card_expiry", "none|card_expiry", named.NUMBERS["exp"][1], "卡有效期"), Side("contract_expiry", "date", "date", each(num.dated("%Y-%m-%d")), "合同到期日"), Side("corp_account_no", "bank_account", "none|bank_account", named.NUMBERS["acct"][1], "对公账号"),
        Side("login_account", "username", "none|username", each(people.login), "登录账号"), Side("wechat_no", "wechat_id", "none|wechat_id|username", each(people.wechat), "微信号"), Side("icd_code", "health", "health|none", each(people.icd), "疾病编码"), Side("part_no", "none", "none|health", each(lambda r: f"{r.choice('ABC')}{digits(r, 2)}.{digits(r, 1)}"), "零件号"),
        Side("mainboard_sn", "device_id", "none|device_id", each(num.serial), "主板序列号"), Side("goods_sn", "none", "none|device_id", each(num.serial), "商品编号"), Side("jwt_token", "jwt", "", each(num.jwt), "令牌"),
    ),
}  # fmt: skip


def tables(rows: int, seed: int) -> dict[str, list[LabelledTable]]:
    """Return the named and the blind database."""
    made: dict[str, list[LabelledTable]] = {"confusions_named": [], "confusions_blind": []}
    for group, sides in GROUPS.items():
        columns = []
        for side in sides:
            r = seeded(seed, group, side.name)
            columns.append(LabelledColumn(side.name, side.label, dirty(r, side.cells(r, rows), 0.03), side.comment))
        made["confusions_named"].append(LabelledTable(group, tuple(columns)))
        hidden = [
            replace(column, name=f"c{place:02d}", label=side.blind or side.label, comment="")
            for place, (column, side) in enumerate(zip(columns, sides, strict=True), 1)
        ]
        made["confusions_blind"].append(LabelledTable(f"t{len(made['confusions_blind']) + 1:02d}", tuple(hidden)))
    return made


def main() -> None:
    """Write the databases."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.confusions", description="Write confusable columns side by side.")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=300)
    parser.add_argument("--seed", type=int, default=7003)
    options = parser.parse_args()
    write_all(options.out, dict(tables(options.rows, options.seed)))


if __name__ == "__main__":
    main()
