"""Taking in a case folder: what becomes a record, what becomes an exhibit, what is refused; nothing twice."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from taggant.errors import BadTables, InputError
from taggant.evidence.folder import look_through
from taggant.evidence.intake import import_case, import_files
from taggant.evidence.issues import SAME_KIND_BOUND, IssueList
from taggant.ledger.verify import verify
from taggant.model.typed_tables import BY_FILE

if TYPE_CHECKING:
    from .conftest import Desk

COMPONENT = "component_id,item_id,source_id,made_stated,quantity\n"


def test_a_first_import_is_one_commit_and_a_second_none(desk: Desk) -> None:
    """Rows, files and the record of the import come in one commit; unchanged files are not even read."""
    desk.put("photos/wing/a.jpg", b"\xff\xd8\xffphoto")
    first = desk.take_in()
    assert {name: counts.n_added for name, counts in first.tables.items()} == {"source": 1, "item": 1}
    assert set(first.exhibits_new) == {"case.toml", "items.csv", "sources.csv", "photos/wing/a.jpg"}
    second = desk.take_in()
    assert (second.commit, second.tables, second.exhibits_known) == (None, {}, 4)
    assert set(second.unchanged_files) == {"case.toml", "items.csv", "sources.csv"}
    with desk.ledger() as ledger:
        assert [c.commit_id for c in ledger.log()] == [first.commit]
        row = ledger.get("item", "kestrel-1")
        exhibit = ledger.get("import", "items.csv")
        photo = [r.body for r in ledger.live("exhibit") if r.body["file"] == "photos/wing/a.jpg"]
    assert row is not None
    assert exhibit is not None
    assert row.origin == f"{exhibit.body['exhibit_id']}#row=2"
    assert [(p["media_type"], p["size"]) for p in photo] == [("image/jpeg", 8)]
    report = verify(desk.folder)
    assert (report.problems, report.notes) == ((), ())


def test_empty_tables_and_a_folder_without_any(desk: Desk) -> None:
    """Headers alone give no rows; a case file alone is a case."""
    for stem, schema in BY_FILE.items():
        desk.put(f"{stem}.csv", ",".join(schema.names) + "\n")
    assert desk.take_in().tables == {}
    assert [len(desk.bodies(s.name)) for s in BY_FILE.values()] == [0] * len(BY_FILE)


def test_one_row_with_all_columns(desk: Desk) -> None:
    """Every column of a table is read, and absent cells are absent from the body."""
    cells = {
        "component_id": "c1", "item_id": "kestrel-1", "module": "flight controller", "function": "processor",
        "marking": "TMS320 Ы", "brand": "Texas Instruments", "maker": "Texas Instruments", "maker_basis": "marking",
        "distributor": "", "brand_country": "US", "country_marked": "XA", "part_number_stated": "TMS320F28335",
        "made_stated": "2022-W31", "read_quality": "sure", "quantity": "2", "source_id": "s1",
        "locator": "page=3&row=2", "exhibit": "photos/a.jpg", "tlp": "AMBER+STRICT", "note": "left, then right",
    }  # fmt: skip
    assert tuple(cells) == BY_FILE["components"].names
    desk.put("components.csv", ",".join(cells) + "\n" + ",".join(f'"{v}"' for v in cells.values()))
    desk.take_in()
    expected = {name: value for name, value in cells.items() if value} | {"quantity": 2}
    assert desk.bodies("component") == {"c1": expected}


def test_keys_of_several_columns_and_an_empty_place(desk: Desk) -> None:
    """An observation without a locator is a row; without a source it is not."""
    header = "item_id,module,feature,source_id,locator,value\n"
    desk.put("observations.csv", header + "kestrel-1,wing,span|cm,s1,,210\nkestrel-1,wing,span|cm,s1,page=2,211\n")
    desk.take_in()
    assert set(desk.bodies("observation")) == {"kestrel-1|wing|span\\|cm|s1|", "kestrel-1|wing|span\\|cm|s1|page=2"}
    desk.put("observations.csv", header + "kestrel-1,wing,span|cm,,,210\n")
    issue = desk.one_issue()
    assert (issue.kind, issue.row, issue.column) == ("missing value", 2, "source_id")


def test_references_within_the_import_and_into_the_ledger(desk: Desk) -> None:
    """A name resolves to a row of any file of this import or to a live row; rows may name rows of their own table."""
    desk.put("items.csv", "item_id,kind,source_id,part_of\nkestrel-1,uav,s1,\nengine-1,engine,s1,kestrel-1\n")
    desk.take_in()
    (desk.folder / "items.csv").unlink()
    desk.put("components.csv", COMPONENT + "c1,engine-1,s1,,\nc2,engine-l,s1,,\n")
    issue = desk.one_issue()
    assert (issue.kind, issue.row, issue.column, issue.value) == ("unknown id", 3, "item_id", "engine-l")
    assert str(issue.next).startswith("Did you mean 'engine-1'?")


def test_a_row_with_another_mistake_still_counts_as_named(desk: Desk) -> None:
    """The cascade is not told: a component of a misdated item is not called an orphan as well."""
    desk.put("items.csv", "item_id,kind,source_id,recovered\nkestrel-1,uav,s1,2023-02-30\n")
    desk.put("components.csv", COMPONENT + "c1,kestrel-1,s1,,\n")
    assert desk.one_issue().kind == "bad date"


def test_partial_leaves_out_what_is_wrong_and_what_rests_on_it(desk: Desk) -> None:
    """The component of a left-out item is an issue; mended later, both come in as new rows."""
    desk.put("items.csv", "item_id,kind,source_id,recovered\nkestrel-1,uav,s1,2023-02-30\nkestrel-2,uav,s1,2023\n")
    desk.put("components.csv", COMPONENT + "c1,kestrel-1,s1,,\nc2,kestrel-2,s1,,\n")
    report = desk.take_in(partial=True)
    assert [(i.kind, i.file, i.row) for i in report.issues] == [
        ("bad date", "items.csv", 2),
        ("unknown id", "components.csv", 2),
    ]
    assert (report.tables["item"].n_left_out, report.tables["component"].n_left_out) == (1, 1)
    assert set(desk.bodies("component")) == {"c2"}
    assert len(desk.refused()) == 1  # the same bytes again, without --partial: it is still to be mended
    desk.put("items.csv", "item_id,kind,source_id,recovered\nkestrel-1,uav,s1,2023-02-28\nkestrel-2,uav,s1,2023\n")
    again = desk.take_in()
    assert (again.tables["item"].n_added, again.tables["component"].n_added) == (1, 1)
    assert set(desk.bodies("component")) == {"c1", "c2"}
    assert desk.take_in().commit is None


def test_a_left_out_change_is_no_conflict_once_mended(desk: Desk) -> None:
    """A live row, misedited, left out, then mended: a change, compared with what the file last really said."""
    desk.take_in()
    desk.put("items.csv", "item_id,kind,source_id,recovered\nkestrel-1,uav,s1,2023-13\n")
    desk.take_in(partial=True)
    desk.put("items.csv", "item_id,kind,source_id,recovered\nkestrel-1,uav,s1,2023-12\n")
    assert desk.take_in().tables["item"].n_changed == 1


def test_what_falls_away_takes_with_it_what_rests_on_it(desk: Desk) -> None:
    """A part of an unknown item falls, then the component in that part, though its file was looked at before."""
    desk.put("items.csv", "item_id,kind,source_id,part_of\nkestrel-1,uav,s1,\nengine-1,engine,s1,nowhere\n")
    desk.put("components.csv", COMPONENT + "c1,engine-1,s1,,\nc2,kestrel-1,s1,,\n")
    report = desk.take_in(partial=True)
    assert {(i.file, i.row, i.value) for i in report.issues} == {
        ("items.csv", 3, "nowhere"),
        ("components.csv", 2, "engine-1"),
    }
    assert set(desk.bodies("component")) == {"c2"}


def test_a_left_out_change_comes_in_when_what_it_names_arrives(desk: Desk) -> None:
    """The file's bytes stay the same: the row is compared with the import before the one that left it out."""
    desk.put("components.csv", COMPONENT + "c1,kestrel-1,s1,,1\n")
    desk.take_in()
    desk.put("components.csv", COMPONENT + "c1,kestrel-2,s1,,2\n")
    assert desk.take_in(partial=True).tables["component"].n_left_out == 1
    assert desk.bodies("component")["c1"]["quantity"] == 1
    desk.put("items.csv", "item_id,kind,source_id\nkestrel-1,uav,s1\nkestrel-2,uav,s1\n")
    assert desk.take_in().tables["component"].n_changed == 1
    assert desk.bodies("component")["c1"]["quantity"] == 2


