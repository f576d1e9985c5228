"""What the table around a column says of it: its name, its columns, pairs of them.

Pure and in one step: all columns are judged by themselves first, and only those verdicts speak, so that the order of columns changes
nothing. A column that is sure of itself is left alone, and a line speaks only of types that name or values of the column itself suggest.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

from sensscan.classify.scorecard import TypeScore, Weights
from sensscan.evidence import Agreement, ColumnEvidence
from sensscan.language import Text
from sensscan.model import Classification, Evidence, Table
from sensscan.registry.names import split_name

SURE = 0.9
"""From this confidence on a column speaks for others, and is not told anything by them."""

_PERSON_MARKS = frozenset(
    {"person_name", "id_card", "mobile_phone", "passport", "hk_id", "tw_id", "us_ssn", "birth_date", "social_security_no"}
)
_ATTRIBUTES = frozenset(
    {
        "gender", "birth_date", "age", "ethnicity", "marital_status", "education", "religion", "blood_type", "salary", "person_name",
        "mobile_phone", "id_card", "qq", "wechat_id", "username", "address", "landline_phone",
    }
)  # fmt: skip
"""Types that a table of persons has."""
_TELLING = 0.8
"""From this strength on the column's own name decides, not the table's."""
_CARD_PARTS = frozenset({"cvv", "card_expiry"})
_THINGS_LACK = frozenset({"person_name", "gender", "age", "blood_type", "username"})
"""Types that lists of things and settings look like and do not hold in the columns that name the thing."""
_NAMES_OF_THINGS = frozenset({"name", "title", "mc", "label", "名称", "名", "标题"})
_BANKS = ("bank", "bankname", "bankbranch", "khh", "khyh", "开户行", "开户银行", "开户行名称", "银行名称", "所属银行", "开户支行")
"""Names of columns that say at which bank an account is."""
_NAME_HALVES = (frozenset({"first", "given", "fore"}), frozenset({"last", "sur", "family"}))
_HALVES = (
    frozenset({"firstname", "givenname", "forename", "fname"}),
    frozenset({"lastname", "surname", "familyname", "lname"}),
)


@dataclass(frozen=True, slots=True)
class Judged:
    """One column as it was judged by itself."""

    evidence: ColumnEvidence
    scores: Mapping[str, TypeScore]
    found: Classification

    @property
    def name(self) -> str:
        """The column's name."""
        return self.evidence.column.ref.column

    @property
    def sure(self) -> bool:
        """Whether it is of a type beyond doubt."""
        return self.found.verdict == "is" and self.found.confidence >= SURE


@dataclass(frozen=True, slots=True)
class TableWords:
    """The lists of table_words.toml."""

    people: frozenset[str]
    things: frozenset[str]
    neutral: frozenset[str]
    holds: Mapping[str, frozenset[str]]
    """Type -> words of tables whose rows are of that type."""


@functools.cache
def table_words() -> TableWords:
    """Return the words of table names that say what the rows are."""
    document = tomllib.loads(resources.files("sensscan.classify").joinpath("table_words.toml").read_text(encoding="utf-8"))
    holds = {type_id: frozenset(words) for type_id, words in document.pop("holds").items()}
    return TableWords(**{key: frozenset(words) for key, words in document.items()}, holds=holds)


def rows_are(table: Table) -> tuple[str, str]:
    """Return what the table's name, else its comment, says of its rows, "people", "things" or "", and the word that says so.

    The head decides, as in column names: user_role holds roles, role_user users.
    """
    for text in (table.ref.table, table.comment[:30]):
        words = table_words()
        tokens = [part for token in split_name(text) for part in _parts(token)]
        while tokens and (tokens[-1] in words.neutral or tokens[-1].isdigit() or (len(tokens[-1]) == 1 and tokens[-1].isascii())):
            tokens = tokens[:-1]
        if not tokens:
            continue
        if tokens[-1] in words.things:
            return "things", tokens[-1]
        person = next((token for token in reversed(tokens) if token in words.people), "")
        if person:
            return "people", person
        thing = next((token for token in reversed(tokens) if token in words.things), "")
        if thing:
            return "things", thing
    return "", ""


def _held_by(table: Table) -> Mapping[str, str]:
    """Return the type that the rows themselves are of, by the last word of the table's name or else of its comment."""
    words = table_words()
    for text in (table.ref.table, table.comment[:30]):
        tokens = split_name(text.removesuffix("表"))
        while tokens and (tokens[-1] in words.neutral or tokens[-1].isdigit()):
            tokens = tokens[:-1]
        last = _singular(tokens[-1]) if tokens else ()
        for type_id, held in words.holds.items():
            if word := next((form for form in last if form in held), ""):
                return {type_id: word}
    return {}


