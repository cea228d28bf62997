"""When-made: for each item the earliest it can have been assembled, as a row and as a finding.

Invariant: the low end of a headline holds by what the codes alone say; what neighbours add moves the point only.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from statistics import median_low
from typing import TYPE_CHECKING

import polars as pl

from taggant.estimation.assembly import INFLUENTIAL_DAYS, AssemblyBound, Part, assembly_bound
from taggant.model.derived_tables import DERIVED
from taggant.model.finding import Answer, Finding, Reference, StatedValue
from taggant.model.result import Assumption, Changed, Diagnostic, Interval, LeftOut, Refusal, Result
from taggant.model.tables import frame_schema

if TYPE_CHECKING:
    from taggant.model.tables import Table

METHOD, VERSION = "newest-part-bound-v1", "1"


def bound_assembly(*, item: Table, made_range: Table, as_of: date | None) -> Answer:
    """For each item: what is the earliest day it can have been assembled, and on which parts does that rest?

    Parameters
    ----------
    item, made_range : Table
        As declared in `model`.
    as_of : date or None
        The day the answer is for.

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
    ranges = made_range.collect()
    rows: list[dict[str, object]] = []
    findings: list[Finding] = []
    for it in items.iter_rows(named=True):
        own = ranges.filter(pl.col("item_id") == it["item_id"])
        view = _ItemView(it, own)
        rows.append(view.row())
        findings.append(_finding(view, as_of))
    table = pl.DataFrame(rows, schema=frame_schema(DERIVED["item_assembly"]))
    return Answer({"item_assembly": table}, (_case_finding(table, ranges, items, as_of), *findings))


class _ItemView:
    """One item with its parts: everything its row and its finding say."""

    def __init__(self, item: dict[str, object], ranges: pl.DataFrame) -> None:
        self.item_id = str(item["item_id"])
        self.serial = _words(item["serial_as_marked"])
        self.name = f"{_words(item['designation']) or item['kind']} {self.serial or f'({self.item_id})'}"
        self.ranges = ranges
        self.is_several = item["stands_for"] == "several"
        every = _parts(ranges)
        # A token that may be a lot number bounds nothing: it is shown, and asked about in the sensitivity table.
        self.parts = [p for p in every if p.doubt is None]
        self.doubtful = [p for p in every if p.doubt is not None]
        # A row that stands for several finds has no assembly of its own: a part of one bounds nothing of another.
        self.bound = None if self.is_several else assembly_bound(self.parts)
        ends = [d for d in (item["recovered_until"], item["known_until"]) if isinstance(d, date)]
        # `until` is the first day outside; an item found on that day could not be newer than the day before.
        self.latest_on = min(ends) - timedelta(days=1) if ends else None
        states = ranges.group_by("component_id").agg(pl.col("state").first(), pl.col("why_kind").first())
        self.n_components = states.height
        self.undated = dict(
            states.filter(pl.col("state") == "undated").group_by("why_kind").len().sort("why_kind").iter_rows()
        )
        self.n_marked = self.n_components - int(self.undated.get("no marking", 0))
        self.n_dated = sum(not p.is_ambiguous for p in self.parts)
        self.n_ambiguous = len(every) - self.n_dated

    @property
    def contradictions(self) -> list[str]:
        """Parts whose every reading is later than the day the item was known."""
        late = self.ranges.filter(pl.col("why_kind") == "after known")
        return sorted(late["component_id"].to_list())

    def bound_of(self, parts: Sequence[Part]) -> date | None:
        """The bound from these parts alone."""
        bound = None if self.is_several else assembly_bound(parts)
        return None if bound is None else bound.earliest_on

    @property
    def firm_on(self) -> date | None:
        """The bound from codes whose decade no neighbour closed."""
        return self.bound_of([p for p in self.parts if p.is_firm])

    @property
    def documented_on(self) -> date | None:
        """The firm bound by rules a maker documents."""
        return self.bound_of([p for p in self.parts if p.is_firm and p.status == "documented"])

    def row(self) -> dict[str, object]:
        """The row of `item_assembly`."""
        b = self.bound
        firsts = sorted(p.first_on for p in self.parts if not p.is_ambiguous)
        return {
            "item_id": self.item_id,
            "earliest_on": b.earliest_on if b else None,
            "firm_on": self.firm_on,
            "latest_on": self.latest_on,
            "newest_component_id": b.newest.component_id if b else None,
            "newest_but_one_on": b.newest_but_one_on if b else None,
            "newest_but_one_component_id": b.newest_but_one.component_id if b and b.newest_but_one else None,
            "documented_on": self.documented_on,
            "gap_days": b.gap_days if b else None,
            "is_influential": b.is_influential if b else None,
            "n_components": self.n_components,
            "n_marked": self.n_marked,
            "n_dated": self.n_dated,
            "n_ambiguous": self.n_ambiguous,
            "oldest_on": firsts[0] if firsts else None,
            "median_on": median_low(firsts) if firsts else None,
        }


