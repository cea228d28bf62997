"""The step that sets modules of one item side by side: hybrids, stages of a plan, and sets shared by two units.

Invariant: a stage is a hypothesis modules speak to; by whose word a module speaks is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from taggant.attribution.shared_sets import SharedSet, shared_sets
from taggant.attribution.words import titles
from taggant.model.derived_tables import DERIVED
from taggant.model.finding import Answer, Finding, Reference, StatedValue
from taggant.model.result import Assumption, Diagnostic, Interval, Refusal, Result
from taggant.model.tables import frame_schema
from taggant.reference.build_plan_files import MODULES, BuildPlan, load_build_plans

if TYPE_CHECKING:
    from taggant.model.tables import Table

METHOD, VERSION = "modules-side-by-side-v1", "1"
SEED = 20261127
_SPEAKS = 0.3
"""Below twice as likely (log10) a module says nothing."""
_MIXED_FROM = 3.0
"""Several builds must explain the modules so many times better than one before it is said that they may have."""
_SHARED_AT = 0.05
_FINDINGS_MOST = 200


def set_modules_side_by_side(
    *, item: Table, item_variant: Table, reference_item: Table, observation: Table, part_candidate: Table,
    as_of: date | None,
) -> Answer:  # fmt: skip
    """Are an item's modules of one build, which stage of a plan do they fit, and which units share a fingerprint?

    Parameters
    ----------
    item, item_variant, reference_item, observation, part_candidate : Table
        As declared in `model`.
    as_of : date or None
        The day the answer is for.

    Returns
    -------
    Answer
        Tables `build_stage` and `shared_set`; a finding for each hybrid, each item of a planned family with a module
        that speaks, and each pair of units that share more than chance gives.

    Notes
    -----
    *Assumes:* where no weight may be printed, an item known otherwise speaks first, then experts' words, and it is said
    which. *Not for:* what was carried out of a plan; one producer for one design.

    Examples
    --------
    >>> from taggant.model.typed_tables import TYPED
    >>> schemas = [TYPED[n] for n in ("item", "reference_item", "observation")]
    >>> schemas += [DERIVED[n] for n in ("item_variant", "part_candidate")]
    >>> tables = {s.name: pl.DataFrame(schema=frame_schema(s)).lazy() for s in schemas}
    >>> set_modules_side_by_side(**tables, as_of=None).findings
    ()
    """
    items = {r["item_id"]: r for r in item.collect().sort("item_id").iter_rows(named=True)}
    rows: dict[str, dict[str, list[Mapping[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for r in item_variant.collect().iter_rows(named=True):
        rows[r["item_id"]][r["module"]].append(r)
    known = {(r["item_id"], r["module"]): r for r in reference_item.collect().iter_rows(named=True)}
    stages: list[dict[str, Any]] = []
    findings: list[Finding] = []
    for item_id, modules in rows.items():
        if item_id not in items:
            continue
        mixed = _hybrid(items[item_id], modules, on=as_of)
        if mixed is not None:
            findings.append(mixed)
        for plan in load_build_plans():
            called = (items[item_id]["designation"] or "").casefold()
            if called in {d.casefold() for d in plan.designations}:
                own, told = _stages(items[item_id], modules, known, plan, on=as_of)
                stages += own
                findings += told
    shared, pairs = _shared(items, part_candidate.collect(), observation.collect(), on=as_of)
    frames = {
        "build_stage": pl.DataFrame(stages, schema=frame_schema(DERIVED["build_stage"])),
        "shared_set": pl.DataFrame(shared, schema=frame_schema(DERIVED["shared_set"])),
    }
    return Answer(frames, tuple((*findings, *pairs)[:_FINDINGS_MOST]))


def mixed_factor(beliefs: Sequence[Mapping[str, float]]) -> float:
    r"""How much better is it explained that each module has a variant of its own than that one variant made them all?

    .. math:: BF = \frac{1}{V^{M-1} \sum_v \prod_m p_m(v)}

    with :math:`p_m(v)` the belief in variant v from module m alone, within its bounds, from equal belief beforehand.

    Parameters
    ----------
    beliefs : sequence of mapping of str to float
        One a module, each summing to 1 over the same variants.

    Returns
    -------
    float

    Notes
    -----
    *Assumes:* modules are independent given their variants. *Not for:* one module.

    Examples
    --------
    >>> round(mixed_factor([{"A": 0.9, "B": 0.1}, {"A": 0.1, "B": 0.9}]), 2)
    2.78
    """
    variants = sorted(beliefs[0])
    together = sum(float(np.prod([b[v] for b in beliefs])) for v in variants)
    return float(1 / (len(variants) ** (len(beliefs) - 1) * together)) if together > 0 else float("inf")


def _best(belief: Mapping[str, float]) -> str:
    return max(belief, key=lambda v: belief[v])


def _hybrid(
    item: Mapping[str, Any], modules: Mapping[str, Sequence[Mapping[str, Any]]], *, on: date | None
) -> Finding | None:
    """Modules whose weights, within the bounds, are explained much better by several variants than by one."""
    beliefs: dict[str, dict[str, float]] = {}
    for module, own in modules.items():
        told = {r["variant"]: float(r["posterior"]) for r in own if r["state"] == "weighed" and r["variant"] != "none"}
        if len(told) > 1 and sum(told.values()) > 0:
            beliefs[module] = {v: p / sum(told.values()) for v, p in told.items()}
    variants = [frozenset(b) for b in beliefs.values()]
    if len(beliefs) < 2 or len(set(variants)) != 1:
        return None
    factor = mixed_factor(list(beliefs.values()))
    leads = {m: max(b, key=lambda v: b[v]) for m, b in beliefs.items() if max(b.values()) > 1.5 / len(b)}
    if factor < _MIXED_FROM or len(set(leads.values())) < 2:
        return None
    words = "; ".join(
        f"{titles(v)}: {', '.join(sorted(m for m, lead in leads.items() if lead == v))}"
        for v in sorted(set(leads.values()))
    )
    item_id = item["item_id"]
    return Finding(
        finding_id=f"what-is-it:mixed:{item_id}", question="what-is-it", on=on, statement="what-is-it.mixed",
        subject={"item_id": item_id}, supports=(Reference("item", item_id),),
        values={"item": StatedValue(_name(item), None, (Reference("item", item_id),)), "told": StatedValue(words),
                "n_modules": StatedValue(len(leads), "modules"), "factor": StatedValue(f"{factor:.0f}")},
        result=Result(
            method=METHOD, version=VERSION, n_used=len(beliefs),
            headline=Interval(low=round(factor, 1), high=None, interval="several builds against one",
                              unit="times as likely"),
            assumptions=(Assumption("Modules are judged apart", "ok", "no weight of one module enters another"),
                         Assumption("Many items were looked at", "weak",
                                    f"said from {_MIXED_FROM:.0f} times on; among many items some reach it by chance")),
            diagnostics=tuple(Diagnostic(m, round(max(b.values()), 3), f"belief in {titles(_best(b))}")
                              for m, b in sorted(beliefs.items())),
        ),
    )  # fmt: skip


def _country(
    item_id: str, module: str, own: Sequence[Mapping[str, Any]], known: Mapping[tuple[str, str], Mapping[str, Any]]
) -> tuple[str, str] | None:
    """(country, by whose word) that a module speaks for: by data, by reference, by experts' words, in this order."""
    weighed = [r for r in own if r["state"] == "weighed" and (r["llr10"] or 0) >= _SPEAKS]
    best = max(weighed, key=lambda r: r["posterior"] or 0, default=None)
    if best is not None:
        return None if best["producer_country"] is None else (best["producer_country"], "data")
    reference = known.get((item_id, module))
    if reference is not None:
        country = next((r["producer_country"] for r in own if r["variant"] == reference["variant"]), None)
        if country is not None:
            return country, "reference"
    words = [r for r in own if r["expert_llr10"] is not None and r["expert_high"] > 0]
    expert = max(words, key=lambda r: r["expert_llr10"], default=None)
    tied = [r for r in words if expert is not None and r["expert_llr10"] == expert["expert_llr10"]]
    countries = {r["producer_country"] for r in tied}
    if expert is None or expert["expert_llr10"] <= 0 or len(countries) != 1 or None in countries:
        return None
    return str(expert["producer_country"]), "expert"


