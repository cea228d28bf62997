"""What the page of a question shows beside its findings: charts, and tables of its own.

Invariant: a question without an entry here has a whole page all the same, from its findings alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from markupsafe import Markup

from taggant.report.cells import Way
from taggant.report.dossier import Dossier, Finding
from taggant.report.hands_view import hands_view
from taggant.report.listed_parts_view import listed_parts_view
from taggant.report.phrases import label
from taggant.report.production_chart import NARROW, WIDE, production_spec
from taggant.report.production_marks import production_marks
from taggant.report.sections import ChartView, Extra, table_section
from taggant.report.svg import to_svg
from taggant.report.what_changed_view import what_changed_view
from taggant.report.what_is_it_view import what_is_it_view
from taggant.report.who_said_what_view import who_said_what_view

QuestionView: TypeAlias = Callable[[Dossier, Sequence[Finding], Way], Extra]


def question_view(dossier: Dossier, question: str, *, way: Way) -> Extra:
    """What does this question's page show beside its findings?

    Parameters
    ----------
    dossier : Dossier
    question : str
    way : callable
        Where things are, as links on this page.

    Returns
    -------
    Extra
        Empty for a question without a view of its own.

    Notes
    -----
    *Assumes:* when-made has a page of its own.
    *Not for:* findings: `finding_view`.

    Examples
    --------
    >>> from taggant.report.dossier import CaseView
    >>> case = CaseView(title="K", subject="K", as_of=None, commit="", n_exhibits_held=0, n_sources_cited=0)
    >>> question_view(Dossier(case=case, answers={}, frames={}), "what-next", way=lambda t, k: None).charts
    ()
    """
    view = VIEWS.get(question)
    return Extra() if view is None else view(dossier, dossier.answers.get(question, ()), way)


def _how_many(dossier: Dossier, _findings: Sequence[Finding], way: Way) -> Extra:
    production = production_marks(dossier)
    spec = production_spec(production)
    charts: tuple[ChartView, ...] = ()
    if spec is not None:
        title, desc = label("chart-many-title"), label("chart-many-desc")
        svgs = tuple(
            Markup(to_svg(production_spec(production, frame=frame) or {}, name=name, title=title, desc=desc))  # noqa: S704
            for name, frame in (("wide", WIDE), ("narrow", NARROW))
        )
        caption = label("chart-many-caption", {"n": production.n_not_drawn})
        charts = (
            ChartView(
                name="how-many",
                address="how-many-chart.json",
                svgs=svgs,
                keys=production.keys,
                caption=caption,
                spec=spec,
            ),
        )
    blocks = ("name", "designation", "n_items", "n_incidents", "smallest", "largest", "largest_item_id", "largest_on",
              "low", "median", "high")  # fmt: skip
    lines = ("line", "scope", "measure", "per", "unit", "from_on", "until_on", "low", "high", "stance", "source_id")
    sections = (
        *table_section(dossier, "block", blocks, heading=label("blocks"), way=way),
        *table_section(dossier, "production", lines, heading=label("lines"), way=way),
    )
    return Extra(charts=charts, sections=sections)


VIEWS: Mapping[str, QuestionView] = {
    "through-whose-hands": hands_view,
    "what-is-it": what_is_it_view,
    "what-changed": what_changed_view,
    "how-many": _how_many,
    "whose-parts": listed_parts_view,
    "who-said-what": who_said_what_view,
}
"""Question → what its page shows beside its findings."""
