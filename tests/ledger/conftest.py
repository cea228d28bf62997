"""A ledger of two sources and an exhibit, and a quick way to make records."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from taggant.ledger.ledger import Ledger
from taggant.model.record import Record, fresh_salt


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


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """An empty ledger."""
    with Ledger.create(tmp_path / "case") as made:
        yield made
