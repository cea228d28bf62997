"""The run that contains the newest incident: read one by one, or summed over every way of cutting."""

from __future__ import annotations

from itertools import combinations, pairwise
from math import exp, log

import numpy as np
import pytest

from taggant.errors import NotEnoughData
from taggant.statistics.present_run import present_run
from taggant.statistics.share_change import RHOS, share_segments


def test_it_equals_every_way_of_cutting() -> None:
    """Six incidents, 32 ways of cutting, eight correlations: the length of the last piece, by hand."""
    own, of, hazard = [1, 0, 2, 4, 5, 4], [5] * 6, 0.2
    expected = np.zeros(6)
    for rho in RHOS:
        m = share_segments(own, of, rho=rho, n_points=40)
        for k in range(6):
            for cuts in combinations(range(1, 6), k):
                edges = (0, *cuts, 6)
                ev = k * log(hazard) + (5 - k) * log(1 - hazard) + sum(m[i, j - 1] for i, j in pairwise(edges))
                expected[6 - edges[-2] - 1] += exp(ev)
    assert present_run(own, of, hazard=hazard) == pytest.approx(expected / expected.sum(), abs=1e-12)


def test_one_incident_and_none() -> None:
    """One incident is a run of one; none is not enough."""
    assert present_run([3], [5]).tolist() == [1.0]
    with pytest.raises(NotEnoughData):
        present_run([], [])
