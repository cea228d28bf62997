"""The step of rival readings: hypotheses and what the evidence is worth to each, weighed issue by issue.

Invariant: a likelihood is somebody's stated judgement and stands with its reason; the machine only multiplies.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from taggant.errors import InputError, NotEnoughData
from taggant.findings.hypotheses import Weighed, weigh_hypotheses
from taggant.model.derived_tables import DERIVED
from taggant.model.finding import Answer, Finding, Reference, StatedValue
from taggant.model.result import Assumption, Changed, Diagnostic, Interval, LeftOut, Refusal, Result
from taggant.model.tables import frame_schema

if TYPE_CHECKING:
    from taggant.model.tables import Table

METHOD, VERSION = "competing-hypotheses-v1", "1"
QUESTION = "who-said-what"


def weigh_rivals(*, hypothesis: Table, likelihood: Table, as_of: date | None) -> Answer:
    """Which rival readings of the record are there, what parts them, and what would change the mind?

    Parameters
    ----------
    hypothesis, likelihood : Table
        As declared in `model`.
    as_of : date or None
        The day the answer is for.

    Returns
    -------
    Answer
        Tables `hypothesis_weight` and `hypothesis_evidence`; a finding for each issue.

    Notes
    -----
    *Assumes:* what `hypotheses.weigh_hypotheses` assumes; evidence that lacks a likelihood for one of the rivals is
    left out and counted.
    *Not for:* finding likelihoods: a person states them, with a reason.
    """
    issues: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in hypothesis.collect().sort("hypothesis_id").iter_rows(named=True):
        issues[row["issue"]].append(row)
    stated = likelihood.collect().sort("evidence_id", "hypothesis_id").to_dicts()
    weights: list[dict[str, Any]] = []
    evidence: list[dict[str, Any]] = []
    findings: list[Finding] = []
    for issue, rivals in sorted(issues.items()):
        issue_weights, issue_evidence, finding = _issue(issue, rivals, stated, as_of)
        weights += issue_weights
        evidence += issue_evidence
        findings.append(finding)
    tables = {
        "hypothesis_weight": pl.DataFrame(weights, schema=frame_schema(DERIVED["hypothesis_weight"])),
        "hypothesis_evidence": pl.DataFrame(evidence, schema=frame_schema(DERIVED["hypothesis_evidence"])),
    }
    return Answer(tables, tuple(findings))


def _issue(
    issue: str, rivals: Sequence[Mapping[str, Any]], stated: Sequence[Mapping[str, Any]], as_of: date | None
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], Finding]:
    names = [r["hypothesis_id"] for r in rivals]
    grid: dict[str, dict[str, float]] = defaultdict(dict)
    said: dict[str, Mapping[str, Any]] = {}
    for row in stated:
        if row["hypothesis_id"] in names and row["likelihood"] is not None:
            grid[row["evidence_id"]][row["hypothesis_id"]] = float(row["likelihood"])
            said.setdefault(row["evidence_id"], row)
    whole = {e: row for e, row in grid.items() if set(row) == set(names)}
    n_partial = len(grid) - len(whole)
    priors = {r["hypothesis_id"]: r["prior"] for r in rivals}
    given = {h: float(p) for h, p in priors.items() if p is not None} if None not in priors.values() else None
    base: dict[str, Any] = {
        "finding_id": f"{QUESTION}:rivals:{issue}", "question": QUESTION, "on": as_of,
        "supports": tuple(Reference("hypothesis", h) for h in names),
    }  # fmt: skip
    try:
        weighed = weigh_hypotheses(_some(whole, issue, len(names)), priors=given)
    except (NotEnoughData, InputError) as err:
        why = err.what
        enough = err.enough if isinstance(err, NotEnoughData) else "likelihoods above 0 and at most 1"
        result = Result(method=METHOD, version=VERSION, n_used=0, refused=Refusal(why, enough))
        values = {"issue": StatedValue(issue), "why": StatedValue(why)}
        return (
            [_weight(r, None, None) for r in rivals],
            [],
            Finding(**base, statement="who-said-what.rivals.refused", values=values, result=result),
        )
    best = max(names, key=lambda h: weighed.posterior[h])
    wording = {r["hypothesis_id"]: r["statement"] for r in rivals}
    rows = [_evidence(e, h, whole[e][h], weighed, said[e], best) for e in whole for h in names]
    values = {
        "issue": StatedValue(issue),
        "n_rivals": StatedValue(len(names), "readings"),
        "n_evidence": StatedValue(len(whole), "pieces"),
        "best": StatedValue(wording[best]),
        "share": StatedValue(round(weighed.posterior[best], 3)),
        "n_turns": StatedValue(len(weighed.turns_on), "pieces"),
        "to_turn": StatedValue(round(weighed.to_turn_llr10, 2), "log10"),
    }
    result = Result(
        method=METHOD, version=VERSION, n_used=len(whole), headline=_share(weighed, best),
        left_out=(LeftOut("a likelihood is missing for one of the readings", n_partial),) if n_partial else (),
        assumptions=(
            Assumption("The readings named are all there are", "untestable", f"{len(names)} are named"),
            Assumption("Pieces of evidence err apart once a reading is given", "weak", "several come from few houses"),
            Assumption("The stated likelihoods hold", "weak", "each is one person's judgement, with its reason"),
            Assumption(
                "The readings were alike likely beforehand" if given is None else "The stated priors hold", "weak",
                "nobody stated priors" if given is None else "stated in hypotheses.csv",
            ),
        ),
        diagnostics=(
            Diagnostic("weight that would turn it, log10", round(weighed.to_turn_llr10, 2), "new evidence against"),
        ),
        sensitivity=tuple(
            Changed(f"without {e}", round(weighed.without[e][best], 3), round(weighed.without[e][best], 3))
            for e in whole
        ),
    )  # fmt: skip
    finding = Finding(**base, statement="who-said-what.rivals", values=values, result=result)
    return (
        [_weight(r, weighed.posterior[r["hypothesis_id"]], r["hypothesis_id"] == best) for r in rivals],
        rows,
        finding,
    )


def _share(weighed: Weighed, best: str) -> Interval:
    """The share of the likeliest reading, and how far it moves when any one piece of evidence is left out."""
    shares = [weighed.posterior[best], *(row[best] for row in weighed.without.values())]
    return Interval(
        low=round(min(shares), 3), point=round(weighed.posterior[best], 3), point_is="as the likelihoods are stated",
        high=round(max(shares), 3), interval="each piece of evidence left out in turn", unit="share",
    )  # fmt: skip


def _some(whole: Mapping[str, Mapping[str, float]], issue: str, n_rivals: int) -> Mapping[str, Mapping[str, float]]:
    if not whole:
        raise NotEnoughData(
            f"no evidence on {issue!r} has a likelihood under each of {n_rivals} readings",
            enough="one row of likelihoods.csv for each of them",
        )
    return whole


def _weight(row: Mapping[str, Any], posterior: float | None, is_likeliest: bool | None) -> dict[str, Any]:
    return {
        "hypothesis_id": row["hypothesis_id"], "issue": row["issue"], "statement": row["statement"],
        "prior": None if row["prior"] is None else float(row["prior"]), "posterior": posterior,
        "is_likeliest": is_likeliest, "would_change": row["would_change"],
    }  # fmt: skip


def _evidence(
    e: str, h: str, likelihood: float, weighed: Weighed, said: Mapping[str, Any], best: str
) -> dict[str, Any]:
    return {
        "evidence_id": e, "hypothesis_id": h, "evidence": said["evidence"], "likelihood": likelihood,
        "llr10": weighed.llr10[e][h], "diagnosticity": weighed.diagnosticity[e], "without": weighed.without[e][h],
        "turns": e in weighed.turns_on, "source_id": said["source_id"],
        "speaks": "for" if weighed.llr10[e][h] > 0.02 else "against" if weighed.llr10[e][h] < -0.02 else "neither",
        "of_likeliest": h == best,
    }  # fmt: skip
