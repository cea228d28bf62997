"""One bit of a case flips: either it is named, or it changed nothing, and then every answer is as it was.

The short run flips some bits; `make faults` flips more than a thousand.
"""

from __future__ import annotations

import random
import shutil
from collections import Counter
from pathlib import Path

import pytest

from taggant.cli import main
from taggant.ledger.jsonl import lines
from taggant.ledger.ledger import Ledger
from taggant.ledger.problems import VerifyReport
from taggant.ledger.verify import verify
from taggant.model.record import Body, Record, fresh_salt

_MANY = 1_200
_SOME = 60


def _record(key: str, title: str | None, *old: str) -> Record:
    body: Body | None = None if title is None else {"source_id": key, "title": title, "note": "Ы" * 20}
    return Record(table="source", key=key, schema=1, body=body, supersedes=old, salt=fresh_salt())


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with rows, corrections, judgements, a withdrawal, two branches and a merge, exhibits and snapshots."""
    folder = tmp_path_factory.mktemp("sound") / "case"
    with Ledger.create(folder) as ledger:
        root = ledger.commit([_record(f"k{i}", f"title {i}") for i in range(40)], author="a", message="rows")
        row = ledger.get("source", "k1")
        assert row is not None
        left = ledger.commit([_record("k1", "corrected", row.record_id)], author="b", message="typing error")
        ledger.withdraw("source", "k2", author="b", reason="not ours")
        held = []
        for n in range(3):
            exhibit = ledger.exhibits.add_bytes(random.Random(n).randbytes(3_000))
            body: Body = {"exhibit_id": exhibit.exhibit_id, "file": f"photos/{n}.jpg", "size": exhibit.size}
            held.append(Record(table="exhibit", key=exhibit.exhibit_id, schema=1, body=body, salt=fresh_salt()))
        ledger.commit(held, author="a", message="photographs")
        here = ledger.head()
        assert here is not None
        right = ledger.commit([_record("z", "other laptop")], author="c", message="z", parents=[root.commit_id])
        ledger.commit([], author="a", message="merge", parents=[here.commit_id, right.commit_id])
        assert left.n == 1
        for table in ("source", "exhibit"):
            ledger.snapshot(table)
    return folder


def _all_answers(case: Path) -> tuple[bytes, list[bytes], list[list[object]]]:
    """Everything a reader can be told: all lines, all exhibits, all frames."""
    with Ledger.open(case) as ledger:
        said = b"".join(lines(ledger))
        held = [ledger.exhibits.read(sha256) for sha256 in ledger.exhibits]
        frames = [ledger.snapshot(t).frame.collect().rows() for t in ("source", "exhibit")]
    return said, held, [list(rows) for rows in frames]


def _kind(file: Path) -> str:
    if file.parent.name == "snapshot":
        return "snapshot"
    return "ledger" if file.name.startswith("ledger") else "exhibit"


@pytest.mark.faults
def test_a_flipped_bit_is_named_or_changes_nothing(sound: Path, tmp_path: Path, n_kills: int) -> None:
    """Over ledger, exhibits and snapshots: never a changed answer from a case that verify calls sound."""
    rng = random.Random(4_093)
    expected = _all_answers(sound)
    files = sorted(p for p in sound.rglob("*") if p.is_file())
    by_kind: dict[str, list[Path]] = {}
    for file in files:
        by_kind.setdefault(_kind(file), []).append(file)
    assert sorted(by_kind) == ["exhibit", "ledger", "snapshot"]
    outcomes: Counter[tuple[str, str]] = Counter()
    case = tmp_path / "case"
    for _ in range(_MANY if n_kills >= 100 else _SOME):
        kind = rng.choice(["ledger", "ledger", "exhibit", "snapshot"])
        file = rng.choice(by_kind[kind])
        at, bit = rng.randrange(file.stat().st_size), rng.randrange(8)
        if case.exists():
            shutil.rmtree(case)
        shutil.copytree(sound, case)
        flipped = case / file.relative_to(sound)
        flipped.chmod(0o644)
        content = bytearray(flipped.read_bytes())
        content[at] ^= 1 << bit
        flipped.write_bytes(content)
        where = f"bit {bit} of byte {at} of {file.relative_to(sound)}"
        report = verify(case)
        if report.is_sound:
            assert _all_answers(case) == expected, f"{where} changed an answer in silence"
            if kind == "snapshot":
                assert any(file.stem in note for note in report.notes), f"{where}: made again, and not said"
            assert kind != "exhibit", f"{where} is not named"
            said = "made again" if report.notes else "harmless"
        else:
            _names_what_is_broken(report, kind, where)
            said = "named"
        outcomes[kind, said] += 1
    for (kind, said), n in sorted(outcomes.items()):
        print(f"{kind:9} {said:10} {n}")
    print(f"{sum(outcomes.values())} flips; changed in silence 0")
    assert outcomes["ledger", "named"]
    assert outcomes["exhibit", "named"]
    assert outcomes["snapshot", "made again"]


def _names_what_is_broken(report: VerifyReport, kind: str, where: str) -> None:
    for problem in report.problems:
        assert problem.what, where
        named = (problem.record_id, problem.key, problem.commit_id, problem.sha256, problem.file)
        assert any(named) or problem.kind == "head", f"{where}: {problem} names nothing"
    if kind == "exhibit":
        assert {p.kind for p in report.problems} == {"exhibit"}, where


def test_verify_ends_with_three_when_a_bit_is_flipped(sound: Path, tmp_path: Path) -> None:
    """At the terminal: exit 3 and the exhibit's name as received."""
    case = shutil.copytree(sound, tmp_path / "case")
    file = next(p for p in sorted((case / ".taggant" / "exhibits").rglob("*")) if p.is_file())
    file.chmod(0o644)
    content = bytearray(file.read_bytes())
    content[1_000] ^= 16
    file.write_bytes(content)
    with pytest.raises(SystemExit) as ended:
        main(["verify", str(case)])
    assert ended.value.code == 3
