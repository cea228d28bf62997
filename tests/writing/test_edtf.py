"""Dates as typed become half-open ranges, or are refused with their reason."""

from __future__ import annotations

import contextlib
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taggant.errors import BadDate
from taggant.writing.edtf import parse_edtf


@pytest.mark.parametrize(
    ("text", "expected", "is_weak"),
    [
        ("2023-07-14", ["2023-07-14", "2023-07-15"], False),
        ("2023-07", ["2023-07-01", "2023-08-01"], False),
        ("2023-12", ["2023-12-01", "2024-01-01"], False),
        ("2023", ["2023-01-01", "2024-01-01"], False),
        ("2023-W13", ["2023-03-27", "2023-04-03"], False),
        ("2020-W53", ["2020-12-28", "2021-01-04"], False),
        ("2023-05/2023-07", ["2023-05-01", "2023-08-01"], False),
        ("../2023-07", [None, "2023-08-01"], False),
        ("/2023-07", [None, "2023-08-01"], False),
        ("2023-07/..", ["2023-07-01", None], False),
        ("2022~", ["2021-01-01", "2024-01-01"], True),
        ("2023-01?", ["2022-12-01", "2023-03-01"], True),
        ("2023-12%", ["2023-11-01", "2024-02-01"], True),
        ("2024-02-29~", ["2024-02-28", "2024-03-02"], True),
        ("2023-W13?", ["2023-03-20", "2023-04-10"], True),
        ("2022~/2023-07", ["2021-01-01", "2023-08-01"], True),
        ("202X", ["2020-01-01", "2030-01-01"], False),
        ("2023-XX", ["2023-01-01", "2024-01-01"], False),
        ("2023-07-XX", ["2023-07-01", "2023-08-01"], False),
        ("2023-07-14T12:30:00Z", ["2023-07-14", "2023-07-15"], False),
        (" 2023-07 ", ["2023-07-01", "2023-08-01"], False),
    ],
)
def test_reads_each_form_as_the_design_says(text: str, expected: list[str | None], is_weak: bool) -> None:
    """Each form of Appendix A, and the widening of `~` and `?` by one unit of what is written."""
    found = parse_edtf(text)
    assert (found.iso(), found.is_weak) == (expected, is_weak)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2023-02-30", "does not exist"),
        ("2023-02-29", "does not exist"),
        ("2023-13", "months are 01-12"),
        ("2023-00", "months are 01-12"),
        ("2023-21", "season"),
        ("2023-W86", "weeks 01-52"),
        ("2023-W53", "weeks 01-52"),
        ("2023-W00", "weeks 01-52"),
        ("2023-XX-14", "unknown month"),
        ("2023-09/2023-07", "ends before it begins"),
        ("2023/2023/2023", "more than one '/'"),
        ("../..", "open on both sides"),
        ("", "none of the forms"),
        ("14.07.2023", "none of the forms"),
        ("07/14/2023", "more than one '/'"),
        ("2023-7", "none of the forms"),
        ("unknown", "none of the forms"),
        ("0000", "years are"),
        ("-2023", "none of the forms"),
        ("20230714", "none of the forms"),
        ("2023-07-14~~", "none of the forms"),
        ("٢٠٢٣", "none of the forms"),
    ],
)
def test_refuses_what_it_cannot_read_with_the_reason(text: str, reason: str) -> None:
    """What has another form, or names a day that never was, is refused; the message names the forms."""
    with pytest.raises(BadDate) as caught:
        parse_edtf(text)
    assert reason in str(caught.value)
    assert "Write it as" in str(caught.value)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31)))
def test_a_day_holds_itself_and_lies_in_its_week_month_and_year(day: date) -> None:
    """Law: day ⊂ week, day ⊂ month ⊂ year, and each is as long as the calendar has it."""
    one = parse_edtf(day.isoformat())
    assert one.iso() == [day.isoformat(), (day + timedelta(days=1)).isoformat()]
    calendar = day.isocalendar()
    for text in (f"{calendar.year}-W{calendar.week:02d}", f"{day:%Y-%m}", f"{day:%Y}"):
        wide = parse_edtf(text)
        assert wide.meet(one) == one
    week = parse_edtf(f"{calendar.year}-W{calendar.week:02d}")
    assert week.until_on is not None
    assert week.from_on is not None
    assert (week.until_on - week.from_on).days == 7


@given(st.text(max_size=30))
def test_any_text_gives_a_range_or_a_clear_refusal(text: str) -> None:
    """No text makes the reader fail in another way."""
    with contextlib.suppress(BadDate):
        assert parse_edtf(text).iso() != [None, None]
