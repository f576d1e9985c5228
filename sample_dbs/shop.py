"""A shop in English camel case: users, addresses, orders with notes and JSON, products, tickets, application keys."""

from __future__ import annotations

from random import Random

from sqlalchemy import JSON, BigInteger, Date, DateTime, Integer, Numeric, SmallInteger, String, Text

from . import keys, machines, moments, money, papers, people, places
from . import plain as noise
from .table import HEAVY, LIGHT, NULLS, Col, Row, Tab, between, of, one_of, plain, serial

IN_EXT = ("address", "person_name")
IN_TICKET = ("id_card", "bank_card", "email")
EXPRESS = ("顺丰", "圆通", "中通", "京东", "邮政")


def masked_mobile(r: Random) -> str:
    """What the shop itself has masked."""
    number = places.mobile(r)
    return f"{number[:3]}****{number[-4:]}"


def buyer_note(r: Random) -> str:
    """Notes hold a phone number in one of eight."""
    if r.random() < 0.12:
        return r.choice(("到货前请打", "如不在家请联系", "放门卫并电话")) + places.mobile(r) + r.choice(("，谢谢", "（李先生）", "。"))
    return r.choice(("", "尽快发货", "不要放辣", "周末送货", "要发票", "礼品包装，谢谢"))


def ticket(r: Random) -> str:
    """Service tickets hold numbers of several kinds."""
    style = r.random()
    if style < 0.15:
        return f"客户{people.surname(r)}先生来电，身份证号{papers.id_card(r)}，要求实名认证。"
    if style < 0.35:
        return f"退款至卡号 {money.bank_card(r)}，联系电话：{places.mobile(r)}。"
    if style < 0.45:
        return f"请把发票发到 {people.email(r)} ，订单 {noise.order_no(r)}"
    return noise.sentence(r)


def invoice_title(r: Random, _row: Row) -> object:
    """Most invoices are for companies."""
    return places.company(r) if r.random() < 0.75 else people.han_name(r)


def delivery(r: Random, _row: Row) -> object:
    """A JSON document with a person inside."""
    return {
        "channel": r.choice(("app", "h5", "mini")),
        "receiver": {"name": people.han_name(r), "phone": places.mobile(r), "address": places.address(r)},
        "coupon": {"code": f"CP{papers.digits(r, 8)}", "amount": r.randint(1, 50)},
    }


def specification(r: Random, _row: Row) -> object:
    """A JSON document about a thing."""
    return {"颜色": r.choice(noise.COLOURS), "重量": f"{r.randint(1, 90) / 10}kg", "尺寸": r.choice(("S", "M", "L", "XL"))}


USER = Tab(
    "shop_user", "会员表", 1300,
    (
        Col("userId", "none", BigInteger(), serial, "会员ID", key=True),
        Col("nickName", "username", String(60), plain(people.username), "昵称", LIGHT),
        Col("realName", "person_name", String(60), plain(people.han_name), "真实姓名", LIGHT, filled=0.8),
        Col("mobile", "mobile_phone", String(20), plain(masked_mobile), "手机号"),
        Col("email", "email", String(80), plain(people.email), "邮箱", HEAVY),
        Col("password", "password_hash", String(64), plain(keys.md5), "登录密码"),
        Col("gender", "gender", String(4), plain(people.gender), "性别", LIGHT),
        Col("birthday", "birth_date", Date(), plain(papers.born), "生日", filled=0.6, alternatives=("date",)),
        Col("avatar", "image", String(200), plain(machines.picture_url), "头像", LIGHT, alternatives=("url",)),
        Col("wechatNo", "wechat_id", String(40), plain(people.wechat_id), "微信号", LIGHT, filled=0.7),
        Col("qq", "qq", String(20), plain(people.qq), "QQ号", LIGHT, filled=0.5),
        Col("registerIp", "ipv4", String(40), plain(machines.ipv4), "注册IP", LIGHT),
        Col("city", "city", String(20), plain(places.city_short), "所在城市", LIGHT),
        Col("points", "none", Integer(), between(0, 20000), "积分"),
        Col("memberLevel", "none", String(10), one_of("普通", "银卡", "金卡", "钻石"), "会员等级"),
        Col("createTime", "date", DateTime(), plain(moments.moment), "创建时间"),
    ),
)  # fmt: skip

ADDRESS = Tab(
    "shop_address", "收货地址表", 1500,
    (
        Col("addressId", "none", BigInteger(), serial, "地址ID", key=True),
        Col("userId", "none", BigInteger(), of("shop_user", "userId"), "会员ID", references="shop_user.userId"),
        Col("consignee", "person_name", String(60), plain(people.han_name), "收货人", LIGHT),
        Col("receiverPhone", "mobile_phone", String(40), plain(places.mobile_dirty), "收货人电话", HEAVY),
        Col("province", "province", String(40), plain(places.province_full), "省份", LIGHT),
        Col("city", "city", String(40), plain(places.city), "城市", LIGHT),
        Col("district", "none", String(40), plain(places.county), "区县", alternatives=("city", "address")),
        Col("detailAddress", "address", String(200), plain(places.detail), "详细地址", LIGHT),
        Col("postCode", "postcode", String(10), plain(places.postcode), "邮编", LIGHT),
        Col("isDefault", "none", SmallInteger(), one_of(0, 1), "是否默认"),
    ),
)  # fmt: skip

