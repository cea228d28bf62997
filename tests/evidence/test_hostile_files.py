"""Files made to hurt: each is refused or bounded with a clear sentence, in bounded memory and time.

Run with ``-s`` to see memory and time of each.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.evidence import found_files, hostile_files

from taggant.errors import BadTables
from taggant.evidence import bounds
from taggant.evidence.bounded_reader import Answered, BoundedReader
from taggant.evidence.filetypes import file_type
from taggant.evidence.intake import import_files
from taggant.ledger.ledger import Ledger

MB = 1024 * 1024
_PEAK = 600 * MB
_SECONDS = 20.0


def told(name: str, path: Path, found: Answered) -> None:
    """Print what it took."""
    print(
        f"{name:22} {path.stat().st_size / MB:8.2f} MB on disk {found.peak_bytes / MB:6.0f} MB memory "
        f"{found.seconds:6.2f} s"
    )
    assert found.peak_bytes < _PEAK
    assert found.seconds < _SECONDS


@pytest.mark.parametrize(
    ("make", "kind", "sentence"),
    [
        (hostile_files.zip_bomb, "archive bomb", "200 times its size"),
        (hostile_files.gzip_bomb, "archive bomb", "200 times its size"),
        (hostile_files.lying_zip_bomb, "torn archive", "Bad CRC-32"),
        (hostile_files.many_members, "archive bomb", "10,000 are taken at most"),
        (hostile_files.nested, "nested archives", "more than 3 deep"),
        (hostile_files.zip_slip, "leads outside", "leads out of the archive"),
        (hostile_files.tar_links, "link", "it is a link to '/etc'"),
    ],
    ids=lambda v: v.__name__ if callable(v) else "",
)
def test_an_archive_made_to_hurt_is_said_and_nothing_leaves_its_folder(
    make: Callable[[Path], Path], kind: str, sentence: str, tmp_path: Path
) -> None:
    """What is wrong, where, and the next step; on disk there is nothing but numbered files in the folder given."""
    path = make(tmp_path / "hostile")
    to = tmp_path / "deep" / "deeper" / "to"
    to.mkdir(parents=True)
    with BoundedReader() as reader:
        found = reader.unpack(path, file_type(path).media_type, to)
    told(make.__name__, path, found)
    assert found.answer is not None
    problems = [(p["kind"], p["what"]) for p in found.answer["problems"]]
    assert any(k == kind and sentence in what for k, what in problems), problems
    assert {p.name for p in tmp_path.rglob("*")} <= {"hostile", "deep", "deeper", "to", *map(str, range(1, 10))}
    assert not Path("/tmp/slipped-absolute.txt").exists()
    assert sum(p.stat().st_size for p in to.iterdir()) < 1500 * MB


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (hostile_files.million_page_pdf, "declares 1,000,000 pages; the first 2,000 were read"),
        (lambda p: hostile_files.million_page_pdf(p, is_real=True), "the first 2,000 were read"),
        (hostile_files.wide_xlsx, "only the first 2,000,000 cells were read"),
        (hostile_files.huge_png, "declares 60,000 × 60,000 pixels"),
        (hostile_files.exif_png, "the camera data has 52,42"),
        (hostile_files.exif_jpeg, "the camera data has 52,"),
        (hostile_files.deep_html, "no text was found"),
        (hostile_files.docx_bomb, "the bound of one exhibit is reached"),
        (hostile_files.billion_laughs_docx, "cannot be read: XMLSyntaxError"),
    ],
    ids=["pdf-declared", "pdf-real", "xlsx", "png", "exif-png", "exif-jpeg", "html", "docx", "entities"],
)
def test_a_document_made_to_hurt_is_read_up_to_a_bound_or_refused(
    make: Callable[[Path], Path], sentence: str, tmp_path: Path
) -> None:
    """In bounded memory and time, with a sentence that says what was left out."""
    path = make(tmp_path / "hostile")
    with BoundedReader() as reader:
        found = reader.read(path, file_type(path).media_type)
    told(sentence[:20], path, found)
    said = found.why or "; ".join((found.answer or {})["reading"]["notes"])
    assert sentence in said


def test_a_script_in_a_page_is_not_run_and_not_taken_for_text(tmp_path: Path) -> None:
    """The text is the article's; nothing the script would write is in it."""
    path = found_files.write_html(tmp_path / "page")
    with BoundedReader() as reader:
        found = reader.read(path, "text/html")
    text = "\n".join(line[1] for line in (found.answer or {})["reading"]["lines"])
    assert "Ы-391" in text
    assert "EVIL" not in text
    assert "document" not in text


