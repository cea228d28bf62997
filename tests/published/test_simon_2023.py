"""Three serials up to 15 and a capacity of 35.

Simon, C. M. (2023). A Bayesian treatment of the German tank problem. The Mathematical Intelligencer,
doi:10.1007/s00283-023-10274-6 (the worked example,
uniform prior up to 35): median 19, 80% region of highest density 15–25, P(N > 30) = .066.
"""

from __future__ import annotations

import pytest

from taggant.statistics.serial_runs import run_posterior


def test_median_and_densest_region() -> None:
    """With a known start the posterior only falls, so its densest 80% is what lies up to the 80% quantile."""
    posterior = run_posterior([7, 12, 15], start="1", prior="flat", n_max=35)
    assert posterior.quantile(0.5) == 19
    assert (posterior.least, posterior.quantile(0.8)) == (15, 25)
    assert posterior.survival(31) == pytest.approx(0.066411, abs=1e-5)
    assert posterior.survival(36) == 0
