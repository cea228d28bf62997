"""What people typed and wrote lies open in the case folder; in a bundle it lies beside the ledger.

Invariant: a file that is held as an exhibit is named, not copied again; a file that is not taken is named with why.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from taggant.errors import EvidenceBroken
from taggant.evidence.bundling.bag import BagWriter, is_plain, shown, walk
from taggant.evidence.bundling.layout import CASE_FILES, CASE_FOLDER, EDITIONS, EXHIBITS
from taggant.evidence.folder import TABLE_SUFFIXES
from taggant.evidence.sealing_cells import is_to_be_sealed
from taggant.ledger.store import FOLDER
from taggant.model.canonical import Plain, canonical

REPORT = "report"
_HEAD_BYTES = 4096
_PRIVATE = (b"PRIVATE KEY-----", b"taggant-seal-private-")
"""How the private half of a key begins: of a signature, and of what is sealed."""


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One file of the case folder.

    Attributes
    ----------
    name : str
        Its path there.
    sha256 : str
    size : int
    at : str
        Where in the bundle its bytes are.
    """

    name: str
    sha256: str
    size: int
    at: str

    @property
    def is_copied(self) -> bool:
        """Whether it lies in the bundle for its own sake, and not as an exhibit."""
        return not self.at.startswith(EXHIBITS)


def write_case_files(bag: BagWriter, case: Path, held: Collection[str]) -> tuple[list[CaseFile], list[str]]:
    """Put what lies in the case folder into the bundle.

    Parameters
    ----------
    bag : BagWriter
    case : Path
    held : collection of str
        Digests of the exhibits that are in the bundle.

    Returns
    -------
    tuple of list
        The files, sorted by name, and what was left out with the reason.
    """
    found = walk(case, leave=_is_passed)
    left_out = [f"{name}: {why}" for name, why in found.odd]
    files: list[CaseFile] = []
    for name in sorted(found.files):
        path = case / name
        try:
            with path.open("rb") as file:
                head = file.read(_HEAD_BYTES)
                is_key = any(mark in head for mark in _PRIVATE)
                file.seek(0)
                sha256 = "" if is_key else hashlib.file_digest(file, "sha256").hexdigest()
                size = file.tell()
        except OSError as err:
            left_out.append(f"{shown(name)}: it cannot be read ({err.strerror})")
            continue
        if is_key:
            left_out.append(f"{shown(name)}: it is a private key, which belongs to nobody else")
            continue
        if sha256 in held:
            files.append(CaseFile(name, sha256, size, exhibit_path(sha256)))
            continue
        if Path(name).suffix.lower() in TABLE_SUFFIXES and is_to_be_sealed(path):
            why = "cells of it are to be sealed and are not yet, or nobody can tell"
            left_out.append(f"{shown(name)}: {why}; import it first")
            continue
        if unicodedata.normalize("NFC", name) != name or any(part.strip() != part for part in name.split("/")):
            left_out.append(f"{shown(name)}: its name begins or ends with a space, or is written in two ways")
            continue
        is_edition = name.startswith(f"{REPORT}/")
        at = f"{EDITIONS if is_edition else CASE_FOLDER}{name}"
        copied = bag.copy(path, at)
        files.append(CaseFile(name, copied.sha256, copied.size, at))
    bag.add(CASE_FILES, (_line(file) for file in files))
    return files, left_out


def exhibit_path(sha256: str) -> str:
    """Where in a bundle does the exhibit of this digest lie?"""
    return f"{EXHIBITS}{sha256[:2]}/{sha256}"


def case_files_in(bundle: Path) -> list[CaseFile]:
    """Which files of a case folder does this bundle hold?

    Raises
    ------
    EvidenceBroken
        Its list cannot be read, or names a place outside the folder.
    """
    files: list[CaseFile] = []
    seen: set[str] = set()
    with (bundle / CASE_FILES).open("rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                said: Any = orjson.loads(line)
                file = CaseFile(str(said["file"]), str(said["sha256"]), int(said["size"]), str(said["at"]))
            except (ValueError, KeyError, TypeError) as err:
                raise _bad_line(number, "it names no file") from err
            if not is_plain(file.name) or _is_passed(file.name) or file.name.startswith(f"{FOLDER}/"):
                raise _bad_line(number, f"{shown(file.name)} is no place in a case folder")
            if not is_plain(file.at) or not file.at.startswith((EXHIBITS, CASE_FOLDER, EDITIONS)):
                raise _bad_line(number, f"{shown(file.at)} is no place in a bundle")
            if file.name in seen:
                raise _bad_line(number, f"{file.name} is named again")
            seen.add(file.name)
            files.append(file)
    return files


def _bad_line(number: int, what: str) -> EvidenceBroken:
    return EvidenceBroken(f"line {number}: {what}", where=CASE_FILES)


def _line(file: CaseFile) -> bytes:
    said: dict[str, Plain] = {"file": file.name, "sha256": file.sha256, "size": file.size, "at": file.at}
    return canonical(said) + b"\n"


def _is_passed(path: str) -> bool:
    """Whether this is the machine's own folder, or a lock file of an office program."""
    first, _, _ = path.partition("/")
    last = path.rpartition("/")[2]
    return first.casefold() == FOLDER or last.startswith((".~lock", "~$"))
