"""Which rows may be shown at a level of the Traffic Light Protocol, and which rest on one that may not.

Invariant: a row is shown only when it, and every row it names, may be; what is not shown is counted. A row that is
named has the most restrictive level it ever had: withdrawing or lowering it opens nothing that rests on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import polars as pl

from taggant.errors import UnknownName
from taggant.model.suggestions import SUGGESTIONS
from taggant.model.tables import TableSchema, join_key
from taggant.model.typed_tables import TLP, TYPED

Tables: TypeAlias = Mapping[str, "pl.DataFrame | pl.LazyFrame"]

Past: TypeAlias = tuple[str, str, Mapping[str, Any] | None]
"""(table, key, body) of a record that stands no more; a body of None was destroyed, so nobody knows its level."""

# Columns that name rows of another table without being declared to: (table, column) → table named.
_NAMES_TOO: Mapping[tuple[str, str], str] = {
    ("source", "relays"): "source",
    ("claim", "via"): "source",
    ("transfer", "from_party"): "party",
    ("transfer", "to_party"): "party",
    ("custody", "from"): "party",
    ("custody", "to"): "party",
    ("request", "to_party"): "party",
    ("request", "reply_exhibit"): "exhibit",
    ("component", "exhibit"): "exhibit",
    ("marking", "exhibit"): "exhibit",
    ("custody", "exhibit"): "exhibit",
    ("exhibit", "file"): "photo",
    ("exhibit", "part_of"): "exhibit",
    **{("shipment", role): "party" for role in ("consignor", "consignee", "carrier", "notify")},
}


_ABOUT = frozenset({"judgement", "case_link"})
"""Tables whose rows name others in `about`, as table:key."""

_OF = frozenset({"withholding", "release"})
"""Tables whose rows name one other in `of_table` and `of_key`."""


@dataclass(frozen=True, slots=True)
class Clearance:
    """What may be shown.

    Attributes
    ----------
    level : str
    tables : mapping of str to polars.DataFrame
        The typed tables without the rows withheld.
    hidden : frozenset of (table, key)
        The rows withheld.
    n_withheld : mapping of str to int
        Table → rows withheld; tables without any are absent.
    closed : frozenset of (table, key)
        The rows withheld, and those whose past is: some record of theirs was above the level, or rested on such a row.
    is_open : bool
        Neither the case nor any row it ever held is above the level: only then may words without a level be shown.
    """

    level: str
    tables: Mapping[str, pl.DataFrame]
    hidden: frozenset[tuple[str, str]]
    n_withheld: Mapping[str, int]
    closed: frozenset[tuple[str, str]]
    is_open: bool


def may_be_shown(row_level: str | None, case_level: str, level: str) -> bool:
    """May a row of this level be shown at that one?

    Parameters
    ----------
    row_level : str or None
        The row's own; None: the case's.
    case_level, level : str
        The case's level, and the level of the page.

    Returns
    -------
    bool

    Raises
    ------
    UnknownName
        The page's or the case's level is none of TLP 2.0. A row's own that is not counts as RED.

    Notes
    -----
    *Assumes:* levels are ordered as TLP 2.0 lists them.
    *Not for:* what the row rests on: `cleared`.

    Examples
    --------
    >>> may_be_shown(None, "CLEAR", "CLEAR"), may_be_shown("RED", "CLEAR", "AMBER")
    (True, False)
    """
    for named in (case_level, level):
        if named not in TLP:
            raise UnknownName("TLP level", named, TLP)
    own = case_level if row_level is None else row_level
    return (TLP.index(own) if own in TLP else len(TLP)) <= TLP.index(level)


def cleared(
    tables: Tables,
    *,
    case_level: str,
    level: str,
    past: Iterable[Past] = (),
    past_closes: bool = False,
    withheld: Iterable[tuple[str, str]] = (),
) -> Clearance:
    """Which rows may be shown at this level?

    Parameters
    ----------
    tables : mapping of str to polars frame
        All typed tables of the case: a row is only known to rest on a withheld one when that one's table is given.
    case_level : str
        Of rows without a level of their own, and of names no row ever had.
    level : str
        The highest level shown.
    past : iterable of (table, key, body)
        Records that stand no more: superseded, withdrawn, or not yet made on the day that is asked for.
    past_closes : bool
        Whether a row is withheld for its own past too, not only what names it: when an earlier day is asked for, a row
        may have been closed since.
    withheld : iterable of (table, key)
        Rows a person withheld: they are above every level.

    Returns
    -------
    Clearance

    Raises
    ------
    UnknownName
        A level or table nobody declared.

    Notes
    -----
    A row that is named has the most restrictive level it ever had, and so on for what its own records ever named.

    *Assumes:* what a row says of another row, it says by naming it in a column; `past` is whole.
    *Not for:* names and places inside free text of a row that is itself below the level.

    Examples
    --------
    >>> import polars as pl
    >>> source = pl.DataFrame({"source_id": ["a", "b"], "tlp": [None, "RED"]})
    >>> cleared({"source": source}, case_level="CLEAR", level="GREEN").n_withheld
    {'source': 1}
    """
    frames = {name: (f.collect() if isinstance(f, pl.LazyFrame) else f) for name, f in tables.items() if name in TYPED}
    stood = [record for record in past if record[0] in TYPED]
    shut = {row for row in withheld if row[0] in TYPED}
    case_is_open = may_be_shown(None, case_level, level)
    if (
        case_is_open
        and not shut
        and not any(_has_hidden(frame, case_level, level) for frame in frames.values())
        and not any(_is_above(body, case_level, level) for _, _, body in stood)
    ):
        return Clearance(
            level=level, tables=frames, hidden=frozenset(), n_withheld={}, closed=frozenset(), is_open=True
        )
    live: dict[str, list[tuple[str, Mapping[str, Any]]]] = {
        name: [(row_key(TYPED[name], row), row) for row in frame.select(_needed(name, frame)).to_dicts()]
        for name, frame in frames.items()
    }
    ever = {name: list(some) for name, some in live.items()}
    for name, key, body in stood:
        ever.setdefault(name, []).append((key, body or {}))
    above = shut | {(name, key) for name, key, body in stood if _is_above(body, case_level, level)}
    above |= {(name, key) for name, some in ever.items() for key, row in some if _is_above(row, case_level, level)}
    known = _names_of({(name, key) for name, some in ever.items() for key, _ in some}, ever)
    if not case_is_open:
        above |= {(n, key) for n, some in ever.items() for key, row in some if not _names_only(n, row, known)}
    closed = _closure(above, ever)
    names = _names_of(closed, ever)
    hidden = {
        (name, key)
        for name, some in live.items()
        for key, row in some
        if _is_above(row, case_level, level)
        or (name, key) in shut
        or names_hidden(name, row, names)
        or (past_closes and (name, key) in closed)
        or not (case_is_open or _names_only(name, row, known))
    }
    kept = {
        name: frames[name].filter(pl.Series([(name, key) not in hidden for key, _ in some], dtype=pl.Boolean))
        for name, some in live.items()
    }
    counts = {name: n for name, some in live.items() if (n := sum((name, key) in hidden for key, _ in some))}
    return Clearance(
        level=level,
        tables=kept,
        hidden=frozenset(hidden),
        n_withheld=counts,
        closed=closed,
        is_open=case_is_open and not closed,
    )


def row_key(schema: TableSchema, row: Mapping[str, Any]) -> str:
    """Which key has this row of a frame?

    Parameters
    ----------
    schema : TableSchema
        Of its table.
    row : mapping of str to object
        Column → value.

    Returns
    -------
    str

    Notes
    -----
    *Assumes:* key columns are in the frame; one that is not counts as empty.
    *Not for:* checking a key.

    Examples
    --------
    >>> row_key(TYPED["item"], {"item_id": "m214"})
    'm214'
    """
    return join_key([row.get(name) for name in schema.key])


def names_hidden(table: str, row: Mapping[str, Any], names: frozenset[tuple[str, str]]) -> bool:
    """Does this row name one of these rows?

    Parameters
    ----------
    table : str
        A typed table.
    row : mapping of str to object
        Column → value.
    names : frozenset of (table, name)
        Keys of rows, and the other names they go by.

    Returns
    -------
    bool

    Notes
    -----
    *Assumes:* a list names each of its members.
    *Not for:* free text.

    Examples
    --------
    >>> names_hidden("claim", {"via": ["s1"]}, frozenset({("source", "s1")}))
    True
    """
    return any(_is_among(named, text, names) for named, text in named_by(table, row))


def named_by(table: str, row: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Which rows does this row name?

    Parameters
    ----------
    table : str
        A typed table.
    row : mapping of str to object
        Column → value.

    Yields
    ------
    (table, name)
        A name is a key of that table, or what its row goes by.

    Notes
    -----
    *Assumes:* columns say so by `refers`, or are listed here.
    *Not for:* derived tables.

    Examples
    --------
    >>> list(named_by("component", {"item_id": "m214", "source_id": None}))
    [('item', 'm214')]
    """
    if table in _ABOUT:
        yield from _judged_about(row)
    if table in _OF and isinstance(row.get("of_table"), str) and isinstance(row.get("of_key"), str):
        yield row["of_table"], row["of_key"]
    for column in TYPED[table].columns:
        named = column.refers or _NAMES_TOO.get((table, column.name))
        if named is None:
            continue
        value = row.get(column.name)
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str):
                yield named, text.partition("#")[0] if named == "exhibit" else text


