"""Where each capability shows: observations and components that were seen, and claims that say so.

Invariant: what was seen and what is said stay apart; a level called absent shows nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from taggant.model.tables import join_key
from taggant.reference import load_features, load_kinds
from taggant.reference.capability_files import Capability, load_capabilities

_NOT_FITTED = ("absent", "destroyed", "erased", "none", "not examined", "unreadable")
_KEY = ("item_id", "module", "feature", "source_id", "locator")
_RANK = {"documented": 0, "reported": 1, "claimed": 2, "denied": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One thing that shows or says a capability.

    `from_on` and `until_on` bound the day it was known: not before the one, before the other.
    """

    capability: str
    kind: str
    key: str
    status: str
    item_id: str | None
    designation: str | None
    part: str | None
    from_on: date | None
    until_on: date | None
    source_id: str | None

    def as_row(self) -> dict[str, Any]:
        """Give the row of `capability_seen`."""
        return {
            "capability": self.capability, "basis_kind": self.kind, "basis_id": self.key, "status": self.status,
            "item_id": self.item_id, "designation": self.designation, "part": self.part, "from_on": self.from_on,
            "until_on": self.until_on, "source_id": self.source_id,
        }  # fmt: skip


def sightings(
    *, item: pl.DataFrame, observation: pl.DataFrame, component: pl.DataFrame, claim: pl.DataFrame,
    item_assembly: pl.DataFrame,
) -> list[Sighting]:  # fmt: skip
    """What shows each capability, and what says it?

    Parameters
    ----------
    item, observation, component, claim, item_assembly : DataFrame

    Returns
    -------
    list of Sighting
        By capability, status and day.

    Notes
    -----
    *Assumes:* a word of a capability means it. *Not for:* what a part was used for.

    Examples
    --------
    >>> from taggant.model.derived_tables import DERIVED
    >>> from taggant.model.tables import frame_schema
    >>> from taggant.model.typed_tables import TYPED
    >>> tables = {n: pl.DataFrame(schema=frame_schema(TYPED[n])) for n in ("item", "observation", "component", "claim")}
    >>> sightings(**tables, item_assembly=pl.DataFrame(schema=frame_schema(DERIVED["item_assembly"])))
    []
    """
    items = {r["item_id"]: r for r in item.iter_rows(named=True)}
    built = {r["item_id"]: r["earliest_on"] for r in item_assembly.iter_rows(named=True)}
    simple = [c for c in load_capabilities() if not c.requires]
    reference = {(f.module, f.feature) for f in load_features()}
    found: dict[tuple[str, str, str], Sighting] = {}
    for c in simple:
        seen = [*_observed(c, observation, items, reference), *_listed(c, component, items)]
        for kind, key, row, part, is_doubtful in seen:
            owner = items[row["item_id"]]
            low, high = known_days(owner, built.get(owner["item_id"]))
            is_documented = owner["seen_as"] == "documented" and not is_doubtful
            found[c.id, kind, key] = Sighting(
                capability=c.id, kind=kind, key=key, status="documented" if is_documented else "reported",
                item_id=owner["item_id"], designation=owner["designation"], part=part, from_on=low, until_on=high,
                source_id=row["source_id"],
            )  # fmt: skip
        for r in claim.iter_rows(named=True):
            if r["topic"] == "capability.fitted" and c.is_meant_by(r["scope"]):
                found[c.id, "claim", r["claim_id"]] = Sighting(
                    capability=c.id, kind="claim", key=r["claim_id"],
                    status="denied" if r["stance"] == "deny" else "claimed", item_id=None, designation=None,
                    part=r["scope"], from_on=r["said_from"] or r["period_from"],
                    until_on=r["said_until"] or r["period_until"], source_id=r["source_id"],
                )  # fmt: skip
    return sorted(found.values(), key=lambda s: (s.capability, _RANK[s.status], s.until_on or date.max, s.kind, s.key))


