"""Names of the tables that a statement of the binary log touches. The text itself is looked at here and goes nowhere else."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sensscan.language import Text

_NAME = r"(?:`(?:[^`]|``)+`|\"(?:[^\"]|\"\")+\"|[\w$\u0080-\uffff]+)"
_TABLE = rf"{_NAME}(?:\s*\.\s*{_NAME})?"
_COMMENT = re.compile(r"/\*(?!M?!).*?\*/|(?:--[ \t]|#)[^\n]*", re.DOTALL)
_CONDITIONAL = re.compile(r"/\*M?!\d*\s*(.*?)\*/", re.DOTALL)
_CONTROL = re.compile(r"\s*(?:BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|XA|START|FLUSH|SET|ANALYZE|OPTIMIZE|GRANT|REVOKE)\b", re.IGNORECASE)
_ROUTINE = re.compile(
    r"\s*(?:CREATE|ALTER|DROP)\s+(?:OR\s+REPLACE\s+)?(?:DEFINER\s*=\s*\S+\s+)?(?:AGGREGATE\s+)?"
    r"(?:FUNCTION|PROCEDURE|TRIGGER|EVENT|USER|ROLE|SERVER|PACKAGE)\b",
    re.IGNORECASE,
)
_TRUNCATE = re.compile(rf"\s*TRUNCATE\s+(?:TABLE\s+)?({_TABLE})\s*(?:(?:NO)?WAIT\b.*)?;?\s*$", re.IGNORECASE | re.DOTALL)
_ALTER = re.compile(rf"\s*ALTER\s+(?:ONLINE\s+)?(?:IGNORE\s+)?TABLE\s+(?:IF\s+EXISTS\s+)?({_TABLE})", re.IGNORECASE)
_EXCHANGE = re.compile(rf"EXCHANGE\s+PARTITION\s+{_NAME}\s+WITH\s+TABLE\s+({_TABLE})", re.IGNORECASE)
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
    """Return what a statement touches; `schema` is the session's database.

    Row changes come as table maps, so statements matter for TRUNCATE, ALTER and the structure only. What is neither
    transaction control nor understood (a session that logged a statement instead of rows) marks its whole database.

    >>> touched_by("TRUNCATE `a b`.t", "d").tables
    (('a b', 't'),)
    >>> touched_by("COMMIT", "d")
    Touched(tables=(), structure=False, why=Text(en='a statement changed it', zh='被语句改动'))
    >>> touched_by("INSERT INTO t VALUES (1)", "d").tables
    (('d', ''),)
    """
    text = _CONDITIONAL.sub(r"\1", _COMMENT.sub(" ", statement)).strip()
    if not text or _CONTROL.match(text) or _ROUTINE.match(text):
        return Touched()
    if found := _TRUNCATE.match(text):
        return Touched((_split(found[1], schema),), structure=True)
    if found := _ALTER.match(text):
        places = [_split(found[1], schema), *(_split(name, schema) for name in _EXCHANGE.findall(text))]
        return Touched(tuple(places), structure=True)
    if _STRUCTURE.match(text):
        # New, dropped and renamed tables show in the catalogue; their rows come as table maps.
        return Touched(structure=True)
    return Touched(((schema, ""),), structure=True)
