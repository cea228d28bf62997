"""The step that says what wrecks show was fitted, since when, in which types, and what is only said.

Invariant: capability is what a wreck shows was fitted. A claim without a part stays a claim, and a composite is no
stronger than its weakest part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from taggant.findings.capability_rows import Sighting, looked_and_absent, sightings
from taggant.model.derived_tables import DERIVED
from taggant.model.finding import Answer, Finding, Reference, StatedValue
from taggant.model.result import Assumption, Changed, Diagnostic, Interval, Refusal, Result
from taggant.model.tables import frame_schema
from taggant.reference.capability_files import Capability, load_capabilities

if TYPE_CHECKING:
    from taggant.model.tables import Table

METHOD, VERSION = "fitted-parts-v1", "1"
_ORDER = ("documented", "reported", "disputed", "claimed", "denied")
_NAMED_MOST = 4


def date_capabilities(
    *, item: Table, examination: Table, observation: Table, component: Table, claim: Table, item_assembly: Table,
    as_of: date | None,
) -> Answer:  # fmt: skip
    """What do wrecks show was fitted, documented since when, in which types, and where was it looked for in vain?

    Parameters
    ----------
    item, examination, observation, component, claim, item_assembly : Table
        As declared in `model`.
    as_of : date or None
        The day the answer is for.

    Returns
    -------
    Answer
        Tables `capability_seen` and `capability_absent`; a finding for each capability that shows or is said.

    Notes
    -----
    *Assumes:* parts listed of an item were fitted in it.
    *Not for:* what a part was used for; the first day it was fitted, which lies before it was documented.

    Examples
    --------
    >>> from taggant.model.typed_tables import TYPED
    >>> names = ("item", "examination", "observation", "component", "claim")
    >>> tables = {n: pl.DataFrame(schema=frame_schema(TYPED[n])).lazy() for n in names}
    >>> tables["item_assembly"] = pl.DataFrame(schema=frame_schema(DERIVED["item_assembly"])).lazy()
    >>> date_capabilities(**tables, as_of=None).findings
    ()
    """
    items, observed = item.collect(), observation.collect()
    seen = sightings(
        item=items, observation=observed, component=component.collect(), claim=claim.collect(),
        item_assembly=item_assembly.collect(),
    )  # fmt: skip
    absent = looked_and_absent(item=items, examination=examination.collect(), seen=seen)
    by_capability: dict[str, list[Sighting]] = {}
    for s in seen:
        by_capability.setdefault(s.capability, []).append(s)
    findings = []
    for c in load_capabilities():
        if c.requires:
            composite = _composite(c, by_capability, as_of)
            if composite is not None:
                findings.append(composite)
        elif c.id in by_capability:
            gone = [a for a in absent if a["capability"] == c.id]
            findings.append(_simple(c, by_capability[c.id], gone, as_of))
    frames = {
        "capability_seen": pl.DataFrame([s.as_row() for s in seen], schema=frame_schema(DERIVED["capability_seen"])),
        "capability_absent": pl.DataFrame(absent, schema=frame_schema(DERIVED["capability_absent"])),
    }
    return Answer(frames, tuple(findings))


def status_of(own: Sequence[Sighting]) -> str:
    """How firm is a capability: documented, reported, disputed, claimed or denied?

    Parameters
    ----------
    own : sequence of Sighting

    Returns
    -------
    str
        A claim and a denial, with no part seen, are a dispute.

    Notes
    -----
    *Assumes:* what investigators saw comes before what is said. *Not for:* how likely.

    Examples
    --------
    >>> status_of([])
    'denied'
    """
    have = {s.status for s in own}
    for status in ("documented", "reported"):
        if status in have:
            return status
    if {"claimed", "denied"} <= have:
        return "disputed"
    return "claimed" if "claimed" in have else "denied"


def first_known(own: Sequence[Sighting], status: str) -> tuple[date | None, date | None]:
    """Between which days was it first documented (or reported, or said)?

    Parameters
    ----------
    own : sequence of Sighting
    status : str

    Returns
    -------
    tuple of date or None
        Half-open: the first of several days lies between the least start and the least end.

    Notes
    -----
    *Assumes:* each day lies in its range. *Not for:* the day it was fitted.

    Examples
    --------
    >>> first_known([], "documented")
    (None, None)
    """
    dated = [s for s in own if s.status == status and s.until_on is not None]
    if not dated:
        return None, None
    starts = [s.from_on for s in dated]
    low = None if any(d is None for d in starts) else min(d for d in starts if d is not None)
    return low, min(s.until_on for s in dated if s.until_on is not None)


def _references(own: Sequence[Sighting]) -> tuple[Reference, ...]:
    return tuple(Reference(s.kind, s.key) for s in own)


def _types(own: Sequence[Sighting]) -> str | None:
    counts: dict[str, set[str]] = {}
    for s in own:
        if s.item_id is not None:
            counts.setdefault(s.designation or s.item_id, set()).add(s.item_id)
    told = sorted(counts.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    words = ", ".join(f"{name} ({len(ids)})" for name, ids in told[:_NAMED_MOST])
    more = len(told) - _NAMED_MOST
    return (words + (f" and {more} more types" if more > 0 else "")) or None


def _simple(c: Capability, own: Sequence[Sighting], gone: Sequence[Mapping[str, Any]], on: date | None) -> Finding:
    status = status_of(own)
    key = "claimed" if status == "disputed" else status
    low, until = first_known(own, key)
    firm = [s for s in own if s.status == status]
    parts = [s for s in own if s.kind != "claim"]
    claims, denials = ([s for s in own if s.status == w] for w in ("claimed", "denied"))
    later = [a for a in gone if until is not None and a["until_on"] is not None and a["until_on"] >= until]
    last = None if until is None else until - timedelta(days=1)
    values = {
        "capability": StatedValue(c.title),
        "n_items": StatedValue(len({s.item_id for s in firm if s.item_id is not None}), "items", _references(firm)),
        "types": StatedValue(_types(firm)),
        "from_on": StatedValue(low if low != last else None, "date"),
        "until_on": StatedValue(last, "date"),
        "n_claims": StatedValue(len(claims) or None, "claims", _references(claims)),
        "n_denials": StatedValue(len(denials) or None, "claims", _references(denials)),
        "n_absent": StatedValue(len(later) or None, "items", tuple(Reference("item", a["item_id"]) for a in later)),
        "note": StatedValue(None if c.note is None else c.note.rstrip(".")),
    }
    enough = "one wreck in which the part is seen and photographed"
    is_seen = status in ("documented", "reported")
    assumptions = (
        Assumption("The parts listed were fitted in the item", "weak" if parts else "untestable",
                   "as the sources list them"),
        Assumption("Where it is not listed it was not there", "ok" if gone else "untestable",
                   f"{len(gone)} items were examined completely without it" if gone
                   else "no module where it would sit was examined completely: removal cannot be told"),
        Assumption("A part shows what was fitted, not what it did", "ok", c.meaning),
    )  # fmt: skip
    diagnostics = tuple(
        Diagnostic(f"{word} by", n, "rows") for word in _ORDER
        if (n := sum(s.status == word for s in own)) and word != "disputed"
    )  # fmt: skip
    headline = None
    if is_seen and last is not None:
        headline = Interval(low=low, high=last, interval=f"first {status} between these days", unit="date")
    refusal = None
    if headline is None:
        why = "no part that shows it was seen" if not is_seen else "no day is stated for what shows it"
        refusal = Refusal(why, enough if not is_seen else "the day one of the items became known")
    return Finding(
        finding_id=f"what-changed:capability:{c.id}", question="what-changed", on=on,
        statement=f"what-changed.capability.{status}", values=values, supports=_references([*firm, *claims]),
        contradicts=_references(denials),
        result=Result(
            method=METHOD, version=VERSION, n_used=len(own), headline=headline, refused=refusal,
            assumptions=assumptions, diagnostics=diagnostics, sensitivity=_without_source(own, key) if is_seen else (),
        ),
    )  # fmt: skip


def _without_source(own: Sequence[Sighting], status: str) -> tuple[Changed, ...]:
    found = []
    for source in sorted({s.source_id for s in own if s.status == status and s.source_id is not None}):
        left = [s for s in own if s.source_id != source]
        low, until = first_known(left, status)
        now = status_of(left) if left else "not known"
        last = None if until is None else until - timedelta(days=1)
        found.append(Changed(f"without source {source}: {now}", low, last))
    return tuple(found[:12])


def _composite(c: Capability, by_capability: Mapping[str, Sequence[Sighting]], on: date | None) -> Finding | None:
    """A rule over fitted parts: in one item, over several items of one type, or not at all."""
    titles = {x.id: x.title for x in load_capabilities()}
    groups = [
        [s for name in group for s in by_capability.get(name, ()) if s.item_id is not None] for group in c.requires
    ]
    if not any(groups):
        return None
    ids = [{str(s.item_id) for s in g if s.status == "documented"} for g in groups]
    together = set.intersection(*ids)
    types = [{s.designation for s in g if s.status == "documented"} for g in groups]
    shared_types = set.intersection(*types) - {None}
    if not together and shared_types:
        groups = [[s for s in g if s.designation in shared_types] for g in groups]
    missing = [" or ".join(titles[n] for n in group) for group, g in zip(c.requires, groups, strict=True) if not g]
    # The weakest link: the required part with the fewest items behind it, the latest known first among equals.
    strength = [
        (len({s.item_id for s in g if s.status == "documented"}), len(g), " or ".join(titles[n] for n in group), g)
        for group, g in zip(c.requires, groups, strict=True)
    ]
    weakest = min(strength, key=lambda x: (x[0], x[1], x[2]))
    key = "one-item" if together else "several" if shared_types else "not"
    basis = [s for g in groups for s in g if not together or s.item_id in together]
    untils = [first_known([s for s in g if not together or s.item_id in together], "documented") for g in groups]
    lows, highs = [u[0] for u in untils], [u[1] for u in untils]
    last = max((h for h in highs if h is not None), default=None)
    low = None if any(x is None for x in lows) else max(x for x in lows if x is not None)
    end = None if last is None or any(h is None for h in highs) else last - timedelta(days=1)
    headline, refusal = None, None
    if key != "not" and end is not None:
        headline = Interval(
            low=low if low is None or low <= end else None, high=end,
            interval="all parts of the rule first documented between these days", unit="date",
        )  # fmt: skip
    else:
        why = f"not documented: {', '.join(missing)}" if missing else "its parts are not documented in one type"
        refusal = Refusal(why, "one item in which every part of the rule is seen")
    firm = [s for s in basis if s.status == "documented"]
    return Finding(
        finding_id=f"what-changed:capability:{c.id}", question="what-changed", on=on,
        statement=f"what-changed.composite.{key}", supports=_references(firm if key != "not" else basis),
        values={
            "capability": StatedValue(c.title),
            "n_items": StatedValue(len(together), "items", tuple(Reference("item", i) for i in sorted(together))),
            "types": StatedValue(_types([s for s in firm if not together or s.item_id in together])
                                 if key == "one-item" else ", ".join(sorted(str(t) for t in shared_types)) or None),
            "parts": StatedValue("; ".join(" or ".join(titles[n] for n in group) for group in c.requires)),
            "weakest": StatedValue(weakest[2], None, _references(weakest[3])),
            "n_weakest": StatedValue(weakest[0], "items"),
            "missing": StatedValue(", ".join(missing) or None),
            "until_on": StatedValue(end, "date"),
        },
        result=Result(
            method=METHOD, version=VERSION, n_used=len(basis), headline=headline, refused=refusal,
            parameters={"rule": tuple("|".join(group) for group in c.requires), "url": c.sources[0].url},
            assumptions=(
                Assumption("The rule is ours", "weak", c.note or c.meaning),
                Assumption("Parts show what they could support, not that it was done", "untestable", c.meaning),
            ),
            diagnostics=tuple(Diagnostic(name, n, "items in which it is documented") for n, _, name, _ in strength),
            sensitivity=tuple(
                Changed(f"without {name}: the rule is not met" , None, None) for _, _, name, _ in strength
            ),
        ),
    )  # fmt: skip
