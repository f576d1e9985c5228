"""A new card, commented, to be filled in: what `sensscan rules new` writes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NewCard:
    """What is known of a type when its card is begun."""

    type_id: str
    label_en: str = ""
    label_zh: str = ""
    pattern: str = ""
    """RE2 syntax; "" leaves the line to be filled in."""
    names: Sequence[str] = ()
    examples: Sequence[str] = ()
    code: bool = False
    """A Python detector stands beside the card."""


def _list(items: Sequence[str]) -> str:
    return json.dumps(list(items), ensure_ascii=False)


def _literal(pattern: str) -> str:
    """Return a pattern as a TOML literal string, in which a backslash is a backslash."""
    return f"'{pattern}'" if "'" not in pattern else json.dumps(pattern, ensure_ascii=False)


def card_text(new: NewCard) -> str:
    """Return the file's text: valid TOML that loads as it is, told by its column words until it has a pattern."""
    plain = new.type_id.replace("_", " ")
    label_en = new.label_en or plain.capitalize()
    names = new.names or (new.type_id,)
    examples = f"match = {_list(new.examples)}" if new.examples else "# match = []"
    return f"""\
# A type of sensitive data. Check this file with: sensscan rules check {new.type_id}.toml
# Every key is explained in docs/authors-guide.md; what stands behind # is an example or the default.

# Lower-case letters, digits and _; the same as the file's name. The id of a built-in type replaces that type.
id = "{new.type_id}"
label = {{ zh = {json.dumps(new.label_zh or label_en, ensure_ascii=False)}, en = {json.dumps(label_en, ensure_ascii=False)} }}
# Category of the grading policies: personal.identity, personal.identity.document, personal.contact, personal.finance,
# personal.credential, organization, system.network ... (see docs/types.md). It decides the level.
category = "other"
# Where the form is laid down, and one sentence on what the values look like.
# standard = "GB/T 2260-2007"
# form = {{ en = "E and six digits.", zh = "E 加六位数字。" }}
# How examples are masked in reports: keep:A,B (first A and last B characters), local:A, region, octets:N, none, hidden.
mask = "keep:1,1"
version = 1

{_values_text(new)}
[columns]
# Words of column names and comments that tell the type: English, Chinese, pinyin initials. Only specific ones: not id, no, code, name.
names = {_list(names)}
# Ambiguous words: they support values, never a verdict alone.
weak = []
# Words that speak against it.
not = []
# true: never without such a word, whatever the values look like.
needs_name = false

[relations]
# More general types that this one replaces when both pass.
# refines = ["bank_account"]

[examples]
# Checked whenever the card is loaded: what must pass and what must not. Invented values only, never real ones.
{examples}
# no_match = []
"""


def _values_text(new: NewCard) -> str:
    """Return the card's table of what values look like."""
    pattern = f"pattern = {_literal(new.pattern)}" if new.pattern else "# pattern = 'E[0-9]{6}'"
    return f"""\
[values]
# What is done to a value before it is tested: plain (trimmed, full width made half width), digits (separators between digits taken
# out), upper (upper case, no spaces or hyphens), dots, text.
normaliser = "plain"
# RE2 syntax, matched against the whole value; several: patterns = [...]. RE2 has no look-ahead and no back-references, and takes
# linear time whatever you write. Use '...' so that a backslash stays a backslash.
{pattern}
# A check from the built-in list, tested after the pattern: luhn, id_card, credit_code, iban ... (sensscan rules check names all).
# validator = "luhn"
# A closed list of values instead of a pattern, here or in a file beside this one (one per line, or file.csv:column).
# words = ["gold", "silver"]
# words_files = ["data/grades.txt"]
# counting = "vocabulary"
# Sensitive dictionaries hold keyed hashes only: sensscan rules hash data/vip.txt
# hashed_words = []
# Share of random values of this shape that pass by chance. `sensscan rules show {new.type_id}` measures it.
chance = 0.001
# Share of OTHER columns whose values all look like this. 0.3 and more: values alone prove nothing, the name must agree.
look_alike = 0.01
# Share of values that pass in a real column, dirt included.
# typical = 0.97
# Look for it inside longer values too: digits, word, han, url or text.
# contains = "word"
# Database types that can hold it: text, integer, decimal, float, date, datetime ...
families = ["text"]
{"# The detector's score from which a value passes." if new.code else "# With a Python detector: the score from which a value passes."}
{"threshold = 0.5" if new.code else "# threshold = 0.5"}
"""


def detector_text(new: NewCard) -> str:
    """Return the Python file beside the card."""
    name = "".join(part.capitalize() for part in new.type_id.split("_")) + "Detector"
    return f'''\
"""Detector of {new.type_id}: what the card's pattern cannot say."""

from __future__ import annotations

from collections.abc import Sequence

from sensscan.plugin import ValueDetector


class {name}(ValueDetector):
    """Scores values that already match the card's pattern."""

    type_id = "{new.type_id}"

    def score(self, values: Sequence[str]) -> Sequence[float]:
        """Return one score per value, 0 to 1; the card's threshold decides what passes."""
        return [1.0 if self._is_right(value) else 0.0 for value in values]

    @staticmethod
    def _is_right(value: str) -> bool:
        # Fill in: a check digit, a list, a date range.
        return bool(value)
'''
