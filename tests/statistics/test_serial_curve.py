"""The serial–date curve: by hand on a small grid of numbers, its limits, and what it refuses."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy.stats import gamma

from taggant.errors import InputError, NotEnoughData
from taggant.statistics import serial_curve as method
from taggant.statistics.serial_curve import Delay, SerialCurve, serial_curve
from taggant.statistics.serial_packs import one_of_each_pack

LAW = Delay(x=np.linspace(0, 40, 401), cdf=gamma.cdf(np.linspace(0, 40, 401), 2, scale=3) / gamma.cdf(40, 2, scale=3))
NUMBERS = [60, 110, 190, 260, 340, 420, 510, 560]
MADE = [2.0, 5, 9, 13, 17, 21, 26, 29]


def curve(numbers: list[int] = NUMBERS, made: list[float] = MADE, **options: object) -> SerialCurve:
    """Dated by the month, known four months later; twelve quarters; numbers from 1."""
    given: dict[str, object] = {
        "made_from": made, "made_until": [m + 1 for m in made], "known_from": [m + 4 for m in made],
        "known_until": [m + 4.03 for m in made], "edges": list(range(0, 37, 3)), "delay": LAW, "first": 1,
        "chances": [0.01] * len(numbers),
    }  # fmt: skip
    return serial_curve(numbers, **(given | options))  # type: ignore[arg-type]


def test_the_integral_of_the_law_is_its_area() -> None:
    """Against a fine sum; beyond the table it grows by one a unit; nothing before 0."""
    t = np.array([-1.0, 0.0, 0.05, 3.0, 17.3, 40.0, 50.0])
    fine = np.linspace(0, 50, 500_001)
    area = np.concatenate(([0.0], np.cumsum((LAW(fine)[1:] + LAW(fine)[:-1]) / 2 * np.diff(fine))))
    assert LAW.integral(t) == pytest.approx(np.interp(np.maximum(t, 0), fine, area), abs=1e-6)
    assert LAW.quantile(0.9) == pytest.approx(gamma.ppf(0.9, 2, scale=3), abs=0.02)
    assert LAW.stretched(2).quantile(0.5) == pytest.approx(2 * LAW.quantile(0.5))


def test_the_curve_rises_through_dated_numbers() -> None:
    """By month 18, number 340 had been given out and 420 had not: the median lies between, no path falls."""
    found = curve()
    assert (np.diff(found.paths, axis=1) >= 0).all()
    assert 300 < np.median(found.made_by(18)) < 430
    assert found.calibrated_until == pytest.approx(36 - LAW.quantile(0.9))
    assert max(found.outside.values()) < 0.2
    assert (np.quantile(found.made_by(36), 0.975) - np.quantile(found.made_by(36), 0.025)) > (
        np.quantile(found.made_by(18), 0.975) - np.quantile(found.made_by(18), 0.025)
    )


def test_it_is_the_sum_over_all_paths() -> None:
    """Two pieces, five numbers: the posterior of what piece 1 made, by a sum over whole numbers and the same grids."""
    numbers, pieces = [4, 9, 15, 22, 30], 2
    made = [1.0, 2.0, 4.0, 5.0, 7.0]
    options = {
        "made_from": made, "made_until": [m + 1 for m in made], "known_from": [-np.inf] * 5,
        "known_until": [np.inf] * 5, "edges": [0.0, 4.5, 9.0], "first": 1, "chances": [0.02] * 5,
    }  # fmt: skip
    law = Delay(x=np.array([0.0, 1.0]), cdf=np.array([0.0, 1.0]))
    found = serial_curve(numbers, delay=law, n_paths=20_000, **options)  # type: ignore[arg-type]
    weight = [4.5 / 4.5, 4.0 / 4.5]
    share = np.array([[1, 0], [1, 0], [0.5, 0.5], [0, 1], [0, 1]], dtype=float) / 4.5
    share[4, 1] = (1.0 - 0.0) / 4.5  # made in [7, 8): all known by 9
    span, field = 30.0, 100.0
    n1, n2 = np.meshgrid(np.arange(60), np.arange(90), indexing="ij")
    weights = np.zeros(60)
    for mean, shape, rate in product(method._MEANS * span / pieces, method._SHAPES, method._RATES):
        theta = rate * 5 / (span * np.mean(weight))
        p = np.diff(gamma.cdf(np.maximum(np.arange(0, 120) - 0.5, 0), shape, scale=mean / shape))
        likelihood = p[n1] * p[n2] * np.exp(-theta * (weight[0] * n1 + weight[1] * n2)) * theta**5
        for s, of in zip(numbers, share, strict=True):
            floor = 0.02 * mean * of.sum() / field
            first, second = s <= n1, (s > n1) & (s <= n1 + n2)
            likelihood = likelihood * (floor + 0.98 * (first * of[0] + second * of[1]))
        weights += likelihood.sum(axis=1)
    weights /= weights.sum()
    mean_by_hand = float((np.arange(60) * weights).sum())
    sd_by_hand = float((np.arange(60) ** 2 * weights).sum() - mean_by_hand**2) ** 0.5
    assert found.paths[:, 1].mean() == pytest.approx(mean_by_hand, abs=0.6)
    assert found.paths[:, 1].std() == pytest.approx(sd_by_hand, rel=0.1)


def test_a_misread_number_lies_outside_and_moves_little() -> None:
    """9,340 among numbers up to 560: outside, and the curve is nearly that of the others."""
    plain = curve()
    far = curve([*NUMBERS, 9340], [*MADE, 30.0])
    assert far.outside[9340] > 0.95
    assert np.median(far.made_by(20)) == pytest.approx(np.median(plain.made_by(20)), rel=0.1)


def test_an_unknown_start_is_wider_and_order_does_not_matter() -> None:
    """Numbers moved by 2,000 with nobody knowing it: the truth stays inside, the interval grows."""
    known = curve()
    free = curve([n + 2000 for n in NUMBERS], first=None)
    widths = [float(np.subtract(*np.quantile(c.made_by(25), [0.975, 0.025]))) for c in (known, free)]
    assert widths[1] > widths[0]
    order = [3, 0, 7, 1, 6, 2, 5, 4]
    mixed = curve([NUMBERS[i] for i in order], [MADE[i] for i in order])
    assert mixed.paths == pytest.approx(known.paths)


def test_too_few_and_bad_input_are_refused() -> None:
    """None, four, undated, dates the wrong way round, a number below the first, edges that fall, no law."""
    with pytest.raises(NotEnoughData, match="0 numbers"):
        curve([], [])
    with pytest.raises(NotEnoughData) as four:
        curve(NUMBERS[:4], MADE[:4])
    assert four.value.enough.startswith("1 more number")
    none, ever = [-np.inf] * 8, [np.inf] * 8
    with pytest.raises(NotEnoughData, match="0 of them"):
        curve(made_from=none, made_until=ever, known_from=none, known_until=ever)
    for bad in (
        {"made_until": MADE},
        {"first": 100},
        {"edges": [0, 3, 2]},
        {"chances": [0.0] * 8},
        {"known_from": [1.0]},
    ):
        with pytest.raises(InputError):
            curve(**bad)
    with pytest.raises(InputError, match="does not rise"):
        Delay(x=np.array([0.0, 1.0, 2.0]), cdf=np.array([0.0, 0.7, 0.6]))


def test_all_numbers_equal_are_one() -> None:
    """Eight times one number is one number, and draws no curve."""
    with pytest.raises(NotEnoughData, match="1 numbers"):
        curve([77] * 8)


def test_packs_count_once() -> None:
    """Neighbours of one event, or known within a month; not neighbours known years apart; a chain is one pack."""
    numbers = [100, 101, 103, 200, 205, 400]
    assert len(one_of_each_pack(numbers, events=["a", "a", "a", "b", "c", "d"], pack=8)) == 4
    assert len(one_of_each_pack(numbers, known=[1.0, 2, 3, 50, 60, 9], pack=8)) == 3
    assert len(one_of_each_pack(numbers, known=[1.0, 200, 400, 50, 600, 9], pack=8)) == 6
    assert len(one_of_each_pack([1, 7, 13, 19], events=["a"] * 4, pack=8)) == 1
    assert one_of_each_pack([]) == []
    assert one_of_each_pack(numbers, events=[None] * 6) == list(range(6))
    with pytest.raises(InputError, match="holds nothing"):
        one_of_each_pack([1], pack=0)


def test_the_number_kept_of_a_pack_is_drawn_and_the_same_each_time() -> None:
    """Not always the largest, which would bias the run upwards; the same input gives the same draw."""
    kept = [one_of_each_pack(list(range(s, s + 8)), events=["a"] * 8)[0] for s in range(1000, 1200)]
    assert len(set(kept)) == 8
    assert kept == [one_of_each_pack(list(range(s, s + 8)), events=["a"] * 8)[0] for s in range(1000, 1200)]