def _stages(
    item: Mapping[str, Any], modules: Mapping[str, Sequence[Mapping[str, Any]]],
    known: Mapping[tuple[str, str], Mapping[str, Any]], plan: BuildPlan, *, on: date | None,
) -> tuple[list[dict[str, Any]], list[Finding]]:  # fmt: skip
    item_id = item["item_id"]
    spoken = {m: s for m in MODULES if m in modules and (s := _country(item_id, m, modules[m], known)) is not None}
    rows, fits = [], []
    for stage in plan.stages:
        agree = sorted(m for m, (country, _) in spoken.items() if stage.countries[m] == country)
        against = sorted(m for m, (country, _) in spoken.items() if stage.countries[m] != country)
        state = "cannot be told" if not spoken else "against" if against else "fits"
        if state == "fits":
            fits.append(stage)
        rows.append({
            "item_id": item_id, "stage": f"{plan.id}:{stage.id}", "fits": state, "for_modules": agree,
            "against_modules": against, "silent_modules": sorted(set(MODULES) - set(spoken)),
            "basis": ", ".join(f"{m} by {by}" for m, (_, by) in sorted(spoken.items())) or None,
        })  # fmt: skip
    if not spoken:
        return rows, []
    told = "; ".join(f"{m} {country} by {by}" for m, (country, by) in sorted(spoken.items()))
    silent = sorted(set(MODULES) - set(spoken))
    only_words = all(by == "expert" for _, by in spoken.values())
    is_told = len(fits) < len(plan.stages)
    result = Result(
        method=METHOD, version=VERSION, n_used=len(spoken),
        headline=Interval(low=len(fits), high=len(fits), interval="counted", unit=f"of {len(plan.stages)} stages fit")
        if is_told else None,
        refused=None if is_told else Refusal("what speaks fits every stage", "another module that speaks"),
        assumptions=(
            Assumption("The plan is as leaked", "weak", f"{plan.note or plan.meaning} {plan.sources[0].url}"),
            Assumption("Modules speak by validated weights", "weak" if only_words else "ok",
                       told if not only_words else f"experts' words alone, not validated: {told}"),
        ),
    )  # fmt: skip
    finding = Finding(
        finding_id=f"what-is-it:stage:{plan.id}:{item_id}", question="what-is-it", on=on,
        statement="what-is-it.stage" if fits else "what-is-it.stage.none", subject={"item_id": item_id},
        supports=(Reference("item", item_id),),
        values={
            "item": StatedValue(_name(item), None, (Reference("item", item_id),)),
            "plan": StatedValue(plan.title), "told": StatedValue(told),
            "fits": StatedValue("; ".join(f"stage {s.id}, {s.title}" for s in fits) or None),
            "silent": StatedValue(", ".join(silent) or None),
        },
        result=result,
    )  # fmt: skip
    return rows, [finding]


