"""Which finds came to us as one? Packs of neighbouring numbers count once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from taggant.errors import InputError


def one_of_each_pack(
    numbers: Sequence[int],
    *,
    events: Sequence[object] | None = None,
    known: Sequence[float] | None = None,
    pack: int = 12,
    within: float = 31.0,
    seed: int = 20261127,
) -> list[int]:
    """Which numbers are kept when those handed out and found together count once?

    Two numbers are of one pack when they are fewer than `pack` apart and became known together: in one event, or within
    `within` of each other. Packs chain. One number of each, drawn at random, is kept.

    Parameters
    ----------
    numbers : sequence of int, length k ≥ 0
    events : sequence of hashable, length k, optional
        What each came from; None in it, or no list: not known.
    known : sequence of float, length k, optional
        When each became known; NaN: not known.
    pack : int
        The most numbers handed out together.
    within : float
        In the unit of `known` (days).
    seed : int
        The draw depends on it and on the numbers only.

    Returns
    -------
    list of int
        Places in `numbers`, in order of the numbers.

    Raises
    ------
    InputError
        Lengths differ, or a pack of less than 1.

    Notes
    -----
    *Assumes:* numbers found together and so close were handed out together; the largest of a pack kept always would
    bias the run upwards.
    *Not for:* events of which distant numbers are found: the count of events holds for them (`n_independent`).

    Examples
    --------
    >>> len(one_of_each_pack([101, 102, 104, 340], events=["a", "a", "a", "a"]))
    2
    """
    k = len(numbers)
    if (events is not None and len(events) != k) or (known is not None and len(known) != k):
        raise InputError("numbers, events and days differ in length", next="Give one of each")
    if pack < 1:
        raise InputError(f"a pack of {pack} holds nothing", next="Give 1 or more")
    order = sorted(range(k), key=lambda i: (numbers[i], i))
    group = list(range(k))
    for at, i in enumerate(order):
        for j in reversed(order[:at]):
            if numbers[i] - numbers[j] >= pack:
                break
            if _together(i, j, events, known, within):
                group[i] = group[j]
                break
    packs: dict[int, list[int]] = {}
    for i in order:
        packs.setdefault(group[i], []).append(i)
    rng = np.random.default_rng([seed, *(abs(int(numbers[i])) % 2**31 for i in order)])
    kept = [some[int(rng.integers(len(some)))] for some in packs.values()]
    return sorted(kept, key=lambda i: (numbers[i], i))


def _together(i: int, j: int, events: Sequence[object] | None, known: Sequence[float] | None, within: float) -> bool:
    if events is not None and events[i] is not None and events[i] == events[j]:
        return True
    if known is None:
        return False
    return bool(abs(known[i] - known[j]) <= within)
