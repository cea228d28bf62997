"""Which number fits several roots: by hand, and at the edges."""

from __future__ import annotations

import math

import pytest

from taggant.claims.number_fit import fit_number
from taggant.errors import InputError, NotEnoughData


def test_two_points_meet_in_the_middle_of_their_logarithms() -> None:
    """200 and 800: the best is 400, each ln 2 away, lost (ln 2 / .25)² in all."""
    fit = fit_number([(200.0, 200.0), (800.0, 800.0)])
    assert fit.best_low == pytest.approx(400.0)
    assert fit.misfit == pytest.approx((math.log(2) / 0.25) ** 2)


def test_one_point_said_twice_has_the_width_of_the_error_model() -> None:
    """Two roots at 100: 2 · ½ (d/σ)² = 1.92, so d = σ √1.92."""
    fit = fit_number([(100.0, 100.0), (100.0, 100.0)])
    d = 0.25 * math.sqrt(1.92)
    assert (fit.best_low, fit.misfit) == (100.0, 0.0)
    assert fit.low == pytest.approx(100 * math.exp(-d))
    assert fit.high == pytest.approx(100 * math.exp(d))


def test_open_ends_stay_open() -> None:
    """At least 300 and at least 500: no upper end."""
    fit = fit_number([(300.0, None), (500.0, None)])
    assert (fit.best_low, fit.best_high, fit.high) == (500.0, None, None)


def test_the_units_scale() -> None:
    """A thousand times the claims is a thousand times the fit."""
    one, many = (fit_number([(200.0 * k, 250.0 * k), (404.0 * k, 404.0 * k)]) for k in (1, 1000))
    assert many.low == pytest.approx(1000 * (one.low or 0))
    assert many.misfit == pytest.approx(one.misfit)


def test_nothing_to_fit() -> None:
    """One claim is refused; zero has no logarithm."""
    with pytest.raises(NotEnoughData):
        fit_number([(1.0, 2.0)])
    with pytest.raises(InputError):
        fit_number([(0.0, 2.0), (1.0, 1.0)])
