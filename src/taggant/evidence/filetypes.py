"""What a file is by its first bytes, whatever its name says.

Invariant: only bytes decide. An extension is a claim, and is checked against them.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

HEAD_BYTES = 4096


@dataclass(frozen=True, slots=True)
class FileType:
    """A kind of file: its IANA media type and its name in plain words."""

    media_type: str
    words: str


TEXT = FileType("text/plain", "plain text")
EMPTY = FileType("application/x-empty", "an empty file")
XLSX = FileType("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "an Excel workbook (XLSX)")
OLD_OFFICE = FileType("application/x-ole-storage", "an old Office file (XLS or DOC), or one under a password")
HTML = FileType("text/html", "a web page (HTML)")
UTF16 = FileType("text/plain; charset=utf-16", "UTF-16 text")
ZIP = FileType("application/zip", "a ZIP archive")
DOCX = FileType("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "a Word file (DOCX)")
ODS = FileType("application/vnd.oasis.opendocument.spreadsheet", "an OpenDocument spreadsheet (ODS)")
WACZ = FileType("application/wacz", "a web archive (WACZ)")
EML = FileType("message/rfc822", "a mail message")
MBOX = FileType("application/mbox", "a mailbox")
UNKNOWN = FileType("application/octet-stream", "a binary file of unknown kind")

# First bytes as published: PNG (W3C), PDF (ISO 32000), SQLite (file format §1.3), TIFF 6.0, RIFF, ISO 14496-12 …
_MAGIC: tuple[tuple[int, bytes, FileType], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", FileType("image/png", "a PNG image")),
    (0, b"\xff\xd8\xff", FileType("image/jpeg", "a JPEG image")),
    (0, b"GIF8", FileType("image/gif", "a GIF image")),
    (0, b"II*\x00", FileType("image/tiff", "a TIFF image")),
    (0, b"MM\x00*", FileType("image/tiff", "a TIFF image")),
    (8, b"WEBP", FileType("image/webp", "a WebP image")),
    (4, b"ftyphei", FileType("image/heic", "an HEIC image")),
    (4, b"ftyp", FileType("video/mp4", "an MP4 video")),
    (0, b"%PDF-", FileType("application/pdf", "a PDF")),
    (0, b"SQLite format 3\x00", FileType("application/vnd.sqlite3", "an SQLite database")),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLD_OFFICE),
    (0, b"\x1f\x8b", FileType("application/gzip", "a gzip archive")),
    (0, b"7z\xbc\xaf\x27\x1c", FileType("application/x-7z-compressed", "a 7z archive")),
    (0, b"Rar!\x1a\x07", FileType("application/vnd.rar", "a RAR archive")),
    (0, b"BZh", FileType("application/x-bzip2", "a bzip2 archive")),
    (0, b"\xfd7zXZ\x00", FileType("application/x-xz", "an xz archive")),
    (0, b"\x28\xb5\x2f\xfd", FileType("application/zstd", "a Zstandard archive")),
    (257, b"ustar", FileType("application/x-tar", "a tar archive")),
    (0, b"WARC/", FileType("application/warc", "a web archive (WARC)")),
    (0, b"BM", FileType("image/bmp", "a BMP image")),
    (0, b"{\\rtf", FileType("application/rtf", "an RTF text")),
    (0, b"PAR1", FileType("application/vnd.apache.parquet", "a Parquet file")),
    (0, b"\xff\xfe", UTF16),
    (0, b"\xfe\xff", UTF16),
)


def file_type(path: Path) -> FileType:
    """What is this file, by its content?

    Parameters
    ----------
    path : Path
        A regular file; its first 4096 bytes and, for an archive, its list of members are read.

    Returns
    -------
    FileType
        `TEXT` for anything without binary control bytes that is none of the known kinds.

    Notes
    -----
    Not for: telling whether a file is whole. A torn PNG is still a PNG.
    """
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    if not head:
        return EMPTY
    for at, magic, kind in _MAGIC:
        if head.startswith(magic, at):
            return kind
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _archive(path)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:200].lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<body")):
        return HTML
    if _is_mail(head):
        return EML
    if head.startswith(b"From ") and _is_mail(head.partition(b"\n")[2]):
        return MBOX
    control = sum(1 for byte in head if byte < 32 and byte not in b"\t\n\r\x0b\x0c\x00\x1a\x1b")
    return UNKNOWN if control * 20 > len(head) else TEXT


_HEADER = re.compile(rb"([!-9;-~]+):[ \t]?[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*")
_OF_MAIL = frozenset({b"from", b"to", b"cc", b"date", b"subject", b"received", b"message-id", b"mime-version",
                      b"content-type", b"return-path", b"delivered-to", b"reply-to", b"dkim-signature"})  # fmt: skip
_MAIL_HEADERS = 3


def _is_mail(head: bytes) -> bool:
    """Whether it begins with header lines (RFC 5322), three of them such as only mail has, with From or Received."""
    names: set[bytes] = set()
    at = 0
    while (line := _HEADER.match(head, at)) is not None and len(names) < 60:
        names.add(line[1].lower())
        at = line.end()
    return len(names & _OF_MAIL) >= _MAIL_HEADERS and bool(names & {b"from", b"received", b"return-path"})


def _archive(path: Path) -> FileType:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist()[:10_000])
            if "xl/workbook.xml" in names:
                return XLSX
            if "word/document.xml" in names:
                return DOCX
            if "datapackage.json" in names and any(n.startswith("archive/") for n in names):
                return WACZ
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                return ODS if b"opendocument.spreadsheet" in archive.read("mimetype") else ZIP
    except Exception:  # noqa: BLE001 — zipfile passes on whatever its decompressors raise on damaged bytes
        # A torn archive is still an archive by its first bytes; the reader that opens it says what is wrong.
        return ZIP
    return ZIP
