"""The chart of what is still to become known: by quarter of making, what is known and what will be in the end.

Invariant: a quarter of which nothing is known yet has its upper end drawn like any other.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from taggant.report.charts import BLUE, FONT, LINE, MUTE, RUST
from taggant.report.dossier import Dossier
from taggant.report.phrases import integer, label
from taggant.report.production_chart import NARROW, WIDE, Frame


def nowcast_spec(dossier: Dossier, *, frame: Frame = WIDE) -> dict[str, Any] | None:
    """How many of each quarter are known, and how many will be: how is that drawn?

    Parameters
    ----------
    dossier : Dossier
        With the table `delay_nowcast`.
    frame : Frame

    Returns
    -------
    dict or None
        A Vega-Lite specification; None where there is nothing to draw.

    Notes
    -----
    *Assumes:* of two sorts of dates the first that has rows is drawn; the table has both.
    *Not for:* what never becomes known.

    Examples
    --------
    >>> from taggant.report.dossier import CaseView
    >>> case = CaseView(title="K", subject="K", as_of=None, commit="", n_exhibits_held=0, n_sources_cited=0)
    >>> nowcast_spec(Dossier(case=case, answers={}, frames={})) is None
    True
    """
    rows = [r for r in dossier.rows.get("delay_nowcast", {}).values() if r["from_on"] is not None]
    if not rows:
        return None
    basis = min(str(r["basis"]) for r in rows)
    own = sorted((r for r in rows if r["basis"] == basis), key=lambda r: r["from_on"])
    values = [
        {
            "at": _quarter(r["from_on"]), "seen": r["n_seen"], "low": r["low"],
            "point": r["point"], "high": r["high"], "href": "table/delay_nowcast.html",
            "told": f"{_quarter(r['from_on'])}: {integer(r['n_seen'])} {label('chart-nowcast-known')}, "
            f"{integer(r['low'])} – {integer(r['high'])} {label('chart-nowcast-final')}",
        }
        for r in own
    ]  # fmt: skip
    is_narrow = frame.width <= NARROW.width
    every = 1 if len(values) <= (4 if is_narrow else 9) else 4 if len(values) <= (16 if is_narrow else 40) else 12
    text = {"labelColor": MUTE, "labelFontSize": frame.text, "labelFont": FONT}
    x = {
        "field": "at", "type": "ordinal", "sort": None,
        "axis": {"title": None, "labelAngle": 0, "domainColor": MUTE, "ticks": False, **text,
                 "values": [v["at"] for v in values[::every]]},
    }  # fmt: skip
    y = {
        "type": "quantitative",
        "axis": {
            "title": None,
            "grid": True,
            "gridColor": LINE,
            "domain": False,
            "ticks": False,
            "tickCount": 5,
            **text,
        },
    }
    told = {"href": {"field": "href"}, "description": {"field": "told"}, "x": x}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "description": label("chart-nowcast-desc"),
        "width": frame.width - frame.left - 14, "height": 200, "autosize": {"type": "none"},
        "padding": {"left": frame.left, "right": 14, "top": 12, "bottom": 24}, "background": None,
        "config": {"view": {"stroke": None}}, "data": {"values": values},
        "layer": [
            {"mark": {"type": "bar", "color": BLUE, "opacity": 0.75},
             "encoding": {**told, "y": {**y, "field": "seen"}}},
            {"mark": {"type": "rule", "color": RUST, "strokeWidth": 2},
             "encoding": {**told, "y": {**y, "field": "low"}, "y2": {"field": "high"}}},
            {"mark": {"type": "point", "shape": "circle", "fill": "white", "stroke": RUST, "size": 34, "opacity": 1},
             "encoding": {**told, "y": {**y, "field": "point"}}},
        ],
    }  # fmt: skip


def _quarter(day: date) -> str:
    return f"{day.year} Q{(day.month + 2) // 3}"
