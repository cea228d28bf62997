"""Runs that seem to begin again: proposed from numbers and days, and split once a person has confirmed it.

Invariant: nothing is split that nobody has confirmed; an item without a day belongs to neither part of a split run.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from taggant.errors import InputError
from taggant.model.derived_tables import DERIVED
from taggant.model.finding import Answer
from taggant.model.judgements import judged
from taggant.model.tables import frame_schema
from taggant.statistics.serial_restarts import restart_after
from taggant.writing.edtf import parse_edtf

if TYPE_CHECKING:
    from taggant.model.tables import Table

SECOND = "2"


def find_restarts(*, serial_reading: Table, as_of: date | None) -> Answer:
    """Which runs of serials seem to begin again, and from which day on?

    Parameters
    ----------
    serial_reading : Table
        As declared in `model`.
    as_of : date or None
        Not used: the readings hold what was known by then.

    Returns
    -------
    Answer
        Table `run_restart`, one row a run that seems to begin again.

    Notes
    -----
    *Assumes:* as `restart_after`; the day is that by which an item was known.
    *Not for:* splitting: a person judges the suggestion ``run-restart`` first.
    """
    del as_of
    readings = serial_reading.collect()
    usable = readings.filter(
        (pl.col("state") == "read")
        & pl.col("existed_on").is_not_null()
        & (pl.col("read_quality") != "doubtful").fill_null(value=True)
    ).sort("existed_on", "number", "item_id")
    rows: list[dict[str, Any]] = []
    for (block_id,), items in usable.group_by("block_id", maintain_order=True):
        days = [d.toordinal() for d in items["existed_on"].to_list()]
        found = restart_after(items["number"].to_list(), days)
        if found is None:
            continue
        first = items.row(0, named=True)
        before = [r for r, d in zip(items.iter_rows(named=True), days, strict=True) if d < found.day]
        after = [r for r, d in zip(items.iter_rows(named=True), days, strict=True) if d >= found.day]
        rows.append(
            {
                "block_id": block_id, "name": first["prefix_as_written"], "designation": first["designation"],
                "from_on": date.fromordinal(int(found.day)), "n_before": found.n_before, "n_after": found.n_after,
                "smallest_after": min(r["number"] for r in after), "largest_before": max(r["number"] for r in before),
                "within": round(found.within, 3), "between": round(found.between, 3),
                "last_item_id": before[-1]["item_id"], "first_item_id": after[0]["item_id"],
            }
        )  # fmt: skip
    rows.sort(key=lambda r: r["block_id"])
    return Answer({"run_restart": pl.DataFrame(rows, schema=frame_schema(DERIVED["run_restart"]))})


def split_runs(readings: pl.DataFrame, restarts: pl.DataFrame, judgement: pl.DataFrame) -> pl.DataFrame:
    """Which run does each item belong to, once persons have judged where runs begin again?

    Parameters
    ----------
    readings : polars.DataFrame
        As `serial_reading`, judged.
    restarts, judgement : polars.DataFrame
        Tables `run_restart` and `judgement`.

    Returns
    -------
    polars.DataFrame
        The same rows; in a run whose restart was confirmed (or given another day), items known from that day on have a
        `block_id` of their own, ending in ``|2``, and items without a day are left out with `why_kind` ``no day``.

    Raises
    ------
    InputError
        A day given instead has no first day.

    Notes
    -----
    *Assumes:* who confirms it knows of the restart from elsewhere, or has looked at the numbers.
    *Not for:* items found long after they were made: a late find of the first part counts in the second.
    """
    days: dict[str, date] = {}
    for row in judged(restarts, judgement, "run-restart").iter_rows(named=True):
        if row["judged"] == "confirmed":
            days[row["block_id"]] = row["from_on"]
        elif row["judged"] == "replaced":
            days[row["block_id"]] = _day(row)
    if not days:
        return readings
    return pl.DataFrame([_placed(r, days) for r in readings.iter_rows(named=True)], schema=readings.schema)


def _placed(row: dict[str, Any], days: dict[str, date]) -> dict[str, Any]:
    day = days.get(row["block_id"])
    if day is None or row["state"] != "read":
        return row
    if row["existed_on"] is None:
        why = "its run begins again, and no day it was known by tells which part it is of"
        return {**row, "state": "left out", "why_kind": "no day", "why": why}
    if row["existed_on"] < day:
        return row
    return {**row, "block_id": f"{row['block_id']}|{SECOND}", "prefix_as_written": f"{row['prefix_as_written']} (2)"}


def _day(row: dict[str, Any]) -> date:
    given = parse_edtf(row["judged_value"] or "")
    if given.from_on is None:
        raise InputError(
            f"the day {row['judged_value']!r} has no first day",
            where=f"judgement run-restart {row['suggestion']}",
            so_what="The run is not split",
            next="Judge it again with the day from which the second run is known: 2024-06-20",
        )
    return given.from_on
