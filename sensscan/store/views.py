"""What the store hands out: frozen dataclasses, cheap to import (no SQLAlchemy here)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from sensscan.language import Text
from sensscan.model import ColumnOutcome, ColumnRef, Outcome, ScanMode, TableRef, TagStatus, Verdict
from sensscan.store.codec import decode_outcome

ActorKind = Literal["scan", "person", "import", "policy"]
Cause = Literal["first_scan", "data", "structure", "volume", "detector", "policy", "manual", "expiry", "import", "undo"]
"""Why a label changed; the words of the event record."""


@dataclass(frozen=True, slots=True)
class StoredResult:
    """The latest outcome of one column. `outcome` is decoded when asked for: a store may hold 100,000 of them."""

    ref: ColumnRef
    verdict: Verdict
    type_id: str
    confidence: float
    run_id: str
    """The run that looked last (not the run in which the result first appeared)."""
    payload: str = field(repr=False)

    @property
    def outcome(self) -> ColumnOutcome:
        """The whole outcome with evidence and coverage."""
        return decode_outcome(self.payload, self.ref)


@dataclass(frozen=True, slots=True)
class StoredMark:
    """A table's change marks when it was last scanned."""

    structure_hash: str
    data_mark: str
    rule_fingerprint: str
    scanned_at: datetime


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A run as the store remembers it. `outcome` is None while it runs or after it was killed."""

    id: str
    seq: int
    mode: ScanMode
    sources: tuple[str, ...]
    outcome: Outcome | None
    started_at: datetime
    finished_at: datetime | None
    version: str
    policy: str
    options_fingerprint: str
    options: Mapping[str, str]
    events_count: int = 0
    events_head: str = ""
    has_report: bool = False
    """False for unfinished runs and after `store prune`."""


@dataclass(frozen=True, slots=True)
class Head:
    """Length and last hash of the event log; keep it outside the store to notice a cut-off tail."""

    count: int
    hash: str

    def __str__(self) -> str:
        """Return COUNT:HASH, the form that `store verify --head` takes."""
        return f"{self.count}:{self.hash}"


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the append-only log: one changed field, with its proof."""

    seq: int
    at: str
    """UTC to the millisecond, never earlier than the event before."""
    actor_kind: ActorKind
    actor: str
    column_id: int | None
    ref: str
    """JSON list source, schema, table, column; or "policy:NAME", "rule:ID", "exception:ID"."""
    fingerprint: str
    field: str
    """type, category, level:POLICY, status, owner, permission, note, ticket, reviewer, notice, conflict, renamed;
    not about a column: exception, policy, rule."""
    old: str | None
    """JSON; None means "did not exist"."""
    new: str | None
    cause: str
    note: str
    run_id: str
    basis: str
    """JSON: policy, rule version, confidence, tested, passed, rows ...; "" where nothing was measured."""
    about: int | None
    """Seq of the event that this one is about (notices, undo)."""
    algorithm: str
    prev_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What `verify` found. `broken_at` is the first seq that does not hold, 0 where no event speaks of it; None when all is consistent."""

    count: int
    head: str
    anchored_to: int | None
    """The last event that a head kept elsewhere vouches for; None without such a head."""
    broken_at: int | None = None
    problem: Text | None = None

    @property
    def anchored(self) -> bool:
        """Whether the end itself was compared with a head kept elsewhere."""
        return self.anchored_to == self.count

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return self.problem is None


@dataclass(frozen=True, slots=True)
class ColumnChange:
    """One difference between two runs. A side is None where the column did not exist."""

    kind: Literal["new", "gone", "changed"]
    ref: ColumnRef
    old_type: str | None
    new_type: str | None
    old_level: str | None
    new_level: str | None
    old_status: str | None = None
    new_status: str | None = None


@dataclass(frozen=True, slots=True)
class RunDiff:
    """What changed from run `a` to run `b`, in the order of the columns."""

    run_a: StoredRun
    run_b: StoredRun
    changes: tuple[ColumnChange, ...]
    compared: int
    """Columns that both runs know."""
    not_compared: int
    """Columns that only one run looked at though they existed in both (other filters)."""


@dataclass(frozen=True, slots=True)
class AllowRule:
    """An exception: findings that somebody decided to hide, with who, why and until when."""

    id: str
    column: str
    """Glob over [SCHEMA.]TABLE.COLUMN; "*" for all."""
    source: str
    """Glob over the source's identity; "*" for all."""
    type_id: str
    """Glob over type ids; "*" for all."""
    fingerprint: str
    """Keyed fingerprint of one value, or "" for a rule about columns."""
    reason: str
    author: str
    created_at: datetime
    expires: date | None
    removed: bool = False

    def expired(self, today: date) -> bool:
        """Whether the rule has ended: the day named is its last."""
        return self.expires is not None and today > self.expires


@dataclass(frozen=True, slots=True)
class LockHolder:
    """Who holds the lock of a source."""

    run_id: str
    host: str
    pid: int
    since: datetime


@dataclass(frozen=True, slots=True)
class StoreInfo:
    """What `store info` shows; counts are rows."""

    place: str
    dialect: str
    revision: str
    store_id: str
    created_at: str
    bytes: int | None
    key_place: str
    algorithm: str
    head: Head
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Pruned:
    """What `prune` removed and kept."""

    runs: int
    results: int
    reports: int
    kept_as_evidence: int


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of an import that cannot be taken over. Lines count from 1, the header being line 1."""

    line: int
    text: Text


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did; with problems nothing was written."""

    lines: int
    changed: int
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelChange:
    """What a person decides about one column; None leaves a field as it is."""

    type_id: str | None = None
    category: str | None = None
    level: str | None = None
    policy: str = ""
    """The policy that `level` belongs to; needed with `level`. A level set so is the last word, also for later policies."""
    derived_levels: Mapping[str, str] = field(default_factory=dict)
    """Policy -> level that the policy gives to the new type; later scans may grade it anew."""
    status: TagStatus | None = None
    owner: Mapping[str, str] | None = None
    """Merged key by key (department, steward, system); an empty word removes the key."""
    permission: Mapping[str, str] | None = None
    """Merged key by key (store, share, onward, export, display, purpose, until)."""
    ticket: str | None = None
    reviewer: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class SaveSummary:
    """What `save_results` did, for reports and `--fail-on-new`."""

    new: tuple[ColumnRef, ...] = ()
    changed: Mapping[ColumnRef, str] = field(default_factory=dict)
    """Column -> its earlier "type level"."""
    gone: tuple[ColumnRef, ...] = ()
    conflicts: Mapping[ColumnRef, str] = field(default_factory=dict)
    """Column -> the finding that differs from a person's decision."""
    followed: Mapping[ColumnRef, ColumnRef] = field(default_factory=dict)
    """New name -> old name of columns recognised as renamed."""
    events: int = 0
    ids: Mapping[ColumnRef, int] = field(default_factory=dict, repr=False)
    """The store's own numbers of the saved columns."""


@dataclass(frozen=True, slots=True)
class WatchState:
    """Where a watcher stands: position in the server's log and the tables touched since they were scanned last."""

    position: str
    dirty: Mapping[TableRef, int] = field(default_factory=dict)
    """Table -> generation: a number that grows with each touch, so that a change during the scan is not lost."""
