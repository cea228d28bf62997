"""The EU's consolidated list of financial sanctions: one XML, or a table parted by semicolons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from taggant.sources.files import named_rows, text_of, tree_of
from taggant.sources.listed import Entry, country_of, day_of, distinct, kind_of


def accepts(head: bytes) -> str | None:
    """Whether this is the list, and as which file."""
    if b"<export" in head[:2000] and (b"fsd/export" in head[:4000] or b"<sanctionEntity" in head):
        return "xml"
    first = head.split(b"\n", 1)[0]
    return "csv" if b"Entity_LogicalId" in first and b"NameAlias_WholeName" in first else None


def read(content: bytes, shape: str, *, beside: Sequence[bytes] = ()) -> Iterator[Entry]:
    """Give the entries."""
    del beside
    yield from _xml(content) if shape == "xml" else _csv(content)


def _xml(content: bytes) -> Iterator[Entry]:
    for n, entry in enumerate(tree_of(content, name="the EU list").iter("sanctionEntity"), start=1):
        subject = entry.find("subjectType")
        names = distinct(
            a.get("wholeName") or " ".join(a.get(p) or "" for p in ("firstName", "middleName", "lastName"))
            for a in entry.iter("nameAlias")
        )
        if not names:
            continue
        regulation = entry.find("regulation")
        word = None if subject is None else (subject.get("classificationCode") or subject.get("code"))
        yield Entry(
            entity=entry.get("logicalId") or entry.get("euReferenceNumber") or str(n),
            kind=kind_of(word) or kind_of(None if subject is None else subject.get("code")),
            names=names,
            countries=distinct(
                country_of(e.get("countryIso2Code") if e.get("countryIso2Code") != "00" else None)
                for tag in ("citizenship", "address", "birthdate")
                for e in entry.iter(tag)
            ),
            identifiers=distinct(
                f"{i.get('identificationTypeCode') or 'number'}:{i.get('number') or i.get('latinNumber')}"
                for i in entry.iter("identification")
                if i.get("number") or i.get("latinNumber")
            ),
            programmes=distinct(r.get("programme") for r in entry.iter("regulation")),
            listed_on=day_of(entry.get("designationDate"))
            or (
                None
                if regulation is None
                else day_of(regulation.get("publicationDate") or regulation.get("entryIntoForceDate"))
            ),
            row=n,
        )


def _csv(content: bytes) -> Iterator[Entry]:
    # One row a name, number or address: rows of one entity stand together.
    entity: str | None = None
    rows: list[tuple[int, Mapping[str, str]]] = []
    for n, row in named_rows(text_of(content)[0], delimiter=";"):
        if row.get("entity_logicalid") != entity and rows:
            yield from _joined(rows)
            rows = []
        entity = row.get("entity_logicalid")
        rows.append((n, row))
    if rows:
        yield from _joined(rows)


def _joined(rows: Sequence[tuple[int, Mapping[str, str]]]) -> Iterator[Entry]:
    names = distinct(r.get("namealias_wholename") for _, r in rows)
    if not names:
        return
    first = rows[0][1]
    yield Entry(
        entity=first.get("entity_logicalid") or f"row {rows[0][0]}",
        kind=kind_of(first.get("entity_subjecttype_classificationcode") or first.get("entity_subjecttype")),
        names=names,
        countries=distinct(
            country_of(r.get(c)) for _, r in rows for c in ("citizenship_countryiso2code", "address_countryiso2code")
        ),
        identifiers=distinct(
            f"{r.get('identification_typecode') or 'number'}:{r['identification_number']}"
            for _, r in rows
            if r.get("identification_number")
        ),
        programmes=distinct(r.get("entity_regulation_programme") for _, r in rows),
        listed_on=day_of(first.get("entity_designationdate")) or day_of(first.get("entity_regulation_publicationdate")),
        row=rows[0][0],
    )


def published_on(content: bytes, shape: str) -> str | None:
    """Give the day the file itself states."""
    if shape == "xml":
        return tree_of(content, name="the EU list").get("generationDate")
    first = next(iter(named_rows(text_of(content)[0], delimiter=";")), None)
    return None if first is None else first[1].get("filegenerationdate")
