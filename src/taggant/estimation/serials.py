"""Production from serial numbers: one run, one posterior, with everything that would move it.

Invariant: the low end of a headline is what was seen and needs no prior; the high end names the prior it needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from taggant.errors import InputError, NotEnoughData
from taggant.estimation.serial_checks import assumptions_of, diagnostics_of, published_beside, sensitivity_of
from taggant.estimation.serial_headline import (
    FEWEST,
    LEVEL,
    START_P,
    Apart,
    evenness,
    influence_of,
    named_numbers,
    numbers_apart,
    starts_allowed,
    upper_end,
)
from taggant.model.canonical import Plain
from taggant.model.finding import Finding, StatedValue
from taggant.model.result import Interval, LeftOut, Refusal, Result
from taggant.statistics.serial_runs import Prior, RunPosterior, Start, run_posterior

METHOD, VERSION = "serials-block-v1", "1"
_QUANTILES = ("0.025", "0.05", "0.25", "0.5", "0.75", "0.95", "0.975")
_MOST_NUMBER = 10**15
_SAID_SURE = "95 %"


def production_from_serials(
    serials: Sequence[int],
    *,
    start: Start = "positive",
    prior: Prior = "1/N",
    n_max: int | None = None,
    n_independent: int | None = None,
    chances: Sequence[float] | None = None,
    left_out: Sequence[LeftOut] = (),
    unit: str = "items",
) -> Result:
    r"""How many were made in one run, if the serial numbers seen are a fair draw from it?

    .. math:: p(N \mid x) \propto \pi(N)\, A(N) / \binom{N}{k}

    with k independent serials, prior :math:`\pi`, and A(N) the number of first numbers the run can have (see
    `taggant.statistics.serial_runs.run_posterior`). The headline runs from the least the run can have, which is
    certain unless one number decides it (`influence_of`), to the 95% quantile; where nobody said that numbers begin at
    1 or after a full hundred or thousand, the end allows for it (`upper_end`). A number that the others show to be
    misread or another run's (`numbers_apart`) is left out; where the largest number moves the end more than twofold
    without being so clear a case, the headline is the envelope of both.

    Parameters
    ----------
    serials : sequence of int, length n ≥ 0
        Numbers of distinct items as read, prefixes removed. A number that stands twice counts once.
    start : {"positive", "1", "round", "any"}
        Where numbers begin: at some number from 1 on, at 1, half and half, or anywhere.
    prior : {"1/N", "flat", "1/N2"}
        Weight of each N before anything is seen.
    n_max : int, optional
        Capacity: no run is longer.
    n_independent : int, optional
        How many incidents the serials come from; None: each its own.
    chances : sequence of float, optional
        That each serial is misread; None: 0.03.
    left_out : sequence of LeftOut
        Items the caller left out, and why.
    unit : str
        What is counted.

    Returns
    -------
    Result
        Items made from the first number to the last one issued when the newest item seen was made; or a refusal, with
        fewer than three independent serials, or with numbers that are hardly one run.

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
    if distinct and max(abs(distinct[0]), abs(distinct[-1])) >= _MOST_NUMBER:
        raise InputError(
            "a serial has more than 15 digits", where=str(max(distinct, key=abs)), so_what="No run is so long",
            next="Give the number alone, without what stands before it",
        )  # fmt: skip
    counted = tuple(left_out)
    if len(serials) > len(distinct):
        counted = (*counted, LeftOut("a number that stands there already", len(serials) - len(distinct)))
    k = len(distinct) if n_independent is None else min(n_independent, len(distinct))
    parameters: dict[str, Plain] = {
        "start": start, "prior": prior, "n_max": n_max, "fewest": FEWEST, "level": "0.95", "start_p": str(START_P),
    }  # fmt: skip
    every, apart = distinct, Apart(numbers=(), probability=1.0, is_too_many=False)
    refusal = None
    if k < FEWEST:
        refusal = _too_few(k, n_items=len(distinct))
    else:
        try:
            run_posterior(distinct, start=start, prior=prior, n_max=None if n_max is None else max(n_max, *distinct))
            apart = numbers_apart(serials, chances=chances, start=start, prior=prior, n_independent=k)
            if apart.is_too_many:
                refusal = _not_one_run(distinct, apart)
            else:
                distinct = [x for x in every if x not in set(apart.numbers)]
                k = min(k, len(distinct))
                posterior = run_posterior(distinct, start=start, prior=prior, n_max=n_max, n_independent=k)
        except NotEnoughData as err:
            refusal = Refusal(err.what, err.enough)
    if refusal is not None:
        return Result(
            method=METHOD, version=VERSION, n_used=k, parameters=parameters, left_out=counted, refused=refusal
        )
    if apart.numbers:
        why = f"misread, or another run's, by what the others say: {named_numbers(apart.numbers)}"
        counted = (*counted, LeftOut(why, len(apart.numbers)))
    even = evenness(distinct, start)
    low, high, interval = _ends(distinct, posterior, is_whole=not apart.numbers)
    return Result(
        method=METHOD,
        version=VERSION,
        n_used=k,
        headline=Interval(
            low=low,
            point=posterior.quantile(0.5),
            point_is="median of the posterior",
            high=high,
            level=LEVEL,
            interval=interval,
            unit=unit,
        ),
        quantiles={q: posterior.quantile(float(q)) for q in _QUANTILES},
        mean=posterior.mean if isfinite(posterior.mean) else None,
        sd=posterior.sd if isfinite(posterior.sd) else None,
        parameters=parameters,
        beside=published_beside(distinct, start),
        left_out=counted,
        assumptions=assumptions_of(distinct, posterior, even, apart=apart),
        diagnostics=diagnostics_of(distinct, posterior, even),
        sensitivity=sensitivity_of(distinct, posterior, every),
    )


