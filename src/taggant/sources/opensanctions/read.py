"""OpenSanctions: targets.simple.csv, or FollowTheMoney entities as JSON lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from taggant.errors import InputError
from taggant.sources.files import named_rows, text_of
from taggant.sources.listed import Entry, country_of, day_of, distinct, kind_of

_NAMED = {"Company", "Organization", "LegalEntity", "Person", "PublicBody", "Vessel", "Airplane", "CryptoWallet"}
_NAME_PROPERTIES = ("name", "alias", "weakAlias", "previousName")
_NUMBERS = {"imoNumber": "imo", "innCode": "inn", "ogrnCode": "ogrn", "leiCode": "lei", "dunsCode": "duns",
            "registrationNumber": "reg", "passportNumber": "passport", "taxNumber": "tax", "mmsi": "mmsi",
            "uscCode": "uscc", "okpoCode": "okpo"}  # fmt: skip


def accepts(head: bytes) -> str | None:
    """Whether this is such a list, and as which file."""
    first = head.split(b"\n", 1)[0]
    plain = first.replace(b'"', b"")
    if plain.startswith((b"id,schema,name,aliases", b"\xef\xbb\xbfid,schema,name,aliases")):
        return "csv"
    start = first.lstrip(b"\xef\xbb\xbf \t")
    return "ftm" if start.startswith(b"{") and b'"schema"' in start and b'"properties"' in start else None


def read(content: bytes, shape: str, *, beside: Sequence[bytes] = ()) -> Iterator[Entry]:
    """Give the entries that have a name; in FollowTheMoney the date comes from the sanction that names them."""
    del beside
    yield from _csv(content) if shape == "csv" else _ftm(content)


def _csv(content: bytes) -> Iterator[Entry]:
    for n, row in named_rows(text_of(content)[0]):
        if not row.get("name"):
            continue
        yield Entry(
            entity=row.get("id") or f"row {n}",
            kind=kind_of("aircraft" if row.get("schema") == "Airplane" else row.get("schema")),
            names=distinct([row["name"], *(row.get("aliases") or "").split(";")]),
            countries=distinct(country_of(c.upper()) for c in (row.get("countries") or "").split(";")),
            identifiers=distinct(
                i if ":" in i else f"number:{i}" for i in (row.get("identifiers") or "").split(";") if i.strip()
            ),
            programmes=distinct([*(row.get("sanctions") or "").split(";"), *(row.get("dataset") or "").split(";")]),
            listed_on=day_of(row.get("first_seen")),
            row=n,
        )


def _ftm(content: bytes) -> Iterator[Entry]:
    entities: list[tuple[int, dict[str, Any]]] = []
    since: dict[str, str] = {}
    for n, line in enumerate(content.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            body = orjson.loads(line.lstrip(b"\xef\xbb\xbf"))
        except orjson.JSONDecodeError as err:
            raise InputError(
                f"line {n} is no JSON: {err}", where="FollowTheMoney entities", next="Give one entity a line"
            ) from err
        if body.get("schema") == "Sanction":
            for owner in body.get("properties", {}).get("entity", ()):
                for day in body["properties"].get("startDate", ()) or body["properties"].get("listingDate", ()):
                    key = owner if isinstance(owner, str) else owner.get("id", "")
                    since[key] = min(since.get(key, day), day)
        elif body.get("schema") in _NAMED:
            entities.append((n, body))
    for n, body in entities:
        properties = body.get("properties", {})
        names = distinct(
            [
                body.get("caption"),
                *(v for p in ("name", "alias", "weakAlias", "previousName") for v in properties.get(p, ())),
            ]
        )
        if not names:
            continue
        yield Entry(
            entity=str(body.get("id") or f"line {n}"),
            kind=kind_of("aircraft" if body["schema"] == "Airplane" else body["schema"]),
            names=names,
            countries=distinct(
                country_of(c.upper())
                for p in ("country", "jurisdiction", "nationality", "citizenship", "flag", "mainCountry")
                for c in properties.get(p, ())
            ),
            identifiers=distinct(f"{scheme}:{v}" for p, scheme in _NUMBERS.items() for v in properties.get(p, ())),
            programmes=distinct([*properties.get("programId", ()), *body.get("datasets", ())]),
            listed_on=day_of(since.get(str(body.get("id"))) or body.get("first_seen")),
            row=n,
        )
