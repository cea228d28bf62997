"""Everything the pages of a case draw upon, in one place: findings, rows, commits; and who names whom.

Invariant: what is in here may be shown: the doors leave out what is above the chosen level before they make one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, TypeAlias

import polars as pl

from taggant.model.clearance import named_by, row_key
from taggant.model.derived_tables import DERIVED
from taggant.model.tables import join_key
from taggant.model.typed_tables import TYPED
from taggant.report.addresses import page_address, table_address
from taggant.report.links import anchor
from taggant.report.parts import PartView, Tables, parts_by_item
from taggant.report.phrases import questions
from taggant.report.visible import visible

Finding: TypeAlias = Mapping[str, Any]
Named: TypeAlias = tuple[str, str]
"""(table, key)"""

PAGES_MOST = 20_000
"""Rows of one table that get a page of their own, and stand in its list; the CSV beside it has them all."""
_LETTERS = 70
_SPOKEN: Mapping[str, tuple[str, ...]] = {
    "observation": ("module", "feature"),
    "reference_item": ("item_id", "module"),
    "use": ("period", "designation"),
    "feature": ("module", "feature"),
}
"""Rows whose key has several columns, and those of them people name it by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """What a page says of the case itself.

    Attributes
    ----------
    title, subject : str
    as_of : date or None
        The day the answers are for.
    commit : str
        The commit they were computed from.
    n_exhibits_held, n_sources_cited : int
    generated_at : str or None
        Shown when given; None keeps the pages the same, byte for byte.
    language : str
        ISO 639.
    level : str or None
        The highest TLP level shown.
    blur_km : float
        Places are shown no closer than this; 0: as stated.
    n_withheld : mapping of str to int
        Table → rows left out because they, or what they rest on, are above it.
    """

    title: str
    subject: str
    as_of: date | None
    commit: str
    n_exhibits_held: int
    n_sources_cited: int
    generated_at: str | None = None
    language: str = "en"
    level: str | None = None
    n_withheld: Mapping[str, int] = field(default_factory=dict)
    blur_km: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordView:
    """One record of one row: what was stated when, by whom. `body` is None when it took the row back."""

    table: str
    key: str
    record_id: str
    commit_id: str
    at: str
    author: str
    message: str
    origin: str | None
    body: Mapping[str, Any] | None
    is_live: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitView:
    """One commit and the records of it that may be shown."""

    commit_id: str
    parents: tuple[str, ...]
    at: str
    author: str
    tool: str
    message: str
    root: str
    n_records: int
    records: tuple[RecordView, ...]

    @property
    def n_withheld(self) -> int:
        """How many of its records are not shown."""
        return self.n_records - len(self.records)


