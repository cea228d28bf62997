"""Several programs writing to one ledger at once: none is lost, and the chain has no fork."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from taggant.errors import InputError
from taggant.ledger.ledger import Ledger
from taggant.ledger.verify import verify
from taggant.model.record import Record, fresh_salt

if TYPE_CHECKING:
    from .conftest import CreateLedger

_CHILD = Path(__file__).with_name("committing_child.py")


@pytest.mark.faults
def test_writers_at_once_lose_nothing(
    tmp_path: Path, create: CreateLedger, store_address: str | None, n_kills: int
) -> None:
    """Each makes one-row commits as fast as it can: all are there, in one line, each on top of the one before.

    Short: 4 writers, 60 commits. `make faults`: 8 writers on SQLite and 32 on PostgreSQL, 5,000 commits and more each.
    """
    if n_kills < 100:
        writers, each = 4, 15
    else:
        writers, each = (8, 625) if store_address is None else (32, 160)
    create(tmp_path).close()
    began = time.monotonic()
    children = [
        subprocess.Popen([sys.executable, str(_CHILD), str(tmp_path), f"w{i}", str(each)]) for i in range(writers)
    ]
    assert [child.wait(timeout=900) for child in children] == [0] * writers
    seconds = time.monotonic() - began
    with Ledger.open(tmp_path) as ledger:
        log = ledger.log()
        assert len(log) == ledger.counts()["source"] == writers * each
        assert [c.parents for c in log] == [*((c.commit_id,) for c in log[1:]), ()]
        assert {r.key for r in ledger.live("source")} == {f"w{i}-{j}" for i in range(writers) for j in range(each)}
    assert verify(tmp_path).is_sound
    store = "sqlite" if store_address is None else "postgresql"
    print(f"{store}: {writers} writers, {writers * each:,} commits, 0 lost, {seconds:.0f} s")


def test_two_open_ledgers_see_each_others_commits_and_the_second_correction_is_refused(
    tmp_path: Path, create: CreateLedger
) -> None:
    """Both read the same row; the first correction wins, the second is told to read again."""
    stated = Record(table="source", key="a", schema=1, body={"source_id": "a"}, salt=fresh_salt())

    def _correction(title: str) -> Record:
        body = {"source_id": "a", "title": title}
        old = (stated.record_id,)
        return Record(table="source", key="a", schema=1, body={**body}, supersedes=old, salt=fresh_salt())

    with create(tmp_path) as one, Ledger.open(tmp_path) as two:
        one.commit([stated], author="one", message="m")
        assert two.counts() == {"source": 1}
        two.commit([_correction("two")], author="two", message="m")
        with pytest.raises(InputError, match="superseded already"):
            one.commit([_correction("one")], author="one", message="m")
        assert [r.body.get("title") for r in one.live("source")] == ["two"]


def test_reading_goes_on_undisturbed_while_another_writes(tmp_path: Path, create: CreateLedger) -> None:
    """A read begun before a commit sees the state it began with, to the end."""
    with create(tmp_path) as ledger:
        ledger.commit(
            [
                Record(table="source", key=f"{i:05}", schema=1, body={"title": "x"}, salt=fresh_salt())
                for i in range(5000)
            ],
            author="a",
            message="m",
        )
        rows = ledger.live("source")
        next(rows)
        ledger.withdraw("source", "04999", author="a", reason="r")
        assert sum(1 for _ in rows) == 4999
        assert ledger.counts() == {"source": 4999}
