"""Cities, provinces, organisations."""

from __future__ import annotations

import pytest

from sensscan.registry import Registry, load_registry
from tests.detectors.names_help import passing


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


@pytest.mark.parametrize(
    ("type_id", "yes", "no"),
    [
        (
            "city",
            [
                "广州市",
                "深圳",
                "Hangzhou",
                "hangzhou",
                "延边朝鲜族自治州",
                "香港",
                "London",
                "São Paulo",
                "Sao Paulo",
                "Munich",
                "Los Angeles",
            ],
            ["广州路", "市辖区", "南山区", "东京", "大理石", "青岛啤酒", "Active", "Open", "440300"],
        ),
        (
            "province",
            ["广东省", "广东", "内蒙古自治区", "Guangdong", "CN-GD", "California", "Québec", "Quebec", "Bayern", "New South Wales"],
            ["南京", "吉林市", "广东路", "日本", "粤", "440000", "CA", "Active"],
        ),
        (
            "company_name",
            [
                "中国工商银行股份有限公司",
                "北京字节跳动科技有限公司",
                "浙江大学",
                "杭州市公安局西湖分局",
                "某某市第一人民医院",
                "顺丰速运",
                "海淀区老张餐饮店",
                "ABC Trading Co., Ltd.",
                "Example Holdings Limited",
                "Siemens AG",
                "Kreissparkasse Köln GmbH",
                "Smith & Sons",
                "Harvard University",
                "Tokyo Traders",
                # legal forms of many countries
                "Construcciones Juárez S.L.L.",
                "Padilla S. R.L. de C.V.",
                "Perales & Asociados",
                "Danilczuk Sp.j.",
                "Mazek Sp. z o.o. Sp.k.",
                "Strnad s.r.o.",
                "Borges Azevedo S/A",
                "Jeppesen A/S",
                "Wieloch Bonbach GbR",
                "Järvelä Tuominen ry",
                "ООО «Ершов Абрамова»",
                "Stichting Mulders",
                "Grupo Lemus",
                # kin and partners
                "Salvini-Cusano e figli",
                "Miller, Stone and Baker",
                # trades
                "Hurtownia Kowalska",
                "Frankenversand",
                "Padaria Mendes",
            ],
            [
                "公司",
                "本公司",
                "分公司",
                "有限公司",
                "公司地址",
                "开户银行",
                "银行卡",
                "张三",
                "Limited edition",
                "In Progress",
                "Company",
                "各分公司",
                "Azra Sas",
                "Never understand",
                "Rolf-Peter Heintze B.A.",
                "And hand mind company.",
                "Miller-Stone",
            ],
        ),
    ],
)
def test_values(registry: Registry, type_id: str, yes: list[str], no: list[str]) -> None:
    assert passing(registry, type_id, yes) == yes
    assert passing(registry, type_id, no) == []


@pytest.mark.parametrize(("type_id", "codes"), [("city", ["440300", "110000"]), ("province", ["粤", "440000", "CA", "44"])])
def test_codes_count_only_beside_a_name(registry: Registry, type_id: str, codes: list[str]) -> None:
    matcher = registry.matchers[type_id]
    answers = matcher.test(matcher.normalise(codes))
    assert answers.coded == [True] * len(codes)
    assert answers.passed == [False] * len(codes)