def test_two_files_of_one_table(desk: Desk) -> None:
    """The same row in both is one row; different values are named with both places."""
    desk.workbook("more.xlsx", {"items": [["item_id", "kind", "source_id"], ["kestrel-1", "uav", "s1"]]})
    report = desk.take_in()
    assert (report.tables["item"].n_added, report.tables["item"].n_unchanged) == (1, 1)
    desk.put("items.csv", "item_id,kind,source_id\nkestrel-1,engine,s1\n")
    desk.workbook("more.xlsx", {"items": [["item_id", "kind", "source_id"], ["kestrel-1", "launcher", "s1"]]})
    issue = desk.one_issue()
    assert issue.kind == "duplicate key"
    assert "items.csv, row 2" in issue.what


@pytest.mark.parametrize(
    ("name", "is_note", "said"),
    [
        ("item.csv", False, "Did you mean items.csv?"),
        ("Items.csv", False, "Did you mean items.csv?"),
        ("items.ods", False, "Save it as items.csv (UTF-8) or items.xlsx"),
        ("weather.csv", True, "Put it under documents/ if it is evidence"),
    ],
)
def test_files_that_are_nearly_tables(desk: Desk, name: str, is_note: bool, said: str) -> None:
    """A file that would be read by nobody is named."""
    desk.put(name, "a\n")
    issues = IssueList()
    look_through(desk.folder, issues)
    assert [(i.is_note, str(i.next).startswith(said)) for i in issues.all()] == [(is_note, True)]


