"""Numbers of papers, cards, machines and secrets, by code and lists of their own; check characters from `sample_dbs.checks`."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from benchmarks.people_cells import DIVISIONS, birth, digits
from sample_dbs import checks

CARD_STARTS = (("622202", 19), ("621226", 19), ("621700", 19), ("622848", 19), ("621661", 19), ("622588", 16), ("622575", 16), ("625912", 16), ("621483", 16), ("622700", 19), ("622260", 19), ("622908", 18))  # fmt: skip
VIN_STARTS = ("LSV", "LFV", "LBV", "LVH", "LSJ", "LGW", "LZW", "LJD", "LNB", "1FA", "2HG", "3VW", "4T1", "5UX")
BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
ALNUM = BASE64URL[:-2]
MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]


def pick(r: Random, alphabet: str, count: int) -> str:
    """Random characters."""
    return "".join(r.choices(alphabet, k=count))


def id_card(r: Random) -> str:
    """Eighteen characters."""
    body = f"{r.choice(DIVISIONS)}{birth(r):%Y%m%d}{digits(r, 3)}"
    return body + checks.mod11_2(body)


def id_card_lower(r: Random) -> str:
    """With a small x."""
    return id_card(r).lower()


def id_card_15(r: Random) -> str:
    """The legacy form."""
    return f"{r.choice(DIVISIONS)}{birth(r):%y%m%d}{digits(r, 3)}"


def bank_card(r: Random) -> str:
    """UnionPay."""
    start, length = r.choice(CARD_STARTS)
    body = start + digits(r, length - len(start) - 1)
    return body + checks.luhn(body)


def visa(r: Random) -> str:
    """Sixteen digits, 4 or 51-55 first."""
    body = r.choice(("4" + digits(r, 1), "51", "52", "53", "54", "55")) + digits(r, 13)
    return body + checks.luhn(body)


def spaced(r: Random) -> str:
    """Groups of four."""
    number = bank_card(r)
    return " ".join(number[i : i + 4] for i in range(0, len(number), 4))


def uscc(r: Random) -> str:
    """Both checks."""
    inner = "MA" + pick(r, checks.USCC_ALPHABET, 6) if r.random() < 0.5 else digits(r, 8)
    body = r.choice(("91", "91", "92", "93", "12", "51")) + r.choice(DIVISIONS) + inner + checks.org_code(inner)
    return body + checks.uscc(body)


def org_code(r: Random) -> str:
    """With hyphen."""
    body = digits(r, 8)
    return f"{body}-{checks.org_code(body)}"


def org_code_bare(r: Random) -> str:
    """Without hyphen."""
    return org_code(r).replace("-", "")


def business_license(r: Random) -> str:
    """Fifteen digits."""
    body = r.choice(DIVISIONS) + r.choice("0012456") + digits(r, 7)
    return body + checks.mod11_10(body)


def tax_registration(r: Random) -> str:
    """Division and organisation code."""
    return r.choice(DIVISIONS) + org_code_bare(r)


def vin(r: Random) -> str:
    """With check digit."""
    body = (
        r.choice(VIN_STARTS)
        + pick(r, "ABCDEFGHJKLMNPRSTUVWXYZ0123456789", 5)
        + "0"
        + r.choice("ABCDEFGHJKLMNPR")
        + r.choice("ABCDEFGH")
        + digits(r, 6)
    )
    return body[:8] + checks.vin(body) + body[9:]


def plate(r: Random) -> str:
    """Seven characters, eight for new energy."""
    head = r.choice("京沪粤苏浙鲁川渝鄂湘豫皖闽赣陕津辽冀") + r.choice("ABCDEFGHJK")
    return head + (
        r.choice("DF") + digits(r, 5) if r.random() < 0.25 else pick(r, "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789" + "0123456789" * 3, 5)
    )


def plate_dot(r: Random) -> str:
    """京A·12345."""
    value = plate(r)
    return value[:2] + "·" + value[2:]


def passport(r: Random) -> str:
    """Mostly E."""
    return r.choice(("E" + digits(r, 8), "E" + r.choice("ABCDEFGHJK") + digits(r, 7), "E" + digits(r, 8), "G" + digits(r, 8)))


def permit(r: Random) -> str:
    """C and W, H and M."""
    return r.choice("CCCHM") + digits(r, 8)


def military(r: Random) -> str:
    """南字第12345678号."""
    return f"{r.choice('南北沈兰成济广海空')}字第{digits(r, 8)}号"


def hk_id(r: Random) -> str:
    """With brackets."""
    body = r.choice("ABCDGHKMPRSVYZ") + digits(r, 6)
    return f"{body}({checks.hk_id(body)})"


def tw_id(r: Random) -> str:
    """National."""
    body = r.choice("ABCDEFGHJKLMN") + r.choice("12") + digits(r, 7)
    return body + checks.tw_id(body)


def foreigner(r: Random) -> str:
    """Form of 2023."""
    body = f"9{r.choice(('11', '31', '44', '33'))}{r.choice(('840', '392', '410', '276', '250', '826'))}{birth(r):%Y%m%d}{digits(r, 3)}"
    return body + checks.mod11_2(body)


def ssn(r: Random) -> str:
    """Hyphens."""
    return f"{r.randint(1, 665):03d}-{r.randint(1, 99):02d}-{r.randint(1, 9999):04d}"


def imei(r: Random) -> str:
    """Luhn."""
    body = r.choice(("86", "35", "35", "01", "99")) + digits(r, 12)
    return body + checks.luhn(body)


def imsi(r: Random) -> str:
    """460."""
    return "460" + r.choice(("00", "01", "02", "03", "11")) + digits(r, 10)


def iccid(r: Random) -> str:
    """Twenty digits."""
    body = "8986" + r.choice(("00", "01", "03", "07")) + digits(r, 13)
    return body + checks.luhn(body)


def iban(r: Random) -> str:
    """Six countries."""
    country, size = r.choice((("DE", 18), ("AT", 16), ("ES", 20), ("PT", 21), ("PL", 24), ("DK", 14)))
    body = digits(r, size)
    return country + checks.iban(country, body) + body


def swift(r: Random) -> str:
    """Known banks."""
    return r.choice(("ICBK", "ABOC", "BKCH", "PCBC", "SPDB", "DEUT", "COBA", "BARC", "SCBL")) + r.choice(("CN", "CN", "DE", "GB", "HK")) + r.choice(("BJ", "SH", "FF", "2L", "HH")) + r.choice(("", "XXX", "110"))  # fmt: skip


def ipv4(r: Random) -> str:
    """Any unicast address."""
    return str(ipaddress.IPv4Address(r.randint(0x0B000000, 0xDF000000)))


def ipv4_private(r: Random) -> str:
    """172.16/12 and 192.168/16."""
    return r.choice((f"172.{r.randint(16, 31)}", "192.168")) + f".{r.randint(0, 255)}.{r.randint(1, 254)}"


def ipv6(r: Random) -> str:
    """2000::/4."""
    return str(ipaddress.IPv6Address(0x2 << 124 | r.getrandbits(124)))


def ipv6_local(r: Random) -> str:
    """fe80::."""
    return str(ipaddress.IPv6Address(0xFE80 << 112 | r.getrandbits(64)))


def mac(separator: str) -> Callable[[Random], str]:
    """Return a generator with one separator."""

    def make(r: Random) -> str:
        raw = r.choice(("005056", "000C29", "3C2EFF", "A85C2C", "F4F5D8", "88A9B7")) + pick(r, "0123456789ABCDEF", 6)
        if separator == ".":
            return ".".join(raw[i : i + 4].lower() for i in (0, 4, 8))
        return separator.join(raw[i : i + 2] for i in range(0, 12, 2))

    return make


def jdbc(r: Random) -> str:
    """Six vendors."""
    host = ipv4_private(r) if r.random() < 0.5 else f"{pick(r, 'abcdefgh', 5)}.svc.local"
    return r.choice(
        (
            f"jdbc:mysql://{host}:{r.randint(3306, 3310)}/{pick(r, 'abcdef', 4)}?useUnicode=true",
            f"jdbc:postgresql://{host}/{pick(r, 'abcdef', 4)}",
            f"jdbc:oracle:thin:@//{host}:1521/orclpdb",
            f"jdbc:sqlserver://{host}:1433;databaseName=erp;user=app;password={pick(r, ALNUM, 10)}",
            f"jdbc:kingbase8://{host}:54321/test",
            f"jdbc:hive2://{host}:10000/default",
        )
    )


def jwt(r: Random) -> str:
    """Three parts."""

    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part({'typ': 'JWT', 'alg': r.choice(('HS256', 'RS256'))})}.{part({'uid': r.randint(1, 10**6), 'exp': r.randint(16 * 10**8, 17 * 10**8)})}.{pick(r, BASE64URL, 43)}"


def private_key(r: Random) -> str:
    """PEM armour."""
    kind = r.choice(("RSA ", "EC ", "", "OPENSSH "))
    body = base64.b64encode(r.randbytes(180)).decode()
    return f"-----BEGIN {kind}PRIVATE KEY-----\n{body}\n-----END {kind}PRIVATE KEY-----"


def bcrypt(r: Random) -> str:
    """2a or 2y."""
    return f"$2{r.choice('aby')}$1{r.randint(0, 2)}${pick(r, './' + ALNUM, 53)}"


def pbkdf2(r: Random) -> str:
    """Django's form."""
    return f"pbkdf2_sha256$260000${pick(r, ALNUM, 22)}${base64.b64encode(r.randbytes(32)).decode()}"


