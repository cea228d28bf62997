"""Killed at any moment, a case is exactly before or exactly after: nothing acknowledged is lost, nothing is half.

The short run kills each operation a few times; `make faults` kills a thousand times in all.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.stores.postgres_server import running

from .operations import ADDRESS, OPERATIONS, Operation, named

_ROOT = Path(__file__).resolve().parents[2]
_FRESH_AFTER = 40  # a case that has grown for long is slow to check; the next kills get a new one


@pytest.mark.faults
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda op: op.name)
def test_killed_at_any_moment_it_is_before_or_after(operation: Operation, tmp_path: Path, n_kills: int) -> None:
    """Kill -9 at seeded moments over the whole operation: acknowledged lost 0, unreadable 0, half 0."""
    _kill_often(operation, tmp_path, n_kills)


@pytest.mark.faults
def test_a_killed_writer_leaves_postgresql_before_or_after(tmp_path: Path, n_kills: int) -> None:
    """The same for a schema of a server: what it had not acknowledged it rolls back, and its lock is given up."""
    with running() as address:
        _kill_often(named("commit"), tmp_path, max(4, n_kills // 3), address)


def _kill_often(operation: Operation, tmp_path: Path, n_kills: int, address: str | None = None) -> None:
    rng = random.Random(f"killed {operation.name}")
    done = n_acknowledged = 0
    while done < n_kills:
        place = tmp_path / f"place{done}"
        place.mkdir()
        if address is not None:
            (place / ADDRESS).write_text(address)
        operation.prepare(place)
        with _forking(place) as server:
            period = _seconds_of_two_turns(server, place, operation)
            acknowledged = _said(place)
            for _ in range(min(_FRESH_AFTER, n_kills - done)):
                _run_and_kill(server, place, f"{operation.name} run{done}", rng.uniform(0, period))
                acknowledged = _said(place)
                operation.check(place, acknowledged)
                done += 1
        n_acknowledged += len(acknowledged)
    assert n_acknowledged, "every run was killed before it wrote: nothing was tested"
    store = "" if address is None else " (postgresql)"
    print(f"{operation.name}{store}: {done} kills, {n_acknowledged} acknowledged, 0 lost, 0 unreadable, 0 half")


@contextmanager
def _forking(place: Path) -> Iterator[subprocess.Popen[str]]:
    path = os.pathsep.join([str(_ROOT / "src"), str(_ROOT), os.environ.get("PYTHONPATH", "")])
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.killed", str(place)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": path}, cwd=_ROOT,
    ) as server:  # fmt: skip
        try:
            yield server
        finally:
            assert server.stdin is not None
            server.stdin.close()
            server.wait(30)


def _begin(server: subprocess.Popen[str], place: Path, line: str) -> int:
    assert server.stdin is not None
    assert server.stdout is not None
    before = _count(place, "begun")
    server.stdin.write(f"{line}\n")
    server.stdin.flush()
    child = int(server.stdout.readline())
    while _count(place, "begun") == before:
        time.sleep(0.001)
    return child


def _end(server: subprocess.Popen[str], child: int, place: Path) -> None:
    assert server.stdout is not None
    os.kill(child, signal.SIGKILL)
    assert server.stdout.readline() == "ended\n"
    failed = place / "failed"
    assert not failed.exists(), failed.read_text()


def _run_and_kill(server: subprocess.Popen[str], place: Path, line: str, after_seconds: float) -> None:
    child = _begin(server, place, line)
    time.sleep(after_seconds)
    _end(server, child, place)


def _seconds_of_two_turns(server: subprocess.Popen[str], place: Path, operation: Operation) -> float:
    """How long two turns take here and now: kills fall on every part of them."""
    child = _begin(server, place, f"{operation.name} warm")
    marks = [time.monotonic()]
    while len(marks) < 4 and not (place / "failed").exists():
        if len(_said(place)) >= len(marks):
            marks.append(time.monotonic())
        time.sleep(0.001)
    _end(server, child, place)
    return marks[-1] - marks[-3]


def _lines(place: Path) -> list[str]:
    file = place / "said"
    return file.read_text().splitlines() if file.exists() else []


def _count(place: Path, word: str) -> int:
    return _lines(place).count(word)


def _said(place: Path) -> list[str]:
    return [line for line in _lines(place) if line != "begun"]
