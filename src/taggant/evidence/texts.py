"""Texts and pictures of exhibits as tables, for whoever asks what a file says, and where.

Invariant: each exhibit is read once for each version of the readers; what was read is kept beside the runs and can
always be made again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import polars as pl

from taggant.evidence.bounded_reader import Answered, BoundedReader
from taggant.evidence.exhibit_reading import is_read, texts_of
from taggant.model.derived_tables import DERIVED
from taggant.model.finding import Answer
from taggant.model.tables import frame_schema

if TYPE_CHECKING:
    from taggant.model.tables import Table

NEAR_BITS = 8
"""Pictures whose hashes differ in at most so many of 64 bits are nearly the same: saved again, made smaller, turned."""

_FACTS = ("width", "height", "taken", "camera", "lat", "lon", "hashes")
_READERS = ("evidence/exhibit_reading.py", "evidence/image_reading.py", "evidence/mail.py", "evidence/bounds.py",
            "writing/decoding.py", "writing/telling_language.py")  # fmt: skip


def read_exhibits(*, exhibit: Table, as_of: date | None, exhibits: Path) -> Answer:
    """What do the files we hold say, line by line, and which pictures are nearly the same?

    Parameters
    ----------
    exhibit : Table
        As declared in `model`.
    as_of : date or None
        Not used: what a file says does not hang on the day asked.
    exhibits : Path
        The folder of exhibits.

    Returns
    -------
    Answer
        Tables `exhibit_reading`, `exhibit_text` and `near_duplicate`.

    Notes
    -----
    *Assumes:* readers of other people are fallible and attackable: they run in a process bounded in memory and time.
    *Not for:* letters in pictures: reading photographs is identification's.
    """
    del as_of
    readings: list[dict[str, Any]] = []
    texts: list[dict[str, Any]] = []
    rows = exhibit.collect().sort("exhibit_id")
    for row, stored in zip(rows.iter_rows(named=True), _read_all(rows.iter_rows(named=True), exhibits), strict=True):
        found = _row(row, stored)
        readings.append(found)
        if stored is not None and stored.get("reading"):
            texts += [{"exhibit_id": row["exhibit_id"], **line} for line in texts_of(stored["reading"])]
    near = near_duplicates({r["exhibit_id"]: r["hashes"] for r in readings if r["hashes"]})
    return Answer(
        {
            "exhibit_reading": pl.DataFrame(readings, schema=frame_schema(DERIVED["exhibit_reading"])),
            "exhibit_text": pl.DataFrame(texts, schema=frame_schema(DERIVED["exhibit_text"])),
            "near_duplicate": pl.DataFrame(near, schema=frame_schema(DERIVED["near_duplicate"])),
        }
    )


def _read_all(rows: Iterable[Mapping[str, Any]], exhibits: Path) -> Iterator[dict[str, Any] | None]:
    kept = exhibits.parent / "runs" / "readings"
    with BoundedReader() as reader:
        for row in rows:
            yield reading_of(row["exhibit_id"], row["media_type"] or "", exhibits, kept=kept, reader=reader)


def reading_of(
    exhibit_id: str, media_type: str, exhibits: Path, *, kept: Path, reader: BoundedReader
) -> dict[str, Any] | None:
    """What does this exhibit say? Read now, or as it was read before by the same readers.

    Returns
    -------
    dict or None
        ``reading`` (None: of a kind that is not read), ``why`` it was refused, ``seconds``, ``peak_bytes``. None: its
        file is not here.
    """
    digest = exhibit_id.removeprefix("sha256:")
    path = exhibits / digest[:2] / digest
    if not path.is_file():
        return None
    if not is_read(media_type):
        return {"reading": None, "why": None}
    place = kept / f"{digest}-{readers_digest()[:16]}"
    stored = _stored(place)
    if stored is None:
        stored = _plain(reader.read(path, media_type))
        _store(place, stored)
    return stored


def _plain(answered: Answered) -> dict[str, Any]:
    reading = None if answered.answer is None else answered.answer["reading"]
    return {"reading": reading, "why": answered.why, "seconds": answered.seconds, "peak_bytes": answered.peak_bytes}


def _stored(place: Path) -> dict[str, Any] | None:
    """What is kept, when it is whole: a digest stands before it."""
    try:
        digest, _, content = place.read_bytes().partition(b"\n")
    except OSError:
        return None
    if hashlib.sha256(content).hexdigest().encode() != digest:
        return None
    found: dict[str, Any] = orjson.loads(content)
    return found


def _store(place: Path, stored: Mapping[str, Any]) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    content = orjson.dumps(stored)
    aside = place.with_name(f".{place.name}")
    aside.write_bytes(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)
    aside.replace(place)


@cache
def readers_digest() -> str:
    """Which sha256 has the source of the readers? A changed reader reads anew."""
    whole = hashlib.sha256()
    root = Path(str(files("taggant")))
    for name in _READERS:
        whole.update((root / name).read_bytes())
    return whole.hexdigest()


def _row(row: Mapping[str, Any], stored: Mapping[str, Any] | None) -> dict[str, Any]:
    base = {name: row[name] for name in ("exhibit_id", "file", "media_type")}
    if stored is None:
        return {**base, "state": "not held", "hashes": None}
    reading = stored.get("reading")
    if reading is None:
        why = stored.get("why")
        return {**base, "state": "not read" if why is None else "refused", "notes": why and [why], "hashes": None}
    lines = reading["lines"]
    return {
        **base,
        "state": "partly" if any(_is_loss(n) for n in reading["notes"]) else "read",
        **{n: reading[n] for n in ("method", "n_pages", "encoding", "language", "language_why", "script")},
        "notes": reading["notes"] or None,
        "n_lines": len(lines),
        "n_chars": sum(len(text) for _, text, _ in lines) + max(len(lines) - 1, 0),
        **{name: reading["facts"].get(name) for name in _FACTS},
    }


def _is_loss(note: str) -> bool:
    return any(
        word in note
        for word in (
            "only the first",
            "cannot be",
            "declares",
            "no letters in",
            "without text",
            "no text was found",
            "not opened",
        )
    )


def near_duplicates(hashes: Mapping[str, Sequence[str]], *, bits: int = NEAR_BITS) -> list[dict[str, Any]]:
    """Which of these pictures are nearly the same, in some turn?

    Parameters
    ----------
    hashes : mapping of str to sequence of four str
        Exhibit → perceptual hashes in hexadecimal: upright, and turned by a quarter, a half, three quarters.
    bits : int
        At most so many of 64 bits differ.

    Returns
    -------
    list of dict
        Rows of table `near_duplicate`, nearest first.

    Notes
    -----
    *Assumes:* copies differ in size, compression or turn. By chance two of 64 random bits differ in 32.
    *Not for:* saying that two photographs show one thing from two sides.

    Examples
    --------
    >>> near_duplicates({"a": ["0f"] * 4, "b": ["0e"] * 4, "c": ["ffffffffffffffff"] * 4})
    [{'exhibit_id': 'a', 'other_exhibit_id': 'b', 'distance': 1, 'turned_degrees': 0}]
    """
    names = sorted(hashes)
    every = np.array([[int(h, 16) for h in hashes[name]] for name in names], dtype=np.uint64).reshape(-1, 4)
    found: list[dict[str, Any]] = []
    for at, name in enumerate(names):
        differ = np.bitwise_count(every[at, 0] ^ every[at + 1 :])
        for other in np.flatnonzero(differ.min(axis=1) <= bits) if len(differ) else ():
            turn = int(differ[other].argmin())
            found.append(
                {
                    "exhibit_id": name,
                    "other_exhibit_id": names[at + 1 + other],
                    "distance": int(differ[other, turn]),
                    # `turn` quarters bring the other to the first: it is turned the other way.
                    "turned_degrees": (360 - 90 * turn) % 360,
                }
            )
    return sorted(found, key=lambda row: (row["distance"], row["exhibit_id"], row["other_exhibit_id"]))
