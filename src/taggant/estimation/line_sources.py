"""From the tables of a case to lines of evidence: which scopes, which day, what is brought in, what is denied.

Invariant: an umbrella word holds what a person says it holds, nothing by its letters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from taggant.errors import InputError
from taggant.estimation.counted_units import counts_things
from taggant.estimation.lines import Allowances, EvidenceLine, claim_lines, is_same, serial_line, use_line
from taggant.estimation.plans import Line, Plan
from taggant.estimation.serial_blocks import Block
from taggant.estimation.stated_numbers import UseCount
from taggant.model.finding import Reference


def umbrellas_of(text: str) -> dict[str, tuple[str, ...]]:
    """Which parts does each umbrella word hold?

    Parameters
    ----------
    text : str
        ``WHOLE: PART, PART; WHOLE: PART``.

    Returns
    -------
    dict of str to tuple of str

    Raises
    ------
    InputError
        A piece without a colon.

    Notes
    -----
    *Assumes:* the parts need not be all of it.
    *Not for:* sums: a part is at most the whole, no more is said.

    Examples
    --------
    >>> umbrellas_of("all kites: red kite, black kite")
    {'all kites': ('red kite', 'black kite')}
    """
    found: dict[str, tuple[str, ...]] = {}
    for piece in (p for p in text.split(";") if p.strip()):
        whole, colon, rest = piece.partition(":")
        if not colon or not whole.strip() or not rest.strip():
            raise InputError(
                f"umbrellas={piece.strip()!r} does not say what it holds", next="Write WHOLE: PART, PART; WHOLE: PART"
            )
        found[whole.strip()] = tuple(p.strip() for p in rest.split(",") if p.strip())
    return found


def allowances_of(decoy_share: str, imports_most: str, opening_stock: str, claim_error: str) -> Allowances:
    """What does a person state about launches and claims?

    Parameters
    ----------
    decoy_share, imports_most, opening_stock, claim_error : str

    Returns
    -------
    Allowances

    Notes
    -----
    *Assumes:* empty is unknown.
    *Not for:* claims of decoys: those stand among claims.
    """

    def number(name: str, text: str, most: float | None = None) -> float:
        try:
            value = float(text)
        except ValueError as err:
            raise InputError(f"{name}={text!r} is no number", next=f"Give for example {name}=0.4") from err
        if value < 0 or (most is not None and value > most):
            raise InputError(f"{name}={text} lies outside 0 to {most if most is not None else 'infinity'}",
                             next="Give it within")  # fmt: skip
        return value

    low, _, high = decoy_share.partition("-")
    return Allowances(
        decoy_low=number("decoy_share", low, 1) if low else None,
        decoy_high=number("decoy_share", high or low, 1) if low else None,
        imports_most=number("imports_most", imports_most) if imports_most else None,
        opening_stock=number("opening_stock", opening_stock),
        claim_error=number("claim_error", claim_error, 1),
    )


def scopes_of(
    blocks: Sequence[Block],
    counts: Sequence[UseCount],
    claims: pl.DataFrame,
    plans: pl.DataFrame,
    parts: Mapping[str, tuple[str, ...]],
) -> list[str]:
    """Of which scopes is there anything to say? Each word once; those with serials first.

    Parameters
    ----------
    blocks, counts, claims, plans, parts
        What the case holds; `parts` as `umbrellas_of` gives it.

    Returns
    -------
    list of str

    Notes
    -----
    *Assumes:* scopes that differ only in case are one.
    *Not for:* decoys: they are no line of what they imitate.
    """  # fmt: skip
    """Every scope of which something was made, each word once; those with serials first."""
    made = claims.filter(pl.col("topic") == "production.made")
    words = [
        *(b.designation for b in blocks if b.result.refused is None), *parts, *plans["scope"].to_list(),
        *made["scope"].to_list(), *(b.designation for b in blocks),
        *(c.designation for c in counts if not any(is_same(c.designation, p) for some in parts.values() for p in some)),
    ]  # fmt: skip
    found: dict[str, str] = {}
    for word in words:
        if word and "decoys" not in word.casefold():
            found.setdefault(word.casefold().strip(), word.strip())
    return list(found.values())


def parts_of(scope: str, parts: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Which parts does this scope hold?

    Parameters
    ----------
    scope : str
    parts : mapping of str to tuple of str

    Returns
    -------
    tuple of str

    Notes
    -----
    *Assumes:* as stated by the person.
    *Not for:* all parts: there may be others.
    """
    return next((some for whole, some in parts.items() if is_same(whole, scope)), ())


def day_of(scope: str, blocks: Sequence[Block], as_of: date | None) -> date | None:
    """To which day are the lines of this scope brought?

    Parameters
    ----------
    scope : str
    blocks : sequence of Block
    as_of : date or None

    Returns
    -------
    date or None
        By which all items of its runs had been made, else the day of the case.

    Notes
    -----
    *Assumes:* runs of the scope speak of the same day.
    *Not for:* plans: each has its own.
    """
    days = [b.seen_on for b in blocks if is_same(b.designation, scope) and b.result.refused is None]
    known = [d for d in days if d is not None]
    return max(known) if known and len(known) == len(days) else as_of


