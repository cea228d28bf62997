"""Counts of listed parts, with what cannot be told counted both ways.

Invariant: a share is never one number: its low end counts none of the parts that cannot be told, its high end all.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from taggant.model.result import Interval

INTERVAL = "unknown counted both ways"
"""The kind of interval of every share here: logical bounds, no probability."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many of the parts are sure to belong to something, and how many cannot be told.

    Attributes
    ----------
    n_sure, n_untold, n_all : int
        `n_sure` + `n_untold` ≤ `n_all`.
    """

    n_sure: int
    n_untold: int
    n_all: int

    @property
    def n_possible(self) -> int:
        """How many if all that cannot be told belong."""
        return self.n_sure + self.n_untold

    @property
    def low(self) -> float:
        """The share if none of them belongs."""
        return self.n_sure / self.n_all

    @property
    def high(self) -> float:
        """The share if all of them do."""
        return self.n_possible / self.n_all

    def interval(self, unit: str) -> Interval:
        """Give both shares as logical bounds."""
        return Interval(low=self.low, high=self.high, interval=INTERVAL, unit=unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """The parts of one level; `level` None: those that cannot be told."""

    level: str | None
    n_components: int
    n_marks: int
    share_low: float
    share_high: float


def tally(answers: Iterable[bool | None]) -> Tally:
    """How many surely, and how many possibly?

    Parameters
    ----------
    answers : iterable of bool or None
        One a part: it belongs, it does not, it cannot be told.

    Returns
    -------
    Tally

    Notes
    -----
    Assumes: nothing about the parts that cannot be told. Not for: an estimate of the share among all parts fitted.

    Examples
    --------
    >>> found = tally([True, False, None, None])
    >>> found.n_sure, found.n_possible, found.low, found.high
    (1, 3, 0.25, 0.75)
    """
    all_ = list(answers)
    return Tally(n_sure=all_.count(True), n_untold=all_.count(None), n_all=len(all_))


def divide(levels: Sequence[str | None], marks: Sequence[Hashable | None]) -> tuple[Level, ...]:
    """How do these parts divide?

    Parameters
    ----------
    levels : sequence of str or None, shape (n,)
        Of each part; None: cannot be told.
    marks : sequence of hashable or None, shape (n,)
        What twins share; None: no mark.

    Returns
    -------
    tuple of Level
        Most parts first; those that cannot be told, if any, last, under None.

    Notes
    -----
    Assumes: a part has one level. Not for: comparing items opened unequally deep.

    Examples
    --------
    >>> [(one.level, one.share_low, one.share_high) for one in divide(["US", "US", "CN", None], [1, 1, 2, None])]
    [('US', 0.5, 0.75), ('CN', 0.25, 0.5), (None, 0.25, 0.25)]
    """
    n_untold = sum(one is None for one in levels)
    found = []
    for level in {*levels}:
        own = [mark for one, mark in zip(levels, marks, strict=True) if one == level]
        counted = Tally(n_sure=len(own), n_untold=0 if level is None else n_untold, n_all=len(levels))
        found.append(
            Level(
                level=level,
                n_components=len(own),
                n_marks=len({mark for mark in own if mark is not None}),
                share_low=counted.low,
                share_high=counted.high,
            )
        )
    return tuple(sorted(found, key=lambda one: (one.level is None, -one.n_components, one.level or "")))


def is_made_after(
    ranges: Sequence[tuple[date, date | None]],
    *,
    since_on: date,
    tolerance_days: int = 0,
    known_on: date | None = None,
) -> bool | None:
    """Was this part made on or after a day, as far as its ranges tell?

    Parameters
    ----------
    ranges : sequence of (date, date or None)
        Half-open, every one still possible; none: no date was read.
    since_on : date
        The first day that counts as after.
    tolerance_days : int
        How far the maker's weeks may lie from the calendar used, on each side.
    known_on : date or None
        The item was recovered or known by this day: a part of it is not newer, dated or not.

    Returns
    -------
    bool or None
        None: it can be either.

    Notes
    -----
    Assumes: the ranges hold every day the code allows. Not for: the day the item was assembled.

    Examples
    --------
    >>> june = (date(2022, 6, 1), date(2022, 7, 1))
    >>> is_made_after([june], since_on=date(2022, 2, 25))
    True
    >>> is_made_after([june, (date(2012, 6, 1), date(2012, 7, 1))], since_on=date(2022, 2, 25)) is None
    True
    >>> is_made_after([], since_on=date(2022, 2, 25), known_on=date(2021, 1, 1))
    False
    """
    if known_on is not None and known_on < since_on:
        return False
    if not ranges:
        return None
    off = timedelta(days=tolerance_days)
    if all(first - off >= since_on for first, _ in ranges):
        return True
    if all(until is not None and until + off <= since_on for _, until in ranges):
        return False
    return None


def once(answers: Sequence[bool | None], marks: Sequence[Hashable | None]) -> list[bool | None]:
    """What is answered when twins are counted once?

    Parameters
    ----------
    answers : sequence of bool or None, shape (n,)
    marks : sequence of hashable or None, shape (n,)
        None: no mark; such a part is twin to none.

    Returns
    -------
    list of bool or None
        One a mark, and one a part without a mark. Twins that differ cannot be told.

    Notes
    -----
    Assumes: equal marks are parts of one lot.
    Not for: marks without a lot or date, which are equal on all parts of a type.

    Examples
    --------
    >>> once([True, True, None, None], ["a", "a", None, None])
    [True, None, None]
    """
    by_mark: dict[Hashable, set[bool | None]] = {}
    for n, (answer, mark) in enumerate(zip(answers, marks, strict=True)):
        by_mark.setdefault(("unmarked", n) if mark is None else ("mark", mark), set()).add(answer)
    return [next(iter(given)) if len(given) == 1 else None for given in by_mark.values()]
