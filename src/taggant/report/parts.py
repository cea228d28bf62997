"""The parts of a page: each component with its mark, what was read as a date, and where that is stated.

Invariant: the spans are those of `made_range`, cut and joined nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeAlias

import polars as pl

from taggant.model.derived_tables import DERIVED
from taggant.model.judgements import judged
from taggant.model.tables import frame_schema
from taggant.model.typed_tables import TYPED
from taggant.report.links import anchor, web_address
from taggant.report.phrases import day, label
from taggant.report.visible import visible
from taggant.writing.edtf import parse_edtf

Tables: TypeAlias = Mapping[str, "pl.DataFrame | pl.LazyFrame"]


@dataclass(frozen=True, slots=True)
class Span:
    """Days a part can have been made on: `from_on` inside, `until_on` the first day after."""

    from_on: date | None
    until_on: date | None

    @property
    def words(self) -> str:
        """The span as people write it: a year, a month, or its first and last day."""
        if self.from_on is None or self.until_on is None:
            ends = (label("open-date") if d is None else day(d) for d in (self.from_on, self.last_on))
            return " – ".join(ends)
        start, last = self.from_on, self.until_on - timedelta(days=1)
        if start == last:
            return day(start)
        if (start.day, self.until_on.day) == (1, 1):
            if (start.month, self.until_on.month) == (1, 1):
                return str(start.year) if start.year == last.year else f"{start.year} – {last.year}"
            if (start.year, start.month) == (last.year, last.month):
                return day(start).split(" ", 1)[1]
        first = day(start)
        if start.year == last.year:
            first = str(start.day) if start.month == last.month else first.rsplit(" ", 1)[0]
        return f"{first} – {day(last)}"

    @property
    def last_on(self) -> date | None:
        """The last day inside."""
        return None if self.until_on is None else self.until_on - timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartView:
    """One component: its mark, what was read as a date, and where it is stated."""

    component_id: str
    anchor: str
    state: str
    marking: tuple[str, str, str]
    """The mark, cut before and after what is read as the date; the middle is empty when nothing is."""
    token: str | None
    spans: tuple[Span, ...]
    rule: str | None
    status: str | None
    tolerance_days: int
    closed_by: tuple[str, ...]
    why: str | None
    function: str | None
    brand: str | None
    source_id: str | None
    source: str | None
    url: str | None
    row: str | None
    exhibit: str | None
    record_id: str | None
    role: str | None = None
    """"newest" or "newest-but-one" for the two parts an item's answer hangs on."""

    @property
    def made_from(self) -> date | None:
        """The first day it can have been made."""
        return self.spans[0].from_on if self.spans else None

    @property
    def made(self) -> str:
        """All its spans in words."""
        return f" {label('or')} ".join(s.words for s in self.spans)


def rows(tables: Tables, name: str) -> list[dict[str, Any]]:
    """Which rows has this table?

    Parameters
    ----------
    tables : mapping of str to polars frame
    name : str

    Returns
    -------
    list of dict
        Column → value; no row when the table is not given.

    Notes
    -----
    *Assumes:* a page's worth of rows.
    *Not for:* tables larger than memory.

    Examples
    --------
    >>> rows({}, "source")
    []
    """
    frame = tables.get(name)
    if frame is None:
        return []
    return (frame.collect() if isinstance(frame, pl.LazyFrame) else frame).to_dicts()


def cut_at_token(marking: str | None, token: str | None) -> tuple[str, str, str]:
    """Where in the mark stands what was read as the date?

    Parameters
    ----------
    marking, token : str or None
        The mark as stated, and the letters read as its date code.

    Returns
    -------
    tuple of three str
        Before, the token, after; the token is empty when it is not in the mark. A whole word is preferred to a part
        of one.

    Notes
    -----
    *Assumes:* the token stands once as the date; of several, the first whole word is taken.
    *Not for:* reading a date.

    Examples
    --------
    >>> cut_at_token("18M5 VP230 18M", "18M")
    ('18M5 VP230 ', '18M', '')
    """
    text, wanted = visible(marking or ""), visible(token or "")
    if not wanted:
        return text, "", ""
    whole = re.search(rf"(?<!\S){re.escape(wanted)}(?!\S)", text)
    at = whole.start() if whole else text.find(wanted)
    return (text, "", "") if at < 0 else (text[:at], wanted, text[at + len(wanted) :])


