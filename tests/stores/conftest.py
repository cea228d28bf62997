"""One test body, every store: a ledger in a file, and one in a schema of a PostgreSQL server the tests start."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol, TypeAlias

import pytest

from taggant.ledger.ledger import Ledger
from taggant.model.record import Record, fresh_salt

from .postgres_server import running

CreateLedger: TypeAlias = Callable[[Path], Ledger]
"""Makes an empty ledger for a case folder, in the store under test."""


class MakeRecord(Protocol):
    """Makes one record of table `source`; `title` None withdraws."""

    def __call__(self, key: str, title: str | None, *supersedes: str, table: str = "source") -> Record: ...


def _make(key: str, title: str | None, *supersedes: str, table: str = "source") -> Record:
    body: dict[str, str | int | bool | list[str] | None] | None = {f"{table}_id": key, "title": title}
    return Record(
        table=table,
        key=key,
        schema=1,
        body=None if title is None else body,
        supersedes=tuple(sorted(supersedes)),
        salt=fresh_salt(),
    )


@pytest.fixture(scope="session")
def make() -> MakeRecord:
    """Make one record."""
    return _make


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Give the address of a PostgreSQL server that lives as long as the tests."""
    with running() as address:
        yield address


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def store_address(request: pytest.FixtureRequest) -> str | None:
    """Where the ledger is to be: None for a file beside the case."""
    return None if request.param == "sqlite" else str(request.getfixturevalue("postgres"))


@pytest.fixture(scope="session")
def create(store_address: str | None) -> CreateLedger:
    """Make an empty ledger in the store under test."""
    return lambda case: Ledger.create(case, store_address=store_address)


@pytest.fixture
def ledger(tmp_path: Path, create: CreateLedger) -> Iterator[Ledger]:
    """An empty ledger."""
    with create(tmp_path / "case") as made:
        yield made
