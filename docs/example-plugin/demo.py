"""Write demo.db: a small invented database to try the detectors on."""

from __future__ import annotations

import random
import sqlite3
import sys

from acme_detectors.policy_no import check_digit


def main(file: str) -> None:
    """Fill one table; the names of the last two columns say nothing."""
    chosen = random.Random(7)
    rows = []
    for number in range(200):
        digits = f"20{chosen.randint(10, 25)}{chosen.randrange(10**8):08d}"
        policy = chosen.choice(("CX", "SX", "JK")) + digits + check_digit(digits)
        employee = f"E-{chosen.choice(('BJ', 'SH', 'GZ', 'SZ', 'HK'))}-{chosen.randrange(10**6):06d}"
        rows.append((number, policy, employee, chosen.choice(("open", "closed"))))
    connection = sqlite3.connect(file)
    with connection:
        connection.execute("drop table if exists claims")
        connection.execute("create table claims (id integer primary key, policy_no text, c1 text, status text)")
        connection.executemany("insert into claims values (?, ?, ?, ?)", rows)
    connection.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "demo.db")
