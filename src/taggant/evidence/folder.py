"""What lies in a case folder: typed files, documents and photographs — and what must not be taken in.

Invariant: nothing outside the folder is read through a link in it, and nothing but regular files is opened.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from taggant.errors import InputError, Issue
from taggant.evidence.casefile import NAME as CASE_FILE
from taggant.evidence.issues import IssueList, close_to
from taggant.evidence.workbooks import holds_tables
from taggant.model.typed_tables import BY_FILE

EXHIBIT_FOLDERS = ("documents", "photos")
TABLE_SUFFIXES = (".csv", ".xlsx")

_OTHER_TABLES = (".xls", ".xlsm", ".xlsb", ".ods", ".tsv", ".tab", ".txt", ".parquet", ".numbers")
_LEFT_ALONE = frozenset({"thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file and the name it has in the case: its path in the case folder, with forward slashes."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Found:
    """What is to be taken in."""

    typed: tuple[NamedFile, ...] = ()
    exhibits: tuple[NamedFile, ...] = ()
    case_file: NamedFile | None = None


def look_through(folder: Path, issues: IssueList) -> Found:
    """Which files of this case folder are typed tables, and which are exhibits?

    Parameters
    ----------
    folder : Path
        The case folder: tables and `case.toml` lie in it, exhibits under `documents/` and `photos/`.
    issues : IssueList
        Files that look like tables and are not, and files that must not be opened.

    Returns
    -------
    Found

    Raises
    ------
    InputError
        The folder does not exist.
    """
    if not folder.is_dir():
        raise InputError("there is no such folder", where=str(folder), next="Make one with `taggant new`")
    typed: list[NamedFile] = []
    for path in sorted(folder.iterdir()):
        if path.is_dir() or _is_left_alone(path):
            continue
        file = NamedFile(path.name, path)
        if _is_table(file, issues, in_case=True) and _is_regular(file, folder, issues):
            typed.append(file)
    case: NamedFile | None = NamedFile(CASE_FILE, folder / CASE_FILE)
    if case is not None and (case.path.exists() or case.path.is_symlink()) and not _is_regular(case, folder, issues):
        case = None
    exhibits = [
        file for name in EXHIBIT_FOLDERS for file in _files_under(folder / name, folder, prefix=name, issues=issues)
    ]
    return Found(tuple(typed), tuple(exhibits), case)


def sort_paths(paths: Iterable[Path], case_folder: Path, issues: IssueList) -> Found:
    """Which of these files are typed tables, and which are exhibits?

    Parameters
    ----------
    paths : iterable of Path
        Files, or folders whose files are meant.
    case_folder : Path
        Files inside it are named by their path in it; others by a mark of the folder they lie in and their own name:
        a colleague's `components.csv` is another file than the case's, and is compared with itself.
    issues : IssueList

    Returns
    -------
    Found
        Without a case file unless it is among the paths.
    """
    files: dict[str, NamedFile] = {}
    for path in paths:
        try:
            inside = path.resolve().relative_to(case_folder.resolve()).as_posix()
        except ValueError:
            inside = ""
        name = inside or _name_outside(path)
        if not path.is_dir() or path.is_symlink():
            given = NamedFile(name, path)
            if _is_regular(given, None, issues):
                files.setdefault(name, given)
            continue
        for file in _files_under(path, path, prefix="" if inside == "." else name, issues=issues):
            files.setdefault(file.name, file)
    typed, exhibits, case = [], [], None
    for file in files.values():
        if file.name == CASE_FILE:
            case = file
        elif _is_table(file, issues, in_case=False):
            typed.append(file)
        elif file.path.suffix.lower() not in TABLE_SUFFIXES or close_to(file.path.stem, BY_FILE) is None:
            exhibits.append(file)
    return Found(tuple(typed), tuple(exhibits), case)


def _name_outside(path: Path) -> str:
    """Name a file that lies outside the case: its folder's name if that was given, a mark of where, its own name."""
    is_folder = path.is_dir() and not path.is_symlink()
    folder = path.resolve() if is_folder else path.absolute().parent.resolve()
    # The mark keeps two folders of one name apart without writing anybody's home folder into the record.
    mark = sha256(str(folder).encode(errors="surrogateescape")).hexdigest()[:6]
    return f"{folder.name}@{mark}" if is_folder else f"@{mark}/{path.name}"


