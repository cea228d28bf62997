"""Sheets of text: XLSX workbooks, one sheet a table.

Invariant: a workbook is a hostile archive until its list of members has been checked; formulas are never computed, and
no cell's text differs from what the person sees in it.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

from taggant.errors import Issue
from taggant.evidence.archives import is_safe_workbook
from taggant.evidence.issues import IssueList, did_you_mean, shown
from taggant.evidence.sheets import COLUMN_BOUND, Chunk, Sheet, Torn, too_many_columns

FREE_SHEETS = frozenset({"readme", "notes"})
"""Sheets a person may keep beside the tables; they are not read."""

_LAST_ROW = 1_048_576  # of an XLSX sheet (ECMA-376)
_CELL_BOUND = 60_000_000
_CHUNK_ROWS = 4_096
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}[0-9]{1,7}(?::[A-Z]{1,3}[0-9]{1,7})?)"')
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_EXACT_DIGITS = 15  # a spreadsheet keeps no more: later digits of a long number are zeros the person never typed


def open_workbook(path: Path, label: str, tables: Mapping[str, tuple[str, ...]], issues: IssueList) -> list[Sheet]:
    """Which sheets of text cells are in this workbook?

    Parameters
    ----------
    path : Path
        A regular file.
    label : str
        How issues name it.
    tables : mapping
        Stem of each typed table's file → its column names.
    issues : IssueList
        What is wrong or worth saying is added here.

    Returns
    -------
    list of Sheet
        One for each sheet that is named as a table, in the workbook's order. A workbook named as a table whose only
        sheet has another name is that table.

    Notes
    -----
    *Assumes:* text as shown — a date cell whose format hides the day is a month, a number is the shortest decimal.
    *Not for:* formulas and merged cells (an issue each), hidden sheets (a note; they are not read).
    """
    if not is_safe_workbook(path, label, issues):
        return []
    try:
        with _workbook(path) as book:
            titles = [(str(s.title), s.sheet_state == "visible") for s in book.worksheets]
    except Exception as err:  # noqa: BLE001 — openpyxl raises whatever its parsers meet in a damaged file
        issues.add(_unreadable(label, err))
        return []
    for title, is_visible in titles:
        if not is_visible:
            issues.add(
                Issue(
                    kind="hidden sheet",
                    what=f"the sheet {title!r} is hidden and was not read",
                    file=label,
                    value=title,
                    next="Show the sheet if it is evidence",
                    is_note=True,
                )
            )
    visible = [title for title, is_visible in titles if is_visible]
    named = {title: _table_of(title, visible, Path(label).stem, tables) for title in visible}
    found: list[Sheet] = []
    for title, name in named.items():
        if name in tables:
            opened = _open_sheet(path, label, title, name, issues)
            if opened is not None:
                found.append(opened)
        elif name.casefold() not in FREE_SHEETS:
            otherwise = (
                "Name the sheet after a table, or README or notes; a workbook that is evidence goes to documents/"
            )
            issues.add(
                Issue(
                    kind="unknown sheet",
                    what=f"no table is named {shown(title)!r}",
                    file=label,
                    value=shown(title),
                    next=did_you_mean(name, tables, otherwise),
                )
            )
    return found


def holds_tables(path: Path, tables: Collection[str]) -> bool:
    """Whether some sheet of this workbook is named as a table; False when it cannot be read."""
    if not is_safe_workbook(path, path.name, IssueList()):
        return False
    try:
        with _workbook(path) as book:
            return any(str(sheet.title).strip() in tables for sheet in book.worksheets)
    except Exception:  # noqa: BLE001 — openpyxl raises whatever its parsers meet; what it cannot read holds no table
        return False


def _table_of(title: str, visible: Sequence[str], stem: str, tables: Collection[str]) -> str:
    name = title.strip()
    return stem if name not in tables and len(visible) == 1 and stem in tables else name


def cell_text(value: object, number_format: str = "General") -> str:
    """Which text does a person see in a cell with this value?

    Parameters
    ----------
    value : object
        As openpyxl gives it: text, int, float, bool, date, time or None.
    number_format : str
        The cell's format; it says whether a date shows its day.

    Returns
    -------
    str
        Booleans are yes/no, numbers the shortest decimal text, dates ISO 8601.

    Examples
    --------
    >>> [cell_text(v) for v in (None, True, 3.0, 0.1, 1e21)]
    ['', 'yes', '3', '0.1', '1000000000000000000000']
    >>> cell_text(datetime(2023, 7, 1), "mmm-yy")
    '2023-07'
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        text = format(Decimal(repr(value)), "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, datetime):
        return _date_text(value, number_format)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)


