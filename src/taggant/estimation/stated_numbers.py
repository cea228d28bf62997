"""What others state about numbers: claims and counts of use, each under its own scope.

Invariant: totals, rates and capacities are never mixed, and stated numbers are never averaged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from taggant.model.finding import Finding, Reference, StatedValue
from taggant.model.result import Assumption, Beside, Interval, LeftOut, Number, Result
from taggant.model.tables import join_key

CLAIMS_METHOD, USE_METHOD, VERSION = "stated-range-v1", "launched-sum-v1", "1"
TOPICS = ("production.made", "production.plan")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimGroup:
    """Claims under one scope: topic, stance, scope, measure and unit are the same; their periods may differ."""

    key: str
    topic: str
    stance: str | None
    scope: str | None
    measure: str
    per: str | None
    unit: str | None
    claims: tuple[Mapping[str, Any], ...]
    denials: tuple[Mapping[str, Any], ...]
    roots: Mapping[str, str]

    @property
    def is_of_past(self) -> bool:
        """Whether it is claimed that so many were made, not that so many are to be."""
        return self.topic == "production.made" and self.stance in {None, "assert"}

    @property
    def periods(self) -> tuple[str | None, ...]:
        """For which times the claims speak, as typed."""
        return tuple(dict.fromkeys(c["period"] for c in self.claims))

    @property
    def numbers(self) -> tuple[int | float, ...]:
        """Every number named, ends of ranges too."""
        ends = (c[f"quantity_{end}"] for c in self.claims for end in ("low", "high"))
        return tuple(_number(n) for n in ends if n is not None)

    @property
    def n_roots(self) -> int:
        """How many independent voices: three outlets with one root are one. A claim of unknown root is its own."""
        return len({self.roots.get(c["claim_id"], f"claim {c['claim_id']}") for c in self.claims})


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCount:
    """What one source counted of one designation, its periods not overlapping."""

    designation: str
    source_id: str
    includes_decoys: bool | None
    rows: tuple[Mapping[str, Any], ...]
    n_overlapping: int

    def launched_by(self, day: date | None = None) -> int:
        """The sum of the periods that end by this day; of all when none is given."""
        return sum(int(r["launched"]) for r in self.rows if day is None or r["period_until"] <= day + timedelta(days=1))


def claim_groups(claims: pl.DataFrame, roots: Mapping[str, str]) -> tuple[tuple[ClaimGroup, ...], tuple[LeftOut, ...]]:
    """Which claims about production speak of the same, and which say too little to stand beside others?

    Parameters
    ----------
    claims : polars.DataFrame
        `claim`.
    roots : mapping of str to str
        Claim → its root.

    Returns
    -------
    tuple of ClaimGroup, tuple of LeftOut
        By topic, scope and measure; and claims without a number or a measure.

    Notes
    -----
    *Assumes:* two claims with the same words for scope mean the same.
    *Not for:* reconciling: that is the question who-said-what.
    """
    mine = claims.filter(pl.col("topic").is_in(TOPICS)).sort("claim_id")
    groups: dict[str, list[dict[str, Any]]] = {}
    denials: dict[tuple[str, str | None], list[dict[str, Any]]] = {}
    n_unnumbered = n_unmeasured = 0
    for claim in mine.iter_rows(named=True):
        if claim["stance"] == "deny":
            denials.setdefault((claim["topic"], claim["scope"]), []).append(claim)
        elif claim["quantity_low"] is None and claim["quantity_high"] is None:
            n_unnumbered += 1
        elif claim["measure"] is None:
            n_unmeasured += 1
        else:
            names = ("topic", "stance", "scope", "measure", "per", "unit")
            groups.setdefault(join_key([claim[n] for n in names]), []).append(claim)
    found = [
        ClaimGroup(
            key=key,
            claims=tuple(rows),
            denials=tuple(denials.get((rows[0]["topic"], rows[0]["scope"]), ())),
            roots=roots,
            **{name: rows[0][name] for name in ("topic", "stance", "scope", "measure", "per", "unit")},
        )
        for key, rows in groups.items()
    ]
    left = (
        ("it states no number", n_unnumbered),
        ("whether it is a total, a rate or a capacity is not stated", n_unmeasured),
    )
    return tuple(sorted(found, key=lambda g: g.key)), tuple(LeftOut(why, n) for why, n in left if n)


def claims_finding(group: ClaimGroup, as_of: date | None) -> Finding:
    """What is claimed, from the least to the most, without an average?

    Parameters
    ----------
    group : ClaimGroup
    as_of : date or None
        The day the answer is for.

    Returns
    -------
    Finding
        Statement ``how-many.claim``, with ``.range``, ``.at-least``, ``.at-most`` or ``.periods`` where the claims are
        so. The headline runs from the least to the greatest number named.

    Notes
    -----
    *Assumes:* what `claim_groups` assumes.
    *Not for:* saying which claim is right.
    """
    rests = tuple(Reference("claim", c["claim_id"]) for c in group.claims)
    shapes = {(c["quantity_low"] is None, c["quantity_high"] is None) for c in group.claims}
    low: int | float | None = min(group.numbers)
    high: int | float | None = max(group.numbers)
    kind = "" if low == high else ".range"
    if len(group.periods) > 1:
        kind = ".periods"
    elif shapes == {(False, True)}:
        kind, high = ".at-least", None
    elif shapes == {(True, False)}:
        kind, low = ".at-most", None
    n_open = sum(c["quantity_low"] is None or c["quantity_high"] is None for c in group.claims)
    from_on, until_on = (group.claims[0][f"period_{end}"] for end in ("from", "until"))
    last_on = None if until_on is None else until_on - timedelta(days=1)
    is_one = len(group.periods) == 1
    graded = sum(c["credibility"] is not None for c in group.claims)
    return Finding(
        finding_id=f"how-many:claims:{group.key}",
        question="how-many",
        on=as_of,
        statement=f"how-many.claim{kind}",
        n_roots=group.n_roots,
        values={
            "scope": StatedValue(group.scope or "something not stated", None, rests),
            "what": StatedValue("made" if group.is_of_past else "planned", None, rests),
            "measure": StatedValue(group.measure, None, rests),
            "per": StatedValue(group.per, None, rests),
            "unit": StatedValue(group.unit, None, rests),
            "from_on": StatedValue(from_on if is_one else None, "date", rests),
            "last_on": StatedValue(last_on if is_one else None, "date", rests),
            "n_periods": StatedValue(len(group.periods), "periods", rests),
            "n_open": StatedValue(n_open or None, "claims", rests),
            "low": StatedValue(low, group.unit, rests),
            "high": StatedValue(high, group.unit, rests),
            "n_claims": StatedValue(len(group.claims), "claims", rests),
            "n_roots": StatedValue(group.n_roots, "roots", rests),
        },
        result=Result(
            method=CLAIMS_METHOD,
            version=VERSION,
            n_used=len(group.claims),
            headline=Interval(
                low=low,
                high=high,
                interval="from the least to the greatest number claimed",
                unit=" per ".join(w for w in (group.unit or "items", group.per) if w),
            ),
            beside=tuple(
                Beside(f"claim {c['claim_id']}", VERSION, _one(c), _end(c, "low"), _end(c, "high"))
                for c in group.claims
            ),
            assumptions=(
                Assumption(
                    "The claims mean the same by their words for scope",
                    "untestable",
                    "sources seldom say what they count",
                ),
                Assumption(
                    "The claims are credible",
                    "weak" if graded < len(group.claims) else "ok",
                    f"{graded} of {len(group.claims)} are graded; nothing is weighted by a grade",
                ),
            ),
        ),
        supports=rests,
        contradicts=tuple(Reference("claim", c["claim_id"]) for c in group.denials),
    )


def use_counts(use: pl.DataFrame) -> tuple[tuple[UseCount, ...], tuple[LeftOut, ...]]:
    """How many launches did each source count, no day counted twice?

    Parameters
    ----------
    use : polars.DataFrame
        `use`.

    Returns
    -------
    tuple of UseCount, tuple of LeftOut
        One per designation and source; and rows without a number or with an open period.

    Notes
    -----
    *Assumes:* periods that do not overlap share no launch.
    *Not for:* adding sources up: they watch the same sky.
    """
    is_whole = pl.all_horizontal(pl.col("launched", "period_from", "period_until").is_not_null())
    rows = use.filter(is_whole).sort("period_until", "period_from")
    names = ["designation", "source_id", "includes_decoys"]
    found = []
    for (designation, source_id, includes), own in rows.group_by(names, maintain_order=True):
        kept = without_overlap(list(own.iter_rows(named=True)))
        found.append(
            UseCount(
                designation=str(designation),
                source_id=str(source_id),
                includes_decoys=includes if isinstance(includes, bool) else None,
                rows=tuple(kept),
                n_overlapping=own.height - len(kept),
            )
        )
    left = use.height - rows.height
    why = "the number launched or one end of the period is not stated"
    found.sort(key=lambda c: (c.designation, c.source_id, str(c.includes_decoys)))
    return tuple(found), ((LeftOut(why, left),) if left else ())


def without_overlap(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Which of these rows, sorted by the end of their period, can be added up? The earliest to end come first.

    Notes
    -----
    *Assumes:* every row has both ends of its period.
    *Not for:* rows with an open period.

    Examples
    --------
    >>> months = [{"period_from": date(2024, m, 1), "period_until": date(2024, m + 1, 1)} for m in (1, 2)]
    >>> year = {"period_from": date(2024, 1, 1), "period_until": date(2025, 1, 1)}
    >>> len(without_overlap([*months, year]))
    2
    """
    kept: list[Mapping[str, Any]] = []
    for row in rows:
        if not kept or row["period_from"] >= kept[-1]["period_until"]:
            kept.append(row)
    return kept


