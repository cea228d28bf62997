"""Published formulas for serial numbers, under their own names, and what speaks against the model behind them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from math import exp, gcd, log1p, sqrt

import numpy as np
from scipy.special import kolmogorov

from taggant.errors import InputError, NotEnoughData


def minimum_variance(serials: Sequence[int]) -> float:
    r"""How many were made, if numbers run from 1 and the estimate is to be right on average with the least spread?

    .. math:: \hat N = m (1 + 1/k) - 1

    with m the largest of k distinct serials.

    Parameters
    ----------
    serials : sequence of int, length n ≥ 1
        Numbers from 1 on; duplicates count once.

    Returns
    -------
    float
        Items.

    Raises
    ------
    InputError
        No serial is given.

    Notes
    -----
    *Assumes:* the run begins at 1 and has no gaps; each number is equally likely to be seen.
    *Not for:* an interval: it has none.

    References
    ----------
    .. [1] Goodman, L. A. (1952). Serial number analysis. *J. Am. Stat. Assoc.* 47(260), 622–634.

    Examples
    --------
    >>> minimum_variance([19, 40, 42, 60])
    74.0
    """
    distinct = _distinct(serials)
    return distinct[-1] * (1 + 1 / len(distinct)) - 1


def goodman(serials: Sequence[int]) -> float:
    r"""How many were made, if nobody knows where numbers begin?

    .. math:: \hat N = (x_{max} - x_{min}) \frac{k + 1}{k - 1} - 1

    Parameters
    ----------
    serials : sequence of int, length n ≥ 2
        Duplicates count once.

    Returns
    -------
    float
        Items, between an unknown first and an unknown last number.

    Raises
    ------
    NotEnoughData
        Fewer than two distinct serials.

    Notes
    -----
    *Assumes:* no gaps; each number is equally likely to be seen.
    *Not for:* an interval: it has none.

    References
    ----------
    .. [1] Goodman, L. A. (1954). Some practical techniques in serial number analysis. *J. Am. Stat. Assoc.* 49(265),
       97–112.

    Examples
    --------
    >>> round(goodman([1005, 1030, 1042, 1060]), 2)
    90.67
    """
    distinct = _distinct(serials)
    k = len(distinct)
    if k < 2:
        raise NotEnoughData("one serial has no span", enough="two distinct serials")
    return (distinct[-1] - distinct[0]) * (k + 1) / (k - 1) - 1


def exact_upper_bound(serials: Sequence[int], *, level: float = 0.95) -> int:
    r"""Up to how many can have been made before a largest serial this small becomes too strange?

    The largest N with

    .. math:: \binom{m}{k} / \binom{N}{k} \ge 1 - \text{level}

    Parameters
    ----------
    serials : sequence of int, length n ≥ 1
        Numbers from 1 on; duplicates count once.
    level : float in (0, 1)
        Coverage of the one-sided interval.

    Returns
    -------
    int
        Items.

    Raises
    ------
    InputError
        No serial is given, or the level is not between 0 and 1.

    Notes
    -----
    *Assumes:* the run begins at 1 and has no gaps; each number is equally likely to be seen.
    *Not for:* runs with an unknown beginning.

    References
    ----------
    .. [1] Ruggles, R., Brodie, H. (1947). An empirical approach to economic intelligence in World War II.
       *J. Am. Stat. Assoc.* 42(237), 72–91. doi:10.1080/01621459.1947.10501915

    Examples
    --------
    >>> exact_upper_bound([19, 40, 42, 60])
    125
    """
    if not 0 < level < 1:
        raise InputError(f"a level of {level} is not between 0 and 1", next="Give for example 0.95")
    distinct = _distinct(serials)
    m, k = distinct[-1], len(distinct)

    def chance(n: int) -> float:
        return exp(sum(log1p((m - n) / (n - i)) for i in range(k)))

    low, step = m, 1
    while chance(low + step) >= 1 - level:
        low, step = low + step, 2 * step
    high = low + step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if chance(middle) >= 1 - level else (low, middle)
    return low


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How evenly numbers fill the run up to the largest seen.

    Attributes
    ----------
    distance : float
        Largest distance between the share of numbers seen and the share of the run (Kolmogorov).
    p : float
        Chance of a distance at least as large if every number were equally likely to be seen.
    step : int
        The greatest common divisor of the differences: above 1, only every step-th number was seen.
    largest_gap : int
        Numbers between two neighbours seen, at most.
    gap_p : float
        Chance of a largest gap at least as large.
    """

    distance: float
    p: float
    step: int
    largest_gap: int
    gap_p: float


