"""Sheets of text: CSV files read into rows of cells with the row numbers a person's spreadsheet shows.

Invariant: cells are text exactly as typed; nothing is coerced (`1E5`, `007`, `2023-07` stay as they are). A file that
cannot be read to its end gives no rows at all: half a table is not a table.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from taggant.errors import Issue
from taggant.evidence.filetypes import EMPTY, TEXT, UTF16, file_type
from taggant.evidence.issues import IssueList, shown

FILE_BOUND = 1024**3
"""Bytes in one typed file. A million component rows have 250 MB."""

COLUMN_BOUND = 500
"""Columns in one sheet: Appendix A has at most 20; more is a hostile or torn file."""

CHUNK_ROWS = 2_048
"""Rows read at a time: few enough to stay in the processor's cache, which halves the time."""

_PIECE = 1024 * 1024
_SAMPLE = 16 * 1024
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_SAVE_AS = "Save the sheet as 'CSV UTF-8 (comma delimited)', or as an XLSX workbook"


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a sheet.

    Attributes
    ----------
    rows : list of list of str
        Each as long as the sheet's header; rows without any text are left out.
    numbers : sequence of int
        The row's number in the person's spreadsheet (the header is row 1).
    spoilt : frozenset of int
        Numbers of rows about which an issue is on the list already.
    """

    rows: Sequence[Sequence[str]]
    numbers: Sequence[int]
    spoilt: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet, opened: its header is read, its rows are read when asked for.

    Attributes
    ----------
    label : str
        How issues name it: the file's path in the case folder; for a workbook with the sheet's name.
    name : str
        Stem of the typed table's file (`items`).
    header : tuple of str
        Column names as typed, trimmed.
    locator : str
        What stands before `row=N` in the origin of a record: empty, or `sheet=items&`.
    read : callable
        Gives the chunks; appends issues to the list the sheet was opened with. A file-level error ends the chunks and
        raises `Torn`.
    """

    label: str
    name: str
    header: tuple[str, ...]
    locator: str
    read: Callable[[], Iterator[Chunk]]


class Torn(Exception):
    """The file cannot be read to its end."""


def open_csv(path: Path, label: str, name: str, known: Collection[str], issues: IssueList) -> Sheet | None:
    """Which rows of text cells are in this CSV file?

    Parameters
    ----------
    path : Path
        A regular file.
    label : str
        How issues name it.
    name : str
        Stem of the typed table's file.
    known : collection of str
        The table's column names: they tell a wrong separator from a wrong header.
    issues : IssueList
        What is wrong or worth saying is added here.

    Returns
    -------
    Sheet or None
        None when the file cannot be read at all; the reasons are on the list.

    Notes
    -----
    *Assumes:* RFC 4180 with any line ending, UTF-8, comma; a byte order mark is accepted and said.
    *Not for:* guessing. A file in another encoding or with another separator is named, with how to save it.
    """
    if not _is_readable_text(path, label, issues):
        return None
    with path.open(encoding="utf-8-sig", newline="") as stream:
        try:
            first = next(_reader(stream), [])
        except csv.Error as err:
            issues.add(_torn(label, 1, str(err)))
            return None
    header = [cell.strip() for cell in first]
    while header and not header[-1]:
        header.pop()
    if not header:
        issues.add(
            Issue(
                kind="no header",
                what="the first row is empty; it must hold the column names",
                file=label,
                row=1,
                next=f"Write the column names into row 1: {', '.join(list(known)[:4])}, …",
            )
        )
        return None
    separator = _wrong_separator(header, known)
    if separator is not None:
        issues.add(
            Issue(
                kind="wrong separator",
                what=f"the columns are parted by {_SEPARATORS[separator]}, not by commas",
                file=label,
                row=1,
                value=shown(",".join(first)),
                next=_SAVE_AS,
            )
        )
        return None
    if len(header) > COLUMN_BOUND:
        issues.add(too_many_columns(label, len(header)))
        return None
    return Sheet(label, name, tuple(header), "", lambda: _csv_chunks(path, label, len(header), issues))


