"""The step of what-changed that follows shares and makers over the time things were made.

Invariant: an item that stands for several finds is a list, and dates no share.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from taggant.errors import InputError
from taggant.estimation.dated_incidents import DatedIncident
from taggant.estimation.delays import Lag, lag_of
from taggant.estimation.made_dates import NEWEST_PARTS, ON_ITEMS
from taggant.estimation.maker_coverage import coverage_finding
from taggant.estimation.share_over_time import share_finding
from taggant.model.derived_tables import DERIVED
from taggant.model.finding import Answer, Finding, Reference
from taggant.model.result import LeftOut
from taggant.model.tables import frame_schema

if TYPE_CHECKING:
    from taggant.model.tables import Table

_FEWEST_PARTS = 3


def follow_composition(
    *, item: Table, examination: Table, part_candidate: Table, item_assembly: Table, delay_law: Table,
    as_of: date | None, lag90_days: str, of_country: str,
) -> Answer:  # fmt: skip
    """Did the share of some country's brands among listed parts change, and how much of what is fitted is unseen?

    Parameters
    ----------
    item, examination, part_candidate, item_assembly, delay_law : Table
        As declared in `model`.
    as_of : date or None
        The day the answer is for.
    lag90_days : str
        Days within which nine in ten items become known; ``estimated``: as `delay_law` has it, from the newest part on,
        and where the record cannot tell, its default.
    of_country : str
        Country asked about; empty: the one whose series speaks most for a change.

    Returns
    -------
    Answer
        Tables `share_point` and `coverage`; one finding of shares, one of coverage.

    Raises
    ------
    InputError
        `lag90_days` is neither a whole number nor ``estimated``.

    Notes
    -----
    *Assumes:* an item was made between its newest dated part and the day it became known.
    *Not for:* what was fitted but not listed.

    Examples
    --------
    >>> from taggant.model.typed_tables import TYPED
    >>> schemas = [TYPED["item"], TYPED["examination"], DERIVED["part_candidate"], DERIVED["item_assembly"],
    ...            DERIVED["delay_law"]]
    >>> tables = {s.name: pl.DataFrame(schema=frame_schema(s)).lazy() for s in schemas}
    >>> [f.statement for f in follow_composition(**tables, as_of=None, lag90_days="365", of_country="").findings]
    ['what-changed.share.refused', 'what-changed.coverage.refused']
    """
    if lag90_days == "estimated":
        lag = lag_of(delay_law.collect(), NEWEST_PARTS, ON_ITEMS)
    elif lag90_days.isdigit():
        lag = Lag(int(lag90_days), None, None, is_estimated=False, why="given")
    else:
        raise InputError(
            f"lag90_days={lag90_days!r} is neither a whole number nor estimated", next="Give for example lag90_days=365"
        )
    items = {r["item_id"]: r for r in item.collect().sort("item_id").iter_rows(named=True)}
    assembled = {r["item_id"]: r for r in item_assembly.collect().iter_rows(named=True)}
    by_item: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for r in part_candidate.collect().sort("component_id").iter_rows(named=True):
        if r["item_id"] in items:
            by_item[r["item_id"]].append(r)
    examined = examination.collect()
    who = {r["item_id"]: r["by"] for r in examined.iter_rows(named=True) if r["by"] is not None}
    points: list[dict[str, Any]] = []
    incidents: dict[str, list[tuple[str, DatedIncident]]] = defaultdict(list)
    counts = {"list": 0, "undated": 0, "few": 0}
    for item_id, parts in by_item.items():
        row, built = items[item_id], assembled.get(item_id)
        if row["stands_for"] == "several":
            counts["list"] += 1
            continue
        if built is None or built["earliest_on"] is None:
            counts["undated"] += 1
            continue
        groups: dict[str, int] = defaultdict(int)
        for part in parts:
            if part["brand_country"] is not None:
                groups[part["brand_country"]] += 1
        if sum(groups.values()) < _FEWEST_PARTS:
            counts["few"] += 1
            continue
        low = built["earliest_on"]
        high = built["latest_on"] or as_of or low
        span = (low, max(high, low) + timedelta(days=1))
        dated = DatedIncident(
            incident_id=row["incident_id"] or item_id, from_on=span[0], until_on=span[1], groups=dict(groups),
            unknown=len(parts) - sum(groups.values()), collector=who.get(item_id),
            dated_by="its newest part",
        )  # fmt: skip
        incidents[dated.incident_id].append((item_id, dated))
        points += [
            {"item_id": item_id, "country": country, "incident_id": dated.incident_id, "made_from": span[0],
             "made_until": span[1], "dated_by": dated.dated_by, "n_group": n, "n_known": dated.n,
             "n_unknown": dated.unknown, "collector": dated.collector}
            for country, n in sorted(groups.items())
        ]  # fmt: skip
    merged = [_merged(x) for x in incidents.values()]
    left = [
        LeftOut("the row stands for several finds: a list has no date", counts["list"]),
        LeftOut("no part of the item is dated", counts["undated"]),
        LeftOut(f"fewer than {_FEWEST_PARTS} parts with a listed country", counts["few"]),
    ]
    shares = share_finding(
        merged, group=of_country or None, until=as_of, lag90_days=lag.days, lag_is_estimated=lag.is_estimated,
        left_out=[x for x in left if x.n],
        what="the listed parts of dated items", on=as_of,
        supports=[Reference("item", i) for x in incidents.values() for i, _ in x],
    )  # fmt: skip
    one_find = {i: parts for i, parts in by_item.items() if items[i]["stands_for"] != "several"}
    coverage = _coverage(one_find, items, examined, on=as_of)
    frames = {
        "share_point": pl.DataFrame(points, schema=frame_schema(DERIVED["share_point"])),
        "coverage": pl.DataFrame([_coverage_row(coverage)], schema=frame_schema(DERIVED["coverage"])),
    }
    return Answer(frames, (shares, coverage))


def _merged(own: list[tuple[str, DatedIncident]]) -> DatedIncident:
    """Items of one incident are one sighting: parts together, dated by the newest."""
    newest = max((x for _, x in own), key=lambda x: x.from_on)
    groups: dict[str, int] = defaultdict(int)
    for _, x in own:
        for g, n in x.groups.items():
            groups[g] += n
    return DatedIncident(
        incident_id=newest.incident_id, from_on=newest.from_on, until_on=newest.until_on, groups=dict(groups),
        unknown=sum(x.unknown for _, x in own), collector=newest.collector, dated_by=newest.dated_by,
    )  # fmt: skip


def _coverage(
    by_item: Mapping[str, list[Mapping[str, Any]]], items: Mapping[str, Mapping[str, Any]], examined: pl.DataFrame,
    *, on: date | None,
) -> Finding:  # fmt: skip
    shown: dict[str, list[str]] = defaultdict(list)
    sure: dict[str, list[str]] = defaultdict(list)
    for item_id, parts in by_item.items():
        incident = items[item_id]["incident_id"] or item_id
        shown[incident] += [p["maker_id"] or p["maker"] or p["brand"] for p in parts if p["maker"] or p["brand"]]
        told = ("stated maker", "part family", "name in the marking")
        sure[incident] += [p["maker_id"] or p["maker"] for p in parts if p["maker"] and p["maker_basis"] in told]
    depths = {
        (r["depth"], r["complete"]) for r in examined.iter_rows(named=True) if r["item_id"] in by_item
    }  # fmt: skip
    alike = None if not depths else (len(depths) == 1 and next(iter(depths))[1] is True)
    return coverage_finding(
        shown, scope="items that are one find each", is_examined_alike=alike or None, doubtful=sure, on=on
    )


def _coverage_row(finding: Finding) -> dict[str, Any]:
    values, result = finding.values, finding.result
    if result.headline is None:
        return {"scope": "items that are one find each", "n_incidents": result.n_used}
    told = {d.name: d.value for d in result.diagnostics}
    return {
        "scope": values["scope"].value, "n_incidents": values["n_incidents"].value, "n_seen": values["n_seen"].value,
        "n_once": values["n_once"].value, "n_twice": values["n_twice"].value, "at_least": result.headline.point,
        "low": result.headline.low, "high": result.headline.high, "coverage": told["coverage"],
        "p_new": told["chance that the next wreck shows a maker not yet seen"],
    }  # fmt: skip