def _singular(token: str) -> tuple[str, ...]:
    """Return a Latin token as it is and in what may be its singular."""
    return (token, token.removesuffix("s"), token.removesuffix("es"), token.removesuffix("ies") + "y")


def _parts(token: str) -> Iterator[str]:
    """Yield a Latin token in the singular, and the known words of a Han token."""
    words = table_words()
    known = words.people | words.things | words.neutral
    if token.isascii():
        yield next((form for form in _singular(token) if form in known), token)
        return
    place = 0
    while place < len(token):
        size = next((size for size in (4, 3, 2) if token[place : place + size] in known), 1)
        if size > 1:
            yield token[place : place + size]
        place += size


def context_lines(table: Table, columns: Sequence[Judged], weights: Weights) -> Mapping[int, tuple[Evidence, ...]]:
    """Return place of a column -> the lines that its table adds to its scorecards; only places with any."""
    view = _View.of(table, columns)
    found: dict[int, tuple[Evidence, ...]] = {}
    for place, one in enumerate(columns):
        lines = [*_agreement_lines(one.evidence.agreements, weights)]
        if not one.sure and one.found.verdict != "contains":
            lines += _lines_for(place, columns, view, weights)
        if lines:
            found[place] = tuple(lines)
    return found


def _agreement_lines(agreements: Sequence[Agreement], weights: Weights) -> Iterator[Evidence]:
    """Yield one line per type, of the strongest agreement."""
    by_type: dict[str, Agreement] = {}
    for said in agreements:
        if said.type_id not in by_type or said.agreeing > by_type[said.type_id].agreeing:
            by_type[said.type_id] = said
    for type_id, said in sorted(by_type.items()):
        weight = weights.position if type_id == "coordinates" else weights.agreement
        reason = Text(
            f"agrees with {said.other} in {said.agreeing} of {said.rows} rows",
            f"与 {said.other} 在 {said.rows} 行中的 {said.agreeing} 行相符",
        )
        yield Evidence(type_id, "context", "rows", weight, reason, said.agreeing, None, said.rows)


@dataclass(frozen=True, slots=True)
class _View:
    """What is known of the table as a whole."""

    rows: str
    word: str
    types: Mapping[str, frozenset[int]]
    """Type -> places of the columns that are of it beyond doubt."""
    holds: Mapping[str, str]
    """Type that each row is of, by the table's name -> the word that says so."""

    @classmethod
    def of(cls, table: Table, columns: Sequence[Judged]) -> _View:
        rows, word = rows_are(table)
        types: dict[str, set[int]] = {}
        for place, one in enumerate(columns):
            if one.sure:
                types.setdefault(one.found.type_id, set()).add(place)
        return cls(rows, word, {type_id: frozenset(places) for type_id, places in types.items()}, _held_by(table))

    def others(self, type_ids: frozenset[str], place: int) -> list[str]:
        """Return the types of other columns that are among `type_ids`."""
        return sorted(type_id for type_id in type_ids & self.types.keys() if self.types[type_id] - {place})


def _lines_for(place: int, columns: Sequence[Judged], view: _View, weights: Weights) -> Iterator[Evidence]:
    one = columns[place]
    for type_id in sorted(one.scores):
        score = one.scores[type_id]
        yield from _siblings(type_id, score, place, view, weights)
        yield from _table_name(type_id, score, one.name, view, weights)
        yield from _holds(type_id, score, one.name, view, weights)
        if type_id == "person_name":
            yield from _name_half(one, place, columns, weights)
        elif type_id in _CARD_PARTS:
            yield from _card_part(type_id, score, place, view, weights)
        elif type_id == "bank_account":
            yield from _beside_a_bank(score, place, columns, weights)
        elif type_id == "coordinates":
            yield from _other_half(score, place, columns, weights)


def _suggested(score: TypeScore) -> bool:
    """Return whether the column's own name or most of its values suggest the type."""
    test = score.test
    return score.strength > 0 or (test is not None and bool(test.tested) and test.passed >= 0.5 * test.tested)


def _siblings(type_id: str, score: TypeScore, place: int, view: _View, weights: Weights) -> Iterator[Evidence]:
    """Persons' data stand together: sure columns of persons raise a doubtful attribute of them."""
    if type_id not in _ATTRIBUTES or not _suggested(score):
        return
    others = [other for other in view.others(_PERSON_MARKS, place) if other != type_id]
    if others:
        reason = Text(f"other columns of the table are of persons: {', '.join(others)}", f"表中其他列是个人信息：{'、'.join(others)}")
        weight = weights.siblings if len(others) > 1 else weights.sibling
        yield Evidence(type_id, "context", "siblings", weight, reason)