def too_many_columns(label: str, n: int) -> Issue:
    """Say that a sheet is wider than any table."""
    return Issue(
        kind="too many columns",
        what=f"the header has {n:,} columns; a sheet may have {COLUMN_BOUND}",
        file=label,
        row=1,
        next="Remove the columns that belong to no table",
    )


def too_large(label: str, size: int) -> Issue:
    """Say that a file is larger than we read."""
    return Issue(
        kind="file too large",
        what=f"the file has {size:,} bytes; a typed file may have {FILE_BOUND:,}",
        file=label,
        next="Split the table into several workbooks, or put the file under documents/ as an exhibit",
    )


def _reader(stream: io.TextIOBase) -> Iterator[list[str]]:
    # The module's limit is one for the whole process and by default 128 KiB, at which it would stop the file. Cells are
    # bounded in `cells.read_cell`, where the row and column can be named.
    if csv.field_size_limit() < FILE_BOUND:
        csv.field_size_limit(FILE_BOUND)
    return csv.reader(stream, strict=True)


def _csv_chunks(path: Path, label: str, width: int, issues: IssueList) -> Iterator[Chunk]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = _reader(stream)
        next(reader)
        number = 2
        while True:
            rows: list[list[str]] = []
            try:
                for row in islice(reader, CHUNK_ROWS):
                    rows.append(row)
            except csv.Error as err:
                issues.add(_torn(label, number + len(rows), str(err)))
                raise Torn from err
            if not rows:
                return
            yield _even(rows, number, width, label, issues)
            number += len(rows)


def _even(rows: list[list[str]], first: int, width: int, label: str, issues: IssueList) -> Chunk:
    """Leave out rows without text, and name those that are longer or shorter than the header."""
    if set(map(len, rows)) == {width} and all(map(any, rows)):
        return Chunk(rows, range(first, first + len(rows)))
    kept: list[list[str]] = []
    numbers: list[int] = []
    spoilt: set[int] = set()
    for number, row in enumerate(rows, start=first):
        if not any(cell and not cell.isspace() for cell in row):
            continue
        if (len(row) != width and any(cell.strip() for cell in row[width:])) or len(row) < width:
            spoilt.add(number)
            more = len(row) > width
            issues.add(
                Issue(
                    kind="too many cells" if more else "too few cells",
                    what=f"the row has {len(row)} cells, the header has {width}",
                    file=label,
                    row=number,
                    value=shown(row[width] if more else row[-1]),
                    next="Put cells that hold a comma into double quotes"
                    if more
                    else "Add the commas of the empty cells at the end, or close the quote that swallowed them",
                )
            )
        kept.append((row + [""] * (width - len(row)))[:width])
        numbers.append(number)
    return Chunk(kept, numbers, frozenset(spoilt))


def _torn(label: str, row: int, reason: str) -> Issue:
    if "unexpected end" in reason:
        return Issue(
            kind="torn file",
            what=f"a double quote opened in the record of row {row} is never closed: the file ends inside a cell",
            file=label,
            row=row,
            next="Close the quote, or copy the file again if it was cut short",
        )
    return Issue(
        kind="bad quoting",
        what="text follows a closing double quote, so where the cell ends cannot be told; the rest was not read",
        file=label,
        row=row,
        next="Put the whole cell into double quotes and double those inside it",
    )


def _wrong_separator(header: list[str], known: Collection[str]) -> str | None:
    if any(name in known for name in header):
        return None
    line = ",".join(header)
    for separator in _SEPARATORS:
        if any(part.strip(' "') in known for part in line.split(separator)) and separator in line:
            return separator
    return None


# --- bytes ---------------------------------------------------------------------------------------


