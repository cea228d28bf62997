"""Findings of what-is-it for the case and for each module: what may be weighed at all, and what moves nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from taggant.attribution.block_weights import NONE
from taggant.attribution.double_counting import depending_blocks
from taggant.attribution.evidence import Evidence
from taggant.attribution.module_weights import Removal, Weighed, voices_of, without_voice
from taggant.attribution.words import METHOD, UNIT, VERSION, as_ratio, refusal_of, times, titles
from taggant.model.finding import Finding, Reference, StatedValue
from taggant.model.result import Assumption, Changed, Diagnostic, Interval, LeftOut, Refusal, Result

_CHANGES_MOST = 12


def case_finding(counted: Mapping[str, int], evidence: Evidence, *, on: date | None) -> Finding:
    """How many modules could be weighed?

    Parameters
    ----------
    counted : mapping of str to int
        "weighed", "refused", "not stated".
    evidence : Evidence
    on : date or None

    Returns
    -------
    Finding

    Notes
    -----
    *Assumes:* every module with something seen was counted. *Not for:* a weight.

    Examples
    --------
    >>> none = Evidence(rules={}, seen={}, references={}, incidents={})
    >>> case_finding({"weighed": 0, "refused": 0, "not stated": 0}, none, on=None).statement
    'what-is-it.case.refused'
    """
    n = counted["weighed"] + counted["refused"]
    known = {(m, r.item_id) for m, own in evidence.references.items() for r in own}
    seen_items = {i for own in evidence.seen.values() for i in own}
    left = [
        LeftOut("a feature no table of features declares", sum(n for _, _, n in evidence.unruled)),
        LeftOut("a finding of its own: the table item_variant has the weight", counted["not stated"]),
    ]
    values = {
        "n_modules": StatedValue(n, "modules"),
        "n_items": StatedValue(len(seen_items), "items"),
        "n_weighed": StatedValue(counted["weighed"], "modules"),
        "n_refused": StatedValue(counted["refused"], "modules"),
        "n_known": StatedValue(len(known), "modules"),
    }
    if not n:
        why, enough = "no feature of any item is described", "one row of observations.csv"
        return Finding(
            finding_id="what-is-it:case", question="what-is-it", on=on, statement="what-is-it.case.refused",
            values={"why": StatedValue(why), "enough": StatedValue(enough)},
            result=Result(method=METHOD, version=VERSION, n_used=0, refused=Refusal(why, enough)),
        )  # fmt: skip
    result = Result(
        method=METHOD, version=VERSION, n_used=n,
        headline=Interval(
            low=counted["weighed"], high=counted["weighed"], interval="counted", unit=f"of {n} modules weighed by data"
        ),
        left_out=tuple(x for x in left if x.n),
        assumptions=(
            Assumption(
                "What sources say of a producer moves no weight", "ok", "no claim is read by this question"
            ),
        ),
    )  # fmt: skip
    return Finding(
        finding_id="what-is-it:case", question="what-is-it", on=on, statement="what-is-it.case", values=values,
        result=result,
    )  # fmt: skip


def module_finding(
    whole: Weighed, tried: Sequence[Removal], evidence: Evidence, *, on: date | None, seed: int
) -> Finding:
    """What do reference items allow to say of this module, and what moves nothing?

    Parameters
    ----------
    whole : Weighed
    tried : sequence of Removal
    evidence : Evidence
    on : date or None
    seed : int

    Returns
    -------
    Finding

    Notes
    -----
    *Assumes:* as `check_variants`. *Not for:* an item.
    """
    counts, module = whole.counts, whole.module
    references = tuple(Reference("reference_item", f"{r.item_id}|{module}") for r in counts.references)
    tells = [f for b in counts.blocks for f in b.features]
    silent = [f for b in counts.blocks for f in b.dropped]
    sides = {v: len(own) for v, own in counts.incidents_of.items()}
    told = "; ".join(f"{titles(v)}: {n}" for v, n in sides.items())
    values = {
        "module": StatedValue(module),
        "sides": StatedValue(told, None, references),
        "silent": StatedValue(", ".join(silent) or None),
        "tells": StatedValue(", ".join(tells) or None),
    }
    wanted = _wanted_without(evidence, whole)
    if not whole.is_validated:
        why, enough = refusal_of(whole)
        result = Result(
            method=METHOD, version=VERSION, n_used=len(counts.references), refused=Refusal(why, enough), seed=seed,
            sensitivity=wanted,
        )  # fmt: skip
        return Finding(
            finding_id=f"what-is-it:module:{module}", question="what-is-it", on=on,
            statement="what-is-it.module.refused", subject={"module": module}, supports=references,
            values={**values, "why": StatedValue(why), "enough": StatedValue(enough)}, result=result,
        )  # fmt: skip
    checks = [c for v, c in whole.checks.items() if v != NONE and c.high is not None]
    best = max(checks, key=lambda c: c.high or 0)
    diagnostics = [
        Diagnostic(f"Cllr, {titles(c.variant)}", _round(c.cost), f"least possible {_round(c.cost_min)}; 1 is silence")
        for c in whole.checks.values() if c.cost is not None
    ] + [
        Diagnostic(
            f"most and least that may be printed, {titles(c.variant) if c.variant != NONE else 'none of them'}",
            f"{c.low:.2f} to {c.high:.2f}", f"{c.n_own} incidents against {c.n_others}",
        )
        for c in whole.checks.values() if c.low is not None and c.high is not None
    ]  # fmt: skip
    result = Result(
        method=METHOD, version=VERSION, n_used=len(counts.references), seed=seed,
        headline=Interval(
            low=as_ratio(min(c.low for c in checks if c.low is not None)), high=as_ratio(best.high or 0.0),
            interval="the least and the most that validation allows", unit=UNIT,
        ),
        parameters={"alpha": "1/K", "beside": "1", "features that tell apart": tuple(tells),
                    "features that move nothing": tuple(silent)},
        assumptions=module_assumptions(whole),
        diagnostics=tuple(diagnostics),
        sensitivity=(*_bounds_without(tried), *wanted),
    )  # fmt: skip
    return Finding(
        finding_id=f"what-is-it:module:{module}", question="what-is-it", on=on, statement="what-is-it.module",
        values={**values, "most": StatedValue(times(best.high or 0.0)), "most_for": StatedValue(titles(best.variant)),
                "n_own": StatedValue(best.n_own, "incidents"), "n_others": StatedValue(best.n_others, "incidents")},
        subject={"module": module}, supports=references, result=result,
    )  # fmt: skip


def _round(x: float | None) -> float | None:
    return None if x is None else round(x, 3)


def _wanted_without(evidence: Evidence, whole: Weighed) -> tuple[Changed, ...]:
    """Incidents of reference items left a voice at a time: whoever's word it rests on is seen."""
    found = []
    for voice in voices_of(evidence, whole.module):
        left = without_voice(evidence, whole.module, voice).references.get(whole.module, ())
        if len(left) < len(whole.counts.references):
            n = len({r.incident for r in left})
            found.append(Changed(f"incidents of items known otherwise, without what {voice} says", n, n))
    return tuple(found[:_CHANGES_MOST])


