"""The chart of lines of evidence: one row a line, brought to one day, for each scope that more than one speaks of.

Invariant: an open end is drawn as an arrow, never as a bar; a line that cannot tell has a row and no mark.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from taggant.report.charts import BLUE, FONT, INK, LINE, MUTE, RUST
from taggant.report.dossier import Dossier
from taggant.report.links import anchor
from taggant.report.phrases import day, integer, label
from taggant.report.production_chart import NARROW, WIDE, Frame
from taggant.report.visible import visible

SCOPES_MOST = 4
_ROW, _LETTERS = 24, 46
_COLOURS = {"serials": RUST, "use": BLUE, "claims": INK, "plan": MUTE, "pool": RUST, "bounds": MUTE}
_ORDER = ("bounds", "serials", "use", "claims", "plan", "pool")


def lines_spec(dossier: Dossier, *, frame: Frame = WIDE) -> dict[str, Any] | None:
    """What does each line of evidence say of one scope by one day: how is that drawn?

    Parameters
    ----------
    dossier : Dossier
        With the table `evidence_line`.
    frame : Frame
        `WIDE` or `NARROW`.

    Returns
    -------
    dict or None
        A Vega-Lite specification with its data inside; None where no scope has two lines that tell.

    Notes
    -----
    *Assumes:* the scopes of which most lines tell are most worth drawing; the table has them all.
    *Not for:* growth over time: `production_spec`.

    Examples
    --------
    >>> from taggant.report.dossier import CaseView
    >>> case = CaseView(title="K", subject="K", as_of=None, commit="", n_exhibits_held=0, n_sources_cited=0)
    >>> lines_spec(Dossier(case=case, answers={}, frames={})) is None
    True
    """
    scopes = _drawn(dossier)
    if not scopes:
        return None
    is_narrow = frame.width <= NARROW.width
    left = 14 if is_narrow else 250
    plot = frame.width - left - 60
    top = max(n for rows in scopes.values() for r in rows for n in (r["low"], r["high"], r["point"]) if n is not None)
    rows: dict[str, list[dict[str, Any]]] = {
        k: [] for k in ("head", "name", "span", "arrow", "least", "most", "dot", "say")
    }
    y = 0
    for scope, own in scopes.items():
        y = _place(scope, own, rows, y + 14, is_narrow=is_narrow, top=top * 1.02)
    x = {
        "field": "a", "type": "quantitative", "scale": {"domain": [0, top * 1.02], "nice": False},
        "axis": {"orient": "bottom", "title": None, "grid": True, "gridColor": LINE, "domain": False, "ticks": False,
                 "tickCount": 4 if is_narrow else 7, "labelColor": MUTE, "labelFontSize": frame.text, "labelFont": FONT,
                 "labelExpr": "replace(format(datum.value, ','), /,/g, '\\u202f')"},
    }  # fmt: skip
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "description": label("chart-lines-desc"),
        "width": plot, "height": y, "autosize": {"type": "none"},
        "padding": {"left": left, "right": 60, "top": 8, "bottom": 26}, "background": None,
        "config": {"view": {"stroke": None}},
        "layer": [la for la in _layers(rows, x, y, frame, left, is_narrow=is_narrow) if la["data"]["values"]],
    }  # fmt: skip


def _drawn(dossier: Dossier) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in dossier.rows.get("evidence_line", {}).values():
        found.setdefault(str(row["scope"]), []).append(row)
    telling = {
        scope: sum(r["kind"] in ("serials", "use", "claims") and (r["low"] or r["high"]) is not None for r in rows)
        for scope, rows in found.items()
    }
    is_whole = {
        scope: any(r["kind"] != "plan" and r["low"] is not None and r["high"] is not None for r in rows)
        for scope, rows in found.items()
    }
    wanted = sorted((s for s in found if telling[s] >= 2), key=lambda s: (not is_whole[s], -telling[s], s))[
        :SCOPES_MOST
    ]
    return {
        s: sorted(found[s], key=lambda r: (_ORDER.index(r["kind"]), -(r["low"] or 0), str(r["line"]))) for s in wanted
    }


def _place(
    scope: str, own: Sequence[Mapping[str, Any]], rows: dict[str, list[dict[str, Any]]], y: int, *,
    is_narrow: bool, top: float,
) -> int:  # fmt: skip
    days = [r["by_on"] for r in own if r["kind"] != "plan" and r["by_on"] is not None]
    head = visible(scope) + (f", {label('chart-by')} {day(days[0])}" if days else "")
    href = f"#{anchor('finding', f'how-many:lines:{scope}')}"
    rows["head"].append({"text": head, "y": y, "href": href, "told": head})
    y += _ROW
    for r in own:
        low, point, high = r["low"], r["point"], r["high"]
        kind = str(r["kind"])
        name = visible(str(r["line"]))
        if kind == "plan" and isinstance(r["by_on"], date):
            name = f"{name}, {label('chart-by')} {day(r['by_on'])}" if not name.endswith(str(r["by_on"].year)) else name
        says = _says(kind, low, point, high)
        mark = {"href": href, "told": f"{name}: {says}. {visible(str(r['reading'] or ''))}", "kind": kind,
                "colour": _COLOURS[kind], "y": y + (10 if is_narrow else 0)}  # fmt: skip
        rows["name"].append({**mark, "text": name if len(name) <= _LETTERS else f"{name[:_LETTERS]}…", "y": y})
        at = _marks(mark, kind, low, point, high, rows, top)
        is_right = at <= (0.72 if is_narrow else 0.8) * top
        begin = next((n for n in (low, high, point) if n is not None), 0.0)
        rows["say"].append(
            {**mark, "a": at if is_right else begin, "text": says, "side": "right" if is_right else "left"}
        )
        y += _ROW + (12 if is_narrow else 0)
    return y


def _marks(
    mark: dict[str, Any], kind: str, low: float | None, point: float | None, high: float | None,
    rows: dict[str, list[dict[str, Any]]], top: float,
) -> float:  # fmt: skip
    """Put a line's marks down; give where its words begin."""
    if kind == "plan" and point is not None:
        rows["dot"].append({**mark, "a": point, "shape": "stroke"})
        return point
    if low is not None and high is not None:
        rows["span"].append({**mark, "a": low, "b": max(high, low + top / 400), "thick": 9 if kind == "pool" else 6})
        if point is not None:
            rows["dot"].append({**mark, "a": point, "shape": "circle"})
        return high
    if low is not None:
        end = min(low + top * 0.06, top)
        rows["arrow"].append({**mark, "a": low, "b": end})
        rows["least"].append({**mark, "a": end})
        return end
    if high is not None:
        rows["arrow"].append({**mark, "a": max(high - top * 0.06, 0), "b": high})
        rows["most"].append({**mark, "a": max(high - top * 0.06, 0)})
        return high
    return 0.0


