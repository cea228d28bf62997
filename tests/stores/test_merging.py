"""Merging is a set union: twice, in either order, over several ledgers, the same rows are live."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taggant.errors import EvidenceBroken, InputError
from taggant.ledger import carrying
from taggant.ledger.jsonl import lines
from taggant.ledger.ledger import Ledger
from taggant.ledger.merging import conflicts, merge, settle
from taggant.ledger.verify import verify

if TYPE_CHECKING:
    from .conftest import CreateLedger, MakeRecord

A = {"author": "a", "message": "m"}
_KEYS = "abc"
_change = st.tuples(st.sampled_from(_KEYS), st.sampled_from(["state", "withdraw", "settle"]))
_laptop = st.lists(st.lists(_change, min_size=1, max_size=3), max_size=3)


def _live(ledger: Ledger) -> list[str]:
    return sorted(row.record_id for row in ledger.live("source"))


def _do(ledger: Ledger, make: MakeRecord, changes: list[tuple[str, str]], name: str) -> None:
    """Make the changes that make sense on this ledger; rows in conflict are only settled."""
    for n, (key, what) in enumerate(changes):
        open_now = {c.key: c for c in conflicts(ledger)}
        if key in open_now:
            if what == "settle":
                chosen = open_now[key].sides[-1].record_id
                settle(ledger, {("source", key): chosen}, author=name, reason="settled")
            continue
        rows = [row for row in ledger.live("source") if row.key == key]
        old = [row.record_id for row in rows]
        if what == "withdraw" and rows:
            ledger.withdraw("source", key, author=name, reason="gone")
        elif what == "state":
            ledger.commit([make(key, f"{name} {n}", *old)], author=name, message="m")


@given(laptops=st.lists(_laptop, min_size=2, max_size=3), seed=st.integers(0, 2**20))
@settings(max_examples=5, deadline=None)
def test_every_order_of_merging_ends_in_the_same_live_rows(
    create: CreateLedger, make: MakeRecord, laptops: list[list[list[tuple[str, str]]]], seed: int
) -> None:
    """Several laptops from one base, merged now and then and at the end in shuffled orders: one set of live records."""
    order = random.Random(seed)
    with tempfile.TemporaryDirectory() as place, ExitStack() as opened:
        base = opened.enter_context(create(Path(place, "base")))
        base.commit([make(k, "base") for k in _KEYS[:2]], **A)
        ledgers = [opened.enter_context(create(Path(place, f"laptop{n}"))) for n in range(len(laptops))]
        for ledger in ledgers:
            merge(ledger, base, author="a")
        for turn in range(3):
            for n, ledger in enumerate(ledgers):
                if turn < len(laptops[n]):
                    _do(ledger, make, laptops[n][turn], f"{n}.{turn}")
            if order.random() < 0.4:
                one, other = order.sample(ledgers, 2)
                merge(one, other, author="a")
        outcomes = set()
        for n in range(3):
            home = opened.enter_context(create(Path(place, f"home{n}")))
            order.shuffle(ledgers)
            for ledger in ledgers:
                merge(home, ledger, author=f"home{n}")
            live, open_now, head = _live(home), conflicts(home), home.head()
            for ledger in order.sample(ledgers, len(ledgers)):
                again = merge(home, ledger, author="again")
                assert (again.n_commits, again.made) == (0, None)
            assert (_live(home), conflicts(home), home.head()) == (live, open_now, head)
            outcomes.add((tuple(live), tuple((c.key, tuple(s.record_id for s in c.sides)) for c in open_now)))
            home.close()
            assert verify(home.case_folder).problems == ()
        assert len(outcomes) == 1
        # And the laptops take it home: whoever stands behind is moved on without a commit of its own.
        with Ledger.open(Path(place, "home0")) as home:
            for ledger in ledgers:
                assert merge(ledger, home, author="a").made is None
                assert list(lines(ledger)) == list(lines(home))


@pytest.fixture
def two(tmp_path: Path, create: CreateLedger, make: MakeRecord) -> Iterator[tuple[Ledger, Ledger]]:
    """Two ledgers that both know `a` and `b`."""
    here, there = create(tmp_path / "here"), create(tmp_path / "there")
    here.commit([make("a", "1"), make("b", "1")], **A)
    assert merge(there, here, author="a").made is None
    assert there.head() == here.head()
    yield here, there
    here.close()
    there.close()


def _corrected(ledger: Ledger, make: MakeRecord, key: str, title: str | None) -> None:
    row = ledger.get("source", key)
    assert row is not None
    ledger.commit([make(key, title, row.record_id)], author="x", message=f"{title}")


def test_an_empty_ledger_gives_and_takes_nothing(tmp_path: Path, create: CreateLedger) -> None:
    """Nothing with nothing: no head, no commit."""
    with create(tmp_path / "a") as a, create(tmp_path / "b") as b:
        done = merge(a, b, author="a")
        assert (done.head, done.made, done.n_commits, done.conflicts) == (None, None, 0, ())


def test_changes_of_different_rows_join_without_a_conflict(two: tuple[Ledger, Ledger], make: MakeRecord) -> None:
    """One corrects a, the other b: both hold, on a commit with two parents."""
    here, there = two
    _corrected(here, make, "a", "here")
    _corrected(there, make, "b", "there")
    heads = [ledger.head() for ledger in two]
    done = merge(here, there, author="a")
    assert done.made is not None
    assert done.made.parents == tuple(sorted(h.commit_id for h in heads if h is not None))
    assert done.conflicts == ()
    assert {r.key: r.body["title"] for r in here.live("source")} == {"a": "here", "b": "there"}


@pytest.mark.parametrize(("mine", "theirs"), [("here", "there"), ("here", None), (None, "there")])
def test_one_row_changed_in_both_is_a_conflict_until_somebody_settles_it(
    two: tuple[Ledger, Ledger], make: MakeRecord, mine: str | None, theirs: str | None
) -> None:
    """Two corrections, or a correction and a withdrawal: both sides are named; either may hold; then none is left."""
    here, there = two
    _corrected(here, make, "a", mine)
    _corrected(there, make, "a", theirs)
    done = merge(here, there, author="a")
    (conflict,) = done.conflicts
    assert {side.body and side.body["title"] for side in conflict.sides} == {mine, theirs}
    assert not conflict.is_alike
    wins = next(side for side in conflict.sides if (side.body and side.body["title"]) == theirs)
    settle(here, {("source", "a"): wins.record_id[:16]}, author="judge", reason="the photograph shows it")
    assert conflicts(here) == ()
    expected = {"b": "1"} if theirs is None else {"a": theirs, "b": "1"}
    assert {r.key: r.body["title"] for r in here.live("source")} == expected
    assert here.history("source", "a")[-1].message == "the photograph shows it"
    merge(there, here, author="a")
    assert _live(there) == _live(here)
    assert conflicts(there) == ()


def test_withdrawn_on_both_sides_or_stated_again_later_is_no_conflict(
    two: tuple[Ledger, Ledger], make: MakeRecord
) -> None:
    """Both withdrew a; b was withdrawn and stated again by one who knew: neither is a question to anybody."""
    here, there = two
    for ledger in two:
        ledger.withdraw("source", "a", author="x", reason="gone")
    here.withdraw("source", "b", author="x", reason="gone")
    here.commit([make("b", "again")], **A)
    assert merge(here, there, author="a").conflicts == ()
    assert {r.key: r.body["title"] for r in here.live("source")} == {"b": "again"}


def test_a_row_new_in_both_is_a_conflict_and_says_whether_it_is_alike(
    two: tuple[Ledger, Ledger], make: MakeRecord
) -> None:
    """Both add c alike and d differently."""
    here, there = two
    here.commit([make("c", "same"), make("d", "here")], **A)
    there.commit([make("c", "same"), make("d", "there")], **A)
    done = merge(here, there, author="a")
    assert [(c.key, c.is_alike) for c in done.conflicts] == [("c", True), ("d", False)]


def test_settling_names_one_side(two: tuple[Ledger, Ledger], make: MakeRecord) -> None:
    """No such conflict, no such side, the beginning of both: refused, and nothing is changed."""
    here, there = two
    _corrected(here, make, "a", "here")
    _corrected(there, make, "a", "there")
    (conflict,) = merge(here, there, author="a").conflicts
    head = here.head()
    wrong = [(("source", "b"), "00"), (("source", "a"), "xyz"), (("source", "a"), "")]
    for row, keep in wrong:
        with pytest.raises(InputError):
            settle(here, {row: keep}, author="a", reason="r")
    with pytest.raises(InputError, match="no choice"):
        settle(here, {}, author="a", reason="r")
    assert here.head() == head
    assert conflicts(here) == (conflict,)


def test_exhibits_come_along_and_a_damaged_one_stops_the_merge(two: tuple[Ledger, Ledger], make: MakeRecord) -> None:
    """Its bytes are hashed on the way; a flipped bit is named, and no commit is taken in."""
    here, there = two
    kept = there.exhibits.add_bytes(b"photograph")
    assert merge(here, there, author="a").n_exhibits == 1
    assert here.exhibits.read(kept.sha256) == b"photograph"
    bad = there.exhibits.add_bytes(b"another")
    path = there.exhibits.path(bad.sha256)
    path.chmod(0o644)
    path.write_bytes(b"anothes")
    there.commit([make("z", "z")], **A)
    head = here.head()
    with pytest.raises(EvidenceBroken, match=bad.sha256):
        merge(here, there, author="a")
    assert here.head() == head


def test_what_arrives_is_hashed_not_believed(two: tuple[Ledger, Ledger], make: MakeRecord) -> None:
    """A changed record, a record left out, a commit without its parent: refused whole."""
    here, there = two
    _corrected(there, make, "a", "there")
    there.commit([make("n1", "x"), make("n2", "x")], **A)
    with there.opened.reading() as theirs:
        known = set(carrying.commit_ids(theirs)) - {bytes.fromhex(c.commit_id) for c in there.log(2)}
        arriving = [(commit, list(records)) for commit, records in carrying.packets(theirs, known)]
    (correction, (record,)), (addition, added) = arriving
    forged = carrying.Carried(
        record.record_id, record.table, record.key, record.is_withdrawal,
        (record.canonical or b"").replace(b"there", b"THERE"), record.supersedes,
    )  # fmt: skip
    head = here.head()
    for packets in (
        [(correction, [forged])],
        [(correction, [record]), (addition, added[:1])],
        [(correction, [record]), (addition, [*added, record])],
        [(addition, added)],
    ):
        with pytest.raises(EvidenceBroken), here.opened.writing() as connection:
            carrying.take_in(connection, packets)
        assert here.head() == head
    assert verify(here.case_folder).is_sound
    assert merge(here, there, author="a").n_commits == 2


def test_two_histories_without_a_common_commit_join(tmp_path: Path, create: CreateLedger, make: MakeRecord) -> None:
    """The same files imported on two machines that never met: rows of both, on one commit."""
    with create(tmp_path / "a") as a, create(tmp_path / "b") as b:
        a.commit([make("x", "a")], **A)
        b.commit([make("y", "b")], **A)
        assert merge(a, b, author="a").made is not None
        assert {r.key for r in a.live("source")} == {"x", "y"}
        assert merge(b, a, author="a").made is None
        assert list(lines(a)) == list(lines(b))
