"""Names of the tables that a statement of the binary log touches. The text itself is looked at here and goes nowhere else."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sensscan.language import Text

_NAME = r"(?:`(?:[^`]|``)+`|\"(?:[^\"]|\"\")+\"|[\w$\u0080-\uffff]+)"
_TABLE = rf"{_NAME}(?:\s*\.\s*{_NAME})?"
_COMMENT = re.compile(r"/\*(?!M?!).*?\*/|(?:--[ \t]|#)[^\n]*", re.DOTALL)
_CONDITIONAL = re.compile(r"/\*M?!\d*\s*(.*?)\*/", re.DOTALL)
_CONTROL = re.compile(
    r"\s*(?:BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|XA|START|FLUSH|SET|ANALYZE|OPTIMIZE|GRANT|REVOKE|INSTALL|UNINSTALL)\b", re.IGNORECASE
)
_ROUTINE = re.compile(
    r"\s*(?:CREATE|ALTER|DROP)\s+(?:OR\s+REPLACE\s+)?(?:DEFINER\s*=\s*\S+\s+)?(?:AGGREGATE\s+)?"
    r"(?:FUNCTION|PROCEDURE|TRIGGER|EVENT|USER|ROLE|SERVER|PACKAGE)\b",
    re.IGNORECASE,
)
_TRUNCATE = re.compile(rf"\s*TRUNCATE\s+(?:TABLE\s+)?({_TABLE})\s*(?:(?:NO)?WAIT\b.*)?;?\s*$", re.IGNORECASE | re.DOTALL)
_ALTER = re.compile(rf"\s*ALTER\s+(?:ONLINE\s+)?(?:IGNORE\s+)?TABLE\s+(?:IF\s+EXISTS\s+)?({_TABLE})", re.IGNORECASE)
_EXCHANGE = re.compile(rf"EXCHANGE\s+PARTITION\s+{_NAME}\s+WITH\s+TABLE\s+({_TABLE})", re.IGNORECASE)
_VIEW = re.compile(rf"\s*(?:CREATE|ALTER)\b[^(;]*?\bVIEW\s+(?:IF\s+NOT\s+EXISTS\s+)?({_TABLE})", re.IGNORECASE)
_RENAME = re.compile(r"\s*RENAME\s+TABLES?\s+(?:IF\s+EXISTS\s+)?(.*)$", re.IGNORECASE | re.DOTALL)
_DROP = re.compile(r"\s*DROP\s+TABLES?\s+(?:IF\s+EXISTS\s+)?(.*)$", re.IGNORECASE | re.DOTALL)
_CREATE = re.compile(rf"\s*CREATE\s+(?:OR\s+REPLACE\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?({_TABLE})", re.IGNORECASE)
_EMPTIED = re.compile(rf"\s*DELETE\s+FROM\s+({_TABLE})\s*$", re.IGNORECASE)
_WORDS = re.compile(r"(?:TO|WAIT|NOWAIT|RESTRICT|CASCADE|IF|EXISTS)", re.IGNORECASE)
_STRUCTURE = re.compile(r"\s*(?:CREATE|DROP|RENAME|ALTER)\b", re.IGNORECASE)

_WHY_DDL = Text("a statement changed it", "被语句改动")


@dataclass(frozen=True, slots=True)
class Touched:
    """Tables whose data a statement may have changed, and whether the structure must be compared."""

    tables: tuple[tuple[str, str], ...] = ()
    structure: bool = False
    why: Text = _WHY_DDL


def _split(text: str, default: str) -> tuple[str, str]:
    parts = [part[1:-1].replace(part[0] * 2, part[0]) if part[0] in '`"' else part for part in re.findall(_NAME, text)]
    return (parts[0], parts[1]) if len(parts) == 2 else (default, parts[0])


def touched_by(statement: str, schema: str) -> Touched:
    """Return what a statement touches; `schema` is the session's database. ("", "") stands for everything.

    Row changes come as table maps, so statements matter for TRUNCATE, ALTER and the structure only. What is neither
    transaction control nor understood (a session that logged a statement instead of rows) may name any database and marks everything.

    >>> touched_by("TRUNCATE `a b`.t", "d").tables
    (('a b', 't'),)
    >>> touched_by("COMMIT", "d")
    Touched(tables=(), structure=False, why=Text(en='a statement changed it', zh='被语句改动'))
    >>> touched_by("RENAME TABLE a TO b, `b` TO c.a", "d").tables
    (('d', 'a'), ('d', 'b'), ('c', 'a'))
    >>> touched_by("INSERT INTO t VALUES (1)", "d").tables
    (('', ''),)
    """
    text = _CONDITIONAL.sub(r"\1", _COMMENT.sub(" ", statement)).strip()
    if not text or _CONTROL.match(text) or _ROUTINE.match(text):
        return Touched()
    if found := _TRUNCATE.match(text):
        return Touched((_split(found[1], schema),), structure=True)
    if found := _ALTER.match(text):
        places = [_split(found[1], schema), *(_split(name, schema) for name in _EXCHANGE.findall(text))]
        return Touched(tuple(places), structure=True)
    # A table dropped and created anew or swapped by renaming, or a view defined anew, can look the same in the catalogue.
    if found := _CREATE.match(text) or _VIEW.match(text):
        return Touched((_split(found[1], schema),), structure=True)
    if found := _RENAME.match(text) or _DROP.match(text):
        names = (name for name in re.findall(_TABLE, found[1]) if not _WORDS.fullmatch(name) and not name.isdecimal())
        return Touched(tuple(dict.fromkeys(_split(name, schema) for name in names)), structure=True)
    if found := _EMPTIED.match(text):  # the server writes it when it finds a MEMORY table emptied by a restart
        return Touched((_split(found[1], schema),))
    if _STRUCTURE.match(text):
        # Other objects show in the catalogue.
        return Touched(structure=True)
    return Touched((("", ""),), structure=True)
