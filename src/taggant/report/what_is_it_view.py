"""What the page of what-is-it shows beside its findings: the waterfall of each module, and the tables behind it.

Invariant: what speaks against is drawn on the same scale as what speaks for; experts' words are dashed and never added
to the data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from taggant.report.cells import Way
from taggant.report.chart_forms import chart_view
from taggant.report.charts import BLUE, FONT, INK, LINE, MUTE, RUST
from taggant.report.dossier import Dossier, Finding
from taggant.report.links import anchor
from taggant.report.phrases import label
from taggant.report.sections import ChartView, Extra, table_section
from taggant.report.visible import visible
from taggant.report.weight_checks_chart import CHECKS_MOST, weight_checks_spec

MODULES_MOST = 14
"""Modules drawn; all stand in the tables."""
_ROW, _HEAD, _GAP = 17, 22, 8
_WIDE, _NARROW = 920, 340
_REACH = 3.0  # log10: beyond a thousand times a bar ends at the edge, and its words say how far it goes


def what_is_it_view(dossier: Dossier, findings: Sequence[Finding], way: Way) -> Extra:
    """What does the page of what-is-it show beside its findings?

    Parameters
    ----------
    dossier : Dossier
        With the tables `item_variant`, `variant_block`, `variant_check`, `variant_curve`.
    findings : sequence of dict
    way : callable

    Returns
    -------
    Extra

    Notes
    -----
    *Assumes:* findings of items are on the same page. *Not for:* weights beyond the bounds: they are drawn dimmed.

    Examples
    --------
    >>> from taggant.report.dossier import CaseView
    >>> case = CaseView(title="K", subject="K", as_of=None, commit="", n_exhibits_held=0, n_sources_cited=0)
    >>> what_is_it_view(Dossier(case=case, answers={}, frames={}), [], lambda t, k: None).charts
    ()
    """
    blocks = _modules(dossier, findings)
    variants = ("item_id", "module", "variant", "state", "llr10", "low", "high", "posterior", "is_capped",
                "expert_low", "expert_high", "producer_country")  # fmt: skip
    steps = ("item_id", "module", "block", "variant", "state", "levels", "llr10", "llr10_flat", "expert_low",
             "expert_high", "why")  # fmt: skip
    checks = ("module", "variant", "state", "n_incidents", "n_others", "n_missing", "cllr", "cllr_min", "low", "high")
    stages = ("item_id", "stage", "fits", "for_modules", "against_modules", "silent_modules", "basis")
    shared = ("item_id", "other_item_id", "what", "n_shared", "shared", "p_chance", "p_among_all")
    return Extra(
        charts=(
            *_charts(blocks, len({(r["item_id"], r["module"]) for r in _rows(dossier, "variant_block")})),
            *_check_charts(_rows(dossier, "variant_curve"), _rows(dossier, "variant_check")),
        ),
        sections=(
            *table_section(dossier, "variant_check", checks, heading=label("variant-check"), way=way),
            *table_section(dossier, "item_variant", variants, heading=label("item-variant"), way=way),
            *table_section(dossier, "variant_block", steps, heading=label("variant-block"), way=way),
            *table_section(dossier, "build_stage", stages, heading=label("build-stage"), way=way),
            *table_section(dossier, "shared_set", shared, heading=label("shared-set"), way=way),
        ),
    )


def _rows(dossier: Dossier, table: str) -> list[Mapping[str, Any]]:
    return list(dossier.rows.get(table, {}).values())


def _modules(dossier: Dossier, findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Modules to draw, the strongest first: name, place on the page, the variant spoken for, its blocks."""
    shown = {}
    for f in findings:
        subject = f["subject"]
        if "item_id" in subject and "module" in subject:
            shown[subject["item_id"], subject["module"]] = f
    totals: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for r in _rows(dossier, "item_variant"):
        totals.setdefault((r["item_id"], r["module"]), []).append(r)
    steps: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for r in _rows(dossier, "variant_block"):
        steps.setdefault((r["item_id"], r["module"]), []).append(r)
    found: list[dict[str, Any]] = []
    for at, own in steps.items():
        if at not in shown:
            continue
        finding, rows = shown[at], totals.get(at, [])
        weighed = [r for r in rows if r["state"] == "weighed"]
        words = [r for r in rows if r["expert_high"] is not None and r["expert_high"] > 0]
        best = max(weighed, key=lambda r: r["posterior"] or 0, default=None)
        best = best or max(words, key=lambda r: r["expert_llr10"], default=None)
        name = f"{finding['statement']['values']['item']['value']}, {at[1]}"
        variant = None if best is None else best["variant"]
        of_variant = [r for r in own if r["variant"] == variant]
        seen = {r["block"] for r in of_variant}
        rest = {r["block"]: r for r in own if r["block"] not in seen}
        found.append({
            "name": visible(name), "href": f"#{anchor('finding', finding['id'])}", "variant": variant,
            "is_weighed": bool(weighed), "total": best, "blocks": [*of_variant, *rest.values()],
            "size": (bool(weighed), abs((best or {}).get("llr10") or 0), len(seen),
                     (best or {}).get("expert_llr10") or 0),
        })  # fmt: skip
    found.sort(key=lambda m: m["size"], reverse=True)
    return found[:MODULES_MOST]


