"""What is said of a party over time, and what went from whom to whom."""

from __future__ import annotations

from datetime import date

import polars as pl

from taggant.model.derived_tables import DERIVED
from taggant.model.tables import frame_schema
from taggant.tracing.chains import custody_links
from taggant.tracing.events import party_events, trade_links
from taggant.tracing.parties import party_book

from .test_hands import PARTIES, day, frame

SHIPMENT = {"shipment_id": "s1", "consignor": "Brindle Arms", "consignee": "Ministry of Defence of XD",
            "carrier": "LANTERN TRADING LLC", "description": "tubes", **day("shipped", date(2020, 5, 1))}  # fmt: skip
TRANSFER = {"transfer_id": "t1", "what": "tubes", "shipment_id": "s1", "from_party": "Brindle Arms",
            "to_party": "Ministry of Defence of XD", "shown_as": "observed", **day("on", date(2020, 5, 1))}  # fmt: skip


def test_a_shipment_is_a_link_unless_a_change_of_hands_tells_it() -> None:
    """The same trade is counted once."""
    book = party_book(frame("party", *PARTIES))
    no_links = custody_links(frame("transfer"), book)
    one = trade_links(no_links, frame("shipment", SHIPMENT), book)
    assert one.select("kind", "from_party_id", "to_party_id", "shown_as").rows() == [
        ("shipment", "maker", "mod", "observed")
    ]
    told = trade_links(custody_links(frame("transfer", TRANSFER), book), frame("shipment", SHIPMENT), book)
    assert told["kind"].to_list() == ["hands"]
    nameless = {"shipment_id": "s2", "description": "tubes"}
    assert trade_links(no_links, frame("shipment", nameless), book).height == 0


def test_events_stand_in_order_of_time_with_lists_and_letters() -> None:
    """Roles by papers, changes of hands, not yet on a list, on it, asked by letter; no day comes last."""
    book = party_book(frame("party", *PARTIES))
    match = pl.DataFrame(
        [{"match_id": "lantern|l|2", "party_id": "lantern", "party_name": "Lantern Trading", "list_id": "l",
          "entity": "2", "name": "LANTERN", "score": 0.85, "not_listed_on": date(2019, 1, 1),
          "listed_from": date(2021, 1, 1)}],
        schema=frame_schema(DERIVED["match"]),
    )  # fmt: skip
    request = frame("request", {"request_id": "r1", "to_party": "Lantern Trading", "about": "tube 7",
                                "outcome": "silent", **day("sent", date(2022, 1, 1))})  # fmt: skip
    undated = {"shipment_id": "s0", "consignee": "Lantern Trading", "description": "x"}
    found = party_events(frame("shipment", SHIPMENT, undated), frame("transfer", TRANSFER), request, match, book)
    own = found.filter(pl.col("party_id") == "lantern")
    assert own["event"].to_list() == ["not yet on the list", "carrier", "on the list", "asked by letter", "consignee"]
    assert own["words"][2] == "l: LANTERN (2), alike 0.85"
    maker = found.filter(pl.col("party_id") == "maker")
    assert maker.select("event", "words").rows() == [
        ("consignor", "tubes, Brindle Arms to Ministry of Defence of XD"),
        ("gave", "tubes, to Ministry of Defence of XD"),
    ]
