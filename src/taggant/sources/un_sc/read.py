"""The Consolidated List of the UN Security Council: one XML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from taggant.sources.files import text_at, tree_of
from taggant.sources.listed import Entry, country_of, day_of, distinct

_NAME_PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")


def accepts(head: bytes) -> str | None:
    """Whether this is the list."""
    return "xml" if b"<CONSOLIDATED_LIST" in head[:2000] else None


def read(content: bytes, shape: str, *, beside: Sequence[bytes] = ()) -> Iterator[Entry]:
    """Give the entries: persons, then groups and others."""
    del shape, beside
    root = tree_of(content, name="the UN list")
    n = 0
    for tag, kind in (("INDIVIDUAL", "person"), ("ENTITY", "organisation")):
        for entry in root.iter(tag):
            n += 1
            name = " ".join(part for p in _NAME_PARTS if (part := text_at(entry, p)) is not None)
            names = distinct(
                [
                    name,
                    text_at(entry, "NAME_ORIGINAL_SCRIPT"),
                    *(text_at(a, "ALIAS_NAME") for a in entry.iter(f"{tag}_ALIAS")),
                ]
            )
            if not names:
                continue
            yield Entry(
                entity=text_at(entry, "REFERENCE_NUMBER") or text_at(entry, "DATAID") or str(n),
                kind=kind,
                names=names,
                countries=distinct(
                    country_of(c)
                    for c in (
                        *(v.text for v in entry.findall("NATIONALITY/VALUE")),
                        *(text_at(a, "COUNTRY") for a in entry.iter(f"{tag}_ADDRESS")),
                    )
                ),
                identifiers=distinct(
                    f"{(text_at(d, 'TYPE_OF_DOCUMENT') or 'document').casefold()}:{text_at(d, 'NUMBER')}"
                    for d in entry.iter("INDIVIDUAL_DOCUMENT")
                    if text_at(d, "NUMBER")
                ),
                programmes=distinct([text_at(entry, "UN_LIST_TYPE")]),
                listed_on=day_of(text_at(entry, "LISTED_ON")),
                row=n,
            )


def published_on(content: bytes, shape: str) -> str | None:
    """Give the day the file itself states."""
    del shape
    return tree_of(content, name="the UN list").get("dateGenerated")
