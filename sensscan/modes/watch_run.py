"""Putting a watcher together: streams for the server, the store as keeper, `run.scan` as scan, lines and notifications."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from sensscan.catalog import Selection, enumerate_source
from sensscan.errors import InterruptedRunError, SensscanError
from sensscan.language import Text
from sensscan.model import INCOMPLETE_CODES, ColumnRef, Report, ReportColumn, ScanMode, SkippedColumn, TableRef
from sensscan.modes.config_file import Config, WatchConfig
from sensscan.modes.listing import Listing
from sensscan.modes.marks import Mark, decode
from sensscan.modes.request import RequestedSource, ScanRequest
from sensscan.modes.watch_events import Stream
from sensscan.modes.watch_mysql import BinlogStream
from sensscan.modes.watch_poll import PollingStream
from sensscan.modes.watch_postgresql import PostgresStream
from sensscan.modes.watch_service import Rescan, Timing, Watcher
from sensscan.naming import written
from sensscan.source import Session, open_source

if TYPE_CHECKING:
    from sensscan.store import Store

Way = Literal["auto", "poll"]
_SYSTEM = frozenset({"mysql", "information_schema", "performance_schema", "sys", "pg_catalog"})
_EVENT_SECONDS = 600
"""Time limit of one statement on the event session: decoding a huge transaction takes longer than reading a sample."""


@dataclass(frozen=True)
class StoreKeeper:
    """Keeps position and dirty set in the tag store."""

    store: Store
    source: str

    def load(self) -> tuple[str, Mapping[TableRef, int]]:
        """Return what an earlier watcher left."""
        state = self.store.watch_position(self.source)
        return (state.position, state.dirty) if state is not None else ("", {})

    def save(self, position: str, dirty: Mapping[TableRef, int]) -> None:
        """Keep both in one transaction."""
        from sensscan.store import WatchState

        self.store.save_watch_position(self.source, WatchState(position, dict(dirty)))


def streams_for(
    source: RequestedSource, known: Mapping[TableRef, Mark], settings: WatchConfig, way: Way, stop: threading.Event
) -> list[Stream]:
    """Return the ways to watch this source, best first; polling is always the last."""
    limits = replace(source.config.limits, statement_seconds=max(source.config.limits.statement_seconds, _EVENT_SECONDS))

    @contextmanager
    def connect() -> Iterator[Session]:
        with open_source(source.url, limits) as session:
            yield session

    def tables(session: Session) -> list[TableRef]:
        return [table.ref for table in enumerate_source(session, source.identity, source.config.filters).tables]

    polling = PollingStream(connect, tables, known, interval=settings.poll, unknown_seconds=settings.unknown, stop=stop)
    if way == "poll" or source.url.dialect == "sqlite":
        return [polling]
    if source.url.dialect == "postgresql":
        slot = PostgresStream(connect, source.identity, slot=settings.slot, unlimited_wal=settings.allow_unlimited_wal, stop=stop)
        return [slot, polling]
    return [BinlogStream(source.url, connect, source.identity, server_id=settings.server_id, stop=stop), polling]


def structure_of(source: RequestedSource) -> dict[TableRef, str]:
    """Return the structure hash of every table in scope now."""
    with open_source(source.url, source.config.limits) as session:
        catalogue = enumerate_source(session, source.identity, source.config.filters)
    return {table.ref: table.structure_hash for table in catalogue.tables}


def rescanner(request: ScanRequest, say: Callable[[Text], None], tell: Callable[[Text, bool], None]) -> Rescan:
    """Return the scan of touched tables; says one line per run and one per new or changed finding."""
    listing = Listing()

    def rescan(tables: Mapping[TableRef, Text] | None) -> Collection[TableRef]:
        from sensscan.modes.run import scan

        mode: ScanMode = "incremental" if tables is None else "watch"
        finished = scan(replace(request, mode=mode), touched=tables, listing=listing)
        if finished.interrupted:
            raise InterruptedRunError(Text("The scan was interrupted.", "扫描被中断。"))
        columns = {column.column.ref: column for column in finished.report.columns}
        for ref in (*finished.new_findings, *finished.changed):
            if ref in columns:
                say(finding_line(columns[ref]))
        summary = run_line(finished.report, len(finished.new_findings), len(finished.changed), len(finished.gone))
        say(summary)
        tell(summary, bool(finished.new_findings or finished.changed))
        return unfinished_tables(finished.report, tables)

    return rescan


def finding_line(column: ReportColumn) -> Text:
    """Say where something was found and what; names only."""
    place = written(column.column.ref)
    level = column.grade.level.label
    return Text(f"found  {place}: {column.type_label.en} ({level.en})", f"发现  {place}：{column.type_label.zh}（{level.zh}）")


def run_line(report: Report, new: int, changed: int, gone: int) -> Text:
    """One line for a run: what it looked at and what came of it."""
    run = report.run
    sources = ", ".join(run.sources)
    return Text(
        f"{sources}: {run.columns_examined} columns examined, {new} new, {changed} changed, {gone} gone ({run.outcome}, run {run.id})",
        f"{sources}：检查 {run.columns_examined} 列，新增 {new}，变化 {changed}，消失 {gone}（{_OUTCOMES[run.outcome]}，运行 {run.id}）",
    )


_OUTCOMES = {"complete": "完整", "incomplete": "不完整", "interrupted": "中断"}


def unfinished_tables(report: Report, tables: Mapping[TableRef, Text] | None) -> set[TableRef]:
    """Return the tables that could not be read as a whole, of those that were asked for. Missing rights are not tried again and again."""
    left: set[TableRef] = set()
    for column in report.columns:
        if isinstance(column.outcome, SkippedColumn) and column.outcome.reason.code in INCOMPLETE_CODES - {"permission"}:
            ref: ColumnRef = column.column.ref
            if tables is None or ref.table_ref in tables:
                left.add(ref.table_ref)
    return left


def make_watcher(
    source: RequestedSource,
    request: ScanRequest,
    store: Store,
    settings: WatchConfig,
    *,
    way: Way,
    say: Callable[[Text], None],
    tell: Callable[[Text, bool], None],
    stop: threading.Event,
) -> Watcher:
    """Return a watcher of one source, ready to run."""
    stored = store.get_marks(source.identity)
    known = {ref: mark for ref, one in stored.items() if (mark := decode(one.data_mark)) is not None}

    def structure() -> Mapping[TableRef, str]:
        return structure_of(source)

    selection = Selection(source.config.filters, one_schema=source.url.dialect == "sqlite")

    def in_scope(ref: TableRef) -> bool:
        if not ref.schema or (not ref.table and selection.schema(ref.schema)):
            return True
        return ref.schema not in _SYSTEM and selection.schema(ref.schema) and selection.table(ref.schema, ref.table)

    return Watcher(
        source.identity,
        streams_for(source, known, settings, way, stop),
        StoreKeeper(store, source.identity),
        rescanner(request, say, tell),
        structure,
        {ref: one.structure_hash for ref, one in stored.items()},
        say,
        timing=Timing(quiet=settings.quiet, longest=settings.longest),
        in_scope=in_scope,
        stop=stop,
    )


def teller(config: Config, environ: Mapping[str, str], say: Callable[[Text], None]) -> Callable[[Text, bool], None]:
    """Return a function that sends a run's summary to the configured channels; failures become a line, never an end."""

    def tell(summary: Text, changed: bool) -> None:
        from sensscan.modes.notify import tell as send

        try:
            for delivery in send(config, environ, title="sensscan", body=f"{summary.en}\n{summary.zh}", changed=changed, failed=False):
                if not delivery.delivered:
                    say(Text(f"notification by {delivery.channel} failed", f"通过 {delivery.channel} 的通知失败"))
        except SensscanError as error:
            say(Text(error.message("en"), error.message("zh")))

    return tell
