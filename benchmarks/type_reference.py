"""Writes the type reference from the cards: `python -m benchmarks.type_reference > docs/types.md`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from sensscan.plugin import Card
from sensscan.registry import Matcher, Registry, load_registry

_HEAD = """\
# Types

Generated from the cards by `python -m benchmarks.type_reference > docs/types.md`; a test keeps it so. `sensscan rules show TYPE` measures
cost, chance rate and overlaps of one; `sensscan policies show POLICY` lists the level of each. How to add your own:
[author's guide](authors-guide.md).

*Told by*: **pattern** the whole value has a form; **check** a check digit, a register of prefixes or a calendar must agree;
**words** a closed list; **code** a detector in Python scores the value; **declared type** the database type settles it; **name** never without
a telling column name or comment. *Chance*: share of random values of the same shape that pass. *Look-alikes*: share of other columns whose
values all look like this; it bounds what values alone can say, to ln(1/share) units of evidence. *Mask*: how examples are shown.
"""
_SHOWN_WORDS = 10
_SHOWN_EXAMPLES = 3
_NO_EXAMPLES = frozenset({"private_key", "image"})
"""Examples of many lines or kilobytes."""


def _code(text: str) -> str:
    """Return text as a code span that holds its own backticks and pipes."""
    fence = "``" if "`" in text else "`"
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def told_by(registry: Registry, matcher: Matcher) -> str:
    """Return what a rule looks at, in the words of the reference."""
    card = matcher.card
    found = {
        "pattern": bool(card.patterns),
        "words": bool(card.words),
        "check": bool(card.validator),
        "code": matcher.detector is not None or bool(registry.group_detectors.get(card.id)),
        "declared type": bool(card.native),
        "name": card.needs_name,
    }
    return ", ".join(name for name, yes in found.items() if yes)


def _words(words: tuple[str, ...]) -> str:
    """Return some of the words: English and Chinese ones, as an author would look for them."""
    han = [word for word in words if any("\u4e00" <= letter <= "\u9fff" for letter in word)]
    latin = [word for word in words if word not in han]
    chosen = [*latin[: _SHOWN_WORDS // 2], *han[: _SHOWN_WORDS // 2]]
    more = len(words) - len(chosen)
    return ", ".join(chosen) + (f" and {more} more" if more > 0 else "")


def _lines(registry: Registry, matcher: Matcher) -> Iterator[str]:
    card = matcher.card
    yield f"### {card.id}: {card.label.en} {card.label.zh}"
    yield ""
    yield card.form.en
    yield ""
    yield card.form.zh
    yield ""
    if card.standard.en:
        yield f"- Standard: {card.standard.en}"
    check = f" (`{card.validator}`)" if card.validator else ""
    yield f"- Told by: {told_by(registry, matcher)}{check}"
    if card.names:
        yield f"- Column words: {_words(card.names)}"
    if card.refines:
        yield f"- Replaces when both pass: {', '.join(card.refines)}"
    if card.also_with:
        yield f"- Second label beside: {', '.join(card.also_with)}"
    if card.contains:
        yield "- Looked for inside longer values too"
    yield f"- Chance {card.chance:g}, look-alikes {card.look_alike:g}, mask `{card.mask}`"
    if card.match and card.id not in _NO_EXAMPLES:
        yield f"- Examples that pass: {', '.join(map(_code, card.match[:_SHOWN_EXAMPLES]))}"
    if card.no_match and card.id not in _NO_EXAMPLES:
        yield f"- Examples that do not: {', '.join(map(_code, card.no_match[:_SHOWN_EXAMPLES]))}"
    yield ""


def reference(registry: Registry) -> str:
    """Return the whole page."""

    def category(card: Card) -> str:
        return card.category

    cards = sorted(registry.cards.values(), key=lambda card: (card.category, card.id))
    lines = [_HEAD, f"{len(cards)} types:", "", "| type | 名称 | label | category | told by |", "| --- | --- | --- | --- | --- |"]
    for card in cards:
        how = told_by(registry, registry.matchers[card.id])
        anchor = f"{card.id}-{card.label.en}-{card.label.zh}".lower()
        anchor = "".join(letter for letter in anchor.replace(" ", "-") if letter.isalnum() or letter in "-_")
        lines.append(f"| [{card.id}](#{anchor}) | {card.label.zh} | {card.label.en} | {card.category} | {how} |")
    for name, group in groupby(cards, key=category):
        lines += ["", f"## {name}", ""]
        for card in group:
            lines += _lines(registry, registry.matchers[card.id])
        lines.pop()
    return "\n".join(lines) + "\n"


def main() -> None:
    """Print the page for the built-in types."""
    registry = load_registry()
    builtin = {type_id: matcher for type_id, matcher in registry.matchers.items() if matcher.trusted}
    print(reference(Registry(builtin, registry.column_detectors, registry.group_detectors)), end="")


if __name__ == "__main__":
    main()
