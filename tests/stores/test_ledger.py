"""What a ledger takes in, what it refuses, and what it answers now and as of then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from taggant.errors import Conflict, InputError, UnknownName
from taggant.ledger.ledger import Ledger
from taggant.ledger.verify import verify

if TYPE_CHECKING:
    from .conftest import MakeRecord

A = {"author": "a", "message": "m"}


def _titles(ledger: Ledger, as_of: str | None = None) -> dict[str, object]:
    return {row.key: row.body["title"] for row in ledger.live("source", as_of)}


def test_empty_ledger_answers_nothing(ledger: Ledger) -> None:
    """No head, no rows, no log, no counts, and verify has nothing to say."""
    assert ledger.head() is None
    assert ledger.head("2026-01-01") is None
    assert list(ledger.live("source")) == []
    assert ledger.live_index("source") == {}
    assert ledger.get("source", "x") is None
    assert ledger.history("source", "x") == []
    assert ledger.log() == []
    assert ledger.counts() == {}
    ledger.close()
    report = verify(ledger.case_folder)
    assert (report.problems, report.notes, report.n_records, report.n_commits) == ((), (), 0, 0)


def test_two_rows_then_a_correction_then_a_withdrawal(ledger: Ledger, make: MakeRecord) -> None:
    """Live rows follow; history keeps everything with its commit and reason."""
    first = ledger.commit([make("a", "one"), make("b", "two")], at="2026-01-01T00:00:00Z", **A)
    was = ledger.get("source", "a")
    assert was is not None
    second = ledger.commit([make("a", "ONE", was.record_id)], author="b", message="typing error")
    assert _titles(ledger) == {"a": "ONE", "b": "two"}
    third = ledger.withdraw("source", "a", author="c", reason="not ours")
    assert _titles(ledger) == {"b": "two"}
    assert ledger.head() == third
    assert ledger.log() == [third, second, first]
    assert ledger.log(1) == [third]
    assert ledger.counts() == {"source": 1}
    stated, corrected, gone = ledger.history("source", "a")
    assert [h.body and h.body["title"] for h in (stated, corrected, gone)] == ["one", "ONE", None]
    assert stated.superseded_by == (corrected.record_id,)
    assert corrected.superseded_by == (gone.record_id,)
    assert (gone.is_withdrawal, gone.message, gone.author, gone.superseded_by) == (True, "not ours", "c", ())
    assert stated.commit_id == first.commit_id


def test_as_of_a_commit_is_what_was_live_then(ledger: Ledger, make: MakeRecord) -> None:
    """Each earlier commit answers as it did when it was the head, in every read."""
    first = ledger.commit([make("a", "one")], **A)
    was = ledger.get("source", "a")
    assert was is not None
    second = ledger.commit([make("a", "two", was.record_id), make("b", "b")], **A)
    ledger.withdraw("source", "b", author="a", reason="r")
    for commit, expected in ((first, {"a": "one"}), (second, {"a": "two", "b": "b"})):
        for prefix in (commit.commit_id, commit.commit_id[:8]):
            assert _titles(ledger, prefix) == expected
            assert ledger.counts(prefix) == {"source": len(expected)}
            assert ledger.head(prefix) == commit
    assert ledger.get("source", "b", second.commit_id) is not None
    assert ledger.get("source", "b", first.commit_id) is None
    assert [h.superseded_by for h in ledger.history("source", "a", first.commit_id)] == [()]
    assert ledger.log(as_of=first.commit_id) == [first]


def test_as_of_a_day_is_what_had_arrived_by_its_end(ledger: Ledger, make: MakeRecord) -> None:
    """The head log decides, not the author's clock: a commit dated 1999 was not known here in 1999."""
    before = datetime.now(UTC)
    commit = ledger.commit([make("a", "one")], at="1999-01-01T00:00:00Z", **A)
    today = datetime.now(UTC).date()
    assert ledger.head(today) == commit
    assert ledger.head(today.isoformat()) == commit
    assert ledger.head(datetime.now(UTC)) == commit
    assert ledger.head(before) is None
    assert ledger.head("1999-06-01") is None
    assert ledger.head(today - timedelta(days=1)) is None


@pytest.mark.parametrize("as_of", ["2026-02-30", "soon", "abcd", "zzzz", datetime.now(UTC).replace(tzinfo=None)])
def test_as_of_what_is_neither_day_nor_commit_is_refused(ledger: Ledger, make: MakeRecord, as_of: str) -> None:
    """No such day, no date, no such commit, a moment without zone."""
    ledger.commit([make("a", "one")], at="2026-01-01T00:00:00Z", **A)
    with pytest.raises(InputError):
        ledger.head(as_of)


