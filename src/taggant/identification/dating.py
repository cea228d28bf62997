"""Tables in, tables out: when each component was made, by the code in its marking and by what surrounds it.

Invariant: every component of the case has a row: dated, ambiguous, or undated with its reason. Nothing falls away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from statistics import median_low
from typing import TYPE_CHECKING

import polars as pl

from taggant.errors import InputError
from taggant.identification.decode import DateReading, Decoded, decode
from taggant.model.dates import DateRange
from taggant.model.derived_tables import DERIVED
from taggant.model.finding import Answer
from taggant.model.tables import frame_schema

if TYPE_CHECKING:
    from taggant.model.tables import Table

NEIGHBOURS_NEEDED = 3
"""Fewer unambiguous marks than this on an item say too little about its decade."""
NEARER_BY_DAYS = 3 * 365
"""The nearest range must be nearer to the neighbours' median than the next by this much: decades are ten years apart,
so a median near the middle of two of them (within 18 months) closes nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """One component with what was read on it."""

    component: Mapping[str, object]
    decoded: Decoded | None
    reading: DateReading | None
    ranges: tuple[DateRange, ...]
    closed_by: tuple[str, ...]
    refusal: tuple[str, str] | None
    ruled_out: tuple[DateRange, ...] = ()
    """What only neighbours rule out: whoever wants the code alone takes these back in."""

    @property
    def doubt(self) -> str | None:
        """What else than a date the token may be."""
        return None if self.reading is None else self.reading.rule.ambiguity

    @property
    def mark(self) -> tuple[str | None, str] | None:
        """Twins share it: one code read on several parts of one maker is one mark."""
        return None if self.reading is None else (self.reading.rule.maker, self.reading.token.text)


def date_parts(*, component: Table, item: Table, as_of: date | None) -> Answer:
    """When can each component have been made?

    Parameters
    ----------
    component, item : Table
        As declared in `model`.
    as_of : date or None
        For items without a day they were recovered or known: nothing was made after this day.

    Returns
    -------
    Answer
        Table `made_range`: at least one row a component.

    Raises
    ------
    InputError
        An item has no day it was recovered or known, and `as_of` is None.

    Notes
    -----
    Assumes: what `decode` assumes; parts of one item were mostly made in the same decade (only where neighbours close).
    Not for: dating by documents (`made_stated` is a claim of its source and is kept apart).
    """
    items = item.collect()
    known = known_days(items, as_of)
    several = set(items.filter(pl.col("stands_for") == "several")["item_id"])
    rows: list[dict[str, object]] = []
    components = component.collect().sort("item_id", "component_id")
    for (item_id,), group in components.group_by("item_id", maintain_order=True):
        dated = [_date(c, known[str(item_id)], as_of) for c in group.iter_rows(named=True)]
        # Parts of several finds are no neighbours of each other.
        for one in dated if item_id in several else close_by_neighbours(dated):
            rows.extend(_rows(one))
    return Answer({"made_range": pl.DataFrame(rows, schema=frame_schema(DERIVED["made_range"]))})


def known_days(items: pl.DataFrame, as_of: date | None) -> dict[str, date]:
    """Until which day can a part of each item have been made?

    Parameters
    ----------
    items : polars.DataFrame
        Table `item`.
    as_of : date or None
        For items without a day.

    Returns
    -------
    dict of str to date
        The last day, by item.

    Raises
    ------
    InputError
        An item has no day it was recovered or known, and `as_of` is None.

    Notes
    -----
    Assumes: an item was known only after its parts were made. Not for: the day of assembly.
    """
    known: dict[str, date] = {}
    for it in items.select("item_id", "recovered_until", "known_until").iter_rows(named=True):
        ends = [d for d in (it["recovered_until"], it["known_until"]) if d is not None]
        if not ends and as_of is None:
            raise InputError(
                f"item {it['item_id']!r} has no day it was recovered or known",
                where="items.csv",
                so_what="Its date codes cannot be closed",
                next="Fill `recovered` or `known`, or set as_of in case.toml",
            )
        known[it["item_id"]] = min([d - timedelta(days=1) for d in ends], default=as_of or date.min)
    return known