def _shared(
    items: Mapping[str, Mapping[str, Any]], parts: pl.DataFrame, observed: pl.DataFrame, *, on: date | None
) -> tuple[list[dict[str, Any]], list[Finding]]:
    makers: dict[str, list[str]] = defaultdict(list)
    numbers: dict[str, list[str]] = defaultdict(list)
    for r in parts.sort("component_id").iter_rows(named=True):
        if r["item_id"] in items and items[r["item_id"]]["stands_for"] != "several":
            if r["maker"] or r["brand"]:
                makers[r["item_id"]].append(r["maker_id"] or r["maker"] or r["brand"])
            if r["part_number"]:
                numbers[r["item_id"]].append(r["part_number"])
    rows: list[dict[str, Any]] = []
    findings: list[Finding] = []
    for what, units in (("makers", makers), ("parts", numbers)):
        for s in shared_sets(units, rng=np.random.default_rng(SEED)):
            rows.append({
                "item_id": s.one, "other_item_id": s.other, "what": what, "shared": list(s.shared),
                "n_shared": len(s.shared), "n_own": s.n_one, "n_other": s.n_other, "p_chance": s.p_chance,
                "p_among_all": s.p_among_all,
            })  # fmt: skip
            if s.p_among_all <= _SHARED_AT:
                findings.append(_pair(items, s, what, on=on))
    recorded = _recorded(items, observed, on=on)
    return rows + [r for r, _ in recorded], [f for _, f in recorded] + findings


