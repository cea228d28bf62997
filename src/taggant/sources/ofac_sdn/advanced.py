"""OFAC's SDN list in its advanced form (sdn_advanced.xml): parties, their names part by part, documents, places, days.

Invariant: numbers that stand for words (kinds, countries, sorts of documents) are read from the tables the file itself
brings; a number it does not explain says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from xml.etree.ElementTree import Element

from taggant.errors import InputError
from taggant.sources.listed import Entry, country_of, distinct, kind_of, numbers_in

_FAMILY_FIRST = ("last name", "nickname")
_GIVEN = ("first name", "middle name", "patronymic", "matronymic")


def is_advanced(head: bytes) -> bool:
    """Whether these first bytes are of the advanced form."""
    return b"<Sanctions" in head[:2000] and (b"DateOfIssue" in head or b"ReferenceValueSets" in head)


def issued_on(root: Element) -> str | None:
    """Give the day the file states, month/day/year, or None."""
    day = _day(root.find("DateOfIssue"))
    return None if day is None else f"{day:%m/%d/%Y}"


def read_advanced(root: Element) -> Iterator[Entry]:
    """Which entries has the file?

    Parameters
    ----------
    root : Element
        Tags without their name spaces.

    Yields
    ------
    Entry
        One a profile: its documented names (the primary first), nationality and address countries, documents as
        identifiers, programmes and the first day it was entered.

    Raises
    ------
    InputError
        It has no profile.

    Notes
    -----
    *Assumes:* one profile is one party.
    *Not for:* features other than places.

    Examples
    --------
    >>> from xml.etree.ElementTree import fromstring
    >>> root = fromstring("<Sanctions><DistinctParties><DistinctParty><Profile ID='7'><Identity><Alias Primary='true'>"
    ...     "<DocumentedName><DocumentedNamePart><NamePartValue>KUPOL</NamePartValue></DocumentedNamePart>"
    ...     "</DocumentedName></Alias></Identity></Profile></DistinctParty></DistinctParties></Sanctions>")
    >>> [(e.entity, e.names) for e in read_advanced(root)]
    [('7', ('KUPOL',))]
    """
    words = _words(root)
    places = _places(root, words)
    documents = _documents(root, words)
    entered = _entered(root)
    n = 0
    for n, profile in enumerate(root.iterfind("DistinctParties/DistinctParty/Profile"), start=1):
        names = _names(profile, words)
        if not names:
            continue
        number = profile.get("ID") or str(n)
        subtype = profile.get("PartySubTypeID", "")
        kind = kind_of(words.get("PartySubType", {}).get(subtype)) or kind_of(
            words.get("PartyOfSubType", {}).get(subtype)
        )
        listed_on, programmes = entered.get(number, (None, ()))
        own = [documents[i] for i in (e.get("ID", "") for e in profile.iter("Identity")) if i in documents]
        found = [
            places[p.get("LocationID", "")] for p in profile.iter("VersionLocation") if p.get("LocationID") in places
        ]
        yield Entry(
            entity=number,
            kind=kind,
            names=names,
            countries=distinct(c for some in (*found, *(d[0] for d in own)) for c in some),
            identifiers=distinct(i for d in own for i in d[1]),
            programmes=programmes,
            listed_on=listed_on,
            row=n,
        )
    if not n:
        raise InputError("the SDN list has no profile", next="Fetch it again: taggant lists fetch")


def _words(root: Element) -> dict[str, dict[str, str]]:
    """What the numbers of the file stand for: by table, number → word."""
    words: dict[str, dict[str, str]] = {}
    kinds: dict[str, str] = {}
    for table in root.iterfind("ReferenceValueSets/*"):
        for value in table:
            number, word = value.get("ID"), (value.text or "").strip()
            if number is not None and word:
                words.setdefault(value.tag, {})[number] = word
            if value.tag == "PartySubType" and number is not None:
                kinds[number] = value.get("PartyTypeID", "")
    types = words.get("PartyType", {})
    words["PartyOfSubType"] = {number: types[of] for number, of in kinds.items() if of in types}
    return words


def _names(profile: Element, words: Mapping[str, Mapping[str, str]]) -> tuple[str, ...]:
    sorts = words.get("NamePartType", {})
    ranked: list[tuple[int, str]] = []
    for identity in profile.iter("Identity"):
        part_of = {
            g.get("ID", ""): sorts.get(g.get("NamePartTypeID", ""), "").casefold()
            for g in identity.iter("NamePartGroup")
        }
        for alias in identity.iter("Alias"):
            for name in alias.iter("DocumentedName"):
                parts = [
                    (part_of.get(value.get("NamePartGroupID", ""), ""), (value.text or "").strip())
                    for value in name.iter("NamePartValue")
                ]
                # A person stands family name first; read in the order it is spoken.
                family = [t for sort, t in parts if t and sort in _FAMILY_FIRST[:1]]
                given = [t for sort, t in parts if t and sort in _GIVEN]
                rest = [t for sort, t in parts if t and sort not in (*_FAMILY_FIRST[:1], *_GIVEN)]
                whole = " ".join([*given, *family, *rest])
                if whole:
                    ranked.append((alias.get("Primary") != "true", whole))
    return distinct(whole for _, whole in sorted(ranked, key=lambda r: r[0]))


def _places(root: Element, words: Mapping[str, Mapping[str, str]]) -> dict[str, tuple[str, ...]]:
    """Location → its countries."""
    areas = {
        value.get("ID", ""): value.get("CountryID", "")
        for value in root.iterfind("ReferenceValueSets/AreaCodeValues/AreaCode")
    }
    names = words.get("Country", {})
    found: dict[str, tuple[str, ...]] = {}
    for place in root.iterfind("Locations/Location"):
        numbers = [c.get("CountryID", "") for c in place.iter("LocationCountry")]
        numbers += [areas.get(a.get("AreaCodeID", ""), "") for a in place.iter("LocationAreaCode")]
        found[place.get("ID", "")] = distinct(country_of(names.get(n)) for n in numbers)
    return found


def _documents(root: Element, words: Mapping[str, Mapping[str, str]]) -> dict[str, tuple[list[str], list[str]]]:
    """Identity → countries that issued its documents, and their numbers."""
    sorts, countries = words.get("IDRegDocType", {}), words.get("Country", {})
    found: dict[str, tuple[list[str], list[str]]] = {}
    for document in root.iterfind("IDRegDocuments/IDRegDocument"):
        number = (document.findtext("IDRegistrationNo") or "").strip()
        if not number:
            continue
        issued, numbers = found.setdefault(document.get("IdentityID", ""), ([], []))
        country = country_of(countries.get(document.get("IssuedBy-CountryID", "")))
        if country:
            issued.append(country)
        sort = sorts.get(document.get("IDRegDocTypeID", ""), "number")
        numbers += numbers_in(f"{sort} {number}") or [f"{sort}:{number}"]
    return found


def _entered(root: Element) -> dict[str, tuple[date | None, tuple[str, ...]]]:
    """Profile → the first day it was entered, and its programmes."""
    found: dict[str, tuple[date | None, tuple[str, ...]]] = {}
    for entry in root.iterfind("SanctionsEntries/SanctionsEntry"):
        days = [d for event in entry.iterfind("EntryEvent") if (d := _day(event.find("Date"))) is not None]
        programmes = [m.findtext("Comment") for m in entry.iterfind("SanctionsMeasure")]
        before, others = found.get(entry.get("ProfileID", ""), (None, ()))
        first = min([*days, *([before] if before else [])], default=None)
        found[entry.get("ProfileID", "")] = (first, distinct([*others, *programmes]))
    return found


def _day(element: Element | None) -> date | None:
    if element is None:
        return None
    try:
        return date(*(int(element.findtext(part) or "") for part in ("Year", "Month", "Day")))
    except ValueError:
        return None
