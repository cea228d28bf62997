"""The bytes of a list: packed or not, in which encoding, table or tree.

Invariant: nothing from outside is trusted: sizes are bounded, entities of XML are never expanded.
"""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.etree import ElementTree

from charset_normalizer import from_bytes

from taggant.errors import InputError

MOST_BYTES = 2 * 2**30
"""An unpacked list larger than this is refused."""

_SAMPLE = 200_000
_ENCODINGS = ("cp1251", "cp1252", "cp1250", "cp1254", "cp1256", "koi8_r", "gb18030", "utf_16")
"""In which lists are published when not in UTF-8."""


def content_of(path: Path) -> bytes:
    """Which bytes has this list, unpacked?

    Parameters
    ----------
    path : Path
        Plain, gzip, or a zip with one file in it; told by content.

    Returns
    -------
    bytes

    Raises
    ------
    InputError
        It cannot be read, is too large, or is an archive of several files.

    Notes
    -----
    *Assumes:* a list fits into memory.
    *Not for:* trade tables.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "list.csv"
    ...     _ = path.write_bytes(gzip.compress(b"name"))
    ...     content_of(path)
    b'name'
    """
    try:
        content = path.read_bytes()
    except OSError as err:
        raise InputError(f"{str(path)!r} cannot be read: {err.strerror}", next="Give the path of a list") from err
    try:
        if content[:2] == b"\x1f\x8b":
            with gzip.open(io.BytesIO(content)) as packed:
                content = packed.read(MOST_BYTES + 1)
        elif content[:4] == b"PK\x03\x04":
            content = _only_member(content, path)
    except (OSError, EOFError, zipfile.BadZipFile) as err:
        raise InputError(
            f"the packed list {path.name!r} is damaged: {err}", next="Fetch it again: taggant lists fetch"
        ) from err
    if len(content) > MOST_BYTES:
        raise InputError(f"{path.name!r} unpacks to more than {MOST_BYTES:,} bytes", next="Give a list, not an archive")
    return content


def _only_member(content: bytes, path: Path) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = [m for m in archive.infolist() if not m.is_dir()]
        if len(members) != 1:
            raise InputError(
                f"{path.name!r} is an archive of {len(members)} files", next="Unpack it and give the list itself"
            )
        with archive.open(members[0]) as packed:
            return packed.read(MOST_BYTES + 1)


def text_of(content: bytes) -> tuple[str, str]:
    """Which letters do these bytes stand for, and in which encoding?

    Parameters
    ----------
    content : bytes

    Returns
    -------
    tuple of (str, str)
        The text and the encoding; UTF-8 where that fits, otherwise the likeliest.

    Notes
    -----
    *Assumes:* one encoding for the whole file.
    *Not for:* binary files.

    Examples
    --------
    >>> text_of("Алмаз".encode("cp1251"))[0] != "", text_of(b"abc")[1]
    (True, 'utf-8')
    """
    for encoding in ("utf-8-sig", "utf-16") if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",):
        try:
            return content.decode(encoding), "utf-8" if encoding == "utf-8-sig" else encoding
        except UnicodeDecodeError:
            continue
    guess = from_bytes(content[:_SAMPLE], cp_isolation=list(_ENCODINGS)).best()
    encoding = "cp1252" if guess is None else guess.encoding
    return content.decode(encoding, errors="replace"), encoding


def rows_of(text: str, *, delimiter: str = ",") -> Iterator[tuple[int, list[str]]]:
    """Give each row of a table with its number, the first being 1.

    Parameters
    ----------
    text : str
    delimiter : str

    Yields
    ------
    tuple of (int, list of str)

    Notes
    -----
    *Assumes:* RFC 4180, quotes doubled; an end-of-file mark (Ctrl-Z) is no row.
    *Not for:* workbooks.

    Examples
    --------
    >>> list(rows_of('1,"A, B"'))
    [(1, ['1', 'A, B'])]
    """
    csv.field_size_limit(10_000_000)
    for n, row in enumerate(csv.reader(io.StringIO(text.replace("\x1a", "").replace("\0", "")), delimiter=delimiter)):
        if row:
            yield n + 1, row


def named_rows(text: str, *, delimiter: str = ",", skip: int = 0) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Give each row of a table by the names of its head, small letters; the head is row 1 (after what is skipped).

    Parameters
    ----------
    text : str
    delimiter : str
    skip : int
        Lines before the head.

    Yields
    ------
    tuple of (int, mapping)

    Notes
    -----
    *Assumes:* the head names each column once.
    *Not for:* tables without a head.

    Examples
    --------
    >>> list(named_rows("Name,Country\\nKupol,RU"))
    [(2, {'name': 'Kupol', 'country': 'RU'})]
    """
    rows = rows_of(text, delimiter=delimiter)
    head: list[str] = []
    for n, row in rows:
        if n <= skip:
            continue
        if not head:
            head = [cell.strip().lstrip("\ufeff").casefold() for cell in row]
            continue
        yield n, dict(zip(head, (cell.strip() for cell in row), strict=False))


def tree_of(content: bytes, *, name: str) -> ElementTree.Element:
    """Give the root of an XML file, tags without their name spaces.

    Parameters
    ----------
    content : bytes
    name : str
        Said in an error.

    Returns
    -------
    Element

    Raises
    ------
    InputError
        It is not well formed, or declares entities.

    Notes
    -----
    *Assumes:* published lists declare no entity: a file that does is refused unread.
    *Not for:* HTML.

    Examples
    --------
    >>> tree_of(b'<a xmlns="urn:x"><b>1</b></a>', name="x").find("b").text
    '1'
    """
    if b"<!ENTITY" in content or b"<!DOCTYPE" in content[:4000]:
        raise InputError(
            f"{name} declares entities or a document type", so_what="It could grow without end when read",
            next="Give the list as its publisher has it",
        )  # fmt: skip
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 - entities are refused above
    except ElementTree.ParseError as err:
        raise InputError(f"{name} is not well-formed XML: {err}", next="Fetch it again: taggant lists fetch") from err
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root


def text_at(element: ElementTree.Element, path: str) -> str | None:
    """Give the text of the first element at this path, or None.

    Parameters
    ----------
    element : Element
    path : str

    Returns
    -------
    str or None

    Notes
    -----
    *Assumes:* empty text is none.
    *Not for:* elements that repeat.

    Examples
    --------
    >>> text_at(ElementTree.fromstring("<a><b> x </b></a>"), "b")
    'x'
    """
    found = element.findtext(path)
    return found.strip() if found is not None and found.strip() else None
