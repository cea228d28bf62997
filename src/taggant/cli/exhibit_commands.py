"""What the files we hold say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from taggant.cli.ledger_commands import CASE, JSON
from taggant.cli.progress import progress

if TYPE_CHECKING:
    import polars as pl

    from taggant.run import Run


def text(
    case: CASE,
    exhibit: Annotated[str, typer.Argument(help="sha256:…, its first digits, or the file's name.")],
    at: Annotated[str | None, typer.Option(help="A place in it: page=3, row=17, char=120,180.")] = None,
    tlp: Annotated[
        str | None, typer.Option(help="Only of files that may be shown at this TLP level; all when left out.")
    ] = None,
    as_json: JSON = False,
) -> None:
    """Print what a file we hold says, all of it or at one place."""
    from taggant.evidence.locating import text_at

    if tlp is None:
        reading, lines = _read(case, exhibit)
    else:
        from taggant.web.casebook import case_at_level

        with case_at_level(case, tlp.upper()) as (shown, exhibits):
            reading, lines = _read(shown, exhibit, exhibits)
    found = lines.filter(lines["exhibit_id"] == reading["exhibit_id"])
    if not found.is_empty():
        found = text_at(found, at)
    if as_json:
        whole = {**reading, "lines": found.drop("exhibit_id").to_dicts()}
        typer.echo(json.dumps(whole, ensure_ascii=False, indent=2, default=str))
        return
    for line in found["text"]:
        typer.echo(line)
    notes = reading["notes"]
    said = [reading["state"], *(notes if isinstance(notes, list) else [])]
    language = reading["language"] or f"language not told ({reading['language_why']})" if found.height else None
    typer.echo(f"[{'; '.join(s for s in (*said, language) if s)}]", err=True)


def _read(case: Path, exhibit: str, exhibits: Path | None = None) -> tuple[dict[str, object], pl.DataFrame]:
    run = read_tables(case, exhibits)
    return _named(run.table("exhibit_reading").collect(), exhibit), run.table("exhibit_text").collect()


def read_tables(case: Path, exhibits: Path | None = None) -> Run:
    """Read every exhibit of the case, those read before from what was kept."""
    from taggant.run import run as walk

    with progress("reading files") as say:
        return walk(case, tables=["exhibit_reading"], exhibits=exhibits, progress=say)


def _named(readings: pl.DataFrame, name: str) -> dict[str, object]:
    from taggant.errors import InputError, UnknownName

    wanted = name.removeprefix("sha256:")
    rows = [
        r
        for r in readings.iter_rows(named=True)
        if r["file"] == name or (len(wanted) >= 4 and r["exhibit_id"].removeprefix("sha256:").startswith(wanted))
    ]
    if not rows:
        raise UnknownName("exhibit", name, [r["file"] for r in readings.iter_rows(named=True)])
    if len({r["exhibit_id"] for r in rows}) > 1:
        raise InputError(f"{len(rows)} exhibits are named {name!r}", next="Give more digits of its sha256")
    return rows[0]


COMMANDS = (text,)
