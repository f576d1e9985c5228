"""What sensscan.toml holds once it is read. Secrets are resolved when a source is asked for, and never shown."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from sensscan.config import ScanSettings, SourceConfig
from sensscan.errors import ConfigError, UsageError
from sensscan.language import Text
from sensscan.source import SourceUrl, parse_source

FILE_NAME = "sensscan.toml"


@dataclass(frozen=True, slots=True)
class WatchConfig:
    """[watch]; seconds where not said otherwise."""

    quiet: float = 30.0
    longest: float = 600.0
    poll: float = 5.0
    unknown: float = 3600.0
    slot: str = "sensscan"
    server_id: int = 0
    allow_unlimited_wal: bool = False


@dataclass(frozen=True, slots=True)
class NotifyConfig:
    """[notify]: apprise URLs (they hold secrets) and when to send."""

    urls: tuple[str, ...] = field(default=(), repr=False)
    on: str = "change"


@dataclass(frozen=True, slots=True)
class LogConfig:
    """[log]: where unattended runs write; rotated by size."""

    file: str = ""
    max_mb: int = 10
    keep: int = 5


@dataclass(frozen=True, slots=True)
class Secret:
    """How a source says its password."""

    password: str | None = field(default=None, repr=False)
    password_file: str = ""
    keyring: str = ""


@dataclass(frozen=True)
class Config:
    """The whole file. Nothing secret is resolved until a source is asked for."""

    path: Path | None = None
    sources: Mapping[str, SourceConfig] = field(default_factory=dict)
    """By name; `url` still with its ${VARIABLES}: use `source`."""
    settings: ScanSettings = ScanSettings()
    store: str = field(default="", repr=False)
    """The tag store's URL, still with its ${VARIABLES}: use `store_url`."""
    watch: WatchConfig = WatchConfig()
    notify: NotifyConfig = NotifyConfig()
    log: LogConfig = LogConfig()
    secrets: Mapping[str, Secret] = field(default_factory=dict, repr=False)
    lines: Mapping[tuple[str, ...], int] = field(default_factory=dict, repr=False)

    def source(self, name: str, environ: Mapping[str, str] = os.environ) -> tuple[SourceUrl, SourceConfig]:
        """Return a source ready to open, with its password. Raises UsageError for an unknown name, ConfigError for a missing secret."""
        if name not in self.sources:
            near = difflib.get_close_matches(name, self.sources, n=1)
            place = str(self.path) if self.path is not None else FILE_NAME
            raise UsageError(
                Text(f"No source {name!r} in {place}.", f"{place} 中没有名为 {name!r} 的来源。"),
                Text(f"Did you mean {near[0]}?", f"是否想用 {near[0]}？")
                if near
                else Text(
                    "Give a URL such as sqlite:///file.db or postgresql://user@host/database, or add the name there.",
                    "请给出 URL，例如 sqlite:///file.db 或 postgresql://user@host/database，或在其中添加该名称。",
                ),
            )
        found = self.sources[name]
        keys = ("sources", name)
        text = expand(found.url, environ, self, (*keys, "url"))
        try:
            url = parse_source(text, name=name)
        except UsageError as error:
            raise config_error(self.path, self.lines, (*keys, "url"), error.text) from None
        password = self._password(name, url, environ)
        return (url if password is None else url.with_password(password)), replace(found, url=text)

    def _password(self, name: str, url: SourceUrl, environ: Mapping[str, str]) -> str | None:
        secret, keys = self.secrets.get(name, Secret()), ("sources", name)
        if secret.password is not None:
            return expand(secret.password, environ, self, (*keys, "password"))
        if secret.password_file:
            path = self._beside(expand(secret.password_file, environ, self, (*keys, "password_file")))
            try:
                return path.read_text(encoding="utf-8").splitlines()[0]
            except (OSError, IndexError, UnicodeDecodeError):
                why = Text(f"{path} cannot be read or is empty", f"{path} 无法读取或为空")
                raise config_error(self.path, self.lines, (*keys, "password_file"), why) from None
        if secret.keyring:
            return self._from_keyring(secret.keyring, url, (*keys, "keyring"))
        return None

    def _from_keyring(self, service: str, url: SourceUrl, keys: tuple[str, ...]) -> str:
        try:
            import keyring
        except ImportError:
            why = Text(
                "the package keyring is not installed; run: pip install 'sensscan[keyring]'",
                "未安装 keyring 包；请运行：pip install 'sensscan[keyring]'",
            )
            raise config_error(self.path, self.lines, keys, why) from None
        try:
            found = keyring.get_password(service, url.user)
        except Exception as error:  # backends raise many kinds, and their texts are not ours to show
            why = Text(f"the keyring failed ({type(error).__name__})", f"密钥环出错（{type(error).__name__}）")
            raise config_error(self.path, self.lines, keys, why) from None
        if found is None:
            why = Text(
                f"the keyring has no password of {url.user} for {service}; run: keyring set {service} {url.user}",
                f"密钥环中没有 {service} 下 {url.user} 的密码；请运行：keyring set {service} {url.user}",
            )
            raise config_error(self.path, self.lines, keys, why)
        return str(found)

    def _beside(self, name: str) -> Path:
        base = self.path.parent if self.path is not None else Path()
        return base / Path(name).expanduser()

    def store_url(self, environ: Mapping[str, str] = os.environ) -> str | None:
        """Return the tag store's URL; None for the default one."""
        return expand(self.store, environ, self, ("store", "url")) if self.store else None

    def notify_urls(self, environ: Mapping[str, str] = os.environ) -> tuple[str, ...]:
        """Return the notification URLs with their secrets."""
        return tuple(expand(url, environ, self, ("notify", "urls")) for url in self.notify.urls)

    def log_path(self) -> Path | None:
        """Return the log file of unattended runs."""
        return self._beside(self.log.file) if self.log.file else None


def expand(text: str, environ: Mapping[str, str], config: Config, keys: tuple[str, ...]) -> str:
    """Replace ${NAME} by the environment's value; `$$` is a dollar sign. Raises ConfigError naming an unset variable."""

    def value(match: re.Match[str]) -> str:
        if match[0] == "$$":
            return "$"
        if match[1] not in environ:
            why = Text(f"the environment variable {match[1]} is not set", f"环境变量 {match[1]} 未设置")
            raise config_error(config.path, config.lines, keys, why)
        return environ[match[1]]

    return re.sub(r"\$\$|\$\{([A-Za-z_][A-Za-z0-9_]*)\}", value, text)


def config_error(path: Path | None, lines: Mapping[tuple[str, ...], int], keys: tuple[str, ...], why: Text) -> ConfigError:
    """Return the error that names file, line and key."""
    known = next((lines[keys[:end]] for end in range(len(keys), 0, -1) if keys[:end] in lines), None)
    name = ".".join(keys)
    line = Text(f", line {known}", f" 第 {known} 行") if known is not None else Text("", "")
    stop = Text("" if why.en.endswith("?") else ".", "" if why.zh.endswith("？") else "。")
    return ConfigError(
        Text(
            f"Configuration {path or FILE_NAME}{line.en}: {name}: {why.en.rstrip('.')}{stop.en}",
            f"配置文件 {path or FILE_NAME}{line.zh}：{name}：{why.zh.rstrip('。')}{stop.zh}",
        )
    )
