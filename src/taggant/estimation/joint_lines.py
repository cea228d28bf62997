"""Lines of evidence about how many, set side by side for each scope: one pooled number, or how far they disagree.

Invariant: a number for all lines together is given only where they overlap; where they do not, each stands, with what
would reconcile them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from taggant.estimation.judged_suggestions import judged_serials
from taggant.estimation.line_clashes import Clash, clashes_of
from taggant.estimation.line_sources import (
    allowances_of,
    day_of,
    denials_of,
    lines_of,
    parts_of,
    planned,
    scopes_of,
    umbrellas_of,
)
from taggant.estimation.lines import Allowances, EvidenceLine
from taggant.estimation.run_restarts import split_runs
from taggant.estimation.serial_blocks import blocks_of
from taggant.estimation.stated_numbers import use_counts
from taggant.model.derived_tables import DERIVED
from taggant.model.finding import Answer, Finding, Reference, StatedValue
from taggant.model.judgements import is_confirmed_only
from taggant.model.result import Assumption, Beside, Changed, Diagnostic, Interval, LeftOut, Refusal, Result
from taggant.model.tables import frame_schema
from taggant.statistics.pooling import Array, linear_pool, one_sided_limits
from taggant.statistics.serial_runs import Prior, Start

if TYPE_CHECKING:
    from taggant.model.tables import Table

METHOD, VERSION = "lines-side-by-side-v1", "1"
LEVEL = 0.95
_QUANTILES = (0.025, 0.25, 0.5, 0.75, 0.975)


def weigh_lines(
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
    umbrellas: str = "",
    decoy_share: str = "",
    imports_most: str = "",
    opening_stock: str = "0",
    claim_error: str = "0.25",
    serial_start: str = "positive",
    serial_prior: str = "1/N",
    confirmed_only: str = "no",
) -> Answer:
    r"""How many had been made of each scope, by serials, use and claims side by side, and do they agree?

    .. math:: p(N) = \tfrac{1}{L} \sum_l p_l(N)

    over the lines with both ends, if their 95% intervals overlap and no line's *at least* lies above another's *at
    most*.

    Parameters
    ----------
    serial_reading, run_restart, incident, claim, claim_root, use, plan, judgement : Table
        As declared in `model`.
    as_of : date or None
        The day the answer is for.
    umbrellas : str
        ``WHOLE: PART, PART; WHOLE: …``: what a word for several types holds. Serials and use of a part say at least.
    decoy_share : str
        ``0.3`` or ``0.3-0.5``: share of decoys among launches counted with them; empty: unknown.
    imports_most : str
        At most so many were brought in; empty: by the claims of what was handed over or ordered.
    opening_stock : str
        Items in stock before the first launch counted.
    claim_error : str
        A claimed number may be off by this share.
    serial_start, serial_prior, confirmed_only : str
        As for `count_production`.

    Returns
    -------
    Answer
        Table `evidence_line`; one finding a scope.

    Raises
    ------
    InputError
        A parameter that is no number.

    Notes
    -----
    *Assumes:* each line may be the right one, all with the same weight; the words for a scope mean the same.
    *Not for:* lines as independent evidence: launches and serials are of the same things, and claims may rest on them.

    References
    ----------
    `taggant.statistics.pooling.linear_pool`.
    """
    allow = allowances_of(decoy_share, imports_most, opening_stock, claim_error)
    parts = umbrellas_of(umbrellas)
    claims = claim.collect()
    judgements = judgement.collect()
    readings = judged_serials(serial_reading.collect(), judgements, confirmed_only=is_confirmed_only(confirmed_only))
    readings = split_runs(readings, run_restart.collect(), judgements)
    start: Start = serial_start  # type: ignore[assignment]  # count-production has refused what is none
    prior: Prior = serial_prior  # type: ignore[assignment]
    blocks = blocks_of(readings, incident.collect(), start=start, prior=prior)
    roots = {str(c): str(r) for c, r in claim_root.select("claim_id", "root").collect().iter_rows()}
    counts, _ = use_counts(use.collect())
    plans = plan.collect().sort("title")
    findings, rows = [], []
    for scope in scopes_of(blocks, counts, claims, plans, parts):
        own = parts_of(scope, parts)
        day = day_of(scope, blocks, as_of)
        lines = lines_of(scope, own, blocks, counts, claims, roots, allow, day)
        if not lines:
            continue
        finding, more = _finding(scope, lines, denials_of(claims, scope), day, as_of, allow)
        findings.append(finding)
        told = planned(plans, scope, day)
        rows += [_row(scope, line, day) for line in (*lines, *told)] + more
    return Answer({"evidence_line": pl.DataFrame(rows, schema=frame_schema(DERIVED["evidence_line"]))}, tuple(findings))


def _finding(
    scope: str, lines: Sequence[EvidenceLine], denials: tuple[Reference, ...], day: date | None, as_of: date | None,
    allow: Allowances,
) -> tuple[Finding, list[dict[str, object]]]:  # fmt: skip
    both = [line for line in lines if line.has_both_ends]
    telling = [line for line in lines if line.can_tell]
    clashes = clashes_of(scope, telling)
    rests = tuple(dict.fromkeys(r for line in telling for r in line.rests_on))
    floors = [line for line in telling if line.low is not None]
    highest = max(floors, key=lambda line: line.low or 0.0, default=None)
    values: dict[str, StatedValue] = {
        "scope": StatedValue(scope, None, rests), "by": StatedValue(day, "date"),
        "n_lines": StatedValue(len(lines), "lines", rests), "n_both": StatedValue(len(both), "lines"),
        "n_silent": StatedValue(len(lines) - len(telling) or None, "lines"),
        "n_clashes": StatedValue(len(clashes), "pairs"),
    }  # fmt: skip
    shared: dict[str, Any] = {
        "method": METHOD, "version": VERSION, "n_used": len(telling), "beside": tuple(_beside(x) for x in lines),
        "diagnostics": (
            *(Diagnostic(x.name, _said(x), x.reading) for x in lines), *(d for c in clashes for d in c.said())
        ),
        "left_out": tuple(
            [LeftOut("lines that cannot tell", len(lines) - len(telling))] if len(telling) < len(lines) else []
        ),
        "parameters": {
            "level": str(LEVEL), "claim_error": str(allow.claim_error),
            "decoy_share": None if allow.decoy_high is None else f"{allow.decoy_low}-{allow.decoy_high}",
            "opening_stock": str(allow.opening_stock),
        },
    }  # fmt: skip
    finding_id = f"how-many:lines:{scope}"
    more: list[dict[str, object]] = []
    if clashes:
        key, result = "how-many.lines.disagree", Result(refused=_disagree(clashes), **shared)
        values |= clashes[0].values() | {"n_more": StatedValue(len(clashes) - 1 or None, "pairs")}
    elif both:
        answers, weights = _weighted(both)
        quantiles = linear_pool(answers, weights, _QUANTILES)
        low, point, high = (round(quantiles[i]) for i in (0, 2, 4))
        key = "how-many.lines" if len(both) > 1 else "how-many.lines.one"
        if len(both) == 1:
            low = round(both[0].low or low)
            low, point = low, max(point, low)
        headline = Interval(
            low=low, point=point, point_is="median", high=high, level=LEVEL, unit="items",
            interval="linear pool of the lines with both ends" if len(both) > 1 else f"of one line: {both[0].name}",
        )  # fmt: skip
        result = Result(
            headline=headline, assumptions=_assumptions(scope, lines, both),
            quantiles={str(q): round(v) for q, v in zip(_QUANTILES, quantiles, strict=True)},
            sensitivity=_sensitivity(both), **shared,
        )  # fmt: skip
        values |= {
            "low": StatedValue(low, "items", rests), "median": StatedValue(point, "items", rests),
            "high": StatedValue(high, "items", rests), "line": StatedValue(both[0].name),
        }  # fmt: skip
        if len(both) > 1:
            pool = EvidenceLine(name="all lines together", kind="pool", low=low, point=point, high=high, rests_on=rests,
                                reading=headline.interval)  # fmt: skip
            more.append(_row(scope, pool, day))
    elif highest is not None or any(x.high is not None for x in telling):
        cap = min((x.high for x in telling if x.high is not None), default=None)
        least = None if highest is None else round(highest.low or 0)
        key = "how-many.lines.bounds"
        values |= {
            "low": StatedValue(least, "items", rests), "high": StatedValue(cap and round(cap), "items", rests),
            "line": StatedValue(None if highest is None else highest.name),
        }  # fmt: skip
        result = Result(
            headline=Interval(low=least, high=None if cap is None else round(cap), interval="bounds", unit="items"),
            assumptions=_assumptions(scope, lines, both), **shared,
        )  # fmt: skip
    else:
        why = "; ".join(f"{x.name}: {x.reading}" for x in lines)
        enough = f"three serials of one run of {scope} from three incidents, or a claim of a total with its day"
        key, result = "how-many.lines.refused", Result(refused=Refusal(why, enough), **shared)
        values |= {"why": StatedValue(why)}
    firm = max((x for x in floors if x.kind != "claims"), key=lambda x: x.low or 0.0, default=None)
    if firm is not None:
        bound = EvidenceLine(name="at least, by things and not by words", kind="bounds", low=firm.low,
                             rests_on=firm.rests_on, reading=f"by {firm.name}")  # fmt: skip
        more.append(_row(scope, bound, day))
    finding = Finding(
        finding_id=finding_id, question="how-many", on=as_of, statement=key, values=values, result=result,
        supports=rests, contradicts=tuple(dict.fromkeys((*denials, *(r for c in clashes for r in c.other.rests_on)))),
    )  # fmt: skip
    return finding, more


def _weighted(both: Sequence[EvidenceLine]) -> tuple[list[Array], list[float]]:
    """Each sort of line the same weight; roots of claims share theirs."""
    kinds = {k: sum(x.kind == k for x in both) for k in {x.kind for x in both}}
    pairs = [(x.answer, 1 / (len(kinds) * kinds[x.kind])) for x in both if x.answer is not None]
    return [a for a, _ in pairs], [w for _, w in pairs]


def _disagree(clashes: Sequence[Clash]) -> Refusal:
    why = "lines disagree, so there is no number for all of them: " + "; ".join(c.words() for c in clashes)
    return Refusal(why, clashes[0].remedy())


def _said(line: EvidenceLine) -> str:
    if not line.can_tell:
        return "cannot tell"
    if line.high is None:
        return f"at least {round(line.low or 0)}"
    return f"at most {round(line.high)}" if line.low is None else f"{round(line.low)} to {round(line.high)}"


def _beside(line: EvidenceLine) -> Beside:
    low, high = (None if v is None else round(v) for v in (line.low, line.high))
    point = None if line.point is None else round(line.point)
    return Beside(line.name, VERSION, point, low, high)


def _sensitivity(both: Sequence[EvidenceLine]) -> tuple[Changed, ...]:
    if len(both) < 2:
        return ()
    rows = []
    for line in both:
        answers, weights = _weighted([x for x in both if x is not line])
        low, high = linear_pool(answers, weights, (0.025, 0.975))
        rows.append(Changed(f"without {line.name}", round(low), round(high)))
    answers, _ = _weighted(both)
    low, high = one_sided_limits(answers, LEVEL)
    if low <= high:
        rows.append(Changed("if every line is right of the same thing (Bonferroni)", round(low), round(high)))
    ends = [(x.low, x.high) for x in both if x.low is not None and x.high is not None]
    rows.append(Changed("from the least to the greatest of any line", round(min(a for a, _ in ends)),
                        round(max(b for _, b in ends))))  # fmt: skip
    return tuple(rows)


def _assumptions(scope: str, lines: Sequence[EvidenceLine], both: Sequence[EvidenceLine]) -> tuple[Assumption, ...]:
    kinds = {x.kind for x in both}
    return (
        Assumption(f"Every line means the same by {scope}", "weak",
                   "words are compared; a line of wrong scope moves the answer, and no pooling guards against that"),
        Assumption("Each line may be the right one, all with the same weight", "weak",
                   f"{len(both)} lines with both ends, of {len(kinds)} sorts; launches, serials and claims may rest on "
                   "one another, so none is multiplied"),
        Assumption("Serials count what was made", "untestable" if any(x.kind == "serials" for x in lines) else "ok",
                   "no source says how numbers are given" if any(x.kind == "serials" for x in lines)
                   else "no serials are used"),
    )  # fmt: skip


def _row(scope: str, line: EvidenceLine, day: date | None) -> dict[str, object]:
    return {
        "scope": scope, "line": line.name, "kind": line.kind,
        "by_on": line.speaks_to if line.kind == "plan" and line.speaks_to is not None else day,
        "low": None if line.low is None else float(line.low), "point": line.point,
        "high": None if line.high is None else float(line.high), "reading": line.reading,
        "rests_on": [f"{r.kind}:{r.id}" for r in line.rests_on],
    }  # fmt: skip
