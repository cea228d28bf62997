"""How often serial methods hold the truth in invented worlds: intervals of totals and of the serial–date curve.

Run: ``python -m benchmarks.calibrate_serials [CHEAP] [CURVE]``; writes ``docs/measured/serials.md``. Worlds:
``tests/recovery/serial_worlds.toml``, written down before the methods. Exit 1 where an interval covers less than 93%
by more than two standard errors.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import gamma
from tests.recovery.serial_worlds import DIFFICULTIES, KINDS, QUARTERS, SHAPE, WINDOW, World, block_world, misread

from taggant.errors import NotEnoughData
from taggant.estimation.serial_headline import upper_end
from taggant.statistics.serial_curve import Delay, SerialCurve, serial_curve
from taggant.statistics.serial_misreads import GridPosterior, recovery_posterior
from taggant.statistics.serial_packs import one_of_each_pack
from taggant.statistics.serial_runs import Prior, RunPosterior, Start, run_posterior
from taggant.statistics.serial_windows import window_posterior

_PAGE = Path(__file__).parents[1] / "docs" / "measured" / "serials.md"
_LOW, _HIGH = 0.93, 0.97
_DRAWS = 2000
_BINS = 10
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
    return np.floor(np.asarray(grid.n, dtype=float)[at] + rng.uniform(size=_DRAWS) * (ends - grid.n)[at])


def _cheap(kind: str, difficulty: str, rng: np.random.Generator, tally: Tally) -> None:
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
                near = max(d["cluster"], n // QUARTERS)
                members = sorted({lead, *(min(n - 1, lead + int(x)) for x in rng.integers(0, near, d["cluster"] - 1))})
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
        rng = np.random.default_rng(len(keep))
        by_event: dict[int, list[int]] = {}
        for i in keep:
            by_event.setdefault(world.events[i], []).append(i)
        keep = [some[int(rng.integers(len(some)))] for some in by_event.values()]
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


def _starts(n_worlds: int) -> list[str]:
    rows = ["| first number | k = 4 | k = 8 | k = 20 |", "|---|---|---|---|"]
    firsts = {"1": 1, "101": 101, "1001": 1001, "any up to ten lengths": 0}
    for name, at in firsts.items():
        cells = []
        for k in (4, 8, 20):
            rng = np.random.default_rng([20260301, k, at])
            plain = end = 0
            for _ in range(n_worlds):
                n = int(np.exp(rng.uniform(np.log(40), np.log(20_000))))
                first = at or int(rng.integers(1, 10 * n))
                serials = (first + rng.choice(n, size=k, replace=False)).tolist()
                run = run_posterior(serials)
                plain += n <= run.quantile(0.95)
                end += n <= upper_end(run, serials)
            error = np.sqrt(0.95 * 0.05 / n_worlds)
            cells.append(f"{end / n_worlds:.3f} ± {error:.3f} ({plain / n_worlds:.3f})")
        rows.append(f"| {name} | {' | '.join(cells)} |")
    return rows


def _histogram(places: list[float]) -> str:
    counts, _ = np.histogram(places, bins=_BINS, range=(0, 1))
    return " ".join(str(c) for c in counts)


def _table(tallies: dict[tuple[str, str], Tally], title: str) -> tuple[list[str], list[str]]:
    rows = [title, "", "| worlds | inside | truth above | truth below | relative width | worlds judged |",
            "|---|---|---|---|---|---|"]  # fmt: skip
    short = []
    groups: dict[str, list[Tally]] = {}
    for (kind, difficulty), tally in tallies.items():
        groups.setdefault(f"kind {kind}", []).append(tally)
        groups.setdefault(f"difficulty {difficulty}", []).append(tally)
        groups.setdefault("all", []).append(tally)
    for name, some in groups.items():
        whole = Tally([p for t in some for p in t.places], [w for t in some for w in t.widths],
                      sum(t.refused for t in some))  # fmt: skip
        rows.append(f"| {name} | {whole.row()} |")
        if whole.places:
            inside, error = whole.covered()
            if inside + 2 * error < _LOW:
                short.append(f"{name}: {inside:.3f} ± {error:.3f} is below {_LOW}")
            elif inside - 2 * error > _HIGH:
                short.append(f"{name}: {inside:.3f} ± {error:.3f} is above {_HIGH}: wider than it says")
    every = [p for t in tallies.values() for p in t.places]
    rows += ["", f"Where the truth lies among ten equal parts of its posterior: {_histogram(every)}.", ""]
    return rows, short


def page(n_cheap: int, n_curve: int, n_start: int = 600) -> tuple[str, list[str]]:
    """Draw the worlds; give the page and what misses its level."""
    cells = [(kind, difficulty) for kind in KINDS for difficulty in DIFFICULTIES]
    cheap = {c: Tally() for c in cells}
    early, late = {c: Tally() for c in cells}, {c: Tally() for c in cells}
    for at, (kind, difficulty) in enumerate(cells):
        rng = np.random.default_rng([20261127, at])
        for _ in range(-(-n_cheap // len(cells))):
            _cheap(kind, difficulty, rng, cheap[kind, difficulty])
        rng = np.random.default_rng([20261128, at])
        for _ in range(-(-n_curve // len(cells))):
            curve_world(kind, difficulty, rng, early[kind, difficulty], late[kind, difficulty])
        print(f"{kind}, {difficulty}: {early[kind, difficulty].row()}", flush=True)
    one, short_one = _table(cheap, "## Totals: central 95% interval")
    two, short_two = _table(early, "## Serial–date curve: made by T − lag90, central 95% interval")
    three, _ = _table(late, "## Serial–date curve: made by T (extrapolated, not calibrated)")
    missed = [*(f"totals, {s}" for s in short_one), *(f"curve, {s}" for s in short_two)]
    rows = [
        "# Serial numbers in invented worlds",
        "",
        "Made by `python -m benchmarks.calibrate_serials`; not typed.",
        "Worlds: `tests/recovery/serial_worlds.toml`, written down before the methods.",
        "After ± stands one standard error; the aim is 93 to 97 in a hundred, missed only beyond two standard errors.",
        "",
        "## Upper end of the headline where nobody said where the run begins",
        "",
        "One-sided 95%; in brackets the 95% quantile of start `positive` alone.",
        "",
        *_starts(n_start),
        "",
        *one,
        "Kind delay: older numbers likelier to be found, by known odds (`recovery_posterior`).",
        "Kinds unknown-start: start `round`; misreads: `window_posterior`; blocks: 1/N² from five blocks on.",
        "",
        *two,
        "Kind delay: the method is told 1, 0.75 or 0.5 of the true delay.",
        "",
        *three,
        "## Missed",
        "",
        *([f"- {m}" for m in missed] or ["Nothing beyond two standard errors."]),
        "",
    ]  # fmt: skip
    return "\n".join(rows), missed


def main() -> int:
    """Write the page."""
    n_cheap = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
    n_curve = int(sys.argv[2]) if len(sys.argv) > 2 else 400
    text, missed = page(n_cheap, n_curve)
    _PAGE.write_text(text, encoding="utf-8")
    for line in missed:
        print(line)
    return int(any("below" in m for m in missed))


if __name__ == "__main__":
    sys.exit(main())
