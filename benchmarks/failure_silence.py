"""What the simple test of a silence does where things become known late, in batches, under changing effort, again."""

from __future__ import annotations

import numpy as np
from scipy.special import gammainc

from benchmarks.failure_row import Failure, share
from taggant.estimation.stop_sightings import Sighting, independent
from taggant.statistics.cessation import stop_evidence, stop_words
from taggant.statistics.effort import Effort, drawn_efforts
from taggant.statistics.multiplicity import adjusted_p
from taggant.statistics.sighting_records import ole
from taggant.statistics.silence import sightings, silence_p

T = 36.0
Rng = np.random.Generator


def naive_p(made: np.ndarray) -> float:
    """Solow 1993 on made dates: (last / T) to the power n."""
    return float((made.max() / T) ** len(made))


def known(rng: Rng, n: int, mean: float, *, shape: float = 2.0) -> tuple[np.ndarray, np.ndarray]:
    """n things made evenly over the window, with the days of those known by its end."""
    made = rng.uniform(0, T, n)
    day = made + (rng.gamma(shape, mean / shape, n) if mean else 0.0)
    seen = day <= T
    return made[seen], day[seen]


def delays(worlds: int) -> list[Failure]:
    """Delays of mean 0, 3, 6, 12 months; supply goes on."""
    rows = []
    for mean in (0.0, 3.0, 6.0, 12.0):
        rng = np.random.default_rng([1, int(mean)])
        simple = ours = used = 0
        while used < worlds:
            made, day = known(rng, 40, mean)
            if len(made) < 2:
                continue
            used += 1
            simple += naive_p(made) < 0.05
            ours += silence_p(sightings(made, known=day, start=0, until=T)) < 0.05
        rows.append(Failure(
            what=f"Silence tested on days of making, known {mean:g} months later on average" if mean else
            "The same without delay, for comparison",
            setting="36 months, 40 made evenly and never stopped, gamma delays of shape 2; share with p < .05",
            simple=share(simple, worlds), should=".050", ours=share(ours, worlds),
            does="level restored: each delay is judged by itself",
        ))  # fmt: skip
    return rows


def wrong_lag(worlds: int) -> list[Failure]:
    """A clock adjusted for a lag of 6 months where it is 12."""
    rng = np.random.default_rng(2)
    grid = np.linspace(0, T, 721)
    clock = np.concatenate([[0], np.cumsum(gammainc(2, 2 * (T - (grid[1:] + grid[:-1]) / 2) / 6))])
    simple = ours = 0
    for _ in range(worlds):
        made, day = known(rng, 40, 12.0)
        at = float(np.interp(made.max(), grid, clock))
        simple += (at / clock[-1]) ** len(made) < 0.05
        ours += silence_p(sightings(made, known=day, start=0, until=T)) < 0.05
    return [Failure(
        what="Clock adjusted for a lag of 6 months where it is 12",
        setting="as above; the lag taken from elsewhere, not from each sighting",
        simple=share(simple, worlds), should=".050", ours=share(ours, worlds),
        does="level restored: no lag is assumed",
    )]  # fmt: skip


def effort(worlds: int) -> list[Failure]:
    """Fewer and fewer things are looked for; OLE and Solow read that as a stop."""
    rng = np.random.default_rng(3)
    simple = ours = old = 0

    def dates(n: int) -> np.ndarray:
        found = np.empty(0)
        while len(found) < n:
            r = rng.uniform(0, T, 4 * n)
            found = np.concatenate([found, r[rng.uniform(size=4 * n) < np.exp(-2 * r / T)]])
        return found[:n]

    for _ in range(worlds):
        made = np.sort(dates(20))
        others = dates(100)
        draws: list[Effort] = drawn_efforts(others, start=0, until=T, n=40, rng=rng)
        record = sightings(made, start=0, until=T)
        simple += naive_p(made) < 0.05
        high = ole(made.tolist(), until=T).high
        old += high is not None and high < T
        ours += float(np.mean([silence_p(record, e) for e in draws])) < 0.05
    setting = (
        "36 months, 20 sightings, effort falling as exp(−2 t/36), nothing stopped; 100 comparables show the effort"
    )
    return [
        Failure(what="Silence tested while fewer look", setting=f"{setting}; share with p < .05",
                simple=share(simple, worlds), should=".050", ours=share(ours, worlds),
                does="level restored from comparables; without them the assumption is *untestable* and says so"),
        Failure(what="OLE, whose upper end falls before today while fewer look",
                setting=f"{setting}; share whose 95% end lies before the cut", simple=share(old, worlds),
                should="at most .025 if it were right", ours=share(ours, worlds),
                does="at this size it is not shown to fail; OLE stands beside, never as the headline"),
    ]  # fmt: skip


