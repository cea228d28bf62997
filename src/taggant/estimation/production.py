"""How-many: every line of evidence about how many there are, side by side and never added.

Invariant: a finding speaks of one run, one scope of claims, one count of use or one plan; the finding of the case
repeats the run with the most incidents and adds nothing to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from taggant.errors import UnknownName
from taggant.estimation.block_totals import total_findings
from taggant.estimation.judged_suggestions import judged_serials
from taggant.estimation.line_sources import allowances_of, floors_for_plan, umbrellas_of
from taggant.estimation.plans import Plan, plan_finding
from taggant.estimation.run_restarts import split_runs
from taggant.estimation.serial_blocks import (
    LEFT_OUT,
    Block,
    block_finding,
    block_values,
    blocks_of,
    is_doubtful,
    possible,
)
from taggant.estimation.serials import METHOD, VERSION
from taggant.estimation.stated_numbers import (
    ClaimGroup,
    UseCount,
    claim_groups,
    claims_finding,
    use_counts,
    use_finding,
)
from taggant.model.derived_tables import DERIVED
from taggant.model.finding import Answer, Finding, Reference, StatedValue
from taggant.model.judgements import is_confirmed_only
from taggant.model.result import LeftOut, Refusal, Result
from taggant.model.tables import frame_schema, join_key
from taggant.statistics.serial_runs import PRIORS, STARTS, Prior, Start

if TYPE_CHECKING:
    from taggant.model.tables import Table


def count_production(
    *,
    serial_reading: Table,
    run_restart: Table,
    incident: Table,
    claim: Table,
    claim_root: Table,
    use: Table,
    plan: Table,
    judgement: Table,
    as_of: date | None,
    serial_start: str = "positive",
    serial_prior: str = "1/N",
    confirmed_only: str = "no",
    umbrellas: str = "",
    decoy_share: str = "",
    imports_most: str = "",
    opening_stock: str = "0",
) -> Answer:
    """How many were made, by each run of serials, each scope of claims and each count of use; and was a plan met?

    Parameters
    ----------
    serial_reading, run_restart, incident, claim, claim_root, use, plan, judgement : Table
        As declared in `model`.
    as_of : date or None
        The day the answer is for.
    serial_start, serial_prior : str
        As `start` and `prior` of `production_from_serials`.
    confirmed_only : str
        ``yes`` leaves out serials that no person has confirmed.
    umbrellas, decoy_share, imports_most, opening_stock : str
        As for `weigh_lines`: what launches and parts show of a plan.

    Returns
    -------
    Answer
        Tables `block` and `production`; one finding for the case, then one a run, claim group, count of use and plan.

    Raises
    ------
    UnknownName
        The start or the prior is none of those known.
    InputError
        A serial does not fit the start.

    Notes
    -----
    *Assumes:* see `production_from_serials`, `claim_groups`, `use_counts` and `plan_finding`.
    *Not for:* one number for everything: scopes differ, and the lines are not independent of one another.
    """
    start, prior = _start(serial_start), _prior(serial_prior)
    only, claims = is_confirmed_only(confirmed_only), claim.collect()
    allow, parts = allowances_of(decoy_share, imports_most, opening_stock, "0"), umbrellas_of(umbrellas)
    judgements = judgement.collect()
    readings = judged_serials(serial_reading.collect(), judgements, confirmed_only=only)
    readings = split_runs(readings, run_restart.collect(), judgements)
    blocks = blocks_of(readings, incident.collect(), start=start, prior=prior)
    roots = {str(c): str(r) for c, r in claim_root.select("claim_id", "root").collect().iter_rows()}
    groups, claims_left = claim_groups(claims, roots)
    counts, use_left = use_counts(use.collect())
    plans = [_plan(row) for row in plan.collect().sort("title").iter_rows(named=True)]
    tables: dict[str, object] = {
        "block": pl.DataFrame([b.row() for b in blocks], schema=frame_schema(DERIVED["block"])),
        "production": _production(blocks, groups, counts, plans),
    }
    left = (*_unread(readings, start), *claims_left, *use_left)
    findings = (
        _case_finding(blocks, readings, left, as_of),
        *(block_finding(b, as_of) for b in blocks),
        *total_findings(blocks, as_of),
        *(claims_finding(g, as_of) for g in groups),
        *(use_finding(c, as_of) for c in counts),
        *(
            plan_finding(
                p, blocks, claims, roots, counts, as_of, floors_for_plan(p, parts, blocks, counts, claims, allow)
            )
            for p in plans
        ),
    )
    return Answer(tables, findings)


def _start(name: str) -> Start:
    for start in STARTS:
        if start == name:
            return start
    raise UnknownName("start", name, STARTS, where="parameter serial_start")


def _prior(name: str) -> Prior:
    for prior in PRIORS:
        if prior == name:
            return prior
    raise UnknownName("prior", name, PRIORS, where="parameter serial_prior")


def _plan(row: dict[str, object]) -> Plan:
    until, quantity = row["by_until"], row["quantity"]
    return Plan(
        title=str(row["title"]),
        scope=str(row["scope"]),
        quantity=float(quantity) if isinstance(quantity, int | float) else 0.0,
        by=until - timedelta(days=1) if isinstance(until, date) else None,
        source_id=None if row["source_id"] is None else str(row["source_id"]),
        measure=str(row["measure"] or "total"),
        per=None if row["per"] is None else str(row["per"]),
        since=row["since_from"] if isinstance(row["since_from"], date) else None,
    )


def _unread(readings: pl.DataFrame, start: Start) -> tuple[LeftOut, ...]:
    counts = readings.filter(pl.col("state") == "left out").group_by("why_kind").len().sort("why_kind")
    left = [LeftOut(LEFT_OUT[kind], n) for kind, n in counts.iter_rows()]
    read = readings.filter(pl.col("state") == "read")
    n_below = read.filter(~possible(start)).height
    n_doubtful = read.filter(possible(start) & is_doubtful()).height
    return (
        *left,
        *(LeftOut(LEFT_OUT[kind], n) for kind, n in (("below 1", n_below), ("doubtful", n_doubtful)) if n),
    )


def _case_finding(
    blocks: Sequence[Block], readings: pl.DataFrame, left: tuple[LeftOut, ...], as_of: date | None
) -> Finding:
    answered = [b for b in blocks if b.result.refused is None]
    numbered = readings.filter((pl.col("state") == "read") & ~is_doubtful())["item_id"].to_list()
    counts = {
        "n_items_case": StatedValue(readings.height, "items", _items(readings["item_id"])),
        "n_numbered": StatedValue(len(numbered), "items", _items(numbered)),
        "n_blocks": StatedValue(len(blocks), "blocks"),
        "n_answered": StatedValue(len(answered), "blocks"),
    }
    if not answered:
        why = "no run of serials has three numbers from three incidents"
        enough = "three items of one run with their numbers, from three incidents"
        return Finding(
            finding_id="how-many:case",
            question="how-many",
            on=as_of,
            statement="how-many.case.refused",
            values={**counts, "why": StatedValue(why), "enough": StatedValue(enough)},
            result=Result(method=METHOD, version=VERSION, n_used=0, left_out=left, refused=Refusal(why, enough)),
        )
    best = answered[0]
    return Finding(
        finding_id="how-many:case",
        question="how-many",
        on=as_of,
        statement=best.statement("case"),
        values={**counts, **block_values(best)},
        subject={"block": best.block_id},
        result=replace(best.result, left_out=left),
        supports=tuple(Reference("item", i.item_id) for i in best.items),
    )


def _items(ids: Iterable[str]) -> tuple[Reference, ...]:
    return tuple(Reference("item", i) for i in ids)


def _production(
    blocks: Sequence[Block], groups: Sequence[ClaimGroup], counts: Sequence[UseCount], plans: Sequence[Plan]
) -> pl.DataFrame:
    rows: list[dict[str, object]] = []
    for b in blocks:
        headline = b.result.headline
        rows.append(
            {
                "line": "serials", "scope": b.designation or b.kind, "measure": "total", "unit": "items",
                "until_on": None if b.seen_on is None else b.seen_on + timedelta(days=1), "record_id": b.block_id,
                "low": headline.low if headline else None, "point": headline.point if headline else None,
                "high": headline.high if headline else None,
            }
        )  # fmt: skip
    for g in groups:
        rows.extend(
            {
                "line": "claim", "scope": g.scope, "measure": g.measure, "per": g.per, "unit": g.unit,
                "from_on": c["period_from"], "until_on": c["period_until"], "low": c["quantity_low"],
                "high": c["quantity_high"], "stance": g.stance, "record_id": c["claim_id"], "source_id": c["source_id"],
            }
            for c in g.claims
        )  # fmt: skip
    for count in counts:
        rows.extend(
            {
                "line": "use", "scope": count.designation, "measure": "total", "unit": "items launched",
                "from_on": r["period_from"], "until_on": r["period_until"], "low": r["launched"],
                "record_id": join_key([r["period"], r["designation"], r["source_id"]]), "source_id": count.source_id,
            }
            for r in count.rows
        )  # fmt: skip
    rows.extend(
        {
            "line": "plan", "scope": p.scope, "measure": p.measure, "per": p.per, "unit": "items", "point": p.quantity,
            "from_on": p.since, "until_on": None if p.by is None else p.by + timedelta(days=1), "record_id": p.title,
            "source_id": p.source_id,
        }
        for p in plans
    )  # fmt: skip
    for row in rows:
        row["line_id"] = join_key([str(row["line"]), str(row["record_id"])])
        for end in ("low", "point", "high"):
            value = row.get(end)
            row[end] = float(value) if isinstance(value, int | float) else None
    return pl.DataFrame(rows, schema=frame_schema(DERIVED["production"]))
