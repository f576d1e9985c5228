"""Columns that look like sensitive ones and are none: the families of hard negatives, each drawn anew for every column."""

from __future__ import annotations

import hashlib
import json
from random import Random

from benchmarks.database import Factory, each, styles, words
from benchmarks.number_cells import ALNUM, BASE64URL, MONTHS, md5, moment, pick, serial, sha1, sha256
from benchmarks.people_cells import PLACES, digits, fake
from sample_dbs import checks

DEPARTMENTS = "研发中心 市场部 财务处 后勤科 总裁办 质检部 采购部 内科 外科 急诊科 放射科 教务处 学生处 保卫处 高一年级组 华东大区 江苏分公司 王府井门店 安徽办事处 白云区营业部".split()
DISHES = "麻辣香锅 西红柿炒鸡蛋 白灼虾 清蒸鲈鱼 梅菜扣肉 东坡肉 金针菇肥牛 蒜蓉油麦菜 皮蛋瘦肉粥 扬州炒饭 兰州拉面 高汤馄饨 毛血旺 夫妻肺片 张飞牛肉 秦镇凉皮 于记烧鸡 白米饭 龙须面 马鲛鱼".split()
BRANDS = "李宁 阿玛尼 巴宝莉 雅诗兰黛 康师傅 王老吉 张裕 安踏 特步 鸿星尔克 罗莱 周大福 谢瑞麟 华为 荣耀 奥迪 宝马 沃尔沃 林肯 苏菲 高露洁 云南白药 马应龙 任天堂".split()
SPECIES = "银杏 水杉 白头翁 黄连 金丝猴 梅花鹿 白鹭 丹顶鹤 石斑鱼 江豚 华南虎 杜鹃 牡丹 百合 桂花 文竹 万年青 常春藤 吴茱萸 何首乌 徐长卿 王不留行 刘寄奴 杜仲".split()
LATIN = "Panthera tigris|Quercus robur|Homo sapiens|Felis catus|Canis lupus|Acer rubrum|Rosa chinensis|Oryza sativa|Zea mays|Bos taurus|Equus ferus|Salmo salar".split(
    "|"
)
TITLES = "红楼梦 三国演义 平凡的世界 活着 围城 白鹿原 百年孤独 追风筝的人 时间简史 人类简史 明朝那些事儿 小王子 孙子兵法 史记 论语译注 深入理解计算机系统 算法导论 高等数学 线性代数".split()
ROLES = "超级管理员 普通用户 系统管理员 审计员 访客 游客 部门经理 项目经理 编辑 版主 操作员 安全员 数据管理员 管理人 高级用户".split()
JOBS = "工程师 会计 出纳 销售代表 高级工程师 主任医师 护士长 讲师 副教授 司机 厨师 保安 项目助理 财务总监 董事长 总经理".split()
COLOURS = "红色 白色 黑色 米白 天蓝 玫瑰金 深灰 卡其 藏青 银色 紫 橙 黄".split()
STATUS_ZH = "正常 停用 待付款 已发货 已完成 已关闭 审核中 通过 驳回 草稿 启用 禁用 在线 离线 进行中 未开始".split()
STATUS_EN = "ACTIVE INACTIVE PENDING APPROVED REJECTED CLOSED OPEN PAID SHIPPED DONE FAILED SUCCESS RUNNING WAITING".split()
IDIOMS = "马到成功 一心一意 高瞻远瞩 万事如意 龙马精神 金玉满堂 方兴未艾 安居乐业 温故知新 水滴石穿 明察秋毫 常备不懈 任重道远 江山如画 白手起家 成人之美".split()
FRUIT = "苹果 香蕉 白菜 黄瓜 西红柿 土豆 马铃薯 石榴 柚子 葡萄 荔枝 龙眼 金桔 胡萝卜 毛豆 花生 山药 冬瓜 杨梅 樱桃 李子".split()
SUBJECTS = "语文 数学 英语 物理 化学 生物 历史 地理 政治 体育 音乐 美术 高等数学 大学物理 计算机基础 马克思主义原理".split()
CATEGORIES = "手机数码 家用电器 图书音像 服装鞋帽 母婴用品 食品生鲜 家居家装 运动户外 汽车用品 医药保健 办公用品 珠宝首饰".split()
MENU = "系统管理 用户管理 角色管理 菜单管理 部门管理 岗位管理 字典管理 参数设置 通知公告 日志管理 在线用户 定时任务 数据监控 服务监控 代码生成 表单构建".split()
COUNTRIES = "中国 美国 日本 德国 法国 英国 韩国 印度 俄罗斯 巴西 加拿大 澳大利亚 泰国 越南 约旦 马里 乍得 安哥拉".split()
SCHOOLS = "清华大学 北京大学 浙江大学 第一中学 实验小学 外国语学校 育才中学 师范学院 职业技术学院 第二幼儿园 南京大学 高新一中".split()
ICONS = "el-icon-user el-icon-setting fa-home fa-users system monitor tool tree-table peoples guide edit log dict message component".split()
PERMS = "list add edit remove export import query resetPwd reset unlock".split()
SENTENCES = "今天天气很好，适合出去散步。|该商品质量不错，物流也很快。|请各部门按时提交月度总结报告。|系统将于今晚进行例行维护。|操作成功|登录成功|参数不能为空|感谢您的支持与理解！|价格实惠，下次还会再来。|会议改到下周三下午举行，请相互转告。|暂无描述|这本书讲述了一个感人的故事。".split(
    "|"
)
LOGS = "Connection reset by peer|Task finished in 35 ms|GC pause young 12ms|cache miss for key user:profile|Scheduler started|Bean definition overridden|retry attempt 3 of 5|Null value in column ignored".split(
    "|"
)
NOUNS = "system order user menu role config product stock price report task message file notice goods store coupon category".split()
PACKAGES = "com.example.service com.acme.web.controller org.demo.quartz.task cn.test.common.utils io.sample.core".split()
UNITS = "个 件 箱 千克 吨 米 台 套 瓶 盒 张 包".split()
MIMES = "image/png text/html application/json application/pdf video/mp4 text/csv application/zip".split()
LEVELS = "A B C D S".split()
SIZES = "S M L XL XXL XS 均码".split()
ZONES = "Asia/Shanghai Europe/Berlin America/New_York UTC Asia/Tokyo".split()
LANGUAGES = "zh-CN en-US ja-JP de-DE fr-FR ko-KR zh-TW".split()
CURRENCIES = "CNY USD EUR JPY HKD GBP".split()
DAYS = "星期一 星期二 星期三 星期四 星期五 星期六 星期日".split()


