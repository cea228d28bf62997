"""How many kinds are still unseen, from how often each was seen: richness, coverage, and curves.

Invariant: every number of unseen kinds is a lower bound and says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, lgamma, log, sqrt

import numpy as np
from numpy.typing import NDArray

from taggant.errors import InputError, NotEnoughData

Z = 1.959963984540054
"""Normal quantile of a two-sided 95% interval."""
LOWER_BOUND = "Chao's estimate is a lower bound: kinds that are rarer than those seen once are not counted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Richness:
    """How many kinds there are, at least, and how much of what is met has been seen.

    Attributes
    ----------
    n : int
        Individuals (abundance) or incidents (incidence).
    seen, once, twice : int
        Kinds seen at all, in one, in two.
    at_least, se : float
        Chao's estimate and its standard error.
    low, high : float
        95% interval, log-normal above what was seen.
    coverage : float
        Share of the next individuals (or incidences) that are of a kind already seen.
    p_new : float
        Chance that the next individual, or the next incident, shows a kind not yet seen.
    warnings : tuple of str
    """

    n: int
    seen: int
    once: int
    twice: int
    at_least: float
    se: float
    low: float
    high: float
    coverage: float
    p_new: float
    warnings: tuple[str, ...]

    @property
    def unseen(self) -> float:
        """Kinds not seen, at least."""
        return self.at_least - self.seen


def _counts(counts: Sequence[int], n: int | None) -> NDArray[np.int64]:
    x = np.asarray(counts, dtype=np.int64)
    if (x < 0).any() or (n is not None and x.size and x.max() > n):
        raise InputError(
            "a count is negative, or larger than the number of incidents", next="Give in how many each kind was seen"
        )
    return x[x > 0]


def _richness(x: NDArray[np.int64], n: int, total: int, *, is_incidence: bool) -> Richness:
    seen, f1, f2 = x.size, int((x == 1).sum()), int((x == 2).sum())
    a = (n - 1) / n
    if f2 > 0:
        r = f1 / f2
        unseen = a * f1 * r / 2
        var = f2 * (a / 2 * r**2 + a**2 * r**3 + a**2 / 4 * r**4)
    else:
        unseen = a * f1 * (f1 - 1) / 2
        s = seen + unseen
        var = a * f1 * (f1 - 1) / 2 + a**2 * f1 * (2 * f1 - 1) ** 2 / 4 - (a**2 * f1**4 / (4 * s) if s > 0 else 0)
    warnings = [LOWER_BOUND]
    if unseen > 0:
        k = exp(Z * sqrt(log(1 + max(var, 0.0) / unseen**2)))
        low, high = seen + unseen / k, seen + unseen * k
    else:
        # With no kind seen once the formula divides by zero: a kind met in less than 3/n of incidents may have been
        # missed by all with a chance of 1 in 20.
        low = high = float(seen)
        warnings.append(f"no kind is expected unseen; one met in fewer than {3 / n:.0%} of them may well be missed")
    if f1 == seen and seen > 0:
        warnings.append("every kind was seen once: nothing bounds what is unseen")
    if f1 == 0:
        coverage = 1.0
    else:
        denominator = (n - 1) * f1 + 2 * f2 if f2 > 0 else (n - 1) * (f1 - 1) + 2
        factor = (n - 1) * f1 / denominator if f2 > 0 else ((n - 1) * (f1 - 1) / denominator if denominator else 0.0)
        coverage = 1 - f1 / total * factor
    if is_incidence:
        # E_new = Q0·Q1/(T·Q0 + Q1): kinds new in the next incident, P ≈ 1 − exp(−E_new) (correction 24).
        expected = unseen * f1 / (n * unseen + f1) if f1 and unseen > 0 else 0.0
        p_new = 1 - exp(-expected)
    else:
        p_new = 1 - coverage
    return Richness(
        n=n, seen=seen, once=f1, twice=f2, at_least=seen + unseen, se=sqrt(max(var, 0.0)), low=low, high=high,
        coverage=coverage, p_new=p_new, warnings=tuple(warnings),
    )  # fmt: skip


def chao1(counts: Sequence[int]) -> Richness:
    r"""How many kinds are there, at least, when so many individuals of each were met?

    .. math:: \hat S = S_{obs} + \frac{n-1}{n}\,\frac{f_1^2}{2 f_2}

    Parameters
    ----------
    counts : sequence of int
        Individuals of each kind; zeros are passed over.

    Returns
    -------
    Richness

    Raises
    ------
    NotEnoughData
        Nothing was met.
    InputError
        A count is negative.

    Notes
    -----
    *Assumes:* individuals are met independently, from a closed set of kinds. It is a lower bound.
    *Not for:* parts of one wreck, which come together: `chao2`.

    References
    ----------
    .. [1] Chao, A. (1984). Nonparametric estimation of the number of classes in a population. *Scand. J. Stat.*
       11(4), 265–270.

    Examples
    --------
    >>> round(chao1([3, 1, 1, 2]).at_least, 2)
    5.71
    """
    x = _counts(counts, None)
    if not x.size:
        raise NotEnoughData("nothing was met", enough="one individual")
    n = int(x.sum())
    return _richness(x, n, n, is_incidence=False)


def chao2(incidences: Sequence[int], n_incidents: int) -> Richness:
    r"""How many kinds are there, at least, when each was met in so many incidents?

    .. math:: \hat S = S_{obs} + \frac{T-1}{T}\,\frac{Q_1^2}{2 Q_2}, \qquad
              \hat C = 1 - \frac{Q_1}{U}\,\frac{(T-1)Q_1}{(T-1)Q_1 + 2Q_2}

    and the chance that the next incident shows something new, :math:`1 - e^{-E}`,
    :math:`E = Q_0 Q_1/(T Q_0 + Q_1)`.

    Parameters
    ----------
    incidences : sequence of int
        In how many incidents each kind was met.
    n_incidents : int ≥ 1
        T, all incidents looked at, those that showed nothing included.

    Returns
    -------
    Richness

    Raises
    ------
    NotEnoughData
        No incident.
    InputError
        A kind was met in more incidents than there are.

    Notes
    -----
    *Assumes:* incidents are alike and were looked at alike; the set of kinds is closed. It is a lower bound.
    *Not for:* 1 − Ĉ as the chance that the next incident shows something new: that is of the next *incidence*.

    References
    ----------
    .. [1] Chao, A., Gotelli, N. J., Hsieh, T. C., et al. (2014). Rarefaction and extrapolation with Hill numbers.
       *Ecol. Monogr.* 84(1), 45–67. doi:10.1890/13-0133.1

    Examples
    --------
    >>> found = chao2([1, 1, 2, 3], 3)
    >>> round(found.at_least, 2), round(found.p_new, 2)
    (5.33, 0.36)
    """
    if n_incidents < 1:
        raise NotEnoughData("no incident was looked at", enough="two incidents")
    x = _counts(incidences, n_incidents)
    return _richness(x, n_incidents, max(int(x.sum()), 1), is_incidence=True)


def expected_kinds(counts: Sequence[int], m: int, *, n: int | None = None) -> float:
    r"""How many kinds would be met in m individuals (or incidents), fewer or up to twice as many as were?

    .. math:: S(m) = S_{obs} - \sum_x \binom{n - x}{m} \,/\, \binom{n}{m} \quad (m \le n), \qquad
              S(n + m^*) = S_{obs} + f_0\Bigl[1 - \Bigl(1 - \tfrac{f_1}{n f_0 + f_1}\Bigr)^{m^*}\Bigr]

    Parameters
    ----------
    counts : sequence of int
    m : int ≥ 0
    n : int, optional
        Number of incidents, for incidence counts; the sum of the counts when left out.

    Returns
    -------
    float

    Raises
    ------
    InputError
        More than twice as many are asked for: nothing seen speaks of that.

    Notes
    -----
    *Assumes:* as `chao1` and `chao2`. *Not for:* beyond twice what was seen.

    Examples
    --------
    >>> round(expected_kinds([1, 1], 1), 9)
    1.0
    """
    x = _counts(counts, n)
    size = int(x.sum()) if n is None else n
    if not 0 <= m <= 2 * size:
        raise InputError(f"{m} of {size}", next=f"Ask for 0 to {2 * size}")
    if m <= size:
        missed = sum(exp(_log_choose(size - int(v), m) - _log_choose(size, m)) for v in x if size - v >= m)
        return float(x.size - missed)
    found = chao1(x.tolist()) if n is None else chao2(x.tolist(), n)
    if found.unseen <= 0 or found.once == 0:
        return float(x.size)
    step = found.once / (size * found.unseen + found.once)
    return float(x.size + found.unseen * (1 - (1 - step) ** (m - size)))


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
