"""Deciding on what the machine proposes: one card at a time, or in a workbook."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from taggant.cli.ledger_commands import AUTHOR, CASE, JSON, author_or_login
from taggant.cli.progress import progress

if TYPE_CHECKING:
    import polars as pl

    from taggant.evidence.judging import Suggestion
    from taggant.ledger.ledger import Ledger


def review(
    case: CASE,
    kind: Annotated[
        str | None, typer.Argument(help="Sort of suggestion: made-range, part-candidate…; none: all.", metavar="[KIND]")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", help="One suggestion, judged before or not.", metavar="KIND:ID")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Those judged before too.")] = False,
    out: Annotated[Path | None, typer.Option("--out", help="Write them to a workbook to fill in.")] = None,
    in_: Annotated[Path | None, typer.Option("--in", help="Read decisions from such a workbook.")] = None,
    partial: Annotated[
        bool, typer.Option("--partial", help="With --in: take the rows that are right, list the rest.")
    ] = False,
    verdict: Annotated[
        str | None, typer.Option(help="With --only: confirm, reject, replace or unsure, without a card.")
    ] = None,
    value: Annotated[str | None, typer.Option(help="With --verdict replace: what holds instead.")] = None,
    why: Annotated[str | None, typer.Option(help="With --verdict: the reason.")] = None,
    tlp: Annotated[
        str | None, typer.Option(help="With --out: the highest TLP level written; everything when left out.")
    ] = None,
    author: AUTHOR = None,
    as_json: JSON = False,
) -> None:
    """Decide on what the machine proposes (y/n/e/u/?), one card at a time with its evidence, or in a workbook."""
    from taggant.errors import InputError
    from taggant.ledger.ledger import Ledger
    from taggant.model.suggestions import SUGGESTIONS, suggestion_kind

    if out is not None and in_ is not None:
        raise InputError("--out and --in are given together", next="Write the workbook first, fill it in, then read it")
    wanted = [_only(text) for text in only or []]
    if verdict is not None and not wanted:
        raise InputError("--verdict is given for nothing", next="Name the suggestion: --only made-range:c17")
    if verdict is None and (value is not None or why is not None):
        raise InputError("--value or --why is given without --verdict", next="Add --verdict replace")
    kinds = [suggestion_kind(kind).name] if kind is not None else list(SUGGESTIONS)
    if wanted:
        kinds = list(dict.fromkeys(name for name, _ in wanted))
    is_asked = kind is not None or bool(wanted)
    if tlp is not None:
        if out is None or verdict is not None:
            raise InputError("--tlp is for a workbook", next=f"taggant review {case} --out todo.xlsx --tlp {tlp}")
        _write_at_level(case, out, kinds, wanted, everything=everything, is_asked=is_asked, level=tlp.upper())
        return
    tables = _proposals(case, kinds, is_asked=is_asked)
    kinds = [name for name in kinds if name in tables]
    handle = author_or_login(author)
    with Ledger.open(case) as ledger:
        proposed = {name: _suggestions(ledger, name, tables[name]) for name in kinds}
        if in_ is not None:
            _read(ledger, in_, proposed, handle, partial=partial, as_json=as_json)
            return
        some = _chosen(proposed, wanted, everything=everything or as_json)
        if verdict is not None:
            _decide(ledger, some, verdict, value=value, why=why, author=handle)
            return
        if as_json and out is None:
            typer.echo(json.dumps([s.as_json() for s in some], ensure_ascii=False, indent=2))
            return
        if out is not None:
            _write(case, out, some)
            return
        _sit(ledger, some, proposed, handle)


def _write(case: Path, out: Path, some: list[Suggestion]) -> None:
    from taggant.evidence.todo_workbook import write_todo

    n = write_todo(out, some)
    typer.echo(
        f"{n:,} suggestion{'s' * (n != 1)} in {out}; fill in verdict, value and why, "
        f"then: taggant review {case} --in {out}"
    )


def _write_at_level(
    case: Path, out: Path, kinds: list[str], wanted: list[tuple[str, str]], *, everything: bool, is_asked: bool,
    level: str,
) -> None:  # fmt: skip
    """A workbook for somebody who may not see all: what is proposed from the rows of the level alone."""
    from taggant.ledger.ledger import Ledger
    from taggant.web.casebook import case_at_level

    with case_at_level(case, level) as (shown, exhibits):
        tables = _proposals(shown, kinds, is_asked=is_asked, exhibits=exhibits)
        with Ledger.open(shown) as ledger:
            proposed = {name: _suggestions(ledger, name, tables[name]) for name in kinds if name in tables}
        _write(case, out, _chosen(proposed, wanted, everything=everything))


def _only(text: str) -> tuple[str, str]:
    from taggant.errors import InputError
    from taggant.model.suggestions import suggestion_kind

    name, colon, key = text.partition(":")
    if not (colon and key):
        raise InputError(f"--only {text!r} is no KIND:ID", next="Write --only made-range:c17")
    return suggestion_kind(name).name, key


def _proposals(
    case: Path, kinds: list[str], *, is_asked: bool, exhibits: Path | None = None
) -> dict[str, pl.DataFrame]:
    """What the machine proposes, by kind. A kind that cannot be made is left out and said, unless it was asked for."""
    from taggant.errors import EvidenceBroken, TaggantError
    from taggant.evidence.casefile import read_case_toml
    from taggant.model.suggestions import SUGGESTIONS
    from taggant.model.typed_tables import TYPED
    from taggant.run import run as walk
    from taggant.web.casebook import case_day, case_parameters

    file = read_case_toml(case / "case.toml")
    found: dict[str, pl.DataFrame] = {}
    with progress("proposing") as say:
        for name in kinds:
            table = SUGGESTIONS[name].table
            also, derived = ([table], []) if table in TYPED else ([], [table])
            try:
                answers = walk(
                    case, on=case_day(file), parameters=case_parameters(file), also=also, tables=derived,
                    exhibits=exhibits, progress=say,
                )  # fmt: skip
            except EvidenceBroken:
                raise
            except TaggantError as err:
                if is_asked:
                    raise
                typer.echo(f"{SUGGESTIONS[name].words} are left out: {err}", err=True)
                continue
            found[name] = answers.table(table).collect()
    return found


def _suggestions(ledger: Ledger, kind: str, table: pl.DataFrame) -> list[Suggestion]:
    from taggant.evidence.judging import suggestions

    return suggestions(ledger, kind, table)


def _chosen(
    proposed: dict[str, list[Suggestion]], wanted: list[tuple[str, str]], *, everything: bool
) -> list[Suggestion]:
    from taggant.errors import UnknownName
    from taggant.evidence.judging import WAITING

    if not wanted:
        return [s for some in proposed.values() for s in some if everything or s.state in WAITING]
    chosen = []
    for name, key in wanted:
        known = {s.key: s for s in proposed[name]}
        if key not in known:
            raise UnknownName(f"suggestion of kind {name}", key, known)
        chosen.append(known[key])
    return chosen


def _read(
    ledger: Ledger,
    path: Path,
    proposed: dict[str, list[Suggestion]],
    author: str,
    *,
    partial: bool,
    as_json: bool,
) -> None:
    from taggant.cli.failing import print_issues
    from taggant.evidence.todo_workbook import read_todo

    report = read_todo(ledger, path, proposed, author=author, partial=partial)
    if as_json:
        typer.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
        return
    if report.issues:
        print_issues(report.issues)
    left = f", {report.n_left_out:,} left out" if report.n_left_out else ""
    typer.echo(f"{report.n_decided:,} decided, {report.n_same:,} as before, {report.n_open:,} left open{left}")
    if report.commit is not None:
        typer.echo(f"commit {report.commit[:12]}")


def _decide(
    ledger: Ledger, some: list[Suggestion], verdict: str, *, value: str | None, why: str | None, author: str
) -> None:
    from taggant.evidence.judging import decide

    for s in some:
        kept = decide(ledger, s, verdict, author=author, value=value, why=why)
        typer.echo(f"{verdict}: {s.name} (commit {kept.commit.commit_id[:12]})")


def _sit(ledger: Ledger, some: list[Suggestion], proposed: dict[str, list[Suggestion]], author: str) -> None:
    from rich.console import Console

    from taggant.cli.review_cards import Keyboard, Lines, review_cards

    if not some:
        n = sum(map(len, proposed.values()))
        if not n:
            typer.echo("nothing is proposed in this case yet")
            return
        typer.echo(f"nothing waits for a decision ({n:,} suggestions, all judged); --all shows them again")
        return
    keys = Keyboard() if sys.stdin.isatty() else Lines(sys.stdin.readline)
    tally = review_cards(ledger, some, author=author, keys=keys, console=Console())
    typer.echo(tally.words)


COMMANDS = (review,)
