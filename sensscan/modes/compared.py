"""What is known of a source's tables before anything is planned: marks of earlier runs, marks of now, what the server's log says."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sensscan.model import Catalogue, ScanMode, TableRef
from sensscan.modes.marks import Mark, decode, read_marks
from sensscan.modes.marks_binlog import LogAnswers, ask_log
from sensscan.source import Session
from sensscan.store import Store, StoredMark


@dataclass(frozen=True, slots=True)
class Compared:
    """One source's marks."""

    earlier: Mapping[TableRef, StoredMark] = field(default_factory=dict)
    """Of each table's last scan."""
    marks: Mapping[TableRef, Mark] = field(default_factory=dict)
    """Read now, before anything is sampled: a change in between is then noticed one run later, never lost."""
    logged: LogAnswers = LogAnswers()  # frozen


def compare_source(
    mode: ScanMode, session: Session, store: Store, catalogue: Catalogue, listed: Collection[TableRef] | None = None
) -> Compared:
    """Read the stored and the current marks, and where the mode compares, what the server's log says (MariaDB).

    `listed`: the tables whose current marks are wanted; None for all.
    """
    earlier = store.get_marks(catalogue.source)
    wanted = [table.ref for table in catalogue.tables if listed is None or table.ref in listed]

    def known() -> dict[TableRef, Mark]:
        # A scan that reads the tables anyway stores marks of now, which say more than those of a table just written to.
        decoded = {ref: decode(earlier[ref].data_mark) for ref in wanted if ref in earlier and mode == "incremental"}
        return {ref: mark for ref, mark in decoded.items() if mark is not None}

    marks = read_marks(session, wanted, known)
    if mode != "incremental" or session.dialect != "mysql":
        return Compared(earlier, marks)
    return Compared(earlier, marks, ask_log(session, earlier, marks))
