"""What a user named - schemas, tables, columns, targets - and whether it is there: a misspelt name must not pass for a clean database.

A manual scan is refused when one name fits nothing. The other modes run unattended: what is there is read, a name that fits nothing is
listed as not read, and the run is refused only when nothing at all fits. An exclude that fits nothing leaves nothing out and is no matter.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from sensscan.catalog import Selection, enumerate_source
from sensscan.config import Filters
from sensscan.errors import NothingReadError, ReadError, UsageError
from sensscan.language import Text
from sensscan.model import Catalogue, ColumnRef, Reason, SkippedObject, Table
from sensscan.modes.request import RequestedSource, ScanRequest
from sensscan.modes.targets import check_matched
from sensscan.naming import dotted
from sensscan.source import Session, open_source
from sensscan.store import Store

Kind = Literal["schema", "table", "column"]
_KINDS: tuple[Kind, ...] = ("schema", "table", "column")
_VIEWS = ("view", "materialized_view")
_NEAR = 0.7
"""Likeness (difflib) from which a name is offered instead of a misspelt one."""


@dataclass(frozen=True, slots=True)
class Name:
    """One glob of --schema, --table or --column, or of the same keys in sensscan.toml."""

    kind: Kind
    glob: str

    def fits(self, schema: str, table: str = "", column: str = "", *, one_schema: bool) -> bool:
        """Whether an object of the catalogue is meant; an empty name stands for everything below, which may hold what is meant."""
        match self.kind:
            case "schema":
                return Selection(Filters(schemas=(self.glob,)), one_schema).schema(schema)
            case "table":
                return not table or Selection(Filters(tables=(self.glob,)), one_schema).table(schema, table)
            case _:
                return not column or Selection(Filters(columns=(self.glob,)), one_schema).column(schema, table, column)


@dataclass(frozen=True, slots=True)
class Missing:
    """A name that fits nothing, and what may have been meant."""

    name: Name
    near: str = ""
    view: bool = False
    """It fits views, which were not asked for."""

    @property
    def text(self) -> Text:
        """What is wrong, as one sentence."""
        said = f"--{self.name.kind} {self.name.glob}"
        if self.view:
            return Text(f"{said} fits views only, and views are read with --views.", f"{said} 只匹配视图，读取视图需加 --views。")
        hint = Text(f" Did you mean {self.near}?", f"是否想用 {self.near}？") if self.near else Text("", "")
        return Text(f"{said} fits nothing.{hint.en}", f"{said} 没有匹配的对象。{hint.zh}")

    def skipped(self, source: str) -> SkippedObject:
        """Return the entry for the report's list of what was not read."""
        schema, table, column = (self.name.glob if self.name.kind == kind else "" for kind in _KINDS)
        return SkippedObject(schema, table, column, Reason("failed", self.text), source)


@dataclass(frozen=True, slots=True)
class Fit:
    """How the names of one source fit its catalogue."""

    source: str
    asked: tuple[Name, ...]
    missing: tuple[Missing, ...] = ()
    nothing: bool = False
    """The filters leave nothing to read of a database that is not empty, or name what is not there."""
    tables: int = 0
    """Tables and views without the filters; counted only when `nothing` fits."""


def names_of(filters: Filters) -> tuple[Name, ...]:
    """Return what the filters ask for, in the order of the options."""
    return (
        *(Name("schema", glob) for glob in filters.schemas),
        *(Name("table", glob) for glob in filters.tables),
        *(Name("column", glob) for glob in filters.columns),
    )


def fit_of(session: Session, source: RequestedSource, catalogue: Catalogue, store: Store | None = None) -> Fit:
    """Return which names fit nothing of `catalogue`, which is what the filters let through.

    The whole catalogue is read once more only when a name is missing in it. What the `store` still has a result of is gone, not misspelt:
    the run says so. Raises ReadError.
    """
    filters, identity = source.config.filters, source.identity
    asked = names_of(filters)
    empty = not catalogue.tables and not catalogue.skipped
    doubtful = [name for name in asked if not _fits_any(name, catalogue)]
    if not doubtful and not (empty and filters.excludes):
        return Fit(identity, asked)
    whole = enumerate_source(session, identity, Filters(views=True))
    known = list(store.load_results(identity)) if store is not None else []
    missing = [found for name in doubtful if (found := _missing(name, whole, known, views=filters.views)) is not None]
    selection = Selection(filters, one_schema=whole.dialect == "sqlite")
    remembered = any(
        selection.schema(ref.schema) and selection.table(ref.schema, ref.table) and selection.column(ref.schema, ref.table, ref.column)
        for ref in known
    )
    nothing = empty and not remembered and bool(missing or whole.tables)
    return Fit(identity, asked, tuple(missing), nothing, len(whole.tables))


