"""The labelled columns that the weights are fitted on: read and looked at by the product's own steps, then turned into choices.

Nothing here decides anything, and no clear value is kept: evidence holds counts and masked examples.
"""

from __future__ import annotations

import csv
import hashlib
import io
import pickle
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from benchmarks import blind_columns, confusions, named_columns
from benchmarks.database import LabelledTable, write_all
from benchmarks.logit import Choices
from sample_dbs.build import NAMES, build, expected_csv, sample
from sensscan.classify import Classifier
from sensscan.classify.context import Judged, context_lines
from sensscan.classify.scorecard import Weights
from sensscan.evidence import ColumnEvidence
from sensscan.model import Table
from sensscan.modes.config_model import Config
from sensscan.modes.labels import read_comments, read_labels
from sensscan.modes.looking import look_at
from sensscan.modes.measures import NONE
from sensscan.modes.sources import requested
from sensscan.registry import Registry

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Setting = Literal["named", "comments", "blind"]
Origin = Literal["samples", "generated", "evaluation"]
NOT_LINEAR = frozenset({"structural", "no_pass", "temperature", "intercepts"})
LINEAR = tuple(field.name for field in fields(Weights) if field.name not in NOT_LINEAR)
"""Weights that a score is linear in. `structural` and `no_pass` bound other lines and stay as they are; the temperature is fitted last."""
SEED = 9100
"""Other seeds than those that accuracy is measured with."""
EACH = 25.0
"""Every database counts as so many independent columns, however many it has: columns of one database are alike."""
BLIND = "blind"
"""Databases whose names begin so have names that say nothing."""


@dataclass(frozen=True, slots=True)
class Known:
    """A column with what may be said of it."""

    evidence: ColumnEvidence
    accepted: tuple[str, ...]
    """Empty for a column without a label: it only speaks for its neighbours."""
    inside: bool = False
    """The labelled type is inside the values or in a part of them: the scorecard of whole values must say none."""


@dataclass(frozen=True, slots=True)
class Unit:
    """The labelled columns of one database in one setting."""

    database: str
    setting: Setting
    origin: Origin
    tables: tuple[tuple[Table, tuple[Known, ...]], ...]

    @property
    def labelled(self) -> int:
        """Number of columns with a label."""
        return sum(bool(known.accepted) for _, columns in self.tables for known in columns)

    @property
    def fold(self) -> str:
        """What is held out together: a database in all its settings; of generated columns all that one program made."""
        # blind_50 and blind_200, confusions_named and confusions_blind are made by one program each; a schema is a database of its own.
        return f"{self.origin} {self.database.split('_')[0] if self.origin == 'generated' else self.database}"

    def related(self, other: Unit) -> bool:
        """Whether the other may not be learnt from when this one is predicted: the same fold, or the same tables under other names."""
        if self.fold == other.fold:
            return True
        return self.origin == other.origin == "evaluation" and BLIND in (self.setting, other.setting) and self.setting != other.setting


def read_folder(
    folder: Path, origin: Origin, registry: Registry, *, inside: frozenset[tuple[str, str, str]] = frozenset()
) -> Iterator[Unit]:
    """Yield the databases NAME.db of a folder with labels.csv: as they are, and once more with the comments of comments.csv.

    `inside` names the (database, table, column) whose label is contained, not the whole.
    """
    labels = read_labels(folder / "labels.csv")
    comments = read_comments(folder / "comments.csv") if (folder / "comments.csv").is_file() else None
    wanted = {row.db for row in labels.rows}
    for path in sorted(path for path in folder.glob("*.db") if path.stem in wanted):
        name = path.stem
        blind = name.startswith(BLIND) or name.endswith(f"_{BLIND}")
        settings: list[Setting] = ["blind"] if blind else ["named"]
        if comments is not None and not blind and any(database in (name, "") for database, _ in comments.by_table):
            settings.append("comments")
        for setting in settings:
            said = partial(comments.of, [name]) if setting == "comments" and comments is not None else None
            looked = look_at(requested(str(path), Config(), {}), registry, comments=said)
            tables = []
            for result in looked.results:
                columns = []
                for outcome in result.outcomes:
                    evidence = looked.evidence.get(outcome.column.ref)
                    if evidence is not None:
                        label = labels.of([name], result.table, outcome.column)
                        place = (name, result.table.ref.table, outcome.column.ref.column)
                        columns.append(Known(replace(evidence, context=()), label.accepted if label else (), place in inside))
                tables.append((result.table, tuple(columns)))
            yield Unit(name, setting, origin, tuple(tables))


