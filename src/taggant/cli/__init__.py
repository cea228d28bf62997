"""The door at a terminal: thin. Every command reads its arguments, calls a room or `run`, and prints.

Invariant: importing this loads no room, so that `taggant --help` answers at once; each command imports what it needs.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from taggant import __version__
from taggant.cli import (
    board_commands,
    bundle_commands,
    case_commands,
    cessation_commands,
    change_commands,
    exhibit_commands,
    export_commands,
    find_commands,
    ledger_commands,
    list_commands,
    merging_commands,
    part_commands,
    photo_commands,
    reading_commands,
    record_commands,
    reference_commands,
    request_commands,
    review_commands,
    screen_commands,
    seal_commands,
    serial_commands,
    tool_commands,
    trace_commands,
    waysout_commands,
    web_commands,
)
from taggant.cli.failing import report_failure

app = typer.Typer(
    name="taggant",
    help="An open workbench for arms tracing: from wreckage, papers and trade rows to findings anybody can check.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"taggant {__version__}")
        raise typer.Exit


@app.callback()
def everywhere(
    context: typer.Context,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version and stop.")
    ] = False,
) -> None:
    """What holds for every command."""
    context.obj = {"debug": debug, "version": version}


for group in (
    case_commands,
    exhibit_commands,
    export_commands,
    find_commands,
    ledger_commands,
    list_commands,
    record_commands,
    merging_commands,
    bundle_commands,
    part_commands,
    review_commands,
    photo_commands,
    tool_commands,
    board_commands,
    serial_commands,
    cessation_commands,
    reading_commands,
    reference_commands,
    request_commands,
    screen_commands,
    web_commands,
    change_commands,
    waysout_commands,
    seal_commands,
    trace_commands,
):
    # Where numbers may be negative, "-5" is no option.
    settings = {"ignore_unknown_options": True} if getattr(group, "NEGATIVE", False) else None
    for command in group.COMMANDS:
        app.command(context_settings=settings)(command)


def main(arguments: list[str] | None = None) -> None:
    """Run one command; say what went wrong and the next step; exit 2 for input, 3 for evidence, 1 otherwise."""
    words = sys.argv[1:] if arguments is None else arguments
    try:
        app(args=words, standalone_mode=True)
    except (Exception, KeyboardInterrupt) as err:  # the last stop before the terminal
        if "--debug" in words:
            raise
        sys.exit(report_failure(err, as_json="--json" in words))


if __name__ == "__main__":
    main()
