"""Normalisers, masks, placeholders, cells and pattern syntax."""

from __future__ import annotations

import re
import unicodedata
import uuid
from datetime import date, datetime, time
from decimal import Decimal

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from sensscan.text import MOST_SHOWN, PLACEHOLDERS, cell_text, is_placeholder, mask, normalise, normalise_many, to_python_pattern

NORMALISERS = ["plain", "digits", "upper", "dots", "text"]
RULES = ["keep:3,2", "keep:0,4", "keep:20,20", "local:1", "region", "octets:2", "none", "hidden"]

odd_text = st.one_of(st.text(max_size=12), st.text(" -()1２a・·\u3000\u200b\u0301—ß汉字\n\t\x1e", max_size=12))


@pytest.mark.parametrize("name", NORMALISERS)
@given(values=st.lists(odd_text, max_size=8))
def test_many_equal_one_by_one(name: str, values: list[str]) -> None:
    assert normalise_many(name, values) == [normalise(name, value) for value in values]


@pytest.mark.parametrize("name", NORMALISERS)
@given(value=odd_text)
def test_normalising_twice_changes_nothing_more(name: str, value: str) -> None:
    once = normalise(name, value)
    if once.isascii() or unicodedata.is_normalized("NFKC", once):
        assert normalise(name, once) == once


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("plain", "\u3000１３９－６７１３ ", "139-6713"),
        ("plain", "\ufeff张\u200b三", "张三"),
        ("digits", "6226 1109-5722 3706", "6226110957223706"),
        ("digits", "(010) 6234-5678", "(010)62345678"),
        ("digits", "-5", "-5"),
        ("digits", "192.168.1.1", "192.168.1.1"),
        ("upper", "gb82 west 1234-5698", "GB82WEST12345698"),
        ("dots", "京a・12345", "京A12345"),
        ("text", "欧阳 娜 娜", "欧阳娜娜"),
        ("text", "John Smith", "John Smith"),
        ("text", "买买提‧艾力", "买买提·艾力"),
    ],
)
def test_normal_forms(name: str, value: str, wanted: str) -> None:
    assert normalise(name, value) == wanted


def test_an_unknown_normaliser_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown normaliser"):
        normalise_many("loud", ["a"])


@pytest.mark.parametrize("rule", RULES)
@given(value=st.text(min_size=1, max_size=40).map(str.strip).filter(bool))
def test_masks_show_forty_percent_at_most(rule: str, value: str) -> None:
    shown = mask(value, rule)
    if rule in ("none", "hidden"):
        assert not set(shown) - {"*"}
        return
    hidden = re.search(r"\*+", shown)
    assert hidden is not None
    head, tail = shown.split(hidden.group(), 1) if "*" not in value else (shown[: hidden.start()], "")
    assert len(head) + len(tail) <= len(value) * MOST_SHOWN


@pytest.mark.parametrize(
    ("value", "rule", "wanted"),
    [
        ("11010519491231002X", "keep:3,2", "110********2X"),
        ("张三", "keep:1,1", "**"),
        ("欧阳娜娜", "keep:1,0", "欧***"),
        ("192.168.1.20", "octets:1", "192.********"),
        ("北京市朝阳区建国路1号院2号楼301室", "region", "北京市朝阳区********"),
        ("a@b.cn", "local:1", "a****n"),
    ],
)
def test_masks(value: str, rule: str, wanted: str) -> None:
    assert mask(value, rule) == wanted


def test_an_unknown_mask_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown mask rule"):
        mask("abc", "everything")


@pytest.mark.parametrize(
    "value",
    ["", "  ", "-", "—", "无", "N/A", "NULL", "(null)", "0000-00-00", "0000-00-00 00:00:00", "1900-01-01", "1970-01-01T08:00:00+08:00",
     "13800138000", "11111111", "000000", "不详", "暂无", "＊＊＊＊", "00:00:00:00:00:00"],
)  # fmt: skip
def test_placeholders(value: str) -> None:
    assert is_placeholder(value)


@pytest.mark.parametrize("value", ["0", "1", "11", "男", "张三", "13967137258", "2024-01-15", "无锡市", "100000", "nano", "No"])
def test_real_values_are_no_placeholders(value: str) -> None:
    assert not is_placeholder(value)


def test_the_list_is_case_folded() -> None:
    assert all(word == word.casefold() for word in PLACEHOLDERS)


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        (None, None),
        ("a", "a"),
        (13967137258, "13967137258"),
        (13967137258.0, "13967137258"),
        (39.904211, "39.904211"),
        (1.5e30, "1.5e+30"),
        (Decimal("6226110957223706"), "6226110957223706"),
        (Decimal("1.10E+2"), "110"),
        (Decimal("12000.50"), "12000.50"),
        (True, "true"),
        (date(2024, 1, 15), "2024-01-15"),
        (datetime(2024, 1, 15, 10, 20, 30), "2024-01-15 10:20:30"),
        (time(10, 20), "10:20:00"),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        ({"name": "张三"}, '{"name": "张三"}'),
        (["a", 1], '["a", 1]'),
        ("张三".encode(), "张三"),
        ("张三".encode("gbk"), "张三"),
        ("张三丰".encode()[:8], "张三"),
        (b"", ""),
        (b"\x89PNG\r\n\x1a\n", "\\x89504e470d0a1a0a"),
        (memoryview(b"GIF89a\x01\x00"), "\\x474946383961" + "0100"),
    ],
)
def test_cells(cell: object, wanted: str | None) -> None:
    assert cell_text(cell) == wanted


def test_long_binary_is_cut() -> None:
    assert cell_text(b"\xff\xd8\xff" + bytes(1000)) == "\\x" + (b"\xff\xd8\xff" + bytes(61)).hex()


@given(st.binary(max_size=80))
def test_any_bytes_become_text(data: bytes) -> None:
    assert isinstance(cell_text(data), str)


@pytest.mark.parametrize(
    ("pattern", "values"),
    [
        (r"[\x{4e00}-\x{9fff}]{2,4}", ["张三", "ab", "张三\n"]),
        (r"\d+", ["12", "１２", "٣"]),
        (r"(?i)abc$", ["ABC", "abc\n", "x"]),
        (r"a\z", ["a", "a\n"]),
        (r"[[:digit:]a\]]+", ["1a]", "b"]),
        (r"[$^]+", ["$^", "a"]),
        (r"[]a]+", ["]a", "b"]),
        (r"\Qa.b\E+", ["a.b", "axb", "a.bb"]),
        (r"(?i:ab)c|\$d", ["ABc", "abC", "$d"]),
        (r"\x{1f600}", ["😀", "a"]),
    ],
)
def test_patterns_mean_the_same_in_both_engines(pattern: str, values: list[str]) -> None:
    ours, theirs = re.compile(to_python_pattern(pattern)), re2.compile(pattern)
    for value in values:
        assert (ours.fullmatch(value) is not None) == (theirs.fullmatch(value) is not None), value
