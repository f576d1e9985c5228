"""Hard negatives: values that look like sensitive ones and are none."""

from __future__ import annotations

from random import Random

from . import checks
from .papers import digits

DISHES = [
    "宫保鸡丁",
    "鱼香肉丝",
    "麻婆豆腐",
    "白切鸡",
    "红烧肉",
    "高汤娃娃菜",
    "江南小炒",
    "金汤肥牛",
    "马蹄糕",
    "牛肉面",
    "水煮鱼",
    "田园时蔬",
    "黄焖鸡",
    "龙井虾仁",
    "熊掌豆腐",
    "安格斯牛排",
]
DEPARTMENTS = [
    "风险管理部",
    "个人金融部",
    "信息科技部",
    "人力资源部",
    "计划财务部",
    "法律合规部",
    "运营管理部",
    "党委办公室",
    "审计部",
    "公司业务部",
    "高新支行",
    "江北支行",
    "解放路支行",
]
BRANDS = [
    "小米",
    "华为",
    "海尔",
    "美的",
    "格力",
    "苏泊尔",
    "南极人",
    "李宁",
    "安踏",
    "张小泉",
    "王老吉",
    "马应龙",
    "同仁堂",
    "三只松鼠",
    "周黑鸭",
]
PRODUCTS = [
    "无线蓝牙耳机",
    "智能电饭煲",
    "纯棉四件套",
    "男士商务衬衫",
    "儿童保温杯",
    "不锈钢刀具",
    "空气净化器",
    "手机壳",
    "机械键盘",
    "运动跑鞋",
    "凉茶",
    "坚果礼盒",
]
COLOURS = ["白色", "黑色", "金色", "银灰", "蓝色", "红色", "香槟金", "深空灰", "墨绿"]
STATUS = ("正常", "冻结", "注销", "待审核", "已完成")
CHANNELS = ("手机银行", "网上银行", "柜面", "ATM", "POS", "第三方支付")
SUMMARIES = ("转账", "工资", "消费", "退款", "利息", "手续费", "跨行转账", "信用卡还款", "水电费", "理财赎回")
JOBS = ["工人", "教师", "医生", "农民", "职员", "公务员", "司机", "个体经营者", "工程师", "学生", "退休", "军人", "厨师", "会计"]
POSTS = ["客户经理", "柜员", "支行行长", "综合柜员", "大堂经理", "风险专员", "高级经理", "主管", "系统管理员", "总经理助理"]
INDUSTRIES = [
    "批发和零售业",
    "制造业",
    "建筑业",
    "住宿和餐饮业",
    "信息传输、软件和信息技术服务业",
    "金融业",
    "房地产业",
    "教育",
    "农、林、牧、渔业",
]
ITEMS = [
    "内资公司设立登记",
    "食品经营许可核发",
    "建筑工程施工许可",
    "护士执业注册",
    "道路运输经营许可",
    "居民身份证换领",
    "生育登记",
    "不动产登记",
    "排污许可",
]
SENTENCES = (
    "客户反映商品包装破损，已安排补发。",
    "系统升级维护，预计两小时后恢复。",
    "订单超时未支付，自动关闭。",
    "请在工作日上午九点后联系客服处理。",
    "该活动最终解释权归商家所有。",
    "库存不足，等待采购到货。",
    "用户要求更换颜色，已同意。",
    "物流信息长时间未更新，已催促快递公司。",
)
AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/108.0.5359.125",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 16_2 like Mac OS X) Safari/604.1",
    "Dalvik/2.1.0 (Linux; U; Android 12; M2102J2SC)",
    "okhttp/4.9.3",
)


def order_no(r: Random) -> str:
    """Eighteen digits that begin with a date."""
    return f"20{r.randint(18, 23)}{r.randint(1, 12):02d}{r.randint(1, 28):02d}{digits(r, 10)}"


def order_no_16(r: Random) -> str:
    """Sixteen digits, ten per cent of which pass Luhn."""
    return "62" + digits(r, 14)


def serial_11(r: Random) -> str:
    """Eleven digits with one prefix, like a counter: not a mobile number."""
    return f"138{r.randint(0, 4):04d}{r.randint(0, 9999):04d}"


def snowflake(r: Random) -> int:
    """Nineteen digits of a distributed id generator."""
    return 1_400_000_000_000_000_000 + r.randint(0, 3 * 10**17)


def version(r: Random) -> str:
    """Four numbers with dots, like an address; some with three or a suffix."""
    full = f"{r.randint(1, 9)}.{r.randint(0, 12)}.{r.randint(0, 9)}.{r.randint(0, 3)}"
    return r.choices((full, full.rsplit(".", 1)[0], full + "-rc1"), (8, 2, 1))[0]


def product_code(r: Random) -> str:
    """A letter and eight digits, like a passport."""
    return r.choice("PKBC") + digits(r, 8)


def ean(r: Random) -> str:
    """Bar code of a Chinese maker."""
    body = "69" + digits(r, 10)
    return body + checks.ean13(body)


def document_no(r: Random) -> str:
    """Number of an official document."""
    return f"{r.choice('京沪粤苏浙')}{r.choice(('政办发', '卫审', '市监', '建许'))}〔{r.randint(2012, 2023)}〕{r.randint(1, 999)}号"


def tracking_no(r: Random) -> str:
    """Parcel number."""
    return r.choice(("SF", "YT", "JD", "ZTO")) + digits(r, 13)


def file_no(r: Random) -> str:
    """Case number of an office."""
    return f"SL{r.randint(2018, 2023)}{digits(r, 8)}"


def dish(r: Random) -> str:
    """Dishes begin with surname characters more often than chance."""
    return r.choice(DISHES)


def sentence(r: Random) -> str:
    """Text without a finding."""
    return r.choice(SENTENCES)


def colour_code(r: Random) -> str:
    """#a1b2c3."""
    return f"#{r.getrandbits(24):06x}"
