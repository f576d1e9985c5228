"""Places: divisions, addresses in several forms, fixed-line and mobile numbers, post codes, coordinates."""

from __future__ import annotations

from random import Random

from . import lists

ROADS = [
    "人民",
    "解放",
    "建设",
    "中山",
    "长江",
    "黄河",
    "新华",
    "和平",
    "胜利",
    "文化",
    "科技",
    "学府",
    "滨河",
    "朝阳",
    "迎宾",
    "青年",
    "友谊",
    "光明",
    "东风",
    "红旗",
    "工业",
    "创业",
    "金融",
    "体育",
    "站前",
]
KINDS = ("路", "路", "街", "大道", "东路", "西路", "南路", "北路", "大街")
ESTATES = ["阳光", "翠湖", "锦绣", "金色", "东方", "碧水", "世纪", "盛世", "绿洲", "香榭", "御景", "万科", "恒大", "保利", "龙湖"]
ENDINGS = ("花园", "家园", "小区", "名邸", "新村", "华府", "公寓", "苑")
TOWNS = ["城关", "河东", "新桥", "石桥", "大湾", "柳林", "双河", "白沙", "龙泉", "太平", "永安", "清溪"]
TRADES = [
    "科技",
    "信息技术",
    "商贸",
    "贸易",
    "建筑工程",
    "餐饮管理",
    "物流",
    "医药",
    "食品",
    "机械制造",
    "电子",
    "文化传媒",
    "投资管理",
    "房地产开发",
    "汽车销售",
    "农业发展",
]
BRANDS = [
    "华宇",
    "鑫源",
    "恒通",
    "瑞丰",
    "天成",
    "宏达",
    "金鼎",
    "博远",
    "众合",
    "东升",
    "凯盛",
    "安泰",
    "汇丰源",
    "新纪元",
    "云帆",
    "启明",
    "正大",
    "百川",
    "创联",
    "嘉禾",
]
FORMS = ("有限公司", "有限公司", "有限责任公司", "股份有限公司", "集团有限公司")
US_STREETS = [
    "Main",
    "Oak",
    "Maple",
    "Cedar",
    "Park",
    "Washington",
    "Lake",
    "Hill",
    "Walnut",
    "Spring",
    "Church",
    "Elm",
    "Highland",
    "Sunset",
]
US_CITIES = (("Springfield", "IL"), ("Portland", "OR"), ("Austin", "TX"), ("Denver", "CO"), ("Boston", "MA"), ("Seattle", "WA"))
BIG_AREAS = ("010", "021", "020", "0755", "0571", "025", "028", "027", "023", "029", "0512", "0532", "0411", "0431", "024", "0731")
POST_STARTS = [
    "10",
    "20",
    "21",
    "30",
    "31",
    "32",
    "35",
    "36",
    "41",
    "43",
    "45",
    "51",
    "52",
    "53",
    "55",
    "61",
    "65",
    "71",
    "73",
    "83",
    "25",
    "26",
    "15",
    "11",
    "05",
    "03",
    "01",
]


def province(r: Random) -> str:
    """Short name, weighted evenly over the 31 of the mainland."""
    return r.choice(lists.rows("provinces.csv")[:31])["short_name"]


def province_full(r: Random) -> str:
    """Full name such as 广西壮族自治区."""
    return r.choice(lists.rows("provinces.csv")[:31])["name"]


def city(r: Random) -> str:
    """Prefecture with its suffix, such as 苏州市."""
    return r.choice(lists.cities())[0]


def city_short(r: Random) -> str:
    """Prefecture without its suffix."""
    return r.choice(lists.cities())[1]


def county(r: Random) -> str:
    """District or county name alone."""
    return r.choice(lists.counties())[3]


def division_code(r: Random) -> str:
    """GB/T 2260 code of today's county."""
    return r.choice(lists.counties())[0]


def city_code(r: Random) -> str:
    """GB/T 2260 code of a prefecture."""
    return division_code(r)[:4] + "00"


def road(r: Random) -> str:
    """Road with number: an address fragment."""
    return f"{r.choice(ROADS)}{r.choice(KINDS)}{r.randint(1, 899)}号"


