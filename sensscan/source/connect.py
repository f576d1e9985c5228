"""Connecting so that nothing can be written, nothing waits for long, and odd cells arrive as text."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sensscan.config import ReadLimits
from sensscan.errors import NothingReadError, file_trouble
from sensscan.language import Text
from sensscan.source.errors import error_code, missing_driver, translate_connect
from sensscan.source.url import SourceUrl

_CONNECT_SECONDS = 10
_NETWORK_GRACE_SECONDS = 30
"""Added to the statement limit before the client gives up on a silent network: the server's own limit comes first."""


@dataclass(slots=True)
class Opened:
    """A driver's connection and what was found out on the way."""

    raw: Any
    server: str
    features: frozenset[str] = frozenset()
    stamp: tuple[int, ...] = ()
    """State of an SQLite file when it was opened, see `sqlite_stamp`."""
    deadline: float = 0.0

    def start_clock(self, seconds: int) -> None:
        """Begin the time limit of the next SQLite statement."""
        self.deadline = time.monotonic() + seconds


def open_driver(url: SourceUrl, limits: ReadLimits, *, careful: bool = False) -> Opened:
    """Open a read-only connection with the driver of the source's dialect.

    `careful` forbids the shortcut for SQLite files that nobody else has open. Raises NothingReadError or UsageError.
    """
    try:
        if url.dialect == "sqlite":
            return _open_sqlite(url, careful=careful)
        if url.dialect == "postgresql":
            return _open_postgres(url, limits)
        return _open_mysql(url, limits)
    except ModuleNotFoundError as error:
        raise missing_driver((error.name or "psycopg2").replace("psycopg2", "psycopg2-binary"), url) from None
    except Exception as error:
        # `from None`: the driver's message may hold values and must not come out with a chained traceback.
        raise translate_connect(error, url) from None


# PostgreSQL

_TEXT_OIDS = (1082, 1083, 1114, 1184, 1266, 1186, 1700)
"""date, time, timestamp, timestamptz, timetz, interval, numeric: as the server writes them, so that infinity, BC and NaN
are no errors."""


def _open_postgres(url: SourceUrl, limits: ReadLimits) -> Opened:
    import psycopg2
    from psycopg2 import extensions

    settings = {
        "default_transaction_read_only": "on",
        "statement_timeout": str(limits.statement_seconds * 1000),
        "lock_timeout": str(limits.lock_seconds * 1000),
        "idle_in_transaction_session_timeout": "60000",
    }
    arguments: dict[str, Any] = {
        "host": url.host,
        "port": url.port,
        "user": url.user or None,
        "password": url.password,
        "dbname": url.database,
        "connect_timeout": _CONNECT_SECONDS,
        "application_name": "sensscan",
        "client_encoding": "UTF8",
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        **dict(url.parameters),
    }
    try:
        raw = psycopg2.connect(**arguments, options=" ".join(f"-c {key}={value}" for key, value in settings.items()))
    except psycopg2.OperationalError as error:
        # Connection poolers refuse start-up options; the same settings by statement then.
        if "startup parameter" not in str(error):
            raise
        raw = psycopg2.connect(**arguments)
        with raw.cursor() as cursor:
            cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
            for key, value in settings.items():
                cursor.execute(f"SET SESSION {key} = '{value}'")
        raw.commit()
    features = set()
    if raw.get_parameter_status("server_encoding") == "SQL_ASCII":
        # The server checks and converts nothing; latin-1 carries any bytes through the driver unharmed (see decode.py).
        raw.set_client_encoding("LATIN1")
        features.add("sql_ascii")
    extensions.register_type(extensions.new_type(_TEXT_OIDS, "SENSSCAN_TEXT", extensions.UNICODE), raw)
    with raw.cursor() as cursor:
        # An empty search path: no function or operator of a user's schema can stand in for the system's.
        cursor.execute("SELECT pg_catalog.version(), pg_catalog.set_config('search_path', '', false)")
        version = str(cursor.fetchone()[0])
    raw.commit()
    return Opened(raw, _postgres_server(version), frozenset(features))


def _postgres_server(version: str) -> str:
    words = version.replace("(", " ").split()
    return " ".join(words[:2]) if words else "PostgreSQL"


# MySQL and MariaDB


