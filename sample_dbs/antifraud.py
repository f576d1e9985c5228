"""A bank's anti-fraud mart: device fingerprints, logins, payments, blacklists, scorecards, and a clean PCA table."""

from __future__ import annotations

from random import Random

from sqlalchemy import BigInteger, DateTime, Float, Integer, Numeric, SmallInteger, String, Text

from . import keys, machines, moments, money, papers, people, places
from . import plain as noise
from .table import HEAVY, LIGHT, NULLS, Col, Row, Tab, between, of, one_of, plain, serial, snowflake

BLACKLIST_KINDS = ("身份证", "手机号", "银行卡", "IP", "设备")
RULES = ["异地登录", "夜间大额", "短时高频", "新设备首付", "黑名单命中", "多账户共用设备", "快进快出", "模拟器环境", "代理IP", "收款人异常"]
SYSTEMS = ("core", "credit", "card", "loan", "risk")
FEATURES = ("txn_cnt_1d", "txn_amt_7d", "device_age", "ip_risk", "night_ratio", "geo_jump", "payee_new", "login_fail_1h")


def subject(r: Random, row: Row) -> object:
    """A blacklist names people by whatever is known of them."""
    makers = {"身份证": papers.id_card, "手机号": places.mobile, "银行卡": money.bank_card, "IP": machines.ipv4, "设备": machines.imei}
    return makers[str(row["subject_type"])](r)


def component(place: int) -> Col:
    """One of the 28 principal components: a number around 0, nothing else."""
    return Col(f"V{place}", "none", Float(53), plain(lambda r: r.gauss(0, 2.2 / place**0.5)))


DEVICE = Tab(
    "device_fingerprint", "设备指纹表", 1200,
    (
        Col("id", "none", BigInteger(), serial, "主键", key=True),
        Col("device_id", "device_id", String(40), plain(machines.device_hash), "设备号"),
        Col("client_ip", "ipv4", String(60), plain(machines.ipv4), "客户端IP", HEAVY),
        Col("client_ipv6", "ipv6", String(60), plain(machines.ipv6), "IPv6地址", NULLS, filled=0.5),
        Col("mac_addr", "mac_address", String(40), plain(machines.mac_address), "MAC地址", LIGHT),
        Col("mainboard_sn", "device_id", String(40), plain(machines.serial_number), "主板序列号", LIGHT),
        Col("disk_sn", "device_id", String(40), plain(machines.serial_number), "硬盘序列号", LIGHT),
        Col("imei", "imei", String(40), plain(machines.imei), "手机串号", HEAVY),
        Col("imsi", "imsi", String(20), plain(machines.imsi), "国际移动用户识别码", LIGHT),
        Col("iccid", "iccid", String(24), plain(machines.iccid), "SIM卡号", LIGHT),
        Col("idfa", "device_id", String(40), plain(machines.idfa), "广告标识", filled=0.4),
        Col("os_version", "none", String(20), plain(noise.version), "系统版本"),
        Col("app_version", "none", String(20), plain(noise.version), "APP版本"),
        Col("user_agent", "none", String(200), plain(lambda r: r.choice(noise.AGENTS)), "浏览器标识"),
        Col("screen", "none", String(20), one_of("1080x2340", "1170x2532", "1920x1080", "1440x900"), "屏幕分辨率"),
        Col("gps", "coordinates", String(40), plain(places.coordinates), "GPS坐标", NULLS),
        Col("is_root", "none", SmallInteger(), one_of(0, 1, weights=(95, 5)), "是否越狱"),
        Col("first_seen", "date", DateTime(), plain(moments.moment), "首次出现时间"),
    ),
)  # fmt: skip

LOGIN = Tab(
    "login_event", "登录事件表", 1500,
    (
        Col("event_id", "none", String(40), plain(machines.uuid), "事件ID", key=True),
        Col("login_name", "username", String(40), plain(people.username), "登录名", LIGHT),
        Col("mobile", "mobile_phone", String(40), plain(places.mobile), "注册手机号", HEAVY),
        Col("login_ip", "ipv4", String(60), plain(machines.ipv4), "登录IP", LIGHT),
        Col("login_city", "city", String(40), plain(places.city), "登录城市", LIGHT),
        Col("login_province", "province", String(20), plain(places.province), "登录省份", LIGHT),
        Col("device_id", "device_id", String(40), of("device_fingerprint", "device_id"), "设备号"),
        Col("access_token", "jwt", String(400), plain(keys.jwt), "令牌", NULLS),
        Col("result", "none", String(20), one_of("成功", "密码错误", "验证码错误", "锁定"), "登录结果"),
        Col("fail_count", "none", SmallInteger(), between(0, 5), "失败次数"),
        Col("login_time", "date", String(30), plain(moments.zulu), "登录时间"),
        Col("session_hash", "none", String(40), plain(keys.md5), "会话摘要", alternatives=("password_hash",)),
    ),
)  # fmt: skip

