"""What the page and the terminal show of when-made: findings and rows, put side by side, nothing computed anew.

Invariant: a day shown comes from a finding or a row of `made_range`; where it is unknown it stays None.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeAlias

from taggant.errors import InputError
from taggant.report.links import anchor, web_address
from taggant.report.parts import PartView, Tables, parts_by_item, rows
from taggant.report.phrases import Sentence, say
from taggant.report.visible import visible

Findings: TypeAlias = Sequence[Mapping[str, Any]]

QUESTION = "when-made"
_CASE, _ITEM = "when-made.case", "when-made.item"


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
    def newest_but_one(self) -> PartView | None:
        """The part that would set it without the newest mark."""
        return next((p for p in self.parts if p.role == "newest-but-one"), None)

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

    @property
    def told(self) -> tuple[ItemView, ...]:
        """The items with an answer."""
        return tuple(i for i in self.items if i.state != "refused")

    @property
    def refused(self) -> tuple[tuple[str, str, tuple[ItemView, ...]], ...]:
        """Why, what would be enough, and the items of which that is so: one entry a reason."""
        by_reason: dict[tuple[str, str], list[ItemView]] = {}
        for item in self.items:
            refused = item.finding["refused"]
            if refused:
                why, enough = (visible(refused[part]).rstrip(".") for part in ("why", "enough"))
                by_reason.setdefault((why, enough), []).append(item)
        return tuple((why, enough, tuple(some)) for (why, enough), some in by_reason.items())


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
    >>> import polars as pl
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
    parts = parts_by_item(tables)
    days = {row["item_id"]: row for row in rows(tables, "item_assembly")}
    items = [_item(f, parts, days, shared, lang) for f in about_items]
    items.sort(key=lambda i: (i.earliest is None, i.earliest or date.max, i.name, i.item_id))
    lead = None if case is None else say(case["statement"]["key"], _named(case, items), lang=lang)
    return WhenMade(lead=lead, case=case, items=tuple(items), assumptions=shared, sources=_sources(tables, items))


def _iso(value: str | date | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _value(finding: Mapping[str, Any], name: str) -> Any:
    return finding["statement"]["values"].get(name, {}).get("value")


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
