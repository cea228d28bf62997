"""OFAC's SDN list: three tables without a head (sdn, alt, add), or one XML, plain or advanced."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree

from taggant.sources.files import rows_of, text_at, text_of, tree_of
from taggant.sources.listed import Entry, country_of, day_of, distinct, kind_of, numbers_in
from taggant.sources.ofac_sdn.advanced import is_advanced, issued_on, read_advanced

_NONE = "-0-"
_WEAK_ALIAS = re.compile(r"a\.k\.a\. '([^']+(?:'[^';]+)*)'")
_COUNTRY = re.compile(r"\b(?:nationality|citizen) ([A-Z][A-Za-z .,']+?)(?:;|\.$|$)")


def accepts(head: bytes) -> str | None:
    """Which of OFAC's files is this, by its first bytes?"""
    if b"<sdnList" in head[:2000]:
        return "xml"
    if is_advanced(head):
        return "advanced"
    first = head.split(b"\n", 1)[0].decode("latin-1")
    cells = next((row for _, row in rows_of(first)), [])
    if not cells or not re.fullmatch(r"\d+", cells[0].strip()):
        return None
    if len(cells) == 12 and _NONE in first:
        return "sdn"
    if len(cells) == 5 and cells[2].strip().rstrip(".").replace(".", "") in ("aka", "fka", "nka"):
        return "alt"
    if len(cells) == 6 and re.fullmatch(r"\d+", cells[1].strip()) and cells[5].strip() == _NONE:
        return "add"
    return None


def read(content: bytes, shape: str, *, beside: Sequence[bytes] = ()) -> Iterator[Entry]:
    """Give the entries; names of alt.csv and countries of add.csv are joined by number."""
    if shape == "xml":
        yield from _xml(content)
        return
    if shape == "advanced":
        yield from read_advanced(tree_of(content, name="the SDN list"))
        return
    if shape != "sdn":
        yield from _lone(content, shape)
        return
    aliases: dict[str, list[str]] = {}
    countries: dict[str, list[str]] = {}
    for other in beside:
        which = accepts(other[:4000])
        for _, row in rows_of(text_of(other)[0]):
            if which == "alt" and len(row) >= 4:
                aliases.setdefault(row[0].strip(), []).append(_plain(row[3]) or "")
            elif which == "add" and len(row) >= 5:
                countries.setdefault(row[0].strip(), []).append(_plain(row[4]) or "")
    for n, row in rows_of(text_of(content)[0]):
        if len(row) < 12:
            continue  # counted as a stray row by health
        number, name, remarks = row[0].strip(), _plain(row[1]), _plain(row[11])
        if name is None:
            continue
        kind = kind_of(_plain(row[2])) or "organisation"
        weak = _WEAK_ALIAS.findall(remarks or "")
        yield Entry(
            entity=number,
            kind=kind,
            names=distinct([_turned(name, kind), *(_turned(a, kind) for a in (*aliases.get(number, ()), *weak))]),
            countries=distinct(
                country_of(c) for c in (*countries.get(number, ()), *_COUNTRY.findall(remarks or ""), _plain(row[8]))
            ),
            identifiers=numbers_in(remarks),
            programmes=distinct(re.split(r"\]\s*\[", _plain(row[3]) or "")),
            row=n,
        )


def _lone(content: bytes, shape: str) -> Iterator[Entry]:
    # alt.csv on its own is a list of names; add.csv on its own names nobody.
    if shape == "add":
        return
    for n, row in rows_of(text_of(content)[0]):
        if len(row) >= 4 and (name := _plain(row[3])) is not None:
            yield Entry(entity=row[0].strip(), kind=None, names=(name,), row=n)


def _plain(cell: str) -> str | None:
    word = cell.strip()
    return None if word in ("", _NONE) else word


def _turned(name: str, kind: str) -> str:
    # A person stands as FAMILY, Given; read in the order it is spoken.
    family, comma, given = name.partition(", ")
    return f"{given} {family}" if comma and kind == "person" else name


def _xml(content: bytes) -> Iterator[Entry]:
    root = tree_of(content, name="the SDN list")
    for n, entry in enumerate(root.iter("sdnEntry"), start=1):
        kind = kind_of(text_at(entry, "sdnType"))
        names = [_named(entry), *(_named(aka) for aka in entry.iter("aka"))]
        if names[0] is None:
            continue
        numbers = [f"{text_at(i, 'idType') or ''}: {text_at(i, 'idNumber') or ''}" for i in entry.iter("id")]
        found = [number for text in numbers for number in numbers_in(text.replace(": ", " "))]
        plain = [f"{text_at(i, 'idType')}:{text_at(i, 'idNumber')}" for i in entry.iter("id") if text_at(i, "idNumber")]
        yield Entry(
            entity=text_at(entry, "uid") or str(n),
            kind=kind,
            names=distinct(names),
            countries=distinct(country_of(c.text) for tag in ("country", "vesselFlag") for c in entry.iter(tag)),
            identifiers=distinct([*found, *(p for p in plain if not numbers_in(p.replace(":", " ")))]),
            programmes=distinct(p.text for p in entry.iter("program")),
            listed_on=day_of(text_at(entry, "dateListed")),
            row=n,
        )


def _named(element: ElementTree.Element) -> str | None:
    parts = [text_at(element, "firstName"), text_at(element, "lastName")]
    return " ".join(p for p in parts if p) or None


def published_on(content: bytes, shape: str) -> str | None:
    """Give the day the file itself states, month/day/year, or None."""
    if shape == "xml":
        return text_at(tree_of(content, name="the SDN list"), "publshInformation/Publish_Date")
    return issued_on(tree_of(content, name="the SDN list")) if shape == "advanced" else None
