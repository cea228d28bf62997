"""Sets of claims that cannot all hold; each expected answer was worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from taggant.claims.infeasible_sets import Clash, clashes, rounding
from taggant.claims.latent_months import Quantified, readings, slack_needed
from taggant.claims.multipliers import fixed_multipliers
from taggant.model.dates import DateRange


def said(name: str, low: float | None, high: float | None = None, **other: Any) -> Quantified:
    """One claim; a single number unless told otherwise."""
    base: dict[str, Any] = {
        "topic": "production.made", "scope": "all-shahed-types", "stance": "assert", "measure": "total", "per": None,
        "period": None, "said_from": date(2025, 8, 8), "said_until": date(2025, 8, 9),
    }  # fmt: skip
    return Quantified(claim_id=name, low=low, high=high, **(base | other))


def span(first: date | None, until: date | None) -> DateRange:
    """A period."""
    return DateRange(from_on=first, until_on=until)


def found(*some: Quantified) -> list[Clash]:
    """What clashes among these."""
    return list(clashes(readings(some)))


YEAR_2024 = span(date(2024, 1, 1), date(2025, 1, 1))


def test_nothing_one_and_two_that_agree() -> None:
    """No claim, one, two equal ones: no set."""
    assert found() == found(said("a", 300.0, 300.0)) == []
    assert found(said("a", 300.0, 300.0, period=YEAR_2024), said("b", 300.0, 300.0, period=YEAR_2024)) == []


def test_the_same_number_in_total_and_a_year() -> None:
    """6,000 by August 2025 against 6,000 a year from May 2024: sixteen months of 500 are 8,000."""
    plan = {"topic": "production.plan", "stance": "plan"}
    total = said("wapo", 6000.0, 6000.0, **plan, scope="Geran-2", period=span(None, date(2025, 9, 1)),
                 said_from=date(2023, 8, 17), said_until=date(2023, 8, 18))  # fmt: skip
    rate = said("wsj", 6000.0, 6000.0, **plan, measure="rate", per="year", said_from=date(2024, 5, 28),
                said_until=date(2024, 5, 29))  # fmt: skip
    (clash,) = found(total, rate)
    assert clash.claim_ids == ("wapo", "wsj")
    assert (clash.relaxations[0].by, clash.relaxations[0].claim_id, clash.relaxations[0].share) == ("measure", "wsj", 0)


def test_units_of_any_type_against_one_type() -> None:
    """5,500 units a month and at most 2,700 Geran-2 a month, a month apart: 2,800 are of other types or decoys."""
    units = said("cnn", 5500.0, measure="rate", per="month")
    geran = said("gur", None, 2700.0, measure="capacity", per="month", scope="Geran-2", said_from=date(2025, 9, 4),
                 said_until=date(2025, 9, 7))  # fmt: skip
    (clash,) = found(units, geran)
    assert {(r.by, r.amount) for r in clash.relaxations} >= {("scope", 2800.0), ("decoys", 2800.0)}
    assert clash.relaxations[0].by == "scope"
    assert clash.holds_as_means_and_sums


def test_a_rate_that_rose_within_its_year() -> None:
    """404 a day in January 2026 and 200 to 250 a day in 2025 share December: letting it go lets both hold."""
    now = said("cinc", 404.0, 404.0, measure="rate", per="day", period=span(date(2025, 12, 1), date(2026, 3, 1)))
    year = said("president", 200.0, 250.0, measure="rate", per="day", period=span(date(2025, 1, 1), date(2026, 1, 1)))
    (clash,) = found(now, year)
    first = clash.relaxations[0]
    assert (first.by, first.claim_id, first.amount) == ("period", "president", 1.0)
    assert first.share == pytest.approx(1 / 12)


def test_three_that_clash_only_together() -> None:
    """1,000 by June and 1,000 from July cannot be 1,500 in the year; any two can."""
    first = said("a", 1000.0, 1000.0, period=span(date(2024, 1, 1), date(2024, 7, 1)))
    second = said("b", 1000.0, 1000.0, period=span(date(2024, 7, 1), date(2025, 1, 1)))
    whole = said("c", None, 1500.0, period=YEAR_2024)
    (clash,) = found(first, second, whole)
    assert clash.claim_ids == ("a", "b", "c")


def test_taking_any_claim_away_lets_the_rest_hold() -> None:
    """Each set is irreducible."""
    some = readings([
        said("a", 1000.0, 1000.0, period=span(date(2024, 1, 1), date(2024, 7, 1))),
        said("b", 900.0, 900.0, period=span(date(2024, 7, 1), date(2025, 1, 1))),
        said("c", None, 1500.0, period=YEAR_2024),
        said("d", 700.0, 700.0, measure="rate", per="month", period=YEAR_2024),
    ])  # fmt: skip
    by_id = {r.claim_id: r for r in some}
    sets = clashes(some)
    assert sets
    for clash in sets:
        members = [by_id[n] for n in clash.claim_ids]
        assert slack_needed(members) > 0
        assert all(slack_needed([m for m in members if m is not gone]) == 0 for gone in members)


def test_a_plan_that_failed_contradicts_nothing() -> None:
    """A plan is no constraint on what was made."""
    plan = said("p", 6000.0, 6000.0, topic="production.plan", stance="plan", period=YEAR_2024)
    assert found(plan, said("m", 300.0, 300.0, period=YEAR_2024)) == []


def test_an_old_plan_does_not_contradict_a_new_one() -> None:
    """A plan told more than a year later is a new plan."""
    plan = {"topic": "production.plan", "stance": "plan", "period": YEAR_2024}
    old = said("a", 1000.0, 1000.0, **plan, said_from=date(2022, 6, 1), said_until=date(2022, 6, 2))
    new = said("b", 5000.0, 5000.0, **plan, said_from=date(2023, 9, 1), said_until=date(2023, 9, 2))
    assert found(old, new) == []
    assert len(found(replace(old, said_from=date(2023, 5, 1)), new)) == 1


def test_the_scope_is_a_sum_over_types() -> None:
    """40,000 attack drones, 5,700 Garpiya and 34,000 decoys against 79,000 in all: rounding alone."""
    plan = {"topic": "production.plan", "stance": "plan", "period": YEAR_2024}
    parts = [
        said("a", 40000.0, 40000.0, **plan), said("b", 5700.0, 5700.0, **plan, scope="Garpiya-A1"),
        said("c", 34000.0, 34000.0, **plan, scope="decoys"),
    ]  # fmt: skip
    whole = said("d", 79000.0, 79000.0, **plan, scope="all kinds, decoys among them")
    (clash,) = found(*parts, whole)
    assert len(clash.claim_ids) == 4
    assert clash.relaxations[0].by == "rounding"


def test_a_denial_and_a_claim_without_a_day_are_no_constraint() -> None:
    """What is denied, has no number or no day is left out."""
    assert (
        readings([said("a", 500.0, stance="deny"), said("b", None), said("c", 5.0, said_from=None, said_until=None)])
        == ()
    )


def test_rounding_is_half_of_the_last_digit() -> None:
    """6,000 is 5,500 to 6,500; 404 half a unit; nothing for zero."""
    assert rounding(6000.0) == pytest.approx(500 / 6000)
    assert rounding(404.0) == pytest.approx(0.5 / 404)
    assert rounding(0.0) == 0.0


def test_a_fixed_number_of_parts_a_drone() -> None:
    """170,000 in 2,000 and 8,755 in 103 are 85 each; a third ratio is its own."""
    some = [
        ("a", "170,000 foreign parts in 2,000 drones of October 2024"),
        ("b", "8,755 foreign parts in 103 drones"),
        ("c", "500 parts in 3 drones"),
        ("d", "More than 2,500 in 2024"),
    ]
    (one,) = fixed_multipliers(some)
    assert (one.claim_ids, one.ratio) == (("a", "b"), 85.0)
    assert fixed_multipliers(some[:1]) == ()
