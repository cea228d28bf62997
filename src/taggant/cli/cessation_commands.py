"""Has it stopped, as a tool on its own: no case needed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from taggant.estimation.stop_record import Record
    from taggant.estimation.stop_sightings import Sighting

_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")


def cessation(
    times: Annotated[
        list[str] | None,
        typer.Argument(
            help="When each was made: days, months, ISO weeks, ranges (EDTF), or plain numbers; MADE@KNOWN when it "
            "became known later.",
            metavar="T",
        ),
    ] = None,
    until: Annotated[str, typer.Option(help="The cut: nothing that became known later is in the record.")] = "",
    begin: Annotated[
        str | None, typer.Option("--from", help="Since when there was something to find; else the first sighting.")
    ] = None,
    method: Annotated[
        str, typer.Option(help="The house's own, or a published one by name.")
    ] = "cessation-conditional-v1",
    csv: Annotated[
        Path | None,
        typer.Option(help="A table instead: made, known, batch, incident, valid (a chance); only made is needed."),
    ] = None,
    effort: Annotated[
        Path | None, typer.Option(help="A table with a column known: when comparable things became known.")
    ] = None,
    plot: Annotated[Path | None, typer.Option(help="Write the sightings and the silence as SVG.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print for machines.")] = False,
) -> None:
    """Has it stopped? Probability, interval, words by a fixed rule, and what would move them."""
    from taggant.errors import InputError
    from taggant.estimation.cessation import cessation_finding, drawn_rows
    from taggant.model.canonical import digest
    from taggant.report.phrases import say

    if not until:
        raise InputError("--until is missing: a silence has to end somewhere", next="Give the day of the data's cut")
    record, texts = _record(times or [], until, begin, csv, effort)
    found = cessation_finding(record, method=method)
    sentence = say(found.statement, {name: value.as_json() for name, value in found.values.items()})  # type: ignore[misc]
    if plot is not None:
        from taggant.report.silence_chart import silence_svg

        cut = record.until if record.scale == "number" else _said_day(record.until)
        plot.write_text(silence_svg(drawn_rows(record), found, until=cut), encoding="utf-8")
    if as_json:
        said = {"text": {"en": sentence.text}, "commit": None, "inputs": [f"sha256:{digest(texts)}"]}
        typer.echo(json.dumps(found.as_json() | said, ensure_ascii=False, indent=2))
        return
    from taggant.cli.serial_commands import print_finding

    print_finding(found, sentence.text)


def _record(
    times: list[str], until: str, begin: str | None, csv: Path | None, effort: Path | None
) -> tuple[Record, list[str]]:
    from taggant.errors import InputError
    from taggant.estimation.stop_record import Record

    rows = [_from_text(t) for t in times]
    if csv is not None:
        rows += _from_csv(csv, "made")
    compared = [] if effort is None else [row["made"] for row in _from_csv(effort, "known", only="known")]
    every = [v for row in rows for v in (row["made"], row["known"]) if v] + compared + [v for v in (until, begin) if v]
    numeric = [bool(_NUMBER.fullmatch(v)) for v in every]
    is_number = all(numeric)
    if not is_number and any(n and not re.fullmatch(r"\d{4}", v) for n, v in zip(numeric, every, strict=True)):
        raise InputError("days and plain numbers are mixed", next="Give all of them as dates, or all as numbers")
    span = _numbers if is_number else _days
    if begin is not None and span(begin)[0] >= span(until)[1]:
        raise InputError(f"--from {begin} is not before --until {until}", next="Let the window begin before it ends")
    found: list[Sighting] = [_sighting(row, span) for row in rows]
    return (
        Record(
            sightings=tuple(found),
            until=span(until)[1],
            start=None if begin is None else span(begin)[0],
            effort_dates=tuple(span(v)[1] for v in compared),
            scale="number" if is_number else "date",
        ),
        [*(f"{r['made']}@{r['known']};{r['batch']};{r['incident']};{r['valid']}" for r in rows), until, begin or ""],
    )


def _from_text(text: str) -> dict[str, str]:
    made, _, known = text.partition("@")
    return {"made": made.strip(), "known": known.strip(), "batch": "", "incident": "", "valid": ""}


def _from_csv(path: Path, needed: str, *, only: str | None = None) -> list[dict[str, str]]:
    import csv
    import io

    from taggant.errors import InputError

    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as err:
        raise InputError(f"{path.name} is not UTF-8", where=str(path), next="Save it as CSV UTF-8") from err
    except OSError as err:
        raise InputError(f"{path.name} cannot be read: {err.strerror}", next="Name a CSV file") from err
    rows = list(csv.DictReader(io.StringIO(text)))
    if not rows:
        raise InputError(f"{path.name} has no rows", where=str(path), next=f"Give a column {needed}, a row a sighting")
    if needed not in rows[0]:
        raise InputError(
            f"{path.name} has no column {needed!r}; it has {', '.join(map(str, rows[0]))}", where=str(path),
            next=f"Name the column {needed}",
        )  # fmt: skip
    done = []
    for n, row in enumerate(rows, start=2):
        value = (row.get(needed) or "").strip()
        if not value:
            raise InputError(
                f"row {n} of {path.name} has no {needed}", where=f"{path}, row {n}", next="Fill it or drop the row"
            )
        names = ("known", "batch", "incident", "valid")
        rest = dict.fromkeys(names, "") if only else {name: (row.get(name) or "").strip() for name in names}
        done.append({"made": value, **rest})
    return done


def _sighting(row: dict[str, str], span: Callable[[str], tuple[float, float]]) -> Sighting:
    from taggant.errors import InputError
    from taggant.estimation.stop_sightings import Sighting

    made_from, made_until = span(row["made"])
    is_exact = made_until - made_from <= (1 if span is _days else 0)
    known_from, known_until = span(row["known"]) if row["known"] else (made_from, made_until)
    try:
        valid = float(row["valid"]) if row["valid"] else 1.0
    except ValueError as err:
        raise InputError(f"valid {row['valid']!r} is no number", next="Give a chance between 0 and 1") from err
    if not 0 < valid <= 1:
        raise InputError(f"valid {row['valid']} is not above 0 and at most 1", next="Leave such a sighting out")
    if row["known"] and known_until <= made_from and known_until < made_until:
        raise InputError(
            f"a sighting made {row['made']} is said to be known {row['known']}, before it was made",
            so_what="It would be counted as known at once", next="Mend one of the two dates, or leave it out",
        )  # fmt: skip
    middle = (made_from + made_until) / 2
    if is_exact:
        made_from = made_until = middle
        if not row["known"]:
            known_from = known_until = middle
    if row["known"] and known_until - known_from <= 1:
        known_from = known_until = max(middle if is_exact else made_from, (known_from + known_until) / 2)
    elif not row["known"] and not is_exact:  # known at once, whenever that was
        known_from = known_until = made_until
    return Sighting(
        made_from=made_from, made_until=made_until, known_from=known_from, known_until=known_until,
        batch=row["batch"] or None, incident=row["incident"] or None, valid=valid, name=row["made"],
    )  # fmt: skip


def _numbers(text: str) -> tuple[float, float]:
    value = float(text)
    return value, value


def _days(text: str) -> tuple[float, float]:
    from taggant.errors import InputError
    from taggant.writing.edtf import parse_edtf

    found = parse_edtf(text)
    if found.from_on is None or found.until_on is None:
        raise InputError(f"{text!r} is open on one side", next="Give both ends: 2022-03/2022-06")
    return float(found.from_on.toordinal()), float(found.until_on.toordinal())


def _said_day(t: float) -> str:
    from datetime import date

    return date.fromordinal(int(t)).isoformat()


COMMANDS = (cessation,)
