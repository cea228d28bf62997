"""How good are likelihood ratios, and how large a one may be printed? Costs, calibration and the empirical bounds.

Invariant: weights are natural logs of likelihood ratios inside this file; what leaves for a reader is base 10.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression, minimize

from taggant.errors import InputError, NotEnoughData

Floats = NDArray[np.float64]
Ways = Literal["raw", "ridge", "logistic"]

LN10 = log(10)
FEWEST = 5
"""Incidents a side below which no bound can be set that says anything (methods, correction 20)."""
RIDGE_FROM = 30
"""Incidents a side from which a ridge fit is used; below it weights stay as they are."""
_PRECISION = 2.0
_STEP = 0.01  # of log10, as the reference software searches
_MOST = 20.0


def _two_sides(own: Sequence[float] | Floats, others: Sequence[float] | Floats) -> tuple[Floats, Floats]:
    a, b = np.asarray(own, dtype=float), np.asarray(others, dtype=float)
    if a.size == 0 or b.size == 0:
        raise NotEnoughData(
            f"{a.size} weights of one side and {b.size} of the other",
            enough="at least one of each",
        )
    if np.isnan(a).any() or np.isnan(b).any():
        raise InputError("a weight is not a number", next="This is a fault of the method: please report it")
    return a, b


def cllr(own: Sequence[float] | Floats, others: Sequence[float] | Floats) -> float:
    r"""What do these weights cost somebody who relies on them?

    .. math:: C_{llr} = \tfrac12\Bigl[\overline{\log_2(1 + 1/LR)}_{H_1} + \overline{\log_2(1 + LR)}_{H_2}\Bigr]

    Parameters
    ----------
    own, others : sequence of float, lengths n ≥ 1
        Natural log likelihood ratios where the first hypothesis is true, and where it is not; infinite ones too.

    Returns
    -------
    float
        Bits: 0 is perfect, 1 as good as saying nothing, more is worse than that.

    Raises
    ------
    NotEnoughData
        A side is empty.
    InputError
        A weight is not a number.

    Notes
    -----
    *Assumes:* the items are as those to be judged. *Not for:* one item.

    References
    ----------
    .. [1] Brümmer, N., du Preez, J. (2006). Application-independent evaluation of speaker detection. *Comput. Speech
       Lang.* 20(2–3), 230–275. doi:10.1016/j.csl.2005.08.001

    Examples
    --------
    >>> cllr([0.0], [0.0])
    1.0
    """
    a, b = _two_sides(own, others)
    return float((np.logaddexp(0, -a).mean() + np.logaddexp(0, b).mean()) / (2 * log(2)))


def pooled_weights(own: Sequence[float] | Floats, others: Sequence[float] | Floats) -> tuple[Floats, Floats]:
    """Which monotone rewriting of these weights would cost least, had one known the answers?

    Parameters
    ----------
    own, others : sequence of float

    Returns
    -------
    tuple of array
        Rewritten natural log likelihood ratios of both sides, by pooling adjacent violators; ±inf where separated.

    Notes
    -----
    *Assumes:* a larger weight never speaks less for the first hypothesis.
    *Not for:* use on new items: it has seen the answers. At small n it is too good (correction 20).

    Examples
    --------
    >>> [float(x[0]) for x in pooled_weights([2.0], [1.0])]
    [inf, -inf]
    """
    a, b = _two_sides(own, others)
    scores = np.concatenate([a, b])
    truth = np.concatenate([np.ones(a.size), np.zeros(b.size)])
    levels, where, counts = np.unique(scores, return_inverse=True, return_counts=True)
    share = np.bincount(where, weights=truth) / counts
    fitted = isotonic_regression(share, weights=counts.astype(float)).x if levels.size > 1 else share
    p = np.clip(fitted[where], 0, 1)
    with np.errstate(divide="ignore"):
        rewritten = np.log(p) - np.log1p(-p) - log(a.size / b.size)
    return rewritten[: a.size], rewritten[a.size :]


def cllr_min(own: Sequence[float] | Floats, others: Sequence[float] | Floats) -> float:
    """What would the weights cost after the best monotone rewriting?

    Parameters
    ----------
    own, others : sequence of float

    Returns
    -------
    float
        Bits; never more than `cllr`.

    Notes
    -----
    *Assumes:* as `pooled_weights`. *Not for:* the cost on new items, which is larger.

    Examples
    --------
    >>> cllr_min([2.0, 3.0], [-1.0])
    0.0
    """
    return cllr(*pooled_weights(own, others))


def expected_entropy(own: Sequence[float] | Floats, others: Sequence[float] | Floats, prior: float) -> float:
    r"""How much doubt is left, in bits, for somebody with this prior who uses the weights?

    .. math:: ECE(\pi) = \pi\,\overline{\log_2(1 + \tfrac{1-\pi}{\pi\,LR})}
              + (1-\pi)\,\overline{\log_2(1 + \tfrac{\pi}{1-\pi}LR)}

    Parameters
    ----------
    own, others : sequence of float
    prior : float in (0, 1)
        Probability of the first hypothesis beforehand.

    Returns
    -------
    float
        Bits; at prior ½ it is `cllr`.

    Raises
    ------
    InputError
        The prior is not between 0 and 1.

    Notes
    -----
    *Assumes:* as `cllr`. *Not for:* choosing a prior.

    Examples
    --------
    >>> expected_entropy([0.0], [0.0], 0.5)
    1.0
    """
    if not 0 < prior < 1:
        raise InputError(f"a prior of {prior}", next="Give a probability between 0 and 1")
    a, b = _two_sides(own, others)
    odds = log(prior / (1 - prior))
    bits = prior * np.logaddexp(0, -(a + odds)).mean() + (1 - prior) * np.logaddexp(0, b + odds).mean()
    return float(bits / log(2))


def elub(own: Sequence[float] | Floats, others: Sequence[float] | Floats) -> tuple[float, float]:
    r"""How small and how large a likelihood ratio do these validation items allow to print?

    At each threshold t the cost of deciding by the weights, with one misleading item added a side,
    :math:`\frac{m_1+1}{n_1+1} + t\,\frac{m_2+1}{n_2+1}`, is held against that of deciding without, :math:`\min(1, t)`.

    Parameters
    ----------
    own, others : sequence of float, lengths n ≥ 1
        Natural log likelihood ratios of both sides, one an incident.

    Returns
    -------
    tuple of float
        log10 of the least and the most; (0, 0) when the weights help nowhere.

    Raises
    ------
    NotEnoughData
        A side is empty.

    Notes
    -----
    *Assumes:* items are independent. With perfect separation of n items a side the bounds are 1/n and n.
    *Not for:* making weak weights stronger: it only holds them.

    References
    ----------
    .. [1] Vergeer, P., van Es, A., de Jongh, A., Alberink, I., Stoel, R. (2016). Numerical likelihood ratios outputted
       by LR systems are often based on extrapolation: when to stop extrapolating? *Sci. Justice* 56(6), 482–491.
       doi:10.1016/j.scijus.2016.06.003

    Examples
    --------
    >>> low, high = elub([9.0] * 8, [-9.0] * 8)
    >>> round(10 ** high, 1), round(10 ** -low, 1)
    (8.1, 8.1)
    """
    a, b = _two_sides(own, others)
    a, b = np.sort(np.clip(a / LN10, -_MOST, _MOST)), np.sort(np.clip(b / LN10, -_MOST, _MOST))
    reach = np.ceil(max(abs(a[0]), abs(a[-1]), abs(b[0]), abs(b[-1]))) + 3
    grid = np.round(np.arange(-reach, reach + _STEP / 2, _STEP), 2)
    t = 10**grid
    missed = np.searchsorted(a, grid, side="right")
    wrong = b.size - np.searchsorted(b, grid, side="right")
    cost = (missed + 1) / (a.size + 1) + t * (wrong + 1) / (b.size + 1)
    fails = cost > np.minimum(1, t) * (1 + 1e-12)
    left, right = grid[(grid <= 0) & fails], grid[(grid >= 0) & fails]
    low = float(left.max()) if left.size else float(grid[0])
    high = float(right.min()) if right.size else float(grid[-1])
    return (low, high) if low < 0 < high else (0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """How weights are rewritten, and what must be said of that.

    `apply` is slope × weight + offset, in natural logs.
    """

    method: str
    slope: float
    offset: float
    warnings: tuple[str, ...]

    def apply(self, weights: Sequence[float] | Floats) -> Floats:
        """Rewrite natural log likelihood ratios."""
        return self.slope * np.asarray(weights, dtype=float) + self.offset


def calibrate(
    own: Sequence[float] | Floats, others: Sequence[float] | Floats, *, method: Ways | None = None
) -> Calibration:
    """How should these weights be rewritten so that they mean what they say?

    Parameters
    ----------
    own, others : sequence of float, lengths n ≥ 1
        Natural log likelihood ratios, one an incident.
    method : {"raw", "ridge", "logistic"}, optional
        Left out: raw below 30 incidents a side, ridge from there. `logistic` has no penalty; it is here to be warned
        of: one separated sample sends it to infinity.

    Returns
    -------
    Calibration

    Raises
    ------
    InputError
        No such method.
    NotEnoughData
        A side is empty.

    Notes
    -----
    *Assumes:* slope 1 and offset 0 are the likeliest beforehand (ridge, precision 2).
    *Not for:* setting bounds: `elub`.

    Examples
    --------
    >>> calibrate([1.0, 2.0], [-1.0, 0.5]).method
    'raw'
    """
    a, b = _two_sides(own, others)
    fewest = min(a.size, b.size)
    chosen = method or ("ridge" if fewest >= RIDGE_FROM else "raw")
    if chosen == "raw":
        return Calibration(method="raw", slope=1.0, offset=0.0, warnings=())
    if chosen not in ("ridge", "logistic"):
        raise InputError(f"calibration {chosen!r}", next="Use raw, ridge or logistic")
    warnings: list[str] = []
    if chosen == "logistic":
        if fewest < RIDGE_FROM:
            warnings.append(
                f"unpenalised logistic calibration of {fewest} incidents a side is worse than none: use raw"
            )
        if a.min() > b.max():
            warnings.append(
                "the two sides are separated: the slope has no end; what is printed is where the search stopped"
            )
    slope, offset = _fit(np.clip(a, -46, 46), np.clip(b, -46, 46), _PRECISION if chosen == "ridge" else 0.0)
    return Calibration(method=chosen, slope=slope, offset=offset, warnings=tuple(warnings))


def _fit(a: Floats, b: Floats, precision: float) -> tuple[float, float]:
    n = a.size + b.size
    wa, wb = n / 2 / a.size, n / 2 / b.size

    def loss(p: Floats) -> tuple[float, Floats]:
        za, zb = p[0] * a + p[1], p[0] * b + p[1]
        ga, gb = -1 / (1 + np.exp(np.clip(za, -500, 500))), 1 / (1 + np.exp(np.clip(-zb, -500, 500)))
        value = wa * np.logaddexp(0, -za).sum() + wb * np.logaddexp(0, zb).sum()
        value += precision / 2 * ((p[0] - 1) ** 2 + p[1] ** 2)
        slope = wa * (ga * a).sum() + wb * (gb * b).sum() + precision * (p[0] - 1)
        offset = wa * ga.sum() + wb * gb.sum() + precision * p[1]
        return float(value), np.array([slope, offset])

    found = minimize(loss, np.array([1.0, 0.0]), jac=True, method="L-BFGS-B", bounds=[(0, 200), (-500, 500)]).x
    return float(found[0]), float(found[1])


def tippett(own: Sequence[float] | Floats, others: Sequence[float] | Floats) -> tuple[Floats, Floats, Floats]:
    """Which share of each side has a weight of at least so much?

    Parameters
    ----------
    own, others : sequence of float

    Returns
    -------
    tuple of array
        Thresholds (log10), share of own and share of others at or above each.

    Notes
    -----
    *Assumes:* nothing. *Not for:* bounds.

    Examples
    --------
    >>> [x.tolist() for x in tippett([0.0], [0.0])]
    [[0.0], [1.0], [1.0]]
    """
    a, b = _two_sides(own, others)
    at = np.unique(np.concatenate([a, b]))
    share = [(side[None, :] >= at[:, None]).mean(axis=1) for side in (a, b)]
    return at / LN10, share[0], share[1]