def _judged_about(row: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """The rows the suggestion rests on, as the judgement states them; else as its kind names them."""
    about = row.get("about")
    if about:
        for text in about:
            named, _, key = str(text).partition(":")
            yield named, key
        return
    kind = SUGGESTIONS.get(str(row.get("kind")))
    if kind is None or not isinstance(row.get("suggestion"), str):
        return
    for named, column in kind.evidence:
        if (column,) == kind.key:
            yield named, row["suggestion"]


def _is_among(table: str, text: str, names: frozenset[tuple[str, str]]) -> bool:
    """Whether this text names one of them: a key is escaped as `join_key` does, the text in a column is not."""
    return (table, text) in names or (table, join_key([text])) in names


def _names_only(table: str, row: Mapping[str, Any], known: frozenset[tuple[str, str]]) -> bool:
    """Whether each row it names is there or once was. A name nobody ever stated has the level of the case."""
    return all(_is_among(named, text, known) for named, text in named_by(table, row))


def _is_above(body: Mapping[str, Any] | None, case_level: str, level: str) -> bool:
    return body is None or not may_be_shown(body.get("tlp"), case_level, level)


def _closure(
    above: set[tuple[str, str]], rows: Mapping[str, list[tuple[str, Mapping[str, Any]]]]
) -> frozenset[tuple[str, str]]:
    """These rows, and each that ever named one of them, however far."""
    closed = set(above)
    while True:
        names = _names_of(closed, rows)
        more = {
            (name, key)
            for name, some in rows.items()
            for key, row in some
            if (name, key) not in closed and names_hidden(name, row, names)
        }
        if not more:
            return frozenset(closed)
        closed |= more


def _has_hidden(frame: pl.DataFrame, case_level: str, level: str) -> bool:
    if frame.is_empty():
        return False
    own = frame["tlp"].unique().to_list() if "tlp" in frame.columns else [None]
    return any(not may_be_shown(one, case_level, level) for one in own)


def _needed(table: str, frame: pl.DataFrame) -> list[str]:
    """The columns that say what a row is, how open it is, and what it names: a million rows stay small."""
    schema = TYPED[table]
    naming = {c.name for c in schema.columns if c.refers is not None or (table, c.name) in _NAMES_TOO}
    wanted = {*schema.key, "tlp", "name", "aliases", "file", "about", "of_table", "of_key"} | naming
    return [name for name in frame.columns if name in wanted]


def _names_of(
    hidden: Iterable[tuple[str, str]], rows: Mapping[str, list[tuple[str, Mapping[str, Any]]]]
) -> frozenset[tuple[str, str]]:
    """The keys of what is withheld, and the other names it goes by: a party's names, an exhibit's file."""
    names = set(hidden)
    for key, row in rows.get("party", ()):
        if ("party", key) in names:
            names |= {("party", name) for name in (row.get("name"), *(row.get("aliases") or ())) if name}
    for key, row in rows.get("exhibit", ()):
        if ("exhibit", key) in names and row.get("file"):
            names.add(("exhibit", row["file"]))
    return frozenset(names)
