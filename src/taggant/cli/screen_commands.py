"""Screening parties against lists, as a tool on its own: no case needed."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from taggant.sources.lists import ListVersion
    from taggant.tracing.screening import Screen, Screened, Settings

_MOST_SHOWN = 5


def screen(
    names: Annotated[
        list[str] | None,
        typer.Argument(help="A table of names, or one name; files after it are lists.", metavar="NAMES"),
    ] = None,
    lists: Annotated[
        list[Path] | None, typer.Option("--list", help="A list to ask; may be given several times.", metavar="FILE")
    ] = None,
    list_on: Annotated[
        str | None, typer.Option("--list-on", help="The day the lists stood so (2023-06-29).", metavar="DAY")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Only what was listed on this day.", metavar="DAY")
    ] = None,
    column: Annotated[str | None, typer.Option(help="Which column of the table holds the names.")] = None,
    least: Annotated[float | None, typer.Option(help="Show hits from this score on (0 to 1).")] = None,
    most: Annotated[int | None, typer.Option(help="Hits shown a name.", min=1)] = None,
    exact_script: Annotated[
        bool, typer.Option("--exact-script", help="Compare only names of one script, letter by letter.")
    ] = False,
    accept_short: Annotated[
        bool, typer.Option("--accept-short", help="Ask a list although it is not whole; the receipt says so.")
    ] = False,
    threads: Annotated[int, typer.Option(help="Cores used.", min=1)] = 1,
    out: Annotated[
        Path | None, typer.Option(help="For large tables: write hits here as CSV, and go on there after a stop.")
    ] = None,
    receipts: Annotated[Path | None, typer.Option(help="Where receipts are kept.", metavar="FOLDER")] = None,
    replay: Annotated[
        Path | None, typer.Option(help="Do the screening of this receipt again, and compare.", metavar="RECEIPT")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print for machines.")] = False,
) -> None:
    """Is this party on a list? Names in any script, each hit explained; a receipt to do it again."""
    from taggant.errors import InputError
    from taggant.tracing.screening import LEAST, MOST, Settings

    if replay is not None:
        _replay(replay, [*(lists or ())], as_json=as_json, threads=threads)
        return
    asked = list(names or ())
    every = [*(lists or ()), *(Path(n) for n in asked[1:])]
    if not asked or not every:
        raise InputError(
            "a screening needs names and at least one list", next="taggant screen names.csv --list sdn.csv"
        )
    settings = Settings(
        least=LEAST if least is None else least,
        most=MOST if most is None else most,
        exact_script=exact_script,
        as_of=_day(as_of, "--as-of"),
    )
    versions = _read(every, on=_day(list_on, "--list-on"), accept_short=accept_short, quiet=as_json)
    ready = _ready(versions, settings)
    if out is not None:
        _bulk(asked[0], ready, versions, out, column=column, threads=threads, as_json=as_json)
        return
    from taggant.tracing.asked_names import parties_in
    from taggant.tracing.receipts import keep_receipt, receipt_of
    from taggant.tracing.screening import refuse_empty

    parties = list(parties_in(asked[0], column=column))
    refuse_empty(parties)
    screened = ready.ask(parties, threads=threads)
    receipt = receipt_of(screened, settings, _said(versions, every))
    kept = keep_receipt(receipt, receipts or _receipt_folder())
    _print(screened, versions, settings, kept, as_json=as_json)


def _day(text: str | None, option: str) -> date | None:
    if text is None:
        return None
    from taggant.errors import InputError
    from taggant.writing.edtf import parse_edtf

    last = parse_edtf(text).last_on
    if last is None:
        raise InputError(f"{option} {text!r} has no last day", next=f"Give a day: {option} 2023-06-29")
    return last


def _receipt_folder() -> Path:
    base = os.environ.get("TAGGANT_RECEIPTS")
    if base:
        return Path(base)
    state = os.environ.get("XDG_STATE_HOME")
    return (Path(state) if state else Path.home() / ".local" / "state") / "taggant" / "receipts"


def _read(paths: Sequence[Path], *, on: date | None, accept_short: bool, quiet: bool) -> list[ListVersion]:
    from taggant.sources.health import refuse_unhealthy
    from taggant.sources.lists import read_lists

    versions = read_lists(paths, on=on)
    refuse_unhealthy(versions, accept_short=accept_short)
    for version in versions:
        for line in version.health:
            if not quiet or line.is_refusal:
                typer.echo(f"note: {version.file}: {line.words}", err=True)
    return versions


def _ready(versions: Sequence[ListVersion], settings: Settings) -> Screen:
    import polars as pl

    from taggant.tracing.screening import Screen

    return Screen(pl.concat([v.entries for v in versions]).lazy(), settings)


def _said(versions: Sequence[ListVersion], paths: Sequence[Path]) -> list[dict[str, object]]:
    from taggant.sources.lists import sha256_of

    where = {sha256_of(p): str(p.resolve()) for p in paths}
    return [
        v.as_json() | {"path": where.get(v.version), "beside_paths": [where[b] for b in v.beside if b in where]}
        for v in versions
    ]


def _print(
    screened: Sequence[Screened], versions: Sequence[ListVersion], settings: Settings, receipt: Path, *, as_json: bool
) -> None:
    if as_json:
        answers = [
            {"query": s.party.name, "hits": [h.as_json() for h in s.hits], "receipt": str(receipt)} for s in screened
        ]
        typer.echo(json.dumps(answers, ensure_ascii=False, indent=2))
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    asked = ", ".join(f"{v.title} ({v.n_entries:,} entries{f', {v.on}' if v.on else ''})" for v in versions)
    console.print(Text(f"Asked: {asked}", style="dim"))
    for s in screened:
        console.print(Text(s.party.name, style="bold"))
        if not s.hits:
            console.print(
                Text(f"  no hit from {settings.least} on; that is no proof that it is not listed", style="dim")
            )
        for hit in s.hits[:_MOST_SHOWN]:
            console.print(Text(f"  {hit.score:.2f}  {hit.name}  ({hit.list_id} {hit.entity})"))
            pairs = "; ".join(
                f"{w.query or '–'} = {w.listed or '–'} ({w.how})" for w in hit.alignment.words if w.weight > 0.1
            )
            console.print(Text(f"        {pairs}", style="dim"))
            sides = [
                f"{word}: {', '.join(values)}"
                for word, values in (("agrees", hit.agrees), ("differs", hit.differs), ("absent", hit.absent))
                if values
            ]
            console.print(Text(f"        {' · '.join(sides)}", style="dim"))
        if len(s.hits) > _MOST_SHOWN:
            console.print(Text(f"  and {len(s.hits) - _MOST_SHOWN} more (--json gives all)", style="dim"))
    console.print(Text("A likeness of names is no accusation: a person decides.", style="dim"))
    console.print(Text(f"Receipt: {receipt}", style="dim"))


def _bulk(
    names: str,
    ready: Screen,
    versions: Sequence[ListVersion],
    out: Path,
    *,
    column: str | None,
    threads: int,
    as_json: bool,
) -> None:
    from taggant.cli.progress import progress
    from taggant.tracing.bulk import screen_table

    with progress("screening") as tell:
        done = screen_table(
            names, ready, out, lists={v.list_id: v.version for v in versions}, column=column, threads=threads,
            progress=tell,
        )  # fmt: skip
    if as_json:
        typer.echo(
            json.dumps(
                {"out": str(out), "parties": done.n_parties, "alerted": done.n_alerted, "hits": done.n_hits,
                 "done_before": done.n_before}
            )
        )  # fmt: skip
        return
    before = f", {done.n_before:,} of them before a stop" if done.n_before else ""
    typer.echo(f"{done.n_parties:,} parties screened{before}: {done.n_alerted:,} with {done.n_hits:,} hits, in {out}")


def _replay(path: Path, given: Sequence[Path], *, as_json: bool, threads: int) -> None:
    from datetime import date

    from taggant.errors import EvidenceBroken, InputError
    from taggant.sources.lists import sha256_of
    from taggant.tracing.receipts import asked_again, read_receipt, receipt_of

    receipt = read_receipt(path)
    parties, settings = asked_again(receipt)
    held = {sha256_of(p): p for p in given}
    versions: list[ListVersion] = []
    for said in receipt["lists"]:
        wanted = [f"sha256:{said['sha256']}", *said["beside"]]
        stated = [said.get("path"), *said.get("beside_paths", ())]
        for place in stated:
            if place and Path(place).is_file():
                held.setdefault(sha256_of(Path(place)), Path(place))
        missing = [w for w in wanted if w not in held]
        if missing:
            raise InputError(
                f"the list {said['file']!r} of the receipt is not here as it was ({missing[0][:19]}…)",
                where=str(path), so_what="The screening cannot be done again",
                next=f"Give the same file: --replay {path} --list FILE",
            )  # fmt: skip
        on = None if said["on_basis"] != "given" else date.fromisoformat(said["on"])
        versions += _named_as(_read([held[w] for w in wanted], on=on, accept_short=True, quiet=True), said)
    screened = _ready(versions, settings).ask(parties, threads=threads)
    again = receipt_of(screened, settings, receipt["lists"])
    if again["answers"] != receipt["answers"]:
        differing = [a["query"] for a, b in zip(again["answers"], receipt["answers"], strict=True) if a != b]
        raise EvidenceBroken(
            f"{len(differing)} of {len(parties)} answers are not as the receipt has them",
            where=str(path), problems=differing[:20], next="Compare the versions of the program",
        )  # fmt: skip
    if not as_json:
        typer.echo(f"the same: {len(parties)} names against {len(versions)} lists, as in {path}")
    _print(screened, versions, settings, path, as_json=as_json)


def _named_as(versions: list[ListVersion], said: dict[str, Any]) -> list[ListVersion]:
    """A list of one's own is called as its file was; a copy under another name is the same list."""
    from dataclasses import replace

    import polars as pl

    day = pl.lit(said["on"], dtype=pl.String).str.to_date()
    return [
        replace(v, list_id=said["list"], entries=v.entries.with_columns(list_id=pl.lit(said["list"]), version_on=day))
        for v in versions
    ]


COMMANDS = (screen,)
