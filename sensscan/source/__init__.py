"""Sources: URLs, read-only sessions, the statement log, and drivers' errors in our words."""

from sensscan.source.errors import error_code, is_lost, is_timeout, translate
from sensscan.source.log import StatementLog
from sensscan.source.session import Session, open_source
from sensscan.source.url import FILE_ENDINGS, SourceUrl, fill_password, parse_source

__all__ = [
    "FILE_ENDINGS",
    "Session",
    "SourceUrl",
    "StatementLog",
    "error_code",
    "fill_password",
    "is_lost",
    "is_timeout",
    "open_source",
    "parse_source",
    "translate",
]
