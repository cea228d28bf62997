"""When-made: for each item the earliest it can have been assembled, as a row and as a finding.

Invariant: the low end of a headline holds by what the codes alone say; what neighbours add moves the point only.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from taggant.estimation.assembly import INFLUENTIAL_DAYS, AssemblyBound, Part
from taggant.estimation.item_view import ItemView
from taggant.estimation.judged_suggestions import judged_ranges
from taggant.model.derived_tables import DERIVED
from taggant.model.finding import Answer, Finding, Reference, StatedValue
from taggant.model.judgements import LEFT_OUT, is_confirmed_only
from taggant.model.result import Assumption, Changed, Diagnostic, Interval, LeftOut, Refusal, Result
from taggant.model.tables import frame_schema

if TYPE_CHECKING:
    from taggant.model.tables import Table

METHOD, VERSION = "newest-part-bound-v1", "1"


def bound_assembly(
    *, item: Table, made_range: Table, judgement: Table, as_of: date | None, confirmed_only: str = "no"
) -> Answer:
    """For each item: what is the earliest day it can have been assembled, and on which parts does that rest?

    Parameters
    ----------
    item, made_range, judgement : Table
        As declared in `model`.
    as_of : date or None
        The day the answer is for.
    confirmed_only : str
        ``yes`` leaves out dates that no person has confirmed.

    Returns
    -------
    Answer
        Table `item_assembly` and one finding per item, after one for the case.

    Notes
    -----
    Assumes: what `assembly_bound` assumes; decades closed by neighbours are right (for the point, not for the low end).
    Not for: the date of assembly itself, or whether production stopped.
    """
    items = item.collect().sort("item_id")
    only = is_confirmed_only(confirmed_only)
    ranges = judged_ranges(made_range.collect(), judgement.collect(), confirmed_only=only)
    rows: list[dict[str, object]] = []
    findings: list[Finding] = []
    views: list[ItemView] = []
    for it in items.iter_rows(named=True):
        view = ItemView(it, ranges.filter(pl.col("item_id") == it["item_id"]))
        views.append(view)
        rows.append(view.row())
        findings.append(_finding(view, as_of))
    table = pl.DataFrame(rows, schema=frame_schema(DERIVED["item_assembly"]))
    return Answer({"item_assembly": table}, (_case_finding(views, table, ranges, as_of), *findings))


def _component(part: Part) -> Reference:
    return Reference("component", part.component_id)


def _finding(view: ItemView, as_of: date | None) -> Finding:
    b = view.bound
    item = Reference("item", view.item_id)
    values = {"item": StatedValue(view.name, None, (item,)), "serial": StatedValue(view.serial, None, (item,))}
    newest_of_all = view.nearest_on
    if b is None or newest_of_all is None or (view.latest_on is not None and newest_of_all > view.latest_on):
        return _refused(view, values, as_of)
    values |= _stated(view, b)
    key = "when-made.item"
    if b.newest_but_one is None:
        key = "when-made.item.one-part"
    elif b.is_influential:
        key = "when-made.item.influential"
    ranked = sorted(view.parts, key=lambda p: (-p.first_on.toordinal(), p.component_id))
    return Finding(
        finding_id=f"when-made:{view.item_id}",
        question="when-made",
        on=as_of,
        statement=key,
        values=values,
        subject={"item_id": view.item_id},
        result=Result(
            method=METHOD,
            version=VERSION,
            n_used=len({p.mark for p in view.parts}),
            headline=Interval(
                low=b.earliest_on,
                point=view.nearest_on,
                point_is="earliest possible assembly, each decade the one nearest the other parts",
                high=view.latest_on,
                interval="bounds",
                unit="date",
            ),
            parameters={"influential_days": INFLUENTIAL_DAYS},
            left_out=_left_out(view),
            assumptions=_assumptions(view, b),
            diagnostics=_diagnostics(view, b),
            sensitivity=_sensitivity(view, b),
        ),
        supports=tuple(_component(p) for p in ranked),
        contradicts=tuple(Reference("component", c) for c in view.contradictions),
    )


_RULE_DOUBT = {
    "documented": None,
    "secondary": "known at second hand",
    "inferred": "inferred, not documented",
    "judged": None,
}


def _stated(view: ItemView, b: AssemblyBound) -> dict[str, StatedValue]:
    item = (Reference("item", view.item_id),)
    newest = (_component(b.newest),)
    but_one = (_component(b.newest_but_one),) if b.newest_but_one else ()
    # Said only where it is another day: in most items no decade that neighbours chose is the newest.
    top = view.nearest.newest if view.nearest is not None and view.nearest.earliest_on > b.earliest_on else None
    chosen = () if top is None else (_component(top),)
    listed = view.known_on if view.is_known_by_listing else None
    known = None if view.is_known_by_listing else view.known_on
    open_parts = tuple(_component(p) for p in (*view.parts, *view.doubtful) if p.is_ambiguous or p.doubt)
    return {
        "earliest": StatedValue(b.earliest_on, "date", newest),
        "rule_doubt": StatedValue(_RULE_DOUBT[b.newest.status], None, newest),
        "nearest": StatedValue(None if top is None else top.first_on, "date", chosen),
        "nearest_token": StatedValue(None if top is None else top.token, None, chosen),
        "latest": StatedValue(view.latest_on, "date", item),
        "recovered": StatedValue(view.recovered_on, "date", item),
        "known": StatedValue(known if view.recovered_on is None else None, "date", item),
        "listed": StatedValue(listed if view.recovered_on is None else None, "date", item),
        "newest_component": StatedValue(b.newest.component_id, None, newest),
        "newest_mark": StatedValue(b.newest.marking, None, newest),
        "newest_token": StatedValue(b.newest.token, None, newest),
        "newest_rule": StatedValue(b.newest.rule, None, newest),
        "newest_but_one": StatedValue(b.newest_but_one_on, "date", but_one),
        "newest_but_one_component": StatedValue(
            b.newest_but_one.component_id if b.newest_but_one else None, None, but_one
        ),
        "gap_days": StatedValue(b.gap_days, "day", newest + but_one),
        "n_dated": StatedValue(view.n_dated, "components", tuple(_component(p) for p in view.parts)),
        "n_ambiguous": StatedValue(view.n_ambiguous, "components", open_parts),
    }


def _refused(view: ItemView, values: dict[str, StatedValue], as_of: date | None) -> Finding:
    if view.nearest is not None and view.latest_on is not None and view.nearest.earliest_on > view.latest_on:
        newest = view.nearest.newest
        why = (
            f"its newest part ({newest.component_id}, {newest.token!r}) would be of {newest.first_on} or later, "
            f"after the item was known ({view.latest_on})"
        )
        enough = "the mark or the day it was known, checked and corrected"
    elif view.is_several:
        why = "the row stands for several finds, and a part of one bounds nothing of another"
        enough = "the parts listed find by find"
    elif view.n_components == 0:
        why, enough = "no component of it is listed", "one component with a readable date code"
    elif view.n_marked == 0:
        why = "none of its components has a marking"
        enough = "one component with a readable date code"
    else:
        why = "none of its markings holds a date code that a known rule reads without doubt"
        enough = "one component with a readable date code, or the rule of one maker"
    return Finding(
        finding_id=f"when-made:{view.item_id}",
        question="when-made",
        on=as_of,
        statement="when-made.item.refused",
        values={
            **values,
            "n_marked": StatedValue(view.n_marked, "components"),
            "why": StatedValue(why),
            "enough": StatedValue(enough),
        },
        subject={"item_id": view.item_id},
        result=Result(
            method=METHOD,
            version=VERSION,
            n_used=0,
            left_out=_left_out(view),
            refused=Refusal(why, enough),
        ),
        contradicts=tuple(Reference("component", c) for c in view.contradictions),
    )


_LEFT_OUT = {
    "no marking": "no marking stated",
    "no maker": "marking, but the maker cannot be told",
    "no rule": "no rule of this maker is known",
    "no code": "no part of the marking fits a rule of the maker",
    "impossible": "the code names a week or month that does not exist",
    **LEFT_OUT,
    "after known": "every reading is later than the day the item was known",
}


def _left_out(view: ItemView) -> tuple[LeftOut, ...]:
    return tuple(LeftOut(_LEFT_OUT[kind], n) for kind, n in view.undated.items())


def _assumptions(view: ItemView, b: AssemblyBound) -> tuple[Assumption, ...]:
    newest, n = b.newest, len(view.parts)
    n_sure = sum(p.read_quality == "sure" for p in view.parts)
    n_neighbours = sum("neighbours" in p.closed_by for p in view.parts)
    n_unconfirmed = sum(not p.is_confirmed for p in view.parts)
    known = {"documented": "ok", "secondary": "weak", "inferred": "weak", "judged": "ok"}[newest.status]
    return (
        Assumption(
            "Every listed part was fitted when the item was assembled, not in repair or afterwards",
            "untestable",
            "no source states when parts were fitted",
        ),
        Assumption(
            "The marks are genuine: parts were not re-marked",
            "untestable",
            "re-marked parts are known in this trade; the listing shows no comparison of top and bottom marks",
        ),
        Assumption(
            "The marks are read right",
            "weak" if n_unconfirmed else "ok",
            f"{n_sure} of {n} dated readings are stated as sure; the machine's choice of the code among the letters is "
            f"{f'unconfirmed for {n_unconfirmed} of {n}' if n_unconfirmed else f'confirmed for all {n}'}",
        ),
        Assumption(
            "The rule that reads the newest mark is the maker's",
            "ok" if known == "ok" else "weak",
            f"rule {newest.rule} is {newest.status}",
        ),
        Assumption(
            "The decade of a one-digit year is the one nearest the other parts",
            "weak" if view.nearest_on != b.earliest_on else "ok",
            f"{n_neighbours} of {n} decades are chosen so; the first day named rests on none of them, the second "
            f"{'does' if view.nearest_on != b.earliest_on else 'is not needed'}",
        ),
    )


def _diagnostics(view: ItemView, b: AssemblyBound) -> tuple[Diagnostic, ...]:
    if b.gap_days is None:
        reading = "one mark carries the whole answer"
    elif b.is_influential:
        reading = f"one mark moves the answer by more than {INFLUENTIAL_DAYS} days: check it first"
    else:
        reading = "no single mark carries the answer"
    return (
        Diagnostic("days between the newest mark and the next", b.gap_days, reading),
        Diagnostic(
            "components dated",
            f"{view.n_dated} of {view.n_components}",
            "what is unmarked or unread can only move the answer later",
        ),
    )


def _sensitivity(view: ItemView, b: AssemblyBound) -> tuple[Changed, ...]:
    firm = [p for p in view.parts if p.is_firm]
    latest_decade = max(p.last_first_on for p in firm)
    no_tolerance = max(p.first_on + timedelta(days=p.tolerance_days) for p in firm)
    changes = [
        Changed(f"without the mark {b.newest.token} and its twins", b.newest_but_one_on, view.latest_on),
        Changed("each decade the one nearest the other parts", view.nearest_on, view.latest_on),
        Changed("only rules a maker documents", view.documented_on, view.latest_on),
    ]
    for doubtful in view.doubtful:
        if doubtful.first_on > b.earliest_on:
            text = f"{doubtful.token} on {doubtful.component_id} is a date too ({doubtful.doubt})"
            changes.append(Changed(text, doubtful.first_on, view.latest_on))
    if any(p.is_ambiguous for p in firm):
        changes.append(Changed("each ambiguous code in its latest decade", latest_decade, view.latest_on))
    if no_tolerance != b.earliest_on:
        changes.append(Changed("week codes counted exactly as ISO weeks", no_tolerance, view.latest_on))
    return tuple(changes)


_WELL_DATED = 5
"""The case's sentence names items with at least so many dated parts, where there are two: a doubtful single mark does
not open the answer."""


def _case_finding(views: Sequence[ItemView], table: pl.DataFrame, ranges: pl.DataFrame, as_of: date | None) -> Finding:
    dated = table.filter(pl.col("earliest_on").is_not_null()).sort("earliest_on", "item_id")
    well = dated.filter(pl.col("n_dated") >= _WELL_DATED)
    named = well if well.height > 1 else dated
    components = ranges.group_by("component_id").agg(pl.col("state").first(), pl.col("why_kind").first())
    n = {state: components.filter(pl.col("state") == state).height for state in ("dated", "ambiguous", "undated")}
    n_marked = components.filter(pl.col("why_kind").is_null() | (pl.col("why_kind") != "no marking")).height
    counts = {
        "n_items": StatedValue(len(views), "items", tuple(Reference("item", v.item_id) for v in views)),
        "n_dated_items": StatedValue(dated.height, "items", tuple(Reference("item", i) for i in dated["item_id"])),
        "n_components": StatedValue(components.height, "components"),
        "n_marked": StatedValue(n_marked, "components"),
        "n_dated": StatedValue(n["dated"], "components"),
        "n_ambiguous": StatedValue(n["ambiguous"], "components"),
        "n_undated": StatedValue(n_marked - n["dated"] - n["ambiguous"], "components"),
    }
    if dated.is_empty():
        why, enough = "no component of any item has a date code that a known rule reads", "one readable date code"
        return Finding(
            finding_id="when-made:case",
            question="when-made",
            on=as_of,
            statement="when-made.case.refused",
            values={**counts, "why": StatedValue(why), "enough": StatedValue(enough)},
            result=Result(method=METHOD, version=VERSION, n_used=0, refused=Refusal(why, enough)),
        )
    first, last = named.row(0, named=True), named.row(-1, named=True)
    name = {v.item_id: v.name for v in views}
    values = dict(counts)
    for place, row in (("first", first), ("last", last)):
        values[f"{place}_item"] = StatedValue(name[row["item_id"]], None, (Reference("item", row["item_id"]),))
        on = (Reference("component", row["newest_component_id"]),)
        values[f"{place}_on"] = StatedValue(row["earliest_on"], "date", on)
    return Finding(
        finding_id="when-made:case",
        question="when-made",
        on=as_of,
        statement="when-made.case",
        values=values,
        result=Result(
            method=METHOD,
            version=VERSION,
            n_used=dated.height,
            headline=Interval(
                low=dated["earliest_on"][0],
                high=dated["earliest_on"][-1],
                interval="range of the items' earliest days",
                unit="date",
            ),
            left_out=_items_left_out(views),
        ),
        supports=tuple(Reference("item", i) for i in dated["item_id"]),
    )


def _items_left_out(views: Sequence[ItemView]) -> tuple[LeftOut, ...]:
    reasons: dict[str, int] = {}
    for view in views:
        if view.is_several:
            why = "the row stands for several finds"
        elif view.n_components == 0:
            why = "no component of the item is listed"
        elif view.bound is None:
            why = "no part of the item is dated"
        elif view.latest_on is not None and view.nearest_on is not None and view.nearest_on > view.latest_on:
            why = "its newest part would be later than the item was known"
        else:
            continue
        reasons[why] = reasons.get(why, 0) + 1
    return tuple(LeftOut(why, n) for why, n in reasons.items())
