"""Through whose hands: chains, listings before and after, merges, signs, requests."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from taggant.model.tables import frame_schema
from taggant.model.tracing_tables import LISTING
from taggant.model.typed_tables import TYPED
from taggant.tracing.chains import chains_of, custody_links
from taggant.tracing.flags import red_flags
from taggant.tracing.hands import trace_hands
from taggant.tracing.matches import since_when
from taggant.tracing.parties import confirmed_as_one, dedupe_with_splink, groups_of, party_book, party_pairs

_TABLES = ("party", "shipment", "transfer", "item", "component", "request", "listing", "judgement")


def frame(name: str, *rows: dict[str, Any]) -> pl.DataFrame:
    """A typed table with these rows; days are given as the frame has them."""
    return pl.DataFrame(list(rows), schema=frame_schema(LISTING if name == "listing" else TYPED[name]))


def day(column: str, first: date, last: date | None = None) -> dict[str, date]:
    """The two columns of a day: from, and first day after."""
    end = first if last is None else last
    return {f"{column}_from": first, f"{column}_until": date.fromordinal(end.toordinal() + 1)}


PARTIES = (
    {"party_id": "maker", "name": "Brindle Armaments", "aliases": ["Brindle Arms"], "country": "XA"},
    {"party_id": "mod", "name": "Ministry of Defence of XD", "country": "XD"},
    {"party_id": "lantern", "name": "Lantern Trading", "country": "XF", "identifiers": ["reg-XF:10"]},
    {"party_id": "lantern-xd", "name": "Lantern Trade XD", "country": "XD", "identifiers": ["reg-XD:11"]},
)
TRANSFERS = (
    {"transfer_id": "t2", "item_id": "l1", "from_party": "Ministry of Defence of XD", "shown_as": "inferred",
     **day("on", date(2017, 4, 1), date(2024, 8, 31))},
    {"transfer_id": "t1", "item_id": "l1", "from_party": "Brindle Arms", "to_party": "Ministry of Defence of XD",
     "shown_as": "observed", **day("on", date(2017, 3, 20))},
)  # fmt: skip


def answer(**rows: Any) -> Any:
    """The step on these rows."""
    tables = {name: frame(name, *rows.get(name, ())).lazy() for name in _TABLES}
    return trace_hands(**tables, as_of=date(2025, 6, 30), confirmed_only=rows.get("confirmed_only", "no"))


def test_the_last_known_holder_and_the_span_in_which_it_was_lost() -> None:
    """Order is by day, not by row; an inferred link moves no holder."""
    links = custody_links(frame("transfer", *TRANSFERS), party_book(frame("party", *PARTIES)))
    assert links.select("transfer_id", "n", "shown_as").rows() == [("t1", 1, "observed"), ("t2", 2, "inferred")]
    assert links["from_party_id"].to_list() == ["maker", "mod"]
    item = frame("item", {"item_id": "l1", "kind": "launcher", **day("recovered", date(2024, 8, 30))})
    (chain,) = chains_of(links, item, frame("component"))
    assert (chain.holder, chain.n_observed) == ("Ministry of Defence of XD", 1)
    assert (chain.held_from, chain.lost_by) == (date(2017, 3, 21), date(2024, 8, 31))


def test_only_inferred_links_name_no_holder() -> None:
    """The over-correction: what is inferred is shown, and never told as known."""
    inferred = ({**TRANSFERS[1], "shown_as": None},)
    found = answer(transfer=inferred, item=({"item_id": "l1", "kind": "launcher"},), party=PARTIES)
    chain = next(f for f in found.findings if f.finding_id == "through-whose-hands:item:l1")
    assert chain.result.refused is not None
    assert chain.statement == "through-whose-hands.chain.refused"


def test_a_gap_between_two_parties_is_named() -> None:
    """Received by one, given by another: between them nothing is known."""
    gap = {"transfer_id": "t3", "item_id": "l1", "from_party": "Depot 4", "to_party": "X", "shown_as": "observed",
           **day("on", date(2020, 1, 1))}  # fmt: skip
    links = custody_links(frame("transfer", TRANSFERS[1], gap), party_book(frame("party", *PARTIES)))
    assert links["gap"].to_list() == [None, "between Ministry of Defence of XD and Depot 4 nothing is known"]


@pytest.mark.parametrize("n", [0, 1])
def test_nothing_and_one_party(n: int) -> None:
    """An empty case is refused; a party alone is a case without screening, and says so."""
    found = answer(party=PARTIES[:n])
    assert found.findings[0].statement == f"through-whose-hands.case.{'unscreened' if n else 'refused'}"
    if n:
        assert any(a.status == "fails" for a in found.findings[0].result.assumptions)


def listed(version_on: date, *entities: tuple[str, str], listed_on: date | None = None) -> list[dict[str, Any]]:
    """One version of a list."""
    return [
        {"list_id": "l", "version": f"sha256:{version_on}", "version_on": version_on, "entity": e, "name": n,
         "names": [n], "listed_on": listed_on}
        for e, n in entities
    ]  # fmt: skip


SHIPMENTS = tuple(
    {"shipment_id": f"s{n}", "consignor": "Brindle Armaments", "consignee": "TO THE ORDER OF LANTERN TRADING", **when}
    for n, when in enumerate((
        day("shipped", date(2023, 5, 1)), day("shipped", date(2023, 12, 1)), day("shipped", date(2024, 6, 1)), {},
    ))
)  # fmt: skip


def test_shipments_before_a_listing_are_told_by_two_versions() -> None:
    """Not in the version of June 2023, in that of May 2024: May is before, June 2024 after, the rest is not told."""
    listing = [*listed(date(2023, 6, 29), ("1", "Somebody Else")),
               *listed(date(2024, 5, 3), ("1", "Somebody Else"), ("2", "LANTERN TRADING LTD"))]  # fmt: skip
    found = answer(party=PARTIES, shipment=SHIPMENTS, listing=listing)
    row = found.tables["match"].filter(pl.col("party_id") == "lantern").row(0, named=True)
    assert (row["listed_from"], row["not_listed_on"]) == (date(2024, 5, 3), date(2023, 6, 29))
    assert (row["n_before"], row["n_after"], row["n_untold"]) == (1, 1, 2)
    finding = next(f for f in found.findings if f.subject.get("party_id") == "lantern")
    assert finding.statement == "through-whose-hands.listed"
    assert finding.values["n_before"].value == 1


def test_a_stated_day_of_listing_leaves_nothing_untold_but_what_has_no_day() -> None:
    """The list says since when."""
    listing = listed(date(2024, 5, 3), ("2", "LANTERN TRADING LTD"), listed_on=date(2023, 12, 1))
    row = answer(party=PARTIES, shipment=SHIPMENTS, listing=listing).tables["match"].row(0, named=True)
    assert (row["n_before"], row["n_after"], row["n_untold"]) == (1, 2, 1)
    assert since_when(None, [], []) == (None, None)


def test_a_version_after_the_day_of_the_answer_is_not_asked() -> None:
    """As of a day before the listing there is no match."""
    tables = {name: frame(name).lazy() for name in _TABLES}
    tables["party"] = frame("party", *PARTIES).lazy()
    tables["listing"] = frame("listing", *listed(date(2024, 5, 3), ("2", "LANTERN TRADING LTD"))).lazy()
    early = trace_hands(**tables, as_of=date(2024, 5, 2), confirmed_only="no")
    late = trace_hands(**tables, as_of=date(2024, 5, 3), confirmed_only="no")
    assert isinstance(early.tables["match"], pl.DataFrame)
    assert isinstance(late.tables["match"], pl.DataFrame)
    assert (early.tables["match"].height, late.tables["match"].height > 0) == (0, True)


def judgement(kind: str, key: str, verdict: str, suggested: str) -> dict[str, Any]:
    """What a person decided."""
    return {"kind": kind, "suggestion": key, "verdict": verdict, "suggested": suggested, "by": "ana"}


def test_a_rejected_match_is_gone_and_comes_back_with_the_judgement_withdrawn() -> None:
    """A person's no holds as long as it stands."""
    listing = listed(date(2024, 5, 3), ("2", "LANTERN TRADING LTD"))
    no = judgement("match", "lantern|l|2", "reject", "LANTERN TRADING LTD")
    key = answer(party=PARTIES[2:3], listing=listing).tables["match"]["match_id"].to_list()
    assert key == ["lantern|l|2"]
    from taggant.model.tables import join_key

    no["suggestion"] = join_key(["lantern|l|2"])
    assert answer(party=PARTIES[2:3], listing=listing, judgement=[no]).tables["match"].height == 0