def test_columns_unknown_twice_and_without_a_name(desk: Desk) -> None:
    """The header is checked before any row is; a nameless empty column is nothing."""
    desk.put("items.csv", "item_id,kind,,source_id,Recoverd,kind\nkestrel-1,uav,,s1,2023,uav\n")
    found = {(i.kind, i.column, i.next) for i in desk.refused()}
    assert {(kind, column) for kind, column, _ in found} == {
        ("unknown column", "Recoverd"),
        ("duplicate column", "kind"),
    }
    assert any(str(step).startswith("Did you mean 'recovered'?") for *_, step in found)
    desk.put("items.csv", "item_id,kind,,source_id\nkestrel-1,uav,lost,s1\n")
    assert desk.one_issue().kind == "column without a name"


def test_many_issues_of_one_kind_are_counted(desk: Desk) -> None:
    """Past the bound, the rest is one line with their number."""
    n = SAME_KIND_BOUND + 7
    desk.put("components.csv", COMPONENT + "".join(f"c{i},kestrel-1,s1,2023-13,\n" for i in range(n)))
    issues = desk.refused()
    assert len(issues) == SAME_KIND_BOUND + 1
    assert issues[-1].what.startswith("7 more of the same kind")


def test_links_and_devices_are_not_followed(desk: Desk, tmp_path: Path) -> None:
    """A link out of the folder, a link to a folder outside, a pipe, a socket: each an issue, none opened."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.pdf").write_bytes(b"%PDF-")
    folder = desk.folder / "documents"
    folder.mkdir()
    (folder / "link.pdf").symlink_to(outside / "secret.pdf")
    (folder / "links").symlink_to(outside)
    os.mkfifo(folder / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "s"))
        found = {(i.kind, i.file) for i in desk.refused()}
    assert found == {
        ("link", "documents/link.pdf"), ("link", "documents/links"), ("not a file", "documents/pipe"),
        ("not a file", "documents/s"),
    }  # fmt: skip


def test_a_link_within_the_folder_is_a_file(desk: Desk) -> None:
    """The over-correction: what stays inside may be linked."""
    desk.put("documents/a.txt", "x")
    (desk.folder / "documents" / "b.txt").symlink_to(desk.folder / "documents" / "a.txt")
    assert "documents/a.txt" in desk.take_in().exhibits_new


def test_files_by_path(desk: Desk, tmp_path: Path) -> None:
    """Typed files become rows, others exhibits, under their path in the case or their own name; links are refused."""
    desk.take_in()
    away = tmp_path / "away"
    away.mkdir()
    (away / "components.csv").write_text(COMPONENT + "c1,kestrel-1,s1,,\n", encoding="utf-8")
    (away / "reply.pdf").write_bytes(b"%PDF-1.7")
    inside = desk.put("documents/letter.txt", "letter")
    with desk.ledger() as ledger:
        report = import_files(ledger, [away, inside, inside], author="ada")
        files = {str(r.body["file"]) for r in ledger.live("exhibit")}
        assert import_files(ledger, [away, inside], author="ada").commit is None
        (away / "link").symlink_to(away / "reply.pdf")
        with pytest.raises(BadTables):
            import_files(ledger, [away / "link"], author="ada")
        with pytest.raises(BadTables):
            import_files(ledger, [away / "nothing.pdf"], author="ada")
    assert report.tables["component"].n_added == 1
    assert files >= {"away/components.csv", "away/reply.pdf", "documents/letter.txt"}


def test_a_colleagues_file_of_the_same_name_is_another_file(desk: Desk, tmp_path: Path) -> None:
    """What came in from elsewhere is not taken back by the case's own unchanged file at the next import."""
    desk.put("components.csv", COMPONENT + "c1,kestrel-1,s1,,\n")
    desk.take_in()
    for name in ("ada", "ben"):
        folder = tmp_path / name / "field"
        folder.mkdir(parents=True)
        (folder / "components.csv").write_text(COMPONENT + f"c-{name},kestrel-1,s1,,\n", encoding="utf-8")
    with desk.ledger() as ledger:
        import_files(ledger, [tmp_path / n / "field" / "components.csv" for n in ("ada", "ben")], author="ada")
        assert set(ledger.live_index("component")) == {"c1", "c-ada", "c-ben"}
        assert import_case(ledger, desk.folder, author="ada").commit is None
        assert set(ledger.live_index("component")) == {"c1", "c-ada", "c-ben"}


