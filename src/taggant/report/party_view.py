"""What the page of one party shows: who lies within two changes of hands, and what is said of it in order of time.

Invariant: every line leads to the row or source it rests on; none concludes anything about the party.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from markupsafe import Markup

from taggant.report.addresses import page_address
from taggant.report.cells import Way
from taggant.report.dossier import Dossier
from taggant.report.expanding import Expansion, expand
from taggant.report.expanding_chart import drawn, expansion_svg
from taggant.report.phrases import label
from taggant.report.sections import (
    SECTION_MOST,
    ChartView,
    Extra,
    Group,
    Heading,
    Line,
    Section,
    count_cell,
    members_cell,
    named_cell,
)

STEPS = 2
"""Changes of hands a party's page goes: `taggant trace` goes further."""
_FEW = 3  # goods named on one line
_ROWS = ("shipment", "transfer", "request", "source")


def chart_address(party_id: str) -> str:
    """Where does the graph of a party stand, for machines?"""
    return page_address("party", party_id).removesuffix(".html") + "-around.json"


def party_view(dossier: Dossier, party_id: str, way: Way) -> Extra:
    """What does the page of a party show beside its row?

    Parameters
    ----------
    dossier : Dossier
    party_id : str
    way : callable
        Where things are.

    Returns
    -------
    Extra
        The graph of two changes of hands, what is said of the party over time, and the links drawn; nothing where no
        shipment, transfer, list or letter names it.

    Notes
    -----
    *Assumes:* confidential rows were left out by the doors.
    *Not for:* judging a party.

    Examples
    --------
    >>> from taggant.report.dossier import CaseView
    >>> case = CaseView(title="K", subject="K", as_of=None, commit="", n_exhibits_held=0, n_sources_cited=0)
    >>> party_view(Dossier(case=case, answers={}, frames={}), "x", lambda t, k: None).sections
    ()
    """
    events = _events_of(dossier, party_id)
    charts: tuple[ChartView, ...] = ()
    sections = list(_timeline(events, way))
    links = list(dossier.rows.get("trade_link", {}).values())
    if links and party_id in dossier.rows.get("party", {}):
        found = expand(links, party_id, steps=STEPS, parties=dossier.rows["party"])
        if found.rows:
            small, n_left = drawn(found)
            name = dossier.name("party", party_id)
            layers = [label("layer-start"), *(label("layer-n", {"n": n}) for n in range(1, STEPS + 1))]
            svg = expansion_svg(
                small, title=label("chart-around-title", {"start": name}), desc=label("chart-around-desc"),
                layers=layers,
            )  # fmt: skip
            charts = (
                ChartView(
                    name="around",
                    address=chart_address(party_id),
                    svgs=(Markup(svg),),  # noqa: S704 - written by expansion_svg, every text escaped
                    keys=(),
                    caption=label("chart-around-caption", {"steps": STEPS, "n": n_left, "beyond": found.n_beyond}),
                    spec=found.as_json(),
                ),
            )
            sections += _links(found, way)
    return Extra(charts=charts, sections=tuple(sections))


def _events_of(dossier: Dossier, party_id: str) -> list[Mapping[str, Any]]:
    """The events of a party, or of the one it was confirmed to be."""
    rows = list(dossier.rows.get("party_event", {}).values())
    own = [row for row in rows if row["party_id"] == party_id]
    if own:
        return own
    names = {party_id, (dossier.row("party", party_id) or {}).get("name")}
    lead = next(
        (
            row[f"{side}_party_id"] for row in dossier.rows.get("trade_link", {}).values() for side in ("from", "to")
            if row[f"{side}_party"] in names and row[f"{side}_party_id"]
        ),
        None,
    )  # fmt: skip
    return [row for row in rows if row["party_id"] == lead]


def _timeline(events: Sequence[Mapping[str, Any]], way: Way) -> tuple[Section, ...]:
    if not events:
        return ()
    lines = tuple(
        Line(
            (
                named_cell(when_words(event.get("on_from"), event.get("on_until"))),
                named_cell(event["event"]),
                named_cell(event["words"] or "", under=[(label("inferred"), None)] if _is_inferred(event) else ()),
                members_cell(
                    [(str(event[f"{t}_id"]), way(t, str(event[f"{t}_id"]))) for t in _ROWS if event.get(f"{t}_id")]
                ),
            )
        )
        for event in events[:SECTION_MOST]
    )
    heads = tuple(Heading(label(word)) for word in ("when-word", "event-word", "words-word", "rests-on"))
    return (
        Section(
            heading=label("over-time-heading"), table="party_event", columns=heads, groups=(Group(lines),),
            n_more=len(events) - len(lines), note=label("over-time-note"),
        ),
    )  # fmt: skip


def _is_inferred(event: Mapping[str, Any]) -> bool:
    return event.get("shown_as") == "inferred"


def _links(found: Expansion, way: Way) -> tuple[Section, ...]:
    nodes = {n.name: n for n in found.nodes}
    arrows = [a for a in found.arrows if not a.of_thing]
    lines = tuple(
        Line(
            (
                *(
                    named_cell(nodes[end].words, href=way("party", end) if nodes[end].kind == "party" else None)
                    for end in (a.one, a.other)
                ),
                named_cell("; ".join(a.what[:_FEW]) + ("; …" if len(a.what) > _FEW else "")),
                named_cell(when_words(a.first_on, a.last_until)),
                count_cell(a.n_observed),
                count_cell(a.n - a.n_observed),
            )
        )
        for a in arrows[:SECTION_MOST]
    )
    words = ("from-word", "to-word", "words-word", "when-word")
    heads = (*(Heading(label(w)) for w in words), *(Heading(label(w), is_number=True) for w in ("seen", "inferred")))
    return (
        Section(
            heading=label("around-heading", {"steps": STEPS}), table="trade_link", columns=heads,
            groups=(Group(lines),), n_more=len(arrows) - len(lines),
        ),
    )  # fmt: skip


def when_words(first: date | None, until: date | None) -> str:
    """In which words does a span of days stand in a table? `until` is the first day after."""
    last = None if until is None else until - timedelta(days=1)
    if first is None and last is None:
        return label("no-day")
    return str(first) if first == last else f"{first or '…'} – {last or '…'}"
