"""Half-open ranges: meeting and joining."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taggant.errors import BadDate
from taggant.model.dates import DateRange, month_start, union

_DAYS = st.dates(min_value=date(2019, 1, 1), max_value=date(2023, 12, 31))


@st.composite
def _ranges(draw: st.DrawFn) -> DateRange:
    a, b = sorted((draw(_DAYS), draw(_DAYS)))
    if a == b:
        b = date(2024, 1, 1)
    return DateRange(
        from_on=draw(st.sampled_from([a, None])), until_on=draw(st.sampled_from([b, None])), is_weak=draw(st.booleans())
    )


def _holds(r: DateRange, day: date) -> bool:
    return (r.from_on is None or r.from_on <= day) and (r.until_on is None or day < r.until_on)


def test_a_range_without_a_day_is_refused() -> None:
    """From and until on the same day hold nothing; that is never a range."""
    with pytest.raises(BadDate, match="holds no day"):
        DateRange(from_on=date(2023, 1, 1), until_on=date(2023, 1, 1))


@given(_ranges(), _ranges(), _DAYS)
def test_meet_holds_exactly_the_days_of_both(a: DateRange, b: DateRange, day: date) -> None:
    """Law: a day is in the meeting if and only if it is in both; order does not matter."""
    both = a.meet(b)
    assert (both is not None and _holds(both, day)) == (_holds(a, day) and _holds(b, day))
    assert both == b.meet(a)
    assert a.overlaps(b) == (both is not None)


@given(st.lists(_ranges(), max_size=6), _DAYS)
def test_union_holds_exactly_the_days_of_any(ranges: list[DateRange], day: date) -> None:
    """Law: a day is in the union if and only if it is in one of them; the parts are sorted and do not touch."""
    joined = union(ranges)
    assert any(_holds(r, day) for r in joined) == any(_holds(r, day) for r in ranges)
    for left, right in pairwise(joined):
        assert left.until_on is not None
        assert right.from_on is not None
        assert left.until_on < right.from_on


def test_month_start_runs_over_year_ends() -> None:
    """Month 0 is December of the year before, month 13 January of the year after."""
    assert [month_start(2023, m) for m in (0, 1, 12, 13)] == [
        date(2022, 12, 1),
        date(2023, 1, 1),
        date(2023, 12, 1),
        date(2024, 1, 1),
    ]


def test_last_day_is_the_day_before_until() -> None:
    """`until_on` is the first day outside."""
    assert DateRange(from_on=None, until_on=date(2023, 1, 1)).last_on == date(2022, 12, 31)
    assert DateRange(from_on=date(2023, 1, 1), until_on=None).last_on is None
