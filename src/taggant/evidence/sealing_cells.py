"""Sealing on entry: cells of the typed files that begin with `seal:` are encrypted where they stand.

Invariant: it happens before the file is read or kept, so that no exhibit, no record and no cache ever holds the words.
"""

from __future__ import annotations

import csv
import io
import mmap
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from taggant.errors import InputError, TaggantError
from taggant.evidence.casefile import NAME as CASE_FILE
from taggant.evidence.casefile import check_case_toml
from taggant.evidence.folder import Found
from taggant.evidence.issues import IssueList
from taggant.evidence.sealing import TO_SEAL, SealKey, seal_text
from taggant.ledger.exhibits import sync_folder
from taggant.model.tables import Kind
from taggant.model.typed_tables import BY_FILE

_PART_MOST = 2**28
"""Bytes: a larger part of a workbook is not searched; the workbook is read as if it held the mark."""


def seal_on_entry(found: Found, case_folder: Path) -> int:
    """How many cells of these typed files were sealed to the case's custodians before anything else is done?

    Parameters
    ----------
    found : Found
    case_folder : Path
        Its `case.toml` names the custodians.

    Returns
    -------
    int

    Raises
    ------
    InputError
        A cell is to be sealed and cannot be; or stands in a file outside the case, which is not ours to write.

    Notes
    -----
    *Assumes:* a case file that is wrong is named by the import itself.
    *Not for:* whole files: `sealing.seal_bytes`.
    """
    file = case_folder / CASE_FILE
    case = check_case_toml(file, CASE_FILE, IssueList()) if file.is_file() else None
    keys = [SealKey.read(line) for line in case.seal_to] if case is not None else []
    n = 0
    for typed in found.typed:
        if typed.path.resolve().is_relative_to(case_folder.resolve()):
            n += seal_cells(typed.path, typed.name, keys)
        elif _has_cells(typed.path):
            raise InputError(
                "a cell of this file is to be sealed, and the file lies outside the case",
                where=str(typed.path),
                so_what="Nothing was imported: the file is not ours to write, and would be kept as it is",
                next="Put it into the case folder, or seal its cells there first: taggant seal CASE",
            )
    return n


def seal_cells(path: Path, name: str, keys: Sequence[SealKey]) -> int:
    """How many cells of this typed file were to be sealed, and are now?

    Parameters
    ----------
    path : Path
        A CSV or XLSX file; it is written again when there is such a cell, and left alone when there is none.
    name : str
        How messages name it.
    keys : sequence of SealKey
        The case's custodians.

    Returns
    -------
    int

    Raises
    ------
    InputError
        There are such cells and no key; or one stands in a column that cannot be sealed.
    TaggantError
        The file cannot be written.

    Notes
    -----
    *Assumes:* the file is the case's own: what a disk or an editor keeps of the old one is beyond us.
    *Not for:* keys of rows, dates, numbers, places on the map: write those into a column of words.
    """
    if path.suffix.lower() == ".xlsx":
        return _workbook(path, name, keys)
    if not any(_mentions(path, TO_SEAL.encode(encoding)) for encoding in ("utf-8", "utf-16-le", "utf-16-be")):
        return 0
    try:
        text = path.read_bytes().decode("utf-8")
        rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as err:
        raise _unreadable(name, "CSV in UTF-8") from err
    n = 0
    header = [cell.strip() for cell in rows[0]] if rows else []
    for number, row in enumerate(rows[1:], start=2):
        for at, cell in enumerate(row):
            if cell.strip().startswith(TO_SEAL):
                _check(path.stem, header[at] if at < len(header) else "", f"{name}, row {number}", keys)
                row[at] = _sealed(cell, keys)
                n += 1
    if n:
        out = io.StringIO(newline="")
        csv.writer(out, lineterminator="\r\n" if "\r\n" in text else "\n").writerows(rows)
        _write(path, out.getvalue().encode())
    return n


def is_to_be_sealed(path: Path) -> bool:
    """Whether this file must not leave as it is: a cell of it is to be sealed, or nobody can tell that none is."""
    if path.suffix.lower() == ".xlsx" and not _unpacks(path):
        return True
    try:
        return _has_cells(path)
    except InputError:
        return True


