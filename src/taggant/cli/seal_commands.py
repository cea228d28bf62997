"""What only the custodian of a case can read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from taggant.cli.ledger_commands import CASE, JSON


def seal_key(
    file: Annotated[Path, typer.Argument(help="The new file for the private half; keep it away from the case.")],
) -> None:
    """Make a custodian's key: the private half into a file, the public line to put into case.toml."""
    from taggant.evidence.sealing import OpeningKey

    key = OpeningKey.fresh()
    key.write(file)
    typer.echo(f"the private half is in {file}; without it nobody opens what is sealed. Into case.toml:")
    typer.echo(f'seal_to = ["{key.public.line}"]')


def seal(
    case: CASE,
    files: Annotated[
        list[Path] | None, typer.Argument(help="Files to seal into documents/; none: cells that begin with seal:.")
    ] = None,
) -> None:
    """Encrypt to the case's custodians: cells that begin with `seal:`, or whole files. Nobody else reads them back."""
    from taggant.errors import InputError, TaggantError
    from taggant.evidence.casefile import NAME, read_case_toml
    from taggant.evidence.folder import look_through
    from taggant.evidence.issues import IssueList
    from taggant.evidence.sealing import SealKey, seal_bytes
    from taggant.evidence.sealing_cells import seal_cells

    keys = [SealKey.read(line) for line in read_case_toml(case / NAME).seal_to]
    if not files:
        found = look_through(case, IssueList())
        n = sum(seal_cells(file.path, file.name, keys) for file in found.typed)
        typer.echo(f"{n:,} cell{'s' * (n != 1)} sealed" if n else "no cell begins with seal:")
        return
    for file in files:
        to = case / "documents" / f"{file.name}.sealed"
        if to.exists():
            raise InputError("a sealed file of this name is there already", where=str(to), next="Rename one of them")
        try:
            sealed = seal_bytes(file.read_bytes(), keys)
            to.parent.mkdir(exist_ok=True)
            to.write_bytes(sealed)
        except OSError as err:
            raise TaggantError(
                f"the file cannot be sealed: {err.strerror}", where=str(err.filename or file), so_what="It is as it was"
            ) from err
        typer.echo(f"{to}: take it in with taggant add {case}; {file} is as it was, and yours to destroy")


def unseal(
    case: CASE,
    table: Annotated[str, typer.Argument(help="Table of the row; `exhibit` for a sealed file.")],
    key: Annotated[str, typer.Argument(help="Key of the row; of a file: sha256:…")],
    key_file: Annotated[Path, typer.Option("--key", help="The custodian's private key.", metavar="FILE")],
    out: Annotated[Path | None, typer.Option(help="Of a sealed file: where to write it.")] = None,
    as_json: JSON = False,
) -> None:
    """Open what was sealed, with the custodian's private key: printed, and written nowhere in the case."""
    from taggant.errors import InputError
    from taggant.evidence.sealing import OpeningKey, is_sealed, unseal_bytes, unseal_text
    from taggant.ledger.ledger import Ledger

    opening = OpeningKey.read(key_file)
    with Ledger.open(case) as ledger:
        row = ledger.get(table, key)
        if row is None:
            raise InputError(
                "there is no live row with this key",
                where=f"{table} {key!r}",
                next=f"taggant history {case} {table} {key}",
            )
        if table == "exhibit":
            content = unseal_bytes(ledger.exhibits.read(key), opening)
            if out is None:
                raise InputError("no place is named for the file", next="Give --out FILE, away from the case")
            if out.resolve().is_relative_to(case.resolve()):
                raise InputError(
                    "the opened file would lie in the case", where=str(out), next="Name a place outside of it"
                )
            out.write_bytes(content)
            typer.echo(f"{len(content):,} bytes in {out}")
            return
        sealed = {name: str(value) for name, value in row.body.items() if is_sealed(value)}
    if not sealed:
        raise InputError("nothing in this row is sealed", where=f"{table} {key!r}", next="taggant history shows it")
    opened = {name: unseal_text(token, opening) for name, token in sealed.items()}
    if as_json:
        typer.echo(json.dumps(opened, ensure_ascii=False, indent=2))
        return
    for name, words in opened.items():
        typer.echo(f"{name}: {words}")


COMMANDS = (seal_key, seal, unseal)
