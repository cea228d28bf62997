"""The step of is-it-kept: tables in, a state and a finding for each commitment and module."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from taggant.findings.commitments import Evidence, Rows, State, judge_commitment
from taggant.model.derived_tables import DERIVED
from taggant.model.finding import Answer, Finding, Reference, StatedValue
from taggant.model.result import Assumption, Diagnostic, Interval, LeftOut, Refusal, Result
from taggant.model.tables import frame_schema

if TYPE_CHECKING:
    from taggant.model.tables import Table

METHOD, VERSION = "dated-evidence-v1", "1"
QUESTION = "is-it-kept"


def judge_commitments(
    *,
    commitment: Table,
    claim: Table,
    claim_root: Table,
    source: Table,
    use: Table,
    reference_item: Table,
    item_assembly: Table,
    item_variant: Table,
    stop: Table,
    as_of: date | None,
) -> Answer:
    """Is each commitment kept, by module and stop?

    Parameters
    ----------
    commitment, claim, claim_root, source, use, reference_item, item_assembly, item_variant, stop : Table
        As declared in `model`.
    as_of : date or None
        The day the answer is for.

    Returns
    -------
    Answer
        Table `commitment_state`; a finding for the case, one a commitment, one a module.

    Notes
    -----
    Assumes: what `commitments.judge_commitment` assumes.
    Not for: whether a commitment binds in law, or whether a request was answered.
    """
    rows = Rows(
        claims=claim.collect().sort("claim_id").to_dicts(),
        roots={r["claim_id"]: r["root"] for r in claim_root.collect().iter_rows(named=True)},
        use=use.collect().to_dicts(),
        source_roots=_source_roots(source.collect().to_dicts()),
        builds=[*reference_item.collect().to_dicts(), *_weighed(item_variant)],
        stops=stop.collect().to_dicts(),
        assembled={
            r["item_id"]: r["earliest_on"]
            for r in item_assembly.collect().iter_rows(named=True)
            if r["earliest_on"] is not None
        },
    )
    # Requests first: that something was asked and not promised must be read before any verdict.
    commitments = sorted(
        commitment.collect().to_dicts(), key=lambda c: (c["on_whose_word"] != "asked", c["commitment_id"])
    )
    judged = [(c, judge_commitment(c, rows)) for c in commitments]
    table = pl.DataFrame(
        [_row(c, s) for c, states in judged for s in states], schema=frame_schema(DERIVED["commitment_state"])
    )
    findings = [_case(judged, as_of)]
    for c, states in judged:
        findings.append(_whole(c, states, as_of))
        findings += [_of_module(c, s, as_of) for s in states]
    return Answer({"commitment_state": table}, tuple(findings))


_SURE_LLR10 = 1.0
"""A weighed module counts as built by a producer only when even the low end of its weight is ten to one."""


def _weighed(item_variant: Table) -> list[dict[str, Any]]:
    rows = item_variant.collect().to_dicts()
    return [
        {"item_id": r["item_id"], "module": r["module"], "producer": r["producer"]}
        for r in rows
        if r["producer"] and r["variant"] != "none" and r["low"] is not None and r["low"] >= _SURE_LLR10
    ]


def _source_roots(sources: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    relays = {s["source_id"]: tuple(s["relays"] or ()) for s in sources}
    found: dict[str, str] = {}
    for name in relays:
        at, seen = name, {name}
        while relays.get(at) and relays[at][-1] not in seen:
            at = relays[at][-1]
            seen.add(at)
        found[name] = at
    return found


def _row(c: Mapping[str, Any], s: State) -> dict[str, Any]:
    by_side = {side: [e for e in s.evidence if e.side == side] for side in ("against", "for", "unplaced")}
    return {
        "commitment_id": s.commitment_id, "module": s.module, "stop": s.stop, "on_whose_word": c["on_whose_word"],
        "verdict": s.verdict, "decided_by": s.why,
        "n_against": len(by_side["against"]), "n_roots_against": len(s.voices("against")),
        "n_for": len(by_side["for"]), "n_roots_for": len(s.voices("for")), "n_unplaced": len(by_side["unplaced"]),
        "against": [f"{e.kind}:{e.key}" for e in by_side["against"]],
        "for": [f"{e.kind}:{e.key}" for e in by_side["for"]],
        "unplaced": [f"{e.kind}:{e.key}" for e in by_side["unplaced"]],
        "settle": list(s.settle),
    }  # fmt: skip


def _refs(some: Sequence[Evidence], side: str) -> tuple[Reference, ...]:
    return tuple(Reference(e.kind, e.key) for e in some if e.side == side)


def _case(judged: Sequence[tuple[Mapping[str, Any], Sequence[State]]], on: date | None) -> Finding:
    base: dict[str, Any] = {"finding_id": f"{QUESTION}:case", "question": QUESTION, "on": on}
    if not judged:
        why, enough = "no commitment is in the case", "one row of commitments.csv"
        refused = Result(method=METHOD, version=VERSION, n_used=0, refused=Refusal(why, enough))
        values = {"why": StatedValue(why), "enough": StatedValue(enough)}
        return Finding(**base, statement=f"{QUESTION}.case.refused", values=values, result=refused)
    states = [s for _, some in judged for s in some]
    refs = tuple(Reference("commitment", c["commitment_id"]) for c, _ in judged)
    n = {v: sum(s.verdict == v for s in states) for v in ("kept", "not kept", "cannot tell")}
    n_asked = sum(c["on_whose_word"] == "asked" for c, _ in judged)
    return Finding(
        **base,
        statement=f"{QUESTION}.case",
        values={
            "n_commitments": StatedValue(len(judged), "commitments", refs),
            "n_asked": StatedValue(n_asked, "commitments"),
            "n_states": StatedValue(len(states)),
            "n_kept": StatedValue(n["kept"]), "n_not_kept": StatedValue(n["not kept"]),
            "n_cannot_tell": StatedValue(n["cannot tell"]),
        },
        result=Result(
            method=METHOD, version=VERSION, n_used=len(states),
            headline=Interval(low=n["not kept"], point=n["not kept"], point_is="found not kept",
                              high=n["not kept"] + n["cannot tell"],
                              interval="found not kept, to all that cannot be told", unit="modules"),
            assumptions=_ASSUMES,
        ),
        supports=refs,
    )  # fmt: skip


_ASSUMES = (
    Assumption(
        "Two independent roots inside the time show that something went on", "weak",
        "roots may copy each other unseen",
    ),
    Assumption(
        "Claims are about the module their scope names", "weak", "a source that says drones may mean parts too"
    ),
    Assumption("What nobody reports did not happen", "untestable", "so that it is kept is never read from silence"),
)  # fmt: skip


def _whole(c: Mapping[str, Any], states: Sequence[State], on: date | None) -> Finding:
    word = c["on_whose_word"] or "unstated"
    me = Reference("commitment", c["commitment_id"])
    n_not = sum(s.verdict == "not kept" for s in states)
    n_cannot = sum(s.verdict == "cannot tell" for s in states)
    verdicts = {s.verdict for s in states}
    verdict = next(iter(verdicts)) if len(verdicts) == 1 else "cannot tell"
    some = [e for s in states for e in s.evidence]
    return Finding(
        finding_id=f"{QUESTION}:{c['commitment_id']}", question=QUESTION, on=on,
        statement=f"{QUESTION}.commitment.{word}",
        values={
            "title": StatedValue(c["title"], None, (me,)), "obliged": StatedValue(_parties(c["obliged"])),
            "stop": StatedValue(c["stop"]),
            "since": StatedValue(_since(c["since"])), "until": StatedValue(c["until"]),
            "n_modules": StatedValue(len(states)), "n_not_kept": StatedValue(n_not),
            "n_cannot_tell": StatedValue(n_cannot), "n_kept": StatedValue(len(states) - n_not - n_cannot),
        },
        subject={"commitment_id": c["commitment_id"], "stop": c["stop"]},
        verdict=verdict,
        result=Result(
            method=METHOD, version=VERSION, n_used=sum(e.side != "unplaced" for e in some),
            headline=Interval(low=n_not, point=n_not, point_is="found not kept", high=n_not + n_cannot,
                              interval="found not kept, to all that cannot be told", unit="modules"),
            left_out=_left_out(some), assumptions=_ASSUMES,
        ),
        supports=(me,),
    )  # fmt: skip


def _parties(typed: str | None) -> str | None:
    return None if typed is None else typed.replace(";", ", ")


def _since(typed: str | None) -> str | None:
    return None if typed is None else f"{typed[3:]} at the latest" if typed.startswith("../") else typed


def _left_out(some: Sequence[Evidence]) -> tuple[LeftOut, ...]:
    n = sum(e.side == "unplaced" for e in some)
    return (LeftOut("its time cannot be placed inside or outside that of the commitment", n),) if n else ()


def _of_module(c: Mapping[str, Any], s: State, on: date | None) -> Finding:
    some = s.evidence
    n_against, n_for = len(s.voices("against")), len(s.voices("for"))
    word = "asked" if c["on_whose_word"] == "asked" else "held"
    key = {"kept": "kept", "not kept": "not-kept", "cannot tell": "cannot-tell"}[s.verdict]
    ends = [Diagnostic("would settle it", None, name) for name in s.settle]
    return Finding(
        finding_id=f"{QUESTION}:{s.commitment_id}:{s.module}", question=QUESTION, on=on,
        statement=f"{QUESTION}.module.{word}.{key}",
        values={
            "module": StatedValue(s.module), "stop": StatedValue(s.stop),
            "n_against": StatedValue(n_against, "roots", _refs(some, "against")),
            "n_for": StatedValue(n_for, "roots", _refs(some, "for")),
            "n_unplaced": StatedValue(sum(e.side == "unplaced" for e in some), None, _refs(some, "unplaced")),
            "n_rows_against": StatedValue(sum(e.side == "against" for e in some)),
            "why": StatedValue(WHY[s.why]),
            "settle": StatedValue("; ".join(SETTLE[name] for name in s.settle) or None),
        },
        subject={"commitment_id": s.commitment_id, "module": s.module, "stop": s.stop},
        verdict=s.verdict,
        result=Result(
            method=METHOD, version=VERSION, n_used=sum(e.side != "unplaced" for e in some),
            headline=Interval(low=n_against, point=n_against, point_is="voices that say it went on",
                              high=n_against + sum(e.side == "unplaced" for e in some),
                              interval="dated inside, to all that cannot be placed", unit="voices"),
            left_out=_left_out(some), assumptions=_ASSUMES, diagnostics=tuple(ends),
        ),
        n_roots=n_against,
        supports=_refs(some, "against" if s.verdict == "not kept" else "for"),
        contradicts=_refs(some, "for" if s.verdict == "not kept" else "against"),
    )  # fmt: skip


WHY = {
    "thing": "a documented thing shows it",
    "own-word": "the obliged party says so itself",
    "counted": "it was counted in three periods or more",
    "roots": "two or more independent roots say so, dated inside the time",
    "stopped": "a stop was found, and nothing dated after it",
    "nothing-dated": "nothing dated inside the time speaks of it",
    "against-each-other": "independent roots contradict each other",
    "one-root": "one root alone says that it went on",
    "only-said-to-stop": "it is only said to have stopped",
}
SETTLE = {
    "root": "a dated statement of a root that saw it",
    "second-root": "a second root, independent of the first",
    "thing-transfer": "a documented item or part built by the obliged party and made after that day, or a trade record",
    "thing-manufacture": "a documented item made after that day",
    "thing-use": "a documented item used after that day",
    "stop-transfer": "a stop of transfer found at question has-it-stopped",
    "stop-manufacture": "a stop of manufacture found at question has-it-stopped",
    "stop-use": "a stop of use found at question has-it-stopped",
    "dates": "dates for what is said without one",
}
