"""Find types inside longer values: cut a cell into tokens once, and run the same whole-value tests on the tokens.

A token ends where a digit, letter or Han run ends, so nothing is found inside a longer number or word.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from sensscan.allowed import AllowedValues, excepted_for
from sensscan.detect.prefilter import Prefilter
from sensscan.detect.whole import candidates
from sensscan.evidence import ContainedHits
from sensscan.registry import Matcher, Registry

CELL_CHARACTERS = 4096
"""Characters of a cell that are searched; more is said in the coverage."""

_MAIL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9㐀-鿿.-]{1,255}"
_URL = r"[A-Za-z][A-Za-z0-9+.-]{1,20}:[^\s\"'<>，。；]{3,}"
_TOKEN = re.compile(
    rf"(?P<url>(?<![A-Za-z0-9]){_URL})"
    rf"|(?P<mail>{_MAIL})"
    r"|(?P<han>[㐀-鿿]{2,}[㐀-鿿A-Za-z0-9·（）()#-]*)"
    r"|(?P<digits>(?<![A-Za-z0-9.])[+(]?[0-9][0-9Xx() -]{3,30}[0-9Xx](?![A-Za-z0-9]))"
    r"|(?P<word>[A-Za-z0-9][A-Za-z0-9:._/+-]{3,}[A-Za-z0-9=_-])"
)
_PLATE = re.compile(
    r"(?<![㐀-鿿A-Za-z0-9])?[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z]·?[A-HJ-NP-Z0-9]{5,6}(?![A-Za-z0-9])"
)
_NAME_CUE = re.compile(
    r"(?:联系人|收货人|收件人|姓名|客户|户名|持卡人|申请人|经办人|投诉人|患者|本人|name|contact|recipient|注明)"
    r"[\"'”]?\s*[:：是为]?\s*[\"'“]?\s*(?P<name>[㐀-鿿]{2,4}(?![㐀-鿿])|[A-Z][a-z]+ [A-Z][a-z]+)"
    r"|(?P<titled>[㐀-鿿]{2,4})(?:先生|女士|小姐)",
    re.IGNORECASE,
)
_ADDRESS_CUE = re.compile(
    r"(?:地址|住址|住在|送到|寄到|送货至|address)[\"'”]?\s*[:：是为]?\s*[\"'“]?(?P<address>[㐀-鿿A-Za-z0-9（）()#·-]{6,80})", re.IGNORECASE
)
_ADDRESS_RUN = re.compile(r"[㐀-鿿]{2,}(?:省|市|区|县|镇|乡|路|街|道|巷)[㐀-鿿A-Za-z0-9（）()#·-]{2,60}")
_PAIR = re.compile(
    r"(?P<key>[A-Za-z_][\w.-]{0,40}|[㐀-鿿]{2,10})[\"']?\s*[=:：]\s*(?P<value>\"[^\"]{1,400}\"|'[^']{1,400}'|[^\s,;，；&|]{1,400})"
)
_TAG = re.compile(r"<(?P<tag>[A-Za-z_][\w.-]{0,60})(?:\s[^<>]*)?>(?P<value>[^<]{1,400})</(?P=tag)>")

# Which kinds of token a card wants to see. A date inside prose says nothing about persons, so cards choose by `contains`.
_KINDS: Mapping[str, frozenset[str]] = {
    "digits": frozenset({"digits", "word", "value"}),
    "word": frozenset({"word", "digits", "mail", "value"}),
    "han": frozenset({"name", "address", "value"}),
    "url": frozenset({"url", "value"}),
    "text": frozenset({"url", "mail", "word", "digits", "value", "plate"}),
}
_LONGEST_TOKEN = 512


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a cell."""

    row: int
    kind: str
    text: str = field(repr=False)
    path: str | None = None


def _split_digits(text: str) -> Iterator[str]:
    """Yield the digit run whole, and its parts at double spaces or commas of prose."""
    stripped = text.strip(" -(")
    yield stripped
    if " " in stripped:
        yield from (part for part in re.split(r"\s+", stripped) if len(part) >= 5)


