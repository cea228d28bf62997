"""The serial–date curve of each run, drawn: calibrated up to the day until which nine in ten are known, then dashed.

Invariant: what is extrapolated is never drawn like what is calibrated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from taggant.report.charts import BLUE, FONT, INK, LINE, MUTE
from taggant.report.dossier import Dossier
from taggant.report.links import anchor
from taggant.report.phrases import label
from taggant.report.production_chart import Frame
from taggant.report.visible import visible

_MOST_PANELS = 6
_PANEL = 130


def curve_spec(dossier: Dossier, *, frame: Frame) -> dict[str, Any] | None:
    """How many of each run had been made by each quarter's end: how is that drawn?

    Parameters
    ----------
    dossier : Dossier
        With the tables `serial_curve` and `block`.
    frame : Frame

    Returns
    -------
    dict or None
        One panel a run, at most six; None when no run has a curve.

    Notes
    -----
    *Assumes:* each panel has its own scale: runs are not compared by height.
    *Not for:* exact numbers: the table has them.

    Examples
    --------
    >>> from taggant.report.dossier import CaseView
    >>> from taggant.report.production_chart import WIDE
    >>> case = CaseView(title="K", subject="K", as_of=None, commit="", n_exhibits_held=0, n_sources_cited=0)
    >>> curve_spec(Dossier(case=case, answers={}, frames={}), frame=WIDE) is None
    True
    """
    blocks = _rows(dossier, "block")
    by_block: dict[str, list[Mapping[str, Any]]] = {}
    for row in _rows(dossier, "serial_curve"):
        by_block.setdefault(row["block_id"], []).append(row)
    drawn = [b for b in sorted(blocks, key=lambda b: -b["n_incidents"]) if b["block_id"] in by_block][:_MOST_PANELS]
    if not drawn:
        return None
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "description": label("chart-curve-desc"),
        "background": None,
        "padding": {"left": 6, "right": 14, "top": 6, "bottom": 6},
        "spacing": 18,
        "config": {"view": {"stroke": None}, "concat": {"spacing": 18}},
        "vconcat": [_panel(b, sorted(by_block[b["block_id"]], key=lambda r: r["from_on"]), frame) for b in drawn],
    }


def _rows(dossier: Dossier, table: str) -> list[Mapping[str, Any]]:
    frame = dossier.frames.get(table)
    return [] if frame is None else list(frame.lazy().collect().iter_rows(named=True))


def _panel(block: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], frame: Frame) -> dict[str, Any]:
    name = visible(f"{block['designation'] or block['kind'] or ''} {block['name']}".strip())
    href = f"#{anchor('finding', 'how-many:curve:' + block['block_id'])}"
    points = [
        {
            "on": r["until_on"].isoformat(), "low": r["total_low"], "n": r["total_median"], "high": r["total_high"],
            "basis": r["basis"], "href": href,
            "told": visible(f"{name}: {r['total_low']:.0f} to {r['total_high']:.0f} by {r['until_on'].isoformat()}"),
        }
        for r in rows
    ]  # fmt: skip
    sure = [p for p in points if p["basis"] == "calibrated"]
    later = [*sure[-1:], *(p for p in points if p["basis"] != "calibrated")]
    text = {"labelColor": MUTE, "labelFontSize": frame.text, "labelFont": FONT}
    x = {
        "field": "on", "type": "temporal", "scale": {"type": "utc"},
        "axis": {"format": "%Y", "tickCount": "year", "title": None, "grid": False, "domainColor": MUTE, **text},
    }  # fmt: skip
    axis = {"title": None, "grid": True, "gridColor": LINE, "domain": False, "ticks": False, "tickCount": 3,
            "minExtent": frame.left, "maxExtent": frame.left,
            "labelExpr": "replace(format(datum.value, ','), /,/g, '\\u202f')", **text}  # fmt: skip
    y = {"type": "quantitative", "axis": axis}
    told = {"href": {"field": "href"}, "description": {"field": "told"}, "x": x}
    # One link and one description for a whole band: a second would cut it in two.
    band = {"href": {"value": href}, "description": {"value": name}, "x": x, "y": {**y, "field": "low"},
            "y2": {"field": "high"}}  # fmt: skip
    line = {"href": {"value": href}, "description": {"value": name}, "x": x, "y": {**y, "field": "n"}}
    layers = [
        (sure, {"type": "area", "color": BLUE, "opacity": 0.28}, band),
        (later, {"type": "area", "color": BLUE, "opacity": 0.08}, band),
        (sure, {"type": "line", "color": BLUE, "strokeWidth": 2}, line),
        (later, {"type": "line", "color": BLUE, "strokeWidth": 1.2, "strokeDash": [5, 4]}, line),
        (sure[-1:], {"type": "point", "shape": "circle", "filled": True, "color": BLUE, "size": 45},
         {**told, "y": {**y, "field": "n"}}),
    ]  # fmt: skip
    title = {"text": name, "anchor": "start", "font": FONT, "fontSize": frame.text + 1, "fontWeight": 600, "color": INK,
             "offset": 6}  # fmt: skip
    return {
        "width": frame.width - frame.left - 40,
        "height": _PANEL,
        "title": title,
        "layer": [{"data": {"values": v}, "mark": m, "encoding": e} for v, m, e in layers if v],
    }