def _open_mysql(url: SourceUrl, limits: ReadLimits) -> Opened:
    import pymysql
    from pymysql.constants import FIELD_TYPE
    from pymysql.converters import conversions

    # Without converters dates, times and decimals stay as the server writes them: zero dates are no errors then.
    plain = {
        FIELD_TYPE.DATE,
        FIELD_TYPE.NEWDATE,
        FIELD_TYPE.DATETIME,
        FIELD_TYPE.TIMESTAMP,
        FIELD_TYPE.TIME,
        FIELD_TYPE.DECIMAL,
        FIELD_TYPE.NEWDECIMAL,
    }
    parameters = dict(url.parameters)
    tls: dict[str, Any] = {key: parameters[key] for key in ("ssl_ca", "ssl_cert", "ssl_key") if key in parameters}
    tls |= {key: _truth(parameters[key]) for key in ("ssl_verify_cert", "ssl_verify_identity") if key in parameters}
    raw = pymysql.connect(
        host=url.host,
        port=url.port,
        user=url.user or None,
        password=url.password or "",
        database=url.database or None,
        unix_socket=parameters.get("unix_socket"),
        charset=parameters.get("charset", "utf8mb4"),
        connect_timeout=int(parameters.get("connect_timeout", _CONNECT_SECONDS)),
        read_timeout=limits.statement_seconds + _NETWORK_GRACE_SECONDS,
        autocommit=True,
        # A hostile server may ask a client for its local files; never answer.
        local_infile=False,
        conv={key: value for key, value in conversions.items() if key not in plain},
        program_name="sensscan",
        **tls,
    )
    with raw.cursor() as cursor:
        cursor.execute("SELECT VERSION(), @@version_comment")
        version, comment = (str(value) for value in cursor.fetchone() or ("", ""))
        maria = "mariadb" in (version + comment).lower()
        cursor.execute("SET SESSION TRANSACTION READ ONLY")
        for statement in _mysql_settings(limits, maria=maria):
            try:
                cursor.execute(statement)
            except pymysql.MySQLError as error:
                # Other servers that speak this protocol, and older ones, do not know every setting.
                if error_code(error) not in ("1193", "1064", "1231", "1235", "8108"):
                    raise
    return Opened(raw, f"{'MariaDB' if maria else _mysql_vendor(version, comment)} {version.partition('-')[0]}")


def _mysql_settings(limits: ReadLimits, *, maria: bool) -> list[str]:
    limit = (
        f"SET SESSION max_statement_time={limits.statement_seconds}"
        if maria
        else f"SET SESSION max_execution_time={limits.statement_seconds * 1000}"
    )
    return [
        limit,
        f"SET SESSION lock_wait_timeout={limits.lock_seconds}",
        f"SET SESSION innodb_lock_wait_timeout={limits.lock_seconds}",
        "SET SESSION idle_readonly_transaction_timeout=60",
        "SET SESSION sql_mode=''",
    ]


def _mysql_vendor(version: str, comment: str) -> str:
    for vendor in ("TiDB", "OceanBase", "Percona"):
        if vendor.lower() in (version + comment).lower():
            return vendor
    return "MySQL"


def _truth(text: str) -> bool:
    return text.lower() in ("1", "true", "yes", "on")


# SQLite


def sqlite_stamp(path: str) -> tuple[int, ...]:
    """Return size, time and journals of a database file: equal as long as nobody writes to it."""
    stamps: list[int] = []
    for name in (path, f"{path}-wal", f"{path}-journal"):
        try:
            state = Path(name).stat()
        except OSError:
            stamps += (-1, -1)
        else:
            stamps += (state.st_size, state.st_mtime_ns)
    return tuple(stamps)


def _open_sqlite(url: SourceUrl, *, careful: bool) -> Opened:
    import sqlite3

    path = Path(url.path)
    wal = _check_file(path, url)
    stamp = sqlite_stamp(url.path)
    # Reading a WAL database makes files beside it. When none is there nobody has it open, and it can be read as a plain
    # file; `Session.reading` looks whether that stayed true.
    immutable = wal and stamp[2] < 0 and stamp[4] < 0 and not careful
    raw = sqlite3.connect(
        f"{path.as_uri()}?mode=ro{'&immutable=1' if immutable else ''}", uri=True, timeout=2.0, isolation_level=None, cached_statements=16
    )
    opened = Opened(raw, f"SQLite {sqlite3.sqlite_version}", frozenset({"immutable"} if immutable else ()), stamp)
    try:
        raw.execute("PRAGMA query_only=ON")
        raw.execute("PRAGMA trusted_schema=OFF")
        raw.set_progress_handler(lambda: int(time.monotonic() > opened.deadline > 0), 20_000)
        raw.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()
    except BaseException:
        raw.close()
        raise
    return opened


def _check_file(path: Path, url: SourceUrl) -> bool:
    """Refuse what is no readable SQLite file; return whether it is in WAL mode."""
    where = url.identity

    def refuse(text: Text, hint: Text) -> NothingReadError:
        return NothingReadError(Text(f"{where}: {text.en}.", f"{where}：{text.zh}。"), hint)

    if path.is_dir():
        raise refuse(
            Text("this is a folder, not a database file", "这是目录，不是数据库文件"), Text("Give the file's path.", "请给出文件路径。")
        )
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except FileNotFoundError:
        raise refuse(Text("the file does not exist", "文件不存在"), Text("Check the path.", "请检查路径。")) from None
    except OSError as error:
        reason = file_trouble(error)
        raise refuse(
            Text(f"the file cannot be read: {reason.en}", f"无法读取文件：{reason.zh}"), Text("Check its permissions.", "请检查文件权限。")
        ) from None
    if header and not header.startswith(b"SQLite format 3\x00"):
        raise refuse(
            Text("the file is not an SQLite database, or it is encrypted", "文件不是 SQLite 数据库，或已加密"),
            Text("Give the path of an unencrypted SQLite 3 file.", "请给出未加密的 SQLite 3 文件路径。"),
        )
    return len(header) > 19 and header[19] == 2
