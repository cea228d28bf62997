"""The marks of one board read together, as a tool on its own: no case needed."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

if TYPE_CHECKING:
    import polars as pl

    from taggant.model.finding import Finding

_BOARD = "as marked"


def board(
    marks: Annotated[
        list[str] | None, typer.Argument(help="The marking of each part, letter for letter.", metavar="MARK…")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", help="A text file with one marking a line; - for standard input.")
    ] = None,
    recovered: Annotated[
        str | None, typer.Option(help="When the board was recovered or known (2023-09); nothing was made later.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print for machines.")] = False,
) -> None:
    """Read the marks of one board together: the newest part bounds its assembly, and what carries that is named."""
    from datetime import UTC, datetime

    from taggant.errors import InputError
    from taggant.identification.decode import decode
    from taggant.identification.remark_cues import remark_cues
    from taggant.model.canonical import digest
    from taggant.report.phrases import say
    from taggant.writing.edtf import parse_edtf

    given = [m.strip() for m in (*(marks or ()), *_lines(file)) if m.strip()]
    if not given:
        raise InputError("no marking is given", next='Give one a part: taggant board "VP230 18M" "STM32F405 GQ 110"')
    today = datetime.now(UTC).date()
    known_by = today
    if recovered is not None:
        last = parse_edtf(recovered).last_on
        if last is None:
            raise InputError(
                f"--recovered {recovered!r} has no last day", next="Give a day, month or year: --recovered 2023-09"
            )
        known_by = min(last, today)
    ranges, found = _together(given, known_by, today, is_stated=recovered is not None)
    sentence = say(found.statement or "", {name: value.as_json() for name, value in found.values.items()})  # type: ignore[misc]
    cues = [(n, cue) for n, m in enumerate(given, 1) for cue in remark_cues(decode(m, known_by=known_by))]
    if as_json:
        body = found.as_json() | {
            "text": {"en": sentence.text},
            "commit": None,
            "inputs": [f"sha256:{digest(given)}"],
            "parts": _parts(ranges),
            "cues": [{"component_id": f"part-{n}", **cue.as_json()} for n, cue in cues],  # type: ignore[dict-item]
        }
        typer.echo(json.dumps(body, ensure_ascii=False, indent=2, default=str))
        return
    from taggant.cli.serial_commands import print_finding

    for part in _parts(ranges):
        made = " or ".join(f"{a} to before {b}" for a, b in part["made"]) or f"not dated: {part['why']}"  # type: ignore[attr-defined]
        closed = f"  (other decades ruled out by {', '.join(part['closed_by'])})" if part["closed_by"] else ""  # type: ignore[arg-type]
        typer.echo(f"{part['component_id']:8} {part['marking']}\n{'':8} {made}{closed}")
    print_finding(found, sentence.text)
    for n, cue in cues:
        typer.echo(f"cue, no verdict: part-{n}: {cue.kind}: {cue.text}")
        typer.echo(f"  harmless readings: {'; '.join(cue.harmless)}")


def _lines(file: Path | None) -> list[str]:
    if file is None:
        return []
    if str(file) == "-":
        import sys

        return sys.stdin.read().splitlines()
    from taggant.errors import InputError

    try:
        return file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as err:
        raise InputError(
            f"the file of markings cannot be read: {err}", where=str(file), next="Give a text file in UTF-8"
        ) from err


def _together(marks: list[str], known_by: date, today: date, *, is_stated: bool) -> tuple[pl.DataFrame, Finding]:
    """What the case's own steps say of one item that holds these parts."""
    import polars as pl

    from taggant.estimation.when_made import bound_assembly
    from taggant.identification.dating import date_parts
    from taggant.model.tables import frame_schema
    from taggant.model.typed_tables import TYPED

    end = known_by + timedelta(days=1)
    days = {"recovered_from": known_by, "recovered_until": end} if is_stated else {"known_until": end}
    item = pl.DataFrame(
        [{"item_id": _BOARD, "kind": "board", "designation": "The board", **days}], schema=frame_schema(TYPED["item"])
    )
    rows = [{"component_id": f"part-{n}", "item_id": _BOARD, "marking": m} for n, m in enumerate(marks, 1)]
    component = pl.DataFrame(rows, schema=frame_schema(TYPED["component"]))
    answered = date_parts(component=component.lazy(), item=item.lazy(), as_of=today)
    dated = cast("pl.DataFrame", answered.tables["made_range"])
    judgement = pl.DataFrame(schema=frame_schema(TYPED["judgement"])).lazy()
    answer = bound_assembly(item=item.lazy(), made_range=dated.lazy(), judgement=judgement, as_of=today)
    found = next(f for f in answer.findings if f.finding_id == f"when-made:{_BOARD}")
    return dated, found


def _parts(ranges: pl.DataFrame) -> list[dict[str, object]]:
    """One entry a part, in the order given."""
    told: dict[str, dict[str, object]] = {}
    for r in ranges.iter_rows(named=True):
        part = told.setdefault(
            r["component_id"],
            {
                "component_id": r["component_id"],
                "marking": r["marking"],
                "maker_id": r["maker_id"],
                "token": r["token"],
                "rule": r["rule"],
                "status": r["status"],
                "doubt": r["doubt"],
                "made": [],
                "closed_by": r["closed_by"] or [],
                "why": r["why"],
            },
        )
        if r["made_from"] is not None:
            part["made"].append((str(r["made_from"]), str(r["made_until"])))  # type: ignore[attr-defined]
    return sorted(told.values(), key=lambda p: int(str(p["component_id"]).removeprefix("part-")))


COMMANDS = (board,)
