"""Published tests of sighting records, each under its own name for ever: cross-checks beside the house's own test.

Invariant: none of them knows delays or effort. Each is given dates alone, as its paper has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb, log

import numpy as np
from scipy.special import gammaln

from taggant.errors import InputError, NotEnoughData


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTest:
    """What a published test says.

    Attributes
    ----------
    method : str
    p : float or None
        Chance of such a silence if it goes on; None where the method gives none.
    end, low, high : float or None
        Estimated end and its limits, on the scale of the sightings; `high` None: no limit.
    bf_going_on : float or None
        Bayes factor for going on against a stop, where the method has one.
    """

    method: str
    n: int
    p: float | None = None
    end: float | None = None
    low: float | None = None
    high: float | None = None
    bf_going_on: float | None = None


def _sorted(times: Sequence[float], until: float, *, least: int, method: str) -> list[float]:
    found = sorted(float(t) for t in times)
    if any(t > until for t in found):
        raise InputError(f"a sighting at {found[-1]:g} is later than the cut at {until:g}", next="Set a later cut")
    if len(found) < least:
        raise NotEnoughData(f"{method} has {len(found)} sightings", enough=f"at least {least} sightings")
    return found


def solow_1993(times: Sequence[float], *, until: float, start: float, level: float = 0.95) -> RecordTest:
    r"""Has it stopped, if sightings came at a constant rate?

    .. math:: p = (t_n/T)^n, \qquad \tau_U = t_n\,\alpha^{-1/n}, \qquad
              B = \frac{n-1}{(T/t_n)^{n-1} - 1}

    with times counted from the start.

    Parameters
    ----------
    times : sequence of float
        After `start`.
    until, start : float
    level : float

    Returns
    -------
    RecordTest
        `end` is :math:`t_n (n+1)/n`, the unbiased estimate.

    Notes
    -----
    *Assumes:* a constant rate and effort, no delay; `cessation-clock-v0` is this with times already on the clock.
    *Not for:* items that become known long after they were made: with mean delays of 3, 6 and 12 months in 36 it finds
    stops that are none in 45, 67 and 80 of a hundred.

    References
    ----------
    Solow, A. R. (1993). Inferring extinction from sighting data. *Ecology* 74(3), 962–964. doi:10.2307/1940821

    Examples
    --------
    >>> t = solow_1993([1922, 1932, 1948, 1952], until=1992, start=1915)
    >>> round(t.p, 6), round(t.bf_going_on, 4), round(t.high, 3)
    (0.053314, 0.3744, 1993.245)
    """
    found = _sorted(times, until, least=1, method="solow-1993")
    n, last, whole = len(found), found[-1] - start, until - start
    if last <= 0 or whole <= 0:
        raise InputError("the newest sighting is not after the start", next="Let the window start earlier")
    ratio = whole / last
    bf = None if n < 2 or ratio <= 1 else (n - 1) / (ratio ** (n - 1) - 1)
    return RecordTest(
        method="solow-1993", n=n, p=(1 / ratio) ** n, end=start + last * (n + 1) / n, low=found[-1],
        high=start + last * (1 - level) ** (-1 / n), bf_going_on=bf,
    )  # fmt: skip


def solow_1993b(times: Sequence[float], *, until: float, start: float) -> RecordTest:
    r"""Has it stopped, if sightings were becoming rarer at an unknown exponential rate?

    .. math:: p = F(t_n)/F(T), \quad F(x) = 1 - \sum_{i=1}^{\lfloor s/x \rfloor} (-1)^{i-1} \binom{n}{i}
              \Bigl(1 - \frac{ix}{s}\Bigr)^{n-1}, \quad s = \sum t_i

    Parameters
    ----------
    times : sequence of float
    until, start : float

    Returns
    -------
    RecordTest

    Notes
    -----
    Computed in exact fractions: the alternating series loses every digit in floating point when F is small.
    *Assumes:* no delay; constant effort.
    *Not for:* more than about 500 sightings: it becomes slow.

    References
    ----------
    Solow, A. R. (1993). Inferring extinction in a declining population. *J. Math. Biol.* 32, 79–82.

    Examples
    --------
    >>> t = solow_1993b([2, 3, 4], until=10, start=0)
    >>> 0 < t.p < 1
    True
    """
    found = [Fraction(t) - Fraction(start) for t in _sorted(times, until, least=2, method="solow-1993b")]
    s, n = sum(found), len(found)

    def below(x: Fraction) -> Fraction:  # F, exact
        most = min(n, int(s / x))
        terms = ((-1) ** (i - 1) * comb(n, i) * (1 - i * x / s) ** (n - 1) for i in range(1, most + 1))
        return Fraction(1) - sum(terms, Fraction(0))

    whole = below(Fraction(until) - Fraction(start))
    p = float(below(found[-1]) / whole) if whole > 0 else 1.0
    return RecordTest(method="solow-1993b", n=n, p=p)


def ole(times: Sequence[float], *, until: float, level: float = 0.95, most: int | None = None) -> RecordTest:
    r"""When did it end, by the newest sightings alone (optimal linear estimation)?

    .. math:: \hat\nu = \frac{1}{k-1}\sum_{i=1}^{k-2} \ln\frac{T_1 - T_k}{T_1 - T_{i+1}}, \qquad
              \hat\theta = \sum a_i T_i, \quad a = (e'\Lambda^{-1}e)^{-1}\Lambda^{-1}e

    with :math:`T_1 > T_2 > \ldots > T_k`.

    Parameters
    ----------
    times : sequence of float, length k ≥ 3
    until : float
    level : float
        Of the two-sided interval.
    most : int, optional
        Use only the newest so many.

    Returns
    -------
    RecordTest

    Notes
    -----
    *Assumes:* the newest sightings of a long record (a Weibull tail); supply that declines.
    *Not for:* delays; ties among the newest.

    References
    ----------
    Roberts, D. L., Solow, A. R. (2003). When did the dodo become extinct? *Nature* 426, 245. doi:10.1038/426245a

    Examples
    --------
    >>> dodo = [1598, 1601, 1602, 1607, 1611, 1628, 1628, 1631, 1638, 1662]
    >>> t = ole(dodo, until=2003)
    >>> round(t.end, 3), round(t.low, 3), round(t.high, 3)
    (1690.418, 1669.133, 1798.879)
    """
    found = _sorted(times, until, least=3, method="ole")[::-1][:most]
    k = len(found)
    if k < 3:
        raise NotEnoughData(f"ole is given {k} sightings", enough="at least 3")
    t = np.array(found)
    if t[0] <= t[1] or t[0] == t[-1]:
        raise NotEnoughData("the two newest sightings are on one day", enough="two different newest days")
    v = float(np.log((t[0] - t[-1]) / (t[0] - t[1:-1])).sum() / (k - 1))
    i, j = np.indices((k, k)) + 1
    low_j = np.minimum(i, j)
    high_i = np.maximum(i, j)
    lam = np.exp(gammaln(2 * v + high_i) + gammaln(v + low_j) - gammaln(v + high_i) - gammaln(low_j))
    solved = np.linalg.solve(lam, np.ones(k))
    end = float(solved @ t / solved.sum())

    def bound(q: float) -> float:
        return float(t[0] + (t[0] - t[-1]) / ((-log(q) / k) ** (-v) - 1))

    alpha = 1 - level
    return RecordTest(method="ole", n=k, end=end, low=bound(1 - alpha / 2), high=bound(alpha / 2))


def solow_roberts_2003(times: Sequence[float], *, until: float, level: float = 0.95) -> RecordTest:
    r"""Has it stopped, by the two newest sightings alone?

    .. math:: p = \frac{T_1 - T_2}{T - T_2}, \qquad \hat\theta = 2T_1 - T_2, \qquad
              \tau_U = T_1 + \tfrac{1-\alpha}{\alpha}(T_1 - T_2)

    Parameters
    ----------
    times : sequence of float, length ≥ 2
    until : float
    level : float

    Returns
    -------
    RecordTest

    Notes
    -----
    *Assumes:* nothing of the record but its end.
    *Not for:* strong words: two sightings.

    References
    ----------
    Solow, A. R., Roberts, D. L. (2003). A nonparametric test for extinction based on a sighting record. *Ecology*
    84(5), 1329–1332.

    Examples
    --------
    >>> t = solow_roberts_2003([10, 20], until=110)
    >>> t.p, t.end, round(t.high, 6)
    (0.1, 30.0, 210.0)
    """
    found = _sorted(times, until, least=2, method="solow-roberts-2003")
    newest, before = found[-1], found[-2]
    alpha = 1 - level
    p = 1.0 if until <= before else (newest - before) / (until - before)
    return RecordTest(method="solow-roberts-2003", n=len(found), p=p, end=2 * newest - before, low=newest,
                      high=newest + (1 - alpha) / alpha * (newest - before))  # fmt: skip


def mcinerny_2006(times: Sequence[float], *, until: float) -> RecordTest:
    r"""Has it stopped, by the rate of sightings until the newest?

    .. math:: p = (1 - n/t_n)^{T - t_n}

    with :math:`t_n` counted from the first sighting and n without it.

    Parameters
    ----------
    times : sequence of float, length ≥ 2
        In units in which at most one sighting falls (years, in the paper).
    until : float

    Returns
    -------
    RecordTest

    Notes
    -----
    *Assumes:* at most one sighting in each unit of time.
    *Not for:* a scale with more: p is then 0.

    References
    ----------
    McInerny, G. J. et al. (2006). Significance tests for estimating extinction times from sighting records.
    *Conserv. Biol.* 20(2), 562–567. doi:10.1111/j.1523-1739.2006.00377.x

    Examples
    --------
    >>> round(mcinerny_2006([2000, 2002, 2003], until=2004).p, 3)
    0.333
    """
    found = _sorted(times, until, least=2, method="mcinerny-2006")
    n, length = len(found) - 1, found[-1] - found[0]
    if length <= 0:
        raise NotEnoughData("all sightings are at one time", enough="sightings at two times")
    rate = min(1.0, n / length)
    return RecordTest(method="mcinerny-2006", n=n, p=float((1 - rate) ** (until - found[-1])))
