"""What a user names as a source: a URL or a file, and the identity that labels and history hang on."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote

from sensscan.errors import UsageError
from sensscan.language import Text

if TYPE_CHECKING:
    from sqlalchemy import URL

Dialect = Literal["sqlite", "postgresql", "mysql"]

_SCHEMES: Mapping[str, Dialect] = {
    "sqlite": "sqlite",
    "sqlite3": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "postgres": "postgresql",
    "postgresql": "postgresql",
    "postgresql+psycopg2": "postgresql",
    "mysql": "mysql",
    "mariadb": "mysql",
    "mysql+pymysql": "mysql",
    "mariadb+pymysql": "mysql",
}
FILE_ENDINGS = (".db", ".sqlite", ".sqlite3", ".db3")
"""A word that ends like this names an SQLite file, whether it exists or not."""
_PORTS: Mapping[str, int] = {"postgresql": 5432, "mysql": 3306}
_PARAMETERS: Mapping[str, frozenset[str]] = {
    # `options` is left out on purpose: it could switch the read-only session and its timeouts off.
    "postgresql": frozenset(
        {
            "sslmode",
            "sslrootcert",
            "sslcert",
            "sslkey",
            "sslcrl",
            "connect_timeout",
            "target_session_attrs",
            "gssencmode",
            "channel_binding",
        }
    ),
    "mysql": frozenset(
        {"unix_socket", "charset", "ssl_ca", "ssl_cert", "ssl_key", "ssl_verify_cert", "ssl_verify_identity", "connect_timeout"}
    ),
    "sqlite": frozenset(),
}
_EXAMPLES = "sqlite:///path/file.db, postgresql://user@host:5432/database, mysql://user@host:3306"


@dataclass(frozen=True, slots=True)
class SourceUrl:
    """A source that can be opened. The password never shows in repr, str or identity."""

    dialect: Dialect
    host: str = ""
    port: int = 0
    user: str = ""
    database: str = ""
    """Database name; for SQLite "main"; "" on MySQL means all databases."""
    path: str = ""
    """Absolute file path (SQLite only)."""
    parameters: tuple[tuple[str, str], ...] = ()
    password: str | None = field(default=None, repr=False)
    name: str = ""
    """The source's name in the configuration file; it becomes the identity."""

    @property
    def identity(self) -> str:
        """The source's lasting name: the config name, else the server without user, password and parameters.

        MySQL: `mysql://host:port` (a schema is a database there, so scans of one or all databases share their labels).
        PostgreSQL: `postgresql://host:port/database`. SQLite: `sqlite:/absolute/path`.
        """
        if self.name:
            return self.name
        if self.dialect == "sqlite":
            return f"sqlite:{self.path}"
        socket = dict(self.parameters).get("unix_socket", "")
        host = f"[{socket or self.host}]" if socket or ":" in self.host or self.host.startswith("/") else self.host
        server = f"{self.dialect}://{host}:{self.port}"
        return server if self.dialect == "mysql" else f"{server}/{quote(self.database, safe='')}"

    @property
    def needs_password(self) -> bool:
        """True when the URL names a user of a server but no password."""
        return self.dialect != "sqlite" and self.password is None and bool(self.user)

    def with_password(self, password: str) -> SourceUrl:
        """Return this source with a password from elsewhere (environment, keyring, prompt)."""
        return replace(self, password=password)

    def __str__(self) -> str:
        return self.identity


def parse_source(text: str, *, name: str = "") -> SourceUrl:
    """Read a source from a URL or from the path of an SQLite file.

    Raises UsageError for an unknown scheme, a broken URL or an unknown parameter; the message never repeats the text,
    which may hold a password.
    """
    text = text.strip()
    if "://" not in text:
        if text.lower().endswith(FILE_ENDINGS) or (text and Path(text).exists()):
            return SourceUrl("sqlite", database="main", path=_file(text), name=name)
        raise UsageError(
            Text(
                "The source is neither a URL, nor a database file, nor a name in the configuration.",
                "该来源既不是 URL，也不是数据库文件或配置中的名称。",
            ),
            Text(f"Examples: {_EXAMPLES}.", f"示例：{_EXAMPLES}。"),
        )
    scheme, _, rest = text.partition("://")
    dialect = _SCHEMES.get(scheme.lower())
    if dialect is None:
        raise _unknown_scheme(scheme)
    if dialect == "sqlite":
        return _parse_sqlite(rest, name)
    return _parse_server(dialect, f"{dialect}://{rest}", name)


