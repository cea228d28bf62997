"""Judging in bulk: suggestions written to a workbook, and the decisions a person typed into it read back.

Invariant: a decision is taken only where the workbook still shows what the machine proposes now; one wrong row stops
all, unless the person says `partial`. No cell is written as a formula.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from taggant.errors import BadTables, InputError, Issue
from taggant.evidence.confirmed_claims import rows_made
from taggant.evidence.issues import IssueList, did_you_mean, shown
from taggant.evidence.judging import Suggestion, judgement_body, judgement_record, says_the_same
from taggant.evidence.sheets import Sheet, Torn
from taggant.evidence.workbooks import open_workbook
from taggant.ledger.commits import instant
from taggant.model.judgement_tables import VERDICTS
from taggant.model.record import Record
from taggant.model.suggestions import SUGGESTIONS
from taggant.model.tables import join_key

if TYPE_CHECKING:
    from taggant.ledger.ledger import Ledger

HEAD = ("suggestion", "proposes", "verdict", "value", "why")
"""Columns that are read back; the others only show."""

_CELL_BOUND = 32_767  # of XLSX
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_WIDTHS = {"proposes": 36, "suggestion": 22, "verdict": 12, "value": 22, "why": 36}


@dataclass(frozen=True, slots=True, kw_only=True)
class TodoReport:
    """What reading a workbook of decisions did.

    Attributes
    ----------
    commit : str or None
        None: nothing new was decided.
    n_decided, n_same, n_open, n_left_out : int
        Rows with a new decision, with the one that is live already, without any, and with an issue.
    issues : tuple of Issue
    """

    commit: str | None
    n_decided: int
    n_same: int
    n_open: int
    n_left_out: int
    issues: tuple[Issue, ...]

    def as_json(self) -> dict[str, object]:
        """Give the report as plain values."""
        return {
            "commit": self.commit,
            "n_decided": self.n_decided,
            "n_same": self.n_same,
            "n_open": self.n_open,
            "n_left_out": self.n_left_out,
            "issues": [i.as_json() for i in self.issues],
        }


def write_todo(path: Path, some: Sequence[Suggestion]) -> int:
    """Which workbook shows these suggestions, one sheet a kind, with empty columns for the decision?

    Parameters
    ----------
    path : Path
        Written; what stood there is replaced.
    some : sequence of Suggestion

    Returns
    -------
    int
        Rows written.

    Raises
    ------
    InputError
        There are none; the file cannot be written.
    """
    import openpyxl

    if not some:
        raise InputError("nothing waits for a decision", next="Leave the workbook out, or add --all")
    book = openpyxl.Workbook(write_only=True)
    for name, group in groupby(sorted(some, key=lambda s: s.kind.name), key=lambda s: s.kind.name):
        _write_sheet(book.create_sheet(name), list(group))
    try:
        book.save(path)
    except OSError as err:
        raise InputError(
            f"the workbook cannot be written: {err.strerror}", where=str(path), next="Choose another place"
        ) from err
    return len(some)


def _write_sheet(sheet: Any, some: Sequence[Suggestion]) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    kind = some[0].kind
    shows = [c for c in kind.show if c not in HEAD]
    header = [*HEAD, "state", *shows]
    for n, column in enumerate(header, start=1):
        sheet.column_dimensions[get_column_letter(n)].width = _WIDTHS.get(column, 18)
    sheet.freeze_panes = "C2"
    choice = DataValidation(type="list", formula1=f'"{",".join(VERDICTS)}"', allow_blank=True)
    choice.add(f"C2:C{len(some) + 1}")
    sheet.data_validations.append(choice)

    def cells(values: Sequence[str]) -> list[Any]:
        row = []
        for value in values:
            cell = WriteOnlyCell(sheet, value=value)
            cell.data_type = "s"  # a mark that begins with "=" is text, never a formula
            cell.number_format = "@"
            row.append(cell)
        return row

    sheet.append(cells(header))
    for s in some:
        shown_values = [_in_cell(" | ".join(dict.fromkeys(_text(r.get(c)) for r in s.rows))) for c in shows]
        sheet.append(cells([_in_cell(s.key), _in_cell(s.proposes), "", "", "", s.state, *shown_values]))


def _text(value: object) -> str:
    if value is None:
        return ""
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)


def _in_cell(text: str) -> str:
    """What a workbook can hold of a text."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)[:_CELL_BOUND]


