"""Levels of a policy, and the label that the store keeps of a column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sensscan.language import Text
from sensscan.model.catalogue import ColumnRef

TagStatus = Literal["found", "confirmed", "rejected", "manual"]


@dataclass(frozen=True, slots=True)
class LevelView:
    """A level of a policy. `rank` is None for "unknown"."""

    id: str
    rank: int | None
    label: Text
    color: str = ""


UNKNOWN_LEVEL = LevelView("unknown", None, Text("Unknown", "未知"), "#607d8b")


@dataclass(frozen=True, slots=True)
class Grade:
    """What a policy says of a column or table."""

    level: LevelView
    policy: str
    category: str = "none"
    because: tuple[str, ...] = ()
    """Rule ids (K, C, V, R, overrides) that gave the level."""
    marks: tuple[str, ...] = ()
    columns: tuple[ColumnRef, ...] = ()
    """The columns that gave the level of a table or above, or that a combination matched; at most 20, in order."""
    unknown_columns: int = 0
    """Tables and above: columns without a verdict below; they do not count in the level."""
    certainty: str = "judgement"
    """How sure the policy is of the cell: checked, document, recalled or judgement."""
    clause: str = ""
    """Where the cell is laid down: clause or annex of the policy's document."""


@dataclass(frozen=True, slots=True)
class Tag:
    """The current label of a column: the latest state of its events."""

    ref: ColumnRef
    type_id: str
    level: str
    status: TagStatus
    category: str = "none"
    owner: Mapping[str, str] = field(default_factory=dict)
    """Keys department, steward, system."""
    permission: Mapping[str, str] = field(default_factory=dict)
    """Keys store, share, onward, export, display, purpose, until."""
    note: str = ""
    set_by: str = ""
    set_at: datetime | None = None
    run_id: str = ""
    conflict: str = ""
    """A finding of a later scan that differs from a person's decision; shown, never applied."""
    ticket: str = ""
    reviewer: str = ""
    rejected: str = ""
    """With status rejected: the type that a person said it is not (`type_id` is then "none")."""
    levels: Mapping[str, str] = field(default_factory=dict)
    """Policy -> level; `level` is the one of the policy that was asked for."""
    fixed_levels: frozenset[str] = frozenset()
    """Policies whose level a person set: no scan and no policy changes it."""
    version: int = 0
    """Number of the newest event about this label."""
