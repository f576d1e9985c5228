"""The store's database: opening, migrating, transactions, bulk writes, and errors in our own words."""

from __future__ import annotations

import errno
import os
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from sensscan.errors import ConfigError, StoreError
from sensscan.language import Text
from sensscan.store import schema
from sensscan.store.keys import ALGORITHMS, Algorithm, Sealer, StoreKey, find_key

_DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg2", "postgres": "postgresql+psycopg2"}
_DRIVERS |= {"mysql": "mysql+pymysql", "mariadb": "mysql+pymysql"}
GENESIS = "0" * 64
"""The hash before the first event."""
BUSY_SECONDS = 30
"""How long a writer waits for another one on a SQLite store."""


def now_text() -> str:
    """Return the present in UTC to the millisecond, as the store writes times."""
    return time_text(datetime.now(UTC))


def time_text(moment: datetime) -> str:
    """Return a moment as the store writes it; a naive one counts as UTC."""
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def time_back(text: str) -> datetime:
    """Read a stored time."""
    return datetime.fromisoformat(text)


def data_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder of the default store: SENSSCAN_DATA_DIR, else the user's data folder."""
    if chosen := environ.get("SENSSCAN_DATA_DIR"):
        return Path(chosen)
    import platformdirs

    return Path(platformdirs.user_data_dir("sensscan"))


def parse_store_url(text: str | None, environ: Mapping[str, str]) -> URL:
    """Return SQLAlchemy's form of a store URL; None means the default SQLite file. Raises ConfigError."""
    if not text:
        return URL.create("sqlite", database=str(data_folder(environ) / "store.db"))
    if "://" not in text:
        return URL.create("sqlite", database=str(Path(text).expanduser().absolute()))
    try:
        url = sa.make_url(text)
    except (ArgumentError, ValueError) as error:
        raise ConfigError(
            Text("The store's URL cannot be read.", "标签库 URL 无法解析。"),
            Text("Form: scheme://user@host/database", "格式：scheme://user@host/database"),
        ) from error
    scheme = url.drivername.split("+")[0]
    if scheme not in _DRIVERS:
        raise ConfigError(
            Text(f"Unknown scheme of the store's URL: {scheme}.", f"标签库 URL 的协议未知：{scheme}。"),
            Text("Use sqlite, postgresql, mysql or mariadb.", "可用 sqlite、postgresql、mysql、mariadb。"),
        )
    if scheme == "sqlite":
        if not url.database or url.database == ":memory:":
            raise ConfigError(Text("The store's URL names no file.", "标签库 URL 没有指明文件。"))
        return URL.create("sqlite", database=str(Path(url.database).absolute()))
    url = url.set(drivername=_DRIVERS[scheme])
    return url.update_query_dict({"charset": "utf8mb4"}) if scheme in ("mysql", "mariadb") else url


def place_of(url: URL) -> str:
    """Return the store's place for people: never user, password or parameters."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    port = f":{url.port}" if url.port else ""
    return f"{url.get_backend_name()}://{url.host or ''}{port}/{url.database or ''}"


def error_code(error: DBAPIError) -> str:
    """Return SQLSTATE, errno or the class of a driver's error: never its message, which holds values."""
    original = error.orig
    if original is None:
        return type(error).__name__
    for name in ("pgcode", "sqlite_errorname"):
        if code := getattr(original, name, None):
            return str(code)
    first = original.args[0] if original.args else None
    return str(first) if isinstance(first, int) else type(original).__name__


@contextmanager
def own_words(place: str) -> Iterator[None]:
    """Turn errors of driver and SQLAlchemy into StoreError."""
    try:
        yield
    except DBAPIError as error:
        code = error_code(error)
        if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise StoreError(
                Text(f"The store {place} is being written by another program.", f"标签库 {place} 正被其他程序写入。"),
                Text("Try again when it has ended.", "请待其结束后重试。"),
            ) from None
        if code in ("SQLITE_NOTADB", "SQLITE_CORRUPT"):
            raise StoreError(
                Text(f"{place} is not a sensscan store, or it is damaged.", f"{place} 不是 sensscan 标签库，或已损坏。"),
                Text("Restore a backup: sensscan store restore.", "请恢复备份：sensscan store restore。"),
            ) from None
        raise StoreError(
            Text(f"The store {place} failed ({code}).", f"标签库 {place} 出错（{code}）。"),
            Text("Check the server, the account and its rights (docs/store.md).", "请检查服务器、账号及其权限（docs/store.md）。"),
        ) from None
    except SQLAlchemyError as error:
        raise StoreError(
            Text(f"The store {place} failed ({type(error).__name__}).", f"标签库 {place} 出错（{type(error).__name__}）。"),
            Text("Check the store's URL and driver.", "请检查标签库 URL 与驱动。"),
        ) from None


