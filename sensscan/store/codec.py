"""Outcomes, tables and grades as JSON text and back: the one place for stored results, checkpoints and saved reports.

Forms are lists, not objects: a store holds a line for each column, and field names would be most of it. Each form begins
with its version; a reader of a newer program reads older forms. Nothing here can hold a clear value, because the model's
dataclasses do not; JSON and not pickle, because a team store is written by others.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from functools import lru_cache
from itertools import starmap
from operator import attrgetter
from typing import Any, cast

from sensscan.language import Text
from sensscan.model import (
    Also,
    Alternative,
    Classification,
    Column,
    ColumnOutcome,
    ColumnRef,
    ColumnResult,
    Contained,
    Coverage,
    Evidence,
    EvidenceKind,
    Family,
    Grade,
    LevelView,
    Reason,
    SkippedColumn,
    SkippedObject,
    Table,
    TableRef,
    TableResult,
)

FORM = 1


def _plain(value: object) -> object:
    """Turn a number of numpy into Python's own; detectors count with arrays."""
    item = getattr(value, "item", None)
    if item is None:
        raise TypeError(type(value).__name__)
    return item()


_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"), default=_plain).encode
Json = Any
"""What `json.loads` returns: checked by the decoder that takes it apart."""


def to_json(value: Json) -> str:
    """Return compact JSON, the same text for the same value."""
    return _encode(value)


@lru_cache(maxsize=4096)
def word_json(word: str | bool | None) -> str | None:
    """Return a short word that repeats (a type, a level) as JSON; None stays None: there was nothing."""
    return None if word is None else _encode(word)


def from_json(text: str) -> Json:
    """Read JSON text that this store wrote."""
    return json.loads(text)


RULE_DIGITS = 12
"""Digits of a rule's fingerprint that are kept with a table's mark."""


def encode_rules(general: str, fingerprints: Mapping[str, str]) -> str:
    """Return the line kept with a table's mark: `GENERAL;id=hash,id=hash`."""
    return f"{general};" + ",".join(f"{type_id}={digest[:RULE_DIGITS]}" for type_id, digest in sorted(fingerprints.items()))


@lru_cache(maxsize=64)
def decode_rules(line: str) -> tuple[str, Mapping[str, str]]:
    """Return the general part and type id -> beginning of the rule's fingerprint."""
    general, _, rest = line.partition(";")
    return general, dict(pair.rsplit("=", 1) for pair in rest.split(",") if "=" in pair)


# The fields of the model's dataclasses, in the order of the stored form; a test holds them complete.
COLUMN_FIELDS = ("data_type", "family", "position", "comment", "nullable", "is_key", "length", "references", "enum_values", "charset")
EVIDENCE_FIELDS = ("type_id", "kind", "detector", "weight", "reason", "passed", "structural", "tested", "examples")
CONTAINED_FIELDS = ("type_id", "rows", "distinct", "share", "path", "confidence")
ALSO_FIELDS = ("type_id", "confidence", "why")
ALTERNATIVE_FIELDS = ("type_id", "confidence")
COVERAGE_FIELDS = ("method", "rows", "non_null", "distinct", "placeholders", "complete", "miss_below")
CLASSIFICATION_FIELDS = ("verdict", "type_id", "confidence", "contains", "also", "alternatives", "flags", "evidence", "reason", "unlinked")
GRADE_FIELDS = ("level", "policy", "category", "because", "marks", "columns", "unknown_columns", "certainty", "clause")
TABLE_FIELDS = ("kind", "comment", "primary_key", "row_estimate", "structure_hash", "readable_columns")

_FAMILIES = {family.value: family for family in Family}

# attrgetter takes a dataclass apart in C: this runs for every column of every night.
_column_fields = attrgetter(*COLUMN_FIELDS)
_evidence_fields = attrgetter(*EVIDENCE_FIELDS)
_contained_fields = attrgetter(*CONTAINED_FIELDS)
_also_fields = attrgetter(*ALSO_FIELDS)
_alternative_fields = attrgetter(*ALTERNATIVE_FIELDS)
_coverage_fields = attrgetter(*COVERAGE_FIELDS)
_reason_fields = attrgetter("code", "text")
_ref_fields = attrgetter("source", "schema", "table", "column")


