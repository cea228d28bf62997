"""Incidents with their parts counted by group, each dated by a range: what a change of composition is read from.

Invariant: an incident is one sighting, however many parts or items of it are listed.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from taggant.errors import BadDate, InputError
from taggant.writing.edtf import parse_edtf

GROUPS = ("group", "brand_country", "country", "origin", "maker_country", "country_of_origin", "level")
INCIDENTS = ("incident_id", "incident", "wreck", "event", "item_id", "item", "airframe", "unit")
DATES = (
    "made",
    "made_on",
    "made_date",
    "assembled",
    "assembled_on",
    "date",
    "made_stated",
    "earliest_on",
    "period",
    "recovered",
)
STARTS, ENDS = ("made_from", "from", "from_on", "start"), ("made_until", "until", "until_on", "end")
COUNTS = ("quantity", "n_parts", "parts", "pieces")
OWN, TOTAL = ("n_group", "own", "y", "n_own"), ("n", "n_known", "total", "n_total", "of")
COLLECTORS = ("collector", "source_id", "source", "by", "publisher", "examiner")
FUNCTIONS = ("function", "kind", "module")
_NOT_KNOWN = {"", "?", "unknown", "n/a", "na", "none", "null"}


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedIncident:
    """One incident: when its item can have been made, and its parts by group.

    Attributes
    ----------
    from_on, until_on : date
        Half-open.
    groups : mapping of str to int
        Parts by group; those of no known group are `unknown`.
    other_dating : tuple of (DatedIncident-like parts) or None
        The same incident with half of its parts counted, dated by the other half; None where its date is not of parts.
    """

    incident_id: str
    from_on: date
    until_on: date
    groups: Mapping[str, int]
    unknown: int
    collector: str | None = None
    dated_by: str = "its date as given"
    other_dating: tuple[date, date, Mapping[str, int], int] | None = None

    @property
    def n(self) -> int:
        """Parts of a known group."""
        return sum(self.groups.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class PartsRead:
    """What a file of parts holds: incidents, and what was left out and why."""

    incidents: tuple[DatedIncident, ...]
    undated: int
    no_incident: int
    groups: tuple[str, ...]


def _first(names: Sequence[str], header: Mapping[str, str]) -> str | None:
    return next((header[n] for n in names if n in header), None)


def read_part_file(path: Path) -> PartsRead:
    """Which incidents, dates and groups does this file of parts hold?

    Parameters
    ----------
    path : Path
        CSV, UTF-8, parted by comma, semicolon or tab. One part a row with a group, an incident and a date; or one
        incident a row with `n_group` and `n`. Column names of components.csv are understood.

    Returns
    -------
    PartsRead

    Raises
    ------
    InputError
        It cannot be read, or a column is missing.
    BadDate
        A date is none.

    Notes
    -----
    *Assumes:* an incident is dated by the date its rows share, else by its newest part.
    *Not for:* guessing what a column means.
    """
    rows, header = _rows(path)
    incident = _first(INCIDENTS, header)
    group, own, total = (_first(names, header) for names in (GROUPS, OWN, TOTAL))
    start, end, day = (_first(names, header) for names in (STARTS, ENDS, DATES))
    if incident is None or (group is None and (own is None or total is None)) or (start is None and day is None):
        missing = [
            f"{what} ({', '.join(names)})"
            for what, names, got in (
                ("an incident", INCIDENTS, incident),
                ("a group", GROUPS, group or (own and total)),
                ("a date", (*DATES, *STARTS), start or day),
            )
            if not got
        ]
        raise InputError(
            f"no column for {'; nor for '.join(missing)}", where=path.name,
            so_what="The file cannot be read as dated parts",
            next=f"Name a column so; the file has: {', '.join(header.values())}",
        )  # fmt: skip
    quantity, collector, function = (_first(names, header) for names in (COUNTS, COLLECTORS, FUNCTIONS))
    parts: dict[str, list[_Part]] = defaultdict(list)
    no_incident = undated = 0
    for n, row in enumerate(rows, start=2):
        name = (row.get(incident) or "").strip()
        if not name:
            no_incident += 1
            continue
        span = _span(row, start, end, day, where=f"{path.name}, row {n}")
        many = _whole(row, quantity, path, n) or 1
        if group is not None and not (own and total):
            told = (row.get(group) or "").strip()
            counts = {told: many} if told.casefold() not in _NOT_KNOWN else {}
            unknown = 0 if counts else many
        else:
            y, of = _whole(row, own, path, n) or 0, _whole(row, total, path, n) or 0
            if y > of:
                raise InputError(f"{y} of {of} parts", where=f"{path.name}, row {n}", next="Correct the counts")
            counts, unknown = {"group": y, "other": of - y}, 0
        undated += span is None
        parts[name].append(_Part(span, counts, unknown, row.get(collector or ""), row.get(function or "") or str(n)))
    incidents = tuple(x for name, own_parts in parts.items() if (x := _incident(name, own_parts)) is not None)
    seen = {g for x in incidents for g in x.groups}
    return PartsRead(incidents=incidents, undated=undated, no_incident=no_incident, groups=tuple(sorted(seen)))


@dataclass(frozen=True, slots=True)
class _Part:
    span: tuple[date, date] | None
    groups: Mapping[str, int]
    unknown: int
    collector: str | None
    function: str


def _incident(name: str, parts: Sequence[_Part]) -> DatedIncident | None:
    spans = [p.span for p in parts if p.span is not None]
    if not spans:
        return None
    newest = max(spans)
    groups, unknown = _sum(parts)
    collectors = {p.collector for p in parts if p.collector}
    found = DatedIncident(
        incident_id=name, from_on=newest[0], until_on=newest[1], groups=groups, unknown=unknown,
        collector=next(iter(collectors)) if len(collectors) == 1 else None,
    )  # fmt: skip
    if len(set(spans)) == 1:
        return found
    # Parts that date the incident are not those counted: the newest of more parts is newer by chance alone.
    names = sorted({p.function for p in parts})
    dating = [p for p in parts if names.index(p.function) % 2 == 0 and p.span is not None]
    counted = [p for p in parts if names.index(p.function) % 2 == 1]
    other = None
    if dating and counted:
        low, high = max(p.span for p in dating if p.span is not None)
        other = (low, high, *_sum(counted))
    return replace(found, dated_by="its newest part", other_dating=other)


def _sum(parts: Iterable[_Part]) -> tuple[dict[str, int], int]:
    groups: dict[str, int] = defaultdict(int)
    unknown = 0
    for p in parts:
        unknown += p.unknown
        for group, n in p.groups.items():
            groups[group] += n
    return dict(groups), unknown


def _rows(path: Path) -> tuple[list[dict[str, str]], dict[str, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as err:
        raise InputError(f"{path.name} cannot be read", where=str(path), next="Give a CSV file in UTF-8") from err
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    reader = csv.DictReader(text.splitlines(), delimiter=delimiter)
    names = reader.fieldnames or []
    if not names:
        raise InputError(f"{path.name} is empty", where=str(path), next="Give a CSV file with a header")
    header = {re.sub(r"[\s\-]+", "_", (n or "").strip().casefold()): n for n in names}
    return [{k: v or "" for k, v in row.items() if k is not None} for row in reader], header


def _whole(row: Mapping[str, str], column: str | None, path: Path, n: int) -> int | None:
    text = "" if column is None else row.get(column, "").strip()
    if not text:
        return None
    try:
        value = int(float(text))
    except ValueError as err:
        raise InputError(f"{column} is {text!r}", where=f"{path.name}, row {n}", next="Write a whole number") from err
    if value < 0:
        raise InputError(f"{column} is {text!r}", where=f"{path.name}, row {n}", next="Write a number from 0 on")
    return value


def _span(
    row: Mapping[str, str], start: str | None, end: str | None, day: str | None, *, where: str
) -> tuple[date, date] | None:
    if start is not None and row.get(start, "").strip():
        low = _edge(row[start], where)[0]
        text = row.get(end or "", "").strip()
        high = _edge(text, where)[0] if text else _edge(row[start], where)[1]
        if low is None or high is None:
            return None
        if high <= low:
            high = low + timedelta(days=1)
        return low, high
    text = "" if day is None else row.get(day, "").strip()
    if not text or text.casefold() in _NOT_KNOWN:
        return None
    low, high = _edge(text, where)
    return None if low is None or high is None else (low, high)


def _edge(text: str, where: str) -> tuple[date | None, date | None]:
    try:
        found = parse_edtf(text.strip().removesuffix("T00:00:00"))
    except BadDate as err:
        raise BadDate(f"{text!r} is no date", where=where, next="Write 2023, 2023-07, 2023-07-14, 2023-W13") from err
    return found.from_on, found.until_on