def _make_file(path: Path) -> None:
    """Create the SQLite file readable by its owner only, before SQLite would with the umask's rights."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with suppress(FileExistsError):
            # A file that is there is not touched: closing any handle of it drops the locks that this process's other connections hold
            # on it, and another program would then take away the log that a watcher is writing.
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        if path.is_dir() or not os.access(path, os.R_OK | os.W_OK):
            raise PermissionError(errno.EACCES, "")
    except OSError as error:
        raise StoreError(
            Text(f"The store {path} cannot be created (errno {error.errno}).", f"标签库 {path} 无法创建（errno {error.errno}）。"),
            Text("Check the folder's rights or name another store by --store.", "请检查目录权限，或用 --store 另指标签库。"),
        ) from error


def _make_engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        engine = sa.create_engine(
            url, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS, "isolation_level": None, "check_same_thread": False}
        )

        def prepare(connection: Any, _record: object) -> None:
            # WAL: a reviewer reads while a scan writes. NORMAL keeps the file whole in any crash of the program.
            for statement in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "temp_store=MEMORY"):
                connection.execute(f"PRAGMA {statement}")

        def begin(connection: Connection) -> None:
            # Writers take the lock at once: a read that becomes a write would fail instead of waiting.
            writes = connection.get_execution_options().get("store_writes", False)
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

        sa.event.listen(engine, "connect", prepare)
        sa.event.listen(engine, "begin", begin)
        return engine
    # Read committed: after waiting for the chain's row lock a writer must see what the one before it wrote.
    return sa.create_engine(url, hide_parameters=True, isolation_level="READ COMMITTED", pool_pre_ping=True)


class Database:
    """An open store: engine, key and the few helpers that every part of the store uses."""

    def __init__(self, url: URL, environ: Mapping[str, str]) -> None:
        self.url = url
        self.environ = environ
        self.place = place_of(url)
        self.engine = _make_engine(url)
        self.dialect: str = self.engine.dialect.name
        self.local = self.dialect == "sqlite"

    @property
    def file(self) -> Path | None:
        """The SQLite file; None for a team store."""
        return Path(str(self.url.database)) if self.local else None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One transaction that sees one state of the store."""
        with own_words(self.place), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction that is kept whole or not at all; on a SQLite store writers wait here for each other."""
        with own_words(self.place), self.engine.connect() as connection, connection.execution_options(store_writes=True).begin():
            yield connection

    def insert(self, connection: Connection, table: sa.Table, rows: Sequence[tuple[object, ...]]) -> None:
        """Insert rows given as tuples in the order of the table's columns."""
        if not rows:
            return
        if self.local:
            # Straight to the driver: SQLAlchemy's handling of each parameter costs more than SQLite's insert.
            connection.exec_driver_sql(_sqlite_insert(table), cast("Any", list(rows)))
            return
        names = [column.name for column in table.columns]
        for start in range(0, len(rows), 5000):
            connection.execute(sa.insert(table), [dict(zip(names, row, strict=True)) for row in rows[start : start + 5000]])

    def update(self, connection: Connection, statement: sa.Update | sa.Delete, rows: Sequence[Mapping[str, object]]) -> None:
        """Run a statement with bind parameters for each of the rows."""
        if rows:
            connection.execute(statement, [dict(row) for row in rows])

    def server_seconds(self, connection: Connection) -> float:
        """Return the store's own clock in seconds: leases of several hosts need one clock."""
        match self.dialect:
            case "postgresql":
                return float(connection.exec_driver_sql("SELECT extract(epoch FROM clock_timestamp())").scalar_one())
            case "mysql":
                return float(connection.exec_driver_sql("SELECT unix_timestamp(sysdate(6))").scalar_one())
            case _:
                return time.time()

    def meta(self, connection: Connection) -> dict[str, str]:
        """Return the store's own facts."""
        return {row.name: row.value for row in connection.execute(sa.select(schema.meta))}

    def set_meta(self, connection: Connection, name: str, value: str) -> None:
        """Write one of the store's own facts."""
        connection.execute(sa.delete(schema.meta).where(schema.meta.c.name == name))
        connection.execute(sa.insert(schema.meta).values(name=name, value=value))

    @cached_property
    def key(self) -> StoreKey:
        """The key of this store. Raises StoreError when it is missing or another store's."""
        with self.read() as connection:
            facts = self.meta(connection)
        folder = None if self.file is None else self.file.parent
        key = find_key(self.environ, store_folder=folder, may_create="key_check" not in facts)
        if key is None:
            raise StoreError(
                Text(f"The key of the store {self.place} is missing.", f"缺少标签库 {self.place} 的密钥。"),
                Text(
                    "Copy store.key of the first host into the configuration folder, or set SENSSCAN_STORE_KEY.",
                    "请把首台主机的 store.key 复制到配置目录，或设置 SENSSCAN_STORE_KEY。",
                ),
            )
        check = key.check(facts["store_id"])
        if "key_check" not in facts:
            with self.write() as connection:
                if "key_check" not in (facts := self.meta(connection)):
                    self.set_meta(connection, "key_check", check)
                    facts["key_check"] = check
        if facts["key_check"] != check:
            raise StoreError(
                Text(
                    f"The store {self.place} was sealed with another key than {key.place}.",
                    f"标签库 {self.place} 使用的密钥与 {key.place} 不同。",
                ),
                Text("Use the key of the first host; do not make a new one.", "请使用首台主机的密钥，不要新建。"),
            )
        return key

    def raw_key(self) -> StoreKey | None:
        """Return the key without comparing it with the store's own word for it, for `verify`."""
        folder = None if self.file is None else self.file.parent
        return find_key(self.environ, store_folder=folder, may_create=False)

    @cached_property
    def algorithm(self) -> Algorithm:
        """The hash that seals new events."""
        with self.read() as connection:
            name = self.meta(connection).get("algorithm", "sha256")
        return "sm3" if name == "sm3" else "sha256"

    def sealer(self) -> Sealer:
        """Return what seals new events."""
        return self.key.sealer(self.algorithm)

    def use_algorithm(self, name: str) -> None:
        """Seal new events with another hash; the older ones keep theirs. Raises ConfigError for an unknown name."""
        if name not in ALGORITHMS:
            raise ConfigError(Text(f"Unknown hash: {name}.", f"未知的摘要算法：{name}。"), Text("Use sha256 or sm3.", "可用 sha256、sm3。"))
        chosen: Algorithm = "sm3" if name == "sm3" else "sha256"
        if chosen == self.algorithm:
            return
        self.key.sealer(chosen)
        with self.write() as connection:
            self.set_meta(connection, "algorithm", chosen)
        self.algorithm = chosen

    def close(self) -> None:
        """Give back connections."""
        self.engine.dispose()