def _date(component: Mapping[str, object], known_by: date, as_of: date | None) -> Dated:
    marking = component["marking"]
    if not isinstance(marking, str) or not marking.strip():
        refusal = ("no marking", "no marking is stated")
        return Dated(component=component, decoded=None, reading=None, ranges=(), closed_by=(), refusal=refusal)
    decoded = decode(
        marking,
        known_by=known_by,
        as_of=as_of,
        maker=_text(component["maker"]),
        brand=_text(component["brand"]),
        part_number=_text(component["part_number_stated"]),
    )
    best = decoded.best
    if best is None or best.reading is None:
        refusal = max(decoded.refusals, key=lambda r: _TELLING.index(r[0]))
        return Dated(component=component, decoded=decoded, reading=None, ranges=(), closed_by=(), refusal=refusal)
    reading = best.reading
    return Dated(
        component=component,
        decoded=decoded,
        reading=reading,
        ranges=reading.ranges,
        closed_by=reading.closed_by,
        refusal=None,
    )


_TELLING = ("no marking", "no maker", "no rule", "no code", "after known", "impossible")
"""Of several refusals the last of these tells most."""


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def close_by_neighbours(parts: Sequence[Dated]) -> list[Dated]:
    """Which decade do one-digit years mean, if the parts of an item are mostly of one decade?

    Parameters
    ----------
    parts : sequence of Dated
        The components of one item.

    Returns
    -------
    list of Dated
        The same, in order; where at least three unambiguous marks (twins once) agree on a time, an ambiguous part keeps
        the one range nearest to their median, marked as closed by neighbours.

    Notes
    -----
    Assumes: the ambiguous part is not from old stock of another decade. It is a weak assumption and is counted as one.
    Not for: fewer than three unambiguous marks.
    """
    marks = {d.mark: d.ranges[0].from_on for d in parts if len(d.ranges) == 1 and d.doubt is None}
    days = sorted(day.toordinal() for day in marks.values() if day is not None)
    if len(days) < NEIGHBOURS_NEEDED:
        return list(parts)
    middle = median_low(days)
    return [_closed(d, middle) if len(d.ranges) > 1 else d for d in parts]


def _closed(part: Dated, middle: int) -> Dated:
    off = sorted((abs(r.from_on.toordinal() - middle), r.from_on, r) for r in part.ranges if r.from_on is not None)
    if off[1][0] - off[0][0] < NEARER_BY_DAYS:
        return part
    ruled_out = tuple(r for r in part.ranges if r != off[0][2])
    return replace(part, ranges=(off[0][2],), closed_by=(*part.closed_by, "neighbours"), ruled_out=ruled_out)


def _rows(part: Dated) -> list[dict[str, object]]:
    c = part.component
    common: dict[str, object] = {
        name: c[name] for name in ("component_id", "item_id", "module", "marking", "source_id", "read_quality")
    }
    if part.reading is None or part.decoded is None or part.decoded.best is None:
        kind, why = part.refusal or ("no code", "nothing was read")
        return [{**common, "range_n": 0, "state": "undated", "why_kind": kind, "why": why}]
    reading, cue = part.reading, part.decoded.best.cue
    return [
        {
            **common,
            "range_n": n,
            "state": "dated" if len(part.ranges) == 1 and part.doubt is None else "ambiguous",
            "doubt": part.doubt,
            "token": reading.token.text,
            "rule": reading.rule.id,
            "status": reading.rule.status,
            "maker_id": cue.maker.maker_id if cue else None,
            "maker_basis": cue.basis if cue else None,
            "made_from": r.from_on,
            "made_until": r.until_on,
            "tolerance_days": reading.rule.tolerance_days,
            "n_before_closing": reading.code.n_before_closing,
            "closed_by": list(part.closed_by),
            "ruled_out": ["/".join(end or ".." for end in r.iso()) for r in part.ruled_out] or None,
        }
        for n, r in enumerate(part.ranges)
    ]
