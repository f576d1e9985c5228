"""Scheduled scans: the crontab line, silence, the one line, the log, notifications."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from sensscan.errors import UsageError
from sensscan.language import Text
from sensscan.modes import schedule
from sensscan.modes.line_log import line_log
from sensscan.modes.notify import send

ROOT = Path(__file__).resolve().parents[2]


def sensscan(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environ = {
        **os.environ,
        "SENSSCAN_DATA_DIR": str(home / "data"),
        "SENSSCAN_CONFIG_DIR": str(home / "config"),
        "SENSSCAN_LANG": "en",
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.run(
        [sys.executable, "-m", "sensscan", *arguments], capture_output=True, text=True, env=environ, cwd=home, check=False
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with sqlite3.connect(tmp_path / "a.db") as writer:
        writer.execute("create table t (id integer primary key, phone text)")
        writer.executemany("insert into t (phone) values (?)", [(f"1380013{number:04}",) for number in range(60)])
    (tmp_path / "sensscan.toml").write_text(f'[sources.a]\nurl = "sqlite:///{tmp_path}/a.db"\n[log]\nfile = "run.log"\n', encoding="utf-8")
    return tmp_path


def test_install_show_replace_remove(home: Path) -> None:
    tab = home / "tab"
    tab.write_text("5 5 * * * /bin/true\n")
    done = sensscan(home, "schedule", "install", "--crontab", "tab", "0 2 * * *", "--", "scan", "a", "--mode", "incremental")
    assert done.returncode == 0, done.stderr
    text = tab.read_text()
    assert "schedule run -- scan a --mode incremental # sensscan:default" in text
    assert f"cd {home}" in text
    assert "5 5 * * * /bin/true" in text
    assert "installed default: 0 2 * * *" in done.stdout
    assert sensscan(home, "schedule", "install", "--crontab", "tab", "0 3 * * *", "--", "scan", "a").stdout.startswith("replaced")
    assert sensscan(home, "schedule", "show", "--crontab", "tab").stdout.startswith("default: 0 3 * * *")
    assert sensscan(home, "schedule", "remove", "--crontab", "tab").returncode == 0
    assert "sensscan" not in tab.read_text()
    assert "/bin/true" in tab.read_text()
    assert sensscan(home, "schedule", "remove", "--crontab", "tab").returncode == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("0 2 * *", "--", "scan", "a"), ("61 2 * * *", "--", "scan", "a"), ("0 2 * * *", "--", "store", "prune"),
        ("0 2 * * *", "--", "scan", "--nonsense"),
    ],
)  # fmt: skip
def test_mistakes_show_when_installed(home: Path, arguments: tuple[str, ...]) -> None:
    (home / "tab").write_text("")
    done = sensscan(home, "schedule", "install", "--crontab", "tab", *arguments)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert (home / "tab").read_text() == ""


def test_percent_signs_and_spaces_survive_cron() -> None:
    line = schedule.command_line(
        ["scan", "a b", "-o", "x%d.json"], Path("/srv/my data"), {"SENSSCAN_CONFIG": "/etc/s c.toml", "PGPASSWORD": "no"}
    )
    assert "x\\%d.json" in line
    assert "cd '/srv/my data' && SENSSCAN_CONFIG='/etc/s c.toml'" in line
    assert "'a b'" in line
    assert "PGPASSWORD" not in line


def test_silent_when_nothing_changed_one_line_when_something_did(home: Path) -> None:
    first = sensscan(home, "schedule", "run", "--", "scan", "a", "--mode", "incremental")
    assert first.returncode == 0, first.stderr
    assert len(first.stdout.strip().splitlines()) == 1
    assert "new" in first.stdout
    second = sensscan(home, "schedule", "run", "--", "scan", "a", "--mode", "incremental")
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    log = (home / "run.log").read_text(encoding="utf-8")
    assert "found  main.t.phone" in log
    assert len([line for line in log.splitlines() if "columns examined" in line]) == 2
    assert stat.S_IMODE((home / "run.log").stat().st_mode) == 0o600
    assert "13800130001" not in log + first.stdout


def test_failures_are_told_with_the_contracts_code(home: Path) -> None:
    done = sensscan(home, "schedule", "run", "--", "scan", "sqlite:///nowhere/x.db")
    assert done.returncode == 4
    assert len(done.stderr.strip().splitlines()) == 1
    found = sensscan(home, "schedule", "run", "--", "scan", "a", "--fail-on", "1")
    assert found.returncode == 1


def test_log_is_rotated(tmp_path: Path) -> None:
    say = line_log(tmp_path / "logs" / "x.log", "zh", max_mb=0, keep=2)
    say(Text("one", "一\n二"))
    assert (tmp_path / "logs" / "x.log").read_text(encoding="utf-8").endswith(" 一 二\n")
    small = line_log(tmp_path / "y.log", "en", max_mb=1, keep=2)
    for _ in range(60):
        small(Text("x" * 50_000, ""))
    assert sorted(path.name for path in tmp_path.glob("y.log*")) == ["y.log", "y.log.1", "y.log.2"]
    assert all(path.stat().st_size <= 1024 * 1024 for path in tmp_path.glob("y.log*"))


def test_a_log_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        line_log(tmp_path, "en")


def test_notify_test_command(home: Path) -> None:
    assert sensscan(home, "notify", "test").returncode == 2
    (home / "sensscan.toml").write_text('[notify]\nurls = ["json://127.0.0.1:9/t0ken"]\n')
    done = sensscan(home, "notify", "test")
    assert done.returncode == 4
    assert "1. json: failed" in done.stderr
    assert "t0ken" not in done.stdout + done.stderr


def test_messages_arrive() -> None:
    import http.server
    import threading

    bodies: list[bytes] = []

    class Hook(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.handle_request, daemon=True).start()
    deliveries = send([f"json://127.0.0.1:{server.server_port}/"], "title", "3 new")
    server.server_close()
    assert [delivery.delivered for delivery in deliveries] == [True]
    assert b"3 new" in bodies[0]


def test_a_broken_notification_url_is_not_shown() -> None:
    with pytest.raises(UsageError) as caught:
        send(["nonsense-s3cret"], "t", "b")
    assert "s3cret" not in caught.value.message("en")
