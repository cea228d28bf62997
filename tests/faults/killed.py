"""A process that forks a copy of itself for each run, so that a kill costs milliseconds and not a start of Python.

Usage: python -m tests.faults.killed PLACE; then one line on its input for each run: `OPERATION NAME`. It answers with
the number of the process that does the operation until it is killed, and writes what was acknowledged to PLACE/said.
"""

from __future__ import annotations

import itertools
import os
import sys
from pathlib import Path

from tests.faults.operations import named


def _do(place: Path, operation: str, name: str) -> None:
    step = named(operation).step
    said = os.open(place / "said", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(said, b"begun\n")
    for n in itertools.count():
        # One write for one line: a kill leaves it whole or leaves it out.
        os.write(said, f"{step(place, name, n)}\n".encode())


def main() -> None:
    """Fork for every line; wait for each before the next."""
    place = Path(sys.argv[1])
    for line in sys.stdin:
        operation, name = line.split()
        child = os.fork()
        if not child:
            try:
                _do(place, operation, name)
            except BaseException as err:  # noqa: BLE001  # it must not go on as its parent
                (place / "failed").write_text(f"{operation}: {err!r}")
            finally:
                os._exit(1)
        print(child, flush=True)
        os.waitpid(child, 0)
        print("ended", flush=True)


if __name__ == "__main__":
    main()
