"""Policy files as documents: finding them, `extends` and `categories`, and where a key stands.

What comes out is one merged table of plain TOML values with the documents it came from; `sensscan.grade.reading`
judges its content.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from sensscan.errors import ConfigError, UsageError
from sensscan.grade.places import Path as KeyPath
from sensscan.grade.places import key_lines
from sensscan.language import Text

SHIPPED: tuple[str, ...] = (
    "base", "default", "open3", "jrt0197", "jrt0171", "gbt35273", "gbt45574", "gbt43697", "pcidss", "gdpr", "hipaa",
)  # fmt: skip
"""The policies that come with the program, in the order of the reference."""


@dataclass(frozen=True, slots=True)
class Document:
    """One policy file as read."""

    name: str
    """The path as shown in messages."""
    folder: Path | None
    """Where names in `extends` are looked for besides the shipped policies; None for a shipped one."""
    text: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Merged:
    """A policy's content with `extends` and `categories` resolved."""

    documents: tuple[Document, ...]
    """The file itself first, then what it extends."""
    data: dict[str, Any]
    trees: tuple[Document, ...] = ()
    """Where its categories come from."""

    def fail(self, path: KeyPath, reason: Text) -> ConfigError:
        """Return the error for `path`: file, line, key, reason."""
        document, line = self._place(path)
        where = f"{document.name}:{line}: {key_name(path)}"
        return ConfigError(Text(f"{where}: {reason.en}", f"{where}：{reason.zh}"))

    def _place(self, path: KeyPath) -> tuple[Document, int]:
        """Return the document that says most of `path`, the nearest one first, and the line."""
        best, line, depth = self.documents[0], 1, 0
        documents = (*self.documents, *self.trees) if path[:1] == ("categories",) else self.documents
        for document in documents:
            lines = key_lines(document.text)
            known = next((end for end in range(len(path), 0, -1) if path[:end] in lines), 0)
            if known > depth:
                best, line, depth = document, lines[path[:known]], known
        return best, line


def key_name(path: KeyPath) -> str:
    """Return a path as people write it: types.id_card.level, conditions[2].flags (counted from 1)."""
    name = ""
    for part in path:
        if isinstance(part, int):
            name += f"[{part + 1}]"
        elif "." in part:
            name += f'."{part}"' if name else f'"{part}"'
        else:
            name += f".{part}" if name else part
    return name


def nearest(word: str, words: Iterable[str]) -> Text:
    """Return "; did you mean ...?" for a mistyped word, empty when nothing is near."""
    near = difflib.get_close_matches(word, list(words), n=1)
    return Text(f"; did you mean {near[0]!r}?", f"；是否应为 {near[0]!r}？") if near else Text("", "")


def shipped_text(name: str) -> str:
    """Return the text of a shipped policy."""
    return (resources.files("sensscan.grade") / "policies" / f"{name}.toml").read_text(encoding="utf-8")


