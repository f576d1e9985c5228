"""Addresses: Chinese by divisions and the grammar road, number, building, room; others by street words and house numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from sensscan.plugin import ValueDetector

from . import _lists, _western_addresses

_PARTED = re.compile(r"[\s,./#(:\"]")
_HAN = re.compile("[\u4e00-\u9fff]")
_TRADITIONAL = re.compile("[號樓區縣鄉鎮灣臺層東園廣門棟單]")
_N = "[0-9零〇一二三四五六七八九十百]{1,6}"
_FULL_ROAD = "大道|大街|胡同|公路|[国省县]道|[路街巷弄道里坊条径]"

_ROAD_NUMBER = re.compile(
    f"(?:{_FULL_ROAD})(?:[东南西北中][段侧路街区]?|[一二三四五六七八九十]+[段路巷弄])?(?:辅路)?[ ,]?[第甲乙丙丁临附增]?[ ]?{_N}"
    f"(?:[-~—之、]{_N})?[甲乙丙A-Z]?(?:[号弄巷#米栋幢座楼 ,]|公里|$)"
)
_ROAD = re.compile("[\u4e00-\u9fff](?:大道|大街|胡同|公路|国道|[路街巷弄道])")
_NUMBER = re.compile(f"{_N}(?:[-~—之][0-9]{{1,4}})?(?:号院|号楼|号|#)(?!线|文|令|门诊|公告)")
_UNIT = re.compile(
    f"(?:{_N}|[A-Za-z][0-9]{{0,2}}|[东南西北中])[号#]?(?:栋|幢|座|单元|室|楼|层|房|铺|门|户|期)"
    "|[0-9]{1,3}-[0-9]{1,4}(?:-[0-9]{1,5})?(?:号|室)?$|[0-9]{3,4}$"
)
_TOWN = re.compile("[\u4e00-\u9fff]{1,8}?(?:街道办事处|街道|镇|乡|苏木|农场|林场|牧场)(?!企|土|长|政|静|定)")
_VILLAGE = re.compile("[\u4e00-\u9fff]{1,8}?(?:村民委员会|村委会|社区|嘎查|自然村|村|屯|寨|庄)(?!民|官|镇银|落|干)")
_GROUP = re.compile(f"(?:{_N}|[东南西北上下][\u4e00-\u9fff]?)(?:村民小组|小组|组|社|队|号)")
_SURE_ESTATE = re.compile("小区|花园|家园|公寓|新村|花苑|大厦|写字楼|工业园|产业园|科技园|科学园|软件园|创业园|宿舍|公馆|[\u4e00-\u9fff]苑")
_ESTATE = re.compile(
    _SURE_ESTATE.pattern + "|别墅|[\u4e00-\u9fff]府|大楼|商务楼|广场|商城|园区|开发区|高新区|经开区|新区|大院|中心|国际|[城湾庭轩阁居里]"
)
_MORE_LEVEL = re.compile("[ ]?[\u4e00-\u9fff]{1,7}?(?:自治[州县旗]|[市县]|(?<!红)旗|(?<![社小园校景街库厂山院])区)")
_BOX = re.compile("邮?政?信箱[ ]?[0-9]{1,6}|[0-9]{1,6}号?邮?政?信箱")
_BESIDE = re.compile("交叉口|交汇处|路口|对面|旁边?$|隔壁|附近|以[东南西北]|[东南西北]侧|楼下|门口|沿街|商铺|门面")

_ORGANISATION = re.compile(
    "(?:公司|集团|厂|大学|学院|学校|中学|小学|幼儿园|医院|银行|支行|分行|法院|检察院|公安局|派出所|局|委员会|协会|政府|办事处|合作社|事务所"
    "|部|处|店|馆|站|机场|公园|景区|寺|队|线|桥|段)$"
)
_NOT_ADDRESS = re.compile(
    "号线|[。！？;；@]|第[0-9一二三四五六七八九十]+[章节条款]|条例|办法|规定|通知|决定|意见|规划|招标|采购|工程|项目|事故|新闻|方案|总结|报告|订单|编号|合同"
    "|会议室|型号|版本|文号|[〔\\[]20[0-9]{2}|交通|安全|管理$|攻略|一日游|天气|房价|旅游|http"
)
_EAST_ASIAN = re.compile(
    "[\u4e00-\u9fff]{1,3}[都道府県].{1,12}[市区町村郡].{0,20}[0-9一二三四五六七八九十]"
    "|[\uac00-\ud7a3]+(?:시|도|구|군|읍|면|동)[ ].*[\uac00-\ud7a3]+[0-9]*(?:로|길|동|리|가)[ ]?(?:지하)?[0-9]"
)


class Address(ValueDetector):
    """Scores how much a value is a postal address; expects the normaliser *plain*."""

    type_id = "address"

    def score(self, values: Sequence[str]) -> Sequence[float]:
        """Return 0 to 1 per value; 0.5 and above is an address, 0.3 to 0.5 a hint (a district, a road without number)."""
        result = [0.0] * len(values)
        western = []
        for index, value in enumerate(values):
            if not 4 <= len(value) <= 160:
                continue
            if not value.isascii() and _HAN.search(value) is not None:
                result[index] = _chinese(value)
            elif value[0] < "\uac00":
                # One word, or a mail address: codes, digests and names of files need no closer look.
                if _PARTED.search(value) is not None and "@" not in value:
                    western.append(index)
            else:
                result[index] = 0.85 if _EAST_ASIAN.search(value) else 0.0
        if western:
            for index, score in zip(western, _western_addresses.scores([values[index] for index in western]), strict=True):
                result[index] = score
        return result


@cache
def _simplified() -> dict[int, str]:
    return {ord(old): new for old, new in _lists.traditional().items()}


@cache
def _lengths() -> Mapping[str, tuple[int, ...]]:
    """Return the first two characters of division names -> the lengths of those names, longest first."""
    found: dict[str, set[int]] = {}
    for name in _lists.divisions():
        found.setdefault(name[:2], set()).add(len(name))
    return {start: tuple(sorted(sizes, reverse=True)) for start, sizes in found.items()}


def _divisions(value: str) -> tuple[int, int]:
    """Return how many known divisions stand at the beginning, from large to small, and where they end."""
    known, lengths = _lists.divisions(), _lengths()
    at, count, level = 0, 0, ""
    while level != "d":
        sizes = lengths.get(value[at : at + 2])
        if sizes is None:
            if value[at : at + 1] in _BETWEEN:
                at += 1
                continue
            break
        for size in sizes:
            found = known.get(value[at : at + size], "")
            # After a province any level may follow (municipalities repeat); a province never follows anything.
            if found > level and not (level and found == "p"):
                break
        else:
            break
        count, at, level = count + 1, at + size, _AFTER[found]
    return count, at


_AFTER = {"p": "b", "c": "c", "d": "d"}
"""What must be exceeded by the next level: after a province (b) cities (c) and districts (d) follow."""
_BETWEEN = frozenset(" ,-/省")


def _chinese(value: str) -> float:
    levels, at = _divisions(value)
    rest = value[at:].lstrip(" ,") if at else value
    if not rest:
        return 0.35 if levels > 1 else 0.2
    if levels:
        more = _MORE_LEVEL.match(rest)
        if more is not None and more.end() < len(rest):
            levels += 1
            rest = rest[more.end() :]
        elif more is not None:
            return 0.35
    if _ROAD_NUMBER.search(rest) and (levels > 1 or _NOT_ADDRESS.search(rest) is None):
        return 0.97 if levels else 0.8
    if _NOT_ADDRESS.search(value):
        return 0.1
    if _TRADITIONAL.search(value):
        # Written out where it is: only values that the fast way does not know pay for it.
        simple = value.translate(_simplified())
        if simple != value:
            return _chinese(simple)
    unit = _UNIT.search(rest) is not None
    number = _NUMBER.search(rest) is not None
    return _by_parts(rest, levels, unit=unit, number=number)


def _by_parts(rest: str, levels: int, *, unit: bool, number: bool) -> float:
    """Score what has no road with a number: villages, estates, buildings, crossings."""
    organisation = not unit and not number and _ORGANISATION.search(rest) is not None
    town = _TOWN.match(rest)
    place = rest[town.end() :] if town else rest
    village = _VILLAGE.match(place)
    group = village is not None and _GROUP.search(place, village.end()) is not None
    if organisation:
        return 0.15
    if town and (village or unit or number):
        return 0.92 if levels else 0.75
    if village and (group or unit or number):
        return 0.9 if levels else 0.7
    if village and levels > 1:
        return 0.8
    estate = _ESTATE.search(rest) is not None
    if levels and (unit or number):
        return 0.9 if levels > 1 or estate else 0.7
    if estate and unit:
        return 0.72 if _SURE_ESTATE.search(rest) else 0.5
    if _BOX.search(rest):
        return 0.8 if levels else 0.6
    road = _ROAD.search(rest) is not None
    if road and (unit or number or _BESIDE.search(rest)):
        return 0.75
    if levels > 1 and (road or estate or town):
        return 0.75
    if levels and road:
        return 0.6
    if levels and _SURE_ESTATE.search(rest):
        return 0.55
    if levels and town:
        return 0.4
    return 0.85 if _EAST_ASIAN.search(rest) else 0.3 if road or town else 0.1
