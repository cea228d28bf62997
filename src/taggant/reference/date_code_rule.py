"""What a date-code rule is: how one maker writes the date on a part.

A rule reads **one token** of a marking. What a token is, and what each key means, stands in README.md of this folder.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from taggant.model.dates import DateRange
from taggant.reference.citation import Citation

FIRST_CANDIDATE = date(1995, 1, 1)
"""Candidates before this day are not offered. A convention of the house, not a fact about any maker."""

CALENDARS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "month": ("year", "month"),
        "iso-week": ("year", "week"),
        "january-1-week": ("year", "week"),
        "six-week-bucket": ("year", "bucket"),
        "year": ("year",),
        "day": ("year", "month", "day"),
    }
)
"""Each calendar with the named groups its patterns must have.

`january-1-week`: week 1 is the week, Monday to Monday, that holds 1 January.
`six-week-bucket`: the code names a run of ISO weeks.
"""

SPECIFICITIES = ("high", "medium", "low")
"""How much of a token the rule fixes: `low` fits many tokens that are no dates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleExample:
    """A token with the ranges the rule must give.

    Attributes
    ----------
    token, previous, next : str, str or None, str or None
        The token, and its neighbours in the marking where they matter.
    known_by : date
        The part was known to exist on this day: later candidates fall away.
    ranges : tuple of DateRange
        Every candidate from `FIRST_CANDIDATE` on that begins no later than `known_by`, oldest first; empty: impossible.
    url : str or None
        Where the token was seen; None: made by us from the rule.
    """

    token: str
    previous: str | None
    next: str | None
    known_by: date
    ranges: tuple[DateRange, ...]
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterExample:
    """A token the pattern must not match, and why not."""

    token: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DateCodeRule:
    """How one maker writes the date in one kind of token.

    Attributes
    ----------
    id : str
        Short name of the rule.
    maker : str or None
        Whose rule (maker_id); None: the rule is a `standard`'s.
    standard : str or None
        Name of the standard the rule belongs to, when it is no maker's.
    brand_lines : tuple of str
        Makers (maker_id) to whose parts the rule is limited; empty: all parts of the maker.
    part_families : tuple of re.Pattern
        The rule holds for parts whose number some pattern matches from its start; empty: no limit known.
    title : str
        The form in letters, for people.
    readable : bool
        False: there is a rule, but text alone cannot be read by it; `unreadable_because` says why.
    unreadable_because : str or None
        Why a token cannot be dated by the rule.
    pattern : re.Pattern or None
        Matches one whole token (`fullmatch`). Its groups are the keys of `fields`.
    fields : mapping of str to str
        Each named group with its meaning.
    calendar : str or None
        One of `CALENDARS`.
    year_digits : int or None
        1: last digit of the year; 2: last two; 4: whole year, or a letter of `years`.
    months, years : mapping of str to int
        What stands for a month (1–12) or a year; `years` is empty when digits are printed.
    years_every : int or None
        After how many years the letters of `years` begin again; None: they never do.
    buckets : mapping of str to (int, int)
        Bucket code → first and last ISO week; when the last is smaller the bucket ends in the next year.
    tolerance_days : int
        By how many days either end of a range may be off, because the maker's calendar is not stated.
    status : str
        `documented`, `secondary` or `inferred`.
    specificity : str or None
        `high`, `medium` or `low`.
    standalone : bool
        False: offer the reading only when something else supports it (a neighbour, the part family, a person).
    after, before : re.Pattern or None
        What the token before / behind is as a rule (`fullmatch`).
    require_neighbour : bool
        Each of `after` and `before` that is given must match, or the rule does not apply.
    ambiguity : str or None
        What else the token may be: the reading stays a candidate.
    note : str or None
        What else to know.
    sources : tuple of Citation
        The pages the rule rests on.
    examples, counter_examples : tuple
        Run as tests.
    """

    id: str
    maker: str | None
    standard: str | None
    brand_lines: tuple[str, ...]
    part_families: tuple[re.Pattern[str], ...]
    title: str
    readable: bool
    unreadable_because: str | None
    pattern: re.Pattern[str] | None
    fields: Mapping[str, str] = field(hash=False)
    calendar: str | None
    year_digits: int | None
    months: Mapping[str, int] = field(hash=False)
    years: Mapping[str, int] = field(hash=False)
    years_every: int | None
    buckets: Mapping[str, tuple[int, int]] = field(hash=False)
    tolerance_days: int
    status: str
    specificity: str | None
    standalone: bool
    after: re.Pattern[str] | None
    before: re.Pattern[str] | None
    require_neighbour: bool
    ambiguity: str | None
    note: str | None
    sources: tuple[Citation, ...]
    examples: tuple[RuleExample, ...]
    counter_examples: tuple[CounterExample, ...]
