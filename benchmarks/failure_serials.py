"""What the formula for serial numbers does where numbers are no fair draw from one run that begins at 1."""

from __future__ import annotations

import numpy as np

from benchmarks.failure_row import Failure, share
from taggant.errors import NotEnoughData
from taggant.estimation.serials import production_from_serials
from taggant.statistics.run_totals import total_of_runs
from taggant.statistics.serial_formulas import exact_upper_bound, minimum_variance
from taggant.statistics.serial_misreads import recovery_posterior
from taggant.statistics.serial_runs import run_posterior

N, K = 1000, 20


def _weighted(rng: np.random.Generator, weight: np.ndarray, k: int) -> list[int]:
    return sorted((rng.choice(len(weight), size=k, replace=False, p=weight / weight.sum()) + 1).tolist())


def older_likelier(worlds: int) -> list[Failure]:
    """Older items had longer to be found."""
    rng = np.random.default_rng(21)
    weight = np.exp(-3 * np.arange(1, 3001) / N)
    simple, covers, ours, warns = 0.0, 0, 0, 0
    for _ in range(worlds):
        seen = _weighted(rng, weight[:N], K)
        simple += minimum_variance(seen)
        covers += exact_upper_bound(seen) >= N
        ours += recovery_posterior(seen, weights=weight.tolist()).quantile(0.95) >= N
        told = production_from_serials(seen, start="1")
        warns += told.refused is not None or any(
            a.status == "weak" and a.text.startswith(("Each item", "The numbers left out")) for a in told.assumptions
        )
    return [Failure(
        what="Older items are likelier to be found",
        setting=f"{K} of {N}, odds falling as exp(−3 s/{N}); mean, and share of 95% bounds that hold",
        simple=f"{simple / worlds:.0f}; {share(covers, worlds)}", should=f"{N}; .950", ours=share(ours, worlds),
        does="restored where the odds are known (exact likelihood); where not, "
        f"{100 * warns / worlds:.0f} % of the answers mark *equally likely to be found* weak, leave numbers out by "
        "name, or refuse",
    )]  # fmt: skip


def not_yet_fielded(worlds: int) -> list[Failure]:
    """The newest quarter cannot have been found."""
    rng = np.random.default_rng(22)
    simple, covers, ours = 0.0, 0, 0
    for _ in range(worlds):
        seen = sorted(rng.choice(np.arange(1, 751), size=K, replace=False).tolist())
        simple += minimum_variance(seen)
        covers += exact_upper_bound(seen) >= N
        headline = production_from_serials(seen, start="1").headline
        ours += headline is not None and float(headline.high) >= 750  # type: ignore[arg-type]
    return [Failure(
        what="The newest quarter is not yet fielded",
        setting=f"{K} of the first 750 of {N}; mean, and share of 95% bounds that hold {N}",
        simple=f"{simple / worlds:.0f}; {share(covers, worlds)}", should=f"{N}; .950",
        ours=f"{share(ours, worlds)} hold 750",
        does="warns: the sentence says *by the last of these finds*, and what is too new to be found is not counted",
    )]  # fmt: skip


def skipped_numbers(worlds: int) -> list[Failure]:
    """Each model begins at the next hundred, half of it unused."""
    rng = np.random.default_rng(23)
    given = np.array([n for n in range(1, 2001) if (n - 1) % 100 < 50])
    simple, says = 0.0, 0
    for _ in range(worlds):
        seen = sorted(rng.choice(given, size=K, replace=False).tolist())
        simple += minimum_variance(seen)
        told = production_from_serials(seen)
        says += told.refused is not None or any(
            a.status in ("untestable", "weak", "fails") and a.text.startswith("Numbers run") for a in told.assumptions
        )
    return [Failure(
        what="Half of the numbers were never given",
        setting=f"1,000 items, each fifty begin at the next hundred; {K} seen; mean of the formula",
        simple=f"{simple / worlds:.0f}", should="1000", ours=f"{share(says, worlds)} warn",
        does="warns: that numbers run without gaps is *untestable* in every answer, and *fails* where all share a step",
    )]  # fmt: skip


def pooled_plants(worlds: int) -> list[Failure]:
    """Four plants with numbers of their own, thrown together."""
    rng = np.random.default_rng(24)
    simple, ours = 0.0, 0
    for _ in range(worlds):
        runs = [sorted((rng.choice(250, size=5, replace=False) + 1).tolist()) for _ in range(4)]
        simple += minimum_variance(sorted({n for r in runs for n in r}))
        total = total_of_runs([run_posterior(r, start="1") for r in runs])
        ours += total.quantile(0.025) <= N <= total.quantile(0.975)
    return [Failure(
        what="Four plants thrown together, each counting from 1",
        setting="4 × 250 made, 5 seen of each; mean of the formula, and share of our 95% intervals that hold",
        simple=f"{simple / worlds:.0f}", should="1000; .950", ours=share(ours, worlds),
        does="restored: a run for each prefix and producer, lengths added, never numbers",
    )]  # fmt: skip


