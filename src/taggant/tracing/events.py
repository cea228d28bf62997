"""What went from whom to whom, and what is said of each party in order of time.

Invariant: an event says what a paper or a list says, with its source; nothing is concluded from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import polars as pl

from taggant.model.derived_tables import DERIVED
from taggant.model.tables import frame_schema
from taggant.tracing.parties import PartyBook

_FAR = date(9999, 12, 31)
_ROLES = (("consignor", "consignor"), ("consignee", "consignee"), ("carrier", "carrier"), ("notify", "notified"))


def trade_links(links: pl.DataFrame, shipment: pl.DataFrame, book: PartyBook) -> pl.DataFrame:
    """What went from whom to whom: changes of hands, and shipments that no change of hands names?

    Parameters
    ----------
    links : polars.DataFrame
        Table `custody_link`.
    shipment : polars.DataFrame
    book : PartyBook

    Returns
    -------
    polars.DataFrame
        Table `trade_link`. A shipment is a link from consignor to consignee; its papers were seen.

    Notes
    -----
    *Assumes:* a load went where its papers say.
    *Not for:* custody: a consignee on paper need not have held the goods.

    Examples
    --------
    >>> from taggant.model.typed_tables import TYPED
    >>> none = pl.DataFrame(schema=frame_schema(DERIVED["custody_link"]))
    >>> row = {"shipment_id": "s1", "consignor": "A", "consignee": "B"}
    >>> shipment = pl.DataFrame([row], schema=frame_schema(TYPED["shipment"]))
    >>> trade_links(none, shipment, PartyBook({}, {}, {})).select("from_party", "to_party", "kind").rows()
    [('A', 'B', 'shipment')]
    """
    schema = frame_schema(DERIVED["trade_link"])
    made = [{name: row.get(name) for name in schema} | {"kind": "hands"} for row in links.iter_rows(named=True)]
    told = set(links["shipment_id"]) - {None}
    made += [
        {
            "link_id": f"shipment:{row['shipment_id']}", "kind": "shipment", "what": row["description"],
            "from_party": row["consignor"], "from_party_id": book.find(row["consignor"]),
            "to_party": row["consignee"], "to_party_id": book.find(row["consignee"]),
            "on_from": row["shipped_from"], "on_until": row["shipped_until"], "shown_as": "observed",
            "shipment_id": row["shipment_id"], "source_id": row["source_id"],
        }
        for row in shipment.iter_rows(named=True)
        if row["shipment_id"] not in told and (row["consignor"] or row["consignee"])
    ]  # fmt: skip
    return pl.DataFrame(made, schema=schema)


def party_events(
    shipment: pl.DataFrame, transfer: pl.DataFrame, request: pl.DataFrame, match: pl.DataFrame, book: PartyBook
) -> pl.DataFrame:
    """What do papers and lists say of each party, in order of time?

    Parameters
    ----------
    shipment, transfer, request : polars.DataFrame
    match : polars.DataFrame
        Entries of lists that may be parties.
    book : PartyBook

    Returns
    -------
    polars.DataFrame
        Table `party_event`, by party and first day; what has no day comes last. What is said under the name of one that
        is confirmed to be the same stands with the first of them.

    Notes
    -----
    *Assumes:* a name leads to a party as `PartyBook.find` says; names of nobody have no events.
    *Not for:* conclusions: a place in a shipment or on a list is no malpractice.

    Examples
    --------
    >>> from taggant.model.typed_tables import TYPED
    >>> tables = [pl.DataFrame(schema=frame_schema(TYPED[n])) for n in ("shipment", "transfer", "request")]
    >>> party_events(*tables, pl.DataFrame(schema=frame_schema(DERIVED["match"])), PartyBook({}, {}, {})).height
    0
    """
    by_party: dict[str, list[dict[str, Any]]] = {}
    for party_id, event in _all(shipment, transfer, request, match, book):
        by_party.setdefault(party_id, []).append(event)
    made = []
    for party_id, events in sorted(by_party.items()):
        events.sort(key=lambda e: (e.get("on_from") or e.get("on_until") or _FAR, e["event"], e.get("words") or ""))
        made += [
            {"event_id": f"{party_id}#{n}", "party_id": party_id, **event} for n, event in enumerate(events, start=1)
        ]
    return pl.DataFrame(made, schema=frame_schema(DERIVED["party_event"]))


def _all(
    shipment: pl.DataFrame, transfer: pl.DataFrame, request: pl.DataFrame, match: pl.DataFrame, book: PartyBook
) -> Iterator[tuple[str, dict[str, Any]]]:
    for row in shipment.iter_rows(named=True):
        for column, event in _ROLES:
            party_id = book.find(row[column])
            if party_id is not None:
                yield party_id, _of_shipment(row, event)
    for row in transfer.iter_rows(named=True):
        for column, other, event, towards in (
            ("from_party", "to_party", "gave", "to"), ("to_party", "from_party", "received", "from"),
        ):  # fmt: skip
            party_id = book.find(row[column])
            if party_id is not None:
                thing = row["what"] or row["item_id"] or row["component_id"] or "something"
                yield party_id, {
                    "on_from": row["on_from"], "on_until": row["on_until"], "event": event,
                    "words": f"{thing}, {towards} {row[other] or 'somebody not known'}",
                    "shown_as": row["shown_as"] or "inferred", "transfer_id": row["transfer_id"],
                    "shipment_id": row["shipment_id"], "source_id": row["source_id"],
                }  # fmt: skip
    for row in request.iter_rows(named=True):
        party_id = book.find(row["to_party"])
        if party_id is not None and row["sent_from"] is not None:
            yield party_id, {
                "on_from": row["sent_from"], "on_until": row["sent_until"], "event": "asked by letter",
                "words": f"about {row['about'] or 'a thing'}: {row['outcome'] or 'no outcome noted'}",
                "request_id": row["request_id"],
            }  # fmt: skip
    for row in match.iter_rows(named=True):
        yield from _of_match(row, book.lead(row["party_id"]))


def _of_shipment(row: Mapping[str, Any], event: str) -> dict[str, Any]:
    ends = f"{row['consignor'] or 'somebody not known'} to {row['consignee'] or 'somebody not known'}"
    return {
        "on_from": row["shipped_from"], "on_until": row["shipped_until"], "event": event,
        "words": f"{row['description'] or 'goods not named'}, {ends}", "shown_as": "observed",
        "shipment_id": row["shipment_id"], "source_id": row["source_id"],
    }  # fmt: skip


def _of_match(row: Mapping[str, Any], party_id: str) -> Iterator[tuple[str, dict[str, Any]]]:
    words = f"{row['list_id']}: {row['name']} ({row['entity']}), alike {row['score']:.2f}"
    shared = {"words": words, "match_id": row["match_id"]}
    if row["not_listed_on"] is not None:
        day = row["not_listed_on"]
        yield party_id, {**shared, "event": "not yet on the list", "on_from": day, "on_until": day + timedelta(days=1)}
    since = row["listed_from"]
    # The day says since when at the latest; a version without a day says nothing of when.
    yield party_id, {**shared, "event": "on the list", "on_from": since,
                     "on_until": None if since is None else since + timedelta(days=1)}  # fmt: skip
