"""Did a series change, when, and how surely: exact answers for counts, means and shares in a known order.

Invariant: every rival is weighed by the evidence for it, and none is dropped before it is weighed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, inf, log

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, logsumexp

from taggant.errors import InputError, NotEnoughData

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class OneChange:
    """The answer for at most one change in a series of n values.

    `last_of_first` are the places the first part may end at (0 … n−2), `weights` what each weighs, summing to 1.
    """

    last_of_first: NDArray[np.int64]
    weights: Floats
    log10_bf: float
    means: tuple[float, float]

    def quantile(self, q: float) -> int:
        """Give the place at or below which a share q of the weight lies."""
        at = int(np.searchsorted(np.cumsum(self.weights), q - 1e-12))
        return int(self.last_of_first[min(at, self.weights.size - 1)])


def poisson_change(counts: Sequence[int], *, shape: float = 1.0, rate: float = 1.0) -> OneChange:
    r"""Did a rate of events change once, and when?

    .. math:: m(x_{i:j}) = \frac{b^a\,\Gamma(a + S)}{\Gamma(a)\,(b + n)^{a + S}}, \quad S = \sum x

    for each part, up to factors both rivals share; the place of the change is uniform.

    Parameters
    ----------
    counts : sequence of int ≥ 0, length n ≥ 2
    shape, rate : float > 0
        Of the Gamma prior of each part's rate.

    Returns
    -------
    OneChange
        `means` are the mean counts before and after the likeliest place.

    Raises
    ------
    NotEnoughData
        Fewer than two counts.
    InputError
        A count is negative.

    Notes
    -----
    *Assumes:* counts are independent given the rate: events that come in clusters look like changes.
    *Not for:* shares of parts: `share_change`.

    Examples
    --------
    >>> poisson_change([9, 8, 9, 1, 0, 1]).quantile(0.5)
    2
    """
    x = np.asarray(counts, dtype=float)
    if x.size < 2:
        raise NotEnoughData(f"{x.size} counts hold no change", enough="two counts")
    if (x < 0).any():
        raise InputError("a count is negative", next="Give counts of events")

    def part(total: Floats, n: Floats) -> Floats:
        found: Floats = shape * log(rate) - gammaln(shape) + gammaln(shape + total) - (shape + total) * np.log(rate + n)
        return found

    whole, n = x.sum(), float(x.size)
    first, k = np.cumsum(x)[:-1], np.arange(1, x.size, dtype=float)
    each = part(first, k) + part(whole - first, n - k)
    weights = np.exp(each - logsumexp(each))
    bf = float(logsumexp(each) - log(x.size - 1) - part(np.array(whole), np.array(n)))
    at = int(np.argmax(weights))
    before, after = float(first[at] / k[at]), float((whole - first[at]) / (n - k[at]))
    return OneChange(last_of_first=np.arange(x.size - 1), weights=weights, log10_bf=bf / log(10), means=(before, after))


def mean_break(values: Sequence[float]) -> tuple[int, float, float]:
    """Where does a series fall best into two parts with means of their own, by least squares?

    Parameters
    ----------
    values : sequence of float, length n ≥ 2

    Returns
    -------
    tuple of int, float, float
        How many values the first part has, and the two means.

    Raises
    ------
    NotEnoughData
        Fewer than two values.

    Notes
    -----
    *Assumes:* there is a break. *Not for:* whether there is one: this always finds a place.

    Examples
    --------
    >>> mean_break([5.0, 5.0, 1.0])
    (2, 5.0, 1.0)
    """
    x = np.asarray(values, dtype=float)
    if x.size < 2:
        raise NotEnoughData(f"{x.size} values hold no break", enough="two values")
    k = np.arange(1, x.size)
    first = np.cumsum(x)[:-1]
    gain = first**2 / k + (x.sum() - first) ** 2 / (x.size - k)
    at = int(k[np.argmax(gain)])
    return at, float(x[:at].mean()), float(x[at:].mean())


def penalised_breaks(values: Sequence[float], *, least: int = 2) -> tuple[int, ...]:
    r"""Which breaks in mean and spread cost least, with a penalty on each?

    Cost of a part of n values: :math:`n(\log 2\pi + \log \hat\sigma^2 + 1) + \log n`, and :math:`4 \log N` a break
    (modified Bayesian information criterion).

    Parameters
    ----------
    values : sequence of float
    least : int ≥ 2
        Shortest part.

    Returns
    -------
    tuple of int
        How many values lie before each break.

    Notes
    -----
    *Assumes:* normal values. *Not for:* an answer: it has no uncertainty, and another cost gives other breaks. It is a
    cross-check only.

    References
    ----------
    .. [1] Killick, R., Fearnhead, P., Eckley, I. A. (2012). Optimal detection of changepoints with a linear
       computational cost. *J. Am. Stat. Assoc.* 107(500), 1590–1598. doi:10.1080/01621459.2012.737745

    Examples
    --------
    >>> penalised_breaks([0.0, 1.0] * 6 + [90.0, 91.0] * 6)
    (12,)
    """
    x = np.asarray(values, dtype=float)
    one, two = (np.concatenate([[0.0], np.cumsum(x**p)]) for p in (1, 2))
    penalty = 4 * log(max(x.size, 2))
    best: list[float] = [-penalty] + [inf] * x.size
    came: list[int] = [0] * (x.size + 1)
    for end in range(least, x.size + 1):
        starts = np.array([s for s in range(end - least + 1) if best[s] < inf])
        n = end - starts
        spread = np.maximum((two[end] - two[starts]) / n - ((one[end] - one[starts]) / n) ** 2, 1e-11)
        cost = np.array([best[s] for s in starts]) + n * (log(2 * np.pi) + np.log(spread) + 1) + np.log(n) + penalty
        at = int(np.argmin(cost))
        best[end], came[end] = float(cost[at]), int(starts[at])
    found: list[int] = []
    at = came[x.size]
    while at > 0:
        found.append(at)
        at = came[at]
    return tuple(reversed(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """The answer for any number of changes: `p_change[t]` is the chance of a change between t and t+1."""

    log_evidence: float
    p_change: Floats
    expected_changes: float
    p_run: Floats
    """Chance that the run holding the last value is 1, 2, … long."""


def product_partition(segments: Floats, *, hazard: float) -> Partition:
    """Where did a series change, any number of times, weighing every way of cutting it?

    Parameters
    ----------
    segments : array of float, shape (T, T)
        log m(i, j), as `share_segments` gives.
    hazard : float in (0, 1)
        Chance of a change between two neighbours, beforehand.

    Returns
    -------
    Partition
        Exact, by forward and backward sums.

    Raises
    ------
    InputError
        The hazard is not between 0 and 1.
    NotEnoughData
        The series is empty.

    Notes
    -----
    *Assumes:* parts are independent given where they are cut. *Not for:* smooth change.

    References
    ----------
    .. [1] Barry, D., Hartigan, J. A. (1992). Product partition models for change point problems. *Ann. Stat.* 20(1),
       260–279. doi:10.1214/aos/1176348521

    Examples
    --------
    >>> from taggant.statistics.share_change import share_segments
    >>> product_partition(share_segments([0, 5], [5, 5]), hazard=0.1).expected_changes > 0.5
    True
    """
    size = segments.shape[0]
    if size == 0:
        raise NotEnoughData("an empty series holds no change", enough="one incident")
    if not 0 < hazard < 1:
        raise InputError(f"a hazard of {hazard}", next="Give a chance between 0 and 1")
    h, s = log(hazard), np.log1p(-hazard)
    length = np.arange(size)
    forward, backward = np.zeros(size + 1), np.zeros(size + 1)
    # forward[j]: the first j values, with a change after them unless they are all; backward[i]: values i … T−1.
    for j in range(1, size + 1):
        cut = np.where(np.arange(j) > 0, h, 0.0)
        forward[j] = logsumexp(forward[:j] + cut + segments[:j, j - 1] + s * (j - 1 - np.arange(j)))
    for i in range(size - 1, -1, -1):
        ends = np.arange(i, size)
        cut = np.where(ends < size - 1, h, 0.0)
        backward[i] = logsumexp(segments[i, i:] + s * (ends - i) + cut + backward[i + 1 :])
    total = float(forward[size])
    p_change = np.exp(forward[1:size] + h + backward[1:size] - total)
    last = np.where(length > 0, h, 0.0) + forward[:size] + segments[:, size - 1] + s * (size - 1 - length) - total
    return Partition(
        log_evidence=total,
        p_change=p_change,
        expected_changes=float(p_change.sum()),
        p_run=np.exp(last[::-1]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Online:
    """The filter's answer after each value: row t holds the chance that the run holding value t is 1, 2, … long."""

    log_evidence: float
    p_run: tuple[Floats, ...]


