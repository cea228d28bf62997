"""Coal mining disasters, the Nile, and eight shares cut in every way.

Coal: Jarrett, R. G. (1979). A note on the intervals between coal-mining disasters. *Biometrika* 66, 191–193 (annual
counts 1851–1962); one change, Gamma(1, 1): closed form, recomputed; the interval 1886–1896 is that of the literature.
Nile: Cobb, G. W. (1978). The problem of the Nile. *Biometrika* 65, 243–251; break after 1898 with strucchange and
ruptures; 4, 6, 28 is what `changepoint::cpt.meanvar` gives on it by default.
"""

from __future__ import annotations

import csv
from itertools import combinations, pairwise
from math import exp, log
from pathlib import Path

import numpy as np
import pytest
from scipy.special import betaln, comb

from taggant.errors import InputError, NotEnoughData
from taggant.statistics.change_point import (
    changes_exactly,
    mean_break,
    online_changes,
    penalised_breaks,
    poisson_change,
    product_partition,
)
from taggant.statistics.share_change import share_segments

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "stats" / "changepoint"
OWN, OF = [1, 0, 2, 1, 4, 5, 3, 5], [5] * 8


def _column(file: str, name: str) -> list[float]:
    with (SHARED / file).open(encoding="utf-8") as rows:
        return [float(row[name]) for row in csv.DictReader(rows)]


@pytest.mark.needs("shared_data")
def test_coal() -> None:
    """Mode 1891 (.24502), median 1890, 95% 1886–1896; 3.09756 → .90141 a year; log10 Bayes factor 12.569459."""
    found = poisson_change([int(n) for n in _column("coal_annual.csv", "n")])
    assert 1851 + found.last_of_first[found.weights.argmax()] == 1891
    assert found.weights.max() == pytest.approx(0.24502, abs=1e-5)
    assert [1851 + found.quantile(q) for q in (0.025, 0.5, 0.975)] == [1886, 1890, 1896]
    assert found.means == pytest.approx((3.09756, 0.90141), abs=1e-5)
    assert found.log10_bf == pytest.approx(12.569459, abs=1e-6)


@pytest.mark.needs("shared_data")
def test_nile() -> None:
    """Break after 28 years (1898): 1097.75 and 849.9722; another cost gives other breaks: no answer."""
    flow = _column("nile.csv", "flow")
    assert mean_break(flow) == pytest.approx((28, 1097.75, 849.9722), abs=1e-4)
    assert penalised_breaks(flow) == (4, 6, 28)


def test_eight_shares_cut_in_every_way() -> None:
    """All 128 ways of cutting, summed by hand here: evidence, chances of change, run lengths."""
    found = product_partition(share_segments(OWN, OF), hazard=0.1)
    total, chance = 0.0, np.zeros(7)
    for k in range(8):
        for cuts in combinations(range(1, 8), k):
            edges = (0, *cuts, 8)
            ev = k * log(0.1) + (7 - k) * log(0.9)
            for i, j in pairwise(edges):
                s, n = sum(OWN[i:j]), sum(OF[i:j])
                ev += sum(log(comb(5, y)) for y in OWN[i:j]) + betaln(1 + s, 1 + n - s)
            total += exp(ev)
            for c in cuts:
                chance[c - 1] += exp(ev)
    assert found.log_evidence == pytest.approx(log(total), abs=1e-10)
    assert found.log_evidence == pytest.approx(-14.6578744, abs=1e-6)
    assert found.p_change == pytest.approx(chance / total, abs=1e-10)
    assert found.p_change == pytest.approx(
        [0.05172, 0.102185, 0.076841, 0.891691, 0.102549, 0.053087, 0.06692], abs=1e-5
    )
    assert found.expected_changes == pytest.approx(1.344993, abs=1e-6)


def test_the_filter_equals_the_offline_answer() -> None:
    """Run lengths after the last value, and the evidence, are those of the whole series (correction 18)."""
    m = share_segments(OWN, OF)
    online, offline = online_changes(m, hazard=0.1), product_partition(m, hazard=0.1)
    assert online.log_evidence == pytest.approx(offline.log_evidence, abs=1e-12)
    assert online.p_run[-1] == pytest.approx(offline.p_run, abs=1e-12)
    expected = [0.06692, 0.046052, 0.090327, 0.757511, 0.020094, 0.016077, 0.00044, 0.002579]
    assert online.p_run[-1] == pytest.approx(expected, abs=1e-5)
    assert [len(row) for row in online.p_run] == list(range(1, 9))


def test_the_grid_meets_the_closed_form() -> None:
    """A vanishing correlation gives the closed form; with one, the same shares weigh less."""
    closed = share_segments([3, 9, 12], [20, 20, 20])
    grid = share_segments([3, 9, 12], [20, 20, 20], rho=1e-7, n_points=400)
    assert grid[0, 2] == pytest.approx(closed[0, 2], abs=1e-4)


def test_exactly_so_many_changes() -> None:
    """No change is the whole run; one change is the mean over the seven places."""
    m = share_segments(OWN, OF)
    assert changes_exactly(m, 0) == pytest.approx(m[0, 7])
    by_hand = log(sum(exp(m[0, j] + m[j + 1, 7]) for j in range(7)) / 7)
    assert changes_exactly(m, 1) == pytest.approx(by_hand)
    assert changes_exactly(m[:1, :1], 1) == -np.inf


def test_too_little() -> None:
    """None, one, and what does not fit."""
    with pytest.raises(NotEnoughData):
        poisson_change([4])
    with pytest.raises(InputError):
        poisson_change([4, -1])
    with pytest.raises(NotEnoughData):
        mean_break([1.0])
    with pytest.raises(NotEnoughData):
        product_partition(np.empty((0, 0)), hazard=0.1)
    with pytest.raises(NotEnoughData):
        online_changes(np.empty((0, 0)), hazard=0.1)
    with pytest.raises(InputError):
        product_partition(share_segments([1], [2]), hazard=1.0)
    assert product_partition(share_segments([1], [2]), hazard=0.1).expected_changes == 0
    assert penalised_breaks([1.0, 1.0, 1.0]) == ()
