"""The layered graph around one part or party: the start on the left, each layer one change of hands further.

Invariant: an arrow points the way things went, whichever side it stands on; it is solid only when somebody saw a change
of hands, dashed when it is inferred, dotted from a thing to the hands it met.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from xml.etree import ElementTree as ET

from taggant.report.expanding import Arrow, Expansion, Node
from taggant.report.visible import visible

DRAWN_MOST = 36
"""Boxes drawn; the table has every link."""
_BOX_W, _BOX_H, _GAP_X, _GAP_Y, _PAD, _HEAD = 172, 36, 92, 18, 14, 24
_LETTERS = 25


def drawn(found: Expansion) -> tuple[Expansion, int]:
    """Which part of an expansion is drawn, and how many boxes are not?

    Parameters
    ----------
    found : Expansion

    Returns
    -------
    tuple of (Expansion, int)
        Nearest layers first; of one layer, those with most links.

    Notes
    -----
    *Assumes:* what is near the start is what was asked for.
    *Not for:* the table, which has everything.

    Examples
    --------
    >>> drawn(Expansion(start="A", steps=1, nodes=(), arrows=(), rows=(), n_beyond=0))[1]
    0
    """
    if len(found.nodes) <= DRAWN_MOST:
        return found, 0
    weight: dict[str, int] = {}
    for arrow in found.arrows:
        for end in (arrow.one, arrow.other):
            weight[end] = weight.get(end, 0) + arrow.n
    chosen = sorted(found.nodes, key=lambda n: (n.layer, -weight.get(n.name, 0), n.name))[:DRAWN_MOST]
    names = {n.name for n in chosen}
    arrows = tuple(a for a in found.arrows if a.one in names and a.other in names)
    return replace(found, nodes=tuple(chosen), arrows=arrows), len(found.nodes) - len(chosen)


def expansion_svg(found: Expansion, *, title: str, desc: str, layers: Sequence[str] = (), name: str = "around") -> str:
    """How does the graph around a part or party look?

    Parameters
    ----------
    found : Expansion
        As `drawn` gives it.
    title, desc : str
        For who cannot see it.
    layers : sequence of str
        Words above the layers.
    name : str
        Begins the ids in it.

    Returns
    -------
    str
        An SVG without style sheet, script or address.

    Notes
    -----
    *Assumes:* the page's colour is the ink.
    *Not for:* more than some three dozen boxes.

    Examples
    --------
    >>> from taggant.report.expanding import expand
    >>> row = {"link_id": "1", "from_party": "A", "to_party": "B", "shown_as": "inferred"}
    >>> svg = expansion_svg(expand([row], "B", steps=1, parties={}), title="t", desc="d")
    >>> "stroke-dasharray" in svg, svg.startswith("<svg")
    (True, True)
    """
    columns = _columns(found)
    tallest = max((len(c) for c in columns), default=1)
    top = _PAD + (_HEAD if layers else 0)
    height = top + _PAD + tallest * (_BOX_H + _GAP_Y) - _GAP_Y
    width = 2 * _PAD + len(columns) * (_BOX_W + _GAP_X) - _GAP_X
    loops = any(a.one in c and a.other in c for c in (columns[-1:] or [[]]) for a in found.arrows)
    width += _GAP_X // 2 if loops else 0
    place: dict[str, tuple[float, float, int]] = {}
    for x, column in enumerate(columns):
        start = top + (height - top - _PAD - (len(column) * (_BOX_H + _GAP_Y) - _GAP_Y)) / 2
        for y, box in enumerate(column):
            place[box] = (_PAD + x * (_BOX_W + _GAP_X), start + y * (_BOX_H + _GAP_Y), x)
    root = ET.Element(
        "svg", {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {width} {height:g}", "role": "group",
                "class": "chart chart-hands", "aria-labelledby": f"{name}-title {name}-desc",
                "font-family": "var(--sans, sans-serif)"},
    )  # fmt: skip
    ET.SubElement(root, "title", {"id": f"{name}-title"}).text = title
    ET.SubElement(root, "desc", {"id": f"{name}-desc"}).text = desc
    head = ET.SubElement(
        ET.SubElement(root, "defs"), "marker",
        {"id": f"{name}-head", "viewBox": "0 0 8 8", "refX": "7", "refY": "4", "markerWidth": "7", "markerHeight": "7",
         "orient": "auto"},
    )  # fmt: skip
    ET.SubElement(head, "path", {"d": "M0 0 8 4 0 8z", "fill": "currentColor"})
    for x, words in enumerate(layers[: len(columns)]):
        at = {"x": f"{_PAD + x * (_BOX_W + _GAP_X)}", "y": f"{_PAD + 8}", "font-size": "11", "fill": "currentColor",
              "opacity": "0.7"}  # fmt: skip
        ET.SubElement(root, "text", at).text = words
    both_ways = {(a.one, a.other) for a in found.arrows}
    for arrow in found.arrows:
        if arrow.one in place and arrow.other in place:
            _draw_arrow(root, place, arrow, name, is_pair=(arrow.other, arrow.one) in both_ways)
    for node in found.nodes:
        _draw_box(root, place[node.name], node, is_start=node.name == found.start)
    return ET.tostring(root, encoding="unicode")


def _columns(found: Expansion) -> list[list[str]]:
    """Boxes by layer; within a layer, each near the boxes of the layer before that it hangs on."""
    layers: dict[int, list[str]] = {}
    for node in found.nodes:
        layers.setdefault(node.layer, []).append(node.name)
    near: dict[str, list[str]] = {}
    for arrow in found.arrows:
        near.setdefault(arrow.one, []).append(arrow.other)
        near.setdefault(arrow.other, []).append(arrow.one)
    columns: list[list[str]] = []
    for at in sorted(layers):
        before = {name: k for k, name in enumerate(columns[-1])} if columns else {}

        def middle(name: str, before: Mapping[str, int] = before) -> tuple[float, str]:
            places = [before[other] for other in near.get(name, ()) if other in before]
            return (sum(places) / len(places) if places else len(before), name)

        columns.append(sorted(layers[at], key=middle))
    return columns


def _draw_arrow(
    root: ET.Element, place: Mapping[str, tuple[float, float, int]], arrow: Arrow, name: str, *, is_pair: bool
) -> None:
    (x1, y1, c1), (x2, y2, c2) = place[arrow.one], place[arrow.other]
    shift = 6 if is_pair and arrow.one < arrow.other else (-6 if is_pair else 0)
    y1, y2 = y1 + _BOX_H / 2 + shift, y2 + _BOX_H / 2 + shift
    if c1 == c2:  # within one layer: around on the right
        x1, x2 = x1 + _BOX_W, x2 + _BOX_W
        out = x1 + min(0.9 * _GAP_X, 0.25 * _GAP_X + 0.25 * abs(y1 - y2))
        path, middle = (
            f"M{x1:g} {y1:g}C{out:g} {y1:g} {out:g} {y2:g} {x2:g} {y2:g}",
            (x1 + _GAP_X * 0.37, (y1 + y2) / 2),
        )
    else:
        if c1 < c2:
            x1 += _BOX_W
        else:
            x2 += _BOX_W
        half = (x1 + x2) / 2
        path, middle = f"M{x1:g} {y1:g}C{half:g} {y1:g} {half:g} {y2:g} {x2:g} {y2:g}", (half, (y1 + y2) / 2)
    attributes = {"d": path, "fill": "none", "stroke": "currentColor", "stroke-width": "1.4"}
    if arrow.of_thing:
        attributes |= {"stroke-dasharray": "1 4", "stroke-linecap": "round"}
        words = "met these hands"
    else:
        attributes["marker-end"] = f"url(#{name}-head)"
        n_inferred = arrow.n - arrow.n_observed
        words = f"{arrow.n_observed} seen" + (f", {n_inferred} inferred, not proven" if n_inferred else "")
        if not arrow.n_observed:
            attributes["stroke-dasharray"] = "5 4"
    shown = ET.SubElement(root, "path", attributes)
    what = "; ".join(arrow.what[:4])
    ET.SubElement(shown, "title").text = visible(words + (f": {what}" if what else ""))
    if arrow.n > 1 and not arrow.of_thing:
        mark = ET.SubElement(
            root, "text", {"x": f"{middle[0]:g}", "y": f"{middle[1] - 4 + shift:g}", "font-size": "11",
                           "text-anchor": "middle", "fill": "currentColor", "stroke": "var(--paper,#fff)",
                           "stroke-width": "3", "paint-order": "stroke"},
        )  # fmt: skip
        mark.text = f"{arrow.n} ×"


def _draw_box(root: ET.Element, at: tuple[float, float, int], node: Node, *, is_start: bool) -> None:
    x, y, _ = at
    box = {"x": f"{x:g}", "y": f"{y:g}", "width": str(_BOX_W), "height": str(_BOX_H),
           "rx": "2" if node.kind == "thing" else "6", "fill": "var(--paper,#fff)", "stroke": "currentColor",
           "stroke-width": "2.4" if is_start else "1"}  # fmt: skip
    if node.kind == "unknown":
        box["stroke-dasharray"] = "3 3"
    drawn_box = ET.SubElement(root, "rect", box)
    ET.SubElement(drawn_box, "title").text = visible(node.words)
    words = visible(node.words)
    text = ET.SubElement(
        root, "text", {"x": f"{x + _BOX_W / 2:g}", "y": f"{y + _BOX_H / 2 + 4:g}", "font-size": "12",
                       "text-anchor": "middle", "fill": "currentColor"},
    )  # fmt: skip
    if node.kind == "name":
        text.set("font-style", "italic")
    text.text = words if len(words) <= _LETTERS else f"{words[: _LETTERS - 1]}…"