def _ends(distinct: Sequence[int], posterior: RunPosterior, *, is_whole: bool) -> tuple[int, int, str]:
    """The ends of the headline, and what they are: as asked for, or the envelope of what was named beforehand."""
    high, low = upper_end(posterior, distinct), posterior.least
    influence = influence_of(distinct, posterior)
    others = [f"at {a}" for a in starts_allowed(posterior, distinct)]
    end = "the 95% quantile"
    if others:
        end += f", wherever it begins: {', '.join(others)}, or at any number from 1 on"
    least = f"the {_least_is(posterior.start)}"
    if influence is not None and influence.kind == "influential":
        return min(low, influence.low_without), high, f"with and without the largest number: from {least} to {end}"
    sure = " (certain)" if influence is None and is_whole else ""
    return low, high, f"from {least}{sure} to {end}"


def _not_one_run(distinct: Sequence[int], apart: Apart) -> Refusal:
    said = "it is" if len(apart.numbers) == 1 else "they are"
    n_left = len(distinct) - len(apart.numbers)
    return Refusal(
        f"{named_numbers(apart.numbers)} and the other {n_left} numbers are hardly of one run: {said} misread, or "
        f"another run's, with a probability above {_SAID_SURE}",
        "three numbers of one run that agree, or each run asked about alone",
    )


def serials_finding(
    serials: Sequence[int],
    *,
    start: Start = "positive",
    prior: Prior = "1/N",
    n_max: int | None = None,
    n_independent: int | None = None,
    left_out: Sequence[LeftOut] = (),
) -> Finding:
    """How many were made, as a finding of the tool that knows no case?

    Parameters
    ----------
    serials : sequence of int
        As for `production_from_serials`.
    start, prior, n_max, n_independent, left_out
        As for `production_from_serials`.

    Returns
    -------
    Finding
        Of question how-many; its statement is ``how-many.serials``, or with ``.apart``, ``.influential``, ``.uneven``
        or ``.refused`` after it.

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
    result = production_from_serials(
        serials, start=start, prior=prior, n_max=n_max, n_independent=n_independent, left_out=left_out
    )
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
        apart = numbers_apart(serials, start=start, prior=prior)
        kept = sorted(set(serials) - set(apart.numbers))
        few = None if n_independent is None else min(n_independent, len(kept))
        posterior = run_posterior(kept, start=start, prior=prior, n_max=n_max, n_independent=few)
        influence = influence_of(kept, posterior)
        if apart.numbers:
            key = "how-many.serials.apart"
            values |= {
                "apart": StatedValue(named_numbers(apart.numbers)),
                "n_apart": StatedValue(len(apart.numbers), "serials"),
                "n_serials": StatedValue(len(kept), "serials"),
                "smallest": StatedValue(kept[0]),
                "largest": StatedValue(kept[-1]),
            }
        elif influence is not None:
            key = f"how-many.serials.{influence.kind}"
            values |= {
                "low_without": StatedValue(influence.low_without, "items"),
                "high_without": StatedValue(influence.high_without, "items"),
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
