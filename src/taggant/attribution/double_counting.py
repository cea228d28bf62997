"""Blocks that go together more than their variant explains: one piece of evidence counted twice."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from taggant.attribution.block_weights import ModuleCounts
from taggant.statistics.dirichlet import mutual_information


@lru_cache(maxsize=64)
def depending_blocks(counts: ModuleCounts) -> tuple[str, ...]:
    """Which blocks go together more than their variant explains, and may be one piece of evidence counted twice?

    Parameters
    ----------
    counts : ModuleCounts

    Returns
    -------
    tuple of str
        "block and block" for each such pair.

    Notes
    -----
    *Assumes:* reference items, one an incident; the variant's part is taken off by shuffling within variants.
    *Not for:* proving independence.

    Examples
    --------
    >>> depending_blocks(ModuleCounts({}, {}, [], {}, seed=1))
    ()
    """
    rng = np.random.default_rng(counts.owner.size)
    blocks = [b for b in counts.blocks if b.features]
    where = np.array([counts.at[r.item_id] for r in counts.references], dtype=np.int64)
    found = []
    for a, one in enumerate(blocks):
        for other in blocks[a + 1 :]:
            x, y = one.index[where], other.index[where]

            def bits(y: np.ndarray, x: np.ndarray = x) -> float:
                """Information within variants, each as often as it has items."""
                total = 0.0
                for v in range(len(counts.variants)):
                    mine = counts.owner == v
                    table = np.zeros((int(x.max()) + 1, int(y.max()) + 1))
                    np.add.at(table, (x[mine], y[mine]), 1)
                    total += mutual_information(table) * mine.sum()
                return total

            def shuffled(y: np.ndarray = y) -> np.ndarray:
                mixed = y.copy()
                for v in range(len(counts.variants)):
                    mine = np.flatnonzero(counts.owner == v)
                    mixed[mine] = y[rng.permutation(mine)]
                return mixed

            chance = [bits(shuffled()) for _ in range(200)]
            if bits(y) > float(np.quantile(chance, 0.99)) + 1e-9:
                found.append(f"{one.name} and {other.name}")
    return tuple(found)
