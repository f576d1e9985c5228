"""A bank: customers, accounts, cards, companies, employees, foreigners, and a large transaction log."""

from __future__ import annotations

from datetime import date
from random import Random

from sqlalchemy import BigInteger, Date, DateTime, Integer, LargeBinary, Numeric, SmallInteger, String

from . import keys, machines, moments, money, papers, people, places
from . import plain as noise
from .table import HEAVY, LIGHT, NULLS, Col, Row, Tab, between, of, one_of, plain, serial, snowflake


def gender_word(row: Row) -> str:
    """The gender that the name and the number of a person must agree with."""
    return "男" if row["gender"] == "1" else "女"


def own_number(r: Random, row: Row) -> object:
    """The number holds the birth date and the gender of its owner."""
    birth = row["birth_dt"]
    return papers.id_card_of(r, birth, gender_word(row)) if isinstance(birth, date) else None


def mixed_phone(r: Random, _row: Row) -> object:
    """Companies give a mobile or a fixed line."""
    return places.mobile(r) if r.random() < 0.6 else places.landline(r)


def any_card_number(r: Random, _row: Row) -> object:
    """Old staff records hold numbers of 15 digits."""
    return papers.id_card_legacy(r) if r.random() < 0.08 else papers.id_card(r)


CUSTOMER = Tab(
    "customer", "个人客户信息表", 1200,
    (
        Col("customer_id", "none", BigInteger(), serial, "客户ID", key=True),
        Col("cust_no", "none", String(12), lambda r, row: f"C{10_000_000 + row.index}", "客户编号"),
        Col("gender", "gender", String(2), plain(people.gender_code), "性别 1男 2女", LIGHT),
        Col("cust_name", "person_name", String(60), lambda r, row: people.name_of(r, gender_word(row)), "客户姓名", LIGHT),
        Col("birth_dt", "birth_date", Date(), plain(papers.born), "出生日期", NULLS, alternatives=("date",)),
        Col("cert_type", "none", String(2), one_of("01", "02", "05", weights=(95, 3, 2)), "证件类型"),
        Col("cert_no", "id_card", String(36), own_number, "证件号码", HEAVY),
        Col("nation", "ethnicity", String(20), plain(people.ethnicity), "民族", LIGHT),
        Col("marital_status", "marital_status", String(4), plain(people.marital_code), "婚姻状况", LIGHT),
        Col("education", "education", String(4), plain(people.education_code), "学历", LIGHT),
        Col("mobile", "mobile_phone", String(40), plain(places.mobile_dirty), "手机号码", HEAVY),
        Col("home_tel", "landline_phone", String(40), plain(places.landline), "住宅电话", LIGHT, filled=0.6),
        Col("email", "email", String(80), plain(people.email), "电子邮箱", LIGHT, filled=0.8),
        Col("home_address", "address", String(200), plain(places.address), "家庭住址", LIGHT),
        Col("post_code", "postcode", String(10), plain(places.postcode), "邮政编码", LIGHT),
        Col("work_unit", "company_name", String(120), plain(places.company), "工作单位", LIGHT, filled=0.7),
        Col("annual_income", "salary", Numeric(14, 2), plain(lambda r: round(r.lognormvariate(11.6, 0.6), 2)), "年收入", NULLS),
        Col("passport_no", "passport", String(20), plain(papers.passport), "护照号码", filled=0.12),
        Col("risk_level", "none", String(4), one_of("R1", "R2", "R3", "R4", "R5"), "风险等级"),
        Col("branch_no", "none", String(8), plain(lambda r: f"01{r.randint(1, 60):04d}"), "开户机构号"),
        Col("cust_manager", "person_name", String(60), plain(people.han_name), "客户经理姓名", LIGHT),
        Col("open_date", "date", Date(), plain(moments.day), "开户日期", NULLS),
        Col("update_time", "date", DateTime(), plain(moments.moment), "更新时间", NULLS),
    ),
)  # fmt: skip

ACCOUNT = Tab(
    "account", "账户表", 1500,
    (
        Col("account_id", "none", BigInteger(), serial, "账户ID", key=True),
        Col("account_no", "bank_account", String(32), plain(money.bank_account), "银行账号", alternatives=("bank_card",)),
        Col("customer_id", "none", BigInteger(), of("customer", "customer_id"), "客户ID", references="customer.customer_id"),
        Col("account_name", "person_name", String(60), plain(people.han_name), "户名", LIGHT),
        Col("currency", "none", String(3), one_of("CNY", "USD", "HKD", weights=(96, 3, 1)), "币种"),
        Col("balance", "none", Numeric(18, 2), plain(lambda r: round(r.lognormvariate(9, 2), 2)), "余额", NULLS),
        Col("status", "none", String(8), one_of(*noise.STATUS), "账户状态"),
        Col("open_branch", "none", String(40), plain(lambda r: r.choice(noise.DEPARTMENTS)), "开户部门"),
        Col("product_version", "none", String(20), plain(noise.version), "产品版本"),
        Col("open_date", "date", Date(), plain(moments.day), "开户日期"),
        Col("close_date", "date", Date(), plain(moments.day), "销户日期", filled=0.08),
    ),
)  # fmt: skip