def test_merges_wait_for_a_person_can_be_undone_and_conflicts_are_named() -> None:
    """Two firms with like names and other numbers: confirmed as one, the conflict is said; nothing merges by itself."""
    rows = [{"party_id": p, "name": n, "identifiers": [i]} for p, n, i in (
        ("a", "Zavod Kupol", "inn:1"), ("b", "Kupol Plant", "inn:2"), ("c", "KUPOL ZAVOD LLC", "inn:1"),
    )]  # fmt: skip
    party = frame("party", *rows)
    pairs = party_pairs(party, frame("judgement"))
    assert pairs["state"].unique().to_list() == ["unjudged"]
    assert pairs.filter(pl.col("pair_id") == "a+c")["agrees"].to_list() == [["name", "inn:1"]]
    yes = [judgement("same-party", k, "confirm", f"{x} {y}") for k, x, y in (
        ("a+b", "Zavod Kupol", "Kupol Plant"), ("a+c", "Zavod Kupol", "KUPOL ZAVOD LLC"),
    )]  # fmt: skip
    no = judgement("same-party", "b+c", "reject", "Kupol Plant KUPOL ZAVOD LLC")
    judged = party_pairs(party, frame("judgement", *yes, no))
    conflicts = dict(judged.select("pair_id", "conflict").rows())
    assert "inn" in str(conflicts["a+b"])
    assert conflicts["a+c"] is None
    assert "third party" in str(conflicts["b+c"])
    assert groups_of([]) == {}


