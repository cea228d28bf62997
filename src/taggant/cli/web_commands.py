"""The pages of a case in a browser on this machine."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from taggant.cli.ledger_commands import AS_OF, CASE


def serve(
    case: CASE,
    port: Annotated[int, typer.Option(help="Where to listen; 0: any port that is free.", min=0, max=65535)] = 8000,
    host: Annotated[str, typer.Option(help="This machine only, for now.")] = "127.0.0.1",
    tlp: Annotated[str | None, typer.Option(help="The highest TLP level shown; the case's own when left out.")] = None,
    as_of: AS_OF = None,
) -> None:
    """Show the case in the browser: the pages of `taggant report --site`, answered anew when the ledger changes."""
    from taggant.cli.progress import progress
    from taggant.web.app import ServedCase, check_host, listen
    from taggant.web.app import serve as run_server

    check_host(host)
    served = ServedCase(case, level=None if tlp is None else tlp.upper(), as_of=as_of)
    with listen(host, port) as listening:
        with progress("answering") as say:
            say("opening the case", 0, 1)
            served.site()
        shown = f"[{host}]" if ":" in host else host
        typer.echo(f"http://{shown}:{listening.getsockname()[1]}/   (Ctrl+C stops it)")
        sys.stdout.flush()
        run_server(served, listening)


COMMANDS = (serve,)
