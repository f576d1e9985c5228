"""Blind columns of the difficult kinds: test data, masks, numbers as numbers, hits inside text, near misses."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from random import Random

from benchmarks import number_cells as num
from benchmarks import people_cells as people
from benchmarks.database import Factory, each, styles, words
from benchmarks.negatives import COLOURS, LOGS, NOUNS, SENTENCES, STATUS_ZH
from benchmarks.people_cells import digits
from sample_dbs import checks

NAMES = people.fake("name", "zh_CN")
WESTERN = people.fake("name", "en_US", "de_DE")
VILLAGES = "李家村 王庄 张家湾 赵各庄 刘集 陈家桥 马家堡 高碑店 周口店 杨柳青 孙河 朱家角 何家营 方庄 石景山 金山岭".split()
STAGES = "五月天 南拳妈妈 苏打绿 逃跑计划 花儿乐队 黑豹 唐朝 凤凰传奇 水木年华 羽泉 飞儿乐团 小虎队".split()
SHORT_COMPANIES = "腾讯 阿里巴巴 百度 京东 美团 中石化 华润 万科 顺丰 海尔 联想 网易 滴滴 招商局".split()
CUES = ("联系人：{}，电话{}", "收货人{}（{}）", "请联系{} {}", "{}先生，手机：{}")


def made_up_id(r: Random) -> str:
    """A number of test data: right structure, any check character."""
    return f"{r.choice(people.DIVISIONS)}{people.birth(r):%Y%m%d}{digits(r, 4)}"


def made_up_card(r: Random) -> str:
    """BIN and length, no Luhn."""
    start, length = r.choice(num.CARD_STARTS)
    return start + digits(r, length - len(start))


def made_up_credit_code(r: Random) -> str:
    """Department and division, any check characters."""
    return "91" + r.choice(people.DIVISIONS) + num.pick(r, checks.USCC_ALPHABET, 10)


def european_vin(r: Random) -> str:
    """Makers of Europe set place 9 freely."""
    return (
        r.choice(("WVWZZZ", "WDBZZZ", "VF1AAA", "SALZZZ", "ZFAZZZ"))
        + num.pick(r, "0123456789ABCDEFGH", 2)
        + "Z"
        + num.pick(r, "JKLMNP", 1)
        + "W"
        + digits(r, 6)
    )


def joined(make: Callable[[Random], str], separator: str) -> Factory:
    """Two values in one cell."""
    return each(lambda r: separator.join((make(r), make(r))))


def note_with_contact(r: Random, n: int) -> list[object]:
    """Some rows name a person and a number."""
    names = NAMES(r, n)
    return [r.choice(CUES).format(name, people.mobile(r)) if r.random() < 0.4 else r.choice(SENTENCES) for name in names]


def record(r: Random, n: int) -> list[object]:
    """JSON about a person."""
    return [
        json.dumps({"uid": r.randint(1, 99999), "name": name, "phone": people.mobile(r), "id_no": num.id_card(r)}, ensure_ascii=False)
        for name in NAMES(r, n)
    ]


def access_log(r: Random, n: int) -> list[object]:
    """Lines of a web server."""
    return [
        f'{num.ipv4(r)} - - [{num.moment(r):%d/%b/%Y:%H:%M:%S} +0800] "GET /{r.choice(NOUNS)}?id={r.randint(1, 999)} HTTP/1.1" 200 {r.randint(100, 9999)}'
        for _ in range(n)
    ]


def settings_with_secret(r: Random, n: int) -> list[object]:
    """key=value with a password in most."""
    return [
        f"host=db{r.randint(1, 9)}.example.com;user=app;password={people.weak_password(r)}x{digits(r, 3)};pool={r.randint(5, 50)}"
        for _ in range(n)
    ]


def wrong_octets(r: Random) -> str:
    """Four numbers, of which some exceed 255."""
    return ".".join(str(r.randint(0, 999)) for _ in range(4))


def luhn_orders(r: Random) -> str:
    """Order numbers with a Luhn digit and no card's start."""
    body = "10" + digits(r, 13)
    return body + checks.luhn(body)


def masked(value: str, head: int, tail: int) -> str:
    """Stars between head and tail."""
    return value[:head] + "*" * (len(value) - head - tail) + value[-tail:]


def near_hk_id(r: Random) -> str:
    """The form of a Hong Kong card with any check character."""
    return f"{r.choice('ABCDEFGHKM')}{digits(r, 6)}({r.choice('0123456789A')})"


def grouped_codes(r: Random) -> str:
    """Four groups without Luhn, as redeem codes have."""
    return " ".join(digits(r, 4) for _ in range(4))


