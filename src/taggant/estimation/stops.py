"""Has it stopped, in a case: for each producer and module, three stops kept apart, each with its own dates or refused.

Invariant: a made date never answers for a hand-over or for use, and a module nobody opened is never called silent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import polars as pl

from taggant.estimation.cessation import METHOD, VERSION, cessation_finding
from taggant.estimation.delays import Lag, lag_of
from taggant.estimation.made_dates import NEWEST_PARTS, ON_ITEMS, MadeDate, known_day, made_dates
from taggant.estimation.stop_curves import stop_curve
from taggant.estimation.stop_multiplicity import with_multiplicity
from taggant.estimation.stop_record import Record
from taggant.estimation.stop_sightings import Sighting
from taggant.estimation.stop_terms import FEWEST
from taggant.model.derived_tables import DERIVED
from taggant.model.finding import Answer, Finding, Reference, StatedValue
from taggant.model.result import Assumption, Diagnostic, Interval, LeftOut, Refusal, Result
from taggant.model.tables import frame_schema
from taggant.reference import load_kinds

if TYPE_CHECKING:
    from taggant.model.tables import Table

WHOLE = "whole item"


@dataclass(slots=True)
class _Cell:
    """One producer and one module: what is known of it."""

    producer: str
    module: str
    items: list[str] = field(default_factory=list)


def judge_stops(
    *,
    item: Table,
    examination: Table,
    reference_item: Table,
    marking: Table,
    item_assembly: Table,
    transfer: Table,
    party: Table,
    commitment: Table,
    use: Table,
    delay_law: Table,
    as_of: date | None,
    n_commits: int | None = None,
) -> Answer:
    """For each producer and module: have making, handing over and use stopped?

    Parameters
    ----------
    item, examination, reference_item, marking, item_assembly, transfer, party, commitment, use, delay_law : Table
        As declared in `model`.
    as_of : date or None
        The cut of the data; without it nothing can be silent, and all is refused.
    n_commits : int, optional
        At how many commits the case may have been judged before.

    Returns
    -------
    Answer
        Tables `stop` and `stop_curve`; a finding for each producer, module and stop, and one for the case.

    Notes
    -----
    Assumes: an item of `reference_item` is of the producer it names; things of one incident are one sighting; all items
    of the case show how hard it was looked for.
    Not for: shares of a mixed fleet (`precedence_p`); items whose producer is only weighed (`item_variant`).
    """
    items = {row["item_id"]: row for row in item.collect().iter_rows(named=True)}
    made = made_dates(items, marking.collect(), item_assembly.collect())
    known = {name: day for name, row in items.items() if (day := known_day(row)) is not None}
    obliged = _obliged(commitment.collect())
    cells = _cells(reference_item.collect(), obliged, items)
    examined = _examined(examination.collect())
    cut = as_of
    laws = delay_law.collect()
    findings: list[Finding] = []
    rows: list[dict[str, object]] = []
    handed = _handed(transfer.collect(), party.collect())
    curves: list[dict[str, object]] = []
    for cell in cells:
        for stop in ("manufacture", "transfer"):
            if stop == "manufacture":
                found, basis, record = _making(cell, made, known, items, examined, cut, n_commits)
                found = _with_lag(found, lag_of(laws, basis))
            else:
                found, record = _handing(cell, handed, cut, n_commits)
                basis = "dated transfers"
            found = _of_case(found, cell, stop)
            findings.append(found)
            rows.append(_row(found, cell, stop, basis, examined, cut))
            if record is not None and found.result.refused is None:
                name = {"producer": cell.producer, "module": cell.module, "stop": stop}
                curves += [{**name, **point} for point in stop_curve(record)]
    findings, rows = with_multiplicity(findings, rows)
    for designation, months in _used(use.collect()).items():
        found = _using(designation, months, cut)
        findings.append(found)
        rows.append(_row(found, _Cell(designation, WHOLE), "use", "launches", examined, cut))
    case = _case(findings, as_of)
    return Answer(
        {
            "stop": pl.DataFrame(rows, schema=frame_schema(DERIVED["stop"])),
            "stop_curve": pl.DataFrame(curves, schema=frame_schema(DERIVED["stop_curve"])),
        },
        (case, *findings),
    )


def _obliged(commitment: pl.DataFrame) -> list[str]:
    names: dict[str, None] = {}
    for row in commitment.sort("commitment_id").iter_rows(named=True):
        for name in (row["obliged"] or "").split(";"):
            if name.strip() and not name.strip().lower().startswith("all "):
                names.setdefault(name.strip(), None)
    return list(names)


def _whose(producer: str, obliged: Iterable[str]) -> str:
    """A plant of a country that a commitment obliges is asked about under that country."""
    return next((o for o in obliged if producer.lower().startswith(o.lower())), producer)


def _cells(references: pl.DataFrame, obliged: list[str], items: Mapping[str, Mapping[str, Any]]) -> list[_Cell]:
    # The kind most items are of says which modules a commitment is asked about: those that tell producers apart.
    kinds = Counter(row["kind"] for row in items.values() if row["part_of"] is None)
    kind = max(sorted(kinds), key=lambda k: kinds[k], default=None)
    modules = sorted({f.module for k in load_kinds() if k.id == kind for f in k.producer_features})
    cells: dict[tuple[str, str], _Cell] = {(p, m): _Cell(p, m) for p in obliged for m in modules}
    for row in references.filter(pl.col("producer").is_not_null()).sort("item_id", "module").iter_rows(named=True):
        producer = _whose(row["producer"], obliged)
        cell = cells.setdefault((producer, row["module"]), _Cell(producer, row["module"]))
        if row["item_id"] in items:
            cell.items.append(row["item_id"])
    return [cells[key] for key in sorted(cells)]


def _examined(examination: pl.DataFrame) -> dict[str, set[str]]:
    """Module → items in which it was examined; an examination of the whole counts for all modules, under ''."""
    found: dict[str, set[str]] = {}
    for row in examination.iter_rows(named=True):
        found.setdefault(row["module"] or "", set()).add(row["item_id"])
    return found


def _module_item(cell: _Cell, name: str, made: Mapping[str, MadeDate], items: Mapping[str, Mapping[str, Any]]) -> str:
    """The item that carries the date: the module as an item of its own, where it is documented as one."""
    own = [i for i, row in items.items() if row["part_of"] == name and row["kind"] == cell.module and i in made]
    return own[0] if own else name


def _making(
    cell: _Cell, made: Mapping[str, MadeDate], known: Mapping[str, date], items: Mapping[str, Mapping[str, Any]],
    examined: Mapping[str, set[str]], cut: date | None, n_looks: int | None,
) -> tuple[Finding, str, Record | None]:  # fmt: skip
    sightings, supports, gone = [], [], 0
    bases = set()
    for name in cell.items:
        which = _module_item(cell, name, made, items)
        m, day = made.get(which), known.get(name) or known.get(which)
        # The newest part of a whole item says nothing of when one of its modules was made.
        if m is None or day is None or m.made_from > day or (m.basis == NEWEST_PARTS and cell.module != "airframe"):
            gone += 1
            continue
        bases.add(m.basis)
        if cut is not None and day > cut:
            continue
        last = min(m.made_until, day + timedelta(days=1))
        sightings.append(
            Sighting(
                made_from=float(m.made_from.toordinal()), made_until=float(last.toordinal()),
                known_from=float(day.toordinal()), known_until=float(day.toordinal() + 1),
                incident=items[name]["incident_id"], name=which,
            )
        )  # fmt: skip
        supports += [Reference("item", which), m.rests_on]
    basis = NEWEST_PARTS if bases == {NEWEST_PARTS} else ON_ITEMS
    n_examined = len(examined.get(cell.module, set()) | examined.get("", set()))
    left = (
        [LeftOut(why="of this producer, but without a made date of this module and a day known", n=gone)]
        if gone
        else []
    )
    if not cell.items:
        why = (
            f"not examined: nobody opened the {cell.module} of any item here, so none of {cell.producer} could be seen"
            if n_examined == 0
            else f"not observed: {n_examined} items had the {cell.module} examined or were examined whole, and none is "
            f"known to be of {cell.producer}, which is not the same as not made"
        )
        return (
            _refused(why, f"items whose {cell.module} is known to be of {cell.producer}, with dates on them", left),
            basis,
            None,
        )
    if cut is None:
        return _refused("the case names no day up to which it knows", "as_of in case.toml", left), basis, None
    effort = tuple(float(d.toordinal() + 1) for d in known.values() if d <= cut)
    if not sightings:
        n = len(cell.items)
        why = (
            f"{n} {'item has' if n == 1 else 'items have'} this {cell.module} by {cell.producer}, none with a day made "
        )
        why += "and a day it became known: observed, but when it was made is not known"
        enough = f"dates on {FEWEST + 1} of them, from as many incidents"
        return _refused(why, enough, left), basis, None
    record = Record(sightings=tuple(sightings), until=float(cut.toordinal() + 1), effort_dates=effort)
    found = cessation_finding(record, supports=tuple(dict.fromkeys(supports)), left_out=left, n_looks=n_looks)
    if basis == NEWEST_PARTS and found.result.refused is None:
        more = Assumption(
            text="The newest part of an item stands for the item.", status="fails",
            why="parts may stop while assembly goes on from stock: this speaks of newer parts only",
        )  # fmt: skip
        found = replace(found, result=replace(found.result, assumptions=(*found.result.assumptions, more)))
    return found, basis, record


def _with_lag(found: Finding, lag: Lag) -> Finding:
    """Beside the answer: how long nine in ten take to become known. The test itself uses each sighting's own delay."""
    if found.result.refused is not None:
        return found
    between = "" if lag.low is None or lag.high is None else f" (95% {lag.low:.0f} to {lag.high:.0f})"
    said = Diagnostic(
        name="days within which nine in ten become known", value=lag.days,
        reading=f"{lag.why}{between}" if lag.is_estimated else f"a stated default: {lag.why}",
    )  # fmt: skip
    return replace(found, result=replace(found.result, diagnostics=(*found.result.diagnostics, said)))