def _prose_tokens(row: int, text: str) -> Iterator[Token]:
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or "word"
        token = found.group()
        match kind:
            case "digits":
                for part in _split_digits(token):
                    yield Token(row, "digits", part)
            case "url":
                yield Token(row, "url", token.rstrip(".,;)"))
            case "word":
                yield Token(row, "word", token)
                if ":" in token and not token.count(":") >= 5:
                    yield from (Token(row, "word", part) for part in token.split(":") if len(part) >= 5)
            case "mail":
                yield Token(row, "mail", token.strip("."))
            case _:
                # Digits and letters that touch Han characters stand alone in Chinese prose: 电话13800138000已登记.
                for part in re.findall(r"(?<![A-Za-z0-9])[0-9][0-9-]{4,30}[0-9Xx](?![A-Za-z0-9])", token):
                    yield Token(row, "digits", part)
    for found in _PLATE.finditer(text):
        yield Token(row, "plate", found.group())
    for found in _NAME_CUE.finditer(text):
        yield Token(row, "name", found.group("name") or found.group("titled"))
    for found in _ADDRESS_CUE.finditer(text):
        yield Token(row, "address", found.group("address"))
    for found in _ADDRESS_RUN.finditer(text):
        yield Token(row, "address", found.group())


def _json_tokens(row: int, document: object, path: str) -> Iterator[Token]:
    match document:
        case dict():
            for key, value in document.items():
                yield from _json_tokens(row, value, f"{path}.{_safe_key(str(key))}")
        case list():
            for value in document[:200]:
                yield from _json_tokens(row, value, f"{path}[*]")
        case str() if document:
            yield Token(row, "value", document[:_LONGEST_TOKEN], path)
            if len(document) > 20:
                yield from (Token(row, token.kind, token.text, path) for token in _prose_tokens(row, document[:CELL_CHARACTERS]))
        case bool() | None:
            return
        case int():
            yield Token(row, "value", str(document), path)
        case _:
            return


def _safe_key(key: str) -> str:
    """Return a JSON key as part of a path; a key that looks like data (digits, @) is not shown."""
    plain = re.fullmatch(r"[A-Za-z_㐀-鿿][\w㐀-鿿-]{0,40}", key)
    return key if plain and sum(letter.isdigit() for letter in key) <= 3 else "*"


def tokens_of(row: int, cell: str) -> Iterator[Token]:
    """Yield the tokens of one cell: by path where it is JSON, XML, a query string or key=value, else by runs."""
    text = cell[:CELL_CHARACTERS]
    start = text.lstrip()[:1]
    if start in ("{", "["):
        try:
            yield from _json_tokens(row, json.loads(cell if len(cell) <= CELL_CHARACTERS else text), "$")
        except (ValueError, RecursionError):
            # Cut or broken JSON: keys and values can still be told apart.
            yield from _pair_tokens(row, text)
            yield from _prose_tokens(row, text)
        return
    if start == "<" and "</" in text:
        for found in _TAG.finditer(text):
            yield Token(row, "value", found["value"].strip(), f"/{_safe_key(found['tag'])}")
        yield from _prose_tokens(row, re.sub(r"<[^>]*>", " ", text))
        return
    query = text.partition("?")[2] if "://" in text else text
    if "=" in query and "&" in query and " " not in query:
        for key, value in parse_qsl(query, keep_blank_values=False, max_num_fields=None)[:100]:
            yield Token(row, "value", value, f"?{_safe_key(key)}")
    else:
        yield from _pair_tokens(row, text)
    yield from _prose_tokens(row, text)
    if 2 <= len(parts := [part.strip() for part in re.split(r"[,;|，；、\t]", text)]) <= 50 and len(text) <= 600:
        yield from (Token(row, "value", part) for part in parts if 2 <= len(part) <= 80)


def _pair_tokens(row: int, text: str) -> Iterator[Token]:
    for found in _PAIR.finditer(text):
        yield Token(row, "value", found["value"].strip("\"'"), _safe_key(found["key"]))


# In these kinds chance makes no hit, so that few hits are enough; all other hits need company.
def _is_strict(matcher: Matcher) -> bool:
    return matcher.card.chance <= 0.002 and matcher.card.look_alike <= 0.02


