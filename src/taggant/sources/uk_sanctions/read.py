"""The UK Sanctions List (table or XML), and the consolidated table of its financial sanctions office."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from taggant.sources.files import named_rows, text_at, text_of, tree_of
from taggant.sources.listed import Entry, country_of, day_of, distinct, kind_of

_NAMES = ("name 1", "name 2", "name 3", "name 4", "name 5", "name 6")


def accepts(head: bytes) -> str | None:
    """Whether this is the list, and as which file."""
    if b"<Designations" in head[:2000]:
        return "xml"
    lines = head.decode("utf-8", errors="replace").splitlines()[:3]
    for line in lines:
        low = line.casefold()
        if "name 6" in low and "name 1" in low and ("unique id" in low or "group id" in low or "group type" in low):
            return "csv"
    return None


def read(content: bytes, shape: str, *, beside: Sequence[bytes] = ()) -> Iterator[Entry]:
    """Give the entries; rows of one number are names of one entry."""
    del beside
    yield from _xml(content) if shape == "xml" else _csv(content)


def _csv(content: bytes) -> Iterator[Entry]:
    text = text_of(content)[0]
    skip = next((n for n, line in enumerate(text.splitlines()[:3]) if "name 6" in line.casefold()), 0)
    groups: dict[str, list[tuple[int, Mapping[str, str]]]] = {}
    for n, row in named_rows(text, skip=skip):
        number = row.get("unique id") or row.get("group id") or row.get("ofsi group id") or f"row {n}"
        groups.setdefault(number, []).append((n, row))
    for number, rows in groups.items():
        primary_first = sorted(rows, key=lambda r: "primary name" not in (_name_type(r[1]) + " "))
        names = distinct(
            name
            for _, row in primary_first
            for name in (" ".join(row.get(c) or "" for c in _NAMES), row.get("name non-latin script"))
        )
        if not names:
            continue
        first = rows[0][1]
        yield Entry(
            entity=number,
            kind=kind_of(_first(first, "individual, entity, ship", "designation type", "group type")),
            names=names,
            countries=distinct(
                country_of(re.sub(r"^\(\d+\)\s*", "", part))
                for _, row in rows
                for c in ("address country", "country", "nationality(/ies)", "nationality", "country of birth")
                for part in re.split(r"(?=\(\d+\))", row.get(c) or "")
            ),
            identifiers=distinct(
                f"{scheme}:{re.sub(r'^[(]1[)]', '', row[c]).strip()}"
                for _, row in rows
                for c, scheme in (("imo number", "imo"), ("business registration number (s)", "reg"),
                                  ("passport number", "passport"), ("passport details", "passport"))
                if row.get(c)
            ),
            programmes=distinct(r.get("regime name") or r.get("regime") for _, r in rows),
            listed_on=day_of(_first(first, "date designated", "uk sanctions list date designated", "listed on")),
            row=rows[0][0],
        )  # fmt: skip


def _first(row: Mapping[str, str], *columns: str) -> str | None:
    return next((row[c] for c in columns if row.get(c)), None)


def _name_type(row: Mapping[str, str]) -> str:
    return (row.get("name type") or row.get("alias type") or "").casefold()


def _xml(content: bytes) -> Iterator[Entry]:
    for n, entry in enumerate(tree_of(content, name="the UK list").iter("Designation"), start=1):
        named = [
            (
                text_at(x, "NameType") or "",
                " ".join(t for k in range(1, 7) if (t := text_at(x, f"Name{k}")) is not None),
            )
            for x in entry.findall("Names/Name")
        ]
        named.sort(key=lambda pair: pair[0].casefold() != "primary name")
        other = [x.text for x in entry.iter("NameNonLatinScript")]
        names = distinct([*(name for _, name in named), *other])
        if not names:
            continue
        yield Entry(
            entity=text_at(entry, "UniqueID") or text_at(entry, "OFSIGroupID") or str(n),
            kind=kind_of(text_at(entry, "IndividualEntityShip")),
            names=names,
            countries=distinct(
                country_of(x.text) for tag in ("AddressCountry", "Nationality") for x in entry.iter(tag)
            ),
            identifiers=distinct(
                [f"imo:{x.text}" for x in entry.iter("IMONumber") if x.text]
                + [f"reg:{x.text}" for x in entry.iter("BusinessRegistrationNumber") if x.text]
            ),
            programmes=distinct([text_at(entry, "RegimeName")]),
            listed_on=day_of(text_at(entry, "DateDesignated")),
            row=n,
        )


def published_on(content: bytes, shape: str) -> str | None:
    """Give the day the file itself states."""
    if shape == "xml":
        return text_at(tree_of(content, name="the UK list"), "DateGenerated")
    first = text_of(content)[0].split("\n", 1)[0]
    found = re.search(r"\d{1,2}[/-](?:\d{1,2}|[A-Za-z]{3})[/-]\d{4}", first)
    return None if found is None else found[0].replace("-", " " if re.search("[A-Za-z]", found[0]) else "/")