def _date_text(value: datetime, number_format: str) -> str:
    # A person who types 2023-07 into a spreadsheet gets 1 July 2023 shown as "Jul-23": the day is the program's, not
    # theirs, and a false day would narrow every date that rests on it.
    shows = _QUOTED.sub("", number_format.split(";")[0]).lower()
    if "y" in shows and "d" not in shows and value.day == 1:
        return value.strftime("%Y-%m") if "m" in shows else value.strftime("%Y")
    if (value.hour, value.minute, value.second) == (0, 0, 0):
        return value.date().isoformat()
    return value.isoformat(timespec="seconds")


def _open_sheet(path: Path, label: str, title: str, name: str, issues: IssueList) -> Sheet | None:
    its_label = f"{label} (sheet {title})"
    rows = _rows(path, title)
    try:
        first = next(rows, ())
        header = [cell_text(cell.value).strip() for cell in first[: COLUMN_BOUND + 1]]
        merged = list(_merged_ranges(path, title))
    except Exception as err:  # noqa: BLE001 — openpyxl raises whatever its parsers meet in a damaged file
        issues.add(_unreadable(its_label, err))
        return None
    finally:
        rows.close()
    while header and not header[-1]:
        header.pop()
    if not header:
        issues.add(
            Issue(
                kind="no header",
                what="the first row is empty; it must hold the column names",
                file=its_label,
                row=1,
                next="Write the column names into row 1",
            )
        )
        return None
    if len(header) > COLUMN_BOUND:
        issues.add(too_many_columns(its_label, len(first)))
        return None
    for ref in merged:
        issues.add(_merged(its_label, ref, header))
    return Sheet(
        its_label,
        name,
        tuple(header),
        f"sheet={quote(title)}&",
        lambda: _chunks(path, its_label, title, header, issues),
    )


def _merged(label: str, ref: str, header: list[str]) -> Issue:
    from openpyxl.utils import column_index_from_string

    letters, digits = re.match(r"([A-Z]+)([0-9]+)", ref).groups()  # type: ignore[union-attr]  # _MERGED matched it
    at = column_index_from_string(letters) - 1
    return Issue(
        kind="merged cells",
        what=f"the cells {ref} are merged: which rows the value belongs to cannot be told",
        file=label,
        row=int(digits),
        column=header[at] if at < len(header) else letters,
        value=ref,
        next="Unmerge the cells and write the value into each row it belongs to",
    )


def _chunks(path: Path, its_label: str, title: str, header: list[str], issues: IssueList) -> Iterator[Chunk]:
    width = len(header)
    kept: list[list[str]] = []
    numbers: list[int] = []
    spoilt: set[int] = set()
    rows = _rows(path, title)
    try:
        for number, row in enumerate(_bounded(rows, its_label, issues), start=1):
            if number == 1:
                continue
            cells, is_spoilt = _row_text(row, number, header, its_label, issues)
            if not any(cell and not cell.isspace() for cell in cells) and not is_spoilt:
                continue
            if is_spoilt:
                spoilt.add(number)
            cells += [""] * (width - len(cells))
            kept.append(cells[:width])
            numbers.append(number)
            if len(kept) >= _CHUNK_ROWS:
                yield Chunk(kept, numbers, frozenset(spoilt))
                kept, numbers, spoilt = [], [], set()
    except Torn:
        raise
    except Exception as err:
        issues.add(_unreadable(its_label, err))
        raise Torn from err
    finally:
        rows.close()
    if kept:
        yield Chunk(kept, numbers, frozenset(spoilt))