def _sqlite_insert(table: sa.Table) -> str:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    marks = ", ".join("?" * len(table.columns))
    return f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})'  # noqa: S608  # names from schema.py


def new_id(length: int = 16) -> str:
    """Return a random id of hex digits."""
    return secrets.token_hex(length // 2)


def first_rows(connection: Connection) -> None:
    """Give a new store its identity and the empty chain."""
    connection.execute(
        sa.insert(schema.meta),
        [{"name": "store_id", "value": new_id(32)}, {"name": "created_at", "value": now_text()}, {"name": "algorithm", "value": "sha256"}],
    )
    connection.execute(sa.insert(schema.chain).values(id=1, length=0, head=GENESIS, at=""))


def open_database(text: str | None, environ: Mapping[str, str]) -> Database:
    """Open the store at `text`, creating or migrating it. Raises StoreError, ConfigError."""
    from sensscan.store.upgrade import bring_up_to_date

    url = parse_store_url(text, environ)
    try:
        database = Database(url, environ)
    except NoSuchModuleError as error:
        raise ConfigError(Text("The driver of the store's URL is missing.", "缺少标签库 URL 所需的驱动。")) from error
    if database.file is not None:
        _make_file(database.file)
    try:
        bring_up_to_date(database)
    except BaseException:
        database.close()
        raise
    return database
