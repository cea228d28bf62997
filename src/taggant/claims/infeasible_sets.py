"""Sets of claims that cannot all hold, each as small as it can be, and the smallest single change that lets them.

Invariant: every claim of a set is needed for the clash: take any one away and the rest can hold together.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from taggant.claims.latent_months import Reading, slack_needed
from taggant.claims.scopes import DECOYS, OTHER

_UMBRELLA_MOVED = 0.5  # a claim that gives no time may be of another one: counted as half of what it says
_ALL = 0.999  # a claim that would be of other types altogether is no claim of this one
_SAME_PLAN_MONTHS = 12
"""A plan told more than so many months after another is a new plan, not a contradiction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """One change to one claim of a set after which all hold.

    Attributes
    ----------
    by : str
        `rounding`, `measure`, `period`, `scope` or `decoys`.
    claim_id : str
        The claim that is read otherwise.
    share : float
        Which share of what it says is let go, from 0 to 1.
    amount : float or None
        For scope and decoys: items (a month, or in all) that would be of other types; for a period: months let go.
    """

    by: str
    claim_id: str
    share: float
    amount: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """A set of claims that cannot all hold in the plain reading.

    Attributes
    ----------
    claim_ids : tuple of str
        Sorted.
    world, family : str
    slack_share : float
        By which share every number would have to give way.
    relaxations : tuple of Relaxation
        Each restores the set alone; the smallest first. Empty: no single change does.
    holds_as_means_and_sums : bool
        Whether they hold once rates are means over their time and umbrella words sums over types.
    """

    claim_ids: tuple[str, ...]
    world: str
    family: str
    slack_share: float
    relaxations: tuple[Relaxation, ...]
    holds_as_means_and_sums: bool


def clashes(some: Sequence[Reading]) -> tuple[Clash, ...]:
    """Which claims cannot all hold together, in sets as small as they can be, and what would let them?

    Parameters
    ----------
    some : sequence of Reading
        Of any worlds and families; only those of one world and family are compared.

    Returns
    -------
    tuple of Clash
        Every pair that clashes; sets of three and more as far as the search finds them: from each claim, those that
        clash with none of the others one by one are taken together, and what cannot hold is thinned to its core.

    Notes
    -----
    Assumes: what `latent_months.readings` assumes; a plan told more than a year after another is a new one. The
    smallest change lets go of the smallest share of what one claim says: of its number (rounding), of its months
    (period), of its number for other types (scope, decoys); a number that stands once as a total and once as a rate
    lets go of nothing but the measure.
    Not for: saying which claim is right.

    References
    ----------
    .. [1] Chinneck, J. W. (2008). *Feasibility and Infeasibility in Optimization*, ch. 6 (deletion filter). Springer.
       https://doi.org/10.1007/978-0-387-74932-7

    Examples
    --------
    >>> a = Reading(claim_id="a", world="made", family="k", measure="rate", low=5500.0, high=None, months=(1, 2, 3),
    ...             types=("k",), stated=5500.0, is_umbrella=True, is_dated=False)
    >>> b = replace(a, claim_id="b", low=None, high=2700.0, months=(2, 3, 4), is_umbrella=False, measure="capacity",
    ...             stated=2700.0)
    >>> [(c.claim_ids, c.relaxations[0].by, c.relaxations[0].amount) for c in clashes([a, b])]
    [(('a', 'b'), 'scope', 2800.0)]
    """
    groups: dict[tuple[str, str], list[Reading]] = {}
    for r in some:
        groups.setdefault((r.world, r.family), []).append(r)
    return tuple(c for _, group in sorted(groups.items()) for c in _of_group(group))


def _of_group(group: Sequence[Reading]) -> Iterator[Clash]:
    group = sorted(group, key=lambda r: r.claim_id)
    bad: dict[str, set[str]] = {r.claim_id: set() for r in group}
    for a, b in combinations(group, 2):
        if not set(a.types) & set(b.types) or not set(a.months) & set(b.months) or _is_new_plan(a, b):
            continue
        slack = slack_needed([a, b])
        if slack > 0:
            bad[a.claim_id].add(b.claim_id)
            bad[b.claim_id].add(a.claim_id)
            yield _clash((a, b), slack)
    seen: set[tuple[str, ...]] = set()
    for start in group:
        taken = [start]
        for r in group:
            if r is not start and not any(r.claim_id in bad[t.claim_id] or _is_new_plan(r, t) for t in taken):
                taken.append(r)
        core = _core(taken)
        if core is not None and (names := tuple(r.claim_id for r in core)) not in seen:
            seen.add(names)
            yield _clash(core, slack_needed(core))


