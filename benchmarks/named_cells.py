"""Makers of the named schemas: a short key, the label its columns usually deserve, and the cells."""

from __future__ import annotations

import json
from random import Random

from benchmarks import negatives as neg
from benchmarks import number_cells as num
from benchmarks import people_cells as people
from benchmarks.database import Factory, each, styles, words
from benchmarks.hard_columns import masked
from benchmarks.people_cells import digits

GIVEN = people.fake("first_name", "en_US", "de_DE")
FAMILY = people.fake("last_name", "en_US", "de_DE")
WESTERN = people.fake("name", "en_US", "de_DE")


def ids(_r: Random, n: int) -> list[object]:
    """1, 2, 3 ..."""
    return list(range(1, n + 1))


def counts(r: Random, n: int) -> list[object]:
    """Whole numbers, long-tailed."""
    mu = r.uniform(2, 8)
    return [int(r.lognormvariate(mu, 1.2)) for _ in range(n)]


def small(r: Random, n: int) -> list[object]:
    """Up to some dozens."""
    top = r.choice((5, 9, 12, 30, 60))
    return [r.randint(0, top) for _ in range(n)]


def references(r: Random, n: int) -> list[object]:
    """Foreign keys."""
    top = r.choice((20, 100, 900, 5000))
    return [r.randint(1, top) for _ in range(n)]


def status(r: Random, n: int) -> list[object]:
    """A digit, as number or text."""
    top, text = r.randint(2, 7), r.random() < 0.5
    return [str(v) if text else v for v in r.choices(range(top), k=n)]


def measured(r: Random, n: int) -> list[object]:
    """Floats with one to three decimals."""
    centre, places = r.choice((1, 20, 36.8, 220)), r.randint(1, 3)
    return [round(r.gauss(centre, centre / 4), places) for _ in range(n)]


def prices(r: Random, n: int) -> list[object]:
    """Numbers with cents."""
    mu = r.uniform(2, 5)
    return [round(r.lognormvariate(mu, 0.9), 2) for _ in range(n)]


def remarks(r: Random, n: int) -> list[object]:
    """Mostly empty."""
    return [r.choice(neg.SENTENCES) if r.random() < 0.35 else r.choice((None, "")) for _ in range(n)]


def nothing(_r: Random, n: int) -> list[object]:
    """Empty text."""
    return [""] * n


def dates_iso(r: Random, n: int) -> list[object]:
    """One of the usual forms of a day."""
    form = r.choice(("%Y-%m-%d", "%Y-%m-%d", "%Y/%m/%d", "%Y-%m-%d 00:00:00"))
    return [num.moment(r).strftime(form) for _ in range(n)]


def moments(r: Random, n: int) -> list[object]:
    """One of the usual forms of a second, some missing."""
    form = r.choice(("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.000", "%Y-%m-%dT%H:%M:%S", "%Y/%m/%d %H:%M"))
    return [num.moment(r).strftime(form) if r.random() < 0.97 else None for _ in range(n)]


def mixed_phone(r: Random) -> str:
    """Mobile or fixed."""
    return people.mobile(r) if r.random() < 0.7 else people.landline(r)


def genders(r: Random, n: int) -> list[object]:
    """Codes as text or number."""
    text = r.random() < 0.6
    return [str(v) if text else v for v in r.choices((1, 2, 0), (50, 48, 2), k=n)]


def western_address(r: Random, n: int) -> list[object]:
    """On one line."""
    return people.fake("address", "en_US", "de_DE")(r, n)


def documents(r: Random, n: int) -> list[object]:
    """Request parameters without persons."""
    return [
        json.dumps({r.choice(neg.NOUNS) + "Id": r.randint(1, 999), "pageNum": r.randint(1, 9), "status": str(r.randint(0, 2))})
        for _ in range(n)
    ]


def settings(r: Random, n: int) -> list[object]:
    """Values of a configuration."""
    return [
        r.choice(("true", "false", "30", "100", "skin-blue", "utf-8", "/opt/app", "INFO", "light", "10MB", str(r.randint(1, 9999))))
        for _ in range(n)
    ]


def hexes(size: int) -> Factory:
    """Hex of one length."""
    return each(lambda r: num.pick(r, "0123456789abcdef", size))


def short_codes(size: int) -> Factory:
    """Capitals and digits."""
    return each(lambda r: num.pick(r, "ABCDEFGHJKLMNPQRSTUVWXYZ23456789", size))