def _is_readable_text(path: Path, label: str, issues: IssueList) -> bool:
    size = path.stat().st_size
    if size > FILE_BOUND:
        issues.add(too_large(label, size))
        return False
    kind = file_type(path)
    if kind is EMPTY:
        issues.add(
            Issue(kind="empty file", what="the file is empty", file=label, next="Write the header, or remove it")
        )
        return False
    if kind is UTF16:
        issues.add(_utf16(label))
        return False
    with path.open("rb") as stream:
        has_bom = stream.read(3) == codecs.BOM_UTF8
    bad = _first_bad_byte(path) if kind is TEXT else None
    if bad is not None:
        issues.add(_bad_byte(path, label, *bad))
        return False
    if kind is not TEXT:
        issues.add(
            Issue(
                kind="not what its name says",
                what=f"the file is named as CSV and is {kind.words}",
                file=label,
                value=kind.media_type,
                next="Save the table as CSV UTF-8; put other files under documents/ or photos/",
            )
        )
        return False
    if has_bom:
        issues.add(
            Issue(
                kind="byte order mark",
                what="the file begins with a byte order mark (BOM); it was read past",
                file=label,
                row=1,
                value="EF BB BF",
                next="Nothing is to be done",
                is_note=True,
            )
        )
    return True


def _utf16(label: str) -> Issue:
    return Issue(
        kind="wrong encoding",
        what="the file is UTF-16 text, not UTF-8",
        file=label,
        row=1,
        value="utf-16",
        next=_SAVE_AS,
    )


def _first_bad_byte(path: Path) -> tuple[int, str] | None:
    """Find where the file stops being UTF-8 text without NUL bytes: the offset, and which of the two."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as stream:
        at = 0
        while piece := stream.read(_PIECE):
            pending = len(decoder.getstate()[0])
            nul = piece.find(b"\0")
            try:
                decoder.decode(piece)
            except UnicodeDecodeError as err:
                where = at - pending + err.start
                return (where, "encoding") if nul < 0 or where < at + nul else (at + nul, "nul")
            if nul >= 0:
                return at + nul, "nul"
            at += len(piece)
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return at - len(decoder.getstate()[0]), "encoding"
    return None


def _bad_byte(path: Path, label: str, at: int, what: str) -> Issue:
    from charset_normalizer import from_bytes  # only a damaged file needs it

    row, column = _place(path, at)
    with path.open("rb") as stream:
        stream.seek(max(0, at - _SAMPLE))
        sample = stream.read(2 * _SAMPLE)
    byte = sample[min(at, _SAMPLE)] if sample else 0
    if what == "nul":
        if sample.count(0) * 4 > len(sample):
            return _utf16(label)
        return Issue(
            kind="NUL byte",
            what="the file holds a NUL byte: it was damaged, or is no text",
            file=label,
            row=row,
            column=column,
            value="00",
            next="Save the table again, or restore the file from a copy",
        )
    best = from_bytes(sample).best()
    guess = best.encoding if best is not None else None
    hint = f"It may be {guess.replace('_', '-')}: there the byte reads {_read_as(byte, guess)}. " if guess else ""
    return Issue(
        kind="wrong encoding",
        what=f"the file is not UTF-8: byte {byte:02X} at offset {at:,} is no letter in it",
        file=label,
        row=row,
        column=column,
        value=f"{byte:02X}",
        next=hint + _SAVE_AS,
    )


def _read_as(byte: int, encoding: str) -> str:
    return repr(bytes([byte]).decode(encoding, errors="replace"))


def _place(path: Path, at: int) -> tuple[int, str | None]:
    """In which row, and under which column name, is the byte at this offset?"""
    with path.open("rb") as stream:
        # One letter for one byte, so that quotes, commas and line ends are where they are.
        text = stream.read(at).removeprefix(codecs.BOM_UTF8).decode("latin-1")
    csv.field_size_limit(max(csv.field_size_limit(), FILE_BOUND))
    row, header, last = 0, [], [""]
    for cells in csv.reader(io.StringIO(text + "x", newline="")):
        row, last = row + 1, cells
        if row == 1:
            header = cells
    at_column = len(last) - 1
    is_named = row > 1 and at_column < len(header)
    return max(row, 1), (header[at_column].strip() if is_named else None)
