"""What simple ways do with delays, newest counts, repeated features, clustered parts and kinds not yet seen."""

from __future__ import annotations

import numpy as np

from benchmarks.failure_row import Failure, share
from taggant.statistics.calibration import cllr
from taggant.statistics.delays import delay_posterior
from taggant.statistics.nowcast import multiplied_counts, thinned_counts
from taggant.statistics.richness import chao1
from taggant.statistics.share_change import share_change

T = 36.0


def untruncated(worlds: int) -> list[Failure]:
    """The nine-tenths delay of what is known by today, taken as it stands."""
    rng = np.random.default_rng(41)
    truth = 12 * np.log(10)
    simple, ours, short = 0.0, 0, 0
    for _ in range(worlds):
        made: list[float] = []
        late: list[float] = []
        while len(made) < 40:
            u, x = rng.uniform(0, T), rng.exponential(12)
            if u + x <= T:
                made.append(u)
                late.append(x)
        u_, x_ = np.array(made), np.array(late)
        simple += float(np.quantile(x_, 0.9))
        short += np.quantile(x_, 0.9) < truth
        low = np.maximum(x_ - 0.1, 0)
        found = delay_posterior(low, low + 0.2, np.maximum(T - u_, low), np.maximum(T - u_, low) + 0.1)
        ours += found.lag(0.9, 0.025) <= truth <= found.lag(0.9, 0.975)
    return [Failure(
        what="Delays of a record that ends today taken as they stand",
        setting="40 known by month 36, exponential delays of 12 months; mean of their 90% quantile",
        simple=f"{simple / worlds:.1f} months; {share(short, worlds)} too short", should=f"{truth:.1f}; .950",
        ours=share(ours, worlds), does="restored: each delay is judged against what there was time for, or refused",
    )]  # fmt: skip


def newest_zero(worlds: int) -> list[Failure]:
    """A newest quarter of which nothing is known yet."""
    rng = np.random.default_rng(42)
    zero = simple = ours = 0
    for _ in range(worlds):
        final = int(rng.negative_binomial(1, 1 / 11))
        seen = int(rng.binomial(final, 0.1))
        if seen:
            continue
        zero += 1
        simple += int(multiplied_counts([0], [0.1])[0]) >= final
        low, _, high = thinned_counts([0], [0.1], mean=10, variance=110)[0].tolist()
        ours += low <= final <= high
    return [Failure(
        what="The newest quarter has none yet, divided by the tenth that should be known",
        setting="ten a quarter on average, one in ten known by now; share of zeros whose end holds the final count",
        simple=share(simple, zero), should=".950 or more", ours=share(ours, zero),
        does="restored: a count of zero has an upper end",
    )]  # fmt: skip


def repeated_feature(worlds: int) -> list[Failure]:
    """One feature written down five times."""
    rng = np.random.default_rng(43)
    n = 200 * worlds
    seen, unseen = float(np.log(0.7 / 0.2)), float(np.log(0.3 / 0.8))
    own = np.full(n, unseen)
    own[rng.uniform(size=n) < 0.7] = seen
    other = np.full(n, unseen)
    other[rng.uniform(size=n) < 0.2] = seen
    once, five = cllr(own, other), cllr(5 * own, 5 * other)
    return [Failure(
        what="One feature counted five times, as if five",
        setting="seen in .7 of one variant and .2 of the other; cost Cllr, 1 being to say nothing",
        simple=f"{five:.3f}", should=f"{once:.3f}", ours=f"{once:.3f}",
        does="restored: features of one dependence block are one; what goes together across blocks is warned of",
    )]  # fmt: skip


def clustered_parts(worlds: int) -> list[Failure]:
    """Parts of one incident go together; the share never changes."""
    rows = []
    for rho in (0.0, 0.05, 0.15):
        rng = np.random.default_rng([44, int(100 * rho)])
        simple = ours = 0
        for _ in range(worlds):
            p = np.full(24, 0.4) if rho == 0 else rng.beta(0.4 * (1 / rho - 1), 0.6 * (1 / rho - 1), 24)
            own = [int(y) for y in rng.binomial(20, p)]
            at = [float(t) for t in range(24)]
            found = share_change(own, [20] * 24, at, [t + 1 for t in at], rng=rng)
            simple += found.log10_bf_independent >= 1
            ours += found.log10_bf >= 1
        rows.append(Failure(
            what=f"Parts of one incident counted as independent, correlation {rho:g}",
            setting="24 incidents of 20 parts, share .4 throughout; Bayes factor for a change of 10 and more",
            simple=share(simple, worlds), should="about .003", ours=share(ours, worlds),
            does="restored: the correlation is weighed inside every rival",
        ))  # fmt: skip
    return rows


def kinds_unseen(worlds: int) -> list[Failure]:
    """Chao1 read as the number of kinds."""
    rng = np.random.default_rng(45)
    total, below = 0.0, 0
    for _ in range(worlds):
        shares = rng.lognormal(0, 2, 300)
        counts = rng.multinomial(200, shares / shares.sum())
        found = chao1(counts[counts > 0].tolist())
        total += found.at_least
        below += found.at_least < 300
    return [Failure(
        what="Chao1 read as the number of kinds",
        setting="300 kinds, lognormal shares of sd 2, 200 seen; mean",
        simple=f"{total / worlds:.0f}", should="300", ours=f"{share(below, worlds)} below 300",
        does="warns: it is *at least* so many, in the sentence and in the kind of interval",
    )]  # fmt: skip


def rows(worlds: int) -> list[Failure]:
    """Give the other failures."""
    return [
        *untruncated(max(60, worlds // 5)), *newest_zero(worlds), *repeated_feature(worlds),
        *clustered_parts(max(30, worlds // 8)), *kinds_unseen(worlds),
    ]  # fmt: skip
