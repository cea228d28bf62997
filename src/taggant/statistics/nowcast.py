"""How many will have become known in the end, of those that began lately?

Invariant: none seen so far is not none: a count of zero has an upper end.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.stats import nbinom

from taggant.errors import InputError

Array = npt.NDArray[np.float64]
_TAIL = 1 - 1e-6


def multiplied_counts(seen: npt.ArrayLike, share_known: npt.ArrayLike) -> Array:
    """What is each count, divided by the share that should be known by now? (Lawless 1994; the chain ladder)

    Parameters
    ----------
    seen : array_like of int, shape (q,)
    share_known : array_like of float, shape (q,)

    Returns
    -------
    numpy.ndarray of float64, shape (q,)
        0 wherever nothing is seen, however little should be known by now.

    Notes
    -----
    *Assumes:* the share is known exactly.
    *Not for:* the newest counts: a zero stays a zero, so it would show a stop wherever delays are long. It stands
    beside `thinned_counts` for comparison.

    References
    ----------
    .. [1] Lawless, J. F. (1994). Adjustments for reporting delays and the prediction of occurred but not reported
       events. *Can. J. Stat.* 22(1), 15–31.

    Examples
    --------
    >>> multiplied_counts([8, 0], [0.8, 0.1]).tolist()
    [10.0, 0.0]
    """
    y, f = np.asarray(seen, dtype=float), np.asarray(share_known, dtype=float)
    if (f <= 0).any() and (y[f <= 0] > 0).any():
        raise InputError("something is seen of which nothing can be known yet", next="Mend the delay law or the cut")
    return np.asarray(np.divide(y, f, out=np.zeros_like(y), where=y > 0), dtype=np.float64)


def thinned_counts(
    seen: npt.ArrayLike, share_known: npt.ArrayLike, *, mean: float, variance: float,
    quantiles: tuple[float, ...] = (0.025, 0.5, 0.975),
) -> npt.NDArray[np.int64]:  # fmt: skip
    r"""How many will have become known in the end, where each becomes known by now with some chance?

    N is negative binomial with the given mean μ and variance v (size s = μ² / (v − μ)), the y seen are a binomial
    thinning of it with chance F, and F has draws:

    .. math:: N - y \mid y, F \sim \mathrm{NB}\Bigl(s + y,\; 1 - (1 - F)\frac{\mu}{s + \mu}\Bigr)

    averaged over the draws of F.

    Parameters
    ----------
    seen : array_like of int, shape (q,)
    share_known : array_like of float, shape (q,) or (draws, q)
        Share of each count that should be known by now, between 0 and 1.
    mean, variance : float
        Of each final count before anything is seen; variance above mean.
    quantiles : tuple of float

    Returns
    -------
    numpy.ndarray of int64, shape (q, len(quantiles))
        Quantiles of the final counts.

    Raises
    ------
    InputError
        A variance not above the mean, or a share outside [0, 1].

    Notes
    -----
    *Assumes:* things become known independently of one another, with delays of the law drawn.
    *Not for:* things that come in batches: bring them to one each first.

    References
    ----------
    .. [1] Höhle, M., an der Heiden, M. (2014). Bayesian nowcasting during the STEC O104:H4 outbreak in Germany, 2011.
       *Biometrics* 70(4), 993–1002. doi:10.1111/biom.12194

    Examples
    --------
    >>> thinned_counts([8, 0], [[0.8, 0.1]], mean=10, variance=60).tolist()
    [[8, 10, 14], [0, 5, 18]]
    """
    y = np.asarray(seen, dtype=np.int64)
    f = np.atleast_2d(np.asarray(share_known, dtype=float))
    if not variance > mean > 0:
        raise InputError(f"a variance of {variance:g} is not above the mean of {mean:g}", next="Give a wider one")
    if ((f < 0) | (f > 1 + 1e-9)).any():
        raise InputError("a share known lies outside 0 to 1", next="Mend the delay law")
    size = mean**2 / (variance - mean)
    found = np.empty((len(y), len(quantiles)), dtype=np.int64)
    for i, n in enumerate(y):
        chance = np.clip(1 - (1 - np.minimum(f[:, i], 1.0)) * mean / (size + mean), 1e-12, 1.0)
        top = int(nbinom.ppf(_TAIL, size + n, chance.min())) + 1
        more = np.arange(min(top, 200_000) + 1)
        distinct, weight = _binned(chance)
        cdf = sum(w * nbinom.cdf(more, size + n, c) for c, w in zip(distinct, weight, strict=True))
        found[i] = [int(n) + int(np.searchsorted(cdf, q)) for q in quantiles]
    return found


def _binned(chance: Array) -> tuple[Array, Array]:
    """Few chances that stand for many draws: the means of 200 groups of them in order."""
    ordered = np.sort(chance)
    groups = np.array_split(ordered, min(200, len(ordered)))
    return np.array([g.mean() for g in groups]), np.array([len(g) / len(ordered) for g in groups])
