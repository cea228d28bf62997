"""Several copies of one case: clone, merge, settle what a merge left, move to another store."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from taggant.cli.ledger_commands import AUTHOR, CASE, JSON, author_or_login

if TYPE_CHECKING:
    from taggant.ledger.merging import TwoSided


def clone(
    case: CASE,
    to: Annotated[Path, typer.Argument(help="The folder to make.", metavar="FOLDER")],
    store: Annotated[
        str | None, typer.Option(help="Keep the copy's records in PostgreSQL: postgresql://NAME@HOST/DATABASE.")
    ] = None,
) -> None:
    """Make a second copy of a case, to work on elsewhere and merge back."""
    from taggant.cli.progress import progress
    from taggant.evidence.cloning import clone_case

    with progress("cloning") as say:
        made = clone_case(case, to, store_address=store, progress=say)
    counted = (_counted(made.n_commits, "commit"), _counted(made.n_records, "record"))
    typer.echo(f"{to}: {', '.join(counted)} and {_counted(made.n_exhibits, 'exhibit')}")
    typer.echo(f"work there, then bring it home: taggant merge {case} {to}")


def merge(
    case: CASE,
    other: Annotated[Path, typer.Argument(help="The case folder to take from; it is only read.", metavar="OTHER")],
    author: AUTHOR = None,
    message: Annotated[str | None, typer.Option(help="Why, for the log.")] = None,
    as_json: JSON = False,
) -> None:
    """Take in all that another copy of this case knows. Rows changed in both become conflicts for you to settle."""
    from taggant.cli.progress import progress
    from taggant.evidence.cloning import check_same_case
    from taggant.ledger.ledger import Ledger
    from taggant.ledger.merging import merge as join

    check_same_case(case, other)
    with Ledger.open(case) as here, Ledger.open(other) as there, progress("merging") as say:
        done = join(here, there, author=author_or_login(author), message=message, progress=say)
    if as_json:
        said = {
            "head": None if done.head is None else done.head.commit_id,
            "made": None if done.made is None else done.made.commit_id,
            "n_commits": done.n_commits, "n_records": done.n_records, "n_exhibits": done.n_exhibits,
            "conflicts": [_as_json(c) for c in done.conflicts],
        }  # fmt: skip
        typer.echo(json.dumps(said, ensure_ascii=False, indent=2))
        return
    if not done.n_commits and done.made is None:
        typer.echo("nothing was new there")
    else:
        counted = (_counted(done.n_commits, "commit"), _counted(done.n_records, "record"))
        typer.echo(f"taken in: {', '.join(counted)} and {_counted(done.n_exhibits, 'exhibit')}")
        if done.made is not None:
            typer.echo(f"commit {done.made.commit_id[:12]} stands on both")
        typer.echo(f"your typed files are as they were; taggant checkout {case} writes the live rows to them")
    if done.conflicts:
        n = len(done.conflicts)
        typer.echo(f"{_counted(n, 'row')} {'was' if n == 1 else 'were'} changed in both: taggant resolve {case}")


def resolve(
    case: CASE,
    table: Annotated[str | None, typer.Argument(help="Table of the row; none: list the conflicts.")] = None,
    key: Annotated[str | None, typer.Argument(help="Key of the row.")] = None,
    keep: Annotated[str | None, typer.Option(help="The record that holds: the beginning of its id.")] = None,
    alike: Annotated[
        bool, typer.Option("--alike", help="Settle every row that was stated in the same words on both sides.")
    ] = False,
    reason: Annotated[str | None, typer.Option(help="Why it holds; it stays in the history.")] = None,
    author: AUTHOR = None,
    as_json: JSON = False,
) -> None:
    """List the rows that two people changed at once, or settle one of them."""
    from taggant.errors import InputError
    from taggant.ledger.ledger import Ledger
    from taggant.ledger.merging import conflicts, settle

    with Ledger.open(case) as ledger:
        found = [c for c in conflicts(ledger) if table in (None, c.table) and key in (None, c.key)]
        if alike:
            choices = {(c.table, c.key): c.sides[0].record_id for c in found if c.is_alike}
            why = reason or "stated in the same words on both sides"
        elif keep is not None:
            if table is None or key is None:
                raise InputError("no row is named", next=f"taggant resolve {case} TABLE KEY --keep {keep}")
            if not (reason or "").strip():
                raise InputError("no reason is given", next="Say with --reason why this side holds")
            choices, why = {(table, key): keep}, str(reason)
        else:
            _show(found, case, as_json=as_json)
            return
        if not choices:
            typer.echo("nothing to settle")
            return
        made = settle(ledger, choices, author=author_or_login(author), reason=why)
        left = len(conflicts(ledger))
    typer.echo(f"settled: {_counted(len(choices), 'row')} (commit {made.commit_id[:12]}); {left:,} left")


def move(
    case: CASE,
    store: Annotated[str, typer.Option(help="postgresql://NAME@HOST/DATABASE, or `file` for a file beside the case.")],
) -> None:
    """Move a case's records to a database for a team, or back to a file; commits and moments stay as they are."""
    from taggant.ledger.moving import move as carry

    to = carry(case, None if store == "file" else store)
    typer.echo(f"the records are in {to} now; the old ones are kept in {case}/.taggant under another name")


def _show(found: list[TwoSided], case: Path, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([_as_json(c) for c in found], ensure_ascii=False, indent=2))
        return
    for conflict in found:
        typer.echo(f"{conflict.table} {conflict.key}{'   (in the same words)' if conflict.is_alike else ''}")
        bodies = [side.body or {} for side in conflict.sides]
        names = list(dict.fromkeys(name for body in bodies for name in body))
        differing = [n for n in names if any(body.get(n) != bodies[0].get(n) for body in bodies)]
        for side in conflict.sides:
            typer.echo(f"  {side.record_id[:12]}  {side.commit.at}  {side.commit.author}  {side.commit.message}")
            if side.body is None:
                typer.echo("      withdrawn")
                continue
            for name in differing:
                typer.echo(f"      {name}: {side.body.get(name)!r}")
    if found:
        typer.echo(f"settle each: taggant resolve {case} TABLE KEY --keep RECORD --reason WHY")
    else:
        typer.echo("nothing to settle")


def _as_json(conflict: TwoSided) -> dict[str, object]:
    return {
        "table": conflict.table,
        "key": conflict.key,
        "is_alike": conflict.is_alike,
        "sides": [
            {
                "record_id": s.record_id, "body": s.body, "commit": s.commit.commit_id, "author": s.commit.author,
                "at": s.commit.at, "message": s.commit.message,
            }
            for s in conflict.sides
        ],
    }  # fmt: skip


def _counted(n: int, word: str) -> str:
    return f"{n:,} {word}{'s' * (n != 1)}"


COMMANDS = (clone, merge, resolve, move)
