"""Spiders and ants: richness and coverage as `iNEXT` and `vegan` print them.

Colwell, R. K., Chao, A., Gotelli, N. J., et al. (2012). Models and estimators linking individual-based and sample-based
rarefaction, extrapolation and comparison of assemblages. *J. Plant Ecol.* 5, 3–21: spiders of girdled hemlock, ants of
five heights. iNEXT prints two standard errors; 14.306 is the analytic one. vegan's bias-corrected 39.2 is another
estimator.
"""

from __future__ import annotations

from math import exp
from pathlib import Path

import numpy as np
import pytest

from taggant.errors import InputError, NotEnoughData
from taggant.statistics.richness import LOWER_BOUND, chao1, chao2, expected_kinds

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "stats" / "richness"


def _numbers(file: str) -> list[int]:
    return [int(x) for x in (SHARED / file).read_text(encoding="utf-8").split()[1:]]


@pytest.mark.needs("shared_data")
def test_spiders() -> None:
    """n 168, S 26, 43.892857 ± 14.305578, 30.511–96.971, coverage .928855."""
    found = chao1(_numbers("spider_Girdled.csv"))
    assert (found.n, found.seen, found.once, found.twice) == (168, 26, 12, 4)
    assert found.at_least == pytest.approx(43.892857, abs=1e-4)
    assert found.se == pytest.approx(14.305578, abs=1e-4)
    assert (found.low, found.high) == pytest.approx((30.511048, 96.971164), abs=1e-4)
    assert found.coverage == pytest.approx(0.928855, abs=1e-6)


@pytest.mark.needs("shared_data")
@pytest.mark.parametrize(("m", "kinds"), [(84, 18.91236), (100, 20.459426), (200, 28.141739), (336, 34.730733)])
def test_curve_of_spiders(m: int, kinds: float) -> None:
    """Rarefied below 168, extrapolated above."""
    assert expected_kinds(_numbers("spider_Girdled.csv"), m) == pytest.approx(kinds, abs=1e-5)


LOGGED = [88, 22, 16, 15, 13, 10, 8, 8, 7, 7, 7, 5, 4, 4, 4, 3, 3, 3, 3, 2, 2, 2, 2, *([1] * 14)]
"""Spiders of logged hemlock, Sackett et al. (2011), as the manual of iNEXT prints them."""


@pytest.mark.parametrize(("m", "kinds"), [(100, 25.642342), (400, 43.973665), (504, 47.644456)])
def test_curve_of_spiders_where_trees_were_cut(m: int, kinds: float) -> None:
    """n 252, S 37; 504 is twice the sample, as far as extrapolation goes."""
    found = chao1(LOGGED)
    assert (found.n, found.seen) == (252, 37)
    assert found.at_least == pytest.approx(61.403, abs=1e-3)
    assert expected_kinds(LOGGED, m) == pytest.approx(kinds, abs=1e-5)


@pytest.mark.needs("shared_data")
@pytest.mark.parametrize(
    ("height", "seen", "at_least", "se"),
    [(50, 227, 279.109, 19.794), (500, 241, 314.81, 23.259), (1070, 122, 146.337, 12.082), (1500, 56, 77.019, 16.353),
     (2000, 14, 14.249, 0.726)],
)  # fmt: skip
def test_ants(height: int, seen: int, at_least: float, se: float) -> None:
    """Incidence in T samples, five heights."""
    v = _numbers(f"ant_h{height}m_first_is_T.csv")
    found = chao2(v[1:], v[0])
    assert found.seen == seen
    assert (found.at_least, found.se) == pytest.approx((at_least, se), abs=2e-3)


def test_chao_is_a_lower_bound_and_says_so() -> None:
    """The trap: 300 kinds, log-normal shares of spread 2, 200 met. About 128 come out, and the warning stands."""
    rng = np.random.default_rng(20260307)
    found = []
    for _ in range(60):
        shares = rng.lognormal(0, 2, 300)
        found.append(chao1(rng.multinomial(200, shares / shares.sum()).tolist()))
    assert np.mean([f.at_least for f in found]) == pytest.approx(128, abs=8)
    assert all(LOWER_BOUND in f.warnings for f in found)
    assert sum(f.high < 300 for f in found) > 45  # even its upper end misses: it bounds from below only


def test_the_next_wreck() -> None:
    """1 − Ĉ is of the next incidence; of the next incident it is 1 − exp(−Q0·Q1/(T·Q0 + Q1)) (correction 24)."""
    found = chao2([1] * 6 + [2] * 3 + [8] * 5, 10)
    q0 = 0.9 * 36 / 6
    assert found.unseen == pytest.approx(q0)
    assert found.p_new == pytest.approx(1 - exp(-q0 * 6 / (10 * q0 + 6)))
    assert found.p_new > 3 * (1 - found.coverage)


def test_nothing_seen_once_or_twice() -> None:
    """No singletons: nothing is expected unseen, and what may be missed is said; no doubletons: its own variance."""
    none = chao2([5, 5, 5], 5)
    assert (none.at_least, none.low, none.high, none.p_new, none.coverage) == (3, 3, 3, 0, 1)
    assert "fewer than 60%" in none.warnings[1]
    only = chao2([1, 1, 3], 3)
    assert only.at_least == pytest.approx(3 + 2 / 3)
    assert only.se == pytest.approx((2 / 3 + 4 / 9 * 2 * 9 / 4 - 4 / 9 * 16 / (4 * (3 + 2 / 3))) ** 0.5)
    assert "every kind was seen once" in chao2([1, 1], 2).warnings[1]


def test_empty_one_and_too_many() -> None:
    """No incident refuses; one incident with one maker answers; a kind in more incidents than there are is a fault."""
    with pytest.raises(NotEnoughData):
        chao2([], 0)
    with pytest.raises(NotEnoughData):
        chao1([0])
    assert chao2([], 4).seen == 0
    assert chao2([1], 1).at_least == 1
    with pytest.raises(InputError):
        chao2([3], 2)
    with pytest.raises(InputError):
        expected_kinds([1, 1], 5)
    assert expected_kinds([1, 1], 0) == 0
