"""Everything that a detector may import: the stable promise to the authors of detectors.

A type is one card (`<type_id>.toml`); where a rule is not enough, a Python detector stands beside it
(`<type_id>.py`). Names in `__all__` keep their meaning within a major version.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from sensscan.language import Text
from sensscan.model import Column, Family

__all__ = ["Bundle", "Card", "Column", "ColumnDetector", "Detector", "Family", "GroupDetector", "Text", "ValueDetector"]

NormaliserName = Literal["plain", "digits", "upper", "dots", "text"]
"""plain: NFKC, strip, no zero-width; digits: plain, then without separators between digits; upper: plain, upper case,
without spaces and hyphens; dots: plain, upper case, middle dots removed with spaces and hyphens; text: NFKC, inner spaces
between Han removed, middle dots made one. The rules are in `sensscan.text`."""

Counting = Literal["identifier", "vocabulary"]


@dataclass(frozen=True, slots=True)
class Card:
    """One type, as its TOML file says. Field names are the file's keys."""

    id: str
    label: Text
    category: str
    """Category id of the policies' tree, such as "personal.contact"."""
    standard: Text = Text("", "")
    """Where the form is laid down: standard and clause. One string in the file serves both languages."""
    form: Text = field(default=Text("", ""))
    """One sentence on what the values look like, for the type reference."""

    # Keys of the table "values".
    normaliser: NormaliserName = "plain"
    patterns: tuple[str, ...] = ()
    """RE2 syntax; a value must match one as a whole, after normalisation. Empty for types told by words or code."""
    search: bool = False
    """The pattern is searched inside the value instead of matched as a whole (private keys)."""
    structures: tuple[str, ...] = ()
    """Looser patterns of values that look like the type but need not pass its check (made-up ID cards)."""
    structure_look_alike: float = 0.3
    """Share of other columns with this structure; from 0.1 on it counts beside a telling name only."""
    validator: str = ""
    """Name in `sensscan.numbers.VALIDATORS`; tested after the pattern."""
    words: frozenset[str] = frozenset()
    """Closed vocabulary (case-folded, after normalisation), from `words` and `words_files` of the card."""
    code_words: frozenset[str] = frozenset()
    """Codes of the vocabulary, such as 1 and 2 for gender: they count only together with a telling name."""
    named_patterns: tuple[str, ...] = ()
    """Forms that count only together with a telling name, as codes do (bare hex in a password column); key `named` of the file."""
    hashed_words: frozenset[str] = frozenset()
    """Keyed hashes (hex HMAC-SHA-256) of a sensitive dictionary."""
    masked_patterns: tuple[str, ...] = ()
    """What masked values of the type look like (138****8000), matched as a whole after NFKC and strip; key `masked` of the file."""
    credential_patterns: tuple[str, ...] = ()
    """Looked for inside passing values; a column with a hit gets the flag `credentials` (a URL holding a password). Key `credentials`."""
    counting: Counting = "identifier"
    chance: float = 0.001
    """Share of random values of the same shape that pass pattern and check."""
    look_alike: float = 0.01
    """Share of OTHER columns whose values all look exactly like this type; bounds what values alone can say: ln(1/look_alike).
    Types that need their name have 0.3 or more."""
    typical: float = 0.97
    """Share of values of a real column that pass, dirt included."""
    contains: Literal["", "digits", "word", "han", "url", "text"] = ""
    """Kind of token in which this type is looked for inside longer values; "" never."""
    families: frozenset[Family] = frozenset({Family.TEXT})
    """Declared database types that can hold it."""
    native: frozenset[Family] = frozenset()
    """Database types that settle it without a look at the values (INET, DATE)."""
    threshold: float = 0.5
    """With a Python detector: the score from which a value passes."""
    min_distinct: int = 1
    """With `needs_name`: a column with fewer different values is left undecided, whatever its name says."""

    # Keys of the table "columns".
    names: tuple[str, ...] = ()
    """Words or phrases that tell the type: English, Chinese, pinyin."""
    weak_names: tuple[str, ...] = ()
    """Ambiguous or generic words: they support values, never a verdict alone."""
    not_names: tuple[str, ...] = ()
    """Words that speak against the type."""
    needs_name: bool = False
    """Values alone never give this type (postcode, age, qq)."""

    # Keys of the table "relations".
    refines: tuple[str, ...] = ()
    """More general types that this one replaces when both pass (birth_date refines date)."""
    mask: str = "keep:1,1"
    """How examples are masked: keep:A,B | local:A | region | octets:N | none | hidden."""
    also_with: tuple[str, ...] = ()
    """Types of which this one is the second label when the name says so (driver_license with id_card)."""

    # Keys of the table "examples".
    match: tuple[str, ...] = ()
    no_match: tuple[str, ...] = ()

    origin: str = ""
    """File or package the card came from, for messages and fingerprints."""
    version: int = 1


class ValueDetector(ABC):
    """Scores values of one type; for what a pattern and a named validator cannot say.

    Detectors are picklable and keep no changing state. They are called with distinct values after the card's normaliser.
    """

    type_id: str

    @abstractmethod
    def score(self, values: Sequence[str]) -> Sequence[float]:
        """Return one score per value, 0 to 1; the card's `threshold` decides what passes."""


class ColumnDetector(ABC):
    """Scores a column by its metadata only: name, type, comment. Never sees a value."""

    type_id: str

    @abstractmethod
    def score(self, column: Column) -> float:
        """Return -1 (speaks against) to 1 (speaks for); 0 when the column says nothing."""


class GroupDetector(ABC):
    """Weighs what the passing values of one column say together: spread of prefixes, range of years, size of octets."""

    type_id: str

    @abstractmethod
    def weigh(self, values: Sequence[str]) -> tuple[float, Text]:
        """Return natural-log units for (+) or against (-) the type, and why.

        `values` are the distinct passing values of the column, normalised. Return (0.0, ...) when they say nothing.
        """


Detector = ValueDetector | ColumnDetector | GroupDetector


@dataclass(frozen=True, slots=True)
class Bundle:
    """What one entry point of the group `sensscan.detectors` returns when called."""

    name: str
    folder: Path
    """The folder with the cards (`<type_id>.toml`) and their data."""
    detectors: Callable[[], Iterable[Detector]] = field(default=lambda: ())
    """Makes the Python detectors; called once per process."""
