"""What a run's answer assumes, what speaks against it, what stands beside it and what would move it.

Invariant: every assumption has a status and a reason; no row is left out because it looks bad.
"""

from __future__ import annotations

from collections.abc import Sequence

from taggant.estimation.serial_headline import (
    FEWEST,
    LEVEL,
    Apart,
    begun_at,
    like_but,
    misread_end,
    named_numbers,
    starts_allowed,
    upper_end,
)
from taggant.model.result import Assumption, Beside, Changed, Diagnostic
from taggant.statistics.serial_formulas import Spread, exact_upper_bound, goodman, minimum_variance
from taggant.statistics.serial_misreads import MISREAD
from taggant.statistics.serial_runs import PRIORS, STARTS, Prior, RunPosterior, Start

_UNEVEN_P = 0.05
_STEP_FROM = 4  # three differences that share a divisor are chance too often: one in four for evens


def published_beside(distinct: Sequence[int], start: Start) -> tuple[Beside, ...]:
    """What do the formulas of the literature give?

    Notes
    -----
    *Assumes:* and *Not for:* as `goodman`, `minimum_variance` and `exact_upper_bound`.
    """
    unknown = Beside("goodman", "1", goodman(distinct))
    if start != "1":
        return (unknown,)
    bound = exact_upper_bound(distinct, level=LEVEL)
    return (
        Beside("mvue", "1", minimum_variance(distinct)),
        Beside("exact-upper-bound", "1", None, distinct[-1], bound),
        unknown,
    )


def assumptions_of(
    distinct: Sequence[int], posterior: RunPosterior, evenness: Spread | None, *, apart: Apart
) -> tuple[Assumption, ...]:
    """What does the answer need to be true, and what do the numbers say of each?

    Parameters
    ----------
    distinct : sequence of int
        The numbers the answer is made of.
    posterior : RunPosterior
    evenness : Spread or None
    apart : Apart
        The numbers left out.

    Returns
    -------
    tuple of Assumption

    Notes
    -----
    *Assumes:* what cannot be tested with so few is called untestable, not fulfilled.
    *Not for:* what only a case knows: `serial_blocks` adds it.
    """
    found = [
        Assumption(
            "Numbers run without gaps, and every item got one", "untestable", "no source states how they are given"
        )
    ]
    if evenness is not None and evenness.step > 1 and len(distinct) >= _STEP_FROM:
        found[0] = Assumption(
            found[0].text, "fails", f"all differences are multiples of {evenness.step}: most numbers may never be given"
        )
    fair = "Each item is equally likely to be found"
    if evenness is None:
        found.append(Assumption(fair, "untestable", "too few numbers to show how evenly they are spread"))
    elif evenness.p < _UNEVEN_P:
        found.append(Assumption(fair, "weak", f"the numbers lie unevenly in the run (p = {evenness.p:.3f})"))
    else:
        found.append(
            Assumption(
                fair,
                "untestable",
                f"the numbers lie evenly enough (p = {evenness.p:.2f}), which so few could hardly deny",
            )
        )
    found.append(_start_assumption(distinct, posterior))
    if apart.numbers:
        named, chance = named_numbers(apart.numbers), _chance(apart.probability)
        why = f"by the others, {named} lie outside with a probability of {chance} (serials-misread-v1)"
        found.append(Assumption("The numbers left out are misread, or another run's", "weak", why))
    n_items = len(distinct)
    if posterior.n_seen < n_items:
        why = f"{n_items} numbers come from {posterior.n_seen} incidents and count as {posterior.n_seen}"
        found.append(Assumption("Finds of one incident count once", "ok", why))
    ends = {p: _upper(distinct, posterior, prior=p) for p in PRIORS}
    known = [e for e in ends.values() if e is not None]
    is_moved = len(known) < len(ends) or max(known) > 1.1 * min(known)
    said = ", ".join(f"{p}: {'none' if e is None else e}" for p, e in ends.items())
    found.append(
        Assumption(
            f"Before anything was seen, a run of N numbers weighed {_weight(posterior.prior)}",
            "weak" if is_moved else "ok",
            f"upper end by prior — {said}",
        )
    )
    return tuple(found)


