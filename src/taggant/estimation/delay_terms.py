"""One delay of a case, the laws that delays allow, and what such a law assumes.

Invariant: a delay ends on the day a thing became known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from taggant.estimation.made_dates import NEWEST_PARTS, MadeDate
from taggant.model.result import Assumption, Changed
from taggant.statistics.delays import DelayPosterior, delay_posterior

FEWEST = 8
"""Below so many incidents no lag is estimated (our choice)."""


@dataclass(frozen=True, slots=True)
class Delay:
    """One incident's delay: of which item, made when, known when."""

    item_id: str
    kind: str
    incident_id: str
    made: MadeDate
    known_from: date
    known_on: date
    is_recovery_only: bool

    @property
    def low(self) -> int:
        """Fewest days it can have taken."""
        return max(0, (self.known_from - self.made.made_until).days)

    @property
    def high(self) -> int:
        """More days than it can have taken, by one at least."""
        return max((self.known_on - self.made.made_from).days + 1, self.low + 1)


def posterior_of(delays: Sequence[Delay], cut: date, *, bound: float = 3.0, is_naive: bool = False) -> DelayPosterior:
    """Which delay laws do these delays allow, in a record that ends on `cut`?

    Parameters
    ----------
    delays : sequence of Delay
    cut : date
    bound : float
        No mean delay beyond so many lengths of the record.
    is_naive : bool
        As if the record had no end.

    Returns
    -------
    DelayPosterior

    Notes
    -----
    *Assumes:* as `taggant.statistics.delays.delay_posterior`.
    *Not for:* several items of one incident: they are one delay.
    """
    limits = [((cut - d.made.made_until).days + 1, (cut - d.made.made_from).days + 1) for d in delays]
    return delay_posterior(
        [d.low for d in delays], [d.high for d in delays],
        [max(low, d.low) for d, (low, _) in zip(delays, limits, strict=True)], [high for _, high in limits],
        bound=bound, is_truncated=not is_naive,
    )  # fmt: skip


def delay_assumptions(
    basis: str, delays: Sequence[Delay], posterior: DelayPosterior, n_recovery: int
) -> tuple[Assumption, ...]:
    """What does a delay law assume, and how far is that so here?

    Parameters
    ----------
    basis : str
        What the day is of.
    delays : sequence of Delay
    posterior : DelayPosterior
    n_recovery : int
        How many are known by their recovery only.

    Returns
    -------
    tuple of Assumption

    Notes
    -----
    *Assumes:* nothing of its own.
    *Not for:* the answer itself.
    """
    high = posterior.lag(0.9, 0.975)
    return (
        Assumption(
            "Delays did not change over the time of the record", "untestable",
            "longer delays lately and less made lately leave the same record",
        ),
        Assumption(
            "Nothing takes much longer than the record is long",
            "weak" if high > posterior.window / 2 else "untestable",
            f"the record is {posterior.window:.0f} days long; what takes longer cannot be in it, and the tail is "
            "that of a gamma or lognormal law",
        ),
        Assumption(
            "A thing became known on the day stated", "weak" if n_recovery else "ok",
            f"for {n_recovery} of {len(delays)} only the recovery is dated: they may have become known later"
            if n_recovery else "documented or published days are given",
        ),
        Assumption("Things of one kind take as long as one another", "untestable", f"all are {delays[0].kind}"),
        Assumption(
            "The day is that of the item", "weak" if basis == NEWEST_PARTS else "ok",
            "only its newest part is dated: stock before assembly is part of this delay" if basis == NEWEST_PARTS
            else "it is marked on the item",
        ),
    )  # fmt: skip


def delay_sensitivity(delays: Sequence[Delay], cut: date) -> tuple[Changed, ...]:
    """What would the lag be under another prior, without the longest delay, or as if the record had no end?

    Parameters
    ----------
    delays : sequence of Delay
    cut : date

    Returns
    -------
    tuple of Changed
        Days within which nine in ten become known, 95%.

    Notes
    -----
    *Assumes:* one thing is changed at a time.
    *Not for:* trends of delay: nothing in the record shows them.
    """

    def row(change: str, other: DelayPosterior) -> Changed:
        return Changed(change, round(other.lag(0.9, 0.025)), round(other.lag(0.9, 0.975)))

    rows = [
        row("no mean delay beyond the length of the record", posterior_of(delays, cut, bound=1.0)),
        row("mean delays up to ten times the length of the record", posterior_of(delays, cut, bound=10.0)),
        row("as if the record had no end (wrong, and often done)", posterior_of(delays, cut, is_naive=True)),
    ]
    longest = max(range(len(delays)), key=lambda i: delays[i].high)
    if len(delays) > FEWEST:
        rows.append(
            row("without the longest delay", posterior_of([d for i, d in enumerate(delays) if i != longest], cut))
        )
    published = [d for d in delays if not d.is_recovery_only]
    if FEWEST <= len(published) < len(delays):
        rows.append(row("only those with a day documented or published", posterior_of(published, cut)))
    return tuple(rows)
