"""Over many cases: find a mark, serial or name, and link what belongs together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from taggant.cli.ledger_commands import AS_OF, AUTHOR, CASE, JSON, author_or_login
from taggant.cli.progress import progress


def find(
    pattern: Annotated[str, typer.Argument(help="Any script, any length; * is any letters, ? is one.")],
    cases: Annotated[list[Path], typer.Argument(help="Case folders.", metavar="CASE…")],
    table: Annotated[list[str] | None, typer.Option(help="Look in this table only; may be given again.")] = None,
    whole: Annotated[bool, typer.Option("--whole", help="The pattern is all of a text, not only in it.")] = False,
    verbatim: Annotated[
        bool, typer.Option("--verbatim", help="Letter for letter only; no other alphabet or spelling.")
    ] = False,
    limit: Annotated[int, typer.Option(help="How many are printed; all are counted.", min=1)] = 200,
    as_of: AS_OF = None,
    as_json: JSON = False,
) -> None:
    """Find a mark, serial or name over many cases: letter for letter, and as other alphabets and clerks write it."""
    from taggant.evidence.casefile import read_case_toml
    from taggant.ledger.searching import find as search

    with progress("looking"):
        found = search(
            pattern, cases, tables=table or [], is_whole=whole, is_verbatim=verbatim, most=limit, as_of=as_of
        )
    files = {case: read_case_toml(case / "case.toml") for case in {h.case for h in found.hits}}
    if as_json:
        whole_answer = {
            "pattern": pattern,
            "n_hits": found.n_hits,
            "n_texts": found.n_texts,
            "seconds": {"fold": round(found.fold_seconds, 4), "query": round(found.query_seconds, 4)},
            "hits": [
                {
                    "name": f"{files[h.case].uuid}/{h.table}/{h.key}", "case": str(h.case),
                    "case_title": files[h.case].title, "table": h.table, "key": h.key, "column": h.column,
                    "text": h.text, "how": h.how, "tlp": h.tlp or files[h.case].tlp,
                }
                for h in found.hits
            ],
        }  # fmt: skip
        typer.echo(json.dumps(whole_answer, ensure_ascii=False, indent=2))
        return
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if found.hits:
        shown = Table(box=SIMPLE_HEAD, pad_edge=False)
        for head in ("case", "row", "column", "text", "how"):
            shown.add_column(head, overflow="fold")
        for h in found.hits:
            cells = (str(h.case), f"{h.table}/{h.key}", h.column, h.text, h.how)
            shown.add_row(*(Text(cell) for cell in cells))
        Console().print(shown)
    more = f", the first {len(found.hits):,} shown" if found.n_hits > len(found.hits) else ""
    n = found.n_hits
    typer.echo(
        f"{n:,} place{'s' * (n != 1)} in {len(cases):,} case{'s' * (len(cases) != 1)} "
        f"({found.n_texts:,} texts, {1000 * found.query_seconds:.0f} ms){more}"
    )


def link(
    case: CASE,
    thing: Annotated[str | None, typer.Argument(help="The thing here: item/m214; none: list the links.")] = None,
    other: Annotated[
        str | None, typer.Argument(help="The thing there: UUID/TABLE/KEY, as find --json names it.")
    ] = None,
    why: Annotated[str, typer.Option(help="The reason; it stays with the link.")] = "",
    relation: Annotated[
        str, typer.Option(help="same, part of, same lot, same maker, same party, related.")
    ] = "related",
    inside: Annotated[
        Path | None, typer.Option("--in", help="Folder of the other case: the thing is looked up there.")
    ] = None,
    author: AUTHOR = None,
    as_json: JSON = False,
) -> None:
    """Link a thing of this case to a thing of another, with the reason; without things, list the links."""
    from taggant.errors import InputError
    from taggant.evidence.case_links import link as keep
    from taggant.ledger.ledger import Ledger

    with Ledger.open(case) as ledger:
        if thing is None:
            bodies = [row.body for row in ledger.live("case_link")]
            if as_json:
                typer.echo(json.dumps(bodies, ensure_ascii=False, indent=2))
                return
            for b in bodies:
                typer.echo(f"{b['thing']}  {b['relation']}  {b['other']}  {b['why']} ({b['by']}, {b['at']})")
            if not bodies:
                typer.echo("no thing of this case is linked to another case")
            return
        if other is None:
            raise InputError("the other thing is not named", next=f"taggant link {case} {thing} UUID/TABLE/KEY --why …")
        commit = keep(
            ledger, thing, other, why=why, relation=relation, other_case=inside, author=author_or_login(author)
        )
    typer.echo(f"linked: {thing} ({relation}) {other} (commit {commit.commit_id[:12]})")


COMMANDS = (find, link)
