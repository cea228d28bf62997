"""Commits carried from one ledger to another, as they are: nothing is made again, everything is hashed again.

Invariant: a commit is taken in whole or not at all, after every commit it stands on; its id, its root and each of its
records' ids are computed from what arrived, not believed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any, TypeAlias

import orjson
import sqlalchemy as sa

from taggant.errors import EvidenceBroken, InputError
from taggant.ledger import bulk, reading, store
from taggant.ledger.commits import Commit
from taggant.ledger.merkle import tree_root
from taggant.model.record import LEAF
from taggant.model.typed_tables import TYPED

_CHUNK = 2_000
_COMMITS_AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class Carried:
    """One record on its way.

    Attributes
    ----------
    record_id : bytes
    table, key : str
    is_withdrawal : bool
    canonical : bytes or None
        None: its bytes were destroyed by a purge, or are withheld; then `supersedes` is believed.
    supersedes : tuple of bytes
    """

    record_id: bytes
    table: str
    key: str
    is_withdrawal: bool
    canonical: bytes | None
    supersedes: tuple[bytes, ...] = ()

    @classmethod
    def of(cls, canonical: bytes) -> Carried:
        """Give the record these stored bytes are, with the id they have."""
        try:
            said = orjson.loads(canonical)
            return cls(
                hashlib.sha256(LEAF + canonical).digest(),
                str(said["table"]),
                str(said["key"]),
                said["body"] is None,
                canonical,
                tuple(bytes.fromhex(old) for old in said["supersedes"]),
            )
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as err:
            raise EvidenceBroken(f"bytes that should be a record are none: {canonical[:60]!r}…") from err


Packet: TypeAlias = "tuple[Commit, Iterable[Carried]]"
"""A commit and its records, which are to be read before the next packet is."""


def commit_ids(connection: sa.Connection) -> dict[bytes, int]:
    """Which commits does this store hold? Id → number, in the order of their numbers."""
    return {
        c: int(n) for n, c in connection.execute(sa.select(store.commit.c.n, store.commit.c.commit_id).order_by("n"))
    }


def packets(connection: sa.Connection, without: Iterable[bytes] = ()) -> Iterator[Packet]:
    """Give the commits of this store with their records, parents first, but for those another has already."""
    known = set(without)
    wanted = [n for commit_id, n in commit_ids(connection).items() if commit_id not in known]
    if not wanted:
        return
    first = connection.execute(
        sa.select(sa.func.min(store.record.c.n)).where(store.record.c.commit_n >= wanted[0])
    ).scalar()
    groups = groupby(_records(connection, first or 0), key=lambda row: int(row[0]))
    ahead = next(groups, None)
    for start in range(0, len(wanted), _COMMITS_AT_A_TIME):
        some = wanted[start : start + _COMMITS_AT_A_TIME]
        for n, commit in zip(some, reading.read_commits(connection, some), strict=True):
            while ahead is not None and ahead[0] < n:
                ahead = next(groups, None)
            if ahead is None or ahead[0] != n:
                yield commit, ()
                continue
            yield commit, (_carried(connection, row) for row in ahead[1])


def _records(connection: sa.Connection, first: int) -> Iterator[Any]:
    r = store.record.c
    # Records of one commit have neighbouring numbers: one pass in the order of numbers meets each commit once.
    wanted = sa.select(r.commit_n, r.n, r.record_id, r.table, r.key, r.is_withdrawal, r.canonical)
    for some in reading.streamed(connection, wanted.where(r.n >= first).order_by(r.n), _CHUNK):
        yield from some


def _carried(connection: sa.Connection, row: Any) -> Carried:
    _, n, record_id, table, key, is_withdrawal, canonical = row
    if canonical is not None:
        return Carried(record_id, table, key, bool(is_withdrawal), canonical)
    old = store.record.alias("old")
    supersedes = connection.execute(
        sa.select(old.c.record_id)
        .join(store.record_supersedes, store.record_supersedes.c.old_n == old.c.n)
        .where(store.record_supersedes.c.new_n == n)
    ).scalars()
    return Carried(record_id, table, key, bool(is_withdrawal), None, tuple(supersedes))


def take_in(connection: sa.Connection, arriving: Iterable[Packet]) -> tuple[int, int]:
    """Which commits does the store hold once these are in it? Head and live index are as before.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside the writer's transaction.
    arriving : iterable of (Commit, iterable of Carried)
        Parents before children; commits held already are skipped.

    Returns
    -------
    tuple of int
        Commits and records that are new here.

    Raises
    ------
    EvidenceBroken
        A hash does not hold, or a commit stands on one that is not here. Nothing is to be kept then.
    InputError
        A record is of a table this program does not know.
    """
    known = commit_ids(connection)
    number = int(connection.execute(sa.select(sa.func.max(store.record.c.n))).scalar() or 0)
    n = max(known.values(), default=0)
    n_commits = n_records = 0
    for commit, records in arriving:
        commit_id = bytes.fromhex(commit.commit_id)
        if commit_id in known:
            continue
        n += 1
        _add_commit(connection, commit, n, known)
        known[commit_id] = n
        ids = _add_records(connection, records, commit_n=n, after=number)
        if len(ids) != commit.n or tree_root(sorted(ids)).hex() != commit.root:
            raise EvidenceBroken(
                f"the commit {commit.commit_id} arrived with other records than it was made with",
                next="Verify the ledger it came from: taggant verify",
            )
        number += len(ids)
        n_commits += 1
        n_records += len(ids)
    return n_commits, n_records


def _add_commit(connection: sa.Connection, commit: Commit, n: int, known: dict[bytes, int]) -> None:
    on = [known.get(bytes.fromhex(parent)) for parent in commit.parents]
    if None in on:
        raise EvidenceBroken(f"the commit {commit.commit_id} stands on a commit that did not come with it")
    connection.execute(
        store.commit.insert(),
        {
            "n": n,
            "commit_id": bytes.fromhex(commit.commit_id),
            "author": commit.author,
            "at": commit.at,
            "tool": commit.tool,
            "message": commit.message,
            "root": bytes.fromhex(commit.root),
            "n_records": commit.n,
        },
    )
    if on:
        connection.execute(store.commit_parent.insert(), [{"commit_n": n, "parent_n": p} for p in on])


def _add_records(connection: sa.Connection, records: Iterable[Carried], *, commit_n: int, after: int) -> list[bytes]:
    ids: list[bytes] = []
    supply = iter(records)
    while chunk := list(islice(supply, _CHUNK)):
        rows: list[tuple[Any, ...]] = []
        pairs: list[bulk.Pair] = []
        for given in chunk:
            record = given if given.canonical is None else _held_against(given)
            if record.table not in TYPED:
                raise InputError(
                    f"a record of the table {record.table!r} arrived, which this program does not know",
                    next="Update Taggant",
                )
            number = after + len(ids) + 1
            ids.append(record.record_id)
            rows.append(
                (number, record.record_id, record.table, record.key, commit_n, record.is_withdrawal, record.canonical)
            )
            pairs += [(old, number, record.table, record.key) for old in record.supersedes]
        try:
            bulk.insert(connection, store.record, rows)
        except sa.exc.IntegrityError as err:
            raise EvidenceBroken("a record arrived in two commits", where=f"commit number {commit_n}") from err
        if bulk.note_superseded(connection, pairs) != len(pairs):
            raise EvidenceBroken("a record supersedes one that did not come with it", where=f"commit number {commit_n}")
    return ids


def _held_against(given: Carried) -> Carried:
    said = Carried.of(given.canonical or b"")
    if (said.record_id, said.table, said.key, said.is_withdrawal) != (
        given.record_id, given.table, given.key, given.is_withdrawal
    ):  # fmt: skip
        raise EvidenceBroken(
            f"the record {given.record_id.hex()} arrived with bytes that are not its own",
            where=f"{given.table} {given.key!r}",
        )
    return said
