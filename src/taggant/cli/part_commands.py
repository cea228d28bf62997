"""Looking a part number up, as a tool on its own: no case needed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer


def part(
    texts: Annotated[list[str], typer.Argument(help="Part numbers as read.", metavar="TEXT")],
    catalogue: Annotated[
        list[Path] | None,
        typer.Option(help="A CSV with a column part (and maker, description); more than one is fine."),
    ] = None,
    most: Annotated[int, typer.Option("--most", min=1, help="No more hits than this for each.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Print for machines.")] = False,
) -> None:
    """Look part numbers up: the family each fits, and the numbers of your catalogues it may be, with reasons."""
    from taggant.identification.part_lookup import look_up, read_catalogue

    rows = [row for path in catalogue or () for row in read_catalogue(path)]
    found = look_up(texts, rows, most=most)
    if as_json:
        typer.echo(json.dumps([one.as_json() for one in found], ensure_ascii=False, indent=2))
        return
    for one in found:
        typer.echo(one.text)
        typer.echo(f"  family  {one.family_words}")
        for hit, row in one.hits:
            mark = "same part" if hit.may_match else "to review"
            why = "; ".join(hit.differs) or "letter for letter"
            typer.echo(f"  {hit.score:.2f}  {hit.part}  {row.maker or 'maker not given'}  {mark} ({hit.how}: {why})")
        if rows and not one.hits:
            typer.echo("  nothing in the catalogue is near it")


COMMANDS = (part,)
