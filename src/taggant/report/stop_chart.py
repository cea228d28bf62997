"""The chart of a silence: belief in an end by each day, and how p falls if nothing newer becomes known.

Invariant: what is past and what is ahead are drawn in different colours; nothing ahead is a forecast of anything but p.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from taggant.report.charts import BLUE, FONT, INK, LINE, MUTE, RUST
from taggant.report.dossier import Dossier
from taggant.report.links import anchor
from taggant.report.phrases import label
from taggant.report.production_chart import NARROW, WIDE, Frame
from taggant.report.visible import visible

ROWS_MOST = 6
_HEIGHT, _GAP, _LEVEL = 92, 46, 0.05
_FLAT, _SOON_DAYS = 0.004, 240  # where p has fallen so far it is drawn no further, but for the next months
_WORDS = {
    "manufacture": lambda: label("chart-stop-making"),
    "transfer": lambda: label("chart-stop-handing"),
    "use": lambda: label("chart-stop-use"),
}


def stop_spec(dossier: Dossier, *, frame: Frame = WIDE) -> dict[str, Any] | None:
    """How are the silences of a case drawn?

    Parameters
    ----------
    dossier : Dossier
        With the table `stop_curve`.
    frame : Frame
        `WIDE` or `NARROW`.

    Returns
    -------
    dict or None
        A Vega-Lite specification; None where no silence could be judged.

    Notes
    -----
    *Assumes:* the first six by producer and module are enough for one page; the table has all.
    *Not for:* refusals: nothing is drawn of them.

    Examples
    --------
    >>> from taggant.report.dossier import CaseView
    >>> case = CaseView(title="K", subject="K", as_of=None, commit="", n_exhibits_held=0, n_sources_cited=0)
    >>> stop_spec(Dossier(case=case, answers={}, frames={})) is None
    True
    """
    curves: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in dossier.rows.get("stop_curve", {}).values():
        curves.setdefault((str(row["producer"]), str(row["module"]), str(row["stop"])), []).append(dict(row))
    shown = sorted(curves)[:ROWS_MOST]
    if not shown:
        return None
    past: list[dict[str, Any]] = []
    ahead: list[dict[str, Any]] = []
    heads: list[dict[str, Any]] = []
    levels: list[dict[str, Any]] = []
    cuts: list[dict[str, Any]] = []
    drawn = [r for name in shown for r in curves[name]]
    first = min(r["on"] for r in drawn)
    end = max((r["on"] for r in drawn if r["ended_by"] is not None), default=first)
    more = [r["on"] for r in drawn if r["p_if_silent"] is not None and r["p_if_silent"] >= _FLAT]
    last = max([*more, end + timedelta(days=_SOON_DAYS)])
    for n, name in enumerate(shown):
        base = n * (_HEIGHT + _GAP) + _GAP - 14
        href = f"#{anchor('finding', f'has-it-stopped:{name[0]}:{name[1]}:{name[2]}')}"
        head = f"{visible(name[0])}, {visible(name[1])}, {_WORDS[name[2]]()}"
        heads.append({"text": head, "y": base - 14, "href": href, "told": head, "on": first.isoformat()})
        own = sorted(curves[name], key=lambda r: r["on"])
        cut = max((r["on"] for r in own if r["ended_by"] is not None), default=first)
        soon = cut + timedelta(days=_SOON_DAYS)
        for r in own:
            mark = {"on": r["on"].isoformat(), "row": n, "href": href}
            if r["ended_by"] is not None:
                past.append({**mark, "y": base + _HEIGHT * (1 - r["ended_by"]), "y2": base + _HEIGHT, "told": head})
            if r["p_if_silent"] is not None and (r["p_if_silent"] >= _FLAT or r["on"] <= soon):
                ahead.append({**mark, "y": base + _HEIGHT * (1 - r["p_if_silent"]), "told": head})
        levels.append({"on": cut.isoformat(), "until": last.isoformat(), "y": base + _HEIGHT * (1 - _LEVEL),
                       "told": head, "href": href, "text": "p = .05"})  # fmt: skip
        cuts.append({"on": cut.isoformat(), "y": base, "y2": base + _HEIGHT, "told": head, "href": href,
                     "text": label("chart-stop-cut") if n == 0 else ""})  # fmt: skip
    height = len(shown) * (_HEIGHT + _GAP) + 4
    return _spec(
        frame, height, first, last, {"past": past, "ahead": ahead, "head": heads, "level": levels, "cut": cuts}
    )


def _spec(frame: Frame, height: int, first: date, last: date, rows: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    is_narrow = frame.width <= NARROW.width
    x = {
        "field": "on", "type": "temporal",
        "scale": {"type": "utc", "domain": [first.isoformat(), last.isoformat()], "nice": False},
        "axis": {"format": "%Y", "title": None, "grid": True, "gridColor": LINE, "domainColor": MUTE, "ticks": False,
                 "tickCount": 4 if is_narrow else 8, "labelColor": MUTE, "labelFont": FONT,
                 "labelFontSize": frame.text},
    }  # fmt: skip
    y = {"field": "y", "type": "quantitative", "axis": None, "scale": {"domain": [height, 0], "nice": False}}
    told = {"href": {"field": "href"}, "description": {"field": "told"}, "x": x, "y": y}
    words = {"type": "text", "font": FONT, "fontSize": frame.text, "baseline": "middle"}
    detail = {"detail": {"field": "row"}}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "description": label("chart-stop-desc"), "width": frame.width - 28, "height": height,
        "autosize": {"type": "none"}, "padding": {"left": 14, "right": 14, "top": 4, "bottom": 24}, "background": None,
        "config": {"view": {"stroke": None}},
        "layer": [
            _layer(rows["past"], {"type": "area", "color": BLUE, "opacity": 0.25, "line": {"color": BLUE}},
                   {**told, "y": {**y, "stack": None}, "y2": {"field": "y2"}, **detail}),
            _layer(rows["ahead"], {"type": "line", "color": RUST, "strokeWidth": 1.6}, {**told, **detail}),
            _layer(rows["level"], {"type": "rule", "color": RUST, "strokeDash": [3, 3], "strokeWidth": 0.8},
                   {**told, "x2": {"field": "until"}}),
            _layer(rows["level"], {**words, "align": "left", "dx": 4, "dy": -8, "color": RUST},
                   {**told, "text": {"field": "text"}}),
            _layer(rows["cut"], {"type": "rule", "color": INK, "strokeWidth": 1}, {**told, "y2": {"field": "y2"}}),
            _layer(rows["cut"], {**words, "align": "right", "dx": -4, "dy": -9, "color": MUTE},
                   {**told, "text": {"field": "text"}}),
            _layer(rows["head"], {**words, "align": "left", "fontWeight": 700, "color": INK},
                   {**told, "text": {"field": "text"}}),
        ],
    }  # fmt: skip


def _layer(values: list[dict[str, Any]], mark: dict[str, Any], encoding: dict[str, Any]) -> dict[str, Any]:
    return {"data": {"values": values}, "mark": mark, "encoding": encoding}
