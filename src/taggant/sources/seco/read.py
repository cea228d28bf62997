"""The Swiss list of sanctions (SECO): one XML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.etree import ElementTree

from taggant.sources.files import text_at, tree_of
from taggant.sources.listed import Entry, country_of, day_of, distinct

_KINDS = {"individual": "person", "entity": "organisation", "object": None}


def accepts(head: bytes) -> str | None:
    """Whether this is the list."""
    return "xml" if b"<swiss-sanctions-list" in head[:2000] else None


def read(content: bytes, shape: str, *, beside: Sequence[bytes] = ()) -> Iterator[Entry]:
    """Give the entries; a place is named by its number elsewhere in the file."""
    del shape, beside
    root = tree_of(content, name="the Swiss list")
    places = {
        place.get("ssid"): country.get("iso-code") or country.text
        for place in root.iter("place")
        if (country := place.find("country")) is not None
    }
    programmes = {
        part.get("ssid"): text_at(programme, "program-key[@lang='eng']")
        or text_at(programme, "program-name[@lang='eng']")
        for programme in root.iter("sanctions-program")
        for part in programme.iter("sanctions-set")
    }
    for n, target in enumerate(root.iter("target"), start=1):
        tag = next((t for t in _KINDS if target.find(t) is not None), None)
        body = None if tag is None else target.find(tag)
        if tag is None or body is None:
            continue
        names = distinct(name for element in body.iter("name") for name in _spellings(element))
        if not names:
            continue
        listed = [m for m in target.iter("modification") if m.get("modification-type") == "listed"]
        gone = [m for m in target.iter("modification") if m.get("modification-type") in ("de-listed", "delisted")]
        yield Entry(
            entity=target.get("ssid") or str(n),
            kind="vessel" if body.get("object-type") == "vessel" else _KINDS[tag],
            names=names,
            countries=distinct(
                [
                    *(country_of(places.get(a.get("place-id"))) for a in body.iter("address")),
                    *(country_of(c.get("iso-code")) for c in body.findall(".//nationality/country")),
                ]
            ),
            identifiers=distinct(
                f"{d.get('document-type') or 'document'}:{text_at(d, 'number')}"
                for d in body.iter("identification-document")
                if text_at(d, "number")
            ),
            programmes=distinct(programmes.get(s.text) for s in target.iter("sanctions-set-id"))
            or distinct([programmes.get(target.get("sanctions-set-id"))]),
            listed_on=day_of(listed[0].get("effective-date") or listed[0].get("enactment-date")) if listed else None,
            delisted_on=day_of(gone[-1].get("effective-date")) if gone else None,
            row=n,
        )


def _spellings(name: ElementTree.Element) -> Iterator[str]:
    # Parts stand in order; each part may have variants, which make names of their own.
    parts = sorted(name.iter("name-part"), key=lambda p: int(p.get("order") or 0))
    values = [text_at(p, "value") for p in parts]
    yield " ".join(v for v in values if v)
    for k, part in enumerate(parts):
        for variant in part.iter("spelling-variant"):
            yield " ".join((variant.text or "") if i == k else (v or "") for i, v in enumerate(values))


def published_on(content: bytes, shape: str) -> str | None:
    """Give the day the file itself states."""
    del shape
    return tree_of(content, name="the Swiss list").get("date")
