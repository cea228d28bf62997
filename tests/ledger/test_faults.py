"""Killed at any moment, the ledger is exactly before or exactly after: nothing acknowledged is lost, nothing half."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from taggant.ledger.ledger import Ledger
from taggant.ledger.verify import verify

_CHILD = Path(__file__).with_name("writing_child.py")
_ROWS = 400


@pytest.mark.faults
def test_killed_while_writing_the_ledger_is_before_or_after(tmp_path: Path, n_kills: int) -> None:
    """Kill -9 at random moments: acknowledged commits and exhibits are there, no commit is half, verify is clean."""
    rng = random.Random(8128)
    Ledger.create(tmp_path).close()
    acknowledged: list[tuple[str, str, str]] = []  # message, commit, exhibit
    for kill in range(n_kills):
        acknowledged += _write_until_killed(tmp_path, f"run{kill}", rng.uniform(0, 0.2))
        report = verify(tmp_path)
        assert report.problems == ()
        # A kill may leave an exhibit whose commit did not come, or half a copy: both are said, neither is a problem.
        assert all("referenced" in n or "are none" in n for n in report.notes), report.notes
        with Ledger.open(tmp_path) as ledger:
            commits = {c.commit_id: c for c in ledger.log()}
            assert not [lost for lost in acknowledged if lost[1] not in commits]
            assert {c.n for c in commits.values()} <= {_ROWS + 1}
            assert ledger.counts().get("source", 0) == _ROWS * len(commits)
            held = set(ledger.exhibits)
            assert not [lost for lost in acknowledged if lost[2] not in held]
    assert acknowledged, "every child was killed before it wrote: nothing was tested"


def _write_until_killed(case: Path, name: str, after_seconds: float) -> list[tuple[str, str, str]]:
    command = [sys.executable, str(_CHILD), str(case), name, str(_ROWS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        time.sleep(after_seconds)
        child.kill()
        lines = child.stdout.read().splitlines()
    said = [line.split() for line in lines if line.startswith("done")]
    # The last line may be cut by the kill; then it was not said in full.
    return [(f"{name}-{words[1]}", words[2], words[3]) for words in said if len(words) == 4 and len(words[3]) == 64]
