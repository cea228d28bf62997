"""The step of what-is-it: every item and module weighed, in tables and findings.

Invariant: no claim is read. What sources say of a producer changes no weight; what was seen, and which items are known
otherwise, does.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from taggant.attribution.block_weights import NONE
from taggant.attribution.case_findings import case_finding, module_finding
from taggant.attribution.check_curves import curve_rows
from taggant.attribution.evidence import Evidence, gather_evidence
from taggant.attribution.item_findings import ItemContext, item_finding
from taggant.attribution.module_weights import ExpertView, Weighed, expert_view, removals, weigh_module
from taggant.attribution.words import refusal_of
from taggant.errors import InputError
from taggant.model.derived_tables import DERIVED
from taggant.model.finding import Answer, Finding, Reference
from taggant.model.tables import frame_schema, join_key
from taggant.reference import load_variants

if TYPE_CHECKING:
    from taggant.model.tables import Table

FINDINGS_MOST = 600
"""Items and modules with a finding of their own; the table has all, and the case's finding says how many more."""
_KEY = ("item_id", "module", "feature", "source_id", "locator")


def weigh_variants(
    *, item: Table, examination: Table, observation: Table, feature: Table, reference_item: Table, source: Table,
    as_of: date | None, variant_seed: str,
) -> Answer:  # fmt: skip
    r"""Which variant is each module of each item, built by whom, and how strongly does what was seen say so?

    For block b of features that depend on each other, with K levels declared beforehand and :math:`n_{vx}` of
    :math:`n_v` reference incidents of variant v showing x,

    .. math:: \hat p_v(x) = \frac{n_{vx} + \alpha}{n_v + K\alpha}, \quad
              p_\varnothing(x) = \frac{\sum_v \hat p_v(x) + 1/K}{V + 1}, \quad
              LR_h = \frac{\prod_b p_h(x_b)}{\frac{1}{V}\sum_{g \ne h} \prod_b p_g(x_b)}

    with α = 1/K, and 1 beside it. Each weight is then held to the empirical bounds that reference items, left out one
    incident at a time, allow.

    Parameters
    ----------
    item, examination, observation, feature, reference_item, source : Table
        As declared in `model`.
    as_of : date or None
        The day the answer is for.
    variant_seed : str
        Of the shuffles that decide which features tell variants apart.

    Returns
    -------
    Answer
        Tables `item_variant`, `variant_block`, `variant_check` and `variant_curve`; a finding for the case, one per
        module with reference items, one per item and module with something seen.

    Raises
    ------
    InputError
        The seed is no whole number.

    Notes
    -----
    *Assumes:* blocks are independent given the variant; what is missing is missing at random; incidents are
    independent.
    *Not for:* more than the bounds allow; claims about a producer, which are another question; blame of a maker.

    References
    ----------
    .. [1] Aitken, C., Taroni, F., Bozza, S. (2021). *Statistics and the Evaluation of Evidence for Forensic
       Scientists*, 3rd ed. Wiley.

    Examples
    --------
    >>> from taggant.model.typed_tables import TYPED
    >>> names = ("item", "examination", "observation", "feature", "reference_item", "source")
    >>> tables = {n: pl.DataFrame(schema=frame_schema(TYPED[n])).lazy() for n in names}
    >>> [f.statement for f in weigh_variants(**tables, as_of=None, variant_seed="1").findings]
    ['what-is-it.case.refused']
    """
    try:
        number = int(variant_seed)
    except ValueError as err:
        raise InputError(
            f"variant_seed={variant_seed!r} is no whole number", next="Give for example variant_seed=1"
        ) from err
    items, seen = item.collect().sort("item_id"), observation.collect()
    evidence = gather_evidence(
        item=items, examination=examination.collect(), observation=seen, feature=feature.collect(),
        reference_item=reference_item.collect(), source=source.collect(),
    )  # fmt: skip
    keys: dict[tuple[str, str, str], list[str]] = {}
    for r in seen.iter_rows(named=True):
        keys.setdefault((r["module"], r["item_id"], r["feature"]), []).append(join_key([r[k] for k in _KEY]))
    rows_of_item = {r["item_id"]: r for r in items.iter_rows(named=True)}
    tables: dict[str, list[dict[str, Any]]] = {
        "item_variant": [], "variant_block": [], "variant_check": [], "variant_curve": [],
    }  # fmt: skip
    of_modules: list[Finding] = []
    of_items: list[Finding] = []
    counted = {"weighed": 0, "refused": 0, "not stated": 0}
    for module in sorted(set(evidence.seen) | set(evidence.references)):
        whole = weigh_module(evidence, module, seed=number)
        described = [i for i in whole.counts.items if i in evidence.seen.get(module, {})]
        stated = described[: FINDINGS_MOST - len(of_items)]
        tried = tuple(removals(evidence, whole, seed=number, items=stated))
        tables["variant_check"] += _check_rows(whole)
        tables["variant_curve"] += [row for check in whole.checks.values() for row in curve_rows(module, check)]
        if whole.counts.references:
            of_modules.append(module_finding(whole, tried, evidence, on=as_of, seed=number))
        references = {r.item_id: r for r in evidence.references.get(module, ())}
        for n, item_id in enumerate(whole.counts.items):
            if item_id not in evidence.seen.get(module, {}):
                continue
            expert = expert_view(evidence, module, item_id, rows_of_item[item_id]["designation"])
            tables["item_variant"] += _variant_rows(whole, n, expert, is_reference=item_id in references)
            tables["variant_block"] += _block_rows(whole, n, expert, evidence)
            is_weighed = whole.leader(n) is not None
            counted["weighed" if is_weighed else "refused"] += 1
            if len(of_items) >= FINDINGS_MOST:
                counted["not stated"] += 1
                continue
            context = ItemContext(
                item=rows_of_item[item_id], n=n, expert=expert, reference=references.get(item_id),
                observations=tuple(
                    Reference("observation", key)
                    for f in evidence.seen[module][item_id] for key in keys.get((module, item_id, f), ())
                ),
            )  # fmt: skip
            of_items.append(item_finding(whole, context, tried, evidence, on=as_of, seed=number))
    frames = {name: pl.DataFrame(rows, schema=frame_schema(DERIVED[name])) for name, rows in tables.items()}
    first = case_finding(counted, evidence, on=as_of)
    return Answer(frames, (first, *of_modules, *of_items))


