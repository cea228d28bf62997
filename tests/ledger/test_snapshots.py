"""Snapshots: typed columns, named by content, reused, updated, and made again when damaged."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from taggant.errors import InputError
from taggant.ledger.frames import frame_of, frame_types
from taggant.ledger.ledger import Ledger
from taggant.ledger.verify import verify
from taggant.model.record import Body, Record, fresh_salt
from taggant.model.typed_tables import TYPED

if TYPE_CHECKING:
    from .conftest import MakeRecord

A = {"author": "a", "message": "m"}


def _record(table: str, key: str, body: Body) -> Record:
    return Record(table=table, key=key, schema=1, body=body, salt=fresh_salt())


@pytest.mark.parametrize("table", TYPED)
def test_empty_table_has_its_columns_and_types(ledger: Ledger, table: str) -> None:
    """Before the first commit and after commits of other tables every typed table is an empty frame."""
    snapshot = ledger.snapshot(table)
    assert dict(snapshot.frame.collect_schema()) == frame_types(table)
    assert snapshot.frame.collect().height == snapshot.n_rows == 0


def test_kinds_become_types_and_missing_is_null(ledger: Ledger) -> None:
    """Dates gain their range, decimals and integers are numbers, lists are lists, yes is true; absent is null."""
    ledger.commit(
        [
            _record("claim", "c1", {"claim_id": "c1", "quantity_low": "0.5", "said": "2023~", "via": ["x", "y"]}),
            _record("claim", "c2", {"claim_id": "c2", "quantity_low": None}),
            _record("examination", "e", {"examination_id": "e", "complete": False, "on": "2023-07-14"}),
            _record("examination", "f", {"examination_id": "f", "complete": "yes"}),
            _record("exhibit", "sha256:x", {"exhibit_id": "sha256:x", "file": "a", "size": 12}),
        ],
        **A,
    )
    claims = ledger.snapshot("claim").frame.collect()
    assert claims.select("quantity_low", "said", "said_from", "said_until", "said_is_weak", "via").rows() == [
        (0.5, "2023~", date(2022, 1, 1), date(2025, 1, 1), True, ["x", "y"]),
        (None, None, None, None, None, None),
    ]
    rows = ledger.snapshot("examination").frame.select("complete", "on_from", "on_until", "on_is_weak").collect().rows()
    assert rows == [(False, date(2023, 7, 14), date(2023, 7, 15), False), (True, None, None, None)]
    assert ledger.snapshot("exhibit").frame.collect()["size"].to_list() == [12]


def test_rows_are_in_the_order_of_keys_and_name_their_record(ledger: Ledger, make: MakeRecord) -> None:
    """Whatever the order of entry; record_id is the live record's."""
    ledger.commit([make(k, k) for k in "bca"], **A)
    frame = ledger.snapshot("source").frame.collect()
    assert frame["source_id"].to_list() == ["a", "b", "c"]
    assert frame["record_id"].to_list() == [r.record_id for r in ledger.live("source")]


def test_snapshot_is_reused_until_the_table_changes(ledger: Ledger, make: MakeRecord) -> None:
    """A commit to another table leaves name and file; one to this table gives another."""
    ledger.commit([make("a", "a")], **A)
    first = ledger.snapshot("source")
    ledger.commit([make("p", "p", table="party")], **A)
    again = ledger.snapshot("source")
    assert (first.made, again.made) == ("built", "reused")
    assert (first.digest, first.path) == (again.digest, again.path)
    ledger.commit([make("b", "b")], **A)
    assert ledger.snapshot("source").digest != first.digest


