"""Misreads with an unknown start: the plain run in the limit, exact sums, and what is left outside."""

from __future__ import annotations

from fractions import Fraction
from math import perm

import pytest

from taggant.errors import InputError
from taggant.statistics.serial_runs import Start, run_posterior
from taggant.statistics.serial_windows import window_posterior

FOUR = [19, 40, 42, 60]


@pytest.mark.parametrize("start", ["1", "positive", "any"])
def test_without_misreads_it_is_the_plain_run(start: Start) -> None:
    """A chance of one in 10^9: the same quantiles."""
    mixed = window_posterior(FOUR, chances=[1e-9] * 4, start=start, digits=7).length
    plain = run_posterior(FOUR, start=start)
    for q in (0.05, 0.5, 0.95):
        assert mixed.quantile(q) == plain.quantile(q)


def test_it_is_the_definition_summed_in_exact_fractions() -> None:
    """Numbers 2, 3 and 9 of two digits, a tenth misread, start anywhere from 1, no run longer than 12."""
    e, field = Fraction(1, 10), 100
    weights = []
    for n in range(1, 13):
        total = Fraction(0)
        for a in range(1, 10):
            inside = [s for s in (2, 3, 9) if a <= s < a + n]
            j = len(inside)
            if j >= 2:
                total += (1 - e + e * n / field) ** j * (e / field) ** (3 - j) / perm(n, j)
        weights.append(total / n)
    whole = sum(weights)
    found = window_posterior([2, 3, 9], chances=[0.1] * 3, digits=2, n_max=12).length
    first = int(found.n[0])
    assert found.mass == pytest.approx([float(w / whole) for w in weights[first - 1 :]], abs=1e-12)


def test_both_ends_may_be_misread_and_copies_count_once() -> None:
    """A far too small one lies outside as a far too large one does; order and copies do not matter."""
    low = window_posterior([3, 5001, 5040, 5077, 5200], chances=[0.03] * 5)
    assert low.outside[3] > 0.99
    assert low.length.quantile(0.95) < 1000
    one = window_posterior([40, 12, 33, 33, 21], chances=[0.03] * 5)
    other = window_posterior([12, 21, 33, 40], chances=[0.03] * 4)
    assert one.length.mass == pytest.approx(other.length.mass)


@pytest.mark.parametrize(("serials", "chances"), [([], []), ([5], [0.0]), ([5, 6], [0.1])])
def test_bad_input_is_refused(serials: list[int], chances: list[float]) -> None:
    """No serial, a chance of nothing, too few chances."""
    with pytest.raises(InputError):
        window_posterior(serials, chances=chances)
