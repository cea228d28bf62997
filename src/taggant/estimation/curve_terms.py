"""What a serial–date curve is made of in a case: items with their ranges, the delay law, quarters, and assumptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import inf
from typing import Any

import numpy as np
import polars as pl

from taggant.errors import NotEnoughData
from taggant.estimation.delays import DEFAULT_LAG90
from taggant.estimation.serial_blocks import Numbered
from taggant.model.result import Assumption, Status
from taggant.statistics.delays import DelayLaw
from taggant.statistics.serial_curve import Delay
from taggant.statistics.serial_runs import Start

_GAMMA2_90 = 1.94486  # of a gamma law of shape 2 and mean 1: within this nine in ten
_POINTS, _LONGEST = 2001, 0.99999
_MOST_QUARTERS = 80
_MONTHS = 3


@dataclass(frozen=True, slots=True)
class CurveItem:
    """One item of a run: its number, when it can have been made and have become known (ordinals, half-open)."""

    item_id: str
    incident_id: str
    number: int
    low: float
    high: float
    known_from: float
    known_until: float
    basis: str | None
    read_quality: str | None

    @property
    def is_made_dated(self) -> bool:
        """Whether a date stands on the item itself, or its newest part bounds it from below."""
        return self.low > -inf

    @staticmethod
    def of(
        item: Numbered, row: Mapping[str, Any] | None, made: Mapping[str, Any] | None, quality: str | None
    ) -> CurveItem:
        """Join an item of a run with its dates; a newest part sets only its earliest day.

        Where no day of becoming known or of recovery is stated, it was known by the day its source gives.
        """
        low, high, basis = -inf, inf, None
        since, by = -inf, inf if item.existed_on is None else item.existed_on.toordinal() + 1.0
        if row is not None:
            told = "known" if row["known_until"] is not None else "recovered"
            if row[f"{told}_until"] is not None:
                by = float(row[f"{told}_until"].toordinal())
                since = -inf if row[f"{told}_from"] is None else float(row[f"{told}_from"].toordinal())
        if made is not None and made["made_from"] is not None:
            low, basis = float(made["made_from"].toordinal()), made["basis"]
            if basis == "date on the item" and made["made_until"] is not None:
                high = float(made["made_until"].toordinal())
        high = min(high, by)
        if high <= low:  # made after it was known: the two contradict one another
            low, basis = -inf, None
        return CurveItem(item.item_id, item.incident_id, item.number, low, high, since, by, basis, quality)


@dataclass(frozen=True, slots=True)
class CaseDelay:
    """The delay law used, whether the case's own, and why."""

    delay: Delay
    is_estimated: bool
    why: str


def delay_of(delay_law: pl.DataFrame) -> CaseDelay:
    """Which delay law holds for a case: its own by dates on items, by newest parts, or the stated default?

    Parameters
    ----------
    delay_law : polars.DataFrame
        Table `delay_law`.

    Returns
    -------
    CaseDelay
        In days.

    Notes
    -----
    *Assumes:* the default is a gamma law of shape 2 with the stated lag.
    *Not for:* its uncertainty: half and twice as long stand in the sensitivity table.

    Examples
    --------
    >>> from taggant.model.derived_tables import DERIVED
    >>> from taggant.model.tables import frame_schema
    >>> round(delay_of(pl.DataFrame(schema=frame_schema(DERIVED["delay_law"]))).delay.quantile(0.9))
    365
    """
    rows = {r["basis"]: r for r in delay_law.iter_rows(named=True)}
    for basis in ("dates of items", "newest parts"):
        row = rows.get(basis)
        if row is not None and row["state"] == "estimated" and row["family"] is not None:
            law = DelayLaw(row["family"], row["mean_days"], row["shape"])
            return CaseDelay(_table(law), True, f"estimated from {row['n_used']} incidents by {basis}")
    default = next((r["lag90_days"] for r in rows.values() if r["lag90_days"] is not None), DEFAULT_LAG90)
    law = DelayLaw("gamma", float(default) / _GAMMA2_90, 2.0)
    return CaseDelay(_table(law), False, "a stated default: the delays of this case cannot be estimated")


def _table(law: DelayLaw) -> Delay:
    x = np.linspace(0.0, law.quantile(_LONGEST), _POINTS)
    cdf = law.cdf(x)
    return Delay(x=x, cdf=cdf / cdf[-1])