def _words(value: object) -> str | None:
    return None if value is None else str(value)


def _parts(ranges: pl.DataFrame) -> list[Part]:
    parts: list[Part] = []
    possible = ranges.filter(pl.col("state") != "undated").sort("component_id", "range_n")
    for _, rows in possible.group_by("component_id", maintain_order=True):
        r = rows.row(0, named=True)
        tolerance = int(r["tolerance_days"] or 0)
        firsts = [d - timedelta(days=tolerance) for d in rows["made_from"].to_list()]
        parts.append(
            Part(
                component_id=r["component_id"],
                maker_id=r["maker_id"],
                token=r["token"],
                rule=r["rule"],
                status=r["status"],
                marking=r["marking"],
                first_on=min(firsts),
                last_first_on=max(firsts),
                tolerance_days=tolerance,
                is_ambiguous=rows.height > 1,
                closed_by=tuple(r["closed_by"] or ()),
                read_quality=r["read_quality"],
                doubt=r["doubt"],
            )
        )
    return parts


def _component(part: Part) -> Reference:
    return Reference("component", part.component_id)


def _finding(view: _ItemView, as_of: date | None) -> Finding:
    b = view.bound
    item = Reference("item", view.item_id)
    values = {"item": StatedValue(view.name, None, (item,)), "serial": StatedValue(view.serial, None, (item,))}
    if b is None or (view.latest_on is not None and b.earliest_on > view.latest_on):
        return _refused(view, values, as_of)
    newest = (_component(b.newest),)
    but_one = (_component(b.newest_but_one),) if b.newest_but_one else ()
    values |= {
        "earliest": StatedValue(b.earliest_on, "date", newest),
        # Said only where it differs: most items have no decade that neighbours closed at the top.
        "firm": StatedValue(
            None if view.firm_on == b.earliest_on else view.firm_on,
            "date",
            tuple(_component(p) for p in view.parts if p.is_firm),
        ),
        "latest": StatedValue(view.latest_on, "date", (item,)),
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
        "n_ambiguous": StatedValue(
            view.n_ambiguous,
            "components",
            tuple(_component(p) for p in (*view.parts, *view.doubtful) if p.is_ambiguous or p.doubt),
        ),
    }
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
                low=view.firm_on,
                point=b.earliest_on,
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


def _refused(view: _ItemView, values: dict[str, StatedValue], as_of: date | None) -> Finding:
    if view.bound is not None:
        why = (
            f"its newest part ({view.bound.newest.component_id}, {view.bound.newest.token!r}) would be of "
            f"{view.bound.earliest_on} or later, after the item was known ({view.latest_on})"
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
    "after known": "every reading is later than the day the item was known",
}


def _left_out(view: _ItemView) -> tuple[LeftOut, ...]:
    return tuple(LeftOut(_LEFT_OUT[kind], n) for kind, n in view.undated.items())