def batches(worlds: int) -> list[Failure]:
    """Twelve batches with eight items each; every item counted."""
    rng = np.random.default_rng(4)
    simple = ours = used = 0
    while used < worlds:
        found = []
        for b in range(12):
            u = float(rng.uniform(0, T))
            for x in rng.exponential(6, 8):
                if u + x <= T:
                    found.append(
                        Sighting(made_from=u, made_until=u, known_from=u + x, known_until=u + x, batch=f"b{b}")
                    )
        kept, _ = independent(found)
        if len(kept) < 2:
            continue
        used += 1

        def p(of: list[Sighting]) -> float:
            days = [s.known_from for s in of]
            return silence_p(sightings([s.made_from for s in of], known=days, start=0, until=T))

        simple += p(found) < 0.05
        ours += p(kept) < 0.05
    return [Failure(
        what="Every item counted, though eight share a batch",
        setting="12 batches of 8, exponential delays of 6 months, nothing stopped; share with p < .05",
        simple=share(simple, worlds), should=".050", ours=share(ours, worlds),
        does="level restored: one sighting a batch, its earliest known",
    )]  # fmt: skip


def published_late(worlds: int) -> list[Failure]:
    """The day of recovery used as the day known, though the record holds what was published."""
    rng = np.random.default_rng(5)
    simple = ours = 0
    for _ in range(worlds):
        made: list[float] = []
        found: list[float] = []
        said: list[float] = []
        while len(made) < 20:
            u, x, y = rng.uniform(0, T), rng.exponential(6), rng.exponential(3)
            if u + x + y <= T:
                made.append(u)
                found.append(u + x)
                said.append(u + x + y)
        simple += silence_p(sightings(made, known=found, start=0, until=T)) < 0.05
        ours += silence_p(sightings(made, known=said, start=0, until=T)) < 0.05
    return [Failure(
        what="Delays ended on the day of recovery, though a thing is in the record when it is published",
        setting="20 sightings, exponential delays of 6 and 3 months; share with p < .05",
        simple=share(simple, worlds), should=".050", ours=share(ours, worlds),
        does="level restored: `known` is a column of its own; where it is empty the answer counts how often",
    )]  # fmt: skip


def midpoints(worlds: int) -> list[Failure]:
    """Codes a year wide, read as their middles."""
    rng = np.random.default_rng(6)
    simple = ours = 0
    for _ in range(worlds):
        made: list[float] = []
        day: list[float] = []
        while len(made) < 6:
            u, x = rng.uniform(0, T), rng.exponential(6)
            if u + x <= T:
                made.append(u)
                day.append(u + x)
        cell = np.floor(np.array(made) / 12) * 12
        d = np.array(day)
        top = np.minimum(cell + 12, d)
        middle = np.minimum(cell + 6, d)
        simple += silence_p(sightings(middle, known=d, start=0, until=T)) < 0.05
        drawn = [silence_p(sightings(rng.uniform(cell, top), known=d, start=0, until=T)) for _ in range(60)]
        ours += float(np.mean(drawn)) < 0.05
    return [Failure(
        what="Date codes a year wide read as their middles",
        setting="6 sightings, exponential delays of 6 months; share with p < .05",
        simple=share(simple, worlds), should=".050", ours=share(ours, worlds),
        does="level restored: days are drawn from their ranges; the answer refuses where the newest is too wide",
    )]  # fmt: skip


def looks(worlds: int) -> list[Failure]:
    """The same record judged every month for four years."""
    rng = np.random.default_rng(7)
    ever_p = ever_said = 0
    for _ in range(worlds):
        n = int(rng.poisson(60))
        made = rng.uniform(0, 60, n)
        day = made + rng.exponential(6, n)
        is_p = is_said = False
        for month in range(12, 60):
            seen = day <= month
            if seen.sum() < 3:
                continue
            record = sightings(made[seen], known=day[seen], start=0, until=float(month))
            p = silence_p(record)
            is_p |= p < 0.05
            # The word needs a Bayes factor of 20; with p above a fifth it cannot come near, so it is not computed.
            is_said |= p < 0.2 and stop_words(stop_evidence([(record, None)])) == "stopped"
        ever_p += is_p
        ever_said += is_said
    return [Failure(
        what="Judged again every month for four years",
        setting="one made a month, exponential delays of 6 months, nothing stopped; share that is ever called out",
        simple=share(ever_p, worlds), should=".050", ours=share(ever_said, worlds),
        does="the word *stopped* needs a Bayes factor of 20; p never chooses it, and the number of looks is printed",
    )]  # fmt: skip


def many_questions(worlds: int) -> list[Failure]:
    """Thirty kinds of parts asked about at once."""
    rng = np.random.default_rng(8)
    simple = ours = 0
    for _ in range(worlds):
        ps = [silence_p(sightings(rng.uniform(0, T, 10), start=0, until=T)) for _ in range(30)]
        simple += min(ps) < 0.05
        ours += bool((adjusted_p(ps) <= 0.05).any())
    return [Failure(
        what="Thirty kinds of parts tested at .05",
        setting="30 independent questions, 10 sightings each, none stopped; share with one called out at least",
        simple=share(simple, worlds), should=".050", ours=share(ours, worlds),
        does="level restored: p is adjusted for the questions asked (Benjamini–Hochberg)",
    )]  # fmt: skip


def rows(worlds: int) -> list[Failure]:
    """Give all failures of silences."""
    few = max(40, worlds // 10)
    return [
        *delays(worlds), *wrong_lag(worlds), *effort(max(100, worlds // 3)), *batches(worlds), *published_late(worlds),
        *midpoints(max(100, worlds // 2)), *looks(few), *many_questions(worlds),
    ]  # fmt: skip
