"""Verify names whatever was changed: every column of every row, every exhibit, the file itself."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from taggant.errors import InputError, TaggantError
from taggant.ledger.ledger import Ledger
from taggant.ledger.problems import VerifyReport
from taggant.ledger.verify import verify
from taggant.model.record import Record, fresh_salt

if TYPE_CHECKING:
    from .conftest import MakeRecord

A = {"author": "a", "message": "m"}
_PHOTO = b"photograph of a plate"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory, make: MakeRecord) -> Path:
    """A small case: four commits, a correction, a withdrawal, one exhibit with its record."""
    folder = tmp_path_factory.mktemp("sound")
    with Ledger.create(folder) as ledger:
        exhibit = ledger.exhibits.add_bytes(_PHOTO)
        ledger.commit([make(f"k{i}", f"title {i} Ы") for i in range(5)], **A)
        row = ledger.get("source", "k1")
        assert row is not None
        ledger.commit([make("k1", "corrected", row.record_id)], **A)
        ledger.withdraw("source", "k2", author="b", reason="not ours")
        body: Any = {"exhibit_id": exhibit.exhibit_id, "file": "photos/plate.jpg", "size": exhibit.size}
        ledger.commit([Record(table="exhibit", key=exhibit.exhibit_id, schema=1, body=body, salt=fresh_salt())], **A)
        ledger.snapshot("source")
    return folder


@pytest.fixture
def case(sound: Path, tmp_path: Path) -> Path:
    """A copy that may be damaged."""
    return shutil.copytree(sound, tmp_path / "case")


def _file(case: Path) -> Path:
    return case / ".taggant" / "ledger.sqlite"


def _change(case: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(_file(case))) as connection, connection:
        assert connection.execute(statement, values).rowcount > 0


def _content(case: Path) -> list[list[tuple[object, ...]]]:
    """Everything of the store that is evidence."""
    with closing(sqlite3.connect(_file(case))) as connection:
        return [
            sorted(connection.execute(f'SELECT * FROM "{table}"').fetchall(), key=repr)
            for table in ("record", "commit", "commit_parent", "record_supersedes", "head")
        ]


def test_sound_case_has_no_problems_and_no_notes(case: Path) -> None:
    """Counts are right, progress is told, nothing is changed."""
    before, told = _content(case), []
    report = verify(case, progress=lambda what, done, total: told.append((what, done, total)))
    assert (report.problems, report.notes, report.is_sound) == ((), (), True)
    assert (report.n_records, report.n_commits, report.n_exhibits) == (8, 4, 1)
    assert ("records", 8, 8) in told
    assert ("exhibits", 1, 1) in told
    assert _content(case) == before


def _columns() -> Iterator[tuple[str, str]]:
    from taggant.ledger import store

    for table in (store.record, store.commit, store.commit_parent, store.record_supersedes, store.head):
        for column in table.columns:
            yield table.name, column.name


@pytest.mark.parametrize(("table", "column"), list(_columns()))
def test_a_change_in_any_column_of_any_row_is_named(case: Path, table: str, column: str) -> None:
    """One value after the other is altered — a byte flipped, a number moved — and each is a problem, never a note."""
    with closing(sqlite3.connect(_file(case))) as connection:
        connection.row_factory = sqlite3.Row
        # Values only: a rowid cannot be addressed by itself when it is what changes.
        rows = [dict(r) for r in connection.execute(f'SELECT * FROM "{table}"')]
    assert rows
    for row in (rows[0], rows[-1]):
        value = row[column]
        copy = shutil.copytree(case, case.parent / f"{table}-{column}-{rows.index(row)}")
        where = " AND ".join(f'"{name}" IS ?' for name in row)
        _change(copy, f'UPDATE "{table}" SET "{column}" = ? WHERE {where}', _altered(value), *row.values())
        report = verify(copy)
        assert not report.is_sound, f"{table}.{column} of {row}"
        if table == "record" and column in {"table", "key", "is_withdrawal", "canonical"}:
            named = [p for p in report.problems if p.kind == "record" and p.record_id == row["record_id"].hex()]
            assert named
        if table == "commit" and column not in {"n", "commit_id"}:
            assert any(p.kind == "commit" and p.commit_id == row["commit_id"].hex() for p in report.problems)


@pytest.mark.parametrize(("table", "column"), list(_columns()))
def test_a_value_of_another_type_is_named(case: Path, table: str, column: str) -> None:
    """Text where a number or bytes belong, bytes where text belongs: a problem, never a traceback."""
    for n, wrong in enumerate(("zzz", b"\xff\x00", 2.5)):
        copy = shutil.copytree(case, case.parent / f"{table}-{column}-{n}")
        with closing(sqlite3.connect(_file(copy))) as connection, connection:
            (value,) = connection.execute(f'SELECT "{column}" FROM "{table}" LIMIT 1').fetchone()
            try:
                connection.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE "{column}" = ?', (wrong, value))
            except sqlite3.IntegrityError:
                continue  # the database itself refuses it here, or two rows would share it
        assert not verify(copy).is_sound, f"{table}.{column} = {wrong!r}"


def _altered(value: Any) -> Any:
    if isinstance(value, bytes):
        return value[:-1] + bytes([value[-1] ^ 1])
    if isinstance(value, str):
        return value[:-1] + chr(ord(value[-1]) ^ 1)
    return value + 1000 if value > 1 else 1 - value if value == 0 else value + 1000


def test_every_byte_of_a_record_counts(case: Path) -> None:
    """Each byte of one record's stored bytes, flipped in turn, is named with table, key and id."""
    with closing(sqlite3.connect(_file(case))) as connection:
        n, record_id, stored = connection.execute(
            "SELECT n, record_id, canonical FROM record ORDER BY length(canonical) LIMIT 1"
        ).fetchone()
    for i in range(0, len(stored), 7):
        _change(case, "UPDATE record SET canonical = ? WHERE n = ?", _flipped(stored, i), n)
        problems = verify(case).problems
        assert [p.record_id for p in problems if p.kind == "record"][:1] == [record_id.hex()]
        assert problems[0].table == "source"


