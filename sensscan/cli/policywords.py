"""Words of policies as people read them: policies are written with ids, and cite clauses in English."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sensscan.language import Language, Text

PROTECTION: Mapping[str, Mapping[str, Text]] = {
    "store": {
        "plain": Text("plain", "明文"),
        "access_control": Text("access control", "访问控制"),
        "encrypted": Text("encrypted", "加密"),
        "forbidden": Text("forbidden", "禁止"),
    },
    "share": {
        "open": Text("open", "开放"),
        "registered": Text("registered", "登记"),
        "approved": Text("approved", "审批"),
        "forbidden": Text("forbidden", "禁止"),
    },
    "onward": {"yes": Text("yes", "允许"), "approved": Text("approved", "审批"), "no": Text("no", "不允许")},
    "export": {
        "free": Text("free", "自由"),
        "logged": Text("logged", "留痕"),
        "approved": Text("approved", "审批"),
        "forbidden": Text("forbidden", "禁止"),
    },
    "display": {
        "clear": Text("clear", "原文"),
        "partial": Text("partial", "部分遮盖"),
        "full": Text("full", "全部遮盖"),
        "hidden": Text("hidden", "不显示"),
    },
}
"""Key of a level's `protect` -> word -> what it is called."""

CERTAINTY: Mapping[str, Text] = {
    "checked": Text("checked", "已核对"),
    "document": Text("document", "需求"),
    "recalled": Text("recalled", "待核对"),
    "judgement": Text("judgement", "自定"),
}

_CLAUSES = (
    (re.compile(r"\bsensitive personal information not below (\d)"), r"敏感个人信息不低于 \1 级"),
    (re.compile(r"\bpersonal information not below (\d)"), r"个人信息不低于 \1 级"),
    (re.compile(r"\bnumber no longer listed"), "该号码不再列出"),
    (re.compile(r"\bannex ([A-Z])"), r"附录\1"),
    (re.compile(r"\bclause (\d+)"), r"第 \1 章"),
    (re.compile(r"\bart\. (\d+(?:\(\d+\))?)"), r"第 \1 条"),
    (re.compile(r": "), "："),
    (re.compile(r"; "), "；"),
)
"""What a citation is made of. Headings of standards stay in the standard's own language."""


def clause_text(clause: str, language: Language) -> str:
    """Return where a cell is laid down, in the reader's language.

    >>> clause_text("annex H: personal information not below 2", "zh"), clause_text("art. 4(1)", "zh")
    ('附录H：个人信息不低于 2 级', '第 4(1) 条')
    """
    if language == "zh":
        for pattern, chinese in _CLAUSES:
            clause = pattern.sub(chinese, clause)
    return clause


def protection_words(words: Mapping[str, str], language: Language) -> list[str]:
    """Return a level's words in the order of `PROTECTION`."""
    return [PROTECTION[key][words[key]].pick(language) for key in PROTECTION]
