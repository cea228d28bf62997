"""Reports that copy each other; numbers of the literature and of hand calculation."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from taggant.claims.corroboration import Report, corroborated, likelihood_ratio, quantity_likelihood
from taggant.claims.dawid_skene import dawid_skene
from taggant.errors import InputError, NotEnoughData


def two(copying: float, *, hit: float = 0.8, false_alarm: float = 0.2, says: bool = True) -> list[Report]:
    """A root and one that copies it."""
    return [
        Report(name="a", says=True, hit=hit, false_alarm=false_alarm),
        Report(name="b", says=says, copies="a", copying=copying, hit=hit, false_alarm=false_alarm),
    ]


def probability(reports: list[Report]) -> float:
    """From even odds."""
    ratio = likelihood_ratio(reports)
    return ratio / (1 + ratio)


def test_f3_two_reports_of_ratio_four() -> None:
    """Independent .941176, of one origin .800 (closed form)."""
    assert probability(two(0)) == pytest.approx(0.941176, abs=1e-6)
    assert probability(two(1)) == pytest.approx(0.8, abs=1e-6)


def test_f3b_half_copied_depends_on_the_rates() -> None:
    """.857143 for .8 and .2; .835821 for .4 and .1, though both ratios are four."""
    assert probability(two(0.5)) == pytest.approx(0.857143, abs=1e-6)
    assert probability(two(0.5, hit=0.4, false_alarm=0.1)) == pytest.approx(0.835821, abs=1e-6)


def test_copies_that_agree_and_disagree() -> None:
    """Two agree: 6; one against one: 1; five of which four copy by half: 20.25."""
    assert likelihood_ratio(two(0.5)) == pytest.approx(6)
    assert likelihood_ratio(two(0.5, says=False)) == pytest.approx(1)
    five = [Report(name="r", says=True)] + [
        Report(name=str(n), says=True, copies="r", copying=0.5) for n in range(4)
    ]  # fmt: skip
    assert likelihood_ratio(five) == pytest.approx(20.25)


def test_more_agreeing_copies_never_weigh_less() -> None:
    """The earlier formula fell with more copies; this one does not."""
    ratios = []
    for n in range(1, 8):
        some = [Report(name="r", says=True)] + [
            Report(name=str(k), says=True, copies="r", copying=0.5) for k in range(n)
        ]  # fmt: skip
        ratios.append(likelihood_ratio(some))
    assert ratios == sorted(ratios)


def test_a_copy_that_contradicts_is_a_root() -> None:
    """At full copying a contradiction is impossible: it tells by itself."""
    assert likelihood_ratio(two(1, says=False)) == pytest.approx(1)


def test_each_root_once_and_what_is_left_without_it() -> None:
    """Two roots, one of them copied twice."""
    some = [
        Report(name="a", says=True), Report(name="b", says=True, copies="a"), Report(name="c", says=True, copies="b"),
        Report(name="d", says=True),
    ]  # fmt: skip
    c = corroborated(some)
    assert c.each_root_once == pytest.approx(16 / 17)
    assert c.as_if_independent == pytest.approx(256 / 257)
    assert c.without == {"a": pytest.approx(0.8), "d": pytest.approx(0.8)}
    assert corroborated([]).each_root_once == 0.5


def test_bad_rates_are_refused() -> None:
    """A rate of 1, a copy of nothing, a prior of 0."""
    with pytest.raises(InputError, match="not between 0 and 1"):
        likelihood_ratio([Report(name="a", says=True, hit=1.0)])
    with pytest.raises(InputError, match="not given"):
        likelihood_ratio([Report(name="a", says=True, copies="b")])
    with pytest.raises(InputError, match="prior"):
        corroborated([], prior=0)


def test_a_number_near_an_interval() -> None:
    """1 inside; one spread away exp(-1/2); an open side costs nothing."""
    assert quantity_likelihood(300, 300, 300) == 1
    assert quantity_likelihood(300 * 2.718281828459045**0.25, None, 300) == pytest.approx(0.60653066)
    assert quantity_likelihood(10**9, 300, None) == 1
    with pytest.raises(InputError):
        quantity_likelihood(0, 1, 2)


@pytest.mark.needs("shared_data")
def test_f1_anaesthesia(shared_data: Path) -> None:
    """Dawid and Skene 1979, table 2: marginals .40 .42 .11 .07, observer 1, log likelihood -192.89088."""
    path = shared_data / "stats" / "corroboration" / "dawid_skene_anaesthesia_long.csv"
    with path.open(encoding="utf-8") as file:
        labels = [(r["patient"], r["observer"], r["class"]) for r in csv.DictReader(file)]
    answer = dawid_skene(labels)
    assert list(answer.marginals) == pytest.approx([0.3996, 0.4220, 0.1118, 0.0667], abs=5e-4)
    assert answer.log_likelihood == pytest.approx(-192.89088, abs=5e-4)
    expected = [0.889, 0.111, 0, 0, 0.071, 0.876, 0.053, 0, 0, 0.339, 0.661, 0, 0, 0, 0.556, 0.444]
    assert list(answer.confusion[answer.observers.index("1")].ravel()) == pytest.approx(expected, abs=6e-4)


def test_two_observers_are_too_few() -> None:
    """Two who label cannot be told apart from the truth."""
    with pytest.raises(NotEnoughData, match="three observers"):
        dawid_skene([("1", "a", "x"), ("1", "b", "y")])
