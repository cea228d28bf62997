"""A killed import: the ledger is as before or as after, and the next import finishes the work."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from taggant.ledger.verify import verify

if TYPE_CHECKING:
    from .conftest import Desk

N_ROWS = 800
CHILD = """
import sys
from pathlib import Path
from taggant.evidence.intake import import_case
from taggant.ledger.ledger import Ledger
folder = Path(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
with Ledger.open(folder) as ledger:
    import_case(ledger, folder, author="ada")
    print("done", flush=True)
"""


@pytest.mark.faults
def test_killed_at_any_moment_the_ledger_is_as_before_or_as_after(desk: Desk, n_kills: int) -> None:
    """Rows, files and the record of the import come together or not at all; verify finds nothing broken."""
    desk.take_in()
    # How long an import takes here is measured, so that kills fall all over it.
    longest = 0.0
    draw = random.Random(7)
    outcomes: set[str] = set()
    waiting = _start(desk)
    for attempt in range(n_kills + 1):
        # The next child loads its modules while this one is at work and its ledger is looked at.
        current, waiting = waiting, _start(desk)
        header = "component_id,item_id,source_id,note\n"
        rows = "".join(f"c{n},kestrel-1,s1,attempt {attempt}\n" for n in range(N_ROWS))
        desk.put("components.csv", header + rows)
        desk.put(f"documents/paper-{attempt}.txt", f"paper {attempt}" * 9_000)
        with desk.ledger() as ledger:
            before = ledger.head()
            notes_before = _notes(desk)
        with current as child:
            assert child.stdin is not None
            assert child.stdout is not None
            assert child.stdout.readline() == "ready\n"
            child.stdin.write("go\n")
            child.stdin.flush()
            began = time.monotonic()
            if attempt == 0:
                assert child.stdout.readline() == "done\n"
                longest = time.monotonic() - began
            else:
                # The first kill comes at once, so that both outcomes are met however few kills there are.
                time.sleep(draw.uniform(0, longest * 1.1) if attempt > 1 else 0)
                child.send_signal(signal.SIGKILL)
        report = verify(desk.folder)
        assert report.problems == ()
        with desk.ledger() as ledger:
            after = ledger.head()
        is_after = after != before
        outcomes.add("after" if is_after else "before")
        assert _notes(desk) == ({f"attempt {attempt}"} if is_after else notes_before)
        desk.take_in()
        assert _notes(desk) == {f"attempt {attempt}"}
    assert outcomes == ({"before", "after"} if n_kills else {"after"})
    waiting.kill()
    waiting.communicate()


def _start(desk: Desk) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", CHILD, str(desk.folder)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _notes(desk: Desk) -> set[str]:
    return {str(body.get("note")) for body in desk.bodies("component").values()}
