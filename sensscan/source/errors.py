"""Drivers' errors in our words: what, where, what to do. A driver's own text is never shown, for it can hold cells."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sensscan.errors import NothingReadError, ReadError, SensscanError, UsageError
from sensscan.language import Text
from sensscan.source.url import SourceUrl


@dataclass(frozen=True, slots=True)
class _Cause:
    """A known cause: the reason code, what happened, what to do."""

    code: str
    text: Text
    hint: Text | None = None


_PERMISSION = _Cause(
    "permission",
    Text("permission denied", "没有权限"),
    Text("Grant SELECT on it; `sensscan check` prints the statement.", "请授予 SELECT 权限；运行 `sensscan check` 可得到授权语句。"),
)
_TIMEOUT = _Cause(
    "timeout",
    Text("the time limit was reached", "超过时间限制"),
    Text(
        "Raise statement_seconds in the configuration, or scan at a quieter hour.", "请在配置中调大 statement_seconds，或在空闲时段扫描。"
    ),
)
_LOCKED = _Cause(
    "timeout",
    Text("it is locked by another session", "被其他会话锁定"),
    Text("Scan it again when the other session has ended.", "请在其他会话结束后重新扫描。"),
)
_LOST = _Cause(
    "lost",
    Text("the connection was lost", "连接已断开"),
    Text("Check server and network, then run again with --resume.", "请检查服务器和网络，然后加 --resume 重新运行。"),
)
_GONE = _Cause(
    "failed",
    Text("it no longer exists", "对象已不存在"),
    Text("It was dropped or renamed during the scan; scan again.", "扫描期间被删除或改名，请重新扫描。"),
)
_COLUMN_GONE = _Cause(
    "failed",
    Text("a column no longer exists", "某列已不存在"),
    Text("The table was altered during the scan; scan again.", "扫描期间表结构被修改，请重新扫描。"),
)
_BROKEN_VIEW = _Cause(
    "failed",
    Text("the view is broken", "视图已失效"),
    Text("It refers to missing objects or rights; repair or exclude it.", "它引用的对象或权限缺失，请修复或排除该视图。"),
)
_WRITES = _Cause(
    "failed",
    Text("reading it would write, and the session is read-only", "读取它会产生写操作，而会话是只读的"),
    Text("Exclude it.", "请排除该对象。"),
)
_COMPUTED = _Cause(
    "failed",
    Text("a computed value failed", "计算列或视图表达式出错"),
    Text("Exclude the view or column.", "请排除该视图或列。"),
)
_RESOURCES = _Cause(
    "failed", Text("the server is out of resources", "服务器资源不足"), Text("Scan at a quieter hour.", "请在空闲时段扫描。")
)
_BUSY = _Cause(
    "timeout",
    Text("the database is locked by another program", "数据库被其他程序锁定"),
    Text("Close the program that is writing to it, or scan a copy.", "请关闭正在写入的程序，或扫描其副本。"),
)
_NOT_A_DATABASE = _Cause(
    "failed",
    Text("the file is not an SQLite database, or it is encrypted", "文件不是 SQLite 数据库，或已加密"),
    Text("Give the path of an unencrypted SQLite 3 file.", "请给出未加密的 SQLite 3 文件路径。"),
)
_HOT_JOURNAL = _Cause(
    "failed",
    Text("the database was not closed properly and has a journal to roll back", "数据库未正常关闭，留有待回滚的日志"),
    Text(
        "Open it once with its own program, or scan a copy that was opened for writing; sensscan never writes.",
        "请先用其原有程序打开一次，或扫描可写打开过的副本；sensscan 从不写入。",
    ),
)
_DAMAGED = _Cause(
    "failed",
    Text("the database file is damaged", "数据库文件已损坏"),
    Text("Check it with `PRAGMA integrity_check` and scan a restored copy.", "请用 `PRAGMA integrity_check` 检查，并扫描恢复后的副本。"),
)
_UNSUPPORTED = _Cause(
    "failed",
    Text(
        "it needs an SQLite extension (module, function or collation) that is not loaded",
        "它依赖未加载的 SQLite 扩展（模块、函数或排序规则）",
    ),
    Text("Exclude it.", "请排除该对象。"),
)
_CANNOT_OPEN = _Cause(
    "failed",
    Text("the file or its folder cannot be opened", "无法打开该文件或其所在目录"),
    Text("Check that you may read it.", "请检查读取权限。"),
)
_TOO_BIG = _Cause("budget", Text("a row is larger than the limit", "单行数据超过上限"), Text("Exclude the column.", "请排除该列。"))
_DECODING = _Cause("failed", Text("its text cannot be decoded", "文本无法解码"), Text("Exclude the column.", "请排除该列。"))

_POSTGRES: dict[str, _Cause] = {
    "42501": _PERMISSION,
    "57014": _TIMEOUT,
    "25P03": _TIMEOUT,
    "55P03": _LOCKED,
    "40P01": _LOCKED,
    "40001": _LOCKED,
    "57P01": _LOST,
    "57P02": _LOST,
    "57P03": _LOST,
    "42P01": _GONE,
    "3F000": _GONE,
    "3D000": _GONE,
    "XX000": _Cause("failed", Text("the server reported an internal error", "服务器报告内部错误"), None),
    "42703": _COLUMN_GONE,
    "25006": _WRITES,
}
_POSTGRES_CLASSES: dict[str, _Cause] = {"08": _LOST, "22": _COMPUTED, "53": _RESOURCES, "28": _PERMISSION, "P0": _COMPUTED}
_MYSQL: dict[int, _Cause] = {
    **dict.fromkeys((1044, 1045, 1142, 1143, 1227, 1370, 1698, 3118), _PERMISSION),
    **dict.fromkeys((1969, 3024, 1317, 1907), _TIMEOUT),
    **dict.fromkeys((1205, 1213, 3572), _LOCKED),
    **dict.fromkeys((2006, 2013, 2003, 2014, 2055, 4031, 1053, 1927, 1080, 1152, 1158, 1159, 1160, 1161, 0), _LOST),
    **dict.fromkeys((1146, 1051, 1049, 1932, 1412), _GONE),
    1054: _COLUMN_GONE,
    **dict.fromkeys((1356, 1449, 1347), _BROKEN_VIEW),
    **dict.fromkeys((1792, 1290), _WRITES),
    **dict.fromkeys((1021, 1037, 1038, 1040, 1041, 1114, 1203, 1226), _RESOURCES),
    **dict.fromkeys((1194, 1195, 1034, 1877), _DAMAGED),
}
_SQLITE: dict[str, _Cause] = {
    "SQLITE_BUSY": _BUSY,
    "SQLITE_LOCKED": _BUSY,
    "SQLITE_INTERRUPT": _TIMEOUT,
    "SQLITE_CORRUPT": _DAMAGED,
    "SQLITE_NOTADB": _NOT_A_DATABASE,
    "SQLITE_READONLY": _WRITES,
    "SQLITE_CANTOPEN": _CANNOT_OPEN,
    "SQLITE_PERM": _CANNOT_OPEN,
    "SQLITE_IOERR": _LOST,
    "SQLITE_FULL": _RESOURCES,
    "SQLITE_NOMEM": _RESOURCES,
    "SQLITE_TOOBIG": _TOO_BIG,
    "SQLITE_AUTH": _PERMISSION,
}
_SQLITE_WORDS = (
    ("no such table", _GONE),
    ("no such view", _GONE),
    ("no such column", _COLUMN_GONE),
    ("no such module", _UNSUPPORTED),
    ("no such function", _UNSUPPORTED),
    ("no such collation", _UNSUPPORTED),
    ("unsafe use", _UNSUPPORTED),
    ("could not decode", _DECODING),
    ("unsupported file format", _NOT_A_DATABASE),
)


def error_code(error: BaseException) -> str:
    """Return the driver's code of an error: SQLSTATE, errno or SQLite's name; the class name without one."""
    origin = getattr(error, "orig", None) or error
    sqlstate = getattr(origin, "pgcode", None)
    if isinstance(sqlstate, str):
        return sqlstate
    name = getattr(origin, "sqlite_errorname", None)
    if isinstance(name, str):
        return name
    if type(origin).__module__.startswith("pymysql") and origin.args and isinstance(origin.args[0], int):
        return str(origin.args[0])
    return type(origin).__name__


def is_lost(error: BaseException) -> bool:
    """True when the connection is gone, so that the same work can be tried on a new one."""
    cause = _cause(error)
    return cause is _LOST and not error_code(error).startswith("SQLITE")


def is_timeout(error: BaseException) -> bool:
    """True when a time limit of ours ended the statement."""
    return _cause(error) is _TIMEOUT


def _cause(error: BaseException) -> _Cause | None:
    origin = getattr(error, "orig", None) or error
    module = type(origin).__module__.partition(".")[0]
    code = error_code(error)
    if isinstance(origin, UnicodeDecodeError):
        return _DECODING
    if module == "psycopg2":
        if code in _POSTGRES:
            return _POSTGRES[code]
        if code[:2] in _POSTGRES_CLASSES and len(code) == 5:
            return _POSTGRES_CLASSES[code[:2]]
        # libpq reports a broken socket without an SQLSTATE.
        return _LOST if code in ("OperationalError", "InterfaceError", "DatabaseError") else None
    if module == "pymysql":
        if code.isdigit():
            return _MYSQL.get(int(code))
        return _LOST if code == "InterfaceError" else None
    if module == "sqlite3":
        return _sqlite_cause(origin, code)
    if isinstance(origin, ConnectionError | TimeoutError | EOFError):
        return _LOST
    return None


def _sqlite_cause(error: BaseException, code: str) -> _Cause | None:
    if code.startswith(("SQLITE_READONLY_ROLLBACK", "SQLITE_READONLY_RECOVERY")):
        return _HOT_JOURNAL
    if code.startswith(("SQLITE_READONLY_CANTINIT", "SQLITE_READONLY_CANTLOCK", "SQLITE_READONLY_DIRECTORY")):
        return _CANNOT_OPEN
    known = _SQLITE.get("_".join(code.split("_")[:2]))
    if known is not None:
        return known
    words = str(error).lower()
    return next((cause for start, cause in _SQLITE_WORDS if start in words), None)


def translate(error: BaseException, what: Text) -> SensscanError:
    """Return the error of ours for a driver's error met while reading `what` ("table hr.staff").

    Errors that are already ours come back unchanged. The result is a ReadError whose code is one of the reason codes.
    """
    if isinstance(error, SensscanError):
        return error
    cause = _cause(error)
    code = error_code(error)
    if cause is None:
        return ReadError(
            Text(f"{what.en} could not be read ({code}).", f"{what.zh}无法读取（{code}）。"),
            Text("Exclude it, or ask its administrator about this code.", "请排除它，或向数据库管理员询问该错误码。"),
        )
    return ReadError(
        Text(f"{what.en} could not be read: {cause.text.en} ({code}).", f"{what.zh}无法读取：{cause.text.zh}（{code}）。"),
        cause.hint,
        cause.code,
    )


def missing_driver(package: str, url: SourceUrl) -> UsageError:
    """The Python driver for this source is not installed."""
    return UsageError(
        Text(f"The driver {package} for {url.dialect} is not installed.", f"未安装 {url.dialect} 的驱动 {package}。"),
        Text(f"Run: pip install {package}", f"请运行：pip install {package}"),
    )


_CONNECT_WORDS: tuple[tuple[str, Text, Text], ...] = (
    (
        r"'cryptography' package",
        Text("the account's way to log in needs the Python package cryptography", "该账号的登录方式需要 Python 包 cryptography"),
        Text("Run: pip install cryptography", "请运行：pip install cryptography"),
    ),
    (
        r"password|authentication|认证|密码|\b1045\b|\b1698\b|role .* does not exist|no pg_hba|pg_hba",
        Text("user or password was refused", "用户名或密码被拒绝"),
        Text("Check user, password and the hosts that the account may come from.", "请检查用户名、密码以及账号允许的来源主机。"),
    ),
    (
        r"\b1049\b|database .* does not exist|3D000|数据库.*不存在",
        Text("the database does not exist", "数据库不存在"),
        Text("Check the name after the last / of the URL.", "请检查 URL 最后一个 / 之后的库名。"),
    ),
    (
        r"\b1044\b|permission denied for database",
        Text("the account may not use this database", "账号无权使用该数据库"),
        Text(
            "Ask for GRANT CONNECT (PostgreSQL), or GRANT SELECT, SHOW VIEW ON DATABASE.* (MariaDB, MySQL).",
            "请申请 GRANT CONNECT（PostgreSQL），或 GRANT SELECT, SHOW VIEW ON 库.*（MariaDB、MySQL）。",
        ),
    ),
    (
        r"translate host name|name or service|getaddrinfo|resolve|nodename",
        Text("the host name is unknown", "无法解析主机名"),
        Text("Check the host in the URL.", "请检查 URL 中的主机名。"),
    ),
    (
        r"refused|\[errno 111\]",
        Text("nothing listens there", "目标端口没有服务在监听"),
        Text("Check host and port, and that the server runs.", "请检查主机和端口，并确认服务器已启动。"),
    ),
    (
        r"timed? ?out|timeout expired",
        Text("the server did not answer in time", "服务器未在限定时间内响应"),
        Text("Check host, port and firewall.", "请检查主机、端口和防火墙。"),
    ),
    (
        r"too many (clients|connections)|\b1040\b|\b1203\b|connection slots",
        Text("the server has no free connection", "服务器连接数已满"),
        Text("Try later.", "请稍后再试。"),
    ),
    (
        r"ssl|tls|certificate",
        Text("the encrypted connection could not be made", "无法建立加密连接"),
        Text("Check the ssl parameters of the URL.", "请检查 URL 中的 ssl 参数。"),
    ),
    (
        r"no route|unreachable",
        Text("there is no route to the server", "网络不可达"),
        Text("Check network and firewall.", "请检查网络和防火墙。"),
    ),
)


def translate_connect(error: BaseException, url: SourceUrl) -> SensscanError:
    """Return the error of ours for a failed connection: NothingReadError, naming server and cause, never the user's password.

    libpq gives no SQLSTATE for refused connections, so the cause is recognised by words of the driver's message, which
    itself is not shown.
    """
    if isinstance(error, SensscanError):
        return error
    origin = getattr(error, "orig", None) or error
    where = url.identity
    cause = _cause(origin) if url.dialect == "sqlite" else None
    if cause is not None:
        return NothingReadError(Text(f"{where}: {cause.text.en}.", f"{where}：{cause.text.zh}。"), cause.hint)
    message = str(origin)
    for pattern, text, hint in _CONNECT_WORDS:
        if re.search(pattern, message, re.IGNORECASE):
            return NothingReadError(Text(f"{where}: {text.en}.", f"{where}：{text.zh}。"), hint)
    code = error_code(origin)
    return NothingReadError(
        Text(f"{where}: the connection failed ({code}).", f"{where}：连接失败（{code}）。"),
        Text("Check host, port, database and account.", "请检查主机、端口、库名和账号。"),
    )
