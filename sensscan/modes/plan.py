"""Which columns a run examines, and why each. Pure: everything it decides on is handed to it.

Full: everything that the filters let through. Manual: what the targets name. Incremental: what changed (structure, data by
their marks, rules) and what was read too long ago. Watch: the tables that events named; structure and rules as in incremental.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from sensscan.language import Text
from sensscan.model import Catalogue, Column, ColumnOutcome, ColumnRef, ColumnResult, PlannedColumn, ScanMode, ScanPlan, Table, TableRef
from sensscan.modes.marks import Changed, Comparison, Mark, Same, Unknown, compare, decode
from sensscan.modes.rules import RuleChanges, Rules, concerns, rule_changes
from sensscan.modes.targets import Target


class StoredMark(Protocol):
    """A table's marks when it was last finished (`sensscan.store`)."""

    @property
    def structure_hash(self) -> str:
        """The catalogue's hash of then."""

    @property
    def data_mark(self) -> str:
        """`Mark.encode()` of then."""

    @property
    def rule_fingerprint(self) -> str:
        """`Rules.encode()` of then."""

    @property
    def scanned_at(self) -> datetime:
        """When it was finished, with time zone."""


@dataclass(frozen=True, slots=True)
class KnownColumn:
    """What the store remembers of a column, as far as planning needs it."""

    data_type: str
    comment: str
    position: int
    types: frozenset[str] = frozenset()
    """Every type that the stored verdict mentions."""


def known_column(outcome: ColumnOutcome) -> KnownColumn:
    """Reduce a stored outcome to what planning needs."""
    types: set[str] = set()
    if isinstance(outcome, ColumnResult):
        found = outcome.classification
        types = {found.type_id, *(one.type_id for one in found.contains), *(one.type_id for one in found.also)}
        types |= {one.type_id for one in found.alternatives}
    column = outcome.column
    return KnownColumn(column.data_type, column.comment, column.position, frozenset(types))


ColumnLoader = Callable[[Collection[TableRef]], Mapping[ColumnRef, KnownColumn]]


def _no_columns(tables: Collection[TableRef]) -> Mapping[ColumnRef, KnownColumn]:
    return {}


@dataclass(frozen=True, slots=True)
class Stored:
    """What earlier runs left behind for one source."""

    marks: Mapping[TableRef, StoredMark] = field(default_factory=dict)
    columns: ColumnLoader = _no_columns
    """Loads the known columns of tables; asked only for tables of which something changed."""
    in_scope: Callable[[TableRef], bool] = lambda ref: True
    """Whether a stored table lies within the filters of this run: "gone" is decided only there."""


@dataclass(frozen=True, slots=True)
class Current:
    """What is true now."""

    now: datetime
    marks: Mapping[TableRef, Mark] = field(default_factory=dict)
    rules: Rules = Rules()
    full_scan_days: int = 30
    touched: Mapping[TableRef, Text] = field(default_factory=dict)
    """Watch: tables that events named, with what happened."""
    logged: Mapping[TableRef, Comparison] = field(default_factory=dict)
    """What the server's log says of tables; it counts before their marks."""


_FULL = Text("full scan", "全量扫描")
_UNCHANGED_RULES = RuleChanges()


def plan(
    mode: ScanMode,
    catalogue: Catalogue,
    *,
    current: Current,
    stored: Stored = Stored(),  # frozen
    targets: Sequence[Target] = (),
) -> ScanPlan:
    """Return the plan of one source.

    Every column of the catalogue is in `examine` or in `untouched`, each with its reason; `gone` are columns with a stored result
    that the catalogue no longer lists, `renamed` those that live on under another name.
    """
    match mode:
        case "full":
            everything = tuple(PlannedColumn(column.ref, _FULL) for table in catalogue.tables for column in table.columns)
            return _with_gone(ScanPlan(mode, everything), catalogue, stored, current)
        case "manual":
            return _manual(catalogue, targets)
        case _:
            return _incremental(mode, catalogue, stored, current, targets)


def _manual(catalogue: Catalogue, targets: Sequence[Target]) -> ScanPlan:
    examine: list[PlannedColumn] = []
    untouched: list[PlannedColumn] = []
    not_named = Text("not named", "未被指定")
    reasons = {target: Text(f"named: {target.text}", f"被指定：{target.text}") for target in targets}
    by_filter = Text("named by the filters", "由过滤条件指定")
    for table in catalogue.tables:
        for column in table.columns:
            hit = next((target for target in targets if target.matches(table, column)), None)
            if hit is not None or not targets:
                examine.append(PlannedColumn(column.ref, reasons[hit] if hit is not None else by_filter))
            else:
                untouched.append(PlannedColumn(column.ref, not_named))
    return ScanPlan("manual", tuple(examine), tuple(untouched))


@dataclass(frozen=True, slots=True)
class _Look:
    """One table's verdict before its columns are looked at one by one."""

    table: Table
    whole: Text | None
    """Why all columns are read; None when the columns decide."""
    same: Text
    structure: bool
    rules: RuleChanges

    @property
    def by_column(self) -> bool:
        return self.whole is None and (self.structure or bool(self.rules.changed or self.rules.removed))


