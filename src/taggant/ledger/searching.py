"""Looking for a mark, serial or name over many cases.

Invariant: what is looked in are snapshots of live rows; the folded copies beside them are named by the snapshot's
digest, and can be made again at any time.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from taggant.engine.embedded import rows_of
from taggant.errors import InputError
from taggant.ledger.ledger import Ledger
from taggant.ledger.reading import AsOf
from taggant.model.findable import FINDABLE, Findable
from taggant.model.tables import join_key
from taggant.model.typed_tables import TYPED
from taggant.writing.patterns import Sought, fold_mark, fold_name, sought

FORMAT = 1
"""Grows when the folded copies would hold something else."""

_FOLDER = "find"
_SCHEMA = {"table": pl.String, "key": pl.String, "column": pl.String, "what": pl.String, "text": pl.String,
           "folded": pl.String, "tlp": pl.String}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One place where the pattern stands.

    Attributes
    ----------
    case : Path
    table, key, column, text : str
    how : str
        ``verbatim``: letter for letter; ``folded``: in another alphabet, spelling or with other separators.
    tlp : str or None
        Of the row.
    """

    case: Path
    table: str
    key: str
    column: str
    text: str
    how: str
    tlp: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found, and what it took.

    Attributes
    ----------
    hits : tuple of Hit
        Verbatim ones first, then by case, table and key.
    n_hits : int
        All, also where fewer are given.
    n_texts : int
        Texts that were looked through.
    fold_seconds, query_seconds : float
    """

    hits: tuple[Hit, ...]
    n_hits: int
    n_texts: int
    fold_seconds: float
    query_seconds: float


def find(
    pattern: str,
    cases: Sequence[Path],
    *,
    tables: Sequence[str] = (),
    is_whole: bool = False,
    is_verbatim: bool = False,
    most: int | None = None,
    as_of: AsOf = None,
) -> Found:
    """Where in these cases does this mark, serial or name stand?

    Parameters
    ----------
    pattern : str
        Any script, any length; ``*`` is any letters, ``?`` is one.
    cases : sequence of Path
        Case folders.
    tables : sequence of str
        Only these; none: all that hold marks or names.
    is_whole : bool
        The pattern is all of a text, not only in it.
    is_verbatim : bool
        Letter for letter only.
    most : int, optional
        So many hits are given; all are counted.
    as_of : date, str or None
        As the ledgers knew it then.

    Returns
    -------
    Found

    Raises
    ------
    InputError
        The pattern is empty or only wildcards; there is no case.

    Notes
    -----
    *Assumes:* marks are one when they are written alike (Ы, ЬІ and Y; letters of one shape; any separators), names when
    they sound alike in Latin letters.
    *Not for:* saying that two things are one: that is a person's word (`taggant link`).
    """
    verbatim = sought(pattern, is_whole=is_whole)
    if verbatim is None:
        raise InputError(f"the pattern {pattern!r} holds nothing to look for", next="Give at least one letter or digit")
    if not cases:
        raise InputError("no case is named", next="taggant find PATTERN CASE…")
    for table in tables:
        if table not in {f.table for f in FINDABLE}:
            raise InputError(
                f"table {table!r} holds no marks or names",
                next=f"Looked in are: {', '.join(sorted({f.table for f in FINDABLE}))}",
            )
    began = time.monotonic()
    places: dict[str, Path] = {}
    for case in cases:
        with Ledger.open(case) as ledger:
            for path in _folded_copies(ledger, tables, as_of):
                places[str(path)] = case
    folded_at = time.monotonic()
    mark = None if is_verbatim else sought(pattern, folded_as="mark", is_whole=is_whole)
    name = None if is_verbatim else sought(pattern, folded_as="name", is_whole=is_whole)
    n_texts, n_hits, rows = _ask(list(places), verbatim, mark, name, most)
    asked_at = time.monotonic()
    hits = tuple(
        Hit(
            case=places[str(r[0])], table=r[1], key=r[2], column=r[3], text=r[4], tlp=r[5],
            how="verbatim" if r[6] else "folded",
        )
        for r in rows
    )  # fmt: skip
    return Found(
        hits=hits, n_hits=n_hits, n_texts=n_texts, fold_seconds=folded_at - began, query_seconds=asked_at - folded_at
    )


def _ask(
    files: list[str], verbatim: Sought, mark: Sought | None, name: Sought | None, most: int | None
) -> tuple[int, int, list[tuple[Any, ...]]]:
    """How many texts there are, how many of them are hits, and the first hits."""
    if not files:
        return 0, 0, []
    is_verbatim, values = _stands("text", verbatim)
    ways, bound = [is_verbatim], [*values]
    for what, way in (("mark", mark), ("name", name)):
        if way is not None:
            stands, values_of_way = _stands("folded", way)
            ways.append(f"(what = '{what}' AND {stands})")
            bound += values_of_way
    where = " OR ".join(ways)
    # Only our own words and `?` are joined: values are bound.
    query = " ".join(
        (
            'SELECT filename, "table", key, "column", text, tlp,', is_verbatim, "AS is_verbatim,",
            "count(*) OVER () FROM read_parquet(?, filename = true) WHERE", where,
            'ORDER BY is_verbatim DESC, filename, "table", key, "column", text',
            "" if most is None else f"LIMIT {int(most)}",
        )
    )  # fmt: skip
    rows = rows_of(query, [*values, files, *bound])
    n_texts = int(rows_of("SELECT sum(num_rows) FROM parquet_file_metadata(?)", [files])[0][0] or 0)
    return n_texts, int(rows[0][7]) if rows else 0, rows


def _stands(column: str, way: Sought) -> tuple[str, list[str]]:
    """Give the condition that what is sought stands in this column, and its values."""
    # `contains` is several times faster than LIKE, and rules out most texts before LIKE is asked.
    words = [f"contains({column}, ?)" for _ in way.pieces]
    values = [*way.pieces]
    if way.like is not None:
        words.append(f"{column} LIKE ? ESCAPE '\\'")
        values.append(way.like)
    return f"({' AND '.join(words)})", values


def _folded_copies(ledger: Ledger, tables: Sequence[str], as_of: AsOf) -> list[Path]:
    """The folded copies of this case's tables, made where they are not there yet."""
    counts = ledger.counts(as_of)
    by_table: dict[str, list[Findable]] = {}
    for f in FINDABLE:
        if counts.get(f.table) and (not tables or f.table in tables):
            by_table.setdefault(f.table, []).append(f)
    folder = ledger.folder / "runs" / _FOLDER
    copies: list[Path] = []
    for table, columns in by_table.items():
        snapshot = ledger.snapshot(table, as_of)
        path = folder / f"{table}-{snapshot.digest[:16]}-{FORMAT}.parquet"
        if not path.is_file():
            folder.mkdir(parents=True, exist_ok=True)
            aside = path.with_name(f".{path.name}")
            _folded(table, snapshot.frame, columns).write_parquet(aside)
            aside.replace(path)
            for old in folder.glob(f"{table}-*.parquet"):
                if old != path and as_of is None:
                    old.unlink(missing_ok=True)
        copies.append(path)
    return copies


