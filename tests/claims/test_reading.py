"""Reading of files: places, languages, boilerplate, and files that are hard."""

from __future__ import annotations

import io
import tracemalloc
from datetime import date
from pathlib import Path

import pytest

from taggant.claims.documents import decoded, read_document
from taggant.claims.persons import person_in
from taggant.claims.reading import SuggestedClaim, read_claims
from taggant.errors import InputError, NotEnoughData

ENGLISH = """12 September 2024

Works No. 5 has made at least 1,200 Kestrel-2 drones since July 2023, the Ministry of Defence said.

Two officials told the Herald that hundreds of drones were shipped between May and July 2023.

“We have delivered nothing,” said Colonel Ivan Petrov. He denied that 40 launchers had been sent in March.
"""


def claims_of(path: Path, text: str | bytes) -> tuple[SuggestedClaim, ...]:
    """Write a file and read it."""
    path.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
    return read_claims(read_document(path))


def test_speakers_chains_numbers_and_times(tmp_path: Path) -> None:
    """Four claims of a short article."""
    found = claims_of(tmp_path / "a.txt", ENGLISH)
    told = [(c.speaker, c.via, c.topic, c.stance, c.quantity_low, c.quantity_high, c.period) for c in found]
    assert told[0] == (
        "the Ministry of Defence", ("the Ministry of Defence",), "production.made", "assert", 1200.0, None, "2023-07/..",  # noqa: E501
    )  # fmt: skip
    assert told[1] == (
        "Two officials", ("the Herald", "Two officials"), "transfer.delivered", "assert", 200.0, 999.0, "2023-05/2023-07",  # noqa: E501
    )  # fmt: skip
    assert told[-1][:6] == ("Ivan Petrov", ("Ivan Petrov",), "transfer.delivered", "deny", None, None)


def test_quotes_stand_at_their_places(tmp_path: Path) -> None:
    """A span cuts the quote out of the file, in a script from right to left too."""
    persian = "وزارت دفاع گفت که کارخانه بیش از ۳۰۰ پهپاد شبگرد-۵ ساخته است."
    for text in (ENGLISH, persian):
        for c in claims_of(tmp_path / "a.txt", text):
            assert text[slice(*c.span)] == c.quote


def test_a_page_has_places_in_its_source_and_no_menus(tmp_path: Path) -> None:
    """Menus, also-read blocks and comments hold no claim; entities and tags keep the place."""
    page = """<html lang="en"><head><title>T</title><meta property="og:site_name" content="The Tern"></head><body>
<nav>Army fired 2,000 rockets</nav><article><h1>Drones</h1>
<p>The ministry said on Monday that the plant &mdash; old as it is &mdash; had made
<b>300</b> Kestrel-2 drones in 2024.</p>
<p>Nobody could say more about the place, the people there, or what else may come of it in the years
ahead.</p></article>
<div class="related">Read also: Navy receives 12 launchers, the ministry said</div>
<section id="comments"><p>Guest: they made 70 drones a week, everybody said so.</p></section></body></html>"""
    (claim,) = claims_of(tmp_path / "a.html", page)
    assert (claim.quantity_low, claim.period) == (300.0, "2024")
    cut = page[slice(*claim.span)]
    assert cut.startswith("The ministry said")
    assert "<b>300</b>" in cut


@pytest.mark.parametrize(
    ("text", "speaker", "low"),
    [
        ("Завод изготовил не менее 300 дронов «Пустельга-2» с июля 2023 года, сообщило Министерство обороны.",
         "Министерство обороны", 300.0),
        ("Завод виготовив щонайменше 300 дронів «Пустельга-2» з липня 2023 року, повідомило Міністерство оборони.",
         "Міністерство оборони", 300.0),
        ("Laut dem Institut für Rüstungsforschung wurden 2024 rund 6.000 Drohnen produziert.",
         "dem Institut für Rüstungsforschung", 6000.0),
        ("Selon le ministère de la Défense, l'usine a produit 300 drones en 2024.", "le ministère de la Défense", 300.0),  # noqa: E501
        ("Según el Ministerio de Defensa, la planta fabricó 300 drones en 2024.", "el Ministerio de Defensa", 300.0),
        ("Według Ministerstwa Obrony zakład wyprodukował 300 dronów w 2024 roku.", None, 300.0),
    ],
)  # fmt: skip
def test_languages(tmp_path: Path, text: str, speaker: str | None, low: float) -> None:
    """One claim of production in each language."""
    found = claims_of(tmp_path / "a.txt", text)
    assert [(c.topic, c.quantity_low) for c in found] == [("production.made", low)]
    if speaker is not None:
        assert found[0].speaker == speaker


