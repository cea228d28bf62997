"""How invented worlds of serials are judged: where the truth lies in each posterior, and how wide that is."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.stats import gamma

from taggant.errors import NotEnoughData
from taggant.statistics.serial_curve import Delay, SerialCurve, serial_curve
from taggant.statistics.serial_misreads import GridPosterior, recovery_posterior
from taggant.statistics.serial_packs import one_of_each_pack
from taggant.statistics.serial_runs import Prior, RunPosterior, Start, run_posterior
from taggant.statistics.serial_windows import window_posterior

from .serial_worlds import DIFFICULTIES, KINDS, QUARTERS, SHAPE, WINDOW, World, block_world, misread

_DRAWS = 2000
_FEWEST = 4
_FALL = 2.0  # odds of being found fall as exp(−2 s / N) in cheap worlds of kind delay


@dataclass
class Tally:
    """Worlds judged: where the truth lies in each posterior, and how wide the intervals are."""

    places: list[float] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)
    refused: int = 0

    def add(self, draws: NDArray[np.float64], truth: int, rng: np.random.Generator) -> None:
        """Place the truth among draws; ties are broken at random."""
        below, same = float((draws < truth).mean()), float((draws == truth).mean())
        self.places.append(below + same * rng.uniform())
        low, high = np.quantile(draws, [0.025, 0.975])
        self.widths.append(float(high - low) / max(truth, 1))

    def covered(self) -> tuple[float, float]:
        """Share of worlds inside the central 95%, and its standard error (at 95% where it is none or all)."""
        inside = float(np.mean([0.025 <= p <= 0.975 for p in self.places]))
        p = min(max(inside, 0.05), 0.95)
        return inside, float(np.sqrt(p * (1 - p) / len(self.places)))

    def row(self) -> str:
        """One row of a table."""
        if not self.places:
            return f"none of {self.refused} | | | |"
        inside, error = self.covered()
        above = np.mean([p > 0.975 for p in self.places])
        below = np.mean([p < 0.025 for p in self.places])
        return (
            f"{inside:.3f} ± {error:.3f} | {above:.3f} | {below:.3f} | {np.median(self.widths):.2f} | "
            f"{len(self.places)} ({self.refused} refused)"
        )


def _draw_run(run: RunPosterior, rng: np.random.Generator) -> NDArray[np.float64]:
    n_cells = 4096
    step = max(1, (run.quantile(0.9995) - run.least + n_cells) // n_cells)
    cells = np.maximum(run.cells(step=step, n_cells=n_cells), 0.0)
    at = rng.choice(n_cells, size=_DRAWS, p=cells / cells.sum())
    return np.asarray(run.least + at * step + rng.integers(0, step, _DRAWS), dtype=float)


def _draw_grid(grid: GridPosterior, rng: np.random.Generator) -> NDArray[np.float64]:
    ends = np.append(np.asarray(grid.n, dtype=float)[1:], float(grid.n[-1]) + 1)
    at = rng.choice(len(grid.n), size=_DRAWS, p=grid.mass / grid.mass.sum())
    lows = np.asarray(grid.n, dtype=np.float64)
    return np.asarray(np.floor(lows[at] + rng.uniform(size=_DRAWS) * (ends - lows)[at]), dtype=np.float64)


def cheap_world(kind: str, difficulty: str, rng: np.random.Generator, tally: Tally) -> None:
    """Judge one cheap world: a fair draw from runs, with the troubles of its kind, and the house's total."""
    d, troubles = DIFFICULTIES[difficulty], KINDS[kind]
    n_blocks = d["blocks"] if "blocks" in troubles else 1
    prior: Prior = "1/N2" if n_blocks >= 5 else "1/N"
    truth, draws = 0, np.zeros(_DRAWS)
    for _ in range(n_blocks):
        n = max(30, int(rng.lognormal(np.log(4 * d["rate_a_quarter"]), 0.8)))
        k = min(n // 3, max(_FEWEST, int(rng.poisson(2 * d["found"] * n))))
        first = int(rng.choice(d["first_number"])) if "unknown-start" in troubles else 1
        start: Start = "round" if "unknown-start" in troubles else "1"
        if "delay" in troubles and kind == "delay":
            odds = d["found"] * 4 * np.exp(-_FALL * np.arange(1, 8 * n) / n)
            seen = 1 + np.flatnonzero(rng.uniform(size=n) < odds[:n] / (1 + odds[:n]))
            if len(seen) < _FEWEST:
                tally.refused += 1
                return
            draws += _draw_grid(recovery_posterior(seen.tolist(), weights=odds.tolist(), prior=prior), rng)
            truth += n
            continue
        numbers: list[int] = []
        events: list[int] = []
        for event in range(k):
            lead = int(rng.integers(n))
            members = [lead]
            if "packs" in troubles and rng.uniform() < d["packed"]:
                members = list(range(lead - lead % d["pack"], min(lead - lead % d["pack"] + d["pack"], n)))
            elif "clusters" in troubles and rng.uniform() < d["clustered"]:
                near = max(d["cluster"], n // QUARTERS) // 2
                others = np.arange(max(0, lead - near), min(n, lead + near + 1))  # never beyond the run: no heap there
                members = sorted({lead, *rng.choice(others, d["cluster"] - 1).tolist()})
            numbers += [first + m for m in members]
            events += [event] * len(members)
        digits = len(str(first + n - 1))
        chance = d["misread"] if "misreads" in troubles else 0.0
        numbers = [misread(x, digits, chance, rng) for x in numbers]
        places = one_of_each_pack(numbers, events=events, pack=d["pack"], within=0.0) if "packs" in troubles else None
        if places is not None:
            numbers, events = [numbers[p] for p in places], [events[p] for p in places]
        n_events, distinct = len(set(events)), sorted(set(numbers))
        n_independent = min(n_events, len(distinct)) if "clusters" in troubles else len(distinct)
        if n_independent < 3:
            tally.refused += 1
            return
        if "misreads" in troubles:
            grid = window_posterior(
                distinct, chances=[max(d["misread"], 0.01)] * len(distinct), digits=digits, prior=prior,
                start="positive" if start == "round" else "1", n_independent=n_independent,
            ).length  # fmt: skip
            draws += _draw_grid(grid, rng)
        else:
            run = run_posterior(distinct, start=start, prior=prior, n_independent=n_independent)
            draws += _draw_run(run, rng)
        truth += n
    tally.add(draws, truth, rng)


def curve_of(world: World, kind: str, difficulty: str) -> SerialCurve:
    """The curve of one block, as the method is told to see it."""
    d, troubles = DIFFICULTIES[difficulty], KINDS[kind]
    mean = world.delay_mean * (d["delay_assumed_share"] if "delay" in troubles else 1.0)
    x = np.linspace(0.0, 12 * mean, 1201)
    cdf = gamma.cdf(x, SHAPE, scale=mean / SHAPE)
    keep = list(range(len(world.numbers)))
    if "packs" in troubles:
        keep = one_of_each_pack(world.numbers, events=world.events, known=world.known, pack=d["pack"], within=1.0)
    if "clusters" in troubles:
        newest = {world.events[i]: i for i in sorted(keep, key=lambda i: world.numbers[i])}
        keep = sorted(newest.values())
    day = 12 / 365.25
    return serial_curve(
        [world.numbers[i] for i in keep],
        made_from=[world.made_from[i] for i in keep],
        made_until=[world.made_until[i] for i in keep],
        known_from=[world.known[i] for i in keep],
        known_until=[world.known[i] + day for i in keep],
        edges=np.linspace(0.0, WINDOW, QUARTERS + 1).tolist(),
        delay=Delay(x=x, cdf=cdf / cdf[-1]),
        first=None if "unknown-start" in troubles else world.first,
        chances=[max(d["misread"], 0.01)] * len(keep),
        digits=world.digits,
    )


def curve_world(kind: str, difficulty: str, rng: np.random.Generator, early: Tally, late: Tally) -> None:
    """Judge one world of the curve: the sum over its blocks by T − lag90, and by T."""
    d = DIFFICULTIES[difficulty]
    blocks = [block_world(kind, difficulty, rng) for _ in range(d["blocks"] if "blocks" in KINDS[kind] else 1)]
    try:
        curves = [curve_of(b, kind, difficulty) for b in blocks]
    except NotEnoughData:
        early.refused += 1
        late.refused += 1
        return
    by = curves[0].calibrated_until
    for tally, t in ((early, by), (late, WINDOW)):
        draws = np.zeros(len(curves[0].paths))
        for curve in curves:  # blocks are independent given their numbers: their draws are paired at random
            draws = draws + rng.permutation(curve.made_by(t))
        tally.add(draws, sum(b.made_at(t) for b in blocks), rng)
