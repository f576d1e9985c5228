"""Real PostgreSQL and MariaDB servers for tests, benchmarks and demonstrations.

Each server runs as an ordinary user, listens on a free port of 127.0.0.1 only, keeps its data in a temporary folder and
is stopped and removed at the end. Nothing here touches a server that was already running.

    with run_postgres() as server:
        database = server.make_database("shop")
        database.execute("create table t (a int)")
        ... scan database.url ...
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

APT_LINE = "apt-get install -y --no-install-recommends postgresql mariadb-server"
PASSWORD = "s3nsscan-Test"
"""Password of every account below; the servers listen on the loopback only."""

Dialect = Literal["postgresql", "mysql"]


class ServerMissingError(RuntimeError):
    """A server program is not installed; the message holds the line that installs it."""

    def __init__(self, program: str) -> None:
        super().__init__(f"{program} is not installed; run: {APT_LINE}")


@dataclass(frozen=True)
class Database:
    """One database of a test server, with a URL per account."""

    server: Server
    name: str

    @property
    def admin_url(self) -> str:
        """May do everything."""
        return self.server.url_for("admin", self.name)

    @property
    def url(self) -> str:
        """The scanner's account: may read everything in this database, nothing else."""
        return self.server.url_for("scanner", self.name)

    @property
    def bare_url(self) -> str:
        """An account without any grant besides connecting; give it what the test needs (role `bare`)."""
        return self.server.url_for("bare", self.name)

    @property
    def watch_url(self) -> str:
        """May read everything here and follow the server's replication stream."""
        return self.server.url_for("watcher", self.name)

    def connect(self) -> Any:
        """Return a DBAPI connection of the administrator, with autocommit."""
        return self.server.connect("admin", self.name)

    def execute(self, *statements: str) -> None:
        """Run statements as the administrator, each committed on its own."""
        connection = self.connect()
        try:
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
        finally:
            connection.close()


@dataclass
class Server:
    """A running server."""

    dialect: Dialect
    port: int
    folder: Path
    process: subprocess.Popen[bytes]
    host: str = "127.0.0.1"
    _made: set[str] = field(default_factory=set)

    @property
    def identity(self) -> str:
        """Scheme, host and port, as sensscan names the server."""
        return f"{self.dialect}://{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """The scanner's URL without a database (on MariaDB: all databases that it may see)."""
        return self.url_for("scanner", "postgres" if self.dialect == "postgresql" else "")

    def url_for(self, user: str, database: str) -> str:
        """Return the URL of an account: admin, scanner, bare or watcher."""
        from urllib.parse import quote

        return f"{self.dialect}://{user}:{PASSWORD}@{self.host}:{self.port}/{quote(database)}"

    def connect(self, user: str, database: str) -> Any:
        """Return a DBAPI connection with autocommit."""
        if self.dialect == "postgresql":
            import psycopg2

            connection = psycopg2.connect(
                host=self.host, port=self.port, user=user, password=PASSWORD, dbname=database or "postgres", connect_timeout=5
            )
            connection.autocommit = True
            return connection
        import pymysql

        return pymysql.connect(
            host=self.host,
            port=self.port,
            user=user,
            password=PASSWORD,
            database=database or None,
            autocommit=True,
            charset="utf8mb4",
            connect_timeout=5,
            max_allowed_packet=256 * 1024 * 1024,
        )

    def make_database(self, name: str, options: str = "") -> Database:
        """Create an empty database (dropping one of that name) that `scanner` and `watcher` may read.

        `options` ends the CREATE DATABASE statement, such as "encoding 'SQL_ASCII' template template0".
        """
        self.drop_database(name)
        quoted = self._quote(name)
        self._run_as_admin(f"create database {quoted} {options}")
        if self.dialect == "mysql":
            pattern = quoted.replace("_", r"\_").replace("%", r"\%")
            for user in ("scanner", "watcher"):
                self._run_as_admin(f"grant select, show view on {pattern}.* to {user}@'%'")
        self._made.add(name)
        return Database(self, name)

    def drop_database(self, name: str) -> None:
        """Drop a database if it exists, ending its connections."""
        force = " with (force)" if self.dialect == "postgresql" else ""
        self._run_as_admin(f"drop database if exists {self._quote(name)}{force}")
        if self.dialect == "mysql" and name in self._made:
            pattern = self._quote(name).replace("_", r"\_").replace("%", r"\%")
            for user in ("scanner", "watcher"):
                self._run_as_admin(f"revoke select, show view on {pattern}.* from {user}@'%'")
        self._made.discard(name)

    def _quote(self, name: str) -> str:
        mark = '"' if self.dialect == "postgresql" else "`"
        return mark + name.replace(mark, mark * 2) + mark

    def _run_as_admin(self, statement: str) -> None:
        connection = self.connect("admin", "")
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
        finally:
            connection.close()


def _program(name: str) -> str:
    """Return the path of a server program, also where Debian hides PostgreSQL's."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if found:
        return found
    hidden = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3].split(".")[0]))
    if hidden:
        return str(hidden[-1])
    raise ServerMissingError(name)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _prefix(account: str, *, dies_with_us: bool) -> list[str]:
    """Return the command in front of a server program: not root, and not left behind if the tests are killed."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        if os.geteuid() == 0:
            raise ServerMissingError("setpriv (util-linux)")
        return []
    words = [setpriv]
    if dies_with_us:
        words += ["--pdeathsig", "INT" if account == "postgres" else "TERM"]
    if os.geteuid() == 0:
        words += [f"--reuid={account}", f"--regid={pwd.getpwnam(account).pw_gid}", "--init-groups"]
    return [*words, "--"] if len(words) > 1 else []