PEOPLE: dict[str, tuple[str, Factory]] = {
    "name": ("person_name", people.fake("name", "zh_CN")), "wname": ("person_name", WESTERN), "fname": ("person_name", GIVEN), "lname": ("person_name", FAMILY),
    "mobile": ("mobile_phone", each(people.mobile)), "tel": ("landline_phone", each(people.landline)), "mixphone": ("mobile_phone|landline_phone", each(mixed_phone)),
    "intl": ("mobile_phone|landline_phone", each(people.national_phone)), "hotline": ("landline_phone|none", each(people.service_phone)),
    "email": ("email", each(people.email)), "addr": ("address", styles(people.full_address, people.full_address, people.village_address)),
    "addrfrag": ("address", each(people.fragment)), "waddr": ("address", western_address), "wstreet": ("address", people.fake("street_address", "en_US", "de_DE")),
    "apt": ("address|none", each(lambda r: f"Apt. {r.randint(1, 900)}")), "gender": ("gender", words("男", "女")), "genderc": ("gender", genders),
    "genderm": ("gender", words("M", "F")), "bdate": ("birth_date|date", each(num.birth_iso)), "bdatec": ("birth_date|date", each(lambda r: f"{people.birth(r):%Y%m%d}")),
    "nation": ("ethnicity", each(people.ethnic)), "nationc": ("ethnicity", each(lambda r: "01" if r.random() < 0.8 else f"{r.randint(2, 56):02d}")),
    "marr": ("marital_status", words("未婚", "已婚", "离异", "丧偶")), "marrc": ("marital_status", words("10", "20", "30", "40")), "wmarr": ("marital_status", words("Single", "Married", "Divorced", "Widowed")),
    "edu": ("education", words("博士", "硕士", "本科", "大专", "高中", "中专", "初中")), "educ": ("education", words("10", "20", "30", "40", "60")),
    "wedu": ("education", words("Bachelor", "Master", "PhD", "High School", "Associate")), "degree": ("education|none", words("学士", "硕士", "博士", "无")),
    "relig": ("religion", words("无", "佛教", "道教", "基督教", "伊斯兰教", "天主教")), "blood": ("blood_type", styles(lambda r: r.choice(("A", "B", "O", "AB")), lambda r: r.choice(("A型", "B型", "O型", "AB型")))),
    "age": ("age", each(lambda r: r.randint(18, 80))), "salary": ("salary", each(lambda r: r.randint(30, 500) * 100)), "post": ("postcode", each(lambda r: r.choice(people.DIVISIONS)[:2].replace("11", "10") + digits(r, 4))),
    "wzip": ("postcode", people.fake("postcode", "en_US", "de_DE")), "prov": ("province", styles(people.place(0), people.place(0, short=True))), "city": ("city", styles(people.place(1), people.place(1, short=True))),
    "provshort": ("province|none", each(people.place(0, short=True))), "dist": ("none|city|address", each(people.place(2))), "wcity": ("city", words("Berlin", "London", "Chicago", "Paris", "Hamburg", "Boston", "Madrid", "Vienna", "Toronto", "Sydney", "Munich", "Houston")),
    "wstate": ("province|none", people.fake("state", "en_US")), "qq": ("qq", each(lambda r: str(r.randint(10**6, 3 * 10**9)))), "wx": ("wechat_id", styles(num.wxid, people.wechat)),
    "openid": ("wechat_id|none", each(lambda r: "o" + num.pick(r, num.BASE64URL, 27))), "login": ("username", each(people.login)), "loginadmin": ("username|none", words("admin", "liwei", "zhangsan", "root", "ops01", "test", "wangf")),
    "nick": ("username|none", each(lambda r: r.choice(("追风少年", "小确幸", "CoolBoy", "夏天的风", "不吃鱼的猫", "月亮", "爱喝奶茶", "Luna")) + r.choice(("", str(r.randint(1, 999)))))),
    "pwdplain": ("password", each(people.weak_password)), "pwd6": ("password|none", each(lambda r: digits(r, 6))), "diag": ("health", each(people.diagnosis)), "icd": ("health", each(people.icd)),
    "complaint": ("health|none", words("头痛三天", "咳嗽咳痰一周", "腹痛伴恶心", "胸闷气短", "发热两天", "腰痛半年")), "blh": ("health|none", each(lambda r: "BL" + digits(r, 8))), "mzh": ("health|none", each(lambda r: f"MZ{r.randint(18, 24)}{digits(r, 7)}")),
    "drug": ("none|health", words("阿莫西林胶囊", "布洛芬缓释片", "盐酸二甲双胍片", "硝苯地平片", "头孢克肟", "板蓝根颗粒", "奥美拉唑")), "company": ("company_name", each(people.company)), "wcompany": ("company_name", each(people.western_company)),
    "school": ("company_name|none", words(*neg.SCHOOLS)), "hospital": ("company_name|none", words("市第一人民医院", "协和医院", "省中医院", "妇幼保健院", "华西医院")), "org": ("none|company_name", words("海淀分局", "城关派出所", "市公安局", "市场监督管理局", "民政局", "街道办事处")),
    "bankname": ("none|company_name", words("中国工商银行", "中国银行北京分行", "招商银行深圳支行", "建设银行", "农业银行杭州分行", "交通银行")), "community": ("none|address", words(*people.COMMUNITIES)),
    "lng": ("coordinates", each(lambda r: round(r.uniform(100, 123), 6))), "lat": ("coordinates", each(lambda r: round(r.uniform(21, 43), 6))), "coord": ("coordinates", each(people.coordinates)),
    "maskname": ("none|person_name", each(lambda r: r.choice("王李张刘陈赵") + r.choice(("*", "**")))), "stuno": ("none", each(lambda r: f"20{r.randint(15, 23)}{digits(r, 6)}")),
}  # fmt: skip

