"""Misread numbers and unequal recovery: exact fractions, the plain run as a special case, and coverage."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from math import prod

import numpy as np
import pytest

from taggant.errors import InputError
from taggant.statistics.serial_misreads import misread_posterior, recovery_posterior
from taggant.statistics.serial_runs import run_posterior


def test_equal_weights_are_the_plain_run_in_exact_fractions() -> None:
    """1/C(N, 4) by fractions over 60 to 400, flat prior: the same masses to 1e-12."""
    found = recovery_posterior([19, 40, 42, 60], weights=[1.0] * 400, prior="flat")
    exact = [Fraction(1, prod(range(n - 3, n + 1))) for n in range(60, 401)]
    total = sum(exact)
    assert found.mass == pytest.approx([float(x / total) for x in exact], abs=1e-12)


def test_unequal_weights_agree_with_all_subsets() -> None:
    """Twelve numbers, three seen: e_3 summed over all subsets in fractions."""
    weights = [Fraction(12 - n, 4) for n in range(12)]
    found = recovery_posterior([2, 5, 7], weights=[float(w) for w in weights], prior="flat")
    exact = [1 / sum(prod(c) for c in combinations(weights[:n], 3)) for n in range(7, 13)]
    total = sum(exact)
    assert found.mass == pytest.approx([float(x / total) for x in exact], abs=1e-12)


def test_falling_weights_do_not_stretch_the_interval() -> None:
    """N = 100, about 27 seen, weights falling: the relative width of the 95% interval is near .95, not 1.81."""
    rng = np.random.default_rng(4)
    w = np.exp(-np.arange(3000) / 100.0) * 0.6
    widths, covered = [], []
    for _ in range(60):
        seen = [n + 1 for n in range(100) if rng.uniform() < w[n] / (1 + w[n])]
        if len(seen) < 5:
            continue
        found = recovery_posterior(seen, weights=w.tolist())
        low, high = found.quantile(0.025), found.quantile(0.975)
        widths.append((high - low) / 100)
        covered.append(low <= 100 <= high)
    assert np.median(widths) < 1.4
    assert np.mean(covered) > 0.85


def test_a_misread_number_no_longer_decides() -> None:
    """One number with a digit too many: the plain run follows it, the mixture does not."""
    plain = run_posterior([19, 40, 42, 60, 6042], start="1", prior="1/N").quantile(0.5)
    mixed = misread_posterior([19, 40, 42, 60, 6042], chances=[0.03] * 5, digits=4).quantile(0.5)
    assert plain > 6000
    assert mixed < 150


def test_coverage_with_five_in_a_hundred_misread() -> None:
    """Twenty-five serials of 1 to 2,000, one digit misread in 5%: the plain interval covers far too rarely."""
    rng = np.random.default_rng(25)
    plain, mixed = [], []
    for _ in range(200):
        truth = 2000
        seen = rng.choice(truth, 25, replace=False) + 1
        read = []
        for number in seen:
            text = list(f"{number:04d}")
            if rng.uniform() < 0.05:
                text[rng.integers(4)] = str(rng.integers(10))
            read.append(max(1, int("".join(text))))
        run = run_posterior(sorted(set(read)), start="1", prior="1/N")
        plain.append(run.quantile(0.025) <= truth <= run.quantile(0.975))
        found = misread_posterior(read, chances=[0.05] * len(read), digits=4)
        mixed.append(found.quantile(0.025) <= truth <= found.quantile(0.975))
    assert np.mean(plain) < 0.8
    assert np.mean(mixed) == pytest.approx(0.95, abs=3 * np.sqrt(0.95 * 0.05 / 200))


def test_order_copies_and_one() -> None:
    """Order does not matter; a copy counts once; one serial is answered by the prior."""
    a = misread_posterior([5, 9, 9, 2], chances=[0.01] * 4)
    b = misread_posterior([9, 2, 5], chances=[0.01] * 3)
    assert a.mass == pytest.approx(b.mass)
    assert misread_posterior([7], chances=[0.01]).quantile(0.5) >= 7


@pytest.mark.parametrize(("serials", "chances"), [([], []), ([0], [0.01]), ([5], [0.0]), ([5], [1.0]), ([5, 6], [0.1])])
def test_bad_input_is_refused(serials: list[int], chances: list[float]) -> None:
    """No serial, zero, a chance of 0 or 1, too few chances."""
    with pytest.raises(InputError):
        misread_posterior(serials, chances=chances)


def test_weights_must_reach_the_serials() -> None:
    """A number without a weight, or with none, cannot have been recovered."""
    with pytest.raises(InputError, match="between 1 and 3"):
        recovery_posterior([4], weights=[1.0] * 3)
    with pytest.raises(InputError, match="weight 0"):
        recovery_posterior([2], weights=[1.0, 0.0, 1.0])
