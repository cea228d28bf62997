"""Bodies of an older schema are read as if written today; their stored bytes and ids stay."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest

from taggant.errors import EvidenceBroken, InputError
from taggant.ledger import rows
from taggant.ledger.ledger import Ledger
from taggant.ledger.verify import verify
from taggant.model.declared import schema_of
from taggant.model.upgrade import upgrade

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
