"""Do numbers begin again? A run that restarts rises within each part and not from one part to the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np

from taggant.errors import InputError

FEWEST = 8
"""Below so many dated numbers, chance looks like a restart."""
_LEAST_PART, _LEAST_SHARE = 4, 5  # each part holds four numbers and a fifth of all
_LEAST_WITHIN = 0.3
_LEAST_GAIN = 1.0  # times one over the root of how many numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Restart:
    """Where numbers seem to begin again.

    Attributes
    ----------
    day : float
        Numbers known from then on are the second part.
    n_before, n_after : int
    within, between : float
        Kendall's tau of number against day within the two parts, and between them.
    """

    day: float
    n_before: int
    n_after: int
    within: float
    between: float


def restart_after(numbers: Sequence[int], days: Sequence[float]) -> Restart | None:
    r"""From which day on do numbers begin again, if they seem to?

    .. math:: g(c) = \tau_{\text{within}}(c) - \tau_{\text{between}}(c), \quad
        \text{a restart where } \max_c g(c) > 1/\sqrt{k} \text{ and } \tau_{\text{within}} \ge 0.3

    In one rising run numbers of different times are better ordered than numbers of the same time, so that g is below 0;
    where numbers begin again at c, it is the other way round.

    Parameters
    ----------
    numbers : sequence of int, length k
    days : sequence of float, length k
        When each became known, or was made.

    Returns
    -------
    Restart or None
        None: no sign of one, or fewer than eight numbers.

    Raises
    ------
    InputError
        Lengths differ.

    Notes
    -----
    *Assumes:* delays are shorter than the parts: with delays of nine months in four years one rising run of nine looks
    so (`docs/measured/serials.md`). It is a suggestion, and a person judges it.
    *Not for:* more than one restart at once; producers told apart by anything else.

    Examples
    --------
    >>> again = restart_after([10, 40, 80, 120, 160, 12, 35, 90, 130, 170], range(10))
    >>> again.day, again.n_before
    (5, 5)
    >>> restart_after(range(10), range(10)) is None
    True
    """
    if len(numbers) != len(days):
        raise InputError("numbers and days differ in length", next="Give one of each")
    k = len(numbers)
    if k < FEWEST:
        return None
    order = sorted(range(k), key=lambda i: (days[i], numbers[i]))
    n = np.array([numbers[i] for i in order], dtype=float)
    d = np.array([days[i] for i in order], dtype=float)
    sign = np.sign(n[None, :] - n[:, None]) * np.sign(d[None, :] - d[:, None])
    least = max(_LEAST_PART, ceil(k / _LEAST_SHARE))
    best: Restart | None = None
    for c in range(least, k - least + 1):
        if d[c] == d[c - 1]:
            continue
        inside = np.concatenate((sign[:c, :c][np.triu_indices(c, 1)], sign[c:, c:][np.triu_indices(k - c, 1)]))
        within, between = float(inside.mean()), float(sign[:c, c:].mean())
        if best is None or within - between > best.within - best.between:
            best = Restart(day=days[order[c]], n_before=c, n_after=k - c, within=within, between=between)
    if best is None or best.within < _LEAST_WITHIN or best.within - best.between <= _LEAST_GAIN / sqrt(k):
        return None
    return best
