"""A population and enterprise register whose columns have pinyin names."""

from __future__ import annotations

from datetime import datetime
from random import Random

from sqlalchemy import BigInteger, Date, DateTime, Integer, LargeBinary, Numeric, SmallInteger, String

from . import lists, machines, moments, papers, people, places
from . import plain as noise
from .table import HEAVY, LIGHT, NULLS, Col, Row, Tab, between, of, one_of, plain, serial


def word(row: Row) -> str:
    """The gender that goes into name and number."""
    return "男" if row["xb"] == "1" else "女"


def own_number(r: Random, row: Row) -> object:
    """The number holds the birth date and the gender of its owner."""
    return papers.id_card_of(r, datetime.strptime(str(row["csrq"]), "%Y%m%d").date(), word(row))


def division(field: int) -> Col:
    """One column of the division dictionary, in the order of the codes."""
    names = ("dm", "sfmc", "csmc", "qxmc")
    types = ("none", "province", "city", "none")
    also = (("province", "city"), (), ("none",), ("city", "address"))
    comments = ("行政区划代码", "省份名称", "城市名称", "区县名称")
    return Col(
        names[field], types[field], String(60), lambda _r, row: lists.counties()[row.index - 1][field] or None, comments[field],
        alternatives=also[field], key=field == 0,
    )  # fmt: skip


def driver_number(r: Random, row: Row) -> object:
    """A driving licence bears the citizen number."""
    return row.pick(r, "rk_jbxx")["gmsfhm"]


PERSON = Tab(
    "rk_jbxx", "人口基本信息表", 1500,
    (
        Col("rybh", "none", BigInteger(), serial, "人员编号", key=True),
        Col("xb", "gender", String(1), plain(people.gender_code), "性别", LIGHT),
        Col("xm", "person_name", String(60), lambda r, row: people.name_of(r, word(row)), "姓名", LIGHT),
        Col("cym", "person_name", String(60), plain(people.han_name), "曾用名", filled=0.1),
        Col("mz", "ethnicity", String(20), plain(people.ethnicity), "民族", LIGHT),
        Col("mzdm", "ethnicity", String(2), plain(people.ethnicity_code), "民族代码", LIGHT),
        Col("csrq", "birth_date", String(8), lambda r, row: f"{papers.born(r):%Y%m%d}", "出生日期", LIGHT, alternatives=("date",)),
        Col("gmsfhm", "id_card", String(36), own_number, "公民身份号码", HEAVY),
        Col("jg", "province", String(20), plain(places.province_full), "籍贯", LIGHT),
        Col("hjdz", "address", String(200), plain(places.address), "户籍地址", LIGHT),
        Col("xzz", "address", String(200), plain(places.detail), "现住址", LIGHT),
        Col("lxdh", "mobile_phone", String(40), plain(places.mobile), "联系电话", HEAVY),
        Col("whcd", "education", String(20), plain(people.education), "文化程度", LIGHT),
        Col("hyzk", "marital_status", String(10), plain(people.marital_status), "婚姻状况", LIGHT),
        Col("zjxy", "religion", String(20), plain(people.religion), "宗教信仰", NULLS),
        Col("xx", "blood_type", String(6), plain(people.blood_type), "血型", LIGHT, filled=0.6),
        Col("zy", "none", String(40), plain(lambda r: r.choice(noise.JOBS)), "职业"),
        Col("gzdw", "company_name", String(120), plain(places.company), "工作单位", LIGHT, filled=0.6),
        Col("nl", "age", SmallInteger(), plain(people.age), "年龄"),
        Col("yzbm", "postcode", String(10), plain(places.postcode), "邮政编码", LIGHT),
        Col("jzzp", "image", LargeBinary(), plain(machines.png), "居住证照片", filled=0.5),
        Col("czr", "person_name", String(60), plain(people.han_name), "操作人姓名", LIGHT),
        Col("cjsj", "date", DateTime(), plain(moments.moment), "创建时间"),
        Col("scbz", "none", String(1), one_of("0", "1", weights=(98, 2)), "删除标志"),
    ),
)  # fmt: skip

PAPER = Tab(
    "rk_zjxx", "证件信息表", 900,
    (
        Col("zjbh", "none", BigInteger(), serial, "证件信息主键", key=True),
        Col("xm", "person_name", String(60), plain(people.han_name), "姓名"),
        Col("hzhm", "passport", String(20), plain(papers.passport), "护照号码", LIGHT, filled=0.7),
        Col("gatxzh", "hk_macau_permit", String(20), plain(papers.hk_macau_permit), "港澳通行证号", LIGHT, filled=0.5),
        Col("tbzh", "tw_permit", String(20), plain(papers.tw_permit), "台胞证号", filled=0.3),
        Col("jgzh", "military_officer_id", String(40), plain(papers.military_officer_id), "军官证号", LIGHT, filled=0.4),
        Col("jszh", "driver_license", String(36), driver_number, "驾驶证号", filled=0.6, alternatives=("id_card",)),
        Col("jsdabh", "driver_license", String(20), plain(papers.driver_license_archive), "驾驶证档案编号", filled=0.6),
        Col("sbkh", "social_security_no", String(20), plain(papers.social_security_card), "社保卡号", LIGHT),
        Col("yjzh", "foreigner_permanent_id", String(20), plain(papers.foreigner_permanent_id), "永居证号", filled=0.2),
        Col("qfjg", "none", String(60), lambda r, row: f"{places.county(r)}公安局", "签发机关", alternatives=("company_name",)),
        Col("qfrq", "date", String(20), plain(moments.dots), "签发日期", LIGHT),
        Col("zjzt", "none", String(4), one_of("1", "2", "9"), "证件状态"),
    ),
)  # fmt: skip

