"""The chart: what it draws, where each mark leads, and that its SVG is the same, legible and harmless."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from taggant.errors import InputError
from taggant.report.charts import NARROW, ROWS_MOST, WIDE, ChartSize, drawn_items, left_of_chart, when_made_spec
from taggant.report.links import anchor
from taggant.report.svg import to_svg
from taggant.report.view import when_made

from .sample import finding, findings, item_values, tables, value

_ITEMS = when_made(findings(), tables()).items
_NS = "{http://www.w3.org/2000/svg}"


def _rows(spec: dict[str, Any], kind: str, **mark: Any) -> list[dict[str, Any]]:
    layers = [
        layer for layer in spec["layer"] if layer["mark"]["type"] == kind and mark.items() <= layer["mark"].items()
    ]
    return [row for layer in layers for row in layer["data"]["values"]]


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_every_mark_is_drawn_where_it_belongs(size: ChartSize) -> None:
    """One bar a dated part, one dashed bar a span left, one line an item, one ring a newest-but-one."""
    spec = when_made_spec(_ITEMS, size=size)
    bars = _rows(spec, "rect", color="#3d6b86")
    assert {b["href"] for b in bars} == {f"#{p.anchor}" for i in _ITEMS for p in i.dated}
    assert next(b["from"] for b in bars if b["href"] == f"#{anchor('component', 'k7-2')}") == "2021-08-01"
    dashed = _rows(spec, "rect", fill="transparent")
    assert [b["from"] for b in dashed] == ["2020-11-02"]  # 2010 lies left of the chart, and is said to
    ticks = _rows(spec, "rule", color="#a8432a")
    assert [t["from"] for t in ticks] == ["2021-08-01", "2022-10-01", "2023-03-13"]
    assert [t["href"] for t in ticks] == [f"#{anchor('component', key)}" for key in ("k7-2", "k12-1", "k19-1")]
    assert [r["href"] for r in _rows(spec, "point")] == [f"#{anchor('component', key)}" for key in ("k7-1", "k12-3")]
    assert [r["from"] for r in _rows(spec, "point")] == ["2021-07-01", "2021-03-15"]
    assert {r["text"] for r in _rows(spec, "text")} >= {"not before 1 Aug 2021", "Kestrel ЬІ-19"}
    assert left_of_chart(_ITEMS) == (2019, 1)
    assert [i.name for i in _ITEMS if i not in drawn_items(_ITEMS)] == ["Kestrel 23"]


def test_bars_of_one_item_never_cover_each_other() -> None:
    """Parts of the same weeks lie in lanes, one above the other."""
    span = ("2021-08-01", "2021-09-01")
    rule = ("ti-yms", "documented", 0, "f", None)
    parts = tuple(("k-07", f"p{n}", f"X 18M{n}", "18M", "dated", [span], *rule) for n in range(9))
    values = item_values("K", None, "2021-08-01", None, ("p0", "X 18M0", "18M", "ti-yms"), ("2021-08-01", "p1"), (9, 0))
    items = when_made([finding("when-made.item", values, "k-07")], tables(parts)).items
    tops = [b["y"] for b in _rows(when_made_spec(items), "rect")]
    assert len(set(tops)) == 9
    assert all(low - high >= WIDE.lane for high, low in zip(sorted(tops), sorted(tops)[1:], strict=False))


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_svg_is_whole_and_harmless(size: ChartSize) -> None:
    """Well-formed, sized by its page, titled, ids its own, links to anchors only, no script, nothing loaded."""
    text = to_svg(when_made_spec(_ITEMS, size=size), name="x", title="T <1>", desc="D & d")
    root = ET.fromstring(text)
    assert "width" not in root.attrib
    assert root.findtext(f"{_NS}title") == "T <1>"
    assert root.findtext(f"{_NS}desc") == "D & d"
    assert "viewBox" in root.attrib
    assert "height" not in root.attrib
    tags = {e.tag.removeprefix(_NS) for e in root.iter()}
    assert tags <= {"svg", "g", "path", "line", "text", "a", "title", "desc", "defs", "clipPath", "rect"}
    links = [e.get("href", "") for e in root.iter(f"{_NS}a")]
    assert links
    assert all(re.fullmatch(r"#(c|item)-[A-Za-z0-9_-]+", href) for href in links)
    assert all(e.get("id", "x-").startswith("x-") for e in root.iter())
    assert "http" not in re.sub(r'xmlns="[^"]*"', "", text)


def test_svg_is_deterministic() -> None:
    """Twice the same bytes."""
    spec = when_made_spec(_ITEMS)
    first, second = (to_svg(spec, name="x", title="t", desc="d") for _ in range(2))
    assert first == second


@pytest.mark.parametrize("n", [0, 1, 2])
def test_few_items(n: int) -> None:
    """Nothing to draw is said; one and two items are drawn."""
    if n == 0:
        with pytest.raises(InputError, match="no part of these 0 items is dated"):
            when_made_spec([])
        return
    assert len(_rows(when_made_spec(_ITEMS[:n]), "rule", color="#a8432a")) == n


def test_many_items_are_cut() -> None:
    """More items than rows: the first by date are drawn."""
    spec = when_made_spec(_ITEMS[:1] * (ROWS_MOST + 5))
    assert len(_rows(spec, "rule", color="#a8432a")) == ROWS_MOST


def test_year_labels_never_touch() -> None:
    """Over thirty years the axis names every fifth year or so."""
    parts = (("k-07", "p", "X", "X", "dated", [("1991-01-01", "1992-01-01")], "r", "documented", 0, "f", None),)
    values = item_values("K", None, "2021-08-01", "2022-01-01", ("p", "X", "X", "r"), None, (1, 0))
    items = when_made([finding("when-made.item.one-part", values, "k-07")], tables(parts)).items
    axis = next(iter(when_made_spec(items, size=NARROW)["layer"]))["encoding"]["x"]["axis"]
    assert len(axis["values"]) <= NARROW.plot / 38 + 1


def test_no_data_by_address() -> None:
    """A specification that asks for an address, however deep, is refused before anything is asked."""
    spec = {"layer": [{"data": {"url": "https://example.org/x.json"}, "mark": "point"}]}
    with pytest.raises(InputError, match="may not load data"):
        to_svg(spec, name="x", title="t", desc="d")


def test_no_link_out_of_the_page() -> None:
    """A mark that would lead elsewhere is refused, a page of the site is not."""
    x = {"field": "a", "type": "quantitative"}

    def drawn(href: str) -> str:
        rows = [{"a": 1, "h": href}]
        spec = {"data": {"values": rows}, "mark": "bar", "encoding": {"x": x, "href": {"field": "h"}}}
        return to_svg(spec, name="x", title="t", desc="d")

    for elsewhere in ("https://example.org", "//example.org/x.html", "../x.html", "javascript:alert(1)", "/x.html"):
        with pytest.raises(ValueError, match=r"pages of its site only|conversion failed"):  # the compiler refuses some
            drawn(elsewhere)
    for inside in ("#c-1", "claim/x-1.html", "table/made_range.html#row-a_20_b"):
        assert f'href="{inside}"' in drawn(inside)


def test_item_without_an_answer_but_with_dates_is_drawn() -> None:
    """A part with several dates left is drawn though its item's answer is refused, and the row says so."""
    span = [("2011-01-01", "2011-02-01"), ("2021-01-01", "2021-02-01")]
    parts = (("k-07", "p", "X 11A", "11A", "ambiguous", span, "ti-yms", "documented", 0, "f", None),)
    refused = {"why": "its only code has two decades", "enough": "one more part"}
    values = {"item": value("K"), "n_marked": value(1)}
    items = when_made([finding("when-made.item.refused", values, "k-07", refused=refused)], tables(parts)).items
    spec = when_made_spec(items)
    assert len(_rows(spec, "rect", fill="transparent")) == 2
    assert "cannot be told" in {row["text"] for row in _rows(spec, "text")}