def _folded(table: str, frame: pl.LazyFrame, columns: Sequence[Findable]) -> pl.DataFrame:
    schema = TYPED[table]
    names = list(dict.fromkeys([*schema.key, *(f.column for f in columns), "tlp"]))
    rows = frame.select(names).collect()
    keys = pl.Series("key", [join_key(values) for values in rows.select(schema.key).iter_rows()], dtype=pl.String)
    pieces = []
    for f in columns:
        some = pl.DataFrame({"key": keys, "text": rows[f.column], "tlp": rows["tlp"]})
        if some.schema["text"] == pl.List(pl.String):
            some = some.explode("text")
        some = some.drop_nulls("text").filter(pl.col("text") != "")
        # Each different text is folded once: a million rows of a listing name a few thousand makers.
        texts = some["text"].unique()
        way = fold_mark if f.what == "mark" else fold_name
        folds = pl.DataFrame({"text": texts, "folded": pl.Series([way(t) for t in texts], dtype=pl.String)})
        pieces.append(
            some.join(folds, on="text", how="left").with_columns(
                table=pl.lit(table), column=pl.lit(f.column), what=pl.lit(f.what)
            )
        )
    return pl.concat([p.select(list(_SCHEMA)) for p in pieces]) if pieces else pl.DataFrame(schema=_SCHEMA)
