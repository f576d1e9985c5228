"""Cells that look like sensitive ones and are none: invented, seeded, with words that no list of the product was made from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sample_dbs import checks

Cells = Callable[[Random, int], list[object]]


@dataclass(frozen=True)
class Side:
    """One column of a confusable pair."""

    name: str
    type_id: str
    """Accepted under the name; several with bars."""
    blind: str
    """Accepted without a name."""
    cells: Cells
    comment: str = ""


def each(make: Callable[[Random], object]) -> Cells:
    """One independent cell per row."""
    return lambda r, n: [make(r) for _ in range(n)]


def words(text: str) -> Cells:
    """Words of a closed list, some more often than others."""
    known = text.split()
    return lambda r, n: r.choices(known, [1 + place % 4 for place in range(len(known))], k=n)


def lines(text: str) -> Cells:
    """Phrases of a closed list, separated by bars."""
    known = text.split("|")
    return lambda r, n: [r.choice(known) for _ in range(n)]


def digits(r: Random, count: int) -> str:
    """Random digits."""
    return "".join(r.choice("0123456789") for _ in range(count))


def hexes(r: Random, count: int) -> str:
    """Random hex digits."""
    return "".join(r.choice("0123456789abcdef") for _ in range(count))


def letters(r: Random, count: int) -> str:
    """Random capitals."""
    return "".join(r.choice("ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(count))


def moment(r: Random) -> datetime:
    """A moment of recent years."""
    return datetime(2019, 1, 1) + timedelta(seconds=r.randrange(180_000_000))


def number(length: int, start: str = "") -> Cells:
    """Random digits of one length, perhaps with one start."""
    return each(lambda r: (start or str(r.randint(1, 9))) + digits(r, length - len(start or "1")))


def counter(first: int, step: int) -> Cells:
    """Rising numbers, as text."""

    def make(r: Random, n: int) -> list[object]:
        value, made = first, []
        for _ in range(n):
            value += r.randint(1, step)
            made.append(str(value))
        return list(made)

    return make


def luhn(start: str, length: int) -> Cells:
    """Numbers with a start and a Luhn digit."""

    def make(r: Random) -> str:
        body = start + digits(r, length - len(start) - 1)
        return body + checks.luhn(body)

    return each(make)


def snowflake(r: Random, n: int) -> list[object]:
    """19-digit ids: milliseconds, machine, counter."""
    return [str(((int(moment(r).timestamp() * 1000) - 1288834974657) << 22) + (r.randrange(32) << 12) + r.randrange(9)) for _ in range(n)]


def stamped(form: str) -> Cells:
    """Moments in a form."""
    return each(lambda r: moment(r).strftime(form))


def version(r: Random) -> str:
    """A version of four parts."""
    return f"{r.randint(1, 14)}.{r.randint(0, 12)}.{r.randint(0, 9)}.{r.randint(0, 9)}"


def document(r: Random) -> str:
    """Number of an official paper."""
    return f"{r.choice(('京A', '津财', '黔府发', '鲁教', '豫B'))}〔{r.randint(2015, 2025)}〕{r.randint(1, 300)}号"


def court_case(r: Random) -> str:
    """Number of a court case."""
    return f"（{r.randint(2016, 2025)}）{r.choice('京津鲁豫黔')}{r.randint(1, 30):02d}民终{r.randint(1, 9000)}号"


DEPARTMENTS = words(
    "人力资源部 党群工作部 战略发展部 合规部 内审部 呼吸内科 骨科 儿科 检验科 招生办 团委 仓储部 华南大区 法务部 信息中心 公关部"
)
DISHES = words("鱼香肉丝 水煮牛肉 白切鸡 黄焖鸡米饭 过桥米线 酸菜鱼 地三鲜 葱油拌面 高升排骨 江团鱼头 双皮奶 马家凉皮 夏枯草茶 石锅拌饭")
SPECIES = words("白头鹎 金钱豹 黄山松 马尾松 江鳕 石楠 白杨 苏铁 文冠果 常山 杜衡 贝母 金银花 玉兰 林蛙 方竹 罗汉果 夏蜡梅")
BRANDS = words("美的 格力 方太 安井 高德 马可波罗 白象 金龙鱼 周黑鸭 江中 孔府家 万和 老板 康佳 九阳 欧派 文君 李锦记 叶茂中 江小白")
TITLES = words("三体 骆驼祥子 呐喊 边城 雷雨 家 春 秋 白夜行 解忧杂货店 万历十五年 乡土中国 活法 麦田里的守望者 老人与海 简爱 傅雷家书")
NICKNAMES = lines(
    "风一样的少年|小太阳☀|一只咸鱼|Mr_Lee|可可西里|往事随风|安静的美男子|爱吃西瓜|夜的第七章|柠檬不萌|追梦人2019|阿狸|小鱼儿|ღ糖糖ღ|天涯过客|大橙子"
)
ROLES = words("超级用户 值班员 审核岗 复核岗 财务主管 系统运维 店长 督导 客服专员 只读用户 租户管理员 巡检员 质检员 班主任 班组长")
MOODS = words("高兴 平静 安心 温暖 白净 马虎 严肃 慌张 成熟 常见 方正 明亮 空旷 万全 金黄 汤圆 钱币 花纹 江河 舒服")
NEWS = lines("河北省召开安全生产会议|广东省发布新版目录|四川省雨季防汛启动|云南省旅游人数创新高|山东省推进产业升级|湖北省举行春季招聘会")
