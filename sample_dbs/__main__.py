"""Command line of the builders: `python -m sample_dbs --out DIR` or `--url URL`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .build import NAMES, TablesExistError, build, expected_csv, expected_path


def main() -> int:
    """Build the named databases (all by default); return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m sample_dbs", description="Build sample databases with known answers.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(NAMES)}; all by default")
    target = parser.add_mutually_exclusive_group(required=True)
    target.add_argument("--out", type=Path, help="folder for one SQLite file per database")
    target.add_argument("--url", help="an empty database: sqlite:///FILE, postgresql://..., mysql://...")
    target.add_argument("--expected", action="store_true", help="write the CSV files of expected answers anew")
    parser.add_argument("--replace", action="store_true", help="drop tables of the same names first")
    options = parser.parse_args()
    unknown = sorted(set(options.names) - set(NAMES))
    if unknown:
        parser.error(f"unknown name: {', '.join(unknown)}")
    for name in [n for n in NAMES if n in options.names or not options.names]:
        try:
            if options.expected:
                expected_path(name).write_text(expected_csv(name), encoding="utf-8")
            elif options.url:
                build(name, options.url, replace=options.replace)
            else:
                options.out.mkdir(parents=True, exist_ok=True)
                build(name, f"sqlite:///{options.out / name}.db", replace=options.replace)
        except TablesExistError as error:
            print(f"{name}: {error} (--replace)", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
