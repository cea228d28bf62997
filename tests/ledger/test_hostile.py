"""Content made to break things, disks that are full, folders that cannot be written: a clear word, and nothing lost."""

from __future__ import annotations

import os
import resource
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from taggant.errors import InputError, TaggantError
from taggant.ledger.ledger import Ledger
from taggant.ledger.verify import verify

if TYPE_CHECKING:
    from .conftest import MakeRecord

A = {"author": "a", "message": "m"}
_NOBODY = 65534


@contextmanager
def _files_no_longer_than(size: int) -> Iterator[None]:
    """As a full disk: no file may grow beyond this many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_full_disk_during_a_commit_loses_nothing(ledger: Ledger, make: MakeRecord) -> None:
    """The commit fails as a whole and says so; with room again the same commit goes in."""
    first = ledger.commit([make("a", "x")], **A)
    records = [make(f"k{i}", "x" * 1000) for i in range(3000)]
    with _files_no_longer_than(1_000_000), pytest.raises(TaggantError, match="Make room") as caught:
        ledger.commit(records, **A)
    assert "Nothing of this commit was kept" in str(caught.value)
    assert ledger.head() == first
    assert ledger.counts() == {"source": 1}
    ledger.commit(records, **A)
    assert ledger.counts() == {"source": 3001}
    ledger.close()
    assert verify(ledger.case_folder).is_sound


def test_full_disk_during_an_exhibit_or_snapshot_leaves_no_half_file(ledger: Ledger, make: MakeRecord) -> None:
    """A clear error, no stray file, and the next attempt works."""
    ledger.commit([make(f"k{i}", os.urandom(500).hex()) for i in range(500)], **A)
    with _files_no_longer_than(50_000):
        with pytest.raises(TaggantError, match="exhibit cannot be written"):
            ledger.exhibits.add_bytes(bytes(100_000))
        with pytest.raises(TaggantError, match="snapshot of table source cannot be written"):
            ledger.snapshot("source")
    assert list(ledger.exhibits) == []
    assert list(ledger.exhibits.strangers()) == []
    assert list((ledger.folder / "snapshot").iterdir()) == []
    assert ledger.exhibits.add_bytes(bytes(100_000)).is_new
    assert ledger.snapshot("source").n_rows == 500


@contextmanager
def _as_nobody() -> Iterator[None]:
    """Root may write anywhere; somebody else may not."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(_NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_read_only_folder_can_be_read_and_not_written(make: MakeRecord) -> None:
    """As from a disc: every read and verify work; commit and exhibit are refused in words; nothing is changed."""
    folder = Path(tempfile.mkdtemp())  # not tmp_path, which nobody else may enter
    try:
        with Ledger.create(folder) as ledger:
            ledger.commit([make("a", "x")], **A)
            ledger.exhibits.add_bytes(b"held")
        before = sorted((p, p.read_bytes()) for p in folder.rglob("*") if p.is_file())
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        with _as_nobody(), Ledger.open(folder) as ledger:
            assert ledger.counts() == {"source": 1}
            assert len(ledger.history("source", "a")) == 1
            with pytest.raises(InputError, match="read-only"):
                ledger.commit([make("b", "x")], **A)
            with pytest.raises(TaggantError, match="cannot be written"):
                ledger.exhibits.add_bytes(b"new")
            with pytest.raises(TaggantError, match="cannot be written"):
                ledger.snapshot("source")
            assert verify(folder).is_sound
            with pytest.raises(InputError):
                Ledger.create(folder / "new")
        assert sorted((p, p.read_bytes()) for p in folder.rglob("*") if p.is_file()) == before
    finally:
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o755)
        shutil.rmtree(folder)


def test_read_only_copy_of_an_open_ledger_is_refused(tmp_path: Path, make: MakeRecord) -> None:
    """Commits still in the write-ahead file would be missed in silence: refused instead."""
    folder = Path(tempfile.mkdtemp())
    try:
        with Ledger.create(tmp_path / "open") as ledger:
            ledger.commit([make("a", "x")], **A)
            shutil.copytree(tmp_path / "open" / ".taggant", folder / ".taggant")
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        with _as_nobody(), pytest.raises(InputError, match="not closed cleanly"):
            Ledger.open(folder)
    finally:
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o755)
        shutil.rmtree(folder)
