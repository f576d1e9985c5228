"""What a column's name and comment say: for a type, against it, or "something else".

Names are split into tokens; a type's words are matched on whole tokens (or the end of a run-together token), and what stands behind the
match decides: phone_no is a phone, phone_type is not.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Literal

from sensscan.plugin import Card

SPECIFIC, WEAK = 1.0, 0.45
_UNKNOWN_TAIL = 0.45
"""Left of a match's strength when an unknown word follows it."""
_RUN_TOGETHER = 0.8
"""Left of it when it is only the end of a longer token."""

_TOKENS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+|[㐀-䶿一-鿿]+")
_HAN = re.compile(r"[㐀-䶿一-鿿]")
_COMMENT_END = re.compile(r"[：:，,；;（(。\[【\n/|]|\s{2,}|--")
_VOWELS = frozenset("aeiou")


@dataclass(frozen=True, slots=True)
class NameHit:
    """What the name says of one type."""

    strength: float
    """-1 (speaks against) to 1 (specific word in the head)."""
    where: Literal["name", "comment"]
    word: str


@dataclass(frozen=True, slots=True)
class NameEvidence:
    """What name and comment of one column say."""

    types: Mapping[str, NameHit]
    both: frozenset[str]
    """Types that name and comment agree on."""
    other: str
    """The recognised word for something else; "" if none."""
    informative: bool
    """False for names such as c01 or ext3: they are no evidence either way."""


@dataclass(frozen=True, slots=True)
class OtherWords:
    """The lists of other_words.toml, joined without separators."""

    heads: frozenset[str]
    flag_starts: frozenset[str]
    phrases: frozenset[str]
    neutral: frozenset[str]
    empty: frozenset[str]
    short: Mapping[str, str]
    """Shortened word -> the word."""


def _joined(phrase: str) -> str:
    return re.sub(r"[\s_.\-]+", "", phrase).lower()


@functools.cache
def other_words() -> OtherWords:
    """Return the words that belong to no type."""
    document = tomllib.loads(resources.files("sensscan.registry").joinpath("other_words.toml").read_text(encoding="utf-8"))
    short = document.pop("short")
    return OtherWords(**{key: frozenset(_joined(word) for word in words) for key, words in document.items()}, short=short)


def split_name(name: str) -> list[str]:
    """Return the tokens of a column name.

    >>> split_name("custIDCardNo2")
    ['cust', 'id', 'card', 'no', '2']
    >>> split_name("收货人_phone")
    ['收货人', 'phone']
    """
    return [token.lower() for token in _TOKENS.findall(name)]


@dataclass(frozen=True, slots=True)
class _Word:
    type_id: str
    strength: float


