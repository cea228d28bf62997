"""Posteriors of serial runs: laws, brute force, ends and refusals; sums; published formulas."""

from __future__ import annotations

from math import comb, inf
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taggant.errors import InputError, NotEnoughData
from taggant.statistics.run_totals import total_of_runs
from taggant.statistics.serial_formulas import goodman, minimum_variance, spread
from taggant.statistics.serial_runs import PRIORS, STARTS, Prior, Start, round_starts, run_posterior

_SERIALS = st.lists(st.integers(1, 60), min_size=2, max_size=6, unique=True)


def by_hand(serials: list[int], start: Start, prior: Prior, n_max: int) -> list[float]:
    """The posterior of N = 0, 1, …, n_max by the definition, one N after the other."""
    low, high, k = min(serials), max(serials), len(serials)
    r = high if start == "1" else high - low + 1
    weights = []
    for n in range(n_max + 1):
        firsts = round_starts(low)
        half = sum(high - a + 1 <= n for a in firsts) / len(firsts) + min(n - r + 1, low) / low
        starts = {"1": 1, "any": n - r + 1, "positive": min(n - r + 1, low), "round": half}[start]
        weights.append(starts / n ** PRIORS[prior] / comb(n, k) if n >= r else 0.0)
    return [w / sum(weights) for w in weights]


