"""Secrets that open nothing: random characters in the forms of real ones."""

from __future__ import annotations

import base64
import hashlib
import json
from random import Random

ALNUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
BCRYPT = "./" + ALNUM


def text(r: Random, alphabet: str, count: int) -> str:
    """Random characters of an alphabet."""
    return "".join(r.choices(alphabet, k=count))


def part(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def jwt(r: Random) -> str:
    """HS256 token with a random signature."""
    claims = {"sub": str(r.randint(1000, 99999)), "iat": 1690000000 + r.randint(0, 10**7), "jti": f"{r.getrandbits(64):x}"}
    return ".".join((part(b'{"alg":"HS256","typ":"JWT"}'), part(json.dumps(claims).encode()), part(r.randbytes(32))))


def private_key(r: Random) -> str:
    """PEM armour around random bytes: no key."""
    body = base64.b64encode(r.randbytes(300)).decode()
    lines = "\n".join(body[i : i + 64] for i in range(0, len(body), 64))
    return f"-----BEGIN RSA PRIVATE KEY-----\n{lines}\n-----END RSA PRIVATE KEY-----"


def bcrypt(r: Random) -> str:
    """Form of crypt(5) 2a."""
    return f"$2a$10${text(r, BCRYPT, 53)}"


def md5(r: Random) -> str:
    """Hex digest of random bytes."""
    return hashlib.md5(r.randbytes(16), usedforsecurity=False).hexdigest()


def sha256(r: Random) -> str:
    """Hex digest of random bytes."""
    return hashlib.sha256(r.randbytes(16)).hexdigest()


def secret_key(r: Random) -> str:
    """Access keys in the forms of several clouds."""
    return r.choice(
        (
            "AKIA" + text(r, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16),
            "LTAI" + text(r, ALNUM, 20),
            "AKID" + text(r, ALNUM, 32),
            "ghp_" + text(r, ALNUM, 36),
            "glpat-" + text(r, ALNUM, 20),
        )
    )
