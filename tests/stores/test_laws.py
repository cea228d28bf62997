"""Append-only laws: whatever is added, corrected, withdrawn or branched, every commit goes on answering as it did."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from taggant.ledger.commits import Commit
from taggant.ledger.ledger import Ledger
from taggant.ledger.verify import verify
from taggant.model.record import Record

if TYPE_CHECKING:
    from .conftest import CreateLedger, MakeRecord

_KEYS = "abc"
_changes = st.dictionaries(st.sampled_from(_KEYS), st.sampled_from(["state", "withdraw"]), min_size=1)
_history = st.lists(_changes, min_size=1, max_size=7)


def _live(ledger: Ledger, as_of: str | None = None) -> dict[str, object]:
    rows = list(ledger.live("source", as_of))
    assert len({r.key for r in rows}) == len(rows)
    return {r.key: r.body["title"] for r in rows}


def _records(
    ledger: Ledger, make: MakeRecord, known: dict[str, object], changes: dict[str, str], n: int
) -> list[Record]:
    """Turn changes that make sense into records, and make the same changes to the plain dict."""
    records = []
    for key, change in changes.items():
        row = ledger.get("source", key)
        old = () if row is None else (row.record_id,)
        if change == "withdraw":
            if row is None:
                continue
            del known[key]
        else:
            known[key] = f"{key} {n}"
        records.append(make(key, None if change == "withdraw" else f"{key} {n}", *old))
    return records


@given(history=_history)
@settings(max_examples=15, deadline=None)
def test_live_is_what_a_dict_would_hold_at_every_commit(
    create: CreateLedger, make: MakeRecord, history: list[dict[str, str]]
) -> None:
    """Live rows equal a plain dict after each commit, and as of each earlier commit for ever; verify agrees."""
    with tempfile.TemporaryDirectory() as folder, create(Path(folder)) as ledger:
        known: dict[str, object] = {}
        seen: list[tuple[Commit, dict[str, object]]] = []
        stated = 0
        for n, changes in enumerate(history):
            records = _records(ledger, make, known, changes, n)
            if records:
                commit = ledger.commit(records, author="a", message="m")
                stated += len(records)
                seen.append((commit, dict(known)))
            assert _live(ledger) == known
        for commit, then in seen:
            assert _live(ledger, commit.commit_id) == then
            assert ledger.head(commit.commit_id) == commit
        assert sum(len(ledger.history("source", k)) for k in _KEYS) == stated
        ledger.close()
        report = verify(Path(folder))
        assert (report.problems, report.notes, report.n_records) == ((), (), stated)


@given(left=_changes, right=_changes, root=st.sets(st.sampled_from(_KEYS), min_size=1))
@settings(max_examples=12, deadline=None)
def test_merge_in_either_order_gives_the_same_live_records(
    create: CreateLedger, make: MakeRecord, left: dict[str, str], right: dict[str, str], root: set[str]
) -> None:
    """Two branches from one commit: the merge's live records do not depend on which branch came first."""
    with tempfile.TemporaryDirectory() as folder, create(Path(folder)) as ledger:
        base = ledger.commit([make(k, k) for k in sorted(root)], author="a", message="base")
        branches = []
        for n, changes in enumerate((left, right)):
            # Back to the base: a commit on it that states an unrelated row.
            ledger.commit([make(f"x{n}", "x")], author="a", message="b", parents=[base.commit_id])
            records = _records(ledger, make, {**dict.fromkeys(_KEYS)}, changes, n)
            if records:
                ledger.commit(records, author="a", message="change")
            head = ledger.head()
            assert head is not None
            branches.append(head.commit_id)
        outcomes = []
        for author, order in (("a", branches), ("b", branches[::-1])):
            ledger.commit([], author=author, message="merge", parents=order)
            outcomes.append(sorted(r.record_id for r in ledger.live("source")))
        assert outcomes[0] == outcomes[1]
        ledger.close()
        assert verify(Path(folder)).is_sound
