"""The graph of who copied whom: columns by day, roots to the left, relays to the right, solid or dashed.

Invariant: an arrow is solid only where a source or a person states the relay; dashed is a suggestion.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from xml.etree import ElementTree as ET

from taggant.report.visible import visible

NODES_MOST = 22
COLUMNS_MOST = 5
_BOX_W, _BOX_H, _GAP_X, _GAP_Y, _PAD, _HEAD = 176, 34, 64, 14, 12, 26
_LETTERS = 27


def lineage_edges(rows: Sequence[Mapping[str, Any]]) -> tuple[list[Mapping[str, Any]], int]:
    """Which edges are drawn?

    Parameters
    ----------
    rows : sequence of mapping
        Rows of `lineage`.

    Returns
    -------
    tuple of (edges, number not drawn)
        Those among the names with the most claims.

    Notes
    -----
    *Assumes:* a name stands for one source or one described origin.
    *Not for:* all of a large case: the table has every edge.

    Examples
    --------
    >>> row = {"origin": "a", "relay": "b", "n_claims": 2, "how": "stated", "origin_on": None, "relay_on": None}
    >>> lineage_edges([row])[1]
    0
    """
    weight: Counter[str] = Counter()
    for r in rows:
        weight[r["origin"]] += r["n_claims"] + 1
        weight[r["relay"]] += r["n_claims"] + 1
    shown: set[str] = set()
    # The roots with most relays first, each with its relays, until the drawing is full.
    for r in sorted(rows, key=lambda r: (-weight[r["origin"]], r["origin"], -r["n_claims"], r["relay"])):
        if len(shown | {r["origin"], r["relay"]}) <= NODES_MOST:
            shown |= {r["origin"], r["relay"]}
    drawn = [r for r in rows if r["origin"] in shown and r["relay"] in shown]
    return drawn, len(rows) - len(drawn)


def lineage_columns(edges: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[str]]]:
    """In which column does each name stand, and which days does a column hold?

    Parameters
    ----------
    edges : sequence of mapping

    Returns
    -------
    list of (days, names)
        From left to right; names without a day first.

    Notes
    -----
    *Assumes:* days in order; neighbouring days share a column where there are many.
    *Not for:* telling who was first on one day.

    Examples
    --------
    >>> from datetime import date
    >>> one = {"origin": "a", "relay": "b", "origin_on": None, "relay_on": date(2024, 5, 2)}
    >>> lineage_columns([one])
    [('', ['a']), ('2024-05-02', ['b'])]
    """
    on: dict[str, date | None] = {}
    for e in edges:
        for name, day in ((e["origin"], e["origin_on"]), (e["relay"], e["relay_on"])):
            on[name] = on.get(name) or day
    without = sorted(n for n, d in on.items() if d is None)
    dated = sorted((d, n) for n, d in on.items() if d is not None)
    columns: list[tuple[str, list[str]]] = [("", without)] if without else []
    days = sorted({d for d, _ in dated})
    n_columns = min(COLUMNS_MOST, len(days))
    for k in range(n_columns):
        part = days[k * len(days) // n_columns : (k + 1) * len(days) // n_columns]
        names = [n for d, n in dated if part[0] <= d <= part[-1]]
        words = (
            part[0].isoformat() if part[0] == part[-1] else f"{part[0].isoformat()[:7]} – {part[-1].isoformat()[:7]}"
        )
        columns.append((words, names))
    return columns


def lineage_svg(edges: Sequence[Mapping[str, Any]], *, title: str, desc: str, no_day: str) -> str:
    """How does the graph look?

    Parameters
    ----------
    edges : sequence of mapping
    title, desc : str
        For who cannot see it.
    no_day : str
        What stands over those without a day.

    Returns
    -------
    str
        An SVG without style sheet, script or address.

    Notes
    -----
    *Assumes:* the page's colour is the ink.
    *Not for:* more than some two dozen names.

    Examples
    --------
    >>> e = {"origin": "a", "relay": "b", "n_claims": 1, "how": "suggested", "origin_on": None, "relay_on": None}
    >>> svg = lineage_svg([e], title="t", desc="d", no_day="no day")
    >>> "stroke-dasharray" in svg, svg.startswith("<svg")
    (True, True)
    """
    columns = lineage_columns(edges)
    tallest = max((len(names) for _, names in columns), default=1)
    height = 2 * _PAD + _HEAD + tallest * (_BOX_H + _GAP_Y) - _GAP_Y
    width = 2 * _PAD + len(columns) * (_BOX_W + _GAP_X) - _GAP_X
    place: dict[str, tuple[float, float]] = {}
    root = ET.Element(
        "svg", {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {width} {height:g}", "role": "group",
                "class": "chart chart-lineage", "aria-labelledby": "lineage-title lineage-desc"},
    )  # fmt: skip
    ET.SubElement(root, "title", {"id": "lineage-title"}).text = title
    ET.SubElement(root, "desc", {"id": "lineage-desc"}).text = desc
    for x, (days, names) in enumerate(columns):
        left = _PAD + x * (_BOX_W + _GAP_X)
        head = ET.SubElement(
            root, "text", {"x": f"{left + _BOX_W / 2:g}", "y": f"{_PAD + 12}", "font-size": "11",
                           "text-anchor": "middle", "fill": "currentColor"},
        )  # fmt: skip
        head.text = days or no_day
        for y, name in enumerate(names):
            place[name] = (left, _PAD + _HEAD + y * (_BOX_H + _GAP_Y))
    head_id = {"id": "lineage-head", "viewBox": "0 0 8 8", "refX": "7", "refY": "4", "markerWidth": "7",
               "markerHeight": "7", "orient": "auto"}  # fmt: skip
    marker = ET.SubElement(ET.SubElement(root, "defs"), "marker", head_id)
    ET.SubElement(marker, "path", {"d": "M0 0 8 4 0 8z", "fill": "currentColor"})
    for e in edges:
        _arrow(root, place[e["origin"]], place[e["relay"]], e)
    for name, at in place.items():
        _box(root, at, name)
    return ET.tostring(root, encoding="unicode")


def _arrow(root: ET.Element, start: tuple[float, float], end: tuple[float, float], e: Mapping[str, Any]) -> None:
    x1, y1 = start[0] + _BOX_W, start[1] + _BOX_H / 2
    x2, y2 = end[0], end[1] + _BOX_H / 2
    if x2 <= x1:  # within one column, or a root whose own text came later: around the side
        x1, x2 = start[0] + _BOX_W, end[0] + _BOX_W
        path = f"M{x1:g} {y1:g}C{x1 + 30:g} {y1:g} {x2 + 30:g} {y2:g} {x2:g} {y2:g}"
    else:
        middle = (x1 + x2) / 2
        path = f"M{x1:g} {y1:g}C{middle:g} {y1:g} {middle:g} {y2:g} {x2:g} {y2:g}"
    attributes = {"d": path, "fill": "none", "stroke": "currentColor", "stroke-opacity": "0.75",
                  "stroke-width": f"{min(1 + e['n_claims'] / 6, 3):.2g}",
                  "marker-end": "url(#lineage-head)"}  # fmt: skip
    if e["how"] != "stated":
        attributes["stroke-dasharray"] = "5 4"
    drawn = ET.SubElement(root, "path", attributes)
    ET.SubElement(drawn, "title").text = f"{visible(e['relay'])} < {visible(e['origin'])}: {e['n_claims']}, {e['how']}"


def _box(root: ET.Element, at: tuple[float, float], name: str) -> None:
    x, y = at
    box = {"x": f"{x:g}", "y": f"{y:g}", "width": str(_BOX_W), "height": str(_BOX_H), "rx": "6",
           "fill": "var(--paper,#fff)", "stroke": "currentColor", "stroke-width": "1"}  # fmt: skip
    if '"' in name:
        box["stroke-dasharray"] = "3 3"
    drawn = ET.SubElement(root, "rect", box)
    ET.SubElement(drawn, "title").text = visible(name)
    words = visible(name)
    text = ET.SubElement(
        root, "text", {"x": f"{x + _BOX_W / 2:g}", "y": f"{y + _BOX_H / 2 + 4:g}", "font-size": "12",
                       "text-anchor": "middle", "fill": "currentColor"},
    )  # fmt: skip
    text.text = words if len(words) <= _LETTERS else f"{words[: _LETTERS - 1]}…"
