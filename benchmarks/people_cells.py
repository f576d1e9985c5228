"""Cells about people and places, from Faker's locales and own lists: another source than `sample_dbs`."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from benchmarks.database import Factory

PLACES = [
    line.split()
    for line in """北京市 北京市 海淀区|北京市 北京市 丰台区|上海市 上海市 浦东新区|上海市 上海市 徐汇区|天津市 天津市 南开区|重庆市 重庆市 渝中区
河北省 石家庄市 长安区|河北省 唐山市 路南区|山西省 太原市 小店区|辽宁省 沈阳市 和平区|辽宁省 大连市 沙河口区|吉林省 长春市 朝阳区|黑龙江省 哈尔滨市 南岗区
江苏省 南京市 鼓楼区|江苏省 苏州市 吴中区|江苏省 无锡市 梁溪区|浙江省 杭州市 余杭区|浙江省 宁波市 鄞州区|浙江省 温州市 鹿城区|安徽省 合肥市 蜀山区
福建省 福州市 台江区|福建省 厦门市 思明区|江西省 南昌市 东湖区|山东省 济南市 历下区|山东省 青岛市 崂山区|河南省 郑州市 金水区|湖北省 武汉市 洪山区
湖南省 长沙市 岳麓区|广东省 广州市 天河区|广东省 深圳市 福田区|广东省 东莞市 南城街道|广西壮族自治区 南宁市 青秀区|海南省 海口市 龙华区
四川省 成都市 武侯区|四川省 绵阳市 涪城区|贵州省 贵阳市 观山湖区|云南省 昆明市 盘龙区|陕西省 西安市 雁塔区|甘肃省 兰州市 城关区|青海省 西宁市 城东区
宁夏回族自治区 银川市 金凤区|新疆维吾尔自治区 乌鲁木齐市 天山区|内蒙古自治区 呼和浩特市 赛罕区|西藏自治区 拉萨市 城关区""".replace(
        "\n", "|"
    ).split("|")
]
DIVISIONS = [
    "110108",
    "110106",
    "310115",
    "310104",
    "120104",
    "500103",
    "130102",
    "140105",
    "210102",
    "220104",
    "230103",
    "320106",
    "330110",
    "340104",
    "350102",
    "360102",
    "370102",
    "410105",
    "420111",
    "430104",
    "440106",
    "440304",
    "450103",
    "510107",
    "520115",
    "530103",
    "610113",
    "620102",
    "630102",
    "640106",
    "650102",
    "150105",
]
STREETS = [
    "天府",
    "珠江",
    "钱塘",
    "望京",
    "软件园",
    "西湖",
    "芙蓉",
    "中关村",
    "凤凰",
    "桂林",
    "延安",
    "南京",
    "北京",
    "淮海",
    "虹桥",
    "深南",
    "滨江",
    "湖滨",
    "玄武",
    "五一",
    "七星",
    "民族",
    "兴业",
    "富强",
    "永兴",
    "通达",
]
COMMUNITIES = [
    "绿城桂花园",
    "中海国际社区",
    "龙湖春江",
    "水岸新城",
    "万达华府",
    "师大家属院",
    "铁路新村",
    "银座公寓",
    "紫荆苑",
    "金地格林",
    "融创壹号院",
    "鑫苑名家",
]
MOBILE_HEADS = [
    "134",
    "135",
    "136",
    "137",
    "138",
    "139",
    "147",
    "150",
    "151",
    "152",
    "157",
    "158",
    "159",
    "178",
    "182",
    "183",
    "187",
    "188",
    "198",
    "130",
    "131",
    "132",
    "145",
    "155",
    "156",
    "166",
    "175",
    "176",
    "185",
    "186",
    "133",
    "153",
    "173",
    "177",
    "180",
    "181",
    "189",
    "191",
    "199",
    "170",
    "171",
]
AREAS = {"010": 8, "021": 8, "022": 8, "023": 8, "024": 8, "025": 8, "027": 8, "028": 8, "029": 8, "0311": 8, "0371": 8, "0451": 8, "0571": 8, "0755": 8, "0898": 8, "0531": 8, "0351": 7, "0471": 7, "0851": 8, "0991": 7, "0931": 7, "0818": 7, "0754": 8}  # fmt: skip
TRADES = [
    "网络科技",
    "软件",
    "生物医药",
    "装饰工程",
    "餐饮服务",
    "国际贸易",
    "供应链管理",
    "新能源",
    "教育咨询",
    "广告传媒",
    "纺织",
    "化工",
    "环保设备",
    "酒店管理",
    "半导体",
    "仓储物流",
]
NAMED = [
    "蓝海",
    "中信达",
    "顺昌",
    "佳美",
    "宏图",
    "天翼",
    "广源",
    "兆丰",
    "亿联",
    "星辰",
    "万和",
    "国泰",
    "长青",
    "飞跃",
    "智远",
    "海纳",
    "德信",
    "诚泰",
]
MAILS = [
    "gmail.com",
    "yahoo.com",
    "hotmail.com",
    "139.com",
    "sina.cn",
    "aliyun.com",
    "vip.163.com",
    "company-mail.cn",
    "corp.example.org",
    "web.de",
    "orange.fr",
]
RARE = [
    "回族",
    "满族",
    "藏族",
    "苗族",
    "彝族",
    "壮族",
    "侗族",
    "瑶族",
    "白族",
    "傣族",
    "黎族",
    "畲族",
    "羌族",
    "锡伯族",
    "土族",
    "水族",
    "蒙古族",
    "朝鲜族",
    "维吾尔族",
    "哈萨克族",
]


@functools.cache
def _faker(locale: str) -> Any:
    from faker import Faker

    return Faker(locale)


def fake(method: str, *locales: str) -> Factory:
    """Cells of one Faker provider, in one of the locales per column; many rows are drawn from a pool of 2,000."""

    def factory(r: Random, n: int) -> list[object]:
        source = _faker(r.choice(locales or ("zh_CN",)))
        source.seed_instance(r.getrandbits(64))
        make = getattr(source, method)
        pool = [str(make()).replace("\n", ", ") for _ in range(min(n, 2000))]
        return list(pool) if n <= len(pool) else list(r.choices(pool, k=n))

    return factory


def digits(r: Random, count: int) -> str:
    """Random digits."""
    return "".join(r.choices("0123456789", k=count))


def birth(r: Random) -> date:
    """Somebody between 3 and 85 years old."""
    return date(1938, 1, 1) + timedelta(days=r.randint(0, 30000))


def mobile(r: Random) -> str:
    """Bare eleven digits."""
    return r.choice(MOBILE_HEADS) + digits(r, 8)


def mobile_spaced(r: Random) -> str:
    """3-4-4 with hyphens."""
    number = mobile(r)
    return f"{number[:3]}-{number[3:7]}-{number[7:]}"


def mobile_country(r: Random) -> str:
    """With +86."""
    return "+86 " + mobile(r)


def landline(r: Random) -> str:
    """Area code, hyphen, number."""
    area = r.choice(list(AREAS))
    return f"{area}-{r.randint(2, 8)}{digits(r, AREAS[area] - 1)}"


def landline_brackets(r: Random) -> str:
    """(0571)87654321."""
    area, number = landline(r).split("-")
    return f"({area}){number}"


def service_phone(r: Random) -> str:
    """400-xxx-xxxx."""
    return f"400-{digits(r, 3)}-{digits(r, 4)}"


def place(field: int, *, short: bool = False) -> Callable[[Random], str]:
    """Return a generator of provinces (0), cities (1) or districts (2), without suffix if short."""
    cut = ("壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "省", "市")

    def make(r: Random) -> str:
        name = r.choice(PLACES)[field]
        return next((name.removesuffix(s) for s in cut if name.endswith(s)), name) if short else name

    return make


def road(r: Random) -> str:
    """Road and number."""
    return f"{r.choice(STREETS)}{r.choice(('路', '大道', '北路', '南路', '西街', '一路', '二路', '中路'))}{r.randint(1, 1999)}号"


def fragment(r: Random) -> str:
    """Road to room."""
    return f"{road(r)}{r.choice(COMMUNITIES)}{r.randint(1, 28)}幢{r.randint(1, 3)}单元{r.randint(101, 3204)}室"


def full_address(r: Random) -> str:
    """Province to room."""
    province, city, district = r.choice(PLACES)
    return f"{province}{'' if province == city else city}{district}{fragment(r)}"


def village_address(r: Random) -> str:
    """A farm house."""
    province, city, _ = r.choice(PLACES)
    return f"{province}{city}{r.choice('清安永大青')}{r.choice('河溪山岭塘')}镇{r.choice('王李张刘陈')}家村{r.randint(1, 20)}组{r.randint(1, 120)}号"


def company(r: Random) -> str:
    """A registered company."""
    city = r.choice(PLACES)[1].removesuffix("市")
    name = f"{r.choice(NAMED)}{r.choice(TRADES)}"
    tail = r.choice(("有限公司", "有限公司", "有限责任公司", "股份有限公司"))
    return r.choice((f"{city}{name}{tail}", f"{name}（{city}）{tail}", f"{city}市{name}{tail}"))


def western_company(r: Random) -> str:
    """With its legal form."""
    owner = r.choice(("Keller", "Henderson", "Lindqvist", "Ortega", "Fitzgerald", "Marchetti", "Novak", "Bauer", "Whitfield", "Okafor"))
    return f"{owner} {r.choice(('Logistics', 'Foods', 'Systems', 'Trading', 'Industries', 'Consulting'))} {r.choice(('Ltd', 'Inc.', 'LLC', 'GmbH', 'Co., Ltd.'))}"


def email(r: Random) -> str:
    """Local part of letters and digits."""
    local = "".join(r.choices("abcdefghijklmnopqrstuvwxyz", k=r.randint(4, 9))) + r.choice(("", ".", "_")) + str(r.randint(1, 9999))
    return f"{local}@{r.choice(MAILS)}"


def ethnic(r: Random) -> str:
    """汉族 for most."""
    return "汉族" if r.random() < 0.8 else r.choice(RARE)


def ethnic_short(r: Random) -> str:
    """Without 族."""
    return ethnic(r).removesuffix("族")


def coordinates(r: Random) -> str:
    """lng,lat."""
    return f"{r.uniform(100, 123):.6f},{r.uniform(21, 43):.6f}"


def coordinates_point(r: Random) -> str:
    """Well-known text."""
    return f"POINT({r.uniform(100, 123):.6f} {r.uniform(21, 43):.6f})"


def national_phone(r: Random) -> str:
    """International numbers of Germany, Britain, the United States."""
    return r.choice(
        (
            f"+49 {r.choice(('30', '89', '40', '221'))} {r.randint(200000, 9999999)}",
            f"+44 20 7{digits(r, 3)} {digits(r, 4)}",
            f"+1 {r.choice(('212', '415', '617', '312'))}-{r.randint(220, 989)}-{digits(r, 4)}",
        )
    )


def login(r: Random) -> str:
    """A user name."""
    source = "abcdefghijklmnopqrstuvwxyz"
    return "".join(r.choices(source, k=r.randint(4, 8))) + r.choice(("", str(r.randint(1, 2030)), "_" + "".join(r.choices(source, k=3))))


def weak_password(r: Random) -> str:
    """Clear text."""
    return r.choice(("Abc", "Qwe", "admin", "Pass", "love", "Wang", "zhang")) + r.choice("@!#_.") + digits(r, r.randint(3, 6))


def diagnosis(r: Random) -> str:
    """In words."""
    return r.choice(
        ("高血压", "2型糖尿病", "急性支气管炎", "冠心病", "腰椎间盘突出", "慢性胃炎", "肺部感染", "脑梗死", "甲状腺结节", "脂肪肝")
    )


def icd(r: Random) -> str:
    """ICD-10 code."""
    return f"{r.choice('ABCEGIJKMN')}{r.randint(0, 99):02d}.{r.randint(0, 9)}"


def wechat(r: Random) -> str:
    """A chosen WeChat id: a letter first, six characters or more."""
    return "".join(r.choices("abcdefghijklmnopqrstuvwxyz", k=r.randint(4, 8))) + r.choice(("_", "-", "")) + str(r.randint(10, 9999))
