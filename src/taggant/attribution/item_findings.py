"""Findings of what-is-it for each module of each item.

Invariant: a weight is said with the bound that holds it, and with what speaks against it on the same footing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from taggant.attribution.block_weights import NONE
from taggant.attribution.case_findings import module_assumptions
from taggant.attribution.evidence import Evidence, ReferenceItem
from taggant.attribution.expert import METHOD as EXPERT_METHOD
from taggant.attribution.expert import VERSION as EXPERT_VERSION
from taggant.attribution.module_weights import ExpertView, Removal, Weighed, expert_view
from taggant.attribution.words import METHOD, UNIT, VERSION, as_ratio, in_words, refusal_of, times, titles
from taggant.model.finding import Finding, Reference, StatedValue
from taggant.model.result import (
    Assumption,
    Beside,
    Changed,
    Diagnostic,
    Interval,
    Refusal,
    Result,
    Weight,
)

HARDLY = 0.3
"""Below twice as likely (log10) nothing is said to speak for anything."""
_MOVES = 0.05
_CHANGES_MOST = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemContext:
    """One module of one item: its row, its place among the weighed, experts' words, and what was seen of it."""

    item: Mapping[str, object]
    n: int
    expert: ExpertView
    reference: ReferenceItem | None
    observations: tuple[Reference, ...]


def item_finding(
    whole: Weighed, context: ItemContext, tried: Sequence[Removal], evidence: Evidence, *, on: date | None, seed: int
) -> Finding:
    """What does this module of this item speak for, how strongly, and what speaks against it?

    Parameters
    ----------
    whole : Weighed
    context : ItemContext
    tried : sequence of Removal
    evidence : Evidence
    on : date or None
    seed : int

    Returns
    -------
    Finding

    Notes
    -----
    *Assumes:* as `weigh_variants`. *Not for:* the whole item: modules may come from several producers.
    """
    n, expert = context.n, context.expert
    item_id, module = whole.counts.items[n], whole.module
    leader = whole.leader(n)
    best = None if expert.leader is None else expert.totals[expert.leader]
    known = context.reference
    own = evidence.seen[module][item_id]
    values: dict[str, StatedValue] = {
        "item": StatedValue(_name(context.item), None, (Reference("item", item_id),)),
        "module": StatedValue(module),
        "expert": StatedValue(titles(expert.leader)),
        "expert_low": StatedValue(None if best is None else times(max(best.low, 0.0))),
        "expert_high": StatedValue(None if best is None else times(best.high)),
        "known_as": StatedValue(None if known is None else titles(known.variant), None, ()
                                if known is None else (Reference("reference_item", f"{item_id}|{module}"),)),
        "contradictory": StatedValue(", ".join(f for f, s in own.items() if s.state == "contradictory") or None),
    }  # fmt: skip
    beside = () if best is None else (
        Beside(f"{EXPERT_METHOD}: {expert.leader} (expert, not validated)", EXPERT_VERSION, round(best.middle, 3),
               round(best.low, 3), round(best.high, 3)),
    )  # fmt: skip
    common = {"finding_id": f"what-is-it:{item_id}:{module}", "question": "what-is-it", "on": on,
              "subject": {"item_id": item_id, "module": module}}  # fmt: skip
    diagnostics = tuple(
        Diagnostic(f"{f}", what.level or what.state, _reading(whole, f, what.state, is_unknown=what.is_unknown_level))
        for f, what in own.items()
    )
    expert_rows = _expert_without(evidence, module, item_id, context)
    if leader is None:
        why, enough = refusal_of(whole)
        return Finding(
            **common,  # type: ignore[arg-type]
            statement="what-is-it.item.refused",
            values={**values, "why": StatedValue(why), "enough": StatedValue(enough)},
            supports=context.observations,
            result=Result(
                method=METHOD, version=VERSION, n_used=len(own), refused=Refusal(why, enough), beside=beside, seed=seed,
                assumptions=_expert_assumption(expert), diagnostics=diagnostics, sensitivity=expert_rows,
            ),
        )  # fmt: skip
    names, posterior = whole.names, whole.posteriors[n]
    held, raw = float(whole.held[n, leader]), float(whole.raw[n, leader])
    check = whole.checks[names[leader]]
    flat = float(check.held(np.array([whole.raw_flat[n, leader]]))[0])
    weights = {
        v: (Weight(llr10=round(float(whole.held[n, h]), 4), low=round(c.low, 4), high=round(c.high, 4)),
            round(float(posterior[h]), 4))
        for h, v in enumerate(names)
        if (c := whole.checks[v]).low is not None and c.high is not None
    }  # fmt: skip
    is_capped = abs(held - raw) > 1e-9 and check.calibration is not None and check.calibration.method == "raw"
    if held < HARDLY:
        key = "what-is-it.item.undecided"
    else:
        key = "what-is-it.item" if names[leader] != NONE else "what-is-it.item.none"
    against = {
        b for b, logs in whole.by_block.items() if logs[n, leader] < -1e-12
    }  # fmt: skip
    speaks_against = {f for f in own if whole.counts.rules[f].block in against}
    values |= {
        "variant": StatedValue(titles(names[leader])),
        "times": StatedValue(times(held)),
        "word": StatedValue(in_words(held)),
        "most": StatedValue(times(check.high or 0.0)),
        "capped": StatedValue("as much as validation allows" if is_capped else None),
        "against": StatedValue(", ".join(sorted(speaks_against)) or None),
        "n_own": StatedValue(check.n_own, "incidents"),
        "n_others": StatedValue(check.n_others, "incidents"),
        "posterior": StatedValue(f"{100 * posterior[leader]:.0f}"),
        "n_hypotheses": StatedValue(len(names), "hypotheses"),
    }
    supports = tuple(r for r in context.observations if r.id.split("|")[2] not in speaks_against)
    return Finding(
        **common,  # type: ignore[arg-type]
        statement=key, values=values, weights=weights, supports=supports,
        contradicts=tuple(r for r in context.observations if r not in supports),
        result=Result(
            method=METHOD, version=VERSION, n_used=len(own), seed=seed, beside=beside,
            headline=Interval(
                low=as_ratio(min(held, flat)), point=as_ratio(held), point_is="prior count 1/K",
                high=as_ratio(max(held, flat)), interval="over prior counts, within what validation allows", unit=UNIT,
            ),
            parameters={"variant": names[leader], "prior": f"1/{len(names)} each, none of them included",
                        "alpha": "1/K; 1 beside", "bound low": f"{check.low:.3f}", "bound high": f"{check.high:.3f}",
                        "before the bounds, not to be quoted": f"{raw:.3f}"},
            assumptions=(*module_assumptions(whole), *_expert_assumption(expert)),
            diagnostics=diagnostics,
            sensitivity=(*_without(whole, item_id, leader, tried), *expert_rows),
        ),
    )  # fmt: skip


