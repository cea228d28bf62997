"""Signs that authorities publish as ones of possible diversion, met by shipments of a case.

Invariant: a sign is shown with what meets it and with innocent readings; it is no finding about a party.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

import polars as pl

from taggant.model.derived_tables import DERIVED
from taggant.model.tables import frame_schema
from taggant.reference import load_chpl, load_red_flags
from taggant.writing.folding import fold
from taggant.writing.name_reading import NameReader, word_book

_TO_ORDER = re.compile(r"\bto (?:the )?order\b", re.IGNORECASE)
_FORWARDER = re.compile(
    r"\b(?:freight|forwarding|forwarders?|logistics?|cargo|shipping|expeditors?|экспедиц\w*|логистик\w*|kargo|lojistik)\b",
    re.IGNORECASE,
)
_SAME_LOAD = timedelta(days=31)
_TURN = date(2022, 2, 24)
"""The day from which the joint alerts of FinCEN and BIS count what is new."""


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
    customs nomenclature, may be the same load; codes are of HS 2022.
    *Not for:* accusing: each sign is met far more often by honest trade.

    Examples
    --------
    >>> from taggant.model.typed_tables import TYPED
    >>> red_flags(pl.DataFrame(schema=frame_schema(TYPED["shipment"]))).height
    0
    """
    signs = {f.id: f for f in load_red_flags()}
    rows = shipment.to_dicts()
    by_sender: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_sender.setdefault(row["consignor"] or "", []).append(row)
    reaches_back = any(day < _TURN for day in map(_day, rows) if day is not None)
    first = _first_of_listed_goods(rows) if reaches_back else {}
    made = [
        {
            "shipment_id": row["shipment_id"], "flag": flag, "why": why, "benign": signs[flag].benign,
            "source_url": signs[flag].source.url,
        }
        for row in rows
        for flag, why in (*_signs(row, by_sender[row["consignor"] or ""]), *_of_goods(row, first))
    ]  # fmt: skip
    return pl.DataFrame(made, schema=frame_schema(DERIVED["red_flag"]))


def _signs(row: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    consignee = row["consignee"]
    if consignee:
        if _TO_ORDER.search(consignee):
            yield "to-order", f"consignee {consignee!r}"
        if _names_a_bank(consignee):
            yield "bank-consignee", f"consignee {consignee!r}"
        if _FORWARDER.search(consignee):
            yield "forwarder-goal", f"consignee {consignee!r}"
        elif row["carrier"] and consignee.casefold() == row["carrier"].casefold():
            yield "forwarder-goal", f"consignee {consignee!r} is the carrier"
    origin, left, goal = row["origin_country"], row["departure_country"], row["destination_country"]
    if origin and left and goal and left not in (origin, goal):
        yield "routed-through", f"origin {origin}, sent from {left} to {goal}"
    near = [other for other in rows if _is_near(row, other)]
    twin = next((other for other in near if _has_other_chapter(row, other)), None)
    if twin is not None:
        yield "renamed-goods", f"{row['description']!r} here, {twin['description']!r} in {twin['shipment_id']}"
    turned = next(
        (o for o in near if goal and o["destination_country"] and o["destination_country"] != goal
         and o["consignee"] != consignee),
        None,
    )  # fmt: skip
    if turned is not None:
        yield "other-goal", f"to {goal} here, to {turned['destination_country']} in {turned['shipment_id']}"


def _of_goods(row: Mapping[str, Any], first: Mapping[str, date]) -> Iterator[tuple[str, str]]:
    code = _listed_code(row)
    if code is None:
        return
    yield "high-priority", f"code {row['hs_code']}, tier {_tiers()[code]}"
    began, day = first.get(_taker(row)), _day(row)
    if began is not None and began >= _TURN and day == began:
        yield "first-after-2022", f"the first load of listed codes to {row['consignee']!r} in this table"


def _first_of_listed_goods(rows: Sequence[Mapping[str, Any]]) -> dict[str, date]:
    """Consignee → the first day a load of listed codes went to it."""
    first: dict[str, date] = {}
    for row in rows:
        day = _day(row)
        if row["consignee"] and day is not None and _listed_code(row) is not None:
            first[_taker(row)] = min(day, first.get(_taker(row), day))
    return first


def _taker(row: Mapping[str, Any]) -> str:
    return (row["consignee"] or "").casefold()


@cache
def _tiers() -> Mapping[str, str]:
    return {code.hs_code: code.tier for code in load_chpl()}


def _listed_code(row: Mapping[str, Any]) -> str | None:
    code = "".join(c for c in row["hs_code"] or "" if c.isdigit())[:6]
    return code if code in _tiers() else None


def _names_a_bank(name: str) -> bool:
    meanings = word_book().meanings
    return any(meanings.get(word) == meanings[fold("bank")] for word in NameReader(base=_reader()).read(name).words)


@cache
def _reader() -> NameReader:
    return NameReader()


def _is_near(row: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether another row may be the same load: sender, month and nearly the quantity are the same."""
    if row["shipment_id"] == other["shipment_id"] or not row["consignor"] or row["consignor"] != other["consignor"]:
        return False
    a, b = _day(row), _day(other)
    if a is None or b is None or abs(a - b) > _SAME_LOAD:
        return False
    n, m = row["quantity"], other["quantity"]
    return bool(n and m and row["unit"] == other["unit"] and min(n, m) >= 0.8 * max(n, m))


def _has_other_chapter(row: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    one, two = row["hs_code"], other["hs_code"]
    return bool(one and two and one[:2] != two[:2])


def _day(row: Mapping[str, Any]) -> date | None:
    day = row["shipped_from"]
    return day if isinstance(day, date) else None