NUMBERS: dict[str, tuple[str, Factory]] = {
    "idcard": ("id_card", each(num.id_card)), "pass": ("passport", each(num.passport)), "permit": ("hk_macau_permit", each(num.permit)), "twp": ("tw_permit", each(lambda r: digits(r, 8))), "mil": ("military_officer_id", each(num.military)),
    "hkid": ("hk_id", each(num.hk_id)), "ssn": ("us_ssn", each(num.ssn)), "social": ("social_security_no", each(lambda r: r.choice("ABCDEFGH") + digits(r, 8))), "driver": ("driver_license|id_card", each(num.id_card)),
    "dabh": ("driver_license|none", each(lambda r: r.choice(people.DIVISIONS)[:4] + digits(r, 8))), "plate": ("license_plate", each(num.plate)), "vin": ("vin", each(num.vin)), "uscc": ("uscc", each(num.uscc)), "orgc": ("org_code", each(num.org_code)),
    "lic": ("business_license", each(num.business_license)), "tax": ("tax_registration", each(num.tax_registration)), "bank": ("bank_card", each(num.bank_card)), "visa": ("bank_card", each(num.visa)), "maskcard": ("bank_card|none", each(lambda r: masked(num.bank_card(r), 6, 4))),
    "acct": ("bank_account", each(lambda r: r.choice("123") + digits(r, 16))), "swift": ("swift_bic", each(num.swift)), "iban": ("iban", each(num.iban)), "cvv": ("cvv", each(lambda r: digits(r, 3))), "exp": ("card_expiry", each(lambda r: f"{r.randint(1, 12):02d}/{r.randint(24, 32)}")),
    "ip": ("ipv4", styles(num.ipv4, num.ipv4_private)), "ipv6": ("ipv6", each(num.ipv6)), "mac": ("mac_address", styles(num.mac(":"), num.mac("-"))), "imei": ("imei", each(num.imei)), "imsi": ("imsi", each(num.imsi)), "iccid": ("iccid", each(num.iccid)),
    "device": ("device_id", styles(num.serial, lambda r: num.pick(r, "0123456789abcdef", 16))), "serialn": ("device_id|none", each(num.serial)), "bcrypt": ("password_hash", each(num.bcrypt)), "md5": ("password_hash", each(num.md5)), "sha256": ("password_hash", each(num.sha256)),
    "jwt": ("jwt", each(num.jwt)), "secret": ("secret_key", each(num.secret)), "pk": ("private_key", each(num.private_key)), "jdbc": ("jdbc_url", each(num.jdbc)), "url": ("url", each(num.url)), "pic": ("image|url", each(num.picture)),
    "picjson": ("image|url|none", each(lambda r: json.dumps([num.picture(r), num.picture(r)]))), "urlpdf": ("url", each(lambda r: f"https://oss.{num.pick(r, 'abcdefgh', 5)}.com/{num.pick(r, '0123456789abcdef', 12)}.pdf")),
    "urlhost": ("none|url", each(lambda r: f"www.{num.pick(r, 'abcdefgh', 6)}.com")), "date": ("date", dates_iso), "dt": ("date", moments), "datec": ("none|date", each(num.dated("%Y%m%d"))), "ym": ("none|date", each(num.dated("%Y-%m"))),
    "epochms": ("none|date", each(lambda r: int(num.moment(r).timestamp() * 1000))), "epoch": ("none|date", each(lambda r: int(num.moment(r).timestamp()))), "hhmm": ("none|date", each(lambda r: f"{r.randint(0, 23):02d}:{r.randint(0, 59):02d}")),
    "ext": ("none|landline_phone", each(lambda r: digits(r, 4))), "areacode": ("none|landline_phone", words("010", "021", "0571", "0755", "025")), "puk": ("none|password", each(lambda r: digits(r, 8))), "vatno": ("tax_registration|none", each(lambda r: "DE" + digits(r, 9))),
    "bbacct": ("username|none", each(lambda r: "ad0571" + digits(r, 8))), "codes6": ("none|province|city|postcode", words(*people.DIVISIONS)),
}  # fmt: skip


