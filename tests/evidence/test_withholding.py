"""Withholding and releasing: what leaves the case, what can be guessed of it, what a slip of a level costs."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from taggant.errors import InputError, UnknownName
from taggant.evidence.withholding import release, withhold
from taggant.ledger.jsonl import lines
from taggant.ledger.ledger import Ledger
from taggant.ledger.showing import Showing, shown_at
from taggant.model.canonical import Plain, canonical
from taggant.model.record import LEAF, Body, Record, fresh_salt

_NAMES = [f"{first} {last}" for first in ("Ada", "Ira", "Olha", "Reza") for last in ("Ash", "Birch", "Cedar", "Fir")]
_SECRET = "Olha Cedar"


def _record(table: str, key: str, *supersedes: str, **more: str) -> Record:
    body: Body = {f"{table}_id": key, **more}
    return Record(table=table, key=key, schema=1, body=body, supersedes=supersedes, salt=fresh_salt())


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """Two sources and an item that rests on one."""
    made = Ledger.create(tmp_path / "case")
    made.commit(
        [
            _record("source", "s1", title=_SECRET),
            _record("source", "s2", title="An open report"),
            _record("item", "i1", kind="uav", source_id="s1"),
            _record("item", "i2", kind="uav", source_id="s2"),
        ],
        author="ada",
        message="three rows",
    )
    return made


def _showing(ledger: Ledger, level: str = "RED") -> Showing:
    return shown_at(ledger, level=level, case_level="CLEAR")


def _exported(ledger: Ledger, level: str = "RED") -> bytes:
    return b"".join(lines(ledger, showing=_showing(ledger, level)))


def test_a_withheld_row_leaves_at_no_level_nor_does_what_rests_on_it(ledger: Ledger) -> None:
    """At RED everything of a CLEAR case is shown, but for what was withheld by hand; its ids are."""
    assert _SECRET.encode() in _exported(ledger, "CLEAR")
    ids = {e.record_id for e in ledger.history("source", "s1")}
    withhold(ledger, "source", "s1", author="ada", reason="they asked us to")
    for level in ("CLEAR", "RED"):
        written = _exported(ledger, level)
        assert _SECRET.encode() not in written
        assert b"they asked us to" not in written, "the reason speaks of the row"
        assert b'"i1"' not in written
        assert b'"i2"' in written
        assert all(i.encode() in written for i in ids)
    release(ledger, "source", "s1", author="ada", reason="they agreed")
    assert _SECRET.encode() in _exported(ledger, "CLEAR")


def test_a_dictionary_of_guesses_confirms_nothing(ledger: Ledger) -> None:
    """The right content is among the guesses; no digest in the export is that of any of them."""
    withhold(ledger, "source", "s1", author="ada", reason="safety")
    written = _exported(ledger)
    plain: dict[str, Plain] = {"key": "s1", "table": "source", "schema": 1, "supersedes": [], "origin": None}
    for name in _NAMES:
        body: dict[str, Plain] = {"source_id": "s1", "title": name}
        for said in (
            name.encode(),
            canonical(body),
            canonical({**plain, "body": body}),
            canonical({**plain, "body": body, "salt": ""}),
            canonical({**plain, "body": body, "salt": "0" * 32}),
        ):
            for found in (hashlib.sha256(said).hexdigest(), hashlib.sha256(LEAF + said).hexdigest()):
                assert found.encode() not in written
    # With the salt, which never leaves, the guess is confirmed: the id does commit to the content.
    stored = next(r for r in ledger.live("source") if r.key == "s1")
    again = {**plain, "body": {"source_id": "s1", "title": _SECRET}, "salt": json.loads(stored.canonical)["salt"]}
    assert hashlib.sha256(LEAF + canonical(again)).hexdigest().encode() in written


def test_a_message_cannot_be_guessed_from_its_commit(ledger: Ledger) -> None:
    """A commit's id is not salted by itself: without a nonce its parents, moment, root and a guess would give it."""
    withhold(ledger, "source", "s1", author="ada", reason="safety")
    commits = [json.loads(line) for line in _exported(ledger).splitlines() if b'"record"' not in line][1:]
    assert len(commits) == 2
    for line in commits:
        said = line["commit"]
        assert said["message"] is said["author"] is said["tool"] is None
        for message in ("three rows", "withhold source row"):
            guess = {**said, "message": message, "author": "ada"}
            for tool in ("taggant", "taggant 0.1.0"):
                assert hashlib.sha256(canonical({**guess, "tool": tool})).hexdigest() != line["id"]


