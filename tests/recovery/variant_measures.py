"""Run the methods on invented worlds and count how often they are right; used by the tests and by `make calibrate`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from taggant.attribution.block_weights import ModuleCounts, against_others
from taggant.attribution.checks import check_variants
from taggant.attribution.evidence import FeatureRule, ReferenceItem, Seen
from taggant.statistics.share_change import share_change

from .variant_worlds import ShareWorld, VariantWorld, drawn_levels, drawn_parts, variant_shares


@dataclass(frozen=True, slots=True)
class VariantRates:
    """Shares over all worlds drawn."""

    none_called_none: float
    own_called_own: float
    above_bound: float
    n_blocks: float
    by_world: tuple[tuple[int, float], ...] = ()
    """World by world: blocks that tell variants apart, share of the new variant's items called none."""

    def where(self, fewest: int) -> tuple[int, float, float]:
        """Worlds with at least so many blocks that tell apart: how many, the share called none, its standard error."""
        own = np.array([rate for n, rate in self.by_world if n >= fewest])
        if own.size == 0:
            return 0, float("nan"), float("nan")
        # Ten items of one new variant stand or fall together: the world is the unit.
        error = float(own.std(ddof=1) / np.sqrt(own.size)) if own.size > 1 else float("nan")
        return int(own.size), float(own.mean()), error


def _counts(world: VariantWorld, rng: np.random.Generator, n_new: int) -> tuple[ModuleCounts, np.ndarray]:
    shares = variant_shares(world, world.n_variants + 1, rng)
    levels = (*(f"l{k}" for k in range(world.n_levels)),)
    n_all = world.n_blocks + world.n_common
    rules = {
        f"f{b}": FeatureRule(module="m", feature=f"f{b}", block=f"b{b}", levels=levels, bearing=None, tells_apart=(),
                             stated=(), basis=None)
        for b in range(n_all)
    }  # fmt: skip
    seen: dict[str, dict[str, Seen]] = {}
    references, truth = [], []
    for v in range(world.n_variants + 1):
        n_reference = world.n_references if v < world.n_variants else 0
        drawn = drawn_levels(shares[v], n_reference + n_new, world.share_missing, rng)
        for i, row in enumerate(drawn):
            name = f"v{v}-{i}"
            seen[name] = {
                f"f{b}": Seen(level=levels[x], state="seen", sources=("s",), readings=((levels[x], "s"),))
                for b, x in enumerate(row) if x >= 0
            }  # fmt: skip
            if i < n_reference:
                references.append(
                    ReferenceItem(item_id=name, variant=f"v{v}", producer=None, incident=name, source_id="s")
                )
            else:
                truth.append((name, v))
    incidents = {name: name for name in seen}
    counts = ModuleCounts(seen, rules, references, incidents, seed=1)
    return counts, np.array([[counts.at[n], v] for n, v in truth])


def variant_rates(world: VariantWorld, n_worlds: int, *, n_new: int = 10) -> VariantRates:
    """How often is a new variant called none, and a known one by its name; how often does a bound mislead?"""
    rng = np.random.default_rng(world.seed)
    none: list[bool] = []
    own: list[bool] = []
    by_world: list[tuple[int, float]] = []
    wrong = n_wrong = 0
    for _ in range(n_worlds):
        counts, truth = _counts(world, rng, n_new)
        shape = (len(counts.items), len(counts.variants) + 1)
        weights = against_others(sum(counts.own_left_out().values(), np.zeros(shape)))
        called = weights.argmax(axis=1)
        new = [bool(called[at] == v) for at, v in truth if v == world.n_variants]
        by_world.append((sum(bool(b.features) for b in counts.blocks), float(np.mean(new))))
        checks = check_variants(counts)
        for at, v in truth:
            (none if v == world.n_variants else own).append(called[at] == v)
            for k, variant in enumerate(counts.variants):
                high = checks[variant].high
                if k != v and v < world.n_variants and high is not None and high > 0:
                    n_wrong += 1
                    wrong += bool(weights[at, k] >= high)
    return VariantRates(
        float(np.mean(none)), float(np.mean(own)), wrong / max(n_wrong, 1), float(np.mean([n for n, _ in by_world])),
        tuple(by_world),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ShareRates:
    """Shares over all worlds drawn."""

    false_alarm: float
    false_alarm_independent: float
    power: float
    covers_day: float
    covers_difference: float


def share_rates(world: ShareWorld, n_worlds: int) -> ShareRates:
    """How often is a change said where there is none, found where there is one, and its day inside the interval?"""
    rng = np.random.default_rng(world.seed)
    alarm: list[bool] = []
    naive: list[bool] = []
    power: list[bool] = []
    day: list[bool] = []
    difference: list[bool] = []
    for k in range(n_worlds):
        for is_constant in (True, False):
            _, low, high, own = drawn_parts(world, rng, is_constant=is_constant)
            found = share_change(own.tolist(), [world.n_parts] * own.size, low.tolist(), high.tolist(),
                                 rng=np.random.default_rng(k), n_draws=3)  # fmt: skip
            if is_constant:
                alarm.append(found.log10_bf > 1)
                naive.append(found.log10_bf_independent > 1)
            else:
                power.append(found.log10_bf > 1)
                day.append(found.when(0.025) - 1 <= world.changed_at <= found.when(0.975) + 1)
                difference.append(found.difference[0] <= world.after - world.before <= found.difference[2])
    return ShareRates(*(float(np.mean(x)) for x in (alarm, naive, power, day, difference)))