def parts_by_item(tables: Tables) -> dict[str, list[PartView]]:
    """Which parts has each item, with all ranges each part can have been made in?

    Parameters
    ----------
    tables : mapping of str to polars frame
        `made_range`, and `component`, `source` and `judgement` where there are any.

    Returns
    -------
    dict
        Item → parts by component, whatever the order of rows.

    Notes
    -----
    *Assumes:* the rows of one component are its ranges.
    *Not for:* components nobody listed a row of `made_range` for.

    Examples
    --------
    >>> parts_by_item({"made_range": pl.DataFrame()})
    {}
    """
    components = {row["component_id"]: row for row in rows(tables, "component")}
    sources = {row["source_id"]: row for row in rows(tables, "source")}
    by_component: dict[str, list[dict[str, Any]]] = {}
    for row in _judged_ranges(tables):
        by_component.setdefault(row["component_id"], []).append(row)
    found: dict[str, list[PartView]] = {}
    for key, ranges in sorted(by_component.items()):
        ranges.sort(key=lambda r: r["range_n"])
        part = _part(key, ranges, components.get(key, {}), sources)
        found.setdefault(ranges[0]["item_id"], []).append(part)
    return found


def _judged_ranges(tables: Tables) -> list[dict[str, Any]]:
    """The rows of `made_range`, with what persons decided: their own date stands for what they replaced."""
    judgements = rows(tables, "judgement")
    if not judgements:
        return rows(tables, "made_range")
    decided = pl.DataFrame(judgements, schema=frame_schema(TYPED["judgement"]))
    ranges = pl.DataFrame(rows(tables, "made_range"), schema=frame_schema(DERIVED["made_range"]))
    found = []
    for row in judged(ranges, decided, "made-range").iter_rows(named=True):
        if row["judged"] not in ("rejected", "replaced"):
            found.append(row)
        elif row["range_n"] == 0:
            undated = {**row, "state": "undated", "token": None, "made_from": None, "made_until": None, "rule": None}
            if row["judged"] == "replaced":
                made = parse_edtf(row["judged_value"])
                more = {"state": "dated", "made_from": made.from_on, "made_until": made.until_on}
                found.append({**undated, **more, "rule": label("judged-date"), "status": None, "tolerance_days": 0})
            else:
                found.append({**undated, "why": label("judged-no-date")})
    return found


def _part(
    key: str,
    ranges: Sequence[Mapping[str, Any]],
    component: Mapping[str, Any],
    sources: Mapping[str, Mapping[str, Any]],
) -> PartView:
    first = ranges[0]
    source = sources.get(first.get("source_id") or "", {})
    locator = component.get("locator")
    exhibit, _, row = (component.get("origin") or "").partition("#row=")
    return PartView(
        component_id=key,
        anchor=anchor("component", key),
        state=first["state"],
        marking=cut_at_token(first.get("marking"), first.get("token")),
        token=first.get("token"),
        spans=()
        if first["state"] == "undated"
        else tuple(Span(r["made_from"], r["made_until"]) for r in ranges if r["made_from"] or r["made_until"]),
        rule=first.get("rule"),
        status=first.get("status"),
        tolerance_days=first.get("tolerance_days") or 0,
        closed_by=tuple(first.get("closed_by") or ()),
        why=first.get("why"),
        function=component.get("function"),
        brand=component.get("brand"),
        source_id=first.get("source_id"),
        source=source.get("title"),
        url=web_address(locator) or web_address(source.get("url")),
        row=row or None,
        exhibit=exhibit or None,
        record_id=component.get("record_id"),
    )
