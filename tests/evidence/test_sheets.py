"""Files as people and programs really save them: read to the letter, or named with the way out."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from taggant.errors import InputError, Issue
from taggant.evidence.issues import IssueList
from taggant.evidence.sheets import Torn, open_csv
from taggant.evidence.workbooks import cell_text, open_workbook

if TYPE_CHECKING:
    from .conftest import Desk

USE = [["period", "designation", "source_id"], ["2023", "S", "s1"]]
KNOWN = ("item_id", "kind", "note", "source_id")


def _read(path: Path) -> tuple[list[tuple[int, list[str]]], tuple[Issue, ...]]:
    issues = IssueList()
    sheet = open_csv(path, path.name, "items", KNOWN, issues)
    rows: list[tuple[int, list[str]]] = []
    try:
        for chunk in sheet.read() if sheet else ():
            rows += [(n, list(r)) for n, r in zip(chunk.numbers, chunk.rows, strict=True)]
    except Torn:
        rows = []
    return rows, issues.all()


def _csv(tmp_path: Path, content: str | bytes) -> tuple[list[tuple[int, list[str]]], tuple[Issue, ...]]:
    path = tmp_path / "items.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return _read(path)


def test_header_only_and_one_row(tmp_path: Path) -> None:
    """A table without rows is a table; one row is row 2."""
    assert _csv(tmp_path, "item_id,kind") == ([], ())
    assert _csv(tmp_path, "item_id,kind\n\n\n") == ([], ())
    assert _csv(tmp_path, "item_id,kind\na,uav") == ([(2, ["a", "uav"])], ())


def test_rows_are_counted_as_a_spreadsheet_does(tmp_path: Path) -> None:
    """A quoted line break is one row, an empty line is a row, and every line ending is known."""
    text = 'item_id,note\na,"one\r\ntwo\nthree"\n\nb,x\n,\nc,y\n'
    rows, issues = _csv(tmp_path, text)
    assert rows == [(2, ["a", "one\r\ntwo\nthree"]), (4, ["b", "x"]), (6, ["c", "y"])]
    assert issues == ()
    for ending in ("\r\n", "\r"):
        assert [r[0] for r in _csv(tmp_path, f"item_id{ending}a{ending}b{ending}")[0]] == [2, 3]


def test_cells_are_not_coerced(tmp_path: Path) -> None:
    """What looks like a number, a date or a formula stays the letters that were typed."""
    rows, _ = _csv(tmp_path, "item_id,kind,note\n1E5,007,2023-07\nTRUE,=1+1,1.50\n")
    assert rows == [(2, ["1E5", "007", "2023-07"]), (3, ["TRUE", "=1+1", "1.50"])]


@pytest.mark.parametrize(
    ("content", "kind", "row"),
    [
        (b"", "empty file", None),
        (b"\n\n", "no header", 1),
        (b"item_id;kind\na;b\n", "wrong separator", 1),
        (b"item_id\tkind\na\tb\n", "wrong separator", 1),
        (b'"item_id;kind"\n"a;b"\n', "wrong separator", 1),
        (b"item_id,kind\na,M\xfcller\n", "wrong encoding", 2),
        (b'item_id,note\na,"x\ny"\nb,M\xfcller\n', "wrong encoding", 3),
        (b"item_id,kind\na,M\xc3", "wrong encoding", 2),
        ("item_id,kind\na,b\n".encode("utf-16"), "wrong encoding", 1),
        ("item_id,kind\na,b\n".encode("utf-16-be"), "wrong encoding", 1),
        (b"item_id,kind\na,b\nc,d\x00e\n", "NUL byte", 3),
        (b'item_id,note\na,b\nc,"open\nd,e\n', "torn file", 3),
        (b'item_id,note\na,"b"c\n', "bad quoting", 2),
        (b"item_id,kind\na,b,c\n", "too many cells", 2),
        (b"item_id,kind,note\na,b\n", "too few cells", 2),
        (b"PK\x05\x06" + bytes(18), "not what its name says", None),
        (b"%PDF-1.7\n", "not what its name says", None),
        (b"SQLite format 3\x00", "not what its name says", None),
        (b"<!DOCTYPE html><table>", "not what its name says", None),
        (b"\x01\x02\x03\x04\x05", "not what its name says", None),
        (b",".join(b"c%d" % n for n in range(501)), "too many columns", 1),
    ],
)
def test_each_damage_has_its_name_and_row(tmp_path: Path, content: bytes, kind: str, row: int | None) -> None:
    """One issue, at the row a person sees, with a next step; it never reads on in hope."""
    _, issues = _csv(tmp_path, content)
    assert [(i.kind, i.row) for i in issues] == [(kind, row)]
    assert issues[0].next


def test_bytes_that_look_like_damage_and_are_none(tmp_path: Path) -> None:
    """Empty cells behind the header, a quote inside a word, a letter split between two reads."""
    assert _csv(tmp_path, "item_id,note\na,b,,\n") == ([(2, ["a", "b"])], ())
    assert _csv(tmp_path, 'item_id,note\na,5" board\n') == ([(2, ["a", '5" board'])], ())
    long = "item_id,note\n" + "a" * (1024 * 1024 - 14) + ",Ы\n"  # the letter lies across the 1 MiB mark
    assert _csv(tmp_path, long)[1] == ()


def test_the_rest_of_the_chunk_before_a_torn_row_gives_no_rows(desk: Desk) -> None:
    """Half a table is not a table: not even with --partial."""
    desk.put("components.csv", 'component_id,item_id,source_id,note\nc1,kestrel-1,s1,"x\n')
    report = desk.take_in(partial=True)
    assert desk.bodies("component") == {}
    assert [i.kind for i in report.issues] == ["torn file"]


# --- workbooks -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (None, "General", ""),
        (True, "General", "yes"),
        (7, "0", "7"),
        (7.0, "0.00", "7"),
        (1 / 3, "General", "0.3333333333333333"),
        (1e-7, "General", "0.0000001"),
        (datetime(2023, 7, 14), "yyyy-mm-dd", "2023-07-14"),  # noqa: DTZ001 — a spreadsheet has no zones
        (datetime(2023, 7, 1), "mmm-yy", "2023-07"),  # noqa: DTZ001
        (datetime(2023, 7, 2), "mmm-yy", "2023-07-02"),  # noqa: DTZ001
        (datetime(2023, 1, 1), "yyyy", "2023"),  # noqa: DTZ001
        (datetime(2023, 7, 14, 6, 30), 'd.m.yyyy "h"', "2023-07-14T06:30:00"),  # noqa: DTZ001
        (date(2023, 7, 14), "General", "2023-07-14"),
        (time(0, 12), "h:mm", "00:12:00"),
        ("=1+1", "@", "=1+1"),
    ],
)
def test_a_cell_is_the_text_a_person_sees(value: object, number_format: str, text: str) -> None:
    """A date shown as a month is a month: its day is the program's, not the person's."""
    assert cell_text(value, number_format) == text


def test_a_workbook_says_what_its_csv_twin_says(desk: Desk, tmp_path: Path) -> None:
    """Same bodies from either; origins name the sheet."""
    header = ["item_id", "kind", "serial_as_marked", "recovered", "source_id"]
    rows = [["k1", "uav", "Ы007", "2023-07", "s1"], ["k2", "uav", "1E5", "2023-W13", "s1"], ["k3", "uav", "", "", "s1"]]
    desk.put("items.csv", "\n".join(",".join(r) for r in [header, *rows]))
    desk.take_in()
    (desk.folder / "items.csv").unlink()
    twin = type(desk)(tmp_path / "twin")
    (twin.folder / "items.csv").unlink()
    (twin.folder / "sources.csv").unlink()
    first: list[object] = ["k1", "uav", "Ы007", datetime(2023, 7, 1), "s1"]  # noqa: DTZ001
    cells: Sequence[Sequence[object]] = [header, first, *rows[1:]]
    sources = [["source_id", "title"], ["s1", "An invented report"]]
    path = twin.workbook("all.xlsx", {"items": cells, "sources": sources, "README": [["free"]]})
    book = openpyxl.load_workbook(path)
    book["items"]["D2"].number_format = "yyyy-mm"
    book.save(path)
    twin.take_in()
    assert twin.bodies("item") == desk.bodies("item")
    assert twin.bodies("source") == desk.bodies("source")
    with twin.ledger() as ledger:
        row = ledger.get("item", "k2")
        assert row is not None
        assert str(row.origin).endswith("#sheet=items&row=3")


def test_sheets_hidden_unknown_and_free(desk: Desk) -> None:
    """Hidden: a note. Unknown: the close name. README and notes: left alone."""
    path = desk.workbook(
        "more.xlsx", {"item": [["a"]], "notes": [["x"]], "use": [["period", "designation", "source_id"]]}
    )
    book = openpyxl.load_workbook(path)
    book.create_sheet("parties").sheet_state = "hidden"
    book.save(path)
    found = {(i.kind, i.value, i.is_note) for i in desk.refused()}
    assert found == {("hidden sheet", "parties", True), ("unknown sheet", "item", False)}


def test_error_values_long_numbers_and_cells_without_a_column(desk: Desk) -> None:
    """Each spoils its row and is named by the column's name or letter."""
    header = ["component_id", "item_id", "source_id", "quantity"]
    rows: list[list[object]] = [
        ["c1", "kestrel-1", "s1", "#N/A"],
        [2e15, "kestrel-1", "s1", 1],
        ["c3", "kestrel-1", "s1", 1, "stray"],
    ]
    path = desk.workbook("components.xlsx", {"Sheet1": [header, *rows]})
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["D2"].data_type = "e"
    book.save(path)
    found = [(i.kind, i.row, i.column) for i in desk.refused()]
    assert found == [
        ("error value", 2, "quantity"),
        ("number too long", 3, "component_id"),
        ("too many cells", 4, "E"),
    ]


