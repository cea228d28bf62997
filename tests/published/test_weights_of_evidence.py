"""Costs of likelihood ratios and the bounds a validation set allows.

The twelve pairs are those of `lir` (Netherlands Forensic Institute), `tests/test_metrics.py`, whose own test compares
without asserting. Costs with one feature counted five times: methods, section 0; at the share of misleading items of
that simulation (.196) they follow by hand. Bounds with perfect separation: correction 20.
"""

from __future__ import annotations

from math import inf, log, log2, log10

import numpy as np
import pytest

from taggant.attribution.words import in_words
from taggant.errors import InputError, NotEnoughData
from taggant.reference import load_scales
from taggant.statistics.calibration import calibrate, cllr, cllr_min, elub, expected_entropy, pooled_weights, tippett
from taggant.statistics.dirichlet import association, level_shares, none_share


def _ln(ratios: list[float]) -> np.ndarray:
    with np.errstate(divide="ignore"):
        found: np.ndarray = np.log(np.array(ratios))
    return found


@pytest.mark.parametrize(
    ("own", "others", "cost"),
    [
        ([1, 1], [1, 1], 1.0),
        ([2, 2], [1 / 2, 1 / 2], 0.5849625007),
        ([3], [1 / 3], 0.4150374993),
        ([8], [1 / 8], 0.1699250014),
        ([inf, inf], [0.0, 0.0], 0.0),
        ([1 / 3], [3], 2.0),
        ([3, 1 / 3], [1 / 3, 3], (log2(4 / 3) + log2(4)) / 2),
    ],
)
def test_costs_by_hand(own: list[float], others: list[float], cost: float) -> None:
    """½[log2(1 + 1/LR) + log2(1 + LR)], each side its mean; at prior ½ the entropy left is the same."""
    assert cllr(_ln(own), _ln(others)) == pytest.approx(cost, abs=1e-9)
    assert expected_entropy(_ln(own), _ln(others), 0.5) == pytest.approx(cost, abs=1e-9)


@pytest.mark.parametrize(
    ("cost", "own", "others"),
    [
        (1, [1, 1], [1, 1]),
        (2, [1 / 3] * 2, [3] * 2),
        (2, [1 / 3] * 20, [3] * 20),
        (0.4150374992788437, [3] * 2, [1 / 3] * 2),
        (0.7075187496394219, [1], [1 / 3] * 2),
        (0.507177646488535, [1], [1 / 100] * 100),
        (0.5400680236656377, [1], [1 / 100] * 100 + [100]),
        (0.5723134914863265, [1], [1 / 100] * 100 + [100] * 2),
        (0.6952113122368764, [1], [1 / 100] * 100 + [100] * 6),
        (1.0, [1], [1]),
        (1.0849625007211563, [2] * 2, [2]),
        (1.6699250014423126, [8] * 8, [8]),
    ],
)
def test_the_twelve_costs_of_lir(cost: float, own: list[float], others: list[float]) -> None:
    """Its hypothesis one is the second side here; https://github.com/NetherlandsForensicInstitute/lir."""
    assert cllr(_ln(own), _ln(others)) == pytest.approx(cost, abs=1e-9)


def test_words_of_the_enfsi_scale() -> None:
    """Seven ratios, one a band, and their reciprocals for the other side (d4; edges from secondary sources)."""
    ratios = (1, 5, 50, 500, 5000, 5e5, 5e7)
    expected = ("no support", "weak", "moderate", "moderately strong", "strong", "very strong", "extremely strong")
    for ratio, word in zip(ratios, expected, strict=True):
        assert in_words(log10(ratio)).startswith(word)
    assert next(s for s in load_scales() if s.id == "enfsi-2015").unverified


def test_a_feature_counted_five_times_costs_more_than_silence() -> None:
    """One binary feature, LR 4, misleading for 196 of 1,000: .714; counted five times: 1.961, worse than 1."""
    sides = [log(4)] * 804 + [-log(4)] * 196
    once = cllr(sides, [-x for x in sides])
    five = cllr([5 * x for x in sides], [-5 * x for x in sides])
    assert once == pytest.approx(0.714, abs=0.001)
    assert five == pytest.approx(1.961, abs=0.001)
    assert five > 1 > once
    assert cllr_min(sides, [-x for x in sides]) == pytest.approx(
        cllr_min([5 * x for x in sides], [-5 * x for x in sides])
    )


@pytest.mark.parametrize(("n", "most"), [(5, 5.0), (8, 8.1), (16, 16.2), (30, 30.2), (101, 102.3)])
def test_perfect_separation_allows_as_much_as_there_are_items(n: int, most: float) -> None:
    """ELUB with one misleading item added a side is n: eight incidents never carry more than 'weak'."""
    low, high = elub([50.0] * n, [-50.0] * n)
    assert 10**high == pytest.approx(most, abs=0.2)
    assert 10**-low == pytest.approx(most, abs=0.2)


def test_weights_that_say_nothing_allow_nothing() -> None:
    """The same weights on both sides: bounds 1 and 1."""
    assert elub([1.0, -1.0] * 5, [1.0, -1.0] * 5) == (0.0, 0.0)
    assert cllr_min([1.0, -1.0] * 5, [1.0, -1.0] * 5) == pytest.approx(1)


def test_counts_of_nine_in_ten() -> None:
    """9 of 10 against 0 of 10, two levels, prior count 1: LR 10, where the raw ratio has no end (d5)."""
    p = level_shares(np.array([9.0, 0.0]), np.array([10.0, 10.0]), n_levels=2, alpha=1.0)
    assert p[0] / p[1] == pytest.approx(10.0, abs=1e-12)


