"""The validation of weights, drawn: three panels a variant from the table `variant_curve`.

Invariant: every point is a row of the table; the bound drawn is that of `variant_check`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from taggant.report.charts import BLUE, FONT, INK, LINE, MUTE, RUST
from taggant.report.phrases import label

CHECKS_MOST = 4
"""Variants drawn; the table has all."""
_REACH = 3.0
_PANELS = (("tippett own", "tippett others"), ("pav",), ("ece", "ece of the best rewriting", "ece of silence"))
_WORDS = {
    "tippett": ("check-tippett", "check-tippett-x", "check-tippett-y"),
    "pav": ("check-pav", "check-pav-x", "check-pav-y"),
    "ece": ("check-ece", "check-ece-x", "check-ece-y"),
}
"""Title of a panel, and of its axes."""
_LOOK: Mapping[str, dict[str, Any]] = {
    "tippett own": {"color": BLUE, "strokeWidth": 2},
    "tippett others": {"color": RUST, "strokeWidth": 2},
    "pav": {"color": BLUE, "strokeWidth": 2},
    "ece": {"color": BLUE, "strokeWidth": 2},
    "ece of the best rewriting": {"color": INK, "strokeDash": [4, 3]},
    "ece of silence": {"color": MUTE, "strokeDash": [1, 3], "strokeWidth": 2},
}


def weight_checks_spec(
    curves: Sequence[Mapping[str, Any]], checks: Sequence[Mapping[str, Any]], *, width: int
) -> dict[str, Any]:
    """How is the validation of these variants drawn?

    Parameters
    ----------
    curves, checks : sequence of mapping
        Rows of `variant_curve` and `variant_check`.
    width : int
        Of the drawing, in px; below 600 the panels stand one under the other.

    Returns
    -------
    dict
        A Vega-Lite specification.

    Notes
    -----
    *Assumes:* at most `CHECKS_MOST` variants. *Not for:* exact values: the table has them.

    Examples
    --------
    >>> weight_checks_spec([], [], width=900)["vconcat"]
    []
    """
    is_wide = width > 600
    plot = (width - 3 * 44) // 3 if is_wide else width - 58
    rows = []
    for check in checks[:CHECKS_MOST]:
        own = [c for c in curves if (c["module"], c["variant"]) == (check["module"], check["variant"])]
        panels = [_panel(names, own, check, plot) for names in _PANELS]
        title = {
            "text": label("weight-check-of", {"module": check["module"], "variant": check["variant"]}),
            "anchor": "start", "font": FONT, "fontSize": 13, "color": INK, "fontWeight": 600,
        }  # fmt: skip
        rows.append({("hconcat" if is_wide else "vconcat"): panels, "title": title, "spacing": 22})
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "background": None,
        "config": {
            "view": {"stroke": None},
            "axis": {
                "gridColor": LINE, "domainColor": LINE, "tickColor": LINE, "labelColor": MUTE, "titleColor": MUTE,
                "labelFont": FONT, "titleFont": FONT, "labelFontSize": 11, "titleFontSize": 11,
                "titleFontWeight": "normal",
            },
        },
        "vconcat": rows,
        "spacing": 26,
    }  # fmt: skip


def _panel(
    names: Sequence[str], rows: Sequence[Mapping[str, Any]], check: Mapping[str, Any], plot: int
) -> dict[str, Any]:
    kind = names[0].split()[0]
    heading, x_title, y_title = _WORDS[kind]
    reach = 2.0 if kind == "ece" else _REACH
    y_scale: dict[str, Any] = {"nice": False, "zero": True}
    if kind == "pav":
        y_scale["domain"] = [-_REACH, _REACH]
    elif kind == "tippett":
        y_scale["domain"] = [0, 1]
    x = {
        "field": "x", "type": "quantitative", "scale": {"domain": [-reach, reach], "nice": False},
        "axis": {"title": label(x_title), "values": _TICKS, "labelExpr": _TIMES},
    }  # fmt: skip
    y = {"field": "y", "type": "quantitative", "scale": y_scale, "axis": {"title": label(y_title)}}
    if kind == "pav":
        y["axis"] = {**y["axis"], "values": _TICKS, "labelExpr": _TIMES}  # type: ignore[dict-item]
    layers: list[dict[str, Any]] = []
    if kind == "pav":
        layers.append({
            "data": {"values": [{"x": -reach, "y": -reach}, {"x": reach, "y": reach}]},
            "mark": {"type": "line", "color": MUTE, "strokeDash": [1, 3]}, "encoding": {"x": x, "y": y},
        })  # fmt: skip
    else:
        bounds = [{"x": check[k]} for k in ("low", "high") if check[k] is not None and kind == "tippett"]
        layers.append({
            "data": {"values": bounds}, "mark": {"type": "rule", "color": INK, "strokeDash": [4, 3]},
            "encoding": {"x": x},
        })  # fmt: skip
    for name in names:
        points = [
            {"x": min(max(r["x"], -reach), reach), "y": r["y"] if r["y"] is not None else _edge(r, reach), "n": r["n"]}
            for r in rows if r["curve"] == name
        ]  # fmt: skip
        if kind == "pav":
            points = [{**p, "y": min(max(p["y"], -reach), reach)} for p in points]
            mark: dict[str, Any] = {"type": "line", "point": {"size": 22, "filled": True, "color": BLUE}}
        else:
            mark = {"type": "line", "interpolate": "step-before" if kind == "tippett" else "linear"}
        layers.append({
            "data": {"values": points}, "mark": {**mark, **_LOOK[name]},
            "encoding": {"x": x, "y": y, "order": {"field": "n"}},
        })  # fmt: skip
    title = {
        "text": label(heading), "anchor": "start", "font": FONT, "fontSize": 12, "color": INK,
        "fontWeight": "normal",
    }  # fmt: skip
    return {"width": plot, "height": 150, "title": title, "layer": layers}


def _edge(row: Mapping[str, Any], reach: float) -> float:
    """Where a rewritten weight without end is drawn: at the edge of its side."""
    return reach if row["x"] >= 0 else -reach


_TICKS = [-2, -1, 0, 1, 2]
_TIMES = "datum.value == 0 ? '1' : (datum.value > 0 ? '×' : '÷') + format(pow(10, abs(datum.value)), ',')"