def test_parties_confirmed_as_one_are_one_in_shipments_and_chains_until_it_is_taken_back() -> None:
    """Trade under either name counts for both; a group that somebody also holds apart is not joined."""
    party = [{"party_id": "a", "name": "Lantern Trading"}, {"party_id": "b", "name": "Lantern Trading Co"}]
    transfer = [{"transfer_id": f"t{n}", "item_id": "l1", "from_party": giver, "to_party": taker,
                 "shown_as": "observed", **day("on", date(2020 + n, 1, 1))}
                for n, (giver, taker) in enumerate((("X", "b"), ("a", "Y")))]  # fmt: skip
    listing = listed(date(2024, 5, 3), ("2", "LANTERN TRADING LTD"), listed_on=date(2023, 1, 1))
    rows: dict[str, Any] = {"party": party, "transfer": transfer, "listing": listing}
    yes = judgement("same-party", "a+b", "confirm", "Lantern Trading Lantern Trading Co")
    apart, one = answer(**rows), answer(**rows, judgement=[yes])
    assert apart.tables["custody_link"]["gap"].to_list() == [None, "between b and a nothing is known"]
    assert one.tables["custody_link"]["gap"].to_list() == [None, None]
    assert set(one.tables["custody_link"]["to_party_id"]) == {"a", None}
    assert sorted(apart.tables["match"]["n_before"]) == [1, 1]
    assert set(one.tables["match"]["n_before"]) == {2}
    told = [f for f in one.findings if f.statement == "through-whose-hands.listed"]
    assert len(told) == 1
    assert any(d.name == "counted as one with" and d.value == "b" for d in told[0].result.diagnostics)
    assert one.findings[0].values["n_parties"].value == 1
    pairs = pl.DataFrame({"party_id": ["a", "b", "a"], "other_party_id": ["b", "c", "c"],
                          "state": ["confirmed", "confirmed", "rejected"]})  # fmt: skip
    assert confirmed_as_one(pairs) == {}


def test_a_name_two_parties_bear_leads_to_none() -> None:
    """Lantern Trading and Lantern Trade XD are two; a name both bear is nobody's."""
    book = party_book(frame("party", *PARTIES, {"party_id": "other", "name": "Brindle Arms"}))
    assert book.find("Brindle Arms") is None
    assert book.find("LANTERN TRADING") == "lantern"
    assert book.find("nobody") is None


def test_signs_are_met_with_their_innocent_readings() -> None:
    """To order; through a third country; the same load under another customs chapter. An ordinary row meets none."""
    load = {"consignor": "A", "quantity": 100.0, "unit": "pieces", **day("shipped", date(2023, 5, 1))}
    rows = (
        {"shipment_id": "1", **load, "hs_code": "880692", "description": "AIRCRAFT FRAMES"},
        {"shipment_id": "2", **load, "hs_code": "843280", "description": "CROP SPRAYERS", "quantity": 95.0},
        {"shipment_id": "3", "consignee": "To order of X", "origin_country": "XA", "departure_country": "XD",
         "destination_country": "XB"},
        {"shipment_id": "4", "consignee": "X", "origin_country": "XA", "departure_country": "XA",
         "destination_country": "XB"},
    )  # fmt: skip
    found = red_flags(frame("shipment", *rows))
    assert found.select("shipment_id", "flag").rows() == [
        ("1", "renamed-goods"), ("2", "renamed-goods"), ("3", "to-order"), ("3", "routed-through"),
    ]  # fmt: skip
    assert all(found["benign"])
    assert all(found["source_url"])


