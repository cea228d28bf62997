"""What a sentence says: topic, scope, number, measure, period — each with where in the sentence it stands.

Invariant: a number belongs to a claim only when it counts things or a share; years, distances and people are no claim.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from taggant.claims.cues import Cues, designations
from taggant.claims.number_patterns import (
    FIGURED,
    HEARSAY,
    JOINT,
    MONEY,
    MONEY_AFTER,
    NAMED,
    NONE_OF,
    NOT_MORE,
    NUMBERED,
    OF_THEM,
    OTHER_UNITS,
)
from taggant.writing.language_words import folded
from taggant.writing.quantities import Quantity, find_quantities
from taggant.writing.when import When, find_dates

_REACH = 42
_NEAR = 30
_PRIORITY = (
    "localisation.share", "components.count", "transfer.ordered", "transfer.delivered", "use.launched",
    "capability.fitted", "producer.identified", "production.made", "commitment",
)  # fmt: skip
_UNITS = {
    "airframes": "airframes", "engines": "engines", "components": "components", "antennas": "components",
    "shells": "rounds", "cartridges": "rounds", "mines": "rounds",
}  # fmt: skip
_SHARE, _COUNT = "localisation.share", "components.count"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing a sentence says.

    Attributes
    ----------
    topic : str
    scope, unit, measure, per, period : str or None
    quantity : Quantity or None
    when : When or None
    is_hedged, is_negated, is_plan, is_stop, is_none : bool
        `is_none`: the sentence says that there is none at all.
    also : frozenset of str
        Every topic a sentence without a number speaks of.
    """

    topic: str
    scope: str | None
    unit: str | None
    measure: str | None
    per: str | None
    period: str | None
    quantity: Quantity | None
    is_hedged: bool
    is_negated: bool
    is_plan: bool
    is_stop: bool
    is_none: bool = False
    at: int = 0
    is_strong: bool = True
    also: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Thing:
    start: int
    end: int
    name: str


