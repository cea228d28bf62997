"""Two processes find what one finds: the same sentences about the same damage, even when the second one dies."""

from __future__ import annotations

import random
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from taggant.ledger import scanning
from taggant.ledger.ledger import Ledger
from taggant.ledger.record_scan import scan
from taggant.ledger.verify import verify
from taggant.model.record import LEAF, Body, Record, fresh_salt

Damage = Callable[[Path], None]


def _record(key: str, title: str | None, *old: str) -> Record:
    body: Body | None = None if title is None else {"source_id": key, "title": title}
    return Record(table="source", key=key, schema=1, body=body, supersedes=old, salt=fresh_salt())


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rows in several commits, a correction, a withdrawal, an exhibit, a key with a quote in it."""
    case = tmp_path_factory.mktemp("two") / "case"
    with Ledger.create(case) as ledger:
        ledger.commit([_record(f"k{i}", f"title {i}") for i in range(60)], author="a", message="rows")
        row = ledger.get("source", "k1")
        assert row is not None
        ledger.commit([_record("k1", "corrected", row.record_id), _record('q"q', "Ы")], author="b", message="more")
        ledger.withdraw("source", "k2", author="b", reason="not ours")
        held = ledger.exhibits.add_bytes(b"photograph")
        body: Body = {"exhibit_id": held.exhibit_id, "file": "a.jpg", "size": held.size}
        exhibit = Record(table="exhibit", key=held.exhibit_id, schema=1, body=body, salt=fresh_salt())
        ledger.commit([exhibit], author="a", message="photograph")
    return case


def _found(case: Path, place: Path, monkeypatch: pytest.MonkeyPatch, *, fewest: int) -> tuple[list[str], int]:
    copy = Path(shutil.copytree(case, place))
    monkeypatch.setattr(scanning, "FEWEST", fewest)
    monkeypatch.setattr(scanning, "AT_A_TIME", 7)
    report = verify(copy)
    shutil.rmtree(copy)
    return sorted(map(str, report.problems)) + sorted(report.notes), report.n_records


def _both(case: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    one = _found(case, case.with_name("copy"), monkeypatch, fewest=10**9)
    two = _found(case, case.with_name("copy"), monkeypatch, fewest=1)
    assert one == two
    return one[0]


def _sql(*statements: str) -> Damage:
    def _do(case: Path) -> None:
        with closing(sqlite3.connect(case / ".taggant/ledger.sqlite")) as file:
            for statement in statements:
                file.execute(statement)
            file.commit()

    return _do


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (_sql(), None),
        (_sql("UPDATE record SET key = 'other' WHERE n = 9"), "its columns differ from its bytes"),
        (_sql("UPDATE record SET canonical = NULL WHERE n = 9"), "no purge record says why"),
        (_sql("UPDATE record SET canonical = 'text' WHERE n = 30"), "of another type"),
        (_sql("UPDATE record SET canonical = X'00' WHERE n = 63"), "now give the id"),
        (_sql("UPDATE record SET is_withdrawal = 1 WHERE n = 9"), "its columns differ from its bytes"),
        (_sql("UPDATE record SET commit_n = 2 WHERE n = 9"), "it was made with"),
        (_sql("PRAGMA foreign_keys = OFF", "DELETE FROM record WHERE n = 20"), "its number in the store is 21"),
        (_sql("UPDATE record SET n = 900 WHERE n = 20"), "its number in the store is 900"),
        (_sql("UPDATE record SET n = -4 WHERE n = 20"), "its number in the store is -4"),
    ],
)
def test_the_same_damage_is_named(
    sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: Damage, said: str | None
) -> None:
    """One row of the store is not what it was, in each way a row can be."""
    case = Path(shutil.copytree(sound, tmp_path / "case"))
    damage(case)
    found = _both(case, monkeypatch)
    assert found == [] if said is None else any(said in line for line in found)


def test_the_same_flips_are_named(sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seeded flips over the file, pages that cannot be read among them."""
    case = Path(shutil.copytree(sound, tmp_path / "case"))
    file = case / ".taggant/ledger.sqlite"
    whole = file.read_bytes()
    rng, named = random.Random("two processes"), 0
    for _ in range(25):
        at = rng.randrange(100, len(whole))
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << rng.randrange(8)]) + whole[at + 1 :])
        named += bool(_both(case, monkeypatch))
    assert named >= 5


@pytest.mark.parametrize("program", ["/bin/false", "/no/such/program"])
def test_a_second_process_that_dies_is_not_needed(
    sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    """It ends at once without a word, or cannot be started; all is read by the first."""
    monkeypatch.setattr(sys, "executable", program)
    case = Path(shutil.copytree(sound, tmp_path / "case"))
    _sql("UPDATE record SET key = 'other' WHERE n = 9")(case)
    assert any("its columns differ" in line for line in _both(case, monkeypatch))


def test_what_the_quick_look_passes_and_what_not() -> None:
    """By hand: a row as it should be; another digest, key, table, order of numbers; nothing at all."""
    import hashlib

    def row(n: int, *, key: bytes = b"k", said: bytes = b"k", table: bytes = b"source") -> tuple[object, ...]:
        stored = (
            b'{"body":{"source_id":"k"},"key":"%b","origin":null,"salt":"%b","schema":1,"supersedes":[],"table":"source"}'
            % (said, b"0" * 32)
        )
        return n, hashlib.sha256(LEAF + stored).digest(), table, key, 1, 0, stored

    found = scan([row(5), row(6, key=b"other"), row(7, table=b"item"), row(8, said=b"x\\n", key=b"x\n")], first=5)
    assert found is not None
    assert (found.runs, found.odd, len(found.ids)) == (((1, 4),), (6, 7, 8), 128)
    assert scan([row(5), row(7)], first=5) is None
    assert scan([row(5)], first=4) is None
    empty = scan([], first=1)
    assert empty is not None
    assert empty.ids_by_commit() == []
    wrong = list(row(5))
    wrong[1] = b"\0" * 32
    assert (scan([tuple(wrong)], first=5) or empty).odd == (5,)
