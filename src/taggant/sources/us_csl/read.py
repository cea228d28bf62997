"""The US Consolidated Screening List: one table with a head, or the same as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from taggant.errors import InputError
from taggant.sources.files import named_rows, text_of
from taggant.sources.listed import Entry, country_of, day_of, distinct, kind_of, numbers_in


def accepts(head: bytes) -> str | None:
    """Whether this is the list, and as which file."""
    first = head.split(b"\n", 1)[0]
    if b"source" in first and b"alt_names" in first and b"," in first and not first.lstrip().startswith(b"{"):
        return "csv"
    if b'"results"' in head[:2000] and b'"alt_names"' in head:
        return "json"
    return None


def read(content: bytes, shape: str, *, beside: Sequence[bytes] = ()) -> Iterator[Entry]:
    """Give the entries; each names the part list it is on."""
    del beside
    rows = named_rows(text_of(content)[0]) if shape == "csv" else _json(content)
    for n, row in rows:
        name = (row.get("name") or "").strip()
        if not name or row.get("source") == "source":
            continue  # a second head in the middle is a stray row, counted by health
        kind = kind_of(row.get("type"))
        numbers = re.sub(r", ", " ", row.get("ids") or "")
        yield Entry(
            entity=row.get("entity_number") or row.get("_id") or row.get("id") or f"row {n}",
            kind=kind,
            names=distinct(_turned(n, kind) for n in (name, *(row.get("alt_names") or "").split("; "))),
            countries=distinct(
                country_of(c)
                for c in (*_countries(row.get("addresses")), row.get("nationalities"), row.get("citizenships"),
                          row.get("vessel_flag"))
            ),
            identifiers=distinct([*numbers_in(numbers), *numbers_in(row.get("ids")), *numbers_in(row.get("remarks"))]),
            programmes=distinct([row.get("source"), *(row.get("programs") or "").split("; ")]),
            listed_on=day_of(row.get("start_date")),
            delisted_on=day_of(row.get("end_date")),
            row=n,
        )  # fmt: skip


def _countries(addresses: str | None) -> list[str]:
    return re.findall(r", ([A-Z]{2})(?:;|$)", addresses or "")


def _turned(name: str, kind: str | None) -> str:
    family, comma, given = name.partition(", ")
    return f"{given} {family}" if comma and kind == "person" else name


def _json(content: bytes) -> Iterator[tuple[int, Mapping[str, str]]]:
    try:
        whole: Any = orjson.loads(content)
    except orjson.JSONDecodeError as err:
        raise InputError(f"the Consolidated Screening List is no JSON: {err}", next="Fetch it again") from err
    for n, entry in enumerate(whole.get("results", ()), start=1):
        flat: dict[str, str] = {}
        for key, value in entry.items():
            if isinstance(value, str):
                flat[key] = value
            elif key in ("alt_names", "programs", "nationalities", "citizenships") and isinstance(value, list):
                flat[key] = "; ".join(str(v) for v in value)
            elif key == "addresses" and isinstance(value, list):
                flat[key] = "; ".join(f"{a.get('address') or ''}, {a.get('country') or ''}" for a in value)
            elif key == "ids" and isinstance(value, list):
                flat[key] = "; ".join(f"{i.get('type')}, {i.get('number')}" for i in value)
        yield n, flat
