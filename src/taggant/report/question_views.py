"""What the page of a question shows beside its findings: charts, and tables of its own.

Invariant: a question without an entry here has a whole page all the same, from its findings alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from markupsafe import Markup

from taggant.model.derived_tables import DERIVED
from taggant.model.tables import Column, Kind
from taggant.model.typed_tables import TYPED
from taggant.report.cells import Cell, Way, value_text
from taggant.report.dossier import Dossier, Finding
from taggant.report.phrases import label
from taggant.report.production_chart import NARROW, WIDE, production_spec
from taggant.report.production_marks import production_marks
from taggant.report.row_view import table_words
from taggant.report.svg import to_svg


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartView:
    """One chart: its drawings (wide and narrow; the style sheet shows one), its key, its specification."""

    name: str
    address: str
    svgs: tuple[Markup, ...]
    keys: tuple[str, ...]
    caption: str
    spec: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Heading:
    """One column of a section."""

    words: str
    is_number: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One table of a page."""

    heading: str
    table: str
    columns: tuple[Heading, ...]
    lines: tuple[tuple[Cell | None, ...], ...]
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """What a page shows beside its findings."""

    charts: tuple[ChartView, ...] = ()
    sections: tuple[Section, ...] = ()


SECTION_MOST = 40
"""Lines of a table on a question's page; the table's own page has them all."""

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


def table_section(
    dossier: Dossier, table: str, columns: Sequence[str], *, heading: str | None = None, way: Way
) -> tuple[Section, ...]:
    """How does this table stand on a page?

    Parameters
    ----------
    dossier : Dossier
    table : str
        A declared table.
    columns : sequence of str
        Columns of it, in the order shown; those that hold nothing are left out.
    heading : str, optional
        The table's own name by default.
    way : callable
        Where things are.

    Returns
    -------
    tuple of Section
        One, or none when the table has no row.

    Notes
    -----
    *Assumes:* rows by key.
    *Not for:* more than `SECTION_MOST` rows: the table's own page has more.

    Examples
    --------
    >>> from taggant.report.dossier import CaseView
    >>> case = CaseView(title="K", subject="K", as_of=None, commit="", n_exhibits_held=0, n_sources_cited=0)
    >>> table_section(Dossier(case=case, answers={}, frames={}), "made_range", ["state"], way=lambda t, k: None)
    ()
    """
    rows = list(dossier.rows.get(table, {}).values())  # all, so that a column is left out only when all lack it
    if not rows:
        return ()
    schema = TYPED.get(table) or DERIVED[table]
    shown = [schema.column(c) for c in columns if any(row.get(c) not in (None, []) for row in rows)]
    return (
        Section(
            heading=heading or table_words(table),
            table=table,
            columns=tuple(
                Heading(c.name.removesuffix("_id").replace("_", " "), c.kind in {Kind.INTEGER, Kind.DECIMAL})
                for c in shown
            ),
            lines=tuple(
                tuple(derived_cell(dossier, c, row.get(c.name), way) for c in shown) for row in rows[:SECTION_MOST]
            ),
            n=dossier.n_rows.get(table, len(rows)),
        ),
    )


def derived_cell(dossier: Dossier, column: Column, value: Any, way: Way) -> Cell | None:
    """How does a value of a derived table stand in a table, and where does it lead?

    Parameters
    ----------
    dossier : Dossier
    column : Column
    value : object
    way : callable
        Where things are.

    Returns
    -------
    Cell or None
        None for null.

    Notes
    -----
    *Assumes:* a column that refers to a table holds a key of it.
    *Not for:* typed rows with a page of their own.

    Examples
    --------
    >>> from taggant.report.dossier import CaseView
    >>> case = CaseView(title="K", subject="K", as_of=None, commit="", n_exhibits_held=0, n_sources_cited=0)
    >>> where = Dossier(case=case, answers={}, frames={})
    >>> derived_cell(where, Column("n", Kind.INTEGER, "How many."), 7, lambda t, k: None).text
    '7'
    """
    if value is None or value == []:
        return None
    href = None
    text = value_text(value)
    if column.refers is not None and isinstance(value, str):
        href = way(column.refers, value)
        if column.refers in {"item", "claim"}:
            text = dossier.name(column.refers, value)
    return Cell(
        name=column.name, meaning=column.meaning, text=text, href=href, is_marked=column.name in {"marking", "token"}
    )


def _who_said_what(dossier: Dossier, _findings: Sequence[Finding], way: Way) -> Extra:
    apart = ("claim_id", "other_claim_id", "kind", "reconciled_by", "has_one_root")
    roots = ("claim_id", "root", "ended_by", "topic", "scope", "stance")
    return Extra(
        sections=(
            *table_section(dossier, "contradiction", apart, heading=label("side-by-side"), way=way),
            *table_section(dossier, "claim_root", roots, heading=label("whose-words"), way=way),
        )
    )


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


def _whose_parts(dossier: Dossier, _findings: Sequence[Finding], way: Way) -> Extra:
    shares = ("item_id", "by", "level", "n_components", "n_marks", "share_low", "share_high")
    return Extra(sections=table_section(dossier, "composition", shares, heading=label("shares"), way=way))


VIEWS: Mapping[str, QuestionView] = {
    "how-many": _how_many,
    "whose-parts": _whose_parts,
    "who-said-what": _who_said_what,
}
"""Question → what its page shows beside its findings."""
