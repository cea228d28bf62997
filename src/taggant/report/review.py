"""What of a case still waits for a person: what cannot be told, what is not graded, what several dates are left for.

Invariant: each line is a count of rows or findings that can be looked at, and says where.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from taggant.model.judgements import judged
from taggant.model.suggestions import SUGGESTIONS
from taggant.model.tables import frame_schema
from taggant.model.typed_tables import TYPED
from taggant.report.addresses import table_address
from taggant.report.dossier import Dossier
from taggant.report.phrases import questions


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewLine:
    """One sort of thing that waits: the key of its words, how many there are, of how many, and where they are."""

    key: str
    n: int
    of: int | None
    href: str | None
    words: Mapping[str, str] | None = None


def needs_review(dossier: Dossier) -> tuple[ReviewLine, ...]:
    """What of this case needs a person's eye?

    Parameters
    ----------
    dossier : Dossier

    Returns
    -------
    tuple of ReviewLine
        Only what there is at least one of.

    Notes
    -----
    *Assumes:* an empty grade means that nobody has graded.
    *Not for:* saying which enquiry would teach most.

    Examples
    --------
    >>> from taggant.report.dossier import CaseView
    >>> case = CaseView(title="K", subject="K", as_of=None, commit="", n_exhibits_held=0, n_sources_cited=0)
    >>> needs_review(Dossier(case=case, answers={}, frames={}))
    ()
    """
    lines = []
    for question, findings in dossier.answers.items():
        n = sum(f["refused"] is not None for f in findings)
        words = {"question": questions(lang=dossier.case.language)[question].lower()}
        lines.append(ReviewLine(key="review-refused", n=n, of=len(findings), href=f"{question}.html", words=words))
    failing = [f for f in dossier.findings.values() if any(a["status"] == "fails" for a in f["assumptions"])]
    lines.append(
        ReviewLine(
            key="review-fails",
            n=len(failing),
            of=len(dossier.findings),
            href=dossier.address("finding", failing[0]["id"]) if failing else None,
        )
    )
    for table, column, key in (
        ("source", "reliability", "review-sources"),
        ("claim", "credibility", "review-claims"),
    ):
        frame = dossier.frame(table)
        if column in frame.columns:
            n = frame.select(pl.col(column).is_null().sum()).item()
            lines.append(ReviewLine(key=key, n=n, of=frame.height, href=table_address(table)))
    made = dossier.frame("made_range")
    if "state" in made.columns and "when-made" in dossier.answers:
        parts = made.group_by("component_id").agg(pl.col("state").first())
        n = parts.filter(pl.col("state") == "ambiguous").height
        lines.append(ReviewLine(key="review-ambiguous", n=n, of=parts.height, href="when-made.html#items"))
    decided = dossier.frame("judgement")
    for kind in SUGGESTIONS.values():
        frame = dossier.frame(kind.table)
        if frame.is_empty() or not {*kind.key, *kind.value} <= set(frame.columns):
            continue
        states = _states(frame, decided, kind.name)
        n = sum(state in ("unjudged", "changed") for state in states)
        words = {"suggestions": kind.words}
        lines.append(
            ReviewLine(key="review-suggestions", n=n, of=len(states), href=table_address(kind.table), words=words)
        )
    return tuple(line for line in lines if line.n)


def _states(frame: pl.DataFrame, decided: pl.DataFrame, kind: str) -> list[str]:
    """The state of each suggestion, each once."""
    if decided.is_empty():
        decided = pl.DataFrame(schema=frame_schema(TYPED["judgement"]))
    rows = judged(frame, decided, kind).filter(pl.col("suggestion").is_not_null())
    return rows.unique("suggestion", maintain_order=True)["judged"].to_list()
