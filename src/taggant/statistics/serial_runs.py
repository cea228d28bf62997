"""How long is a run of numbers of which a few were seen? The exact posterior, by closed forms.

Invariant: no grid and no cut-off. Every probability is a ratio of sums that telescope (or of inverse factorial series
that converge to the last digit), so that the tail of two or three serials is as right as that of two hundred.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf, prod, sqrt
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma

from taggant.errors import InputError, NotEnoughData

FloatArray: TypeAlias = NDArray[np.float64]
Start: TypeAlias = Literal["1", "round", "positive", "any"]
Prior: TypeAlias = Literal["1/N", "flat", "1/N2"]

STARTS: tuple[Start, ...] = ("1", "round", "positive", "any")
PRIORS: dict[Prior, int] = {"flat": 0, "1/N": 1, "1/N2": 2}
"""Name → the power of N it falls with."""

ROUND = (100, 1000)
"""Runs that do not begin at 1 begin after a full hundred or thousand below the smallest number: 101, 1001."""

_SERIES_FROM, _SERIES_TERMS = 64, 40
"""From N = 64 on, forty terms of the inverse factorial series leave nothing that a double could hold."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """From `first` to `last` (None: without end) the number of possible starts is `constant + slope · N`."""

    first: int
    last: int | None
    constant: int
    slope: int


@dataclass(frozen=True, kw_only=True)
class RunPosterior:
    """What `run_posterior` gives: the posterior of N, the count of numbers in the run up to now.

    Attributes
    ----------
    n_seen : int
        Independent serials.
    smallest, largest : int
    start, prior : str
    n_max : int or None
        No run is longer than this; None: no bound.
    """

    n_seen: int
    smallest: int
    largest: int
    start: Start
    prior: Prior
    n_max: int | None = None

    @property
    def least(self) -> int:
        """The fewest numbers the run can have: up to the largest seen, or from the smallest seen to it."""
        return self.largest if self.start == "1" else self.largest - self.smallest + 1

    @property
    def tail_power(self) -> int:
        """The posterior falls as this power of N: it exists from 2 on, its mean from 3, its spread from 4."""
        return self.n_seen + PRIORS[self.prior] - (1 if self.start == "any" else 0)

    def survival(self, n: int) -> float:
        """How likely are n or more? P(N ≥ n)."""
        return 1.0 if n <= self.least else min(1.0, self._mass_from(n, 0) / self._total)

    def quantile(self, level: float) -> int:
        """Which is the least n with P(N ≤ n) ≥ level?"""
        if not 0 < level < 1:
            raise InputError(f"a level of {level} is not between 0 and 1", next="Give for example 0.95")
        low, step = self.least - 1, 1
        while self.survival(low + step + 1) > 1 - level:
            low, step = low + step, 2 * step
        high = low + step
        while high - low > 1:
            middle = (low + high) // 2
            if self.survival(middle + 1) > 1 - level:
                low = middle
            else:
                high = middle
        return high

    @cached_property
    def mean(self) -> float:
        """Mean of N; infinite where the tail is too heavy for one."""
        if self.n_max is None and self.tail_power < 3:
            return inf
        return self._mass_from(self.least, 1) / self._total

    @cached_property
    def sd(self) -> float:
        """Standard deviation of N; infinite where the tail is too heavy for one."""
        if self.n_max is None and self.tail_power < 4:
            return inf
        return sqrt(max(0.0, self._mass_from(self.least, 2) / self._total - self.mean**2))

    def cells(self, *, step: int, n_cells: int) -> FloatArray:
        """How likely is each cell of `step` lengths from `least` on? Shape (n_cells,); what lies beyond is left out."""
        edges = range(self.least, self.least + step * n_cells + 1, step)
        if step > 1:
            return -np.diff(np.array([self.survival(n) for n in edges]))
        n = np.arange(self.least, edges[-1], dtype=float)
        # From one length to the next, C(N, k) grows by (N+1) / (N+1−k).
        chance = np.exp(np.concatenate(([0.0], np.cumsum(np.log1p(-self.n_seen / n[1:])))))
        starts = np.select(
            [n <= (p.last or inf) for p in self._pieces], [p.constant + p.slope * n for p in self._pieces]
        )
        return np.asarray(chance * starts * n ** -PRIORS[self.prior] / self._total, dtype=float)

    @cached_property
    def _pieces(self) -> tuple[_Piece, ...]:
        last = self.n_max
        if self.start == "1":
            return (_Piece(self.least, last, 1, 0),)
        growing = _Piece(self.least, last, 1 - self.least, 1)
        if self.start == "any":
            return (growing,)
        if self.start == "round":
            return self._round_pieces()
        # A run of at least `level_from` numbers can begin at 1, 2, …, or the smallest seen: no more starts than that.
        level_from = self.least + self.smallest - 1
        if last is not None and last < level_from:
            return (growing,)
        level = _Piece(level_from, last, self.smallest, 0)
        if self.smallest == 1:
            return (level,)
        return (_Piece(self.least, level_from - 1, 1 - self.least, 1), level)

    def _round_pieces(self) -> tuple[_Piece, ...]:
        """Half the weight on round first numbers, half on all up to the smallest; times twice both counts, in whole."""
        firsts = round_starts(self.smallest)
        level_from = self.least + self.smallest - 1
        edges = sorted({self.least, level_from, *(self.largest - a + 1 for a in firsts)})
        pieces = []
        for edge, following in zip(edges, [*edges[1:], None], strict=True):
            end = self.n_max if following is None else following - 1
            if self.n_max is not None:
                if edge > self.n_max:
                    break
                end = self.n_max if end is None else min(end, self.n_max)
            constant = self.smallest * sum(self.largest - a + 1 <= edge for a in firsts)
            slope = 0
            if edge < level_from:
                slope = len(firsts)
                constant += slope * (1 - self.least)
            else:
                constant += len(firsts) * self.smallest
            pieces.append(_Piece(edge, end, constant, slope))
        return tuple(pieces)

    @cached_property
    def _total(self) -> float:
        return self._mass_from(self.least, 0)

    def _mass_from(self, n: int, moment: int) -> float:
        r"""Give :math:`\sum_{N \ge n} N^{moment} π(N) A(N) / C(N, k)` up to one constant."""
        power = moment - PRIORS[self.prior]
        whole = 0.0
        for piece in self._pieces:
            first = max(n, piece.first)
            if piece.last is not None and first > piece.last:
                continue
            whole += piece.constant * self._sum(first, piece.last, power)
            if piece.slope:
                whole += piece.slope * self._sum(first, piece.last, power + 1)
        return whole

    def _sum(self, first: int, last: int | None, power: int) -> float:
        r"""Give :math:`\sum_{N=first}^{last} N^{power} / (N)_k`, times :math:`(least)_k` to keep it near 1."""
        if power >= 0:
            return self._from(first, power) - (0.0 if last is None else self._from(last + 1, power))
        near = 0.0
        if first < _SERIES_FROM:
            stop = _SERIES_FROM if last is None else min(_SERIES_FROM, last + 1)
            near = sum(self._ratio(n) * float(n) ** power for n in range(first, stop))
            first = stop
        if last is not None and first > last:
            return near
        return near + self._from(first, power) - (0.0 if last is None else self._from(last + 1, power))

    def _ratio(self, n: int) -> float:
        r"""Give :math:`(least)_k / (n)_k`, factor by factor: differences of log-gammas would lose half the digits."""
        bottom = np.arange(n - self.n_seen + 1, n + 1, dtype=float)
        return float(np.exp(np.log1p((self.least - n) / bottom).sum()))

    def _from(self, n: int, power: int) -> float:
        """Give the telescoped sum from n on (for a sum that has no end: its antiderivative, negative)."""
        if power >= 0:
            return self._ratio(n) * self._rational_from(n, power)
        # 1/N = Σ j! / ((N+1)…(N+1+j)) and 1/N² = Σ j! H_j / ((N+1)…(N+1+j)); each term over (N)_k telescopes.
        j = np.arange(_SERIES_TERMS, dtype=float)
        steps = np.ones(_SERIES_TERMS)
        steps[1:] = j[1:] / (n + j[1:])
        coefficient = np.ones(_SERIES_TERMS)
        if power == -2:
            coefficient = np.concatenate(([0.0], np.cumsum(1 / j[1:])))
        return self._ratio(n) * float((coefficient * np.cumprod(steps) / (self.n_seen + j)).sum())

    def _rational_from(self, n: int, power: int) -> float:
        """The same for N^power, by N / ((N−a)…) = 1 / ((N−a−1)…) + a / ((N−a)…)."""
        terms = {0: 1}
        for _ in range(power):
            raised: dict[int, int] = {}
            for a, c in terms.items():
                raised[a + 1] = raised.get(a + 1, 0) + c
                raised[a] = raised.get(a, 0) + a * c
            terms = raised
        whole = 0.0
        for a, c in terms.items():
            if c == 0:
                continue
            n_factors = self.n_seen - a
            if n_factors == 1:  # harmonic: only differences of it are ever used
                whole -= c * float(digamma(n - a)) * prod(float(n - i) for i in range(a + 1))
            else:
                whole += c * prod(float(n - i) for i in range(a + 1)) / (n_factors - 1)
        return whole


def round_starts(smallest: int) -> tuple[int, ...]:
    """At which numbers do people begin a run whose smallest number seen is this?

    Parameters
    ----------
    smallest : int
        From 1 on.

    Returns
    -------
    tuple of int
        1, and the numbers after the last full hundred and thousand before it; each once.

    Notes
    -----
    *Assumes:* numbers are counted in tens.
    *Not for:* runs that begin anew with each year or lot.

    Examples
    --------
    >>> round_starts(40), round_starts(2345)
    ((1,), (1, 2001, 2301))
    """
    return tuple(sorted({1, *((smallest - 1) // base * base + 1 for base in ROUND)}))


def run_posterior(
    serials: Sequence[int],
    *,
    start: Start = "positive",
    prior: Prior = "1/N",
    n_max: int | None = None,
    n_independent: int | None = None,
) -> RunPosterior:
    r"""How many numbers has a run, if the serials seen are a fair draw from it?

    .. math:: p(N \mid x) \propto \pi(N)\, A(N) / \binom{N}{k}

    with k the number of independent serials, :math:`\pi(N)` the prior (1, 1/N or 1/N²), and :math:`A(N)` the number of
    first numbers the run can have: 1 if it starts at 1 (then :math:`N \ge x_{max}`); otherwise, with the span
    :math:`r = x_{max} - x_{min} + 1 \le N`, it is :math:`N - r + 1`, and at most :math:`x_{min}` if no number
    is below 1. With start ``round``, half the weight lies evenly on 1 and on the hundred and the thousand below
    :math:`x_{min}`, half evenly on all numbers from 1 to :math:`x_{min}`.

    Parameters
    ----------
    serials : sequence of int, length n ≥ 1
        Numbers as read, prefixes removed. Duplicates count once.
    start : {"positive", "1", "round", "any"}
        Where the run begins: at some number from 1 on, at 1, half and half, or anywhere (below 1 too).
    prior : {"1/N", "flat", "1/N2"}
        Weight of each N before anything is seen.
    n_max : int, optional
        No run is longer than this (capacity); None: no bound.
    n_independent : int, optional
        How many of the distinct serials are independent finds; None: all. Fewer widen the posterior; the largest and
        the smallest number stay.

    Returns
    -------
    RunPosterior
        Numbers in the run (items): `quantile`, `survival`, `mean`, `sd`.

    Raises
    ------
    InputError
        No serial is given, one does not fit the start, or n_max is shorter than the span seen.
    NotEnoughData
        So few serials that the prior gives a posterior that does not sum to 1.

    Notes
    -----
    *Assumes:* numbers run without gaps; each number is equally likely to be seen, independently of the others.
    *Not for:* a beginning at 1 that is known but not said: with a start that may be anything from 1 on, a run that does
    begin at 1 lies below the 95% quantile 87 times of 100 (eight serials, recovery tests): the headline of
    `taggant.estimation.serials` allows for it; pooled runs (give
    each prefix, model and producer its own); lot numbers; what will be made later.

    References
    ----------
    .. [1] Goodman, L. A. (1954). Some practical techniques in serial number analysis. *J. Am. Stat. Assoc.* 49(265),
       97–112.
    .. [2] Höhle, M., Held, L. (2006). Bayesian estimation of the size of a population. Discussion paper 499, SFB 386,
       LMU Munich.

    Examples
    --------
    >>> posterior = run_posterior([19, 40, 42, 60], start="1", prior="flat")
    >>> [posterior.quantile(q) for q in (0.025, 0.5, 0.975)], round(posterior.mean, 2)
    ([60, 75, 200], 88.5)
    """
    distinct = sorted({int(s) for s in serials})
    if not distinct:
        raise InputError("no serial is given", next="Give at least one number")
    if start not in STARTS or prior not in PRIORS:
        raise InputError(
            f"start {start!r} or prior {prior!r} is not known",
            next=f"Starts: {', '.join(STARTS)}; priors: {', '.join(PRIORS)}",
        )
    if start != "any" and distinct[0] < 1:
        raise InputError(
            f"serial {distinct[0]} is below 1, where the run cannot begin",
            so_what="Nothing was computed",
            next="Correct the number, or say that the run may begin anywhere (start any)",
        )
    k = len(distinct) if n_independent is None else n_independent
    if not 1 <= k <= len(distinct):
        raise InputError(
            f"{len(distinct)} distinct serials cannot be {k} independent finds",
            next="Give a number from 1 to the number of distinct serials",
        )
    posterior = RunPosterior(
        n_seen=k, smallest=distinct[0], largest=distinct[-1], start=start, prior=prior, n_max=n_max
    )
    if n_max is not None and n_max < posterior.least:
        raise InputError(
            f"a run of at most {n_max} cannot hold the {posterior.least} numbers it must have",
            next="Raise the bound, or look for a misread serial",
        )
    if n_max is None and posterior.tail_power < 2:
        missing = 2 - posterior.tail_power
        raise NotEnoughData(
            f"{k} independent {_serials(k)} with prior {prior} and start {start} set no upper end at all",
            enough=f"{missing} more independent {_serials(missing)}, or a bound on the length of the run",
        )
    return posterior


def _serials(n: int) -> str:
    return "serial" if n == 1 else "serials"
