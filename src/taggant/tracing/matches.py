"""Parties of a case on lists: which entry, since when, and which shipments came before it was listed.

Invariant: "before" and "after" are said only where the days leave no doubt; the rest is counted as not told.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from taggant.model.derived_tables import DERIVED
from taggant.model.judgements import judged
from taggant.model.tables import frame_schema
from taggant.tracing.likeness import Party
from taggant.tracing.parties import PartyBook
from taggant.tracing.screening import Hit, Screen, Settings

_ROLES = ("consignor", "consignee", "carrier", "notify")
_KINDS = {"company": "organisation", "ministry": "organisation", "authority": "organisation", "person": "person",
          "vessel": "vessel", "ship": "vessel"}  # fmt: skip


def matches_of(
    party: pl.DataFrame,
    shipment: pl.DataFrame,
    transfer: pl.DataFrame,
    listing: pl.DataFrame,
    judgement: pl.DataFrame,
    book: PartyBook,
    *,
    as_of: date | None,
    confirmed_only: bool,
) -> tuple[pl.DataFrame, dict[str, str], int]:
    """Which entries of the lists held may be parties of the case, since when, and which trade came before?

    Parameters
    ----------
    party, shipment, transfer, listing, judgement : polars.DataFrame
    book : PartyBook
    as_of : date or None
        Versions of lists after this day are not asked.
    confirmed_only : bool

    Returns
    -------
    tuple of (match, state of each match, number of lists asked)
        Rejected matches are left out.

    Notes
    -----
    *Assumes:* an entry that an older version lacks and a newer one has was listed between the two.
    *Not for:* lists of which one version without a day is held: since when cannot be told.

    Examples
    --------
    See `trace_hands`.
    """
    schema = frame_schema(DERIVED["match"])
    if as_of is not None:
        listing = listing.filter(pl.col("version_on").is_null() | (pl.col("version_on") <= as_of))
    n_lists = listing["list_id"].n_unique()
    if not listing.height or not party.height:
        return pl.DataFrame(schema=schema), {}, n_lists
    newest = listing.sort("version_on", nulls_last=False).unique(
        ["list_id", "entity"], keep="last", maintain_order=True
    )
    asked = [
        Party(
            name=name, country=row["country"], identifiers=tuple(row["identifiers"] or ()),
            kind=_KINDS.get((row["kind"] or "").casefold()),
        )
        for row in party.iter_rows(named=True)
        for name in dict.fromkeys([row["name"], *(row["aliases"] or ())])
    ]  # fmt: skip
    owners = [row for row in party.iter_rows(named=True) for _ in dict.fromkeys([row["name"], *(row["aliases"] or ())])]
    best: dict[tuple[str, str, str], tuple[Hit, Mapping[str, Any]]] = {}
    for screened, row in zip(Screen(newest.lazy(), Settings()).ask(asked), owners, strict=True):
        for hit in screened.hits:
            key = (row["party_id"], hit.list_id, hit.entity)
            if key not in best or hit.score > best[key][0].score:
                best[key] = (hit, row)
    days = _days_of_trade(shipment, transfer, book)
    versions = _version_days(listing)
    made = [_row(hit, row, listing, versions, days.get(book.lead(row["party_id"]), [])) for hit, row in best.values()]
    frame = pl.DataFrame(made, schema=schema).sort("party_id", "score", "match_id", descending=[False, True, False])
    marked = judged(frame, judgement, "match")
    states = dict(zip(marked["match_id"], marked["judged"], strict=True))
    kept = [
        state != "rejected" and (not confirmed_only or state in ("confirmed", "replaced")) for state in marked["judged"]
    ]
    return frame.filter(pl.Series(kept, dtype=pl.Boolean)), states, n_lists


def _version_days(listing: pl.DataFrame) -> dict[str, list[date]]:
    found: dict[str, set[date]] = {}
    for list_id, day in listing.select("list_id", "version_on").unique().iter_rows():
        if day is not None:
            found.setdefault(list_id, set()).add(day)
    return {k: sorted(v) for k, v in found.items()}


def _days_of_trade(
    shipment: pl.DataFrame, transfer: pl.DataFrame, book: PartyBook
) -> dict[str, list[tuple[date | None, date | None]]]:
    days: dict[str, list[tuple[date | None, date | None]]] = {}
    for row in shipment.iter_rows(named=True):
        for party_id in {p for role in _ROLES if (p := book.find(row[role])) is not None}:
            days.setdefault(party_id, []).append((row["shipped_from"], row["shipped_until"]))
    known = set(shipment["shipment_id"])
    for row in transfer.iter_rows(named=True):
        if row["shipment_id"] in known:
            continue  # the same trade, counted by its shipment
        for party_id in {p for end in ("from_party", "to_party") if (p := book.find(row[end])) is not None}:
            days.setdefault(party_id, []).append((row["on_from"], row["on_until"]))
    return days


def since_when(listed_on: date | None, seen_in: list[date], versions: list[date]) -> tuple[date | None, date | None]:
    """Since when was an entry listed: no later than, and the last day it surely was not?

    Parameters
    ----------
    listed_on : date or None
        As the list states it.
    seen_in, versions : list of date
        Days of versions that have it; of all versions of the list, sorted.

    Returns
    -------
    tuple of (listed since no later than, not listed on)

    Notes
    -----
    *Assumes:* a day of listing a list states is right.
    *Not for:* entries taken off and put back.

    Examples
    --------
    >>> since_when(None, [date(2024, 5, 3)], [date(2023, 6, 29), date(2024, 5, 3)])
    (datetime.date(2024, 5, 3), datetime.date(2023, 6, 29))
    """
    if listed_on is not None:
        return listed_on, None
    if not seen_in:
        return None, None
    first = min(seen_in)
    before = [d for d in versions if d < first]
    return first, max(before) if before else None


def _row(
    hit: Hit,
    row: Mapping[str, Any],
    listing: pl.DataFrame,
    versions: Mapping[str, list[date]],
    days: list[tuple[date | None, date | None]],
) -> dict[str, Any]:
    own = listing.filter((pl.col("list_id") == hit.list_id) & (pl.col("entity") == hit.entity))
    stated = [d for d in own["listed_on"] if d is not None]
    seen_in = [d for d in own["version_on"] if d is not None]
    since, not_on = since_when(min(stated) if stated else None, seen_in, versions.get(hit.list_id, []))
    surely_not = since if stated else not_on  # a stated day: trade before it was before the listing
    before = after = 0
    for first, until in days:
        if surely_not is not None and until is not None and until <= surely_not:
            before += 1
        elif since is not None and first is not None and first >= since:
            after += 1
    return {
        "match_id": f"{row['party_id']}|{hit.list_id}|{hit.entity}", "party_id": row["party_id"],
        "party_name": row["name"], "list_id": hit.list_id, "version": hit.version, "entity": hit.entity,
        "name": hit.name, "score": round(hit.score, 4),
        "words": [f"{w.query or '–'} = {w.listed or '–'} ({w.how})" for w in hit.alignment.words],
        "agrees": list(hit.agrees), "differs": list(hit.differs), "absent": list(hit.absent), "listed_from": since,
        "not_listed_on": not_on, "n_before": before, "n_after": after, "n_untold": len(days) - before - after,
    }  # fmt: skip
