"""Bytes of unknown text encodings: old Chinese databases hold GBK and UTF-8 in columns that say latin1 or nothing."""

from __future__ import annotations

import re

# Both bytes from A1 on: GB 2312, which all everyday Chinese text of GBK falls into. Western text in latin1 ("Müller") has
# single bytes above 7F between ASCII letters and does not match.
_GB2312_TEXT = re.compile(rb"(?:[\x00-\x7f]|[\xa1-\xf7][\xa1-\xfe])*")
_GBK_TEXT = re.compile(rb"(?:[\x00-\x7f]|[\x81-\xfe][\x40-\x7e\x80-\xfe])*")
_WESTERN_PAIR = re.compile(rb"[\x81-\xfe][\x41-\x5a\x61-\x7a]")


def decode_text(data: bytes) -> str:
    """Decode text whose encoding nobody declared: UTF-8, else GBK where it looks like it, else cp1252; never fails.

    A multi-byte character that a server's cut left incomplete at the end is dropped.

    >>> decode_text("张三".encode("gbk")), decode_text("Müller".encode("latin-1")), decode_text("张三".encode()[:-1])
    ('张三', 'Müller', '张')
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.end >= len(data) and error.start >= len(data) - 3 and error.start > 0 and error.reason == "unexpected end of data":
            return data[: error.start].decode("utf-8")
    if _GB2312_TEXT.fullmatch(data) or (_GBK_TEXT.fullmatch(data) and not _WESTERN_PAIR.search(data)):
        try:
            return data.decode("gb18030")
        except UnicodeDecodeError:
            pass
    return data.decode("cp1252", "replace")


def repair_latin1(text: str) -> str:
    """Undo a decoding as latin-1 that was only made to carry the bytes over."""
    return text if text.isascii() else decode_text(text.encode("latin-1", "replace"))
