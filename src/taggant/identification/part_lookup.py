"""Part numbers looked up in the families we ship and in catalogues a user brings.

Invariant: a hit is a suggestion with its reason; what a machine may take for the same part is said by the index alone.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from taggant.errors import InputError
from taggant.identification.mark_parts import family_in
from taggant.model.result import Json
from taggant.reference import PartFamily, load_makers
from taggant.writing.part_index import PartHit, PartIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueRow:
    """One part of a catalogue: its number, whose it is, what it does, and where it stands."""

    part: str
    maker: str | None
    description: str | None
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedUp:
    """What was found for one text."""

    text: str
    family: PartFamily | None
    hits: tuple[tuple[PartHit, CatalogueRow], ...]

    @property
    def family_maker(self) -> str | None:
        """The maker whose family it fits; None: nobody's, or none fits."""
        wanted = self.family.maker_id if self.family is not None else None
        return next((m.name for m in load_makers() if m.maker_id == wanted), None)

    @property
    def family_words(self) -> str:
        """The family in words."""
        if self.family is None:
            return "none is known that it fits"
        return f"{self.family.function}, {self.family_maker or 'several houses make it'} ({self.family.status})"

    def as_json(self) -> Json:
        """Give it as `taggant part --json` prints it."""
        family: Json = None
        if self.family is not None:
            family = {
                "pattern": self.family.pattern.pattern,
                "maker": self.family_maker,
                "function": self.family.function,
                "status": self.family.status,
                "source_url": self.family.source_url,
            }
        hits: list[Json] = [
            {
                "part": h.part,
                "maker": row.maker,
                "description": row.description,
                "score": h.score,
                "how": h.how,
                "differs": list(h.differs),
                "may_match": h.may_match,
                "where": row.where,
            }
            for h, row in self.hits
        ]
        return {"text": self.text, "family": family, "hits": hits}


def read_catalogue(path: Path) -> list[CatalogueRow]:
    """Which parts does this catalogue hold?

    Parameters
    ----------
    path : Path
        A CSV file in UTF-8 with a column ``part`` (or ``part_number``); ``maker`` and ``description`` are taken over.

    Returns
    -------
    list of CatalogueRow
        Rows without a number are left out.

    Raises
    ------
    InputError
        The file cannot be read, or has no such column.

    Notes
    -----
    *Assumes:* one part a row. *Not for:* workbooks; save the sheet as CSV.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            names = {(n or "").strip().casefold(): n for n in reader.fieldnames or ()}
            column = names.get("part") or names.get("part_number")
            if column is None:
                raise InputError(
                    f"the catalogue has no column part; it has {', '.join(names) or 'none'}",
                    where=str(path),
                    so_what="Its numbers cannot be looked up",
                    next="Name the column of the numbers `part`",
                )
            maker, words = names.get("maker") or names.get("manufacturer"), names.get("description")
            return [
                CatalogueRow(
                    part=row[column].strip(),
                    maker=(row[maker] or "").strip() or None if maker else None,
                    description=(row[words] or "").strip() or None if words else None,
                    where=f"{path.name}#row={reader.line_num}",
                )
                for row in reader
                if (row[column] or "").strip()
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as err:
        raise InputError(
            f"the catalogue cannot be read: {err}",
            where=str(path),
            so_what="No part is looked up in it",
            next="Give a CSV file in UTF-8",
        ) from err


def look_up(texts: Sequence[str], catalogue: Sequence[CatalogueRow], *, most: int = 10) -> tuple[LookedUp, ...]:
    """Which family does each text fit, and which parts of the catalogue may it be?

    Parameters
    ----------
    texts : sequence of str
        Part numbers as read.
    catalogue : sequence of CatalogueRow
        None: only families are told.
    most : int
        No more hits than this for each.

    Returns
    -------
    tuple of LookedUp
        One a text, in order.

    Notes
    -----
    *Assumes:* one part a text. *Not for:* whole marks (`decode`).

    Examples
    --------
    >>> row = CatalogueRow(part="LM5176PWPR", maker="Texas Instruments", description=None, where="mine.csv#row=2")
    >>> look_up(["LM5I76PWPR"], [row])[0].hits[0][0].how
    'confusion'
    """
    index = PartIndex([row.part for row in catalogue])
    return tuple(
        LookedUp(
            text=text,
            family=family_in(text.strip()),
            hits=tuple((h, catalogue[h.row]) for h in index.search(text, most=most)) if catalogue else (),
        )
        for text in texts
    )
