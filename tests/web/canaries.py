"""A case with a word of its own in every cell of every typed table, at every level, and what must not be seen of it.

Invariant: a word stands in one cell only, so that whoever finds it knows table, column and level.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
import pypdfium2
from PIL import Image

from taggant.ledger.ledger import Ledger
from taggant.model.record import Body, Record, Value, fresh_salt
from taggant.model.tables import Column, Kind, TableSchema, join_key
from taggant.model.typed_tables import TLP, TYPED

_WORD = re.compile(rb"qzw(\d{5})|7391(\d{5})7319", re.IGNORECASE)
_LEVELS = TLP[1:]
_NOT_MADE = frozenset({"listing", "list_version", "purge", "release", "withholding", "import"})
"""Tables that steps read files for, or that say what may be shown; they are looked at by tests of their own."""


@dataclass(slots=True)
class Planted:
    """Words and where they stand.

    Attributes
    ----------
    words : dict
        Number of the word → (level it has, table, column).
    """

    words: dict[int, tuple[str, str, str]] = field(default_factory=dict)

    def word(self, level: str, table: str, column: str) -> int:
        """Give a new word's number."""
        self.words[len(self.words)] = (level, table, column)
        return len(self.words) - 1

    def above(self, level: str) -> dict[int, tuple[str, str, str]]:
        """The words that may not be seen at this level."""
        most = TLP.index(level)
        return {n: said for n, said in self.words.items() if TLP.index(said[0]) > most}


def plant(ledger: Ledger, planted: Planted) -> None:
    """Commit, for each level and typed table, a row of words; and a CLEAR row that rests on each, which inherits."""
    for level in _LEVELS:
        keys: dict[str, str] = {}
        rows: list[Record] = []
        for schema in TYPED.values():
            if schema.name in _NOT_MADE:
                continue
            body = {c.name: _value(c, schema, level, keys, planted) for c in schema.columns}
            _aim(schema, body, keys)
            if schema.name == "exhibit":  # a file that is really held, full of a word
                kept = ledger.exhibits.add_bytes(f"Qzw{planted.word(level, 'exhibit', 'content'):05d} ".encode() * 9)
                body |= {"exhibit_id": kept.exhibit_id, "size": kept.size}
            rows.append(_record(schema, body | {"tlp": level}, keys))
            resting = {c.name: _value(c, schema, level, keys, planted) for c in schema.columns}
            if any(c.refers in keys and c.name not in schema.key for c in schema.columns):
                rows.append(_record(schema, resting | {"tlp": "CLEAR"}, {}))
        word = planted.word(level, "commit", "message")
        author = planted.word(level, "commit", "author")
        ledger.commit(rows, author=f"Qzw{author:05d}", message=f"about Qzw{word:05d}")


def _record(schema: TableSchema, body: Body, keys: dict[str, str]) -> Record:
    clean: Body = {name: value for name, value in body.items() if value is not None}
    key = join_key([clean.get(name) for name in schema.key])  # type: ignore[misc]
    keys[schema.name] = key
    return Record(table=schema.name, key=key, schema=schema.version, body=clean, salt=fresh_salt())


def _aim(schema: TableSchema, body: Body, keys: dict[str, str]) -> None:
    """A judgement is about a row, and a link between cases too."""
    if schema.name == "judgement":
        body["about"] = [f"component:{keys['component']}"]
    if schema.name == "case_link":
        body["about"] = [f"item:{keys['item']}"]


def _value(column: Column, schema: TableSchema, level: str, keys: dict[str, str], planted: Planted) -> Value:
    if column.name == "tlp":
        return None
    if column.refers is not None and column.refers != schema.name:
        return keys.get(column.refers)
    if column.refers is not None:
        return None
    if column.levels:
        return column.levels[0]
    fixed: dict[Kind, Value] = {
        Kind.DATE: "2023-05-02", Kind.DAY: "2023-05-02", Kind.INSTANT: "2024-01-02T03:04:05Z", Kind.YESNO: True,
        Kind.COUNTRY: "XZ", Kind.LANGUAGE: "uk",
    }  # fmt: skip
    if column.kind in fixed:
        return fixed[column.kind]
    n = planted.word(level, schema.name, column.name)
    if column.kind in (Kind.INTEGER, Kind.DECIMAL):
        number = f"7391{n:05d}7319"  # long enough that no digest holds it by chance
        if column.name in ("lat", "lon"):
            return f"48.{number}"
        return int(number) if column.kind is Kind.INTEGER else number
    if column.name in ("exhibit_id", "part_of") and schema.name.startswith("exhibit"):
        return f"sha256:{n:05d}".ljust(71, "a") if column.kind is not Kind.LIST else None
    if column.kind is Kind.LIST:
        return [f"Qzw{n:05d} one"]
    if column.kind is Kind.URL:
        return f"https://example.org/Qzw{n:05d}"
    if column.kind is Kind.LOCATOR:
        return f"page={n};Qzw{n:05d}"
    return f"Qzw{n:05d}" if column.name in schema.key else f"Qzw{n:05d} said"


def photograph(path: Path, words: list[str]) -> None:
    """A picture with words in its camera data, its place and its comment."""
    image = Image.new("RGB", (64, 48), (120, 90, 60))
    for at in range(48):
        image.putpixel((at, at), (255, 255, 255))
    exif = Image.Exif()
    exif[0x010E], exif[0x013B], exif[0x8298] = words[0], words[1], words[2]
    exif.get_ifd(0x8825)[29] = words[3]
    exif.get_ifd(0x8825)[1], exif.get_ifd(0x8825)[2] = "N", (48.0, 31.0, 7.25)
    image.save(path, exif=exif, comment=words[4].encode())


def seen(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every byte anybody may read in these files: as they are, and unpacked."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        yield f"name of {name}", name.encode()
        yield from _opened(name, path.read_bytes(), path)


def _opened(name: str, content: bytes, path: Path | None) -> Iterator[tuple[str, bytes]]:
    yield name, content
    yield f"{name} (UTF-16)", content.replace(b"\0", b"")
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for member in packed.namelist():
                yield f"{name}!{member}", member.encode()
                yield from _opened(f"{name}!{member}", packed.read(member), None)
    if content[:5] == b"%PDF-":
        for stream in re.finditer(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
            whole = zlib.decompressobj()
            try:
                yield f"{name} stream", whole.decompress(stream.group(1))
            except zlib.error:
                continue  # a stream that is not deflated was seen as it is
        document = pypdfium2.PdfDocument(content)
        yield f"{name} metadata", json.dumps(document.get_metadata_dict()).encode()
        for page in document:
            yield f"{name} text", page.get_textpage().get_text_range().encode()
    if name.endswith(".parquet") and path is not None:
        yield f"{name} rows", pl.read_parquet(path).write_json().encode()


def leaked(folder: Path, planted: Planted, level: str) -> list[str]:
    """Which words that may not be seen at this level are in which file?"""
    closed = planted.above(level)
    found = set()
    for name, content in seen(folder):
        for match in _WORD.finditer(content):
            n = int(match.group(1) or match.group(2))
            if n in closed:
                found.add(f"{'/'.join(closed[n])} in {name}")
    return sorted(found)
