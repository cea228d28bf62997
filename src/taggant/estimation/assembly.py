"""The assembly bound: a thing is never older than its newest part.

The date codes give for each part a set of ranges; the newest *first day*
among them bounds the assembly from below, the recovery bounds it from above. Nothing here says the item *was* assembled
soon after: parts lie in stock for months and years.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from taggant.model.judgements import SURE

INFLUENTIAL_DAYS = 60
"""One mark that alone moves the bound by more than two months is named (our choice; printed among the parameters)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One component with at least one range still possible.

    Attributes
    ----------
    first_on : date
        First day of the earliest range, less the calendar's tolerance: the part cannot be older.
    last_first_on : date
        The same of the latest range: later than `first_on` only when the code is ambiguous.
    """

    component_id: str
    maker_id: str | None
    token: str
    rule: str
    status: str
    marking: str
    first_on: date
    last_first_on: date
    tolerance_days: int
    is_ambiguous: bool
    closed_by: tuple[str, ...]
    read_quality: str | None
    doubt: str | None = None
    judged: str | None = None

    @property
    def is_confirmed(self) -> bool:
        """Whether a person stands behind the date."""
        return self.judged in SURE

    @property
    def is_firm(self) -> bool:
        """Whether the code alone, and the day it was known, leave one decade — or the earliest one is counted."""
        return "neighbours" not in self.closed_by

    @property
    def mark(self) -> tuple[str | None, str]:
        """What twins share: parts of one lot carry one code, and one misreading makes all of them wrong."""
        return (self.maker_id, self.token)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssemblyBound:
    """The bound of one item, with the part that sets it and what it would be without that part's mark."""

    newest: Part
    earliest_on: date
    newest_but_one: Part | None

    @property
    def newest_but_one_on(self) -> date | None:
        """The bound without the newest mark."""
        return None if self.newest_but_one is None else self.newest_but_one.first_on

    @property
    def gap_days(self) -> int | None:
        """How far the newest mark alone moves the bound."""
        return None if self.newest_but_one is None else (self.earliest_on - self.newest_but_one.first_on).days

    @property
    def is_influential(self) -> bool:
        """Whether the answer hangs on one mark."""
        return self.gap_days is None or self.gap_days > INFLUENTIAL_DAYS


def assembly_bound(parts: Sequence[Part]) -> AssemblyBound | None:
    r"""What is the earliest day a thing with these parts can have been assembled?

    .. math:: L = \max_i \min_{r \in R_i} a_{i,r} - \tau_i

    with :math:`a_{i,r}` the first day of range *r* of part *i*, and :math:`\tau_i` its calendar's tolerance in days.

    Parameters
    ----------
    parts : sequence of Part, length n ≥ 0
        Parts with at least one range. Twins (same maker, same code) count as one mark.

    Returns
    -------
    AssemblyBound or None
        None when there is no part.

    Notes
    -----
    Assumes: every part was fitted at assembly (not in repair, not added to the find); marks are genuine and read
    right; the maker's rule holds. Not for: the date of assembly itself, or whether production stopped: parts lie in
    stock for an unknown time.

    References
    ----------
    .. [1] It is the *terminus post quem* of archaeology: Harris, E. C. (1989). *Principles of Archaeological
       Stratigraphy*, 2nd ed., Academic Press.

    Examples
    --------
    >>> def part(name, token, day):
    ...     return Part(component_id=name, maker_id="ti", token=token, rule="r", status="documented", marking=token,
    ...                 first_on=day, last_first_on=day, tolerance_days=0, is_ambiguous=False, closed_by=(),
    ...                 read_quality=None)
    >>> bound = assembly_bound([part("a", "14T", date(2021, 4, 1)), part("b", "22T", date(2022, 2, 1)),
    ...                         part("c", "22T", date(2022, 2, 1))])
    >>> bound.earliest_on.isoformat(), bound.newest_but_one_on.isoformat(), bound.gap_days
    ('2022-02-01', '2021-04-01', 306)
    """
    if not parts:
        return None
    ranked = sorted(parts, key=lambda p: (-p.first_on.toordinal(), p.component_id))
    newest = ranked[0]
    other = next((p for p in ranked if p.mark != newest.mark), None)
    return AssemblyBound(newest=newest, earliest_on=newest.first_on, newest_but_one=other)
