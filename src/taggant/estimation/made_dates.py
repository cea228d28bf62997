"""When was each item made, and on which day did it become known, as far as both are dated?

Invariant: a newest part is a floor for the day its item was made, and is named as such.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from taggant.errors import BadDate
from taggant.model.finding import Reference
from taggant.writing.edtf import parse_edtf

NEWEST_PARTS, ON_ITEMS = "newest parts", "dates of items"
_MADE_ON = re.compile(r"\d{4}(?:-(?:W\d{2}|\d{2}(?:-\d{2})?))?")


@dataclass(frozen=True, slots=True)
class MadeDate:
    """When an item was made, or its newest part: half-open, with what says so."""

    made_from: date
    made_until: date
    basis: str
    rests_on: Reference


def known_day(row: Mapping[str, Any]) -> date | None:
    """By which day had this item become known: documented or published, else recovered?

    Parameters
    ----------
    row : mapping
        Of `item`.

    Returns
    -------
    date or None
        The last day of the range.

    Notes
    -----
    *Assumes:* where only the recovery is dated, it was known then: later is possible, and `estimate_delays` counts it.
    *Not for:* the day it was made.

    Examples
    --------
    >>> known_day({"known_until": None, "recovered_until": date(2024, 5, 2)})
    datetime.date(2024, 5, 1)
    """
    until = row["known_until"] or row["recovered_until"]
    return None if until is None else until - timedelta(days=1)


def made_dates(items: Iterable[str], marking: pl.DataFrame, assembly: pl.DataFrame) -> dict[str, MadeDate]:
    """When was each item made, by a date on it, or — as a floor only — by its newest part?

    Parameters
    ----------
    items : iterable of str
        Names of items.
    marking, assembly : polars.DataFrame
        Tables `marking` and `item_assembly`.

    Returns
    -------
    dict of str to MadeDate
        A date on the item goes before its newest part.

    Notes
    -----
    *Assumes:* a mark of kind date is the day or month of making.
    *Not for:* marks of parts: `made_range`.
    """
    own = set(items)
    found: dict[str, MadeDate] = {}
    for row in assembly.filter(pl.col("earliest_on").is_not_null()).iter_rows(named=True):
        on = row["earliest_on"]
        found[row["item_id"]] = MadeDate(
            on, on + timedelta(days=7), NEWEST_PARTS, Reference("component", row["newest_component_id"])
        )
    dated = marking.filter((pl.col("kind") == "date") & pl.col("item_id").is_not_null() & pl.col("text").is_not_null())
    for row in dated.sort("marking_id").iter_rows(named=True):
        token = _MADE_ON.search(row["text"])
        if token is None or row["item_id"] not in own:
            continue
        try:
            day = parse_edtf(token[0])
        except BadDate:  # a mark that is no date says nothing here; the marks page shows it as it is
            continue
        if day.from_on is not None and day.until_on is not None:
            found[row["item_id"]] = MadeDate(
                day.from_on, day.until_on, ON_ITEMS, Reference("marking", row["marking_id"])
            )
    return found
