"""What a silence says over time: belief in each day of an end, and how p falls if nothing newer becomes known.

Invariant: the curves are of the same sightings, draws and effort as the answer they stand beside.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from taggant.estimation.stop_record import Record, drawn
from taggant.estimation.stop_sightings import independent
from taggant.estimation.stop_terms import FEWEST
from taggant.statistics.cessation import stop_evidence

_POINTS = 40
_AHEAD = 1.0
"""How far ahead p is followed, in windows."""


def stop_curve(record: Record, *, seed: int = 20260707) -> list[dict[str, object]]:
    """How strongly is each day of an end believed, and how would p fall with more silence?

    Parameters
    ----------
    record : Record
        On the scale of days.
    seed : int
        As of the answer.

    Returns
    -------
    list of dict
        ``on``, ``ended_by`` (share of belief in an end by that day, given that it ended; None after the cut) and
        ``p_if_silent`` (p on that day if nothing newer becomes known until then, None before the cut).
        Empty where there is too little to judge.

    Notes
    -----
    *Assumes:* as `taggant.estimation.cessation.cessation_finding`; for days ahead that delays stay as seen and it is
    looked for as hard.
    *Not for:* plain numbers as times.
    """
    kept, _ = independent(record.sightings)
    if not kept or record.scale != "date":
        return []
    start = record.start
    first = min(s.made_from for s in kept)
    if start is None or (start == first and any(s.made_from == s.made_until == start for s in kept)):
        opener = min(kept, key=lambda s: (s.made_from, s.made_until))
        start, kept = first, [s for s in kept if s is not opener]
    if len(kept) < FEWEST:
        return []
    draws = drawn(record, kept, start, seed)
    evidence = stop_evidence(draws)
    last = max(float(s.last) for s, _ in draws)
    rows: list[dict[str, object]] = []
    for t in np.linspace(last, record.until, _POINTS):
        rows.append({"on": _day(t), "ended_by": float(np.interp(t, evidence.taus, evidence.cdf)), "p_if_silent": None})
    for t in np.linspace(record.until, record.until + _AHEAD * (record.until - start), _POINTS)[1:]:
        p = np.mean([
            np.prod(np.minimum(1.0, (s.last - start) / np.maximum(t - s.delay - start, 1e-9))) for s, _ in draws
        ])  # fmt: skip
        rows.append({"on": _day(float(t)), "ended_by": None, "p_if_silent": float(p)})
    seen: dict[object, dict[str, object]] = {}
    for row in rows:
        seen[row["on"]] = row
    return list(seen.values())


def _day(t: float) -> date:
    return date.fromordinal(1) + timedelta(days=int(t) - 1)
