"""Published tests of a record, under their own names: beside the house's answer, or alone when asked for.

Invariant: no word of ours is chosen by them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Literal

from taggant.errors import NotEnoughData
from taggant.estimation.stop_record import Record, said
from taggant.estimation.stop_sightings import Sighting
from taggant.model.finding import Finding, StatedValue
from taggant.model.result import Assumption, Beside, Diagnostic, Interval, LeftOut, Number
from taggant.statistics.sighting_records import (
    RecordTest,
    mcinerny_2006,
    ole,
    solow_1993,
    solow_1993b,
    solow_roberts_2003,
)

LEVEL = 0.95


def published_beside(record: Record, kept: list[Sighting], start: float) -> tuple[Beside, ...]:
    """What do published tests say of the same record?

    Parameters
    ----------
    record : Record
    kept : list of Sighting
    start : float

    Returns
    -------
    tuple of Beside
        Those that can say something.

    Notes
    -----
    *Assumes:* the middle of a range stands for it, as those papers would have it.
    *Not for:* choosing a word.
    """
    times = [(s.made_from + s.made_until) / 2 for s in kept]
    done = []
    for test in _record_tests(times, start, record.until):
        done.append(Beside(method=test.method, version="1", point=record.shown(test.end), low=record.shown(test.low),
                           high=_held(record, test.high)))  # fmt: skip
    return tuple(done)


def _held(record: Record, t: float | None) -> Number | None:
    """A limit as a day where the calendar has one; published limits can run past the year 9999."""
    if t is None or (record.scale == "date" and not 1 <= t < date.max.toordinal()):
        return None
    return record.shown(t)


def _record_tests(times: list[float], start: float, until: float) -> list[RecordTest]:
    found = []
    tests: tuple[Callable[[], RecordTest], ...] = (
        lambda: solow_1993(times, until=until, start=start),
        lambda: ole([start, *times], until=until),
        lambda: solow_roberts_2003([start, *times], until=until),
    )
    for test in tests:
        try:
            found.append(test())
        except NotEnoughData:  # that method is silent here; the house's own answers or refuses by itself
            continue
    return found


def published_finding(
    base: Finding, record: Record, kept: list[Sighting], gone: list[LeftOut], start: float, method: str
) -> Finding:
    """What does one published method say, under its own name?

    Parameters
    ----------
    base : Finding
    record : Record
    kept : list of Sighting
    gone : list of LeftOut
    start : float
    method : str

    Returns
    -------
    Finding
        With p, the estimate of the end where the method has one, and no verdict.

    Notes
    -----
    *Assumes:* no delays and constant effort, as each of them does.
    *Not for:* a headline of a report.
    """
    times = [(s.made_from + s.made_until) / 2 for s in kept]
    if method in ("solow-1993", "cessation-clock-v0"):
        test = solow_1993(times, until=record.until, start=start)
    elif method == "solow-1993b":
        test = solow_1993b(times, until=record.until, start=start)
    elif method == "ole":
        test = ole([start, *times] if record.start is None else times, until=record.until)
    elif method == "solow-roberts-2003":
        test = solow_roberts_2003([start, *times] if record.start is None else times, until=record.until)
    else:
        test = mcinerny_2006([start, *times], until=record.until)
    low, high = _held(record, test.low), _held(record, test.high)
    end = _held(record, test.end)
    headline = Interval(low=None, point=test.p, point_is="p of the silence", high=None, interval="none: a test only",
                        unit="probability")  # fmt: skip
    if end is not None:
        headline = Interval(low=low, point=end, point_is="estimate of the end", high=high, level=LEVEL,
                            interval="as the method has it", unit=record.scale)  # fmt: skip
    diagnostics = [Diagnostic(name="p of the silence", value=None if test.p is None else round(test.p, 10),
                              reading="if it goes on; for a day fixed beforehand only")]  # fmt: skip
    if test.bf_going_on is not None:
        diagnostics.append(Diagnostic(name="Bayes factor, going on against stopped", value=round(test.bf_going_on, 6),
                                      reading="on the scale of the clock, not of the calendar"))  # fmt: skip
    result = replace(
        base.result, refused=None, n_used=test.n, headline=headline, left_out=tuple(gone),
        diagnostics=tuple(diagnostics),
        parameters=MappingProxyType({"from": said(record, start), "until": said(record, record.until),
                                     "level": str(LEVEL)}),
        assumptions=(
            Assumption(text="Nothing becomes known later than it was made.", status=_delay_status(kept),
                       why="this method knows no delays; where there are some it finds stops that are none"),
            Assumption(text="It was looked for equally hard all the time.", status="untestable",
                       why="nothing in the sightings can show it"),
        ),
    )  # fmt: skip
    return replace(
        base, statement="has-it-stopped.published", result=result,
        values={"method": StatedValue(method), "n": StatedValue(test.n),
                "p": StatedValue(None if test.p is None else float(f"{test.p:.3g}"))},
    )  # fmt: skip


def _delay_status(kept: list[Sighting]) -> Literal["ok", "fails"]:
    return "fails" if any(s.known_until > s.made_until for s in kept) else "ok"
