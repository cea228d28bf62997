"""How many had been made by each day? A monotone curve through dated and undated serial numbers, exactly on a grid.

Invariant: unknown start, interval or missing dates, delay and misreads are carried in one pass; only what was made
before T − lag90 is calibrated, and later values are extrapolated by the prior.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammainc, logsumexp

from taggant.errors import InputError, NotEnoughData
from taggant.statistics.serial_misreads import MISREAD

FloatArray = NDArray[np.float64]

FEWEST, FEWEST_DATED = 5, 5
"""Fewer numbers, or fewer of them with any date, leave the curve to the prior."""
_SHAPES = (0.5, 1.0, 2.0, 5.0)  # of the gamma law of a piece's output
_MEANS = np.geomspace(0.4, 3.0, 9)  # of its mean, times span over pieces
_RATES = np.geomspace(0.25, 3.0, 14)  # of the chance of being found, times what span and delay suggest
_BELOW, _ABOVE, _BETWEEN, _MOST_CELLS = 25, 40, 5, 400
_ONE_THREAD = 1 << 18
_FAR = 2 / 3  # a number apart by so much of the span is left out of the grid (never out of the likelihood)
_TABLE = np.linspace(0.0, 12.0, 6001)  # roots of the arguments at which the gamma law is tabulated


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """A delay law as a table: P(delay ≤ x), linear between its points.

    Attributes
    ----------
    x : numpy.ndarray of float64, shape (n,)
        From 0 on, rising; any unit, the same as of all times.
    cdf : numpy.ndarray of float64, shape (n,)
        Rising to 1.
    """

    x: FloatArray
    cdf: FloatArray

    def __post_init__(self) -> None:
        """Refuse what is no law."""
        bad = len(self.x) < 2 or len(self.x) != len(self.cdf) or (np.diff(self.x) <= 0).any()
        if bad or (np.diff(self.cdf) < 0).any() or self.x[0] < 0 or self.cdf[0] < 0 or abs(self.cdf[-1] - 1) > 0.02:
            raise InputError("the delay law does not rise from 0 to 1", next="Give P(delay ≤ x) on a rising grid")

    def __call__(self, t: FloatArray | float) -> FloatArray:
        """P(delay ≤ t)."""
        return np.asarray(np.interp(t, self.x, self.cdf / self.cdf[-1], left=0.0))

    def integral(self, t: FloatArray | float) -> FloatArray:
        r"""Give :math:`\int_0^t P(x \le v)\,dv`, exact for the table."""
        t = np.maximum(np.asarray(t, dtype=float), 0.0)
        p = self.cdf / self.cdf[-1]
        area = np.concatenate(([0.0], np.cumsum(np.diff(self.x) * (p[1:] + p[:-1]) / 2)))
        at = np.clip(np.searchsorted(self.x, t, side="right") - 1, 0, len(self.x) - 2)
        into = np.clip(t - self.x[at], 0.0, None)
        width = self.x[at + 1] - self.x[at]
        within = np.minimum(into, width)
        slope = (p[at + 1] - p[at]) / width
        inside = area[at] + p[at] * within + slope * within**2 / 2 + np.maximum(into - width, 0.0)
        return np.asarray(np.where(t < self.x[0], 0.0, inside))

    def quantile(self, share: float) -> float:
        """Within which time does this share become known?"""
        p = self.cdf / self.cdf[-1]
        keep = np.concatenate(([True], np.diff(p) > 0))
        return float(np.interp(share, p[keep], self.x[keep]))

    def stretched(self, times: float) -> Delay:
        """The same law with every delay so many times as long."""
        return Delay(x=self.x * times, cdf=self.cdf)


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialCurve:
    """What `serial_curve` gives.

    Attributes
    ----------
    edges : numpy.ndarray of float64, shape (Q + 1,)
        Ends of the pieces of time.
    paths : numpy.ndarray of float64, shape (n, Q + 1)
        Draws of how many had been made by each edge.
    calibrated_until : float
        T − lag90; the curve after it is extrapolation.
    n_used, n_dated : int
        Numbers the curve goes through, and those of them with a first day of making or of becoming known.
    outside : dict of int to float
        Number → probability that it does not lie between the first and the last number made.
    log_evidence : float
        Of all numbers under the model, up to a constant of the data.
    """

    edges: FloatArray
    paths: FloatArray
    calibrated_until: float
    n_used: int
    n_dated: int
    outside: dict[int, float]
    log_evidence: float

    def made_by(self, t: float) -> FloatArray:
        """Draws of how many had been made by time t (evenly within a piece), shape (n,)."""
        at = int(np.clip(np.searchsorted(self.edges, t, side="right") - 1, 0, len(self.edges) - 2))
        share = (t - self.edges[at]) / (self.edges[at + 1] - self.edges[at])
        return np.asarray(self.paths[:, at] + np.clip(share, 0, 1) * (self.paths[:, at + 1] - self.paths[:, at]))

    def quantiles(self, levels: Sequence[float]) -> FloatArray:
        """Of how many had been made by each edge, shape (len(levels), Q + 1)."""
        return np.asarray(np.quantile(self.paths, levels, axis=0))

    def output(self, levels: Sequence[float]) -> FloatArray:
        """Quantiles of what each piece made, shape (len(levels), Q)."""
        return np.asarray(np.quantile(np.diff(self.paths, axis=1), levels, axis=0))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grid:
    low: FloatArray
    high: FloatArray
    n_start: int  # so many cells, from the lowest, may hold the number before the first

    @property
    def middle(self) -> FloatArray:
        return (self.low + self.high) / 2


def serial_curve(
    numbers: Sequence[int],
    *,
    made_from: Sequence[float],
    made_until: Sequence[float],
    known_from: Sequence[float],
    known_until: Sequence[float],
    edges: Sequence[float],
    delay: Delay,
    first: int | None = None,
    is_begun_then: bool = True,
    chances: Sequence[float] | None = None,
    digits: int | None = None,
    n_paths: int = 400,
    seed: int = 20261127,
) -> SerialCurve:
    r"""How many had been made by each day, from serials of which some are dated?

    The state is S, the last number given out, at the end of each piece of time q. Pieces give out
    :math:`n_q \sim \mathrm{Gamma}(\kappa)` numbers of mean μ; an item made at u is found with intensity θ and becomes
    known after a delay of law F:

    .. math::
        L = e^{-\theta \sum_q w_q n_q} \theta^k \prod_i \Bigl[ (1 - \epsilon_i)\, e_{i\,q(s_i)}
            + \epsilon_i \frac{\mu \sum_q e_{iq}}{10^L} \Bigr], \quad
        w_q = \frac{1}{|q|} \int_q F(T - u)\,du, \quad
        e_{iq} = \frac{1}{|q|} \int_{q \cap [a_i, b_i)} F(d_i - u) - F(c_i - u)\,du

    with :math:`q(s)` the piece in which number s was given out (none: before the first or after the last), made range
    :math:`[a_i, b_i)`, and known between :math:`c_i` and :math:`d_i` (not stated: −∞ and T). Summed exactly over S on a
    grid refined between the numbers seen, and over κ, μ and θ on grids.

    Parameters
    ----------
    numbers : sequence of int, length k ≥ 5
        One an event; packs collapsed (`one_of_each_pack`). A number that stands twice counts once.
    made_from, made_until : sequence of float, length k
        Half-open range of when each was made; −inf and inf where nothing says.
    known_from, known_until : sequence of float, length k
        Half-open range of when each became known; −inf where only its end is told, −inf and inf where nothing is.
    edges : sequence of float, length Q + 1
        Pieces of time from the first making to the cut T.
    delay : Delay
        From made to known, in the unit of the edges.
    first : int, optional
        The first number; None: not known, from 1 on, and the paths count from the first edge.
    is_begun_then : bool
        Whether the first number was given out after the first edge; else any below the smallest may have been before.
    chances : sequence of float, optional
        That each number is misread; None: 0.03.
    digits : int, optional
        Of a printed number; None: of the largest.
    n_paths : int
    seed : int

    Returns
    -------
    SerialCurve

    Raises
    ------
    NotEnoughData
        Fewer than five numbers that can have been made within the edges, each with a date of its own.
    InputError
        Lengths differ, edges do not rise, a chance outside (0, 1), or a number below the first.

    Notes
    -----
    *Assumes:* numbers are given out in order of making and without gaps; each item is found with the same chance; the
    delay law holds throughout; output of one piece says nothing of the next, given its law.
    *Not for:* what was made after T − lag90: there the prior draws the newest pieces towards the mean; numbers given
    out at random; several makers' numbers in one.

    References
    ----------
    .. [1] Lagakos, S. W., Barraj, L. M., De Gruttola, V. (1988). Nonparametric analysis of truncated survival data.
       *Biometrika* 75(3), 515–523.

    Examples
    --------
    >>> law = Delay(x=np.array([0.0, 2.0, 6.0]), cdf=np.array([0.0, 0.6, 1.0]))
    >>> n = [40, 110, 160, 220, 310, 390]
    >>> known = np.array([4, 8, 10, 12, 16, 21])
    >>> curve = serial_curve(n, made_from=[2, 5, 8, 11, 15, 19], made_until=[3, 6, 9, 12, 16, 20],
    ...     known_from=known, known_until=known + 1, edges=range(0, 25, 3), delay=law, first=1)
    >>> bool(150 < np.median(curve.made_by(9)) < 220), curve.calibrated_until
    (True, 19.0)
    """
    s, rows, e_of = _inputs(numbers, (made_from, made_until), (known_from, known_until), chances)
    edge = np.asarray(edges, dtype=float)
    if len(edge) < 3 or (np.diff(edge) <= 0).any():
        raise InputError("pieces of time must be two or more, in order", next="Give rising edges")
    until = float(edge[-1])
    low, high = np.asarray(made_from, dtype=float)[rows], np.asarray(made_until, dtype=float)[rows]
    since = np.asarray(known_from, dtype=float)[rows]
    by = np.minimum(np.asarray(known_until, dtype=float)[rows], until)
    exposure = _exposure(edge, low, high, since, by, delay)
    fits = exposure.sum(axis=1) > 0
    s, exposure, e_of, low, since = (v[fits] for v in (s, exposure, e_of, low, since))
    is_dated = np.isfinite(low) | np.isfinite(since)
    if len(s) < FEWEST or is_dated.sum() < FEWEST_DATED:
        lacking = max(FEWEST - len(s), 0)
        undated = max(FEWEST_DATED - int(is_dated.sum()), 0)
        raise NotEnoughData(
            f"{len(s)} numbers, {int(is_dated.sum())} of them with any date, draw no curve",
            enough=" and ".join(
                [f"{lacking} more number{'s' if lacking > 1 else ''}"] * (lacking > 0)
                + [f"a date for {undated} more"] * (undated > 0)
            ),
        )
    if first is not None and s[0] < first:
        raise InputError(f"number {s[0]} is below the first, {first}", next="Correct one of the two")
    field = 10.0 ** (len(str(int(s[-1]))) if digits is None else digits)
    grid, span = _grid(s, first, is_begun_then=is_begun_then)
    weight = (delay.integral(until - edge[:-1]) - delay.integral(until - edge[1:])) / np.diff(edge)
    return _solve(s, exposure, e_of, weight, grid, span, edge, delay, field, first, n_paths, seed, int(is_dated.sum()))


def _inputs(
    numbers: Sequence[int],
    made: tuple[Sequence[float], Sequence[float]],
    known: tuple[Sequence[float], Sequence[float]],
    chances: Sequence[float] | None,
) -> tuple[FloatArray, NDArray[np.int64], FloatArray]:
    given = [MISREAD["likely"]] * len(numbers) if chances is None else list(chances)
    if len({len(numbers), *(len(v) for v in (*made, *known)), len(given)}) != 1:
        raise InputError("numbers, dates and chances differ in length", next="Give one of each")
    if any(not 0 < c < 1 for c in given):
        raise InputError("a chance of being misread is not between 0 and 1", next="Use MISREAD")
    for what, (start, end) in (("made", made), ("known", known)):
        if any(b <= a for a, b in zip(start, end, strict=True)):
            raise InputError(f"a {what} range ends before it begins", next="Give its first day and the first day after")
    seen, rows = np.unique(np.asarray(numbers, dtype=np.int64), return_index=True)
    return seen.astype(float), rows, np.asarray(given, dtype=float)[rows]


def _exposure(
    edge: FloatArray, low: FloatArray, high: FloatArray, since: FloatArray, by: FloatArray, delay: Delay
) -> FloatArray:
    """How likely is it, for an item made evenly within each piece, to show the dates it shows? Shape (k, Q)."""
    a = np.maximum(edge[None, :-1], low[:, None])
    b = np.maximum(a, np.minimum(edge[None, 1:], high[:, None]))
    found = delay.integral(by[:, None] - a) - delay.integral(by[:, None] - b)
    before = delay.integral(since[:, None] - a) - delay.integral(since[:, None] - b)
    return np.asarray(np.maximum(found - before, 0.0) / np.diff(edge)[None, :])


def _grid(s: FloatArray, first: int | None, *, is_begun_then: bool) -> tuple[_Grid, float]:
    core = s
    while len(core) > 3:
        whole = core[-1] - (core[0] if first is None else first - 1)
        if core[-1] - core[-2] > _FAR * whole:
            core = core[:-1]
        elif first is None and core[1] - core[0] > _FAR * whole:
            core = core[1:]
        else:
            break
    span = float(core[-1] - (core[0] if first is None else first) + 1)
    between = int(np.clip(_MOST_CELLS // len(core), 1, _BETWEEN))
    lows: list[FloatArray] = []
    if first is None:
        bottom = max(0.0, core[0] - 1 - 1.5 * span) - 0.5
        n_start = int(min(_BELOW, core[0] - 0.5 - bottom))
        lows.append(np.linspace(bottom, core[0] - 0.5, n_start + 1)[:-1])
    else:
        n_start = 1
        lows.append(np.array([first - 1.5]))
        rest = core[0] - first
        if rest > 0:
            lows.append(np.linspace(first - 0.5, core[0] - 0.5, int(min(2 * _BETWEEN, rest)) + 1)[:-1])
            n_start = 1 if is_begun_then else 1 + len(lows[-1])
    for a, b in pairwise(core):
        lows.append(np.linspace(a - 0.5, b - 0.5, int(min(between, b - a)) + 1)[:-1])
    top = core[-1] - 0.5
    lows.append(top + np.concatenate(([0.0], np.geomspace(max(1.0, span / 400), 4 * span, _ABOVE)))[:-1])
    low = np.concatenate(lows)
    high = np.append(low[1:], top + 4 * span)
    return _Grid(low=low, high=high, n_start=n_start), span


def _solve(
    s: FloatArray, exposure: FloatArray, e_of: FloatArray, weight: FloatArray, grid: _Grid, span: float,
    edge: FloatArray, delay: Delay, field: float, first: int | None, n_paths: int, seed: int, n_dated: int,
) -> SerialCurve:  # fmt: skip
    k, n_pieces, n_cells = len(s), len(edge) - 1, len(grid.low)
    g = grid.middle
    held = np.searchsorted(s, g, side="right")  # so many numbers have been given out, the last being g
    start = np.full(n_cells, -np.inf)
    start[: grid.n_start] = np.log((grid.high - grid.low)[: grid.n_start])
    start -= logsumexp(start)
    thetas = _RATES * k / (span * max(float(weight.mean()), 1e-9))
    tables = [gammainc(shape, _TABLE**2) for shape in _SHAPES]
    evidence = np.empty((len(_MEANS), len(_SHAPES), len(thetas)))
    forward: dict[tuple[int, int], FloatArray] = {}
    lifts: list[FloatArray] = []
    means = _MEANS * span / n_pieces
    total = exposure.sum(axis=1)
    for m, mean in enumerate(means):
        floor = e_of * mean * total / field
        lift = _lift(np.log1p((1 - e_of)[:, None] * exposure / floor[:, None]), held)
        lifts.append(lift)
        for h, shape in enumerate(_SHAPES):
            kernel = _kernel(grid, shape / mean, tables[h])
            a = np.repeat(start[None, :], len(thetas), axis=0)
            steps = np.empty((n_pieces + 1, len(thetas), n_cells))
            steps[0] = a
            for q in range(n_pieces):
                tilt = thetas[:, None] * weight[q] * g[None, :]
                b = a - lift[q] + tilt
                shift = b.max(axis=1, keepdims=True)
                with np.errstate(divide="ignore"):
                    a = np.log(_times(np.exp(b - shift), kernel)) + shift + lift[q] - tilt
                steps[q + 1] = a
            forward[m, h] = steps
            evidence[m, h] = logsumexp(a, axis=1) + k * np.log(thetas) + np.log(floor).sum()
    whole = float(logsumexp(evidence))
    rng = np.random.default_rng(seed)
    chosen = rng.multinomial(n_paths, np.exp(evidence - whole).ravel() / np.exp(evidence - whole).sum())
    paths = []
    for flat in np.flatnonzero(chosen):
        i, j, t = (int(v) for v in np.unravel_index(int(flat), evidence.shape))
        kernel = _kernel(grid, _SHAPES[j] / means[i], tables[j])
        rise = thetas[t] * weight
        paths.append(_backward(forward[i, j][:, t], lifts[i], rise, g, kernel, int(chosen[flat]), rng))
    cells = np.concatenate(paths)
    drawn = np.sort(grid.low[cells] + rng.uniform(size=cells.shape) * (grid.high - grid.low)[cells], axis=1)
    before = drawn[:, :1] if first is None else np.full((len(drawn), 1), first - 1.0)
    if first is not None:
        drawn[:, 0] = np.maximum(drawn[:, 0], first - 1.0) if grid.n_start > 1 else first - 1.0
    ends = np.round(drawn)
    outside = {int(x): float(((ends[:, 0] >= x) | (ends[:, -1] < x)).mean()) for x in s}
    return SerialCurve(
        edges=edge,
        paths=drawn - before,
        calibrated_until=float(edge[-1] - delay.quantile(0.9)),
        n_used=k,
        n_dated=n_dated,
        outside=outside,
        log_evidence=whole - log(evidence.size),
    )


def _times(a: FloatArray, kernel: FloatArray) -> FloatArray:
    """a @ kernel, in slices so small that no linear-algebra library wakes a second thread for them (they only wait)."""
    rows = max(1, _ONE_THREAD // kernel.size)
    return np.concatenate([a[i : i + rows] @ kernel for i in range(0, len(a), rows)])


def _lift(gain: FloatArray, held: NDArray[np.int64]) -> FloatArray:
    """Log-likelihood gained by the numbers given out up to each cell, were all of one piece. Shape (Q, cells)."""
    summed = np.concatenate((np.zeros((1, gain.shape[1])), np.cumsum(gain, axis=0)))
    return np.asarray(summed[held].T)


def _kernel(grid: _Grid, rate: float, table: FloatArray) -> FloatArray:
    """P(from cell i to cell j) of one piece: its output has a gamma law. Shape (cells, cells)."""
    edges = np.append(grid.low, grid.high[-1])
    steps = np.sqrt(np.maximum(edges[None, :] - grid.middle[:, None], 0.0) * rate)
    return np.asarray(np.diff(np.interp(steps, _TABLE, table), axis=1))


def _backward(
    forward: FloatArray, lift: FloatArray, rise: FloatArray, g: FloatArray, kernel: FloatArray, n: int,
    rng: np.random.Generator,
) -> NDArray[np.int64]:  # fmt: skip
    """Draw n paths of cells from the last edge to the first, shape (n, Q + 1)."""
    n_pieces = len(rise)
    cells = np.empty((n, n_pieces + 1), dtype=np.int64)
    cells[:, -1] = _pick(np.repeat(forward[-1][None, :], n, axis=0), rng)
    with np.errstate(divide="ignore"):
        log_kernel = np.log(kernel)
    for q in range(n_pieces - 1, -1, -1):
        b = forward[q] - lift[q] + rise[q] * g
        cells[:, q] = _pick(b[None, :] + log_kernel.T[cells[:, q + 1]], rng)
    return cells


def _pick(log_p: FloatArray, rng: np.random.Generator) -> NDArray[np.int64]:
    p = np.exp(log_p - log_p.max(axis=1, keepdims=True))
    total = np.cumsum(p, axis=1)
    return np.asarray((rng.uniform(size=len(p))[:, None] * total[:, -1:] > total).sum(axis=1), dtype=np.int64)
