"""Countries by their two letters, as ISO 3166-1 has them, and the letters nobody is ever given.

Invariant: the codes are those of the standard; names are short forms in English for reading, no statement on status.
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

_FILE = "countries.csv"
_COLUMNS = ("code", "name", "source_url", "retrieved", "status", "note")
_USER_ASSIGNED = re.compile("X[A-Z]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """One code of ISO 3166-1 alpha-2.

    Attributes
    ----------
    code, name : str
        Two capital letters; a short name in English.
    source_url, retrieved, status : str
        The page of the standard; how the row came about; `documented`, `secondary` or `inferred`.
    note : str or None
        What else is to be known.
    """

    code: str
    name: str
    source_url: str
    retrieved: str
    status: str
    note: str | None


def load_countries(*, folder: Path | None = None) -> tuple[Country, ...]:
    """Which country codes are there?

    Parameters
    ----------
    folder : Path, optional
        A folder with `countries.csv`; the packaged one when left out.

    Returns
    -------
    tuple of Country
        By code. The packaged list is read once.

    Raises
    ------
    InputError
        A column is missing or unknown, a code is not two capitals, is user-assigned (XA to XZ), or stands twice.

    Notes
    -----
    Assumes: the 249 codes officially assigned. Not for: withdrawn codes, subdivisions, questions of recognition.

    Examples
    --------
    >>> len(load_countries())
    249
    """
    return _packaged() if folder is None else _read(folder)


def country_name(code: str) -> str | None:
    """What is this country code called?

    Parameters
    ----------
    code : str
        Two letters as typed.

    Returns
    -------
    str or None
        The short name; words saying so for the user-assigned codes XA to XZ, which cases use for invented or
        unrecognised places; None: there is no such code.

    Notes
    -----
    Assumes: capitals. Not for: guessing (`UK` is not `GB`).

    Examples
    --------
    >>> country_name("IR"), country_name("XA"), country_name("UK") is None
    ('Iran', 'user-assigned (invented or unrecognised)', True)
    """
    if _USER_ASSIGNED.fullmatch(code):
        return "user-assigned (invented or unrecognised)"
    return _names().get(code)


@cache
def _packaged() -> tuple[Country, ...]:
    return _read(None)


@cache
def _names() -> Mapping[str, str]:
    return MappingProxyType({c.code: c.name for c in _packaged()})


def _read(folder: Path | None) -> tuple[Country, ...]:
    found: dict[str, Country] = {}
    for entry in csv_entries(folder_of(folder) / _FILE, _COLUMNS):
        code = entry.text("code")
        entry.named(code)
        if not re.fullmatch("[A-Z]{2}", code) or _USER_ASSIGNED.fullmatch(code):
            raise entry.refuse(f"code {code!r}", "Write two capital letters; XA to XZ are never assigned")
        if code in found:
            raise entry.refuse("the code stands twice", "Keep one row")
        found[code] = Country(
            code=code,
            name=entry.text("name"),
            source_url=entry.url("source_url"),
            retrieved=entry.text("retrieved"),
            status=entry.one_of("status", STATUSES),
            note=entry.maybe_text("note"),
        )
    return tuple(sorted(found.values(), key=lambda c: c.code))
