"""What cannot be seen must not pass for removed: partial imports and mirrors of files that could not be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Desk

HEADER = ["party_id", "name", "source_id"]
ROW = ["p1", "Nord", "s1"]


@pytest.mark.parametrize("damage", ["torn", "unknown sheet", "merged", "no header", "unknown column"])
def test_a_workbook_that_cannot_be_read_withdraws_nothing(desk: Desk, damage: str) -> None:
    """Even with partial and mirror together; its last import stays what the next one is compared with."""
    path = desk.workbook("book.xlsx", {"parties": [HEADER, ROW]})
    desk.take_in()
    sheets: dict[str, list[list[str]]] = {
        "torn": {"parties": [HEADER]},
        "unknown sheet": {"party": [HEADER, ROW], "use": [["period", "designation", "source_id"]]},
        "merged": {"parties": [HEADER]},
        "no header": {"parties": [[], HEADER]},
        "unknown column": {"parties": [[*HEADER, "nmae"]]},
    }[damage]
    desk.workbook("book.xlsx", sheets)
    if damage == "torn":
        path.write_bytes(path.read_bytes()[:-30])
    if damage == "merged":
        import openpyxl

        book = openpyxl.load_workbook(path)
        book["parties"].merge_cells("A2:B2")
        book.save(path)
    report = desk.take_in(partial=True, mirror=True)
    assert report.withdrawn == ()
    assert set(desk.bodies("party")) == {"p1"}
    assert [issue for issue in report.issues if not issue.is_note]
    with desk.ledger() as ledger:
        assert len(ledger.history("import", "book.xlsx")) == 1


def test_a_sheet_that_is_gone_is_mirrored(desk: Desk) -> None:
    """The over-correction: a readable workbook without the sheet has none of its rows."""
    use = [["period", "designation", "source_id"], ["2023", "S", "s1"]]
    desk.workbook("book.xlsx", {"parties": [HEADER, ROW], "use": use})
    desk.take_in()
    desk.workbook("book.xlsx", {"use": use})
    assert desk.take_in(mirror=True).withdrawn == (("party", "p1"),)


def test_a_row_that_another_unchanged_file_states_is_not_withdrawn(desk: Desk) -> None:
    """Removing a row from one file of two leaves it with the other."""
    desk.workbook("book.xlsx", {"parties": [HEADER, ROW]})
    desk.put("parties.csv", ",".join(HEADER) + "\n" + ",".join(ROW) + "\n")
    desk.take_in()
    desk.put("parties.csv", ",".join(HEADER) + "\n")
    assert desk.take_in(mirror=True).withdrawn == ()


def test_a_wrong_case_file_is_not_kept_by_a_partial_import(desk: Desk) -> None:
    """Rows come in; the case file waits until it is right."""
    desk.put("case.toml", 'title = "T"\n')
    report = desk.take_in(partial=True)
    assert "case.toml" not in report.exhibits_new
    assert set(desk.bodies("item")) == {"kestrel-1"}
    assert desk.one_issue().kind == "missing value"


def test_a_case_file_that_is_a_link_or_a_folder(desk: Desk) -> None:
    """Neither is opened."""
    path = desk.folder / "case.toml"
    path.rename(desk.folder.parent / "away.toml")
    path.symlink_to(desk.folder.parent / "away.toml")
    assert desk.one_issue().kind == "link"
    path.unlink()
    path.mkdir()
    assert desk.one_issue().kind == "not a file"
