"""sensscan.toml: sources by name, defaults, watching, notification, logs. Every error names file, line and key."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from sensscan.config import ScanSettings, SourceConfig
from sensscan.errors import ConfigError, file_trouble
from sensscan.language import Text
from sensscan.modes.config_model import FILE_NAME, Config, LogConfig, NotifyConfig, Secret, WatchConfig, config_error

__all__ = ["Config", "LogConfig", "NotifyConfig", "WatchConfig", "find_config", "load_config", "parse_config"]

_STRING, _STRINGS, _INT, _BOOL, _NUMBER, _TABLE, _TIME = "string", "strings", "int", "bool", "number", "table", "time"
_KINDS = {
    _STRING: Text("a string", "字符串"),
    _STRINGS: Text("a list of strings", "字符串列表"),
    _INT: Text("a whole number, 0 or more", "不小于 0 的整数"),
    _BOOL: Text("true or false", "true 或 false"),
    _NUMBER: Text("a number, 0 or more", "不小于 0 的数"),
    _TABLE: Text("a table of strings", "由字符串组成的表"),
    _TIME: Text('a time of day such as "06:00"', '形如 "06:00" 的时刻'),
}

# Key of the file -> (kind, field). What [scan] sets for all sources, each source can set for itself.
_FILTERS = {
    "schemas": (_STRINGS, "schemas"),
    "tables": (_STRINGS, "tables"),
    "columns": (_STRINGS, "columns"),
    "exclude": (_STRINGS, "excludes"),
    "views": (_BOOL, "views"),
}
_LIMITS = {
    "sample": (_INT, "sample_rows"),
    "all_rows": (_BOOL, "all_rows"),
    "exact": (_BOOL, "exact"),
    "seed": (_INT, "seed"),
    "statement_seconds": (_INT, "statement_seconds"),
    "lock_seconds": (_INT, "lock_seconds"),
    "table_bytes": (_INT, "table_bytes"),
    "run_rows": (_INT, "run_rows"),
    "run_seconds": (_INT, "run_seconds"),
    "pause_ms": (_INT, "pause_ms"),
    "max_connections": (_INT, "max_connections"),
}
_SOURCE = {
    "policy": (_STRING, "policy"),
    "owner": (_TABLE, "owner"),
    "until": (_TIME, "window"),
    "enable": (_STRINGS, "enabled_types"),
    "disable": (_STRINGS, "disabled_types"),
    "full_scan_days": (_INT, "full_scan_days"),
    "detectors": (_STRINGS, "detector_dirs"),
}
_SECRETS = {"url": _STRING, "password": _STRING, "password_file": _STRING, "keyring": _STRING}
_SETTINGS = {
    "nlp": (_STRING, "nlp"),
    "allow_code": (_BOOL, "allow_code"),
    "min_confidence": (_NUMBER, "min_confidence"),
    "workers": (_INT, "workers"),
    "phone_region": (_STRING, "phone_region"),
    "detector_seconds": (_NUMBER, "detector_seconds"),
}
_WATCH = {
    "quiet": (_NUMBER, "quiet"),
    "longest": (_NUMBER, "longest"),
    "poll": (_NUMBER, "poll"),
    "unknown": (_NUMBER, "unknown"),
    "slot": (_STRING, "slot"),
    "server_id": (_INT, "server_id"),
    "allow_unlimited_wal": (_BOOL, "allow_unlimited_wal"),
}
_NOTIFY = {"urls": (_STRINGS, "urls"), "on": (_STRING, "on")}
_LOG = {"file": (_STRING, "file"), "max_mb": (_INT, "max_mb"), "keep": (_INT, "keep")}
_OVERRIDES = {
    "names": _STRINGS,
    "weak": _STRINGS,
    "not": _STRINGS,
    "look_alike": _NUMBER,
    "chance": _NUMBER,
    "typical": _NUMBER,
    "min_distinct": _INT,
    "threshold": _NUMBER,
    "needs_name": _BOOL,
    "words": _STRINGS,
    "codes": _STRINGS,
    "add_names": _STRINGS,
    "add_weak": _STRINGS,
    "add_not": _STRINGS,
    "add_words": _STRINGS,
    "add_codes": _STRINGS,
}
_DETECTORS = {
    "paths": (_STRINGS, "detector_dirs"),
    "allow_code": (_BOOL, "allow_code"),
    "seconds": (_NUMBER, "detector_seconds"),
    "memory_mb": (_INT, "detector_memory_mb"),
}
_CHOICES = {"nlp": ("builtin", "hanlp", "off"), "on": ("change", "failure", "always")}


def find_config(environ: Mapping[str, str] = os.environ) -> Path | None:
    """Return the file in use: SENSSCAN_CONFIG, ./sensscan.toml, then the user's configuration folder."""
    if environ.get("SENSSCAN_CONFIG"):
        return Path(environ["SENSSCAN_CONFIG"])
    import platformdirs

    folder = environ.get("SENSSCAN_CONFIG_DIR") or platformdirs.user_config_dir("sensscan")
    return next((path for path in (Path(FILE_NAME), Path(folder) / FILE_NAME) if path.is_file()), None)