def dated_order(r: Random, n: int) -> list[object]:
    """Date, then a counter or random digits; a prefix for some columns."""
    head, tail = r.choice(("", "", "SO", "PO", "DD", "NO.")), r.randint(4, 10)
    return [f"{head}{moment(r):%Y%m%d}{digits(r, tail)}" for _ in range(n)]


def of_length(length: int) -> Factory:
    """Numbers of one length with a start that the column shares, as sequences have."""

    def factory(r: Random, n: int) -> list[object]:
        head = str(r.randint(1, 9)) + digits(r, r.randint(0, 2))
        return [head + digits(r, length - len(head)) for _ in range(n)]

    return factory


def uniform_length(length: int) -> Factory:
    """Numbers of one length without any structure."""
    return each(lambda r: str(r.randint(1, 9)) + digits(r, length - 1))


def sequence(start: int, step: int) -> Factory:
    """Whole numbers that rise."""

    def factory(r: Random, n: int) -> list[object]:
        value, out = start + r.randint(0, start), []
        for _ in range(n):
            value += r.randint(1, step)
            out.append(value)
        return list(out)

    return factory


def snowflake(bits: int) -> Factory:
    """Ids with a time part, as numbers or as text."""

    def factory(r: Random, n: int) -> list[object]:
        base, text = r.getrandbits(6) + 2**bits, r.random() < 0.5
        ids = [base + index * 4_194_304 * r.randint(1, 900) + r.getrandbits(12) for index in range(n)]
        return [str(i) if text else i for i in ids]

    return factory


def versions(r: Random, n: int) -> list[object]:
    """Four parts, three parts, with suffix."""
    shape = r.choice(("{}.{}.{}.{}", "{}.{}.{}", "v{}.{}.{}", "{}.{}.{}.{}", "{}.{}.{}-SNAPSHOT", "{}.{}"))
    top = r.randint(1, 12)
    return [shape.format(r.randint(0, top), r.randint(0, 20), r.randint(0, 15), r.randint(0, 9)) for _ in range(n)]


