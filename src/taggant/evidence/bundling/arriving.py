"""A folder that appears whole or not at all: made beside its place under another name, then moved there.

Invariant: under its own name the folder holds all of it, on disk; what a killed process left is taken away by the next
that writes to the same place, and only when nobody writes it any more.
"""

from __future__ import annotations

import glob
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from taggant.errors import InputError, TaggantError
from taggant.ledger.exhibits import sync_folder

_WRITING = ".writing"


@contextmanager
def arriving(to: Path, *, clear: Callable[[Path], None] = lambda _: None) -> Iterator[Path]:
    """Give an empty folder to write into; it has the name `to` when the block ends well, and is gone when it does not.

    Parameters
    ----------
    to : Path
        Must not exist, or be an empty folder.
    clear : callable, optional
        Told of each folder a killed process left, before it is removed.

    Raises
    ------
    InputError
        Something is there already, or the place cannot be written.
    """
    if to.is_symlink() or (to.exists() and not to.is_dir()) or (to.is_dir() and any(to.iterdir())):
        raise InputError("something is there already", where=str(to), next="Name a new folder")
    place = to.absolute().parent
    try:
        place.mkdir(parents=True, exist_ok=True)
        _take_leftovers_away(place, to.name, clear)
        # The note comes before the folder: what a killed process leaves can be told from what is being written.
        aside = place / f"{_prefix(to.name)}{secrets.token_hex(6)}"
        lock = _locked(aside.with_name(aside.name + _WRITING))
        aside.mkdir(mode=0o700)
    except OSError as err:
        raise InputError(
            f"the folder cannot be made: {err.strerror}", where=str(to), next="Choose a folder you may write to"
        ) from err
    try:
        try:
            yield aside
            aside.chmod(0o755)
            if to.is_dir():
                to.rmdir()
            aside.rename(to)
        except OSError as err:
            raise TaggantError(
                f"it could not be written: {err.strerror or err}",
                where=str(err.filename or to),
                so_what="Nothing was left there",
                next="Make room on the disk, or choose another place, and run the same command again",
            ) from err
        sync_folder(place)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
        _unlock(lock)


def _prefix(name: str) -> str:
    return f".{name[:100]}.unfinished-"


def _take_leftovers_away(place: Path, name: str, clear: Callable[[Path], None]) -> None:
    for note in place.glob(f"{glob.escape(_prefix(name))}*{_WRITING}"):
        lock = _locked(note)
        if lock is None:
            continue  # somebody is writing it now
        left = note.with_name(note.name.removesuffix(_WRITING))
        try:
            if left.is_dir():
                clear(left)
                shutil.rmtree(left, ignore_errors=True)
        except TaggantError:
            os.close(lock[0])  # what it left elsewhere cannot be reached now: it stays named here for the next
            continue
        _unlock(lock)


_Lock = tuple[int, Path]


def _locked(note: Path) -> _Lock | None:
    """Hold this file's lock for as long as this process lives; None when another does."""
    handle = os.open(note, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:  # a system without it cannot tell who still writes: leftovers stay there until a person looks
        pass
    except OSError:
        os.close(handle)
        return None
    return handle, note


def _unlock(lock: _Lock | None) -> None:
    if lock is not None:
        with suppress(OSError):
            lock[1].unlink()
        os.close(lock[0])
