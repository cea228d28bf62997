"""The belief in each length of a run, drawn: the numbers seen below, the headline above.

Invariant: the chart shows what the finding says; what the answer left out is drawn hollow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from taggant.errors import InputError
from taggant.model.finding import Finding
from taggant.report.charts import BLUE, FONT, INK, LINE, MUTE, RUST
from taggant.report.phrases import integer, label
from taggant.report.svg import to_svg
from taggant.statistics.serial_runs import Prior, RunPosterior, Start, run_posterior

_CELLS = 240


def serial_spec(posterior: RunPosterior, numbers: Sequence[int], headline: Mapping[str, Any]) -> dict[str, Any]:
    """How is the belief in each length of a run drawn?

    Parameters
    ----------
    posterior : RunPosterior
    numbers : sequence of int
        Seen, less those left out.
    headline : mapping
        low, point, high of the finding.

    Returns
    -------
    dict
        A Vega-Lite specification with its data inside.

    Notes
    -----
    *Assumes:* the belief is drawn to its 99% quantile; the rest is said to lie beyond.
    *Not for:* several runs in one picture.

    Examples
    --------
    >>> spec = serial_spec(run_posterior([19, 40, 42, 60]), [19, 40, 42, 60], {"low": 42, "point": 58, "high": 102})
    >>> len(spec["layer"])
    6
    """
    low, end = posterior.least, max(posterior.quantile(0.99), int(headline["high"] or 0) + 1)
    step = max(1, (end - low) // _CELLS)
    rows = [
        {"n": n, "p": max(posterior.survival(n) - posterior.survival(n + step), 0.0) / step,
         "inside": n <= float(headline["high"] or end)}
        for n in range(low, end + 1, step)
    ]  # fmt: skip
    top = max(r["p"] for r in rows) or 1.0
    x = {
        "field": "n", "type": "quantitative", "scale": {"domain": [0, end], "nice": False},
        "axis": {"title": label("chart-serials-x"), "grid": False, "labelColor": MUTE, "labelFont": FONT,
                 "titleColor": MUTE, "titleFont": FONT, "titleFontWeight": 400, "tickCount": 8,
                 "labelExpr": "replace(format(datum.value, ','), /,/g, '\\u202f')"},
    }  # fmt: skip
    y = {"field": "p", "type": "quantitative", "axis": None, "scale": {"domain": [-0.12 * top, 1.12 * top]}}
    ends = [
        {"n": headline["low"], "p": 1.05 * top, "text": integer(headline["low"]), "side": "least"},
        {"n": headline["point"], "p": 1.05 * top, "text": integer(headline["point"]), "side": "middle"},
        {"n": headline["high"], "p": 1.05 * top, "text": integer(headline["high"]), "side": "most"},
    ]
    both = {"x": x, "y": y}
    words = {"type": "text", "font": FONT, "fontSize": 12, "fontWeight": 600, "color": RUST, "baseline": "bottom"}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "description": label("chart-serials-desc"), "width": 680, "height": 240, "background": None,
        "config": {"view": {"stroke": None}, "axis": {"domainColor": LINE}},
        "layer": [
            {"data": {"values": rows}, "mark": {"type": "area", "color": BLUE, "opacity": 0.12}, "encoding": both},
            {"data": {"values": [r for r in rows if r["inside"]]},
             "mark": {"type": "area", "color": BLUE, "opacity": 0.3, "line": {"color": BLUE}}, "encoding": both},
            {"data": {"values": [{"n": e["n"], "p": -0.02 * top, "q": 1.03 * top} for e in ends]},
             "mark": {"type": "rule", "color": RUST, "strokeDash": [4, 3]},
             "encoding": {"x": x, "y": y, "y2": {"field": "q"}}},
            {"data": {"values": [e for e in ends if e["side"] != "middle"]},
             "mark": {**words, "align": {"expr": "datum.side === 'least' ? 'right' : 'left'"},
                      "dx": {"expr": "datum.side === 'least' ? -4 : 4"}},
             "encoding": {"x": x, "y": y, "text": {"field": "text"}}},
            {"data": {"values": [e for e in ends if e["side"] == "middle"]},
             "mark": {**words, "align": "left", "dx": 4},
             "encoding": {**both, "text": {"field": "text"}}},
            {"data": {"values": [{"n": n, "p": -0.03 * top, "q": -0.1 * top} for n in numbers]},
             "mark": {"type": "rule", "color": INK, "strokeWidth": 1.6},
             "encoding": {"x": x, "y": y, "y2": {"field": "q"}}},
        ],
    }  # fmt: skip


def write_serial_chart(
    path: Path, numbers: Sequence[int], finding: Finding, *, start: Start, prior: Prior, n_max: int | None,
    n_independent: int | None,
) -> None:  # fmt: skip
    """Write the belief an answer rests on as a picture.

    Parameters
    ----------
    path : Path
        Ends with .svg or .png.
    numbers : sequence of int
    finding : Finding
        As `serials_finding` gives it.
    start, prior, n_max, n_independent
        What it was made with.

    Raises
    ------
    InputError
        Another ending, or a place that cannot be written.

    Notes
    -----
    *Assumes:* the finding has an answer.
    *Not for:* refusals: there is no belief to draw.
    """
    import vl_convert

    headline = finding.result.headline
    if headline is None:
        raise InputError("a refusal has nothing to draw", next="Give more serials")
    low, high = finding.values["smallest"].value, finding.values["largest"].value
    kept = sorted({n for n in numbers if isinstance(low, int) and isinstance(high, int) and low <= n <= high})
    few = None if n_independent is None else min(n_independent, len(kept))
    posterior = run_posterior(kept, start=start, prior=prior, n_max=n_max, n_independent=few)
    spec = serial_spec(posterior, kept, {"low": headline.low, "point": headline.point, "high": headline.high})
    if path.suffix.lower() == ".svg":
        made = to_svg(
            spec, name="serials", title=label("chart-serials-title"), desc=label("chart-serials-desc")
        ).encode()
    elif path.suffix.lower() == ".png":
        made = vl_convert.vegalite_to_png({**spec, "background": "white"}, scale=2)
    else:
        raise InputError(
            f"{path.name} ends neither with .svg nor with .png", next="Name it posterior.svg or posterior.png"
        )
    try:
        path.write_bytes(made)
    except OSError as err:
        raise InputError(
            f"{path} cannot be written: {err.strerror}", next="Name a place that can be written to"
        ) from err
