"""What must not leave a case, or must not stay in it."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from taggant.cli.ledger_commands import AUTHOR, CASE, JSON, author_or_login

TABLE = Annotated[str, typer.Argument(help="Table of the row: source, party, exhibit…")]
KEY = Annotated[str, typer.Argument(help="Key of the row; of an exhibit: sha256:…")]


def withhold(
    case: CASE,
    table: TABLE,
    key: KEY,
    reason: Annotated[str, typer.Option(help="Why; it stays in the history, and is withheld too.")],
    author: AUTHOR = None,
) -> None:
    """Keep one row, and what rests on it, out of everything handed over, at every level."""
    from taggant.evidence.withholding import withhold as keep
    from taggant.ledger.ledger import Ledger

    with Ledger.open(case) as ledger:
        made = keep(ledger, table, key, author=author_or_login(author), reason=reason)
    typer.echo(f"withheld: {table} {key} (commit {made.commit_id[:12]}); only the ids of its records leave the case")


def release(
    case: CASE,
    table: TABLE,
    key: KEY,
    reason: Annotated[str, typer.Option(help="Why; it stays in the history.")],
    level: Annotated[
        str | None, typer.Option(help="What the row's former records count as from now on: CLEAR, GREEN, AMBER…")
    ] = None,
    author: AUTHOR = None,
) -> None:
    """Let a withheld row out again; with --level, say what its former records count as."""
    from taggant.evidence.withholding import release as let_out
    from taggant.ledger.ledger import Ledger

    with Ledger.open(case) as ledger:
        made = let_out(ledger, table, key, author=author_or_login(author), reason=reason, level=level and level.upper())
    typer.echo(f"released: {table} {key} (commit {made.commit_id[:12]})")


def purge(
    case: CASE,
    table: TABLE,
    key: KEY,
    reason: Annotated[str, typer.Option(help="Why; it stays, and so does who.")],
    author: AUTHOR = None,
    with_containers: Annotated[
        bool, typer.Option("--with-containers", help="Of a file that came in an archive or a message: that goes too.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
    as_json: JSON = False,
) -> None:
    """Destroy a row, or a file, for good: nothing of it is left in the case but the ids of its records, and this."""
    from taggant.errors import InputError
    from taggant.evidence.purging import purge as destroy
    from taggant.ledger.ledger import Ledger

    with Ledger.open(case) as ledger:
        if not yes and not typer.confirm(f"Destroy {table} {key}? This cannot be undone.", err=True):
            raise InputError("nothing was purged", next="Run it again with --yes")
        done = destroy(
            ledger, table, key, author=author_or_login(author), reason=reason, with_containers=with_containers
        )
    if as_json:
        said = {
            "commit": done.commit.commit_id, "n_records": done.n_records, "exhibits": done.exhibits,
            "instead": done.instead, "rests_on": done.rests_on, "still_said": done.still_said,
        }  # fmt: skip
        typer.echo(json.dumps(said, ensure_ascii=False, indent=2))
        return
    files = f" and {len(done.exhibits)} file(s)" if done.exhibits else ""
    typer.echo(f"purged: {table} {key}: {done.n_records} record(s){files} (commit {done.commit.commit_id[:12]})")
    for old, new in done.instead.items():
        typer.echo(f"  {old[:19]}… held the row; {new[:19]}… stands for it without the row")
    _list("lost their ground, because they name it:", done.rests_on)
    _list("words of it still stand in these; purge them too, or see that they may stay:", done.still_said)
    typer.echo("copies elsewhere (clones, backups, what was handed over) are not touched; a clone is when it is merged")


def _list(heading: str, lines: tuple[str, ...]) -> None:
    if lines:
        typer.echo(heading)
    for line in lines:
        typer.echo(f"  {line}")


COMMANDS = (withhold, release, purge)