def lines_of(
    scope: str, own: tuple[str, ...], blocks: Sequence[Block], counts: Sequence[UseCount], claims: pl.DataFrame,
    roots: Mapping[str, str], allow: Allowances, day: date | None,
) -> list[EvidenceLine]:  # fmt: skip
    """What does each line of evidence say of this scope by this day?

    Parameters
    ----------
    scope : str
    own : tuple of str
        Its parts.
    blocks, counts, claims, roots, allow, day

    Returns
    -------
    list of EvidenceLine

    Notes
    -----
    *Assumes:* as `serial_line`, `use_line` and `claim_lines`.
    *Not for:* a sum of them.
    """
    found = [
        serial_line(scope, [b for b in blocks if is_same(b.designation, scope)], day),
        serial_line(scope, [b for b in blocks if any(is_same(b.designation, p) for p in own)], day, is_part=True),
        use_line(
            [c for c in counts if any(is_same(c.designation, p) for p in (scope, *own))], allow,
            _imports(claims, (scope, *own), allow), day,
        ),
    ]  # fmt: skip
    said = () if day is None else claim_lines(scope, claims, roots, allow, day)
    return [line for line in (*found, *said) if line is not None]


def _imports(claims: pl.DataFrame, scopes: Sequence[str], allow: Allowances) -> tuple[float | None, str]:
    """At most how many were brought in: as stated, else by the largest claim of what was handed over or ordered."""
    if allow.imports_most is not None:
        return allow.imports_most, "as stated among the parameters"
    rows = [
        r for r in claims.filter(pl.col("topic").str.starts_with("transfer.")).iter_rows(named=True)
        if any(is_same(r["scope"], s) for s in scopes) and r["stance"] in (None, "assert")
    ]  # fmt: skip
    if not rows:
        return 0.0, "nothing says that any were"
    stated = [r for r in rows if r["quantity_high"] is not None or r["quantity_low"] is not None]
    foreign = sorted({str(r["unit"]) for r in stated if not counts_things(r["unit"])})
    apart = f"; numbers of {', '.join(foreign)} count no items" if foreign else ""
    numbered = [
        (float(r["quantity_high"] if r["quantity_high"] is not None else r["quantity_low"]), r["topic"], r["claim_id"])
        for r in stated
        if r["measure"] in (None, "total") and counts_things(r["unit"])
    ]
    if not numbered:
        return None, f"{len(rows)} claims of handing over, none with a number of items{apart}"
    most, topic, claim_id = max(numbered)
    return most, f"the largest number among {len(rows)} claims of handing over or orders, {claim_id}, {topic}{apart}"


def floors_for_plan(
    plan: Plan, parts: Mapping[str, tuple[str, ...]], blocks: Sequence[Block], counts: Sequence[UseCount],
    claims: pl.DataFrame, allow: Allowances,
) -> tuple[Line, ...]:  # fmt: skip
    """Do launches, or serials of a part of what was planned, show that a plan was met by its day?

    Parameters
    ----------
    plan : Plan
    parts : mapping of str to tuple of str
    blocks, counts, claims, allow
        As for `lines_of`.

    Returns
    -------
    tuple of Line
        Each says yes or cannot tell: at least so many is never too few.

    Notes
    -----
    *Assumes:* as `use_line` and `serial_line`.
    *Not for:* plans counted from a later day, rates and capacities: then none.
    """
    if plan.measure != "total" or plan.since is not None or plan.by is None:
        return ()
    own = parts_of(plan.scope, parts)
    found = (
        serial_line(plan.scope, [b for b in blocks if any(is_same(b.designation, p) for p in own)], plan.by,
                    is_part=True),
        use_line([c for c in counts if any(is_same(c.designation, p) for p in (plan.scope, *own))], allow,
                 _imports(claims, (plan.scope, *own), allow), plan.by),
    )  # fmt: skip
    return tuple(
        Line(name=line.name, low=1.0 if (line.low or 0.0) >= plan.quantity else 0.0, reading=line.reading,
             rests_on=line.rests_on)
        for line in found if line is not None
    )  # fmt: skip


def denials_of(claims: pl.DataFrame, scope: str) -> tuple[Reference, ...]:
    """Which claims deny that so many were made?

    Parameters
    ----------
    claims : polars.DataFrame
    scope : str

    Returns
    -------
    tuple of Reference

    Notes
    -----
    *Assumes:* the same words for the scope.
    *Not for:* denials of plans.
    """
    rows = claims.filter((pl.col("topic") == "production.made") & (pl.col("stance") == "deny")).sort("claim_id")
    return tuple(Reference("claim", r["claim_id"]) for r in rows.iter_rows(named=True) if is_same(r["scope"], scope))


def planned(plans: pl.DataFrame, scope: str, day: date | None) -> list[EvidenceLine]:
    """Which totals were planned of this scope?

    Parameters
    ----------
    plans : polars.DataFrame
    scope : str
    day : date or None

    Returns
    -------
    list of EvidenceLine

    Notes
    -----
    *Assumes:* a plan from the beginning; one counted from a later day is another number.
    *Not for:* bounds: a plan bounds nothing.
    """
    return [
        EvidenceLine(
            name=f"plan {r['title']}", kind="plan", point=float(r["quantity"]), speaks_to=r["by_until"],
            rests_on=(Reference("plan", r["title"]),), reading="what was intended; it bounds nothing",
        )
        for r in plans.iter_rows(named=True)
        if is_same(r["scope"], scope) and (r["measure"] or "total") == "total" and r["quantity"] is not None
        and r["since_from"] is None and day is not None
    ]  # fmt: skip
