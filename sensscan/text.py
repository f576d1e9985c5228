"""What is done to text before and after a value is judged: normalising, masking, placeholders, pattern syntax.

Everything works on copies; the value in the sample stays as it was read.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache

_NORMALISERS = ("plain", "digits", "upper", "dots", "text")

_SEPARATOR = "\x1e"
"""Joins values for one pass over all of them: a control character, which Unicode normalisation neither changes nor combines."""

_ZERO_WIDTH = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD])
# Hyphens and dashes of all widths; the ideograph 一 and the long vowel mark ー are letters and stay.
_DASHES = dict.fromkeys([0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212, 0xFE58, 0xFE63], "-")
_COMMON = _ZERO_WIDTH | _DASHES
_COMMON_CHARACTERS = tuple(map(chr, _COMMON))
_NO_GAPS = str.maketrans("", "", " -\t")
_NO_DOTS = str.maketrans("", "", " -\t.·•・‧∙")
_MIDDLE_DOTS = str.maketrans("•・‧∙●", "·····")

_BETWEEN_DIGITS = re.compile(r"(?<=[0-9)])[ -]+(?=[0-9(])")
_BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff·]) +(?=[\u3400-\u9fff·])")


def _plain(value: str) -> str:
    if not value.isascii():
        value = unicodedata.normalize("NFKC", value).translate(_COMMON)
    return value.strip()


def normalise(name: str, value: str) -> str:
    """Return `value` in the form that a card's patterns expect; `name` is the card's normaliser.

    >>> normalise("plain", " １２３－４ "), normalise("digits", "+86 139-6713 7258"), normalise("upper", "9145 0200-a")
    ('123-4', '+8613967137258', '91450200A')
    >>> normalise("dots", "京a·1234 5"), normalise("text", "阿依 古丽•买买提")
    ('京A12345', '阿依古丽·买买提')
    """
    value = _plain(value)
    match name:
        case "plain":
            return value
        case "digits":
            return _BETWEEN_DIGITS.sub("", value)
        case "upper":
            return value.upper().translate(_NO_GAPS).strip()
        case "dots":
            return value.upper().translate(_NO_DOTS).strip()
        case "text":
            return _BETWEEN_HAN.sub("", value.translate(_MIDDLE_DOTS))
        case _:
            raise ValueError(f"unknown normaliser: {name}")


def _normalise_joined(name: str, joined: str) -> str:
    """Do what `normalise` does but for the strip, to many values at once."""
    if not joined.isascii():
        if not unicodedata.is_normalized("NFKC", joined):
            joined = unicodedata.normalize("NFKC", joined)
        # Looking for the few characters one by one is much faster than translating all of a long Han text.
        if any(character in joined for character in _COMMON_CHARACTERS):
            joined = joined.translate(_COMMON)
    match name:
        case "digits":
            return _BETWEEN_DIGITS.sub("", joined) if " " in joined or "-" in joined else joined
        case "upper":
            return joined.upper().translate(_NO_GAPS)
        case "dots":
            return joined.upper().translate(_NO_DOTS)
        case "text":
            return joined.translate(_MIDDLE_DOTS)
        case _:
            return joined


def normalise_many(name: str, values: Sequence[str]) -> list[str]:
    """Return `normalise` of each value, in one pass over all of them.

    >>> normalise_many("digits", ["139 6713 7258", " 95588 "])
    ['13967137258', '95588']
    """
    if not values:
        return []
    joined = _SEPARATOR.join(values)
    if name not in _NORMALISERS or joined.count(_SEPARATOR) != len(values) - 1:
        return [normalise(name, value) for value in values]
    parts = [part.strip() for part in _normalise_joined(name, joined).split(_SEPARATOR)]
    if name == "text":
        return [_BETWEEN_HAN.sub("", part) if " " in part else part for part in parts]
    return parts


# --- cells --------------------------------------------------------------------------------------------------------

_BLOB_BYTES = 64
_CONTROL_BYTES = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ANY_TEXT = re.compile(r"(?s).+")
_GBK_TEXT = re.compile(r"[\t\r\n\x20-\x7e\u3000-\u303f\u4e00-\u9fff\uff00-\uffef·—…“”‘’]+")


def _bytes_text(data: bytes) -> str:
    r"""Return UTF-8 or GBK text, else "\x" and the hex digits of the first 64 bytes.

    The server may have cut the cell inside a character, so that up to three last bytes can be missing their rest.
    """
    if not data:
        return ""
    if not _CONTROL_BYTES.search(data):
        for encoding, most_missing, allowed in (("utf-8", 3, _ANY_TEXT), ("gbk", 1, _GBK_TEXT)):
            for cut in range(most_missing + 1):
                try:
                    text = data[: len(data) - cut].decode(encoding)
                except UnicodeDecodeError:
                    continue
                if allowed.fullmatch(text):
                    return text
    return "\\x" + data[:_BLOB_BYTES].hex()


def cell_text(cell: object) -> str | None:
    r"""Return the text of a database cell as a person would write it, None for NULL.

    Numbers come without exponent and whole floats without ".0"; dates in ISO form; JSON as JSON text; bytes that are no
    text as "\x" and hex digits of the first 64 bytes.

    >>> cell_text(13967137258.0), cell_text(Decimal("1E+3")), cell_text(datetime(2024, 1, 15, 10, 20)), cell_text(b"\xff\xd8\xff\xe0")
    ('13967137258', '1000', '2024-01-15 10:20:00', '\\xffd8ffe0')
    """
    if type(cell) is str:
        return cell
    match cell:
        case None:
            return None
        case str():
            return str(cell)
        case bool():
            return "true" if cell else "false"
        case int():
            return str(cell)
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < 1e22 else repr(cell)
        case Decimal():
            return format(cell, "f") if cell.is_finite() else str(cell)
        case datetime():
            return cell.isoformat(sep=" ")
        case date():
            return cell.isoformat()
        case bytes() | bytearray() | memoryview():
            return _bytes_text(bytes(cell))
        case dict() | list() | tuple():
            return json.dumps(cell, ensure_ascii=False, default=str)
        case _:
            return str(cell)


# --- masks --------------------------------------------------------------------------------------------------------

MOST_SHOWN = 0.4
"""Largest share of a value's characters that any mask shows."""

