"""Two ledgers of one case: clone, merge, and what a merge leaves to a person.

Invariant: a merge is a set union of commits. What is live afterwards depends on which commits are there, and not on the
order in which they came.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

import sqlalchemy as sa

from taggant.errors import EvidenceBroken, InputError
from taggant.ledger import appending, carrying, reading, store
from taggant.ledger.commits import Commit, instant, this_program
from taggant.ledger.ledger import Ledger
from taggant.ledger.purging import finish, stand_ins
from taggant.ledger.rows import body_of
from taggant.model.record import Body, Record, fresh_salt
from taggant.model.typed_tables import TYPED

_KEPT_BY_MACHINE = frozenset({"exhibit", "import"})
Progress: TypeAlias = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of several statements of one row, none of which knows of the other.

    Attributes
    ----------
    record_id : str
    body : dict or None
        None: this side withdrew the row.
    commit : Commit
    """

    record_id: str
    body: Body | None
    commit: Commit


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoSided:
    """A row that was changed in two places at once.

    Attributes
    ----------
    table, key : str
    sides : tuple of Side
        Two or more, in the order of their records' ids.
    """

    table: str
    key: str
    sides: tuple[Side, ...]

    @property
    def is_alike(self) -> bool:
        """Whether all sides say the same."""
        return all(side.body == self.sides[0].body for side in self.sides)


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeReport:
    """What a merge did.

    Attributes
    ----------
    head : Commit or None
        The head afterwards.
    made : Commit or None
        The two-parent commit, when one was needed: neither side stood on the other.
    n_commits, n_records, n_exhibits : int
        What is new here.
    conflicts : tuple of TwoSided
        Rows a person has to settle.
    """

    head: Commit | None
    made: Commit | None
    n_commits: int
    n_records: int
    n_exhibits: int
    conflicts: tuple[TwoSided, ...]


def merge(
    here: Ledger, there: Ledger, *, author: str, message: str | None = None, at: datetime | str | None = None,
    progress: Progress | None = None,
) -> MergeReport:  # fmt: skip
    """What does this ledger know once it knows all that the other knows?

    Parameters
    ----------
    here : Ledger
        Open for writing.
    there : Ledger
        Read only.
    author : str
        Handle of the person who merges.
    message : str, optional
    at : datetime or str, optional
        When; now by default.
    progress : callable, optional
        Told (what, done, total).

    Returns
    -------
    MergeReport
        Merging again changes nothing.

    Raises
    ------
    EvidenceBroken
        Something of the other ledger is not what it was; nothing is taken in.

    Notes
    -----
    *Assumes:* both are ledgers of one case.
    *Not for:* taking rows of another case over; those are imported with a source of their own.
    """
    tell = progress or (lambda _what, _done, _total: None)
    n_exhibits = _fetch_exhibits(here, there, tell)
    tell("taking commits in", 0, 0)
    with there.opened.reading() as theirs:
        their_head = reading.head_n(theirs)
        if their_head is None:
            return MergeReport(
                head=here.head(), made=None, n_commits=0, n_records=0, n_exhibits=n_exhibits, conflicts=conflicts(here)
            )
        their_id = bytes.fromhex(reading.read_commit(theirs, their_head).commit_id)
        with here.opened.writing() as connection:
            held = carrying.commit_ids(connection)
            n_commits, n_records = carrying.take_in(connection, carrying.packets(theirs, held))
            made = _stand_on_both(connection, their_id, author=author, at=instant(at), message=message)
    finish(here)  # a purge made there holds here too
    return MergeReport(
        head=here.head(), made=made, n_commits=n_commits, n_records=n_records, n_exhibits=n_exhibits,
        conflicts=conflicts(here),
    )  # fmt: skip


def _stand_on_both(
    connection: sa.Connection, their_id: bytes, *, author: str, at: str, message: str | None
) -> Commit | None:
    ours = reading.head_n(connection)
    theirs = carrying.commit_ids(connection)[their_id]
    if ours is not None and theirs in _ancestors(connection, ours):
        return None
    if ours is None or ours in _ancestors(connection, theirs):
        appending.rebuild_tips(connection, theirs)
        appending.move_head(connection, theirs, their_id)
        return None
    our_id = reading.read_commit(connection, ours).commit_id
    appending.rebuild_tips_of(connection, [ours, theirs])
    return appending.append(
        connection, _kept_by_machine(connection), author=author, at=at, tool=this_program(),
        message=message or f"merge {their_id.hex()[:12]}", parents=[our_id, their_id.hex()],
    )  # fmt: skip


def _ancestors(connection: sa.Connection, n: int) -> set[int]:
    return set(connection.execute(sa.select(reading.ancestors(n).c.n)).scalars())


def _fetch_exhibits(here: Ledger, there: Ledger, tell: Progress) -> int:
    held = {*here.exhibits, *(gone.removeprefix("sha256:") for one in (here, there) for gone in stand_ins(one))}
    missing = [sha256 for sha256 in there.exhibits if sha256 not in held]
    for n, sha256 in enumerate(missing):
        tell("fetching exhibits", n, len(missing))
        kept = here.exhibits.add(there.exhibits.path(sha256))
        if kept.sha256 != sha256:
            raise EvidenceBroken(
                f"the exhibit sha256:{sha256} of the other ledger now has the sha256 {kept.sha256}",
                where=str(there.exhibits.path(sha256)),
            )
    return len(missing)


