"""A record of sightings to judge: what is in it, how its times are printed, and draws of what its ranges stand for.

Invariant: a time is printed as the scale has it, and a range is never replaced by its middle.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from taggant.estimation.stop_sightings import Sighting, draw
from taggant.model.result import Number
from taggant.statistics.effort import Effort, drawn_efforts
from taggant.statistics.silence import Sightings

DRAWS = 200
"""Of interval dates and of estimated effort."""

Scale = Literal["date", "number"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A record of sightings to judge.

    Attributes
    ----------
    sightings : tuple of Sighting
        As they are known; batches and incidents not yet brought to one each.
    until : float
        The cut.
    start : float or None
        Since when there was something to find; None: the first sighting sets it and no longer counts.
    effort_dates : tuple of float
        When comparable things became known; empty: effort taken as constant.
    scale : {"date", "number"}
        Days since 1 January of year 1, or plain numbers.
    """

    sightings: tuple[Sighting, ...]
    until: float
    start: float | None = None
    effort_dates: tuple[float, ...] = ()
    scale: Scale = "date"

    def shown(self, t: float | None) -> Number | None:
        """A time as it is printed: a day, or the number."""
        if t is None:
            return None
        return date.fromordinal(int(t)) if self.scale == "date" else float(t)


def said(record: Record, t: float) -> str:
    """How is a time printed?

    Parameters
    ----------
    record : Record
    t : float

    Returns
    -------
    str
        ISO day, or the number.

    Notes
    -----
    *Assumes:* the scale of the record.
    *Not for:* sentences: they format days themselves.
    """
    shown = record.shown(t)
    return shown.isoformat() if isinstance(shown, date) else f"{t:g}"


def drawn(record: Record, kept: list[Sighting], start: float, seed: int) -> list[tuple[Sightings, Effort | None]]:
    """Which records may these ranges and this effort stand for?

    Parameters
    ----------
    record : Record
    kept : list of Sighting
    start : float
    seed : int

    Returns
    -------
    list of (Sightings, Effort or None)
        One where all is exact; else 200.

    Notes
    -----
    *Assumes:* no day of a range is likelier than another.
    *Not for:* ambiguous decades.
    """
    rng = np.random.default_rng(seed)
    is_exact = all(s.is_exact for s in kept)
    if is_exact and not record.effort_dates:
        return [(draw(kept, start=start, until=record.until, rng=rng), None)]
    efforts: list[Effort | None] = [None] * DRAWS
    if record.effort_dates:
        efforts = list(drawn_efforts(record.effort_dates, start=start, until=record.until, n=DRAWS, rng=rng))
    return [(draw(kept, start=start, until=record.until, rng=rng), e) for e in efforts]