def _start_assumption(distinct: Sequence[int], posterior: RunPosterior) -> Assumption:
    if posterior.start == "1":
        other = _upper(distinct, posterior, start="positive")
        return Assumption("Numbers begin at 1", "untestable", f"if they begin at any number from 1 on, up to {other}")
    text = "Any first number is as likely as any other" + (", from 1 on" if posterior.start == "positive" else "")
    if distinct[0] < 1:
        return Assumption(text, "untestable", "no source states where numbers begin")
    allowed = starts_allowed(posterior, distinct)
    if not allowed:
        why = f"begun half by half at 1, a round number or any, up to {_upper(distinct, posterior, start='round')}"
        return Assumption(text, "weak" if posterior.start != "positive" else "ok", why)
    ends = ", ".join(f"at {a}: {begun_at(posterior, distinct, a).quantile(LEVEL)}" for a in allowed)
    why = (
        f"people begin at 1 or a round number, and the end allows for it — at any: {posterior.quantile(LEVEL)}, {ends}"
    )
    return Assumption(text, "weak", why)


def _chance(p: float) -> str:
    return "more than 0.999" if p > 0.999 else f"{p:.3f}"


def _weight(prior: Prior) -> str:
    return {"1/N": "1/N", "flat": "the same for every N", "1/N2": "1/N²"}[prior]


def _upper(distinct: Sequence[int], like: RunPosterior, **changed: object) -> int | None:
    """The upper end under changed options; None where there is none."""
    other = like_but(distinct, like, **changed)
    return None if other is None else upper_end(other, distinct)


def diagnostics_of(distinct: Sequence[int], posterior: RunPosterior, evenness: Spread | None) -> tuple[Diagnostic, ...]:
    """What can be seen in the numbers that speaks against a fair draw?

    Notes
    -----
    *Assumes:* and *Not for:* as `spread`.
    """
    found = []
    if evenness is not None:
        found = [
            Diagnostic(
                "Kolmogorov distance of the numbers from an even spread",
                round(evenness.distance, 4),
                f"p = {evenness.p:.3f}; with so few numbers only a strong unevenness shows",
            ),
            Diagnostic(
                "largest gap between numbers seen",
                evenness.largest_gap,
                f"a gap as large comes by chance with p = {evenness.gap_p:.2f}; a small p would mean skipped numbers",
            ),
        ]
    without = _upper(distinct[:-1], posterior) if len(distinct) > FEWEST else None
    if without is not None:
        reading = "the largest number moves the upper end this many times"
        found.append(
            Diagnostic(
                "upper end with and without the largest", round(upper_end(posterior, distinct) / without, 2), reading
            )
        )
    return tuple(found)


def sensitivity_of(
    distinct: Sequence[int], posterior: RunPosterior, every: Sequence[int] | None = None
) -> tuple[Changed, ...]:
    """What would the ends be under each other assumption?

    Parameters
    ----------
    distinct : sequence of int
        The numbers the answer is made of.
    posterior : RunPosterior
    every : sequence of int, optional
        All numbers, where some were left out.

    Returns
    -------
    tuple of Changed
        A row each: other prior, other start, without the largest, every number, other capacity, misreads.

    Notes
    -----
    *Assumes:* one thing is changed at a time.
    *Not for:* intervals: the low end is the least the run can have.
    """
    changes: list[Changed] = []
    if every is not None and len(every) > len(distinct):
        n_all = min(len(every), posterior.n_seen + len(every) - len(distinct))
        whole = like_but(every, posterior, n_max=None, n_independent=n_all)
        if whole is not None:
            text = "with the numbers that do not fit the others"
            changes.append(Changed(text, whole.least, whole.quantile(LEVEL)))

    def row(text: str, numbers: Sequence[int], **changed: object) -> None:
        other = like_but(numbers, posterior, **changed)
        if other is not None:
            changes.append(Changed(text, other.least, upper_end(other, numbers)))
        else:
            least = numbers[-1] if posterior.start == "1" else numbers[-1] - numbers[0] + 1
            changes.append(Changed(f"{text} (no upper end)", least, None))

    for prior in PRIORS:
        if prior != posterior.prior:
            row(f"prior {prior} instead of {posterior.prior}", distinct, prior=prior)
    for start in STARTS:
        if start != posterior.start and (start == "any" or distinct[0] >= 1):
            row(f"start {start} instead of {posterior.start}", distinct, start=start)
    if len(distinct) > FEWEST:
        row("without the largest number", distinct[:-1])
    if posterior.n_seen < len(distinct):
        row("every number counted, also those of one incident", distinct, n_independent=len(distinct))
    if posterior.n_max is not None:
        for times in (3, 10):
            row(f"capacity {times} times as large", distinct, n_max=times * posterior.n_max)
        row("no capacity", distinct, n_max=None)
    mixed = misread_end(distinct, posterior)
    if mixed is not None:
        text = f"each number misread with a chance of {MISREAD['likely']:g} (serials-misread-v1)"
        changes.append(Changed(text, None, mixed))
    return tuple(changes)
