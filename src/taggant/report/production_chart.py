"""The chart of how-many: serial runs, claims, use and plans against the calendar, each line of evidence as it stands.

Invariant: an area is one scope of use; a slanted line begins at nothing on the first day a number speaks of; what is
cut at the top of the chart is cut where it leaves it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise, product
from typing import Any

from taggant.report.charts import BLUE, FONT, INK, LINE, MUTE, RUST
from taggant.report.phrases import label
from taggant.report.production_marks import Mark, Production, between_words

_HEADROOM = 1.35
_WORTH_WORDS = 0.05  # a plan lower than this share of the height is left to its tick and the table: words would pile up
_LABEL_LETTER = 0.56  # width of a letter as a share of its size, in the fonts shipped


@dataclass(frozen=True, slots=True)
class Frame:
    """How large a chart is drawn, in px of its own drawing."""

    width: int
    height: int
    text: int
    left: int


WIDE = Frame(900, 360, 12, 58)
NARROW = Frame(340, 300, 11, 46)


def production_spec(production: Production, *, frame: Frame = WIDE) -> dict[str, Any] | None:
    """How many, by when: how is that drawn?

    Parameters
    ----------
    production : Production
    frame : Frame
        `WIDE` or `NARROW`.

    Returns
    -------
    dict or None
        A Vega-Lite specification with its data inside; None when there is nothing to draw.

    Notes
    -----
    *Assumes:* use and plans may run above the top: they are cut there, so that they do not press the rest down.
    *Not for:* reading exact numbers: the tables have them.

    Examples
    --------
    >>> production_spec(Production(serials=(), claims=(), plans=())) is None
    True
    """
    p = production
    points = (*p.serials, *p.claims, *p.plans)
    areas = [mark for some in p.use.values() for mark in some]
    if not points and not areas:
        return None
    days = [d for m in (*points, *areas) for d in (m.on, m.since) if d is not None]
    first, last = date(min(days).year, 1, 1), max(days) + timedelta(days=45)
    firm = [n for m in (*p.serials, *p.claims) for n in (m.high, m.low) if n is not None]
    tops = firm or [m.level for m in (*p.plans, *areas)]
    top = max(tops) * _HEADROOM or 1
    plot = frame.width - frame.left - 14
    x = {
        "field": "on", "type": "temporal",
        "scale": {"type": "utc", "domain": [first.isoformat(), last.isoformat()], "nice": False},
        "axis": {"format": "%Y", "values": _years(first, last, plot), "title": None, "grid": False,
                 "domainColor": MUTE, "tickColor": MUTE, "labelFlush": False, **_axis_text(frame)},
    }  # fmt: skip
    y = {
        "field": "n", "type": "quantitative", "scale": {"domain": [0, top], "nice": False, "clamp": False},
        "axis": {"title": None, "grid": True, "gridColor": LINE, "domain": False, "ticks": False, "tickCount": 6,
                 "labelExpr": "replace(format(datum.value, ','), /,/g, '\\u202f')", **_axis_text(frame)},
    }  # fmt: skip
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "description": label("chart-many-desc"),
        "width": plot,
        "height": frame.height,
        "autosize": {"type": "none"},
        "padding": {"left": frame.left, "right": 14, "top": 12, "bottom": 24},
        "background": None,
        "config": {"view": {"stroke": None}},
        "layer": [la for la in _layers(p, x, y, first, top, plot, frame) if la["data"]["values"]],
    }


def _axis_text(frame: Frame) -> dict[str, Any]:
    return {"labelColor": MUTE, "labelFontSize": frame.text, "labelFont": FONT, "labelPadding": 6}


def _years(first: date, last: date, plot: int) -> list[str]:
    step = next((s for s in (1, 2, 5, 10) if plot / max(last.year - first.year, 1) * s >= 40), 20)
    return [date(y, 1, 1).isoformat() for y in range(first.year, last.year + 1, step)]


def _layers(
    p: Production, x: dict[str, Any], y: dict[str, Any], first: date, top: float, plot: int, frame: Frame
) -> list[dict[str, Any]]:
    told = {"href": {"field": "href"}, "description": {"field": "told"}, "x": x, "y": y}
    slope = {**told, "x2": {"field": "since"}, "y2": {"field": "zero"}}
    upright = {**told, "y2": {"field": "high"}}
    area_rows = [
        # One link and one description for the whole area: a second would cut it in two.
        {**row, "scope": some[-1].scope, "href": some[-1].href, "told": some[-1].told}
        for some in p.use.values()
        for row in _beneath(some, top)
    ]
    areas = {
        **told,
        "y": {**y, "stack": None},
        "detail": {"field": "scope"},
    }  # each scope from nothing, none on another
    shapes: dict[str, Any] = {"shape": {"field": "shape", "scale": None}}
    layers = [
        _layer(area_rows, {"type": "area", "color": BLUE, "opacity": 0.16, "clip": True, "interpolate": "linear",
                           "line": {"color": BLUE, "strokeWidth": 1.2}}, areas),
        _layer([_slope(m, top) for m in p.claims if m.since], {"type": "rule", "color": INK, "strokeWidth": 0.7,
                                                          "opacity": 0.45}, slope),
        _layer([_slope(m, top) for m in p.plans if m.since], {"type": "rule", "color": INK, "strokeWidth": 1.2,
                                                     "strokeDash": [5, 4]}, slope),
        _layer([_row(m) for m in p.plans if m.level <= top],
               {"type": "point", "shape": "stroke", "color": INK, "size": 110, "opacity": 1, "strokeWidth": 1.6}, told),
        _layer([_span(m) for m in p.claims if _is_span(m)], {"type": "rule", "color": INK, "strokeWidth": 1.2},
               upright),
        _layer([_shaped(m) for m in p.claims if m.is_graded],
               {"type": "point", "filled": True, "color": INK, "size": 70, "opacity": 1}, {**told, **shapes}),
        _layer([_shaped(m) for m in p.claims if not m.is_graded],
               {"type": "point", "fill": "white", "stroke": INK, "size": 70, "opacity": 1, "strokeWidth": 1.3},
               {**told, **shapes}),
        _layer([_span(m) for m in p.serials if _is_span(m)],
               {"type": "rule", "color": RUST, "strokeWidth": 7, "opacity": 0.85}, upright),
        _layer([_shaped(m) for m in p.serials if not _is_span(m)],
               {"type": "point", "filled": True, "color": RUST, "size": 80, "opacity": 1}, {**told, **shapes}),
        _layer([{**_row(m), "n": m.point} for m in p.serials if m.point is not None and _is_span(m)],
               {"type": "point", "shape": "circle", "fill": "white", "stroke": RUST, "size": 26, "opacity": 1}, told),
    ]  # fmt: skip
    for words in _words(p, first, top, plot, frame, str(x["scale"]["domain"][1])):
        colour = {"serials": RUST, "use": BLUE}.get(words["kind"], INK)
        side = {"align": words["align"], "dx": -8 if words["align"] == "right" else 8, "dy": words["dy"]}
        mark = {"type": "text", "font": FONT, "fontSize": frame.text, "fontWeight": 600, **side}
        text = {**told, "text": {"field": "text"}}
        # The paper behind the letters, so that lines do not run through them.
        layers.append(_layer([words], {**mark, "stroke": "white", "strokeWidth": 4, "strokeJoin": "round"}, text))
        layers.append(_layer([words], {**mark, "color": colour}, text))
    return layers


def _layer(values: list[dict[str, Any]], mark: dict[str, Any], encoding: dict[str, Any]) -> dict[str, Any]:
    return {"data": {"values": values}, "mark": mark, "encoding": encoding}


def _row(mark: Mark) -> dict[str, Any]:
    return {"on": mark.on.isoformat(), "n": mark.level, "href": mark.href, "told": mark.told}


def _shaped(mark: Mark) -> dict[str, Any]:
    return {**_row(mark), "shape": mark.shape}


def _is_span(mark: Mark) -> bool:
    return mark.low is not None and mark.high is not None and mark.high > mark.low


def _span(mark: Mark) -> dict[str, Any]:
    return {**_row(mark), "n": mark.low, "high": mark.high}


def _slope(mark: Mark, top: float) -> dict[str, Any]:
    """From nothing on the first day to the number on the last, cut where it leaves the chart."""
    since = mark.since or mark.on
    on, n = _cut(since, 0, mark.on, mark.level, top)
    return {**_row(mark), "on": on.isoformat(), "n": n, "since": since.isoformat(), "zero": 0}


def _beneath(marks: Sequence[Mark], top: float) -> list[dict[str, Any]]:
    """A growing sum, cut where it leaves the chart."""
    rows = [_row(marks[0])]
    for before, mark in pairwise(marks):
        on, n = _cut(before.on, before.level, mark.on, mark.level, top)
        rows.append({**_row(mark), "on": on.isoformat(), "n": n})
        if mark.level > top:
            break
    return rows


def _cut(start: date, low: float, on: date, high: float, top: float) -> tuple[date, float]:
    """Where a straight line from (start, low) to (on, high) ends, when nothing above the top is drawn."""
    if high <= top:
        return on, high
    share = (top - low) / (high - low)
    return start + timedelta(days=round((on - start).days * share)), top


def _words(p: Production, first: date, top: float, plot: int, frame: Frame, last: str) -> list[dict[str, Any]]:
    """The labels that stand beside their marks, those that would touch another left out: the tables name them all."""
    whole = (date.fromisoformat(last) - first).days
    taken: list[tuple[float, float, float, float]] = []
    found = []
    for mark, texts in _sayings(p, top):
        on, n = _end(p, mark, top)
        x = (on - first).days / whole * plot
        y = frame.height * (1 - n / top)
        for text, align, dy in product(texts, ("right", "left"), (-8, 12, 28)):
            width = len(text) * frame.text * _LABEL_LETTER
            left = x - 8 - width if align == "right" else x + 8
            box = (left, y + dy - frame.text / 2, left + width, y + dy + frame.text / 2)
            inside = box[0] >= 0 and box[2] <= plot and box[1] >= 0 and box[3] <= frame.height
            if inside and not any(_touch(box, other) for other in taken):
                taken.append(box)
                words = {"text": text, "kind": mark.kind, "align": align, "dy": dy}
                found.append({**_row(mark), "on": on.isoformat(), "n": n, **words})
                break
    return found


def _sayings(p: Production, top: float) -> list[tuple[Mark, tuple[str, ...]]]:
    """What each label says, the longest wording first. Plans of the things numbered, when there are any."""
    said: list[tuple[Mark, tuple[str, ...]]] = []
    for m in p.serials:
        name = f"{label('chart-serials')} {m.told.partition(':')[0]}"
        said.append((m, (f"{name}: {between_words(m.low, m.high)}", between_words(m.low, m.high))))
    said += [
        (some[-1], (f"{label('chart-launched')}: {scope}", label("chart-launched"))) for scope, some in p.use.items()
    ]
    numbered = {m.scope for m in p.serials}
    for m in reversed(p.plans):
        is_seen = m.level >= top * _WORTH_WORDS and (m.since is not None or m.level <= top)
        if is_seen and (m.scope in numbered or not numbered):
            number = f"{label('chart-plan')}: {between_words(m.low, m.high)}"
            said.append((m, (f"{label('chart-plan')}: {m.scope}, {between_words(m.low, m.high)}", number)))
    return said


def _end(p: Production, mark: Mark, top: float) -> tuple[date, float]:
    """Where what a label names ends inside the chart."""
    if mark.kind == "use":
        last = _beneath(next(some for some in p.use.values() if some[-1] is mark), top)[-1]
        return date.fromisoformat(last["on"]), last["n"]
    return _cut(mark.since or mark.on, 0, mark.on, mark.level, top)


def _touch(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