def what_is_said(
    text: str,
    cues: Cues,
    *,
    said: date | None,
    context: str | None = None,
    before: Told | None = None,
    voices: Sequence[tuple[int, int]] = (),
    said_at: int | None = None,
) -> tuple[Told, ...]:
    """What does this sentence say that can be counted, dated or denied?

    Parameters
    ----------
    text : str
        One sentence.
    cues : Cues
    said : date or None
        The day of publication.
    context : str or None
        What the sentences before it spoke of.
    said_at : int or None
        Where the verb of saying stands: what it says without a number stands after it, if anything does.
    voices : sequence of (int, int)
        Where those who say it are named: no word of theirs is a topic ("a shipping broker").
    before : Told or None
        What was told last in the same paragraph: "40 of them" goes on with it.

    Returns
    -------
    tuple of Told
        One a number; one without a number where it speaks of a topic all the same.

    Notes
    -----
    Assumes: a number counts the thing that follows it, or that its sentence speaks of; a time belongs to the number it
    stands nearest to.
    Not for: who says it (`whose_words`).

    Examples
    --------
    >>> from taggant.claims.cues import cues_of
    >>> t, = what_is_said("The plant made at least 300 Kestrel-2 drones in 2024.", cues_of("en"), said=None)
    >>> t.topic, t.scope, t.quantity.low, t.period
    ('production.made', 'Kestrel-2', 300.0, '2024')
    """
    low = folded(text)
    language = cues.code
    names = _designations(text, low)
    dates = find_dates(text, language=language, said=said)
    taken = [w.span for w in dates] + [(n.start, n.end) for n in names]
    amounts = find_quantities(text, language=language, taken=taken)
    things = sorted(
        (_Thing(m.start(), m.end(), name) for name, p in cues.things.items() for m in p.finditer(low)),
        key=lambda t: t.start,
    )
    spots = [(m.start(), m.end(), name) for name, p in cues.topics.items() for m in p.finditer(low)
             if not any(a <= m.start() < b for a, b in voices)]  # fmt: skip
    # "выпустили по городу" is a launch, though "выпустили" alone is output: the longer cue holds.
    spots = [s for s in spots if not any(o[0] <= s[0] and s[1] <= o[1] and o[1] - o[0] > s[1] - s[0] for o in spots
                                         if o[2] != s[2])]  # fmt: skip
    stops = [m.start() for m in cues.stop.finditer(low)]
    plan = cues.speech["plan"].search(low)
    if plan is not None and language == "de" and HEARSAY.search(low, plan.start()):
        plan = None  # "soll geliefert haben": somebody says so
    counted = [(q, _counts(low, q, things, names)) for q in amounts]
    strong = [(q, t) for q, (kind, t) in counted if kind in {"strong", "of them"}]
    weak = [(q, t) for q, (kind, t) in counted if kind == "weak"]
    chosen = strong or weak[:1]
    if strong and before is not None:
        figured = [
            (q, t)
            for q, t in weak
            if FIGURED.search(low[: q.span[0]]) and cues.figures.search(low[max(0, q.span[0] - 60) : q.span[0]])
        ]
        chosen = sorted((*strong, *figured), key=lambda c: c[0].span[0])
    goes_on = before is not None and any(kind == "of them" or (kind == "strong" and q.per) for q, (kind, _) in counted)
    is_figure = before is not None and bool(dates) and cues.figures.search(low) is not None
    if is_figure and not goes_on and not things and not names:
        goes_on = bool(chosen)  # "the figure for October had been 2,655"
    apart = [m.start() for m in cues.apart.finditer(low)]
    if not spots and not stops and not goes_on:
        return ()
    kinds = {id(q): kind for q, (kind, _) in counted}
    is_of_something = bool(names or things) or any(q.per or q.is_percent for q, _ in chosen)
    moves = {"commitment", "transfer.delivered", "transfer.ordered"}
    # A stop of deliveries, and a commitment, need not say again of what.
    is_of_something = is_of_something or any(name == "commitment" or (stops and name in moves) for *_, name in spots)
    if not is_of_something and not (context and (chosen or stops)):
        return ()
    joints = [m.start() for m in JOINT.finditer(low)]
    told: list[Told] = []
    has_parts = any(t.name == "components" for t in things)
    for n, (q, thing) in enumerate(chosen):
        topic, at = _topic(low, q, spots, stops, thing, has_parts=has_parts)
        if _is_apart(low, q, apart, at if topic is not None else None):
            continue
        carries = (
            kinds[id(q)] == "of them"
            or (topic is None and q.per is not None)
            or (is_figure and thing is None and goes_on)
        )
        if before is not None and carries:
            topic, at = before.topic, q.span[0]
            if thing is None and before.unit is not None and before.unit in cues.things:
                thing = _Thing(at, at, before.unit)
        if topic is None:
            continue
        others = [x for k, (x, _) in enumerate(chosen) if k != n]
        when = _when(dates, q, others, low, cues, joints)
        scope = _scope(q, names, things, context, topic)
        planned = (
            plan
            if plan is not None
            and any(_one_clause(m.start(), at, q, joints) for m in cues.speech["plan"].finditer(low))
            else None
        )
        told.append(_told(low, topic, at, scope, thing, q, when, cues, planned, stops))
    if not told:
        after = [x for x in spots if said_at is not None and x[0] > said_at]
        topic, at = _bare_topic(after or spots, stops)
        if topic is not None:
            scope = names[0].name if names else context if not things else things[0].name
            when = _when(dates, None, [], low, cues, joints)
            bare = _told(low, topic, at, scope, None, None, when, cues, plan, stops, is_strong=False)
            told.append(replace(bare, also=frozenset(name for *_, name in spots)))
    return tuple(told)


def _one_clause(a: int, b: int, q: Quantity, joints: Sequence[int]) -> bool:
    """Whether no joint of clauses stands between two places, or between the first and the number."""
    return not any(min(a, b) < j < max(a, b) for j in joints) or not any(
        min(a, q.span[0]) < j < max(a, q.span[0]) for j in joints
    )


def _is_apart(low: str, q: Quantity, apart: Sequence[int], at: int | None) -> bool:
    """Whether this number counts what was shot down or seized: such a word stands nearer to it than its topic."""
    gap = {
        a: abs(a - q.span[1]) + (60 if re.search(r"[,;]", low[min(a, q.span[1]) : max(a, q.span[1])]) else 0)
        for a in apart
    }
    if not gap:
        return False
    nearest = min(gap.values())
    return nearest < 50 and (at is None or nearest < abs(at - q.span[0]))