def test_a_text_that_quotes_itself_says_it_once(tmp_path: Path) -> None:
    """The same words twice are one claim."""
    sentence = "The ministry said that the plant made 300 Kestrel-2 drones in 2024."
    assert len(claims_of(tmp_path / "a.txt", f"{sentence}\n\n{sentence}\n")) == 1


def test_empty_files_and_scans_are_refused(tmp_path: Path) -> None:
    """An empty page, and a PDF that is a picture: the second is told of OCR."""
    from PIL import Image

    for name, data in (("a.html", b"<html><body></body></html>"), ("a.txt", b"")):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(NotEnoughData, match="holds no text"):
            read_document(tmp_path / name)
    picture = io.BytesIO()
    Image.new("RGB", (200, 100), "white").save(picture, format="PDF")
    (tmp_path / "scan.pdf").write_bytes(picture.getvalue())
    with pytest.raises(NotEnoughData, match="picture of text") as refused:
        read_document(tmp_path / "scan.pdf")
    assert "--ocr" in refused.value.enough
    with pytest.raises(InputError, match="no file"):
        read_document(tmp_path / "none.txt")


def test_encodings() -> None:
    """UTF-8, UTF-16, Windows-1251, and UTF-8 with a foreign byte: nothing is dropped."""
    text = "Завод изготовил триста дронов, сообщило министерство обороны страны. " * 5
    assert decoded(text.encode("utf-8")) == text
    assert decoded(text.encode("utf-16")) == text
    assert decoded(text.encode("cp1251")) == text
    assert decoded(text.encode("utf-8") + b"\xff").endswith("\ufffd")


def test_mail_and_docx(tmp_path: Path) -> None:
    """A mail without what it quotes, dated by its header; a DOCX by its paragraphs."""
    import docx

    mail = (
        "From: Desk <desk@x.example>\nDate: Wed, 14 May 2025 06:30:00 +0200\nSubject: s\nMIME-Version: 1.0\n"
        'Content-Type: text/plain; charset="utf-8"\n\nThe ministry said that the plant made 300 drones last month.\n\n'
        "> The ministry said that the plant made 900 drones last month.\n"
    )
    (claim,) = claims_of(tmp_path / "a.eml", mail)
    assert (claim.quantity_low, claim.period) == (300.0, "2025-04")
    document = docx.Document()
    document.add_paragraph("The ministry said that the plant made 300 drones in 2024.")
    document.save(str(tmp_path / "a.docx"))
    assert [c.quantity_low for c in read_claims(read_document(tmp_path / "a.docx"))] == [300.0]


def test_a_long_text_takes_little_memory(tmp_path: Path) -> None:
    """Six hundred thousand letters: what is kept is a few times the text."""
    sentence = "Nothing of note was told that day by anybody at all in the town. "
    text = "\n\n".join(sentence * 6 for _ in range(1500))
    tracemalloc.start()
    found = claims_of(tmp_path / "long.txt", text)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == ()
    assert most < 30 * len(text)


def test_persons_are_named_without_rank() -> None:
    """Rank and office go; bodies stay as they are."""
    assert person_in("Colonel Ivan Petrov") == "Ivan Petrov"
    assert person_in("the Ministry of Defence") is None
    assert person_in("Kalvian military intelligence") is None


def test_the_day_of_publication_can_be_given(tmp_path: Path) -> None:
    """ "Last month" is reckoned from it, and is nothing without it."""
    (tmp_path / "a.txt").write_text("The ministry said that the plant made 300 drones last month.", encoding="utf-8")
    document = read_document(tmp_path / "a.txt")
    assert [c.period for c in read_claims(document)] == [None]
    assert [c.period for c in read_claims(document, said=date(2024, 1, 5))] == ["2023-12"]
