"""Did the share of a group among listed parts change over the time things were made?

Invariant: a change is said only where it stands against every rival, with parts of unknown group counted both ways, and
against as many groups as were looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import log10

import numpy as np

from taggant.estimation.dated_incidents import DatedIncident
from taggant.model.finding import Finding, Reference, StatedValue
from taggant.model.result import Assumption, Changed, Diagnostic, Interval, LeftOut, Refusal, Result
from taggant.statistics.present_run import present_run
from taggant.statistics.share_change import FEWEST, RHOS, ShareChange, share_change, share_quantile

METHOD, VERSION = "share-change-v1", "1"
SEED = 20261127
CHANGED_FROM = 10.0
"""A Bayes factor for a change from which it is said, times the number of groups looked at."""
LAG90_DAYS = 365
"""Stated default of how long nine in ten items take to become known, where no recovery delay is estimated."""
_NAMED_MOST = 6
_CLUSTERED = 0.05
_DAY0 = date(1970, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSeries:
    """The series of one group, and what it says."""

    group: str
    found: ShareChange

    @property
    def verdict(self) -> str:
        """step, trend, changed, constant or open, before multiplicity."""
        post = self.found.posterior
        moved = post["one"] + post["several"]
        return "step" if moved >= 3 * post["trend"] else "trend" if post["trend"] >= 3 * moved else "changed"


def _fit(
    incidents: Sequence[DatedIncident], count: Callable[[DatedIncident], tuple[int, int]],
    when: Callable[[DatedIncident], tuple[date, date]] | None = None,
) -> ShareChange | None:  # fmt: skip
    own, of, low, high = [], [], [], []
    for x in incidents:
        y, n = count(x)
        a, b = (x.from_on, x.until_on) if when is None else when(x)
        if n > 0:
            own.append(y)
            of.append(n)
            low.append(float((a - _DAY0).days))
            high.append(float((b - _DAY0).days))
    if len(own) < FEWEST or max(low) - min(low) < 1:
        return None
    return share_change(own, of, low, high, rng=np.random.default_rng(SEED))


def _of_group(group: str) -> Callable[[DatedIncident], tuple[int, int]]:
    return lambda x: (x.groups.get(group, 0), x.n)


def share_finding(
    incidents: Sequence[DatedIncident],
    *,
    finding_id: str = "what-changed:composition",
    group: str | None = None,
    until: date | None = None,
    lag90_days: int = LAG90_DAYS,
    lag_is_estimated: bool = False,
    left_out: Sequence[LeftOut] = (),
    what: str = "the listed parts",
    on: date | None = None,
    supports: Sequence[Reference] = (),
) -> Finding:
    r"""Did the share of one group of parts change over the time things were made, when, and from what to what?

    .. math:: ev_{one} = \frac{1}{|R||C|}\sum_{\rho, c} \iint \prod_i \bigl[w_i(c)\,BB(y_i \mid p_1, \rho)
              + (1 - w_i(c))\,BB(y_i \mid p_2, \rho)\bigr] dp_1\,dp_2

    against no change, several changes and a slow change, each over the same ρ (how much parts of one incident go
    together).

    Parameters
    ----------
    incidents : sequence of DatedIncident
    finding_id : str
    group : str, optional
        Whose share; the one whose series speaks most for a change when left out, which is paid for.
    until : date, optional
        The day things were known up to; incidents made within `lag90_days` before it are left out in a refit.
    lag90_days : int
        Days within which nine in ten items become known.
    lag_is_estimated : bool
        Whether that number is estimated from this case; else it is a stated default.
    left_out : sequence of LeftOut
    what : str
        What the parts are of.
    on : date, optional
    supports : sequence of Reference

    Returns
    -------
    Finding

    Notes
    -----
    *Assumes:* incidents are independent; each incident's date lies evenly in its range; which parts are listed does not
    depend on their group and date together.
    *Not for:* what was fitted: only what was listed; shares by the day of recovery.

    References
    ----------
    .. [1] Barry, D., Hartigan, J. A. (1992). Product partition models for change point problems. *Ann. Stat.* 20(1),
       260–279. doi:10.1214/aos/1176348521

    Examples
    --------
    >>> share_finding([]).result.refused.why
    '0 dated incidents with parts of a known group'
    """
    usable = [x for x in incidents if x.n > 0]
    totals: dict[str, int] = {}
    for x in usable:
        for g, n in x.groups.items():
            totals[g] = totals.get(g, 0) + n
    asked = [group] if group is not None else _asked(totals)
    series = [GroupSeries(group=g, found=found) for g in asked if (found := _fit(usable, _of_group(g))) is not None]
    left = [*left_out, LeftOut("no part of a known group", len(incidents) - len(usable))]
    left = [x for x in left if x.n]
    subject: dict[str, str] = {}
    if not series:
        why = f"{len(usable)} dated incidents with parts of a known group"
        if len(usable) >= FEWEST:
            why = "all incidents were made at the same time, or no such group is listed"
        enough = f"{max(FEWEST - len(usable), 1)} more incidents made at other times"
        return Finding(
            finding_id=finding_id, question="what-changed", on=on, statement="what-changed.share.refused",
            subject=subject, values={"why": StatedValue(why), "enough": StatedValue(enough), "what": StatedValue(what)},
            supports=tuple(supports),
            result=Result(method=METHOD, version=VERSION, n_used=len(usable), left_out=tuple(left), seed=SEED,
                          refused=Refusal(why, enough)),
        )  # fmt: skip
    # Of two groups that are each the rest of the other the first in order of the alphabet is taken.
    best = max(series, key=lambda s: (round(s.found.log10_bf, 6), [-ord(c) for c in s.group[:8]]))
    n_asked = 1 if len(totals) <= 2 else len(series)
    threshold = log10(CHANGED_FROM * n_asked)
    bounds = _unknown_bounds(usable, best.group)
    is_changed = (
        best.found.log10_bf >= threshold
        and max(best.found.log10_evidence[k] for k in ("one", "several", "trend"))
        - best.found.log10_evidence["constant"]
        >= threshold
    )
    holds = all(b.log10_bf >= threshold for b in bounds.values()) if is_changed else True
    if is_changed and holds:
        verdict = best.verdict
    else:
        verdict = "constant" if best.found.log10_bf <= -log10(3) and not is_changed else "open"
    refits = _refits(usable, best.group, until=until, lag90_days=lag90_days)
    return Finding(
        finding_id=finding_id, question="what-changed", on=on, statement=f"what-changed.share.{verdict}",
        subject=subject, values=_values(best, usable, what, threshold, n_asked), supports=tuple(supports),
        result=Result(
            method=METHOD, version=VERSION, n_used=len(usable), seed=SEED, headline=_headline(verdict, best),
            quantiles=_quantiles(best.found) if verdict in ("step", "changed", "trend") else None,
            parameters={"group": best.group, "groups looked at": len(series), "said from a Bayes factor of":
                        str(round(CHANGED_FROM * n_asked)), "lag90_days": lag90_days,
                        "until": None if until is None else until.isoformat()},
            left_out=tuple(left),
            assumptions=_assumptions(best, usable, bounds, refits, threshold, is_changed=is_changed,
                                     lag_is_estimated=lag_is_estimated, lag90_days=lag90_days),
            diagnostics=(*_diagnostics(best, series), _newest_run(best, usable)),
            sensitivity=_sensitivity(verdict, best.group, {**{f"all unknown counted {k}": v for k, v in bounds.items()},
                                                           **refits}),
        ),
    )  # fmt: skip


def _asked(totals: Mapping[str, int]) -> list[str]:
    whole = sum(totals.values())
    big = [g for g, n in totals.items() if n >= 0.05 * whole] or list(totals)
    return sorted(big, key=lambda g: (-totals[g], g))[:_NAMED_MOST]


def _unknown_bounds(incidents: Sequence[DatedIncident], group: str) -> dict[str, ShareChange]:
    if not any(x.unknown for x in incidents):
        return {}
    both = {
        f"as {group}": _fit(incidents, lambda x: (x.groups.get(group, 0) + x.unknown, x.n + x.unknown)),
        "as others": _fit(incidents, lambda x: (x.groups.get(group, 0), x.n + x.unknown)),
    }
    return {k: v for k, v in both.items() if v is not None}


def _refits(
    incidents: Sequence[DatedIncident], group: str, *, until: date | None, lag90_days: int
) -> dict[str, ShareChange]:
    count = _of_group(group)
    found: dict[str, ShareChange | None] = {}
    for collector in sorted({x.collector for x in incidents if x.collector is not None})[:_NAMED_MOST]:
        own = [x for x in incidents if x.collector == collector]
        if len(own) < len(incidents):
            found[f"only what {collector} examined ({len(own)} incidents)"] = _fit(own, count)
    if any(x.other_dating is not None for x in incidents):
        other = [x for x in incidents if x.other_dating is not None]
        found["dated by other parts than those counted"] = _fit(
            other,
            lambda x: (0, 0) if x.other_dating is None
            else (x.other_dating[2].get(group, 0), sum(x.other_dating[2].values())),
            lambda x: (x.from_on, x.until_on) if x.other_dating is None else x.other_dating[:2],
        )  # fmt: skip
    last = until or max(x.until_on for x in incidents)
    early = [x for x in incidents if x.until_on <= last - timedelta(days=lag90_days)]
    if FEWEST <= len(early) < len(incidents):
        found[f"made {lag90_days} days before the end or earlier ({len(early)} incidents)"] = _fit(early, count)
    return {k: v for k, v in found.items() if v is not None}


def _on(days: float) -> date:
    return _DAY0 + timedelta(days=int(days))


def _quantiles(found: ShareChange) -> dict[str, date]:
    return {f"{q}": _on(found.when(q)) for q in (0.025, 0.25, 0.5, 0.75, 0.975)}


def _headline(verdict: str, best: GroupSeries) -> Interval:
    found = best.found
    if verdict in ("step", "changed", "trend"):
        kind = "equal-tailed, of the day a single change would lie" if verdict != "step" else "equal-tailed"
        return Interval(low=_on(found.when(0.025)), point=_on(found.when(0.5)), point_is="median",
                        high=_on(found.when(0.975)), level=0.95, interval=kind, unit="date")  # fmt: skip
    low, point, high = (share_quantile(found.level, q) for q in (0.025, 0.5, 0.975))
    return Interval(low=low, point=point, point_is="median", high=high, level=0.95,
                    interval="equal-tailed, if it never changed", unit=f"share of parts from {best.group}")  # fmt: skip


def _values(
    best: GroupSeries, incidents: Sequence[DatedIncident], what: str, threshold: float, n_asked: int
) -> dict[str, StatedValue]:
    found = best.found
    rests = tuple(Reference("incident", x.incident_id) for x in incidents)

    def percent(belief: np.ndarray, q: float) -> StatedValue:
        return StatedValue(round(100 * share_quantile(belief, q)), "%", rests)

    return {
        "group": StatedValue(best.group),
        "what": StatedValue(what),
        "n_incidents": StatedValue(len(incidents), "incidents", rests),
        "n_parts": StatedValue(sum(x.n for x in incidents), "parts"),
        "from_on": StatedValue(_on(found.when(0.025)), "date"),
        "until_on": StatedValue(_on(found.when(0.975)), "date"),
        "before_low": percent(found.before, 0.025), "before_high": percent(found.before, 0.975),
        "after_low": percent(found.after, 0.025), "after_high": percent(found.after, 0.975),
        "level_low": percent(found.level, 0.025), "level_high": percent(found.level, 0.975),
        "trend_from": StatedValue(round(100 * found.trend[0]), "%"),
        "trend_to": StatedValue(round(100 * found.trend[1]), "%"),
        "factor": StatedValue(_factor(found.log10_bf)),
        "threshold": StatedValue(_factor(threshold)),
        "n_groups": StatedValue(n_asked, "groups"),
        "n_other_groups": StatedValue(n_asked - 1 or None, "groups"),
    }  # fmt: skip


def _factor(bf10: float) -> str:
    if bf10 >= 6:
        return "more than a million"
    ratio = 10**bf10
    return f"{ratio:.2g}" if ratio < 10 else f"{ratio:.0f}"


def _assumptions(
    best: GroupSeries, incidents: Sequence[DatedIncident], bounds: Mapping[str, ShareChange],
    refits: Mapping[str, ShareChange], threshold: float, *, is_changed: bool, lag_is_estimated: bool, lag90_days: int,
) -> tuple[Assumption, ...]:  # fmt: skip
    found = best.found
    rho = float((found.rho * np.array(RHOS)).sum())
    false_alarm = found.log10_bf_independent >= threshold > found.log10_bf
    clustered = Assumption(
        "Parts of one incident may go together; how much is weighed, not assumed", "weak" if rho > _CLUSTERED else "ok",
        f"their correlation is about {rho:.2f}"
        + ("; counted as independent they would have shown a change: a false alarm of clustering"
           if false_alarm else "; as if independent, log10 of the Bayes factor would be "
           f"{found.log10_bf_independent:.1f} instead of {found.log10_bf:.1f}"),
    )  # fmt: skip
    flips = [k for k, v in bounds.items() if (v.log10_bf >= threshold) != (found.log10_bf >= threshold)]
    n_unknown = sum(x.unknown for x in incidents)
    unknown = Assumption(
        "Parts of unknown group do not change the answer",
        ("fails" if is_changed else "weak") if flips else "ok",
        f"{n_unknown} parts; counted {' and '.join(flips)} the answer is another" if flips
        else f"{n_unknown} parts, counted both ways",
    )  # fmt: skip
    dated = {x.dated_by for x in incidents}
    circular = Assumption(
        "An incident is not dated by the parts that are counted",
        "weak" if "its newest part" in dated else "ok",
        "the newest of more parts is newer by chance: see the refit with other parts" if "its newest part" in dated
        else "dates are given with the incidents",
    )  # fmt: skip
    collectors = {x.collector for x in incidents}
    lost = [k for k, v in refits.items() if is_changed and k.startswith("only what") and v.log10_bf < 0]
    who = Assumption(
        "Who examined does not change over time along with what was made",
        "weak" if len(collectors) > 1 else ("ok" if None not in collectors else "untestable"),
        f"{len(collectors)} collectors; "
        + (f"no change shows in {' and '.join(lost)}" if lost else "refits within each stand in the table")
        if len(collectors) > 1
        else "one collector" if None not in collectors else "collectors are not stated",
    )  # fmt: skip
    lag = Assumption(
        "Groups are found with the same delay, or the newest incidents are few",
        "untestable",
        f"refit without the last {lag90_days} days, "
        + ("nine in ten are known by then, as estimated" if lag_is_estimated else "a stated default, not estimated"),
    )
    return (clustered, unknown, circular, who, lag)


def _diagnostics(best: GroupSeries, series: Sequence[GroupSeries]) -> tuple[Diagnostic, ...]:
    found = best.found
    rho = float((found.rho * np.array(RHOS)).sum())
    return (
        Diagnostic("log10 Bayes factor, one change against none", round(found.log10_bf, 3),
                   f"at least {round(log10(CHANGED_FROM), 2)} a group looked at is called a change"),
        *(Diagnostic(f"belief: {name}", round(p, 4), "from equal belief in four rivals")
          for name, p in found.posterior.items()),
        Diagnostic("share after less share before", f"{found.difference[0]:.3f} to {found.difference[2]:.3f}",
                   "95%, given one change"),
        Diagnostic("correlation of two parts of one incident", round(rho, 3), "0: independent"),
        Diagnostic("log10 Bayes factor if parts were independent", round(found.log10_bf_independent, 3),
                   "not to be used: clusters look like changes"),
        Diagnostic("effective date draws", round(found.ess, 1),
                   "of those for several changes; fewer than 50 is too few" if found.ess < 50 else "enough"),
        *(Diagnostic(f"group {s.group}: log10 Bayes factor", round(s.found.log10_bf, 3), f"one of {len(series)}")
          for s in series if len(series) > 1),
    )  # fmt: skip


def _newest_run(best: GroupSeries, incidents: Sequence[DatedIncident]) -> Diagnostic:
    """How many of the newest incidents have had one share, read in the order of the middles of their ranges."""
    known = sorted((x for x in incidents if x.n > 0), key=lambda x: x.from_on.toordinal() + x.until_on.toordinal())
    run = present_run([x.groups.get(best.group, 0) for x in known], [x.n for x in known])
    low, middle, high = (int(np.searchsorted(np.cumsum(run), q - 1e-12)) + 1 for q in (0.025, 0.5, 0.975))
    overlaps = sum(a.until_on > b.from_on for a, b in pairwise(known))
    return Diagnostic(
        "newest incidents with one share, read one after the other",
        f"{middle} ({low} to {high})",
        f"of {len(known)}, 95%, a change beforehand once in {len(known)}; {overlaps} neighbours overlap in date: "
        "their order is that of the middles of their ranges",
    )


def _sensitivity(verdict: str, group: str, others: Mapping[str, ShareChange]) -> tuple[Changed, ...]:
    rows = []
    for change, found in others.items():
        label = f"{change}: log10 Bayes factor {found.log10_bf:.1f}"
        if verdict in ("step", "changed", "trend"):
            rows.append(Changed(f"{label}, day of change", _on(found.when(0.025)), _on(found.when(0.975))))
        else:
            low, high = share_quantile(found.level, 0.025), share_quantile(found.level, 0.975)
            rows.append(Changed(f"{label}, share from {group}", low, high))
    return tuple(rows)
