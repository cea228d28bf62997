"""One item with its parts, as the when-made answer sees it.

Invariant: what the codes alone say is kept apart from what neighbours choose; doubtful tokens and lists of several
finds bound nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from statistics import median_low

import polars as pl

from taggant.estimation.assembly import Part, assembly_bound


class ItemView:
    """One item with its parts: everything its row and its finding say."""

    def __init__(self, item: dict[str, object], ranges: pl.DataFrame) -> None:
        self.item_id = str(item["item_id"])
        self.serial = _words(item["serial_as_marked"])
        designation = _words(item["designation"]) or str(item["kind"])
        self.name = f"{designation} {self.serial}" if self.serial else f"{designation}, {self.item_id}"
        self.ranges = ranges
        self.is_several = item["stands_for"] == "several"
        every = _parts(ranges)
        # A token that may be a lot number bounds nothing: it is shown, and asked about in the sensitivity table.
        self.parts = [p for p in every if p.doubt is None]
        self.doubtful = [p for p in every if p.doubt is not None]
        # A row that stands for several finds has no assembly of its own: a part of one bounds nothing of another.
        # What the codes alone say carries the word "cannot"; decades chosen by neighbours only move a second day.
        self.bound = None if self.is_several else assembly_bound([p for p in self.parts if p.is_firm])
        self.nearest = None if self.is_several else assembly_bound(self.parts)
        self.recovered_on, self.known_on = (_last(item[f"{name}_until"]) for name in ("recovered", "known"))
        # A bare upper end ("../2026-06") is the day of a listing, not of the find.
        self.is_known_by_listing = item["known_from"] is None
        self.latest_on = min((d for d in (self.recovered_on, self.known_on) if d is not None), default=None)
        states = ranges.group_by("component_id").agg(pl.col("state").first(), pl.col("why_kind").first())
        self.n_components = states.height
        self.undated = dict(
            states.filter(pl.col("state") == "undated").group_by("why_kind").len().sort("why_kind").iter_rows()
        )
        self.n_marked = self.n_components - int(self.undated.get("no marking", 0))
        self.n_dated = sum(not p.is_ambiguous for p in self.parts)
        self.n_ambiguous = len(every) - self.n_dated

    @property
    def contradictions(self) -> list[str]:
        """Parts whose every reading is later than the day the item was known."""
        late = self.ranges.filter(pl.col("why_kind") == "after known")
        return sorted(late["component_id"].to_list())

    def bound_of(self, parts: Sequence[Part]) -> date | None:
        """The bound from these parts alone."""
        bound = None if self.is_several else assembly_bound(parts)
        return None if bound is None else bound.earliest_on

    @property
    def nearest_on(self) -> date | None:
        """The bound with the decades neighbours chose."""
        return None if self.nearest is None else self.nearest.earliest_on

    @property
    def documented_on(self) -> date | None:
        """The bound by rules a maker documents."""
        return self.bound_of([p for p in self.parts if p.is_firm and p.status == "documented"])

    def row(self) -> dict[str, object]:
        """The row of `item_assembly`."""
        b = self.bound
        firsts = sorted(p.first_on for p in self.parts if not p.is_ambiguous)
        return {
            "item_id": self.item_id,
            "earliest_on": b.earliest_on if b else None,
            "nearest_on": self.nearest_on,
            "nearest_component_id": self.nearest.newest.component_id if self.nearest else None,
            "latest_on": self.latest_on,
            "newest_component_id": b.newest.component_id if b else None,
            "newest_but_one_on": b.newest_but_one_on if b else None,
            "newest_but_one_component_id": b.newest_but_one.component_id if b and b.newest_but_one else None,
            "documented_on": self.documented_on,
            "gap_days": b.gap_days if b else None,
            "is_influential": b.is_influential if b else None,
            "n_components": self.n_components,
            "n_marked": self.n_marked,
            "n_dated": self.n_dated,
            "n_ambiguous": self.n_ambiguous,
            "oldest_on": firsts[0] if firsts else None,
            "median_on": median_low(firsts) if firsts else None,
        }


def _last(until: object) -> date | None:
    """The last day inside: `until` is the first day outside."""
    return until - timedelta(days=1) if isinstance(until, date) else None


def _words(value: object) -> str | None:
    return None if value is None else str(value)


def _parts(ranges: pl.DataFrame) -> list[Part]:
    parts: list[Part] = []
    possible = ranges.filter(pl.col("state") != "undated").sort("component_id", "range_n")
    for _, rows in possible.group_by("component_id", maintain_order=True):
        r = rows.row(0, named=True)
        tolerance = int(r["tolerance_days"] or 0)
        firsts = [d - timedelta(days=tolerance) for d in rows["made_from"].to_list()]
        parts.append(
            Part(
                component_id=r["component_id"],
                maker_id=r["maker_id"],
                token=r["token"],
                rule=r["rule"],
                status=r["status"],
                marking=r["marking"],
                first_on=min(firsts),
                last_first_on=max(firsts),
                tolerance_days=tolerance,
                is_ambiguous=rows.height > 1,
                closed_by=tuple(r["closed_by"] or ()),
                read_quality=r["read_quality"],
                doubt=r["doubt"],
                judged=r.get("judged"),
            )
        )
    return parts