ORDER = Tab(
    "shop_order", "订单表", 1500,
    (
        Col("orderNo", "none", String(24), lambda r, row: f"2023{row.index:06d}{papers.digits(r, 8)}", "订单编号", key=True),
        Col("userId", "none", BigInteger(), of("shop_user", "userId"), "会员ID", references="shop_user.userId"),
        Col("totalAmount", "none", Numeric(12, 2), plain(money.amount), "订单总额"),
        Col("status", "none", SmallInteger(), between(0, 6), "订单状态"),
        Col("buyerNote", "mobile_phone", String(300), plain(buyer_note), "买家备注", NULLS, verdict="contains"),
        Col("ext", "mobile_phone", JSON(none_as_null=True), delivery, "扩展信息", verdict="contains", alternatives=IN_EXT),
        Col("invoiceTitle", "company_name", String(120), invoice_title, "发票抬头", alternatives=("person_name",)),
        Col("invoiceTaxNo", "uscc", String(24), plain(papers.uscc), "税号", filled=0.5, alternatives=("tax_registration",)),
        Col("expressCompany", "none", String(20), one_of(*EXPRESS), "快递公司", alternatives=("company_name",)),
        Col("expressNo", "none", String(24), plain(noise.tracking_no), "运单号"),
        Col("clientIp", "ipv6", String(60), plain(machines.ipv6), "下单IP", LIGHT),
        Col("payTime", "date", String(20), plain(moments.compact_second), "支付时间", alternatives=("none",)),
        Col("updateTime", "date", DateTime(), plain(moments.moment), "更新时间", NULLS),
    ),
)  # fmt: skip

PRODUCT = Tab(
    "shop_product", "商品表", 600,
    (
        Col("productId", "none", Integer(), serial, "商品ID", key=True),
        Col("productCode", "none", String(20), plain(noise.product_code), "商品编码"),
        Col("productName", "none", String(60), one_of(*noise.PRODUCTS), "商品名称"),
        Col("brand", "none", String(20), one_of(*noise.BRANDS), "品牌"),
        Col("barcode", "none", String(13), plain(noise.ean), "条形码"),
        Col("price", "none", Numeric(10, 2), plain(money.amount), "价格"),
        Col("stock", "none", Integer(), between(0, 5000), "库存"),
        Col("color", "none", String(10), one_of(*noise.COLOURS), "颜色"),
        Col("colorCode", "none", String(7), plain(noise.colour_code), "色值"),
        Col("spec", "none", JSON(none_as_null=True), specification, "规格"),
        Col("imageUrl", "image", String(200), plain(machines.picture_url), "商品图片", alternatives=("url",)),
        Col("firmwareVersion", "none", String(20), plain(noise.version), "固件版本"),
        Col("description", "none", Text(), plain(noise.sentence), "商品描述", NULLS),
    ),
)  # fmt: skip

DISH = Tab(
    "shop_dish", "餐厅菜单表", 400,
    (
        Col("dishId", "none", Integer(), serial, "菜品ID", key=True),
        Col("dishName", "none", String(40), plain(noise.dish), "菜名"),
        Col("category", "none", String(20), one_of("热菜", "凉菜", "汤羹", "主食", "甜品"), "分类"),
        Col("price", "none", Numeric(8, 2), plain(lambda r: r.randint(8, 288)), "单价"),
        Col("spicy", "none", SmallInteger(), between(0, 3), "辣度"),
        Col("soldCount", "none", Integer(), between(0, 9999), "销量"),
    ),
)  # fmt: skip

TICKET = Tab(
    "shop_ticket", "客服工单表", 900,
    (
        Col("ticketId", "none", BigInteger(), serial, "工单ID", key=True),
        Col("orderNo", "none", String(24), of("shop_order", "orderNo"), "订单编号"),
        Col("content", "mobile_phone", Text(), plain(ticket), "工单内容", verdict="contains", alternatives=IN_TICKET),
        Col("agentName", "person_name", String(60), plain(people.han_name), "客服姓名", LIGHT),
        Col("agentDept", "none", String(40), one_of("售后服务部", "技术支持部", "投诉处理部"), "客服部门"),
        Col("callbackTel", "landline_phone", String(40), plain(places.landline), "客服电话"),
        Col("score", "none", SmallInteger(), between(1, 5), "满意度"),
        Col("traceId", "none", String(32), plain(lambda r: f"{r.getrandbits(128):032x}"), "链路ID", alternatives=("password_hash",)),
        Col("createTime", "date", String(30), plain(moments.iso), "创建时间"),
    ),
)  # fmt: skip

APP = Tab(
    "shop_app", "开放平台应用表", 400,
    (
        Col("appId", "none", String(40), plain(machines.uuid), "应用ID", key=True),
        Col("appName", "none", String(40), plain(lambda r: f"{r.choice(noise.PRODUCTS)}小程序{r.randint(1, 99)}"), "应用名称"),
        Col("developer", "company_name", String(120), plain(places.company), "开发公司名称", LIGHT),
        Col("appSecret", "secret_key", String(80), plain(keys.secret_key), "应用密钥"),
        Col("redirectUri", "url", String(200), plain(machines.url), "回调链接"),
        Col("gatewayIp", "ipv4", String(40), plain(machines.ipv4), "网关IP"),
        Col("apiVersion", "none", String(20), plain(noise.version), "接口版本"),
        Col("logo", "image", Text(), plain(machines.png_base64), "图标图片"),
        Col("createdOn", "date", String(20), plain(moments.english), "创建日期"),
    ),
)  # fmt: skip

TABLES = (USER, ADDRESS, ORDER, PRODUCT, DISH, TICKET, APP)
