"""A typed file written again without the cells of one row; every other byte of it stays where the format lets it.

Invariant: the row's number stays taken by an empty row, so that what is said of the rows below still points to them.
"""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Collection, Iterator
from itertools import pairwise
from pathlib import Path

from taggant.evidence.casefile import NAME as CASE_FILE
from taggant.evidence.folder import NamedFile
from taggant.evidence.issues import IssueList
from taggant.evidence.rereading import read_file


def without_row(path: Path, name: str, table: str, key: str) -> bytes | None:
    """Which bytes has this typed file without the row? None: the row is not in it.

    Parameters
    ----------
    path : Path
        The file, or the exhibit it was.
    name : str
        Its name in the case: it says which table, and which format.
    table, key : str

    Returns
    -------
    bytes or None

    Notes
    -----
    *Assumes:* the file could be imported once.
    *Not for:* the same words in other rows.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "sources.csv")
    ...     _ = file.write_bytes(b"source_id,title\\r\\na,x\\r\\nb,y\\r\\n")
    ...     without_row(file, "sources.csv", "source", "a")
    b'source_id,title\\r\\n,\\r\\nb,y\\r\\n'
    """
    if name.rpartition("/")[2] == CASE_FILE:
        return _without_plan(path, key) if table == "plan" else None
    sheets, _ = read_file(NamedFile(name, path), IssueList(), lambda _what, _done, _total: None)
    numbers = {
        sheet.locator: {n for k, n in zip(sheet.keys, sheet.numbers, strict=True) if k == key}
        for sheet in sheets
        if sheet.schema.name == table
    }
    if not any(numbers.values()):
        return None
    if name.lower().endswith(".xlsx"):
        return _without_sheet_rows(path, numbers)
    return _without_lines(path, next(iter(numbers.values())))


def _without_lines(path: Path, numbers: Collection[int]) -> bytes:
    text = path.read_bytes().decode("utf-8")
    taken: list[str] = []

    def _lines() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            taken.append(line)
            yield line

    kept: list[str] = []
    for number, cells in enumerate(csv.reader(_lines(), strict=True), start=1):
        raw = "".join(taken)
        taken.clear()
        if number not in numbers:
            kept.append(raw)
            continue
        kept.append("," * max(len(cells) - 1, 0) + raw[len(raw.rstrip("\r\n")) :])
    return "".join(kept).encode()


def _without_sheet_rows(path: Path, numbers: dict[str, set[int]]) -> bytes:
    import openpyxl

    with path.open("rb") as stream:
        book = openpyxl.load_workbook(stream)
    for locator, rows in numbers.items():
        sheet = book[locator.removeprefix("sheet=").removesuffix("&")]
        for number in rows:
            for cell in sheet[number]:
                cell.value = None
                cell.comment = None
                cell.hyperlink = None
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _without_plan(path: Path, title: str) -> bytes | None:
    """The case file without the `[[plan]]` of this title; the plans after it move up by one."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    starts = [*(n for n, line in enumerate(lines) if line.lstrip().startswith("[")), len(lines)]
    for start, until in pairwise(starts):
        if not lines[start].strip().startswith("[[plan]]"):
            continue
        plan = tomllib.loads("".join(lines[start:until]))["plan"][0]
        if plan.get("title") == title:
            return "".join([*lines[:start], *lines[until:]]).encode()
    return None
