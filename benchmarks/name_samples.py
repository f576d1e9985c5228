"""Values for `names.py`: generated people and addresses, and what is often taken for them."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks import make_name_data as made

Kinds = dict[str, list[str]]

DEPARTMENTS = """市场部 财务部 人力资源部 技术部 研发中心 销售部 客服部 行政部 法务部 采购部 运营部 产品部 设计部 品质部 生产部 仓储部 物流部 工程部 安全部 信息中心
总经办 董事会 监事会 办公室 党委办 工会 纪委 审计部 投资部 战略部 公关部 后勤处 保卫处 教务处 学生处 科研处 人事处 财务处 外科 内科 儿科 妇产科 急诊科 放射科 检验科 药剂科 骨科 眼科 皮肤科""".split()
DISHES = """宫保鸡丁 鱼香肉丝 麻婆豆腐 回锅肉 水煮鱼 酸菜鱼 红烧肉 糖醋排骨 番茄炒蛋 青椒肉丝 地三鲜 东坡肉 北京烤鸭 小笼包 酸辣粉 黄焖鸡 白切鸡 叉烧 烧鹅 肠粉 虾饺 牛肉面
炸酱面 刀削面 兰州拉面 螺蛳粉 臭豆腐 毛血旺 口水鸡 夫妻肺片 干锅花菜 蒜蓉西兰花 清蒸鲈鱼 梅菜扣肉 佛跳墙 狮子头 锅包肉 羊肉串 麻辣烫 火锅 蛋炒饭 紫菜汤 凉皮 肉夹馍 胡辣汤""".split()
ROLES = """管理员 超级管理员 普通用户 访客 会员 游客 编辑 审核员 操作员 系统管理员 经理 总监 主任 董事长 总经理 部长 科长 处长 局长 主管 组长 班长 会计 出纳 文员 司机 保安
工程师 教师 医生 护士 律师 学生 家长 客户 供应商 代理商 店长 收银员 采购员 仓管员 快递员 客服 运维 开发 测试""".split()
ITEMS = """红色 蓝色 黑色 白色 黄色 绿色 紫色 粉色 灰色 银色 手机 电脑 平板 耳机 键盘 鼠标 显示器 打印机 路由器 充电器 数据线 保温杯 雨伞 背包 运动鞋 连衣裙 羽绒服 牛仔裤 洗面奶
面膜 口红 牙膏 洗发水 沐浴露 卫生纸 洗衣液 大米 食用油 酱油 牛奶 酸奶 饼干 巧克力 矿泉水 可乐 咖啡 绿茶 苹果 香蕉 西瓜 草莓 葡萄 猕猴桃 东北大米 金龙鱼 海天 蒙牛 伊利 华为 小米 联想""".split()
STATES = """待付款 已付款 已发货 已完成 已取消 退款中 待审核 审核通过 已驳回 启用 禁用 正常 异常 成功 失败 进行中 未开始 已结束 是 否 有效 无效 在职 离职 试用期 未知 其他 已婚 未婚
春节 国庆节 中秋节 端午节 星期一 周末 上午 下午 年度 季度 月度 系统通知 活动消息 登录日志 操作日志 新增 修改 删除 查询 导出""".split()
LATIN_WORDS = """Active Pending Closed Open Draft Approved Rejected Shipped Delivered Cancelled Blue Red Green Black White Silver Chicken Beef Salmon Tofu Coffee Tea Milk
Bread Cheese Chocolate Toyota Honda Ford Audi Tesla Samsung Huawei Lenovo Nokia Monday Tuesday January February Admin Manager Director Sales Marketing Finance
Engineering Support Premium Standard Basic Enterprise Small Medium Large Summer Winter Spring Home Office Mobile Email Phone Address Success Failed Error Warning Information
Unknown None Other Default Custom System Public Private Internal External North South East West Gold Platinum Bronze Action Comedy Drama Horror Animation Documentary Family Sports
Bikes Accessories Clothing Components Helmets Beverages Condiments Confections Produce Seafood English French German Spanish Italian Japanese""".split()
LATIN_PHRASES = """New York|Los Angeles|San Francisco|Hong Kong|Buenos Aires|Rio de Janeiro|Mexico City|Cape Town|Sales Manager|Marketing Director|Software Engineer|Account Executive
|Chicken Soup|Mountain Bike|Leather Jacket|Wireless Mouse|Gaming Laptop|Olive Oil|Green Tea|Red Wine|Orange Juice|Human Resources|Customer Service|Quality Assurance|North America
|South Africa|United Kingdom|Silent River|Golden Hour|Broken Arrow|Final Countdown|Winter Light|Desert Storm|Paper Moon|Road Frame|Touring Tire
|Water Bottle|Long Sleeve Jersey|Hex Nut|Chain Stays|Bank Transfer|Credit Card|Cash on Delivery|In Progress|On Hold|Not Started|Free Shipping|Gift Card|Annual Report|Data Center
|Machine Learning|Project Manager|Web Developer|Standard Delivery|Express Post|Grand Hotel|City Park|Main Street|Central Station|Red Cross|World Bank""".replace(
    "\n", ""
).split("|")
NOT_PLACES = """3号线|1号会议室|订单编号1234|第3章第2节|道路交通安全|中华人民共和国道路交通安全法|北京市机动车管理条例|地铁10号线|京沪高速公路事故|国发〔2020〕12号|京公网安备11010802020088号
|沪ICP备12345678号|2号楼会议室|路由器|高铁G102次|马路边捡到一分钱|城市规划编制办法|京东自营旗舰店|小米10手机|第一人民医院|广州市公安局|北京大学|中国建设银行股份有限公司深圳分行|上海浦东发展银行
|东风路小学|南京路步行街一日游攻略|北京烤鸭|重庆火锅|新疆大枣5斤装|云南白药牙膏120g|山东大学第二医院|海淀区教育局|长江日报|黄河路派出所|苏州园林|深圳速度|杭州第19届亚运会
|合同编号HT2024001|GB/T 2260-2007|A座会议室预订成功|1栋电梯故障报修|请尽快到物业中心办理|已到达南山区营业点|系统升级公告|三年二班|二年级3班|五楼茶水间|八号当铺|东城往事
|Windows 10|iPhone 12 Pro|Model 3|Boeing 747|Version 2.1|Chapter 12|Area 51|Catch 22|Apollo 13|Room 101|Ocean's 11|Route planner|Road Bike 750|Touring-1000 Blue, 46|Mountain-200 Black, 38
|HL Road Frame - Red, 58|24 - 12 oz bottles|10 boxes x 20 bags|48 - 6 oz jars|500 g|2024-01-15 10:20:30|192.168.1.1|user@example.com|https://example.com/street/12|INV-2024-0012
|Way to go 2|Key Ring 12|Drive 500GB|Court of Appeal 2019|Lane 3|Top 10 Places|5 Star Rating|100 Percent|Mon 12 Feb|Error 404""".replace(
    "\n", ""
).split("|")
LAW_WORDS = ["办法", "条例", "规定", "通知", "意见", "方案", "总结", "报告"]
ROADS = """人民路 中山路 建设大街 文化路 长江中路 解放大道 新华街 光明巷 科技园路 世纪大道 朝阳北路 滨河东路 学府街 迎宾大道 环城南路 工业三路 天府二街 文一西路 和平里 胜利胡同""".split()
ESTATES = """阳光花园 万科城 碧桂园小区 翠湖苑 锦绣家园 金色港湾 东方明珠大厦 创新科技园 幸福里小区 御景华府""".split()
VILLAGES = """张家村 李庄村 前进村 大王庄 石桥村 河东村 新民社区 红旗村 柳树屯 南岗村""".split()
TOWNS = """城关镇 玉山镇 龙溪街道 大柳乡 和平镇 西湖街道 青山乡 永安镇""".split()
UYGHUR = "买买提 吐尔逊 艾力 阿卜杜热西提 迪力木拉提 古丽娜尔 阿依古丽 热孜万古丽 库尔班 玉素甫 帕提古丽 阿里木 艾山 麦麦提 努尔买买提 迪丽热巴 卡德尔 亚森".split()
TIBETAN = "次仁 卓玛 扎西 多吉 平措 达瓦 格桑 丹增 旺堆 拉姆 央金 白玛 边巴 巴桑 仁青 德吉 顿珠 洛桑 索朗 尼玛".split()
TRADITIONAL = "陳 張 劉 楊 趙 黃 吳 鄭 馬 許 鄧 馮 葉 蘇 盧 蔣 賈 譚 鍾 蕭".split()
TRADITIONAL_GIVEN = "偉 麗 華 國 強 軍 傑 賢 慧 婷 穎 麟 銘 豐 龍 鳳 蘭 雲 瑩 諭".split()


def _pick(draw: random.Random, shares: Mapping[str, float], count: int) -> list[str]:
    return draw.choices(list(shares), list(shares.values()), k=count)


def chinese_names(data: Path, draw: random.Random, count: int) -> list[str]:
    """Return names by population shares: 15 % of two characters, 1 % with compound surnames."""
    names = made.name_counts(data)
    surnames = {**{s: 0.99 * p for s, p in names.surname.items()}}
    total, compound = sum(surnames.values()), sum(names.compound.values())
    surnames.update({s: total / 99 * p / compound for s, p in names.compound.items()})
    only, first, second = _pick(draw, names.only, count), _pick(draw, names.first, count), _pick(draw, names.second, count)
    family = _pick(draw, surnames, count)
    return [f + (o if draw.random() < 0.15 else a + b) for f, o, a, b in zip(family, only, first, second, strict=True)]


def _faker(locale: str | list[str], draw: random.Random, make: Callable[[object], str], count: int = 1500) -> list[str]:
    from faker import Faker

    fake = Faker(locale)
    fake.seed_instance(draw.randrange(1 << 30))
    return list(dict.fromkeys(make(fake).replace("\n", ", ") for _ in range(count)))


WESTERN = ["en_US", "en_GB", "de_DE", "fr_FR", "es_ES", "it_IT", "pt_BR", "nl_NL", "pl_PL", "sv_SE"]


FURTHER = [
    "en_AU", "en_CA", "en_NZ", "en_IN", "fr_CA", "fr_CH", "de_AT", "nl_BE", "es_MX", "es_CO", "pt_PT", "da_DK", "no_NO", "fi_FI", "hu_HU", "ro_RO",
    "uk_UA", "id_ID", "cs_CZ", "sk_SK", "sl_SI", "hr_HR", "el_GR", "vi_VN",
]  # fmt: skip
"""Locales whose addresses are measured as well; names of their streets are not among those that the Western columns are made of."""
GOODS = "Chair Table Lamp Box Kit Cable Charger Shirt Shoes Bag Watch Ring Field Trail Bench Lake Spring Hill Pen Light Bridge Lodge Meadow Mat Wall Key Lock".split()
KINDS = "Red Blue Large Small Premium Classic Deluxe Wooden Soft Fresh Organic Smart Wireless Vintage Modern Royal Golden Silver".split()


def numbered_sentences(draw: random.Random) -> list[str]:
    """Return sentences of many languages with a number somewhere inside."""
    values = []
    for locale in (*WESTERN, "ru_RU"):
        for sentence in _faker(locale, draw, lambda f: f.sentence(nb_words=draw.randint(3, 12)), 400):  # type: ignore[attr-defined]  # Faker makes its methods at run time
            words = sentence.split()
            words.insert(draw.randint(0, len(words)), str(draw.randint(1, draw.choice([9, 99, 999, 99999]))))
            values.append(" ".join(words))
    return values


def people(data: Path, draw: random.Random) -> Kinds:
    """Return persons by kind."""
    chinese = chinese_names(data, draw, 20_000)
    return {
        "Chinese, by population": chinese,
        "of these, two characters": [n for n in chinese if len(n) == 2],
        "of these, compound surname": [n for n in chinese if len(n) == 4],
        "Chinese, Faker": _faker("zh_CN", draw, lambda f: f.name(), 5000),  # type: ignore[attr-defined]  # Faker makes its methods at run time
        "Chinese, traditional": [s + a + b for s in TRADITIONAL for a in TRADITIONAL_GIVEN for b in draw.sample(TRADITIONAL_GIVEN, 5)],
        "Chinese, given name alone": [v for v in _faker("zh_CN", draw, lambda f: f.first_name(), 3000) if len(v) == 2],  # type: ignore[attr-defined]  # as above
        "Uyghur with a dot": [f"{a}·{b}" for a in UYGHUR for b in UYGHUR if a != b],
        "Tibetan": [a + b for a in TIBETAN for b in TIBETAN if a != b],
        "Pinyin (Zhang Xiaoming)": _faker("zh_CN", draw, _pinyin_name, 1500),
        "Western, first and last": _faker(WESTERN, draw, lambda f: f"{f.first_name()} {f.last_name()}", 5000),  # type: ignore[attr-defined]  # as above
        "Western, first name alone": _faker(WESTERN, draw, lambda f: f.first_name(), 4000),  # type: ignore[attr-defined]  # as above
        "Western, surname alone": _faker(WESTERN, draw, lambda f: f.last_name(), 4000),  # type: ignore[attr-defined]  # as above
        "Western, upper case": _faker("en_US", draw, lambda f: f.name().upper(), 2000),  # type: ignore[attr-defined]  # as above
        "Russian": _faker("ru_RU", draw, lambda f: f.name(), 1500),  # type: ignore[attr-defined]  # as above
        "Japanese": _faker("ja_JP", draw, lambda f: f.name(), 1500),  # type: ignore[attr-defined]  # as above
        "Korean": _faker("ko_KR", draw, lambda f: f.name(), 1500),  # type: ignore[attr-defined]  # as above
    }


def _pinyin_name(fake: object) -> str:
    family, given = fake.last_romanized_name(), fake.first_romanized_name()  # type: ignore[attr-defined]  # as above
    return f"{family} {given}"


def language_people(draw: random.Random) -> dict[str, list[str]]:
    """Return language -> first and last names, to be judged by lists that lack this language."""
    locales = {"de": "de_DE", "fr": "fr_FR", "es": "es_ES", "it": "it_IT", "pl": "pl_PL", "sv": "sv_SE", "nl": "nl_NL", "en": "en_US"}
    return {k: _faker(v, draw, lambda f: f"{f.first_name()} {f.last_name()}", 1500) for k, v in locales.items()}  # type: ignore[attr-defined]  # as above


def held_out_words(data: Path) -> Kinds:
    """Return dictionary words that the half-trained model never saw, all and by part of speech."""
    rows = [r for r in made.read(data, "common_words.csv") if made.held_out(r["word"]) and r["pos"] not in made.PERSON_TAGS]
    short = [r for r in rows if 2 <= len(r["word"]) <= 4]
    result = {"all, 2 to 4 characters": [r["word"] for r in short]}
    for label, tags in (
        ("all but nz (which holds names too)", None), ("organisations", {"nis", "nt", "nit", "ntc"}), ("dishes and food", {"nf"}), ("places", {"ns", "nsf"}),
        ("job titles", {"nnt", "nnd"}), ("illnesses and drugs", {"nhd", "nhm"}), ("verbs and adjectives", {"v", "vi", "vn", "a", "d"}), ("nouns", {"n"}),
    ):  # fmt: skip
        result[label] = [r["word"] for r in short if (r["pos"] != "nz" if tags is None else r["pos"] in tags)]
    result["two characters"] = [r["word"] for r in short if len(r["word"]) == 2]
    result["three characters"] = [r["word"] for r in short if len(r["word"]) == 3]
    return result


def not_people(draw: random.Random) -> Kinds:
    """Return what is no person, by kind; written by hand or made by Faker, not from the dictionary."""
    folder = made.OUT
    chinese_cities = [w for w in (folder / "chinese_cities.txt").read_text(encoding="utf-8").splitlines()[1:] if w > "\u4e00"]
    cities = [w.title() for w in (folder / "world_cities.txt").read_text(encoding="utf-8").splitlines()[1:]]
    return {
        "departments": DEPARTMENTS, "dishes": DISHES, "roles": ROLES, "things, colours, brands": ITEMS, "states": STATES,
        "Chinese cities": chinese_cities,
        "Chinese companies": _faker("zh_CN", draw, lambda f: f.company(), 1000),  # type: ignore[attr-defined]  # as above
        "Latin words": LATIN_WORDS, "Latin phrases": LATIN_PHRASES,
        "Latin companies": _faker("en_US", draw, lambda f: f.company(), 1000),  # type: ignore[attr-defined]  # as above
        "Latin jobs": _faker("en_US", draw, lambda f: f.job(), 1000),  # type: ignore[attr-defined]  # as above
        "Latin two random words": _faker("en_US", draw, lambda f: f"{f.word()} {f.word()}".title(), 1000),  # type: ignore[attr-defined]  # as above
        "world cities": draw.sample(cities, 4000),
    }  # fmt: skip


def _divisions(data: Path) -> list[tuple[str, str, str]]:
    rows = [r for r in made.read(data, "gb2260_codes.csv") if r["current"] == "1" and r["kind"] == "gb2260"]
    names = {r["code"]: r["name"] for r in rows}
    fillers = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}
    result = []
    for code, name in names.items():
        if not code.endswith("00") and name not in fillers:
            city = names.get(f"{code[:4]}00", "")
            result.append((names[f"{code[:2]}0000"], "" if city in fillers else city, name))
    return result


def addresses(data: Path, draw: random.Random) -> Kinds:
    """Return addresses by kind."""
    divisions = _divisions(data)

    def number() -> str:
        return str(draw.randint(1, 999))

    def road() -> str:
        return f"{draw.choice(ROADS)}{number()}号"

    def unit() -> str:
        return f"{draw.randint(1, 30)}{draw.choice(['栋', '幢', '号楼'])}{draw.choice(['', '2单元'])}{draw.randint(101, 2999)}{draw.choice(['室', ''])}"

    def many(make: Callable[[str, str, str], str]) -> list[str]:
        return [make(*draw.choice(divisions)) for _ in range(2000)]

    village = "{}{}组"
    return {
        "Chinese, full": many(lambda p, c, d: f"{p}{c}{d}{road()}{draw.choice(['', unit(), draw.choice(ESTATES) + unit()])}"),
        "without province": many(lambda p, c, d: f"{c}{d}{road()}"),
        "district and road": many(lambda p, c, d: f"{d}{road()}{unit()}"),
        "road and number alone": many(lambda p, c, d: road()),
        "villages": many(lambda p, c, d: f"{p}{c}{d}{draw.choice(TOWNS)}{village.format(draw.choice(VILLAGES), draw.randint(1, 12))}"),
        "village fragments": many(lambda p, c, d: f"{draw.choice(TOWNS)}{draw.choice(VILLAGES)}{draw.randint(1, 200)}号"),
        "buildings alone": many(lambda p, c, d: f"{draw.choice(ESTATES)}{unit()}"),
        "post boxes": many(lambda p, c, d: f"{c or p}{number()}号信箱"),
        "with spaces": many(lambda p, c, d: f"{p} {c} {d} {road()}"),
        "Taiwan, traditional": _faker("zh_TW", draw, lambda f: f.address()),  # type: ignore[attr-defined]  # as above
        **{f"Faker {locale}": western_addresses(draw, locale) for locale in (*WESTERN, "ru_RU", "ko_KR", *FURTHER)},
    }  # fmt: skip


def western_addresses(draw: random.Random, locale: str | None = None) -> list[str]:
    """Return street addresses and full ones; those without any digit are left out, nobody can tell them."""
    values = _faker(locale or WESTERN, draw, lambda f: f.street_address() if draw.random() < 0.5 else f.address())  # type: ignore[attr-defined]  # as above
    return [v for v in values if any(c.isdigit() for c in v)]


def not_addresses(data: Path, draw: random.Random) -> Kinds:
    """Return what is no address, by kind."""
    divisions = _divisions(data)
    words = [r["word"] for r in made.read(data, "common_words.csv") if len(r["word"]) >= 4]
    return {
        "divisions": [f"{p}{c}{d}" for p, c, d in divisions] + [d for _, _, d in divisions] + [f"{c}{d}" for _, c, d in divisions],
        "dictionary words of 4 and more": draw.sample(words, 8000),
        "hard cases by hand": NOT_PLACES,
        "companies": _faker("zh_CN", draw, lambda f: f.company(), 1500),  # type: ignore[attr-defined]  # as above
        "companies with a district": [f"{c}{d}{draw.choice(['宏达', '鑫源', '天成'])}{draw.choice(['贸易', '科技', '建筑'])}有限公司" for _, c, d in draw.sample(divisions, 1000)],
        "rules and papers of a district": [f"{c}{d}{draw.choice(['道路', '房屋', '环境', '教育'])}管理{draw.choice(LAW_WORDS)}" for _, c, d in draw.sample(divisions, 1000)],
        "authorities": [f"{c}{d}{draw.choice(['公安局', '人民医院', '教育局', '第一中学', '人民政府'])}" for _, c, d in draw.sample(divisions, 1000)],
        "document numbers": [f"{draw.choice('京沪粤苏浙')}政发〔{draw.randint(2000, 2024)}〕{draw.randint(1, 99)}号" for _ in range(500)],
        "Chinese sentences": _faker("zh_CN", draw, lambda f: f.sentence(), 1500),  # type: ignore[attr-defined]  # as above
        "English sentences": _faker("en_US", draw, lambda f: f"{f.sentence()} {draw.randint(1, 999)}", 1500),  # type: ignore[attr-defined]  # as above
        "English names and companies": _faker("en_US", draw, lambda f: draw.choice([f.name(), f.company(), f.job()]), 1500),  # type: ignore[attr-defined]  # as above
        "sentences with a number, 11 languages": numbered_sentences(draw),
        "slogans with a number": [f"{draw.randint(1, 99)} {slogan}" for slogan in _faker("en_US", draw, lambda f: f.catch_phrase())],  # type: ignore[attr-defined]  # as above
        "goods with a count (12 Golden Locks)": [f"{draw.randint(1, 300)} {draw.choice(KINDS)} {draw.choice(GOODS)}" for _ in range(1500)],
        "products with numbers": [f"{draw.choice(LATIN_WORDS)} {draw.choice(LATIN_WORDS)} {draw.randint(1, 3000)}" for _ in range(1500)],
    }  # fmt: skip
