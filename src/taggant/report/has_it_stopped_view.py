"""What the page of has-it-stopped shows beside its findings: silences drawn, and the three words for not seen.

Invariant: not examined, not observed and not made are three different sentences on the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from taggant.report.cells import Way
from taggant.report.dossier import Dossier, Finding
from taggant.report.phrases import label
from taggant.report.production_chart import NARROW, WIDE
from taggant.report.sections import ChartView, Extra, table_section
from taggant.report.stop_chart import stop_spec
from taggant.report.svg import to_svg


def has_it_stopped_view(dossier: Dossier, findings: Sequence[Finding], way: Way) -> Extra:
    """What does the page of has-it-stopped show beside its findings?

    Parameters
    ----------
    dossier : Dossier
    findings : sequence of Finding
        Of the question; charts and tables are made from tables.
    way : callable
        Where things are.

    Returns
    -------
    Extra

    Notes
    -----
    *Assumes:* the tables `stop` and `stop_curve`, as far as there are any.
    *Not for:* findings.

    Examples
    --------
    >>> from taggant.report.dossier import CaseView
    >>> case = CaseView(title="K", subject="K", as_of=None, commit="", n_exhibits_held=0, n_sources_cited=0)
    >>> has_it_stopped_view(Dossier(case=case, answers={}, frames={}), (), lambda t, k: None).charts
    ()
    """
    del findings
    columns = ("producer", "module", "stop", "verdict", "seen", "n_known", "posterior", "bf_stop", "why", "enough")
    sections = tuple(
        replace(section, note=label("stop-three-sentences"))
        for section in table_section(dossier, "stop", columns, heading=label("stop-table"), way=way)
    )
    spec = stop_spec(dossier)
    if spec is None:
        return Extra(sections=sections)
    title, desc = label("chart-stop-title"), label("chart-stop-desc")
    svgs = tuple(
        Markup(to_svg(stop_spec(dossier, frame=frame) or {}, name=f"stop-{width}", title=title, desc=desc))  # noqa: S704
        for width, frame in (("wide", WIDE), ("narrow", NARROW))
    )
    chart = ChartView(
        name="stop", address="stop-chart.json", svgs=svgs, keys=(), caption=label("chart-stop-caption"), spec=spec
    )
    return Extra(charts=(chart,), sections=sections)
