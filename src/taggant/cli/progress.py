"""A progress bar on standard error for anything over a second; none when nobody looks."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress(what: str) -> Iterator[Callable[[str, int, int], None]]:
    """Give a function to call with (what, done, of); a bar appears when a second has passed."""
    if not sys.stderr.isatty():
        yield lambda _what, _done, _of: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task(what, total=None)
    began = time.monotonic()
    is_shown = False

    def say(description: str, done: int, of: int) -> None:
        nonlocal is_shown
        bar.update(task, description=description, completed=done, total=of)
        if not is_shown and time.monotonic() - began > 1:
            bar.start()
            is_shown = True

    try:
        yield say
    finally:
        if is_shown:
            bar.stop()
