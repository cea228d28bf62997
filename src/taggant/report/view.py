"""What the page and the terminal show of when-made: findings and rows, put side by side, nothing computed anew.

Invariant: a day shown comes from a finding or a row of `made_range`; where it is unknown it stays None.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, TypeAlias

import polars as pl

from taggant.errors import InputError
from taggant.report.links import anchor, web_address
from taggant.report.phrases import Sentence, day, label, say
from taggant.report.visible import visible

Findings: TypeAlias = Sequence[Mapping[str, Any]]
Tables: TypeAlias = Mapping[str, "pl.DataFrame | pl.LazyFrame"]

QUESTION = "when-made"
_CASE, _ITEM = "when-made.case", "when-made.item"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """One item: its sentence, its days, its parts, and what the answer takes for granted."""

    item_id: str
    anchor: str
    name: str
    serial: str | None
    sentence: Sentence
    finding: Mapping[str, Any]
    state: str
    earliest: date | None
    latest: date | None
    without: date | None
    n_dated: int | None
    n_marked: int | None
    parts: tuple[PartView, ...]
    other_days: tuple[tuple[str, date], ...]
    assumptions: tuple[Mapping[str, Any], ...]

    @property
    def newest(self) -> PartView | None:
        """The part that sets the earliest day."""
        return next((p for p in self.parts if p.role == "newest"), None)

    @property
    def dated(self) -> tuple[PartView, ...]:
        """Dated parts, newest first."""
        found = [p for p in self.parts if p.state == "dated"]
        return tuple(sorted(found, key=lambda p: (p.made_from or date.min, p.component_id), reverse=True))

    @property
    def ambiguous(self) -> tuple[PartView, ...]:
        """Parts with several dates left."""
        return tuple(p for p in self.parts if p.state == "ambiguous")

    @property
    def undated(self) -> tuple[tuple[str | None, tuple[PartView, ...]], ...]:
        """Undated parts by the reason, the commonest reason first."""
        by_why: dict[str | None, list[PartView]] = {}
        for part in self.parts:
            if part.state == "undated":
                by_why.setdefault(part.why, []).append(part)
        ordered = sorted(by_why.items(), key=lambda w: (-len(w[1]), w[0] or ""))
        return tuple((why, tuple(parts)) for why, parts in ordered)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceView:
    """One source parts are cited from, and how many."""

    source_id: str
    anchor: str
    title: str | None
    publisher: str | None
    url: str | None
    n_parts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WhenMade:
    """The whole answer as it is shown."""

    lead: Sentence | None
    case: Mapping[str, Any] | None
    items: tuple[ItemView, ...]
    assumptions: tuple[Mapping[str, Any], ...]
    sources: tuple[SourceView, ...]

    @property
    def state(self) -> str:
        """Answered, answered in part, or refused."""
        n_refused = sum(i.state == "refused" for i in self.items)
        if n_refused == len(self.items):
            return "refused"
        return "partly" if n_refused else "answered"


def when_made(findings: Findings, tables: Tables, *, lang: str = "en") -> WhenMade:
    """What is there to show about when the items were made?

    Parameters
    ----------
    findings : sequence of dict
        Findings as machines read them (Appendix B); those of other questions are passed over.
    tables : mapping of str to polars frame
        `made_range` is needed; `item_assembly`, `component` and `source` add days, functions and addresses.
    lang : str
        ISO 639.

    Returns
    -------
    WhenMade
        Items by earliest day, those without an answer last.

    Raises
    ------
    InputError
        `made_range` is not given, or a finding about an item does not say which.

    Notes
    -----
    *Assumes:* one finding an item.
    *Not for:* judging: nothing is computed that a method should have said.

    Examples
    --------
    >>> when_made([], {"made_range": pl.DataFrame()}).state
    'refused'
    """
    if "made_range" not in tables:
        raise InputError(
            "the table made_range is not given",
            where=f"question {QUESTION}",
            next="Run the question first: taggant run",
        )
    mine = [f for f in findings if f["question"] == QUESTION]
    about_items = [f for f in mine if f["statement"]["key"].startswith(_ITEM)]
    case = next((f for f in mine if f["statement"]["key"].startswith(_CASE)), None)
    shared = _shared_assumptions(case, about_items)
    parts = _parts(tables)
    days = {row["item_id"]: row for row in rows(tables, "item_assembly")}
    items = [_item(f, parts, days, shared, lang) for f in about_items]
    items.sort(key=lambda i: (i.earliest is None, i.earliest or date.max, i.name, i.item_id))
    lead = None if case is None else say(case["statement"]["key"], _named(case, items), lang=lang)
    return WhenMade(lead=lead, case=case, items=tuple(items), assumptions=shared, sources=_sources(tables, items))


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


def _iso(value: str | date | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _value(finding: Mapping[str, Any], name: str) -> Any:
    return finding["statement"]["values"].get(name, {}).get("value")


def _parts(tables: Tables) -> dict[str, list[PartView]]:
    """Parts by item; the rows of one component are its ranges."""
    components = {row["component_id"]: row for row in rows(tables, "component")}
    sources = {row["source_id"]: row for row in rows(tables, "source")}
    by_component: dict[str, list[dict[str, Any]]] = {}
    for row in rows(tables, "made_range"):
        by_component.setdefault(row["component_id"], []).append(row)
    found: dict[str, list[PartView]] = {}
    for key, ranges in sorted(by_component.items()):
        ranges.sort(key=lambda r: r["range_n"])
        part = _part(key, ranges, components.get(key, {}), sources)
        found.setdefault(ranges[0]["item_id"], []).append(part)
    return found


def _sources(tables: Tables, items: Iterable[ItemView]) -> tuple[SourceView, ...]:
    """The sources of the parts shown, the most cited first."""
    counts = Counter(p.source_id for i in items for p in i.parts if p.source_id is not None)
    known = {row["source_id"]: row for row in rows(tables, "source")}
    return tuple(
        SourceView(
            source_id=key,
            anchor=anchor("source", key),
            title=known.get(key, {}).get("title"),
            publisher=known.get(key, {}).get("publisher"),
            url=web_address(known.get(key, {}).get("url")),
            n_parts=n,
        )
        for key, n in sorted(counts.items(), key=lambda c: (-c[1], c[0]))
    )


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


def _item(
    finding: Mapping[str, Any],
    parts: Mapping[str, Sequence[PartView]],
    days: Mapping[str, Mapping[str, Any]],
    shared: Iterable[Mapping[str, Any]],
    lang: str,
) -> ItemView:
    item_id = finding["subject"].get("item_id")
    if item_id is None:
        raise InputError(
            f"the finding {finding['id']!r} does not say which item it is about",
            where=f"question {QUESTION}",
            next="This is a fault of the method: please report it",
        )
    key = finding["statement"]["key"]
    roles = {
        _value(finding, "newest_but_one_component"): "newest-but-one",
        _value(finding, "newest_component"): "newest",
    }
    state = {
        f"{_ITEM}.influential": "one-mark",
        f"{_ITEM}.one-part": "one-part",
    }.get(key, "refused" if finding["refused"] else "dated")
    common = list(shared)
    known = days.get(item_id, {})
    other = [(name, known.get(name.replace("-", "_"))) for name in ("certain-on", "oldest-on", "median-on")]
    return ItemView(
        item_id=item_id,
        anchor=anchor("item", item_id),
        name=visible(str(_value(finding, "item") or item_id)),
        serial=_value(finding, "serial"),
        sentence=say(key, finding["statement"]["values"], lang=lang),
        finding=finding,
        state=state,
        earliest=_iso(_value(finding, "earliest")),
        latest=_iso(_value(finding, "latest")),
        without=_iso(_value(finding, "newest_but_one")),
        n_dated=_first(_value(finding, "n_dated"), known.get("n_dated")),
        n_marked=_first(_value(finding, "n_marked"), known.get("n_marked")),
        parts=tuple(_with_role(p, roles.get(p.component_id)) for p in parts.get(item_id, ())),
        other_days=tuple((name, d) for name, d in other if d is not None),
        assumptions=tuple(a for a in finding["assumptions"] if a not in common),
    )


def _first(stated: int | None, counted: int | None) -> int | None:
    return counted if stated is None else stated


def _with_role(part: PartView, role: str | None) -> PartView:
    return part if role is None else replace(part, role=role)


def _shared_assumptions(case: Mapping[str, Any] | None, about_items: Findings) -> tuple[Mapping[str, Any], ...]:
    """Said once for the page: what the case's finding assumes, and what every item's finding assumes alike."""
    said: list[Mapping[str, Any]] = list(case["assumptions"]) if case else []
    answered = [f["assumptions"] for f in about_items if not f["refused"]]  # a refusal assumes nothing
    if len(answered) > 1:
        first, *rest = answered
        said += [a for a in first if a not in said and all(a in other for other in rest)]
    return tuple(said)


def _named(case: Mapping[str, Any], items: Iterable[ItemView]) -> dict[str, Any]:
    """The case's values, an item's key replaced by what people call it."""
    names = {i.item_id: i.name for i in items}
    values = dict(case["statement"]["values"])
    for name in ("first_item", "last_item"):
        value = values.get(name, {}).get("value")
        if value in names:
            values[name] = {**values[name], "value": names[value]}
    return values
