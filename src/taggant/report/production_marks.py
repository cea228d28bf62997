"""Which lines of evidence about how many can be drawn against the calendar.

Invariant: nothing is added across lines; a number that is no total, or has no last day, is not drawn but counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from taggant.report.dossier import Dossier
from taggant.report.links import anchor
from taggant.report.phrases import day, integer, label
from taggant.report.visible import visible


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One number of the chart: on which day, between which ends, since when, and where it leads."""

    kind: str
    scope: str
    on: date
    low: int | float | None
    high: int | float | None
    point: int | float | None
    since: date | None
    is_graded: bool
    href: str
    told: str

    @property
    def level(self) -> int | float:
        """The height it is drawn at."""
        return next(n for n in (self.point, self.low, self.high) if n is not None)

    @property
    def shape(self) -> str:
        """At least, at most, or the number itself."""
        if self.high is None:
            return "triangle-up"
        return "triangle-down" if self.low is None else "diamond"


@dataclass(frozen=True, slots=True, kw_only=True)
class Production:
    """What the chart draws, and how many lines it does not."""

    serials: tuple[Mark, ...]
    claims: tuple[Mark, ...]
    plans: tuple[Mark, ...]
    use: Mapping[str, tuple[Mark, ...]] = field(default_factory=dict)
    n_not_drawn: int = 0

    @property
    def keys(self) -> tuple[str, ...]:
        """Which sorts of mark the key explains."""
        has = {"serials": self.serials, "claim": self.claims, "plan": self.plans, "use": self.use}
        return tuple(name for name, some in has.items() if some)


def production_marks(dossier: Dossier) -> Production:
    """Which lines of evidence can be drawn against the calendar?

    Parameters
    ----------
    dossier : Dossier
        With the tables `production` and `block`.

    Returns
    -------
    Production

    Notes
    -----
    *Assumes:* a total is of what was made from its first day, or from the start, to its last.
    *Not for:* rates and capacities: they are no totals, and are counted as not drawn.

    Examples
    --------
    >>> from taggant.report.dossier import CaseView
    >>> case = CaseView(title="K", subject="K", as_of=None, commit="", n_exhibits_held=0, n_sources_cited=0)
    >>> production_marks(Dossier(case=case, answers={}, frames={})).keys
    ()
    """
    serials: list[Mark] = []
    claims: list[Mark] = []
    plans: list[Mark] = []
    use: dict[str, list[Mark]] = {}
    n_not_drawn = 0
    for row in dossier.rows.get("production", {}).values():
        mark = _mark(dossier, row)
        if mark is None:
            n_not_drawn += 1
        elif mark.kind == "use":
            use.setdefault(mark.scope, []).append(mark)
        else:
            {"serials": serials, "claim": claims, "plan": plans}[mark.kind].append(mark)
    return Production(
        serials=tuple(sorted(serials, key=_order)),
        claims=tuple(sorted(claims, key=_order)),
        plans=tuple(sorted(plans, key=_order)),
        use={scope: _summed(sorted(some, key=_order)) for scope, some in sorted(use.items())},
        n_not_drawn=n_not_drawn,
    )


def _order(mark: Mark) -> tuple[date, float, str]:
    return mark.on, mark.level, mark.told


def _mark(dossier: Dossier, row: Mapping[str, Any]) -> Mark | None:
    """One line as a mark; None when it is no total, is not dated, or says no number."""
    line, key = row["line"], str(row["record_id"])
    low, high, point = (_number(row[name]) for name in ("low", "high", "point"))
    if line == "plan":
        low = high = point
    if row["measure"] != "total" or (low is None and high is None) or "decoys" in (row["unit"], row["scope"]):
        return None
    block = dossier.row("block", key) or {} if line == "serials" else {}
    on = block.get("largest_on") or _last(row["until_on"])
    if on is None:
        return None
    if line == "claim" and row["stance"] != "assert":  # plans that claims tell of are lines of their own
        return None
    scope = visible(str(row["scope"] or key))
    table = {"serials": "block", "claim": "claim", "use": "use", "plan": "plan"}[line]
    name = f"{visible(str(block['name']))}, {scope}" if block.get("name") else scope
    return Mark(
        kind=line,
        scope=scope,
        on=on,
        low=low,
        high=high,
        point=point,
        since=row["from_on"] if line != "serials" else None,
        is_graded=(dossier.row("claim", key) or {}).get("credibility") is not None,
        href=_href(dossier, table, key),
        told=f"{name}: {between_words(low, high)}, {label('chart-by')} {day(on)}",
    )


def _number(value: Any) -> int | float | None:
    if value is None:
        return None
    number = float(value)
    return int(number) if number.is_integer() else number


def _last(until: date | None) -> date | None:
    return None if until is None else until - timedelta(days=1)


def _href(dossier: Dossier, table: str, key: str) -> str:
    """The finding about it on this page; else its own page; else the list of lines."""
    if table == "block":
        found = (f["id"] for f in dossier.answers.get("how-many", ()) if f["subject"].get("block") == key)
        exact = next((name for name in found if not name.endswith(":case")), None)
        return f"#{anchor('finding', exact)}" if exact is not None else "table/block.html"
    if table in ("use", "plan"):
        said = dossier.said_of.get((table, key), ())
        own = next((name for name, _ in said if name.startswith(f"how-many:{table}:")), None)
        if own is not None:
            return f"#{anchor('finding', own)}"
    return dossier.address(table, key) or "table/production.html"


def between_words(low: int | float | None, high: int | float | None) -> str:
    """How is a number between these ends written?"""
    if high is None:
        return f"{label('at-least')} {_said(low)}"
    if low is None:
        return f"{label('at-most')} {_said(high)}"
    return _said(low) if low == high else f"{_said(low)} – {_said(high)}"


def _said(value: int | float | None) -> str:
    return "–" if value is None else integer(round(value))


def _summed(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """Use of one scope, from nothing on its first day upwards."""
    total: int | float = 0
    first = marks[0]
    start = first.since or first.on
    summed = [_at(first, start, 0)]
    for mark in marks:
        total += mark.low if mark.low is not None else 0
        summed.append(_at(mark, mark.on, total))
    return tuple(summed)


def _at(mark: Mark, on: date, total: int | float) -> Mark:
    told = f"{mark.scope}: {_said(total)} {label('chart-launched')}, {label('chart-by')} {day(on)}"
    return Mark(
        kind="use", scope=mark.scope, on=on, low=total, high=total, point=total, since=None, is_graded=False,
        href=mark.href, told=told,
    )  # fmt: skip
