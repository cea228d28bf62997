"""Exhibits: files as received, each named by its sha256, written once and never changed.

Invariant: a file stands under `ab/abcdef…` only when all its bytes, and its name in the folder, are on disk.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from taggant.errors import EvidenceBroken, InputError, TaggantError
from taggant.ledger.pouring import cloned, pour
from taggant.ledger.syncing import sync_bytes, sync_names

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """A copy of a file that may become an exhibit.

    Attributes
    ----------
    path : Path
        Where the copy lies.
    sha256 : str
    size : int
    """

    path: Path
    sha256: str
    size: int


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
        return self._kept([self.stage(path)])[0]

    def add_bytes(self, content: bytes) -> Exhibit:
        """Which exhibit are these bytes, once they are held?"""
        rest = memoryview(content)

        def _take(piece: memoryview) -> int:
            nonlocal rest
            n = min(len(piece), len(rest))
            piece[:n], rest = rest[:n], rest[n:]
            return n

        return self._kept([self._stage(_take, what=f"{len(content)} bytes")])[0]

    def stage(self, path: Path) -> Staged:
        """Which copy of this file may become an exhibit? It is hashed while it is copied, and no exhibit yet.

        Raises
        ------
        InputError
            The file cannot be read.
        TaggantError
            The copy cannot be written; nothing is left behind.
        """
        if path.exists() and not path.is_file():
            raise InputError("this is no file", where=str(path), next="Name the files in a folder one by one")
        try:
            with path.open("rb", buffering=0) as source:

                def _take(piece: memoryview) -> int:
                    try:
                        return source.readinto(piece) or 0
                    except OSError as err:
                        raise _unreadable(path, err) from err

                return self._stage(_take, what=str(path), clone_of=source.fileno())
        except OSError as err:
            raise _unreadable(path, err) from err

    def keep(self, staged: Sequence[Staged]) -> list[Exhibit]:
        """Which exhibits are these copies, once they are held? The disk is waited for twice, however many there are.

        Raises
        ------
        TaggantError
            They cannot be written; none of them is an exhibit that was not one before.
        """
        return self._kept(staged)

    def discard(self, staged: Iterable[Staged]) -> None:
        """Take copies away that are not to be kept; those that were kept are exhibits by now and stay."""
        for one in staged:
            with suppress(FileNotFoundError):
                one.path.unlink()

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

    def _stage(self, take: Callable[[memoryview], int], *, what: str, clone_of: int | None = None) -> Staged:
        with self._writing(what):
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, temp = tempfile.mkstemp(prefix=UNFINISHED, dir=self.folder)
            try:
                if clone_of is not None and cloned(clone_of, handle):
                    with os.fdopen(os.dup(handle), "rb") as clone:
                        sha256, size = hashlib.file_digest(clone, "sha256").hexdigest(), clone.tell()
                else:
                    sha256, size = pour(take, handle)
                os.fchmod(handle, _READ_ONLY)
            except BaseException:
                Path(temp).unlink()
                raise
            finally:
                os.close(handle)
        return Staged(path=Path(temp), sha256=sha256, size=size)

    def _kept(self, staged: Sequence[Staged]) -> list[Exhibit]:
        made: dict[str, Exhibit] = {}
        try:
            with self._writing(f"{len(staged)} file(s)" if len(staged) > 1 else "the file"):
                moves: dict[Path, Path] = {}
                changed: set[Path] = set()
                for one in staged:
                    path = self.path(one.sha256)
                    is_held = path in moves.values() or (path.exists() and path.stat().st_size == one.size)
                    if not is_held:
                        moves[one.path] = path
                        changed.add(path.parent)
                        if not path.parent.is_dir():
                            path.parent.mkdir(exist_ok=True)
                            changed.add(self.folder)
                    made.setdefault(one.sha256, Exhibit(sha256=one.sha256, size=one.size, is_new=not is_held))
                # Every byte is on disk before one of the names is, and every name before anybody is told.
                sync_bytes(self.folder, moves)
                for temp, path in moves.items():
                    temp.replace(path)
                sync_names(self.folder, changed)
        finally:
            self.discard(staged)
        return [made[one.sha256] for one in staged]

    @contextmanager
    def _writing(self, what: str) -> Iterator[None]:
        try:
            yield
        except OSError as err:
            raise TaggantError(
                f"the exhibit cannot be written: {err.strerror or err}",
                where=str(self.folder),
                so_what=f"{what} was not taken in; what was held before is untouched",
                next="Make room on the disk or give yourself the right to write there, then add it again",
            ) from err


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