def open_document(name_or_path: str, folder: Path | None = None) -> Document:
    """Read the shipped policy or the file that is meant.

    A name means a shipped policy, else NAME.toml in `folder`; anything with a suffix or a separator is a path, relative to `folder`.
    Raises UsageError when there is none, ConfigError when it is not TOML.
    """
    if name_or_path in SHIPPED:
        return _parse(f"{name_or_path}.toml", None, shipped_text(name_or_path))
    is_path = name_or_path.endswith(".toml") or "/" in name_or_path or "\\" in name_or_path
    path = (folder or Path()) / (name_or_path if is_path else f"{name_or_path}.toml")
    if not is_path and folder is None and not path.is_file():
        path = Path(name_or_path)
    if not path.is_file():
        hint = nearest(name_or_path, SHIPPED)
        raise UsageError(
            Text(f"There is no policy {name_or_path!r}{hint.en or '.'}", f"没有名为 {name_or_path!r} 的策略{hint.zh or '。'}"),
            Text(
                f"Shipped policies: {', '.join(SHIPPED)}; or give the path of a .toml file.",
                f"自带策略：{'、'.join(SHIPPED)}；也可给出 .toml 文件的路径。",
            ),
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise ConfigError(Text(f"{path}:1: the file cannot be read as UTF-8 text.", f"{path}:1：无法按 UTF-8 文本读取该文件。")) from None
    return _parse(str(path), path.parent, text)


def _parse(name: str, folder: Path | None, text: str) -> Document:
    try:
        return Document(name, folder, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        reason = str(error).split(" (at ")[0]
        raise ConfigError(
            Text(f"{name}:{line}: not valid TOML: {reason}.", f"{name}:{line}：不是有效的 TOML（{reason}）。"),
        ) from None


def read_merged(name_or_path: str) -> Merged:
    """Read a policy with everything it extends and refers to."""
    return _resolve(open_document(name_or_path), ())


def _resolve(document: Document, trail: tuple[str, ...]) -> Merged:
    merged = Merged((document,), _with_certainty(document.data))
    trail = (*trail, _identity(document))
    parent_name, tree_name = document.data.get("extends"), document.data.get("categories")
    if parent_name is not None:
        merged = _extend(merged, _referred(merged, "extends", parent_name, trail))
    if isinstance(tree_name, str):
        merged = _take_categories(merged, _referred(merged, "categories", tree_name, trail))
    return merged


def _identity(document: Document) -> str:
    return document.name if document.folder is None else str(Path(document.name).resolve())


def _referred(merged: Merged, key: str, name: object, trail: tuple[str, ...]) -> Merged:
    """Open the policy that `extends` or `categories` names."""
    document = merged.documents[0]
    if not isinstance(name, str):
        raise merged.fail((key,), Text("must be the name of a policy", "必须是策略的名称"))
    try:
        other = open_document(name, document.folder or Path())
    except ConfigError:
        raise
    except UsageError as error:
        raise merged.fail((key,), error.text) from None
    if _identity(other) in trail:
        raise merged.fail((key,), Text(f"{name!r} leads back to this file: a circle", f"{name!r} 又引用回本文件，形成循环"))
    return _resolve(other, trail)


def _with_certainty(data: Mapping[str, Any]) -> dict[str, Any]:
    """Write the file's certainty into every cell, level and rule that names none, before files are merged."""
    own = data.get("certainty", "judgement")
    result = dict(data)
    types = data.get("types")
    if isinstance(types, dict):
        result["types"] = {
            name: {"certainty": own, **row} if isinstance(row, dict) and "level" in row else row for name, row in types.items()
        }
    for key in ("levels", "conditions", "combinations", "volumes"):
        if isinstance(data.get(key), list):
            result[key] = [{"certainty": own, **item} if isinstance(item, dict) else item for item in data[key]]
    return result


def _extend(merged: Merged, parent: Merged) -> Merged:
    """Lay a file over the one it extends: tables key by key, everything else whole."""
    data = _over(parent.data, merged.data)
    for key in ("version", "label", "certainty"):  # of the file itself, not of what it builds on
        if key not in merged.data:
            data.pop(key, None)
    if isinstance(merged.data.get("types"), dict) and isinstance(parent.data.get("types"), dict):
        data["types"] = {
            **parent.data["types"],
            **{name: _row(parent.data["types"].get(name), row) for name, row in merged.data["types"].items()},
        }
    result = Merged((*merged.documents, *parent.documents), data, parent.trees)
    if "levels" in merged.data and _level_ids(merged.data) != _level_ids(parent.data):
        ids = ", ".join(_level_ids(parent.data))
        raise result.fail(
            ("levels",), Text(f"a policy that extends another has the same level ids: {ids}", f"继承的策略必须使用相同的级别：{ids}")
        )
    return result


def _row(base: object, row: object) -> object:
    """Merge one type's row; a row with its own level does not keep the clause and certainty of the other level."""
    if not isinstance(base, dict) or not isinstance(row, dict):
        return row
    dropped = {"clause", "certainty"} if "level" in row else set()
    return {**{key: value for key, value in base.items() if key not in dropped}, **row}


def _over(base: Mapping[str, Any], top: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(base)
    for key, value in top.items():
        below = result.get(key)
        result[key] = _over(below, value) if isinstance(below, dict) and isinstance(value, dict) and not _is_label(value) else value
    return result


def _is_label(value: Mapping[str, Any]) -> bool:
    return set(value) == {"zh", "en"}


def _level_ids(data: Mapping[str, Any]) -> list[str]:
    levels = data.get("levels")
    return [str(item.get("id")) for item in levels if isinstance(item, dict)] if isinstance(levels, list) else []


def _take_categories(merged: Merged, tree: Merged) -> Merged:
    """Take the tree of another policy, and its category for every type whose row names none."""
    data = {**merged.data, "categories": tree.data.get("categories", {})}
    types, theirs = data.get("types"), tree.data.get("types")
    if isinstance(types, dict) and isinstance(theirs, dict):
        data["types"] = {name: _with_category(row, theirs.get(name)) for name, row in types.items()}
    return Merged(merged.documents, data, (*tree.documents, *tree.trees))


def _with_category(row: object, other: object) -> object:
    if isinstance(row, dict) and isinstance(other, dict) and "category" not in row and "category" in other:
        return {"category": other["category"], **row}
    return row
