"""Answers that cannot hold together are refused where they are made."""

from __future__ import annotations

from datetime import date

import pytest

from taggant.errors import InputError
from taggant.model.result import Interval, Refusal, Result, Weight


def test_an_interval_out_of_order_is_refused() -> None:
    """A point outside its interval is a fault of a method, not an answer."""
    with pytest.raises(InputError, match="out of order"):
        Interval(low=10, point=9, high=20, interval="equal-tailed", unit="items")
    with pytest.raises(InputError, match="out of order"):
        Interval(low=date(2024, 1, 1), high=date(2023, 1, 1), interval="bounds", unit="date")


def test_an_interval_open_on_a_side_and_at_zero_is_fine() -> None:
    """None is open; 0 is a number like any other."""
    assert Interval(low=0, point=0, high=None, interval="bounds", unit="items").as_json() == {
        "low": 0, "point": 0, "point_is": None, "high": None, "level": None, "interval": "bounds", "unit": "items",
    }  # fmt: skip


@pytest.mark.parametrize("level", [0.0, 1.0, -0.5, 95.0])
def test_a_level_outside_zero_and_one_is_refused(level: float) -> None:
    """95 is not 0.95."""
    with pytest.raises(InputError, match="between 0 and 1"):
        Interval(low=0, high=1, level=level, interval="equal-tailed", unit="items")


def test_a_result_has_a_headline_or_a_refusal_and_not_both() -> None:
    """There is no silent empty answer."""
    interval = Interval(low=0, high=1, interval="bounds", unit="items")
    with pytest.raises(InputError, match="headline or a refusal"):
        Result(method="m", version="1", n_used=0)
    with pytest.raises(InputError, match="headline or a refusal"):
        Result(method="m", version="1", n_used=0, headline=interval, refused=Refusal("why", "enough"))
    assert Result(method="m", version="1", n_used=0, headline=interval).as_json()["refused"] is None


def test_a_weight_lies_within_its_bounds() -> None:
    """The point of a weight is never beyond what validation allows."""
    assert Weight(llr10=0.0, low=-1.0, high=1.0).llr10 == 0.0
    with pytest.raises(InputError, match="outside its bounds"):
        Weight(llr10=2.0, low=-1.0, high=1.0)


def test_days_and_infinities_are_written_for_machines() -> None:
    """Days are ISO text; what JSON has no word for is null."""
    headline = Interval(low=date(2022, 8, 22), high=None, interval="bounds", unit="date")
    plain = Result(method="m", version="1", n_used=1, headline=headline, mean=float("inf")).as_json()
    assert plain["mean"] is None
    assert plain["headline"] == {
        "low": "2022-08-22", "point": None, "point_is": None, "high": None, "level": None, "interval": "bounds",
        "unit": "date",
    }  # fmt: skip
