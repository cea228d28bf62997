"""A list of your own: a table with a head (CSV, TSV, semicolons), or JSON objects; one name a line will do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from taggant.errors import InputError
from taggant.sources.files import named_rows, text_of
from taggant.sources.listed import Entry, country_of, day_of, distinct, kind_of

NAME = ("name", "full_name", "name_en", "company", "company_name", "entity", "entity_name", "organisation",
        "organization", "title", "party", "party_name", "names", "caption", "name_original", "whole_name")  # fmt: skip
_OTHER_NAMES = ("aliases", "alias", "aka", "alt_names", "other_names", "name_ru", "name_uk", "name_original",
                "name_local", "original_name", "short_name", "name_en", "former_names", "abbreviation")  # fmt: skip
_ID = ("id", "entity_id", "party_id", "listing_id", "number", "uid", "reference", "url", "record_url")
_COUNTRY = ("country", "countries", "country_code", "jurisdiction", "manufacturer_country", "nationality")
_NUMBERS = {"imo": "imo", "inn": "inn", "ogrn": "ogrn", "lei": "lei", "duns": "duns", "tax_id": "tax",
            "registration_number": "reg", "reg_number": "reg", "tax_number": "tax", "imo_number": "imo"}  # fmt: skip
_KIND = ("kind", "type", "schema", "entity_type")
_LISTED = ("listed_on", "listed", "start_date", "date_listed", "designated", "date", "sanctioned_on")
_GONE = ("delisted_on", "delisted", "end_date", "until")
_PROGRAMME = ("programmes", "programs", "program", "programme", "list", "regime", "source", "sanctions")


def accepts(head: bytes) -> str | None:
    """Whether names can be told apart in it, and as which file."""
    text = head.decode("utf-8", errors="replace").lstrip("\ufeff \t\r\n")
    if text.startswith("["):
        return "json"
    if text.startswith("{"):
        return "lines"
    if text.startswith("<"):
        return None
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t|", key=first.count) if any(c in first for c in ",;\t|") else ","
    heads = {_plain(c) for c in first.split(delimiter)}
    if heads & set(NAME):
        return {",": "csv", ";": "semicolon", "\t": "tab", "|": "bar"}[delimiter]
    return "names" if first.strip() else None


def read(content: bytes, shape: str, *, beside: Sequence[bytes] = ()) -> Iterator[Entry]:
    """Give the entries; columns are known by the usual names, lists in a cell are parted by semicolons."""
    del beside
    for n, row in _rows(content, shape):
        name = next((row[c] for c in NAME if row.get(c)), None)
        if name is None:
            continue
        main, *others = [part.strip() for part in _listed(name)] if ";" in name else [name]
        yield Entry(
            entity=next((row[c] for c in _ID if row.get(c)), f"row {n}"),
            kind=next((k for c in _KIND if (k := kind_of(row.get(c))) is not None), None),
            names=distinct([main, *others, *(v for c in _OTHER_NAMES for v in _listed(row.get(c)))]),
            countries=distinct(country_of(v) for c in _COUNTRY for v in _listed(row.get(c))),
            identifiers=distinct(
                [*_listed(row.get("identifiers")), *(f"{s}:{row[c]}" for c, s in _NUMBERS.items() if row.get(c))]
            ),
            programmes=distinct(v for c in _PROGRAMME for v in _listed(row.get(c))),
            listed_on=next((d for c in _LISTED if (d := day_of(row.get(c))) is not None), None),
            delisted_on=next((d for c in _GONE if (d := day_of(row.get(c))) is not None), None),
            row=n,
        )


def _rows(content: bytes, shape: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    text = text_of(content)[0]
    if shape == "names":
        for n, line in enumerate(text.splitlines(), start=1):
            if line.strip():
                yield n, {"name": line.strip()}
        return
    if shape in ("json", "lines"):
        yield from _objects(text, shape)
        return
    delimiter = {"csv": ",", "semicolon": ";", "tab": "\t", "bar": "|"}[shape]
    for n, row in named_rows(text, delimiter=delimiter):
        yield n, {_plain(k): v for k, v in row.items()}


def _objects(text: str, shape: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    try:
        whole: list[Any] = (
            orjson.loads(text)
            if shape == "json"
            else [orjson.loads(line) for line in text.splitlines() if line.strip()]
        )
    except orjson.JSONDecodeError as err:
        raise InputError(f"the list is no JSON: {err}", next="Give an array of objects, or one object a line") from err
    for n, body in enumerate(whole, start=1):
        if isinstance(body, str):
            yield n, {"name": body}
        elif isinstance(body, dict):
            yield n, {_plain(k): _flat(v) for k, v in body.items()}


def _flat(value: Any) -> str:
    if isinstance(value, list):
        return ";".join(_flat(v) for v in value)
    if isinstance(value, dict):
        return _flat(value.get("name") or value.get("value") or list(value.values()))
    return "" if value is None else str(value)


def _plain(head: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", head.strip().strip('"').casefold()).strip("_")


def _listed(cell: str | None) -> list[str]:
    return [] if cell is None else [part for part in cell.split(";") if part.strip()]