HARD_POSITIVES: tuple[tuple[str, Factory, int, bool], ...] = (
    # label, cells, columns, told from few rows
    ("id_card", each(made_up_id), 3, False), ("bank_card|none|unknown", each(made_up_card), 2, False), ("uscc|none|unknown", each(made_up_credit_code), 1, False), ("vin|none|unknown", each(european_vin), 1, False),
    ("mobile_phone", each(lambda r: int(people.mobile(r))), 2, False), ("bank_card", each(lambda r: int(num.visa(r))), 1, True), ("id_card|none|unknown", each(lambda r: float(num.id_card(r)[:17] + "0")), 1, False),
    ("mobile_phone|none|unknown", each(lambda r: masked(people.mobile(r), 3, 4)), 2, False), ("id_card|none|unknown", each(lambda r: masked(num.id_card(r), 6, 4)), 1, False),
    ("none|unknown", each(lambda r: base64.b64encode(r.randbytes(16)).decode()), 2, False), ("coordinates|none", each(lambda r: round(r.uniform(73, 135), 6)), 1, False), ("coordinates|none", each(lambda r: round(r.uniform(18, 53), 6)), 1, False),
    ("email", joined(people.email, ";"), 1, False), ("mobile_phone", joined(people.mobile, ","), 1, False), ("mobile_phone|person_name", note_with_contact, 3, False), ("id_card|mobile_phone|person_name", record, 2, False),
    ("ipv4", access_log, 2, False), ("secret_key|password", settings_with_secret, 1, False), ("person_name", styles(lambda r: r.choice("王李张刘陈杨赵黄周吴") + r.choice("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平")), 2, False),
    ("person_name", lambda r, n: [name.upper() for name in map(str, WESTERN(r, n))], 1, False), ("person_name", lambda r, n: [", ".join(reversed(str(name).split(" ", 1))) for name in WESTERN(r, n)], 1, False),
    ("landline_phone", each(lambda r: people.landline(r).replace("-", "")), 1, False), ("landline_phone", each(lambda r: f"{people.landline(r)}转{r.randint(100, 9999)}"), 1, True), ("mobile_phone|landline_phone", styles(lambda r: people.mobile(r) if r.random() < 0.5 else people.landline(r)), 2, False),
    ("date", styles(lambda r: num.moment(r).strftime("%Y-%m-%d" if r.random() < 0.5 else "%Y/%m/%d")), 1, True), ("date|none", each(lambda r: f"{num.moment(r):%b %d %Y}"), 1, False), ("ipv4", each(lambda r: f"{num.ipv4_private(r)}:{r.randint(1024, 60000)}"), 1, True),
    ("ipv4|ipv6", styles(lambda r: num.ipv4(r) if r.random() < 0.7 else num.ipv6(r)), 1, True), ("address", each(lambda r: people.fragment(r).replace("幢", "号楼")), 1, False), ("address|none", each(people.road), 1, False),
    ("url|none", each(lambda r: num.url(r).split("?", 1)[0].removeprefix("https://").removeprefix("http://")), 1, False), ("jwt", each(lambda r: "Bearer " + num.jwt(r)), 1, True),
)  # fmt: skip

HARD_NEGATIVES: tuple[tuple[str, Factory, int], ...] = (
    ("none", each(wrong_octets), 2), ("none", each(luhn_orders), 2), ("none", each(near_hk_id), 2), ("none", each(grouped_codes), 2), ("none", each(lambda r: f"订单20{r.randint(18, 24)}{digits(r, 12)}已发货"), 2),
    ("none", each(lambda r: f"{r.choice(STATUS_ZH)}（{r.randint(1, 99)}次）"), 2), ("none", each(lambda r: f"{r.choice(COLOURS)}/{r.randint(36, 46)}码"), 2), ("none", each(lambda r: f"[{r.choice(('INFO', 'WARN'))}] {r.choice(LOGS)}"), 2),
    ("none|address|city", words(*VILLAGES), 1), ("none", words(*STAGES), 1), ("none|company_name", words(*SHORT_COMPANIES), 1), ("none", each(lambda r: f"{digits(r, 4)}-{digits(r, 4)}"), 1),
    ("none", each(lambda r: f"{r.choice(NOUNS)}@{r.choice(NOUNS)}"), 1), ("none", each(lambda r: f"{r.randint(0, 9)}:{r.randint(10, 59)}:{r.randint(10, 59)}"), 1), ("none", each(lambda r: num.pick(r, "ACGT", 24)), 1),
    ("none", each(lambda r: f"{r.randint(1, 99)}°C"), 1), ("none", each(lambda r: f"{num.pick(r, 'ABCDEFGHKLMN', 2)}{digits(r, 9)}{num.pick(r, 'CN', 1)}N"), 1), ("none", each(lambda r: num.pick(r, "ABCDEFGHJKLMNPRSTUVWXYZ0123456789", 17)), 2),
    ("none", each(lambda r: num.pick(r, checks.USCC_ALPHABET, 18)), 2), ("none", each(lambda r: json.dumps({"id": r.randint(10**10, 2 * 10**10), "ok": True})), 1), ("none", each(lambda r: f"{r.choice('ABCD')}栋"), 1),
)  # fmt: skip
