"""The Common High Priority List: which HS codes are watched most, in which tier.

Invariant: a tier stands here and nowhere else; part families are joined to it by their HS code.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from taggant.reference.citation import STATUSES
from taggant.reference.entries import csv_entries, folder_of

_FILE = "chpl.csv"
_COLUMNS = ("hs_code", "tier", "description", "source_url", "other_url", "retrieved", "status", "note")
CHPL_TIERS = ("1", "2", "3A", "3B", "4A", "4B")
"""From most to least critical, as the list orders them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChplCode:
    """One HS code of the list.

    Attributes
    ----------
    hs_code : str
        Six digits, HS 2022.
    tier : str
        One of `CHPL_TIERS`.
    description : str
        What the code covers, shortened.
    source_url, other_url : str, str or None
        The page of the list; a second publisher of the same codes.
    retrieved, status : str
        When and how it was read; `documented`, `secondary` or `inferred`.
    note : str or None
        What else is to be known.
    """

    hs_code: str
    tier: str
    description: str
    source_url: str
    other_url: str | None
    retrieved: str
    status: str
    note: str | None


def load_chpl(*, folder: Path | None = None) -> tuple[ChplCode, ...]:
    """Which HS codes are on the Common High Priority List, and in which tier?

    Parameters
    ----------
    folder : Path, optional
        A folder with `chpl.csv`; the packaged one when left out.

    Returns
    -------
    tuple of ChplCode
        In the order of the file. The packaged list is read once.

    Raises
    ------
    InputError
        A column is missing or unknown, a code is not six digits or stands twice, or a tier is not known.

    Notes
    -----
    Assumes: HS 2022. Not for: trade data in an older revision without a concordance; what is licensed or forbidden.

    Examples
    --------
    >>> {c.hs_code: c.tier for c in load_chpl()}["854231"]
    '1'
    """
    return _packaged() if folder is None else _read(folder)


def chpl_tier(hs_code: str | None) -> str | None:
    """In which tier is this HS code?

    Parameters
    ----------
    hs_code : str or None
        Six digits, HS 2022.

    Returns
    -------
    str or None
        None: the code is not known, or not on the list.

    Notes
    -----
    Assumes: the packaged list. Not for: codes of more than six digits.

    Examples
    --------
    >>> chpl_tier("854232"), chpl_tier("840710") is None
    ('1', True)
    """
    return None if hs_code is None else _tiers().get(hs_code)


@cache
def _packaged() -> tuple[ChplCode, ...]:
    return _read(None)


@cache
def _tiers() -> Mapping[str, str]:
    return MappingProxyType({c.hs_code: c.tier for c in _packaged()})


def _read(folder: Path | None) -> tuple[ChplCode, ...]:
    codes: dict[str, ChplCode] = {}
    for entry in csv_entries(folder_of(folder) / _FILE, _COLUMNS):
        hs_code = entry.text("hs_code")
        entry.named(hs_code)
        if not re.fullmatch("[0-9]{6}", hs_code):
            raise entry.refuse(f"hs_code {hs_code!r}", "Write six digits without dots")
        if hs_code in codes:
            raise entry.refuse("the code stands twice", "Keep one row")
        codes[hs_code] = ChplCode(
            hs_code=hs_code,
            tier=entry.one_of("tier", CHPL_TIERS),
            description=entry.text("description"),
            source_url=entry.url("source_url"),
            other_url=entry.maybe_url("other_url"),
            retrieved=entry.text("retrieved"),
            status=entry.one_of("status", STATUSES),
            note=entry.maybe_text("note"),
        )
    return tuple(codes.values())