@pytest.mark.parametrize(
    ("row", "flags"),
    [
        ({"consignee": "Delta Bank PJSC"}, {"bank-consignee"}),
        ({"consignee": "Bankside Tools"}, set()),
        ({"consignee": "TO ORDER OF SWIFT FREIGHT FORWARDING LLC"}, {"to-order", "forwarder-goal"}),
        ({"consignee": "Swale Lines", "carrier": "SWALE LINES"}, {"forwarder-goal"}),
        ({"hs_code": "8542.31", "consignee": "X"}, {"high-priority", "first-after-2022"}),
        ({"hs_code": "854231", "consignee": "Old Buyer"}, {"high-priority"}),
        ({"hs_code": "610910", "consignee": "X"}, set()),
        ({"consignor": "A", "quantity": 9.0, "unit": "t", "destination_country": "XB", "consignee": "P"},
         {"other-goal"}),
        ({"consignor": "A", "quantity": 2.0, "unit": "t", "destination_country": "XB", "consignee": "P"}, set()),
    ],
)  # fmt: skip
def test_each_sign_is_met_by_what_it_says_and_by_nothing_near_it(row: dict[str, Any], flags: set[str]) -> None:
    """Banks, forwarders, listed codes, buyers new since February 2022, another goal; beside a trap for each."""
    others = (
        {"shipment_id": "old", "hs_code": "854232", "consignee": "Old Buyer", **day("shipped", date(2021, 1, 1))},
        {"shipment_id": "near", "consignor": "A", "quantity": 10.0, "unit": "t", "destination_country": "XC",
         "consignee": "Q", **day("shipped", date(2023, 5, 3))},
    )  # fmt: skip
    found = red_flags(frame("shipment", {"shipment_id": "1", **day("shipped", date(2023, 5, 1)), **row}, *others))
    assert set(found.filter(pl.col("shipment_id") == "1")["flag"]) == flags


def test_a_table_that_does_not_reach_back_says_nothing_of_new_buyers() -> None:
    """Without a load before 24 February 2022 every buyer would be new."""
    row = {"shipment_id": "1", "hs_code": "854231", "consignee": "X", **day("shipped", date(2023, 5, 1))}
    assert red_flags(frame("shipment", row))["flag"].to_list() == ["high-priority"]


def test_requests_are_counted_and_the_28_days_kept() -> None:
    """Answered, refused, silent; overdue only after the twenty-eighth day; the right of reply runs to its last day."""
    rows = (
        {"request_id": "1", "outcome": "answered", **day("sent", date(2025, 1, 1)),
         **day("answered", date(2025, 2, 1))},
        {"request_id": "2", "outcome": "silent", **day("sent", date(2025, 6, 1))},
        {"request_id": "3", "outcome": "silent", **day("sent", date(2025, 6, 2)),
         **day("reply_right_until", date(2025, 6, 30))},
        {"request_id": "4"},
    )  # fmt: skip
    (finding,) = [f for f in answer(party=PARTIES, request=rows).findings if f.finding_id.endswith(":requests")]
    values = {name: value.value for name, value in finding.values.items()}
    assert (values["n_sent"], values["n_answered"], values["n_silent"]) == (3, 1, 2)
    assert (values["n_overdue"], values["n_open"]) == (1, 1)


@pytest.mark.filterwarnings("ignore")
def test_a_large_table_is_deduplicated_behind_one_call() -> None:
    """Splink's model on a made-up table: rows written twice are found, others are not."""
    words = ["alba", "borea", "cedro", "delta", "elmo", "fargo", "gamma", "horus", "iris", "jade"]
    names = [f"{a} {b} works" for a in words for b in words if a < b]
    rows = [(f"p{n}", name) for n, name in enumerate(names)] + [
        ("x", "ALBA BOREA WORKS LLC"),
        ("y", "Cedro Delta Wrks"),
    ]
    found = dedupe_with_splink(pl.DataFrame(rows, schema=["party_id", "name"], orient="row"), threshold=0.5)
    pairs = {frozenset(p) for p in found.select("party_id", "other_party_id").iter_rows()}
    assert frozenset(("p0", "x")) in pairs
    assert all("x" in p or "y" in p for p in pairs)