def online_changes(segments: Floats, *, hazard: float) -> Online:
    r"""How long is the present run, judged after each value as it comes?

    The run is the one that *contains* the newest value, so that the last row equals the offline answer:

    .. math:: P(r_t = 1) \propto h\,m(y_t) \sum_r P(r_{t-1} = r), \qquad
              P(r_t = r + 1) \propto (1 - h)\,\frac{m(y_{t-r:t})}{m(y_{t-r:t-1})}\,P(r_{t-1} = r)

    Parameters
    ----------
    segments : array of float, shape (T, T)
    hazard : float in (0, 1)

    Returns
    -------
    Online

    Raises
    ------
    NotEnoughData
        The series is empty.

    Notes
    -----
    *Assumes:* as `product_partition`. *Not for:* the form of Adams and MacKay, whose newest value always stays in the
    old run (correction 18).

    References
    ----------
    .. [1] Adams, R. P., MacKay, D. J. C. (2007). Bayesian online changepoint detection. arXiv:0710.3742.

    Examples
    --------
    >>> from taggant.statistics.share_change import share_segments
    >>> m = share_segments([1, 0, 2], [5, 5, 5])
    >>> bool(np.isclose(online_changes(m, hazard=0.1).log_evidence, product_partition(m, hazard=0.1).log_evidence))
    True
    """
    size = segments.shape[0]
    if size == 0:
        raise NotEnoughData("an empty series holds no change", enough="one incident")
    h, s = log(hazard), np.log1p(-hazard)
    state = np.array([segments[0, 0]])
    rows = [np.ones(1)]
    for t in range(1, size):
        starts = t - 1 - np.arange(state.size)  # of the runs of length 1, 2, … that held value t−1
        grown = state + s + segments[starts, t] - segments[starts, t - 1]
        state = np.concatenate([[logsumexp(state) + h + segments[t, t]], grown])
        rows.append(np.exp(state - logsumexp(state)))
    return Online(log_evidence=float(logsumexp(state)), p_run=tuple(rows))


