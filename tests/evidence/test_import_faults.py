"""A killed import: the ledger is as before or as after, and the next import finishes the work."""

from __future__ import annotations

import multiprocessing
import random
import time
from typing import TYPE_CHECKING

import pytest

from taggant.ledger.verify import verify

if TYPE_CHECKING:
    from .conftest import Desk

N_ROWS = 800
CHILD = """
from pathlib import Path
from taggant.evidence.intake import import_case
from taggant.ledger.ledger import Ledger
with Ledger.open(Path(folder)) as ledger:
    conn.send("ready")
    conn.recv()
    import_case(ledger, Path(folder), author="ada")
    conn.send("done")
"""


@pytest.mark.faults
def test_killed_at_any_moment_the_ledger_is_as_before_or_as_after(desk: Desk, n_kills: int) -> None:
    """Rows, files and the record of the import come together or not at all; verify finds nothing broken."""
    desk.take_in()
    # How long an import takes here is measured, so that kills fall all over it.
    longest = 0.0
    draw = random.Random(7)
    outcomes: set[str] = set()
    # A server that has the modules loaded forks the children: none has to load them again.
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload(["taggant.evidence.intake"])
    for attempt in range(n_kills + 1):
        header = "component_id,item_id,source_id,note\n"
        rows = "".join(f"c{n},kestrel-1,s1,attempt {attempt}\n" for n in range(N_ROWS))
        desk.put("components.csv", header + rows)
        desk.put(f"documents/paper-{attempt}.txt", f"paper {attempt}" * 9_000)
        with desk.ledger() as ledger:
            before = ledger.head()
            notes_before = _notes(desk)
        ours, theirs = server.Pipe()
        child = server.Process(target=exec, args=(CHILD, {"folder": str(desk.folder), "conn": theirs}))
        child.start()
        assert ours.recv() == "ready"
        began = time.monotonic()
        ours.send("go")
        if attempt == 0:
            assert ours.recv() == "done"
            longest = time.monotonic() - began
        else:
            # The first kill comes at once, so that both outcomes are met however few kills there are.
            time.sleep(draw.uniform(0, longest * 1.1) if attempt > 1 else 0)
            child.kill()
        child.join()
        ours.close()
        theirs.close()
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


def _notes(desk: Desk) -> set[str]:
    return {str(body.get("note")) for body in desk.bodies("component").values()}
