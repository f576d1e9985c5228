"""What a stream of change events is to the watcher, whatever server it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from sensscan.errors import SensscanError
from sensscan.language import Text
from sensscan.model import TableRef


@dataclass(frozen=True, slots=True)
class Batch:
    """What happened since the last batch. Holds names of tables, never a row or the text of a statement."""

    position: str
    """Where the stream stands after this batch, at a transaction's end; saved together with the touched tables."""
    tables: Mapping[TableRef, Text] = field(default_factory=dict)
    """Touched tables and why; an empty table name means the whole schema, an empty schema the whole source."""
    structure: bool = False
    """Something was created, altered or dropped: compare the catalogue."""
    gap: Text | None = None
    """Events were lost (log purged, slot lost, server reset): everything is unknown."""
    notes: tuple[Text, ...] = ()
    """Lines for the user, such as retained bytes."""


class Stream(Protocol):
    """A source of batches. Calls may raise LostError (try again later) or RefusedError (this way is closed)."""

    @property
    def name(self) -> Text:
        """How this stream watches, for people."""

    @property
    def lag(self) -> float:
        """Seconds by which the server's change marks may lag behind a commit; 0 where they do not."""

    def start(self, position: str) -> Batch:
        """Begin after `position` ("" for now). The batch's `gap` is set when that position cannot be had any more."""

    def next(self, seconds: float) -> Batch:
        """Return what happened, waiting at most about `seconds` for something."""

    def accept(self, position: str) -> None:
        """Learn that everything up to `position` is saved: the server may forget it."""

    def close(self) -> None:
        """End; safe to call twice."""


class LostError(SensscanError):
    """The connection is gone; the stream is to be started again from the saved position."""


class RefusedError(SensscanError):
    """A privilege or setting is missing. `text` says which, `hint` the statement that grants it."""

    def __init__(self, text: Text, hint: Text | None = None) -> None:
        super().__init__(text, hint)
