"""The step that sets contradictions side by side as sets, each with the smallest change that lets all hold.

Invariant: every claim stays; what would reconcile them is a hint for a person, never a correction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from taggant.claims.infeasible_sets import Clash, clashes
from taggant.claims.latent_months import Quantified, readings
from taggant.claims.multipliers import Multiplied, fixed_multipliers
from taggant.model.dates import DateRange
from taggant.model.derived_tables import DERIVED
from taggant.model.finding import Answer, Finding, Reference, StatedValue
from taggant.model.result import Assumption, Diagnostic, Interval, LeftOut, Refusal, Result
from taggant.model.tables import frame_schema

if TYPE_CHECKING:
    from taggant.model.tables import Table

METHOD, VERSION = "infeasible-sets-v1", "1"
_SAID = ("measure", "rounding", "multiplier")
"""Of plans, only sets explained so, or by nothing, are findings: that plans change is no news. The table has all."""


def reconcile_claims(*, claim: Table, claim_root: Table, as_of: date | None) -> Answer:
    """Which claims cannot all hold, in sets as small as they can be, and what would let them?

    Parameters
    ----------
    claim, claim_root : Table
        As declared in `model`.
    as_of : date or None
        The day the answer is for.

    Returns
    -------
    Answer
        Tables `infeasible_set` and `corroboration`; a finding for the whole, then one a set.

    Notes
    -----
    Assumes: what `latent_months.readings` and `infeasible_sets.clashes` assume.
    Not for: which claim is right; pairs by scope and period alone stand in `contradiction`.
    """
    claims = claim.collect().sort("claim_id").to_dicts()
    roots = {r["claim_id"]: r["root"] for r in claim_root.collect().iter_rows(named=True)}
    by_id = {c["claim_id"]: c for c in claims}
    said = readings([_quantified(c) for c in claims], until=as_of)
    rows = [_set_row(c, by_id, roots) for c in clashes(said)]
    rows += [
        _multiplied_row(m, by_id, roots)
        for m in fixed_multipliers([(c["claim_id"], c["statement"]) for c in claims if c["statement"]])
    ]  # fmt: skip
    rows += _stances(claims, roots)
    sets = pl.DataFrame(rows, schema=frame_schema(DERIVED["infeasible_set"]))
    carried = pl.DataFrame(_carried(claims, roots), schema=frame_schema(DERIVED["corroboration"]))
    shown = [
        r for r in rows if r["kind"] != "stance" and (r["world"] != "planned" or r["explained_by"] in (*_SAID, "none"))
    ]
    findings = (
        _whole(rows, claims, len(said), as_of),
        *(_finding(r, by_id, as_of) for r in shown),
    )
    return Answer({"infeasible_set": sets, "corroboration": carried}, findings)


def _quantified(c: Mapping[str, Any]) -> Quantified:
    ends = (c["period_from"], c["period_until"])
    return Quantified(
        claim_id=c["claim_id"], topic=c["topic"], scope=c["scope"], stance=c["stance"], measure=c["measure"],
        per=c["per"], low=c["quantity_low"], high=c["quantity_high"],
        period=None if ends == (None, None) else DateRange(from_on=ends[0], until_on=ends[1]),
        said_from=c["said_from"], said_until=c["said_until"],
    )  # fmt: skip


def _set_row(c: Clash, by_id: Mapping[str, Any], roots: Mapping[str, str]) -> dict[str, Any]:
    best = c.relaxations[0] if c.relaxations else None
    return {
        "set_id": "+".join(c.claim_ids),
        "kind": "quantity",
        "world": c.world,
        "topic": by_id[c.claim_ids[0]]["topic"],
        "scope": c.family,
        "claims": list(c.claim_ids),
        "n_roots": len({roots[n] for n in c.claim_ids}),
        "explained_by": "none" if best is None else best.by,
        "changed_claim_id": None if best is None else best.claim_id,
        "share_let_go": None if best is None else round(best.share, 4),
        "amount": None if best is None or best.amount is None else round(best.amount, 1),
        "also": [f"{r.by}: {r.claim_id} ({r.share:.0%})" for r in c.relaxations[1:]],
        "slack_share": round(c.slack_share, 4),
        "holds_otherwise": c.holds_as_means_and_sums,
    }


def _multiplied_row(m: Multiplied, by_id: Mapping[str, Any], roots: Mapping[str, str]) -> dict[str, Any]:
    return {
        "set_id": "+".join(m.claim_ids), "kind": "multiplier", "world": "other",
        "topic": by_id[m.claim_ids[0]]["topic"],
        "scope": by_id[m.claim_ids[0]]["scope"], "claims": list(m.claim_ids),
        "n_roots": len({roots[n] for n in m.claim_ids}), "explained_by": "multiplier", "changed_claim_id": None,
        "share_let_go": None, "amount": m.ratio, "also": [f"{a:,.0f} / {b:,.0f}" for a, b in m.pairs],
        "slack_share": None, "holds_otherwise": True,
    }  # fmt: skip


def _stances(claims: Sequence[Mapping[str, Any]], roots: Mapping[str, str]) -> list[dict[str, Any]]:
    """One denies what another says: same topic, scope and time, and the same number where both give one."""
    found = []
    denials = [c for c in claims if c["stance"] == "deny"]
    for d in denials:
        for c in claims:
            if c["stance"] not in {"assert", "plan"} or (c["topic"], c["scope"]) != (d["topic"], d["scope"]):
                continue
            if not _time(c).overlaps(_time(d)) or not _same_number(c, d):
                continue
            names = sorted((c["claim_id"], d["claim_id"]))
            found.append({
                "set_id": "+".join(names), "kind": "stance",
                "world": {"production.made": "made", "production.plan": "planned"}.get(c["topic"], "other"),
                "topic": c["topic"], "scope": c["scope"], "claims": names, "n_roots": len({roots[n] for n in names}),
                "explained_by": "stance", "changed_claim_id": None, "share_let_go": None, "amount": None, "also": [],
                "slack_share": None, "holds_otherwise": False,
            })  # fmt: skip
    return found


def _time(c: Mapping[str, Any]) -> DateRange:
    if (c["period_from"], c["period_until"]) == (None, None):
        return DateRange(from_on=None, until_on=c["said_until"])
    return DateRange(from_on=c["period_from"], until_on=c["period_until"])


def _same_number(c: Mapping[str, Any], d: Mapping[str, Any]) -> bool:
    ends = [(x["quantity_low"], x["quantity_high"]) for x in (c, d)]
    if any(e == (None, None) for e in ends):
        return True
    (a, b), (x, y) = ends
    inf = float("inf")
    return (
        bool((a or 0) <= (inf if y is None else y) and (x or 0) <= (inf if b is None else b)) and c["per"] == d["per"]
    )


def _carried(claims: Sequence[Mapping[str, Any]], roots: Mapping[str, str]) -> list[dict[str, Any]]:
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for c in claims:
        if c["topic"] is not None:
            groups.setdefault((c["topic"], c["scope"] or ""), []).append(c)
    rows = []
    for (topic, scope), group in sorted(groups.items()):
        saying = {roots[c["claim_id"]] for c in group if c["stance"] != "deny"}
        for root in sorted({roots[c["claim_id"]] for c in group}):
            mine = [c for c in group if roots[c["claim_id"]] == root]
            left = saying - {root}
            rows.append({
                "topic": topic, "scope": scope, "root": root, "n_claims": len(mine),
                "n_carriers": len({c["source_id"] for c in mine}),
                "n_denials": sum(c["stance"] == "deny" for c in mine), "n_roots_left": len(left),
                "n_claims_left": sum(roots[c["claim_id"]] in left and c["stance"] != "deny" for c in group),
                "is_only_root": saying == {root},
            })  # fmt: skip
    return rows


def _refs(names: Sequence[str]) -> tuple[Reference, ...]:
    return tuple(Reference("claim", n) for n in names)


_ASSUMES = (
    Assumption("A source that names a family means its main type", "weak", "letting go of it is the change `scope`"),
    Assumption("A rate holds in each month of its time", "weak", "letting go of it is the change `period`"),
    Assumption(
        "A rate without a period holds in the month it was said and one on each side", "weak", "sources seldom say more"
    ),
)


def _whole(
    rows: Sequence[Mapping[str, Any]], claims: Sequence[Mapping[str, Any]], n_used: int, on: date | None
) -> Finding:
    base: dict[str, Any] = {"finding_id": "who-said-what:sets", "question": "who-said-what", "on": on}
    if n_used == 0:
        why, enough = "no claim gives a number of things made or planned", "two such claims"
        values = {"why": StatedValue(why), "enough": StatedValue(enough)}
        refused = Result(method=METHOD, version=VERSION, n_used=0, refused=Refusal(why, enough))
        return Finding(**base, statement="who-said-what.sets.refused", values=values, result=refused)
    some = [r for r in rows if r["kind"] == "quantity"]
    n_larger = sum(len(r["claims"]) > 2 for r in some)
    n_one_root = sum(r["n_roots"] == 1 for r in some)
    names = sorted({n for r in some for n in r["claims"]})
    n_none = sum(r["explained_by"] == "none" for r in some)
    result = Result(
        method=METHOD, version=VERSION, n_used=n_used,
        headline=Interval(low=len(some), point=len(some), point_is="sets found", high=None, interval="at least",
                          unit="sets"),
        left_out=(LeftOut("says nothing of a number made or planned in a time", len(claims) - n_used),),
        assumptions=_ASSUMES,
        diagnostics=(
            Diagnostic("sets of more than two", n_larger, "found from each claim in turn; there may be more"),
            Diagnostic("sets within one root", n_one_root, "one voice that does not agree with itself"),
        ),
    )  # fmt: skip
    values = {
        "n_sets": StatedValue(len(some), "sets", _refs(names)),
        "n_claims": StatedValue(n_used, "claims"),
        "n_none": StatedValue(n_none, "sets"),
    }
    return Finding(**base, statement="who-said-what.sets", values=values, result=result, contradicts=_refs(names))


def _finding(r: Mapping[str, Any], by_id: Mapping[str, Any], on: date | None) -> Finding:
    names = list(r["claims"])
    key = "many" if len(names) > 2 else "pair"
    first, second = (_words(by_id[n]) for n in names[:2])
    amount = r["amount"]
    if amount is not None and float(amount).is_integer():
        amount = int(amount)
    values = {
        "first": StatedValue(first, None, _refs(names[:1])),
        "second": StatedValue(second, None, _refs(names[1:2])),
        "n": StatedValue(len(names), "claims", _refs(names)),
        "n_others": StatedValue(len(names) - 2, "claims", _refs(names[2:])),
        "scope": StatedValue(r["scope"]),
        "amount": StatedValue(amount),
        "share": StatedValue(r["share_let_go"]),
        "by_first": StatedValue(_who(by_id[names[0]])),
        "by_second": StatedValue(_who(by_id[names[1]])),
    }
    share = r["slack_share"]
    low = 0.0 if share is None else share
    return Finding(
        finding_id=f"who-said-what:set:{r['set_id']}", question="who-said-what", on=on,
        statement=f"who-said-what.set.{key}.{r['explained_by']}", values=values,
        result=Result(
            method=METHOD, version=VERSION, n_used=len(names),
            headline=Interval(low=low, point=low, point_is="least share every number must give way", high=None,
                              interval="at least", unit="share"),
            assumptions=_ASSUMES,
            diagnostics=tuple(Diagnostic("another single change", x, "would let all hold too") for x in r["also"]),
        ),
        n_roots=r["n_roots"], supports=_refs(names[:1]), contradicts=_refs(names[1:]),
    )  # fmt: skip


def _who(c: Mapping[str, Any]) -> str:
    said = (c["said"] or "").removesuffix("~").removesuffix("?")
    who = c["speaker"] or c["source_id"]
    return f"{who}, {said}" if said else str(who)


def _words(c: Mapping[str, Any]) -> str:
    low, high = c["quantity_low"], c["quantity_high"]
    number = " to ".join(dict.fromkeys(f"{n:,.0f}" for n in (low, high) if n is not None))
    if high is None:
        number = f"at least {number}"
    elif low is None:
        number = f"at most {number}"
    unit = c["unit"] or "items"
    words = f"{number} {unit}"
    if c["per"]:
        words += f" a {c['per']}"
    elif c["measure"] == "total":
        words += " in total"
    return f"{words} ({c['scope']})" if c["scope"] else words
