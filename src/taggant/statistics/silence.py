"""How surprising is a silence: sightings, each with its own delay, and the exact test given those delays.

Invariant: everything is conditional on each sighting's own delay, so no law of delays is ever needed or assumed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from taggant.errors import InputError
from taggant.statistics.effort import Array, Effort, constant_effort


@dataclass(frozen=True, slots=True, kw_only=True)
class Sightings:
    """Sightings, one for each independent event, on one scale of time.

    Attributes
    ----------
    made : numpy.ndarray of float64, shape (n,)
        When the thing sighted was made (or the dated event happened).
    known : numpy.ndarray of float64, shape (n,)
        When it became known: documented or published. Not before `made`.
    valid : numpy.ndarray of float64, shape (n,)
        Chance that the sighting is what it is taken for.
    start, until : float
        The window: from when there was something to find, to the cut of the data.
    """

    made: Array
    known: Array
    valid: Array
    start: float
    until: float

    @property
    def n(self) -> int:
        """Sightings."""
        return len(self.made)

    @property
    def delay(self) -> Array:
        """Known minus made."""
        return self.known - self.made

    @property
    def last_seeable(self) -> Array:
        """The latest a thing with this delay could have been made and still be known by the cut."""
        return self.until - self.delay

    @property
    def last(self) -> float:
        """The newest sighting."""
        return float(self.made.max())


def sightings(
    made: npt.ArrayLike,
    *,
    until: float,
    start: float | None = None,
    known: npt.ArrayLike | None = None,
    valid: npt.ArrayLike | None = None,
) -> Sightings:
    """Which sightings may the test use?

    Parameters
    ----------
    made : array_like of float, shape (n,)
        Any unit of time.
    until : float
        The cut: nothing that became known later is in the record.
    start : float, optional
        Since when there was something to find. None: the first sighting, which then no longer counts.
    known : array_like of float, shape (n,), optional
        When each became known; none: at once.
    valid : array_like of float in (0, 1], shape (n,), optional
        None: all sure.

    Returns
    -------
    Sightings
        Sorted by `made`. A sighting at `start` itself is left out: it set the start, so it cannot count again.

    Raises
    ------
    InputError
        Nothing is left, a sighting lies outside the window, or became known before it was made.

    Notes
    -----
    *Assumes:* one entry for each independent event: cluster batches and incidents before.
    *Not for:* clustering: `estimation.stops`.

    References
    ----------
    Solow, A. R. (1993). Inferring extinction from sighting data. *Ecology* 74(3), 962–964 (the start drops out).

    Examples
    --------
    >>> sightings([1915, 1922, 1932, 1948, 1952], until=1992).n
    4
    """
    u = np.asarray(made, dtype=float).ravel()
    d = u if known is None else np.asarray(known, dtype=float).ravel()
    q = np.ones(len(u)) if valid is None else np.asarray(valid, dtype=float).ravel()
    if not len(u) == len(d) == len(q):
        raise InputError(f"{len(u)} sightings, {len(d)} days known and {len(q)} chances", next="Give one of each")
    if not (np.isfinite(u).all() and np.isfinite(d).all()):
        raise InputError("a sighting has no finite time", next="Leave it out, or give its range")
    if len(u) and ((q <= 0).any() or (q > 1).any()):
        raise InputError("a chance of being valid is not above 0 and at most 1", next="Leave such a sighting out")
    if (d < u).any():
        k = int(np.argmax(d < u))
        raise InputError(f"a sighting made at {u[k]:g} was known at {d[k]:g}, before", next="Mend one of the two")
    if (d > until).any():
        k = int(np.argmax(d > until))
        raise InputError(
            f"a sighting became known at {d[k]:g}, after the cut at {until:g}", next="Set a later cut, or leave it out"
        )
    begin = (float(u.min()) if len(u) else until) if start is None else float(start)
    if len(u) and u.min() < begin:
        raise InputError(
            f"a sighting at {u.min():g} lies before the start at {begin:g}", next="Let the window start before it"
        )
    kept = u > begin
    if len(u) and not begin < until:
        raise InputError(f"the window from {begin:g} to {until:g} is empty", next="Set a later cut")
    order = np.argsort(u[kept], kind="stable")
    return Sightings(made=u[kept][order], known=d[kept][order], valid=q[kept][order], start=begin, until=float(until))


def silence_p(
    s: Sightings, effort: Effort | None = None, *, at: float | None = None, last: float | None = None
) -> float:
    r"""How surprising is the silence, if things were still made at a constant rate until `at`?

    .. math:: p(\tau) = \prod_i \min\!\Bigl(1, \frac{G_i(t_n)}{G_i(\min(\tau, T - x_i))}\Bigr), \qquad
              G_i(t) = E(t + x_i) - E(T_0 + x_i)

    with :math:`x_i` the delay of sighting i, E cumulative effort in documentation time, :math:`t_n` the newest
    sighting, T the cut. With sightings of chance q below 1: :math:`\sum_j w_j \mathrm E[p_j] + \prod(1 - q_i)`, j the
    last valid one.

    Parameters
    ----------
    s : Sightings
    effort : Effort, optional
        Constant when not given.
    at : float, optional
        τ; the cut when not given.
    last : float, optional
        Another newest sighting (for bounds over date ranges).

    Returns
    -------
    float in (0, 1]
        Exact under any law of delays. 1 without sightings: nothing seen says nothing of a silence.

    Notes
    -----
    *Assumes:* independent sightings; a constant rate while it goes on; effort known.
    *Not for:* repeated looks: with a look a month for four years it falls below .05 in most supplies that continue.
    Uncertain sightings make it conservative.

    References
    ----------
    With delays 0 and constant effort it is Solow (1993), *Ecology* 74, 962–964. Conditioning on the delay:
    Kalbfleisch & Lawless (1989), *J. Am. Stat. Assoc.* 84, 360–372.

    Examples
    --------
    >>> round(silence_p(sightings([3, 10, 14, 20, 7], known=[11, 12, 29, 25, 8], start=0, until=36)), 10)
    0.1475244476
    """
    if s.n == 0:
        return 1.0
    e = constant_effort(s.start, s.until) if effort is None else effort
    end = s.until if at is None else at

    def ratios(newest: float, k: npt.NDArray[np.intp]) -> Array:
        x = s.delay[k]
        whole = gained(s, e, np.minimum(end, s.last_seeable[k]), k)
        seen = e(np.minimum(newest, s.last_seeable[k]) + x) - e(s.start + x)
        return np.where(whole > 0, np.minimum(1.0, seen / np.where(whole > 0, whole, 1.0)), 1.0)

    if (s.valid == 1).all():
        newest = s.last if last is None else last
        return float(np.prod(ratios(newest, np.arange(s.n))))
    total = float(np.prod(1 - s.valid))
    for j in range(s.n):
        w = s.valid[j] * float(np.prod(1 - s.valid[j + 1 :]))
        r = ratios(float(s.made[j]), np.arange(j + 1))
        total += w * float(r[j]) * float(np.prod(s.valid[:j] * r[:j] + (1 - s.valid[:j])))
    return min(1.0, total)


def gained(s: Sightings, e: Effort, end: Array, k: npt.NDArray[np.intp] | None = None) -> Array:
    """How much effort could have shown each sighting, had things been made up to `end`?

    Parameters
    ----------
    s : Sightings
    e : Effort
    end : numpy.ndarray of float64, shape (n,)
    k : numpy.ndarray of int, optional
        Only these sightings.

    Returns
    -------
    numpy.ndarray of float64, shape (n,)
        G of each.

    Notes
    -----
    *Assumes:* `end` is not later than the last that could be seen.
    *Not for:* effort before the window.
    """
    x = s.delay if k is None else s.delay[k]
    return e(end + x) - e(s.start + x)


def end_upper_limit(s: Sightings, effort: Effort | None = None, *, level: float = 0.95) -> float | None:
    """Until when can it have gone on, at this level?

    Parameters
    ----------
    s : Sightings
    effort : Effort, optional
    level : float in (0, 1)

    Returns
    -------
    float or None
        The largest τ with p(τ) ≥ 1 − level; None when that is the cut: going on cannot be excluded.

    Notes
    -----
    *Assumes:* as `silence_p`.
    *Not for:* a record without sightings; None then.

    Examples
    --------
    >>> s = sightings([3, 10, 14, 20, 7], known=[11, 12, 29, 25, 8], start=0, until=36)
    >>> end_upper_limit(s), round(end_upper_limit(s, level=0.8), 3)
    (None, 30.078)
    """
    alpha = 1 - level
    if s.n == 0 or silence_p(s, effort) >= alpha:
        return None
    low, high = s.last, s.until
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if silence_p(s, effort, at=middle) >= alpha else (low, middle)
    return low


def silence_needed(s: Sightings, *, level: float = 0.95) -> float | None:
    r"""Until when must it stay silent before p falls below 1 − level, with these sightings and effort as it is?

    Smallest T with :math:`\prod_i \min(1, (t_n - T_0)/(T - x_i - T_0)) < 1 - \text{level}`.

    Parameters
    ----------
    s : Sightings
    level : float in (0, 1)

    Returns
    -------
    float or None
        On the scale of the sightings; None without any.

    Notes
    -----
    *Assumes:* sure sightings, constant effort, delays as seen.
    *Not for:* a promise: one more sighting starts it again.

    Examples
    --------
    >>> s = sightings([3, 10, 14, 20, 7], known=[11, 12, 29, 25, 8], start=0, until=36)
    >>> round(silence_needed(s), 3)
    42.986
    """
    if s.n == 0:
        return None
    seen = s.last - s.start

    def p(cut: float) -> float:
        return float(np.prod(np.minimum(1.0, seen / np.maximum(cut - s.delay - s.start, 1e-300))))

    low, high = s.last, s.last + seen + float(s.delay.max())
    while p(high) >= 1 - level:
        high = s.last + 2 * (high - s.last)
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if p(middle) >= 1 - level else (low, middle)
    return high


def precedence_p(n: int, m: int, after: int) -> float:
    """How surprising is it that so many comparables are newer than our newest, if shares stayed the same?

    Parameters
    ----------
    n : int
        Our sightings.
    m : int
        Comparables, dated as ours are.
    after : int
        Comparables newer than our newest; ties do not count.

    Returns
    -------
    float
        C(n + m − after, n) / C(n + m, n).

    Notes
    -----
    *Assumes:* one law of delays and of effort for both.
    *Not for:* "it stopped": it says that the *share* did.

    Examples
    --------
    >>> round(precedence_p(6, 40, 15), 10)
    0.0786052341
    """
    if n < 1 or m < 0 or not 0 <= after <= m:
        raise InputError(f"n = {n}, m = {m}, after = {after} do not fit", next="Count each item once")
    k = np.arange(n, dtype=float)
    return float(np.prod((n + m - after - k) / (n + m - k)))
