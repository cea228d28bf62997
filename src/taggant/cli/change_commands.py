"""Composition and coverage, as tools on their own: no case needed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from taggant.model.finding import Finding

_JSON = Annotated[bool, typer.Option("--json", help="Print for machines.")]


def composition(
    file: Annotated[Path, typer.Argument(help="CSV of dated parts: incident, group (or brand_country), date.")],
    group: Annotated[str | None, typer.Option(help="Whose share; left out: the one that changed most.")] = None,
    until: Annotated[str | None, typer.Option(help="The day things were known up to (2026-06-30).")] = None,
    lag90: Annotated[int, typer.Option(min=0, help="Days within which nine in ten items become known.")] = 365,
    as_json: _JSON = False,
) -> None:
    """Did the share of a group of parts change over the time things were made? When, and from what to what?"""
    from taggant.errors import InputError, UnknownName
    from taggant.estimation.dated_incidents import read_part_file
    from taggant.estimation.share_over_time import share_finding
    from taggant.model.result import LeftOut
    from taggant.writing.edtf import parse_edtf

    read = read_part_file(file)
    if group is not None and group not in read.groups:
        raise UnknownName("group", group, read.groups, where=file.name)
    end = None
    if until is not None:
        end = parse_edtf(until).until_on
        if end is None:
            raise InputError(f"--until {until!r} has no last day", next="Give a day: --until 2026-06-30")
    left = [
        LeftOut("parts without an incident", read.no_incident),
        LeftOut("parts without a date, counted where their incident has one", read.undated),
    ]
    found = share_finding(
        read.incidents, finding_id=f"composition:{file.name}", group=group, until=end, lag90_days=lag90, left_out=left,
        what=f"the parts of {file.name}",
    )  # fmt: skip
    _show(found, file, as_json=as_json)


def coverage(
    file: Annotated[Path, typer.Argument(help="CSV: incident and maker, one a row; or incidents by makers, 0 and 1.")],
    as_json: _JSON = False,
) -> None:
    """How many makers are still unseen, and how likely does the next wreck show a new one?"""
    from taggant.estimation.maker_coverage import coverage_finding, read_incidence_file

    shown = read_incidence_file(file)
    found = coverage_finding(shown, finding_id=f"coverage:{file.name}", scope=f"the incidents of {file.name}")
    _show(found, file, as_json=as_json)


def _show(found: Finding, file: Path, *, as_json: bool) -> None:
    import hashlib

    from rich.console import Console
    from rich.text import Text

    from taggant.report.phrases import say

    sentence = say(found.statement, {name: value.as_json() for name, value in found.values.items()})  # type: ignore[misc]
    if as_json:
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        said = {"text": {"en": sentence.text}, "commit": None, "inputs": [f"sha256:{digest}"]}
        typer.echo(json.dumps(found.as_json() | said, ensure_ascii=False, indent=2))
        return
    console = Console()
    result = found.result
    console.print(Text(sentence.text, style="bold"))
    for c in result.sensitivity:
        console.print(Text(f"{'otherwise':11} {c.change}: {_short(c.low)} – {_short(c.high)}"))
    for a in result.assumptions:
        console.print(Text(f"{a.status:11} {a.text} ({a.why})"))
    for d in result.diagnostics:
        console.print(Text(f"{'check':11} {d.name}: {_short(d.value)}; {d.reading}"))
    for left in result.left_out:
        console.print(Text(f"{'left out':11} {left.n}: {left.why}"))
    console.print(Text(f"{'method':11} {result.method}, version {result.version}"))


def _short(value: object) -> str:
    return "—" if value is None else f"{value:,.3g}" if isinstance(value, float) else str(value)


COMMANDS = (composition, coverage)