def _table_name(type_id: str, score: TypeScore, name: str, view: _View, weights: Weights) -> Iterator[Evidence]:
    if view.rows == "people" and type_id in _ATTRIBUTES and _suggested(score):
        reason = Text(f"the table is of persons, by its name: {view.word}", f"从表名看是人员表：{view.word}")
        yield Evidence(type_id, "context", "table", weights.people_table, reason)
    elif view.rows == "things" and type_id in _THINGS_LACK and score.strength < _TELLING and _names_the_thing(name, view.word):
        reason = Text(f"the table is not of persons, by its name: {view.word}", f"从表名看不是人员表：{view.word}")
        yield Evidence(type_id, "context", "table", weights.things_table, reason)


def _holds(type_id: str, score: TypeScore, name: str, view: _View, weights: Weights) -> Iterator[Evidence]:
    """The name of a city, in a table of cities."""
    word = view.holds.get(type_id)
    if word and score.strength >= 0 and _suggested(score) and _names_the_thing(name, word):
        reason = Text(f"the table is of these, by its name: {word}", f"从表名看，表中每行即为此类：{word}")
        yield Evidence(type_id, "context", "table", weights.pair, reason)


def _names_the_thing(name: str, thing: str) -> bool:
    """Return whether a column holds the name of what the rows are: name or product_name in a table of products, not operator_name."""
    tokens = split_name(name)
    return tokens[-1:] != [] and tokens[-1] in _NAMES_OF_THINGS and (len(tokens) == 1 or thing in tokens)


def _half_of(name: str) -> int | None:
    """Return 0 for a column of first names, 1 for one of last names, None for others."""
    tokens = split_name(name)
    joined = "".join(tokens)
    for half, (starts, wholes) in enumerate(zip(_NAME_HALVES, _HALVES, strict=True)):
        if any(joined.endswith(whole) for whole in wholes) or (tokens[-1:] == ["name"] and starts & set(tokens)):
            return half
    return None


def _name_half(one: Judged, place: int, columns: Sequence[Judged], weights: Weights) -> Iterator[Evidence]:
    """The other half of a name: first_name beside last_name; or a neighbour that is surely a name."""
    half = _half_of(one.name)
    for other_place, other in enumerate(columns):
        if other_place == place or not other.sure or other.found.type_id != "person_name":
            continue
        if half is not None and _half_of(other.name) == 1 - half:
            reason = Text(f"the other half of the name is in {other.name}", f"姓名的另一半在 {other.name} 列")
            yield Evidence("person_name", "context", "pair", weights.pair, reason)
            return


def _card_part(type_id: str, score: TypeScore, place: int, view: _View, weights: Weights) -> Iterator[Evidence]:
    """Expiry and security code are parts of a card: with one in the table they are meant, without one rather not."""
    if view.others(frozenset({"bank_card"}), place):
        yield Evidence(type_id, "context", "pair", weights.pair, Text("a card number is in the table", "表中有银行卡号"))
    elif score.strength < _TELLING:
        yield Evidence(type_id, "context", "pair", -weights.sibling, Text("no card number is in the table", "表中没有银行卡号"))


def _beside_a_bank(score: TypeScore, place: int, columns: Sequence[Judged], weights: Weights) -> Iterator[Evidence]:
    """An account is one at a bank where another column says which bank."""
    if not 0 < score.strength < _TELLING:
        return
    for other_place, other in enumerate(columns):
        said = {"".join(split_name(text)) for text in (other.name, other.evidence.column.comment)}
        if other_place != place and any(text.endswith(_BANKS) for text in said):
            reason = Text(f"stands with {other.name}, which names a bank", f"与银行列 {other.name} 同表")
            yield Evidence("bank_account", "context", "pair", weights.pair + weights.sibling, reason)
            return


def _other_half(score: TypeScore, place: int, columns: Sequence[Judged], weights: Weights) -> Iterator[Evidence]:
    """A neighbour that is surely a coordinate raises a doubtful one."""
    for near in (place - 1, place + 1):
        if 0 <= near < len(columns) and columns[near].sure and columns[near].found.type_id == "coordinates" and _suggested(score):
            reason = Text(f"stands beside {columns[near].name}, a coordinate", f"与坐标列 {columns[near].name} 相邻")
            yield Evidence("coordinates", "context", "pair", weights.pair, reason)
            return
