"""An entry of a list, as every reader gives it.

Invariant: a value is as the list has it, trimmed; a country is two letters where the reference knows the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from taggant.reference import load_countries

_MONTHS = {
    m: n
    for n, m in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing listed.

    Attributes
    ----------
    entity : str
        Its number or name in the list.
    kind : str or None
        "organisation", "person", "vessel", "aircraft"; None: the list does not say.
    names : tuple of str
        First the main one.
    countries, identifiers, programmes : tuple of str
        Identifiers are `scheme:value`.
    listed_on, delisted_on : date or None
    row : int
        Row of the file; for XML and JSON the number of the entry.
    """

    entity: str
    kind: str | None
    names: tuple[str, ...]
    countries: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    listed_on: date | None = None
    delisted_on: date | None = None
    row: int


def kind_of(text: str | None) -> str | None:
    """Which of our four kinds does a list mean?

    Parameters
    ----------
    text : str or None
        The list's word: individual, entity, Company, P, ship…

    Returns
    -------
    str or None

    Notes
    -----
    *Assumes:* a word not known here says nothing.
    *Not for:* guessing from a name.

    Examples
    --------
    >>> kind_of("Individual"), kind_of("LegalEntity"), kind_of("Ship"), kind_of("thing")
    ('person', 'organisation', 'vessel', None)
    """
    word = (text or "").strip().casefold()
    for kind, words in _KINDS.items():
        if word in words:
            return kind
    return None


_KINDS = {
    "person": {"individual", "person", "p", "individuals", "natural person"},
    "organisation": {
        "entity", "company", "organization", "organisation", "legalentity", "publicbody", "enterprise", "e", "entities",
        "legal entity", "group", "government", "firm", "institution",
    },
    "vessel": {"vessel", "ship", "vessels", "ships"},
    "aircraft": {"aircraft", "airplane"},
}  # fmt: skip


@cache
def _codes() -> dict[str, str]:
    found: dict[str, str] = {}
    for country in load_countries():
        for name in (country.name, country.code):
            found.setdefault(name.casefold(), country.code)
    for name, code in (
        ("russia", "RU"), ("russian federation", "RU"), ("iran", "IR"), ("iran (islamic republic of)", "IR"),
        ("north korea", "KP"), ("korea, north", "KP"), ("democratic people's republic of korea", "KP"), ("syria", "SY"),
        ("syrian arab republic", "SY"), ("turkey", "TR"), ("türkiye", "TR"), ("united arab emirates", "AE"),
        ("united kingdom", "GB"), ("china", "CN"), ("hong kong", "HK"), ("vietnam", "VN"), ("burma", "MM"),
        ("venezuela", "VE"), ("bolivia", "BO"), ("tanzania", "TZ"), ("moldova", "MD"), ("south korea", "KR"),
        ("korea, south", "KR"), ("united states", "US"), ("usa", "US"), ("uae", "AE"), ("laos", "LA"), ("taiwan", "TW"),
    ):  # fmt: skip
        found.setdefault(name, code)
    return found


def country_of(text: str | None) -> str | None:
    """Which country does a list mean: two letters, or the list's own words when nobody knows them?

    Parameters
    ----------
    text : str or None

    Returns
    -------
    str or None

    Notes
    -----
    *Assumes:* English names, or codes.
    *Not for:* addresses.

    Examples
    --------
    >>> country_of("Iran (Islamic Republic of)"), country_of("RU"), country_of("Freedonia"), country_of(" ")
    ('IR', 'RU', 'Freedonia', None)
    """
    word = (text or "").strip()
    if not word:
        return None
    return _codes().get(word.casefold(), word)