def known_days(item: Mapping[str, Any], earliest_on: date | None) -> tuple[date | None, date | None]:
    """Between which days did it become known what the item holds?

    Parameters
    ----------
    item : mapping
        Row of `item`.
    earliest_on : date or None
        Before it the item cannot have been assembled.

    Returns
    -------
    tuple of date or None
        Half-open.

    Notes
    -----
    *Assumes:* documentation lies in `known`, or where that is empty after `recovered`. *Not for:* when it was fitted.

    Examples
    --------
    >>> row = dict.fromkeys(("known_from", "known_until", "recovered_from", "recovered_until"))
    >>> known_days(row | {"known_until": date(2024, 1, 1)}, date(2023, 5, 1))
    (datetime.date(2023, 5, 1), datetime.date(2024, 1, 1))
    """
    starts = [d for d in (item["known_from"], item["recovered_from"], earliest_on) if d is not None]
    until = item["known_until"] or item["recovered_until"]
    low = max(starts, default=None)
    return (None if low is not None and until is not None and low >= until else low), until


def _observed(
    c: Capability, observation: pl.DataFrame, items: Mapping[str, Any], reference: set[tuple[str, str]]
) -> Iterator[tuple[str, str, Mapping[str, Any], str, bool]]:
    shown = {(s.module, s.feature): s.levels for s in c.shown_by}
    for r in observation.iter_rows(named=True):
        value = r["value"]
        if r["item_id"] not in items or value is None or value in _NOT_FITTED:
            continue
        at = (r["module"], r["feature"])
        # A feature of the case's own, or a level the reference does not know, is known by its words.
        by_words = c.is_meant_by(value) or (at not in reference and c.is_meant_by(r["feature"]))
        by_feature = at in shown and (value in shown[at] or c.is_meant_by(r["feature"]))
        if by_feature or (by_words and c.shown_by):
            yield "observation", join_key([r[k] for k in _KEY]), r, value, r["read_quality"] == "doubtful"


def _listed(
    c: Capability, component: pl.DataFrame, items: Mapping[str, Any]
) -> Iterator[tuple[str, str, Mapping[str, Any], str, bool]]:
    for r in component.iter_rows(named=True):
        if c.shown_by and r["item_id"] in items and c.is_meant_by(r["function"]):
            yield "component", r["component_id"], r, r["function"], r["read_quality"] == "doubtful"


def looked_and_absent(*, item: pl.DataFrame, examination: pl.DataFrame, seen: list[Sighting]) -> list[dict[str, Any]]:
    """Where was each capability looked for, completely, and not there?

    Parameters
    ----------
    item, examination : DataFrame
    seen : list of Sighting

    Returns
    -------
    list of dict
        Rows of `capability_absent`.

    Notes
    -----
    *Assumes:* a complete examination lists what is there. *Not for:* modules nobody examined completely.

    Examples
    --------
    >>> from taggant.model.tables import frame_schema
    >>> from taggant.model.typed_tables import TYPED
    >>> names = ("item", "examination")
    >>> looked_and_absent(**{n: pl.DataFrame(schema=frame_schema(TYPED[n])) for n in names}, seen=[])
    []
    """
    items = {r["item_id"]: r for r in item.iter_rows(named=True)}
    of_kind = {k.id: {m.id for m in k.modules} for k in load_kinds()}
    fitted = {(s.capability, s.item_id) for s in seen if s.item_id is not None}
    ever = {s.capability for s in seen if s.item_id is not None}
    modules_of = {c.id: {s.module for s in c.shown_by} for c in load_capabilities()}
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for r in examination.sort("examination_id").iter_rows(named=True):
        if r["complete"] is not True or r["item_id"] not in items:
            continue
        owner = items[r["item_id"]]
        opened = of_kind.get(owner["kind"], set()) if r["module"] is None else {r["module"]}
        for capability in sorted(ever):
            at = (capability, r["item_id"])
            if modules_of[capability] and modules_of[capability] <= opened and at not in fitted and at not in found:
                found[at] = {
                    "capability": capability, "item_id": r["item_id"], "designation": owner["designation"],
                    "examination_id": r["examination_id"],
                    "until_on": owner["known_until"] or owner["recovered_until"],
                }  # fmt: skip
    return list(found.values())