@pytest.mark.parametrize(("alpha", "most"), [(1.0, 9.0), (0.5, 17.0)])
def test_the_end_of_one_block(alpha: float, most: float) -> None:
    """Eight of eight against none of eight: (n + α)/α (correction 20)."""
    p = level_shares(np.array([8.0, 0.0]), np.array([8.0, 8.0]), n_levels=2, alpha=alpha)
    assert p[0] / p[1] == pytest.approx(most, abs=1e-12)


def test_common_features_speak_for_none_only_under_a_uniform_one() -> None:
    """The trap of the open set: a level on every variant. Uniform: LR 1.8 against none; between variants: 1.125."""
    known = level_shares(np.array([8.0, 8.0, 8.0]), np.array([8.0, 8.0, 8.0]), n_levels=2, alpha=1.0)
    assert known[0] / 0.5 == pytest.approx(1.8)
    assert known[0] / none_share(known, n_levels=2) == pytest.approx(0.9 / ((2.7 + 0.5) / 4), abs=1e-12)
    assert known[0] / none_share(known, n_levels=2) < 1.13


def test_unpenalised_calibration_warns() -> None:
    """Five separated incidents a side: the slope runs away, and both reasons are said."""
    own, others = [1.0, 2.0, 3.0, 4.0, 5.0], [-1.0, -2.0, -3.0, -1.0, -1.5]
    wild = calibrate(own, others, method="logistic")
    assert len(wild.warnings) == 2
    assert "worse than none" in wild.warnings[0]
    assert "separated" in wild.warnings[1]
    assert wild.slope > 5
    tame = calibrate(own, others)
    assert (tame.method, tame.slope, tame.offset, tame.warnings) == ("raw", 1.0, 0.0, ())
    assert 0.5 < calibrate(own, others, method="ridge").slope < 3


def test_unpenalised_calibration_of_eight_a_side_costs_more_than_it_saves() -> None:
    """Scores of mean ±2, spread 2 (calibrated as they are), eight a side: mean cost above .8 (correction 20)."""
    rng = np.random.default_rng(20261201)
    fresh = rng.normal(2, 2, 2000), rng.normal(-2, 2, 2000)
    costs: dict[str, list[float]] = {"logistic": [], "ridge": [], "raw": []}
    for _ in range(60):
        own, others = rng.normal(2, 2, 8), rng.normal(-2, 2, 8)
        for method, found in costs.items():
            fit = calibrate(own, others, method=method)  # type: ignore[arg-type]
            assert bool(fit.warnings) == (method == "logistic")
            found.append(cllr(fit.apply(fresh[0]), fit.apply(fresh[1])))
    raw = float(np.mean(costs["raw"]))
    assert raw == pytest.approx(0.508, abs=0.01)
    assert np.mean(costs["logistic"]) > 0.8
    assert np.mean(costs["ridge"]) < raw + 0.04


def test_ridge_from_thirty_a_side() -> None:
    """From thirty incidents a side the default is a ridge fit, without warnings."""
    rng = np.random.default_rng(7)
    found = calibrate(rng.normal(2, 2, 40), rng.normal(-2, 2, 40))
    assert found.method == "ridge"
    assert found.warnings == ()
    assert found.slope == pytest.approx(1, abs=0.35)  # normal scores of mean ±σ²/2 are calibrated


def test_calibration_before_the_cap_at_a_hundred_a_side() -> None:
    """Cost within .05 of the least on a fresh set (correction 20: required from n = 100 on, before the cap)."""
    rng = np.random.default_rng(11)
    fit = calibrate(3 * rng.normal(2, 2, 120), 3 * rng.normal(-2, 2, 120))
    own, others = fit.apply(3 * rng.normal(2, 2, 4000)), fit.apply(3 * rng.normal(-2, 2, 4000))
    assert cllr(own, others) <= cllr_min(own, others) + 0.05


def test_one_level_tells_nothing_and_chance_is_taken_off() -> None:
    """A block all variants share has no information; a clear split has; five against five is told from chance."""
    rng = np.random.default_rng(3)
    variant = np.array([0] * 5 + [1] * 5)
    assert not association(np.zeros(10, dtype=int), variant, rng=rng).is_real
    assert association(variant, variant, rng=rng).is_real
    shuffled = np.array([0, 1, 0, 1, 1, 0, 1, 0, 0, 1])
    assert not association(shuffled, variant, rng=rng).is_real


def test_plots_of_both_sides() -> None:
    """Tippett falls from 1; pooled weights are monotone in the weights."""
    at, own, others = tippett([1.0, 2.0, 3.0], [0.0, 1.0, -1.0])
    assert own[0] == others[0] == 1
    assert np.all(np.diff(own) <= 0)
    assert np.all(np.diff(at) > 0)
    a, b = pooled_weights([1.0, 2.0, 3.0], [0.0, 1.0, -1.0])
    assert a[0] == b[1]
    assert a[2] == inf


def test_nothing_and_not_a_number() -> None:
    """No weight of a side is not enough; a weight that is none is a fault."""
    with pytest.raises(NotEnoughData):
        cllr([], [0.0])
    with pytest.raises(InputError):
        cllr([float("nan")], [0.0])
    with pytest.raises(InputError):
        expected_entropy([0.0], [0.0], 1.0)
    with pytest.raises(InputError):
        level_shares(np.array([1.0]), np.array([1.0]), n_levels=1)
    with pytest.raises(InputError):
        calibrate([1.0], [0.0], method="isotonic")  # type: ignore[arg-type]
