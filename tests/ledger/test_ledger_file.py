"""The one file a ledger lies in: what is none, what a later program made, what a kill left."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from taggant.errors import EvidenceBroken, InputError
from taggant.ledger.ledger import Ledger

if TYPE_CHECKING:
    from .conftest import MakeRecord

A = {"author": "a", "message": "m"}


def test_open_where_no_ledger_is(tmp_path: Path) -> None:
    """No folder, an empty folder, another program's database: InputError, and nothing is made."""
    for folder in (tmp_path / "none", tmp_path):
        with pytest.raises(InputError, match="no ledger is here"):
            Ledger.open(folder)
    assert list(tmp_path.iterdir()) == []
    other = tmp_path / ".taggant" / "ledger.sqlite"
    other.parent.mkdir()
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE other (x)")
    with pytest.raises(InputError, match="no ledger of Taggant"):
        Ledger.open(tmp_path)


def test_open_what_is_no_database_names_the_file(tmp_path: Path) -> None:
    """A file of other bytes is broken evidence, exit 3, not a traceback."""
    file = tmp_path / ".taggant" / "ledger.sqlite"
    file.parent.mkdir()
    file.write_bytes(b"this is not a database" * 500)
    with pytest.raises(EvidenceBroken, match=r"ledger\.sqlite") as caught:
        Ledger.open(tmp_path)
    assert caught.value.exit_code == 3


def test_newer_layout_is_refused(ledger: Ledger) -> None:
    """A ledger a later program made says: update."""
    ledger.close()
    with closing(sqlite3.connect(ledger.folder / "ledger.sqlite")) as connection, connection:
        connection.execute("UPDATE meta SET value = '2' WHERE name = 'layout'")
    with pytest.raises(InputError, match=r"layout 2.*Update Taggant"):
        Ledger.open(ledger.case_folder)


def test_create_twice_is_refused_and_a_creation_cut_short_is_completed(tmp_path: Path) -> None:
    """An empty file left by a kill is no ledger yet; a ledger is never overwritten."""
    (tmp_path / ".taggant").mkdir()
    (tmp_path / ".taggant" / "ledger.sqlite").touch()
    Ledger.create(tmp_path).close()
    with pytest.raises(InputError, match="there is a ledger already"):
        Ledger.create(tmp_path)
    Ledger.open(tmp_path).close()


def test_folder_names_that_mean_something_in_an_address(tmp_path: Path, make: MakeRecord) -> None:
    """Spaces, `#`, `?`, `%20` and letters outside ASCII in the folder's name are only a name."""
    folder = tmp_path / "Шахед #1?mode=ro %20"
    with Ledger.create(folder) as ledger:
        ledger.commit([make("a", "x")], **A)
    assert (folder / ".taggant" / "ledger.sqlite").is_file()
    with Ledger.open(folder) as ledger:
        assert ledger.counts() == {"source": 1}
