"""The store's own tables, and the way into them.

Invariant: rows of `record`, `record_supersedes`, `commit`, `commit_parent` and `head` are added, never changed; `tip`
is a cache of them that can be made again. Statements are SQLAlchemy Core, so that another database can hold the same.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from taggant.errors import EvidenceBroken, InputError, TaggantError

LAYOUT = 1
"""Version of these tables. A newer program reads older ones; an older program refuses newer ones."""

FOLDER = ".taggant"
FILE = "ledger.sqlite"

_BUSY_MS = 60_000  # a writer waits this long for another; imports of a million rows hold the lock for some 20 s
_CACHE_KIB = 65_536
_WAL_PAGES = 16_384  # 64 MiB are gathered before they are folded in: small commits wait for one file, not for two
_WAL_KEPT_BYTES = 64 * 2**20  # after a large import the write-ahead file is cut back to this

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
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("tool", sa.Text, nullable=False),
    sa.Column("message", sa.Text, nullable=False),
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
    sa.Column("table", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
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
    sa.Column("table", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
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
    sa.Column("arrived_at", sa.Text, nullable=False),
    sa.Column("seal", _Id, nullable=False),
)
"""Which commit was the head of *this* ledger from when on. `seal` chains the rows, so that a changed moment shows."""


class Store:
    """One database that holds one ledger.

    Attributes
    ----------
    engine : sqlalchemy.Engine
    where : str
        How messages name it.
    is_read_only : bool
        The folder cannot be written; reading works, committing is refused.
    """

    def __init__(self, engine: sa.Engine, where: str, *, is_read_only: bool) -> None:
        self.engine = engine
        self.where = where
        self.is_read_only = is_read_only
        self._writing = engine.execution_options(taggant_begin="BEGIN IMMEDIATE")

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Open a transaction that sees one state throughout."""
        try:
            with said_plainly(self.where), self.engine.begin() as connection:
                yield connection
        except UnicodeDecodeError as err:
            # The driver quotes damaged text in its own message, and fails over that.
            raise _plainly(f"malformed text ({err.reason})", self.where) from err

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Open a transaction that holds the only right to write; it is kept whole or not at all."""
        if self.is_read_only:
            raise _read_only(self.where)
        with said_plainly(self.where), self._writing.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close the connections; the write-ahead file is folded in."""
        self.engine.dispose()


def create_store(file: Path) -> Store:
    """Make an empty ledger in this file; a file left by a creation that was cut short is completed."""
    store = Store(_engine(f"{file.absolute().as_uri()}?mode=rwc"), str(file), is_read_only=False)
    try:
        with said_plainly(store.where):
            with closing(sqlite3.connect(file, timeout=_BUSY_MS / 1000)) as driver:
                # Kept in the file, and not to be set inside a transaction.
                driver.execute("PRAGMA journal_mode = WAL")
            with store.writing() as connection:
                _refuse_ledger(connection, store.where)
                metadata.create_all(connection, checkfirst=False)
                connection.execute(meta.insert(), [{"name": "layout", "value": str(LAYOUT)}])
    except BaseException:
        store.close()
        raise
    return store


def _refuse_ledger(connection: sa.Connection, where: str) -> None:
    if sa.inspect(connection).has_table(meta.name):
        raise InputError("there is a ledger already", where=where, next="Open it, or choose another folder")


def open_store(file: Path) -> Store:
    """Open the ledger in this file, after asking whether it is one and whether this program knows its layout."""
    if not file.is_file():
        raise InputError(
            f"no ledger is here ({FOLDER}/{FILE} is missing)",
            where=str(file.parent.parent),
            next="Name the case folder, or make one: taggant new CASE",
        )
    is_read_only = not (_may_write(file) and _may_write(file.parent))
    uri = f"{file.absolute().as_uri()}?mode=rw"
    if is_read_only:
        wal = file.with_name(file.name + "-wal")
        if wal.exists() and wal.stat().st_size:
            raise InputError(
                "the folder cannot be written, and the ledger was not closed cleanly when it was copied there",
                where=str(file),
                so_what="The newest commits could not be read",
                next="Copy the whole case folder to a disk that can be written and open that",
            )
        # SQLite wants to write beside a WAL database even to read it, unless told that nobody changes it.
        uri = f"{file.absolute().as_uri()}?mode=ro&immutable=1"
    store = Store(_engine(uri, is_read_only=is_read_only), str(file), is_read_only=is_read_only)
    try:
        _check_layout(store)
    except BaseException:
        store.close()
        raise
    return store


def _may_write(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _check_layout(store: Store) -> None:
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


def _engine(uri: str, *, is_read_only: bool = False) -> sa.Engine:
    def _connect() -> sqlite3.Connection:
        return sqlite3.connect(uri, uri=True, timeout=_BUSY_MS / 1000, check_same_thread=False)

    engine = sa.create_engine("sqlite+pysqlite://", creator=_connect, poolclass=sa.QueuePool)

    @event.listens_for(engine, "connect")
    def _on_connect(driver: Any, _: object) -> None:
        driver.isolation_level = None  # the driver begins nothing by itself: we say BEGIN or BEGIN IMMEDIATE
        for pragma in (
            f"busy_timeout = {_BUSY_MS}",
            "foreign_keys = ON",
            "synchronous = FULL",
            f"cache_size = -{_CACHE_KIB}",
            f"journal_size_limit = {_WAL_KEPT_BYTES}",
            f"wal_autocheckpoint = {_WAL_PAGES}",
        ):
            driver.execute(f"PRAGMA {pragma}")
        if is_read_only:
            driver.execute("PRAGMA query_only = ON")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("taggant_begin", "BEGIN"))

    return engine


@contextmanager
def said_plainly(where: str) -> Iterator[None]:
    """Turn what the database driver reports into words that say what was lost (nothing) and what to do."""
    try:
        yield
    except DBAPIError as err:
        raise _plainly(str(err.orig), where) from err
    except sqlite3.Error as err:
        raise _plainly(str(err), where) from err


_BROKEN = ("malformed", "not a database", "corrupt", "could not decode", "file is encrypted")
_FULL = ("disk is full", "disk I/O error", "disk i/o error")


def _plainly(driver_says: str, where: str) -> TaggantError:
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
    if "locked" in driver_says or "busy" in driver_says:
        return TaggantError(
            f"another program has been writing to the ledger for more than {_BUSY_MS // 1000} s",
            where=where,
            so_what="Nothing was changed",
            next="Wait for it or close it, then run the same command again",
        )
    if "readonly" in driver_says or "unable to open" in driver_says:
        return _read_only(where)
    return TaggantError(f"the database refused: {driver_says}", where=where, so_what="Nothing was changed")


def _read_only(where: str) -> InputError:
    return InputError(
        "the ledger cannot be written: the file or its folder is read-only",
        where=where,
        so_what="Nothing was changed",
        next="Give yourself the right to write there, or copy the case folder to another place",
    )