def product_codes(r: Random, n: int) -> list[object]:
    """Letters and digits in one shape."""
    shape = r.choice(
        ("A99999999", "AA-9999", "SKU99999", "AAA-999-AA", "99-AA-9999", "P9999999", "A9A9A9", "AAAA9999", "AA99999999", "A99-999")
    )
    return ["".join(digits(r, 1) if c == "9" else (pick(r, "ABCDEFGHKMNPRTW", 1) if c == "A" else c) for c in shape) for _ in range(n)]


def document_numbers(r: Random, n: int) -> list[object]:
    """京A〔2021〕3号 and the like."""
    office = r.choice(("京政发", "国办函", "沪卫规", "粤府", "财税", "银发", "川经信", "京A"))
    left, right = r.choice(("〔〕", "[]", "（）"))
    return [f"{office}{left}{r.randint(2008, 2024)}{right}{r.randint(1, 400)}号" for _ in range(n)]


def court_numbers(r: Random, n: int) -> list[object]:
    """（2021）京01民初123号."""
    return [
        f"（{r.randint(2015, 2024)}）{r.choice('京沪粤浙苏')}{r.randint(1, 20):02d}{r.choice(('民初', '刑终', '执', '行初'))}{r.randint(1, 9999)}号"
        for _ in range(n)
    ]


def numbers(r: Random, n: int) -> list[object]:
    """Whole numbers of some size."""
    top = r.choice((5, 10, 100, 255, 1000, 9999, 100_000, 10**7, 10**9))
    low = r.choice((0, 0, 1, -top if top > 255 else 0))
    return [r.randint(low, top) for _ in range(n)]


def amounts(r: Random, n: int) -> list[object]:
    """Prices as numbers or text."""
    mu, form = r.uniform(2, 9), r.choice(("float", "text", "comma", "yuan"))
    cells: list[object] = []
    for _ in range(n):
        value = round(r.lognormvariate(mu, 1), 2)
        cells.append({"float": value, "text": f"{value:.2f}", "comma": f"{value:,.2f}", "yuan": f"¥{value:.2f}"}[form])
    return cells


def floats(r: Random, n: int) -> list[object]:
    """Measurements, ratios, components."""
    kind, scale = r.choice(("gauss", "unit", "percent", "celsius")), r.choice((1, 3, 100))
    match kind:
        case "gauss":
            return [r.gauss(0, scale) for _ in range(n)]
        case "unit":
            return [round(r.random(), 4) for _ in range(n)]
        case "percent":
            return [f"{r.uniform(0, 100):.1f}%" for _ in range(n)]
        case _:
            return [round(r.uniform(-5, 40), 1) for _ in range(n)]


def flags(r: Random, n: int) -> list[object]:
    """Two values."""
    pair = r.choice(((0, 1), ("0", "1"), ("Y", "N"), ("是", "否"), ("true", "false"), (1, 2), ("T", "F"), ("有", "无"), ("0", "2")))
    return list(r.choices(pair, (r.randint(1, 9), r.randint(1, 9)), k=n))


def codes(r: Random, n: int) -> list[object]:
    """A short list of short codes."""
    kinds = r.randint(3, 12)
    shape = r.choice(("1", "01", "10", "A1", "001", "0101"))
    forms: dict[str, str] = {"1": "{}", "01": "{:02d}", "10": "{}0", "A1": "A{}", "001": "{:03d}", "0101": "01{:02d}"}
    return [forms[shape].format(r.randint(1, kinds)) for _ in range(n)]


def hex_digests(r: Random, n: int) -> list[object]:
    """Lengths that no password hash has."""
    size = r.choice((7, 8, 10, 16, 24, 48, 96))
    return [pick(r, "0123456789abcdef", size) for _ in range(n)]


