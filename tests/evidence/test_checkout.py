"""Checkout: the files say what the ledger says, and importing them again says nothing new."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from taggant.errors import InputError
from taggant.evidence.checkout import checkout
from taggant.evidence.cloning import clone_case
from taggant.evidence.intake import import_case
from taggant.evidence.templates import new_case
from taggant.ledger.ledger import Ledger
from taggant.ledger.merging import merge, settle
from taggant.ledger.verify import verify
from taggant.model.record import Body, Record, fresh_salt

if TYPE_CHECKING:
    from .conftest import Desk

ODD: Body = {
    "party_id": "p|1", "name": 'Nord, "Ost" & Co\r\nBranch', "aliases": ["a;b", ";c"], "roles": ["carrier"],
    "identifiers": ["imo:1"], "source_id": "s1",
}  # fmt: skip


def _add_odd_party(desk: Desk) -> None:
    record = Record(table="party", key="p\\|1", schema=1, body=ODD, salt=fresh_salt())
    with desk.ledger() as ledger:
        ledger.commit([record], author="bob", message="there")


def test_there_and_back_makes_no_commit(desk: Desk) -> None:
    """Line breaks, quotes, semicolons and bars survive; an import of the checkout does nothing."""
    desk.take_in()
    _add_odd_party(desk)
    with desk.ledger() as ledger:
        assert checkout(ledger, desk.folder, author="ada") == ("items.csv", "parties.csv", "sources.csv")
        assert checkout(ledger, desk.folder, author="ada") == ()
    assert desk.take_in().commit is None
    desk.put("parties.csv", (desk.folder / "parties.csv").read_bytes() + b"\n")
    report = desk.take_in()
    assert (report.tables["party"].n_unchanged, report.tables["party"].n_changed) == (1, 0)
    assert desk.bodies("party") == {"p\\|1": ODD}
    assert verify(desk.folder).problems == ()


def test_an_edit_after_a_checkout_is_a_change_not_a_conflict(desk: Desk) -> None:
    """It starts from what the person saw, not from the import before."""
    desk.take_in()
    with desk.ledger() as ledger:
        live = ledger.get("source", "s1")
        assert live is not None
        body: Body = {"source_id": "s1", "title": "Corrected"}
        correction = Record(
            table="source", key="s1", schema=1, body=body, supersedes=(live.record_id,), salt=fresh_salt()
        )
        ledger.commit([correction], author="bob", message="there")
        checkout(ledger, desk.folder, author="ada")
    path = desk.folder / "sources.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Corrected", "Corrected twice"), encoding="utf-8")
    assert desk.take_in().tables["source"].n_changed == 1


def test_the_order_of_rows_is_the_persons(desk: Desk) -> None:
    """Rows stay where they were put; what is new follows."""
    desk.put("sources.csv", "source_id,title\nz,Z\na,A\ns1,S\n")
    desk.take_in()
    with desk.ledger() as ledger:
        body: Body = {"source_id": "b", "title": "B"}
        ledger.commit(
            [Record(table="source", key="b", schema=1, body=body, salt=fresh_salt())], author="b", message="m"
        )
        checkout(ledger, desk.folder, author="ada")
    lines = (desk.folder / "sources.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert [line.split(",")[0] for line in lines] == ["z", "a", "s1", "b"]


def test_edits_that_were_never_imported_are_not_overwritten(desk: Desk) -> None:
    """The file is named, and no other file is written either."""
    desk.take_in()
    _add_odd_party(desk)
    desk.put("sources.csv", "source_id,title\ns1,Being typed\n")
    with desk.ledger() as ledger, pytest.raises(InputError, match=r"sources\.csv: the file was edited"):
        checkout(ledger, desk.folder, author="ada")
    assert not (desk.folder / "parties.csv").exists()
    desk.put("parties.csv", "party_id,name,source_id\n")
    desk.put("sources.csv", "source_id,title\ns1,An invented report\n")
    with desk.ledger() as ledger, pytest.raises(InputError, match=r"parties\.csv: the file was never imported"):
        checkout(ledger, desk.folder, author="ada")


def test_a_table_that_became_empty_is_written_empty(desk: Desk) -> None:
    """A withdrawn row leaves the file, its header stays."""
    desk.take_in()
    with desk.ledger() as ledger:
        ledger.withdraw("item", "kestrel-1", author="bob", reason="a mistake")
        checkout(ledger, desk.folder, author="ada")
    assert len((desk.folder / "items.csv").read_text(encoding="utf-8").splitlines()) == 1


def test_after_a_merge_files_of_both_copies_count_as_imported(tmp_path: Path) -> None:
    """Two copies import the same table differently; neither is asked to import again, and checkout may write."""
    home = tmp_path / "home"
    new_case(home, "Demo")
    (home / "sources.csv").write_text("source_id,title\ns1,One\n")
    with Ledger.create(home) as ledger:
        import_case(ledger, home, author="ana")
    clone_case(home, tmp_path / "laptop")
    for folder, title in ((home, "Home"), (tmp_path / "laptop", "Laptop")):
        (folder / "sources.csv").write_text(f"source_id,title\ns1,{title}\n")
        with Ledger.open(folder) as ledger:
            import_case(ledger, folder, author="ana")
    with Ledger.open(home) as here, Ledger.open(tmp_path / "laptop") as there:
        done = merge(here, there, author="ana")
        (conflict,) = done.conflicts
        assert (conflict.table, conflict.key) == ("source", "s1")
        settle(here, {("source", "s1"): conflict.sides[0].record_id}, author="ana", reason="r")
        assert merge(there, here, author="ana").conflicts == ()
        held = here.live_index("source")["s1"].body["title"]
        for ledger, folder in ((here, home), (there, tmp_path / "laptop")):
            assert import_case(ledger, folder, author="ana").commit is None
            checkout(ledger, folder, author="ana")
            assert str(held) in (folder / "sources.csv").read_text()
            assert import_case(ledger, folder, author="ana").commit is None
