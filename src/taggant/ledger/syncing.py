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
    if len(files) > _FEW and _sync_whole(folder):
        return
    for path in files:
        _sync(path)
    for above in sorted({parent for path in files for parent in path.parents if parent.is_relative_to(folder)}):
        _sync(above)


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
