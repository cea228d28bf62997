"""How long things of a case take to become known, and how many of each quarter are still to come.

Invariant: delays end on the day a thing became known; one item stands for an incident; where the record is too short to
tell, a stated default is used and named as one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from taggant.errors import InputError
from taggant.estimation.delay_terms import FEWEST, Delay, delay_assumptions, delay_sensitivity, posterior_of
from taggant.estimation.made_dates import NEWEST_PARTS, ON_ITEMS, MadeDate, known_day, made_dates
from taggant.model.derived_tables import DERIVED
from taggant.model.finding import Answer, Finding, Reference, StatedValue
from taggant.model.result import Beside, Diagnostic, Interval, LeftOut, Refusal, Result
from taggant.model.tables import frame_schema
from taggant.statistics.delays import DelayPosterior
from taggant.statistics.nowcast import multiplied_counts, thinned_counts

if TYPE_CHECKING:
    from taggant.model.tables import Table

METHOD, VERSION = "delay-truncated-v1", "1"
DEFAULT_LAG90 = 365
"""Days within which nine in ten become known, where nothing better is known: a stated default, no measurement."""
SEED = 20261128
WIDEST = 6.0
"""A lag is used when its 95% interval spans at most so many times its low end (our choice)."""
_DRAWS = 400


@dataclass(frozen=True, slots=True)
class Lag:
    """Within how many days nine in ten become known; `is_estimated` False: the stated default."""

    days: int
    low: float | None
    high: float | None
    is_estimated: bool
    why: str


def estimate_delays(
    *, item: Table, marking: Table, item_assembly: Table, as_of: date | None, default_lag90_days: str = "365"
) -> Answer:
    """How long do things take to become known, and how many of those made lately are still to come?

    Parameters
    ----------
    item, marking, item_assembly : Table
        As declared in `model`.
    as_of : date or None
        The cut of the data; without it no delay can be judged against what there was time for.
    default_lag90_days : str
        What is used where the record cannot tell.

    Returns
    -------
    Answer
        Tables `recovery_delay`, `delay_law` and `delay_nowcast`; one finding for each sort of date.

    Raises
    ------
    InputError
        The default is no whole number.

    Notes
    -----
    *Assumes:* what `taggant.statistics.delays.delay_posterior` assumes; things of one incident became known together.
    *Not for:* assembly, where only the newest part is dated: that delay is from the part on.

    Examples
    --------
    >>> from taggant.model.typed_tables import TYPED
    >>> schemas = [TYPED["item"], TYPED["marking"], DERIVED["item_assembly"]]
    >>> tables = {s.name: pl.DataFrame(schema=frame_schema(s)).lazy() for s in schemas}
    >>> [f.statement for f in estimate_delays(**tables, as_of=None).findings]
    ['how-many.delay.refused', 'how-many.delay.refused']
    """
    if not default_lag90_days.isdigit() or int(default_lag90_days) == 0:
        raise InputError(
            f"default_lag90_days={default_lag90_days!r} is no whole number above 0",
            next="Give for example default_lag90_days=365",
        )
    items = {row["item_id"]: row for row in item.collect().sort("item_id").iter_rows(named=True)}
    made = made_dates(items, marking.collect(), item_assembly.collect())
    laws, nowcasts, findings = [], [], []
    for basis in (ON_ITEMS, NEWEST_PARTS):
        own = {name: m for name, m in made.items() if m.basis == basis}
        delays, left = _delays(items, own, as_of)
        finding, law, nowcast = _of_basis(basis, delays, left, as_of, int(default_lag90_days))
        findings.append(finding)
        laws.append({**law, "n_items": sum(_dated(items[n], m) for n, m in own.items())})
        nowcasts += nowcast
    return Answer(
        {
            "recovery_delay": pl.DataFrame(_rows(items, made), schema=frame_schema(DERIVED["recovery_delay"])),
            "delay_law": pl.DataFrame(laws, schema=frame_schema(DERIVED["delay_law"])),
            "delay_nowcast": pl.DataFrame(nowcasts, schema=frame_schema(DERIVED["delay_nowcast"])),
        },
        tuple(findings),
    )


def lag_of(delay_law: pl.DataFrame, *bases: str) -> Lag:
    """Within how many days do nine in ten become known, by the first of these sorts of date that can tell?

    Parameters
    ----------
    delay_law : polars.DataFrame
        Table `delay_law`.
    bases : str
        Sorts of date, the one most wanted first.

    Returns
    -------
    Lag
        The default, with the reason, when none can tell.

    Notes
    -----
    *Assumes:* a delay from the newest part on is no shorter than one from assembly on.
    *Not for:* other cases than the table's.

    Examples
    --------
    >>> lag_of(pl.DataFrame(schema=frame_schema(DERIVED["delay_law"])), "newest parts").days
    365
    """
    rows = {r["basis"]: r for r in delay_law.iter_rows(named=True)}
    for basis in bases:
        row = rows.get(basis)
        if row is not None and row["state"] == "estimated":
            return Lag(
                round(row["lag90_days"]), row["lag90_low_days"], row["lag90_high_days"], True,
                f"estimated from {row['n_used']} incidents by {basis}",
            )  # fmt: skip
    told = [rows[b] for b in bases if b in rows]
    days = round(told[0]["lag90_days"]) if told else DEFAULT_LAG90
    return Lag(days, None, None, False, told[0]["why"] if told else "no delay was looked at")


def _dated(row: Mapping[str, Any], made: MadeDate) -> bool:
    day = known_day(row)
    return day is not None and made.made_from <= day


def _rows(items: Mapping[str, Mapping[str, Any]], made: Mapping[str, MadeDate]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for name in sorted(made):
        m, day = made[name], known_day(items[name]) if name in items else None
        if day is None or m.made_from > day:
            continue
        is_part = m.basis == NEWEST_PARTS
        rows.append({
            "item_id": name, "made_from": m.made_from, "made_until": None if is_part else m.made_until, "known_on": day,
            "low_days": 0 if is_part else max(0, (day - m.made_until).days + 1),
            "high_days": (day - m.made_from).days, "basis": "newest part" if is_part else "date on the item",
        })  # fmt: skip
    return rows


def _delays(
    items: Mapping[str, Mapping[str, Any]], made: Mapping[str, MadeDate], cut: date | None
) -> tuple[list[Delay], list[LeftOut]]:
    """One delay an incident, of the kind most are of; the first by name stands for it, whatever its delay."""
    usual = Counter(items[n]["kind"] for n, m in made.items() if n in items and _dated(items[n], m))
    kind = max(sorted(usual, key=str), key=lambda k: usual[k], default=None)
    found: dict[str, Delay] = {}
    counts = {"kind": 0, "open": 0, "before": 0, "after": 0, "same": 0}
    for name, m in sorted(made.items()):
        row = items.get(name)
        if row is None or (day := known_day(row)) is None:
            continue
        if row["kind"] != kind:
            counts["kind"] += 1
            continue
        since = row["known_from"] if row["known_until"] is not None else row["recovered_from"]
        if since is None:
            counts["open"] += 1
        elif m.made_from > day:
            counts["before"] += 1
        elif cut is not None and day > cut:
            counts["after"] += 1
        else:
            incident = row["incident_id"] or row["part_of"] or name
            if incident in found:
                counts["same"] += 1
                continue
            found[incident] = Delay(name, row["kind"] or "item", incident, m, since, day, row["known_until"] is None)
    left = [
        LeftOut(f"of another kind than most, which are {kind}", counts["kind"]),
        LeftOut("the day it became known is open on one side", counts["open"]),
        LeftOut("it was known before it can have been made", counts["before"]),
        LeftOut("it became known after the day of the case", counts["after"]),
        LeftOut("another item of the same incident stands for it", counts["same"]),
    ]
    return list(found.values()), [x for x in left if x.n]


def _what(basis: str) -> str:
    return "a date on the item" if basis == ON_ITEMS else "a dated newest part"


def _of_basis(
    basis: str, delays: Sequence[Delay], left: list[LeftOut], cut: date | None, default: int
) -> tuple[Finding, dict[str, object], list[dict[str, object]]]:
    supports = tuple(Reference("item", d.item_id) for d in delays)
    n_recovery = sum(d.is_recovery_only for d in delays)
    name = "items" if basis == ON_ITEMS else "parts"
    law: dict[str, object] = {
        "basis": basis, "state": "default", "n_used": len(delays), "n_recovery_only": n_recovery,
        "lag90_days": float(default),
    }  # fmt: skip
    posterior: DelayPosterior | None = None
    why, enough = "", ""
    if cut is None:
        why, enough = "the case names no day up to which it knows", "as_of in case.toml"
    elif len(delays) < FEWEST:
        have = "incident has" if len(delays) == 1 else "incidents have"
        why = f"{len(delays)} {have} {_what(basis)} and the day it became known: too few to tell a tail by"
        enough = f"{FEWEST - len(delays)} more incidents with both days"
    else:
        posterior = posterior_of(delays, cut)
        low, high = posterior.lag(0.9, 0.025), posterior.lag(0.9, 0.975)
        if high > WIDEST * low:
            span = f"{low:.0f} to {high:.0f} days"
            why = f"by {len(delays)} incidents, nine in ten become known within anything from {span}"
            enough = "more incidents, or a longer time over which they were looked for"
    values: dict[str, StatedValue] = {
        "of": StatedValue(_what(basis)), "n": StatedValue(len(delays), "incidents", supports),
        "default": StatedValue(default, "days"),
    }  # fmt: skip
    finding_id = f"how-many:delay:{name}"
    shared: dict[str, Any] = {
        "method": METHOD, "version": VERSION, "n_used": len(delays), "left_out": tuple(left),
        "parameters": {"fewest": FEWEST, "widest": str(WIDEST), "level": "0.95", "default_lag90_days": default},
    }  # fmt: skip
    if posterior is not None and cut is not None:
        law |= _told(posterior)
    if why or posterior is None or cut is None:
        law |= {"why": why, "enough": enough, "lag90_days": float(default)}
        refused = Refusal(f"{why}; {default} days are used instead, a stated default", enough)
        result = Result(refused=refused, **shared)
        values |= {"why": StatedValue(why), "enough": StatedValue(enough)}
        finding = Finding(finding_id=finding_id, question="how-many", on=cut, statement="how-many.delay.refused",
                          values=values, result=result, supports=supports)  # fmt: skip
        return finding, law, [] if posterior is None or cut is None else _nowcast(basis, delays, posterior, cut)
    law["state"] = "estimated"
    low, point, high = (posterior.lag(0.9, q) for q in (0.025, 0.5, 0.975))
    values |= {
        "low": StatedValue(round(low), "days", supports), "median": StatedValue(round(point), "days", supports),
        "high": StatedValue(round(high), "days", supports),
        "half": StatedValue(round(posterior.lag(0.5, 0.5)), "days", supports),
        "window": StatedValue(round(posterior.window), "days"),
    }  # fmt: skip
    result = Result(
        headline=Interval(low=round(low), point=round(point), point_is="median of belief", high=round(high), level=0.95,
                          interval="equal-tailed, of the time within which nine in ten become known", unit="days"),
        quantiles={str(q): round(posterior.lag(0.9, q)) for q in (0.025, 0.25, 0.5, 0.75, 0.975)},
        seed=SEED, beside=_beside(posterior), assumptions=delay_assumptions(basis, delays, posterior, n_recovery),
        diagnostics=(
            Diagnostic("best law", f"{posterior.best.family}, mean {posterior.best.mean:.0f} days, "
                       f"shape {posterior.best.shape:.2f}", "of two families, each with any mean and shape of a grid"),
            Diagnostic("belief in the gamma family", round(posterior.p_gamma, 3), "even before"),
            Diagnostic("half become known within", round(posterior.lag(0.5, 0.5)), "days, median of belief"),
        ),
        sensitivity=delay_sensitivity(delays, cut), **shared,
    )  # fmt: skip
    finding = Finding(finding_id=finding_id, question="how-many", on=cut, statement="how-many.delay", values=values,
                      result=result, supports=supports)  # fmt: skip
    return finding, law, _nowcast(basis, delays, posterior, cut)


def _told(posterior: DelayPosterior) -> dict[str, object]:
    best = posterior.best
    drawn = posterior.bootstrap_lags(0.9, np.random.default_rng(SEED))
    return {
        "window_days": round(posterior.window), "median_days": posterior.lag(0.5, 0.5),
        "lag90_low_days": posterior.lag(0.9, 0.025), "lag90_days": posterior.lag(0.9, 0.5),
        "lag90_high_days": posterior.lag(0.9, 0.975), "bootstrap_low_days": float(np.quantile(drawn, 0.025)),
        "bootstrap_high_days": float(np.quantile(drawn, 0.975)), "family": best.family, "mean_days": best.mean,
        "shape": best.shape,
    }  # fmt: skip


def _beside(posterior: DelayPosterior) -> tuple[Beside, ...]:
    drawn = posterior.bootstrap_lags(0.9, np.random.default_rng(SEED))
    low, point, high = (round(float(np.quantile(drawn, q))) for q in (0.025, 0.5, 0.975))
    return (Beside("bootstrap of the best law", VERSION, point, low, high),)


def _nowcast(basis: str, delays: Sequence[Delay], posterior: DelayPosterior, cut: date) -> list[dict[str, object]]:
    """Counts by quarter of making, and how many will be known in the end."""
    middles = [d.made.made_from + (d.made.made_until - d.made.made_from) / 2 for d in delays]
    quarters = _quarters(min(middles), cut)
    seen = np.array([sum(a <= m < b for m in middles) for a, b in quarters])
    rng = np.random.default_rng(SEED)
    parts = 6
    ages = [
        (cut - a).days + 1 - (min(b, cut + timedelta(days=1)) - a).days * (j + 0.5) / parts
        for a, b in quarters for j in range(parts)
    ]  # fmt: skip
    draws = posterior.known_by(ages, rng, _DRAWS).reshape(_DRAWS, len(quarters), parts).mean(axis=2)
    share = draws.mean(axis=0)
    # What a quarter holds before its own count is looked at: the mean of all, and as wide as that mean.
    mean = max(float(seen.sum()) / max(float(share.sum()), 1e-9), 0.1)
    found = thinned_counts(seen, draws, mean=mean, variance=mean + mean**2)
    multiplied = multiplied_counts(seen, np.maximum(share, 1e-12))
    return [
        {
            "basis": basis, "from_on": a, "until_on": b, "n_seen": int(y), "share_known": float(f), "low": int(q[0]),
            "point": int(q[1]), "high": int(q[2]), "multiplied": float(x),
        }
        for (a, b), y, f, q, x in zip(quarters, seen, share, found, multiplied, strict=True)
    ]  # fmt: skip


def _quarters(first: date, last: date) -> list[tuple[date, date]]:
    found = []
    year, month = first.year, 3 * ((first.month - 1) // 3) + 1
    while (begin := date(year, month, 1)) <= last:
        year, month = (year + 1, 1) if month == 10 else (year, month + 3)
        found.append((begin, date(year, month, 1)))
    return found
