"""The order in which bytes reach the disk, cut after every fsync and in the middle of every write.

SQLite writes the write-ahead file from front to back and then copies its pages into the ledger file. So what a power
cut can leave is: the ledger file as it was, and any beginning of the write-ahead file; or some pages copied, and the
whole of the write-ahead file. `make faults` makes every one of these and opens it; the short run opens some.
"""

from __future__ import annotations

import os
import random
import shutil
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from taggant.evidence.intake import import_case
from taggant.ledger.jsonl import lines
from taggant.ledger.ledger import Ledger
from taggant.ledger.verify import verify
from taggant.model.record import Body, Record, fresh_salt

_WAL_HEADER, _FRAME_HEADER = 32, 24
_COMMITS = 6
_ALL_FROM = 100


def _record(key: str) -> Record:
    body: Body = {"source_id": key, "title": "x" * 400}
    return Record(table="source", key=key, schema=1, body=body, salt=fresh_salt())


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[tuple[int, bytes]]]:
    """A ledger whose write-ahead file was never folded in, and after each commit: its length, and all that is known."""
    folder = tmp_path_factory.mktemp("recorded")
    Ledger.create(folder / "live").close()
    acknowledged: list[tuple[int, bytes]] = []
    with Ledger.open(folder / "live") as ledger:
        wal = folder / "live" / ".taggant" / "ledger.sqlite-wal"
        acknowledged.append((0, b"".join(lines(ledger))))
        for n in range(_COMMITS):
            ledger.commit([_record(f"{n}-{i}") for i in range(6)], author="a", message="m")
            acknowledged.append((wal.stat().st_size, b"".join(lines(ledger))))
        # Copied while it is open: as on a machine whose power went.
        shutil.copytree(folder / "live", folder / "cut")
    (folder / "cut" / ".taggant" / "ledger.sqlite-shm").unlink()
    return folder / "cut", acknowledged


def _state(folder: Path, place: Path, wal: bytes, file: bytes | None = None) -> Path:
    """Lay out what the disk would hold."""
    if place.exists():
        shutil.rmtree(place)
    shutil.copytree(folder, place)
    if file is not None:
        (place / ".taggant" / "ledger.sqlite").write_bytes(file)
    (place / ".taggant" / "ledger.sqlite-wal").write_bytes(wal)
    return place


def _holds(place: Path, least: bytes, allowed: set[bytes]) -> None:
    report = verify(place)
    assert report.problems == ()
    with Ledger.open(place) as ledger:
        found = b"".join(lines(ledger))
        assert found in allowed, "it is neither before nor after a commit"
        assert len(found) >= len(least), "an acknowledged commit is lost"
        ledger.commit([_record("afterwards")], author="a", message="and it goes on")


def _frames(wal: bytes, page: int) -> Iterator[int]:
    yield from range(_WAL_HEADER, len(wal) + 1, _FRAME_HEADER + page)


@pytest.mark.faults
def test_every_beginning_of_the_write_ahead_file_is_before_or_after_a_commit(
    recorded: tuple[Path, list[tuple[int, bytes]]], tmp_path: Path, n_kills: int
) -> None:
    """Cut at each frame, inside its header, and torn in the middle of its page: nothing acknowledged is lost."""
    folder, acknowledged = recorded
    wal = (folder / ".taggant" / "ledger.sqlite-wal").read_bytes()
    (page,) = struct.unpack(">I", wal[8:12])
    allowed = {known for _, known in acknowledged}
    rng = random.Random(10_007)
    cuts = sorted({cut for at in _frames(wal, page) for cut in (at, at + 11, at + rng.randrange(24, page))} | {0, 31})
    cuts = [cut for cut in cuts if cut <= len(wal)]
    if n_kills < _ALL_FROM:
        cuts = rng.sample(cuts, 12)
    n = 0
    for cut in cuts:
        least = max((known for size, known in acknowledged if size <= cut), key=len)
        _holds(_state(folder, tmp_path / "state", wal[:cut]), least, allowed)
        # The end of the file may be there before its bytes: then zeros or old bytes stand where the write was cut.
        torn = wal[:cut] + rng.randbytes(min(page, len(wal) - cut))
        if cut < len(wal):
            _holds(_state(folder, tmp_path / "state", torn), least, allowed)
        n += 2
    print(f"{n} states of {len(wal)} bytes of write-ahead file")


