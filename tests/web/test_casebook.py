"""What may be shown at a level: nothing above it, in no file, and answers computed without it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from taggant.errors import InputError
from taggant.evidence.intake import import_case
from taggant.ledger.ledger import Ledger
from taggant.report.site import Site
from taggant.report.site_folder import write_site
from taggant.web.casebook import open_dossier

from .conftest import Crawl
from .invented import CANARY, make_case


def _text_of(folder: Path) -> str:
    return "\n".join(
        f"{p.relative_to(folder)}\n{p.read_bytes().decode('utf-8', errors='replace')}"
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    )


def test_nothing_above_the_level_is_in_any_file(case: Path, tmp_path: Path, crawl: Crawl) -> None:
    """The planted word is in no page, twin, table or file name at CLEAR; at RED it is, so the test can fail."""
    for level in ("CLEAR", "RED"):
        write_site(tmp_path / level, Site(open_dossier(case, level=level)))
        found = CANARY.lower() in _text_of(tmp_path / level).lower()
        assert found is (level == "RED"), level
        crawl(tmp_path / level)


def test_what_is_withheld_is_counted_with_what_rests_on_it(case: Path) -> None:
    """A part of a withheld item, a claim by way of a withheld source, a transfer to a withheld party."""
    shown = open_dossier(case, level="CLEAR").case
    assert dict(shown.n_withheld) == {
        "source": 2, "item": 1, "component": 3, "claim": 1, "party": 1, "transfer": 1,
    }  # fmt: skip
    amber = open_dossier(case, level="AMBER").case
    assert amber.n_withheld["component"] == 2
    assert not open_dossier(case, level="RED").case.n_withheld


def test_answers_are_computed_without_what_is_withheld(case: Path) -> None:
    """The newest mark of the first frame is AMBER: at CLEAR the day is another, and no reason names the part."""
    days = {}
    for level in ("CLEAR", "AMBER"):
        found = open_dossier(case, level=level)
        finding = found.findings["when-made:sp-1"]
        days[level] = finding["headline"]["point"]
        assert finding["commit"] == found.case.commit
    assert days["CLEAR"] < days["AMBER"]


def test_history_of_a_row_that_was_closed_stays_closed(tmp_path: Path) -> None:
    """A row released later shows its page, not what it said while it was RED."""
    folder = make_case(tmp_path / "case")
    table = folder / "components.csv"
    text = table.read_text(encoding="utf-8")
    rows = [r.replace("row=2,", "row=2,RED").replace("PJ 2386", f"{CANARY}-WAS") for r in text.splitlines()]
    for content in ("\n".join(rows) + "\n", text):
        table.write_text(content, encoding="utf-8")
        with Ledger.open(folder) as ledger:
            assert import_case(ledger, folder, author="tester").commit is not None
    write_site(tmp_path / "site", Site(open_dossier(folder, level="CLEAR")))
    assert CANARY not in _text_of(tmp_path / "site")
    twin = json.loads((tmp_path / "site" / "component" / "c-2.json").read_text(encoding="utf-8"))
    assert twin["row"]["marking"] == "PJ 2386"
    assert twin["history"] == []


def test_a_page_leads_back_to_exhibit_and_row(case: Path, tmp_path: Path) -> None:
    """Sentence → finding → component → exhibit and row: each step is a link, the last says the row."""
    write_site(tmp_path, Site(open_dossier(case)))
    lead = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert 'href="component/c-1.html"' in lead or 'href="item/sp-1.html"' in lead
    twin = json.loads((tmp_path / "component" / "c-1.json").read_text(encoding="utf-8"))
    assert twin["origin"]["row"] == 2
    assert twin["origin"]["file"] == "components.csv"
    page = (tmp_path / "component" / "c-1.html").read_text(encoding="utf-8")
    assert 'href="../exhibit/sha256-' in page
    assert "<mark>22AXTXW</mark>" in page or "<mark>" in page


def test_a_second_writing_removes_what_an_earlier_one_showed(case: Path, tmp_path: Path) -> None:
    """RED pages in the folder are gone once CLEAR ones are written; a file of the user's stays."""
    (tmp_path / "mine.txt").write_text("mine")
    write_site(tmp_path, Site(open_dossier(case, level="RED")))
    paths = write_site(tmp_path, Site(open_dossier(case, level="CLEAR")))
    assert paths.n_removed > 5
    assert CANARY.lower() not in _text_of(tmp_path).lower()
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_a_list_that_names_files_elsewhere_removes_nothing(case: Path, tmp_path: Path) -> None:
    """The list in the folder is no permission to delete outside it; a list that is none is refused."""
    outside = tmp_path / "outside.html"
    outside.write_text("kept")
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "files.json").write_text(json.dumps({"files": ["../outside.html", str(outside), 7]}))
    write_site(folder, Site(open_dossier(case, level="CLEAR")))
    assert outside.read_text() == "kept"
    (folder / "files.json").write_text("no list")
    with pytest.raises(InputError, match="no list of pages"):
        write_site(folder, Site(open_dossier(case, level="CLEAR")))


def test_unchanged_pages_are_left_and_a_changed_or_missing_one_is_written_again(case: Path, tmp_path: Path) -> None:
    """A second writing of the same pages writes nothing; one spoilt byte, or another level, and all are written."""
    folder = tmp_path / "site"

    def write(level: str = "CLEAR") -> int:
        return write_site(folder, Site(open_dossier(case, level=level))).n_written

    n = write()
    assert n > 10
    assert write() == 0
    page = folder / "index.html"
    whole = page.read_bytes()
    page.write_bytes(whole[:-1] + b" ")
    assert write() == n
    assert page.read_bytes() == whole
    page.unlink()
    assert write() == n
    assert write("RED") > 0


def test_an_empty_case_has_its_pages(tmp_path: Path, crawl: Crawl) -> None:
    """A ledger with nothing in it: home, tables, log; no page fails."""
    (tmp_path / "case").mkdir()
    text = 'uuid = "5b6f0c1e-0000-4f0a-9c77-0e1a4be57e13"\ntitle = "Nothing yet"\nas_of = "2025-06-30"\n'
    (tmp_path / "case" / "case.toml").write_text(text)
    Ledger.create(tmp_path / "case").close()
    write_site(tmp_path / "site", Site(open_dossier(tmp_path / "case")))
    assert crawl(tmp_path / "site")[1] >= 3


def test_unknown_level_is_named(case: Path) -> None:
    """A level nobody declared is answered with the known ones."""
    with pytest.raises(InputError, match="CLEAR"):
        open_dossier(case, level="PURPLE")
