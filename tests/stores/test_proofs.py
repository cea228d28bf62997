"""A proof stands alone: every record can be proven, and no changed proof proves anything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from taggant.errors import EvidenceBroken, InputError, TaggantError
from taggant.ledger.ledger import Ledger
from taggant.ledger.proofs import check_proof, prove, record_of_row

if TYPE_CHECKING:
    from .conftest import MakeRecord

A = {"author": "a", "message": "m"}


def _checked(content: bytes, tmp_path: Path) -> Any:
    file = tmp_path / "proof.json"
    file.write_bytes(content)
    return check_proof(file)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 7, 8, 9])
def test_every_record_of_a_commit_of_n_can_be_proven(ledger: Ledger, make: MakeRecord, tmp_path: Path, n: int) -> None:
    """Trees of every shape: with content and without, to the commit and up to the head."""
    ledger.commit([make("before", "x")], **A)
    commit = ledger.commit([make(f"k{i}", f"title {i}") for i in range(n)], **A)
    head = ledger.commit([make("after", "x")], **A)
    for i in range(n):
        record_id = record_of_row(ledger, "source", f"k{i}")
        shown = _checked(prove(ledger, record_id), tmp_path)
        assert (shown.key, shown.body["title"], shown.commit, shown.head) == (
            f"k{i}", f"title {i}", commit, commit.commit_id
        )  # fmt: skip
        content = prove(ledger, record_id, is_shown=False, up_to_head=True)
        assert f"title {i}".encode() not in content
        hidden = _checked(content, tmp_path)
        assert (hidden.is_shown, hidden.body, hidden.head, hidden.n_steps) == (False, None, head.commit_id, 1)


def test_a_withdrawal_can_be_proven(ledger: Ledger, make: MakeRecord, tmp_path: Path) -> None:
    """By its record; the row itself is not live any more."""
    ledger.commit([make("a", "x")], **A)
    ledger.withdraw("source", "a", author="a", reason="r")
    with pytest.raises(InputError, match="no live row"):
        record_of_row(ledger, "source", "a")
    proven = _checked(prove(ledger, ledger.history("source", "a")[-1].record_id), tmp_path)
    assert (proven.key, proven.body, proven.is_shown) == ("a", None, True)


def test_every_changed_digit_of_a_proof_breaks_it(ledger: Ledger, make: MakeRecord, tmp_path: Path) -> None:
    """Each byte of the file, one bit flipped: it proves nothing, or it is no proof, or it says the very same."""
    ledger.commit([make(f"k{i}", "t") for i in range(5)], **A)
    ledger.commit([make("after", "x")], **A)
    content = prove(ledger, record_of_row(ledger, "source", "k3"), up_to_head=True)
    sound = _checked(content, tmp_path)
    for at in range(len(content)):
        changed = bytearray(content)
        changed[at] ^= 1
        try:
            proven = _checked(bytes(changed), tmp_path)
        except TaggantError:
            continue
        # What is left is white space and the number of steps' spelling: the same record in the same commit.
        assert proven == sound, f"byte {at}: {content[at : at + 20]!r}"


def test_a_proof_of_another_record_does_not_pass(ledger: Ledger, make: MakeRecord, tmp_path: Path) -> None:
    """Content, index or size of a neighbour: exit 3."""
    ledger.commit([make(f"k{i}", "t") for i in range(4)], **A)
    one, other = (json.loads(prove(ledger, record_of_row(ledger, "source", k))) for k in ("k1", "k2"))
    for name in ("record", "record_id", "index", "path"):
        with pytest.raises(EvidenceBroken, match="proves nothing"):
            _checked(json.dumps({**one, name: other[name]}).encode(), tmp_path)
    with pytest.raises(EvidenceBroken):
        _checked(json.dumps({**one, "size": 3}).encode(), tmp_path)


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff", b'{"taggant_proof":1}', b'{"taggant_proof":2}'])
def test_what_is_no_proof_is_said(tmp_path: Path, content: bytes) -> None:
    """Other files: exit 2, not 3 and not a traceback."""
    with pytest.raises(InputError):
        _checked(content, tmp_path)


def test_a_record_is_named_by_enough_of_its_id(ledger: Ledger, make: MakeRecord) -> None:
    """Four digits and more; unknown ones are said."""
    ledger.commit([make("a", "x")], **A)
    record_id = record_of_row(ledger, "source", "a")
    assert prove(ledger, record_id[:8]) == prove(ledger, record_id)
    for wrong in ("", "abc", "zzzz", "0" * 64):
        with pytest.raises(InputError):
            prove(ledger, wrong)
