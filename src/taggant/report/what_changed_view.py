"""What the page of what-changed shows beside its findings: shares over time, and when each capability became known.

Invariant: a line spans the days a thing can lie in; a mark is never drawn at a day nobody stated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from taggant.reference.capability_files import load_capabilities
from taggant.report.cells import Way
from taggant.report.chart_forms import chart_view
from taggant.report.charts import BLUE, FONT, INK, LINE, MUTE, RUST
from taggant.report.dossier import Dossier, Finding
from taggant.report.links import anchor
from taggant.report.phrases import label
from taggant.report.sections import ChartView, Extra, table_section
from taggant.report.visible import visible

_LANE = 26


def what_changed_view(dossier: Dossier, findings: Sequence[Finding], way: Way) -> Extra:
    """What does the page of what-changed show beside its findings?

    Parameters
    ----------
    dossier : Dossier
        With the tables `share_point`, `coverage`, `capability_seen`, `capability_absent`.
    findings : sequence of dict
    way : callable

    Returns
    -------
    Extra

    Notes
    -----
    *Assumes:* findings are on the same page. *Not for:* what a part was used for.

    Examples
    --------
    >>> from taggant.report.dossier import CaseView
    >>> case = CaseView(title="K", subject="K", as_of=None, commit="", n_exhibits_held=0, n_sources_cited=0)
    >>> what_changed_view(Dossier(case=case, answers={}, frames={}), [], lambda t, k: None).charts
    ()
    """
    points = ("item_id", "country", "made_from", "made_until", "n_group", "n_known", "n_unknown", "collector")
    seen = ("capability", "status", "part", "item_id", "designation", "from_on", "until_on", "basis_kind", "source_id")
    gone = ("capability", "item_id", "designation", "examination_id", "until_on")
    coverage = ("scope", "n_incidents", "n_seen", "n_once", "n_twice", "at_least", "low", "high", "coverage", "p_new")
    charts = (
        *_chart("what-changed", label("chart-capability-title"), label("chart-capability-desc"),
                label("chart-capability-caption"), [capability_spec(_rows(dossier, "capability_seen"), width=w)
                                               for w in (920, 340)]),
        *_chart("what-changed-shares", label("chart-share-title"), label("chart-share-desc"),
                label("chart-share-caption"), [_share_spec(dossier, findings, width=w) for w in (920, 340)]),
    )  # fmt: skip
    return Extra(
        charts=charts,
        sections=(
            *table_section(dossier, "capability_seen", seen, heading=label("capability-seen"), way=way),
            *table_section(dossier, "capability_absent", gone, heading=label("capability-absent"), way=way),
            *table_section(dossier, "share_point", points, heading=label("share-point"), way=way),
            *table_section(dossier, "coverage", coverage, heading=label("coverage-table"), way=way),
        ),
    )


def _rows(dossier: Dossier, table: str) -> list[Mapping[str, Any]]:
    return list(dossier.rows.get(table, {}).values())


def _chart(
    name: str, title: str, desc: str, caption: str, specs: Sequence[dict[str, Any] | None]
) -> tuple[ChartView, ...]:
    return chart_view(name, *specs, title=title, desc=desc, caption=caption)


def capability_spec(rows: Sequence[Mapping[str, Any]], *, width: int) -> dict[str, Any] | None:
    """When did each capability become known, drawn one lane a capability?

    Parameters
    ----------
    rows : sequence of mapping
        Of `capability_seen`.
    width : int

    Returns
    -------
    dict or None
        None when no row has a day.

    Notes
    -----
    *Assumes:* a day it was known by is the mark; the line before it begins where it cannot have been known earlier.
    *Not for:* the day a part was first fitted.

    Examples
    --------
    >>> capability_spec([], width=340) is None
    True
    """
    titles = {c.id: c.title for c in load_capabilities()}
    dated = [r for r in rows if r["until_on"] is not None]
    if not dated:
        return None
    gutter = 210 if width > 600 else 8
    order = sorted(
        {r["capability"] for r in dated}, key=lambda c: min(r["until_on"] for r in dated if r["capability"] == c)
    )
    y_of = {c: 30 + n * (_LANE if gutter > 20 else _LANE + 14) for n, c in enumerate(order)}
    first = date(min((r["from_on"] or r["until_on"]).year for r in dated), 1, 1)
    last = date(max(r["until_on"].year for r in dated) + 1, 1, 1)
    marks = []
    for r in dated:
        lane = {"documented": -5, "reported": 0, "claimed": 5, "denied": 5}[r["status"]]
        marks.append({
            "from": (r["from_on"] or r["until_on"]).isoformat(), "until": r["until_on"].isoformat(),
            "y": y_of[r["capability"]] + lane, "status": r["status"],
            "href": f"#{anchor('finding', 'what-changed:capability:' + r['capability'])}",
            "told": visible(f"{titles.get(r['capability'], r['capability'])}: {r['status']}, {r['part'] or ''}"),
        })  # fmt: skip
    names = [
        {"text": titles.get(c, c), "y": y - (0 if gutter > 20 else 15), "at": first.isoformat(),
         "href": f"#{anchor('finding', 'what-changed:capability:' + c)}"}
        for c, y in y_of.items()
    ]  # fmt: skip
    height = max(y_of.values()) + _LANE
    x, down = _axes(first, last, height, width=width, gutter=gutter)
    told = {"href": {"field": "href"}, "description": {"field": "told"}, "x": x, "y": down}
    at_end = {**told, "x": {**x, "field": "until"}}
    text = {"type": "text", "font": FONT, "fontSize": 12 if gutter > 20 else 11, "baseline": "middle", "color": INK}
    side = {"align": "right", "dx": -10, "limit": gutter - 14} if gutter > 20 else {"align": "left"}
    of = {s: [m for m in marks if m["status"] == s] for s in ("documented", "reported", "claimed", "denied")}
    ranged = [m for m in marks if m["from"] != m["until"]]
    layers = [
        (ranged, {"type": "rule", "color": MUTE, "strokeWidth": 1, "opacity": 0.6},
         {**told, "x2": {"field": "until"}}),
        (of["documented"], {"type": "point", "shape": "circle", "filled": True, "size": 60, "color": BLUE}, at_end),
        (of["reported"], {"type": "point", "shape": "circle", "size": 55, "stroke": BLUE, "strokeWidth": 1.6,
                          "fill": "white"}, at_end),
        (of["claimed"], {"type": "point", "shape": "stroke", "angle": 90, "size": 70, "stroke": MUTE, "strokeWidth": 2},
         at_end),
        (of["denied"], {"type": "point", "shape": "cross", "size": 50, "stroke": RUST, "strokeWidth": 1.6,
                        "fill": "transparent"}, at_end),
        (names, {**text, **side}, {"href": {"field": "href"}, "x": {**x, "field": "at"}, "y": down,
                                   "text": {"field": "text"}}),
    ]  # fmt: skip
    return _whole(layers, height, width=width, gutter=gutter, desc=label("chart-capability-desc"))


def _share_spec(dossier: Dossier, findings: Sequence[Finding], *, width: int) -> dict[str, Any] | None:
    finding = next((f for f in findings if f["id"] == "what-changed:composition"), None)
    group = None if finding is None else finding["parameters"].get("group")
    by_item: dict[str, Mapping[str, Any]] = {}
    for r in _rows(dossier, "share_point"):
        if r["country"] == group:
            by_item[r["item_id"]] = r
        elif r["item_id"] not in by_item:
            by_item[r["item_id"]] = {**r, "n_group": 0}
    if group is None or len(by_item) < 2 or finding is None:
        return None
    gutter = 60 if width > 600 else 36
    first = date(min(r["made_from"].year for r in by_item.values()), 1, 1)
    last = date(max(r["made_until"].year for r in by_item.values()) + 1, 1, 1)
    height = 240
    top, bottom = 30, 230
    marks = []
    for item_id, r in by_item.items():
        share = r["n_group"] / r["n_known"] if r["n_known"] else 0
        marks.append({
            "from": r["made_from"].isoformat(), "until": r["made_until"].isoformat(),
            "y": bottom - share * (bottom - top), "href": f"#{anchor('finding', finding['id'])}",
            "told": visible(f"{item_id}: {r['n_group']} of {r['n_known']}"),
        })  # fmt: skip
    ticks = [{"text": f"{p} %", "y": bottom - p / 100 * (bottom - top), "at": first.isoformat(), "to": last.isoformat()}
             for p in (0, 25, 50, 75, 100)]  # fmt: skip
    x, down = _axes(first, last, height, width=width, gutter=gutter)
    told = {"href": {"field": "href"}, "description": {"field": "told"}, "x": x, "y": down}
    layers: list[tuple[list[dict[str, Any]], dict[str, Any], dict[str, Any]]] = [
        (ticks, {"type": "rule", "color": LINE}, {"x": {**x, "field": "at"}, "x2": {"field": "to"}, "y": down}),
        (ticks, {"type": "text", "font": FONT, "fontSize": 11, "align": "right", "dx": -6, "color": MUTE},
         {"x": {**x, "field": "at"}, "y": down, "text": {"field": "text"}}),
    ]  # fmt: skip
    headline = finding["headline"]
    if headline is not None and headline["unit"] == "date":
        band = [{"from": headline["low"], "until": headline["high"], "y": top, "y2": bottom}]
        layers.append((band, {"type": "rect", "color": RUST, "opacity": 0.12},
                       {"x": x, "x2": {"field": "until"}, "y": down, "y2": {"field": "y2"}}))  # fmt: skip
    layers += [
        (marks, {"type": "rule", "color": BLUE, "strokeWidth": 2, "opacity": 0.75}, {**told, "x2": {"field": "until"}}),
        (marks, {"type": "point", "shape": "circle", "filled": True, "size": 28, "color": BLUE}, told),
    ]
    return _whole(layers, height, width=width, gutter=gutter, desc=label("chart-share-desc"))


def _axes(first: date, last: date, height: int, *, width: int, gutter: int) -> tuple[dict[str, Any], dict[str, Any]]:
    plot = width - gutter - 14
    n_years = last.year - first.year
    step = next((s for s in (1, 2, 5, 10) if plot / n_years * s >= 38), 20)
    years = [date(y, 1, 1).isoformat() for y in range(first.year, last.year + 1) if y % step == 0]
    x = {
        "field": "from", "type": "temporal",
        "scale": {"type": "utc", "domain": [first.isoformat(), last.isoformat()], "nice": False},
        "axis": {"orient": "top", "format": "%Y", "values": years, "title": None, "grid": True, "gridColor": LINE,
                 "domain": False, "ticks": False, "labelColor": MUTE, "labelFontSize": 11, "labelFont": FONT,
                 "labelPadding": 4, "labelFlush": False, "labelBound": False, "labelOverlap": False},
    }  # fmt: skip
    down = {"field": "y", "type": "quantitative", "axis": None,
            "scale": {"domain": [height, 0], "nice": False, "zero": False}}  # fmt: skip
    return x, down


def _whole(
    layers: Sequence[tuple[Sequence[Mapping[str, Any]], Mapping[str, Any], Mapping[str, Any]]], height: int,
    *, width: int, gutter: int, desc: str,
) -> dict[str, Any]:  # fmt: skip
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json", "description": desc,
        "width": width - gutter - 14, "height": height, "autosize": {"type": "none"},
        "padding": {"left": gutter, "right": 14, "top": 22, "bottom": 4}, "background": None,
        "config": {"view": {"stroke": None}},
        "layer": [{"data": {"values": list(v)}, "mark": mark, "encoding": how} for v, mark, how in layers if v],
    }  # fmt: skip