def _no_history(_table: str, _key: str) -> Sequence[RecordView]:
    """Give nothing: no ledger is at hand."""
    return ()


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """A case as the pages see it.

    Attributes
    ----------
    case : CaseView
    answers : mapping of str to sequence of dict
        Question → its findings as machines read them (Appendix B), for each question that is built.
    frames : mapping of str to polars frame
    answer_tables : mapping of str to tuple of str
        Question → the derived tables its steps write.
    commits : tuple of CommitView
        Newest first.
    history : callable
        (table, key) → records of that row, oldest first.
    """

    case: CaseView
    answers: Mapping[str, Sequence[Finding]]
    frames: Tables
    answer_tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    commits: tuple[CommitView, ...] = ()
    history: Callable[[str, str], Sequence[RecordView]] = _no_history

    def state(self, question: str) -> str:
        """Answered, answered in part, refused, or not built."""
        if question not in self.answers:
            return "not-built"
        refused = [f["refused"] is not None for f in self.answers[question]]
        if all(refused):
            return "refused"
        return "partly" if any(refused) else "answered"

    def lead(self, question: str) -> Finding | None:
        """The finding that answers the question for the whole case; else its first."""
        mine = self.answers.get(question, ())
        return next(
            (f for f in mine if f["statement"]["key"].startswith(f"{question}.case")), mine[0] if mine else None
        )

    @cached_property
    def findings(self) -> Mapping[str, Finding]:
        """Findings by name, in the order of the questions."""
        return {f["id"]: f for q in questions(lang=self.case.language) for f in self.answers.get(q, ())}

    @cached_property
    def table_names(self) -> tuple[str, ...]:
        """Declared tables that have rows, typed ones first."""
        return tuple(n for n in (*TYPED, *DERIVED) if n in self.frames and self.n_rows[n])

    @cached_property
    def n_rows(self) -> Mapping[str, int]:
        """Rows of each table given."""
        return {name: self.frame(name).height for name in self.frames}

    def frame(self, name: str) -> pl.DataFrame:
        """Give a table, empty when it is not there."""
        found = self.frames.get(name)
        if found is None:
            return pl.DataFrame()
        return found.collect() if isinstance(found, pl.LazyFrame) else found

    @cached_property
    def rows(self) -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
        """Table → key → row, the first `PAGES_MOST` rows of each declared table, in the order of their keys."""
        found: dict[str, dict[str, Mapping[str, Any]]] = {}
        for name in (*TYPED, *DERIVED):
            if name in self.frames:
                schema = TYPED.get(name) or DERIVED[name]
                some = ((row_key(schema, r), r) for r in self.frame(name).head(PAGES_MOST).to_dicts())
                found[name] = dict(sorted(some, key=lambda pair: pair[0]))
        return found

    def row(self, table: str, key: str) -> Mapping[str, Any] | None:
        """Give one row, None when there is none. A one-column key may be given as it stands in its column."""
        return self.rows.get(table, {}).get(self._key(table, key))

    def _key(self, table: str, key: str) -> str:
        return key if key in self.rows.get(table, {}) else join_key([key])

    @cached_property
    def namers(self) -> Mapping[Named, Sequence[Named]]:
        """Which rows name this row?"""
        found: dict[Named, dict[Named, None]] = defaultdict(dict)
        files = {row.get("file"): key for key, row in self.rows.get("exhibit", {}).items()}
        for table in TYPED:
            for key, row in self.rows.get(table, {}).items():
                for kind, name in named_by(table, row):
                    named = files.get(name, name) if kind == "exhibit" else name
                    if (kind, named) != (table, key) and self.row(kind, named) is not None:
                        found[kind, named][table, key] = None
        return {named: tuple(some) for named, some in found.items()}

    @cached_property
    def read_from(self) -> Mapping[str, Sequence[tuple[int | None, str, str]]]:
        """Exhibit → (row in it, table, key) of each live row read from it, in the order of its rows."""
        found: dict[str, list[tuple[int | None, str, str]]] = defaultdict(list)
        for table in TYPED:
            for key, row in self.rows.get(table, {}).items():
                exhibit, number = origin_of(row)
                if exhibit is not None:
                    found[exhibit].append((number, table, key))
        return {exhibit: sorted(some, key=lambda r: (r[0] or 0, r[1], r[2])) for exhibit, some in found.items()}

    @cached_property
    def readings(self) -> Mapping[str, PartView]:
        """Component → its mark and what was read in it as a date."""
        return {part.component_id: part for parts in parts_by_item(self.frames).values() for part in parts}

    @cached_property
    def said_of(self) -> Mapping[Named, Sequence[tuple[str, str]]]:
        """(table, key) → (finding, how): supports, contradicts, or is what a value of it rests on."""
        found: dict[Named, dict[str, str]] = defaultdict(dict)
        for name, finding in self.findings.items():
            for stance in ("contradicts", "supports"):
                for reference in finding[stance]:
                    found[self.typed_row(reference["kind"], reference["id"])].setdefault(name, stance)
            for kind, key in rests_on(finding):
                found[self.typed_row(kind, key)].setdefault(name, "rests")
        return {named: tuple(some.items()) for named, some in found.items()}

    def typed_row(self, kind: str, key: str) -> Named:
        """Which typed row does this name stand for? A range a part was made in stands for the part."""
        row = self.row(kind, key) if kind in DERIVED else None
        if row is not None:
            first = next((c for c in DERIVED[kind].columns if c.refers in TYPED and row.get(c.name) is not None), None)
            if first is not None and first.refers is not None:
                return first.refers, str(row[first.name])
        return kind, key

    def address(self, kind: str, key: str) -> str | None:
        """Where in the site is this thing? None: nowhere."""
        if kind == "finding":
            finding = self.findings.get(key)
            return None if finding is None else f"{finding['question']}.html#{anchor('finding', key)}"
        if kind == "commit":
            return page_address(kind, key) if any(c.commit_id == key for c in self.commits) else None
        if kind == "exhibit" and not key.startswith("sha256:"):
            key = next((k for k, row in self.rows.get("exhibit", {}).items() if row.get("file") == key), key)
        if self.row(kind, key) is None:
            return None
        key = self._key(kind, key)
        return page_address(kind, key) if kind in TYPED else f"{table_address(kind)}#{anchor('row', key)}"

    def name(self, kind: str, key: str) -> str:
        """What do people call this thing?"""
        row = self.row(kind, key) or {}
        if kind == "item":
            serial = row.get("serial_as_marked")
            kind_of = row.get("designation") or row.get("kind")
            text = f"{kind_of} {serial}" if serial and kind_of else serial or (f"{kind_of} ({key})" if kind_of else key)
        elif kind == "commit":
            text = key[:12]
        elif kind in _SPOKEN and row:
            text = " · ".join(str(row[c]) for c in _SPOKEN[kind] if row.get(c))
        elif kind == "exhibit":
            text = row.get("file") or key
        else:
            shown = {
                "component": ("marking", "function"), "source": ("title",), "claim": ("statement",),
                "incident": ("place",), "party": ("name",), "commitment": ("title",), "marking": ("text",),
                "plan": ("title",), "shipment": ("description",),
            }.get(kind, ())  # fmt: skip
            text = next((str(row[c]) for c in shown if row.get(c)), key)
        text = visible(text)
        return text if len(text) <= _LETTERS else f"{text[: _LETTERS - 1]}…"


