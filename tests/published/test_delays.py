"""Delays of records that end today, against published data and the software used for them.

Transfusion-related AIDS, adults, truncated at 8 years: Kalbfleisch & Lawless (1989), data of Klein & Moeschberger.
Hospital reports of the 2011 EHEC outbreak, nowcast of 2 June: Höhle & an der Heiden (2014); numbers of `surveillance`
1.20.3, which counts in whole cases. Its `lawless` gives the median of a normal cut at what is seen; the formula's own
number stands beside it.
"""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import norm

from taggant.statistics.delays import reverse_hazard
from taggant.statistics.nowcast import multiplied_counts, thinned_counts

NOW, LONGEST = date(2011, 6, 2), 15
DAYS = [date(2011, 5, 20) + timedelta(days=i) for i in range(13)]
AGE = np.array([min((NOW - day).days, LONGEST) for day in DAYS])
SOFTWARE_LAWLESS = [36, 66, 51, 35, 53, 50, 45, 36, 25, 41, 36, 25, 0]
SOFTWARE_BAYES = [30, 55, 41, 28, 40, 36, 31, 24, 17, 26, 23, 17, 8]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.needs("shared_data")
def test_transfusion_aids(shared_data: Path) -> None:
    """P(induction ≤ x | ≤ 7.25 years), product limit of reverse hazards."""
    rows = _rows(shared_data / "stats" / "nowcast" / "kmsurv_aids_right_truncated.csv")
    adults = [r for r in rows if r["adult"] == "1"]
    delays = [float(r["induct"]) for r in adults]
    at, share = reverse_hazard(delays, [8 - float(r["infect"]) for r in adults])
    found = dict(zip(at.tolist(), share.tolist(), strict=True))
    for years, expected in ((2, 0.0693975), (4, 0.2509937), (5, 0.4021054), (6, 0.6060185), (7.25, 1.0)):
        assert found[years] == pytest.approx(expected, abs=1e-6)


def _reports(folder: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    pairs = [
        (date.fromisoformat(r["dHosp"]), date.fromisoformat(r["dReport"]))
        for r in _rows(folder / "stats" / "nowcast" / "husO104Hosp.csv")
    ]
    known = [(a, b) for a, b in pairs if b <= NOW]
    delays = np.array([min((b - a).days, LONGEST) for a, b in known])
    return (
        np.array([sum(a == day for a, _ in known) for day in DAYS]),
        delays,
        np.array([(NOW - a).days for a, _ in known]),
    )


@pytest.mark.needs("shared_data")
def test_multiplied_counts_show_a_zero_where_delays_are_long(shared_data: Path) -> None:
    """Lawless's counts, and the software's whole numbers made of them; the last day is 0 by both."""
    seen, delays, limits = _reports(shared_data)
    at, share = reverse_hazard(delays, np.minimum(limits, LONGEST))
    known = np.array([share[at <= a][-1] if (at <= a).any() else 0.0 for a in AGE])
    found = multiplied_counts(seen, known)
    assert found[[0, 1, 11, 12]] == pytest.approx([35.1301, 65.4034, 26.3150, 0.0], abs=1e-3)
    for i, (y, f) in enumerate(zip(seen, known, strict=True)):
        if y == 0:
            assert SOFTWARE_LAWLESS[i] == 0
            continue
        # As the software does it: the spread without the part that comes from the delay law (a line of its source that
        # ends too early), and a normal cut below what is seen, but not moved, so that its mass is more than one.
        sd = np.sqrt(y * (1 - f)) / f
        cut = norm.cdf(np.arange(301), found[i], sd) / (1 - norm.cdf(y, found[i], sd)) * (np.arange(301) >= y)
        assert int(np.argmax(cut >= 0.5)) == pytest.approx(SOFTWARE_LAWLESS[i], abs=1)


@pytest.mark.needs("shared_data")
def test_thinned_counts_leave_an_upper_end_to_a_zero(shared_data: Path) -> None:
    """The software's Bayesian counts, its delays from Dirichlet(0.1 + counts), not adjusted for truncation."""
    seen, delays, _ = _reports(shared_data)
    counts = np.bincount(delays, minlength=LONGEST + 1)
    draws = np.random.default_rng(1).dirichlet(counts + 0.1, size=1000).cumsum(axis=1)
    found = thinned_counts(seen, np.minimum(draws[:, AGE], 1), mean=50, variance=3000)
    assert found[:, 1].tolist() == pytest.approx(SOFTWARE_BAYES, abs=1)
    assert found[-1].tolist() == pytest.approx([0, 8, 57], abs=2)


def test_product_limit_by_hand() -> None:
    """x 1, 2, 2, 4 with limits 4, 5, 3, 4: at 4 one of three at risk, at 2 two of three (the third could not be 4)."""
    at, share = reverse_hazard([1, 2, 2, 4], [4, 5, 3, 4])
    assert at.tolist() == [1, 2, 4]
    assert share == pytest.approx([(1 - 1 / 3) * (1 - 2 / 3), 1 - 1 / 3, 1])
