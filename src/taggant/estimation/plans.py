"""Was a plan met by its date? Each line of evidence answers for itself; no line is multiplied by another.

Invariant: a line that cannot tell says so. No line says no: what has not been found yet may have been made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil, floor
from typing import Any

import polars as pl

from taggant.estimation.serial_blocks import Block
from taggant.estimation.stated_numbers import UseCount, without_overlap
from taggant.model.finding import Finding, Reference, StatedValue
from taggant.model.result import Assumption, Beside, Diagnostic, Interval, LeftOut, Refusal, Result

METHOD, VERSION = "plan-met-v1", "1"
YES = 0.95
"""A line says yes from 95% on (our choice, printed among the parameters)."""
TELLS_FROM = 0.01
"""A chance of at least less than one in a hundred says nothing."""
NEVER_ABOVE = 0.99
"""No chance is given above this, however sure the numbers: each stands on assumptions nothing here shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a party intends to make, by when; a rate or capacity is compared with rates or capacities only.

    Attributes
    ----------
    measure : str
        total, rate or capacity.
    since, by : date or None
        First and last day that count.
    """

    title: str
    scope: str
    quantity: float
    by: date | None
    source_id: str | None
    measure: str = "total"
    per: str | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What one line of evidence says about a plan.

    Attributes
    ----------
    low, high : float
        The chance that the plan was met by its date lies between them; about 0 and 1: the line cannot tell.
    chance : float or None
        Serials: the chance that so many had been made when the items seen had been, whenever that was.
    """

    name: str
    low: float = 0.0
    high: float = 1.0
    chance: float | None = None
    seen_on: date | None = None
    reading: str
    rests_on: tuple[Reference, ...]

    @property
    def can_tell(self) -> bool:
        """Whether it says more than nothing."""
        return self.low >= TELLS_FROM or self.high < 1.0

    @property
    def says(self) -> str:
        """Yes, how likely at least, or cannot tell."""
        if not self.can_tell:
            return "cannot tell"
        return "yes" if self.low >= YES else f"with a chance of at least {floor(100 * self.low)} %"


def plan_finding(
    plan: Plan,
    blocks: Sequence[Block],
    claims: pl.DataFrame,
    roots: Mapping[str, str],
    counts: Sequence[UseCount],
    as_of: date | None,
    more: Sequence[Line] = (),
) -> Finding:
    """Was this plan met by its date, by each line of evidence apart?

    Parameters
    ----------
    plan : Plan
    blocks : sequence of Block
        Runs of serials; those whose designation is the plan's scope speak.
    claims : polars.DataFrame
        `claim`.
    roots : mapping of str to str
        Claim → its root: claims of one root are one line, whoever carries them.
    counts : sequence of UseCount
        Launches; where `more` has no line of them they cannot tell: imports and stock are launched too.
    as_of : date or None
        The day the answer is for.
    more : sequence of Line
        Lines of use and of parts (`floors_for_plan`).

    Returns
    -------
    Finding
        The least chance that the plan was met over the lines that can tell, rounded down and at most 0.99, with an
        open high end: no line says no. Or a refusal.

    Notes
    -----
    *Assumes:* numbers are given in the order of making; the scope's words mean the same in plan, claims and items.
    *Not for:* one joint chance: the lines are not independent of one another, and scopes may differ.
    """
    lines = (*_serial_lines(plan, blocks), *more, *_claim_lines(plan, claims, roots))
    telling = [line for line in lines if line.can_tell]
    rests = (Reference("plan", plan.title),)
    says = [line.says for line in lines]
    values = {
        "title": StatedValue(plan.title, None, rests),
        "scope": StatedValue(plan.scope, None, rests),
        "quantity": StatedValue(_whole(plan.quantity), "items", rests),
        "per": StatedValue(plan.per, None, rests),
        "since": StatedValue(plan.since, "date", rests),
        "by": StatedValue(plan.by, "date", rests),
        "n_lines": StatedValue(len(lines), "lines"),
        "n_telling": StatedValue(len(telling), "lines", _rests(telling)),
        "n_yes": StatedValue(says.count("yes"), "lines", _rests(x for x in lines if x.says == "yes")),
        "n_silent": StatedValue(len(lines) - len(telling), "lines"),
        **_seen(lines),
    }
    left = []
    if any(c.rows for c in counts) and not any(x.name == "use" for x in more):
        left = [LeftOut("counts of launches, which hold imports and stock and cannot tell", len(counts))]
    n_other = sum(not _same(scope, plan.scope) for scope in _comparable(plan, claims)["scope"].to_list())
    if n_other:
        left.append(LeftOut(f"claims of a {plan.measure} under another scope", n_other))
    if len(telling) < len(lines):
        left.append(LeftOut("lines of evidence that cannot tell", len(lines) - len(telling)))
    shared: dict[str, Any] = {
        "method": METHOD,
        "version": VERSION,
        "n_used": len(telling),
        "parameters": {"yes_from": str(YES), "never_above": str(NEVER_ABOVE)},
        "left_out": tuple(left),
        "beside": tuple(_beside(x) for x in lines),
        "diagnostics": tuple(Diagnostic(x.name, x.says, x.reading) for x in lines),
    }
    if telling:
        low = _told(min(x.low for x in telling))
        values["percent_low"] = StatedValue(round(100 * low), "percent", _rests(telling))
        key = "how-many.plan.yes" if all(x.says == "yes" for x in telling) else "how-many.plan"
        result = Result(
            headline=Interval(
                low=low,
                high=None,
                interval=f"the least over the lines of evidence that can tell; never given above {NEVER_ABOVE}",
                unit="probability",
            ),
            assumptions=_assumptions(plan),
            **shared,
        )
    else:
        key = "how-many.plan.refused"
        result = Result(refused=_refusal(plan, lines), **shared)
    return Finding(
        finding_id=f"how-many:plan:{plan.title}",
        question="how-many",
        on=as_of,
        statement=key,
        values=values,
        result=result,
        supports=(*rests, *_rests(telling)),
    )


