"""Goodman's thirty-one serials, with a first number that is not known.

Goodman, L. A. (1954). Some practical techniques in serial number analysis. J. Am. Stat. Assoc. 49(265), 97–112,
sections 3.2 and 5 (estimate 2883.27; 2875.90 if numbers began at 1). The posterior of the unknown start (flat
over start and length) and the Kolmogorov test were computed apart by the reference scripts named in the
project's notes.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from taggant.cli import main
from taggant.statistics.serial_formulas import goodman, minimum_variance, spread
from taggant.statistics.serial_runs import run_posterior

pytestmark = pytest.mark.needs("shared_data")


@pytest.fixture(scope="module")
def serials(shared_data: Path) -> list[int]:
    """The thirty-one serials, 83 to 2787."""
    with (shared_data / "serials" / "goodman_1954_serials.csv").open() as file:
        return [int(row["serial"]) for row in csv.DictReader(file)]


def test_both_estimates_are_those_of_the_paper(serials: list[int]) -> None:
    """Unknown start 2883.27; known start 2875.90."""
    assert len(serials) == 31
    assert goodman(serials) == pytest.approx(2883.2667, abs=1e-3)
    assert minimum_variance(serials) == pytest.approx(2875.9032, abs=1e-3)


def test_the_posterior_of_an_unknown_start(serials: list[int]) -> None:
    """Flat over start and length: mean 2896.07, sd 143.16, quantiles 2726, 2861, 3263."""
    posterior = run_posterior(serials, start="any", prior="flat")
    assert posterior.mean == pytest.approx(2896.07, abs=0.05)
    assert posterior.sd == pytest.approx(143.16, abs=0.05)
    assert [posterior.quantile(q) for q in (0.025, 0.5, 0.975)] == [2726, 2861, 3263]


def test_a_start_that_cannot_be_below_one_lowers_the_mean(serials: list[int]) -> None:
    """With 83 starts at most the run is shorter than with any number of them."""
    capped, free = (run_posterior(serials, start=s, prior="flat") for s in ("positive", "any"))
    assert capped.mean < free.mean


def test_the_thirty_below_the_largest_are_evenly_spread(serials: list[int]) -> None:
    """Kolmogorov given the largest: p about .45, nothing against one run without gaps (asymptotic: within .03)."""
    assert spread(serials, start=1).p == pytest.approx(0.45, abs=0.03)


def test_the_command_sets_the_formula_beside_its_own_answer(
    serials: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    """`taggant serials … --start any --json`: `beside` has goodman 2883.27."""
    with pytest.raises(SystemExit) as stop:
        main(["serials", *map(str, serials), "--start", "any", "--json"])
    assert stop.value.code in (0, None)
    finding = json.loads(capsys.readouterr().out)
    beside = {b["method"]: b["point"] for b in finding["beside"]}
    assert beside["goodman"] == pytest.approx(2883.27, abs=0.01)
    assert finding["headline"]["low"] == 2787 - 83 + 1