def _is_table(file: NamedFile, issues: IssueList, *, in_case: bool) -> bool:
    stem, suffix = file.path.stem, file.path.suffix.lower()
    if suffix == ".csv" and stem in BY_FILE:
        return True
    if suffix == ".xlsx" and (in_case or stem in BY_FILE or (file.path.is_file() and holds_tables(file.path, BY_FILE))):
        return True
    near = close_to(stem, BY_FILE)
    if suffix in TABLE_SUFFIXES and near is not None:
        issues.add(
            Issue(
                kind="unknown file",
                what=f"no table is named {stem!r}",
                file=file.name,
                value=stem,
                next=f"Did you mean {near}{suffix}? If it is no table, put it under documents/ by another name",
            )
        )
    elif suffix in _OTHER_TABLES and stem in BY_FILE:
        issues.add(
            Issue(
                kind="unknown file",
                what=f"tables are read from CSV and XLSX files, not from {suffix}",
                file=file.name,
                value=suffix,
                next=f"Save it as {stem}.csv (UTF-8) or {stem}.xlsx",
            )
        )
    elif suffix == ".csv" and in_case:
        issues.add(
            Issue(
                kind="unknown file",
                what=f"no table is named {stem!r}; the file was not read",
                file=file.name,
                value=stem,
                next="Put it under documents/ if it is evidence",
                is_note=True,
            )
        )
    return False


def _files_under(folder: Path, inside: Path, *, prefix: str, issues: IssueList) -> Iterator[NamedFile]:
    if not folder.is_dir():
        return
    if folder.is_symlink() and not folder.resolve().is_relative_to(inside.resolve()):
        issues.add(_link_out(NamedFile(prefix, folder)))
        return
    for parent, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in [f for f in folders if Path(parent, f).is_symlink()]:
            within = Path(parent, name).relative_to(folder).as_posix()
            issues.add(_link_out(NamedFile(f"{prefix}/{within}" if prefix else within, folder)))
        for name in sorted(names):
            path = Path(parent, name)
            within = path.relative_to(folder).as_posix()
            file = NamedFile(f"{prefix}/{within}" if prefix else within, path)
            if not _is_left_alone(path) and _is_regular(file, inside, issues):
                yield file


def _is_left_alone(path: Path) -> bool:
    # Hidden files, a spreadsheet program's lock file, and what desktops leave behind.
    return path.name.startswith((".", "~$")) or path.name.casefold() in _LEFT_ALONE


def _is_regular(file: NamedFile, inside: Path | None, issues: IssueList) -> bool:
    """Whether the file may be opened. `inside`: the folder a link must stay in; None: no link at all."""
    try:
        if file.path.is_symlink() and (inside is None or not file.path.resolve().is_relative_to(inside.resolve())):
            issues.add(_link_out(file))
            return False
        mode = file.path.stat().st_mode
    except OSError as err:
        issues.add(unreadable(file.name, err))
        return False
    if stat.S_ISREG(mode):
        return True
    issues.add(
        Issue(
            kind="not a file",
            what="this is no regular file (a folder, device, pipe or socket)",
            file=file.name,
            next="Remove it, or give the file itself",
        )
    )
    return False


def unreadable(name: str, err: OSError) -> Issue:
    """Say that the system refused to give us a file."""
    return Issue(
        kind="unreadable file",
        what=f"the file cannot be read: {err.strerror or err}",
        file=name,
        next="Check the name"
        if isinstance(err, FileNotFoundError)
        else "Give yourself the right to read it, or remove it",
    )


def _link_out(file: NamedFile) -> Issue:
    return Issue(
        kind="link",
        what="this is a link to somewhere else: what it leads to may change and is not part of the folder",
        file=file.name,
        next="Put a copy of the file itself there",
    )
