"""What is known beforehand, at a terminal: list, search, explain any entry with its pages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taggant.model.result import Json
    from taggant.reference.catalogue import Entry


def reference(
    shelf: Annotated[
        str | None, typer.Argument(metavar="[KIND]", help="kinds, makers, part-families…; without it, all are named.")
    ] = None,
    entry: Annotated[
        str | None, typer.Argument(metavar="[ENTRY]", help="An id; a maker's name or a part number will do too.")
    ] = None,
    find: Annotated[str | None, typer.Option("--find", help="Only entries that have all these words.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print for machines.")] = False,
) -> None:
    """List, search and explain what is known beforehand, with sources: makers, part families, date codes, scales."""
    from taggant.errors import InputError
    from taggant.reference.catalogue import SHELVES, entries_of, find_entries, look_up

    if entry is not None and find is not None:
        raise InputError("an entry and --find were both given", next="Give one of them")
    if shelf is None and find is None:
        counts = [(s.name, s.words, len(entries_of(s.name))) for s in SHELVES.values()]
        if as_json:
            typer.echo(_json([{"shelf": name, "words": words, "n": n} for name, words, n in counts]))
            return
        for name, words, n in counts:
            typer.echo(f"{n:5}  {name:16} {words}")
        typer.echo("\ntaggant reference KIND lists one; KIND ENTRY explains one entry; --find TEXT searches.")
        return
    if find is not None:
        found: Sequence[Entry] = find_entries(find, shelf=shelf)
    else:
        found = entries_of(shelf or "") if entry is None else look_up(shelf or "", entry)
    if as_json:
        typer.echo(_json([e.as_json() for e in found]))
    elif entry is not None:
        for one in found:
            _explain(one)
    else:
        _list(found, with_shelf=shelf is None)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _list(found: Sequence[Entry], *, with_shelf: bool) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if not found:
        typer.echo("Nothing in the reference has these words.")
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for head in (*(("kind",) if with_shelf else ()), "entry", "what it is"):
        table.add_column(head, overflow="fold")
    for e in found:
        table.add_row(*(Text(cell) for cell in (*((e.shelf,) if with_shelf else ()), e.id, e.title)))
    Console().print(table)
    typer.echo(f"{len(found)} {'entry' if len(found) == 1 else 'entries'}")


def _explain(one: Entry) -> None:
    typer.secho(f"{one.title}  ({one.shelf} {one.id})", bold=True)
    for name, value in one.facts.items():
        for line in _lines(name.replace("_", " "), value):
            typer.echo(f"  {line}")
    typer.echo("  rests on")
    for source in one.sources:
        typer.echo(f"    {source.url}\n      read: {source.retrieved}")
        if source.note:
            typer.echo(f"      {source.note}")
    typer.echo("")


def _lines(name: str, value: Json) -> list[str]:
    if isinstance(value, bool):
        return [f"{name}: {'yes' if value else 'no'}"]
    if isinstance(value, dict):
        return [f"{name}:", *(f"  {k}: {_inline(v)}" for k, v in value.items())]
    if isinstance(value, list) and any(isinstance(v, dict) for v in value):
        return [f"{name}:", *(f"  - {_inline(v)}" for v in value)]
    return [f"{name}: {_inline(value)}"]


def _inline(value: Json) -> str:
    if isinstance(value, dict):
        return " · ".join(f"{k.replace('_', ' ')} {_inline(v)}" for k, v in value.items())
    if isinstance(value, list):
        return "; ".join(_inline(v) for v in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


COMMANDS = (reference,)
