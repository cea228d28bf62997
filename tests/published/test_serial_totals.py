"""Three runs, (m, k) = (60, 4), (120, 6), (33, 3), added without pooling.

Reference values of the project's notes on methods (a7) and their correction: with the prior 1/N the sum has mean
270.29, 95% from 221 to 390, median 258; with flat 301.25, with 1/N² 256.38. The formulas' sum is 256.
No paper prints them.
"""

from __future__ import annotations

from math import inf

import pytest

from taggant.statistics.run_totals import total_of_runs
from taggant.statistics.serial_formulas import minimum_variance
from taggant.statistics.serial_runs import Prior, RunPosterior, run_posterior

RUNS = ([1, 2, 3, 60], [1, 2, 3, 4, 5, 120], [1, 2, 33])


def _posteriors(prior: Prior) -> list[RunPosterior]:
    return [run_posterior(serials, start="1", prior=prior) for serials in RUNS]


def test_quantiles_and_mean_of_the_sum() -> None:
    """Prior 1/N."""
    total = total_of_runs(_posteriors("1/N"))
    assert total.mean == pytest.approx(270.286, abs=0.01)
    assert [total.quantile(q) for q in (0.025, 0.5, 0.975)] == [221, 258, 390]
    assert sum(minimum_variance(serials) for serials in RUNS) == 256


@pytest.mark.parametrize(("prior", "mean"), [("flat", 301.25), ("1/N2", 256.38)])
def test_the_prior_matters_more_the_more_runs_there_are(prior: Prior, mean: float) -> None:
    """The bias of each run adds up."""
    assert total_of_runs(_posteriors(prior)).mean == pytest.approx(mean, abs=0.01)


def test_a_run_without_a_spread_leaves_the_sum_without_one() -> None:
    """k = 3 and flat: the third run's variance is infinite, and is not cut off by a grid."""
    assert total_of_runs(_posteriors("flat")).sd == inf