def _says(kind: str, low: float | None, point: float | None, high: float | None) -> str:
    def n(value: float | None) -> str:
        return integer(round(value or 0))

    if kind == "plan":
        return n(point)
    if low is None and high is None:
        return label("chart-lines-silent")
    if high is None:
        return f"{label('at-least')} {n(low)}"
    return f"{label('at-most')} {n(high)}" if low is None else f"{n(low)} – {n(high)}"


def _layers(
    rows: dict[str, list[dict[str, Any]]], x: dict[str, Any], height: int, frame: Frame, left: int, *, is_narrow: bool
) -> list[dict[str, Any]]:
    y = {"field": "y", "type": "quantitative", "axis": None, "scale": {"domain": [height, 0], "nice": False}}
    told = {"href": {"field": "href"}, "description": {"field": "told"}, "y": y}
    colour = {"field": "colour", "type": "nominal", "scale": None}
    across = {**told, "x": x, "color": colour}
    span = {**across, "x2": {"field": "b"}}
    words = {"type": "text", "font": FONT, "baseline": "middle", "fontSize": frame.text}
    limit = (frame.width if is_narrow else left) - 20
    tip = {"type": "point", "filled": True, "size": 60, "opacity": 1}
    start = {"value": 0 if is_narrow else 10 - left}
    return [
        _layer(rows["head"], {**words, "fontWeight": 700, "fontSize": frame.text + 1, "align": "left", "color": INK},
               {**told, "x": start, "text": {"field": "text"}}),
        _layer(rows["name"], {**words, "align": "left", "color": INK, "limit": limit},
               {**told, "x": start, "text": {"field": "text"}}),
        _layer([r for r in rows["span"] if r["thick"] == 6], {"type": "rule", "strokeWidth": 6, "opacity": 0.85}, span),
        _layer([r for r in rows["span"] if r["thick"] == 9], {"type": "rule", "strokeWidth": 10, "opacity": 1}, span),
        _layer(rows["arrow"], {"type": "rule", "strokeWidth": 1.6}, span),
        _layer(rows["least"], {**tip, "shape": "triangle-right"}, across),
        _layer(rows["most"], {**tip, "shape": "triangle-left"}, across),
        _layer([r for r in rows["dot"] if r["shape"] == "circle"],
               {"type": "point", "shape": "circle", "fill": "white", "size": 28, "opacity": 1},
               {**told, "x": x, "stroke": colour}),
        _layer([r for r in rows["dot"] if r["shape"] == "stroke"],
               {"type": "point", "shape": "stroke", "angle": 90, "size": 160, "strokeWidth": 2, "opacity": 1}, across),
        _layer([r for r in rows["say"] if r["side"] == "right"], {**words, "align": "left", "dx": 9},
               {**across, "text": {"field": "text"}}),
        _layer([r for r in rows["say"] if r["side"] == "left"], {**words, "align": "right", "dx": -9},
               {**across, "text": {"field": "text"}}),
    ]  # fmt: skip


def _layer(values: list[dict[str, Any]], mark: dict[str, Any], encoding: dict[str, Any]) -> dict[str, Any]:
    return {"data": {"values": values}, "mark": mark, "encoding": encoding}
