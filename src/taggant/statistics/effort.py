"""How much was looked for things, over the time in which things become known: cumulative effort.

Invariant: effort acts when an item is documented, never on the day it was made.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from taggant.errors import InputError

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Effort:
    """Cumulative effort E(r), linear between knots and going on with the slope of the last stretch.

    Attributes
    ----------
    at : numpy.ndarray of float64, shape (k,)
        Times, rising; same unit as the sightings.
    total : numpy.ndarray of float64, shape (k,)
        E at those times, not falling.
    """

    at: Array
    total: Array

    def __call__(self, when: npt.ArrayLike) -> Array:
        """Give E at these times; before the first knot nothing was looked for, so E is that of the first knot."""
        return np.asarray(np.interp(np.asarray(when, dtype=float), self.at, self.total), dtype=np.float64)

    def tilted(self, low: Array, high: Array, rate: float) -> Array:
        """Give ∫ exp(−rate·(r − low)) dE(r) from `low` to `high`, elementwise; rate 0 is E(high) − E(low)."""
        if rate == 0.0:
            return self(high) - self(low)
        slope = np.diff(self.total) / np.diff(self.at)
        left = np.clip(self.at[None, :-1], low[:, None], high[:, None]) - low[:, None]
        right = np.clip(self.at[None, 1:], low[:, None], high[:, None]) - low[:, None]
        pieces = slope * (np.exp(-rate * left) - np.exp(-rate * right)) / rate
        return np.asarray(pieces.sum(axis=1), dtype=np.float64)


def constant_effort(start: float, until: float) -> Effort:
    """Which effort is the same at every time from `start` to `until`?

    Parameters
    ----------
    start, until : float
        Time; start < until.

    Returns
    -------
    Effort
        E(r) = r − start.

    Raises
    ------
    InputError
        The window is empty.

    Notes
    -----
    *Assumes:* that somebody looked equally hard all the time; nothing in the sightings can test it.
    *Not for:* wars that move, or months in which nobody opened a wreck.

    Examples
    --------
    >>> constant_effort(2.0, 10.0)([1.0, 2.0, 7.0]).tolist()
    [0.0, 0.0, 5.0]
    """
    if not start < until:
        raise InputError(f"the window from {start} to {until} is empty", next="Let it begin before it ends")
    return Effort(np.array([start, until]), np.array([0.0, until - start]))


def effort_from_dates(dates: npt.ArrayLike, *, start: float, until: float) -> Effort:
    """How hard was looked, by the days on which comparable things became known?

    Parameters
    ----------
    dates : array_like of float, shape (m,)
        Documentation times of comparable items; those outside the window are left out.
    start, until : float

    Returns
    -------
    Effort
        The mean of `drawn_efforts`: each of the m + 1 gaps between start, the dates and the end has the same share.

    Notes
    -----
    *Assumes:* comparables become known at a rate proportional to the effort.
    *Not for:* comparables dated by the day they were *made*: use `precedence_p`.

    Examples
    --------
    >>> effort_from_dates([2.0, 4.0], start=0.0, until=10.0)([0, 2, 4, 10]).round(3).tolist()
    [0.0, 3.333, 6.667, 10.0]
    """
    knots = _knots(dates, start, until)
    share = np.full(len(knots) - 1, (until - start) / (len(knots) - 1))
    return Effort(knots, np.concatenate([[0.0], np.cumsum(share)]))


def drawn_efforts(
    dates: npt.ArrayLike, *, start: float, until: float, n: int, rng: np.random.Generator
) -> list[Effort]:
    """Which efforts could have given those dates?

    Parameters
    ----------
    dates : array_like of float, shape (m,)
    start, until : float
    n : int
        Draws.
    rng : numpy.random.Generator

    Returns
    -------
    list of Effort, length n
        Bayesian bootstrap: shares of the m + 1 gaps from Dirichlet(1, …, 1).

    Notes
    -----
    *Assumes:* as `effort_from_dates`. With m < 30 or m < 3 × the number of sightings it stays too sure.
    *Not for:* trends of effort and of production apart: no record can tell them.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> [round(float(e(10.0)), 9) for e in drawn_efforts([2.0, 4.0], start=0.0, until=10.0, n=2, rng=rng)]
    [10.0, 10.0]
    """
    knots = _knots(dates, start, until)
    shares = rng.dirichlet(np.ones(len(knots) - 1), size=n) * (until - start)
    return [Effort(knots, np.concatenate([[0.0], np.cumsum(share)])) for share in shares]


def _knots(dates: npt.ArrayLike, start: float, until: float) -> Array:
    if not start < until:
        raise InputError(f"the window from {start} to {until} is empty", next="Let it begin before it ends")
    inside = np.unique(np.asarray(dates, dtype=float))
    return np.concatenate([[start], inside[(inside > start) & (inside < until)], [until]])
