"""The ledger of one case: what was stated, by whom, when, and what is live.

Invariant: a commit is kept whole or not at all, and what was acknowledged is on disk. Nothing is ever changed: a
correction supersedes, a withdrawal supersedes with nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import sqlalchemy as sa

from taggant.errors import Conflict, InputError, Issue, UnknownName
from taggant.ledger import appending, reading, store
from taggant.ledger.commits import Commit, instant, this_program
from taggant.ledger.exhibits import ExhibitStore, sync_folder
from taggant.ledger.reading import AsOf
from taggant.ledger.rows import HistoryEntry, LiveRow, body_of, fields_of
from taggant.ledger.stores import create_store, open_store
from taggant.model.canonical import canonical
from taggant.model.record import Record, fresh_salt
from taggant.model.record_columns import WrittenRecord
from taggant.model.typed_tables import TYPED

if TYPE_CHECKING:
    from taggant.ledger.snapshots import Snapshot

_ROWS_AT_A_TIME = 2_000


class Ledger:
    """One case's ledger; use `Ledger.create` or `Ledger.open`, best in a `with` statement.

    Reads take `as_of`: None (now), a day or moment (what *this* ledger knew then; a day counts to its end, UTC), or at
    least four digits of a commit's id.

    Attributes
    ----------
    case_folder : pathlib.Path
    folder : pathlib.Path
        `CASE/.taggant`, where the machine keeps things.
    exhibits : ExhibitStore
    """

    def __init__(self, case_folder: Path, opened: store.Store) -> None:
        self.case_folder = case_folder
        self.folder = case_folder / store.FOLDER
        self.exhibits = ExhibitStore(self.folder / "exhibits")
        self._store = opened

    @classmethod
    def create(cls, case_folder: Path, *, store_address: str | None = None, store_name: str | None = None) -> Self:
        """Where shall a new, empty ledger be?

        Parameters
        ----------
        case_folder : Path
            The case's folder; made when absent. Exhibits and snapshots lie in it whatever holds the records.
        store_address : str, optional
            `postgresql://NAME@HOST/DATABASE`: the records go into a schema of their own there. A file in the folder
            when left out. A password in it is used now and written nowhere.
        store_name : str, optional
            What that schema is named after; the folder by default.

        Returns
        -------
        Ledger
            Open and empty.

        Raises
        ------
        InputError
            There is a ledger already, or the folder cannot be written.

        Examples
        --------
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as case, Ledger.create(Path(case)) as ledger:
        ...     ledger.head() is None
        True
        """
        folder = case_folder / store.FOLDER
        try:
            for name in ("exhibits", "snapshot", "runs"):
                (folder / name).mkdir(parents=True, exist_ok=True)
        except OSError as err:
            raise InputError(
                f"the folder cannot be made: {err.strerror}", where=str(folder), next="Choose a folder you may write to"
            ) from err
        created = cls(case_folder, create_store(case_folder, store_address, name=store_name))
        for made in (folder, case_folder, case_folder.absolute().parent):
            # The names of new folders must be on disk before a commit in them is acknowledged; a folder above the
            # case that we may not even look into was there before.
            with suppress(PermissionError):
                sync_folder(made)
        return created

    @classmethod
    def open(cls, case_folder: Path) -> Self:
        """Which ledger is in this case folder? A purge that was cut short is finished first.

        Raises
        ------
        InputError
            There is none, or a newer program made it.
        EvidenceBroken
            It is there and cannot be read.
        """
        from taggant.ledger.purging import finish

        opened = cls(case_folder, open_store(case_folder))
        try:
            finish(opened)
        except BaseException:
            opened.close()
            raise
        return opened

    @property
    def opened(self) -> store.Store:
        """The store behind it, for what moves whole ledgers about."""
        return self._store

    def close(self) -> None:
        """Close the store; the ledger cannot be used afterwards."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- writing ---------------------------------------------------------------------------------

    def commit(
        self,
        records: Iterable[Record | WrittenRecord],
        *,
        author: str,
        message: str,
        at: datetime | str | None = None,
        tool: str | None = None,
        parents: Sequence[str] | None = None,
    ) -> Commit:
        """What does the ledger know once these records are added?

        Parameters
        ----------
        records : iterable of Record or WrittenRecord
            At least one. May be a generator: records are stored as they come, so memory stays small.
        author : str
            The person's handle in this case.
        message : str
        at : datetime or str, optional
            When it was made; now by default.
        tool : str, optional
            Program and version; this one by default, with a nonce, so that words withheld from a commit cannot be
            guessed from its id.
        parents : sequence of str, optional
            Commit ids to stand on; the head by default. Two or more make a merge, which may be empty.

        Returns
        -------
        Commit
            On disk when this returns; it is the head.

        Raises
        ------
        InputError
            No records; a key that is live already and not superseded; a superseded id that is not live; a value that
            cannot be kept. Nothing is changed then.

        Notes
        -----
        *Assumes:* the records' bodies were checked against their tables (the intake does).
        *Not for:* derived tables, which lie under `runs/`.
        """
        made_at = instant(at)
        tool = this_program() if tool is None else tool
        for name, text in (("author", author), ("message", message), ("tool", tool)):
            if not text.strip():
                raise InputError(f"the commit has no {name}", next=f"Give its {name}")
            canonical(text)  # refuses what is no Unicode text before the store is touched
        with self._store.writing() as connection:
            return appending.append(
                connection,
                records,
                author=author,
                at=made_at,
                tool=tool,
                message=message,
                parents=parents,
            )

    def withdraw(self, table: str, key: str, *, author: str, reason: str, at: datetime | str | None = None) -> Commit:
        """What does the ledger know once this row is taken out? Its history stays.

        Raises
        ------
        InputError
            The row is not live.
        """
        with self._store.reading() as connection:
            live = [r.record_id for r in self._rows(connection, table, None, key=key)]
        if not live:
            raise InputError(
                "there is no live row with this key",
                where=f"{table} {key!r}",
                so_what="Nothing was changed",
                next=f"See taggant history {table} {key}",
            )
        gone = Record(
            table=table,
            key=key,
            schema=TYPED[table].version,
            body=None,
            supersedes=tuple(sorted(live)),
            salt=fresh_salt(),
        )
        return self.commit([gone], author=author, message=reason, at=at)

    # --- reading ---------------------------------------------------------------------------------

    def head(self, as_of: AsOf = None) -> Commit | None:
        """Which commit was the head then? None before the first."""
        with self._store.reading() as connection:
            n = reading.commit_n_as_of(connection, as_of)
            return None if n is None else reading.read_commit(connection, n)

    def live(self, table: str, as_of: AsOf = None) -> Iterator[LiveRow]:
        """Which rows of this table are live, in the order of their keys?

        Yields
        ------
        LiveRow
            Two of one key when a merge left a conflict.
        """
        with self._store.reading() as connection:
            yield from self._rows(connection, table, as_of)

    def live_index(self, table: str, as_of: AsOf = None) -> dict[str, LiveRow]:
        """Which live row has which key?

        Raises
        ------
        Conflict
            A key has two live rows, left by a merge.
        """
        found: dict[str, LiveRow] = {}
        twice: list[str] = []
        for row in self.live(table, as_of):
            if row.key in found:
                twice.append(row.key)
            found[row.key] = row
        if twice:
            raise _conflict(table, twice)
        return found

    def get(self, table: str, key: str, as_of: AsOf = None) -> LiveRow | None:
        """Which live row has this key? None when none has.

        Raises
        ------
        Conflict
            Two have, left by a merge.
        """
        with self._store.reading() as connection:
            rows = list(self._rows(connection, table, as_of, key=key))
        if len(rows) > 1:
            raise _conflict(table, [key])
        return rows[0] if rows else None

    def counts(self, as_of: AsOf = None) -> dict[str, int]:
        """How many live rows has each table? Tables without any are absent."""
        with self._store.reading() as connection:
            live = reading.live_rows(connection, as_of)
            if live is None:
                return {}
            counted = sa.select(live.c.table, sa.func.count()).group_by(live.c.table).order_by(live.c.table)
            return {str(row[0]): int(row[1]) for row in connection.execute(counted)}

    def log(self, limit: int | None = None, as_of: AsOf = None) -> list[Commit]:
        """Which commits led here, newest first?"""
        with self._store.reading() as connection:
            n = reading.commit_n_as_of(connection, as_of)
            if n is None:
                return []
            known = reading.ancestors(n)
            numbers = connection.execute(sa.select(known.c.n).order_by(known.c.n.desc()).limit(limit)).scalars()
            return reading.read_commits(connection, list(numbers))

    def history(self, table: str, key: str, as_of: AsOf = None) -> list[HistoryEntry]:
        """What was ever stated of this row, oldest first, withdrawals included?

        Returns
        -------
        list of HistoryEntry
            Empty for a key that was never used.
        """
        _known(table)
        with self._store.reading() as connection:
            n = reading.commit_n_as_of(connection, as_of)
            if n is None:
                return []
            known = reading.ancestors(n)
            record = store.record
            rows = connection.execute(
                sa.select(record.c.n, record.c.record_id, record.c.canonical, record.c.commit_n)
                .where(record.c.table == table, record.c.key == key, record.c.commit_n.in_(sa.select(known.c.n)))
                .order_by(record.c.n)
            ).all()
            commits = dict(
                zip(
                    [r.commit_n for r in rows],
                    reading.read_commits(connection, [r.commit_n for r in rows]),
                    strict=True,
                )
            )
        by: dict[str, list[str]] = {}
        rows = [row for row in rows if row.canonical is not None]  # what a purge destroyed says nothing any more
        for row in rows:
            for old in fields_of(table, key, row.canonical)["supersedes"]:
                by.setdefault(old, []).append(row.record_id.hex())
        entries = []
        for row in rows:
            fields = fields_of(table, key, row.canonical)
            commit, record_id = commits[row.commit_n], row.record_id.hex()
            entries.append(
                HistoryEntry(
                    record_id=record_id,
                    body=body_of(table, key, row.canonical),
                    schema=fields["schema"],
                    origin=fields["origin"],
                    supersedes=tuple(fields["supersedes"]),
                    superseded_by=tuple(sorted(by.get(record_id, ()))),
                    commit_id=commit.commit_id,
                    author=commit.author,
                    at=commit.at,
                    message=commit.message,
                )
            )
        return entries

    def snapshot(self, table: str, as_of: AsOf = None) -> Snapshot:
        """Which frame holds the live rows of this table? Made once for each content, then reused.

        See Also
        --------
        taggant.ledger.snapshots.take_snapshot
        """
        from taggant.ledger.snapshots import take_snapshot

        _known(table)
        with self._store.reading() as connection:
            return take_snapshot(connection, reading.live_rows(connection, as_of), table, self.folder / "snapshot")

    def _rows(self, connection: sa.Connection, table: str, as_of: AsOf, *, key: str | None = None) -> Iterator[LiveRow]:
        _known(table)
        live = reading.live_rows(connection, as_of)
        if live is None:
            return
        wanted = (
            sa.select(live.c.key, store.record.c.record_id, store.record.c.canonical)
            .join(store.record, store.record.c.n == live.c.record_n)
            .where(live.c.table == table)
            .order_by(live.c.key, live.c.record_n)
        )
        if key is not None:
            wanted = wanted.where(live.c.key == key)
        for some in reading.streamed(connection, wanted, _ROWS_AT_A_TIME):
            for its_key, record_id, stored in some:
                yield LiveRow(record_id.hex(), table, its_key, stored)


def _known(table: str) -> None:
    if table not in TYPED:
        raise UnknownName("table", table, TYPED)


def _conflict(table: str, keys: Sequence[str]) -> Conflict:
    return Conflict(
        f"{len(keys)} key(s) of table {table} have two live rows: {', '.join(keys[:5])}",
        [Issue(kind="conflict", what="two live rows", file=table, value=key) for key in keys],
        so_what="A merge left them; neither is chosen by itself",
        next="Settle each: commit one record that supersedes both",
    )
