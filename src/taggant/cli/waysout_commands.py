"""What must not leave a case, or must not stay in it."""

from __future__ import annotations

from typing import Annotated

import typer

from taggant.cli.ledger_commands import AUTHOR, CASE, author_or_login

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


COMMANDS = (withhold, release)
