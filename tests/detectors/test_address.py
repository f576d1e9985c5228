"""Addresses: full, fragments, other countries, and what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensscan.registry import Registry, load_registry
from tests.detectors.names_help import passing, scores


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


CHINESE = [
    "北京市海淀区中关村大街1号",
    "广东省深圳市南山区科技园路15号3栋2单元501室",
    "上海浦东新区世纪大道100号",
    "浙江省杭州市西湖区文三路90弄5号",
    "四川省成都市武侯区天府三街199号A座1808",
    "河北省石家庄市正定县正定镇东门里村3组25号",
    "内蒙古自治区呼和浩特市赛罕区大学西街235号",
    "香港九龙弥敦道100号8楼B室",
    "台北市信義區市府路45號",
    "北京市朝阳区建国路乙118号10层",
    "重庆市渝北区龙溪街道红锦大道86号2幢3-1",
    "文三路90弄5号",
    "朝阳区建国路88号",
    "阳光花园3栋502室",
    "龙溪街道新民社区6组",
    "张家村2组18号",
    "河南洛阳人民大道58号",
    "北京市第100号信箱",
    "广东省 广州市 天河区 体育西路 103 号",
    "广东省广州市天河区冼村路",
    "江苏省苏州市昆山市玉山镇前进中路88号",
    "湖北省孝感市大悟县青山乡红旗村1组",
]
WESTERN = [
    "123 Main St",
    "47 Garden Drive",
    "1600 Pennsylvania Avenue NW, Washington, DC 20500",
    "10 Downing Street, London SW1A 2AA",
    "Flat 3, 12 High Street",
    "120 Hanover Sq.",
    "507 - 20th Ave. E. Apt. 2A",
    "PO Box 12",
    "P.O. Box 78934",
    "Hauptstraße 12",
    "Obere Str. 57",
    "Berliner Allee 4a",
    "12 rue de la Paix",
    "24, place Kléber",
    "67, avenue de l'Europe",
    "Calle Mayor 3",
    "Avda. de la Constitución 2222",
    "C/ Araquil, 67",
    "Via Monte Bianco 34",
    "Rua do Paço, 67",
    "Keizersgracht 123",
    "Berguvsvägen 8",
    "ul. Marszałkowska 10",
    "ул. Ленина, д. 5",
    "No. 1 Zhongguancun Street, Haidian District, Beijing",
    "서울특별시 강남구 테헤란로 123",
    "東京都渋谷区神南1-2-3",
    # street types of many languages
    "4500 Willow Brook Hollow, Springfield",
    "12 Hadley Underpass Apt. 3",
    "908 W. Capital Way",
    "350 5th Ave",
    "Level 7, 5 Roy Quadrangle, Northcote, VIC, 3070",
    "556 chemin Michelle, Germain Est, YT L7V6E3",
    "Viale Verdi, 342, 20874, Busnago (MB)",
    "Piazzale Garibaldi 8",
    "Travessa do Carmo, S/N, 4608-401 Torres Vedras",
    "Trevo de Viana, 42",
    "Recanto de Freitas, Santa Rita, 21195-558 Olinda / BA",
    "Carrera 7 # 71-21",
    "Elinering 88, 4193 YQ, Hierden",
    "Römerring 8/9",
    "Karl-Marx-Ring 5",
    "Am Anger 5",
    "An der Alster 3",
    "Åløkke Allé 3",
    "Lindestræde 12, 2397 Klemensker",
    "Ekgränd 3",
    "Salakkabulevardi 831",
    "Ózdi út 57",
    "Machnova 579, 435 44 Netolice",
    "Drumul Taberei Nr. 53 Bl. 29 Sc. 1 Ap. 3",
    "наб. 1 Мая, д. 9/4 к. 3",
    "провулок Садовий, буд. 9",
    "Cesta v Rožno dolino 7, 1000 Ljubljana",
    # named houses
    "Mill Cottage, Church Rd.",
]


@pytest.mark.parametrize("value", CHINESE + WESTERN)
def test_addresses_pass(registry: Registry, value: str) -> None:
    assert passing(registry, "address", [value]) == [value]


OTHERS = [
    # divisions only
    "北京",
    "广东省",
    "广东省深圳市南山区",
    "朝阳区",
    "海淀",
    "新疆维吾尔自治区乌鲁木齐市天山区",
    # companies, authorities
    "北京市朝阳区人民医院",
    "广州市公安局",
    "中国建设银行股份有限公司深圳分行",
    "北京大学",
    "上海浦东发展银行",
    "深圳市南山区宏达贸易有限公司",
    # laws and papers
    "道路交通安全",
    "中华人民共和国道路交通安全法",
    "北京市道路管理条例",
    "国发〔2020〕12号",
    "第3章第2节",
    "青岛市崂山区道路管理方案",
    # lines, rooms, products, numbers
    "3号线",
    "地铁10号线",
    "1号会议室",
    "订单编号1234",
    "路由器",
    "北京烤鸭",
    "云南白药牙膏120g",
    "马路边捡到一分钱",
    "192.168.1.1",
    "http://example.com",
    "39.9042,116.4074",
    "Windows 10",
    "iPhone 12 Pro",
    "Model 3",
    "Key Ring 12",
    "Road Bike 750",
    "24 - 12 oz bottles",
    "10 boxes x 20 bags",
    "Error 404",
    "John Smith",
    "Monitoring 5",
    "Spring 2020",
    "Navigate 3",
    "Legrand Ring Binder 12",
    "4 new ways to drive sales in the third place",
    "Drive 71234 put only situation lose",
    "Copyright (c) 1998-2003 Example Institute. All rights reserved.",
    "75 Configurable optimal approach",
    "12 Wireless Locks",
    "100 Deluxe Towels, Blue",
    "5 km, 12 Feb 2020",
    "Concert 5, 12 March, 2020 Berlin",
    "2015, Version 3 of the Street Map",
    "a1b2c3d4e5f6a7b8 Lane",
    "2024-01-15 10:20:30",
    "Hello World",
    "",
    "号",
    "12345678",
]


@pytest.mark.parametrize("value", OTHERS)
def test_other_texts_do_not_pass(registry: Registry, value: str) -> None:
    assert passing(registry, "address", [value]) == []


def test_divisions_are_a_hint_below_the_threshold(registry: Registry) -> None:
    assert all(0.2 <= score < 0.5 for score in scores(registry, "address", ["广东省深圳市南山区", "北京市朝阳区"]))


@settings(deadline=None)  # the first example loads the lists
@given(st.text(max_size=60))
def test_any_text_has_a_score(value: str) -> None:
    if not _LOADED:
        _LOADED.append(load_registry())
    detector = _LOADED[0].matchers["address"].detector
    assert detector is not None
    (score,) = detector.score([value])
    assert 0.0 <= score <= 1.0


_LOADED: list[Registry] = []
