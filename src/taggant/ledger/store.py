"""The store's own tables, and the way into them, whichever database holds them.

Invariant: rows of `record`, `record_supersedes`, `commit`, `commit_parent` and `head` are added, never changed; `tip`
is a cache of them that can be made again. Statements are SQLAlchemy Core; what differs between databases is in
`sqlite_store` and `postgres_store`.
"""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from taggant.errors import EvidenceBroken, InputError, TaggantError

LAYOUT = 1
"""Version of these tables. A newer program reads older ones; an older program refuses newer ones."""

FOLDER = ".taggant"
FILE = "ledger.sqlite"

BUSY_MS = 60_000
"""A writer waits this long for another; an import of a million rows holds the lock for some 20 s."""


class Letters(sa.types.TypeDecorator[str]):
    """Text, letter for letter: PostgreSQL's own text holds no NUL, so there it is kept as the bytes of its UTF-8.

    Bytes of UTF-8 also sort by code point, as SQLite's text does, whatever the server's collation.
    """

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """Choose the column's type in this database."""
        return dialect.type_descriptor(sa.LargeBinary() if dialect.name == "postgresql" else sa.Text())

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> Any:
        """Write."""
        return value.encode() if value is not None and dialect.name == "postgresql" else value

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> str | None:
        """Read."""
        return bytes(value).decode() if value is not None and dialect.name == "postgresql" else value


metadata = sa.MetaData()

_Id = sa.LargeBinary(32)
_Serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

