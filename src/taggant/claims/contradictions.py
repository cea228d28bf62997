"""Claims that cannot both hold as stated, side by side, with what would reconcile them. Neither is dropped.

Invariant: a pair is listed only when both speak of the same topic and scope at times that can overlap; what differs in
scope is not a contradiction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from taggant.model.dates import DateRange

_PER_YEAR = {"day": 365.25, "week": 365.25 / 7, "month": 12.0, "year": 1.0}
_STATES = frozenset({"components.count", "localisation.share"})
"""Topics whose numbers describe a thing, not what came about in a time: two of them clash whenever they differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What one claim says, as far as it can be compared.

    Attributes
    ----------
    low, high : float or None
        The quantity it gives; equal for a single number; None on a side it leaves open.
    period : DateRange or None
        For which time; None: it does not say.
    said_until : date or None
        First day after it was said.
    """

    claim_id: str
    topic: str | None
    scope: str | None
    stance: str | None
    measure: str | None
    per: str | None
    unit: str | None
    low: float | None
    high: float | None
    period: DateRange | None
    said_until: date | None

    @property
    def time(self) -> DateRange | None:
        """The time it can be about: its period; without one, all up to the day it was said."""
        if self.period is not None or self.said_until is None:
            return self.period
        return DateRange(from_on=None, until_on=self.said_until)

    @property
    def has_quantity(self) -> bool:
        """Whether it gives a number."""
        return self.low is not None or self.high is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Two claims that cannot both hold as stated.

    Attributes
    ----------
    kind : str
        `stance`: one says so, the other denies it; `quantity`: their numbers do not overlap; `measure`: the same
        number, once as a total and once as a rate or capacity.
    reconciled_by : str
        What, if it were so, would let both hold.
    """

    claim_id: str
    other_claim_id: str
    kind: str
    reconciled_by: str


def contradictions(sayings: Sequence[Saying]) -> list[Contradiction]:
    """Which claims contradict each other?

    Parameters
    ----------
    sayings : sequence of Saying
        The claims of a case.

    Returns
    -------
    list of Contradiction
        Each pair once, ordered by claim ids.

    Notes
    -----
    Assumes: scopes with the same words are the same; a claim without a period is about the time up to the day it was
    said, and so is a denial. Rates are compared after conversion to a year. A total for a longer time may be larger
    than one for a part of it: they clash only where the part exceeds the whole, or for the same time. "At least" and
    "up to" stay open on their side. Not for: plans against what was made (a plan that failed contradicts nothing), or
    claims whose scopes or times overlap only in part.

    Examples
    --------
    >>> def say(name, low, measure="total", **other):
    ...     base = dict(claim_id=name, topic="production.made", scope="geran-2", stance="assert", measure=measure,
    ...                 per=None, unit="items", low=low, high=low, period=None, said_until=None)
    ...     return Saying(**(base | other))
    >>> [(c.kind, c.reconciled_by) for c in contradictions([say("a", 2700), say("b", 5500)])]
    [('quantity', 'different periods: neither says for which time')]
    """
    groups: dict[tuple[str, str], list[Saying]] = {}
    for s in sayings:
        if s.topic is not None and s.scope is not None:
            groups.setdefault((s.topic, s.scope), []).append(s)
    found: list[Contradiction] = []
    for group in groups.values():
        found.extend(_of_group(sorted(group, key=lambda s: s.claim_id)))
    return sorted(found, key=lambda c: (c.claim_id, c.other_claim_id))


def _of_group(group: Sequence[Saying]) -> Iterable[Contradiction]:
    for a, b in combinations(group, 2):
        if a.time is not None and b.time is not None and not a.time.overlaps(b.time):
            continue
        verdict = _verdict(a, b)
        if verdict is not None:
            kind, reconciled_by = verdict
            yield Contradiction(claim_id=a.claim_id, other_claim_id=b.claim_id, kind=kind, reconciled_by=reconciled_by)


def _verdict(a: Saying, b: Saying) -> tuple[str, str] | None:
    stances = {a.stance, b.stance}
    if stances == {"assert", "deny"}:
        # A denial of one number or measure does not speak of another.
        if a.has_quantity and b.has_quantity and (a.measure != b.measure or not _overlap(a, b)):
            return None
        return "stance", "the denial is about another time, or about less than what is asserted"
    if len(stances) != 1 or not (a.has_quantity and b.has_quantity) or a.unit != b.unit:
        return None
    if a.measure != b.measure or (a.per is None) != (b.per is None):
        if a.measure and b.measure and a.measure != b.measure and (a.low, a.high) == (b.low, b.high):
            return "measure", f"one of them gives the number a wrong measure: {a.measure} and {b.measure}"
        return None
    if _overlap(a, b) or (a.measure == "total" and a.topic not in _STATES and not _totals_clash(a, b)):
        return None
    return "quantity", _reconciling(a, b)


def _overlap(a: Saying, b: Saying) -> bool:
    first, second = _ends(a), _ends(b)
    return first[0] <= second[1] and second[0] <= first[1]


def _totals_clash(a: Saying, b: Saying) -> bool:
    """Whether two totals that differ clash: for the same time, or a part of it with more than the whole."""
    if a.time is None or b.time is None or _days(a.time) == _days(b.time):
        return True
    for part, whole in ((a, b), (b, a)):
        if part.time is not None and whole.time is not None and _is_within(part.time, whole.time):
            return _ends(part)[0] > _ends(whole)[1]
    return False


def _days(r: DateRange) -> tuple[date | None, date | None]:
    return r.from_on, r.until_on


def _is_within(part: DateRange, whole: DateRange) -> bool:
    begins = whole.from_on is None or (part.from_on is not None and part.from_on >= whole.from_on)
    ends = whole.until_on is None or (part.until_on is not None and part.until_on <= whole.until_on)
    return begins and ends


def _ends(s: Saying) -> tuple[float, float]:
    factor = _PER_YEAR[s.per] if s.per is not None else 1.0
    low = float("-inf") if s.low is None else s.low * factor
    high = float("inf") if s.high is None else s.high * factor
    return low, high


def _reconciling(a: Saying, b: Saying) -> str:
    if a.period is None and b.period is None:
        return "different periods: neither says for which time"
    if a.period is None or b.period is None:
        silent = a.claim_id if a.period is None else b.claim_id
        return f"a different period: {silent} does not say for which time"
    if _days(a.period) != _days(b.period):
        if a.measure == "total" and a.topic not in _STATES:
            return "a wider scope of the one for the shorter time: a part cannot be more than its whole"
        return "a change within the time: their periods overlap and are not the same"
    return "a narrower scope of one of them: topic, scope, measure and period are the same"
