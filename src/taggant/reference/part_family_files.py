"""Which beginnings of part numbers tell the maker, and what such parts do: one row a family.

Invariant: a family that several houses make under one number names no maker. Tiers are looked up, never copied.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from taggant.reference.chpl_files import chpl_tier
from taggant.reference.citation import STATUSES
from taggant.reference.entries import Entry, csv_entries, folder_of
from taggant.reference.maker_files import load_makers

_FILE = "part_families.csv"
_COLUMNS = (
    "pattern",
    "maker_id",
    "function",
    "launched_on",
    "hs_code",
    "hs_basis",
    "source_url",
    "retrieved",
    "status",
    "note",
)
_FIXED = re.compile(r"(?:[A-Za-z0-9 -](?![?*{]))*")
"""What every part of a family begins with: letters and digits up to the first one that may be missing or vary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartFamily:
    """Parts whose number begins alike.

    Attributes
    ----------
    pattern : re.Pattern
        Matches from the start of one piece of a marking.
    maker_id : str or None
        Whose they are; None: several houses make them under one number, so that the number tells no maker.
    function : str
        What they do.
    launched_on : date or None
        The first day such a part can have existed; None: not known.
    hs_code : str or None
        Six digits, HS 2022; None: not decided.
    hs_basis : str or None
        What the code rests on, in words; given when the code is.
    source_url, retrieved, status : str
        The page that shows family and maker together; `documented`, `secondary` or `inferred`.
    note : str or None
        What else the row rests on.
    """

    pattern: re.Pattern[str]
    maker_id: str | None
    function: str
    launched_on: date | None
    hs_code: str | None
    hs_basis: str | None
    source_url: str
    retrieved: str
    status: str
    note: str | None

    @property
    def is_generic(self) -> bool:
        """Whether several houses make it, so that the number tells no maker."""
        return self.maker_id is None

    @property
    def chpl_tier(self) -> str | None:
        """The tier of its HS code on the Common High Priority List; None: no code, or not on the list."""
        return chpl_tier(self.hs_code)


def load_part_families(*, folder: Path | None = None) -> tuple[PartFamily, ...]:
    r"""Which part families are known, whose are they, and what do they do?

    Parameters
    ----------
    folder : Path, optional
        A folder with `part_families.csv` and `makers.csv`; the packaged one when left out.

    Returns
    -------
    tuple of PartFamily
        Longest fixed beginning first, so that the first that matches is the most exact.

    Raises
    ------
    InputError
        A column is missing or unknown, a pattern is no regular expression or stands twice, a maker is not in
        `makers.csv`, a code is not six digits or has no basis, or a row has no page or no status.

    Notes
    -----
    Assumes: parts bear genuine numbers. HS codes follow the function and are our reading, not a customs ruling.
    Not for: full part numbers, grades, packages.

    Examples
    --------
    >>> next(f.maker_id for f in load_part_families() if f.pattern.match("VP230"))
    'texas-instruments'
    >>> next(f.is_generic for f in load_part_families() if f.pattern.match("LM258"))
    True
    """
    return _packaged() if folder is None else _read(folder)


def family_of(word: str) -> PartFamily | None:
    """Which packaged part family does this word fit best?

    Parameters
    ----------
    word : str
        One piece of a marking, letter for letter.

    Returns
    -------
    PartFamily or None
        The family with the longest fixed beginning; None: no family fits.

    Notes
    -----
    *Assumes:* the word begins with the part number. *Not for:* mending letters (`identification.part_index`).

    Examples
    --------
    >>> family_of("TMS320F28335PGFA").maker_id
    'texas-instruments'
    >>> family_of("2217") is None
    True
    """
    return _family_of(word)


@lru_cache(maxsize=65536)
def _family_of(word: str) -> PartFamily | None:
    by_first, anywhere = _by_first()
    fitting = (*by_first.get(word[:1], ()), *anywhere)
    found = [(n, f) for n, f in fitting if f.pattern.match(word)]
    return min(found, key=lambda pair: pair[0])[1] if found else None


@cache
def _by_first() -> tuple[dict[str, tuple[tuple[int, PartFamily], ...]], tuple[tuple[int, PartFamily], ...]]:
    """Families by the one letter they must begin with, and those that may begin with several."""
    by_first: dict[str, list[tuple[int, PartFamily]]] = {}
    anywhere: list[tuple[int, PartFamily]] = []
    for n, family in enumerate(_packaged()):
        fixed = _FIXED.match(family.pattern.pattern)
        first = fixed[0][:1] if fixed and "|" not in family.pattern.pattern.split("(")[0] else ""
        (by_first.setdefault(first, []) if first else anywhere).append((n, family))
    return {first: tuple(of) for first, of in by_first.items()}, tuple(anywhere)


@cache
def _packaged() -> tuple[PartFamily, ...]:
    return _read(None)


def _read(folder: Path | None) -> tuple[PartFamily, ...]:
    makers = {m.maker_id for m in load_makers(folder=folder)}
    families: dict[str, PartFamily] = {}
    for entry in csv_entries(folder_of(folder) / _FILE, _COLUMNS):
        family = _family(entry, makers)
        if family.pattern.pattern in families:
            raise entry.refuse("the pattern stands twice", "Keep one row")
        families[family.pattern.pattern] = family
    return tuple(sorted(families.values(), key=_exactness))


def _exactness(family: PartFamily) -> tuple[int, int, str]:
    pattern = family.pattern.pattern
    fixed = _FIXED.match(pattern)
    return (-len(fixed[0] if fixed else ""), -len(pattern), pattern)


def _family(entry: Entry, makers: set[str]) -> PartFamily:
    text = entry.text("pattern")
    entry.named(text)
    maker_id = entry.maybe_text("maker_id")
    if maker_id is not None and maker_id not in makers:
        raise entry.refuse(f"no maker has the id {maker_id!r}", "Add it to makers.csv, or correct the id")
    try:
        pattern = re.compile(text, re.ASCII)
    except re.error as err:
        raise entry.refuse(f"the pattern cannot be read: {err}", "Write a Python regular expression") from err
    if pattern.match(""):
        raise entry.refuse("the pattern matches nothing at all", "Let it fix at least one character")
    hs_code, hs_basis = entry.maybe_text("hs_code"), entry.maybe_text("hs_basis")
    if (hs_code is None) != (hs_basis is None) or (hs_code and not re.fullmatch("[0-9]{6}", hs_code)):
        raise entry.refuse(
            f"hs_code {hs_code!r} with basis {hs_basis!r}", "Write six digits and what they rest on, or neither"
        )
    return PartFamily(
        pattern=pattern,
        maker_id=maker_id,
        function=entry.text("function"),
        launched_on=entry.day("launched_on") if entry.has("launched_on") else None,
        hs_code=hs_code,
        hs_basis=hs_basis,
        source_url=entry.url("source_url"),
        retrieved=entry.text("retrieved"),
        status=entry.one_of("status", STATUSES),
        note=entry.maybe_text("note"),
    )