class NameIndex:
    """All types' words, ready to be looked up."""

    _LONGEST = 12
    """Longest phrase in Han characters; longer windows are not tried."""

    def __init__(self, cards: Iterable[Card]) -> None:
        self._words: dict[str, list[_Word]] = {}
        self._against: dict[str, set[str]] = {}
        for card in cards:
            for phrases, strength in ((card.names, SPECIFIC), (card.weak_names, WEAK)):
                for phrase in phrases:
                    self._words.setdefault(_joined(phrase), []).append(_Word(card.id, strength))
            for phrase in card.not_names:
                self._against.setdefault(_joined(phrase), set()).add(card.id)
        self._memo: dict[tuple[str, str], NameEvidence] = {}

    def look(self, name: str, comment: str = "") -> NameEvidence:
        """Return what a column's name and comment say."""
        key = (name, comment)
        found = self._memo.get(key)
        if found is None:
            if len(self._memo) > 100_000:
                self._memo.clear()
            found = self._memo[key] = self._look(name, comment)
        return found

    def _look(self, name: str, comment: str) -> NameEvidence:
        by_name, other_in_name, informative = self._look_at(split_name(name), "name")
        head = _COMMENT_END.split(comment.strip(), maxsplit=1)[0][:60]
        tokens = _without(split_name(head), split_name(name))
        # A long English comment is a sentence: its words are not the column's name.
        by_comment, other_in_comment, told = self._look_at(tokens, "comment") if len(tokens) <= 6 else ({}, "", False)
        if other_in_comment and not by_comment:
            by_name = {type_id: _doubted(hit) for type_id, hit in by_name.items()}
        types = dict(by_name)
        for type_id, hit in by_comment.items():
            if type_id not in types or abs(hit.strength) > abs(types[type_id].strength):
                types[type_id] = hit
        for type_id in self._spoken_against(name, comment, by_name, by_comment):
            types[type_id] = NameHit(-1.0, "name", "")
        both = frozenset(t for t in by_name.keys() & by_comment.keys() if by_name[t].strength > 0 and by_comment[t].strength > 0)
        other = other_in_name or other_in_comment
        if other_in_name and any(hit.strength >= SPECIFIC for hit in by_comment.values()):
            # A comment in words beats an abbreviation that only looks like another word.
            other = ""
        if other_in_comment and not other_in_name and any(hit.strength >= SPECIFIC for hit in by_name.values()):
            other = ""
        return NameEvidence(types, both, other, informative or told)

    def _spoken_against(self, name: str, comment: str, by_name: Mapping[str, NameHit], by_comment: Mapping[str, NameHit]) -> set[str]:
        """Return the types that a word of name or comment speaks against."""
        found: set[str] = set()
        for text, in_name in ((name, True), (comment[:60], False)):
            for word in _parts_of(text, self._LONGEST):
                for type_id in self._against.get(word, ()):
                    own = [hits[type_id] for hits in (by_name, by_comment) if type_id in hits]
                    # As a part of a longer word for the type it says nothing: 开户行 in 开户行账号.
                    part = any(word != hit.word and word in hit.word for hit in own)
                    # A comment in words is clearer than an abbreviation: app_name is the applicant's, not an app's.
                    clearer = in_name and any(_in_words(hit) for hit in own)
                    if not part and not clearer:
                        found.add(type_id)
        return found

    def _look_at(self, tokens: list[str], where: Literal["name", "comment"]) -> tuple[dict[str, NameHit], str, bool]:
        """Return (types, other word, informative) for one list of tokens."""
        words = other_words()
        while tokens and tokens[-1].isdigit():
            tokens = tokens[:-1]
        pieces = [piece for token in tokens for piece in self._pieces(token)]
        if not pieces:
            return {}, "", False
        pieces = self._written_out(pieces)
        informative = any(_informative(piece) for piece in pieces)
        whole = "".join(pieces)
        if whole in self._words:
            return self._hits(whole, 1.0, where), "", True
        if whole in words.phrases:
            return {}, whole, True
        if pieces[0] in words.flag_starts and len(pieces) > 1:
            return {}, pieces[0], True
        end = len(pieces)
        while end > 1 and pieces[end - 1] in words.neutral and not self._ends_with_word(pieces[:end]):
            end -= 1
        found, other = self._tail_matches(pieces[:end], where)
        return found, other, informative or bool(found) or bool(other)

    def _written_out(self, pieces: list[str]) -> list[str]:
        """Return the pieces with shortened words written out, where more of the name is a known word then."""
        short = other_words().short
        if not short.keys() & set(pieces):
            return pieces
        full = [short.get(piece, piece) for piece in pieces]
        return full if self._reach(full) < self._reach(pieces) else pieces

    def _reach(self, pieces: list[str]) -> int:
        """Return where the longest known word at the end begins; the number of pieces if there is none."""
        words = other_words()
        end = len(pieces)
        while end > 1 and pieces[end - 1] in words.neutral and not self._ends_with_word(pieces[:end]):
            end -= 1
        tails = ((start, "".join(pieces[start:end])) for start in range(end))
        return next((start for start, tail in tails if tail in self._words or tail in words.phrases or tail in words.heads), len(pieces))

    def _ends_with_word(self, pieces: list[str]) -> bool:
        """Return whether the last piece belongs to a longer word of a type (bank card number)."""
        return any("".join(pieces[start:]) in self._words for start in range(len(pieces)))

    def _tail_matches(self, pieces: list[str], where: Literal["name", "comment"]) -> tuple[dict[str, NameHit], str]:
        words = other_words()
        count = len(pieces)
        # Whole phrases and words at the very end decide; longest first.
        for start in range(count):
            tail = "".join(pieces[start:])
            if tail in self._words:
                return self._hits(tail, 1.0, where), ""
            if tail in words.phrases or tail in words.heads:
                return {}, tail
        ended = self._run_together(pieces[-1])
        if ended:
            return self._hits(ended, _RUN_TOGETHER, where), ""
        # A type's word in the middle, an unknown word behind it: weak evidence.
        for width in range(count - 1, 0, -1):
            for start in range(count - width - 1, -1, -1):
                middle = "".join(pieces[start : start + width])
                if middle in self._words and not self._one_letter(middle):
                    return self._hits(middle, _UNKNOWN_TAIL, where), ""
        return {}, ""

    @staticmethod
    def _one_letter(word: str) -> bool:
        return len(word) < 2 or (len(word) == 2 and word.isascii())

    def _run_together(self, token: str) -> str:
        """Return the type's word that a run-together token ends with ("" if none)."""
        if token in other_words().heads or not token.isascii():
            return ""
        initials = len(token) <= 10 and sum(letter in _VOWELS for letter in token) <= 1
        shortest = 3 if initials else 4
        for start in range(2 if initials else 1, len(token) - shortest + 1):
            end = token[start:]
            if any(word.strength >= SPECIFIC for word in self._words.get(end, ())):
                return end
        return ""

    def _pieces(self, token: str) -> list[str]:
        """Cut a run of Han characters into known words, longest first from the end; leave Latin tokens whole."""
        if not _HAN.match(token):
            for neutral in ("number", "num", "code", "addr", "no"):
                if token.endswith(neutral) and token not in self._words and token[: -len(neutral)] in self._words:
                    return [token[: -len(neutral)], neutral] if neutral != "addr" else [token[: -len(neutral)]]
            return [token]
        words = other_words()
        pieces: list[str] = []
        end = len(token)
        rest = ""
        while end > 0:
            for start in range(max(0, end - self._LONGEST), end):
                part = token[start:end]
                known = (
                    part in self._words
                    or part in words.heads
                    or part in words.phrases
                    or part in words.neutral
                    or part in words.flag_starts
                )
                if known and (len(part) > 1 or part in words.neutral or len(token) == 1 or part in words.heads):
                    pieces = [part, *([rest] if rest else []), *pieces]
                    rest = ""
                    end = start
                    break
            else:
                rest = token[end - 1] + rest
                end -= 1
        return [*([rest] if rest else []), *pieces]

    def _hits(self, word: str, factor: float, where: Literal["name", "comment"]) -> dict[str, NameHit]:
        hits: dict[str, NameHit] = {}
        for entry in self._words[word]:
            strength = entry.strength * factor
            if entry.type_id not in hits or hits[entry.type_id].strength < strength:
                hits[entry.type_id] = NameHit(strength, where, word)
        return hits