@contextmanager
def _folder(account: str) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=f"sensscan-{account}-"))
    try:
        if os.geteuid() == 0:
            entry = pwd.getpwnam(account)
            os.chown(folder, entry.pw_uid, entry.pw_gid)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _install(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{command} failed: {done.stdout}{done.stderr}")


def _start(make_command: Callable[[int], list[str]], server: Callable[[int, subprocess.Popen[bytes]], Server], log: Path) -> Server:
    """Start a server on a free port, trying another when somebody else was faster to take it."""
    for _ in range(3):
        port = _free_port()
        with log.open("wb") as output:
            process = subprocess.Popen(
                make_command(port), cwd=log.parent, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
            )
        candidate = server(port, process)
        deadline = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < deadline:
            try:
                candidate.connect("admin", "").close()
            except Exception:
                time.sleep(0.05)
            else:
                return candidate
        _stop(process, signal.SIGKILL)
    raise RuntimeError(f"the server did not start: {log.read_text(errors='replace')[-3000:]}")


def _stop(process: subprocess.Popen[bytes], kind: signal.Signals) -> None:
    if process.poll() is None:
        process.send_signal(kind)
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def run_postgres() -> Iterator[Server]:
    """Run a PostgreSQL server: UTF-8, logical WAL, no fsync, accounts admin, scanner, bare, watcher."""
    initdb, postgres = _program("initdb"), _program("postgres")
    with _folder("postgres") as folder:
        data, password = folder / "data", folder / "password"
        password.write_text(PASSWORD)
        password.chmod(0o644)
        _install(
            [
                *_prefix("postgres", dies_with_us=False),
                *(initdb, "-D", str(data), "-U", "admin", "-E", "UTF8", "--locale=C", "--no-sync"),
                *("--auth-host=scram-sha-256", "--auth-local=reject", f"--pwfile={password}"),
            ],
            folder,
        )
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "wal_level": "logical",
            "max_wal_senders": "4",
            "max_replication_slots": "8",
            "max_connections": "60",
            "shared_buffers": "64MB",
            "max_locks_per_transaction": "512",
            "max_slot_wal_keep_size": "1GB",
            "log_min_messages": "fatal",
        }

        def command(port: int) -> list[str]:
            words = [f"--{key}={value}" for key, value in settings.items()]
            return [*_prefix("postgres", dies_with_us=True), postgres, "-D", str(data), "-p", str(port), *words]

        server = _start(command, lambda port, process: Server("postgresql", port, folder, process), folder / "server.log")
        try:
            for statement in (
                f"create role scanner login password '{PASSWORD}'",
                "grant pg_read_all_data to scanner",
                f"create role bare login password '{PASSWORD}'",
                f"create role watcher login replication password '{PASSWORD}'",
                "grant pg_read_all_data to watcher",
            ):
                server._run_as_admin(statement)
            yield server
        finally:
            _stop(server.process, signal.SIGINT)


@contextmanager
def run_mariadb() -> Iterator[Server]:
    """Run a MariaDB server: utf8mb4, binary log in row format, no sync, accounts admin, scanner, bare, watcher."""
    install, mariadbd = _program("mariadb-install-db"), _program("mariadbd")
    with _folder("mysql") as folder:
        data, accounts = folder / "data", folder / "accounts.sql"
        accounts.write_text(
            "".join(
                f"create or replace user {user}@'%' identified by '{PASSWORD}';\n{grant};\n"
                for user, grant in (
                    ("admin", "grant all on *.* to admin@'%' with grant option"),
                    ("scanner", "grant usage on *.* to scanner@'%'"),
                    ("bare", "grant usage on *.* to bare@'%'"),
                    ("watcher", "grant replication slave, binlog monitor on *.* to watcher@'%'"),
                )
            )
        )
        accounts.chmod(0o644)
        _install(
            [
                *_prefix("mysql", dies_with_us=False),
                *(install, "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal", "--skip-test-db"),
            ],
            folder,
        )

        def command(port: int) -> list[str]:
            return [
                *_prefix("mysql", dies_with_us=True),
                *(mariadbd, "--no-defaults", f"--datadir={data}", f"--port={port}", "--bind-address=127.0.0.1"),
                *(f"--socket={folder / 's.sock'}", f"--pid-file={folder / 'pid'}", f"--init-file={accounts}"),
                *("--skip-name-resolve", "--character-set-server=utf8mb4", "--collation-server=utf8mb4_general_ci"),
                *("--log-bin=binlog", "--binlog-format=ROW", "--server-id=1", "--sync-binlog=0"),
                *("--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=0", "--innodb-buffer-pool-size=128M"),
                *("--innodb-log-file-size=64M", "--max-allowed-packet=256M", "--performance-schema=OFF", "--max-connections=60"),
                *("--table-open-cache=4000", "--sql-mode=NO_ENGINE_SUBSTITUTION"),
            ]

        server = _start(command, lambda port, process: Server("mysql", port, folder, process), folder / "server.log")
        try:
            yield server
        finally:
            _stop(server.process, signal.SIGTERM)
