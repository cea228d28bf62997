"""What speaks for a listed entry being a party, and against: name, numbers, country, kind.

Invariant: a name alone never reaches more than 0.9: two parties may bear one name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

NAME_ALONE = 0.9
"""The most a name can say without an identifier."""
IDENTIFIER_AGREES = 0.985
_IDENTIFIER_DIFFERS, _COUNTRY_DIFFERS, _KIND_DIFFERS = 0.7, 0.94, 0.85
_COUNTRY_AGREES = 0.15  # of the way from the name's score to its most
_NAME_AGREES = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who is asked about.

    Attributes
    ----------
    name : str
    country : str or None
        ISO 3166 alpha-2.
    identifiers : tuple of str
        `scheme:value`.
    kind : str or None
        "organisation", "person", "vessel", "aircraft".
    row : int or None
        Where it stands in the file asked.
    """

    name: str
    country: str | None = None
    identifiers: tuple[str, ...] = ()
    kind: str | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class ListedEntry:
    """An entry of a list, as far as it is compared; identifiers are plain."""

    entity: str
    list_id: str
    version: str
    version_on: date | None
    kind: str | None
    countries: tuple[str, ...]
    identifiers: tuple[str, ...]
    listed_on: date | None


def stood_on(row: Mapping[str, Any], day: date) -> bool:
    """Whether an entry was listed on this day, as far as the list says.

    Parameters
    ----------
    row : mapping
        A row of `listing`.
    day : date

    Returns
    -------
    bool
        True when listed by that day and not taken off before; an entry without a day of listing stood on the day of its
        version, and on days after.

    Notes
    -----
    *Assumes:* a version without a day is today's.
    *Not for:* lists that keep no history and no versions.

    Examples
    --------
    >>> stood_on({"listed_on": date(2023, 12, 1), "delisted_on": None, "version_on": None}, date(2023, 11, 30))
    False
    """
    if row["delisted_on"] is not None and row["delisted_on"] <= day:
        return False
    since = row["listed_on"] if row["listed_on"] is not None else row["version_on"]
    return since is None or since <= day


def plain_identifier(identifier: str) -> str:
    """How is this identifier written for comparing: small letters, no spaces or hyphens in the value?

    Parameters
    ----------
    identifier : str
        `scheme:value`.

    Returns
    -------
    str

    Notes
    -----
    *Assumes:* spaces and hyphens in numbers mean nothing.
    *Not for:* showing.

    Examples
    --------
    >>> plain_identifier("INN: 77-0135 0084")
    'inn:7701350084'
    """
    scheme, _, value = identifier.partition(":")
    return f"{scheme.strip().casefold()}:{''.join(c for c in value if c.isalnum()).casefold()}"


def weigh_evidence(
    party: Party, entry: ListedEntry, name_score: float
) -> tuple[float, tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """How surely is this entry the party, from names, identifiers, country and kind?

    The name gives at most 0.9. An identifier that agrees lifts to 0.985 and more; one of the same scheme that differs
    lowers by a third; a country lifts or lowers a little.

    Parameters
    ----------
    party : Party
    entry : entry of a list
    name_score : float

    Returns
    -------
    tuple of (score, agrees, differs, absent)

    Notes
    -----
    *Assumes:* one scheme gives one number to one party.
    *Not for:* proof.

    Examples
    --------
    >>> entry = ListedEntry("1", "l", "v", None, None, ("RU",), ("inn:7701350084",), None)
    >>> weigh_evidence(Party(name="A", identifiers=("inn:7701350084",)), entry, 1.0)[0] > 0.98
    True
    """
    score = NAME_ALONE * name_score
    agrees: list[str] = []
    differs: list[str] = []
    absent: list[str] = []
    if name_score >= _NAME_AGREES:
        agrees.append("name")
    mine = {plain_identifier(i) for i in party.identifiers}
    same = sorted(mine & set(entry.identifiers))
    schemes = {i.partition(":")[0] for i in mine} & {i.partition(":")[0] for i in entry.identifiers}
    other = sorted(schemes - {i.partition(":")[0] for i in same})
    if party.country is not None and entry.countries:
        if party.country in entry.countries:
            agrees.append(f"country {party.country}")
            score += _COUNTRY_AGREES * max(0.0, NAME_ALONE - score)
        else:
            differs.append(f"country {party.country}, listed {' '.join(entry.countries)}")
            score *= _COUNTRY_DIFFERS
    if party.kind is not None and entry.kind is not None:
        if party.kind == entry.kind:
            agrees.append(f"kind {party.kind}")
        else:
            differs.append(f"kind {party.kind}, listed {entry.kind}")
            score *= _KIND_DIFFERS
    if same:
        agrees += same
        score = IDENTIFIER_AGREES + (1 - IDENTIFIER_AGREES) * score
    if other:
        differs += [f"identifier {scheme}" for scheme in other]
        if not same:
            score *= _IDENTIFIER_DIFFERS
    if not same and not other:
        absent.append("identifiers")
    if party.country is None or not entry.countries:
        absent.append("country")
    return score, tuple(agrees), tuple(differs), tuple(absent)


def least_of_name(least: float, *, has_country: bool) -> float:
    """How like must a name be at least, for its score to reach this with nothing but a country beside it?

    Parameters
    ----------
    least : float
        Score from which a hit is shown.
    has_country : bool
        Whether the party has a country, which may agree.

    Returns
    -------
    float
        From a = 0.9 s and a + c (0.9 - a) = least, with c what a country that agrees lifts by.

    Notes
    -----
    *Assumes:* no identifier is compared.
    *Not for:* parties with identifiers: one that agrees lifts any name.

    Examples
    --------
    >>> round(least_of_name(0.65, has_country=False), 4)
    0.7222
    """
    lifted = _COUNTRY_AGREES if has_country else 0.0
    return (least / NAME_ALONE - lifted) / (1 - lifted) - 1e-9  # never above, however it is rounded