def _none(**known: Factory) -> dict[str, tuple[str, Factory]]:
    return {key: ("none", factory) for key, factory in known.items()}


def _words(**known: str) -> dict[str, tuple[str, Factory]]:
    """Split at blanks."""
    return {key: ("none", words(*text.split(" "))) for key, text in known.items()}


PLAIN: dict[str, tuple[str, Factory]] = {
    **_none(
        id=ids, num=references, sid=neg.snowflake(60), snow=neg.snowflake(60), uuid=neg.uuids, flag=neg.flags, flagyn=words("Y", "N"), status=status, codes=neg.codes, sort=small, small=small, count=counts, float=measured,
        price=prices, amount=prices, rate=each(lambda r: round(r.random(), 4)), pct=each(lambda r: round(r.uniform(0, 100), 1)), score=each(lambda r: r.randint(40, 100)), year=each(lambda r: r.randint(1985, 2024)), seq=neg.sequence(1000, 3), negint=each(lambda r: -r.randint(30, 110)),
        remark=remarks, text=neg.text_blocks, sentence=words(*neg.SENTENCES), wsentence=people.fake("sentence", "en_US"), wtext=people.fake("paragraph", "en_US"), wtitle=people.fake("catch_phrase", "en_US"), html=each(lambda r: f"<p>{r.choice(neg.SENTENCES)}</p>"), empty=nothing,
        statuszh=words(*neg.STATUS_ZH), statusen=words(*neg.STATUS_EN), dept=words(*neg.DEPARTMENTS), job=words(*neg.JOBS), wjob=people.fake("job", "en_US"), role=words(*neg.ROLES), book=words(*neg.TITLES), titlezh=words(*neg.TITLES), subject=words(*neg.SUBJECTS), dish=words(*neg.DISHES),
        brand=words(*neg.BRANDS), color=words(*neg.COLOURS), category=words(*neg.CATEGORIES), menuname=words(*neg.MENU), fruit=words(*neg.FRUIT), unit=words(*neg.UNITS), sizes=words(*neg.SIZES), level=words(*neg.LEVELS), days=words(*neg.DAYS), noun=words(*neg.NOUNS), wnoun=words(*neg.NOUNS),
        logtext=words(*neg.LOGS), lang=words(*neg.LANGUAGES), currency=words(*neg.CURRENCIES), zone=words(*neg.ZONES), mime=words(*neg.MIMES), icon=words(*neg.ICONS), class_java=each(lambda r: f"{r.choice(neg.PACKAGES)}.{r.choice(neg.NOUNS).title()}Service"), cron=each(neg.cron), version=neg.versions,
        orderno=neg.dated_order, sku=neg.product_codes, docno=neg.document_numbers, ean=each(neg.ean), isbn=people.fake("isbn13", "en_US"), json=documents, cval=settings, ua=people.fake("user_agent", "en_US"), country=words(*neg.COUNTRIES), colorhex=people.fake("hex_color", "en_US"),
        perms=each(lambda r: f"{r.choice(neg.NOUNS)}:{r.choice(neg.NOUNS)}:{r.choice(neg.PERMS)}"), path=each(lambda r: f"/{r.choice(neg.NOUNS)}/{r.choice(neg.NOUNS)}/{r.choice(neg.PERMS)}"), ckey=each(lambda r: f"{r.choice(neg.NOUNS)}.{r.choice(neg.NOUNS)}.{r.choice(('timeout', 'skin', 'enabled', 'size'))}"),
        i18n=each(lambda r: f"menu.{r.choice(neg.NOUNS)}.{r.choice(neg.NOUNS)}"), slug=each(lambda r: "-".join(r.choices(neg.NOUNS, k=3))), tablename=each(lambda r: f"{r.choice(('t', 'sys', 'biz'))}_{r.choice(neg.NOUNS)}_{r.choice(neg.NOUNS)}"), idpath=each(lambda r: f"0,{r.randint(1, 9)},{r.randint(10, 99)}"),
        file=each(lambda r: f"{r.choice(neg.NOUNS)}_{r.randint(1, 999)}.{r.choice(('pdf', 'docx', 'xlsx', 'zip'))}"), trackno=each(lambda r: r.choice(("SF", "YT", "JT")) + digits(r, 13)), empno=each(lambda r: f"E{digits(r, 5)}"), tno=each(lambda r: f"T{digits(r, 6)}"), polno=each(lambda r: "P" + digits(r, 14)),
        contractno=each(lambda r: f"HT-{r.randint(2018, 2024)}-{digits(r, 4)}"), engine=each(lambda r: num.pick(r, "ABCDEFGHJ", 1) + digits(r, 7)), certno=each(lambda r: f"{r.randint(2005, 2023)}{digits(r, 12)}"), cnaps=each(lambda r: r.choice(("102", "103", "104", "105", "308")) + digits(r, 9)),
        room=each(lambda r: f"{r.randint(1, 28)}{r.randint(1, 30):02d}"), shelf=each(lambda r: f"{r.choice('ABCDEF')}{r.randint(1, 20):02d}-{r.randint(1, 30):02d}"), callno=each(lambda r: f"{r.choice('TIOGK')}{r.randint(100, 999)}.{r.randint(1, 99)}/{r.randint(1, 999)}"), approval=each(lambda r: f"国药准字{r.choice('HZS')}{digits(r, 8)}"),
        pycode=each(lambda r: num.pick(r, "abcdefghjklmnpqrstwxyz", r.randint(2, 5))), hex8=hexes(8), hex16=hexes(16), hex20=hexes(20), hex32=hexes(32), hexlong=hexes(48), code6=short_codes(6), code10=short_codes(10), b32=short_codes(32), b64=each(lambda r: num.pick(r, num.ALNUM, 24)), b64long=each(lambda r: "MFww" + num.pick(r, num.ALNUM, 120)),
        digits8=each(lambda r: digits(r, 8)), digits10=each(lambda r: str(r.randint(1, 9)) + digits(r, 9)), flight=each(lambda r: r.choice(("CA", "MU", "CZ", "LH")) + digits(r, 4)), range=each(lambda r: f"{r.randint(1, 9)}.{r.randint(0, 9)}-{r.randint(10, 99)}"), icode=each(lambda r: f"L{digits(r, 4)}"), orgno=each(lambda r: f"D{digits(r, 4)}"),
        schoolcode=each(lambda r: "41" + digits(r, 8)), term=each(lambda r: f"{r.randint(2018, 2023)}-{r.randint(1, 2)}"), section=each(lambda r: f"{r.choice((1, 3, 5, 7))}-{r.choice((2, 4, 6, 8))}节"), **{"class": each(lambda r: f"{r.choice(('计算机', '软件', '会计', '护理'))}{r.randint(1, 6)}班")}, grade=each(lambda r: f"{r.randint(2016, 2023)}级"),
        brandmodel=each(lambda r: f"{r.choice(('HG', 'XM', 'PRO', 'Model'))}-{r.choice('ABCX')}{r.randint(10, 999)}"), cert=each(lambda r: f"-----BEGIN CERTIFICATE-----\n{num.pick(r, num.ALNUM, 120)}\n-----END CERTIFICATE-----"), specline=each(lambda r: f"颜色:{r.choice(neg.COLOURS)};尺码:{r.choice(neg.SIZES)}"), formula=each(lambda r: f"a{r.randint(1, 9)} * {r.randint(1, 99)} + b"),
        sqltext=each(lambda r: f"select count(*) from {r.choice(neg.NOUNS)} where status = {r.randint(0, 3)}"), css=words("primary", "default", "danger", "info", "label-success", "btn-sm", "text-center"), spec=each(lambda r: f"{r.choice((5, 10, 50, 250))}mg*{r.choice((10, 20, 24))}片"), bizname=each(lambda r: f"{r.choice(('办公设备', '系统集成', '年度维保', '软件'))}{r.choice(('采购', '升级', '续约'))}项目{r.randint(1, 9)}期"),
        devname=each(lambda r: f"{r.choice(('温湿度传感器', '智能电表', '摄像头', '网关'))}{r.randint(1, 99):02d}号"),
    ),
    **_words(
        title="主任医师 副主任医师 主治医师 住院医师", relation="父母 配偶 子女 朋友 同事", insurtype="城镇职工 城乡居民 自费 公费", regtype="普通号 专家号 急诊号", ampm="上午 下午 晚上 早班 中班", paytype="微信 支付宝 现金 银行卡 医保", paytypeen="BANK CHECK CASH",
        clinic="一诊区 二诊区 内科病区 外科三病区", dosage="片剂 胶囊剂 注射剂 颗粒剂", labitem="白细胞计数 血红蛋白 谷丙转氨酶 血糖 尿酸 肌酐", labunit="g/L mmol/L U/L 10^9/L", specimen="全血 血清 尿液", outcome="治愈 好转 未愈 正常赔付 拒赔", party="群众 共青团员 中共党员", coursetype="必修 选修 公办 民办",
        leavetype="ANNUAL SICK UNPAID PARENTAL", industry="制造业 互联网 金融 教育 医疗 房地产 零售", channel="官网 电话 展会 微信 APP 线下", hobby="篮球 旅游 摄影 阅读 钓鱼", followtype="电话 拜访 微信 邮件", servtype="标快 特快 次日达", vtype="厢式货车 面包车 牵引车", brandcar="大众 丰田 比亚迪 吉利 福特 解放",
        insurprod="安心重疾险 一年期意外险 终身寿险 少儿教育金", team="雄鹰团队 卓越一部 先锋组", planname="畅享59套餐 5G冰激凌129 家庭融合套餐", nettype="4G 5G 3G NB", apn="cmnet 3gnet ctnet ims", bandwidth="100M 300M 1000M", matter="食品经营许可 户口迁移 公司设立登记 不动产转移登记", housetype="三室两厅 两室一厅 一室一厅",
        httpm="GET POST PUT DELETE", fileext="pdf docx png xlsx zip", font="Arial Helvetica 微软雅黑 宋体", sitename="技术博客 开源中国 前端周刊 后端笔记", protocol="MQTT CoAP HTTP Modbus", alarmname="温度过高 离线告警 电量低 信号弱", osname="Linux Windows10 Android iOS macOS", algo="SHA256withRSA MD5", summary="转账 消费 工资 利息 退款", licclass="C1 C2 B2 A1",
        gearbox="自动 手动", oiltype="92号 95号 柴油 纯电", repair="更换机油 四轮定位 更换刹车片 钣金喷漆", couponname="新人券 满减券 周末特惠 国庆活动", roomtype="标准间 大床房 豪华套房 家庭房", bedtype="大床 双床 圆床", viewtype="海景 城景 园景", itemdesc="房费 早餐 洗衣 迷你吧", outlet="西餐厅 大堂吧 健身房", dishcat="热菜 凉菜 汤 主食",
        wdept="Finance Engineering Sales Marketing Legal Support",
        browser="Chrome Firefox Safari Edge", admin="admin system ry", material="纯棉 不锈钢 陶瓷 真皮", constell="白羊座 金牛座 双子座 狮子座", product="蓝牙音箱 羽绒服 扫地机器人 电热水壶 儿童自行车 无线鼠标 白酒礼盒 金骏眉红茶", site="浦东营业部 城南网点 北京海淀分拨中心 首都机场店 火车东站店 黄河路门店",
    ),
}  # fmt: skip

MAKERS: dict[str, tuple[str, Factory]] = {**PEOPLE, **NUMBERS, **PLAIN, "site": ("none|address|company_name", PLAIN["site"][1])}