def _check_rows(whole: Weighed) -> list[dict[str, Any]]:
    n_blocks = sum(bool(b.features) for b in whole.counts.blocks)
    return [
        {
            "module": whole.module, "variant": c.variant, "state": "validated" if c.is_validated else "too few",
            "n_incidents": c.n_own, "n_others": c.n_others, "n_missing": c.n_missing, "n_blocks": n_blocks,
            "cllr": c.cost, "cllr_min": c.cost_min, "cllr_flat": c.cost_flat,
            "calibration": None if c.calibration is None else c.calibration.method, "low": c.low, "high": c.high,
            "own_llr10": [f"{x:.3f}" for x in c.own], "others_llr10": [f"{x:.3f}" for x in c.others],
        }
        for c in whole.checks.values()
    ]  # fmt: skip


def _variant_rows(whole: Weighed, n: int, expert: ExpertView, *, is_reference: bool) -> list[dict[str, Any]]:
    library = {v.id: v for v in load_variants()}
    producers = {r.variant: r.producer for r in whole.counts.references if r.producer is not None}
    names = dict.fromkeys([*whole.names, *expert.totals]) if whole.counts.references else dict.fromkeys(expert.totals)
    posterior = whole.posteriors[n]
    moved = sum(bool(moves[n]) for moves in whole.moved.values())
    found = []
    for name in names:
        at = whole.names.index(name) if name in whole.names and whole.counts.references else None
        check = whole.checks.get(name)
        is_weighed = at is not None and whole.leader(n) is not None and not np.isnan(whole.held[n, at])
        held = float(whole.held[n, at]) if is_weighed and at is not None else None
        raw = float(whole.raw[n, at]) if is_weighed and at is not None else None
        word, known = expert.totals.get(name), library.get(name)
        why, enough = (None, None) if is_weighed else refusal_of(whole, name)
        found.append({
            "item_id": whole.counts.items[n], "module": whole.module, "variant": name,
            "state": "weighed" if is_weighed else "refused", "llr10": held,
            "low": check.low if is_weighed and check is not None else None,
            "high": check.high if is_weighed and check is not None else None,
            "posterior": float(posterior[at]) if is_weighed and at is not None else None,
            "uncapped_llr10": raw,
            "is_capped": None if held is None or raw is None else abs(held - raw) > 1e-9,
            "n_blocks": moved, "n_incidents": 0 if check is None else check.n_own,
            "producer": producers.get(name) or (None if known is None else known.producer),
            "producer_country": None if known is None else known.producer_country,
            "expert_llr10": None if word is None else word.middle,
            "expert_low": None if word is None else word.low,
            "expert_high": None if word is None else word.high,
            "is_reference": is_reference, "why": why, "enough": enough,
        })  # fmt: skip
    return found


def _block_rows(whole: Weighed, n: int, expert: ExpertView, evidence: Evidence) -> list[dict[str, Any]]:
    item_id = whole.counts.items[n]
    own = evidence.seen.get(whole.module, {}).get(item_id, {})
    found = []
    for block in whole.counts.blocks:
        features = [f for f in (*block.features, *block.dropped) if f in own]
        if not features:
            continue
        state, why = _block_state(whole, n, block.name, features, evidence)
        words: Mapping[str, Any] = expert.blocks.get(block.name, {})
        names = dict.fromkeys([*(whole.names if whole.counts.references else ()), *words])
        for name in names or {NONE: None}:
            at = whole.names.index(name) if name in whole.names and whole.counts.references else None
            word = words.get(name)
            found.append({
                "item_id": item_id, "module": whole.module, "block": block.name, "variant": name, "state": state,
                "levels": [f"{f}={own[f].level or own[f].state}" for f in features],
                "llr10": float(whole.by_block[block.name][n, at]) if at is not None and state == "moves" else None,
                "llr10_flat": float(whole.by_block_flat[block.name][n, at])
                if at is not None and state == "moves" else None,
                "expert_low": None if word is None else word.low,
                "expert_high": None if word is None else word.high,
                "expert_basis": None if word is None else "; ".join(word.basis),
                "why": why, "source_ids": sorted({s for f in features for s in own[f].sources}),
            })  # fmt: skip
    return found


def _block_state(whole: Weighed, n: int, name: str, features: list[str], evidence: Evidence) -> tuple[str, str | None]:
    own = evidence.seen[whole.module][whole.counts.items[n]]
    states = {own[f].state for f in features}
    if all(own[f].level is None for f in features):
        if "contradictory" in states:
            return "contradictory", "sources saw different levels; none is taken"
        return "nothing seen", "destroyed or unreadable: which level it had is not known"
    if not whole.is_validated:
        return "too few references", "items known otherwise are too few to weigh it"
    block = next(b for b in whole.counts.blocks if b.name == name)
    if not block.features:
        return "does not discriminate", "reference items of the variants do not differ in it beyond chance"
    if not whole.moved[name][n]:
        return "nothing seen", "of the features that tell variants apart nothing was seen"
    return "moves", None
