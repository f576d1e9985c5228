"""In which line of a TOML file a key stands; `tomllib` does not say.

The text has been accepted by `tomllib` before, so this scanner need not judge it: it walks keys and values and
notes the line of every key, array element and inline key.
"""

from __future__ import annotations

import tomllib

Path = tuple[str | int, ...]
"""Keys and array positions from the top, such as ("conditions", 0, "flags")."""

_OPEN_QUOTES = ('"""', "'''", '"', "'")


class _Scanner:
    """Walks one TOML text and fills `lines`."""

    def __init__(self, text: str) -> None:
        self.text = text.replace("\r\n", "\n")
        self.at = 0
        self.lines: dict[Path, int] = {}
        self.tables: dict[Path, int] = {}

    def run(self) -> dict[Path, int]:
        prefix: Path = ()
        while self.skip():
            if self.text[self.at] == "[":
                prefix = self.header()
            else:
                self.pair(prefix)
        return self.lines

    def note(self, path: Path, position: int) -> None:
        """Keep the first line of a path and of the tables above it."""
        line = self.text.count("\n", 0, position) + 1
        for end in range(1, len(path) + 1):
            self.lines.setdefault(path[:end], line)

    def skip(self, also: str = "") -> bool:
        """Move past blanks, line ends, comments and the characters of `also`; False at the end."""
        while self.at < len(self.text):
            character = self.text[self.at]
            if character == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            elif character in " \t\n" or character in also:
                self.at += 1
            else:
                return True
        return False

    def key(self) -> Path:
        """Read a key, dotted or quoted."""
        parts: list[str | int] = []
        while True:
            self.skip()
            start = self.at
            if self.text[self.at] in "\"'":
                self.string()
                parts.append(str(tomllib.loads(f"k = {self.text[start : self.at]}")["k"]))
            else:
                while self.text[self.at] not in " \t.=]":
                    self.at += 1
                parts.append(self.text[start : self.at])
            self.skip()
            if self.text[self.at] != ".":
                return tuple(parts)
            self.at += 1

    def header(self) -> Path:
        """Read [table] or [[array]] and return the path that the next keys belong to."""
        position = self.at
        double = self.text.startswith("[[", self.at)
        self.at += 2 if double else 1
        path = self.resolve(self.key(), double=double)
        self.note(path, position)
        self.at += 2 if double else 1
        return path

    def resolve(self, key: Path, *, double: bool) -> Path:
        """Insert array positions: [a.b] below [[a]] belongs to the last element of a."""
        path: Path = ()
        for index, part in enumerate(key):
            path = (*path, part)
            if double and index == len(key) - 1:
                self.tables[path] = self.tables.get(path, -1) + 1
            if path in self.tables:
                path = (*path, self.tables[path])
        return path

    def pair(self, prefix: Path) -> None:
        """Read key = value."""
        position = self.at
        path = (*prefix, *self.key())
        self.note(path, position)
        self.at += 1
        self.value(path)

    def value(self, path: Path) -> None:
        """Move past a value, noting what stands inside it."""
        self.skip()
        character = self.text[self.at]
        if character in "[{":
            self.at += 1
            index = 0
            while self.skip(",") and self.text[self.at] not in "]}":
                if character == "{":
                    self.pair(path)
                else:
                    self.note((*path, index), self.at)
                    self.value((*path, index))
                    index += 1
            self.at += 1
        elif character in "\"'":
            self.string()
        else:
            while self.at < len(self.text) and self.text[self.at] not in ",]}#\n":
                self.at += 1

    def string(self) -> None:
        """Move past a string of any of the four kinds."""
        quote = next(mark for mark in _OPEN_QUOTES if self.text.startswith(mark, self.at))
        self.at += len(quote)
        while not self.text.startswith(quote, self.at):
            self.at += 2 if self.text[self.at] == "\\" and quote[0] == '"' else 1
        self.at += len(quote)
        while len(quote) == 3 and self.text.startswith(quote[0], self.at):
            self.at += 1


def key_lines(text: str) -> dict[Path, int]:
    r"""Return the line (from 1) of every key, table header, array element and inline key of a valid TOML text.

    >>> key_lines('a = 1\n[[b]]\nc = [1,\n 2]')[("b", 0, "c", 1)]
    4
    """
    return _Scanner(text).run()