_LONGEST_STARS = 8


def _stars(count: int) -> str:
    return "*" * min(count, _LONGEST_STARS)


def _keep(value: str, head: int, tail: int) -> str:
    budget = int(len(value) * MOST_SHOWN)
    head = min(head, budget)
    tail = min(tail, budget - head)
    return value[:head] + _stars(len(value) - head - tail) + (value[len(value) - tail :] if tail else "")


def mask(value: str, rule: str) -> str:
    """Return `value` with most of it hidden; at most 40 % of the characters are shown, whatever the rule asks for.

    Rules: keep:A,B (first A, last B), local:A (first A of an e-mail's local part, and its top-level domain), region (first 6: a
    division code, or province and city), octets:N (first N groups of an address), hidden (nothing but that it is there),
    none (no example at all: "").

    >>> mask("13967137258", "keep:3,2"), mask("zhang.san@example.com", "local:1"), mask("张三丰", "keep:1,1"), mask("x", "none")
    ('139*******8', 'z********.com', '张**', '')
    """
    value = value.strip()
    name, _, argument = rule.partition(":")
    match name:
        case "keep":
            head, _, tail = argument.partition(",")
            return _keep(value, int(head), int(tail or 0))
        case "local":
            dot = value.rfind(".")
            return _keep(value, int(argument), len(value) - dot if "@" in value[:dot] else 0)
        case "region":
            return _keep(value, 6, 0)
        case "octets":
            groups = [match.end() for match in re.finditer(r"[.:-]", value)]
            return _keep(value, groups[min(int(argument), len(groups)) - 1] if groups else 0, 0)
        case "none":
            return ""
        case "hidden":
            return "******"
        case _:
            raise ValueError(f"unknown mask rule: {rule}")


# --- placeholders -------------------------------------------------------------------------------------------------