def changes_exactly(segments: Floats, n_changes: int) -> float:
    """How likely is the series with exactly so many changes, every way of cutting it as likely as any other?

    Parameters
    ----------
    segments : array of float, shape (T, T)
    n_changes : int ≥ 0

    Returns
    -------
    float
        log evidence; −inf when the series is too short.

    Notes
    -----
    *Assumes:* as `product_partition`. *Not for:* how many changes there are: compare evidence.

    Examples
    --------
    >>> changes_exactly(np.zeros((1, 1)), 1)
    -inf
    """
    return changes_up_to(segments, n_changes)[n_changes].item()


def changes_up_to(segments: Floats, most: int) -> list[Floats]:
    """How likely is each of these series with no change, one, two, and so on, every way of cutting it as likely?

    Parameters
    ----------
    segments : array of float, shape (..., T, T)
        As `changes_exactly`, of any number of series of the same length; what is below the diagonal is not read.
    most : int ≥ 0

    Returns
    -------
    list of array
        Log evidence of 0 to `most` changes, each of shape (...); −inf where a series is too short.

    Notes
    -----
    *Assumes:* as `product_partition`. *Not for:* how many changes there are: compare evidence.

    Examples
    --------
    >>> [x.tolist() for x in changes_up_to(np.zeros((1, 1)), 1)]
    [0.0, -inf]
    """
    size = segments.shape[-1]
    segments = np.where(np.tri(size, dtype=bool).T, segments, -inf)
    row = segments[..., 0, :]
    found = [row[..., -1]]
    for n in range(1, most + 1):
        first = np.full((*row.shape[:-1], 1), -inf)
        if size > 1:
            # A last segment i…j after n − 1 changes before i.
            row = np.concatenate([first, logsumexp_of(row[..., :-1, None] + segments[..., 1:, :])[..., 1:]], axis=-1)
        else:
            row = first
        found.append(row[..., -1] - log(comb(size - 1, n)) if size > n else np.full(row.shape[:-1], -inf))
    return found


def logsumexp_of(values: Floats, axis: int = -2) -> Floats:
    """Sum numbers given as logs along one axis; plain, without what the general one checks, ten times faster.

    Parameters
    ----------
    values : array of float
        −inf is allowed.
    axis : int

    Returns
    -------
    array of float

    Notes
    -----
    *Assumes:* no NaN, no +inf. *Not for:* weights or signs: scipy's.

    Examples
    --------
    >>> logsumexp_of(np.log([[1.0, 3.0], [2.0, 1.0]])).round(6).tolist()
    [1.098612, 1.386294]
    """
    top = values.max(axis=axis, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(np.exp(values - top).sum(axis=axis)) + top.squeeze(axis), dtype=float)