ENTERPRISE = Tab(
    "qy_jbxx", "企业基本信息表", 900,
    (
        Col("qybh", "none", BigInteger(), serial, "企业编号", key=True),
        Col("qymc", "company_name", String(120), plain(places.company), "企业名称", LIGHT),
        Col("tyshxydm", "uscc", String(36), plain(papers.uscc), "统一社会信用代码", HEAVY),
        Col("zzjgdm", "org_code", String(20), plain(papers.org_code_plain), "组织机构代码", LIGHT),
        Col("zch", "business_license", String(30), plain(papers.business_license), "工商注册号", LIGHT),
        Col("nsrsbh", "tax_registration", String(30), plain(papers.tax_registration), "纳税人识别号", LIGHT),
        Col("fddbr", "person_name", String(60), plain(people.han_name), "法定代表人", LIGHT),
        Col("fddbrzjh", "id_card", String(36), plain(papers.id_card), "法定代表人证件号", HEAVY),
        Col("zcdz", "address", String(200), plain(places.work_address), "注册地址", LIGHT),
        Col("jyfw", "none", String(200), plain(lambda r: "、".join(r.sample(noise.PRODUCTS, 3)) + "的销售；技术服务。"), "经营范围"),
        Col("zczb", "none", Numeric(16, 2), plain(lambda r: r.randint(1, 900) * 100000), "注册资本"),
        Col("clrq", "date", Date(), plain(moments.day), "成立日期"),
        Col("djjg", "company_name", String(80), plain(places.office), "登记机关", alternatives=("none",)),
        Col("lxdh", "landline_phone", String(40), plain(places.landline), "联系电话", LIGHT, alternatives=("mobile_phone",)),
        Col("dzyx", "email", String(80), plain(people.email), "电子邮箱", LIGHT),
        Col("hylx", "none", String(60), plain(lambda r: r.choice(noise.INDUSTRIES)), "行业类型"),
        Col("cyrs", "none", Integer(), between(1, 2000), "从业人数"),
        Col("qyzt", "none", String(10), one_of("存续", "注销", "吊销", weights=(80, 15, 5)), "企业状态"),
        Col("jd", "coordinates", String(20), plain(places.longitude), "经度"),
        Col("wd", "coordinates", String(20), plain(places.latitude), "纬度"),
    ),
)  # fmt: skip

VEHICLE = Tab(
    "jdc_djxx", "机动车登记信息表", 800,
    (
        Col("djbh", "none", BigInteger(), serial, "登记编号", key=True),
        Col("hphm", "license_plate", String(20), plain(papers.license_plate), "号牌号码", HEAVY),
        Col("clsbdm", "vin", String(40), plain(papers.vin), "车辆识别代码", HEAVY),
        Col("fdjh", "none", String(20), plain(lambda r: r.choice("ABCEGHJ") + str(r.randint(10**6, 10**7 - 1))), "发动机号"),
        Col("clpp", "none", String(20), one_of("大众", "比亚迪", "丰田", "吉利", "长安", "红旗"), "车辆品牌"),
        Col("csys", "none", String(10), one_of(*noise.COLOURS), "车身颜色"),
        Col("czxm", "person_name", String(60), plain(people.han_name), "车主姓名", LIGHT),
        Col("czsfzh", "id_card", String(36), of("rk_jbxx", "gmsfhm"), "车主身份证号"),
        Col("czdh", "mobile_phone", String(40), plain(places.mobile), "车主手机号", LIGHT),
        Col("djrq", "date", String(20), plain(moments.compact), "登记日期", LIGHT, alternatives=("none",)),
        Col("hpzl", "none", String(2), one_of("01", "02", "52"), "号牌种类"),
    ),
)  # fmt: skip

APPROVAL = Tab(
    "xzsp_bjxx", "行政审批办件信息表", 1000,
    (
        Col("bjbh", "none", String(24), lambda r, row: f"BJ2023{row.index:08d}", "办件编号", key=True),
        Col("sxmc", "none", String(80), one_of(*noise.ITEMS), "事项名称"),
        Col("wh", "none", String(40), plain(noise.document_no), "文号"),
        Col("slbh", "none", String(24), plain(noise.file_no), "受理编号"),
        Col("sqr", "person_name", String(60), plain(people.han_name), "申请人", LIGHT),
        Col("sqrzjhm", "id_card", String(36), plain(papers.id_card), "申请人证件号码", HEAVY),
        Col("sqrdh", "mobile_phone", String(40), plain(places.mobile), "申请人手机号码", LIGHT),
        Col("blks", "none", String(40), one_of("窗口受理科", "综合审批科", "市场准入科", "投资建设科"), "办理科室"),
        Col("blzt", "none", String(10), one_of("受理", "办结", "退件"), "办理状态"),
        Col("sqsj", "date", String(30), plain(moments.iso), "申请时间", LIGHT),
        Col("bz", "none", String(200), plain(noise.sentence), "备注", NULLS),
    ),
)  # fmt: skip

DIVISIONS = Tab("dm_xzqh", "行政区划代码表", 1400, tuple(division(field) for field in range(4)))

TABLES = (PERSON, PAPER, ENTERPRISE, VEHICLE, APPROVAL, DIVISIONS)
