"""Text of unknown encodings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensscan.source.decode import decode_text


@pytest.mark.parametrize("text", ["张三丰", "北京市朝阳区建国路88号", "abc", "", "王小明13800138000"])
def test_chinese_in_gbk_and_utf8(text: str) -> None:
    assert decode_text(text.encode("gbk")) == text
    assert decode_text(text.encode("utf-8")) == text


@pytest.mark.parametrize("text", ["Müller", "José García", "Straße 5", "Renée"])
def test_western_text_in_latin1(text: str) -> None:
    assert decode_text(text.encode("latin-1")) == text


def test_a_character_cut_in_two_is_dropped() -> None:
    assert decode_text("客户张三".encode()[:-1]) == "客户张"


@given(st.binary(max_size=60))
def test_never_fails(data: bytes) -> None:
    assert isinstance(decode_text(data), str)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40))
def test_utf8_is_exact(text: str) -> None:
    assert decode_text(text.encode()) == text
