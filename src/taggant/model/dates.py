"""Date ranges: half-open `[from_on, until_on)`, either side possibly open.

Invariant: `from_on < until_on` where both are known. A moment is never invented: what is open stays None.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from taggant.errors import BadDate


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRange:
    """Days from `from_on` up to, not including, `until_on`.

    Attributes
    ----------
    from_on : date or None
        First day inside; None: open towards the past.
    until_on : date or None
        First day outside; None: open towards the future.
    is_weak : bool
        The source said "about" or "perhaps" (EDTF `~`, `?`); the range is already widened for it.
    """

    from_on: date | None
    until_on: date | None
    is_weak: bool = False

    def __post_init__(self) -> None:
        if self.from_on is not None and self.until_on is not None and self.from_on >= self.until_on:
            raise BadDate(
                f"a date range from {self.from_on} until {self.until_on} holds no day",
                next="Put the earlier date first; `until` is the first day outside",
            )

    @property
    def last_on(self) -> date | None:
        """The last day inside, or None when open."""
        return None if self.until_on is None else self.until_on - timedelta(days=1)

    def overlaps(self, other: DateRange) -> bool:
        """Whether some day lies in both."""
        return self.meet(other) is not None

    def meet(self, other: DateRange) -> DateRange | None:
        """The days in both, or None when there is none."""
        starts = [r.from_on for r in (self, other) if r.from_on is not None]
        ends = [r.until_on for r in (self, other) if r.until_on is not None]
        from_on, until_on = max(starts, default=None), min(ends, default=None)
        if from_on is not None and until_on is not None and from_on >= until_on:
            return None
        return DateRange(from_on=from_on, until_on=until_on, is_weak=self.is_weak or other.is_weak)

    def iso(self) -> list[str | None]:
        """`[from, until]` as ISO dates, for machines."""
        return [None if d is None else d.isoformat() for d in (self.from_on, self.until_on)]


def union(ranges: Iterable[DateRange]) -> tuple[DateRange, ...]:
    """Which disjoint ranges, in order, hold exactly the days of these?

    Parameters
    ----------
    ranges : iterable of DateRange
        Any number, in any order; ranges that touch or overlap become one.

    Returns
    -------
    tuple of DateRange
        Sorted, disjoint, not touching. Empty for none.

    Examples
    --------
    >>> a = DateRange(from_on=date(2021, 7, 1), until_on=date(2021, 8, 1))
    >>> b = DateRange(from_on=date(2021, 8, 1), until_on=date(2021, 9, 1))
    >>> [r.iso() for r in union([b, a])]
    [['2021-07-01', '2021-09-01']]
    """
    done: list[DateRange] = []
    for r in sorted(ranges, key=lambda r: (r.from_on or date.min, r.until_on or date.max)):
        last = done[-1] if done else None
        if last is not None and (last.until_on is None or r.from_on is None or r.from_on <= last.until_on):
            until_on = None if last.until_on is None or r.until_on is None else max(last.until_on, r.until_on)
            done[-1] = DateRange(from_on=last.from_on, until_on=until_on, is_weak=last.is_weak or r.is_weak)
        else:
            done.append(r)
    return tuple(done)


def month_start(year: int, month: int) -> date:
    """The first day of a month; month 13 is January of the year after."""
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
