"""What one file says: its text with the place of each line, or its picture and camera data. Runs in a bounded process.

Invariant: nothing of the file is run, and nothing outside it is opened: no script, link, font or address.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from taggant.evidence import bounds
from taggant.evidence.filetypes import DOCX, HTML, TEXT, UTF16, XLSX
from taggant.writing.decoding import DecodedText, decode_text
from taggant.writing.telling_language import tell_language

Box = tuple[float, float, float, float]
"""Left, top, width, height in percent of the upright page."""


@dataclass(slots=True)
class Reading:
    """What was read of one file.

    Attributes
    ----------
    method : str
        Which reader, in one word and a version.
    lines : list of (page or None, text, box or None)
        In reading order. Offsets count the letters of all lines joined by a line break.
    n_pages : int or None
    notes : list of str
        What was left out, and why: a scan without text, a bound that was reached.
    facts : mapping
        Of an image: width, height, taken, camera, lat, lon, hash.
    """

    method: str
    lines: list[tuple[int | None, str, Box | None]] = field(default_factory=list)
    n_pages: int | None = None
    encoding: str | None = None
    notes: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Give it as plain values, with language and script."""
        told = tell_language(" ".join(text for _, text, _ in self.lines[:400]))
        return {
            "method": self.method, "lines": self.lines, "n_pages": self.n_pages, "encoding": self.encoding,
            "notes": self.notes, "facts": self.facts, "language": told.language, "script": told.script,
            "language_why": told.why,
        }  # fmt: skip


def read_exhibit(path: Path, media_type: str) -> Reading | None:
    """What does this file say? None: it is of a kind that is not read."""
    reader = _reader_of(media_type)
    if reader is None:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of parsers, about what is odd in the file; what is lost is in the notes
        reading = reader(path)
    _bound(reading)
    return reading


def is_read(media_type: str) -> bool:
    """Whether files of this kind are read at all."""
    return _reader_of(media_type) is not None


def _reader_of(media_type: str) -> Callable[[Path], Reading] | None:
    if media_type.startswith("image/"):
        from taggant.evidence.image_reading import read_image

        return read_image
    return {
        "application/pdf": read_pdf, HTML.media_type: read_html, DOCX.media_type: read_docx, XLSX.media_type: read_xlsx,
        TEXT.media_type: read_text, UTF16.media_type: read_text, "message/rfc822": read_message,
    }.get(media_type)  # fmt: skip


def _bound(reading: Reading) -> None:
    n = 0
    for at, (_, text, _) in enumerate(reading.lines):
        n += len(text) + 1
        if n > bounds.CHARACTERS or at >= bounds.UNITS:
            reading.lines = reading.lines[:at]
            reading.notes.append(f"only the first {at:,} lines were read: the bound of one exhibit is reached")
            return


def _split(text: str) -> list[tuple[int | None, str, Box | None]]:
    return [(None, line, None) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]


def _said(decoded: DecodedText, reading: Reading) -> None:
    reading.encoding = decoded.encoding
    if not decoded.is_sure:
        reading.notes.append(f"the encoding is not stated; {decoded.encoding} fits best")
    if decoded.n_replaced:
        reading.notes.append(f"{decoded.n_replaced:,} places are no letters in {decoded.encoding}")


def _head(path: Path, bound: int, reading: Reading) -> bytes:
    with path.open("rb") as stream:
        content = stream.read(bound + 1)
    if len(content) > bound:
        reading.notes.append(f"only the first {bound:,} bytes were read")
    return content[:bound]


# --- text, web pages, messages -------------------------------------------------------------------


def read_text(path: Path) -> Reading:
    """Plain text, line by line as it stands."""
    reading = Reading("text-1")
    decoded = decode_text(_head(path, bounds.TEXT_BYTES, reading))
    _said(decoded, reading)
    reading.lines = _split(decoded.text)
    return reading


def read_html(path: Path) -> Reading:
    """A web page: its main text. Scripts are never run, and nothing it names is fetched."""
    import trafilatura

    reading = Reading("trafilatura-1")
    content = _head(path, bounds.TEXT_BYTES, reading)
    decoded = decode_text(content, declared=_declared(content))
    _said(decoded, reading)
    text = trafilatura.extract(decoded.text, include_comments=False, include_tables=True, favor_recall=True, url=None)
    if not text:
        text = _bare_text(decoded.text)
        reading.notes.append("no main text can be told from the rest: all visible text was taken")
    reading.lines = [line for line in _split(text) if line[1].strip()]
    if not reading.lines:
        reading.notes.append("no text was found in it")
    return reading


def _declared(content: bytes) -> str | None:
    import re

    found = re.search(rb"<meta[^>]{0,200}charset=[\"']?\s*([A-Za-z0-9_-]{2,40})", content[:4096], re.IGNORECASE)
    return None if found is None else found[1].decode("ascii")


def _bare_text(page: str) -> str:
    """All the text a reader of the page would see, in no order but the page's."""
    import trafilatura

    return "\n".join(line.strip() for line in trafilatura.html2txt(page).splitlines() if line.strip())


def read_message(path: Path) -> Reading:
    """A message: its header lines and its text. What is attached are exhibits of their own."""
    from taggant.evidence.mail import message_of, message_text

    reading = Reading("mail-1")
    message = message_of(_head(path, bounds.MAIL_BYTES, reading))
    for name in ("From", "To", "Cc", "Date", "Subject"):
        if message.get(name):
            reading.lines.append((None, f"{name}: {' '.join(str(message[name]).split())}", None))
    text, is_page = message_text(message)
    if is_page:
        text = _bare_text(text)
        reading.notes.append("the message is a web page; its visible text was taken")
    reading.lines += [(None, "", None), *_split(text)]
    return reading


