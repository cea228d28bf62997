"""A trace request ready to send: the letter, the marks, what is known of custody, the questions, the photographs.

Invariant: the letter infers nothing about whom it is sent to, and carries no name of a witness.
"""

from __future__ import annotations

import csv
import io
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from taggant.errors import InputError, UnknownName

ANSWER_DAYS = 28
REPLY_DAYS = 28
LANGUAGES = ("en", "uk")
REGISTER = ("request_id", "to_party", "about", "sent", "reminded", "answered", "outcome", "reply_exhibit",
            "reply_right_until", "confidential")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceRequest:
    """What is asked, of whom, about what.

    Attributes
    ----------
    request_id, to_party, thing : str
        `thing` is the item's or component's id.
    on : date
        The day of the letter.
    facts : tuple of (str, str)
        Word of the letter (kind, serial …) and value.
    marks : tuple of str
        Letter for letter.
    custody : tuple of (str, str, str, str)
        From whom, to whom, when, seen or inferred; empty text: not known.
    photographs : tuple of (str, bytes)
        Name and content.
    signed : str
    """

    request_id: str
    to_party: str
    thing: str
    on: date
    facts: tuple[tuple[str, str], ...]
    marks: tuple[str, ...]
    custody: tuple[tuple[str, str, str, str], ...]
    photographs: tuple[tuple[str, bytes], ...] = ()
    signed: str = ""

    @property
    def due_on(self) -> date:
        """The last day of the 28 for an answer."""
        return self.on + timedelta(days=ANSWER_DAYS)


@cache
def letter_words(language: str) -> Mapping[str, Any]:
    """Which words has a letter in this language?

    Parameters
    ----------
    language : str
        "en" or "uk".

    Returns
    -------
    mapping

    Raises
    ------
    UnknownName
        There is no letter in it.

    Notes
    -----
    *Assumes:* a person reads the letter before it goes out.
    *Not for:* other documents.

    Examples
    --------
    >>> letter_words("uk")["to"]
    'Кому'
    """
    if language not in LANGUAGES:
        raise UnknownName("language of letters", language, LANGUAGES)
    return tomllib.loads((resources.files("taggant.tracing") / "letters" / f"{language}.toml").read_text("utf-8"))


def letter_parts(request: TraceRequest, *, language: str) -> list[tuple[str, Any]]:
    """What stands in the letter, in order: headings, paragraphs, tables and lists?

    Parameters
    ----------
    request : TraceRequest
    language : str

    Returns
    -------
    list of (kind, content)
        "title", "head" (pairs), "heading", "text", "pairs", "list", "rows".

    Notes
    -----
    *Assumes:* values are as the case has them; nothing is completed.
    *Not for:* layout: `write_pdf` and `write_docx`.

    Examples
    --------
    >>> asked = TraceRequest(request_id="rq-1", to_party="A", thing="x", on=date(2024, 6, 1), facts=(), marks=(),
    ...                      custody=())
    >>> [content for kind, content in letter_parts(asked, language="en") if kind == "title"]
    ['Trace request rq-1']
    """
    w = letter_words(language)
    return [
        ("title", w["title"].format(request=request.request_id)),
        ("pairs", [(w["to"], request.to_party), (w["date"], request.on.isoformat()), (w["about"], request.thing)]),
        ("text", w["greeting"]),
        ("text", w["opening"]),
        ("text", w["no_inference"]),
        ("heading", w["thing"]),
        ("pairs", [(w[name], value) for name, value in request.facts]),
        ("heading", w["marks"]),
        ("marks", list(request.marks)) if request.marks else ("text", w["marks_none"]),
        ("heading", w["custody"]),
        (
            "rows",
            [
                (giver or w["unknown"], "→", taker or w["unknown"], when or w["unknown"], w[manner])
                for giver, taker, when, manner in request.custody
            ],
        )
        if request.custody
        else ("text", w["custody_none"]),
        ("heading", w["photographs"]),
        ("list", [name for name, _ in request.photographs]) if request.photographs else ("text", w["photographs_none"]),
        ("heading", w["questions_heading"]),
        ("numbered", list(w["questions"])),
        ("heading", w["use_heading"]),
        ("text", w["use"]),
        ("text", w["days"].format(days=ANSWER_DAYS, due=request.due_on.isoformat())),
        ("text", w["reply"].format(days=REPLY_DAYS)),
        ("text", w["confidential"]),
        ("text", w["closing"]),
        ("text", request.signed),
    ]


def register_row(request: TraceRequest) -> dict[str, str]:
    """Which row of requests.csv notes that the letter goes out?

    Parameters
    ----------
    request : TraceRequest

    Returns
    -------
    dict
        Sent on the day of the letter; what came of it stays empty until something comes.

    Notes
    -----
    *Assumes:* the letter goes out on its day: correct the row otherwise.
    *Not for:* answers: type them when they come.

    Examples
    --------
    >>> asked = TraceRequest(request_id="rq-1", to_party="A", thing="x", on=date(2024, 6, 1), facts=(), marks=(),
    ...                      custody=())
    >>> register_row(asked)["sent"]
    '2024-06-01'
    """
    row = dict.fromkeys(REGISTER, "")
    return row | {
        "request_id": request.request_id, "to_party": request.to_party, "about": request.thing,
        "sent": request.on.isoformat(), "confidential": "no",
    }  # fmt: skip


def write_pack(request: TraceRequest, folder: Path, *, languages: Sequence[str] = LANGUAGES) -> list[Path]:
    """Write the pack: letters as PDF and as documents, marks, custody, photographs, the row of the register.

    Parameters
    ----------
    request : TraceRequest
    folder : Path
        Must not hold a pack already.
    languages : sequence of str

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    InputError
        The folder holds something.

    Notes
    -----
    *Assumes:* a person reads it before it goes out.
    *Not for:* sending.

    Examples
    --------
    See `taggant request`.
    """
    from taggant.tracing.letter_files import write_docx, write_pdf

    if folder.exists() and any(folder.iterdir()):
        raise InputError(f"{str(folder)!r} holds something already", next="Name a folder that is new: --out FOLDER")
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for language in languages:
        parts = letter_parts(request, language=language)
        title = letter_words(language)["title"].format(request=request.request_id)
        for ending, write in (("pdf", write_pdf), ("docx", write_docx)):
            path = folder / f"letter-{language}.{ending}"
            write(parts, path, language=language, title=title, on=request.on)
            written.append(path)
    columns = ("from", "to", "on", "shown_as")
    hands = [dict(zip(columns, link, strict=True)) for link in request.custody]
    asked = {code: list(letter_words(code)["questions"]) for code in languages}
    for name, text in (
        ("register.csv", _csv(REGISTER, [register_row(request)])),
        ("custody.csv", _csv(columns, hands)),
        ("marks.txt", "".join(f"{m}\n" for m in request.marks)),
        ("questions.json", json.dumps(asked, ensure_ascii=False, indent=2)),
    ):
        (folder / name).write_text(text, encoding="utf-8")
        written.append(folder / name)
    if request.photographs:
        (folder / "photographs").mkdir()
    for name, content in request.photographs:
        path = folder / "photographs" / Path(name).name
        path.write_bytes(content)
        written.append(path)
    return written


def _csv(head: Sequence[str], rows: Sequence[Mapping[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, head)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
