"""Several answers to one question, side by side: their linear pool, and what they allow together.

Invariant: answers are mixed, never multiplied: what one rests on may be what another rests on.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from taggant.errors import InputError

Array = npt.NDArray[np.float64]
LEVELS = (np.arange(1000) + 0.5) / 1000
"""An answer is given by its quantiles at these levels."""


def even_between(low: float, high: float) -> Array:
    """Quantiles of a number that lies anywhere between two ends, each as likely.

    Parameters
    ----------
    low, high : float

    Returns
    -------
    numpy.ndarray of float64, shape (1000,)

    Notes
    -----
    *Assumes:* nothing is known but the ends.
    *Not for:* a number with a most likely value.

    Examples
    --------
    >>> even_between(0, 10)[[0, 999]].round(3).tolist()
    [0.005, 9.995]
    """
    if not low <= high:
        raise InputError(f"{low:g} is not below {high:g}", next="Give the lower end first")
    return np.asarray(low + (high - low) * LEVELS, dtype=np.float64)


def linear_pool(answers: Sequence[Array], weights: Sequence[float], levels: Sequence[float]) -> list[float]:
    r"""Which quantiles has the mixture of these answers?

    .. math:: p(N) = \sum_l w_l\, p_l(N)

    Parameters
    ----------
    answers : sequence of numpy.ndarray, each shape (1000,)
        Quantiles of each answer at `LEVELS`.
    weights : sequence of float
        One an answer; brought to a sum of 1.
    levels : sequence of float

    Returns
    -------
    list of float

    Raises
    ------
    InputError
        No answer, or weights that do not fit.

    Notes
    -----
    *Assumes:* that each answer may be the right one, with its weight; not that they are independent.
    *Not for:* answers that disagree: their mixture has two humps, and its interval holds what neither says.

    References
    ----------
    .. [1] Stone, M. (1961). The opinion pool. *Ann. Math. Stat.* 32(4), 1339–1342.

    Examples
    --------
    >>> [round(q, 2) for q in linear_pool([even_between(0, 10), even_between(10, 20)], [1, 1], [0.25, 0.5, 0.75])]
    [5.0, 10.0, 15.0]
    """
    if not answers or len(answers) != len(weights) or min(weights) <= 0:
        raise InputError("each answer needs a weight above 0, and there must be one", next="Give one weight an answer")
    atoms = np.concatenate(list(answers))
    share = np.concatenate([np.full(len(a), w / len(a)) for a, w in zip(answers, weights, strict=True)])
    order = np.argsort(atoms, kind="stable")
    total = share[order].cumsum() / share.sum()
    return [float(atoms[order][min(int(np.searchsorted(total, q - 1e-9)), len(atoms) - 1)]) for q in levels]


def one_sided_limits(answers: Sequence[Array], level: float) -> tuple[float, float]:
    """Between which ends does the number lie, if every answer is right, whatever they have in common? (Bonferroni)

    Parameters
    ----------
    answers : sequence of numpy.ndarray
        Quantiles of each at `LEVELS`.
    level : float

    Returns
    -------
    (float, float)
        The largest of the lower limits and the least of the upper ones, each at 1 − (1 − level) / (2 · answers). The
        first may be above the second: then they cannot all be right.

    Notes
    -----
    *Assumes:* each answer is right of the same thing.
    *Not for:* lines of which one may have another scope: nothing here guards against that; use `linear_pool`.

    Examples
    --------
    >>> one_sided_limits([even_between(0, 100), even_between(50, 200)], 0.9)
    (53.825, 97.45)
    """
    if not answers:
        raise InputError("no answer is given", next="Give one at least")
    tail = (1 - level) / (2 * len(answers))
    low = max(float(a[min(int(np.searchsorted(LEVELS, tail)), 999)]) for a in answers)
    high = min(float(a[max(int(np.searchsorted(LEVELS, 1 - tail)) - 1, 0)]) for a in answers)
    return low, high