def test_small_change_updates_the_frame_before_and_gives_what_building_gives(ledger: Ledger, make: MakeRecord) -> None:
    """One row corrected, one withdrawn, one added among fifty: the updated file equals one built anew."""
    ledger.commit([make(f"k{i:02}", str(i)) for i in range(50)], **A)
    before = ledger.snapshot("source")
    row = ledger.get("source", "k07")
    assert row is not None
    head = ledger.commit([make("k07", "seven", row.record_id), make("k30a", "new")], **A)
    ledger.withdraw("source", "k40", author="a", reason="r")
    after = ledger.snapshot("source")
    assert after.made == "updated"
    updated = after.frame.collect()
    for file in (ledger.folder / "snapshot").iterdir():
        file.unlink()
    rebuilt = ledger.snapshot("source")
    assert (rebuilt.made, rebuilt.digest) == ("built", after.digest)
    assert rebuilt.frame.collect().equals(updated, null_equal=True)
    assert updated["source_id"].is_sorted()
    assert ledger.snapshot("source", head.commit_id).n_rows == 51
    assert before.digest != after.digest


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "no note", "bad note"])
def test_damaged_snapshot_is_made_again_and_said(ledger: Ledger, make: MakeRecord, damage: str) -> None:
    """A flipped byte, a cut or emptied file, a missing or unreadable note: rebuilt with the same rows, and reported."""
    ledger.commit([make(f"k{i:02}", str(i)) for i in range(20)], **A)
    first = ledger.snapshot("source")
    rows, content, note = first.frame.collect(), first.path.read_bytes(), first.path.with_suffix(".json")
    if damage == "flip":
        first.path.write_bytes(content[:60] + bytes([content[60] ^ 1]) + content[61:])
    elif damage == "no note":
        note.unlink()
    elif damage == "bad note":
        note.write_bytes(b"{")
    else:
        first.path.write_bytes(content[: {"cut": len(content) // 2, "empty": 0}[damage]])
    again = ledger.snapshot("source")
    assert again.damage is not None
    assert again.made != "reused"
    assert again.frame.collect().equals(rows)
    assert ledger.snapshot("source").damage is None


def test_verify_takes_damaged_snapshots_away_and_says_so(ledger: Ledger, make: MakeRecord) -> None:
    """It is no problem of the evidence; the next read makes it again."""
    ledger.commit([make("a", "a")], **A)
    path = ledger.snapshot("source").path
    path.write_bytes(b"x")
    ledger.close()
    report = verify(ledger.case_folder)
    assert report.is_sound
    assert any(path.name in note for note in report.notes)
    assert not path.exists()
    with Ledger.open(ledger.case_folder) as opened:
        assert opened.snapshot("source").frame.collect().height == 1


def test_only_the_newest_snapshots_of_a_table_are_kept(ledger: Ledger, make: MakeRecord) -> None:
    """Twelve states leave eight files of this table; another table's stays."""
    ledger.commit([make("p", "p", table="party")], **A)
    other = ledger.snapshot("party").path
    for i in range(12):
        ledger.commit([make(str(i), "x")], **A)
        newest = ledger.snapshot("source").path
    files = sorted(p.name for p in (ledger.folder / "snapshot").glob("source-*.parquet"))
    assert len(files) == 8
    assert newest.name in files
    assert other.exists()


def test_frames_that_cannot_be_typed_name_the_row_and_column(tmp_path: Path) -> None:
    """A stored value that is no number, date or yes/no is named with its row, column and record."""
    for column, value in (("quantity_low", "many"), ("said", "soon"), ("via", "x")):
        with pytest.raises(InputError, match="claim"):
            frame_of("claim", [("c1", "ab", {"claim_id": "c1", column: value})])
    with pytest.raises(InputError, match=r"'e'.*column complete, record ab.*'perhaps'"):
        frame_of("examination", [("e", "ab", {"complete": "perhaps"})])


def test_true_and_one_are_not_confused(tmp_path: Path) -> None:
    """A conversion remembered for one type is not used for another."""
    with pytest.raises(InputError):
        frame_of("examination", [("a", "1", {"complete": True}), ("b", "2", {"complete": 1})])
    assert frame_of("exhibit", [("a", "1", {"size": 1}), ("b", "2", {"size": "1"})])["size"].to_list() == [1, 1]


def test_scanned_files_are_plain_parquet(ledger: Ledger, make: MakeRecord) -> None:
    """Any Parquet reader reads a snapshot."""
    ledger.commit([make("a", "a\x00b")], **A)
    assert pl.read_parquet(ledger.snapshot("source").path)["title"].to_list() == ["a\x00b"]


def test_rows_say_where_they_were_read(ledger: Ledger) -> None:
    """`origin` leads from a row of a frame to the row of the exhibit, built or updated from the snapshot before."""
    where = "sha256:" + "ab" * 32 + "#row=7"

    def _read(key: str, origin: str | None) -> Record:
        body: Body = {"source_id": key, "title": "t"}
        return Record(table="source", key=key, schema=1, body=body, salt=fresh_salt(), origin=origin)

    ledger.commit([_read(f"s{n}", where) for n in range(9)], **A)
    assert set(ledger.snapshot("source").frame.collect()["origin"]) == {where}
    ledger.commit([_read("t", None)], **A)
    updated = ledger.snapshot("source")
    assert updated.made == "updated"
    assert updated.frame.collect()["origin"].to_list() == [*[where] * 9, None]
