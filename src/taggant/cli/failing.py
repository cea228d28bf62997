"""How a command says that something went wrong: what, where, so what, next step."""

from __future__ import annotations

import json
import os
import sys

import typer

from taggant.errors import BadTables, Conflict, EvidenceBroken, Issue, TaggantError

_MOST_ISSUES = 200
_BROKEN_PIPE, _INTERRUPTED = 141, 130  # 128 + the signal, as shells count


def report_failure(err: BaseException, *, as_json: bool) -> int:
    """Print the error for a person (or a machine) and give the exit code."""
    if isinstance(err, KeyboardInterrupt):
        typer.echo("stopped; nothing that was acknowledged is lost", err=True)
        return _INTERRUPTED
    if isinstance(err, BrokenPipeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _BROKEN_PIPE
    if not isinstance(err, TaggantError):
        typer.echo(
            f"taggant failed in a way nobody foresaw: {type(err).__name__}: {err}. Nothing was written. "
            "Run it again with --debug before the command and report what it prints",
            err=True,
        )
        return 1
    if as_json:
        typer.echo(json.dumps(err.as_json(), ensure_ascii=False))
        return err.exit_code
    if isinstance(err, BadTables | Conflict):
        print_issues(err.issues)
    if isinstance(err, EvidenceBroken):
        for problem in err.problems:
            typer.echo(f"  {problem}", err=True)
    typer.secho(str(err), fg=typer.colors.RED, err=True)
    return err.exit_code


def print_issues(issues: tuple[Issue, ...] | list[Issue]) -> None:
    """Print what is wrong as one table: file, row, column, value, what, next step."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for head, style in (
        ("file", "bold"),
        ("row", ""),
        ("column", ""),
        ("value", "yellow"),
        ("what", ""),
        ("next", "dim"),
    ):
        table.add_column(head, style=style, overflow="fold", justify="right" if head == "row" else "left")
    for issue in issues[:_MOST_ISSUES]:
        row = "" if issue.row is None else str(issue.row)
        what = f"note: {issue.what}" if issue.is_note else issue.what
        cells = (issue.file, row, issue.column or "", issue.value or "", what, issue.next or "")
        table.add_row(*(Text(cell) for cell in cells))
    console = Console(stderr=True)
    console.print(table)
    if len(issues) > _MOST_ISSUES:
        console.print(f"… and {len(issues) - _MOST_ISSUES} more; --json gives them all")