def _is_new_plan(a: Reading, b: Reading) -> bool:
    if a.world != "planned" or a.said_month is None or b.said_month is None:
        return False
    return abs(a.said_month - b.said_month) > _SAME_PLAN_MONTHS


def _core(some: Sequence[Reading]) -> tuple[Reading, ...] | None:
    """The deletion filter: an irreducible subset that cannot hold, None when all can."""
    if slack_needed(some) == 0:
        return None
    kept = list(some)
    for r in list(kept):
        without = [k for k in kept if k is not r]
        if slack_needed(without) > 0:
            kept = without
    return tuple(sorted(kept, key=lambda r: r.claim_id))


def _clash(members: Sequence[Reading], slack: float) -> Clash:
    found = sorted(
        (x for r in members for x in _relaxations(r, members)),
        key=lambda x: (x.share, _ORDER.index(x.by), x.claim_id),
    )
    free = [
        replace(r, is_mean=True, types=(*r.types, OTHER, DECOYS) if r.is_umbrella else r.types)
        for r in members
    ]  # fmt: skip
    best: dict[str, Relaxation] = {}
    for x in found:
        best.setdefault(x.by, x)
    return Clash(
        claim_ids=tuple(r.claim_id for r in members), world=members[0].world, family=members[0].family,
        slack_share=slack, relaxations=tuple(best.values()), holds_as_means_and_sums=slack_needed(free) == 0,
    )  # fmt: skip


_ORDER = ("rounding", "measure", "period", "scope", "decoys")


def _relaxations(r: Reading, members: Sequence[Reading]) -> Iterator[Relaxation]:
    rest = [m for m in members if m is not r]

    def holds(changed: Reading) -> bool:
        return slack_needed([*rest, changed]) == 0

    off = slack_needed(members, only=r.claim_id)
    if 0 < off <= rounding(r.stated):
        yield Relaxation(by="rounding", claim_id=r.claim_id, share=off)
    yield from _measures(r, rest)
    yield from _periods(r, rest)
    if r.is_umbrella and r.low is not None and DECOYS not in r.types:
        # The others allow so much of the main type; what is above would be of other types.
        share = slack_needed([replace(r, high=None), *rest], only=r.claim_id)
        for by, other in (("scope", OTHER), ("decoys", DECOYS)):
            if share < _ALL and holds(replace(r, types=(*r.types, other))):
                yield Relaxation(by=by, claim_id=r.claim_id, share=share, amount=round(r.low * share, 6))


def _measures(r: Reading, rest: Sequence[Reading]) -> Iterator[Relaxation]:
    """The same number as a total here and as a rate there: one of them has the wrong measure."""
    for m in rest:
        if m.stated == r.stated and m.measure != r.measure and r.measure in {"rate", "capacity"}:
            changed = replace(m, claim_id=r.claim_id, low=m.low, high=m.high)
            if slack_needed([*rest, changed]) == 0:
                yield Relaxation(by="measure", claim_id=r.claim_id, share=0.0)
                return


def _periods(r: Reading, rest: Sequence[Reading]) -> Iterator[Relaxation]:
    if r.measure != "total":
        others = {q for m in rest if set(m.types) & set(r.types) for q in m.months}
        left = [q for q in r.months if q not in others]
        if left and slack_needed([*rest, replace(r, months=tuple(left))]) == 0:
            n = len(r.months) - len(left)
            yield Relaxation(by="period", claim_id=r.claim_id, share=n / len(r.months), amount=float(n))
            return
    if not r.is_dated:
        yield Relaxation(by="period", claim_id=r.claim_id, share=_UMBRELLA_MOVED)


def rounding(number: float) -> float:
    """By which share may a rounded number be off: half of its last digit that is not zero.

    Parameters
    ----------
    number : float
        As said: 6000, 5760.

    Returns
    -------
    float
        0 for zero.

    Notes
    -----
    Assumes: trailing zeros are rounding; at most a tenth.
    Not for: numbers a source calls exact.

    Examples
    --------
    >>> rounding(6000.0), round(rounding(5760.0), 5)
    (0.08333333333333333, 0.00087)
    """
    if number == 0 or not math.isfinite(number):
        return 0.0
    unit = 1.0
    while number % (unit * 10) == 0 and unit < abs(number):
        unit *= 10
    return min(unit / 2 / abs(number), 0.1)