def _incremental(mode: ScanMode, catalogue: Catalogue, stored: Stored, current: Current, targets: Sequence[Target]) -> ScanPlan:
    renamed_tables = _renamed_tables(catalogue, stored, current)
    # Tables share a few lines of rules: each is compared once.
    changes = {line: rule_changes(line, current.rules) for line in {mark.rule_fingerprint for mark in stored.marks.values()}}
    looks = [_look(mode, table, stored, current, renamed_tables.get(table.ref), changes=changes) for table in catalogue.tables]
    changed = {look.table.ref for look in looks if look.structure or look.by_column}
    known = stored.columns(changed | set(renamed_tables.values())) if changed or renamed_tables else {}
    by_table: dict[TableRef, dict[str, KnownColumn]] = {}
    for ref, remembered in known.items():
        by_table.setdefault(ref.table_ref, {})[ref.column] = remembered
    examine: list[PlannedColumn] = []
    untouched: list[PlannedColumn] = []
    renamed: dict[ColumnRef, ColumnRef] = {}
    for look in looks:
        old_table = renamed_tables.get(look.table.ref, look.table.ref)
        before = by_table.get(old_table, {})
        names = _renamed_columns(look.table, before) if look.structure else {}
        if names or old_table is not look.table.ref:
            renamed |= {
                column.ref: ColumnRef(old_table.source, old_table.schema, old_table.table, names.get(column.ref.column, column.ref.column))
                for column in look.table.columns
                if (column.ref.column in names or old_table != look.table.ref) and names.get(column.ref.column, column.ref.column) in before
            }
        for column in look.table.columns:
            reason = look.whole or (_column_reason(column, before, names, look, current) if look.by_column else None)
            if targets and not any(target.matches(look.table, column) for target in targets):
                untouched.append(PlannedColumn(column.ref, Text("not named", "未被指定")))
            elif reason is not None:
                examine.append(PlannedColumn(column.ref, reason))
            else:
                untouched.append(PlannedColumn(column.ref, look.same))
    made = ScanPlan(mode, tuple(examine), tuple(untouched), renamed=renamed)
    return _with_gone(made, catalogue, stored, current, known)


def _look(
    mode: ScanMode, table: Table, stored: Stored, current: Current, old: TableRef | None, *, changes: Mapping[str, RuleChanges]
) -> _Look:
    mark = stored.marks.get(table.ref)
    if mark is None:
        if old is not None:
            why = Text(f"table renamed from {old.table}", f"表由 {old.table} 改名而来")
            return _Look(table, why, why, structure=True, rules=_UNCHANGED_RULES)
        why = Text("new table, or not finished before", "新表，或此前未扫描完成")
        return _Look(table, why, why, structure=False, rules=_UNCHANGED_RULES)
    structure = mark.structure_hash != table.structure_hash
    rules = changes[mark.rule_fingerprint]
    if mode == "watch" and table.ref in current.touched:
        return _Look(table, current.touched[table.ref], _FULL, structure, rules)
    age = current.now - mark.scanned_at
    if mode == "incremental" and age >= timedelta(days=current.full_scan_days):
        why = Text(
            f"last examined {age.days} days ago (forced every {current.full_scan_days} days)",
            f"上次检查在 {age.days} 天前（每 {current.full_scan_days} 天强制重扫）",
        )
        return _Look(table, why, why, structure, rules)
    if rules.everything:
        why = Text("the program's rules as a whole changed", "程序的整体规则已改变")
        return _Look(table, why, why, structure, rules)
    if mode == "watch":
        # Events speak for the data; nothing was said about this table.
        return _Look(table, None, Text("no event", "没有变更事件"), structure, rules)
    comparison = current.logged.get(table.ref) or compare(decode(mark.data_mark), current.marks.get(table.ref))
    return _judged(table, comparison, structure=structure, rules=rules)


def _judged(table: Table, comparison: Comparison, *, structure: bool, rules: RuleChanges) -> _Look:
    match comparison:
        case Same(by):
            return _Look(table, None, Text(f"unchanged: {by.en}", f"未变：{by.zh}"), structure, rules)
        case Changed(what):
            why = Text(f"data changed: {what.en}", f"数据已变：{what.zh}")
            return _Look(table, why, why, structure, rules)
        case Unknown(unknown):
            why = Text(f"change unknown: {unknown.en}", f"无法确定是否变化：{unknown.zh}")
            return _Look(table, why, why, structure, rules)


def _column_reason(
    column: Column, before: Mapping[str, KnownColumn], names: Mapping[str, str], look: _Look, current: Current
) -> Text | None:
    """Return why a column of a table with unchanged data is examined, None when nothing concerns it."""
    name = column.ref.column
    if name in names:
        return Text(f"renamed from {names[name]}", f"由 {names[name]} 改名而来")
    known = before.get(name)
    if known is None:
        return Text("new column", "新列")
    if known.data_type != column.data_type:
        return Text(f"type changed: {known.data_type} -> {column.data_type}", f"类型改变：{known.data_type} -> {column.data_type}")
    if known.comment != column.comment:
        return Text("comment changed", "注释改变")
    mentioned = sorted(known.types & set(look.rules.removed))
    hits = [type_id for type_id in look.rules.changed if type_id in known.types or concerns(current.rules.types[type_id], column)]
    if hits or mentioned:
        shown = ", ".join((hits + mentioned)[:3]) + (" ..." if len(hits) + len(mentioned) > 3 else "")
        return Text(f"rules changed: {shown}", f"规则改变：{shown}")
    return None