def _designations(text: str, low: str) -> list[_Thing]:
    found: list[_Thing] = []
    for name, pattern in designations():
        for m in pattern.finditer(low):
            if not any(f.start < m.end() and m.start() < f.end for f in found):
                found.append(_Thing(m.start(), m.end(), name))
    for m in NAMED.finditer(text):
        if not any(f.start < m.end() and m.start() < f.end for f in found):
            found.append(_Thing(m.start(), m.end(), m[0]))
    return sorted(found, key=lambda f: f.start)


def _counts(low: str, q: Quantity, things: Sequence[_Thing], names: Sequence[_Thing]) -> tuple[str, _Thing | None]:
    """What this number counts: strong, a thing stands right behind it; weak, perhaps; no: something else."""
    start, end = q.span[0], q.span[1]
    head, tail = low[max(0, start - 16) : start], low[end : end + _REACH]
    number_head = low[max(0, q.number_span[0] - 16) : q.number_span[0]]
    if MONEY.search(number_head) or MONEY_AFTER.match(tail) or NUMBERED.search(head) or NUMBERED.search(number_head):
        return "no", None
    if OTHER_UNITS.match(tail) or re.match(r"[-‐‑][^\W\d_]", tail):
        return "no", None
    cut = re.search(r"[.;:!?,،؛()]", tail)
    reach = end + (len(tail) if cut is None else cut.start())
    behind = [t for t in (*things, *names) if end <= t.start <= reach]
    if q.is_percent:
        return "strong", min(behind, key=lambda t: t.start, default=None)
    if behind:
        first = min(behind, key=lambda t: t.start)
        between = low[end : first.start]
        if not OTHER_UNITS.search(re.sub(r"^\s+\S+", "", between)) or len(between.split()) <= 3:
            generic = [t for t in behind if t in things]
            return "strong", generic[0] if generic else first
    if q.per is not None:
        return "strong", None
    before = [t for t in things if t.end <= start and re.fullmatch(r"[^.;!?]{0,40}[—–:-]\s*", low[t.end : start])]
    if before:
        return "strong", before[-1]
    if OF_THEM.match(tail):
        return "of them", None
    if not re.match(r"\s*(?:[^\w\s]|$|\w{1,4}(?!\w))", tail):
        return "no", None  # a noun we do not know follows: it counts that
    if q.low is not None and q.low == q.high and q.low <= 3 and not low[q.number_span[0] : q.number_span[1]].isdigit():
        return "no", None
    return "weak", None


def _topic(
    low: str,
    q: Quantity,
    spots: Sequence[tuple[int, int, str]],
    stops: Sequence[int],
    thing: _Thing | None,
    *,
    has_parts: bool,
) -> tuple[str | None, int]:
    """The topic whose cue stands nearest to the number, in the same clause if it can be."""
    if q.is_percent:
        ours = [s for s in spots if s[2] == _SHARE]
        if ours:
            return _SHARE, ours[0][0]
        if has_parts:
            return _SHARE, q.span[0]
        return None, 0
    at = q.span[0]
    scored: list[tuple[float, int, int, str]] = []
    for start, end, name in spots:
        if name == _SHARE:
            continue
        if name == _COUNT and not (thing is not None and thing.name in {"components", "antennas"}):
            continue
        if name in {"commitment", "producer.identified"} and q.low is not None and abs(at - start) >= _NEAR:
            continue
        distance = abs(start - at) if start < at else abs(start - q.span[1])
        between = low[min(end, at) : max(start, at)]
        if re.search(r"[;:—–]|,\s(?:and|but|while|а|но|und|aber|mais|et|pero|y|ale|i)\s", between):
            distance += 60
        scored.append((distance - (10 if name == _COUNT else 0), _PRIORITY.index(name), start, name))
    if not scored:
        return ("transfer.stopped", stops[0]) if stops else (None, 0)
    _, _, start, name = min(scored)
    return name, start


def _bare_topic(spots: Sequence[tuple[int, int, str]], stops: Sequence[int]) -> tuple[str | None, int]:
    """The topic of a sentence without a number."""
    by = {name: start for start, _, name in reversed(spots)}
    if stops:
        if {"transfer.delivered", "transfer.ordered"} & set(by):
            return "transfer.stopped", stops[0]
        if "commitment" in by:
            return "commitment", by["commitment"]
    for name in ("capability.fitted", "producer.identified", "transfer.delivered", "transfer.ordered", "commitment",
                 "use.launched", "production.made"):  # fmt: skip
        if name in by:
            return name, by[name]
    return None, 0