def _handed(transfer: pl.DataFrame, party: pl.DataFrame) -> list[dict[str, Any]]:
    countries = {row["party_id"]: (row["name"], row["country"]) for row in party.iter_rows(named=True)}
    return [
        {**row, "giver": countries.get(row["from_party"], (None, None))} for row in transfer.iter_rows(named=True)
        if row["shown_as"] != "inferred"
    ]  # fmt: skip


def _handing(
    cell: _Cell, handed: list[dict[str, Any]], cut: date | None, n_looks: int | None
) -> tuple[Finding, Record | None]:
    """Hand-overs by this producer: only dated transfers can answer, never dates of manufacture."""
    mine = [row for row in handed if _is_of(row, cell)]
    dated = [row for row in mine if row["on_from"] is not None and row["on_until"] is not None]
    if not dated or cut is None:
        why = (
            f"no transfer of this {cell.module} by {cell.producer} is recorded" if not mine else
            f"none of the {len(mine)} recorded transfers by {cell.producer} has a day or a month"
        )  # fmt: skip
        why += "; days on which things were made or found say nothing of the day they changed hands"
        return _refused(why, f"at least 3 dated transfers by {cell.producer} beside the first", []), None
    sightings = tuple(
        Sighting(
            made_from=float(row["on_from"].toordinal()), made_until=float(row["on_until"].toordinal()),
            known_from=float(row["on_until"].toordinal()), known_until=float(row["on_until"].toordinal()),
            batch=row["shipment_id"], name=row["transfer_id"],
        )
        for row in dated if row["on_until"] <= cut + timedelta(days=1)
    )  # fmt: skip
    left = [LeftOut(why="transfers without a day or month", n=len(mine) - len(dated))] if len(mine) > len(dated) else []
    record = Record(sightings=sightings, until=float(cut.toordinal() + 1))
    supports = tuple(Reference("transfer", row["transfer_id"]) for row in dated)
    return cessation_finding(record, left_out=left, n_looks=n_looks, supports=supports), record