def _column(column: Column) -> Json:
    if column.references is None:
        return _column_fields(column)
    form = list(_column_fields(column))
    form[7] = _ref_fields(column.references)
    return form


def _column_back(form: Json, ref: ColumnRef) -> Column:
    data_type, family, position, comment, nullable, is_key, length, references, enum_values, charset = form
    target = None if references is None else ColumnRef(*references)
    return Column(ref, data_type, _FAMILIES[family], position, comment, nullable, is_key, length, target, tuple(enum_values), charset)


def _reason(reason: Reason | None) -> Json:
    return None if reason is None else _reason_fields(reason)


def _reason_back(form: Json) -> Reason | None:
    return None if form is None else Reason(form[0], Text(*form[1]))


def _evidence_back(form: Json) -> Evidence:
    type_id, kind, detector, weight, reason, passed, structural, tested, examples = form
    if tested is None and passed is None and structural is None and not examples:
        return _plain_evidence(type_id, kind, detector, weight, (reason[0], reason[1]))
    return Evidence(type_id, kind, detector, weight, Text(*reason), passed, structural, tested, tuple(examples))


@lru_cache(maxsize=4096)
def _plain_evidence(type_id: str, kind: EvidenceKind, detector: str, weight: float, reason: tuple[str, str]) -> Evidence:
    """Return a line without counts: what a name or the time before any look says is the same for many columns."""
    return Evidence(type_id, kind, detector, weight, Text(*reason))


def _classification(found: Classification) -> Json:
    return (
        found.verdict,
        found.type_id,
        found.confidence,
        [*map(_contained_fields, found.contains)],
        [*map(_also_fields, found.also)],
        [*map(_alternative_fields, found.alternatives)],
        found.flags,
        [*map(_evidence_fields, found.evidence)],
        _reason(found.reason),
        None if found.unlinked is None else _classification(found.unlinked),
    )


def _classification_back(form: Json) -> Classification:
    verdict, type_id, confidence, contains, also, alternatives, flags, evidence, reason, unlinked = form
    return Classification(
        verdict,
        type_id,
        confidence,
        tuple(starmap(Contained, contains)) if contains else (),
        tuple(Also(entry[0], entry[1], Text(*entry[2])) for entry in also) if also else (),
        tuple(starmap(Alternative, alternatives)) if alternatives else (),
        tuple(flags),
        tuple(map(_evidence_back, evidence)),
        _reason_back(reason),
        None if unlinked is None else _classification_back(unlinked),
    )


def encode_outcome(outcome: ColumnOutcome) -> tuple[str, str]:
    """Return the stored text of an outcome and the hash over what it says.

    The hash leaves the row estimate out: servers guess it anew each time, and a night without changes must not look like one
    with changes.
    """
    estimate = "null"
    match outcome:
        case ColumnResult(column, found, coverage):
            said = _encode((FORM, "r", _column(column), _classification(found), _coverage_fields(coverage)))
            if coverage.row_estimate is not None:
                estimate = str(int(coverage.row_estimate))
        case SkippedColumn(column, reason):
            said = _encode((FORM, "s", _column(column), _reason(reason)))
    digest = hashlib.blake2b(said.encode(), digest_size=16).hexdigest()
    return f"{said[:-1]},{estimate}]", digest


def outcome_hash(text: str) -> str:
    """Return the hash over what a stored outcome says; "" for a text that is none."""
    said, comma, estimate = text.rpartition(",")
    if not comma or not estimate.endswith("]"):
        return ""
    return hashlib.blake2b(f"{said}]".encode(), digest_size=16).hexdigest()


def decode_outcome(text: str, ref: ColumnRef) -> ColumnOutcome:
    """Return the outcome of column `ref` from its stored text."""
    return outcome_of(json.loads(text), ref)


def outcome_of(form: Json, ref: ColumnRef, *, row_estimate: int | None = None) -> ColumnOutcome:
    """Return the outcome of column `ref` from its form; `row_estimate` is a later one, put in place of an estimate in the form."""
    column = _column_back(form[2], ref)
    if form[1] == "s":
        reason = _reason_back(form[3])
        assert reason is not None
        return SkippedColumn(column, reason)
    method, rows, non_null, distinct, placeholders, complete, miss_below = form[4]
    estimate = form[5] if form[5] is None or row_estimate is None else row_estimate
    coverage = Coverage(method, rows, non_null, distinct, placeholders, complete, estimate, miss_below)
    return ColumnResult(column, _classification_back(form[3]), coverage)