def generated_units(registry: Registry, rows: Sequence[int]) -> Iterator[Unit]:
    """Yield blind columns of every type for each number of rows, every confusion with and without names, and the named schemas."""
    made: dict[str, Sequence[LabelledTable]] = {f"blind_{count}": blind_columns.blind_database(count, SEED + count) for count in rows}
    made |= {name: list(found) for name, found in confusions.tables(max(rows), SEED).items()}
    made |= named_columns.databases(SEED + 1)
    with tempfile.TemporaryDirectory() as place:
        write_all(Path(place), made)
        yield from read_folder(Path(place), "generated", registry)


def sample_units(registry: Registry) -> Iterator[Unit]:
    """Yield the sample databases with their expected answers and comments."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        labels, comments = [("db", "table", "column", "type")], [("db", "table", "column", "comment")]
        inside = set()
        for name in NAMES:
            build(name, f"sqlite:///{folder / name}.db")
            for line in csv.DictReader(io.StringIO(expected_csv(name))):
                accepted = "|".join(filter(None, (line["type"], line["alternatives"])))
                labels.append((name, line["table"], line["column"], accepted))
                if line["verdict"] == "contains":
                    inside.add((name, line["table"], line["column"]))
            comments += [
                (name, table.name, column.name, column.comment)
                for table in sample(name).tables
                for column in table.columns
                if column.comment
            ]
        for file, lines in (("labels.csv", labels), ("comments.csv", comments)):
            with (folder / file).open("w", encoding="utf-8", newline="") as stream:
                csv.writer(stream).writerows(lines)
        yield from read_folder(folder, "samples", registry, inside=frozenset(inside))


def all_units(registry: Registry, rows: Sequence[int], folders: Sequence[Path], cache: Path | None) -> list[Unit]:
    """Return everything labelled; `cache` is a file that is used again while the program that looks is the same."""
    key = _state(registry, rows, folders)
    if cache is not None and cache.is_file():
        kept_key, kept = pickle.loads(cache.read_bytes())  # the user's own file, named on the command line
        if kept_key == key:
            return list(kept)
    units = [*sample_units(registry), *generated_units(registry, rows)]
    for folder in folders:
        units += read_folder(folder, "evaluation", registry)
    if cache is not None:
        cache.write_bytes(pickle.dumps((key, units)))
    return units


_LOOKING = ("benchmarks", "sample_dbs", "sensscan/detect", "sensscan/registry", "sensscan/sample", "sensscan/catalog", "sensscan/numbers")
_AFTERWARDS = frozenset({"fit_model.py", "fit_page.py", "fit_scores.py", "fit_weights.py", "logit.py"})


def _state(registry: Registry, rows: Sequence[int], folders: Sequence[Path]) -> str:
    """Return a digest of all that evidence depends on: rules, the steps before the decision, generators, labels."""
    root = Path(__file__).resolve().parents[1]
    files = sorted(path for part in _LOOKING for path in (root / part).rglob("*.py") if path.name not in _AFTERWARDS)
    files += [root / "sensscan/text.py", root / "sensscan/modes/looking.py"]
    files += sorted(path for folder in folders for path in folder.glob("*.csv"))
    digest = hashlib.sha256(f"{registry.fingerprint} {rows} {[str(folder) for folder in folders]}".encode())
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True)
class Problem:
    """All columns as choices, and where each comes from."""

    choices: Choices
    names: tuple[str, ...]
    """What each weight is: names of LINEAR, then the types with an intercept."""
    unit_of: NDArray[np.int64]
    """Place of each column's unit."""
    left_out: int
    """Columns whose accepted types are no candidates, or without values: nothing can be learnt from them."""

    @property
    def types(self) -> tuple[str, ...]:
        """Types with an intercept."""
        return self.names[len(LINEAR) :]


