"""Everything ever stated, by commit and by row, as far as it may be shown.

Invariant: a record is listed only when every record of its row may be shown, and what they named: a row that was once
above the level does not show its past. Messages and authors have no level of their own, and may speak of any row: they
are shown only when nothing the case holds, or ever held, is above the level.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import sqlalchemy as sa

from taggant.ledger import store
from taggant.ledger.ledger import Ledger
from taggant.ledger.rows import body_of, fields_of
from taggant.ledger.stores import open_store
from taggant.model.blurring import blur_body
from taggant.model.clearance import Clearance
from taggant.model.typed_tables import TYPED
from taggant.report.dossier import CommitView, RecordView

WITHHELD = "withheld above this level"
"""Stands for the message, the author and the tool of a commit that may not be shown."""


def chronicle(
    folder: Path, *, shown: Clearance, as_of: str | None = None, blur_km: float = 0.0
) -> tuple[tuple[CommitView, ...], Mapping[tuple[str, str], Sequence[RecordView]]]:
    """Which commits led here, and what was stated of each row?

    Parameters
    ----------
    folder : Path
        The case folder.
    shown : Clearance
        What may be shown, computed with the past records of the case.
    as_of : str, optional
        A date or a commit.
    blur_km : float
        Places are shown no closer than this.

    Returns
    -------
    tuple of CommitView
        Newest first.
    mapping of (table, key) to sequence of RecordView
        Oldest first.

    Raises
    ------
    InputError
        The folder holds no ledger.
    EvidenceBroken
        A record cannot be read.

    Notes
    -----
    *Assumes:* all records fit into memory.
    *Not for:* verifying: ids are shown, not computed.
    """
    with Ledger.open(folder) as ledger:
        commits = ledger.log(as_of=as_of)
    known = {c.commit_id: c for c in commits}
    live = {record_id for frame in shown.tables.values() for record_id in frame.get_column("record_id").drop_nulls()}
    by_commit: dict[str, list[RecordView]] = defaultdict(list)
    by_row: dict[tuple[str, str], list[RecordView]] = defaultdict(list)
    n_shown: dict[str, int] = defaultdict(int)
    rows = []
    for commit_id, table, key, record_id, stored in _records(folder):
        if commit_id not in known or table not in TYPED or stored is None or (table, key) in shown.closed:
            continue
        rows.append((commit_id, table, key, record_id, stored))
        n_shown[commit_id] += 1
    spoken = {c.commit_id for c in commits if shown.is_open and n_shown[c.commit_id] == c.n}
    for commit_id, table, key, record_id, stored in rows:
        commit = known[commit_id]
        record = RecordView(
            table=table,
            key=key,
            record_id=record_id,
            commit_id=commit_id,
            at=commit.at,
            author=commit.author if commit_id in spoken else WITHHELD,
            message=commit.message if commit_id in spoken else WITHHELD,
            origin=_text(fields_of(table, key, stored)["origin"]),
            body=None if (body := body_of(table, key, stored)) is None else blur_body(table, body, blur_km),
            is_live=record_id in live,
        )
        by_commit[commit_id].append(record)
        by_row[table, key].append(record)
    views = tuple(
        CommitView(
            commit_id=c.commit_id,
            parents=c.parents,
            at=c.at,
            author=c.author if c.commit_id in spoken else WITHHELD,
            tool=c.tool if c.commit_id in spoken else WITHHELD,
            message=c.message if c.commit_id in spoken else WITHHELD,
            root=c.root,
            n_records=c.n,
            records=tuple(by_commit[c.commit_id]),
        )
        for c in commits
    )
    return views, {row: tuple(some) for row, some in by_row.items()}


def _records(folder: Path) -> list[tuple[str, str, str, str, bytes | None]]:
    """(commit, table, key, record, stored bytes) of every record, oldest first."""
    opened = open_store(folder)
    try:
        with opened.reading() as connection:
            record, commit = store.record.c, store.commit.c
            rows = connection.execute(
                sa.select(commit.commit_id, record.table, record.key, record.record_id, record.canonical)
                .join_from(store.record, store.commit, record.commit_n == commit.n)
                .order_by(record.n)
            ).all()
    finally:
        opened.close()
    return [(c.hex(), table, key, r.hex(), stored) for c, table, key, r, stored in rows]


def _text(value: object) -> str | None:
    return None if value is None else str(value)