# --- office files --------------------------------------------------------------------------------


def read_docx(path: Path) -> Reading:
    """A Word file: paragraphs and tables in order, without headers, comments or tracked deletions."""
    import docx
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    reading = Reading("python-docx-1")
    with path.open("rb") as stream:
        document = docx.Document(stream)
    for block in document.iter_inner_content():
        if len(reading.lines) > bounds.UNITS:
            break
        if isinstance(block, Paragraph):
            reading.lines += [(None, line, None) for line in block.text.split("\n")]
        elif isinstance(block, Table):
            reading.lines += [(None, "\t".join(c.text for c in row.cells), None) for row in block.rows]
    reading.notes.append("a Word file has no pages until it is printed: places are counted in letters")
    return reading


def read_xlsx(path: Path) -> Reading:
    """A workbook: each sheet a page, each row a line, cells parted by tabs; formulas as typed, never computed."""
    import openpyxl

    from taggant.evidence.workbooks import cell_text

    reading = Reading("openpyxl-1", n_pages=0)
    n_cells = 0
    with path.open("rb") as stream:
        book = openpyxl.load_workbook(stream, read_only=True, data_only=False, keep_links=False)
        for page, sheet in enumerate(book.worksheets, start=1):
            reading.n_pages = page
            sheet.reset_dimensions()  # what the file declares is not believed: it may say a thousand million cells
            reading.lines.append((page, str(sheet.title), None))
            for row in sheet.iter_rows():
                n_cells += len(row)
                if n_cells > bounds.CELLS or len(reading.lines) > bounds.UNITS:
                    reading.notes.append(f"only the first {bounds.CELLS:,} cells were read")
                    return reading
                cells = [cell_text(c.value, c.number_format or "General") if c.value is not None else "" for c in row]
                if any(cells):
                    reading.lines.append((page, "\t".join(cells).rstrip("\t"), None))
    return reading


# --- PDF -----------------------------------------------------------------------------------------


def read_pdf(path: Path) -> Reading:
    """A PDF: the text of each page line by line, each with its box on the upright page."""
    import pypdfium2

    reading = Reading("pypdfium2-1")
    document = pypdfium2.PdfDocument(path)
    try:
        n = len(document)
        reading.n_pages = n
        empty: list[int] = []
        broken: list[int] = []
        n_letters = 0
        for at in range(min(n, bounds.PAGES)):
            try:
                lines = list(_page_lines(document, at))
            except pypdfium2.PdfiumError:
                broken.append(at + 1)
                if len(broken) > bounds.PAGES // 20 and not reading.lines:
                    reading.notes.append(f"the first {len(broken):,} pages cannot be opened; the rest was not tried")
                    break
                continue
            if not lines:
                empty.append(at + 1)
            reading.lines += [(at + 1, text, box) for text, box in lines]
            n_letters += sum(len(text) + 1 for text, _ in lines)
            if n_letters > bounds.CHARACTERS:
                break
        if n > bounds.PAGES:
            reading.notes.append(f"the file declares {n:,} pages; the first {bounds.PAGES:,} were read")
        if empty:
            reading.notes.append(f"{_pages(empty)} without text: a scan, perhaps")
        if broken:
            reading.notes.append(f"{_pages(broken)} cannot be opened")
    finally:
        document.close()
    return reading


def _pages(numbers: list[int]) -> str:
    named = ", ".join(map(str, numbers[:8]))
    return (
        f"page {named}" if len(numbers) == 1 else f"{len(numbers):,} pages ({named}{', …' if len(numbers) > 8 else ''})"
    )


def _page_lines(document: Any, at: int) -> Iterator[tuple[str, Box | None]]:
    """The lines of a page, each with the box of its letters."""
    import pypdfium2.raw as pdfium

    page = document[at]
    width, height = page.get_size()
    text_page = page.get_textpage()
    try:
        letters: list[str] = []
        box: list[float] | None = None
        for n in range(min(text_page.count_chars(), bounds.CHARACTERS)):
            code = pdfium.FPDFText_GetUnicode(text_page, n)
            if code in (10, 13):
                if text := "".join(letters).strip():
                    yield text, _percent(box, width, height)
                letters, box = [], None
                continue
            if 0xD800 <= code <= 0xDFFF or code == 0:
                letters.append("\N{REPLACEMENT CHARACTER}")
                continue
            letters.append("-" if code in (2, 0xFFFE) else chr(code))  # 2: a hyphen at the end of a line
            if code != 32:
                left, bottom, right, top = text_page.get_charbox(n)
                box = (
                    [left, bottom, right, top]
                    if box is None
                    else [min(box[0], left), min(box[1], bottom), max(box[2], right), max(box[3], top)]
                )
        if text := "".join(letters).strip():
            yield text, _percent(box, width, height)
    finally:
        text_page.close()
        page.close()


def _percent(box: list[float] | None, width: float, height: float) -> Box | None:
    """From points counted from the lower left to percent counted from the upper left."""
    if box is None or width <= 0 or height <= 0:
        return None
    left, bottom, right, top = box
    raw = (
        100 * left / width,
        100 * (height - top) / height,
        100 * (right - left) / width,
        100 * (top - bottom) / height,
    )
    return (round(raw[0], 3), round(raw[1], 3), round(raw[2], 3), round(raw[3], 3))


def texts_of(read: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The lines of a reading as rows: number, page, text, offsets of letters, box."""
    at = 0
    for n, (page, text, box) in enumerate(read["lines"]):
        left, top, wide, high = box or (None,) * 4
        yield {
            "n": n, "page": page, "text": text, "char_from": at, "char_until": at + len(text),
            "left_pct": left, "top_pct": top, "width_pct": wide, "height_pct": high,
        }  # fmt: skip
        at += len(text) + 1
