"""What `taggant find` looks in, as data: the columns of typed tables that hold marks and names.

Invariant: how a column is folded follows from what it holds: marks sign by sign, names by sound.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

What = Literal["mark", "name"]


@dataclass(frozen=True, slots=True)
class Findable:
    """One column that is looked in."""

    table: str
    column: str
    what: What


def _columns(table: str, what: What, *columns: str) -> tuple[Findable, ...]:
    return tuple(Findable(table, column, what) for column in columns)


FINDABLE = (
    *_columns("item", "mark", "serial_as_marked"),
    *_columns("item", "name", "designation"),
    *_columns("marking", "mark", "text"),
    *_columns("component", "mark", "marking", "part_number_stated"),
    *_columns("component", "name", "brand", "maker", "distributor", "function"),
    *_columns("party", "name", "name", "aliases"),
    *_columns("party", "mark", "identifiers"),
    *_columns("shipment", "name", "consignor", "consignee", "carrier", "notify", "description"),
    *_columns("shipment", "mark", "hs_code"),
    *_columns("transfer", "name", "what", "from_party", "to_party"),
    *_columns("custody", "name", "from", "to", "place"),
    *_columns("request", "name", "to_party", "about"),
    *_columns("reference_item", "name", "variant", "producer"),
    *_columns("incident", "name", "place"),
    *_columns("examination", "name", "by"),
    *_columns("claim", "name", "speaker", "scope", "statement"),
    *_columns("commitment", "name", "title", "obliged"),
    *_columns("plan", "name", "title", "scope"),
    *_columns("source", "name", "title", "publisher"),
    *_columns("photo", "name", "by"),
)