def _kept_by_machine(connection: sa.Connection) -> list[Record]:
    """Settle what no person stated: which file was read last, and when a file came."""
    records = []
    for found in _conflicts(connection):
        if found.table not in _KEPT_BY_MACHINE:
            continue
        # The first receipt of an exhibit and the last import of a file hold. Whichever ledger merges, the same does.
        order = sorted(found.sides, key=lambda side: (side.commit.at, side.record_id))
        body = order[0 if found.table == "exhibit" else -1].body
        supersedes = tuple(sorted(side.record_id for side in found.sides))
        version = TYPED[found.table].version
        records.append(
            Record(
                table=found.table, key=found.key, schema=version, body=body, supersedes=supersedes, salt=fresh_salt()
            )
        )
    return records


def conflicts(ledger: Ledger) -> tuple[TwoSided, ...]:
    """Which rows were changed in two places at once, and are not settled?

    Returns
    -------
    tuple of TwoSided
        In the order of tables and keys. A row withdrawn on both sides is none; a row withdrawn on one side and changed
        on the other is.
    """
    with ledger.opened.reading() as connection:
        return _conflicts(connection)


def _conflicts(connection: sa.Connection) -> tuple[TwoSided, ...]:
    tip, record = store.tip.c, store.record.c
    several = (
        sa.select(tip.table, tip.key)
        .group_by(tip.table, tip.key)
        .having(sa.func.count() > 1, sa.func.min(sa.cast(tip.is_withdrawal, sa.Integer)) == 0)
        .subquery()
    )
    rows = connection.execute(
        sa.select(tip.table, tip.key, record.record_id, record.canonical, record.commit_n, tip.is_withdrawal)
        .join(several, sa.and_(several.c.table == tip.table, several.c.key == tip.key))
        .join(store.record, record.n == tip.record_n)
        .order_by(tip.table, tip.key, record.record_id)
    ).all()
    numbers = sorted({row.commit_n for row in rows})
    commits = dict(zip(numbers, reading.read_commits(connection, numbers), strict=True))
    below: dict[int, set[int]] = {}
    by_key: dict[tuple[str, str], list[tuple[int, Side]]] = {}
    for table, key, record_id, canonical, commit_n, _ in rows:
        body = None if canonical is None else body_of(table, key, canonical)
        side = Side(record_id=record_id.hex(), body=body, commit=commits[commit_n])
        by_key.setdefault((table, key), []).append((commit_n, side))
    found = []
    for (table, key), sides in by_key.items():
        real = [
            side
            for n, side in sides
            if side.body is not None or not _is_followed(connection, n, [m for m, _ in sides if m != n], below)
        ]
        if len(real) > 1:
            found.append(TwoSided(table=table, key=key, sides=tuple(real)))
    return tuple(found)


def _is_followed(connection: sa.Connection, n: int, others: list[int], below: dict[int, set[int]]) -> bool:
    """Whether the row was stated again by somebody who knew of this withdrawal."""
    for other in others:
        if other not in below:
            below[other] = _ancestors(connection, other)
        if n in below[other]:
            return True
    return False


def settle(
    ledger: Ledger,
    choices: Mapping[tuple[str, str], str],
    *,
    author: str,
    reason: str,
    at: datetime | str | None = None,
) -> Commit:
    """What does the ledger know once these conflicts are settled?

    Parameters
    ----------
    ledger : Ledger
        Open for writing.
    choices : mapping of (table, key) to str
        The beginning of the id of the record whose statement holds.
    author, reason : str
    at : datetime or str, optional

    Returns
    -------
    Commit
        One record for each row; it supersedes all sides.

    Raises
    ------
    InputError
        The row is in no conflict, or the beginning fits no side or several.
    """
    open_now = {(c.table, c.key): c for c in conflicts(ledger)}
    records = []
    for (table, key), chosen in choices.items():
        conflict = open_now.get((table, key))
        if conflict is None:
            raise InputError(
                "there is no conflict on this row", where=f"{table} {key!r}", next="See them with taggant resolve CASE"
            )
        fitting = [side for side in conflict.sides if chosen and side.record_id.startswith(chosen)]
        if len(fitting) != 1:
            ids = ", ".join(side.record_id[:12] for side in conflict.sides)
            raise InputError(
                f"{chosen!r} names {len(fitting) or 'none'} of the sides ({ids})",
                where=f"{table} {key!r}",
                next="Give more digits of the one that holds",
            )
        records.append(
            Record(
                table=table,
                key=key,
                schema=TYPED[table].version,
                body=fitting[0].body,
                supersedes=tuple(sorted(side.record_id for side in conflict.sides)),
                salt=fresh_salt(),
                origin=_origin(ledger, table, key, fitting[0].record_id),
            )
        )
    if not records:
        raise InputError("no choice was given", next="Name the record that holds with --keep")
    return ledger.commit(records, author=author, message=reason, at=at)


def _origin(ledger: Ledger, table: str, key: str, record_id: str) -> str | None:
    for row in ledger.live(table):
        if row.key == key and row.record_id == record_id:
            return row.origin
    return None


__all__ = ["MergeReport", "Side", "TwoSided", "conflicts", "merge", "settle"]