def argon2(r: Random) -> str:
    """argon2id."""
    return f"$argon2id$v=19$m=65536,t=3,p=4${pick(r, ALNUM, 22)}${pick(r, ALNUM, 43)}"


def md5(r: Random) -> str:
    """Hex of 32."""
    return hashlib.md5(r.randbytes(8)).hexdigest()


def sha1(r: Random) -> str:
    """Hex of 40."""
    return hashlib.sha1(r.randbytes(8)).hexdigest()


def sha256(r: Random) -> str:
    """Hex of 64."""
    return hashlib.sha256(r.randbytes(8)).hexdigest()


def secret(r: Random) -> str:
    """Prefixes of vendors."""
    return r.choice(
        ("AKIA" + pick(r, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16), "LTAI" + pick(r, ALNUM, 16), "AIza" + pick(r, BASE64URL, 35), "gho_" + pick(r, ALNUM, 36), "sk_live_" + pick(r, ALNUM, 24))
    )  # fmt: skip


def url(r: Random) -> str:
    """Pages."""
    return f"{r.choice(('http', 'https'))}://{pick(r, 'abcdefghij', 6)}.{r.choice(('com', 'cn', 'org', 'io'))}/{pick(r, ALNUM, 6)}?id={r.randint(1, 9999)}"