def _charts(modules: Sequence[Mapping[str, Any]], n_all: int) -> tuple[ChartView, ...]:
    if not modules:
        return ()
    return chart_view(
        "what-is-it", waterfall_spec(modules, width=_WIDE), waterfall_spec(modules, width=_NARROW),
        title=label("chart-waterfall-title"), desc=label("chart-waterfall-desc"),
        caption=label("chart-waterfall-caption", {"n": len(modules), "all": n_all}),
    )  # fmt: skip


def _check_charts(curves: Sequence[Mapping[str, Any]], checks: Sequence[Mapping[str, Any]]) -> tuple[ChartView, ...]:
    """The validation, drawn where it allows the largest weights."""
    drawn = {(c["module"], c["variant"]) for c in curves}
    kept = [c for c in checks if (c["module"], c["variant"]) in drawn]
    kept.sort(key=lambda c: (c["variant"] == "none", -(c["high"] or 0), c["module"], c["variant"]))
    if not kept:
        return ()
    kept = kept[:CHECKS_MOST]
    return chart_view(
        "weight-checks", weight_checks_spec(curves, kept, width=_WIDE), weight_checks_spec(curves, kept, width=_NARROW),
        title=label("chart-checks-title"), desc=label("chart-checks-desc"), address="what-is-it-checks.json",
        caption=label("chart-checks-caption", {"n": len(kept), "all": len(drawn)}),
    )  # fmt: skip


