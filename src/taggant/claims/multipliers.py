"""Counts that are one fixed number times another: no measurement, however large they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from taggant.writing.quantities import find_quantities
from taggant.writing.when import find_dates


@dataclass(frozen=True, slots=True, kw_only=True)
class Multiplied:
    """Claims that each give two numbers with the same ratio.

    Attributes
    ----------
    claim_ids : tuple of str
    ratio : float
    pairs : tuple of (float, float)
        The two numbers of each claim.
    """

    claim_ids: tuple[str, ...]
    ratio: float
    pairs: tuple[tuple[float, float], ...]


def fixed_multipliers(statements: Sequence[tuple[str, str]], *, tolerance: float = 1e-6) -> tuple[Multiplied, ...]:
    """Which claims are one fixed number times something else?

    Parameters
    ----------
    statements : sequence of (claim_id, statement)
        In our words, in English: "170,000 foreign parts in 2,000 drones".
    tolerance : float
        How far ratios may differ, as a share.

    Returns
    -------
    tuple of Multiplied
        Claims with different numbers and one ratio.

    Notes
    -----
    Assumes: a ratio that comes out the same to six digits from different numbers was put in, not counted.
    Not for: single claims: one ratio shows nothing.

    Examples
    --------
    >>> some = [("a", "170,000 foreign parts in 2,000 drones"), ("b", "8,755 foreign parts in 103 drones")]
    >>> [(m.claim_ids, m.ratio) for m in fixed_multipliers(some)]
    [(('a', 'b'), 85.0)]
    """
    ratios: list[tuple[str, float, tuple[float, float]]] = []
    for claim_id, statement in statements:
        dates = [w.span for w in find_dates(statement)]
        amounts = find_quantities(statement, taken=dates)
        numbers = [q.low for q in amounts if q.low is not None and q.low == q.high and q.low > 1]
        ratios += [
            (claim_id, a / b, (a, b)) for a, b in combinations(numbers, 2) if a > b
        ]  # fmt: skip
    found: dict[tuple[str, ...], Multiplied] = {}
    for first in ratios:
        same = [r for r in ratios if abs(r[1] / first[1] - 1) <= tolerance and r[1] > 1]
        names = tuple(dict.fromkeys(r[0] for r in same))
        if len(names) > 1 and len({r[2] for r in same}) == len(names):
            found.setdefault(names, Multiplied(claim_ids=names, ratio=first[1], pairs=tuple(r[2] for r in same)))
    return tuple(found.values())
