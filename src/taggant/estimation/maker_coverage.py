"""How many makers are still unseen, and how likely the next wreck is to show a new one.

Invariant: the number of makers there are is a lower bound, and said as "at least".
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from taggant.errors import InputError
from taggant.estimation.dated_incidents import INCIDENTS
from taggant.model.finding import Finding, Reference, StatedValue
from taggant.model.result import Assumption, Beside, Changed, Diagnostic, Interval, LeftOut, Refusal, Result
from taggant.statistics.richness import Richness, chao2, expected_kinds

METHOD, VERSION = "incidence-coverage-v1", "1"
MAKERS = ("maker", "maker_id", "brand", "manufacturer", "producer", "species", "kind", "batch", "name")
SAMPLES = (*INCIDENTS, "sample", "site", "plot")
FEWEST = 2


def coverage_finding(
    shown: Mapping[str, Sequence[str]],
    *,
    finding_id: str = "what-changed:coverage",
    scope: str = "the items listed",
    is_examined_alike: bool | None = None,
    doubtful: Mapping[str, Sequence[str]] | None = None,
    left_out: Sequence[LeftOut] = (),
    on: date | None = None,
    question: str = "what-changed",
) -> Finding:
    r"""How many makers are there, at least, and how likely does the next wreck show one not yet seen?

    .. math:: \hat S = S_{obs} + \frac{T-1}{T}\frac{Q_1^2}{2 Q_2}, \qquad
              P_{new} = 1 - \exp\Bigl(-\frac{Q_0 Q_1}{T Q_0 + Q_1}\Bigr), \quad Q_0 = \hat S - S_{obs}

    Parameters
    ----------
    shown : mapping of str to sequence of str
        Incident → makers it showed; one that showed none counts.
    finding_id, scope : str
    is_examined_alike : bool, optional
        Whether all incidents were examined to the same depth; None: not stated.
    doubtful : mapping, optional
        The same without makers read doubtfully: a misread name is a false maker seen once.
    left_out : sequence of LeftOut
    on : date, optional
    question : str

    Returns
    -------
    Finding

    Notes
    -----
    *Assumes:* incidents are alike and independent; the set of makers is closed while they were made.
    *Not for:* how many makers there are at most; incidents examined to different depths.

    References
    ----------
    .. [1] Chao, A., Gotelli, N. J., Hsieh, T. C., et al. (2014). Rarefaction and extrapolation with Hill numbers.
       *Ecol. Monogr.* 84(1), 45–67. doi:10.1890/13-0133.1

    Examples
    --------
    >>> found = coverage_finding({"a": ["X", "Y"], "b": ["X"], "c": ["X", "Z", "Y"]})
    >>> found.values["n_seen"].value, found.values["at_least"].value
    (3, '3.3')
    """
    n, counts = len(shown), _incidences(shown)
    if n < FEWEST or not counts:
        why = f"{n} incidents" if n < FEWEST else "no maker is named"
        enough = f"{FEWEST - n} more incidents" if n < FEWEST else "one maker named"
        return Finding(
            finding_id=finding_id, question=question, on=on, statement="what-changed.coverage.refused",
            values={"why": StatedValue(why), "enough": StatedValue(enough)},
            result=Result(method=METHOD, version=VERSION, n_used=n, refused=Refusal(why, enough),
                          left_out=tuple(x for x in left_out if x.n)),
        )  # fmt: skip
    found = chao2(list(counts.values()), n)
    twice = expected_kinds(list(counts.values()), 2 * n, n=n)
    rests = tuple(Reference("incident", i) for i in shown)
    closed = Assumption(
        "The set of makers is closed while the things were made", "weak",
        "production goes on and makers come and go"
        + ("; most makers were seen once: a bound from below only" if found.once > found.seen / 2 else ""),
    )  # fmt: skip
    alike = Assumption(
        "Incidents were examined alike",
        "ok" if is_examined_alike else "weak" if is_examined_alike is None else "fails",
        "so stated" if is_examined_alike else "not stated" if is_examined_alike is None
        else "to different depths: a longer look shows more makers",
    )  # fmt: skip
    return Finding(
        finding_id=finding_id, question=question, on=on, statement="what-changed.coverage",
        values={
            "scope": StatedValue(scope),
            "n_incidents": StatedValue(n, "incidents", rests),
            "n_seen": StatedValue(found.seen, "makers"),
            "n_once": StatedValue(found.once, "makers"),
            "n_twice": StatedValue(found.twice, "makers"),
            "at_least": StatedValue(f"{found.at_least:.1f}".removesuffix(".0"), "makers"),
            "p_new": StatedValue(round(100 * found.p_new), "%"),
            "coverage": StatedValue(round(100 * found.coverage), "%"),
            "at_twice": StatedValue(f"{twice:.1f}".removesuffix(".0"), "makers"),
        },
        result=Result(
            method=METHOD, version=VERSION, n_used=n, headline=_interval(found),
            mean=found.at_least, sd=found.se, left_out=tuple(x for x in left_out if x.n),
            beside=(Beside("chao2-bias-corrected", "1", round(_bias_corrected(found), 4)),),
            assumptions=(
                alike, closed,
                Assumption("Incidents are independent", "untestable", "one shipment may fill several wrecks"),
                Assumption("The estimate is a lower bound", "ok", found.warnings[0]),
            ),
            diagnostics=(
                Diagnostic("chance that the next wreck shows a maker not yet seen", round(found.p_new, 6),
                           "1 − exp(−Q0·Q1/(T·Q0 + Q1))"),
                Diagnostic("coverage", round(found.coverage, 6), "share of next incidences of a maker already seen"),
                Diagnostic("1 − coverage", round(1 - found.coverage, 6),
                           "of the next incidence, not of the next wreck: not the chance above"),
                Diagnostic("makers expected in twice as many incidents", round(twice, 4), "no further may be said"),
                *(Diagnostic(f"makers expected in {m} incidents",
                             round(expected_kinds(list(counts.values()), m, n=n), 4), "for comparing at equal numbers")
                  for m in sorted({max(1, n // 4), max(1, n // 2)})),
                *(Diagnostic("warning", w, "read before the number") for w in found.warnings),
            ),
            sensitivity=_sensitivity(shown, doubtful),
        ),
    )  # fmt: skip


def _incidences(shown: Mapping[str, Sequence[str]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for makers in shown.values():
        for m in sorted(set(makers)):
            counts[m] = counts.get(m, 0) + 1
    return counts


def _interval(found: Richness) -> Interval:
    return Interval(
        low=round(found.low, 6), point=round(found.at_least, 6), point_is="Chao2, a lower bound",
        high=round(found.high, 6), level=0.95, interval="log-normal, of a lower bound", unit="makers",
    )  # fmt: skip


def _bias_corrected(found: Richness) -> float:
    return found.seen + (found.n - 1) / found.n * found.once * (found.once - 1) / (2 * (found.twice + 1))


def _sensitivity(
    shown: Mapping[str, Sequence[str]], doubtful: Mapping[str, Sequence[str]] | None
) -> tuple[Changed, ...]:
    rows = []
    if doubtful is not None and (counts := _incidences(doubtful)):
        less = chao2(list(counts.values()), len(doubtful))
        rows.append(Changed("without makers told only by a doubtful or listed name", less.low, less.high))
    moved: list[tuple[float, str, Richness]] = []
    names = list(shown)
    for name in names if FEWEST < len(names) <= 400 else ():
        counts = _incidences({k: v for k, v in shown.items() if k != name})
        if counts:
            less = chao2(list(counts.values()), len(names) - 1)
            moved.append((less.at_least, name, less))
    if moved:
        for _, name, less in (min(moved), max(moved, key=lambda m: m[0])):
            rows.append(Changed(f"without incident {name}", less.low, less.high))
    return tuple(rows)


def read_incidence_file(path: Path) -> dict[str, list[str]]:
    """Which makers did each incident show, in this file?

    Parameters
    ----------
    path : Path
        CSV, UTF-8. Long: a column of incidents and one of makers (column names of components.csv are understood; an
        incident with an empty maker showed none). Wide: the first column names the incident, each other column a
        maker, with 0 or the number seen.

    Returns
    -------
    dict
        Incident → makers.

    Raises
    ------
    InputError
        It cannot be read, or is neither.

    Notes
    -----
    *Assumes:* a row of one incident is of that incident alone. *Not for:* guessing names.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as err:
        raise InputError(f"{path.name} cannot be read", where=str(path), next="Give a CSV file in UTF-8") from err
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise InputError(f"{path.name} is empty", where=str(path), next="Give a CSV file with a header")
    delimiter = max(",;\t", key=lines[0].count)
    reader = csv.reader(lines, delimiter=delimiter)
    header = next(reader)
    folded = [re.sub(r"[\s\-]+", "_", h.strip().casefold()) for h in header]
    incident = next((folded.index(n) for n in SAMPLES if n in folded), None)
    maker = next((folded.index(n) for n in MAKERS if n in folded), None)
    rows = [row + [""] * (len(header) - len(row)) for row in reader]
    if incident is not None and maker is not None:
        return _long(rows, incident, maker, folded)
    return _wide(rows, header, 0 if incident is None else incident, path)


