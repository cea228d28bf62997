"""Charts as Vega-Lite specifications in plain dicts.

Invariant: a chart holds nothing its table twin does not; each mark leads to the row it draws.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from taggant.errors import InputError
from taggant.report.parts import PartView
from taggant.report.phrases import day, label
from taggant.report.view import ItemView

INK, MUTE, LINE, RUST, BLUE = "#1d2a35", "#5f6a73", "#e5dfd3", "#a8432a", "#3d6b86"
"""The colours of the look. In a page the style sheet replaces each by its variable, so dark pages stay legible."""

ROWS_MOST = 80
_LETTERS_MOST = 120
_WIDER = 0.82  # readers' fonts are wider than the one the compiler measures with, by up to a fifth
_ROWS = ("known", "end", "slack", "open", "bar", "tick", "ring", "say", "none", "name")
FONT = '"Noto Sans", "Noto Naskh Arabic", system-ui, sans-serif'


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartSize:
    """How a chart is laid out, in px of its own drawing.

    Attributes
    ----------
    width : int
        Whole width.
    gutter : int
        Left of the plot, for row names; 0 puts the name above the row.
    text : int
        Size of the smallest letters.
    lane, lead, gap : int
        Height of one lane of bars; of the strip above them that holds the words; of the space between rows.
    """

    width: int
    gutter: int
    text: int
    lane: int = 6
    lead: int = 17
    gap: int = 13

    @property
    def has_gutter(self) -> bool:
        """Whether row names stand left of the rows."""
        return self.gutter > 20

    @property
    def right(self) -> int:
        """Space kept right of the plot, for half a year label."""
        return 14

    @property
    def plot(self) -> int:
        """Width of the plot."""
        return self.width - self.gutter - self.right


WIDE = ChartSize(width=920, gutter=214, text=12)
NARROW = ChartSize(width=340, gutter=8, text=11, lead=32, gap=15)


def when_made_spec(items: Sequence[ItemView], *, size: ChartSize = WIDE) -> dict[str, Any]:
    """When can each item have been assembled, drawn one row an item?

    Parameters
    ----------
    items : sequence of ItemView
        In the order drawn; those with nothing to draw are passed over (`drawn_items`).
    size : ChartSize
        `WIDE` or `NARROW`.

    Returns
    -------
    dict
        A Vega-Lite specification, data inside. Bars and the line of each item lead to `#` anchors of the page.

    Raises
    ------
    InputError
        No item has a dated part: there is nothing to draw.

    Notes
    -----
    *Assumes:* days are drawn at their start, in UTC; a bar shorter than 4 px is drawn 4 px long.
    *Not for:* reading exact days: the table twin has them.

    Examples
    --------
    >>> when_made_spec([])
    Traceback (most recent call last):
    taggant.errors.InputError: no part of these 0 items is dated. Show the table without a chart.
    """
    shown = drawn_items(items)
    bounds = _bounds(shown)
    if bounds is None:
        raise InputError(f"no part of these {len(items)} items is dated", next="Show the table without a chart")
    first, last = bounds
    px_per_day = size.plot / (last - first).days
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in _ROWS}
    y = 4
    for item in shown:
        y = _row(item, y, rows, size=size, first=first, last=last, px_per_day=px_per_day)
    x = {
        "field": "from", "type": "temporal",
        "scale": {"type": "utc", "domain": [first.isoformat(), last.isoformat()], "nice": False},
        "axis": {
            "orient": "top", "format": "%Y", "values": _years(first, last, size.plot), "title": None, "grid": True,
            "gridColor": LINE, "domain": False, "ticks": False, "labelColor": MUTE, "labelFontSize": size.text,
            "labelFont": FONT, "labelPadding": 6, "labelFlush": False, "labelBound": False, "labelOverlap": False,
        },
    }  # fmt: skip
    yq = {
        "field": "y",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [y, 0], "nice": False, "zero": False},
    }
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "description": label("chart-desc"),
        "width": size.plot,
        "height": y,
        "autosize": {"type": "none"},
        "padding": {"left": size.gutter, "right": size.right, "top": 24, "bottom": 4},
        "background": None,
        "config": {"view": {"stroke": None}},
        "layer": [layer for layer in _layers(rows, x, yq, size) if layer["data"]["values"]],
    }


def _layers(
    rows: Mapping[str, list[dict[str, Any]]], x: dict[str, Any], y: dict[str, Any], size: ChartSize
) -> list[dict[str, Any]]:
    """The marks, those drawn last on top."""
    told = {"href": {"field": "href"}, "description": {"field": "told"}, "x": x, "y": y}
    along = {**told, "x2": {"field": "until"}}
    upright = {**told, "y2": {"field": "y2"}}
    box = {**along, **upright}
    text = {**told, "text": {"field": "text"}}
    words = {"type": "text", "font": FONT, "baseline": "middle", "fontWeight": 600}
    rust = {**words, "color": RUST, "fontSize": size.text}
    dashed = {"stroke": BLUE, "strokeDash": [2, 1.5], "strokeWidth": 0.8, "fill": "transparent", "opacity": 0.8}
    ring = {"shape": "circle", "size": 40, "stroke": RUST, "strokeWidth": 1.6, "fill": "white", "opacity": 1}
    name: dict[str, Any] = {**words, "color": INK, "fontSize": size.text + 1}
    if size.has_gutter:
        name |= {"align": "right", "limit": (size.gutter - 12) * _WIDER}
    else:
        name |= {"align": "left", "limit": size.plot * _WIDER}
    mute = {**rust, "color": MUTE, "align": "left", "dx": 5}
    said_left = [row for row in rows["say"] if row["side"] == "left"]
    said_right = [row for row in rows["say"] if row["side"] == "right"]
    return [
        _layer(rows["known"], {"type": "rule", "strokeWidth": 1, "color": MUTE}, along),
        _layer(rows["end"], {"type": "rule", "strokeWidth": 1, "color": MUTE}, upright),
        _layer(rows["slack"], {"type": "rule", "strokeWidth": 1, "color": BLUE, "opacity": 0.55}, along),
        _layer(rows["open"], {"type": "rect", **dashed}, box),
        _layer(rows["bar"], {"type": "rect", "color": BLUE}, box),
        _layer(rows["tick"], {"type": "rule", "strokeWidth": 2.5, "color": RUST}, upright),
        _layer(rows["ring"], {"type": "point", **ring}, told),
        _layer(said_left, {**rust, "align": "right", "dx": -5}, text),
        _layer(said_right, {**rust, "align": "left", "dx": 5}, text),
        _layer(rows["none"], mute, text),
        _layer(rows["name"], name, {**text, "x": {"value": -12 if size.has_gutter else 0}}),
    ]


def _layer(values: list[dict[str, Any]], mark: dict[str, Any], encoding: dict[str, Any]) -> dict[str, Any]:
    return {"data": {"values": values}, "mark": mark, "encoding": encoding}


def _drawn(item: ItemView) -> list[tuple[PartView, date, date]]:
    return [
        (part, span.from_on, span.until_on)
        for part in item.parts
        for span in part.spans
        if span.from_on is not None and span.until_on is not None
    ]


def drawn_items(items: Sequence[ItemView]) -> Sequence[ItemView]:
    """Which items does the chart draw: those with a day or a part to draw, the first `ROWS_MOST` of them?

    Parameters
    ----------
    items : sequence of ItemView

    Returns
    -------
    sequence of ItemView

    Notes
    -----
    *Assumes:* the page says how many are not drawn; the table has them all.
    *Not for:* leaving an item out of the answer.

    Examples
    --------
    >>> list(drawn_items([]))
    []
    """
    return [item for item in items if item.earliest is not None or _drawn(item)][:ROWS_MOST]


def left_of_chart(items: Sequence[ItemView]) -> tuple[int | None, int]:
    """With which year does the chart begin, and how many spans lie before it?

    Parameters
    ----------
    items : sequence of ItemView

    Returns
    -------
    tuple of int or None, int
        The first year drawn (None: nothing is dated), and the spans of parts with several dates left that are older.

    Notes
    -----
    *Assumes:* a decade a code may also stand for, ten years before every dated part, is better said than drawn: it
    would press all that is known into the right edge.
    *Not for:* dated parts: all of them are drawn.

    Examples
    --------
    >>> left_of_chart([])
    (None, 0)
    """
    shown = drawn_items(items)
    bounds = _bounds(shown)
    if bounds is None:
        return None, 0
    return bounds[0].year, sum(start < bounds[0] for item in shown for _, start, _ in _drawn(item))


def _bounds(items: Iterable[ItemView]) -> tuple[date, date] | None:
    firm: list[date] = []
    ambiguous: list[date] = []
    for item in items:
        for part, start, until in _drawn(item):
            (firm if part.state == "dated" else ambiguous).extend((start, until))
        firm += [d for d in (item.earliest, item.latest, item.without) if d is not None and item.earliest is not None]
    if not firm and not ambiguous:
        return None
    first = min(firm or ambiguous)
    return date(first.year, 1, 1), date(max(firm + ambiguous).year + 1, 1, 1)


def _years(first: date, last: date, plot: int) -> list[str]:
    """The years named on the axis: every one, or every second, fifth or tenth, so that labels never touch."""
    n_years = last.year - first.year
    step = next((s for s in (1, 2, 5, 10, 20) if plot / n_years * s >= 38), 50)
    return [date(y, 1, 1).isoformat() for y in range(first.year, last.year + 1) if y % step == 0]


def _row(
    item: ItemView,
    y: int,
    rows: dict[str, list[dict[str, Any]]],
    *,
    size: ChartSize,
    first: date,
    last: date,
    px_per_day: float,
) -> int:
    """Put one item's marks into `rows`, from height `y` down; give the height where the next item begins."""
    href = f"#{item.anchor}"
    name = _cut(item.name)
    name_y = y + 8
    base = y + size.lead
    least = timedelta(days=max(1, round(4 / px_per_day)))
    lanes: list[date] = []
    inside = [d for d in _drawn(item) if d[1] >= first]
    for part, start, until in sorted(inside, key=lambda d: (d[1], d[2], d[0].component_id)):
        until_drawn = max(until, start + least)
        slack = timedelta(days=part.tolerance_days)
        lane = next((n for n, free in enumerate(lanes) if free <= start - slack), len(lanes))
        free_from = until_drawn + slack + least / 3
        lanes[lane : lane + 1] = [free_from]
        top = base + lane * size.lane
        mark = {
            "href": f"#{part.anchor}", "told": f"{_cut(''.join(part.marking))}: {part.made}",
            "from": start.isoformat(), "until": until_drawn.isoformat(), "y": top, "y2": top + size.lane - 2,
        }  # fmt: skip
        rows["bar" if part.state == "dated" else "open"].append(mark)
        if part.tolerance_days:
            ends = {"from": (start - slack).isoformat(), "until": (until_drawn + slack).isoformat()}
            rows["slack"].append({**mark, **ends, "y": top + (size.lane - 2) / 2})
    bottom = base + max(len(lanes), 2) * size.lane
    rows["name"].append({"text": name, "href": href, "told": name, "y": name_y})
    # On the narrow chart the name stands above the row, so the words go one line down.
    say_y = name_y if size.has_gutter else name_y + 15
    if item.earliest is None:
        said = {"from": first.isoformat(), "text": label("state-refused")}
        rows["none"].append({**said, "href": href, "told": label("state-refused"), "y": say_y})
        return bottom + size.gap
    words = f"{label('chart-earliest')} {_short(item.earliest)}"
    mark = {
        "from": item.earliest.isoformat(),
        "href": f"#{item.newest.anchor}" if item.newest else href,
        "told": f"{name}: {label('chart-earliest')} {day(item.earliest)}",
    }
    room = (item.earliest - first).days * px_per_day
    side = "left" if room > len(words) * size.text * 0.56 + 8 else "right"
    rows["tick"].append({**mark, "y": say_y - 7, "y2": bottom})
    rows["say"].append({**mark, "y": say_y, "text": words, "side": side})
    if item.latest is not None and item.latest > item.earliest:
        told = f"{name}: {label('chart-latest')}, {day(item.latest)}"
        line = {**mark, "href": href, "told": told, "until": min(item.latest, last).isoformat(), "y": say_y}
        rows["known"].append(line)
        rows["end"].append({**line, "from": line["until"], "y": say_y - 4, "y2": say_y + 4})
    if item.without is not None:
        told = f"{name}: {label('chart-newest-but-one')}, {day(item.without)}"
        to = f"#{item.newest_but_one.anchor}" if item.newest_but_one else href
        rows["ring"].append({"from": item.without.isoformat(), "href": to, "told": told, "y": bottom - 1})
    return bottom + size.gap


def _cut(text: str) -> str:
    """A text short enough to measure; the tables have all of it."""
    return text if len(text) <= _LETTERS_MOST else f"{text[:_LETTERS_MOST]}…"


def _short(d: date) -> str:
    words = day(d).split(" ")
    return f"{words[0]} {words[1][:3]} {words[2]}"
