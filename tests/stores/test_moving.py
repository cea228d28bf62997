"""The whole ledger as lines, what lies between two moments, and a ledger moved from one store to another."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from taggant.errors import InputError, UnknownName
from taggant.evidence.cloning import clone_case
from taggant.ledger.differences import difference
from taggant.ledger.jsonl import lines
from taggant.ledger.ledger import Ledger
from taggant.ledger.moving import move
from taggant.ledger.verify import verify

if TYPE_CHECKING:
    from .conftest import CreateLedger, MakeRecord

A = {"author": "a", "message": "m"}


def _told(ledger: Ledger, make: MakeRecord) -> None:
    """Three commits: two rows, a correction and a new row, a withdrawal."""
    ledger.commit([make("a", "1"), make("b", "1")], **A)
    row = ledger.get("source", "a")
    assert row is not None
    ledger.commit([make("a", "2", row.record_id), make("c", "Ы\x00")], **A)
    ledger.withdraw("source", "b", author="a", reason="r")


def test_lines_are_canonical_sorted_and_complete(ledger: Ledger, make: MakeRecord) -> None:
    """Head first, then every commit and every record by id; as of a commit only what it stands on."""
    assert list(lines(ledger)) == [b'{"format":1,"head":null}\n']
    _told(ledger, make)
    said = [json.loads(line) for line in lines(ledger)]
    head, commits, records = said[0], said[1:4], said[4:]
    assert head["head"] == ledger.log()[0].commit_id
    assert [c["id"] for c in commits] == sorted(c.commit_id for c in ledger.log())
    assert [r["id"] for r in records] == sorted(r["id"] for r in records)
    assert sorted((r["record"]["key"], r["record"]["body"] is None) for r in records) == [
        ("a", False), ("a", False), ("b", False), ("b", True), ("c", False)
    ]  # fmt: skip
    first = ledger.log()[-1].commit_id
    assert [json.loads(line).get("id") for line in lines(ledger, first)][1] == first
    assert len(list(lines(ledger, first))) == 4


def test_difference_between_any_two_moments(ledger: Ledger, make: MakeRecord) -> None:
    """Added, changed, withdrawn; the other way round; nothing between a moment and itself."""
    _told(ledger, make)
    last, _, first = (c.commit_id for c in ledger.log())
    assert [(d.key, d.kind) for d in difference(ledger, first)] == [
        ("a", "changed"),
        ("b", "withdrawn"),
        ("c", "added"),
    ]
    assert difference(ledger, first)[0].columns == {"title": ("1", "2")}
    assert [(d.key, d.kind) for d in difference(ledger, last, first)] == [
        ("a", "changed"), ("b", "added"), ("c", "withdrawn")
    ]  # fmt: skip
    assert difference(ledger, last, last) == difference(ledger, last) == []
    assert [d.key for d in difference(ledger, "2000-01-01", first)] == ["a", "b"]
    assert difference(ledger, first, tables=["claim"]) == []


def test_a_row_stated_anew_in_the_same_words_is_no_difference(ledger: Ledger, make: MakeRecord) -> None:
    """Another record, the same body."""
    first = ledger.commit([make("a", "1")], **A)
    row = ledger.get("source", "a")
    assert row is not None
    ledger.commit([make("a", "1", row.record_id)], **A)
    assert difference(ledger, first.commit_id) == []


def test_a_ledger_moves_to_postgresql_and_back(tmp_path: Path, postgres: str, make: MakeRecord) -> None:
    """Lines, head, moments and proofs of time are as before; the old store is kept under another name."""
    with Ledger.create(tmp_path) as ledger:
        _told(ledger, make)
        before = list(lines(ledger))
        log = ledger.log()
    for address, left in ((postgres, "ledger.sqlite.moved"), (None, "store.json.moved")):
        move(tmp_path, address)
        assert (tmp_path / ".taggant" / left).exists()
        with Ledger.open(tmp_path) as ledger:
            assert list(lines(ledger)) == before
            assert ledger.log() == log
            assert [(r.key, r.body["title"]) for r in ledger.live("source")] == [("a", "2"), ("c", "Ы\x00")]
            assert ledger.head("2000-01-01") is None
        report = verify(tmp_path)
        assert (report.problems, report.notes, report.n_records) == ((), (), 5)
        with pytest.raises(InputError, match="already"):
            move(tmp_path, address)
    with Ledger.open(tmp_path) as ledger:
        ledger.commit([make("d", "still")], **A)


def test_a_clone_holds_what_the_case_holds(tmp_path: Path, create: CreateLedger, make: MakeRecord) -> None:
    """Commits, exhibits and typed files; made files are not copied; a folder in use is not written into."""
    with create(tmp_path / "case") as ledger:
        _told(ledger, make)
        kept = ledger.exhibits.add_bytes(b"photograph")
        before = list(lines(ledger))
    (tmp_path / "case" / "case.toml").write_text('uuid = "u"\n')
    (tmp_path / "case" / "report").mkdir()
    clone_case(tmp_path / "case", tmp_path / "copy")
    with Ledger.open(tmp_path / "copy") as copy:
        assert list(lines(copy)) == before
        assert copy.exhibits.read(kept.sha256) == b"photograph"
    assert sorted(p.name for p in (tmp_path / "copy").iterdir()) == [".taggant", "case.toml"]
    for to in (tmp_path / "copy", tmp_path / "case" / "inside"):
        with pytest.raises(InputError):
            clone_case(tmp_path / "case", to)


def test_an_unknown_table_is_named(ledger: Ledger) -> None:
    """A misspelt table is no empty answer."""
    with pytest.raises(UnknownName, match="source"):
        difference(ledger, None, tables=["sourc"])