def _fits_any(name: Name, catalogue: Catalogue, kinds: Collection[str] | None = None) -> bool:
    one_schema = catalogue.dialect == "sqlite"
    tables = [table for table in catalogue.tables if kinds is None or table.kind in kinds]
    return any(name.fits(*names, one_schema=one_schema) for table in tables for names in _paths(name, table)) or any(
        name.fits(item.schema, item.table, item.column, one_schema=one_schema) for item in catalogue.skipped if item.schema
    )


def _paths(name: Name, table: Table) -> Iterable[tuple[str, ...]]:
    if name.kind == "column":
        return ((table.ref.schema, table.ref.table, column.ref.column) for column in table.columns)
    return ((table.ref.schema, table.ref.table),)


def _missing(name: Name, whole: Catalogue, known: Sequence[ColumnRef], *, views: bool) -> Missing | None:
    kinds = {table.kind for table in whole.tables}
    one_schema = whole.dialect == "sqlite"
    if _fits_any(name, whole, kinds if views else kinds - {*_VIEWS}):
        return None  # it is there; the other filters leave it out
    if any(name.fits(ref.schema, ref.table, ref.column, one_schema=one_schema) for ref in known):
        return None
    if _fits_any(name, whole, _VIEWS):
        return Missing(name, view=True)
    return Missing(name, _near(name, whole))


def _near(name: Name, whole: Catalogue) -> str:
    """Return the name of the catalogue that is most like a misspelt one, with as many parts; "" if none is."""
    depth = _KINDS.index(name.kind) + 1
    parts = min(name.glob.count(".") + 1, depth)
    names = {dotted(*path[depth - parts : depth]) for table in whole.tables for path in _paths(name, table)}
    return next(iter(difflib.get_close_matches(name.glob, sorted(names), n=1, cutoff=_NEAR)), "")


def missing_everywhere(fits: Sequence[Fit]) -> tuple[Missing, ...]:
    """Return the names that fit nothing in any of the sources that ask for them."""
    found: dict[Name, Missing] = {}
    for one in fits:
        for missing in one.missing:
            askers = [other for other in fits if missing.name in other.asked]
            if all(any(there.name == missing.name for there in other.missing) for other in askers):
                found.setdefault(missing.name, missing)
    return tuple(found.values())


def refuse_nothing(fits: Sequence[Fit]) -> None:
    """Raise UsageError when the filters leave nothing to read in any source."""
    if not fits or not all(fit.nothing for fit in fits):
        return
    sources = ", ".join(fit.source for fit in fits)
    tables = sum(fit.tables for fit in fits)
    count = Text(
        f"no table fits the filters (tables and views without them: {tables}).",
        f"没有符合过滤条件的表（不过滤时共 {tables} 张表和视图）。",
    )
    raise UsageError(Text(f"{sources}: {count.en}", f"{sources}：{count.zh}"), _joined(missing_everywhere(fits)) or _LEFT_OUT)


_LEFT_OUT = Text(
    "Each name fits something, but the filters together leave nothing.", "每个名称都有匹配的对象，但所有过滤条件合起来没有剩下任何对象。"
)


def _joined(missing: Sequence[Missing]) -> Text | None:
    if not missing:
        return None
    return Text(" ".join(one.text.en for one in missing), "".join(one.text.zh for one in missing))


def refuse_missing(fits: Sequence[Fit]) -> None:
    """Raise UsageError when a name fits nothing, or nothing fits."""
    refuse_nothing(fits)
    said = _joined(missing_everywhere(fits))
    if said is not None:
        raise UsageError(said, Text("--dry-run lists what is there.", "--dry-run 可列出现有对象。"))


def check_named(request: ScanRequest) -> None:
    """Refuse a scan before anything is read when a target, or in manual mode a filter, fits nothing in any of the sources.

    Says nothing while a source cannot be read: what is missing may be there. Raises UsageError.
    """
    if request.mode != "manual" and not request.targets:
        return
    catalogues, fits = [], []
    for source in request.sources:
        try:
            with open_source(source.url, source.config.limits) as session:
                catalogue = enumerate_source(session, source.identity, source.config.filters)
                fits.append(fit_of(session, source, catalogue))
                catalogues.append(catalogue)
        except (NothingReadError, ReadError):
            return
    if request.mode == "manual":
        refuse_missing(fits)
    check_matched(request.targets, catalogues)