def test_refusals_name_the_row_and_change_nothing(ledger: Ledger, make: MakeRecord) -> None:
    """Each impossible commit is an InputError that names the key; head and rows stay."""
    head = ledger.commit([make("a", "one"), make("b", "two")], **A)
    old = ledger.get("source", "a")
    assert old is not None
    ledger.commit([make("a", "ONE", old.record_id)], **A)
    live = ledger.get("source", "b")
    assert live is not None
    head_now, same = ledger.head(), make("z", "z")
    cases = [
        ([], "no record"),
        ([make("b", "again")], "'b': the key has a live record"),
        ([make("q", "1"), make("q", "2")], "'q': the key has a live record"),
        ([make("a", "x", old.record_id)], "'a': it supersedes the record .* superseded already"),
        ([make("b", "x", live.record_id), make("b", "y", live.record_id)], "'b': it supersedes"),
        ([make("a", "x", "0" * 64)], "'a': it supersedes the record 0+, which this ledger does not hold"),
        ([make("a", "x", live.record_id)], "'a': it supersedes a record of another row, source 'b'"),
        ([make("a", "x", "xyz")], "no record id"),
        ([make("n", None)], "'n': a withdrawal names nothing"),
        ([make("", "x")], "empty key"),
        ([same, same], "twice in the commit"),
        ([make("ok", "fine"), make("b", "again")], "'b'"),
    ]
    for records, message in cases:
        with pytest.raises(InputError, match=message):
            ledger.commit(records, **A)
        assert ledger.head() == head_now
        assert _titles(ledger) == {"a": "ONE", "b": "two"}
    assert head_now != head
    ledger.close()
    assert verify(ledger.case_folder).is_sound


def test_unknown_table_is_answered_with_the_known_ones(ledger: Ledger, make: MakeRecord) -> None:
    """Writing to or reading from a table nobody declared names the close ones."""
    with pytest.raises(UnknownName, match="source"):
        ledger.commit([make("a", "x", table="sourc")], **A)
    for read in (ledger.live_index, ledger.snapshot):
        with pytest.raises(UnknownName, match="source"):
            read("sourc")


@pytest.mark.parametrize(("author", "message"), [("", "m"), ("a", " ")])
def test_commit_without_author_or_message_is_refused(
    ledger: Ledger, make: MakeRecord, author: str, message: str
) -> None:
    """Who and why are never empty."""
    with pytest.raises(InputError):
        ledger.commit([make("a", "x")], author=author, message=message)


def test_withdraw_what_is_not_live_is_refused(ledger: Ledger, make: MakeRecord) -> None:
    """Never stated, and withdrawn already."""
    ledger.commit([make("a", "x")], **A)
    ledger.withdraw("source", "a", author="a", reason="r")
    for key in ("a", "never"):
        with pytest.raises(InputError, match=f"{key!r}: there is no live row"):
            ledger.withdraw("source", key, author="a", reason="r")


def test_withdrawn_row_can_be_stated_again(ledger: Ledger, make: MakeRecord) -> None:
    """With or without naming the withdrawal; each way it is live once."""
    ledger.commit([make("a", "x"), make("b", "x")], **A)
    for key in ("a", "b"):
        ledger.withdraw("source", key, author="a", reason="r")
    gone = ledger.history("source", "a")[-1]
    ledger.commit([make("a", "again", gone.record_id), make("b", "again")], **A)
    assert _titles(ledger) == {"a": "again", "b": "again"}


def test_two_parents_join_what_both_knew(ledger: Ledger, make: MakeRecord) -> None:
    """A merge knows both sides' rows; one side's correction and the other's withdrawal both hold."""
    root = ledger.commit([make("a", "1"), make("b", "1")], **A)
    a, b = (ledger.get("source", k) for k in "ab")
    assert a is not None
    assert b is not None
    left = ledger.commit([make("a", "2", a.record_id), make("c", "left")], **A)
    right = ledger.commit(
        [make("b", None, b.record_id), make("d", "right")], author="a", message="m", parents=[root.commit_id]
    )
    assert _titles(ledger) == {"a": "1", "d": "right"}
    merged = ledger.commit([], author="a", message="merge", parents=[left.commit_id, right.commit_id])
    assert merged.parents == tuple(sorted([left.commit_id, right.commit_id]))
    assert _titles(ledger) == {"a": "2", "c": "left", "d": "right"}
    assert _titles(ledger, left.commit_id) == {"a": "2", "b": "1", "c": "left"}
    assert _titles(ledger, right.commit_id) == {"a": "1", "d": "right"}
    assert {c.commit_id for c in ledger.log()} == {c.commit_id for c in (root, left, right, merged)}
    ledger.close()
    assert verify(ledger.case_folder).is_sound


