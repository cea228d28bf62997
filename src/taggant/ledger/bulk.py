"""Many rows at once, the way each database takes them fastest.

Invariant: nothing here decides anything; a bulk statement does what the same statement a row at a time would do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import sqlalchemy as sa

from taggant.ledger import store
from taggant.ledger.store import Letters

Pair: TypeAlias = "tuple[bytes, int, str, str]"
"""Id of a superseded record, number of the one that supersedes it, table, key."""

_SQLITE_TAKE = store.tip.delete().where(
    store.tip.c.table == sa.bindparam("its_table"),
    store.tip.c.key == sa.bindparam("its_key"),
    store.tip.c.record_n
    == sa.select(store.record.c.n)
    .where(store.record.c.record_id == sa.bindparam("its_id"), store.record.c.n < sa.bindparam("before"))
    .scalar_subquery(),
)
_SQLITE_NOTE = store.record_supersedes.insert().from_select(
    ["old_n", "new_n"],
    sa.select(store.record.c.n, sa.bindparam("new_n", type_=sa.Integer)).where(
        store.record.c.record_id == sa.bindparam("its_id")
    ),
)
_POSTGRES_TAKE = (
    "DELETE FROM tip USING taking t JOIN record r ON r.record_id = t.id "
    'WHERE tip."table" = t."table" AND tip."key" = t."key" AND tip.record_n = r.n AND r.n < %(before)s'
)
_POSTGRES_NOTE = (
    "INSERT INTO record_supersedes (old_n, new_n) SELECT r.n, t.new_n FROM taking t JOIN record r ON r.record_id = t.id"
)


def insert(connection: sa.Connection, table: sa.Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Add these rows; values in the order of the table's columns.

    Raises
    ------
    sqlalchemy.exc.IntegrityError
        A row of that key is there already.
    """
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        _copy(connection, f'"{table.name}"', table.columns, rows)
        return
    # The driver's own executemany: SQLAlchemy's insert of dictionaries costs three times as much a row.
    connection.exec_driver_sql(_text(connection, table.insert()), list(rows))


def take_superseded(connection: sa.Connection, pairs: Sequence[Pair], *, before: int) -> int:
    """Take what is superseded off the live index and note by what.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside the writer's transaction.
    pairs : sequence of (superseded id, number of the superseding record, table, key)
    before : int
        Records from this number on cannot be superseded: they are of the same commit.

    Returns
    -------
    int
        How many were live; fewer than given means that some were not, and nothing may be kept.
    """
    # One statement for all: a correction of 100,000 rows must not ask the store 100,000 questions from Python.
    if connection.dialect.name == "postgresql":
        _stage(connection, pairs)
        taken = connection.exec_driver_sql(_POSTGRES_TAKE, {"before": before}).rowcount
    else:
        taken = connection.exec_driver_sql(
            _text(connection, _SQLITE_TAKE), [(table, key, old, before) for old, _, table, key in pairs]
        ).rowcount
    if taken == len(pairs):
        note_superseded(connection, pairs, is_staged=True)
    return int(taken)


def note_superseded(connection: sa.Connection, pairs: Sequence[Pair], *, is_staged: bool = False) -> int:
    """Note which record supersedes which, without touching the live index; gives how many ids are held."""
    if not pairs:
        return 0
    if connection.dialect.name == "postgresql":
        if not is_staged:
            _stage(connection, pairs)
        return int(connection.exec_driver_sql(_POSTGRES_NOTE).rowcount)
    rows = [(n, old) for old, n, _, _ in pairs]
    return int(connection.exec_driver_sql(_text(connection, _SQLITE_NOTE), rows).rowcount)


def _stage(connection: sa.Connection, pairs: Sequence[Pair]) -> None:
    connection.exec_driver_sql(
        "CREATE TEMPORARY TABLE IF NOT EXISTS taking "
        '("id" bytea, "new_n" bigint, "table" bytea, "key" bytea) ON COMMIT DROP'
    )
    connection.exec_driver_sql("TRUNCATE taking")
    rows = [(old, n, table.encode(), key.encode()) for old, n, table, key in pairs]
    _copy_plain(connection, 'taking ("id", "new_n", "table", "key")', ("bytea", "int8", "bytea", "bytea"), rows)


def _copy(
    connection: sa.Connection, name: str, columns: Iterable[sa.Column[Any]], rows: Sequence[tuple[Any, ...]]
) -> None:
    columns = list(columns)
    letters = [at for at, column in enumerate(columns) if isinstance(column.type, Letters)]
    encoded: Sequence[tuple[Any, ...]] = rows
    if letters:
        lists = [list(row) for row in rows]
        for row in lists:
            for at in letters:
                row[at] = row[at].encode()
        encoded = [tuple(row) for row in lists]
    names = ", ".join(f'"{column.name}"' for column in columns)
    _copy_plain(connection, f"{name} ({names})", tuple(_postgres_type(c) for c in columns), encoded)


def _copy_plain(connection: sa.Connection, into: str, types: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    import psycopg

    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError(f"a psycopg connection was expected, not {type(driver).__name__}")
    try:
        with driver.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(list(types))
            for row in rows:
                copy.write_row(row)
    except psycopg.errors.UniqueViolation as err:
        raise sa.exc.IntegrityError("COPY", None, err) from err
    except psycopg.Error as err:
        raise sa.exc.DBAPIError("COPY", None, err) from err


def _postgres_type(column: sa.Column[Any]) -> str:
    if isinstance(column.type, sa.Boolean):
        return "bool"
    if isinstance(column.type, sa.BigInteger):
        return "int8"
    if isinstance(column.type, sa.Integer):
        return "int4"
    return "bytea"


def _text(connection: sa.Connection, statement: sa.Insert | sa.Delete) -> str:
    """Give the driver's text of the statement; its values follow in the order in which they are written there."""
    return str(statement.compile(dialect=connection.dialect))
