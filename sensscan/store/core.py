"""The store in one piece: every method is one function of a neighbouring module."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime
from pathlib import Path

from sensscan.allowed import AllowedValues
from sensscan.errors import StoreError
from sensscan.language import Text
from sensscan.model import Catalogue, ColumnRef, Grade, Outcome, Report, ScanMode, TableRef, TableResult, Tag
from sensscan.store import allow, carry, chain, diffs, labels, locks, marks, notices, reviews, runs, save, saved, undo, upgrade, upkeep
from sensscan.store.database import Database, open_database
from sensscan.store.renames import Scope
from sensscan.store.views import (
    ActorKind,
    AllowRule,
    Event,
    Head,
    LabelChange,
    LockHolder,
    Pruned,
    RunDiff,
    SaveSummary,
    StoredMark,
    StoredResult,
    StoredRun,
    StoreInfo,
    Verification,
    WatchState,
)


def _names(sources: str | Sequence[str] | None) -> Sequence[str] | None:
    """Take one source for a list of one: a text is a sequence too, of letters."""
    return [sources] if isinstance(sources, str) else sources


class Store:
    """An open tag store; make one by `open_store`. Methods raise StoreError when the database fails."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._checkpoints = runs.Checkpoints(database)
        self._saved: tuple[str, Mapping[ColumnRef, int]] = ("", {})

    @property
    def place(self) -> str:
        """File or server of the store, for people."""
        return self._database.place

    # Runs ---------------------------------------------------------------------------------------------------------------

    def start_run(
        self,
        run_id: str,
        *,
        mode: ScanMode,
        sources: Sequence[str],
        started_at: datetime,
        version: str,
        policy: str,
        options_fingerprint: str = "",
        options: Mapping[str, str] | None = None,
    ) -> int:
        """Note a run that begins and return its number.

        `sources` are identities; `policy` is "name", better "name@version:hash": it is the basis of every level event.
        `options` (words for people) name the differences when `--resume` meets other options.
        """
        return runs.start_run(
            self._database,
            run_id,
            mode=mode,
            sources=sources,
            options_fingerprint=options_fingerprint,
            options=options or {},
            started_at=started_at,
            version=version,
            policy=policy,
        )

    def finish_run(self, run_id: str, *, outcome: Outcome, finished_at: datetime) -> Head:
        """Note a run's end; return the end of the event log for the report. Checkpoints go, unless it was interrupted."""
        if outcome == "interrupted":
            self._checkpoints.flush()
        else:
            self._checkpoints.drop(run_id)
        return runs.finish_run(self._database, run_id, outcome=outcome, finished_at=finished_at)

    def runs(self, *, source: str | None = None, limit: int | None = None) -> list[StoredRun]:
        """Return the runs, newest first."""
        return runs.list_runs(self._database, source=source, limit=limit)

    def unfinished_run(self, sources: Sequence[str], options_fingerprint: str | None = None) -> StoredRun | None:
        """Return the newest run of exactly these sources if it did not end (killed or interrupted), to be resumed.

        Without a fingerprint the options do not matter: compare `options` to name the differences.
        """
        return runs.unfinished_run(self._database, sources, options_fingerprint)

    def checkpoint(self, run_id: str, result: TableResult) -> None:
        """Keep a finished table for `--resume`. Written at most a second later, with others, in one transaction."""
        self._checkpoints.add(run_id, result)

    def flush_checkpoints(self) -> None:
        """Write the checkpoints that still wait."""
        self._checkpoints.flush()

    def load_checkpoints(self, run_id: str) -> dict[TableRef, TableResult]:
        """Return the finished tables of a run that did not end."""
        return runs.load_checkpoints(self._database, run_id)

    # Results ------------------------------------------------------------------------------------------------------------

    def save_results(
        self,
        run_id: str,
        results: Sequence[TableResult],
        grades: Mapping[ColumnRef, Grade],
        *,
        rules: Mapping[str, str] | None = None,
        catalogues: Sequence[Catalogue] = (),
        in_scope: Scope | None = None,
    ) -> SaveSummary:
        """Store what a run found, once, at its end (again with the same results changes nothing).

        grades: level per column; give for a column with a person's decision the grade of the decided type (see `tags`).
        rules: type id -> fingerprint of its rule (`registry.fingerprints`), the basis of type events.
        catalogues: what the run enumerated. With them, columns and tables that the store knows, that the filters let through
        (`in_scope`, None for no filters) and that are not there any more count as gone. Without, nothing is decided gone.
        Renamed columns and tables keep label and history.
        """
        summary = save.save_results(self._database, run_id, results, grades, rules=rules or {}, catalogues=catalogues, in_scope=in_scope)
        self._saved = (run_id, summary.ids)
        return summary

    def load_results(self, source: str, *, tables: Sequence[TableRef] | None = None) -> dict[ColumnRef, StoredResult]:
        """Return the current result of every column of a source (or of some tables); outcomes are decoded when asked for."""
        return runs.load_results(self._database, source, tables)

    def save_report(self, report: Report) -> None:
        """Keep a run's report for `load_report`; call after `save_results` and `finish_run`."""
        run_id, ids = self._saved
        saved.save_report(self._database, report, ids if run_id == report.run.id else {})

    def newest_run(self, run_id: str, sources: Sequence[str]) -> StoredRun | None:
        """Return the newest run before `run_id` that looked at any of the sources; None if it was not of exactly these."""
        return carry.newest_run(self._database, run_id, sources)

    def touched_since(self, run: StoredRun) -> bool:
        """Return whether labels of its sources or exceptions were changed by anybody else since a run began."""
        return carry.touched_since(self._database, run)

    def carried(self, run_id: str, base: StoredRun) -> carry.Carried:
        """Return the report of an earlier run in parts, for run `run_id` that carries it over."""
        found = carry.carried(self._database, base)
        ids = {
            ColumnRef(ref.source, ref.schema, ref.table, name): column.line.id
            for ref, table in found.tables.items()
            for name, column in table.columns.items()
        }
        self._saved = (run_id, ids)
        return found

    def load_report(self, run: str = "latest") -> Report:
        """Return a run's report, by id, beginning of an id, "latest", "previous" or "latest~N". Raises UsageError."""
        return saved.load_report(self._database, run)

    def diff(self, run_a: str, run_b: str) -> RunDiff:
        """Return new, gone and changed columns from run a to run b. Raises UsageError."""
        return diffs.diff(self._database, run_a, run_b)

    # Labels -------------------------------------------------------------------------------------------------------------

    def tags(
        self,
        sources: str | Sequence[str] | None = None,
        *,
        patterns: Sequence[str] = (),
        policy: str | None = None,
        with_gone: bool = False,
        spoken_of: bool = False,
        tables: Sequence[TableRef] | None = None,
    ) -> dict[ColumnRef, Tag]:
        """Return labels, in the order of sources, tables and columns.

        `status` other than "found" is a person's decision: `type_id` then is the decided type ("none" when rejected).
        `level` is the one of `policy` (None: of the newest run's policy); "unknown" where that policy never graded the column.
        `spoken_of`: only labels with a decision, an owner or a level by a person, which are few among many; `tables`: only of these.
        """
        return labels.read_tags(
            self._database,
            sources=_names(sources),
            patterns=patterns,
            policy=policy,
            with_gone=with_gone,
            spoken_of=spoken_of,
            tables=tables,
        )

    def decided_levels(self, sources: str | Sequence[str] | None, policy: str) -> dict[ColumnRef, str]:
        """Return the levels that persons set under a policy: the last word, whatever a scan or the policy says."""
        tags = self.tags(sources, policy=policy)
        return {ref: tag.levels[policy] for ref, tag in tags.items() if policy in tag.fixed_levels}

    def columns(self, patterns: Sequence[str] = (), *, sources: str | Sequence[str] | None = None) -> list[ColumnRef]:
        """Return the columns that the store knows and that any of the patterns means, labelled or not."""
        with self._database.read() as connection:
            return [place.ref for place in labels.find_columns(connection, sources=_names(sources), patterns=patterns).values()]

    def would_change(self, changes: Mapping[ColumnRef, LabelChange]) -> list[ColumnRef]:
        """Return the columns that `decide` would change. Raises UsageError for unknown words."""
        return labels.would_change(self._database, changes)

    def decide(self, changes: Mapping[ColumnRef, LabelChange], *, actor: str, kind: ActorKind = "person") -> int:
        """Write decisions of a person, all or none; return how many columns changed. Raises UsageError for unknown words."""
        return labels.decide(self._database, changes, actor=actor, kind=kind, expected=None)[0]

    def decide_if_unchanged(
        self, changes: Mapping[ColumnRef, LabelChange], versions: Mapping[ColumnRef, int], *, actor: str, kind: ActorKind = "import"
    ) -> tuple[int, list[ColumnRef]]:
        """Write decisions unless a label has moved on from its `Tag.version` (0: no label).

        Returns how many columns changed, and those that have moved on: then nothing was written.
        """
        return labels.decide(self._database, changes, actor=actor, kind=kind, expected=versions)

    def undo(self, ref: ColumnRef, *, actor: str) -> list[Event]:
        """Take back the newest decision about a column, by new events; return the events taken back."""
        return undo.undo(self._database, ref, actor=actor)

    def pending_reviews(
        self, reviewer: str, *, sources: str | Sequence[str] | None = None, patterns: Sequence[str] = (), policy: str | None = None
    ) -> list[reviews.ReviewItem]:
        """Return findings that nobody decided on and decisions that a scan contradicts; those passed over earlier come last."""
        return reviews.pending(self._database, reviewer, sources=_names(sources), patterns=patterns, policy=policy)

    def pass_over(self, reviewer: str, ref: ColumnRef, *, passed: bool = True) -> None:
        """Remember that a reviewer passed a finding over, or take that back."""
        reviews.pass_over(self._database, reviewer, ref, passed=passed)

    def history(
        self, patterns: Sequence[str] = (), *, sources: str | Sequence[str] | None = None, refs: Collection[ColumnRef] | None = None
    ) -> list[Event]:
        """Return the events about columns in the order of the log, under every name that they have had; all events without patterns."""
        with self._database.read() as connection:
            if not patterns and sources is None and refs is None:
                return list(labels.events_of(connection, None))
            places = labels.find_columns(connection, sources=_names(sources), patterns=patterns, with_gone=True)
            ids = [number for number, place in places.items() if refs is None or place.ref in refs]
            found = list(labels.events_of(connection, ids))
            about = {event.seq for event in found}
            said = [event for event in labels.notices(connection) if event.about in about]
            return sorted({event.seq: event for event in (*found, *said)}.values(), key=lambda event: event.seq)

    def moves(self, patterns: Sequence[str] = (), *, sources: str | Sequence[str] | None = None) -> list[notices.Move]:
        """Return the newest change of type or level of each labelled column, with the notices about it."""
        return notices.moves(self._database, sources=_names(sources), patterns=patterns)

    def add_notices(
        self, about: Sequence[int], *, to: Sequence[str], actor: str, channel: str = "", state: notices.NoticeState = "sent", note: str = ""
    ) -> int:
        """Note that users of the data were told of changes, named by their events; return how many. Raises UsageError."""
        return notices.add_notices(self._database, about, to=to, channel=channel, state=state, note=note, actor=actor)

    # Exceptions ---------------------------------------------------------------------------------------------------------

    def allow_list(self, today: date) -> allow.AllowList:
        """Return the exceptions that hide findings today, and the ended ones."""
        return allow.allow_list(self._database, today)

    def exceptions(self, *, with_removed: bool = False) -> list[AllowRule]:
        """Return all exceptions, oldest first."""
        return allow.list_rules(self._database, with_removed=with_removed)

    def add_exception(
        self,
        *,
        reason: str,
        author: str,
        column: str = "*",
        source: str = "*",
        type_id: str = "*",
        value: str | None = None,
        expires: date | None = None,
    ) -> AllowRule:
        """Hide findings by column glob, source glob, type glob or value (kept as a keyed fingerprint only). Raises UsageError."""
        return allow.add_rule(
            self._database, column=column, source=source, type_id=type_id, value=value, reason=reason, author=author, expires=expires
        )

    def remove_exception(self, rule_id: str, *, actor: str) -> AllowRule:
        """End an exception. Raises UsageError for an unknown id."""
        return allow.remove_rule(self._database, rule_id, actor=actor)

    def allowed_values(self, today: date) -> AllowedValues | None:
        """Return the single values that do not count in a scan; None when there are none."""
        rules = tuple((rule.type_id, rule.fingerprint) for rule in self.allow_list(today).active if rule.fingerprint)
        return AllowedValues(self._database.key.value_secret, rules) if rules else None

    # Marks, locks -------------------------------------------------------------------------------------------------------

    def get_marks(self, source: str) -> dict[TableRef, StoredMark]:
        """Return the change marks of a source's tables."""
        return marks.get_marks(self._database, source)

    def put_marks(self, run_id: str, values: Mapping[TableRef, StoredMark]) -> None:
        """Write the change marks of tables that a run finished."""
        marks.put_marks(self._database, run_id, values)

    def watch_position(self, source: str) -> WatchState | None:
        """Return where the watcher of a source stands, with the tables still to be scanned."""
        return marks.watch_state(self._database, source)

    def save_watch_position(self, source: str, state: WatchState) -> None:
        """Write position and touched tables together."""
        marks.save_watch_state(self._database, source, state)

    def lock(self, sources: Sequence[str], run_id: str) -> AbstractContextManager[None]:
        """Hold the locks of sources during a scan. Entering raises StoreError naming the scan that holds one."""
        return locks.locked(self._database, sources, run_id)

    def lock_holder(self, source: str) -> LockHolder | None:
        """Return the scan that holds a source now."""
        return locks.holder(self._database, source)

    # Log and upkeep -----------------------------------------------------------------------------------------------------

    def head(self) -> Head:
        """Return the end of the event log."""
        return runs.current_head(self._database)

    def verify(self, head: Head | None = None) -> Verification:
        """Check the whole event log, against a head noted elsewhere if given. Raises StoreError without the key."""
        key = self._database.raw_key()
        if key is None and self.head().count == 0:
            key = self._database.key
        if key is None:
            raise StoreError(
                Text("Without the key the log cannot be checked.", "没有密钥，无法校验日志。"),
                Text("Set SENSSCAN_STORE_KEY or copy store.key.", "请设置 SENSSCAN_STORE_KEY，或复制 store.key。"),
            )
        with self._database.read() as connection:
            return chain.verify(connection, key, head)

    def use_hash(self, name: str) -> None:
        """Seal new events with "sha256" or "sm3". Raises ConfigError."""
        self._database.use_algorithm(name)

    def info(self) -> StoreInfo:
        """Return facts and sizes of the store."""
        return upkeep.info(self._database)

    def prune(self, *, before: datetime) -> Pruned:
        """Remove old reports and superseded results, but never the evidence of a label nor an event."""
        return upkeep.prune(self._database, before=before)

    def backup(self, path: Path) -> int:
        """Copy the store into a new SQLite file; return its rows. Raises UsageError."""
        return upkeep.backup(self._database, path)

    def restore(self, path: Path) -> int:
        """Take a backup into this empty store; return its rows. Raises UsageError."""
        return upkeep.restore(self._database, path, environ=self._database.environ)

    def migrate(self, target: str = "head") -> tuple[str, str]:
        """Migrate to a revision (down too); return the revisions before and after."""
        return upgrade.migrate(self._database, target)

    def close(self) -> None:
        """Write waiting checkpoints and give back connections."""
        try:
            self._checkpoints.flush()
        finally:
            self._database.close()


@contextmanager
def opened(url: str | None, environ: Mapping[str, str]) -> Iterator[Store]:
    """Open a store for the length of a block."""
    store = Store(open_database(url, environ))
    try:
        yield store
    finally:
        store.close()
