"""What goes wrong while unpacking is said of what it is wrong with: the archive, or this machine."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from taggant.evidence.unpacking import NO_ROOM, TooMuch, Unpacker


def _archive(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", "a" * 5000)
        archive.writestr("b.txt", "b" * 5000)
    return path


def test_a_full_disk_is_not_blamed_on_the_archive(tmp_path: Path) -> None:
    """It was called a torn archive, and what had been unpacked before was taken as all there is."""
    if not Path("/dev/full").exists():  # systems without it: a folder in the place of the file cannot be written either
        (tmp_path / "to" / "2").mkdir(parents=True)
    else:
        (tmp_path / "to").mkdir()
        (tmp_path / "to" / "2").symlink_to("/dev/full")
    archive = _archive(tmp_path / "x.zip")
    unpacker = Unpacker(tmp_path / "to", archive.stat().st_size)
    with pytest.raises(TooMuch):
        unpacker.unpack(archive, "application/zip")
    assert [p["kind"] for p in unpacker.problems] == [NO_ROOM]
    assert "cannot be written down here" in unpacker.problems[0]["what"]


def test_a_torn_archive_is_named_and_what_came_before_is_kept(tmp_path: Path) -> None:
    """Bytes of the second member are changed: the first is there, the second is named."""
    archive = _archive(tmp_path / "x.zip")
    with zipfile.ZipFile(archive) as opened:
        second = opened.getinfo("b.txt").header_offset
    torn = bytearray(archive.read_bytes())
    torn[second + 36 : second + 44] = b"\xff" * 8
    archive.write_bytes(bytes(torn))
    (tmp_path / "to").mkdir()
    unpacker = Unpacker(tmp_path / "to", archive.stat().st_size)
    unpacker.unpack(archive, "application/zip")
    assert [m.name for m in unpacker.members] == ["a.txt"]
    assert [p["kind"] for p in unpacker.problems] == ["torn archive"]