def picture(r: Random) -> str:
    """Links to pictures."""
    return f"{r.choice(('https://cdn.' + pick(r, 'abcdefghij', 5) + '.com', '/upload', '/profile/upload'))}/20{r.randint(18, 24)}/{pick(r, '0123456789abcdef', 16)}.{r.choice(('jpg', 'jpeg', 'png', 'gif'))}"


def jpeg(r: Random) -> bytes:
    """Magic number and noise."""
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + r.randbytes(60)


def wxid(r: Random) -> str:
    """wxid_ and 14 characters."""
    return "wxid_" + pick(r, "abcdefghijklmnopqrstuvwxyz0123456789", 14)


def serial(r: Random) -> str:
    """A device serial."""
    return pick(r, "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", 12)


def moment(r: Random) -> datetime:
    """2012 to 2024."""
    return datetime(2012, 1, 1) + timedelta(seconds=r.randint(0, 12 * 31_000_000))


def dated(form: str) -> Callable[[Random], str]:
    """Return a generator for a strftime form."""
    return lambda r: moment(r).strftime(form)


def date_long(r: Random) -> str:
    """March 5, 2021."""
    when = moment(r)
    return f"{MONTHS[when.month - 1]} {when.day}, {when.year}"


def date_cn(r: Random) -> str:
    """2021年03月05日."""
    return f"{moment(r):%Y年%m月%d日}"


def birth_iso(r: Random) -> str:
    """A birthday."""
    return f"{birth(r):%Y-%m-%d}"
