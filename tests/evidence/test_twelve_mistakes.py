"""Twelve different mistakes in one folder: one table of issues, each with its place and next step, nothing imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl

if TYPE_CHECKING:
    from .conftest import Desk

COMPONENTS = "component_id,item_id,made_stated,source_id,note\n"


def _spoil(desk: Desk) -> None:
    desk.put("parties.csv", "party_id,name,source_id\np1,M\xfcller GmbH,s1\n".encode("cp1252"))  # 1 wrong encoding
    desk.put("examinations.csv", "examination_id,by,source_id\ne1,ada,s1\n")  # 2 missing column
    desk.put(
        "components.csv",
        COMPONENTS
        + "c1,kestrel-2,,s1,\n"  # 3 unknown id
        + "c2,kestrel-1,2023-02-30,s1,\n"  # 4 impossible date
        + "c3,kestrel-1,2023-W86,s1,\n"  # 5 week 86
        + "c4,kestrel-1,,s1,\n"
        + "c4,kestrel-1,,s1,again\n"  # 6 duplicate key
        + f"c5,kestrel-1,,s1,{'x' * 40_000_000}\n",  # 7 a 40 MB cell
    )
    desk.put("sources.csv", b"\xef\xbb\xbfsource_id,title\ns1,An invented report\n")  # 8 BOM
    desk.put("claims.csv", "claim_id;source_id;topic\nx1;s1;commitment\n")  # 9 semicolons for commas
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "use"
    for row in (
        ["period", "designation", "source_id", "launched", "stopped"],
        ["2023-07", "S", "s1", 10, "=D2*2"],  # 10 formula
        ["2023-08", "S", "s1", 12, 3],
        ["2023-09", "S", "s1", None, 4],
    ):
        sheet.append(row)
    sheet.merge_cells("D3:D4")  # 11 merged cells
    book.save(desk.folder / "use.xlsx")
    desk.put("shipments.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")  # 12 not what its name says


def test_all_twelve_are_named_at_once_and_nothing_is_imported(desk: Desk) -> None:
    """Each mistake is one issue at its place; the cascade of a mistake is not told."""
    _spoil(desk)
    found = {(i.kind, i.file, i.row, i.column, i.is_note) for i in desk.refused()}
    assert found == {
        ("wrong encoding", "parties.csv", 2, "name", False),
        ("missing column", "examinations.csv", 1, "item_id", False),
        ("unknown id", "components.csv", 2, "item_id", False),
        ("bad date", "components.csv", 3, "made_stated", False),
        ("bad date", "components.csv", 4, "made_stated", False),
        ("duplicate key", "components.csv", 6, "component_id", False),
        ("cell too long", "components.csv", 7, "note", False),
        ("byte order mark", "sources.csv", 1, None, True),
        ("wrong separator", "claims.csv", 1, None, False),
        ("formula", "use.xlsx (sheet use)", 2, "stopped", False),
        ("merged cells", "use.xlsx (sheet use)", 3, "launched", False),
        ("not what its name says", "shipments.csv", None, None, False),
    }
    assert list((desk.folder / ".taggant" / "exhibits").glob("*/*")) == []
    with desk.ledger() as ledger:
        assert ledger.counts() == {}


def test_each_says_its_value_and_what_to_do(desk: Desk) -> None:
    """Every issue has a next step; values are short, even that of the 40 MB cell."""
    _spoil(desk)
    by_place = {(i.kind, i.row): i for i in desk.refused()}
    assert all(i.next for i in by_place.values())
    assert all(len(i.value or "") <= 80 for i in by_place.values())
    assert by_place["unknown id", 2].value == "kestrel-2"
    assert by_place["unknown id", 2].next == "Did you mean 'kestrel-1'? Otherwise: add a row 'kestrel-2' to items.csv"
    assert by_place["bad date", 4].what == "the date '2023-W86' has week 86; 2023 has weeks 01-52"
    assert by_place["duplicate key", 6].what == "rows 5 and 6 have the same component_id"
    assert by_place["cell too long", 7].value == "x" * 40 + "… (40,000,000 characters)"
    assert by_place["formula", 2].value == "=D2*2"
    assert by_place["merged cells", 3].value == "D3:D4"
    assert by_place["wrong encoding", 2].value == "FC"
    assert "commas" in str(by_place["wrong separator", 1].what)
    assert by_place["not what its name says", None].value == "image/png"


def test_mended_the_same_folder_is_imported(desk: Desk) -> None:
    """The over-correction: once mended, the folder is taken in whole."""
    _spoil(desk)
    desk.put("parties.csv", "party_id,name,source_id\np1,Müller GmbH,s1\n")
    desk.put("examinations.csv", "examination_id,item_id,by,source_id\ne1,kestrel-1,ada,s1\n")
    desk.put("components.csv", COMPONENTS + "c1,kestrel-1,2023-W26,s1,\nc2,kestrel-1,2023-02-28,s1,\n")
    desk.put("claims.csv", "claim_id,source_id,topic\nx1,s1,commitment\n")
    (desk.folder / "use.xlsx").unlink()
    desk.workbook("use.xlsx", {"use": [["period", "designation", "source_id", "launched"], ["2023-07", "S", "s1", 10]]})
    (desk.folder / "shipments.csv").unlink()
    report = desk.take_in()
    assert {name: counts.n_added for name, counts in report.tables.items()} == {
        "source": 1, "item": 1, "component": 2, "party": 1, "examination": 1, "claim": 1, "use": 1,
    }  # fmt: skip
    assert [issue.kind for issue in report.issues] == ["byte order mark"]