@pytest.mark.faults
def test_folding_the_write_ahead_file_in_may_be_cut_anywhere(
    recorded: tuple[Path, list[tuple[int, bytes]]], tmp_path: Path, n_kills: int
) -> None:
    """Any pages copied, the last one torn, while the write-ahead file is whole: the newest state, every time."""
    folder, acknowledged = recorded
    wal = (folder / ".taggant" / "ledger.sqlite-wal").read_bytes()
    file = (folder / ".taggant" / "ledger.sqlite").read_bytes()
    (page,) = struct.unpack(">I", wal[8:12])
    newest: dict[int, bytes] = {}
    for at in list(_frames(wal, page))[:-1]:
        (number,) = struct.unpack(">I", wal[at : at + 4])
        newest[number] = wal[at + _FRAME_HEADER : at + _FRAME_HEADER + page]
    last = acknowledged[-1][1]
    rng = random.Random(10_009)
    numbers = sorted(newest)
    every = range(len(numbers) + 1)
    for done in every if n_kills >= _ALL_FROM else rng.sample(every, 4):
        for order in (numbers, rng.sample(numbers, len(numbers))):
            content = bytearray(file.ljust(max(len(file), page * max(numbers)), b"\0"))
            for number in order[:done]:
                content[(number - 1) * page : number * page] = newest[number]
            if done < len(order):
                torn = order[done]
                half = rng.randrange(page)
                content[(torn - 1) * page : (torn - 1) * page + half] = newest[torn][:half]
            _holds(_state(folder, tmp_path / "state", wal, bytes(content)), last, {last})
    # And the first write after it: a new header over old frames, which must not be taken for new ones.
    whole = bytearray(file.ljust(page * max(numbers), b"\0"))
    for number in numbers:
        whole[(number - 1) * page : number * page] = newest[number]
    for cut in (0, 8, 31, 32):
        fresh = bytearray(wal)
        fresh[:cut] = rng.randbytes(cut)
        _holds(_state(folder, tmp_path / "state", bytes(fresh), bytes(whole)), last, {last})


def test_an_import_cut_after_every_fsync_is_before_or_after(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder as it is on disk at each fsync of our own (exhibits, their names, notes): sound, and nothing half."""
    case = tmp_path / "case"
    (case / "documents").mkdir(parents=True)
    (case / "case.toml").write_text('uuid = "3f0c7b1e-8f0a-4a3e-9a51-0a5d0c3b7f10"\ntitle = "Cut"\n')
    with Ledger.create(case) as ledger:
        states: list[Path] = []
        real = os.fsync

        def _cut(handle: int) -> None:
            real(handle)
            states.append(Path(shutil.copytree(case, tmp_path / f"state{len(states)}")))

        known = [b"".join(lines(ledger))]
        n_before = [0]
        monkeypatch.setattr(os, "fsync", _cut)
        for turn in range(3):
            (case / "sources.csv").write_text(f"source_id,title\ns1,turn {turn}\ns2,turn {turn}\n")
            (case / "documents" / f"{turn}.txt").write_text(f"document {turn}")
            import_case(ledger, case, author="a")
            ledger.snapshot("source")
            known.append(b"".join(lines(ledger)))
            n_before.append(len(states))
        monkeypatch.undo()
    assert len(states) >= 3 * 6
    for n, state in enumerate(states):
        turn = sum(n >= before for before in n_before) - 1
        assert verify(state).problems == ()
        with Ledger.open(state) as ledger:
            assert b"".join(lines(ledger)) in known[turn : turn + 2], f"state {n}: half an import"
            titles = {row.body["title"] for row in ledger.live("source")}
            assert len(titles) <= 1
