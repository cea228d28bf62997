"""Which number fits several claims about one quantity: an interval error model, each root once.

Invariant: claims of different measure, per or scope are never fitted together; a number is never the mean of claims.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from taggant.errors import InputError, NotEnoughData
from taggant.model.derived_tables import DERIVED
from taggant.model.finding import Answer
from taggant.model.tables import frame_schema

if TYPE_CHECKING:
    from taggant.model.tables import Table

SD_LOG = 0.25
_DROP = 1.92  # half the 95 % quantile of chi-squared with one degree
_STEPS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """The numbers several claims leave.

    Attributes
    ----------
    best_low, best_high : float or None
        Where the fit is best; a stretch when all claims hold there, None where nothing bounds it.
    low, high : float or None
        Where the fit is at most 1.92 in log likelihood worse.
    misfit : float
        Log likelihood lost at the best: 0 when one number fits all.
    """

    best_low: float | None
    best_high: float | None
    low: float | None
    high: float | None
    misfit: float


def fit_number(intervals: Sequence[tuple[float | None, float | None]], *, sd_log: float = SD_LOG) -> Fit:
    r"""Which number fits these claims, if each errs by some share of it?

    .. math:: \ell(N) = -\tfrac12 \sum_i (d_i / \sigma)^2, \qquad
              d_i = \max\bigl(0,\ \ln(\text{low}_i/N),\ \ln(N/\text{high}_i)\bigr)

    Parameters
    ----------
    intervals : sequence of (low, high)
        What each root says, above 0; None: open on that side.
    sd_log : float
        :math:`\sigma`, how far off such claims are, in natural log.

    Returns
    -------
    Fit

    Raises
    ------
    NotEnoughData
        Fewer than two claims.
    InputError
        A number or the spread is not above zero.

    Notes
    -----
    *Assumes:* claims speak of one quantity and err apart, upward as often as downward; 0.25 is a choice, not a
    measurement.
    *Not for:* claims of different scope or time.

    Examples
    --------
    >>> fit = fit_number([(200.0, 250.0), (404.0, 404.0)])
    >>> round(fit.best_low), round(fit.misfit, 2)
    (318, 0.92)
    >>> fit_number([(300.0, None), (None, 500.0)]).best_low, fit_number([(300.0, None), (None, 500.0)]).misfit
    (300.0, 0.0)
    """
    if len(intervals) < 2:
        raise NotEnoughData(f"{len(intervals)} claims leave nothing to fit", enough="two roots that give a number")
    ends = [e for pair in intervals for e in pair if e is not None]
    if sd_log <= 0 or any(e <= 0 for e in ends):
        raise InputError("a number and the spread must be above zero", next="Leave out what is zero")
    lows = [math.log(a) for a, _ in intervals if a is not None]
    highs = [math.log(b) for _, b in intervals if b is not None]

    def lost(x: float) -> float:
        return 0.5 * sum(max(0.0, a - x) ** 2 for a in lows) / sd_log**2 + 0.5 * sum(
            max(0.0, x - b) ** 2 for b in highs
        ) / sd_log**2  # fmt: skip

    if not lows or not highs or max(lows) <= min(highs):
        best = (max(lows) if lows else None, min(highs) if highs else None)
        least = 0.0
    else:
        x = _least(lost, min(*lows, *highs), max(*lows, *highs))
        best, least = (x, x), lost(x)
    reach = 10 * sd_log + math.sqrt(2 * _DROP) * sd_log
    low = _edge(lost, best[0], -reach, least + _DROP) if lows and best[0] is not None else None
    high = _edge(lost, best[1], reach, least + _DROP) if highs and best[1] is not None else None
    return Fit(
        best_low=_number(best[0], ends), best_high=_number(best[1], ends), low=_number(low, ends),
        high=_number(high, ends), misfit=least,
    )  # fmt: skip


def _number(x: float | None, ends: Sequence[float]) -> float | None:
    """Out of the logarithm; a bound that a claim states is given as stated."""
    if x is None:
        return None
    value = math.exp(x)
    return next((e for e in ends if math.isclose(e, value, rel_tol=1e-9)), value)


def _least(lost: Any, a: float, b: float) -> float:
    """Where a convex function is least: by thirds."""
    for _ in range(_STEPS):
        c, d = a + (b - a) / 3, b - (b - a) / 3
        a, b = (a, d) if lost(c) <= lost(d) else (c, b)
    return (a + b) / 2


def _edge(lost: Any, start: float, reach: float, bound: float) -> float:
    """How far from the best the loss reaches the bound: by halves."""
    a, b = start, start + reach
    for _ in range(_STEPS):
        middle = (a + b) / 2
        a, b = (middle, b) if lost(middle) <= bound else (a, middle)
    return a


def fit_numbers(*, claim: Table, claim_root: Table, as_of: date | None) -> Answer:
    """For which quantities do several roots give a number, and which number fits them?

    Parameters
    ----------
    claim, claim_root : Table
        As declared in `model`.
    as_of : date or None
        Not used: each claim stands as said.

    Returns
    -------
    Answer
        Table `quantity_fit`: a row for each topic, scope, stance, unit, measure, per and year of at least two roots.

    Notes
    -----
    *Assumes:* what `fit_number` assumes; of several claims of one root the last said stands for it.
    *Not for:* saying which claim is right.
    """
    del as_of
    root = {r["claim_id"]: r["root"] for r in claim_root.collect().iter_rows(named=True)}
    groups: dict[tuple[Any, ...], dict[str, dict[str, Any]]] = defaultdict(dict)
    counts: dict[tuple[Any, ...], int] = defaultdict(int)
    for row in claim.collect().sort("said_from", "claim_id", nulls_last=False).iter_rows(named=True):
        ends = (row["quantity_low"], row["quantity_high"])
        if row["stance"] == "deny" or ends == (None, None) or any(e is not None and e <= 0 for e in ends):
            continue
        year = None if row["period_from"] is None else row["period_from"].year
        key = (row["topic"], row["scope"], row["stance"], row["unit"], row["measure"], row["per"], year)
        groups[key][root[row["claim_id"]]] = row  # a later saying of the same root stands for it
        counts[key] += 1
    rows = []
    for key, by_root in sorted(groups.items(), key=lambda g: str(g[0])):
        if len(by_root) < 2:
            continue
        fit = fit_number([(r["quantity_low"], r["quantity_high"]) for r in by_root.values()])
        topic, scope, stance, unit, measure, per, year = key
        rows.append({
            "quantity_id": ":".join(str(k) if k is not None else "–" for k in key), "topic": topic, "scope": scope,
            "stance": stance, "unit": unit, "measure": measure, "per": per, "year": year, "n_roots": len(by_root),
            "n_claims": counts[key], "best_low": fit.best_low, "best_high": fit.best_high, "low": fit.low,
            "high": fit.high, "misfit": fit.misfit, "sd_log": SD_LOG,
            "claims": sorted(r["claim_id"] for r in by_root.values()),
        })  # fmt: skip
    return Answer({"quantity_fit": pl.DataFrame(rows, schema=frame_schema(DERIVED["quantity_fit"]))})
