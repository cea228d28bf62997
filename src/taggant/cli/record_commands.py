"""What lies between two moments, and proofs that stand alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from taggant.cli.ledger_commands import CASE, JSON


def diff(
    case: CASE,
    before: Annotated[str, typer.Argument(help="A date, or a commit.", metavar="A")],
    after: Annotated[str | None, typer.Argument(help="A date, or a commit; now when left out.", metavar="B")] = None,
    table: Annotated[list[str] | None, typer.Option(help="Only rows of this table; may be given again.")] = None,
    as_json: JSON = False,
) -> None:
    """Show which rows are not what they were between two moments, and what changed in each."""
    from taggant.ledger.differences import difference
    from taggant.ledger.ledger import Ledger

    with Ledger.open(case) as ledger:
        found = difference(ledger, before, after, tables=table or ())
    if as_json:
        whole = [{"table": d.table, "key": d.key, "kind": d.kind, "before": d.before, "after": d.after} for d in found]
        typer.echo(json.dumps(whole, ensure_ascii=False, indent=2))
        return
    for d in found:
        typer.echo(f"{d.kind:9}  {d.table} {d.key}")
        if d.kind == "changed":
            for name, (was, now) in d.columns.items():
                typer.echo(f"    {name}: {now!r}   (was {was!r})")
    words = ("added", "changed", "withdrawn")
    counts = ", ".join(f"{n:,} {word}" for word in words if (n := sum(d.kind == word for d in found)))
    typer.echo(counts or "no row is different")


def prove(
    case: CASE,
    words: Annotated[
        list[str], typer.Argument(help="TABLE KEY of a live row, or a record's id.", metavar="TABLE KEY | RECORD")
    ],
    out: Annotated[Path | None, typer.Option(help="The file to write; named after the record when left out.")] = None,
    without_content: Annotated[
        bool, typer.Option("--without-content", help="Prove that the record was there without showing what it says.")
    ] = False,
    up_to_head: Annotated[
        bool, typer.Option("--up-to-head", help="Lead on to the head, so that its id alone is enough to check.")
    ] = False,
) -> None:
    """Write a small file that proves a record is in the ledger; checking it needs no case."""
    from taggant.errors import InputError
    from taggant.ledger.ledger import Ledger
    from taggant.ledger.proofs import prove as make
    from taggant.ledger.proofs import record_of_row

    with Ledger.open(case) as ledger:
        if len(words) == 2:
            record_id = record_of_row(ledger, words[0], words[1])
        elif len(words) == 1:
            record_id = words[0]
        else:
            raise InputError(
                f"{len(words)} words name no record", next="Give TABLE KEY, or the beginning of a record's id"
            )
        content = make(ledger, record_id, is_shown=not without_content, up_to_head=up_to_head)
    file = out or Path(f"proof-{json.loads(content)['record_id'][:16]}.json")
    if file.exists() and out is None:
        raise InputError("the file is there already", where=str(file), next="Give another name with --out")
    try:
        file.write_bytes(content)
    except OSError as err:
        raise InputError(f"the file cannot be written: {err.strerror}", where=str(file)) from err
    typer.echo(f"{file} ({len(content):,} bytes); check it anywhere: taggant check-proof {file}")


def check_proof(
    file: Annotated[Path, typer.Argument(help="The file taggant prove wrote.", metavar="FILE")],
    commit: Annotated[str | None, typer.Option(help="The commit's id as you were handed it.")] = None,
    as_json: JSON = False,
) -> None:
    """Check a proof by itself, without the case. Exit 3 when it proves nothing."""
    from taggant.errors import EvidenceBroken
    from taggant.ledger.proofs import check_proof as check

    proven = check(file)
    ids = (proven.commit.commit_id, proven.head)
    if commit is not None and not (len(commit) >= 4 and any(i.startswith(commit.lower()) for i in ids)):
        raise EvidenceBroken(
            f"the proof leads to the commit {proven.head}, not to {commit}",
            where=str(file),
            next="Ask for a proof that leads to the commit you know: taggant prove --up-to-head",
        )
    if as_json:
        said = {
            "record_id": proven.record_id, "table": proven.table, "key": proven.key, "body": proven.body,
            "is_shown": proven.is_shown, "commit": proven.commit.commit_id, "author": proven.commit.author,
            "at": proven.commit.at, "message": proven.commit.message, "head": proven.head, "n_steps": proven.n_steps,
        }  # fmt: skip
        typer.echo(json.dumps(said, ensure_ascii=False, indent=2))
        return
    typer.echo(f"the record {proven.record_id}")
    if not proven.is_shown:
        typer.echo("    (its content is not shown)")
    elif proven.body is None:
        typer.echo(f"    withdraws {proven.table} {proven.key}")
    else:
        typer.echo(f"    {proven.table} {proven.key}")
        for name, value in proven.body.items():
            typer.echo(f"    {name}: {value!r}")
    typer.echo(f"was in the commit {proven.commit.commit_id}")
    typer.echo(f"    {proven.commit.at}  {proven.commit.author}  {proven.commit.message}")
    if proven.n_steps:
        typer.echo(f"on which, {proven.n_steps} commit(s) later, stands {proven.head}")
    if commit is None:
        typer.echo("Compare that id with the one you were handed: this file cannot vouch for it.")
    else:
        typer.echo("That is the commit you named.")


COMMANDS = (diff, prove, check_proof)