def _flipped(content: bytes, i: int, bit: int = 0) -> bytes:
    return content[:i] + bytes([content[i] ^ (1 << bit)]) + content[i + 1 :]


def test_text_that_is_no_text_any_more_is_named(case: Path) -> None:
    """A column whose bytes are no UTF-8 is a problem, not a decoding error."""
    _change(case, "UPDATE record SET key = CAST(x'6bff' AS TEXT) WHERE n = 1")
    _change(case, "UPDATE \"commit\" SET author = CAST(x'ff' AS TEXT) WHERE n = 2")
    kinds = {p.kind for p in verify(case).problems}
    assert {"record", "commit"} <= kinds


@pytest.mark.parametrize("i", range(len(_PHOTO)))
def test_every_byte_of_an_exhibit_counts(case: Path, i: int) -> None:
    """One byte flipped: named by sha256 and by the file's name as received."""
    with Ledger.open(case) as ledger:
        sha256 = next(iter(ledger.exhibits))
        path = ledger.exhibits.path(sha256)
    path.chmod(0o644)
    path.write_bytes(_flipped(_PHOTO, i))
    (problem,) = verify(case).problems
    assert (problem.kind, problem.sha256, problem.file) == ("exhibit", sha256, "photos/plate.jpg")
    assert "photos/plate.jpg" in str(problem)


def test_missing_and_cut_exhibits_are_named(case: Path) -> None:
    """A file gone, then a file of another length."""
    with Ledger.open(case) as ledger:
        path = ledger.exhibits.path(next(iter(ledger.exhibits)))
    path.chmod(0o644)
    path.write_bytes(_PHOTO[:-1])
    assert {p.sha256 for p in verify(case).problems} == {path.name}
    path.unlink()
    (problem,) = verify(case).problems
    assert (problem.sha256, problem.file) == (path.name, "photos/plate.jpg")


