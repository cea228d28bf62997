"""Claims as constraints on a latent monthly production by type, and whether they can all hold: a linear programme.

Invariant: nothing is averaged; a set of claims can hold together exactly when some non-negative monthly production by
type meets every constraint.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from taggant.claims.scopes import scope_of
from taggant.model.dates import DateRange

PER_MONTH = {"day": 365.25 / 12, "week": 365.25 / 84, "month": 1.0, "year": 1 / 12}
SAID_REACH = 1
"""A rate without a period holds in the month it was said and so many on each side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How one claim is read: a constraint on monthly production.

    Attributes
    ----------
    claim_id : str
    world : str
        `made` or `planned`: a plan is no constraint on what was made.
    measure : str
        `total`: the sum over its months; `rate`: each of its months, or their mean; `capacity`: no month is above.
    low, high : float or None
        Items: in all for a total, a month for a rate or capacity.
    months : tuple of int
        Its months, counted from year 0.
    types : tuple of str
        Types it is the sum of.
    is_mean : bool
        Whether a rate is the mean of its months, not the level of each.
    is_umbrella : bool
        Whether it may have meant more types than the main one.
    is_dated : bool
        Whether the source says for which time.
    stated : float
        The number as said, for comparing.
    said_month : int or None
        When it was said.
    """

    claim_id: str
    world: str
    family: str
    measure: str
    low: float | None
    high: float | None
    months: tuple[int, ...]
    types: tuple[str, ...]
    stated: float
    is_mean: bool = False
    is_umbrella: bool = False
    is_dated: bool = True
    said_month: int | None = None


def _month_number(on: date) -> int:
    """Give the month of a day, counted from year 0."""
    return on.year * 12 + on.month - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantified:
    """What of a claim bears on production.

    Attributes
    ----------
    per, measure, low, high, period
        As in the table `claim`.
    said_from, said_until : date or None
        When it was said, half-open.
    """

    claim_id: str
    topic: str | None
    scope: str | None
    stance: str | None
    measure: str | None
    per: str | None
    low: float | None
    high: float | None
    period: DateRange | None
    said_from: date | None
    said_until: date | None


def readings(claims: Sequence[Quantified], *, until: date | None = None) -> tuple[Reading, ...]:
    """How does each claim about production read as a constraint?

    Parameters
    ----------
    claims : sequence of Quantified
    until : date or None
        Planned rates without an end hold until then at most.

    Returns
    -------
    tuple of Reading
        In the order of their names. Denials, claims without a number and claims without any day are left out.

    Notes
    -----
    Assumes: the plain reading: a family's umbrella word means its main type; a rate holds in each month of its time; a
    rate or capacity without a period holds in the month it was said and one on each side; a planned rate without a
    period from the day it was said until the last planned deadline of its family; a total without a beginning counts
    from the first month anybody in its family speaks of.
    Not for: claims about use or transfer: they are no production.

    Examples
    --------
    >>> base = dict(topic="production.made", scope="Kestrel", stance="assert", said_from=date(2025, 8, 8),
    ...             said_until=date(2025, 8, 9), period=None, high=None)
    >>> r, = readings([Quantified(claim_id="a", measure="rate", per="month", low=5500.0, **base)])
    >>> r.low, len(r.months), r.types
    (5500.0, 3, ('Kestrel',))
    """
    some = [c for c in sorted(claims, key=lambda c: c.claim_id) if _bears(c)]
    first: dict[str, int] = {}
    deadline: dict[str, int] = {}
    for c in some:
        family = scope_of(c.scope or "").family
        for on in (c.period.from_on if c.period else None, c.period.last_on if c.period else None, c.said_from):
            if on is not None:
                first[family] = min(first.get(family, 10**6), _month_number(on))
        if c.topic == "production.plan" and c.period is not None and c.period.last_on is not None:
            deadline[family] = max(deadline.get(family, 0), _month_number(c.period.last_on))
    last = None if until is None else _month_number(until)
    return tuple(r for c in some if (r := _reading(c, first, deadline, last)) is not None)


def _bears(c: Quantified) -> bool:
    return (
        c.topic in {"production.made", "production.plan"}
        and c.scope is not None
        and c.stance in {"assert", "plan", None}
        and (c.low is not None or c.high is not None)
        and (c.period is not None or c.said_from is not None or c.said_until is not None)
    )


def _reading(c: Quantified, first: dict[str, int], deadline: dict[str, int], last: int | None) -> Reading | None:
    scope = scope_of(c.scope or "")
    is_planned = c.topic == "production.plan"
    measure = c.measure or ("rate" if c.per else "total")
    if measure != "total" and c.per is None:
        return None
    factor = PER_MONTH[c.per] if measure != "total" and c.per else 1.0
    said = c.said_from or c.said_until
    start = c.period.from_on if c.period else None
    end = c.period.last_on if c.period else None
    if measure == "total":
        # Without a period the sum up to the day it was said; a plan without a day for it says nothing of a month.
        if end is None and (is_planned or said is None):
            return None
        a = _month_number(start) if start else first.get(scope.family, 0)
        b = _month_number(end) if end else _month_number(said) if said else 0
    elif c.period is not None and (start is not None or end is not None):
        near = start or end or said
        assert near is not None
        a = _month_number(start) if start else _month_number(end or near)
        b = _month_number(end) if end else max(a, _month_number(said) if said else a)
    elif is_planned and said is not None and scope.family in deadline:
        a = _month_number(said)
        b = max(a, min(deadline[scope.family], a + 36))
    elif said is not None:
        a, b = _month_number(said) - SAID_REACH, _month_number(said) + SAID_REACH
    else:
        return None
    if last is not None and not is_planned:
        b = max(a, min(b, last))
    if a > b:
        return None
    stated = c.low if c.low is not None else c.high
    assert stated is not None
    low = None if c.low is None or measure == "capacity" else c.low * factor
    high = None if c.high is None else c.high * factor
    return Reading(
        claim_id=c.claim_id, world="planned" if is_planned else "made", family=scope.family, measure=measure, low=low,
        high=high, months=tuple(range(a, b + 1)), types=scope.types, stated=stated, is_umbrella=scope.is_umbrella,
        is_dated=c.period is not None, said_month=None if said is None else _month_number(said),
    )  # fmt: skip


def slack_needed(some: Sequence[Reading], *, only: str | None = None) -> float:
    r"""By which share must every number give way so that all these hold together?

    .. math:: \min s \ge 0 : \quad \text{low}_c (1 - s) \le \sum_{q \in c} \sum_{t \in c} n_{q,t}
              \le \text{high}_c (1 + s), \qquad n_{q,t} \ge 0

    with :math:`n_{q,t}` the production of type :math:`t` in month :math:`q`; a rate is bound in each month (or in their
    mean, for `is_mean`), a capacity is an upper bound in each month.

    Parameters
    ----------
    some : sequence of Reading
        Of one world.
    only : str or None
        The one claim that may give way; None: all, by the same share.

    Returns
    -------
    float
        0 when they hold as they stand; infinity when no share up to 1 helps (a number above zero against zero).

    Notes
    -----
    Assumes: production is never negative.
    Not for: telling what was made.

    References
    ----------
    .. [1] Huangfu, Q., Hall, J. A. J. (2018). Parallelizing the dual revised simplex method. *Math. Program. Comput.*
       10, 119-142. https://doi.org/10.1007/s12532-017-0130-5

    Examples
    --------
    >>> from dataclasses import replace
    >>> whole = Reading(claim_id="a", world="made", family="k", measure="total", low=100.0, high=100.0, months=(1, 2),
    ...                 types=("k",), stated=100.0)
    >>> part = replace(whole, claim_id="b", months=(1,), low=150.0, high=None)
    >>> slack_needed([whole]), round(slack_needed([whole, part]), 3)
    (0.0, 0.2)
    """
    from scipy.optimize import linprog

    cells = {(q, t): n for n, (q, t) in enumerate(sorted({(q, t) for r in some for q in r.months for t in r.types}))}
    rows: list[tuple[list[int], float, float, float]] = []
    for r in some:
        gives = only is None or r.claim_id == only
        for months, scale in _bound_months(r):
            at = [cells[q, t] for q in months for t in r.types]
            if r.low is not None and r.low > 0:
                rows.append((at, -1.0, -r.low * scale, -r.low * scale * gives))
            if r.high is not None:
                rows.append((at, 1.0, r.high * scale, -r.high * scale * gives))
    if not rows:
        return 0.0
    from scipy.sparse import coo_matrix

    i = [n for n, (at, *_) in enumerate(rows) for _ in at]
    j = [k for at, *_ in rows for k in at]
    v = [sign for at, sign, *_ in rows for _ in at]
    slack_at = len(cells)
    i += range(len(rows))
    j += [slack_at] * len(rows)
    v += [slack for *_, slack in rows]
    matrix = coo_matrix((v, (i, j)), shape=(len(rows), slack_at + 1)).tocsr()
    cost = np.zeros(slack_at + 1)
    cost[slack_at] = 1.0
    bounds = [(0, None)] * slack_at + [(0, 1)]
    solved = linprog(cost, A_ub=matrix, b_ub=[b for _, _, b, _ in rows], bounds=bounds, method="highs")
    if not solved.success:
        return math.inf
    return float(solved.fun) if solved.fun > 1e-9 else 0.0


def _bound_months(r: Reading) -> Iterator[tuple[tuple[int, ...], float]]:
    """Each group of months a constraint binds, and what its number is multiplied with."""
    if r.measure == "total":
        yield r.months, 1.0
    elif r.measure == "rate" and r.is_mean:
        yield r.months, float(len(r.months))
    else:
        for q in r.months:
            yield (q,), 1.0