def _beside(line: Line) -> Beside:
    # The chance by the items seen is of another day than the plan's: it is named only where it bounds the answer.
    point = _told(line.chance) if line.can_tell and line.chance is not None else None
    return Beside(line.name, VERSION, point, _told(line.low) if line.can_tell else None, None)


def _told(chance: float) -> float:
    """The chance as it is given: rounded down to hundredths, never 1."""
    return min(NEVER_ABOVE, floor(100 * chance) / 100)


def _in_words(chance: float) -> str:
    if chance < TELLS_FROM:
        return f"less than {TELLS_FROM:.0%}".replace("%", " %")
    if chance > NEVER_ABOVE:
        return f"more than {NEVER_ABOVE:.0%}".replace("%", " %")
    return f"{floor(100 * chance)} %"


def _seen(lines: Sequence[Line]) -> dict[str, StatedValue]:
    """What the run with most to say would say without regard to the plan's date."""
    best = max((x for x in lines if x.chance is not None), key=lambda x: x.chance or 0.0, default=None)
    said: dict[str, int | None] = {"percent_seen": None, "percent_seen_below": None, "percent_seen_above": None}
    rests: tuple[Reference, ...] = ()
    if best is not None and best.chance is not None:
        rests = best.rests_on
        if best.chance < TELLS_FROM:
            said["percent_seen_below"] = round(100 * TELLS_FROM)
        elif best.chance > NEVER_ABOVE:
            said["percent_seen_above"] = round(100 * NEVER_ABOVE)
        else:
            said["percent_seen"] = floor(100 * best.chance)
    return {
        **{name: StatedValue(percent, "percent", rests) for name, percent in said.items()},
        "seen_on": StatedValue(best.seen_on if best is not None else None, "date", rests),
    }


def _serial_lines(plan: Plan, blocks: Sequence[Block]) -> list[Line]:
    if plan.measure != "total":
        return []  # numbers without days say how many, never how fast
    return [_careful_line(plan, b) for b in blocks if _same(b.designation, plan.scope)]


def _careful_line(plan: Plan, block: Block) -> Line:
    """A number that alone decides how long the run is meets no plan: it may be misread."""
    influence = block.influence
    if influence is None or influence.kind != "influential":
        return _serial_line(plan, block)
    line = _serial_line(plan, replace(block, items=block.items[:-1]))
    return replace(line, reading=f"without number {block.largest.number}, which alone would decide: {line.reading}")


def _serial_line(plan: Plan, block: Block) -> Line:
    name = f"serials {block.name}"
    rests = tuple(Reference("item", i.item_id) for i in block.items)
    if plan.by is None:
        return Line(name=name, reading="the plan has no date", rests_on=rests)
    reached = block.floor_by(plan.by)
    if reached is not None and reached >= plan.quantity and plan.since is None:
        there = [i for i in block.items if i.existed_on is not None and i.existed_on <= plan.by]
        top = max(there, key=lambda i: i.number)
        reading = f"number {top.number} existed by {top.existed_on}: {reached} had been given by then"
        return Line(name=name, low=1.0, chance=1.0, seen_on=top.existed_on, reading=reading, rests_on=rests)
    if block.result.refused is not None:
        return Line(name=name, reading=block.result.refused.why, rests_on=rests)
    chance = block.posterior_of(block.items).survival(ceil(plan.quantity))
    seen_on = block.seen_on
    reading = f"so many had been made with a chance of {_in_words(chance)} when the items seen had been"
    if plan.since is not None:
        reading += f", whenever; how many of them since {plan.since} the numbers do not say"
    elif seen_on is not None and seen_on <= plan.by:
        reading += f", by {seen_on} at the latest; the plan ran longer"
        return Line(name=name, low=chance, chance=chance, seen_on=seen_on, reading=reading, rests_on=rests)
    else:
        reading += ", which may be after the plan's date"
    return Line(name=name, chance=chance, seen_on=seen_on, reading=reading, rests_on=rests)


