"""A value of a table as it stands on a page: as text, and where it leads.

Invariant: nothing but http(s) is linked out of the site; what a column refers to is linked inside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from taggant.model.tables import Column, Kind
from taggant.model.typed_tables import TYPED
from taggant.report.links import web_address
from taggant.report.phrases import integer, label
from taggant.report.visible import visible

Way: TypeAlias = Callable[[str, str], str | None]
"""(table, key) → address as a link on this page, None when there is no page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One column of one row, as text, with where it leads."""

    name: str
    meaning: str
    text: str
    href: str | None = None
    is_outside: bool = False
    is_marked: bool = False
    """Letters as marked on the thing: shown in a face that tells them apart."""
    members: tuple[tuple[str, str | None], ...] = ()
    """Of a list that names rows: each member, and where it leads."""
    under: tuple[tuple[str, str | None], ...] = ()
    """What is said of it in small letters beneath, and where each stretch leads."""

    @property
    def words(self) -> str:
        """The column's name as people read it."""
        return self.name.removesuffix("_id").replace("_", " ")


def cells_of(table: str, row: Mapping[str, Any], *, way: Way) -> tuple[Cell, ...]:
    """Which columns of this row hold something, and where does each lead?

    Parameters
    ----------
    table : str
        A typed table.
    row : mapping of str to object
        Column → value.
    way : callable
        Where things are.

    Returns
    -------
    tuple of Cell
        In the order of the columns; empty ones are absent.

    Notes
    -----
    *Assumes:* dates are shown as typed.
    *Not for:* derived tables.

    Examples
    --------
    >>> [c.text for c in cells_of("item", {"item_id": "k-07", "kind": "uav"}, way=lambda t, k: None)]
    ['k-07', 'uav']
    """
    found = (cell_of(column, row.get(column.name), way) for column in TYPED[table].columns)
    return tuple(cell for cell in found if cell is not None)


def cell_of(column: Column, value: Any, way: Way) -> Cell | None:
    """How does one value of a typed table stand on a page? None when it is empty."""
    if value is None or value == []:
        return None
    text = value_text(value)
    href = None
    outside = None
    if column.refers is not None:
        href = way(column.refers, str(value))
    elif column.name in {"exhibit", "reply_exhibit"}:
        href = way("exhibit", str(value).partition("#")[0])
    elif column.kind in {Kind.URL, Kind.LOCATOR}:
        outside = web_address(str(value))
    members: tuple[tuple[str, str | None], ...] = ()
    if column.name in {"relays", "via"} and isinstance(value, list):
        members = tuple((visible(str(v)), way("source", str(v))) for v in value)
    is_marked = column.name in {"marking", "text", "serial_as_marked", "part_number_stated", "exhibit_id"}
    return Cell(
        name=column.name,
        meaning=column.meaning,
        text=text,
        href=outside or href,
        is_outside=outside is not None,
        is_marked=is_marked,
        members=members,
    )


def value_text(value: Any) -> str:
    """How is a value of a table written for people?

    Parameters
    ----------
    value : object
        Text, number, yes or no, list, day; not None.

    Returns
    -------
    str

    Notes
    -----
    *Assumes:* numbers of a table are written in full.
    *Not for:* values of a sentence.

    Examples
    --------
    >>> value_text(["a", "b"]), value_text(True), value_text(2.0)
    ('a; b', 'yes', '2')
    """
    if isinstance(value, bool):
        return label("yes") if value else label("no")
    if isinstance(value, int):
        return integer(value)
    if isinstance(value, float):
        return integer(int(value)) if value.is_integer() else f"{value:.6g}"
    if isinstance(value, list):
        return visible("; ".join(str(v) for v in value))
    return visible(str(value))
