"""Has it stopped? One record of sightings, one answer: posterior and Bayes factor first, words by a fixed rule.

Invariant: the p-value never chooses the word, and a silence nobody looked into is never called a stop.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType

import numpy as np

from taggant.errors import InputError, NotEnoughData, UnknownName
from taggant.estimation.published_stops import LEVEL, published_beside, published_finding
from taggant.estimation.stop_record import Record, drawn, said
from taggant.estimation.stop_sightings import Sighting, at_ends, independent
from taggant.estimation.stop_terms import FEWEST, stop_assumptions, stop_sensitivity
from taggant.model.finding import Finding, Reference, StatedValue
from taggant.model.result import (
    Diagnostic,
    Interval,
    LeftOut,
    Refusal,
    Result,
)
from taggant.statistics.cessation import StopEvidence, stop_evidence, stop_words
from taggant.statistics.effort import Effort, effort_from_dates
from taggant.statistics.silence import Sightings, end_upper_limit, silence_needed, silence_p

METHOD, VERSION = "cessation-conditional-v1", "1"
METHODS = (METHOD, "cessation-clock-v0", "solow-1993", "solow-1993b", "ole", "solow-roberts-2003", "mcinerny-2006")
_WIDEST = 6  # the newest item's range may be this part of the window; a sixth, by simulation
_PRIORS = (0.1, 0.5, 0.9)
_QUANTILES = (0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975)


def cessation_finding(
    record: Record,
    *,
    method: str = METHOD,
    n_looks: int | None = None,
    seed: int = 20260707,
    finding_id: str = "has-it-stopped:record",
    subject: Mapping[str, str] | None = None,
    supports: tuple[Reference, ...] = (),
    left_out: Sequence[LeftOut] = (),
) -> Finding:
    """Has it stopped, by this record?

    Parameters
    ----------
    record : Record
    method : str
        One of `METHODS`. The published ones know dates alone and stand beside; the first is the house's own.
    n_looks : int, optional
        At how many commits this record was judged before; None: not known.
    seed : int
        For draws of interval dates and of estimated effort.
    finding_id, subject, supports
        Of the finding.
    left_out : sequence of LeftOut
        What the caller left out, and why.

    Returns
    -------
    Finding
        `verdict` "stopped", "reduced", "silent" or "cannot tell", or a refusal with what would be enough.

    Raises
    ------
    UnknownName
        No such method.
    InputError
        A sighting outside the window, or known before it was made.

    Notes
    -----
    *Assumes:* one supply; a constant rate while it goes on; sightings of different batches and incidents independent.
    *Not for:* transfer, when only made dates are known; assembly, when only dates of parts are known.

    References
    ----------
    `taggant.statistics.cessation`, `taggant.statistics.sighting_records`.
    """
    if method not in METHODS:
        raise UnknownName("method", method, METHODS)
    cut = said(record, record.until - (0 if record.scale == "number" else 1))
    for s in record.sightings:
        if s.made_from > record.until:
            raise InputError(
                f"{s.name or 'a sighting'} was made after the cut, {cut}",
                so_what="It would be judged as if it were known", next="Set a later cut, or leave it out",
            )  # fmt: skip
    kept, fell = independent(record.sightings)
    gone = [*left_out, *fell]
    start = record.start
    if kept:
        first = min(s.made_from for s in kept)
        if start is None or (start == first and any(s.made_from == s.made_until == start for s in kept)):
            start = first
            opener = min(kept, key=lambda s: (s.made_from, s.made_until))
            kept = [s for s in kept if s is not opener]
            gone.append(LeftOut(why="the first sighting sets the start, so it cannot count again", n=1))
    base = Finding(
        finding_id=finding_id, question="has-it-stopped", statement="has-it-stopped.refused", supports=supports,
        on=None if record.scale == "number" else date.fromordinal(int(record.until) - 1),
        subject=MappingProxyType(dict(subject or {})),
        result=Result(method=method, version=VERSION, n_used=len(kept), refused=Refusal(why="not judged", enough="")),
    )  # fmt: skip
    try:
        return _judged(base, record, kept, gone, start, method, n_looks=n_looks, seed=seed)
    except NotEnoughData as refusal:
        values = {"n": StatedValue(len(kept)), "why": StatedValue(refusal.what)}
        result = replace(base.result, left_out=tuple(gone), refused=Refusal(why=refusal.what, enough=refusal.enough))
        return replace(base, values=values, result=result)


def _judged(
    base: Finding, record: Record, kept: list[Sighting], gone: list[LeftOut], start: float | None, method: str, *,
    n_looks: int | None, seed: int,
) -> Finding:  # fmt: skip
    if start is None or not kept:
        raise NotEnoughData(
            "there is no sighting beside the first to judge a silence by",
            enough=f"{FEWEST} independent sightings beside the first",
        )
    if method != METHOD:
        return published_finding(base, record, kept, gone, start, method)
    return _conditional(base, record, kept, gone, start, n_looks=n_looks, seed=seed)


def _conditional(
    base: Finding, record: Record, kept: list[Sighting], gone: list[LeftOut], start: float, *,
    n_looks: int | None, seed: int,
) -> Finding:  # fmt: skip
    if len(kept) < FEWEST:
        are = "sighting is" if len(kept) == 1 else "sightings are"
        enough = f"{FEWEST} independent sightings beside the first"
        if (needed := silence_needed(at_ends(kept, start=start, until=record.until, is_late=True))) is not None:
            enough += f"; p would fall below 0.05 with nothing newer known until {said(record, needed)}"
        raise NotEnoughData(f"{len(kept)} independent {are} too few to judge a silence by", enough=enough)
    newest = max(kept, key=lambda s: s.made_until)
    width = newest.made_until - newest.made_from
    if width > (record.until - start) / _WIDEST:
        raise NotEnoughData(
            "the newest sighting can be of any day in more than a sixth of the window",
            enough="a narrower date for the newest, or a longer window",
        )
    draws = drawn(record, kept, start, seed)
    evidence = stop_evidence(draws)
    word = stop_words(evidence)
    p = float(np.mean([silence_p(s, e) for s, e in draws]))
    flat = _mean_effort(record, start)
    p_late = silence_p(at_ends(kept, start=start, until=record.until, is_late=True), flat)
    p_early = silence_p(at_ends(kept, start=start, until=record.until, is_late=False), flat)
    limit = _upper(draws)
    last = max(float(s.last) for s, _ in draws) if width == 0 else newest.made_from
    posteriors = {prior: evidence.posterior(prior) for prior in _PRIORS}
    middle = max(last, evidence.end_quantile(0.5))
    headline = Interval(
        low=record.shown(last), point=record.shown(middle), point_is="median, if it ended",
        high=record.shown(None if limit is None else max(limit, middle)), level=LEVEL,
        interval="from the newest sighting to the latest end the silence allows; open where it may go on",
        unit=record.scale,
    )  # fmt: skip
    at = draws[0][0]
    needed = silence_needed(at)
    quantiles = {str(q): end for q in _QUANTILES
                 if (end := record.shown(max(last, evidence.end_quantile(q)))) is not None}  # fmt: skip
    values = {
        "n": StatedValue(len(kept), rests_on=base.supports), "last": StatedValue(said(record, last)),
        "until": StatedValue(said(record, record.until - (1 if record.scale == "date" else 0))),
        "percent": StatedValue(_percent(posteriors[0.5]), "%"),
        "percent_low": StatedValue(_percent(posteriors[0.1]), "%"),
        "percent_high": StatedValue(_percent(posteriors[0.9]), "%"), "bf": StatedValue(round(evidence.bf_stop, 2)),
        "limit": StatedValue(None if limit is None else said(record, limit)),
    }  # fmt: skip
    result = replace(
        base.result, refused=None, headline=headline, seed=seed, left_out=tuple(gone),
        quantiles=MappingProxyType(quantiles),
        parameters=MappingProxyType({
            "from": said(record, start), "until": said(record, record.until), "draws": len(draws),
            "level": str(LEVEL),
            "prior_stopped": "0.1, 0.5, 0.9",
            "effort": "constant" if not record.effort_dates else "comparables",
        }),
        beside=published_beside(record, kept, start),
        assumptions=stop_assumptions(record, kept),
        diagnostics=(
            Diagnostic(name="Bayes factor, stopped against going on", value=round(evidence.bf_stop, 6),
                       reading="20 and more is needed to say stopped"),
            Diagnostic(name="Bayes factor, stopped against declining", value=round(evidence.bf_over_decline, 6),
                       reading="10 and more is needed to say stopped, and not: stopped or sharply reduced"),
            *(Diagnostic(name=f"probability that it stopped, from a prior of {prior:g}", value=round(value, 6),
                         reading="before a stop was more or less expected") for prior, value in posteriors.items()),
            Diagnostic(name="p of the silence", value=round(p, 10),
                       reading="for a day fixed beforehand only; it never chooses the word"),
            Diagnostic(name="p, at the ends of the dates",
                       value=f"{min(p_early, p_late):.4g} to {max(p_early, p_late):.4g}",
                       reading="the larger is valid whatever the days were"),
            Diagnostic(name="silence needed for p below 0.05", value=None if needed is None else said(record, needed),
                       reading="if nothing newer becomes known until then, delays as seen"),
            Diagnostic(name="looks", value=n_looks, reading="at how many commits this was judged before"
                       if n_looks is not None else "not known: a record judged again and again falls silent by chance"),
        ),
        sensitivity=stop_sensitivity(record, kept, start, seed),
    )  # fmt: skip
    return replace(
        base, statement=f"has-it-stopped.{word.replace(' ', '-')}{'' if record.scale == 'date' else '.number'}",
        verdict=word, values=values, result=result,
    )  # fmt: skip


def _percent(chance: float) -> int:
    """Whole percent, never 0 or 100: no record makes sure."""
    return min(99, max(1, round(100 * chance)))


def _mean_effort(record: Record, start: float) -> Effort | None:
    if not record.effort_dates:
        return None
    return effort_from_dates(record.effort_dates, start=start, until=record.until)


def _upper(draws: list[tuple[Sightings, Effort | None]]) -> float | None:
    """Largest end at which the mean p over draws is still 1 − level."""
    if len(draws) == 1:
        return end_upper_limit(*draws[0], level=LEVEL)

    def p(at: float) -> float:
        return float(np.mean([silence_p(s, e, at=max(at, s.last)) for s, e in draws]))

    until = draws[0][0].until
    if p(until) >= 1 - LEVEL:
        return None
    low, high = max(s.last for s, _ in draws), until
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if p(middle) >= 1 - LEVEL else (low, middle)
    return low


def end_evidence(record: Record, *, seed: int = 20260707) -> StopEvidence:
    """What does the record say of a stop, as numbers alone?

    Parameters
    ----------
    record : Record
        With a stated start.
    seed : int

    Returns
    -------
    StopEvidence

    Notes
    -----
    *Assumes:* as `cessation_finding`.
    *Not for:* printing: it carries no assumptions.
    """
    kept, _ = independent(record.sightings)
    start = record.start if record.start is not None else min(s.made_from for s in kept)
    inside = [s for s in kept if s.made_until > start]
    return stop_evidence(drawn(record, inside, start, seed))


def drawn_rows(record: Record) -> list[dict[str, object]]:
    """The sightings as a chart wants them, newest made last.

    Parameters
    ----------
    record : Record

    Returns
    -------
    list of dict
        ``name, made, made_until, known``: ISO days or numbers.

    Notes
    -----
    *Assumes:* nothing.
    *Not for:* counting: batches are not brought to one.
    """

    def plain(t: float) -> object:
        shown = record.shown(t)
        return shown.isoformat() if isinstance(shown, date) else shown

    ordered = sorted(record.sightings, key=lambda s: (s.made_from, s.made_until))
    return [
        {"name": s.name, "made": plain(s.made_from), "made_until": plain(s.made_until), "known": plain(s.known_until)}
        for s in ordered
    ]
