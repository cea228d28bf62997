"""Cues that a part was marked anew, as rows and as findings of whose-parts.

Invariant: a finding here accuses nobody; its sentence holds the harmless readings, and its likelihood stays unset.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from taggant.identification.dating import known_days
from taggant.identification.decode import decode
from taggant.identification.remark_cues import RemarkCue, remark_cues
from taggant.model.derived_tables import DERIVED
from taggant.model.finding import Answer, Finding, Reference, StatedValue
from taggant.model.result import Assumption, Interval, Result
from taggant.model.tables import frame_schema

if TYPE_CHECKING:
    from taggant.model.tables import Table

METHOD, VERSION = "remark-cues-v1", "1"


def note_cues(*, component: Table, item: Table, as_of: date | None) -> Answer:
    """Which parts bear marks that do not fit together?

    Parameters
    ----------
    component, item : Table
        As declared in `model`.
    as_of : date or None
        For items without a day they were recovered or known.

    Returns
    -------
    Answer
        Table `remark_cue` and one finding a row, by item and component.

    Notes
    -----
    Assumes: the marks are read right; the day of launch and the rules of the reference hold.
    Not for: two sides of a part (`taggant decode --bottom`), or surfaces: they need the part, not its text.
    """
    items = item.collect()
    known = known_days(items, as_of)
    by_id = {str(it["item_id"]): it for it in items.iter_rows(named=True)}
    rows: list[dict[str, object]] = []
    findings: list[Finding] = []
    for c in component.collect().sort("item_id", "component_id").iter_rows(named=True):
        marking = c["marking"]
        if not isinstance(marking, str) or not marking.strip():
            continue
        item_id = str(c["item_id"])
        decoded = decode(marking, known_by=known[item_id], as_of=as_of, maker=c["maker"], brand=c["brand"])
        seen: set[str] = set()
        for cue in remark_cues(decoded):
            if cue.kind in seen:
                continue
            seen.add(cue.kind)
            rows.append(_row(c, cue))
            findings.append(_finding(c, cue, by_id.get(item_id, {}), as_of))
    return Answer({"remark_cue": pl.DataFrame(rows, schema=frame_schema(DERIVED["remark_cue"]))}, tuple(findings))


def _row(c: Mapping[str, object], cue: RemarkCue) -> dict[str, object]:
    kept = {name: c[name] for name in ("component_id", "item_id", "marking", "source_id")}
    return {**kept, "kind": cue.kind, "text": cue.text, "harmless": list(cue.harmless)}


def _finding(c: Mapping[str, object], cue: RemarkCue, it: Mapping[str, object], on: date | None) -> Finding:
    itself = Reference("component", str(c["component_id"]))
    item_id = str(c["item_id"])
    name = " ".join(str(it[k]) for k in ("designation", "serial_as_marked") if it.get(k)) or item_id
    return Finding(
        finding_id=f"whose-parts:cue:{itself.id}:{cue.kind.replace(' ', '-')}",
        question="whose-parts",
        on=on,
        statement="whose-parts.cue",
        values={
            "component": StatedValue(itself.id, None, (itself,)),
            "item": StatedValue(name, None, (Reference("item", item_id),)),
            "marking": StatedValue(str(c["marking"]), None, (itself,)),
            "cue": StatedValue(cue.text, None, (itself,)),
            "harmless": StatedValue("; ".join(cue.harmless), None, (itself,)),
        },
        subject={"item_id": item_id},
        result=Result(
            method=METHOD,
            version=VERSION,
            n_used=1,
            headline=Interval(low=0, high=1, interval="unknown counted both ways", unit="parts marked anew"),
            assumptions=(
                Assumption("The mark is read right", "untestable", "no photograph is compared here"),
                Assumption(
                    "The rules and days of launch in the reference hold",
                    "weak",
                    "some are inferred or from memory; each entry says so",
                ),
            ),
        ),
        supports=(itself,),
    )
