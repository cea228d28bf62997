"""What the page of one party shows: who lies within two changes of hands, and what is said of it in order of time.

Invariant: every line leads to the row or source it rests on; none concludes anything about the party.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from taggant.model.derived_tables import DERIVED
from taggant.report.addresses import page_address
from taggant.report.cells import Way
from taggant.report.dossier import Dossier
from taggant.report.expanding import expand
from taggant.report.expanding_chart import drawn, expansion_svg
from taggant.report.phrases import label
from taggant.report.sections import SECTION_MOST, ChartView, Extra, Group, Heading, Line, Section, derived_cell

STEPS = 2
"""Changes of hands a party's page goes: `taggant trace` goes further."""
_EVENTS = ("on_from", "on_until", "event", "words", "shown_as", "shipment_id", "transfer_id", "request_id", "source_id")
_LINKS = ("from_party", "to_party", "what", "on_from", "on_until", "shown_as", "shipment_id", "transfer_id",
          "source_id")  # fmt: skip


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
    sections = [*_section(dossier, "party_event", events, _EVENTS, label("over-time-heading"), way)]
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
            sections += _section(dossier, "trade_link", found.rows, _LINKS, label("around-heading"), way)
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


def _section(
    dossier: Dossier, table: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[str], heading: str, way: Way
) -> tuple[Section, ...]:
    if not rows:
        return ()
    schema = DERIVED[table]
    shown = [schema.column(c) for c in columns if any(row.get(c) not in (None, []) for row in rows)]
    lines = tuple(
        Line(tuple(derived_cell(dossier, c, row.get(c.name), way) for c in shown)) for row in rows[:SECTION_MOST]
    )
    return (
        Section(
            heading=heading,
            table=table,
            columns=tuple(Heading(c.name.removesuffix("_id").replace("_", " ")) for c in shown),
            groups=(Group(lines),),
            n_more=len(rows) - len(lines),
            look="broad",
        ),
    )