def _claim_lines(plan: Plan, claims: pl.DataFrame, roots: Mapping[str, str]) -> list[Line]:
    """One line a root: the totals it states for periods that do not overlap, added up; or its highest rate."""
    own: dict[str, list[Mapping[str, Any]]] = {}
    for row in _comparable(plan, claims).iter_rows(named=True):
        if _same(row["scope"], plan.scope):
            own.setdefault(roots.get(row["claim_id"], row["source_id"]), []).append(row)
    line = _total_line if plan.measure == "total" else _rate_line
    return [line(plan, root, own[root]) for root in sorted(own)]


def _comparable(plan: Plan, claims: pl.DataFrame) -> pl.DataFrame:
    return claims.filter(
        (pl.col("topic") == "production.made")
        & (pl.col("stance").is_null() | (pl.col("stance") == "assert"))
        & (pl.col("measure") == plan.measure)
        & (pl.col("per").is_null() if plan.per is None else pl.col("per") == plan.per)
        & pl.any_horizontal(pl.col("quantity_low", "quantity_high").is_not_null())
    ).sort("period_until", "period_from", "claim_id")


def _rate_line(plan: Plan, root: str, own: Sequence[Mapping[str, Any]]) -> Line:
    name = f"claims of {root}"
    rests = tuple(Reference("claim", r["claim_id"]) for r in own)
    in_time = [
        r["quantity_low"]
        for r in own
        if r["quantity_low"] is not None
        and (plan.by is None or (r["period_until"] is not None and r["period_until"] <= _after(plan.by)))
        and (plan.since is None or (r["period_from"] is not None and r["period_from"] >= plan.since))
    ]
    if not in_time:
        return Line(name=name, reading="no least number for a period within the plan's", rests_on=rests)
    reading = f"{_whole(max(in_time))} a {plan.per}"
    if max(in_time) >= plan.quantity:
        return Line(name=name, low=1.0, reading=reading, rests_on=rests)
    return Line(name=name, reading=f"{reading}, fewer than planned, at that time", rests_on=rests)


def _total_line(plan: Plan, root: str, own: Sequence[Mapping[str, Any]]) -> Line:
    name = f"claims of {root}"
    rests = tuple(Reference("claim", r["claim_id"]) for r in own)
    if plan.by is None:
        return Line(name=name, reading="the plan has no date", rests_on=rests)
    in_time = [
        r
        for r in own
        if r["quantity_low"] is not None
        and r["period_until"] is not None
        and r["period_until"] <= _after(plan.by)
        and (plan.since is None or (r["period_from"] is not None and r["period_from"] >= plan.since))
    ]
    # A total whose period has no stated beginning counts from the beginning: nothing can be added to it.
    parts = without_overlap([r for r in in_time if r["period_from"] is not None])
    if not in_time:
        return Line(name=name, reading="no least number for a period within the plan's", rests_on=rests)
    made = max([sum(r["quantity_low"] for r in parts), *(r["quantity_low"] for r in in_time)])
    reading = f"{_whole(made)} in periods within the plan's"
    if made >= plan.quantity:
        return Line(name=name, low=1.0, reading=reading, rests_on=rests)
    reading += ", fewer than planned; it does not speak of the rest of the time"
    return Line(name=name, reading=reading, rests_on=rests)


def _assumptions(plan: Plan) -> tuple[Assumption, ...]:
    return (
        Assumption(
            "Numbers are given in the order of making, without gaps",
            "untestable",
            "a run that skips or restarts would reach a number earlier than so many are made",
        ),
        Assumption(
            f"Plan, claims and items mean the same by {plan.scope}",
            "weak",
            "the words are compared, not what they cover",
        ),
        Assumption(
            "What a source claims was made was made",
            "weak",
            "claims are taken as stated here; grades and roots are under who-said-what",
        ),
    )


def _refusal(plan: Plan, lines: Sequence[Line]) -> Refusal:
    if not lines:
        why = f"no run of serials and no claim of a {plan.measure} speaks of {plan.scope}"
    else:
        why = f"no line of evidence about {plan.scope} can tell: " + "; ".join(f"{x.name}: {x.reading}" for x in lines)
    by = "" if plan.by is None else f" by {plan.by}"
    if plan.measure != "total":
        return Refusal(why, f"a claim of the {plan.measure} reached, with its time{by}")
    if plan.since is not None:
        return Refusal(why, f"a claim of the total made from {plan.since}{by}, or serials with days of making")
    if plan.by is None:
        return Refusal(why, "the day of the plan")
    return Refusal(
        why, f"three serials of one run of {plan.scope} from items that existed{by}, or a claim of the total{by}"
    )


def _same(a: str | None, b: str) -> bool:
    return a is not None and a.casefold().strip() == b.casefold().strip()


def _after(day: date) -> date:
    return day + timedelta(days=1)


def _whole(value: float) -> int | float:
    return int(value) if float(value).is_integer() else value


def _rests(lines: Iterable[Line]) -> tuple[Reference, ...]:
    return tuple(dict.fromkeys(r for x in lines for r in x.rests_on))
