"""Exhibits: files as received, each named by its sha256, written once and never changed.

Invariant: a file stands under `ab/abcdef…` only when all its bytes, and its name in the folder, are on disk.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from taggant.errors import EvidenceBroken, InputError, TaggantError

_PIECE = 2**20
_SHA256 = re.compile(r"(?:sha256:)?([0-9a-f]{64})")
_READ_ONLY = 0o444
UNFINISHED = ".incoming-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """One file held.

    Attributes
    ----------
    sha256 : str
        64 hexadecimal digits.
    size : int
        Bytes.
    is_new : bool
        Whether it was not held before.
    """

    sha256: str
    size: int
    is_new: bool

    @property
    def exhibit_id(self) -> str:
        """The name it has in tables: `sha256:…`."""
        return f"sha256:{self.sha256}"


class ExhibitStore:
    """The folder of exhibits of one case."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, path: Path) -> Exhibit:
        """Which exhibit is this file, once it is held?

        Parameters
        ----------
        path : Path
            A regular file. It is read once: hashed while it is copied.

        Returns
        -------
        Exhibit
            On disk when this returns.

        Raises
        ------
        InputError
            The file cannot be read.
        TaggantError
            The copy cannot be written (disk full, read-only folder); nothing is left behind.
        """
        if path.exists() and not path.is_file():
            raise InputError("this is no file", where=str(path), next="Name the files in a folder one by one")
        try:
            with path.open("rb") as source:

                def _take(piece: memoryview) -> int:
                    try:
                        return source.readinto(piece) or 0
                    except OSError as err:
                        raise _unreadable(path, err) from err

                return self._keep(_take, what=str(path))
        except OSError as err:
            raise _unreadable(path, err) from err

    def add_bytes(self, content: bytes) -> Exhibit:
        """Which exhibit are these bytes, once they are held?"""
        rest = memoryview(content)

        def _take(piece: memoryview) -> int:
            nonlocal rest
            n = min(len(piece), len(rest))
            piece[:n], rest = rest[:n], rest[n:]
            return n

        return self._keep(_take, what=f"{len(content)} bytes")

    def path(self, sha256: str) -> Path:
        """Where does the exhibit with this digest (with or without `sha256:`) lie, if it is held?"""
        found = _SHA256.fullmatch(sha256)
        if found is None:
            raise InputError(f"{sha256!r} is no sha256", next="Give 64 hexadecimal digits")
        digest = found.group(1)
        return self.folder / digest[:2] / digest

    def read(self, sha256: str) -> bytes:
        """What are the bytes of this exhibit? Hashed again on reading.

        Raises
        ------
        EvidenceBroken
            The file is missing, unreadable, or holds other bytes than its name says.
        """
        path = self.path(sha256)
        try:
            content = path.read_bytes()
        except OSError as err:
            raise EvidenceBroken(
                f"the exhibit sha256:{path.name} cannot be read: {err.strerror}", where=str(path)
            ) from err
        found = hashlib.sha256(content).hexdigest()
        if found != path.name:
            raise EvidenceBroken(f"the exhibit sha256:{path.name} now has the sha256 {found}", where=str(path))
        return content

    def __iter__(self) -> Iterator[str]:
        """Give the digests of all exhibits held, sorted."""
        if not self.folder.is_dir():
            return
        for shelf in sorted(self.folder.iterdir()):
            if shelf.is_dir():
                yield from sorted(p.name for p in shelf.iterdir() if _SHA256.fullmatch(p.name))

    def strangers(self) -> Iterator[Path]:
        """Give the files here that are no exhibits: copies cut short, and what somebody else put here."""
        if not self.folder.is_dir():
            return
        for path in sorted(self.folder.rglob("*")):
            is_exhibit = _SHA256.fullmatch(path.name) and path.parent.name == path.name[:2]
            if not path.is_dir() and not is_exhibit:
                yield path

    def _keep(self, take: Callable[[memoryview], int], *, what: str) -> Exhibit:
        try:
            return self._copy(take)
        except OSError as err:
            raise TaggantError(
                f"the exhibit cannot be written: {err.strerror or err}",
                where=str(self.folder),
                so_what=f"{what} was not taken in; what was held before is untouched",
                next="Make room on the disk or give yourself the right to write there, then add it again",
            ) from err

    def _copy(self, take: Callable[[memoryview], int]) -> Exhibit:
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, temp = tempfile.mkstemp(prefix=UNFINISHED, dir=self.folder)
        try:
            digest, size = hashlib.sha256(), 0
            # Hashing in a second thread was tried and is slower when the machine has other work (575 against 741 MB/s);
            # so was sending pieces to the disk in the meantime: on a busy disk it gains nothing.
            with os.fdopen(handle, "wb", buffering=0) as copy:
                piece = memoryview(bytearray(_PIECE))
                while n := take(piece):
                    digest.update(piece[:n])
                    written = 0
                    while written < n:
                        written += copy.write(piece[written:n]) or 0
                    size += n
                os.fchmod(copy.fileno(), _READ_ONLY)
                os.fsync(copy.fileno())
            path = self.path(digest.hexdigest())
            if path.exists() and path.stat().st_size == size:
                return Exhibit(sha256=path.name, size=size, is_new=False)
            if not path.parent.is_dir():
                path.parent.mkdir(exist_ok=True)
                sync_folder(self.folder)
            Path(temp).replace(path)
            sync_folder(path.parent)
            return Exhibit(sha256=path.name, size=size, is_new=True)
        finally:
            with suppress(FileNotFoundError):
                Path(temp).unlink()


def _unreadable(path: Path, err: OSError) -> InputError:
    return InputError(f"the file cannot be read: {err.strerror}", where=str(path), so_what="It was not taken in")


def sync_folder(folder: Path) -> None:
    """Make sure that the names in this folder are on disk."""
    if os.name == "nt":  # a folder cannot be opened there; NTFS journals the rename itself
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
