"""Readings of the photographs a case holds, as suggestions with their places.

Invariant: a reading names its exhibit and region and is nobody's word until it is judged.
"""

from __future__ import annotations

from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from taggant.identification.photo_batch import read_batch
from taggant.model.derived_tables import DERIVED
from taggant.model.finding import Answer
from taggant.model.tables import frame_schema

if TYPE_CHECKING:
    from taggant.model.tables import Table

_IMAGES = ("image/jpeg", "image/png", "image/tiff", "image/webp", "image/bmp", "image/gif")


def read_photographs(*, exhibit: Table, photo: Table, as_of: date | None, exhibits: Path) -> Answer:
    """What is marked on the things in the photographs of this case?

    Parameters
    ----------
    exhibit, photo : Table
        As declared in `model`.
    as_of : date or None
        Not used: what stands on a photograph does not hang on the day asked.
    exhibits : Path
        The folder of exhibits.

    Returns
    -------
    Answer
        Table `reading`: a row a line or barcode; a photograph of which nothing was read has one row that says why.

    Notes
    -----
    Assumes: a photograph shows the item that photos.csv names.
    Not for: deciding: each row is a suggestion of the kind `reading`.
    """
    del as_of
    shows = {row["file"]: row for row in photo.collect().iter_rows(named=True)}
    held = exhibit.filter(pl.col("media_type").is_in(_IMAGES)).collect().sort("exhibit_id")
    paths: list[Path] = []
    rows: list[dict[str, Any]] = []
    for row in held.iter_rows(named=True):
        digest = row["exhibit_id"].removeprefix("sha256:")
        path = exhibits / digest[:2] / digest
        base = {**_EMPTY, "exhibit": row["exhibit_id"], "file": row["file"], **_shown(shows.get(row["file"]))}
        if not path.is_file():
            rows.append({**base, "reading_id": f"{digest[:16]}-0", "state": "not read", "why": "its file is not here"})
        elif find_spec("rapidocr") is None:
            why = "reading photographs needs the optional part 'ocr': pip install 'taggant[ocr]'"
            rows.append({**base, "reading_id": f"{digest[:16]}-0", "state": "not read", "why": why})
        else:
            paths.append(path)
            rows.append(base)
    read = {one["sha256"]: one for one in read_batch(paths, kept=exhibits.parent / "runs" / "photographs")}
    done: list[dict[str, Any]] = []
    for base in rows:
        if base["state"] is not None:
            done.append(base)
            continue
        digest = base["exhibit"].removeprefix("sha256:")
        done += _rows(base, digest, read[digest])
    return Answer({"reading": pl.DataFrame(done, schema=frame_schema(DERIVED["reading"]))})


_EMPTY: dict[str, Any] = dict.fromkeys(DERIVED["reading"].names)


def _shown(row: dict[str, Any] | None) -> dict[str, Any]:
    return {} if row is None else {name: row[name] for name in ("item_id", "component_id", "source_id")}


def _rows(base: dict[str, Any], digest: str, one: dict[str, Any]) -> list[dict[str, Any]]:
    if one["skipped"] is not None:
        why = f"{one['skipped']['what']}; {one['skipped']['next']}"
        return [{**base, "reading_id": f"{digest[:16]}-0", "state": "not read", "why": why}]
    found = [
        {
            **base, "reading_id": f"{digest[:16]}-{n}", "state": "read", "sort": "line", "block": line["block"],
            "line": line["line"], "text": line["suggested"], "first_text": line["text"],
            "second_text": None if line["second"] is None else line["second"]["text"],
            "script": None if not line["scripts"] else line["scripts"][0], "confidence": line["confidence"],
            "region": line["region"], "reader": one["reader"],
        }
        for n, line in enumerate(one["lines"], start=1)
    ]  # fmt: skip
    found += [
        {
            **base, "reading_id": f"{digest[:16]}-b{n}", "state": "read", "sort": "barcode",
            "text": "".join(c if c.isprintable() else "·" for c in code["text"]), "first_text": code["symbology"],
            "second_text": ", ".join(f"{f['meaning']} {f['value']}" for f in code["fields"]) or None,
            "region": code["region"], "reader": one["reader"],
        }
        for n, code in enumerate(one["barcodes"], start=1)
    ]  # fmt: skip
    return found or [{**base, "reading_id": f"{digest[:16]}-0", "state": "not read", "why": "no mark was found on it"}]
