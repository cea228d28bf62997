"""How long has the share stood where it stands now? Read one incident after the other, as they came.

Invariant: what is said after the last incident equals what the whole series, read at once, says of it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from taggant.errors import NotEnoughData
from taggant.statistics.change_point import online_changes
from taggant.statistics.share_change import RHOS, share_segments

Floats = NDArray[np.float64]


def present_run(own: Sequence[int], of: Sequence[int], *, hazard: float | None = None) -> Floats:
    r"""How many of the newest incidents have had the same share?

    .. math:: P(r_T = r) = \sum_\rho P(\rho \mid y)\, P(r_T = r \mid \rho, y)

    with r the length of the run that contains the newest incident, and ρ weighed by the evidence of the whole series.

    Parameters
    ----------
    own, of : sequence of int, length T ≥ 1
        Parts of the group, and parts whose group is known, of each incident, the oldest first.
    hazard : float in (0, 1), optional
        Chance of a change between two incidents; 1/T when left out: one change is expected.

    Returns
    -------
    array of float, shape (T,)
        Belief in a run of 1, 2, … T incidents.

    Raises
    ------
    NotEnoughData
        No incident.

    Notes
    -----
    *Assumes:* the order is known: incidents dated by wide ranges that overlap are in no order, and this says nothing
    of that. *Not for:* whether there was a change at all: the evidence of rivals says that.

    References
    ----------
    .. [1] Adams, R. P., MacKay, D. J. C. (2007). Bayesian online changepoint detection. arXiv:0710.3742. There the
       newest datum stays in the old run; here the run is the one that contains it, which is what the whole series
       gives.

    Examples
    --------
    >>> run = present_run([0, 1, 0, 9, 9, 10], [10] * 6)
    >>> int(run.argmax()) + 1, round(float(run.sum()), 9)
    (3, 1.0)
    """
    if not own:
        raise NotEnoughData("no incident", enough="one incident")
    chance = min(0.5, 1 / len(own)) if hazard is None else hazard
    read = [online_changes(share_segments(own, of, rho=rho, n_points=40), hazard=chance) for rho in RHOS]
    weights = np.array([r.log_evidence for r in read])
    weights = np.exp(weights - logsumexp(weights))
    return np.asarray(sum(w * r.p_run[-1] for w, r in zip(weights, read, strict=True)), dtype=float)
