"""The part of `verify` that reads the store: records, commits, head log, live index.

Invariant: text is read as bytes here, so that a flipped byte which is no text any more is named like any other.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from taggant.errors import TaggantError
from taggant.ledger import appending, reading, scanning, store
from taggant.ledger.commits import Commit
from taggant.ledger.live_index import tips_differ
from taggant.ledger.merkle import tree_root
from taggant.ledger.problems import Problem
from taggant.ledger.raw_rows import in_hex, in_pieces, raw, record_columns, text
from taggant.ledger.record_scan import SELECT_BETWEEN, Scanned, scan
from taggant.ledger.scanning import scanned
from taggant.ledger.stores import open_store, reading_uri, store_name
from taggant.model.record import LEAF


@dataclass(frozen=True, slots=True)
class Held:
    """What a record says of an exhibit."""

    record_id: str
    file: str | None
    size: int | None


class StoreCheck:
    """One pass over one store.

    Attributes
    ----------
    problems : list of Problem
    notes : list of str
    exhibits : dict
        sha256 → what records say of it.
    is_readable : bool
        Whether all records could be read, so that `exhibits` is complete.
    """

    def __init__(self, case_folder: Path, say: Callable[[str, int, int], None]) -> None:
        self.case_folder = case_folder
        self.named = store.FILE
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        self.exhibits: dict[str, list[Held]] = {}
        self.is_readable = False
        self.n_records = 0
        self.n_commits = 0
        self._say = say
        self._ids: dict[int, list[bytes]] = {}
        self._supersedes: set[tuple[int, bytes]] = set()
        self._heads: list[tuple[int, bytes]] = []
        self._destroyed: dict[bytes, tuple[int, Any, Any]] = {}
        self._purged: set[str] = set()

    def problem(self, kind: str, what: str, **named: str | None) -> None:
        """Note a problem."""
        self.problems.append(Problem(kind=kind, what=what, **named))

    def run(self) -> None:
        """Check everything the store holds."""
        try:
            self.named = store_name(self.case_folder)
            opened = open_store(self.case_folder)
        except TaggantError as err:
            self.problem("store", str(err), file=self.named)
            return
        try:
            # SQLite's own check runs beside ours: it holds no lock of Python's.
            with ThreadPoolExecutor(1) as beside:
                structure = beside.submit(opened.structure)
                self._contents(opened)
                self._judge_structure(opened, structure.result())
        finally:
            opened.close()

    def _contents(self, opened: store.Store) -> None:
        try:
            with opened.reading() as connection:
                self._records(connection)
                self._judge_destroyed()
                commits = self._commits(connection)
                self._superseded(connection)
                self._head_log(connection, commits)
        except (TaggantError, SQLAlchemyError, sqlite3.Error) as err:
            self.problem("store", f"the ledger cannot be read further: {err}", file=self.named)
            return
        except (TypeError, ValueError, AttributeError) as err:
            # A damaged page can turn a number into text or text into nothing, in any column.
            what = f"the ledger cannot be read further: a value is of another type ({err})"
            self.problem("store", what, file=self.named)
            return
        self.is_readable = True
        self._live_index(opened)

    # --- records ---------------------------------------------------------------------------------

    def _records(self, connection: sa.Connection) -> None:
        total = connection.execute(sa.select(sa.func.coalesce(sa.func.sum(store.commit.c.n_records), 0))).scalar_one()
        total = total if isinstance(total, int) else 0
        last = self._in_two_processes(connection, total)
        for some in self._record_rows(connection, last):
            found = scan(some, first=last + 1)
            if found is None:
                last = self._one_by_one(some, last)
            else:
                last += len(some)
                self._note_scanned(found, {row[0]: row for row in some} if found.odd else {})
            self.n_records += len(some)
            self._say("records", self.n_records, max(total, self.n_records))

    def _in_two_processes(self, connection: sa.Connection, total: int) -> int:
        """Look through the records of a large file; give the number of the last one that was looked at."""
        uri = None if total < scanning.FEWEST else reading_uri(self.case_folder)
        last = connection.execute(sa.select(sa.func.max(store.record.c.n))).scalar()
        if uri is None or not isinstance(last, int) or last < scanning.FEWEST:
            return 0
        driver: Any = connection.connection.driver_connection

        def fetch(first: int, until: int) -> list[tuple[Any, ...]]:
            # The first run asks for no least number: a damaged one may be below 1, and has to be seen.
            least = first if first > 1 else -(2**63)
            found: list[tuple[Any, ...]] = driver.execute(SELECT_BETWEEN, (least, until)).fetchall()
            return found

        try:
            for first, until, found in scanned(uri, last, fetch, lambda n: self._say("records", n, total)):
                if found is None:
                    return self._begin_again()
                self._note_scanned(found, {row[0]: row for row in fetch(first, until)} if found.odd else {})
                self.n_records += until - first + 1
        except (sqlite3.Error, OSError):  # a part of the file cannot be read, or no second process can be started
            return self._begin_again()
        return last

    def _begin_again(self) -> int:
        """Rows are missing, misnumbered or unreadable: all is looked at in order, a row at a time where need be."""
        self.problems, self.exhibits, self._ids, self.n_records = [], {}, {}, 0
        self._supersedes, self._destroyed, self._purged = set(), {}, set()
        return 0

    def _note_scanned(self, found: Scanned, rows: dict[int, tuple[Any, ...]]) -> None:
        for commit_n, ids in found.ids_by_commit():
            self._ids.setdefault(commit_n, []).extend(ids)
        for n in found.odd:
            self._one(*rows[n])

    def _one_by_one(self, rows: Sequence[tuple[Any, ...]], last: int) -> int:
        """Read each of these rows the long way; give the number of the last."""
        for row in rows:
            n, record_id, table, key, commit_n, *_ = row
            self._ids.setdefault(commit_n, []).append(record_id)
            if n != last + 1:
                self._bad(record_id, table, key, f"its number in the store is {n} and follows {last}")
            last = n
            self._one(*row)
        return last

    def _one(self, n: int, record_id: Any, table: Any, key: Any, _: Any, is_withdrawal: Any, stored: Any) -> None:
        is_same = isinstance(stored, bytes) and hashlib.sha256(LEAF + stored).digest() == record_id
        self._look_closely(n, record_id, table, key, is_withdrawal, stored, is_same)

    def _look_closely(
        self, n: int, record_id: Any, table: Any, key: Any, is_withdrawal: Any, stored: Any, is_same: bool
    ) -> None:
        if stored is None and isinstance(record_id, bytes):
            self._destroyed[record_id] = (n, table, key)
            return
        if not isinstance(stored, bytes):
            self._bad(record_id, table, key, "its bytes are missing, or of another type")
            return
        if not is_same:
            found = hashlib.sha256(LEAF + stored).hexdigest()
            self._bad(record_id, table, key, f"its stored bytes now give the id {found}")
        try:
            said = orjson.loads(stored)
            agrees = (
                said["key"].encode() == key
                and said["table"].encode() == table
                and (said["body"] is None) == is_withdrawal
            )
            if said["supersedes"]:
                self._supersedes |= {(n, bytes.fromhex(old)) for old in said["supersedes"]}
        except (ValueError, KeyError, TypeError, AttributeError):
            self._bad(record_id, table, key, "its stored bytes are no record")
            return
        if not agrees:
            what = f"its columns differ from its bytes, which say {said['table']} {said['key']!r}"
            self._bad(record_id, table, key, what)
        if table == b"exhibit" and said["body"] is not None:
            self._note_exhibit(record_id, said)
        if table == b"purge" and said["body"] is not None and is_same:
            self._purged |= set(said["body"].get("records") or ())

    def _judge_destroyed(self) -> None:
        """Bytes that are gone are as they should be where a sound purge record names them, and damage elsewhere."""
        for record_id, (_, table, key) in self._destroyed.items():
            if record_id.hex() not in self._purged:
                self._bad(record_id, table, key, "its bytes are missing, and no purge record says why")
        n = sum(record_id.hex() in self._purged for record_id in self._destroyed)
        if n:
            self.notes.append(f"{n} record(s) were purged: their ids stay, and so does who purged them and why")
        if n < len(self._purged):
            what = f"{len(self._purged) - n} record(s) named by a purge are still here: it was cut short"
            self.notes.append(f"{what}; open the case with any other command to finish it")

    def _bad(self, record_id: object, table: object, key: object, what: str) -> None:
        self.problem("record", what, table=text(table), key=text(key), record_id=in_hex(record_id))

    def _note_exhibit(self, record_id: bytes, said: dict[str, Any]) -> None:
        body, sha256 = said["body"], str(said["key"]).removeprefix("sha256:")
        size = body.get("size")
        held = Held(
            record_id=record_id.hex(),
            file=body.get("file"),
            size=int(size) if isinstance(size, int | str) and str(size).isdecimal() else None,
        )
        self.exhibits.setdefault(sha256, []).append(held)

    def _record_rows(self, connection: sa.Connection, after: int) -> Iterator[list[tuple[Any, ...]]]:
        """Give the records after this number; rows on a page that cannot be read are named, the others read."""
        wanted = record_columns().order_by(store.record.c.n)
        try:
            # From 0 no least number is asked for: a damaged one may be below 1, and has to be seen.
            for some in in_pieces(connection, wanted.where(store.record.c.n > after) if after else wanted):
                after = some[-1][0]
                yield some
        except (SQLAlchemyError, sqlite3.Error) as err:
            yield from self._rows_one_by_one(connection, after, err)

    def _rows_one_by_one(
        self, connection: sa.Connection, after: int, why: Exception
    ) -> Iterator[list[tuple[Any, ...]]]:
        expected = connection.execute(sa.select(sa.func.sum(store.commit.c.n_records))).scalar() or 0
        lost: set[int] = set()
        for n in range(after + 1, int(expected) + 1):
            try:
                row = connection.execute(record_columns().where(store.record.c.n == n)).first()
            except SQLAlchemyError:
                row = None
            if row is None:
                lost.add(n)
            else:
                yield [tuple(row)]
        names = connection.exec_driver_sql(
            # SQLite reads the names from the search tree, whose pages may be sound; PostgreSQL decides for itself.
            'SELECT n, CAST("table" AS BLOB), CAST("key" AS BLOB) FROM record INDEXED BY record_by_key'
            if connection.dialect.name == "sqlite"
            else 'SELECT n, "table", "key" FROM record'
        )
        named = 0
        for n, table, key in names:
            if n in lost:
                named += 1
                self._bad(None, table, key, f"record number {n} is on a part of the file that cannot be read")
        if named < max(len(lost), 1):
            what = f"{len(lost) - named} record(s) after number {after} cannot be read: {why.args[0]}"
            self.problem("store", what, file=self.named)

    # --- commits ---------------------------------------------------------------------------------

    def _commits(self, connection: sa.Connection) -> dict[int, bytes]:
        c = store.commit.c
        rows = connection.execute(
            sa.select(c.n, c.commit_id, raw(c.author), raw(c.at), raw(c.tool), raw(c.message), c.root, c.n_records)
        ).all()
        known: dict[int, bytes] = {row[0]: row[1] for row in rows}
        parents: dict[int, list[int]] = {}
        for child, parent in connection.execute(
            sa.select(store.commit_parent.c.commit_n, store.commit_parent.c.parent_n)
        ):
            parents.setdefault(child, []).append(parent)
        for n, commit_id, author, at, tool, message, root, n_records in rows:
            self.n_commits += 1
            ids = sorted(self._ids.pop(n, []))
            on = parents.pop(n, [])
            if any(p not in known or p >= n for p in on):
                self._bad_commit(commit_id, "one of its parents is not in the ledger before it")
            try:
                made = Commit(
                    parents=tuple(sorted(known[p].hex() for p in on if p in known)),
                    author=author.decode(),
                    at=at.decode(),
                    tool=tool.decode(),
                    message=message.decode(),
                    root=root.hex(),
                    n=n_records,
                )
                found = made.commit_id
            except (UnicodeDecodeError, AttributeError, TaggantError) as err:
                self._bad_commit(commit_id, f"it cannot be read: {err}")
                continue
            if found != in_hex(commit_id):
                self._bad_commit(commit_id, f"its author, time, tool, message, parents or root now give the id {found}")
            if len(ids) != n_records:
                self._bad_commit(commit_id, f"it holds {len(ids)} record(s); it was made with {n_records}")
            elif tree_root(ids) != root:
                self._bad_commit(commit_id, "its records do not give its root")
        for n, ids in self._ids.items():
            self.problem("store", f"{len(ids)} record(s) belong to commit number {n}, which is not there")
        for n in parents:
            self.problem("store", f"commit number {n} has parents and is not there")
        return known

    def _bad_commit(self, commit_id: object, what: str) -> None:
        self.problem("commit", what, commit_id=in_hex(commit_id))

    def _superseded(self, connection: sa.Connection) -> None:
        """Hold what the records say they supersede against the store's list of it."""
        old = store.record.alias("old")
        listed = {
            (int(new_n), record_id)
            for new_n, record_id in connection.execute(
                sa.select(store.record_supersedes.c.new_n, old.c.record_id).outerjoin_from(
                    store.record_supersedes, old, old.c.n == store.record_supersedes.c.old_n
                )
            )
        }
        silent = {n for n, _, _ in self._destroyed.values()}  # what they superseded, only the store's list still says
        for n, record_id in sorted({pair for pair in listed ^ self._supersedes if pair[0] not in silent}, key=repr):
            row = connection.execute(
                sa.select(store.record.c.record_id, raw(store.record.c.table), raw(store.record.c.key)).where(
                    store.record.c.n == n
                )
            ).first()
            mine, table, key = (None, None, None) if row is None else tuple(row)
            if (n, record_id) in listed:
                what = f"the store lists it as superseding {in_hex(record_id)}, which its bytes do not say"
            else:
                what = (
                    f"it supersedes {in_hex(record_id)}, which the ledger does not hold, or does not list as superseded"
                )
            self._bad(mine, table, key, what)

    # --- head log and live index -----------------------------------------------------------------

    def _head_log(self, connection: sa.Connection, commits: dict[int, bytes]) -> None:
        h = store.head.c
        before, last = appending.NO_SEAL, b""
        number = 0
        for n, commit_n, arrived_at, sealed in connection.execute(
            sa.select(h.n, h.commit_n, raw(h.arrived_at), h.seal).order_by(h.n)
        ):
            number += 1
            commit_id = commits.get(commit_n)
            if n != number or commit_id is None:
                self.problem("head", f"line {n} of the head log does not follow, or names a commit that is not there")
                continue
            if appending.seal(before, commit_id, arrived_at) != sealed:
                what = f"line {n} of the head log (arrived {text(arrived_at)}) is not what was written"
                self.problem("head", what, commit_id=in_hex(commit_id))
            if arrived_at < last:
                self.notes.append(f"this computer's clock went back before head {n}: {text(last)}, {text(arrived_at)}")
            before, last = sealed, arrived_at
        if commits and not number:
            self.problem("head", "there are commits, and no head")

    def _live_index(self, opened: store.Store) -> None:
        """Compute the live index from the records and hold it against the one kept; a wrong one is made again."""
        if self.problems:
            return  # computed from damaged records it would be wrong itself
        try:
            with opened.reading() as connection:
                differs = tips_differ(connection)
        except (TaggantError, SQLAlchemyError):
            differs = True
        if not differs:
            return
        try:
            with opened.writing() as connection:
                head = reading.head_n(connection)
                store.tip.drop(connection)
                store.tip.create(connection)
                if head is not None:
                    appending.rebuild_tips(connection, head)
        except (TaggantError, SQLAlchemyError) as err:
            self.problem("store", f"the live index is damaged and could not be made again: {err}", file=self.named)
        else:
            self.notes.append("the live index was damaged; it was made again from the records, which are sound")

    # --- structure -------------------------------------------------------------------------------

    def _judge_structure(self, opened: store.Store, said: list[str]) -> None:
        if not said:
            return
        if not self.problems:
            # Every record, commit and head was read and is right, so what is damaged may be a search tree.
            try:
                opened.rebuild_search_trees()
            except (TaggantError, SQLAlchemyError) as err:
                said = [*said, f"its search trees could not be made again: {err}"]
            else:
                if not opened.structure():
                    self.notes.append(f"a search tree of the ledger file was damaged and was made again ({said[0]})")
                    return
        for line in said[:10]:
            self.problem("store", f"the database's own check says: {line}", file=self.named)
