"""A file somebody published, as text with places: pages, PDF, DOCX, mail, plain text.

Invariant: a place counts characters of the file as decoded; a file without text is refused, and says what would help.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from taggant.claims.page_text import Block, is_boilerplate_line, page_text
from taggant.errors import InputError, NotEnoughData

_LARGEST = 200 * 1024 * 1024
_PAGES_MOST = 5000
_ENCODINGS = ("cp1251", "cp1252", "cp1250", "cp1256", "koi8_r", "koi8_u", "iso8859_2", "iso8859_15")
"""Encodings of the languages read here; others are guessed wrong more often than met."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One file as text.

    Attributes
    ----------
    kind : str
        page, pdf, docx, mail or text.
    blocks : tuple of Block
        Its paragraphs in order.
    title, outlet, url : str or None
    language : str or None
        ISO 639-1, as it says or as its letters show.
    published : date or None
    """

    kind: str
    blocks: tuple[Block, ...]
    title: str | None = None
    outlet: str | None = None
    url: str | None = None
    language: str | None = None
    published: date | None = None


def read_document(path: Path, *, ocr: bool = False) -> Document:
    """What is the text of this file, and where does each word stand?

    Parameters
    ----------
    path : Path
        HTML, PDF, DOCX, EML or text, told by content.
    ocr : bool
        Read pictures of text, where there is no text.

    Returns
    -------
    Document

    Raises
    ------
    InputError
        No such file, of a kind nobody reads here, too large, or broken.
    NotEnoughData
        It holds no text: it is empty, or a scan.
    MissingExtra
        Pictures are to be read and the part for it is not installed.

    Notes
    -----
    Assumes: a file is what its first bytes say.
    Not for: archives; unpack them first.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp(), "a.txt")
    >>> _ = path.write_text("Ten were made.", encoding="utf-8")
    >>> read_document(path).blocks[0].text
    'Ten were made.'
    """
    if not path.is_file():
        raise InputError(f"no file {str(path)!r}", next="Give the path of a page, PDF, DOCX, mail or text")
    if path.stat().st_size > _LARGEST:
        raise InputError(
            f"{path.name} has {path.stat().st_size:,} bytes; {_LARGEST:,} are read at most", next="Split it"
        )
    data = path.read_bytes()
    document = _of_bytes(data, path.name, ocr=ocr)
    if not document.blocks:
        what = f"{path.name} holds no text"
        scan = document.kind in {"pdf", "image"}
        enough = f"a text layer, or taggant read {path.name} --ocr" if scan else "a file with text in it"
        if scan:
            what = f"{path.name} is a picture of text: it has no text of its own"
        raise NotEnoughData(what, enough=enough)
    return document


def _of_bytes(data: bytes, name: str, *, ocr: bool) -> Document:
    if data.startswith(b"%PDF-"):
        return _pdf(data, name, ocr=ocr)
    if data.startswith(b"PK\x03\x04"):
        return _docx(data, name)
    if data.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")):
        blocks = tuple(_ocr_image(data)) if ocr else ()
        return Document(kind="image", blocks=blocks)
    if data.startswith((b"\xd0\xcf\x11\xe0", b"{\\rtf", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!")):
        raise InputError(f"{name} is of a kind that is not read here", next="Save it as text, PDF, DOCX or HTML")
    text = decoded(data)
    if re.match(r"(?:[A-Za-z-]+: .*\r?\n(?:[ \t].*\r?\n)*){2,}", text) and re.search(
        r"^(?:from|subject|date|mime-version|received):", text[:4000], re.IGNORECASE | re.MULTILINE
    ):
        return _mail(data, text)
    if re.search(r"<(?:!doctype html|html|head|body|article|div|p)\b", text[:20000], re.IGNORECASE):
        return _page(text)
    return _text(text)


def decoded(data: bytes) -> str:
    """How do these bytes read as text?

    Parameters
    ----------
    data : bytes

    Returns
    -------
    str
        By its byte order mark, as UTF-8, as a page declares it, or as its letters show; what no encoding explains is
        marked, never dropped.

    Notes
    -----
    Assumes: one encoding a file; bytes of another are shown as the mark of what cannot be read.
    Not for: files that are no text.

    Examples
    --------
    >>> decoded("Дрон".encode("utf-8")), decoded("\\ufeffA".encode("utf-16"))
    ('Дрон', '\\ufeffA')
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as err:
        n_good = err.start
    declared = re.search(rb"charset=[\"']?([A-Za-z0-9_-]+)", data[:4096])
    if declared is not None and declared[1].lower() not in {b"utf-8", b"utf8"}:
        try:
            return data.decode(declared[1].decode("ascii"), errors="replace")
        except LookupError:
            n_good = max(n_good, 0)  # a name nobody knows: told by the letters below
    # Mostly UTF-8 with a few foreign bytes is UTF-8 with marks, not another encoding.
    text = data.decode("utf-8", errors="replace")
    if text.count("\ufffd") * 50 < len(text):
        return text
    from charset_normalizer import from_bytes

    best = from_bytes(data[:200_000], cp_isolation=list(_ENCODINGS)).best()
    return text if best is None else data.decode(best.encoding, errors="replace")


def _text(text: str, *, page: int | None = None, base: int = 0) -> Document:
    return Document(kind="text", blocks=tuple(_paragraphs(text, page=page, base=base)))


