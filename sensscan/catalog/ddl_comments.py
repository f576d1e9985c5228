"""Comments of SQLite tables: SQLite has no COMMENT, but it keeps the text of CREATE TABLE, and people comment there.

CREATE TABLE staff ( -- 员工
  mobile TEXT, -- 手机号
  /* 身份证号 */
  id_no TEXT
)
"""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"""(?P<comment>--[^\n]*|/\*.*?(?:\*/|\Z))
      | (?P<name>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|'(?:[^']|'')*'|[^\s(),'"`\[\]/-]+)
      | (?P<sign>[(),])
      | (?P<line>\n)
      | .""",
    re.VERBOSE | re.DOTALL,
)
_TABLE_CONSTRAINTS = frozenset({"constraint", "primary", "unique", "check", "foreign"})


def _unquote(word: str) -> str:
    ends = {'"': '"', "`": "`", "[": "]", "'": "'"}
    if len(word) > 1 and ends.get(word[0]) == word[-1]:
        return word[1:-1].replace(word[-1] * 2, word[-1])
    return word


def _clean(comment: str) -> str:
    body = comment[2:].removesuffix("*/") if comment.startswith("/*") else comment.lstrip("-")
    return " ".join(line.strip(" *\t") for line in body.splitlines()).strip()


def ddl_comments(sql: str) -> tuple[str, dict[str, str]]:
    r"""Return the table's comment and the columns' comments, by the columns' names in lower case.

    A comment belongs to the column that stands before it on its line, else to the next column; behind the opening
    parenthesis, on its line, it is the table's.

    >>> ddl_comments("create table t ( -- 员工\n mobile text, -- 手机号\n /* 身份证号 */\n id_no text)")
    ('员工', {'mobile': '手机号', 'id_no': '身份证号'})
    """
    if "--" not in sql and "/*" not in sql:
        return "", {}
    table, columns, waiting = "", dict[str, str](), ""
    depth, current, on_line, opened_here, fresh = 0, "", "", False, True
    for token in _TOKEN.finditer(sql):
        kind, text = token.lastgroup, token.group()
        if kind == "line":
            on_line, opened_here = ("" if fresh else current), False
        elif kind == "sign":
            depth += {"(": 1, ")": -1}.get(text, 0)
            if depth == 1 and text == "(" and not current:
                opened_here = True
            if depth == 1 and text == ",":
                fresh = True
        elif kind == "name" and depth == 1 and fresh:
            fresh, opened_here = False, False
            current = "" if text.lower() in _TABLE_CONSTRAINTS else _unquote(text).lower()
            on_line = current
            if current and waiting:
                columns.setdefault(current, waiting)
            waiting = ""
        elif kind == "comment" and (said := _clean(text)):
            if on_line and depth >= 1:
                columns[on_line] = f"{columns[on_line]} {said}" if on_line in columns else said
            elif depth == 1 and opened_here:
                table = said
            elif depth == 1:
                waiting = said
    return table, columns
