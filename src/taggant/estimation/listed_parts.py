"""The parts of an item as one row each: whose, from which brand country, in which tier, made when.

Invariant: a decade that only neighbours close tells nothing here: what is surely after a day holds by the codes alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

import polars as pl

from taggant.estimation.origin_counts import divide, is_made_after
from taggant.model.finding import Reference

AFTER, NOT_AFTER, NOT_LISTED = "after", "not after", "not on the list"
"""Levels of `composition`: made after the day asked or not; a code that is on no tier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPart:
    """One component with all that divides it from others.

    Attributes
    ----------
    mark : tuple or None
        Twins share it: item, maker or brand, and the marking; None: no mark is stated.
    tier : str or None
        Tier, or `NOT_LISTED`; None: no HS code is known.
    is_after : bool or None
        Made after the day asked, by the codes alone; None: it can be either.
    is_after_with_neighbours, is_after_documented : bool or None
        The same with decades closed by neighbours believed; the same by rules a maker documents alone.
    state : str
        Of its date: dated, ambiguous, undated.
    judged_maker, judged_date : str or None
        What persons decided on its maker and its date (`model.judgements`); None: nothing was proposed.
    """

    component_id: str
    item_id: str
    module: str | None
    maker: str | None
    maker_basis: str | None
    brand: str | None
    brand_country: str | None
    maker_country: str | None
    tier: str | None
    mark: tuple[str, str | None, str] | None
    state: str
    is_after: bool | None
    is_after_with_neighbours: bool | None
    is_after_documented: bool | None
    quantity: int | None
    judged_maker: str | None = None
    judged_date: str | None = None

    @property
    def reference(self) -> Reference:
        """The component, as findings name it."""
        return Reference("component", self.component_id)


def listed_parts(
    candidates: pl.DataFrame, ranges: pl.DataFrame, items: pl.DataFrame, *, since_on: date
) -> dict[str, list[ListedPart]]:
    """Which parts are listed of each item, and which of them were made on or after a day?

    Parameters
    ----------
    candidates, ranges, items : polars.DataFrame
        Tables `part_candidate`, `made_range` and `item`.
    since_on : date
        The first day that counts as after.

    Returns
    -------
    dict of str to list of ListedPart
        By item, both in the order of their ids; items without parts are left out.

    Notes
    -----
    Assumes: no part of an item is newer than the day the item was recovered or known.
    Not for: parts that nobody listed.
    """
    known = {
        str(it["item_id"]): _known_on(it["recovered_until"], it["known_until"]) for it in items.iter_rows(named=True)
    }
    by_component: dict[str, list[Mapping[str, object]]] = {}
    for r in ranges.sort("component_id", "range_n").iter_rows(named=True):
        by_component.setdefault(r["component_id"], []).append(r)
    found: dict[str, list[ListedPart]] = {}
    for c in candidates.sort("item_id", "component_id").iter_rows(named=True):
        own = by_component.get(c["component_id"], [])
        found.setdefault(c["item_id"], []).append(_part(c, own, since_on, known.get(c["item_id"])))
    return found


def _known_on(*untils: date | None) -> date | None:
    # `until` is the first day outside: the item cannot hold a part made on that day.
    ends = [d for d in untils if d is not None]
    return min(ends) - timedelta(days=1) if ends else None


def _part(
    c: Mapping[str, object], ranges: Sequence[Mapping[str, object]], since_on: date, known_on: date | None
) -> ListedPart:
    dates, by_neighbours = _dates(ranges)
    documented = bool(ranges) and ranges[0]["status"] == "documented"
    days = ranges[0]["tolerance_days"] if ranges else None

    def after(read: Sequence[tuple[date, date | None]]) -> bool | None:
        tolerance = days if isinstance(days, int) else 0
        return is_made_after(read, since_on=since_on, tolerance_days=tolerance, known_on=known_on)

    marking = c["marking"]
    words = " ".join(marking.split()) if isinstance(marking, str) else ""
    hs_code = _text(c["hs_code"])
    return ListedPart(
        component_id=str(c["component_id"]),
        item_id=str(c["item_id"]),
        module=_text(c["module"]),
        maker=_text(c["maker"]),
        maker_basis=_text(c["maker_basis"]),
        brand=_text(c["brand"]),
        brand_country=_text(c["brand_country"]),
        maker_country=_text(c["maker_country"]),
        tier=_text(c["chpl_tier"]) or (NOT_LISTED if hs_code else None),
        mark=(str(c["item_id"]), _text(c["maker"]) or _text(c["brand"]), words) if words else None,
        state=str(ranges[0]["state"]) if ranges else "undated",
        is_after=after([*dates, *by_neighbours]),
        is_after_with_neighbours=after(dates),
        is_after_documented=after([*dates, *by_neighbours] if documented else []),
        quantity=c["quantity"] if isinstance(c["quantity"], int) else None,
        judged_maker=_text(c.get("judged")),
        judged_date=_text(ranges[0].get("judged")) if ranges else None,
    )


_Range: TypeAlias = tuple[date, date | None]
_OLDEST = date(1900, 1, 1)  # stands for a range open towards the past: no part with a code is older


def _dates(ranges: Sequence[Mapping[str, object]]) -> tuple[list[_Range], list[_Range]]:
    """What is still possible, and what only neighbours rule out; nothing when the token may be no date at all."""
    dates = [
        (r["made_from"], until if isinstance(until := r["made_until"], date) else None)
        for r in ranges
        if isinstance(r["made_from"], date) and r["doubt"] is None
    ]
    if len(dates) < len(ranges):
        return [], []  # a lot number, perhaps, or a range without a first day: it bounds nothing
    ruled_out = ranges[0]["ruled_out"] if ranges else None
    pairs = [str(one).split("/") for one in ruled_out] if isinstance(ruled_out, list) else []
    return dates, [
        (_OLDEST if first == ".." else date.fromisoformat(first), None if until == ".." else date.fromisoformat(until))
        for first, until in pairs
    ]


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def composition_rows(item_id: str, parts: Sequence[ListedPart]) -> list[dict[str, object]]:
    """How do the listed parts of one item divide, by each thing that divides them?

    Parameters
    ----------
    item_id : str
    parts : sequence of ListedPart
        Of that item.

    Returns
    -------
    list of dict
        Rows of table `composition`.

    Notes
    -----
    Assumes: brand country as listed, not as the reference has it. Not for: totals over items opened unequally deep.
    """
    levels: dict[str, list[str | None]] = {
        "maker": [p.maker for p in parts],
        "brand_country": [p.brand_country for p in parts],
        "chpl_tier": [p.tier for p in parts],
        "made_after": [{True: AFTER, False: NOT_AFTER, None: None}[p.is_after] for p in parts],
    }
    marks = [p.mark for p in parts]
    return [
        {
            "item_id": item_id,
            "by": by,
            "level": one.level,
            "n_components": one.n_components,
            "n_marks": one.n_marks,
            "share_low": one.share_low,
            "share_high": one.share_high,
        }
        for by, given in levels.items()
        for one in divide(given, marks)
    ]
