"""Names to be asked about: a table, one name a line, or the name itself.

Invariant: a big table is read piece by piece.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

from taggant.errors import InputError
from taggant.tracing.likeness import Party

NAME_COLUMNS = ("name", "party", "party_name", "query", "company", "company_name", "consignee", "consignor",
                "full_name", "entity", "names", "organisation", "organization", "shipper", "buyer",
                "supplier")  # fmt: skip
_COUNTRY_COLUMNS = ("country", "country_code", "countries", "party_country")
_IDENTIFIER_COLUMNS = ("identifiers", "identifier")
_SCHEMES = ("imo", "inn", "ogrn", "lei", "duns")
_KINDS = {"person": "person", "individual": "person", "company": "organisation", "organisation": "organisation",
          "organization": "organisation", "entity": "organisation", "vessel": "vessel", "ship": "vessel"}  # fmt: skip


def parties_in(names: str, *, column: str | None = None) -> Iterator[Party]:
    """Who is asked about?

    Parameters
    ----------
    names : str
        Path of a table with a head (CSV, semicolons, tabs), of a file with one name a line, or a name.
    column : str, optional
        Which column holds the names; by the usual heads when left out.

    Yields
    ------
    Party

    Raises
    ------
    InputError
        A path cannot be read, or has no such column.

    Notes
    -----
    *Assumes:* UTF-8. What is no file is a name.
    *Not for:* workbooks: save as CSV.

    Examples
    --------
    >>> [p.name for p in parties_in("Almaz Antey Telecom")]
    ['Almaz Antey Telecom']
    """
    path = Path(names)
    try:
        is_file = path.is_file()
    except OSError:
        is_file = False
    if not is_file:
        if re.search(r"\.(csv|tsv|txt)$", names, re.IGNORECASE):
            raise InputError(f"there is no file {names!r}", next="Give the path of a file with names, or a name")
        yield Party(name=names)
        return
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        first = file.readline()
        file.seek(0)
        delimiter = max(",;\t", key=first.count)
        heads = [_plain(h) for h in next(csv.reader([first.lstrip("\ufeff")], delimiter=delimiter), [])]
        wanted = _plain(column) if column is not None else next((c for c in NAME_COLUMNS if c in heads), None)
        if column is not None and wanted not in heads:
            raise InputError(
                f"there is no column {column!r}", where=path.name, so_what=f"Columns: {', '.join(heads)}",
                next="Name one of them: --column",
            )  # fmt: skip
        if wanted is None:
            if len(heads) > 2 and first.count(delimiter) >= 2 and path.suffix.lower() in (".csv", ".tsv"):
                raise InputError(
                    "no column holds names", where=path.name, so_what=f"Columns: {', '.join(heads)}",
                    next="Name the column: --column",
                )  # fmt: skip
            for n, line in enumerate(file, start=1):
                if line.strip():
                    yield Party(name=line.strip().strip('"'), row=n)
            return
        for n, cells in enumerate(csv.reader(file, delimiter=delimiter), start=1):
            if n == 1 or not cells:
                continue
            yield _party(dict(zip(heads, (c.strip() for c in cells), strict=False)), wanted, n)


def _party(row: Mapping[str, str], column: str, n: int) -> Party:
    country = next((row[c] for c in _COUNTRY_COLUMNS if row.get(c)), None)
    stated = [i.strip() for c in _IDENTIFIER_COLUMNS for i in (row.get(c) or "").split(";") if i.strip()]
    stated += [f"{scheme}:{row[scheme]}" for scheme in _SCHEMES if row.get(scheme)]
    kind = (row.get("kind") or row.get("type") or "").casefold()
    return Party(
        name=row.get(column) or "",
        country=country.upper() if country is not None and len(country) == 2 else None,
        identifiers=tuple(stated),
        kind=_KINDS.get(kind),
        row=n,
    )


def _plain(head: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", head.strip().casefold()).strip("_")


def in_pieces(parties: Iterator[Party], n: int) -> Iterator[list[Party]]:
    """Give them in pieces of at most this many.

    Parameters
    ----------
    parties : iterator of Party
    n : int

    Yields
    ------
    list of Party

    Notes
    -----
    *Assumes:* n is 1 or more.
    *Not for:* shuffling.

    Examples
    --------
    >>> [len(piece) for piece in in_pieces(iter([Party(name=x) for x in "abc"]), 2)]
    [2, 1]
    """
    while piece := list(islice(parties, n)):
        yield piece