def use_finding(count: UseCount, as_of: date | None) -> Finding:
    """How many were launched, as a floor for what was made or brought in?

    Parameters
    ----------
    count : UseCount
    as_of : date or None
        The day the answer is for.

    Returns
    -------
    Finding
        Statement ``how-many.use``, with ``.with-decoys`` or ``.decoys-unknown`` where decoys are or may be counted.

    Notes
    -----
    *Assumes:* every launch counted was one.
    *Not for:* output: imports, opening stock and decoys are in launches, and what lies in stock is not.
    """
    rests = tuple(Reference("use", _use_key(r)) for r in count.rows)
    kind = {True: ".with-decoys", False: "", None: ".decoys-unknown"}[count.includes_decoys]
    decoys = {
        True: "decoys are counted too",
        False: "decoys are not counted",
        None: "whether decoys are counted is not stated",
    }
    left = (
        (LeftOut("its period overlaps another of the same source", count.n_overlapping),) if count.n_overlapping else ()
    )
    return Finding(
        finding_id=f"how-many:use:{join_key([count.designation, count.source_id, _said(count.includes_decoys)])}",
        question="how-many",
        on=as_of,
        statement=f"how-many.use{kind}",
        values={
            "thing": StatedValue(count.designation, None, rests),
            "launched": StatedValue(count.launched_by(), "items", rests),
            "from_on": StatedValue(min(r["period_from"] for r in count.rows), "date", rests),
            "last_on": StatedValue(count.rows[-1]["period_until"] - timedelta(days=1), "date", rests),
            "n_periods": StatedValue(len(count.rows), "periods", rests),
            "source": StatedValue(count.source_id, None, (Reference("source", count.source_id),)),
        },
        result=Result(
            method=USE_METHOD,
            version=VERSION,
            n_used=len(count.rows),
            headline=Interval(low=count.launched_by(), high=None, interval="floor", unit="items launched"),
            left_out=left,
            assumptions=(
                Assumption("Every launch counted was one, counted once", "weak", "one source's own count"),
                Assumption(
                    f"What is counted is {count.designation}", "weak" if count.includes_decoys else "untestable",
                    decoys[count.includes_decoys],
                ),
                Assumption(
                    "What was launched had been made in the period", "untestable", "stock and imports are launched too"
                ),
            ),
        ),
        supports=rests,
    )  # fmt: skip


def _use_key(row: Mapping[str, Any]) -> str:
    return join_key([row["period"], row["designation"], row["source_id"]])


def _said(value: bool | None) -> str | None:
    return None if value is None else "decoys" if value else "no decoys"


def _number(value: float) -> int | float:
    return int(value) if float(value).is_integer() else value


def _end(claim: Mapping[str, Any], end: str) -> int | float | None:
    value = claim[f"quantity_{end}"]
    return None if value is None else _number(value)


def _one(claim: Mapping[str, Any]) -> Number | None:
    return _end(claim, "low") if claim["quantity_low"] == claim["quantity_high"] else None