def waterfall_spec(modules: Sequence[Mapping[str, Any]], *, width: int) -> dict[str, Any]:
    """How are the steps of these modules drawn?

    Parameters
    ----------
    modules : sequence of mapping
        Name, href, variant, blocks, total.
    width : int
        Of the drawing, in px.

    Returns
    -------
    dict
        A Vega-Lite specification.

    Notes
    -----
    *Assumes:* at least one module. *Not for:* reading exact weights: the table has them.

    Examples
    --------
    >>> len(waterfall_spec([], width=340)["layer"])
    0
    """
    gutter = 250 if width > 600 else 8
    text = 12 if width > 600 else 11
    plot = width - gutter - 14
    bars: list[dict[str, Any]] = []
    dashed: list[dict[str, Any]] = []
    words: list[dict[str, Any]] = []
    heads: list[dict[str, Any]] = []
    caps: list[dict[str, Any]] = []
    y = 6
    for m in modules:
        said = (
            label("waterfall-for", {"variant": m["variant"]}) if m["variant"] is not None else label("waterfall-none")
        )
        heads.append({"text": f"{m['name']} — {said}", "y": y + 8, "href": m["href"], "x": -_REACH})
        y += _HEAD
        at = 0.0
        for b in m["blocks"]:
            middle = y + _ROW / 2
            row_label = visible(f"{b['block']}: {', '.join(b['levels'] or ())}")
            if gutter < 20:
                words.append({"text": row_label, "y": middle, "x": -_REACH, "side": "above"})
                y += 13
                middle = y + _ROW / 2
            else:
                words.append({"text": row_label, "y": middle, "x": -_REACH, "side": "left"})
            weight = b["llr10"]
            if weight is not None and m["is_weighed"]:
                end = at + weight
                bars.append(
                    {
                        "from": _held(at),
                        "until": _held(end),
                        "y": middle - 5,
                        "y2": middle + 5,
                        "is_for": weight >= 0,
                        "href": m["href"],
                        "told": f"{row_label}: {_times(weight)}",
                    }
                )
                words.append({"text": _times(weight), "y": middle, "x": _held(max(at, end)), "side": "value"})
                at = end
            elif b["expert_high"] is not None and (b["expert_low"], b["expert_high"]) != (0, 0):
                dashed.append(
                    {
                        "from": _held(b["expert_low"]),
                        "until": _held(b["expert_high"]),
                        "y": middle - 5,
                        "y2": middle + 5,
                        "href": m["href"],
                        "told": f"{row_label}: {label('key-expert')}",
                    }
                )
            else:
                why = label("moves-nothing")
                words.append({"text": why, "y": middle, "x": 0.0, "side": "nothing"})
            y += _ROW
        total = m["total"]
        if total is not None and total["llr10"] is not None:
            middle = y + _ROW / 2
            words.append(
                {
                    "text": label("waterfall-total"),
                    "y": middle,
                    "x": -_REACH,
                    "side": "left" if gutter > 20 else "above",
                }
            )
            y += 0 if gutter > 20 else 13
            middle = y + _ROW / 2
            bars.append(
                {
                    "from": 0.0,
                    "until": _held(total["llr10"]),
                    "y": middle - 6,
                    "y2": middle + 6,
                    "is_for": True,
                    "href": m["href"],
                    "told": f"{m['name']}: {_times(total['llr10'])}",
                }
            )
            ending = f" ({label('weight-held')})" if total["is_capped"] else ""
            side = _times(total["llr10"]) + ending
            words.append({"text": side, "y": middle, "x": _held(max(total["llr10"], 0)), "side": "value"})
            if total["high"] is not None:
                caps.append({"x": _held(total["high"]), "y": middle - 9, "y2": middle + 9})
            y += _ROW
        y += _GAP
    ticks = [
        {"x": x, "text": t, "y": y + 10} for x, t in ((-2, "÷100"), (-1, "÷10"), (0, "1"), (1, "×10"), (2, "×100"))
    ]
    grid = [{"x": t["x"], "y": 0, "y2": y} for t in ticks]

    def across(field: str) -> dict[str, Any]:
        scale = {"domain": [-_REACH, _REACH], "nice": False, "zero": False}
        return {"field": field, "type": "quantitative", "axis": None, "scale": scale}

    def down(field: str) -> dict[str, Any]:
        return {"field": field, "type": "quantitative", "axis": None,
                "scale": {"domain": [y + 18, 0], "nice": False, "zero": False}}  # fmt: skip

    box = {"href": {"field": "href"}, "description": {"field": "told"}, "x": across("from"), "x2": {"field": "until"},
           "y": down("y"), "y2": {"field": "y2"}}  # fmt: skip
    line = {"x": across("x"), "y": down("y"), "y2": {"field": "y2"}}
    said_at = {"x": across("x"), "y": down("y"), "text": {"field": "text"}}
    plain = {"type": "text", "font": FONT, "fontSize": text, "baseline": "middle"}
    dash = {"type": "rect", "stroke": BLUE, "strokeDash": [3, 2], "strokeWidth": 1, "fill": "transparent"}
    of_side = {side: [w for w in words if w["side"] == side] for side in ("left", "above", "value", "nothing")}
    layers = [
        (grid, {"type": "rule", "color": LINE, "strokeWidth": 1}, line),
        ([b for b in bars if b["is_for"]], {"type": "rect", "color": BLUE}, box),
        ([b for b in bars if not b["is_for"]], {"type": "rect", "color": RUST}, box),
        (dashed, dash, box),
        (caps, {"type": "rule", "color": RUST, "strokeWidth": 2}, line),
        (heads, {**plain, "align": "left", "dx": -gutter + 4 if gutter > 20 else 0, "fontWeight": 600, "color": INK},
         {**said_at, "href": {"field": "href"}}),
        (of_side["left"], {**plain, "align": "right", "dx": -8, "color": MUTE, "limit": gutter - 14}, said_at),
        (of_side["above"], {**plain, "align": "left", "color": MUTE, "limit": plot}, said_at),
        (of_side["value"], {**plain, "align": "left", "dx": 6, "color": INK, "fontWeight": 600}, said_at),
        (of_side["nothing"], {**plain, "align": "left", "dx": 6, "color": MUTE, "fontStyle": "italic"}, said_at),
        (ticks, {**plain, "align": "center", "color": MUTE}, said_at),
    ]  # fmt: skip
    layers = layers if modules else []
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json", "description": label("chart-waterfall-desc"),
        "width": plot, "height": y + 18, "autosize": {"type": "none"},
        "padding": {"left": gutter, "right": 14, "top": 2, "bottom": 2}, "background": None,
        "config": {"view": {"stroke": None}},
        "layer": [{"data": {"values": v}, "mark": mark, "encoding": how} for v, mark, how in layers if v],
    }  # fmt: skip


def _held(x: float) -> float:
    return max(-_REACH, min(_REACH, x))


def _times(llr10: float) -> str:
    ratio = 10 ** abs(llr10)
    figures = f"{ratio:.1f}" if ratio < 9.95 else f"{ratio:.0f}"
    return "1" if figures == "1.0" else f"×{figures}" if llr10 > 0 else f"÷{figures}"