def search(
    values: Sequence[str], rows: Sequence[int], registry: Registry, prefilter: Prefilter, excepted: AllowedValues | None = None
) -> tuple[ContainedHits, ...]:
    """Return what is found inside `values`, each standing for `rows` rows.

    Only types with a `contains` key on their card are looked for; values that pass as a whole are the business of `whole`.
    """
    by_text: dict[str, list[Token]] = {}
    for place, value in enumerate(values):
        for token in tokens_of(place, value):
            if len(token.text) <= _LONGEST_TOKEN and token.text != value:
                by_text.setdefault(token.text, []).append(token)
    at_path: dict[str, int] = {}
    for tokens in by_text.values():
        for path in {token.path for token in tokens if token.path is not None and token.kind == "value"}:
            at_path[path] = at_path.get(path, 0) + 1
    searched = frozenset(type_id for type_id, matcher in registry.matchers.items() if matcher.card.contains)
    hits: list[ContainedHits] = []
    every = list(by_text)
    for type_id, places in candidates(prefilter.among(searched), every).items():
        matcher = registry.matchers[type_id]
        texts = [every[place] for place in places]
        kinds = _wanted(type_id, _KINDS[matcher.card.contains])
        gone = excepted_for(type_id, excepted.among(texts)) if excepted is not None else frozenset[str]()
        asked = {
            text: tokens for text in texts if text not in gone and (tokens := [token for token in by_text[text] if token.kind in kinds])
        }
        if asked:
            hits += _hits_of(matcher, asked, rows, registry, at_path)
    return tuple(sorted(hits, key=lambda hit: (hit.type_id, hit.path or "")))


def _wanted(type_id: str, kinds: frozenset[str]) -> frozenset[str]:
    """Return the kinds of token for one type: a name cue speaks for names only."""
    if type_id == "person_name":
        return kinds - {"address"}
    if type_id == "address":
        return kinds - {"name"}
    return kinds


def _named_path(registry: Registry, type_id: str, path: str | None) -> bool:
    """Return whether the last key of a path names the type."""
    if path is None:
        return False
    key = re.split(r"[./?]", path.replace("[*]", ""))[-1]
    hit = registry.names.look(key).types.get(type_id)
    return hit is not None and hit.strength >= 0.4


_FAIR_CHANCE = 0.005
"""Forms that pass more often by chance (nine letters and digits) need a cue or a telling key; mobile numbers do not, because digit runs of
their length are rare in prose."""
_PATH_SHARE = 0.7
"""Share of the different values at a path that must pass where the key does not name the type: a path is a column of its own."""
_LIST_SHARE = 0.3
"""The same for the items of a list, which may be of several kinds."""


def _hits_of(
    matcher: Matcher, asked: Mapping[str, Sequence[Token]], rows: Sequence[int], registry: Registry, at_path: Mapping[str, int]
) -> list[ContainedHits]:
    texts = list(asked)
    answers = matcher.test(matcher.normalise(texts), named=False)
    passing = [text for text, yes in zip(texts, answers.passed, strict=True) if yes]
    if not passing or (matcher.card.validator and len(passing) < 0.25 * sum(answers.structural)):
        # Of many tokens with the form few pass the check: that is what chance does to serial numbers.
        return []
    type_id = matcher.card.id
    by_path: dict[str | None, tuple[set[int], set[str]]] = {}
    passing_at = Counter(path for text in passing for path in {token.path for token in asked[text] if token.kind == "value"})
    for token in (token for text in passing for token in asked[text]):
        told = token.kind in ("name", "address", "mail", "url", "plate") or _named_path(registry, type_id, token.path)
        fair = matcher.card.chance <= _FAIR_CHANCE or type_id == "mobile_phone"
        if not told and (matcher.card.needs_name or not fair):
            continue
        if (
            token.path is not None
            and not _named_path(registry, type_id, token.path)
            and passing_at.get(token.path, 0) < (_LIST_SHARE if token.path.endswith("[*]") else _PATH_SHARE) * at_path.get(token.path, 0)
        ):
            continue
        found = by_path.setdefault(token.path, (set(), set()))
        found[0].add(token.row)
        found[1].add(token.text)
    return [
        ContainedHits(
            type_id=type_id,
            path=path,
            rows=sum(rows[row] for row in places),
            distinct=len(found),
            strict=_is_strict(matcher) or _named_path(registry, type_id, path),
        )
        for path, (places, found) in by_path.items()
    ]