def load_config(path: Path | None = None, environ: Mapping[str, str] = os.environ) -> Config:
    """Read the configuration; an empty one when there is no file. Raises ConfigError naming file, line and key."""
    found = path if path is not None else find_config(environ)
    if found is None:
        return Config()
    try:
        text = found.read_text(encoding="utf-8-sig")
    except OSError as error:
        reason = file_trouble(error)
        raise ConfigError(Text(f"Configuration {found}: {reason.en}.", f"配置文件 {found}：{reason.zh}。")) from None
    except UnicodeDecodeError:
        raise ConfigError(Text(f"Configuration {found} is not UTF-8 text.", f"配置文件 {found} 不是 UTF-8 文本。")) from None
    return parse_config(text, found)


def parse_config(text: str, path: Path | None = None) -> Config:
    """Read a configuration from text; see `load_config`."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+), column (\d+)", str(error))
        line = place[1] if place else str(text.count("\n") + 1)
        # The parser's own message can quote the line, and a line can hold a password.
        raise ConfigError(
            Text(
                f"Configuration {path or FILE_NAME}, line {line}: not valid TOML.",
                f"配置文件 {path or FILE_NAME} 第 {line} 行：不是合法的 TOML。",
            ),
            Text("Strings need quotes, a table begins with [name].", "字符串需加引号，表以 [名称] 开头。"),
        ) from None
    return _Reader(path, _key_lines(text)).read(data)


def _key_lines(text: str) -> dict[tuple[str, ...], int]:
    """Return the line of every key and table; the parser keeps none."""
    lines: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(r"\s*\[{1,2}\s*([^\[\]]+?)\s*\]{1,2}\s*(?:#.*)?$", line)
        key = re.match(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""", line)
        if header:
            table = _path(header[1])
            for end in range(1, len(table) + 1):
                lines.setdefault(table[:end], number)
        elif key:
            lines.setdefault(table + _path(key[1]), number)
    return lines


def _path(dotted: str) -> tuple[str, ...]:
    parts = re.findall(r"""[\w-]+|"[^"]*"|'[^']*'""", dotted)
    return tuple(part[1:-1] if part[0] in "\"'" else part for part in parts)


_TABLES = ("scan", "detectors", "sources", "store", "watch", "notify", "log")