def read_todo(
    ledger: Ledger, path: Path, some: Mapping[str, Sequence[Suggestion]], *, author: str, partial: bool = False
) -> TodoReport:
    """What does the ledger know once the decisions in this workbook are taken?

    Parameters
    ----------
    ledger : Ledger
    path : Path
        As `write_todo` wrote it, with decisions typed into it.
    some : mapping of str to sequence of Suggestion
        Kind → what the machine proposes now.
    author : str
        The person's handle in this case.
    partial : bool
        Take the rows that are right and list the others.

    Returns
    -------
    TodoReport

    Raises
    ------
    BadTables
        Something must be mended; every place is in `.issues`. Nothing was decided.
    InputError
        There is no such file.

    Notes
    -----
    *Assumes:* whoever fills the workbook in looked at what it shows.
    *Not for:* columns other than verdict, value and why: changes in them are not read, but that what is proposed
    differs is an issue.
    """
    if not path.is_file():
        raise InputError("there is no such file", where=str(path), next="Write it with --out first")
    issues = IssueList()
    at = instant()
    live = {row.key: row for row in ledger.live("judgement")}
    records: list[Record] = []
    n = {"decided": 0, "same": 0, "open": 0, "left out": 0}
    seen: dict[str, int] = {}
    for sheet in open_workbook(path, path.name, dict.fromkeys(SUGGESTIONS, HEAD), issues):
        now = {_in_cell(s.key).strip(): s for s in some.get(sheet.name, ())}
        for number, row in _rows(sheet, issues):
            if not (row["verdict"] or row["value"] or row["why"]):
                n["open"] += 1
                continue
            place = _Place(sheet.label, number, issues)
            suggestion = _known(row, now, place, seen, sheet.name)
            if suggestion is None:
                n["left out"] += 1
                continue
            try:
                body = judgement_body(
                    suggestion,
                    row["verdict"].casefold(),
                    value=row["value"] or None,
                    why=row["why"],
                    author=author,
                    at=at,
                )
            except InputError as err:
                column = "value" if row["verdict"].casefold() in VERDICTS else "verdict"
                place.name(err.what, column, row[column], err.next)
                n["left out"] += 1
                continue
            key = join_key([sheet.name, suggestion.key])
            before = live.get(key)
            if says_the_same(body, None if before is None else before.body):
                n["same"] += 1
                continue
            records.append(judgement_record(key, body, [] if before is None else [before.record_id]))
            records += rows_made(ledger, suggestion, str(body["verdict"]))
            n["decided"] += 1
    found = issues.all()
    if issues.n_errors and not partial:
        raise BadTables(
            f"{issues.n_errors} thing{'s' * (issues.n_errors > 1)} to mend in {path.name}",
            found,
            so_what="Nothing was decided",
            next="Mend what is listed and read it again, or take the rows that are right with --partial",
        )
    commit = None
    if records:
        n_all = len(records)
        message = f"judge {n_all:,} suggestion{'s' * (n_all > 1)} from a workbook"
        commit = ledger.commit(records, author=author, message=message, at=at).commit_id
    return TodoReport(
        commit=commit, n_decided=n["decided"], n_same=n["same"], n_open=n["open"], n_left_out=n["left out"],
        issues=found,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Place:
    label: str
    row: int
    issues: IssueList

    def name(self, what: str, column: str, value: str, step: str | None, kind: str = "bad decision") -> None:
        """Keep an issue about a cell of this row."""
        self.issues.add(
            Issue(kind=kind, what=what, file=self.label, row=self.row, column=column, value=shown(value), next=step)
        )


def _known(
    row: Mapping[str, str], now: Mapping[str, Suggestion], place: _Place, seen: dict[str, int], kind: str
) -> Suggestion | None:
    """The suggestion this row decides on, when it is still there and still proposes the same."""
    key = row["suggestion"]
    suggestion = now.get(key)
    if suggestion is None:
        step = did_you_mean(key, now, "Write the workbook again with --out")
        place.name(f"no suggestion of this kind has the key {shown(key)!r}", "suggestion", key, step, "unknown id")
        return None
    first = seen.setdefault(f"{kind}:{key}", place.row)
    if first != place.row:
        place.name(f"{shown(key)!r} is decided in row {first} already", "suggestion", key, "Keep one", "duplicate key")
        return None
    if row["proposes"] != _in_cell(suggestion.proposes).strip():
        place.name(
            f"the machine now proposes {shown(suggestion.proposes)!r}",
            "proposes", row["proposes"], "Look at it again: write the workbook anew with --out", "changed",
        )  # fmt: skip
        return None
    return suggestion


def _rows(sheet: Sheet, issues: IssueList) -> Iterator[tuple[int, dict[str, str]]]:
    missing = [name for name in HEAD if name not in sheet.header]
    if missing:
        issues.add(
            Issue(
                kind="missing column",
                what=f"the sheet has no column {', '.join(missing)}",
                file=sheet.label,
                row=1,
                next=f"Keep the columns {', '.join(HEAD)} as they were written",
            )
        )
        return
    at = {name: sheet.header.index(name) for name in HEAD}
    try:
        for chunk in sheet.read():
            for number, cells in zip(chunk.numbers, chunk.rows, strict=True):
                if number not in chunk.spoilt:
                    yield number, {name: cells[i].strip() for name, i in at.items()}
    except Torn:
        return  # what is wrong is on the list