def test_exhibit_without_record_and_stray_files_are_notes(case: Path) -> None:
    """What a kill between file and commit leaves is harmless, and said."""
    with Ledger.open(case) as ledger:
        ledger.exhibits.add_bytes(b"left behind")
        (ledger.exhibits.folder / ".incoming-x").write_bytes(b"half")
    report = verify(case)
    assert report.is_sound
    assert len(report.notes) == 2
    assert "not yet referenced" in report.notes[0]
    assert ".incoming-x" in report.notes[1]


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM tip WHERE key = 'k1'",
        "UPDATE tip SET record_n = 2 WHERE key = 'k1'",
        "UPDATE tip SET is_withdrawal = 0",
        "INSERT INTO tip VALUES ('source', 'ghost', 1, 0)",
    ],
)
def test_damaged_live_index_is_made_again_and_said(case: Path, damage: str) -> None:
    """A wrong live index is a note, not a problem; afterwards the live rows are right."""
    with Ledger.open(case) as ledger:
        before = [(r.key, r.record_id) for r in ledger.live("source")]
    _change(case, damage)
    report = verify(case)
    assert report.is_sound
    assert "live index" in report.notes[0]
    with Ledger.open(case) as ledger:
        assert [(r.key, r.record_id) for r in ledger.live("source")] == before
    assert verify(case).notes == ()


@pytest.mark.parametrize(
    ("table", "kind"), [("record", "commit"), ("commit", "store"), ("commit_parent", "commit"), ("head", "head")]
)
def test_a_row_taken_away_is_named(case: Path, table: str, kind: str) -> None:
    """A record, a commit, a parent or a line of the head log removed by hand."""
    key = "commit_n" if table == "commit_parent" else "n"
    _change(case, f'DELETE FROM "{table}" WHERE "{key}" = 2')
    assert kind in {p.kind for p in verify(case).problems}


def test_superseded_row_brought_back_is_named(case: Path) -> None:
    """Removing the note that a record was superseded would revive an error: the record says it itself."""
    _change(case, "DELETE FROM record_supersedes WHERE new_n = 6")
    (problem,) = verify(case).problems
    assert (problem.table, problem.key) == ("source", "k1")


def test_verify_without_a_ledger_is_an_input_error(tmp_path: Path) -> None:
    """There is nothing to check."""
    with pytest.raises(InputError, match="no ledger is here"):
        verify(tmp_path)


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\x00", b"nonsense" * 1000])
def test_ledger_file_of_other_content_is_named_and_exhibits_are_still_hashed(case: Path, content: bytes) -> None:
    """An emptied or overwritten file is one problem; the exhibits are checked all the same."""
    _file(case).write_bytes(content)
    report = verify(case)
    assert [p.kind for p in report.problems] == ["store"]
    assert report.n_exhibits == 1


def test_lost_page_is_named_by_its_rows(tmp_path: Path, make: MakeRecord) -> None:
    """A page of the file overwritten: records on other pages are still checked, those on it are named by key."""
    with Ledger.create(tmp_path) as ledger:
        ledger.commit([make(f"k{i:03}", f"page filler {i} " + "x" * 300) for i in range(200)], **A)
    content = _file(tmp_path).read_bytes()
    page = content.index(b"page filler 100 ") // 4096
    _file(tmp_path).write_bytes(content[: page * 4096] + b"\xff" * 4096 + content[(page + 1) * 4096 :])
    report = verify(tmp_path)
    named = {p.key for p in report.problems if p.kind == "record"}
    assert "k100" in named
    assert len(named) < 30
    assert report.n_records > 150


def _outcome(case: Path) -> VerifyReport | None:
    try:
        return verify(case)
    except TaggantError as err:
        pytest.fail(f"verify raised {err!r}")


def test_a_flipped_bit_anywhere_in_the_file_is_named_or_harmless(sound: Path, tmp_path: Path) -> None:
    """120 random bits of the ledger file: named, or a cache made again, or proven to change nothing we hold."""
    rng = random.Random(20231)
    original, clean = _content(sound), _file(sound).read_bytes()
    case = shutil.copytree(sound, tmp_path / "case")
    silent = 0
    for _ in range(120):
        i, bit = rng.randrange(len(clean)), rng.randrange(8)
        for left in (case / ".taggant").glob("ledger.sqlite-*"):
            left.unlink()
        _file(case).write_bytes(_flipped(clean, i, bit))
        report = _outcome(case)
        assert report is not None
        if report.is_sound:
            silent += 1
            assert _content(case) == original, f"bit {bit} of byte {i} changed evidence in silence"
    assert silent < 120
