"""Many questions asked of one case: how small a p must be, so that few of what is called out is chance.

Invariant: every question that was asked counts, whatever came of it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from taggant.errors import InputError

Array = npt.NDArray[np.float64]


def adjusted_p(p: npt.ArrayLike, *, is_independent: bool = True) -> Array:
    r"""Which p, adjusted for the number of questions, has each? (Benjamini–Hochberg; Benjamini–Yekutieli)

    .. math:: \tilde p_{(i)} = \min_{j \ge i} \frac{m\, c_m}{j}\, p_{(j)}, \quad c_m = 1
              \text{ or } \sum_{j=1}^m 1/j

    Those with an adjusted p of at most q hold no more than a share q of false ones, on average.

    Parameters
    ----------
    p : array_like of float, shape (m,)
        One a question, each at a day fixed beforehand.
    is_independent : bool
        False: whatever the questions have in common, such as the same effort; wider.

    Returns
    -------
    numpy.ndarray of float64, shape (m,)
        In the order given.

    Raises
    ------
    InputError
        A p outside 0 to 1.

    Notes
    -----
    *Assumes:* independent questions, or such as rise together; else `is_independent=False`.
    *Not for:* the same question asked again and again.

    References
    ----------
    .. [1] Benjamini, Y., Hochberg, Y. (1995). Controlling the false discovery rate. *J. R. Stat. Soc. B* 57,
       289–300.
    .. [2] Benjamini, Y., Yekutieli, D. (2001). The control of the false discovery rate in multiple testing under
       dependency. *Ann. Stat.* 29(4), 1165–1188.

    Examples
    --------
    >>> adjusted_p([0.01, 0.04, 0.03]).round(3).tolist()
    [0.03, 0.04, 0.04]
    """
    values = np.atleast_1d(np.asarray(p, dtype=float))
    if values.size == 0:
        return np.zeros(0)
    if not ((values >= 0) & (values <= 1)).all():
        raise InputError("a p lies outside 0 to 1", next="Give each between 0 and 1")
    m = len(values)
    factor = m if is_independent else m * float((1 / np.arange(1, m + 1)).sum())
    order = np.argsort(values, kind="stable")
    scaled = values[order] * factor / np.arange(1, m + 1)
    running = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    found = np.empty(m)
    found[order] = running
    return found
