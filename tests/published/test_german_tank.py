"""The textbook case: k serials of a run from 1, largest m.

Höhle, M., Held, L. (2006). Bayesian estimation of the size of a population. Discussion paper 499, SFB 386, LMU Munich,
section 3 (flat prior: mean (m−1)(k−1)/(k−2), variance (k−1)(m−1)(m−k+1)/((k−3)(k−2)²), P(N > n) = C(m−1,k−1)/C(n,k−1)).
The first case (m = 60, k = 4) and the second (m = 14, k = 4: 16.5 made, 19.5 ± 10) are those of the article "German
tank problem" of Wikipedia, the second of an older edition.
"""

from __future__ import annotations

from math import comb, sqrt

import pytest

from taggant.statistics.serial_formulas import exact_upper_bound, minimum_variance
from taggant.statistics.serial_runs import run_posterior

SERIALS = [19, 40, 42, 60]


def test_four_serials_up_to_sixty() -> None:
    """Estimate 74; flat prior: mean 88.5, sd 50.22, median 75, 95% 60–200, P(N > 100) = .20105."""
    posterior = run_posterior(SERIALS, start="1", prior="flat")
    assert minimum_variance(SERIALS) == 74
    assert posterior.mean == pytest.approx(88.5, abs=1e-9)
    assert posterior.sd == pytest.approx(50.22, abs=0.005)  # printed to two digits
    assert [posterior.quantile(q) for q in (0.025, 0.5, 0.975)] == [60, 75, 200]
    assert posterior.survival(101) == pytest.approx(0.20105, abs=1e-5)


def test_four_serials_up_to_fourteen() -> None:
    """Estimate 16.5; flat prior: mean 19.5, sd 10.36."""
    serials = [2, 6, 7, 14]
    posterior = run_posterior(serials, start="1", prior="flat")
    assert minimum_variance(serials) == 16.5
    assert posterior.mean == pytest.approx(19.5, abs=1e-9)
    assert posterior.sd == pytest.approx(10.3562, abs=1e-3)


@pytest.mark.parametrize(("m", "k"), [(60, 4), (1000, 12), (1_000_000, 5), (25, 25), (40, 39)])
def test_the_closed_forms_of_the_flat_prior_hold(m: int, k: int) -> None:
    """Mean, spread and tail by the paper's formulas, for few serials and for a run seen whole."""
    posterior = run_posterior([*range(1, k), m], start="1", prior="flat")
    assert posterior.mean == pytest.approx((m - 1) * (k - 1) / (k - 2), rel=1e-9)
    variance = (k - 1) * (m - 1) * (m - k + 1) / ((k - 3) * (k - 2) ** 2)
    assert posterior.sd == pytest.approx(sqrt(variance), rel=1e-6)
    n = m + m // 3
    assert posterior.survival(n + 1) == pytest.approx(comb(m - 1, k - 1) / comb(n, k - 1), rel=1e-9)


def test_the_exact_upper_bound_is_the_last_n_that_is_not_too_strange() -> None:
    """95%: C(60, 4) / C(N, 4) is 5% or more up to N, and less at N + 1."""
    n = exact_upper_bound(SERIALS)
    assert comb(60, 4) / comb(n, 4) >= 0.05 > comb(60, 4) / comb(n + 1, 4)
