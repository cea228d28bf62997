"""The same makers, or the same parts, in two units: how often would chance share as much?

Invariant: what is shared is said with the number of pairs looked at, and one design is not yet one producer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np

FEWEST = 3
"""Fewer shared names than this are not looked at."""
COMMON_SHARE = 0.5
"""A name in more than this share of units says nothing."""
PAIRS_MOST = 200
N_DRAWS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedSet:
    """Two units with the same names in them.

    `p_chance` is the share of draws of a unit as large as the other that share as much with the one; `p_among_all` is
    that times the pairs looked at.
    """

    one: str
    other: str
    shared: tuple[str, ...]
    n_one: int
    n_other: int
    p_chance: float
    p_among_all: float


def shared_sets(units: Mapping[str, Sequence[str]], *, rng: np.random.Generator) -> tuple[SharedSet, ...]:
    r"""Which units share more names than chance would give them?

    .. math:: p = P\Bigl(\sum_{m \in A \cap B^*} \log\tfrac{1}{f_m} \ge \sum_{m \in A \cap B} \log\tfrac{1}{f_m}\Bigr)

    where :math:`B^*` holds as many names as B, drawn without replacement as often as they are listed in the other
    units, and :math:`f_m` is the share of units that list m: sharing a rare name weighs more.

    Parameters
    ----------
    units : mapping of str to sequence of str
        Unit → names of makers or parts.
    rng : numpy.random.Generator

    Returns
    -------
    tuple of SharedSet
        The least likely by chance first; at most 200 pairs are drawn for.

    Notes
    -----
    *Assumes:* names are listed independently of each other: makers that always come together by trade are not.
    *Not for:* naming a producer: one design may be built by several.

    Examples
    --------
    >>> shared_sets({"a": ["X"], "b": ["X"]}, rng=np.random.default_rng(1))
    ()
    """
    sets = {u: frozenset(names) for u, names in units.items() if len(set(names)) >= FEWEST}
    n = len(sets)
    if n < 3:
        return ()
    counts = Counter(m for own in sets.values() for m in own)
    holders: dict[str, list[str]] = {}
    for u in sorted(sets):
        for m in sets[u]:
            holders.setdefault(m, []).append(u)
    shared: Counter[tuple[str, str]] = Counter()
    rare = {m for m, k in counts.items() if 2 <= k <= max(2, COMMON_SHARE * n) and k <= 200}
    for m in rare:
        for i, a in enumerate(holders[m]):
            for b in holders[m][i + 1 :]:
                shared[a, b] += 1
    pairs = [pair for pair, k in shared.items() if k >= FEWEST]
    weight = {m: log(n / k) for m, k in counts.items()}

    def score(a: str, b: str) -> float:
        return sum(weight[m] for m in sets[a] & sets[b])

    pairs.sort(key=lambda p: (-score(*p), p))
    names = sorted(counts)
    where = {m: k for k, m in enumerate(names)}
    found = []
    n_pairs = n * (n - 1) // 2
    for a, b in pairs[:PAIRS_MOST]:
        small, large = (a, b) if len(sets[a]) <= len(sets[b]) else (b, a)
        # How often the others list each name; a name nobody else lists keeps half a unit, so that it can be drawn.
        often = np.array([counts[m] - (m in sets[a]) - (m in sets[b]) for m in names], dtype=float)
        often = np.where(often > 0, often, 0.5)
        mine = np.zeros(len(names))
        for m in sets[large]:
            mine[where[m]] = weight[m]
        keys = rng.exponential(size=(N_DRAWS, len(names))) / often
        size = len(sets[small])
        drawn = np.argpartition(keys, min(size, len(names)) - 1, axis=1)[:, :size]
        chance = mine[drawn].sum(axis=1)
        p = (1 + int((chance >= score(a, b) - 1e-9).sum())) / (N_DRAWS + 1)
        found.append(
            SharedSet(one=a, other=b, shared=tuple(sorted(sets[a] & sets[b])), n_one=len(sets[a]),
                      n_other=len(sets[b]), p_chance=p, p_among_all=min(1.0, p * n_pairs))
        )  # fmt: skip
    found.sort(key=lambda s: (s.p_chance, -len(s.shared), s.one, s.other))
    return tuple(found)
