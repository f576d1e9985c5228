"""Faults often met in published patterns: each value was judged wrongly by a common one, and must be judged rightly here."""

from __future__ import annotations

import pytest

from sensscan.registry import Registry, load_registry

ACCEPTED = {
    "uscc": ["91350100M000100Y43", "12360700MA9Y7C0D1F", "31610200132453 28XJ", "A1340600MAGW8X99XA", "N1440200MAD2D9147R"],
    "id_card": ["11010519491231002x"],
    "bank_card": ["6226 1109 5722 3706"],
    "mobile_phone": [
        "19212345678",
        "19312345678",
        "19512345678",
        "19612345678",
        "19712345678",
        "19012345678",
        "16212345678",
        "16712345678",
    ],
    "landline_phone": ["01062345678", "(010)62345678"],
    "license_plate": ["沪A1234领", "使014578", "WJ京1234J", "京A·12345"],
    "vin": ["1M8GDM9AXKP042788", "LSV8U76R1P1355122"],
    "hk_macau_permit": ["C12345678", "CA1234567", "W12345678"],
    "military_officer_id": ["军1234567"],
    "email": ["first.last@example.com", "user+tag@example.com"],
    "ipv4": ["192.168.1.1/24", "192.168.1.1:8080"],
    "ipv6": ["[::1]", "2001:db8::/32"],
    "mac_address": ["001A.2B3C.4D5E", "001A2B3C4D5E"],
    "jdbc_url": [
        "jdbc:mysql://db.example.com:3306/db",
        "jdbc:mysql://h:13306/my-db",
        "jdbc:mysql://h:33060/db",
        "jdbc:sqlserver://h:1433;user=sa;password=P;",
        "jdbc:postgresql://h/db",
        "jdbc:oracle:thin:@//h:1521/svc",
        "JDBC:MYSQL://H:3306/D",
    ],
    "date": ["2024-01-15", "20240115", "2024年1月15日", "2024-01-15T10:20:30", "2024-01-15 10:20:30.123", "2100-01-01", "1899-12-31"],
    "gender": ["Male", "F", "男性", "1"],
    "province": ["广东", "北京"],
    "ethnicity": ["01", "其他"],
}

REFUSED = {
    "uscc": ["911100000O9684601M", "91110000TY4Q2QMR6T"],
    "id_card": ["000000000000000001", "110105194902310026"],
    "bank_card": ["", "0", "18", "0000000000000000", "490154203237518"],
    "mobile_phone": ["15,00138000"],
    "landline_phone": ["010-1234567890abc", "0755-1234567xyz", "20240101", "000-1234567"],
    "license_plate": ["ABCDEFG", "TABLES7", "AA12345", "京A12345这是一段文字", "京AD12345D", "京I12345"],
    "vin": ["dddddddd7CA184841"],
    "passport": ["hello", "password", "SELECT", "13800138000", "20240101", "[\\]^_`"],
    "military_officer_id": ["渝字第2021号", "成字第abcdefgh"],
    "email": [
        "a@bcd",
        "a@bXc",
        "user@localhost",
        "root@server01:/var/log",
        "x@y z w not an email",
        "张三@公司，电话",
        "a@bbb" + "b" * 40 + "!",
    ],
    "ipv4": ["010.001.08.09"],
    "ipv6": ["fe80::1% any text at all"],
    "mac_address": ["00:00:00:00:00:00"],
    "date": ["2024/01-15 10:20:30"],
    "org_code": ["---D2143569X---", "00000000-0"],
}


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


@pytest.mark.parametrize(("type_id", "value"), [(type_id, value) for type_id, values in ACCEPTED.items() for value in values])
def test_what_published_patterns_refuse_is_accepted(registry: Registry, type_id: str, value: str) -> None:
    assert registry.matchers[type_id].passes(value)


@pytest.mark.parametrize(("type_id", "value"), [(type_id, value) for type_id, values in REFUSED.items() for value in values])
def test_what_published_patterns_accept_is_refused(registry: Registry, type_id: str, value: str) -> None:
    assert not registry.matchers[type_id].passes(value)


def test_a_final_newline_is_stripped_and_never_matched(registry: Registry) -> None:
    matcher = registry.matchers["ipv4"]
    assert matcher.passes("192.168.1.1\n")
    assert matcher.test(["192.168.1.1\n"]).passed == [False]
