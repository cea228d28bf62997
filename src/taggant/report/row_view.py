"""What the page of one row shows: its columns, who names it, what is said on it, and everything ever stated of it.

Invariant: the page and its twin for machines are made from the same view.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from taggant.model.typed_tables import TYPED
from taggant.report.cells import Cell, Way, cell_of, cells_of, value_text
from taggant.report.dossier import Dossier, Named, RecordView, origin_of
from taggant.report.phrases import Sentence, label, say

LINES_MOST = 500
"""Lines of one list on a page; the table's own page has them all."""

_BRIEF: Mapping[str, tuple[str, ...]] = {
    "component": ("module", "function", "brand", "made_stated"),
    "examination": ("module", "by", "on", "depth", "complete"),
    "observation": ("module", "feature", "value", "read_quality"),
    "marking": ("kind", "text", "method", "read_quality"),
    "claim": ("speaker", "topic", "scope", "quantity_low", "quantity_high", "said"),
    "item": ("designation", "serial_as_marked", "recovered", "known"),
    "incident": ("occurred", "place", "country"),
    "source": ("title", "publisher", "published", "reliability"),
    "transfer": ("what", "from_party", "to_party", "on", "shown_as"),
    "use": ("period", "designation", "launched", "stopped"),
    "party": ("name", "country", "roles"),
    "commitment": ("title", "obliged", "since", "on_whose_word"),
    "shipment": ("shipped", "consignor", "consignee", "description"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row in a list."""

    table: str
    key: str
    name: str
    href: str | None
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Rows of one table that name this row."""

    table: str
    heading: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A finding that rests on this row, or that it speaks against."""

    finding_id: str
    question: str
    how: str
    sentence: Sentence
    href: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a row was read: which exhibit, which row of it."""

    exhibit: str
    file: str | None
    row: int | None
    href: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """One record in the history of a row, and what it changed."""

    record: RecordView
    origin: Origin | None
    commit_href: str | None
    changes: tuple[tuple[str, str | None, str | None], ...]
    """(column, before, after); empty for the first record and for a withdrawal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """One row of a typed table."""

    table: str
    key: str
    name: str
    cells: tuple[Cell, ...]
    lists: tuple[Listed, ...]
    said: tuple[Said, ...]
    origin: Origin | None
    record_id: str | None
    stated: tuple[Stated, ...]

    def cell(self, name: str) -> Cell | None:
        """Give the cell of that column, None when it is empty."""
        return next((c for c in self.cells if c.name == name), None)


def row_view(dossier: Dossier, table: str, key: str, *, way: Way) -> RowView:
    """What is there to show of this row?

    Parameters
    ----------
    dossier : Dossier
    table : str
        A typed table.
    key : str
        Of a row there is.
    way : callable
        Where things are, as links on this page.

    Returns
    -------
    RowView

    Notes
    -----
    *Assumes:* the row may be shown.
    *Not for:* derived rows: they stand in the list of their table.

    Examples
    --------
    >>> import polars as pl
    >>> from taggant.report.dossier import CaseView
    >>> case = CaseView(title="K", subject="K", as_of=None, commit="", n_exhibits_held=0, n_sources_cited=0)
    >>> frames = {"item": pl.DataFrame({"item_id": ["k-07"], "kind": ["uav"]})}
    >>> row_view(Dossier(case=case, answers={}, frames=frames), "item", "k-07", way=lambda t, k: None).name
    'uav (k-07)'
    """
    row = dossier.rows[table][key]
    return RowView(
        table=table,
        key=key,
        name=dossier.name(table, key),
        cells=cells_of(table, row, way=way),
        lists=tuple(_lists(dossier, (table, key), way)),
        said=tuple(_said(dossier, (table, key), way)),
        origin=_origin(dossier, row, way),
        record_id=row.get("record_id"),
        stated=tuple(_stated(dossier, dossier.history(table, key), way)),
    )


def _lists(dossier: Dossier, named: Named, way: Way) -> Iterable[Listed]:
    by_table: dict[str, list[str]] = {}
    for table, key in dossier.namers.get(named, ()):
        by_table.setdefault(table, []).append(key)
    for table in TYPED:
        keys = by_table.get(table, [])
        if keys:
            heading = label("relayed-by") if (named[0], table) == ("source", "source") else table_words(table)
            yield listed(dossier, table, keys, heading=heading, way=way)


def table_words(table: str) -> str:
    """What is the list of this table's rows called?

    Parameters
    ----------
    table : str
        A declared table.

    Returns
    -------
    str

    Notes
    -----
    *Assumes:* a table people type in a file is called like the file.
    *Not for:* sentences.

    Examples
    --------
    >>> table_words("item"), table_words("made_range")
    ('Items', 'Made range')
    """
    schema = TYPED.get(table)
    words = (schema.file if schema is not None and schema.file is not None else table).replace("_", " ")
    return words[:1].upper() + words[1:]


def listed(dossier: Dossier, table: str, keys: Sequence[str], *, heading: str, way: Way) -> Listed:
    """How do these rows stand in a list?

    Parameters
    ----------
    dossier : Dossier
    table : str
        A typed table.
    keys : sequence of str
        Of rows there are.
    heading : str
    way : callable
        Where things are.

    Returns
    -------
    Listed
        The first `LINES_MOST`; columns that are empty in all of them are left out.

    Notes
    -----
    *Assumes:* keys are given in the order wanted.
    *Not for:* derived tables.

    Examples
    --------
    >>> from taggant.report.dossier import CaseView
    >>> case = CaseView(title="K", subject="K", as_of=None, commit="", n_exhibits_held=0, n_sources_cited=0)
    >>> listed(Dossier(case=case, answers={}, frames={}), "item", [], heading="Items", way=lambda t, k: None).n
    0
    """
    schema = TYPED[table]
    names = _BRIEF.get(table) or tuple(c.name for c in schema.columns if c.name not in schema.key)[:4]
    rows = [(key, dossier.rows[table][key]) for key in keys[:LINES_MOST]]
    columns = tuple(c for c in names if any(row.get(c) not in (None, []) for _, row in rows))
    lines = tuple(
        Line(
            table=table,
            key=key,
            name=dossier.name(table, key),
            href=way(table, key),
            cells=(*(cell_of(schema.column(c), row.get(c), way) for c in columns), *_dated(dossier, table, key)),
        )
        for key, row in rows
    )
    words = tuple(c.removesuffix("_id").replace("_", " ") for c in columns)
    if table == "component" and dossier.readings:
        words = (*words, label("made").lower())
    return Listed(table=table, heading=heading, columns=words, lines=lines, n=len(keys))


def _dated(dossier: Dossier, table: str, key: str) -> tuple[Cell | None, ...]:
    """When a component was made, as its mark is read; nothing for other tables, or where nothing was read."""
    if table != "component" or not dossier.readings:
        return ()
    reading = dossier.readings.get(key)
    if reading is None or not reading.spans:
        return (None,)
    return (Cell(name="made", meaning=label("made"), text=reading.made),)


def _said(dossier: Dossier, named: Named, way: Way) -> Iterable[Said]:
    leads = {lead["id"] for q in dossier.answers if (lead := dossier.lead(q)) is not None}

    def breadth(pair: tuple[str, str]) -> tuple[bool, int]:
        """What is said of few things says most of this one; what is said of the whole case comes last."""
        return pair[0] in leads, len(dossier.findings[pair[0]]["supports"])

    told = sorted(dossier.said_of.get(named, ()), key=breadth)
    for finding_id, how in told:
        finding = dossier.findings[finding_id]
        statement = finding["statement"]
        yield Said(
            finding_id=finding_id,
            question=finding["question"],
            how=how,
            sentence=say(statement["key"], statement["values"], lang=dossier.case.language),
            href=way("finding", finding_id),
        )


def _origin(dossier: Dossier, row: Mapping[str, Any], way: Way) -> Origin | None:
    exhibit, number = origin_of(row)
    if exhibit is None:
        return None
    file = (dossier.row("exhibit", exhibit) or {}).get("file")
    return Origin(exhibit=exhibit, file=file, row=number, href=way("exhibit", exhibit))


def _stated(dossier: Dossier, records: Sequence[RecordView], way: Way) -> Iterable[Stated]:
    before: Mapping[str, Any] | None = None
    for record in records:
        changes: tuple[tuple[str, str | None, str | None], ...] = ()
        if before is not None and record.body is not None:
            names = dict.fromkeys([*before, *record.body])
            changes = tuple(
                (name, _maybe(before.get(name)), _maybe(record.body.get(name)))
                for name in names
                if before.get(name) != record.body.get(name)
            )
        origin = _origin(dossier, {"origin": record.origin}, way)
        yield Stated(record=record, origin=origin, commit_href=way("commit", record.commit_id), changes=changes)
        before = record.body


def _maybe(value: Any) -> str | None:
    return None if value is None else value_text(value)
