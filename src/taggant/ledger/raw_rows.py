"""Rows as bytes, whatever a damaged page has made of them, and bytes in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import sqlalchemy as sa

from taggant.ledger import store
from taggant.ledger.record_scan import AT_A_TIME


def raw(column: sa.ColumnElement[Any]) -> sa.Cast[bytes]:
    """Read this column as bytes."""
    return sa.cast(column, sa.LargeBinary)


def record_columns() -> sa.Select[Any]:
    """All there is of a record, text as bytes."""
    c = store.record.c
    return sa.select(c.n, c.record_id, raw(c.table), raw(c.key), c.commit_n, c.is_withdrawal, c.canonical)


def in_pieces(connection: sa.Connection, wanted: sa.Select[Any]) -> Iterator[list[tuple[Any, ...]]]:
    """Give the rows of this statement in pieces, as the driver has them."""
    # The driver's own rows: SQLAlchemy's cost as much again as hashing them.
    statement = str(wanted.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True}))
    driver: Any = connection.connection.driver_connection
    # A named cursor of PostgreSQL stays on the server and gives what is asked for; an unnamed one would bring all.
    name = {"name": "pieces"} if connection.dialect.name == "postgresql" else {}
    with closing(driver.cursor(**name)) as cursor:
        cursor.execute(statement)
        while some := cursor.fetchmany(AT_A_TIME):
            yield some


def text(value: object) -> str | None:
    """Show bytes that should be text."""
    return value.decode(errors="backslashreplace") if isinstance(value, bytes) else None


def in_hex(value: object) -> str | None:
    """Show bytes that should be an id."""
    return value.hex() if isinstance(value, bytes) else None