@dataclass(frozen=True)
class _Reader:
    """Turns the parsed tables into dataclasses, with the line of whatever is wrong."""

    path: Path | None
    lines: Mapping[tuple[str, ...], int]

    def fail(self, keys: tuple[str, ...], why: Text) -> ConfigError:
        return config_error(self.path, self.lines, keys, why)

    def read(self, data: Mapping[str, Any]) -> Config:
        self.known((), data, _TABLES)
        scan = self.table(("scan",), data.get("scan", {}))
        self.known(("scan",), scan, (*_FILTERS, *_LIMITS, *_SOURCE, *_SETTINGS, "types"))
        defaults = self.source_config(("scan",), scan, SourceConfig("", ""))
        settings = self.fill(("scan",), scan, _SETTINGS, ScanSettings())
        settings = replace(settings, policy=defaults.policy or settings.policy, detector_dirs=defaults.detector_dirs)
        settings = self.detectors(data, settings)
        defaults = replace(defaults, detector_dirs=())
        sources: dict[str, SourceConfig] = {}
        secrets: dict[str, Secret] = {}
        for name, table in self.table(("sources",), data.get("sources", {})).items():
            keys = ("sources", name)
            sources[name], secrets[name] = self.source(keys, self.table(keys, table), defaults)
        store = self.table(("store",), data.get("store", {}))
        self.known(("store",), store, ("url",))
        return Config(
            self.path,
            sources,
            settings,
            self.value(("store", "url"), store.get("url", ""), _STRING),
            self.section("watch", data, _WATCH, WatchConfig()),
            self.section("notify", data, _NOTIFY, NotifyConfig()),
            self.section("log", data, _LOG, LogConfig()),
            secrets,
            self.lines,
        )

    def detectors(self, data: Mapping[str, Any], settings: ScanSettings) -> ScanSettings:
        """Read [detectors]: folders of cards for all sources, and what foreign code may do."""
        made: ScanSettings = self.section("detectors", data, _DETECTORS, settings)
        own = data.get("detectors", {}).get("paths", ())
        base = self.path.parent if self.path is not None else Path()
        dirs = tuple(base / Path(one).expanduser() for one in own)
        return replace(made, detector_dirs=(*settings.detector_dirs, *dirs))

    def section(self, name: str, data: Mapping[str, Any], keys: Mapping[str, tuple[str, str]], default: Any) -> Any:
        table = self.table((name,), data.get(name, {}))
        self.known((name,), table, tuple(keys))
        return self.fill((name,), table, keys, default)

    def source(self, keys: tuple[str, ...], table: Mapping[str, Any], defaults: SourceConfig) -> tuple[SourceConfig, Secret]:
        if not re.fullmatch(r"[\w.-]+", keys[1]):
            raise self.fail(keys, Text("a name holds letters, digits, - _ . only", "名称只能含字母、数字和 - _ ."))
        self.known(keys, table, (*_SECRETS, *_FILTERS, *_LIMITS, *_SOURCE, "types"))
        if not table.get("url"):
            raise self.fail(keys, Text("url is missing", "缺少 url"))
        found = {key: self.value((*keys, key), table[key], kind) for key, kind in _SECRETS.items() if key in table}
        ways = [key for key in ("password", "password_file", "keyring") if key in found]
        if len(ways) > 1:
            raise self.fail((*keys, ways[1]), Text(f"only one of {', '.join(ways)}", f"{'、'.join(ways)} 只能有一个"))
        secret = Secret(found.get("password"), found.get("password_file", ""), found.get("keyring", ""))
        return self.source_config(keys, table, replace(defaults, name=keys[1], url=found["url"])), secret

    def source_config(self, keys: tuple[str, ...], table: Mapping[str, Any], default: SourceConfig) -> SourceConfig:
        made: SourceConfig = self.fill(keys, table, _SOURCE, default)
        if "detectors" in table:
            base = self.path.parent if self.path is not None else Path()
            made = replace(made, detector_dirs=tuple(base / Path(one).expanduser() for one in table["detectors"]))
        overrides = {**default.overrides}
        for type_id, changes in self.table((*keys, "types"), table.get("types", {})).items():
            place = (*keys, "types", type_id)
            self.known(place, self.table(place, changes), tuple(_OVERRIDES))
            overrides[type_id] = {key: self.value((*place, key), value, _OVERRIDES[key]) for key, value in changes.items()}
        return replace(
            made,
            filters=self.fill(keys, table, _FILTERS, default.filters),
            limits=self.fill(keys, table, _LIMITS, default.limits),
            overrides=overrides,
        )

    def fill(self, keys: tuple[str, ...], table: Mapping[str, Any], known: Mapping[str, tuple[str, str]], default: Any) -> Any:
        """Return `default` with the fields that the table sets."""
        names = {item.name for item in fields(default)}
        changes = {}
        for key, (kind, name) in known.items():
            if key in table:
                assert name in names
                changes[name] = self.value((*keys, key), table[key], kind)
        return replace(default, **changes)

    def table(self, keys: tuple[str, ...], value: Any) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            raise self.fail(keys, Text("must be a table", "须为表"))
        return value

    def known(self, keys: tuple[str, ...], table: Mapping[str, Any], allowed: Sequence[str]) -> None:
        for key in table:
            if key not in allowed:
                near = difflib.get_close_matches(key, allowed, n=1)
                hint = Text(f"; did you mean {near[0]}?", f"；是否想用 {near[0]}？") if near else Text("", "")
                raise self.fail((*keys, key), Text(f"unknown key{hint.en}", f"未知的键{hint.zh}"))

    def value(self, keys: tuple[str, ...], value: Any, kind: str) -> Any:
        """Check one value; lists become tuples. The value itself is never shown: it can be a password."""
        number = isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
        good = {
            _STRING: isinstance(value, str),
            _STRINGS: isinstance(value, list) and all(isinstance(one, str) for one in value),
            _INT: number and isinstance(value, int),
            _BOOL: isinstance(value, bool),
            _NUMBER: number,
            _TABLE: isinstance(value, dict) and all(isinstance(one, str) for one in value.values()),
            _TIME: isinstance(value, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value) is not None,
        }[kind]
        if not good:
            raise self.fail(keys, Text(f"must be {_KINDS[kind].en}", f"须为{_KINDS[kind].zh}"))
        choices = _CHOICES.get(keys[-1], ())
        if choices and kind == _STRING and value not in choices:
            raise self.fail(keys, Text(f"must be one of {', '.join(choices)}", f"须为 {'、'.join(choices)} 之一"))
        return tuple(value) if kind == _STRINGS else value
