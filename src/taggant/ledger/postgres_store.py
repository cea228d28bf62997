"""A ledger in one schema of a PostgreSQL database: what a team uses.

Invariant: one schema holds one case and nothing else. A writer holds the schema's advisory lock from its first
statement to its commit, so commits follow each other as they do in a file; readers see one state and never wait.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from taggant.errors import InputError, MissingExtra, TaggantError
from taggant.ledger.store import BUSY_MS, Store, check_layout, made_empty, metadata, said_plainly

SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")
_SCHEMA = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_SECRET = frozenset({"password", "sslpassword", "passfile"})
_CONNECTIONS = 4
_CONNECT_SECONDS = 15


@dataclass(frozen=True, slots=True)
class Address:
    """Where a case's schema is. `url` may hold a password; `shown` never does.

    Attributes
    ----------
    url : sqlalchemy.URL
    schema : str
    """

    url: sa.URL
    schema: str

    @classmethod
    def read(cls, text: str, schema: str) -> Self:
        """Which database does this address name?

        Raises
        ------
        InputError
            It is no address of a PostgreSQL database, or the schema's name is none.
        """
        try:
            url = sa.make_url(text)
        except (ArgumentError, ValueError):
            # From nothing: the driver's own message quotes the address, and may quote its password.
            raise _no_address(text) from None
        if url.drivername not in SCHEMES or url.database is None:
            raise _no_address(text)
        if not _SCHEMA.fullmatch(schema):
            raise InputError(f"{schema!r} is no name of a schema", next="Use small letters, digits and _")
        return cls(url.set(drivername="postgresql+psycopg"), schema)

    @property
    def shown(self) -> str:
        """The address without its password."""
        # `URL.set` takes a password of None for "as it was"; the query may hold one too.
        query = {name: value for name, value in self.url.query.items() if name not in _SECRET}
        plain = sa.URL.create(
            "postgresql", self.url.username, None, self.url.host, self.url.port, self.url.database, query
        )
        return plain.render_as_string(hide_password=False)


def fresh_schema(case_name: str) -> str:
    """Give a name for a new case's schema: readable, and never the name of another."""
    plain = re.sub(r"[^a-z0-9]+", "_", case_name.lower()).strip("_")[:32]
    return f"case_{plain}_{secrets.token_hex(4)}" if plain else f"case_{secrets.token_hex(4)}"


class PostgresStore(Store):
    """One schema."""

    begin_reading = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    begin_writing = (
        "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock(hashtextextended(current_schema(), 0))"
    )

    def structure(self) -> list[str]:
        """Ask PostgreSQL's own check of search trees, where its extension `amcheck` is installed."""
        try:
            with self.reading() as connection:
                if connection.exec_driver_sql("SELECT 1 FROM pg_extension WHERE extname = 'amcheck'").first() is None:
                    return []
                for name in connection.exec_driver_sql(
                    "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid "
                    "WHERE c.relnamespace = current_schema()::regnamespace AND i.indisvalid"
                ).scalars():
                    connection.exec_driver_sql(f"SELECT bt_index_check('{name}'::regclass, true)")
        except (TaggantError, SQLAlchemyError) as err:
            return [str(err)]
        return []

    def rebuild_search_trees(self) -> None:
        """Make every index anew."""
        with self.writing() as connection:
            for table in metadata.tables:
                connection.exec_driver_sql(f'REINDEX TABLE "{table}"')


def create_postgres(address: Address) -> Store:
    """Make an empty ledger in a schema of its own; one left by a creation that was cut short is completed."""
    store = _store(address)
    try:
        with said_plainly(store.where), store.engine.connect() as connection:
            connection.exec_driver_sql(f'CREATE SCHEMA IF NOT EXISTS "{address.schema}"')
            connection.commit()
        made_empty(store)
    except BaseException:
        store.close()
        raise
    return store


def drop_postgres(address: Address) -> None:
    """Take a schema away, of a case that was never finished."""
    store = _store(address)
    try:
        with said_plainly(store.where), store.engine.connect() as connection:
            connection.exec_driver_sql(f'DROP SCHEMA IF EXISTS "{address.schema}" CASCADE')
            connection.commit()
    finally:
        store.close()


def open_postgres(address: Address) -> Store:
    """Open the ledger in this schema."""
    store = _store(address)
    try:
        check_layout(store)
    except BaseException:
        store.close()
        raise
    return store


def _store(address: Address) -> PostgresStore:
    try:
        import psycopg  # noqa: F401
    except ImportError as err:
        raise MissingExtra("postgres", for_what="a ledger in PostgreSQL") from err
    where = f"{address.shown} schema {address.schema}"
    engine = sa.create_engine(
        address.url,
        poolclass=sa.QueuePool,
        pool_size=_CONNECTIONS,
        connect_args={"connect_timeout": _CONNECT_SECONDS, "application_name": "taggant", "client_encoding": "utf8"},
    )

    @event.listens_for(engine, "connect")
    def _on_connect(driver: Any, _: object) -> None:
        driver.autocommit = True  # the driver begins nothing by itself: we say BEGIN, and how
        driver.execute(f'SET search_path TO "{address.schema}"')
        driver.execute(f"SET lock_timeout = {BUSY_MS}")
        # A server may be set to acknowledge before it has written; a ledger may not.
        driver.execute("SET synchronous_commit = on")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("taggant_begin", "BEGIN"))

    return PostgresStore(engine, where, is_read_only=False)


def _no_address(text: str) -> InputError:
    shown = re.sub(r":[^:@/]*@", ":…@", text)
    return InputError(
        f"{shown!r} is no address of a PostgreSQL database",
        next="Write it as postgresql://NAME@HOST/DATABASE; the password goes into ~/.pgpass or PGPASSWORD",
    )