def quarters_of(items: Sequence[CurveItem], as_of: date, law: CaseDelay) -> list[date]:
    """Which quarters does the curve run through?

    Parameters
    ----------
    items : sequence of CurveItem
    as_of : date
        The last day of the last quarter.
    law : CaseDelay
        An item without a made date is taken to have been made a median delay before it became known.

    Returns
    -------
    list of date
        From the quarter before the first item to the day after the cut.

    Raises
    ------
    NotEnoughData
        No item has any date.

    Notes
    -----
    *Assumes:* making began no earlier than the quarter before the first item seen.
    *Not for:* runs longer than twenty years: the curve begins twenty years before the cut.

    Examples
    --------
    >>> made = date(2024, 2, 1).toordinal(), date(2024, 3, 1).toordinal()
    >>> item = CurveItem("a", "e", 5, *made, -inf, inf, None, None)
    >>> from taggant.model.derived_tables import DERIVED
    >>> from taggant.model.tables import frame_schema
    >>> law = delay_of(pl.DataFrame(schema=frame_schema(DERIVED["delay_law"])))
    >>> [d.isoformat() for d in quarters_of([item], date(2024, 6, 30), law)]
    ['2023-10-01', '2024-01-01', '2024-04-01', '2024-07-01']
    """
    middle = law.delay.quantile(0.5)
    days = [i.low for i in items if i.is_made_dated]
    days += [i.known_until - middle for i in items if not i.is_made_dated and i.known_until < inf]
    if not days:
        raise NotEnoughData("no item of the run has any date", enough="three items with the day they became known")
    first = date.fromordinal(int(min(days)))
    year, quarter = first.year, (first.month - 1) // _MONTHS - 1
    if quarter < 0:
        year, quarter = year - 1, 3
    end = as_of + timedelta(days=1)
    edges = []
    while (day := date(year, quarter * _MONTHS + 1, 1)) < end:
        edges.append(day)
        year, quarter = (year, quarter + 1) if quarter < 3 else (year + 1, 0)
    return [*edges[-_MOST_QUARTERS:], end]


def curve_assumptions(
    items: Sequence[CurveItem], law: CaseDelay, start: Start, *, n_packed: int, rise: tuple[float, float] | None
) -> tuple[Assumption, ...]:
    """What does a curve need to be true, and how does that stand?

    Parameters
    ----------
    items : sequence of CurveItem
    law : CaseDelay
    start : str
    n_packed : int
        Numbers left out as neighbours found together.
    rise : (float, float) or None
        Kendall's tau of number against made date, and p.

    Returns
    -------
    tuple of Assumption

    Notes
    -----
    *Assumes:* what is modelled (delay, misreads) is *weak* and says by what.
    *Not for:* which items are one run: the finding of the run says that.
    """
    n = len(items)
    n_item = sum(i.basis == "date on the item" for i in items)
    n_part = sum(i.basis == "newest part" for i in items)
    rising = "too few dated numbers, or dates too coarse, to test it"
    status: Status = "untestable"
    if rise is not None:
        rising, status = f"they rise with the dates on the items (tau {rise[0]:.2f}, p = {rise[1]:.2g})", "ok"
    return (
        Assumption("Numbers are given out in order of making, without gaps", status, rising),
        Assumption(
            "An item becomes known after a delay of one law, whenever it was made",
            "weak",
            f"{law.why}; the table shows it half and twice as long",
        ),
        Assumption(
            "Each item is as likely to be found as any other, once the delay is allowed for",
            "untestable",
            "what is known after the cut would show it",
        ),
        Assumption(
            "Dates are those of making",
            "weak" if n_item < n else "ok",
            f"{n_item} of {n} have a date on the item, {n_part} a newest part only, which bounds them from below",
        ),
        Assumption(
            "Numbers handed out and found together count once",
            "ok" if not n_packed else "weak",
            f"{n_packed} numbers left out as neighbours found together",
        ),
        Assumption(
            "Numbers begin at 1" if start == "1" else "Nobody knows where numbers begin",
            "untestable" if start == "1" else "ok",
            "as was said" if start == "1" else "only what was made since the curve's first day is counted",
        ),
        Assumption(
            "A number may be misread",
            "weak",
            "by how surely it was read: 0.01, 0.03 or 0.10 (serials-misread-v1)",
        ),
    )
