"""Invent a run, draw serials from it, and get its length back as often as the level says. Seeded."""

from __future__ import annotations

import numpy as np
import pytest

from taggant.estimation.serial_headline import numbers_apart, upper_end
from taggant.statistics.run_totals import total_of_runs
from taggant.statistics.serial_formulas import goodman, minimum_variance, spread
from taggant.statistics.serial_runs import Start, run_posterior

_WORLDS = 1500
_ERROR = 3 * (0.95 * 0.05 / _WORLDS) ** 0.5  # three standard errors of a coverage of 95%: ±.017


def _lengths(rng: np.random.Generator) -> np.ndarray:
    return np.exp(rng.uniform(np.log(20), np.log(20_000), _WORLDS)).astype(int)


def _coverage(start: Start, first: int) -> float:
    """How often the true length lies at or below the 95% quantile: eight serials, prior 1/N."""
    rng = np.random.default_rng(20260301)
    hits = 0
    for n in _lengths(rng):
        serials = first + rng.choice(n, size=8, replace=False)
        hits += int(n) <= run_posterior(serials.tolist(), start=start).quantile(0.95)
    return hits / _WORLDS


@pytest.mark.parametrize(("start", "first"), [("1", 1), ("any", 501)])
def test_the_upper_end_covers_as_often_as_it_says(start: Start, first: int) -> None:
    """Lengths spread evenly on the log scale: .95 within three standard errors."""
    assert _coverage(start, first) == pytest.approx(0.95, abs=_ERROR)


@pytest.mark.parametrize(("first", "least"), [(1, 0.85), (1001, 0.92)])
def test_a_start_that_may_be_any_number_covers_less_where_it_is_the_first(first: int, least: float) -> None:
    """A run that begins at 1, when that is not said: .87, and .93 for one that begins at 1001.

    The docstring says so; the row "start 1" of the sensitivity table shows what saying it would change.
    """
    assert least < _coverage("positive", first) < 0.95


@pytest.mark.parametrize(("k", "first"), [(4, 1), (8, 1), (20, 1), (8, 101), (8, 5001)])
def test_the_end_of_the_headline_covers_where_a_run_begins_at_1(k: int, first: int) -> None:
    """Nobody said where it begins: 95% within three standard errors, where the plain quantile covers 86–88%."""
    rng = np.random.default_rng([20260305, k, first])
    hits = 0
    for n in _lengths(rng)[:500]:
        serials = (first + rng.choice(n, size=min(k, n), replace=False)).tolist()
        hits += int(n) <= upper_end(run_posterior(serials), serials)
    assert hits / 500 > 0.95 - 3 * (0.95 * 0.05 / 500) ** 0.5


@pytest.mark.parametrize("k", [4, 8, 20])
def test_fair_numbers_are_hardly_ever_called_misread(k: int) -> None:
    """At most 2 in 100 worlds without a misread."""
    rng = np.random.default_rng([20260309, k])
    found = [numbers_apart((1 + rng.choice(n, size=k, replace=False)).tolist()) for n in _lengths(rng)[:100]]
    assert sum(bool(f.numbers) for f in found) <= 3


def test_the_certain_end_is_certain() -> None:
    """The headline's low end never exceeds the truth."""
    rng = np.random.default_rng(20260302)
    for n in _lengths(rng)[:300]:
        serials = 77 + rng.choice(n, size=3, replace=False)
        assert run_posterior(serials.tolist()).least <= n


def test_the_formulas_are_right_on_average() -> None:
    """N = 1000, k = 20: both means within three standard errors of the truth."""
    rng = np.random.default_rng(20260303)
    draws = [(1 + rng.choice(1000, size=20, replace=False)).tolist() for _ in range(_WORLDS)]
    for formula in (minimum_variance, goodman):
        found = np.array([formula(d) for d in draws])
        assert found.mean() == pytest.approx(1000, abs=3 * found.std() / _WORLDS**0.5)


def test_older_items_found_more_often_make_every_answer_short() -> None:
    """The naive draw fails where early numbers are likelier to be found: the upper end covers far less than 95%.

    This is why "each item is equally likely to be found" is never marked ok: the formula cannot see it.
    """
    rng = np.random.default_rng(20260304)
    weights = np.exp(-3 * np.arange(1000) / 1000)
    weights /= weights.sum()
    hits = 0
    for _ in range(300):
        serials = 1 + rng.choice(1000, size=20, replace=False, p=weights)
        hits += run_posterior(serials.tolist(), start="1").quantile(0.95) >= 1000
    assert hits / 300 < 0.6


def test_the_sum_of_five_runs_covers() -> None:
    """Five runs of six serials each, prior 1/N: 95% interval of the sum holds the truth 90–99% of the time."""
    rng = np.random.default_rng(20260305)
    hits = 0
    for _ in range(200):
        lengths = rng.lognormal(np.log(200), 0.8, 5).astype(int) + 6
        runs = [run_posterior((1 + rng.choice(n, size=6, replace=False)).tolist(), start="1") for n in lengths]
        total = total_of_runs(runs)
        hits += total.quantile(0.025) <= lengths.sum() <= total.quantile(0.975)
    assert 0.9 <= hits / 200 <= 0.995


def test_the_test_of_evenness_has_its_size() -> None:
    """Fair draws: p below .05 in about 5% of worlds, for the spread and for the largest gap."""
    rng = np.random.default_rng(20260306)
    found = [spread((1 + rng.choice(5000, size=12, replace=False)).tolist(), start=1) for _ in range(_WORLDS)]
    assert sum(f.p < 0.05 for f in found) / _WORLDS == pytest.approx(0.05, abs=_ERROR)
    assert sum(f.gap_p < 0.05 for f in found) / _WORLDS == pytest.approx(0.05, abs=_ERROR)