def origin_of(row: Mapping[str, Any]) -> tuple[str | None, int | None]:
    """Which exhibit was this row read from, and which row of it is it?

    Parameters
    ----------
    row : mapping of str to object
        A row of a snapshot; its column `origin` says ``sha256:…#row=N``.

    Returns
    -------
    tuple of str or None, int or None

    Notes
    -----
    *Assumes:* the origin is as the ledger writes it; another form gives the exhibit without a row.
    *Not for:* derived rows.

    Examples
    --------
    >>> origin_of({"origin": "sha256:ab#row=7"})
    ('sha256:ab', 7)
    """
    exhibit, _, place = (row.get("origin") or "").partition("#")
    number = place.removeprefix("row=")
    return exhibit or None, int(number) if number.isdecimal() and number.isascii() else None


def rests_on(finding: Finding) -> Iterator[Named]:
    """What do the values of this finding's statement rest on?

    Parameters
    ----------
    finding : dict
        As machines read it (Appendix B).

    Yields
    ------
    (table, key)

    Notes
    -----
    *Assumes:* each reference is written ``kind:id``.
    *Not for:* what supports the finding as a whole.

    Examples
    --------
    >>> list(rests_on({"statement": {"values": {"n": {"value": 1, "rests_on": ["item:m214"]}}}}))
    [('item', 'm214')]
    """
    for value in finding["statement"]["values"].values():
        for reference in value.get("rests_on") or ():
            kind, _, key = reference.partition(":")
            yield kind, key
