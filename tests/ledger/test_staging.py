"""Copies that may become exhibits: hashed while they are copied, kept together, taken away when not kept."""

from __future__ import annotations

import hashlib
import os
import random
from pathlib import Path

import pytest

from taggant.errors import BadTables
from taggant.evidence.intake import import_case
from taggant.ledger.ledger import Ledger
from taggant.ledger.pouring import PIECE, pour
from taggant.ledger.verify import verify

CASE = 'uuid = "3f0c7b1e-8f0a-4a3e-9a51-0a5d0c3b7f10"\ntitle = "Kestrel"\n'


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 7, 18 * PIECE])
@pytest.mark.parametrize("most", [PIECE, 1_000_003])
def test_what_is_hashed_is_what_is_written(tmp_path: Path, size: int, most: int) -> None:
    """Around the size of a piece, with reads that give less than was asked for, and past what the disk is told of."""
    content = random.Random(size).randbytes(1_000) * (size // 1_000 + 1)
    rest = memoryview(content)[:size]

    def take(piece: memoryview) -> int:
        nonlocal rest
        n = min(len(piece), len(rest), most)
        piece[:n], rest = rest[:n], rest[n:]
        return n

    handle = os.open(tmp_path / "copy", os.O_WRONLY | os.O_CREAT)
    found = pour(take, handle)
    os.close(handle)
    assert found == (hashlib.sha256(content[:size]).hexdigest(), size)
    assert (tmp_path / "copy").read_bytes() == content[:size]


def test_a_disk_that_clones_is_asked_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the disk made of the file is hashed, not the file; a disk that cannot is not asked for more."""
    import fcntl

    source = tmp_path / "film"
    source.write_bytes(b"what is in the file")

    def clone(copy: int, request: int, _source: int) -> int:
        assert request == 0x40049409
        return os.pwrite(copy, b"what the disk made of it", 0)

    with Ledger.create(tmp_path / "case") as ledger:
        monkeypatch.setattr(fcntl, "ioctl", clone)
        held = ledger.exhibits.add(source)
        assert ledger.exhibits.read(held.sha256) == b"what the disk made of it"
        assert (held.size, ledger.exhibits.path(held.sha256).stat().st_mode & 0o777) == (24, 0o444)
        monkeypatch.undo()
        assert ledger.exhibits.read(ledger.exhibits.add(source).sha256) == b"what is in the file"


def test_many_are_kept_at_once(tmp_path: Path) -> None:
    """Twenty files, two of them the same bytes, one held before: each in its place, nothing left over."""
    with Ledger.create(tmp_path / "case") as ledger:
        ledger.exhibits.add_bytes(b"0")
        for n in range(20):
            (tmp_path / f"{n}").write_bytes(str(n % 19).encode())
        staged = [ledger.exhibits.stage(tmp_path / f"{n}") for n in range(20)]
        kept = ledger.exhibits.keep(staged)
        assert [k.sha256 for k in kept] == [hashlib.sha256(str(n % 19).encode()).hexdigest() for n in range(20)]
        assert [k.is_new for k in kept] == [False, *[True] * 18, False]
        assert len(list(ledger.exhibits)) == 19
        assert list(ledger.exhibits.strangers()) == []


def test_a_refused_import_leaves_no_copy(tmp_path: Path) -> None:
    """A typing error beside a film: nothing was imported, and no copy of the film is left."""
    case = tmp_path / "case"
    (case / "documents").mkdir(parents=True)
    (case / "case.toml").write_text(CASE)
    (case / "items.csv").write_text("item_id,kind,source_id\nk1,uav,nobody\n")
    (case / "documents" / "film.bin").write_bytes(os.urandom(100_000))
    with Ledger.create(case) as ledger:
        with pytest.raises(BadTables):
            import_case(ledger, case, author="ada")
        assert list(ledger.exhibits) == []
        assert list(ledger.exhibits.strangers()) == []
        (case / "items.csv").write_text("item_id,kind,source_id\nk1,uav,s1\n")
        (case / "sources.csv").write_text("source_id,title\ns1,A report\n")
        import_case(ledger, case, author="ada", dry_run=True)
        assert list(ledger.exhibits.strangers()) == []
        done = import_case(ledger, case, author="ada")
        assert "documents/film.bin" in done.exhibits_new
        assert list(ledger.exhibits.strangers()) == []
    assert verify(case).problems == ()


def test_two_files_of_one_content_are_one_exhibit(tmp_path: Path) -> None:
    """Both are copied, because both may be new; one is kept, and the other copy goes."""
    case = tmp_path / "case"
    (case / "photos").mkdir(parents=True)
    (case / "case.toml").write_text(CASE)
    for name in ("a.jpg", "b.jpg"):
        (case / "photos" / name).write_bytes(b"\xff\xd8\xff same")
    with Ledger.create(case) as ledger:
        import_case(ledger, case, author="ada")
        assert len(list(ledger.exhibits)) == 2
        assert list(ledger.exhibits.strangers()) == []
        again = import_case(ledger, case, author="ada")
        assert again.commit is None


def test_a_file_that_may_not_be_read_is_an_issue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is listed like any other thing to mend, whether it is hashed or copied."""
    case = tmp_path / "case"
    (case / "photos").mkdir(parents=True)
    (case / "case.toml").write_text(CASE)
    (case / "photos" / "a.jpg").write_bytes(b"\xff\xd8\xff")
    opening = Path.open

    def refuse(path: Path, *words: object, **more: object) -> object:
        if path.name == "a.jpg":
            raise PermissionError(13, "Permission denied")
        return opening(path, *words, **more)  # type: ignore[call-overload]

    with Ledger.create(case) as ledger:
        monkeypatch.setattr(Path, "open", refuse)
        with pytest.raises(BadTables) as found:
            import_case(ledger, case, author="ada")
    assert [(i.file, "Permission denied" in i.what) for i in found.value.issues] == [("photos/a.jpg", True)]
