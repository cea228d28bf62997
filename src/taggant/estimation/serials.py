"""Production from serial numbers: one run, one posterior, with everything that would move it.

Invariant: the low end of a headline is what was seen and needs no prior; the high end names the prior it needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Literal

from taggant.errors import NotEnoughData
from taggant.model.canonical import Plain
from taggant.model.finding import Finding, StatedValue
from taggant.model.result import (
    Assumption,
    Beside,
    Changed,
    Diagnostic,
    Interval,
    LeftOut,
    Refusal,
    Result,
)
from taggant.statistics.serial_formulas import Spread, exact_upper_bound, goodman, minimum_variance, spread
from taggant.statistics.serial_misreads import MISREAD, misread_posterior
from taggant.statistics.serial_runs import PRIORS, STARTS, Prior, RunPosterior, Start, run_posterior

METHOD, VERSION = "serials-block-v1", "1"
LEVEL = 0.95
FEWEST = 3
"""Below three independent serials the prior says more than they do (our choice, printed among the parameters)."""
_QUANTILES = ("0.025", "0.05", "0.25", "0.5", "0.75", "0.95", "0.975")
_UNEVEN_P = 0.05
_INFLUENTIAL_FROM = 2.0
_VERY_UNEVEN_P = 0.01
_MOST_MISREAD, _MANY = 10**8, 2000  # beyond, the mixture's grid says nothing a report could use
_STEP_FROM = 4  # three differences that share a divisor are chance too often: one in four for evens


@dataclass(frozen=True, slots=True)
class Influence:
    """What the run would be without its largest number, where that must be said before the low end is believed.

    `kind`: influential — the largest number moves the upper end more than twofold; uneven — the numbers lie so
    unevenly (p < 0.01) that they are hardly a fair draw.
    """

    kind: Literal["influential", "uneven"]
    low_without: int
    high_without: int


def production_from_serials(
    serials: Sequence[int],
    *,
    start: Start = "positive",
    prior: Prior = "1/N",
    n_max: int | None = None,
    n_independent: int | None = None,
    left_out: Sequence[LeftOut] = (),
    unit: str = "items",
) -> Result:
    r"""How many were made in one run, if the serial numbers seen are a fair draw from it?

    .. math:: p(N \mid x) \propto \pi(N)\, A(N) / \binom{N}{k}

    with k independent serials, prior :math:`\pi`, and A(N) the number of first numbers the run can have (see
    `taggant.statistics.serial_runs.run_posterior`). The headline runs from the least the run can have, which is
    certain unless one number decides it (`influence_of`), to the 95% quantile.

    Parameters
    ----------
    serials : sequence of int, length n ≥ 0
        Numbers of distinct items as read, prefixes removed. A number that stands twice counts once.
    start : {"positive", "1", "any"}
        Where numbers begin: at some number from 1 on, at 1, or anywhere.
    prior : {"1/N", "flat", "1/N2"}
        Weight of each N before anything is seen.
    n_max : int, optional
        Capacity: no run is longer.
    n_independent : int, optional
        How many incidents the serials come from; None: each its own.
    left_out : sequence of LeftOut
        Items the caller left out, and why.
    unit : str
        What is counted.

    Returns
    -------
    Result
        Items made from the first number to the last one issued when the newest item seen was made; or a refusal, with
        fewer than three independent serials.

    Raises
    ------
    InputError
        A serial does not fit the start, or `n_max` is below what was seen.

    Notes
    -----
    *Assumes:* numbers run without gaps; each item is equally likely to be found, independently of the others; numbers
    are read right; the numbers belong to one run.
    *Not for:* several runs pooled (one call a prefix, model and producer); lot numbers; items made since: what was too
    new to be found is not counted.

    References
    ----------
    .. [1] Goodman, L. A. (1954). Some practical techniques in serial number analysis. *J. Am. Stat. Assoc.* 49(265),
       97–112.
    .. [2] Höhle, M., Held, L. (2006). Bayesian estimation of the size of a population. Discussion paper 499, SFB 386,
       LMU Munich.

    Examples
    --------
    >>> result = production_from_serials([19, 40, 42, 60], start="1", prior="flat")
    >>> result.headline.low, result.headline.point, result.headline.high
    (60, 75, 159)
    """
    distinct = sorted(set(serials))
    k = len(distinct) if n_independent is None else min(n_independent, len(distinct))
    parameters: dict[str, Plain] = {"start": start, "prior": prior, "n_max": n_max, "fewest": FEWEST, "level": "0.95"}
    counted = tuple(left_out)
    if len(serials) > len(distinct):
        counted = (*counted, LeftOut("a number that stands there already", len(serials) - len(distinct)))
    refusal = None
    if k < FEWEST:
        refusal = _too_few(k, n_items=len(distinct))
    else:
        try:
            posterior = run_posterior(distinct, start=start, prior=prior, n_max=n_max, n_independent=k)
        except NotEnoughData as err:
            refusal = Refusal(err.what, err.enough)
    if refusal is not None:
        return Result(
            method=METHOD, version=VERSION, n_used=k, parameters=parameters, left_out=counted, refused=refusal
        )
    evenness = _evenness(distinct, start)
    sure = " (certain)" if influence_of(distinct, posterior) is None else ""
    return Result(
        method=METHOD,
        version=VERSION,
        n_used=k,
        headline=Interval(
            low=posterior.least,
            point=posterior.quantile(0.5),
            point_is="median of the posterior",
            high=posterior.quantile(LEVEL),
            level=LEVEL,
            interval=f"from the {_least_is(start)}{sure} to the 95% quantile",
            unit=unit,
        ),
        quantiles={q: posterior.quantile(float(q)) for q in _QUANTILES},
        mean=posterior.mean if isfinite(posterior.mean) else None,
        sd=posterior.sd if isfinite(posterior.sd) else None,
        parameters=parameters,
        beside=_beside(distinct, start),
        left_out=counted,
        assumptions=_assumptions(distinct, posterior, evenness, n_items=len(distinct)),
        diagnostics=_diagnostics(distinct, posterior, evenness),
        sensitivity=_sensitivity(distinct, posterior),
    )


def influence_of(serials: Sequence[int], posterior: RunPosterior) -> Influence | None:
    """Does the largest number alone decide how long the run is, or do the numbers lie too unevenly to say?

    Parameters
    ----------
    serials : sequence of int
        Numbers of distinct items.
    posterior : RunPosterior
        What they say of the run.

    Returns
    -------
    Influence or None
        None: neither; or three numbers or fewer, where taking one away leaves too few to compare with.

    Notes
    -----
    *Assumes:* twofold and p < 0.01 are our choice; one misread leading digit moves far more.
    *Not for:* telling whether the number is misread; a misread smallest number.

    Examples
    --------
    >>> from taggant.statistics.serial_runs import run_posterior
    >>> numbers = [11, 40, 57, 80, 104, 9104]
    >>> influence_of(numbers, run_posterior(numbers)).kind
    'influential'
    """
    distinct = sorted(set(serials))
    other = _posterior(distinct[:-1], posterior) if len(distinct) > FEWEST else None
    if other is None:
        return None
    without = other.quantile(LEVEL)
    if posterior.quantile(LEVEL) > _INFLUENTIAL_FROM * without:
        return Influence("influential", other.least, without)
    evenness = _evenness(distinct, posterior.start)
    if evenness is not None and evenness.p < _VERY_UNEVEN_P:
        return Influence("uneven", other.least, without)
    return None


def serials_finding(
    serials: Sequence[int], *, start: Start = "positive", prior: Prior = "1/N", n_max: int | None = None
) -> Finding:
    """How many were made, as a finding of the tool that knows no case?

    Parameters
    ----------
    serials : sequence of int
        As for `production_from_serials`.
    start, prior, n_max
        As for `production_from_serials`.

    Returns
    -------
    Finding
        Of question how-many; its statement is ``how-many.serials`` or ``how-many.serials.refused``.

    Raises
    ------
    InputError
        A serial does not fit the start, or `n_max` is below what was seen.

    Notes
    -----
    *Assumes:* and *Not for:* as `production_from_serials`.

    Examples
    --------
    >>> serials_finding([60]).result.refused.enough
    '2 more independent serials of the same run'
    """
    result = production_from_serials(serials, start=start, prior=prior, n_max=n_max)
    values = {
        "n_serials": StatedValue(len(set(serials)), "serials"),
        "smallest": StatedValue(min(serials, default=None)),
        "largest": StatedValue(max(serials, default=None)),
    }
    key = "how-many.serials"
    if result.headline is None:
        key = "how-many.serials.refused"
    else:
        values |= {
            "low": StatedValue(result.headline.low, "items"),
            "median": StatedValue(result.headline.point, "items"),
            "high": StatedValue(result.headline.high, "items"),
        }
    return Finding(finding_id="how-many:serials", question="how-many", statement=key, values=values, result=result)


def _too_few(k: int, *, n_items: int) -> Refusal:
    missing = FEWEST - k
    seen = {0: "no serial is", 1: "one independent serial is"}.get(k, f"{k} independent serials are")
    what = f"{seen} known of this run" + (f" ({n_items} numbers)" if n_items > k else "")
    more = "more " if k else ""
    return Refusal(
        f"{what}: where it ends would be said by the prior, not by the numbers",
        f"{missing} {more}independent serial{'s' if missing > 1 else ''} of the same run",
    )


def _least_is(start: Start) -> str:
    return "largest seen" if start == "1" else "span seen"


def _evenness(distinct: Sequence[int], start: Start) -> Spread | None:
    try:
        return spread(distinct, start=1 if start == "1" else None)
    except NotEnoughData:
        return None


def _beside(distinct: Sequence[int], start: Start) -> tuple[Beside, ...]:
    unknown = Beside("goodman", "1", goodman(distinct))
    if start != "1":
        return (unknown,)
    bound = exact_upper_bound(distinct, level=LEVEL)
    return (
        Beside("mvue", "1", minimum_variance(distinct)),
        Beside("exact-upper-bound", "1", None, distinct[-1], bound),
        unknown,
    )


def _assumptions(
    distinct: Sequence[int], posterior: RunPosterior, evenness: Spread | None, *, n_items: int
) -> tuple[Assumption, ...]:
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
    return Assumption(
        text, "weak", f"people begin at 1 or a round number; if at 1, up to {_upper(distinct, posterior, start='1')}"
    )


def _weight(prior: Prior) -> str:
    return {"1/N": "1/N", "flat": "the same for every N", "1/N2": "1/N²"}[prior]


def _upper(distinct: Sequence[int], like: RunPosterior, **changed: object) -> int | None:
    """The 95% quantile under changed options; None where there is none."""
    other = _posterior(distinct, like, **changed)
    return None if other is None else other.quantile(LEVEL)


def _posterior(distinct: Sequence[int], like: RunPosterior, **changed: object) -> RunPosterior | None:
    options: dict[str, object] = {
        "start": like.start, "prior": like.prior, "n_max": like.n_max, "n_independent": min(like.n_seen, len(distinct)),
    }  # fmt: skip
    try:
        return run_posterior(distinct, **(options | changed))  # type: ignore[arg-type]  # checked there
    except NotEnoughData:
        return None


def _diagnostics(distinct: Sequence[int], posterior: RunPosterior, evenness: Spread | None) -> tuple[Diagnostic, ...]:
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
            Diagnostic("upper end with and without the largest", round(posterior.quantile(LEVEL) / without, 2), reading)
        )
    return tuple(found)


def _sensitivity(distinct: Sequence[int], posterior: RunPosterior) -> tuple[Changed, ...]:
    changes: list[Changed] = []

    def row(text: str, numbers: Sequence[int], **changed: object) -> None:
        other = _posterior(numbers, posterior, **changed)
        if other is not None:
            changes.append(Changed(text, other.least, other.quantile(LEVEL)))
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
    if posterior.start != "any" and distinct[0] >= 1 and distinct[-1] < _MOST_MISREAD and len(distinct) <= _MANY:
        chance = MISREAD["likely"]
        mixed = misread_posterior(distinct, chances=[chance] * len(distinct), prior=posterior.prior)
        text = f"numbers from 1, each misread with a chance of {chance:g} (serials-misread-v1)"
        changes.append(Changed(text, mixed.quantile(1 - LEVEL), mixed.quantile(LEVEL)))
    return tuple(changes)