def spread(serials: Sequence[int], *, start: int | None) -> Spread:
    r"""Do the numbers seen look like a fair draw from one run without gaps?

    Given the largest (and, with an unknown start, the smallest) number, the rest are uniform between. The distance
    :math:`D` has :math:`p = Q((\sqrt n + 0.12 + 0.11/\sqrt n) D)` with Kolmogorov's Q; the largest of n + 1 spacings
    exceeds the share g with :math:`\sum_{i \ge 1} (-1)^{i-1} \binom{n+1}{i} (1 - i g)_+^{n}`.

    Parameters
    ----------
    serials : sequence of int
        At least three distinct numbers; four where the start is unknown.
    start : int or None
        The first number of the run; None: unknown, so the smallest seen is given too.

    Returns
    -------
    Spread

    Raises
    ------
    NotEnoughData
        Fewer than two numbers are left beside those given.

    Notes
    -----
    *Assumes:* numbers are dense enough to be treated as continuous.
    *Not for:* proving evenness: with few numbers nothing short of a wild gap shows.

    References
    ----------
    .. [1] Stephens, M. A. (1970). Use of the Kolmogorov–Smirnov, Cramér–von Mises and related statistics without
       extensive tables. *J. R. Stat. Soc. B* 32(1), 115–122. doi:10.1111/j.2517-6161.1970.tb00821.x
    .. [2] Fisher, R. A. (1929). Tests of significance in harmonic analysis. *Proc. R. Soc. A* 125, 54–59.

    Examples
    --------
    >>> even = spread([19, 40, 42, 60], start=1)
    >>> even.step, even.largest_gap, even.p > 0.05
    (1, 20, True)
    """
    distinct = _distinct(serials)
    inner = distinct[:-1] if start is not None else distinct[1:-1]
    first = start if start is not None else distinct[0]
    n = len(inner)
    if n < 2:
        raise NotEnoughData(
            f"{len(distinct)} distinct serials cannot show whether they are evenly spread",
            enough="three distinct serials, or four where nobody knows where numbers begin",
        )
    length = distinct[-1] - first
    share = (np.array(inner, dtype=float) - first + 0.5 * (start is not None)) / length
    rank = np.arange(n)
    distance = float(max((share - rank / n).max(), ((rank + 1) / n - share).max()))
    marks = ([first - 1] if start is not None else []) + distinct
    gap = max(b - a for a, b in pairwise(marks))
    return Spread(
        distance=distance,
        p=float(kolmogorov((sqrt(n) + 0.12 + 0.11 / sqrt(n)) * distance)),
        step=reduce(gcd, (b - a for a, b in pairwise(distinct))),
        largest_gap=gap - 1,
        gap_p=_largest_spacing_p(gap / (length + (start is not None)), n + 1),
    )


def _largest_spacing_p(share: float, n_spacings: int) -> float:
    """How likely is one of n uniform spacings longer than this share of the whole?"""
    total, ways = 0.0, 1.0
    for i in range(1, n_spacings + 1):
        left = 1 - i * share
        if left <= 0:
            break
        ways *= (n_spacings - i + 1) / i
        total += (-1) ** (i - 1) * ways * left ** (n_spacings - 1)
        if ways > 1e12:  # the alternating sum has lost its digits; so many spacings make a large gap unlikely anyway
            return min(1.0, n_spacings * (1 - share) ** (n_spacings - 1))
    return min(1.0, max(0.0, total))


def _distinct(serials: Sequence[int]) -> list[int]:
    distinct = sorted({int(s) for s in serials})
    if not distinct:
        raise InputError("no serial is given", next="Give at least one number")
    return distinct


def start_p(serials: Sequence[int], start: int, *, n_independent: int | None = None) -> float:
    r"""Would so large a smallest number be strange, if the run began there?

    .. math:: p = \binom{m - x_{min}}{k - 1} \,/\, \binom{m - a}{k - 1}

    Given the largest number m, the others are a fair draw from a, …, m − 1, whatever the length of the run.

    Parameters
    ----------
    serials : sequence of int, length n ≥ 1
        Duplicates count once.
    start : int
        The first number a.
    n_independent : int, optional
        How many of the distinct numbers are independent finds; None: all.

    Returns
    -------
    float
        Probability of a smallest number as large as this or larger; 0 where one lies before the start.

    Raises
    ------
    InputError
        No serial is given.

    Notes
    -----
    *Assumes:* no gaps; each number is equally likely to be seen; exact, for any length of the run.
    *Not for:* showing that a run begins there: a large p speaks for nothing.

    Examples
    --------
    >>> round(start_p([19, 40, 42, 60], 1), 4), start_p([19, 40, 42, 60], 20)
    (0.3279, 0.0)
    """
    distinct = _distinct(serials)
    smallest, largest = distinct[0], distinct[-1]
    if start > smallest:
        return 0.0
    k = len(distinct) if n_independent is None else n_independent
    # (m − x_min)_(k−1) / (m − a)_(k−1), factor by factor.
    return exp(sum(log1p(-(smallest - start) / (largest - start - i)) for i in range(k - 1))) if k > 1 else 1.0
