"""Lines of evidence about how many, each brought to one scope and one day.

Invariant: no line is added to another; what a line does not say — an upper end, a share of decoys — stays open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import ceil, floor
from typing import Any

import numpy as np
import polars as pl

from taggant.estimation.counted_units import counts_things
from taggant.estimation.serial_blocks import Block
from taggant.estimation.stated_numbers import UseCount
from taggant.model.finding import Reference
from taggant.statistics.pooling import LEVELS, Array, even_between
from taggant.statistics.run_totals import total_of_runs
from taggant.statistics.serial_runs import Prior, run_posterior

NEAR_DAYS = 31
"""A total that ends at most so many days before the day asked for speaks of that day too (our choice)."""
MANY_RUNS = 5
"""From so many runs on their sum is told by the prior 1/N²: the bias of 1/N adds up."""
_DAYS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceLine:
    """One line of evidence about how many of one scope had been made by one day.

    Attributes
    ----------
    kind : str
        serials, use, claims or plan.
    low, high : float or None
        At least and at most; None: it does not say.
    answer : numpy.ndarray or None
        Quantiles at `taggant.statistics.pooling.LEVELS`, for a line with both ends.
    reading : str
        How it comes to that, or why it cannot tell.
    speaks_to : date or None
        The last day its own numbers speak of.
    """

    name: str
    kind: str
    reading: str
    low: float | None = None
    high: float | None = None
    point: float | None = None
    answer: Array | None = field(default=None, compare=False)
    speaks_to: date | None = None
    rests_on: tuple[Reference, ...] = ()

    @property
    def has_both_ends(self) -> bool:
        """Whether it says how many, and not only at least or at most."""
        return self.answer is not None

    @property
    def can_tell(self) -> bool:
        """Whether it says anything."""
        return self.low is not None or self.high is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowances:
    """What a person states about launches and claims; None: unknown, and the line says so.

    Attributes
    ----------
    decoy_low, decoy_high : float or None
        Share of decoys among launches counted with them.
    imports_most : float or None
        At most so many were brought in.
    opening_stock : float
        So many were in stock before the first launch counted.
    claim_error : float
        A number claimed may be off by this share on either side.
    """

    decoy_low: float | None = None
    decoy_high: float | None = None
    imports_most: float | None = None
    opening_stock: float = 0.0
    claim_error: float = 0.25


def serial_line(scope: str, blocks: Sequence[Block], day: date | None, *, is_part: bool = False) -> EvidenceLine | None:
    """What do the runs of serials of this scope say, together?

    Parameters
    ----------
    scope : str
    blocks : sequence of Block
        Those of the scope, or of its parts.
    day : date or None
        The day asked for.
    is_part : bool
        Whether they are of parts of the scope only: then they say at least.

    Returns
    -------
    EvidenceLine or None
        None when there is no run.

    Notes
    -----
    *Assumes:* runs are independent of one another; numbers run without gaps.
    *Not for:* what was made after the newest item seen.
    """
    if not blocks:
        return None
    rests = tuple(Reference("item", i.item_id) for b in blocks for i in b.items)
    told = [b for b in blocks if b.result.refused is None]
    n_open = len(blocks) - len(told)
    silent = f"; {n_open} more {'run' if n_open == 1 else 'runs'} cannot be told" if n_open else ""
    names = ", ".join(sorted({b.name for b in told or blocks}))
    name = f"serials {names}" if not is_part else f"serials {names} of parts of it"
    if not told:
        return EvidenceLine(name=name, kind="serials", rests_on=rests, reading=blocks[0].result.refused.why if
                            blocks[0].result.refused else "")  # fmt: skip
    days = [b.seen_on for b in told]
    seen = max((d for d in days if d is not None), default=None)
    if day is not None and any(d is None or d > day for d in days):
        floors = [b.floor_by(day) for b in told]
        seen_least = sum(f for f in floors if f is not None)
        if seen_least == 0:
            return EvidenceLine(name=name, kind="serials", reading=f"no item of these runs existed by {day}",
                                rests_on=rests)  # fmt: skip
        return EvidenceLine(
            name=name, kind="serials", low=float(seen_least), rests_on=rests, speaks_to=day,
            reading=f"the numbers of items that existed by {day} span {seen_least}; those found later say nothing of "
            f"that day{silent}",
        )  # fmt: skip
    prior: Prior = "1/N2" if len(told) >= MANY_RUNS else told[0].prior
    runs = [
        run_posterior([i.number for i in b.items], start=b.start, prior=prior,
                      n_independent=len({i.incident_id for i in b.items}))
        for b in told
    ]  # fmt: skip
    total = total_of_runs(runs)
    answer = np.array([float(total.quantile(float(q))) for q in LEVELS])
    least = (
        float(sum(b.floor_by(day) or 0 for b in told)) if day is not None and seen is not None else float(total.least)
    )
    low = max(least, float(total.least))
    of = f"{len(told)} runs, prior {prior}" if len(told) > 1 else f"one run, prior {prior}"
    if is_part:
        return EvidenceLine(name=name, kind="serials", low=low, rests_on=rests, speaks_to=seen,
                            reading=f"{of}: a part of {scope} is at most all of it{silent}")  # fmt: skip
    return EvidenceLine(
        name=name, kind="serials", low=low, point=float(total.quantile(0.5)), high=float(total.quantile(0.975)),
        answer=answer, rests_on=rests, speaks_to=seen,
        reading=f"{of}: from the fewest to the 97.5% quantile, when the newest seen had been made{silent}",
    )  # fmt: skip


def use_line(
    counts: Sequence[UseCount], allow: Allowances, imports: tuple[float | None, str], day: date | None
) -> EvidenceLine | None:
    """At least how many had been made, if so many were launched: after decoys, imports and stock?

    Parameters
    ----------
    counts : sequence of UseCount
        Of the scope; one source's counts are not added to another's: the largest stands.
    allow : Allowances
    imports : (float or None, str)
        At most so many were brought in, and on what that rests; None: unknown.
    day : date or None

    Returns
    -------
    EvidenceLine or None
        None when nothing is counted.

    Notes
    -----
    *Assumes:* every launch was one item; what was launched had been made, brought in or in stock.
    *Not for:* how many at most: what lies in stock was not launched.
    """
    if not counts:
        return None
    rests = tuple(Reference("use", _use_key(r)) for c in counts for r in c.rows)
    by_source: dict[str, tuple[float, float, bool]] = {}
    for c in counts:
        n = float(c.launched_by(day))
        plain, decoyed, unsaid = by_source.get(c.source_id, (0.0, 0.0, False))
        if c.includes_decoys:
            decoyed += n
        else:
            plain += n
        by_source[c.source_id] = (plain, decoyed, unsaid or (c.includes_decoys is None and n > 0))
    share = allow.decoy_high
    best, said = 0.0, ""
    for source, (plain, decoyed, unsaid) in sorted(by_source.items()):
        left = plain + (decoyed * (1 - share) if share is not None else 0.0)
        if left >= best:
            best = left
            said = f"{plain + decoyed:.0f} launched by the count of {source}"
            if decoyed:
                said += (
                    f", {decoyed:.0f} of them with decoys, at most {share:.0%} of those".replace("%", " %")
                    if share is not None else f", {decoyed:.0f} of them with an unknown share of decoys, left out"
                )  # fmt: skip
            if unsaid:
                said += ", where it is not said whether decoys are counted they are taken not to be"
    most, why = imports
    if most is None:
        return EvidenceLine(
            name="use", kind="use", rests_on=rests, speaks_to=day,
            reading=f"{said}; how many were brought in is not known ({why}), so nothing follows for what was made",
        )  # fmt: skip
    least = floor(best - most - allow.opening_stock)
    stock = f", {allow.opening_stock:.0f} from stock" if allow.opening_stock else ""
    reading = f"{said}; less at most {most:.0f} brought in ({why}){stock}"
    if least <= 0:
        return EvidenceLine(
            name="use", kind="use", rests_on=rests, speaks_to=day, reading=f"{reading}: nothing is left"
        )
    return EvidenceLine(name="use", kind="use", low=float(least), rests_on=rests, speaks_to=day, reading=reading)


def _use_key(row: Mapping[str, Any]) -> str:
    return "|".join(str(row[name]) for name in ("period", "designation", "source_id"))


def claim_lines(
    scope: str, claims: pl.DataFrame, roots: Mapping[str, str], allow: Allowances, day: date
) -> tuple[EvidenceLine, ...]:
    """What does each root claim of this scope, by this day: totals, and rates and capacities over their time?

    Parameters
    ----------
    scope : str
    claims : polars.DataFrame
        `claim`.
    roots : mapping of str to str
        Claim → its root: however many carry it, it is one voice.
    allow : Allowances
    day : date

    Returns
    -------
    tuple of EvidenceLine
        One a root with a number of what was made.

    Notes
    -----
    *Assumes:* a total without a beginning counts from the beginning, up to the end of its period or the day it was
    said; a rate holds over all of its period, and a capacity is never exceeded in its.
    *Not for:* a rate without a time: it is of no number of items.
    """
    mine = claims.filter(
        (pl.col("topic") == "production.made")
        & (pl.col("stance").is_null() | (pl.col("stance") == "assert"))
        & pl.col("measure").is_not_null()
        & pl.any_horizontal(pl.col("quantity_low", "quantity_high").is_not_null())
    ).sort("claim_id")
    own: dict[str, list[Mapping[str, Any]]] = {}
    for row in mine.iter_rows(named=True):
        if is_same(row["scope"], scope):
            own.setdefault(roots.get(row["claim_id"], row["source_id"]), []).append(row)
    return tuple(_root_line(root, own[root], allow, day) for root in sorted(own))


@dataclass(frozen=True, slots=True)
class _Stretch:
    """What one claim says of one time: from None is from the beginning."""

    since: date | None
    until: date
    low: float | None
    high: float | None


def _root_line(root: str, rows: Sequence[Mapping[str, Any]], allow: Allowances, day: date) -> EvidenceLine:
    name = f"claims of {root}"
    rests = tuple(Reference("claim", r["claim_id"]) for r in rows)
    foreign = sorted({str(r["unit"]) for r in rows if not counts_things(r["unit"])})
    rows = [r for r in rows if counts_things(r["unit"])]
    if not rows:
        return EvidenceLine(name=name, kind="claims", reading=f"{', '.join(foreign)} count no items", rests_on=rests)
    stretches = [s for r in rows if (s := _stretch(r)) is not None]
    n_untimed = len(rows) - len(stretches)
    end = day + timedelta(days=1)
    in_time = sorted((s for s in stretches if s.until <= end), key=lambda s: (s.until, s.since or date.min))
    best: tuple[float, float | None, str, date | None] = (0.0, None, "", None)
    for base in [None, *(s for s in in_time if s.since is None)]:
        found = _chain(base, in_time, end)
        # More is more telling; of as many, the one with both ends.
        if (found[0], found[1] is not None) > (best[0], best[1] is not None):
            best = found
    low, high, reading, until = best
    caps = [s.high for s in stretches if s.high is not None and s.since is None and s.until >= end]
    if caps and (high is None or min(caps) < high):
        high = min(caps)
        reading = (reading + "; " if reading else "") + f"at most {high:.0f} in all, said of a later day"
    if not low and high is None:
        why = (
            "a rate or capacity without a time is of no number of items"
            if n_untimed
            else f"nothing said of a time by {day}"
        )
        return EvidenceLine(name=name, kind="claims", reading=why, rests_on=rests)
    answer = None
    if low and high is not None and low <= high:
        answer = even_between(low * (1 - allow.claim_error), high * (1 + allow.claim_error))
        reading += f", each number within {allow.claim_error:.0%}".replace("%", " %")
        return EvidenceLine(
            name=name, kind="claims", low=float(np.quantile(answer, 0.025)), high=float(np.quantile(answer, 0.975)),
            point=(low + high) / 2, answer=answer, reading=reading, speaks_to=until, rests_on=rests,
        )  # fmt: skip
    return EvidenceLine(name=name, kind="claims", low=low or None, high=high, reading=reading, speaks_to=until,
                        rests_on=rests)  # fmt: skip


def _stretch(row: Mapping[str, Any]) -> _Stretch | None:
    since, until = row["period_from"], row["period_until"]
    low, high = row["quantity_low"], row["quantity_high"]
    if row["measure"] == "total":
        if until is None:
            until = row["said_until"]
        return None if until is None else _Stretch(since, until, low, high)
    if since is None or until is None or row["per"] not in _DAYS:
        return None
    times = (until - since).days / _DAYS[row["per"]]
    least = None if low is None or row["measure"] == "capacity" else low * times
    return _Stretch(since, until, least if least is not None else 0.0, None if high is None else high * times)


def _chain(
    base: _Stretch | None, stretches: Sequence[_Stretch], end: date
) -> tuple[float, float | None, str, date | None]:
    """A total from the beginning, and what came after it, no day twice; both ends if at most a month is open."""
    low, high = (0.0, None) if base is None else (base.low or 0.0, base.high)
    at = None if base is None else base.until
    is_whole = base is not None
    parts = 0 if base is None else 1
    for s in stretches:
        if s.since is None or (at is not None and s.since < at):
            continue
        if at is None or (s.since - at).days > NEAR_DAYS:
            is_whole = False
        low += s.low or 0.0
        high = None if high is None or s.high is None else high + s.high
        at, parts = s.until, parts + 1
    if at is None:
        return 0.0, None, "", None
    if not is_whole or (end - at).days > NEAR_DAYS:
        high = None
    reading = f"{ceil(low)} or more" if high is None else f"{ceil(low)} to {floor(high)}"
    spoken = at - timedelta(days=1)
    return (
        low,
        high,
        f"{reading} by {spoken}, from {parts} {'claim' if parts == 1 else 'claims that share no day'}",
        spoken,
    )


def is_same(a: str | None, b: str) -> bool:
    """Whether two words for a scope are the same, whatever their case.

    Parameters
    ----------
    a : str or None
    b : str

    Returns
    -------
    bool

    Notes
    -----
    *Assumes:* the same words mean the same.
    *Not for:* umbrella words: `umbrellas_of`.

    Examples
    --------
    >>> is_same("Geran-2 ", "geran-2"), is_same(None, "x")
    (True, False)
    """
    return a is not None and a.casefold().strip() == b.casefold().strip()