def encode_table(table: Table) -> Json:
    """Return a table's form without its columns."""
    readable = table.readable_columns
    return [
        table.ref.source,
        table.ref.schema,
        table.ref.table,
        table.kind,
        table.comment,
        table.primary_key,
        table.row_estimate,
        table.structure_hash,
        readable,
    ]


def decode_table(form: Json, columns: tuple[Column, ...]) -> Table:
    """Return the table of a form, with the given columns."""
    source, schema, name, kind, comment, primary_key, row_estimate, structure_hash, readable = form
    return Table(
        TableRef(source, schema, name),
        kind,
        columns,
        comment,
        tuple(primary_key),
        row_estimate,
        structure_hash,
        None if readable is None else tuple(readable),
    )


def encode_table_result(result: TableResult) -> str:
    """Return one table's outcome as text, for checkpoints."""
    return _encode(
        [
            FORM,
            encode_table(result.table),
            [[column.ref.column, _column(column)] for column in result.table.columns],
            [[outcome.column.ref.column, encode_outcome(outcome)[0]] for outcome in result.outcomes],
            result.rows_read,
            result.values_examined,
            dict(result.seconds),
            [encode_skipped(failed) for failed in result.failed],
        ]
    )


def decode_table_result(text: str) -> TableResult:
    """Return one table's outcome from a checkpoint."""
    _form, table, columns, outcomes, rows_read, values_examined, seconds, *later = json.loads(text)
    source, schema, name = table[:3]

    def ref(column: str) -> ColumnRef:
        return ColumnRef(source, schema, name, column)

    return TableResult(
        decode_table(table, tuple(_column_back(form, ref(column)) for column, form in columns)),
        tuple(decode_outcome(outcome, ref(column)) for column, outcome in outcomes),
        rows_read,
        values_examined,
        seconds,
        tuple(decode_skipped(failed) for failed in (later[0] if later else ())),
    )


def encode_level(level: LevelView) -> Json:
    """Return a level's form."""
    return [level.id, level.rank, *level.label, level.color]


def decode_level(form: Json) -> LevelView:
    """Return the level of a form."""
    return LevelView(form[0], form[1], Text(form[2], form[3]), form[4])


def encode_grade(grade: Grade) -> Json:
    """Return a grade's form."""
    columns = [_ref_fields(ref) for ref in grade.columns]
    basis = (grade.unknown_columns, grade.certainty, grade.clause)
    return [encode_level(grade.level), grade.policy, grade.category, grade.because, grade.marks, columns, *basis]


def decode_grade(form: Json) -> Grade:
    """Return the grade of a form."""
    level, policy, category, because, marks, columns, unknown_columns, certainty, clause = form
    refs = tuple(ColumnRef(*names) for names in columns)
    return Grade(decode_level(level), policy, category, tuple(because), tuple(marks), refs, unknown_columns, certainty, clause)


def encode_skipped(skipped: SkippedObject) -> Json:
    """Return a skipped object's form."""
    return [skipped.schema, skipped.table, skipped.column, _reason(skipped.reason), skipped.source]


def decode_skipped(form: Json) -> SkippedObject:
    """Return the skipped object of a form."""
    reason = _reason_back(form[3])
    assert reason is not None
    return SkippedObject(form[0], form[1], form[2], reason, *form[4:])  # forms of the first version name no source


def pack(value: Json) -> tuple[str, bytes]:
    """Return the content hash and the compressed JSON of a large value."""
    text = _encode(value).encode()
    return hashlib.sha256(text).hexdigest(), zlib.compress(text, 1)


def unpack(data: bytes) -> Json:
    """Return the value that `pack` compressed."""
    return json.loads(zlib.decompress(data))


def encode_ref(ref: ColumnRef) -> str:
    """Return a column's identity as events write it: a JSON list."""
    return _encode([ref.source, ref.schema, ref.table, ref.column])


def decode_ref(text: str) -> ColumnRef | None:
    """Return the column that an event is about; None for events about policies, rules and exceptions."""
    if not text.startswith("["):
        return None
    parts = cast("list[str]", json.loads(text))
    return ColumnRef(*parts) if len(parts) == 4 else None