def uuids(r: Random, n: int) -> list[object]:
    """With hyphens; upper case or braces for some columns."""
    form = r.choice(("{}", "{}", "{{{}}}"))
    cells = []
    for _ in range(n):
        raw = hashlib.sha256(r.randbytes(16)).hexdigest()
        cells.append(form.format(f"{raw[:8]}-{raw[8:12]}-4{raw[13:16]}-a{raw[17:20]}-{raw[20:32]}"))
    return list(cells)


def dotted(r: Random, n: int) -> list[object]:
    """Object identifiers and section numbers."""
    head = r.choice(("1.3.6.1.4.1", "2.16.840.1", "1.2.156.10197"))
    return [f"{head}.{r.randint(1, 999)}.{r.randint(1, 99)}" for _ in range(n)]


def paths(r: Random, n: int) -> list[object]:
    """Routes, files, keys."""
    kind = r.choice(("route", "file", "win", "key", "class", "i18n"))
    cells: list[object] = []
    for _ in range(n):
        a, b, c = r.choices(NOUNS, k=3)
        cells.append(
            {
                "route": f"/{a}/{b}/{r.choice(PERMS)}", "file": f"/data/{a}/{b}_{r.randint(1, 99)}.{r.choice(('log', 'csv', 'xlsx', 'pdf'))}",
                "win": f"D:\\{a}\\{b}\\{c}.docx", "key": f"{a}.{b}.{c}", "class": f"{r.choice(PACKAGES)}.{a.title()}{b.title()}",
                "i18n": f"menu.{a}.{b}",
            }[kind]
        )  # fmt: skip
    return cells


def json_settings(r: Random, n: int) -> list[object]:
    """Documents about things."""
    return [
        json.dumps({"color": r.choice(COLOURS), "size": r.choice(SIZES), "qty": r.randint(1, 99)}, ensure_ascii=False) for _ in range(n)
    ]


def text_blocks(r: Random, n: int) -> list[object]:
    """Several sentences, as plain text or HTML."""
    wrap = r.choice(("{}", "<p>{}</p>", "## 说明\n{}"))
    return [wrap.format("".join(r.choices(SENTENCES, k=r.randint(1, 5)))) for _ in range(n)]


def ean(r: Random) -> str:
    """Bar code."""
    body = r.choice(("69", "69", "49", "88")) + digits(r, 10)
    return body + checks.ean13(body)


def cron(r: Random) -> str:
    """Quartz expression."""
    return f"0 {r.randint(0, 59)} {r.choice(('*', '0/2', str(r.randint(0, 23))))} * * ?"


def license_key(r: Random) -> str:
    """XXXXX-XXXXX-XXXXX."""
    return "-".join(pick(r, "ABCDEFGHJKLMNPQRSTUVWXYZ23456789", 5) for _ in range(3))


