"""One module weighed: every item under every variant, by data within what validation allows, and by experts' words.

Invariant: the two weights stand side by side and are nowhere added.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from taggant.attribution.block_weights import NONE, ModuleCounts, against_others
from taggant.attribution.checks import VariantCheck, check_variants
from taggant.attribution.evidence import Evidence, Seen
from taggant.attribution.expert import ExpertWeight, expert_blocks, expert_total
from taggant.reference import load_variants
from taggant.statistics.calibration import FEWEST

Floats = NDArray[np.float64]

VOICES_MOST, INCIDENTS_MOST = 40, 60
"""Removals tried; with more, the rest is left out of the sensitivity table and said so."""


@dataclass(frozen=True, kw_only=True)
class Weighed:
    """One module of all its items.

    Attributes
    ----------
    counts : ModuleCounts
    checks : mapping
        Variant → how it did on reference items.
    raw, held : array of float, shape (items, variants + 1)
        log10 weights before and after the bounds; the last column is none of them; NaN where nothing may be printed.
    by_block, by_block_flat : mapping of str to array
        Block → log10 weights of the block alone, prior count 1/K and 1.
    """

    module: str
    counts: ModuleCounts
    checks: Mapping[str, VariantCheck]
    raw: Floats
    raw_flat: Floats
    held: Floats
    by_block: Mapping[str, Floats]
    by_block_flat: Mapping[str, Floats]

    @property
    def names(self) -> tuple[str, ...]:
        """Variants, and none of them."""
        return (*self.counts.variants, NONE)

    @property
    def is_validated(self) -> bool:
        """Whether any variant may be weighed."""
        return any(self.checks[v].is_validated for v in self.counts.variants)

    @cached_property
    def posteriors(self) -> Floats:
        """Belief in each hypothesis, item by item, from equal belief beforehand and weights within the bounds."""
        odds = np.where(np.isnan(self.held), 0.0, 10 ** np.nan_to_num(self.held)) / max(len(self.names) - 1, 1)
        share = odds / (1 + odds)
        whole = share.sum(axis=1, keepdims=True)
        return np.asarray(np.divide(share, whole, out=share.copy(), where=whole > 0), dtype=float)

    @cached_property
    def _leaders(self) -> NDArray[np.int64]:
        """Item by item, the hypothesis believed most; -1: nothing moved, or nothing may be printed."""
        if not self.is_validated:
            return np.full(len(self.counts.items), -1)
        order = np.lexsort((self.raw, np.round(self.posteriors, 9)), axis=-1)
        return np.where((np.abs(self.raw) > 1e-12).any(axis=1), order[:, -1], -1)

    def leader(self, n: int) -> int | None:
        """Which hypothesis is believed most; None when nothing moved, or nothing may be printed."""
        found = int(self._leaders[n])
        return None if found < 0 else found

    @cached_property
    def moved(self) -> Mapping[str, NDArray[np.bool_]]:
        """Block → whether it moves each item's weights at all."""
        return {name: np.asarray((np.abs(logs) > 1e-12).any(axis=1)) for name, logs in self.by_block.items()}


def weigh_module(
    evidence: Evidence,
    module: str,
    *,
    seed: int,
    kept: set[str] | None = None,
    checks: Mapping[str, VariantCheck] | None = None,
) -> Weighed:
    """How strongly does this module of each item speak for each variant?

    Parameters
    ----------
    evidence : Evidence
    module : str
    seed : int
    kept : set of str, optional
        Features that tell variants apart, decided elsewhere.
    checks : mapping, optional
        Bounds, decided elsewhere.

    Returns
    -------
    Weighed

    Notes
    -----
    *Assumes:* blocks are independent given the variant; features seen are seen at random.
    *Not for:* items whose modules were put together from several producers: each module stands for itself.

    Examples
    --------
    >>> weigh_module(Evidence(rules={}, seen={}, references={}, incidents={}), "engine", seed=1).is_validated
    False
    """
    rules, seen = evidence.rules.get(module, {}), evidence.seen.get(module, {})
    references = evidence.references.get(module, ())
    counts = ModuleCounts(seen, rules, references, evidence.incidents, seed=seed, kept=kept)
    checks = check_variants(counts) if checks is None else checks
    shape = (len(counts.items), len(counts.variants) + 1)
    by_alpha = {a: counts.own_left_out(alpha=a) for a in (None, 1.0)}
    raw, flat = (against_others(sum(logs.values(), np.zeros(shape))) for logs in by_alpha.values())
    held = np.full(shape, np.nan)
    for n, name in enumerate((*counts.variants, NONE)):
        if name in checks:
            held[:, n] = checks[name].held(raw[:, n])
    blocks, blocks_flat = ({name: against_others(logs) for name, logs in by_alpha[a].items()} for a in (None, 1.0))
    return Weighed(
        module=module, counts=counts, checks=checks, raw=raw, raw_flat=flat, held=held, by_block=blocks,
        by_block_flat=blocks_flat,
    )  # fmt: skip