def _workbook_of(tmp_path: Path, members: dict[str, bytes]) -> tuple[Issue, ...]:
    path = tmp_path / "items.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    issues = IssueList()
    assert open_workbook(path, path.name, {"items": KNOWN}, issues) == []
    return issues.all()


def test_hostile_workbooks_are_refused_before_they_are_opened(tmp_path: Path) -> None:
    """A bomb by its ratio, a document type, an archive that is none, a workbook cut short."""
    bomb = _workbook_of(tmp_path, {"xl/workbook.xml": b"<x/>", "xl/sharedStrings.xml": b"A" * (40 * 1024**2)})
    assert [i.kind for i in bomb] == ["archive bomb"]
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><workbook>&a;</workbook>'
    assert [i.kind for i in _workbook_of(tmp_path, {"xl/workbook.xml": entity})] == ["hostile XML"]
    assert [i.kind for i in _workbook_of(tmp_path, {"a.txt": b"x"})] == ["not what its name says"]
    assert [i.kind for i in _workbook_of(tmp_path, {"xl/workbook.xml": b"<x"})] == ["torn file"]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "empty file"),
        (b"item_id,kind\n", "not what its name says"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "not what its name says"),
        (b"<html><table>", "not what its name says"),
        (b"PK\x03\x04torn", "torn file"),
    ],
)
def test_workbooks_that_are_none(desk: Desk, content: bytes, kind: str) -> None:
    """The issue says what the file is."""
    desk.put("use.xlsx", content)
    assert desk.one_issue().kind == kind


