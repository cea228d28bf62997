"""Trace requests: the pack, its languages, and that every letter can be drawn."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from docx import Document

from taggant.errors import InputError, UnknownName
from taggant.tracing.letter_files import missing_letters, write_pdf
from taggant.tracing.requests import LANGUAGES, TraceRequest, letter_parts, letter_words, write_pack

ASKED = TraceRequest(
    request_id="rq-7", to_party="Завод Güneş", thing="launch-1", on=date(2024, 6, 1),
    facts=(("kind", "launcher"), ("serial", "Ы-954")), marks=("ЬІ-8465", "TMS320F28335PGFA"),
    custody=(("Maker", "Ministry", "2017-03-20", "observed"), ("Ministry", "", "", "inferred")),
    photographs=(("../../mark.jpg", b"\xff\xd8"),), signed="The team",
)  # fmt: skip


def test_both_languages_have_the_same_words() -> None:
    """A sentence added to one letter is missing in the other: this says so."""
    english, ukrainian = (letter_words(code) for code in LANGUAGES)
    assert english.keys() == ukrainian.keys()
    assert len(english["questions"]) == len(ukrainian["questions"]) == 6
    with pytest.raises(UnknownName):
        letter_words("xx")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sign_of_a_letter_can_be_drawn(language: str) -> None:
    """A missing glyph fails here, not at the ministry; the arrow of custody is a dash in print."""

    def texts(content: object) -> str:
        return content if isinstance(content, str) else "".join(texts(c) for c in content)  # type: ignore[attr-defined]

    whole = "".join(texts(content) for _, content in letter_parts(ASKED, language=language))
    assert missing_letters(whole.replace("→", "-")) == ""
    assert missing_letters("王") == "王"


def test_the_pack(tmp_path: Path) -> None:
    """Letters in two forms and languages, the register's row, photographs kept inside the folder."""
    written = write_pack(ASKED, tmp_path / "pack")
    names = sorted(p.relative_to(tmp_path / "pack").as_posix() for p in written)
    assert names == [
        "custody.csv", "letter-en.docx", "letter-en.pdf", "letter-uk.docx", "letter-uk.pdf", "marks.txt",
        "photographs/mark.jpg", "questions.json", "register.csv",
    ]  # fmt: skip
    with (tmp_path / "pack" / "register.csv").open(encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert (row["request_id"], row["sent"], row["outcome"]) == ("rq-7", "2024-06-01", "")
    page = pdfium.PdfDocument(tmp_path / "pack" / "letter-uk.pdf")
    text = "".join(page[n].get_textpage().get_text_bounded() for n in range(len(page)))
    assert "Ы-954" in text
    assert "2024-06-29" in text
    content = (tmp_path / "pack" / "letter-en.pdf").read_bytes()
    assert b"pdfuaid" in content
    said = "\n".join(p.text for p in Document(str(tmp_path / "pack" / "letter-en.docx")).paragraphs)
    assert "no inference of malpractice" in said
    assert "not known" in said
    with pytest.raises(InputError, match="holds something"):
        write_pack(ASKED, tmp_path / "pack")


def test_a_letter_with_signs_nobody_can_draw_is_refused(tmp_path: Path) -> None:
    """Boxes in print look like a forged name."""
    with pytest.raises(InputError, match="王"):
        write_pdf([("text", "王")], tmp_path / "x.pdf", language="en", title="x", on=date(2024, 6, 1))
    assert not (tmp_path / "x.pdf").exists()


def test_the_same_letter_has_the_same_bytes(tmp_path: Path) -> None:
    """A pack made twice can be compared."""
    one, two = (write_pack(ASKED, tmp_path / name, languages=["en"])[0].read_bytes() for name in ("a", "b"))
    assert one == two
