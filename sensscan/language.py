"""The two languages of everything that a person reads.

A sentence for people is written once, in both languages, where it arises (`Text`), and one of
them is picked where it is shown. So no screen can be half translated.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Literal, NamedTuple

Language = Literal["en", "zh"]


class Text(NamedTuple):
    """One sentence or label in English and Chinese."""

    en: str
    zh: str

    def pick(self, language: Language) -> str:
        """Return the sentence in `language`."""
        return self.zh if language == "zh" else self.en


def choose_language(wanted: str, environ: Mapping[str, str] = os.environ) -> Language:
    """Return the language for `wanted` ("en", "zh" or "auto").

    "auto" follows the environment as gettext does: SENSSCAN_LANG, then LC_ALL, LC_MESSAGES, LANG; the
    first that is set decides; anything that does not start with "zh" is English.
    """
    if wanted in ("en", "zh"):
        return "zh" if wanted == "zh" else "en"
    for name in ("SENSSCAN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = environ.get(name, "")
        if value and value != "auto":
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"
