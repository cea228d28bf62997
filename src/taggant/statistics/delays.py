"""How long until a thing becomes known: delay laws from records that end today, and so hold the short delays first.

Invariant: a delay is judged against the longest it could have had and still be in the record; the chance of longer ones
is never read off the data alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import gammainc, gammaincinv, ndtr, ndtri

from taggant.errors import InputError, NotEnoughData

Array = npt.NDArray[np.float64]
Family = Literal["gamma", "lognormal"]

MEAN_BOUND = 3.0
"""No mean delay is thought of beyond this many windows: what lies beyond the window the data cannot say."""
_MEANS, _SHAPES = 60, 16
_LEAST_MEAN = 1 / 300
_PARTS = 8


@dataclass(frozen=True, slots=True)
class DelayLaw:
    """One delay law: P(delay ≤ x), by family, mean and shape (gamma: shape; lognormal: sd of the logarithm)."""

    family: Family
    mean: float
    shape: float

    def cdf(self, x: npt.ArrayLike) -> Array:
        """Give P(delay ≤ x); 0 for x ≤ 0."""
        return _cdf(np.asarray(x, dtype=float), self.family, np.asarray(self.mean), np.asarray(self.shape))

    def quantile(self, q: float) -> float:
        """Give the x with P(delay ≤ x) = q."""
        return float(_quantile(q, self.family, np.asarray(self.mean), np.asarray(self.shape)))


@dataclass(frozen=True, slots=True)
class DelayPosterior:
    """Belief over delay laws of two families on a grid of means and shapes.

    Attributes
    ----------
    window : float
        The longest a delay of this record could have been.
    weight : numpy.ndarray of float64, shape (2 · means · shapes,)
        Of each law, adding up to 1: first the gammas, then the lognormals.
    log_likelihood : numpy.ndarray of float64, shape (n, 2 · means · shapes)
        Of each delay under each law.
    bound : float
        No mean beyond this many windows.
    """

    window: float
    weight: Array
    log_likelihood: Array
    bound: float

    @property
    def best(self) -> DelayLaw:
        """The law of most weight."""
        return _law(int(self.weight.argmax()), self.window, self.bound)

    @property
    def p_gamma(self) -> float:
        """Belief in the gamma family."""
        return float(self.weight[: _MEANS * _SHAPES].sum())

    def lag(self, share: float, level: float) -> float:
        """Within which time does this share of things become known? The `level` quantile of belief in that time."""
        at = _lags(share, self.window, self.bound)
        order = np.argsort(at)
        total = self.weight[order].cumsum()
        return float(at[order][min(int(np.searchsorted(total, level)), len(at) - 1)])

    def known_by(self, x: npt.ArrayLike, rng: np.random.Generator, n: int) -> Array:
        """Draw n laws; give P(delay ≤ x) under each, shape (n, len(x))."""
        picks = rng.choice(len(self.weight), size=n, p=self.weight)
        seen, which = np.unique(picks, return_inverse=True)
        own = np.array([_law(int(i), self.window, self.bound).cdf(x) for i in seen])
        return np.asarray(own[which], dtype=np.float64)

    def bootstrap_lags(self, share: float, rng: np.random.Generator, n: int = 400) -> Array:
        """Give the lag of the best law in each of n Bayesian bootstrap samples of the delays."""
        k = len(self.log_likelihood)
        drawn = rng.dirichlet(np.ones(k), size=n) * k
        best = (drawn @ self.log_likelihood).argmax(axis=1)
        return np.asarray(_lags(share, self.window, self.bound)[best], dtype=np.float64)


def reverse_hazard(delays: npt.ArrayLike, limits: npt.ArrayLike) -> tuple[Array, Array]:
    r"""How are delays distributed, given that they are no longer than the longest seen? (right-truncated product limit)

    .. math:: \hat P(X \le x \mid X \le x_{max}) = \prod_{v > x} \Bigl(1 - \frac{d_v}{Y_v}\Bigr), \qquad
              Y_v = \#\{i : x_i \le v \le c_i\}

    Parameters
    ----------
    delays : array_like of float, shape (n,)
    limits : array_like of float, shape (n,)
        For each the longest delay it could have had and still be in the record: the cut minus its beginning.

    Returns
    -------
    (numpy.ndarray, numpy.ndarray)
        The different delays, rising, and the estimate at each; the last is 1.

    Raises
    ------
    NotEnoughData
        No delay.
    InputError
        A delay is longer than its limit.

    Notes
    -----
    *Assumes:* delays do not depend on when things began.
    *Not for:* the chance of delays longer than the longest seen: nothing here identifies it.

    References
    ----------
    .. [1] Lagakos, S. W., Barraj, L. M., De Gruttola, V. (1988). Nonparametric analysis of truncated survival data,
       with application to AIDS. *Biometrika* 75(3), 515–523.

    Examples
    --------
    >>> at, share = reverse_hazard([1, 2, 2, 4], [4, 5, 3, 4])
    >>> at.tolist(), share.round(4).tolist()
    ([1.0, 2.0, 4.0], [0.2222, 0.6667, 1.0])
    """
    x, c = _pairs(delays, limits)
    at = np.unique(x)
    n_at = np.array([int((x == v).sum()) for v in at], dtype=float)
    n_risk = np.array([int(((x <= v) & (v <= c)).sum()) for v in at], dtype=float)
    keep = 1 - n_at / n_risk
    later = np.concatenate([np.cumprod(keep[::-1])[::-1][1:], [1.0]])
    return at, np.asarray(later, dtype=np.float64)


def delay_posterior(
    low: npt.ArrayLike, high: npt.ArrayLike, limit_low: npt.ArrayLike, limit_high: npt.ArrayLike, *,
    bound: float = MEAN_BOUND, is_truncated: bool = True,
) -> DelayPosterior:  # fmt: skip
    r"""Which delay laws are credible, by a record that ends today?

    .. math:: L(F) = \prod_i \frac{F(h_i) - F(l_i)}{\frac{1}{J}\sum_j F(c_{ij})}

    for a delay between l and h, and limits c evenly between the two ends of its range: a thing that began in a range of
    days had a range of limits. Laws are gamma (shape 0.3 to 6) and lognormal (sd of the logarithm 0.25 to 2), means
    even on the logarithm from 1/300 of the window to `bound` windows.

    Parameters
    ----------
    low, high : array_like of float, shape (n,)
        Ends of each delay; at least one unit of the record's clock apart.
    limit_low, limit_high : array_like of float, shape (n,)
        Ends of the longest delay each could have had.
    bound : float
        The prior's end, in windows.
    is_truncated : bool
        False: as if the record had no end, to show what that does.

    Returns
    -------
    DelayPosterior

    Raises
    ------
    NotEnoughData
        No delay.
    InputError
        A delay beyond its limit, or ends that are out of order.

    Notes
    -----
    *Assumes:* delays do not depend on when things began; within its range each beginning is as likely; the tail has the
    shape of one of the two families: nothing in the record shows what is longer than the window.
    *Not for:* trends of effort, of making and of delay told apart: the same record has them all.

    References
    ----------
    .. [1] Kalbfleisch, J. D., Lawless, J. F. (1989). Inference based on retrospective ascertainment: an analysis of
       the data on transfusion-related AIDS. *J. Am. Stat. Assoc.* 84(406), 360–372.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([1.0, 2, 2, 3, 4, 5, 6, 8, 9, 12])
    >>> found = delay_posterior(x, x + 1, np.full(10, 60.0), np.full(10, 60.0))
    >>> bool(9 < found.lag(0.9, 0.5) < 14)
    True
    """
    below, c_low = _pairs(low, limit_low)
    above, c_high = _pairs(high, limit_high, may_touch=True)
    if (above <= below).any() or (c_high < c_low).any() or (below < 0).any():
        raise InputError(
            "a delay has no length, or its ends are out of order", next="Give each delay as [low, high), low at least 0"
        )
    window = float(c_high.max())
    above = np.minimum(above, np.maximum(c_high, below + 1e-9))
    steps = (np.arange(_PARTS) + 0.5) / _PARTS
    chance = _grid_cdf(above, window, bound) - _grid_cdf(below, window, bound)
    in_record = np.mean([_grid_cdf(c_low + (c_high - c_low) * s, window, bound) for s in steps], axis=0)
    log_likelihood = np.log(np.maximum(chance, 1e-300))
    if is_truncated:
        log_likelihood -= np.log(np.maximum(in_record, 1e-300))
    total = log_likelihood.sum(axis=0)
    weight = np.exp(total - total.max())
    return DelayPosterior(window, weight / weight.sum(), log_likelihood, bound)


def _pairs(x: npt.ArrayLike, c: npt.ArrayLike, *, may_touch: bool = False) -> tuple[Array, Array]:
    one, other = np.atleast_1d(np.asarray(x, dtype=float)), np.atleast_1d(np.asarray(c, dtype=float))
    if one.size == 0:
        raise NotEnoughData("no delay is known", enough="things with a day made and a day known")
    if not (np.isfinite(one).all() and np.isfinite(other).all()):
        raise InputError("a delay or its limit is no finite number", next="Leave it out")
    if not may_touch and (one > other).any():
        at = int(np.argmax(one > other))
        raise InputError(
            f"a delay of {one[at]:g} is longer than the {other[at]:g} there was time for",
            so_what="It cannot be in a record that ends then", next="Mend the day made, the day known or the cut",
        )  # fmt: skip
    return one, other


def _law(i: int, window: float, bound: float) -> DelayLaw:
    family: Family = "gamma" if i < _MEANS * _SHAPES else "lognormal"
    mean, shape = divmod(i % (_MEANS * _SHAPES), _SHAPES)
    return DelayLaw(family, float(_means(window, bound)[mean]), float(_shapes(family)[shape]))


def _means(window: float, bound: float) -> Array:
    return np.asarray(np.geomspace(window * _LEAST_MEAN, window * bound, _MEANS), dtype=np.float64)


def _shapes(family: Family) -> Array:
    ends = (0.3, 6.0) if family == "gamma" else (0.25, 2.0)
    return np.asarray(np.geomspace(*ends, _SHAPES), dtype=np.float64)


def _cdf(x: Array, family: Family, mean: Array, shape: Array) -> Array:
    at = np.maximum(x, 0.0)
    if family == "gamma":
        return np.asarray(gammainc(shape, at * shape / mean), dtype=np.float64)
    with np.errstate(divide="ignore"):
        return np.asarray(ndtr((np.log(at) - np.log(mean) + shape**2 / 2) / shape), dtype=np.float64)


def _quantile(q: float, family: Family, mean: Array, shape: Array) -> Array:
    if family == "gamma":
        return np.asarray(gammaincinv(shape, q) * mean / shape, dtype=np.float64)
    return np.asarray(mean * np.exp(-(shape**2) / 2 + ndtri(q) * shape), dtype=np.float64)


def _grid_cdf(x: Array, window: float, bound: float) -> Array:
    mean = _means(window, bound)[None, :, None]
    halves = [_cdf(x[:, None, None], f, mean, _shapes(f)[None, None, :]) for f in _FAMILIES]
    return np.concatenate([h.reshape(len(x), -1) for h in halves], axis=1)


@cache
def _lags(share: float, window: float, bound: float) -> Array:
    mean = _means(window, bound)[:, None]
    return np.concatenate([_quantile(share, f, mean, _shapes(f)[None, :]).ravel() for f in _FAMILIES])


_FAMILIES: tuple[Family, Family] = ("gamma", "lognormal")