def problem(units: Sequence[Unit], registry: Registry, weights: Weights, each: float = EACH) -> Problem:
    """Return the features of every candidate of every column; a database counts as `each` columns.

    A score is linear in LINEAR, so its features are differences of scores: with one weight 1 and the others 0, less that with all 0.
    """
    import numpy as np

    zero = with_linear(replace(weights, intercepts={}), dict.fromkeys(LINEAR, 0.0))
    probes = [zero, *(with_linear(zero, {name: 1.0}) for name in LINEAR)]
    counters = [Classifier(registry, probe) for probe in probes]
    classifier = Classifier(registry, weights)
    of_unit = _sizes(units)
    rows: list[tuple[float, ...]] = []
    kinds: list[str] = []
    accepted: list[bool] = []
    starts: list[int] = []
    unit_of: list[int] = []
    left_out = 0
    for place, unit in enumerate(units):
        for table, columns in unit.tables:
            seen = _in_contexts(table, columns, classifier, probes)
            for known, (judged, probed) in zip(columns, seen, strict=True):
                if not known.accepted:
                    continue
                candidates = _candidates(judged, probed, classifier, counters)
                allowed = _allowed(known, judged, classifier)
                if judged.profile.checked == 0 or not any(kind in allowed for kind, _ in candidates):
                    left_out += 1
                    continue
                starts.append(len(rows))
                unit_of.append(place)
                for kind, row in candidates:
                    rows.append(row)
                    kinds.append(kind)
                    accepted.append(kind in allowed)
    types = sorted(set(kinds) - {NONE})
    counted = np.array(rows)
    own = np.zeros((len(rows), len(types)))
    where = {kind: number for number, kind in enumerate(types)}
    for number, kind in enumerate(kinds):
        if kind != NONE:
            own[number, where[kind]] = 1.0
    choices = Choices(
        np.hstack((counted[:, 1:], own)),
        counted[:, 0],
        np.array(accepted),
        np.array(starts),
        np.array([each / of_unit[units[place].origin, units[place].database] for place in unit_of]),
    )
    return Problem(choices, (*LINEAR, *types), np.array(unit_of), left_out)


def with_linear(weights: Weights, values: Mapping[str, float]) -> Weights:
    """Return the weights with other values of some of LINEAR."""
    return replace(weights, **values)  # type: ignore[arg-type]  # only intercepts is no float, and it is not in LINEAR


def _sizes(units: Iterable[Unit]) -> Mapping[tuple[str, str], int]:
    """Return the columns of each database, all settings together."""
    found: dict[tuple[str, str], int] = {}
    for unit in units:
        found[unit.origin, unit.database] = found.get((unit.origin, unit.database), 0) + unit.labelled
    return found


def _in_contexts(
    table: Table, columns: Sequence[Known], classifier: Classifier, probes: Sequence[Weights]
) -> Iterator[tuple[ColumnEvidence, list[ColumnEvidence]]]:
    """Yield each column in its table's context as it is, and as each probe counts the same context."""
    standings = [classifier.standing(known.evidence) for known in columns]
    alone = [
        Judged(known.evidence, standing.scores, classifier.decide(known.evidence, standing))
        for known, standing in zip(columns, standings, strict=True)
    ]
    lines = [context_lines(table, alone, weights) for weights in (classifier.weights, *probes)]
    for place, known in enumerate(columns):
        first, *others = (replace(known.evidence, context=found.get(place, ())) for found in lines)
        yield first, others


def _candidates(
    judged: ColumnEvidence, probed: Sequence[ColumnEvidence], classifier: Classifier, counters: Sequence[Classifier]
) -> list[tuple[str, tuple[float, ...]]]:
    """Return (type, (offset, features...)) of "none" and of the types that compete for a column."""
    standing = classifier.standing(judged)
    found = [(NONE, (0.0,) * (len(LINEAR) + 1))]
    if len(standing.chances) == 1:
        return found
    totals = [
        {kind: score.total for kind, score in counter.scores(evidence, standing.look).items()}
        for counter, evidence in zip(counters, probed, strict=True)
    ]
    for kind in standing.chances:
        if kind != NONE:
            offset = totals[0][kind]
            found.append((kind, (offset, *(total[kind] - offset for total in totals[1:]))))
    return found


def _allowed(known: Known, judged: ColumnEvidence, classifier: Classifier) -> frozenset[str]:
    """Return what the scorecard may choose: "none" too where the type is said to be inside the values."""
    if known.inside:
        return frozenset({NONE})
    found = classifier.column(judged)
    if found.verdict == "contains" and any(hit.type_id in known.accepted for hit in found.contains):
        return frozenset({NONE, *known.accepted})
    return frozenset(known.accepted)
