"""Read a card from its TOML file, and refuse a broken one with file, key and reason."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from sensscan.errors import ConfigError
from sensscan.language import Text
from sensscan.model import Family
from sensscan.plugin import Card, Counting, NormaliserName

_STRING, _STRINGS, _NUMBER, _FLAG, _LABEL = "a string", "a list of strings", "a number", "true or false", "a table with zh and en"
_TITLE = "a string or a table with zh and en"
_CHINESE = {
    _STRING: "字符串", _STRINGS: "字符串列表", _NUMBER: "数字", _FLAG: "true 或 false", _LABEL: "含 zh 和 en 的表",
    _TITLE: "字符串，或含 zh 和 en 的表",
}  # fmt: skip

# Table of the file -> key -> (field of Card, form). The reader, its error messages and the author's guide follow this table.
KEYS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "": {
        "id": ("id", _STRING),
        "label": ("label", _LABEL),
        "category": ("category", _STRING),
        "standard": ("standard", _TITLE),
        "form": ("form", _LABEL),
        "mask": ("mask", _STRING),
        "version": ("version", _NUMBER),
    },
    "values": {
        "normaliser": ("normaliser", _STRING),
        "pattern": ("patterns", _STRING),
        "patterns": ("patterns", _STRINGS),
        "search": ("search", _FLAG),
        "structures": ("structures", _STRINGS),
        "structure_look_alike": ("structure_look_alike", _NUMBER),
        "validator": ("validator", _STRING),
        "words": ("words", _STRINGS),
        "words_files": ("words", _STRINGS),
        "codes": ("code_words", _STRINGS),
        "named": ("named_patterns", _STRINGS),
        "hashed_words": ("hashed_words", _STRINGS),
        "hashed_words_files": ("hashed_words", _STRINGS),
        "masked": ("masked_patterns", _STRINGS),
        "credentials": ("credential_patterns", _STRINGS),
        "counting": ("counting", _STRING),
        "chance": ("chance", _NUMBER),
        "look_alike": ("look_alike", _NUMBER),
        "typical": ("typical", _NUMBER),
        "contains": ("contains", _STRING),
        "families": ("families", _STRINGS),
        "native": ("native", _STRINGS),
        "threshold": ("threshold", _NUMBER),
        "min_distinct": ("min_distinct", _NUMBER),
    },
    "columns": {
        "names": ("names", _STRINGS),
        "weak": ("weak_names", _STRINGS),
        "not": ("not_names", _STRINGS),
        "needs_name": ("needs_name", _FLAG),
    },
    "relations": {"refines": ("refines", _STRINGS), "also_with": ("also_with", _STRINGS)},
    "examples": {"match": ("match", _STRINGS), "no_match": ("no_match", _STRINGS)},
}

_SHARES = ("chance", "look_alike", "structure_look_alike", "typical", "threshold")
CONTAINS_KINDS = ("", "digits", "word", "han", "url", "text")
_ID_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")


def card_error(path: Path, key: str, en: str, zh: str) -> ConfigError:
    """Return the error for one key of one card."""
    return ConfigError(Text(f"Card {path}: {key}: {en}.", f"规则卡 {path}：{key}：{zh}。"))


def _has_form(value: object, form: str) -> bool:
    if form == _STRING:
        return isinstance(value, str)
    if form == _STRINGS:
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    if form == _NUMBER:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if form == _FLAG:
        return isinstance(value, bool)
    if form == _TITLE and isinstance(value, str):
        return True
    return isinstance(value, dict) and set(value) == {"zh", "en"} and all(isinstance(item, str) for item in value.values())


def _flatten(document: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """Return the file's keys as "table.key", refusing what no card has."""
    flat: dict[str, Any] = {}
    for table, keys in KEYS.items():
        part = document if table == "" else document.get(table, {})
        if not isinstance(part, dict):
            raise card_error(path, table, "must be a table", "必须是表")
        for key, value in part.items():
            if table == "" and key in KEYS:
                continue
            where = f"{table}.{key}" if table else key
            if key not in keys:
                raise card_error(path, where, f"unknown key; known here: {', '.join(keys)}", f"未知的键；此处可用：{', '.join(keys)}")
            form = keys[key][1]
            if not _has_form(value, form):
                raise card_error(path, where, f"must be {form}", f"必须是{_CHINESE[form]}")
            flat[where] = value
    return flat


