"""Images: the magic number of the bytes, whether they come as hex or as base64; paths are judged by the card alone."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence

from sensscan.plugin import ValueDetector

_HEX = re.compile(r"(?:\\x|0x)?([0-9a-fA-F]{8,})")
_BASE64 = re.compile(r"(?:data:image/[^;,]{1,40};base64,)?([A-Za-z0-9+/=\s]+)", re.IGNORECASE)
_PAGE = re.compile(
    r"https?://[^?#]*\.(?:html?|php|jspx?|aspx?|do|pdf|docx?|xlsx?|zip|rar|mp[34]|avi|mov|txt|json|js|css)(?:[?#].*)?", re.IGNORECASE
)
_STARTS = (
    b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*", b"\x00\x00\x01\x00", b"\x00\x00\x00\x0cjP  ",
)  # fmt: skip
_BITMAP_HEADERS = frozenset({12, 28, 38, 40, 52, 56, 64, 108, 124})
"""Sizes of the second header of a BMP, at byte 14: two letters BM alone are text."""
_RIFF_HEAD = 12
"""Bytes of a RIFF container up to its kind (WEBP, WAVE): with fewer both are possible."""
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif", b"avis"})


def is_image(data: bytes) -> bool:
    """Return whether the first bytes are those of an image file."""
    if data.startswith(_STARTS):
        return True
    if data[:2] == b"BM":
        return int.from_bytes(data[14:18], "little") in _BITMAP_HEADERS
    if data[:4] == b"RIFF":
        return data[8:12] == b"WEBP"
    return data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS


def _decoded(text: str) -> bytes:
    """Return the first 48 bytes of base64 text, as far as whole groups of four go."""
    head = re.sub(r"\s", "", text[:96])[:64]
    try:
        return base64.b64decode(head[: len(head) // 4 * 4])
    except binascii.Error:
        return b""


def _score(value: str) -> float:
    if value.startswith("data:"):
        return 1.0
    if match := _HEX.fullmatch(value):
        return float(is_image(bytes.fromhex(match[1][: len(match[1]) // 2 * 2][:64])))
    # A path starts with / as well as the base64 of a JPEG does; a path has a dot.
    if "." not in value and ":" not in value and (match := _BASE64.fullmatch(value)):
        data = _decoded(match[1])
        return 1.0 if is_image(data) else 0.5 if data.startswith(b"RIF") and len(data) < _RIFF_HEAD else 0.0
    return 0.0 if _PAGE.fullmatch(value) else 1.0


class ImageDetector(ValueDetector):
    """Tells images from other binary content and from text with the same first letters."""

    type_id = "image"

    def score(self, values: Sequence[str]) -> Sequence[float]:
        """Return 1 for an image or the path of one, 0.5 for a cut RIFF container, else 0."""
        return [_score(value) for value in values]
