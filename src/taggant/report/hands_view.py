"""What the page of through-whose-hands shows: the graph, custody, entries of lists, parties that may be one, requests.

Invariant: the page says, before anything else, that it accuses nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from markupsafe import Markup

from taggant.report.cells import Way
from taggant.report.dossier import Dossier, Finding
from taggant.report.hands_chart import graph_json, hands_graph, hands_svg
from taggant.report.phrases import label
from taggant.report.sections import ChartView, Extra, Section, table_section

_LINKS = ("chain", "n", "what", "from_party", "to_party", "on_from", "on_until", "shown_as", "gap", "source_id")
_MATCHES = ("party_id", "party_name", "name", "list_id", "entity", "score", "words", "agrees", "differs", "absent",
            "listed_from", "not_listed_on", "n_before", "n_after", "n_untold")  # fmt: skip
_PAIRS = ("name", "other_name", "score", "agrees", "differs", "state", "conflict")
_FLAGS = ("shipment_id", "flag", "why", "benign")
_REQUESTS = ("request_id", "to_party", "about", "sent", "reminded", "answered", "outcome", "reply_right_until")


def hands_view(dossier: Dossier, _findings: Sequence[Finding], way: Way) -> Extra:
    """What does the page of through-whose-hands show beside its findings?

    Parameters
    ----------
    dossier : Dossier
    _findings : sequence of mapping
        Shown by the page itself.
    way : callable
        Where things are.

    Returns
    -------
    Extra
        A chart when there is a link, and a section for each table that has rows.

    Notes
    -----
    *Assumes:* confidential parties were left out by the doors.
    *Not for:* one party: its own page names what it stands in.

    Examples
    --------
    >>> from taggant.report.dossier import CaseView
    >>> case = CaseView(title="K", subject="K", as_of=None, commit="", n_exhibits_held=0, n_sources_cited=0)
    >>> hands_view(Dossier(case=case, answers={}, frames={}), (), lambda t, k: None).charts
    ()
    """
    links = [_with_names(dossier, link) for link in dossier.rows.get("custody_link", {}).values()]
    charts: tuple[ChartView, ...] = ()
    if links:
        graph, n_left = hands_graph(links)
        if graph.number_of_edges():
            svg = hands_svg(graph, title=label("chart-hands-title"), desc=label("chart-hands-desc"))
            charts = (
                ChartView(
                    name="hands",
                    address="through-whose-hands-chart.json",
                    svgs=(Markup(svg),),  # noqa: S704 - written by hands_svg, every text escaped
                    keys=(),
                    caption=label("chart-hands-caption", {"n": n_left}),
                    spec=graph_json(graph),
                ),
            )
    sections: list[Section] = []
    for table, columns, heading in (
        ("custody_link", _LINKS, "custody-heading"),
        ("match", _MATCHES, "matches-heading"),
        ("party_pair", _PAIRS, "pairs-heading"),
        ("red_flag", _FLAGS, "flags-heading"),
        ("request", _REQUESTS, "requests-heading"),
    ):
        sections += table_section(dossier, table, columns, heading=label(heading), way=way)
    if sections:
        sections[0] = replace(sections[0], note=label("no-inference"))
    return Extra(charts=charts, sections=tuple(sections))


def _with_names(dossier: Dossier, link: Mapping[str, Any]) -> Mapping[str, Any]:
    """A link with the names of its parties as the case has them: aliases, and parties confirmed as one, are one box."""
    named = {
        f"{side}_party": row["name"]
        for side in ("from", "to")
        if (row := dossier.row("party", link[f"{side}_party_id"] or "")) is not None
    }
    return {**link, **named}
