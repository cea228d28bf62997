"""Adding one commit: its records, what they supersede, the live index and the head — all in one transaction.

Invariant: nothing here changes a row of `record`, `record_supersedes` or `head`; a refusal leaves the store as it was,
because the caller's transaction is rolled back.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import count, islice, repeat
from types import TracebackType
from typing import Any, Self

import sqlalchemy as sa

from taggant.errors import InputError, UnknownName
from taggant.ledger import bulk, reading, store
from taggant.ledger.commits import Commit
from taggant.ledger.merkle import tree_root
from taggant.model.record import LEAF, Record
from taggant.model.record_columns import WrittenRecord
from taggant.model.typed_tables import TYPED

_CHUNK = 2_000
"""Records encoded, hashed and inserted at a time: memory stays small and warm whatever the size of the import."""

_HEX64 = re.compile(r"[0-9a-f]{64}")
_HEX32 = re.compile(r"[0-9a-f]{32}")
NO_SEAL = bytes(32)
"""What stands before the first line of the head log."""


def append(
    connection: sa.Connection,
    records: Iterable[Record | WrittenRecord],
    *,
    author: str,
    at: str,
    tool: str,
    message: str,
    parents: Sequence[str] | None,
) -> Commit:
    """Add these records as one commit on top of the head, or of the parents given, and make it the head."""
    head = reading.head_n(connection)
    on = _parent_numbers(connection, parents, head)
    n = (connection.execute(sa.select(sa.func.max(store.commit.c.n))).scalar() or 0) + 1
    stub = {"author": author, "at": at, "tool": tool, "message": message, "n_records": 0}
    # Foreign keys want the commit before its records, and its root is known after them: it is completed below, still
    # inside the one transaction.
    connection.execute(store.commit.insert(), {"n": n, "commit_id": bytes(32), "root": bytes(32), **stub})
    if on:
        connection.execute(store.commit_parent.insert(), [{"commit_n": n, "parent_n": p} for p in on])
    if on != ([] if head is None else [head]):
        rebuild_tips(connection, n)
    ids = _add_records(connection, records, commit_n=n)
    if not ids and len(on) < 2:
        raise InputError("the commit holds no record", next="Give at least one record; only a merge may be empty")
    ids.sort()
    made = Commit(
        parents=tuple(sorted(c.commit_id for c in reading.read_commits(connection, on))),
        author=author,
        at=at,
        tool=tool,
        message=message,
        root=tree_root(ids).hex(),
        n=len(ids),
    )
    commit_id = bytes.fromhex(made.commit_id)
    if (
        connection.execute(sa.select(store.commit.c.n).where(store.commit.c.commit_id == commit_id)).scalar()
        is not None
    ):
        raise InputError(
            f"the commit {made.commit_id[:16]} is in the ledger already",
            next="Nothing is to be done, or change its time",
        )
    connection.execute(
        store.commit.update()
        .where(store.commit.c.n == n)
        .values(commit_id=commit_id, root=bytes.fromhex(made.root), n_records=made.n)
    )
    move_head(connection, n, commit_id)
    return made


def rebuild_tips(connection: sa.Connection, commit_n: int) -> None:
    """Make the live index anew, as it is at this commit."""
    rebuild_tips_of(connection, [commit_n])


def rebuild_tips_of(connection: sa.Connection, commit_numbers: Sequence[int]) -> None:
    """Make the live index anew, as it would be on a commit that stands on these."""
    connection.execute(store.tip.delete())
    columns = ["table", "key", "record_n", "is_withdrawal"]
    connection.execute(store.tip.insert().from_select(columns, reading.tips_at(reading.ancestors(*commit_numbers))))


def seal(before: bytes, commit_id: bytes, arrived_at: bytes) -> bytes:
    """Which digest chains this row of the head log to the one before?"""
    return hashlib.sha256(before + commit_id + arrived_at).digest()


def move_head(connection: sa.Connection, commit_n: int, commit_id: bytes) -> None:
    """Add a line to the head log: this commit is the head from now on."""
    last = connection.execute(
        sa.select(store.head.c.n, store.head.c.seal).order_by(store.head.c.n.desc()).limit(1)
    ).first()
    number, before = (0, NO_SEAL) if last is None else (int(last.n), last.seal)
    arrived_at = reading.moment(datetime.now(UTC))
    connection.execute(
        store.head.insert(),
        {
            "n": number + 1,
            "commit_n": commit_n,
            "arrived_at": arrived_at,
            "seal": seal(before, commit_id, arrived_at.encode()),
        },
    )


def _parent_numbers(connection: sa.Connection, parents: Sequence[str] | None, head: int | None) -> list[int]:
    if parents is None:
        return [] if head is None else [head]
    numbers = []
    for parent in sorted(set(parents)):
        if not _HEX64.fullmatch(parent):
            raise InputError(f"{parent!r} is no commit id", next="Give the full id (64 hexadecimal digits)")
        found = connection.execute(
            sa.select(store.commit.c.n).where(store.commit.c.commit_id == bytes.fromhex(parent))
        ).scalar()
        if found is None:
            raise InputError(f"the parent commit {parent} is not in this ledger", next="Take that commit in first")
        numbers.append(int(found))
    if not numbers and head is not None:
        raise InputError("a commit without parents can only be the first", next="Leave the parents out")
    return numbers


def _add_records(connection: sa.Connection, records: Iterable[Record | WrittenRecord], *, commit_n: int) -> list[bytes]:
    first = (connection.execute(sa.select(sa.func.max(store.record.c.n))).scalar() or 0) + 1
    number = first
    ids: list[bytes] = []
    known: set[tuple[str, int]] = set()
    sha256 = hashlib.sha256
    supply = iter(records)
    with _Inserting(connection) as inserting:
        while chunk := list(islice(supply, _CHUNK)):
            given = [r if isinstance(r, WrittenRecord) else _written(r, known) for r in chunk]
            tables, keys, stored, _, withdrawals = zip(*given, strict=True)
            _check_names(tables, keys)
            these = [sha256(LEAF + content).digest() for content in stored]
            ids += these
            rows = list(zip(count(number), these, tables, keys, repeat(commit_n), withdrawals, stored, strict=False))
            inserting.add(rows, is_last=len(chunk) < _CHUNK)
            superseding = [(record, number + at) for at, record in enumerate(given) if record.supersedes]
            if superseding:
                inserting.wait()
                _supersede(connection, superseding, before=first)
            number += len(given)
    if ids:
        r = store.record.c
        new = sa.select(r.table, r.key, r.n, r.is_withdrawal).where(r.n >= first)
        connection.execute(store.tip.insert().from_select(["table", "key", "record_n", "is_withdrawal"], new))
        _refuse_duplicate_keys(connection, first)
    return ids


class _Inserting:
    """Adds the rows of one piece while the next is made: the database needs Python's lock for a part of that only.

    The connection is not to be used in between, but after `wait`.
    """

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._beside: ThreadPoolExecutor | None = None
        self._pending: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def add(self, rows: list[tuple[Any, ...]], *, is_last: bool) -> None:
        self.wait()
        if is_last:
            self._insert(rows)
            return
        if self._beside is None:
            self._beside = ThreadPoolExecutor(1, thread_name_prefix="taggant-insert")
        self._pending = self._beside.submit(self._insert, rows)

    def wait(self) -> None:
        pending, self._pending = self._pending, None
        if pending is not None:
            pending.result()

    def _insert(self, rows: list[tuple[Any, ...]]) -> None:
        try:
            bulk.insert(self._connection, store.record, rows)
        except sa.exc.IntegrityError as err:
            raise InputError(
                "a record of this commit is in the ledger already, or twice in the commit",
                so_what="Nothing was changed",
                next="Make each record once, with a salt of its own",
            ) from err

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self.wait()
        finally:
            # Waits for what is under way: the transaction is ended by whoever began it, and not before.
            if self._beside is not None:
                self._beside.shutdown()


def _written(record: Record, known: set[tuple[str, int]]) -> WrittenRecord:
    _check(record, known)
    return WrittenRecord(record.table, record.key, record.canonical(), record.supersedes, record.body is None)


def _check_names(tables: Sequence[str], keys: Sequence[str]) -> None:
    for table in set(tables):
        if table not in TYPED:
            raise UnknownName("table", table, TYPED)
    if not all(keys):
        raise InputError(
            "a record has an empty key", where=f"table {tables[keys.index('')]}", next="Fill its key columns"
        )


def _check(record: Record, known: set[tuple[str, int]]) -> None:
    """Refuse what could not be read back; `known` remembers which (table, schema) were found right."""
    table, schema = record.table, record.schema
    if (table, schema) not in known:
        if table not in TYPED:
            raise UnknownName("table", table, TYPED)
        newest = TYPED[table].version
        if not 1 <= schema <= newest:
            what = f"schema version {schema} is not known (1 to {newest})"
            raise InputError(what, where=f"{table} {record.key!r}", next="Update Taggant")
        known.add((table, schema))
    if not _HEX32.fullmatch(record.salt):
        what = f"the salt {record.salt!r} is not 16 bytes in hex"
        raise InputError(what, where=f"{table} {record.key!r}", next="Use model.record.fresh_salt()")
    if record.body is None and not record.supersedes:
        what = "a withdrawal names nothing it withdraws"
        raise InputError(what, where=f"{table} {record.key!r}", next="Give the ids it supersedes")


def _supersede(connection: sa.Connection, superseding: list[tuple[WrittenRecord, int]], *, before: int) -> None:
    """Take what is superseded off the live index; whatever is not there is refused."""
    pairs: list[tuple[bytes, int, str, str]] = []
    for record, number in superseding:
        if list(record.supersedes) != sorted(set(record.supersedes)):
            raise InputError(
                "the ids it supersedes are not sorted, or one is there twice", where=f"{record.table} {record.key!r}"
            )
        for old in record.supersedes:
            if not _HEX64.fullmatch(old):
                raise InputError(
                    f"it supersedes {old!r}, which is no record id", where=f"{record.table} {record.key!r}"
                )
            pairs.append((bytes.fromhex(old), number, record.table, record.key))
    if bulk.take_superseded(connection, pairs, before=before) != len(pairs):
        raise _not_live(connection, pairs, before=before)


def _not_live(connection: sa.Connection, pairs: list[tuple[bytes, int, str, str]], *, before: int) -> InputError:
    """Find which of the ids could not be superseded, and say why."""
    seen: set[bytes] = set()
    for old, _, table, key in pairs:
        where = f"{table} {key!r}"
        known = connection.execute(
            sa.select(store.record.c.n, store.record.c.table, store.record.c.key).where(store.record.c.record_id == old)
        ).first()
        if known is None or known.n >= before:
            return InputError(
                f"it supersedes the record {old.hex()}, which this ledger does not hold",
                where=where,
                so_what="Nothing was changed",
                next="Read the row again and correct what is live now",
            )
        if (known.table, known.key) != (table, key):
            return InputError(
                f"it supersedes a record of another row, {known.table} {known.key!r}",
                where=where,
                so_what="Nothing was changed",
                next="Withdraw the other row by itself",
            )
        by = connection.execute(
            sa.select(store.record_supersedes.c.new_n).where(store.record_supersedes.c.old_n == known.n)
        ).first()
        if old in seen or by is not None:
            return InputError(
                f"it supersedes the record {old.hex()}, which has been superseded already",
                where=where,
                so_what="Somebody changed this row in the meantime, or it is twice in this commit; nothing was changed",
                next=f"See taggant history {table} {key}, then correct what is live now",
            )
        seen.add(old)
    return InputError(
        f"it supersedes a record that is not part of the head ({', '.join(old.hex()[:16] for old, *_ in pairs[:3])})",
        so_what="Nothing was changed",
        next="Merge the commit that brought it first",
    )


def _refuse_duplicate_keys(connection: sa.Connection, first: int) -> None:
    other = store.tip
    twice = (
        sa.select(store.record.c.table, store.record.c.key)
        .select_from(store.record)
        .join(
            other,
            sa.and_(
                other.c.table == store.record.c.table,
                other.c.key == store.record.c.key,
                other.c.record_n != store.record.c.n,
                ~other.c.is_withdrawal,
            ),
        )
        .where(store.record.c.n >= first, ~store.record.c.is_withdrawal)
        .order_by(store.record.c.n)
        .limit(1)
    )
    found = connection.execute(twice).first()
    if found is not None:
        raise InputError(
            "the key has a live record already, and the new one does not supersede it",
            where=f"{found.table} {found.key!r}",
            so_what="Nothing was changed",
            next="Name the live record's id in `supersedes`, or choose another key",
        )
