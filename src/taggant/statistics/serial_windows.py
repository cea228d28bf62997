"""How long is a run of which neither the first number is known nor that every number was read right?

Invariant: most of the numbers belong to the run; the chance of a misread is never 0; as it goes to 0 the answer becomes
that of `serial_runs.run_posterior`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from scipy.special import gammaln, logsumexp

from taggant.errors import InputError
from taggant.statistics.serial_misreads import GridPosterior
from taggant.statistics.serial_runs import PRIORS, FloatArray, Prior, Start

_EXACT, _GROWTH = 2_000, 1.003
_REACH = 200.0  # the grid ends at so many times the largest number
_MOST_OUTSIDE = 12  # so many numbers at each end may lie outside; more are two runs, not misreads
_LARGE = 1e7  # from here on log-gammas lose digits that their expansion keeps


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowPosterior:
    """What `window_posterior` gives.

    Attributes
    ----------
    length : GridPosterior
        Numbers in the run.
    outside : dict of int to float
        Number → probability that it does not lie in the run: that it is misread, or another run's.
    """

    length: GridPosterior
    outside: dict[int, float]


def window_posterior(
    serials: Sequence[int],
    *,
    chances: Sequence[float],
    start: Start = "positive",
    prior: Prior = "1/N",
    digits: int | None = None,
    n_max: int | None = None,
    n_independent: int | None = None,
) -> WindowPosterior:
    r"""How many were made, if the run may begin anywhere and each number may be misread?

    .. math:: p(N) \propto \pi(N) \sum_a \frac{N^{j}}{(N)_{j}} \prod_i
        \Bigl[ (1 - \epsilon_i) \frac{1[a \le s_i < a + N]}{N} + \frac{\epsilon_i}{10^L} \Bigr]

    with j the numbers inside :math:`a, \ldots, a + N - 1` (more than half of all) and L the digits of a number. The
    factor before the product makes it a draw without replacement.

    Parameters
    ----------
    serials : sequence of int, length k ≥ 1
        Duplicates count once.
    chances : sequence of float in (0, 1), length k
        Of being misread.
    start : {"positive", "1", "round", "any"}
        ``round`` is taken as ``positive``.
    prior : {"1/N", "flat", "1/N2"}
    digits : int, optional
        Width of the printed field; None: the digits of the largest number.
    n_max : int, optional
        No run is longer.
    n_independent : int, optional
        Fewer independent finds than numbers: the likelihood is raised to their share.

    Returns
    -------
    WindowPosterior

    Raises
    ------
    InputError
        No serial, a chance outside (0, 1), or a run too short for most of the numbers.

    Notes
    -----
    *Assumes:* a misread number can be any number of that width; misreads are independent and fewer than half.
    *Not for:* two runs pooled: it calls the smaller one misread, and says so in `outside`.

    Examples
    --------
    >>> found = window_posterior([12, 40, 33, 21, 99999999], chances=[0.03] * 5)
    >>> found.length.quantile(0.95) < 200, found.outside[99999999] > 0.999
    (True, True)
    """
    chance_of: dict[int, float] = {}
    if len(chances) != len(serials) or any(not 0 < c < 1 for c in chances):
        raise InputError("each serial needs its own chance of being misread, between 0 and 1", next="Use MISREAD")
    for number, chance in zip(serials, chances, strict=True):
        chance_of[int(number)] = min(chance_of.get(int(number), 1.0), float(chance))
    s = sorted(chance_of)
    if not s:
        raise InputError("no serial is given", next="Give at least one number")
    k = len(s)
    width = len(str(max(abs(s[0]), abs(s[-1])))) if digits is None else digits
    needed = k // 2 + 1
    free = min(k - needed, _MOST_OUTSIDE)
    sets = [(i, j) for i in range(free + 1) for j in range(k - 1 - free, k) if j - i + 1 >= needed]
    firsts = 1 if start == "1" else None
    least = min(s[j] if firsts else s[j] - s[i] + 1 for i, j in sets)
    most = int(_REACH * max(abs(s[-1]), 1)) if n_max is None else n_max
    if most < least:
        raise InputError(f"a run of at most {most} cannot hold most of the numbers", next="Raise the bound")
    n, length = _cells(least, most)
    middle = n + (length - 1) / 2
    tempering = 1.0 if n_independent is None else n_independent / k
    kinds = sorted(Counter(chance_of.values()))
    inside_term = {c: np.log(1 - c + c * middle / 10.0**width) for c in kinds}
    outside_term = {c: log(c) - width * log(10) for c in kinds}
    base = np.log(length) - PRIORS[prior] * np.log(middle)
    weights = []
    for i, j in sets:
        starts = _starts(s, i, j, middle, start)
        found = Counter(chance_of[x] for x in s[i : j + 1])
        rest = Counter(chance_of[x] for x in (*s[:i], *s[j + 1 :]))
        log_l = sum((m * inside_term[c] for c, m in found.items()), -_log_falling(middle, j - i + 1))
        log_l = log_l + sum(m * outside_term[c] for c, m in rest.items())
        with np.errstate(divide="ignore"):
            weights.append(np.where(starts > 0, tempering * log_l + np.log(np.maximum(starts, 1e-300)) + base, -np.inf))
    stacked = np.array(weights)
    whole = float(logsumexp(stacked))
    of_set = np.exp(logsumexp(stacked, axis=1) - whole)
    outside = {x: min(1.0, sum(float(p) for p, (i, j) in zip(of_set, sets, strict=True) if not i <= at <= j))
               for at, x in enumerate(s)}  # fmt: skip
    mass = np.exp(logsumexp(stacked, axis=0) - whole)
    return WindowPosterior(length=GridPosterior(n=n, mass=mass), outside=outside)


def _cells(least: int, most: int) -> tuple[FloatArray, FloatArray]:
    exact = np.arange(least, min(most, least + _EXACT) + 1, dtype=float)
    if exact[-1] >= most:
        return exact, np.ones(len(exact))
    steps = max(2, int(log(most / exact[-1]) / log(_GROWTH)))
    far = np.unique(np.floor(np.geomspace(exact[-1] + 1, most, steps)))
    n = np.concatenate([exact, far])
    return n, np.diff(np.append(n, most + 1.0))


def _starts(s: list[int], i: int, j: int, n: FloatArray, start: Start) -> FloatArray:
    """How many first numbers put exactly numbers i to j inside a run of n? (As far as first numbers may be chosen.)"""
    before = s[i - 1] + 1.0 if i else (-np.inf if start == "any" else 1.0)
    after = s[j + 1] - n if j + 1 < len(s) else np.full(len(n), np.inf)
    low = np.maximum(before, s[j] - n + 1.0)
    high = np.minimum(float(s[i]), after)
    if start == "1":
        return ((low <= 1) & (high >= 1)).astype(float)
    return np.maximum(0.0, np.floor(high) - np.ceil(low) + 1.0)


def _log_falling(n: FloatArray, j: int) -> FloatArray:
    """Give the log of n (n − 1) … (n − j + 1); −inf chances are never asked for: n ≥ j."""
    near = np.maximum(n, j)
    with np.errstate(invalid="ignore", over="ignore"):
        exact = gammaln(near + 1) - gammaln(near - j + 1)
    return np.asarray(np.where(n < _LARGE, exact, j * np.log(near) - j * (j - 1) / (2 * near)))
