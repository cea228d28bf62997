"""Dates as people type them: EDTF level 1 (ISO 8601-2) and ISO weeks, read as half-open ranges.

Invariant: what cannot be read exactly as written is refused with its reason; nothing is guessed from context.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

from taggant.errors import BadDate
from taggant.model.dates import DateRange, month_start

_FORMS = "2023, 2023-07, 2023-07-14, 2023-W28, 202X, 2023-05/2023-07, ../2023-07, 2023-07/.., each with ~ or ?"
_PART = re.compile(
    r"(?P<year>\d{4}|\d{3}X|\d{2}XX)(?:-(?:W(?P<week>\d{2})|(?P<month>\d{2}|XX)(?:-(?P<day>\d{2}|XX))?))?",
    re.ASCII,  # other scripts' digits are letters to us: a person must see that they were typed
)
_FIRST, _LAST = 1000, 9998  # the years Python's calendar and our widening can hold on both sides
_SEASONS = range(21, 42)


@lru_cache(maxsize=65536)
def parse_edtf(text: str) -> DateRange:
    """Which days does this date, as typed, allow?

    Parameters
    ----------
    text : str
        EDTF level 1: year, month, day, interval, open or unknown end (`..` or nothing), unspecified digits (`202X`,
        `2023-XX`), qualifiers `~` (about), `?` (uncertain), `%` (both); and ISO weeks `2023-W13`. A time of day is
        cut off: our ranges count days.

    Returns
    -------
    DateRange
        Half-open, in days. A qualifier widens by one unit of what is written on each side and marks the range weak:
        ``2022~`` is [2021-01-01, 2024-01-01).

    Raises
    ------
    BadDate
        The text has another form, or names a day, week or month that does not exist.

    Notes
    -----
    Assumes: the proleptic Gregorian calendar; ISO weeks (Monday to Sunday, week 1 holds the first Thursday).
    Not for: date codes in marks (`identification`), dates in prose.

    References
    ----------
    .. [1] Library of Congress (2019). Extended Date/Time Format (EDTF) Specification, level 1;
       https://www.loc.gov/standards/datetime/

    Examples
    --------
    >>> parse_edtf("2023-W13").iso()
    ['2023-03-27', '2023-04-03']
    >>> parse_edtf("2022~").iso()
    ['2021-01-01', '2024-01-01']
    >>> parse_edtf("../2023-07").iso()
    [None, '2023-08-01']
    """
    stripped = text.strip()
    if "/" not in stripped:
        return _side(stripped, whole=text)
    if stripped.count("/") > 1:
        raise _bad(text, "has more than one '/'")
    left, right = (part.strip() for part in stripped.split("/"))
    open_left, open_right = left in {"", ".."}, right in {"", ".."}
    if open_left and open_right:
        raise _bad(text, "is open on both sides: it says nothing")
    start = None if open_left else _side(left, whole=text)
    end = None if open_right else _side(right, whole=text)
    from_on = start.from_on if start else None
    until_on = end.until_on if end else None
    if from_on is not None and until_on is not None and from_on >= until_on:
        raise _bad(text, "ends before it begins")
    return DateRange(from_on=from_on, until_on=until_on, is_weak=any(s.is_weak for s in (start, end) if s))


def _bad(text: str, why: str) -> BadDate:
    return BadDate(f"the date {text!r} {why}", next=f"Write it as one of: {_FORMS}")


def _side(text: str, *, whole: str) -> DateRange:
    body = re.sub(r"(?<=\d)T\d{2}(:?\d{2}){0,2}(\.\d+)?(Z|[+-]\d{2}(:?\d{2})?)?$", "", text)
    is_weak = body[-1:] in {"~", "?", "%"}
    match = _PART.fullmatch(body[:-1] if is_weak else body)
    if match is None:
        raise _bad(whole, "is in none of the forms we read")
    year, month, day, week = match["year"], match["month"], match["day"], match["week"]
    if "X" in year:
        if month or week:
            raise _bad(whole, "has an unknown year digit and a month or week")
        span = 10 ** year.count("X")
        first = int(year.replace("X", "0"))
        _check_year(first, whole)
        widen = span if is_weak else 0
        return DateRange(from_on=date(first - widen, 1, 1), until_on=date(first + span + widen, 1, 1), is_weak=is_weak)
    number = int(year)
    _check_year(number, whole)
    if week is not None:
        return _week(number, int(week), is_weak, whole)
    if month is None or month == "XX":
        if day not in (None, "XX"):
            raise _bad(whole, "has a day in an unknown month")
        wide = 1 if is_weak else 0
        return DateRange(from_on=date(number - wide, 1, 1), until_on=date(number + 1 + wide, 1, 1), is_weak=is_weak)
    m = int(month)
    if m in _SEASONS:
        raise _bad(whole, f"has {m} for a month, an EDTF season; seasons differ by hemisphere")
    if not 1 <= m <= 12:
        raise _bad(whole, f"has month {month}; months are 01-12")
    if day is None or day == "XX":
        wide = 1 if is_weak else 0
        begin, after = month_start(number, m - wide), month_start(number, m + 1 + wide)
        return DateRange(from_on=begin, until_on=after, is_weak=is_weak)
    try:
        exact = date(number, m, int(day))
    except ValueError:
        raise _bad(whole, f"names day {day} of month {month} in {number}, which does not exist") from None
    one = DateRange(from_on=exact, until_on=exact + timedelta(days=1))
    return _widened(one, timedelta(days=1)) if is_weak else one


def _check_year(year: int, whole: str) -> None:
    if not _FIRST <= year <= _LAST:
        raise _bad(whole, f"has year {year}; years are {_FIRST}-{_LAST}")


def _week(year: int, week: int, is_weak: bool, whole: str) -> DateRange:
    last = date(year, 12, 28).isocalendar().week  # 28 December is always in the last ISO week of its year
    if not 1 <= week <= last:
        raise _bad(whole, f"has week {week:02d}; {year} has weeks 01-{last}")
    monday = date.fromisocalendar(year, week, 1)
    one = DateRange(from_on=monday, until_on=monday + timedelta(days=7))
    return _widened(one, timedelta(days=7)) if is_weak else one


def _widened(r: DateRange, by: timedelta) -> DateRange:
    return replace(
        r,
        from_on=None if r.from_on is None else r.from_on - by,
        until_on=None if r.until_on is None else r.until_on + by,
        is_weak=True,
    )