def _is_of(row: Mapping[str, Any], cell: _Cell) -> bool:
    name, country = row["giver"]
    is_giver = (name or "").lower().startswith(cell.producer.lower()) or row["from_party"] == cell.producer
    what = (row["what"] or "").lower()
    is_module = cell.module == "airframe" or cell.module in what
    return bool(is_giver or (country and country == _COUNTRY.get(cell.producer))) and is_module


_COUNTRY: Mapping[str, str] = MappingProxyType({"Iran": "IR", "Russia": "RU"})


def _used(use: pl.DataFrame) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    counted = use.filter(pl.col("launched").is_not_null() & pl.col("period_until").is_not_null())
    for row in counted.sort("period_from", "source_id").iter_rows(named=True):
        found.setdefault(row["designation"], []).append(row)
    return dict(sorted(found.items()))


def _using(designation: str, months: list[dict[str, Any]], cut: date | None) -> Finding:
    """Use: counted launches. While the last count has some, it goes on; a silence needs counts of zero."""
    last = months[-1]
    seen = [m for m in months if float(m["launched"]) > 0]
    values = {"designation": StatedValue(designation), "n_periods": StatedValue(len(months))}
    cell = _Cell(designation, WHOLE)
    if not seen or cut is None:
        return _of_case(_refused("no counted period has a launch", "counts with launches", []), cell, "use")
    newest = seen[-1]
    trailing = [m for m in months if m["period_from"] >= newest["period_until"]]
    on = newest["period_until"] - timedelta(days=1)
    rests = (_count(newest),)
    is_on = newest is last or not trailing
    result = Result(
        method="launches-counted-v1", version="1", n_used=len(months),
        headline=Interval(low=on, high=None if is_on else trailing[-1]["period_until"], point=on,
                          point_is="last counted period with launches", interval="bounds", unit="date"),
        assumptions=(
            Assumption(text="A period without a count is not one without use.", status="ok",
                       why="only counts are used"),
            Assumption(text="Counts are of this designation.", status="weak",
                       why="decoys and other types may be in them"),
        ),
    )  # fmt: skip
    values |= {"last": StatedValue(on, "date", rests), "n_silent": StatedValue(len(trailing))}
    return Finding(
        finding_id=f"has-it-stopped:{designation}:use", question="has-it-stopped", on=cut,
        statement="has-it-stopped.use.on" if is_on else "has-it-stopped.use.silent",
        verdict=None if is_on else "silent" if len(trailing) >= 3 else "cannot tell",
        values=values, subject={"producer": designation, "module": WHOLE, "stop": "use"}, result=result, supports=rests,
    )  # fmt: skip