def _reading(whole: Weighed, feature: str, state: str, *, is_unknown: bool) -> str:
    if state in ("destroyed", "contradictory"):
        return "moves nothing: " + ("destroyed or unreadable" if state == "destroyed" else "sources contradict")
    if is_unknown:
        return "a level never seen before, counted as other"
    block = next((b for b in whole.counts.blocks if feature in (*b.features, *b.dropped)), None)
    if block is None or feature in block.dropped:
        return (
            "moves nothing: variants do not differ in it" if whole.is_validated else "not weighed: too few references"
        )
    return f"block {block.name}"


def _expert_assumption(expert: ExpertView) -> tuple[Assumption, ...]:
    if expert.leader is None:
        return ()
    return (
        Assumption(
            "The expert weight is not validated and is not part of the weight", "untestable",
            "words as stated, their numbers a choice (reference/bearing_weights.toml): "
            + "; ".join(expert.totals[expert.leader].basis),
        ),
    )  # fmt: skip


def _without(whole: Weighed, item_id: str, leader: int, tried: Sequence[Removal]) -> tuple[Changed, ...]:
    """The leader's weight with one thing removed, what moves it most first; a change of leader is said."""
    name, held = whole.names[leader], float(whole.held[whole.counts.at[item_id], leader])
    rows: list[tuple[float, Changed]] = []
    for removal in tried:
        less, label = removal.weighed, f"without {removal.kind} {removal.what}"
        at = less.counts.at.get(item_id)
        new = None if at is None else less.leader(at)
        if at is None or new is None or name not in less.names:
            rows.append((9.0, Changed(f"{label}: no weight", None, None)))
            continue
        value = float(less.held[at, less.names.index(name)])
        value_or_none = None if np.isnan(value) else as_ratio(value)
        flips = less.names[new] != name
        words = f"{label}: speaks for {titles(less.names[new])} instead" if flips else label
        size = 5.0 if flips or value_or_none is None else abs(value - held)
        rows.append((size, Changed(words, value_or_none, value_or_none)))
    rows.sort(key=lambda r: -r[0])
    moving = [change for size, change in rows if size >= _MOVES]
    still = len(rows) - len(moving)
    shown = moving[:_CHANGES_MOST]
    if len(moving) > len(shown):
        rest = [c.low for c in moving[_CHANGES_MOST:] if isinstance(c.low, float)]
        shown.append(
            Changed(f"{len(moving) - len(shown)} other removals", min(rest, default=None), max(rest, default=None))
        )
    if still:
        shown.append(
            Changed(f"each of {still} other removals (less than {_MOVES} of change)", round(held, 3), round(held, 3))
        )
    return tuple(shown)


def _expert_without(evidence: Evidence, module: str, item_id: str, context: ItemContext) -> tuple[Changed, ...]:
    """What experts' words come to without any one feature, where that changes them."""
    expert = context.expert
    if expert.leader is None:
        return ()
    found = []
    whole = expert.totals[expert.leader]
    for feature in evidence.seen[module][item_id]:
        less = expert_view(evidence, module, item_id, _called(context.item), without=feature)
        left = less.totals.get(expert.leader)
        low, high = (0.0, 0.0) if left is None else (left.low, left.high)
        if (low, high) != (whole.low, whole.high):
            ending = "" if less.leader == expert.leader else f": then for {titles(less.leader) or 'nobody'}"
            found.append(Changed(f"expert weight (times) without {feature}{ending}", as_ratio(low), as_ratio(high)))
    return tuple(found)


def _called(item: Mapping[str, object]) -> str | None:
    return None if item["designation"] is None else str(item["designation"])


def _name(item: Mapping[str, object]) -> str:
    serial = item["serial_as_marked"]
    name = str(item["designation"] or item["item_id"])
    return f"{name} {serial}" if serial is not None else f"{name} ({item['item_id']})"
