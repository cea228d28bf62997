"""The graph around one part or party: who is in it, how far away, and what it leads to."""

from __future__ import annotations

from datetime import date
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from taggant.errors import UnknownName
from taggant.report.expanding import Expansion, expand
from taggant.report.expanding_chart import DRAWN_MOST, drawn, expansion_svg

PARTIES: dict[str, dict[str, Any]] = {
    "maker": {"party_id": "maker", "name": "Brindle Arms", "aliases": ["Brindle"]},
    "mod": {"party_id": "mod", "name": "Ministry", "aliases": None},
    "alone": {"party_id": "alone", "name": "Nobody's Friend", "aliases": None},
}


def link(n: int, giver: str | None, taker: str | None, **more: Any) -> dict[str, Any]:
    """One row of trade_link."""
    ids = {"Brindle Arms": "maker", "Ministry": "mod"}
    return {
        "link_id": str(n), "kind": "hands", "from_party": giver, "from_party_id": ids.get(giver or ""),
        "to_party": taker, "to_party_id": ids.get(taker or ""), "on_from": date(2020, n, 1),
        "on_until": date(2020, n, 2), "shown_as": "observed", "what": "crates", "item_id": None,
        "component_id": None, **more,
    }  # fmt: skip


LINKS = [
    link(1, "Brindle Arms", "Ministry", item_id="l1"),
    link(2, "Ministry", None, item_id="l1", shown_as="inferred"),
    link(3, "Steel Mill", "Brindle Arms"),
    link(4, "Mine", "Steel Mill"),
    link(5, "Brindle Arms", "Ministry"),
]


def layers(found: Expansion) -> dict[str, int]:
    """How far each node is."""
    return {n.name: n.layer for n in found.nodes}


def test_a_party_and_each_step_from_it() -> None:
    """By id, name or alias; each step is one change of hands; what leads on is counted."""
    for start in ("maker", "Brindle Arms", "brindle"):
        found = expand(LINKS, start, steps=1, parties=PARTIES)
        assert layers(found) == {"maker": 0, "mod": 1, "Steel Mill": 1}
        assert found.n_beyond == 2
    two = expand(LINKS, "maker", steps=2, parties=PARTIES)
    assert layers(two) == {"maker": 0, "mod": 1, "Steel Mill": 1, "? after Ministry": 2, "Mine": 2}
    assert two.n_beyond == 0
    assert [r["link_id"] for r in two.rows] == ["1", "3", "5", "2", "4"]
    arrow = next(a for a in two.arrows if (a.one, a.other) == ("maker", "mod"))
    assert (arrow.n, arrow.n_observed, arrow.step) == (2, 2, 1)
    assert (arrow.first_on, arrow.last_until) == (date(2020, 1, 1), date(2020, 5, 2))


def test_a_thing_leads_to_the_hands_it_met_and_no_others() -> None:
    """The start is the thing itself; another load between the same two is a step further."""
    found = expand(LINKS, "l1", steps=1, parties=PARTIES)
    assert layers(found) == {"l1": 0, "maker": 1, "mod": 1, "? after Ministry": 1}
    assert {(a.one, a.other) for a in found.arrows if a.of_thing} == {
        ("l1", "maker"), ("l1", "mod"), ("l1", "? after Ministry"),
    }  # fmt: skip
    assert found.nodes[0].kind == "thing"
    assert ([r["link_id"] for r in found.rows], found.n_beyond) == (["1", "2"], 2)
    assert "5" in [r["link_id"] for r in expand(LINKS, "l1", steps=2, parties=PARTIES).rows]


def test_none_one_and_unknown() -> None:
    """A party in no link stands alone; a name nobody bears is refused with close ones."""
    found = expand(LINKS, "alone", steps=3, parties=PARTIES)
    assert (layers(found), found.rows, found.n_beyond) == ({"alone": 0}, (), 0)
    assert layers(expand([], "l9", steps=1, parties={}, things=["l9"])) == {"l9": 0}
    with pytest.raises(UnknownName, match="Brindel"):
        expand(LINKS, "Brindel", steps=1, parties=PARTIES)


def test_a_party_confirmed_to_be_another_is_found_under_that_one() -> None:
    """Links stand under the first id; the second, by id or name, leads there."""
    parties = {**PARTIES, "b2": {"party_id": "b2", "name": "Brindle Armaments", "aliases": None}}
    links = [link(1, "Brindle Armaments", "Ministry", from_party_id="maker")]
    assert expand(links, "b2", steps=1, parties=parties).start == "maker"


def test_the_drawing_is_whole_and_dashes_what_is_not_proven() -> None:
    """Every box and arrow is drawn; inferred is dashed, seen is solid; every text is escaped."""
    links = [*LINKS, link(6, "<b>Evil & Co</b>", "Ministry")]
    found = expand(links, "maker", steps=2, parties=PARTIES)
    svg = expansion_svg(found, title="t", desc="d", layers=["start", "1", "2"])
    root = ET.fromstring(svg)
    ns = "{http://www.w3.org/2000/svg}"
    assert len(root.findall(f"{ns}rect")) == len(found.nodes)
    arrows = root.findall(f"{ns}path")
    assert len(arrows) == len(found.arrows)
    assert sum("stroke-dasharray" in p.attrib for p in arrows) == 1
    assert "<b>" not in svg


def test_a_large_graph_is_drawn_in_part_and_says_so() -> None:
    """The nearest boxes are drawn; the rest is counted."""
    found = expand([link(1, "maker", f"P{n}") for n in range(60)], "maker", steps=1, parties=PARTIES)
    small, n_left = drawn(found)
    assert (len(small.nodes), n_left) == (DRAWN_MOST, 61 - DRAWN_MOST)
    assert expansion_svg(small, title="t", desc="d").count("<rect") == DRAWN_MOST
