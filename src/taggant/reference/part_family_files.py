"""Which beginnings of part numbers tell the maker: one row a family."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from taggant.reference.citation import STATUSES
from taggant.reference.entries import folder_of, refusal, text_of
from taggant.reference.maker_files import load_makers

_FILE = "part_families.csv"
_COLUMNS = ("pattern", "maker_id", "function", "launched_on", "source_url", "retrieved", "status", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class PartFamily:
    """Parts whose number begins alike and that one maker makes.

    Attributes
    ----------
    pattern : re.Pattern
        Matches from the start of one piece of a marking.
    maker_id : str
        Whose they are.
    function : str or None
        What they do.
    launched_on : date or None
        The first day such a part can have existed; None: not known.
    source_url, retrieved, status, note : str
        The page the row rests on; `documented`, `secondary` or `inferred`.
    """

    pattern: re.Pattern[str]
    maker_id: str
    function: str | None
    launched_on: date | None
    source_url: str
    retrieved: str
    status: str
    note: str | None


def load_part_families(*, folder: Path | None = None) -> tuple[PartFamily, ...]:
    r"""Which part families are known?

    Parameters
    ----------
    folder : Path, optional
        A folder with `part_families.csv`; the packaged one when left out.

    Returns
    -------
    tuple of PartFamily
        Longest pattern first, so that the first that matches is the most exact.

    Raises
    ------
    InputError
        A column is missing or unknown, a pattern is no regular expression, a maker is not in `makers.csv`, a source or
        status is missing, or a pattern stands twice.

    Notes
    -----
    Assumes: one maker a family. Families that several houses make under one number (LM258, ULN2004, TL431) are left out
    on purpose: they tell no maker. Not for: full part numbers, grades, packages.

    Examples
    --------
    >>> next(f.maker_id for f in load_part_families() if f.pattern.match("VP230"))
    'texas-instruments'
    """
    return _packaged() if folder is None else _read(folder)


@cache
def _packaged() -> tuple[PartFamily, ...]:
    return _read(None)


def _read(folder: Path | None) -> tuple[PartFamily, ...]:
    rows = list(csv.reader(io.StringIO(text_of(folder_of(folder) / _FILE)), strict=True))
    header = tuple(rows[0]) if rows else ()
    if header != _COLUMNS:
        raise refusal(f"the columns are {', '.join(header)}", where=_FILE, next=f"Write {', '.join(_COLUMNS)}")
    makers = {m.maker_id for m in load_makers(folder=folder)}
    families: dict[str, PartFamily] = {}
    for n, row in enumerate(rows[1:], start=2):
        where = f"{_FILE} · row {n}"
        if len(row) != len(_COLUMNS):
            raise refusal(f"the row has {len(row)} cells", where=where, next=f"Give {len(_COLUMNS)} cells")
        cell = dict(zip(_COLUMNS, row, strict=True))
        if cell["pattern"] in families:
            raise refusal(f"the pattern {cell['pattern']!r} stands twice", where=where, next="Keep one row")
        if cell["maker_id"] not in makers:
            raise refusal(f"no maker has the id {cell['maker_id']!r}", where=where, next="Add it to makers.csv")
        if cell["status"] not in STATUSES or not cell["source_url"].startswith(("https://", "http://")):
            raise refusal("the row has no status or no source", where=where, next="Name the page it rests on")
        families[cell["pattern"]] = _family(cell, where)
    return tuple(sorted(families.values(), key=lambda f: (-len(f.pattern.pattern), f.pattern.pattern)))


def _family(cell: dict[str, str], where: str) -> PartFamily:
    try:
        pattern = re.compile(cell["pattern"], re.ASCII)
        launched_on = date.fromisoformat(cell["launched_on"]) if cell["launched_on"] else None
    except (re.error, ValueError) as err:
        raise refusal(f"a cell cannot be read: {err}", where=where, next="Write a pattern and an ISO day") from err
    return PartFamily(
        pattern=pattern,
        maker_id=cell["maker_id"],
        function=cell["function"] or None,
        launched_on=launched_on,
        source_url=cell["source_url"],
        retrieved=cell["retrieved"],
        status=cell["status"],
        note=cell["note"] or None,
    )
