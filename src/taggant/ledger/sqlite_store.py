"""A ledger in one SQLite file beside the case: what a single machine uses.

Invariant: a commit is acknowledged when SQLite has it on disk (write-ahead log, `synchronous = FULL`).
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError

from taggant.errors import InputError, TaggantError
from taggant.ledger.store import BUSY_MS, FILE, FOLDER, Store, check_layout, made_empty, said_plainly

_CACHE_KIB = 65_536
_WAL_PAGES = 16_384  # 64 MiB are gathered before they are folded in: small commits wait for one file, not for two
_WAL_KEPT_BYTES = 64 * 2**20  # after a large import the write-ahead file is cut back to this


class SqliteStore(Store):
    """One file."""

    begin_reading = "BEGIN"
    begin_writing = "BEGIN IMMEDIATE"

    def structure(self) -> list[str]:
        """Ask SQLite whether its file is sound."""
        try:
            with self.reading() as connection:
                said = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check")]
        except (TaggantError, SQLAlchemyError, sqlite3.Error) as err:
            return [str(err)]
        return [] if said == ["ok"] else said

    def rebuild_search_trees(self) -> None:
        """Make every index anew."""
        with self.writing() as connection:
            connection.exec_driver_sql("REINDEX")


def create_sqlite(file: Path) -> Store:
    """Make an empty ledger in this file; a file left by a creation that was cut short is completed."""
    store = SqliteStore(_engine(f"{file.absolute().as_uri()}?mode=rwc"), str(file), is_read_only=False)
    try:
        with said_plainly(store.where):
            with closing(sqlite3.connect(file, timeout=BUSY_MS / 1000)) as driver:
                # Kept in the file, and not to be set inside a transaction.
                driver.execute("PRAGMA journal_mode = WAL")
            made_empty(store)
    except BaseException:
        store.close()
        raise
    return store


def open_sqlite(file: Path) -> Store:
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
    store = SqliteStore(_engine(uri, is_read_only=is_read_only), str(file), is_read_only=is_read_only)
    try:
        check_layout(store)
    except BaseException:
        store.close()
        raise
    return store


def _may_write(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _engine(uri: str, *, is_read_only: bool = False) -> sa.Engine:
    def _connect() -> sqlite3.Connection:
        return sqlite3.connect(uri, uri=True, timeout=BUSY_MS / 1000, check_same_thread=False)

    engine = sa.create_engine("sqlite+pysqlite://", creator=_connect, poolclass=sa.QueuePool)

    @event.listens_for(engine, "connect")
    def _on_connect(driver: Any, _: object) -> None:
        driver.isolation_level = None  # the driver begins nothing by itself: we say BEGIN or BEGIN IMMEDIATE
        for pragma in (
            f"busy_timeout = {BUSY_MS}",
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