def _when(dates: Sequence[When], q: Quantity | None, others: Sequence[Quantity], low: str, cues: Cues,
          joints: Sequence[int]) -> When | None:  # fmt: skip
    """The time nearest to the number; one that stands nearer to another number belongs to that."""
    usable = [w for w in dates if not _is_saying_day(w, low, cues)]
    if not usable:
        return None
    if q is None:
        return min(usable, key=lambda w: (w.role == "in" and len(w.edtf) == 10, w.span[0]))

    def gap(w: When, x: Quantity) -> int:
        return max(w.span[0] - x.span[1], x.span[0] - w.span[1], 0)

    mine = [w for w in usable if all(gap(w, q) <= gap(w, x) for x in others)] if others else usable
    mine = mine or (
        usable
        if len(usable) == 1
        and not q.is_percent
        and (usable[0].span[0] < q.span[0] or _one_clause(usable[0].span[0], q.span[0], q, joints))
        else []
    )  # one time said once holds for all numbers beside it
    return min(mine, key=lambda w: (w.role == "in" and len(w.edtf) == 10 and w.is_relative, gap(w, q)), default=None)


def _is_saying_day(w: When, low: str, cues: Cues) -> bool:
    """Whether this is only the day it was said: a single day beside a verb of saying."""
    if w.role != "in" or len(w.edtf) != 10:
        return False
    head, tail = low[max(0, w.span[0] - 60) : w.span[0]], low[w.span[1] : w.span[1] + 24]
    head = re.split(r"[,;:]", head)[-1]
    said = [
        *cues.speech["assert"].finditer(head),
        *cues.speech["deny"].finditer(head),
        *(m for how in ("assert", "deny", "promise", "request") for m in cues.speech[how].finditer(tail)),
    ]
    return bool(said)


def _scope(
    q: Quantity, names: Sequence[_Thing], things: Sequence[_Thing], context: str | None, topic: str
) -> str | None:
    if names:
        after = [n for n in names if n.start >= q.span[1]]
        near = min(after or names, key=lambda n: abs(n.start - q.span[1]))
        return near.name
    if topic in {_SHARE, _COUNT}:
        return context or (things[0].name if things else None)
    after = [t for t in things if t.start >= q.span[1]]
    generic = after[0] if after else things[0] if things else None
    if generic is None or generic.name in {"units", "components"}:
        return context or (None if generic is None else generic.name)
    if context is not None and generic.name == "drones":
        return context
    return generic.name


def _told(
    low: str,
    topic: str,
    at: int,
    scope: str | None,
    thing: _Thing | None,
    q: Quantity | None,
    when: When | None,
    cues: Cues,
    plan: re.Match[str] | None,
    stops: Sequence[int],
    *,
    is_strong: bool = True,
) -> Told:
    is_capacity = q is not None and topic == "production.made" and cues.capacity.search(low) is not None
    if q is not None and q.high is None and q.low is not None and NOT_MORE.search(low) and (is_capacity or q.per):
        q = replace(q, low=None, high=q.low)  # "cannot make more than fifteen a day"
    measure = None
    if q is not None and not q.is_percent:
        measure = "capacity" if is_capacity and (q.per or plan is None) else "rate" if q.per else "total"
    outside = low
    if q is not None:
        outside = low[: q.span[0]] + " " + low[q.span[1] :]
    is_none = NONE_OF.match(low) is not None or (q is not None and q.high == 0)
    is_negated = is_none or any(
        (abs(m.start() - at) < 60 or (q is not None and abs(m.start() - q.span[0]) < 40))
        and JOINT.search(outside, min(m.start(), at), max(m.start(), at)) is None
        for m in cues.negation.finditer(outside)
    )
    unit = None
    if q is not None:
        unit = (
            "per cent" if q.is_percent else (thing.name if thing is not None and thing.name in cues.things else "items")
        )
    return Told(
        topic=topic, scope=scope, unit=unit, measure=measure, per=None if q is None else q.per,
        period=None if when is None else when.edtf, quantity=q, is_hedged=cues.hedges.search(low) is not None,
        is_none=is_none, is_negated=is_negated, is_plan=plan is not None, is_stop=bool(stops), at=at, is_strong=is_strong,  # noqa: E501
    )  # fmt: skip
