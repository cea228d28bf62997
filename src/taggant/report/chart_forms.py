"""The two forms every chart of a page has: wide, and narrow for small windows. The style sheet shows one of them.

Invariant: forms are named here and nowhere else, so no page can show both.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from taggant.report.sections import ChartView
from taggant.report.svg import to_svg

Spec = Mapping[str, Any]


def both_forms(name: str, wide: Spec, narrow: Spec, *, title: str, desc: str) -> tuple[Markup, ...]:
    """How do both forms of this chart look, as SVG to stand inside a page?

    Parameters
    ----------
    name : str
        Of the chart; no other chart of the page has it.
    wide, narrow : mapping
        Vega-Lite specifications with their data inside.
    title, desc : str
        The text alternative.

    Returns
    -------
    tuple of Markup
        Wide, then narrow.

    Notes
    -----
    *Assumes:* as `to_svg`. *Not for:* charts of one form.

    Examples
    --------
    >>> x = {"field": "a", "type": "quantitative"}
    >>> spec = {"data": {"values": [{"a": 1}]}, "mark": "point", "encoding": {"x": x}}
    >>> ["chart-wide" in svg for svg in both_forms("shares", spec, spec, title="t", desc="d")]
    [True, False]
    """
    return tuple(
        Markup(to_svg(spec, name=name, form=form, title=title, desc=desc))  # noqa: S704 - escaped there
        for form, spec in (("wide", wide), ("narrow", narrow))
    )


def chart_view(
    name: str, wide: Spec | None, narrow: Spec | None, *, title: str, desc: str, caption: str,
    keys: tuple[str, ...] = (), address: str | None = None,
) -> tuple[ChartView, ...]:  # fmt: skip
    """How does this chart stand on a page?

    Parameters
    ----------
    name : str
    wide, narrow : mapping or None
        None: there is nothing to draw.
    title, desc, caption : str
    keys : tuple of str
        Words of the key below it.
    address : str, optional
        Of its specification; `NAME-chart.json` when left out.

    Returns
    -------
    tuple of ChartView
        One, or none when there is nothing to draw.

    Notes
    -----
    *Assumes:* as `both_forms`. *Not for:* several charts of one name.

    Examples
    --------
    >>> chart_view("shares", None, None, title="t", desc="d", caption="c")
    ()
    """
    if wide is None or narrow is None:
        return ()
    svgs = both_forms(name, wide, narrow, title=title, desc=desc)
    view = ChartView(
        name=name, address=address or f"{name}-chart.json", svgs=svgs, keys=keys, caption=caption, spec=wide
    )
    return (view,)
