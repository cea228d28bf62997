"""The page of through-whose-hands: one box a party."""

from __future__ import annotations

from typing import Any

import polars as pl

from taggant.model.derived_tables import DERIVED
from taggant.model.tables import frame_schema
from taggant.model.typed_tables import TYPED
from taggant.report.dossier import CaseView, Dossier
from taggant.report.hands_view import hands_view
from taggant.report.party_view import chart_address, party_view

PARTY = pl.DataFrame(
    [{"party_id": "a", "name": "Lantern Trading"}, {"party_id": "m", "name": "Maker"}],
    schema=frame_schema(TYPED["party"]),
)
LINKS: list[dict[str, Any]] = [
    {"link_id": f"item:l1#{n}", "chain": "item:l1", "n": n, "from_party": giver, "from_party_id": g, "to_party": taker,
     "to_party_id": t, "shown_as": "observed", "kind": "hands", "item_id": "l1"}
    for n, (giver, g, taker, t) in enumerate(
        (("Maker", "m", "LANTERN TRADE", "a"), ("Lantern Trading", "a", "Somebody", None)), start=1)
]  # fmt: skip
EVENT: dict[str, Any] = {"event_id": "a#1", "party_id": "a", "event": "received", "words": "one launcher, from Maker",
         "shown_as": "inferred"}  # fmt: skip


def dossier(*tables: str) -> Dossier:
    """A case of two parties and two links."""
    case = CaseView(title="K", subject="K", as_of=None, commit="", n_exhibits_held=0, n_sources_cited=0)
    rows: dict[str, list[dict[str, Any]]] = {"custody_link": LINKS, "trade_link": LINKS, "party_event": [EVENT]}
    frames = {name: pl.DataFrame(rows[name], schema=frame_schema(DERIVED[name])) for name in tables}
    return Dossier(case=case, answers={}, frames={"party": PARTY, **frames})


def test_aliases_and_parties_confirmed_as_one_are_one_box() -> None:
    """The party's own name stands in the graph, however a paper writes it."""
    (chart,) = hands_view(dossier("custody_link"), (), lambda t, k: None).charts
    assert [n["name"] for n in chart.spec["nodes"]] == ["Lantern Trading", "Maker", "Somebody"]


def test_a_partys_page_has_its_graph_and_its_time() -> None:
    """Two changes of hands around it, and what is said of it, with what is only inferred marked so."""
    shown = party_view(dossier("trade_link", "party_event"), "m", lambda t, k: f"{t}/{k}")
    (chart,) = shown.charts
    assert (chart.address, [n["name"] for n in chart.spec["nodes"]]) == (chart_address("m"), ["m", "a", "Somebody"])
    assert [s.table for s in shown.sections] == ["trade_link"]
    own = party_view(dossier("trade_link", "party_event"), "a", lambda t, k: f"{t}/{k}")
    timeline = own.sections[0]
    assert (timeline.table, timeline.n) == ("party_event", 1)
    words = timeline.groups[0].lines[0].cells[2]
    assert words is not None
    assert (words.text, [text for text, _ in words.under]) == ("one launcher, from Maker", ["inferred, not proven"])


def test_a_party_nothing_names_has_no_more_than_its_row() -> None:
    """No link, no event: nothing is drawn."""
    shown = party_view(dossier(), "a", lambda t, k: None)
    assert (shown.charts, shown.sections) == ((), ())
