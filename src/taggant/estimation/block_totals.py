"""How many numbers several runs of one thing have together: their posteriors convolved, each kept apart before.

Invariant: from five runs on the headline weighs a run of N numbers 1/N², because the bias of 1/N adds up; the totals
under the other priors always stand beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import isfinite

from taggant.errors import NotEnoughData
from taggant.estimation.serial_blocks import Block
from taggant.model.finding import Finding, Reference, StatedValue
from taggant.model.result import Assumption, Changed, Interval, Refusal, Result
from taggant.statistics.run_totals import RunTotal, total_of_runs
from taggant.statistics.serial_runs import PRIORS, Prior, run_posterior

METHOD, VERSION = "serials-block-v1", "1"
MANY_BLOCKS = 5
"""From so many runs on, totals weigh each 1/N²."""
_APART = 1.1
_LEVELS = ("0.025", "0.05", "0.25", "0.5", "0.75", "0.95", "0.975")


def total_findings(blocks: Sequence[Block], as_of: date | None) -> tuple[Finding, ...]:
    r"""How many of one thing had been made, over all its runs of serials?

    .. math:: p(n) = (p_1 * \ldots * p_B)(n)

    Parameters
    ----------
    blocks : sequence of Block
        Those refused are left out, and named.
    as_of : date or None

    Returns
    -------
    tuple of Finding
        One a designation (or kind, where there is none) with two answered runs or more; refused where a run whose
        producer is known and one of the same letters whose producer is not may be one run.

    Notes
    -----
    *Assumes:* the runs are of different numbers; what is known of one says nothing of another. In invented worlds the
    95% interval of the sum over two, three and five runs holds the truth as often (`docs/measured/serials.md`).
    *Not for:* runs of which no number was found; a run continued under another prefix counts twice.
    """
    by_thing: dict[str, list[Block]] = {}
    for block in blocks:
        if block.result.refused is None:
            by_thing.setdefault(block.designation or block.kind or "", []).append(block)
    found = (_total(thing, some, blocks, as_of) for thing, some in sorted(by_thing.items()) if len(some) > 1)
    return tuple(f for f in found if f is not None)


def _perhaps_one(some: Sequence[Block]) -> list[str]:
    """Letters of runs of which one has a producer and another has none: the second may be the first."""
    producers: dict[str, set[str | None]] = {}
    for b in some:
        producers.setdefault(b.prefix, set()).add(b.producer)
    return sorted(prefix for prefix, names in producers.items() if len(names) > 1 and None in names)


def _refused(thing: str, some: Sequence[Block], twice: list[str], as_of: date | None) -> Finding:
    named = ", ".join(twice)
    why = f"of the runs {named} one part has a producer and one has none: they may be one run, and would count twice"
    enough = f"who built the items numbered {named}, in references.csv"
    supports = tuple(Reference("item", i.item_id) for b in some if b.prefix in twice for i in b.items)
    return Finding(
        finding_id=f"how-many:total:{thing}", question="how-many", on=as_of, statement="how-many.total.refused",
        values={"thing": StatedValue(thing, None, supports), "n_blocks": StatedValue(len(some), "blocks")},
        result=Result(method=METHOD, version=VERSION, n_used=0, refused=Refusal(why, enough)), supports=supports,
    )  # fmt: skip


def _total(thing: str, some: Sequence[Block], blocks: Sequence[Block], as_of: date | None) -> Finding | None:
    twice = _perhaps_one(some)
    if twice:
        return _refused(thing, some, twice, as_of)
    totals = {p: _of_prior(some, p) for p in PRIORS}
    asked = some[0].prior
    prior: Prior = "1/N2" if len(some) >= MANY_BLOCKS and asked == "1/N" else asked
    total = totals[prior]
    if total is None:
        return None
    low, point, high = (total.quantile(q) for q in (0.025, 0.5, 0.975))
    names = ", ".join(sorted(b.name for b in some))
    refused = [b for b in blocks if (b.designation or b.kind or "") == thing and b.result.refused is not None]
    supports = tuple(Reference("item", i.item_id) for b in some for i in b.items)
    ends = [t.quantile(0.975) for t in totals.values() if t is not None]
    is_moved = len(ends) < len(totals) or max(ends) > _APART * min(ends)
    said = ", ".join(f"{p}: {'none' if t is None else t.quantile(0.975)}" for p, t in totals.items())
    assumptions = (
        Assumption("The runs are of different items", "untestable", "one run may go on under another prefix"),
        Assumption(
            f"Before anything was seen, a run of N numbers weighed {'1/N²' if prior == '1/N2' else prior}",
            "weak" if is_moved else "ok",
            f"upper end of the total by prior — {said}"
            + (
                "; the bias of a prior adds up over runs, and the three differ by more than a tenth" if is_moved else ""
            ),
        ),
        Assumption(
            "Each run is what its own answer takes it for",
            "weak",
            f"{len(refused)} runs of {thing} could not be answered and are not in the total"
            if refused
            else "see each run",
        ),
    )
    changes = tuple(
        Changed(f"prior {p} for each run", *((None, None) if t is None else (t.quantile(0.025), t.quantile(0.975))))
        for p, t in totals.items()
        if p != prior
    )
    result = Result(
        method=METHOD, version=VERSION, n_used=sum(b.result.n_used for b in some),
        headline=Interval(
            low=low, point=point, point_is="median of the posterior", high=high, level=0.95,
            interval="central, of the sum over the runs seen", unit="items",
        ),
        quantiles={q: total.quantile(float(q)) for q in _LEVELS},
        mean=total.mean if isfinite(total.mean) else None,
        sd=total.sd if isfinite(total.sd) else None,
        parameters={"start": some[0].start, "prior": prior, "many_blocks": MANY_BLOCKS, "n_blocks": len(some)},
        assumptions=assumptions,
        sensitivity=changes,
    )  # fmt: skip
    values = {
        "thing": StatedValue(thing, None, supports),
        "n_blocks": StatedValue(len(some), "blocks"),
        "names": StatedValue(names, None, supports),
        "low": StatedValue(low, "items", supports),
        "median": StatedValue(point, "items", supports),
        "high": StatedValue(high, "items", supports),
    }
    return Finding(
        finding_id=f"how-many:total:{thing}", question="how-many", on=as_of, statement="how-many.total", values=values,
        result=result, supports=supports,
    )  # fmt: skip


def _of_prior(some: Sequence[Block], prior: Prior) -> RunTotal | None:
    try:
        return total_of_runs(
            [
                run_posterior([i.number for i in b.items], start=b.start, prior=prior, n_independent=b.result.n_used)
                for b in some
            ]
        )
    except NotEnoughData:
        return None