def _bounded(rows: Iterator[tuple[Any, ...]], label: str, issues: IssueList) -> Iterator[tuple[Any, ...]]:
    n_cells = 0
    for number, row in enumerate(rows, start=1):
        n_cells += len(row)
        if number > _LAST_ROW or n_cells > _CELL_BOUND:
            issues.add(
                Issue(
                    kind="sheet too large",
                    what=f"the sheet goes beyond {_LAST_ROW:,} rows or {_CELL_BOUND:,} cells",
                    file=label,
                    row=min(number, _LAST_ROW),
                    next="Delete the empty rows and columns behind the table, or save it as CSV UTF-8",
                )
            )
            raise Torn
        yield row


def _row_text(
    row: tuple[Any, ...], number: int, header: list[str], label: str, issues: IssueList
) -> tuple[list[str], bool]:
    from openpyxl.utils import get_column_letter

    cells: list[str] = []
    is_spoilt = False
    for at, cell in enumerate(row):
        value = cell.value
        if value is None:
            cells.append("")
            continue
        problem = _cell_problem(cell, value, at < len(header))
        if problem is None:
            cells.append(value if isinstance(value, str) else cell_text(value, cell.number_format or "General"))
            continue
        kind, what, next_step = problem
        column = header[at] if at < len(header) else get_column_letter(at + 1)
        issues.add(
            Issue(kind=kind, what=what, file=label, row=number, column=column, value=shown(str(value)), next=next_step)
        )
        is_spoilt = True
        cells.append("")
    return cells, is_spoilt


def _cell_problem(cell: Any, value: object, is_named: bool) -> tuple[str, str, str] | None:
    kind = cell.data_type
    if kind == "f" or not isinstance(value, str | int | float | bool | date | time | timedelta):
        return (
            "formula",
            "the cell holds a formula: what it shows depends on other cells and programs",
            "Copy the column and paste it back as values only",
        )
    if kind == "e":
        return "error value", f"the cell shows the error {value}", "Write the value itself, or leave the cell empty"
    if not is_named and str(value).strip():
        return "too many cells", "the cell stands in a column without a name", "Name the column in row 1, or clear it"
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= 10**_EXACT_DIGITS:
        return (
            "number too long",
            f"a spreadsheet keeps {_EXACT_DIGITS} digits of a number; the last ones of this may be lost",
            "Format the column as text and type the number again from its source",
        )
    return None


@contextmanager
def _workbook(path: Path) -> Iterator[Any]:
    # An open file, not its name: exhibits have no extension, and openpyxl would refuse them for that.
    import openpyxl  # loading it takes half a second, and most cases hold no workbook

    with path.open("rb") as stream, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and validations, which we do not read
        book = openpyxl.load_workbook(stream, read_only=True, data_only=False, keep_links=False)
        try:
            yield book
        finally:
            book.close()


def _rows(path: Path, title: str) -> Generator[tuple[Any, ...], None, None]:
    """Give the sheet's rows; a generator, so that closing it closes the file."""
    with _workbook(path) as book:
        sheet = book[title]
        sheet.reset_dimensions()  # what the file declares is not believed: it may say a thousand million cells
        yield from sheet.iter_rows()


def _merged_ranges(path: Path, title: str) -> Iterator[str]:
    with _workbook(path) as book:
        member = str(book[title]._worksheet_path)
    with zipfile.ZipFile(path) as archive, archive.open(member) as stream:
        rest = b""
        while piece := stream.read(1024 * 1024):
            text = rest + piece
            end = 0
            for match in _MERGED.finditer(text):
                end = match.end()
                yield match[1].decode("ascii")
            rest = text[max(end, len(text) - 256) :]


def _unreadable(label: str, err: Exception) -> Issue:
    return Issue(
        kind="torn file",
        what=f"the workbook cannot be read: {shown(str(err) or type(err).__name__)}",
        file=label,
        next="Open it in a spreadsheet program and save it as a new XLSX file, or restore it from a copy",
    )
