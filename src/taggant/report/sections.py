"""The tables and charts of a question's page, as a template draws them.

Invariant: a line stands in one group; what is not shown is counted, and stands in the table's own page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from taggant.model.derived_tables import DERIVED
from taggant.model.tables import Column, Kind
from taggant.model.typed_tables import TYPED
from taggant.report.cells import Cell, Way, value_text
from taggant.report.dossier import Dossier
from taggant.report.row_view import table_words

SECTION_MOST = 40
"""Lines of a table on a question's page; the table's own page has them all."""

_FEW_COLUMNS = 7  # more stand in smaller letters, so that the page need not be scrolled sideways


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
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a section, and where on the page it stands when something leads to it."""

    cells: tuple[Cell | None, ...]
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Lines under one heading row; without a heading, all lines of a section."""

    lines: tuple[Line, ...]
    heading: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One table of a page.

    Attributes
    ----------
    heading : str
    table : str
        The declared table it is made of; its own page has every row.
    columns : tuple of Heading
    groups : tuple of Group
    n_more : int
        What is not shown here.
    note : str or None
        Said below the heading.
    look : str
        Class of the table, beside `cards`.
    is_named : bool
        Whether the first column names the line.
    """

    heading: str
    table: str
    columns: tuple[Heading, ...]
    groups: tuple[Group, ...]
    n_more: int = 0
    note: str | None = None
    look: str = ""
    is_named: bool = False

    @property
    def n(self) -> int:
        """How many lines are shown."""
        return sum(len(group.lines) for group in self.groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """What a page shows beside its findings."""

    charts: tuple[ChartView, ...] = ()
    sections: tuple[Section, ...] = ()


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
    lines = tuple(
        Line(tuple(derived_cell(dossier, c, row.get(c.name), way) for c in shown)) for row in rows[:SECTION_MOST]
    )
    return (
        Section(
            heading=heading or table_words(table),
            table=table,
            columns=tuple(
                Heading(c.name.removesuffix("_id").replace("_", " "), c.kind in {Kind.INTEGER, Kind.DECIMAL})
                for c in shown
            ),
            groups=(Group(lines),),
            n_more=dossier.n_rows.get(table, len(rows)) - len(lines),
            look="broad" if len(shown) > _FEW_COLUMNS else "",
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


def count_cell(n: int | None, *, href: str | None = None) -> Cell | None:
    """How does a count stand in a table? None for null."""
    return None if n is None else Cell(name="", meaning="", text=value_text(n), href=href)


def named_cell(text: str, *, href: str | None = None, under: Sequence[tuple[str, str | None]] = ()) -> Cell:
    """How does a name stand in a table, with what is said of it in small letters beneath?"""
    return Cell(name="", meaning="", text=text, href=href, under=tuple(under))


def members_cell(members: Sequence[tuple[str, str | None]]) -> Cell | None:
    """How do several names stand in one cell, each leading to its own thing? None when there is none."""
    return Cell(name="", meaning="", text="", members=tuple(members)) if members else None