def read_words(path: Path, folder: Path, spec: str) -> frozenset[str]:
    """Return the words that "data/file.csv:column" or "data/file.txt" (one word per line) names."""
    name, _, column = spec.partition(":")
    file = folder / name
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            if not column:
                return frozenset(word.casefold() for line in lines if (word := line.strip()) and not word.startswith("#"))
            return frozenset(word.casefold() for row in csv.DictReader(lines) if (word := (row[column] or "").strip()))
    except KeyError as error:
        raise card_error(path, "values.words_files", f"{name} has no column {column}", f"{name} 没有列 {column}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise card_error(path, "values.words_files", f"cannot read {name}", f"无法读取 {name}") from error


KEY_LINE = "# key: "
"""Begins the line of a file of hashes that tells with which key it was made."""


def key_mark() -> str:
    """Return the mark of the present key: a hash of nothing, so that it tells equal keys and no key."""
    return hashed_word("")[:16]


def read_hashes(path: Path, file: Path) -> frozenset[str]:
    """Return the hashes of a file made by `sensscan rules hash`; refuses one made with another key, which would match nothing."""
    where = "values.hashed_words_files"
    try:
        lines = file.read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise card_error(path, where, f"cannot read {file.name}", f"无法读取 {file.name}") from error
    marks = [line.removeprefix(KEY_LINE) for line in lines if line.startswith(KEY_LINE)]
    if marks and marks[0] != key_mark():
        raise card_error(
            path,
            where,
            f"{file.name} was made with another key than SENSSCAN_WORDS_KEY now holds",
            f"{file.name} 所用密钥与当前 SENSSCAN_WORDS_KEY 不同",
        )
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def hashed_word(value: str) -> str:
    """Return the keyed hash under which a sensitive dictionary holds `value` (key: SENSSCAN_WORDS_KEY)."""
    import hashlib
    import hmac
    import os

    key = os.environ.get("SENSSCAN_WORDS_KEY", "").encode()
    return hmac.new(key, value.casefold().encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def _families(path: Path, where: str, names: list[str]) -> frozenset[Family]:
    known = [family.value for family in Family]
    for name in names:
        if name not in known:
            raise card_error(
                path,
                where,
                f"unknown database type {name}; known: {', '.join(known)}",
                f"未知的数据库类型 {name}；可用：{', '.join(known)}",
            )
    return frozenset(Family(name) for name in names)


def _convert(path: Path, where: str, value: Any) -> Any:
    match where:
        case "label" | "form" | "standard":
            return Text(value, value) if isinstance(value, str) else Text(en=value["en"], zh=value["zh"])
        case "values.pattern":
            return (value,)
        case "values.families" | "values.native":
            return _families(path, where, value)
        case "values.words" | "values.codes":
            return frozenset(word.casefold() for word in value)
        case "values.hashed_words":
            return frozenset(value)
        case "values.words_files":
            return frozenset[str]().union(*(read_words(path, path.parent, spec) for spec in value))
        case "version" | "values.min_distinct":
            return int(value)
        case "values.hashed_words_files":
            return frozenset[str]().union(*(read_hashes(path, path.parent / name) for name in value))
        case _:
            return tuple(value) if isinstance(value, list) else value


def _check(card: Card, path: Path) -> None:
    if card.id != path.stem:
        raise card_error(path, "id", f"must equal the file name {path.stem}", f"必须与文件名 {path.stem} 相同")
    if not card.id or not set(card.id) <= _ID_CHARACTERS:
        raise card_error(path, "id", "only a-z, 0-9 and _", "只能含 a-z、0-9 和 _")
    for key in _SHARES:
        if not 0.0 <= getattr(card, key) <= 1.0:
            raise card_error(path, f"values.{key}", "must be between 0 and 1", "必须在 0 和 1 之间")
    choices: tuple[tuple[str, str, tuple[str, ...]], ...] = (
        ("values.normaliser", card.normaliser, get_args(NormaliserName)),
        ("values.counting", card.counting, get_args(Counting)),
        ("values.contains", card.contains, CONTAINS_KINDS),
    )
    for key, value, allowed in choices:
        if value not in allowed:
            raise card_error(
                path,
                key,
                f"must be one of {', '.join(word for word in allowed if word)}",
                f"必须是 {'、'.join(word for word in allowed if word)} 之一",
            )


def card_from_toml(path: Path) -> Card:
    """Return the card in `path`.

    Raises ConfigError naming file, key and reason. Patterns and examples are checked by `Matcher`, which compiles them.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(Text(f"Card {path}: cannot be read.", f"规则卡 {path}：无法读取。")) from error
    except UnicodeDecodeError as error:
        raise ConfigError(Text(f"Card {path}: not UTF-8 text.", f"规则卡 {path}：不是 UTF-8 文本。")) from error
    return card_from_text(text, path)


def card_from_text(text: str, path: Path) -> Card:
    """Return the card that a file's text describes; `path` is where it stands or will stand. Raises ConfigError."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(Text(f"Card {path}: not valid TOML: {error}", f"规则卡 {path}：不是合法的 TOML：{error}")) from error
    flat = _flatten(document, path)
    for required in ("id", "label"):
        if required not in flat:
            raise card_error(path, required, "is missing", "缺失")
    fields: dict[str, Any] = {"category": "other", "origin": str(path)}
    for where, value in flat.items():
        table, _, key = where.rpartition(".")
        name = KEYS[table][key][0]
        made = _convert(path, where, value)
        fields[name] = fields[name] | made if name in ("words", "hashed_words") and name in fields else made
    card = Card(**fields)
    _check(card, path)
    return card