def _assumptions(view: _ItemView, b: AssemblyBound) -> tuple[Assumption, ...]:
    newest, n = b.newest, len(view.parts)
    n_sure = sum(p.read_quality == "sure" for p in view.parts)
    n_neighbours = sum("neighbours" in p.closed_by for p in view.parts)
    known = {"documented": "ok", "secondary": "weak", "inferred": "weak"}[newest.status]
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
            "ok" if n_sure == n else "weak",
            f"{n_sure} of {n} dated readings are stated as sure; the machine's choice of the code among the letters is "
            f"unconfirmed for all {n}",
        ),
        Assumption(
            "The rule that reads the newest mark is the maker's",
            "ok" if known == "ok" else "weak",
            f"rule {newest.rule} is {newest.status}",
        ),
        Assumption(
            "The decade of a one-digit year is the one nearest the other parts",
            "weak" if "neighbours" in newest.closed_by else "ok",
            f"{n_neighbours} of {n} decades are closed by neighbours, the newest mark's "
            f"{'among them' if 'neighbours' in newest.closed_by else 'not'}",
        ),
    )


def _diagnostics(view: _ItemView, b: AssemblyBound) -> tuple[Diagnostic, ...]:
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


def _sensitivity(view: _ItemView, b: AssemblyBound) -> tuple[Changed, ...]:
    latest_decade = max(p.last_first_on for p in view.parts)
    no_tolerance = max(p.first_on + timedelta(days=p.tolerance_days) for p in view.parts)
    changes = [
        Changed(f"without the mark {b.newest.token} and its twins", b.newest_but_one_on, view.latest_on),
        Changed("no decade closed by neighbours", view.firm_on, view.latest_on),
        Changed("nor any rule that no maker documents", view.documented_on, view.latest_on),
    ]
    for doubtful in view.doubtful:
        if doubtful.first_on > b.earliest_on:
            text = f"{doubtful.token} on {doubtful.component_id} is a date too ({doubtful.doubt})"
            changes.append(Changed(text, doubtful.first_on, view.latest_on))
    if any(p.is_ambiguous for p in view.parts):
        changes.append(Changed("each ambiguous code in its latest decade", latest_decade, view.latest_on))
    if no_tolerance != b.earliest_on:
        changes.append(Changed("week codes counted exactly as ISO weeks", no_tolerance, view.latest_on))
    return tuple(changes)


def _case_finding(table: pl.DataFrame, ranges: pl.DataFrame, items: pl.DataFrame, as_of: date | None) -> Finding:
    dated = table.filter(pl.col("earliest_on").is_not_null()).sort("earliest_on", "item_id")
    components = ranges.group_by("component_id").agg(pl.col("state").first(), pl.col("why_kind").first())
    n = {state: components.filter(pl.col("state") == state).height for state in ("dated", "ambiguous", "undated")}
    n_marked = components.filter(pl.col("why_kind").is_null() | (pl.col("why_kind") != "no marking")).height
    counts = {
        "n_items": StatedValue(items.height, "items", tuple(Reference("item", i) for i in items["item_id"])),
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
    first, last = dated.row(0, named=True), dated.row(-1, named=True)
    name = dict(items.select("item_id", pl.coalesce("serial_as_marked", "designation", "item_id")).iter_rows())
    return Finding(
        finding_id="when-made:case",
        question="when-made",
        on=as_of,
        statement="when-made.case",
        values={
            **counts,
            "first_item": StatedValue(name[first["item_id"]], None, (Reference("item", first["item_id"]),)),
            "first_on": StatedValue(
                first["earliest_on"], "date", (Reference("component", first["newest_component_id"]),)
            ),
            "last_item": StatedValue(name[last["item_id"]], None, (Reference("item", last["item_id"]),)),
            "last_on": StatedValue(last["earliest_on"], "date", (Reference("component", last["newest_component_id"]),)),
        },
        result=Result(
            method=METHOD,
            version=VERSION,
            n_used=dated.height,
            headline=Interval(
                low=first["earliest_on"],
                high=last["earliest_on"],
                interval="range of the items' earliest days",
                unit="date",
            ),
            left_out=(
                (LeftOut("no part of the item is dated", items.height - dated.height),)
                if items.height > dated.height
                else ()
            ),
        ),
        supports=tuple(Reference("item", i) for i in dated["item_id"]),
    )
