"""Quality and speed on one page of text.

    python -m benchmarks [--evaluation DIR] [--only quality|speed] [--rows 5,20,50,200,1000] [--tables 100]

DIR holds labels.csv (db, schema, table, column, type), one NAME.db per db, and perhaps comments.csv; databases whose names begin with "blind"
are scored apart. Times depend on the machine: compare ratios, and only within one run.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks import quality, speed
from sensscan.registry import load_registry


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--evaluation", type=Path, metavar="DIR")
    parser.add_argument("--only", choices=("quality", "speed"))
    parser.add_argument("--rows", default=",".join(map(str, quality.ROWS)))
    parser.add_argument("--tables", type=int, default=speed.TABLES)
    options = parser.parse_args()
    registry = load_registry()
    if options.only != "speed":
        print(quality.HEAD)
        if options.evaluation is not None:
            for one in quality.evaluation_folder(options.evaluation, registry):
                print(one.line(), flush=True)
        for one in quality.generated(registry, [int(count) for count in options.rows.split(",")]):
            print(one.line(), flush=True)
    if options.only != "quality":
        print()
        speed.everything(registry, options.tables)


if __name__ == "__main__":
    main()