CARD = Tab(
    "card", "银行卡表", 1300,
    (
        Col("card_id", "none", BigInteger(), serial, "卡ID", key=True),
        Col("card_no", "bank_card", String(40), plain(money.bank_card), "卡号", HEAVY),
        Col("customer_id", "none", BigInteger(), of("customer", "customer_id"), "客户ID", references="customer.customer_id"),
        Col("card_holder", "person_name", String(60), plain(people.han_name), "持卡人", LIGHT),
        Col("expiry_date", "card_expiry", String(8), plain(money.card_expiry), "卡有效期"),
        Col("cvv2", "cvv", String(4), plain(money.cvv), "安全码", filled=0.3),
        Col("card_type", "none", String(4), one_of("DC", "CC", "PC"), "卡类型"),
        Col("credit_limit", "none", Integer(), plain(lambda r: r.randint(1, 100) * 1000), "信用额度"),
        Col("reserved_mobile", "mobile_phone", String(40), plain(places.mobile), "预留手机号", HEAVY),
        Col("pin_hash", "password_hash", String(64), plain(keys.sha256), "交易密码"),
        Col("statement_day", "none", SmallInteger(), between(1, 28), "账单日"),
        Col("product_code", "none", String(12), plain(noise.product_code), "产品代码"),
        Col("issue_date", "date", String(10), plain(moments.iso_day), "发卡日期", LIGHT),
    ),
)  # fmt: skip

CORPORATE = Tab(
    "corp_customer", "对公客户信息表", 600,
    (
        Col("corp_id", "none", BigInteger(), serial, "对公客户ID", key=True),
        Col("corp_name", "company_name", String(120), plain(places.company), "企业名称", LIGHT),
        Col("credit_code", "uscc", String(36), plain(papers.uscc), "统一社会信用代码", HEAVY),
        Col("org_code", "org_code", String(20), plain(papers.org_code), "组织机构代码", LIGHT),
        Col("license_no", "business_license", String(20), plain(papers.business_license), "营业执照注册号", filled=0.5),
        Col("tax_no", "tax_registration", String(24), plain(papers.tax_registration), "税务登记证号", LIGHT),
        Col("legal_rep", "person_name", String(60), plain(people.han_name), "法定代表人", LIGHT),
        Col("legal_rep_cert_no", "id_card", String(36), plain(papers.id_card), "法定代表人证件号", HEAVY),
        Col("reg_address", "address", String(200), plain(places.work_address), "注册地址", LIGHT),
        Col("reg_capital", "none", Numeric(16, 2), plain(lambda r: r.randint(1, 500) * 100000), "注册资本"),
        Col("contact_name", "person_name", String(60), plain(people.han_name), "联系人", LIGHT),
        Col("contact_phone", "mobile_phone", String(40), mixed_phone, "联系电话", LIGHT, alternatives=("landline_phone",)),
        Col("account_no", "bank_account", String(32), plain(money.bank_account), "对公账号", alternatives=("bank_card",)),
        Col("swift_code", "swift_bic", String(12), plain(money.swift_bic), "SWIFT码", filled=0.3),
        Col("industry", "none", String(60), plain(lambda r: r.choice(noise.INDUSTRIES)), "所属行业"),
        Col("website", "url", String(200), plain(machines.url), "公司主页", filled=0.6),
        Col("established", "date", String(20), plain(moments.chinese), "成立日期", LIGHT),
    ),
)  # fmt: skip

