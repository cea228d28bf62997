"""What is PostgreSQL's own: the address and its password, one schema a case, a server that is not there."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from taggant.cli import main
from taggant.errors import InputError, MissingExtra, TaggantError
from taggant.ledger.ledger import Ledger
from taggant.ledger.stores import store_name
from taggant.model.record import Record, fresh_salt

SECRET = "hunter2-\u0416"


def _source(key: str) -> Record:
    return Record(table="source", key=key, schema=1, body={"source_id": key}, salt=fresh_salt())


def test_a_password_in_the_address_is_used_and_written_nowhere(
    postgres: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`taggant new --store` with a password: no file under the case and no word printed holds it."""
    address = postgres.replace("postgres@", f"postgres:{SECRET}@") + f"&sslpassword={SECRET}"
    with pytest.raises(SystemExit) as ended:
        main(["new", str(tmp_path / "case"), "--store", address])
    assert ended.value.code in (0, None)
    assert "hunter2" not in "".join(capsys.readouterr())
    held = [p.read_bytes() for p in (tmp_path / "case").rglob("*") if p.is_file()]
    assert any(b"postgresql://postgres@" in content for content in held)
    assert not any(b"hunter2" in content for content in held)
    with Ledger.open(tmp_path / "case") as ledger:
        ledger.commit([_source("a")], author="a", message="m")
        assert ledger.counts() == {"source": 1}


def test_two_cases_in_one_database_do_not_see_each_other(postgres: str, tmp_path: Path) -> None:
    """Each has a schema of its own, whose name says which folder it is of."""
    with (
        Ledger.create(tmp_path / "one" / "case", store_address=postgres) as one,
        Ledger.create(tmp_path / "two" / "case", store_address=postgres) as two,
    ):
        one.commit([_source("a")], author="a", message="m")
        assert (one.counts(), two.counts()) == ({"source": 1}, {})
    names = [store_name(tmp_path / name / "case") for name in ("one", "two")]
    assert names[0] != names[1]
    assert all(" schema case_case_" in name for name in names)


def test_a_ledger_is_never_made_over_another(postgres: str, tmp_path: Path) -> None:
    """Neither a second schema for the folder, nor a file beside the note, nor a schema beside the file."""
    Ledger.create(tmp_path / "far", store_address=postgres).close()
    Ledger.create(tmp_path / "near").close()
    for folder, address in (("far", postgres), ("far", None), ("near", postgres), ("near", None)):
        with pytest.raises(InputError, match="there is a ledger already"):
            Ledger.create(tmp_path / folder, store_address=address)


@pytest.mark.parametrize("address", ["", "postgresql://host", "mysql://me@host/db", "host/db", "postgresql://h:x/db"])
def test_what_is_no_address_is_refused_with_the_form(address: str, tmp_path: Path) -> None:
    """The message shows how an address is written, and no ledger is left behind."""
    with pytest.raises(InputError, match=r"postgresql://NAME@HOST/DATABASE"):
        Ledger.create(tmp_path, store_address=address)
    assert not (tmp_path / ".taggant" / "store.json").exists()


def test_a_server_that_is_not_there_is_said_plainly(tmp_path: Path) -> None:
    """What could not be reached, that nothing is lost, and what to look at."""
    gone = f"postgresql://me:{SECRET}@/db?host={tmp_path / 'nowhere'}"
    with pytest.raises(TaggantError, match="cannot be reached") as caught:
        Ledger.create(tmp_path, store_address=gone)
    assert "See that the server runs" in str(caught.value)
    assert "hunter2" not in str(caught.value)
    with pytest.raises(TaggantError, match="cannot be reached"):
        Ledger.open(tmp_path)


def test_a_creation_cut_short_is_completed(postgres: str, tmp_path: Path) -> None:
    """The note is there, the schema is not: opening says so, creating again completes it."""
    with pytest.raises(TaggantError):
        Ledger.create(tmp_path, store_address=postgres.replace("host=/", "host=/nowhere/"))
    Ledger.create(tmp_path, store_address=postgres).close()
    with Ledger.open(tmp_path) as ledger:
        assert ledger.head() is None


def test_without_the_extra_the_message_says_what_to_install(
    postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No psycopg: MissingExtra names the extra."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingExtra, match=r"taggant\[postgres\]"):
        Ledger.create(tmp_path, store_address=postgres)
