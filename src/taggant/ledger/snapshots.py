"""Snapshots: the live rows of one table as a Parquet file, named by what is in it.

Invariant: a snapshot is a cache. It is made again when it is absent, unreadable, or not the bytes that were written;
its name is a digest of the live records' ids, so an old one is never taken for a new one.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import polars as pl
import sqlalchemy as sa

from taggant.errors import Conflict, InputError, Issue, TaggantError
from taggant.ledger import reading, store
from taggant.ledger.exhibits import sync_folder
from taggant.ledger.frames import frame_of, frame_types
from taggant.ledger.rows import row_reader
from taggant.model.canonical import Plain, canonical
from taggant.model.canonical import digest as digest_of
from taggant.model.declared import schema_of

FORMAT = 2
"""Grows when the same records would give other columns or another order."""

_ROWS_AT_A_TIME = 20_000
_DELTA_SHARE = 0.2  # above a fifth changed, building anew is as fast (benchmarks/ledger.py)
_KEPT = 8  # older snapshots of a table are removed; each can be made again
_IDS_PER_QUESTION = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The live rows of one table at one moment.

    Attributes
    ----------
    digest : str
        Hex; names the content: the live records' ids, the table, its schema version and the snapshot format.
    path : pathlib.Path
    frame : polars.LazyFrame
        Columns of `model.tables.frame_schema`, then `record_id` and `origin`; rows in the order of their keys.
    n_rows : int
    made : str
        `reused`, `built`, or `updated` from the snapshot before.
    damage : str or None
        What was wrong with the file that was found, when it had to be made again.
    """

    digest: str
    path: Path
    frame: pl.LazyFrame
    n_rows: int
    made: str
    damage: str | None = None


def take_snapshot(connection: sa.Connection, live: sa.FromClause | None, table: str, folder: Path) -> Snapshot:
    """Which frame holds these live rows of this table?

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside one reading transaction.
    live : sqlalchemy.FromClause or None
        Rows (table, key, record_n); None: nothing had arrived.
    table : str
        A typed table.
    folder : Path
        Where snapshots lie.

    Returns
    -------
    Snapshot

    Raises
    ------
    Conflict
        A key has two live rows, left by a merge.
    TaggantError
        The folder cannot be written.
    """
    ids = _live_ids(connection, live, table)
    digest = _digest(table, ids)
    path = folder / f"{table}-{digest[:16]}.parquet"
    damage = snapshot_damage(path) if path.exists() or _sidecar(path).exists() else None
    made = "reused"
    if damage is not None or not path.exists():
        frame = None
        before = None if live is None else _nearest(folder, table, ids)
        if before is not None:
            frame, made = _updated(connection, before, table, ids), "updated"
        if frame is None:
            frame, made = _built(connection, live, table), "built"
        _write(frame, path, digest)
        _prune(folder, table)
    return Snapshot(digest=digest, path=path, frame=pl.scan_parquet(path), n_rows=len(ids), made=made, damage=damage)


def snapshot_damage(path: Path) -> str | None:
    """What is wrong with this snapshot file? None: nothing."""
    try:
        note = orjson.loads(_sidecar(path).read_bytes())
        said, check = note["sha256"], note.pop("check")
        if check != _check_of(note):
            return f"its note {_sidecar(path).name} is not what was written"
    except FileNotFoundError:
        return "it was not finished"
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError, AttributeError, InputError) as err:
        return f"its note {_sidecar(path).name} cannot be read ({type(err).__name__})"
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as err:
        return f"it cannot be read ({err.strerror})"
    return None if found == said else "its bytes are not those that were written"


def _check_of(note: dict[str, Plain]) -> str:
    """Give what a note says of itself: a flipped bit in any of its words shows."""
    return digest_of({name: value for name, value in note.items() if name != "check"})


def _sidecar(path: Path) -> Path:
    return path.with_suffix(".json")


def _live_ids(connection: sa.Connection, live: sa.FromClause | None, table: str) -> list[bytes]:
    """Give the ids of the live rows, in the order of their keys."""
    if live is None:
        return []
    rows = connection.execute(
        sa.select(live.c.key, store.record.c.record_id)
        .join(store.record, store.record.c.n == live.c.record_n)
        .where(live.c.table == table)
        .order_by(live.c.key, live.c.record_n)
    )
    ids, twice, before = [], [], None
    for key, record_id in rows:
        if key == before:
            twice.append(key)
        before = key
        ids.append(record_id)
    if twice:
        raise Conflict(
            f"{len(twice)} key(s) of table {table} have two live rows: {', '.join(twice[:5])}",
            [Issue(kind="conflict", what="two live rows", file=table, value=key) for key in twice],
            so_what="A merge left them; neither is chosen by itself",
            next="Settle each: commit one record that supersedes both",
        )
    return ids


def _digest(table: str, ids: Sequence[bytes]) -> str:
    made_of = canonical({"table": table, "schema": schema_of(table).version, "format": FORMAT})
    return hashlib.sha256(made_of + b"".join(sorted(ids))).hexdigest()