def _unreadable(name: str, form: str) -> InputError:
    """What holds the mark and cannot be read is not let through as if it held none."""
    return InputError(
        f"the file holds {TO_SEAL!r} and cannot be read as {form}, so its cells cannot be sealed",
        where=name,
        so_what="Nothing was imported: words that are to be sealed would stand in the case for everybody to read",
        next=f"Save it as {form}, and add it again",
    )


def _unpacks(path: Path) -> bool:
    import zipfile

    try:
        with zipfile.ZipFile(path) as packed:
            return packed.testzip() is None
    except Exception:  # noqa: BLE001 — zipfile passes on whatever its decompressors raise on damaged bytes
        return False


def _has_cells(path: Path) -> bool:
    """Whether a cell of this file begins with the mark: tried with a key of nobody, on a copy that is thrown away."""
    with tempfile.TemporaryDirectory() as aside:
        copy = Path(aside, path.name)
        copy.write_bytes(path.read_bytes())
        return seal_cells(copy, path.name, [SealKey(bytes(range(1, 33)))]) > 0


def _workbook(path: Path, name: str, keys: Sequence[SealKey]) -> int:
    import zipfile

    import openpyxl

    try:
        with zipfile.ZipFile(path) as packed:
            parts = [i for i in packed.infolist() if i.filename.endswith(".xml")]
            if not any(part.file_size >= _PART_MOST or TO_SEAL.encode() in packed.read(part) for part in parts):
                return 0
    except Exception:  # noqa: BLE001 — zipfile passes on whatever its decompressors raise; the import names it as torn
        return 0
    try:
        book = openpyxl.load_workbook(path)
    except Exception as err:
        raise _unreadable(name, "a workbook") from err
    n = 0
    for sheet in book.worksheets:
        header = [str(cell.value or "").strip() for cell in sheet[1]]
        for row in sheet.iter_rows(min_row=2):
            for at, cell in enumerate(row):
                if isinstance(cell.value, str) and cell.value.strip().startswith(TO_SEAL):
                    where = f"{name} (sheet {sheet.title}), row {cell.row}"
                    _check(sheet.title, header[at] if at < len(header) else "", where, keys)
                    cell.value = _sealed(cell.value, keys)
                    n += 1
    if n:
        out = io.BytesIO()
        book.save(out)
        _write(path, out.getvalue())
    return n


def _sealed(cell: str, keys: Sequence[SealKey]) -> str:
    return seal_text(cell.strip().removeprefix(TO_SEAL).strip(), keys)


def _check(stem: str, column: str, where: str, keys: Sequence[SealKey]) -> None:
    """Refuse before anything is written; the words themselves are in no message."""
    if not keys:
        raise InputError(
            "a cell is to be sealed, and the case names nobody to seal it to",
            where=where,
            so_what="Nothing was imported: its words would stand in the case for everybody to read",
            next='Make a key (taggant seal-key FILE), put its public line into case.toml: seal_to = ["…"]',
        )
    schema = BY_FILE.get(stem)
    if schema is None or column not in schema.names:
        return
    said = schema.column(column)
    if said.kind is not Kind.TEXT or column in schema.key or said.refers is not None:
        raise InputError(
            f"the column {column} cannot be sealed: it holds {said.kind.value}",
            where=where,
            so_what="Nothing was imported",
            next="Leave the cell empty and write what is to be sealed into note, name, place, from or to",
        )


def _mentions(path: Path, word: bytes) -> bool:
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size == 0:
            return False
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
            return whole.find(word) >= 0


def _write(path: Path, content: bytes) -> None:
    """Put the sealed file in place, then write zeros over the old one."""
    try:
        handle, temp = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fchmod(stream.fileno(), path.stat().st_mode & 0o777)
            os.fsync(stream.fileno())
        with path.open("r+b") as old:
            Path(temp).replace(path)
            old.write(bytes(os.fstat(old.fileno()).st_size))
            old.flush()
            os.fsync(old.fileno())
        sync_folder(path.parent)
    except OSError as err:
        raise TaggantError(
            f"the cells could not be sealed: {err.strerror or err}",
            where=str(path),
            so_what="Nothing was imported",
            next="Give yourself the right to write there, then add it again",
        ) from err
