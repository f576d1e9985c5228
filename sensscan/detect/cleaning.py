"""Take off what a whole column wears: a label before every value, quotes and brackets around it, a note or a running number behind;
undo a wrong decoding.

Only what most of a column's values share is taken off, on copies; a single odd value stays as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

_FIRST = 8
"""Values looked at before all of them are."""
_MOST = 0.6

_LABEL = (
    r"(?:(?:[\u4e00-\u9fff]{2,8}\s?[:：=]"
    r"|(?:联系|本人|客户|统一|社会){0,2}(?:手机|电话|身份证|证件|卡|银行卡|账|帐|车牌|邮箱|信用代码|护照|微信)(?:号码?|地址)?"
    r"|(?i:tel|phone|mobile|cell|fax|id|id ?card|card|e-?mail|mailto|ip|mac|qq|name|plate|no\.?)(?:\s?[:：=#]|\s))\s?)"
)
_OPEN, _CLOSE = "\"'“‘「『<[(（【《", "\"'”’」』>])）】》"
_NOTE = r"\s?[(（][^()（）]{0,4}[\u4e00-\u9fff][^()（）]{0,8}[)）]"
_WORN = re.compile(rf"(?P<label>{_LABEL})?(?P<core>\S.*?)(?P<note>{_NOTE})?[；;，,。、]?", re.DOTALL)


def _bare(value: str) -> str:
    """Return a value without label, wrapping and note; itself where it wears none.

    >>> _bare("手机:13900001234"), _bare("'13900001234"), _bare("<a@example.com>"), _bare("(010)62345678"), _bare("京A12345")
    ('13900001234', '13900001234', 'a@example.com', '(010)62345678', '京A12345')
    """
    if value[:1].isdigit() and value[-1:].isalnum():
        # Neither a label or wrapping before it nor a note or mark behind it.
        return value
    found = _WORN.fullmatch(value.strip())
    if found is None:
        return value
    core = found["core"].rstrip()
    if found["note"] and not core.isascii():
        # A note behind Han text is part of a name or an address: 某某企业（有限合伙）.
        core += found["note"]
    for opening, closing in zip(_OPEN, _CLOSE, strict=True):
        inner = core[1:-1]
        if len(core) > 2 and core[0] == opening and core[-1] == closing and not any(mark in inner for mark in "\"'[]{}<>()（），,"):
            core = inner.strip()
            break
    if core[:1] in ("'", "`") and not any(mark in core[1:] for mark in "'`"):
        # What spreadsheets put before a number that is to stay text.
        core = core[1:]
    return core or value


def _from_utf8(value: str) -> str | None:
    """Return what UTF-8 taken for Latin-1 or Windows-1252 meant; None where it cannot be that."""
    for taken in ("latin-1", "cp1252"):
        try:
            return value.encode(taken).decode("utf-8")
        except UnicodeError:
            continue
    return None


_HIGH_PAIRS = re.compile(r"(?:[\x00-\x7f]|[\x81-\xfe][\xa1-\xfe])*")


def _from_gbk(value: str) -> str | None:
    if _HIGH_PAIRS.fullmatch(value) is None:
        return None
    try:
        return value.encode("latin-1").decode("gbk")
    except UnicodeError:
        return None


_HAN = re.compile(r"[\u4e00-\u9fff]")


def _decoded_with(decode: Callable[[str], str | None], values: Sequence[str]) -> list[str] | None:
    """Return the values decoded anew; None unless nearly all non-ASCII ones become Han text."""
    odd = [value for value in values if not value.isascii()]
    made = {value: text for value in odd if (text := decode(value)) is not None and _HAN.search(text)}
    return [made.get(value, value) for value in values] if len(made) >= 0.9 * len(odd) else None


def _repaired(values: Sequence[str]) -> Sequence[str]:
    """Return Han text that was decoded as Latin-1 as it was meant; any other values as they are."""
    first = "".join(values[:_FIRST])
    if first.isascii() or any(ord(character) > 0x2122 for character in first):
        return values
    for decode in (_from_utf8, _from_gbk):
        if _decoded_with(decode, values[:_FIRST]) is not None and (made := _decoded_with(decode, values)) is not None:
            return made
    return values


_MARKS = frozenset(" \t\n\r:：=#;；，,。、`" + _OPEN + _CLOSE)
_LABEL_WORDS = ("手机", "电话", "身份", "证件", "卡", "账", "帐", "车牌", "邮箱", "信用", "护照", "微信")


def _may_wear(joined: str) -> bool:
    """Return whether anything in some values can be a label, a wrapping, a note or a closing mark; spares most columns the closer look."""
    return not _MARKS.isdisjoint(joined) or (not joined.isascii() and any(word in joined for word in _LABEL_WORDS))


def _unworn(values: Sequence[str]) -> Sequence[str]:
    first = values[:_FIRST]
    if not _may_wear("".join(first)):
        return values
    if sum(_bare(value) != value.strip() for value in first) < _MOST * len(first):
        return values
    made = [_bare(value) if len(value) <= 200 else value for value in values]
    return made if sum(new != old.strip() for new, old in zip(made, values, strict=True)) >= _MOST * len(values) else values


_NUMBERED = re.compile(r"([\u4e00-\u9fff·]{2,5})[0-9]{1,3}")


def _unnumbered(values: Sequence[str]) -> Sequence[str]:
    """Return short Han words without the running number that test data put behind them: 李雷1, 李雷2."""
    some = values[:: max(1, len(values) // _FIRST)]
    if "".join(some).isascii() or not any(_NUMBERED.fullmatch(value) for value in some):
        return values
    matches = [_NUMBERED.fullmatch(value) for value in values]
    if sum(map(bool, matches)) < _MOST * len(values):
        return values
    return [match[1] if match else value for match, value in zip(matches, values, strict=True)]


def cleaned(counted: Counter[str]) -> Counter[str]:
    """Return the texts of a column with their counts, without what most of them wear; the same object where they wear nothing."""
    values: Sequence[str] = list(counted)
    if not values:
        return counted
    made = _unnumbered(_unworn(_repaired(values)))
    if made is values:
        return counted
    found: Counter[str] = Counter()
    for text, count in zip(made, counted.values(), strict=True):
        found[text] += count
    return found
