"""Names of organisations by their legal form, kind and trade words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sensscan.plugin import ValueDetector

from . import _western_companies

_HAN = re.compile("[\u4e00-\u9fff]")
_LEGAL = re.compile(
    "(?:有限责任公司|股份有限公司|有限公司|股份公司|控股公司|总公司|集团公司|无限公司|集团|事务所|合作社|合伙企业|个体工商户|个人独资企业|公司)"
    r"(?:\((?:特殊普通合伙|普通合伙|有限合伙|普通|集团|中国)\))?"
    "(?:[\u4e00-\u9fff]{1,12}(?:分公司|支公司|分行|支行|营业部|分店|门店|办事处|分厂|工厂|项目部|代表处|网点|旗舰店|专卖店))?$"
    r"|\((?:特殊普通合伙|普通合伙|有限合伙)\)$"
)
_PUBLIC = re.compile(
    "(?:大学|学院|中学|小学|学校|幼儿园|党校|医院|卫生院|卫生所|卫生服务中心|卫生室|疾控中心|保健院|银行|支行|分行|信用社|信用联社|营业部"
    "|公安局|派出所|分局|法院|检察院|税务局|工商局|监督管理局|人民政府|办事处|街道办|委员会|居委会|村委会|协会|学会|商会|基金会|研究院"
    "|研究所|研究中心|设计院|科学院|图书馆|博物馆|出版社|报社|电视台|气象局|财政局|教育局|民政局|管理局|管理处|联合会|福利院|养老院"
    "|敬老院|监狱|看守所)(?:[\u4e00-\u9fff]{2,8}(?:分局|分行|支行|分院|校区|院区|分校|支队|大队))?$"
)
_TRADE = re.compile(
    "(?:经营部|商行|工作室|餐厅|饭店|酒店|宾馆|超市|药房|药店|诊所|门诊部|服务部|批发部|销售部|[\u4e00-\u9fff]厂|快递|速递|物流|速运|保险"
    "|证券|信托|期货|餐饮店|专卖店|便利店|小吃店|旗舰店|服装店|维修店|美发店|理发店|火锅店|水果店|五金店|面馆|茶楼|网吧|会所|俱乐部"
    "|养殖场|农场|种植园|联盟|传媒|影业)$"
)
_SHOP = re.compile("[\u4e00-\u9fff]{3,}[店行铺坊馆]$")
_VAGUE = re.compile(
    "(?:本|该|贵|我|你|其他?|各|某|分|子|母|总|开户|所属|发卡|收款|付款|上市|外资|民营|国有|合资|商业|保险|物流|快递|贸易|投资|母婴|中央"
    "|世界|外国|私人|上级|大|小|新|老|全国|知名|一家|同一|有限|股份)+(?:责任)?$"
)
_LABEL = re.compile("名称$|地址$|类型$|编号$|卡$|账号$|[？?！!。；;]|http|@")


class CompanyName(ValueDetector):
    """Scores how much a value names a company, authority, school, hospital or shop; expects the normaliser *plain*."""

    type_id = "company_name"

    def score(self, values: Sequence[str]) -> Sequence[float]:
        """Return 0 to 1 per value. Short forms without any kind word (华为) cannot be told and score low."""
        return [score(value) for value in values]


def score(value: str) -> float:
    """Score one value."""
    if not 3 <= len(value) <= 80:
        return 0.0
    return _chinese(value) if _HAN.search(value) else _western_companies.score(value)


_END = re.compile("[\u4e00-\u9fff][司团所社业户部店处厂点行学院校园心室局府办会馆台狱区队厅市房递流运险券托货楼吧场盟媒铺坊]$|\\)$")
"""How any of the forms above ends: one look that spares most values the four searches."""


def _chinese(value: str) -> float:
    if _END.search(value, max(0, len(value) - 2)) is None or _LABEL.search(value):
        return 0.05
    for pattern, least, weight in ((_LEGAL, 2, 0.95), (_PUBLIC, 2, 0.8), (_TRADE, 2, 0.65), (_SHOP, 3, 0.55)):
        found = pattern.search(value)
        if found is None:
            continue
        head = value[: found.start()] if pattern is not _SHOP else value[:-1]
        if len(head) < least or _VAGUE.fullmatch(head):
            return 0.2
        return weight
    return 0.05
