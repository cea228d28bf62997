"""The chart of whose-parts: in which countries the brands of the listed parts have their seats.

Invariant: a bar is a count of listed parts; what cannot be told is a bar of its own, and a thin line on every other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from taggant.reference import country_name
from taggant.report.chart_forms import chart_view
from taggant.report.charts import BLUE, FONT, INK, MUTE
from taggant.report.dossier import Dossier
from taggant.report.links import anchor
from taggant.report.phrases import integer, label
from taggant.report.sections import ChartView
from taggant.report.visible import visible

BARS_MOST = 8
"""Countries with a bar of their own; the rest are one bar."""

_LETTER = 0.6  # width of a letter as a share of its size, in the fonts shipped; a little more than measured


@dataclass(frozen=True, slots=True)
class Frame:
    """How large the chart is drawn, in px of its own drawing; without a gutter names stand above their bars."""

    width: int
    gutter: int
    text: int
    row: int

    @property
    def plot(self) -> int:
        """Width left for bars and the words right of them."""
        return self.width - self.gutter - 8


WIDE = Frame(920, 190, 13, 26)
NARROW = Frame(340, 4, 11, 40)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """The listed parts whose brands have their seats in one country; `code` None: not listed."""

    code: str | None
    n: int
    by_item: Mapping[str, int]

    @property
    def name(self) -> str:
        """The country as people call it; user-assigned codes have no name that tells them apart."""
        if self.code is None:
            return label("brand-none")
        known = None if self.code.startswith("X") else country_name(self.code)
        return visible(known or self.code)

    @property
    def anchor(self) -> str:
        """Where on the page its numbers stand."""
        return anchor("brand", "none" if self.code is None else self.code)


def brands(dossier: Dossier) -> tuple[Brand, ...]:
    """In which countries do the brands of the listed parts have their seats?

    Parameters
    ----------
    dossier : Dossier
        With the table `composition`.

    Returns
    -------
    tuple of Brand
        Most parts first; those without a listed country last.

    Notes
    -----
    *Assumes:* an item's rows divide its listed parts, each counted once.
    *Not for:* where parts were made: a brand's country is the seat of its house.

    Examples
    --------
    >>> from taggant.report.dossier import CaseView
    >>> case = CaseView(title="K", subject="K", as_of=None, commit="", n_exhibits_held=0, n_sources_cited=0)
    >>> brands(Dossier(case=case, answers={}, frames={}))
    ()
    """
    counts = levels(dossier, "brand_country")
    found = (Brand(code=code, n=sum(own.values()), by_item=own) for code, own in counts.items())
    return tuple(sorted(found, key=lambda b: (b.code is None, -b.n, b.code or "")))


def levels(dossier: Dossier, by: str) -> dict[str | None, dict[str, int]]:
    """How many listed parts are of each level, by item? None: cannot be told."""
    found: dict[str | None, dict[str, int]] = defaultdict(dict)
    for row in dossier.rows.get("composition", {}).values():
        if row["by"] == by:
            found[row["level"]][str(row["item_id"])] = int(row["n_components"])
    return dict(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bar:
    name: str
    n: int
    could_be: int
    href: str
    is_told: bool

    @property
    def words(self) -> str:
        return integer(self.n) if self.could_be == self.n else f"{integer(self.n)} – {integer(self.could_be)}"


def _bars(some: tuple[Brand, ...]) -> list[_Bar]:
    told = [b for b in some if b.code is not None]
    untold = [b for b in some if b.code is None]
    n_untold = sum(b.n for b in untold)
    # One country left over is named: "other countries (1)" would say less in the same space.
    n_named = BARS_MOST if len(told) > BARS_MOST + 1 else len(told)
    bars = [
        _Bar(name=b.name, n=b.n, could_be=b.n + n_untold, href=f"#{b.anchor}", is_told=True) for b in told[:n_named]
    ]
    rest = told[n_named:]
    if rest:
        n = sum(b.n for b in rest)
        name = label("brand-other", {"n": len(rest)})
        bars.append(_Bar(name=name, n=n, could_be=n + n_untold, href=f"#{rest[0].anchor}", is_told=True))
    bars += [_Bar(name=b.name, n=b.n, could_be=b.n, href=f"#{b.anchor}", is_told=False) for b in untold]
    return bars


def brand_spec(some: tuple[Brand, ...], *, frame: Frame = WIDE) -> dict[str, Any] | None:
    """How are these brands drawn?

    Parameters
    ----------
    some : tuple of Brand
        As `brands` orders them.
    frame : Frame
        `WIDE` or `NARROW`.

    Returns
    -------
    dict or None
        A Vega-Lite specification with its data inside; None when there is nothing to draw.

    Notes
    -----
    *Assumes:* the page has an anchor for each country (`Brand.anchor`).
    *Not for:* shares: the table beside it has them.

    Examples
    --------
    >>> brand_spec(()) is None
    True
    """
    bars = _bars(some)
    if not bars:
        return None
    # The longest words must fit right of the longest line.
    words = max(len(bar.words) for bar in bars) * frame.text * _LETTER + 12
    top = max(bar.could_be for bar in bars) * frame.plot / (frame.plot - words)
    has_gutter = frame.gutter > 20
    high = 12
    rows: list[dict[str, Any]] = []
    for at, bar in enumerate(bars):
        y = at * frame.row + (frame.row - high) / 2 + (0 if has_gutter else 8)
        rows.append({
            "name": bar.name, "n": bar.n, "could_be": bar.could_be, "zero": 0, "words": bar.words, "href": bar.href,
            "told": f"{bar.name}: {bar.words}", "y": y, "y2": y + high, "middle": y + high / 2,
            "name_y": y + high / 2 if has_gutter else y - 9, "is_told": bar.is_told,
        })  # fmt: skip
    told = [row for row in rows if row["is_told"]]
    untold = [row for row in rows if not row["is_told"]]
    ranged = [row for row in told if row["could_be"] > row["n"]]
    height = len(bars) * frame.row + 6

    def across(field: str) -> dict[str, Any]:
        scale = {"domain": [0, top], "nice": False, "zero": False}
        return {"field": field, "type": "quantitative", "axis": None, "scale": scale}

    def down(field: str) -> dict[str, Any]:
        scale = {"domain": [height, 0], "nice": False, "zero": False}
        return {"field": field, "type": "quantitative", "axis": None, "scale": scale}

    said = {"href": {"field": "href"}, "description": {"field": "told"}}
    box = {**said, "x": across("zero"), "x2": {"field": "n"}, "y": down("y"), "y2": {"field": "y2"}}
    text = {"type": "text", "font": FONT, "fontSize": frame.text, "baseline": "middle"}
    names = (
        {**text, "align": "right", "dx": -10, "limit": frame.gutter - 12} if has_gutter else {**text, "align": "left"}
    )
    dashed = {"stroke": BLUE, "strokeDash": [3, 2], "strokeWidth": 1, "fill": "transparent"}
    layers = [
        (told, {"type": "rect", "color": BLUE}, box),
        (untold, {"type": "rect", **dashed}, box),
        (ranged, {"type": "rule", "color": MUTE, "strokeWidth": 1},
         {**said, "x": across("n"), "x2": {"field": "could_be"}, "y": down("middle")}),
        (ranged, {"type": "tick", "color": MUTE, "thickness": 1, "size": 7},
         {**said, "x": across("could_be"), "y": down("middle")}),
        (rows, {**text, "align": "left", "dx": 7, "color": INK, "fontWeight": 600},
         {"description": {"field": "told"}, "x": across("could_be"), "y": down("middle"), "text": {"field": "words"}}),
        (rows, {**names, "color": INK},
         {**said, "x": across("zero"), "y": down("name_y"), "text": {"field": "name"}}),
    ]  # fmt: skip
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "description": label("chart-brands-desc"),
        "width": frame.plot,
        "height": height,
        "autosize": {"type": "none"},
        "padding": {"left": frame.gutter, "right": 8, "top": 2, "bottom": 2},
        "background": None,
        "config": {"view": {"stroke": None}},
        "layer": [{"data": {"values": v}, "mark": mark, "encoding": how} for v, mark, how in layers if v],
    }


def brand_charts(some: tuple[Brand, ...]) -> tuple[ChartView, ...]:
    """Give the chart as a page shows it; none when there is nothing to draw."""
    n, untold = sum(b.n for b in some), sum(b.n for b in some if b.code is None)
    caption = (
        label("chart-brands-caption", {"n": n, "untold": untold})
        if untold
        else label("chart-brands-caption-all", {"n": n})
    )
    return chart_view(
        "whose-parts", brand_spec(some, frame=WIDE), brand_spec(some, frame=NARROW),
        title=label("chart-brands-title"), desc=label("chart-brands-desc"), caption=caption,
    )  # fmt: skip