def _built(connection: sa.Connection, live: sa.FromClause | None, table: str) -> pl.DataFrame:
    """Make the frame from every live record."""
    if live is None:
        return frame_of(table, [])
    wanted = (
        sa.select(live.c.key, store.record.c.record_id, store.record.c.canonical)
        .join(store.record, store.record.c.n == live.c.record_n)
        .where(live.c.table == table)
        .order_by(live.c.key, live.c.record_n)
    )
    frames = [_frame(table, some) for some in reading.streamed(connection, wanted, _ROWS_AT_A_TIME)]
    return pl.concat(frames) if frames else frame_of(table, [])


def _frame(table: str, rows: Sequence[Any]) -> pl.DataFrame:
    read = row_reader(table)
    known = [(key, record_id.hex(), *read(key, stored)) for key, record_id, stored in rows]
    return frame_of(table, [(key, name, body or {}) for key, name, body, _ in known], [origin for *_, origin in known])


def _nearest(folder: Path, table: str, ids: Sequence[bytes]) -> tuple[pl.DataFrame, set[str]] | None:
    """Find the newest sound snapshot of the table, and which of its rows are gone, when little changed since."""
    for note in _notes(folder, table):
        path = note.with_suffix(".parquet")
        if snapshot_damage(path) is not None:
            continue
        said = orjson.loads(note.read_bytes())
        if (said.get("schema"), said.get("format")) != (schema_of(table).version, FORMAT):
            continue
        frame = pl.read_parquet(path)
        wanted = {i.hex() for i in ids}
        held = set(frame["record_id"].to_list())
        gone, added = held - wanted, wanted - held
        return (frame, gone) if len(gone) + len(added) <= _DELTA_SHARE * len(wanted) else None
    return None


def _updated(
    connection: sa.Connection, before: tuple[pl.DataFrame, set[str]], table: str, ids: Sequence[bytes]
) -> pl.DataFrame:
    """Make the frame from the one before: rows gone left out, new records read, all put in the order of the keys."""
    frame, gone = before
    held = set(frame["record_id"].to_list())
    missing = [i for i in ids if i.hex() not in held]
    new: list[Any] = []
    for start in range(0, len(missing), _IDS_PER_QUESTION):
        some = missing[start : start + _IDS_PER_QUESTION]
        rows = connection.execute(
            sa.select(store.record.c.key, store.record.c.record_id, store.record.c.canonical).where(
                store.record.c.record_id.in_(some)
            )
        )
        new += rows.all()
    kept = frame.filter(~pl.col("record_id").is_in(list(gone)))
    order = pl.DataFrame({"record_id": [i.hex() for i in ids]}, schema={"record_id": pl.String})
    every = pl.concat([kept, _frame(table, new)])
    return order.join(every, on="record_id", how="left", maintain_order="left").select(list(frame_types(table)))


def _notes(folder: Path, table: str) -> list[Path]:
    """Give the notes beside the snapshots of this table, newest first."""
    # 16 hex digits after the dash: `item-…` must not catch a table called `item-something`.
    return sorted(folder.glob(f"{table}-{'[0-9a-f]' * 16}.json"), key=lambda p: p.stat().st_mtime_ns, reverse=True)


def _write(frame: pl.DataFrame, path: Path, digest: str) -> None:
    table = path.name.rsplit("-", 1)[0]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _finished(path) as temp:
            frame.write_parquet(temp, compression="zstd", compression_level=1)
            with temp.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        note: dict[str, Plain] = {"table": table, "digest": digest, "sha256": sha256, "n_rows": frame.height}
        note |= {"schema": schema_of(table).version, "format": FORMAT}
        note["check"] = _check_of(note)
        with _finished(_sidecar(path)) as temp:
            temp.write_bytes(canonical(note))
        sync_folder(path.parent)
    except (OSError, pl.exceptions.ComputeError) as err:
        raise TaggantError(
            f"the snapshot of table {table} cannot be written: {err}",
            where=str(path.parent),
            so_what="The evidence itself is untouched",
            next="Make room on the disk or give yourself the right to write there, then run the same command again",
        ) from err


@contextmanager
def _finished(path: Path) -> Iterator[Path]:
    """Give a file to fill beside this path; it takes the path's name only when all of it is on disk."""
    handle, name = tempfile.mkstemp(prefix=".unfinished-", dir=path.parent)
    os.close(handle)
    temp = Path(name)
    try:
        yield temp
        with temp.open("r+b") as file:
            os.fsync(file.fileno())
        temp.replace(path)
    finally:
        temp.unlink(missing_ok=True)


def _prune(folder: Path, table: str) -> None:
    for note in _notes(folder, table)[_KEPT:]:
        # Another program may be tidying too, or hold the file open: what stays is removed next time.
        with suppress(OSError):
            note.unlink()
            note.with_suffix(".parquet").unlink()