def test_a_slip_of_a_level_is_released_with_a_record_of_who_and_why(ledger: Ledger) -> None:
    """RED typed by mistake closes what rests on it for ever; a release says what the former records count as."""
    was = ledger.get("source", "s2")
    assert was is not None
    ledger.commit(
        [_record("source", "s2", was.record_id, title="An open report", tlp="RED")], author="b", message="slip"
    )
    red = ledger.get("source", "s2")
    assert red is not None
    with pytest.raises(InputError, match="TLP:RED now"):
        release(ledger, "source", "s2", author="ada", reason="a slip", level="CLEAR")
    ledger.commit([_record("source", "s2", red.record_id, title="x")], author="b", message="mended")
    assert "i2" not in set(_showing(ledger, "CLEAR").clearance.tables["item"]["item_id"])
    assert not _showing(ledger, "CLEAR").shows_words
    release(ledger, "source", "s2", author="ada", reason="a slip", level="CLEAR")
    shown = _showing(ledger, "CLEAR")
    assert "i2" in set(shown.clearance.tables["item"]["item_id"])
    assert shown.shows_words
    row = next(iter(ledger.live("release")))
    assert (row.body["by"], row.body["why"], row.body["level"]) == ("ada", "a slip", "CLEAR")
    assert red.record_id in row.body["records"]  # type: ignore[operator]


def test_a_release_covers_the_records_it_names_and_no_later_one(ledger: Ledger) -> None:
    """Made RED again after a release, the row closes again."""
    for tlp in ("RED", "CLEAR"):
        now = ledger.get("source", "s2")
        assert now is not None
        ledger.commit([_record("source", "s2", now.record_id, title="x", tlp=tlp)], author="b", message=tlp)
    release(ledger, "source", "s2", author="ada", reason="a slip", level="CLEAR")
    for tlp in ("RED", "CLEAR"):
        now = ledger.get("source", "s2")
        assert now is not None
        ledger.commit([_record("source", "s2", now.record_id, title="x", tlp=tlp)], author="b", message=tlp)
    assert "i2" not in set(_showing(ledger, "CLEAR").clearance.tables["item"]["item_id"])


def test_what_cannot_be_withheld_is_refused_with_the_next_step(ledger: Ledger) -> None:
    """An unknown key, an unknown table, twice, not withheld, an unknown level, a withholding itself."""
    with pytest.raises(InputError, match="ever stated"):
        withhold(ledger, "source", "nobody", author="ada", reason="x")
    with pytest.raises(UnknownName):
        withhold(ledger, "sources", "s1", author="ada", reason="x")
    with pytest.raises(InputError, match="not withheld"):
        release(ledger, "source", "s1", author="ada", reason="x")
    with pytest.raises(UnknownName):
        release(ledger, "source", "s1", author="ada", reason="x", level="PINK")
    withhold(ledger, "source", "s1", author="ada", reason="x")
    with pytest.raises(InputError, match="already"):
        withhold(ledger, "source", "s1", author="ada", reason="x")
    with pytest.raises(InputError, match="by itself"):
        withhold(ledger, "withholding", "source|s1", author="ada", reason="x")


def test_a_typed_file_with_a_withheld_row_does_not_leave(ledger: Ledger) -> None:
    """The file as received holds every row of it: its bytes would hand over what the record does not."""
    held = {}
    for name in ("sources.csv", "photos/open.jpg"):
        kept = ledger.exhibits.add_bytes(name.encode())
        body: Body = {"exhibit_id": kept.exhibit_id, "file": name, "size": kept.size}
        held[name] = kept.exhibit_id
        records = [Record(table="exhibit", key=kept.exhibit_id, schema=1, body=body, salt=fresh_salt())]
        if name.endswith(".csv"):
            said: Body = {"file": name, "exhibit_id": kept.exhibit_id}
            records.append(Record(table="import", key=name, schema=1, body=said, salt=fresh_salt()))
        ledger.commit(records, author="ada", message=name)
    assert _showing(ledger, "CLEAR").exhibits == set(held.values())
    withhold(ledger, "source", "s1", author="ada", reason="x")
    assert _showing(ledger, "RED").exhibits == {held["photos/open.jpg"]}