def _renamed_columns(table: Table, before: Mapping[str, KnownColumn]) -> dict[str, str]:
    """Return new -> old name for columns that stand where a vanished one of the same type stood."""
    now = {column.ref.column for column in table.columns}
    vanished: dict[int, list[str]] = {}
    for name, known in before.items():
        if name not in now:
            vanished.setdefault(known.position, []).append(name)
    result = {}
    for column in table.columns:
        candidates = vanished.get(column.position, [])
        if column.ref.column not in before and len(candidates) == 1 and before[candidates[0]].data_type == column.data_type:
            result[column.ref.column] = candidates[0]
    return result


def _identity(mark: Mark | None) -> str:
    """Return the server's own identity of a table, which a rename keeps; "" where it has none."""
    if mark is None:
        return ""
    return f"{mark.text('database')}/{mark.text('oid')}" if mark.text("oid") else mark.text("id")


def _renamed_tables(catalogue: Catalogue, stored: Stored, current: Current) -> dict[TableRef, TableRef]:
    """Return new -> old name of tables that the server's own identity recognises."""
    listed = {table.ref for table in catalogue.tables}
    vanished = {_identity(decode(mark.data_mark)): ref for ref, mark in stored.marks.items() if ref not in listed}
    vanished.pop("", None)
    new = [ref for ref in listed if ref not in stored.marks]
    return {ref: vanished[name] for ref in new if (name := _identity(current.marks.get(ref))) in vanished}


def _with_gone(
    made: ScanPlan, catalogue: Catalogue, stored: Stored, current: Current, known: Mapping[ColumnRef, KnownColumn] | None = None
) -> ScanPlan:
    """Add the columns that were there once: of vanished tables, and of tables whose structure changed."""
    listed = {table.ref: table for table in catalogue.tables}
    unread = {(one.schema, one.table) for one in catalogue.skipped}
    lost = {
        ref
        for ref in stored.marks
        if ref not in listed and stored.in_scope(ref) and not unread & {(ref.schema, ref.table), (ref.schema, ""), ("", "")}
    }
    altered = {ref for ref, table in listed.items() if ref in stored.marks and stored.marks[ref].structure_hash != table.structure_hash}
    have = dict(known or {})
    missing = (lost | altered) - {ref.table_ref for ref in have}
    if missing:
        have |= stored.columns(missing)
    lives_on = set(made.renamed.values())
    present = {column.ref for ref in altered for column in listed[ref].columns}
    gone = [
        PlannedColumn(ref, Text("table dropped", "表已删除") if ref.table_ref in lost else Text("column dropped", "列已删除"))
        for ref in sorted(have)
        if ref not in lives_on and (ref.table_ref in lost or (ref.table_ref in altered and ref not in present))
    ]
    return ScanPlan(made.mode, made.examine, made.untouched, tuple(gone), made.renamed)


def summary(made: ScanPlan, limit: int | None = None) -> Iterable[Text]:
    """Yield the plan as lines for people: one per table and reason, columns named where they differ within a table."""
    for title, columns in (
        (Text("rescan", "重扫"), made.examine), (Text("keep", "保留"), made.untouched), (Text("gone", "消失"), made.gone)
    ):  # fmt: skip
        # A table's columns follow each other, and mostly share one reason: runs are made before anything is counted.
        groups: dict[tuple[str, str, str], tuple[Text, list[str]]] = {}
        last: list[str] = []
        place, why = ("", ""), None
        for one in columns:
            ref = one.ref
            if one.reason is not why or (ref.schema, ref.table) != place:
                place, why = (ref.schema, ref.table), one.reason
                last = groups.setdefault((*place, why.en), (why, []))[1]
            last.append(ref.column)
        shown = list(groups.items())[:limit]
        whole = _sizes(made, {key[:2] for key, _ in shown})
        for (schema, table, _), (reason, names) in shown:
            place_name = f"{schema}.{table}" + (f" ({', '.join(names)})" if len(names) < whole[schema, table] else "")
            yield Text(f"{title.en}  {place_name}: {reason.en}", f"{title.zh}  {place_name}：{reason.zh}")
        if len(shown) < len(groups):
            more = len(groups) - len(shown)
            yield Text(f"{title.en}  ... and {more} more", f"{title.zh}  ……另有 {more} 项")


def _sizes(made: ScanPlan, places: Collection[tuple[str, str]]) -> Counter[tuple[str, str]]:
    """Return how many columns some tables have."""
    refs = (one.ref for one in (*made.examine, *made.untouched, *made.gone))
    return Counter(place for ref in refs if (place := (ref.schema, ref.table)) in places)
