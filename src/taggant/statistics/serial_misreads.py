"""How long is a run when some of its numbers may be misread, or some were likelier to be found than others?

Invariant: the chance of a misread is never 0, and with no misreads and equal weights both answers are those of the run
itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from scipy.special import logsumexp

from taggant.errors import InputError
from taggant.statistics.serial_runs import PRIORS, FloatArray, Prior

MISREAD = {"sure": 0.01, "likely": 0.03, "doubtful": 0.10}
"""Chance that a serial is misread, by how surely it was read: an assumption, named so wherever it is used."""

_REACH = 200.0  # the grid ends at so many times the largest number
_EXACT = 20_000  # up to here every length is a cell of its own
_GROWTH = 1.002


@dataclass(frozen=True, slots=True, kw_only=True)
class GridPosterior:
    """A posterior of N on cells of growing length.

    Attributes
    ----------
    n : numpy.ndarray of int64, shape (m,)
        First length of each cell.
    mass : numpy.ndarray of float64, shape (m,)
        Probability of each cell; sums to 1.
    """

    n: np.ndarray
    mass: FloatArray

    def quantile(self, level: float) -> int:
        """The least n with P(N ≤ n) ≥ level, to the length of a cell."""
        if not 0 < level < 1:
            raise InputError(f"a level of {level} is not between 0 and 1", next="Give for example 0.95")
        k = int(np.searchsorted(np.cumsum(self.mass), level))
        return int(self.n[min(k, len(self.n) - 1)])


def _cells(least: int, most: int) -> tuple[np.ndarray, np.ndarray]:
    exact = np.arange(least, min(most, least + _EXACT) + 1, dtype=np.int64)
    if exact[-1] >= most:
        return exact, np.ones(len(exact), dtype=np.int64)
    steps = np.unique(
        np.geomspace(exact[-1] + 1, most, max(2, int(log(most / exact[-1]) / log(_GROWTH)))).astype(np.int64)
    )
    n = np.concatenate([exact, steps])
    return n, np.diff(np.append(n, most + 1))


def misread_posterior(
    serials: Sequence[int],
    *,
    chances: Sequence[float],
    digits: int | None = None,
    prior: Prior = "1/N",
    n_max: int | None = None,
) -> GridPosterior:
    r"""How many were made, if numbers count from 1 and each may be misread?

    .. math:: L(N) = \prod_i \Bigl[ (1 - \epsilon_i) \frac{1[s_i \le N]}{N} + \frac{\epsilon_i}{10^L} \Bigr]

    with :math:`\epsilon_i` the chance that serial i is misread and L the width of the printed field.

    Parameters
    ----------
    serials : sequence of int, length k ≥ 1
        Distinct numbers from 1.
    chances : sequence of float in (0, 1), length k
        Never 0: by `MISREAD` where only the quality of the reading is known.
    digits : int, optional
        Width of the printed field; without leading zeros the digits of the largest number that is plausible. None: of
        the largest seen.
    prior : {"1/N", "flat", "1/N2"}
    n_max : int, optional

    Returns
    -------
    GridPosterior
        Items made, numbers 1 to N.

    Raises
    ------
    InputError
        No serial, one below 1, or a chance outside (0, 1).

    Notes
    -----
    *Assumes:* a misread number can be any number of that width; reading errors are independent.
    *Not for:* runs that begin elsewhere; a number typed into the wrong prefix.

    Examples
    --------
    >>> p = misread_posterior([19, 40, 42, 60], chances=[0.01] * 4, prior="flat")
    >>> 70 <= p.quantile(0.5) <= 76
    True
    >>> far = misread_posterior([19, 40, 42, 60, 9042], chances=[0.03] * 5)
    >>> far.quantile(0.5) < 200
    True
    """
    s = np.asarray(sorted({int(x) for x in serials}), dtype=np.int64)
    e = np.asarray(chances, dtype=float)
    if len(s) == 0 or s[0] < 1:
        raise InputError("serials count from 1", next="Leave out what is below, or use the run's own start")
    if len(e) != len(serials) or (e <= 0).any() or (e >= 1).any():
        raise InputError("each serial needs its own chance of being misread, between 0 and 1", next="Use MISREAD")
    by_serial: dict[int, float] = {}
    for number, chance in zip(serials, e, strict=True):
        by_serial[int(number)] = min(by_serial.get(int(number), 1.0), float(chance))
    chance_of = np.array([by_serial[int(x)] for x in s])
    width = len(str(int(s[-1]))) if digits is None else digits
    n, length = _cells(int(s[0]), n_max if n_max is not None else int(_REACH * s[-1]))
    middle = n + (length - 1) / 2
    log_l = np.zeros(len(n))
    for number, chance in zip(s, chance_of, strict=True):
        log_l += np.log(np.where(n >= number, (1 - chance) / middle, 0.0) + chance / 10.0**width)
    log_l += np.log(length) - PRIORS[prior] * np.log(middle)
    return GridPosterior(n=n, mass=np.exp(log_l - logsumexp(log_l)))


def recovery_posterior(serials: Sequence[int], *, weights: Sequence[float], prior: Prior = "1/N") -> GridPosterior:
    r"""How many were made, if numbers count from 1 and some were likelier to be recovered than others?

    .. math:: L(N) = \frac{\prod_i w(s_i)}{e_k(w_1, \ldots, w_N)}

    with :math:`e_k` the elementary symmetric polynomial: the exact likelihood of k independent recoveries given k.

    Parameters
    ----------
    serials : sequence of int, length k ≥ 1
        Distinct numbers from 1 to M.
    weights : sequence of float ≥ 0, length M
        Odds of recovery of each number from 1 on; the posterior ends at M.
    prior : {"1/N", "flat", "1/N2"}

    Returns
    -------
    GridPosterior

    Raises
    ------
    InputError
        A serial is no number of `weights`, or has weight 0.

    Notes
    -----
    With all weights 1 it is 1/C(N, k). One pass, :math:`E_j \leftarrow E_j + w_N E_{j-1}`, gives all N.
    *Assumes:* weights are known; where they fall to 0 at the top the likelihood is flat there and the prior decides.
    *Not for:* weights estimated from the same serials: the serial–date curve does both in one.

    Examples
    --------
    >>> p = recovery_posterior([19, 40, 42, 60], weights=[1.0] * 5000, prior="flat")
    >>> p.quantile(0.5), p.quantile(0.975)
    (75, 200)
    """
    s = np.asarray(sorted({int(x) for x in serials}), dtype=np.int64)
    w = np.asarray(weights, dtype=float)
    if len(s) == 0 or s[0] < 1 or s[-1] > len(w):
        raise InputError(
            f"serials must lie between 1 and {len(w)}, the numbers that have a weight", next="Give more weights"
        )
    if (w < 0).any() or (w[s - 1] <= 0).any():
        raise InputError("a number that was recovered cannot have weight 0", next="Mend the weights")
    k = len(s)
    polynomial = np.zeros(k + 1)
    polynomial[0] = 1.0
    scale = 0.0
    log_e = np.full(len(w), -np.inf)
    for at, weight in enumerate(w):
        polynomial[1:] += weight * polynomial[:-1]
        top = float(polynomial.max())
        if top > 1e200:  # kept in range; the factor is remembered
            polynomial /= top
            scale += log(top)
        if polynomial[k] > 0:
            log_e[at] = log(float(polynomial[k])) + scale
    n = np.arange(int(s[-1]), len(w) + 1, dtype=np.int64)
    log_l = -log_e[n - 1] - PRIORS[prior] * np.log(n)
    return GridPosterior(n=n, mass=np.exp(log_l - logsumexp(log_l)))
