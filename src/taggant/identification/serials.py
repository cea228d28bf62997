"""Serial numbers: verbatim, then normalised, then prefix and number; and which run each may belong to.

Invariant: what cannot be read stays out with its reason; a number without a stated prefix is never given one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from taggant.model.derived_tables import DERIVED
from taggant.model.finding import Answer
from taggant.model.tables import frame_schema, join_key
from taggant.reference import load_kinds
from taggant.writing.serial_letters import normalise_serial as normalise_serial
from taggant.writing.serial_letters import split_serial, written_prefix

if TYPE_CHECKING:
    from taggant.model.tables import Table

_QUALITIES = ("sure", "likely", "doubtful")  # best first


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialReading:
    """One serial as read: either prefix and number, or the reason why not.

    Attributes
    ----------
    verbatim : str or None
        Letter for letter.
    normalised : str or None
        Number signs and separators dropped, capitals, one letter for letters that look or are written alike.
    prefix, number
        The letters before the digits, and the digits as a number; None where there is no such reading.
    prefix_as_written : str or None
        The same letters before normalising.
    why_kind, why : str or None
        Why it is left out; None when it is read.
    """

    verbatim: str | None
    normalised: str | None = None
    prefix: str | None = None
    prefix_as_written: str | None = None
    number: int | None = None
    why_kind: str | None = None
    why: str | None = None


def read_serial(text: str | None, *, is_lot: bool = False) -> SerialReading:
    """Which prefix and which number does this serial have?

    Parameters
    ----------
    text : str or None
        The serial, letter for letter.
    is_lot : bool
        The item is of a kind that is numbered by lots.

    Returns
    -------
    SerialReading

    Notes
    -----
    *Assumes:* letters before the digits name the run, and the digits count within it.
    *Not for:* lot numbers; numbers with letters after the digits or between them, whose scheme has to be known first.

    Examples
    --------
    >>> reading = read_serial("Ы-391")
    >>> reading.prefix, reading.number
    ('Ы', 391)
    >>> read_serial("13084").why
    'no prefix is stated before 13084, so the run it belongs to is not known'
    """
    if text is None or not text.strip():
        return SerialReading(verbatim=None, why_kind="no serial", why="no serial is stated")
    if is_lot:
        why = f"{text!r} is on goods that are numbered by lots: it counts lots, not items"
        return SerialReading(verbatim=text, normalised=normalise_serial(text), why_kind="lot", why=why)
    normalised = normalise_serial(text)
    shape = split_serial(normalised)
    if shape is None:
        why = f"{text!r} is not letters followed by a number"
        return SerialReading(verbatim=text, normalised=normalised, why_kind="no number", why=why)
    prefix, number = shape
    if not prefix:
        why = f"no prefix is stated before {number}, so the run it belongs to is not known"
        return SerialReading(verbatim=text, normalised=normalised, number=number, why_kind="no prefix", why=why)
    return SerialReading(
        verbatim=text, normalised=normalised, prefix=prefix, prefix_as_written=written_prefix(text), number=number
    )


def read_serials(*, item: Table, marking: Table, reference_item: Table, as_of: date | None) -> Answer:
    """Which number does each item have, and which run may it belong to?

    A run (block) is a prefix on items of one kind, designation and, where it is known, producer.

    Parameters
    ----------
    item, marking, reference_item : Table
        As declared in `model`. Markings of kind ``serial`` without a component are further readings of the item's own;
        the worst of their qualities is the reading's.
    as_of : date or None
        The day the answer is for; not used.

    Returns
    -------
    Answer
        Table `serial_reading`, one row an item.

    Notes
    -----
    *Assumes:* items of one kind, designation and prefix share a run. That is a suggestion: nobody has judged it.
    *Not for:* runs whose prefix several plants share: their producers have to be known.
    """
    del as_of  # every step is called alike
    lots = {k.id for k in load_kinds() if any(m.kind == "lot" for m in k.marks) and _has_no_serial(k.marks)}
    marks = marking.collect().filter((pl.col("kind") == "serial") & pl.col("component_id").is_null())
    readings, qualities = _own_markings(marks), _worst_qualities(marks)
    producers = _producers(reference_item.collect())
    rows = []
    for it in item.collect().sort("item_id").iter_rows(named=True):
        others = readings.get(str(it["item_id"]), [])
        text = it["serial_as_marked"] or next(iter(others), None)
        read = read_serial(text, is_lot=it["kind"] in lots)
        if it.get("stands_for") == "several" and read.why_kind is None:
            read = SerialReading(
                verbatim=read.verbatim,
                normalised=read.normalised,
                why_kind="several",
                why="the row may mix several items",
            )
        producer = producers.get(str(it["item_id"]))
        rows.append(_row(it, read, others, producer) | {"read_quality": qualities.get(str(it["item_id"]))})
    return Answer({"serial_reading": pl.DataFrame(rows, schema=frame_schema(DERIVED["serial_reading"]))})


def _has_no_serial(marks: Iterable[Any]) -> bool:
    return all(m.kind != "serial" for m in marks)


def _row(it: Mapping[str, Any], read: SerialReading, others: list[str], producer: str | None) -> dict[str, object]:
    disagree = [t for t in others if read.normalised is not None and normalise_serial(t) != read.normalised]
    ends = [d for d in (it["recovered_until"], it["known_until"]) if d is not None]
    is_read = read.why_kind is None
    return {
        "item_id": it["item_id"],
        "incident_id": it["incident_id"],
        "kind": it["kind"],
        "designation": it["designation"],
        "producer": producer,
        "verbatim": read.verbatim,
        "normalised": read.normalised,
        "prefix": read.prefix,
        "prefix_as_written": read.prefix_as_written,
        "number": read.number,
        "block_id": join_key([it["kind"], it["designation"], producer, read.prefix]) if is_read else None,
        "state": "read" if is_read else "left out",
        "why_kind": read.why_kind,
        "why": read.why,
        "n_readings": (read.verbatim is not None) + sum(t != read.verbatim for t in others),
        "disagrees": disagree,
        # `until` is the first day outside: an item found on that day could not be newer than the day before.
        "existed_on": min(ends) - timedelta(days=1) if ends else None,
        "source_id": it["source_id"],
    }


def _worst_qualities(marks: pl.DataFrame) -> dict[str, str]:
    """A second, surer reading does not undo a doubt: which of the two is right is for a person to judge."""
    worst: dict[str, str] = {}
    stated = marks.filter(pl.col("item_id").is_not_null() & pl.col("read_quality").is_not_null())
    for item_id, quality in stated.select("item_id", "read_quality").iter_rows():
        worst[item_id] = max(worst.get(item_id, quality), quality, key=_QUALITIES.index)
    return worst


def _own_markings(marks: pl.DataFrame) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    own = marks.filter(pl.col("text").is_not_null()).sort("marking_id")
    for item_id, text in own.select("item_id", "text").iter_rows():
        if item_id is not None and text not in found.setdefault(item_id, []):
            found[item_id].append(text)
    return found


def _producers(references: pl.DataFrame) -> dict[str, str]:
    """Items whose rows name one producer for every module they speak of."""
    named = references.filter(pl.col("producer").is_not_null()).group_by("item_id").agg(pl.col("producer").unique())
    return {item_id: names[0] for item_id, names in named.iter_rows() if len(names) == 1}
