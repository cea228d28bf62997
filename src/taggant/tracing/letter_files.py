"""A letter as PDF (typst, PDF/UA) and as a document to edit (DOCX).

Invariant: a letter that the shipped fonts cannot draw is refused, never printed with boxes in it.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from taggant.errors import InputError

_FAMILY = "Noto Sans Taggant"
_FONTS = ("noto-sans-400.ttf", "noto-sans-600.ttf")
_TEMPLATE = """
#let letter = json("letter.json")
#set document(title: letter.title, date: datetime(year: letter.year, month: letter.month, day: letter.day))
#set page(paper: "a4", margin: (x: 24mm, y: 22mm), numbering: "1")
#set text(font: "Noto Sans Taggant", size: 10pt, lang: letter.lang, fallback: false)
#set par(leading: 0.62em, spacing: 0.95em)
#show heading: set text(size: 11pt, weight: 600)
#show heading.where(level: 1): set text(size: 15pt)
#show heading: set block(above: 1.3em, below: 0.7em)
#for part in letter.parts {
  if part.kind == "title" { heading(level: 1, part.content) }
  else if part.kind == "heading" { heading(level: 2, part.content) }
  else if part.kind == "text" { par(part.content) }
  else if part.kind == "pairs" {
    for pair in part.content { par(spacing: 0.5em)[#strong(pair.at(0)): #pair.at(1)] }
  }
  else if part.kind == "marks" { for mark in part.content { block(inset: (left: 8pt), mark) } }
  else if part.kind == "list" { list(..part.content) }
  else if part.kind == "numbered" { enum(..part.content) }
  else if part.kind == "rows" { for row in part.content { block(inset: (left: 8pt), row.join("  ")) } }
}
"""


@cache
def _drawn() -> frozenset[int]:
    """Which code points can the shipped fonts draw? Read from the table `cmap` itself (formats 4 and 12)."""
    content = (resources.files("taggant") / "report" / "fonts" / _FONTS[0]).read_bytes()
    tables = {
        content[12 + 16 * k : 16 + 16 * k]: int.from_bytes(content[20 + 16 * k : 24 + 16 * k], "big")
        for k in range(int.from_bytes(content[4:6], "big"))
    }
    start = tables[b"cmap"]
    found: set[int] = set()
    for k in range(int.from_bytes(content[start + 2 : start + 4], "big")):
        at = start + int.from_bytes(content[start + 8 + 8 * k : start + 12 + 8 * k], "big")
        if int.from_bytes(content[at : at + 2], "big") == 12:
            for g in range(int.from_bytes(content[at + 12 : at + 16], "big")):
                group = content[at + 16 + 12 * g : at + 28 + 12 * g]
                found |= set(range(int.from_bytes(group[:4], "big"), int.from_bytes(group[4:8], "big") + 1))
        elif int.from_bytes(content[at : at + 2], "big") == 4:
            n = int.from_bytes(content[at + 6 : at + 8], "big")
            ends, starts = content[at + 14 : at + 14 + n], content[at + 16 + n : at + 16 + 2 * n]
            for g in range(0, n, 2):
                first, last = int.from_bytes(starts[g : g + 2], "big"), int.from_bytes(ends[g : g + 2], "big")
                if first != 0xFFFF:
                    found |= set(range(first, last + 1))
    return frozenset(found)


def missing_letters(text: str) -> str:
    """Which letters of this text can the shipped fonts not draw?

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        Each once; empty when all can be drawn.

    Notes
    -----
    *Assumes:* Latin, Cyrillic and Greek are shipped.
    *Not for:* shaping.

    Examples
    --------
    >>> missing_letters("Запит: Ы-954 → Güneş"), missing_letters("王")
    ('→', '王')
    """
    return "".join(dict.fromkeys(c for c in text if not c.isspace() and ord(c) not in _drawn()))


def _texts(content: Any) -> list[str]:
    return [content] if isinstance(content, str) else [t for part in content for t in _texts(part)]


def write_pdf(parts: Sequence[tuple[str, Any]], path: Path, *, language: str, title: str, on: date) -> None:
    """Write the letter as PDF/UA.

    Parameters
    ----------
    parts : sequence of (kind, content)
    path : Path
    language, title : str
    on : date
        Also the day of the file itself, so that the same letter has the same bytes.

    Raises
    ------
    InputError
        A letter cannot be drawn with the fonts shipped.

    Notes
    -----
    *Assumes:* the fonts of the package.
    *Not for:* reports.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "letter.pdf"
    ...     write_pdf([("title", "Запит")], path, language="uk", title="Запит", on=date(2024, 6, 1))
    ...     path.read_bytes()[:5]
    b'%PDF-'
    """
    import typst

    plain = [(kind, json.loads(json.dumps(content).replace("\\u2192", "-"))) for kind, content in parts]
    missing = missing_letters("".join(t for _, content in plain for t in _texts(content)))
    if missing:
        raise InputError(
            f"the letter has signs the shipped fonts cannot draw: {missing}", where=path.name,
            so_what="They would be boxes in print",
            next="Take the DOCX, or write them in Latin, Cyrillic or Greek letters",
        )  # fmt: skip
    body = {
        "title": title, "lang": language, "year": on.year, "month": on.month, "day": on.day,
        "parts": [{"kind": kind, "content": content} for kind, content in plain],
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for font in _FONTS:
            (folder / font).write_bytes((resources.files("taggant") / "report" / "fonts" / font).read_bytes())
        (folder / "letter.json").write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8")
        (folder / "letter.typ").write_text(_TEMPLATE, encoding="utf-8")
        written = typst.compile(
            folder / "letter.typ", root=folder, font_paths=[folder], ignore_system_fonts=True, format="pdf",
            pdf_standards="ua-1", timestamp=int(datetime(on.year, on.month, on.day, tzinfo=UTC).timestamp()),
        )  # fmt: skip
    path.write_bytes(written)


def write_docx(parts: Sequence[tuple[str, Any]], path: Path, *, language: str, title: str, on: date) -> None:
    """Write the letter as a document to edit.

    Parameters
    ----------
    parts : sequence of (kind, content)
    path : Path
    language, title : str
    on : date

    Notes
    -----
    *Assumes:* the reader's program has fonts for what is written.
    *Not for:* archiving: the PDF is.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "letter.docx"
    ...     write_docx([("title", "T"), ("text", "x")], path, language="en", title="T", on=date(2024, 6, 1))
    ...     path.read_bytes()[:2]
    b'PK'
    """
    from docx import Document

    document = Document()
    properties = document.core_properties
    properties.title, properties.language, properties.author = title, language, ""
    properties.created = properties.modified = datetime(on.year, on.month, on.day)  # noqa: DTZ001 - DOCX has no zone
    for kind, content in parts:
        if kind in ("title", "heading"):
            document.add_heading(content, level=1 if kind == "title" else 2)
        elif kind == "text":
            document.add_paragraph(content)
        elif kind == "pairs":
            for name, value in content:
                document.add_paragraph(f"{name}: {value}")
        elif kind == "rows":
            for row in content:
                document.add_paragraph("  ".join(row))
        else:
            style = {"numbered": "List Number", "list": "List Bullet"}.get(kind)
            for line in content:
                document.add_paragraph(line, style=style)
    document.save(str(path))