def test_both_sides_of_a_conflict_are_shown_and_none_is_chosen(ledger: Ledger, make: MakeRecord) -> None:
    """Two corrections of one row are both live; get, index and snapshot refuse until one record supersedes both."""
    root = ledger.commit([make("a", "1")], **A)
    a = ledger.get("source", "a")
    assert a is not None
    left = ledger.commit([make("a", "left", a.record_id)], **A)
    right = ledger.commit([make("a", "right", a.record_id)], author="a", message="m", parents=[root.commit_id])
    ledger.commit([], author="a", message="merge", parents=[left.commit_id, right.commit_id])
    both = list(ledger.live("source"))
    assert sorted(str(r.body["title"]) for r in both) == ["left", "right"]
    with pytest.raises(Conflict, match="two live rows: a"):
        ledger.get("source", "a")
    with pytest.raises(Conflict):
        ledger.live_index("source")
    with pytest.raises(Conflict):
        ledger.snapshot("source")
    ledger.commit([make("a", "settled", *(r.record_id for r in both))], **A)
    assert _titles(ledger) == {"a": "settled"}


def test_bad_parents_are_refused(ledger: Ledger, make: MakeRecord) -> None:
    """An unknown parent, no id at all, and a second root."""
    ledger.commit([make("a", "1")], **A)
    for parents in (["0" * 64], ["abc"], []):
        with pytest.raises(InputError):
            ledger.commit([make("b", "1")], author="a", message="m", parents=parents)


def test_records_may_come_from_a_generator_that_fails(ledger: Ledger, make: MakeRecord) -> None:
    """A supply that breaks half-way leaves nothing behind."""
    with pytest.raises(ZeroDivisionError):
        ledger.commit((make(str(i), str(1 // (5000 - i))) for i in range(6000)), **A)
    assert ledger.head() is None
    assert ledger.counts() == {}


def test_live_rows_come_in_the_order_of_their_keys(ledger: Ledger, make: MakeRecord) -> None:
    """By code point, whatever the order of entry; another table's rows stay out."""
    keys = ["b", "Ы", "a", "Z", "1", "a|b"]
    ledger.commit([*(make(k, k) for k in keys), make("x", "x", table="party")], **A)
    assert [r.key for r in ledger.live("source")] == sorted(keys)
    assert list(ledger.live_index("party")) == ["x"]


@pytest.mark.parametrize(
    "text",
    [
        "a\x00b",
        "\x00",
        "x" * 1_000_000,
        "'; DROP TABLE record; --",
        "‮override",
        "\ufeffbom",
        "\ud7ff\ue000",
        "😀",
        "\r\n",
    ],
    ids=["NUL inside", "NUL", "1 MB", "SQL", "right-to-left override", "BOM", "edges", "emoji", "line ends"],
)
def test_strange_text_comes_back_letter_for_letter(ledger: Ledger, make: MakeRecord, text: str) -> None:
    """In a key and in a value: stored, found by key, in the snapshot, and verified."""
    key = text[:500]
    ledger.commit([make(key, text)], author=f"a{key}", message=f"m{key}")
    row = ledger.get("source", key)
    assert row is not None
    assert row.body == {"source_id": key, "title": text}
    assert list(ledger.live_index("source")) == [key]
    assert ledger.snapshot("source").frame.collect()["title"].to_list() == [text]
    assert [h.body for h in ledger.history("source", key)] == [row.body]
    ledger.close()
    assert verify(ledger.case_folder).problems == ()


def test_lone_surrogates_are_refused_and_leave_nothing(ledger: Ledger, make: MakeRecord) -> None:
    """In a value, a key, the author or the message: InputError, and the ledger is as before."""
    bad = "a\ud800b"
    for records, author, message in (
        ([make("a", bad)], "a", "m"),
        ([make(bad, "x")], "a", "m"),
        ([make("a", "x")], bad, "m"),
        ([make("a", "x")], "a", bad),
    ):
        with pytest.raises(InputError):
            ledger.commit(records, author=author, message=message)
        assert ledger.head() is None
        assert ledger.counts() == {}