def detail(r: Random) -> str:
    """Road or estate down to the room, without province and city."""
    style = r.random()
    if style < 0.55:
        flat = f"{r.randint(1, 40)}栋{r.randint(1, 6)}单元{r.randint(1, 33)}{r.randint(1, 8):02d}室"
        return f"{road(r)}{r.choice(ESTATES)}{r.choice(ENDINGS)}{flat}"
    if style < 0.85:
        return f"{road(r)}{r.randint(1, 30)}号楼{r.randint(101, 2808)}"
    return f"{r.choice(TOWNS)}镇{r.choice(TOWNS)}村{r.randint(1, 12)}组{r.randint(1, 99)}号"


def address(r: Random) -> str:
    """Province to room."""
    _, prov, town, district = r.choice(lists.counties())
    return f"{prov}{town}{district}{detail(r)}"


def work_address(r: Random) -> str:
    """City to building of an office."""
    _, prov, town, district = r.choice(lists.counties())
    return f"{town or prov}{district}{road(r)}{r.choice(BRANDS)}大厦{r.randint(1, 30)}层"


def western_address(r: Random) -> str:
    """Street, city, state and ZIP of the United States."""
    town, state = r.choice(US_CITIES)
    kind = r.choice(("Street", "St", "Ave", "Road", "Lane", "Blvd"))
    return f"{r.randint(1, 9999)} {r.choice(US_STREETS)} {kind}, {town}, {state} {r.randint(10000, 99950)}"


def company(r: Random) -> str:
    """City, brand, trade and legal form."""
    _, prov, town, _ = r.choice(lists.counties())
    place = (town or prov).removesuffix("市") if r.random() < 0.7 else (town or prov)
    return f"{place}{r.choice(BRANDS)}{r.choice(TRADES)}{r.choice(FORMS)}"


def office(r: Random) -> str:
    """A registering authority."""
    _, prov, town, district = r.choice(lists.counties())
    return f"{town or prov}{district}市场监督管理局"


def mobile(r: Random) -> str:
    """Eleven digits with an assigned prefix."""
    prefix = r.choice(lists.mobile_prefixes())
    return prefix + "".join(r.choices("0123456789", k=11 - len(prefix)))


def mobile_dirty(r: Random) -> str:
    """As typed by people: with country code, spaces or hyphens."""
    number = mobile(r)
    return r.choice(
        (
            number,
            number,
            f"+86{number}",
            f"86-{number}",
            f"{number[:3]} {number[3:7]} {number[7:]}",
            f"{number[:3]}-{number[3:7]}-{number[7:]}",
        )
    )


def landline(r: Random) -> str:
    """Area code, hyphen, local number; an extension now and then."""
    sizes = dict(lists.area_codes())
    area = r.choice(BIG_AREAS) if r.random() < 0.5 else r.choice(lists.area_codes())[0]
    local = str(r.randint(2, 8)) + "".join(r.choices("0123456789", k=sizes[area] - 1))
    return f"{area}-{local}" + (f"-{r.randint(1, 8888)}" if r.random() < 0.06 else "")


def international_phone(r: Random) -> str:
    """Numbers of the United States, Britain, Germany and Japan in international form, area codes that exist."""
    tail = "".join(r.choices("23456789", k=7))
    return r.choice(
        (
            f"+1 {r.choice(('212', '213', '312', '415', '617', '202'))} {tail[:3]} {r.randint(1000, 9999)}",
            f"+44 20 7{tail[:3]} {r.randint(1000, 9999)}",
            f"+49 30 {tail[:4]}{r.randint(100, 999)}",
            f"+81 3 {r.choice('3456')}{tail[:3]} {r.randint(1000, 9999)}",
        )
    )


def postcode(r: Random) -> str:
    """Six digits by China Post."""
    return r.choice(POST_STARTS) + f"{r.randint(0, 79) * 100 + r.choice((0, 0, 0, 1, 2, 5)):04d}"


def longitude(r: Random) -> str:
    """East of Greenwich, within eastern China."""
    return f"{r.uniform(102, 122):.6f}"


def latitude(r: Random) -> str:
    """North, within eastern China."""
    return f"{r.uniform(22, 42):.6f}"


def coordinates(r: Random) -> str:
    """Longitude and latitude in one cell."""
    return f"{longitude(r)},{latitude(r)}"
