"""Files as they come from outside, made when a test asks for them: documents, pictures, mail, web archives."""

from __future__ import annotations

import gzip
import math
import zipfile
from email.message import EmailMessage
from pathlib import Path

RUSSIAN = (
    "Беспилотник «Герань-2» был сбит в ночь на вторник. Обломки нашли в поле у деревни, серийный номер на крыле "
    "сохранился полностью."
)
ENGLISH = "The wreck was found in a field near the village, and its serial number Ы-391 was still on the wing."


def write_pdf(path: Path, *, pages: int = 2) -> Path:
    """A PDF of so many pages, each with its number and a sentence."""
    import typst

    body = "\n#pagebreak()\n".join(f"Page {n} of the report.\n\n{ENGLISH}" for n in range(1, pages + 1))
    source = path.with_suffix(".typ")
    source.write_text(f'#set page("a4")\n{body}', encoding="utf-8")
    typst.compile(str(source), output=str(path))
    source.unlink()
    return path


def write_docx(path: Path) -> Path:
    """A Word file: a paragraph, and a table of two rows."""
    import docx

    document = docx.Document()
    document.add_paragraph(ENGLISH)
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        (c for row in table.rows for c in row.cells), ("part", "mark", "memory", "25Q16"), strict=True
    ):
        cell.text = text
    document.save(str(path))
    return path


def write_xlsx(path: Path) -> Path:
    """A workbook that is no typed table: one sheet, two rows, a formula."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Delivery list"
    sheet.append(["part", "pieces"])
    sheet.append(["25Q16", "=1+1"])
    book.save(path)
    return path


def write_html(path: Path) -> Path:
    """A web page whose script would write another text, and which names a picture elsewhere."""
    path.write_text(
        f"<!doctype html><html><head><meta charset='utf-8'><title>News</title><script>document.write('EVIL')</script>"
        f"</head><body><article><h1>Wreck found</h1><p>{ENGLISH}</p><p>{ENGLISH}</p>"
        "<img src='http://127.0.0.1:9/x.png'></article><script>document.body.innerHTML='EVIL'</script></body></html>",
        encoding="utf-8",
    )
    return path


def write_eml(path: Path, *, name: str = "../../etc/cron.d/photo.txt") -> Path:
    """A message whose attachment is named like a path out of the folder."""
    message = EmailMessage()
    message["From"], message["To"] = "ana@example.org", "desk@example.org"
    message["Subject"], message["Date"] = "Обломки", "Fri, 01 Mar 2024 10:00:00 +0000"
    message.set_content(RUSSIAN)
    message.add_attachment(b"attached text, letter for letter", maintype="text", subtype="plain", filename=name)
    path.write_bytes(message.as_bytes())
    return path


def write_warc(path: Path) -> Path:
    """A web archive with one page and one error."""
    page = f"<!doctype html><html><body><article><p>{ENGLISH}</p></article></body></html>"
    records = []
    for n, (url, status) in enumerate((("https://example.org/wreck", "200 OK"), ("https://example.org/x", "404 Gone"))):
        answer = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\n\r\n{page}".encode()
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:0000000{n}-0000-4000-8000-000000000000>\r\n"
            f"WARC-Target-URI: {url}\r\nWARC-Date: 2024-03-01T10:00:00Z\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
        )
        records.append(gzip.compress(head.encode() + answer + b"\r\n\r\n"))
    path.write_bytes(b"".join(records))
    return path


def picture(width: int = 320, height: int = 240, *, seed: int = 1) -> bytes:
    """A drawn photograph, as grey bytes row by row: waves no turn of it resembles."""
    return bytes(
        int(127 + 60 * math.sin(x / (17 + seed)) + 50 * math.cos((x * 0.7 + y * seed) / 41) + 15 * math.sin(y / 5))
        % 256
        for y in range(height)
        for x in range(width)
    )


def write_photo(
    path: Path, *, seed: int = 1, degrees: int = 0, quality: int = 90, scale: float = 1.0, with_place: bool = False
) -> Path:
    """A drawn photograph, turned and made smaller; with camera data and a place when asked for."""
    from PIL import Image

    image = Image.frombytes("L", (320, 240), picture(seed=seed)).rotate(degrees, expand=True)
    image = image.resize((int(image.width * scale), int(image.height * scale)))
    exif = Image.Exif()
    if with_place:
        exif[0x0110] = "Kestrel Cam 1"
        exif.get_ifd(0x8769)[0x9003] = "2024:03:01 10:00:00"
        gps = exif.get_ifd(0x8825)
        gps[1], gps[2], gps[3], gps[4] = "N", (50.0, 27.0, 0.0), "E", (30.0, 31.0, 30.0)
    image.save(path, quality=quality, exif=exif)
    return path


def write_zip(path: Path, members: dict[str, bytes]) -> Path:
    """A ZIP archive of these members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path
