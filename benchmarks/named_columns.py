"""Named databases of many trades: for fitting and measuring the classifier on columns whose names speak.

    python -m benchmarks.named_columns --out DIR [--seed N]

Each file of `schemas/` is one database: `= table rows comment`, then columns separated by | as `name maker[=label~other] comment`. A maker
gives cells and the label that such columns usually deserve (`named_cells`); `=` says another one where the name changes the meaning.
Written: NAME.db per schema, labels.csv (db, schema, table, column, type; `a|b` accepts either, best first), comments.csv.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.database import LabelledColumn, LabelledTable, dirty, seeded, write_all
from benchmarks.named_cells import MAKERS

SCHEMAS = Path(__file__).resolve().parent / "schemas"


def parse_column(text: str) -> tuple[str, str, str, str]:
    """Return name, maker, label and comment of one column.

    >>> parse_column("tel hotline=landline_phone~none 客服热线")
    ('tel', 'hotline', 'landline_phone|none', '客服热线')
    >>> parse_column("mobile mobile")
    ('mobile', 'mobile', 'mobile_phone', '')
    """
    name, made, *rest = text.split(" ", 2)
    maker, _, other = made.partition("=")
    if "~" in maker:
        maker, _, more = made.partition("~")
        other = f"{MAKERS[maker][0]}~{more}"
    return name, maker, other.replace("~", "|") or MAKERS[maker][0], rest[0] if rest else ""


def schema_tables(path: Path, seed: int) -> tuple[LabelledTable, ...]:
    """Return the tables of one schema file with cells, some of them missing or spoilt."""
    tables: list[LabelledTable] = []
    heads: list[tuple[str, int, list[str]]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("= "):
            head = line[2:].split(" ")
            heads.append((head[0], int(head[1]), []))
        elif line.strip():
            heads[-1][2].extend(part.strip() for part in line.split("|"))
    for table, rows, texts in heads:
        columns = []
        for text in texts:
            name, maker, label, comment = parse_column(text)
            r = seeded(seed, path.stem, table, name)
            cells = MAKERS[maker][1](r, rows)
            share = r.choice((0.0, 0.01, 0.04)) if maker not in {"id", "sid", "snow", "uuid"} else 0.0
            columns.append(LabelledColumn(name, label, dirty(r, cells, share), comment))
        tables.append(LabelledTable(table, tuple(columns)))
    return tuple(tables)


def databases(seed: int) -> dict[str, tuple[LabelledTable, ...]]:
    """Return all schemas by name."""
    return {path.stem: schema_tables(path, seed) for path in sorted(SCHEMAS.glob("*.txt"))}


def main() -> None:
    """Write the databases."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.named_columns", description="Write labelled databases with telling names.")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=7002)
    options = parser.parse_args()
    write_all(options.out, dict(databases(options.seed)))


if __name__ == "__main__":
    main()
