"""One token, one rule: which ranges of days does a date code allow?

Invariant: the answer is always a set. A one-digit year gives one range a decade; only the day the part was known, the
launch of its family, or its neighbours (`dating`) take ranges away, and each says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from taggant.errors import InputError
from taggant.model.dates import DateRange, month_start
from taggant.reference import FIRST_CANDIDATE, DateCodeRule


@dataclass(frozen=True, slots=True)
class CodeReading:
    """What one rule makes of one token.

    Attributes
    ----------
    ranges : tuple of DateRange
        Sorted; those that begin no later than `known_by`. Empty when the code is impossible or all of it is too late.
    n_before_closing : int
        How many the code alone allows, from `FIRST_CANDIDATE` up to `as_of`.
    impossible : str or None
        Why no calendar holds the code: "week 86; weeks are 01-53".
    """

    ranges: tuple[DateRange, ...]
    n_before_closing: int
    impossible: str | None = None


def read_code(token: str, rule: DateCodeRule, *, known_by: date, as_of: date | None = None) -> CodeReading | None:
    """Which ranges of days does this rule read in this token?

    Parameters
    ----------
    token : str
        One token of a marking, as stated.
    rule : DateCodeRule
        A readable rule of `reference/date_codes`.
    known_by : date
        The last day the part can have been made: it was known to exist then.
    as_of : date, optional
        The day the answer is for, not before `known_by`: what lies between the two is ruled out by `known_by`.

    Returns
    -------
    CodeReading or None
        None when the token has not the rule's form.

    Raises
    ------
    InputError
        The rule is one that text cannot be read by.

    Notes
    -----
    Assumes: the token is a date code of this rule. Not for: deciding whether it is one (`decode`).

    Examples
    --------
    >>> from taggant.reference import load_date_code_rules
    >>> rule = next(r for r in load_date_code_rules() if r.id == "ti-ymlllls")
    >>> [r.iso() for r in read_code("17C76FW", rule, known_by=date(2022, 9, 13)).ranges]
    [['2001-07-01', '2001-08-01'], ['2011-07-01', '2011-08-01'], ['2021-07-01', '2021-08-01']]
    """
    if rule.pattern is None or rule.calendar is None:
        raise InputError(
            f"rule {rule.id!r} cannot read text: {rule.unreadable_because}", next="Use a readable rule of this maker"
        )
    match = rule.pattern.fullmatch(token)
    if match is None:
        return None
    groups = {name: text for name, text in match.groupdict().items() if text is not None}
    impossible = _impossible(rule, groups)
    if impossible is not None:
        return CodeReading((), 0, impossible)
    last = max(known_by, as_of or known_by)
    # One decade more is looked at, so that a code later than everything is told from one that no calendar holds.
    years = _years(rule, groups["year"], FIRST_CANDIDATE.year - 1, last.year + 10)
    ever = [r for y in years if (r := _range(rule, groups, y)) is not None and _begins_from(r, FIRST_CANDIDATE)]
    if not ever:
        return CodeReading((), 0, f"{_said(rule, groups)} in none of the years {', '.join(map(str, years))}")
    every = [r for r in ever if r.from_on is not None and r.from_on <= last]
    ranges = tuple(r for r in every if r.from_on is not None and r.from_on <= known_by)
    return CodeReading(ranges, len(every))


def _begins_from(r: DateRange, first: date) -> bool:
    return r.from_on is not None and r.from_on >= first


def _years(rule: DateCodeRule, text: str, first: int, last: int) -> list[int]:
    if rule.years and rule.years_every is None:
        return [rule.years[text]]
    if rule.years:
        return [y for y in range(first, last + 1) if (y - rule.years[text]) % (rule.years_every or 1) == 0]
    if not text.isdecimal():
        return []
    if rule.year_digits == 4:
        return [int(text)]
    modulus = 10 if rule.year_digits == 1 else 100
    return [y for y in range(first, last + 1) if y % modulus == int(text)]


def _impossible(rule: DateCodeRule, groups: dict[str, str]) -> str | None:
    if rule.years and groups["year"] not in rule.years:
        return f"year letter {groups['year']!r}; this rule has {''.join(rule.years)}"
    if "week" in groups and not 1 <= int(groups["week"]) <= 53:
        return f"week {int(groups['week']):02d}; weeks are 01-53"
    if "bucket" in groups and groups["bucket"] not in rule.buckets:
        return f"six-week code {groups['bucket']!r}; this rule has {', '.join(rule.buckets)}"
    if "month" in groups and _month(rule, groups["month"]) is None:
        known = f"this rule has {''.join(rule.months)}" if rule.months else "months are 01-12"
        return f"month {groups['month']!r}; {known}"
    return None


def _month(rule: DateCodeRule, text: str) -> int | None:
    if rule.months:
        return rule.months.get(text)
    month = int(text)
    return month if 1 <= month <= 12 else None


def _range(rule: DateCodeRule, groups: dict[str, str], year: int) -> DateRange | None:
    """The range the code means in that year, or None when that year has no such week or day."""
    match rule.calendar:
        case "year":
            return _between(date(year, 1, 1), date(year + 1, 1, 1))
        case "month":
            month = _month(rule, groups["month"]) or 0  # checked by _impossible
            return _between(month_start(year, month), month_start(year, month + 1))
        case "day":
            month = _month(rule, groups["month"]) or 0
            try:
                day = date(year, month, int(groups["day"]))
            except ValueError:
                return None
            return _between(day, day + timedelta(days=1))
        case "iso-week":
            week = int(groups["week"])
            if week > date(year, 12, 28).isocalendar().week:
                return None
            monday = date.fromisocalendar(year, week, 1)
            return _between(monday, monday + timedelta(days=7))
        case "january-1-week":
            first = date(year, 1, 1)
            monday = first - timedelta(days=first.weekday()) + timedelta(weeks=int(groups["week"]) - 1)
            return _between(monday, monday + timedelta(days=7))
        case "six-week-bucket":
            first_week, last_week = rule.buckets[groups["bucket"]]
            end_year = year + (last_week < first_week)
            end = date.fromisocalendar(end_year, last_week, 1) + timedelta(days=7)
            return _between(date.fromisocalendar(year, first_week, 1), end)
        case other:
            raise InputError(f"rule {rule.id!r} has calendar {other!r}, which nothing reads")


def _between(from_on: date, until_on: date) -> DateRange:
    return DateRange(from_on=from_on, until_on=until_on)


def _said(rule: DateCodeRule, groups: dict[str, str]) -> str:
    return ", ".join(f"{name} {groups[name]}" for name in rule.fields if name in groups and name != "year")