def _pair(items: Mapping[str, Mapping[str, Any]], s: SharedSet, what: str, *, on: date | None) -> Finding:
    return Finding(
        finding_id=f"what-is-it:shared:{what}:{s.one}:{s.other}", question="what-is-it", on=on,
        statement="what-is-it.shared", subject={"item_id": s.one},
        supports=(Reference("item", s.one), Reference("item", s.other)),
        values={
            "item": StatedValue(_name(items[s.one]), None, (Reference("item", s.one),)),
            "other": StatedValue(_name(items[s.other]), None, (Reference("item", s.other),)),
            "what": StatedValue(what), "n_shared": StatedValue(len(s.shared), what),
            "shared": StatedValue(", ".join(s.shared[:8]) + (" …" if len(s.shared) > 8 else "")),
            "chance": StatedValue(f"{s.p_among_all:.2g}"),
        },
        result=Result(
            method="shared-set-v1", version="1", n_used=len(s.shared), seed=SEED,
            headline=Interval(low=s.p_chance, high=s.p_among_all, interval="one pair, and all pairs looked at",
                              unit="chance of sharing as much"),
            assumptions=(
                Assumption("Names are listed independently", "weak", "makers sold together come together"),
                Assumption("One design is one producer", "untestable", "several may build one design"),
            ),
            diagnostics=(
                Diagnostic("listed of the one", s.n_one, what),
                Diagnostic("listed of the other", s.n_other, what),
            ),
        ),
    )  # fmt: skip


def _recorded(
    items: Mapping[str, Mapping[str, Any]], observed: pl.DataFrame, *, on: date | None
) -> list[tuple[dict[str, Any], Finding]]:
    """Sets that a source already names as a level of a feature "…makers": the same level in two units."""
    holders: dict[str, dict[str, str]] = defaultdict(dict)
    every: set[str] = set()
    for r in observed.iter_rows(named=True):
        if r["item_id"] in items and r["feature"].endswith("makers") and r["value"] is not None:
            every.add(r["item_id"])
            if r["value"] not in ("other", "absent", "destroyed"):
                holders[r["value"]].setdefault(r["item_id"], r["feature"])
    found = []
    for level, own in sorted(holders.items()):
        ids = sorted(own)
        for i, a in enumerate(ids):
            for b in ids[i + 1 :]:
                row = {"item_id": a, "other_item_id": b, "what": "makers", "shared": [level], "n_shared": 1,
                       "n_own": None, "n_other": None, "p_chance": None, "p_among_all": None}  # fmt: skip
                why = f"only {len(every)} units have such a set recorded: how common it is, is not known"
                finding = Finding(
                    finding_id=f"what-is-it:shared:set:{a}:{b}", question="what-is-it", on=on,
                    statement="what-is-it.shared.recorded", subject={"item_id": a},
                    supports=(Reference("item", a), Reference("item", b)),
                    values={"item": StatedValue(_name(items[a]), None, (Reference("item", a),)),
                            "other": StatedValue(_name(items[b]), None, (Reference("item", b),)),
                            "level": StatedValue(level), "why": StatedValue(why)},
                    result=Result(method="shared-set-v1", version="1", n_used=len(every),
                                  refused=Refusal(why, "the makers of ten or more units of that sort, listed")),
                )  # fmt: skip
                found.append((row, finding))
    return found


def _name(item: Mapping[str, Any]) -> str:
    name = str(item["designation"] or item["item_id"])
    return (
        f"{name} {item['serial_as_marked']}" if item["serial_as_marked"] is not None else f"{name} ({item['item_id']})"
    )
