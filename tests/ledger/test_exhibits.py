"""Exhibits: copied once, named by content, read-only, never half there."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from taggant.errors import EvidenceBroken, InputError
from taggant.ledger.exhibits import ExhibitStore


@pytest.fixture
def exhibits(tmp_path: Path) -> ExhibitStore:
    """An empty folder of exhibits."""
    return ExhibitStore(tmp_path / "exhibits")


@pytest.mark.parametrize("content", [b"", b"x", b"photograph" * 300_000], ids=["empty", "one byte", "3 MB"])
def test_file_is_held_under_its_digest(exhibits: ExhibitStore, tmp_path: Path, content: bytes) -> None:
    """The copy has the same bytes, the digest for a name, and no right to write; the source stays."""
    source = tmp_path / "Фото 1.jpg"
    source.write_bytes(content)
    exhibit = exhibits.add(source)
    sha256 = hashlib.sha256(content).hexdigest()
    assert (exhibit.sha256, exhibit.size, exhibit.is_new) == (sha256, len(content), True)
    assert exhibits.path(exhibit.exhibit_id) == exhibits.folder / sha256[:2] / sha256
    assert exhibits.path(sha256).stat().st_mode & 0o777 == 0o444
    assert exhibits.read(sha256) == content == source.read_bytes()
    assert list(exhibits) == [sha256]
    assert list(exhibits.strangers()) == []


def test_the_same_bytes_are_held_once(exhibits: ExhibitStore, tmp_path: Path) -> None:
    """By file or by bytes, the second time it is not new and nothing is left over."""
    source = tmp_path / "a"
    source.write_bytes(b"same")
    assert exhibits.add(source).is_new
    assert not exhibits.add_bytes(b"same").is_new
    assert not exhibits.add(source).is_new
    assert exhibits.add_bytes(b"other").is_new
    assert len(list(exhibits)) == 2
    assert list(exhibits.strangers()) == []


def test_changed_exhibit_is_refused_on_reading(exhibits: ExhibitStore) -> None:
    """One byte flipped on disk, or the file gone: EvidenceBroken names it."""
    sha256 = exhibits.add_bytes(b"evidence").sha256
    path = exhibits.path(sha256)
    path.chmod(0o644)
    path.write_bytes(b"evidencf")
    with pytest.raises(EvidenceBroken, match=sha256):
        exhibits.read(sha256)
    path.unlink()
    with pytest.raises(EvidenceBroken, match=sha256):
        exhibits.read(sha256)


def test_damaged_copy_of_another_length_is_replaced_by_the_right_one(exhibits: ExhibitStore) -> None:
    """Adding a file again mends a copy that was cut short."""
    sha256 = exhibits.add_bytes(b"evidence").sha256
    exhibits.path(sha256).chmod(0o644)
    exhibits.path(sha256).write_bytes(b"evi")
    assert exhibits.add_bytes(b"evidence").is_new
    assert exhibits.read(sha256) == b"evidence"


def test_what_cannot_be_read_is_an_input_error(exhibits: ExhibitStore, tmp_path: Path) -> None:
    """A missing file, a folder, a pipe nobody writes to, a name that is no digest."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="pipe"):
        exhibits.add(tmp_path / "pipe")
    with pytest.raises(InputError, match="none"):
        exhibits.add(tmp_path / "none")
    with pytest.raises(InputError, match="no file"):
        exhibits.add(tmp_path)
    for name in ("../../etc/passwd", "sha256:", "0" * 63, "G" * 64):
        with pytest.raises(InputError):
            exhibits.path(name)
    assert list(exhibits) == []
