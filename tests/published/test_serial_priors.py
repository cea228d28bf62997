"""The same serials under three priors, and where a mean does not exist.

Reference values of the project's notes on methods (a6, a6b), from the closed forms and an independent program, and
those of its corrections (part D) for an unknown start that cannot be below 1. No paper prints them.
"""

from __future__ import annotations

from math import inf

import pytest

from taggant.errors import NotEnoughData
from taggant.statistics.serial_runs import Prior, run_posterior


@pytest.mark.parametrize(
    ("prior", "mean", "median", "upper"), [("flat", 88.5, 75, 200), ("1/N", 78.936, 71, 148), ("1/N2", 74.130, 68, 123)]
)
def test_the_prior_table(prior: Prior, mean: float, median: int, upper: int) -> None:
    """m = 60, k = 4, known start."""
    posterior = run_posterior([19, 40, 42, 60], start="1", prior=prior)
    assert posterior.mean == pytest.approx(mean, abs=0.001)
    assert (posterior.quantile(0.5), posterior.quantile(0.975)) == (median, upper)


@pytest.mark.parametrize(
    ("prior", "quantiles", "mean"),
    [("flat", (61, 108, 542), 154.279), ("1/N", (59, 89, 278), 108.542), ("1/N2", (58, 80, 191), 91.000)],
)
def test_an_unknown_start_from_one_on(prior: Prior, quantiles: tuple[int, ...], mean: float) -> None:
    """1005, 1030, 1042, 1060: the run can begin at 1005 numbers at most."""
    posterior = run_posterior([1005, 1030, 1042, 1060], start="positive", prior=prior)
    assert tuple(posterior.quantile(q) for q in (0.025, 0.5, 0.975)) == quantiles
    assert posterior.mean == pytest.approx(mean, abs=0.001)


@pytest.mark.parametrize(("n_max", "mean"), [(1_000, 178), (10_000, 305), (100_000, 439)])
def test_with_two_serials_the_flat_mean_is_whatever_the_bound_makes_it(n_max: int, mean: float) -> None:
    """m = 60, k = 2: it grows with the bound for ever, and is infinite without one."""
    assert run_posterior([7, 60], start="1", prior="flat", n_max=n_max).mean == pytest.approx(mean, rel=2e-3)
    assert run_posterior([7, 60], start="1", prior="flat").mean == inf


def test_an_unbounded_start_costs_one_power() -> None:
    """Any start: no mean for k ≤ 2 with 1/N or k ≤ 3 with flat, and no posterior at all for k = 2 with flat."""
    assert run_posterior([7, 60], start="any", prior="1/N").mean == inf
    assert run_posterior([7, 9, 60], start="any", prior="flat").mean == inf
    assert run_posterior([7, 9, 60], start="any", prior="1/N").mean < inf
    with pytest.raises(NotEnoughData, match="1 more independent serial, or a bound"):
        run_posterior([7, 60], start="any", prior="flat")
