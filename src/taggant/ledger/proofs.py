"""A small file that proves one record was in one commit, to somebody who has neither the case nor trust in us.

Invariant: what is checked is computed from the file alone. It proves *that these bytes were in the commit of this id*;
that the id is the true one is known to whoever was handed it before.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa

from taggant.errors import EvidenceBroken, InputError
from taggant.ledger import reading, store
from taggant.ledger.commits import Commit
from taggant.ledger.ledger import Ledger
from taggant.ledger.merkle import inclusion_path, is_included
from taggant.model.canonical import Plain, canonical
from taggant.model.record import LEAF, Body

FORMAT = 1
_HEX64 = re.compile(r"[0-9a-f]{64}")
_BOUND = 64 * 2**20  # a proof is a few kilobytes; a record may be long, a file from outside longer


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """What a proof shows.

    Attributes
    ----------
    record_id : str
    table, key : str or None
        None: the content is not shown.
    body : dict or None
        None: a withdrawal, or the content is not shown.
    is_shown : bool
        Whether the record's content is in the proof.
    commit : Commit
        The commit it was in.
    head : str
        Id of the last commit the proof leads to: the commit itself, or one that stands on it.
    n_steps : int
        How many commits lie between.
    """

    record_id: str
    table: str | None
    key: str | None
    body: Body | None
    is_shown: bool
    commit: Commit
    head: str
    n_steps: int


def prove(ledger: Ledger, record_id: str, *, is_shown: bool = True, up_to_head: bool = False) -> bytes:
    """Which file proves that this record is in the ledger?

    Parameters
    ----------
    ledger : Ledger
    record_id : str
        Hex; at least four digits.
    is_shown : bool
        Put the record's content in; without it the proof shows only that a record of this id was there.
    up_to_head : bool
        Add the commits from its own up to the head, so that who knows the head's id needs no other.

    Returns
    -------
    bytes
        Canonical JSON.

    Raises
    ------
    InputError
        No record, or several, have an id that begins so.

    References
    ----------
    .. [1] Laurie, B., Langley, A., Kasper, E. (2013). Certificate Transparency. RFC 6962, §2.1.1.
    """
    r = store.record.c
    with ledger.opened.reading() as connection:
        row = _record(connection, record_id)
        commit = reading.read_commit(connection, row.commit_n)
        ids = [
            bytes(i)
            for i in connection.execute(
                sa.select(r.record_id).where(r.commit_n == row.commit_n).order_by(r.record_id)
            ).scalars()
        ]
        chain = _chain(connection, row.commit_n) if up_to_head else []
    index = ids.index(row.record_id)
    if is_shown and row.canonical is None:
        raise InputError(
            f"the bytes of the record {row.record_id.hex()} were destroyed by a purge",
            next="Prove its id alone: --without-content",
        )
    return written_proof(
        row.record_id, row.canonical if is_shown else None, index=index, path=inclusion_path(ids, index), commit=commit,
        chain=chain,
    )  # fmt: skip


def written_proof(
    record_id: bytes, content: bytes | None, *, index: int, path: Sequence[bytes], commit: Commit,
    chain: Sequence[Commit] = (),
) -> bytes:  # fmt: skip
    """How is a proof written?

    Parameters
    ----------
    record_id : bytes
    content : bytes or None
        The record's canonical bytes; None: not shown.
    index : int
        Its place among the sorted ids of its commit.
    path : sequence of bytes
        Neighbours from the leaf to the root.
    commit : Commit
        The commit it is in.
    chain : sequence of Commit
        Commits that stand on it, one line of them.

    Returns
    -------
    bytes
        Canonical JSON.
    """
    said: dict[str, Plain] = {
        "taggant_proof": FORMAT,
        "record_id": record_id.hex(),
        # As text, so that the very bytes that were hashed survive any program that reformats JSON.
        "record": None if content is None else content.decode(),
        "index": index,
        "size": commit.n,
        "path": [node.hex() for node in path],
        "commit": _plain(commit),
        "chain": [_plain(c) for c in chain],
        "head": (chain[-1] if chain else commit).commit_id,
    }
    return canonical(said) + b"\n"


def record_of_row(ledger: Ledger, table: str, key: str) -> str:
    """Which record states this row now?

    Raises
    ------
    InputError
        The row is not live.
    """
    row = ledger.get(table, key)
    if row is None:
        raise InputError(
            "there is no live row with this key", where=f"{table} {key!r}", next="See taggant history, or give a record"
        )
    return row.record_id


def check_proof(file: Path) -> Proven:
    """What does this proof prove? It is checked by itself; no case is needed.

    Raises
    ------
    InputError
        The file is no proof.
    EvidenceBroken
        It proves nothing: a hash in it does not hold.
    """
    said = _read(file)
    try:
        commit, chain = _commit(said["commit"]), [_commit(c) for c in said["chain"]]
        record_id = bytes.fromhex(said["record_id"])
        path = [bytes.fromhex(node) for node in said["path"]]
        index, size, content = int(said["index"]), int(said["size"]), said["record"]
        head = str(said["head"])
        root = bytes.fromhex(commit.root)
        if content is not None and not isinstance(content, str):
            raise _no_proof(file, "its record is no text")
    except (KeyError, TypeError, ValueError, AttributeError) as err:
        raise _no_proof(file, f"{type(err).__name__}: {err}") from err
    table = key = body = None
    if content is not None:
        found = hashlib.sha256(LEAF + content.encode()).hexdigest()
        if found != record_id.hex():
            raise _fails(file, f"the record's bytes have the id {found}, not {record_id.hex()}")
        try:
            record = orjson.loads(content)
            table, key, body = record["table"], record["key"], record["body"]
        except (orjson.JSONDecodeError, KeyError, TypeError) as err:
            raise _fails(file, "the record's bytes are no record") from err
    if size != commit.n or not is_included(record_id, index, size, path, root):
        raise _fails(file, f"the path does not lead from the record to the root of the commit {commit.commit_id}")
    below = commit
    for above in chain:
        if below.commit_id not in above.parents:
            raise _fails(file, f"the commit {above.commit_id} does not stand on {below.commit_id}")
        below = above
    if below.commit_id != head:
        raise _fails(file, f"its commits lead to {below.commit_id}, not to {head}")
    return Proven(
        record_id=record_id.hex(), table=table, key=key, body=body, is_shown=content is not None,
        commit=commit, head=below.commit_id, n_steps=len(chain),
    )  # fmt: skip


def _record(connection: sa.Connection, prefix: str) -> Any:
    if not re.fullmatch(r"[0-9a-f]{4,64}", prefix):
        raise InputError(f"{prefix!r} is no record id", next="Give at least four digits of it, from taggant history")
    low, high = bytes.fromhex(prefix.ljust(64, "0")), bytes.fromhex(prefix.ljust(64, "f"))
    r = store.record.c
    found = connection.execute(
        sa.select(r.record_id, r.commit_n, r.canonical).where(r.record_id.between(low, high)).limit(3)
    ).all()
    if len(found) != 1:
        raise InputError(
            f"{'several records have ids' if found else 'no record has an id'} that begin{'' if found else 's'} "
            f"with {prefix!r}",
            next="Give more digits" if found else "See the ids with taggant history CASE TABLE KEY",
        )
    return found[0]


def _chain(connection: sa.Connection, commit_n: int) -> list[Commit]:
    """Give one line of commits from the one above this up to the head."""
    head = reading.head_n(connection)
    if head is None:
        return []
    known = set(connection.execute(sa.select(reading.ancestors(head).c.n)).scalars())
    children: dict[int, int] = {}
    parent = store.commit_parent.c
    for child, below in connection.execute(sa.select(parent.commit_n, parent.parent_n)):
        if child in known:
            # The nearest child: numbers grow upwards, so any line ends at the head.
            children[below] = min(child, children.get(below, child))
    if commit_n not in known:
        raise InputError("the record's commit is not part of the head", next="Prove it without --up-to-head")
    numbers = []
    at = commit_n
    while at != head:
        at = children[at]
        numbers.append(at)
    return reading.read_commits(connection, numbers)


def _plain(commit: Commit) -> Plain:
    plain: Plain = orjson.loads(commit.canonical())
    return plain


def _commit(said: Any) -> Commit:
    if not isinstance(said, dict) or not all(isinstance(p, str) for p in said["parents"]):
        raise TypeError("a commit is no object")
    if not _HEX64.fullmatch(said["root"]):
        raise ValueError("a root is no sha256")
    return Commit(
        parents=tuple(said["parents"]), author=str(said["author"]), at=str(said["at"]), tool=str(said["tool"]),
        message=str(said["message"]), root=said["root"], n=int(said["n"]),
    )  # fmt: skip


def _read(file: Path) -> dict[str, Any]:
    try:
        if file.stat().st_size > _BOUND:
            raise _no_proof(file, "it is too long for one")
        said = orjson.loads(file.read_bytes())
    except OSError as err:
        raise InputError(f"the file cannot be read: {err.strerror}", where=str(file)) from err
    except orjson.JSONDecodeError as err:
        raise _no_proof(file, str(err)) from err
    if not isinstance(said, dict) or "taggant_proof" not in said:
        raise _no_proof(file, "it does not say so")
    if said["taggant_proof"] != FORMAT:
        raise InputError(f"the proof has format {said['taggant_proof']!r}", where=str(file), next="Update Taggant")
    return said


def _no_proof(file: Path, why: str) -> InputError:
    return InputError(f"this is no proof: {why}", where=str(file), next="Make one with taggant prove CASE")


def _fails(file: Path, what: str) -> EvidenceBroken:
    return EvidenceBroken(
        f"this proof proves nothing: {what}", where=str(file), next="Ask whoever made it for the file again"
    )
