"""What comes in archives, messages and web archives becomes exhibits; what files say can be read at a place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.evidence import found_files as made

from taggant.cli import main
from taggant.errors import InputError, UnknownName
from taggant.evidence.arrival import Arrival
from taggant.evidence.filetypes import file_type
from taggant.evidence.image_reading import stripped
from taggant.evidence.intake import import_files
from taggant.evidence.locating import text_at
from taggant.evidence.templates import new_case
from taggant.evidence.texts import near_duplicates, read_exhibits
from taggant.ledger.ledger import Ledger
from taggant.model.clearance import cleared
from taggant.model.finding import Answer


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """An empty ledger."""
    with Ledger.create(tmp_path / "case") as opened:
        yield opened


def read(ledger: Ledger) -> dict[str, pl.DataFrame]:
    """Run the step on all that is held."""
    found: Answer = read_exhibits(
        exhibit=ledger.snapshot("exhibit").frame, as_of=date(2024, 1, 1), exhibits=ledger.exhibits.folder
    )
    tables: dict[str, Any] = dict(found.tables)
    return tables


def test_members_are_exhibits_that_say_what_they_came_in(ledger: Ledger, tmp_path: Path) -> None:
    """A photograph in an archive, and an attachment in a message in it; the same picture given loose is one exhibit."""
    photo = made.write_photo(tmp_path / "p.jpg")
    mail = made.write_eml(tmp_path / "m.eml", name="a.txt")
    whole = made.write_zip(tmp_path / "all.zip", {"p.jpg": photo.read_bytes(), "in/m.eml": mail.read_bytes()})
    report = import_files(ledger, [whole, photo], author="ada")
    assert len(report.exhibits_new) == 4
    parts = {row.body["member"]: row.body for row in ledger.live("exhibit_part")}
    assert {name: body["kind"] for name, body in parts.items()} == {
        "p.jpg": "member", "in/m.eml": "member", "a.txt": "attachment",
    }  # fmt: skip
    assert parts["a.txt"]["part_of"] == parts["in/m.eml"]["exhibit_id"]
    exhibits = {row.key: row.body for row in ledger.live("exhibit")}
    picture = parts["p.jpg"]["exhibit_id"]
    assert exhibits[str(picture)]["part_of"] == [parts["p.jpg"]["part_of"]]
    again = import_files(ledger, [whole, photo], author="ada")
    assert again.commit is None


def test_an_exhibit_that_comes_again_in_another_archive_names_both(ledger: Ledger, tmp_path: Path) -> None:
    """The level of each container holds for it."""
    first = made.write_zip(tmp_path / "1.zip", {"a.txt": b"same bytes"})
    second = made.write_zip(tmp_path / "2.zip", {"b.txt": b"same bytes"})
    import_files(ledger, [first], author="ada")
    import_files(ledger, [second], author="ada", arrival=Arrival(tlp="RED"))
    [member] = [r.body for r in ledger.live("exhibit") if r.body["media_type"] == "text/plain"]
    assert isinstance(member["part_of"], list)
    assert len(member["part_of"]) == 2
    tables = {name: ledger.snapshot(name).frame for name in ("exhibit", "exhibit_part")}
    shown = cleared(tables, case_level="CLEAR", level="CLEAR")
    assert shown.n_withheld == {"exhibit": 2, "exhibit_part": 1 + 1}


def test_what_is_in_a_web_archive_keeps_its_address_and_errors_are_left(ledger: Ledger, tmp_path: Path) -> None:
    """One page; the 404 is none."""
    import_files(ledger, [made.write_warc(tmp_path / "w.warc.gz")], author="ada")
    [part] = [row.body for row in ledger.live("exhibit_part")]
    assert (part["kind"], part["url"]) == ("response", "https://example.org/wreck")
    assert part["retrieved"] == "2024-03-01T10:00:00Z"


def test_a_mailbox_gives_its_messages(ledger: Ledger, tmp_path: Path) -> None:
    """Two messages; a line that begins with From inside one is no third."""
    message = b"From: a@b.c\nTo: d@e.f\nSubject: x\nDate: Fri, 01 Mar 2024 10:00:00 +0000\n\n"
    box = tmp_path / "box"
    box.write_bytes(b"From a Fri\n" + message + b"one\n>From here on\n\nFrom b Fri\n" + message + b"two\n")
    assert file_type(box).media_type == "application/mbox"
    import_files(ledger, [box], author="ada")
    assert [r.body["member"] for r in ledger.live("exhibit_part")] == ["message-1.eml", "message-2.eml"]
    texts = read(ledger)["exhibit_text"]["text"].to_list()
    assert "From here on" in texts


def test_how_files_came_is_an_event_of_custody_for_each_file_given(ledger: Ledger, tmp_path: Path) -> None:
    """Two files were handed over, one of them an archive: its member has no event of its own."""
    loose = tmp_path / "note.txt"
    loose.write_text("loose")
    whole = made.write_zip(tmp_path / "a.zip", {"x.txt": b"inside"})
    import_files(
        ledger, [loose, whole], author="ada", arrival=Arrival(obtained_from="Police", on="2024-03-02", tlp="AMBER")
    )
    events = [row.body for row in ledger.live("custody")]
    assert len(events) == 2
    assert {(e["event"], e["from"], e["to"], e["on"], e["tlp"]) for e in events} == {
        ("obtained", "Police", "ada", "2024-03-02", "AMBER")
    }
    assert {row.body["tlp"] for row in ledger.live("exhibit")} == {"AMBER"}
    with pytest.raises(UnknownName):
        Arrival(tlp="PURPLE")
    with pytest.raises(InputError, match="no first day"):
        Arrival(on="../2024")


def test_media_types_are_told_by_content_whatever_the_name(tmp_path: Path) -> None:
    """A message named .jpg is a message; a text that speaks of mail is none."""
    assert file_type(made.write_eml(tmp_path / "photo.jpg")).media_type == "message/rfc822"
    assert file_type(made.write_warc(tmp_path / "a.pdf")).media_type == "application/gzip"
    text = tmp_path / "letter"
    text.write_text("Subject: the wreck\nWe write to you about mail.\n")
    assert file_type(text).media_type == "text/plain"


def test_each_kind_of_document_is_read_with_its_language(ledger: Ledger, tmp_path: Path) -> None:
    """PDF, web page, Word, workbook, old Russian text, message: state, language, and a word of each."""
    made.write_pdf(tmp_path / "report.pdf")
    made.write_html(tmp_path / "news.html")
    made.write_docx(tmp_path / "list.docx")
    made.write_xlsx(tmp_path / "delivery.xlsx")
    (tmp_path / "old.txt").write_bytes(made.RUSSIAN.encode("cp1251"))
    names = ["report.pdf", "news.html", "list.docx", "delivery.xlsx", "old.txt"]
    import_files(ledger, [tmp_path / n for n in names], author="ada")
    tables = read(ledger)
    readings = {r["file"]: r for r in tables["exhibit_reading"].iter_rows(named=True)}
    assert {n: readings[n]["language"] for n in names} == {
        "report.pdf": "en", "news.html": "en", "list.docx": "en", "delivery.xlsx": None, "old.txt": "ru",
    }  # fmt: skip
    assert readings["delivery.xlsx"]["language_why"] == "only 23 letters"
    assert readings["old.txt"]["encoding"] == "cp1251"
    assert {r["state"] for r in readings.values()} == {"read"}
    texts = tables["exhibit_text"].filter(pl.col("exhibit_id") == readings["delivery.xlsx"]["exhibit_id"])
    assert texts["text"].to_list() == ["Delivery list", "part\tpieces", "25Q16\t=1+1"]


def test_locators_lead_to_the_line(ledger: Ledger, tmp_path: Path) -> None:
    """page=, char= and xywh= find the same sentence; a place where nothing stands is said."""
    import_files(ledger, [made.write_pdf(tmp_path / "report.pdf")], author="ada")
    lines = read(ledger)["exhibit_text"]
    first, second = text_at(lines, "page=2").iter_rows(named=True)
    assert first["text"] == "Page 2 of the report."
    assert text_at(lines, f"char={second['char_from']},{second['char_from'] + 9}")["text"].to_list() == ["The wreck"]
    box = f"page=2&xywh=percent:{second['left_pct']},{second['top_pct']},50,1"
    assert text_at(lines, box)["text"].to_list() == [second["text"]]
    assert 9 < first["left_pct"] < 14  # typst's margin is 2.5 cm of 21 cm: 11.9 percent
    whole = "\n".join(lines["text"])
    assert whole[second["char_from"] : second["char_until"]] == second["text"]
    for wrong in ("page=9", "char=1000000,1000001"):
        with pytest.raises(InputError, match="nothing stands at this place"):
            text_at(lines, wrong)
    for odd in ("page=0", "char=5,2", "t=00:12", "page"):
        with pytest.raises(InputError, match="cannot be followed"):
            text_at(lines, odd)


def test_the_same_picture_is_found_turned_small_and_badly_saved(ledger: Ledger, tmp_path: Path) -> None:
    """Three turns of one; another picture is near none of them."""
    made.write_photo(tmp_path / "a.jpg")
    for degrees in (90, 180, 270):
        made.write_photo(tmp_path / f"a{degrees}.jpg", degrees=degrees, quality=40, scale=0.5)
    made.write_photo(tmp_path / "b.jpg", seed=7)
    import_files(ledger, sorted(tmp_path.glob("*.jpg")), author="ada")
    tables = read(ledger)
    names = dict(tables["exhibit_reading"].select("exhibit_id", "file").iter_rows())
    pairs = {
        (names[a], names[b]) for a, b in tables["near_duplicate"].select("exhibit_id", "other_exhibit_id").iter_rows()
    }
    same = ("a.jpg", "a90.jpg", "a180.jpg", "a270.jpg")
    assert {frozenset(p) for p in pairs} == {frozenset(p) for p in combinations(same, 2)}
    turns = tables["near_duplicate"].filter(pl.col("exhibit_id").replace(names) == "a.jpg")
    for row in turns.iter_rows(named=True):
        other = names[row["other_exhibit_id"]]
        assert f"a{row['turned_degrees']}.jpg" == other


def test_no_picture_one_picture_and_one_grey_have_no_pair() -> None:
    """Zero, one; and a picture without anything to compare has no hash at all."""
    assert near_duplicates({}) == []
    assert near_duplicates({"a": ["0" * 16] * 4}) == []


def test_camera_data_are_kept_and_can_be_stripped(ledger: Ledger, tmp_path: Path) -> None:
    """Place and day are in the table; the stripped copy has the same picture and neither."""
    photo = made.write_photo(tmp_path / "p.jpg", with_place=True)
    stripped(photo, tmp_path / "bare.jpg")
    import_files(ledger, [photo, tmp_path / "bare.jpg"], author="ada")
    tables = read(ledger)
    rows = {r["file"]: r for r in tables["exhibit_reading"].iter_rows(named=True)}
    assert (rows["p.jpg"]["lat"], rows["p.jpg"]["lon"]) == (50.45, 30.525)
    assert (rows["p.jpg"]["taken"], rows["p.jpg"]["camera"]) == ("2024:03:01 10:00:00", "Kestrel Cam 1")
    assert {rows["bare.jpg"][n] for n in ("lat", "lon", "taken", "camera")} == {None}
    assert b"Kestrel" not in (tmp_path / "bare.jpg").read_bytes()
    assert tables["near_duplicate"].height == 1


def test_what_was_read_is_read_again_only_when_it_is_damaged(ledger: Ledger, tmp_path: Path) -> None:
    """A flipped bit in what was kept is noticed; the exhibit is read anew."""
    text = tmp_path / "a.txt"
    text.write_text("letter for letter")
    import_files(ledger, [text], author="ada")
    assert read(ledger)["exhibit_text"]["text"].to_list() == ["letter for letter"]
    [kept] = (ledger.folder / "runs" / "readings").iterdir()
    content = kept.read_bytes()
    kept.write_bytes(content.replace(b"letter for", b"latter for"))
    assert read(ledger)["exhibit_text"]["text"].to_list() == ["letter for letter"]
    assert kept.read_bytes() != content.replace(b"letter for", b"latter for")


def test_an_exhibit_whose_file_is_not_here_is_said() -> None:
    """A case cleared for others holds rows without files."""
    row = {"exhibit_id": "sha256:" + "0" * 64, "file": "x", "media_type": "text/plain"}
    frame = pl.DataFrame([row]).lazy()
    tables: Any = read_exhibits(exhibit=frame, as_of=None, exhibits=Path("/nowhere")).tables
    assert tables["exhibit_reading"]["state"].to_list() == ["not held"]


def test_a_packed_web_archive_is_opened_twice(ledger: Ledger, tmp_path: Path) -> None:
    """WACZ: a ZIP that says what it is, with a WARC in it; the page names both it came in."""
    warc = made.write_warc(tmp_path / "data.warc.gz").read_bytes()
    wacz = made.write_zip(tmp_path / "a.wacz", {"datapackage.json": b"{}", "archive/data.warc.gz": warc})
    assert file_type(wacz).media_type == "application/wacz"
    import_files(ledger, [wacz], author="ada")
    parts = {row.body["member"]: row.body for row in ledger.live("exhibit_part")}
    page = parts["https://example.org/wreck"]
    assert page["part_of"] == parts["archive/data.warc.gz"]["exhibit_id"]


def test_a_document_under_a_password_is_kept_and_refused_with_its_reason(ledger: Ledger, tmp_path: Path) -> None:
    """Not a crash, not an empty text: refused, with what the reader says."""
    path = tmp_path / "locked.pdf"
    path.write_bytes(b"%PDF-1.4\nthis is no PDF beyond its first line\n")
    import_files(ledger, [path], author="ada")
    [row] = read(ledger)["exhibit_reading"].iter_rows(named=True)
    assert row["state"] == "refused"
    assert row["notes"][0].startswith("it cannot be read: PdfiumError")


def test_the_command_says_what_is_nearly_the_same_and_what_was_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """For people a line a file; for machines a list."""
    case = new_case(tmp_path / "case", "Kestrel")
    first = made.write_photo(tmp_path / "first.jpg")
    small = made.write_photo(tmp_path / "small.png", degrees=180, scale=0.5)

    def run(*words: str) -> str:
        with pytest.raises(SystemExit) as stop:
            main(["add", str(case), *words])
        assert stop.value.code == 0
        return capsys.readouterr().out

    run(str(first))
    assert "small.png: nearly the same picture as first.jpg" in run(str(small))
    other = tmp_path / "old.txt"
    other.write_bytes(made.RUSSIAN.encode("cp1251"))
    assert json.loads(run(str(other), "--json"))["readings"] == []
