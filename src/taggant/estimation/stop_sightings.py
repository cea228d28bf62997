"""Sightings as they are known: ranges of dates, days known, batches and incidents — brought down to independent ones.

Invariant: one sighting for each made batch (its earliest known), then one for each incident (its newest made), before
anything is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from taggant.errors import InputError
from taggant.model.result import LeftOut
from taggant.statistics.silence import Sightings, sightings


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One sighting on a scale of time (days, or whatever unit the numbers have).

    Attributes
    ----------
    made_from, made_until : float
        When the thing was made: within [from, until); equal for an exact time.
    known_from, known_until : float
        When it became known, within; the same as made for none stated.
    batch, incident : str or None
        What it shares with others.
    valid : float in (0, 1]
    name : str
        To say which one: a mark, an item, the text as given.
    """

    made_from: float
    made_until: float
    known_from: float
    known_until: float
    batch: str | None = None
    incident: str | None = None
    valid: float = 1.0
    name: str = ""

    @property
    def is_exact(self) -> bool:
        """Whether no range is left."""
        return self.made_from == self.made_until and self.known_from == self.known_until


def independent(found: Sequence[Sighting]) -> tuple[list[Sighting], list[LeftOut]]:
    """Which sightings count, when those of one batch or one incident are one event?

    Parameters
    ----------
    found : sequence of Sighting

    Returns
    -------
    kept : list of Sighting
        In the order given.
    left_out : list of LeftOut
        How many fell to which rule.

    Notes
    -----
    *Assumes:* things without a batch or an incident share none.
    *Not for:* finding batches: same lot or date-code cell and block, or serials within a pack, are told before.

    Examples
    --------
    >>> a = Sighting(made_from=1, made_until=1, known_from=5, known_until=5, batch="L7")
    >>> b = Sighting(made_from=2, made_until=2, known_from=4, known_until=4, batch="L7")
    >>> [s.known_from for s in independent([a, b])[0]]
    [4]
    """
    kept = _one_each(found, "batch", lambda s: (s.known_from, s.known_until))
    after = _one_each(kept, "incident", lambda s: (-s.made_until, -s.made_from))
    left = []
    if len(found) > len(kept):
        left.append(LeftOut(why="of a batch of which an earlier one is known", n=len(found) - len(kept)))
    if len(kept) > len(after):
        left.append(LeftOut(why="of an incident of which a newer made one counts", n=len(kept) - len(after)))
    return after, left


def _one_each(found: Sequence[Sighting], share: str, first: object) -> list[Sighting]:
    best: dict[str, Sighting] = {}
    for s in found:
        name = getattr(s, share)
        if name is not None and (name not in best or first(s) < first(best[name])):  # type: ignore[operator]
            best[name] = s
    return [s for s in found if getattr(s, share) is None or best[getattr(s, share)] is s]


def draw(found: Sequence[Sighting], *, start: float, until: float, rng: np.random.Generator) -> Sightings:
    """Which times may these ranges stand for?

    Parameters
    ----------
    found : sequence of Sighting
    start, until : float
        The window.
    rng : numpy.random.Generator

    Returns
    -------
    Sightings
        Each made time even over its range, but not after it was known nor before the window.

    Raises
    ------
    InputError
        A range lies wholly outside the window, or after the sighting was known.

    Notes
    -----
    *Assumes:* no day of a range is likelier than another.
    *Not for:* ambiguous decades: draw the range first.

    Examples
    --------
    >>> s = Sighting(made_from=2, made_until=4, known_from=9, known_until=9)
    >>> bool(2 <= draw([s], start=0, until=10, rng=np.random.default_rng(1)).made[0] < 4)
    True
    """
    made, known = [], []
    for s in found:
        late = min(s.known_until, until)
        if s.known_from > until:
            raise InputError(f"{s.name or 'a sighting'} became known after the cut", next="Set a later cut")
        d = late if s.known_from >= late else float(rng.uniform(s.known_from, late))
        high = min(s.made_until, d)
        if s.made_from > d:
            raise InputError(f"{s.name or 'a sighting'} is made after it was known", next="Mend one of the two dates")
        if high < start:
            raise InputError(f"{s.name or 'a sighting'} lies before the window", next="Let the window start earlier")
        low = max(s.made_from, start)
        made.append(low if low >= high else float(rng.uniform(low, high)))
        known.append(d)
    return sightings(
        np.maximum(made, np.nextafter(start, np.inf)), start=start, until=until,
        known=np.maximum(known, np.nextafter(start, np.inf)), valid=[s.valid for s in found],
    )  # fmt: skip


def at_ends(found: Sequence[Sighting], *, start: float, until: float, is_late: bool) -> Sightings:
    """Which times make the silence least, or most, surprising?

    Parameters
    ----------
    found : sequence of Sighting, length n ≥ 1
    start, until : float
    is_late : bool
        The newest at the end of its range and all others at their start (p is largest); else the reverse.

    Returns
    -------
    Sightings

    Notes
    -----
    *Assumes:* as `draw`. The late end is always valid, whatever the dates truly are, and weak when ranges are wide.
    *Not for:* a headline.
    """
    tiny = np.nextafter(start, np.inf)
    known = [max(min(s.known_until, until), tiny) for s in found]
    low = [max(s.made_from, tiny) for s in found]
    high = [max(min(s.made_until, d), tiny) for s, d in zip(found, known, strict=True)]
    ends, others = (high, low) if is_late else (low, high)
    newest = int(np.argmax(ends))
    made = [ends[k] if k == newest else others[k] for k in range(len(found))]
    if not is_late:  # no other may be newer than the newest, or the end moves with it
        made = [min(m, ends[newest]) for m in made]
    return sightings(made, start=start, until=until, known=known, valid=[s.valid for s in found])