def test_a_workbook_cut_anywhere_is_named_not_raised(desk: Desk, tmp_path: Path) -> None:
    """No damaged byte string gets past as an exception of somebody else's."""
    whole = desk.workbook("use.xlsx", {"use": USE}).read_bytes()
    for at in range(10, len(whole), len(whole) // 9):
        desk.put("use.xlsx", whole[:at])
        assert desk.one_issue().kind == "torn file"
        desk.put("use.xlsx", whole[:at] + b"\xff" * 40 + whole[at + 40 :])
        with suppress(InputError):  # damage in a part we do not read passes; anything else raised fails the test
            desk.take_in(dry_run=True)


def test_a_sheet_that_declares_a_thousand_million_cells(desk: Desk) -> None:
    """What the file declares is not believed; what it holds is read."""
    path = desk.workbook("use.xlsx", {"use": USE})
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = members["xl/worksheets/sheet1.xml"]
    assert b'<dimension ref="A1:C2"' in sheet
    members["xl/worksheets/sheet1.xml"] = sheet.replace(b'ref="A1:C2"', b'ref="A1:XFD1048576"')
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    assert desk.take_in().tables["use"].n_added == 1
    members["xl/worksheets/sheet1.xml"] = sheet.replace(b'<row r="2"', b'<row r="1999999999"')
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    assert desk.one_issue().kind == "sheet too large"
