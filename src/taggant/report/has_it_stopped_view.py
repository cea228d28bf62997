"""What the page of has-it-stopped shows beside its findings: silences drawn, and the three words for not seen.

Invariant: not examined, not observed and not made are three different sentences on the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from taggant.report.cells import Way
from taggant.report.chart_forms import chart_view
from taggant.report.dossier import Dossier, Finding
from taggant.report.phrases import label
from taggant.report.production_chart import NARROW, WIDE
from taggant.report.sections import Extra, table_section
from taggant.report.stop_chart import stop_spec


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
    charts = chart_view(
        "stop", stop_spec(dossier, frame=WIDE), stop_spec(dossier, frame=NARROW), title=label("chart-stop-title"),
        desc=label("chart-stop-desc"), caption=label("chart-stop-caption"),
    )  # fmt: skip
    return Extra(charts=charts, sections=sections)
