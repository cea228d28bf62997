"""Who-said-what: roots, contradictions, and one finding per topic and scope.

Invariant: a denial has its own roots and adds none to what it denies; grades stand as given and are never multiplied.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from taggant.claims.contradictions import Saying, contradictions
from taggant.claims.roots import Chain, chain
from taggant.model.dates import DateRange
from taggant.model.derived_tables import DERIVED
from taggant.model.finding import Answer, Finding, Reference, StatedValue
from taggant.model.result import Assumption, Changed, Diagnostic, Interval, LeftOut, Refusal, Result
from taggant.model.tables import frame_schema

if TYPE_CHECKING:
    from taggant.model.tables import Table

METHOD, VERSION = "roots-count-v1", "1"


def trace_roots(*, claim: Table, source: Table, as_of: date | None) -> Answer:
    """Whose words does each claim repeat, which contradict each other, and how many voices stand behind each topic?

    Parameters
    ----------
    claim, source : Table
        As declared in `model`.
    as_of : date or None
        The day the answer is for.

    Returns
    -------
    Answer
        Tables `claim_root` and `contradiction`; a finding for the case, then one per topic and scope.

    Notes
    -----
    Assumes: what `roots.chain` and `contradictions.contradictions` assume.
    Not for: whether a claim is true; the number of roots is not a likelihood.
    """
    claims = claim.collect().sort("claim_id").to_dicts()
    sources = {s["source_id"]: s for s in source.collect().iter_rows(named=True)}
    relays = {name: tuple(s["relays"] or ()) for name, s in sources.items()}
    chains = {c["claim_id"]: chain(c["source_id"], c["via"], relays) for c in claims}
    pairs = contradictions([_saying(c) for c in claims])
    by_id = {c["claim_id"]: c for c in claims}
    roots = pl.DataFrame(
        [_root_row(c, chains[c["claim_id"]], sources) for c in claims], schema=frame_schema(DERIVED["claim_root"])
    )
    table = pl.DataFrame(
        [
            {
                "claim_id": p.claim_id,
                "other_claim_id": p.other_claim_id,
                "topic": by_id[p.claim_id]["topic"],
                "scope": by_id[p.claim_id]["scope"],
                "kind": p.kind,
                "reconciled_by": p.reconciled_by,
                "has_one_root": chains[p.claim_id].root == chains[p.other_claim_id].root,
            }
            for p in pairs
        ],
        schema=frame_schema(DERIVED["contradiction"]),
    )
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for c in claims:
        if c["topic"] is not None:
            groups.setdefault((c["topic"], c["scope"] or ""), []).append(c)
    view = _View(chains, table, as_of)
    ordered = sorted(groups.items(), key=lambda g: (-len(g[1]), g[0]))
    findings = [view.case(claims, len(sources)), *(view.topic(*key, group) for key, group in ordered)]
    return Answer({"claim_root": roots, "contradiction": table}, tuple(findings))


def _saying(c: Mapping[str, Any]) -> Saying:
    ends = (c["period_from"], c["period_until"])
    return Saying(
        claim_id=c["claim_id"],
        topic=c["topic"],
        scope=c["scope"],
        stance=c["stance"],
        measure=c["measure"],
        per=c["per"],
        unit=c["unit"],
        low=c["quantity_low"],
        high=c["quantity_high"],
        period=None if ends == (None, None) else DateRange(from_on=ends[0], until_on=ends[1]),
        said_until=c["said_until"],
    )


def _root_row(c: Mapping[str, Any], its: Chain, sources: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "claim_id": c["claim_id"],
        "root": its.root,
        "root_source_id": its.root if its.root in sources else None,
        "links": list(its.links),
        "ended_by": its.ended_by,
        "topic": c["topic"],
        "scope": c["scope"],
        "stance": c["stance"],
    }


def _refs(claims: Sequence[Mapping[str, Any]]) -> tuple[Reference, ...]:
    return tuple(Reference("claim", c["claim_id"]) for c in claims)


class _View:
    """The chains and contradictions of a case, and the findings that rest on them."""

    def __init__(self, chains: Mapping[str, Chain], pairs: pl.DataFrame, as_of: date | None) -> None:
        self.chains = chains
        self.pairs = pairs
        self.as_of = as_of

    def roots_of(self, claims: Sequence[Mapping[str, Any]]) -> set[str]:
        """The roots behind these claims."""
        return {self.chains[c["claim_id"]].root for c in claims}

    def case(self, claims: Sequence[dict[str, Any]], n_sources: int) -> Finding:
        """The finding for the whole case."""
        base: dict[str, Any] = {
            "finding_id": "who-said-what:case",
            "question": "who-said-what",
            "on": self.as_of,
            "supports": _refs(claims),
        }
        if not claims:
            why, enough = "no claim is in the case", "one row of claims.csv"
            values = {"why": StatedValue(why), "enough": StatedValue(enough)}
            result = Result(method=METHOD, version=VERSION, n_used=0, refused=Refusal(why, enough))
            return Finding(**base, statement="who-said-what.case.refused", values=values, result=result)
        roots = self.roots_of(claims)
        carriers = {c["source_id"] for c in claims}
        in_pairs = sorted({*self.pairs["claim_id"], *self.pairs["other_claim_id"]})
        n_graded = sum(c["credibility"] is not None for c in claims)
        values = {
            "n_claims": StatedValue(len(claims), "claims", _refs(claims)),
            "n_carriers": StatedValue(
                len(carriers), "sources", tuple(Reference("source", s) for s in sorted(carriers))
            ),
            "n_roots": StatedValue(len(roots), "roots", _refs(claims)),
            "n_contradictions": StatedValue(
                self.pairs.height, "pairs", tuple(Reference("claim", name) for name in in_pairs)
            ),
            "n_graded": StatedValue(n_graded, "claims", _refs([c for c in claims if c["credibility"] is not None])),
        }
        result = self._result(claims, len(roots), len(carriers), n_sources=n_sources)
        return Finding(**base, statement="who-said-what.case", values=values, result=result, n_roots=len(roots))

    def topic(self, topic: str, scope: str, claims: Sequence[dict[str, Any]]) -> Finding:
        """The finding for one topic and scope."""
        denying = [c for c in claims if c["stance"] == "deny"]
        saying = [c for c in claims if c["stance"] != "deny"]
        pairs = self.pairs.filter((pl.col("topic") == topic) & (pl.col("scope").fill_null("") == scope))
        said, denied = self.roots_of(saying), self.roots_of(denying)
        voiced = saying or denying
        key = "who-said-what.topic"
        if denying:
            key = "who-said-what.topic.denied" if saying else "who-said-what.topic.only-denied"
        return Finding(
            finding_id=f"who-said-what:{topic}:{scope or 'unstated'}",
            question="who-said-what",
            on=self.as_of,
            statement=key,
            values={
                "topic": StatedValue(topic),
                "scope": StatedValue(scope or None),
                "n_claims": StatedValue(len(voiced), "claims", _refs(voiced)),
                "n_roots": StatedValue(len(self.roots_of(voiced)), "roots", _refs(voiced)),
                "n_denials": StatedValue(len(denying), "claims", _refs(denying)),
                "n_denying_roots": StatedValue(len(denied), "roots", _refs(denying)),
                "n_contradictions": StatedValue(
                    pairs.height,
                    "pairs",
                    tuple(Reference("claim", n) for n in sorted({*pairs["claim_id"], *pairs["other_claim_id"]})),
                ),
            },
            subject={},
            result=self._result(voiced, len(said or denied), len({c["source_id"] for c in voiced})),
            n_roots=len(said or denied),
            supports=_refs(voiced),
            contradicts=_refs(denying) if saying else (),
        )

    def _result(
        self, claims: Sequence[dict[str, Any]], n_roots: int, n_carriers: int, *, n_sources: int | None = None
    ) -> Result:
        ended = [self.chains[c["claim_id"]].ended_by for c in claims]
        n_silent, n_circles = ended.count("silence"), ended.count("circle")
        n_graded = sum(c["credibility"] is not None for c in claims)
        roots = sorted(self.roots_of(claims))
        biggest = max((sum(self.chains[c["claim_id"]].root == r for c in claims) for r in roots), default=0)
        diagnostics = [
            Diagnostic("claims behind the largest root", biggest, f"of {len(claims)}: one voice, however often")
        ]
        if n_sources is not None:
            diagnostics.append(Diagnostic("sources in the case", n_sources, "those that carry no claim included"))
        return Result(
            method=METHOD,
            version=VERSION,
            n_used=len(claims),
            headline=Interval(
                low=n_roots,
                point=n_roots,
                point_is="each root once",
                high=max(n_roots, n_carriers),
                interval="each root once, to every carrying source independent",
                unit="roots",
            ),
            left_out=(LeftOut("relays lead in a circle: counted as one root", n_circles),) if n_circles else (),
            assumptions=(
                Assumption(
                    "A source that does not say from whom it has a claim has it first-hand",
                    "weak" if n_silent else "ok",
                    f"{n_silent} of {len(claims)} claims end in silence",
                ),
                Assumption(
                    "A source relays in each claim whom it relays by default",
                    "weak" if "relays" in ended else "ok",
                    f"{ended.count('relays')} of {len(claims)} chains rest on it",
                ),
                Assumption(
                    "Roots do not copy each other unseen", "untestable", "no source shows what its root had read"
                ),
                Assumption(
                    "Every claim weighs the same",
                    "weak",
                    f"{n_graded} of {len(claims)} are graded; grades are shown and not multiplied",
                ),
            ),
            diagnostics=tuple(diagnostics),
            sensitivity=(
                Changed("copies are independent of their root", n_carriers, n_carriers),
                Changed("without the largest root", max(n_roots - 1, 0), max(n_roots - 1, 0)),
            ),
        )
