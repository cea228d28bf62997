"""An empty store filled with commits and a head log that come from elsewhere: another store, or a bundle.

Invariant: all of it in one transaction; every hash is computed again from what arrived.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from taggant.errors import EvidenceBroken
from taggant.ledger import appending, carrying, reading, store
from taggant.ledger.store import Store


@dataclass(frozen=True, slots=True)
class HeadLine:
    """One line of a head log: from `arrived_at` on, this commit was the head.

    Attributes
    ----------
    n : int
        From 1.
    commit_id : bytes
    arrived_at : str
    seal : bytes
        Chains the line to the one before.
    """

    n: int
    commit_id: bytes
    arrived_at: str
    seal: bytes


def head_lines(connection: sa.Connection) -> list[HeadLine]:
    """Which commit was the head of this store from when on?"""
    h = store.head.c
    lines = connection.execute(
        sa.select(h.n, store.commit.c.commit_id, h.arrived_at, h.seal)
        .join(store.commit, store.commit.c.n == h.commit_n)
        .order_by(h.n)
    )
    return [HeadLine(int(n), commit_id, arrived_at, seal) for n, commit_id, arrived_at, seal in lines]


def unfitting(lines: Iterable[HeadLine]) -> int | None:
    """Which line of this head log is not what was written? None: all are."""
    before = appending.NO_SEAL
    for number, line in enumerate(lines, 1):
        sealed = appending.seal(before, line.commit_id, line.arrived_at.encode())
        if line.n != number or sealed != line.seal:
            return number
        before = line.seal
    return None


def fill(new: Store, packets: Iterable[carrying.Packet], heads: Iterable[HeadLine]) -> tuple[int, int]:
    """What does this empty store hold once these commits and this head log are in it?

    Parameters
    ----------
    new : Store
        Empty.
    packets : iterable of Packet
        Parents before children.
    heads : iterable of HeadLine

    Returns
    -------
    tuple of int
        Commits and records.

    Raises
    ------
    EvidenceBroken
        A hash does not hold, or the head log names a commit that did not come. The store is as it was.
    """
    with new.writing() as connection:
        counts = carrying.take_in(connection, packets)
        numbers = carrying.commit_ids(connection)
        try:
            rows = [
                {"n": line.n, "commit_n": numbers[line.commit_id], "arrived_at": line.arrived_at, "seal": line.seal}
                for line in heads
            ]
        except KeyError as err:
            raise EvidenceBroken("the head log names a commit that did not come with it") from err
        if rows:
            connection.execute(store.head.insert(), rows)
        head = reading.head_n(connection)
        if head is not None:
            appending.rebuild_tips(connection, head)
    return counts
