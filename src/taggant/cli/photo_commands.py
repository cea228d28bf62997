"""Reading photographs: a tool on its own, no case needed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer


def photo(
    paths: Annotated[list[Path], typer.Argument(help="Photographs, or folders of photographs.")],
    keep: Annotated[
        Path | None, typer.Option(help="A folder for results and crops; a stopped batch goes on from it.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="How many photographs at once.")] = 1,
    second: Annotated[
        bool | None, typer.Option("--second/--no-second", help="Cyrillic and Persian by Tesseract; where found.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print for machines.")] = False,
) -> None:
    """Read the marks and barcodes of photographs; every line is a suggestion until a person has judged it."""
    from taggant.cli.progress import progress
    from taggant.identification.photo_batch import photographs_in, read_batch

    files = photographs_in(paths)
    with progress("reading photographs") as say:
        read = read_batch(files, kept=keep, workers=workers, second=second, progress=say)
    if as_json:
        typer.echo(json.dumps(read, ensure_ascii=False, indent=2))
        return
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    for one in read:
        _print(one, console)
    skipped = sum(one["skipped"] is not None for one in read)
    lines = sum(len(one["lines"]) for one in read)
    codes = sum(len(one["barcodes"]) for one in read)
    typer.echo(
        f"{len(read)} files: {lines} lines and {codes} barcodes read, {skipped} skipped. "
        "Each is a suggestion until a person has judged it."
    )


def _print(one: dict[str, Any], console: Any) -> None:
    from rich.text import Text

    console.print(Text(one["file"], style="bold"), Text(f"sha256 {one['sha256'][:12]}", style="dim"))
    if one["skipped"] is not None:
        console.print(Text(f"  skipped: {one['skipped']['what']}. {one['skipped']['next']}", style="red"))
        return
    for note in one["notes"]:
        console.print(Text(f"  {note}", style="dim"))
    block = None
    for line in one["lines"]:
        if block is not None and block != line["block"]:
            console.print()
        block = line["block"]
        words = Text(f"  {line['suggested']:<32} {line['confidence']:.2f}  {line['region']}")
        if line["suggested"] != line["text"]:
            words.append(f"   (first reader: {line['text']})", style="dim")
        console.print(words)
    for code in one["barcodes"]:
        console.print(Text(f"  {code['symbology']}: {_visible(code['text'])}"))
        for field in code["fields"]:
            made = "" if field["made"] is None else f"   {field['made'][0]} to before {field['made'][1]}"
            doubt = "" if field["doubt"] is None else f"   doubtful: {field['doubt']}"
            console.print(Text(f"    {field['identifier']:<4} {field['meaning']}: {field['value']}{made}{doubt}"))


def _visible(text: str) -> str:
    return "".join(c if c.isprintable() else "·" for c in text)


COMMANDS = (photo,)