def day_of(text: str | None, *, day_first: bool = True) -> date | None:
    """Which day does a list mean?

    Parameters
    ----------
    text : str or None
        2023-06-29, 29/06/2023, 29 Jun 2023, 06/29/2023 with `day_first=False`.
    day_first : bool
        How 01/02/2023 is read.

    Returns
    -------
    date or None
        None for what is no whole day.

    Notes
    -----
    *Assumes:* the Gregorian calendar.
    *Not for:* spans and months.

    Examples
    --------
    >>> day_of("29/06/2023"), day_of("2012-12-31T00:00:00"), day_of("08 Jan 1967"), day_of("1967")
    (datetime.date(2023, 6, 29), datetime.date(2012, 12, 31), datetime.date(1967, 1, 8), None)
    """
    word = (text or "").strip()
    parts: tuple[int, int, int] | None = None
    if m := re.match(r"(\d{4})-(\d{1,2})-(\d{1,2})", word):
        parts = int(m[1]), int(m[2]), int(m[3])
    elif m := re.fullmatch(r"(\d{1,2})[./](\d{1,2})[./](\d{4})", word):
        parts = (int(m[3]), int(m[2]), int(m[1])) if day_first else (int(m[3]), int(m[1]), int(m[2]))
    elif (m := re.fullmatch(r"(\d{1,2})[ -]([A-Za-z]{3})[a-z]*[ -](\d{4})", word)) and m[2].lower() in _MONTHS:
        parts = int(m[3]), _MONTHS[m[2].lower()], int(m[1])
    if parts is None:
        return None
    try:
        return date(*parts)
    except ValueError:
        return None


_NUMBERS = (
    (re.compile(r"\bIMO(?: number)?[ :.]*(\d{7})\b", re.IGNORECASE), "imo"),
    (re.compile(r"\bTax ID No\.?,? ?(\d{10,12})\b(?:,? ?\(?(?:Russia|RU)\)?)?", re.IGNORECASE), "inn"),
    (re.compile(r"\bINN[ :.]*(\d{10,12})\b"), "inn"),
    (re.compile(r"\b(?:OGRN|Government Gazette Number|Primary State Registration Number)[ :.]*(\d{13,15})\b"), "ogrn"),
    (re.compile(r"\bRegistration (?:ID|Number),? ([A-Z0-9-]{5,20})\b"), "reg"),
    (re.compile(r"\bLEI[ :.]*([A-Z0-9]{20})\b"), "lei"),
    (re.compile(r"\bV\.A\.T\. Number,? ?([A-Z0-9]{6,15})\b"), "vat"),
    (re.compile(r"\bUnified Social Credit Code[^,;]*,? ?([0-9A-Z]{18})\b"), "uscc"),
    (re.compile(r"\bPassport(?: No\.?)?,? ?([A-Z0-9]{6,12})\b"), "passport"),
)


def numbers_in(text: str | None) -> tuple[str, ...]:
    """Which identifying numbers stand in a remark?

    Parameters
    ----------
    text : str or None

    Returns
    -------
    tuple of str
        `scheme:value`, each once, in order of scheme.

    Notes
    -----
    *Assumes:* the words US lists put before a number.
    *Not for:* free text of other lists.

    Examples
    --------
    >>> numbers_in("Vessel Registration Identification IMO 9187629; Tax ID No. 7701350084 (Russia)")
    ('imo:9187629', 'inn:7701350084')
    """
    found: dict[str, None] = {}
    for pattern, scheme in _NUMBERS:
        for m in pattern.finditer(text or ""):
            found[f"{scheme}:{m[1]}"] = None
    return tuple(found)


def distinct(values: Iterable[str | None]) -> tuple[str, ...]:
    """Each value once, trimmed, without the empty ones.

    Parameters
    ----------
    values : iterable of str or None

    Returns
    -------
    tuple of str

    Notes
    -----
    *Assumes:* order matters.
    *Not for:* names that differ in case only: both are kept.

    Examples
    --------
    >>> distinct([" a", None, "b", "a", ""])
    ('a', 'b')
    """
    return tuple(dict.fromkeys(" ".join(v.split()) for v in values if v is not None and v.strip()))
