"""Rival readings, who copied whom, and the numbers that fit, as sections and a chart of who-said-what.

Invariant: every rival stands on the page, however little speaks for it; nothing suggested looks stated.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from taggant.report.cells import Way
from taggant.report.dossier import Dossier
from taggant.report.lineage_chart import lineage_edges, lineage_svg
from taggant.report.phrases import label
from taggant.report.sections import ChartView, Group, Heading, Line, Section, count_cell, named_cell
from taggant.report.visible import visible

_EDGES_MOST = 40
_FITS_MOST = 25


def lineage_chart(dossier: Dossier) -> tuple[ChartView, ...]:
    """Who copied whom, drawn?

    Parameters
    ----------
    dossier : Dossier

    Returns
    -------
    tuple of ChartView
        One, or none where nothing is relayed.

    Notes
    -----
    *Assumes:* table `lineage`.
    *Not for:* all of a large case.

    Examples
    --------
    >>> from taggant.report.dossier import CaseView
    >>> case = CaseView(title="K", subject="K", as_of=None, commit="", n_exhibits_held=0, n_sources_cited=0)
    >>> lineage_chart(Dossier(case=case, answers={}, frames={}))
    ()
    """
    rows = list(dossier.rows.get("lineage", {}).values())
    edges, n_left = lineage_edges(rows)
    if not edges:
        return ()
    svg = lineage_svg(
        edges,
        title=label("chart-lineage-title"),
        desc=label("chart-lineage-desc"),
        no_day=label("chart-lineage-no-day"),
    )
    spec = {
        "edges": [
            {
                **{k: e[k] for k in ("origin", "relay", "how", "n_claims")},
                **{k: str(e[k] or "") for k in ("origin_on", "relay_on")},
            }
            for e in edges
        ]
    }
    return (
        ChartView(
            name="lineage", address="who-said-what-chart.json", svgs=(Markup(svg),),  # noqa: S704 - every text escaped
            keys=(), caption=label("chart-lineage-caption", {"n": n_left}), spec=spec,
        ),
    )  # fmt: skip


def lineage_section(dossier: Dossier, *, way: Way) -> tuple[Section, ...]:
    """Who copied whom, as a table: the twin of the chart."""
    rows = sorted(
        dossier.rows.get("lineage", {}).values(), key=lambda r: (-r["n_claims"], r["origin"], r["relay"])
    )  # fmt: skip
    if not rows:
        return ()

    def name(row: Mapping[str, Any], end: str) -> Any:
        source = row[f"{end}_source_id"]
        words = visible(dossier.name("source", source)) if source else visible(row[end])
        day = row[f"{end}_on"]
        return named_cell(
            words, href=way("source", source) if source else None, under=[(str(day), None)] if day else ()
        )

    lines = tuple(
        Line((
            name(r, "origin"), name(r, "relay"), count_cell(r["n_claims"] or None),
            named_cell(
                label("lineage-stated" if r["how"] == "stated" else "lineage-suggested"),
                under=[(visible(x), None) for x in (r["reasons"] or ())[:2]],
            ),
        ))
        for r in rows[:_EDGES_MOST]
    )  # fmt: skip
    columns = (
        Heading(label("lineage-origin")), Heading(label("lineage-relay")),
        Heading(label("lineage-claims"), is_number=True), Heading(label("lineage-how")),
    )  # fmt: skip
    return (
        Section(
            heading=label("lineage"), table="lineage", columns=columns, groups=(Group(lines),),
            n_more=dossier.n_rows["lineage"] - len(lines), note=label("lineage-note"), is_named=True,
        ),
    )  # fmt: skip


def rivals_sections(dossier: Dossier, *, way: Way) -> tuple[Section, ...]:
    """Rival readings: each with what it keeps, then evidence by reading, with what each piece parts."""
    weights = list(dossier.rows.get("hypothesis_weight", {}).values())
    grid = list(dossier.rows.get("hypothesis_evidence", {}).values())
    if not weights:
        return ()
    by_issue: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for w in weights:
        by_issue[w["issue"]].append(w)
    found: list[Section] = []
    for issue, rivals in sorted(by_issue.items()):
        rivals.sort(key=lambda r: (-(r["posterior"] or 0), r["hypothesis_id"]))
        found.append(_rivals(issue, rivals, way))
        names = [r["hypothesis_id"] for r in rivals]
        rows = [g for g in grid if g["hypothesis_id"] in names]
        if rows:
            found.append(_matrix(rivals, rows, way))
    return tuple(found)


def _rivals(issue: str, rivals: list[Mapping[str, Any]], way: Way) -> Section:
    lines = tuple(
        Line((
            named_cell(f"{chr(65 + n)}. {visible(r['statement'])}", href=way("hypothesis", r["hypothesis_id"])),
            named_cell("–" if r["posterior"] is None else f"{r['posterior']:.2f}"),
            named_cell(visible(r["would_change"] or "–")),
        ))
        for n, r in enumerate(rivals)
    )  # fmt: skip
    columns = (
        Heading(label("rival-reading")),
        Heading(label("rival-share"), is_number=True),
        Heading(label("rival-change")),
    )
    return Section(
        heading=f"{label('rivals')}: {visible(issue)}", table="hypothesis_weight", columns=columns,
        groups=(Group(lines),), note=label("rivals-note"), is_named=True,
    )  # fmt: skip


def _matrix(rivals: list[Mapping[str, Any]], rows: list[Mapping[str, Any]], way: Way) -> Section:
    by: dict[str, dict[str, Mapping[str, Any]]] = defaultdict(dict)
    for g in rows:
        by[g["evidence_id"]][g["hypothesis_id"]] = g
    best = rivals[0]["hypothesis_id"]
    lines = []
    for _, cells in sorted(by.items(), key=lambda e: -next(iter(e[1].values()))["diagnosticity"]):
        one = next(iter(cells.values()))
        words = next((g["evidence"] for g in cells.values() if g["evidence"]), one["evidence_id"])
        source = one["source_id"]
        lines.append(
            Line((
                named_cell(visible(words), href=way("source", source) if source else None),
                *(_weight_cell(cells[r["hypothesis_id"]]) for r in rivals),
                named_cell(f"{one['diagnosticity']:.2f}"),
                named_cell(
                    f"{cells[best]['without']:.2f}", under=[(label("rival-turns"), None)] if one["turns"] else ()
                ),
            ))
        )  # fmt: skip
    columns = (
        Heading(label("rival-evidence")),
        *(Heading(chr(65 + n), is_number=True) for n in range(len(rivals))),
        Heading(label("rival-diagnosticity"), is_number=True),
        Heading(label("rival-without"), is_number=True),
    )  # fmt: skip
    return Section(
        heading=label("rival-matrix"), table="hypothesis_evidence", columns=columns, groups=(Group(tuple(lines)),),
        note=label("rival-matrix-note"), is_named=True,
    )  # fmt: skip


def _weight_cell(g: Mapping[str, Any]) -> Any:
    return named_cell(f"{g['llr10']:+.2f}".replace("-", "−"), under=[(f"{g['likelihood']:g}", None)])


def fit_section(dossier: Dossier) -> tuple[Section, ...]:
    """Which number fits the roots that give one: the interval error model, worst fits first."""
    rows = sorted(
        dossier.rows.get("quantity_fit", {}).values(), key=lambda r: (-r["misfit"], -r["n_roots"], r["quantity_id"])
    )  # fmt: skip
    if not rows:
        return ()
    lines = tuple(
        Line((
            _of(r),
            count_cell(r["n_roots"]), named_cell(_between(r["best_low"], r["best_high"])),
            named_cell(_between(r["low"], r["high"])), named_cell(f"{r['misfit']:.1f}"),
        ))
        for r in rows[:_FITS_MOST]
    )  # fmt: skip
    names = ("fit-of", "fit-roots", "fit-best", "fit-range", "fit-misfit")
    columns = tuple(Heading(label(name), n > 0) for n, name in enumerate(names))
    return (
        Section(
            heading=label("fit"), table="quantity_fit", columns=columns, groups=(Group(lines),),
            n_more=dossier.n_rows["quantity_fit"] - len(lines), note=label("fit-note"), is_named=True,
        ),
    )  # fmt: skip


def _of(r: Mapping[str, Any]) -> Any:
    """What a fitted quantity is of: topic, scope and year, and beneath it the measure."""
    words = (label(f"topic-{r['topic']}"), visible(r["scope"] or ""), str(r["year"] or ""))
    measure = (r["measure"], f"per {r['per']}" if r["per"] else "", r["unit"])
    return named_cell(" · ".join(w for w in words if w), under=[(" ".join(w for w in measure if w), None)])


def _between(low: float | None, high: float | None) -> str:
    ends = [f"{x:,.0f}".replace(",", "\u202f") for x in (low, high) if x is not None]
    if low is not None and high is not None:
        return ends[0] if ends[0] == ends[1] else f"{ends[0]} – {ends[1]}"
    return f"{ends[0]} or more" if low is not None else f"{ends[0]} or less" if ends else "–"
