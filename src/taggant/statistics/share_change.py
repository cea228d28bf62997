"""Did a share of parts change, when incidents are dated by ranges and parts of one incident go together?

Invariant: how much parts of one incident go together (ρ) is weighed inside every rival, never fixed beforehand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, log

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, expit, gammaln, logsumexp

from taggant.errors import InputError, NotEnoughData
from taggant.statistics.change_point import changes_up_to, logsumexp_of

Floats = NDArray[np.float64]

_LOGITS = 2001
P_GRID = 40
"""Points of the grid of shares a segment may have."""
RHOS = (0.0, 0.01, 0.03, 0.06, 0.1, 0.16, 0.25, 0.4)
"""How much parts of one incident may go together; equal weights (methods, correction 18)."""
RIVALS = ("constant", "one", "several", "trend")
N_DRAWS = 200
FEWEST = 4
"""Dated incidents below which no change can be told from none."""


def share_grid(n_points: int = P_GRID) -> Floats:
    """Give the middle points of equal cells of [0, 1]."""
    return (np.arange(n_points) + 0.5) / n_points


def log_share_likelihood(own: Floats, of: Floats, shares: Floats, *, rho: float) -> Floats:
    r"""How likely are these parts of a group, at each share, when parts of one incident go together?

    .. math:: BB(y \mid n, p, M) = \binom{n}{y}\frac{B(pM + y,\,(1-p)M + n - y)}{B(pM,\,(1-p)M)}, \quad M = 1/\rho - 1

    and the binomial at ρ = 0.

    Parameters
    ----------
    own, of : array of float, shape (T,)
        Parts of the group, and all parts, of each incident.
    shares : array of float, shape (P,)
    rho : float in [0, 1)
        Correlation of two parts of one incident.

    Returns
    -------
    array of float, shape (T, P)
        Natural logs.

    Raises
    ------
    InputError
        More parts of the group than parts, or ρ outside its range.

    Notes
    -----
    *Assumes:* incidents are independent. *Not for:* parts counted as if independent.

    Examples
    --------
    >>> round(float(log_share_likelihood(np.array([1.0]), np.array([2.0]), np.array([0.5]), rho=0.0)[0, 0]), 4)
    -0.6931
    """
    y, n = np.asarray(own, dtype=float)[:, None], np.asarray(of, dtype=float)[:, None]
    if (y > n).any() or (y < 0).any() or not 0 <= rho < 1:
        raise InputError("more parts of the group than parts, or a correlation outside 0 to 1", next="Check the counts")
    p = shares[None, :]
    ways = gammaln(n + 1) - gammaln(y + 1) - gammaln(n - y + 1)
    if rho == 0:
        found: Floats = ways + y * np.log(p) + (n - y) * np.log1p(-p)
        return found
    m = 1 / rho - 1
    beta: Floats = ways + betaln(p * m + y, (1 - p) * m + n - y) - betaln(p * m, (1 - p) * m)
    return beta


def share_segments(own: Sequence[int], of: Sequence[int], *, rho: float = 0.0, n_points: int = 100) -> Floats:
    r"""How likely is each run of incidents, if one unknown share held throughout it?

    .. math:: m_\rho(i, j) = \int_0^1 \prod_{t=i}^{j} BB(y_t \mid n_t, p, M)\,dp

    by the closed form at ρ = 0, by a grid of shares otherwise.

    Parameters
    ----------
    own, of : sequence of int, length T
    rho : float in [0, 1)
    n_points : int
        Of the grid.

    Returns
    -------
    array of float, shape (T, T)
        log m of incidents i … j; −inf below the diagonal.

    Notes
    -----
    *Assumes:* a share is as likely to be any number from 0 to 1. *Not for:* incidents out of order.

    Examples
    --------
    >>> bool(share_segments([1], [1])[0, 0] == np.log(0.5))
    True
    """
    y, n = np.asarray(own, dtype=float), np.asarray(of, dtype=float)
    size = y.size
    found = np.full((size, size), -inf)
    if rho == 0:
        ways = gammaln(n + 1) - gammaln(y + 1) - gammaln(n - y + 1)
        for i in range(size):
            s, k = np.cumsum(y[i:]), np.cumsum(n[i:])
            found[i, i:] = np.cumsum(ways[i:]) + betaln(1 + s, 1 + k - s)
        return found
    each = log_share_likelihood(y, n, share_grid(n_points), rho=rho)
    for i in range(size):
        found[i, i:] = logsumexp(np.cumsum(each[i:], axis=0), axis=1) - log(n_points)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareChange:
    """What a series of shares says: the rivals, when one change would lie, and the shares before and after.

    Attributes
    ----------
    log10_evidence : mapping of str to float
        Of "constant", "one", "several" and "trend".
    posterior : mapping of str to float
        Belief in each, from equal belief beforehand.
    edges : array of float, shape (C,)
        Where the change may lie, in the unit of the dates.
    at : array of float, shape (C,)
        Belief in each place, given one change.
    before, after : array of float, shape (P,)
        Belief in each share of `share_grid`, given one change.
    level : array of float, shape (P,)
        The same given none.
    rho : array of float
        Belief in each of `RHOS` given the better of none and one change.
    trend : tuple of float
        Mean share at the first and the last date, given a trend.
    ess : float
        How many of the date draws carry the answer for several changes.
    difference : tuple of float
        Share after less share before, given one change: 2.5 %, 50 % and 97.5 %.
    log10_bf_independent : float
        One change against none, if parts of one incident were independent: not to be used.
    """

    log10_evidence: dict[str, float]
    posterior: dict[str, float]
    edges: Floats
    at: Floats
    before: Floats
    after: Floats
    level: Floats
    rho: Floats
    trend: tuple[float, float]
    ess: float
    difference: tuple[float, float, float]
    log10_bf_independent: float

    @property
    def log10_bf(self) -> float:
        """One change against none."""
        return self.log10_evidence["one"] - self.log10_evidence["constant"]

    def when(self, q: float) -> float:
        """Give the date at or below which a share q of the belief in the place lies."""
        return float(self.edges[min(int(np.searchsorted(np.cumsum(self.at), q - 1e-12)), self.edges.size - 1)])


def share_quantile(belief: Floats, q: float) -> float:
    """Give the share at or below which a part q of the belief lies.

    Examples
    --------
    >>> share_quantile(np.array([0.0, 1.0]), 0.5)
    0.75
    """
    return float(share_grid(belief.size)[min(int(np.searchsorted(np.cumsum(belief), q - 1e-12)), belief.size - 1)])


def share_change(
    own: Sequence[int],
    of: Sequence[int],
    low: Sequence[float],
    high: Sequence[float],
    *,
    edges: Sequence[float] | Floats | None = None,
    rng: np.random.Generator,
    n_draws: int = N_DRAWS,
) -> ShareChange:
    r"""Did the share of a group among parts change over time, once, several times, slowly or not at all?

    One change, exact for incidents dated by ranges, :math:`w_i(c) = P(u_i < c)`:

    .. math:: ev(c, \rho) = \iint \prod_i \bigl[w_i(c)\,BB(y_i \mid p_1, \rho)
              + (1 - w_i(c))\,BB(y_i \mid p_2, \rho)\bigr]\,dp_1\,dp_2

    Evidence, not posteriors, is averaged: over c and ρ, and for several changes over draws of the dates.

    Parameters
    ----------
    own, of : sequence of int, length T
        Parts of the group, and parts whose group is known, of each incident.
    low, high : sequence of float, length T
        Each incident's date lies evenly in [low, high).
    edges : sequence of float, optional
        Where the change may lie; 48 places between the first and last date when left out.
    rng : numpy.random.Generator
        For the draws of the dates.
    n_draws : int

    Returns
    -------
    ShareChange

    Raises
    ------
    NotEnoughData
        Fewer than four incidents.
    InputError
        A range is empty or turned round, or counts do not fit.

    Notes
    -----
    *Assumes:* incidents are independent; a share is as likely to be any number; a place of change any in the window.
    *Not for:* groups that are found with different delays, near the end of the window (refit with an earlier end).

    References
    ----------
    .. [1] Barry, D., Hartigan, J. A. (1992). Product partition models for change point problems. *Ann. Stat.* 20(1),
       260–279. doi:10.1214/aos/1176348521

    Examples
    --------
    >>> found = share_change([1, 0, 1, 9, 9, 8], [10] * 6, range(6), range(1, 7), rng=np.random.default_rng(1))
    >>> found.log10_bf > 1, 2 <= found.when(0.5) <= 4
    (True, True)
    """
    y, n = np.asarray(own, dtype=float), np.asarray(of, dtype=float)
    a, b = np.asarray(low, dtype=float), np.asarray(high, dtype=float)
    if y.size < FEWEST:
        raise NotEnoughData(f"{y.size} dated incidents", enough=f"{FEWEST} dated incidents")
    if (b < a).any():
        raise InputError("a date range ends before it begins", next="Check the dates")
    b = np.maximum(b, a + 1e-9)
    first, last = float(a.min()), float(b.max())
    places = np.linspace(first, last, 50)[1:-1] if edges is None else np.asarray(edges, dtype=float)
    p = share_grid()
    each = {rho: log_share_likelihood(y, n, p, rho=rho) for rho in RHOS}
    none = np.array([logsumexp(each[r].sum(axis=0)) - log(p.size) for r in RHOS])
    w = np.clip((places[:, None] - a[None, :]) / (b - a)[None, :], 0, 1)
    sums = np.stack([_two_shares(each[r], w) for r in RHOS])  # ρ, place, p1, p2
    one = logsumexp(sums, axis=(2, 3)) - 2 * log(p.size)
    several, ess = _several(each, a, b, rng=rng, n_draws=n_draws)
    trend, ends = _trend(y, n, a, b)
    evidence = {
        "constant": float(logsumexp(none) - log(len(RHOS))),
        "one": float(logsumexp(one) - log(one.size)),
        "several": several,
        "trend": trend,
    }
    total = logsumexp(list(evidence.values()))
    best_rho = np.logaddexp(none, logsumexp(one, axis=1) - log(places.size))
    both = np.exp(sums - logsumexp(sums)).sum(axis=(0, 1))
    held = np.stack([each[r].sum(axis=0) for r in RHOS])
    return ShareChange(
        log10_evidence={k: v / log(10) for k, v in evidence.items()},
        posterior={k: float(np.exp(v - total)) for k, v in evidence.items()},
        edges=places,
        at=np.exp(logsumexp(one, axis=0) - logsumexp(one)),
        before=both.sum(axis=1),
        after=both.sum(axis=0),
        level=np.exp(logsumexp(held, axis=0) - logsumexp(held)),
        rho=np.exp(best_rho - logsumexp(best_rho)),
        trend=ends,
        ess=ess,
        difference=_difference(both),
        log10_bf_independent=float(logsumexp(one[0]) - log(places.size) - none[0]) / log(10),
    )


def _two_shares(each: Floats, w: Floats) -> Floats:
    """For each place: Σ_i log[w BB(p1) + (1 − w) BB(p2)], shape (C, P, P)."""
    found = np.empty((w.shape[0], each.shape[1], each.shape[1]))
    top = each.max(axis=1, keepdims=True)
    plain = np.exp(each - top)
    for c, share in enumerate(w):
        # Most incidents lie surely before or surely after a place: those need no sum over both.
        before, after = each[share >= 1].sum(axis=0), each[share <= 0].sum(axis=0)
        found[c] = before[:, None] + after[None, :]
        open_ = (share > 0) & (share < 1)
        if open_.any():
            part = share[open_, None, None]
            mixed = part * plain[open_, :, None] + (1 - part) * plain[open_, None, :]
            with np.errstate(divide="ignore"):
                found[c] += (np.log(mixed) + top[open_, :, None]).sum(axis=0)
    return found


def _difference(both: Floats) -> tuple[float, float, float]:
    p = share_grid(both.shape[0])
    apart = (p[None, :] - p[:, None]).ravel()
    order = np.argsort(apart, kind="stable")
    total = np.cumsum(both.ravel()[order])
    low, middle, high = (float(apart[order][min(int(np.searchsorted(total, q)), total.size - 1)])
                         for q in (0.025, 0.5, 0.975))  # fmt: skip
    return low, middle, high


def _several(
    each: dict[float, Floats], a: Floats, b: Floats, *, rng: np.random.Generator, n_draws: int
) -> tuple[float, float]:
    """Log evidence of two or three changes, averaged over draws of the dates, and the effective number of draws."""
    if a.size < FEWEST:
        return -inf, 0.0
    seen: dict[bytes, float] = {}
    together = np.stack(list(each.values()))
    drawn = np.empty(n_draws)
    for k in range(n_draws):
        order = np.argsort(rng.uniform(a, b), kind="stable")
        key = order.tobytes()
        if key not in seen:
            _, _, *of_rho = changes_up_to(_segments(together[:, order]), 3)
            seen[key] = float(logsumexp(of_rho) - log(2 * len(each)))
        drawn[k] = seen[key]
    weights = np.exp(drawn - drawn.max())
    return float(logsumexp(drawn) - log(n_draws)), float(weights.sum() ** 2 / (weights**2).sum())


def _segments(each: Floats) -> Floats:
    """Log evidence of every run i…j with one share, shape (ρ, T, T)."""
    n_rho, size, n_points = each.shape
    found = np.full((n_rho, size, size), -inf)
    for i in range(size):
        found[:, i, i:] = logsumexp_of(np.cumsum(each[:, i:], axis=1), axis=2) - log(n_points)
    return found


def _trend(y: Floats, n: Floats, a: Floats, b: Floats) -> tuple[float, tuple[float, float]]:
    """Log evidence of a logit line over time, and the mean shares it gives at both ends of the window."""
    first, last = a.min(), b.max()
    inside = (np.arange(5) + 0.5) / 5
    u = (a[:, None] + (b - a)[:, None] * inside - first) / max(last - first, 1e-9)
    # Ends of the line: each a share of the grid, so that both ends have the prior a step's shares have.
    p = share_grid(20)
    ends = np.log(p / (1 - p))
    start, stop = (x.ravel() for x in np.meshgrid(ends, ends, indexing="ij"))
    total = np.empty((len(RHOS), start.size))
    at = start[None, None, :] * (1 - u[:, :, None]) + stop[None, None, :] * u[:, :, None]
    # Likelihoods on a fine grid of logits, read between its points: off by less than 1e-5 a part, 40 times faster.
    logits = np.linspace(ends[0], ends[-1], _LOGITS)
    for r, rho in enumerate(RHOS):
        each = log_share_likelihood(y, n, expit(logits), rho=rho)
        found = np.stack([np.interp(at[i], logits, each[i]) for i in range(y.size)])
        total[r] = (logsumexp_of(found, axis=1) - log(inside.size)).sum(axis=0)
    belief = np.exp(total - logsumexp(total)).sum(axis=0)
    return float(logsumexp(total) - log(total.size)), (
        float((belief * expit(start)).sum()),
        float((belief * expit(stop)).sum()),
    )
