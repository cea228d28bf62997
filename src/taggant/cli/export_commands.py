"""A case's rows in files for other programs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from taggant.cli.ledger_commands import AS_OF, CASE


def export(
    case: CASE,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Every commit and record as lines of JSON.")] = False,
    parquet: Annotated[
        Path | None, typer.Option(help="A folder for every table, typed and computed, as Parquet.", metavar="FOLDER")
    ] = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", help="A folder for the same tables as CSV.", metavar="FOLDER")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="The file for --jsonl; printed when left out.")] = None,
    tlp: Annotated[
        str | None,
        typer.Option(help="The highest TLP level shown. Tables: CLEAR when left out; --jsonl: everything, to keep."),
    ] = None,
    as_of: AS_OF = None,
) -> None:
    """Write the ledger as lines of JSON, or the tables as Parquet or CSV, up to a TLP level."""
    from taggant.errors import InputError

    level = None if tlp is None else tlp.upper()
    if not jsonl and parquet is None and csv is None:
        raise InputError(
            "nothing was asked for",
            next=f"taggant export {case} --jsonl writes the whole ledger, --csv FOLDER its tables at TLP:CLEAR",
        )
    if out is not None and not jsonl:
        raise InputError("--out is for --jsonl", next="Name the folder of the tables itself: --csv FOLDER")
    if jsonl:
        _lines(case, out, level=level, as_of=as_of)
    for folder, form in ((parquet, "parquet"), (csv, "csv")):
        if folder is not None:
            _tables(case, folder, form, level=level or "CLEAR", as_of=as_of)


def _lines(case: Path, out: Path | None, *, level: str | None, as_of: str | None) -> None:
    from taggant.errors import TaggantError
    from taggant.evidence.casefile import NAME, read_case_toml
    from taggant.ledger.jsonl import lines
    from taggant.ledger.ledger import Ledger
    from taggant.ledger.showing import shown_at

    with Ledger.open(case) as ledger:
        showing = None
        if level is not None:
            said = read_case_toml(case / NAME)
            showing = shown_at(ledger, level=level, case_level=said.tlp, as_of=as_of, blur_km=said.blur_km)
        written: Iterator[bytes] = lines(ledger, as_of, showing=showing)
        if out is None:
            for line in written:
                sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()
            return
        n = 0
        try:
            with out.open("wb") as file:
                for line in written:
                    file.write(line)
                    n += 1
        except OSError as err:
            raise TaggantError(
                f"the file cannot be written: {err.strerror}", where=str(out), next="Choose another place, with room"
            ) from err
    typer.echo(f"{n:,} lines in {out}")


def _tables(case: Path, folder: Path, form: str, *, level: str, as_of: str | None) -> None:
    from taggant.cli.progress import progress
    from taggant.report.table_files import write_tables
    from taggant.web.casebook import open_dossier

    with progress("answering") as say:
        dossier = open_dossier(case, level=level, as_of=as_of, progress=say)
    written = write_tables(dossier.frames, folder, form)
    typer.echo(f"{len(written)} tables in {folder}, at TLP:{level}")
    n = sum(dossier.case.n_withheld.values())
    if n:
        typer.echo(f"{n:,} row{'s' * (n != 1)} above TLP:{level}, or resting on such a row, left out", err=True)


COMMANDS = (export,)
