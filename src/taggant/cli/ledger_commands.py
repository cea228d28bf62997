"""What the ledger remembers, and whether it still holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

CASE = Annotated[Path, typer.Argument(help="The case folder.", metavar="CASE")]
AS_OF = Annotated[str | None, typer.Option(help="As this ledger knew it then: a date, or a commit.")]
JSON = Annotated[bool, typer.Option("--json", help="Print for machines.")]
AUTHOR = Annotated[str | None, typer.Option(help="Your handle in this case; else $TAGGANT_AUTHOR, else your login.")]


def author_or_login(author: str | None) -> str:
    """Give the handle a commit is made under."""
    import getpass
    import os

    from taggant.errors import InputError

    if author or os.environ.get("TAGGANT_AUTHOR"):
        return author or os.environ["TAGGANT_AUTHOR"]
    try:
        return getpass.getuser()
    except (KeyError, OSError) as err:
        raise InputError("nobody is named as author", next="Give --author HANDLE or set TAGGANT_AUTHOR") from err


def verify(
    case: Annotated[Path, typer.Argument(help="The case folder, or a bundle.", metavar="CASE|BUNDLE")],
    signer: Annotated[
        str | None, typer.Option(help="Of a bundle: the fingerprint, or the key's file, it must be signed with.")
    ] = None,
    roots: Annotated[
        Path | None, typer.Option(help="Of a bundle: certificates (PEM) of time stamping authorities you trust.")
    ] = None,
    as_json: JSON = False,
) -> None:
    """Re-hash every record, commit and exhibit; name what is not what it was. Exit 3 if anything is not."""
    from taggant.errors import InputError
    from taggant.evidence.bundling.checking import is_bundle

    if is_bundle(case):
        from taggant.cli.bundle_commands import verify_bundle

        verify_bundle(case, roots=roots, signer=signer, as_json=as_json)
        return
    if signer is not None or roots is not None:
        raise InputError("--signer and --roots are about bundles", where=str(case), next="Name the bundle's folder")
    from taggant.cli.progress import progress
    from taggant.errors import EvidenceBroken
    from taggant.ledger.verify import verify as check

    with progress("verifying") as say:
        report = check(case, progress=say)
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "is_sound": report.is_sound,
                    "problems": [p.as_json() for p in report.problems],
                    "notes": list(report.notes),
                    "n_records": report.n_records,
                    "n_commits": report.n_commits,
                    "n_exhibits": report.n_exhibits,
                },
                ensure_ascii=False,
                indent=2,
            )
        )
        if not report.is_sound:
            raise typer.Exit(3)
        return
    for note in report.notes:
        typer.echo(f"note: {note}")
    if not report.is_sound:
        n = len(report.problems)
        raise EvidenceBroken(
            f"{n} thing{'s are' if n > 1 else ' is'} not what {'they were' if n > 1 else 'it was'}",
            problems=[str(p) for p in report.problems],
            where=str(case),
        )
    counts = ((report.n_records, "record"), (report.n_commits, "commit"), (report.n_exhibits, "exhibit"))
    records, commits, exhibits = (f"{n:,} {word}{'s' * (n != 1)}" for n, word in counts)
    typer.echo(f"sound: {records}, {commits} and {exhibits} are what they were ({report.seconds:.1f} s)")


def log(
    case: CASE,
    limit: Annotated[int, typer.Option(help="How many commits, newest first.", min=1)] = 20,
    as_of: AS_OF = None,
    as_json: JSON = False,
) -> None:
    """Show the commits, newest first."""
    from taggant.ledger.ledger import Ledger

    with Ledger.open(case) as ledger:
        commits = ledger.log(limit, as_of)
    if as_json:
        whole = [{"id": c.commit_id, "at": c.at, "author": c.author, "n": c.n, "message": c.message} for c in commits]
        typer.echo(json.dumps(whole, ensure_ascii=False, indent=2))
        return
    for c in commits:
        typer.echo(f"{c.commit_id[:12]}  {c.at}  {c.author}  {c.n:,} records  {c.message}")


def history(
    case: CASE,
    table: Annotated[str, typer.Argument(help="Table of the row: component, item, claim…")],
    key: Annotated[str, typer.Argument(help="Key of the row: gur-674")],
    as_of: AS_OF = None,
    as_json: JSON = False,
) -> None:
    """Show everything that was ever stated of one row: when, by whom, superseded by what."""
    from dataclasses import asdict

    from taggant.errors import InputError
    from taggant.ledger.ledger import Ledger

    with Ledger.open(case) as ledger:
        entries = ledger.history(table, key, as_of)
        stones = [
            row.body for row in ledger.live("purge") if (row.body["of_table"], row.body.get("of_key")) == (table, key)
        ]
    if not entries and stones:
        said = stones[-1]
        raise InputError(
            f"{table} {key!r} was purged by {said['by']} on {str(said['at'])[:10]}: {said['why']}",
            where=str(case),
            so_what="Its records' ids are all that is left",
            next=f"taggant history {case} purge {said['purge_id']} shows them",
        )
    if not entries:
        raise InputError(
            f"no record of {table} {key!r}", where=str(case), next=f"taggant checkout {case} writes all live rows"
        )
    if as_json:
        typer.echo(json.dumps([asdict(e) for e in entries], ensure_ascii=False, indent=2))
        return
    before: dict[str, object] = {}
    for e in entries:
        typer.echo(f"{e.record_id[:12]}  {e.at}  {e.author}  {e.message}")
        if e.body is None:
            typer.echo("    withdrawn")
            continue
        if e.origin:
            typer.echo(f"    read from {e.origin}")
        now: dict[str, object] = dict(e.body)
        for name in [*now, *(n for n in before if n not in now)]:
            if before.get(name) != now.get(name):
                was = f"   (was {before[name]!r})" if name in before else ""
                typer.echo(f"    {name}: {now.get(name)!r}{was}")
        before = now


def withdraw(
    case: CASE,
    table: Annotated[str, typer.Argument(help="Table of the row.")],
    key: Annotated[str, typer.Argument(help="Key of the row.")],
    reason: Annotated[str, typer.Option(help="Why; it stays in the history.")],
    author: AUTHOR = None,
) -> None:
    """Take one row back. It stays in the history, with the reason."""
    from taggant.ledger.ledger import Ledger

    with Ledger.open(case) as ledger:
        commit = ledger.withdraw(table, key, author=author_or_login(author), reason=reason)
    typer.echo(f"withdrawn: {table} {key} (commit {commit.commit_id[:12]})")


COMMANDS = (verify, log, history, withdraw)