def _bounds_without(tried: Sequence[Removal]) -> tuple[Changed, ...]:
    found = []
    for removal in tried:
        if removal.kind == "reference":
            continue
        checks = [c for v, c in removal.weighed.checks.items() if v != NONE and c.low is not None]
        lows, highs = [as_ratio(c.low) for c in checks if c.low is not None], [as_ratio(c.high or 0.0) for c in checks]
        change = f"least and most allowed without {removal.kind} {removal.what}"
        found.append(Changed(change, min(lows, default=None), max(highs, default=None)))
    return tuple(found[:_CHANGES_MOST])


def module_assumptions(whole: Weighed) -> tuple[Assumption, ...]:
    """What does every weight of this module take for granted, and how does that stand?

    Parameters
    ----------
    whole : Weighed

    Returns
    -------
    tuple of Assumption

    Notes
    -----
    *Assumes:* the module has reference items. *Not for:* experts' words.
    """
    counts = whole.counts
    blocks = [b for b in counts.blocks if b.features]
    n = min((c.n_own for v, c in whole.checks.items() if v != NONE), default=0)
    hidden = depending_blocks(counts)
    return (
        Assumption(
            "Blocks do not depend on each other, given the variant",
            "weak" if hidden else ("ok" if len(blocks) < 2 else "untestable"),
            f"{'; '.join(hidden)}: counted twice if they do" if hidden
            else "no dependence shows among reference items; few items show little",
        ),
        Assumption(
            "What was not seen is missing at random; what was destroyed says nothing of the variant", "untestable",
            "absent and erased are levels, destroyed is not",
        ),
        Assumption(
            "Items known otherwise are as the items judged", "untestable" if n >= 30 else "weak",
            f"the fewest incidents of a variant are {n}",
        ),
    )  # fmt: skip
