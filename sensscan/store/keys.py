"""The secret behind the event log and the value fingerprints, and the keyed hashes made with it.

The key lies in the configuration folder, the environment or the keyring, never in the store's folder: whoever can change the
store must not be able to seal the change. Sub-keys are derived by purpose, so that a fingerprint says nothing about the chain.
HMAC is RFC 2104; SHA-256 is FIPS 180-4; SM3 is GB/T 32905-2016.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from sensscan.errors import StoreError
from sensscan.language import Text

Algorithm = Literal["sha256", "sm3"]
ALGORITHMS: tuple[Algorithm, ...] = ("sha256", "sm3")
KEY_VARIABLE = "SENSSCAN_STORE_KEY"
KEY_FILE = "store.key"
_BLOCK = 64
"""Block length in bytes of both hashes, needed by HMAC."""


class _Hash(Protocol):
    def update(self, data: bytes, /) -> None: ...
    def digest(self) -> bytes: ...
    def copy(self) -> _Hash: ...


class _CryptographySm3:
    """SM3 of the cryptography package in hashlib's shape, for OpenSSL builds whose hashlib lacks it."""

    def __init__(self) -> None:
        from cryptography.hazmat.primitives import hashes

        self._hash = hashes.Hash(hashes.SM3())

    def update(self, data: bytes, /) -> None:
        self._hash.update(data)

    def digest(self) -> bytes:
        return self._hash.copy().finalize()

    def copy(self) -> _CryptographySm3:
        twin = _CryptographySm3.__new__(_CryptographySm3)
        twin._hash = self._hash.copy()
        return twin


def new_hash(algorithm: Algorithm) -> _Hash:
    """Return an empty hash. Raises StoreError when this Python cannot compute SM3."""
    if algorithm == "sha256":
        return hashlib.sha256()
    try:
        return hashlib.new("sm3")
    except ValueError:
        pass
    try:
        return _CryptographySm3()
    except Exception as error:  # missing package, or its own error class for a missing algorithm
        raise StoreError(
            Text("This Python has no SM3.", "当前 Python 不支持 SM3。"),
            Text("Install sensscan[sm3].", "请安装 sensscan[sm3]。"),
        ) from error


class Sealer:
    """HMAC with one key and one hash, prepared once: twice as fast per event as hmac.digest."""

    def __init__(self, key: bytes, algorithm: Algorithm) -> None:
        if len(key) > _BLOCK:
            raise ValueError("a key longer than the hash's block")
        padded = key.ljust(_BLOCK, b"\0")
        self.algorithm = algorithm
        self._inner = new_hash(algorithm)
        self._inner.update(bytes(byte ^ 0x36 for byte in padded))
        self._outer = new_hash(algorithm)
        self._outer.update(bytes(byte ^ 0x5C for byte in padded))

    def seal(self, message: bytes) -> str:
        """Return the HMAC of `message` in hex."""
        inner = self._inner.copy()
        inner.update(message)
        outer = self._outer.copy()
        outer.update(inner.digest())
        return outer.digest().hex()


@dataclass(frozen=True, slots=True)
class StoreKey:
    """The secret, and where it came from (for people; never the secret itself)."""

    secret: bytes = field(repr=False)
    place: str

    def _derived(self, purpose: str) -> bytes:
        return hmac.digest(self.secret, f"sensscan {purpose}".encode(), "sha256")

    def sealer(self, algorithm: Algorithm) -> Sealer:
        """Return what seals the event log."""
        return Sealer(self._derived("events"), algorithm)

    @property
    def value_secret(self) -> bytes:
        """The secret under which excepted values are fingerprinted."""
        return self._derived("values")

    def check(self, store_id: str) -> str:
        """Return a word by which a store recognises its key."""
        return hmac.digest(self._derived("check"), store_id.encode(), "sha256").hex()[:16]


def config_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder of configuration and key: SENSSCAN_CONFIG_DIR, else the user's configuration folder."""
    if chosen := environ.get("SENSSCAN_CONFIG_DIR"):
        return Path(chosen)
    import platformdirs

    folder = Path(platformdirs.user_config_dir("sensscan"))
    # macOS and Windows name one folder for both; the key must not lie beside the store.
    return folder / "config" if folder == Path(platformdirs.user_data_dir("sensscan")) else folder


def _secret_from_text(text: str) -> bytes:
    """Take 64 hex digits as they are and hash anything else of at least 16 characters to 32 bytes."""
    text = text.strip()
    try:
        secret = bytes.fromhex(text)
    except ValueError:
        secret = b""
    if len(secret) == 32:
        return secret
    if len(text) < 16:
        raise StoreError(
            Text(f"{KEY_VARIABLE} is shorter than 16 characters.", f"{KEY_VARIABLE} 少于 16 个字符。"),
            Text("Give 64 hexadecimal digits.", "请给出 64 位十六进制数。"),
        )
    return hashlib.sha256(text.encode()).digest()


def _from_keyring() -> StoreKey:
    try:
        import keyring

        text = keyring.get_password("sensscan", "store")
        if text is None:
            text = secrets.token_hex(32)
            keyring.set_password("sensscan", "store", text)
    except Exception as error:  # keyring's backends raise their own classes
        raise StoreError(
            Text("The key cannot be taken from the keyring.", "无法从系统密钥环读取密钥。"),
            Text(f"Unlock it, or use a key file (unset {KEY_VARIABLE}).", f"请解锁密钥环，或改用密钥文件（清除 {KEY_VARIABLE}）。"),
        ) from error
    return StoreKey(_secret_from_text(text), "keyring")


def _read_key_file(path: Path) -> StoreKey:
    if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise StoreError(
            Text(f"The key file {path} can be read by others.", f"密钥文件 {path} 可被他人读取。"),
            Text(f"Run: chmod 600 {path}", f"请执行：chmod 600 {path}"),
        )
    return StoreKey(_secret_from_text(path.read_text(encoding="ascii")), str(path))


def _make_key_file(path: Path) -> StoreKey:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    text = secrets.token_hex(32)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read_key_file(path)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text + "\n")
    return StoreKey(bytes.fromhex(text), str(path))


def find_key(environ: Mapping[str, str], *, store_folder: Path | None, may_create: bool) -> StoreKey | None:
    """Return the key, or None when there is none and none may be made.

    `store_folder` is the folder of a SQLite store. Raises StoreError when the key file would lie in it, when others can read
    the key file, or when the keyring does not answer.
    """
    given = environ.get(KEY_VARIABLE, "")
    if given == "keyring":
        return _from_keyring()
    if given:
        return StoreKey(_secret_from_text(given), KEY_VARIABLE)
    path = config_folder(environ) / KEY_FILE
    if store_folder is not None and path.parent.resolve() == store_folder.resolve():
        raise StoreError(
            Text(f"The key must not lie beside the store ({store_folder}).", f"密钥不能与标签库放在同一目录（{store_folder}）。"),
            Text("Set SENSSCAN_CONFIG_DIR to another folder.", "请将 SENSSCAN_CONFIG_DIR 设为其他目录。"),
        )
    try:
        if path.exists():
            return _read_key_file(path)
        return _make_key_file(path) if may_create else None
    except OSError as error:
        raise StoreError(
            Text(f"The key file {path} cannot be used (errno {error.errno}).", f"密钥文件 {path} 无法使用（errno {error.errno}）。"),
            Text("Check the folder's rights or set SENSSCAN_STORE_KEY.", "请检查目录权限，或设置 SENSSCAN_STORE_KEY。"),
        ) from error