FAMILIES: tuple[tuple[str, Factory, int], ...] = (
    # label, cells, how many columns
    *(("none", of_length(size), 4) for size in (9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19)),
    *(("none", uniform_length(size), 3) for size in (7, 8, 9, 10, 12, 13, 15, 16, 18, 19, 20)),
    ("none", dated_order, 10), ("none", snowflake(60), 5), ("none", snowflake(56), 3), ("none", sequence(1000, 9), 5),
    ("none", sequence(13_800_000_000, 99), 3), ("none", sequence(10_000_000, 40), 3), ("none", versions, 12), ("none", product_codes, 14),
    ("none", document_numbers, 5), ("none", court_numbers, 2), ("none", numbers, 20), ("none", amounts, 12), ("none", floats, 14),
    ("none", flags, 14), ("none", codes, 12), ("none", hex_digests, 8), ("none", uuids, 6), ("none", dotted, 4), ("none", paths, 14),
    ("none", json_settings, 4), ("none", text_blocks, 7), ("none", each(ean), 3), ("none", each(cron), 3), ("none", each(license_key), 3),
    ("none", each(lambda r: r.randint(1_300_000_000, 1_700_000_000)), 1), ("none", each(lambda r: f"{r.randint(1990, 2024)}"), 3),
    *(("none", words(*known), 4) for known in (DEPARTMENTS, DISHES, BRANDS, SPECIES, TITLES, ROLES, JOBS, STATUS_ZH, STATUS_EN)),
    *(("none", words(*known), 3) for known in (COLOURS, IDIOMS, FRUIT, SUBJECTS, CATEGORIES, MENU, SENTENCES, LOGS, NOUNS, LATIN)),
    *(("none", words(*known), 2) for known in (ICONS, PACKAGES, UNITS, MIMES, SIZES, ZONES, LANGUAGES, CURRENCIES, DAYS, MONTHS)),
    ("none", words(*COUNTRIES), 3), ("none", each(lambda r: r.choice(NOUNS) + ":" + r.choice(NOUNS) + ":" + r.choice(PERMS)), 3),
    ("none", each(lambda r: f"{r.randint(0, 23):02d}:{r.randint(0, 59):02d}"), 3), ("none", each(lambda r: f"{r.choice(NOUNS)}_{r.choice(NOUNS)}"), 3),
    ("none", fake("catch_phrase", "en_US"), 3), ("none", fake("bs", "en_US"), 2), ("none", fake("sentence", "en_US", "zh_CN", "de_DE"), 5),
    ("none", fake("user_agent", "en_US"), 2), ("none", fake("word", "en_US", "zh_CN", "de_DE"), 5), ("none", fake("color_name", "en_US"), 2),
    ("none", fake("hex_color", "en_US"), 2), ("none", fake("isbn13", "en_US"), 2), ("none", fake("currency_code", "en_US"), 1),
    ("none", fake("job", "zh_CN", "en_US", "de_DE"), 4), ("none", fake("paragraph", "zh_CN", "en_US"), 3),
    ("none", each(lambda r: pick(r, ALNUM, 8)), 3), ("none", each(lambda r: pick(r, BASE64URL, 22)), 2), ("none", each(serial), 3),
    ("none", each(lambda r: f"CA{r.randint(100, 9999)}"), 2), ("none", each(lambda r: f"{r.choice('GDK')}{r.randint(1, 9999)}"), 2),
    ("none", each(lambda r: f"{r.randint(1, 30)}-{r.randint(1, 33)}{r.randint(1, 9):02d}"), 2), ("none", each(lambda r: r.choice(("600", "000", "300")) + digits(r, 3)), 2),
    ("none", each(lambda r: f"GB/T {r.randint(1000, 40000)}-{r.randint(1995, 2023)}"), 2), ("none", each(lambda r: f"{r.randint(1, 900)}{r.choice(('KB', 'MB', 'ms', 'kg'))}"), 2),
    ("none", each(lambda r: f"{r.choice(('SF', 'YT', 'JT', 'ZT'))}{digits(r, 13)}"), 2), ("none", each(lambda r: f"HT-{r.randint(2018, 2024)}-{r.randint(1, 999):03d}"), 3),
    ("none", each(lambda r: f"{r.randint(10, 99)}x{r.randint(10, 99)}x{r.randint(5, 60)}"), 2), ("none", each(lambda r: f"{r.choice(NOUNS)}.{r.choice(('pdf', 'docx', 'zip', 'mp4'))}"), 3),
    ("none", each(lambda r: f"{r.randint(2018, 2024)}Q{r.randint(1, 4)}"), 2), ("none", styles(lambda r: f"第{r.randint(1, 40)}章", lambda r: f"{r.randint(1, 12)}班", lambda r: f"第{r.randint(1, 20)}周"), 3),
    # what has a second right answer
    ("none|date", each(lambda r: f"{moment(r):%Y-%m}"), 2), ("none|date", each(lambda r: int(moment(r).timestamp() * 1000)), 2),
    ("none|date", each(lambda r: int(moment(r).timestamp())), 2), ("none|date", each(lambda r: int(f"{moment(r):%Y%m%d}")), 2),
    ("none|password_hash", styles(md5, sha1, sha256), 6), ("none|mac_address", each(lambda r: pick(r, "0123456789abcdef", 12)), 1),
    ("none|company_name", words(*SCHOOLS), 2), ("none|city|address", each(lambda r: r.choice(PLACES)[2]), 2),
    ("none|education", words("本科", "本科以上", "不限", "大专以上", "硕士优先"), 1), ("none|blood_type", words("A", "B", "C", "D"), 2),
    ("none|age", each(lambda r: r.randint(1, 99)), 2), ("none|postcode", uniform_length(6), 3), ("none|salary", each(lambda r: r.randint(20, 300) * 100), 1),
)  # fmt: skip