def _paragraphs(text: str, *, page: int | None = None, base: int = 0) -> Iterator[Block]:
    """Paragraphs parted by blank lines; lines within one become one line, letter by letter."""
    for m in re.finditer(r"\S(?:.*\S)?(?:[ \t]*\r?\n[ \t]*\S(?:.*\S)?)*", text):
        lines = m[0]
        whole = lines.replace("\n", " ").replace("\r", " ").replace("\t", " ")
        many = lines.split("\n")
        if len(many) > 1 and all(len(line.strip()) < 400 and re.search(r"[.!?…»”\":]\s*$", line) for line in many):
            at = 0
            for line in many:  # each line is a paragraph of its own
                stripped = line.strip()
                if stripped and not is_boilerplate_line(stripped):
                    start = at + line.index(stripped)
                    yield Block(stripped.replace("\t", " "), base + m.start() + start, page=page)
                at += len(line) + 1
            continue
        if not is_boilerplate_line(whole):
            yield Block(whole, base + m.start(), page=page)


def _page(text: str) -> Document:
    page = page_text(text)
    return Document(
        kind="page", blocks=page.blocks, title=page.title, outlet=page.outlet, url=page.url, language=page.language,
        published=day_in(page.published),
    )  # fmt: skip


def _pdf(data: bytes, name: str, *, ocr: bool) -> Document:
    import pypdfium2 as pdfium

    try:
        pdf = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as err:
        raise InputError(f"{name} cannot be opened as PDF ({err})", next="Save it anew, without a password") from err
    blocks: list[Block] = []
    at = 0
    try:
        for n in range(min(len(pdf), _PAGES_MOST)):
            page = pdf[n]
            got = page.get_textpage()
            text = got.get_text_range()
            got.close()
            if not text.strip() and ocr:
                bitmap = page.render(scale=2)
                text = "\n".join(_ocr_lines(bitmap.to_numpy()))
            page.close()
            blocks += _paragraphs(text, page=n + 1, base=at)
            at += len(text) + 1
        meta = pdf.get_metadata_dict()
    finally:
        pdf.close()
    made = re.match(r"D:(\d{4})(\d\d)(\d\d)", meta.get("CreationDate") or "")
    return Document(
        kind="pdf", blocks=tuple(blocks), title=meta.get("Title") or None,
        published=day_in("-".join(made.groups())) if made else None,
    )  # fmt: skip


def _docx(data: bytes, name: str) -> Document:
    import docx

    try:
        document = docx.Document(io.BytesIO(data))
    except Exception as err:
        raise InputError(
            f"{name} cannot be opened as DOCX ({type(err).__name__})", next="Save it as DOCX anew"
        ) from err
    blocks: list[Block] = []
    at = 0
    for p in document.paragraphs:
        style = (p.style.name if p.style is not None else "") or ""
        heading = int(style[-1]) if re.fullmatch(r"Heading [1-6]", style) else 0
        stripped = p.text.strip()
        if stripped and not is_boilerplate_line(stripped):
            start = at + p.text.index(stripped)
            blocks.append(Block(stripped.replace("\n", " ").replace("\t", " "), start, heading=heading))
        at += len(p.text) + 1
    properties = document.core_properties
    on = properties.created or properties.modified
    return Document(
        kind="docx", blocks=tuple(blocks), title=properties.title or None, published=None if on is None else on.date()
    )


def _mail(data: bytes, whole: str) -> Document:
    from email import message_from_bytes, policy
    from email.utils import parsedate_to_datetime

    message = message_from_bytes(data, policy=policy.default)
    body = message.get_body(preferencelist=("plain", "html"))
    text = "" if body is None else str(body.get_content())
    base = whole.find(text.rstrip("\n")[:200]) if text.strip() else -1
    base = max(base, 0)
    if body is not None and body.get_content_type() == "text/html":
        document = _page(text)
    else:
        kept = re.split(r"^-- ?\r?$", text, maxsplit=1, flags=re.MULTILINE)[0]
        # What is quoted from an earlier mail is another's text.
        quiet = re.sub(r"^>.*$", lambda m: " " * len(m[0]), kept, flags=re.MULTILINE)
        document = _text(quiet, base=base)
    try:
        on = parsedate_to_datetime(str(message["date"])).date() if message["date"] else None
    except ValueError:
        on = None  # a date nobody can read is no date
    sender = str(message["from"] or "") or None
    subject = str(message["subject"] or "") or None
    return replace(document, kind="mail", title=subject, outlet=sender, published=on)


def _ocr_image(data: bytes) -> Iterator[Block]:
    import numpy as np
    from PIL import Image

    with Image.open(io.BytesIO(data)) as image:
        lines = _ocr_lines(np.asarray(image.convert("RGB")))
    yield from _paragraphs("\n".join(lines), page=1)


def _ocr_lines(picture: Any) -> list[str]:
    from taggant.errors import MissingExtra

    try:
        from rapidocr import RapidOCR
    except ImportError as err:
        raise MissingExtra("ocr", for_what="reading a picture of text") from err
    found: Any = RapidOCR()(picture)
    return [str(t) for t in (found.txts or ())]


def day_in(text: str | None) -> date | None:
    """Which day does this stamp of a page name?

    Parameters
    ----------
    text : str or None
        2024-09-12T08:00:00Z, 12.09.2024 and the like.

    Returns
    -------
    date or None
        None where none can be read.

    Notes
    -----
    Assumes: day before month where both are numbers, as where we read.
    Not for: dates in prose (`writing.when`).

    Examples
    --------
    >>> day_in("2024-09-12T08:00:00Z"), day_in("nothing")
    (datetime.date(2024, 9, 12), None)
    """
    if not text:
        return None
    m = re.search(r"(\d{4})-(\d{1,2})-(\d{1,2})", text)
    parts = m.groups() if m else None
    if parts is None and (m := re.search(r"(\d{1,2})[./](\d{1,2})[./](\d{4})", text)):
        parts = (m[3], m[2], m[1])
    if parts is None:
        return None
    try:
        return date(*(int(p) for p in parts))
    except ValueError:
        return None
