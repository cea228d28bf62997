"""A BagIt bag: files, and lists that name each file's digests (RFC 8493).

Invariant: what a bag names is looked at as hostile. No path leaves the folder, no link is followed, and only regular
files are opened; whatever is otherwise is named.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from taggant.errors import EvidenceBroken, TaggantError
from taggant.ledger.syncing import sync_files

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
ALGORITHMS = ("sha256", "sha512")
PAYLOAD = "data/"
_PIECE = 2**22
_GATHERED = 2**20
_LONGEST_LINE = 2**16
_LONGEST_PATH = 4096
_LINE = re.compile(rb"([0-9a-f]{64}|[0-9a-f]{128})  (.+)\r?\n?")
_ODD = re.compile(r"[\x00-\x1f\x7f\\%\u0080-\u009f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Digests:
    """What a file's bytes hash to, and how many they are."""

    sha256: str
    sha512: str
    size: int

    def of(self, algorithm: str) -> str:
        """Give the digest of this algorithm."""
        return self.sha256 if algorithm == "sha256" else self.sha512


def is_plain(path: str) -> bool:
    """Whether this is a path below a folder that means the same everywhere: no `..`, no drive, no odd letter.

    Examples
    --------
    >>> is_plain("photos/wing 1.jpg"), is_plain("../passwd"), is_plain("/etc/passwd"), is_plain("a//b")
    (True, False, False, False)
    """
    if not path or len(path) > _LONGEST_PATH or _ODD.search(path):
        return False
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    if os.name == "nt" and ":" in path:
        return False
    return all(part not in ("", ".", "..") for part in path.split("/"))


class _Hashing:
    """Both digests at once; of a large piece the slower one in a second thread, since hashing holds no lock."""

    def __init__(self) -> None:
        self._one, self._other, self.size = hashlib.sha256(), hashlib.sha512(), 0

    def update(self, piece: bytes | memoryview) -> None:
        self._one.update(piece)
        self._other.update(piece)
        self.size += len(piece)

    def update_beside(self, piece: memoryview, beside: ThreadPoolExecutor) -> None:
        other = beside.submit(self._other.update, piece)
        self._one.update(piece)
        self.size += len(piece)
        other.result()

    def done(self) -> Digests:
        return Digests(self._one.hexdigest(), self._other.hexdigest(), self.size)


def digests_of(file: FileIO, copy: FileIO | None = None) -> Digests:
    """What do the bytes of this open file hash to? They are written to `copy` on the way, when one is given."""
    hashing, piece = _Hashing(), memoryview(bytearray(_PIECE))
    beside: ThreadPoolExecutor | None = None
    try:
        while n := file.readinto(piece):
            if n == _PIECE and beside is None:  # a small file needs no thread
                beside = ThreadPoolExecutor(1)
            if beside is None:
                hashing.update(piece[:n])
            else:
                hashing.update_beside(piece[:n], beside)
            if copy is not None:
                write_all(copy, piece[:n])
    finally:
        if beside is not None:
            beside.shutdown()
    return hashing.done()


def write_all(file: FileIO, piece: memoryview) -> None:
    """Write all of this piece: one call may write less."""
    written = 0
    while written < len(piece):
        written += file.write(piece[written:]) or 0


# --- writing -----------------------------------------------------------------------------------------


class Written:
    """One file of a bag being written; its digests are taken on the way. Use it in a `with` statement."""

    def __init__(self, file: BinaryIO, path: str, files: dict[str, Digests]) -> None:
        self._file, self._path, self._files = file, path, files
        self._hashing = _Hashing()
        self._waiting: list[bytes] = []
        self._n_waiting = 0

    def write(self, content: bytes) -> None:
        """Add these bytes."""
        # A million short lines are hashed and written in large pieces.
        self._waiting.append(content)
        self._n_waiting += len(content)
        if self._n_waiting >= _GATHERED:
            self._flush()

    def _flush(self) -> None:
        content = b"".join(self._waiting)
        self._waiting, self._n_waiting = [], 0
        self._file.write(content)
        self._hashing.update(content)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._file:
            if kind is None:
                self._flush()
                self._files[self._path] = self._hashing.done()


