"""Bodies of an older schema are read as if written today; their stored bytes and ids stay."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from taggant.errors import EvidenceBroken, InputError
from taggant.ledger import appending, rows
from taggant.ledger.differences import difference
from taggant.ledger.jsonl import lines
from taggant.ledger.ledger import Ledger
from taggant.ledger.merging import merge
from taggant.ledger.verify import verify
from taggant.model.declared import schema_of
from taggant.model.record import Body, Record, fresh_salt
from taggant.model.typed_tables import TYPED
from taggant.model.upgrade import STEPS, upgrade

if TYPE_CHECKING:
    from .conftest import MakeRecord

A = {"author": "a", "message": "m"}


@pytest.fixture
def _version_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Table `source` has moved on to version 2, in which titles are upper case."""
    steps = {("source", 1): lambda body: {**body, "title": str(body["title"]).upper()}}
    monkeypatch.setattr(rows, "schema_of", lambda name: replace(schema_of(name), version=2))
    monkeypatch.setattr(rows, "upgrade", partial(upgrade, steps=steps))


@pytest.mark.usefixtures("_version_two")
def test_old_bodies_are_upgraded_on_every_read(ledger: Ledger, make: MakeRecord) -> None:
    """live, get, index and history give today's body and the version it was written in; verify still agrees."""
    ledger.commit([make("a", "old")], **A)
    row = ledger.get("source", "a")
    assert row is not None
    assert (row.schema, row.body["title"], b'"old"' in row.canonical) == (1, "OLD", True)
    assert [r.body["title"] for r in ledger.live("source")] == ["OLD"]
    assert [h.body and h.body["title"] for h in ledger.history("source", "a")] == ["OLD"]
    assert ledger.snapshot("source").frame.collect()["title"].to_list() == ["OLD"]
    ledger.close()
    assert verify(ledger.case_folder).is_sound


def test_a_step_that_is_missing_is_said(ledger: Ledger, make: MakeRecord, monkeypatch: pytest.MonkeyPatch) -> None:
    """No upgrade leads from 1 to 2: the row is not shown as if it were of today."""
    ledger.commit([make("a", "old")], **A)
    monkeypatch.setattr(rows, "schema_of", lambda name: replace(schema_of(name), version=2))
    row = ledger.get("source", "a")
    assert row is not None
    with pytest.raises(EvidenceBroken, match="no upgrade"):
        _ = row.body


def test_a_newer_schema_is_not_taken_in(ledger: Ledger, make: MakeRecord) -> None:
    """A record this program could not read back is refused."""
    with pytest.raises(InputError, match="schema version 2"):
        ledger.commit([replace(make("a", "x"), schema=2)], **A)


_OLD = Path(__file__).parent / "old_case"


@pytest.fixture
def old_case(tmp_path: Path) -> Path:
    """A case as a program of layout 1, with every table at version 1, left it."""
    folder = tmp_path / "old" / ".taggant"
    folder.mkdir(parents=True)
    shutil.copy(_OLD / "ledger.sqlite", folder / "ledger.sqlite")
    return folder.parent


def test_a_stored_old_case_says_today_what_it_said_then(old_case: Path) -> None:
    """Head, live rows, history, every line and every hash are as they were written down when it was stored."""
    expected = json.loads((_OLD / "expected.json").read_text(encoding="utf-8"))
    assert verify(old_case).problems == ()
    with Ledger.open(old_case) as ledger:
        head = ledger.head()
        assert head is not None
        assert head.commit_id == expected["head"]
        assert hashlib.sha256(b"".join(lines(ledger))).hexdigest() == expected["lines_sha256"]
        for table, bodies in expected["live"].items():
            assert {row.key: row.body for row in ledger.live(table)} == bodies
            assert ledger.snapshot(table).frame.collect().height == len(bodies)
        assert [h.record_id for h in ledger.history("component", "c1")] == expected["history_of_c1"]


def test_the_old_case_is_read_through_two_upgrades_and_goes_on(
    old_case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`component` moves on to version 3: old rows come upgraded twice, new ones beside them; ids and lines stay."""

    def _to_two(body: Body) -> Body:
        return {**body, "note": f"marked {body['marking']}"}

    def _to_three(body: Body) -> Body:
        return {**body, "quantity": 20 if body["quantity"] == 2 else None}

    three = replace(schema_of("component"), version=3)
    monkeypatch.setattr(rows, "schema_of", lambda name: three if name == "component" else schema_of(name))
    steps = {("component", 1): _to_two, ("component", 2): _to_three}
    monkeypatch.setattr(rows, "upgrade", partial(upgrade, steps=steps))
    monkeypatch.setattr(appending, "TYPED", {**TYPED, "component": three})
    with Ledger.open(old_case) as ledger:
        before = list(lines(ledger))
        (row,) = ledger.live("component")
        assert (row.schema, row.body["note"], row.body["quantity"]) == (1, "marked 25Q16JVIQ 2238 6OO4", 20)
        assert [d.after for d in difference(ledger, "2000-01-01", tables=["component"])] == [row.body]
        with Ledger.create(tmp_path / "copy") as copy:
            merge(copy, ledger, author="a")
            assert list(lines(copy)) == before
            body: Body = {**row.body, "quantity": 3}
            new = Record(
                table="component", key="c1", schema=3, body=body, supersedes=(row.record_id,), salt=fresh_salt()
            )
            copy.commit([new], author="a", message="of today")
            assert [h.schema for h in copy.history("component", "c1")] == [1, 1, 3]
            assert [h.body and h.body["quantity"] for h in copy.history("component", "c1")] == [20, 20, 3]
    assert verify(tmp_path / "copy").problems == ()


def test_every_table_can_be_read_from_its_first_version() -> None:
    """A table whose version grew brings the steps from each version before it."""
    missing = [(t.name, v) for t in TYPED.values() for v in range(1, t.version) if (t.name, v) not in STEPS]
    assert missing == []
