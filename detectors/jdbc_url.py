"""JDBC connection strings: known sub-protocol, a host where one belongs, ports that exist."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sensscan.plugin import ValueDetector

_PROTOCOLS = frozenset(
    {
        "as400", "athena", "awsathena", "bigquery", "calcite", "cassandra", "ch", "clickhouse", "cloudspanner", "dameng",
        "databricks", "db2", "derby", "dm", "dremio", "drill", "duckdb", "edb", "elasticsearch", "es", "exa", "firebird",
        "firebirdsql", "gaussdb", "gbase", "gbasedbt-sqli", "goldendb", "h2", "hana", "highgo", "hive2", "hsqldb", "ignite",
        "impala", "informix-sqli", "iotdb", "kingbase", "kingbase8", "kylin", "mariadb", "mimer", "mongodb", "mysql", "neo4j",
        "oceanbase", "odbc", "opengauss", "oracle", "oscar", "p6spy", "phoenix", "polardb", "postgresql", "pgsql", "presto", "redis",
        "redshift", "sap", "snowflake", "solr", "spark", "sqlite", "sqlserver", "sybase", "taos", "taos-rs", "tds", "tdengine",
        "teradata", "tidb", "trino", "ucanaccess", "uxdb", "vastbase", "vertica", "xugu", "yasdb", "zenith",
    }
)  # fmt: skip
"""Sub-protocols of drivers in use; the Chinese ones among them: dm, gbase, kingbase, oceanbase, opengauss, oscar, xugu, yasdb, zenith."""

_HEAD = re.compile(r"jdbc:(?:microsoft:|jtds:)?([a-z][a-z0-9-]*)[a-z0-9+._-]*:(.*)", re.IGNORECASE | re.DOTALL)
_BRACKETS = re.compile(r"\[[0-9A-Fa-f:.%a-z]*\]")
_PORT = re.compile(r":([0-9]+)(?=[:/,;?)]|\Z)")


def _is_connection(value: str) -> bool:
    match = _HEAD.fullmatch(value)
    if match is None or match[1].lower() not in _PROTOCOLS:
        return False
    rest = _BRACKETS.sub("host", match[2])
    if rest.startswith("//") and not rest[2:].strip("/"):
        return False
    # Ports are looked for before the parameters: a password may hold a colon and digits.
    address = re.split(r"[?;]", rest, maxsplit=1)[0]
    return all(0 < int(port) <= 65535 for port in _PORT.findall(address))


class JdbcUrlDetector(ValueDetector):
    """Tells connection strings from texts that only start like one."""

    type_id = "jdbc_url"

    def score(self, values: Sequence[str]) -> Sequence[float]:
        """Return 1 for a connection string, else 0."""
        return [float(_is_connection(value)) for value in values]
