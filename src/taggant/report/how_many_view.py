"""What the page of how-many shows beside its findings: lines of evidence, growth, delays, and their tables.

Invariant: each chart has its table on the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from taggant.report.cells import Way
from taggant.report.chart_forms import chart_view
from taggant.report.curve_chart import curve_spec
from taggant.report.dossier import Dossier, Finding
from taggant.report.lines_chart import lines_spec
from taggant.report.nowcast_chart import nowcast_spec
from taggant.report.phrases import label
from taggant.report.production_chart import NARROW, WIDE, production_spec
from taggant.report.production_marks import production_marks
from taggant.report.sections import ChartView, Extra, table_section


def how_many_view(dossier: Dossier, findings: Sequence[Finding], way: Way) -> Extra:
    """What does the page of how-many show beside its findings?

    Parameters
    ----------
    dossier : Dossier
    findings : sequence of Finding
        Of the question; the charts are made from tables.
    way : callable
        Where things are.

    Returns
    -------
    Extra

    Notes
    -----
    *Assumes:* the tables `evidence_line`, `production`, `block`, `serial_curve` and `delay_nowcast`, if there.
    *Not for:* findings.

    Examples
    --------
    >>> from taggant.report.dossier import CaseView
    >>> case = CaseView(title="K", subject="K", as_of=None, commit="", n_exhibits_held=0, n_sources_cited=0)
    >>> how_many_view(Dossier(case=case, answers={}, frames={}), (), lambda t, k: None).charts
    ()
    """
    del findings
    production = production_marks(dossier)
    not_drawn = label("chart-many-caption", {"n": production.n_not_drawn})
    charts = [
        *_chart(
            "lines",
            lambda frame: lines_spec(dossier, frame=frame),
            (),
            (label("chart-lines-title"), label("chart-lines-desc"), label("chart-lines-caption")),
        ),
        *_chart(
            "how-many",
            lambda frame: production_spec(production, frame=frame),
            production.keys,
            (label("chart-many-title"), label("chart-many-desc"), not_drawn),
        ),
        *_chart(
            "curve",
            lambda frame: curve_spec(dossier, frame=frame),
            (),
            (label("chart-curve-title"), label("chart-curve-desc"), label("chart-curve-caption")),
        ),
        *_chart(
            "nowcast",
            lambda frame: nowcast_spec(dossier, frame=frame),
            (),
            (label("chart-nowcast-title"), label("chart-nowcast-desc"), label("chart-nowcast-caption")),
        ),
    ]
    blocks = ("name", "designation", "n_items", "n_incidents", "smallest", "largest", "largest_item_id", "largest_on",
              "low", "median", "high")  # fmt: skip
    lines = ("line", "scope", "measure", "per", "unit", "from_on", "until_on", "low", "high", "stance", "source_id")
    side = ("scope", "line", "by_on", "low", "point", "high", "reading")
    curve = ("block_id", "from_on", "until_on", "basis", "made_low", "made_median", "made_high", "total_low",
             "total_median", "total_high", "n_seen")  # fmt: skip
    coming = ("basis", "from_on", "until_on", "n_seen", "share_known", "low", "point", "high", "multiplied")
    law = ("basis", "state", "n_used", "lag90_low_days", "lag90_days", "lag90_high_days", "bootstrap_low_days",
           "bootstrap_high_days", "family", "why", "enough")  # fmt: skip
    sections = (
        *table_section(dossier, "evidence_line", side, heading=label("evidence-lines"), way=way),
        *table_section(dossier, "block", blocks, heading=label("blocks"), way=way),
        *table_section(dossier, "serial_curve", curve, heading=label("serial-curve"), way=way),
        *table_section(dossier, "production", lines, heading=label("lines"), way=way),
        *table_section(dossier, "delay_law", law, heading=label("delay-law"), way=way),
        *table_section(dossier, "delay_nowcast", coming, heading=label("delay-nowcast"), way=way),
    )
    return Extra(charts=tuple(charts), sections=sections)


def _chart(name: str, spec_of: Any, keys: tuple[str, ...], words: tuple[str, str, str]) -> tuple[ChartView, ...]:
    title, desc, caption = words
    return chart_view(name, spec_of(WIDE), spec_of(NARROW), title=title, desc=desc, caption=caption, keys=keys)