def test_a_file_that_changes_while_it_is_read_stops_the_import(desk: Desk) -> None:
    """What is committed names exactly the bytes that were read."""

    def disturb(what: str, _done: int, _total: int) -> None:
        if what == "keeping files":
            desk.put("items.csv", "item_id,kind,source_id\nother,uav,s1\n")

    with desk.ledger() as ledger:
        with pytest.raises(InputError, match="changed while it was being imported"):
            import_case(ledger, desk.folder, author="ada", progress=disturb)
        assert ledger.head() is None


def test_a_dry_run_says_and_does_nothing(desk: Desk) -> None:
    """The report is that of the import; the ledger stays empty."""
    report = desk.take_in(dry_run=True)
    assert (report.commit, report.tables["item"].n_added) == (None, 1)
    with desk.ledger() as ledger:
        assert ledger.head() is None


def test_the_folder_or_the_option_does_not_exist(desk: Desk) -> None:
    """Both are said with a next step."""
    with desk.ledger() as ledger:
        with pytest.raises(InputError, match="no such folder"):
            import_case(ledger, desk.folder / "nowhere", author="ada")
        with pytest.raises(InputError, match="on_conflict is 'mine'"):
            import_case(ledger, desk.folder, author="ada", on_conflict="mine")  # type: ignore[arg-type]