def test_a_path_in_the_name_of_an_attachment_is_only_a_word(tmp_path: Path) -> None:
    """It is kept in the record, and no folder is made."""
    path = found_files.write_eml(tmp_path / "mail")
    with BoundedReader() as reader:
        (tmp_path / "to").mkdir()
        found = reader.unpack(path, "message/rfc822", tmp_path / "to")
    assert [m["name"] for m in (found.answer or {})["members"]] == ["../../etc/cron.d/photo.txt"]
    assert {p.name for p in tmp_path.rglob("*")} == {"mail", "to", "1"}


def test_what_a_name_may_not_hold_is_replaced(tmp_path: Path) -> None:
    """Letters that turn the writing direction or move the cursor of a terminal do not reach it."""
    path = found_files.write_zip(tmp_path / "a", {"gpj\u202e\x1b[31m.exe": b"x", "n" * 2000: b"y"})
    with BoundedReader() as reader:
        (tmp_path / "to").mkdir()
        found = reader.unpack(path, "application/zip", tmp_path / "to")
    names = [m["name"] for m in (found.answer or {})["members"]]
    assert names[0] == "gpj\ufffd\ufffd[31m.exe"
    assert len(names[1]) == bounds.NAME_CHARACTERS


def test_the_reader_that_dies_takes_one_file_with_it(tmp_path: Path) -> None:
    """The next file is read by a new process."""
    good = tmp_path / "good"
    good.write_text("one line")
    with BoundedReader() as reader:
        assert reader.read(good, "text/plain").why is None
        child = reader._child
        assert child is not None
        child.kill()
        child.wait()
        assert reader.read(good, "text/plain").why == "the reader broke on it, as it does on damaged or hostile files"
        assert reader.read(good, "text/plain").why is None


def test_time_is_bounded(tmp_path: Path) -> None:
    """No time is not enough for 256 MB; the sentence says so."""
    path = hostile_files.gzip_bomb(tmp_path / "big")
    (tmp_path / "to").mkdir()
    with BoundedReader() as reader:
        found = reader.unpack(path, "application/gzip", tmp_path / "to", seconds=0)
    assert found.answer is None
    assert found.why == "it needs more than 0 seconds"


def test_an_import_stops_at_a_hostile_member_and_partial_keeps_the_archive_whole(tmp_path: Path) -> None:
    """As a person meets it: everything is named, nothing is half imported."""
    path = hostile_files.zip_slip(tmp_path / "from-a-stranger.zip")
    with Ledger.create(tmp_path / "case") as ledger:
        with pytest.raises(BadTables, match="4 things to mend") as caught:
            import_files(ledger, [path], author="ada")
        issue = caught.value.issues[0]
        assert (issue.kind, issue.file) == ("leads outside", "from-a-stranger.zip!/../../slipped.txt")
        assert issue.next is not None
        assert issue.next.startswith("Add it with --partial")
        assert ledger.head() is None
        report = import_files(ledger, [path], author="ada", partial=True)
        assert report.exhibits_new == ("from-a-stranger.zip", "from-a-stranger.zip!/photos/harmless.txt")


def test_of_a_bomb_nothing_is_taken_but_itself(tmp_path: Path) -> None:
    """What lies before the bomb in the archive was put there by whoever made it."""
    path = hostile_files.gzip_bomb(tmp_path / "bomb.gz")
    with Ledger.create(tmp_path / "case") as ledger:
        report = import_files(ledger, [path], author="ada", partial=True)
        assert report.exhibits_new == ("bomb.gz",)


def test_archives_nobody_can_open_here_are_kept_and_said(tmp_path: Path) -> None:
    """7z and RAR: a note with the next step, not an error."""
    path = tmp_path / "a.7z"
    path.write_bytes(b"7z\xbc\xaf\x27\x1c" + bytes(60))
    with Ledger.create(tmp_path / "case") as ledger:
        report = import_files(ledger, [path], author="ada")
    [note] = report.issues
    assert note.is_note
    assert "a 7z archive, which is not unpacked" in note.what
    assert report.exhibits_new == ("a.7z",)