meta = sa.Table(
    "meta",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

commit = sa.Table(
    "commit",
    metadata,
    sa.Column("n", _Serial, primary_key=True, autoincrement=False),
    sa.Column("commit_id", _Id, nullable=False, unique=True),
    sa.Column("author", Letters, nullable=False),
    sa.Column("at", Letters, nullable=False),
    sa.Column("tool", Letters, nullable=False),
    sa.Column("message", Letters, nullable=False),
    sa.Column("root", _Id, nullable=False),
    sa.Column("n_records", sa.Integer, nullable=False),
)
"""A parent always has a smaller `n` than its child."""

commit_parent = sa.Table(
    "commit_parent",
    metadata,
    sa.Column("commit_n", _Serial, sa.ForeignKey("commit.n"), primary_key=True),
    sa.Column("parent_n", _Serial, sa.ForeignKey("commit.n"), primary_key=True),
    sqlite_with_rowid=False,
)

record = sa.Table(
    "record",
    metadata,
    sa.Column("n", _Serial, primary_key=True, autoincrement=False),
    sa.Column("record_id", _Id, nullable=False, unique=True),
    sa.Column("table", Letters, nullable=False),
    sa.Column("key", Letters, nullable=False),
    sa.Column("commit_n", _Serial, sa.ForeignKey("commit.n"), nullable=False),
    sa.Column("is_withdrawal", sa.Boolean, nullable=False),
    # Nullable, because a purge destroys the bytes and keeps the id.
    sa.Column("canonical", sa.LargeBinary),
    sa.Index("record_by_key", "table", "key"),
)

record_supersedes = sa.Table(
    "record_supersedes",
    metadata,
    sa.Column("old_n", _Serial, sa.ForeignKey("record.n"), primary_key=True),
    sa.Column("new_n", _Serial, sa.ForeignKey("record.n"), primary_key=True),
    sqlite_with_rowid=False,
)

tip = sa.Table(
    "tip",
    metadata,
    sa.Column("table", Letters, primary_key=True),
    sa.Column("key", Letters, primary_key=True),
    sa.Column("record_n", _Serial, primary_key=True, autoincrement=False),
    sa.Column("is_withdrawal", sa.Boolean, nullable=False),
    sqlite_with_rowid=False,
)
"""The live index: records not superseded in any commit reachable from the head. Withdrawals are kept in it, marked."""

head = sa.Table(
    "head",
    metadata,
    sa.Column("n", _Serial, primary_key=True, autoincrement=False),
    sa.Column("commit_n", _Serial, sa.ForeignKey("commit.n"), nullable=False),
    sa.Column("arrived_at", Letters, nullable=False),
    sa.Column("seal", _Id, nullable=False),
)
"""Which commit was the head of *this* ledger from when on. `seal` chains the rows, so that a changed moment shows."""


class Store(ABC):
    """One database that holds one ledger.

    Attributes
    ----------
    engine : sqlalchemy.Engine
    where : str
        How messages name it.
    is_read_only : bool
        The store cannot be written; reading works, committing is refused.
    """

    begin_reading: ClassVar[str]
    begin_writing: ClassVar[str]

    def __init__(self, engine: sa.Engine, where: str, *, is_read_only: bool) -> None:
        self.engine = engine
        self.where = where
        self.is_read_only = is_read_only
        self._reading = engine.execution_options(taggant_begin=self.begin_reading)
        self._writing = engine.execution_options(taggant_begin=self.begin_writing)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Open a transaction that sees one state throughout."""
        try:
            with said_plainly(self.where), self._reading.begin() as connection:
                yield connection
        except UnicodeDecodeError as err:
            # The driver quotes damaged text in its own message, and fails over that.
            raise plainly(f"malformed text ({err.reason})", self.where) from err

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Open a transaction that holds the only right to write; it is kept whole or not at all."""
        if self.is_read_only:
            raise read_only(self.where)
        with said_plainly(self.where), self._writing.begin() as connection:
            yield connection

    @abstractmethod
    def structure(self) -> list[str]:
        """What does the database say is wrong with its own structure? An empty list: nothing."""

    @abstractmethod
    def rebuild_search_trees(self) -> None:
        """Make the database's search trees anew from its rows."""

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()


def made_empty(store: Store) -> None:
    """Make the tables of an empty ledger in this store, in one transaction.

    Raises
    ------
    InputError
        There is a ledger already.
    """
    with store.writing() as connection:
        if sa.inspect(connection).has_table(meta.name):
            raise InputError("there is a ledger already", where=store.where, next="Open it, or choose another folder")
        metadata.create_all(connection, checkfirst=False)
        connection.execute(meta.insert(), [{"name": "layout", "value": str(LAYOUT)}])


def check_layout(store: Store) -> None:
    """Refuse what is no ledger, what a newer program made, and what lacks a table."""
    with store.reading() as connection:
        tables = set(sa.inspect(connection).get_table_names())
        layout = None
        if meta.name in tables:
            layout = connection.execute(sa.select(meta.c.value).where(meta.c.name == "layout")).scalar()
    missing = sorted(set(metadata.tables) - tables)
    if layout is None:
        raise InputError(
            "this database is no ledger of Taggant", where=store.where, next="Name a case folder made by taggant new"
        )
    if not str(layout).isdecimal():
        raise EvidenceBroken(f"the layout version {layout!r} is no number", where=store.where)
    if int(layout) > LAYOUT:
        raise InputError(
            f"the ledger has layout {layout}; this program knows up to {LAYOUT}",
            where=store.where,
            so_what="A newer Taggant made it",
            next="Update Taggant, then open the case again",
        )
    if missing:
        raise EvidenceBroken(f"the ledger lacks its tables {', '.join(missing)}", where=store.where)


@contextmanager
def said_plainly(where: str) -> Iterator[None]:
    """Turn what the database driver reports into words that say what was lost (nothing) and what to do."""
    try:
        yield
    except DBAPIError as err:
        raise plainly(str(err.orig), where) from err
    except sqlite3.Error as err:
        raise plainly(str(err), where) from err


_BROKEN = ("malformed", "not a database", "corrupt", "could not decode", "file is encrypted")
_FULL = ("disk is full", "disk I/O error", "disk i/o error", "No space left", "could not extend file")
_BUSY = ("locked", "busy", "lock timeout")
_READ_ONLY = ("readonly", "unable to open", "permission denied", "read-only transaction")
_AWAY = (
    "connection failed",
    "connection refused",
    "connection is lost",
    "connection to server",
    "server closed",
    "terminating connection",
)


def plainly(driver_says: str, where: str) -> TaggantError:
    """Which error says this in our words?"""
    if any(words in driver_says.lower() for words in _BROKEN):
        return EvidenceBroken(
            f"the ledger file cannot be read: {driver_says}",
            where=where,
            next="Keep the damaged file, restore the case folder from a copy, then run taggant verify",
        )
    if any(words in driver_says for words in _FULL):
        return TaggantError(
            f"the ledger could not be written: {driver_says}",
            where=where,
            so_what="Nothing of this commit was kept; every earlier commit is untouched",
            next="Make room on the disk (or lift the file-size limit) and run the same command again",
        )
    if any(words in driver_says for words in _BUSY):
        return TaggantError(
            f"another program has been writing to the ledger for more than {BUSY_MS // 1000} s",
            where=where,
            so_what="Nothing was changed",
            next="Wait for it or close it, then run the same command again",
        )
    if any(words in driver_says for words in _READ_ONLY):
        return read_only(where)
    if any(words in driver_says for words in _AWAY):
        return TaggantError(
            f"the database cannot be reached: {driver_says.strip()}",
            where=where,
            so_what="A commit that was not acknowledged was not kept; every earlier commit is untouched",
            next="See that the server runs and that your password is in ~/.pgpass or PGPASSWORD, then run it again",
        )
    return TaggantError(f"the database refused: {driver_says}", where=where, so_what="Nothing was changed")


def read_only(where: str) -> InputError:
    """Say that this store can be read and not written."""
    return InputError(
        "the ledger cannot be written: the file or its folder is read-only",
        where=where,
        so_what="Nothing was changed",
        next="Give yourself the right to write there, or copy the case folder to another place",
    )