def _count(row: Mapping[str, Any]) -> Reference:
    return Reference("use", "|".join(str(row[name]) for name in ("period", "designation", "source_id")))


def _refused(why: str, enough: str, left: list[LeftOut]) -> Finding:
    return Finding(
        finding_id="", question="has-it-stopped", statement="has-it-stopped.refused", values={"why": StatedValue(why)},
        result=Result(method=METHOD, version=VERSION, n_used=0, left_out=tuple(left),
                      refused=Refusal(why=why, enough=enough)),
    )  # fmt: skip


def _of_case(found: Finding, cell: _Cell, stop: str) -> Finding:
    """The same answer, said of this producer, module and stop."""
    words = {"manufacture": "making", "transfer": "handing over", "use": "use"}[stop]
    more = {"producer": StatedValue(cell.producer), "module": StatedValue(cell.module), "stop": StatedValue(words)}
    return replace(
        found, finding_id=f"has-it-stopped:{cell.producer}:{cell.module}:{stop}",
        statement=f"has-it-stopped.of{found.statement.removeprefix('has-it-stopped')}",
        values={**found.values, **more},
        subject=MappingProxyType({"producer": cell.producer, "module": cell.module, "stop": stop}),
    )  # fmt: skip


def _row(
    found: Finding, cell: _Cell, stop: str, basis: str, examined: Mapping[str, set[str]], cut: date | None
) -> dict[str, object]:
    refused, headline = found.result.refused, found.result.headline
    numbers = {d.name: d.value for d in found.result.diagnostics}
    is_on = found.statement == "has-it-stopped.use.on"
    n_examined = len(examined.get(cell.module, set()) | examined.get("", set()))
    return {
        "seen": None if stop != "manufacture" else "observed" if cell.items
        else "not observed" if n_examined else "not examined",
        "producer": cell.producer, "module": cell.module, "stop": stop,
        "verdict": "goes on" if is_on else found.verdict,
        "n_examined": n_examined, "n_known": len(cell.items),
        "n_used": found.result.n_used, "last_on": None if headline is None else headline.low, "until_on": cut,
        "end_low": None if headline is None else headline.low, "end_high": None if headline is None else headline.high,
        "posterior": numbers.get("probability that it stopped, from a prior of 0.5"),
        "bf_stop": numbers.get("Bayes factor, stopped against going on"), "p": numbers.get("p of the silence"),
        "basis": None if refused else basis,
        "why": None if refused is None else refused.why, "enough": None if refused is None else refused.enough,
    }  # fmt: skip


def _case(findings: list[Finding], as_of: date | None) -> Finding:
    said = [f for f in findings if f.result.refused is None]
    by_word = {word: sum(f.verdict == word for f in said) for word in ("stopped", "reduced", "silent", "cannot tell")}
    values = {
        "n": StatedValue(len(findings)), "n_answered": StatedValue(len(said)),
        "n_refused": StatedValue(len(findings) - len(said)), "n_stopped": StatedValue(by_word["stopped"]),
        "n_reduced": StatedValue(by_word["reduced"]), "n_silent": StatedValue(by_word["silent"]),
        "n_open": StatedValue(by_word["cannot tell"]),
        "n_on": StatedValue(sum(f.statement == "has-it-stopped.use.on" for f in said)),
    }  # fmt: skip
    refused = None
    n_gone = len(findings) - len(said)
    left = [LeftOut(why="cannot be told from these dates", n=n_gone)] if n_gone else []
    headline = Interval(low=by_word["stopped"], high=by_word["stopped"] + by_word["reduced"], interval="bounds",
                        unit="stops shown")  # fmt: skip
    if not said:
        why = f"none of the {len(findings)} stops asked about can be judged by the dates of this case"
        refused = Refusal(
            why=why if findings else "no producer is known of any item, and nothing obliges anyone",
            enough="items of known producers with dates on them, dated transfers, or counts of launches",
        )
    return Finding(
        finding_id="has-it-stopped:case", question="has-it-stopped", on=as_of,
        supports=tuple(dict.fromkeys(r for f in said for r in f.supports)),
        statement="has-it-stopped.case" if said else "has-it-stopped.case.refused", values=values,
        result=Result(method=METHOD, version=VERSION, n_used=len(said), headline=None if refused else headline,
                      refused=refused, left_out=tuple(left)),
    )  # fmt: skip