def misread(worlds: int) -> list[Failure]:
    """One of twenty has another first digit."""
    rng = np.random.default_rng(25)
    simple, ours, drives = 0.0, 0, 0
    for _ in range(worlds):
        seen = (rng.choice(N, size=K, replace=False) + 1).tolist()
        seen[0] = int(f"{rng.integers(1, 10)}{seen[0] % 1000:03d}")
        distinct = sorted(set(seen))
        simple += minimum_variance(distinct)
        headline = production_from_serials(distinct, start="1").headline
        if headline is None:
            ours += 1
            continue
        ours += float(headline.high) >= 950  # type: ignore[arg-type]
        drives += float(headline.high) > 2 * N  # type: ignore[arg-type]
    return [Failure(
        what="One number of twenty with its first digit misread",
        setting=f"{K} of {N}, one with a first digit of a four-digit field drawn at random; mean of the formula",
        simple=f"{simple / worlds:.0f}", should="1000",
        ours=f"upper end above {2 * N}: {share(drives, worlds)}",
        does="restored: a number that does not fit the others is left out, named, and shown with its own row",
    )]  # fmt: skip


def sums(worlds: int) -> list[Failure]:
    """Many runs of unknown start, added up with a flat prior."""
    rng = np.random.default_rng(26)
    hits = {"flat": 0, "1/N": 0, "1/N2": 0}
    for _ in range(worlds):
        runs: list[list[int]] = []
        truth = 0
        while len(runs) < 15:
            n = max(10, int(rng.lognormal(np.log(200), 0.8)))
            k = int(rng.binomial(n, 0.02))
            if k < 3:
                continue
            begin = int(rng.integers(1, 5000))
            runs.append(sorted((rng.choice(n, size=k, replace=False) + begin).tolist()))
            truth += n
        for prior in hits:
            try:
                total = total_of_runs([run_posterior(r, prior=prior, n_max=5_000) for r in runs])  # type: ignore[arg-type]
            except NotEnoughData:
                continue
            hits[prior] += total.quantile(0.025) <= truth <= total.quantile(0.975)
    return [Failure(
        what="Fifteen runs of unknown start added up with a flat prior",
        setting="lengths lognormal (median 200, sd .8), 2% found, three or more of each; share of 95% that hold",
        simple=share(hits["flat"], worlds), should=".950",
        ours=f"{share(hits['1/N2'], worlds)} (1/N: {share(hits['1/N'], worlds)})",
        does="restored: from five runs on the prior is 1/N², and the sentence of the lines says so",
    )]  # fmt: skip


def packs(worlds: int) -> list[Failure]:
    """Boxes of neighbours found together, each counted."""
    rng = np.random.default_rng(27)
    simple = ours = 0
    for _ in range(worlds):
        first = (rng.choice(N // 4, size=5, replace=False) * 4 + 1).tolist()
        seen = sorted(n + i for n in first for i in range(4))
        simple += exact_upper_bound(seen) >= N
        headline = production_from_serials(seen, start="1", n_independent=5).headline
        ours += headline is not None and float(headline.high) >= N  # type: ignore[arg-type]
    return [Failure(
        what="Boxes of four neighbours found together, each number counted",
        setting=f"5 boxes of {N}; share of 95% bounds that hold",
        simple=share(simple, worlds), should=".950", ours=share(ours, worlds),
        does="restored: finds of one incident count once",
    )]  # fmt: skip


def begins_elsewhere(worlds: int) -> list[Failure]:
    """Numbers begin at 5001, and the formula takes them to begin at 1."""
    rng = np.random.default_rng(28)
    simple, ours = 0.0, 0
    for _ in range(worlds):
        seen = sorted((rng.choice(N, size=K, replace=False) + 5001).tolist())
        simple += minimum_variance(seen)
        headline = production_from_serials(seen).headline
        low_high = (0.0, 0.0) if headline is None else (float(headline.low), float(headline.high))  # type: ignore[arg-type]
        ours += low_high[0] <= N <= low_high[1]
    return [Failure(
        what="Numbers that begin at 5001 taken to begin at 1",
        setting=f"{K} of {N}; mean of the formula, and share of our headlines (one-sided 95%) that hold",
        simple=f"{simple / worlds:.0f}", should="1000; .950 or more", ours=share(ours, worlds),
        does="restored: where a run begins is not assumed; the ends for each beginning stand in the table",
    )]  # fmt: skip


def rows(worlds: int) -> list[Failure]:
    """Give all failures of serials."""
    some = max(60, worlds // 5)
    return [
        *older_likelier(some), *not_yet_fielded(some), *skipped_numbers(some), *pooled_plants(some), *misread(some),
        *sums(max(24, worlds // 10)), *packs(some), *begins_elsewhere(some),
    ]  # fmt: skip