@dataclass(slots=True)
class BagWriter:
    """A bag being written into an empty folder.

    Attributes
    ----------
    folder : pathlib.Path
    files : dict
        Path in the bag → its digests.
    """

    folder: Path
    files: dict[str, Digests] = field(default_factory=dict)

    def add(self, path: str, content: bytes | Iterable[bytes]) -> Digests:
        """Write one file."""
        with self.begin(path) as written:
            for piece in (content,) if isinstance(content, bytes) else content:
                written.write(piece)
        return self.files[path]

    def begin(self, path: str) -> Written:
        """Open one file to be written bit by bit."""
        return Written(self._place(path).open("wb"), path, self.files)

    def copy(self, source: Path, path: str, *, sha256: str | None = None, what: str | None = None) -> Digests:
        """Copy one file; it must have this sha256, when one is given.

        Raises
        ------
        EvidenceBroken
            It has another, or cannot be read.
        """
        target = self._place(path)
        try:
            source_file = source.open("rb", buffering=0)
        except OSError as err:
            raise EvidenceBroken(f"{what or source.name} cannot be read: {err.strerror}", where=str(source)) from err
        with source_file, target.open("wb", buffering=0) as copy:
            found = digests_of(source_file, copy)
        if sha256 is not None and found.sha256 != sha256:
            raise EvidenceBroken(
                f"{what or source.name} now has the sha256 {found.sha256}, not {sha256}",
                where=str(source),
                next="Run taggant verify on the case, restore the file from a copy, then make the bundle again",
            )
        self.files[path] = found
        return found

    def finish(self, information: Mapping[str, str]) -> None:
        """Write what makes the folder a bag: the declaration, the description, the lists of digests."""
        payload = {path: d for path, d in self.files.items() if path.startswith(PAYLOAD)}
        octets = f"{sum(d.size for d in payload.values())}.{len(payload)}"
        self.add("bagit.txt", DECLARATION)
        lines = {**information, "Payload-Oxum": octets}
        self.add("bag-info.txt", "".join(f"{k}: {_one_line(v)}\n" for k, v in sorted(lines.items())).encode())
        for algorithm in ALGORITHMS:
            self.add(f"manifest-{algorithm}.txt", _list(payload, algorithm))
        tags = {path: d for path, d in self.files.items() if path not in payload}
        for algorithm in ALGORITHMS:
            self.add(f"tagmanifest-{algorithm}.txt", _list(tags, algorithm))

    def sync(self) -> None:
        """Make sure that every file of the bag, and its name, is on disk."""
        sync_files(self.folder, [self.folder / path for path in self.files])

    def _place(self, path: str) -> Path:
        if not is_plain(path) or path in self.files:
            raise TaggantError(f"the bag cannot hold a file of the name {path!r}", where=str(self.folder))
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        return target


def _list(files: Mapping[str, Digests], algorithm: str) -> bytes:
    return "".join(f"{files[path].of(algorithm)}  {path}\n" for path in sorted(files)).encode()


def _one_line(value: str) -> str:
    return " ".join(value.split())


# --- reading -----------------------------------------------------------------------------------------


@dataclass(slots=True)
class Walked:
    """What lies in a folder.

    Attributes
    ----------
    files : dict
        Path with forward slashes → size in bytes; regular files only.
    odd : list of (str, str)
        Path, shown safely, and what is wrong with it: a link, a device, a name that is no text.
    """

    files: dict[str, int] = field(default_factory=dict)
    odd: list[tuple[str, str]] = field(default_factory=list)


def walk(folder: Path, *, leave: Callable[[str], bool] = lambda _: False) -> Walked:
    """Which regular files lie in this folder, and what else? No link is followed; `leave` says which paths to pass."""
    found = Walked()
    todo = [(folder, "")]
    while todo:
        at, prefix = todo.pop()
        try:
            entries = sorted(os.scandir(at), key=lambda e: e.name)
        except OSError as err:
            found.odd.append((shown(prefix or "."), f"the folder cannot be read: {err.strerror}"))
            continue
        for entry in entries:
            path = f"{prefix}{entry.name}"
            if leave(path):
                continue
            try:
                is_folder = entry.is_dir(follow_symlinks=False)
                status = entry.stat(follow_symlinks=False)
            except OSError as err:
                found.odd.append((shown(path), f"it cannot be looked at: {err.strerror}"))
                continue
            if entry.is_symlink():
                found.odd.append((shown(path), "it is a link; a bundle holds none, and it was not followed"))
            elif is_folder:
                todo.append((at / entry.name, f"{path}/"))
            elif not stat.S_ISREG(status.st_mode):
                found.odd.append((shown(path), "it is no regular file; it was not opened"))
            elif not is_plain(path):
                found.odd.append((shown(path), "its name holds what no bundle's name holds"))
            else:
                found.files[path] = status.st_size
    return found


def shown(path: str) -> str:
    """How is this name shown, whatever letters it holds?"""
    return path.encode("utf-8", "backslashreplace").decode().encode("unicode_escape").decode("ascii") if (
        _ODD.search(path) or not _is_text(path)
    ) else path  # fmt: skip


def _is_text(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def read_list(file: Path, algorithm: str) -> tuple[dict[str, str], list[str]]:
    """Which digests does this list name, and what is wrong with the list?

    Parameters
    ----------
    file : Path
    algorithm : str

    Returns
    -------
    tuple of (dict, list of str)
        Path → digest, of the lines that are right; what is wrong with the others, the first few in words.
    """
    named: dict[str, str] = {}
    wrong: list[str] = []
    n_digits = hashlib.new(algorithm, usedforsecurity=False).digest_size * 2
    with file.open("rb") as opened:
        for number, line in enumerate(_lines(opened), 1):
            found = _LINE.fullmatch(line)
            try:
                path = found.group(2).decode() if found is not None else ""
            except UnicodeDecodeError:
                path = ""
            if found is None or len(found.group(1)) != n_digits or not is_plain(path):
                wrong.append(f"line {number} names no file of this bundle: {shown(repr(line[:120])[2:-1])}")
            elif path in named:
                wrong.append(f"line {number} names {path} again")
            else:
                named[path] = found.group(1).decode()
    return named, wrong


def _lines(file: BinaryIO) -> Iterator[bytes]:
    while line := file.readline(_LONGEST_LINE):
        yield line


def read_tags(content: bytes) -> dict[str, str] | None:
    """What does a file of `Name: value` lines say? None when it is none."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    tags: dict[str, str] = {}
    for line in text.splitlines():
        name, sign, value = line.partition(":")
        if not sign:
            return None
        tags[name.strip()] = value.strip()
    return tags
