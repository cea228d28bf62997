"""All records of a SQLite ledger looked through by two processes; each takes the next run of rows when it is free.

Invariant: what the second process says is only that rows are as they should be; every row it does not say so of, and
every row when it fails, is read here.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import IO, Any

from taggant.ledger.record_scan import AT_A_TIME, Row, Scanned, scan

FEWEST = 60_000
"""Below this a second Python costs more to start than it saves."""

_ASKED_AT_ONCE = 2
"""The second process is never without work, and at the end not much is waited for."""

Fetch = Callable[[int, int], Sequence[Row]]
"""The rows whose numbers are from … to …, both included."""


def scanned(uri: str, last: int, fetch: Fetch, say: Callable[[int], None]) -> Iterator[tuple[int, int, Scanned | None]]:
    """What was seen of each run of rows, in order?

    Parameters
    ----------
    uri : str
        Of the SQLite file, to be opened for reading.
    last : int
        Number of the last row.
    fetch : callable
        Reads rows in this process.
    say : callable
        Told how many are done.

    Yields
    ------
    (int, int, Scanned or None)
        First and last number; None: neither process could tell, and all rows are to be read in order.
    """
    runs = [(first, min(first + AT_A_TIME - 1, last)) for first in range(1, last + 1, AT_A_TIME)]
    found: dict[int, Scanned | None] = {}
    todo = iter(runs)
    with _beside(uri) as ask:
        asked: deque[Future[tuple[int, Scanned | None]]] = deque()
        for run in todo:
            while asked and asked[0].done():
                first, result = asked.popleft().result()
                found[first] = result
            if len(asked) < _ASKED_AT_ONCE:
                asked.append(ask(run))
                continue
            found[run[0]] = _here(run, fetch)
            say(len(found) * AT_A_TIME)
        for one in asked:
            first, result = one.result()
            found[first] = result
    for run in runs:
        result = found[run[0]]
        yield (*run, _here(run, fetch) if result is None else result)


def _here(run: tuple[int, int], fetch: Fetch) -> Scanned | None:
    rows = fetch(*run)
    return scan(rows, first=run[0]) if len(rows) == run[1] - run[0] + 1 else None


@contextmanager
def _beside(uri: str) -> Iterator[Callable[[tuple[int, int]], Future[tuple[int, Scanned | None]]]]:
    """Start the second process; give what asks it. One that dies answers that it cannot tell."""
    command = [sys.executable, "-m", "taggant.ledger.scan_child", uri]
    with (
        subprocess.Popen(  # noqa: S603 — ourselves
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as child,
        ThreadPoolExecutor(1, thread_name_prefix="taggant-scan") as waiting,
    ):
        assert child.stdin is not None
        assert child.stdout is not None
        talk = (child.stdin, child.stdout)
        try:
            yield lambda run: waiting.submit(_ask, *talk, run)
        finally:
            with suppress(BrokenPipeError):  # it died before: what it was asked last was answered by nobody
                child.stdin.close()


def _ask(to: IO[bytes], of: IO[bytes], run: tuple[int, int]) -> tuple[int, Scanned | None]:
    try:
        to.write(b"%d %d\n" % run)
        to.flush()
        said: dict[str, Any] = json.loads(of.readline())
        ids = of.read(said["n_bytes"])
    except (OSError, ValueError):
        return run[0], None
    seen = said["found"]
    if seen is None or said["first"] != run[0] or len(ids) != said["n_bytes"]:
        return run[0], None
    return run[0], Scanned(tuple((c, n) for c, n in seen["runs"]), ids, tuple(seen["odd"]))
