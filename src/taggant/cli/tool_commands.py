"""Tools on their own: no case needed."""

from __future__ import annotations

import json
from typing import Annotated

import typer


def decode(
    text: Annotated[str, typer.Argument(help="The marking, letter for letter.")],
    maker: Annotated[str | None, typer.Option(help="Who made it, when that is known.")] = None,
    recovered: Annotated[
        str | None, typer.Option(help="When it was recovered or known (2023-09); nothing was made later.")
    ] = None,
    bottom: Annotated[
        str | None, typer.Option(help="What is marked on the lower side, to see whether the two fit.", metavar="TEXT")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print for machines.")] = False,
) -> None:
    """Read a marking: who made the part, and when; with reasons, and with what cannot be read."""
    from datetime import UTC, datetime

    from taggant.errors import InputError
    from taggant.identification.decode import decode as read
    from taggant.identification.remark_cues import remark_cues
    from taggant.reference import find_maker, load_makers
    from taggant.writing.edtf import parse_edtf

    if not text.strip():
        raise InputError("the marking is empty", next='Give what is marked: taggant decode "VP230 18M"')
    today = datetime.now(UTC).date()
    known_by = today
    if recovered is not None:
        last = parse_edtf(recovered).last_on
        if last is None:
            raise InputError(
                f"--recovered {recovered!r} has no last day", next="Give a day, month or year: --recovered 2023-09"
            )
        known_by = min(last, today)
    if maker is not None and find_maker(maker) is None:
        from taggant.errors import UnknownName

        raise UnknownName("maker", maker, [m.name for m in load_makers()])
    decoded = read(text, known_by=known_by, as_of=today, maker=maker)
    below = None if bottom is None else read(bottom, known_by=known_by, as_of=today)
    cues = remark_cues(decoded, below=below)
    if as_json:
        body = {**decoded.as_json(), "cues": [c.as_json() for c in cues]}  # type: ignore[dict-item]
        typer.echo(json.dumps(body, ensure_ascii=False, indent=2))
        return
    from taggant.cli.printing import print_decoded

    print_decoded(decoded)
    for cue in cues:
        typer.echo(f"cue, no verdict: {cue.kind}: {cue.text}")
        typer.echo(f"  harmless readings: {'; '.join(cue.harmless)}")


def steps(as_json: Annotated[bool, typer.Option("--json", help="Print for machines.")] = False) -> None:
    """Show the map: the ten questions, and the steps that answer them."""
    from dataclasses import asdict

    from taggant.steps import QUESTIONS, steps_of

    if as_json:
        whole = {"questions": [asdict(q) for q in QUESTIONS], "steps": [asdict(s) for s in steps_of()]}
        typer.echo(json.dumps(whole, ensure_ascii=False, indent=2))
        return
    typer.echo("Questions")
    for n, q in enumerate(QUESTIONS, start=1):
        state = f"answered by {', '.join(q.steps)}" if q.is_built else "not built yet"
        typer.echo(f"  {n:2} {q.name:20} {q.words:24} {state}")
    typer.echo("\nSteps, in the order they run")
    for s in steps_of():
        typer.echo(f"  {s.name:16} {s.room} {s.verb}")
        typer.echo(f"  {'':16} {', '.join(s.reads)} → {', '.join(s.writes)}   ({s.function}, version {s.version})")


COMMANDS = (decode, steps)
