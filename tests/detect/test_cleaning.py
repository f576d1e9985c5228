"""What a whole column wears is taken off; what belongs to the values stays."""

from __future__ import annotations

from collections import Counter

import pytest

from sensscan.detect.cleaning import cleaned


def once(*values: str) -> Counter[str]:
    """Return each value with the count one."""
    return Counter(values)


@pytest.mark.parametrize(
    ("worn", "bare"),
    [
        ("手机:13900001234", "13900001234"), ("联系电话：010-62345678", "010-62345678"), ("卡号6222021234567890123", "6222021234567890123"),
        ("ID=110105194912310021", "110105194912310021"), ("tel 13900001234", "13900001234"), ("<a@example.com>", "a@example.com"),
        ("mailto:a@example.com", "a@example.com"), ("“张三”", "张三"), ("'13900001234", "13900001234"), ("13900001234（本人）", "13900001234"),
        ("[京A12345]", "京A12345"), ("13900001234；", "13900001234"), ("甲方：张三", "张三"),
    ],
)  # fmt: skip
def test_labels_quotes_and_notes_come_off(worn: str, bare: str) -> None:
    assert cleaned(once(worn)) == once(bare)


@pytest.mark.parametrize(
    "value",
    [
        "(010)62345678", "京A12345", "https://example.com/a", "jdbc:mysql://h:3306/d", "AC:DE:48:00:11:22", "fe80::1", "C668668(E)", "某某企业（有限合伙）",
        "[1,2,3]", '["13900001234"]', '{"a":1}', "12:30:00", "张三", "O'Neil", "北京市海淀区中关村大街1号（东门）", "POINT(116.4 39.9)", "Dr. House", "$2b$12$abc",
        "ENC(abc)", "中华民国112年", "军字第1234567号", "(+86)13900001234", "",
    ],
)  # fmt: skip
def test_what_belongs_to_a_value_stays(value: str) -> None:
    assert cleaned(once(value)) == once(value)


def test_a_few_odd_values_of_a_column_stay_as_they_are() -> None:
    column = once("手机:13900001234", *(f"1390000{number}" for number in range(2000, 2020)))
    assert cleaned(column) is column


def test_running_numbers_of_test_data_come_off() -> None:
    assert cleaned(once("李雷1", "李雷2", "韩梅梅1", "韩梅梅")) == Counter({"李雷": 2, "韩梅梅": 2})
    assert cleaned(once("李雷", "韩梅梅", "韩梅梅3")) == once("李雷", "韩梅梅", "韩梅梅3")


def test_counts_are_added_where_values_become_equal() -> None:
    assert cleaned(Counter({"手机:13900001234": 2, "手机：13900001234": 3})) == Counter({"13900001234": 5})


@pytest.mark.parametrize("text", ["张三", "浙江省杭州市西湖区", "有限公司", "汉族"])
@pytest.mark.parametrize(("real", "taken"), [("utf-8", "latin-1"), ("gbk", "latin-1")])
def test_broken_decodings_are_undone(text: str, real: str, taken: str) -> None:
    assert cleaned(once(text.encode(real).decode(taken), "abc")) == once(text, "abc")


@pytest.mark.parametrize("text", ["José García", "Müller", "Ærøskøbing", "naïve café", "£5", "Żółć", "東京", "Привет", "5 °C"])
def test_other_scripts_are_not_taken_for_broken(text: str) -> None:
    assert cleaned(once(text)) == once(text)
