"""How many numbers of each run had been given out by each day: the serial–date curve of a case.

Invariant: the headline is what was made by the day until which nine in ten are known; later is called extrapolation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from scipy.stats import kendalltau

from taggant.errors import InputError, NotEnoughData
from taggant.estimation.curve_terms import CurveItem, curve_assumptions, delay_of, quarters_of
from taggant.estimation.judged_suggestions import judged_serials
from taggant.estimation.run_restarts import split_runs
from taggant.estimation.serial_blocks import Block, blocks_of
from taggant.model.derived_tables import DERIVED
from taggant.model.finding import Answer, Finding, Reference, StatedValue
from taggant.model.judgements import is_confirmed_only
from taggant.model.result import Beside, Changed, Diagnostic, Interval, LeftOut, Refusal, Result
from taggant.model.tables import frame_schema
from taggant.statistics.serial_curve import FEWEST, FEWEST_DATED, SerialCurve, serial_curve
from taggant.statistics.serial_misreads import MISREAD
from taggant.statistics.serial_packs import one_of_each_pack
from taggant.statistics.serial_runs import Prior, Start

if TYPE_CHECKING:
    from taggant.estimation.curve_terms import CaseDelay
    from taggant.model.tables import Table

METHOD, VERSION = "serials-curve-v1", "1"
SEED = 20261127
_LEVELS = ("0.025", "0.05", "0.25", "0.5", "0.75", "0.95", "0.975")
_STRETCHES = (0.5, 2.0)
_RISE_FROM, _RISE_WIDTHS, _RISE_P = 8, 3, 0.05


def draw_curves(
    *,
    serial_reading: Table,
    run_restart: Table,
    incident: Table,
    item: Table,
    recovery_delay: Table,
    delay_law: Table,
    judgement: Table,
    as_of: date | None,
    serial_start: str = "positive",
    pack_size: str = "12",
    confirmed_only: str = "no",
) -> Answer:
    """How many of each run had been made by each quarter's end, by its serials, their dates and the delay?

    Parameters
    ----------
    serial_reading, run_restart, incident, item, recovery_delay, delay_law, judgement : Table
        As declared in `model`.
    as_of : date or None
        The cut: nothing that became known later is counted.
    serial_start : str
        ``1``: numbers begin at 1; otherwise it is not known where.
    pack_size : str
        The most numbers handed out together: neighbours found together count once.
    confirmed_only : str
        ``yes`` leaves out serials that no person has confirmed.

    Returns
    -------
    Answer
        Table `serial_curve`; one finding a run that has three numbers or more.

    Raises
    ------
    InputError
        The pack size is no whole number above 0.

    Notes
    -----
    *Assumes:* what `taggant.statistics.serial_curve.serial_curve` assumes; an item became known on the day its source
    gives.
    *Not for:* what was made since the day until which nine in ten are known.
    """
    if not pack_size.isdigit() or int(pack_size) == 0:
        raise InputError(f"pack_size={pack_size!r} is no whole number above 0", next="Give for example pack_size=12")
    start: Start = "1" if serial_start == "1" else "any" if serial_start == "any" else "positive"
    prior: Prior = "1/N"
    only = is_confirmed_only(confirmed_only)
    judgements = judgement.collect()
    readings = judged_serials(serial_reading.collect(), judgements, confirmed_only=only)
    readings = split_runs(readings, run_restart.collect(), judgements)
    made = {r["item_id"]: r for r in recovery_delay.collect().iter_rows(named=True)}
    quality = {r["item_id"]: r["read_quality"] for r in readings.iter_rows(named=True)}
    told = {r["item_id"]: r for r in item.collect().iter_rows(named=True)}
    law = delay_of(delay_law.collect())
    rows: list[dict[str, object]] = []
    findings = []
    for block in blocks_of(readings, incident.collect(), start=start, prior=prior):
        if len(block.items) < 3:  # its block is refused already
            continue
        items = [CurveItem.of(i, told.get(i.item_id), made.get(i.item_id), quality.get(i.item_id)) for i in block.items]
        finding, own = _of_block(block, items, law, as_of, int(pack_size))
        findings.append(finding)
        rows += own
    frame = pl.DataFrame(rows, schema=frame_schema(DERIVED["serial_curve"]))
    return Answer({"serial_curve": frame}, tuple(findings))


@dataclass(frozen=True, slots=True)
class _Kept:
    items: list[CurveItem]
    left: tuple[LeftOut, ...]
    n_packed: int


def _kept(items: Sequence[CurveItem], pack: int) -> _Kept:
    known = [i.known_until if i.known_from > -inf else float("nan") for i in items]
    places = one_of_each_pack(
        [i.number for i in items], events=[i.incident_id for i in items], known=known, pack=pack, seed=SEED
    )
    kept = [items[p] for p in places]
    n_packed = len(items) - len(kept)
    # Of each event its newest: the event could not become known before that one was made.
    newest = {i.incident_id: i for i in sorted(kept, key=lambda i: i.number)}
    single = sorted(newest.values(), key=lambda i: i.number)
    left = []
    if n_packed:
        left.append(
            LeftOut(f"fewer than {pack} numbers from another, and known within a month of it: one pack", n_packed)
        )
    if len(single) < len(kept):
        left.append(LeftOut("a larger number of the same incident counts", len(kept) - len(single)))
    return _Kept(single, tuple(left), n_packed)


def _of_block(
    block: Block, items: Sequence[CurveItem], law: CaseDelay, as_of: date | None, pack: int
) -> tuple[Finding, list[dict[str, object]]]:
    kept = _kept(items, pack)
    base = _finding(block, kept, as_of)
    try:
        curves, cut = _curves(block, kept.items, law, as_of)
    except NotEnoughData as refusal:
        values = {**base.values, "why": StatedValue(refusal.what), "enough": StatedValue(refusal.enough)}
        result = replace(base.result, refused=Refusal(refusal.what, refusal.enough))
        return replace(base, statement="how-many.curve.refused", values=values, result=result), []
    return _answered(base, block, kept, curves, law, cut), _rows(block, curves[1.0], kept.items)


def _curves(
    block: Block, items: Sequence[CurveItem], law: CaseDelay, as_of: date | None
) -> tuple[dict[float, SerialCurve], date]:
    if as_of is None:
        raise NotEnoughData("the day up to which the case is known is not stated", enough="as_of in case.toml")
    edges = quarters_of(items, as_of, law)
    rise = _rise(items)
    if rise is not None and not rise[1] < _RISE_P:
        raise NotEnoughData(
            f"numbers do not rise with the dates on the items (tau {rise[0]:.2f}, p = {rise[1]:.2f}): they may be "
            "given out at random, or begin again",
            enough="runs told apart, or numbers that rise with dates",
        )
    curve = _curve(block, items, edges, law, 1.0)
    if curve.calibrated_until <= curve.edges[1]:
        raise NotEnoughData(
            "nine in ten of what was made in the first quarter are not known yet",
            enough="a later cut of the data, or a shorter delay shown by dated items",
        )
    return {1.0: curve, **{x: _curve(block, items, edges, law, x) for x in _STRETCHES}}, as_of


def _curve(
    block: Block, items: Sequence[CurveItem], edges: Sequence[date], law: CaseDelay, times: float
) -> SerialCurve:
    return serial_curve(
        [i.number for i in items],
        made_from=[i.low for i in items],
        made_until=[i.high for i in items],
        known_from=[i.known_from for i in items],
        known_until=[i.known_until for i in items],
        edges=[float(d.toordinal()) for d in edges],
        delay=law.delay.stretched(times),
        first=1 if block.start == "1" else None,
        is_begun_then=False,
        chances=[MISREAD.get(i.read_quality or "likely", MISREAD["likely"]) for i in items],
        seed=SEED,
    )


def _rise(items: Sequence[CurveItem]) -> tuple[float, float] | None:
    """Kendall's tau of number against made date, and its one-sided p; None where it says nothing."""
    dated = [i for i in items if i.is_made_dated]
    if len(dated) < _RISE_FROM:
        return None
    widths = [i.high - i.low for i in dated]
    middle = [(i.high + i.low) / 2 for i in dated]
    if max(middle) - min(middle) <= _RISE_WIDTHS * float(np.median(widths)):
        return None
    tau = kendalltau([i.number for i in dated], middle, alternative="greater")
    return float(tau.statistic), float(tau.pvalue)


