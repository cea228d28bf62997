"""Reading a typed file, now or as it was at its last import.

Invariant: the base of a comparison is read from the exhibit, whose bytes are hashed again first; it is never taken from
the file in the folder.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from taggant.errors import EvidenceBroken
from taggant.evidence.casefile import NAME as CASE_FILE
from taggant.evidence.casefile import check_case_toml
from taggant.evidence.folder import NamedFile, unreadable
from taggant.evidence.issues import IssueList
from taggant.evidence.plan_rows import plan_rows
from taggant.evidence.report import Progress
from taggant.evidence.rows import TypedRows, read_rows
from taggant.evidence.sheets import Sheet, open_csv
from taggant.evidence.workbooks import open_workbook
from taggant.ledger.ledger import Ledger
from taggant.ledger.purging import stand_ins
from taggant.model.record import Value
from taggant.model.typed_tables import BY_FILE

Base: TypeAlias = "dict[str, dict[str, tuple[Value, ...]]]"
"""Table → key → values in the schema's order, as a file said at its last import."""

_LEFT_OUT = re.compile(r"(\w+)=([0-9,]+)")
_PARTIAL = "partial; rows left out: "


def read_file(file: NamedFile, issues: IssueList, tell: Progress) -> tuple[list[TypedRows], set[str]]:
    """Give the rows of each sheet of a typed file, and the tables of which it may hold rows that could not be read.

    When there are such tables, nothing of the file may be imported: rows that are not seen would pass for removed.
    """
    before = issues.n_errors
    rows: list[TypedRows] = []
    try:
        sheets = _open(file.path, file.name, issues)
        is_open = issues.n_errors == before
        rows = [_rows(sheet, file.name, issues, tell) for sheet in sheets]
    except OSError as err:
        issues.add(unreadable(file.name, err))
        is_open = False
    unread = {its.schema.name for its in rows if not its.is_whole}
    if not is_open:
        stem = Path(file.name).stem
        unread |= {BY_FILE[stem].name} if stem in BY_FILE else {schema.name for schema in BY_FILE.values()}
    return rows, unread


def base_of(ledger: Ledger, name: str) -> Base:
    """What did this file say at its last import?

    Parameters
    ----------
    ledger : Ledger
    name : str
        Path in the case folder.

    Returns
    -------
    dict
        Empty when the file was never imported. After a partial import the rows it left out are taken from the import
        before it: for them that is the last one.

    Raises
    ------
    EvidenceBroken
        The exhibit of the last import is missing or damaged.
    """
    base: Base = {}
    purged = stand_ins(ledger)
    for entry in reversed(ledger.history("import", name)):
        if entry.body is None:
            break
        note = str(entry.body.get("note") or "")
        left_out = _read_left_out(note)
        exhibit_id: str | None = str(entry.body["exhibit_id"])
        exhibit_id = purged.get(str(exhibit_id), exhibit_id)
        for rows in [] if exhibit_id is None else _exhibit_rows(ledger, exhibit_id, name):
            stem = rows.schema.file or rows.schema.name
            table = base.setdefault(rows.schema.name, {})
            for key, number, *values in zip(rows.keys, rows.numbers, *rows.columns.values(), strict=True):
                if key is not None and number not in left_out.get(stem, ()):
                    table.setdefault(key, tuple(values))
        if not note.startswith(_PARTIAL):
            break
    return base


def left_out_note(tables: list[TypedRows]) -> str | None:
    """Give the note of a partial import: which rows of which table it left out. None when it left out none."""
    parts = []
    for rows in tables:
        numbers = sorted({rows.numbers[at] for at in rows.spoilt})
        if numbers:
            parts.append(f"{rows.schema.file or rows.schema.name}={','.join(map(str, numbers))}")
    return _PARTIAL + "; ".join(parts) if parts else None


def _read_left_out(note: str) -> Mapping[str, frozenset[int]]:
    if not note.startswith(_PARTIAL):
        return {}
    return {stem: frozenset(map(int, numbers.split(","))) for stem, numbers in _LEFT_OUT.findall(note)}


def _exhibit_rows(ledger: Ledger, exhibit_id: str, name: str) -> list[TypedRows]:
    path = ledger.exhibits.path(exhibit_id)
    try:
        with path.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as err:
        raise EvidenceBroken(
            f"the exhibit {exhibit_id} of the last import of {name} cannot be read: {err.strerror}", where=str(path)
        ) from err
    if found != path.name:
        raise EvidenceBroken(f"the exhibit {exhibit_id} of {name} now has the sha256 {found}", where=str(path))
    issues = IssueList()  # they were shown when it was imported
    if name == CASE_FILE:
        case = check_case_toml(path, name, issues)
        return [] if case is None else [plan_rows(case)]
    return [_rows(sheet, name, issues, None) for sheet in _open(path, name, issues)]


def _open(path: Path, name: str, issues: IssueList) -> list[Sheet]:
    if name.lower().endswith(".xlsx"):
        return open_workbook(path, name, {stem: schema.names for stem, schema in BY_FILE.items()}, issues)
    stem = Path(name).stem
    sheet = open_csv(path, name, stem, BY_FILE[stem].names, issues)
    return [] if sheet is None else [sheet]


def _rows(sheet: Sheet, name: str, issues: IssueList, tell: Progress | None) -> TypedRows:
    on_rows = None if tell is None else (lambda n: tell(f"reading {name}", n, 0))
    return read_rows(sheet, BY_FILE[sheet.name], issues, on_rows=on_rows)
