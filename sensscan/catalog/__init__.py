"""Step 1, enumerate: schemas, tables, columns, comments, keys, estimates, in a fixed number of queries."""

from __future__ import annotations

import gc
from collections.abc import Collection

from sensscan.catalog.filters import Selection
from sensscan.config import Filters
from sensscan.language import Text
from sensscan.model import Catalogue, TableRef
from sensscan.source import Session, translate

__all__ = ["Selection", "enumerate_source"]


def enumerate_source(session: Session, identity: str, filters: Filters, *, only: Collection[TableRef] | None = None) -> Catalogue:
    """Return everything that the filters let through, or `only` these tables of it.

    `identity` becomes the source of all refs. System schemas are left out. What cannot be read (foreign tables, broken
    views) is in `skipped` with its reason. Raises ReadError when the catalogue itself cannot be read.
    """
    wanted = None if only is None else frozenset((ref.schema, ref.table) for ref in only)
    selection = Selection(filters, one_schema=session.dialect == "sqlite", only=wanted)
    collecting = gc.isenabled()
    gc.disable()  # a hundred thousand small objects, none of them garbage: the collector would take a third of the time
    try:
        if session.dialect == "sqlite":
            from sensscan.catalog.sqlite import read_catalogue
        elif session.dialect == "postgresql":
            from sensscan.catalog.postgresql import read_catalogue
        else:
            from sensscan.catalog.mysql import read_catalogue
        tables, left_out = read_catalogue(session, identity, selection)
    except Exception as error:
        raise translate(error, Text(f"The catalogue of {identity}", f"{identity} 的系统目录")) from None
    finally:
        if collecting:
            gc.enable()
    return Catalogue(identity, session.dialect, session.server, tuple(tables), tuple(left_out))