PAYMENT = Tab(
    "payment_txn", "支付交易表", 1500,
    (
        Col("txn_no", "none", BigInteger(), snowflake, "交易号", key=True),
        Col("payer_name", "person_name", String(60), plain(people.han_name), "付款人姓名", LIGHT),
        Col("payer_cert", "id_card", String(36), plain(papers.id_card), "付款人证件号码", HEAVY),
        Col("payer_card", "bank_card", String(40), plain(money.bank_card), "付款卡号", HEAVY),
        Col("payee_card", "bank_card", String(40), plain(money.bank_card_grouped), "收款卡号", LIGHT),
        Col("merchant_name", "company_name", String(120), plain(places.company), "商户名称", LIGHT),
        Col("mcc", "none", String(4), one_of("5411", "5812", "5999", "7011", "4816"), "商户类别码"),
        Col("merchant_order_no", "none", String(24), plain(noise.order_no_16), "商户订单号"),
        Col("amount", "none", Numeric(16, 2), plain(money.amount), "交易金额"),
        Col("client_ip", "ipv4", String(60), plain(machines.ipv4), "客户端IP", NULLS),
        Col("terminal_seq", "none", String(11), plain(noise.serial_11), "终端流水号"),
        Col("pay_ts", "date", BigInteger(), plain(moments.epoch_ms), "支付时间戳", alternatives=("none",)),
        Col("is_fraud", "none", SmallInteger(), one_of(0, 1, weights=(98, 2)), "是否欺诈"),
    ),
)  # fmt: skip

BLACKLIST = Tab(
    "blacklist", "黑名单表", 800,
    (
        Col("list_id", "none", Integer(), serial, "名单ID", key=True),
        Col("subject_type", "none", String(10), one_of(*BLACKLIST_KINDS, weights=(40, 30, 20, 5, 5)), "主体类型"),
        Col("subject_value", "id_card", String(64), subject, "主体值", verdict="contains", alternatives=("mobile_phone", "bank_card")),
        Col("reason", "none", String(200), one_of(*RULES), "列入原因"),
        Col("source", "none", String(40), one_of("公安", "银联", "行内", "同业共享"), "来源"),
        Col("id_md5", "none", String(32), plain(keys.md5), "主体摘要", alternatives=("password_hash", "id_card")),
        Col("added_by", "person_name", String(60), plain(people.han_name), "录入人姓名", LIGHT),
        Col("added_at", "date", String(20), plain(moments.slashes), "录入日期"),
        Col("note", "none", String(200), plain(noise.sentence), "备注"),
    ),
)  # fmt: skip

SCORECARD = Tab(
    "scorecard", "评分卡结果表", 1000,
    (
        Col("score_id", "none", Integer(), serial, "评分ID", key=True),
        Col("rule_name", "none", String(40), one_of(*RULES), "规则名称"),
        Col("feature", "none", String(40), one_of(*FEATURES), "特征名"),
        Col("woe", "none", Float(53), plain(lambda r: round(r.gauss(0, 1), 6)), "证据权重"),
        Col("score", "none", Integer(), between(300, 950), "评分"),
        Col("threshold", "none", Numeric(8, 4), plain(lambda r: round(r.random(), 4)), "阈值"),
        Col("model_version", "none", String(20), plain(noise.version), "模型版本"),
        Col("model_sha256", "none", String(64), plain(keys.sha256), "模型文件摘要", alternatives=("password_hash",)),
        Col("decision", "none", String(10), one_of("通过", "拒绝", "人工"), "决策"),
        Col("calc_date", "date", String(20), plain(moments.iso_day), "计算日期"),
    ),
)  # fmt: skip

SOURCES = Tab(
    "data_source_config", "数据源配置表", 400,
    (
        Col("id", "none", Integer(), serial, "主键", key=True),
        Col("source_name", "none", String(40), plain(lambda r: f"ds_{r.choice(SYSTEMS)}_{r.randint(1, 99)}"), "数据源名称"),
        Col("jdbc_url", "jdbc_url", String(300), plain(machines.jdbc_url), "数据库连接串", LIGHT),
        Col("db_user", "username", String(40), plain(people.username), "数据库用户名"),
        Col("db_password", "password", String(40), plain(people.password), "数据库口令"),
        Col("access_key", "secret_key", String(80), plain(keys.secret_key), "访问密钥", filled=0.6),
        Col("host_ip", "ipv4", String(40), plain(machines.ipv4), "服务器IP"),
        Col("private_key", "private_key", Text(), plain(keys.private_key), "私钥", filled=0.4),
        Col("cron", "none", String(40), one_of("0 0 2 * * ?", "0 */5 * * * ?", "0 30 6 ? * MON-FRI"), "调度表达式"),
        Col("remark", "none", String(200), plain(noise.sentence), "备注"),
    ),
)  # fmt: skip

PCA = Tab(
    "pca_transactions", "主成分脱敏交易", 20_000,
    (
        Col("time", "none", Integer(), lambda r, row: row.index * 8 + r.randint(0, 7)),
        *(component(place) for place in range(1, 29)),
        Col("amount", "none", Numeric(12, 2), plain(money.amount)),
        Col("class", "none", SmallInteger(), one_of(0, 1, weights=(99.8, 0.2))),
    ),
)  # fmt: skip

TABLES = (DEVICE, LOGIN, PAYMENT, BLACKLIST, SCORECARD, SOURCES, PCA)