@given(_SERIALS, st.sampled_from(STARTS), st.sampled_from(sorted(PRIORS)), st.integers(0, 150))
@settings(max_examples=150, deadline=None)
def test_closed_forms_are_the_definition_summed(serials: list[int], start: Start, prior: Prior, more: int) -> None:
    """Law: tail, mean, spread and quantiles equal those of the plain sum up to the same bound."""
    n_max = max(serials) + more
    posterior = run_posterior(serials, start=start, prior=prior, n_max=n_max)
    p = by_hand(serials, start, prior, n_max)
    mean = sum(n * w for n, w in enumerate(p))
    assert posterior.mean == pytest.approx(mean, rel=1e-8)
    assert posterior.sd == pytest.approx(sum((n - mean) ** 2 * w for n, w in enumerate(p)) ** 0.5, rel=1e-4, abs=1e-4)
    for n in {posterior.least, posterior.least + 1, (posterior.least + n_max) // 2, n_max, n_max + 1}:
        assert posterior.survival(n) == pytest.approx(sum(p[n:]), abs=1e-9)
    q = posterior.quantile(0.6)
    assert sum(p[: q + 1]) >= 0.6 - 1e-9
    assert sum(p[:q]) < 0.6 + 1e-9


@given(_SERIALS, st.sampled_from(STARTS), st.sampled_from(sorted(PRIORS)))
@settings(max_examples=60, deadline=None)
def test_order_and_repeats_do_not_matter(serials: list[int], start: Start, prior: Prior) -> None:
    """Law: a number seen twice is one number; the input is left as it was."""
    given_in = [*serials[::-1], serials[0]]
    before = list(given_in)
    a = run_posterior(serials, start=start, prior=prior, n_max=10_000)
    assert run_posterior(given_in, start=start, prior=prior, n_max=10_000) == a
    assert given_in == before


@given(_SERIALS, st.integers(0, 500))
@settings(max_examples=60, deadline=None)
def test_a_known_shift_changes_nothing_where_the_start_is_free(serials: list[int], by: int) -> None:
    """Law: with any start only differences count."""
    plain, moved = (run_posterior([s + d for s in serials], start="any", prior="1/N2") for d in (0, by))
    assert [plain.quantile(q) for q in (0.1, 0.5, 0.95)] == [moved.quantile(q) for q in (0.1, 0.5, 0.95)]


def test_a_free_start_is_the_limit_of_a_positive_one() -> None:
    """Far from 1 the bound on starts no longer matters; at 1 it fixes the start."""
    serials = [3, 20, 34, 41, 57]
    far = run_posterior([s + 10**7 for s in serials], start="positive").quantile(0.95)
    assert far == run_posterior(serials, start="any").quantile(0.95)
    one = [1, 20, 34]
    assert run_posterior(one, start="positive").quantile(0.95) == run_posterior(one, start="1").quantile(0.95)


def test_none_one_and_two_serials() -> None:
    """None is an error; one is a posterior only where the prior falls; two have one, with no mean under flat."""
    with pytest.raises(InputError, match="no serial is given"):
        run_posterior([])
    with pytest.raises(NotEnoughData, match=r"no upper end at all\. Enough would be: 1 more independent serial"):
        run_posterior([5], start="1", prior="flat")
    one = run_posterior([5], start="1", prior="1/N")
    assert (one.quantile(0.5), one.mean) == (9, inf)
    two = run_posterior([2, 5], start="1", prior="flat")
    assert (two.mean, two.sd) == (inf, inf)


def test_what_does_not_fit_is_refused() -> None:
    """A serial below the start, a bound below what was seen, a level outside (0, 1), more finds than numbers."""
    with pytest.raises(InputError, match="serial 0 is below 1"):
        run_posterior([0, 4, 9])
    assert run_posterior([0, 4, 9], start="any").least == 10
    with pytest.raises(InputError, match="at most 8 cannot hold the 9"):
        run_posterior([2, 4, 9], start="1", n_max=8)
    for level in (0.0, 1.0):
        with pytest.raises(InputError, match="not between 0 and 1"):
            run_posterior([2, 4, 9]).quantile(level)
    with pytest.raises(InputError, match="3 distinct serials cannot be 4 independent finds"):
        run_posterior([2, 4, 9], n_independent=4)


def test_a_run_seen_whole_ends_where_it_was_seen_to_end() -> None:
    """All of 1…30: no more is likely; the only length a capacity of 30 allows is 30."""
    whole = run_posterior(range(1, 31), start="1")
    assert whole.quantile(0.95) == 30
    only = run_posterior([4, 30], start="1", n_max=30)
    assert (only.quantile(0.999), only.sd, only.mean) == (30, 0.0, 30.0)


def test_fewer_independent_finds_say_less() -> None:
    """Six numbers of two incidents: the certain end stays, the upper end goes up."""
    serials = [10, 12, 14, 50, 51, 52]
    own, shared = run_posterior(serials), run_posterior(serials, n_independent=3)
    assert own.least == shared.least == 43
    assert shared.quantile(0.95) > own.quantile(0.95)


def test_a_block_with_serials_up_to_a_million_is_quick() -> None:
    """Three serials or a thousand: five quantiles, mean and spread in under 50 ms (250 on a busy machine)."""
    for serials in ([100_000, 500_000, 1_000_000], list(range(1_000, 1_000_001, 1_000))):
        began = perf_counter()
        posterior = run_posterior(serials)
        for q in (0.025, 0.25, 0.5, 0.95, 0.975):
            posterior.quantile(q)
        assert posterior.mean > posterior.least
        assert posterior.sd > 0
        assert perf_counter() - began < 0.25


def test_one_run_is_its_own_total_and_a_coarse_grid_agrees() -> None:
    """A sum of one is that one; cells of many lengths move quantiles by no more than a cell or two."""
    one = run_posterior([19, 40, 42, 60])
    total = total_of_runs([one])
    assert [total.quantile(q) for q in (0.025, 0.5, 0.975)] == [one.quantile(q) for q in (0.025, 0.5, 0.975)]
    large = run_posterior([100_000, 500_000, 1_000_000])
    coarse = total_of_runs([large])
    assert coarse.step > 1
    for q in (0.1, 0.5, 0.95):
        assert coarse.quantile(q) == pytest.approx(large.quantile(q), abs=2 * coarse.step)
    with pytest.raises(InputError, match="no run is given"):
        total_of_runs([])


def test_formulas_with_one_and_two_serials() -> None:
    """One serial: twice itself less one, and no span. Two: three times the difference less one."""
    assert minimum_variance([7]) == 13
    with pytest.raises(NotEnoughData, match="two distinct"):
        goodman([7, 7])
    assert goodman([7, 9]) == 5


def test_uneven_numbers_are_seen() -> None:
    """All near one end: a small p. Every tenth number: a step of ten. Evenly spread: neither."""
    crowded = spread([*range(1, 20), 1000], start=1)
    assert crowded.p < 0.001
    assert crowded.gap_p < 0.001
    even = spread(range(10, 201, 10), start=None)
    assert even.step == 10
    assert even.p > 0.5
    with pytest.raises(NotEnoughData, match="four where nobody knows"):
        spread([1, 2, 3], start=None)
