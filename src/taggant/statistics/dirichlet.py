"""Weights from counts of levels: what a few reference items allow to say, and what they do not tell apart.

Invariant: a level never seen has a share above 0; a weight from n items has an end that grows with n alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlogy

from taggant.errors import InputError

Floats = NDArray[np.float64]

N_SHUFFLES = 400
_TAIL = 0.975


def level_shares(seen: Floats, of: Floats, *, n_levels: int, alpha: float | None = None) -> Floats:
    r"""How likely is this level on the next item of each variant?

    .. math:: \hat p_v(x) = \frac{n_{vx} + \alpha}{n_v + K\alpha}

    Parameters
    ----------
    seen : array of float
        Reference items of each variant that have the level.
    of : array of float, same shape
        Reference items of each variant on which the feature was seen at all.
    n_levels : int ≥ 2
        K, levels declared beforehand, "other" among them.
    alpha : float > 0, optional
        Prior count a level; 1/K when left out.

    Returns
    -------
    array of float, same shape

    Raises
    ------
    InputError
        Fewer than two levels, or an alpha that is not positive.

    Notes
    -----
    *Assumes:* items are independent and the levels were declared before they were seen.
    *Not for:* items of one incident counted apart.

    Examples
    --------
    >>> p = level_shares(np.array([9.0, 0.0]), np.array([10.0, 10.0]), n_levels=2, alpha=1.0)
    >>> round(float(p[0] / p[1]), 9)
    10.0
    """
    a = 1 / n_levels if alpha is None else alpha
    if n_levels < 2 or not a > 0:
        raise InputError(f"{n_levels} levels, prior count {a}", next="Give two levels or more and a positive count")
    return (np.asarray(seen, dtype=float) + a) / (np.asarray(of, dtype=float) + n_levels * a)


def none_share(shares: Floats, *, n_levels: int) -> Floats:
    r"""How likely is this level on an item of none of the known variants?

    .. math:: p_\varnothing(x) = \frac{\sum_v \hat p_v(x) + 1/K}{V + 1}

    Parameters
    ----------
    shares : array of float, shape (..., V)
        `level_shares` of the V known variants, last axis.
    n_levels : int

    Returns
    -------
    array of float, shape (...)

    Notes
    -----
    *Assumes:* a new variant takes over levels from the known ones, or any. A uniform 1/K instead would punish novelty
    in features that every variant shares (correction 21).
    *Not for:* naming what else it is.

    Examples
    --------
    >>> round(float(none_share(np.array([0.9, 0.9]), n_levels=2)), 4)
    0.7667
    """
    known = np.asarray(shares, dtype=float)
    mixed: Floats = (known.sum(axis=-1) + 1 / n_levels) / (known.shape[-1] + 1)
    return mixed


@dataclass(frozen=True, slots=True, kw_only=True)
class Association:
    """Mutual information of two labels, with what chance alone gives.

    `low` and `high` are bits above chance; the two are told apart only when `low` is above 0.
    """

    bits: float
    low: float
    high: float
    n: int

    @property
    def is_real(self) -> bool:
        """Whether the interval excludes 0."""
        return self.low > 1e-9


def mutual_information(table: Floats) -> float:
    """How many bits does one label tell of the other, in a table of counts?

    Parameters
    ----------
    table : array of float, shape (A, B)

    Returns
    -------
    float

    Notes
    -----
    *Assumes:* counts. *Not for:* small tables without `association`: chance alone gives bits.

    Examples
    --------
    >>> mutual_information(np.array([[5.0, 0.0], [0.0, 5.0]]))
    1.0
    """
    n = table.sum()
    if n == 0:
        return 0.0
    p = table / n
    chance = p.sum(axis=1, keepdims=True) * p.sum(axis=0, keepdims=True)
    inside = p > 0
    return float((p[inside] * np.log2(p[inside] / chance[inside])).sum())


def _entropy(counts: NDArray[np.int64]) -> Floats:
    """In nats, of the last axis."""
    return -np.asarray(xlogy(p := counts / counts.sum(axis=-1, keepdims=True), p).sum(axis=-1), dtype=float)


def association(
    one: NDArray[np.int64], other: NDArray[np.int64], *, rng: np.random.Generator, n_shuffles: int = N_SHUFFLES
) -> Association:
    """Do two labels of the same items depend on each other, or is it chance?

    Parameters
    ----------
    one, other : array of int, shape (n,)
        Labels from 0 on.
    rng : numpy.random.Generator
        For the shuffles.
    n_shuffles : int

    Returns
    -------
    Association
        Bits seen, and the interval of bits above what shuffled labels give.

    Notes
    -----
    *Assumes:* items are exchangeable under no association.
    *Not for:* saying that two labels are independent: few items show little.

    Examples
    --------
    >>> x = np.array([0, 0, 0, 0, 0, 1, 1, 1, 1, 1])
    >>> association(x, x, rng=np.random.default_rng(1)).is_real
    True
    """
    a, b = np.asarray(one, dtype=np.int64), np.asarray(other, dtype=np.int64)
    n_a, n_b = (int(x.max(initial=-1)) + 1 for x in (a, b))
    if a.size < 2 or n_a < 2 or n_b < 2:
        return Association(bits=0.0, low=0.0, high=0.0, n=a.size)

    seen = mutual_information(np.bincount(a * n_b + b, minlength=n_a * n_b).reshape(n_a, n_b).astype(float))
    shuffled = rng.permuted(np.broadcast_to(b, (n_shuffles, b.size)), axis=1)
    at = np.arange(n_shuffles)[:, None] * (n_a * n_b) + a * n_b + shuffled
    tables = np.bincount(at.ravel(), minlength=n_shuffles * n_a * n_b).reshape(n_shuffles, n_a, n_b)
    # The sides of a table do not change by shuffling: only the entropy inside differs.
    sides = (tables[0].sum(axis=1), tables[0].sum(axis=0))
    chance = (_entropy(sides[0]) + _entropy(sides[1]) - _entropy(tables.reshape(n_shuffles, -1))) / log(2)
    low, high = np.quantile(chance, [1 - _TAIL, _TAIL])
    # A shuffle that reproduces the split as well as the data do leaves nothing above chance.
    return Association(bits=seen, low=seen - float(high), high=seen - float(low), n=a.size)
