"""Names from a scanned database are hostile input: make them harmless where a person's tool would act on them."""

from __future__ import annotations

import re

_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # control characters: terminal escapes, line breaks that would fake a row
    "\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff"  # zero-width and direction marks: what is read differs from what is there
    "\ud800-\udfff\ufffe\uffff]"  # half surrogates and non-characters: not allowed in UTF-8 or XML
)
_FORMULA = re.compile(r"(\A\s*|[;,])(?=[=+\-@＝＋－＠])")
_COLOR = re.compile(r"#[0-9a-fA-F]{6}\Z")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>(#!|~&@]|(?<=www)\.|:(?=//))", re.IGNORECASE)

GREY = "#607d8b"


def _visible(match: re.Match[str]) -> str:
    code = ord(match.group())
    names = {0x09: "\\t", 0x0A: "\\n", 0x0D: "\\r"}
    return names.get(code) or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")


def show(text: str) -> str:
    r"""Return `text` with every invisible or direction-changing character written out.

    >>> show("a\x1b[2Jb\nc\u202ed")
    'a\\x1b[2Jb\\nc\\u202ed'
    """
    return _INVISIBLE.sub(_visible, text)


def inert(text: str) -> str:
    """Return `text` so that no spreadsheet program takes it, or a part after a separator, for a formula.

    An apostrophe goes before =, +, - and @ (and their full-width forms) at the start and after the separators that
    spreadsheet programs of other locales split at (OWASP, CSV Injection).

    >>> inert("=cmd|' /C calc'!A0")
    "'=cmd|' /C calc'!A0"
    """
    return _FORMULA.sub(lambda found: found.group(1) + "'", show(text))


def looks_like_formula(text: str) -> bool:
    """Return whether a spreadsheet program would take `text` for a formula when it is typed in."""
    return text.lstrip()[:1] in tuple("=+-@＝＋－＠")


def safe_color(color: str) -> str:
    """Return `color` when it is #rrggbb, else grey: policies are files that users write."""
    return color if _COLOR.match(color) else GREY


def markdown(text: str) -> str:
    """Return `text` with everything escaped that Markdown or HTML inside Markdown would act on."""
    escaped = _MARKDOWN.sub(r"\\\1", show(text))
    return escaped.replace("\\<", "&lt;").replace("\\>", "&gt;").replace("\\&", "&amp;")