def without_voice(evidence: Evidence, module: str, voice: str) -> Evidence:
    """What would be left of this module's evidence without all that goes back to one voice?

    Parameters
    ----------
    evidence : Evidence
    module : str
    voice : str
        A publisher at the end of what its relays repeat.

    Returns
    -------
    Evidence

    Notes
    -----
    *Assumes:* a source repeats what it relays by default. *Not for:* claims: weights rest on none.

    Examples
    --------
    >>> empty = Evidence(rules={}, seen={}, references={}, incidents={})
    >>> without_voice(empty, "engine", "A").seen
    {'engine': {}}
    """
    left: dict[str, dict[str, Seen]] = {}
    for item_id, own in evidence.seen.get(module, {}).items():
        for feature, what in own.items():
            readings = tuple(r for r in what.readings if evidence.voice(r[1]) != voice)
            levels = {level for level, _ in readings}
            if not readings:
                continue
            kept = replace(
                what,
                readings=readings,
                sources=tuple(sorted({s for _, s in readings})),
                level=next(iter(levels)) if len(levels) == 1 else None,
                state="contradictory" if len(levels) > 1 else "absent" if what.state == "absent" else "seen",
            )
            left.setdefault(item_id, {})[feature] = kept
    references = tuple(r for r in evidence.references.get(module, ()) if evidence.voice(r.source_id) != voice)
    return replace(
        evidence, seen={**evidence.seen, module: left}, references={**evidence.references, module: references}
    )


def voices_of(evidence: Evidence, module: str) -> tuple[str, ...]:
    """Whose words does this module rest on, most observations first?

    Parameters
    ----------
    evidence : Evidence
    module : str

    Returns
    -------
    tuple of str

    Notes
    -----
    *Assumes:* as `without_voice`. *Not for:* grading.

    Examples
    --------
    >>> voices_of(Evidence(rules={}, seen={}, references={}, incidents={}), "engine")
    ()
    """
    counts: dict[str, int] = {}
    for own in evidence.seen.get(module, {}).values():
        for what in own.values():
            for _, source_id in what.readings:
                voice = evidence.voice(source_id)
                counts[voice] = counts.get(voice, 0) + 1
    for r in evidence.references.get(module, ()):
        counts.setdefault(evidence.voice(r.source_id), 0)
    return tuple(sorted(counts, key=lambda v: (-counts[v], v)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """One thing taken away: held weights and bounds as they would be, item → (leader, held weight by name)."""

    what: str
    kind: str
    weighed: Weighed


def removals(
    evidence: Evidence, whole: Weighed, *, seed: int, items: Collection[str] | None = None
) -> Iterator[Removal]:
    """What would the weights be without any one feature, any one voice, any one incident of reference items?

    Parameters
    ----------
    evidence : Evidence
    whole : Weighed
    seed : int
    items : collection of str, optional
        Items that are asked about; all when left out. Those known otherwise are always weighed.

    Yields
    ------
    Removal

    Notes
    -----
    *Assumes:* which features tell variants apart was decided on everything.
    *Not for:* two things removed at once.

    Examples
    --------
    >>> empty = Evidence(rules={}, seen={}, references={}, incidents={})
    >>> list(removals(empty, weigh_module(empty, "engine", seed=1), seed=1))
    []
    """
    module = whole.module
    if not whole.counts.references:
        return
    kept = {f for b in whole.counts.blocks for f in b.features}
    voices = voices_of(evidence, module)
    if items is not None:
        wanted = {*items, *(r.item_id for r in whole.counts.references)}
        own = {i: seen for i, seen in evidence.seen.get(module, {}).items() if i in wanted}
        evidence = replace(evidence, seen={**evidence.seen, module: own})
    for feature in sorted(kept):
        yield Removal(
            what=feature, kind="feature", weighed=weigh_module(evidence, module, seed=seed, kept=kept - {feature})
        )
    for voice in voices[:VOICES_MOST] if len(voices) > 1 else ():
        less = without_voice(evidence, module, voice)
        yield Removal(what=voice, kind="source", weighed=weigh_module(less, module, seed=seed, kept=kept))
    incidents = tuple(dict.fromkeys(r.incident for r in whole.counts.references))
    for incident in incidents[:INCIDENTS_MOST]:
        references = tuple(r for r in evidence.references.get(module, ()) if r.incident != incident)
        less = replace(evidence, references={**evidence.references, module: references})
        # The bounds are kept: one incident of many hardly moves them, and finding them again is the slow part.
        bounds = whole.checks if len(incidents) > 2 * FEWEST else None
        weighed = weigh_module(less, module, seed=seed, kept=kept, checks=bounds)
        yield Removal(what=incident, kind="reference", weighed=weighed)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertView:
    """Experts' words on one module of one item: block by block, in all, and the variant they speak for."""

    blocks: Mapping[str, Mapping[str, ExpertWeight]]
    totals: Mapping[str, ExpertWeight]
    leader: str | None


def expert_view(
    evidence: Evidence, module: str, item_id: str, designation: str | None, *, without: str | None = None
) -> ExpertView:
    """What do experts' words make of this module of this item?

    Parameters
    ----------
    evidence : Evidence
    module, item_id : str
    designation : str or None
        What the item is called; experts speak only of variants that go by some such name.
    without : str, optional
        A feature left out.

    Returns
    -------
    ExpertView

    Notes
    -----
    *Assumes:* a name tells the family, not the producer. *Not for:* a validated weight.

    Examples
    --------
    >>> expert_view(Evidence(rules={}, seen={}, references={}, incidents={}), "engine", "x", "uav").leader is None
    True
    """
    called = (designation or "").casefold()
    kinds = {v.kind for v in load_variants() if called in {d.casefold() for d in v.designations}}
    variants = [v.id for v in load_variants() if v.kind in kinds]
    seen = {f: s for f, s in evidence.seen.get(module, {}).get(item_id, {}).items() if f != without}
    blocks = expert_blocks(evidence.rules.get(module, {}), seen, variants)
    totals = {v: w for v in variants if (w := expert_total(blocks, v)) is not None}
    best = sorted(totals.items(), key=lambda pair: -pair[1].middle)
    leads = bool(best) and best[0][1].high > 0 and (len(best) == 1 or best[0][1].middle > best[1][1].middle)
    return ExpertView(blocks=blocks, totals=totals, leader=best[0][0] if leads else None)
