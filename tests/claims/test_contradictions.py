"""Contradictory claims stand side by side; what differs in scope, time or measure is told apart."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from taggant.claims.contradictions import Saying, contradictions
from taggant.model.dates import DateRange


def say(name: str, **other: Any) -> Saying:
    """Build a claim of 6,000 items made in total."""
    base: dict[str, Any] = {
        "claim_id": name, "topic": "production.made", "scope": "geran-2", "stance": "assert", "measure": "total",
        "per": None, "unit": "items", "low": 6000.0, "high": 6000.0, "period": None, "said_until": None,
    }  # fmt: skip
    return Saying(**(base | other))


def year(y: int) -> DateRange:
    """Build one year."""
    return DateRange(from_on=date(y, 1, 1), until_on=date(y + 1, 1, 1))


def kinds(*sayings: Saying) -> list[str]:
    """Give the kinds of contradiction found."""
    return [c.kind for c in contradictions(sayings)]


def test_nothing_one_and_two_that_agree() -> None:
    """No claim, one claim, the same claim twice: nothing to set side by side."""
    assert kinds() == kinds(say("a")) == kinds(say("a"), say("b")) == []


def test_numbers_that_do_not_overlap_contradict() -> None:
    """2,700 and 5,500 of the same cannot both hold; "at least" and "up to" leave their side open."""
    assert kinds(say("a", low=2700.0, high=2700.0), say("b", low=5500.0, high=5500.0)) == ["quantity"]
    assert kinds(say("a", low=2700.0, high=None), say("b", low=5500.0, high=5500.0)) == []
    assert kinds(say("a", low=None, high=2700.0), say("b", low=5500.0, high=None)) == ["quantity"]
    assert kinds(say("a", low=0.0, high=0.0), say("b", low=1.0, high=1.0)) == ["quantity"]


def test_the_same_number_as_total_and_as_rate_is_a_contradiction_of_measure() -> None:
    """6,000 in total and 6,000 a year are kept side by side."""
    found = contradictions([say("a"), say("b", measure="rate", per="year")])
    assert [c.kind for c in found] == ["measure"]
    assert "total" in found[0].reconciled_by
    assert "rate" in found[0].reconciled_by
    assert kinds(say("a"), say("b", measure="rate", per="year", low=2000.0, high=2000.0)) == []


def test_rates_are_compared_per_year() -> None:
    """404 a day and 2,700 a month differ; 500 a month and 6,000 a year agree."""
    day, month = say("a", measure="rate", per="day", low=404.0, high=404.0), {"measure": "rate", "per": "month"}
    assert kinds(day, say("b", **month, low=2700.0, high=2700.0)) == ["quantity"]
    assert kinds(say("a", measure="rate", per="year"), say("b", **month, low=500.0, high=500.0)) == []


@pytest.mark.parametrize(
    "other",
    [
        {"scope": "decoys"},
        {"topic": "production.plan"},
        {"unit": "components"},
        {"period": year(2024)},
        {"scope": None},
    ],
)
def test_another_scope_topic_unit_or_time_is_no_contradiction(other: dict[str, Any]) -> None:
    """What speaks of something else contradicts nothing."""
    assert kinds(say("a", period=year(2023)), say("b", **({"low": 1.0, "high": 1.0} | other))) == []


def test_a_total_for_longer_may_be_larger_and_a_part_never_exceeds_the_whole() -> None:
    """2,738 in 2023 and 6,400 by August 2024 agree; 6,400 in 2023 and 2,738 by August 2024 do not."""
    by_2024 = DateRange(from_on=None, until_on=date(2024, 9, 1))
    few, many = {"low": 2738.0, "high": 2738.0}, {"low": 6400.0, "high": 6400.0}
    assert kinds(say("a", **few, period=year(2023)), say("b", **many, period=by_2024)) == []
    clash = contradictions([say("a", **many, period=year(2023)), say("b", **few, period=by_2024)])
    assert [c.kind for c in clash] == ["quantity"]
    assert "wider scope" in clash[0].reconciled_by
    partly = DateRange(from_on=date(2023, 7, 1), until_on=date(2024, 7, 1))
    assert kinds(say("a", **few, period=year(2023)), say("b", **many, period=partly)) == []


def test_numbers_of_a_thing_clash_whenever_they_differ() -> None:
    """52 and 157 components in one drone are set side by side, whenever they were counted."""
    base = {"topic": "components.count", "unit": "components"}
    earlier = say("a", **base, low=52.0, high=52.0, said_until=date(2023, 2, 1))
    assert kinds(earlier, say("b", **base, low=157.0, high=157.0, said_until=date(2026, 7, 1))) == ["quantity"]


def test_a_claim_without_a_period_is_about_the_time_up_to_its_saying() -> None:
    """A denial of 2023 denies nothing of 2024."""
    denial = say("a", stance="deny", low=None, high=None, said_until=date(2023, 9, 1))
    assert kinds(denial, say("b", period=year(2024))) == []
    assert kinds(denial, say("b", period=year(2023))) == ["stance"]


def test_a_denial_of_one_number_does_not_deny_another() -> None:
    """Who denies a capacity of 1,300 denies no total of 6,000; who denies 6,000 denies 6,000."""
    assert kinds(say("a"), say("b", stance="deny", measure="capacity", low=1300.0, high=1300.0)) == []
    assert kinds(say("a"), say("b", stance="deny", low=1300.0, high=1300.0)) == []
    assert kinds(say("a"), say("b", stance="deny")) == ["stance"]


def test_a_denial_contradicts_an_assertion_and_not_another_denial() -> None:
    """Stances clash with or without numbers; two denials agree."""
    assert kinds(say("a"), say("b", stance="deny", low=None, high=None)) == ["stance"]
    assert kinds(say("a", stance="deny"), say("b", stance="deny")) == []


def test_what_would_reconcile_names_the_silent_claim() -> None:
    """The next question is which period; with the same period it is scope."""
    low, high = {"low": 1.0, "high": 1.0}, {"low": 2.0, "high": 2.0}
    both = contradictions([say("a", **low, period=year(2023)), say("b", **high, period=year(2023))])
    one = contradictions([say("a", **low, period=year(2023)), say("b", **high)])
    assert "scope" in both[0].reconciled_by
    assert "b does not say" in one[0].reconciled_by


def test_each_pair_once_whatever_the_order() -> None:
    """Law: order of rows does not matter."""
    three = [say(n, low=float(k), high=float(k)) for k, n in enumerate("abc")]
    assert contradictions(three) == contradictions(three[::-1])
    assert len(contradictions(three)) == 3
