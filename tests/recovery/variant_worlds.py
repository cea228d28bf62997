"""Invented worlds for attribution and composition: three difficulties each, fixed before any method was run on them.

Invariant: nothing here is chosen after a result was seen; a world that turns out too hard stays, and its number is
printed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantWorld:
    """Variants told apart by blocks of levels; a novel one is drawn from the same law.

    `concentration` is that of the Dirichlet each variant's level shares are drawn from: small means clear-cut.
    `n_common` blocks are the same for every variant.
    """

    name: str
    n_variants: int
    n_blocks: int
    n_levels: int
    n_common: int
    n_references: int
    concentration: float
    share_missing: float
    seed: int


VARIANT_WORLDS = (
    VariantWorld(name="easy", n_variants=3, n_blocks=20, n_levels=4, n_common=0, n_references=16, concentration=0.3,
                 share_missing=0.0, seed=20261101),
    VariantWorld(name="middling", n_variants=3, n_blocks=10, n_levels=4, n_common=10, n_references=8,
                 concentration=0.3, share_missing=0.1, seed=20261102),
    VariantWorld(name="hard", n_variants=3, n_blocks=5, n_levels=2, n_common=10, n_references=8, concentration=0.5,
                 share_missing=0.3, seed=20261103),
)  # fmt: skip


OPEN_SET_WORLDS = tuple(
    VariantWorld(name=f"{n_blocks} of {n_levels} levels, {n_common} common", n_variants=3, n_blocks=n_blocks,
                 n_levels=n_levels, n_common=n_common, n_references=8, concentration=0.3, share_missing=0.0,
                 seed=20261130 + 100 * n_blocks + 10 * n_levels + n_common)
    for n_blocks in (5, 10, 15, 20) for n_levels in (2, 4) for n_common in (0, 10)
)  # fmt: skip
"""How often a new variant is called none, by blocks that differ, their levels, and blocks that do not differ (methods,
corrected, table B7: eight references a variant)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareWorld:
    """Incidents with a share of parts that changes once, or never; dated by codes of a certain width.

    `rho` is the correlation of two parts of one incident.
    """

    name: str
    n_incidents: int
    n_parts: int
    before: float
    after: float
    changed_at: float
    rho: float
    months: float
    code_months: float
    seed: int


SHARE_WORLDS = (
    ShareWorld(name="easy", n_incidents=24, n_parts=20, before=0.3, after=0.6, changed_at=24.0, rho=0.05, months=48.0,
               code_months=1.0, seed=20261111),
    ShareWorld(name="middling", n_incidents=24, n_parts=20, before=0.3, after=0.6, changed_at=24.0, rho=0.15,
               months=48.0, code_months=3.0, seed=20261112),
    ShareWorld(name="hard", n_incidents=12, n_parts=10, before=0.3, after=0.6, changed_at=24.0, rho=0.15, months=48.0,
               code_months=12.0, seed=20261113),
)  # fmt: skip

SIZE_WORLDS = tuple(
    ShareWorld(name=f"{n} × {parts}, ρ {rho}", n_incidents=n, n_parts=parts, before=0.3, after=0.6,
               changed_at=24.0, rho=rho, months=48.0, code_months=1.0, seed=20261140 + 100 * n + int(100 * rho))
    for n, parts in ((12, 20), (24, 20), (40, 10)) for rho in (0.0, 0.05, 0.15, 0.3)
)  # fmt: skip
"""False alarms and power by number of incidents and correlation (methods, corrected, correction 18)."""
YEAR_WORLD = ShareWorld(name="24 × 20, codes of a year", n_incidents=24, n_parts=20, before=0.3, after=0.6,
                        changed_at=24.0, rho=0.05, months=48.0, code_months=12.0, seed=20261150)  # fmt: skip
"""The day of change when every date is known to the year only (correction 19)."""


def variant_shares(world: VariantWorld, n: int, rng: np.random.Generator) -> np.ndarray:
    """Give level shares, shape (n, blocks, levels): the first `n_blocks` differ by variant, the others do not."""
    alpha = np.full(world.n_levels, world.concentration)
    own = rng.dirichlet(alpha, size=(n, world.n_blocks))
    common = rng.dirichlet(alpha, size=(1, world.n_common)).repeat(n, axis=0)
    return np.concatenate([own, common], axis=1)


def drawn_levels(shares: np.ndarray, n: int, missing: float, rng: np.random.Generator) -> np.ndarray:
    """Draw n items of one variant, shape (n, blocks); -1 where nothing was seen, at random."""
    blocks, levels = shares.shape
    found = np.stack([rng.choice(levels, size=n, p=shares[b]) for b in range(blocks)], axis=1)
    return np.where(rng.random(found.shape) < missing, -1, found)


def drawn_parts(world: ShareWorld, rng: np.random.Generator, *, is_constant: bool) -> tuple[np.ndarray, ...]:
    """Draw incidents: true made dates (months), first and last month a code allows, parts of the group."""
    made = np.sort(rng.uniform(0, world.months, world.n_incidents))
    share = np.full(made.shape, world.before)
    if not is_constant:
        share = np.where(made < world.changed_at, world.before, world.after)
    if world.rho > 0:
        m = 1 / world.rho - 1
        share = rng.beta(share * m, (1 - share) * m)
    own = rng.binomial(world.n_parts, share)
    low = np.floor(made / world.code_months) * world.code_months
    return made, low, low + world.code_months, own