def _file(text: str) -> str:
    """Return the absolute path; `resolve` would follow links, and a link is the lasting name. A home that nobody has stays as written."""
    return os.path.abspath(os.path.expanduser(text))  # noqa: PTH100, PTH111  # pathlib's expanduser raises where there is no such home


def _unknown_scheme(scheme: str) -> UsageError:
    shown = scheme if scheme.replace("+", "").replace("-", "").isalnum() and len(scheme) <= 30 else "?"
    return UsageError(
        Text(f"Unknown database scheme: {shown}.", f"不支持的数据库类型：{shown}。"),
        Text(
            f"Supported: sqlite, postgresql, mysql, mariadb. Examples: {_EXAMPLES}.",
            f"支持 sqlite、postgresql、mysql、mariadb。示例：{_EXAMPLES}。",
        ),
    )


def _parse_sqlite(rest: str, name: str) -> SourceUrl:
    from urllib.parse import unquote

    body = rest.partition("?")[0]
    if not body.startswith("/") or body in ("/", "/:memory:"):
        raise UsageError(
            Text("The SQLite URL names no file.", "SQLite URL 没有指定文件。"),
            Text("Write sqlite:///relative.db or sqlite:////absolute/path.db.", "请写成 sqlite:///相对路径.db 或 sqlite:////绝对路径.db。"),
        )
    path = unquote(body[1:])
    return SourceUrl("sqlite", database="main", path=_file(path), name=name)


def _parse_server(dialect: Dialect, text: str, name: str) -> SourceUrl:
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise UsageError(
            Text("The database URL cannot be read.", "无法解析数据库 URL。"),
            Text(
                f"Write special characters of user and password as %XX (@ is %40, / is %2F, : is %3A). Examples: {_EXAMPLES}.",
                f"用户名和密码中的特殊字符请写成 %XX（@ 为 %40，/ 为 %2F，: 为 %3A）。示例：{_EXAMPLES}。",
            ),
        ) from None
    query = {key: value if isinstance(value, str) else value[-1] for key, value in url.query.items()}
    user = query.pop("user", None) or url.username or ""
    password = query.pop("password", None) or query.pop("passwd", None) or (None if url.password is None else str(url.password))
    host = query.pop("host", None) or url.host or "localhost"
    if "@" in host:
        raise UsageError(
            Text("The database URL holds more than one @.", "数据库 URL 中有多个 @。"),
            Text("Write an @ inside the password as %40.", "密码中的 @ 请写成 %40。"),
        )
    for key in query:
        if key not in _PARAMETERS[dialect]:
            allowed = ", ".join(sorted(_PARAMETERS[dialect]))
            raise UsageError(
                Text(f"Unknown parameter in the database URL: {key}.", f"数据库 URL 中有未知参数：{key}。"),
                Text(f"Known: user, password, host, {allowed}.", f"可用参数：user、password、host、{allowed}。"),
            )
    return SourceUrl(
        dialect,
        host=host.lower() if not host.startswith("/") else host,
        port=_port(query, url, dialect),
        user=user,
        database=url.database or ((user or "postgres") if dialect == "postgresql" else ""),
        parameters=tuple(sorted(query.items())),
        password=password,
        name=name,
    )


def _port(query: dict[str, str], url: URL, dialect: Dialect) -> int:
    port = int(url.port or _PORTS[dialect])
    if not 0 < port < 65536:
        raise UsageError(
            Text(f"Port {port} is out of range.", f"端口 {port} 超出范围。"), Text("Ports are 1 to 65535.", "端口应为 1 至 65535。")
        )
    return port


def fill_password(url: SourceUrl, environ: Mapping[str, str] = os.environ, ask: Callable[[str], str] | None = None) -> SourceUrl:
    """Return `url` with its password: its own, else SENSSCAN_PASSWORD, else what `ask(identity)` returns.

    Without `ask` the source is returned as it is: the server may not want a password, and PostgreSQL's own
    PGPASSWORD and ~/.pgpass still apply.
    """
    if not url.needs_password:
        return url
    given = environ.get("SENSSCAN_PASSWORD")
    if given is not None:
        return url.with_password(given)
    if ask is None or (url.dialect == "postgresql" and ("PGPASSWORD" in environ or Path(_file("~/.pgpass")).exists())):
        return url
    return url.with_password(ask(url.identity))
