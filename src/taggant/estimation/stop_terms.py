"""What an answer on a silence assumes, and what would change it.

Invariant: every assumption has a status and a reason; a wrong way of counting is named wrong.
"""

from __future__ import annotations

from dataclasses import replace

from taggant.estimation.stop_record import Record, drawn
from taggant.estimation.stop_sightings import Sighting
from taggant.model.result import Assumption, Changed
from taggant.statistics.cessation import stop_evidence

FEWEST = 3
"""Independent sightings below which nothing is said (the test itself is exact from two on)."""


def stop_assumptions(record: Record, kept: list[Sighting]) -> tuple[Assumption, ...]:
    """What does the answer assume, and how far is that so?

    Parameters
    ----------
    record : Record
    kept : list of Sighting

    Returns
    -------
    tuple of Assumption

    Notes
    -----
    *Assumes:* batches and incidents are stated where they are known.
    *Not for:* the statistics of effort itself.
    """
    m, n = len(record.effort_dates), len(kept)
    effort = (
        Assumption(text="It was looked for equally hard all the time.", status="untestable",
                   why="no dates of comparable things are given")
        if m == 0 else
        Assumption(text="Comparable things show how hard it was looked for.",
                   status="ok" if m >= max(30, 3 * n) else "weak",
                   why=f"{m} comparable dates; 30, and three for each sighting, would be enough")
    )  # fmt: skip
    has_groups = any(s.batch or s.incident for s in record.sightings)
    exact = sum(s.is_exact for s in kept)
    return (
        effort,
        Assumption(text="Sightings are independent: one for each batch and each incident.",
                   status="ok" if has_groups else "untestable",
                   why="brought to one each" if has_groups else "no batch or incident is stated"),
        Assumption(text="While it went on, it went on at a constant rate.", status="untestable",
                   why="a decline is weighed as a rival; a trend of production and one of effort look alike"),
        Assumption(text="Each sighting became known when it is stated to.",
                   status="ok" if any(s.known_until > s.made_until for s in kept) else "weak",
                   why="delays are used as stated" if any(s.known_until > s.made_until for s in kept)
                   else "no delay is stated: if there were any, a silence means less"),
        Assumption(text="Dates are right within their ranges.", status="ok" if exact == len(kept) else "weak",
                   why="all exact" if exact == len(kept)
                   else f"{len(kept) - exact} of {len(kept)} are ranges, drawn from"),
        Assumption(text="There was something to find from the start of the window on.",
                   status="ok" if record.start is None else "weak",
                   why="the first sighting set it" if record.start is None
                   else "the start is stated; one set too early hides a stop"),
    )  # fmt: skip


def stop_sensitivity(record: Record, kept: list[Sighting], start: float, seed: int) -> tuple[Changed, ...]:
    """How probable were a stop, if one thing were otherwise?

    Parameters
    ----------
    record : Record
    kept : list of Sighting
    start : float
    seed : int

    Returns
    -------
    tuple of Changed
        Percent, from prior chances of one and of nine in ten.

    Notes
    -----
    *Assumes:* as the answer itself.
    *Not for:* several changes at once.
    """
    done = []

    def add(change: str, other: Record, them: list[Sighting], begin: float) -> None:
        if len(them) < FEWEST or not begin < other.until:
            return
        evidence = stop_evidence(drawn(other, them, begin, seed)[:40])
        low, high = sorted((100 * evidence.posterior(0.1), 100 * evidence.posterior(0.9)))
        done.append(Changed(change=change, low=round(low, 1), high=round(high, 1)))

    last = max(kept, key=lambda s: (s.made_until, s.made_from))
    add("percent stopped, priors 0.1 to 0.9: as it is", record, kept, start)
    add("without the newest sighting", record, [s for s in kept if s is not last], start)
    first = min(kept, key=lambda s: s.made_from)
    add("window from the next sighting on", record, [s for s in kept if s is not first], first.made_from)
    undelayed = [replace(s, known_from=s.made_from, known_until=s.made_until) for s in kept]
    if any(s.known_until > s.made_until for s in kept):
        add("as if nothing became known late (wrong, and often done)", record, undelayed, start)
    if record.effort_dates:
        add("effort constant", replace(record, effort_dates=()), kept, start)
    if len(record.sightings) > len(kept) + 1:
        every = [s for s in record.sightings if s.made_from > start]
        add("every sighting counted, batches and incidents too (wrong)", record, every, start)
    return tuple(done)
