"""The graph of through-whose-hands: parties in layers, changes of hands as arrows, solid or dashed.

Invariant: an arrow is solid only when somebody saw a change of hands between the two; dashed is not proven.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as ET

import networkx as nx

from taggant.report.visible import visible

NODES_MOST = 24
_BOX_W, _BOX_H, _GAP_X, _GAP_Y, _PAD = 168, 34, 72, 20, 12
_LETTERS = 26
_UNKNOWN = "?"


def hands_graph(links: Sequence[Mapping[str, Any]]) -> tuple[nx.DiGraph, int]:
    """Which parties and which changes of hands are drawn?

    Parameters
    ----------
    links : sequence of mapping
        Rows of `custody_link`.

    Returns
    -------
    tuple of (graph, number of links not drawn)
        Links of the same two parties are one arrow with their number; the parties with most links are drawn.

    Notes
    -----
    *Assumes:* a name is a party; an unknown end is a node of its own for each giver or taker.
    *Not for:* all of a large case: the table has every link.

    Examples
    --------
    >>> link = {"from_party": "A", "to_party": None, "shown_as": "inferred"}
    >>> graph, n = hands_graph([link, link])
    >>> sorted(graph.nodes), graph.edges["A", "? after A"]["n"], n
    (['? after A', 'A'], 2, 0)
    """
    whole: nx.DiGraph = nx.DiGraph()
    for link in links:
        giver, taker = link["from_party"], link["to_party"]
        if giver is None and taker is None:
            continue
        one = giver if giver is not None else f"{_UNKNOWN} before {taker}"
        other = taker if taker is not None else f"{_UNKNOWN} after {giver}"
        if not whole.has_edge(one, other):
            whole.add_edge(one, other, n=0, observed=False)
        whole.edges[one, other]["n"] += 1
        whole.edges[one, other]["observed"] |= link["shown_as"] == "observed"
    many = sorted(whole.nodes, key=lambda v: (-sum(d["n"] for *_, d in _edges(whole, v)), v))
    shown = whole.subgraph(many[:NODES_MOST]).copy()
    drawn = sum(d["n"] for *_, d in shown.edges(data=True))
    return shown, len(links) - drawn


def _edges(graph: nx.DiGraph, node: str) -> list[tuple[str, str, dict[str, Any]]]:
    return [*graph.in_edges(node, data=True), *graph.out_edges(node, data=True)]


def layers_of(graph: nx.DiGraph) -> list[list[str]]:
    """In which column does each party stand: after all who give to it, cycles together?

    Parameters
    ----------
    graph : DiGraph

    Returns
    -------
    list of list of str
        Columns from left to right.

    Notes
    -----
    *Assumes:* goods flow to the right.
    *Not for:* showing time.

    Examples
    --------
    >>> layers_of(nx.DiGraph([("a", "b"), ("b", "c"), ("a", "c")]))
    [['a'], ['b'], ['c']]
    """
    condensed = nx.condensation(graph)
    columns: list[list[str]] = []
    for generation in nx.topological_generations(condensed):
        columns.append(sorted(v for part in generation for v in condensed.nodes[part]["members"]))
    return columns


def hands_svg(graph: nx.DiGraph, *, title: str, desc: str) -> str:
    """How does the graph look?

    Parameters
    ----------
    graph : DiGraph
    title, desc : str
        For who cannot see it.

    Returns
    -------
    str
        An SVG without style sheet, script or address.

    Notes
    -----
    *Assumes:* the page's colour is the ink.
    *Not for:* more than some two dozen parties.

    Examples
    --------
    >>> svg = hands_svg(nx.DiGraph([("a", "b", {"n": 1, "observed": False})]), title="t", desc="d")
    >>> "stroke-dasharray" in svg, svg.startswith("<svg")
    (True, True)
    """
    columns = layers_of(graph)
    tallest = max((len(c) for c in columns), default=1)
    height = 2 * _PAD + tallest * (_BOX_H + _GAP_Y) - _GAP_Y
    width = 2 * _PAD + len(columns) * (_BOX_W + _GAP_X) - _GAP_X
    place: dict[str, tuple[float, float]] = {}
    for x, column in enumerate(columns):
        top = (height - (len(column) * (_BOX_H + _GAP_Y) - _GAP_Y)) / 2
        for y, node in enumerate(column):
            place[node] = (_PAD + x * (_BOX_W + _GAP_X), top + y * (_BOX_H + _GAP_Y))
    root = ET.Element(
        "svg", {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {width} {height:g}", "role": "group",
                "class": "chart chart-hands", "aria-labelledby": "hands-title hands-desc"},
    )  # fmt: skip
    ET.SubElement(root, "title", {"id": "hands-title"}).text = title
    ET.SubElement(root, "desc", {"id": "hands-desc"}).text = desc
    defs = ET.SubElement(root, "defs")
    head = ET.SubElement(
        defs, "marker", {"id": "hands-head", "viewBox": "0 0 8 8", "refX": "7", "refY": "4", "markerWidth": "7",
                         "markerHeight": "7", "orient": "auto"},
    )  # fmt: skip
    ET.SubElement(head, "path", {"d": "M0 0 8 4 0 8z", "fill": "currentColor"})
    for one, other, arrow in graph.edges(data=True):
        _draw_arrow(root, place[one], place[other], arrow)
    for node in graph.nodes:
        _draw_box(root, place[node], node)
    return ET.tostring(root, encoding="unicode")


def _draw_arrow(
    root: ET.Element, start: tuple[float, float], end: tuple[float, float], arrow: Mapping[str, Any]
) -> None:
    x1, y1 = start[0] + _BOX_W, start[1] + _BOX_H / 2
    x2, y2 = end[0], end[1] + _BOX_H / 2
    if x2 <= x1:  # back, or within one column: around below
        x1, y1 = start[0] + _BOX_W / 2, start[1] + _BOX_H
        x2, y2 = end[0] + _BOX_W / 2, end[1] + _BOX_H
        path = f"M{x1:g} {y1:g}C{x1:g} {y1 + 26:g} {x2:g} {y2 + 26:g} {x2:g} {y2:g}"
    else:
        middle = (x1 + x2) / 2
        path = f"M{x1:g} {y1:g}C{middle:g} {y1:g} {middle:g} {y2:g} {x2:g} {y2:g}"
    attributes = {"d": path, "fill": "none", "stroke": "currentColor", "stroke-width": "1.4",
                  "marker-end": "url(#hands-head)"}  # fmt: skip
    if not arrow["observed"]:
        attributes["stroke-dasharray"] = "5 4"
    drawn = ET.SubElement(root, "path", attributes)
    seen = "seen" if arrow["observed"] else "inferred, not proven"
    ET.SubElement(drawn, "title").text = f"{arrow['n']} × {seen}"
    if arrow["n"] > 1:
        mark = ET.SubElement(
            root, "text", {"x": f"{(x1 + x2) / 2:g}", "y": f"{(y1 + y2) / 2 - 4:g}", "font-size": "11",
                           "text-anchor": "middle", "fill": "currentColor"},
        )  # fmt: skip
        mark.text = f"{arrow['n']} ×"


def _draw_box(root: ET.Element, at: tuple[float, float], node: str) -> None:
    x, y = at
    is_unknown = node.startswith(_UNKNOWN)
    box = {"x": f"{x:g}", "y": f"{y:g}", "width": str(_BOX_W), "height": str(_BOX_H), "rx": "6",
           "fill": "var(--paper,#fff)", "stroke": "currentColor", "stroke-width": "1"}  # fmt: skip
    if is_unknown:
        box["stroke-dasharray"] = "3 3"
    drawn = ET.SubElement(root, "rect", box)
    ET.SubElement(drawn, "title").text = visible(node)
    name = "not known" if is_unknown else visible(node)
    text = ET.SubElement(
        root, "text", {"x": f"{x + _BOX_W / 2:g}", "y": f"{y + _BOX_H / 2 + 4:g}", "font-size": "12",
                       "text-anchor": "middle", "fill": "currentColor"},
    )  # fmt: skip
    text.text = name if len(name) <= _LETTERS else f"{name[: _LETTERS - 1]}…"


def graph_json(graph: nx.DiGraph) -> dict[str, Any]:
    """Give the graph as plain values: nodes and links.

    Parameters
    ----------
    graph : DiGraph

    Returns
    -------
    dict

    Notes
    -----
    *Assumes:* names are shown as they are written.
    *Not for:* every link: `custody_link.csv` has them.

    Examples
    --------
    >>> graph_json(nx.DiGraph([("a", "b", {"n": 1, "observed": True})]))["links"]
    [{'from': 'a', 'to': 'b', 'n': 1, 'shown_as': 'observed'}]
    """
    return {
        "nodes": [{"name": n, "is_known": not n.startswith(_UNKNOWN)} for n in sorted(graph.nodes)],
        "links": [
            {"from": a, "to": b, "n": d["n"], "shown_as": "observed" if d["observed"] else "inferred"}
            for a, b, d in sorted(graph.edges(data=True), key=lambda e: (e[0], e[1]))
        ],
    }
