"""A table of a million parties screened piece by piece, interrupted and gone on with.

Invariant: what the mark beside the answer says is done, is written; after a stop nothing is done twice and nothing
lost. Memory does not grow with the table.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from taggant.errors import InputError
from taggant.tracing.asked_names import in_pieces, parties_in
from taggant.tracing.screening import Screen, Screened

PIECE = 20_000
"""Parties a piece: some 20 MB of work."""

HEAD = ("row", "query", "entity", "name", "list", "score", "agrees", "differs", "absent")

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkDone:
    """What was done.

    Attributes
    ----------
    n_parties, n_alerted, n_hits : int
        Of the whole table, earlier pieces counted.
    n_before : int
        Parties done by an earlier, interrupted run.
    """

    n_parties: int
    n_alerted: int
    n_hits: int
    n_before: int


def screen_table(
    names: str,
    screen: Screen,
    out: Path,
    *,
    lists: Mapping[str, str],
    column: str | None = None,
    threads: int = 1,
    progress: Progress | None = None,
    stop_after: int | None = None,
) -> BulkDone:
    """Which parties of a large table may be on a list?

    Parameters
    ----------
    names : str
        As `parties_in`.
    screen : Screen
    out : Path
        CSV written: one line a hit. A mark beside it (`OUT.mark`) says how far it is.
    lists : mapping of str to str
        List → sha256: a run goes on only against the same lists.
    column : str, optional
    threads : int
    progress : callable, optional
        Called with (what, done, of).
    stop_after : int, optional
        Pieces done before it stops; for tests.

    Returns
    -------
    BulkDone

    Raises
    ------
    InputError
        The file out is of another question.

    Notes
    -----
    *Assumes:* the table does not change between two runs: its size and time are compared.
    *Not for:* a few names.

    Examples
    --------
    >>> import tempfile
    >>> import polars as pl
    >>> from taggant.model.tables import frame_schema
    >>> from taggant.model.tracing_tables import LISTING
    >>> screen = Screen(pl.DataFrame(schema=frame_schema(LISTING)).lazy())
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     done = screen_table("Kupol", screen, Path(folder) / "hits.csv", lists={})
    >>> done.n_parties, done.n_hits
    (1, 0)
    """
    mark_path = out.with_name(out.name + ".mark")
    question = _question(names, screen, lists, column)
    mark = _mark(mark_path, out, question)
    before = int(mark["parties"])
    total = _estimate(names)
    pieces = in_pieces(parties_in(names, column=column), PIECE)
    seen = n_pieces = 0
    with out.open("ab") as file:
        file.truncate(int(mark["bytes"]))
        file.seek(0, os.SEEK_END)
        for piece in pieces:
            seen += len(piece)
            if seen <= before:
                continue
            screened = screen.ask(piece, threads=threads, explain=False)
            file.write(_lines(screened))
            file.flush()
            os.fsync(file.fileno())
            mark = {
                "question": question,
                "parties": seen,
                "bytes": file.tell(),
                "alerted": int(mark["alerted"]) + sum(bool(s.hits) for s in screened),
                "hits": int(mark["hits"]) + sum(len(s.hits) for s in screened),
                "is_whole": False,
            }
            _write_mark(mark_path, mark)
            n_pieces += 1
            if progress is not None:
                progress("screened", seen, max(total, seen))
            if stop_after is not None and n_pieces >= stop_after:
                break
        else:
            mark["is_whole"] = True
            _write_mark(mark_path, mark)
    return BulkDone(
        n_parties=int(mark["parties"]), n_alerted=int(mark["alerted"]), n_hits=int(mark["hits"]), n_before=before
    )


def _question(names: str, screen: Screen, lists: Mapping[str, str], column: str | None) -> str:
    path = Path(names)
    stat = path.stat() if path.is_file() else None
    said = [
        names, column, None if stat is None else [stat.st_size, stat.st_mtime_ns], sorted(lists.items()),
        screen.settings.as_json(),
    ]  # fmt: skip
    return hashlib.sha256(orjson.dumps(said)).hexdigest()


def _mark(path: Path, out: Path, question: str) -> dict[str, Any]:
    head = _head()
    fresh: dict[str, Any] = {"question": question, "parties": 0, "bytes": len(head), "alerted": 0, "hits": 0}
    if path.is_file():
        mark: dict[str, Any] = orjson.loads(path.read_bytes())
        if mark["question"] != question:
            raise InputError(
                f"{out.name!r} answers another question", where=str(out),
                so_what="The table, the lists or the settings are others than when it was begun",
                next=f"Name another file (--out), or remove it and {path.name}",
            )  # fmt: skip
        if out.is_file() and out.stat().st_size >= mark["bytes"]:
            return mark
    elif out.is_file():
        raise InputError(
            f"{out.name!r} is there already", where=str(out), next="Name another file (--out), or remove it"
        )
    out.write_bytes(head)
    return fresh


def _head() -> bytes:
    return (",".join(HEAD) + "\r\n").encode()


def _write_mark(path: Path, mark: Mapping[str, Any]) -> None:
    aside = path.with_name(path.name + ".new")
    aside.write_bytes(orjson.dumps(dict(mark)))
    aside.replace(path)


def _lines(screened: list[Screened]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    for s in screened:
        for hit in s.hits:
            writer.writerow(
                [s.party.row or 1, s.party.name, hit.entity, hit.name, hit.list_id, f"{hit.score:.4f}",
                 ";".join(hit.agrees), ";".join(hit.differs), ";".join(hit.absent)]
            )  # fmt: skip
    return text.getvalue().encode()


def _estimate(names: str) -> int:
    path = Path(names)
    if not path.is_file():
        return 1
    with path.open("rb") as file:
        sample = file.read(1 << 20)
    lines = max(1, sample.count(b"\n"))
    return max(1, round(path.stat().st_size / max(1, len(sample)) * lines))