PLACEHOLDERS: frozenset[str] = frozenset(
    {
        "-", "--", "---", "/", "\\", ".", "..", "...", "?", "??", "*", "#", "_", ",", ";", ":", "()", "[]", "{}",
        "\"\"", "''", "<>", "(null)", "<null>", "[null]", "null", "nil", "none", "nan", "n/a", "#n/a", "n.a.",
        "undefined", "unknown", "tbd", "tba", "missing", "empty", "blank", "nodata", "no_data", "default_value",
        "0000-00-00", "0000/00/00", "00000000", "0001-01-01", "1900-01-01", "1900/01/01", "1970-01-01", "1970/01/01",
        "1900/1/1", "1970/1/1", "9999-12-31", "9999/12/31", "99991231", "19000101", "00:00:00:00:00:00",
        "ff:ff:ff:ff:ff:ff", "00-00-00-00-00-00", "ff-ff-ff-ff-ff-ff", "d41d8cd98f00b204e9800998ecf8427e",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "00000000-0000-0000-0000-000000000000",
        "13800138000", "0,0",
        "(空)", "无", "空", "暂无", "没有", "无数据", "暂无数据", "不详", "不明", "未知", "未填",
        "未填写", "未提供", "未登记", "未采集", "未录入", "待补充", "待完善", "待定", "待录入", "其它不详",
        "not available", "not applicable", "no data", "0, 0", "n / a",
    }
)  # fmt: skip
"""Values that stand for "nothing here" (case-folded, after NFKC). The three long ones are MD5, SHA-1 and SHA-256 of nothing."""

_MIDNIGHT = re.compile(r"(0000-00-00|0001-01-01|1900-01-01|1970-01-01|9999-12-31)[t ][0-9:.]+(?:z|[+-][0-9:]+)?")
# One character again and again.
_REPEATED = re.compile(r"([0-9])\1{4,}|0{2,}|([*x#_?.\-=~/])\2+")


def is_placeholder(value: str) -> bool:
    """Return whether `value` is blank or stands for "nothing here" (无, N/A, 0000-00-00, 13800138000, 11111111).

    Such values are no evidence for or against any type.

    >>> is_placeholder(" 无 "), is_placeholder("N/A"), is_placeholder("1900-01-01 00:00:00"), is_placeholder("13967137258")
    (True, True, True, False)
    """
    value = _plain(value).casefold()
    if not value or value in PLACEHOLDERS:
        return True
    if len(value) > 40:
        return False
    return _REPEATED.fullmatch(value) is not None or _MIDNIGHT.fullmatch(value) is not None


# --- patterns -----------------------------------------------------------------------------------------------------

_RE2_ESCAPES = re.compile(r"\\x\{([0-9A-Fa-f]{1,6})\}|\\z|\\Q(.*?)(?:\\E|\Z)|\\.|\[:([a-z]+):\]|\[\^?\]?|\]|\$", re.DOTALL)
_POSIX = {
    "digit": "0-9",
    "alpha": "A-Za-z",
    "alnum": "0-9A-Za-z",
    "upper": "A-Z",
    "lower": "a-z",
    "space": r"\t\n\v\f\r ",
    "xdigit": "0-9A-Fa-f",
}


@cache
def to_python_pattern(re2_syntax: str) -> str:
    r"""Return a pattern in RE2 syntax as one for Python's `re`, with the same meaning.

    Differences: \x{4e00} and \z; classes such as \d are ASCII in RE2; `$` is the very end of the text in RE2.

    >>> print(to_python_pattern(r"[\x{4e00}-\x{9fff}]+$"))
    (?a)[\u4e00-\u9fff]+\Z
    """
    multiline = re.match(r"\(\?[a-z]*m[a-z]*\)", re2_syntax) is not None
    inside = False

    def replace(match: re.Match[str]) -> str:
        nonlocal inside
        part = match[0]
        if match[1] is not None:
            code = int(match[1], 16)
            return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
        if part == r"\z":
            return r"\Z"
        if part.startswith(r"\Q"):
            return re.escape(match[2])
        if match[3] and not inside:
            return part
        if part.startswith("[") and inside:
            # A bracket inside a class is a character, or opens a POSIX class.
            return _POSIX[match[3]] if match[3] else re.escape(part)
        if part.startswith("["):
            inside = True
        elif part == "]":
            inside = False
        elif part == "$" and not inside and not multiline:
            return r"\Z"
        return part

    return "(?a)" + _RE2_ESCAPES.sub(replace, re2_syntax)
