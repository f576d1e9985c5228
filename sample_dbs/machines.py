"""Network addresses, device numbers, links, connection strings, pictures."""

from __future__ import annotations

import base64
import ipaddress
import struct
import zlib
from random import Random

from . import checks
from .papers import digits

OUI = ("001A2B", "3C5AB4", "F0189A", "A4C138", "B827EB", "DCA632", "48A472", "8C1645", "00E04C", "E4A471", "7085C2", "D8BBC1")
TAC = ("86", "86", "86", "35", "35", "01")
HOSTS = ("db", "mysql", "pg", "ora", "core", "report", "his", "crm")
WORDS = ["login", "product", "item", "search", "news", "help", "about", "user", "order", "list", "detail", "page"]
FIRST_OCTETS = (36, 42, 58, 60, 101, 111, 113, 117, 123, 171, 180, 183, 202, 218, 221, 223)


def ipv4(r: Random) -> str:
    """Private, shared and public addresses."""
    style = r.random()
    if style < 0.3:
        return f"192.168.{r.randint(0, 31)}.{r.randint(1, 254)}"
    if style < 0.5:
        return f"10.{r.randint(0, 255)}.{r.randint(0, 255)}.{r.randint(1, 254)}"
    return f"{r.choice(FIRST_OCTETS)}.{r.randint(0, 255)}.{r.randint(0, 255)}.{r.randint(1, 254)}"


def ipv6(r: Random) -> str:
    """Global and local addresses, shortened as RFC 5952 wants."""
    head = r.choice(("2409:8a", "2408:82", "240e:3b", "2001:da", "fe80::/", "fd00::/"))
    high = {"fe80::/": 0xFE80 << 112, "fd00::/": 0xFD00 << 112}.get(head)
    if high is None:
        high = int(head.split(":")[0], 16) << 112 | int(head.split(":")[1], 16) << 104 | r.getrandbits(40) << 64
    return str(ipaddress.IPv6Address(high | r.getrandbits(64)))


def mac_address(r: Random) -> str:
    """Colon form."""
    raw = r.choice(OUI) + "".join(r.choices("0123456789ABCDEF", k=6))
    return ":".join(raw[i : i + 2] for i in range(0, 12, 2))


def imei(r: Random) -> str:
    """Fifteen digits with Luhn."""
    body = r.choice(TAC) + digits(r, 12)
    return body + checks.luhn(body)


def imsi(r: Random) -> str:
    """Mainland networks."""
    return "460" + r.choice(("00", "01", "02", "03", "07", "11")) + digits(r, 10)


def iccid(r: Random) -> str:
    """Twenty digits of mainland operators with Luhn."""
    body = "8986" + r.choice(("00", "01", "03", "04", "07", "11")) + digits(r, 13)
    return body + checks.luhn(body)


def serial_number(r: Random) -> str:
    """Mainboard or disk serial: vendor prefix and capitals with digits."""
    return r.choice(("MB", "BT", "PF", "S4", "WD-WX", "5VM", "Z4D")) + "".join(r.choices("0123456789ABCDEFGHJKLMNPRSTVWXYZ", k=10))


def device_hash(r: Random) -> str:
    """A fingerprint of sixteen hex digits, as Android gives."""
    return f"{r.getrandbits(64):016x}"


def idfa(r: Random) -> str:
    """UUID in capitals."""
    return uuid(r).upper()


def uuid(r: Random) -> str:
    """Version 4."""
    raw = f"{r.getrandbits(128):032x}"
    return f"{raw[:8]}-{raw[8:12]}-4{raw[13:16]}-{r.choice('89ab')}{raw[17:20]}-{raw[20:]}"


def url(r: Random) -> str:
    """A page of an invented site."""
    site = f"www.{r.choice(WORDS)}{r.randint(1, 99)}.example.{r.choice(('com', 'cn', 'com.cn', 'net'))}"
    return f"https://{site}/{r.choice(WORDS)}/{r.randint(1, 99999)}.html"


def picture_url(r: Random) -> str:
    """A link to a picture."""
    kind = r.choice(("jpg", "png", "webp"))
    return f"https://img{r.randint(1, 9)}.example.cn/{r.choice(('avatar', 'face', 'goods'))}/{r.getrandbits(48):012x}.{kind}"


def jdbc_url(r: Random) -> str:
    """MySQL, PostgreSQL, Oracle or Dameng; some carry a made-up password."""
    host = f"{r.choice(HOSTS)}{r.randint(1, 20)}.internal.example"
    return r.choice(
        (
            f"jdbc:mysql://{host}:3306/app?useSSL=false&characterEncoding=utf8",
            f"jdbc:mysql://{ipv4(r)}:3306/app?user=app&password=Demo{digits(r, 6)}",
            f"jdbc:postgresql://{host}:5432/report",
            f"jdbc:oracle:thin:@{host}:1521:orcl",
            f"jdbc:dm://{host}:5236/GOV",
        )
    )


def png(r: Random) -> bytes:
    """A real picture of one pixel in a random colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixel = zlib.compress(b"\0" + bytes(r.randrange(256) for _ in range(3)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")


def png_base64(r: Random) -> str:
    """The same as data URI."""
    return "data:image/png;base64," + base64.b64encode(png(r)).decode()
