"""The sightings and the silence after them, drawn: one mark a sighting, its delay behind it, the posterior of the end.

Invariant: the chart shows what the finding says, and nothing it does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from taggant.model.finding import Finding
from taggant.report.svg import to_svg


def silence_spec(rows: Sequence[dict[str, Any]], *, is_date: bool, until: Any, low: Any, high: Any) -> dict[str, Any]:
    """Which chart shows a record and its silence?

    Parameters
    ----------
    rows : sequence of dict
        ``name, made, made_until, known`` a sighting, as ISO days or numbers.
    is_date : bool
    until, low, high
        The cut, the newest sighting, and the latest end the silence allows (None: open).

    Returns
    -------
    dict
        A Vega-Lite specification.

    Notes
    -----
    *Assumes:* rows in the order to be drawn.
    *Not for:* more than about 100 sightings: they are drawn one above the other.
    """
    kind = "temporal" if is_date else "quantitative"
    axis = {"type": kind, "title": None, "axis": {"grid": False}, "scale": {"zero": False}}
    row = {"field": "n", "type": "ordinal", "axis": None}
    layers: list[dict[str, Any]] = [
        {
            "data": {"values": [{"a": low, "b": high if high is not None else until}]},
            "mark": {"type": "rect", "opacity": 0.15, "color": "#a33"},
            "encoding": {"x": {"field": "a", **axis}, "x2": {"field": "b"}},
        },
        {
            "mark": {"type": "rule", "color": "#999"},
            "encoding": {"x": {"field": "made", **axis}, "x2": {"field": "known"}, "y": row},
        },
        {
            "mark": {"type": "rule", "strokeWidth": 4, "color": "#333"},
            "encoding": {"x": {"field": "made", **axis}, "x2": {"field": "made_until"}, "y": row},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 45, "color": "#333"},
            "encoding": {"x": {"field": "made", **axis}, "y": row},
        },
        {
            "data": {"values": [{"at": until, "says": "cut of the data"}]},
            "mark": {"type": "rule", "strokeDash": [4, 3]},
            "encoding": {"x": {"field": "at", **axis}},
        },
        {
            "data": {"values": [{"at": until, "says": "cut of the data"}]},
            "mark": {"type": "text", "align": "right", "dx": -4, "dy": 10, "baseline": "top", "fontSize": 11},
            "encoding": {"x": {"field": "at", **axis}, "y": {"value": 0}, "text": {"field": "says"}},
        },
    ]  # fmt: skip
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": 640,
        "height": max(90, 16 * len(rows)),
        "data": {"values": [{"n": n, **row} for n, row in enumerate(rows)]},
        "layer": layers,
        "config": {"view": {"stroke": None}, "font": "Noto Sans"},
    }


def silence_svg(rows: Sequence[dict[str, Any]], finding: Finding, *, until: Any) -> str:
    """Draw the record a finding rests on.

    Parameters
    ----------
    rows : sequence of dict
        As `silence_spec` takes them.
    finding : Finding
    until
        The cut.

    Returns
    -------
    str
        SVG.
    """
    headline = finding.result.headline
    body = {} if headline is None else headline.as_json()
    is_date = not isinstance(until, float)
    low = body.get("low") if isinstance(body, dict) else None
    high = body.get("high") if isinstance(body, dict) else None
    newest = max((row["made"] for row in rows), default=until)
    spec = silence_spec(rows, is_date=is_date, until=until, low=low if low is not None else newest, high=high)
    return to_svg(spec, name="silence", title="Sightings and silence",
                  desc="A line a sighting, from made to known; shaded: where it can have ended.")  # fmt: skip