EMPLOYEE = Tab(
    "employee", "员工表", 450,
    (
        Col("emp_no", "none", String(10), lambda r, row: f"E{100000 + row.index}", "工号", key=True),
        Col("emp_name", "person_name", String(60), plain(people.han_name), "员工姓名", LIGHT),
        Col("login_name", "username", String(40), plain(people.username), "登录名"),
        Col("login_pwd", "password_hash", String(80), plain(keys.bcrypt), "登录密码"),
        Col("dept_name", "none", String(40), plain(lambda r: r.choice(noise.DEPARTMENTS)), "部门名称"),
        Col("post_name", "none", String(40), plain(lambda r: r.choice(noise.POSTS)), "岗位名称"),
        Col("id_card_no", "id_card", String(36), any_card_number, "身份证号", HEAVY),
        Col("office_tel", "landline_phone", String(40), plain(places.landline), "办公电话", LIGHT),
        Col("mobile", "mobile_phone", String(40), plain(places.mobile), "手机", HEAVY),
        Col("email", "email", String(80), plain(lambda r: f"{people.username(r)}@bank.example.com"), "企业邮箱"),
        Col("hire_date", "date", Date(), plain(moments.day), "入职日期"),
        Col("base_salary", "salary", Numeric(12, 2), plain(people.salary), "基本工资"),
        Col("social_card", "social_security_no", String(20), plain(papers.social_security_card), "社保卡号", LIGHT),
        Col("driver_license", "driver_license", String(20), plain(papers.driver_license_archive), "驾驶证档案编号", filled=0.5),
        Col("photo", "image", LargeBinary(), plain(machines.png), "员工照片", filled=0.9),
        Col("age", "age", SmallInteger(), plain(people.age), "年龄"),
        Col("is_deleted", "none", SmallInteger(), one_of(0, 1, weights=(97, 3)), "是否删除"),
    ),
)  # fmt: skip

FOREIGN = Tab(
    "foreign_customer", "境外客户信息表", 500,
    (
        Col("id", "none", Integer(), serial, "", key=True),
        Col("first_name", "person_name", String(40), plain(people.western_given), "名"),
        Col("last_name", "person_name", String(40), plain(people.western_family), "姓"),
        Col("country", "none", String(3), one_of("USA", "GBR", "DEU", "FRA", "JPN"), "国籍"),
        Col("phone", "mobile_phone", String(40), plain(places.international_phone), "联系电话", LIGHT, alternatives=("landline_phone",)),
        Col("address", "address", String(200), plain(places.western_address), "地址", LIGHT),
        Col("ssn", "us_ssn", String(12), plain(papers.us_ssn), "", filled=0.4),
        Col("iban", "iban", String(40), plain(money.iban), "国际银行账号", LIGHT, filled=0.6),
        Col("visa_card", "bank_card", String(24), plain(money.foreign_card), "信用卡号"),
        Col("hk_id", "hk_id", String(14), plain(papers.hk_id), "香港身份证", filled=0.5),
        Col("tw_id", "tw_id", String(14), plain(papers.tw_id), "台湾身份证", filled=0.4),
        Col("permit_no", "hk_macau_permit", String(14), plain(papers.hk_macau_permit), "港澳通行证", filled=0.5),
        Col("residence_card", "foreigner_permanent_id", String(20), plain(papers.foreigner_permanent_id), "外国人永居证", filled=0.5),
        Col("bic", "swift_bic", String(12), plain(money.swift_bic), "SWIFT代码"),
        Col("created_at", "date", DateTime(), plain(moments.moment), "创建时间"),
    ),
)  # fmt: skip

TRANSACTION = Tab(
    "transaction_log", "交易流水表", 20_000,
    (
        Col("txn_id", "none", BigInteger(), snowflake, "流水号", key=True),
        Col("order_no", "none", String(24), plain(noise.order_no), "订单号"),
        Col("account_no", "bank_account", String(32), of("account", "account_no"), "付款账号", alternatives=("bank_card",)),
        Col("payee_card", "bank_card", String(24), plain(money.bank_card), "收款卡号", NULLS),
        Col("payee_name", "person_name", String(60), plain(people.han_name), "收款人姓名", LIGHT),
        Col("amount", "none", Numeric(16, 2), plain(money.amount), "交易金额"),
        Col("txn_time", "date", DateTime(), plain(moments.moment), "交易时间"),
        Col("channel", "none", String(20), one_of(*noise.CHANNELS), "渠道"),
        Col("summary", "none", String(40), one_of(*noise.SUMMARIES), "摘要"),
        Col("client_ip", "ipv4", String(40), plain(machines.ipv4), "客户端IP", NULLS),
        Col("app_version", "none", String(20), plain(noise.version), "APP版本"),
        Col("batch_date", "none", String(8), plain(moments.compact), "批次日期", alternatives=("date",)),
        Col("flag", "none", SmallInteger(), one_of(0, 1), "冲正标志"),
    ),
)  # fmt: skip

TABLES = (CUSTOMER, ACCOUNT, CARD, CORPORATE, EMPLOYEE, FOREIGN, TRANSACTION)
__all__ = ["TABLES"]