def _parts_of(text: str, longest: int) -> Iterator[str]:
    """Yield every run of tokens, and every part of a Han token."""
    tokens = split_name(text)
    for start, stop in _windows(len(tokens)):
        yield "".join(tokens[start:stop])
    for run in tokens:
        if _HAN.match(run):
            for start in range(len(run)):
                for stop in range(start + 2, min(len(run), start + longest) + 1):
                    yield run[start:stop]


def _in_words(hit: NameHit) -> bool:
    return hit.where == "comment" and hit.strength >= SPECIFIC and len(hit.word) > 2 and _HAN.match(hit.word) is not None


def _doubted(hit: NameHit) -> NameHit:
    """Return what initials are worth beside a comment in words that says nothing of their type: zyh is 住院号, unless it is 专业号."""
    initials = hit.word.isascii() and len(hit.word) <= 4 and sum(letter in _VOWELS for letter in hit.word) <= 1
    return NameHit(hit.strength * WEAK, hit.where, hit.word) if initials and hit.strength > 0 else hit


def _without(comment: list[str], name: list[str]) -> list[str]:
    """Return the comment without the column's name, which tools repeat behind it: 毕业院校 INSTITUTE."""
    return comment[: -len(name)] if name and len(comment) > len(name) and comment[-len(name) :] == name else comment


def _informative(piece: str) -> bool:
    if piece in other_words().empty or piece.isdigit():
        return False
    return bool(_HAN.match(piece)) or len(piece) >= 3


def _windows(count: int) -> Iterator[tuple[int, int]]:
    for start in range(count):
        for stop in range(start + 1, min(count, start + 5) + 1):
            yield start, stop
