"""Signs that authorities publish as ones of possible diversion, met by shipments of a case.

Invariant: a sign is shown with what meets it and with innocent readings; it is no finding about a party.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import polars as pl

from taggant.model.derived_tables import DERIVED
from taggant.model.tables import frame_schema
from taggant.reference import load_red_flags

_TO_ORDER = re.compile(r"\bto (?:the )?order\b", re.IGNORECASE)
_SAME_LOAD = timedelta(days=31)


def red_flags(shipment: pl.DataFrame) -> pl.DataFrame:
    """Which shipments meet which published signs?

    Parameters
    ----------
    shipment : polars.DataFrame

    Returns
    -------
    polars.DataFrame
        Table `red_flag`.

    Notes
    -----
    *Assumes:* a load of the same sender within a month, with nearly the same quantity and another chapter of the
    customs nomenclature, may be the same load.
    *Not for:* accusing: each sign is met far more often by honest trade.

    Examples
    --------
    >>> from taggant.model.typed_tables import TYPED
    >>> red_flags(pl.DataFrame(schema=frame_schema(TYPED["shipment"]))).height
    0
    """
    signs = {f.id: f for f in load_red_flags()}
    rows = shipment.to_dicts()
    made = [
        {
            "shipment_id": row["shipment_id"], "flag": flag, "why": why, "benign": signs[flag].benign,
            "source_url": signs[flag].source.url,
        }
        for row in rows
        for flag, why in _signs(row, rows)
    ]  # fmt: skip
    return pl.DataFrame(made, schema=frame_schema(DERIVED["red_flag"]))


def _signs(row: Mapping[str, Any], rows: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    if row["consignee"] and _TO_ORDER.search(row["consignee"]):
        yield "to-order", f"consignee {row['consignee']!r}"
    origin, left, goal = row["origin_country"], row["departure_country"], row["destination_country"]
    if origin and left and goal and left not in (origin, goal):
        yield "routed-through", f"origin {origin}, sent from {left} to {goal}"
    twin = next((other for other in rows if _may_be_same_load(row, other)), None)
    if twin is not None:
        yield "renamed-goods", f"{row['description']!r} here, {twin['description']!r} in {twin['shipment_id']}"


def _may_be_same_load(row: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    if row["shipment_id"] == other["shipment_id"] or not row["consignor"] or row["consignor"] != other["consignor"]:
        return False
    one, two = row["hs_code"], other["hs_code"]
    a, b = _day(row), _day(other)
    if not one or not two or one[:2] == two[:2] or a is None or b is None or abs(a - b) > _SAME_LOAD:
        return False
    n, m = row["quantity"], other["quantity"]
    return bool(n and m and row["unit"] == other["unit"] and min(n, m) >= 0.8 * max(n, m))


def _day(row: Mapping[str, Any]) -> date | None:
    day = row["shipped_from"]
    return day if isinstance(day, date) else None
