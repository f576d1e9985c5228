"""Two scanners and one reviewer at once on a team store: nothing is lost, nothing doubled, the chain does not fork."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from itertools import pairwise
from pathlib import Path

import pytest

from sensscan.store import open_store
from tests.servers import Server

_SCANNER = """
import sys
from sensscan.store import open_store
from tests.store.making import scan, table
name, url = sys.argv[1], sys.argv[2]
source = f"sqlite:/{name}.db"
with open_store(url) as store:
    for number in range(4):
        kind = "mobile_phone" if number % 2 else "id_card"
        scan(store, f"{name}-{number}", [table(f"t{t}", {f"c{k}": kind for k in range(10)}, source=source) for t in range(5)])
"""
_REVIEWER = """
import sys
from sensscan.store import LabelChange, open_store
url = sys.argv[2]
done = set()
with open_store(url) as store:
    while len(done) < 40:
        for ref, tag in store.tags().items():
            if ref not in done and tag.status == "found" and len(done) < 40:
                store.decide({ref: LabelChange(status="confirmed", note=ref.column)}, actor="wang")
                done.add(ref)
"""


@pytest.mark.parametrize("server_fixture", ["postgres_server", "mariadb_server", "sqlite"])
def test_two_scanners_and_a_reviewer_at_once(
    server_fixture: str, request: pytest.FixtureRequest, environ: dict[str, str], tmp_path: Path
) -> None:
    if server_fixture == "sqlite":
        url = str(tmp_path / "shared" / "store.db")
    else:
        server: Server = request.getfixturevalue(server_fixture)
        url = server.make_database("labels_team").admin_url
    with open_store(url, environ=environ) as store:
        assert store.verify().ok  # makes the key, which three programs then share
    root = Path(__file__).parents[2]
    programs = [(_SCANNER, "one"), (_SCANNER, "two"), (_REVIEWER, "reviewer")]
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(program), name, url],
            cwd=root,
            env={**os.environ, **environ, "PYTHONPATH": str(root)},
            stderr=subprocess.PIPE,
        )
        for program, name in programs
    ]
    for process in processes:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors.decode()
    with open_store(url, environ=environ) as store:
        assert store.verify(store.head()).ok
        tags = store.tags()
        assert len(tags) == 100
        confirmed = {ref: tag for ref, tag in tags.items() if tag.status == "confirmed"}
        assert len(confirmed) == 40
        assert all(tag.note == ref.column and tag.set_by == "wang" for ref, tag in confirmed.items())
        assert len(store.runs()) == 8
        assert all(run.outcome == "complete" for run in store.runs())
        events = store.history()
        assert [event.seq for event in events] == list(range(1, len(events) + 1))
        assert sum(event.field == "status" and event.new == '"confirmed"' for event in events) == 40
        assert sum(event.field == "status" and event.new == '"found"' for event in events) == 100
        for ref, tag in tags.items():
            history = [event for event in store.history(refs=[ref]) if event.field == "type"]
            assert all(one.new == two.old for one, two in pairwise(history))
            assert history[-1].new == f'"{tag.type_id}"'