def _finding(block: Block, kept: _Kept, as_of: date | None) -> Finding:
    supports = tuple(Reference("item", i.item_id) for i in kept.items)
    dated = tuple(Reference("item", i.item_id) for i in kept.items if i.is_made_dated)
    values = {
        "block": StatedValue(block.name, None, supports),
        "thing": StatedValue(block.designation or block.kind, None, supports),
        "n_items": StatedValue(len(kept.items), "items", supports),
        "n_dated": StatedValue(len(dated), "items", dated),
    }
    result = Result(
        method=METHOD, version=VERSION, n_used=len(kept.items), seed=SEED, left_out=kept.left,
        parameters={"start": block.start, "fewest": FEWEST, "fewest_dated": FEWEST_DATED, "level": "0.95"},
        refused=Refusal("not judged", ""),
    )  # fmt: skip
    return Finding(
        finding_id=f"how-many:curve:{block.block_id}", question="how-many", on=as_of, statement="how-many.curve",
        values=values, subject={"block": block.block_id}, result=result, supports=supports,
    )  # fmt: skip


def _answered(
    base: Finding, block: Block, kept: _Kept, curves: dict[float, SerialCurve], law: CaseDelay, as_of: date
) -> Finding:
    curve = curves[1.0]
    by = date.fromordinal(int(curve.calibrated_until))
    draws = curve.made_by(by.toordinal())
    low, point, high = (round(float(v)) for v in np.quantile(draws, [0.025, 0.5, 0.975]))
    last = [round(float(v)) for v in np.quantile(curve.paths[:, -1], [0.025, 0.975])]
    since = date.fromordinal(int(curve.edges[0]))
    supports = base.supports
    values = {
        **base.values,
        "low": StatedValue(low, "items", supports),
        "median": StatedValue(point, "items", supports),
        "high": StatedValue(high, "items", supports),
        "by": StatedValue(by, "date", supports),
        "since": StatedValue(since if block.start != "1" else None, "date", supports),
        "low_now": StatedValue(last[0], "items", supports),
        "high_now": StatedValue(last[1], "items", supports),
    }
    changes = []
    for times, words in ((0.5, "half as long"), (2.0, "twice as long")):
        other = [round(float(v)) for v in np.quantile(curves[times].made_by(by.toordinal()), [0.025, 0.975])]
        changes.append(Changed(f"every delay {words}, by the same day", other[0], other[1]))
    changes.append(Changed(f"by {as_of.isoformat()}, extrapolated", last[0], last[1]))
    rise = _rise(kept.items)
    diagnostics = [
        Diagnostic("delay within which nine in ten become known, days", round(law.delay.quantile(0.9)), law.why),
    ]
    if rise is not None:
        diagnostics.append(
            Diagnostic("Kendall's tau of numbers against made dates", round(rise[0], 3), f"one-sided p = {rise[1]:.3g}")
        )
    out = [n for n, p in curve.outside.items() if p >= 0.5]
    if out:
        named = ", ".join(map(str, out))
        diagnostics.append(Diagnostic("numbers that hardly fit the curve", named, "misread, or of another run"))
    headline = block.result.headline
    beside = () if headline is None else (
        Beside(block.result.method, block.result.version, headline.point, headline.low, headline.high),
    )  # fmt: skip
    result = replace(
        base.result,
        refused=None,
        headline=Interval(
            low=low, point=point, point_is="median of the posterior", high=high, level=0.95,
            interval=f"central, made by {by.isoformat()}, until when nine in ten are known", unit="items",
        ),
        quantiles={q: round(float(np.quantile(draws, float(q)))) for q in _LEVELS},
        mean=float(draws.mean()),
        sd=float(draws.std()),
        assumptions=curve_assumptions(kept.items, law, block.start, n_packed=kept.n_packed, rise=rise),
        diagnostics=tuple(diagnostics),
        sensitivity=tuple(changes),
        beside=beside,
    )  # fmt: skip
    return replace(base, values=values, result=result)


def _rows(block: Block, curve: SerialCurve, items: Sequence[CurveItem]) -> list[dict[str, Any]]:
    levels = (0.025, 0.5, 0.975)
    made, total = curve.output(levels), curve.quantiles(levels)
    days = [date.fromordinal(int(e)) for e in curve.edges]
    rows = []
    for q in range(len(days) - 1):
        rows.append(
            {
                "block_id": block.block_id, "from_on": days[q], "until_on": days[q + 1],
                "basis": "calibrated" if curve.edges[q + 1] <= curve.calibrated_until else "extrapolated",
                "made_low": float(round(made[0, q])), "made_median": float(round(made[1, q])),
                "made_high": float(round(made[2, q])), "total_low": float(round(total[0, q + 1])),
                "total_median": float(round(total[1, q + 1])), "total_high": float(round(total[2, q + 1])),
                "n_seen": sum(i.known_until <= curve.edges[q + 1] for i in items),
            }
        )  # fmt: skip
    return rows
