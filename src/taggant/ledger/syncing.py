"""Making sure that many new files are on disk, without waiting for the disk once a file."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

_FEW = 8
_BEGIN = 2  # SYNC_FILE_RANGE_WRITE


def sync_files(folder: Path, files: Iterable[Path]) -> None:
    """Make sure that these files, all below this folder, and their names are on disk when this returns.

    Parameters
    ----------
    folder : Path
    files : iterable of Path

    Raises
    ------
    OSError
        The disk did not take them.

    Notes
    -----
    *Assumes:* the files were closed, or their buffers flushed.
    *Not for:* files on several disks.
    """
    files = list(files)
    sync_bytes(folder, files)
    if len(files) > _FEW and _syncfs() is not None:
        return  # the names went with the bytes
    for above in sorted({parent for path in files for parent in path.parents if parent.is_relative_to(folder)}):
        _sync(above)


def sync_names(folder: Path, folders: Iterable[Path]) -> None:
    """Make sure that the names in these folders, this one or below it, are on disk."""
    some = set(folders)
    if len(some) > _FEW and _sync_whole(folder):
        return
    for path in sorted(some):
        _sync(path)


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():  # a folder cannot be opened there; NTFS journals the names itself
        return
    handle = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync_whole(folder: Path) -> bool:
    """Ask the system to write everything of this disk, names included: one wait, however many files."""
    syncfs = _syncfs()
    if syncfs is None:
        return False
    handle = os.open(folder, os.O_RDONLY)
    try:
        if syncfs(handle) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), str(folder))
    finally:
        os.close(handle)
    return True


def sync_bytes(folder: Path, files: Iterable[Path]) -> None:
    """Make sure that the bytes of these files, all below this folder, are on disk; of their names nothing is said."""
    files = list(files)
    if len(files) > _FEW and _sync_whole(folder):
        return
    for path in files:
        _sync(path)


def start_writing(handle: int, offset: int, n_bytes: int) -> None:
    """Let the disk begin with these bytes of an open file, where the system can be told so; nothing waits for it."""
    tell = _sync_file_range()
    if tell is not None:
        tell(
            handle, ctypes.c_int64(offset), ctypes.c_int64(n_bytes), _BEGIN
        )  # what fails is told by the fsync at the end


@cache
def _sync_file_range() -> Any:
    return getattr(ctypes.CDLL(None, use_errno=True), "sync_file_range", None) if sys.platform == "linux" else None


@cache
def _syncfs() -> Any:
    # Linux reports what could not be written from syncfs since 5.8; others have none, or say nothing.
    if sys.platform != "linux" or _kernel() < (5, 8):
        return None
    return getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)


def _kernel() -> tuple[int, int]:
    parts = os.uname().release.split(".")
    try:
        return int(parts[0]), int(parts[1])
    except (ValueError, IndexError):
        return 0, 0