def _long(rows: Sequence[Sequence[str]], incident: int, maker: int, folded: Sequence[str]) -> dict[str, list[str]]:
    # components.csv has both: a maker that is not stated is told by the brand.
    also = folded.index("brand") if "brand" in folded else maker
    present = next((folded.index(n) for n in ("present", "seen", "count", "n") if n in folded), None)
    found: dict[str, list[str]] = {}
    for row in rows:
        name = row[incident].strip()
        if not name:
            continue
        makers = found.setdefault(name, [])
        told = row[maker].strip() or row[also].strip()
        is_there = present is None or row[present].strip().casefold() not in ("0", "no", "false")
        if told and is_there and told not in makers:
            makers.append(told)
    return found


def _wide(rows: Sequence[Sequence[str]], header: Sequence[str], incident: int, path: Path) -> dict[str, list[str]]:
    yes, no = ("yes", "x", "true"), ("", "no", "false")
    found: dict[str, list[str]] = {}
    for n, row in enumerate(rows, start=2):
        name = row[incident].strip() or f"row {n}"
        makers = found.setdefault(name, [])
        for k, cell in enumerate(row[: len(header)]):
            text = cell.strip().casefold()
            if k == incident or text in no:
                continue
            try:
                is_there = text in yes or float(text) > 0
            except ValueError as err:
                raise InputError(
                    f"{header[k]} is {cell!r}", where=f"{path.name}, row {n}",
                    so_what="The file is neither a list of incident and maker nor a table of incidents by makers",
                    next=f"Name the columns {SAMPLES[0]} and {MAKERS[0]}, or write 0 and 1 in a column for each maker",
                ) from err  # fmt: skip
            if is_there and header[k] not in makers:
                makers.append(header[k])
    return found
